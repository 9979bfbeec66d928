"""Read the time of day out of what a person types: "liever 's middags", "vrijdag om tien uur", "om half drie"."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from bondgenoot import dutch_calendar
from bondgenoot.content import CONTENT, once_a_publication
from bondgenoot.settings import Settings

HALF_DAY = 12
# 'Savonds' makes an afternoon or evening hour of these, 'smiddags' of those before the last.
EVENING_HOURS, AFTERNOON_UNTIL = range(5, HALF_DAY), 7
# Without a part of the day an hour before this one is after noon, unless people work then.
NOBODY_UP_BEFORE = 6
# A part of the day in a clause of its own has at most this many words: 'ten achten, des avonds'.
PART_WORDS = 4
# An hour stands in the beginning of an answer or nowhere; characters.
LONGEST_TEXT = 1000
# Behind a dot more than this is no month: '13.30' is a time, '3.12' a day.
MONTHS = 12


@dataclass(frozen=True, slots=True)
class _Words:
    """What content/times_of_day.yml holds, as patterns. `clock` reads an hour in several ways, surest first."""

    parts: tuple[tuple[re.Pattern[str], datetime.time], ...]
    hours: dict[str, int]
    clock: tuple[re.Pattern[str], ...]
    negated: re.Pattern[str]
    shown: str


def understand(text: str, settings: Settings) -> datetime.time | None:
    """The time of day that `text` names, in whole minutes; None when it names none.

    A bare "om drie uur" is in the afternoon when three in the morning lies outside working hours and 15:00 does not.
    A clock time goes before a part of the day. Outside working hours it becomes the first or last full hour in them.
    """
    words = _words()
    plain = words.negated.sub(" ", _plain(text))
    times = (_clock_time(match, words, settings) for pattern in words.clock for match in pattern.finditer(plain))
    found = next((time for time in times if time is not None), None)
    part = next((time for pattern, time in words.parts if pattern.search(plain)), None)
    if found is None:
        found = part
    elif part is not None and part.hour > HALF_DAY > found.hour:
        found = found.replace(hour=found.hour + HALF_DAY)
    return None if found is None else _within(found, settings)


def clock_time(text: str, settings: Settings, *, beside_day: bool = False) -> datetime.time | None:
    """The exact hour that people say of what they will do: 'woensdag om 13u', 'ten achten savonds'.

    Not moved into working hours. A bare "om drie uur" is in the afternoon. A length ("een uur samen zitten"), a border
    ("na tien uur") and two different hours are no exact hour.

    Args:
        text: As typed.
        settings: For the working hours.
        beside_day: Only an hour in a clause that names a day, as in a long story.
    """
    words = _said()
    said = [_plain(clause).strip(" .:/-") for clause in clauses(text)]
    found: list[tuple[int, datetime.time]] = []
    for number, clause in enumerate(said):
        if beside_day and not words.day.search(clause):
            continue
        beside = [c for c in said[max(number - 1, 0) : number + 2] if c == clause or len(c.split()) <= PART_WORDS]
        for match in words.in_clause(clause):
            time = _said_time(match, words, settings, " / ".join(beside))
            if time is not None:
                found.append((number, time))
    if len({time for _, time in found}) > 1 and not any(
        words.corrected.search(clause) for clause in said[found[0][0] : found[-1][0] + 1]
    ):
        return None
    return found[-1][1] if found else None


def clauses(text: str) -> list[str]:
    """The clauses of a text in which an hour is looked for, as they were typed."""
    return [clause for clause in _CLAUSE.split(text[:LONGEST_TEXT]) if _plain(clause).strip(" .:/-")]


def shown(time: datetime.time) -> str:
    """A time as people read it: '10.00 uur'."""
    return _words().shown.format(hour=time.hour, minute=f"{time.minute:02}")


def _clock_time(match: re.Match[str], words: _Words, settings: Settings) -> datetime.time | None:
    found = match.groupdict()
    hour = int(found["hour"]) if found["hour"].isdigit() else words.hours[found["hour"]]
    minute = int(found.get("minute") or 0)
    if found.get("half"):
        hour, minute = hour - 1, 30
    elif found.get("before"):
        hour, minute = hour - 1, 45
    elif found.get("after"):
        minute = 15
    if not 0 <= hour <= 24 or minute > 59:
        return None
    time = datetime.time(hour % 24, minute)
    if time.hour < HALF_DAY and time < settings.workday_start:
        later = time.replace(hour=time.hour + HALF_DAY)
        return later if settings.workday_start <= later < settings.workday_end else time
    return time


_CLAUSE = re.compile(r"[,;!?()\n…\"“”„]+|\.(?=\s|$)|\s[-–—]\s|:(?=\s)")


@dataclass(frozen=True, slots=True)
class _Said:
    """The patterns of an exact hour, surest first, and the words around it that say what it is."""

    patterns: tuple[re.Pattern[str], ...]
    hours: dict[str, int]
    minutes: dict[str, int]
    no_clock_before: frozenset[str]
    day: re.Pattern[str]
    morning: re.Pattern[str]
    afternoon: re.Pattern[str]
    evening: re.Pattern[str]
    corrected: re.Pattern[str]

    def in_clause(self, clause: str) -> list[re.Match[str]]:
        """The hours in a clause in their order, each read once."""
        found: list[re.Match[str]] = []
        for match in (match for pattern in self.patterns for match in pattern.finditer(clause)):
            before = clause[: match.start()].split()[-1:]
            if set(before) & self.no_clock_before:
                continue
            if all(match.end() <= other.start() or other.end() <= match.start() for other in found):
                found.append(match)
        return sorted(found, key=re.Match.start)


def _said_time(match: re.Match[str], words: _Said, settings: Settings, around: str) -> datetime.time | None:
    said = match.groupdict()
    hour = int(said["hour"]) if said["hour"].isdigit() else words.hours[said["hour"]]
    minute = int(said.get("minute") or 0)
    if said.get("dot") and not said.get("named") and 0 < minute <= MONTHS:
        return None
    if said.get("half"):
        hour, minute = hour - 1, 30
    if beside := said.get("beside"):
        moved = 15 if said.get("quarter") else words.minutes.get(beside) or int(beside)
        total = hour * 60 + minute + (moved if said.get("after") else -moved)
        hour, minute = divmod(total, 60)
    if not 0 <= hour < 2 * HALF_DAY or not 0 <= minute < 60:
        return None
    time = datetime.time(hour, minute)
    if hour >= HALF_DAY:
        return time.replace(hour=0) if said.get("half_day") == "a" and hour == HALF_DAY else time
    if said.get("half_day"):
        return time.replace(hour=hour + HALF_DAY) if said["half_day"] == "p" else time
    later = time.replace(hour=hour + HALF_DAY)
    if words.morning.search(around) or said["hour"].startswith("0"):
        return time
    if words.evening.search(around) and hour in EVENING_HOURS:
        return later
    if words.afternoon.search(around) and hour < AFTERNOON_UNTIL:
        return later
    works_later = settings.workday_start <= later < settings.workday_end
    return later if time < settings.workday_start and (works_later or hour < NOBODY_UP_BEFORE) else time


def _within(time: datetime.time, settings: Settings) -> datetime.time:
    if time < settings.workday_start:
        return settings.workday_start
    if time < settings.workday_end:
        return time
    end = settings.workday_end
    return max(datetime.time(end.hour if end.minute else end.hour - 1), settings.workday_start)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("‘", "'"))
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^a-z0-9'.:/-]+", " ", kept).split())


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(map(_plain, words), key=len, reverse=True)))


@once_a_publication
def _words() -> _Words:
    data = yaml.safe_load((CONTENT / "times_of_day.yml").read_text(encoding="utf-8"))
    parts = [(_plain(phrase), time) for time, phrases in data["parts"].items() for phrase in phrases]
    parts.sort(key=lambda part: len(part[0]), reverse=True)
    hours = {_plain(word): number for word, number in data["hours"].items()}
    hour = rf"(?P<hour>[0-9]{{1,2}}|{_any(hours)})"
    oclock, at = _any(data["oclock"]), _any(data["at"])
    half, quarter, before, after = (_any(data[name]) for name in ("half", "quarter", "before", "after"))
    side = rf"(?P<half>{half})|{quarter} (?:(?P<before>{before})|(?P<after>{after}))"
    # An hour needs a word before or behind it: in "twee collega's" and "3 december" there is none.
    clock = (
        rf"\b(?:{side}) {hour}\b",
        rf"(?<![0-9.:/-])\b{hour}[:.](?P<minute>[0-9]{{2}})(?![0-9./-])",
        rf"(?<![0-9.:/-])\b{hour} ?(?:{oclock}) ?(?P<minute>[0-9]{{2}})?\b",
        rf"\b(?:{at}) {hour}\b(?![.:/-]?[0-9])",
    )
    return _Words(
        parts=tuple(
            (re.compile(rf"(?<![a-z0-9]){re.escape(phrase)}(?![a-z0-9])"), datetime.time.fromisoformat(time))
            for phrase, time in parts
        ),
        hours=hours,
        clock=tuple(map(re.compile, clock)),
        negated=re.compile(rf"\b(?:{_any(data['not'])}) {hour}(?: (?:{oclock})\b)?"),
        shown=data["shown"],
    )


@once_a_publication
def _said() -> _Said:
    data = yaml.safe_load((CONTENT / "times_of_day.yml").read_text(encoding="utf-8"))
    said = data["said"]
    hours = {_plain(word): number for word, number in (data["hours"] | said["hours"]).items()}
    minutes = {_plain(word): number for word, number in said["minutes"].items()}
    hour = rf"(?<![0-9.:/-])(?P<hour>[0-9]{{1,2}}|{_any(hours)})"
    at, oclock, quarter = _any(said["at"]), _any(data["oclock"]), _any(data["quarter"])
    months, weekdays = _any(dutch_calendar.ANY_MONTH), _any(dutch_calendar.WEEKDAYS)
    part = "|".join(_starred(word) for key in ("evening", "afternoon", "morning") for word in said[key])
    short = _any(word for word in dutch_calendar.WEEKDAY_ABBREVIATIONS if word != "zo")
    day = (
        rf"(?:(?:{weekdays})[a-z]*|overmorgen|(?<!'s )(?<!s )morgen|vandaag|(?:{short})"
        rf"|[0-9]{{1,2}} (?:{months})(?: [0-9]{{4}})?|(?:{weekdays})(?: [0-9]{{1,2}}))"
    )
    half_over = (
        rf"(?:(?:(?P<beside>(?P<quarter>{quarter})|{_any(minutes)}|[0-9]{{1,2}})(?: minuten)? "
        rf"(?:(?:{_any(data['before'])})|(?P<after>{_any(data['after'])})) )?"
        rf"(?:(?P<half>{_any(data['half'])}) )?)"
    )
    end = rf"(?=$| (?:{_any(said['behind'])}|{day}|{part}|van|de|des|'?s)\b)"
    no_length = rf"(?! (?:{_any(said['no_clock_behind'])})\b)"
    full = (
        rf"{hour}(?:(?P<dot>\.)|:|(?P<named>(?= ?(?:{oclock})\b|h|u)) ?(?:{oclock}) ?)(?P<minute>[0-9]{{2}})"
        rf"(?![0-9./:-]| (?:{months}|%|procent|euro))(?: ?(?:{oclock}))?\b"
    )
    whole = rf"{half_over}{hour} ?(?:{oclock})\b{no_length}"
    told = rf"(?:(?:half|{quarter} \w+|[a-z0-9]+ \w+ half) )"  # without 'uur': 'half drie' is a time by itself
    bare = rf"{half_over}{hour}(?![.:/-]?[0-9]){end}"
    about = rf"(?:(?:{_any(said['about'])}) )?"
    between = rf"(?:(?:{_any(said['between'])}|{part}|in de|'s) )*"
    opening = rf"^(?:(?:{_any(said['opening'])}|{part}) )*"
    lone = rf"(?!een (?:{oclock})\b)"
    patterns = (
        rf"\b(?:{at}) {about}(?:de )?{full}",
        rf"\b(?:{at}) {about}(?:den )?(?!een (?:{oclock})\b(?!$)){whole}",
        rf"\b(?:{at}) {about}(?:den )?(?!een\b){bare}",
        r"(?<![0-9.:/-])\b(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))? ?(?P<half_day>[ap])\.?m\b",
        r"(?<![0-9.:/-])\b(?P<hour>[0-9]{1,2})(?::| ?[hu](?=[0-9]))(?P<minute>[0-9]{2})(?![0-9./:-])\b",
        rf"\b{day} {between}{full}",
        rf"\b{day} {between}{lone}{whole}",
        rf"\b{day} {between}(?={told}){bare}",
        rf"{opening}{lone}{full}{end}",
        rf"{opening}{lone}{whole}{end}",
        rf"{opening}(?={told}){bare}",
    )

    def held(key: str) -> re.Pattern[str]:
        return re.compile("|".join(map(_starred, said[key])))

    return _Said(
        patterns=tuple(map(re.compile, patterns)),
        hours=hours,
        minutes=minutes,
        no_clock_before=frozenset(map(_plain, said["no_clock_before"])),
        day=re.compile(rf"\b{day}\b"),
        morning=held("morning"),
        afternoon=held("afternoon"),
        evening=held("evening"),
        corrected=re.compile(rf"\b(?:{_any(said['corrected'])})\b"),
    )


def _starred(phrase: str) -> str:
    """A phrase of which `*` is the rest of a word, as a pattern over plain text."""
    words = "[a-z]*".join(re.escape(_plain(piece)) for piece in phrase.split("*"))
    return rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])"
