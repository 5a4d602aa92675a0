"""Unnamed people told by a plural demonym, in languages that put the head first: الدائنين الأوروبيين، خبراء روس."""

from __future__ import annotations

from functools import lru_cache

from kg.extraction.head_phrases import HeadPhrases
from kg.extraction.mentions import Mention, from_match, span
from kg.extraction.words import Word
from kg.language import Pack

NOT_PEOPLE = ("trigger", "title", "deputy", "prep", "time", "det", "say", "relay", "light", "pair", "own", "neg", "rel")
WITHIN = 1  # adjectives between the noun and the demonym


def described_people(np: HeadPhrases, i: int) -> Mention | None:
    """A noun that no list knows stands for people when the demonym after it is in the plural of people."""
    word = np.words[i]
    if word.kind != "word" or word.has(*NOT_PEOPLE):
        return None
    pack = np.names.pack
    reading = next((r for r in word.readings if not r.enclitic and not r.future), None)
    if reading is None or not (reading.definite or _plural(word, pack)):
        return None  # before an indefinite demonym also a verb may stand
    j = i + 1
    while j < len(np.words) and j - i <= WITHIN and np.words[j].has("current") and np.match(j) is None:
        j += 1
    match = np.match(j)
    if match is None or match.senses[0].kind != "demonym" or match.reading.cost or match.last - match.first > 1:
        return None
    if match.reading.definite != reading.definite or not _plural(np.words[j], pack):
        return None
    start, end = span(np.words, i, match.last, reading)
    whose = from_match(np.words, match)
    core = " ".join([reading.bare, *(np.words[k].norm for k in range(i + 1, match.last))])
    return Mention(
        i, match.last, start, end, "Organization", "head", reading, core=core, group=reading.bare,
        definite=True, collective=True, inner=[whose], of=whose if whose.cls in {"State", "Organization"} else None,
    )  # fmt: skip


@lru_cache(maxsize=8)
def _demonym_ends(pack: Pack) -> dict[str, str]:
    """Endings of demonyms with their features, the longest first."""
    ends = {end: marks for rule in pack.language.demonym_forms for end, marks in rule.add.items() if end}
    return dict(sorted(ends.items(), key=lambda item: -len(item[0])))


def _plural(word: Word, pack: Pack) -> bool:
    """True for the sound plural of people: ون، ين; not for the dual of a feminine, which ends alike."""
    return next((marks == "m p" for end, marks in _demonym_ends(pack).items() if word.norm.endswith(end)), False)
