"""Extraction to and from JSON, in the form of the annotation guidelines.

What is written here is what other programs read: it names all roles of a type, carries offsets with
every mention, and leaves out entities that take part in no claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    for key, kind in (("text", str), ("entities", list), ("claims", list)):
        if not isinstance(record.get(key), kind):
            return [f"'{key}' is missing or of the wrong kind"]
    return [*_entity_faults(record), *_claim_faults(record), *_unused(record)]


def _misplaced(words: str | Mapping[str, Any], text: str) -> bool:
    if isinstance(words, str):
        return words not in text
    return bool(text[words["start"] : words["end"]] != words["text"])


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
