"""Drafts to claims: acts are linked to what is asked or promised, repetitions merged, the incomplete left out."""

from __future__ import annotations

from typing import Protocol

from kg.extraction.clusters import Clusters
from kg.extraction.completeness import COMPLEMENT, NO_ROLE, complete
from kg.extraction.content import SYMMETRIC, as_class, link_content
from kg.extraction.events import Draft, allowed_classes, roles_of
from kg.extraction.stance import Stance
from kg.extraction.told_twice import at_once, dates_agree, lend_dates
from kg.extraction.words import Word
from kg.language import Pack, Rule
from kg.model import Anchor, Claim, Discarded, Document, Entity, Extraction, Span
from kg.ontology import Ontology
from kg.seeds import World

QUOTE_LIMIT = 300  # code points, as the annotation guidelines ask
PLACED = frozenset({"assault", "protest", "coerce"})  # a deed at a named place may have one unknown party
NAMED = frozenset({"support", "cooperate", "agree", "aid", "call"})  # of unknown people these are no politics
BESIDE = 120  # code points between a trigger and the only party of its claim


class Doubting(Protocol):
    """Doubts claims that rules make."""

    def doubted(self, made: list[Draft], clusters: Clusters) -> list[tuple[Draft, float]]:
        """Claims that are too unlikely, with their probabilities; the others get theirs as confidence."""
        ...


def _known(number: int, clusters: Clusters) -> bool:
    """A state, somebody whom the world data knows, or somebody whose office or owner the text names."""
    party = clusters.clusters[number]
    named = party.ref is not None or bool(party.offices) or any(m.inner or m.office for m in party.mentions)
    return named or party.cls == "State"


def _thin(draft: Draft, clusters: Clusters) -> str | None:
    """With one party only and no act, that party must be a state or somebody known, named beside the trigger."""
    parties = [n for role, numbers in draft.args.items() if role != "place" for n in numbers]
    if draft.scene.svo or draft.asked:
        return None
    unknown = not any(_known(n, clusters) for n in parties)
    if len(parties) > 1 and draft.type in NAMED and not draft.args.get("object") and unknown:
        return "its parties are nobody known"
    if len(parties) != 1 or draft.args.get("place"):
        return None
    if draft.content is not None or draft.quote is not None:
        return None
    if draft.type == "protest" and draft.args.get("actor"):
        return None  # crowds have no name
    if draft.type == "assault" and draft.rule.with_:
        return None  # nor have gunmen and those who are killed in an attack
    if unknown and not (draft.type in PLACED and draft.args.get("place")):
        return "its only party is nobody known"
    trigger = next(a.span for a in draft.anchors if a.role == "trigger")
    far = min((abs(a.span.start - trigger.start) for a in draft.anchors if a.role not in NO_ROLE), default=0)
    return f"its only party stands {far} letters away" if far > BESIDE else None


def _implied(draft: Draft, clusters: Clusters, pack: Pack) -> list[Draft]:
    """What a fact states along with itself: the states that have signed an agreement are its parties."""
    if draft.stance.modality != "asserted" or draft.stance.negated:
        return []
    found = []
    for kind, roles in draft.rule.implies.items():
        args: dict[str, list[int]] = {}
        for role, source in roles.items():
            allowed = allowed_classes(pack, kind, pack.frames[kind].rules[0], role)
            numbers = [as_class(n, allowed, clusters) for n in draft.args.get(source, [])]
            args[role] = list(dict.fromkeys(n for n in numbers if n is not None))
        rule = Rule(name=draft.rule.name, need=pack.frames[kind].need, confidence=draft.rule.confidence)
        anchors = [a for a in draft.anchors if a.role == "trigger"]
        anchors += [Anchor(role, a.span) for role, source in roles.items() for a in draft.anchors if a.role == source]
        made = Draft(kind, rule, args, draft.predicate, draft.scene, anchors, Stance(), confidence=rule.confidence)
        made.speaker = draft.speaker
        found.append(made)
    return found


def merge(drafts: list[Draft]) -> list[Draft]:
    """One claim for what the article says twice: same type, standing and speaker, and arguments that do not differ."""
    kept: list[Draft] = []
    swallowed: dict[int, Draft] = {}
    for draft in sorted(drafts, key=lambda d: (-sum(map(len, d.args.values())), d.content is None, d.start)):
        twin = next((k for k in kept if _same(k, draft)), None)
        if twin is None:
            kept.append(draft)
            continue
        swallowed[id(draft)] = twin
        twin.date = twin.date or draft.date
        if draft.asked and draft.scene is twin.scene:
            twin.speaker = twin.speaker or draft.speaker
        twin.content = twin.content or draft.content
        for role, numbers in draft.args.items():
            if not twin.args.get(role) and not any(n in v for n in numbers for v in twin.args.values()):
                twin.args[role] = numbers
    for draft in kept:
        if draft.content is not None:
            draft.content = swallowed.get(id(draft.content), draft.content)
            if draft.content is draft:
                draft.content = None
    return kept


def _same(a: Draft, b: Draft) -> bool:
    if a.type != b.type or a.stance.negated != b.stance.negated or a.former != b.former or a.office != b.office:
        return False
    if (a.stance.modality == "asserted") != (b.stance.modality == "asserted") or not dates_agree(a, b):
        return False
    if a.content is not None and b.content is not None and a.content.type != b.content.type:
        return False
    if a.type in SYMMETRIC:
        who_a, who_b = _who(a), _who(b)
        things = not a.args.get("object") or not b.args.get("object") or set(a.args["object"]) & set(b.args["object"])
        return bool(things) and (who_a <= who_b or who_b <= who_a)
    if a.scene is b.scene and (_only_place(a, b) or _only_place(b, a)):
        return True
    roles = [r for r in ("actor", "recipient", "object", "subject") if a.args.get(r) and b.args.get(r)]
    if not roles and a.scene is b.scene and a.scene.svo and _bare_place(a, b):
        return True
    if not roles:
        filled = any(x.args.get(r) for x in (a, b) for r in ("actor", "recipient", "object", "subject"))
        return not filled and bool(set(a.args.get("place", [])) & set(b.args.get("place", [])))
    if _elsewhere(a, b, roles):
        return False
    return all(set(a.args[r]) & set(b.args[r]) for r in roles) and not (
        a.type == b.type == "militaryPresenceIn" and set(a.args.get("object", [])) != set(b.args.get("object", []))
    )


def _bare_place(a: Draft, b: Draft) -> bool:
    """True when one of two deeds of a sentence says only where: «a missile hit Kharkiv, killing five»."""
    here, there = set(a.args.get("place", [])), set(b.args.get("place", []))
    return bool(here & there) and any(set(filter(x.args.get, x.args)) == {"place"} for x in (a, b))


def _elsewhere(a: Draft, b: Draft, roles: list[str]) -> bool:
    """True for two deeds of one actor in two places: he took one town and then another."""
    here, there = set(a.args.get("place", [])), set(b.args.get("place", []))
    apart = a.scene.svo or (a.scene is not b.scene and a.type in PLACED)
    return apart and (roles == ["actor"] or a.listed or b.listed) and bool(here and there) and not here & there


def _only_place(a: Draft, b: Draft) -> bool:
    """True when the first names only the place of the second: «an attack in Baghdad» in which somebody was killed."""
    return set(a.args) == {"place"} and bool(set(a.args["place"]) & set(b.args.get("place", [])))


def _who(draft: Draft) -> set[int]:
    return {n for role in ("actor", "recipient", "subject") for n in draft.args.get(role, [])}


def _complement_end(draft: Draft) -> int:
    """Where the phrase that follows a verb of asking ends: the next punctuation mark of its clause."""
    words, predicate = draft.scene.words, draft.predicate
    clauses, last = draft.scene.clauses, draft.scene.clauses[predicate.clause].last
    if predicate.clause + 1 < len(clauses) and clauses[predicate.clause + 1].opener == "comp":
        last = clauses[predicate.clause + 1].last
    end = words[predicate.last - 1].end
    for word in words[predicate.last : min(last, predicate.last + 2 * COMPLEMENT)]:
        if word.kind == "punct" and word.text not in "«»\"“”'()-":
            break
        end = word.end
    return end


def quote_of(draft: Draft, text: str, words: list[Word]) -> Span:
    """The shortest stretch of the sentence that holds the trigger and the arguments that stand in it."""
    if draft.quote is not None:
        return draft.quote
    scene = draft.scene
    low, high = scene.words[scene.sentence.first].start, scene.words[scene.sentence.last - 1].end
    spans = [a.span for a in draft.anchors if low <= a.span.start and a.span.end <= high]
    trigger = next(a.span for a in draft.anchors if a.role == "trigger")
    start, end = min(s.start for s in spans), max(s.end for s in spans)
    if draft.content is not None and low <= draft.content.start < high:
        inner = next(a.span for a in draft.content.anchors if a.role == "trigger")
        start, end = min(start, inner.start), max(end, inner.end)
    if draft.rule.content is not None and draft.content is None and trigger.end >= low:
        end = max(end, _complement_end(draft))
    if end - start > QUOTE_LIMIT:
        start = max(start, trigger.start - QUOTE_LIMIT // 2)
        end = min(end, start + QUOTE_LIMIT)
        start = min((w.start for w in words if w.start >= start), default=start)
        end = max((w.end for w in words if w.end <= end), default=end)
    return Span(start, end)


def _without_lost_acts(drafts: list[Draft], pack: Pack) -> list[Draft]:
    """The drafts that are complete without the acts that turned out to be none."""
    kept = drafts
    while True:
        alive, changed = {id(d) for d in kept}, set()
        for draft in kept:
            lost = draft.content
            if lost is not None and id(lost) not in alive:  # another rule may have read the same words
                twins = (d for d in kept if d.predicate is lost.predicate and d.type == lost.type and d is not draft)
                draft.content = next(twins, None)
                changed.add(id(draft))
        still = [d for d in kept if id(d) not in changed or complete(d, pack) is None]
        if len(still) == len(kept):
            return kept
        kept = still


def claims_of(
    document: Document,
    drafts: list[Draft],
    clusters: Clusters,
    words: list[Word],
    pack: Pack,
    ontology: Ontology,
    world: World,
    discarded: list[Discarded],
    doubts: Doubting | None = None,
) -> Extraction:
    """The extraction that leaves the engine: entities and claims in text order.

    Entities are those who take part in a claim, or in something that could not be read whole, and whom the
    world data knows: a text that names them is about them, although nothing was read of them.
    """
    link_content(drafts, clusters, pack)
    whole: list[Draft] = []
    for draft in drafts:
        reason = complete(draft, pack) or _thin(draft, clusters)
        if reason is None:
            whole.append(draft)
        else:
            discarded.append(_discarded(draft, reason))
    whole = at_once(whole, pack)
    whole += [made for draft in whole for made in _implied(draft, clusters, pack) if complete(made, pack) is None]
    whole = _without_lost_acts(whole, pack)
    lend_dates(whole, [draft for draft in drafts if draft not in whole], clusters)
    merged = merge(whole)
    if doubts is not None:
        doubted = doubts.doubted(merged, clusters)
        discarded += [_discarded(draft, f"the learned filter gives it p={p:.2f}") for draft, p in doubted]
        merged = [draft for draft in merged if not any(draft is lost for lost, _ in doubted)]
    merged.sort(key=lambda d: (quote_of(d, document.text, words), d.type, sorted(map(str, d.args.items()))))
    numbers = {id(d): f"c{k}" for k, d in enumerate(merged, 1)}
    used = sorted(
        _parties(merged) | _parties(drafts) | _known_by_name(clusters),
        key=lambda n: min((s for s in clusters.clusters[n].spans), default=Span(0, 0)),
    )
    ids = {n: f"e{k}" for k, n in enumerate(used, 1)}
    claims = tuple(_claim(d, numbers, ids, document.text, words, ontology) for d in merged)
    entities = tuple(_entity(clusters, n, ids[n], document.text, world) for n in used)
    return Extraction(document, entities, claims, tuple(discarded))


def _parties(drafts: list[Draft]) -> set[int]:
    return {n for draft in drafts for numbers in [*draft.args.values(), draft.speaker] for n in numbers}


def _known_by_name(clusters: Clusters) -> set[int]:
    """Whom the world data knows, whatever the text says of them; no places, where mostly nothing happens."""
    return {n for n, one in enumerate(clusters.clusters) if one.ref is not None and one.cls != "Place"}


def _discarded(draft: Draft, reason: str) -> Discarded:
    span = next((a.span for a in draft.anchors if a.role == "trigger"), Span(0, 0))
    return Discarded(f"{draft.type}: {draft.rule.name}", span, reason)


def _claim(
    draft: Draft, numbers: dict[int, str], ids: dict[int, str], text: str, words: list[Word], ontology: Ontology
) -> Claim:
    roles = roles_of(draft.type, ontology)
    args = {r: tuple(ids[n] for n in draft.args[r]) for r in roles if draft.args.get(r)}
    anchors = tuple(sorted(set(draft.anchors), key=lambda a: (a.span, a.role)))
    return Claim(
        id=numbers[id(draft)],
        type=draft.type,
        args=args,
        quote=quote_of(draft, text, words),
        modality=draft.stance.modality,
        negated=draft.stance.negated,
        attributed_to=ids[draft.speaker[0]] if draft.speaker else None,
        content=numbers.get(id(draft.content)) if draft.content is not None else None,
        date=draft.date,
        office=draft.office,
        former=draft.former,
        branch=draft.branch,
        rule=draft.rule.name,
        confidence=draft.confidence,
        anchors=anchors,
    )


def _entity(clusters: Clusters, number: int, entity_id: str, text: str, world: World) -> Entity:
    cluster = clusters.clusters[number]
    record = world.records.get(cluster.ref or "")
    return Entity(
        entity_id,
        cluster.cls,
        clusters.name(cluster, text),
        tuple(sorted(cluster.spans)),
        cluster.ref,
        record.qid if record is not None else None,
        cluster.candidates,
    )
