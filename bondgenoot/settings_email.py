"""Settings of the mail about a waiting question. Without BONDGENOOT_SMTP_HOST there is no mail."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from bondgenoot.errors import SettingsError

EMAIL_SETTINGS: dict[str, tuple[str, str]] = {
    "BONDGENOOT_SMTP_HOST": (
        "off",
        "mail server for the optional mail that a question waits; off: no mail at all",
    ),
    "BONDGENOOT_SMTP_PORT": ("587", "port of the mail server"),
    "BONDGENOOT_SMTP_STARTTLS": ("yes", "yes or no; with no, a password is sent to a mail server on this machine only"),
    "BONDGENOOT_SMTP_USER": ("none", "user name at the mail server"),
    "BONDGENOOT_SMTP_PASSWORD_FILE": ("none", "file that holds the password of that user and nothing else"),
    "BONDGENOOT_EMAIL_FROM": ("none", "sender, e.g. Bondgenoot <bondgenoot@organisatie.nl>; needed for mail"),
    "BONDGENOOT_EMAIL_LINK": (
        "none",
        "address of the intranet page with the chat, linked in the mail; needed for mail",
    ),
    "BONDGENOOT_EMAIL_UNSUBSCRIBE_URL": (
        "none",
        "public https address of this server's /unsubscribe page; needed for mail",
    ),
    "BONDGENOOT_EMAIL_AFTER_HOURS": ("24", "hours that a question stays unanswered before the one mail about it"),
}


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """How mail goes out; `after` is how long a question waits first."""

    host: str
    port: int
    starttls: bool
    user: str
    password_file: Path | None
    sender: str
    link: str
    unsubscribe_url: str
    after: datetime.timedelta

    @property
    def sender_address(self) -> str:
        """The sender without a name."""
        return parseaddr(self.sender)[1]

    def password(self) -> str:
        """The password, read anew each time, so that it can be replaced without a restart.

        Raises:
            SettingsError: when the file cannot be read.
        """
        if self.password_file is None:
            return ""
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError("BONDGENOOT_SMTP_PASSWORD_FILE cannot be read.") from error


def load_email(env: Mapping[str, str], *, is_loopback: bool, port: int, after: datetime.timedelta) -> EmailSettings:
    """The settings of mail; `is_loopback` says whether the mail server is this machine.

    Raises:
        SettingsError: names the variable and what is expected.
    """
    starttls = env.get("BONDGENOOT_SMTP_STARTTLS") or "yes"
    if starttls not in ("yes", "no"):
        raise SettingsError(f"BONDGENOOT_SMTP_STARTTLS: '{starttls}' is neither yes nor no.")
    user = env.get("BONDGENOOT_SMTP_USER") or ""
    if user and starttls == "no" and not is_loopback:
        raise SettingsError(
            "BONDGENOOT_SMTP_STARTTLS=no would send the password over the network unencrypted. "
            "Set it to yes, or leave BONDGENOOT_SMTP_USER out."
        )
    file = env.get("BONDGENOOT_SMTP_PASSWORD_FILE")
    if bool(user) != bool(file):
        raise SettingsError("BONDGENOOT_SMTP_USER and BONDGENOOT_SMTP_PASSWORD_FILE belong together; set both or none.")
    sender = env.get("BONDGENOOT_EMAIL_FROM") or ""
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", parseaddr(sender)[1]) or "\n" in sender or not sender.isascii():
        raise SettingsError(
            f"BONDGENOOT_EMAIL_FROM: '{sender}' is no sender, e.g. Bondgenoot <bondgenoot@example.org>."
        )
    return EmailSettings(
        host=env["BONDGENOOT_SMTP_HOST"],
        port=port,
        starttls=starttls == "yes",
        user=user,
        password_file=Path(file) if file else None,
        sender=sender,
        link=_url(env, "BONDGENOOT_EMAIL_LINK"),
        unsubscribe_url=_url(env, "BONDGENOOT_EMAIL_UNSUBSCRIBE_URL"),
        after=after,
    )


def _url(env: Mapping[str, str], name: str) -> str:
    url = env.get(name) or ""
    parsed = urlsplit(url)
    local = parsed.hostname in ("localhost", "127.0.0.1", "::1")
    if (
        not parsed.hostname
        or re.search(r"\s", url)
        or not (parsed.scheme == "https" or (parsed.scheme == "http" and local))
    ):
        raise SettingsError(f"{name}: '{url}' is no https address.")
    return url
