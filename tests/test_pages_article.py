"""Claim cards and article pages, rendered from a real store; and what an article may try with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import islice, pairwise

import pytest
from explorer_store import ATTACK, HOSTILE, OVERRIDE, explorer_store, path, store_of

from kg.model import Document, Span
from kg.pages import Asked, respond
from kg.pages.answer import LANGUAGES
from kg.pages.template import LONGEST, cut, phrase, shown
from kg.rdf import article_iri
from kg.seeds import State, world
from kg.store import Graph, open_graph
from kg.stored import StoredClaim, read_article
from kg.views.article import article_page
from kg.views.claim import claim_card
from kg.views.layout import PART, names, part_of


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with explorer_store() as made:
        yield made


@pytest.fixture(scope="module")
def long_store() -> Iterator[Graph]:
    """One article of more than a hundred thousand characters, with some hundreds of claims."""
    states = [record.en[0] for record in islice(world().of_kind(State), 170)]
    lines = (f"{one} asked {other} to extradite Bashar al-Assad." for one, other in pairwise(states))
    text = "\n\n".join(f"{line} {'The weather was fine. ' * 30}" for line in lines)
    with store_of(Document("long", text, "en", "A long article")) as made:
        yield made


def claim_of(graph: Graph, article: str, type_: str) -> StoredClaim:
    """The first claim of that type in the article."""
    claims = read_article(graph, article_iri(article)).claims
    return next(claim for claim in claims if claim.type == type_)


def page(graph: Graph, address: str, lang: str = "en", **params: str) -> str:
    """The page at that address, which must be there."""
    answer = respond(graph, Asked(address, params, lang))
    assert answer.status == 200
    return answer.body.decode()


def card_of(graph: Graph, article: str, type_: str, lang: str = "en") -> str:
    claim = claim_of(graph, article, type_)
    return page(graph, path(article, claim.iri.rpartition("/")[2]), lang)


class Text(HTMLParser):
    """What a reader sees, and which tags there are."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_a_request_is_told_apart_from_the_deed_it_asks_for(graph: Graph) -> None:
    card = claim_card(graph, claim_of(graph, "seed-article", "extradite").iri)
    assert card is not None
    assert [one.claim.type for one in card.chain] == ["request", "extradite"]
    assert [one.claim.is_fact for one in card.chain] == [True, False]
    assert card.claim.modality == "requested"


def test_the_words_of_a_claim_stand_at_the_offsets_that_the_card_gives(graph: Graph) -> None:
    card = claim_card(graph, claim_of(graph, "seed-article", "extradite").iri)
    assert card is not None
    assert all(part.span.of(card.article.text) == part.words for part in card.parts if part.span)
    assert "".join(piece.text for piece in card.pieces) in card.article.text
    named = {part.role: part.entity.name("en") for part in card.parts if part.entity}
    assert named == {
        "actor": "Russia", "recipient": "Syria", "object": "Bashar al-Assad", "speaker": "Ahmed al-Sharaa",
    }  # fmt: skip


def test_the_same_act_in_other_articles_is_counted_with_what_never_happened(graph: Graph) -> None:
    card = claim_card(graph, claim_of(graph, "seed-article", "extradite").iri)
    assert card is not None
    counts = {(claim.modality, claim.negated): count for claim, count in card.same.counts}
    assert counts["asserted", False] == 0
    assert sum(counts.values()) == card.same.total == len(card.same.quoted) == 1
    assert card.same.quoted[0].article.id == "denial"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_claim_card_shows_the_sentence_right_to_left_with_its_marks(graph: Graph, lang: str) -> None:
    html = card_of(graph, "seed-article", "extradite", lang)
    assert re.search(r'<blockquote class="q" lang="ar" dir="rtl">', html)
    assert re.search(r'<span class="tr" data-role="[^"]+">تسليم</span> <span class="ar"', html)
    assert 'ب</span><span class="tr"' in html  # joined letters: no space or tag with room between the two


@pytest.mark.parametrize("article", ["seed-article", "denial", ATTACK.id])
def test_the_words_of_an_article_stand_on_its_page_as_they_are(graph: Graph, article: str) -> None:
    view = article_page(graph, article_iri(article).value)
    assert view is not None
    blocks = [*view.blocks, *([view.title] if view.title else [])]
    shown = "".join(
        piece.text for block in sorted(blocks, key=lambda one: one.pieces[0].span) for piece in block.pieces
    )
    assert "".join(shown.split()) == "".join(view.article.text.split())
    numbered = [claim.iri for block in blocks for found in block.refs.values() for claim in found]
    assert sorted(numbered) == sorted(claim.iri for claim in view.article.claims)


def test_a_name_is_linked_where_it_stands_also_behind_an_attached_letter(graph: Graph) -> None:
    view = article_page(graph, article_iri("seed-article").value)
    assert view is not None
    text = view.article.text
    found = {
        text[max(0, span.start - 1) : span.end]: iri.rpartition("/")[2]
        for span, iri in names(view.article, Span(0, len(text)))
    }
    assert found["ببوتين"] == "vladimir-putin"
    assert all(not text[span.end : span.end + 1].isalpha() for span, _ in names(view.article, Span(0, len(text))))


def test_page_furniture_stays_and_is_told_as_such(graph: Graph) -> None:
    view = article_page(graph, article_iri("seed-article").value)
    assert view is not None
    kinds = {"".join(piece.text for piece in block.pieces): block.kind for block in view.blocks}
    assert kinds["تم نسخ الرابط"] == kinds["<strong>العلاقات السورية الروسية</strong>"] == "furniture"
    assert kinds["الشرع يطالب بتسلم الأسد"] == "heading"
    assert view.title is not None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_article_shows_each_claim_with_its_number_and_row(graph: Graph, lang: str) -> None:
    html = page(graph, path("seed-article"), lang)
    claims = read_article(graph, article_iri("seed-article")).claims
    ids = set(re.findall(r' id="(c\d+)"', html))
    assert ids == {claim.iri.rpartition("/")[2] for claim in claims}
    assert ids == set(re.findall(r'href="#(c\d+)"', html))
    assert re.search(r'class="sg[^"]* ask"', html)
    assert '<svg class="net"' in html


def test_a_long_article_is_cut_into_parts_that_hold_all_its_claims(long_store: Graph) -> None:
    iri = article_iri("long").value
    article = read_article(long_store, article_iri("long"))
    first = article_page(long_store, iri)
    assert first is not None
    assert len(article.text) > 5 * PART
    assert len(article.claims) > 300
    pages = [article_page(long_store, iri, number) for number in range(1, first.part_count + 1)]
    told = [row.brief.claim.iri for view in pages if view for row in view.rows]
    assert sorted(told) == sorted(claim.iri for claim in article.claims)
    last = article.claims[-1]
    assert part_of(article, last.span.start) == first.part_count
    assert f"?part={first.part_count}#" in page(long_store, last.iri.removeprefix("https://w3id.org/geopol"))
    assert "?part=2" in page(long_store, path("long"))
    assert respond(long_store, Asked(path("long"), {"part": "99"})).status == 404


@pytest.mark.parametrize("part", ["0", "-1", "x", "9" * 30, "٢"])
def test_a_part_that_is_none_is_not_there(graph: Graph, part: str) -> None:
    assert respond(graph, Asked(path("denial"), {"part": part})).status == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_of_articles_begins_with_the_newest(graph: Graph, lang: str) -> None:
    html = page(graph, "/articles", lang)
    assert html.index(path(ATTACK.id)) < html.index(path("denial")) < html.index(path("seed-article"))
    assert respond(graph, Asked("/articles", {"page": "2"})).status == 404


def test_the_list_of_articles_of_an_empty_store_says_so() -> None:
    with open_graph(":memory:") as empty:
        assert phrase("en", "articles.none") in page(empty, "/articles")


def own_script(attrs: dict[str, str | None]) -> bool:
    """Only a file of ours, known by its address: nothing inline, nothing from elsewhere."""
    return bool(re.fullmatch(r"/static/js/[a-z]+\.js", attrs.get("src") or ""))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hostile_article_page_is_harmless(graph: Graph, lang: str) -> None:
    for address in (path(ATTACK.id), "/articles"):
        seen = Text(page(graph, address, lang))
        assert all(own_script(attrs) for tag, attrs in seen.tags if tag == "script")
        assert not any(name in ("style", "onclick") for _, attrs in seen.tags for name in attrs)
        assert not any("javascript:" in (value or "") for _, attrs in seen.tags for value in attrs.values())
        assert not any(OVERRIDE in words for words in seen.words)


def test_a_claim_that_is_not_there_is_told_so(graph: Graph) -> None:
    assert respond(graph, Asked(path("seed-article", "c999"))).status == 404
    assert respond(graph, Asked(path("nowhere", "c1"))).status == 404


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("type_", ["visit", "operator"])
def test_a_hostile_article_changes_nothing_but_its_own_words(graph: Graph, lang: str, type_: str) -> None:
    seen = Text(card_of(graph, ATTACK.id, type_, lang))
    assert all(own_script(attrs) for tag, attrs in seen.tags if tag == "script")
    assert not any(name in ("style", "onclick") for _, attrs in seen.tags for name in attrs)
    assert not any((attrs.get("href") or "").startswith("javascript") for _, attrs in seen.tags)
    assert not any(OVERRIDE in words for words in seen.words)
    assert any(HOSTILE in words for words in seen.words)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a\u202eb", 'a<span class="ctl" dir="ltr">U+202E</span>b'),
        ("a\x1b[2Jb", 'a<span class="ctl" dir="ltr">U+001B</span>[2Jb'),
        ("می\u200cخواهد", "می\u200cخواهد"),
    ],
)
def test_what_could_harm_a_page_is_shown_as_what_it_is(words: str, seen: str) -> None:
    assert shown(words) == seen


def test_a_name_without_end_is_cut() -> None:
    assert cut("n" * LONGEST) == "n" * LONGEST
    assert cut("n" * 10_000) == "n" * (LONGEST - 1) + "…"
