"""What Wikidata demands of a statement, read from `ontology/wikidata.yml`: a statement that breaks it is held back."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from kg.resources import data_dir, parse, read_yaml

Pid = Annotated[str, StringConstraints(pattern=r"^P[1-9][0-9]*$")]
Qid = Annotated[str, StringConstraints(pattern=r"^Q[1-9][0-9]*$")]
OFFICE = "Office"  # class of a value that is the item of a post


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Strict):
    """The constraints of one property."""

    label: dict[str, str]
    subject: list[str]  # classes of our ontology
    types: list[Qid]
    value: list[str]
    value_types: list[Qid]
    kinds: list[str] = []
    not_kinds: list[str] = []
    required: list[Pid] = []
    qualifiers: list[Pid] = []
    single: bool = False
    separators: list[Pid] = []
    seen: str

    def fits(self, subject: str, value: str, kind: str) -> bool:
        """True for a subject and a value of these classes; `kind` is the value's in the world data, else empty."""
        return (
            subject in self.subject
            and value in self.value
            and (not self.kinds or kind in self.kinds)
            and kind not in self.not_kinds
        )


class Limits(_Strict):
    """Characters that a text may have."""

    label: int
    monolingual: int
    url: int


class Constraints(_Strict):
    """The whole file."""

    properties: dict[Pid, Rule]
    drafts: dict[str, Qid]  # class -> class in Wikidata
    languages: dict[str, Qid]
    limits: Limits


def load_constraints(file: Path | None = None) -> Constraints:
    """Read the file, by default the one that comes with the program; DataError names what is wrong in it."""
    file = file or data_dir("ontology") / "wikidata.yml"
    return parse(Constraints, read_yaml(file), file.name)


@lru_cache(maxsize=1)
def constraints() -> Constraints:
    """The constraints that come with the program, read once."""
    return load_constraints()
