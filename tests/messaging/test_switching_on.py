"""A channel is whole or off, by environment variables only, and no secret stands in a file."""

from __future__ import annotations

import importlib
import stat
from pathlib import Path

import pytest
from rasa.core.channels.channel import register
from rasa.core.run import create_http_input_channels
from rasa.server import create_app
from sanic import Sanic

from bondgenoot import channel_settings, settings
from bondgenoot.capabilities import CAPABILITIES, Count, Markup
from bondgenoot.channel_settings import CHANNELS, Channel
from bondgenoot.errors import SettingsError
from channels.serve import write_credentials

EXAMPLES = {
    "BONDGENOOT_TELEGRAM_SECRET": "a-secret-of-telegram",
    "BONDGENOOT_TWILIO_NUMBER": "+3225551234",
    "BONDGENOOT_CALLBACK_SECRET": "s" * 40,
}
EVERY = pytest.mark.parametrize("channel", CHANNELS, ids=[channel.name for channel in CHANNELS])


def whole(channel: Channel) -> dict[str, str]:
    return {
        each.name: "https://chat.example.org" if each.is_address else EXAMPLES.get(each.name, "secret-value")
        for each in channel.variables
        if each.is_required
    }


def test_all_are_off_by_default(home: Path) -> None:
    assert channel_settings.load("http://localhost:5005", {}) == {}
    always = [line for line in write_credentials(settings.load()).read_text().splitlines() if line.endswith("Input:")]
    assert not {line.rstrip(":") for line in always} & {channel.connector for channel in CHANNELS}


@EVERY
class TestEach:
    def test_with_all_its_variables_it_is_on(
        self, channel: Channel, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in whole(channel).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("BONDGENOOT_PUBLIC_URL", "https://bondgenoot.example")
        path = write_credentials(settings.load())
        text = path.read_text()
        assert f"\n{channel.connector}:\n" in text and "secret" not in text
        assert path.parent == home and stat.S_ISREG(path.stat().st_mode)
        module, name = channel.connector.rsplit(".", 1)
        connector = getattr(importlib.import_module(module), name)
        assert connector.name() == channel.name

    def test_half_configured_it_names_what_is_missing(self, channel: Channel) -> None:
        for missing in whole(channel):
            given = {name: value for name, value in whole(channel).items() if name != missing}
            if given:
                with pytest.raises(SettingsError, match=f"'{channel.name}' is half configured: {missing} is missing"):
                    channel_settings.load("https://bondgenoot.example", given)

    def test_an_address_alone_is_half_configured_too(self, channel: Channel) -> None:
        optional = [each.name for each in channel.variables if not each.is_required]
        for name in optional:
            with pytest.raises(SettingsError, match="are missing"):
                channel_settings.load("https://bondgenoot.example", {name: "https://elsewhere.example"})

    def test_a_value_that_cannot_be_right_is_refused_without_repeating_it(self, channel: Channel) -> None:
        for name in whole(channel):
            with pytest.raises(SettingsError, match=name) as caught:
                channel_settings.load("https://bondgenoot.example", {**whole(channel), name: "not right"})
            assert "not right" not in str(caught.value)

    def test_a_connector_of_a_channel_that_is_off_says_what_to_set(self, channel: Channel, home: Path) -> None:
        module, name = channel.connector.rsplit(".", 1)
        with pytest.raises(SettingsError, match=f"'{channel.name}' is off"):
            getattr(importlib.import_module(module), name)()

    def test_it_is_in_the_documentation_with_its_variables(self, channel: Channel) -> None:
        text = (settings.ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
        assert f"`{channel.name}`" in text
        assert [each.name for each in channel.variables if each.is_required and each.name not in text] == []


def test_every_channel_has_its_capabilities_and_every_capability_its_channel() -> None:
    names = {channel.name for channel in CHANNELS} - {"twilio"} | {"sms", "whatsapp"}
    assert set(CAPABILITIES) == names


def test_the_table_in_the_documentation_is_the_table_in_the_code() -> None:
    text = (settings.ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    shown = {row[0]: row[1:] for row in rows}
    kinds = dict(zip(shown[""], CAPABILITIES, strict=True))
    assert [kinds["Slack"], kinds["WhatsApp"], kinds["Mattermost"], kinds["own program"]] == [
        "slack", "whatsapp", "mattermost", "callback",
    ]  # fmt: skip
    every = CAPABILITIES.values()
    assert shown["buttons"] == [str(can.buttons or "no") for can in every]
    assert shown["longest message"] == [f"{can.text:,}" + " bytes" * (can.count is Count.BYTES) for can in every]
    assert shown["bold"] == ["no" if can.markup is Markup.PLAIN else "yes" for can in every]
    assert [cell != "no" for cell in shown["charts as a picture"]] == [can.images for can in every]
    assert shown["calendar file, export"] == ["file" if can.files else "link" for can in every]
    assert shown["writes by itself (follow-up)"] == [
        (f"{can.hours} hours" if can.hours else "always" if can.proactive else "no")
        + ", then a template" * can.template
        for can in every
    ]


def test_rasa_loads_all_of_them_from_the_file(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sanic, "test_mode", True)
    for channel in CHANNELS:
        for name, value in whole(channel).items():
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("BONDGENOOT_PUBLIC_URL", "https://bondgenoot.example")
    loaded = create_http_input_channels(None, str(write_credentials(settings.load())))
    names = [channel.name() for channel in loaded]
    assert {channel.name for channel in CHANNELS} <= set(names) and len(names) == len(set(names))
    app = create_app(agent=None, auth_token="token")
    register(loaded, app, route="/webhooks/")
    routes = {f"/{route.path}" for route in app.router.routes_all.values()}
    assert {f"/webhooks/{channel.name}/webhook" for channel in CHANNELS} <= routes
