"""Bodies that only their spokesman tells us of: «the spokesman for the Southern Front»."""

from __future__ import annotations

from kg.extraction.phrases import Phrases

LIMIT = 5  # words of such a body


def spoken_body(np: Phrases, j: int) -> int | None:
    """The end of the definite noun phrase at word j, which is no name of a person; None when there is none."""
    k, definite = j, False
    while k < len(np.words) and k - j < LIMIT:
        word = np.words[k]
        plain = [r for r in word.readings if not r.conj and not r.prep and not r.enclitic and r.cost == 0]
        if word.kind != "word" or not plain or word.has("title", "honorific", "prep", "comp", "say", "verb"):
            break
        match = np.match(k)
        if match is not None and any(sense.cls == "Person" for sense in match.senses):
            break
        article = any(r.definite for r in plain)
        noun = word.has("head") or (np.common(word) and not word.has("trigger"))
        if not article and (definite or np.given(word) or not noun):
            break
        definite |= article
        k += 1
    return k if definite else None
