"""What a live endpoint says of the items of the world data, beside what the world data says: a difference, no change.

Merged items, further names, offices that have ended, coordinates that lie elsewhere. An item that the endpoint does not
have is told and left to a person: a mirror may lack it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kg.queries import fold
from kg.rdf import WD
from kg.seedfiles import Change
from kg.seeds import AnyRecord, Base, City, Person, State, Term, World
from kg.wikidata.enrich import PQ, PS, WDT, P
from kg.wikidata.judge import Subject, distance, judge
from kg.wikidata.live import SHORTEST, place_of, states_of
from kg.wikidata.search import POINT, Search, qid_of

ITEMS = 200  # in one question
FAR = 5.0  # kilometres that coordinates may differ
SOURCE = "wikidata-live"  # key of sources.yml that vouches for an item found here
LEADING = {"P35": "headOfState", "P6": "headOfGovernment"}
_PQV = "http://www.wikidata.org/prop/qualifier/value/"
_DIGITS = {"9": 4, "10": 7, "11": 10}  # precision of a time -> characters of the date

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What would change, what only a person can decide, and what it took."""

    changes: tuple[Change, ...]
    gone: tuple[Change, ...]  # items that the endpoint does not have
    asked: int  # items
    requests: int


def compare(world: World, search: Search, *, missing: bool = False) -> Difference:
    """Ask for every record with a QID; `missing`: look also for those without one, and take what is sure.

    LinkError when the endpoint does not answer.
    """
    before = search.endpoint.requests
    records = {record.qid: record for record in world.records.values() if record.qid}
    wanted = sorted(records, key=lambda qid: int(qid[1:]))
    url = search.endpoint.url
    found = search.cache.answers(url, "seed", wanted, lambda some: _ask(search, some), ITEMS, fresh=search.fresh)
    changes: list[Change] = []
    gone: list[Change] = []
    for qid, record in records.items():
        rows = found[qid]
        if not rows:
            gone.append(Change(record.id, "qid", qid, ""))
        else:
            changes += _changes(record, rows, world)
    if missing:
        changes += _found(world, search)
    return Difference(tuple(changes), tuple(gone), len(wanted), search.endpoint.requests - before)


def _found(world: World, search: Search) -> Iterator[Change]:
    """Items of records that have none: those that `kg link --live` would accept, and that nobody else has."""
    subjects = [_subject(record, world) for record in world.records.values() if record.qid is None]
    hits = search.names(name for subject in subjects for name in subject.names)
    items = search.items(qid for found in hits.values() for qid in found)
    sure = {}
    for subject in subjects:
        judged = judge(subject, {name: hits[name] for name in subject.names}, items)
        if judged and judged[0].sure:
            sure[subject.iri] = judged[0].item.qid
    owners = Counter([*sure.values(), *(record.qid for record in world.records.values() if record.qid)])
    for ref, qid in sure.items():
        if owners[qid] == 1:
            yield Change(ref, "qid", "", qid)
            yield Change(ref, "source", "", SOURCE)


def _subject(record: AnyRecord, world: World) -> Subject:
    named = (("en", record.en), ("ar", record.ar))
    names = tuple((lang, name) for lang, some in named for name in some if len(name) >= SHORTEST)
    return Subject(record.id, world.cls(record.id), names, frozenset(states_of(record, world)), place_of(record))


def _changes(record: AnyRecord, rows: list[Row], world: World) -> Iterator[Change]:
    moved = [qid_of(row["value"]) for row in rows if row["about"] == "moved"]
    if moved:  # what an item says that was merged away is no longer kept
        yield Change(record.id, "qid", str(record.qid), moved[0])
        return
    yield from _names(record, rows)
    if isinstance(record, Base) or (isinstance(record, City) and record.kind in ("city", "site")):
        yield from _place(record, rows)
    if isinstance(record, Person):
        for number, term in enumerate(record.offices, 1):
            if term.to is None and (end := _end(term, rows, world)):
                yield Change(record.id, f"offices {number} to", "", end)


def _names(record: AnyRecord, rows: list[Row]) -> Iterator[Change]:
    """The label of Wikidata where it is no spelling of a name that the record has."""
    labels = {row["about"]: row["value"] for row in rows if row["about"] in ("en", "ar", "mul")}
    if "en" not in labels and "mul" in labels:
        labels["en"] = labels["mul"]
    for lang, names in (("en", record.en), ("ar", record.ar)):
        label = labels.get(lang, "")
        if len(label) > 1 and label.isprintable() and fold(label) not in {fold(name) for name in names}:
            yield Change(record.id, lang, "", label)


def _place(record: Base | City, rows: list[Row]) -> Iterator[Change]:
    points = [(float(point[2]), float(point[1])) for row in rows if (point := POINT.search(row["value"]))]
    if record.lat is None or record.lon is None or not points:
        return
    here = (record.lat, record.lon)
    near = min(points, key=lambda point: distance(here, point))
    if distance(here, near) > FAR:
        for name, old, new in zip(("lat", "lon"), here, near, strict=True):
            if repr(old) != repr(round(new, 4)):
                yield Change(record.id, name, repr(old), repr(round(new, 4)))


def _end(term: Term, rows: list[Row], world: World) -> str:
    """The day on which the office has ended; empty while any statement of it is open, or where none is meant."""
    state = world.records[term.of]
    posts = state.posts if isinstance(state, State) else {}
    ends = []
    for row in rows:
        about, office = row["about"], LEADING.get(row["about"])
        meant = office == term.office and qid_of(row.get("of", "")) == state.qid
        if about == "P39":
            by_post = qid_of(row["value"]) in [qid for kind, qid in posts.items() if kind == term.office]
            by_state = (
                bool(state.qid) and qid_of(row.get("of", "")) == state.qid and term.office not in LEADING.values()
            )
            meant = by_post or (by_state and _begins(term, row))
        if meant:
            ends.append(_day(row))
    return max(ends) if ends and all(ends) else ""


def _begins(term: Term, row: Row) -> bool:
    """True where both say the same beginning, as fine as the coarser one."""
    ours, theirs = term.from_ or "", row.get("from", "")[:10]
    length = min(len(ours), len(theirs))
    return length >= 4 and ours[:length] == theirs[:length]


def _day(row: Row) -> str:
    """The end as fine as Wikidata knows it; a first of January without a precision is taken for the year."""
    day = row.get("to", "")[:10]
    coarse = 4 if day.endswith("-01-01") else 10
    return day[: _DIGITS.get(row.get("fine", ""), coarse)] if day[:1].isdigit() else ""


def _ask(search: Search, qids: list[str]) -> dict[str, list[Row]]:
    items = " ".join(f"<{WD}{qid}>" for qid in qids)
    leading = " UNION ".join(
        f'{{ ?of <{P}{name}> ?s . ?s <{PS}{name}> ?item BIND("{name}" AS ?about) BIND(?of AS ?value) }}'
        for name in LEADING
    )
    held = f'?item <{P}P39> ?s . ?s <{PS}P39> ?value OPTIONAL {{ ?value <{WDT}P1001> ?of }} BIND("P39" AS ?about)'
    dates = f"""OPTIONAL {{ ?s <{PQ}P580> ?from }} OPTIONAL {{ ?s <{PQ}P582> ?to }}
  OPTIONAL {{ ?s <{_PQV}P582>/wikibase:timePrecision ?fine }} MINUS {{ ?s wikibase:rank wikibase:DeprecatedRank }}"""
    arms = [
        '?item rdfs:label ?value FILTER(LANG(?value) IN ("en", "ar", "mul")) BIND(LANG(?value) AS ?about)',
        '?item owl:sameAs ?value BIND("moved" AS ?about)',
        f'?item <{WDT}P625> ?value BIND("place" AS ?about)',
        '?item wikibase:sitelinks ?value BIND("there" AS ?about)',
        f"{{ {held} }} {dates}",
        f"{{ {leading} }} {dates}",
    ]
    union = " UNION ".join(f"{{ VALUES ?item {{ {items} }} {arm} }}" for arm in arms)
    rows = search.endpoint.rows(
        f"""PREFIX wikibase: <http://wikiba.se/ontology#> PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?item ?about ?value ?s ?of ?from ?to ?fine WHERE {{ {union} }}
ORDER BY ?item ?about ?value ?s ?of ?from ?to ?fine"""
    )
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[qid_of(row["item"])].append({name: value for name, value in row.items() if name not in ("item", "s")})
    return dict(found)
