"""Marks on a text as pieces: nothing is lost, moved or told twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.model import Span
from kg.views.segments import lanes, pieces, word_end

LETTERS = "ab \nب\u064e\u202e\U0001f600<"
spans = st.builds(Span, st.integers(-2, 14), st.integers(-2, 14))
marked = st.lists(spans, max_size=8)


@given(st.text(LETTERS, max_size=12), marked, st.lists(st.integers(-1, 13), max_size=3))
def test_the_pieces_are_the_text(text: str, found: list[Span], cuts: list[int]) -> None:
    parts = pieces(text, list(zip(found, range(8), strict=False)), cuts=cuts)
    assert "".join(part.text for part in parts) == text
    assert all(part.span.of(text) == part.text for part in parts)


@given(st.text(LETTERS, max_size=12), marked, spans)
def test_a_mark_lies_over_just_the_letters_it_names(text: str, found: list[Span], within: Span) -> None:
    parts = pieces(text, list(enumerate_spans(found)), within)
    for number, span in enumerate(found):
        letters = {at for part in parts if number in part.marks for at in range(part.span.start, part.span.end)}
        assert letters == set(range(len(text))) & points(span) & points(within)
        assert (
            sum(number in part.begins for part in parts) == sum(number in part.ends for part in parts) == bool(letters)
        )


@given(marked)
def test_marks_of_one_lane_do_not_overlap(found: list[Span]) -> None:
    whole = [span for span in found if span.start < span.end]
    given_lanes = lanes(whole, 2)
    for number, (span, lane) in enumerate(zip(whole, given_lanes, strict=True)):
        before = [other for other, taken in zip(whole[:number], given_lanes, strict=False) if taken == lane]
        if lane is not None:
            assert not any(span.overlaps(other) for other in before)
        else:
            assert all(
                any(span.overlaps(other) for other, taken in zip(whole, given_lanes, strict=True) if taken == busy)
                for busy in (0, 1)
            )


def test_a_number_stands_behind_the_word_and_never_in_it() -> None:
    assert word_end("قاعدتها هنا", 5) == 7
    assert word_end("قال بوتين.", 9) == 9
    assert word_end("end", 3) == 3


def enumerate_spans(found: list[Span]) -> list[tuple[Span, int]]:
    return [(span, number) for number, span in enumerate(found)]


def points(span: Span) -> set[int]:
    return set(range(span.start, span.end))
