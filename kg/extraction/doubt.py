"""What speaks for and against a claim that a rule makes, as features for linear weights.

Only what the rule has found is looked at: its trigger and standing, which roles are filled and by what, and where the
words of each stand. The weights are trained on annotated text by `kg.training`; without them rules alone decide.
"""

from __future__ import annotations

from kg.extraction.clusters import Clusters
from kg.extraction.events import Draft
from kg.extraction.mentions import Mention
from kg.extraction.weights import Weights
from kg.model import Span

TRUSTED = frozenset({"holdsOffice"})  # read off a title beside a name: no sentence to misread
LETTERS = 15  # of which distances are counted
WORDS = 10  # of which sentences are
MOST = 8


class Filter:
    """Doubts claims that rules make, with the weights of one language."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    def doubted(self, made: list[Draft], clusters: Clusters) -> list[tuple[Draft, float]]:
        """What of `made` is less likely than it must be, with its probability; for the rest that is the confidence."""
        found: list[tuple[Draft, float]] = []
        for draft in made:
            probability = self.likely(draft, clusters)
            if probability < self.weights.least:
                found.append((draft, probability))
            elif draft.type not in TRUSTED:
                draft.confidence = round(probability, 2)
        return found

    def likely(self, draft: Draft, clusters: Clusters) -> float:
        """How likely it is that a claim of the rules is right, from 0 to 1."""
        return 1.0 if draft.type in TRUSTED else self.weights.likely(grounds(draft, clusters))


def grounds(draft: Draft, clusters: Clusters) -> list[str]:
    """Features of a claim."""
    kind, predicate, scene = draft.type, draft.predicate, draft.scene
    lemma = predicate.hit.entry.lemma
    filled = sorted(role for role, numbers in draft.args.items() if numbers)
    shape = "+".join(role[:2] + ("2" if len(draft.args[role]) > 1 else "") for role in filled)
    classes = "+".join(role[:2] + clusters.clusters[draft.args[role][0]].cls[:2] for role in filled)
    length = scene.sentence.last - scene.sentence.first
    found = [
        "bias", f"T={kind}", f"rule={draft.rule.name}", f"lemma={lemma}", f"Tlemma={kind}{lemma}",
        f"conf={draft.rule.confidence}", f"mod={draft.stance.modality}", f"neg={draft.stance.negated}",
        f"shape={shape}", f"Tshape={kind}{shape}", f"classes={classes}", f"Tclasses={kind}{classes}",
        f"content={draft.content is not None}", f"asked={draft.asked}", f"controlled={draft.controlled}",
        f"quote={draft.quote is not None}", f"speaker={bool(draft.speaker)}", f"dated={draft.date is not None}",
        f"verb={predicate.verb}", f"passive={predicate.passive}", f"filled={len(filled)}",
        f"headline={scene.sentence.headline}", f"first={scene.sentence.first == 0}",
        f"length={min(length // WORDS, MOST)}",
    ]  # fmt: skip
    if predicate in scene.predicates:
        clause = scene.clauses[predicate.clause]
        found += [f"opener={clause.opener}", f"question={clause.question}"]
    return found + [feature for role in filled for feature in _filler(draft, role, clusters)]


def _filler(draft: Draft, role: str, clusters: Clusters) -> list[str]:
    """Who fills the role, and how far from the trigger."""
    words, predicate = draft.scene.words, draft.predicate
    found = [f"known{role}={clusters.clusters[draft.args[role][0]].ref is not None}"]
    span = next((anchor.span for anchor in draft.anchors if anchor.role == role), None)
    if span is None:
        return [*found, f"unseen{role}"]
    low, high = words[predicate.first].start, words[predicate.last - 1].end
    side = "R" if span.start >= high else "L"
    far = span.start - high if side == "R" else low - span.end
    found += [f"far{role}={side}{min(max(far, 0) // LETTERS, MOST)}", f"side{draft.type}{role}{side}"]
    mention = _mention(draft, span)
    if mention is None:
        return [*found, f"kind{role}=none"]
    return [
        *found,
        f"kind{role}={mention.kind}",
        f"prep{role}={mention.prep}",
        f"prep{draft.type}{role}={mention.prep}",
    ]


def _mention(draft: Draft, span: Span) -> Mention | None:
    for top in draft.scene.mentions:
        if top.start <= span.start and span.end <= top.end:
            for mention in top.walk():
                if mention.start == span.start and mention.end == span.end:
                    return mention
    return None
