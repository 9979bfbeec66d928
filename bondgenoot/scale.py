"""Which number of an answer on a scale is meant: 'van 0 tot 10, tja, een 4, nee een 7, maar doe half 8' is a 7."""

from __future__ import annotations

import re

from bondgenoot import moment_words, texts
from bondgenoot.clauses import begins, words_of
from bondgenoot.questions import is_number, normalise

_PIECE = re.compile(r"[;!?\n…]+|[.,](?!\d)|\s+(?=(?:of|en|maar|but)\s)", re.IGNORECASE)


def only_number(text: str) -> str:
    """The words of the last number that is meant, or the text without what is no number on the scale.

    Those are the ends of the scale itself, an hour, and a number of something ('10 min', '2 jaar'). A number under a
    condition ('een 8 met koffie') is not meant where another one is.
    """
    left = _without_counts(_without_hours(_without_range(text)))
    said = [piece for piece in _PIECE.split(left) if _says_number(piece)]
    # '7 of 8' stays 7: only a number that is said again, in a clause of its own, replaces the one before.
    whole = [piece for piece in said if not begins("or_another_number", normalise(piece))]
    apart = [clause for clause in re.split(r"[;!?\n…]+|[.,](?!\d)", left) if any(map(is_number, _words(clause)))]
    return (whole or said)[-1] if len(apart) > 1 and (whole or said) else left


def _says_number(piece: str) -> bool:
    """Whether a piece is a number and nothing that tells: 'zeg ik een 7', not 'de 3 anderen ook'."""
    words = _words(piece)
    numbers = [word for word in words if is_number(word)]
    return len(numbers) == 1 and set(words) - set(numbers) <= words_of("around_a_number")


def _without_range(text: str) -> str:
    for phrase in sorted(texts.phrases("ends_of_a_scale"), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", text, flags=re.IGNORECASE)
    return text


def _without_hours(text: str) -> str:
    """Without hours and days; 'rond de 7' alone is a number."""
    left = text
    for start, end in reversed(moment_words.spans(text)):
        left = f"{left[:start]} {left[end:]}"
    return left if any(map(is_number, _words(left))) else text


def _without_counts(text: str) -> str:
    counted = "|".join(re.escape(phrase) for phrase in texts.phrases("counted"))
    left = re.sub(rf"(?<![\w.,])(?:[0-9]+|[a-zé]+)\s*(?:{counted})\b", _uncounted, text, flags=re.IGNORECASE)
    return left if any(map(is_number, _words(left))) else text


def _uncounted(match: re.Match[str]) -> str:
    return " " if any(map(is_number, re.findall(r"[0-9]+|[^\W\d_]+", match[0].casefold()))) else match[0]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
