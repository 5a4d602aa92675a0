"""What Wikidata has under a name, and what it says of an item: many at a time, each answer kept."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import pyoxigraph as ox

from kg.ontology import ontology
from kg.rdf import WD
from kg.wikidata.cache import Cache
from kg.wikidata.endpoint import Endpoint

NAMES = 400  # names in one question
ITEMS = 250  # items in one question
_PREFIXES = """PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX schema: <http://schema.org/>
"""
_QID = re.compile(r"Q[1-9][0-9]*")
POINT = re.compile(r"Point\(([-\d.]+) ([-\d.]+)\)", re.I)

Hits = dict[str, str]  # QID -> "label" or "alias"


@dataclass(slots=True)
class Item:
    """What Wikidata says of one item, as far as a choice needs it."""

    qid: str
    classes: set[str] = field(default_factory=set)  # of our ontology
    states: set[str] = field(default_factory=set)  # QIDs of citizenship, country, jurisdiction, signatories
    labels: dict[str, str] = field(default_factory=dict)  # language -> label
    description: str = ""
    place: tuple[float, float] | None = None  # latitude, longitude in degrees
    sitelinks: int = 0


class Search:
    """Questions to one endpoint, answered from the cache where they have been asked before."""

    def __init__(self, endpoint: Endpoint, cache: Cache, *, fresh: bool = False) -> None:
        self.endpoint, self.cache, self.fresh = endpoint, cache, fresh

    def names(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Hits]:
        """For every (language, name) the items that bear it as label or alias."""
        keys = [f"{lang}:{name}" for lang, name in names]
        found = self.cache.answers(self.endpoint.url, "name", keys, self._ask_names, NAMES, fresh=self.fresh)
        return {(key[:2], key[3:]): hits or {} for key, hits in found.items()}

    def items(self, qids: Iterable[str]) -> dict[str, Item]:
        """What is said of each item."""
        found = self.cache.answers(self.endpoint.url, "item", qids, self._ask_items, ITEMS, fresh=self.fresh)
        return {qid: _item(qid, facts or []) for qid, facts in found.items()}

    def _ask_names(self, keys: list[str]) -> dict[str, Hits]:
        # "mul" holds names that are written alike in every language of the Latin script
        langs = {"en": ("en", "mul"), "ar": ("ar",)}
        literals = " ".join(str(ox.Literal(key[3:], language=lang)) for key in keys for lang in langs[key[:2]])
        rows = self.endpoint.rows(
            f"""{_PREFIXES}SELECT ?name ?lang ?item ?how WHERE {{
  {{ VALUES ?label {{ {literals} }} ?item rdfs:label ?label BIND("label" AS ?how) }}
  UNION {{ VALUES ?label {{ {literals} }} ?item skos:altLabel ?label BIND("alias" AS ?how) }}
  BIND(STR(?label) AS ?name) BIND(LANG(?label) AS ?lang)
}} ORDER BY ?name ?lang ?item DESC(?how)"""
        )
        found: dict[str, Hits] = {}
        for row in rows:
            lang = "en" if row["lang"] == "mul" else row["lang"]
            if qid := qid_of(row["item"]):
                found.setdefault(f"{lang}:{row['name']}", {}).setdefault(qid, row["how"])
        return found

    def _ask_items(self, qids: list[str]) -> dict[str, list[tuple[str, str]]]:
        items = " ".join(f"wd:{qid}" for qid in qids)
        classes = " ".join(f"wd:{qid}" for qid in _classes())
        arms = [
            '?item wdt:P27|wdt:P17|wdt:P1001|wdt:P1891 ?value BIND("state" AS ?about)',
            '?item wdt:P39 ?office . ?office wdt:P1001|wdt:P17 ?value BIND("state" AS ?about)',
            '?value wdt:P35|wdt:P6 ?item BIND("state" AS ?about)',
            f'VALUES ?value {{ {classes} }} ?item wdt:P31/wdt:P279* ?value BIND("class" AS ?about)',
            '?item wdt:P625 ?value BIND("place" AS ?about)',
            '?item wikibase:sitelinks ?value BIND("sitelinks" AS ?about)',
            '?item rdfs:label ?value FILTER(LANG(?value) IN ("en", "ar")) BIND(LANG(?value) AS ?about)',
            '?item schema:description ?value FILTER(LANG(?value) = "en") BIND("description" AS ?about)',
        ]
        union = " UNION ".join(f"{{ VALUES ?item {{ {items} }} {arm} }}" for arm in arms)
        rows = self.endpoint.rows(
            f"{_PREFIXES}SELECT DISTINCT ?item ?about ?value WHERE {{ {union} }} ORDER BY ?item ?about ?value"
        )
        found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in rows:
            found[qid_of(row["item"])].append((row["about"], row["value"]))
        return dict(found)


@lru_cache(maxsize=1)
def _classes() -> dict[str, str]:
    """Wikidata's classes that ours are mapped to."""
    terms = ontology().classes
    return {qid: name for name, term in terms.items() for qid in term.wikidata if _QID.fullmatch(qid)}


def mapped() -> frozenset[str]:
    """Our classes for which Wikidata has one."""
    return frozenset(_classes().values())


def qid_of(iri: str) -> str:
    """The QID at the end of an entity's IRI; empty for anything else."""
    name = iri.removeprefix(WD)
    return name if _QID.fullmatch(name) else ""


def _item(qid: str, facts: Iterable[Iterable[str]]) -> Item:
    item = Item(qid)
    for about, value in facts:
        match about:
            case "state" if qid_of(value):
                item.states.add(qid_of(value))
            case "class" if qid_of(value):
                item.classes.add(_classes()[qid_of(value)])
            case "place" if (point := POINT.search(value)) is not None:
                item.place = (float(point[2]), float(point[1]))
            case "sitelinks" if value.isdigit():
                item.sitelinks = int(value)
            case "description":
                item.description = value
            case "en" | "ar":
                item.labels[about] = value
            case _:
                pass
    return item
