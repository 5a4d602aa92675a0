"""The first page: what is in the graph, and what to try on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kg.rdf import ID
from kg.store import Graph
from kg.stored import StoredEntity
from kg.views.catalogue import Catalogue, Entry, catalogue
from kg.views.claims import Headline, Reader
from kg.views.compare import OFFICE, spokespeople

MANNERS = ("asserted", "planned", "promised", "requested", "conditional", "possible")
CLASSES = ("State", "Person", "Organization", "MilitaryBase", "Agreement")
NAMED, LATEST, LINES = 6, 4, 3
PREFERRED = (ID + "russia", ID + "syria")  # tried first where the graph has claims about them


@dataclass(frozen=True, slots=True)
class Bases:
    """Whose bases stand in which state, with the claims about who runs each."""

    operator: StoredEntity
    host: StoredEntity
    bases: tuple[tuple[StoredEntity, int], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one party asked of another, and what it did about it."""

    asker: StoredEntity
    asked: StoredEntity
    lines: tuple[tuple[Entry, tuple[StoredEntity, ...]], ...]  # a claim, and whom or what it is about


@dataclass(frozen=True, slots=True)
class Start:
    """All that the page shows."""

    articles: int
    langs: tuple[tuple[str, int], ...]
    claims: int
    entities: int
    classes: tuple[tuple[str, int], ...]
    manners: tuple[tuple[str, int], ...]  # those not negated
    negated: int
    named: tuple[tuple[StoredEntity, int], ...]
    latest: tuple[Headline, ...]
    examples: tuple[tuple[str, str], ...]  # a name and its entity, to search for
    bases: Bases | None
    asked: Asked | None


_last: list[tuple[Graph, Start]] = []


def start(graph: Graph) -> Start:
    """What the start page shows of the graph; worked out once."""
    if not _last or _last[0][0] is not graph:
        _last[:] = [(graph, _start(graph, catalogue(graph)))]
    return _last[0][1]


def _start(graph: Graph, found: Catalogue) -> Start:
    reader = Reader(graph, found)
    langs = Counter(found.langs.values())
    classes = Counter(found.classes.get(entity, "") for entity in found.of)
    manners = Counter(entry.modality for entry in found.entries if not entry.negated)
    ranked = sorted(found.of, key=lambda entity: (-len(found.of[entity]), entity))
    dated = sorted((iri for iri, date in found.dates.items() if date), key=lambda iri: (found.dates[iri], iri))
    latest = [*reversed(dated[-LATEST:]), *sorted(iri for iri, date in found.dates.items() if not date)][:LATEST]
    return Start(
        len(found.dates),
        tuple(langs.most_common()),
        len(found.entries),
        len(found.of),
        tuple((name, classes[name]) for name in CLASSES if classes[name]),
        tuple((manner, manners[manner]) for manner in MANNERS),
        sum(1 for entry in found.entries if entry.negated),
        tuple((reader.entity(entity), len(found.of[entity])) for entity in ranked[:NAMED]),
        tuple(reader.headline(article) for article in latest),
        _examples(found, ranked),
        _bases(reader),
        _asked(reader),
    )


def _examples(found: Catalogue, ranked: list[str]) -> tuple[tuple[str, str], ...]:
    """Names in both languages to begin with: of a base, a person and a state."""
    examples = []
    for cls, lang in (("MilitaryBase", "ar"), ("State", "en"), ("Person", "ar")):
        known = (one for one in ranked if found.classes.get(one) == cls and lang in found.labels.get(one, {}))
        entity = next(known, None)
        if entity is not None:
            examples.append((found.labels[entity][lang], entity))
    return tuple(examples)


def _bases(reader: Reader) -> Bases | None:
    """The pair of operator and host with most claims about who runs a base."""
    found = reader.found
    said = [entry for entry in found.entries if entry.manner == "asserted" and not entry.former]
    hosts: dict[str, Counter[str]] = {}
    for entry in said:
        if entry.type in ("hostState", "locatedIn"):
            for base in entry.fillers("subject"):
                hosts.setdefault(base, Counter()).update(entry.fillers("object"))
    runs: dict[tuple[str, str], Counter[str]] = {}
    for entry in said:
        for base in entry.fillers("subject") if entry.type == "operator" else ():
            for operator in entry.fillers("object"):
                for host in hosts.get(base, {}):
                    if host != operator and found.classes.get(host) == "State":
                        runs.setdefault((operator, host), Counter())[base] += 1
    if not runs:
        return None
    operator, host = max(sorted(runs), key=lambda pair: (pair == PREFERRED, runs[pair].total()))
    bases = runs[operator, host].most_common(LINES)
    return Bases(
        reader.entity(operator), reader.entity(host), tuple((reader.entity(base), count) for base, count in bases)
    )


def _asked(reader: Reader) -> Asked | None:
    """The two states of which one has asked most of the other, an answer being better than none."""
    found = reader.found
    states = {one for one, cls in found.classes.items() if cls == "State" and one in found.of}
    speaks_for: dict[str, list[str]] = {}
    for state in sorted(states):
        for one in spokespeople(found, state):
            speaks_for.setdefault(one, []).append(state)
    asked: dict[tuple[str, str], list[Entry]] = {}
    for entry in found.entries:
        if entry.modality != "requested" or entry.type == OFFICE:
            continue
        doers = {state for one in entry.doers for state in speaks_for.get(one, ())}
        askers = set(speaks_for.get(entry.speaker, ())) or {one for one in entry.fillers("recipient") if one in states}
        for doer in doers:
            for asker in askers - doers:
                asked.setdefault((asker, doer), []).append(entry)
    if not asked:
        return None
    preferred = PREFERRED[1], PREFERRED[0]
    pair = max(sorted(asked), key=lambda one: (one == preferred, len(asked[one])))
    lines = {(entry.type, entry.fillers("object")): entry for entry in asked[pair]}
    refusals = (
        entry
        for entry in found.of[pair[1]]
        if entry.negated
        and entry.fillers("object")
        and (entry.type, entry.fillers("object")) in lines
        and pair[1] in entry.doers
    )
    chosen = [*list(lines.values())[: LINES - 1], *list(refusals)[:1]]
    return Asked(
        reader.entity(pair[0]),
        reader.entity(pair[1]),
        tuple((entry, tuple(reader.entity(one) for one in entry.fillers("object"))) for entry in chosen),
    )
