"""The slots of a predicate: subject, object, genitive, adjective, possessor and what each preposition brings.

A frame names slots in a small language: `subj|gen|ل` takes the first that is filled, `subj + مع` takes all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from kg.extraction.clauses import Predicate, Scene
from kg.extraction.deed_slots import DeedSlots
from kg.extraction.mentions import Mention
from kg.extraction.slot_base import GAP, Thread
from kg.extraction.subjects import written_passive

AROUND = 10  # words between a base and the state that the sentence places it in


@lru_cache(maxsize=4096)
def choices(expression: str) -> tuple[tuple[str, ...], ...]:
    """A slot expression taken apart: for each of its parts the slots to choose from."""
    return tuple(tuple(slot.strip() for slot in part.strip().split("|")) for part in expression.split("+"))


class Slots(DeedSlots):
    """Answers what fills a slot of a predicate of one sentence. `topic` is the last subject before the sentence."""

    def __init__(self, scene: Scene, topic: list[Mention], thread: Thread | None = None) -> None:
        super().__init__(scene, topic, thread)
        self.readers: dict[str, Callable[[Predicate], list[Mention]]] = {
            "subj": self.subject,
            "obj": self.object,
            "obj2": self.second_object,
            "gen": self.genitive,
            "gen2": self.second_genitive,
            "adj": self.adjective,
            "poss": self.possessor,
            "mine": self.possessed_by_subject,
            "light": self.light,
            "ctrl": self.controller,
            "will": self.intender,
            "ante": self.antecedent,
            "topic": lambda _p: self.topic,
            "before": self.before,
            "own": self.own_state,
            "by": self.agent_phrase,
            "self": self.itself,
            "prev": self.previous,
            "bases_of": self.base_owner,
            "means": self.means,
            "strike": self.acting_noun,
            "whose": self.whose,
            "does": self.does,
            "performed": self.performed,
            "target": self.target,
            "aim": self.aim,
            "beside": self.beside,
            "members": self.members,
            "hit": self.hit,
            "there": self.there,
            "affiliated": self.affiliated,
            "where": self.where,
            "site": self.site,
            "holder": self.holder,
            "main": self.main_subject,
            "antes": self.antecedents,
            "listed": self.listed,
            "during": self.during,
            "purpose": self.purpose,
            "voice": lambda _p: self.voice,
            "around": self.around,
            "next": self.following,
            "objadj": self.owner_of_object,
            "as": self.appointed,
            "residence": self.residence,
            "inner": self.named_within,
            "later": lambda p: [m for m in self.scene.after(p) if not m.adjective],
        }
        for predicate in scene.predicates:
            predicate.governor = self._governor(predicate)
        for predicate in scene.predicates:
            if predicate.verb or predicate.category == "saypart" or "participle" in predicate.features.split():
                predicate.subject = self._subject(predicate)
                predicate.passive = not scene.svo and written_passive(scene, predicate)

    def fill(self, expression: str, predicate: Predicate, fits: Callable[[Mention], bool]) -> list[Mention]:
        """Mentions that fill a slot expression, in order, those that do not fit left out."""
        found: list[Mention] = []
        for choice in choices(expression):
            for slot in choice:
                got = [m for m in self.slot(slot, predicate) if fits(m) and m not in found]
                if got:
                    found.extend(got[:1] if slot == "prev" else got)
                    break
        return found

    def slot(self, name: str, predicate: Predicate) -> list[Mention]:
        """Mentions in one slot; a name that is no keyword is a preposition."""
        reader = self.readers.get(name)
        if reader is not None:
            return reader(predicate)
        if name.startswith("~"):  # whatever noun in between the phrase belongs to
            return [m for m in self.scene.after(predicate) if m.prep == name[1:] and not m.adjective][:1]
        if name.startswith("="):  # احتج على الغارات التركية: whose the thing in the phrase is, when it is no mention
            return self.owner_in_phrase(name[1:], predicate)
        if name.startswith("<"):  # جرت مفاوضات بين أ وب بوساطة ج: the phrase stands before
            earlier = [m for m in self.scene.before(predicate) if m.prep == name[1:] and not m.adjective]
            return self.scene.groups.get(id(earlier[-1]), earlier[-1:]) if earlier else []
        if name.endswith("2"):  # الزيارة المرتقبة لبوتين لمصر: the second phrase with one preposition
            return next(iter(self.all_phrases(name[:-1], predicate)[1:2]), [])
        return self.preposition(name, predicate)

    def own_state(self, predicate: Predicate) -> list[Mention]:
        """Mentions like بلاده in the predicate's clause."""
        return [m for m in self.scene.within_clause(predicate) if m.kind == "own"]

    def main_subject(self, predicate: Predicate) -> list[Mention]:
        """The subject of the finite verb before the predicate: وصل ظريف إلى بغداد في جولة تشمل قطر."""
        earlier = [p for p in self.scene.predicates if p.verb and p.subject and p.first < predicate.first]
        return earlier[-1].subject if earlier else []

    def during(self, predicate: Predicate) -> list[Mention]:
        """أكد كيري خلال لقاء مع X، في لقاء مع X قال كيري: whose act, when a preposition ties it to a verb."""
        times = self.scene.pack.prepositions("@during")
        if predicate.verb or (predicate.hit.reading.prep or self.scene._preposition(predicate.first - 1)) not in times:
            return []
        verbs = [p for p in self.scene.predicates if p.verb and p.subject]
        before = [p for p in verbs if p.first < predicate.first and p.clause == predicate.clause]
        after = [p for p in verbs if p.first > predicate.first and predicate.first - self.scene.sentence.first <= GAP]
        return before[-1].subject if before else after[0].subject if after else []

    def appointed(self, predicate: Predicate) -> list[Mention]:
        """انتخب رئيسا للبنان: what the office is of."""
        for mention in self.scene.after(predicate):
            if mention.office is not None and mention.name is None and mention.of is not None:
                return [mention.of]
        return []

    def base_owner(self, predicate: Predicate) -> list[Mention]:
        """Whose bases the sentence speaks of before it names them: القواعد العسكرية الروسية … حميميم."""
        if self.self_mention is None or not self.self_mention.plural:
            return []
        for mention in self.scene.mentions:
            generic = (
                mention.cls == "MilitaryBase"
                and mention.plural
                and not mention.name
                and mention.first < predicate.first
            )
            if generic and mention.inner:
                return mention.inner[:1]
        return []

    def residence(self, predicate: Predicate) -> list[Mention]:
        """Where the sentence says that the person handed over lives: he can only be handed over from there."""
        for other in self.scene.predicates:
            lives = any(kind == "residesIn" for kind, _ in other.hit.entry.rules)
            if lives and 0 < other.first - predicate.last <= 6:
                return [m for m in self.scene.after(other) if m.prep][:1]
        return []

    def owner_of_object(self, predicate: Predicate) -> list[Mention]:
        """رفضت إيران المقترح الأمريكي: whose is what is refused or welcomed, when that is no mention itself."""
        start = max([predicate.last, *(m.last for m in predicate.subject if m.first >= predicate.last)])
        whose = [] if predicate.verb else self.genitive(predicate)
        for mention in self.scene.after(predicate):
            if mention.first >= start and mention not in whose:
                start = max([start, *(m.last for m in whose)])
                owner = mention.adjective or not (mention.prep or self.scene.is_bare(mention))
                near = 0 < mention.first - start <= GAP and not mention.reading.prep and not mention.reading.conj
                return [mention] if owner and near and not self._done_to(start, mention) else []
        return []

    def following(self, predicate: Predicate) -> list[Mention]:
        """قاعدة إنجرليك جنوبي تركيا، (جنوب البلاد): the place named right after, without a preposition."""
        k = predicate.last
        k += k < self.scene.sentence.last and self.words[k].text == "("
        mention = self.scene.within.get(k)
        if mention is None and k + 1 < self.scene.sentence.last and self.words[k].has("direction"):
            state = self.scene.within.get(k + 1)
            return [state] if state is not None and state.cls == "State" and not state.adjective else []
        return [mention] if mention is not None and mention.cls == "Place" and not mention.reading.conj else []

    def around(self, predicate: Predicate) -> list[Mention]:
        """States in which the sentence places things, the nearest first: في سوريا."""
        places = self.scene.pack.prepositions("@place")
        found = [
            m
            for m in self.scene.mentions
            if m.prep in places and m.cls == "State" and abs(m.first - predicate.first) <= AROUND
        ]
        return sorted(found, key=lambda m: abs(m.first - predicate.first))[:1]

    def itself(self, predicate: Predicate) -> list[Mention]:
        """The mention that is the trigger."""
        return [self.self_mention] if self.self_mention is not None else []

    def antecedents(self, predicate: Predicate) -> list[Mention]:
        """فرنسا وروسيا والصين الدول الدائمة العضوية: all that are coordinated before the plural."""
        found = self.antecedent(predicate)
        return self.scene.groups.get(id(found[0]), found) if found else []

    def listed(self, predicate: Predicate) -> list[Mention]:
        """اللجنة الرباعية (روسيا و…): who is named in parentheses right after a body, two or more."""
        k = predicate.last
        if k >= self.scene.sentence.last or self.words[k].text != "(":
            return []
        first = self.scene.within.get(k + 1)
        group = self.scene.group(first) if first is not None and first.first == k + 1 else []
        return group if len(group) > 1 else []

    def named_within(self, predicate: Predicate) -> list[Mention]:
        """States and others named inside the mention that is the trigger: القواعد العسكرية الروسية."""
        return self.self_mention.inner if self.self_mention is not None else []

    def agent_phrase(self, predicate: Predicate) -> list[Mention]:
        """من قبل X, by X."""
        return self.preposition("by", predicate)
