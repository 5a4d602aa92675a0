"""What every slot reader needs: the sentence, what the text spoke of before, and phrases by preposition."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.extraction.clauses import Clause, Predicate, Scene
from kg.extraction.mentions import Mention

REACH = 8  # words between a noun and a prepositional phrase of its own, mentions not counted
GAP = 4  # words that may stand between a noun and the adjective or genitive that belongs to it
NEAR_PARTIES = 12  # words between an agreement and «between A and B»


@dataclass(slots=True)
class Thread:
    """What an article was speaking of, from sentence to sentence."""

    topic: list[Mention] = field(default_factory=list)  # the last subject
    voice: list[Mention] = field(default_factory=list)  # who began the quotation that is still open
    speaker: list[Mention] = field(default_factory=list)  # who spoke last …
    gender: str = ""  # … and the gender of the verb that said so
    told: dict[str, list[int]] = field(default_factory=dict)  # stem of a deed -> whose it was
    series: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # deeds told in a row, and whose they are


class SlotBase:
    """Phrases by preposition, each given to the predicate that owns it."""

    def __init__(self, scene: Scene, topic: list[Mention], thread: Thread | None = None) -> None:
        self.scene, self.words, self.topic = scene, scene.words, topic
        self.thread = thread or Thread(topic)
        self.self_mention: Mention | None = None  # set while the trigger is a mention
        self.voice: list[Mention] = []  # whose words the predicate that is being read stands in

    def _nearest(self, pronoun: str, predicate: Predicate) -> list[Mention]:
        """Whom a pronoun points to; nobody here."""
        return []

    def _relative_carrier(self, predicate: Predicate) -> Predicate | None:
        """The light verb of the relative clause after a noun; none here."""
        return None

    def _clause(self, predicate: Predicate) -> Clause:
        return self.scene.clauses[predicate.clause]

    def _first_verb(self, predicate: Predicate, clause: Clause) -> bool:
        return clause.verb is predicate or clause.verb is None

    def all_phrases(self, name: str, predicate: Predicate) -> list[list[Mention]]:
        """Every phrase with the preposition after the predicate, each with what is coordinated in it."""
        found: list[list[Mention]] = []
        for mention in self.scene.after(predicate):
            own = mention.prep == name and not mention.adjective and self._owner(mention, name) is predicate
            if own and not any(mention in group for group in found):
                found.append(self.scene.group(mention))
        return found

    def preposition(self, name: str, predicate: Predicate) -> list[Mention]:
        """Mentions after the predicate governed by a preposition, unless a later predicate claims them."""
        for k in range(predicate.last, min(predicate.last + 4, self.scene.sentence.last)):
            if any(p.verb and p.first == k for p in self.scene.predicates):
                break  # قصفت قرية تسيطر عليها القوات: the pronoun is of that verb
            if self.words[k].has("pronoun") and any(
                h.entry.category == "pronoun" and self.scene.pack.fold(h.entry.features) == name
                for h in self.words[k].hits
            ):
                beside = [
                    m for m in self.scene.after(predicate) if m.prep == name and not m.adjective and m.first - k <= 3
                ]
                clause = self._clause(predicate)
                resumed = (
                    self.scene.antecedent(clause)
                    if clause.opener == "rel" and self._first_verb(predicate, clause)
                    else None
                )
                pointed = (
                    [resumed]
                    if resumed and resumed not in predicate.subject
                    else self._nearest(self.words[k].norm, predicate)
                )
                return [*pointed, *beside[:1]]
        for mention in self.scene.after(predicate):
            if mention.adjective or mention.prep != name:
                continue
            if self.self_mention is not None:
                near = mention.first - predicate.last <= (NEAR_PARTIES if len(self.scene.group(mention)) > 1 else 4)
                return self.scene.group(mention) if near else []
            if self._owner(mention, name) is predicate:
                return self.scene.group(mention)
        relative = self._relative(predicate)
        held = [m for m in self.scene.after(relative) if m.prep == name and not m.adjective] if relative else []
        return self.scene.group(held[0]) if held else []

    def _relative(self, predicate: Predicate) -> Predicate | None:
        """المحادثات التي جرت بين A وB: the verb of a relative clause on the noun, when it says nothing by itself."""
        number = predicate.clause + 1
        if predicate.verb or self.scene.svo:
            return None
        if (happens := self._happens(predicate)) is not None or number >= len(self.scene.clauses):
            return happens
        clause = self.scene.clauses[number]
        verb = clause.verb
        if clause.opener != "rel" or verb is None or clause.first - predicate.last > GAP:
            return None
        gap = range(predicate.last, clause.first)
        if any(self.words[k].has("prep", "coord") for k in gap if k not in self.scene.within):
            return None
        if any(k in self.scene.within and not self.scene.within[k].adjective for k in gap):
            return None  # the relative clause is about somebody named in between
        return verb if verb.category in {"light", "verb"} or verb.carrier is not None else None

    def _happens(self, predicate: Predicate) -> Predicate | None:
        """معارك اندلعت بين: the verb just after an event that says only that it takes place."""
        after = (p for p in self.scene.predicates if p.clause == predicate.clause and p.first >= predicate.last)
        verb = next((p for p in after if p.verb), None)
        if verb is None or verb.first - predicate.last > GAP or verb.hit.reading.conj:
            return None
        if verb.category != "verb" and (verb.subject or verb.category != "trigger"):
            return None
        gap = range(predicate.last, verb.first)
        return None if any(k in self.scene.within or self.words[k].has("prep", "coord") for k in gap) else verb

    def _owner(self, mention: Mention, name: str) -> Predicate | None:
        """The nearest predicate before the mention, in its clause, that uses the preposition."""
        clause = self.scene.clause_of[mention.first]
        for predicate in reversed(self.scene.predicates):
            if predicate.last <= mention.first and name in predicate.wants and predicate.clause == clause:
                other = (
                    self._of_agreement(predicate, mention) if predicate.verb else not self._belongs(predicate, mention)
                )
                return predicate if self.scene.svo or not other else None
        return None

    def _of_agreement(self, verb: Predicate, mention: Mention) -> bool:
        """«وافق الكونغرس على الاتفاق مع إيران»: the phrase names a party of the agreement, who does nothing here."""
        beside = self.scene.within.get(mention.first - 1 - (not mention.reading.prep))
        party = beside is not None and beside.cls == "Agreement" and beside.first >= verb.last
        return party and not any(kind == "sign" for kind, _ in verb.hit.entry.rules)

    def _belongs(self, predicate: Predicate, mention: Mention) -> bool:
        """False when a noun next to the phrase takes it: the agreement between A and B, relations with C."""
        first = mention.first - (not mention.reading.prep)  # the preposition
        k = first - 1
        while k > predicate.last and k not in self.scene.within and self.words[k].has("current"):
            k -= 1
        beside = self.scene.within.get(k)
        signs = any(kind == "sign" for kind, _ in predicate.hit.entry.rules)  # إبرام الاتفاق مع إيران
        if beside is not None and beside.cls == "Agreement" and beside.first >= predicate.last and not signs:
            return False
        if sum(k not in self.scene.within for k in range(predicate.last, first)) > REACH:
            return False
        if first - 2 >= predicate.last and self._governed_noun(first - 1):
            return False
        for k in range(first - 1, max(predicate.last, first - GAP) - 1, -1):
            inside = self.scene.within.get(k)
            if self.words[k].has("relational") and inside is None:
                return False
            if (
                self.words[k].kind != "word"
                or (inside is not None and not inside.adjective)
                or self.words[k].has("prep")
            ):
                return True
        return True

    def _governed_noun(self, k: int) -> bool:
        """غارات مع الحرص على المدنيين: a noun after a preposition of its own takes the phrase that follows it."""
        noun = self.words[k].kind == "word" and k not in self.scene.within and not self.words[k].hits
        before = self.words[k - 1].hit("prep") if k - 1 not in self.scene.within else None
        return noun and before is not None and before.last == k and before.reading.cost == 0 and not self.scene.svo

    def places(self, predicate: Predicate, prepositions: frozenset[str]) -> list[Mention]:
        """Where it happened: places of the clause, the nearest after the predicate first.

        What is told as of another time has only those after it: «زار دمشق منذ الإطاحة بالأسد».
        """
        found = [m for m in self.scene.within_clause(predicate) if m.prep in prepositions and not m.adjective]
        if not predicate.verb and predicate.first and self.words[predicate.first - 1].has("apart"):
            found = [m for m in found if m.first > predicate.first]
        found.sort(key=lambda m: (m.first < predicate.first, abs(m.first - predicate.first)))
        return found

    def places_in(self, clause: Clause, prepositions: frozenset[str]) -> list[Mention]:
        """Places named in a clause after these prepositions, else شرق ليبيا."""
        inside = [m for m in self.scene.mentions if clause.first <= m.first < clause.last and not m.adjective]
        adverbs = [m for m in inside if m.cls == "Place" and not m.prep and self.words[m.first].has("direction")]
        return [m for m in inside if m.prep in prepositions] or adverbs
