"""The workshop page is off unless somebody puts it on, and what cannot be right stops the start."""

from __future__ import annotations

import datetime

import pytest

from bondgenoot.errors import SettingsError
from bondgenoot.settings import load
from channels.serve import write_credentials

PAGE = "channels.workshop.WorkshopInput"


@pytest.mark.parametrize("given", [{}, {"BONDGENOOT_WORKSHOP": "off"}, {"BONDGENOOT_WORKSHOP_ROLE": "trainer"}])
def test_it_is_off_unless_it_is_put_on(given: dict[str, str], home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert load().workshop is None
    assert PAGE not in write_credentials(load()).read_text(encoding="utf-8")


def test_on_it_has_a_role_a_claim_and_a_term(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONDGENOOT_WORKSHOP", "on")
    monkeypatch.setenv("BONDGENOOT_WORKSHOP_DAYS", "30")
    found = load().workshop
    assert found is not None
    assert (found.role, found.claim, found.kept) == ("trainer", "roles", datetime.timedelta(days=30))
    assert PAGE in write_credentials(load()).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BONDGENOOT_WORKSHOP", "yes"),
        ("BONDGENOOT_WORKSHOP_ROLE", "twee woorden"),
        ("BONDGENOOT_WORKSHOP_CLAIM", " "),
        ("BONDGENOOT_WORKSHOP_DAYS", "0"),
        ("BONDGENOOT_WORKSHOP_DAYS", "9999"),
    ],
)
def test_what_cannot_be_right_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load({"BONDGENOOT_WORKSHOP": "on", name: value})
