"""What the parts of a noun-phrase reader ask of each other: the whole, seen from a part."""

from __future__ import annotations

from typing import Protocol

from kg.extraction.gazetteer import Gazetteer, Match
from kg.extraction.mentions import Mention
from kg.extraction.words import Reading, Word
from kg.language import Nouns


class Phrases(Protocol):
    """A reader of noun phrases over the words of one article."""

    words: list[Word]
    names: Gazetteer
    nouns: Nouns

    def match(self, i: int) -> Match | None:
        """The known name that begins at word i."""

    def title(self, i: int, of: Mention | None = None) -> Mention | None:
        """The title that begins at word i."""

    def head(self, i: int) -> Mention | None:
        """The noun phrase with a head word that begins at word i."""

    def learnt(self, i: int) -> Mention | None:
        """Somebody whom the article introduced before, by family name."""

    def person(self, first: int, last: int, reading: Reading) -> Mention:
        """A mention of a person whom nobody knows."""

    def unknown_name(self, i: int, least: int = 2) -> int | None:
        """Where a run of words that only a name can explain ends."""

    def named(self, i: int) -> tuple[int, Reading] | None:
        """A full name that begins at word i: its end, and what is attached to its first word."""

    def patronymic(self, word: Word) -> bool:
        """True for the particle between a name and the father's."""

    def common(self, word: Word) -> bool:
        """True for a word that the vocabulary explains, with or without what is attached to it."""

    def given(self, word: Word, *, doubtful: bool = False) -> bool:
        """True for a given name; `doubtful` admits those that are common words as well."""
