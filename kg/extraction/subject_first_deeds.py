"""Who stands behind a deed that is itself the subject or object: Russian strikes hit, shells fired by Hamas fell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extraction.clauses import Predicate
from kg.extraction.mentions import Mention

if TYPE_CHECKING:
    from kg.extraction.subject_first_slots import SvoSlots

PHRASE = 12  # words of a noun phrase in which its modifiers stand


def maker(slots: SvoSlots, predicate: Predicate) -> list[Mention]:
    """«Air strikes by Turkey killed», «rockets fired by Hamas hit», «Russian shelling destroyed»: whose deed it was."""
    if not predicate.verb or predicate.passive:
        return []
    for group in slots.scene.groups_of:
        if group.above is not predicate or group.link != "subj" or group.verb:
            continue
        found = slots.agent_phrase(group) or slots.possessor(group) or slots.adjective(group)
        found = [m for m in found if m.cls != "Place"]
        if found:
            return found
    return _fired_by(slots, predicate)


def _fired_by(slots: SvoSlots, predicate: Predicate) -> list[Mention]:
    """The agent of a participle between a subject and its verb."""
    for group in slots.scene.groups_of:
        if group.form == "participle" and group.last <= predicate.first and predicate.first - group.last < PHRASE:
            between = [g for g in slots.scene.groups_of if g.verb and group.last <= g.first < predicate.first]
            found = slots.agent_phrase(group)
            if found and not between and found[-1].last <= predicate.first:
                return found
    return []


def object_nation(slots: SvoSlots, predicate: Predicate) -> list[Mention]:
    """«Shot down a Russian jet», «seized a British-flagged tanker»: the state whose thing it is."""
    if not predicate.verb:
        return []
    if predicate.passive:
        last = slots.scene._left(predicate.start) if hasattr(predicate, "start") else predicate.first - 1
        return nations(slots, slots.scene.np_start(last), last + 1) if slots.tag(last) == "N" else []
    last_word = slots._plain_object(predicate)
    return nations(slots, predicate.last, last_word + 1) if last_word is not None else []


def object_holder(slots: SvoSlots, predicate: Predicate) -> list[Mention]:
    """«Bombed positions held by rebels», «a refinery run by Islamic State»: whose the object is."""
    last = slots._plain_object(predicate)
    if last is None:
        return []
    for group in slots.scene.groups_of:
        if group.verb and group.passive and last < group.first <= last + 2 and group.form != "infinitive":
            return slots.agent_phrase(group)
    return []


def nations(slots: SvoSlots, first: int, last: int) -> list[Mention]:
    """The states whose adjectives stand among words `[first, last)`."""
    inside = dict.fromkeys(slots.scene.within[k] for k in range(first, last) if slots.tag(k) == "M")
    found = [m for m in inside if m.adjective and m.cls == "State" and id(m) in slots.scene.modifiers]
    return [m for m in found if slots.tag(m.last) != "X"][:1]  # «Iranian-backed rebels» are not Iran
