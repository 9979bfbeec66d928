"""What a person says to the assistant about its question, instead of answering: a question back, or a refusal.

The phrases stand in content/turns.yml under `asides`. In a phrase, `*` stands for the rest of a word, `..` for up to
five words, and `|` separates words that may stand in one place.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from bondgenoot import sentences
from bondgenoot.content import CONTENT, once_a_publication
from bondgenoot.questions import normalise

# A longer message tells something; it is an answer, whatever phrase is in it.
LONGEST_ASKING, LONGEST_REFUSING = 16, 7
LONGEST_NAME = 2
# A question that has an answer of its own may be longer: its phrases are rare.
LONGEST_REPLIED = 22
# So many heads show that a mail was pasted.
HEADS_OF_A_MAIL = 2
_MAIL_HEAD = re.compile(r"^[>\s]*(?:van|from|aan|to|cc|onderwerp|subject|verzonden|sent|datum|date)\s*:", re.I | re.M)

_ASKS = re.compile(
    r"^(en |maar |zeg |he |hey |ok |oke |eh |euh |dan |wacht |ja |nee |hmm |pff |sorry )*"
    r"(wat|wa|wie|waar|waarom|wanneer|waarvoor|waartoe|hoe|hoezo|hoeveel|hoelang|welke?|kan|kun|kunt|kunde|mag|is|ist|zijn|"
    r"ben|bent|bende|heb|heeft|hebt|wil|wilt|moet|ziet|leest|wordt|worden|blijft|gaat|komt|krijgt|duurt|bewaart?|nog|haal|haalt|wis|verwijder|schrap)\b"
)
_FILLERS = "hoor|zeg|man|gast|sorry|he|vriend|eigenlijk|toch|hier|nu|allez|echt|dus"
# What may follow a protest or a wish that is a whole clause.
_COURTESIES = (
    rf"{_FILLERS}|aub|alsjeblieft|alstublieft|please|graag|even|ff|maar|dan|joh|jongen|ook|meer|nou|goed|verder"
)


def question_back(text: str, plain: str) -> str | None:
    """The intent of a question about the open question or about this conversation; None when it is no such question.

    Args:
        text: As typed.
        plain: The same, normalised.
    """
    if len(plain.split()) > LONGEST_ASKING or not (text.rstrip().endswith("?") or _ASKS.match(plain)):
        return None
    return _first("questions", plain)


def asks_privacy_within(text: str) -> bool:
    """Whether a sentence of a longer answer asks who can read this."""
    asked = (sentence.strip() for sentence in re.findall(r"[^.!?\n]*\?", text))
    return any(question_back(sentence, normalise(sentence)) == "ask_privacy" for sentence in asked)


def refusal(plain: str) -> str | None:
    """The intent of a short protest against a question, such as 'gaat je niks aan'; None when it is none."""
    if len(plain.split()) > LONGEST_REFUSING:
        return None
    patterns = _patterns("refusals", rf"(?: (?:{_FILLERS}))*$")
    return next((intent for intent, pattern in patterns if pattern.search(plain)), None)


def changes_commitment(plain: str) -> bool:
    """Whether a message asks for other words in a kept commitment; another day is something else."""
    short = len(plain.split()) <= LONGEST_ASKING
    return short and _first("changing", plain) is not None and _first("moving", plain) is None


def reply_to(plain: str) -> str | None:
    """The name of the answer to a question that has one of its own, such as whether this is science; None without."""
    return _first("replies", plain) if len(plain.split()) <= LONGEST_REPLIED else None


def reply_in(text: str) -> str | None:
    """As `reply_to`, for a message or the first of its sentences that asks something with an answer of its own."""
    if len(_MAIL_HEAD.findall(text)) >= HEADS_OF_A_MAIL:
        return "pasted_mail"
    asking = (part for part in sentences.split(text) if part.endswith("?") or _ASKS.match(normalise(part)))
    return next(filter(None, map(reply_to, map(normalise, (text, *asking)))), None)


def takes_back(plain: str) -> bool:
    """Whether a message takes the dropping of a commitment back."""
    return len(plain.split()) <= LONGEST_ASKING and _first("taking_back", plain) is not None


def name_given(text: str) -> str | None:
    """The name with which somebody introduces themselves, as typed; None when that is not what the message does.

    At most two words of letters count as a name, after an optional greeting: 'hoi, ik heet Els'.
    """
    words = re.sub(rf"^\s*(?:{'|'.join(_greetings())})\b[ ,.!]*", "", text.strip(), flags=re.IGNORECASE).split()
    plain = [normalise(word) for word in words]
    for phrase in sorted((normalise(phrase).split() for phrase in _entries("introduces")), key=len, reverse=True):
        rest = words[len(phrase) :]
        if plain[: len(phrase)] == phrase and 0 < len(rest) <= LONGEST_NAME:
            name = " ".join(rest).strip(" .,!?")
            return name if re.fullmatch(r"[^\W\d_][\w'’ -]{0,29}", name) else None
    return None


def _greetings() -> tuple[str, ...]:
    return tuple(re.escape(str(phrase)) for phrase in _entries("whole_message")["greet"])


def _entries(key: str) -> Any:
    return _turns()[key]


@once_a_publication
def _turns() -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))
    return value


_Patterns = tuple[tuple[str, re.Pattern[str]], ...]


@once_a_publication
def _compiled() -> dict[tuple[str, str], _Patterns]:
    """Filled by `_patterns`; empty again after each publication."""
    return {}


def first(kind: str, plain: str) -> str | None:
    """The first entry of a kind of which a phrase stands in normalised text."""
    return _first(kind, plain)


def begins_with(kind: str, plain: str, closed: bool = False) -> str | None:
    """The first entry of a kind with a phrase of which normalised text begins; `closed`: and with which it ends."""
    patterns = _patterns(kind, rf"(?: (?:{_COURTESIES}))*$" if closed else r"\b")
    return next((entry for entry, pattern in patterns if pattern.match(plain)), None)


def _first(kind: str, plain: str) -> str | None:
    return next((intent for intent, pattern in _patterns(kind) if pattern.search(plain)), None)


def _patterns(kind: str, end: str = r"\b") -> _Patterns:
    compiled = _compiled()
    if (kind, end) not in compiled:
        entries = _entries("asides")[kind]
        either = {intent: "|".join(map(expression, phrases)) for intent, phrases in entries.items()}
        compiled[kind, end] = tuple((i, re.compile(rf"\b(?:{joined}){end}")) for i, joined in either.items())
    return compiled[kind, end]


def expression(phrase: str) -> str:
    """A phrase of the content as a regular expression over normalised text."""
    parts = []
    for word in phrase.split():
        if word == "..":
            parts.append(r"(?:\w+ ){0,5}")
        else:
            parts.append("(?:" + word.replace("*", r"\w*") + ") ")
    return "".join(parts).removesuffix(" ")
