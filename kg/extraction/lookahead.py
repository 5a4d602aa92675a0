"""What the words that follow say of a word, for languages with the subject before the verb."""

from __future__ import annotations

from kg.extraction.forms import form
from kg.extraction.mentions import Mention
from kg.extraction.words import Sentence, Word
from kg.language import Pack

NOMINAL = frozenset((
    "saynoun", "controlnoun", "lightnoun", "title", "head", "portfolio", "current", "former", "branch",
    "placehead", "transparent", "modal", "notname", "homograph",
))  # fmt: skip


class Lookahead:
    """Looks at hits and mentions only, never at classes that are already decided."""

    words: list[Word]
    sentence: Sentence
    within: dict[int, Mention]
    pack: Pack
    possessives: frozenset[str]

    def _number(self, k: int) -> bool:
        return k < self.sentence.last and (self.words[k].kind == "number" or self.words[k].has("det"))

    @staticmethod
    def _verbal(word: Word) -> bool:
        return word.has("aux") or any(form(hit) in {"third", "past", "base"} for hit in word.hits)

    def _infinitive(self, k: int) -> bool:
        """True when a verb in its base form follows, adverbs left out."""
        while k < self.sentence.last and k not in self.within and self._adverb(self.words[k]):
            k += 1
        if k >= self.sentence.last or k in self.within:
            return False
        word = self.words[k]
        if any(hit.entry.features == "bare" or form(hit) == "base" for hit in word.hits):
            return True
        after = self.words[k + 1] if k + 1 < self.sentence.last else None
        unknown = word.kind == "word" and not word.hits and not word.capital
        return unknown and after is not None and after.has("article", "pronoun")  # «to heed the»

    def _verb_follows(self, k: int) -> bool:
        """True when have or do is an auxiliary: a participle or base form follows."""
        if k in self.within and self.words[self.sentence.last - 1].text == "?":
            k = self.within[k].last  # «has Germany refused?»
        while (
            k < self.sentence.last
            and k not in self.within
            and (self._adverb(self.words[k]) or self.words[k].has("neg", "open"))
        ):
            k = max((hit.last for hit in self.words[k].hits if hit.entry.category == "time"), default=k + 1)
        if k >= self.sentence.last or k in self.within:
            return False
        word = self.words[k]
        forms = {form(hit) for hit in word.hits}
        known = bool(forms & {"participle", "base"}) or any(hit.entry.features == "perfect" for hit in word.hits)
        return known or ("".join(forms) == "" and self._ending(word) == "past")

    def _adverb(self, word: Word) -> bool:
        return word.has("time") or (
            not word.hits and any(word.norm.endswith(end) for end in self.pack.language.adverb_ends)
        )

    def _ending(self, word: Word) -> str:
        if word.capital or word.hits or len(word.norm) < 5:
            return ""
        return next((name for end, name in self.pack.language.verb_ends.items() if word.norm.endswith(end)), "")

    def _clause_ahead(self, k: int) -> bool:
        """True when subject and finite verb follow before a comma: «after he met», not «after the meeting»."""
        seen = False
        for j in range(k, min(k + 9, self.sentence.last)):
            word = self.words[j]
            if j in self.within:
                seen = True
                continue
            if word.kind == "punct" and word.norm not in self.possessives and word.text != "-":
                return False
            if seen and (aux := word.hit("aux")) and aux.entry.features != "to":
                return True
            joint = word.has("coord") and j - 1 in self.within and j + 1 in self.within  # «after X and Y met»
            if word.has("rel", "comp", "coord") and seen and not joint:
                return False
            if seen and any(form(hit) in {"third", "past"} for hit in word.hits) and not self._noun(word):
                return not self.words[j - 1].has("det")
            if any(form(hit) == "gerund" for hit in word.hits):
                return False
            seen = True
        return False

    @staticmethod
    def _noun(word: Word) -> bool:
        return any(
            h.entry.category in NOMINAL or (h.entry.category == "trigger" and "noun" in h.entry.features.split())
            for h in word.hits
        )

    def _finite_at(self, k: int) -> bool:
        """True for an auxiliary, or a form that can only be a finite verb, at word k."""
        if k >= self.sentence.last or k in self.within:
            return False
        aux = self.words[k].hit("aux")
        return aux.entry.features != "to" if aux else any(form(h) in {"past", "third"} for h in self.words[k].hits)

    def _genitive_at(self, k: int) -> bool:
        hit = self.words[k].hit("prep") if k < self.sentence.last else None
        return hit is not None and hit.entry.lemma in self.pack.marks("genitive")

    def _np_goes_on(self, k: int) -> bool:
        """True when word k can go on with a noun phrase: an unknown word, an adjective, a noun."""
        if k >= self.sentence.last:
            return False
        if k in self.within:
            return True
        word = self.words[k]
        if word.kind != "word" or word.has("prep", "aux", "rel", "comp", "coord", "det", "pronoun", "open", "if"):
            return False
        return (not word.hits and not self._adverb(word)) or self._noun(word) or word.has("current")

    def _bare_object(self, k: int) -> bool:
        """«Mali cut ties with», «Iran shut schools»: a noun that no verb follows."""
        for j in range(k, self.sentence.last):
            word = self.words[j]
            if j > k and (word.kind == "punct" or word.has("prep", "open", "coord", "if", "rel")):
                return True
            if word.kind != "word" or word.has("aux", "prep", "open", "coord", "rel", "comp") or self._adverb(word):
                return False
            if any(form(hit) in {"past", "third"} for hit in word.hits) and not self._noun(word):
                return False
        return False

    def _object_follows(self, k: int) -> bool:
        if k >= self.sentence.last:
            return False
        word = self.words[k]
        if k in self.within or word.has("det", "pronoun") or word.kind == "number":
            return True
        return (
            word.has("comp")
            or any(form(hit) == "gerund" for hit in word.hits)
            or word.has("current", "portfolio", "transparent")
            or (
                any(h.entry.category == "aux" and h.entry.features == "to" for h in word.hits)
                and self._infinitive(k + 1)
            )
        )
