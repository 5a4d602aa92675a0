"""Which language a text is written in: by script, then by function words.

Refuses to guess finely: it tells a supported language from others, with no model and no dependency.
The words are data (`kg/lang/identify.yml`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from kg.resources import PACKAGE, read_yaml

SAMPLE = 5000  # code points looked at: about 800 words, in which function words stand by the hundred
_LETTERS = re.compile(r"[^\W\d_]+")

Scripts = Mapping[str, Mapping[str, frozenset[str]]]  # script -> language -> its function words


@lru_cache(maxsize=1)
def scripts() -> Scripts:
    """What `identify.yml` says, read once."""
    table = read_yaml(PACKAGE / "lang" / "identify.yml")
    return {
        script: {lang: frozenset(words) for lang, words in languages.items()} for script, languages in table.items()
    }


def identify(text: str) -> str:
    """The ISO 639-1 code of the text's language; empty when it has no script of `identify.yml`."""
    sample = _without_marks(text[:SAMPLE])
    known = scripts()
    script = _script(sample, known)
    if script is None:
        return ""
    words = Counter(_LETTERS.findall(sample.casefold()))
    languages = known[script]
    return max(languages, key=lambda lang: sum(words[word] for word in languages[lang]))


def _without_marks(text: str) -> str:
    return "".join(char for char in text if not unicodedata.combining(char))


def _script(text: str, known: Scripts) -> str | None:
    """The script of most letters."""
    letters = Counter(char for char in text if char.isalpha())
    weights: Counter[str] = Counter()
    for char, count in letters.items():
        weights[unicodedata.name(char, "").partition(" ")[0]] += count
    return max(known, key=lambda script: weights[script]) if any(weights[s] for s in known) else None
