"""Extraction to and from JSON, in the form of the annotation guidelines.

What is written here is what other programs read: it names all roles of a type, carries offsets with
every mention, and leaves out entities that take part in no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from kg.errors import InputError
from kg.model import (
    ENTITY_CLASSES,
    EVENT_ROLES,
    MODALITIES,
    RELATION_ROLES,
    Anchor,
    Candidate,
    Claim,
    Document,
    Entity,
    Extraction,
    Span,
)
from kg.ontology import Ontology, ontology

Record = dict[str, Any]  # one JSON object


def roles(claim_type: str, terms: Ontology | None = None) -> tuple[str, ...]:
    """The roles that the JSON lists for a type; OntologyError for a type that does not exist."""
    terms = terms or ontology()
    terms.type_of_claim(claim_type)
    return RELATION_ROLES if claim_type in terms.relations else EVENT_ROLES


# --- out


def to_record(extraction: Extraction) -> Record:
    """The JSON object of one article."""
    document = extraction.document
    used = _used(extraction.claims)
    return {
        "id": document.id,
        "lang": document.lang,
        "date": document.date,
        "title": document.title,
        "url": document.url,
        "source": document.source,
        "text": document.text,
        "entities": [_entity(entity, document.text) for entity in extraction.entities if entity.id in used],
        "claims": [_claim(claim, document.text) for claim in extraction.claims],
    }


def _used(claims: Sequence[Claim]) -> set[str]:
    fillers = {filler for claim in claims for role in claim.args.values() for filler in role}
    return fillers | {claim.attributed_to for claim in claims if claim.attributed_to}


def _words(span: Span, text: str) -> Record:
    return {"text": span.of(text), "start": span.start, "end": span.end}


def _entity(entity: Entity, text: str) -> Record:
    return {
        "id": entity.id,
        "class": entity.cls,
        "name": entity.name,
        "mentions": [_words(mention, text) for mention in entity.mentions],
        "qid": entity.qid,
        "ref": entity.ref,
        "candidates": [{"ref": one.ref, "score": one.score, "reason": one.reason} for one in entity.candidates],
    }


def _claim(claim: Claim, text: str) -> Record:
    return {
        "id": claim.id,
        "type": claim.type,
        "args": {role: list(claim.args.get(role, ())) for role in roles(claim.type)},
        "content": claim.content,
        "office": claim.office,
        "former": claim.former,
        "branch": claim.branch,
        "modality": claim.modality,
        "negated": claim.negated,
        "attributedTo": claim.attributed_to,
        "date": claim.date,
        "quote": claim.quote.of(text),
        "start": claim.quote.start,
        "end": claim.quote.end,
        "rule": claim.rule,
        "confidence": claim.confidence,
        "anchors": [{"role": one.role, **_words(one.span, text)} for one in claim.anchors],
        "core": True,
    }


# --- in


def from_record(record: Mapping[str, Any]) -> Extraction:
    """The extraction of one JSON object; InputError names the first fault.

    Offsets that are not given are those of the first place where the words stand.
    """
    found = faults(record)
    if found:
        raise InputError(f"{record.get('id') or 'a record without id'}: {found[0]}")
    text = record["text"]
    document = Document(
        id=str(record["id"]),
        text=text,
        lang=record.get("lang") or "",
        title=record.get("title") or "",
        date=record.get("date"),
        url=record.get("url"),
        source=record.get("source"),
    )
    entities = tuple(_read_entity(entity, text) for entity in record["entities"])
    return Extraction(document, entities, tuple(_read_claim(one, text) for one in record["claims"]))


def _span(words: str | Mapping[str, Any], text: str) -> Span:
    if isinstance(words, str):
        start = text.index(words)
        return Span(start, start + len(words))
    return Span(words["start"], words["end"])


def _read_entity(record: Mapping[str, Any], text: str) -> Entity:
    return Entity(
        id=record["id"],
        cls=record["class"],
        name=record["name"],
        mentions=tuple(sorted(_span(mention, text) for mention in record["mentions"])),
        ref=record.get("ref"),
        qid=record.get("qid"),
        candidates=tuple(Candidate(one["ref"], one["score"], one["reason"]) for one in record.get("candidates", ())),
    )


def _read_claim(record: Mapping[str, Any], text: str) -> Claim:
    quote = record if "start" in record else record["quote"]
    return Claim(
        id=record["id"],
        type=record["type"],
        args={role: tuple(fillers) for role, fillers in record["args"].items() if fillers},
        quote=_span(quote, text),
        modality=record["modality"],
        negated=record["negated"],
        attributed_to=record.get("attributedTo"),
        content=record.get("content"),
        date=record.get("date"),
        office=record.get("office"),
        former=bool(record.get("former")),
        branch=record.get("branch"),
        rule=record.get("rule", ""),
        confidence=record.get("confidence", 1.0),
        anchors=tuple(Anchor(one["role"], _span(one, text)) for one in record.get("anchors", ())),
    )


# --- what may be wrong


def faults(record: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with one JSON object, as sentences; empty when it is sound."""
    shaped = list(_misshapen(record, _ARTICLE, ""))
    if shaped:
        return shaped
    if not re.fullmatch(r"([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?", record.get("lang") or "", re.ASCII):
        return ["'lang' is no language tag, such as ar"]
    return [*_entity_faults(record), *_claim_faults(record), *_unused(record)]


_WORDS = (str, type(None))
_NUMBER = (int, float)
_COUNTS = (int, _NUMBER)  # what Python's booleans are too
_PLACED = {"text": str, "start": int, "end": int}
# What a value must be: a type or several, a list of something, an object with these keys ("?": may be missing).
_ARTICLE = {
    "id": (str, int),
    "text": str,
    **dict.fromkeys(("lang?", "title?", "date?", "url?", "source?"), _WORDS),
    "entities": [
        {
            **dict.fromkeys(("id", "class", "name"), str),
            **dict.fromkeys(("ref?", "qid?"), _WORDS),
            "mentions": ["mention"],
            "candidates?": [{"ref": str, "score": _NUMBER, "reason": str}],
        }
    ],
    "claims": [
        {
            **dict.fromkeys(("id", "type", "modality", "quote"), str),
            **dict.fromkeys(("attributedTo?", "content?", "date?", "office?", "branch?"), _WORDS),
            **dict.fromkeys(("start?", "end?"), int),
            "args": "roles",
            "negated": object,
            "former?": (bool, type(None)),
            "rule?": str,
            "confidence?": _NUMBER,
            "anchors?": [{"role": str, **_PLACED}],
        }
    ],
}


def _misshapen(value: Any, shape: Any, where: str) -> Iterator[str]:
    """What is missing, of another kind, or no text or number that can be written."""
    if shape == "mention":
        shape = _PLACED if isinstance(value, Mapping) else str
    if shape == "roles" and isinstance(value, Mapping):
        for role, fillers in value.items():
            yield from _misshapen(fillers, [str], role)
    elif isinstance(shape, dict) and isinstance(value, Mapping):
        for name, inner in shape.items():
            key = name.removesuffix("?")
            if key in value or key == name:
                yield from _misshapen(value.get(key, ...), inner, key)
    elif isinstance(shape, list) and isinstance(value, list):
        for one in value:
            yield from _misshapen(one, shape[0], where)
    elif (
        isinstance(shape, str | dict | list)
        or not isinstance(value, shape)
        or (isinstance(value, bool) and shape in _COUNTS)
    ):
        yield f"'{where}' is missing or of the wrong kind"
    elif isinstance(value, float) and not isfinite(value):
        yield f"'{where}' is no number that can be written"
    elif isinstance(value, str) and not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        yield f"'{where}' holds half a character (a lone surrogate)"


def _misplaced(words: str | Mapping[str, Any], text: str) -> bool:
    if isinstance(words, str):
        return words not in text
    start, end = words["start"], words["end"]
    return not 0 <= start < end or bool(text[start:end] != words["text"])


def _entity_faults(record: Mapping[str, Any]) -> Iterator[str]:
    seen: set[str] = set()
    for entity in record["entities"]:
        where = entity["id"]
        if where in seen:
            yield f"{where}: the id stands twice"
        seen.add(where)
        if entity["class"] not in ENTITY_CLASSES:
            yield f"{where}: unknown class '{entity['class']}'"
        if not entity["mentions"]:
            yield f"{where}: no mentions"
        for mention in entity["mentions"]:
            if _misplaced(mention, record["text"]):
                yield f"{where}: the mention {mention!r} is not in the text there"


def _claim_faults(record: Mapping[str, Any]) -> Iterator[str]:
    terms = ontology()
    entities = {entity["id"] for entity in record["entities"]}
    claims = {claim["id"] for claim in record["claims"]}
    if len(claims) != len(record["claims"]):
        yield "two claims have the same id"
    for claim in record["claims"]:
        where, kind = claim["id"], claim["type"]
        if kind not in terms.relations and kind not in terms.event_types:
            yield f"{where}: unknown type '{kind}'"
            continue
        yield from (f"{where}: {fault}" for fault in _argument_faults(claim, entities, terms))
        if claim["modality"] not in MODALITIES:
            yield f"{where}: unknown modality '{claim['modality']}'"
        if not isinstance(claim["negated"], bool):
            yield f"{where}: negated must be true or false"
        content = claim.get("content")
        if content is not None and (content not in claims or content == where):
            yield f"{where}: content '{content}' is no other claim"
        if kind == "holdsOffice" and claim.get("office") not in terms.offices:
            yield f"{where}: unknown office '{claim.get('office')}'"
        quote = {**claim, "text": claim["quote"]} if "start" in claim else claim["quote"]
        if not claim["quote"] or _misplaced(quote, record["text"]):
            yield f"{where}: the quote is not in the text there"


def _argument_faults(claim: Mapping[str, Any], entities: set[str], terms: Ontology) -> Iterator[str]:
    for role in sorted(set(claim["args"]) - set(roles(claim["type"], terms))):
        yield f"{claim['type']} has no role '{role}'"
    speaker = claim.get("attributedTo")
    fillers = [filler for role in claim["args"].values() for filler in role]
    if not fillers:
        yield "no arguments"
    for filler in [*fillers, *([] if speaker is None else [speaker])]:
        if filler not in entities:
            yield f"there is no entity '{filler}'"


def _unused(record: Mapping[str, Any]) -> Iterator[str]:
    used = {x for claim in record["claims"] for role in claim["args"].values() for x in role}
    used |= {claim.get("attributedTo") for claim in record["claims"]}
    for entity in record["entities"]:
        if entity["id"] not in used:
            yield f"{entity['id']}: takes part in no claim"
