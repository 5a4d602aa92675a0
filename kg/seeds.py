"""World data: who and what exists, under which names, with the source that vouches for each identifier.

Facts only, never claims: these records name and link what an article mentions; they never add a claim to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kg.errors import DataError
from kg.model import Branch, OfficeKind
from kg.resources import data_dir, parse, read_yaml

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
Qid = Annotated[str, StringConstraints(pattern=r"^Q[1-9][0-9]*$")]
PartialDate = Annotated[str, StringConstraints(pattern=r"^\d{4}(?:-\d{2}(?:-\d{2})?)?$")]
Name = Annotated[str, StringConstraints(min_length=2, strip_whitespace=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Record(_Strict):
    """What every entry has: a key that never changes, names in both languages (first = canonical), a source."""

    id: Id
    en: list[Name] = Field(min_length=1)
    ar: list[Name] = []
    qid: Qid | None = None
    source: list[Id] = []  # keys of sources.yml that vouch for the entry; for a QID at least one
    note: str | None = None


class Demonym(_Strict):
    """Adjectives and nouns for the state's people, masculine singular indefinite in Arabic; the forms are generated."""

    en: list[Name] = []
    ar: list[Name] = []
    ar_forms: list[Name] = []  # forms that no rule yields: روس، عرب، أتراك


class Seats(_Strict):
    """Buildings and districts whose name stands for the government: the Kremlin, the White House."""

    en: list[Name] = []
    ar: list[Name] = []


class State(Record):
    """A country as actor and as territory."""

    iso: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    demonym: Demonym = Demonym()
    capital: Id | None = None  # id in cities.yml; its name stands for the government
    seats: Seats = Seats()
    posts: dict[Literal["headOfState", "headOfGovernment"], Qid] = {}  # items of the offices themselves
    bbox: tuple[float, float, float, float] | None = None  # west, south, east, north in degrees


class City(Record):
    """A city or region that news names."""

    state: Id
    lat: float | None = None
    lon: float | None = None
    kind: Literal["city", "region", "sea", "site"] = "city"


class Term(_Strict):
    """One office held by a person; no `to` means still in office when the entry was written."""

    office: OfficeKind
    of: Id  # a state or an organization
    portfolio: str | None = None  # foreign, defence, interior, … for ministers
    from_: PartialDate | None = Field(default=None, alias="from")
    to: PartialDate | None = None

    def held(self, day: str) -> bool:
        """True when the office was held on that day (`2025-03-01`), or when no day is given."""
        return not day or ((self.from_ or "") <= day and (self.to is None or day[: len(self.to)] <= self.to))


class Person(Record):
    """A leader, minister, spokesperson, commander."""

    family: dict[Literal["en", "ar"], list[Name]] = {}  # how the news calls the person alone, where not the last word
    gender: Literal["f", "m"] = "m"
    offices: list[Term] = []


class Organization(Record):
    """An alliance, UN body, government body, armed force or group, party, company, news outlet."""

    kind: Literal[
        "alliance", "un", "government", "force", "armedGroup", "party", "company", "media", "court",
        "agency", "movement", "other",
    ]  # fmt: skip
    of: Id | None = None  # the state it belongs to
    demonym: Demonym = Demonym()  # European sanctions, Houthi shelling
    members: list[Id] = []


class Base(Record):
    """A military base, air base, port or facility."""

    host: Id
    operator: list[Id] = []
    branch: Branch | None = None
    lat: float | None = None
    lon: float | None = None


class Agreement(Record):
    """A treaty, accord, deal or resolution that exists under a name."""

    parties: list[Id] = []
    date: PartialDate | None = None
    status: Literal["signed", "inForce", "suspended", "terminated", "adopted"] | None = None


class Source(_Strict):
    """Where facts come from."""

    id: Id
    title: str
    licence: str
    url: str | None = None


AnyRecord = State | City | Person | Organization | Base | Agreement
KINDS: dict[str, tuple[type[Record], str]] = {
    "states": (State, "State"),
    "cities": (City, "Place"),
    "leaders": (Person, "Person"),
    "organizations": (Organization, "Organization"),
    "bases": (Base, "MilitaryBase"),
    "agreements": (Agreement, "Agreement"),
}
CLASS_OF: dict[type[Record], str] = dict(KINDS.values())


@dataclass(frozen=True, slots=True)
class World:
    """All records by id, in file order."""

    records: dict[str, AnyRecord]
    sources: dict[str, Source]

    def of_kind(self, kind: type[Record]) -> Iterator[AnyRecord]:
        """The records of one class."""
        return (record for record in self.records.values() if isinstance(record, kind))

    def cls(self, ref: str) -> str:
        """The ontology class of a record: State, Person, …"""
        return CLASS_OF[type(self.records[ref])]

    def governs(self, cls: str, ref: str | None) -> bool:
        """True for what has a head of state: a state, or the government of a region."""
        record = self.records.get(ref or "")
        body = isinstance(record, Organization) and record.kind == "government" and record.of
        return cls == "State" or (bool(body) and isinstance(self.records.get(str(body)), State))


def _files(folder: Path, kind: str) -> list[Path]:
    """`seeds/<kind>.yml` and every file of the folder `seeds/<kind>/`."""
    return sorted([*folder.glob(f"{kind}.yml"), *folder.glob(f"{kind}/*.yml")])


def _load(paths: Iterable[Path], model: type[Record], records: dict[str, AnyRecord]) -> None:
    for path in paths:
        for number, value in enumerate(read_yaml(path) or (), 1):
            where = f"{path.name}, entry {number}"
            if isinstance(value, dict) and "id" in value:
                where = f"{path.name}: {value['id']}"
            record = parse(model, value, where)
            if record.id in records:
                raise DataError(f"{where}: the id is taken by another entry; choose another or merge them")
            records[record.id] = record  # type: ignore[assignment]


def load_world(folder: Path | None = None) -> World:
    """Read all of `seeds/`; DataError names file, entry and field at fault. References are not checked here."""
    folder = folder or data_dir("seeds")
    records: dict[str, AnyRecord] = {}
    for kind, (model, _cls) in KINDS.items():
        _load(_files(folder, kind), model, records)
    sources = [parse(Source, value, "sources.yml") for value in read_yaml(folder / "sources.yml") or ()]
    return World(records, {source.id: source for source in sources})


@lru_cache(maxsize=1)
def world() -> World:
    """The world data that comes with the program, read once."""
    return load_world()


def faults(world: World) -> list[str]:
    """Everything that is wrong between records, as sentences; empty when the data is sound."""
    return [*_reference_faults(world), *_qid_faults(world), *_place_faults(world)]


def _references(record: AnyRecord) -> Iterator[tuple[str, str, tuple[type[Record], ...]]]:
    """(field, id, allowed kinds) of every id that the record names."""
    agent = (State, Organization)
    match record:
        case State(capital=str(capital)):
            yield "capital", capital, (City,)
        case City():
            yield "state", record.state, (State,)
        case Person():
            yield from (("offices.of", term.of, agent) for term in record.offices)
        case Organization():
            yield from (("members", member, (State, Organization, Person)) for member in record.members)
            if record.of:
                yield "of", record.of, agent
        case Base():
            yield "host", record.host, (State,)
            yield from (("operator", operator, agent) for operator in record.operator)
        case Agreement():
            yield from (("parties", party, agent) for party in record.parties)


def _reference_faults(world: World) -> Iterator[str]:
    for record in world.records.values():
        for key in record.source:
            if key not in world.sources:
                yield f"{record.id}: source '{key}' is not in sources.yml"
        for field, ref, allowed in _references(record):
            found = world.records.get(ref)
            if found is None:
                yield f"{record.id}: {field} names '{ref}', which does not exist"
            elif not isinstance(found, allowed):
                yield f"{record.id}: {field} names '{ref}', which is a {CLASS_OF[type(found)]}"


def _qid_faults(world: World) -> Iterator[str]:
    owner: dict[str, str] = {}
    for record in world.records.values():
        if record.qid is None:
            continue
        if not record.source:
            yield f"{record.id}: {record.qid} has no source; name one or leave the QID out"
        if record.qid in owner:
            yield f"{record.id}: {record.qid} is also the QID of {owner[record.qid]}"
        owner[record.qid] = record.id


def _place_faults(world: World) -> Iterator[str]:
    for record in world.records.values():
        if not isinstance(record, Base | City) or record.lat is None or record.lon is None:
            continue
        state = world.records.get(record.host if isinstance(record, Base) else record.state)
        box = state.bbox if isinstance(state, State) else None
        if box and not _inside(record.lat, record.lon, box):
            yield f"{record.id}: {record.lat}, {record.lon} lies outside {state.id if state else '?'} {box}"


def _inside(lat: float, lon: float, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    across = west <= lon <= east if west <= east else (lon >= west or lon <= east)
    return across and south <= lat <= north


_WORD = re.compile(r"\S+")


def family_names(person: Person, lang: Literal["en", "ar"]) -> list[str]:
    """How the news names a person alone: the `family` field, else the last word of each full name."""
    if lang in person.family:
        return person.family[lang]
    names = person.en if lang == "en" else person.ar
    return sorted({_WORD.findall(name)[-1] for name in names if len(_WORD.findall(name)) > 1})
