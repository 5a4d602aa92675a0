"""One value of an answer as a page shows it: a name with its link, a date, an article's words, a code.

Questions answer with names, not IRIs; where a row has a claim behind it, its parties give the links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from kg.ontology import EV, GP, ontology
from kg.pages.template import number, path_of, words
from kg.rdf import ART, ID, article_iri, shorten
from kg.store import Term
from kg.stored import StoredEntity, local
from kg.views.values import value as value_of

Known = Callable[[str], StoredEntity | None]
Kind = Literal["", "names", "code", "number", "date", "quote", "title", "literal"]
QUOTES = frozenset({"quote", "first", "second", "articleBody"})
NAMES = 200  # names that one cell may list


@dataclass(frozen=True, slots=True)
class Name:
    """A name of whatever language, and its page, where there is one."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value; `names` is used by the kinds that have links, `text` by the others."""

    kind: Kind
    text: str = ""
    names: tuple[Name, ...] = ()
    lang: str = ""


def cell(column: str, term: Term | None, lang: str, known: Known) -> Cell:
    """The value under that column; `known` tells which entity a name may mean."""
    found = value_of(term)
    value = found.text
    if value == "":
        return Cell("")
    if found.is_iri:
        return iri_cell(value, lang)
    if column in QUOTES:
        return Cell("quote", value)
    if column in ("id", "example"):
        return Cell("names", names=(Name(value, path_of(article_iri(value).value)),))
    if found.is_number:
        return Cell("number", number(int(value)))
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
        return Cell("date", value)
    told = [tell(part, lang) for part in value.split(", ")]
    if told != value.split(", "):
        return Cell("literal", "، ".join(told) if lang == "ar" else ", ".join(told))
    return Cell("names", names=tuple(_names(value, known)))


def iri_cell(iri: str, lang: str) -> Cell:
    """One of our IRIs as a link to its page, any other by its short form; terms of the ontology by their label."""
    if iri.startswith((GP, EV)):
        return Cell("code", shorten(iri), (Name(_label(local(iri), lang)),))
    href = path_of(iri)
    short = f"art:…/{local(iri)}" if iri.startswith(ART) else shorten(iri)
    return Cell("code", short, (Name("", href),) if iri.startswith((ART, ID)) or href else ())


def _names(value: str, known: Known) -> Iterable[Name]:
    """The whole as one name, else its parts: questions join names by commas, which names may hold too."""
    whole = known(value)
    parts = [value] if whole or ", " not in value else value.split(", ")[:NAMES]
    found = [(part, known(part)) for part in parts]
    if not any(one for _, one in found):
        found = [(value, None)]
    for part, one in found:
        yield Name(part, path_of(one.iri) if one else "")


def tell(code: str, lang: str) -> str:
    """What a word that a question uses means in that language: its own codes, and terms of the ontology."""
    found = words(lang).get(f"value.{code}")
    return found if isinstance(found, str) else _label(code, lang)


def _label(code: str, lang: str) -> str:
    known = ontology()
    for terms in (
        known.event_types,
        known.relations,
        known.modalities,
        known.offices,
        known.branches,
        known.properties,
    ):
        if code in terms:
            return terms[code].labels.get(lang, code)
    return code
