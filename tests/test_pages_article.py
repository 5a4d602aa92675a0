"""Claim cards and article pages, rendered from a real store; and what an article may try with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from explorer_store import ATTACK, HOSTILE, OVERRIDE, explorer_store, path

from kg.pages import Asked, respond
from kg.pages.answer import LANGUAGES
from kg.pages.template import LONGEST, cut, shown
from kg.rdf import article_iri
from kg.store import Graph
from kg.stored import StoredClaim, read_article
from kg.views.claim import claim_card


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with explorer_store() as made:
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


def test_a_claim_that_is_not_there_is_told_so(graph: Graph) -> None:
    assert respond(graph, Asked(path("seed-article", "c999"))).status == 404
    assert respond(graph, Asked(path("nowhere", "c1"))).status == 404


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("type_", ["visit", "operator"])
def test_a_hostile_article_changes_nothing_but_its_own_words(graph: Graph, lang: str, type_: str) -> None:
    seen = Text(card_of(graph, ATTACK.id, type_, lang))
    assert "script" not in {tag for tag, _ in seen.tags}
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
