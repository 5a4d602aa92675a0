"""Names of people that the world data lacks, in a script without capitals: runs of words that only a name explains."""

from __future__ import annotations

from abc import ABC, abstractmethod

from kg.extraction.gazetteer import Gazetteer, Match
from kg.extraction.words import Reading, Word

SHORT = 3  # letters of a given name that may as well be part of another word
NAME_LIMIT = 4  # words of an unknown name, particles not counted
STOP_CATEGORIES = frozenset(
    [
        "prep",
        "comp",
        "rel",
        "open",
        "coord",
        "det",
        "if",
        "exchange",
        "question",
        "say",
        "relay",
        "light",
        "verb",
        "control",
        "permit",
        "trigger",
        "modal",
        "neg",
        "aux",
        "saypart",
        "saynoun",
        "according",
        "time",
        "own",
        "pair",
        "pronoun",
        "title",
        "head",
        "deputy",
        "portfolio",
        "former",
        "current",
        "counterpart",
        "transparent",
        "notname",
        "direction",
        "placehead",
        "controlnoun",
        "branch",
    ]
)


class UnknownNames(ABC):
    """The part of the noun-phrase reader that tells names from words."""

    words: list[Word]
    names: Gazetteer
    runs: dict[tuple[int, int, bool], tuple[int, int, bool]]  # what `_run` found: it does not change in an article
    leading: dict[int, Reading | None]  # the reading of a word that is a given name at the head of a full one

    @abstractmethod
    def match(self, i: int) -> Match | None:
        """The known name that begins at word i."""

    def patronymic(self, word: Word) -> bool:
        """True for the particle between a name and the father's."""
        return word.has("patronymic") and word.kind == "word"

    def given(self, word: Word, *, doubtful: bool = False) -> bool:
        """True for a given name; `doubtful` admits those that are common words as well."""
        pack, norm = self.names.pack, word.norm
        known = norm in pack.given_names
        if not known and not (doubtful and not pack.doubtful_given_names.isdisjoint((norm, word.text))):
            return False
        other = any(hit.reading.cost == 0 and hit.entry.category in STOP_CATEGORIES for hit in word.hits)
        if doubtful and (word.text if other else norm) in pack.doubtful_given_names:
            return True
        if other and doubtful and known and len(norm) > SHORT:
            return word.i + 1 < len(self.words) and self._family(self.words[word.i + 1])
        return known and not other

    def _family(self, word: Word) -> bool:
        """True for a word that is a given name or a definite one which the vocabulary does not explain."""
        definite = any(r.definite and r.cost == 0 for r in word.readings)
        return word.norm in self.names.pack.given_names or (definite and not word.hits and not self.common(word))

    def unknown_name(self, i: int, least: int = 2) -> int | None:
        """Where a run of words beside a title that only a name can explain ends; None when there is none at i."""
        end, count, sure = self._run(i, 0, sure=False)
        if count == 1 and sure and self.given(self.words[i]) and end < len(self.words) and self._plain(self.words[end]):
            return end + 1  # وزير الزراعة عصام فايد
        return end if count >= least and sure else None

    def _plain(self, word: Word) -> bool:
        """A word without anything attached that is no verb, title or the like, be it common or not."""
        if word.kind != "word" or word.hits or len(word.norm) < SHORT:
            return False
        common = self.names.pack.common
        attached = any(r.cost > 1 and r.bare in common and len(r.bare) > SHORT for r in word.readings)
        if word.norm[:-1] in common:
            return False  # أمرا: an ending
        marks = self.names.pack.language.indefinite_marks
        match = self.match(word.i)
        other = match is not None and match.senses[0].cls != "Person"
        return not attached and not other and not any(mark in word.text for mark in marks)

    def named(self, i: int) -> tuple[int, Reading] | None:
        """A run that is somebody without any title, a given name with a name after it: its end, what is attached."""
        if i not in self.leading:
            self.leading[i] = next((r for r in self.words[i].readings if self._leads(i, r)), None)
        reading = self.leading[i]
        if reading is None:
            return None
        end, count, _ = self._run(i + 1 + self._servant(i), 1, sure=True)
        return (end, reading) if count > 1 else None

    def _run(self, j: int, count: int, *, sure: bool) -> tuple[int, int, bool]:
        """The end of the run of name words from word j, how many they are, and whether one of them is surely a name."""
        found = self.runs.get((j, count, sure))
        if found is None:
            found = self.runs[j, count, sure] = self._read_run(j, count, sure=sure)
        return found

    def _read_run(self, j: int, count: int, *, sure: bool) -> tuple[int, int, bool]:
        while j < len(self.words) and count < NAME_LIMIT:
            word = self.words[j]
            if word.text == "-" and count:
                j += 1
                continue
            if self._servant(j):
                j, count, sure = j + 2, count + 1, True
                continue
            if word.has("particle") and any(h.entry.category == "particle" and not h.reading.cost for h in word.hits):
                count += word.has("kunya")
                j += 1
                continue
            given = self.given(word, doubtful=count > 0 or self._followed(j))
            if not given and not self._nameable(word, first=count == 0, doubt=count < 2, after=sure):
                break
            sure = sure or given or not self._doubtful(word)
            count += 1
            j += 1
            if word.readings and any(r.definite and r.cost == 0 for r in word.readings):
                if j < len(self.words) and self.words[j].has("particle"):
                    continue
                break
        while j > 1 and (self.words[j - 1].text == "-" or self._dangles(self.words[j - 1])):
            j -= 1
        return j, count, sure

    def _leads(self, i: int, reading: Reading) -> bool:
        """True where the word, so read, is a given name that begins a full name."""
        word, after = self.words[i], self.words[i + 1] if i + 1 < len(self.words) else None
        if after is None or after.kind != "word" or reading.enclitic or reading.future:
            return False
        if reading.cost:
            given = reading.stem in self.names.pack.given_names and len(reading.stem) > SHORT
            return given and word.norm not in self.names.name_words and not word.hits
        if self.given(word) or self._servant(i):
            return True
        if self.patronymic(after) and not any(
            h.entry.category in STOP_CATEGORIES for h in word.hits if not h.reading.cost
        ):
            return True
        return self.given(word, doubtful=True) and self.given(after)

    def _servant(self, i: int) -> bool:
        """عبد الرحمن: two words that are one given name."""
        hit = self.words[i].hit("servant")
        after = self.words[i + 1] if i + 1 < len(self.words) else None
        if hit is None or hit.reading.cost or after is None or after.kind != "word":
            return False
        return after.norm.startswith(self.names.pack.fold(self.names.pack.language.clitics.article))

    def _dangles(self, word: Word) -> bool:
        """True for a particle of names that no name follows."""
        return word.has("particle") and not self.given(word, doubtful=True) and word.norm not in self.names.name_words

    def _followed(self, i: int) -> bool:
        """True when the word after word i may go on with a name; an adverb of time or a preposition does not."""
        after = self.words[i + 1] if i + 1 < len(self.words) else None
        return after is not None and (after.categories.isdisjoint(STOP_CATEGORIES) or self.given(after, doubtful=True))

    def _doubtful(self, word: Word) -> bool:
        """True for a word that may as well be a verb or carry a preposition, unless it is part of a known name."""
        initials = tuple(self.names.pack.language.doubtful_initials)
        known = word.norm in self.names.name_words or self.given(word, doubtful=True)
        return not known and word.norm.startswith(initials)

    def common(self, word: Word) -> bool:
        """True for a word that the vocabulary explains, with or without what is attached to it."""
        common, pointing = self.names.pack.common, self.names.pack.lexicon.agreement
        if common.isdisjoint(word.forms):
            return False
        free = (r for r in word.readings if len(r.enclitic) != 1 or r.enclitic in pointing)  # رحيمي is a name
        return any(r.bare in common or r.stem in common for r in free)

    def _nameable(self, word: Word, first: bool, doubt: bool = False, after: bool = False) -> bool:
        """True for a word that may be part of a name. `doubt`: it may look like a verb; `after`: a name precedes."""
        if word.kind != "word" or not word.categories.isdisjoint(STOP_CATEGORIES):
            return False
        if any(mark in word.text for mark in self.names.pack.language.indefinite_marks):
            return False
        known = word.norm in self.names.name_words
        if len(word.norm) < SHORT and not known:
            return False
        definite = any(r.definite and r.cost == 0 for r in word.readings)
        clitic = self.names.pack.language.clitics
        if not first and any(word.norm.startswith(c) and len(word.norm) > 4 for c in clitic.conjunctions):
            return False
        if not known and (self._owned_noun(word) or (self.common(word) and not (definite and after))):
            return False
        if self._doubtful(word) and (not doubt or definite):
            return False
        match = self.match(word.i)
        attached = match is not None and (match.reading.cost > 0 or any(s.cls == "State" for s in match.senses))
        return not (first and definite) and not attached

    def _owned_noun(self, word: Word) -> bool:
        """أداعبها، حفيدتهم: a word that ends as with a pronoun of two letters or more."""
        endings = tuple(e for e in self.names.pack.lexicon.agreement if len(e) > 1)
        return bool(endings) and len(word.norm) > SHORT + 1 and word.norm.endswith(endings)
