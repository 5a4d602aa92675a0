"""Acts asked, promised, threatened, refused or alleged: which one a claim is about, and what follows for it."""

from __future__ import annotations

from kg.extraction.clauses import Predicate, Scene
from kg.extraction.clusters import Clusters
from kg.extraction.events import Draft, allowed_classes
from kg.extraction.subject_first import SvoScene
from kg.language import Pack
from kg.model import Anchor

COMPLEMENT = 14  # words after a verb of asking in which its complement begins


def link_content(drafts: list[Draft], clusters: Clusters, pack: Pack) -> None:
    """Give every request, promise, threat, refusal and accusation its act, and that act its standing."""
    by_scene: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_scene.setdefault(id(draft.scene), []).append(draft)
    for group in by_scene.values():
        group.sort(key=lambda d: d.predicate.first)
        taken: set[int] = set()
        for outer in group:
            if outer.rule.content is not None:
                _link(outer, group, taken, clusters, pack)
                lift(outer)


def _link(outer: Draft, group: list[Draft], taken: set[int], clusters: Clusters, pack: Pack) -> None:
    spec = outer.rule.content
    assert spec is not None
    if _points_back(outer) or (outer.scene.svo and _lacks(outer, pack)):
        return
    acts = [d for d in group if d is not outer and d.quote is None and d.predicate in d.scene.predicates]
    inner = [d for d in acts if id(d) not in taken and _governed(outer, d)]
    if not inner:
        return
    nearest = min(inner, key=lambda d: (d.predicate.first, d.scene.svo and _missing(d, pack), -d.confidence))
    for draft in inner:
        beside = draft is nearest or draft.predicate.clause == nearest.predicate.clause
        if not beside or (draft.rule.content is not None and draft is not nearest):
            continue
        taken.add(id(draft))
        _subordinate(outer, draft, clusters, pack, draft is nearest)
        if draft is nearest:
            outer.content = draft
            draft.asked = True


def _missing(draft: Draft, pack: Pack) -> int:
    """How many of the parties that an act needs are not named, whoever does it left out."""
    frame = pack.frames.get(draft.type)
    needs = draft.rule.need or (frame.need if frame is not None else [])
    names = ([name.strip().rstrip("2") for name in need.split("|")] for need in needs)
    return sum(
        not {"actor", "subject", "content"} & set(either) and not any(map(draft.args.get, either)) for either in names
    )


def _lacks(outer: Draft, pack: Pack) -> bool:
    """True when the outer claim misses its other party, which no act can bring: «wants to leave» asks nobody."""
    spec = outer.rule.content
    needs = outer.rule.need or pack.frames[outer.type].need
    for need in needs:
        names = [name.strip().rstrip("2") for name in need.split("|")]
        brought = {"content", "complement", "actor", *(spec.lift if spec is not None else {})}
        if not brought & set(names) and not any(outer.args.get(n) or outer.hidden.get(n) for n in names):
            return True
    return False


def _points_back(outer: Draft) -> bool:
    """«هذا الطلب»: a noun that points to what was said before brings no act of its own."""
    predicate, words = outer.predicate, outer.scene.words
    before = words[predicate.first - 1] if predicate.first > outer.scene.sentence.first else None
    return not predicate.verb and predicate.hit.reading.definite and before is not None and before.has("det")


def _governed(outer: Draft, inner: Draft) -> bool:
    """True when the inner trigger stands where the outer rule expects its act."""
    spec = outer.rule.content
    assert spec is not None
    scene, trigger = outer.scene, inner.predicate
    if isinstance(scene, SvoScene):
        return scene.content_link(outer.predicate, trigger) in spec.via
    if trigger.first < outer.predicate.last or trigger.first - outer.predicate.last > 25:
        return False
    between = [p for p in scene.predicates if outer.predicate.last <= p.first < trigger.first]
    clause, mine = scene.clauses[trigger.clause], outer.predicate.clause
    if trigger.clause == mine:
        if any(p.verb and p.category not in {"light", "control"} for p in between):
            return False
        prep = _preposition(outer, trigger)
        return prep in spec.via
    if "comp" not in spec.via or trigger.clause < mine:
        return False
    opened = [c for c in scene.clauses if mine < c.number <= trigger.clause]
    return (
        bool(opened)
        and opened[0].opener == "comp"
        and all(c.opener in {"comp", "rel", "conj"} for c in opened)
        and clause.number - mine <= 2
    )


def _preposition(outer: Draft, trigger: Predicate) -> str:
    """The preposition that governs a noun, also over light nouns: لمواصلة التعاون."""
    words, k, hit = outer.scene.words, trigger.first, trigger.hit
    prep = hit.reading.prep
    while not prep and k > outer.predicate.last:
        k -= 1
        found = words[k].hit("prep")
        before = words[k - 1].hit("lightnoun") if found and k - 1 >= outer.predicate.last else None
        if found and before is None:
            return found.entry.lemma
        light = words[k].hit("lightnoun", "det", "transparent") if not found else before
        if light is None:
            return outer.scene._phrase_preposition(k) or (
                "obj" if k in outer.scene.within or k < outer.predicate.last else "none"
            )
        prep = light.reading.prep
    return prep or "obj"


def _subordinate(outer: Draft, inner: Draft, clusters: Clusters, pack: Pack, nearest: bool) -> None:
    spec = outer.rule.content
    assert spec is not None
    if spec.modality != "own":
        inner.stance.modality = spec.modality
    if spec.negated:
        inner.stance.negated = not inner.stance.negated
    if spec.attributed and outer.args.get("actor"):
        inner.speaker = outer.args["actor"][:1]
    _object_genitive(outer, inner)
    roles = ("subject", "object") if "subject" in inner.rule.roles else ("actor", "recipient")
    toward = spec.toward if nearest and (inner.type in spec.toward_types or not spec.toward_types) else "none"
    for role, source in zip(roles, (spec.control, toward), strict=True):
        filled = inner.args.get(role)
        givers = outer.hidden.get("_agent") if source == "actor" else None
        givers = givers or outer.args.get(source)
        if source != "none" and not filled and givers:
            allowed = allowed_classes(pack, inner.type, inner.rule, role)
            free = [n for n in (as_class(giver, allowed, clusters) for giver in givers) if n is not None]
            free = [n for n in free if not any(n in v for v in inner.args.values())]
            if free:
                inner.args[role] = free
                inner.controlled = True


def as_class(number: int, allowed: frozenset[str], clusters: Clusters) -> int | None:
    """The entity itself, or the state it acts for where only a state can fill the role."""
    return number if clusters.clusters[number].cls in allowed else clusters.home(number) if "State" in allowed else None


def _object_genitive(outer: Draft, inner: Draft) -> None:
    """In a verbal noun that somebody else controls, the genitive is the object: «readiness to support Syria»."""
    trigger = next((a.span for a in inner.anchors if a.role == "trigger"), None)
    actor = next((a for a in inner.anchors if a.role == "actor"), None)
    definite = inner.predicate.hit.reading.definite  # «the Turkish raids» has no genitive
    direct = "gen" in inner.rule.roles.get("recipient", "")  # attacks of X are not attacks on X
    if (
        trigger is None
        or actor is None
        or definite
        or not direct
        or inner.predicate.verb
        or inner.args.get("recipient")
        or "recipient" not in inner.rule.roles
    ):
        return
    if (
        0 < actor.span.start - trigger.end <= 1
        and outer.args.get("actor")
        and not set(inner.args["actor"]) & set(outer.args["actor"])
    ):
        inner.args["recipient"] = inner.args.pop("actor")
        inner.anchors = [Anchor("recipient", a.span) if a is actor else a for a in inner.anchors]


def lift(outer: Draft) -> None:
    """Roles of a request or promise that only its act names: «called for Iran to …» asks Iran."""
    spec, inner = outer.rule.content, outer.content
    if spec is None or inner is None:
        return
    for role, source in spec.lift.items():
        numbers = [n for n in inner.args.get(source, []) if not any(n in v for v in outer.args.values())]
        if numbers and not outer.args.get(role):
            outer.args[role] = numbers


def _plain(scene: Scene, k: int) -> bool:
    """A noun of the text that is no mention and that no preposition governs."""
    word = scene.words[k]
    return (
        word.kind == "word" and k not in scene.within and not word.has("prep", "comp", "open", "time", "coord", "neg")
    )


def has_complement(draft: Draft) -> bool:
    """True when the words for what is asked, promised or refused follow, although no act of ours stands in them."""
    spec, scene, predicate = draft.rule.content, draft.scene, draft.predicate
    if spec is None or _points_back(draft):
        return False
    clause = scene.clauses[predicate.clause]
    following = clause.number + 1 < len(scene.clauses) and scene.clauses[clause.number + 1].opener == "comp"
    if "comp" in spec.via and following:
        return True
    after = max([predicate.last, *(m.last for m in predicate.subject if m.first >= predicate.last)])
    if "obj" in spec.via and after < clause.last and _plain(scene, after):
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
