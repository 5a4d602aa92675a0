"""What a claim needs before it is one: its parties, its act, or at least the words that stand for its act."""

from __future__ import annotations

from kg.extraction.clauses import Scene
from kg.extraction.events import Draft
from kg.extraction.subject_first import SvoScene
from kg.language import Pack

OPEN = frozenset({"assault", "coerce", "withdraw", "mobilize", "release", "aid"})
# what an act that is asked or alleged may lack
PARTIES = frozenset({"actor", "actor2", "recipient", "object", "place"})
NO_ROLE = frozenset({"trigger", "modality", "negation", "speaker"})
COMPLEMENT = 14  # words after a verb of asking in which its complement begins


def points_back(outer: Draft) -> bool:
    """«هذا الطلب»: a noun that points to what was said before brings no act of its own."""
    predicate, words = outer.predicate, outer.scene.words
    before = words[predicate.first - 1] if predicate.first > outer.scene.sentence.first else None
    return not predicate.verb and predicate.hit.reading.definite and before is not None and before.has("det")


def _plain(scene: Scene, k: int) -> bool:
    """A noun of the text that is no mention and that no preposition governs."""
    word = scene.words[k]
    return (
        word.kind == "word" and k not in scene.within and not word.has("prep", "comp", "open", "time", "coord", "neg")
    )


def has_complement(draft: Draft) -> bool:
    """True when the words for what is asked, promised or refused follow, although no act of ours stands in them."""
    spec, scene, predicate = draft.rule.content, draft.scene, draft.predicate
    if spec is None or points_back(draft):
        return False
    clause = scene.clauses[predicate.clause]
    after = scene.clauses[clause.number + 1 :]
    if after and after[0].opener == "rel" and after[0].first in {m.last for m in predicate.subject}:
        after = after[1:]
    following = bool(after) and after[0].opener == "comp"
    if "comp" in spec.via and following:
        return True
    if scene.svo and clause.opener == "rel" and predicate.subject and predicate.subject[0].first > clause.first:
        return True  # «a demand that Iran rejected»
    if "obj" in spec.via and predicate.verb and predicate.hit.reading.enclitic:
        return True  # «وهو ما تنفيه طهران»
    start = max([predicate.last, *(m.last for m in predicate.subject if m.first >= predicate.last)])
    inside = scene.within.get(start)
    modifies = isinstance(scene, SvoScene) and id(inside) in scene.modifiers  # «rejected a Russian offer»
    if "obj" in spec.via and start < clause.last and (_plain(scene, start) or modifies):
        return True
    for k in range(predicate.last, min(clause.last, predicate.last + COMPLEMENT)):
        if any(p.first == k and p.verb for p in scene.predicates):
            return False
        word = scene.words[k]
        preps = {h.entry.lemma for h in word.hits if h.entry.category == "prep"} | {
            r.prep for r in word.readings if r.prep
        }
        if k not in scene.within and preps & set(spec.via):
            return True
    return False


def _plainly(need: str) -> str:
    """A need of a rule, as people say it."""
    if need.endswith("2"):
        return f"second {need[:-1]}"
    return {"content": "act that it speaks of"}.get(need, need.lstrip("_"))


def complete(draft: Draft, pack: Pack) -> str | None:
    """Why the draft is no claim, or None when it has all it needs."""
    if draft.idle:
        return "another rule reads the act that is asked or alleged"
    needs = draft.rule.need or (pack.frames[draft.type].need if draft.type in pack.frames else [])
    for need in needs:
        names = [name.strip() for name in need.split("|")]
        lacking = not any(has(draft, name) for name in names)
        if lacking and not (_enough(draft) and names != ["object"] and (draft.scene.svo or set(names) <= PARTIES)):
            return f"no {' or '.join(map(_plainly, names))} was found"
    if not any(draft.args.values()):
        return "no argument was found"
    return _carried(draft)


def _enough(draft: Draft) -> bool:
    """An act that is asked, promised or alleged needs no more than one party: «called for talks», «denied arming X»."""
    if draft.scene.svo:
        return draft.asked and draft.type in OPEN and bool(draft.args.get("actor"))
    return draft.asked and any(draft.args.get(role) for role in ("actor", "recipient", "object"))


def _carried(draft: Draft) -> str | None:
    """A claim needs at least one argument or act of its own sentence; a subject carried over is not enough."""
    words, sentence = draft.scene.words, draft.scene.sentence
    low, high = words[sentence.first].start, words[sentence.last - 1].end
    own = any(a.role not in NO_ROLE and low <= a.span.start < high for a in draft.anchors)
    own = own or draft.controlled or bool(draft.predicate.hit.reading.enclitic)
    return (
        None
        if own or draft.content is not None or draft.quote is not None
        else "its only argument stands in another sentence"
    )


def has(draft: Draft, name: str) -> bool:
    if name == "content":
        return draft.content is not None
    if name == "complement":
        return has_complement(draft)
    if name.startswith("_"):
        return bool(draft.hidden.get(name))
    if name.endswith("2"):
        return len(draft.args.get(name[:-1], [])) >= 2
    return bool(draft.args.get(name))
