"""Compares the claims of one article with its gold: which entity is which, which claim was found.

The measure is that of the annotation guidelines. A strict match has the same type and, in each role
that the gold fills, a participant in common; a partial match the same root and one participant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kg.ontology import ontology
from kg.resources import PACKAGE, read_yaml

SYMMETRIC = frozenset({"meeting", "sign", "cooperate", "agree", "alliedWith"})
LEADING = ("who", "actor", "recipient", "object", "subject")  # roles that identify a claim
STRICT, PARTIAL = 2, 1
OUTSIDE = "system:"  # stands before the id of a system entity that is none of the gold


@dataclass(frozen=True, slots=True)
class Named:
    """An entity with its mentions in normal form; a class that is empty agrees with any."""

    id: str
    cls: str
    name: str
    surfaces: frozenset[str]
    qid: str | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim as the measure sees it."""

    id: str
    type: str
    args: Mapping[str, frozenset[str]]  # role -> entity ids, only roles that are filled
    core: bool = True
    modality: str = "asserted"
    negated: bool = False
    by: str | None = None
    content: str | None = None
    date: str | None = None
    office: str | None = None
    former: bool = False
    branch: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """What one side, gold or system, says about an article."""

    text: str = ""
    entities: tuple[Named, ...] = ()
    claims: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A system claim and the gold claim that it is taken for."""

    system: Stated
    gold: Stated
    grade: int  # STRICT or PARTIAL


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides of one article, which entity is which, and which claim is which."""

    system: Side
    gold: Side
    entities: Mapping[str, str]  # system entity id -> gold entity id, or OUTSIDE + its own
    pairs: tuple[Pair, ...]

    def speaker(self, claim: Stated) -> str | None:
        """The gold entity that a system claim is attributed to."""
        return self.entities.get(claim.by) if claim.by else None

    def strict(self) -> dict[str, Pair]:
        """The strict pairs by the id of the system claim."""
        return {pair.system.id: pair for pair in self.pairs if pair.grade == STRICT}


# --- reading


@dataclass(frozen=True, slots=True)
class _Spelling:
    table: Mapping[int, str | None]
    article: str
    drop: frozenset[str]


@lru_cache(maxsize=1)
def _spelling() -> _Spelling:
    data = read_yaml(PACKAGE / "lang" / "evaluation.yml")
    table = str.maketrans({**data["fold"], **dict.fromkeys(data["drop_letters"])})
    return _Spelling(table, data["article"], frozenset(data["drop_words"]))


@lru_cache(maxsize=1 << 16)
def normal(words: str) -> str:
    """Words without case, marks, articles and spelling variation."""
    spelling = _spelling()
    folded = unicodedata.normalize("NFKC", words).translate(spelling.table).casefold()
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    found = (word.removeprefix(spelling.article) if len(word) > 4 else word for word in re.findall(r"\w+", plain))
    return " ".join(word for word in found if word not in spelling.drop)


def named(id: str, cls: str, name: str, mentions: Iterable[str], qid: str | None = None) -> Named:  # noqa: A002
    """An entity with these mentions."""
    return Named(id, cls, name, frozenset(map(normal, mentions)) - {""}, qid)


def side(record: Mapping[str, Any]) -> Side:
    """One side out of a JSON object in the form of the annotation guidelines."""
    return Side(
        record.get("text", ""),
        tuple(
            named(
                one["id"],
                one["class"],
                one.get("name", ""),
                (m if isinstance(m, str) else m["text"] for m in one["mentions"]),
                one.get("qid"),
            )
            for one in record["entities"]
        ),
        tuple(_stated(claim) for claim in record["claims"]),
    )


def _stated(record: Mapping[str, Any]) -> Stated:
    return Stated(
        id=record["id"],
        type=record["type"],
        args={role: frozenset(fillers) for role, fillers in record["args"].items() if fillers},
        core=record.get("core", True),
        modality=record["modality"],
        negated=bool(record.get("negated")),
        by=record.get("attributedTo"),
        content=record.get("content"),
        date=record.get("date"),
        office=record.get("office"),
        former=bool(record.get("former")),
        branch=record.get("branch"),
        quote=record.get("quote"),
    )


# --- entities


def _alike(system: Named, gold: Named) -> float:
    """How well one entity names the other: shared mentions, else shared words within a class."""
    same_class = system.cls == gold.cls or "" in (system.cls, gold.cls)
    score: float = sum(map(len, system.surfaces & gold.surfaces))
    if not score and same_class and _one_within_other(system.surfaces, gold.surfaces):
        score = 0.5 * sum(map(len, _long_words(system.surfaces) & _long_words(gold.surfaces)))
    return score + 3 if score and same_class else score


def _one_within_other(some: Iterable[str], others: Iterable[str]) -> bool:
    ours, theirs = ([set(x.split()) for x in words] for words in (some, others))
    return any(a <= b or b <= a for a in ours for b in theirs)


def _long_words(surfaces: Iterable[str]) -> set[str]:
    return {word for surface in surfaces for word in surface.split() if len(word) > 2}


def _align(system: Side, gold: Side) -> dict[str, str]:
    to = {}
    for entity in system.entities:
        best = max(gold.entities, key=lambda other: _alike(entity, other), default=None)
        to[entity.id] = best.id if best and _alike(entity, best) else OUTSIDE + entity.id
    return to


# --- claims


def root(claim_type: str) -> str:
    """The PLOVER root of an event type; a relation, or a type that nobody knows, is its own."""
    kind = ontology().event_types.get(claim_type)
    return kind.root if kind else claim_type


Roles = dict[str, frozenset[str]]


def _roles(claim: Stated, to: Mapping[str, str]) -> Roles:
    """The fillers by role; in symmetric types all participants together, as `who`."""
    got = {role: frozenset(to.get(filler, filler) for filler in fillers) for role, fillers in claim.args.items()}
    if claim.type in SYMMETRIC:
        joined = ["actor", "recipient", "subject"]
        joined += ["object"] if claim.type == "alliedWith" else []
        got["who"] = frozenset().union(*(got.pop(role, frozenset()) for role in joined))
    return got


def _grade(a: Stated, b: Stated, ours: Roles, theirs: Roles) -> int:
    """STRICT, PARTIAL or 0."""
    if root(a.type) != root(b.type):
        return 0
    needed = [role for role in LEADING if theirs.get(role)] or ["place"] * bool(theirs.get("place"))
    if a.type == b.type and needed and all(_enough(role, ours, theirs) for role in needed):
        return STRICT
    whose = [frozenset().union(*(roles.get(role, frozenset()) for role in LEADING)) for roles in (ours, theirs)]
    return PARTIAL if whose[0] & whose[1] else 0


def _enough(role: str, ours: Roles, theirs: Roles) -> bool:
    """One filler in common; of participants in symmetric events two, or all that there are."""
    wanted = min(2, len(theirs[role])) if role == "who" else 1
    return len(ours.get(role, frozenset()) & theirs[role]) >= wanted


def _jaccard(a: frozenset[str] | set[str], b: frozenset[str] | set[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


def _likeness(a: Stated, b: Stated, ours: Roles, theirs: Roles) -> float:
    """Tells between pairs of one grade: by type, roles and the words of the quote."""
    each = [
        _jaccard(ours.get(role, frozenset()), theirs.get(role, frozenset()))
        for role in sorted(ours.keys() | theirs.keys())
        if ours.get(role) or theirs.get(role)
    ]
    quotes = (set(normal(claim.quote or "").split()) for claim in (a, b))
    return (a.type == b.type) + sum(each) / max(len(each), 1) + _jaccard(*quotes)


def _pairs(system: Side, gold: Side, to: Mapping[str, str]) -> tuple[Pair, ...]:
    """One to one and greedy: strict before partial, then the likest, then core claims."""
    graded = []
    wanted = [(claim, _roles(claim, {})) for claim in gold.claims]
    for a in system.claims:
        ours = _roles(a, to)
        for b, theirs in wanted:
            if grade := _grade(a, b, ours, theirs):
                likeness = _likeness(a, b, ours, theirs)
                graded.append((-grade, -likeness, not b.core, a.id, b.id, Pair(a, b, grade)))
    taken: set[tuple[str, str]] = set()
    found = []
    for *_, pair in sorted(graded, key=lambda row: row[:5]):
        sides = {("system", pair.system.id), ("gold", pair.gold.id)}
        if not taken & sides:
            taken |= sides
            found.append(pair)
    return tuple(found)


def compare(system: Side, gold: Side) -> Comparison:
    """Find which entity and which claim of the system is which of the gold."""
    to = _align(system, gold)
    return Comparison(system, gold, to, _pairs(system, gold, to))


def is_strict(system: Stated, gold: Stated, to: Mapping[str, str]) -> bool:
    """True when one claim of the system would be a strict match of one of the gold; `to` says which entity is which."""
    return _grade(system, gold, _roles(system, to), _roles(gold, {})) == STRICT
