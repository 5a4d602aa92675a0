"""Slots of verbs: subject and object, by order, agreement and what the clause before leaves over."""

from __future__ import annotations

from kg.extraction.clauses import Clause, Predicate
from kg.extraction.mentions import Mention
from kg.extraction.noun_slots import NounSlots
from kg.extraction.subjects import (
    aside,
    carries_subject,
    drops_subject,
    first_person,
    follows_noun,
    plain_noun,
    possessed,
    reads_passive,
    resumed,
    unnamed_subject,
)
from kg.extraction.words import COMMA

FAR = 3  # words between verb and object when a noun that is no mention follows the verb


class VerbSlots(NounSlots):
    """Verb first or subject first, subjects carried over, relative clauses."""

    def subject(self, predicate: Predicate) -> list[Mention]:
        if predicate.verb or predicate.category == "saypart" or "participle" in predicate.features.split():
            return predicate.subject
        return self.light(predicate)

    def _subject(self, predicate: Predicate) -> list[Mention]:
        scene, clause = self.scene, self._clause(predicate)
        if not predicate.verb or (clause.opener == "part" and clause.verb is None):
            return self._main_inherited(predicate)
        if first_person(predicate) and not scene.svo:
            return []  # those for whom somebody speaks
        left = [m for m in scene.before(predicate) if scene.is_bare(m) and not self._heading(m, predicate)]
        right = [m for m in scene.after(predicate) if self._adjacent_bare(predicate, m)]
        right = [m for m in right if not self._announced(predicate, m) and not self._oblique(predicate, m)]
        right = right if scene.svo or not right or not self._other_gender(predicate, right[0]) else []
        if left and self._leads(clause, left[-1], predicate):
            return scene.group(left[-1])
        if right and predicate.hit.reading.enclitic:
            return scene.group(right[0])  # the object is the pronoun
        if right and predicate.first > clause.first and carries_subject(scene, predicate.first - 1):
            right = []  # إنها ستجري …: the pronoun is the subject
        if right and unnamed_subject(scene, predicate, right[0]):
            return []
        if right and self._needs_object(predicate) and follows_noun(scene, predicate):
            return []  # attacks that target X
        leads = clause.opener == "comp" and self._first_verb(predicate, clause) and self._named_after(clause, predicate)
        if right and leads and self._needs_object(predicate):
            return []  # أن العمليات التركية ستستهدف داعش
        if clause.opener == "rel" and self._first_verb(predicate, clause):
            antecedent = scene.antecedent(clause)
            if not right and possessed(scene, predicate.last):
                return []  # نيجيريا التي حذر رئيسها
            if right and not predicate.passive and self._needs_object(predicate) and not resumed(scene, predicate):
                return [antecedent] if antecedent else []
            if antecedent and not right and not self._of_her(clause, predicate):
                return [antecedent]
            if not right:
                return []  # what the clause is about is no mention
        if right and not self._is_object(predicate, clause, right):
            return scene.group(right[0])
        if clause.opener == "comp" and self._named_after(clause, predicate):
            return []
        if (described := self._described(predicate, clause)) is not None:
            return [described]
        dropped = drops_subject(self.scene, predicate) and not self._noun_follows(predicate, clause)
        carried = self._inherited(predicate) if dropped else []
        if carried and self._about_another(predicate, carried):
            return []
        if predicate.category not in {"say", "relay"}:
            carried = [m for m in carried if not any(sense.media for sense in m.senses)]
        if carried and (all(self._disagrees(predicate, m) for m in carried) or self._too_few(predicate, carried)):
            return []
        return carried

    def _of_her(self, clause: Clause, predicate: Predicate) -> bool:
        """«أنقرة التي التقى فيها»: a masculine verb does not say what a feminine pronoun before it does."""
        return self.words[clause.first].has("feminine") and {"m", "s"} <= {*predicate.features.split()}

    def _described(self, predicate: Predicate, clause: Clause) -> Mention | None:
        """ثمانية أشخاص كانوا يخططون: a verb in the plural just after indefinite people says something about them."""
        k = predicate.first - 1
        while k > clause.first and k not in self.scene.within and self.words[k].has("aux", "neg", "time"):
            k -= 1
        mention = self.scene.within.get(k)
        if mention is None or mention.last != k + 1 or predicate.hit.reading.conj or self.scene.svo:
            return None
        people = (
            mention.collective
            and not mention.reading.definite
            and mention.kind == "head"
            and not mention.reading.enclitic
        )
        return mention if people and "p" in predicate.features.split() else None

    def _other_gender(self, predicate: Predicate, mention: Mention) -> bool:
        """«وخطفت تسعة أشخاص»: a number of men is no subject of a feminine verb before it."""
        features, first = predicate.features.split(), mention.first
        counted = self.words[first - 1].kind == "number" or self.scene.in_count(first - 1)
        counted = counted or self.words[first - 1].has("count")
        feminine = self.scene.pack.language.feminine_ends
        return (
            {"f", "s", "perfect"} <= {*features} and counted and mention.kind == "head" and mention.collective
            and not mention.reading.definite and not self.words[first].norm.endswith(tuple(feminine))
        )  # fmt: skip

    def _noun_follows(self, predicate: Predicate, clause: Clause) -> bool:
        """تعرضت حافلتان لهجوم: a verb that takes no object has its subject after it, a noun that is no mention."""
        k, ends = predicate.last, tuple(self.scene.pack.language.adverb_ends)
        if self.scene.svo or k >= clause.last or "p" in predicate.features.split() or self._needs_object(predicate):
            return False
        word = self.words[k]
        noun = plain_noun(self.scene, k) and not any(r.prep for r in word.readings)
        return noun and predicate.category == "trigger" and not (ends and word.norm.endswith(ends))

    def _about_another(self, predicate: Predicate, carried: list[Mention]) -> bool:
        """وأكدت المصادر أن الصاروخ، سقط على …: a verb without «and» goes on with the noun after «that»."""
        before = [c for c in self.scene.clauses[: predicate.clause] if c.opener == "comp"]
        if not before or self.scene.svo or predicate.hit.reading.conj or predicate.category in {"say", "relay"}:
            return False
        outside = all(m.last <= before[-1].first for m in carried)
        return outside and self._named_after(before[-1], predicate)

    def _oblique(self, predicate: Predicate, mention: Mention) -> bool:
        """«يطالب الحوثيين بالاستسلام»: a plural in the case of objects is no subject of a verb in the active."""
        people = mention.cls == "Organization" or mention.kind == "people"
        ends = tuple(self.scene.pack.language.oblique_ends)
        counted = (
            self.words[mention.first - 1].has("det", "transparent") or self.words[mention.first - 1].kind == "number"
        )
        marked = bool(ends) and self.words[mention.first].norm.endswith(ends)
        return people and marked and not counted and not predicate.passive

    def _named_after(self, clause: Clause, predicate: Predicate) -> bool:
        """قالت الوكالة إن عددا من الفصائل هاجم: what follows the complementizer is the subject, not who speaks."""
        first = clause.first + self.words[clause.first].has("comp")
        if first >= predicate.first or carries_subject(self.scene, first - 1):
            return False
        noun = self.scene.predicate_at(first)
        headed = first not in self.scene.within and self.words[first].has("head")
        return headed or plain_noun(self.scene, first) or (noun is not None and not noun.verb and noun is not predicate)

    def _leads(self, clause: Clause, mention: Mention, predicate: Predicate) -> bool:
        """True when the mention opens the clause and the verb follows it: subject before verb."""
        gap = self.words[clause.first : self.scene._phrase_start(mention.first - 1) + 1]
        gap = gap[:-1] if mention.first > clause.first and gap and gap[-1].has("det") else gap
        gap = gap if mention.first > clause.first else []
        opened = all(
            w.kind != "word" or w.has("comp", "open", "aux", "coord", "rel", "if", "question", "time", "count")
            for w in gap
        )
        between = self.words[mention.last : predicate.first]
        return opened and len(between) <= 12 and clause.opener != "rel"

    def _adjacent_bare(self, predicate: Predicate, mention: Mention) -> bool:
        """A bare noun phrase after the verb that no verbal noun in between takes as its genitive."""
        if not self.scene.is_bare(mention) or (mention.reading.conj and id(mention) not in self.scene.groups):
            return False
        k = mention.first - 1
        if k > predicate.first and self.words[k].has("direction") and k not in self.scene.within:
            return False  # قرب كيليس (جنوب تركيا)
        while k > predicate.first and self.words[k].has("time", "det", "transparent") and k not in self.scene.within:
            k -= 1
        noun = self.scene.predicate_at(k) if k >= 0 else None
        return noun is None or noun is predicate or noun.verb

    def _needs_object(self, predicate: Predicate) -> bool:
        for kind, number in predicate.hit.entry.rules:
            rule = self.scene.pack.frames[kind].rules[number]
            if any("obj" in expression for role, expression in rule.roles.items()):
                return True
        return False

    def _is_object(self, predicate: Predicate, clause: Clause, right: list[Mention]) -> bool:
        """True when the only noun phrase after the verb must be its object, the subject being carried over."""
        if len(right) > 1 or not self._needs_object(predicate) or not self._inherited(predicate):
            return False
        if self._object_follows(predicate, right[0]) or self._may_suffer(predicate, right[0]):
            return False
        if right[0].group == "counterpart" or self._disagrees(predicate, right[0]):
            return True
        if right[0].start >= self.words[right[0].first].end:
            return False  # طائرات أميركية: what somebody acts with
        if predicate.first > clause.first and carries_subject(self.scene, predicate.first - 1):
            return True  # أنها سلمت مصر: the pronoun is the subject
        if right[0].reading.enclitic and right[0].kind == "head" and not self.scene.svo:
            return True  # وتسحب جنودها
        if self._asked(predicate) and not self._followed(predicate, right[0]):
            return True
        opener = self.words[clause.first].hit("comp")
        again = opener is not None and bool(opener.reading.conj)  # من المقرر أن يزور … وأن يلتقي
        return (
            (again or clause.opener in {"open", "conj"})
            and self._needs_two(predicate)
            and not self._reaches(predicate, right[0])
        )

    def _followed(self, predicate: Predicate, mention: Mention) -> bool:
        """«أن تسلم تركيا المتهمين»: a noun follows the mention, which may then be the subject."""
        k, last = mention.last, self._clause(predicate).last
        return k < last and self.words[k].kind == "word" and not self.words[k].has("prep", "time", "rel", "coord")

    def _reaches(self, predicate: Predicate, mention: Mention) -> bool:
        """«وصل ظريف إلى بغداد»: a phrase with the preposition of the second party follows, so the noun is the first."""
        slots = {
            slot
            for kind, number in predicate.hit.entry.rules
            for expression in self.scene.pack.frames[kind].rules[number].roles.values()
            if "obj" in expression.split("|")
            for slot in expression.split("|")
        }
        return any(m.prep in slots - {"obj"} for m in self.scene.after(predicate) if m.first >= mention.last)

    def _may_suffer(self, predicate: Predicate, mention: Mention) -> bool:
        """«قتل شرطي تركي»: at the head of a sentence a verb that may be passive takes nobody from the one before."""
        rules = (self.scene.pack.frames[kind].rules[number] for kind, number in predicate.hit.entry.rules)
        here = [p for p in self.scene.predicates if p.first < predicate.first and p.verb and p.subject]
        unnamed = mention.collective and not mention.reading.definite and not mention.reading.enclitic
        new = not here or (unnamed and self._clause(predicate).opener == "open")  # سوسة حيث قتل 38 سائحا
        return new and not self.scene.svo and any(rule.passive for rule in rules)

    def _object_follows(self, predicate: Predicate, mention: Mention) -> bool:
        """«اعتقلت الشرطة الإيطالية أمس شخصين»: the noun that the deed is done to is no mention, so the mention acts."""
        k, last = mention.last, self._clause(predicate).last
        while k < last and self.words[k].has("time") and k not in self.scene.within:
            k += 1
        if mention.first != predicate.last or k >= last or any(r.prep or r.conj for r in self.words[k].readings):
            return False
        return plain_noun(self.scene, k) and not self.words[k].readings[0].definite

    def _needs_two(self, predicate: Predicate) -> bool:
        """A visit or meeting has two parties; one noun phrase can only be the second."""
        two: dict[str, bool] = {}
        for kind, number in predicate.hit.entry.rules:
            frame = self.scene.pack.frames[kind]
            needs = frame.rules[number].need or frame.need
            two[kind] = two.get(kind, False) or not {"actor2", "recipient", "recipient|place"}.isdisjoint(needs)
        return bool(two) and all(two.values())

    def _disagrees(self, predicate: Predicate, mention: Mention) -> bool:
        """A masculine verb cannot have a feminine subject after it; most states are feminine."""
        features = predicate.features.split()
        masculine = mention.ref() in self.scene.pack.lexicon.masculine or mention.start >= self.words[mention.first].end
        return mention.cls == "State" and mention.kind in {"name", "capital"} and "m" in features and not masculine

    @staticmethod
    def _too_few(predicate: Predicate, carried: list[Mention]) -> bool:
        """وهددوا: a plural without a noun of its own goes on with several or with a group, not with one body."""
        marks = predicate.features.split()
        one = len(carried) == 1 and not (carried[0].collective or carried[0].plural or carried[0].kind == "people")
        return "p" in marks and "1" not in marks and one and carried[0].kind not in {"head", "demonym", "pair"}

    def _heading(self, mention: Mention, predicate: Predicate) -> bool:
        """«واس - جدة: استقبل …»: what a colon divides from the verb is not its subject."""
        return any(w.text == ":" for w in self.words[mention.last : predicate.first])

    def _announced(self, predicate: Predicate, mention: Mention) -> bool:
        """«وقال: إيران …»: what follows the colon is said, and does not say it."""
        return any(w.text == ":" for w in self.words[predicate.last : mention.first])

    def _main_inherited(self, predicate: Predicate) -> list[Mention]:
        """A participle describes the subject of the main verb, not of a verb in what is said: قال X إن Y …، داعيا."""
        earlier = [p for p in self.scene.predicates if p.first < predicate.first and p.verb and p.subject]
        main = [p for p in earlier if self._clause(p).opener in {"start", "conj"}]
        found = main[-1].subject if main and not self.scene.svo else []
        nearest = self._inherited(predicate)
        people = nearest and all(m.cls == "Person" for m in nearest) and any(m.cls != "Person" for m in found)
        whose = nearest if people or not found else found  # an agency reports that somebody said …، داعيا
        one = (
            len(whose) == 1
            and whose[0].kind not in {"head", "demonym", "people", "pair", "own"}
            and not whose[0].plural
        )
        return [] if one and self._several(predicate) else whose

    def _several(self, predicate: Predicate) -> bool:
        """داعين: a participle in the plural of people is said of several."""
        endings = (
            e for rule in self.scene.pack.language.noun_forms for e, mark in rule.add.items() if mark == "people"
        )
        participle = predicate.category == "saypart" or "participle" in predicate.features.split()
        return participle and self.words[predicate.first].norm.endswith(tuple(e for e in endings if len(e) > 1))

    def _inherited(self, predicate: Predicate) -> list[Mention]:
        """The subject of the sentence's last main verb before, else the topic of the text."""
        earlier = [p for p in self.scene.predicates if p.first < predicate.first and p.verb and p.subject]
        if asked := self._asked(predicate):
            return asked
        within = self._coordinated_in_relative(predicate)
        if within is not None:
            return within
        clause = self._clause(predicate)
        outer = self.scene.clauses[clause.number - 1] if clause.number and clause.opener == "comp" else None
        if outer is not None and outer.opener == "rel" and not self.scene.svo:
            about = self.scene.antecedent(outer)  # الذين يعتقد أنهم توجهوا
            return [about] if about is not None else []
        same = [p for p in earlier if self._clause(p).opener != "rel"]
        if predicate.category == "say" and self._clause(predicate).opener in {"start", "conj"}:
            main = [p for p in same if p.category == "say" or self._clause(p).opener in {"start", "conj"}]
            if main or self._goes_on(predicate):
                return main[-1].subject if main else self.thread.speaker
        if same:
            return same[-1].subject
        return [m for m in self.topic if m.reading.definite or m.inner or not (m.collective and m.kind == "head")]

    def _asked(self, predicate: Predicate) -> list[Mention]:
        """«طلبت من باريس أن تزور …»، «اتهمتها بأنها دعمت …»: who is asked or accused does what the complement says."""
        clause = self._clause(predicate)
        if self.scene.svo or clause.opener != "comp" or not self._first_verb(predicate, clause):
            return []
        before = [p for p in self.scene.predicates if p.clause == clause.number - 1 and p.verb]
        if not before or before[-1].hit.reading.enclitic:
            return []
        for kind, number in before[-1].hit.entry.rules:
            rule = self.scene.pack.frames[kind].rules[number]
            if rule.content is None or rule.content.control != "recipient" or "comp" not in rule.content.via:
                continue
            slots = rule.roles.get("recipient", "").split("|")
            named = [m for m in self.scene.after(before[-1]) if m.prep in slots]
            party = self.object(before[-1]) if "obj" in slots else named[:1]
            if party and not any(self._disagrees(predicate, m) for m in party):
                return party
        return []

    def _coordinated_in_relative(self, predicate: Predicate) -> list[Mention] | None:
        """أقواله التي انتقد فيها إسرائيل وحذرها: a verb joined without a comma goes on with the relative clause."""
        clause = self._clause(predicate)
        before = self.scene.clauses[clause.number - 1] if clause.number else None
        if clause.opener != "conj" or before is None or before.opener != "rel" or before.last != clause.first:
            return None
        if self.words[clause.first - 1].text in COMMA:
            return None
        verbs = [p for p in self.scene.predicates if p.clause == before.number and p.verb]
        if not verbs:  # الخطاب الذي ألقاه خامنئي وتوعد فيه
            inside = [m for m in self.scene.mentions if before.first < m.first < before.last and self.scene.is_bare(m)]
            return inside[:1] or None
        same = {*verbs[-1].features.split()} == {*predicate.features.split()}
        return verbs[-1].subject if same else None

    def _goes_on(self, predicate: Predicate) -> bool:
        """«وأضاف أن …»: who spoke last goes on, where gender allows."""
        return bool(self.thread.speaker) and not {"m", "f"} <= {*predicate.features.split(), self.thread.gender}

    def object(self, predicate: Predicate) -> list[Mention]:
        if not predicate.verb and predicate.category != "saypart" and "participle" not in predicate.features.split():
            return self.genitive(predicate)
        scene = self.scene
        clause = self._clause(predicate)
        if predicate.hit.reading.enclitic and not scene.svo:
            first = clause.opener == "rel" and self._first_verb(predicate, clause)
            if first and not resumed(scene, predicate):  # unlike «التي استقبله فيها»
                antecedent = scene.antecedent(clause)  # a noun that is no mention: «الهجمات التي شنها»
                if antecedent is None or antecedent not in predicate.subject:
                    return [antecedent] if antecedent else []
            return self._pronoun(predicate)
        taken = predicate.subject
        right = [m for m in scene.after(predicate) if self._adjacent_bare(predicate, m)]
        right = [m for m in right if not any(m in scene.group(t) for t in taken)]
        if right and (scene.svo or self._near(predicate, right[0], taken)):
            return scene.group(right[0])
        if clause.opener == "rel" and self._first_verb(predicate, clause):
            antecedent = scene.antecedent(clause)
            if antecedent and antecedent not in taken:
                return [antecedent]
        return []

    def _near(self, predicate: Predicate, mention: Mention, taken: list[Mention]) -> bool:
        """The object stands close behind the verb or its subject; phrases in between may be prepositional."""
        start = max([predicate.last, *(t.last for t in taken if t.first > predicate.first)])
        between = range(start, mention.first)
        if len(between) > FAR and plain_noun(self.scene, start):
            return False  # اعتقلت رجلين نشرا … على موقع «تويتر»
        if any(h.entry.category == "prep" and h.reading.enclitic for k in between for h in self.words[k].hits):
            return False  # قتل 12 شخصا بينهم أربعة أطفال
        commas = sum(self.words[k].text in COMMA and not aside(self.scene, k, mention.first) for k in between)
        return commas <= 1 and len(between) <= 14

    def second_object(self, predicate: Predicate) -> list[Mention]:
        scene = self.scene
        used = [*predicate.subject, *self.object(predicate)]
        right = [m for m in scene.after(predicate) if self._adjacent_bare(predicate, m)]
        right = [m for m in right if not any(m in scene.group(u) for u in used)]
        return scene.group(right[0]) if right else []

    def before(self, predicate: Predicate) -> list[Mention]:
        """The nearest bare mention before, whatever its function."""
        left = [m for m in self.scene.before(predicate) if self.scene.is_bare(m)]
        return left[:1]

    def passive(self, predicate: Predicate) -> bool:
        """True when the subject of the verb is whom the act is done to."""
        return (
            predicate.verb and not self.scene.svo and reads_passive(self.scene, predicate, bool(self.object(predicate)))
        )
