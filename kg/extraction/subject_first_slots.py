"""Slots of nouns and prepositions in languages with the subject before the verb."""

from __future__ import annotations

from functools import lru_cache

from kg.extraction.clauses import Predicate
from kg.extraction.mentions import Mention
from kg.extraction.stance import speaker_of
from kg.extraction.subject_first import SvoScene
from kg.extraction.subject_first_neighbours import WINDOW, Neighbours
from kg.extraction.verb_groups import Group
from kg.language import Pack


@lru_cache(maxsize=8)
def _linking(pack: Pack) -> tuple[frozenset[str], frozenset[str]]:
    """Verbs that link a subject to what it is; verbs whose object does what follows."""
    kinds = (pack.lexicon.copulas, pack.lexicon.causatives)
    copulas, causatives = (frozenset(pack.fold(line.split()[0]) for line in lines) for lines in kinds)
    return copulas, causatives


class SvoSlots(Neighbours):
    """Answers what fills a slot. `topic`: subjects of earlier sentences, the latest first; `speaker`: who says «I»."""

    def __init__(self, scene: SvoScene, topic: list[Mention], speaker: list[Mention]) -> None:
        self.scene, self.words, self.topic, self.speaker = scene, scene.words, topic, speaker
        self.self_mention: Mention | None = None
        self.carried: list[Mention] = []
        self.readers = {
            "subj": self.subject,
            "obj": self.object,
            "iobj": self.indirect,
            "adj": self.adjective,
            "poss": self.possessor,
            "light": self.light,
            "cop": self.copula_subject,
            "ante": self.antecedent,
            "topic": lambda _p: self.topic,
            "before": self.before,
            "own": self.own_state,
            "self": self.itself,
            "inner": self.named_within,
            "in1": self.directly_in,
            "obj0": self.object_of_phrase,
            "subj0": self.clause_subject,
            "speaker": self.speaking,
            "obj's": self.object_possessor,
            "obj of": self.object_genitive,
            "obj site": lambda p: [m for m in self.object_possessor(p) if m.cls == "Place" and m.first >= p.last],
            "obj adj": self.object_adjective,
            "inner state": lambda p: [m for m in self.named_within(p) if m.cls == "State" and m.kind != "capital"],
            "inner adj": lambda p: [
                m
                for m in self.named_within(p)
                if m.adjective and self.self_mention is not None and self.self_mention.senses
            ],
            "goer": self.goer,
            "maker": self.maker,
            "carried": self.carried_out,
            "moved": lambda p: self.object(p) if p.passive else [],
            "obj holder": self.object_holder,
            "obj nation": self.object_nation,
            "comp subj": self.complement_subject,
            "obj to": self.object_with_infinitive,
            "next": self.apposed,
            "nation of": self.nation_of_place,
            "adj party": lambda p: [m for m in self.adjective(p) if m.kind != "seat"],
            "hyphen": self.hyphenated,
            "lead": self.leading,
            "where": self.relative_place,
            "act obj": self.act_object,
            "act obj's": self.act_object_possessor,
            "as": self.appointed,
            "obj home": lambda p: [m.of for m in self.object(p) if m.of is not None],
        }
        self.copulas, self.causatives = _linking(scene.pack)
        self.reach: dict[Predicate, int] = {}
        self.spoken = []
        for group in scene.groups_of:
            if group.form == "finite":
                group.subject = self._finite_subject(group)
        for group in scene.groups_of:
            if group.verb and group.form != "finite":
                group.subject = self._other_subject(group)
        for group in scene.groups_of:
            above = group.above
            if above is None:
                continue
            carries = above.category in {"light", "control", "verb"} or above.carrier is not None
            rules = (scene.pack.frames[kind].rules[number] for kind, number in above.hit.entry.rules)
            purpose = group.form == "infinitive" and above.verb and all(rule.content is None for rule in rules)
            if (
                purpose
                or (carries and group.link in {"obj", "to", "gerund", "subj", "purpose"} | scene.pack.marks("genitive"))
                or (group.link in scene.pack.marks("benefit") and not group.verb and above.verb)
            ):
                group.governor = above

    def light(self, predicate: Predicate) -> list[Mention]:
        """Who does what the noun says: the subject of the verb that carries it."""
        if not isinstance(predicate, Group) or predicate.above is None:
            return []
        above, link = predicate.above, predicate.link
        carries = above.category in {"light", "control"} or above.carrier is not None
        same = {kind for kind, _ in above.hit.entry.rules} & {kind for kind, _ in predicate.hit.entry.rules}
        if not carries and above.category != "verb" and not same:
            return []  # who condemns an attack has not made it
        if link == "subj":
            parts = [
                g for g in [above, *self.scene.groups_of] if g is above or (g.above is above and g.form == "infinitive")
            ]
            return next((by for g in parts if g.passive and (by := self.agent_phrase(g))), [])
        if link in {"obj", "to", "gerund"} or (link in self.scene.pack.marks("inside") and same):
            return self.subject(above)
        return []

    def goer(self, predicate: Predicate) -> list[Mention]:
        """«Flew to Moscow for talks»: who went."""
        above = predicate.above if isinstance(predicate, Group) else None
        if (
            not isinstance(predicate, Group)
            or predicate.link not in self.scene.pack.marks("benefit")
            or above is None
            or not above.verb
        ):
            return []
        return [] if above.passive or self.object(above) else above.subject

    def complement_subject(self, predicate: Predicate) -> list[Mention]:
        """«Demanded that Iran leave»: Iran."""
        for group in self.scene.groups_of:
            if group.above is predicate and group.link == "comp":
                return group.subject
        return []

    def object_with_infinitive(self, predicate: Predicate) -> list[Mention]:
        """«Called for Iran to leave»: Iran."""
        objects = self.object(predicate)
        return objects if objects and self.tag(objects[-1].last) == "T" else []

    def antecedent(self, predicate: Predicate) -> list[Mention]:
        """The noun phrase before: «Hezbollah, an ally of …»."""
        start = self.scene.np_start(predicate.first)
        k = self.scene._left(start)
        while self.tag(k) == "R":
            k -= 1  # «Kuwait, long an ally of …»
        if self.tag(k) == "X" and self.words[k].text not in {",", "("}:
            return []
        if self.tag(k) not in {"X", "M", "N"}:
            return []
        return self._ends_at(k)[-1:]

    def before(self, predicate: Predicate) -> list[Mention]:
        return self.antecedent(predicate)

    def clause_subject(self, predicate: Predicate) -> list[Mention]:
        """The subject of the main verb of the clause."""
        verbs = [
            g
            for g in self.scene.groups_of
            if g.form == "finite" and g.first < predicate.first and g.clause == predicate.clause
        ]
        return verbs[-1].subject if verbs and not verbs[-1].passive else []

    def object_of_phrase(self, predicate: Predicate) -> list[Mention]:
        """What follows a phrase that ends in a preposition: «part of the coalition»."""
        mention = self._head_at(predicate.last)
        return self.scene.group(mention) if mention is not None else []

    def speaking(self, predicate: Predicate) -> list[Mention]:
        """Whose words the predicate is in."""
        speech = speaker_of(self.spoken, predicate)
        return speech.speaker if speech is not None else []

    def object_possessor(self, predicate: Predicate) -> list[Mention]:
        """«Welcomed Turkey's efforts»: Turkey."""
        last = self._plain_object(predicate)
        if last is None:
            return []
        found = self._possessors(self._object_start(predicate) - predicate.passive, last + 1)
        rules = (self.scene.pack.frames[kind].rules[number] for kind, number in predicate.hit.entry.rules)
        words = any(rule.content is not None for rule in rules)  # «killed his men»: not him; «praised his men»: him
        return found if words else [m for m in found if m.cls != "Person"]

    def _possessors(self, first: int, last: int) -> list[Mention]:
        for k in range(last - 1, first - 1, -1):
            if self.tag(k) == "S" and k > first and (mention := self.scene.within.get(k - 1)) is not None:
                return [mention]
            if self.tag(k) == "O":
                return self.pronoun(k, own=[])
        named = [self.scene.within[k] for k in range(first, last) if self.tag(k) == "M"]
        named = [
            m
            for m in named
            if id(m) in self.scene.modifiers
            and not m.adjective
            and m.cls == "Organization"
            and m.kind != "bare"
            and (self.tag(m.last) != "X" or self._holds(m.last))
        ]
        return named[-1:]  # «attacked Islamic State positions»

    def _holds(self, k: int) -> bool:
        """«A Hamas-held building»: it is theirs; one that is Hamas-backed is not."""
        after = self.words[k + 1].norm if k + 1 < self.scene.sentence.last else ""
        return self.words[k].text == "-" and after in self.scene.pack.marks("holding")

    def object_genitive(self, predicate: Predicate) -> list[Mention]:
        """«Welcomed the decision of the president»: the president."""
        last = self._plain_object(predicate)
        if last is None or self.scene.classes.prepositions.get(last + 1) not in self.scene.pack.marks(
            "genitive", "agent", "source"
        ):
            return []
        mention = self._head_at(last + 2)
        return self.scene.group(mention) if mention is not None else self._possessors(last + 2, last + 9)

    def object_adjective(self, predicate: Predicate) -> list[Mention]:
        """«Condemned the Israeli strikes»: Israel, whose deed is condemned."""
        deeds = [g for g in self.scene.groups_of if g.above is predicate and g.link == "obj" and not g.verb]
        return [m for deed in deeds for m in self.adjective(deed) if m.cls == "State"]

    def itself(self, predicate: Predicate) -> list[Mention]:
        return [self.self_mention] if self.self_mention is not None else []

    def preposition(self, name: str, predicate: Predicate) -> list[Mention]:
        above = predicate.above if isinstance(predicate, Group) and predicate.link == "subj" else None
        end = max(self.window(predicate), self.window(above) if above is not None else 0)
        if name.endswith("'s"):
            return self._possessor_in(name[:-2], predicate, end)
        if self.self_mention is not None:
            end = min(end, predicate.last + 9)
        for mention in self.scene.mentions:
            if not predicate.last <= mention.first < end or mention.prep != name or id(mention) in self.scene.modifiers:
                continue
            if mention.adjective or self._blocked(name, predicate, mention) or self._others_between(mention):
                continue
            owner = self._owner(mention, name)
            if owner is not None and self._supports(predicate, owner):
                owner = predicate
            mine = owner is predicate or self.self_mention is not None
            if name in self.scene.pack.marks("parties") and mine and len(self.scene.group(mention)) == 1:
                return [mention, *self._other_party(mention)]
            if owner is predicate or (
                self.self_mention is not None and (owner is None or owner.last <= predicate.first)
            ):
                return self.scene.group(mention)
        return []

    def _supports(self, verb: Predicate, noun: Predicate) -> bool:
        """«Lifted sanctions on Syria»: a verb whose rule asks for the noun it has as object shares its phrases."""
        if not isinstance(noun, Group) or noun.above is not verb or noun.link != "obj":
            return False
        asked = {w for kind, number in verb.hit.entry.rules for w in self.scene.pack.frames[kind].rules[number].with_}
        return any(self.words[k].norm in asked for k in range(noun.first, noun.last))

    def _others_between(self, mention: Mention) -> bool:
        """True when another mention of the trigger's class lies between a trigger mention and this one."""
        mine = self.self_mention
        if mine is None:
            return False
        between = [m for m in self.scene.mentions if mine.last <= m.first < mention.first]
        between = [m for m in between if m.cls == mine.cls and id(m) not in self.scene.modifiers]
        return any(m not in self.scene.group(mine) for m in between)

    def _other_party(self, mention: Mention) -> list[Mention]:
        """«Between Iraq, led by X, and Turkey»: what is between has a second side."""
        for k in range(mention.last, min(mention.last + WINDOW, self.scene.sentence.last)):
            if self.tag(k) == "C" and self.words[k - 1].text == ",":
                other = self._head_at(k + 1)
                if other is not None and (
                    other.cls == mention.cls or {other.cls, mention.cls} == {"State", "Organization"}
                ):
                    return [other]
        return []

    def _possessor_in(self, name: str, predicate: Predicate, end: int) -> list[Mention]:
        """«Support for Iraq's democracy»: Iraq."""
        for k in range(predicate.last, end):
            if self.scene.classes.prepositions.get(k) == name:
                j = k + 1
                while self.tag(j) in {"D", "J", "N", "S", "M", "Q"}:
                    j += 1
                return self._possessors(k + 1, j) or self.nations(k + 1, j) or self._national(k + 1)
        return []

    def _national(self, k: int) -> list[Mention]:
        """«Missiles at Ukrainian cities»: Ukraine."""
        mention = self._head_at(k)
        place = mention is not None and mention.cls in {"Place", "MilitaryBase"} and mention.kind == "head"
        return [m for m in mention.inner if m.adjective and m.cls == "State"][:1] if place and mention else []

    def _inherited(self, predicate: Predicate) -> list[Mention]:
        return self.topic

    def _blocked(self, name: str, predicate: Predicate, mention: Mention) -> bool:
        """«of» belongs to the word before it."""
        if name not in self.scene.pack.marks("genitive") or predicate.verb:
            return False
        k = self.scene.np_start(mention.first) - 1
        return k != predicate.last

    def _owner(self, mention: Mention, name: str) -> Predicate | None:
        """The nearest predicate before the mention that uses the preposition; «by» belongs to a passive."""
        for predicate in reversed(self.scene.predicates):
            if predicate.last > mention.first or self.scene.classes.compound(predicate.first):
                continue
            if name in predicate.wants or (predicate.passive and name in self.scene.pack.marks("agent")):
                return predicate
        return None

    def all_phrases(self, name: str, predicate: Predicate) -> list[list[Mention]]:
        found = self.slot(name, predicate)
        return [found] if found else []

    def places(self, predicate: Predicate, prepositions: frozenset[str]) -> list[Mention]:
        """Where it happened: places after the predicate, else before it in its clause."""
        above = predicate.above if isinstance(predicate, Group) and predicate.link == "subj" else None
        end = self.window(above or predicate)
        after = [m for m in self.scene.mentions if predicate.last <= m.first < end and m.prep in prepositions]
        clause = self.scene.clauses[predicate.clause]
        earlier = self.scene.clauses[max(clause.number - 1, 0)]
        begin = earlier.first if clause.opener == "start" and earlier.verb is None else clause.first
        while self.tag(begin) in {"C", "X", "Q", "R"}:
            begin += 1
        opening = self.tag(begin) == "P" and self.scene.classes.prepositions.get(begin) in prepositions
        if isinstance(predicate, Group) and predicate.how == "plain" and not after:
            begin = begin if opening else predicate.begins  # «a bomb in Aleppo killed»
            opening = True
        before = [
            m for m in self.scene.mentions if opening and begin < m.first < predicate.first and m.prep in prepositions
        ][:1]
        return [m for m in [*after, *before] if not m.adjective and id(m) not in self.scene.modifiers]

    def next_topic(self) -> list[Mention]:
        """Subjects for the pronouns of the next sentence, the latest main clause first."""
        subjects = [g.subject for g in self.scene.groups_of if g.form == "finite" and g.subject]
        latest = [m for subject in subjects for m in subject if m.kind not in {"own", "pair", "we"}]
        others = [m for m in self.scene.mentions if m.cls == "Person" and m not in latest and not m.adjective]
        return [*latest, *others, *(m for m in self.topic if m not in latest)][:8]
