"""A conversation as the chat page shows it, read from the tracker: it does not matter who was connected."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import EXTERNAL_MESSAGE_PREFIX, IS_EXTERNAL
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

Message = dict[str, Any]


@dataclass(frozen=True)
class History:
    """The messages so far; `None` holds the place of what a person does not see, so that numbers stay."""

    log: str
    messages: tuple[Message | None, ...]

    def after(self, cursor: int, log: str = "") -> dict[str, Any]:
        """What came after `cursor`; everything, marked as a reset, if that cursor is of an erased log."""
        total = len(self.messages)
        is_reset = cursor > total or bool(log and log != self.log)
        new = [message for message in self.messages[0 if is_reset else cursor :] if message]
        return {"messages": new, "cursor": total, "log": self.log, **({"reset": True} if is_reset else {})}

    def place_of(self, message_id: str) -> int:
        """The number of a message that the page sent, 0 if it is not there (the conversation was erased)."""
        places = (message["n"] for message in self.messages if message and message.get("id") == message_id)
        return next(places, 0)


def read(tracker: DialogueStateTracker | None, not_kept: str) -> History:
    """The history in a full tracker; `not_kept` stands where the text of a message was taken out."""
    if tracker is None or not tracker.events:
        return History("", ())
    # Erasing leaves a log that begins later, which is how an open page learns that its numbers are void.
    log = str(int((tracker.events[0].timestamp or 0) * 1000))
    return History(log, tuple(_messages(tracker.events, not_kept)))


def said(messages: Iterable[dict[str, Any]]) -> list[Message]:
    """What an output channel collected, as messages without a number: shown now, in no log."""
    return [{"n": None, "from": "bot", **_content(message.get("text"), message), "at": None} for message in messages]


def _messages(events: Iterable[Event], not_kept: str) -> Iterable[Message | None]:
    number = 0
    titles: dict[str, str] = {}
    for event in events:
        if isinstance(event, BotUttered):
            message = {"n": number, "from": "bot", **_content(event.text, event.data or {}), "at": _at(event)}
            titles.update({button["payload"]: button["title"] for button in message["buttons"]})
            yield message if message["text"] or message["image"] else None
        elif isinstance(event, UserUttered):
            yield None if _is_external(event) else _from_user(event, number, titles, not_kept)
        else:
            continue
        number += 1


def _from_user(event: UserUttered, number: int, titles: dict[str, str], not_kept: str) -> Message:
    text = event.text or ""
    message = {"n": number, "from": "user", **_content(titles.get(text, text), {}), "at": _at(event)}
    if event.message_id:
        message["id"] = event.message_id
    if not text:
        message |= {"text": not_kept, "redacted": True}
    return message


def _content(text: str | None, data: dict[str, Any]) -> dict[str, Any]:
    buttons = [
        {"title": str(button["title"]), "payload": str(button.get("payload") or button["title"])}
        for button in data.get("buttons") or []
        if button.get("title")
    ]
    return {"text": text or "", "buttons": buttons, "image": data.get("image")}


def _is_external(event: UserUttered) -> bool:
    """Whether the 'message' is a trigger of the system, such as a follow-up that is due."""
    is_marked = bool((event.metadata or {}).get(IS_EXTERNAL))
    return is_marked or (event.text or "").startswith(EXTERNAL_MESSAGE_PREFIX)


def _at(event: Event) -> str:
    moment = datetime.datetime.fromtimestamp(event.timestamp or 0, datetime.timezone.utc)
    return moment.isoformat(timespec="milliseconds")
