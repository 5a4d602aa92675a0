"""What governs a mention: its preposition, the conjunction that ties it to the mention before."""

from __future__ import annotations

from kg.extraction.mentions import Mention
from kg.extraction.words import COMMA, Sentence, Word
from kg.language import Pack

SAID = 10  # words between a verb of saying and what is expressed
QUOTES = frozenset("«»“”\"'‘’")


class Government:
    """The mentions of a sentence with their prepositions and the groups that they are coordinated in."""

    def __init__(self, words: list[Word], sentence: Sentence, mentions: list[Mention], pack: Pack) -> None:
        self.words, self.sentence, self.pack = words, sentence, pack
        self.mentions = mentions
        self.svo = pack.language.word_order == "SVO"
        self.within = {k: m for m in mentions for k in range(m.first, m.last)}
        self.groups: dict[int, list[Mention]] = {}
        self.exchanges = [k for k in range(sentence.first, sentence.last) if "exchange" in words[k].categories]
        self.present: dict[tuple[int, int], frozenset[str]] = {}  # forms of a stretch, kept by `circumstances`
        self.shared: dict[
            tuple[int, frozenset[str]], int | None
        ] = {}  # clauses that tell of one deed, kept by `subjects`

    def _govern(self) -> None:
        before: Mention | None = None
        for mention in self.mentions:
            if mention.adjective and self._nominal(mention, before):
                mention.kind = "people"
            if mention.adjective:
                continue
            mention.prep = mention.reading.prep or self._preposition(mention.first - 1)
            if before is not None and self._coordinated(before, mention):
                group = self.groups.setdefault(id(before), [before])
                group.append(mention)
                self.groups[id(mention)] = group
                mention.prep = mention.prep or before.prep
            before = mention

    def _nominal(self, mention: Mention, before: Mention | None) -> bool:
        """«بين إسرائيل والفلسطينيين»: a demonym that modifies nothing stands for its people."""
        if self.svo:
            return False
        if mention.reading.prep or self._preposition(mention.first - 1):
            return True
        number = self.words[mention.first - 1].hit("det") if mention.first > self.sentence.first else None
        if number is not None and not number.reading.cost:
            return True  # خمسة أمريكيين، آلاف الأردنيين
        counted = mention.first > self.sentence.first and self.words[mention.first - 1].kind == "number"
        if counted and not mention.reading.definite and not mention.reading.conj:
            return True  # 18 حوثيا
        if self._plural(mention) and self._heads_clause(mention.first):
            return True  # وعد الفلسطينيون، إن الإيرانيين
        return mention.reading.conj and before is not None and before.last == mention.first and bool(before.prep)

    def _plural(self, mention: Mention) -> bool:
        """الإيرانيون: a definite plural in the form of people."""
        forms = (f for rule in self.pack.language.demonym_forms for f in rule.add.items())
        ends = tuple({end for end, mark in forms if mark == "m p"})
        return mention.reading.definite and self.words[mention.last - 1].norm.endswith(ends)

    def _heads_clause(self, k: int) -> bool:
        """True where word k begins a sentence or clause, or stands right after a verb."""
        if k == self.sentence.first:
            return True
        hits = [h for h in self.words[k - 1].hits if h.last == k and not h.reading.cost]
        verb = any("perfect" in h.entry.features or "imperfect" in h.entry.features for h in hits)
        return verb or any(h.entry.category in {"comp", "say"} for h in hits)

    def _preposition(self, k: int) -> str:
        """Canonical preposition at word k, looking back over transparent nouns and determiners."""
        steps = 0
        while k >= self.sentence.first and steps < 3:
            k = self._phrase_start(k)
            word = self.words[k]
            hit = word.hit("transparent", "det", "current", "honorific", "lightnoun")
            if hit and hit.reading.prep:
                return hit.reading.prep
            if word.has("definite") and not self.svo and self._stands_alone(k):
                return ""
            if hit or word.text in QUOTES:
                k, steps = k - 1, steps + 1
                continue
            central = word.hit("direction") if word.has("prep") and self._names_place(k + 1) else None
            if central is not None and not self.words[k - 1].has("prep"):
                return central.reading.prep or self.pack.lexicon.prepositions["@place"][0]  # وسط لندن، بوسط لندن
            if word.has("direction") and k > self.sentence.first and self.words[k - 1].has("prep"):
                k, steps = k - 1, steps + 1  # في وسط لندن
                continue
            found = None if self._says(k) else word.hit("prep")
            if found and found.reading.enclitic:
                return ""  # «عنه»: its object is the pronoun
            alone = found.entry.lemma if found and found.last == k + 1 else ""
            return self._phrase_preposition(k) or alone  # «من قبل» is more than «قبل»
        return ""

    def _names_place(self, k: int) -> bool:
        """True where a place is named at word k."""
        mention = self.within.get(k)
        return mention is not None and mention.first == k and mention.cls == "Place" and not self.svo

    def in_count(self, k: int) -> bool:
        """ما لا يقل عن 30 مدنيا: word k is inside a phrase that says how many."""
        first = max(self.sentence.first, k - 4)
        return any(
            h.entry.category == "count" and h.last > k
            for w in self.words[first:k]
            if "count" in w.categories
            for h in w.hits
        )

    def _vowelled_passive(self, k: int) -> bool:
        """قُتل: written with the vowel of a passive."""
        vowel = self.pack.language.passive_vowel
        return vowel != "" and vowel in self.words[k].text[:4]

    def _in_name(self, k: int) -> bool:
        """سعود بن فيصل: what follows a particle of names is no verb, even if it looks like one."""
        before = self.words[k - 1] if k > self.sentence.first else None
        return (
            before is not None and before.has("particle", "honorific") and not before.has("neg", "if", "coord", "aux")
        )

    def _says(self, k: int) -> bool:
        """«عبر الملك عن …»: a verb of saying at the head of a sentence that is spelt like a preposition."""
        sources = self.pack.marks("source")
        later = self.words[k + 1 : min(self.sentence.last, k + 1 + SAID)]
        first = k == self.sentence.first and not self.svo and self.words[k].has("say")
        return first and any(h.entry.lemma in sources for w in later for h in w.hits if h.entry.category == "prep")

    def _stands_alone(self, k: int) -> bool:
        """عقب ذلك عقد …: a pointing word that no definite noun follows is a phrase of its own."""
        after = self.words[k + 1] if k + 1 < self.sentence.last else None
        return after is None or not any(r.definite and not r.cost for r in after.readings)

    def _phrase_start(self, k: int) -> int:
        """The first word of a determiner of several words that ends at word k: كل من."""
        for first in range(max(self.sentence.first, k - 2), k):
            if self.words[first].has("det", "transparent") and any(
                h.last == k + 1 and h.entry.category in {"det", "transparent"} for h in self.words[first].hits
            ):
                return first
        return k

    def _phrase_preposition(self, k: int) -> str:
        """A preposition of several words that ends at word k: بالنسبة إلى, according to."""
        for first in range(max(self.sentence.first, k - 3), k):
            hit = self.words[first].hit("prep")
            if hit and hit.last == k + 1:
                return hit.entry.lemma
        return ""

    def _coordinated(self, a: Mention, b: Mention) -> bool:
        gap = [w for w in self.words[a.last : b.first] if w.text not in QUOTES and not self._parenthetic(w.i)]
        if b.reading.conj and b.reading.prep in {"", a.prep} and (not gap or all(w.text in COMMA for w in gap)):
            return True
        carried = gap[0].hit("transparent") if gap else None
        if len(gap) == 1 and carried is not None and carried.reading.conj and carried.reading.prep in {"", a.prep}:
            return True  # الجيش ومسلحي الجبهة
        if not gap or len(gap) > 2 or not all(w.has("coord") or w.text in COMMA for w in gap):
            return False
        if any(w.has("coord") for w in gap):
            return True
        nxt = self.groups_ahead(b)
        return nxt and a.kind != "title"

    def _parenthetic(self, k: int) -> bool:
        """بين الجيش من جهة والفصائل من جهة أخرى: word k belongs to an adverb of several words."""
        first = max(self.sentence.first, k - 2)
        hits = (h for w in self.words[first : k + 1] for h in w.hits if h.last - h.first > 1 and h.last > k)
        return not self.svo and any(h.entry.category == "time" for h in hits)

    def groups_ahead(self, b: Mention) -> bool:
        """After a comma a list goes on only if a conjunction follows: A, B and C."""
        later = [m for m in self.mentions if m.first >= b.last][:1]
        if not later:
            return False
        gap = self.words[b.last : later[0].first]
        return (not gap and later[0].reading.conj) or (0 < len(gap) <= 2 and any(w.has("coord") for w in gap))

    def group(self, mention: Mention) -> list[Mention]:
        """The mention with those coordinated after it."""
        group = self.groups.get(id(mention), [mention])
        return group[group.index(mention) :] if mention in group else [mention]

    def led_by(self, mention: Mention, heads: list[str]) -> bool:
        """True when the mention has one of the head words, be it a known name: القوات الفرنسية في …."""
        folded = {self.pack.fold(head) for head in heads}
        if mention.kind != "name" or self.svo:
            return mention.group in folded and mention.kind != "bare"
        hits = self.words[mention.first].hits
        beside = mention.last < self.sentence.last and self.words[mention.last].has("prep")
        return beside and any(h.entry.category == "head" and h.entry.lemma in folded for h in hits)

    def _somebody(self, k: int) -> bool:
        """«قتل طالب سعودي»: a student, spelt like the verb, for an indefinite adjective or a verb stands beside it."""
        if not self.words[k].has("homograph"):
            return False
        after = self.within.get(k + 1)
        if after is not None and after.adjective and after.first == k + 1 and not after.plural:
            first = self.words[k + 1]
            return not first.readings[0].definite and not first.norm.endswith(tuple(self._people_ends()))
        before = self.words[k - 1] if k > self.sentence.first and k - 1 not in self.within else None
        verbs = [h.entry.features.split() for h in before.hits if h.reading.cost == 0] if before is not None else []
        return bool(verbs) and all({"perfect", "imperfect"} & set(form) for form in verbs)

    def _people_ends(self) -> list[str]:
        """Endings of several people: ون، ين."""
        ends = (e for rule in self.pack.language.noun_forms for e, mark in rule.add.items() if mark == "people")
        return [self.pack.fold(end) for end in ends if len(end) > 1]
