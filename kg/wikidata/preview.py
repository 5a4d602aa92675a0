"""What an export to Wikidata would say, for a person to read before anybody uploads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from kg.rdf import shorten
from kg.stored import Entities
from kg.wikidata.constraints import Constraints
from kg.wikidata.quickstatements import plain, url
from kg.wikidata.statements import Draft, Export, Reference, Statement

WIDTH = 300  # characters of a quote that are shown
QUALIFIERS = {"P580": "from", "P582": "until", "P3680": "says"}

Name = Callable[[str], str]


def preview(made: Export, entities: Entities, rules: Constraints) -> Iterator[str]:
    """The statements in words with the sentences that carry them, then what is held back, left out, and why."""

    def name(iri: str) -> str:
        return plain(entities.name(iri), WIDTH)

    yield from _statements(made, name, rules)
    yield from _drafts(made.drafts, name, rules)
    if made.held:
        yield f"HELD BACK ({len(made.held):,})"
        for reason, group in groupby(sorted(made.held, key=lambda pair: pair[1]), key=lambda pair: pair[1]):
            yield f"  {reason}:"
            yield from (f"    {_words(one, name, rules)}" for one, _ in group)
        yield ""
    if made.left:
        yield f"LEFT OUT ({made.left.total():,} claims)"
        yield from (f"  {number:>7,}  {reason}" for reason, number in sorted(made.left.items(), key=_most))
        yield ""
    yield "Nothing has been written."


def _statements(made: Export, name: Name, rules: Constraints) -> Iterator[str]:
    titles = {
        "new": "NEW: Wikidata does not say so",
        "not compared": "NOT COMPARED: `kg enrich` would fetch what Wikidata says",
        "there": "THERE ALREADY: only references are added",
    }
    for standing, title in titles.items():
        found = [one for one in made.statements if one.standing == standing]
        if found:
            yield f"{title} ({len(found):,})"
            for number, one in enumerate(found, 1):
                yield f"{number:>4}. {_words(one, name, rules)}"
                yield from map(_source, one.references)
            yield ""


def _drafts(drafts: list[Draft], name: Name, rules: Constraints) -> Iterator[str]:
    if drafts:
        yield f"NEW ITEMS ({len(drafts):,}): written with --drafts; `kg link --live` looks whether Wikidata has them"
        for number, draft in enumerate(drafts, 1):
            labels = ", ".join(f"{plain(label, WIDTH)} ({lang})" for lang, label in draft.entity.labels.items())
            yield f"{number:>4}. {labels}: {draft.entity.cls} ({draft.cls}), {shorten(draft.entity.iri)}"
            for one in draft.statements:
                yield f"      {_words(one, name, rules)}"
                yield from map(_source, one.references)
        yield ""


def _words(one: Statement, name: Name, rules: Constraints) -> str:
    rule = rules.properties[one.property]
    subject = f"{name(one.subject)} ({one.item or 'new'})"
    value = f"post in {name(one.about)}" if one.property == "P39" else name(one.about)
    told = "".join(f", {QUALIFIERS[key]} {what}" for key, what in one.qualifiers)
    return f"{subject} - {rule.label['en']} ({one.property}): {value} ({one.value}){told}"


def _source(reference: Reference) -> str:
    where = url(reference.url, len(reference.url) * 9) or "no address"
    words = " … ".join(f"“{plain(quote, WIDTH)}”" for quote in reference.quotes)
    title = plain(reference.title, 80) or plain(reference.article, 80)
    return f"        {reference.date or 'undated'}  {title}  {where}\n          {words}"


def _most(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
