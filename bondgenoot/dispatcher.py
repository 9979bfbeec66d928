"""The process that keeps the promise: delivers due follow-ups by asking the server to speak to the person."""

from __future__ import annotations

import datetime
import http.client
import json
import logging
import signal
import threading
import traceback
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

import sqlalchemy as sa

from bondgenoot import keys, settings
from bondgenoot.clock import Clock
from bondgenoot.moments import next_working_moment
from bondgenoot.nudger import Nudger
from bondgenoot.settings import Settings
from bondgenoot.store import addresses, file_links, follow_ups, people, shared_sentences
from bondgenoot.store.database import connect

logger = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 60
IN_CONVERSATION = datetime.timedelta(minutes=5)
LEFT_UNANSWERED = datetime.timedelta(hours=20)
LOOK_AGAIN = datetime.timedelta(minutes=10)
NUDGE_SECONDS = 30.0


class NotAskedError(ValueError):
    """The server answered, but the conversation does not hold the question."""


class Dispatcher:
    """One worker; several may run at once, each row is claimed by one of them."""

    def __init__(self, loaded: Settings, clock: Clock, engine: sa.engine.Engine, token: str) -> None:
        self._settings = loaded
        self._clock = clock
        self._engine = engine
        self._token = token

    def run_once(self) -> int:
        """Deliver what is due now; returns how many follow-ups reached their conversation."""
        now = self._clock.now()
        with self._engine.begin() as connection:
            people.forget_inactive(connection, now - self._settings.retention)
            addresses.forget_offers(connection, now)
            file_links.forget_ended(connection, now)
            # Also where the workshop is off by now.
            workshop = self._settings.workshop
            shared_sentences.forget_old(connection, now, workshop.kept if workshop else self._settings.retention)
            follow_ups.quieten(connection, now)
            due = follow_ups.claim_due(connection, now)
        return sum(self._deliver(row) for row in due)

    def _deliver(self, claimed: follow_ups.FollowUp) -> bool:
        now = self._clock.now()
        with self._engine.begin() as connection:
            row = follow_ups.hold(connection, claimed, now)
            if row is None:
                return False
            moment = next_working_moment(now, row.country, self._settings, row.ask_time)
            # Somebody who is talking right now is not interrupted.
            moment = max(moment, row.last_seen + IN_CONVERSATION)
            # One question at a time: the next comes after the answer, or when this one was left for most of a day.
            asked = follow_ups.asked_last(connection, row.person_id)
            if asked is not None:
                moment = max(moment, min(asked + LEFT_UNANSWERED, now + LOOK_AGAIN))
            if moment > now:
                follow_ups.release(connection, row, moment)
                return False
        try:
            self._trigger(row)
        except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError, AttributeError) as error:
            # The error's text may hold the address with the token, so only its kind and number are kept.
            reason = f"{type(error).__name__} {getattr(error, 'code', '')}".strip()
            with self._engine.begin() as connection:
                retry = follow_ups.failed(connection, row, self._clock.now(), reason)
            logger.warning("Follow-up %s not delivered (%s); next try at %s.", row.id, reason, retry.isoformat())
            return False
        with self._engine.begin() as connection:
            follow_ups.delivered(connection, row.id, self._clock.now())
        logger.info("Follow-up %s delivered.", row.id)
        return True

    def _trigger(self, row: follow_ups.FollowUp) -> None:
        """Ask the server to act on EXTERNAL_follow_up in the person's conversation, on their latest channel.

        Raises:
            OSError: the server cannot be reached or refuses.
            NotAskedError: it answered, but the conversation lacks the question (its action server was away, say).
        """
        conversation = urllib.parse.quote(row.person_id, safe="")
        query = urllib.parse.urlencode({"output_channel": "latest", "token": self._token})
        request = urllib.request.Request(
            f"{self._settings.server_url}/conversations/{conversation}/trigger_intent?{query}",
            data=json.dumps({"name": "EXTERNAL_follow_up", "entities": {"follow_up": row.id}}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=SECONDS_TO_ANSWER) as response:
            slots = json.loads(response.read())["tracker"]["slots"]
        if row.id not in (slots.get("follow_ups_asked") or []):
            raise NotAskedError


def main() -> None:
    """Run until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    loaded = settings.load()
    clock, engine = Clock.from_settings(loaded), connect(loaded.database_url)
    dispatcher = Dispatcher(loaded, clock, engine, keys.auth_token(loaded.home))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    logger.info("Dispatcher started; the clock says %s.", clock.now().isoformat())
    if loaded.email is not None:
        # In a thread of its own: a slow mail server keeps no follow-up waiting.
        nudger = Nudger(loaded, loaded.email, clock, engine)
        threading.Thread(target=keep_running, args=(nudger.run_once, NUDGE_SECONDS, stop), daemon=True).start()
    keep_running(dispatcher.run_once, loaded.dispatch_seconds, stop)


def keep_running(run_once: Callable[[], object], seconds: float, stop: threading.Event) -> None:
    """Run something every so many seconds until `stop`; a database that does not answer is asked again."""
    while not stop.is_set():
        try:
            run_once()
        except sa.exc.SQLAlchemyError as error:
            logger.error("The database did not answer: %s. Trying again.", type(error).__name__)
        except Exception as error:
            # Whatever it is, the next promise is not kept by ending here. Without its text, which may quote data.
            logger.error("Unforeseen: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
        stop.wait(seconds)


if __name__ == "__main__":
    main()
