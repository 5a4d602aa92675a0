"""Head words carried over a conjunction: two ministers under one title, two bases under one «bases»."""

from __future__ import annotations

from kg.extraction.gazetteer import Match, Sense
from kg.extraction.mentions import Mention, Office, from_match, span
from kg.extraction.phrases import Phrases
from kg.extraction.title_phrase import TitlePhrase
from kg.extraction.words import COMMA
from kg.language import Title


def more_holders(np: Phrases, first: Mention, found: list[Mention]) -> int:
    """وزيرا الدفاع التركي يشار غولر والسوري مرهف أبو قصرة: the title is carried over to the second name."""
    i = first.last
    match = np.match(i)
    office = first.office
    if match is None or office is None or not match.reading.conj or match.senses[0].kind != "demonym":
        return i
    phrase = TitlePhrase(np, i, i, match.reading, Title(words=[], office=office.kind, bare=True), False)
    phrase.of = from_match(np.words, match, ("State",))
    phrase.inner, phrase.j = [phrase.of], match.last
    second = phrase.parse()
    if second is None or second.name is None or second.name[1] - second.name[0] < 2:
        return i
    second.office = Office(office.kind, office.former, office.first, office.last)
    found.append(second)
    return second.last


def more_bases(np: Phrases, base: Mention, found: list[Mention]) -> int:
    """قاعدتي حميميم الجوية وطرطوس البحرية: every name that the head word is carried over to is a base of its own."""
    i = base.last
    while base.kind == "head" and base.plural and i < len(np.words):
        j = i + (np.words[i].text in COMMA)
        match = np.match(j)
        if (
            match is None
            or not match.reading.conj
            or match.reading.prep
            or match.senses[0].cls not in {"Place", "MilitaryBase"}
        ):
            break
        last, branch = match.last, None
        if last < len(np.words) and (hit := np.words[last].hit("branch")) and not hit.reading.conj:
            branch, last = hit.entry.lemma, hit.last
        start, end = span(np.words, j, last, match.reading)
        more = Mention(
            j, last, start, end, "MilitaryBase", "head", match.reading, group=base.group, plural=True, branch=branch
        )
        more.core, more.name = np.words[j].norm, (match.first, match.last)
        more.senses = base_senses(np, base.group, match)
        more.start = more.start if more.senses else start
        found.append(more)
        i = last
    owner = np.match(i) if i > base.last else None
    if owner and owner.senses[0].kind == "demonym" and not owner.reading.conj:
        mention = from_match(np.words, owner)
        for other in found:
            if other.cls == "MilitaryBase" and other.first >= base.first:
                other.inner.append(mention)
        i = owner.last
    return i


def base_senses(np: Phrases, head: str, match: Match) -> tuple[Sense, ...]:
    """Records of bases called «head word + this name», or by this name alone."""
    own = tuple(sense for sense in match.senses if sense.cls == "MilitaryBase")
    words = [np.names.pack.fold(w) for h in np.nouns.heads if h.cls == "MilitaryBase" for w in h.words[:1]]
    keys = [w.norm for w in np.words[match.first : match.last]]
    keys[0] = match.reading.stem
    found = [s for word in dict.fromkeys([head, *words]) for s in np.names.lookup([word, *keys])]
    return own or tuple(s for s in found if s.cls == "MilitaryBase")


def base_site(np: Phrases, j: int) -> Match | None:
    """قاعدة جوية أمريكية في إنجرليك: the base is the one of that name."""
    prep = np.words[j].hit("prep") if j + 1 < len(np.words) else None
    match = np.match(j + 1) if prep is not None and prep.last == j + 1 else None
    return match if match is not None and match.senses[0].cls == "MilitaryBase" else None
