"""`make cluster` while people talk: one server, one action server, one dispatcher are killed, and nobody notices."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import itertools
import json
import os
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import services
import sqlalchemy as sa
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
from running_cluster import APOLOGY, Cluster, Person

from bondgenoot import keys
from bondgenoot.store import commitments, people, schema
from bondgenoot.store.database import connect, id_of

TALKING, SILENT = 5, 24
LONG_AGO = datetime.timedelta(days=14)
QUESTION = "Hoe is het gegaan?"
KILL_SERVER, KILL_ACTIONS = "stoelwissel", "Past deze oefening bij je?"
# What is said, and what must be in the answer: a turn that was lost or doubled breaks the thread.
SCRIPT = (
    ("goeiemorgen", "Dit kan ik met je doen"),
    ("heb je een dilemma over integriteit voor mij", "Wat zou jij doen?"),
    ("1", "Wat maakt dat je dat kiest?"),
    ("omdat ik vind dat je moet doen wat je zegt, ook als het slecht uitkomt", KILL_SERVER),
    ("ik zou me wel serieus genomen voelen maar ook teleurgesteld zijn", "eigen stoel"),
    ("eerlijkheid, en dat mensen op mij kunnen rekenen", "oefening"),
    ("ja graag", KILL_ACTIONS),
    ("deze neem ik", "Welke ene actie"),
    ("ik vertel mijn team eerlijk dat de planning van {word} niet klopt", "Wanneer"),
    ("over twee weken", "tegenhouden"),
    ("dat het te druk is", "druk"),
    ("dan begin ik het overleg ermee", "0 tot 10"),
    ("8", "{word}"),
)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    services.nginx()
    home = tmp_path_factory.mktemp("cluster") / "home"
    with services.postgres_url() as database, services.redis_url() as redis:
        made = Cluster(home, services.free_port(), services.free_port(), database, redis)
        try:
            made.start()
            yield made
        finally:
            if made.process:
                made.stop()


class Promises:
    """The cluster's database: promises of people who are away, and what the conversations say was asked."""

    def __init__(self, cluster: Cluster) -> None:
        self.engine = connect(cluster.environment["BONDGENOOT_DATABASE_URL"])
        self.cipher = schema.Cipher(keys.data_key(cluster.home))
        self.owner: dict[str, str] = {}

    def promise(self, count: int, now: datetime.datetime) -> None:
        """`count` people who were here before, each with a question that is due."""
        before = [
            ActionExecuted("action_session_start"),
            SessionStarted(),
            ActionExecuted("action_listen"),
            UserUttered("hallo", {"name": "greet", "confidence": 1.0}, input_channel="rest"),
            ActionExecuted("action_greet"),
            ActionExecuted("action_listen"),
        ]
        with self.engine.begin() as connection:
            for number in range(count):
                person, word = f"stil-{number}", f"belofte-{number:02}"
                people.touch(connection, person, now - LONG_AGO)
                connection.execute(
                    sa.insert(schema.event),
                    [
                        {"conversation_id": person, "seq": seq, "data": self.cipher.seal(json.dumps(event.as_dict()))}
                        for seq, event in enumerate(before, 1)
                    ],
                )
                draft = commitments.Draft(what=f"de {word} nakomen", due=(now - LONG_AGO).date())
                commitments.create(connection, self.cipher, person, draft, now - datetime.timedelta(hours=1), now)
                self.owner[word] = person

    def states(self) -> Counter[str]:
        with self.engine.connect() as connection:
            return Counter(connection.execute(sa.select(schema.follow_up.c.state)).scalars())

    def let_it_be_due(self, person: str, now: datetime.datetime) -> None:
        """The day has come for somebody who left long ago."""
        mine = sa.select(schema.commitment.c.id).where(schema.commitment.c.person_id == person)
        with self.engine.begin() as connection:
            connection.execute(
                sa.update(schema.person).where(schema.person.c.id == person).values(last_seen=now - LONG_AGO)
            )
            connection.execute(
                sa.update(schema.follow_up)
                .where(schema.follow_up.c.commitment_id.in_(mine))
                .values(due_at=now - datetime.timedelta(hours=1))
            )

    def asked(self) -> Counter[tuple[str, str]]:
        """(promise, conversation) -> how often the bot asked about it there."""
        found: Counter[tuple[str, str]] = Counter()
        with self.engine.connect() as connection:
            for conversation, data in connection.execute(
                sa.select(schema.event.c.conversation_id, schema.event.c.data).order_by(schema.event.c.seq)
            ):
                event = json.loads(self.cipher.open(data))
                if event["event"] == "bot" and QUESTION in str(event.get("text")):
                    (word,) = set(re.findall(r"belofte-\w+", str(event["text"]))) or {"?"}
                    found[word, conversation] += 1
        return found

    def wait_until_all_asked(self, count: int, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.states() != {"asked": count}:
            assert time.monotonic() < deadline, self.states()
            time.sleep(0.3)


def kill_a_dispatcher_at_work(cluster: Cluster, promises: Promises) -> None:
    """The one that holds claims: its log says that it has begun to deliver."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := re.search(r"(dispatcher-\d)\b.*delivered\.", cluster.log.read_text(errors="replace")):
            cluster.kill(found[1])
            assert promises.states()["claimed"] > 0, "it was killed too late to matter"
            return
        time.sleep(0.01)
    raise AssertionError(f"nothing was delivered\n{cluster.tail()}")


async def later(seconds: float, cluster: Cluster, name: str) -> None:
    await asyncio.sleep(seconds)
    cluster.kill(name)


async def talk(cluster: Cluster, everyone: dict[str, Person]) -> None:
    """All say their next line at the same moment; the killing is done in the middle of it."""
    for number, (line, expected) in enumerate(SCRIPT):
        work = [person.say(line.format(word=word)) for word, person in everyone.items()]
        if expected == KILL_SERVER:
            work.append(later(0.3, cluster, "server-1"))
        if expected == KILL_ACTIONS:
            # It takes what it is asked and never answers: killed in the middle, whatever the machine's speed.
            cluster.freeze("actions-1")
            work.append(later(2, cluster, "actions-1"))
        answers = await asyncio.gather(*work)
        for (word, person), answer in zip(everyone.items(), answers):
            wanted = expected.format(word=word).lower()
            assert wanted in str(answer).lower(), (
                f"line {number} of {word}: {answer}\n{person.errors}\n{cluster.tail()}"
            )
        if expected == KILL_SERVER:
            for turn in range(4):
                # A script knows no ids; nothing was begun by a server that is not there.
                said = await asyncio.get_running_loop().run_in_executor(
                    None, cluster.say_by_rest, "script", f"hallo {turn}"
                )
                assert said and APOLOGY not in str(said)


async def test_nobody_notices_that_a_server_an_action_server_and_a_dispatcher_are_lost(cluster: Cluster) -> None:
    promises = Promises(cluster)
    promises.promise(SILENT, cluster.now)
    kill_a_dispatcher_at_work(cluster, promises)

    everyone = {f"belofte-{uuid.uuid4().hex[:8]}": Person(cluster) for _ in range(TALKING)}
    await talk(cluster, everyone)
    # The moment that counts most: an action server dies while it keeps what was promised.
    cluster.until_up(cluster.action_ports[0])
    answers = await asyncio.gather(
        *(person.say("ja dat klopt") for person in everyone.values()), later(0.25, cluster, "actions-2")
    )
    assert all("Bewaard" in str(answer) for answer in answers[:-1]), answers

    for word, person in everyone.items():
        promises.owner[word] = person.conversation
        with promises.engine.connect() as connection:
            kept = commitments.of_person(connection, promises.cipher, person.conversation)
        # One, known by the message that confirmed it.
        assert [one.id for one in kept] == [id_of(person.conversation, "commitment", person.sent[-1])]
        assert word in kept[0].what
        promises.let_it_be_due(person.conversation, cluster.now)
    promises.wait_until_all_asked(SILENT + TALKING, 180)
    time.sleep(2)
    assert promises.asked() == {(word, person): 1 for word, person in promises.owner.items()}

    for word, person in everyone.items():
        messages = (await person.history())["messages"]
        assert [message["n"] for message in messages] == list(range(len(messages)))
        written = [message["id"] for message in messages if message["from"] == "user"]
        assert written == person.sent, "each message stands there once, in order"
        answered = [a["from"] == "user" and b["from"] == "user" for a, b in itertools.pairwise(messages)]
        assert not any(answered), "each message has its answer"
        assert person.errors == []
        assert not [message for message in [*messages, *person.told()] if APOLOGY in message["text"]]
        # The question came by itself into the open window, wherever the dispatcher found a server.
        assert sum(QUESTION in message["text"] and word in message["text"] for message in person.told()) == 1
        await person.close()
    # One of two servers was lost, so some windows were.
    assert sum(person.reconnected for person in everyone.values()) > 0
    assert "while reading response header from upstream" in cluster.log.read_text(errors="replace"), (
        "no action was lost"
    )
    print(
        f"{sum(len(person.sent) for person in everyone.values())} messages, "
        f"{sum(person.resent for person in everyone.values())} sent again, "
        f"{sum(person.reconnected for person in everyone.values())} connections made again"
    )


def test_ctrl_c_ends_everything(cluster: Cluster) -> None:
    running = cluster.pids()
    assert len(running) >= 14
    assert cluster.stop() == 0
    deadline = time.monotonic() + 20
    while any(is_alive(pid) for pid in running) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not [pid for pid in running if is_alive(pid)]


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
