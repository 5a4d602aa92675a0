"""The project's own gold: short sentences with their claims, one YAML file for each claim type.

    - text: Lavrov said Putin will visit Damascus.
      claims:
        - visit actor=Putin recipient=Damascus place=Damascus modality=planned by=Lavrov
    - text: Putin watched a film about Damascus.     # a near miss lists no claims
      claims: []

A claim is one line: the type, then `role=words`, then what keeps it from being a plain fact: also
`negated`, `date=2025-10`, and `content=2` for the second claim of the list. Words stand in the text
as they are; put them in quotation marks when they hold a space, and join several with `+`. The file
is called like the type that it tests; claims of types that neither its name nor the sentence
mentions are not judged.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from kg.errors import DataError, OntologyError
from kg.evaluate import describe, precision_recall
from kg.interchange import roles, to_record
from kg.model import MODALITIES, Document, Extraction
from kg.ontology import ontology
from kg.resources import parse, read_yaml
from kg.scoring import Comparison, Named, Pair, Side, Stated, compare, named, side

_VALUE = r'(?:"[^"]+"|[^\s"+=]+)(?:\+(?:"[^"]+"|[^\s"+=]+))*'
_PART = re.compile(rf"\s+(?:(?P<key>\w+)=(?P<value>{_VALUE})|(?P<flag>\w+))(?=\s|$)")
_ITEM = re.compile(r'"([^"]+)"|([^\s"+]+)')
_FIELDS = ("modality", "by", "content", "date", "office", "branch")
_FLAGS = ("negated", "former", "optional")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One gold sentence; `where` names file and entry."""

    where: str
    lang: str
    type: str
    text: str
    gold: Side
    date: str | None = None
    xfail: str | None = None  # why it is known to fail

    def document(self) -> Document:
        """What the extractor is given."""
        return Document(self.where, self.text, self.lang, date=self.date)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came out for one sentence: the claims that are right, and each fault as a line."""

    sentence: Sentence
    right: int
    missed: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """True when every claim is there as the gold has it, and no other."""
        return not self.missed and not self.extra


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, StringConstraints(min_length=3)]
    claims: list[str]
    same: list[list[str]] = []  # mentions that name one entity: [[موسكو, روسيا]]
    date: str | None = None
    note: str | None = None
    xfail: Annotated[str, StringConstraints(min_length=3)] | None = None


def sentence_files(folder: Path) -> list[Path]:
    """The gold files below a folder, `<lang>/<type>.yml`, in order."""
    return sorted(folder.rglob("*.yml")) if folder.is_dir() else []


def load_sentences(path: Path) -> list[Sentence]:
    """The sentences of one file; DataError names file, entry and word at fault."""
    lang, claim_type = path.parent.name, path.stem
    if claim_type not in ontology().relations and claim_type not in ontology().event_types:
        raise DataError(f"{path}: '{claim_type}' is no claim type; name the file after one")
    found = []
    for number, value in enumerate(read_yaml(path) or (), 1):
        where = f"{lang}/{path.name}, entry {number}"
        record = parse(_Record, value, where)
        try:
            gold = _side(record)
        except (DataError, OntologyError) as error:
            raise DataError(f"{where}: {error}") from error
        found.append(Sentence(where, lang, claim_type, record.text, gold, record.date, record.xfail))
    return found


# --- the notation


def _side(record: _Record) -> Side:
    entities = _Entities(record)
    claims = [_claim(line, number, entities) for number, line in enumerate(record.claims, 1)]
    ids = {claim.id for claim in claims}
    for claim in claims:
        if claim.content is not None and (claim.content not in ids or claim.content == claim.id):
            raise DataError(f"content={claim.content[1:]} is the number of no other claim")
    return Side(record.text, entities.all(), tuple(claims))


class _Entities:
    """Numbers the mentions of one sentence: equal words, and those said to be the same, are one."""

    def __init__(self, record: _Record) -> None:
        self._text = record.text
        self._mentions: list[list[str]] = []
        for group in record.same:
            for words in group:
                self._check(words)
            self._mentions.append(list(group))

    def id(self, words: str) -> str:
        """The entity that is called so."""
        self._check(words)
        for number, mentions in enumerate(self._mentions):
            if words in mentions:
                return f"e{number}"
        self._mentions.append([words])
        return f"e{len(self._mentions) - 1}"

    def all(self) -> tuple[Named, ...]:
        """Every entity that was asked for, of no class in particular."""
        return tuple(named(f"e{number}", "", mentions[0], mentions) for number, mentions in enumerate(self._mentions))

    def _check(self, words: str) -> None:
        if words not in self._text:
            raise DataError(f"'{words}' does not stand in the text")


def _claim(line: str, number: int, entities: _Entities) -> Stated:
    claim_type, *_ = line.split(maxsplit=1) or [""]
    allowed = roles(claim_type)
    args: dict[str, frozenset[str]] = {}
    fields: dict[str, str] = {}
    flags: set[str] = set()
    position = len(line) - len(line.lstrip()) + len(claim_type)
    while line[position:].strip():
        part = _PART.match(line, position)
        if part is None:
            raise DataError(f"cannot read '{line[position:].strip()}' in '{line}'")
        position = part.end()
        key, value, flag = part["key"], part["value"], part["flag"]
        if flag in _FLAGS:
            flags.add(flag)
        elif key in allowed:
            args[key] = frozenset(entities.id(a or b) for a, b in _ITEM.findall(value))
        elif key in _FIELDS:
            fields[key] = value.strip('"')
        else:
            known = ", ".join([*allowed, *_FIELDS, *_FLAGS])
            raise DataError(f"{claim_type} has no '{flag or key}'; it may have {known}")
    return _stated(f"c{number}", claim_type, args, fields, flags, entities)


def _stated(
    claim_id: str,
    claim_type: str,
    args: Mapping[str, frozenset[str]],
    fields: Mapping[str, str],
    flags: set[str],
    entities: _Entities,
) -> Stated:
    modality, date = fields.get("modality", "asserted"), fields.get("date")
    if not args:
        raise DataError(f"{claim_type} without anybody who takes part")
    if modality not in MODALITIES:
        raise DataError(f"unknown modality '{modality}'; known are {', '.join(MODALITIES)}")
    if date and not _DATE.fullmatch(date):
        raise DataError(f"the date '{date}' is not YYYY-MM-DD, YYYY-MM or YYYY")
    if claim_type == "holdsOffice" or "office" in fields:
        ontology().offices[fields.get("office", "")]
    return Stated(
        id=claim_id,
        type=claim_type,
        args=args,
        core="optional" not in flags,
        modality=modality,
        negated="negated" in flags,
        by=entities.id(fields["by"]) if "by" in fields else None,
        content=f"c{fields['content']}" if "content" in fields else None,
        date=date,
        office=fields.get("office"),
        former="former" in flags,
        branch=fields.get("branch"),
    )


# --- judging


def judge(sentence: Sentence, extraction: Extraction) -> Judgement:
    """Compare what was extracted with the gold of the sentence."""
    judged = {sentence.type} | {claim.type for claim in sentence.gold.claims}
    system = side(to_record(extraction))
    system = replace(system, claims=tuple(c for c in system.claims if c.type in judged))
    comparison = compare(system, sentence.gold)
    pairs = comparison.strict()
    right = {pair.gold.id for pair in pairs.values() if _agrees(pair, comparison)}
    fine = {found for found, pair in pairs.items() if pair.gold.id in right or not pair.gold.core}
    gold = [claim for claim in sentence.gold.claims if claim.core]
    return Judgement(
        sentence,
        right=sum(claim.id in right for claim in gold),
        missed=tuple(describe(claim, sentence.gold) for claim in gold if claim.id not in right),
        extra=tuple(describe(claim, system) for claim in system.claims if claim.id not in fine),
    )


def _agrees(pair: Pair, comparison: Comparison) -> bool:
    """True when modality, polarity, speaker, content and what else the gold gives are right."""
    ours, gold = pair.system, pair.gold
    linked = comparison.strict().get(ours.content or "")
    return (
        (ours.modality, ours.negated, ours.former) == (gold.modality, gold.negated, gold.former)
        and comparison.speaker(ours) == gold.by
        and (linked.gold.id if linked else None) == gold.content
        and all(getattr(gold, field) in (None, getattr(ours, field)) for field in ("date", "office", "branch"))
    )


def judge_files(paths: Iterable[Path], extract: Callable[[Document], Extraction]) -> Iterator[Judgement]:
    """Run the extractor on every sentence of the files."""
    for path in paths:
        for sentence in load_sentences(path):
            yield judge(sentence, extract(sentence.document()))


# --- floors


Figures = dict[str, dict[str, float]]  # language -> precision, recall, sentences


def sentence_figures(judgements: Iterable[Judgement]) -> Figures:
    """Precision and recall by language, and how many sentences were judged."""
    counts: dict[str, Counter[str]] = {}
    for one in judgements:
        counts.setdefault(one.sentence.lang, Counter()).update(
            tp=one.right, fp=len(one.extra), fn=len(one.missed), sentences=1
        )
    made: Figures = {}
    for lang, count in sorted(counts.items()):
        share = precision_recall(count["tp"], count["fp"], count["fn"])
        made[lang] = {
            "precision": share["p"], "recall": share["r"], "sentences": count["sentences"],
        }  # fmt: skip
    return made


def load_floors(path: Path) -> Figures:
    """The figures that must not be fallen short of; none when the file does not exist."""
    if not path.exists():
        return {}
    floors: Figures = json.loads(path.read_text(encoding="utf-8"))
    return floors


def below(floors: Figures, found: Figures) -> list[str]:
    """One sentence for every figure that has fallen below its floor."""
    return [
        f"{lang}: {name} {found.get(lang, {}).get(name, 0.0):g} is below the floor {floor:g}"
        for lang, names in sorted(floors.items())
        for name, floor in sorted(names.items())
        if found.get(lang, {}).get(name, 0.0) < floor
    ]


def save_floors(path: Path, found: Figures) -> None:
    """Write the figures as floors."""
    path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
