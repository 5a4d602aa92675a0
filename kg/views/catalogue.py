"""Who takes part in which claims: read once for a graph and kept, so that no page counts the whole graph.

A state in the news has ten thousand claims, and to ask the store for them takes longer than a person waits. A
catalogue holds what pages count and filter by: type, manner, parties and speaker of each claim, the dates of
articles, names. The words of the few claims that a page shows are read from the store. A catalogue is of one
snapshot: a graph that is written to needs another.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import cache, cached_property
from pathlib import Path
from sys import intern
from typing import Any

from kg.model import EVENT_ROLES
from kg.queries import fold
from kg.rdf import ID
from kg.resources import PACKAGE, read_yaml
from kg.store import Graph, Term, open_graph, text
from kg.stored import TYPES, local, tongue

FORMAT = 1  # of the file; raise it when another program could not read it
SUFFIX = ".catalogue"


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim as far as pages count by it; entities are IRIs."""

    claim: str  # IRI
    type: str
    is_event: bool
    modality: str
    negated: bool
    speaker: str  # empty: the article's own voice
    parts: tuple[tuple[str, str], ...]  # role and entity
    content: str  # IRI of the claim that this one is about
    office: str
    former: bool
    date: str  # of its article; empty when nobody knows
    manner: str  # modality and polarity as one word, as filters have it: `requested`, `planned-not`

    @property
    def article(self) -> str:
        """The IRI of the article that says it."""
        return self.claim.rpartition("/")[0]

    def fillers(self, *roles: str) -> tuple[str, ...]:
        """Who fills these roles."""
        return tuple(entity for role, entity in self.parts if role in roles)

    @property
    def doers(self) -> tuple[str, ...]:
        """Whose act or state it is."""
        return self.fillers("actor", "subject")


@dataclass(frozen=True)
class Catalogue:
    """All claims of a graph, the newest article first, and the names of all that exists."""

    entries: tuple[Entry, ...]
    dates: Mapping[str, str]  # article -> its date, or nothing; all articles
    langs: Mapping[str, str]  # article -> language
    classes: Mapping[str, str]  # entity -> class
    names: tuple[tuple[str, str, str, str], ...]  # entity, name, language, folded name; labels before other names
    places: Mapping[str, tuple[float, float]]  # entity -> latitude and longitude in degrees

    @cached_property
    def of(self) -> Mapping[str, tuple[Entry, ...]]:
        """The claims in which an entity takes part, also as the speaker; each once."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for entity in {entry.speaker, *(entity for _, entity in entry.parts)} - {""}:
                found[entity].append(entry)
        return {entity: tuple(entries) for entity, entries in found.items()}

    @cached_property
    def claims(self) -> Mapping[str, Entry]:
        """Claims by their IRI."""
        return {entry.claim: entry for entry in self.entries}

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """The first name of each entity in each language."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for entity, name, lang, _ in self.names:
            found[entity].setdefault(lang, name)
        return found

    def name(self, entity: str, lang: str) -> str:
        """The name in that language, else in any, else the key."""
        labels = self.labels.get(entity, {})
        return labels.get(lang) or next(iter(labels.values()), "") or local(entity)


@cache
def _letters() -> Mapping[int, str]:
    """Letters that are written one for another, of all languages."""
    paths = sorted((PACKAGE / "lang").glob("*/language.yml"))
    return {ord(letter): other for path in paths for letter, other in read_yaml(path).get("folds", {}).items()}


def spelling(name: str) -> str:
    """A name as names are searched for: without case, marks and differences of spelling; at most 200 letters."""
    return fold(name[:200].translate(_letters()))


_PAIRS = "SELECT ?s ?o WHERE {{ ?s {} ?o }}"
_NEGATED = "SELECT ?s ?o WHERE { ?s gp:negated ?o FILTER (?o) }"
_ARTICLES = "SELECT ?s ?date ?lang WHERE { ?s a gp:Article OPTIONAL { ?s schema:datePublished ?date } OPTIONAL { ?s schema:inLanguage ?lang } }"  # noqa: E501
_CLASSES = """SELECT ?s ?o WHERE {
  VALUES ?o { gp:State gp:Person gp:Organization gp:MilitaryBase gp:Place gp:Agreement } ?s a ?o }"""
_PLACES = "SELECT ?s ?lat ?long WHERE { ?s geo:lat ?lat ; geo:long ?long }"


def build(graph: Graph) -> Catalogue:
    """Read the whole graph once: some ten seconds for a million quads."""

    def pairs(predicate: str) -> Iterable[tuple[str, str]]:
        return ((text(s), intern(text(o))) for s, o in graph.select(_PAIRS.format(predicate)))

    def values(predicate: str) -> dict[str, str]:
        return dict(pairs(predicate))

    parts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for role in EVENT_ROLES:
        for node, filler in pairs(f"gp:{role}"):
            parts[node].append((role, filler))
    for role in ("subject", "object"):
        for claim, filler in pairs(f"rdf:{role}"):
            parts[claim].append((role, filler))
    types = values("rdf:predicate")
    for kind in TYPES:
        types |= values(f"<{kind}>")
    states, speakers, contents = values("gp:states"), values("gp:attributedTo"), values("gp:content")
    offices, former = values("gp:office"), values("gp:former")
    negated = {text(s) for s, _ in graph.select(_NEGATED)}
    claim_of = {node: claim for claim, node in states.items()}
    articles = {text(s): (text(date), text(lang)) for s, date, lang in graph.select(_ARTICLES)}
    entries = []
    for claim, modality in pairs("gp:modality"):
        node = states.get(claim, claim)
        content = contents.get(node, "")
        entries.append(
            Entry(
                claim,
                intern(local(types.get(node, ""))),
                claim in states,
                intern(local(modality)),
                claim in negated,
                speakers.get(claim, ""),
                tuple(sorted(parts.get(node, ()))),
                claim_of.get(content, content),
                intern(local(offices.get(claim, ""))),
                claim in former,
                articles.get(claim.rpartition("/")[0], ("", ""))[0],
                intern(f"{local(modality)}-not" if claim in negated else local(modality)),
            )
        )
    entries.sort(key=lambda entry: (len(entry.claim), entry.claim))
    entries.sort(key=lambda entry: entry.date, reverse=True)
    return Catalogue(
        tuple(entries),
        {article: date for article, (date, _) in articles.items()},
        {article: lang for article, (_, lang) in articles.items()},
        {text(s): local(text(o)) for s, o in graph.select(_CLASSES)},
        (*_names(graph, "rdfs:label"), *_names(graph, "skos:altLabel")),
        {text(s): (float(text(lat)), float(text(long))) for s, lat, long in graph.select(_PLACES)},
    )


def _names(graph: Graph, predicate: str) -> list[tuple[str, str, str, str]]:
    rows: Iterable[tuple[Term | None, ...]] = graph.select(_PAIRS.format(predicate))
    found = {(text(s), text(o), tongue(o)) for s, o in rows}
    return sorted((*name, spelling(name[1])) for name in found if name[0].startswith(ID))


def write(graph: Graph, folder: Path) -> None:
    """Build the catalogue of the graph in that folder and keep it beside the folder, for `catalogue` to find."""
    found = build(graph)
    kept: dict[str, Any] = {
        "format": FORMAT,
        "entries": [astuple(entry) for entry in found.entries],
        "dates": found.dates,
        "langs": found.langs,
        "classes": found.classes,
        "names": found.names,
        "places": found.places,
    }
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder.parent, delete=False) as file:
        json.dump(kept, file, ensure_ascii=False)
    os.replace(file.name, _beside(folder))


def _beside(folder: Path) -> Path:
    return folder.with_name(folder.name + SUFFIX)


def _entry(*row: Any) -> Entry:
    """An entry as JSON has it."""
    claim, type_, is_event, modality, negated, speaker, parts, content, office, former, date, manner = row
    told = tuple((role, entity) for role, entity in parts)
    return Entry(claim, type_, is_event, modality, negated, speaker, told, content, office, former, date, manner)


def _read(path: Path) -> Catalogue | None:
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    if kept["format"] != FORMAT:
        return None
    entries = tuple(_entry(*row) for row in kept["entries"])
    names = tuple((entity, name, lang, folded) for entity, name, lang, folded in kept["names"])
    places = {entity: (lat, long) for entity, (lat, long) in kept["places"].items()}
    return Catalogue(entries, kept["dates"], kept["langs"], kept["classes"], names, places)


_last: list[tuple[Graph, Catalogue]] = []  # the graph that this process shows, and its catalogue


def catalogue(graph: Graph) -> Catalogue:
    """The catalogue of the graph: the one at hand, the one kept beside its folder, or a new one."""
    if not _last or _last[0][0] is not graph:
        collects = gc.isenabled()
        gc.disable()  # nothing of what is made is garbage, and looking for some takes most of the time
        try:
            _last[:] = [(graph, _read(_beside(Path(graph.location))) or build(graph))]
        finally:
            if collects:
                gc.enable()
    return _last[0][1]


if __name__ == "__main__":  # called by the server, for a snapshot
    gc.disable()
    with open_graph(sys.argv[1], read_only=True) as opened:
        write(opened, Path(sys.argv[1]))
