"""The REST channel for this machine: as in stock Rasa, but with limits and without silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rasa.core.channels.channel import CollectingOutputChannel
from scripted import ScriptedAgent, Visitor

from bondgenoot import texts
from bondgenoot.errors import SettingsError
from channels.local_rest import LocalRestInput

WEBHOOK = "/webhooks/rest/webhook"


async def test_a_message_is_answered(visitor: Visitor, agent: ScriptedAgent) -> None:
    answer = await visitor.post(WEBHOOK, json={"sender": "an", "message": "hallo"}, headers={})
    assert answer.status == 200
    assert [(message["recipient_id"], message["text"]) for message in await answer.json()] == [
        ("an", "Antwoord op hallo")
    ]
    assert agent.turns[0].input_channel == "rest"


async def test_streaming_works_as_in_stock_rasa(visitor: Visitor) -> None:
    for message, said in (("hallo", "Antwoord op hallo"), ("stuk", " ".join(texts.say("error")))):
        answer = await visitor.post(f"{WEBHOOK}?stream=true", json={"sender": "an", "message": message})
        assert json.loads((await answer.text()).splitlines()[-1])["text"] == said


@pytest.mark.parametrize("text", ["stuk", "half", "stil"])
async def test_a_turn_without_answer_apologises(visitor: Visitor, text: str) -> None:
    answer = await visitor.post(WEBHOOK, json={"sender": "an", "message": text})
    assert await answer.json() == [{"recipient_id": "an", "text": " ".join(texts.say("error"))}]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"message": "hallo"}, "sender"),
        ({"sender": "", "message": "hallo"}, "sender"),
        ({"sender": " ", "message": "hallo"}, "sender"),
        ({"sender": None, "message": "hallo"}, "sender"),
        ({"sender": 7, "message": "hallo"}, "sender"),
        ({"sender": "s" * 201, "message": "hallo"}, "200"),
        ({"sender": "an"}, "message"),
        ({"sender": "an", "message": 7}, "message"),
        ({"sender": "an", "message": ["hallo"]}, "message"),
        ({"sender": "an", "message": "x" * 10_001}, "10000"),
        ({"sender": "an", "message": "hallo", "metadata": "x"}, "metadata"),
        ({"sender": "an", "message": "hallo", "input_channel": 7}, "input_channel"),
        (["hallo"], "object"),
        ("hallo", "object"),
    ],
)
async def test_refusals(visitor: Visitor, agent: ScriptedAgent, body: object, reason: str) -> None:
    answer = await visitor.post(WEBHOOK, json=body)
    assert answer.status == 400
    assert reason in (await answer.json())["error"]
    assert not agent.turns


async def test_no_json_and_too_large(visitor: Visitor, agent: ScriptedAgent) -> None:
    assert (await visitor.post(WEBHOOK, data="sender=an")).status == 400
    assert (await visitor.post(WEBHOOK)).status == 400
    assert (await visitor.post(WEBHOOK, data=b"\xff\xfe\x00")).status == 400
    large = {"sender": "an", "message": "hallo", "metadata": {"x": "x" * 70_000}}
    assert (await visitor.post(WEBHOOK, json=large)).status == 413
    assert not agent.turns


async def test_pages_of_other_sites_cannot_write(visitor: Visitor, agent: ScriptedAgent) -> None:
    body = {"sender": "an", "message": "hallo"}
    for origin in ("https://elders.example", "null"):
        assert (await visitor.post(WEBHOOK, json=body, headers={"Origin": origin})).status == 403
    assert not agent.turns
    near = {"Origin": "http://localhost:3000"}
    assert (await visitor.post(WEBHOOK, json=body, headers=near)).status == 200


async def test_it_refuses_a_network_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BONDGENOOT_HOME", str(tmp_path))
    monkeypatch.setenv("BONDGENOOT_HOST", "192.168.1.2")
    with pytest.raises(SettingsError, match="'rest'"):
        LocalRestInput.from_credentials({})


async def test_a_follow_up_finds_an_output_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BONDGENOOT_HOST", raising=False)
    assert isinstance(LocalRestInput().get_output_channel(), CollectingOutputChannel)
