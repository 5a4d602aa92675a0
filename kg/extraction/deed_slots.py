"""Slots of deeds of force: who did it, said by the noun or by the verb after it, and whose thing was hit."""

from __future__ import annotations

from kg.extraction.clauses import QUOTES, Predicate, Scene
from kg.extraction.mentions import Mention
from kg.extraction.slot_base import GAP, Thread
from kg.extraction.subjects import means, plain_noun, same_type, shared_clause
from kg.extraction.verb_slots import VerbSlots
from kg.language import Rule

TARGET = 7  # words between a deed and the owner of what was hit
DONE = 5  # words between a deed and the verb that says who did it


class DeedSlots(VerbSlots):
    """غارة للتحالف، هجوم نفذه داعش، قصف مواقع للحوثيين."""

    def __init__(self, scene: Scene, topic: list[Mention], thread: Thread | None = None) -> None:
        super().__init__(scene, topic, thread)
        self.owners, self.against = scene.pack.marks("owner"), scene.pack.marks("against")
        self.sources = scene.pack.marks("member")

    def means(self, predicate: Predicate) -> list[Mention]:
        """Whose raid it was in which somebody was killed."""
        return next((found for noun in means(self.scene, predicate) if (found := self.doer(noun))), [])

    def doer(self, noun: Predicate) -> list[Mention]:
        """Who did what a noun names: an adjective, a genitive, «of X», «by X», or the verb that follows."""
        owner = [m for m in self.genitive(noun) if m.cls != "Place"] if self._takes_doer(noun) else []
        return self.adjective(noun) or owner or self.whose(noun) or self.performed(noun) or self.preposition("by", noun)

    def _takes_doer(self, noun: Predicate) -> bool:
        """مقتل جنديين: the genitive of some deeds is whom they were done to, never who did them."""
        rules = [self.scene.pack.frames[kind].rules[number] for kind, number in noun.hit.entry.rules]
        names = [{role: slots.split("|") for role, slots in rule.roles.items()} for rule in rules]
        return any("gen" in n.get("actor", ()) for n in names) or not any(
            "gen" in n.get("recipient", ()) for n in names
        )

    def suffers(self, kind: str, rule: Rule, predicate: Predicate) -> bool:
        """قتل جنود في هجوم: a subject that suffers by one rule of the type does nothing by another."""
        rules = (self.scene.pack.frames[k].rules[n] for k, n in predicate.hit.entry.rules if k == kind)
        acts = not rule.passive and rule.roles.get("actor", "").startswith("subj") and "recipient" not in rule.roles
        return acts and any(other.passive for other in rules) and self.passive(predicate)

    def does(self, noun: Predicate) -> list[Mention]:
        """The subject of the verb that carries the noun, but not in «shut its border after an attack»."""
        before = "" if noun.first == self.scene.sentence.first else self.scene._preposition(noun.first - 1)
        adjuncts = self.scene.pack.adjuncts
        governor = noun.governor
        told = governor is not None and (governor.says or governor.category == "say")
        apart = before or noun.hit.reading.prep or noun.hit.reading.conj  # عن مقتل عنصر وتدمير سيارة
        if (not noun.hit.reading.prep and before in adjuncts) or (told and apart):
            return []
        return self.light(noun)

    def acting_noun(self, predicate: Predicate) -> list[Mention]:
        """An American raid hit X: whose raid it was, when the noun is the subject of the verb."""
        after = self.scene.predicate_at(predicate.last) if predicate.last < self.scene.sentence.last else None
        if after is not None and same_type(after, predicate):
            return self.doer(after)
        return self._acting_before(predicate)

    def _acting_before(self, predicate: Predicate) -> list[Mention]:
        """هجمات لداعش استهدفت الشرطة: the noun stands before its verb."""
        for noun in reversed(self.scene.predicates):
            if noun.last <= predicate.first and (noun.verb or same_type(noun, predicate)):
                near = predicate.first - noun.last <= TARGET and not noun.verb
                done = self.doer(noun) or self.does(noun)  # شنت طائرات غارات ضربت …
                return [m for m in done if m.last <= predicate.first] if near else []
        return []

    def whose(self, noun: Predicate) -> list[Mention]:
        """هجوم لداعش: of whom an indefinite noun is; after a genitive the same preposition marks the victim."""
        if self.scene.svo or noun.verb or noun.hit.reading.enclitic:
            return []
        before = self.scene.predicate_at(noun.first - 1) if noun.first > self.scene.sentence.first else None
        strikes = before is not None and before.verb and same_type(noun, before)  # استهدف هجوم موكبا لسفارة
        k, plain, takes_genitive = noun.last, 0, self._takes_genitive(noun) or strikes
        while k < self.scene.sentence.last and k - noun.last < GAP and k not in self.scene.within:
            word = self.words[k]
            owned = word.has("transparent", "det") and any(r.prep in self.owners for r in word.readings)
            plain += not word.has("current", "branch")
            if not owned and plain and (takes_genitive or plain > 1 or not plain_noun(self.scene, k)):
                return []
            k += 1
        mention = self.scene.within.get(k)
        owner = mention is not None and mention.first == k and mention.prep in self.owners and not mention.adjective
        return self.scene.group(mention) if mention is not None and owner else []

    def holder(self, noun: Predicate) -> list[Mention]:
        """ليس لتركيا أي وجود عسكري: who has it, named just before."""
        k = noun.first - 1
        while k >= self.scene.sentence.first and self.words[k].has("det") and k not in self.scene.within:
            k -= 1
        mention = self.scene.within.get(k)
        owner = mention is not None and mention.last == k + 1 and mention.prep in self.owners
        return [mention] if mention is not None and owner and not noun.hit.reading.definite else []

    def _takes_genitive(self, noun: Predicate) -> bool:
        """قصف معسكر للجيش: what follows the noun may be what was hit, so the owner is the owner of that."""
        rules = (self.scene.pack.frames[kind].rules[number] for kind, number in noun.hit.entry.rules)
        return any("gen" in rule.roles.get("recipient", "").split("|") for rule in rules)

    def performed(self, noun: Predicate) -> list[Mention]:
        """هجوم نفذه داعش، الغارات التي تشنها تركيا: the subject of the verb of doing that points back to the noun."""
        if self.scene.svo or noun.verb:
            return []
        for verb in self.scene.predicates:
            if verb.first < noun.last or not verb.verb:
                continue
            back = verb.first - noun.last <= DONE and bool(verb.hit.reading.enclitic)
            does = verb.category == "light" or verb.carrier is not None or same_type(noun, verb)
            return [m for m in verb.subject if m.first >= verb.last] if back and does else []
        return []

    def members(self, predicate: Predicate) -> list[Mention]:
        """هاجم مسلحون من حركة طالبان: whose people act, when the subject itself is no mention."""
        for k in range(predicate.last, min(self.scene.sentence.last, predicate.last + TARGET)):
            word = self.words[k]
            if k > predicate.last and word.norm in self.sources:
                first = k + 1
                while first < self.scene.sentence.last and first not in self.scene.within:
                    if not self.words[first].has("transparent"):
                        break
                    first += 1
                mention = self.scene.within.get(first)
                if mention is not None and mention.first == first:
                    return self.scene.group(mention) if mention.cls in {"Organization", "State"} else []
                continue  # أكثر من 3 آلاف من داعش
            known = word.has("prep", "comp", "rel", "open", "verb", "say") and not word.has("det", "transparent")
            if (word.kind == "punct" and word.text not in QUOTES) or k in self.scene.within or known:
                return []
        return []

    def target(self, predicate: Predicate) -> list[Mention]:
        """قصف مواقع للحوثيين: whose is the thing that was hit, when that is no mention itself."""
        scene = self.scene
        noun = scene.predicate_at(predicate.last) if predicate.last < scene.sentence.last else None
        start = predicate.last
        if predicate.verb and noun is not None and same_type(noun, predicate):
            start = max([noun.last, *(m.last for m in self.doer(noun))])
        start = max([start, *(m.last for m in predicate.subject if m.first >= predicate.last)])
        if not predicate.verb and start < scene.sentence.last and self.words[start].has("current", "branch"):
            return []  # قصف جوي لطائرات النظام: the phrase names who did it
        own = [] if predicate.verb else self.adjective(predicate)
        return [m for m in self._owner_from(start) if m not in own]

    def aim(self, predicate: Predicate) -> list[Mention]:
        """هجوم على سفينة تركية: the same after the preposition that an attack takes."""
        return self._owner_after(predicate, self.against)

    def beside(self, predicate: Predicate) -> list[Mention]:
        """فجر نفسه قرب حاجز للجيش: whose is the thing by which it happened."""
        return self._owner_after(predicate, self.scene.pack.prepositions("@place"))

    def _owner_after(self, predicate: Predicate, prepositions: frozenset[str]) -> list[Mention]:
        """The owner in the noun phrase after the first of these prepositions."""
        scene = self.scene
        for k in range(predicate.last, min(scene.sentence.last, predicate.last + TARGET)):
            if any(p.verb and p.first == k for p in scene.predicates):
                return []  # الهجمات تأتي ردا على إجراءات إسرائيلية
            hit = self.words[k].hit("prep")
            if k not in scene.within and hit is not None and hit.last == k + 1 and hit.entry.lemma in prepositions:
                return self._owner_from(k + 1)
        return []

    def owner_in_phrase(self, name: str, predicate: Predicate) -> list[Mention]:
        """احتج على الغارات التركية، ندد بتصريحات المسؤول: the owner in the phrase with the preposition `name`."""
        scene, start = self.scene, predicate.last
        start = max([start, *(m.last for m in predicate.subject if m.first >= start)])
        for k in range(start, min(scene.clauses[predicate.clause].last, start + 2 * TARGET)):
            word = self.words[k]
            if k in scene.within:
                continue
            other = scene.predicate_at(k)
            if other is not None and other.verb:
                return []
            hit = word.hit("prep")
            apart = hit is not None and hit.last == k + 1 and hit.entry.lemma == name and not hit.reading.enclitic
            if apart or any(r.prep == name and not r.cost for r in word.readings):
                return [m for m in self._owner_from(k + apart) if not self._done_to(k + apart, m)][:1]
        return []

    def _done_to(self, k: int, mention: Mention) -> bool:
        """أيد غزو العراق: the genitive of the noun at word k may be whom the deed is done to."""
        deed = self.scene.predicate_at(k)
        if deed is None or deed.verb or mention.adjective:
            return False
        rules = (self.scene.pack.frames[kind].rules[number] for kind, number in deed.hit.entry.rules)
        return any("gen" in rule.roles.get(role, "").split("|") for rule in rules for role in ("recipient", "object"))

    def _owner_from(self, start: int) -> list[Mention]:
        """The owner in the noun phrase that begins at word `start`, when a noun that is no mention leads it."""
        scene, k = self.scene, start
        while k < min(scene.sentence.last, start + TARGET):
            mention, word = scene.within.get(k), self.words[k]
            if mention is not None:
                weapon = mention.start >= self.words[mention.first].end  # تدمير سيارة بقصف لطيران التحالف
                if k == start or mention.reading.conj or weapon:
                    return []
                owned = (
                    mention.adjective
                    or mention.prep in self.owners
                    or (not mention.prep and not scene.is_bare(mention))
                )
                return scene.group(mention) if owned else []
            deed = scene.predicate_at(k) if k > start else None
            if deed is not None and not deed.verb and deed.hit.reading.prep:
                return []  # تدمير سيارة بقصف للتحالف
            if word.kind == "punct" or word.has("comp", "rel", "open", "verb", "say", "light", "neg", "if"):
                return []
            deed = scene.predicate_at(k) if k > start else None
            if deed is not None and deed.hit.reading.prep:
                return []  # تدمير سيارة بقصف للتحالف
            some = k > start and (self.words[k - 1].has("det") or self.words[k - 1].kind == "number")
            if some and word.norm in self.sources:  # ثلاثة من قادة حزب الله
                k += 1
                continue
            if word.has("prep", "coord") and not word.has("transparent", "det", "current"):
                return []
            k += 1
        return []

    def affiliated(self, predicate: Predicate) -> list[Mention]:
        """اعتقلت أشخاصا ينتمون إلى داعش: the group of people who are no mention themselves."""
        last = self.scene.sentence.last
        for k in range(predicate.last, min(last, predicate.last + 2 * TARGET)):
            if self.words[k].has("affiliation") and k not in self.scene.within:
                near = [m for m in self.scene.mentions if 0 < m.first - k <= GAP and m.prep]
                return self.scene.group(near[0]) if near and near[0].cls == "Organization" else []
        return []

    def hit(self, predicate: Predicate) -> list[Mention]:
        """مسؤوليته عن الهجوم الذي استهدف السفارة: whom the deed named after the predicate was done to."""
        for other in self.scene.predicates:
            near = predicate.last <= other.first <= predicate.last + 2 * TARGET
            if not near or not same_deed(other, predicate):
                continue
            found = self.object(other) if other.verb else self.genitive(other)
            found = found or [m for p in sorted(self.against) for m in self.preposition(p, other)]
            found = found or self.target(other) or self.aim(other)
            if found:
                return found
        return []

    def there(self, predicate: Predicate) -> list[Mention]:
        """مسؤوليته عن الهجوم الذي استهدف فندقا في كابول: where the deed named after the predicate was done."""
        for other in self.scene.predicates:
            near = predicate.last <= other.first <= predicate.last + 2 * TARGET
            if near and same_deed(other, predicate) and (found := self.where(other)):
                return found
        return []

    def site(self, predicate: Predicate) -> list[Mention]:
        """The place that a base is said to be in; «in the south of Turkey» is the state, not a place."""
        places = self.scene.pack.prepositions("@place")
        near = (m for m in self.scene.after(predicate) if m.prep in places and m.first - predicate.last <= GAP)
        return [m for m in near if not self.words[m.first].has("direction")][:1]

    def where(self, predicate: Predicate) -> list[Mention]:
        """Places of the clause: what an event without a role for them takes by itself, and شرق ليبيا."""
        places = self.scene.pack.prepositions("@place")
        found = self.places(predicate, places)
        adverbs = (m for m in self.scene.within_clause(predicate) if m.cls == "Place" and not m.prep)
        found = found or [m for m in adverbs if self.words[m.first].has("direction") and m.first > predicate.first]
        shared = shared_clause(self.scene, predicate) if not found else None
        return self.places_in(shared, places) if shared is not None else found


def same_deed(a: Predicate, b: Predicate) -> bool:
    """True when both may state the same type of claim."""
    return bool({kind for kind, _ in a.hit.entry.rules} & {kind for kind, _ in b.hit.entry.rules})
