"""Who and what is called so: names in every language, whatever their spelling."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from kg.views.catalogue import Catalogue, spelling

NEAR = 0.75  # how alike a name must be that is proposed for one that nobody has
SHORTEST = 3  # letters from which on a name is looked for inside others too


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity under the name that was found."""

    iri: str
    name: str
    cls: str
    claims: int


def search(found: Catalogue, words: str, limit: int) -> tuple[Hit, ...]:
    """Entities with such a name: the same name first, then names that begin so; those with more claims first."""
    wanted = spelling(words)
    if not wanted:
        return ()
    parts = wanted.split()
    best: dict[str, tuple[int, int, int, str]] = {}
    for entity, name, _, folded in found.names:
        place = _place(wanted, parts, folded)
        if place is not None:
            rank = (place, -len(found.of.get(entity, ())), len(name), name)
            if entity not in best or rank < best[entity]:
                best[entity] = rank
    ranked = sorted(best, key=lambda entity: (*best[entity], entity))[:limit]
    return tuple(_hit(found, entity, best[entity][3]) for entity in ranked)


def near(found: Catalogue, words: str, limit: int) -> tuple[Hit, ...]:
    """Entities with a name like that one, for a name that nobody has."""
    wanted = spelling(words)
    named = {folded: (entity, name) for entity, name, _, folded in found.names if abs(len(folded) - len(wanted)) < 4}
    alike = get_close_matches(wanted, [name for name in named if set(name[:2]) & set(wanted[:2])], limit, NEAR)
    return tuple(_hit(found, *named[name]) for name in alike)


def _hit(found: Catalogue, entity: str, name: str) -> Hit:
    return Hit(entity, name, found.classes.get(entity, ""), len(found.of.get(entity, ())))


def _place(wanted: str, parts: list[str], folded: str) -> int | None:
    """How well a name fits: 0 the same, 1 begins so, 2 a word begins so, 3 holds it, 4 holds all its words."""
    if wanted in folded:
        if folded == wanted:
            return 0
        if folded.startswith(wanted):
            return 1
        if f" {wanted}" in folded:
            return 2
        if len(wanted) >= SHORTEST:
            return 3
    elif len(parts) > 1 and all(part in folded for part in parts):
        return 4
    return None
