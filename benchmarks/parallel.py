"""Do the same facts come out of an article and of its translation?

    python benchmarks/parallel.py GOLD

GOLD is a folder of annotated articles as `kg evaluate` reads them. Articles of the NTREX corpus in two languages with
one number (`ar-ntrex-reuters.1.json` and `en-ntrex-reuters.1.json`) are each read in its own language. Two claims
agree when they have one type and, in every role that both fill, a party in common; a party is known by its id in the
world data or in Wikidata. One that has neither agrees with nothing; where both sides name only such in a role, the
other roles decide. Agreement is F1 of one side against the other.
*linked parties only*: claims all of whose parties have an id. *annotators*: the same figure for the annotation, whose
parties are known by their English names: what could be reached.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.tables import heads, path_argument, row
from kg.model import Document
from kg.pipeline import load_extractor
from kg.scoring import SYMMETRIC, normal


@dataclass(frozen=True, slots=True)
class Fact:
    """A claim without its words."""

    type: str
    parties: dict[str, frozenset[str]]
    is_linked: bool
    manner: tuple[str, bool]


Sides = dict[str, list[Fact]]  # by language
TRANSLATED = "ntrex"  # the corpus of news texts of which translations stand beside them


def main() -> None:
    """Print the table."""
    folder = path_argument(__doc__)
    print(heads("articles", "claims", "claims of the other", "agree", "F1", "modality and polarity too"))
    ours, linked, gold = [], [], []
    for number, files in pairs(folder):
        said = {lang: list(read(path)) for lang, path in files.items()}
        wanted = {lang: list(annotated(path)) for lang, path in files.items()}
        ours.append(said)
        linked.append({lang: [fact for fact in facts if fact.is_linked] for lang, facts in said.items()})
        gold.append(wanted)
        show(number, [said])
    show("all", ours)
    show("all, linked parties only", linked)
    show("all, annotators", gold)


def pairs(folder: Path) -> Iterator[tuple[str, dict[str, Path]]]:
    """Articles that stand in two languages, by their number."""
    found: dict[str, dict[str, Path]] = defaultdict(dict)
    for path in sorted(folder.rglob("*.json")):
        lang, _, number = path.stem.partition("-")
        if TRANSLATED in number:
            found[number][lang] = path
    yield from ((number, files) for number, files in found.items() if len(files) == 2)


def read(path: Path) -> Iterator[Fact]:
    """What we read in the article."""
    article = json.loads(path.read_text(encoding="utf-8"))
    title = article.get("title") or ""
    yield from facts(Document(article["id"], article["text"], article["lang"], title, article["date"]))


def facts(document: Document) -> Iterator[Fact]:
    """What we read in a text."""
    extraction = load_extractor().extract(document)
    known = {one.id: one.ref or one.qid for one in extraction.entities}
    for claim in extraction.claims:
        parties = {role: frozenset(known[one] or "" for one in ids) for role, ids in claim.args.items()}
        yield fact(claim.type, parties, claim.modality, claim.negated)


def annotated(path: Path) -> Iterator[Fact]:
    """What the annotators read in it: clear claims only."""
    article = json.loads(path.read_text(encoding="utf-8"))
    names = {one["id"]: normal(one["name"]) for one in article["entities"]}
    for claim in article["claims"]:
        if claim["core"]:
            parties = {role: frozenset(names[one] for one in ids) for role, ids in claim["args"].items() if ids}
            yield fact(claim["type"], parties, claim["modality"], claim["negated"])


def fact(kind: str, parties: dict[str, frozenset[str]], modality: str, negated: bool) -> Fact:
    """A claim as it is compared; who is on which side of a meeting does not matter."""
    is_linked = all("" not in ids for ids in parties.values())
    if kind in SYMMETRIC:
        sides = frozenset(one for role in ("actor", "recipient", "subject", "object") for one in parties.get(role, ()))
        parties = {"who": sides}
    return Fact(kind, {role: ids - {""} for role, ids in parties.items()}, is_linked, (modality, negated))


def show(name: str, articles: Sequence[Sides]) -> None:
    """A row over these articles."""
    one, other, same, manner = 0, 0, 0, 0
    for article in articles:
        first, second = (article[lang] for lang in sorted(article))
        found = list(agreeing(first, second))
        one, other, same = one + len(first), other + len(second), same + len(found)
        manner += sum(a.manner == b.manner for a, b in found)
    print(row(name, one, other, same, 2 * same / (one + other) if one + other else 0.0, manner))


def agreeing(first: Sequence[Fact], second: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Pairs of claims that agree, each claim in one pair at most; those with the most parties in common first."""
    ranked = sorted(
        ((common(a, b), a.manner == b.manner, i, j) for i, a in enumerate(first) for j, b in enumerate(second)),
        key=lambda found: (-found[0], not found[1], found[2], found[3]),
    )
    done: set[tuple[str, int]] = set()
    for number, _, i, j in ranked:
        if number and not done & {("first", i), ("second", j)}:
            done |= {("first", i), ("second", j)}
            yield first[i], second[j]


def common(one: Fact, other: Fact) -> int:
    """How many parties two claims share; 0 where a role that both fill has none in common."""
    if one.type != other.type:
        return 0
    both = [role for role in one.parties if role in other.parties and (one.parties[role] or other.parties[role])]
    shared = [len(one.parties[role] & other.parties[role]) for role in both]
    return sum(shared) if all(shared) else 0


if __name__ == "__main__":
    main()
