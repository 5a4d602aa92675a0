"""Paste an article: its claims at once, in both languages, and nothing stored."""

from __future__ import annotations

import pytest
from explorer_store import HOSTILE, OVERRIDE

from kg.pages.answer import LANGUAGES, Asked
from kg.pages.reading import respond
from kg.pages.template import phrase
from kg.pipeline import load_extractor
from kg.views.reading import MAX_TEXT

REQUEST = "طلب الشرع من موسكو تسليم بشار الأسد."


def read(lang: str = "en", method: str = "POST", **params: str) -> tuple[int, str]:
    answer = respond(Asked("/read", {name.replace("_", "-"): value for name, value in params.items()}, lang, method),
                     load_extractor().extract)  # fmt: skip
    return answer.status, answer.body.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pasted_text_is_shown_with_its_claims_and_said_not_to_be_stored(lang: str) -> None:
    status, html = read(lang, text=REQUEST)
    assert status == 200
    assert phrase(lang, "read.unstored") in html
    assert phrase(lang, "modality.requested") in html
    assert REQUEST in html.split("<textarea")[1].split("</textarea>")[0]
    assert 'href="/article/' not in html  # it has no page of its own


def test_the_form_alone_reads_nothing() -> None:
    status, html = read(method="GET", text=REQUEST)
    assert status == 200
    assert phrase("en", "read.unstored") not in html


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("params", "key"),
    [
        ({"text": " \n"}, "read.empty"),
        ({"text": "Путин посетил Дамаск."}, "read.no-language"),
        ({"text": REQUEST, "text_lang": "xx"}, "read.no-language"),
        ({"text": REQUEST, "date": "2026-02-30"}, "read.no-date"),
    ],
)
def test_what_cannot_be_read_is_told_above_the_form_which_keeps_it(lang: str, params: dict[str, str], key: str) -> None:
    status, html = read(lang, **params)
    assert status == 422
    assert phrase(lang, key) in html
    assert params["text"].strip() in html


def test_a_text_that_is_too_long_is_refused_by_its_length() -> None:
    status, html = read(text="x" * (MAX_TEXT + 1))
    assert status == 422
    assert f"{MAX_TEXT + 1:,} characters" in html


def test_a_file_is_read_like_a_text() -> None:
    status, html = read(file='{"text": "Vladimir Putin visited Damascus.", "lang": "en"}')
    assert status == 200
    assert "Vladimir Putin visited Damascus." in html
    assert read(file="{not json")[0] == 422


def test_a_hostile_text_is_harmless() -> None:
    status, html = read(text=f"{HOSTILE}</textarea> Vladimir Putin visited {OVERRIDE}Damascus. {HOSTILE}")
    assert status == 200
    assert "<script>" not in html
    assert html.count("</textarea>") == 1
    assert OVERRIDE not in html.split("</textarea>")[1]
