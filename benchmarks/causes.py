"""Why claims of annotated articles were missed, and which rules made claims that nobody asked for: a Markdown page.

    python benchmarks/causes.py GOLD_FOLDER [--half FILE]

Every missed core claim has one cause, the first that holds of: a leading participant stands in no mention of ours; a
claim of its type stands in the same words with other participants; one of the same PLOVER root does; candidates from
its words were discarded; no rule fired there at all. With --half the articles that FILE names stand beside all others.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kg.evaluate import Result, evaluate_extractor, gold_files
from kg.extraction.engine import reader
from kg.model import Document, Extraction, Span
from kg.pipeline import load_extractor
from kg.scoring import LEADING, Comparison, Stated, normal, root

SHOWN = 40


def main() -> None:
    """Print the page."""
    if len(sys.argv) not in {2, 4}:
        sys.exit(__doc__)
    seen = set(Path(sys.argv[3]).read_text(encoding="utf-8").split()) if len(sys.argv) == 4 else set()
    extractor = load_extractor(model=False)
    kept: dict[str, Extraction] = {}

    def extract(document: Document) -> Extraction:
        kept[document.id] = extractor.extract(document)
        return kept[document.id]

    results = list(evaluate_extractor(gold_files(Path(sys.argv[1])), extract))
    for lang in sorted({result.lang for result in results}):
        missed: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        extra: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        for result in results:
            if result.lang == lang:
                half = f"{result.id}.json" in seen
                missed[half].update(_causes(result, kept[result.id]))
                extra[half].update(_extra(result, kept[result.id]))
        print(f"\n## {lang}\n")
        _table("why missed", missed)
        _table("rule of an extra claim", extra)


def _table(title: str, halves: dict[bool, Counter[str]]) -> None:
    print(f"\n| {title} | written with | others |\n|---|---|---|")
    for name, _ in (halves[True] + halves[False]).most_common(SHOWN):
        print(f"| {name} | {halves[True][name]} | {halves[False][name]} |")


def _causes(result: Result, extraction: Extraction) -> Iterator[str]:
    comparison = result.comparison
    found = {pair.gold.id for pair in comparison.strict().values()}
    spans = reader(result.lang).spans(comparison.gold.text)
    surfaces = {f" {normal(span.of(comparison.gold.text))} " for span, _ in spans}
    for claim in comparison.gold.claims:
        if claim.core and claim.id not in found:
            yield _cause(claim, comparison, extraction, surfaces)


def _cause(claim: Stated, comparison: Comparison, extraction: Extraction, surfaces: set[str]) -> str:
    entities = {entity.id: entity for entity in comparison.gold.entities}
    for role in LEADING:
        for filler in sorted(claim.args.get(role, ())):
            entity = entities.get(filler)
            if entity is not None and not any(f" {name} " in ours for name in entity.surfaces for ours in surfaces):
                return f"not seen as a mention: {entity.cls}"
    start = comparison.gold.text.find(claim.quote or "\0")
    quote = Span(start, start + len(claim.quote or ""))
    near = [c for c in extraction.claims if start >= 0 and _overlap(c.quote, quote)]
    if any(c.type == claim.type for c in near):
        return "right type, wrong participants"
    if any(root(c.type) == root(claim.type) for c in near):
        return "another type of the same root"
    gone = [d.reason for d in extraction.discarded if _overlap(d.span, quote) and d.rule.startswith(f"{claim.type}:")]
    if gone:
        return f"discarded: {min(gone)}"
    return f"no rule fired: {claim.type}" if not near else f"only others fired: {claim.type}"


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _extra(result: Result, extraction: Extraction) -> Iterator[str]:
    strict = result.comparison.strict()
    yield from (f"{c.type}: {c.rule}" for c in extraction.claims if c.id not in strict)


if __name__ == "__main__":
    main()
