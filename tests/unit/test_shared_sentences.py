"""Sentences are shared only by who agreed, shown only from ten people on, and gone when somebody takes them back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from fixed_clock import FixedClock

from bondgenoot.dispatcher import Dispatcher
from bondgenoot.settings import Settings
from bondgenoot.settings_workshop import WorkshopSettings
from bondgenoot.store import people, schema, shared_sentences
from bondgenoot.store.schema import Cipher

Share = Callable[..., bool]


@pytest.fixture
def share(engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock) -> Share:
    def make(person: str, text: str = "waar staat mijn fiets", agrees: bool = True) -> bool:
        with engine.begin() as connection:
            people.touch(connection, person, clock.now())
            if agrees:
                shared_sentences.agree(connection, person, clock.now())
            return shared_sentences.keep(connection, cipher, person, text, "greet", clock.now())

    return make


def shown(engine: sa.engine.Engine, cipher: Cipher) -> list[str]:
    with engine.begin() as connection:
        return [one.text for one in shared_sentences.shown(connection, cipher)]


def rows(engine: sa.engine.Engine, table: sa.Table) -> int:
    with engine.begin() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar())


def test_nothing_is_kept_of_who_did_not_agree(engine: sa.engine.Engine, share: Share) -> None:
    assert share("anna", agrees=False) is False
    assert rows(engine, schema.shared_sentence) == 0


def test_nothing_is_shown_of_nine_people_and_everything_of_ten(
    engine: sa.engine.Engine, cipher: Cipher, share: Share
) -> None:
    for number in range(9):
        for text in ("een zin", "nog een zin"):
            share(f"p{number}", text)
    assert shown(engine, cipher) == []
    share("p9", "de tiende")
    assert sorted(shown(engine, cipher)) == sorted(["een zin", "nog een zin"] * 9 + ["de tiende"])


def test_one_that_is_not_shown_is_not_found_either(engine: sa.engine.Engine, cipher: Cipher, share: Share) -> None:
    share("anna")
    with engine.begin() as connection:
        sentence_id = connection.execute(sa.select(schema.shared_sentence.c.id)).scalar()
        assert shared_sentences.find(connection, cipher, sentence_id) is None
    for number in range(9):
        share(f"p{number}")
    with engine.begin() as connection:
        assert shared_sentences.find(connection, cipher, sentence_id) is not None


def test_taking_back_takes_the_sentences_back_and_only_ones_own(
    engine: sa.engine.Engine, cipher: Cipher, share: Share
) -> None:
    for number in range(11):
        share(f"p{number}", f"zin van {number}")
    with engine.begin() as connection:
        assert shared_sentences.withdraw(connection, "p3") == 1
        assert shared_sentences.agreed_at(connection, "p3") is None
        assert shared_sentences.withdraw(connection, "p3") == 0
    assert sorted(shown(engine, cipher)) == sorted(f"zin van {number}" for number in range(11) if number != 3)
    assert share("p3", agrees=False) is False


def test_erasing_somebody_erases_what_they_shared(engine: sa.engine.Engine, share: Share) -> None:
    share("anna")
    share("bram")
    with engine.begin() as connection:
        receipt = people.erase(connection, "anna")
    assert (receipt["sharing"], receipt["shared_sentence"]) == (1, 1)
    assert (rows(engine, schema.sharing), rows(engine, schema.shared_sentence)) == (1, 1)


def test_who_stays_away_is_forgotten_with_what_they_shared(
    engine: sa.engine.Engine, share: Share, clock: FixedClock
) -> None:
    share("anna")
    with engine.begin() as connection:
        people.forget_inactive(connection, clock.now() + datetime.timedelta(days=1))
    assert (rows(engine, schema.sharing), rows(engine, schema.shared_sentence)) == (0, 0)


def test_a_sentence_is_gone_before_its_term_is_over(engine: sa.engine.Engine, share: Share, clock: FixedClock) -> None:
    share("anna")  # on a Monday
    kept = datetime.timedelta(days=90)
    for days, left in ((83, 1), (89, 1), (90, 0)):
        with engine.begin() as connection:
            shared_sentences.forget_old(connection, clock.now() + datetime.timedelta(days=days), kept)
        assert rows(engine, schema.shared_sentence) == left, days


@pytest.mark.parametrize("workshop", [WorkshopSettings("trainer", "roles", datetime.timedelta(days=30)), None])
def test_the_dispatcher_keeps_the_term_also_where_the_workshop_is_off_by_now(
    engine: sa.engine.Engine, share: Share, clock: FixedClock, settings: Settings, workshop: WorkshopSettings | None
) -> None:
    share("anna")
    dispatcher = Dispatcher(replace(settings, workshop=workshop), clock, engine, "")  # type: ignore[arg-type]
    for days, left in ((1, 1), (30 if workshop else 90, 0)):
        with engine.begin() as connection:
            people.touch(
                connection, "anna", clock.now() + datetime.timedelta(days=200)
            )  # she comes back again and again
        moment = clock.moment
        clock.moment = moment + datetime.timedelta(days=days)
        dispatcher.run_once()
        clock.moment = moment
        assert rows(engine, schema.shared_sentence) == left


def test_a_row_says_neither_who_nor_when(engine: sa.engine.Engine, share: Share, clock: FixedClock) -> None:
    clock.moment += datetime.timedelta(days=3, hours=5)
    share("anna", "een zin over soep")
    with engine.begin() as connection:
        (row,) = connection.execute(sa.select(schema.shared_sentence)).all()
    assert set(row._mapping) == {"id", "key", "text", "guess", "week"}
    assert row.week == datetime.date(2026, 11, 23)  # the Monday of that week
    assert "anna" not in f"{row.id} {row.key}"
    assert b"soep" not in bytes(row.text)


def test_nobody_fills_the_pool_alone_or_twice(engine: sa.engine.Engine, share: Share) -> None:
    assert share("anna", "zin") and not share("anna", "zin")
    kept = sum(share("anna", f"zin {number}") for number in range(40))
    assert kept == shared_sentences.MOST_OF_ONE_PERSON - 1


def test_two_conversations_of_one_person_count_as_one(
    engine: sa.engine.Engine, cipher: Cipher, share: Share, clock: FixedClock
) -> None:
    for number in range(9):
        share(f"p{number}")
    share("slack-1", "van slack")
    assert shown(engine, cipher)
    with engine.begin() as connection:
        people.merge(connection, "slack-1", "p0", clock.now())
        assert shared_sentences.of_person(connection, cipher, "p0") == ["van slack", "waar staat mijn fiets"]
    assert shown(engine, cipher) == []


def test_linking_conversations_agrees_to_nothing(
    engine: sa.engine.Engine, cipher: Cipher, share: Share, clock: FixedClock
) -> None:
    share("slack-1")
    share("anna", agrees=False)
    with engine.begin() as connection:
        people.merge(connection, "slack-1", "anna", clock.now())
        assert shared_sentences.agreed_at(connection, "anna") is None
    assert rows(engine, schema.shared_sentence) == 0
