"""Whose words a stretch is where the subject precedes the verb: before, after and without quotation marks."""

from __future__ import annotations

from kg.extraction.mentions import Mention
from kg.extraction.stance import Speech
from kg.extraction.subject_first import SvoScene
from kg.extraction.subject_first_slots import SvoSlots
from kg.extraction.verb_groups import Group

STRAIGHT = '"'


def svo_speeches(slots: SvoSlots) -> list[Speech]:
    """Stretches of the sentence that report speech, outer before inner."""
    found: list[Speech] = []
    scene = slots.scene
    first, end = scene.sentence.first, scene.sentence.last
    if slots.speaker:
        hit = next((h for w in scene.words[first:end] for h in w.hits), None)
        if hit is not None:
            found.append(Speech(first, end, slots.speaker, hit))
    for group in scene.groups_of:
        if not group.says or not group.subject or group.passive:
            continue
        unsaid = (
            group.form == "infinitive" and group.above is not None and group.above.category in {"trigger", "control"}
        )
        if unsaid or any(hit.entry.category == "neg" for hit in scene.cues(group)):
            continue
        speaker = _cited(slots, group) or group.subject
        if _follows(scene, group):
            found.append(Speech(group.last, _until(scene, group, end), speaker, group.hit))
        elif group.form == "finite":
            begins = min(m.first for m in group.subject) if group.how == "mention" else group.begins
            if group.subject[0].first >= group.last:
                begins = group.start
            start = _back(scene, begins)
            if start < begins and _whole(scene, group, start, begins):
                found.append(Speech(start, begins, speaker, group.hit))
    for k in range(first, end):
        hit = scene.words[k].hit("according")
        if hit is None or k in scene.within:
            continue
        mention = slots._head_at(hit.last)
        if mention is not None:
            found.append(Speech(first, end, scene.group(mention), hit))
    slots.spoken = found
    return found


def _cited(slots: SvoSlots, group: Group) -> list[Mention]:
    """«Reuters, citing a security source, said …»: whom the speaker relays."""
    if group.form != "finite" or any(m.cls != "Organization" for m in group.subject):
        return []
    gerunds = (g for g in slots.scene.groups_of if g.form == "gerund" and slots.scene.words[g.first].hit("relay"))
    return next((told for g in gerunds if (told := slots.object(g)) and told[0] not in group.subject), [])


def _follows(scene: SvoScene, group: Group) -> bool:
    """True when what is said stands after the verb."""
    k = group.last
    while scene.tag(k) in {"R", "X", "Q"} and k < scene.sentence.last:
        if scene.words[k].text == ":" or (scene.tag(k) == "Q" and k > group.last):
            return True
        k += 1
    if group.subject and group.subject[0].first >= group.last:
        return False
    if group.category == "trigger":
        return any(g.above is group and g.link == "comp" for g in scene.groups_of)  # «warned that …», not «warned Iran»
    if scene.tag(k) == "THAT" or group.form != "finite":
        return True
    later = [g for g in scene.groups_of if g.verb and g.first >= group.last and g.form == "finite"]
    nouns = [g for g in scene.groups_of if g.first >= group.last]
    earlier = [g for g in scene.groups_of if g.form == "finite" and g.last <= group.start]
    own = bool(nouns) and any(scene.tag(j) == "O" for j in range(scene.np_start(nouns[0].first), nouns[0].first))
    return bool(later) or (bool(nouns) and not earlier and not own)


def _whole(scene: SvoScene, group: Group, first: int, begins: int) -> bool:
    """True when what stands before the speaker says something by itself: no phrase of circumstance."""
    while scene.tag(first) in {"C", "R"}:
        first += 1
    opens = next((g for g in scene.groups_of if g.start == first and g.form in {"participle", "gerund"}), None)
    if opens is not None or scene.tag(first) == "SUB":
        return False
    if any(g.form == "finite" and first <= g.first < begins for g in scene.groups_of):
        return group.category != "trigger" or scene.tag(scene.np_start(begins) - 1) in {"X", "Q"}
    return group.category != "trigger" and scene.tag(first) != "P"


def _until(scene: SvoScene, group: Group, end: int) -> int:
    """Speech lasts until somebody else speaks after a comma or conjunction, else to the end of the sentence."""
    for other in scene.groups_of:
        if (
            other.first >= group.last
            and other.says
            and other.form == "finite"
            and other.how == "mention"
            and scene.tag(other.begins - 1) == "C"
        ):
            return other.begins
    return end


def _back(scene: SvoScene, begins: int) -> int:
    """Where words that are spoken before the verb of saying begin."""
    for group in reversed(scene.groups_of):
        if group.says and group.form == "finite" and group.last <= begins and group.subject and group.last + 2 < begins:
            return group.last
    return scene.sentence.first


def carried(slots: SvoSlots) -> list[Mention]:
    """Who still speaks in the next sentence: a quotation left open, or a statement that a colon announced."""
    scene = slots.scene
    words, last = scene.words, scene.sentence.last
    text = [w.text for w in words[scene.sentence.first : last]]
    opened = max((k for k, t in enumerate(text) if t in {"“", "«"}), default=-1)
    closed = max((k for k, t in enumerate(text) if t in {"”", "»"}), default=-1)
    said = [g for g in scene.groups_of if g.says and g.subject and g.form == "finite"]
    if said and (
        text[-1:] == [":"] or any(words[k].text == ":" for k in range(said[-1].last, min(said[-1].last + 4, last)))
    ):
        return said[-1].subject if closed <= opened or text[-1:] == [":"] else []
    after = words[last].text if last < len(words) else ""
    straight = text.count(STRAIGHT)
    if after == "”" or (after == STRAIGHT and (straight % 2 == 1 if said else bool(slots.speaker))):
        return []  # the quotation ends with this sentence
    if said and after in {STRAIGHT, "“"} and (straight or opened >= 0):
        return said[-1].subject  # «…», said X. «…»
    if opened > closed and said:
        return said[-1].subject
    if closed > opened:
        return []
    return slots.speaker
