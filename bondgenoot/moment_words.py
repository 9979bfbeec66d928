"""The words of a text that name a day or an hour, where they stand, so that they can be taken out of it.

`dates` and `day_times` say which day and hour these are. Words for a day stand in `dutch_calendar`, those of an hour
in content/times_of_day.yml, what goes before them in content/phrases.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from bondgenoot import dutch_calendar, texts
from bondgenoot.clauses import words_of
from bondgenoot.content import CONTENT, once_a_publication
from bondgenoot.questions import normalise

Span = tuple[int, int]


def spans(text: str) -> list[Span]:
    """Where a text names a day, an hour, or both in a row: 'hem [morgen 7u] bellen'.

    'Elke maandag' and 'de mail van vrijdag' name no moment at which something is done.
    """
    found = []
    for match in _moment().finditer(text):
        before = normalise(text[: match.start()]).split()[-1:]
        if not set(before) & (words_of("no_day_of_doing") | words_of("every_time")):
            found.append(match.span())
    return found


def without(text: str, taken: Iterable[Span]) -> str:
    """A text without these spans and with its grammar intact: 'morgen bel ik hem' -> 'ik bel hem'."""
    left, opens = text, False
    for start, end in sorted(taken, reverse=True):
        opens = opens or not normalise(text[:start])
        left = f"{left[:start]} {left[end:]}"
    left = re.sub(r"\(\s*[,;]?\s*\)", " ", left)
    left = re.sub(r"\s+([.,;:!?)])", r"\1", " ".join(left.split()))
    left = re.sub(r"([,;:])(?:\s*[,;])+", r"\1", left)
    left = re.sub(r"\(\s*[,;]\s*", "(", left).strip(" ,;:-")
    words = left.split()
    while words and normalise(words[-1]) in words_of("joins"):
        words.pop()
    while words and opens and normalise(words[0]) in words_of("joins"):
        words.pop(0)
    # The verb went before 'ik' because the day stood first.
    if opens and len(words) > 1 and normalise(words[1]) in words_of("who_does"):
        words[:2] = [words[1], words[0][:1].lower() + words[0][1:]]
    return " ".join(words).rstrip(" ,;:")


def says_only_a_moment(piece: str, around: str) -> bool:
    """Whether a piece of text names a moment and else only words of a list: 'maak er trouwens half 7 van'."""
    found = spans(piece)
    rest = piece
    for start, end in reversed(found):
        rest = f"{rest[:start]} {rest[end:]}"
    return bool(found) and set(normalise(rest).split()) <= words_of(around)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(set(words), key=len, reverse=True))


@once_a_publication
def _moment() -> re.Pattern[str]:
    data: Mapping[str, Any] = yaml.safe_load((CONTENT / "times_of_day.yml").read_text(encoding="utf-8"))
    said = data["said"]
    near = ("vandaag", "morgen", "overmorgen")
    known = {*dutch_calendar.WEEKDAYS, *near}
    spelled = (word for word, day in dutch_calendar.SPELLINGS.items() if day in known and len(word) > 3)
    part = rf"(?:{dutch_calendar.DAYPART})?"
    leads = _any(texts.phrases("before_a_day"))
    date = rf"[0-9]{{1,2}}\s+(?:{_any(dutch_calendar.ANY_MONTH)})(?:\s+[0-9]{{4}})?"
    names = rf"(?:{_any((*known, *spelled))}){part}"
    later = _any(texts.phrases("a_week_later"))
    # 'Goede morgen' and "'s morgens" are no tomorrow.
    day = rf"(?<!'s )(?<!\bs )(?<!\bde )(?:(?:{leads})\s+)*(?:{names}|{date})(?:\s+(?:{later}))?"
    hour = rf"(?:[0-9]{{1,2}}|{_any((*data['hours'], *said['hours']))})"
    oclock = _any(data["oclock"])
    minutes = rf"(?:{_any(data['quarter'])}|{_any(said['minutes'])}|[0-9]{{1,2}})(?:\s+minuten)?"
    beside = rf"{minutes}\s+(?:{_any((*data['before'], *data['after']))})\s+(?:{_any(data['half'])}\s+)?{hour}"
    written = rf"[0-9]{{1,2}}(?:[:.][0-9]{{2}}(?:\s*(?:{oclock}))?|\s?[uh]\s?[0-9]{{2}})"
    lengths = _any(said["no_clock_behind"])
    half = rf"(?:{_any(data['half'])})\s+{hour}"
    whole = rf"(?!een\s){hour}\s?(?:{oclock})\b(?!\s+(?:{lengths})\b)"
    plain = rf"(?:{written}|{beside}|{half}|[0-9]{{1,2}}\s?[ap]\.?m|{whole})"
    at, about = _any(said["at"]), _any(said["about"])
    # 'Om tien mensen te bellen' names no hour.
    ends = rf"(?=\s*$|\s*[,.;:!?)]|\s+(?:{_any(said['behind'])}|{names})\b)"
    led = rf"(?:{at})\s+(?:(?:{about})\s+)?(?:de\s+)?(?:{plain}|{hour}{ends})"
    clock = rf"(?:{led}|{plain})(?:\s+(?:{oclock}))?"
    daypart = rf"(?:in\s+de\s+|'?s[\s-]?)?(?:{_any(texts.phrases('parts_of_a_day'))})"
    one = rf"(?:{day}|{clock})"
    more = rf"(?:[,(\s]+(?:(?:{_any(said['between'])})\s+)?(?:{day}|{clock}|{daypart})\b)"
    return re.compile(rf"(?<![\w.:/-])(?:(?:{daypart})\s+)?{one}\b{more}*(?![\w%€])", re.IGNORECASE)
