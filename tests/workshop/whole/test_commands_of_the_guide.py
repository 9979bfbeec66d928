"""The commands of the trainer guide that need a keyboard, a server or a trained model, each as the guide has it.

The others run in tests/workshop/test_guide.py and in the afternoon of this folder; test_guide.py sees to it that no
command of the guide is left out. The name of a test says which command it runs.
"""

from __future__ import annotations

import re
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from at_work import SECONDS, Project
from services import free_port
from terminal import Terminal, terminal

from bondgenoot.settings import ROOT
from bondgenoot.workshop.findings import tell

GUIDE = ROOT / "docs" / "trainers"
READY = ["-o", ".venv/run-ready", "-o", ".venv/dev-ready", "-o", "var/widget/bondgenoot.js"]


def line_of(page: str, command: str) -> str:
    """The line of a page that gives this command."""
    (found,) = re.findall(rf"^(?:\w+=\w+ )?{command}\b.*$", (GUIDE / page).read_text(encoding="utf-8"), re.MULTILINE)
    return str(found)


@contextmanager
def typing(project: Project, line: str, **environment: str) -> Iterator[Terminal]:
    """A line of the guide on a terminal, on the Python that is there; settings in front of it count."""
    settings, _, arguments = line.partition("make ")
    environment |= dict(each.split("=", 1) for each in settings.split())
    parts = [part.replace('"', "") for part in re.findall(r'(?:[^\s"]|"[^"]*")+', arguments)]
    command = ["make", *READY, f"PY={sys.executable}", *parts]
    with terminal(command, project.root, project.environment | environment, SECONDS) as at_keyboard:
        yield at_keyboard


@pytest.mark.timeout(SECONDS)
def test_make_try(project: Project) -> None:
    with typing(project, line_of("een-middag.md", "make try")) as at_keyboard:
        at_keyboard.wait_for(tell("try_ready"))
        at_keyboard.type("hallo")
        at_keyboard.wait_for("een computerprogramma, geen mens")
        at_keyboard.type("een dilemma over integriteit")
        at_keyboard.wait_for("[1]")
        at_keyboard.type("1")
        at_keyboard.wait_for("Je kiest: ")
        at_keyboard.type("")
        assert at_keyboard.end() == 0


@pytest.mark.timeout(SECONDS)
def test_make_say(project: Project) -> None:
    """With the model, and with what it offers: filing the sentence."""
    before = (project.root / "data" / "nlu" / "journeys.yml").read_text(encoding="utf-8")
    with typing(project, line_of("een-middag.md", "make say")) as at_keyboard:
        at_keyboard.wait_for("Bedoeling: ")
        at_keyboard.wait_for("Veiligheidsnet: ")
        at_keyboard.wait_for(tell("say_offer"))
        at_keyboard.type("start_dilemma")
        at_keyboard.wait_for("Bewaard op data/nlu/journeys.yml:")
        assert at_keyboard.end() == 0
    path = project.root / "data" / "nlu" / "journeys.yml"
    assert "    - geef mij eens een lastig geval\n" in path.read_text(encoding="utf-8")
    # What follows needs the model of these sources.
    path.write_text(before, encoding="utf-8")


@pytest.mark.timeout(SECONDS)
def test_make_measure(project: Project) -> None:
    told = project.make("make measure")
    assert re.search(r"Van \d+ testzinnen begrijpt het model er \d+ % zoals bedoeld", told)
    assert (project.root / "var" / "workshop" / "confusion.json").exists()


@pytest.mark.timeout(SECONDS)
def test_make_validate(project: Project) -> None:
    assert "rasa data validate: nothing to say." in project.make("make validate")


@pytest.mark.timeout(SECONDS)
def test_make_start(project: Project, tmp_path: Path) -> None:
    """As the page about the workshop page has it: that page is on."""
    port = free_port()
    settings = {
        "BONDGENOOT_PORT": str(port),
        "BONDGENOOT_ACTIONS_PORT": str(free_port()),
        "BONDGENOOT_HOME": str(tmp_path / "home"),
    }
    with typing(project, line_of("werkplaats.md", "make start"), **settings) as at_keyboard:
        at_keyboard.wait_for(f"http://localhost:{port}")
        until = time.monotonic() + SECONDS / 2
        page = ""
        while "Ga binnen als demo-trainer" not in page:
            assert time.monotonic() < until, at_keyboard.shown
            try:
                with urllib.request.urlopen(f"http://localhost:{port}/workshop/", timeout=10) as answer:
                    page = answer.read().decode()
            except OSError as problem:
                page = problem.read().decode() if hasattr(problem, "read") else ""
                time.sleep(1)
        at_keyboard.interrupt()
        at_keyboard.end()
