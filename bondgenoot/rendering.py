"""Adapts what the assistant says to what a channel can carry, and what people send back to what was offered.

Everything here is plain data in, plain data out, so that each channel can be tested alone.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bondgenoot import texts
from bondgenoot.capabilities import Capabilities, Count, Markup
from bondgenoot.questions import normalise

# A short name of a payload that is too long: this mark and a hash of it, so that an old button still means the same.
ALIAS = "~"
ALIAS_LENGTH = 20
# Hints of what a person can type as it is: a number there is no choice from a list.
TYPED_AS_IT_IS = ("scale", "date")

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.?!…:;”])\s+")


@dataclass(frozen=True, slots=True)
class Button:
    """What stands on it and what comes back."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Part:
    """One message to send. `text` is in the channel's markup; with `image`, it says in words what is on it."""

    text: str
    buttons: tuple[Button, ...] = ()
    image: str | None = None


def render(message: Mapping[str, Any], can: Capabilities, *, images_reachable: bool = True) -> list[Part]:
    """The messages that carry one bubble.

    Args:
        message: `text`, `buttons` (title, payload), `image` (an address) and `ui` (a hint of decision 9).
        can: The channel.
        images_reachable: Whether the service can fetch pictures from this server.
    """
    text = str(message.get("text") or "").strip()
    hint = message.get("ui") or {}
    buttons = [Button(str(each["title"]), str(each["payload"])) for each in message.get("buttons") or []]
    parts: list[Part] = []
    if buttons and not fits(buttons, can):
        text = f"{text}\n\n{listed(buttons, hint)}".strip()
        # A short answer still deserves something to press: the numbers.
        numbers = [Button(str(place), each.payload) for place, each in enumerate(buttons, 1)]
        buttons = numbers if can.has_buttons and len(numbers) <= can.buttons and is_numbered(buttons, hint) else []
    pieces = split(text, can, bool(buttons)) if text else []
    parts += [Part(marked_up(piece, can.markup)) for piece in pieces]
    if buttons:
        last = parts.pop().text if parts else ""
        parts.append(Part(last, tuple(Button(each.title, short(each.payload, can)) for each in buttons)))
    if message.get("image"):
        picture = _picture(str(message["image"]), str(hint.get("alt") or ""), can, images_reachable)
        # Before the words and buttons that go with it, so that the question stays the last thing.
        parts = [*picture, *parts] if buttons else [*parts, *picture]
    return parts


def _picture(address: str, alt: str, can: Capabilities, reachable: bool) -> list[Part]:
    if can.images and reachable:
        return [Part(marked_up(alt, can.markup), image=address)]
    words = "\n".join(word for word in (alt, address if reachable else "") if word)
    return [Part(marked_up(piece, can.markup)) for piece in split(words, can, False)] if words else []


def fits(buttons: Sequence[Button], can: Capabilities) -> bool:
    """Whether the channel can show these as buttons."""
    return len(buttons) <= can.buttons and all(len(each.title) <= can.title for each in buttons)


def is_numbered(buttons: Sequence[Button], hint: Mapping[str, Any]) -> bool:
    """Whether a list of these is numbered; not when numbers or days are answers themselves."""
    return hint.get("kind") not in TYPED_AS_IT_IS and not any(each.title.strip().isdigit() for each in buttons)


def listed(buttons: Sequence[Button], hint: Mapping[str, Any]) -> str:
    """The choices in words, with how to answer."""
    titles = [each.title for each in buttons]
    if not is_numbered(buttons, hint):
        return texts.say("choices_typed", choices=_enumerate(titles))[0]
    lines = [f"{place}. {title}" for place, title in enumerate(titles, 1)]
    key = "choices_numbered" if len(lines) > 1 else "choice_numbered"
    numbers = _enumerate([str(place) for place in range(1, len(lines) + 1)])
    return "\n".join([*lines, "", texts.say(key, numbers=numbers)[0]])


def _enumerate(words: Sequence[str]) -> str:
    return texts.say("choices_or", first=", ".join(words[:-1]), last=words[-1])[0] if len(words) > 1 else words[0]


def short(payload: str, can: Capabilities) -> str:
    """The payload, or a name for it that the channel can carry."""
    return payload if len(payload.encode()) <= can.payload else alias(payload)


def alias(payload: str) -> str:
    """A name of ALIAS_LENGTH + 1 bytes; the same for the same payload, always."""
    return ALIAS + hashlib.sha256(payload.encode()).hexdigest()[:ALIAS_LENGTH]


def understand(text: str, messages: Sequence[Mapping[str, Any]]) -> str:
    """What was meant by what came back over a channel.

    Args:
        text: A typed text, or the payload of a pressed button.
        messages: The conversation so far, oldest first; what the person wrote too (`from`: "bot" or "user").

    Returns:
        The payload that was offered, when this is its short name, or its number in the latest offer; else the text.
    """
    if text.startswith(ALIAS):
        for payload in _offered(reversed(messages)):
            if alias(payload) == text:
                return payload
        return text
    latest = next((message for message in reversed(messages) if message["from"] == "bot"), None)
    if latest is None or not latest["buttons"]:
        return text
    buttons = [Button(str(each["title"]), str(each["payload"])) for each in latest["buttons"]]
    place = number_in(text) if is_numbered(buttons, latest["ui"] or {}) else None
    return buttons[place - 1].payload if place and place <= len(buttons) else text


def _offered(messages: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for message in messages:
        if message["from"] == "bot":
            yield from (str(each["payload"]) for each in message["buttons"])


def number_in(text: str) -> int | None:
    """The place that somebody names, counted from 1: '2', '2.', 'nr 2', 'optie 2', 'de tweede', 'de 2e'; else None."""
    plain = normalise(text)
    for word in texts.phrases("number_before"):
        plain = plain.removeprefix(f"{word} ")
    if re.fullmatch("[1-9][0-9]?", plain):
        return int(plain)
    plain = plain.removeprefix("de ").removeprefix("het ").removeprefix("die ")
    if match := re.fullmatch("([1-9][0-9]?)(e|ste|de)", plain):
        return int(match[1])
    for place, words in enumerate(zip(texts.phrases("ordinals"), texts.phrases("cardinals"), strict=True), 1):
        if plain in words:
            return place
    return None


def marked_up(text: str, markup: Markup) -> str:
    """Text with **bold** in it, in the markup of a channel."""
    if markup is Markup.MARKDOWN:
        return text
    if markup is Markup.PLAIN:
        return _BOLD.sub(r"\1", text)
    escaped = html.escape(text, quote=False)
    return _BOLD.sub(r"*\1*" if markup is Markup.SLACK else r"<b>\1</b>", escaped)


def split(text: str, can: Capabilities, with_buttons: bool) -> list[str]:
    """Cut at paragraphs, else at sentences, else at words, into pieces that the channel can carry.

    The last piece also fits a message with buttons.
    """
    limit = min(can.text, can.button_text or can.text) if with_buttons else can.text
    pieces: list[str] = []
    for separator in ("\n\n", "\n", None, " "):
        if length(text, can) <= limit:
            return [text]
        units = _SENTENCE_END.split(text) if separator is None else text.split(separator)
        joint = " " if separator is None else separator
        if len(units) > 1 and all(length(unit, can) <= limit for unit in units):
            for unit in units:
                joined = f"{pieces[-1]}{joint}{unit}" if pieces else unit
                if pieces and length(joined, can) <= limit:
                    pieces[-1] = joined
                else:
                    pieces.append(unit)
            return [piece for piece in (each.strip() for each in pieces) if piece]
    # One endless word: a link that is cut is no link, but nothing that we write is that long.
    size = max(limit // 6, 1)
    return [text[start : start + size] for start in range(0, len(text), size)]


def length(text: str, can: Capabilities) -> int:
    """How long the channel finds a text."""
    converted = marked_up(text, can.markup)
    if can.count is Count.BYTES:
        return len(converted.encode())
    return len(converted.encode("utf-16-le")) // 2 if can.count is Count.UTF16 else len(converted)
