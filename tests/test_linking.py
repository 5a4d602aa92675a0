"""Mentions to entities of the world data: homonyms, spellings, names that the context must settle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.extraction.clusters import Clusters
from kg.extraction.engine import reader
from kg.extraction.words import words_of

CASES = Path(__file__).parent / "fixtures" / "homonyms.txt"
SHARE = 0.95  # of the cases that must be right


def cases() -> Iterator[tuple[str, str, str, str]]:
    """Language, sentence, words and the id that they mean, `-` for none."""
    for line in CASES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, answers = line[3:].partition(" | ")
            for answer in answers.split(";"):
                words, _, ref = answer.partition(" = ")
                yield line[:2], text, words.strip(), ref.strip()


def linked(lang: str, text: str, words: str) -> set[str]:
    """The ids that these words, as a mention of their own, were taken for; else those of the mention they stand in."""
    this = reader(lang, False)
    split = words_of(text, this.pack)
    clusters = Clusters(this.mentions(split), split, this.names.world)
    starts = [match.start() for match in re.finditer(re.escape(words), text)]
    spans = [(span, one.ref or "-") for one in clusters.clusters for span in one.spans]
    exact = {ref for span, ref in spans for start in starts if (span.start, span.end) == (start, start + len(words))}
    around = {ref for span, ref in spans if span.start <= starts[-1] and span.end >= starts[-1] + len(words)}
    return exact or around or {"-"}


def test_there_are_cases_enough_and_every_sentence_holds_its_words() -> None:
    found = list(cases())
    assert len(found) >= 150
    assert all(words in text for _, text, words, _ in found)
    assert {lang for lang, *_ in found} == {"ar", "en"}


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_homonyms_and_variants_are_told_apart(lang: str) -> None:
    found = [case for case in cases() if case[0] == lang]
    wrong = [f"{words}: {linked(lang, text, words)} for {ref}: {text}" for _, text, words, ref in found
             if ref not in linked(lang, text, words)]  # fmt: skip
    assert len(wrong) <= (1 - SHARE) * len(found), "\n".join(wrong)
