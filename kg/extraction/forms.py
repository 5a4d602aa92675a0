"""What the features of a lexicon entry say of a hit: which form of a verb it is, or a noun."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from kg.extraction.words import Hit

VERBAL = frozenset({"trigger", "say", "relay", "light", "control", "verb"})
FORMS = frozenset({"base", "third", "past", "participle", "gerund"})


def form(hit: Hit) -> str:
    """The form of a verb hit: base, third, past, participle, gerund; empty for what is no verb."""
    return _form(hit.entry.category, hit.entry.features)


@lru_cache(maxsize=4096)
def _form(category: str, marks: str) -> str:
    features = marks.split()
    if category not in VERBAL or not features or (category == "trigger" and "verb" not in features):
        return ""
    return features[0] if features[0] in FORMS else ""


@lru_cache(maxsize=4096)
def is_nominal(features: str) -> bool:
    """True for the features of a noun, or of a participle or phrase that may stand as one."""
    return not {"noun", "participle", "phrase", "gerund"}.isdisjoint(features.split())


def joined(hit: Hit, others: list[Hit]) -> Hit:
    """The hit with the rules of every trigger that is spelt like it: the slots of all of them are wanted."""
    if hit.entry.category != "trigger":
        return hit
    same = [h for h in others if h.entry.category == "trigger" and h.last == hit.last]
    rules = tuple(dict.fromkeys(rule for h in same for rule in h.entry.rules))
    entry = hit.entry if rules == hit.entry.rules else replace(hit.entry, rules=rules)
    return Hit(entry, hit.reading, hit.first, hit.last)  # in any case one of its own: `own_words` goes by identity
