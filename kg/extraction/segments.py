"""Clitics split from the words they are written with, offsets kept: conjunction, preposition, future, article, pronoun.

The reader itself keeps all readings of a word until a lexicon entry or a name decides. This is the one most likely
reading of any word, known or not. Rules and lists stand in `clitics.yml` of the pack; words of the same text help:
who writes «the tournament» has a noun that begins with the letter of «in».
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.extraction.gazetteer import Gazetteer, gazetteer
from kg.extraction.words import TOKEN
from kg.language import fold
from kg.model import Span
from kg.packfiles import Splitting
from kg.resources import lang_dir, parse, read_yaml

LEAST = 2  # letters that remain of a word


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a word."""

    span: Span
    kind: str  # conjunction, preposition, future, article, stem, pronoun


class Segmenter:
    """Splits the words of one language."""

    def __init__(self, data: Splitting, names: Gazetteer) -> None:
        self.data, self.names = data, names
        self.clitics = names.pack.language.clitics
        self.ending = re.compile(data.endings)
        self.whole = frozenset(data.whole)
        self.shapes = {letter: re.compile("|".join(parts)) for letter, parts in data.shapes.items()}
        self.after = {letter: frozenset(words) for letter, words in data.after.items()}
        self.ends = {clitic: frozenset(words) for clitic, words in data.ends.items()}
        self.hosts = frozenset(data.hosts)
        self.starts = {letter: tuple(sorted(words, key=len, reverse=True)) for letter, words in data.begins.items()}

    def segments(self, text: str) -> Iterator[Segment]:
        """The pieces of every word of a text, in order."""
        found = [match for match in TOKEN.finditer(text) if match.group()[0].isalpha()]
        seen = frozenset(fold(match.group(), {}) for match in found)
        for match in found:
            yield from self._placed(match.group(), match.start(), seen)

    def _placed(self, token: str, start: int, seen: Collection[str]) -> Iterator[Segment]:
        """The pieces with their offsets; vowel signs belong to the letter before them."""
        at = [place for place, char in enumerate(token) if fold(char, {})] + [len(token)]
        done = 0
        for piece, kind in self.split(fold(token, {}), seen):
            yield Segment(Span(start + at[done], start + at[done + len(piece)]), kind)
            done += len(piece)

    def split(self, word: str, seen: Collection[str] = ()) -> list[tuple[str, str]]:
        """The pieces of a word without vowel signs, each with its kind."""
        found: list[tuple[str, str]] = []
        rest = word
        for kind, letters in (
            ("conjunction", self.clitics.conjunctions),
            ("preposition", self.clitics.prepositions),
            ("future", [self.clitics.future]),
        ):
            if kind == "future" and any(known == "preposition" for _, known in found):
                continue
            letter = next((one for one in letters if one and rest.startswith(one)), "")
            if letter and self._is_attached(letter, rest, seen):
                found.append((letter, kind))
                rest = rest[len(letter) :]
        article = self._article(rest, elided=bool(found) and found[-1][1] == "preposition")
        if article:
            return [*found, (article, "article"), (rest[len(article) :], "stem")]
        if found and found[-1][1] == "preposition" and rest in self.clitics.enclitics:
            return [*found, (rest, "pronoun")]
        pronoun = self._pronoun(rest)
        stem = rest[: len(rest) - len(pronoun)]
        return [*found, (stem, "stem"), *([(pronoun, "pronoun")] if pronoun else [])]

    def _is_attached(self, letter: str, word: str, seen: Collection[str]) -> bool:
        rest = word[len(letter) :]
        if word in self.whole:
            return False
        if rest in self.clitics.enclitics and letter in self.data.takes_pronoun:
            return True
        if rest in self.after.get(letter, ()):
            return True
        if len(rest) < LEAST or self._begins(letter, word):
            return False
        article = self.clitics.article
        if article + word in seen or self._is_name(word):
            return False
        if letter in self.data.rare:
            long = len(rest) > len(article) + LEAST
            return (long and self._article(rest) != "") or (letter in self.data.verbs and self._is_verb(rest, word))
        if self._article(rest) or rest in self.whole:
            return True
        shape = self.shapes.get(letter + rest[0])
        if shape is not None:
            return shape.match(rest) is not None
        return letter not in self.data.shaped

    def _begins(self, letter: str, word: str) -> bool:
        """True for a word whose first letter is its own."""
        for stem in self.starts.get(letter, ()):
            if word.startswith(stem) and self.ending.fullmatch(word, len(stem)):
                return True
        return False

    def _is_name(self, word: str) -> bool:
        folded = self.names.pack.fold(word)
        return bool(self.names.lookup([folded])) or folded in self.names.adjectives.next

    def _is_verb(self, rest: str, word: str) -> bool:
        """True when the language pack knows the rest as a verb, and the whole word not at all."""
        known, fold = self.names.pack.tables.words, self.names.pack.fold
        entries = () if fold(word) in known else known.get(fold(rest), ())
        return len(rest) > LEAST and any("perfect" in entry.features for entry in entries)

    def _article(self, word: str, *, elided: bool = False) -> str:
        """The article at the beginning of a word; after the preposition that elides it, what is left of it."""
        article = self.clitics.article
        if word.startswith(article) and len(word) > len(article) + 1:
            own = word in self.whole or self._begins(article, word)
            return "" if own else article
        last = article[-1]
        if elided and word.startswith(last) and len(word) > LEAST and not self._begins(last, word):
            return last
        return ""

    def _pronoun(self, word: str) -> str:
        """The pronoun at the end of a word without article."""
        if word in self.whole:
            return ""
        for pronoun in sorted(self.clitics.enclitics, key=len, reverse=True):
            host = word[: -len(pronoun)]
            if not word.endswith(pronoun) or not host:
                continue
            if host in self.hosts:
                return pronoun
            if pronoun in self.data.only_hosts:
                if any(host.endswith(end) and len(host) > len(end) + 1 for end in self.data.only_hosts[pronoun]):
                    return pronoun
                continue
            if len(host) < LEAST or word in self.ends.get(pronoun, ()):
                return ""
            return pronoun
        return ""


@lru_cache(maxsize=4)
def segmenter(code: str) -> Segmenter | None:
    """The segmenter of a language; None for one that writes nothing together."""
    where = lang_dir(code) / "clitics.yml"
    if not where.exists():
        return None
    return Segmenter(parse(Splitting, read_yaml(where), f"{code}/clitics.yml"), gazetteer(code))
