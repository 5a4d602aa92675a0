"""Frames over predicates: every rule whose trigger stands in a sentence is tried, and fills its roles from slots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kg.extraction.circumstances import spoken_against
from kg.extraction.clauses import Predicate, Scene
from kg.extraction.clusters import Clusters
from kg.extraction.mentions import Mention
from kg.extraction.slots import Slots
from kg.extraction.stance import Speech, Stance, own_words, speaker_of, stance
from kg.extraction.subjects import speaks_of_himself
from kg.extraction.words import Hit
from kg.language import Pack, Rule
from kg.model import EVENT_ROLES, RELATION_ROLES, Anchor, Discarded, Span
from kg.ontology import Ontology
from kg.seeds import Base

AGENTS = frozenset({"State", "Person", "Organization"})
PLACES = frozenset({"Place", "MilitaryBase", "State"})
DEFAULTS = {
    "actor": AGENTS, "recipient": AGENTS, "subject": AGENTS, "place": PLACES,
    "agent": AGENTS, "object": frozenset({"State", "Person", "Organization", "MilitaryBase", "Agreement", "Place"}),
}  # fmt: skip


@dataclass(slots=True, eq=False)
class Draft:
    """A claim in the making: arguments are entity numbers."""

    type: str
    rule: Rule
    args: dict[str, list[int]]
    predicate: Predicate
    scene: Scene
    anchors: list[Anchor]
    stance: Stance
    speaker: list[int] = field(default_factory=list)
    date: str | None = None
    content: Draft | None = None
    office: str | None = None
    former: bool = False
    branch: str | None = None
    confidence: float = 0.8
    quote: Span | None = None
    controlled: bool = False  # an argument comes from the claim that governs this act
    asked: bool = False  # it is the act of another claim
    listed: bool = False  # one of a list of deeds, each somewhere else
    idle: bool = False  # another rule of its trigger is that act
    hidden: dict[str, list[int]] = field(default_factory=dict)  # roles for control only: who would do what is promised

    @property
    def start(self) -> int:
        """Where the trigger begins, in code points."""
        return self.scene.words[self.predicate.first].start


class Resolver:
    """Mentions to entity numbers, pointing words through what the text spoke of last."""

    def __init__(self, clusters: Clusters) -> None:
        self.clusters = clusters
        self.recent: list[int] = []  # agents in the order in which they were last spoken of, the latest last
        self.pair: list[int] = []  # participants of the last meeting, call or visit

    def see(self, mention: Mention) -> None:
        """Remember that the text has just spoken of it."""
        if mention.entity >= 0:
            self._touch(mention.entity)

    def _touch(self, number: int) -> None:
        if number in self.recent:
            self.recent.remove(number)
        self.recent.append(number)

    def entities(self, mention: Mention, allowed: frozenset[str], topic: list[Mention]) -> list[int]:
        """Entity numbers that the mention stands for in a role of these classes; empty when none fits."""
        if mention.kind == "own":
            return self._own(topic) if "State" in allowed else []
        if mention.kind == "pair":
            return self._pair(mention, allowed)
        if mention.group == "counterpart" and mention.entity < 0:
            return self._counterpart(mention)
        number = mention.entity
        if mention.kind == "we" and (served := self.clusters.represented(number)) is not None:
            number = served
        if number < 0:
            return []
        cls = self.clusters.clusters[number].cls
        if cls in allowed or (mention.kind == "people" and allowed & {"Person", "Organization"}):
            return [number]
        if allowed == {"State"} and cls == "Place" and (home := self.clusters.home(number)) is not None:
            return [home]
        capital = next((s for s in mention.senses if s.kind == "capital"), None)
        if capital is not None and "State" in allowed:
            return [self.clusters.state(capital.ref, mention).number]
        return []

    def _own(self, topic: list[Mention]) -> list[int]:
        for mention in topic:
            if mention.entity >= 0 and (home := self.clusters.home(mention.entity)) is not None:
                return [home]
        return []

    def _pair(self, mention: Mention, allowed: frozenset[str]) -> list[int]:
        if len(mention.inner) >= 2:
            return [m.entity for m in mention.inner if m.entity >= 0]
        return [n for n in self._two(mention) if self.clusters.clusters[n].cls in allowed]

    def _two(self, mention: Mention) -> list[int]:
        """Whom «the two sides» points to: the parties of the last meeting, else the last two agents."""
        if mention.group == "State":
            return self._two_states()
        pair = self.pair if len(self.pair) == 2 else self.recent[-2:]
        if len(pair) < 2:
            return []
        if mention.group == "Person" and any(self.clusters.clusters[n].cls != "Person" for n in pair):
            return []
        return pair

    def _two_states(self) -> list[int]:
        """The two states that the text spoke of last, by name or through their people."""
        homes: list[int] = []
        for number in reversed(self.recent):
            home = self.clusters.home(number)
            if home is not None and home not in homes:
                homes.append(home)
        return homes[:2][::-1] if len(homes) > 1 else []

    def _counterpart(self, mention: Mention) -> list[int]:
        return []


class Matcher:
    """Tries the rules of a language on one sentence after another of one article."""

    def __init__(self, pack: Pack, ontology: Ontology, clusters: Clusters, resolver: Resolver) -> None:
        self.pack, self.ontology, self.clusters, self.resolver = pack, ontology, clusters, resolver
        self.discarded: list[Discarded] = []

    def drafts(self, scene: Scene, slots: Slots, spoken: list[Speech]) -> list[Draft]:
        """All claims that the sentence's triggers yield, before content is linked and needs are checked."""
        found: list[Draft] = []
        for predicate in scene.predicates:
            chosen = predicate.hit
            for kind, rule, hit in self._rules(scene, predicate):
                predicate.hit = chosen
                if (
                    predicate.verb
                    and not scene.svo
                    and rule.passive != predicate.passive
                    and not (rule.passive and slots.passive(predicate))
                ):
                    continue
                if slots.suffers(kind, rule, predicate):
                    continue
                predicate.hit = hit
                draft = self._try(kind, rule, scene, slots, predicate, spoken)
                if draft is not None:
                    found += self._each(draft, slots)
            predicate.hit = chosen
        return found

    def _each(self, draft: Draft, slots: Slots) -> list[Draft]:
        """One claim for every phrase that fills the role named by `each`: presence in Syria, and in the bases."""
        role = draft.rule.each
        subjects = draft.args.get("subject", [])
        if role is None and len(subjects) > 1 and draft.args.get("object") and draft.type in self.ontology.relations:
            return [replace(draft, args={**draft.args, "subject": [number]}) for number in subjects]
        if role is None or not draft.args.get(role):
            return [draft]
        allowed = self.allowed(draft.type, draft.rule, role)
        made: list[Draft] = []
        for slot in draft.rule.roles[role].split("|"):
            for group in slots.all_phrases(slot.strip(), draft.predicate):
                numbers = [n for m in group for n in self.resolver.entities(m, allowed, slots.topic)]
                numbers = [
                    n for n in dict.fromkeys(numbers) if not any(n in v for r, v in draft.args.items() if r != role)
                ]
                if numbers:
                    anchors = [a for a in draft.anchors if a.role != role]
                    anchors += [Anchor(role, Span(m.start, m.end)) for m in group]
                    made.append(replace(draft, args={**draft.args, role: numbers}, anchors=anchors))
        return made or [replace(draft, args={**draft.args, role: [number]}) for number in draft.args[role]]

    def on_mention(
        self, mention: Mention, predicate: Predicate, scene: Scene, slots: Slots, spoken: list[Speech]
    ) -> list[Draft]:
        """Rules whose trigger is a mention: an agreement and its parties, a base and its operator."""
        found: list[Draft] = []
        for kind, number in predicate.hit.entry.rules:
            rule = self.pack.frames[kind].rules[number]
            if rule.heads and not scene.led_by(mention, rule.heads):
                continue
            if mention.cls == "Agreement" and not mention.definite:
                continue  # «an agreement with Iran» is not yet one
            slots.self_mention = mention
            draft = self._try(kind, rule, scene, slots, predicate, spoken)
            slots.self_mention = None
            present = kind == "militaryPresenceIn"
            if draft is not None and any(rule.roles.get(role) != "self" for role in draft.args):
                if (kind == "hostState" and not self._hosts(draft)) or (present and self.clusters.at_home(draft.args)):
                    continue
                asked = scene.clauses[predicate.clause].question and kind not in self.ontology.relations
                draft.stance = Stance("possible" if asked else "asserted")
                draft.speaker = []
                draft.branch = mention.branch if kind == "operator" else None
                found += self._each(draft, slots)
        return found

    def _hosts(self, draft: Draft) -> bool:
        """False when the world data knows that the base lies elsewhere: then the text does not say what we read."""
        base = draft.args.get("subject", [])[:1]
        record = self.clusters.world.records.get(self.clusters.clusters[base[0]].ref or "") if base else None
        states = {self.clusters.clusters[n].ref for n in draft.args.get("object", [])}
        return not isinstance(record, Base) or not states or record.host in states

    def _rules(self, scene: Scene, predicate: Predicate) -> Iterator[tuple[str, Rule, Hit]]:
        seen = set()
        for hit in scene.words[predicate.first].hits:
            entry = hit.entry
            if entry.category != "trigger" or hit.last != predicate.last:
                continue
            if ("verb" in entry.features.split()) != predicate.verb:
                continue
            for kind, number in entry.rules:
                if (kind, number) not in seen:
                    seen.add((kind, number))
                    yield kind, self.pack.frames[kind].rules[number], hit

    def allowed(self, kind: str, rule: Rule, role: str) -> frozenset[str]:
        """Classes that may fill a role: the rule's, else the frame's, else those of every event or relation."""
        return allowed_classes(self.pack, kind, rule, role)

    def _try(
        self, kind: str, rule: Rule, scene: Scene, slots: Slots, predicate: Predicate, spoken: list[Speech]
    ) -> Draft | None:
        trigger = Span(
            scene.words[predicate.first].start + predicate.hit.reading.skip, scene.words[predicate.last - 1].end
        )
        if (against := spoken_against(rule, scene, predicate)) is not None:
            self.discarded.append(Discarded(f"{kind}: {rule.name}", trigger, against))
            return None
        topic = slots.topic if not predicate.subject else predicate.subject
        args: dict[str, list[int]] = {}
        anchors = [Anchor("trigger", trigger)]
        relation = kind in self.ontology.relations
        spoken_by = self._topic_for(predicate, spoken, slots, scene)
        speech = speaker_of(spoken, predicate)
        slots.voice = speech.speaker if speech is not None else []
        for role, expression in rule.roles.items():
            allowed = self.allowed(kind, rule, role.lstrip("_"))
            meant: dict[int, list[int]] = {}
            taken = [] if role.startswith("_") else [n for r, v in args.items() if not r.startswith("_") for n in v]

            led = rule.led.get(role, [])

            def fits(
                m: Mention,
                led: list[str] = led,
                allowed: frozenset[str] = allowed,
                taken: list[int] = taken,
                meant: dict[int, list[int]] = meant,
            ) -> bool:
                if led and m.group not in led:
                    return False
                found = meant[id(m)] = self.resolver.entities(m, allowed, spoken_by)
                return any(n not in taken for n in found)

            numbers: list[int] = []
            for mention in slots.fill(expression, predicate, fits):
                for number in meant[id(mention)]:
                    if number not in numbers and number not in taken:
                        numbers.append(number)
                        anchors.append(Anchor(role, Span(mention.start, mention.end)))
            if not numbers and "home" in expression and args.get("actor"):
                home = self.clusters.home(args["actor"][0])
                numbers = [home] if home is not None and home not in args["actor"] else []
            if not numbers and speaks_of_himself(predicate, expression.split("|")):
                numbers = self._represented(slots.voice, allowed, taken)
            if numbers:
                args[role] = numbers
        if (
            relation
            and len(args.get("subject", [])) > 1
            and "object" in rule.roles
            and not args.get("object")
            and kind == "alliedWith"
        ):
            args["subject"], args["object"] = args["subject"][:1], args["subject"][1:]
        hidden = {role: args.pop(role) for role in list(args) if role.startswith("_")}
        anchors = [anchor for anchor in anchors if not anchor.role.startswith("_")]
        if not relation:
            self._place(kind, rule, args, anchors, slots, predicate)
            self._capital(kind, args)
        manner = stance(scene, predicate)
        draft = Draft(kind, rule, args, predicate, scene, anchors, manner, confidence=rule.confidence, hidden=hidden)
        draft.office = rule.office
        if rule.modality:
            draft.stance.modality = rule.modality
        if rule.negated is not None:
            draft.stance.negated = draft.stance.negated != rule.negated
        if speech is not None:
            draft.speaker = [n for m in speech.speaker[:1] for n in self.resolver.entities(m, AGENTS, topic)]
            if not scene.svo and own_words(predicate, speech):
                announced = rule.content is None and draft.stance.modality != "asserted"  # «أعلن عزمه زيارة …»
                draft.speaker = [n for n in draft.speaker if announced or n not in args.get("actor", [])]
            attitude = any(r.content is not None for r in self.pack.frames[kind].rules)
            if (
                attitude
                and (scene.svo or draft.stance.modality == "asserted")
                and set(draft.speaker) & set(args.get("actor", ()))
            ):
                draft.speaker = []  # «we condemn …»: the article says that he does
        draft.anchors += [Anchor(role, _span(scene, hit.first, hit.last)) for role, hit in draft.stance.cues]
        return draft

    def _represented(self, voice: list[Mention], allowed: frozenset[str], taken: list[int]) -> list[int]:
        """Whom the speaker means by «we»."""
        speakers = [n for m in voice[:1] for n in self.resolver.entities(m, AGENTS, voice)]
        served = [self.clusters.represented(n) for n in speakers]
        return [n for n in served if n is not None and n not in taken and self.clusters.clusters[n].cls in allowed]

    def _topic_for(self, predicate: Predicate, spoken: list[Speech], slots: Slots, scene: Scene) -> list[Mention]:
        """Whom «his country» points to: the speaker of the words, else the subject, else the topic."""
        speech = speaker_of(spoken, predicate)
        if speech is not None and speech.speaker:
            return speech.speaker
        subject = [m for m in predicate.subject if m.kind != "own"]
        if scene.svo:
            earlier = [p for p in scene.predicates if p.first < predicate.first and p.subject]
            return [*subject, *(m for p in reversed(earlier) for m in p.subject), *slots._inherited(predicate)]
        return subject or slots._inherited(predicate)

    def _place(
        self,
        kind: str,
        rule: Rule,
        args: dict[str, list[int]],
        anchors: list[Anchor],
        slots: Slots,
        predicate: Predicate,
    ) -> None:
        """Where it happened: one place of the clause that is not taken by another role."""
        if args.get("place") or ("place" in rule.roles and not slots.scene.svo):
            return
        allowed = self.allowed(kind, rule, "place")
        if not slots.scene.svo or "place" not in rule.classes:
            allowed -= {"State"}
        prepositions = self.pack.prepositions("@place")
        taken = {a.span.start for a in anchors} if rule.content is not None else set()  # asked of a capital
        for mention in slots.places(predicate, prepositions):
            if mention.start in taken:
                continue
            if mention.cls in allowed and mention.entity >= 0 and not any(mention.entity in v for v in args.values()):
                args["place"] = [mention.entity]
                anchors.append(Anchor("place", Span(mention.start, mention.end)))
                return

    def _capital(self, kind: str, args: dict[str, list[int]]) -> None:
        """Visiting a capital is visiting its state; the city is the place."""
        if kind != "visit" or args.get("recipient"):
            return
        for number in args.get("place", []):
            city = self.clusters.clusters[number].ref
            for mention in self.clusters.clusters[number].mentions:
                for sense in mention.senses:
                    if sense.kind == "capital" and city:
                        args["recipient"] = [self.clusters.state(sense.ref, mention).number]
                        return


def allowed_classes(pack: Pack, kind: str, rule: Rule, role: str) -> frozenset[str]:
    """Classes that may fill a role: the rule's, else the frame's, else those of every event or relation."""
    frame = pack.frames.get(kind)
    named = rule.classes.get(role) or (frame.classes.get(role) if frame is not None else None)
    return _class_set(tuple(named)) if named else DEFAULTS.get(role, DEFAULTS["object"])


_class_set = lru_cache(maxsize=1024)(frozenset[str])


def _span(scene: Scene, first: int, last: int) -> Span:
    return Span(scene.words[first].start, scene.words[last - 1].end)


def roles_of(kind: str, ontology: Ontology) -> tuple[str, ...]:
    """Role names of a claim type."""
    return RELATION_ROLES if kind in ontology.relations else EVENT_ROLES
