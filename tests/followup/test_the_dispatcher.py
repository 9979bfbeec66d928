"""The dispatcher against a stand-in of the server: a row advances only when the conversation holds the question."""

from __future__ import annotations

import dataclasses
import datetime
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import sqlalchemy as sa

from bondgenoot.dispatcher import IN_CONVERSATION, LOOK_AGAIN, Dispatcher
from bondgenoot.store import commitments, follow_ups, people, schema

DUE = datetime.date(2026, 11, 26)
ASK_AT = datetime.datetime(2026, 11, 27, 8, 0, tzinfo=datetime.timezone.utc)


class Server(HTTPServer):
    """Answers trigger_intent as Rasa does; `asks` says whether the action server was there to ask."""

    asks = True
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls: list[tuple[str, dict]] = []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls.append((self.path, body))
        asked = [body["entities"]["follow_up"]] if self.server.asks else None
        answer = json.dumps({"tracker": {"slots": {"follow_ups_asked": asked}}, "messages": []}).encode()
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def dispatcher(server, settings, engine, clock) -> Dispatcher:
    return Dispatcher(dataclasses.replace(settings, port=server.server_port), clock, engine, "geheim")


@pytest.fixture
def row(engine, cipher, anna, clock) -> str:
    with engine.begin() as connection:
        draft = commitments.Draft("iets beloven", DUE)
        commitment_id = commitments.create(connection, cipher, anna, draft, ASK_AT, clock.now())
        (promised,) = follow_ups.of_commitment(connection, commitment_id)
    clock.moment = ASK_AT + datetime.timedelta(minutes=1)
    return promised.id


def state(engine, row_id: str) -> str:
    with engine.connect() as connection:
        return connection.execute(
            sa.select(schema.follow_up.c.state).where(schema.follow_up.c.id == row_id)
        ).scalar_one()


def test_a_due_follow_up_reaches_its_person_and_no_other(dispatcher, server, engine, row, anna):
    assert dispatcher.run_once() == 1
    assert state(engine, row) == "asked"
    ((path, body),) = server.calls
    assert path.startswith(f"/conversations/{anna}/trigger_intent?")
    assert "token=geheim" in path
    assert body == {"name": "EXTERNAL_follow_up", "entities": {"follow_up": row}}
    assert dispatcher.run_once() == 0
    assert len(server.calls) == 1


def test_an_answer_without_the_question_is_no_delivery(dispatcher, server, engine, row, clock):
    server.asks = False
    assert dispatcher.run_once() == 0
    assert state(engine, row) == "pending"
    server.asks = True
    clock.advance(seconds=30)
    assert dispatcher.run_once() == 1
    assert state(engine, row) == "asked"


@pytest.mark.parametrize("status", [401, 500, 503])
def test_a_refusing_server_loses_nothing(dispatcher, server, engine, row, clock, status):
    server.status = status
    assert dispatcher.run_once() == 0
    assert state(engine, row) == "pending"
    server.status = 200
    clock.advance(hours=1)
    assert dispatcher.run_once() == 1


def test_a_server_that_is_away_loses_nothing(dispatcher, server, engine, row, clock):
    server.shutdown()
    server.server_close()
    assert dispatcher.run_once() == 0
    assert state(engine, row) == "pending"


def test_what_became_due_in_the_weekend_waits_for_monday(dispatcher, server, engine, row, clock):
    clock.moment = datetime.datetime(2026, 11, 28, 12, 0, tzinfo=datetime.timezone.utc)
    assert dispatcher.run_once() == 0
    assert not server.calls
    clock.moment = datetime.datetime(2026, 11, 30, 9, 0, tzinfo=datetime.timezone.utc)
    assert dispatcher.run_once() == 1


def test_somebody_who_is_talking_is_not_interrupted(dispatcher, server, engine, row, anna, clock):
    with engine.begin() as connection:
        people.touch(connection, anna, clock.now())
    assert dispatcher.run_once() == 0
    assert not server.calls
    clock.moment += IN_CONVERSATION + datetime.timedelta(seconds=1)
    assert dispatcher.run_once() == 1


@pytest.fixture
def second(engine, cipher, anna, clock, row) -> str:
    """Another promise of the same person, due a minute later."""
    with engine.begin() as connection:
        draft = commitments.Draft("nog iets beloven", DUE)
        due = ASK_AT + datetime.timedelta(minutes=1)
        commitment_id = commitments.create(connection, cipher, anna, draft, due, clock.now())
        (promised,) = follow_ups.of_commitment(connection, commitment_id)
    return promised.id


def test_the_second_question_comes_after_the_answer_to_the_first(dispatcher, server, engine, row, second, clock):
    assert dispatcher.run_once() == 1
    clock.advance(hours=1)
    assert dispatcher.run_once() == 0
    assert (state(engine, row), state(engine, second)) == ("asked", "pending")
    with engine.begin() as connection:
        connection.execute(sa.update(schema.follow_up).where(schema.follow_up.c.id == row).values(state="answered"))
    clock.moment += LOOK_AGAIN
    assert dispatcher.run_once() == 1
    assert state(engine, second) == "asked"
    assert len(server.calls) == 2


def test_a_first_question_that_is_left_holds_the_second_back_for_a_day_only(
    dispatcher, server, engine, row, second, clock
):
    # From Thursday, so that no weekend comes between.
    clock.moment = ASK_AT - datetime.timedelta(days=1)
    with engine.begin() as connection:
        connection.execute(sa.update(schema.follow_up).values(due_at=clock.now()))
    assert dispatcher.run_once() == 1
    for _ in range(24 * 6):
        clock.advance(minutes=10)
        dispatcher.run_once()
    assert {state(engine, row), state(engine, second)} == {"asked"}
    assert len(server.calls) == 2


def test_people_who_stay_away_are_forgotten_after_the_retention(dispatcher, settings, engine, row, anna, clock):
    with engine.begin() as connection:
        connection.execute(sa.insert(schema.event).values(conversation_id=anna, seq=1, data=b"x"))
    assert dispatcher.run_once() == 1
    clock.moment += settings.retention + datetime.timedelta(days=7)
    dispatcher.run_once()
    with engine.connect() as connection:
        for table in (schema.person, schema.commitment, schema.follow_up, schema.attempt, schema.event):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0, table.name


def test_an_open_promise_goes_before_forgetting(dispatcher, server, settings, engine, row, clock):
    server.status = 500
    clock.moment += settings.retention + datetime.timedelta(days=7)
    dispatcher.run_once()
    assert state(engine, row) in ("pending", "claimed")
