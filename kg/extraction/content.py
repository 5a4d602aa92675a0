"""Acts asked, promised, threatened, refused or alleged: which one a claim is about, and what follows for it."""

from __future__ import annotations

from dataclasses import replace

from kg.extraction.clauses import Predicate
from kg.extraction.clusters import Clusters
from kg.extraction.completeness import complete, points_back
from kg.extraction.events import Draft, allowed_classes
from kg.extraction.subject_first import SvoScene
from kg.language import Pack
from kg.model import Anchor

SYMMETRIC = frozenset({"meeting", "sign", "cooperate", "agree", "alliedWith"})


def link_content(drafts: list[Draft], clusters: Clusters, pack: Pack) -> None:
    """Give every request, promise, threat, refusal and accusation its act, and that act its standing."""
    by_scene: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_scene.setdefault(id(draft.scene), []).append(draft)
    for group in by_scene.values():
        group.sort(key=lambda d: (d.predicate.first, -sum(map(len, d.args.values()))))
        taken: dict[int, Predicate] = {}
        for outer in group:
            if outer.rule.content is not None:
                _link(outer, group, taken, clusters, pack)
                lift(outer)
        for outer in group:
            asked = outer.content
            refused = outer.rule.content is not None and outer.rule.content.negated and outer.scene.svo
            if refused and asked is not None and _others(outer, asked) and asked.content is not None:
                outer.content = asked.content  # who rejects a demand rejects what is demanded
            elif refused and asked is not None and _own_blame(outer, asked):
                _deny(outer, asked)
        _one_of_each(group, pack)


def _own_blame(outer: Draft, asked: Draft) -> bool:
    """An accusation without an accuser, or with the one who rejects it."""
    return asked.type == "accuse" and set(asked.args.get("actor", [])) <= set(outer.args.get("actor", []))


def _deny(outer: Draft, alleged: Draft) -> None:
    """«Dismissed accusations that …»: what nobody in particular alleges is denied."""
    outer.content, alleged.idle = alleged.content, True
    if alleged.content is not None:
        alleged.content.stance.modality, alleged.content.stance.negated = "asserted", True
        alleged.content.speaker = outer.args.get("actor", [])[:1]


def _one_of_each(group: list[Draft], pack: Pack) -> None:
    """Of two rules of one verb that ask the same act only the first makes a claim, the one with more parties."""
    seen: dict[tuple[int, str, int], Draft] = {}
    for draft in group:
        if draft.content is None or draft.scene.svo:
            continue
        key = (draft.predicate.first, draft.type, id(draft.content))
        draft.idle |= key in seen
        if complete(draft, pack) is None and complete(draft.content, pack) is None:
            seen.setdefault(key, draft)


def _link(outer: Draft, group: list[Draft], taken: dict[int, Predicate], clusters: Clusters, pack: Pack) -> None:
    spec = outer.rule.content
    assert spec is not None
    if points_back(outer) or _lacks(outer, pack):
        return
    acts = [d for d in group if d is not outer and d.quote is None and d.predicate in d.scene.predicates]
    mine = None if outer.scene.svo else outer.predicate  # several rules of one verb share its act
    acts = [d for d in acts if taken.get(id(d), mine) is mine]
    inner = [d for d in acts if _governed(outer, d)]
    if not inner:
        return
    nearest = min(inner, key=lambda d: _rank(d, pack))
    linked: list[Draft] = []
    partial: set[int] = set()
    for draft in inner:
        first = draft is nearest if outer.scene.svo else draft.predicate is nearest.predicate
        beside = first or draft.predicate.clause == nearest.predicate.clause
        if not beside or (draft.rule.content is not None and not first):
            continue
        if draft.predicate is not nearest.predicate and nearest.rule.content is not None and _governed(nearest, draft):
            continue  # «refused to allow them to land»: the landing is what is allowed
        linked.append(draft)
        if id(draft) not in taken:
            if complete(draft, pack) is not None:
                partial.add(id(draft))
            if not (spec.negated and outer.scene.svo and _others(outer, draft)):
                _subordinate(outer, draft, clusters, pack, first)
        taken[id(draft)] = outer.predicate
    outer.content = nearest if outer.scene.svo else _best(linked, nearest, pack)
    outer.content.asked = outer.content.asked or outer.scene.svo or _asks(outer)
    for draft in linked:
        twin = draft is not outer.content and draft.type == outer.content.type and not outer.scene.svo
        draft.idle |= twin and draft.predicate is outer.content.predicate and id(draft) in partial


def _asks(outer: Draft) -> bool:
    """True for claims that make an act of their own of the words: praise takes it as it is."""
    return outer.rule.content is not None and outer.rule.content.modality != "own"


def _best(linked: list[Draft], nearest: Draft, pack: Pack) -> Draft:
    """The act among those that stand where it is expected: the first that is whole, else that lacks least."""
    acts = (
        [d for d in linked if d.asked]
        or [d for d in linked if complete(d, pack) is None]
        or [d for d in linked if d.predicate is nearest.predicate]
    )
    acts.sort(key=lambda d: (d.predicate.first, -sum(map(len, d.args.values())), -d.confidence))
    return next((d for d in acts if d.asked or complete(replace(d, asked=True), pack) is None), acts[0])


def _rank(draft: Draft, pack: Pack) -> tuple[bool, int, int, float]:
    """The nearest act first; in languages with the subject first, one that lacks a party comes last."""
    missing = _missing(draft, pack) if draft.scene.svo else 0
    return missing > 0, draft.predicate.first, missing, -draft.confidence


def _others(outer: Draft, inner: Draft) -> bool:
    """«Rejected Mali's demand»: what somebody else has asked, offered or alleged, and not an act of one's own."""
    mine, theirs = outer.args.get("actor", []), inner.args.get("actor", [])
    return inner.rule.content is not None and bool(theirs) and not set(mine) & set(theirs)


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


def _governed(outer: Draft, inner: Draft) -> bool:
    """True when the inner trigger stands where the outer rule expects its act."""
    spec = outer.rule.content
    assert spec is not None
    scene, trigger = outer.scene, inner.predicate
    if isinstance(scene, SvoScene):
        return scene.content_link(outer.predicate, trigger) in spec.via
    if trigger.hit.reading.definite and "participle" in trigger.features.split():
        return False  # «الاتفاق المبرم»: it describes a noun
    if trigger.first < outer.predicate.last or trigger.first - outer.predicate.last > 25:
        return False
    between = [p for p in scene.predicates if outer.predicate.last <= p.first < trigger.first]
    clause, mine = scene.clauses[trigger.clause], outer.predicate.clause
    if trigger.clause == mine:
        if "participle" in trigger.features.split() and not trigger.hit.reading.prep:
            return False  # «طالب … داعيا»: he asks again
        if any(p.verb and p.category not in {"light", "control"} for p in between):
            return False
        prep = _preposition(outer, trigger)
        return prep in spec.via
    if "comp" not in spec.via or trigger.clause < mine:
        return False
    opened = [c for c in scene.clauses if mine < c.number <= trigger.clause]
    while (
        len(opened) > 1 and opened[0].opener == "rel" and opened[0].first in {m.last for m in outer.predicate.subject}
    ):
        mine = opened.pop(0).number  # «نفى فابيوس الذي … أن يكون»
    return (
        bool(opened)
        and opened[0].opener == "comp"
        and all(c.opener in {"comp", "rel", "conj"} for c in opened)
        and clause.number - mine <= 2
    )


def _preposition(outer: Draft, trigger: Predicate) -> str:
    """The preposition that governs a noun, also over light nouns: لمواصلة التعاون."""
    words, k, hit = outer.scene.words, trigger.first, trigger.hit
    if hit.reading.conj and not hit.reading.prep:
        return _shared_preposition(outer, trigger)
    prep = hit.reading.prep
    beside = prep and k > outer.predicate.last and k - 1 not in outer.scene.within
    carrier = words[k - 1].hit("lightnoun") if beside else None
    if carrier is not None:  # القيام بدور
        prep, k = carrier.reading.prep, k - 1
    while not prep and k > outer.predicate.last:
        k -= 1
        found = words[k].hit("prep")
        free = found and k - 1 >= outer.predicate.last and k - 1 not in outer.scene.within
        before = words[k - 1].hit("lightnoun") if free else None
        if found and before is None:
            return found.entry.lemma
        if words[k].has("time") and not found and k not in outer.scene.within:
            continue
        light = words[k].hit("lightnoun", "det", "transparent", "neg") if not found else before
        if light is not None and light.reading.conj and not light.reading.prep:
            return _shared_preposition(outer, trigger)
        if light is None:
            mention = outer.scene.within.get(k)
            if mention is not None and words[mention.first - 1].has("controlnoun"):
                return mention.prep or "obj"  # بقرار كولومبيا قطع العلاقات
            return outer.scene._phrase_preposition(k) or (
                "obj" if mention is not None or k < outer.predicate.last else "none"
            )
        prep = light.reading.prep
    return prep or "obj"


def _shared_preposition(outer: Draft, trigger: Predicate) -> str:
    """«على ضبط النفس واستئناف الحوار»: a noun after «and» shares the preposition of the noun that it is joined to."""
    spec, scene = outer.rule.content, outer.scene
    for k in range(outer.predicate.last, trigger.first):
        if spec is None or k in scene.within:
            continue
        found = scene.words[k].hit("prep")
        written = {found.entry.lemma} if found is not None else {r.prep for r in scene.words[k].readings if r.prep}
        if shared := written & set(spec.via):
            return shared.pop()
    return "obj" if spec is not None and "obj" in spec.via else "none"


def _subordinate(outer: Draft, inner: Draft, clusters: Clusters, pack: Pack, nearest: bool) -> None:
    spec = outer.rule.content
    assert spec is not None
    bargain = inner.stance.modality == "conditional" and not outer.scene.svo  # «in exchange for» outweighs the promise
    if spec.modality != "own" and not bargain:
        inner.stance.modality = spec.modality
    if spec.negated:
        inner.stance.negated = not inner.stance.negated
    if spec.attributed and outer.args.get("actor"):
        inner.speaker = outer.args["actor"][:1]
    _object_genitive(outer, inner)
    _object_pronoun(outer, inner)
    if spec.negated and inner.scene.svo and inner.rule.content is not None and not inner.predicate.verb:
        return  # «refused a request»: somebody else's
    if spec.negated and isinstance(inner.scene, SvoScene) and _owned(inner.scene, inner.predicate):
        return  # «vetoed its entry»
    roles = ("subject", "object") if "subject" in inner.rule.roles else ("actor", "recipient")
    toward = spec.toward if nearest and (inner.type in spec.toward_types or not spec.toward_types) else "none"
    for role, source in zip(roles, (spec.control, toward), strict=True):
        filled = inner.args.get(role)
        givers = outer.hidden.get("_agent") if source == "actor" else None
        givers = givers or outer.args.get(source)
        if role == "actor" and givers and filled and _joins(inner, filled):
            inner.args[role] = [*(n for n in givers if n not in filled), *filled]
        if source != "none" and not filled and givers:
            allowed = allowed_classes(pack, inner.type, inner.rule, role)
            free = [n for n in (as_class(giver, allowed, clusters) for giver in givers) if n is not None]
            free = [n for n in free if not any(n in v for v in inner.args.values())]
            if free:
                inner.args[role] = free
                inner.controlled = True


def _owned(scene: SvoScene, predicate: Predicate) -> bool:
    """True for a noun with a possessive pronoun."""
    return not predicate.verb and scene.tag(scene.np_start(predicate.first)) == "O"


def _joins(inner: Draft, filled: list[int]) -> bool:
    """«مستعدة لاستئناف المفاوضات مع كييف»: whoever is ready is the other party of the talks."""
    if len(filled) > 1 or inner.type not in SYMMETRIC:
        return False
    starts = {a.span.start for a in inner.anchors if a.role == "actor"}
    with_whom = inner.scene.pack.marks("company")
    return any(m.start in starts and m.prep in with_whom for m in inner.scene.mentions)


def as_class(number: int, allowed: frozenset[str], clusters: Clusters) -> int | None:
    """The entity itself, or the state it acts for where only a state can fill the role."""
    return number if clusters.clusters[number].cls in allowed else clusters.home(number) if "State" in allowed else None


def _object_genitive(outer: Draft, inner: Draft) -> None:
    """In a verbal noun that somebody else controls, the genitive is the object: «readiness to support Syria»."""
    trigger = next((a.span for a in inner.anchors if a.role == "trigger"), None)
    actor = next((a for a in inner.anchors if a.role == "actor"), None)
    definite = inner.predicate.hit.reading.definite  # «the Turkish raids» has no genitive
    direct = (
        "gen" in inner.rule.roles.get("recipient", "") and inner.rule.content is None
    )  # attacks of X are not attacks on X
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


def _object_pronoun(outer: Draft, inner: Draft) -> None:
    """«طلبت واشنطن من لندن تسليمها …»: the pronoun on what is asked is who asks, and gets it."""
    spec = outer.rule.content
    asker, asked = outer.args.get("actor"), outer.args.get("recipient")
    own = inner.predicate.hit.reading.enclitic and not inner.predicate.verb and "recipient" in inner.rule.roles
    if spec is None or spec.control != "recipient" or not own or not asked or inner.args.get("recipient"):
        return
    if asker and inner.args.get("actor") == asker:
        inner.args["recipient"] = inner.args.pop("actor")


def lift(outer: Draft) -> None:
    """Roles of a request or promise that only its act names: «called for Iran to …» asks Iran."""
    spec, inner = outer.rule.content, outer.content
    if spec is None or inner is None:
        return
    for role, source in spec.lift.items():
        if role == source == "recipient" and spec.toward_types and inner.type not in spec.toward_types:
            continue  # who is promised an act is not whom it is done to
        given = inner.args.get(source) or (inner.args.get("subject", []) if source == "actor" else [])
        numbers = [n for n in given if not any(n in v for v in outer.args.values())]
        if numbers and not outer.args.get(role):
            outer.args[role] = numbers
