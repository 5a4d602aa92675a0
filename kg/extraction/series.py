"""Lists of like deeds: «Coalition forces conducted six strikes. Near Hit, one strike destroyed …», all by one actor."""

from __future__ import annotations

from kg.extraction.clauses import Scene
from kg.extraction.content import SYMMETRIC
from kg.extraction.events import Draft
from kg.extraction.verb_groups import Group, GroupedScene

Series = dict[tuple[str, str], list[int]]  # type of claim and noun of the deed -> its actor


def carry_on(scene: Scene, drafts: list[Draft], before: Series) -> Series:
    """Give deeds of a list their actor; what the next sentence goes on with. Headings do not end a list."""
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
