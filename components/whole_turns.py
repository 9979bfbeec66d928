"""A turn is stored whole or not at all, and whoever started it hears which.

Rasa goes on where this product stops: its fail-safe tracker store answers a database error with an empty conversation,
and when an action fails it stores the message as if it had been handled. Both lose what a person typed, in silence.
Here such an error ends the turn: nothing is stored, the open question stays open, and the channel says so.

Two methods of Rasa are replaced for this, when this module is imported; a test notices when they change their names.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import aiohttp
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.exceptions import RasaException

from bondgenoot import settings

logger = logging.getLogger(__name__)

# Seconds. A refused connection did nothing, so it may be tried again: an action server may just be starting.
RECONNECT_AFTER = (0.2, 0.5, 1.0)

_in_turn: ContextVar[bool] = ContextVar("in_turn", default=False)


class TurnFailedError(RasaException):
    """The turn ended before its end; nothing of it is stored."""


class TurnAbandoned(BaseException):
    """Leaves Rasa's action loop, which catches every `Exception` and goes on."""


@contextmanager
def whole_turn() -> Iterator[None]:
    """The extent of a turn; used by the lock store, which surrounds every turn of every kind.

    Raises:
        TurnFailedError: an action could not be run.
    """
    mark = _in_turn.set(True)
    try:
        yield
    except TurnAbandoned as abandoned:
        raise TurnFailedError(str(abandoned)) from abandoned
    finally:
        _in_turn.reset(mark)


_create_tracker_store = Agent._create_tracker_store
_run_remotely = RemoteAction.run


def _without_fail_safe(store: TrackerStore | None, domain: Domain) -> TrackerStore:
    """Rasa's wrapper, except around a store that says it wants none (`raises_errors`)."""
    if not getattr(store, "raises_errors", False):
        return _create_tracker_store(store, domain)
    assert store is not None
    store.domain = domain
    return store


async def _run_or_abandon(self: RemoteAction, *args: Any, **kwargs: Any) -> list[Event]:
    """Run an action within its time; end the turn if it cannot be run."""
    if not _in_turn.get():
        return await _run_remotely(self, *args, **kwargs)
    seconds = settings.load().action_seconds
    try:
        return await asyncio.wait_for(_run_patiently(self, *args, **kwargs), seconds)
    except ActionExecutionRejection:
        raise
    except asyncio.TimeoutError as error:
        raise TurnAbandoned(f"{self.name()} took longer than {seconds:g} seconds") from error
    except Exception as error:
        # Not the error's text: it may hold the action server's answer, and with it what a person wrote.
        raise TurnAbandoned(f"{self.name()} could not be run: {type(error).__name__}") from error


async def _run_patiently(action: RemoteAction, *args: Any, **kwargs: Any) -> list[Event]:
    for pause in RECONNECT_AFTER:
        try:
            return await _run_remotely(action, *args, **kwargs)
        except RasaException as error:
            if not isinstance(error.__context__, aiohttp.ClientConnectorError):
                raise
        await asyncio.sleep(pause)
    return await _run_remotely(action, *args, **kwargs)


Agent._create_tracker_store = staticmethod(_without_fail_safe)
RemoteAction.run = _run_or_abandon
