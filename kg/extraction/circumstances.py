"""Words around a trigger that a rule asks for or rules out: `with` and `without` of a frame."""

from __future__ import annotations

from kg.extraction.clauses import Predicate, Scene
from kg.extraction.subjects import shared_clause
from kg.language import Rule

RELATIVE_HEAD = 4  # words before a relative clause that name what it is about
SHOWN = 6  # words of a rule that a reason names


def spoken_against(rule: Rule, scene: Scene, predicate: Predicate) -> str | None:
    """What in the words around the trigger speaks against the rule; None where nothing does."""
    if not rule.with_ and not rule.without:
        return None
    clause = scene.clauses[predicate.clause]
    first = max(scene.sentence.first, clause.first - RELATIVE_HEAD) if clause.opener == "rel" else clause.first
    after = scene.clauses[clause.number + 1 : clause.number + 2]  # described X as being Y
    last = after[0].last if rule.with_ and not rule.without and after and after[0].opener == "comp" else clause.last
    shared = shared_clause(scene, predicate)
    if shared is not None:
        first, last = min(first, shared.first), max(last, shared.last)
    present = scene.present.get((first, last))
    if present is None:
        words = (word for word in scene.words[first:last] if not _in_personal_name(scene, word.i))
        present = scene.present[first, last] = frozenset().union(*(word.forms for word in words))
    if rule.with_ and present.isdisjoint(rule.with_):
        return f"its clause has none of: {', '.join(rule.with_[:SHOWN])}{', …' if len(rule.with_) > SHOWN else ''}"
    found = (word for word in rule.without if word in present)
    ruled_out = next((word for word in found if _outside_names(scene, first, last, word)), None)
    return f"its clause has '{ruled_out}'" if ruled_out is not None else None


def _outside_names(scene: Scene, first: int, last: int, form: str) -> bool:
    """The European Union is no union: what a known name says does not tell what a clause is about."""
    for word in scene.words[first:last]:
        if form in word.forms:
            mention = scene.within.get(word.i)
            if mention is None or mention.kind != "name" or mention.cls not in {"State", "Organization"}:
                return True
    return False


def _in_personal_name(scene: Scene, k: int) -> bool:
    """دوري غولد: a man, no league."""
    mention = scene.within.get(k)
    if mention is None or mention.cls != "Person":
        return False
    first, last = mention.name or ((mention.first, mention.last) if mention.kind in {"name", "family"} else (0, 0))
    return first <= k < last
