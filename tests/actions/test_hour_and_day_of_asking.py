"""When a commitment is asked about, why then, and what drops a word instead of a commitment."""

from __future__ import annotations

import datetime

import pytest
import sqlalchemy as sa

from actions import commitment, common, days, follow_up
from bondgenoot.clock import Clock
from bondgenoot.settings import Settings
from bondgenoot.store import commitments, people
from bondgenoot.store.schema import Cipher

WEDNESDAY = datetime.date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _services(settings: Settings, engine: sa.engine.Engine, cipher: Cipher, monkeypatch: pytest.MonkeyPatch) -> None:
    here = common.Services(settings, Clock.from_settings(settings), engine, cipher)
    monkeypatch.setattr(commitment, "services", lambda: here)


@pytest.mark.parametrize(
    ("wanted", "asked", "why"),
    [
        (None, "2026-11-26", ""),
        ("2026-11-27", "2026-11-27", ""),
        ("2026-11-28", "2026-11-30", "ask_on_working_days"),
        ("2026-11-24", "2026-11-26", "ask_after_the_day"),
        ("2026-11-25", "2026-11-26", "ask_after_the_day"),
    ],
)
def test_a_day_of_asking_is_never_before_the_day_itself_and_on_a_working_day(
    settings: Settings, wanted: str | None, asked: str, why: str
) -> None:
    day = datetime.date.fromisoformat(wanted) if wanted else None
    moment = days.moment_for(None, WEDNESDAY, settings, day)
    assert days.local_day(moment) == datetime.date.fromisoformat(asked)
    assert days.why_then(day, WEDNESDAY, moment) == (commitment.texts.say(why)[0] if why else "")


def test_an_hour_is_kept_changed_and_taken_away(engine: sa.engine.Engine, cipher: Cipher, settings: Settings) -> None:
    now = Clock.from_settings(settings).now()
    draft = commitments.Draft(what="bellen", due=WEDNESDAY, due_time=datetime.time(20, 0))
    with engine.begin() as connection:
        people.touch(connection, "anna", now)
        kept = commitments.create(connection, cipher, "anna", draft, now, now)
        found = [commitments.find(connection, cipher, "anna", kept)]
        later = commitments.Draft(what="bellen", due=WEDNESDAY, due_time=datetime.time(13, 30))
        commitments.change(connection, cipher, kept, later)
        found.append(commitments.find(connection, cipher, "anna", kept))
        commitments.change(connection, cipher, kept, commitments.Draft(what="bellen", due=WEDNESDAY))
        found.append(commitments.find(connection, cipher, "anna", kept))
    assert [one.due_time for one in found if one] == [datetime.time(20, 0), datetime.time(13, 30), None]


@pytest.mark.parametrize(
    ("text", "only_a_word"),
    [
        ("laat ook maar. haal die PUNT weg uit mijn voornemen en dan ben ik klaar", True),
        ("haal dat woord uit mijn voornemen", True),
        ("alleen dat woord weg", True),
        ("haal mijn voornemen weg", False),
        ("schrap mijn voornemen maar", False),
        ("laat mijn voornemen maar vallen", False),
    ],
)
def test_taking_a_word_out_drops_no_commitment(text: str, only_a_word: bool) -> None:
    assert follow_up.drops_a_word(text) is only_a_word
