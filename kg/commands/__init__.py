"""The command line: parse, call one function, print.

Data goes to stdout, talk to stderr. A command's module is loaded when it is called, and what is
heavy (spaCy, rdflib) inside the command that needs it. Exit codes: 0 fine, 1 something failed or
some input was not read, 2 wrong usage.
"""

from __future__ import annotations

import gc
import os
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from kg import __version__
from kg.errors import KgError

# name -> the module that holds the function of that name; in the order of a first visit
COMMANDS = {
    "extract": "reading",
    "build": "building",
    "withdraw": "building",
    "query": "asking",
    "questions": "asking",
    "serve": "serving",
    "explain": "explaining",
    "export": "exporting",
    "report": "reporting",
    "link": "linking",
    "enrich": "linking",
    "seeds": "refreshing",
    "merge": "deciding",
    "split": "deciding",
    "decisions": "deciding",
    "duplicates": "deciding",
    "check": "checking",
    "backup": "keeping",
    "restore": "keeping",
    "doctor": "operating",
    "evaluate": "judging",
    "ontology": "checking",
}


COLLECT = 20_000  # new objects before Python looks for what is no longer in use: an article leaves some 3,000


class _Interrupted(click.ClickException):
    exit_code = 130  # what shells give a program that was stopped by Ctrl-C

    def show(self, file: Any = None) -> None:
        click.echo("interrupted; articles that were finished are kept", err=True, file=file)


class LazyGroup(click.Group):
    """Loads a command when it is asked for, and tells errors meant for the user in one sentence."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        gc.set_threshold(COLLECT)
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:  # `kg query … | head` has read enough
            code = 1
        except OSError as error:
            name = f"{error.filename}: " if error.filename else "the output "
            click.echo(f"Error: {name}cannot be written: {error.strerror or error}", err=True)
            code = 1
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left has nowhere to go
        sys.exit(code)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"kg.commands.{COMMANDS[cmd_name]}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(COMMANDS)}"
            ctx.fail(f"no command '{args[0]}'; {hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt as error:
            raise _Interrupted("") from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Read Arabic and English news into a graph of claims: who said what happened, in which words.

    \b
    kg extract article.txt                  what one article says, as JSON
    kg build articles/ --store news.kg      many articles into a store
    kg query leaders --store news.kg        ask it; `kg questions` lists the questions
    kg explain visit --store news.kg        why does the store say so?
    """
