"""The person says when they are asked; working hours and free days still hold."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from fixed_clock import FixedClock

from bondgenoot.moments import follow_up_moment, moment_on, next_working_moment
from bondgenoot.settings import Settings, load
from bondgenoot.store import commitments, follow_ups, people
from bondgenoot.store.follow_ups import WAIT_SILENTLY_AFTER

Promise = Callable[..., str]
AFTERNOON = datetime.time(14, 30)


def local(moment: datetime.datetime, settings: Settings) -> str:
    return moment.astimezone(settings.time_zone).strftime("%a %Y-%m-%d %H:%M")


class TestTheTimeOfDay:
    def test_the_question_comes_the_day_after_at_the_time_that_suits(self, settings: Settings) -> None:
        moment = follow_up_moment(datetime.date(2026, 11, 23), "NL", settings, AFTERNOON)
        assert local(moment, settings) == "Tue 2026-11-24 14:30"

    def test_over_a_weekend_it_is_monday_at_that_time(self, settings: Settings) -> None:
        moment = follow_up_moment(datetime.date(2026, 11, 27), "BE", settings, AFTERNOON)
        assert local(moment, settings) == "Mon 2026-11-30 14:30"

    def test_over_a_public_holiday_it_is_the_next_working_day_at_that_time(self, settings: Settings) -> None:
        moment = moment_on(datetime.date(2027, 4, 27), "NL", settings, AFTERNOON)
        assert local(moment, settings) == "Wed 2027-04-28 14:30"
        moment = moment_on(datetime.date(2027, 4, 27), "BE", settings, AFTERNOON)
        assert local(moment, settings) == "Tue 2027-04-27 14:30"

    @pytest.mark.parametrize(
        ("day", "utc"),
        [("2027-03-25", "13:30"), ("2027-03-30", "12:30"), ("2027-10-29", "12:30"), ("2027-11-02", "13:30")],
    )
    def test_half_past_two_stays_half_past_two_when_the_clocks_change(
        self, settings: Settings, day: str, utc: str
    ) -> None:
        moment = moment_on(datetime.date.fromisoformat(day), None, settings, AFTERNOON)
        assert moment.strftime("%Y-%m-%d %H:%M") == f"{day} {utc}"

    def test_a_time_outside_the_working_hours_of_the_organisation_gives_way(self) -> None:
        mornings = load({"BONDGENOOT_WORKDAY_END": "12:00"})
        moment = moment_on(datetime.date(2026, 11, 24), "NL", mornings, AFTERNOON)
        assert local(moment, mornings) == "Tue 2026-11-24 09:00"

    def test_what_is_late_goes_out_at_once_in_working_hours(self, settings: Settings) -> None:
        overdue = datetime.datetime(2026, 11, 24, 10, 0, tzinfo=settings.time_zone)
        assert next_working_moment(overdue, "NL", settings, AFTERNOON) == overdue

    def test_what_is_late_in_the_weekend_waits_for_the_time_that_suits(self, settings: Settings) -> None:
        overdue = datetime.datetime(2026, 11, 28, 10, 0, tzinfo=settings.time_zone)
        assert local(next_working_moment(overdue, "NL", settings, AFTERNOON), settings) == "Mon 2026-11-30 14:30"


class TestThePersonMovesIt:
    def test_only_what_is_still_to_be_asked_moves_and_only_theirs(
        self, engine: sa.engine.Engine, anna: str, bram: str, clock: FixedClock, promise: Promise
    ) -> None:
        tomorrow, later = clock.now() + datetime.timedelta(days=1), clock.now() + datetime.timedelta(days=2)
        promise(anna, tomorrow)
        promise(bram, tomorrow)
        with engine.begin() as connection:
            (mine,) = follow_ups.pending_of(connection, anna)
            follow_ups.move(connection, mine.id, later)
            assert [row.due_at for row in follow_ups.pending_of(connection, anna)] == [later]
            assert [row.due_at for row in follow_ups.pending_of(connection, bram)] == [tomorrow]
            (theirs,) = follow_ups.claim_due(connection, tomorrow)
            follow_ups.move(connection, theirs.id, later)
            found = follow_ups.find(connection, bram, theirs.id)
        assert found is not None
        assert found.due_at == tomorrow, "what is being asked stays where it is"

    def test_asking_again_keeps_the_day_of_the_commitment(
        self, engine: sa.engine.Engine, cipher: object, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        later = clock.now() + datetime.timedelta(hours=4)
        with engine.begin() as connection:
            (row,) = follow_ups.claim_due(connection, clock.now())
            follow_ups.delivered(connection, row.id, clock.now())
            follow_ups.ask_again(connection, commitment_id, later)
            states = [(row.occurrence, row.state) for row in follow_ups.of_commitment(connection, commitment_id)]
            kept = commitments.find(connection, cipher, anna, commitment_id)  # type: ignore[arg-type]
        assert states == [(1, "answered"), (2, "pending")]
        assert kept is not None
        assert (kept.due, kept.state) == (clock.today(), "open")

    def test_another_day_moves_what_is_to_be_asked_and_asks_again_what_was(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        first, second = clock.now() + datetime.timedelta(days=1), clock.now() + datetime.timedelta(days=2)
        with engine.begin() as connection:
            follow_ups.ask_at(connection, commitment_id, first)
            assert [row.due_at for row in follow_ups.of_commitment(connection, commitment_id)] == [first]
            (row,) = follow_ups.claim_due(connection, first)
            follow_ups.delivered(connection, row.id, first)
            follow_ups.ask_at(connection, commitment_id, second)
            rows = follow_ups.of_commitment(connection, commitment_id)
        assert [(row.due_at, row.state) for row in rows] == [(first, "answered"), (second, "pending")]

    def test_the_time_that_suits_is_kept_for_one_person_and_goes_with_them(
        self, engine: sa.engine.Engine, anna: str, bram: str
    ) -> None:
        with engine.begin() as connection:
            people.set_ask_time(connection, anna, AFTERNOON)
            mine, theirs = people.find(connection, anna), people.find(connection, bram)
        assert mine is not None
        assert theirs is not None
        assert (mine.ask_time, theirs.ask_time) == (AFTERNOON, None)


class TestOneNudgeAndThenSilence:
    def test_unanswered_after_a_week_it_waits_in_the_overview_and_is_never_asked_again(
        self, engine: sa.engine.Engine, cipher: object, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        with engine.begin() as connection:
            (row,) = follow_ups.claim_due(connection, clock.now())
            follow_ups.delivered(connection, row.id, clock.now())
            clock.moment += WAIT_SILENTLY_AFTER
            assert follow_ups.quieten(connection, clock.now()) == 1
            assert follow_ups.claim_due(connection, clock.advance(days=400)) == []
            open_ones = commitments.of_person(connection, cipher, anna, "open")  # type: ignore[arg-type]
        assert [item.id for item in open_ones] == [commitment_id]


class TestNobodyElseTakesOver:
    """Who lost a claim changes nothing any more."""

    def test_a_claim_that_was_taken_over_cannot_be_given_back_by_the_first(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        commitment_id = promise(anna)
        with engine.begin() as connection:
            (first,) = follow_ups.claim_due(connection, clock.now())
            (second,) = follow_ups.claim_due(connection, clock.advance(minutes=3))
            assert follow_ups.hold(connection, first, clock.now()) is None
            follow_ups.failed(connection, first, clock.now(), "timeout")
            follow_ups.release(connection, first, clock.now())
            assert follow_ups.hold(connection, second, clock.now()) is not None
            (row,) = follow_ups.of_commitment(connection, commitment_id)
        assert row.state == "claimed"

    def test_what_was_cancelled_or_erased_after_the_claim_is_not_delivered(
        self, engine: sa.engine.Engine, anna: str, bram: str, clock: FixedClock, promise: Promise
    ) -> None:
        cancelled = promise(anna)
        promise(bram)
        with engine.begin() as connection:
            rows = follow_ups.claim_due(connection, clock.now())
            commitments.close(connection, cancelled, "cancelled", clock.now())
            people.erase(connection, bram)
            assert [follow_ups.hold(connection, row, clock.now()) for row in rows] == [None, None]
            for row in rows:
                follow_ups.failed(connection, row, clock.now(), "nothing there")
            assert people.find(connection, bram) is None

    def test_who_paused_after_the_claim_is_asked_when_they_resume(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        with engine.begin() as connection:
            (row,) = follow_ups.claim_due(connection, clock.now())
            people.set_paused(connection, anna, True)
            assert follow_ups.hold(connection, row, clock.now()) is None
            people.set_paused(connection, anna, False)
            assert [again.id for again in follow_ups.claim_due(connection, clock.now())] == [row.id]

    def test_a_claim_of_a_clock_that_was_set_back_is_free(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        with engine.begin() as connection:
            (row,) = follow_ups.claim_due(connection, clock.now() + datetime.timedelta(days=8))
            assert [again.id for again in follow_ups.claim_due(connection, clock.now())] == [row.id]

    def test_waiting_for_the_weekend_does_not_count_as_a_failure(
        self, engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Promise
    ) -> None:
        promise(anna)
        with engine.begin() as connection:
            for _ in range(5):
                (claimed,) = follow_ups.claim_due(connection, clock.now())
                row = follow_ups.hold(connection, claimed, clock.now())
                assert row is not None
                follow_ups.release(connection, row, clock.now())
            (claimed,) = follow_ups.claim_due(connection, clock.now())
            row = follow_ups.hold(connection, claimed, clock.now())
            assert row is not None
            assert follow_ups.failed(connection, row, clock.now(), "down") == clock.now() + follow_ups.FIRST_RETRY
