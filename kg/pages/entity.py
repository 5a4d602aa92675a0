"""The page of an entity, and the page of its neighbours."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import Any

from kg.pages.answer import Answer, Asked
from kg.pages.star import draw
from kg.pages.template import cut, href, html, number, phrase
from kg.pages.wording import type_word
from kg.queries import merged_into
from kg.rdf import ID
from kg.store import Graph
from kg.terminal import clean
from kg.views.catalogue import catalogue
from kg.views.claims import NO_DATE, OWN_VOICE, Filter, Reader
from kg.views.entity import Point, view
from kg.views.neighbours import Edge, claims_between, neighbourhood

CHIPS = 12  # values of a filter to choose from
DRAWN, LISTED = 16, 50  # neighbours on their own page
LONGEST_NAME = 60  # letters, on a chip or a map
OPENED = 20  # neighbours of a neighbour


def page(graph: Graph, asked: Asked, key: str) -> Answer | None:
    """All about one entity; None when the graph has nothing about it. One that was merged leads to what it is now."""
    if moved := _moved(graph, asked, "/id/", key):
        return moved
    wanted = _filter(asked)
    found = view(graph, key, wanted, _number(asked.params.get("page", "")))
    if found is None:
        return None
    reader = Reader(graph, catalogue(graph))

    def link(**changed: str) -> str:
        speaker = changed.get("speaker", "")
        if speaker and speaker != OWN_VOICE:
            changed["speaker"] = ID + speaker.removeprefix(ID)
        return _link(f"/id/{key}", replace(wanted, **changed))

    values: dict[str, Any] = {
        "view": found,
        "chips_shown": CHIPS,
        "edge_word": partial(edge_word, asked.lang),
        "speaker_word": partial(_speaker_word, reader, asked.lang),
        "year_word": lambda year: phrase(asked.lang, "filter.no-date") if year == NO_DATE else year,
        "points": [_point(point, asked.lang) for point in found.points],
        "key": key,
        "link": link,
        "entity": reader.entity,
        "net": draw(found.neighbours, asked.lang, partial(edge_word, asked.lang)),
        "filters": _chosen(wanted),
        "paged": partial(_paged, f"/id/{key}", wanted),
    }
    return Answer(html("entity.html", asked, values))


def neighbours(graph: Graph, asked: Asked, key: str) -> Answer | None:
    """The neighbours of an entity, and those of one among them that is opened."""
    if moved := _moved(graph, asked, "/neighbours/", key):
        return moved
    found = catalogue(graph)
    iri = ID + key
    if iri not in found.labels and iri not in found.of:
        return None
    reader = Reader(graph, found)
    page = _number(asked.params.get("page", ""))
    listed = neighbourhood(reader, iri, limit=LISTED, start=(page - 1) * LISTED)
    opened = asked.params.get("open", "")
    values = {
        "key": key,
        "edge_word": partial(edge_word, asked.lang),
        "net": draw(neighbourhood(reader, iri, limit=DRAWN), asked.lang, partial(edge_word, asked.lang)),
        "listed": listed,
        "page": page,
        "pages": max(-(-listed.total // LISTED), 1),
        "opened": ID + opened if opened else "",
        "second": neighbourhood(reader, ID + opened, limit=OPENED) if opened else None,
        "between": len(claims_between(reader, iri, ID + opened)) if opened else 0,
    }
    return Answer(html("neighbours.html", asked, values))


def _moved(graph: Graph, asked: Asked, path: str, key: str) -> Answer | None:
    """To the page of the entity that this one was merged into; not to be kept, since a merge can be taken back."""
    meant = merged_into(graph, key)
    if meant == key:
        return None
    return Answer(b"", 301, headers={"Location": href(path + meant, **asked.params), "Cache-Control": "no-cache"})


def edge_word(lang: str, edge: Edge) -> str:
    """What stands on an edge: the relation, its modality where it is no deed, and how many claims."""
    words = type_word(lang, edge.type, edge.role)
    if edge.modality != "asserted" or edge.negated:
        kind = "holds" if edge.modality == "asserted" and not edge.is_event else edge.modality
        words = f"{words}: {phrase(lang, f'modality.not.{kind}' if edge.negated else f'modality.{kind}')}"
    return f"{words} {number(edge.count)}"


def _point(point: Point, lang: str) -> dict[str, object]:
    return {"lat": point.lat, "lon": point.lon, "name": clean(point.entity.name(lang))[:LONGEST_NAME]}


def _speaker_word(reader: Reader, lang: str, speaker: str) -> str:
    name = phrase(lang, "filter.own-voice") if speaker == OWN_VOICE else reader.entity(speaker).name(lang)
    return cut(clean(name), LONGEST_NAME)


def _filter(asked: Asked) -> Filter:
    wanted = {name: asked.params.get(name, "")[:200] for name in asdict(Filter())}
    for name in ("speaker", "party"):
        if wanted[name] and wanted[name] != OWN_VOICE:
            wanted[name] = ID + wanted[name]
    return Filter(**wanted)


def _chosen(wanted: Filter) -> dict[str, str]:
    """The fields of the filter that are set, as in the address."""
    return {name: value.removeprefix(ID) for name, value in asdict(wanted).items() if value}


def _link(path: str, wanted: Filter) -> str:
    return href(path, **_chosen(wanted)) + "#said"


def _paged(path: str, wanted: Filter, page: int) -> str:
    return href(path, **_chosen(wanted), page=page if page > 1 else "") + "#said"


def _number(words: str) -> int:
    return min(int(words), 100_000) if words.isascii() and words.isdecimal() and len(words) < 7 and int(words) else 1
