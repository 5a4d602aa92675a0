"""Arithmetic of dates: ISO strings of any precision, shifts by weeks, months and years, the Islamic calendar."""

from __future__ import annotations

from datetime import date, timedelta

LUNAR_YEAR = 354.367  # mean days of an Islamic year
HIJRA = 227015  # ordinal of 1 Muharram 1


def day_of(text: str | None) -> date | None:
    """The day that an ISO string names; None for anything less fine."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def iso(year: int, month: int, day: int | None) -> str:
    """YYYY-MM-DD, or YYYY-MM where the day is unknown or does not exist."""
    if day is not None:
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return f"{year:04d}-{month:02d}"
    return f"{year:04d}-{month:02d}"


def shifted(base: date, unit: str, turn: int) -> str:
    """The week (as its month), month or year that is `turn` of its kind away: last week, this month, next year."""
    if unit == "week":
        return (base + timedelta(days=7 * turn)).isoformat()[:7]
    return added(base, unit, turn)


def added(base: date, unit: str, count: int) -> str:
    """The day, month or year that lies `count` units away, as fine as the unit allows; weeks are known to the month."""
    if unit == "day":
        return (base + timedelta(days=count)).isoformat()
    if unit == "week":
        return (base + timedelta(days=7 * count)).isoformat()[:7]
    if unit == "month":
        months = base.year * 12 + base.month - 1 + count
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    return f"{base.year + count:04d}"


def islamic(year: int, month: int, day: int) -> date | None:
    """The day of the arithmetic Islamic calendar, of which 11 in 30 years are leap years; None when there is none."""
    if not (1 <= month <= 12 and 1 <= day <= 30):
        return None
    months = 29 * (month - 1) + (6 * month - 1) // 11
    return date.fromordinal(HIJRA - 1 + day + months + (year - 1) * 354 + (3 + 11 * year) // 30)


def hijri_year(day: date) -> int:
    """The Islamic year in which a day lies, near enough for dates that lie months away from a turn of the year."""
    return int((day.toordinal() - HIJRA) / LUNAR_YEAR) + 1
