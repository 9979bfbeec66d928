"""What the trainer guide promises, on the real processes: a story made from the template is trained, tested, published
into a running server without disturbing a conversation, and taken back with one command.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from copied import copy_of_the_project

from bondgenoot.training import model_path

SECONDS = 900
CONVERSATION = "tests/stories/test_conversations.py::test_conversation[journeys/feedback_vragen]"
SENTENCES = """version: "3.1"
nlu:
- intent: start_dilemma
  examples: |
    - ik wil een dilemma bekijken
- intent: feedback_vragen
  examples: |
    - ik zou willen leren hoe ik om feedback vraag
- intent: stop
  examples: |
    - stop er maar mee
"""


class Project:
    """The copy, and the commands a trainer gives in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port, self.actions_port = _free_port(), _free_port()
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(root),
            "BONDGENOOT_HOME": str(root / "var"),
            "BONDGENOOT_PORT": str(self.port),
            "BONDGENOOT_ACTIONS_PORT": str(self.actions_port),
        }

    def run(self, *arguments: str, code: int = 0, typed: str = "") -> str:
        """One command; its output."""
        command = [sys.executable, "-m", "bondgenoot", "content", *arguments]
        done = subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, text=True, timeout=SECONDS, input=typed
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def say(self, sender: str, text: str) -> str:
        """What the running server answers."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/webhooks/rest/webhook",
            json.dumps({"sender": sender, "message": text}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=120) as response:
            return "\n".join(str(message.get("text")) for message in json.loads(response.read()))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The copy with the present model, and all its processes running."""
    model = model_path()
    assert model.exists(), "there is no model of the present sources; run `make train` first"
    root = copy_of_the_project(tmp_path_factory.mktemp("trainer") / "project")
    shutil.copy(model, root / "models" / model.name)
    made = Project(root)
    log = (root / "server.log").open("w", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "bondgenoot", "start"],
        cwd=root,
        env=made.environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait(made, process)
        yield made
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        log.close()


@pytest.mark.timeout(3 * SECONDS)
def test_a_story_from_the_template_goes_live_and_back_without_disturbing_anybody(project: Project) -> None:
    project.say("anna", "hallo")
    project.say("anna", "ik wil een dilemma bekijken")
    before = project.say("anna", "hoe bedoel je?")
    assert "?" in before

    project.run("new", "verhaal", "--title", "Feedback vragen")
    assert "Alles klopt" in project.run("check")
    (project.root / "small.yml").write_text(SENTENCES, encoding="utf-8")
    told = project.run("publish", "--tests", CONVERSATION, "--sentences", "small.yml")
    assert "Alle gesprekken lukken" in told
    assert "“ik zou willen leren hoe ik om feedback vraag”: bedoeld feedback_vragen" in told
    assert "Gepubliceerd als versie 2" in told
    assert "Lopende gesprekken gaan verder" in told

    # Anna's question is still open: a number is one of its options. The new story is there for somebody else.
    answered = project.say("anna", "1")
    assert "?" in answered
    assert "Ik weet niet zeker" not in answered
    project.say("bram", "hallo")
    assert "Aan wie wil je het vragen" in project.say("bram", "ik wil feedback vragen")
    assert "van dichtbij" in project.say("bram", "een collega")

    record = json.loads((project.root / "models" / "published.json").read_text(encoding="utf-8"))
    assert (record["version"], record["how"]) == (2, "publish")
    assert (project.root / "models" / record["model"]).exists()
    measured = json.loads((project.root / "var" / "workshop" / "confusion.json").read_text(encoding="utf-8"))
    assert (measured["model"], measured["sentences"]) == (record["model"], 3)

    told = project.run("rollback")
    assert "Versie 1 is terug" in told
    assert not (project.root / "data" / "stories" / "feedback_vragen.yml").exists()
    assert "feedback_vragen" not in (project.root / "domain.yml").read_text(encoding="utf-8")
    project.say("carla", "hallo")
    assert "Aan wie wil je het vragen" not in project.say("carla", "ik wil feedback vragen")
    assert project.say("anna", "omdat ik eerlijk wil zijn")
    assert "Alles klopt" in project.run("check")


def test_a_trainer_chats_with_the_model_and_files_a_sentence_that_it_did_not_know(project: Project) -> None:
    chat = project.run("try", typed="hallo\neen dilemma over integriteit\n1\n\n")
    assert "Ik ben een computerprogramma" in chat
    assert "Je kiest: " in chat  # the number pressed the first button of the dilemma
    told = project.run("say", "ik zie het niet meer zitten")
    assert "Bedoeling: safety_check" in told
    assert "door “zie* ~ niet meer ~ zitten” in content/safety" in told
    told = project.run("say", "zet eens een knoop van een geval op tafel", "--intent", "start_dilemma")
    assert "Bedoeling: " in told
    assert "Bewaard op data/nlu/journeys.yml:" in told
    assert "- zet eens een knoop van een geval op tafel\n" in (
        project.root / "data" / "nlu" / "journeys.yml"
    ).read_text(encoding="utf-8")


def _wait(project: Project, process: subprocess.Popen[bytes]) -> None:
    started = time.monotonic()
    while time.monotonic() - started < SECONDS:
        assert process.poll() is None, (project.root / "server.log").read_text(encoding="utf-8")[-3000:]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{project.port}/health", timeout=2):
                return
        except OSError:
            time.sleep(1)
    pytest.fail((project.root / "server.log").read_text(encoding="utf-8")[-3000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
