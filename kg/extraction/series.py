"""Deeds told more than once: lists of them, all by one actor, and who is condemned for «the invasion»."""

from __future__ import annotations

from kg.extraction.clauses import Scene
from kg.extraction.content import SYMMETRIC
from kg.extraction.events import Draft
from kg.extraction.verb_groups import Group, GroupedScene

STEM = 4  # letters that a verb shares with the noun of the same deed: invade, invasion
DEEDS = frozenset({"assault", "coerce", "overthrow", "mobilize"})
Series = dict[tuple[str, str], list[int]]  # type of claim and noun of the deed -> its actor


def carry_on(scene: Scene, drafts: list[Draft], before: Series) -> Series:
    """Give deeds of a list their actor: «Troops made six strikes. Near Hit, one strike destroyed …».

    Returns what the next sentence goes on with. Headings do not end a list.
    """
    after: Series = {} if any(p.verb for p in scene.predicates) else dict(before)
    for draft in drafts:
        key = (draft.type, _deed(draft))
        if not key[1]:
            continue
        actor = draft.args.get("actor")
        if actor:
            after[key] = actor
        elif key in before:
            if not any(n in numbers for numbers in draft.args.values() for n in before[key]):
                draft.args["actor"], draft.listed = list(before[key]), True
            after.setdefault(key, before[key])
    return after


def blame(drafts: list[Draft], told: dict[str, list[int]]) -> None:
    """«Condemned the invasion»: whose it is, when the text has said so before. `told`: stem of a deed -> its actor."""
    for draft in drafts:
        if draft.type == "accuse" and not draft.args.get("recipient") and isinstance(draft.scene, GroupedScene):
            for group in draft.scene.groups_of:
                of = told.get(group.hit.entry.lemma[:STEM]) if group.above is draft.predicate else None
                start = draft.scene.np_start(group.first)
                pointed = group.form == "noun" and draft.scene.words[start].has("definite")
                if of and pointed and not any(n in numbers for numbers in draft.args.values() for n in of):
                    draft.args["recipient"] = list(of)
    for draft in drafts:
        if draft.type in DEEDS and draft.args.get("actor") and draft.stance.modality == "asserted":
            told[draft.predicate.hit.entry.lemma[:STEM]] = draft.args["actor"]


def _deed(draft: Draft) -> str:
    """The noun that names the deed: the trigger, or the subject of its verb."""
    predicate, scene = draft.predicate, draft.scene
    if not isinstance(scene, GroupedScene) or draft.stance.modality != "asserted" or draft.rule.content is not None:
        return ""
    if draft.type in SYMMETRIC:
        return ""
    if isinstance(predicate, Group) and predicate.form == "noun":
        return predicate.hit.entry.lemma
    subjects = (g for g in scene.groups_of if g.above is predicate and g.link == "subj" and g.form == "noun")
    return next((g.hit.entry.lemma for g in subjects), "")
