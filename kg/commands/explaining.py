"""Why: from a claim back to its words, the rule that read it, and what was chosen between."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from kg.commands.options import LANGS, date_option, model_option, pipeline_option, say, show, talk, text_option
from kg.errors import QueryError
from kg.terminal import clean, isolate

if TYPE_CHECKING:
    from kg.model import Claim, Entity, Extraction, Span


@click.command()
@click.argument("what", nargs=-1, metavar="[CLAIM | TYPE | ENTITY | SUBJECT RELATION OBJECT]")
@click.option("--store", metavar="DIR|URL", envvar="KG_STORE", help="Store to look into; also from KG_STORE.")
@click.option("--limit", default=20, show_default=True, help="At most so many claims; 0 for all.")
@text_option
@click.option("--lang", type=click.Choice(LANGS), help="Language of the names, or of --text.")
@date_option
@pipeline_option
@model_option
@talk
def explain(
    what: tuple[str, ...],
    store: str | None,
    limit: int,
    text: str | None,
    lang: str | None,
    date: str | None,
    pipelines: dict[str, str],
    model: bool,
) -> None:
    """Tell why: the sentences behind an edge or a claim.

    With --text, the trace of a sentence: every claim that was read in it, with the choices made, and
    every one that was discarded.

    \b
    kg explain hmeimim-air-base operator russia --store news.kg
    kg explain seed-article/c4 --store news.kg
    kg explain extradite --store news.kg
    kg explain --text "طلب الرئيس السوري من موسكو تسليم بشار الأسد"
    """
    if text is not None and not what:
        from kg.documents import from_text
        from kg.pipeline import load_extractor

        document = from_text(text, lang=lang or "", date=date)
        show(trace(load_extractor(pipelines, model).extract(document)))
    elif len(what) in (1, 3) and store and text is None:
        _explain_stored(what, store, lang=lang or "en", limit=limit)
    else:
        raise click.UsageError("give --store and what to explain, in one word or three, or else --text; see --help")


def _explain_stored(what: tuple[str, ...], store: str, *, lang: str, limit: int) -> None:
    from kg.explain import explain as find
    from kg.explain import render
    from kg.store import open_graph

    with open_graph(store, read_only=True) as graph:
        found = find(graph, what)
        shown = list(islice(found, limit or None))
        if not shown:
            raise QueryError(f"{' '.join(what)}: no claim says so; `kg query claims -p entity=…` lists what is said")
        for one in shown:
            show(render(one, lang=lang, color=sys.stdout.isatty()))
            show([""])
        if next(found, None) is not None:
            say(f"the first {limit} claims; --limit 0 shows all")


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
        yield from _discarded(extraction)
    elif not extraction.claims:
        yield "    no rule speaks of any of its words"


def _discarded(extraction: Extraction) -> Iterator[str]:
    """For every trigger the rules that were tried, and what each of them lacked."""
    tried: dict[Span, dict[str, str]] = {}
    for one in extraction.discarded:
        tried.setdefault(one.span, {}).setdefault(one.rule, one.reason)
    for span in sorted(tried):
        yield f"    {_quoted(span.of(extraction.document.text))} [{span.start}:{span.end}]"
        for rule, reason in sorted(tried[span].items()):
            yield f"        {rule}: {isolate(clean(reason))}"


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
