"""Proper names in running text, known and unknown, for languages that write them with a capital letter."""

from __future__ import annotations

from dataclasses import replace

from kg.extraction.gazetteer import Gazetteer, Match, Sense
from kg.extraction.mentions import Mention
from kg.extraction.words import Hit, Reading, Word
from kg.language import Entry
from kg.seeds import Person

NAME_LIMIT = 4  # words of an unknown name, particles not counted
PHRASE_LIMIT = 9  # words before the head
LEADERS = frozenset({"headOfState", "headOfGovernment"})
FUNCTION = frozenset(["aux", "pronoun", "prep", "det", "rel", "comp", "open", "coord", "if", "neg", "question"])
OPENING = frozenset(
    [
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
    ]
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

PLAIN = Reading()
CAPITAL = Entry("capital", "")


class Names:
    """Finds names in a list of analysed words. A line in which nearly every word has a capital decides nothing."""

    def __init__(self, words: list[Word], names: Gazetteer, known: dict[str, str]) -> None:
        self.words = words
        self.names = names
        self.nouns = names.pack.nouns
        self.known = known  # names of people learnt in this article: last word, folded -> full name
        self.matches: dict[int, Match | None] = {}
        self.possessives = names.pack.possessives
        self.capitalised = capitalised_lines(words)
        self.headed = self._headed_by_class()
        self.found: list[Mention] = []
        self.full: frozenset[str] | None = None  # people whom the article names in full; None while that is not known
        self.short: dict[str, Mention] = {}  # short form in brackets, learnt in this article -> what it stands for
        self.families: dict[str, Mention] = {}  # last word of a known person's name -> where it stood in full
        self.governments: dict[str, tuple[Sense, ...]] = {}  # head word -> the state with which it was named last

    def _headed_by_class(self) -> dict[str, list[int]]:
        """Where head words of each class stand."""
        found: dict[str, list[int]] = {}
        for word in self.words:
            if "head" in word.categories and (hit := word.hit("head")) is not None:
                found.setdefault(self.nouns.heads[int(hit.entry.features)].cls, []).append(word.i)
        return found

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
        return Match(i, i + 1, senses, PLAIN) if senses else None

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

    def _name_end(self, i: int) -> int | None:
        match = self.match(i)
        if match is not None:
            return match.last if {s.cls for s in match.senses} <= {"Place", "State", "MilitaryBase"} else None
        return self.run(i) if self.words[i].capital and i not in self.capitalised else None

    def _skip(self, j: int) -> int:
        """Past a possessive mark or a hyphen."""
        while j < len(self.words) and (self.words[j].norm in self.possessives or self._hyphen(j)):
            j += 1
        return j

    def _hyphen(self, j: int) -> bool:
        return self.words[j].text == "-" and j > 0 and self.words[j].start == self.words[j - 1].end

    def possessive(self, j: int) -> bool:
        """True when word j is a possessive mark."""
        return j < len(self.words) and self.words[j].norm in self.possessives

    def nameable(self, j: int, *, first: bool) -> bool:
        """True for a word that can be part of a name that nobody knows."""
        word = self.words[j]
        if word.kind != "word" or not word.capital or word.norm in self.possessives:
            return False
        if not word.categories.isdisjoint(UNNAMEABLE) and not (word.has("time") and self._given(j)):
            return False
        opens = j == 0 or self.words[j - 1].kind == "break" or self.words[j - 1].text in '.!?:“"'
        if word.has("trigger", "say") and not first:
            return False
        if word.has("time") and self._given(j):
            return True
        common = word.has(
            "trigger", "verb", "say", "light", "control", "time", "aux", "current", "saynoun", "according", "former"
        )
        if common and (opens or first or j in self.capitalised):
            return False
        match = self.match(j)
        return match is None or all(s.cls == "Person" for s in match.senses)

    def _given(self, j: int) -> bool:
        """«Jan Kowalczyk»: a name of time before a word that only a family name can be."""
        after = self.words[j + 1] if j + 1 < len(self.words) else None
        return (
            after is not None
            and after.kind == "word"
            and after.capital
            and not after.hits
            and self.words[j].text
            not in self.names.pack.language.weekdays  # «on Monday Biden said», «on 5 May Putin …»
            and (j == 0 or self.words[j - 1].kind != "number")
            and j not in self.capitalised
        )

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

    def _counts(self, i: int, end: int) -> int:
        return sum(self.words[k].kind == "word" and self.words[k].capital for k in range(i, end))

    def person(self, first: int, last: int) -> Mention:
        """An unknown name taken for a person's."""
        words = self.words[first:last]
        core = " ".join(w.norm for w in words if w.text != "-")
        return Mention(
            first, last, words[0].start, words[-1].end, "Person", "unknown", PLAIN, name=(first, last), core=core
        )

    def thing(self, first: int, last: int) -> Mention:
        """An unknown name after an article: people's names take none, so an organization's."""
        made = self.person(first, last)
        made.cls = "Organization"
        return made

    def after_article(self, i: int, end: int) -> bool:
        """True for a name with an article that modifies no noun: «the White Helmets»."""
        if not i or not self.words[i - 1].has("article") or i in self.capitalised or self.possessive(end):
            return False
        after = self.words[end] if end < len(self.words) else None
        return (
            after is None
            or after.kind != "word"
            or after.has("prep", "coord", "time", "aux", "say", "open", "rel", "det", "trigger", "verb", "comp")
        )

    def shortened(self, i: int) -> Mention | None:
        """The short form of a name that the article has spelt out: the SDF."""
        word = self.words[i]
        full = self.short.get(word.norm) if word.text.isupper() else None
        if full is None or i in self.capitalised:
            return None
        return replace(full, first=i, last=i + 1, start=word.start, end=word.end, name=(i, i + 1), inner=[])

    def learnt(self, first: int, last: int) -> Mention | None:
        """A later mention, by family name alone, of somebody whom the article introduced in full."""
        if last - first > 1 and self._counts(first, last) > 1:
            return None
        full = self.known.get(self.words[last - 1].norm)
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

    def introduced(self, mention: Mention) -> bool:
        """A family name alone is somebody named in full, the only one so called, or the only leader."""
        if mention.kind != "family" or self.full is None:
            return True
        people = [s for s in mention.senses if s.cls == "Person"]
        chosen = [s for s in people if s.ref in (self.full or ())]
        if not chosen and (whole := self.families.get(self.words[mention.last - 1].norm)) is not None:
            chosen = list(whole.senses)  # Bill Clinton was named in full, and not she whom the name alone means
        elif not chosen and len({s.ref for s in people}) > 1:
            chosen = [s for s in people if self._leads(s.ref)]
        elif not chosen:
            chosen = people
        mention.senses = tuple(chosen)
        return len({s.ref for s in chosen}) == 1

    def _leads(self, ref: str) -> bool:
        record = self.names.world.records[ref]
        return isinstance(record, Person) and any(t.office in LEADERS for t in record.offices)

    def _somewhere(self, i: int, end: int) -> bool:
        """An unknown name after «in» or «near» is a place's."""
        outside = i - 1
        while outside >= 0 and (self._hyphen(outside) or self.words[outside].has("particle")):
            outside -= 1  # «captured al-Bab»
        prep = self.words[outside].hit("prep") if outside >= 0 else None
        local = prep is not None and prep.entry.lemma in self.marks("inside", "nearby", "whence")
        if not (local or (end - i == 1 and self._conquered(outside))) or i in self.capitalised or self.possessive(end):
            return False
        after = self.words[end] if end < len(self.words) else None
        return (
            after is None
            or after.kind != "word"
            or after.has("prep", "coord", "time", "aux", "say", "open", "rel", "det", "trigger", "verb")
        )

    def _conquered(self, k: int) -> bool:
        """True for a verb that takes a place as its object: an unknown name after «captured» is a place's."""
        if k < 0:
            return False
        rules = [rule for hit in self.words[k].hits for rule in hit.entry.rules if "verb" in hit.entry.features.split()]
        frames = self.names.pack.frames
        return any(frames[kind].rules[number].roles.get("place", "").split("|")[0] == "obj" for kind, number in rules)

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
        counted = before is not None and (before.kind == "number" or (before.has("det") and not before.has("article")))
        counted |= any(
            hit.entry.category == "det" and hit.last == match.first > first + 1
            for first in range(max(0, match.first - 4), match.first)
            for hit in self.words[first].hits
        )
        return (
            counted
            and word.norm.endswith("s")
            and not (after is not None and (after.text == "-" or after.has("head", "title")))
        )

    def marks(self, *cases: str) -> frozenset[str]:
        """Prepositions that mark one of these cases."""
        return self.names.pack.marks(*cases)

    def _nationals(self, mention: Mention) -> Mention:
        core = f"people {mention.ref() or self.words[mention.first].norm}"
        made = Mention(
            mention.first, mention.last, mention.start, mention.end, "Organization", "head", PLAIN, core=core
        )
        made.group, made.plural, made.collective = "people", True, True
        return made


def short_forms(words: list[Word], mentions: list[Mention]) -> dict[str, Mention]:
    """Short forms that stand in brackets after what they are short for: «the Syrian Democratic Forces (SDF)»."""
    found: dict[str, Mention] = {}
    for mention in mentions:
        k = mention.last
        if k + 2 >= len(words) or words[k].text != "(" or words[k + 2].text != ")" or mention.cls == "Person":
            continue
        word = words[k + 1]
        if word.text.isupper() and 1 < len(word.text) < 8 and mention.kind in {"name", "head", "unknown"}:
            found.setdefault(word.norm, mention)
    return found


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
