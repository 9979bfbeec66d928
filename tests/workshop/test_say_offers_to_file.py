"""`content say` at a keyboard: it offers to file the sentence, files it where it is told to, or leaves it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from terminal import Terminal, terminal

from bondgenoot.workshop.findings import tell

SENTENCE = "geef mij eens een lastig geval om op te kauwen"
# The command as it is, but for the model: no training for a question at the keyboard. tests/workshop/whole has the model.
COMMAND = """
import sys
from contextlib import contextmanager
from pathlib import Path
from bondgenoot.__main__ import main
from bondgenoot.workshop import commands
from bondgenoot.workshop.understanding import Understood

class Reader:
    def read(self, texts):
        return [Understood(text, "stop", 0.61, (("stop", 0.61), ("start_dilemma", 0.3))) for text in texts]

@contextmanager
def reader(*_):
    yield Reader()

commands.reader = reader
commands.training.model_path = lambda: Path(sys.executable)
sys.exit(main(["content", "say", *sys.argv[1:]]))
"""


@contextmanager
def saying(project: Path, *arguments: str) -> Iterator[Terminal]:
    environment = {**os.environ, "PYTHONPATH": str(project), "BONDGENOOT_HOME": str(project / "var")}
    with terminal([sys.executable, "-c", COMMAND, *arguments], project, environment) as at_keyboard:
        yield at_keyboard


def nlu(project: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted((project / "data" / "nlu").glob("*.yml")))


def test_the_sentence_is_filed_under_what_is_typed(project: Path) -> None:
    with saying(project, SENTENCE) as at_keyboard:
        at_keyboard.wait_for("Bedoeling: stop (61 % zeker)")
        at_keyboard.wait_for(tell("say_offer"))
        at_keyboard.type("start_dilemma")
        at_keyboard.wait_for("Bewaard op data/nlu/")
        assert at_keyboard.end() == 0
    assert nlu(project).count(f"    - {SENTENCE}\n") == 1


@pytest.mark.parametrize("typed", ["", "   "])
def test_enter_leaves_everything_as_it_is(project: Path, typed: str) -> None:
    before = nlu(project)
    with saying(project, SENTENCE) as at_keyboard:
        at_keyboard.wait_for(tell("say_offer"))
        at_keyboard.type(typed)
        assert at_keyboard.end() == 0
        assert "Bewaard" not in at_keyboard.shown
    assert nlu(project) == before


def test_an_intent_that_is_not_there_is_told_and_changes_nothing(project: Path) -> None:
    before = nlu(project)
    with saying(project, SENTENCE) as at_keyboard:
        at_keyboard.wait_for(tell("say_offer"))
        at_keyboard.type("start_dilema")
        at_keyboard.wait_for("heeft geen voorbeeldzinnen. Kies uit: ")
        assert at_keyboard.end() == 1
    assert nlu(project) == before


def test_nothing_is_asked_when_the_intent_is_given(project: Path) -> None:
    with saying(project, SENTENCE, "--intent", "start_dilemma") as at_keyboard:
        at_keyboard.wait_for("Bewaard op data/nlu/")
        assert at_keyboard.end() == 0
        assert tell("say_offer") not in at_keyboard.shown
