"""kg report: an article, an entity or a file as one page that needs nothing but itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from explorer import ENDLESS, HOSTILE, Page, hostile, shown_graph

from kg.commands import main
from kg.pages.answer import LANGUAGES
from kg.pages.report import article_report, entity_report
from kg.pages.template import phrase
from kg.rdf import ID, article_iri, entity_iris

ARTICLES = Path(__file__).parent.parent / "seeds" / "articles"
SEED = ARTICLES / "seed-article.txt"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("report") / "news.kg")
    assert run("build", str(ARTICLES), "--store", folder).exit_code == 0
    return folder


def run(*args: str, **more: str) -> Result:
    return CliRunner().invoke(main, args, **more)  # type: ignore[arg-type]


def stands_alone(body: bytes, lang: str) -> Page:
    """The page, once it is shown to fetch and run nothing, and to lead to nothing in itself that is not there."""
    page = Page(body)
    html = body.decode()
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in html
    assert {"script", "link", "img", "iframe", "base"}.isdisjoint(name for name, _ in page.tags)
    assert "default-src 'none'" in html
    ids = [about["id"] for _, about in page.tags if "id" in about]
    assert len(ids) == len(set(ids))
    for _, about in page.tags:
        href = about.get("href", "#main")
        assert href.removeprefix("#") in ids if href.startswith("#") else href.startswith(("https://", "http://"))
    return page


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("what", ["seed-article", "hmeimim-air-base", "Russia", "فلاديمير بوتين"])
def test_what_a_store_holds_becomes_one_file(store: str, tmp_path: Path, what: str, lang: str) -> None:
    target = tmp_path / "page.html"
    assert run("report", what, "-o", str(target), "--store", store, "--lang", lang).exit_code == 0
    page = stands_alone(target.read_bytes(), lang)
    assert any(name == "details" and "open" in about for name, about in page.tags)  # cards, open as on paper


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_is_read_without_a_store(lang: str) -> None:
    done = run("report", str(SEED), "-o", "-", "--lang", lang)
    page = stands_alone(done.stdout_bytes, lang)
    assert phrase(lang, "modality.requested") in page.words
    assert phrase(lang, "read.not-made") in page.words


def test_each_claim_of_an_article_has_its_card() -> None:
    with shown_graph() as graph:
        body = article_report(graph, article_iri("sample-2").value, "en")
    assert body is not None
    assert len(re.findall(r"<details class=\"card\" open>", body.decode())) == 8


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_words_stay_words(lang: str) -> None:
    evil = next(iri.value for iri in entity_iris(hostile()).values())
    with shown_graph() as graph:
        bodies = [
            article_report(graph, article_iri("evil").value, lang),
            entity_report(graph, evil.removeprefix(ID), lang),
        ]
    for body in bodies:
        assert body is not None
        stands_alone(body, lang)
        assert HOSTILE.encode() not in body
        assert body.count(ENDLESS.encode()) <= 4
    assert b"javascript:" not in b"".join(body or b"" for body in bodies)


def test_the_same_store_gives_the_same_bytes(store: str) -> None:
    first, second = (run("report", "russia", "-o", "-", "--store", store).stdout_bytes for _ in range(2))
    assert first == second != b""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("no-such", "--store", "STORE"), "no article has the id 'no-such', and nobody in the store"),
        (("no-such.txt",), "for what a store holds, give --store"),
        ((str(ARTICLES),), "holds several articles"),
        (("russia", "--store", "STORE", "--date", "2026-01-02"), "--date belongs to a file"),
    ],
)
def test_what_cannot_be_reported_is_told_and_leaves_no_file(
    store: str, tmp_path: Path, args: tuple[str, ...], said: str
) -> None:
    target = tmp_path / "page.html"
    done = run("report", *(store if arg == "STORE" else arg for arg in args), "-o", str(target))
    assert done.exit_code != 0
    assert said in done.output
    assert list(tmp_path.iterdir()) == []
