"""How an article lies on a page: its lines as title, headings, paragraphs and page furniture; where names stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from kg.model import Span
from kg.resources import lang_dir, read_yaml
from kg.stored import StoredText
from kg.views.segments import lanes

Kind = Literal["title", "heading", "paragraph", "furniture"]
PART = 20_000  # code points of a text on one page; longer texts are shown in parts
SHORT = 100  # code points: a longer line without a stop is a paragraph all the same
_LINE = re.compile(r"[^\n]+")
_ENDS = re.compile(r"[.!?؟…:»”\"')\]]$")
_MARKUP = re.compile(r"\s*<[^<>\n]{1,200}>\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the article that is not blank, without the blanks around it."""

    kind: Kind
    span: Span


@cache
def _pack(lang: str) -> tuple[tuple[re.Pattern[str], ...], frozenset[str]]:
    """Patterns of page furniture, and letters that are written together with the word behind them."""
    path = lang_dir(lang) / "language.yml"
    if not re.fullmatch(r"[a-z]{2,3}", lang) or not path.exists():
        return (), frozenset()
    found = read_yaml(path)
    clitics = found.get("clitics", {})
    attached = [*clitics.get("conjunctions", ()), *clitics.get("prepositions", ()), clitics.get("future", "")]
    return tuple(re.compile(pattern) for pattern in found.get("furniture", ())), frozenset(attached) - {""}


def lines(article: StoredText) -> list[Line]:
    """The lines in order. Furniture: what the language pack names, markup, and lines that stand there twice."""
    text, title = article.text, " ".join(article.title.split())
    spans = [_stripped(match.start(), match.group()) for match in _LINE.finditer(text)]
    spans = [span for span in spans if span.start < span.end]
    often = Counter(span.of(text) for span in spans)
    found: list[Line] = []
    for place, span in enumerate(spans):
        said = span.of(text)
        kind: Kind = "paragraph"
        if said == title and all(line.kind != "title" for line in found):
            kind = "title"
        elif _is_furniture(said, article.lang, often):
            kind = "furniture"
        elif len(said) <= SHORT and not _ENDS.search(said) and place + 1 < len(spans):
            kind = "heading"
        found.append(Line(kind, span))
    return _with_neighbours(found, text)


def _is_furniture(said: str, lang: str, often: Counter[str]) -> bool:
    """True when nothing is left without what belongs to the page, or the line stands in the text more than once."""
    rest = _MARKUP.sub(" ", said).strip()
    marked = rest != said and often[rest] > 0
    for pattern in _pack(lang)[0]:
        rest = pattern.sub("", rest)
    return not rest.strip() or marked or (len(said) <= SHORT and often[said] > 1)


def _with_neighbours(found: list[Line], text: str) -> list[Line]:
    """Headings that stand in one block with furniture, with no blank line between, are furniture too."""
    for order in (range(len(found)), reversed(range(len(found)))):
        before: Line | None = None
        for place in order:
            line = found[place]
            if (
                before is not None
                and line.kind == "heading"
                and before.kind == "furniture"
                and _touch(before, line, text)
            ):
                line = found[place] = Line("furniture", line.span)
            before = line
    return found


def _touch(one: Line, other: Line, text: str) -> bool:
    first, second = sorted((one.span, other.span))
    return text[first.end : second.start].count("\n") == 1


def _stripped(start: int, words: str) -> Span:
    lead = len(words) - len(words.lstrip())
    return Span(start + lead, start + lead + len(words.strip()))


def parts(found: list[Line], length: int = PART) -> list[list[Line]]:
    """The lines in parts of about that many code points; a single longer line is a part of its own."""
    made: list[list[Line]] = [[]]
    for line in found:
        if made[-1] and line.span.end - made[-1][0].span.start > length:
            made.append([])
        made[-1].append(line)
    return made


def part_of(article: StoredText, offset: int) -> int:
    """The number of the part in which the offset lies."""
    in_parts = parts(lines(article))
    return max((number for number, part in enumerate(in_parts, 1) if part and part[0].span.start <= offset), default=1)


def names(article: StoredText, within: Span) -> list[tuple[Span, str]]:
    """Where entities are named in that stretch, with their IRIs, in text order and without overlaps.

    The store keeps the words that name an entity, not each place: words that claims rest on are certain; the same
    words elsewhere are taken for the same, as long as no other entity of the article is called so.
    """
    certain = sorted({one for one in _anchored(article) if one[0].overlaps(within)})
    ambiguous: Counter[str] = Counter(word for words in article.mentions.values() for word in words)
    others = [
        (span, iri)
        for iri, words in article.mentions.items()
        for word in words
        if ambiguous[word] == 1
        for span in _places(word, article.text, within, _pack(article.lang)[1])
    ]
    return apart([*certain, *longest_first(others)])


def longest_first(found: Iterable[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """A longer name goes before one that lies in it."""
    return sorted(found, key=lambda one: (one[0].start - one[0].end, one))


def apart(found: Sequence[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """In text order, without those that overlap one given earlier."""
    kept = lanes([span for span, _ in found], 1)
    return sorted(one for one, lane in zip(found, kept, strict=True) if lane == 0)


def _anchored(article: StoredText) -> Iterator[tuple[Span, str]]:
    """Words that a claim rests on and that name just one of those who fill the role."""
    for claim in article.claims:
        fillers = defaultdict(tuple, claim.args) | {"speaker": (claim.attributed_to,)}
        for anchor in claim.anchors:
            words = anchor.span.of(article.text)
            named = [iri for iri in fillers.get(anchor.role, ()) if words in article.mentions.get(iri, ())]
            if len(named) == 1:
                yield anchor.span, named[0]


def _places(word: str, text: str, within: Span, attached: frozenset[str]) -> Iterator[Span]:
    """Where the word stands as a whole, but for letters that are written together with any word."""
    at = text.find(word, within.start, within.end)
    while at >= 0:
        end = at + len(word)
        start = at
        while start and at - start < 3 and text[start - 1] in attached:
            start -= 1
        if not (start and text[start - 1].isalnum()) and not text[end : end + 1].isalnum():
            yield Span(at, end)
        at = text.find(word, end, within.end)
