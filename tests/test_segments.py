"""Clitics: which letters of an Arabic word are words of their own."""

from __future__ import annotations

import pytest

from kg.extraction.segments import Segmenter, segmenter


@pytest.fixture(scope="module")
def arabic() -> Segmenter:
    found = segmenter("ar")
    assert found is not None
    return found


@pytest.mark.parametrize(
    "pieces",
    [
        "و+قال", "و+ال+دولة", "ب+ال+حكومة", "ل+ل+رئيس", "و+ل+ل+جيش", "س+يزور", "و+س+تعلن", "ف+قال", "ف+ال+اتفاق",
        "زيارت+ه", "حكومت+ها", "بلاد+هم", "من+هما", "ل+ها", "ب+ه", "إن+ها", "ل+أن+ه", "و+ب+سبب", "ب+استخدام", "ك+رئيس",
        "ال+برلمان", "ب+وزير", "و+وزير",
    ],
)  # fmt: skip
def test_what_is_attached_is_split_off(arabic: Segmenter, pieces: str) -> None:
    assert "+".join(piece for piece, _ in arabic.split(pieces.replace("+", ""))) in {
        pieces,
        pieces.replace("لأن+", "ل+أن+"),
    }


@pytest.mark.parametrize(
    "word",
    ["وزارة", "وفد", "واشنطن", "بيان", "برلين", "بريطانيا", "بطولات", "لجنة", "لبنان", "ليس", "سيارة", "سنوات", "فريق",
     "كتاب", "كما", "الذي", "التقى", "اتجاه", "مهم", "ساهم", "فيما", "هذه", "لدى"],
)  # fmt: skip
def test_a_letter_of_the_word_itself_stays(arabic: Segmenter, word: str) -> None:
    assert arabic.split(word) == [(word, "stem")]


def test_words_of_the_same_text_help(arabic: Segmenter) -> None:
    assert arabic.split("بزورفة", {"زورفة"}) == [("ب", "preposition"), ("زورفة", "stem")]
    assert arabic.split("بزورفة", {"البزورفة"}) == [("بزورفة", "stem")]


def test_offsets_are_those_of_the_text_with_its_vowel_signs(arabic: Segmenter) -> None:
    text = "قالَ: وَبِالحكومةِ، 3 أيام."
    found = [(piece.span.of(text), piece.kind) for piece in arabic.segments(text)]
    assert found == [
        ("قالَ", "stem"),
        ("وَ", "conjunction"),
        ("بِ", "preposition"),
        ("ال", "article"),
        ("حكومةِ", "stem"),
        ("أيام", "stem"),
    ]


def test_english_writes_nothing_together() -> None:
    assert segmenter("en") is None
