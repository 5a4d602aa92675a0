"""The ontology's terms in the words of a page."""

from __future__ import annotations

from kg.ontology import ontology


def type_word(lang: str, name: str, role: str = "") -> str:
    """What a relation or event type is called, seen from who has that role in it."""
    terms = ontology()
    if name in terms.relations:
        relation = terms.relations[name]
        seen = relation.inverse if role == "object" and relation.inverse else relation
        return _capital(seen.labels[lang])
    if name in terms.event_types:
        return _capital(terms.event_types[name].labels[lang])
    return name


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
