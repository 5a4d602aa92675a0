"""Which of the items that bear a name is meant: class first, then context, and how well known it is last of all.

A wrong link spreads and a missing one does not: what is not clear stays a proposal for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

from kg.wikidata.search import Hits, Item, mapped

LABEL, ALIAS = 0.5, 0.4  # of a name that the item bears
BOTH = 0.1  # the item bears names of both languages
STATE, OTHER_STATE = 0.3, -0.3  # the state agrees, or is another one
NEAR, FAR = 0.3, -0.4  # the place agrees, or does not
KNOWN = 0.1  # far better known than all others of the name
FAME = 10  # times as many articles on Wikipedia
CLOSE = 50  # kilometres
SURE = 0.7  # least score of a link that needs nobody to decide
MARGIN = 0.15  # by which it must be ahead of the next
EARTH = 6371.0  # kilometres


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be linked: its names and what is known about it."""

    iri: str
    cls: str
    names: tuple[tuple[str, str], ...]  # language, name; the first of a language is the usual one
    states: frozenset[str] = frozenset()  # QIDs
    place: tuple[float, float] | None = None  # latitude, longitude in degrees


@dataclass(frozen=True, slots=True)
class Judged:
    """An item that might be meant."""

    item: Item
    score: float  # 0 to 1
    reasons: tuple[str, ...]
    sure: bool = False


@dataclass(slots=True)
class _Open:
    item: Item
    score: float
    reasons: list[str] = field(default_factory=list)


def judge(subject: Subject, hits: Mapping[tuple[str, str], Hits], items: Mapping[str, Item]) -> list[Judged]:
    """The candidates, best first; the first is `sure` where nothing speaks against it and enough speaks for it."""
    found: dict[str, _Open] = {}
    for name in subject.names:
        for qid, how in hits.get(name, {}).items():
            item = items[qid]
            if not _fits(subject.cls, item):
                continue
            one = found.setdefault(qid, _Open(item, 0.0))
            score = LABEL if how == "label" else ALIAS
            if score > one.score:
                one.score, one.reasons = score, [f"{how} “{name[1]}”"]
    for one in found.values():
        langs = {lang for lang, name in subject.names if one.item.qid in hits.get((lang, name), {})}
        if len(langs) > 1:
            one.score, one.reasons = one.score + BOTH, [*one.reasons, "names in both languages"]
        _context(subject, one)
    _fame(found.values())
    order = sorted(found.values(), key=lambda one: (-round(one.score, 2), int(one.item.qid[1:])))
    ahead = len(order) == 1 or order[0].score - order[1].score >= MARGIN if order else False
    return [
        Judged(
            one.item,
            min(1.0, max(0.0, round(one.score, 2))),
            tuple(one.reasons),
            sure=place == 0 and ahead and one.score >= SURE - 1e-9,
        )
        for place, one in enumerate(order)
    ]


def _fits(cls: str, item: Item) -> bool:
    """True when the item is of the class, or of none of the others where Wikidata has no class for ours."""
    if cls in mapped():
        return cls in item.classes
    return not item.classes - {cls}


def _context(subject: Subject, one: _Open) -> None:
    if subject.states and one.item.states:
        agree = bool(subject.states & one.item.states)
        one.score += STATE if agree else OTHER_STATE
        one.reasons.append("the state agrees" if agree else "another state")
    if subject.place and one.item.place:
        far = distance(subject.place, one.item.place)
        one.score += NEAR if far <= CLOSE else FAR
        one.reasons.append(f"{far:.0f} km away")


def _fame(found: Iterable[_Open]) -> None:
    """The last resort: one of the name is known everywhere, the others hardly anywhere."""
    order = sorted(found, key=lambda one: -one.item.sitelinks)
    if order and order[0].item.sitelinks >= FAME * max(1, order[1].item.sitelinks if len(order) > 1 else 1):
        order[0].score += KNOWN
        order[0].reasons.append(f"known in {order[0].item.sitelinks} Wikipedias")


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres between two points given by latitude and longitude in degrees, on a sphere (haversine)."""
    (north, east), (north2, east2) = a, b
    half = sin(radians(north2 - north) / 2) ** 2
    half += cos(radians(north)) * cos(radians(north2)) * sin(radians(east2 - east) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))
