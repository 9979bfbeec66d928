"""Settings: the defaults are safe, what cannot be right is refused by name, and every one of them is in the table."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from bondgenoot import channel_settings
from bondgenoot.errors import SettingsError
from bondgenoot.settings import ROOT, SETTINGS, is_loopback, load, parse_duration


def test_without_any_setting_everything_stays_on_this_machine() -> None:
    settings = load({})
    assert settings.home == ROOT / "var"
    assert settings.database_url == f"sqlite:///{ROOT / 'var' / 'bondgenoot.db'}"
    assert (settings.host, settings.port, settings.actions_port) == ("127.0.0.1", 5005, 5055)
    assert settings.is_local
    assert settings.server_url == "http://127.0.0.1:5005"
    assert settings.clock_offset == datetime.timedelta()
    assert (settings.workday_start, settings.workday_end) == (datetime.time(9), datetime.time(17))


def test_the_environment_is_read_when_no_other_is_given(home: Path) -> None:
    assert load().home == home


def test_an_empty_setting_is_no_setting() -> None:
    assert load(dict.fromkeys(SETTINGS, "")) == load({})


def test_an_absolute_home_is_taken_as_it_is_and_holds_the_database(tmp_path: Path) -> None:
    settings = load({"BONDGENOOT_HOME": str(tmp_path)})
    assert settings.home == tmp_path
    assert settings.database_url == f"sqlite:///{tmp_path / 'bondgenoot.db'}"


def test_a_database_of_ones_own_is_taken_as_it_is() -> None:
    url = "postgresql://bondgenoot@db/bondgenoot"
    assert load({"BONDGENOOT_DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BONDGENOOT_PORT", "0"),
        ("BONDGENOOT_PORT", "65536"),
        ("BONDGENOOT_PORT", "-1"),
        ("BONDGENOOT_PORT", "http"),
        ("BONDGENOOT_PORT", "\N{SUPERSCRIPT TWO}"),
        ("BONDGENOOT_ACTIONS_PORT", "5055.0"),
        ("BONDGENOOT_REDIS_URL", "localhost:6379"),
        ("BONDGENOOT_TOKEN_ALGORITHM", "none"),
        ("BONDGENOOT_TOKEN_ALGORITHM", "ES256"),
        ("BONDGENOOT_ORIGINS", "intranet.example"),
        ("BONDGENOOT_ORIGINS", "*"),
        ("BONDGENOOT_ORIGINS", "https://*.example"),
        ("BONDGENOOT_ORIGINS", "https://intranet.example/"),
        ("BONDGENOOT_ORIGINS", "https://intranet.example; script-src *"),
        ("BONDGENOOT_PUBLIC_URL", "bondgenoot.example.org"),
        ("BONDGENOOT_PUBLIC_URL", "javascript:alert(1)"),
        ("BONDGENOOT_PUBLIC_URL", "https://"),
        ("BONDGENOOT_PUBLIC_URL", "https://host:99999"),
        ("BONDGENOOT_PUBLIC_URL", "https://someone@host"),
        ("BONDGENOOT_PUBLIC_URL", "https://host/?a=b"),
        ("BONDGENOOT_PUBLIC_URL", "https://host/a b"),
        ("BONDGENOOT_DISPATCH_SECONDS", "0"),
        ("BONDGENOOT_DISPATCH_SECONDS", "nan"),
        ("BONDGENOOT_DISPATCH_SECONDS", "inf"),
        ("BONDGENOOT_DISPATCH_SECONDS", "soon"),
        ("BONDGENOOT_TIME_ZONE", "Europe/Atlantis"),
        ("BONDGENOOT_TIME_ZONE", "../../etc/passwd"),
        ("BONDGENOOT_TIME_ZONE", "Europe"),
        ("BONDGENOOT_WORKDAY_START", "nine"),
        ("BONDGENOOT_WORKDAY_START", "25:00"),
        ("BONDGENOOT_WORKDAY_START", "09:00+02:00"),
        ("BONDGENOOT_WORKDAY_START", "17:00"),
        ("BONDGENOOT_WORKDAY_END", "08:00"),
        ("BONDGENOOT_CLOCK_OFFSET", "3 weeks"),
        ("BONDGENOOT_CLOCK_OFFSET", "P"),
        ("BONDGENOOT_CLOCK_OFFSET", "PT"),
        ("BONDGENOOT_CLOCK_OFFSET", "P99999999999D"),
    ],
)
def test_a_setting_that_cannot_be_right_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load({name: value})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "bondgenoot.example", "::"])
def test_the_clock_can_be_moved_on_this_machine_only(host: str) -> None:
    with pytest.raises(SettingsError, match="BONDGENOOT_CLOCK_OFFSET"):
        load({"BONDGENOOT_HOST": host, "BONDGENOOT_CLOCK_OFFSET": "P1D"})
    assert load({"BONDGENOOT_HOST": host, "BONDGENOOT_CLOCK_OFFSET": "PT0S"}).clock_offset == datetime.timedelta()


def test_the_clock_can_be_moved_for_a_demonstration() -> None:
    assert load({"BONDGENOOT_CLOCK_OFFSET": "P21D"}).clock_offset == datetime.timedelta(days=21)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P21D", datetime.timedelta(days=21)),
        ("P3W", datetime.timedelta(weeks=3)),
        ("PT3H", datetime.timedelta(hours=3)),
        ("-PT3H", datetime.timedelta(hours=-3)),
        ("P1DT2H30M5S", datetime.timedelta(days=1, hours=2, minutes=30, seconds=5)),
        (" PT0S ", datetime.timedelta()),
    ],
)
def test_a_duration_is_read_as_iso_8601(text: str, expected: datetime.timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example.com", False),
        ("", False),
    ],
)
def test_loopback_is_told_from_the_rest(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:5005"),
        ("localhost", "http://127.0.0.1:5005"),
        ("10.0.0.4", "http://10.0.0.4:5005"),
        ("127.0.0.2", "http://127.0.0.2:5005"),
        ("::1", "http://[::1]:5005"),
    ],
)
def test_the_dispatcher_looks_for_the_server_where_it_listens(host: str, url: str) -> None:
    assert load({"BONDGENOOT_HOST": host}).server_url == url


def test_a_proxy_can_stand_between_the_processes() -> None:
    assert load({"BONDGENOOT_ACTIONS_PORT": "6055"}).actions_url == "http://127.0.0.1:6055"
    between = load({"BONDGENOOT_SERVER_URL": "http://proxy:8081/", "BONDGENOOT_ACTIONS_URL": "http://proxy:8082"})
    assert (between.server_url, between.actions_url) == ("http://proxy:8081", "http://proxy:8082")
    for name in ("BONDGENOOT_SERVER_URL", "BONDGENOOT_ACTIONS_URL"):
        with pytest.raises(SettingsError, match=name):
            load({name: "proxy:8081"})


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "http://localhost:5005"),
        ({"BONDGENOOT_PORT": "6000"}, "http://localhost:6000"),
        ({"BONDGENOOT_HOST": "10.0.0.4"}, "http://10.0.0.4:5005"),
        ({"BONDGENOOT_HOST": "::1"}, "http://[::1]:5005"),
        ({"BONDGENOOT_PUBLIC_URL": "https://intranet.example/bondgenoot/"}, "https://intranet.example/bondgenoot"),
    ],
)
def test_links_begin_with_the_address_that_people_see(environment: dict[str, str], url: str) -> None:
    assert load(environment).public_url == url


def test_every_setting_that_the_program_reads_is_in_the_table() -> None:
    used = {
        name
        for folder in ("bondgenoot", "actions", "components", "channels", "migrations")
        for path in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"\bBONDGENOOT_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    # The last is of the tests; publishing takes it out of their environment.
    assert used - {"BONDGENOOT_STORIES_MODEL"} == set(SETTINGS)


def test_what_is_none_by_default_is_not_there() -> None:
    messaging = channel_settings.rows()
    assert {name for name, (default, _) in SETTINGS.items() if default == "none" and name not in messaging} == {
        "BONDGENOOT_REDIS_URL", "BONDGENOOT_TOKEN_KEY", "BONDGENOOT_TOKEN_KEY_FILE", "BONDGENOOT_TOKEN_ISSUER",
        "BONDGENOOT_ORIGINS", "BONDGENOOT_SMTP_USER", "BONDGENOOT_SMTP_PASSWORD_FILE", "BONDGENOOT_EMAIL_FROM",
        "BONDGENOOT_EMAIL_LINK", "BONDGENOOT_EMAIL_UNSUBSCRIBE_URL",
    }  # fmt: skip
    assert (load({}).redis_url, load({}).token_issuer, load({}).origins) == (None, "", ())
    origins = "https://intranet.example  http://localhost:8000"
    assert load({"BONDGENOOT_ORIGINS": origins}).origins == ("https://intranet.example", "http://localhost:8000")


@pytest.mark.parametrize("name", SETTINGS)
def test_the_default_in_the_table_is_the_default(name: str) -> None:
    default, meaning = SETTINGS[name]
    assert len(meaning) > 10
    if default != "none" and name not in (
        "BONDGENOOT_DATABASE_URL",
        "BONDGENOOT_PUBLIC_URL",
        "BONDGENOOT_SERVER_URL",
        "BONDGENOOT_ACTIONS_URL",
        "BONDGENOOT_REDIS_URL",
        "BONDGENOOT_AUTH_TOKEN",
        "BONDGENOOT_DATA_KEY",
        "BONDGENOOT_SESSION_KEY",
    ):
        assert load({name: default}) == load({})


def test_the_database_url_may_have_the_form_that_hosting_companies_use() -> None:
    assert load({"BONDGENOOT_DATABASE_URL": "postgres://u@h/d"}).database_url == "postgresql://u@h/d"


def test_a_redis_url_that_is_none_stops_the_start() -> None:
    assert load({}).redis_url is None
    assert load({"BONDGENOOT_REDIS_URL": "redis://localhost:6379/0"}).redis_url == "redis://localhost:6379/0"
    with pytest.raises(SettingsError, match="BONDGENOOT_REDIS_URL"):
        load({"BONDGENOOT_REDIS_URL": "localhost:6379"})
