"""Short messages to a channel itself, not to the dialogue: linking conversations, and asking for a nudge only."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

import sqlalchemy as sa

from bondgenoot import texts
from bondgenoot.questions import normalise
from bondgenoot.store import channel_addresses as addresses
from bondgenoot.store import people

Bubbles = tuple[str, ...]
_CODE = re.compile(r"([A-Za-z0-9]{4})[- ]?([A-Za-z0-9]{4})")


@dataclass(frozen=True, slots=True)
class Order:
    """What a message tells the channel to do: link_with, unlink, nudge_only or talk_here; `code` with link_with."""

    kind: str
    code: str = ""


def order_in(text: str) -> Order | None:
    """The order that a message is as a whole, None for a message to the dialogue."""
    plain = normalise(text)
    for kind in ("unlink", "nudge_only", "talk_here"):
        if plain in texts.phrases(kind):
            return Order(kind)
    first, _, rest = text.strip().partition(" ")
    code = _CODE.fullmatch(rest.strip())
    if code and normalise(first) in texts.phrases("link_with"):
        return Order("link_with", code[1] + code[2])
    return None


def link(
    connection: sa.engine.Connection, secret: str, address: addresses.Address, code: str, now: datetime.datetime
) -> Bubbles:
    """Let a channel speak in the conversation that a code was made in; what to say about it."""
    conversation = addresses.use_code(connection, secret, code, now)
    if conversation is None:
        return texts.say("link_code_wrong")
    if conversation == address.conversation:
        return texts.say("link_own")
    addresses.change(connection, address.id, conversation_id=conversation, log="", sent=0, attempts=0, retry_at=None)
    if not address.is_linked:
        people.merge(connection, address.id, conversation, now)
    return texts.say("link_done")


def unlink(connection: sa.engine.Connection, address: addresses.Address) -> Bubbles:
    """Give a channel a conversation of its own again; what to say about it."""
    if not address.is_linked:
        return texts.say("unlink_nothing")
    addresses.change(connection, address.id, conversation_id=address.id, log="", sent=0, attempts=0, retry_at=None)
    return texts.say("unlink_done")


def answer_in_widget(
    connection: sa.engine.Connection, secret: str, conversation: str, text: str, now: datetime.datetime
) -> Bubbles | None:
    """What to say to a message in the widget that is about linking; None for a message to the dialogue."""
    plain = normalise(text)
    if plain in texts.phrases("link_code"):
        people.touch(connection, conversation, now)
        return texts.say("link_code_made", code=addresses.new_code(connection, secret, conversation, now))
    if plain in texts.phrases("unlink"):
        return texts.say("unlink_widget" if addresses.unlink_all(connection, conversation) else "unlink_nothing")
    return None
