"""Claims by year of their article: a column a year, a shape a claim, or a number where shapes would not fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.views.catalogue import Entry
from kg.views.claims import NO_DATE

SHAPES = 12  # in a column; more are told by a number for each modality
COLUMNS = 14  # years; those before stand in one column


@dataclass(frozen=True, slots=True)
class Column:
    """One year; `earlier` when it stands for all years up to it."""

    year: str
    claims: tuple[Entry, ...] = ()
    counts: tuple[tuple[Entry, int], ...] = ()  # an example of each manner, where the claims are too many to show
    earlier: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.claims and not self.counts


def columns(*sides: Iterable[Entry]) -> list[list[Column]]:
    """The columns of each side, all over the same years; no column where there are no claims at all."""
    by_year = [_by_year(side) for side in sides]
    years = sorted({int(year) for side in by_year for year in side if year != NO_DATE})
    undated = any(NO_DATE in side for side in by_year)
    shown = list(range(years[0], years[-1] + 1)) if years else []
    if len(shown) > COLUMNS:
        shown = shown[-COLUMNS:]
    made = []
    for side in by_year:
        row = [_column(NO_DATE, side.get(NO_DATE, []))] if undated else []
        for year in shown:
            earlier = year == shown[0] and year != years[0]
            claims = (
                [entry for past in years if past <= year for entry in side.get(f"{past:04}", [])] if earlier else None
            )
            row.append(_column(f"{year:04}", side.get(f"{year:04}", []) if claims is None else claims, earlier=earlier))
        made.append(row)
    return made


def _by_year(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    years: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        years[entry.date[:4] or NO_DATE].append(entry)
    return years


def _column(year: str, entries: list[Entry], *, earlier: bool = False) -> Column:
    ordered = sorted(entries, key=lambda entry: (entry.negated, entry.modality))
    if len(ordered) <= SHAPES:
        return Column(year, tuple(ordered), earlier=earlier)
    manners: dict[str, list[Entry]] = defaultdict(list)
    for entry in ordered:
        manners[entry.manner].append(entry)
    counts = sorted(((members[0], len(members)) for members in manners.values()), key=lambda pair: -pair[1])
    return Column(year, counts=tuple(counts), earlier=earlier)
