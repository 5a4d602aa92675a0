"""Writes docs/ontology.md from the Turtle files and the checks: `python docs/ontology_page.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg.ontology import EventType, Ontology, Relation, Term, ontology
from kg.shapes import Check, checks

PAGE = Path(__file__).parent / "ontology.md"
INTRODUCTION = """\
# The ontology

<!-- Made by docs/ontology_page.py from ontology/*.ttl and ontology/checks/*.rq; change those. -->

Version {version}. What an article can name, what it can say about it, and what is held against the
graph afterwards. How a claim is written in RDF stands in [rdf.md](rdf.md).

To add a relation: declare it in `ontology/core.ttl` as `gp:Relation` with labels and definitions in
Arabic and English, `schema:domainIncludes` and `schema:rangeIncludes`, and run this script; reader,
checks and shapes take it from there. To add an event type: a concept of `ev:scheme` in
`ontology/event-types.ttl` with `skos:broader`, `gp:takesRole` and notes.
"""


def page(terms: Ontology, found: Iterable[Check]) -> str:
    """The whole page as Markdown."""
    return "\n".join([INTRODUCTION.format(version=terms.version), *_sections(terms, found)]) + "\n"


def _sections(terms: Ontology, found: Iterable[Check]) -> Iterator[str]:
    yield "## Classes\n"
    yield from _table(
        ("class", "العربية", "is a", "meaning", "Wikidata"),
        (
            (_code(c.name), c.labels["ar"], _codes(c.parents), _meaning(c), ", ".join(c.wikidata))
            for c in terms.classes.values()
        ),
    )
    yield "\n## Relations\n"
    yield "The subject is of any class in the second column, the object of any in the third.\n"
    yield from _table(
        ("relation", "subject", "object", "العربية", "meaning", "read backwards", "Wikidata"),
        (_relation(relation) for relation in terms.relations.values()),
    )
    yield "\n## Event types\n"
    yield "Roles with the classes they accept; … marks a type that can have a content.\n"
    yield from _table(
        ("type", "root", "CAMEO", "العربية", "meaning", "roles"),
        (_event_type(kind, terms) for kind in terms.event_types.values()),
    )
    for title, codes in (
        ("Modality", terms.modalities),
        ("Kinds of office", terms.offices),
        ("Branches", terms.branches),
        ("Status of an agreement", terms.statuses),
    ):
        yield f"\n## {title}\n"
        yield from _table(("code", "English", "العربية", "meaning"), _codes_of(codes))
    yield "\n## Kinds of fault\n"
    yield (
        "`kg check` looks for each of these in a store (`ontology/checks/<name>.rq`); the shape\n"
        "of the same name in `ontology/shapes.ttl` finds it in a single article.\n"
        "`ontology-missing` has no shape.\n"
    )
    yield from _table(
        ("check", "what is wrong", "العربية"),
        ((f"`{check.name}`", check.title, check.title_ar) for check in found),
    )


def _relation(relation: Relation) -> tuple[str, ...]:
    back = relation.inverse.labels["en"] if relation.inverse else ""
    return (
        _code(relation.name),
        _codes(relation.domain),
        _codes(relation.range),
        relation.labels["ar"],
        _meaning(relation),
        "the same" if relation.symmetric else back,
        ", ".join(relation.wikidata),
    )


def _event_type(kind: EventType, terms: Ontology) -> tuple[str, ...]:
    roles = "; ".join(
        role if accepted == terms.roles[role] else f"{role} ({', '.join(accepted)})"
        for role, accepted in kind.roles.items()
    )
    note = f" {kind.notes['en'][0].upper()}{kind.notes['en'][1:]}"
    return (
        f"`ev:{kind.name}`",
        kind.root if kind.plover else f"({kind.root})",
        kind.cameo or "",
        kind.labels["ar"],
        _meaning(kind) + note,
        roles + (" …" if kind.takes_content else ""),
    )


def _codes_of(codes: Mapping[str, Term]) -> Iterator[tuple[str, ...]]:
    for code in codes.values():
        yield _code(code.name), code.labels["en"], code.labels["ar"], _meaning(code)


def _meaning(term: Term) -> str:
    return term.definitions.get("en", "")


def _code(name: str) -> str:
    return f"`gp:{name}`"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(names)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    PAGE.write_text(page(ontology(), checks()), encoding="utf-8")
