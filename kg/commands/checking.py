"""Whether all is sound: check; and what may be said at all: ontology."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from kg.commands.options import json_option, plural, say, show, talk
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.ontology import EventType, Ontology, Relation, Term


@click.command()
@click.option("--store", metavar="DIR|URL", envvar="KG_STORE", help="Store to check instead of our data.")
@json_option
@talk
def check(store: str | None, as_json: bool) -> None:
    """Look for faults in a store, or in our own data.

    In a store: claims without words, offsets that are off, terms that the ontology does not have
    and the other rules of ontology/checks/. In our data: world data, ontology, language packs,
    questions.

    \b
    kg check --store news.kg
    kg check
    """
    found = _store_faults(store) if store else [*_data_faults()]
    if as_json:
        show([json.dumps(found, ensure_ascii=False, indent=1)])
    else:
        show(f"{one['check']}: {one['sentence']}" for one in found)
    say("no faults" if not found else plural(len(found), "fault"))
    if found:
        click.get_current_context().exit(1)


def _store_faults(location: str) -> list[dict[str, str]]:
    from kg.shapes import faults
    from kg.store import Rows, open_graph, text

    with open_graph(location, read_only=True) as graph:

        def select(sparql: str) -> Iterator[Mapping[str, str]]:
            found = graph.query(sparql)
            assert isinstance(found, Rows)
            for row in found.rows:
                cells = zip(found.variables, row, strict=True)
                yield {name: text(term) for name, term in cells if term is not None}

        return [{"check": one.check, "node": one.node, "sentence": one.sentence} for one in faults(select)]


def _data_faults() -> Iterator[dict[str, str]]:
    """Each part is read whole; what breaks it off is its one fault."""
    for name, look in _PARTS.items():
        try:
            sentences = look()
        except KgError as error:
            sentences = [str(error)]
        for sentence in sentences:
            yield {"check": name, "node": "", "sentence": sentence}


def _world() -> list[str]:
    from kg.seeds import faults, load_world

    return faults(load_world())


def _ontology() -> list[str]:
    from kg.ontology import load_ontology

    load_ontology()
    return []


def _languages() -> list[str]:
    from kg.language import languages, load_pack

    for lang in languages():
        load_pack(lang)
    return []


def _questions() -> list[str]:
    from kg.queries import saved_queries

    saved_queries()
    return []


_PARTS: dict[str, Callable[[], list[str]]] = {
    "world data": _world,
    "ontology": _ontology,
    "languages": _languages,
    "questions": _questions,
}


@click.command()
@click.argument("term", required=False)
@json_option
@talk
def ontology(term: str | None, as_json: bool) -> None:
    """List the claim types and classes, or explain one.

    \b
    kg ontology
    kg ontology extradite
    """
    from kg.ontology import ontology as load

    terms = load()
    if term is None:
        show([json.dumps(_overview(terms), indent=1)] if as_json else _tables(terms))
        return
    known: dict[str, Term] = {**terms.classes, **terms.relations, **terms.event_types}
    kinds = terms.type_of_claim(term) if term not in known else known[term]
    record = _describe(kinds)
    if as_json:
        show([json.dumps(record, ensure_ascii=False, indent=1)])
        return
    from kg.terminal import isolate

    for key, value in record.items():
        words = value if isinstance(value, str) else ", ".join(map(str, value))
        show([f"{key + ':':16}{isolate(words)}"] if words else [])


def _overview(terms: Ontology) -> dict[str, list[str]]:
    return {
        "classes": list(terms.classes),
        "relations": list(terms.relations),
        "eventTypes": list(terms.event_types),
    }


def _tables(terms: Ontology) -> Iterator[str]:
    from kg.terminal import table

    yield from table(
        ("relation", "from", "to", "meaning"),
        [
            (one.name, ", ".join(one.domain), ", ".join(one.range), one.definitions.get("en", ""))
            for one in terms.relations.values()
        ],
    )
    yield ""
    yield from table(
        ("event type", "root", "roles", "meaning"),
        [
            (one.name, one.root, ", ".join(one.roles), one.definitions.get("en", ""))
            for one in terms.event_types.values()
        ],
    )
    yield ""
    yield from table(
        ("class", "kind of", "meaning"),
        [(one.name, ", ".join(one.parents), one.definitions.get("en", "")) for one in terms.classes.values()],
    )


def _describe(term: Term | Relation | EventType) -> dict[str, Any]:
    """All that the ontology says of a term, in the order of interest."""
    from kg.ontology import Class, EventType, Relation

    record: dict[str, Any] = {"name": term.name}
    record |= {f"label ({lang})": words for lang, words in sorted(term.labels.items())}
    record |= {f"meaning ({lang})": words for lang, words in sorted(term.definitions.items())}
    match term:
        case Class():
            record |= {"kind of": list(term.parents)}
        case Relation():
            record |= {"from": list(term.domain), "to": list(term.range)}
            record |= {"inverse": term.inverse.name if term.inverse else ""}
        case EventType():
            record |= {role: list(accepted) for role, accepted in term.roles.items()}
            record |= {"root": term.root, "PLOVER": term.plover or "", "CAMEO": term.cameo or ""}
            record |= {f"note ({lang})": words for lang, words in sorted(term.notes.items())}
    return record | {"Wikidata": list(term.wikidata)}
