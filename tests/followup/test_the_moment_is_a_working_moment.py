"""When a follow-up goes out: the day after, in working hours; weekends and holidays shift it and never drop it."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bondgenoot.moments import follow_up_moment, is_workday, next_working_moment
from bondgenoot.settings import Settings, load

UTC = datetime.timezone.utc
DETERMINISTIC = hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None, derandomize=True
)


def asked(due: str, country: str | None, settings: Settings) -> str:
    """The local day and time at which a commitment for `due` is asked about."""
    moment = follow_up_moment(datetime.date.fromisoformat(due), country, settings)
    assert moment.tzinfo is UTC
    return moment.astimezone(settings.time_zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("due", "country", "expected"),
    [
        pytest.param("2026-11-23", "NL", "2026-11-24 09:00", id="a Monday: the day after"),
        pytest.param("2026-11-27", "NL", "2026-11-30 09:00", id="a Friday: after the weekend"),
        pytest.param("2026-11-28", "NL", "2026-11-30 09:00", id="a Saturday: after the weekend"),
        pytest.param("2026-11-29", "BE", "2026-11-30 09:00", id="a Sunday: the Monday"),
        pytest.param("2027-04-26", "NL", "2027-04-28 09:00", id="King's Day in the Netherlands"),
        pytest.param("2027-04-26", "BE", "2027-04-27 09:00", id="no King's Day in Belgium"),
        pytest.param("2026-07-20", "BE", "2026-07-22 09:00", id="the national day of Belgium"),
        pytest.param("2026-07-20", "NL", "2026-07-21 09:00", id="no Belgian national day in the Netherlands"),
        pytest.param("2026-11-10", "BE", "2026-11-12 09:00", id="Armistice Day in Belgium"),
        pytest.param("2026-11-10", "NL", "2026-11-11 09:00", id="no Armistice Day in the Netherlands"),
        pytest.param("2027-04-26", None, "2027-04-28 09:00", id="unknown country: King's Day counts"),
        pytest.param("2026-07-20", None, "2026-07-22 09:00", id="unknown country: 21 July counts"),
        pytest.param("2026-11-10", "DE", "2026-11-12 09:00", id="a country that is neither counts as unknown"),
        pytest.param("2026-04-03", "NL", "2026-04-07 09:00", id="Easter Monday: from Friday to Tuesday"),
        pytest.param("2026-12-24", "NL", "2026-12-28 09:00", id="Christmas in the Netherlands"),
        pytest.param("2025-12-24", "NL", "2025-12-29 09:00", id="both days of Christmas, then the weekend"),
        pytest.param("2025-12-24", "BE", "2025-12-26 09:00", id="one day of Christmas in Belgium"),
        pytest.param("2026-12-31", "NL", "2027-01-04 09:00", id="New Year, then the weekend"),
        pytest.param("2025-12-31", "BE", "2026-01-02 09:00", id="New Year"),
    ],
)
def test_a_follow_up_comes_on_the_first_working_day_after(
    due: str, country: str | None, expected: str, settings: Settings
) -> None:
    assert asked(due, country, settings) == expected


@pytest.mark.parametrize(
    ("due", "expected_utc"),
    [
        pytest.param("2026-03-26", "2026-03-27T08:00", id="the Friday before summer time"),
        pytest.param("2027-03-26", "2027-03-30T07:00", id="over the last Sunday of March, which is Easter"),
        pytest.param("2026-03-27", "2026-03-30T07:00", id="over the last Sunday of March"),
        pytest.param("2026-03-28", "2026-03-30T07:00", id="the Saturday before summer time"),
        pytest.param("2026-10-22", "2026-10-23T07:00", id="the Friday before winter time"),
        pytest.param("2026-10-23", "2026-10-26T08:00", id="over the last Sunday of October"),
        pytest.param("2026-10-24", "2026-10-26T08:00", id="the Saturday before winter time"),
    ],
)
def test_nine_o_clock_stays_nine_o_clock_when_the_clocks_change(
    due: str, expected_utc: str, settings: Settings
) -> None:
    moment = follow_up_moment(datetime.date.fromisoformat(due), "NL", settings)
    assert moment == datetime.datetime.fromisoformat(expected_utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        pytest.param("2026-11-23 09:00", "2026-11-23 09:00", id="the start of the working day"),
        pytest.param("2026-11-23 12:34", "2026-11-23 12:34", id="during the day: at once"),
        pytest.param("2026-11-23 16:59", "2026-11-23 16:59", id="the last minute"),
        pytest.param("2026-11-23 17:00", "2026-11-24 09:00", id="the end: tomorrow"),
        pytest.param("2026-11-23 08:59", "2026-11-23 09:00", id="too early: later today"),
        pytest.param("2026-11-23 00:00", "2026-11-23 09:00", id="midnight: later today"),
        pytest.param("2026-11-27 17:01", "2026-11-30 09:00", id="Friday evening: Monday"),
        pytest.param("2026-11-28 12:00", "2026-11-30 09:00", id="Saturday noon: Monday"),
        pytest.param("2026-10-25 02:30", "2026-10-26 09:00", id="the hour that comes twice"),
    ],
)
def test_an_overdue_follow_up_goes_out_at_once_or_at_the_next_working_moment(
    local: str, expected: str, settings: Settings
) -> None:
    moment = datetime.datetime.strptime(local, "%Y-%m-%d %H:%M").replace(tzinfo=settings.time_zone)
    found = next_working_moment(moment, "NL", settings)
    assert found.astimezone(settings.time_zone).strftime("%Y-%m-%d %H:%M") == expected


def test_the_working_hours_are_those_of_the_settings() -> None:
    settings = load({"BONDGENOOT_WORKDAY_START": "07:30", "BONDGENOOT_WORKDAY_END": "12:00"})
    assert asked("2026-11-23", "NL", settings) == "2026-11-24 07:30"
    afternoon = datetime.datetime(2026, 11, 24, 13, 0, tzinfo=settings.time_zone)
    assert next_working_moment(afternoon, "NL", settings).astimezone(settings.time_zone).isoformat() == (
        "2026-11-25T07:30:00+01:00"
    )


@DETERMINISTIC
@given(
    due=st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 12, 31)),
    country=st.sampled_from(["NL", "BE", None]),
)
def test_every_follow_up_falls_after_the_day_in_working_hours_within_a_week(
    settings: Settings, due: datetime.date, country: str | None
) -> None:
    local = follow_up_moment(due, country, settings).astimezone(settings.time_zone)
    assert datetime.timedelta(0) < local.date() - due <= datetime.timedelta(days=7)
    assert local.time() == settings.workday_start
    assert is_workday(local.date(), country)


@DETERMINISTIC
@given(
    moment=st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2040, 12, 31), timezones=st.just(UTC)),
    country=st.sampled_from(["NL", "BE", None]),
)
def test_a_working_moment_is_never_earlier_and_is_its_own_next(
    settings: Settings, moment: datetime.datetime, country: str | None
) -> None:
    found = next_working_moment(moment, country, settings)
    assert found >= moment
    assert next_working_moment(found, country, settings) == found
