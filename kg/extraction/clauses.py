"""One sentence as clauses: predicates, mentions with what governs them, and the grammatical slots of a predicate.

There is no parser; news prose is regular enough for order, prepositions, clitics and clause openers. A slot that is not
certain stays empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kg.extraction.forms import is_nominal, joined
from kg.extraction.government import QUOTES as QUOTES
from kg.extraction.government import Government
from kg.extraction.mentions import Mention
from kg.extraction.words import COMMA, Hit, Sentence, Word
from kg.language import Pack

SHORT = 3  # letters of a perfect that may as well be a noun
COMMAS = frozenset("،,؛;:")
PREDICATES = ("trigger", "say", "relay", "light", "control", "permit", "verb", "saypart")
CARRIERS = ("light", "control", "permit")
UNGOVERNING = (  # what a bare mention may follow
    *PREDICATES, "comp", "rel", "open", "coord", "aux", "neg", "time", "modal", "question", "if", "transparent",
    "pronoun", "det",
)  # fmt: skip
RANK = {category: number for number, category in enumerate(PREDICATES)}
OPENERS = ("comp", "rel", "open", "if")


@dataclass(slots=True, eq=False)
class Predicate:
    """A verb, verbal noun or participle that may say something."""

    hit: Hit
    category: str
    verb: bool  # finite verb
    first: int
    last: int
    clause: int
    wants: frozenset[str] = frozenset()  # prepositions that its rules use
    subject: list[Mention] = field(default_factory=list)
    governor: Predicate | None = None  # light or control verb of a noun, reporting verb of a clause
    passive: bool = False
    says: bool = False  # the same word is a verb of saying
    carrier: Hit | None = None  # the same word as a light, control or permitting verb: what it makes of an act after it

    @property
    def features(self) -> str:
        return self.hit.entry.features


@dataclass(slots=True)
class Clause:
    """Words `[first, last)`; `opener` is the word that opened it: comp, rel, open, conj, part or start."""

    number: int
    first: int
    last: int
    opener: str
    parent: int = -1
    verb: Predicate | None = None
    question: bool = False


class Scene(Government):
    """A sentence with its clauses, predicates and governed mentions."""

    def __init__(self, words: list[Word], sentence: Sentence, mentions: list[Mention], pack: Pack) -> None:
        super().__init__(words, sentence, mentions, pack)
        self.clause_of: dict[int, int] = {}
        self.clauses: list[Clause] = []
        self.predicates: list[Predicate] = []
        self._finite_hits: dict[int, list[Hit]] = {}
        self.stances: dict[tuple[Predicate, int], Any] = {}  # of a predicate by one of its hits, kept by `stance`
        self._govern()
        self._split()
        self._predicates()

    # -- what governs a mention ---------------------------------------------------------------------------------

    def is_bare(self, mention: Mention) -> bool:
        """True when neither a preposition nor an unknown noun before it governs the mention."""
        if mention.prep or mention.adjective:
            return False
        group = self.groups.get(id(mention))
        if group and group[0] is not mention:
            return self.is_bare(group[0])
        k = mention.first - 1
        if mention.reading.conj or k < self.sentence.first:
            return True
        k = self._phrase_start(k)
        word = self.words[k]
        if (
            word.kind != "word"
            or k in self.within
            or (word.has("det") and self._phrase_start(mention.first - 1) == k < mention.first - 1)
        ):
            return True
        if word.has(*UNGOVERNING):
            return not (self._noun_trigger(word) and not self.svo)
        if self.svo:
            return True
        if any(h.entry.category == "prep" and h.reading.enclitic for h in word.hits):
            verb = self.predicate_at(k - 1)  # مصر التي استقبله فيها الرئيس: its object is the pronoun
            served = verb is not None and verb.verb and bool(verb.hit.reading.enclitic)
            return served or self.clauses[self.clause_of.get(k, 0)].opener != "rel"  # بدأ فيها الجيش
        return any(r.definite and not r.enclitic for r in word.readings if r.cost == 0)

    def _noun_trigger(self, word: Word) -> bool:
        predicate = self.predicate_at(word.i)
        participle = (
            predicate is not None and "participle" in predicate.features.split() and not predicate.hit.reading.definite
        )
        return (
            predicate is not None
            and not predicate.verb
            and not participle
            and predicate.category in {"trigger", "saypart"}
        )

    # -- clauses ---------------------------------------------------------------------------------------------------

    def _split(self) -> None:
        first, opener, k = self.sentence.first, "start", self.sentence.first
        while k < self.sentence.last:
            kind = self._opens(k, opener)
            if kind and k > first:
                self._close(first, k, opener)
                first, opener = k, kind
            elif kind:
                opener = kind
            hit = self.words[k].hit(kind) if kind in OPENERS else None
            k = max(k + 1, hit.last if hit else 0)
        self._close(first, self.sentence.last, opener)
        question = self.words[self.sentence.last - 1].text in "?؟"
        for clause in self.clauses:
            start = self.words[clause.first]
            clause.question = question or (start.has("question") and not start.has("if"))

    def _opens(self, k: int, current: str) -> str:
        word = self.words[k]
        if k in self.within:
            if self.within[k].first != k:
                return ""
        elif word.has(*OPENERS):
            return next(category for category in OPENERS if category in word.categories)
        elif word.has("saypart") and not self._finite(k):
            return "part"
        if self._finite(k) and self._conjoined(k):
            return "conj"
        if word.text in "؛;" or (word.text == ":" and not self.svo) or (word.text in COMMA and current == "rel"):
            return "start"
        return ""

    def _conjoined(self, k: int) -> bool:
        """True for a finite verb after a conjunction: it begins a clause of its own."""
        hit = self.words[k].hit(*PREDICATES)
        if hit and hit.reading.conj:
            return k > self.sentence.first
        before = self.words[k - 1] if k > self.sentence.first else None
        return bool(before and (before.has("coord") or (before.text in COMMA and not self.svo)))

    def _close(self, first: int, last: int, opener: str) -> None:
        clause = Clause(len(self.clauses), first, last, opener, len(self.clauses) - 1)
        self.clauses.append(clause)
        for k in range(first, last):
            self.clause_of[k] = clause.number

    # -- predicates ------------------------------------------------------------------------------------------------

    def _finite(self, k: int) -> bool:
        return k not in self.within and bool(self._verb_hits(k))

    def _verb_hits(self, k: int) -> list[Hit]:
        """The hits by which word k is a finite verb."""
        found = self._finite_hits.get(k)
        if found is None:
            hits = self.words[k].hits if self.words[k].has(*PREDICATES) else ()
            found = [hit for hit in hits if hit.entry.category in RANK and self._is_verb(k, hit)]
            self._finite_hits[k] = found
        return found

    def _is_verb(self, k: int, hit: Hit) -> bool:
        """A finite verb form that is not a noun here (طلب: he asked; the request)."""
        features = hit.entry.features
        if hit.reading.future:
            return "imperfect" in features
        if "perfect" not in features or hit.entry.category == "saypart":
            return False
        negated = k > self.sentence.first and self.words[k - 1].has("neg")
        if "jussive" in features.split() and not negated and not hit.reading.prep:
            return False  # «نشر» is «we indicate» only after a negation
        if self._vowelled_passive(k) and "perfect" in features and not hit.reading.prep:
            return True
        if self.words[k].has("time") and hit.last == k + 1 and not self._verb_position(k):
            return False  # فجر الخميس; but فجر نفسه
        if features.split()[:3] == ["perfect", "m", "s"] and not self.svo and self._somebody(k):
            return False  # طالب سعودي
        lemma = hit.entry.lemma
        definite = hit.reading.definite and not lemma.startswith(self.pack.article)  # التقى and ألغى have no article
        if definite or hit.reading.prep or self._after_preposition(k, hit) or (hit.reading.conj and self._in_name(k)):
            return False
        if k > self.sentence.first and self.words[k - 1].has("neg") and "imperfect" in features:
            return True
        preposition = any(h.entry.category == "prep" and h.reading.cost <= hit.reading.cost for h in self.words[k].hits)
        preposition = preposition and not self._says(k)
        if preposition and "imperfect" not in features:
            return False  # بين، عبر
        plain = hit.entry.category in {"verb", "light", "say", "relay", "control"} and len(hit.reading.stem) <= SHORT
        relative = self.words[k - 1].hit("rel") if k > self.sentence.first else None
        if plain and relative is None and features.split()[:3] == ["perfect", "m", "s"]:
            led = k - 1 in self.within and not self._has_verb_before(k)
            return not hit.reading.enclitic and (self._verb_position(k) or led)  # وضع، مثل، عمل
        short = len(hit.reading.stem) <= SHORT and features.split()[:3] == ["perfect", "m", "s"]
        attached = hit.reading.conj or hit.reading.enclitic
        if short and relative is None and not attached and k - 1 in self.within and self._has_verb_before(k):
            return False  # «يعارض أوربان فرض عقوبات»
        nominal = any(
            h.entry.category in {"trigger", "title", "head", "saynoun", "prep", "portfolio"}
            and "perfect" not in h.entry.features
            for h in self.words[k].hits
            if h.reading.cost <= hit.reading.cost
        )
        if nominal and "imperfect" not in features and self._feminine_state(k + 1) and "m" in features.split():
            return False  # «دعم إيران للحوثيين»: the verb would be feminine
        if not nominal or ("imperfect" in features and not hit.reading.cost):
            return True
        return not hit.reading.enclitic and (self._verb_position(k) or self._predicated(k))

    def _predicated(self, k: int) -> bool:
        """إن جنديا تركيا قتل في …: after the subject of a clause without a verb, where no genitive follows."""
        subject = self.within.get(k - 1)
        if subject is None or subject.prep or subject.adjective or self._has_verb_before(k):
            return False
        first = self.words[subject.first - 1] if subject.first > self.sentence.first else None
        after = self.words[k + 1] if k + 1 < self.sentence.last else None
        alone = after is None or after.kind != "word" or after.has("prep", "time", "coord", "open")
        alone = alone or (after is not None and any(r.conj or r.prep for r in after.readings))
        return alone and first is not None and first.has("comp", "det") and k + 1 not in self.within

    def _has_verb_before(self, k: int) -> bool:
        """«يتعين على واشنطن رفع …»: the clause has its verb, what follows is a noun."""
        for j in range(k - 1, self.sentence.first - 1, -1):
            word = self.words[j]
            if word.kind == "punct" or word.has("comp", "rel", "open"):
                return False
            forms = [
                h.entry.features.split() for h in word.hits if not h.reading.prep and h.entry.category in PREDICATES
            ]
            if j not in self.within and forms and all({"perfect", "imperfect"} & set(form) for form in forms):
                return True
        return False

    def _feminine_state(self, k: int) -> bool:
        """True when a state whose name is feminine, as most are, is named at word k."""
        mention = self.within.get(k)
        if mention is None or mention.cls != "State" or mention.kind != "name" or mention.first != k:
            return False
        own = mention.start < self.words[k].end  # «الطيران السعودي» begins before the state that it stands for
        return own and mention.ref() not in self.pack.lexicon.masculine

    def _after_preposition(self, k: int, hit: Hit) -> bool:
        """No finite verb stands directly after a preposition."""
        if k <= self.sentence.first or hit.reading.conj:
            return False
        if self.words[k - 1].has("comp", "time", "open"):
            return False
        near = [h for w in self.words[max(self.sentence.first, k - 3) : k] for h in w.hits if h.last == k]
        said = any(h.entry.category in {"time", "open", "comp"} for h in near)  # من جانبه، على أن
        return not said and any(h.entry.category == "prep" and not h.reading.enclitic for h in near)  # رغم، في ظل

    def _verb_position(self, k: int) -> bool:
        before = self.words[k - 1] if k > self.sentence.first else None
        if before is None or before.kind in {"punct", "break"}:
            return True
        earlier = self.words[before.i - 1] if before.i > self.sentence.first else None
        if before.has("nouncomp") and not (earlier is not None and earlier.has("open", "prep", "time")):
            return False  # «إن رفض الكونغرس …» is the refusal; «بعد أن رفض» is a verb
        aux = before.hit("aux")
        if aux is not None and aux.entry.features == "done":
            return False  # تم رفع العقوبات
        if aux is not None or before.has("comp", "rel", "open", "neg"):
            return True
        hit = self.words[k].hit(*PREDICATES)
        return bool(hit and hit.reading.conj and not before.has("prep"))

    def _predicates(self) -> None:
        k = self.sentence.first
        while k < self.sentence.last:
            idle = k in self.within or not self.words[k].has(*PREDICATES) or self._function_word(k)
            made = None if idle else self._predicate(k)
            if made is not None:
                self.predicates.append(made)
                clause = self.clauses[made.clause]
                if made.verb and (clause.verb is None or clause.verb.category == "verb"):
                    clause.verb = made
            k = made.last if made is not None and made.last > k else k + 1

    def _function_word(self, k: int) -> bool:
        """A complementizer or relative pronoun is no verb, whatever verb is spelt like it."""
        if self.in_count(k):
            return True
        hit = self.words[k].hit("comp", "rel")
        longer = any(h.entry.category == "trigger" and h.last > k + 1 for h in self.words[k].hits)
        return hit is not None and hit.reading.cost == 0 and hit.last == k + 1 and not longer

    def _predicate(self, k: int) -> Predicate | None:
        hits = [hit for hit in self.words[k].hits if hit.entry.category in RANK and self._free(hit)]
        verbs = [hit for hit in self._verb_hits(k) if self._free(hit)]
        nouns = [hit for hit in hits if self._is_noun(hit) and not self._attributive(hit)]
        chosen = verbs or nouns
        if not chosen:
            return None
        hit = min(chosen, key=lambda h: (-(h.last - h.first), h.reading.cost, RANK[h.entry.category]))
        hit = joined(hit, chosen)
        made = Predicate(hit, hit.entry.category, bool(verbs), k, hit.last, self.clause_of.get(k, 0), self._wants(hit))
        made.says = not self.svo and any(h.entry.category == "say" for h in verbs)
        made.carrier = next((h for h in chosen if h.entry.category in CARRIERS and h.last == hit.last), None)
        return made

    def _free(self, hit: Hit) -> bool:
        """True when no word of the hit belongs to a mention."""
        return self.within.keys().isdisjoint(range(hit.first, hit.last))

    def _attributive(self, hit: Hit) -> bool:
        """المؤيدة: with the article a participle modifies a noun; the rule for مؤيدة is not meant."""
        definite = hit.reading.definite and not hit.entry.lemma.startswith(self.pack.article)
        return definite and "participle" in hit.entry.features.split() and not self.svo

    @staticmethod
    def _is_noun(hit: Hit) -> bool:
        category, features = hit.entry.category, hit.entry.features
        return category == "saypart" or (category == "permit" and not features) or is_nominal(features)

    def _wants(self, hit: Hit) -> frozenset[str]:
        return self.pack.wants(hit.entry.rules)

    def predicate_at(self, k: int) -> Predicate | None:
        """The predicate that covers word k."""
        for predicate in self.predicates:
            if predicate.first <= k < predicate.last:
                return predicate
        return None

    # -- slots -------------------------------------------------------------------------------------------------------

    def within_clause(self, predicate: Predicate) -> Iterator[Mention]:
        """Mentions of the predicate's clause, in order; a noun's window goes on to the end of its clause."""
        clause = self.clauses[predicate.clause]
        for mention in self.mentions:
            if clause.first <= mention.first < clause.last:
                yield mention

    def after(self, predicate: Predicate) -> list[Mention]:
        """Mentions after the predicate, up to the next finite verb or the end of the clause."""
        end = self.clauses[predicate.clause].last
        for other in self.predicates:
            if other.verb and other.first >= predicate.last and other.clause == predicate.clause:
                end = min(end, other.first)
        return [m for m in self.mentions if predicate.last <= m.first < end]

    def before(self, predicate: Predicate) -> list[Mention]:
        """Mentions before the predicate in its clause, the nearest first, down to the previous finite verb."""
        start = self.clauses[predicate.clause].first
        for other in self.predicates:
            if (
                other.verb
                and other.last <= predicate.first
                and other.clause == predicate.clause
                and other.category != "aux"
            ):
                start = max(start, other.last)
        return [m for m in reversed(self.mentions) if start <= m.first and m.last <= predicate.first]

    def antecedent(self, clause: Clause) -> Mention | None:
        """What a relative clause is about: the mention that ends just before it."""
        k = clause.first - 1
        while (
            k >= self.sentence.first
            and k not in self.within
            and (self.words[k].kind == "punct" or self.words[k].has("time"))
        ):
            k -= 1
        mention = self.within.get(k)
        opener = self.words[clause.first].hit("rel")
        if mention is not None and mention.prep and opener is not None and opener.reading.conj:
            earlier = [m for m in self.mentions if m.last <= clause.first and not m.prep and not m.adjective]
            mention = earlier[-1] if earlier else mention
        return mention if mention is not None and not mention.adjective else None
