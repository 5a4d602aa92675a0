"""Dates of the text as ISO strings, as fine as the text gives them, relative ones from the article's date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from kg.extraction.words import Word
from kg.language import Language, Pack

_YEAR = re.compile(r"^(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class When:
    """Words `[first, last)` that give a date."""

    first: int
    last: int
    iso: str
    weekday: bool = False  # a bare weekday: the last one, or the next one when the act is still to come
    ahead: bool = False  # a period after the article's date, in words: next week

    def to_come(self) -> str:
        """The same weekday a week later."""
        return (date.fromisoformat(self.iso) + timedelta(days=7)).isoformat()


class Calendar:
    """The date words of a language, folded."""

    def __init__(self, pack: Pack) -> None:
        language: Language = pack.language
        fold = pack.fold
        self.months = {tuple(fold(k).split()): v for k, v in language.months.items()}
        self.periods = {tuple(fold(k).split()): v for k, v in language.month_words.items()}
        self.years = {fold(w) for w in language.year_words}
        self.links = {fold(w) for w in language.day_links}
        self.weekdays = {fold(k): v for k, v in language.weekdays.items()}
        self.words = {tuple(fold(k).split()): v for k, v in language.date_words.items()}
        self.next = {fold(w) for w in language.next_words}
        self.last = {fold(w) for w in language.last_words}
        firsts = {key[0] for table in (self.months, self.periods, self.words) for key in table}
        self.signs = frozenset(firsts | set(self.weekdays))  # words with which a date without a number begins

    def find(self, words: list[Word], first: int, last: int, published: str | None) -> list[When]:
        """All dates in words `[first, last)`, in order."""
        base = _day(published)
        found: list[When] = []
        k = first
        while k < last:
            if words[k].kind != "number" and self.signs.isdisjoint(self._key(words[k])):
                k += 1
                continue
            when = self._absolute(words, k, last, base) or self._relative(words, k, last, base)
            if when is not None:
                found.append(when)
            k = when.last if when is not None else k + 1
        return found

    def _key(self, word: Word) -> list[str]:
        return [word.norm, *(r.stem for r in word.readings), *(r.bare for r in word.readings)]

    def _in(self, word: Word, table: dict[str, int]) -> int | None:
        return next((table[key] for key in self._key(word) if key in table), None)

    def _absolute(self, words: list[Word], k: int, last: int, base: date | None) -> When | None:
        word = words[k]
        day = int(word.text) if word.kind == "number" and word.text.isdigit() and 1 <= int(word.text) <= 31 else None
        at = k + 1 if day is not None else k
        if day is not None and at < last and words[at].norm in self.links:
            at += 1
        if at >= last or words[at].kind != "word":
            return self._year(words, k)
        month, length = self._month(words, at, last)
        if month is None:
            return self._year(words, k)
        end = at + length
        while end < last:
            again, more = self._month(words, end, last)
            if words[end].text not in "/(),،" and again != month:
                break
            end += more if again == month else 1
        if (
            day is None
            and end < last
            and words[end].text.isdigit()
            and 1 <= int(words[end].text) <= 31
            and not self._arabic(words[at])
        ):
            day, end = int(words[end].text), end + 1
            while end < last and words[end].text in ",":
                end += 1
        if end < last and _YEAR.match(words[end].text):
            return When(k, end + 1, _iso(int(words[end].text), month, day))
        if base is None:
            return None
        while end > at + 1 and words[end - 1].text in "/(),،":
            end -= 1
        year = base.year
        if end < last and set(self._key(words[end])) & self.next:
            year, end = (year if month > base.month else year + 1), end + 1
        elif end < last and set(self._key(words[end])) & self.last:
            year, end = (year if month <= base.month else year - 1), end + 1
        elif month - base.month > 6:
            year -= 1
        return When(k, end, _iso(year, month, day))

    def _month(self, words: list[Word], k: int, last: int) -> tuple[int | None, int]:
        """Number of the month named at word k, and how many words name it."""
        for length in (2, 1):
            if k + length <= last and words[k].kind == "word":
                for first in self._key(words[k]):
                    key = (first, *(w.norm for w in words[k + 1 : k + length]))
                    if key in self.months:
                        return self.months[key], length
        return None, 1

    @staticmethod
    def _arabic(word: Word) -> bool:
        return not word.text.isascii()

    def _year(self, words: list[Word], k: int) -> When | None:
        before = words[k - 1] if k else None
        if _YEAR.match(words[k].text) and before is not None and (before.norm in self.years or before.has("prep")):
            return When(k, k + 1, words[k].text)
        return None

    def _relative(self, words: list[Word], k: int, last: int, base: date | None) -> When | None:
        if base is None:
            return None
        for length in (3, 2, 1):
            if k + length > last:
                continue
            for first in self._key(words[k]):
                key = (first, *(w.norm for w in words[k + 1 : k + length]))
                if key in self.periods:
                    days = self.periods[key]
                    return When(k, k + length, (base + timedelta(days=days)).isoformat()[:7], ahead=days > 0)
                if key in self.words:
                    return When(k, k + length, (base + timedelta(days=self.words[key])).isoformat())
        weekday = self._in(words[k], self.weekdays) if words[k].kind == "word" else None
        if weekday is None:
            return None
        after = set(self._key(words[k + 1])) if k + 1 < last else set()
        before = set(self._key(words[k - 1])) if k else set()
        if after & self.next or before & self.next:
            return When(k, k + 2, (base + timedelta(days=(weekday - base.weekday() - 1) % 7 + 1)).isoformat())
        back = (base.weekday() - weekday) % 7
        past = bool(after & self.last or before & self.last)
        return When(k, k + 1, (base - timedelta(days=back or 7 * past)).isoformat(), weekday=not past)


def _iso(year: int, month: int, day: int | None) -> str:
    if day is not None:
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return f"{year:04d}-{month:02d}"
    return f"{year:04d}-{month:02d}"


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
