"""What articles say: extract."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.options import (
    Input,
    date_option,
    folder_argument,
    lang_option,
    model_option,
    pipeline_option,
    plural,
    show,
    talk,
    text_option,
)
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.model import Extraction

FORMATS = ("json", "jsonl", "table")


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@text_option
@lang_option
@date_option
@click.option("-o", "--output", "folder", type=folder_argument, help="Write one <id>.json per article here.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="json", show_default=True)
@pipeline_option
@model_option
@talk
def extract(
    paths: tuple[str, ...],
    text: str | None,
    lang: str | None,
    date: str | None,
    folder: Path | None,
    form: str,
    pipelines: dict[str, str],
    model: bool,
) -> None:
    """Read articles: entities and claims, each with the exact words.

    PATH is a .txt, .html, .json or .jsonl file, also packed as .gz, a folder of them, or '-'.

    \b
    kg extract article.txt
    kg extract articles/ -o out/
    kg extract news/ --pipeline en=en_core_web_sm
    kg extract --text "زار بوتين دمشق أمس" --date 2025-10-16 --format table
    curl -s https://example.org/article | kg extract - --format jsonl
    """
    if folder and form != "json":
        raise click.UsageError("-o writes JSON files; leave --format out")
    given = Input(paths, text, lang, date)
    counts = {"entities": 0, "claims": 0}
    found = _counted(extractions(given, pipelines, model), counts)
    if folder:
        _write_files(found, folder)
    elif form == "table":
        for extraction in found:
            show(claim_table(extraction))
    elif form == "jsonl":
        show(json.dumps(record, ensure_ascii=False) for record in _records(found))
    else:
        show(_json_text(_records(found)))
    given.finish(f"{plural(counts['claims'], 'claim')} about {counts['entities']:,} entities")


def extractions(given: Input, pipelines: dict[str, str], model: bool) -> Iterator[Extraction]:
    """What the documents say; one that the extractor refuses is told and the rest goes on."""
    from kg.documents import Unreadable
    from kg.pipeline import load_extractor

    extractor = load_extractor(pipelines, model)
    for document in given.documents():
        try:
            yield extractor.extract(document)
        except InputError as error:
            given.read -= 1
            given.refuse(Unreadable(document.id, str(error)))


def _counted(extractions: Iterable[Extraction], counts: dict[str, int]) -> Iterator[Extraction]:
    for extraction in extractions:
        counts["entities"] += len(extraction.entities)
        counts["claims"] += len(extraction.claims)
        yield extraction


def _records(extractions: Iterable[Extraction]) -> Iterator[dict[str, Any]]:
    from kg.interchange import to_record

    return map(to_record, extractions)


def _json_text(records: Iterator[dict[str, Any]]) -> Iterator[str]:
    """One object for one article, a list for more, written as they come."""
    first, second = next(records, None), next(records, None)
    if second is None:
        yield json.dumps([] if first is None else first, ensure_ascii=False, indent=1)
        return
    yield "["
    yield json.dumps(first, ensure_ascii=False) + ","
    previous = second
    for record in records:
        yield json.dumps(previous, ensure_ascii=False) + ","
        previous = record
    yield json.dumps(previous, ensure_ascii=False)
    yield "]"


def file_name(article_id: str) -> str:
    """A file name for any id: the id where it is safe in every file system, else with its hash."""
    safe = re.sub(r"[^\w.-]+", "_", article_id).strip("._")[:100]
    if safe and safe == article_id:
        return f"{safe}.json"
    digest = hashlib.blake2b(article_id.encode(), digest_size=4).hexdigest()
    return f"{safe or 'article'}-{digest}.json"


def _write_files(extractions: Iterable[Extraction], folder: Path) -> None:
    """Each file appears whole or not at all."""
    from kg.interchange import to_record

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for extraction in extractions:
            target = folder / file_name(extraction.document.id)
            part = target.with_suffix(".part")
            words = json.dumps(to_record(extraction), ensure_ascii=False, indent=1)
            part.write_text(words + "\n", encoding="utf-8")
            os.replace(part, target)
    except OSError as error:
        raise InputError(f"{folder}: cannot write there: {error.strerror or error}") from error


def claim_table(extraction: Extraction) -> Iterator[str]:
    """The claims of one article for people."""
    from kg.terminal import clean, isolate, table

    document = extraction.document
    yield isolate(clean(f"{document.id}: {document.title or document.text[:80]}"))
    yield from table(
        ("claim", "who and what", "how it is said", "words"),
        [
            (
                claim.type,
                "; ".join(
                    f"{role} {', '.join(extraction.entity(one).name for one in fillers)}"
                    for role, fillers in claim.args.items()
                ),
                _manner(extraction, index),
                claim.quote.of(document.text),
            )
            for index, claim in enumerate(extraction.claims)
        ],
    )
    yield ""


def _manner(extraction: Extraction, index: int) -> str:
    """What keeps a claim from being a plain fact."""
    claim = extraction.claims[index]
    said = [claim.modality]
    said += ["not"] if claim.negated else []
    said += ["former"] if claim.former else []
    if claim.attributed_to:
        said.append(f"says {extraction.entity(claim.attributed_to).name}")
    if claim.content:
        inner = next((one.type for one in extraction.claims if one.id == claim.content), "")
        said.append(f"of {inner}")
    return ", ".join(said + ([claim.date] if claim.date else []))
