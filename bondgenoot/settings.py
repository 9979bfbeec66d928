"""Settings from the environment; the table for operators is docs/settings.md and a test keeps the two equal."""

from __future__ import annotations

import datetime
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bondgenoot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent

MADE_ONCE = "made at the first start in BONDGENOOT_HOME/secrets"

# One line a setting: name, default, what it does. The operator's documentation is checked against this table.
SETTINGS: dict[str, tuple[str, str]] = {
    "BONDGENOOT_HOME": ("var", "folder for the database, secrets and caches, relative to the project"),
    "BONDGENOOT_DATABASE_URL": ("sqlite in BONDGENOOT_HOME", "SQLAlchemy URL of the database"),
    "BONDGENOOT_HOST": ("127.0.0.1", "address that the server binds to"),
    "BONDGENOOT_PORT": ("5005", "port of the server and the chat page"),
    "BONDGENOOT_ACTIONS_PORT": ("5055", "port of the action server, always on loopback"),
    "BONDGENOOT_TIME_ZONE": ("Europe/Brussels", "time zone of working hours and spoken dates"),
    "BONDGENOOT_WORKDAY_START": ("09:00", "follow-ups go out from this local time"),
    "BONDGENOOT_WORKDAY_END": ("17:00", "follow-ups go out until this local time"),
    "BONDGENOOT_DISPATCH_SECONDS": ("5", "seconds between two looks of the dispatcher for due follow-ups"),
    "BONDGENOOT_RETENTION_DAYS": ("90", "people who were not here this many days are erased, unless a promise is open"),
    "BONDGENOOT_CLOCK_OFFSET": ("PT0S", "ISO 8601 duration added to now, for demonstrations; loopback only"),
    "BONDGENOOT_AUTH_TOKEN": (MADE_ONCE, "token that opens the server's HTTP API for the dispatcher and nobody else"),
    "BONDGENOOT_DATA_KEY": (
        MADE_ONCE,
        "Fernet key that encrypts what people write; without it nothing can be read back",
    ),
    "BONDGENOOT_SESSION_KEY": (MADE_ONCE, "key that signs the visitor cookie of the chat page"),
}


def table() -> str:
    """The settings as a Markdown table: what docs/settings.md holds."""
    rows = [f"| `{name}` | {default} | {meaning} |" for name, (default, meaning) in SETTINGS.items()]
    return "\n".join(["| setting | default | what it does |", "| --- | --- | --- |", *rows])


_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one process, validated."""

    home: Path
    database_url: str
    host: str
    port: int
    actions_port: int
    time_zone: ZoneInfo
    workday_start: datetime.time
    workday_end: datetime.time
    dispatch_seconds: float
    retention: datetime.timedelta
    clock_offset: datetime.timedelta

    @property
    def is_local(self) -> bool:
        """Whether the server can be reached from this machine only."""
        return is_loopback(self.host)

    @property
    def server_url(self) -> str:
        """Where this machine's other processes reach the server."""
        host = "127.0.0.1" if self.host == "localhost" else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: names the variable, its value and what is expected.
    """
    env = os.environ if environ is None else environ
    home = (ROOT / (env.get("BONDGENOOT_HOME") or "var")).resolve()
    host = env.get("BONDGENOOT_HOST") or "127.0.0.1"
    offset = parse_duration(env.get("BONDGENOOT_CLOCK_OFFSET") or "PT0S")
    if offset and not is_loopback(host):
        raise SettingsError(
            f"BONDGENOOT_CLOCK_OFFSET moves the clock and is for demonstrations on this machine only, "
            f"but BONDGENOOT_HOST is {host}. Remove one of the two."
        )
    zone = env.get("BONDGENOOT_TIME_ZONE") or "Europe/Brussels"
    try:
        time_zone = ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(f"BONDGENOOT_TIME_ZONE: '{zone}' is no time zone, e.g. Europe/Brussels.") from error
    start = _time(env, "BONDGENOOT_WORKDAY_START", "09:00")
    end = _time(env, "BONDGENOOT_WORKDAY_END", "17:00")
    if start >= end:
        raise SettingsError("BONDGENOOT_WORKDAY_START must be before BONDGENOOT_WORKDAY_END.")
    return Settings(
        home=home,
        database_url=env.get("BONDGENOOT_DATABASE_URL") or f"sqlite:///{home / 'bondgenoot.db'}",
        host=host,
        port=_port(env, "BONDGENOOT_PORT", 5005),
        actions_port=_port(env, "BONDGENOOT_ACTIONS_PORT", 5055),
        time_zone=time_zone,
        workday_start=start,
        workday_end=end,
        dispatch_seconds=_number(env, "BONDGENOOT_DISPATCH_SECONDS", 5.0, 0.05, 3600),
        retention=datetime.timedelta(days=_number(env, "BONDGENOOT_RETENTION_DAYS", 90.0, 1, 3650)),
        clock_offset=offset,
    )


def is_loopback(host: str) -> bool:
    """Whether a bind address is reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_duration(text: str) -> datetime.timedelta:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds, such as P21D or -PT3H.

    Raises:
        SettingsError: for anything else.
    """
    match = _DURATION.fullmatch(text.strip())
    if not match or text.strip().rstrip("T") in {"P", "-P"}:
        raise SettingsError(f"BONDGENOOT_CLOCK_OFFSET: '{text}' is no ISO 8601 duration, e.g. P21D or PT3H.")
    parts = {name: int(value) for name, value in match.groupdict().items() if name != "sign" and value}
    try:
        span = datetime.timedelta(**parts) * (-1 if match["sign"] else 1)
        datetime.datetime.now(datetime.timezone.utc) + span
    except OverflowError as error:
        raise SettingsError(f"BONDGENOOT_CLOCK_OFFSET: '{text}' goes beyond the calendar.") from error
    return span


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise SettingsError(f"{name}: '{text}' is no port; give a number from 1 to 65535.")
    return int(text)


def _number(env: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    text = env.get(name) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise SettingsError(f"{name}: '{text}' is no number from {least:g} to {most:g}.")
    return value


def _time(env: Mapping[str, str], name: str, default: str) -> datetime.time:
    text = env.get(name) or default
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise SettingsError(f"{name}: '{text}' is no time of day, e.g. 09:00.")
    return datetime.time.fromisoformat(text)
