"""Which messaging channels are on: read from the environment, each one whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bondgenoot.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting of a channel. `form` is what its value looks like; with a default it may be left out."""

    name: str
    meaning: str
    default: str | None = None
    form: str = r"\S+"
    is_address: bool = False

    @property
    def is_required(self) -> bool:
        """Whether the channel cannot be without."""
        return self.default is None


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel by its name in Rasa, the class that Rasa loads for it, and its settings."""

    name: str
    connector: str
    variables: tuple[Variable, ...]
    needs_public_url: bool = True


def _address(name: str, meaning: str, default: str | None) -> Variable:
    return Variable(name, meaning, default, is_address=True)


CHANNELS: tuple[Channel, ...] = (
    Channel(
        "slack",
        "channels.slack.SlackInput",
        (
            Variable("BONDGENOOT_SLACK_TOKEN", "Slack: the bot token of the app (xoxb-...)"),
            Variable("BONDGENOOT_SLACK_SIGNING_SECRET", "Slack: the signing secret of the app"),
            _address("BONDGENOOT_SLACK_API_URL", "Slack: where its API is", "https://slack.com/api"),
        ),
    ),
    Channel(
        "teams",
        "channels.teams.TeamsInput",
        (
            Variable("BONDGENOOT_TEAMS_APP_ID", "Microsoft Teams: the app id of the bot"),
            Variable("BONDGENOOT_TEAMS_APP_PASSWORD", "Microsoft Teams: a client secret of that app"),
            Variable("BONDGENOOT_TEAMS_TENANT", "Microsoft Teams: the id of your tenant; nobody else can write"),
            _address(
                "BONDGENOOT_TEAMS_LOGIN_URL", "Microsoft Teams: where the bot signs in",
                "https://login.microsoftonline.com",
            ),
            _address(
                "BONDGENOOT_TEAMS_OPENID_URL", "Microsoft Teams: OpenID metadata with the keys of the Bot Framework",
                "https://login.botframework.com/v1/.well-known/openidconfiguration",
            ),
        ),
    ),
    Channel(
        "telegram",
        "channels.telegram.TelegramInput",
        (
            Variable("BONDGENOOT_TELEGRAM_TOKEN", "Telegram: the token of the bot, from BotFather"),
            Variable(
                "BONDGENOOT_TELEGRAM_SECRET",
                "Telegram: a secret of your own, 16 to 256 letters, digits, _ and -, that Telegram sends along",
                form="[A-Za-z0-9_-]{16,256}",
            ),
            _address("BONDGENOOT_TELEGRAM_API_URL", "Telegram: where its API is", "https://api.telegram.org"),
        ),
    ),
    Channel(
        "twilio",
        "channels.twilio.TwilioInput",
        (
            Variable("BONDGENOOT_TWILIO_ACCOUNT_SID", "Twilio (SMS, WhatsApp): the SID of the account"),
            Variable("BONDGENOOT_TWILIO_AUTH_TOKEN", "Twilio: the auth token of the account, which also signs"),
            Variable(
                "BONDGENOOT_TWILIO_NUMBER",
                "Twilio: the number that writes, +32... for SMS or whatsapp:+32... for WhatsApp",
                form=r"(whatsapp:)?\+[0-9]{6,15}",
            ),
            Variable(
                "BONDGENOOT_TWILIO_TEMPLATE",
                "Twilio: content SID of an approved, neutral WhatsApp template for after 24 hours; without it we wait",
                default="",
            ),
            _address("BONDGENOOT_TWILIO_API_URL", "Twilio: where its API is", "https://api.twilio.com"),
        ),
    ),
    Channel(
        "messenger",
        "channels.messenger.MessengerInput",
        (
            Variable("BONDGENOOT_MESSENGER_APP_SECRET", "Messenger: the secret of the app, which signs"),
            Variable("BONDGENOOT_MESSENGER_PAGE_TOKEN", "Messenger: the access token of the page"),
            Variable("BONDGENOOT_MESSENGER_VERIFY_TOKEN", "Messenger: a word of your own, given at the webhook there"),
            _address("BONDGENOOT_MESSENGER_API_URL", "Messenger: where its API is", "https://graph.facebook.com"),
        ),
    ),
    Channel(
        "rocketchat",
        "channels.rocketchat.RocketChatInput",
        (
            _address("BONDGENOOT_ROCKETCHAT_URL", "Rocket.Chat: the address of the server", None),
            Variable("BONDGENOOT_ROCKETCHAT_USER_ID", "Rocket.Chat: the user id of the bot"),
            Variable("BONDGENOOT_ROCKETCHAT_TOKEN", "Rocket.Chat: a personal access token of the bot"),
            Variable("BONDGENOOT_ROCKETCHAT_WEBHOOK_TOKEN", "Rocket.Chat: the token of the outgoing webhook"),
        ),
    ),
    Channel(
        "mattermost",
        "channels.mattermost.MattermostInput",
        (
            _address("BONDGENOOT_MATTERMOST_URL", "Mattermost: the address of the server", None),
            Variable("BONDGENOOT_MATTERMOST_TOKEN", "Mattermost: the access token of the bot account"),
        ),
    ),
    Channel(
        "webex",
        "channels.webex.WebexInput",
        (
            Variable("BONDGENOOT_WEBEX_TOKEN", "Webex: the access token of the bot"),
            Variable("BONDGENOOT_WEBEX_SECRET", "Webex: a secret of your own, given at the webhook there"),
            _address("BONDGENOOT_WEBEX_API_URL", "Webex: where its API is", "https://webexapis.com/v1"),
        ),
    ),
    Channel(
        "callback",
        "channels.callback.CallbackInput",
        (
            _address("BONDGENOOT_CALLBACK_URL", "own program: where it takes our messages", None),
            Variable(
                "BONDGENOOT_CALLBACK_SECRET",
                "own program: a secret of at least 32 characters that both sides sign with",
                form=r"\S{32,}",
            ),
        ),
    ),
)  # fmt: skip


def rows() -> dict[str, tuple[str, str]]:
    """The settings of all channels: name -> default and meaning, as in bondgenoot.settings.SETTINGS."""
    return {
        variable.name: (variable.default or "none", variable.meaning)
        for channel in CHANNELS
        for variable in channel.variables
    }


def load(public_url: str, environ: Mapping[str, str] | None = None) -> dict[str, dict[str, str]]:
    """The channels that are on: name -> variable -> value.

    Raises:
        SettingsError: names what is missing or wrong in a channel that is partly there.
    """
    env = os.environ if environ is None else environ
    active = {}
    for channel in CHANNELS:
        given = {each.name: env[each.name] for each in channel.variables if env.get(each.name)}
        if given:
            active[channel.name] = _checked(channel, given, public_url)
    return active


def of_channel(name: str, public_url: str) -> dict[str, str]:
    """The settings of one channel.

    Raises:
        SettingsError: it is not on.
    """
    try:
        return load(public_url)[name]
    except KeyError:
        channel = next(each for each in CHANNELS if each.name == name)
        needed = " and ".join(each.name for each in channel.variables if each.is_required)
        raise SettingsError(f"The channel '{name}' is off: set {needed}.") from None


def connectors(active: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The classes that Rasa loads for these channels."""
    return [channel.connector for channel in CHANNELS if channel.name in active]


def _checked(channel: Channel, given: Mapping[str, str], public_url: str) -> dict[str, str]:
    missing = [each.name for each in channel.variables if each.is_required and each.name not in given]
    if missing:
        raise SettingsError(
            f"The channel '{channel.name}' is half configured: {' and '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing. Set what is missing, or unset {' and '.join(given)}."
        )
    for variable in channel.variables:
        value = given.get(variable.name, variable.default or "")
        # The value is a secret more often than not, so it is not repeated.
        if variable.is_address:
            if not _is_address(value):
                raise SettingsError(f"{variable.name} is no web address, e.g. https://chat.example.org.")
        elif value and not re.fullmatch(variable.form, value):
            raise SettingsError(f"{variable.name} does not look right: {variable.meaning}.")
    if channel.needs_public_url and not _is_address(public_url):
        raise SettingsError(f"The channel '{channel.name}' needs BONDGENOOT_PUBLIC_URL.")
    return {each.name: given.get(each.name, each.default or "").rstrip("/") for each in channel.variables}


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
