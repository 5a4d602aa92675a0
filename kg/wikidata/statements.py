"""Claims as statements of Wikidata: facts alone, each with every article that says so, and what is held back and why.

A request, promise, plan, condition or denial never becomes one; nor does what somebody says, unless it is asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Literal

from kg.links import stored_links
from kg.ontology import ontology
from kg.queries import fold
from kg.rdf import DCT, ID, LEADING_OFFICES, WD
from kg.seeds import City, Organization, Person, State, World
from kg.store import Graph, text
from kg.stored import Entities, StoredClaim, StoredEntity, StoredText, read_articles
from kg.wikidata.constraints import OFFICE, Constraints, Rule
from kg.wikidata.enrich import DIRECT, FACTS_GRAPH, PS, WDT, P
from kg.wikidata.search import qid_of

START, END, SUPPORTED_BY = "P580", "P582", "P3680"
COMPARED = frozenset({*DIRECT, "P39"})  # what `kg enrich` asks for
SPEAKERS = frozenset({"Person", "State", "Organization"})
LOCAL = ID + "x-"  # entities that only articles know

Standing = Literal["new", "there", "not compared"]


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """One article that says so, with its words."""

    date: str
    article: str  # its id
    url: str
    title: str
    lang: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What is to stand in Wikidata. `standing` compares with what `kg enrich` has fetched."""

    subject: str  # IRI of our entity
    item: str  # its QID; empty for one that is to be made
    property: str
    value: str  # QID
    about: str  # IRI of our entity that is the value, or of the state whose post it is
    qualifiers: tuple[tuple[str, str], ...]  # property, and a date (YYYY, YYYY-MM, YYYY-MM-DD) or QID
    references: tuple[Reference, ...]
    standing: Standing = "not compared"


@dataclass(frozen=True, slots=True)
class Draft:
    """An item that Wikidata seems to lack."""

    entity: StoredEntity
    cls: str  # QID
    statements: tuple[Statement, ...]


@dataclass(slots=True)
class Export:
    """What can be exported, what is held back, and how many claims are left out for which reason."""

    statements: list[Statement] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    held: list[tuple[Statement, str]] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Said:
    """One article's claims of one statement."""

    source: StoredText
    claims: list[StoredClaim] = field(default_factory=list)


Key = tuple[str, str, str, str, tuple[tuple[str, str], ...]]  # subject, property, value, about, dates


def collect(graph: Graph, world: World, rules: Constraints, *, attributed: bool = False, entity: str = "") -> Export:
    """All that the store's articles state as fact and Wikidata has a property for, in the order of the items.

    `attributed`: also what a person, state or organization with an item of its own is cited for. `entity`: only
    statements that begin or end at this IRI.
    """
    return _Collection(graph, world, rules, attributed=attributed).export(entity)


class _Collection:
    def __init__(self, graph: Graph, world: World, rules: Constraints, *, attributed: bool) -> None:
        self.graph, self.world, self.rules, self.attributed = graph, world, rules, attributed
        self.entities = Entities(graph)
        self.said: defaultdict[Key, dict[str, _Said]] = defaultdict(dict)
        self.denied: set[tuple[str, ...]] = set()
        self.made = Export()

    def export(self, entity: str) -> Export:
        for source in read_articles(self.graph):
            for claim in source.claims:
                self._claim(source, claim)
        known, asked = self._known()
        found = sorted((self._statement(key, said, known, asked) for key, said in self.said.items()), key=_order)
        found = [one for one in found if not entity or entity in (one.subject, one.about)]
        values: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for one in found:
            values[one.subject, one.property] |= {one.value}
        drafts: defaultdict[str, list[Statement]] = defaultdict(list)
        for one in found:
            reason = self._violation(one, values[one.subject, one.property], known.get((one.item, one.property), set()))
            if reason:
                self.made.held.append((one, reason))
            elif one.item:
                self.made.statements.append(one)
            else:
                drafts[one.subject].append(one)
        self._drafts(drafts)
        return self.made

    # which claims

    def _claim(self, source: StoredText, claim: StoredClaim) -> None:
        pairs = [
            (self.entities[subject], self.entities[value])
            for subject in claim.args.get("subject", ())
            for value in claim.args.get("object", ())
        ]
        over = claim.former and claim.type != "holdsOffice"
        if (claim.negated or over) and claim.modality == "asserted" and not claim.is_event:
            self.denied |= {key[:4] for pair in pairs if not isinstance(key := self._key(claim, *pair), str)}
        if reason := self._no_fact(claim):
            self.made.left[reason] += 1
            return
        for pair in pairs:
            key = self._key(claim, *pair)
            if isinstance(key, str):
                self.made.left[key] += 1
            else:
                self.said[key].setdefault(source.iri, _Said(source)).claims.append(claim)

    def _no_fact(self, claim: StoredClaim) -> str:
        """Why the claim is no fact that Wikidata could hold; empty when it is one."""
        if claim.negated:
            return "denied"
        if claim.modality != "asserted":
            return f"{claim.modality}, not asserted"
        if claim.is_event:
            return "an event, and no relation"
        if claim.attributed_to:
            speaker = self.entities[claim.attributed_to]
            if not self.attributed:
                return "on somebody's word (--attributed takes named authorities)"
            if speaker.cls not in SPEAKERS or not _item(speaker):
                return "on the word of somebody without an item"
        if claim.former and claim.type != "holdsOffice":
            return "over, and no end is known"
        if not ontology().relations[claim.type].stated_as:
            return f"{claim.type}: nothing in Wikidata states the same"
        return ""

    def _key(self, claim: StoredClaim, subject: StoredEntity, value: StoredEntity) -> Key | str:
        """What the claim states in Wikidata, or why it cannot."""
        if claim.type == "holdsOffice":
            return self._office(claim, subject, value)
        for name in ontology().relations[claim.type].stated_as:
            if self.rules.properties[name].fits(subject.cls, value.cls, self._kind(value)):
                return self._ends(subject, value) or (subject.iri, name, _item(value), value.iri, ())
        return f"{claim.type}: no property for {subject.cls or '?'} and {value.cls or '?'}"

    def _office(self, claim: StoredClaim, person: StoredEntity, state: StoredEntity) -> Key | str:
        """The post on the person where its item is known, else head of state or of government on the state."""
        stated = ontology().offices[claim.office].stated_as if claim.office else ()
        record = self.world.records.get(state.iri.removeprefix(ID))
        if not stated or not isinstance(record, State):
            return "an office without an item"
        dates = self._dates(claim, person, record)
        if claim.former and END not in dict(dates):
            return "over, and no end is known"
        post = record.posts.get(claim.office) if claim.office in LEADING_OFFICES else None  # type: ignore[call-overload]
        if post and self.rules.properties["P39"].fits(person.cls, OFFICE, ""):
            return self._ends(person) or (person.iri, "P39", post, state.iri, dates)
        return self._ends(state, person) or (state.iri, stated[0], _item(person), person.iri, dates)

    def _dates(self, claim: StoredClaim, person: StoredEntity, state: State) -> tuple[tuple[str, str], ...]:
        """When the office began and ended, where the world data knows the person and one such term."""
        record = self.world.records.get(person.iri.removeprefix(ID))
        terms = record.offices if isinstance(record, Person) else []
        found = [term for term in terms if (term.office, term.of) == (claim.office, state.id)]
        if len(found) != 1:
            return ()
        return tuple((name, day) for name, day in ((START, found[0].from_), (END, found[0].to)) if day)

    def _kind(self, entity: StoredEntity) -> str:
        record = self.world.records.get(entity.iri.removeprefix(ID))
        return record.kind if isinstance(record, Organization | City) else ""

    def _ends(self, subject: StoredEntity, value: StoredEntity | None = None) -> str:
        """Why one of the two cannot stand in Wikidata; only a subject known from articles alone may lack an item."""
        for entity in (subject, value):
            if entity is None or _item(entity):
                continue
            if len(entity.matches) > 1:
                return "linked to two items: decide with `kg link --reject`"
            if not entity.iri.startswith(LOCAL):
                return "in the world data without an item: `kg link --live` looks for it"
            if entity is value:
                return "its value has no item"
        return ""

    # statements

    def _statement(
        self, key: Key, said: dict[str, _Said], known: dict[tuple[str, str], set[str]], asked: set[str]
    ) -> Statement:
        subject, name, value, about, dates = key
        item = _item(self.entities[subject])
        standing: Standing = "new" if item in asked and name in COMPARED else "not compared"
        claims = [claim for one in said.values() for claim in one.claims]
        speakers = {_item(self.entities[claim.attributed_to]) for claim in claims if claim.attributed_to}
        if not all(claim.attributed_to for claim in claims):
            speakers = set()
        qualifiers = (*dates, *((SUPPORTED_BY, speaker) for speaker in sorted(speakers)))
        if value in known.get((item, name), ()):
            standing, qualifiers = "there", ()  # a qualifier would change what stands there
        references = tuple(sorted(map(_reference, said.values())))
        return Statement(subject, item, name, value, about, qualifiers, references, standing)

    def _violation(self, one: Statement, values: set[str], known: set[str]) -> str:
        """What speaks against the statement: a constraint, another article, or that nobody could look it up."""
        rule, names = self.rules.properties[one.property], {name for name, _ in one.qualifiers}
        if (one.subject, one.property, one.value, one.about) in self.denied:
            return "an article denies it, or says that it is over"
        if not any(reference.url for reference in one.references):
            return "no article that says so has an address"
        if one.standing == "there":
            return ""
        for name in rule.required:
            if name not in names:
                return f"{one.property} must have {name}, and the world data does not tell it"
        if unlike := names - set(rule.qualifiers):
            return f"{one.property} must not have {', '.join(sorted(unlike))}"
        if rule.single and not names & set(rule.separators):
            return _several(rule, values - {one.value}, known - {one.value})
        return ""

    def _known(self) -> tuple[dict[tuple[str, str], set[str]], set[str]]:
        """(item, property) -> items, as `kg enrich` has fetched them, and the items it has asked for."""
        known: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        asked, holders, posts = set(), {}, {}
        for quad in self.graph.quads(FACTS_GRAPH):
            subject, name, value = text(quad.subject), quad.predicate.value, text(quad.object)
            if name == DCT + "date":
                asked.add(qid_of(subject))
            elif name.startswith(WDT):
                known[self._qid(subject), name.removeprefix(WDT)].add(self._qid(value))
            elif name == P + "P39":
                holders[value] = subject
            elif name == PS + "P39":
                posts[subject] = value
        for statement, holder in holders.items():
            if statement in posts:
                known[self._qid(holder), "P39"].add(self._qid(posts[statement]))
        return known, asked

    def _qid(self, iri: str) -> str:
        return qid_of(iri) or (_item(self.entities[iri]) if iri.startswith(ID) else "")

    # new items

    def _drafts(self, found: dict[str, list[Statement]]) -> None:
        """Items to be made, for entities of which nothing is doubtful; the statements of others are held back."""
        if not found:
            return
        named = _names(self.graph)
        proposed = {link.entity: link.qid for link in stored_links(self.graph) if link.status == "proposed"}
        for iri in sorted(found):
            entity = self.entities[iri]
            reason = f"may be {proposed[iri]}: `kg link --set` or `--reject` decides" if iri in proposed else ""
            reason = reason or self._doubt(entity, named)
            if reason:
                self.made.held += [(one, f"no new item: {reason}") for one in found[iri]]
            else:
                self.made.drafts.append(Draft(entity, self.rules.drafts[entity.cls], tuple(found[iri])))

    def _doubt(self, entity: StoredEntity, named: dict[str, set[str]]) -> str:
        if entity.cls not in self.rules.drafts:
            return f"Wikidata has no one class for a {entity.cls or 'thing without a class'}"
        name = entity.name("en")
        if any(named[fold(label)] - {entity.iri} for label in entity.labels.values()):
            return f"another entity is called {name} too"
        if entity.cls == "Person" and len(name.split()) < 2:
            return f"{name} is one word of a name"
        if entity.cls != "Person" and not entity.labels.get("en", "")[:1].isupper():
            return f"{name} may be a description and no name"
        return ""


def _several(rule: Rule, ours: set[str], theirs: set[str]) -> str:
    if theirs:
        return f"Wikidata has {', '.join(sorted(theirs))} as its {rule.label['en']}"
    return f"articles name several for {rule.label['en']}" if ours else ""


def _item(entity: StoredEntity) -> str:
    """The QID of an entity with one link; empty for one with none or several."""
    found = [match.removeprefix(WD) for match in entity.matches if qid_of(match)]
    return found[0] if len(found) == 1 else ""


def _reference(said: _Said) -> Reference:
    source = said.source
    quotes = dict.fromkeys(claim.quote for claim in sorted(said.claims, key=lambda claim: claim.span) if claim.quote)
    url = source.url if source.url.startswith(("http://", "https://")) else ""
    return Reference(source.date, source.id, url, source.title, source.lang, tuple(quotes))


def _order(one: Statement) -> tuple[int, str, int, int, tuple[tuple[str, str], ...]]:
    return (
        int(one.item[1:] or 0), one.subject, int(one.property[1:]), int(one.value[1:]), one.qualifiers,
    )  # fmt: skip


def _names(graph: Graph) -> dict[str, set[str]]:
    """Folded name -> the entities that bear it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for entity, name in graph.select(_LABELS):
        found[fold(text(name))].add(text(entity))
    return found


_LABELS = """
PREFIX gp: <https://w3id.org/geopol/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?entity ?name WHERE {
  ?entity rdfs:label|skos:altLabel ?name FILTER (STRSTARTS(STR(?entity), "https://w3id.org/geopol/id/"))
  MINUS { ?entity gp:mergedInto ?other } }"""
