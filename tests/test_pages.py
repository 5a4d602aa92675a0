"""The explorer's pages, rendered from a real store."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kg.pages import Asked, respond
from kg.pages.answer import LANGUAGES
from kg.pages.template import date, phrase, plural, words
from kg.store import open_graph


def forms(value: str | Mapping[str, str]) -> bool:
    return isinstance(value, str) or "other" in value


def test_every_language_has_the_same_words() -> None:
    assert words("en").keys() == words("ar").keys()
    assert all(forms(value) for lang in LANGUAGES for value in words(lang).values())


@pytest.mark.parametrize(
    ("number", "category"),
    [
        (0, "zero"),
        (1, "one"),
        (2, "two"),
        (3, "few"),
        (10, "few"),
        (11, "many"),
        (99, "many"),
        (100, "other"),
        (103, "few"),
    ],
)
def test_arabic_counts_inflect(number: int, category: str) -> None:
    assert plural("ar", number) == category


def test_numbers_and_dates_are_told_in_the_language_of_the_page() -> None:
    assert phrase("en", "claims", count=1) == "1 claim"
    assert phrase("en", "claims", count=1782) == "1,782 claims"
    assert phrase("ar", "claims", count=2) == "إفادتان"
    assert date("ar", "2026-03-10") == "10 مارس 2026"
    assert date("en", "2026-03") == "March 2026"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unknown_address_is_told_on_a_page_of_its_own(lang: str) -> None:
    with open_graph(":memory:") as graph:
        answer = respond(graph, Asked("/no/such/page", lang=lang))
    assert answer.status == 404
    assert phrase(lang, "failure.404") in answer.body.decode()
