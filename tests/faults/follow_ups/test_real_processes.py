"""The three real processes, each killed at every step of a delivery; and a database that stops or runs out of room."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from processes import Actions, Dispatcher, Process, Server, next_workday_at_ten
from promises import Ledger
from proxy import Dropped, Proxy
from services import free_port

OPEN, ASK = b'"next_action": "action_follow_up_open"', b'"next_action": "action_ask_follow_up_result"'
SECONDS = 400


class Three:
    """Server, action server and dispatcher on one database, with a proxy before each of the first two."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True)
        self.home, self.began = home, next_workday_at_ten()
        self.database = home / "bondgenoot.db"
        Ledger(home).engine.dispose()
        port, actions_port = free_port(), free_port()
        self.before_server, self.before_actions = Proxy(port), Proxy(actions_port)
        self.actions = Actions(home, actions_port)
        self.server = Server(home, port, self.before_actions.server_port)
        self.dispatcher = Dispatcher(home, self.before_server.server_port, self.began)
        self.injected = 0

    def start(self) -> None:
        self.actions.start()
        self.server.start()

    def stop(self) -> None:
        for process in (self.dispatcher, self.server, self.actions):
            process.kill()

    def forget_hooks(self) -> None:
        self.before_server.forget_hooks()
        self.before_actions.forget_hooks()

    def revive(self) -> None:
        """What a supervisor does. A dispatcher that starts again is three minutes further."""
        for process in (self.actions, self.server, self.dispatcher):
            if process.is_running():
                continue
            injected = self.injected
            try:
                process.start()
            except AssertionError:
                # The next injection killed it while it started; it is started again in the next round.
                if self.injected == injected:
                    raise

    def hit(self, process: Process) -> None:
        """kill -9, from within a hook: the process is gone when this returns."""
        self.injected += 1
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        while process.is_running():
            time.sleep(0.01)

    @contextlib.contextmanager
    def locked_database(self) -> Iterator[None]:
        with contextlib.closing(
            sqlite3.connect(self.database, 30, isolation_level=None, check_same_thread=False)
        ) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Three]:
    made = Three(tmp_path_factory.mktemp("three") / "home")
    made.start()
    yield made
    made.stop()


Inject = Callable[[Three, int], None]


def sometimes(every: int, at_most: int, act: Callable[[], None], only: bytes = b"") -> Callable[[bytes], None]:
    """A hook that acts at every so-manieth call whose body holds `only`, a limited number of times."""
    lock, seen, acted = threading.Lock(), 0, 0

    def hook(body: bytes) -> None:
        nonlocal seen, acted
        if only not in body:
            return
        with lock:
            seen += 1
            due = seen % every == 2 % every and acted < at_most
            acted += due
        if due:
            act()

    return hook


def dispatcher_before_the_claim(three: Three, times: int) -> None:
    for _ in range(times):
        with three.locked_database():
            starts = three.dispatcher.starts()
            three.dispatcher.start()
            while three.dispatcher.starts() == starts:
                time.sleep(0.1)
            time.sleep(0.3)  # it waits for the lock that its claim needs
            three.hit(three.dispatcher)


def dispatcher_after_the_claim(three: Three, times: int) -> None:
    three.before_server.on_request = sometimes(3, times, lambda: _and_drop(three, three.dispatcher))


def dispatcher_after_trigger_intent(three: Three, times: int) -> None:
    three.before_server.on_response = sometimes(3, times, lambda: _and_drop(three, three.dispatcher))


def dispatcher_before_the_row_advances(three: Three, times: int) -> None:
    def answer_and_kill() -> None:
        lock = three.locked_database()
        lock.__enter__()

        def later() -> None:
            time.sleep(0.5)
            three.hit(three.dispatcher)
            released.set()

        released = threading.Event()
        threading.Thread(target=later, daemon=True).start()
        threading.Thread(target=_release, args=(lock, released), daemon=True).start()

    three.before_server.on_response = sometimes(3, times, answer_and_kill)


def _release(lock: contextlib.AbstractContextManager[None], released: threading.Event) -> None:
    released.wait(30)
    lock.__exit__(None, None, None)


def server_before_it_acts(three: Three, times: int) -> None:
    three.before_server.on_request = sometimes(3, times, lambda: _and_drop(three, three.server))


def server_while_the_question_is_made(three: Three, times: int) -> None:
    three.before_actions.on_request = sometimes(3, times, lambda: _and_drop(three, three.server), ASK)


def server_after_the_question_is_made(three: Three, times: int) -> None:
    three.before_actions.on_response = sometimes(3, times, lambda: _and_drop(three, three.server), ASK)


def server_after_it_answered(three: Three, times: int) -> None:
    three.before_server.on_response = sometimes(3, times, lambda: _and_drop(three, three.server))


def actions_before_the_follow_up_opens(three: Three, times: int) -> None:
    three.before_actions.on_request = sometimes(3, times, lambda: _and_drop(three, three.actions), OPEN)


def actions_between_opening_and_asking(three: Three, times: int) -> None:
    three.before_actions.on_request = sometimes(3, times, lambda: _and_drop(three, three.actions), ASK)


def actions_after_asking(three: Three, times: int) -> None:
    three.before_actions.on_response = sometimes(3, times, lambda: _and_drop(three, three.actions), ASK)


def _and_drop(three: Three, process: Process) -> None:
    three.hit(process)
    raise Dropped


def database_stops(three: Three, times: int) -> None:
    """Longer than a writer waits for another one, from the middle of a delivery on."""

    def stop() -> None:
        three.injected += 1
        threading.Thread(target=hold, daemon=True).start()
        time.sleep(0.2)

    def hold() -> None:
        with three.locked_database():
            time.sleep(20)

    three.before_actions.on_request = sometimes(3, min(times, 1), stop, ASK)


def disk_is_full(three: Three, times: int) -> None:
    """No file of the three processes may grow for a while; the write-ahead log is the one that would."""

    def fill() -> None:
        three.injected += 1
        running = [one.pid for one in (three.server, three.actions, three.dispatcher) if one.is_running()]
        size = max(path.stat().st_size for path in three.home.glob("bondgenoot.db*"))
        for pid in running:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (min(size, 65536), resource.RLIM_INFINITY))
        threading.Thread(target=empty, args=(running,), daemon=True).start()

    def empty(pids: list[int]) -> None:
        time.sleep(8)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    three.before_server.on_request = sometimes(3, min(times, 1), fill)


FULL_ONLY = pytest.mark.full_only
FAULTS = [
    pytest.param(dispatcher_before_the_claim, id="dispatcher killed before the claim"),
    pytest.param(dispatcher_after_the_claim, id="dispatcher killed after the claim"),
    pytest.param(dispatcher_after_trigger_intent, id="dispatcher killed after trigger_intent"),
    pytest.param(dispatcher_before_the_row_advances, id="dispatcher killed before the row advances"),
    pytest.param(actions_before_the_follow_up_opens, id="actions killed before the follow-up opens"),
    pytest.param(actions_between_opening_and_asking, id="actions killed between opening and asking"),
    pytest.param(actions_after_asking, id="actions killed after asking", marks=FULL_ONLY),
    pytest.param(server_before_it_acts, id="server killed before it acts", marks=FULL_ONLY),
    pytest.param(server_while_the_question_is_made, id="server killed while the question is made"),
    pytest.param(server_after_the_question_is_made, id="server killed before it saves", marks=FULL_ONLY),
    pytest.param(server_after_it_answered, id="server killed after it answered", marks=FULL_ONLY),
    pytest.param(database_stops, id="the database stops for 20 s", marks=FULL_ONLY),
    pytest.param(disk_is_full, id="no room on the disk for 8 s"),
]


@pytest.mark.parametrize("inject", FAULTS)
def test_a_promise_outlives_a_fault(
    inject: Inject, three: Three, full: bool, record: Callable[..., None], request: pytest.FixtureRequest
) -> None:
    ledger = Ledger(three.home)
    ledger.promise(15 if full else 5, three.began)
    three.injected = 0
    inject(three, 2 if full else 1)
    before = ledger.states()

    def meanwhile() -> None:
        nonlocal before
        now = ledger.states()
        three.dispatcher.jump_if_stuck(progress=now["asked"] > before["asked"])
        three.revive()
        before = now

    try:
        ledger.wait_until_asked(SECONDS, meanwhile)
        assert three.injected >= 1
        three.forget_hooks()
        three.dispatcher.kill()
        three.revive()
        while not three.dispatcher.is_ready():
            time.sleep(0.1)
        time.sleep(1)
        verdict = ledger.check()
    finally:
        three.forget_hooks()
        three.dispatcher.kill()
        ledger.engine.dispose()
    record(request.node.callspec.id, "dispatcher, server, actions", three.injected, verdict)


@pytest.mark.full_only
def test_two_dispatchers_at_once_ask_once(three: Three, full: bool, record: Callable[..., None]) -> None:
    ledger = Ledger(three.home)
    ledger.promise(40, three.began)
    three.revive()
    # Three minutes on: for the second, every claim of the first is over at once.
    second = Dispatcher(three.home, three.before_server.server_port, three.began, "second")
    second.start()
    try:
        ledger.wait_until_asked(SECONDS)
        time.sleep(1)
        verdict = ledger.check()
    finally:
        second.kill()
        three.dispatcher.kill()
        ledger.engine.dispose()
    record("two dispatchers at once", "2 dispatchers, server, actions", 0, verdict)
