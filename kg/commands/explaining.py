"""Why: from a claim back to its words, the rule that read it, and what was chosen between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.terminal import clean, isolate

if TYPE_CHECKING:
    from kg.model import Claim, Entity, Extraction


def trace(extraction: Extraction) -> Iterator[str]:
    """Everything that was read out of a text: claims, then entities, then what was discarded."""
    text = extraction.document.text
    if not extraction.claims:
        yield "no claims"
    for claim in extraction.claims:
        yield from _claim(claim, extraction)
        yield ""
    for entity in extraction.entities:
        yield from _entity(entity, text)
    if extraction.discarded:
        yield ""
        yield "not made a claim"
    for one in extraction.discarded:
        yield f"  {one.rule}: {_quoted(one.span.of(text))}: {one.reason}"


def _quoted(words: str) -> str:
    return f"«{isolate(clean(words))}»"


def _claim(claim: Claim, extraction: Extraction) -> Iterator[str]:
    text = extraction.document.text
    yield f"{claim.id}  {claim.type}  {_manner(claim, extraction)}"
    for role, fillers in claim.args.items():
        names = ", ".join(isolate(clean(extraction.entity(one).name)) for one in fillers)
        yield f"    {role + ':':11} {names}"
    yield f"    {'rule:':11} {claim.rule or 'not named'} (confidence {claim.confidence:.2f})"
    for anchor in claim.anchors:
        yield f"    {'':11} {anchor.role} {_quoted(anchor.span.of(text))}"
    where = f"[{claim.quote.start}:{claim.quote.end}]"
    yield f"    {'words:':11} {_quoted(claim.quote.of(text))} {where}"


def _manner(claim: Claim, extraction: Extraction) -> str:
    """What keeps a claim from being a plain fact, or that nothing does."""
    said = ["fact" if claim.is_fact else claim.modality]
    said += ["negated"] if claim.negated else []
    if claim.attributed_to:
        said.append(f"said by {isolate(clean(extraction.entity(claim.attributed_to).name))}")
    said += [f"content {claim.content}"] if claim.content else []
    said += [claim.office] if claim.office else []
    said += ["former"] if claim.former else []
    said += [claim.branch] if claim.branch else []
    said += [claim.date] if claim.date else []
    return ", ".join(said)


def _entity(entity: Entity, text: str) -> Iterator[str]:
    mentions = ", ".join(dict.fromkeys(_quoted(mention.of(text)) for mention in entity.mentions))
    link = " ".join(part for part in (entity.ref, entity.qid) if part) or "not in the world data"
    yield f"{entity.id}  {entity.cls} {isolate(clean(entity.name))}: {link}"
    yield f"    {'mentions:':11} {mentions}"
    for place, one in enumerate(entity.candidates):
        why = "or else:" if place else "because:"
        yield f"    {why:11} {one.ref} ({one.score:.2f}): {one.reason}"
