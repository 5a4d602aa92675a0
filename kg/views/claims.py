"""Claims as pages show them: filtered, grouped, and equal ones merged into one statement with all its quotes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph as ox

from kg.ontology import ontology
from kg.store import Graph, text
from kg.stored import Entities, StoredEntity
from kg.views.catalogue import Catalogue, Entry

SPEAKER = "speaker"  # the role of who says so, beside those of the ontology
ORDER = ("subject", "actor", "object", "recipient", "place")  # in which a statement names its parties
QUOTES = 3  # of a statement, before one asks for the others


@dataclass(frozen=True, slots=True)
class Filter:
    """Which claims of an entity to show; an empty field lets all through."""

    manner: str = ""
    type: str = ""
    speaker: str = ""  # IRI, or OWN_VOICE
    year: str = ""  # of the article, or NO_DATE
    party: str = ""  # IRI of another entity that takes part

    def __bool__(self) -> bool:
        return self != Filter()


OWN_VOICE = "article"
NO_DATE = "none"


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter, and how many claims it leaves beside the other filters."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of one claim and where they stand."""

    claim: str
    words: str
    lang: str
    speaker: StoredEntity | None
    article: Headline
    date: str


@dataclass(frozen=True, slots=True)
class Headline:
    """An article as it is named in a line."""

    iri: str
    id: str
    title: str
    date: str = ""
    claims: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """What equal claims say: the same type, parties, modality and polarity."""

    type: str
    is_event: bool
    modality: str
    negated: bool
    parts: tuple[tuple[str, tuple[StoredEntity, ...]], ...]  # role and its fillers, without whom the page is about
    office: str
    former: bool
    about: Entry | None  # the claim that this one is about
    count: int
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Claims of one type in which the entity has one role."""

    type: str
    role: str
    is_event: bool
    count: int
    statements: tuple[Statement, ...]
    manners: tuple[tuple[Entry, int], ...]  # an example of each modality and polarity, and how many there are
    happened: int  # asserted and not negated

    @property
    def hidden_quotes(self) -> int:
        """How many claims are not shown with their words."""
        return self.count - sum(len(statement.quotes) for statement in self.statements)

    @property
    def is_disputed(self) -> bool:
        """True when it is said and denied, or asked for and refused."""
        return len({example.negated for example, _ in self.manners}) > 1


def roles_of(entry: Entry, entity: str) -> str:
    """The first role that the entity has in the claim; `subject` for both ends of a symmetric relation."""
    for role, filler in entry.parts:
        if filler == entity:
            return "subject" if entry.type in _symmetric() else role
    return SPEAKER


@cache
def _symmetric() -> frozenset[str]:
    return frozenset(name for name, relation in ontology().relations.items() if relation.symmetric)


def matches(entry: Entry, wanted: Filter) -> bool:
    """True when the claim passes the filter."""
    return (
        (not wanted.manner or entry.manner == wanted.manner)
        and (not wanted.type or entry.type == wanted.type)
        and (not wanted.speaker or (entry.speaker or OWN_VOICE) == wanted.speaker)
        and (not wanted.year or (entry.date[:4] or NO_DATE) == wanted.year)
        and (not wanted.party or any(filler == wanted.party for _, filler in entry.parts))
    )


def options(entries: Sequence[Entry], wanted: Filter) -> dict[str, tuple[Option, ...]]:
    """What can be chosen for each field of the filter, the most frequent first, years in order."""
    values: dict[str, Callable[[Entry], str]] = {
        "manner": lambda entry: entry.manner,
        "type": lambda entry: entry.type,
        "speaker": lambda entry: entry.speaker or OWN_VOICE,
        "year": lambda entry: entry.date[:4] or NO_DATE,
    }
    made = {}
    for name, value in values.items():
        others = replace(wanted, **{name: ""})
        chosen = getattr(wanted, name)
        left = [entry for entry in entries if matches(entry, others)] if others else entries
        counts = Counter(map(value, left))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        made[name] = tuple(Option(one, count, one == chosen) for one, count in ranked)
    return made


def grouped(entries: Iterable[Entry], entity: str) -> list[tuple[tuple[str, str], list[Entry]]]:
    """Claims by type and role of the entity: disputed ones first, then relations, events, and what it says."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.type, roles_of(entry, entity)].append(entry)
    order = {name: place for place, name in enumerate(ontology().relations)}

    def rank(item: tuple[tuple[str, str], list[Entry]]) -> tuple[object, ...]:
        (name, role), members = item
        disputed = len({entry.negated for entry in members}) > 1
        return role == SPEAKER, not disputed, order.get(name, len(order)), -len(members), name, role

    return sorted(groups.items(), key=rank)


def merged(entries: Iterable[Entry], entity: str) -> list[list[Entry]]:
    """Equal claims together: those with most first, the newest first in each."""
    equal: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    symmetric = _symmetric()
    for entry in entries:
        parts = tuple([part for part in entry.parts if part[1] != entity])
        if entry.type in symmetric:
            parts = tuple([("object", other) for _, other in parts])
        said = entry.speaker if entry.speaker == entity and len(parts) == len(entry.parts) else ""
        equal[entry.manner, parts, entry.office, entry.former, said].append(entry)
    return sorted(equal.values(), key=lambda members: (-len(members), members[0].claim))


class Reader:
    """Reads the few claims that a page shows out of the store, each entity and article once."""

    def __init__(self, graph: Graph, found: Catalogue) -> None:
        self._graph = graph
        self.found = found
        self._entities = Entities(graph)
        self._headlines: dict[str, Headline] = {}

    def entity(self, iri: str) -> StoredEntity:
        """Who or what that is, under the names of the catalogue."""
        labels = self.found.labels.get(iri)
        if labels is None:
            return self._entities[iri]
        return StoredEntity(iri, self.found.classes.get(iri, ""), labels, (), in_world=False)

    def headline(self, article: str) -> Headline:
        """The article's title and date."""
        if article not in self._headlines:
            row = next(self._graph.select(_HEADLINE, {"article": ox.NamedNode(article)}), (None, None, None))
            title, name = text(row[1]), text(row[2])
            self._headlines[article] = Headline(article, name, title, self.found.dates.get(article, ""))
        return self._headlines[article]

    def quote(self, entry: Entry) -> Quote:
        """The words of the claim."""
        row = next(self._graph.select(_WORDS, {"claim": ox.NamedNode(entry.claim)}), (None, None))
        speaker = self.entity(entry.speaker) if entry.speaker else None
        lang = self.found.langs.get(entry.article, "")
        return Quote(entry.claim, text(row[1]), lang, speaker, self.headline(entry.article), entry.date)

    def statement(self, members: Sequence[Entry], entity: str, quotes: int) -> Statement:
        """Equal claims as one statement; no more quotes than that."""
        first = members[0]
        by_role: dict[str, list[StoredEntity]] = defaultdict(list)
        own = roles_of(first, entity)
        for role, filler in sorted(first.parts, key=lambda part: (part[0] == own, ORDER.index(part[0]))):
            if filler != entity:
                by_role["object" if first.type in _symmetric() else role].append(self.entity(filler))
        return Statement(
            first.type,
            first.is_event,
            first.modality,
            first.negated,
            tuple((role, tuple(fillers)) for role, fillers in by_role.items()),
            first.office,
            first.former,
            self.found.claims.get(first.content),
            len(members),
            tuple(self.quote(entry) for entry in members[:quotes]),
        )

    def group(
        self, key: tuple[str, str], members: Sequence[Entry], entity: str, *, statements: int, quotes: int
    ) -> Group:
        """Claims of one type and role, with so many of their statements."""
        examples: dict[str, Entry] = {}
        counts: Counter[str] = Counter()
        for entry in members:
            examples.setdefault(entry.manner, entry)
            counts[entry.manner] += 1
        shown = merged(members, entity)[:statements] if statements else []
        return Group(
            *key,
            members[0].is_event,
            len(members),
            tuple(self.statement(equal, entity, quotes) for equal in shown),
            tuple((examples[manner], count) for manner, count in counts.most_common()),
            counts["asserted"],
        )


_HEADLINE = """
SELECT ?article ?title ?id WHERE { ?article dct:identifier ?id OPTIONAL { ?article schema:headline ?title } }"""
_WORDS = "SELECT ?claim ?words WHERE { ?claim gp:evidence ?evidence . ?evidence oa:exact ?words }"
