"""What the commands share: options, logging, and the way they end."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date as Date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from kg.errors import InputError

if TYPE_CHECKING:
    from kg.documents import Unreadable
    from kg.model import Document

Command = TypeVar("Command", bound=Callable[..., Any])

CLEAR = "\r\x1b[K"  # wipes the progress line
LANGS = ("ar", "en")


def talk(command: Command) -> Command:
    """`--quiet` and `--verbose`."""
    quiet = click.option(
        "-q", "--quiet", is_flag=True, expose_value=False, callback=_quiet, is_eager=True,
        help="Only errors on stderr: no progress, warnings or report.",
    )  # fmt: skip
    verbose = click.option(
        "-v", "--verbose", is_flag=True, expose_value=False, callback=_verbose, is_eager=True,
        help="Say on stderr what is done.",
    )  # fmt: skip
    return quiet(verbose(command))


def _configure(level: int) -> None:
    """Our own log on stderr, one line a message; libraries keep theirs to themselves."""
    log = logging.getLogger("kg")
    handler = logging.StreamHandler(sys.stderr)
    clear = CLEAR if sys.stderr.isatty() else ""
    handler.setFormatter(logging.Formatter(f"{clear}%(levelname)s: %(message)s"))
    log.handlers = [handler]
    log.setLevel(level)
    log.propagate = False


def _quiet(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.meta["kg.quiet"] = value
    if value or "kg.verbose" not in ctx.meta:
        _configure(logging.ERROR if value else logging.WARNING)


def _verbose(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.meta["kg.verbose"] = value
    if value:
        _configure(logging.INFO)


def is_quiet() -> bool:
    """True when the user asked for silence."""
    return bool(click.get_current_context().meta.get("kg.quiet"))


def say(words: str) -> None:
    """A line of talk, on stderr."""
    if not is_quiet():
        click.echo(words, err=True)


def show(lines: Iterable[str]) -> None:
    """Lines of data, on stdout."""
    for line in lines:
        click.echo(line)


def a_day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """A day that the calendar has; a wrong one is a slip of the finger, not of an article."""
    try:
        return None if value is None else Date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise click.BadParameter(f"'{value}' is no day; write YYYY-MM-DD") from error


def _pipelines(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """LANG=NAME, once for a language."""
    found: dict[str, str] = {}
    for value in values:
        lang, sign, name = value.partition("=")
        if not (sign and name and lang in LANGS):
            known = " or ".join(LANGS)
            raise click.BadParameter(f"'{value}' is not LANG=NAME, such as en=en_core_web_sm; LANG is {known}")
        if lang in found:
            raise click.BadParameter(f"'{lang}' is given twice; one pipeline reads a language")
        found[lang] = name
    return found


pipeline_option = click.option(
    "--pipeline",
    "pipelines",
    metavar="LANG=NAME",
    multiple=True,
    callback=_pipelines,
    envvar="KG_PIPELINE",
    help="spaCy pipeline of yours whose entities join ours: en=en_core_web_sm; also from KG_PIPELINE.",
)
model_option = click.option(
    "--model/--no-model",
    default=True,
    help="Whether the learned filter takes away unlikely claims of the rules; it does by default.",
)
store_option = click.option(
    "--store",
    required=True,
    metavar="DIR|URL",
    envvar="KG_STORE",
    help="Folder of the store, or address of a SPARQL endpoint; also from KG_STORE.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
lang_option = click.option("--lang", type=click.Choice(LANGS), help="Language of --text; found out when not given.")
text_option = click.option("--text", help="Words to read instead of files.")
date_option = click.option(
    "--date", metavar="YYYY-MM-DD", callback=a_day, help="Day of the words given by --text, for 'next Tuesday'."
)
folder_argument = click.Path(path_type=Path)


@dataclass(slots=True)
class Input:
    """The documents that a command reads, and what it could not read."""

    paths: tuple[str, ...]
    text: str | None = None
    lang: str | None = None
    date: str | None = None
    unread: list[Unreadable] = field(default_factory=list)
    read: int = 0

    def __post_init__(self) -> None:
        if bool(self.paths) == bool(self.text is not None):
            raise click.UsageError("give files, folders or '-', or else --text; see --help")
        if self.paths and (self.lang or self.date):
            raise click.UsageError("--lang and --date belong to --text; files carry their own")

    def everything(self) -> Iterator[Document | Unreadable]:
        """Every article, and in its place what could not be read."""
        from kg.documents import from_text, read

        if self.text is not None:
            yield from_text(self.text, lang=self.lang or "", date=self.date)
        else:
            yield from read(self.paths)

    def documents(self) -> Iterator[Document]:
        """Every article that can be read; the others are told at once and kept in `unread`."""
        from kg.documents import Unreadable
        from kg.terminal import progress

        for found in progress(self.everything(), "articles", quiet=is_quiet()):
            if isinstance(found, Unreadable):
                self.refuse(found)
                continue
            self.read += 1
            yield found

    def refuse(self, found: Unreadable) -> None:
        """Tell and remember an article that was not read."""
        self.unread.append(found)
        click.echo(f"{CLEAR if sys.stderr.isatty() else ''}not read: {found}", err=True)

    def finish(self, report: str) -> None:
        """Say what was done; exit code 1 when something was not read."""
        missing = f"; {len(self.unread)} not read" if self.unread else ""
        say(f"{plural(self.read, 'article')}{missing}: {report}")
        if self.unread:
            click.get_current_context().exit(1)


def plural(number: int, noun: str) -> str:
    """`1 claim`, `2,345 claims`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def save(file: str, write: Callable[[IO[bytes]], object]) -> None:
    """Write into the file, whole or not at all; `-` is stdout."""
    if file == "-":
        write(sys.stdout.buffer)
        return
    target = Path(file)
    in_place = target.exists() and not target.is_file()  # a device or pipe must not be replaced by a file
    part = target if in_place else target.with_name(target.name + ".part")
    try:
        with part.open("wb") as out:
            write(out)
        if not in_place:
            os.replace(part, target)
    except OSError as error:
        raise InputError(f"{file}: cannot write there: {error.strerror or error}") from error
    finally:
        if not in_place:
            part.unlink(missing_ok=True)
    say(f"{file}: {target.stat().st_size:,} bytes")
