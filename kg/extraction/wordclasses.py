"""Which class every word of a sentence has in its context, for languages with the subject before the verb.

M mention · N noun · J adjective · D determiner · O possessive pronoun · I pronoun · # number · S possessive mark ·
P preposition · V verb · G gerund · A auxiliary · T infinitive mark · NEG · R adverb · C coordinator ·
THAT complementizer · REL relative · SUB subordinator · IF condition · Q quotation mark · X other punctuation.
An unknown word is a noun.
"""

from __future__ import annotations

import unicodedata

from kg.extraction.forms import VERBAL, form
from kg.extraction.lookahead import Lookahead
from kg.extraction.mentions import Mention
from kg.extraction.words import Sentence, Word
from kg.language import Pack

QUOTES = frozenset('«»“”"‘')
PHRASES = {
    "prep": "P", "coord": "C", "open": "SUB", "if": "IF",
    "comp": "THAT", "time": "R", "det": "D", "exchange": "P", "modal": "R",
}  # fmt: skip


class WordClasses(Lookahead):
    """Classes of the words of one sentence, decided from left to right."""

    def __init__(self, words: list[Word], sentence: Sentence, within: dict[int, Mention], pack: Pack) -> None:
        self.words, self.sentence, self.within, self.pack = words, sentence, within, pack
        self.possessives, self.dates = pack.possessives, pack.date_names
        self.tags: dict[int, str] = {}
        self.prepositions: dict[int, str] = {}  # last word of a preposition -> what it is called
        k = sentence.first
        while k < sentence.last:
            k = self._phrase(k) or self._word(k)

    def at(self, k: int) -> str:
        """The class of word k; empty outside the sentence."""
        return self.tags.get(k, "")

    def before(self, k: int) -> str:
        """The class of the word before k, adverbs, dates, negators and quotation marks left out."""
        k -= 1
        while self.at(k) in {"R", "NEG", "Q"}:
            k -= 1
            if self.at(k) == "P" and self.words[k + 1].norm in self.dates:
                k -= 1  # «denied on Monday that …»
        return self.at(k)

    def _phrase(self, k: int) -> int | None:
        """A function phrase of several words: in order to, on behalf of, even though."""
        if k in self.within:
            return None
        for hit in self.words[k].hits:
            if hit.last - k < 2:
                break
            if any(j in self.within for j in range(k, hit.last)) or hit.last > self.sentence.last:
                continue
            if self.words[k].has("direction") and self.at(k - 1) in {"D", "C"}:
                continue  # «the west and south of Homs», not «a town south of Homs»
            tag = PHRASES.get(hit.entry.category)
            if hit.entry.category == "aux":
                tag = "T" if hit.entry.features == "to" else "A"
            elif hit.entry.category == "neg":
                tag = "D" if hit.entry.features == "noun" else "NEG"
            if tag is None:
                if hit.entry.category in VERBAL | {"own", "according", "saypart", "controlnoun"}:
                    return None
                continue
            for j in range(k, hit.last):
                self.tags[j] = tag
            if tag == "P":
                self.prepositions[hit.last - 1] = hit.entry.lemma
            return hit.last
        return None

    def _word(self, k: int) -> int:
        self.tags[k] = self._class(k)
        if self.tags[k] == "P" and (hit := self.words[k].hit("prep")):
            self.prepositions[k] = hit.entry.lemma
        return k + 1

    def _class(self, k: int) -> str:
        word = self.words[k]
        if k in self.within:
            return "M"
        if word.norm in self.possessives:
            return "A" if self.at(k - 1) == "I" else "S"
        if word.kind == "number" or unicodedata.category(word.text[0]) == "Sc":
            return "#"
        if word.kind != "word":
            return "Q" if word.text in QUOTES else "X"
        if self.compound(k):
            return "J"
        aux = word.hit("aux")
        dated = word.capital and k > self.sentence.first and word.norm in self.dates  # «in May»
        if aux is not None and not dated and self.at(k - 1) not in {"D", "O", "S"}:
            if aux.entry.features == "to":
                return "T" if self._infinitive(k + 1) else "P"
            if aux.entry.features not in {"have", "do", "get"} or self._verb_follows(k + 1):
                return "A"
        return self._function(k, word) or self._verb_or_noun(k, word)

    def compound(self, k: int) -> bool:
        """The second part of a word with a hyphen: rebel-held, US-backed."""
        if (
            k - 2 < self.sentence.first
            or self.words[k - 1].text != "-"
            or self.words[k - 1].start != self.words[k - 2].end
        ):
            return False
        return self.words[k].start == self.words[k - 1].end and bool(
            {form(h) for h in self.words[k].hits} & {"past", "participle", "gerund"} or self._ending(self.words[k])
        )

    def _function(self, k: int, word: Word) -> str:
        pronoun = word.hit("pronoun")
        if pronoun is not None:
            return "O" if "own" in pronoun.entry.features else "I"
        if word.has("comp"):
            return self._that(k)
        if word.has("rel"):
            return "REL"
        if word.has("neg"):
            return "D" if word.hit("neg").entry.features == "noun" else "NEG"  # type: ignore[union-attr]
        if self._pointed_time(k, word):
            return "R"
        if word.has("if"):
            return "IF"
        if word.has("coord"):
            return "C"
        if word.has("open") and self.at(k - 1) == "A":
            return "R"
        if word.has("open"):
            return "SUB" if not word.has("prep") or self._clause_ahead(k + 1) else "P"
        if word.has("det") and not (word.has("prep") and not self._number(k + 1)):
            return "D"
        if word.has("prep") and not (word.has("verb") and self.at(k - 1) in {"I", "T", "A"}):
            return "P"
        return ""

    def _pointed_time(self, k: int, word: Word) -> bool:
        """Next Tuesday, last month."""
        language = self.pack.language
        after = self.words[k + 1] if k + 1 < self.sentence.last else None
        if after is None or not after.has("time"):
            return False
        return word.norm in language.next_words or word.norm in language.last_words

    def _that(self, k: int) -> str:
        """That-clause after a verb or noun of saying, relative clause after another noun, determiner before a noun."""
        before = self.before(k)
        after = self.words[k + 1] if k + 1 < self.sentence.last else None
        if after is None or before == "":
            return "D"
        verb = self._verbal(after) and k + 1 not in self.within
        if before in {"N", "M"}:
            return (
                "REL"
                if verb
                or (
                    after.has("pronoun")
                    and before == "N"
                    and not self.words[k - 1].has("saynoun", "trigger", "controlnoun")
                )
                else "THAT"
            )
        if before == "P":
            return "D"
        return "THAT"

    def _verb_or_noun(self, k: int, word: Word) -> str:
        forms = {form(hit) for hit in word.hits} - {""}
        if word.text.isupper() and len(word.text) > 1:
            return "N"
        if not forms and self.before(k) == "T":
            return "V"
        if not forms:
            ending = self._ending(word)
            if ending:
                forms = {"past", "participle"} if ending == "past" else {ending}
            elif word.has("current", "former", "portfolio", "deputy", "branch", "direction"):
                return "J" if self._np_goes_on(k + 1) else "R" if word.has("time", "direction") else "N"
            elif self._adverb(word):
                inside = word.has("time") and self.at(k - 1) in {"D", "O", "S"} and self._np_goes_on(k + 1)
                return "J" if inside else "R"  # «its first overseas base»
            elif word.has("modal"):
                return "R" if not self._np_goes_on(k + 1) else "J"
            else:
                return "N"
        before = self.before(k)
        noun = self._noun(word)
        if before in {"D", "O", "S", "J", "#"}:
            return self._after_determiner(k, forms, noun, before)
        if before == "T":
            return "V" if "base" in forms else "N"
        if before == "A":
            return "V" if forms & {"gerund", "participle", "past", "base"} else "N"
        if before in {"I", "REL"}:
            return "V" if forms & {"base", "third", "past"} else "G" if "gerund" in forms else "N"
        if forms == {"gerund"}:
            alone = before in {"", "V"} and k + 1 < self.sentence.last and self.words[k + 1].has("prep", "coord")
            deed = before == "M" and self._finite_at(k + 1)  # «Syrian shelling killed»
            return "N" if noun and (alone or deed or self._genitive_at(k + 1) or self._one_deed(k)) else "G"
        if before == "V" and noun and not forms & {"past", "participle"}:
            return "N"
        if before == "P":
            return (
                "J"
                if forms <= {"past", "participle"} and self._np_goes_on(k + 1)
                else "N"
                if noun or "base" in forms or "third" in forms
                else "V"
            )
        if forms & {"past", "participle"} and not (noun and "base" in forms):
            return "V"
        if not noun:
            return "V" if not self._adverb(word) or self._object_follows(k + 1) else "R"
        return self._ambiguous(k, forms, before)

    def _one_deed(self, k: int) -> bool:
        """«A White House meeting with»: an indefinite article before the name makes the gerund after it a noun."""
        mention = self.within.get(k - 1)
        article = self.words[mention.first - 1] if mention is not None and mention.first > self.sentence.first else None
        return article is not None and article.has("article") and not article.has("definite")

    def _after_determiner(self, k: int, forms: set[str], noun: bool, before: str) -> str:
        j = k - 1
        while self.at(j) in {"R", "NEG", "Q"}:
            j -= 1
        pointing = before == "D" and self.words[j].has("det") and not self.words[j].has("article")
        if (before == "#" or pointing) and not noun and forms & {"past", "third"}:
            return "V"
        if before == "J" and not noun and forms & {"past", "third"} and not self._np_goes_on(k + 1):
            return "V"
        if forms <= {"past", "participle", "gerund"}:
            if self._np_goes_on(k + 1):
                return "J"
            return "N" if "gerund" in forms or before != "S" else "V"
        return "N"

    def _wished(self, k: int) -> bool:
        """«Demanded that Iran leave the area», «that Iran and Iraq work together»: what is asked, in the base form."""
        mention, joined = self.within.get(k - 1), False
        while mention is not None:
            start = mention.first
            while self.at(start - 1) in {"D", "J", "O"}:
                start -= 1
            if self.at(start - 1) == "A" and self.words[self.sentence.last - 1].text == "?":
                return True  # «Should Turkey leave the alliance?»
            if self.at(start - 1) == "THAT":
                return joined or self._object_follows(k + 1)
            joined = self.at(start - 1) == "C"
            mention = self.within.get(start - 2) if joined else None
        return False

    def _ambiguous(self, k: int, forms: set[str], before: str) -> str:
        """Words that are verb and noun (visits, attack): the subject before and the object after decide."""
        if before == "C":
            j = k - 1
            while self.at(j) in {"C", "R", "X", "NEG"}:
                j -= 1
            while self.at(j) not in {"V", "T", "", "X", "P"}:
                j -= 1
            return "V" if self.at(j) == "V" and self.at(j - 1) in {"T", "A"} and self._object_follows(k + 1) else "N"
        if "base" in forms and self._wished(k):
            return "V"
        if before == "M" and {"past", "base"} <= forms and self._bare_object(k + 1):
            return "V"
        if before not in {"M", "N"} or not self._object_follows(k + 1):
            return "N"
        if "past" in forms:
            return "V"
        while self.at(k - 1) in {"R", "NEG", "Q"}:
            k -= 1
        subject = self.within.get(k - 1)
        plural = (subject is not None and (subject.plural or subject.adjective)) or (
            subject is None and self.words[k - 1].norm.endswith("s")
        )
        if subject is not None and subject.adjective and not self.words[k - 1].norm.endswith("s"):
            return "N"
        if "third" in forms:
            return "N" if plural else "V"
        return "V" if plural and "base" in forms else "N"
