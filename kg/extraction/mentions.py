"""What a noun phrase of the text may refer to. The engine's own record; `Entity` in `kg.model` is what leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.extraction.gazetteer import Match, Sense
from kg.extraction.words import Reading, Word


@dataclass(slots=True)
class Office:
    """The office that a title names."""

    kind: str
    former: bool = False
    first: int = 0  # words of the title, without the holder's name
    last: int = 0
    title: str = ""  # folded words of the title with its department, where they tell one office from another


@dataclass(slots=True, eq=False)
class Mention:
    """Words `[first, last)` that name, describe or point to somebody or something.

    kind: name, family, demonym, capital, seat (from the world data) · title (office, with or without a name) ·
    unknown (a name that the world data lacks) · head (common head word) · own (his country) · pair (the two sides) ·
    bare (the president) · pronoun · we (whoever the speaker speaks for).
    """

    first: int
    last: int
    start: int  # code points; proclitics excluded
    end: int
    cls: str
    kind: str
    reading: Reading
    senses: tuple[Sense, ...] = ()
    office: Office | None = None
    more: list[Office] = field(default_factory=list)  # further offices of the same holder in the same state
    of: Mention | None = None  # the state or organization that it belongs to
    name: tuple[int, int] | None = None  # words of the proper name within
    core: str = ""  # folded words that identify it where no sense does
    group: str = ""  # pair: which class is meant; head: the lemma
    owner: tuple[str, ...] = ()  # classes that the pronoun on a title may stand for: زعيمها
    kinds: tuple[str, ...] = ()  # bare: kinds of records that it may point to
    plural: bool = False
    definite: bool = True
    branch: str | None = None
    collective: bool = False
    inner: list[Mention] = field(default_factory=list)
    entity: int = -1  # number of the entity, set by `clusters`
    prep: str = ""  # canonical preposition that governs it, set by `clauses`

    @property
    def adjective(self) -> bool:
        """True for a demonym, which modifies a noun rather than being one."""
        return self.kind == "demonym"

    @property
    def lost(self) -> bool:
        """True for «the town», «the group», «the base» when the article has none: the words point to nothing."""
        apart = self.cls in {"Place", "MilitaryBase"} or bool(self.kinds)
        return self.kind == "bare" and apart and self.entity < 0

    def walk(self) -> Iterator[Mention]:
        """The mention and everything named within it."""
        yield self
        for mention in self.inner:
            yield from mention.walk()

    def ref(self) -> str | None:
        """The world-data id, when there is one sense only."""
        refs = {sense.ref for sense in self.senses}
        return refs.pop() if len(refs) == 1 else None


def span(words: list[Word], first: int, last: int, reading: Reading) -> tuple[int, int]:
    """Code points of words `[first, last)` without the proclitics of the first."""
    return words[first].start + reading.skip, words[last - 1].end


PREFERENCE = ("name", "family", "demonym", "seat", "capital")


def from_match(words: list[Word], match: Match, wanted: tuple[str, ...] = ()) -> Mention:
    """A mention of a known name; `wanted` classes are preferred among its senses."""
    senses, best = match.senses, match.senses[0]
    if len(senses) > 1 or best.kind == "capital":
        senses = tuple(s for s in match.senses if s.cls in wanted) or match.senses
        best = min(senses, key=lambda sense: PREFERENCE.index(sense.kind))
        senses = tuple(s for s in senses if s.kind == best.kind and s.cls == best.cls) + tuple(
            s for s in match.senses if s.kind == "capital"
        )
    start, end = span(words, match.first, match.last, match.reading)
    return Mention(
        match.first, match.last, start, end, best.cls, best.kind, match.reading, senses, name=(match.first, match.last)
    )
