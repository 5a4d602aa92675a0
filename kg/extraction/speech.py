"""Whose words a stretch is where the verb comes first: after a verb of saying, in quotation marks, "according to"."""

from __future__ import annotations

from kg.extraction.clauses import COMMAS, QUOTES, Predicate, Scene
from kg.extraction.mentions import Mention
from kg.extraction.slot_base import Thread
from kg.extraction.stance import Speech, adjunct
from kg.extraction.words import Hit, Reading
from kg.language import Entry

SPEAKERS = frozenset({"Person", "Organization", "State"})
SAYING = ("say", "relay", "verb", "trigger", "light")
OPEN, CLOSE = frozenset("«“"), frozenset("»”")
STRAIGHT = '"'
SOURCE = 7  # words between "according to" and the source
QUOTATION = 200  # words that a quotation may go on for
BEFORE_COLON = 6  # words between a speaker in a headline and the colon


def speeches(scene: Scene, speaking: list[Mention]) -> list[Speech]:
    """Stretches of the sentence that report speech, outer before inner. `speaking`: who began an open quotation."""
    found: list[Speech] = []
    first, end = scene.sentence.first, scene.sentence.last
    if speaking:
        hit = Hit(Entry("say", ""), Reading(), first, first + 1)
        found.append(Speech(first, _closing(scene), speaking, hit))
    found += _headline(scene)
    for predicate in scene.predicates:
        kind = _saying(scene, predicate)
        speaker = (_source(scene, predicate) if kind == "relay" else []) or predicate.subject
        if not kind or not speaker:
            continue
        start = _content_start(scene, predicate)
        ends = {m.last for m in speaker}  # القوات الموالية: what stands there describes the speaker
        said = (p for p in scene.predicates if p.governor is predicate and not p.verb and not adjunct(scene, p))
        noun = next((p for p in said if p.first not in ends or "participle" not in p.features.split()), None)
        quoted = _quoted_before(scene, predicate) if start is None else None
        if (
            (predicate.says or predicate.category != "trigger")
            and kind == "say"
            and noun is not None
            and not _aside(scene, predicate, noun)
            and (start is None or noun.first < start)
        ):
            until = scene.clauses[predicate.clause].last
            found.append(Speech(noun.first, min(until, start or until), speaker, predicate.hit))
        if start is not None:
            found.append(Speech(start, _content_end(scene, predicate, end), speaker, predicate.hit))
        elif quoted is not None:
            found.append(Speech(*quoted, speaker, predicate.hit))
    found += _according(scene)
    return found


def _aside(scene: Scene, predicate: Predicate, noun: Predicate) -> bool:
    """«وشدد بحاح، خلال ترؤسه اجتماعا، على أن»: a noun in a phrase of time is nothing that is said."""
    adjuncts = {scene.pack.fold(p) for p in scene.pack.lexicon.adjuncts}
    prepositions = (scene.words[k].hit("prep") for k in range(predicate.last, noun.first) if k not in scene.within)
    return any(hit is not None and hit.entry.lemma in adjuncts for hit in prepositions)


def _saying(scene: Scene, predicate: Predicate) -> str:
    """`say` or `relay` for a predicate that reports, also one whose verb asks, denies or warns; else nothing."""
    if predicate.category in {"say", "relay"}:
        return predicate.category
    if predicate.category == "saypart" or predicate.says:
        return "say"
    if predicate.category != "trigger" or not (predicate.verb or "participle" in predicate.features.split()):
        return ""
    relay = scene.words[predicate.first].hit("relay")
    if relay is not None and predicate.verb and _source(scene, predicate):
        return "relay"
    rules = [scene.pack.frames[kind].rules[number] for kind, number in predicate.hit.entry.rules]
    return "say" if any(rule.content is not None and "comp" in rule.content.via for rule in rules) else ""


def go_on(scene: Scene, found: list[Speech], thread: Thread) -> None:
    """Note what the next sentence has to know: the last subject, who spoke last, who speaks on."""
    quoted = _closing(scene) if thread.voice else scene.sentence.first
    main = [
        p
        for p in scene.predicates
        if p.verb and p.subject and p.first >= quoted and scene.clauses[p.clause].opener in {"start", "conj"}
    ]
    if main:
        thread.topic = main[0].subject
    said = [p for p in main if p.category == "say" or p.says]
    if said:
        thread.speaker = said[-1].subject
        thread.gender = next((g for g in ("m", "f") if g in said[-1].features.split()), "")
    thread.voice = _carried(scene, found, thread.voice)


def _carried(scene: Scene, found: list[Speech], speaking: list[Mention]) -> list[Mention]:
    """Who still speaks in the next sentence: whoever began the quotation that this one leaves open."""
    opened: int | None = scene.sentence.first if speaking else None
    for word in scene.words[scene.sentence.first : scene.sentence.last]:
        if word.text in OPEN or (word.text == STRAIGHT and opened is None):
            opened = word.i
        elif word.text in CLOSE or word.text == STRAIGHT:
            opened = None
    if opened is None:
        return []
    if scene.words[opened].text in OPEN and not _closes_later(scene):
        return []
    covering = [s for s in found if s.first <= opened < s.last]
    return max(covering, key=lambda s: s.first).speaker if covering else []


def _closes_later(scene: Scene) -> bool:
    """False for a quotation mark that was never closed: the next one opens again, or there is none."""
    after = scene.words[scene.sentence.last : scene.sentence.last + QUOTATION]
    return next((w.text in CLOSE for w in after if w.text in OPEN | CLOSE), False)


def _closing(scene: Scene) -> int:
    """Where the quotation that was open at the head of the sentence ends."""
    for word in scene.words[scene.sentence.first : scene.sentence.last]:
        if word.text in CLOSE or word.text == STRAIGHT:
            return word.i
        if word.text in OPEN:
            break
    return scene.sentence.last


def _headline(scene: Scene) -> list[Speech]:
    """«لافروف: …»: who stands before the first colon of the sentence speaks after it."""
    first, words = scene.sentence.first, scene.words
    mention = scene.within.get(first)
    if mention is None or mention.cls not in SPEAKERS or mention.adjective:
        return []
    k = mention.last
    while k < scene.sentence.last and words[k].text != ":":
        if k - mention.last >= BEFORE_COLON * scene.sentence.headline or scene._finite(k):
            return []
        k += 1
    quote = k + 1 < scene.sentence.last and words[k + 1].text in QUOTES
    if k >= scene.sentence.last - 1 or (mention.cls == "State" and not (scene.sentence.headline or quote)):
        return []
    hit = Hit(Entry("say", words[k].norm), Reading(), k, k + 1)
    return [Speech(k, scene.sentence.last, scene.group(mention), hit)]


def _quoted_before(scene: Scene, predicate: Predicate) -> tuple[int, int] | None:
    """«…»، قال فلان: the quotation that ends just before the verb of saying."""
    k = predicate.first - 1
    while k > scene.sentence.first and scene.words[k].text in COMMAS:
        k -= 1
    closing = scene.words[k].text
    if closing not in CLOSE and closing != STRAIGHT:
        return None
    opening = OPEN if closing in CLOSE else {STRAIGHT}
    for j in range(k - 1, scene.sentence.first - 1, -1):
        if scene.words[j].text in opening:
            return j, k
    return scene.sentence.first, k


def _content_start(scene: Scene, predicate: Predicate) -> int | None:
    """Where what is said begins: at the complementizer, colon or quotation mark after the verb of saying."""
    for k in range(predicate.last, scene.sentence.last):
        word, opener = scene.words[k], scene.words[k - 1].hit("open")
        if word.hit("comp") and k not in scene.within and (opener is None or opener.last <= k):
            return k
        if word.text in {":", "«", "“", '"'}:
            return k
        other = scene.predicate_at(k)
        if other is not None and other.verb and k > predicate.last and not other.hit.reading.enclitic:
            return None  # «في مقابلة نشرتها الصحيفة» may stand between
    return None


def _content_end(scene: Scene, predicate: Predicate, end: int) -> int:
    """Speech lasts to the end of the sentence or to the next main verb of saying by somebody else."""
    for other in scene.predicates:
        if (
            other.first > predicate.last
            and other.verb
            and (other.says or other.category in {"say", "relay"})
            and other.hit.reading.conj
        ):
            return other.first
    return end


def _source(scene: Scene, predicate: Predicate) -> list[Mention]:
    """نقلت رويترز عن مصدر: the innermost speaker."""
    for mention in scene.after(predicate):
        if mention.prep in scene.pack.marks("source") and not mention.adjective:
            return scene.group(mention)
    return []


def _according(scene: Scene) -> list[Speech]:
    """بحسب رويترز، وفقا لما ذكره البيت الأبيض، كما قال فلان: the whole sentence is theirs."""
    found = []
    first = scene.sentence.first
    for k in range(first, scene.sentence.last):
        hit = scene.words[k].hit("according")
        if hit is None or k in scene.within:
            continue
        if scene.words[hit.last - 1].has(*SAYING) and k == first:
            continue  # «كما قال» at the head of a sentence: also said
        mention = _named_source(scene, hit.last)
        if mention is not None:
            found.append(Speech(first, scene.sentence.last, scene.group(mention), hit))
    return found


def _named_source(scene: Scene, k: int) -> Mention | None:
    """The speaker that follows word k, over «what was said by», «a statement of»; None when something else follows."""
    for j in range(k, min(k + SOURCE, scene.sentence.last)):
        mention, word = scene.within.get(j), scene.words[j]
        if mention is not None:
            return mention if mention.cls in SPEAKERS and not mention.adjective else None
        if word.kind != "word" and word.text not in QUOTES:
            return None
        if not word.has("saynoun", "relative", "det", "transparent", "honorific", "prep", "current", *SAYING):
            return None
    return None
