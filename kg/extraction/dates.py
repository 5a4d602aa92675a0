"""Dates of the text as ISO strings, as fine as the text gives them, relative ones from the article's date."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kg.extraction.calendars import added, day_of, hijri_year, islamic, iso, shifted
from kg.extraction.words import Word
from kg.language import Language, Pack

_YEAR = re.compile(r"^(?:19|20)\d\d$")
_HIJRI_YEAR = re.compile(r"^1[34]\d\d$")
BETWEEN = frozenset("/(),،")  # between two names of one month: يوليو/تموز، سبتمبر (أيلول)
STROKES = frozenset("/-–")
LOOK_BACK = 60  # words in which «of the same year» looks for that year


@dataclass(frozen=True, slots=True)
class When:
    """Words `[first, last)` that give a date."""

    first: int
    last: int
    iso: str
    weekday: bool = False  # a bare weekday: the last one, or the next one when the act is still to come
    ahead: bool = False  # a period after the article's date, in words: next week
    before: str = ""  # a bare month: the last one before the article, when the act is past

    def to_come(self) -> str:
        """The same weekday a week later."""
        return (date.fromisoformat(self.iso) + timedelta(days=7)).isoformat()


class Named:
    """Numbers for words or phrases, folded."""

    def __init__(self, numbers: Mapping[str, int], fold: Callable[[str], str]) -> None:
        self.values = {tuple(fold(name).split()): number for name, number in numbers.items()}
        self.firsts = frozenset(key[0] for key in self.values)
        self.longest = max(map(len, self.values), default=0)


class Calendar:
    """The date words of a language, folded."""

    def __init__(self, pack: Pack) -> None:
        language: Language = pack.language
        fold = pack.fold
        self.months = Named(language.months, fold)
        self.hijri = Named(language.hijri_months, fold)
        self.periods = Named(language.month_words, fold)
        self.words = Named(language.date_words, fold)
        self.days = Named(language.day_words, fold)
        self.counted = {tuple(fold(k).split()): v for k, v in language.counted_units.items()}
        self.units = {fold(k): v for k, v in language.unit_words.items()}
        self.numbers = {fold(k): v for k, v in language.number_words.items()}
        self.seasons = {fold(k): v for k, v in language.seasons.items()}
        self.weekdays = {fold(k): v for k, v in language.weekdays.items()}
        self.years = {fold(w) for w in language.year_words}
        self.links = {fold(w) for w in language.day_links}
        self.next = {fold(w) for w in language.next_words}
        self.last = {fold(w) for w in language.last_words}
        self.this = {fold(w) for w in language.this_words}
        self.same = {fold(w) for w in language.same_words}
        self.ago = {fold(w) for w in language.ago_words}
        named = (self.months, self.hijri, self.periods, self.words, self.days)
        firsts = {key[0] for key in self.counted}.union(*(table.firsts for table in named))
        self.signs = frozenset(
            firsts | set(self.weekdays) | set(self.units) | set(self.seasons) | self.ago | self.this | self.last
        )

    def find(self, words: list[Word], first: int, last: int, published: str | None) -> list[When]:
        """All dates in words `[first, last)`, in order."""
        base = day_of(published)
        found: list[When] = []
        k = first
        while k < last:
            word = words[k]
            if word.kind != "number" and self.signs.isdisjoint(word.forms) and word.norm not in self.signs:
                k += 1
                continue
            when = self._islamic(words, k, last, base) or self._absolute(words, k, last, base)
            when = when or self._relative(words, k, last, base)
            if when is not None:
                self._add(found, when, words)
            k = when.last if when is not None else k + 1
        return found

    def _add(self, found: list[When], when: When, words: list[Word]) -> None:
        """«الأربعاء 22 يوليو», «أمس الثلاثاء», a Hijri date with the same day after it: one date, the surer one."""
        before = found[-1] if found else None
        gap = words[before.last : when.first] if before is not None else []
        beside = before is not None and len(gap) <= 3 and all(w.kind != "word" or w.has("current") for w in gap)
        if before is None or not beside or "(" in {w.text for w in words[when.last : when.last + 1]}:
            found.append(when)
        elif before.weekday and when.weekday:
            found[-1] = replace(before, last=when.last)  # يومي السبت والأحد: from the first
        elif len(before.iso) == len(when.iso) == 10 and (
            before.weekday or when.weekday or self._hijri_at(words, before)
        ):
            sure = when if before.weekday or not when.weekday else self._agreed(before, when)
            found[-1] = replace(sure, first=before.first, last=when.last)
        else:
            found.append(when)

    @staticmethod
    def _agreed(said: When, weekday: When) -> When:
        """«أمس الثلاثاء» of an article that came out later in the week is that Tuesday."""
        named = date.fromisoformat(said.iso).weekday() == date.fromisoformat(weekday.iso).weekday()
        return said if named else replace(weekday, weekday=False)

    def _hijri_at(self, words: list[Word], when: When) -> bool:
        return any(self._named(words, k, when.last, self.hijri)[0] is not None for k in range(when.first, when.last))

    def _key(self, word: Word) -> list[str]:
        return [word.norm, *(r.stem for r in word.readings), *(r.bare for r in word.readings)]

    def _is(self, words: list[Word], k: int, last: int, table: set[str]) -> bool:
        return k < last and not table.isdisjoint(self._key(words[k]))

    def _this(self, words: list[Word], k: int, last: int) -> bool:
        """«29 الجاري», not «29 هذا العام»."""
        return self._is(words, k, last, self.this) and not self._is(words, k + 1, last, set(self.units))

    def _named(self, words: list[Word], k: int, last: int, table: Named) -> tuple[int | None, int]:
        """What the table has for the words that begin at k, the longest first, and how many words that are."""
        if k >= last or words[k].kind != "word" or table.firsts.isdisjoint(words[k].forms):
            return None, 1
        starts = [first for first in self._key(words[k]) if first in table.firsts]
        for length in range(min(table.longest, last - k), 0, -1):
            for first in starts:
                key = (first, *(w.norm for w in words[k + 1 : k + length]))
                if key in table.values:
                    return table.values[key], length
        return None, 1

    # -- day, month, year ------------------------------------------------------------------------------------------

    def _day(self, words: list[Word], k: int, last: int) -> tuple[int | None, int]:
        """Day of the month at word k, as a number or an ordinal, and the word after it and its like: 30 و31."""
        if words[k].kind == "number" and words[k].text.isdigit() and 1 <= int(words[k].text) <= 31:
            at = k + 1
            joined = at + 1 < last and words[at].has("coord") and words[at + 1].kind == "number"
            return int(words[k].text), at + 2 * joined
        day, length = self._named(words, k, last, self.days)
        if day is None:
            return None, k
        more, longer = self._named(words, k + length, last, self.days)
        return day, k + length + (longer if more is not None else 0)

    def _absolute(self, words: list[Word], k: int, last: int, base: date | None) -> When | None:
        if (numeric := self._numeric(words, k, last)) is not None:
            return numeric
        day, at = self._day(words, k, last)
        if day is not None and at < last and words[at].norm in self.links:
            at += 1
        month, length = self._named(words, at, last, self.months) if at < last else (None, 1)
        if month is None and day is not None and base is not None and self._this(words, at, last):
            return When(k, at + 1, iso(base.year, base.month, day))  # في 29 الجاري
        if month is None:
            return self._year(words, k) if words[k].kind == "number" else None
        end = at + length
        while end < last:
            again, more = self._named(words, end, last, self.months)
            if words[end].text not in BETWEEN and again != month:
                break
            end += more if again == month else 1
        doubled = end > at + length + 1
        if (
            day is None
            and end < last
            and words[end].text.isdigit()
            and 1 <= int(words[end].text) <= 31
            and words[at].text.isascii()
        ):
            day, end = int(words[end].text), end + 1
            while end < last and words[end].text in ",":
                end += 1
        if end < last and _YEAR.match(words[end].text):
            return When(k, end + 1, iso(int(words[end].text), month, day))
        if (same := self._same_year(words, end, last)) is not None:
            return When(k, same[1], iso(same[0], month, day))
        if base is None:
            return None
        while end > at + 1 and words[end - 1].text in BETWEEN:
            end -= 1
        return self._of_year_near(words, k, end, last, base, month, day, doubled)

    def _of_year_near(
        self, words: list[Word], k: int, end: int, last: int, base: date, month: int, day: int | None, doubled: bool
    ) -> When | None:
        """A month without a year: the one that next or last names, else the one that is near."""
        year, past = base.year, ""
        if self._is(words, end, last, self.next):
            year, end = (year if month > base.month else year + 1), end + 1
        elif self._is(words, end, last, self.last):
            year, end = (year if (month, day or 0) <= (base.month, base.day) else year - 1), end + 1
        elif self._is(words, end, last, self.this):
            end += 1
        elif day is None and not doubled and not self._introduced(words, k):
            return None
        else:
            year -= month - base.month > 6
            past = iso(base.year - 1, month, day) if year == base.year and month > base.month else ""
        return When(k, end, iso(year, month, day), before=past)

    def _introduced(self, words: list[Word], k: int) -> bool:
        """A month alone follows a preposition or «beginning of»: مارس is also «he practised»."""
        before = words[k - 1] if k else None
        held = any(r.prep for r in words[k].readings)
        return held or (before is not None and (before.has("prep") or not self.years.isdisjoint(self._key(before))))

    @staticmethod
    def _numeric(words: list[Word], k: int, last: int) -> When | None:
        """14/7/2015, 2015-07-14"""
        if k + 5 > last or not (words[k + 1].text == words[k + 3].text and words[k + 1].text in STROKES):
            return None
        parts = [words[j].text for j in (k, k + 2, k + 4)]
        if not all(part.isdigit() for part in parts):
            return None
        day, month, year = map(int, parts if _YEAR.match(parts[2]) else parts[::-1])
        fits = 1 <= month <= 12 and 1 <= day <= 31 and 1900 <= year < 2100
        return When(k, k + 5, iso(year, month, day)) if fits else None

    def _same_year(self, words: list[Word], k: int, last: int) -> tuple[int, int] | None:
        """من العام نفسه: the year that the text named last, and the word after."""
        for j in range(k, min(k + 3, last)):
            if self._is(words, j, last, self.same) and j > k:
                years = [w.text for w in words[max(0, k - LOOK_BACK) : k] if _YEAR.match(w.text)]
                return (int(years[-1]), j + 1) if years else None
        return None

    def _year(self, words: list[Word], k: int) -> When | None:
        before = words[k - 1] if k else None
        if _YEAR.match(words[k].text) and before is not None:
            named = not self.years.isdisjoint(self._key(before)) or before.has("prep")
            return When(k, k + 1, str(int(words[k].text))) if named else None
        return None

    def _islamic(self, words: list[Word], k: int, last: int, base: date | None) -> When | None:
        """12 رمضان 1447: by the arithmetic calendar, which may differ from the sighted one by a day."""
        day, at = self._day(words, k, last)
        if day is None or at >= last:
            return None
        at += words[at].norm in self.links
        month, length = self._named(words, at, last, self.hijri) if at < last else (None, 1)
        if month is None:
            return None
        end = at + length
        if end < last and _HIJRI_YEAR.match(words[end].text):
            found, end = islamic(int(words[end].text), month, day), end + 1
        elif base is not None:
            found = islamic(hijri_year(base), month, day)
        else:
            return None
        return When(k, end, found.isoformat()) if found is not None else None

    # -- from the article's date -------------------------------------------------------------------------------------

    def _relative(self, words: list[Word], k: int, last: int, base: date | None) -> When | None:
        if base is None:
            return None
        days, length = self._named(words, k, last, self.words)
        if days is not None:
            return When(k, k + length, (base + timedelta(days=days)).isoformat())
        days, length = self._named(words, k, last, self.periods)
        if days is not None:
            return When(k, k + length, (base + timedelta(days=days)).isoformat()[:7], ahead=days > 0)
        found = (
            self._period(words, k, last, base) or self._season(words, k, last, base) or self._ago(words, k, last, base)
        )
        return found or self._weekday(words, k, last, base)

    def _turn(self, words: list[Word], k: int, last: int) -> tuple[int | None, int, int]:
        """Which of its kind the noun at word k is (-1 last, 0 this, 1 next), and the words that say so."""
        after, before = k + 1, k - 1
        for turn, table in ((1, self.next), (-1, self.last), (0, self.this)):
            if self._is(words, after, last, table):
                return turn, k, after + 1
        for turn, table in ((1, self.next), (-1, self.last), (0, self.this)):
            if before >= 0 and not table.isdisjoint(self._key(words[before])):
                return turn, before, after
        return None, k, k + 1

    def _period(self, words: list[Word], k: int, last: int, base: date) -> When | None:
        """الأسبوع الماضي، هذا الشهر، العام المقبل"""
        at = k + (k + 1 < last and not (self.this | self.last).isdisjoint(self._key(words[k])))
        unit = next((self.units[key] for key in self._key(words[at]) if key in self.units), None)
        if unit is None or not any(r.definite or r.stem == words[at].norm for r in words[at].readings):
            return None
        turn, first, end = self._turn(words, at, last)
        titled = turn == 0 and unit == "year" and first == at and not self._introduced(words, at)
        if turn is None or titled:  # الأمين العام الحالي
            return None
        return When(first, end, shifted(base, unit, turn), ahead=turn > 0)

    def _season(self, words: list[Word], k: int, last: int, base: date) -> When | None:
        """الخريف المقبل: known to the year, as seasons differ between north and south."""
        month = next((self.seasons[key] for key in self._key(words[k]) if key in self.seasons), None)
        if month is None or not words[k].readings or not words[k].readings[0].definite:
            return None
        turn, first, end = self._turn(words, k, last)
        if turn is None and not self._introduced(words, k):
            return None
        year = base.year + (turn == 1 and month <= base.month) - (turn == -1 and month + 3 > base.month)
        return When(first, end, str(year), ahead=turn == 1)

    def _ago(self, words: list[Word], k: int, last: int, base: date) -> When | None:
        """قبل يومين، قبل ثلاثة أشهر; not «قبل يومين من …», which counts from something else."""
        if self.ago.isdisjoint(self._key(words[k])) or k + 1 >= last:
            return None
        at, count = k + 1, 1
        if words[at].text.isdigit():
            at, count = at + 1, int(words[at].text)
        elif (number := next((self.numbers[w] for w in self._key(words[at]) if w in self.numbers), None)) is not None:
            at, count = at + 1, number
        single, length = self._unit(words, at, last)
        plural = count > 1
        if single is None or (plural and single[0] > 1) or not 0 < count < 100:
            return None
        number, unit = single
        if (number == 0) != plural:  # أيام needs a number, يومين has one
            return None
        end = at + length
        if end < last and words[end].norm in self.links:
            return None
        return When(k, end, added(base, unit, -(count if plural else number)))

    def _unit(self, words: list[Word], k: int, last: int) -> tuple[tuple[int, str] | None, int]:
        for length in (2, 1):
            if k + length <= last:
                for first in self._key(words[k]):
                    text = self.counted.get((first, *(w.norm for w in words[k + 1 : k + length])))
                    if text is not None:
                        number, unit = text.split()
                        return (int(number), unit), length
        return None, 1

    def _weekday(self, words: list[Word], k: int, last: int, base: date) -> When | None:
        weekday = next((self.weekdays[key] for key in self._key(words[k]) if key in self.weekdays), None)
        if weekday is None or words[k].kind != "word":
            return None
        turn, _first, end = self._turn(words, k, last)
        if turn == 1:
            return When(k, max(end, k + 2), (base + timedelta(days=(weekday - base.weekday() - 1) % 7 + 1)).isoformat())
        back = (base.weekday() - weekday) % 7
        past = turn == -1
        return When(k, k + 1, (base - timedelta(days=back or 7 * past)).isoformat(), weekday=not past)
