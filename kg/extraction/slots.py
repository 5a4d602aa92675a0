"""The slots of a predicate: subject, object, genitive, adjective, possessor and what each preposition brings.

A frame names slots in a small language: `subj|gen|ل` takes the first that is filled, `subj + مع` takes all.
"""

from __future__ import annotations

from collections.abc import Callable

from kg.extraction.clauses import Clause, Predicate, Scene
from kg.extraction.mentions import Mention
from kg.extraction.subjects import carries_subject, drops_subject, follows_noun, means, plain_noun, reads_passive, resumed, same_type, unnamed_subject, written_passive

REACH = 8  # words between a noun and a prepositional phrase of its own, mentions not counted
GAP = 4  # words that may stand between a noun and the adjective or genitive that belongs to it
NEAR_PARTIES = 12  # words between an agreement and «between A and B»
AROUND = 10  # words between a base and the state that the sentence places it in


class Slots:
    """Answers what fills a slot of a predicate of one sentence. `topic` is the last subject before the sentence."""

    def __init__(self, scene: Scene, topic: list[Mention]) -> None:
        self.scene, self.words = scene, scene.words
        self.topic = topic
        self.self_mention: Mention | None = None  # set while the trigger is a mention
        self.voice: list[Mention] = []  # whose words the predicate that is being read stands in
        self.readers: dict[str, Callable[[Predicate], list[Mention]]] = {
            "subj": self.subject, "obj": self.object, "obj2": self.second_object, "gen": self.genitive,
            "gen2": self.second_genitive, "adj": self.adjective, "poss": self.possessor, "light": self.light, "ctrl": self.controller,
            "ante": self.antecedent, "topic": lambda _p: self.topic, "before": self.before, "own": self.own_state,
            "by": self.agent_phrase, "self": self.itself, "prev": self.previous, "bases_of": self.base_owner,
            "means": self.means, "strike": self.acting_noun, "main": self.main_subject, "voice": lambda _p: self.voice, "around": self.around, "as": self.appointed, "residence": self.residence,
            "inner": self.named_within,
        }  # fmt: skip
        for predicate in scene.predicates:
            predicate.governor = self._governor(predicate)
        for predicate in scene.predicates:
            if predicate.verb or predicate.category == "saypart" or "participle" in predicate.features.split():
                predicate.subject = self._subject(predicate)
                predicate.passive = not scene.svo and written_passive(self.words[predicate.first].text, predicate)
        self.carried: list[Mention] = []

    def fill(self, expression: str, predicate: Predicate, fits: Callable[[Mention], bool]) -> list[Mention]:
        """Mentions that fill a slot expression, in order, those that do not fit left out."""
        found: list[Mention] = []
        for part in expression.split("+"):
            for slot in part.strip().split("|"):
                got = [m for m in self.slot(slot.strip(), predicate) if fits(m) and m not in found]
                if got:
                    found.extend(got[:1] if slot.strip() == "prev" else got)
                    break
        return found

    def slot(self, name: str, predicate: Predicate) -> list[Mention]:
        """Mentions in one slot; a name that is no keyword is a preposition."""
        reader = self.readers.get(name)
        if name.startswith("~"):  # whatever noun in between the phrase belongs to
            return [m for m in self.scene.after(predicate) if m.prep == name[1:] and not m.adjective][:1]
        if reader is None and name.endswith("2"):  # الزيارة المرتقبة لبوتين لمصر: the second phrase with one preposition
            return next(iter(self.all_phrases(name[:-1], predicate)[1:2]), [])
        return reader(predicate) if reader else self.preposition(name, predicate)

    # -- subject and object ----------------------------------------------------------------------------------------

    def subject(self, predicate: Predicate) -> list[Mention]:
        if predicate.verb or predicate.category == "saypart" or "participle" in predicate.features.split():
            return predicate.subject
        return self.light(predicate)

    def _clause(self, predicate: Predicate) -> Clause:
        return self.scene.clauses[predicate.clause]

    def _subject(self, predicate: Predicate) -> list[Mention]:
        scene, clause = self.scene, self._clause(predicate)
        if not predicate.verb or (clause.opener == "part" and clause.verb is None):
            return self._main_inherited(predicate)
        left = [m for m in scene.before(predicate) if scene.is_bare(m)]
        right = [m for m in scene.after(predicate) if self._adjacent_bare(predicate, m)]
        if scene.svo:
            return self._svo_subject(predicate, clause, left)
        if left and self._leads(clause, left[-1], predicate):
            return scene.group(left[-1])
        if right and predicate.hit.reading.enclitic:
            return scene.group(right[0])  # the object is the pronoun
        if right and self._needs_object(predicate) and unnamed_subject(scene, predicate, right[0]):
            return []
        if right and self._needs_object(predicate) and follows_noun(scene, predicate):
            return []  # attacks that target X
        if clause.opener == "rel" and self._first_verb(predicate, clause):
            antecedent = scene.antecedent(clause)
            if right and not predicate.passive and self._needs_object(predicate) and not resumed(scene, predicate):
                return [antecedent] if antecedent else []
            if antecedent and not right:
                return [antecedent]
            if not right:
                return []  # what the clause is about is no mention
        if right and not self._is_object(predicate, clause, right):
            return scene.group(right[0])
        return self._inherited(predicate) if drops_subject(self.scene, predicate) else []

    def _svo_subject(self, predicate: Predicate, clause: Clause, left: list[Mention]) -> list[Mention]:
        if left:
            nearest = left[-1] if len(left) > 1 and not self._first_verb(predicate, clause) else left[0]
            first = self.scene.groups.get(id(nearest), [nearest])[0]
            return self.scene.group(first)
        if clause.opener == "rel":
            antecedent = self.scene.antecedent(clause)
            return [antecedent] if antecedent else []
        return self._inherited(predicate)

    def _first_verb(self, predicate: Predicate, clause: Clause) -> bool:
        return clause.verb is predicate or clause.verb is None

    def _leads(self, clause: Clause, mention: Mention, predicate: Predicate) -> bool:
        """True when the mention opens the clause and the verb follows it: subject before verb."""
        gap = self.words[clause.first : mention.first]
        opened = all(w.kind != "word" or w.has("comp", "open", "aux", "coord", "rel", "if", "question", "time") for w in gap)
        between = self.words[mention.last : predicate.first]
        return opened and len(between) <= 12 and clause.opener != "rel"

    def _adjacent_bare(self, predicate: Predicate, mention: Mention) -> bool:
        """A bare noun phrase after the verb that no verbal noun in between takes as its genitive."""
        if not self.scene.is_bare(mention) or (mention.reading.conj and id(mention) not in self.scene.groups):
            return False
        k = mention.first - 1
        while k > predicate.first and self.words[k].has("time") and k not in self.scene.within:
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
        if right[0].group == "counterpart" or self._disagrees(predicate, right[0]):
            return True
        if predicate.first > clause.first and carries_subject(self.scene, predicate.first - 1):
            return True  # أنها سلمت مصر: the pronoun is the subject
        return clause.opener in {"open", "conj"} and self._needs_two(predicate)

    def _needs_two(self, predicate: Predicate) -> bool:
        """A visit or meeting has two parties; one noun phrase can only be the second."""
        rules = [(self.scene.pack.frames[kind], number) for kind, number in predicate.hit.entry.rules]
        needs = [set(frame.rules[number].need or frame.need) for frame, number in rules]
        return bool(needs) and all({"actor2", "recipient", "recipient|place"} & need for need in needs)

    def _disagrees(self, predicate: Predicate, mention: Mention) -> bool:
        """A masculine verb cannot have a feminine subject after it; most states are feminine."""
        features = predicate.features.split()
        masculine = mention.ref() in self.scene.pack.lexicon.masculine
        return mention.cls == "State" and mention.kind in {"name", "capital"} and "m" in features and not masculine

    def _main_inherited(self, predicate: Predicate) -> list[Mention]:
        """A participle describes the subject of the main verb, not of a verb in what is said: قال X إن Y …، داعيا."""
        earlier = [p for p in self.scene.predicates if p.first < predicate.first and p.verb and p.subject]
        main = [p for p in earlier if self._clause(p).opener in {"start", "conj"}]
        return main[-1].subject if main and not self.scene.svo else self._inherited(predicate)

    def _inherited(self, predicate: Predicate) -> list[Mention]:
        """The subject of the sentence's last main verb before, else the topic of the text."""
        earlier = [p for p in self.scene.predicates if p.first < predicate.first and p.verb and p.subject]
        same = [p for p in earlier if self._clause(p).opener != "rel"]
        if same:
            return same[-1].subject
        return self.topic

    def object(self, predicate: Predicate) -> list[Mention]:
        if not predicate.verb and predicate.category != "saypart" and "participle" not in predicate.features.split():
            return self.genitive(predicate)
        scene = self.scene
        clause = self._clause(predicate)
        if predicate.hit.reading.enclitic and not scene.svo:
            antecedent = scene.antecedent(clause) if clause.opener == "rel" and self._first_verb(predicate, clause) else None
            return [antecedent] if antecedent and antecedent not in predicate.subject else self._pronoun(predicate)
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
        return sum(w.text in "،," for w in self.words[start : mention.first]) <= 1 and mention.first - start <= 14

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

    # -- nouns ------------------------------------------------------------------------------------------------------

    def genitive(self, predicate: Predicate) -> list[Mention]:
        """What follows a noun directly: زيارة بوتين."""
        if predicate.hit.reading.definite and not self.scene.svo:
            return []
        k = predicate.last
        while k < self.scene.sentence.last and self.words[k].has("det", "transparent") and k not in self.scene.within:
            k += 1
        mention = self.scene.within.get(k)
        if mention is None or mention.first != k or mention.adjective or mention.reading.prep or mention.reading.conj:
            return []
        return self.scene.group(mention)

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
            if word.text in {"-", "–", "'s", "’s"} or (word.kind == "word" and not word.has("prep", "det", "comp", "verb", "say")):
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

    def possessor(self, predicate: Predicate) -> list[Mention]:
        """زيارته، his visit: whom the pronoun points to."""
        if predicate.hit.reading.enclitic:
            return self._pronoun(predicate)
        if self.scene.svo and predicate.first > self.scene.sentence.first:
            for k in range(predicate.first - 1, max(self.scene.sentence.first, predicate.first - 4) - 1, -1):
                if self.words[k].has("pronoun"):
                    return self._pronoun(predicate)
        return []

    def _pronoun(self, predicate: Predicate) -> list[Mention]:
        """Whom the pronoun points to: the nearest mention before that agrees, not the predicate's own subject."""
        if not self.scene.svo and predicate.hit.reading.enclitic:
            return self._nearest(predicate.hit.reading.enclitic, predicate)
        return self._earlier_subject(predicate)

    def _nearest(self, pronoun: str, predicate: Predicate) -> list[Mention]:
        """The nearest mention before the predicate that a pronoun with this ending agrees with."""
        table = self.scene.pack.lexicon.agreement
        ending = next((e for e in sorted(table, key=len, reverse=True) if pronoun.endswith(e)), "")
        wanted = table.get(ending, [])
        earlier = [m for m in self.scene.mentions if m.last <= predicate.first and not m.adjective]
        said = [p for p in self.scene.predicates if p.category == "say" and p.clause < predicate.clause and predicate.verb]
        speakers = {id(m) for p in said for m in p.subject}
        earlier = [m for m in earlier if id(m) not in speakers] or earlier
        plain = [m for m in reversed(earlier) if _is_a(m, wanted) and m not in predicate.subject and m.kind not in {"own", "pair"}]
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

    def own_state(self, predicate: Predicate) -> list[Mention]:
        """Mentions like بلاده in the predicate's clause."""
        return [m for m in self.scene.within_clause(predicate) if m.kind == "own"]

    def light(self, predicate: Predicate) -> list[Mention]:
        """The subject of the light or control verb that carries the noun: أجرى بوتين محادثات."""
        governor = predicate.governor
        if governor is not None and governor.carrier is not None and governor.carrier.entry.category == "permit":
            after = [m for m in self.scene.after(governor) if m.last <= predicate.first]
            prep = self.scene.pack.fold(self.scene.pack.lexicon.permitted)
            return [m for m in after if m.prep == prep][:1]
        return governor.subject if governor is not None else []

    def controller(self, predicate: Predicate) -> list[Mention]:
        """The same, but not of a verb of saying: يتطلع أوباما للقاء الملك."""
        governor = predicate.governor
        return self.light(predicate) if governor is not None and governor.carrier is not None else []

    def _governor(self, predicate: Predicate) -> Predicate | None:
        if predicate.verb:
            return None
        earlier = [p for p in self.scene.predicates if p.first < predicate.first and p.clause == predicate.clause]
        for other in reversed(earlier):
            if other.carrier is not None or other.category in {"light", "control", "permit", "say", "saypart"}:
                return other
            if other.verb or self._has_content(other) or self._object_between(other, predicate):
                return None
        return None

    def _has_content(self, predicate: Predicate) -> bool:
        """A noun like «request» governs the act that follows it; the light verb before it does not."""
        rules = (self.scene.pack.frames[kind].rules[number] for kind, number in predicate.hit.entry.rules)
        return any(rule.content is not None for rule in rules)

    def _object_between(self, other: Predicate, predicate: Predicate) -> bool:
        return other.category == "trigger" and predicate.first - other.last <= 1 and not predicate.hit.reading.prep and not self.scene.svo

    def passive(self, predicate: Predicate) -> bool:
        """True when the subject of the verb is whom the act is done to."""
        return predicate.verb and not self.scene.svo and reads_passive(self.scene, predicate, bool(self.object(predicate)))

    def acting_noun(self, predicate: Predicate) -> list[Mention]:
        """An American raid hit X: whose raid it was, when the noun is the subject of the verb."""
        noun = self.scene.predicate_at(predicate.last) if predicate.last < self.scene.sentence.last else None
        return self.adjective(noun) if noun is not None and same_type(noun, predicate) else []

    def means(self, predicate: Predicate) -> list[Mention]:
        """Whose raid it was in which somebody was killed."""
        noun = means(self.scene, predicate)
        return (self.adjective(noun) or self.genitive(noun)) if noun is not None else []

    def main_subject(self, predicate: Predicate) -> list[Mention]:
        """The subject of the finite verb before the predicate: وصل ظريف إلى بغداد في جولة تشمل قطر."""
        earlier = [p for p in self.scene.predicates if p.verb and p.subject and p.first < predicate.first]
        return earlier[-1].subject if earlier else []

    def antecedent(self, predicate: Predicate) -> list[Mention]:
        """The noun phrase that a participle or relative clause modifies: بشار الأسد، المقيم في روسيا."""
        clause = self._clause(predicate)
        if clause.opener == "rel":
            found = self.scene.antecedent(clause)
            return [found] if found else []
        k = predicate.first - 1
        while k >= self.scene.sentence.first and predicate.first - k <= 4 and k not in self.scene.within:
            if self.words[k].has("prep", "comp", "open", "verb", "say") and not self.words[k].has("det"):
                return []
            bare = not self.scene.svo and plain_noun(self.scene, k) and not self.words[k].readings[0].definite
            if bare and not self.words[k - 1].has("det"):
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
            generic = mention.cls == "MilitaryBase" and mention.plural and not mention.name and mention.first < predicate.first
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

    def around(self, predicate: Predicate) -> list[Mention]:
        """States in which the sentence places things, the nearest first: في سوريا."""
        places = {self.scene.pack.fold(p) for p in self.scene.pack.lexicon.prepositions.get("@place", ())}
        found = [m for m in self.scene.mentions if m.prep in places and m.cls == "State" and abs(m.first - predicate.first) <= AROUND]
        return sorted(found, key=lambda m: abs(m.first - predicate.first))[:1]

    def itself(self, predicate: Predicate) -> list[Mention]:
        """The mention that is the trigger."""
        return [self.self_mention] if self.self_mention is not None else []

    def named_within(self, predicate: Predicate) -> list[Mention]:
        """States and others named inside the mention that is the trigger: القواعد العسكرية الروسية."""
        return self.self_mention.inner if self.self_mention is not None else []

    def agent_phrase(self, predicate: Predicate) -> list[Mention]:
        """من قبل X, by X."""
        return self.preposition("by", predicate)

    # -- prepositions -------------------------------------------------------------------------------------------------

    def all_phrases(self, name: str, predicate: Predicate) -> list[list[Mention]]:
        """Every phrase with the preposition after the predicate, each with what is coordinated in it."""
        found: list[list[Mention]] = []
        for mention in self.scene.after(predicate):
            if mention.prep == name and not mention.adjective and self._owner(mention, name) is predicate:
                if not any(mention in group for group in found):
                    found.append(self.scene.group(mention))
        return found

    def preposition(self, name: str, predicate: Predicate) -> list[Mention]:
        """Mentions after the predicate governed by a preposition, unless a later predicate claims them."""
        for k in range(predicate.last, min(predicate.last + 4, self.scene.sentence.last)):
            if any(h.entry.category == "pronoun" and self.scene.pack.fold(h.entry.features) == name for h in self.words[k].hits):
                beside = [m for m in self.scene.after(predicate) if m.prep == name and not m.adjective and m.first - k <= 3]
                clause = self._clause(predicate)
                resumed = self.scene.antecedent(clause) if clause.opener == "rel" and self._first_verb(predicate, clause) else None
                pointed = [resumed] if resumed and resumed not in predicate.subject else self._nearest(self.words[k].norm, predicate)
                return [*pointed, *beside[:1]]
        for mention in self.scene.after(predicate):
            if mention.adjective or mention.prep != name:
                continue
            if self.self_mention is not None:
                near = mention.first - predicate.last <= (NEAR_PARTIES if len(self.scene.group(mention)) > 1 else 4)
                return self.scene.group(mention) if near else []
            if self._owner(mention, name) is predicate:
                return self.scene.group(mention)
        return []

    def _owner(self, mention: Mention, name: str) -> Predicate | None:
        """The nearest predicate before the mention, in its clause, that uses the preposition."""
        clause = self.scene.clause_of[mention.first]
        for predicate in reversed(self.scene.predicates):
            if predicate.last <= mention.first and name in predicate.wants and predicate.clause == clause:
                return predicate if predicate.verb or self.scene.svo or self._belongs(predicate, mention) else None
        return None

    def _belongs(self, predicate: Predicate, mention: Mention) -> bool:
        """False when a noun next to the phrase takes it: the agreement between A and B, relations with C."""
        first = mention.first - (not mention.reading.prep)  # the preposition
        beside = self.scene.within.get(first - 1)
        if beside is not None and beside.cls == "Agreement" and beside.first >= predicate.last:
            return False
        if sum(k not in self.scene.within for k in range(predicate.last, first)) > REACH:
            return False
        for k in range(first - 1, max(predicate.last, first - GAP) - 1, -1):
            inside = self.scene.within.get(k)
            if self.words[k].has("relational") and inside is None:
                return False
            if self.words[k].kind != "word" or inside is not None and not inside.adjective or self.words[k].has("prep"):
                return True
        return True

    def places(self, predicate: Predicate, prepositions: frozenset[str]) -> list[Mention]:
        """Where it happened: places of the clause, the nearest after the predicate first."""
        found = [m for m in self.scene.within_clause(predicate) if m.prep in prepositions and not m.adjective]
        found.sort(key=lambda m: (m.first < predicate.first, abs(m.first - predicate.first)))
        return found


def _is_a(mention: Mention, wanted: list[str]) -> bool:
    """True for a mention of one of the classes, and for a capital that stands for its state."""
    capital = "State" in wanted and any(s.kind == "capital" for s in mention.senses) and not mention.prep
    return mention.cls in wanted or capital
