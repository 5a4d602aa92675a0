"""Whom the news means by a family name alone, where no name in full has gone before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.seeds import Organization, Person, Term, World

HEADS = frozenset(["headOfState", "headOfGovernment"])


def leader(refs: Iterable[str], world: World, day: str, *, plain: bool) -> str | None:
    """The one of these people, keys of the world data, whom their family name alone means.

    Somebody who leads or led a state; of several, who does so on the `day` of the article. A minister, and who serves
    the United Nations or an alliance, only where the name is not `plain`, that is a common word or a given name.
    """
    several = list(dict.fromkeys(refs))
    if len(several) > 1:
        several = [ref for ref in several if any(t.office in HEADS and t.held(day) for t in _terms(ref, world))]
    if len(several) != 1:
        return None
    terms = list(_terms(several[0], world))
    known = any(t.office in HEADS or (not plain and (t.office == "minister" or _joint(t, world))) for t in terms)
    return several[0] if known else None


def _terms(ref: str, world: World) -> Iterator[Term]:
    record = world.records[ref]
    yield from record.offices if isinstance(record, Person) else ()


def _joint(term: Term, world: World) -> bool:
    """True for an office of a body of many states."""
    body = world.records.get(term.of)
    return isinstance(body, Organization) and body.kind in {"un", "alliance"}
