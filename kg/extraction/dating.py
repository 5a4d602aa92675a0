"""Which date of its sentence an act has, and what a date after the article says about it."""

from __future__ import annotations

from kg.extraction.clauses import Predicate, Scene
from kg.extraction.dates import When
from kg.extraction.events import Draft
from kg.extraction.verb_groups import Group
from kg.model import Anchor, Span

ARRANGED = frozenset({"visit", "meeting", "reception", "sign"})  # a paper of the day says in the morning what is on
ANNOUNCED = 100  # a date beside another verb is further away than any of its own


def date_acts(scene: Scene, drafts: list[Draft], found: list[When], published: str | None) -> None:
    """Give each act the nearest date of its clause, else of a clause beside it."""
    for draft in drafts:
        clause = draft.predicate.clause
        same = [w for w in found if scene.clause_of.get(w.first) == clause]
        same = same or [w for w in found if _beside(scene, scene.clause_of.get(w.first, -9), clause)]
        near = min(same, key=lambda w: _distance(scene, draft, w), default=None)
        if near is not None:
            _take(scene, draft, near, published)


def _distance(scene: Scene, draft: Draft, when: When) -> int:
    """«أعلنت أمس عن مقتل X مطلع يوليو»: yesterday belongs to the announcement."""
    predicate = draft.predicate
    governor = predicate.governor
    carrier = governor if governor is not None and governor.category != "say" else None
    said = any(
        p.verb and p is not carrier and p.clause == predicate.clause and p.first < when.first < predicate.first
        for p in scene.predicates
    )
    return abs(when.first - predicate.first) + ANNOUNCED * (said and not scene.svo)


def _take(scene: Scene, draft: Draft, when: When, published: str | None) -> None:
    late = when.weekday and when.iso < (published or "")
    if late and draft.stance.modality in {"planned", "promised"}:
        draft.date = when.to_come()
    elif late and _still_to_come(scene, draft, when):
        draft.date = when.to_come()
        _planned(scene, draft, when)
    elif when.iso == published and draft.type in ARRANGED and _still_to_come(scene, draft, when):
        draft.date = when.iso
        _planned(scene, draft, when)  # «يزور بوتين دمشق اليوم»
    elif when.before and _over(draft):
        draft.date = when.before
    else:
        draft.date = when.iso
        if when.ahead or (published is not None and when.iso > published[: len(when.iso)]):
            _after_the_article(scene, draft, when)


def _over(draft: Draft) -> bool:
    """True for a past tense in the article's own time."""
    return _past(draft.scene, draft.predicate) and draft.stance.modality == "asserted"


def _past(scene: Scene, predicate: Predicate) -> bool:
    """«زار», "visited", "was seized", "has met": a verb of the past."""
    features = predicate.features.split()
    if not isinstance(predicate, Group):
        return predicate.verb and "perfect" in features and "imperfect" not in features
    auxiliaries = [scene.words[cue.first] for cue in predicate.cues if cue.entry.category == "aux"]
    told = [{hit.entry.features for hit in word.hits} for word in auxiliaries]
    over = all(not tenses.isdisjoint({"past", "have"}) for tenses in told)
    did = any("past" in tenses for tenses in told) and "base" in features
    return predicate.form == "finite" and over and (did or not {"past", "participle"}.isdisjoint(features))


def _still_to_come(scene: Scene, draft: Draft, when: When) -> bool:
    """«يزور بوتين دمشق الثلاثاء»: a present tense with the day after it, and nothing that puts it in the past."""
    if scene.svo or draft.stance.modality != "asserted":
        return False
    verb = draft.predicate if draft.predicate.verb else draft.predicate.governor
    if verb is None or not _present(scene, verb):
        return False
    same = [p for p in scene.predicates if p.first < verb.first and p.subject[:1] == verb.subject[:1] != []]
    return _follows(scene, verb, when) or any(_present(scene, p) and _follows(scene, p, when) for p in same)


def _present(scene: Scene, verb: Predicate) -> bool:
    """True for a present tense that no particle, negation or complementizer before it moves elsewhere."""
    marks = verb.features.split()
    first = scene.clauses[verb.clause].first
    shifted = any(scene.words[k].has("aux", "neg", "comp") for k in range(first, verb.first))
    return verb.verb and "imperfect" in marks and "perfect" not in marks and not shifted


def _follows(scene: Scene, predicate: Predicate, when: When) -> bool:
    """True when the date stands after the act, with no other act between."""
    first = predicate.first
    return first < when.first and not any(first < p.first < when.first for p in scene.predicates)


def _after_the_article(scene: Scene, draft: Draft, when: When) -> None:
    """«يزور إيران الأسبوع المقبل»: what is dated after the article has not happened."""
    predicate = draft.predicate
    if not _past(scene, predicate) and draft.stance.modality == "asserted" and _follows(scene, predicate, when):
        _planned(scene, draft, when)


def _planned(scene: Scene, draft: Draft, when: When) -> None:
    words = scene.words
    draft.stance.modality = "planned"
    draft.anchors.append(Anchor("modality", Span(words[when.first].start, words[when.last - 1].end)))


def _beside(scene: Scene, dated: int, clause: int) -> bool:
    """True when no complementizer stands between: «said yesterday that …» dates the saying only."""
    if abs(dated - clause) != 1:
        return False
    # أقلته إلى إسرائيل، مساء أمس، or, at the head of the sentence, «On Monday Putin …»
    bare = (dated > clause or scene.svo) and not any(p.clause == dated for p in scene.predicates)
    return bare or scene.clauses[max(dated, clause)].opener in {"rel", "open", "conj"}
