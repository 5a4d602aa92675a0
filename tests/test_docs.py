"""The documentation is current: commands have help and are described, links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from kg.commands import COMMANDS, main

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "tests" / "gold" / "README.md"])
CALL = re.compile(r"(?:^\$ |`)kg (?P<words>[^`\n]+)", re.MULTILINE)


def command(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_stands_in_the_readme(name: str) -> None:
    text = command(name).help or ""
    assert f"kg {name}" in text
    assert f"`kg {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help(name: str) -> None:
    options = [option for option in command(name).params if isinstance(option, click.Option)]
    undocumented = [option.name for option in options if not option.help and not option.show_default]
    assert undocumented == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_that_a_page_names_exist(page: Path) -> None:
    for match in CALL.finditer(page.read_text(encoding="utf-8")):
        words = shlex.split(match["words"].replace("…", ""), comments=True)
        if words[0] in ("COMMAND", "…") or not words[0].isalpha():
            continue
        known = {option for param in command(words[0]).params for option in param.opts}
        given = {word.split("=")[0] for word in words if word.startswith("-") and len(word) > 1}
        assert given <= known | {"--help"}, match[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_two_commands_of_the_readme_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"^\$ make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    assert {"demo", "test"} <= set(named)
    assert all(re.search(rf"^{name}:", makefile, re.MULTILINE) for name in named)
