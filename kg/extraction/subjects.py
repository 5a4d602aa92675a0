"""Verbs without a subject or object of their own: does the subject of the verb before go on, is the verb passive?"""

from __future__ import annotations

from kg.extraction.clauses import QUOTES, Clause, Predicate, Scene
from kg.extraction.mentions import Mention
from kg.extraction.words import COMMA

PHRASE = 4  # words of the longest phrase of circumstance
BY_MEANS = 14  # words between a killing and the attack in which it happened


def drops_subject(scene: Scene, predicate: Predicate) -> bool:
    """True when no noun beside the verb can be its subject, and gender and number allow the one before."""
    words, clause = scene.words, scene.clauses[predicate.clause]
    before, after = predicate.first - 1, predicate.last
    while before > clause.first and before not in scene.within and words[before].has("time", "neg", "aux"):
        before -= 1
    if before >= clause.first and carries_subject(scene, before):
        return _agrees(scene, predicate)
    if before >= clause.first and not predicate.hit.reading.conj and plain_noun(scene, before):
        return False
    told = predicate.hit.reading.enclitic or predicate.category == "say"  # وقال كافاداركوف: no object follows
    unnamed = after < clause.last and after not in scene.within and words[after].has("head")
    if after < clause.last and (_definite_noun(scene, after) or (told and (unnamed or plain_noun(scene, after)))):
        return False
    noun = scene.predicate_at(after) if after < clause.last else None
    if noun is not None and same_type(noun, predicate):
        return False  # a raid hit
    return _agrees(scene, predicate)


def follows_noun(scene: Scene, predicate: Predicate) -> bool:
    """هجمات تستهدف: a verb just after an indefinite noun says something about that noun."""
    k = predicate.first - 1
    if predicate.hit.reading.conj or k < scene.clauses[predicate.clause].first or carries_subject(scene, k):
        return False
    word = scene.words[k]
    noun = scene.predicate_at(k)
    if noun is not None and noun.hit.reading.enclitic:
        return False  # عقب وصوله اجتمع X
    plain = plain_noun(scene, k) or word.has("current") or (word.has("trigger") and not word.has("prep", "time"))
    return plain and k not in scene.within and not word.readings[0].definite


def same_type(noun: Predicate, predicate: Predicate) -> bool:
    """True when the noun and the verb may state the same type of claim."""
    return not noun.verb and bool(
        {kind for kind, _ in noun.hit.entry.rules} & {kind for kind, _ in predicate.hit.entry.rules}
    )


def speaks_of_himself(predicate: Predicate, slots: list[str]) -> bool:
    """نرفض، نسعى إلى دعم الاتفاق: the verb, or the one that carries the noun, is in the first person."""
    governor = predicate.governor
    carried = (
        governor is not None
        and not {"light", "ctrl", "will"}.isdisjoint(slots)
        and governor.verb
        and first_person(governor)
    )
    return carried or ("subj" in slots and first_person(predicate))


def first_person(predicate: Predicate) -> bool:
    """True for «we»: نتفاوض، تفاوضنا."""
    return predicate.verb and "1" in predicate.features.split()


def resumed(scene: Scene, predicate: Predicate) -> bool:
    """توصلت إليه: a pronoun after the verb points back to what the relative clause is about, so that is no subject."""
    hits = scene.words[predicate.last].hits if predicate.last < scene.sentence.last else []
    return any(h.entry.category == "pronoun" or (h.entry.category == "prep" and h.reading.enclitic) for h in hits)


def unnamed_subject(scene: Scene, predicate: Predicate, mention: Mention) -> bool:
    """انتقدت جماعات … إسرائيل: a noun that is no mention stands between the verb and the mention: it is the subject."""
    k = predicate.last
    word = scene.words[k]
    titled = word.has("title", "honorific") and word.readings[0].definite and mention.cls != "Person"
    known = word.has("head") or titled  # the Kurdish leader; before a person it is the title of that one
    noun = plain_noun(scene, k) or (k not in scene.within and known and not scene.predicate_at(k))
    if mention.first <= k + 1 or not noun or any(r.prep for r in word.readings):
        return False
    return not word.has("time", "det", "transparent", "current")


def carries_subject(scene: Scene, k: int) -> bool:
    """أنه، لكنها: a word that opens a clause and carries its subject as a pronoun."""
    word = scene.words[k]
    return word.has("comp", "open") and word.norm.endswith(tuple(scene.pack.lexicon.agreement))


def in_phrase(scene: Scene, k: int) -> bool:
    """من جانبه، في هذا السياق: word k ends a phrase of several words that says nothing of who acts."""
    first = max(scene.sentence.first, k - PHRASE + 1)
    return any(h.last == k + 1 and h.entry.category == "time" for w in scene.words[first:k] for h in w.hits)


def plain_noun(scene: Scene, k: int) -> bool:
    """A word that neither the lexicon nor the world data knows: in all likelihood a noun."""
    word = scene.words[k]
    sure = {"prep", "comp", "time", "open", "neg"}
    known = any(hit.reading.cost == 0 or hit.entry.category in sure for hit in word.hits) or in_phrase(scene, k)
    return word.kind == "word" and k not in scene.within and not known and bool(word.readings)


def possessed(scene: Scene, k: int) -> bool:
    """رئيسها: a noun with a possessive pronoun that is no mention; beside a verb it is the subject."""
    word = scene.words[k] if k < scene.sentence.last else None
    if word is None or k in scene.within or word.kind != "word" or word.has("prep", "comp", "rel", "time"):
        return False
    return any(r.enclitic and not r.prep and not r.conj for r in word.readings) and (
        word.has("title", "head", "deputy") or (scene.predicate_at(k) is None and not word.hits)
    )


def _definite_noun(scene: Scene, k: int) -> bool:
    """A noun with the article, a title or common head among them, that is no mention: somebody unnamed."""
    word = scene.words[k]
    if k in scene.within or word.kind != "word" or not word.readings[0].definite:
        return False
    return plain_noun(scene, k) or word.has("title", "head", "honorific", "deputy")


def _agrees(scene: Scene, predicate: Predicate) -> bool:
    """False when the main verb before has one subject and another gender than this one, or, of a person, number."""
    earlier = [p for p in scene.predicates if p.first < predicate.first and p.verb and p.subject]
    last = next((p for p in reversed(earlier) if scene.clauses[p.clause].opener != "rel"), None)
    if last is None or len(last.subject) != 1:
        return True
    mine, theirs = predicate.features.split(), last.features.split()
    if last.subject[0].cls != "Person":
        return "p" in mine or "p" in theirs or not {"m", "f"} <= {*mine, *theirs}
    return not {"m", "f"} <= {*mine, *theirs} and ("p" not in mine or "1" in mine)


def written_passive(scene: Scene, predicate: Predicate) -> bool:
    """True for a perfect that is vowelled as a passive: قُتل، استُهدف."""
    vowel = scene.pack.language.passive_vowel
    written = scene.words[predicate.first].text[:5]
    return "perfect" in predicate.features.split() and vowel != "" and vowel in written


def reads_passive(scene: Scene, predicate: Predicate, has_object: bool) -> bool:
    """True when the verb is vowelled as a passive, or is transitive and nothing that could be its object follows."""
    if predicate.passive:
        return True
    if not predicate.subject and not has_object and _some_of(scene, predicate):
        return True
    if has_object or predicate.hit.reading.enclitic or not predicate.subject:
        return False
    k, end = predicate.last, scene.clauses[predicate.clause].last
    right = [m for m in predicate.subject if m.first >= predicate.last]
    if any(m.start >= scene.words[m.first].end for m in predicate.subject):
        return False  # قصفت مقاتلات التحالف بغارتين معسكرا: what somebody acts with
    if not right and not _own_subject(scene, predicate):
        return False
    if right:
        gap = [w for w in scene.words[k : right[0].first] if w.kind != "number" and not _says_how_many(scene, w.i)]
        if any(w.kind != "word" or not w.has("time", "det", "transparent", "honorific") for w in gap):
            return False
        k = max(m.last for m in right)
    while k < end and (
        scene.words[k].has("time") or in_phrase(scene, k) or scene.words[k].text in QUOTES or aside(scene, k, end)
    ):
        k += 1
    if k < end and scene.words[k].kind == "number":
        return False
    return (
        k >= end
        or scene.words[k].kind != "word"
        or scene.words[k].has("prep", "comp", "open", "rel")
        or _attached(scene, k)
    )


def _some_of(scene: Scene, predicate: Predicate) -> bool:
    """قتل ستة من المتمردين: a number of people after a masculine verb that nobody else is the subject of."""
    k, last = predicate.last, scene.sentence.last - 1
    while k < last and (scene.words[k].has("time") or in_phrase(scene, k)):
        k += 1
    counted = k < last and (scene.words[k].kind == "number" or scene.words[k].has("count"))
    masculine = predicate.features.split()[:3] == ["perfect", "m", "s"]
    return counted and masculine and scene.words[k + 1].norm in scene.pack.marks("member")


def _says_how_many(scene: Scene, k: int) -> bool:
    """ستة من عناصر …، على الأقل 20 جنديا: a word between a verb and its subject that belongs to the number."""
    return scene.words[k].norm in scene.pack.marks("member") or in_phrase(scene, k) or scene.in_count(k)


def _own_subject(scene: Scene, predicate: Predicate) -> bool:
    """ستة أشخاص على الأقل قتلوا، الجنود الذين قتلوا: the subject stands before the verb, not in an earlier clause."""
    clause, last = scene.clauses[predicate.clause], max(m.last for m in predicate.subject)
    return clause.first < last <= predicate.first or (clause.opener == "rel" and clause.first - last <= 1)


def aside(scene: Scene, k: int, end: int) -> bool:
    """اعتقلت القوات، اليوم، ستة: a comma before or after a word of time."""
    beside = [j for j in (k - 1, k + 1) if 0 <= j < end]
    return scene.words[k].text in COMMA and any(scene.words[j].has("time") for j in beside)


def _attached(scene: Scene, k: int) -> bool:
    """A word with a preposition written together with it: برصاص; not بلدات, which only looks like one."""
    return not scene.words[k].has("placehead") and any(r.prep and not r.enclitic for r in scene.words[k].readings)


def shared_clause(scene: Scene, predicate: Predicate) -> Clause | None:
    """قتل اثنان وأصيب ستة في هجوم، وقع هجوم وأسفر عن قتلى: the clause joined by «and» that tells of the same deed."""
    if scene.svo:
        return None
    key = predicate.first, frozenset(kind for kind, _ in predicate.hit.entry.rules)
    if key not in scene.shared:
        scene.shared[key] = _joined_clause(scene, predicate)
    number = scene.shared[key]
    return scene.clauses[number] if number is not None else None


def _joined_clause(scene: Scene, predicate: Predicate) -> int | None:
    here, clauses = predicate.clause, scene.clauses
    if predicate.verb and here + 1 < len(clauses) and _same_deed(scene, predicate, here + 1):
        return here + 1
    earlier = [p for p in scene.predicates if p.clause == here - 1]
    goes_on = any(_same_deed(scene, other, here) for other in earlier)
    verb = next((p for p in scene.predicates if p.clause == here), None)
    own = verb is None or any(m.first >= clauses[here].first for m in verb.subject)
    return here - 1 if goes_on and not own else None


def _same_deed(scene: Scene, predicate: Predicate, number: int) -> bool:
    """True where the clause of that number begins with «and» and a verb of the predicate's claim types."""
    clause, kinds = scene.clauses[number], {kind for kind, _ in predicate.hit.entry.rules}
    verb = next((p for p in scene.predicates if p.clause == number), None)
    if verb is None or clause.opener != "conj" or not verb.verb or verb.first != clause.first:
        return False
    return bool(verb.hit.reading.conj and kinds & {kind for kind, _ in verb.hit.entry.rules})


def means(scene: Scene, predicate: Predicate) -> list[Predicate]:
    """The nouns of the same claim type by which the act may have been done: killed in a raid."""
    kinds = {kind for kind, _ in predicate.hit.entry.rules}
    shared = shared_clause(scene, predicate)
    clauses = {predicate.clause} | ({shared.number} if shared is not None else set())
    return [
        p
        for p in scene.predicates
        if predicate.last <= p.first <= predicate.last + BY_MEANS
        and p.clause in clauses
        and not p.verb
        and kinds & {kind for kind, _ in p.hit.entry.rules}
    ]
