"""Referral contacts: the organisation's own first, for the right country, and never none."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bondgenoot.content import Contact, content
from bondgenoot.referrals import OWN_FILE, contacts

TOPICS = ("crisis", "harassment", "burnout", "report_wrongdoing")
OWN = """\
burnout:
  contacts:
    - {country: NL, text: "Onze bedrijfsarts: bel 1234", checked: 2026-10-01}
    - {country: both, text: "Ons meldpunt", checked: "2026-10-02"}
"""


def texts(topic: str, country: str | None, home: Path) -> str:
    return "\n".join(contact.text for contact in contacts(topic, country, home))


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("country", ["NL", "BE", None])
def test_every_topic_has_a_contact_for_every_country(topic: str, country: str | None, home: Path) -> None:
    assert contacts(topic, country, home)


def test_without_a_country_both_are_shown(home: Path) -> None:
    assert contacts("crisis", None, home) == list(content().referrals["crisis"])


@pytest.mark.parametrize(
    ("topic", "country", "there", "not_there"),
    [
        ("crisis", "NL", ("113", "0800-0113", "113.nl", "112"), ("1813", "106")),
        ("crisis", "BE", ("1813", "106", "112"), ("0800-0113",)),
        ("harassment", "NL", ("vertrouwenspersoon", "klachtencommissie", "0800-2000"), ("1712",)),
        (
            "harassment",
            "BE",
            ("vertrouwenspersoon", "preventieadviseur psychosociale aspecten", "1712"),
            ("0800-2000",),
        ),
        ("burnout", "NL", ("bedrijfsarts", "huisarts"), ("arbeidsarts",)),
        ("burnout", "BE", ("arbeidsarts", "spontane raadpleging", "huisarts"), ("bedrijfsarts",)),
        ("report_wrongdoing", "NL", ("Huis voor Klokkenluiders",), ("Ombudsman",)),
        ("report_wrongdoing", "BE", ("Federale Ombudsman",), ("Huis voor",)),
    ],
)
def test_the_contacts_are_those_of_the_country(
    topic: str, country: str, there: tuple[str, ...], not_there: tuple[str, ...], home: Path
) -> None:
    shown = texts(topic, country, home)
    assert [text for text in there if text not in shown] == []
    assert [text for text in not_there if text in shown] == []


def test_the_organisations_own_contacts_come_first(home: Path) -> None:
    home.mkdir()
    (home / OWN_FILE).write_text(OWN, encoding="utf-8")
    found = contacts("burnout", "NL", home)
    assert found[0] == Contact("NL", "Onze bedrijfsarts: bel 1234", datetime.date(2026, 10, 1))
    assert found[2:] == [contact for contact in content().referrals["burnout"] if contact.country in ("NL", "both")]
    assert next(contact.text for contact in contacts("burnout", "BE", home)) == "Ons meldpunt"


def test_a_topic_that_the_own_file_does_not_name_is_as_before(home: Path) -> None:
    home.mkdir()
    (home / OWN_FILE).write_text(OWN, encoding="utf-8")
    assert contacts("crisis", None, home) == list(content().referrals["crisis"])


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"burnout: [",
        b"burnout:",
        b"- a",
        b"just text",
        b"burnout: {contacts: 5}",
        b"burnout: {contacts: [x]}",
        b"burnout: {contacts: [{country: NL}]}",
        b"burnout: {contacts: [{country: NL, text: x, checked: soon}]}",
        b"\xff\xfe",
    ],
)
def test_a_broken_own_file_is_never_in_the_way(home: Path, broken: bytes) -> None:
    home.mkdir()
    (home / OWN_FILE).write_bytes(broken)
    assert contacts("burnout", None, home) == list(content().referrals["burnout"])


def test_an_own_file_that_is_a_folder_is_never_in_the_way(home: Path) -> None:
    (home / OWN_FILE).mkdir(parents=True)
    assert contacts("burnout", None, home)
