"""Slots of verbal nouns: genitive, demonym, possessor, and the verb that carries the noun."""

from __future__ import annotations

from kg.extraction.clauses import Predicate
from kg.extraction.mentions import Mention
from kg.extraction.slot_base import GAP, SlotBase
from kg.extraction.subjects import plain_noun, reads_passive, same_type


class NounSlots(SlotBase):
    """زيارة بوتين، الزيارة الروسية، زيارته، أجرى زيارة."""

    def genitive(self, predicate: Predicate) -> list[Mention]:
        """What follows a noun directly: زيارة بوتين."""
        if (predicate.hit.reading.definite or predicate.hit.reading.enclitic) and not self.scene.svo:
            return []
        k, last = predicate.last, self.scene.sentence.last
        while k < last and k not in self.scene.within and self._counts(k):
            k += 1
        mention = self.scene.within.get(k)
        if mention is None or mention.first != k or mention.adjective or mention.reading.prep or mention.reading.conj:
            return []
        return self.scene.group(mention)

    def _counts(self, k: int) -> bool:
        """مقتل نحو 20 من عناصر …: a word before the noun that says how many, or which."""
        if self.scene.svo:
            return self.words[k].has("det", "transparent")
        before = self.words[k - 1].kind == "number" or self.words[k - 1].has("count")
        partitive = before and self.words[k].norm in self.scene.pack.marks("member")
        return partitive or self.words[k].has("det", "transparent") or self.words[k].kind == "number"

    def second_genitive(self, predicate: Predicate) -> list[Mention]:
        """What the noun does to whom: زيارة بوتين دمشق."""
        first = self.genitive(predicate)
        if not first and not predicate.hit.reading.enclitic:
            return []
        last = first[-1].last if first else predicate.last
        while last < self.scene.sentence.last and self.words[last].has("time") and last not in self.scene.within:
            last += 1
        mention = self.scene.within.get(last)
        plain = mention is not None and mention.first == last and not mention.adjective
        return [mention] if mention and plain and not mention.reading.prep and not mention.reading.conj else []

    def adjective(self, predicate: Predicate) -> list[Mention]:
        """Demonyms that modify the noun: التواجد العسكري الروسي، العلاقات الروسية-السورية."""
        found: list[Mention] = []
        k, steps = predicate.last, 0
        while k < self.scene.sentence.last and steps < GAP:
            mention, word = self.scene.within.get(k), self.words[k]
            if mention is not None and mention.adjective and mention.first == k and not mention.reading.prep:
                found.append(mention)
                k = mention.last
                continue
            if word.text in {"-", "–"} and found:
                k += 1
                continue
            if mention is not None or word.kind != "word" or not self._modifier(k):
                break
            k, steps = k + 1, steps + 1
        return found or self._prenominal(predicate)

    def _prenominal(self, predicate: Predicate) -> list[Mention]:
        """Russian military presence, Russia's visit: modifiers before the noun."""
        if not self.scene.svo:
            return []
        found: list[Mention] = []
        k, steps = predicate.first - 1, 0
        while k >= self.scene.sentence.first and steps < GAP:
            mention, word = self.scene.within.get(k), self.words[k]
            if mention is not None:
                possessive = self.words[mention.last].norm in {"'s", "’s"} if mention.last < len(self.words) else False
                if mention.adjective or possessive:
                    found.append(mention)
                    k = mention.first - 1
                    continue
                break
            if word.text in {"-", "–", "'s", "’s"} or (
                word.kind == "word" and not word.has("prep", "det", "comp", "verb", "say")
            ):
                k, steps = k - 1, steps + 1
                continue
            break
        return found[::-1]

    def _modifier(self, k: int) -> bool:
        """A word that may stand between a noun and its demonym."""
        word = self.words[k]
        if word.has("prep", "comp", "rel", "open", "say", "verb", "light", "neg", "coord"):
            return False
        return word.has("current", "branch", "det") or all(not r.prep or r.cost for r in word.readings)

    def possessed_by_subject(self, predicate: Predicate) -> list[Mention]:
        """أبلغت الجزائر الأمم المتحدة استعدادها: the pronoun on a noun of one's own will is who says or does so."""
        pronoun = predicate.hit.reading.enclitic
        verbs = [p for p in self.scene.predicates if p.verb and p.subject and p.clause == predicate.clause]
        earlier = [p for p in verbs if p.first < predicate.first]
        if not pronoun or not earlier:
            return []
        table = self.scene.pack.lexicon.agreement
        ending = next((e for e in sorted(table, key=len, reverse=True) if pronoun.endswith(e)), "")
        subject = earlier[-1].subject
        return subject[:1] if all(_is_a(m, table.get(ending, [])) for m in subject) else []

    def possessor(self, predicate: Predicate) -> list[Mention]:
        """زيارته، his visit: whom the pronoun points to."""
        if predicate.hit.reading.enclitic:
            twin = self._twin(predicate)
            return self._nearest(predicate.hit.reading.enclitic, twin) if twin else self._pronoun(predicate)
        if self.scene.svo and predicate.first > self.scene.sentence.first:
            for k in range(predicate.first - 1, max(self.scene.sentence.first, predicate.first - 4) - 1, -1):
                if self.words[k].has("pronoun"):
                    return self._pronoun(predicate)
        return []

    def _twin(self, predicate: Predicate) -> Predicate | None:
        """دعمها للحوثيين ودعمها لحزب الله: the same noun with the same pronoun before it, when «and» joins them."""
        if self.scene.svo or not predicate.hit.reading.conj:
            return None
        word = (predicate.hit.entry.lemma, predicate.hit.reading.enclitic)
        before = (p for p in self.scene.predicates if p.last <= predicate.first and p.clause == predicate.clause)
        return next(
            (p for p in before if any((h.entry.lemma, h.reading.enclitic) == word for h in self.words[p.first].hits)),
            None,
        )

    def _pronoun(self, predicate: Predicate) -> list[Mention]:
        """Whom the pronoun points to: the nearest mention before that agrees, not the predicate's own subject."""
        if not self.scene.svo and predicate.hit.reading.enclitic:
            if "1" in predicate.features.split() and predicate.verb:
                return []  # «نرفضه»: who speaks is not whom he speaks of
            return self._nearest(predicate.hit.reading.enclitic, predicate)
        return self._earlier_subject(predicate)

    def _nearest(self, pronoun: str, predicate: Predicate) -> list[Mention]:
        """The nearest mention before the predicate that a pronoun with this ending agrees with."""
        table = self.scene.pack.lexicon.agreement
        ending = next((e for e in sorted(table, key=len, reverse=True) if pronoun.endswith(e)), "")
        wanted = table.get(ending, [])
        earlier = [m for m in self.scene.mentions if m.last <= predicate.first and not m.adjective]
        said = [
            p for p in self.scene.predicates if p.category == "say" and p.clause < predicate.clause and predicate.verb
        ]
        speakers = {id(m) for p in said for m in p.subject}
        earlier = [m for m in earlier if id(m) not in speakers] or earlier
        pairs = [
            g for m in reversed(earlier) if len(g := self.scene.group(m)) == 2 and all(_is_a(x, wanted) for x in g)
        ]
        if pairs and ending in self.scene.pack.lexicon.dual:
            return pairs[0]
        plain = [
            m
            for m in reversed(earlier)
            if _is_a(m, wanted) and m not in predicate.subject and m.kind not in {"own", "pair"}
        ]
        return plain[:1] or self._ahead(predicate, wanted) or [m for m in self.topic if _is_a(m, wanted)][:1]

    def _ahead(self, predicate: Predicate, wanted: list[str]) -> list[Mention]:
        """خلال لقائه جون كيري، أكد السيسي: at the head of a sentence a pronoun points to the subject that follows."""
        if predicate.verb or predicate.first - self.scene.sentence.first > GAP:
            return []
        later = [p for p in self.scene.predicates if p.verb and p.first > predicate.last and p.subject]
        return [m for m in later[0].subject if _is_a(m, wanted) and m.first > predicate.last][:1] if later else []

    def _earlier_subject(self, predicate: Predicate) -> list[Mention]:
        """The nearest earlier subject that is not the predicate's own; else the topic."""
        own = set(map(id, predicate.subject))
        earlier = [p for p in self.scene.predicates if p.first < predicate.first and p.subject]
        for other in reversed(earlier):
            if predicate.verb and other.clause == predicate.clause:
                continue
            rest = [m for m in other.subject if id(m) not in own]
            if rest:
                return rest[:1]
        return [m for m in self.topic if id(m) not in own][:1]

    def light(self, predicate: Predicate) -> list[Mention]:
        """The subject of the light or control verb that carries the noun: أجرى بوتين محادثات."""
        governor = predicate.governor
        if governor is not None and governor.carrier is not None and governor.carrier.entry.category == "permit":
            after = [m for m in self.scene.after(governor) if m.last <= predicate.first]
            prep = self.scene.pack.fold(self.scene.pack.lexicon.permitted)
            return [m for m in after if m.prep == prep][:1]
        if governor is None and (decider := self._decider(predicate)) is not None:
            return [decider]
        if governor is None and (relative := self._relative(predicate)) is not None:
            return relative.subject  # الزيارة التي قام بها X
        if governor is None:
            return self._doer_by(predicate)
        return governor.subject if not self.purpose(predicate) else []

    def _decider(self, predicate: Predicate) -> Mention | None:
        """قرار كولومبيا قطع العلاقات: whose decision, plan or attempt it is, named just before the act."""
        mention = self.scene.within.get(predicate.first - 1)
        if mention is None or mention.adjective or mention.first <= self.scene.sentence.first:
            return None
        return mention if self.words[mention.first - 1].has("controlnoun") else None

    def purpose(self, predicate: Predicate) -> list[Mention]:
        """توجه شكري إلى الكويت لإجراء مشاورات مع X: who goes somewhere in order to do it."""
        aims = self.scene.pack.prepositions("@purpose")
        if predicate.verb or (predicate.hit.reading.prep or self.scene._preposition(predicate.first - 1)) not in aims:
            return []
        earlier = [p for p in self.scene.predicates if p.first < predicate.first and p.verb]
        goes = earlier and any(kind == "visit" for kind, _ in earlier[-1].hit.entry.rules)
        return earlier[-1].subject if goes else []

    def _doer_by(self, predicate: Predicate) -> list[Mention]:
        """ردت إسرائيل بقصف …: the subject of a verb that says nothing itself does what it does «by»."""
        earlier = [p for p in self.scene.predicates if p.first < predicate.first and p.clause == predicate.clause]
        verb = earlier[-1] if earlier else None
        by = predicate.hit.reading.prep in self.scene.pack.marks("instrument")
        if verb is None or not by or not verb.verb or self._has_content(verb) or self._undergoes(verb, predicate):
            return []
        return verb.subject

    def _undergoes(self, verb: Predicate, noun: Predicate) -> bool:
        """قتل شرطي بانفجار: whom the verb was done to by what the noun names."""
        rules = (self.scene.pack.frames[kind].rules[number] for kind, number in verb.hit.entry.rules)
        suffers = same_type(noun, verb) and any(rule.passive for rule in rules)
        return suffers and reads_passive(self.scene, verb, has_object=False)

    def controller(self, predicate: Predicate) -> list[Mention]:
        """The same, but not of a verb of saying: يتطلع أوباما للقاء الملك."""
        governor = predicate.governor
        return self.light(predicate) if governor is not None and governor.carrier is not None else []

    def intender(self, predicate: Predicate) -> list[Mention]:
        """نعمل من أجل دعم الاتفاق: the subject of a verb of will before the act, not of a light verb."""
        governor = predicate.governor
        carrier = governor.carrier if governor is not None else None
        return self.light(predicate) if carrier is not None and carrier.entry.category == "control" else []

    def _governor(self, predicate: Predicate) -> Predicate | None:
        if predicate.verb:
            return None
        earlier = [p for p in self.scene.predicates if p.first < predicate.first and p.clause == predicate.clause]
        for other in reversed(earlier):
            governs = other.category in {"light", "control", "permit", "say", "saypart"}
            governs = governs or (other.says and not self._has_content(other))
            if other.carrier is not None or governs:
                carries = other.carrier is not None or other.category == "light"
                return None if carries and self._within_phrase(other, predicate) else other
            if other.verb or self._has_content(other) or self._object_between(other, predicate):
                return None
        return None

    def _within_phrase(self, other: Predicate, predicate: Predicate) -> bool:
        """قدم تقريره حول المباحثات: the noun belongs to another noun, with a preposition between them."""
        gap = range(other.last, predicate.first - 1)
        return not self.scene.svo and any(
            plain_noun(self.scene, k)
            and self.words[k + 1].has("prep")
            and k + 1 not in self.scene.within
            and not self.words[k - 1].has("prep")  # عقد في مكتبه في جدة اجتماعا
            for k in gap
        )

    def _has_content(self, predicate: Predicate) -> bool:
        """A noun like «request» governs the act that follows it; the light verb before it does not."""
        rules = (self.scene.pack.frames[kind].rules[number] for kind, number in predicate.hit.entry.rules)
        return any(rule.content is not None for rule in rules)

    def _object_between(self, other: Predicate, predicate: Predicate) -> bool:
        return (
            other.category == "trigger"
            and predicate.first - other.last <= 1
            and not predicate.hit.reading.prep
            and not self.scene.svo
        )

    def antecedent(self, predicate: Predicate) -> list[Mention]:
        """The noun phrase that a participle or relative clause modifies: بشار الأسد، المقيم في روسيا."""
        clause = self._clause(predicate)
        if clause.opener == "rel" and (
            predicate.verb or predicate.first - clause.first <= 1 or "noun" in predicate.features.split()
        ):
            found = self.scene.antecedent(clause)
            return [found] if found else []
        k = predicate.first - 1
        while k >= self.scene.sentence.first and predicate.first - k <= 4 and k not in self.scene.within:
            if self.words[k].has("prep", "comp", "open", "verb", "say") and not self.words[k].has("det"):
                return []
            noun = not self.scene.svo and (plain_noun(self.scene, k) or self.words[k].has("head"))
            close = self.words[k].readings and self.words[k].readings[0].definite and k - 1 in self.scene.within
            if noun and not close and not self.words[k - 1].has("det"):
                return []  # another noun, which the phrase belongs to
            k -= 1
        mention = self.scene.within.get(k)
        if mention is None or mention.adjective:
            return []
        last = [m for m in mention.walk() if m.last == mention.last and m.cls == "Person"]
        return last[-1:] or [mention]

    def previous(self, predicate: Predicate) -> list[Mention]:
        """Mentions of the clause before the predicate, the nearest first, however governed; `fill` takes one."""
        return [m for m in self.scene.before(predicate) if not m.adjective]


def _is_a(mention: Mention, wanted: list[str]) -> bool:
    """True for a mention of one of the classes, and for a capital that stands for its state."""
    if mention.kind == "people" and "Organization" in wanted:
        return True
    capital = "State" in wanted and any(s.kind == "capital" for s in mention.senses) and not mention.prep
    return mention.cls in wanted or capital
