"""Articles into a store and out of it: build, withdraw."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from kg.commands.options import (
    Input,
    folder_argument,
    is_quiet,
    model_option,
    pipeline_option,
    plural,
    say,
    store_option,
    talk,
)
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.build import Report
    from kg.engines import Extract, Load

ENGINES = ("serial", "processes", "spark")
WORTH_IT = 50  # articles from which on starting processes, two seconds each, takes less than it saves


def load_extract(pipelines: Mapping[str, str], model: bool = True) -> Extract:
    """The extractor of this process; a worker process calls it by name."""
    from kg.pipeline import load_extractor

    return load_extractor(pipelines, model).extract


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@store_option
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help=f"One process, several, or Apache Spark; several from {WORTH_IT} articles on when not given.",
)
@click.option("--processes", type=click.IntRange(1), help="How many processes; all cores when not given.")
@click.option(
    "--master",
    metavar="URL",
    envvar="KG_SPARK_MASTER",
    help="Spark: spark://…, yarn, k8s://… (this machine when not given); also from KG_SPARK_MASTER.",
)
@click.option(
    "--parts",
    metavar="DIR|URI",
    help="Spark: new folder for what is read, kept; without PATH, load what stands there. Also s3a://… and the like.",
)
@click.option("--again", is_flag=True, help="Read articles too that the store holds unchanged.")
@click.option(
    "--decisions", "decided", type=folder_argument, metavar="FILE", help="Apply decisions from `kg decisions --export`."
)
@click.option("--report", "report_file", type=folder_argument, help="Write the report as JSON.")
@pipeline_option
@model_option
@talk
def build(
    paths: tuple[str, ...],
    store: str,
    engine: str | None,
    processes: int | None,
    master: str | None,
    parts: str | None,
    again: bool,
    decided: Path | None,
    report_file: Path | None,
    pipelines: dict[str, str],
    model: bool,
) -> None:
    """Read articles into a store; it is made when it does not exist.

    An article that the store holds is skipped when it has not changed, and replaced when it has. A run
    that was interrupted goes on where it stopped. PATH is what `kg extract` reads.

    \b
    kg build articles/ --store news.kg
    kg build today.jsonl.gz --store news.kg --report today.json
    kg build articles/ --store http://localhost:7878
    kg build s3a://news/2025-10-15 --store news.kg --engine spark --parts s3a://news/parts/2025-10-15
    """
    load = partial(load_extract, pipelines, model)
    if engine != "spark" and parts:
        raise click.UsageError("--parts belongs to --engine spark")
    if decided:
        _decide(store, decided)
    if engine == "spark":
        report = _on_spark(paths, load, store, master, parts, again)
    else:
        report = _here(paths, load, store, engine, processes, again)
    _tell(report, report_file)


def _decide(store: str, decided: Path) -> None:
    """Take over the decisions of a file before anything is read."""
    from kg.commands.deciding import from_file
    from kg.identity import adopt
    from kg.store import open_graph

    found = from_file(decided)
    with open_graph(store) as graph:
        say(f"{plural(adopt(graph, found), 'decision')} taken over")


def _here(
    paths: tuple[str, ...], load: Load, store: str, engine: str | None, processes: int | None, again: bool
) -> Report:
    """By processes of this machine."""
    from kg.build import build as run
    from kg.store import open_graph
    from kg.terminal import progress

    found = progress(Input(paths).everything(), "articles", quiet=is_quiet())
    first = list(islice(found, WORTH_IT))
    if engine is None:
        engine = "processes" if processes or len(first) == WORTH_IT else "serial"
    workers = (processes or os.cpu_count() or 1) if engine == "processes" else 1
    with open_graph(store) as graph:
        return run(chain(first, found), load, graph, processes=workers, again=again)


def _on_spark(
    paths: tuple[str, ...], load: Load, store: str, master: str | None, parts: str | None, again: bool
) -> Report:
    """Spark reads into a folder, and this program loads it."""
    from kg.build import load_parts
    from kg.spark import MASTER, read_parts, session, write_parts
    from kg.store import open_graph
    from kg.terminal import progress

    master = master or MASTER
    if "-" in paths:
        raise click.UsageError("Spark reads files and folders; put standard input into a file")
    if not paths and parts is None:
        raise click.UsageError("give PATH, or --parts to load what Spark has written before")
    if parts is None and not master.startswith("local"):
        raise click.UsageError("on a cluster give --parts: a folder that all its machines reach")
    with open_graph(store) as graph, TemporaryDirectory(prefix="kg-") as folder, session(master) as spark:
        parts = parts or str(Path(folder, "parts"))
        if paths:
            write_parts(spark, paths, load, parts)
        read = progress(read_parts(spark, parts), "articles loaded", quiet=is_quiet())
        return load_parts(read, graph, again=again)


def _tell(report: Report, file: Path | None) -> None:
    """The report on stderr and in the file; exit code 1 when an article did not get in."""
    if file is not None:
        words = json.dumps(report.as_dict(), ensure_ascii=False, indent=1) + "\n"
        try:
            file.write_text(words, encoding="utf-8")
        except OSError as error:
            raise InputError(f"{file}: cannot write there: {error.strerror or error}") from error
    for line in _lines(report):
        say(line)
    if report.failed:
        if is_quiet():  # otherwise each was told when it happened
            for one in report.failures:
                click.echo(str(one), err=True)
        click.get_current_context().exit(1)


def _lines(report: Report) -> Iterator[str]:
    yield (
        f"{plural(report.read, 'article')} in {report.seconds:.1f} s: {report.new:,} new, "
        f"{report.replaced:,} replaced, {report.unchanged:,} unchanged, {report.failed:,} not read"
    )
    claims = report.claims.total()
    if claims:
        yield (
            f"{plural(claims, 'claim')}, {report.facts:,} of them facts; entities: "
            f"{report.linked:,} linked, {report.unlinked:,} not"
        )
        yield ", ".join(f"{number:,} {kind}" for kind, number in report.claims.most_common(8))


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@store_option
@talk
def withdraw(ids: tuple[str, ...], store: str) -> None:
    """Take articles out of a store, with all that only they say.

    An edge that another article supports stays. `kg query articles` lists the ids.

    \b
    kg withdraw seed-article --store news.kg
    """
    from kg.store import open_graph

    with open_graph(store) as graph:
        for article_id in ids:
            say(f"{article_id}: {plural(graph.withdraw(article_id), 'statement')} taken out")
