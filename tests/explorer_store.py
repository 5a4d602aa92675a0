"""A small store for the tests of pages: the seed article, and texts that try what a newspaper would not."""

from __future__ import annotations

from kg.build import build
from kg.model import Document
from kg.pipeline import load_extractor
from kg.rdf import article_iri
from kg.resources import data_dir
from kg.store import Graph, open_graph

HOSTILE = "<script>alert(1)</script>"
OVERRIDE = "\u202e"

DENIAL = Document(
    "denial",
    "Russia refuses to hand over Bashar al-Assad\n\n"
    "Russia will not extradite Bashar al-Assad to Syria, Dmitry Peskov said.",
    "en", "Russia refuses to hand over Bashar al-Assad", "2025-11-02", "https://example.org/denial", "Example News",
)  # fmt: skip
ATTACK = Document(
    "attack",
    f"{HOSTILE} Putin visited Damascus\n\nVladimir Putin visited {OVERRIDE}Damascus on Monday. {HOSTILE}\n\n"
    "Russia operates the Hmeimim air base in Syria.",
    "en", f"{HOSTILE}{OVERRIDE} Putin visited Damascus", "2025-11-03", "javascript:alert(1)", f"{HOSTILE}{OVERRIDE}",
)  # fmt: skip


def explorer_store() -> Graph:
    """The store, in memory."""
    text = (data_dir("seeds") / "articles" / "seed-article.txt").read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if len(line.split()) > 1)
    seed = Document("seed-article", text, "ar", title)
    return store_of(seed, DENIAL, ATTACK)


def store_of(*documents: Document) -> Graph:
    """A store of these, in memory, with the world data."""
    graph = open_graph(":memory:")
    build(documents, lambda: load_extractor().extract, graph)
    return graph


def path(document_id: str, claim: str = "") -> str:
    """The address of an article's page, or of one of its claims."""
    return "/article/" + article_iri(document_id).value.rpartition("/")[2] + (f"/{claim}" if claim else "")
