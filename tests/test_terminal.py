"""Tables that stay straight with Arabic in them, and output that no article can tamper with."""

from __future__ import annotations

import io

import pytest

from kg.terminal import ISOLATE, POP, clean, fold, isolate, progress, shorten, table, width


def test_arabic_is_isolated_and_english_is_not() -> None:
    assert isolate("بوتين") == f"{ISOLATE}بوتين{POP}"
    assert isolate("Putin") == "Putin"


@pytest.mark.parametrize(
    ("words", "columns"),
    [("Putin", 5), ("بُوتين", 5), ("俄罗斯", 6), ("a\u200db", 2), (f"{ISOLATE}a{POP}", 1)],
)
def test_width_counts_columns(words: str, columns: int) -> None:
    assert width(words) == columns


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert clean("a\x1b[31mred\u202e\u2066b\u2028c\n\td") == "a<1B>[31mredb c d"


def test_a_cut_is_shown() -> None:
    assert shorten("Damascus", 5) == "Dama…"
    assert shorten("Damascus", 8) == "Damascus"


def test_columns_line_up_and_the_table_fits() -> None:
    rows = [("visit", "بوتين", "x" * 300), ("request", "Lavrov", "short")]
    lines = list(table(("what", "who", "words"), rows, columns=60))
    assert all(width(line) <= 60 for line in lines)
    assert [line.replace(ISOLATE, "").replace(POP, "")[:15] for line in lines[2:]] == [
        "visit    بوتين ",
        "request  Lavrov",
    ]


def test_an_empty_table_has_heads() -> None:
    assert next(iter(table(("a", "b"), []))) == "a  b"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_only() -> None:
    paper, screen = io.StringIO(), Screen()
    assert list(progress([1, 2], "articles", stream=paper)) == [1, 2]
    assert list(progress([1, 2], "articles", stream=screen)) == [1, 2]
    assert list(progress([1, 2], "articles", stream=screen, quiet=True)) == [1, 2]
    assert (paper.getvalue(), screen.getvalue()) == ("", "\r\x1b[K")


def test_a_table_folds_what_does_not_fit_and_loses_no_word() -> None:
    lines = list(
        table(
            ("what", "words"), [("visit", "one two three four five six seven eight nine ten eleven twelve")], columns=40
        )
    )
    assert all(width(line) <= 40 for line in lines)
    assert " ".join(" ".join(line[7:] for line in lines[2:]).split()).endswith("nine ten eleven twelve")
    assert "…" not in "".join(lines)


def test_a_single_word_too_long_for_its_column_is_cut() -> None:
    assert fold("x" * 9 + " yes", 5) == ["xxxx…", "yes"]
