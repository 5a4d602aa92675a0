"""Text to words: tokens with offsets, and for each its possible readings (clitics split off) and lexicon entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.language import Clitics, Entry, Pack, fold

_MARK = "[\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u200c-\\u200f]*"  # vowel signs and joiners belong to the word
TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}|['’]s\b|[^\W\d_]" + _MARK + r"(?:[^\W\d_]|" + _MARK[:-1] + r"|['’](?!s\b)(?=[^\W\d_]))*"
    r"|\d+(?:[.,]\d+)*|[^\W_]+|\n|[^\w\s]|_"
)
_TAG = re.compile(r"<[^<>\n]{1,200}>")
COMMA = frozenset("،,")
_NUMERIC = re.compile(r"^\d[\d.,]*$")
LONGEST = 500  # words of a sentence; the longest of 150,000 in the news has 409, and some steps take their square
KEPT = 100_000  # tokens of which something is remembered: their analysis takes some 100 MB at most


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to split a word: what is attached before and after, and the free form in between (folded)."""

    conj: bool = False
    prep: str = ""
    future: bool = False
    definite: bool = False
    stem: str = ""  # with the article when there is one
    bare: str = ""  # without the article
    enclitic: str = ""
    skip: int = 0  # code points of the token that belong to proclitics, the article excluded
    cost: int = field(init=False, compare=False, repr=False)  # how much had to be split off

    def __post_init__(self) -> None:
        cost = (self.conj + bool(self.prep) + self.future) * 2 + bool(self.enclitic)
        object.__setattr__(self, "cost", cost)


@dataclass(slots=True)
class Hit:
    """A lexicon entry that the words `[first, last)` may stand for. Not frozen: so many are made that it would tell."""

    entry: Entry
    reading: Reading
    first: int
    last: int


@dataclass(slots=True)
class Word:
    """One token. Offsets are code points of the document."""

    i: int
    start: int
    end: int
    text: str
    norm: str
    kind: str  # word, number, punct, break
    readings: list[Reading] = field(default_factory=list)
    plain: frozenset[str] = frozenset()  # folded forms that it has where nothing is attached before it
    forms: frozenset[str] = frozenset()  # all free forms that it may have, folded
    capital: bool = False  # begins with a capital letter
    hits: list[Hit] = field(default_factory=list)
    categories: frozenset[str] = frozenset()  # of the hits

    def has(self, *categories: str) -> bool:
        """True when the word may belong to one of the categories."""
        return not self.categories.isdisjoint(categories)

    def hit(self, *categories: str) -> Hit | None:
        """Its cheapest hit of one of the categories."""
        if not self.hits or self.categories.isdisjoint(categories):
            return None
        return next(hit for hit in self.hits if hit.entry.category in categories)


@dataclass(slots=True)
class Sentence:
    """Words `[first, last)` of the document between two sentence ends."""

    first: int
    last: int
    headline: bool = False


def mask(text: str, pack: Pack) -> str:
    """The text with markup and page furniture blanked, every offset kept."""
    text = _TAG.sub(lambda match: " " * len(match.group()), text)
    for pattern in pack.language.furniture:
        text = re.sub(pattern, lambda match: " " * len(match.group()), text, flags=re.MULTILINE)
    return text


@dataclass(frozen=True, slots=True)
class _Analysis:
    """What is true of a token wherever it stands."""

    norm: str
    kind: str
    readings: list[Reading]
    plain: frozenset[str]
    forms: frozenset[str]
    capital: bool
    single: list[tuple[Entry, Reading]]  # the cheap ones, cheapest first
    phrases: list[tuple[tuple[str, ...], Entry, Reading]]  # that may begin here
    seconds: frozenset[str]  # second words of these
    categories: frozenset[str]  # of `single`


def words_of(text: str, pack: Pack) -> list[Word]:
    """All tokens of the text, analysed."""
    words: list[Word] = []
    known: dict[str, _Analysis] = pack.analysed
    if len(known) > KEPT:
        known.clear()
    analyses: list[_Analysis] = []
    for match in TOKEN.finditer(mask(text, pack)):
        token = match.group()
        found = known.get(token)
        if found is None:
            found = known[token] = _analyse(token, pack)
        analyses.append(found)
        start, end = match.span()
        i = len(words)
        hits = [Hit(entry, reading, i, i + 1) for entry, reading in found.single]
        words.append(
            Word(
                i, start, end, token,
                found.norm, found.kind, found.readings, found.plain, found.forms, found.capital, hits, found.categories,
            )
        )  # fmt: skip
    for i, (word, found) in enumerate(zip(words, analyses, strict=True)):
        if not found.phrases or i + 1 == len(words) or found.seconds.isdisjoint(words[i + 1].plain):
            continue
        phrases = [Hit(e, r, i, i + len(parts)) for parts, e, r in found.phrases if _follows(words, i, parts)]
        if phrases:
            phrases.sort(key=lambda hit: (-(hit.last - hit.first), hit.reading.cost))
            word.hits = phrases + word.hits
            word.categories = frozenset(hit.entry.category for hit in word.hits)
    return words


def _analyse(token: str, pack: Pack) -> _Analysis:
    norm = pack.fold(token)
    if token == "\n":
        kind = "break"
    elif _NUMERIC.match(token):
        kind = "number"
    else:
        kind = "word" if token[0].isalnum() else "punct"
    split = list(readings(norm, pack)) if kind == "word" else []
    if len(split) > 1:
        written = fold(token, {})
        split = [r for r in split if not r.enclitic or written.endswith(r.enclitic)]
    single: list[tuple[Entry, Reading]] = []
    phrases: list[tuple[tuple[str, ...], Entry, Reading]] = []
    purpose = pack.prepositions("@purpose")
    for reading in split or (Reading(stem=norm, bare=norm),):
        for key in dict.fromkeys((reading.stem, reading.bare)):
            phrases.extend((parts, entry, reading) for parts, entry in pack.tables.phrases.get(key, ()))
            found = pack.tables.words.get(key, ())
            single.extend((entry, reading) for entry in found if _may_be(entry, reading, key, purpose))
    cheapest = min((reading.cost for _, reading in single), default=0)
    single = sorted((s for s in single if s[1].cost <= cheapest + 1), key=lambda s: s[1].cost)
    plain = frozenset([norm, *(x for r in split if not r.prep and not r.conj for x in (r.stem, r.bare))])
    forms = frozenset(x for r in split for x in (r.stem, r.bare))
    seconds = frozenset(parts[1] for parts, _, _ in phrases)
    categories = frozenset(entry.category for entry, _ in single)
    return _Analysis(norm, kind, split, plain, forms, token[0].isupper(), single, phrases, seconds, categories)


def _may_be(entry: Entry, reading: Reading, key: str, purpose: frozenset[str]) -> bool:
    """What a finite verb allows before it: «بايدن» is no ب + أيدن, «سلام» no س + لام."""
    features = entry.features.split()
    if "perfect" in features:
        return not (reading.prep or reading.future or (reading.definite and key == reading.bare))
    return "imperfect" not in features or not reading.prep or reading.prep in purpose


def readings(norm: str, pack: Pack) -> Iterator[Reading]:
    """Ways to split a folded word, the whole word first, then with more and more split off."""
    clitics = pack.language.clitics
    for conj, rest, skip in _conjunctions(norm, clitics):
        for prep, future, stem, more in _prepositions(rest, clitics, pack):
            article = pack.fold(clitics.article)
            definite = bool(article) and stem.startswith(article) and len(stem) > len(article) + 1
            bare = stem[len(article) :] if definite else stem
            yield Reading(conj, prep, future, definite, stem, bare, "", skip + more)
            for enclitic, free in _enclitics(bare, clitics, pack) if not definite else ():
                yield Reading(conj, prep, future, False, free, free, enclitic, skip + more)


def _conjunctions(norm: str, clitics: Clitics) -> Iterator[tuple[bool, str, int]]:
    yield False, norm, 0
    for letter in clitics.conjunctions:
        if norm.startswith(letter) and len(norm) > len(letter) + 1:
            yield True, norm[len(letter) :], len(letter)


def _prepositions(norm: str, clitics: Clitics, pack: Pack) -> Iterator[tuple[str, bool, str, int]]:
    yield "", False, norm, 0
    if clitics.future and norm.startswith(clitics.future) and len(norm) > 3:
        yield "", True, norm[len(clitics.future) :], len(clitics.future)
    for written, prep in clitics.elided.items():
        written = pack.fold(written)
        if norm.startswith(written) and len(norm) > len(written) + 1:
            article = pack.fold(clitics.article)
            yield prep, False, article + norm[len(written) :], len(prep) if written == prep + article else 0
    for prep in clitics.prepositions:
        if norm.startswith(prep) and len(norm) > len(prep) + 1:
            yield prep, False, norm[len(prep) :], len(prep)


def _enclitics(stem: str, clitics: Clitics, pack: Pack) -> Iterator[tuple[str, str]]:
    for enclitic in clitics.enclitics:
        if stem.endswith(enclitic) and len(stem) > len(enclitic) + 1:
            free = stem[: -len(enclitic)]
            yield enclitic, free
            for last, other in clitics.joined.items():
                if free.endswith(last):
                    yield enclitic, free[: -len(last)] + other


def _follows(words: list[Word], i: int, parts: tuple[str, ...]) -> bool:
    if i + len(parts) > len(words):
        return False
    return all(part in words[i + offset].plain for offset, part in enumerate(parts) if offset)


def sentences_of(words: list[Word], pack: Pack, ends: frozenset[str]) -> list[Sentence]:
    """Sentences as word ranges: split at line breaks and sentence ends, not within numbers and initials."""
    found: list[Sentence] = []
    first = 0
    for word in words:
        if word.i - first == LONGEST:
            found.append(Sentence(first, word.i))
            first = word.i
        if word.kind == "break" or (word.text in ends and _is_end(words, word)):
            last = word.i + (word.kind != "break")
            if last > first:
                found.append(Sentence(first, last))
            first = word.i + 1
    if first < len(words):
        found.append(Sentence(first, len(words)))
    lines = {word.i for word in words if word.kind == "break"}
    for number, sentence in enumerate(found):
        ended = words[sentence.last - 1].text in ends
        sentence.headline = (
            not ended and sentence.last in lines and (number == 0 or sentence.last - sentence.first < 14)
        )
    return found


def _is_end(words: list[Word], word: Word) -> bool:
    if word.text != ".":
        return True
    before, after = words[word.i - 1] if word.i else None, words[word.i + 1] if word.i + 1 < len(words) else None
    if before is None or after is None:
        return True
    if (before.text == "." and before.end == word.start) or (after.text == "." and after.start == word.end):
        return after.kind == "break" or before.kind == "break"  # dots that only pause
    joined = before.end == word.start and after.start == word.end
    if joined and after.kind in {"word", "number"} and (after.text.isascii() or before.kind == "number" == after.kind):
        return False  # 3.5, a.b
    short = before.kind == "word" and before.capital and len(before.text) <= 2 and before.end == word.start
    return not (short or (before.capital and before.has("abbreviation")))
