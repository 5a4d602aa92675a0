"""One value of an answer, without the types of the store's library."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.rdf import XSD
from kg.store import Term, text


@dataclass(frozen=True, slots=True)
class Value:
    """An IRI, or the characters of a literal; empty where nothing is bound."""

    text: str
    is_iri: bool
    is_number: bool


def value(term: Term | None) -> Value:
    """What a page needs to know of a term."""
    whole = isinstance(term, ox.Literal) and term.datatype.value == XSD + "integer"
    return Value(text(term) if term is None or text(term) else str(term), isinstance(term, ox.NamedNode), whole)
