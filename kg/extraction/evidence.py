"""What there is to see of a trigger and of each mention around it, as features for linear weights.

A feature is a short string. Those of a mention (`seen`) do not depend on the type of claim and are made once a trigger;
those that join it with the type and with what the rule has found (`joint`) are made for every try.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from kg.extraction.clauses import Predicate, Scene
from kg.extraction.clusters import Clusters
from kg.extraction.events import DEFAULTS, Draft, Resolver
from kg.extraction.mentions import Mention
from kg.extraction.words import COMMA
from kg.model import Span

WINDOW = 6  # words on either side of a trigger that count as its surroundings
REACH = 30  # words between a trigger and what may take part
STEPS = (0, 1, 2, 3, 5, 8, 12, 20, 40)  # distances that are told apart
EVERYTHING = frozenset({"State", "Person", "Organization", "MilitaryBase", "Agreement", "Place"})
MOVING = DEFAULTS["actor"]


@dataclass(slots=True, eq=False)
class Option:
    """An entity that may take part, by the mention that stands near the trigger."""

    number: int
    cls: str
    span: Span
    side: str = "elsewhere"
    prep: str = ""
    kind: str = ""
    within: bool = False  # inside another mention
    far: int = REACH
    seen: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)  # features of its place, wanted again with the type
    base: tuple[int, ...] | None = None  # sums over `seen`


class View:
    """A trigger in its sentence."""

    def __init__(self, scene: Scene, predicate: Predicate, clusters: Clusters, resolver: Resolver) -> None:
        self.scene, self.predicate, self.clusters, self.resolver = scene, predicate, clusters, resolver
        self.form = "V" if predicate.verb else "N"
        verbs = [p for p in scene.predicates if p.verb]
        near = {predicate.clause, predicate.clause - 1}
        earlier = [p for p in scene.predicates if p.last <= predicate.first and p.clause in near]
        self.last = earlier[-1] if earlier else None
        self.main = next((p for p in reversed(verbs) if p.first < predicate.first), None)
        self.verbs = [p.first for p in verbs]

    @cached_property
    def trigger(self) -> list[str]:
        """Form and surroundings of the trigger."""
        scene, p = self.scene, self.predicate
        reading, clause, words = p.hit.reading, scene.clauses[p.clause], scene.words
        before = words[p.first - 1].norm if p.first > scene.sentence.first else "^"
        after = words[p.last].norm if p.last < scene.sentence.last else "$"
        return [
            f"form={self.form}", f"def={reading.definite}", f"encl={reading.enclitic}", f"prep={reading.prep}",
            f"passive={p.passive}", f"category={p.category}",
            f"governor={p.governor.hit.entry.lemma if p.governor else ''}", f"opener={clause.opener}",
            f"headline={scene.sentence.headline}", f"question={clause.question}", f"before={before}", f"after={after}",
        ]  # fmt: skip

    @cached_property
    def around(self) -> list[str]:
        """The words near the trigger."""
        scene, p = self.scene, self.predicate
        first, last = max(scene.sentence.first, p.first - WINDOW), min(scene.sentence.last, p.last + WINDOW)
        words = [scene.words[k] for k in range(first, last) if not p.first <= k < p.last and k not in scene.within]
        return sorted({f"near={w.readings[0].bare if w.readings else w.norm}" for w in words if w.kind == "word"})

    @cached_property
    def options(self) -> list[Option]:
        """Everything in the sentence that may take part."""
        found: list[Option] = []
        for top in self.scene.mentions:
            if self._far(top) > REACH:
                continue
            place = self._place(top)
            for mention in top.walk():
                for number, how in self._numbers(mention):
                    found.append(self._option(number, how, mention, top, place))
        return found

    def _numbers(self, mention: Mention) -> Iterator[tuple[int, str]]:
        numbers = self.resolver.entities(mention, EVERYTHING, [])
        for number in numbers:
            yield number, "own"
        if mention.cls == "Place":
            for number in self.resolver.entities(mention, MOVING, []):
                if number not in numbers:
                    yield number, "capital"

    def _far(self, top: Mention) -> int:
        p = self.predicate
        return top.first - p.last if top.first >= p.last else p.first - top.last

    def _place(self, top: Mention) -> list[str]:
        """Where the mention stands; the first four are wanted again with the type of claim."""
        scene, p, form, words = self.scene, self.predicate, self.form, self.scene.words
        right = top.first >= p.first
        side = "R" if right else "L"
        low, high = (p.last, top.first) if right else (top.last, p.first)
        between = [m for m in scene.mentions if low <= m.first < high and m is not top]
        far = next((str(step) for step in STEPS if self._far(top) <= step), "far")
        commas = sum(words[k].text in COMMA for k in range(low, high))
        verbs = sum(low <= k < high for k in self.verbs)
        found = [
            f"d={side}{far}", f"n={side}{min(len(between), 4)}{form}", f"bare={side}{form}{scene.is_bare(top)}",
            f"subject={top in p.subject}", f"side={side}{form}", f"k={side}{sum(m.cls == top.cls for m in between)}",
            f"comma={side}{min(commas, 2)}", f"verbs={side}{min(verbs, 3)}{form}",
            f"clause={scene.clause_of.get(top.first) == p.clause}{side}",
            f"w-1={words[top.first - 1].norm if top.first > scene.sentence.first else '^'}",
            f"w+1={words[top.last].norm if top.last < scene.sentence.last else '$'}",
        ]  # fmt: skip
        if p.governor is not None and top in p.governor.subject:
            found.append("governs")
        if self.last is not None:
            lemma = self.last.hit.entry.lemma
            if top in self.last.subject:
                found += ["last=subject", f"last=subject{lemma}", f"gap={min((p.first - self.last.last) // 3, 3)}"]
            elif self.last.last <= top.first < p.first:
                found += [f"last={top.prep}", f"last={top.prep}{lemma}"]
            elif top.last <= self.last.first:
                found.append("last=before")
        if self.main is not None and top in self.main.subject:
            found.append("main=subject")
        elif self.main is not None and self.main.last <= top.first < p.first:
            found.append(f"main={top.prep}{scene.is_bare(top)}")
        return found

    def _option(self, number: int, how: str, mention: Mention, top: Mention, place: list[str]) -> Option:
        cls = self.clusters.clusters[number].cls
        side = "R" if top.first >= self.predicate.first else "L"
        within = mention is not top
        prep = f"in:{top.prep}" if within else mention.prep
        seen = [
            *place, *self.trigger[:6], f"as={how}", f"within={within}{top.cls}", f"conj={mention.reading.conj}",
            f"cls={cls}", f"kind={mention.kind}", f"by={prep}", f"plural={mention.plural}",
            f"office={mention.office is not None}", f"cs={cls}{side}{self.form}", f"cp={cls}{prep}",
            f"sp={side}{prep}{self.form}",
        ]  # fmt: skip
        span = Span(mention.start, mention.end)
        return Option(number, cls, span, side, prep, mention.kind, within, self._far(top), seen, place[:4])


def joint(option: Option, draft: Draft, others: list[Draft], *, blind: bool = False) -> list[str]:
    """Features of an option in a claim of the draft's type; `blind`: as if no rule had found anything."""
    kind, lemma = draft.type, draft.predicate.hit.entry.lemma
    form = "V" if draft.predicate.verb else "N"
    roles = [role for role, numbers in draft.args.items() if option.number in numbers]
    answer = "none" if blind or not draft.args else roles[0] if roles else "other"
    found = [
        f"R={answer}", f"RT={answer}{kind}", f"T={kind}", f"Tc={kind}{option.cls}", f"Tp={kind}{option.prep}",
        f"Ts={kind}{option.side}{form}", f"Tcs={kind}{option.cls}{option.side}",
        f"lp={lemma}{option.prep}", f"ls={lemma}{option.side}",
    ]  # fmt: skip
    found += [kind + place for place in option.own]
    if not blind:
        found += sorted({f"alt={r}" for d in others for r, numbers in d.args.items() if option.number in numbers})
    if option.number in draft.speaker:
        found += ["speaker", f"speaker{form}"]
    return found
