"""A store kept safe: backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import folder_argument, plural, say, store_option, talk

if TYPE_CHECKING:
    from kg.backup import Saved


@click.command()
@click.argument("file", type=folder_argument)
@store_option
@talk
def backup(file: Path, store: str) -> None:
    """Write a whole store to one file: gzipped N-Quads, read again and verified before it takes its place.

    The store is held for a moment only; who writes to it afterwards is not in the way. Any program that reads
    RDF reads the file.

    \b
    kg backup news.nq.gz --store news.kg
    """
    from kg.backup import backup as save

    _tell(file, save(store, file))


@click.command()
@click.argument("file", type=folder_argument)
@store_option
@talk
def restore(file: Path, store: str) -> None:
    """Make a store out of a backup, in a new folder; it is there whole or not at all.

    \b
    kg restore news.nq.gz --store restored.kg
    """
    from kg.backup import restore as make

    _tell(Path(store), make(file, store))


def _tell(place: Path, saved: Saved) -> None:
    say(f"{place}: {plural(saved.articles, 'article')}, {plural(saved.quads, 'quad')}")
