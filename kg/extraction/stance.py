"""How sure, which way, in whose words: modality, polarity, attribution of a predicate (FactBank's questions)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from kg.extraction.clauses import Clause, Predicate, Scene
from kg.extraction.mentions import Mention
from kg.extraction.subject_first import SvoScene
from kg.extraction.verb_groups import Group
from kg.extraction.words import Hit
from kg.language import Pack

LOOK_BACK = 5  # words before a predicate in which a cue may stand


@dataclass(slots=True)
class Stance:
    """Modality and polarity with the words that decided them."""

    modality: str = "asserted"
    negated: bool = False
    cues: list[tuple[str, Hit]] = field(default_factory=list)  # ("modality" | "negation", words)

    def note(self, feature: str, hit: Hit) -> None:
        """Take over what a cue says: a modality, `negated`, or both (`planned negated`)."""
        for word in feature.replace("_", " ").split():
            if word == "negated":
                self.negated = not self.negated
                self.cues.append(("negation", hit))
            elif self.modality == "asserted" or word in {"conditional", "possible"}:
                self.modality = word
                self.cues.append(("modality", hit))


def stance(scene: Scene, predicate: Predicate) -> Stance:
    """Modality and polarity of one predicate from its form, what governs it and the words before it."""
    key = predicate, id(predicate.hit)
    if key not in scene.stances:
        scene.stances[key] = _read(scene, predicate)
    known = scene.stances[key]
    return Stance(known.modality, known.negated, list(known.cues))


def _read(scene: Scene, predicate: Predicate) -> Stance:
    found = Stance()
    clause = scene.clauses[predicate.clause]
    if predicate.hit.reading.future:
        found.note("planned", predicate.hit)
    for hit in _cues_before(scene, predicate, clause):
        _apply(found, hit, predicate)
    for hit in _cues_after(scene, predicate):
        found.note(hit.entry.features, hit)
    carrier = governing(predicate)
    if predicate.governor is not None and carrier is not None and not adjunct(scene, predicate, carrier):
        governor = predicate.governor
        if carrier.entry.category == "control" and not _over(predicate, carrier):
            found.note(_control(carrier), carrier)
        inner = stance(scene, governor)
        if inner.modality != "asserted" and found.modality == "asserted":
            found.modality, found.cues = inner.modality, found.cues + inner.cues
        if inner.negated:
            found.negated = not found.negated
            found.cues += [cue for cue in inner.cues if cue[0] == "negation"]
    if not scene.svo and found.modality == "asserted":
        _goes_on(scene, predicate, clause, found)
        _aimed(scene, predicate, found)
    _conditions(scene, predicate, clause, found)
    if clause.question and found.modality in {"asserted", "planned"}:
        found.modality = "possible"
    return found


def _goes_on(scene: Scene, predicate: Predicate, clause: Clause, found: Stance) -> None:
    """«سيزور الخرطوم حيث يلتقي …، ويبحث»: a present tense that goes on after an act to come is to come as well."""
    marks = predicate.features.split()
    verb = predicate if predicate.verb else None
    if verb is None or "imperfect" not in marks or "perfect" in marks or not verb.subject:
        return
    joined = scene.words[clause.first].hit("comp") if clause.opener == "comp" else None
    if clause.opener not in {"open", "conj"} and not (joined is not None and joined.reading.conj):
        return
    earlier = [p for p in scene.predicates if p.verb and p.subject and p.clause < clause.number]
    before = next((p for p in reversed(earlier) if scene.clauses[p.clause].opener != "rel"), None)
    if before is None or before.subject[0] is not verb.subject[0] or "imperfect" not in before.features.split():
        return
    inner = stance(scene, before)
    if inner.modality == "planned" and not inner.negated:
        found.modality, found.cues = inner.modality, [cue for cue in inner.cues if cue[0] == "modality"]


def _aimed(scene: Scene, predicate: Predicate, found: Stance) -> None:
    """«إلى موسكو لإجراء محادثات»: what somebody sets out to do."""
    light = scene.words[predicate.first - 1].hit("lightnoun") if predicate.first > scene.sentence.first else None
    aims = {scene.pack.fold(p) for p in scene.pack.lexicon.prepositions.get("@purpose", ())}
    if light is not None and not predicate.verb and light.reading.prep in aims and not predicate.hit.reading.prep:
        found.note("planned", light)


def _cues_after(scene: Scene, predicate: Predicate) -> list[Hit]:
    """«اجتماعه المقرر»: an adjective after an Arabic noun may say that it is still to come."""
    if scene.svo or predicate.verb:
        return []
    found: list[Hit] = []
    for k in range(predicate.last, min(predicate.last + 2, scene.sentence.last)):
        if k in scene.within or scene.words[k].has("prep"):
            break
        hit = scene.words[k].hit("modal")
        if hit is not None and hit.reading.cost == 0:
            found.append(hit)
    return found


def governing(predicate: Predicate) -> Hit | None:
    """The word that the predicate depends on, as a control, light or permitting verb if it is one."""
    governor = predicate.governor
    return None if governor is None else governor.carrier or governor.hit


def adjunct(scene: Scene, predicate: Predicate, carrier: Hit | None = None) -> bool:
    """«ناقش … خلال لقائه»: a phrase of time beside the verb is no act that the verb makes possible or planned."""
    if predicate.first <= scene.sentence.first:
        return False
    pack, prep = scene.pack, predicate.hit.reading.prep
    if not prep and scene._preposition(predicate.first - 1) in pack.adjuncts:
        return True
    if scene.svo or predicate.verb or carrier is None or carrier.entry.category != "control":
        return False
    prep = prep or scene._preposition(predicate.first - 1)
    own = _canonical(pack).intersection(carrier.entry.features.split())
    if own:  # «فشل في»: what it governs stands behind its preposition
        return prep not in own and not predicate.hit.reading.conj
    return prep in pack.prepositions("@during")


@lru_cache(maxsize=8)
def _canonical(pack: Pack) -> frozenset[str]:
    """What prepositions are called in frames."""
    return frozenset(map(pack.fold, pack.lexicon.prepositions))


def _over(predicate: Predicate, carrier: Hit) -> bool:
    """«The talks ended»: what has ended has taken place."""
    ended = isinstance(predicate, Group) and predicate.link == "subj" and _control(carrier) == "negated"
    return ended and predicate.governor is not None and not predicate.governor.passive


def _control(hit: Hit) -> str:
    """The part of a control verb's features that is a cue, without its inflection."""
    marks = {"planned", "promised", "requested", "conditional", "possible", "negated"}
    return " ".join(word for word in hit.entry.features.replace("_", " ").split() if word in marks)


def _cues_before(scene: Scene, predicate: Predicate, clause: Clause) -> list[Hit]:
    """Negators, modals and auxiliaries just before the predicate or the complementizer that opened its clause."""
    if isinstance(scene, SvoScene):
        return scene.cues(predicate)
    words, first = scene.words, max(clause.first, predicate.first - LOOK_BACK)
    found: list[Hit] = []
    stop = predicate.first
    for k in range(stop - 1, first - 1, -1):
        if scene.in_count(k):
            continue  # ما لا يقل عن 30
        if k in scene.within:
            if not scene.svo and predicate.verb:
                continue
            if not predicate.verb and not _holder(scene, k, predicate):
                break
            continue
        hit = words[k].hit("neg", "modal", "aux", "controlnoun")
        if hit is not None and hit.entry.category == "neg" and hit.reading.enclitic:
            continue  # «وغيرهما»: and others
        noun = hit is not None and hit.entry.category == "controlnoun"
        if hit and not (noun and (hit.reading.definite or _finite_at(scene, k))) and not words[k].has("open"):
            found.append(hit)
        elif words[k].has("say", "trigger", "verb", "light") and scene.predicate_at(k) and not scene.svo:
            break
    if clause.opener == "comp" and not found:
        for k in range(clause.first - 1, max(scene.sentence.first, clause.first - 4) - 1, -1):
            hit = words[k].hit("modal", "controlnoun")
            if hit:
                found.append(hit)
            control = scene.predicate_at(k)
            if control is not None:
                carrier = control.carrier or control.hit
                if carrier.entry.category == "control":
                    found.append(carrier)
                break
    return found


def _finite_at(scene: Scene, k: int) -> bool:
    """True for «بحث» as a verb, which is no noun that makes an act possible."""
    predicate = scene.predicate_at(k)
    return predicate is not None and predicate.verb


def _holder(scene: Scene, k: int, predicate: Predicate) -> bool:
    """«ليس لتركيا أي وجود»: who has something stands between the negation and the noun."""
    mention = scene.within[k]
    return mention.prep in scene.pack.marks("owner") and predicate.first - mention.last <= 1


def _apply(found: Stance, hit: Hit, predicate: Predicate) -> None:
    category, feature = hit.entry.category, hit.entry.features
    if category == "neg":
        if feature == "future":
            found.note("planned negated", hit)
        elif predicate.verb or feature == "noun" or hit.last >= predicate.first - 2:
            found.note("negated", hit)
    elif category == "aux":
        marks = predicate.features.split()
        if hit.reading.future:
            found.note("planned", hit)  # سيتم
        if feature == "may" and "imperfect" not in marks and not predicate.verb:
            return
        if feature == "may" and "perfect" in marks and "imperfect" not in marks:
            return  # قد + past is no doubt: "has done"
        if feature in {"may", "could", "might"}:
            found.note("possible", hit)
        elif feature in {"will", "planned"}:
            found.note("planned", hit)
        elif feature == "must":
            found.note("requested", hit)
        elif feature == "would":
            found.note("conditional", hit)
    elif category == "control":
        found.note(_control(hit), hit)
    else:
        found.note(feature, hit)


def _conditions(scene: Scene, predicate: Predicate, clause: Clause, found: Stance) -> None:
    if clause.opener == "if":
        found.modality = "conditional"
        return
    if found.modality in {"planned", "possible"}:
        nearby = [c for c in scene.clauses if c.opener == "if" and abs(c.number - clause.number) == 1]
        found.modality = "conditional" if nearby else found.modality
    if found.modality == "possible" or (predicate.verb and not scene.svo):
        return
    if any(abs(k - predicate.first) <= 12 and scene.clause_of[k] == clause.number for k in scene.exchanges):
        found.modality = "conditional"


@dataclass(slots=True)
class Speech:
    """Words `[first, last)` that are somebody's, with the speaker's mentions."""

    first: int
    last: int
    speaker: list[Mention]
    cue: Hit


def speaker_of(found: list[Speech], predicate: Predicate) -> Speech | None:
    """The innermost speech that covers the predicate."""
    covering = [s for s in found if s.first <= predicate.first < s.last]
    return max(reversed(covering), key=lambda s: s.first) if covering else None


def own_words(predicate: Predicate, speech: Speech) -> bool:
    """«أعلن استعداده، داعيا …»: a noun or participle beside the verb of saying is done by saying so."""
    said = predicate.governor.hit if predicate.governor is not None else predicate.hit
    return not predicate.verb and (said is speech.cue or "participle" in predicate.features.split())
