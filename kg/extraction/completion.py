"""What linear weights add to the rules: tries that lack an argument are completed, and unlikely claims are left out.

A rule that fires but finds too little leaves a draft behind: with its trigger, standing, speaker and date, which rules
have read. What it lacks is looked for among the mentions of the sentence (`kg.extraction.evidence`). The weights are
trained on annotated text by `kg.training`; without them rules alone decide. A further table says how likely it is that
a claim of the rules is right (`kg.extraction.doubt`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from kg.extraction.clusters import Clusters
from kg.extraction.completeness import NO_ROLE
from kg.extraction.content import SYMMETRIC
from kg.extraction.doubt import TRUSTED, grounds
from kg.extraction.events import Draft, Resolver, allowed_classes
from kg.extraction.evidence import Option, View, joint
from kg.extraction.weights import SCALE, Table, Weights
from kg.language import Pack, Rule
from kg.model import EVENT_ROLES, RELATION_ROLES, Anchor

LEVELS = (("likely", 0.3), ("sure", 0.5), ("open", 0.15))  # least probability of a filler, in the order of trying
BESIDE_BEST = 0.5  # a filler is at least so much as likely as the best one of its role
HOPELESS = -230  # sum of weights, in hundredths, below which nothing that follows makes up for it
NONE, RIGHT, WRONG = "none", "right", "wrong"
LEAST = {"probability": (2 * SCALE,), "kept": (0,)}  # rows of the table `least`, and what holds where one is missing


@dataclass(eq=False)
class Attempt:
    """The drafts of one type on one trigger, and why the best of them is no claim (None: it is one)."""

    draft: Draft
    others: list[Draft]
    reason: str | None
    roles: tuple[str, ...]
    view: View

    @property
    def type(self) -> str:
        return self.draft.type

    @cached_property
    def outset(self) -> list[str]:
        """Features of the trigger and the rule, whoever takes part."""
        draft, kind, lemma = self.draft, self.type, self.draft.predicate.hit.entry.lemma
        return [
            "bias", f"T={kind}", f"lemma={lemma}", f"Tlemma={kind}{lemma}", f"rule={draft.rule.name}",
            f"mod={draft.stance.modality}", f"neg={draft.stance.negated}",
            f"why={(self.reason or 'complete')[:12]}", f"conf={draft.rule.confidence}",
            *self.view.trigger, *self.view.around,
        ]  # fmt: skip

    @cached_property
    def options(self) -> list[Option]:
        """What the sentence names, and what the rules have found in other sentences."""
        options = self.view.options
        known = {option.number for option in options}
        found: dict[int, Option] = {}
        for draft in self.others:
            spans = {role: [a.span for a in draft.anchors if a.role == role] for role in draft.args}
            for role, numbers in draft.args.items():
                for number in numbers:
                    if number not in known and number not in found and spans[role]:
                        cls = self.view.clusters.clusters[number].cls
                        found[number] = Option(number, cls, spans[role][0], seen=["elsewhere", f"cls={cls}"])
        return options + list(found.values())


@dataclass(slots=True, eq=False)
class Proposal:
    """Fillers for the roles of an attempt; `fillers` gives the option that stands for each entity number."""

    attempt: Attempt
    args: dict[str, list[int]]
    source: str
    fillers: dict[int, Option]
    shares: dict[int, dict[str, float]]
    probability: float = 0.0
    features: list[str] = field(default_factory=list)


def attempts(tries: list[tuple[Draft, str | None]], clusters: Clusters) -> Iterator[Attempt]:
    """What rules have tried on words (mentions that are triggers are left to rules), in text order."""
    groups: dict[tuple[int, int, str], list[tuple[Draft, str | None]]] = {}
    for draft, reason in tries:
        if draft.quote is None and draft.predicate in draft.scene.predicates:
            key = (id(draft.scene), draft.predicate.first, draft.type)
            groups.setdefault(key, []).append((draft, reason))
    views: dict[int, View] = {}
    resolver = Resolver(clusters)
    for group in groups.values():
        draft, reason = min(group, key=lambda t: (t[1] is not None, -sum(map(len, t[0].args.values()))))
        trigger = id(draft.predicate)
        if trigger not in views:
            views[trigger] = View(draft.scene, draft.predicate, clusters, resolver)
        roles = RELATION_ROLES if "subject" in draft.rule.roles else EVENT_ROLES
        yield Attempt(draft, [d for d, _ in group], reason, roles, views[trigger])


class Completer:
    """Completes tries with the weights of one language."""

    def __init__(self, weights: Weights, pack: Pack) -> None:
        self.pack, nothing = pack, Table((RIGHT, WRONG))
        self.roles, self.claims = weights.get("roles", nothing), weights.get("claims", nothing)
        self.kept = weights.get("kept", nothing)
        least = weights["least"].weights
        self.least, self.kept_least = (least.get(name, never)[0] / SCALE for name, never in LEAST.items())

    def more(self, tries: list[tuple[Draft, str | None]], made: list[Draft], clusters: Clusters) -> list[Draft]:
        """Further claims, the likeliest first; none says again what is `made`."""
        found: list[Proposal] = []
        if self.least > 1:
            return []
        for attempt in attempts(tries, clusters):
            if attempt.reason is None or self._hopeless(attempt):
                continue
            for proposal in self.proposals(attempt):
                if any(d.type == attempt.type and overlap(d.type, d.args, proposal.args) for d in made):
                    continue
                features = describe(proposal, made, clusters)
                proposal.probability = self.claims.shares(self.claims.sums(features))[RIGHT]
                if proposal.probability >= self.least:
                    found.append(proposal)
        return [_draft(proposal, made) for proposal in distinct(found)]

    def doubted(self, made: list[Draft], clusters: Clusters) -> list[tuple[Draft, float]]:
        """What of `made` is less likely than it must be; the rest gets its probability as confidence."""
        found: list[tuple[Draft, float]] = []
        if not self.kept.weights:
            return []
        for draft in made:
            probability = self.likely(draft, clusters)
            if probability < self.kept_least:
                found.append((draft, probability))
            elif draft.type not in TRUSTED:
                draft.confidence = round(probability, 2)
        return found

    def likely(self, draft: Draft, clusters: Clusters) -> float:
        """How likely it is that a claim of the rules is right."""
        if draft.type in TRUSTED:
            return 1.0
        return self.kept.shares(self.kept.sums(grounds(draft, clusters)))[RIGHT]

    def _hopeless(self, attempt: Attempt) -> bool:
        """True when trigger and rule speak so much against a claim that looking for its parties is a waste of time."""
        right, wrong = self.claims.sums(attempt.outset)
        return right - wrong < HOPELESS

    def proposals(self, attempt: Attempt) -> list[Proposal]:
        """Ways to fill the roles."""
        shares: dict[int, dict[str, float]] = {}
        fillers: dict[int, Option] = {}
        draft = attempt.draft
        allowed = {role: allowed_classes(self.pack, attempt.type, draft.rule, role) for role in attempt.roles}
        for option in attempt.options:
            if option.base is None:
                option.base = self.roles.sums(option.seen)
            found = self.roles.shares(self.roles.sums(joint(option, draft, attempt.others), option.base))
            people = option.kind == "people"
            mine = {role: found[role] if people or option.cls in of else 0.0 for role, of in allowed.items()}
            if option.number not in shares or max(mine.values()) > max(shares[option.number].values()):
                shares[option.number], fillers[option.number] = mine, option
        made: list[Proposal] = []
        for source, args in self._ways(attempt, shares):
            args = {role: sorted(numbers) for role, numbers in args.items() if numbers}
            if set(args) - {"place"} and all(args != p.args for p in made):
                made.append(Proposal(attempt, args, source, fillers, shares))
        return made

    def _ways(
        self, attempt: Attempt, shares: dict[int, dict[str, float]]
    ) -> Iterator[tuple[str, dict[str, list[int]]]]:
        for source, least in LEVELS:
            args: dict[str, list[int]] = {}
            for number, mine in shares.items():
                role = max(mine, key=lambda r: mine[r])
                if mine[role] >= least:
                    args.setdefault(role, []).append(number)
            for role, numbers in args.items():
                best = max(shares[n][role] for n in numbers)
                args[role] = [n for n in numbers if shares[n][role] >= BESIDE_BEST * best]
            yield source, args
        for draft in attempt.others:
            known = all(n in shares for numbers in draft.args.values() for n in numbers)
            if known and set(draft.args) <= set(attempt.roles):
                yield "rule", draft.args


def participants(kind: str, args: dict[str, list[int]]) -> set[int]:
    """Who takes part in a symmetric event or relation."""
    roles = ("actor", "recipient", "subject", *(("object",) if kind == "alliedWith" else ()))
    return {number for role in roles for number in args.get(role, ())}


def overlap(kind: str, a: dict[str, list[int]], b: dict[str, list[int]]) -> bool:
    """True when two claims of a type may be one: nothing that both fill differs."""
    if kind in SYMMETRIC:
        ours, theirs = participants(kind, a), participants(kind, b)
        return ours <= theirs or theirs <= ours
    shared = [role for role in ("actor", "recipient", "object", "subject") if a.get(role) and b.get(role)]
    return all(set(a[role]) & set(b[role]) for role in shared)


def distinct(proposals: list[Proposal]) -> list[Proposal]:
    """The likeliest proposals, one a type and trigger, none like another."""
    kept: list[Proposal] = []
    for one in sorted(proposals, key=lambda p: -p.probability):
        same = [k for k in kept if k.attempt.type == one.attempt.type]
        if not any(k.attempt is one.attempt or overlap(one.attempt.type, k.args, one.args) for k in same):
            kept.append(one)
    return kept


def describe(proposal: Proposal, made: list[Draft], clusters: Clusters) -> list[str]:
    """Features that tell a right claim from a wrong one."""
    attempt, args, draft = proposal.attempt, proposal.args, proposal.attempt.draft
    kind = attempt.type
    filled = [role for role in attempt.roles if args.get(role)]
    shape = "+".join(role[:2] + ("2" if len(args[role]) > 1 else "") for role in filled)
    classes = "+".join(role[:2] + clusters.clusters[args[role][0]].cls[:2] for role in filled)
    found = [
        *attempt.outset, f"shape={shape}", f"Tshape={kind}{shape}", f"classes={classes}",
        f"Tclasses={kind}{classes}", f"source={proposal.source}",
    ]  # fmt: skip
    likely = []
    for role in filled:
        share = max(proposal.shares[n][role] for n in args[role])
        likely.append(share)
        option = proposal.fillers[args[role][0]]
        found += [
            f"p{role}={int(share * 10)}", f"at{role}={option.side}{option.prep}", f"kind{role}={option.kind}",
            f"within{role}={option.within}", f"far{role}={min(option.far // 4, 6)}",
            f"known{role}={clusters.clusters[option.number].ref is not None}",
        ]  # fmt: skip
    found += [f"least={int(min(likely) * 10)}", f"mean={int(sum(likely) / len(likely) * 10)}"]
    for role in attempt.roles:
        if role not in filled and role != "place":
            best = max((mine[role] for mine in proposal.shares.values()), default=0.0)
            found.append(f"lacks{role}={int(best * 10)}")
    agreed = sum(bool(set(numbers) & set(args.get(role, ()))) for role, numbers in draft.args.items())
    found += [f"agreed={agreed}of{len(args)}", f"had={'+'.join(sorted(r[:2] for r in draft.args))}"]
    return found + _beside(attempt, made)


def _beside(attempt: Attempt, made: list[Draft]) -> list[str]:
    """What rules claim with the trigger, in its sentence and in the text."""
    predicate, scene, kind = attempt.draft.predicate, attempt.draft.scene, attempt.type
    here = [d for d in made if d.scene is scene]
    on = [d for d in here if d.predicate.first == predicate.first]
    return [
        f"onT={any(d.type == kind for d in on)}",
        f"on={any(d.type != kind for d in on)}",
        f"sentenceT={any(d.type == kind for d in here)}",
        f"textT={any(d.type == kind for d in made)}",
        f"first={scene.sentence.first == 0}",
    ]


def _draft(proposal: Proposal, made: list[Draft]) -> Draft:
    """The proposal as a draft whose rule, confidence and anchors say how it came about."""
    draft, args = proposal.attempt.draft, proposal.args
    anchors = [a for a in draft.anchors if a.role in NO_ROLE]
    anchors += [Anchor(role, proposal.fillers[n].span) for role, numbers in args.items() for n in numbers]
    content = draft.content if any(d is draft.content for d in made) else None
    rule = Rule(name=f"learned: {draft.type}", confidence=round(proposal.probability, 2))
    return replace(draft, args=args, anchors=anchors, content=content, rule=rule, confidence=rule.confidence, hidden={})
