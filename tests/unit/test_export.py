"""The export: everything that is kept of one person, and nothing of anybody else, in words that they can read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from fixed_clock import FixedClock

from bondgenoot import export, texts
from bondgenoot.content import CONTENT
from bondgenoot.errors import FileGoneError
from bondgenoot.settings import ROOT, Settings
from bondgenoot.store import commitments, people, reflections, scans, schema, shared_sentences
from bondgenoot.store.schema import Cipher

Log = Callable[..., None]


@pytest.fixture
def log(engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock) -> Log:
    """Write events into the log of a conversation, as the tracker store does."""

    def write(person_id: str, *events: dict[str, Any]) -> None:
        with engine.begin() as connection:
            for seq, event in enumerate(events, 1):
                data = cipher.seal(json.dumps({"timestamp": clock.now().timestamp(), **event}))
                connection.execute(sa.insert(schema.event).values(conversation_id=person_id, seq=seq, data=data))

    return write


@pytest.fixture
def full(engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock, anna: str, bram: str, log: Log) -> str:
    """Anna, of whom everything is kept, and Bram beside her."""
    now = clock.now()
    with engine.begin() as connection:
        for person_id, word in ((anna, "appel"), (bram, "peer")):
            people.set_country(connection, person_id, "BE")
            draft = commitments.Draft(
                f"{word} delen", clock.today(), word, f"{word}schrik", f"dan {word}", 8, "share_the_why"
            )
            made = commitments.create(connection, cipher, person_id, draft, now, now)
            commitments.renegotiate(connection, made, clock.today(), now)
            scans.add(connection, cipher, person_id, {"integrity": 3.5}, now)
            reflections.keep(connection, cipher, person_id, "dilemma", f"{word} zonder schil", now)
            people.note_seen(connection, person_id, "dilemma", "whose_plan", "finished", now)
            people.note_seen(connection, person_id, "practice", "left_the_content", "declined", now)
            shared_sentences.agree(connection, person_id, now)
            shared_sentences.keep(connection, cipher, person_id, f"een {word} in de soep", "greet", now)
    for person_id, word in ((anna, "appel"), (bram, "peer")):
        log(
            person_id,
            {"event": "action", "name": "action_listen"},
            {"event": "user", "text": f"ik heb een {word}"},
            {"event": "bot", "text": f"een {word} dus"},
            {"event": "slot", "name": "commitment_what", "value": word},
            {"event": "user", "text": ""},
            {"event": "user", "text": "EXTERNAL: EXTERNAL_follow_up", "metadata": {"is_external": True}},
            {"event": "user", "text": "EXTERNAL: zelf getypt"},
            {"event": "bot", "text": None, "data": {"image": "http://x/y.png"}},
            {"event": "bot", "text": None, "data": {}},
        )
    return anna


@pytest.fixture
def exported(full: str, engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock, settings: Settings) -> Any:
    with engine.begin() as connection:
        return json.loads(export.of_person(connection, cipher, full, clock.now(), settings))


def test_what_was_written_is_there_word_for_word(exported: Any) -> None:
    (commitment,) = exported["voornemens"]
    assert commitment["wat"] == "appel delen"
    assert commitment["met_wie"] == "appel"
    assert commitment["wat_kan_tegenhouden"] == "appelschrik"
    assert commitment["als_het_moeilijk_wordt"] == "dan appel"
    assert (commitment["dag"], commitment["vertrouwen_0_tot_10"], commitment["stand"]) == ("2026-11-23", 8, "open")
    assert [row["stand"] for row in commitment["opvolgingen"]] == ["beantwoord", "nog te vragen"]
    (kept,) = exported["inzichten"]
    assert (kept["tekst"], kept["bij"]) == ("appel zonder schil", "dilemma")
    (scan,) = exported["zelfscans"]
    assert scan["gemiddelden"] == {"integriteit": 3.5}
    assert exported["persoon"]["land"] == "BE"
    assert exported["persoon"]["deelt_onbegrepen_zinnen_sinds"] == "2026-11-23T11:00:00+01:00"
    assert exported["gedeelde_zinnen"] == ["een appel in de soep"]
    assert exported["persoon"]["bewaard_tot_minstens"].startswith("2027-02-21")


def test_the_conversation_is_there_as_the_person_saw_it(exported: Any) -> None:
    assert [(message["wie"], message["tekst"]) for message in exported["gesprek"]] == [
        ("ik", "ik heb een appel"),
        ("Bondgenoot", "een appel dus"),
        ("ik", "(niet bewaard)"),
        ("ik", "EXTERNAL: zelf getypt"),
        ("Bondgenoot", "(een grafiek)"),
    ]


def test_moments_are_on_the_persons_own_clock(exported: Any) -> None:
    assert exported["gesprek"][0]["op"] == "2026-11-23T11:00:00+01:00"


def test_titles_stand_there_instead_of_names_of_files(exported: Any) -> None:
    dilemma, practice = exported["bekeken"]
    assert dilemma["titel"] != "whose_plan"
    assert dilemma["wat_je_ermee_deed"] == "afgerond"
    assert practice["titel"] == "left_the_content"


def test_nothing_of_anybody_else_is_in_it(exported: Any) -> None:
    text = json.dumps(exported, ensure_ascii=False)
    assert "appel" in text
    assert "peer" not in text
    assert "bram" not in text


def test_the_legend_explains_every_part(exported: Any) -> None:
    assert set(exported["over_dit_bestand"]["legende"]) == set(exported)


def test_every_name_that_is_translated_is_used() -> None:
    words = yaml.safe_load((CONTENT / "export.yml").read_text(encoding="utf-8"))
    code = (ROOT / "bondgenoot" / "export.py").read_text(encoding="utf-8")
    assert [name for name in words["names"] if f'"{name}"' not in code] == []


def test_every_table_is_in_the_export_or_named_as_left_out() -> None:
    tables = {table.name for table in schema.metadata.sorted_tables}
    assert tables - set(export.SECTIONS) - export.NOT_EXPORTED == set()


def test_every_state_has_a_word() -> None:
    values = yaml.safe_load((CONTENT / "export.yml").read_text(encoding="utf-8"))["values"]
    assert {"pending", "claimed", "asked", "answered", "waiting", "cancelled"} <= set(values)
    for state in commitments.STATES:
        assert texts.say(f"state_{state}")


def test_a_conversation_without_a_person_is_exported_too(
    engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock, settings: Settings, log: Log
) -> None:
    """What was said when the action server was away."""
    log("carla", {"event": "user", "text": "hallo?"})
    with engine.begin() as connection:
        found = json.loads(export.of_person(connection, cipher, "carla", clock.now(), settings))
    assert [message["tekst"] for message in found["gesprek"]] == ["hallo?"]
    assert found["persoon"]["eerste_bezoek"] is None


def test_of_somebody_unknown_or_erased_there_is_no_file(
    engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock, settings: Settings, log: Log
) -> None:
    log("erased", {"event": "bot", "text": "Alles is gewist."})
    with engine.begin() as connection, pytest.raises(FileGoneError):
        export.of_person(connection, cipher, "erased", clock.now(), settings)
    with engine.begin() as connection, pytest.raises(FileGoneError):
        export.of_person(connection, cipher, "nobody", clock.now(), settings)
