"""Keys: made once, only the owner can read them, never silently replaced."""

from __future__ import annotations

import secrets
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bondgenoot import keys
from bondgenoot.errors import SettingsError

KEYS: list[tuple[Callable[[Path], object], str, str]] = [
    (keys.auth_token, "auth_token", "BONDGENOOT_AUTH_TOKEN"),
    (keys.data_key, "data_key", "BONDGENOOT_DATA_KEY"),
    (keys.session_key, "session_key", "BONDGENOOT_SESSION_KEY"),
]
every_key = pytest.mark.parametrize(("read", "name", "variable"), KEYS, ids=[name for _, name, _ in KEYS])


@every_key
def test_a_key_is_made_at_the_first_start_and_stays_the_same(
    home: Path, read: Callable[[Path], object], name: str, variable: str
) -> None:
    first = read(home)
    assert len(str(first)) >= 32
    assert read(home) == first


@every_key
def test_only_the_owner_can_read_it(home: Path, read: Callable[[Path], object], name: str, variable: str) -> None:
    read(home)
    assert stat.S_IMODE((home / "secrets" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700


@every_key
def test_the_environment_goes_first_and_nothing_is_written(
    home: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], object], name: str, variable: str
) -> None:
    given = Fernet.generate_key().decode()
    monkeypatch.setenv(variable, given)
    value = read(home)
    assert value in (given, given.encode())
    assert not home.exists()


@every_key
def test_an_empty_file_is_an_error_and_no_reason_for_a_new_key(
    home: Path, read: Callable[[Path], object], name: str, variable: str
) -> None:
    (home / "secrets").mkdir(parents=True)
    (home / "secrets" / name).write_text("\n")
    with pytest.raises(SettingsError, match=name):
        read(home)
    assert (home / "secrets" / name).read_text() == "\n"


def test_two_homes_have_two_keys_and_the_three_keys_differ(tmp_path: Path) -> None:
    made = [str(read(tmp_path / folder)) for folder in ("one", "two") for read, _, _ in KEYS]
    assert len(set(made)) == 6


def test_a_data_key_that_is_no_key_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONDGENOOT_DATA_KEY", "password")
    with pytest.raises(SettingsError, match="BONDGENOOT_DATA_KEY"):
        keys.data_key(home)


def test_of_two_processes_that_start_together_both_get_the_same_key(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process comes exactly while the first one is making its key."""
    other: list[str] = []
    real = secrets.token_urlsafe

    def slow(size: int) -> str:
        monkeypatch.setattr(secrets, "token_urlsafe", real)
        other.append(keys.auth_token(home))
        return real(size)

    monkeypatch.setattr(secrets, "token_urlsafe", slow)
    assert keys.auth_token(home) == other[0]
