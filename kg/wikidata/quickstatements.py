"""Statements in the text form of QuickStatements V1: one line each, all references on it.

The form knows no escapes: a tab or bar ends a field, a line ends a command, and a text runs to the last quotation mark
(https://www.wikidata.org/wiki/Help:QuickStatements). So what would end one is taken out of every text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from kg.wikidata.constraints import Constraints
from kg.wikidata.statements import Draft, Export, Reference, Statement

LABELS = ("ar", "en")
_PRECISION = {4: 9, 7: 10, 10: 11}  # year, month, day
_KEPT = "\u200c\u200d"  # joiners that Arabic script needs; other signs without a form could turn text around
_QUOTES = "\"'«»“”„"
_DAY = re.compile(r"\d{4}(?:-\d{2}){0,2}", re.ASCII)
_SAFE = ":/?#[]@!$&'()*+,;=%~"  # of a web address, besides letters and digits


def quickstatements(made: Export, rules: Constraints, retrieved: str) -> Iterator[str]:
    """The lines of all statements and of the items to be made; `retrieved`: the day of the references, YYYY-MM-DD."""
    for one in made.statements:
        yield _line(one.item, one, rules, retrieved)
    for draft in made.drafts:
        yield "CREATE"
        for lang in LABELS:
            if label := plain(draft.entity.labels.get(lang, ""), rules.limits.label).strip(_QUOTES):
                yield f'LAST\tL{lang}\t"{label}"'
        yield f"LAST\tP31\t{draft.cls}"
        for one in draft.statements:
            yield _line("LAST", one, rules, retrieved)


def lines_of(draft: Draft, rules: Constraints, retrieved: str) -> Iterator[str]:
    """The lines of one item to be made."""
    return quickstatements(Export(drafts=[draft]), rules, retrieved)


def _line(subject: str, one: Statement, rules: Constraints, retrieved: str) -> str:
    cells = [subject, one.property, one.value]
    for name, value in one.qualifiers:
        cells += [name, time(value) if _DAY.fullmatch(value) else value]
    for number, reference in enumerate(one.references):
        first, *rest = _source(reference, rules, retrieved)
        mark = "!" if number else ""  # begins another reference
        cells += [f"{mark}S{first[0][1:]}", first[1]]
        for name, value in rest:
            cells += [f"S{name[1:]}", value]
    return "\t".join(cells)


def _source(reference: Reference, rules: Constraints, retrieved: str) -> list[tuple[str, str]]:
    """Property and value of each part; a text without a language is undetermined (und)."""
    lang = reference.lang or "und"
    found = []
    address = url(reference.url, rules.limits.url)
    if address:
        found += [("P854", f'"{address}"'), ("P813", time(retrieved))]
    if title := plain(reference.title, rules.limits.monolingual):
        found.append(("P1476", f'{lang}:"{title}"'))
    if _DAY.fullmatch(reference.date):
        found.append(("P577", time(reference.date)))
    if reference.lang in rules.languages:
        found.append(("P407", rules.languages[reference.lang]))
    quotes = dict.fromkeys(plain(words, rules.limits.monolingual) for words in reference.quotes)
    return found + [("P1683", f'{lang}:"{words}"') for words in quotes if words]


def time(day: str) -> str:
    """A date with its precision, as fine as it is.

    >>> time("2025-10-15"), time("2025-10"), time("2025")
    ('+2025-10-15T00:00:00Z/11', '+2025-10-00T00:00:00Z/10', '+2025-00-00T00:00:00Z/9')
    """
    return f"+{(day + '-00-00')[:10]}T00:00:00Z/{_PRECISION[len(day)]}"


def plain(words: str, limit: int) -> str:
    """A text on one line without bars, controls and invisible signs, in form C, cut at a word and marked by … .

    >>> plain("one\\ttwo | three", 10)
    'one two ¦…'
    """
    signs = (
        sign if sign in _KEPT else " " if sign.isspace() else "¦" if sign == "|" else _visible(sign)
        for sign in unicodedata.normalize("NFC", words)
    )
    line = " ".join("".join(signs).split())
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0] + "…"


def _visible(sign: str) -> str:
    return "" if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") else sign


def url(address: str, limit: int) -> str:
    """A web address with everything escaped that could end a field; empty where it is none or too long."""
    if not address.startswith(("http://", "https://")):
        return ""
    safe = quote(address, safe=_SAFE)
    return safe if len(safe) <= limit else ""
