"""A small graph to show on pages: an Arabic article, an English one that contradicts it, and a hostile one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import sample_article as sample

from kg.model import Claim, Document, Entity, Extraction, Span
from kg.rdf import WORLD_GRAPH, article_iri, quads, world_quads
from kg.store import Graph, open_graph

HOSTILE = "</title><script>alert(1)</script>\u202etxt.exe\u202c"
ENDLESS = "x" * 10_000
VOID = {"meta", "link", "input", "br", "img", "hr"}
SVG_EMPTY = {"path", "rect", "use", "circle"}


def extraction(
    id_: str, text: str, lang: str, date: str, entities: list[Entity], claims: list[Claim], **about: str
) -> Extraction:
    document = Document(
        id=id_, text=text, lang=lang, title=about.get("title", id_), date=date, url=about.get("url", "")
    )
    return Extraction(document, tuple(entities), tuple(claims))


def claim(number: int, text: str, type_: str, args: Mapping[str, list[Entity]], words: str, **rest: Any) -> Claim:
    start = text.index(words)
    ids = {role: tuple(one.id for one in entities) for role, entities in args.items()}
    return Claim(id=f"c{number}", type=type_, args=ids, quote=Span(start, start + len(words)), rule="by hand", **rest)


def english() -> Extraction:
    """Russia refuses what Syria asks for, and both run a base."""
    text = "Russian minister Lavrov said Russia will not hand over Assad. Syria runs Hmeimim Air Base, it said. " * 2
    russia, syria, assad, base = (
        Entity(f"e{number}", cls, name, (), ref)
        for number, cls, name, ref in (
            (1, "State", "Russia", "russia"),
            (2, "State", "Syria", "syria"),
            (3, "Person", "Bashar al-Assad", "bashar-al-assad"),
            (4, "MilitaryBase", "Hmeimim Air Base", "hmeimim"),
        )
    )
    lavrov = Entity("e5", "Person", "Sergei Lavrov", (Span(17, 23),))
    words = "Russia will not hand over Assad"
    claims = [
        claim(1, text, "holdsOffice", {"subject": [lavrov], "object": [russia]}, "Russian minister Lavrov",
              office="minister"),
        claim(2, text, "extradite", {"actor": [russia], "object": [assad]}, words,
              modality="planned", negated=True, attributed_to="e5"),
        *(claim(number, text, "operator", {"subject": [base], "object": [syria]}, "Syria runs Hmeimim Air Base")
          for number in range(3, 9)),
    ]  # fmt: skip
    return extraction("sample-2", text, "en", "2017-03-01", [russia, syria, assad, base, lavrov], claims)


def hostile() -> Extraction:
    """Names and words that try to leave their place."""
    text = f"{HOSTILE} attacked {ENDLESS}. <b onclick=alert(1)>x</b>"
    attacker = Entity("e1", "Organization", HOSTILE, (Span(0, len(HOSTILE)),))
    endless = Entity("e2", "Place", ENDLESS, (Span(text.index(ENDLESS), text.index(ENDLESS) + 10_000),))
    claims = [claim(1, text, "assault", {"actor": [attacker], "recipient": [endless]}, text[:-1])]
    return extraction("evil", text, "en", "", [attacker, endless], claims, title=HOSTILE, url="javascript:alert(1)")


@contextmanager
def shown_graph() -> Iterator[Graph]:
    """The three articles and the world data in memory."""
    with open_graph(":memory:") as graph:
        graph.replace(WORLD_GRAPH, world_quads(sample.WORLD))
        for one in (sample.EXTRACTION, english(), hostile()):
            graph.replace(article_iri(one.document.id), quads(one))
        yield graph


class Page(HTMLParser):
    """A page, read strictly: what is opened is closed, in order."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.text = body.decode()
        self.feed(self.text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        assert len(attrs) == len(dict(attrs)), f"an attribute twice: {attrs}"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SVG_EMPTY, f"<{tag}/> does not close itself in HTML"
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every such element."""
        return [attrs for name, attrs in self.tags if name == tag]

    def links(self) -> list[str]:
        return [attrs["href"] for attrs in self.all("a")]


def check(page: Page, lang: str) -> None:
    """What holds for every page: landmarks, headings, ids, direction, and nothing that our policy forbids."""
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    assert page.all("html") == [{"lang": lang, "dir": "rtl" if lang == "ar" else "ltr"}]
    assert (len(page.all("main")), len(page.all("h1"))) == (1, 1)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    for tag, attrs in page.tags:
        assert "style" not in attrs
        assert not any(name.startswith("on") for name in attrs)
        assert tag not in ("style", "iframe", "object", "base")
        assert tag != "script" or attrs.get("src", "").startswith("/static/")
        assert not attrs.get("href", "").lower().startswith(("javascript:", "data:"))
        if tag == "use" or attrs.get("href", "").startswith("#"):
            assert attrs["href"][1:] in ids
    assert not re.search("[\u202a-\u202e]", page.text)
