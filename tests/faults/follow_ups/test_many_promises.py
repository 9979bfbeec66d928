"""Many promises, real dispatchers that are killed, and a server that dies at every moment of a delivery."""

from __future__ import annotations

import dataclasses
import datetime
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import Dispatcher, next_workday_at_ten
from promises import Ledger
from proxy import Proxy

from bondgenoot.dispatcher import Dispatcher as InProcessDispatcher
from bondgenoot.store.follow_ups import LAST_RETRY

SECONDS = 560


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    made = Ledger(home)
    yield made
    made.engine.dispose()


def kill_at_every(count: int, dispatcher: Dispatcher) -> Callable[[bytes], None]:
    seen = 0

    def hook(_body: bytes) -> None:
        nonlocal seen
        seen += 1
        if seen % count == 0 and dispatcher.is_running():
            os.kill(dispatcher.pid, signal.SIGKILL)

    return hook


def wait_until_ready(dispatchers: list[Dispatcher]) -> None:
    """Until each has looked for something to do."""
    while not all(dispatcher.is_ready() for dispatcher in dispatchers):
        time.sleep(0.1)
    time.sleep(1)


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.full_only), 2])
def test_every_promise_is_kept_once_while_dispatchers_and_server_die(
    workers: int, home: Path, ledger: Ledger, stand_in: Callable[..., Any], full: bool, record: Callable[..., None]
) -> None:
    promised = 360 if full else 45
    began = next_workday_at_ten()
    ledger.promise(promised, began)
    server = stand_in(dies_every=11)
    wait_for(server.port)
    dispatchers, proxies = [], []
    for number in range(workers):
        proxy = Proxy(server.port)
        dispatcher = Dispatcher(home, proxy.server_port, began, f"dispatcher-{number}")
        # One kills after the claim and before trigger_intent, the other after it and before the row advances.
        before_it, after_it = (41, 29) if full else (9, 7)
        proxy.on_request, proxy.on_response = kill_at_every(before_it, dispatcher), kill_at_every(after_it, dispatcher)
        dispatchers.append(dispatcher)
        proxies.append(proxy)
    starts, before = 0, ledger.states()

    def meanwhile() -> None:
        nonlocal starts, before
        now = ledger.states()
        for dispatcher in dispatchers:
            dispatcher.jump_if_stuck(progress=now["asked"] > before["asked"])
            if not dispatcher.is_running():
                starts += 1
                dispatcher.start()
        before = now

    try:
        ledger.wait_until_asked(SECONDS, meanwhile)
        for proxy in proxies:
            proxy.forget_hooks()
        # Nothing follows: neither at once nor when every claim and every wait is over.
        for dispatcher in dispatchers:
            dispatcher.kill()
            dispatcher.start()
        wait_until_ready(dispatchers)
    finally:
        for dispatcher in dispatchers:
            dispatcher.kill()
        for proxy in proxies:
            proxy.shutdown()
    kills = starts - workers
    assert kills >= workers
    verdict = ledger.check()
    names = {1: "one dispatcher", 2: "two dispatchers at once"}
    record(
        f"kill -9 at every moment, {names[workers]}",
        "dispatcher, stand-in",
        f"{kills} dispatchers, server at every 11th delivery",
        verdict,
    )


@pytest.mark.parametrize(
    ("friday", "change"),
    [("2027-03-26", "summer time (28 March 2027)"), ("2027-10-29", "winter time (31 October 2027)")],
)
def test_a_change_of_the_clocks_moves_questions_and_drops_or_doubles_none(
    friday: str,
    change: str,
    home: Path,
    settings: Any,
    ledger: Ledger,
    clock: Any,
    stand_in: Callable[..., Any],
    full: bool,
    record: Callable[..., None],
) -> None:
    zone = settings.time_zone
    start = datetime.datetime.fromisoformat(f"{friday}T15:00").replace(tzinfo=zone).astimezone(datetime.timezone.utc)
    end = start + datetime.timedelta(hours=24 * 5)
    ledger.promise(60 if full else 8, end - datetime.timedelta(hours=20), spread_hours=76)
    server = stand_in()
    dispatcher = InProcessDispatcher(dataclasses.replace(settings, port=server.port), clock, ledger.engine, "x")
    wait_for(server.port)
    clock.moment = start
    while clock.moment < end:
        local = clock.moment.astimezone(zone)
        delivered = dispatcher.run_once()
        in_hours = settings.workday_start <= local.time() < settings.workday_end and local.weekday() < 5
        assert in_hours or not delivered, local
        while delivered:
            delivered = dispatcher.run_once()
        clock.advance(minutes=30)
    record(f"the clock goes to {change}", "dispatcher in the test, stand-in", "1 change", ledger.check())


def test_after_72_hours_of_downtime_everything_overdue_is_asked_once(
    home: Path,
    settings: Any,
    ledger: Ledger,
    clock: Any,
    stand_in: Callable[..., Any],
    full: bool,
    record: Callable[..., None],
) -> None:
    began = next_workday_at_ten()
    ledger.promise(90 if full else 10, began)
    server = stand_in()
    wait_for(server.port)
    dispatcher = InProcessDispatcher(dataclasses.replace(settings, port=server.port), clock, ledger.engine, "x")
    clock.moment = began
    while dispatcher.run_once():
        pass
    clock.moment += LAST_RETRY
    assert dispatcher.run_once() == 0
    record("72 hours of downtime", "dispatcher in the test, stand-in", "1 stop", ledger.check())


def wait_for(port: int) -> None:
    """Until something listens."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the stand-in did not start")
