"""Many promises in a database, and the ledger: how often each was asked, and in whose conversation."""

from __future__ import annotations

import contextlib
import datetime
import json
import sqlite3
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered

from bondgenoot import keys
from bondgenoot.store import commitments, people, schema
from bondgenoot.store.database import connect, migrate

LONG_AGO = datetime.timedelta(days=14)


@dataclass
class Ledger:
    """The promises of one test; a promise is recognised by a word of its own in the question."""

    home: Path
    owner: dict[str, str] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.url = f"sqlite:///{self.home / 'bondgenoot.db'}"
        migrate(self.url)
        self.engine = connect(self.url)
        self.cipher = schema.Cipher(keys.data_key(self.home))

    def promise(self, count: int, until: datetime.datetime, each: int = 1, spread_hours: float = 72) -> None:
        """`count` more promises, `each` to a person, that came due in the `spread_hours` before `until`."""
        batch = uuid.uuid4().hex[:6]
        with self.engine.begin() as connection:
            for number in range(count):
                person = f"persoon-{batch}-{number // each}"
                if number % each == 0:
                    people.touch(connection, person, until - LONG_AGO)
                    self._talked_before(connection, person)
                word = f"belofte-{batch}-{number:04}"
                due = until - datetime.timedelta(hours=spread_hours * (count - number) / count)
                draft = commitments.Draft(what=f"de {word} nakomen", due=due.date())
                commitment_id = commitments.create(connection, self.cipher, person, draft, due, until - LONG_AGO)
                self.owner[word] = person
                self.rows.add(commitment_id)

    def _talked_before(self, connection: sa.engine.Connection, person: str) -> None:
        """The beginning of a conversation; a promise comes from nowhere else."""
        events = [
            ActionExecuted("action_session_start"),
            SessionStarted(),
            ActionExecuted("action_listen"),
            UserUttered("hallo", {"name": "greet", "confidence": 1.0}, input_channel="rest"),
            ActionExecuted("action_greet"),
            ActionExecuted("action_listen"),
        ]
        connection.execute(
            sa.insert(schema.event),
            [
                {"conversation_id": person, "seq": number, "data": self.cipher.seal(json.dumps(event.as_dict()))}
                for number, event in enumerate(events, 1)
            ],
        )

    def states(self) -> Counter[str]:
        """How many rows of this ledger are in which state."""
        # Read past the engine, whose transactions begin with the write lock.
        with contextlib.closing(sqlite3.connect(self.home / "bondgenoot.db", 30)) as connection:
            found = connection.execute("SELECT commitment_id, state FROM follow_up").fetchall()
        return Counter(state for commitment, state in found if commitment in self.rows)

    def wait_until_asked(self, seconds: float, meanwhile: object = None) -> None:
        """Wait until every row says that it was asked; `meanwhile` is called now and then."""
        deadline = time.monotonic() + seconds
        while self.states() != {"asked": len(self.rows)}:
            assert time.monotonic() < deadline, f"after {seconds} s: {self.states()}"
            if callable(meanwhile):
                meanwhile()
            time.sleep(0.4)

    def asked(self) -> Counter[tuple[str, str]]:
        """(promise, conversation) -> how often the bot asked it there, read from the conversation log."""
        found: Counter[tuple[str, str]] = Counter()
        with self.engine.connect() as connection:
            query = sa.select(schema.event.c.conversation_id, schema.event.c.data)
            for conversation, data in connection.execute(query):
                event = json.loads(self.cipher.open(data))
                if event["event"] != "bot":
                    continue
                for word in str(event.get("text")).split():
                    if word.startswith("belofte-"):
                        found[word, conversation] += 1
        return found

    def verdict(self) -> dict[str, int]:
        """What the person sees, counted."""
        asked = self.asked()
        mine = {word: asked[word, person] for word, person in self.owner.items()}
        return {
            "promised": len(mine),
            "asked once": sum(1 for count in mine.values() if count == 1),
            "lost": sum(1 for count in mine.values() if count == 0),
            "doubled": sum(1 for count in mine.values() if count > 1),
            "to another": sum(
                count for (word, person), count in asked.items() if self.owner.get(word, person) != person
            ),
        }

    def check(self) -> dict[str, int]:
        """Every promise was asked once, of its owner and of nobody else."""
        found = self.verdict()
        assert found == {
            "promised": len(self.owner), "asked once": len(self.owner), "lost": 0, "doubled": 0, "to another": 0,
        }, found  # fmt: skip
        return found
