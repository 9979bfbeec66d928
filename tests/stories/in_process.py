"""A conversation in this process: Rasa's agent, the real actions without HTTP, and a look at what is stored."""

from __future__ import annotations

import asyncio
import datetime
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from fixed_clock import FixedClock
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

import actions.common
from bondgenoot import files, keys, links
from bondgenoot.content import content
from bondgenoot.dispatcher import Dispatcher
from bondgenoot.settings import Settings
from bondgenoot.store import commitments, file_links, follow_ups, people, schema
from components.tracker_store import BondgenootTrackerStore

HER, SOMEONE_ELSE = "anna", "bram"
FOLLOW_UP = "EXTERNAL_follow_up"


class ActionsInProcess(EndpointConfig):
    """Stands where the HTTP endpoint of the action server stands, and remembers what an action raised."""

    def __init__(self) -> None:
        super().__init__("in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")
        self.problems: list[str] = []

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """What the action server's webhook would answer. The call goes through JSON, as it does over HTTP."""
        call = json.loads(json.dumps(kwargs["json"]))
        try:
            return json.loads(json.dumps(await self._executor.run(call)))
        except ActionExecutionRejection as error:
            answer = json.dumps({"error": str(error), "action_name": error.action_name})
            raise ClientResponseError(400, "rejected", answer) from error
        except Exception as error:
            self.problems.append(f"{call['next_action']} raised {type(error).__name__}: {error}")
            raise


@cache
def _format_of_an_answer() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def is_a_valid_answer(_: RemoteAction, answer: dict[str, Any]) -> bool:
    """Rasa's check of what an action answers. Rasa checks its own schema first, at every call: 17 ms of a core."""
    _format_of_an_answer().validate(answer)
    return True


@dataclass(frozen=True)
class Trained:
    """The agent, loaded once, and the loop it runs on."""

    agent: Agent
    endpoint: ActionsInProcess
    loop: asyncio.AbstractEventLoop


class InProcessDispatcher(Dispatcher):
    """The product's dispatcher; only the HTTP request to the server is replaced."""

    def __init__(self, conversation: Conversation, times: int, answer_lost: bool) -> None:
        super().__init__(conversation.settings, conversation.clock, conversation.engine, "")  # type: ignore[arg-type]
        self._conversation, self._times, self._answer_lost = conversation, times, answer_lost

    def _trigger(self, row: follow_ups.FollowUp) -> None:
        for _ in range(self._times):
            self._conversation.trigger(row.person_id, row.id)
        if self._answer_lost:
            raise OSError("the answer of the server was lost")


@dataclass
class Conversation:
    """One person's conversation, and a look behind it."""

    trained: Trained
    store: BondgenootTrackerStore
    settings: Settings
    engine: sa.engine.Engine
    clock: FixedClock
    log: list[str] = field(default_factory=list)
    collected: list[dict[str, Any]] = field(default_factory=list)

    def say(self, text: str, sender: str = HER) -> list[dict[str, Any]]:
        """What is answered to a message."""
        channel = CollectingOutputChannel()
        message = UserMessage(text, channel, sender, input_channel="chat")
        self.trained.loop.run_until_complete(self.trained.agent.handle_message(message))
        return channel.messages

    def trigger(self, sender: str, row_id: str) -> None:
        """Rasa's trigger_intent endpoint, without HTTP; what is said is added to `collected`."""
        self.trained.loop.run_until_complete(self._trigger(sender, row_id))

    async def _trigger(self, sender: str, row_id: str) -> None:
        agent, channel = self.trained.agent, CollectingOutputChannel()
        async with agent.lock_store.lock(sender):
            tracker = await agent.processor.fetch_tracker_and_update_session(sender)  # type: ignore[union-attr]
            await agent.trigger_intent(FOLLOW_UP, {"follow_up": row_id}, channel, tracker)  # type: ignore[arg-type]
        if sender == HER:
            self.collected += channel.messages

    def follow_up(self, times: int = 1, answer_lost: bool = False) -> tuple[int, list[dict[str, Any]]]:
        """One look of the dispatcher: how many were delivered, and what was said."""
        self.collected = []
        count = InProcessDispatcher(self, times, answer_lost).run_once()
        return count, self.collected

    def trigger_row_of_another(self) -> list[dict[str, Any]]:
        """Somebody else's follow-up, triggered in her conversation."""
        cipher = actions.common.services().cipher
        with self.engine.begin() as connection:
            people.touch(connection, SOMEONE_ELSE, self.clock.now())
            draft = commitments.Draft(what="geheim van bram", due=self.clock.today())
            other = commitments.create(
                connection,
                cipher,
                SOMEONE_ELSE,
                draft,
                self.clock.now() + datetime.timedelta(days=900),
                self.clock.now(),
            )
            (row,) = follow_ups.of_commitment(connection, other)
        self.collected = []
        self.trigger(HER, row.id)
        return self.collected

    def open_link(self, address: str) -> files.File:
        """The file behind a link that was said, as channels/files.py makes it."""
        token = address.removeprefix(f"{self.settings.public_url}{links.PATH}/").split("/")[0]
        cipher, ours = actions.common.services().cipher, links.Links(keys.session_key(self.settings.home))
        with self.engine.begin() as connection:
            named = file_links.find(connection, cipher, ours, token, self.clock.now())
        return files.build(named, self.engine, cipher, self.settings, self.clock.now())

    def tracker(self) -> Any:
        return self.trained.loop.run_until_complete(self.store.retrieve(HER))

    def everything_stored(self) -> str:
        """All that is on disk, as it is and with every sealed column opened, and all that was logged."""
        cipher = actions.common.services().cipher
        parts = [
            path.read_bytes().decode("utf-8", "replace") for path in self.settings.home.rglob("*") if path.is_file()
        ]
        with self.engine.connect() as connection:
            for table in schema.metadata.sorted_tables:
                for row in connection.execute(sa.select(table)):
                    parts += [cipher.open(cell) if isinstance(cell, bytes) else str(cell) for cell in row]
        # json.dumps escapes accents; both forms are looked for.
        opened = "\n".join(parts)
        full = self.trained.loop.run_until_complete(self.store.retrieve_full_tracker(HER))
        if full is not None:
            opened += json.dumps([event.as_dict() for event in full.events], ensure_ascii=False)
        return "\n".join([opened, *self.log])

    def sees_only(self, dilemma: str) -> bool:
        """Every other dilemma counts as seen by this person; whether there is such a dilemma."""
        known = content().dilemmas
        with self.engine.begin() as connection:
            for other in known.keys() - {dilemma}:
                people.note_seen(connection, HER, "dilemma", other, "finished", self.clock.now())
        return dilemma in known

    def count(self, table: str) -> int:
        """Rows of the person in a table; `open_follow_ups` and `open_commitments` count what is open."""
        mine = "(select id from commitment where person_id = :me)"
        queries = {
            "people": "select count(*) from person where id = :me",
            "commitments": "select count(*) from commitment where person_id = :me",
            "open_commitments": "select count(*) from commitment where person_id = :me and state = 'open'",
            "follow_ups": f"select count(*) from follow_up where commitment_id in {mine}",
            "open_follow_ups": f"select count(*) from follow_up where commitment_id in {mine} "
            "and state in ('pending', 'claimed', 'asked', 'waiting')",
            "scans": "select count(*) from scan where person_id = :me",
            "reflections": "select count(*) from reflection where person_id = :me",
            "seen": "select count(*) from seen where person_id = :me",
            "events": "select count(*) from event where conversation_id = :me",
        }
        with self.engine.connect() as connection:
            return int(connection.execute(sa.text(queries[table]), {"me": HER}).scalar() or 0)

    def last_commitment(self) -> commitments.Commitment | None:
        with self.engine.connect() as connection:
            kept = commitments.of_person(connection, actions.common.services().cipher, HER)
        return max(kept, key=lambda item: item.created, default=None)

    def follow_up_moments(self) -> list[str]:
        """When open follow-ups go out, on the wall clock of the person."""
        query = (
            sa.select(schema.follow_up.c.due_at)
            .join(schema.commitment, schema.commitment.c.id == schema.follow_up.c.commitment_id)
            .where(schema.commitment.c.person_id == HER, schema.follow_up.c.state.in_(follow_ups.OPEN_STATES))
        )
        with self.engine.connect() as connection:
            found = sorted(connection.execute(query).scalars())
        return [moment.astimezone(self.settings.time_zone).strftime("%Y-%m-%d %H:%M") for moment in found]
