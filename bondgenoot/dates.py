"""Read the day out of what a person types when asked "wanneer doe je dit?", in Dutch as spoken in NL and BE.

Pure dates: whoever calls decides what "today" is (Europe/Brussels). Weeks run from Monday to Sunday. The
words and patterns stand in `dutch_calendar`; here stands what they mean. An unclear day is a `span`: the
caller reads its `day` back and lets the person confirm.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from re import Match

from dateutil.relativedelta import relativedelta

from bondgenoot import dutch_calendar as nl

_LONGEST_TEXT = 1000  # characters; a day stands in the beginning of an answer or nowhere


class DateKind(str, Enum):
    """What the text says about the moment; equal to its plain string."""

    DATE = "date"
    SPAN = "span"
    PAST = "past"
    IMPOSSIBLE = "impossible"
    VAGUE = "vague"
    CONDITIONAL = "conditional"
    RECURRING = "recurring"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DateAnswer:
    """A moment as understood. `day` is set for a date and a span (then: the day to propose), else None.

    `first` and `last` bound a span, both inclusive. None of the three ever lies before today.
    """

    kind: DateKind
    day: date | None = None
    first: date | None = None
    last: date | None = None


_PAST = DateAnswer(DateKind.PAST)
_IMPOSSIBLE = DateAnswer(DateKind.IMPOSSIBLE)
_NONE = DateAnswer(DateKind.NONE)


@dataclass(frozen=True, slots=True)
class _Found:
    """A piece of the text and the moment that it names."""

    start: int
    end: int
    answer: DateAnswer


def understand(text: str, today: date) -> DateAnswer:
    """Say which moment the text names, seen from `today`. Never raises on any text; no clock, no state."""
    typed = nl.canonical(text[:_LONGEST_TEXT])
    try:
        return _corrected(typed, today)
    except (OverflowError, ValueError):  # beyond the years 1 to 9999 that a date can hold
        return _IMPOSSIBLE


# Reading the text: corrections, candidates, choice.


def _corrected(text: str, today: date) -> DateAnswer:
    """Read the text, minding "niet morgen maar woensdag", "morgen, nee, vrijdag", "vandaag lukt niet"."""
    rest = text
    while not_but := nl.NOT_BUT.search(rest):
        rest = not_but["rest"]
    if rest != text and (answer := _read(nl.NEGATED.sub(" ; ", rest), today)).day:
        return answer
    for mark in list(nl.CORRECTION.finditer(text))[:-4:-1]:
        if (answer := _read(text[mark.end() :], today)).day:
            return answer
    text = nl.NEGATED.sub(" ; ", text)
    otherwise = nl.OTHERWISE.search(text)
    if otherwise and (answer := _read(text[: otherwise.start()], today)).day:
        return answer
    return _read(text, today)


def _read(text: str, today: date) -> DateAnswer:
    text = nl.YEAR_PHRASES.sub(lambda m: _with_year(m, today), text).strip(" .!,;?")
    if nl.RECURRING.search(text):
        return DateAnswer(DateKind.RECURRING)
    past = nl.PAST.search(text)
    found = _candidates(nl.PAST.sub(lambda m: "#" * len(m[0]), text), today)
    answers = [f.answer for f in found if f.answer.day]
    if len(found) > 1 and (pair := _pair(found[0], found[1], text)):
        return pair
    if answers:
        later = [a for a in answers if a.day != today]
        return (later or answers)[0]
    if any(f.answer.kind is DateKind.IMPOSSIBLE for f in found):
        return _IMPOSSIBLE
    return _without_day(text, today, past=bool(past or found))


def _with_year(m: Match[str], today: date) -> str:
    year = today.year + ((m["when"] or m["when2"]) == "volgende")
    return f"{m['after'] or m['before']} {year}"


def _candidates(text: str, today: date) -> list[_Found]:
    """Every moment with a day, in order of the text; what one rule has read no later rule reads again."""
    found = []
    for name, rule in _RULES:
        for m in nl.PATTERNS[name].finditer(text):
            if "#" in text[m.start() : m.end()] or (answer := rule(m, today)) is None:
                continue
            start, answer = _moved(text, m, name, answer, today)
            found.append(_Found(start, m.end(), answer))
            text = text[:start] + "#" * (m.end() - start) + text[m.end() :]
    return sorted(found, key=lambda f: f.start)


def _pair(a: _Found, b: _Found, text: str) -> DateAnswer | None:
    """ "maandag of dinsdag", "tussen 3 en 5 december", "van maandag tot woensdag" as one span."""
    between = nl.PAIR.fullmatch(text[a.end : b.start])
    if not between or not a.answer.day or not b.answer.day:
        return None
    if between["to"] == "en" and not text[: a.start].rstrip().endswith("tussen"):
        return None
    a_day, b_day = a.answer.day, b.answer.day
    if between["to"] != "of" and b_day < a_day <= b_day + timedelta(7):  # from Friday to the Monday after it
        b_day += timedelta(7)
    days = sorted((a_day, b_day))
    late = max(days[0], _working_day(days[1], -1))
    return DateAnswer(DateKind.SPAN, days[0] if between["to"] == "of" else late, days[0], days[1])


def _without_day(text: str, today: date, *, past: bool) -> DateAnswer:
    """The kinds that name no day to propose, the most telling first."""
    short = len(text.split()) <= 4
    if nl.VAGUE_STRONG.search(text):
        return DateAnswer(DateKind.VAGUE)
    if nl.CONDITIONAL.search(text):
        return DateAnswer(DateKind.CONDITIONAL)
    if past:
        return _PAST
    if short and nl.SHORT_TODAY.search(text):
        return DateAnswer(DateKind.DATE, today)
    if nl.RECURRING_WEAK.search(text) or (short and nl.SHORT_RECURRING.search(text)):
        return DateAnswer(DateKind.RECURRING)
    if nl.VAGUE.search(text) or (short and nl.SHORT_VAGUE.search(text)):
        return DateAnswer(DateKind.VAGUE)
    return _NONE


# What a moment becomes behind "na", "voor", "de maandag na", "de week van".


def _moved(text: str, m: Match[str], name: str, answer: DateAnswer, today: date) -> tuple[int, DateAnswer]:
    """The start of the whole phrase and its meaning."""
    before = text[: m.start()] + (m.groupdict().get("how") or m.groupdict().get("lead") or "")
    side = nl.SIDE.search(before)
    if not side or name in _FIXED_RULES or not answer.day:
        return m.start(), answer
    first, last = answer.first or answer.day, answer.last or answer.day
    what, preposition, start = side["what"], side["side"], min(side.start(), m.start())
    if m.groupdict().get("part"):
        if m["part"] == "eind" and preposition == "voor":
            answer = _span(today, last, answer.day, today)
        return start, answer
    if what == "week" and preposition in ("na", "van"):
        monday = nl.monday(first) + timedelta(7 * (preposition == "na"))
        return start, _span(monday, monday + timedelta(6), _working_day(monday), today)
    if what in nl.WEEKDAYS and preposition in ("na", "voor"):
        return start, _on(_weekday_beside(nl.WEEKDAYS[what], first, last, preposition), today)
    if what == "dag" and preposition in ("na", "voor"):
        return start, _on(last + timedelta(1) if preposition == "na" else first - timedelta(1), today)
    if preposition == "na":
        first = last + timedelta(1)
        return start, _span(first, first + timedelta(6), _working_day(first), today)
    if preposition == "voor" and not nl.PLANNED_FOR.search(text) and m.groupdict().get("span") != "week":
        last = max(today, first - timedelta(1))
        return start, _span(today, last, _working_day(last, -1), today)
    return m.start(), answer


def _weekday_beside(weekday: int, first: date, last: date, side: str) -> date:
    if side == "na":
        return _coming(weekday, last)
    return first - timedelta((first.weekday() - weekday - 1) % 7 + 1)


# Arithmetic with days.


def _on(day: date, today: date) -> DateAnswer:
    return DateAnswer(DateKind.DATE, day) if day >= today else _PAST


def _span(first: date, last: date, day: date, today: date) -> DateAnswer:
    """A span cut off at today, with its day to propose inside it; past if all of it is."""
    if last < today:
        return _PAST
    first = max(first, today)
    return DateAnswer(DateKind.SPAN, min(max(day, first), last), first, last)


def _coming(weekday: int, today: date) -> date:
    """The first such weekday after today."""
    return today + timedelta((weekday - today.weekday() - 1) % 7 + 1)


def _working_day(day: date, step: int = 1) -> date:
    """The day itself or the nearest working day after it (step 1) or before it (step -1)."""
    while day.weekday() > 4 or day in _public_holidays(day.year):
        day += timedelta(step)
    return day


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(day for name in nl.PUBLIC_HOLIDAYS for day in nl.feast_days(name, year))


def _number(word: str | None) -> int:
    return int(word) if word and word.isdecimal() else 1


def _plus(day: date, count: int, unit: str, half: bool = False) -> date:
    """The day moved on by a number of units; `half` adds half a unit."""
    if unit.startswith("werkdag"):
        for _ in range(count):
            day = _working_day(day + timedelta(1))
        return day
    if unit.startswith(("dag", "we")):
        return day + timedelta(count + half if unit.startswith("dag") else 7 * count + 4 * half)
    months = 1 if unit == "maand" else 3 if unit == "kwartaal" else 12
    try:
        rest = relativedelta(days=14) if months == 1 else relativedelta(months=months // 2)
        return day + relativedelta(months=months * count) + rest * half
    except ValueError as error:
        raise OverflowError from error


def _year(typed: str | None) -> int | None:
    if not typed:
        return None
    digits = int(typed.strip("'"))
    return digits + 2000 if digits < 100 else digits


def _calendar_day(day: int, month: int, year: int | None, today: date) -> DateAnswer:
    """That day; without a year the next one. Impossible if the calendar has no such day."""
    if year is None:
        year = today.year + ((month, day) < (today.month, today.day))
    try:
        return _on(date(year, month, day), today)
    except ValueError:
        return _IMPOSSIBLE


def _agreeing(answer: DateAnswer, weekday: str | None, today: date) -> DateAnswer:
    """The answer if it falls on the weekday that stands beside it; else both days, to be confirmed."""
    if not weekday or not answer.day or answer.day.weekday() == nl.WEEKDAYS[weekday]:
        return answer
    other = _coming(nl.WEEKDAYS[weekday], today)
    return DateAnswer(DateKind.SPAN, answer.day, min(other, answer.day), max(other, answer.day))


# Stretches of time.


def _shown(first: date, months: int) -> tuple[date, date]:
    return first, first + relativedelta(months=months) - timedelta(1)


def _periods(m: Match[str], today: date) -> Iterator[tuple[date, date]]:
    """First and last day of the period meant, then of the next one if the text leaves it open."""
    for first, last in _all_periods(m, today):
        if last >= today or m["year"] or m["season_year"] or m["whole_year"]:
            yield first, last


def _all_periods(m: Match[str], today: date) -> Iterator[tuple[date, date]]:
    which = m["which"] or (m.groupdict().get("det") or "").strip()
    if m["whole_year"]:
        yield _shown(date(int(m["whole_year"]), 1, 1), 12)
    elif m["month"]:
        for year in [_year(m["year"])] if m["year"] else [today.year, today.year + 1]:
            yield _shown(date(year or today.year, nl.ANY_MONTH[m["month"].strip(".")], 1), 1)
    elif m["season"]:
        month, length = nl.SEASONS[m["season"]]
        for year in [_year(m["season_year"])] if m["season_year"] else range(today.year - 1, today.year + 2):
            yield _shown(date(year or today.year, month, 1), length)
    elif m["week"]:
        for year in (today.year, today.year + 1):
            if (monday := _iso_monday(year, int(m["week"]))) is not None:
                yield monday, monday + timedelta(6)
    else:
        this_weekend = m["span"] == "weekend" and today.weekday() < 5
        shift = int(which == "volgende" or (which == "komende" and not this_weekend))
        yield _unit_period(m["span"], shift, today)
        if which in ("", "de", "het"):
            yield _unit_period(m["span"], 1, today)


def _iso_monday(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def _unit_period(unit: str, shift: int, today: date) -> tuple[date, date]:
    monday = nl.monday(today) + timedelta(7 * shift)
    if unit == "week":
        return monday, monday + timedelta(6)
    if unit == "weekend":
        return monday + timedelta(5), monday + timedelta(6)
    months = {"maand": 1, "kwartaal": 3, "jaar": 12}[unit]
    start = date(today.year, (today.month - 1) // months * months + 1, 1)
    return _shown(start + relativedelta(months=months * shift), months)


def _part_of(first: date, last: date, part: str) -> tuple[date, date, date]:
    """First day, last day and day to propose of the beginning, middle or end of a period."""
    length = (last - first).days + 1
    head, tail, around = (2, 4, 1) if length <= 7 else (10, 10, 5) if length <= 31 else (31, 31, 15)  # days
    if part == "begin":
        return first, first + timedelta(head - 1), _working_day(first)
    if part == "eind":
        return last - timedelta(tail - 1), last, _working_day(last, -1)
    middle = first + timedelta(2) if length <= 7 else (first + timedelta(length // 2)).replace(day=15)
    return middle - timedelta(around), middle + timedelta(around), middle


# The rules: what each pattern of the table means. None: no moment after all.


def _explicit(m: Match[str], today: date) -> DateAnswer | None:
    groups = m.groupdict()
    month = nl.ANY_MONTH.get(m["month"].strip(".")) or int(m["month"])
    answer = _calendar_day(int(m["day"]), month, _year(groups.get("year")), today)
    return _agreeing(answer, groups.get("weekday"), today)


def _short_numeric(m: Match[str], today: date) -> DateAnswer | None:
    """ "3/12" nearly always; "3.12" and "3-12" only where a date is expected."""
    before, day, month = m.string[: m.start()], int(m["day"]), int(m["month"])
    led = m["weekday"] or nl.DATE_LEAD.search(before)
    unlikely = m["sep"] != "/" or month == 0 or (day, month) == (24, 7)
    if (unlikely and not led) or m[0] == "24/7" == m.string or (month > 12 and (day > 31 or m["sep"] != "/")):
        return None
    return None if nl.NOT_A_DATE_BEFORE.search(before) else _explicit(m, today)


def _day_range(m: Match[str], today: date) -> DateAnswer | None:
    high = _explicit(m, today)
    low = _calendar_day(int(m["low"]), nl.ANY_MONTH[m["month"].strip(".")], _year(m["year"]), today)
    if not high or not high.day or not low.day:
        return high if not high or not high.day else low if low.kind is DateKind.IMPOSSIBLE else high
    first, last = sorted((low.day, high.day))
    return _span(first, last, first if " of " in m[0] else _working_day(last, -1), today)


def _nth(m: Match[str], today: date) -> DateAnswer | None:
    last_one, n, what = m["nth"] == "laatste", 0 if m["nth"] == "laatste" else int(m["nth"][0]) - 1, m["what"]
    for first, last in _periods(m, today):
        if what == "week":
            start = last - timedelta(6) if last_one else first + timedelta(7 * n)
            answer = _span(start, start + timedelta(6), _working_day(start), today)
        elif what in nl.WEEKDAYS:
            wanted = nl.WEEKDAYS[what]
            forward = first + timedelta((wanted - first.weekday()) % 7 + 7 * n)
            day = last - timedelta((last.weekday() - wanted) % 7) if last_one else forward
            answer = _on(day, today) if day <= last else _IMPOSSIBLE
        elif what == "dag":
            answer = _on(last if last_one else first + timedelta(n), today)
        else:
            answer = _on(_working_day(last, -1) if last_one else _plus(_working_day(first), n, what), today)
        if answer.kind is not DateKind.PAST:
            return answer
    return _PAST


def _feast(m: Match[str], today: date) -> DateAnswer | None:
    for year in range(today.year - 1, today.year + 2):
        days = nl.feast_days(m["feast"], year)
        if days[-1] >= today:
            day = _working_day(days[0]) if m["feast"] in nl.SCHOOL_HOLIDAYS else days[0]
            return _on(day, today) if len(days) == 1 else _span(days[0], days[-1], day, today)
    return None


def _near_day(word: str, today: date) -> date:
    ahead = {"vandaag": 0, "morgen": 1, "overmorgen": 2}
    return today + timedelta(ahead[word]) if word in ahead else _coming(nl.WEEKDAYS[word], today)


def _day_plus(m: Match[str], today: date) -> DateAnswer | None:
    """ "vrijdag over 14 dagen"; "over acht dagen" behind a day is a week, as people count."""
    count = _number(m["count"])
    if m["unit"] == "dag" and count in (8, 15):
        count -= 1
    day = _plus(_near_day(m["base"], today), count, m["unit"], m["count"].startswith("anderhal"))
    if m["base"] in nl.WEEKDAYS and m["unit"] in ("maand", "kwartaal", "jaar", "jare"):
        day = _coming(nl.WEEKDAYS[m["base"]], day - timedelta(1))
    return _on(day, today)


def _day_in_week(m: Match[str], today: date) -> DateAnswer | None:
    weekday, words = nl.WEEKDAYS[m["weekday"]], m["week"].split()
    if words[0] == "komende":
        return _on(_coming(weekday, today), today)
    monday: date | None = nl.monday(today)
    if words[0] == "volgende":
        monday = nl.monday(today) + timedelta(7)
    elif words[0] in ("over", "binnen"):
        monday = nl.monday(_plus(today, _number(words[1]), "week"))
    elif words[0] == "week":
        mondays = [_iso_monday(year, int(words[1])) for year in (today.year, today.year + 1)]
        monday = next((d for d in mondays if d and d + timedelta(weekday) >= today), None)
    return _on(monday + timedelta(weekday), today) if monday else _IMPOSSIBLE


def _amount(m: Match[str], today: date) -> DateAnswer | None:
    unit = m["unit"]
    if m["few"]:
        return _span(_plus(today, 2, unit), _plus(today, 4, unit), _plus(today, 3, unit), today)
    if m["high"]:
        low, high = sorted((_plus(today, _number(m["low"]), unit), _plus(today, int(m["high"]), unit)))
        return _span(low, high, high, today)
    if m["half"]:
        return _on(_plus(today, 0, unit, half=True), today)
    return _on(_plus(today, _number(m["count"]), unit, m["count"].startswith("anderhal")), today)


def _unit_or(m: Match[str], today: date) -> DateAnswer | None:
    high = max(1, int(m["high"]))
    last = _plus(today, high, m["unit"])
    return _span(_plus(today, high - 1, m["unit"]), last, last, today)


def _within(m: Match[str], today: date) -> DateAnswer | None:
    last = _plus(today, 1, m["unit"])
    return _span(today, last, last, today)


def _part(m: Match[str], today: date) -> DateAnswer | None:
    if m["span"] and not m["which"] and m["part"] != "eind":  # "half jaar", "ik begin week"
        return None
    for first, last in _periods(m, today):
        begin, end, day = _part_of(first, last, m["part"])
        if end >= today:
            return _span(begin, end, day, today)
    return _PAST


def _ordinal(m: Match[str], today: date) -> DateAnswer | None:
    """ "de 26ste", "tegen de 20ste", "dinsdag de 8e", but not "de eerste van het team"."""
    alone, how, day = m[0] == m.string, m["how"], int(m["day"])
    if not m["weekday"] and not alone:
        led = how.replace("de ", "") or m.string[: m.start()].strip() in ("zo", "ongeveer")
        if not (led and (m["e"] or "de " in how)) and not (m["e"] and how and day > 3):
            return None
    if alone and not how and not m["e"] and not m["weekday"]:
        return None
    return _agreeing(_day_of_month(day, today), m["weekday"], today)


def _day_of_month(day: int, today: date, months: tuple[int, ...] = tuple(range(13))) -> DateAnswer:
    """The first such day, not before today, in the months this far ahead."""
    for ahead in months:
        first = today.replace(day=1) + relativedelta(months=ahead)
        if 1 <= day <= (_shown(first, 1)[1]).day and first.replace(day=day) >= today:
            return _on(first.replace(day=day), today)
    return _PAST if day in range(1, today.day) else _IMPOSSIBLE


def _ordinal_month(m: Match[str], today: date) -> DateAnswer | None:
    months = {"deze": (0,), "volgende": (1,), "komende": (1,)}.get(m["which"], tuple(range(13)))
    return _day_of_month(int(m["day"]), today, months)


def _weekday(m: Match[str], today: date) -> DateAnswer | None:
    """ "volgende vrijdag" while this Friday is still to come: next week's, to be confirmed."""
    if m["near"]:
        return _agreeing(_on(_near_day(m["near"], today), today), m["weekday"], today)
    coming = _coming(nl.WEEKDAYS[m["weekday"]], today)
    if m["which"] == "volgende" and nl.monday(coming) == nl.monday(today):
        return _span(coming, coming + timedelta(7), coming + timedelta(7), today)
    if m["which"] == "deze" and coming - today == timedelta(7):
        return _on(today, today)
    return _on(coming, today)


def _period(m: Match[str], today: date) -> DateAnswer | None:
    which = m["which"] or (m["det"] or "").strip()
    pointed = which in ("deze", "volgende", "komende")
    if m["span"] and not pointed and not (m["span"] == "weekend" and (which or m["lead"] or m[0] == m.string)):
        return None
    if not m["span"] and not m["week"] and not m["lead"] and not pointed and m[0] != m.string:
        return None
    if m["month"] and m["month"].strip(".") not in nl.MONTHS and m["lead"] not in ("in ", "tegen ", "vanaf "):
        return None
    first, last = next(_periods(m, today), (None, None))
    if not first or not last:
        return _IMPOSSIBLE
    day = _working_day(last, -1) if first <= today else _working_day(first)
    return _span(first, last, first if m["span"] == "weekend" else day, today)


def _coming_days(_: Match[str], today: date) -> DateAnswer | None:
    return _span(today + timedelta(1), today + timedelta(5), today + timedelta(3), today)


_FIXED_RULES = {"near", "day_plus", "amount", "unit_or", "within_unit", "days"}  # "voor morgen" is tomorrow
_RULES: tuple[tuple[str, Callable[[Match[str], date], DateAnswer | None]], ...] = (
    ("iso", _explicit),
    ("full_numeric", _explicit),
    ("day_range", _day_range),
    ("named_month", _explicit),
    ("month_first", _explicit),
    ("short_numeric", _short_numeric),
    ("nth", _nth),
    ("feast", _feast),
    ("day_plus", _day_plus),
    ("week_day", _day_in_week),
    ("day_week", _day_in_week),
    ("unit_or", _unit_or),
    ("amount", _amount),
    ("within_unit", _within),
    ("part", _part),
    ("ordinal_month", _ordinal_month),
    ("ordinal", _ordinal),
    ("next_working_day", lambda m, today: _on(_working_day(today + timedelta(1)), today)),
    ("days", _coming_days),
    ("weekday", _weekday),
    ("near", lambda m, today: _on(_near_day(m["near"], today), today)),
    ("period", _period),
)
