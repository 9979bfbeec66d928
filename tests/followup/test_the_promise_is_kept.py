"""The promise: 'I will ask you how it went.' Asked at the moment agreed, once, whatever happens in between."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from fixed_clock import FixedClock
from sqlalchemy.exc import IntegrityError

from bondgenoot.store import commitments, follow_ups, people, schema
from bondgenoot.store.database import connect
from bondgenoot.store.follow_ups import CLAIM_EXPIRES, FIRST_RETRY, LAST_RETRY, FollowUp
from bondgenoot.store.schema import Cipher

Promise = Callable[..., str]
SECOND = datetime.timedelta(seconds=1)


def claim(engine: sa.engine.Engine, now: datetime.datetime) -> list[FollowUp]:
    with engine.begin() as connection:
        return follow_ups.claim_due(connection, now)


def rows(engine: sa.engine.Engine, commitment_id: str) -> list[FollowUp]:
    with engine.begin() as connection:
        return follow_ups.of_commitment(connection, commitment_id)


def state(engine: sa.engine.Engine, commitment_id: str) -> str:
    return rows(engine, commitment_id)[-1].state


class TestMakingThePromise:
    """A commitment without its follow-up cannot exist."""

    def test_a_commitment_comes_with_its_first_follow_up(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        ask_at = clock.now() + datetime.timedelta(days=1)
        (row,) = rows(engine, promise(anna, ask_at))
        assert (row.person_id, row.occurrence, row.due_at, row.state, row.attempts) == (anna, 1, ask_at, "pending", 0)

    def test_when_the_follow_up_cannot_be_written_the_commitment_is_not_kept_either(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def breaks(*_args: object) -> str:
            raise OSError("disk full")

        monkeypatch.setattr(follow_ups, "schedule", breaks)
        draft = commitments.Draft(what="bellen", due=clock.today())
        with pytest.raises(OSError, match="disk full"), engine.begin() as connection:
            commitments.create(connection, cipher, anna, draft, clock.now(), clock.now())
        with engine.begin() as connection:
            assert commitments.of_person(connection, cipher, anna) == []
            assert connection.execute(sa.select(sa.func.count()).select_from(schema.follow_up)).scalar() == 0

    def test_when_the_turn_fails_after_the_promise_neither_of_the_two_is_kept(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, clock: FixedClock
    ) -> None:
        draft = commitments.Draft(what="bellen", due=clock.today())

        def turn_that_fails() -> None:
            with engine.begin() as connection:
                commitments.create(connection, cipher, anna, draft, clock.now(), clock.now())
                raise RuntimeError

        with pytest.raises(RuntimeError):
            turn_that_fails()
        with engine.begin() as connection:
            for table in (schema.commitment, schema.follow_up):
                assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0

    def test_an_occurrence_exists_once_a_commitment(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(
                sa.insert(schema.follow_up).values(
                    id="again", commitment_id=commitment_id, occurrence=1, due_at=clock.now(), state="pending"
                )
            )

    def test_a_follow_up_without_commitment_is_refused(self, engine: sa.engine.Engine, clock: FixedClock) -> None:
        with pytest.raises(IntegrityError), engine.begin() as connection:
            follow_ups.schedule(connection, "no such commitment", clock.now())

    def test_a_commitment_of_nobody_is_refused(
        self, engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock
    ) -> None:
        draft = commitments.Draft(what="bellen", due=clock.today())
        with pytest.raises(IntegrityError), engine.begin() as connection:
            commitments.create(connection, cipher, "nobody", draft, clock.now(), clock.now())

    def test_a_state_that_does_not_exist_is_refused(
        self, engine: sa.engine.Engine, anna: str, promise: Promise
    ) -> None:
        promise(anna)
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(sa.update(schema.follow_up).values(state="forgotten"))


class TestTheMomentComes:
    """Not before, and then at once."""

    def test_it_is_not_asked_before_its_time(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna, clock.now() + SECOND)
        assert claim(engine, clock.now()) == []

    def test_it_is_asked_from_its_time_on(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna, clock.now())
        assert [row.commitment_id for row in claim(engine, clock.now())] == [commitment_id]

    def test_the_oldest_promise_goes_first(
        self, engine: sa.engine.Engine, anna: str, bram: str, clock: FixedClock, promise: Promise
    ) -> None:
        later = promise(anna, clock.now() - SECOND)
        earlier = promise(bram, clock.now() - 2 * SECOND)
        assert [row.commitment_id for row in claim(engine, clock.now())] == [earlier, later]

    def test_a_limit_leaves_the_rest_for_the_next_look(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        made = {promise(anna, clock.now() - number * SECOND) for number in range(3)}
        with engine.begin() as connection:
            first = follow_ups.claim_due(connection, clock.now(), limit=2)
        assert len(first) == 2
        assert {row.commitment_id for row in [*first, *claim(engine, clock.now())]} == made

    def test_after_72_hours_of_downtime_every_overdue_question_goes_out_once(
        self, engine: sa.engine.Engine, anna: str, bram: str, clock: FixedClock, promise: Promise
    ) -> None:
        made = {promise(anna), promise(bram), promise(anna, clock.now() + datetime.timedelta(hours=30))}
        clock.advance(hours=72)
        overdue = claim(engine, clock.now())
        assert {row.commitment_id for row in overdue} == made
        with engine.begin() as connection:
            for row in overdue:
                follow_ups.delivered(connection, row.id, clock.now())
        assert claim(engine, clock.advance(hours=72)) == []

    def test_it_still_goes_out_after_the_database_was_closed_and_opened(
        self, database_url: str, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        engine.dispose()
        reopened = connect(database_url)
        assert [row.commitment_id for row in claim(reopened, clock.now())] == [commitment_id]
        reopened.dispose()

    def test_the_moment_comes_back_as_aware_utc(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        local = clock.now().astimezone(clock.time_zone)
        (row,) = rows(engine, promise(anna, local))
        assert row.due_at == local
        assert row.due_at.tzinfo is datetime.timezone.utc


class TestAskedOnce:
    """Two dispatchers, a crash, a slow network: one question."""

    def test_a_claimed_question_is_not_claimed_again(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        assert len(claim(engine, clock.now())) == 1
        assert claim(engine, clock.now()) == []

    def test_two_dispatchers_never_take_the_same_row(
        self, database_url: str, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        made = {promise(anna) for _ in range(12)}
        taken: dict[str, list[str]] = {"one": [], "two": []}
        problems: list[BaseException] = []
        start = threading.Barrier(2)

        def dispatch(name: str) -> None:
            own_engine = connect(database_url)
            try:
                start.wait(timeout=10)
                for _ in range(12):
                    with own_engine.begin() as connection:
                        found = follow_ups.claim_due(connection, clock.now(), limit=2)
                    taken[name] += [row.commitment_id for row in found]
            except BaseException as problem:
                problems.append(problem)
            finally:
                own_engine.dispose()

        threads = [threading.Thread(target=dispatch, args=(name,)) for name in taken]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert problems == []
        assert sorted(taken["one"] + taken["two"]) == sorted(made)

    def test_a_second_dispatcher_waits_while_the_first_is_claiming(
        self, database_url: str, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        second_found: list[FollowUp] = []
        other = connect(database_url)
        thread = threading.Thread(target=lambda: second_found.extend(claim(other, clock.now())))
        with engine.begin() as connection:
            assert len(follow_ups.claim_due(connection, clock.now())) == 1
            thread.start()
        thread.join(timeout=60)
        other.dispose()
        assert not thread.is_alive()
        assert second_found == []

    def test_a_claim_that_was_rolled_back_is_free_again(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)

        def dispatcher_that_fails() -> None:
            with engine.begin() as connection:
                follow_ups.claim_due(connection, clock.now())
                raise RuntimeError

        with pytest.raises(RuntimeError):
            dispatcher_that_fails()
        assert len(claim(engine, clock.now())) == 1

    def test_after_a_crash_the_claim_expires_and_the_question_is_taken_up(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        (crashed,) = claim(engine, clock.now())
        almost = clock.now() + CLAIM_EXPIRES - SECOND
        assert claim(engine, almost) == []
        assert [row.id for row in claim(engine, clock.now() + CLAIM_EXPIRES)] == [crashed.id]

    def test_a_claim_taken_up_again_is_held_for_as_long_as_the_first(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        claim(engine, clock.now())
        clock.moment += CLAIM_EXPIRES
        assert len(claim(engine, clock.now())) == 1
        assert claim(engine, clock.now() + CLAIM_EXPIRES - SECOND) == []

    def test_a_delivered_question_is_never_claimed_again(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        (row,) = claim(engine, clock.now())
        with engine.begin() as connection:
            follow_ups.delivered(connection, row.id, clock.now())
        assert state(engine, commitment_id) == "asked"
        assert claim(engine, clock.advance(days=400)) == []

    def test_an_answer_that_came_before_the_delivery_was_noted_stays_an_answer(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        (row,) = claim(engine, clock.now())
        with engine.begin() as connection:
            commitments.close(connection, commitment_id, "done", clock.now())
            follow_ups.delivered(connection, row.id, clock.now())
        assert state(engine, commitment_id) == "answered"

    def test_a_released_question_is_asked_at_its_new_moment(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        (row,) = claim(engine, clock.now())
        tomorrow = clock.now() + datetime.timedelta(days=1)
        with engine.begin() as connection:
            follow_ups.release(connection, row, tomorrow)
        assert claim(engine, tomorrow - SECOND) == []
        assert [again.id for again in claim(engine, tomorrow)] == [row.id]


class TestDeliveryFails:
    """Tried again, each time later, never given up."""

    def test_each_failure_waits_longer_up_to_a_limit_and_it_is_never_given_up(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        waits = []
        for _ in range(20):
            (claimed,) = claim(engine, clock.now())
            with engine.begin() as connection:
                row = follow_ups.hold(connection, claimed, clock.now())
                assert row is not None
                retry = follow_ups.failed(connection, row, clock.now(), "connection refused")
            assert claim(engine, retry - SECOND) == []
            waits.append(retry - clock.now())
            clock.moment = retry
        assert waits[:3] == [FIRST_RETRY, 2 * FIRST_RETRY, 4 * FIRST_RETRY]
        assert waits == sorted(waits)
        assert waits[-1] == LAST_RETRY
        assert rows(engine, commitment_id)[0].attempts == 20

    def test_a_claim_whose_dispatcher_died_before_the_try_makes_the_first_failure_wait_no_longer(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        for _ in range(5):
            (claimed,) = claim(engine, clock.now())
            clock.advance(minutes=3)
        (claimed,) = claim(engine, clock.now())
        with engine.begin() as connection:
            row = follow_ups.hold(connection, claimed, clock.now())
            assert row is not None
            assert follow_ups.failed(connection, row, clock.now(), "refused") == clock.now() + FIRST_RETRY

    def test_every_attempt_is_written_down_with_its_outcome(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        (row,) = claim(engine, clock.now())
        with engine.begin() as connection:
            clock.moment = follow_ups.failed(connection, row, clock.now(), "x" * 500)
        (row,) = claim(engine, clock.now())
        with engine.begin() as connection:
            follow_ups.delivered(connection, row.id, clock.now())
            written = connection.execute(
                sa.select(schema.attempt.c.outcome, schema.attempt.c.reason).order_by(schema.attempt.c.id)
            ).all()
        assert [tuple(line) for line in written] == [("failed", "x" * 200), ("delivered", None)]

    def test_a_failure_after_the_person_answered_does_not_ask_again(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        (row,) = claim(engine, clock.now())
        with engine.begin() as connection:
            commitments.close(connection, commitment_id, "done", clock.now())
            follow_ups.failed(connection, row, clock.now(), "timeout")
        assert state(engine, commitment_id) == "answered"
        assert claim(engine, clock.advance(days=1)) == []


class TestThePersonDecides:
    """Paused, cancelled, moved, or silent."""

    def test_somebody_who_paused_is_not_asked_and_others_are(
        self, engine: sa.engine.Engine, anna: str, bram: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        promise(bram)
        with engine.begin() as connection:
            people.set_paused(connection, anna, True)
        assert [row.person_id for row in claim(engine, clock.now())] == [bram]

    def test_somebody_who_resumes_is_asked_what_was_promised_meanwhile(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        with engine.begin() as connection:
            people.set_paused(connection, anna, True)
        assert claim(engine, clock.advance(days=30)) == []
        with engine.begin() as connection:
            people.set_paused(connection, anna, False)
        assert [row.commitment_id for row in claim(engine, clock.now())] == [commitment_id]

    def test_somebody_who_pauses_while_the_dispatcher_crashed_is_not_asked(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        claim(engine, clock.now())
        with engine.begin() as connection:
            people.set_paused(connection, anna, True)
        assert claim(engine, clock.now() + CLAIM_EXPIRES) == []

    @pytest.mark.parametrize("already_claimed", [False, True])
    def test_a_cancelled_commitment_is_never_asked_about(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise, already_claimed: bool
    ) -> None:
        commitment_id = promise(anna)
        if already_claimed:
            claim(engine, clock.now())
        with engine.begin() as connection:
            commitments.close(connection, commitment_id, "cancelled", clock.now())
        assert state(engine, commitment_id) == "cancelled"
        assert claim(engine, clock.advance(days=400)) == []

    @pytest.mark.parametrize("ending", ["done", "partial", "not_done"])
    def test_who_reports_by_themselves_is_not_asked_any_more(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, clock: FixedClock, promise: Promise, ending: str
    ) -> None:
        commitment_id = promise(anna, clock.now() + datetime.timedelta(days=2))
        with engine.begin() as connection:
            commitments.close(connection, commitment_id, ending, clock.now())
            kept = commitments.find(connection, cipher, anna, commitment_id)
        assert kept is not None
        assert (kept.state, kept.closed) == (ending, clock.now())
        assert state(engine, commitment_id) == "answered"
        assert claim(engine, clock.advance(days=3)) == []

    @pytest.mark.parametrize("ending", ["open", "forgotten"])
    def test_a_commitment_cannot_end_in_another_way(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise, ending: str
    ) -> None:
        commitment_id = promise(anna)
        with pytest.raises(ValueError, match=ending), engine.begin() as connection:
            commitments.close(connection, commitment_id, ending, clock.now())

    def test_renegotiating_settles_the_old_question_and_promises_the_next(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        claim(engine, clock.now())
        day = clock.today() + datetime.timedelta(days=7)
        ask_at = clock.now() + datetime.timedelta(days=8)
        with engine.begin() as connection:
            commitments.renegotiate(connection, commitment_id, day, ask_at)
            kept = commitments.find(connection, cipher, anna, commitment_id)
        assert kept is not None
        assert (kept.due, kept.state, kept.closed) == (day, "open", None)
        assert [(row.occurrence, row.state) for row in rows(engine, commitment_id)] == [(1, "answered"), (2, "pending")]
        assert claim(engine, ask_at - SECOND) == []
        assert [row.occurrence for row in claim(engine, ask_at)] == [2]

    def test_renegotiating_does_not_touch_another_commitment(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        moved, other = promise(anna), promise(anna)
        with engine.begin() as connection:
            commitments.renegotiate(connection, moved, clock.today(), clock.now())
        assert [row.state for row in rows(engine, other)] == ["pending"]

    def test_a_week_of_silence_makes_the_question_wait_without_nagging(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        (row,) = claim(engine, clock.now())
        with engine.begin() as connection:
            follow_ups.delivered(connection, row.id, clock.now())
        clock.advance(days=7, seconds=-1)
        with engine.begin() as connection:
            assert follow_ups.quieten(connection, clock.now()) == 0
        clock.advance(seconds=1)
        with engine.begin() as connection:
            assert follow_ups.quieten(connection, clock.now()) == 1
        assert state(engine, commitment_id) == "waiting"
        assert claim(engine, clock.advance(days=400)) == []

    def test_a_question_that_waits_can_still_be_answered(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        (row,) = claim(engine, clock.now())
        with engine.begin() as connection:
            follow_ups.delivered(connection, row.id, clock.now())
            follow_ups.quieten(connection, clock.advance(days=30))
            commitments.close(connection, commitment_id, "partial", clock.now())
        assert state(engine, commitment_id) == "answered"

    def test_a_question_that_was_not_delivered_yet_does_not_fall_silent(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        with engine.begin() as connection:
            assert follow_ups.quieten(connection, clock.advance(days=30)) == 0


class TestNobodyElse:
    """A promise is between the assistant and one person."""

    def test_the_follow_up_of_another_person_is_not_found(
        self, engine: sa.engine.Engine, anna: str, bram: str, promise: Promise
    ) -> None:
        (row,) = rows(engine, promise(anna))
        with engine.begin() as connection:
            assert follow_ups.find(connection, bram, row.id) is None
            assert follow_ups.find(connection, anna, row.id) == row
            assert follow_ups.find(connection, anna, "no such row") is None

    def test_the_commitment_of_another_person_is_not_found(
        self, engine: sa.engine.Engine, cipher: Cipher, anna: str, bram: str, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        with engine.begin() as connection:
            assert commitments.find(connection, cipher, bram, commitment_id) is None
            assert commitments.of_person(connection, cipher, bram) == []

    def test_an_erased_person_is_not_asked(
        self, engine: sa.engine.Engine, anna: str, bram: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        promise(bram)
        with engine.begin() as connection:
            people.erase(connection, anna)
        assert [row.person_id for row in claim(engine, clock.now())] == [bram]
