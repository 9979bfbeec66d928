"""A conversation as a person sees it, read from the conversation log: it does not matter who was connected."""

from __future__ import annotations

import datetime
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import IS_EXTERNAL
from rasa.shared.core.events import BotUttered, Event, UserUttered

Message = dict[str, Any]

# A client that knows nothing gets at most this many of the latest messages.
LONGEST_ANSWER = 500
APOLOGY = "apology"
MOST_CONVERSATIONS = 200
AT_ONCE = 1000


@dataclass(frozen=True)
class History:
    """The messages so far, numbered without gaps.

    `trigger` is where what followed the last trigger of the system (a follow-up) begins; `unanswered` holds the ids of
    messages on which nothing followed but an apology.
    """

    log: str = ""
    messages: tuple[Message, ...] = ()
    trigger: int = 0
    unanswered: str | None = None

    def after(self, cursor: int, log: str = "") -> dict[str, Any]:
        """What came after `cursor`; everything, marked as a reset, if that cursor is of an erased log."""
        total = len(self.messages)
        is_reset = cursor > total or bool(log and log != self.log)
        start = max(0 if is_reset else cursor, total - LONGEST_ANSWER)
        answer = {"messages": list(self.messages[start:]), "cursor": total, "log": self.log}
        return {**answer, "reset": True} if is_reset else answer

    def place_of(self, message_id: str) -> int | None:
        """The number of a message that a client sent, None if it is not there."""
        places = (message["n"] for message in reversed(self.messages) if message.get("id") == message_id)
        return next(places, None)

    def unread(self, read: int) -> int:
        """How many messages of the assistant came after the first `read` messages."""
        return sum(message["from"] == "bot" for message in self.messages[read:])


@dataclass
class _Reading:
    """A conversation while it is being read; goes on where it ended when more events come."""

    log: str
    last: int = 0
    messages: list[Message] = field(default_factory=list)
    trigger: int = 0
    latest: str | None = None
    unanswered: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    def add(self, event: Event, not_kept: str) -> None:
        number = len(self.messages)
        if isinstance(event, BotUttered):
            metadata = event.metadata or {}
            message = {"n": number, "from": "bot", **content(event.text, event.data or {}, metadata), "at": _at(event)}
            if not (message["text"] or message["image"] or message["ui"]):
                return
            self.titles.update({button["payload"]: button["title"] for button in message["buttons"]})
            if not metadata.get(APOLOGY):
                self.unanswered.discard(self.latest or "")
            self.messages.append(message)
        elif isinstance(event, UserUttered):
            # Only the mark counts: a person may type what the trigger's text looks like.
            if (event.metadata or {}).get(IS_EXTERNAL):
                self.trigger = number
                return
            self.latest = event.message_id
            if event.message_id:
                self.unanswered.add(event.message_id)
            # A message that was tried again after an apology stands there once.
            if not (event.message_id and event.message_id in self.ids):
                self.messages.append(self._from_user(event, number, not_kept))

    def _from_user(self, event: UserUttered, number: int, not_kept: str) -> Message:
        text = event.text or ""
        message = {"n": number, "from": "user", **content(self.titles.get(text, text), {}, {}), "at": _at(event)}
        if event.message_id:
            message["id"] = event.message_id
            self.ids.add(event.message_id)
        if not text:
            message |= {"text": not_kept, "redacted": True}
        return message

    def done(self) -> History:
        return History(self.log, tuple(self.messages), self.trigger, frozenset(self.unanswered))


class Reader:
    """Reads histories; of a conversation that it read before, only what is new."""

    def __init__(self, not_kept: str) -> None:
        """`not_kept` stands where the text of a message was taken out."""
        self._not_kept = not_kept
        self._readings: OrderedDict[str, _Reading] = OrderedDict()

    async def read(self, store: Any, conversation: str) -> History:
        """The history of a conversation in our tracker store, which can give only what is new."""
        reading = self._readings.pop(conversation, None)
        while True:
            part = await store.events_after(conversation, reading.last if reading else 0, AT_ONCE)
            if reading is not None and reading.log != part.log:
                # Erased meanwhile: what was read is void.
                reading = None
                continue
            if not part.log:
                return History()
            reading = reading or _Reading(part.log)
            for number, event in part.events:
                reading.add(event, self._not_kept)
                reading.last = number
            if len(part.events) < AT_ONCE:
                break
        self._readings[conversation] = reading
        while len(self._readings) > MOST_CONVERSATIONS:
            self._readings.popitem(last=False)
        return reading.done()


def said(messages: Iterable[dict[str, Any]]) -> list[Message]:
    """What an output channel collected, as messages without a number: shown now, in no log."""
    return [{"n": None, "from": "bot", **content(message.get("text"), message, {}), "at": None} for message in messages]


def content(text: str | None, data: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    """Text, buttons, image, and hints for the eye."""
    buttons = [
        {"title": str(button["title"]), "payload": str(button.get("payload") or button["title"])}
        for button in data.get("buttons") or []
        if button.get("title")
    ]
    hints = metadata.get("ui")
    ui = hints if isinstance(hints, dict) else None
    return {"text": text or "", "buttons": buttons, "image": data.get("image"), "ui": ui}


def as_bot_uttered(message: Message, log: str) -> dict[str, Any]:
    """A message as stock Rasa widgets know it, with its own keys beside that."""
    stock: dict[str, Any] = {}
    if message["buttons"]:
        stock["quick_replies"] = [{"content_type": "text", **button} for button in message["buttons"]]
    if message["image"]:
        stock["attachment"] = {"type": "image", "payload": {"src": message["image"]}}
    return {**stock, **message, "log": log}


def _at(event: Event) -> str:
    moment = datetime.datetime.fromtimestamp(event.timestamp or 0, datetime.timezone.utc)
    return moment.isoformat(timespec="milliseconds")
