"""Whether an installation is sound: doctor."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib import metadata
from pathlib import Path

import click

from kg.commands.options import say, show, talk
from kg.errors import KgError

ROOM = 1 << 30  # bytes that should be free where the store is: a batch, and the engine's tidying up


@click.command()
@click.option("--store", metavar="DIR|URL", envvar="KG_STORE", help="Store that should open; also from KG_STORE.")
@talk
def doctor(store: str | None) -> None:
    """Check this installation, and a store, and say what is wrong and how to mend it.

    \b
    kg doctor
    kg doctor --store news.kg
    """
    faults = 0
    checks: dict[str, Callable[[], Iterator[str]]] = {**_CHECKS, "store": partial(_store, store)}
    for name, look in checks.items():
        try:
            found = list(look())
        except KgError as error:
            found = [str(error)]
        faults += len(found)
        show([f"{name}: {sentence}" for sentence in found] or [f"{name}: fine"])
    say("nothing is wrong" if not faults else f"{faults} to mend")
    if faults:
        click.get_current_context().exit(1)


def _packages() -> Iterator[str]:
    """What the program was installed with, as its own metadata says."""
    try:
        needed = metadata.requires("kg-geopolitics") or []
    except metadata.PackageNotFoundError:
        needed = []
    for line in needed:
        name = re.split(r"[^\w.-]", line)[0]
        if "extra ==" in line:
            continue
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            yield f"the package {name} is missing; install again with pip install -r requirements.lock"


def _data() -> Iterator[str]:
    from kg.language import languages, load_pack
    from kg.ontology import load_ontology
    from kg.queries import saved_queries
    from kg.seeds import load_world

    load_ontology()
    load_world()
    saved_queries()
    for lang in languages():
        load_pack(lang)
    yield from ()


def _cache() -> Iterator[str]:
    from kg.parsed import cache_dir

    folder = cache_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield f"{folder} cannot be written ({error.strerror}), so each start is slower; set XDG_CACHE_HOME"


def _store(location: str | None) -> Iterator[str]:
    from kg.store import open_graph

    if location is None:
        return
    open_graph(location, read_only=True).close()
    folder = Path(location)
    if folder.is_dir() and (free := shutil.disk_usage(folder).free) < ROOM:
        yield f"{location}: {free >> 20:,} MB are free on its disk; make room, {ROOM >> 20:,} MB are safe"


_CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "packages": _packages,
    "ontology, world data, languages, questions": _data,
    "cache folder": _cache,
}
