"""Keys made at the first start, kept outside git in files that only the owner can read."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet

from bondgenoot.errors import SettingsError


def auth_token(home: Path) -> str:
    """The token that opens Rasa's HTTP API for the dispatcher and nobody else."""
    return _read_or_create(home, "auth_token", "BONDGENOOT_AUTH_TOKEN", lambda: secrets.token_urlsafe(32))


def data_key(home: Path) -> bytes:
    """The Fernet key that encrypts what people write, before it reaches the database."""
    key = _read_or_create(home, "data_key", "BONDGENOOT_DATA_KEY", lambda: Fernet.generate_key().decode()).encode()
    try:
        Fernet(key)
    except ValueError as error:
        raise SettingsError("BONDGENOOT_DATA_KEY or var/secrets/data_key is no Fernet key.") from error
    return key


def session_key(home: Path) -> str:
    """The key behind conversation ids (a keyed hash of who somebody is) and the demo cookie."""
    return _read_or_create(home, "session_key", "BONDGENOOT_SESSION_KEY", lambda: secrets.token_urlsafe(32))


def demo_key(home: Path) -> str:
    """The key that signs demo identities, on loopback only."""
    return _read_or_create(home, "demo_key", "", lambda: secrets.token_urlsafe(48))


def token_key() -> str | None:
    """What verifies the tokens of the organisation's login: PEM or secret; None when nothing is set.

    Raises:
        SettingsError: both settings are there, or the file cannot be read.
    """
    key, file = os.environ.get("BONDGENOOT_TOKEN_KEY"), os.environ.get("BONDGENOOT_TOKEN_KEY_FILE")
    if key and file:
        raise SettingsError("BONDGENOOT_TOKEN_KEY and BONDGENOOT_TOKEN_KEY_FILE are both set; set one.")
    if file:
        try:
            key = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"BONDGENOOT_TOKEN_KEY_FILE: {file} cannot be read.") from error
        if not key:
            raise SettingsError(f"BONDGENOOT_TOKEN_KEY_FILE: {file} is empty.")
    # Where a setting cannot hold a line end, a backslash and an n stand for one.
    return key.replace("\\n", "\n") if key and "-----BEGIN" in key else key or None


def _read_or_create(home: Path, name: str, variable: str, make: Callable[[], str]) -> str:
    if variable and (value := os.environ.get(variable)):
        return value
    path = home / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, make())
    value = path.read_text(encoding="utf-8").strip()
    if not value:
        raise SettingsError(f"{path} is empty; restore it from a backup, or remove it if nothing was kept.")
    return value


def _write_once(path: Path, value: str) -> None:
    """Make a file that is complete from the moment it is there; of two processes that start together, one makes it."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent) as file:  # only the owner can read it
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)
