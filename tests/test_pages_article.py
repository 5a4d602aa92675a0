"""Claim cards and article pages, rendered from a real store; and what an article may try with them."""

from __future__ import annotations

import pytest

from kg.pages.template import LONGEST, cut, shown


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
