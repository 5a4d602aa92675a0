"""Which format an answer takes: `Accept` with its q-values, or the parameter `format`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an answer, and what clients call it."""

    name: str  # as in `format=`
    media_types: tuple[str, ...]  # the first is ours; the others are taken, too
    engine: ox.QueryResultsFormat | ox.RdfFormat | None

    @property
    def is_text(self) -> bool:
        return self.media_types[0].startswith("text/")


HTML = Format("html", ("text/html", "application/xhtml+xml"), None)
_ROWS = (
    Format("json", ("application/sparql-results+json", "application/json"), ox.QueryResultsFormat.JSON),
    Format("xml", ("application/sparql-results+xml", "application/xml", "text/xml"), ox.QueryResultsFormat.XML),
    Format("csv", ("text/csv",), ox.QueryResultsFormat.CSV),
    Format("tsv", ("text/tab-separated-values",), ox.QueryResultsFormat.TSV),
)
_TRIPLES = (
    Format("turtle", ("text/turtle", "application/x-turtle", "application/turtle"), ox.RdfFormat.TURTLE),
    Format("ntriples", ("application/n-triples", "text/plain"), ox.RdfFormat.N_TRIPLES),
    Format("jsonld", ("application/ld+json", "application/json"), ox.RdfFormat.JSON_LD),
    Format("rdfxml", ("application/rdf+xml", "application/xml", "text/xml"), ox.RdfFormat.RDF_XML),
)
_QUADS = (
    Format("trig", ("application/trig",), ox.RdfFormat.TRIG),
    Format("nquads", ("application/n-quads", "text/x-nquads"), ox.RdfFormat.N_QUADS),
)
OFFERED: dict[str, tuple[Format, ...]] = {
    "rows": _ROWS,
    "triples": (*_TRIPLES, *_QUADS),
    "quads": (*_QUADS, _TRIPLES[2]),
    "resource": (HTML, *_TRIPLES, *_QUADS),
}
FORMATS = {one.name: one for one in (HTML, *_ROWS, *_TRIPLES, *_QUADS)}
_ALIASES = {"ttl": "turtle", "nt": "ntriples", "n3": "turtle", "json-ld": "jsonld", "nq": "nquads", "rdf": "rdfxml"}


@lru_cache(maxsize=1024)
def choose(offer: str, accept: str, wanted: str = "") -> tuple[Format, str] | None:
    """The format, and the media type to call it by; None where nothing that is offered is acceptable.

    `wanted` is the parameter `format`: our name or a media type; it goes before `accept`.
    """
    offered = OFFERED[offer]
    if wanted:
        return _named(offered, wanted.strip().lower())
    best: tuple[float, Format, str] | None = None
    ranges = _ranges(accept)
    for one in offered:
        for number, media_type in enumerate(one.media_types):
            quality = _quality(ranges, media_type, is_alias=number > 0)
            if quality > 0 and (best is None or quality > best[0]):
                best = (quality, one, media_type)
    return None if best is None else (best[1], _with_charset(best[2]))


def _named(offered: Sequence[Format], wanted: str) -> tuple[Format, str] | None:
    name = _ALIASES.get(wanted, wanted)
    for one in offered:
        if name == one.name or name in one.media_types:
            return one, _with_charset(one.media_types[0])
    for one in offered:  # `format=xml` for triples
        if name in ("xml", "json") and any(kind.endswith(name) for kind in one.media_types):
            return one, _with_charset(one.media_types[0])
    return None


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _ranges(accept: str) -> list[tuple[str, float]]:
    """Media ranges with their quality; all is welcome where nothing is said."""
    found = []
    for part in accept.lower().split(","):
        media, *params = (piece.strip() for piece in part.split(";"))
        if media:
            found.append((media, _q(params)))
    return found or [("*/*", 1.0)]


def _q(params: Sequence[str]) -> float:
    for param in params:
        name, _, value = param.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _quality(ranges: Sequence[tuple[str, float]], media_type: str, *, is_alias: bool) -> float:
    """What the most specific range says; by a wildcard a format goes by its own name."""
    exact = [q for media, q in ranges if media == media_type]
    if exact or is_alias:
        return max(exact, default=0.0)
    group = media_type.partition("/")[0] + "/*"
    for wide in (group, "*/*"):
        found = [q for media, q in ranges if media == wide]
        if found:
            return max(found)
    return 0.0


def accepts_gzip(accept_encoding: str) -> bool:
    """True when the client takes a body compressed by gzip."""
    return any(media in ("gzip", "*") and q > 0 for media, q in _ranges(accept_encoding)) if accept_encoding else False
