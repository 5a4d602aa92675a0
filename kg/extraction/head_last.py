"""Noun phrases of languages that put the head last (English): state + title + name, modifiers + head word.

A phrase is read from left to right: modifiers are collected until a title, a head word or a name closes it. Capital
letters decide what an unknown name is; a line in which nearly every word has one decides nothing.
"""

from __future__ import annotations

from kg.extraction.gazetteer import Gazetteer, Match
from kg.extraction.heads_last import Heads
from kg.extraction.mentions import Mention, from_match
from kg.extraction.names_last import CAPITAL, OPENING, PHRASE_LIMIT, PLAIN
from kg.extraction.titles import Titles
from kg.extraction.words import Hit, Word
from kg.language import Entry

COMPOUND = Entry("portfolio", "")
COMPOUND_LIMIT = 5  # words of a compound, hyphens and the head word included
CLOSED = (
    "prep",
    "det",
    "aux",
    "neg",
    "comp",
    "coord",
    "open",
    "rel",
    "pronoun",
    "time",
    "own",
    "pair",
    "title",
    "modal",
    "if",
)


class NounPhrases(Heads):
    """Finds mentions in a list of analysed words, left to right, the longest first."""

    def __init__(self, words: list[Word], names: Gazetteer, known: dict[str, str]) -> None:
        super().__init__(words, names, known)
        self.titles = Titles(self)

    def all(self) -> list[Mention]:
        """All mentions in text order; those within others hang on them as `inner`."""
        i = 0
        while i < len(self.words):
            mention = self.at(i) if self.words[i].kind == "word" else None
            if mention is None:
                i += 1
                continue
            self.found.append(mention)
            if mention.cls == "Person" and mention.senses and mention.name and mention.name[1] - mention.name[0] > 1:
                self.families[self.words[mention.name[1] - 1].norm] = mention
            i = max(mention.last, i + 1)
        return self.found

    def at(self, i: int) -> Mention | None:
        """The mention that begins at word i, if any."""
        word = self.words[i]
        if not word.capital and word.categories.isdisjoint(OPENING) and not self._compound(i):
            return None
        if hit := word.hit("own"):
            return Mention(i, hit.last, word.start, self.words[hit.last - 1].end, "State", "own", hit.reading)
        if hit := word.hit("pair"):
            return self._pair(i, hit)
        return self._first_of_bases(i) or self.phrase(i)

    def phrase(self, i: int, *, named: bool = True) -> Mention | None:
        """Modifiers and what closes them. `named`: a title may be followed by a name."""
        mods: list[Hit | Mention | Match] = []
        candidate: tuple[int, list[Hit], list[Hit | Mention | Match]] | None = None
        j = i
        while j < len(self.words) and j - i <= PHRASE_LIMIT:
            word = self.words[j]
            if word.kind != "word":
                break
            if word.hit("counterpart"):
                return self.titles.counterpart(i, j, mods)
            hit = word.hit("title")
            if hit is not None and (self._longest(j, hit) or (self.match(j) is not None and word.has("honorific"))):
                titled = self.titles.titled(i, hit, mods, named=named)
                if titled is not None:
                    return titled
            heads = self._heads_at(j) or self.by_ending(j, mods)
            if heads:
                candidate = (j, heads, list(mods))
                mods, j = [*mods, heads[0]], heads[0].last
                if self.words[j - 1].norm.endswith("s") and any(
                    self.nouns.heads[int(h.entry.features)].collective for h in heads
                ):
                    break  # «soldiers police said»: a plural closes its phrase
                continue
            after = self._modifier(j, mods)
            if after is None:
                break
            j = self._skip(after)
        if candidate is not None:
            headed = self._headed(i, *candidate)
            if headed is not None:
                return headed
        return self.titles.honorific(i) or self._plain(i)

    def _heads_at(self, j: int) -> list[Hit]:
        """Head words at word j that no name or trigger outreaches."""
        word = self.words[j]
        if "head" not in word.categories:
            return []
        longest = max((h.last for h in word.hits if h.entry.category == "trigger"), default=0)
        return [h for h in word.hits if h.entry.category == "head" and self._longest(j, h) and h.last >= longest]

    def _longest(self, j: int, hit: Hit) -> bool:
        """True when no known name that begins here reaches further."""
        match = self.match(j)
        return match is None or match.last <= hit.last

    def _modifier(self, j: int, mods: list[Hit | Mention | Match]) -> int | None:
        """Where the modifier at word j ends; None when there is none."""
        word = self.words[j]
        match = self.match(j)
        if match is not None:
            if {s.cls for s in match.senses} == {"Person"} and not self._before_state_head(match.last):
                return None
            mods.append(match)
            return match.last
        hit = word.hit("former", "deputy", "current", "portfolio", "branch")
        if (
            hit
            and word.has("trigger")
            and hit.entry.category in {"former", "current"}
            and j
            and self.words[j - 1].has("aux", "pronoun")
        ):
            return None
        if hit:
            mods.append(hit)
            return hit.last
        if word.capital and self.nameable(j, first=False):
            mods.append(Hit(CAPITAL, PLAIN, j, j + 1))
            return j + 1
        if self._compound(j):
            mods.append(Hit(COMPOUND, PLAIN, j, j + 1))
            return j + 1
        return None

    def _compound(self, j: int) -> bool:
        """A plain noun that says what an agreement is about: partnership agreement, grain deal."""
        if not any(j < k < j + COMPOUND_LIMIT for k in self.headed.get("Agreement", ())):
            return False
        for k in range(j, min(j + COMPOUND_LIMIT, len(self.words))):
            word = self.words[k]
            hit = word.hit("head")
            if k > j and hit is not None and self.nouns.heads[int(hit.entry.features)].cls == "Agreement":
                return True
            if word.text == "-" and k > j:
                continue
            noun = word.has("homograph") or any("noun" in h.entry.features.split() for h in word.hits)
            verb = word.has("verb", "trigger", "light", "control", "say") and not noun
            if word.kind != "word" or word.capital or verb or word.has(*CLOSED):
                return False
            if k == j and word.has("homograph") and not (k and self.words[k - 1].has("det", "current", "portfolio")):
                return False  # «failed to reach agreement»
        return False

    def _before_state_head(self, j: int) -> bool:
        """«The Assad regime», «pro-Assad fighters»: a person's name that tells whose something is."""
        j = self._skip(j)
        hits = self.words[j].hits if j < len(self.words) else []
        heads = [self.nouns.heads[int(hit.entry.features)] for hit in hits if hit.entry.category == "head"]
        return any(head.cls == "State" or head.collective or head.needs == "modifier" for head in heads)

    def _plain(self, i: int) -> Mention | None:
        """A known or unknown name that stands by itself."""
        match = self.match(i)
        end = self.run(i)
        if match is None and (short := self.shortened(i)) is not None:
            return short
        if match is not None and (end is None or match.last >= end or {s.cls for s in match.senses} != {"Person"}):
            mention = from_match(self.words, match)
            if mention.kind == "demonym" and self._people(match):
                return self._nationals(mention)
            if mention.cls != "Person":
                return mention
            return self.titles.apposition(mention) if self.introduced(mention) else None
        if end is None:
            return None
        learnt = self.learnt(i, end)
        if learnt is not None:
            return learnt
        if self._somewhere(i, end):
            words = self.words[i:end]
            core = " ".join(w.norm for w in words)
            return Mention(i, end, words[0].start, words[-1].end, "Place", "head", PLAIN, core=core, name=(i, end))
        if end - i >= 2 and i not in self.capitalised and self._counts(i, end) >= 2:
            if self.after_article(i, end):
                return self.thing(i, end)
            return self.titles.apposition(self.person(i, end))
        return None

    def _pair(self, i: int, hit: Hit) -> Mention:
        end = self.words[hit.last - 1].end
        return Mention(
            i, hit.last, self.words[i].start, end, "pair", "pair", hit.reading, group=hit.entry.features, plural=True
        )
