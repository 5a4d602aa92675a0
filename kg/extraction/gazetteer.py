"""Names of the world data as one trie of folded words: where a name, a demonym or a seat of government begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from kg.extraction.words import KEPT, TOKEN, Reading, Word
from kg.language import Pack, inflect, pack
from kg.seeds import AnyRecord, Organization, Person, State, World, family_names, world

Kind = Literal["name", "family", "demonym", "capital", "seat"]


@dataclass(frozen=True, slots=True)
class Sense:
    """What a name may stand for."""

    ref: str
    cls: str
    kind: Kind
    media: bool = False  # an agency, paper or channel: it tells of deeds, and seldom does any


@dataclass(frozen=True, slots=True)
class Match:
    """Words `[first, last)` that are a known name, with all its senses."""

    first: int
    last: int
    senses: tuple[Sense, ...]
    reading: Reading


@dataclass(slots=True)
class Node:
    """One step of the trie."""

    senses: list[Sense] = field(default_factory=list)
    next: dict[str, Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All names of one language."""

    root: Node
    adjectives: Node  # demonyms, looked up without the article
    pack: Pack
    world: World
    name_words: frozenset[str] = frozenset()  # every word that is part of some known person's name
    begun: dict[str, list[tuple[Node, Reading]]] = field(default_factory=dict, compare=False, repr=False)

    def at(self, words: list[Word], i: int) -> Match | None:
        """The longest known name that begins at word i; on equal length the reading that splits off least."""
        word = words[i]
        begun = self.begun.get(word.text)
        if begun is None:
            if len(self.begun) > KEPT:
                self.begun.clear()
            begun = self.begun[word.text] = list(self._begin(word))
        best: Match | None = None
        for node, reading in begun:
            found = self._walk(words, i, node, reading)
            if found is None:
                continue
            if best is None or _better(found, best):
                best = found
            elif (found.last, found.reading) == (best.last, best.reading):  # السعودية: the state, and its adjective
                best = Match(i, best.last, tuple(dict.fromkeys([*best.senses, *found.senses])), reading)
        return best

    def _begin(self, word: Word) -> Iterator[tuple[Node, Reading]]:
        """Where the word, read in one way or another, leads to from the roots."""
        for reading in word.readings:
            if reading.future or reading.enclitic:
                continue
            tries = [(self.root, reading.stem), (self.adjectives, reading.bare)]
            if reading.stem != reading.bare:
                tries.append((self.adjectives, reading.stem))
            yield from ((node.next[key], reading) for node, key in tries if key in node.next)

    def lookup(self, parts: list[str]) -> list[Sense]:
        """Senses of exactly these folded words."""
        node: Node | None = self.root
        for part in parts:
            node = node.next.get(part) if node else None
        return node.senses if node else []

    def _walk(self, words: list[Word], i: int, node: Node | None, reading: Reading) -> Match | None:
        best: Match | None = None
        j = i
        while node is not None:
            j += 1
            if node.senses:
                best = Match(i, j, tuple(node.senses), reading)
            while j < len(words) and words[j].text == "-" and words[j].start == words[j - 1].end:
                j += 1
            if j >= len(words):
                break
            node = node.next.get(words[j].norm)
        return best


def _better(found: Match, best: Match) -> bool:
    return (found.last - found.first, -found.reading.cost) > (best.last - best.first, -best.reading.cost)


def _names(record: AnyRecord, lang: str) -> list[str]:
    names: list[str] = record.en if lang == "en" else record.ar if lang == "ar" else []
    return names


def _entries(record: AnyRecord, lang: Any, world: World) -> Iterator[tuple[str, Sense]]:
    """Name, sense pairs of one record."""
    cls = world.cls(record.id)
    for name in _names(record, lang):
        yield name, Sense(record.id, cls, "name", isinstance(record, Organization) and record.kind == "media")
    if isinstance(record, Person):
        yield from ((name, Sense(record.id, cls, "family")) for name in family_names(record, lang))
    if isinstance(record, State):
        seats: list[str] = getattr(record.seats, lang, [])
        yield from ((name, Sense(record.id, cls, "seat")) for name in seats)
        capital = world.records.get(record.capital or "")
        if capital:
            yield from ((name, Sense(record.id, cls, "capital")) for name in _names(capital, lang))


def _demonyms(record: State | Organization, pack: Pack) -> Iterator[str]:
    code = pack.code
    for base in getattr(record.demonym, code, []):
        forms = list(inflect(base, pack.language.demonym_forms)) or [(base, "")]
        yield from (form for form, _ in forms)
    yield from getattr(record.demonym, f"{code}_forms", [])


def _insert(root: Node, parts: list[str], sense: Sense) -> None:
    node = root
    for part in parts:
        node = node.next.setdefault(part, Node())
    if sense not in node.senses:
        node.senses.append(sense)


def key_of(name: str, pack: Pack) -> list[str]:
    """A name as the trie holds it: folded words, hyphens left out."""
    return [pack.fold(token) for token in TOKEN.findall(name) if token != "-"]


def compile_gazetteer(pack: Pack, world: World) -> Gazetteer:
    """The trie of all names of a language."""
    root, adjectives, people = Node(), Node(), set[str]()
    article = pack.fold(pack.language.clitics.article)
    for record in world.records.values():
        for name, sense in _entries(record, pack.code, world):
            parts = key_of(name, pack)
            if parts:
                _insert(root, parts, sense)
            if sense.cls == "Person" and sense.kind == "name":
                people.update(word for word in parts if len(word) > 2)
        if isinstance(record, State | Organization):
            for form in _demonyms(record, pack):
                parts = key_of(form, pack)
                sense = Sense(record.id, world.cls(record.id), "demonym")
                if parts:
                    _insert(adjectives, parts, sense)
                if article and parts and parts[0].startswith(article) and len(parts[0]) > 4:
                    _insert(adjectives, [parts[0][len(article) :], *parts[1:]], sense)
    return Gazetteer(root, adjectives, pack, world, frozenset(people))


@lru_cache(maxsize=8)
def gazetteer(code: str) -> Gazetteer:
    """The gazetteer of a language over the world data that comes with the program."""
    return compile_gazetteer(pack(code), world())
