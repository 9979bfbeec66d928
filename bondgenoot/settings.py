"""Settings from the environment; the table for operators is docs/settings.md and a test keeps the two equal."""

from __future__ import annotations

import datetime
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bondgenoot import channel_settings
from bondgenoot.errors import SettingsError
from bondgenoot.settings_email import EMAIL_SETTINGS, EmailSettings, load_email
from bondgenoot.settings_workshop import WORKSHOP_SETTINGS, WorkshopSettings, load_workshop

ROOT = Path(__file__).resolve().parent.parent

MADE_ONCE = "made at the first start in BONDGENOOT_HOME/secrets"

# One line a setting: name, default, what it does. The operator's documentation is checked against this table.
SETTINGS: dict[str, tuple[str, str]] = {
    "BONDGENOOT_HOME": ("var", "folder for the database, secrets and caches, relative to the project"),
    "BONDGENOOT_DATABASE_URL": (
        "sqlite in BONDGENOOT_HOME",
        "SQLAlchemy URL of the database, e.g. postgresql://user:password@host/name; SQLite is for one server",
    ),
    "BONDGENOOT_REDIS_URL": (
        "none",
        "URL of a Redis that keeps turns in order, for several servers, e.g. redis://host:6379/0",
    ),
    "BONDGENOOT_HOST": ("127.0.0.1", "address that the server binds to"),
    "BONDGENOOT_PORT": ("5005", "port of the server and the chat page"),
    "BONDGENOOT_ACTIONS_PORT": ("5055", "port of the action server, on loopback when `make start` starts it"),
    "BONDGENOOT_SERVER_URL": (
        "http://BONDGENOOT_HOST:BONDGENOOT_PORT",
        "where a dispatcher reaches a server: with several, the proxy that stands before them",
    ),
    "BONDGENOOT_ACTIONS_URL": (
        "http://127.0.0.1:BONDGENOOT_ACTIONS_PORT",
        "where a server reaches an action server: with several, the proxy that stands before them",
    ),
    "BONDGENOOT_PUBLIC_URL": (
        "http://localhost:BONDGENOOT_PORT, or the address that the server binds to",
        "address that participants see, from the proxy in front if there is one; links to files begin with it",
    ),
    "BONDGENOOT_ACTION_SECONDS": ("20", "seconds that one action may take before the turn is given up with an apology"),
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
    "BONDGENOOT_SESSION_KEY": (
        MADE_ONCE,
        "key behind the ids of conversations and links to files; another one makes everybody new",
    ),
    "BONDGENOOT_TOKEN_KEY_FILE": (
        "none",
        "file with the key that verifies your login's tokens: a public key (PEM) for RS256, a secret for HS256",
    ),
    "BONDGENOOT_TOKEN_KEY": ("none", "that key itself, instead of a file"),
    "BONDGENOOT_TOKEN_ALGORITHM": ("RS256", "how those tokens are signed: RS256 or HS256, nothing else is accepted"),
    "BONDGENOOT_TOKEN_ISSUER": ("none", "the `iss` of those tokens; needed with a key"),
    "BONDGENOOT_TOKEN_AUDIENCE": ("bondgenoot", "the `aud` of those tokens"),
    "BONDGENOOT_ORIGINS": (
        "none",
        "pages that may carry the widget besides the server's own, e.g. https://intranet.example, separated by spaces",
    ),
    **WORKSHOP_SETTINGS,
    **EMAIL_SETTINGS,
    **channel_settings.rows(),
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
    redis_url: str | None
    host: str
    port: int
    actions_port: int
    public_url: str
    action_seconds: float
    time_zone: ZoneInfo
    workday_start: datetime.time
    workday_end: datetime.time
    dispatch_seconds: float
    retention: datetime.timedelta
    clock_offset: datetime.timedelta
    token_algorithm: str
    token_issuer: str
    token_audience: str
    origins: tuple[str, ...]
    email: EmailSettings | None = None
    workshop: WorkshopSettings | None = None
    given_server_url: str | None = None
    given_actions_url: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether the server can be reached from this machine only."""
        return is_loopback(self.host)

    @property
    def server_url(self) -> str:
        """Where the other processes reach the server, or the proxy before several."""
        return self.given_server_url or _address("127.0.0.1" if self.host == "localhost" else self.host, self.port)

    @property
    def actions_url(self) -> str:
        """Where the server reaches the action server, or the proxy before several."""
        return self.given_actions_url or _address("127.0.0.1", self.actions_port)


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
    port = _port(env, "BONDGENOOT_PORT", 5005)
    return Settings(
        home=home,
        database_url=_database_url(env) or f"sqlite:///{home / 'bondgenoot.db'}",
        redis_url=_redis_url(env),
        host=host,
        port=port,
        actions_port=_port(env, "BONDGENOOT_ACTIONS_PORT", 5055),
        public_url=_public_url(env, host, port),
        action_seconds=_number(env, "BONDGENOOT_ACTION_SECONDS", 20.0, 1, 300),
        time_zone=time_zone,
        workday_start=start,
        workday_end=end,
        dispatch_seconds=_number(env, "BONDGENOOT_DISPATCH_SECONDS", 5.0, 0.05, 3600),
        retention=datetime.timedelta(days=_number(env, "BONDGENOOT_RETENTION_DAYS", 90.0, 1, 3650)),
        clock_offset=offset,
        token_algorithm=_algorithm(env),
        token_issuer=env.get("BONDGENOOT_TOKEN_ISSUER") or "",
        token_audience=env.get("BONDGENOOT_TOKEN_AUDIENCE") or "bondgenoot",
        origins=_origins(env),
        email=_email(env),
        workshop=load_workshop(env, _number(env, "BONDGENOOT_WORKSHOP_DAYS", 90.0, 7, 365)),
        given_server_url=_web_address(env, "BONDGENOOT_SERVER_URL"),
        given_actions_url=_web_address(env, "BONDGENOOT_ACTIONS_URL"),
    )


def _email(env: Mapping[str, str]) -> EmailSettings | None:
    host = env.get("BONDGENOOT_SMTP_HOST") or "off"
    if host == "off":
        return None
    return load_email(
        env,
        is_loopback=is_loopback(host),
        port=_port(env, "BONDGENOOT_SMTP_PORT", 587),
        after=datetime.timedelta(hours=_number(env, "BONDGENOOT_EMAIL_AFTER_HOURS", 24.0, 0, 24 * 6)),
    )


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _public_url(env: Mapping[str, str], host: str, port: int) -> str:
    # The name that `make start` announces: a page opened there counts its links as its own.
    own = _address("localhost" if host == "127.0.0.1" else host, port)
    return _web_address(env, "BONDGENOOT_PUBLIC_URL") or own


def _web_address(env: Mapping[str, str], name: str) -> str | None:
    text = env.get(name)
    if not text:
        return None
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or parts.query or parts.fragment or parts.username or re.search(r"[\s\"<>]", text):
        raise SettingsError(f"{name}: '{text}' is no web address, e.g. https://bondgenoot.example.org.")
    return text.rstrip("/")


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


def _database_url(env: Mapping[str, str]) -> str | None:
    url = env.get("BONDGENOOT_DATABASE_URL") or None
    # The form that hosting companies hand out, which SQLAlchemy does not know.
    return re.sub("^postgres://", "postgresql://", url) if url else None


def _redis_url(env: Mapping[str, str]) -> str | None:
    url = env.get("BONDGENOOT_REDIS_URL") or None
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("BONDGENOOT_REDIS_URL is no URL of a Redis, e.g. redis://host:6379/0.")
    return url


def _algorithm(env: Mapping[str, str]) -> str:
    name = env.get("BONDGENOOT_TOKEN_ALGORITHM") or "RS256"
    if name not in ("RS256", "HS256"):
        raise SettingsError(f"BONDGENOOT_TOKEN_ALGORITHM: '{name}' is not accepted; give RS256 or HS256.")
    return name


def _origins(env: Mapping[str, str]) -> tuple[str, ...]:
    origins = tuple((env.get("BONDGENOOT_ORIGINS") or "").split())
    for origin in origins:
        # Strict, because it also goes into a header: scheme, host, port, and nothing after it.
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", origin):
            raise SettingsError(f"BONDGENOOT_ORIGINS: '{origin}' is no origin, e.g. https://intranet.example.")
    return origins


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
