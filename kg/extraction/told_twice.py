"""What one telling of an event lends to another: the date that a headline or a second sentence leaves out."""

from __future__ import annotations

from kg.extraction.clusters import Clusters
from kg.extraction.events import Draft
from kg.extraction.verb_groups import Group
from kg.language import Pack

ENCOUNTERS = frozenset({"meeting", "reception"})


def dates_agree(a: Draft, b: Draft) -> bool:
    """Two tellings may differ in how fine their dates are, not in the dates."""
    return not a.date or not b.date or a.date.startswith(b.date) or b.date.startswith(a.date)


def lend_dates(whole: list[Draft], broken: list[Draft], clusters: Clusters) -> None:
    """Give undated claims the date of another telling: one that leaves out who acted, or the same encounter."""
    for draft in whole:
        if draft.date is None:
            found = {d.date for d in broken if _fragment(d, draft)} | {
                d.date for d in whole if d.date and _encounter(d, draft, clusters)
            }
            if len(found) == 1:
                draft.date = found.pop()


def _fragment(part: Draft, draft: Draft) -> bool:
    """«الاتفاق الذي أبرم في 14 يوليو» dates «الاتفاق الذي وقعته إيران»."""
    if part.type != draft.type or not part.date or not part.args.get("object"):
        return False
    standing = (part.stance.modality, part.stance.negated) == (draft.stance.modality, draft.stance.negated)
    return standing and all(set(v) <= set(draft.args.get(role, [])) for role, v in part.args.items() if role != "place")


def _encounter(dated: Draft, draft: Draft, clusters: Clusters) -> bool:
    """Host and visitor who are received and who talk; the visitor who is received is on a visit."""
    if dated.type not in ENCOUNTERS or dated.stance.negated or dated.stance.modality != draft.stance.modality:
        return False
    there = _people(dated)
    if draft.type in ENCOUNTERS:
        return len(_people(draft)) == 2 and _people(draft) <= there
    if draft.type != "visit" or dated.type != "reception":
        return False
    hosts = {clusters.home(n) for n in dated.args.get("actor", [])}
    visitors = set(draft.args.get("actor", [])) & set(dated.args.get("recipient", []))
    return bool(visitors) and bool(hosts & set(draft.args.get("recipient", [])))


def _people(draft: Draft) -> set[int]:
    return {n for role in ("actor", "recipient") for n in draft.args.get(role, [])}


def at_once(whole: list[Draft], pack: Pack) -> list[Draft]:
    """One claim for what a verb and a noun tell: «killed in an attack on Aleppo»; help with arms is no mere support."""
    through = pack.marks("inside", "span", "agent")
    swallowed: dict[int, Draft] = {}
    for noun in whole:
        step = noun.predicate
        if not isinstance(step, Group) or step.verb or step.above is None or step.link not in through:
            continue
        verb = next((d for d in whole if d.predicate is step.above and d.type == noun.type), None)
        if verb is None or noun.rule.content is not None or noun.content is not None:
            continue
        swallowed[id(noun)] = verb
        for role, numbers in noun.args.items():
            if not verb.args.get(role) and not any(n in known for n in numbers for known in verb.args.values()):
                verb.args[role] = numbers
                verb.anchors += [a for a in noun.anchors if a.role == role]
    for draft in whole:
        if draft.content is not None:
            draft.content = swallowed.get(id(draft.content), draft.content)
    helped = {id(d.predicate) for d in whole if d.type == "aid" and d.scene.svo}
    return [d for d in whole if id(d) not in swallowed and not (d.type == "support" and id(d.predicate) in helped)]
