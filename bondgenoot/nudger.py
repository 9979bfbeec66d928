"""One neutral mail about a question that waits: no name, no day, nothing of what was promised."""

from __future__ import annotations

import base64
import contextlib
import datetime
import logging
import smtplib
import ssl
import urllib.parse
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime, make_msgid

import sqlalchemy as sa

from bondgenoot import keys, texts
from bondgenoot.clock import Clock
from bondgenoot.errors import SettingsError
from bondgenoot.moments import next_working_moment
from bondgenoot.settings import Settings
from bondgenoot.settings_email import EmailSettings
from bondgenoot.store import addresses, nudges
from bondgenoot.store.schema import Cipher

logger = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 15
PERMANENT = range(500, 600)
SIGNED_IN = 235


class RefusedError(Exception):
    """The mail server will never take this mail."""


class NotTakenError(Exception):
    """The mail server did not take the mail, for now."""


class Nudger:
    """Sends what is due; never touches the follow-up itself."""

    def __init__(
        self,
        loaded: Settings,
        email: EmailSettings,
        clock: Clock,
        engine: sa.engine.Engine,
        timeout: float | None = None,
    ) -> None:
        """`timeout` is in seconds, for each step of talking to the mail server."""
        self._settings, self._email, self._clock, self._engine = loaded, email, clock, engine
        self._cipher = Cipher(keys.data_key(loaded.home))
        self._key = keys.session_key(loaded.home)
        self._timeout = timeout or SECONDS_TO_ANSWER

    def run_once(self) -> int:
        """Send the mails that are due; returns how many the mail server took."""
        now = self._clock.now()
        with self._engine.begin() as connection:
            due = nudges.claim_due(connection, self._cipher, now, self._email.after)
        return sum(self._send(nudge) for nudge in due)

    def _send(self, nudge: nudges.Nudge) -> bool:
        now = self._clock.now()
        moment = next_working_moment(now, nudge.country, self._settings)
        if moment > now:
            with self._engine.begin() as connection:
                nudges.postpone(connection, nudge, moment)
            return False
        try:
            taken = hand_over(self._email, self.message(nudge, now), nudge.address, self._timeout)
        except (RefusedError, NotTakenError) as error:
            with self._engine.begin() as connection:
                if isinstance(error, RefusedError):
                    nudges.give_up(connection, nudge)
                else:
                    nudges.failed(connection, nudge, self._clock.now())
            # Never the server's words: they quote the address.
            logger.warning("The mail about follow-up %s was not taken: %s.", nudge.follow_up_id, error)
            return False
        with self._engine.begin() as connection:
            nudges.sent(connection, nudge)
        logger.info(
            "The mail about follow-up %s %s.", nudge.follow_up_id, "was sent" if taken else "may have been sent"
        )
        return taken

    def message(self, nudge: nudges.Nudge, now: datetime.datetime) -> EmailMessage:
        """The mail: a link to the page, a link that ends the mails, and the headers of RFC 8058 for one click."""
        signed = urllib.parse.quote(addresses.sign(self._key, nudge.address_id))
        unsubscribe = f"{self._email.unsubscribe_url}?a={signed}"
        # A folded or encoded link is no link to a mail program; 998 is the longest line that SMTP allows.
        message = EmailMessage(policy=MAIL_POLICY.clone(max_line_length=998))
        message["From"] = self._email.sender
        message["To"] = nudge.address
        message["Subject"] = texts.say("mail_subject")[0]
        message["Date"] = format_datetime(now)
        message["Message-ID"] = make_msgid(domain=self._email.sender.rpartition("@")[2].rstrip(">"))
        message["Auto-Submitted"] = "auto-generated"
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        (body,) = texts.say("mail_body", link=self._email.link, unsubscribe=unsubscribe)
        message.set_content(body + "\n", cte="quoted-printable")
        return message


def hand_over(email: EmailSettings, message: EmailMessage, address: str, timeout: float) -> bool:
    """Give a mail to the mail server. False when it may have been taken: the connection broke after the last word.

    Raises:
        NotTakenError: it certainly was not, and may be later.
        RefusedError: it never will be.
    """
    try:
        smtp = smtplib.SMTP(email.host, email.port, timeout=timeout)
    except (OSError, smtplib.SMTPException) as error:
        raise NotTakenError(type(error).__name__) from None
    try:
        smtp.ehlo_or_helo_if_needed()
        if email.starttls:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if email.user:
            _sign_in(smtp, email.user, email.password())
        _accepted(smtp.mail(email.sender_address), "sender")
        _accepted(smtp.rcpt(address), "recipient")
        return _hand_over_text(smtp, message)
    except smtplib.SMTPResponseException as error:
        raise NotTakenError(f"{type(error).__name__} {error.smtp_code}") from None
    except (OSError, smtplib.SMTPException, SettingsError) as error:
        raise NotTakenError(type(error).__name__) from None
    finally:
        # Whatever goes wrong while saying goodbye, the mail was taken or not before it.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.quit()


def _sign_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    if f"{user}{password}".isascii():
        smtp.login(user, password)
        return
    # smtplib knows ASCII only. This method is in UTF-8 (RFC 4616), and every mail server with encryption offers it.
    words = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    code, answer = smtp.docmd("AUTH", f"PLAIN {words}")
    if code != SIGNED_IN:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _hand_over_text(smtp: smtplib.SMTP, message: EmailMessage) -> bool:
    try:
        code, _ = smtp.data(message.as_bytes())
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
    except (OSError, smtplib.SMTPException):
        return False
    _accepted((code, b""), "text")
    return True


def _accepted(answer: tuple[int, bytes], what: str) -> None:
    code = answer[0]
    if code in PERMANENT:
        raise RefusedError(f"{what} refused, {code}")
    if code >= 400 or code < 0:
        raise NotTakenError(f"{what} not accepted, {code}")
