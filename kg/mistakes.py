"""Where a query cannot be read, in our words: the engine names a place and fills a screen with what it expected."""

from __future__ import annotations

import re

from kg.errors import UnreadableQuery


def unreadable(sparql: str, said: str) -> UnreadableQuery:
    """The error for a query, from what the engine says of it."""
    found = re.search(r"at (\d+):(\d+)", said)
    if found is None:
        return UnreadableQuery(f"the query cannot be read: {said.splitlines()[0]}")
    line, column = int(found[1]), int(found[2])
    lines = sparql.splitlines()
    before = "\n".join([*lines[: line - 1], lines[line - 1][: column - 1]]) if line <= len(lines) else sparql
    prefix = re.search(r"([\w.-]*):[\w.-]*\s*$", before[-200:])
    if "Prefix not found" in said and prefix:
        words = f"no prefix '{prefix[1]}:'; add PREFIX {prefix[1]}: <…>"
        at = before[: len(before) - len(prefix[0])]
        line, column = at.count("\n") + 1, len(at) - at.rfind("\n")
        return UnreadableQuery(
            f"the query cannot be read: {words}", line=line, column=column, near=prefix[0].strip(), prefix=prefix[1]
        )
    rest = sparql[len(before) :].split()
    near = rest[0][:40] if rest else ""
    words = f"before '{near}'" if rest else "at its end, where something is missing"
    if meant := re.search(r"expected (?:one of )?(?:.*, )?([A-Z][a-z]+(?: \w+){3,})", said.splitlines()[0]):
        words = meant[1]  # not a place but a sentence, as for a variable that is not grouped by
    return UnreadableQuery(
        f"the query cannot be read: line {line}, column {column}, {words}", line=line, column=column, near=near
    )
