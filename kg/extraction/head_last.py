"""Noun phrases of languages that put the head last (English): state + title + name, modifiers + head word.

A phrase is read from left to right: modifiers are collected until a title, a head word or a name closes it. Capital
letters decide what an unknown name is; a line in which nearly every word has one decides nothing.
"""

from __future__ import annotations

from dataclasses import replace

from kg.extraction.gazetteer import Gazetteer, Match, Sense
from kg.extraction.mentions import Mention, from_match
from kg.extraction.titles import Titles
from kg.extraction.words import Hit, Reading, Word
from kg.language import Entry, Head
from kg.seeds import Person

NAME_LIMIT = 4  # words of an unknown name, particles not counted
PHRASE_LIMIT = 9  # words before the head
FUNCTION = frozenset(["aux", "pronoun", "prep", "det", "rel", "comp", "open", "coord", "if", "neg", "question"])
OPENING = (
    "own",
    "pair",
    "title",
    "head",
    "former",
    "deputy",
    "current",
    "portfolio",
    "branch",
    "counterpart",
    "honorific",
)
UNNAMEABLE = frozenset(
    [
        "title",
        "notname",
        "det",
        "prep",
        "pronoun",
        "coord",
        "rel",
        "comp",
        "open",
        "if",
        "neg",
        "question",
        "head",
        "portfolio",
        "counterpart",
    ]
)


class NounPhrases:
    """Finds mentions in a list of analysed words, left to right, the longest first."""

    def __init__(self, words: list[Word], names: Gazetteer, known: dict[tuple[str, ...], str]) -> None:
        self.words = words
        self.names = names
        self.nouns = names.pack.nouns
        self.known = known  # names of people learnt in this article: folded words -> full name
        self.matches: dict[int, Match | None] = {}
        self.possessives = frozenset(names.pack.fold(p) for p in names.pack.language.possessives)
        self.capitalised = capitalised_lines(words)
        self.found: list[Mention] = []
        self.families: dict[str, Mention] = {}  # last word of a known person's name -> where it stood in full
        self.government: tuple[Sense, ...] = ()  # the state whose government was named last
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
        if not word.capital and not word.has(*OPENING):
            return None
        if hit := word.hit("own"):
            return Mention(i, hit.last, word.start, self.words[hit.last - 1].end, "State", "own", hit.reading)
        if hit := word.hit("pair"):
            return self._pair(i, hit)
        return self._first_of_bases(i) or self.phrase(i)

    def _first_of_bases(self, i: int) -> Mention | None:
        """«Hmeimim» in «the Hmeimim and Tartus bases»."""
        end = self._name_end(i)
        if end is None or end + 2 >= len(self.words) or not self.words[end].has("coord"):
            return None
        second = self._name_end(end + 1)
        hit = self.words[second].hit("head") if second is not None and second < len(self.words) else None
        if (
            hit is None
            or self.nouns.heads[int(hit.entry.features)].cls != "MilitaryBase"
            or not self.words[hit.last - 1].norm.endswith("s")
        ):
            return None
        words = self.words[i:end]
        core = " ".join([*(w.norm for w in words), "base"])
        lemma = hit.entry.lemma.removesuffix("s")
        return Mention(
            i, end, words[0].start, words[-1].end, "MilitaryBase", "head", _PLAIN, core=core, name=(i, end), group=lemma
        )

    def _name_end(self, i: int) -> int | None:
        match = self.match(i)
        if match is not None:
            return match.last if {s.cls for s in match.senses} <= {"Place", "State", "MilitaryBase"} else None
        return self.run(i) if self.words[i].capital and i not in self.capitalised else None

    def match(self, i: int) -> Match | None:
        """The gazetteer's answer at word i, remembered; a name begins with a capital letter."""
        if i >= len(self.words) or self.words[i].kind != "word":
            return None
        if i not in self.matches:
            found = self.names.at(self.words, i) if self.words[i].capital else None
            self.matches[i] = found if found is not None and self._is_name(found) else self._lost_apostrophe(i)
        return self.matches[i]

    def _lost_apostrophe(self, i: int) -> Match | None:
        """«Syrias army»: states have no plural, so a possessive mark was lost."""
        word = self.words[i]
        node = (
            self.names.root.next.get(word.norm[:-1])
            if word.capital and word.norm.endswith("s") and len(word.norm) > 4
            else None
        )
        senses = (
            tuple(Sense(s.ref, s.cls, "demonym") for s in node.senses if s.cls == "State" and s.kind == "name")
            if node
            else ()
        )
        return Match(i, i + 1, senses, _PLAIN) if senses else None

    def _is_name(self, match: Match) -> bool:
        """False for an everyday word that only looks like a name: US and us, IS and is, Will and will."""
        word = self.words[match.first]
        if match.last - match.first > 1:
            return True
        if word.has(*FUNCTION):
            return word.text.isupper() and len(word.text) > 1 and match.first not in self.capitalised
        family = all(sense.kind == "family" for sense in match.senses)
        common = word.has("trigger", "verb", "say", "light", "control", "title", "head", "time", "notname", "current")
        return not (common and (family or match.first in self.capitalised))

    # -- a phrase ------------------------------------------------------------------------------------------------

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
            if hit is not None and (self._longest(j, hit) or self.match(j) is not None and word.has("honorific")):
                titled = self.titles.titled(i, hit, mods, named=named)
                if titled is not None:
                    return titled
            longest = max((h.last for h in word.hits if h.entry.category == "trigger"), default=0)
            heads = [h for h in word.hits if h.entry.category == "head" and self._longest(j, h) and h.last >= longest]
            if heads:
                candidate = (j, heads, list(mods))
                mods, j = [*mods, heads[0]], heads[0].last
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
            and hit.entry.category == "former"
            and j
            and self.words[j - 1].has("aux", "pronoun")
        ):
            return None
        if hit:
            mods.append(hit)
            return hit.last
        if word.capital and self.nameable(j, first=False):
            mods.append(Hit(_CAPITAL, _PLAIN, j, j + 1))
            return j + 1
        return None

    def _before_state_head(self, j: int) -> bool:
        j = self._skip(j)
        hit = self.words[j].hit("head") if j < len(self.words) else None
        return hit is not None and self.nouns.heads[int(hit.entry.features)].cls == "State"

    def _skip(self, j: int) -> int:
        """Past a possessive mark or a hyphen."""
        while j < len(self.words) and (self.words[j].norm in self.possessives or self._hyphen(j)):
            j += 1
        return j

    def _hyphen(self, j: int) -> bool:
        return self.words[j].text == "-" and j > 0 and self.words[j].start == self.words[j - 1].end

    def _plain(self, i: int) -> Mention | None:
        """A known or unknown name that stands by itself."""
        match = self.match(i)
        end = self.run(i)
        if match is not None and (end is None or match.last >= end or {s.cls for s in match.senses} != {"Person"}):
            mention = from_match(self.words, match)
            if mention.kind == "demonym" and self._people(match):
                return self._nationals(mention)
            return self.titles.apposition(mention) if mention.cls == "Person" else mention
        if end is None:
            return None
        learnt = self.learnt(i, end)
        if learnt is not None:
            return learnt
        if self._somewhere(i, end):
            words = self.words[i:end]
            core = " ".join(w.norm for w in words)
            return Mention(i, end, words[0].start, words[-1].end, "Place", "head", _PLAIN, core=core, name=(i, end))
        if end - i >= 2 and i not in self.capitalised and self._counts(i, end) >= 2:
            return self.titles.apposition(self.person(i, end))
        return None

    def _somewhere(self, i: int, end: int) -> bool:
        """An unknown name after «in» or «near» is a place's."""
        prep = self.words[i - 1].hit("prep") if i else None
        if prep is None or prep.entry.lemma not in {"in", "near"} or i in self.capitalised or self.possessive(end):
            return False
        after = self.words[end] if end < len(self.words) else None
        return (
            after is None
            or after.kind != "word"
            or after.has("prep", "coord", "time", "aux", "say", "open", "rel", "det", "trigger", "verb")
        )

    def _people_name(self, hit: Hit) -> bool:
        """Kurdish, Shiite: an adjective with a capital letter inside a sentence names a group of people."""
        word = self.words[hit.first]
        return (
            hit.entry.category == "current"
            and word.capital
            and not word.text.isupper()
            and hit.first not in self.capitalised
        )

    def _people(self, match: Match) -> bool:
        """«30 Britons», «many Syrians»: people, not the state; «the Russians» may be either and stays the state."""
        word, after = self.words[match.last - 1], self.words[match.last] if match.last < len(self.words) else None
        before = self.words[match.first - 1] if match.first else None
        counted = before is not None and (before.kind == "number" or (before.has("det") and before.norm != "the"))
        return (
            counted
            and word.norm.endswith("s")
            and not (after is not None and (after.text == "-" or after.has("head", "title")))
        )

    def _nationals(self, mention: Mention) -> Mention:
        made = Mention(
            mention.first, mention.last, mention.start, mention.end, "Organization", "head", _PLAIN,
            core=f"people {mention.ref() or self.words[mention.first].norm}", group="people", plural=True, collective=True,
        )  # fmt: skip
        return made

    def _counts(self, i: int, end: int) -> int:
        return sum(self.words[k].kind == "word" and self.words[k].capital for k in range(i, end))

    # -- names -----------------------------------------------------------------------------------------------------

    def nameable(self, j: int, *, first: bool) -> bool:
        """True for a word that can be part of a name that nobody knows."""
        word = self.words[j]
        if word.kind != "word" or not word.capital or word.has(*UNNAMEABLE) or word.norm in self.possessives:
            return False
        opens = j == 0 or self.words[j - 1].kind == "break" or self.words[j - 1].text in '.!?:“"'
        if word.has("trigger", "say") and not first:
            return False
        common = word.has(
            "trigger", "verb", "say", "light", "control", "time", "aux", "current", "saynoun", "according", "former"
        )
        if common and (opens or first or j in self.capitalised):
            return False
        match = self.match(j)
        return match is None or all(s.cls == "Person" for s in match.senses)

    def run(self, i: int) -> int | None:
        """Where a run of capitalised words that begins at word i ends."""
        j, last, count = i, i, 0
        while j < len(self.words) and count < NAME_LIMIT:
            word = self.words[j]
            if (self._hyphen(j) and count) or (
                word.has("particle") and (count or word.capital) and not word.has("det")
            ):
                j += 1
                continue
            if not self.nameable(j, first=count == 0):
                break
            count, j = count + 1, j + 1
            last = j
        return last if count else None

    def person(self, first: int, last: int) -> Mention:
        """An unknown name taken for a person's."""
        words = self.words[first:last]
        core = " ".join(w.norm for w in words if w.text != "-")
        return Mention(
            first, last, words[0].start, words[-1].end, "Person", "unknown", _PLAIN, name=(first, last), core=core
        )

    def learnt(self, first: int, last: int) -> Mention | None:
        """A later mention, by family name alone, of somebody whom the article introduced in full."""
        if last - first > 1 and self._counts(first, last) > 1:
            return None
        full = self.known.get((self.words[last - 1].norm,))
        if full is None:
            whole = self.families.get(self.words[last - 1].norm)
            if whole is None:
                return None
            mention = self.person(first, last)
            mention.kind, mention.senses, mention.core = "family", whole.senses, ""
            return mention
        mention = self.person(first, last)
        mention.kind, mention.core = "family", full
        return mention

    def _pair(self, i: int, hit: Hit) -> Mention:
        end = self.words[hit.last - 1].end
        return Mention(
            i, hit.last, self.words[i].start, end, "pair", "pair", hit.reading, group=hit.entry.features, plural=True
        )

    # -- head words --------------------------------------------------------------------------------------------------

    def _headed(self, i: int, at: int, hits: list[Hit], mods: list[Hit | Mention | Match]) -> Mention | None:
        for hit in hits:
            made = self._head(i, hit, self.nouns.heads[int(hit.entry.features)], mods)
            if made is not None:
                return made
        return None

    def _head(self, i: int, hit: Hit, head: Head, mods: list[Hit | Mention | Match]) -> Mention | None:
        inner = [from_match(self.words, m) for m in mods if isinstance(m, Match)]
        named = any(isinstance(m, Hit) and (m.entry.category == "capital" or self._people_name(m)) for m in mods)
        branch = next((m.entry.lemma for m in mods if isinstance(m, Hit) and m.entry.category == "branch"), None)
        portfolio = any(isinstance(m, Hit) and m.entry.category in {"portfolio", "current"} for m in mods)
        j = hit.last
        if head.cls == "Agreement" and j < len(self.words) and self.words[j].kind == "number":
            j, named = j + 1, True
        inside, j = self._loyalty(j, head) or self._complement(j, head)
        if inside is not None:
            inner.append(inside)
            if head.cls == "Place" and inside.cls in {"Place", "State"} and not named:
                return self._extended(i, inside, inner)
        if head.cls == "State":
            return self._government(i, j, inner)
        if head.cls in {"Organization", "Place"} and not named and (known := self._named_after(j, head)) is not None:
            return self._extended(i, known, inner)
        definite = i > 0 and any(w.has("det") and w.norm.startswith("th") for w in self.words[i - 1 : i])
        plain = self._stands(head, hit, bool(inner), named, portfolio or branch is not None, definite)
        if not plain:
            return None
        core = " ".join(self._stem(k, inner) for k in self._core(i, j, inner))
        if plain == "new":
            core = f"{core} @{i}"
        mention = Mention(
            i, j, self.words[i].start, self.words[j - 1].end, head.cls, "bare" if plain == "bare" else "head", _PLAIN, core=core,
            group=hit.entry.lemma, definite=definite or bool(inner) or head.needs == "none" or self._parties(hit), branch=branch or head.branch, collective=head.collective,
            plural=head.collective or self.words[hit.last - 1].norm.endswith("s"),
        )  # fmt: skip
        if named and head.cls != "Agreement":
            mention.name = (i, j)
        if (
            head.cls == "MilitaryBase"
            and mention.plural
            and i
            and self.words[i - 1].has("coord")
            and len(inner) + named == 1
        ):
            mention.plural, mention.name, mention.group = False, (i, j), hit.entry.lemma.removesuffix("s")
        mention.inner = inner
        mention.of = next((m for m in inner if m.cls in {"State", "Organization"}), None)
        return mention

    def _stands(self, head: Head, hit: Hit, inner: bool, named: bool, qualified: bool, definite: bool) -> str:
        """How the phrase refers: by what it says (head), to something new or to something known (bare); empty: not at all."""
        if inner or named:
            return "head"
        if head.cls == "Agreement":
            if definite:
                return "head" if qualified or self._parties(hit) else "bare"
            return "new" if self._singular(hit) else ""
        if head.cls == "MilitaryBase":
            return "new" if hit.last - hit.first > 1 or qualified else ""
        if head.needs == "none":
            return "head" if qualified else "bare"
        if head.needs == "name" and definite and head.cls == "Organization":
            return "bare" if head.plain else ""
        return ""

    def _singular(self, hit: Hit) -> bool:
        if self.words[hit.last - 1].norm.endswith("s"):
            return False
        before = self.words[hit.first - 1] if hit.first else None
        return self._parties(hit) or (before is not None and before.has("det", "current", "portfolio"))

    def _parties(self, hit: Hit) -> bool:
        """«Agreement between …»: the parties tell which one is meant."""
        after = self.words[hit.last].hit("prep") if hit.last < len(self.words) else None
        return after is not None and after.entry.lemma in {"between", "with"}

    def _loyalty(self, j: int, head: Head) -> tuple[Mention, int] | None:
        """Fighters «loyal to Assad», rebels «backed by Turkey»: an adjective phrase with a name tells who they are."""
        if not head.collective and head.cls != "Organization" or j >= len(self.words):
            return None
        hits = [h for h in self.words[j].hits if h.entry.features == "participle" and h.last - h.first > 1]
        k = hits[0].last if hits else None
        if k is None or k >= len(self.words):
            return None
        inside = self.phrase(k)
        if inside is None or inside.cls not in {"Person", "State", "Organization"} or inside.kind == "demonym":
            return None
        return inside, inside.last

    def _complement(self, j: int, head: Head) -> tuple[Mention | None, int]:
        """«of Iraq», «of the Security Council» after a head word."""
        prep = self.words[j].hit("prep") if j + 1 < len(self.words) else None
        wanted = {"of", "from"} if head.needs == "modifier" and head.plain else {"of"}
        if prep is None or prep.entry.lemma not in wanted or prep.last != j + 1 or head.cls == "Agreement":
            return None, j
        k = j + 1
        while (
            k < len(self.words)
            and self.words[k].has("det", "current")
            and self.match(k) is None
            and not self.words[k].hit("head")
        ):
            k += 1
        match = self.match(k)
        if match is not None and {s.cls for s in match.senses} != {"Person"} and not self.possessive(match.last):
            after = self.words[match.last] if match.last < len(self.words) else None
            if after is None or not after.hit("head"):
                inside = from_match(
                    self.words, match, ("Place", "State") if head.cls == "Place" else ("State", "Organization")
                )
                if inside.kind != "demonym":
                    return inside, match.last
        if k < len(self.words):
            inside_phrase = self.phrase(k) if head.cls != "Place" or self.words[k].capital else None
            if (
                inside_phrase is not None
                and inside_phrase.kind == "head"
                and inside_phrase.cls in {"Organization", "Place"}
            ):
                return inside_phrase, inside_phrase.last
            if head.cls in {"Place", "Organization"} and (end := self.run(k)) is not None and k not in self.capitalised:
                core = " ".join(w.norm for w in self.words[k:end])
                made = Mention(
                    k,
                    end,
                    self.words[k].start,
                    self.words[end - 1].end,
                    "Place",
                    "head",
                    _PLAIN,
                    core=core,
                    name=(k, end),
                )
                return made, end
        return None, j

    def possessive(self, j: int) -> bool:
        """True when word j is a possessive mark."""
        return j < len(self.words) and self.words[j].norm in self.possessives

    def _named_after(self, j: int, head: Head) -> Mention | None:
        """The militant group Hezbollah: the name that follows its description."""
        match = self.match(j)
        if match is None or not any(s.cls == head.cls for s in match.senses) or self.possessive(match.last):
            return None
        return from_match(self.words, match, (head.cls,))

    def _extended(self, i: int, mention: Mention, outside: list[Mention]) -> Mention:
        mention.first, mention.start = i, self.words[i].start
        mention.inner = [m for m in outside if m is not mention and m.cls == "State"]
        return mention

    def _government(self, i: int, j: int, inner: list[Mention]) -> Mention | None:
        """The Iraqi government, the Assad regime: the state itself."""
        for mention in inner:
            states = tuple(s for s in mention.senses if s.cls == "State")
            if not states:
                records = [self.names.world.records[s.ref] for s in mention.senses]
                terms = [
                    t
                    for r in records
                    if isinstance(r, Person)
                    for t in r.offices
                    if t.office in {"headOfState", "headOfGovernment"}
                ]
                states = tuple(Sense(t.of, "State", "seat") for t in terms[:1])
            if states:
                senses = self.government = tuple(replace(s, kind="name") for s in states)
                start, end = self.words[i].start, self.words[j - 1].end
                return Mention(i, j, start, end, "State", "name", _PLAIN, senses, name=(i, j))
        if self.government and j - i == 1 and i and self.words[i - 1].has("det"):
            return Mention(
                i, j, self.words[i].start, self.words[j - 1].end, "State", "name", _PLAIN, self.government, name=(i, j)
            )
        return None

    def _core(self, i: int, j: int, inner: list[Mention]) -> list[int]:
        """Words that identify a phrase: one for each name within, and the rest without marks and small words."""
        inside = {k for m in inner for k in range(m.first + 1, m.last)}
        return [
            k
            for k in range(i, j)
            if k not in inside and self.words[k].kind != "punct" and not self.words[k].has("det", "prep")
        ]

    def _stem(self, k: int, inner: list[Mention]) -> str:
        for mention in inner:
            if mention.first == k and (ref := mention.ref()):
                return ref
        return self.words[k].norm


def capitalised_lines(words: list[Word]) -> frozenset[int]:
    """Words of lines in which nearly every long word has a capital letter."""
    found: set[int] = set()
    first = 0
    for word in [*words, None]:
        if word is None or word.kind == "break":
            last = word.i if word is not None else len(words)
            long = [w for w in words[first:last] if w.kind == "word" and len(w.text) > 3]
            ended = last > first and words[last - 1].text in ".!?”"
            if len(long) > 3 and sum(w.capital for w in long) >= 0.8 * len(long) and not ended:
                found.update(range(first, last))
            first = last + 1
    return frozenset(found)


_PLAIN = Reading()
_CAPITAL = Entry("capital", "")
