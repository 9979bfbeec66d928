"""One turn of a conversation that never ends in silence or in a stack trace."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from bondgenoot import texts

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


async def take_turn(on_new_message: OnNewMessage, message: UserMessage) -> bool:
    """Hand the message to Rasa; apologise if no answer comes. Tells whether an answer came.

    A turn that fails is not stored at all: not its message, and not what it had said so far. So the same message can be
    sent again, and the question that was open is open still.
    """
    channel = message.output_channel
    try:
        await on_new_message(message)
        # Rasa answers 200 with nothing when no model is loaded.
        if not _is_silent(channel):
            return True
        logger.error("A turn ended without an answer; is a model loaded?")
    except Exception as error:
        log_without_words("A turn failed", error)
    await apologise(channel, message.sender_id)
    return False


def log_without_words(what: str, error: Exception) -> None:
    """Log where it went wrong; not the error's text, which may quote what the person wrote."""
    logger.error("%s: %s\n%s", what, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))


def _is_silent(channel: OutputChannel) -> bool:
    # Rasa's streaming channel holds a queue that is emptied while the turn runs: its silence cannot be seen.
    messages = getattr(channel, "messages", None)
    return isinstance(messages, list) and not messages


async def apologise(channel: OutputChannel, recipient: str) -> None:
    """Say that it went wrong, instead of anything that was said so far."""
    messages = getattr(channel, "messages", None)
    if isinstance(messages, list):
        # The turn was not stored, so what it had said so far must not stand there either.
        messages.clear()
    await channel.send_text_message(recipient, " ".join(texts.say("error")))


class RecentTurns:
    """The answers of recent turns by key, so that a message sent again is not answered again.

    A turn runs in a task of its own: it also ends, and is stored, when the page that asked has gone.
    """

    def __init__(self, size: int = 500) -> None:
        """Remember at most `size` turns."""
        self._size = size
        self._tasks: OrderedDict[tuple[str, str], asyncio.Task[dict[str, Any]]] = OrderedDict()

    def find(self, key: tuple[str, str]) -> asyncio.Task[dict[str, Any]] | None:
        """The turn of this key, running or done."""
        return self._tasks.get(key)

    def start(self, key: tuple[str, str], turn: Coroutine[Any, Any, dict[str, Any]]) -> asyncio.Task[dict[str, Any]]:
        """Run a turn and remember it, unless it fails: then the same key may try again."""
        task = asyncio.get_running_loop().create_task(turn)
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._tasks.pop(key, None) if _failed(done) else None)
        while len(self._tasks) > self._size:
            self._tasks.popitem(last=False)
        return task


def _failed(task: asyncio.Task[dict[str, Any]]) -> bool:
    return task.cancelled() or task.exception() is not None or not task.result().get("ok")
