"""Attacks and protests in Arabic newswire: which sentences tell of one, and who does it to whom.

    python benchmarks/gsr.py FOLDER

FOLDER holds `assault_sentences.jsonl` and `protest_sentences.jsonl` (`text`, `label`) and the `_spans.jsonl` of both
(`text`, `spans` with the words of `source_actor` and `target_actor`), as openeventdata/arabic_event_gsr has them.

Sentences: «yes» against «difficult no», whose words look alike; a sentence is taken for one where a claim of that root
was read that is neither planned nor denied, and in the rows *tried* also where a rule was that lacked only a party. The
set counts abductions as attacks, our ontology as coercion: here they are attacks. The labels draw another line than
the annotation of articles: of 25 «difficult no» sentences that we take for attacks, read one by one, 22 tell of one.

Spans: who does it and to whom, of the sentences whose parties were marked; not whether it is a protest, an attack or
coercion, which our ontology divides otherwise (protesters who throw stones or block a road attack and coerce). Two or
three people marked each sentence, not always the same event of it: a party is expected where at least half of them
marked it, and is neither missed nor extra where fewer did. A place may be a target there; with us it has a role of its
own and is extra nowhere. *head*: a party that we name is right when its words hold the first word of a span that was
annotated, or the other way round. *words*: the words of all parties that we name against those of all spans.

Nothing of the annotation is given to the reader. Sentences at even positions of their file were read by those who
wrote frames, those at odd positions were not; the rows *even* and *odd* tell them apart.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.tables import SCORED, path_argument, records, scored
from kg.extraction.engine import reader
from kg.model import Claim, Document, Extraction
from kg.ontology import ontology

KINDS = ("assault", "protest")
FORCE = frozenset({"ASSAULT", "PROTEST", "COERCE"})
ABDUCTION = "abduct"  # in the names of the rules of coercion that are attacks in this set
ROLES = {"source": ("actor",), "target": ("recipient", "object", "place")}
ATTACHED = 3  # letters by which a word with its proclitics may be longer than without
HALVES = ("even", "odd")

Words = tuple[str, ...]


def main() -> None:
    """Print the table."""
    folder = path_argument(__doc__)
    print(SCORED)
    sums: dict[str, Counter[str]] = {}

    def add(kind: str, half: str, name: str, counts: Counter[str]) -> None:
        for row in (f"{kind}: {name}", f"both: {name}", f"both, {half}: {name}"):
            sums.setdefault(row, Counter()).update(counts)

    for kind in KINDS:
        sentences = list(records(folder / f"{kind}_sentences.jsonl"))
        half = {record["text"]: HALVES[number % 2] for number, record in reversed([*enumerate(sentences)])}
        for record in sentences:
            if record["label"] in {"yes", "difficult no"}:
                for name, counts in told(record, kind.upper()).items():
                    add(kind, half[record["text"]], name, counts)
        for number, record in enumerate(records(folder / f"{kind}_spans.jsonl")):
            for (role, way), counts in parties(record).items():
                add(kind, half.get(record["text"], HALVES[number % 2]), f"{role}, {way}", counts)
                add(kind, half.get(record["text"], HALVES[number % 2]), f"source and target, {way}", counts)
    for row in sorted(sums):
        print(scored(row, sums[row]))


def told(record: dict[str, Any], root: str) -> dict[str, Counter[str]]:
    """Whether the sentence is one with such an event, and whether we take it for one (`tp`, `fp`, `fn`, `tn`)."""
    found = read(record["text"])
    gold, plainly = record["label"] == "yes", any(attack(claim, root) for claim in found.claims)
    said = {"sentences": plainly, "sentences, tried": plainly or any(lacking(found, root))}
    return {name: Counter([("t" if one == gold else "f") + ("p" if one else "n")]) for name, one in said.items()}


def read(text: str) -> Extraction:
    """The claims of one sentence, by rules alone."""
    return reader("ar", model=False).read(Document("sentence", text, "ar"))


def attack(claim: Claim, root: str) -> bool:
    """True for a claim of that root, an abduction being an attack, that something has happened."""
    if claim.modality != "asserted" or claim.negated:
        return False
    return root_of(claim) == root or (root == "ASSAULT" and root_of(claim) == "COERCE" and ABDUCTION in claim.rule)


def root_of(claim: Claim) -> str:
    """The PLOVER root of a claim, empty for a relation."""
    types = ontology().event_types
    return types[claim.type].root if claim.type in types else ""


def lacking(found: Extraction, root: str) -> Iterator[bool]:
    """For every rule that was tried in vain, whether it is of that root and lacked only a party."""
    types = ontology().event_types
    for one in found.discarded:
        kind = one.rule.partition(":")[0]
        yield kind in types and types[kind].root == root and one.reason.startswith("no ")


def parties(record: dict[str, Any]) -> dict[tuple[str, str], Counter[str]]:
    """Counts of the parties of one sentence by role and by the way of comparing them."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    anchors = [a for claim in read(record["text"]).claims if root_of(claim) in FORCE for a in claim.anchors]
    for role, ours in ROLES.items():
        marked = [folded(" ".join(span[f"{role}_actor"])) for span in record["spans"]]
        said = {folded(a.span.of(record["text"])): a.role == "place" for a in anchors if a.role in ours}
        counts[role, "head"] = compared([{phrase} - {()} for phrase in marked], said)
        flat = {(word,): at_place for phrase, at_place in said.items() for word in phrase}
        counts[role, "words"] = compared([{(word,) for word in phrase} for phrase in marked], flat)
    return counts


def folded(text: str) -> Words:
    """Words without differences of spelling."""
    return tuple(reader("ar").pack.fold(word) for word in re.findall(r"\w+", text))


def compared(marked: list[set[Words]], said: dict[Words, bool]) -> Counter[str]:
    """`marked`: what each annotator marked; `said`: what we say, and whether as a place."""
    gold: list[Words] = []
    for one in sorted({phrase for each in marked for phrase in each}, key=lambda phrase: (len(phrase), phrase)):
        votes = sum(any(headed(one, other) for other in each) for each in marked)
        if 2 * votes >= len(marked) and not any(headed(one, other) for other in gold):
            gold.append(one)
    met = sum(any(headed(one, other) for other in said) for one in gold)
    free = [phrase for each in marked for phrase in each]
    extra = sum(not any(headed(one, other) for one in free) for other, at_place in said.items() if not at_place)
    return Counter(tp=met, fn=len(gold) - met, fp=extra)


def headed(one: Words, other: Words) -> bool:
    """True when either holds the first word of the other."""
    return any(_same(one[0], word) for word in other) or any(_same(other[0], word) for word in one)


def _same(one: str, other: str) -> bool:
    """True for one word with and without what is attached before it."""
    short, long = sorted((one, other), key=len)
    return long.endswith(short) and len(long) - len(short) <= (ATTACHED if len(short) > 2 else 0)


if __name__ == "__main__":
    main()
