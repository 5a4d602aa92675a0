"""Who stands behind a deed or a thing that is itself subject or object, and what a place lies in."""

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


def directly_in(slots: SvoSlots, predicate: Predicate) -> list[Mention]:
    """«Homs, Syria», «Homs in central Syria»: what the place is said to lie in."""
    k = predicate.last
    if slots.words[k].text == "," if k < slots.scene.sentence.last else False:
        k += 1
        start = k
        while slots.tag(start) == "P":
            start += 1
        if slots.scene.classes.prepositions.get(start - 1) in slots.scene.pack.marks("inside"):
            inside = slots._head_at(start) or slots._head_at(_past_transparent(slots, start))
            return [inside] if inside is not None and slots.tag(inside.last) in {"X", ""} else []
        while slots.tag(k) == "J":
            k += 1
        mention = slots.scene.within.get(k)
        after = slots.tag(mention.last) if mention is not None else ""
        good = mention is not None and mention.first == k and after in {"X", ""} and not mention.adjective
        return [mention] if good and mention is not None else []
    if (
        slots.scene.classes.prepositions.get(k) in slots.scene.pack.marks("inside")
        and slots.self_mention is not None
        and (slots.self_mention.prep != "" or all(s.kind != "capital" for s in slots.self_mention.senses))
    ):
        mention = slots._head_at(k + 1)
        return [mention] if mention is not None else []
    return []


def _past_transparent(slots: SvoSlots, k: int) -> int:
    """Where the noun begins that a transparent one governs: «the countryside of Aleppo»."""
    while slots.tag(k) in {"D", "J"}:
        k += 1
    genitive = slots.scene.classes.prepositions.get(k + 1) in slots.scene.pack.marks("genitive")
    return k + 2 if genitive and k < slots.scene.sentence.last and slots.words[k].has("transparent") else k
