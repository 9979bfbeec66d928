"""Read the time of day out of what a person types: "liever 's middags", "vrijdag om tien uur", "om half drie"."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from bondgenoot.content import CONTENT, once_a_publication
from bondgenoot.settings import Settings

HALF_DAY = 12


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
