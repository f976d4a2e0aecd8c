"""Dates as Wikibase stores them: are they possible, do they say the same, which days can they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from treatygraph.errors import InputError
from treatygraph.exchange.model import ENTITY_BASE, GREGORIAN, JULIAN, PRECISIONS, Time

CALENDARS: Final = {"gregorian": GREGORIAN, "julian": JULIAN}
Relation = Literal["same", "finer", "coarser", "different"]

_STAMP = re.compile(r"([+-])(\d{1,16})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", re.ASCII)
_DATE = re.compile(r"(-?)(\d{1,16})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_ENTITY_URI = re.compile(re.escape(ENTITY_BASE) + r"(Q[1-9]\d*)", re.ASCII)
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CALENDAR_REFORM = 2299161  # Julian day number of 15 October 1582


def time_from_text(text: str, precision: str | int = 11, calendar: str = "gregorian") -> Time:
    """A Time from "1939-10-10", "1939-10", "1939" or "-0044-03-15".

    `precision` is a number 0-11 or a word of `model.PRECISIONS`; `calendar` "gregorian", "julian" or an item
    id. Raises InputError when a part cannot be read; whether the date is possible is `problems_of`'s matter.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise InputError(
            f"{text!r} is not a date", hint="write it as 1939, 1939-10 or 1939-10-10, a leading - for BCE"
        )
    if isinstance(precision, str):
        if precision not in PRECISIONS:
            raise InputError(
                f"{precision!r} is no precision of a date", hint="use one of: " + ", ".join(PRECISIONS)
            )
        precision = PRECISIONS[precision]
    sign, year, month, day = match.groups()
    return Time(
        int(year) * (-1 if sign else 1),
        int(month or 0),
        int(day or 0),
        precision,
        CALENDARS.get(calendar, calendar),
    )


def time_from_json(value: Mapping[str, object]) -> Time:
    """A Time from a Wikibase time value; raises InputError naming the part that cannot be read."""
    stamp, precision, model = value.get("time"), value.get("precision"), value.get("calendarmodel")
    match = _STAMP.fullmatch(stamp) if isinstance(stamp, str) else None
    if match is None:
        raise InputError(f"{stamp!r} is not a Wikibase time", hint="it looks like +1939-10-10T00:00:00Z")
    if not isinstance(precision, int) or isinstance(precision, bool):
        raise InputError(f"the precision of {stamp} is {precision!r} instead of a number 0-11")
    calendar = _ENTITY_URI.fullmatch(model) if isinstance(model, str) else None
    if calendar is None:
        raise InputError(
            f"the calendar of {stamp} is {model!r}", hint=f"it must be an item under {ENTITY_BASE}"
        )
    sign, year, month, day, *clock = match.groups()
    if clock != ["00", "00", "00"]:
        raise InputError(f"{stamp} has a time of day; Wikibase keeps days only")
    extra = [value.get(name, 0) for name in ("before", "after", "timezone")]
    if not all(isinstance(number, int) for number in extra):
        raise InputError(f"before, after and timezone of {stamp} must be whole numbers")
    before, after, timezone = (int(str(number)) for number in extra)
    return Time(
        int(year) * (-1 if sign == "-" else 1),
        int(month),
        int(day),
        precision,
        calendar[1],
        before,
        after,
        timezone,
    )


def stamp_problems(value: Mapping[str, object]) -> list[str]:
    """What is wrong with a raw Wikibase time value, the year's digits included; empty when nothing is."""
    stamp = value.get("time")
    match = _STAMP.fullmatch(stamp) if isinstance(stamp, str) else None
    found = []
    if match and len(match[2]) < 4:
        found.append(
            f"the year of {stamp} has fewer than four digits, so {match[2]} would mean the year {match[2]}"
        )
    try:
        return found + problems_of(time_from_json(value))
    except InputError as error:
        return [*found, error.message]


def problems_of(time: Time) -> list[str]:
    """Why this date cannot be stored or would not be true; empty when it can."""
    if (
        time.precision == 11
        and 0 < time.day <= 28
        and 0 < time.month <= 12
        and 0 < time.year < 10**16
        and time.calendar in (GREGORIAN, JULIAN)
        and time.before >= 0 <= time.after
    ):
        return []  # a day that every month has, as most are
    if not 0 <= time.precision <= 11:
        return [f"precision {time.precision} is not among 0 (billion years) to 11 (day)"]
    if time.calendar not in (GREGORIAN, JULIAN):
        return [f"calendar {time.calendar} is neither Gregorian ({GREGORIAN}) nor Julian ({JULIAN})"]
    if time.year == 0:
        return ["there is no year 0: the year before 1 CE is 1 BCE (-1)"]
    if abs(time.year) >= 10**16:
        return ["the year has more than 16 digits"]
    if time.precision >= 10 and not time.month:
        return [f"precision {time.precision} needs a month"]
    if time.precision == 11 and not time.day:
        return ["precision 11 needs a day"]
    if time.day and not time.month:
        return ["a day without a month"]
    if time.month > 12:
        return [f"there is no month {time.month}"]
    if time.day and time.day > month_days(time.year, time.month, time.calendar):
        name = "Julian" if time.calendar == JULIAN else "Gregorian"
        return [f"{time.date()} does not exist in the {name} calendar"]
    if time.before < 0 or time.after < 0:
        return ["before and after must not be negative"]
    return []


def overstated(time: Time) -> bool:
    """Whether the date has a month or day that its precision says is not known (01-01 is a filler)."""
    if time.precision <= 9:
        return (time.month, time.day) not in ((0, 0), (1, 0), (1, 1))
    return time.precision == 10 and time.day > 1


def month_days(year: int, month: int, calendar: str = GREGORIAN) -> int:
    """How many days the month has; `year` in historical numbering."""
    if month != 2:
        return _MONTH_DAYS[month - 1]
    astronomical = year + 1 if year < 0 else year
    leap = astronomical % 4 == 0
    if leap and calendar != JULIAN and astronomical % 100 == 0:
        leap = astronomical % 400 == 0
    return 29 if leap else 28


def day_number(time: Time) -> int:
    """The Julian day number of a day-precise date in its own calendar."""
    year = time.year + 1 if time.year < 0 else time.year
    shift = (14 - time.month) // 12
    years = year + 4800 - shift
    months = time.month + 12 * shift - 3
    days = time.day + (153 * months + 2) // 5 + 365 * years + years // 4
    return days - 32083 if time.calendar == JULIAN else days - years // 100 + years // 400 - 32045


def date_of_day(number: int, calendar: str = GREGORIAN) -> tuple[int, int, int]:
    """Year (historical numbering), month and day of a Julian day number in a calendar."""
    if calendar == JULIAN:
        centuries, rest = 0, number + 32082
    else:
        shifted = number + 32044
        centuries = (4 * shifted + 3) // 146097
        rest = shifted - 146097 * centuries // 4
    years = (4 * rest + 3) // 1461
    days = rest - 1461 * years // 4
    months = (5 * days + 2) // 153
    year = 100 * centuries + years - 4800 + months // 10
    return (
        year if year > 0 else year - 1,
        months + 3 - 12 * (months // 10),
        days - (153 * months + 2) // 5 + 1,
    )


def before_reform(time: Time) -> bool:
    """Whether a day-precise Gregorian date lies before 15 October 1582, when that calendar began."""
    return (
        time.precision == 11
        and time.calendar == GREGORIAN
        and time.year <= 1582
        and day_number(time) < _CALENDAR_REFORM
    )


def key(time: Time) -> tuple[int, ...]:
    """What the date says, to compare by: the digits its precision covers, a day in any calendar."""
    if time.precision == 11 and not problems_of(time):
        return (11, day_number(time))
    if time.precision >= 10:
        return (time.precision, time.year, time.month, *((time.day,) if time.precision > 10 else ()))
    return (time.precision, *_period(time.year, time.precision))


def _period(year: int, precision: int) -> tuple[int, ...]:
    span = 10 ** (9 - precision)
    sign, size = (-1 if year < 0 else 1), abs(year)
    # Centuries and millennia end with the round year, decades and geological spans start with it.
    number = (size - 1) // span if precision in (6, 7) else size // span
    return (sign, number)


def same_time(one: Time, other: Time) -> bool:
    """Whether two stored dates say the same."""
    return key(one) == key(other)


def relation(ours: Time, theirs: Time) -> Relation:
    """How our date stands to theirs: the same, finer and within it, coarser and around it, or different."""
    if same_time(ours, theirs):
        return "same"
    if ours.precision > theirs.precision and key(_coarsened(ours, theirs)) == key(theirs):
        return "finer"
    if ours.precision < theirs.precision and key(_coarsened(theirs, ours)) == key(ours):
        return "coarser"
    return "different"


def _coarsened(fine: Time, coarse: Time) -> Time:
    year, month, day = fine.year, fine.month, fine.day
    if fine.precision == 11 and fine.calendar != coarse.calendar and not problems_of(fine):
        year, month, day = date_of_day(day_number(fine), coarse.calendar)
    return Time(year, month, day, coarse.precision, coarse.calendar)


def is_after(time: Time, day: date) -> bool:
    """Whether every day the date can mean lies after `day` (proleptic Gregorian)."""
    if time.precision == 11 and not problems_of(time):
        return day_number(time) > day_number(Time(day.year, day.month, day.day))
    if time.precision == 10:
        return (time.year, time.month) > (day.year, day.month)
    return _period(time.year, min(time.precision, 9)) > _period(day.year, min(time.precision, 9))
