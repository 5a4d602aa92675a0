"""Verbs without a subject of their own: may they go on with the subject of the verb before?"""

from __future__ import annotations

from kg.extraction.clauses import Predicate, Scene


def drops_subject(scene: Scene, predicate: Predicate) -> bool:
    """True when no noun beside the verb can be its subject, and gender and number allow the one before."""
    words, clause = scene.words, scene.clauses[predicate.clause]
    before, after = predicate.first - 1, predicate.last
    while before > clause.first and before not in scene.within and words[before].has("time", "neg", "aux"):
        before -= 1
    if before >= clause.first and _carries_subject(scene, before):
        return True
    if before >= clause.first and not predicate.hit.reading.conj and plain_noun(scene, before):
        return False
    if after < clause.last and plain_noun(scene, after) and words[after].readings[0].definite:
        return False
    return _agrees(scene, predicate)


def _carries_subject(scene: Scene, k: int) -> bool:
    """أنه، لكنها: a word that opens a clause and carries its subject as a pronoun."""
    word = scene.words[k]
    return word.has("comp", "open") and word.norm.endswith(tuple(scene.pack.lexicon.agreement))


def plain_noun(scene: Scene, k: int) -> bool:
    """A word that neither the lexicon nor the world data knows: in all likelihood a noun."""
    word = scene.words[k]
    known = any(hit.reading.cost == 0 or hit.entry.category in {"prep", "comp"} for hit in word.hits)
    return word.kind == "word" and k not in scene.within and not known and bool(word.readings)


def _agrees(scene: Scene, predicate: Predicate) -> bool:
    """False when the subject of the main verb before is one person and this verb has another gender or the plural."""
    earlier = [p for p in scene.predicates if p.first < predicate.first and p.verb and p.subject]
    last = next((p for p in reversed(earlier) if scene.clauses[p.clause].opener != "rel"), None)
    if last is None or len(last.subject) != 1 or last.subject[0].cls != "Person":
        return True
    mine, theirs = predicate.features.split(), last.features.split()
    return not {"m", "f"} <= {*mine, *theirs} and ("p" not in mine or "1" in mine)
