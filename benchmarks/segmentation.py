"""How well Arabic clitics are split off, against words that were split by hand.

    python benchmarks/segmentation.py FILE

FILE has one word a line, its pieces joined by `+`, a tab, and the tags of the pieces, as Farasa's WikiNews reference
does. Only clitics count: conjunctions, prepositions, the future particle, the article, and pronouns other than the
subject of a verb; endings of nouns and verbs stay with the word. A word is right when all its pieces are. Rules were
written with the first half in view; the second half says what to expect. The whole-word row splits nothing at all.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.tables import heads, path_argument, row
from kg.extraction.segments import segmenter

BEFORE = {"CONJ", "PREP", "FUT_PART", "DET"}
JOINED = {"NSUFF", "CASE"}
SUBJECTS = {"ت", "تا", "ا", "و", "وا", "ون", "ين", "ان", "ن", "نا"}  # pronouns that end a verb
FUSED = {"من+ما": "مما", "عن+ما": "عما", "أن+لا": "ألا"}  # what is written shows no seam
ARTICLE = "ال"
TEXT = 250  # words that are read as one article

Pieces = tuple[str, ...]


def main() -> None:
    """Print the table."""
    words = list(gold(path_argument(__doc__)))
    half = len(words) // 2
    print(heads("words", "number", "right", "accuracy", "with clitics", "of them right", "accuracy of these"))
    for name, part in (("first half", words[:half]), ("second half", words[half:]), ("all", words)):
        said = list(read(part))
        counts: Counter[str] = Counter()
        for one, other in zip(part, said, strict=True):
            counts["number"] += 1
            counts["right"] += one == other
            counts["split"] += len(one) > 1
            counts["split right"] += len(one) > 1 and one == other
        n, m = counts["number"], counts["split"]
        print(row(name, n, counts["right"], counts["right"] / n, m, counts["split right"], counts["split right"] / m))
    print(row("all, none split", n, n - m, (n - m) / n, m, 0, 0.0))


def gold(path: Path) -> Iterator[Pieces]:
    """The words that have a letter, as the pieces that stand in a text."""
    with path.open(encoding="utf-8") as lines:
        for line in islice(lines, 1, None):
            pieces, _, tags = line.strip().partition("\t")
            if any(char.isalpha() for char in pieces) and pieces.count("+") == tags.count("+"):
                yield clitics(pieces.split("+"), tags.split("+"))


def clitics(pieces: list[str], tags: list[str]) -> Pieces:
    """The pieces with endings joined to their word, spelt as in a text."""
    found = [pieces[0]]
    for number in range(1, len(pieces)):
        piece, tag, before = pieces[number], tags[number], tags[number - 1]
        subject = tag == "PRON" and before == "V" and piece in SUBJECTS
        if tag in JOINED or subject or (tag == before == "PART"):
            found[-1] += piece
        elif piece == ARTICLE and found[-1].endswith("ل"):
            found.append(ARTICLE[1:])  # لل
        else:
            found.append(piece)
    if len(found) > 2 and found[-2] == "ل" == found[-3] and found[-1].startswith("ل"):
        found[-3:] = [found[-3], found[-1]]  # للجنة
    fused = FUSED.get("+".join(found))
    return (fused,) if fused else tuple(found)


def read(words: list[Pieces]) -> Iterator[Pieces]:
    """The same words as we split them."""
    ours = segmenter("ar")
    assert ours is not None
    for start in range(0, len(words), TEXT):
        part = ["".join(pieces) for pieces in words[start : start + TEXT]]
        seen = frozenset(part)
        for word in part:
            yield tuple(piece for piece, _ in ours.split(word, seen))


if __name__ == "__main__":
    main()
