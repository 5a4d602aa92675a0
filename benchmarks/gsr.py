"""Attacks and protests in Arabic newswire: which sentences tell of one, and who does it to whom.

    python benchmarks/gsr.py FOLDER

FOLDER holds `assault_sentences.jsonl` and `protest_sentences.jsonl` (`text`, `label`) and the `_spans.jsonl` of both
(`text`, `spans` with the words of `source_actor` and `target_actor`), as openeventdata/arabic_event_gsr has them.

Sentences: «yes» against «difficult no», whose words look alike; a sentence is taken for one where a claim of that root
was read, and in the rows *tried* also where a rule was that lacked only a party. Spans: of sentences that tell of such
an event, every source and target once. *head*: a party that we name is right when its words hold the first word of a
span that was annotated, or the other way round. *words*: the words of all parties that we name against those of all
spans. Nothing of the annotation is given to the reader. It is not a figure
for unseen text: frames were written with a list of the verbs and parties in view that these sentences showed to be
missing.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.tables import SCORED, path_argument, records, scored
from kg.extraction.engine import reader
from kg.model import Claim, Document, Extraction
from kg.ontology import ontology

KINDS = ("assault", "protest")
ROLES = {"source": ("actor",), "target": ("recipient", "object", "place")}
ATTACHED = 3  # letters by which a word with its proclitics may be longer than without

Words = tuple[str, ...]


def main() -> None:
    """Print the table."""
    folder = path_argument(__doc__)
    print(SCORED)
    sentences: dict[str, Counter[str]] = {"sentences": Counter(), "sentences, tried": Counter()}
    parties: dict[str, Counter[str]] = {"head": Counter(), "words": Counter()}
    for kind in KINDS:
        for tried, name in ((False, "sentences"), (True, "sentences, tried")):
            counts = told(folder / f"{kind}_sentences.jsonl", kind.upper(), tried=tried)
            sentences[name] += counts
            print(scored(f"{kind}: {name}", counts))
        for (role, way), found in spans(folder / f"{kind}_spans.jsonl", kind.upper()).items():
            parties[way] += found
            print(scored(f"{kind}: {role}, {way}", found))
    for name, counts in sentences.items():
        print(scored(f"both: {name}", counts))
    for way, found in parties.items():
        print(scored(f"both: source and target, {way}", found))


def told(path: Path, root: str, *, tried: bool) -> Counter[str]:
    """Sentences with such an event that we take for one (`tp`), others that we do (`fp`), and missed ones (`fn`)."""
    counts: Counter[str] = Counter()
    for record in records(path):
        if record["label"] in {"yes", "difficult no"}:
            found = reader("ar", model=False).read(Document("sentence", record["text"], "ar"))
            said = bool(events(found, root)) or (tried and any(lacking(found, root)))
            gold = record["label"] == "yes"
            counts["tp" if said and gold else "fp" if said else "fn" if gold else "tn"] += 1
    return counts


def events(found: Extraction, root: str) -> list[Claim]:
    """The claims of that root."""
    types = ontology().event_types
    return [claim for claim in found.claims if claim.type in types and types[claim.type].root == root]


def lacking(found: Extraction, root: str) -> Iterator[bool]:
    """For every rule that was tried in vain, whether it is of that root and lacked only a party."""
    types = ontology().event_types
    for one in found.discarded:
        kind = one.rule.partition(":")[0]
        yield kind in types and types[kind].root == root and one.reason.startswith("no ")


def spans(path: Path, root: str) -> dict[tuple[str, str], Counter[str]]:
    """Counts of parties by role and by the way of comparing them."""
    counts: dict[tuple[str, str], Counter[str]] = {
        (role, way): Counter() for role in ROLES for way in ("head", "words")
    }
    for record in records(path):
        claims = events(reader("ar", model=False).read(Document("sentence", record["text"], "ar")), root)
        for role, ours in ROLES.items():
            gold = {folded(span[f"{role}_actor"]) for span in record["spans"]} - {()}
            said = {
                folded(anchor.span.of(record["text"]).split())
                for claim in claims
                for anchor in claim.anchors
                if anchor.role in ours
            }
            counts[role, "head"] += compared(gold, said)
            flat = [{(word,) for phrase in side for word in phrase} for side in (gold, said)]
            counts[role, "words"] += compared(flat[0], flat[1])
    return counts


def folded(words: list[str]) -> Words:
    """Words without differences of spelling."""
    pack = reader("ar").pack
    return tuple(pack.fold(word) for word in words if pack.fold(word).isalnum())


def compared(gold: set[Words], said: set[Words]) -> Counter[str]:
    """How many of the gold are met, how many of what was said meet none."""
    met = sum(any(headed(one, other) for other in said) for one in gold)
    extra = sum(not any(headed(one, other) for one in gold) for other in said)
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
