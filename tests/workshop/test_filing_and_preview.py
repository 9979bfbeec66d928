"""A sentence is filed with one line and nothing else moves; an item is played in the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from bondgenoot.errors import BondgenootError
from bondgenoot.workshop import scaffold
from bondgenoot.workshop.check import check
from bondgenoot.workshop.filing import file_sentence
from bondgenoot.workshop.preview import preview


def test_a_sentence_is_filed_as_one_new_line_under_its_intent(project: Path) -> None:
    before = {path: path.read_text(encoding="utf-8") for path in (project / "data" / "nlu").glob("*.yml")}
    path, line = file_sentence("geef mij eens  een lastig geval om op te kauwen", "start_dilemma", project)
    after = path.read_text(encoding="utf-8").splitlines()
    assert after.pop(line - 1) == "    - geef mij eens een lastig geval om op te kauwen"
    assert after == before.pop(path).splitlines()
    assert all(other.read_text(encoding="utf-8") == text for other, text in before.items())


def test_what_cannot_be_seen_does_not_come_into_the_file(project: Path) -> None:
    path, line = file_sentence("een lastig\x00 geval\x07 om\n- op te\u2028kauwen", "start_dilemma", project)
    assert path.read_text(encoding="utf-8").splitlines()[line - 1] == "    - een lastig geval om - op te kauwen"
    assert check(project).problems == []


@pytest.mark.parametrize(
    ("sentence", "intent", "told"),
    [("hallo", "stop", "“greet”"), ("iets heel nieuws", "no_such_intent", "Kies uit"), ("  ", "stop", "geen zin")],
)
def test_what_cannot_be_filed_changes_nothing_and_says_why(
    project: Path, sentence: str, intent: str, told: str
) -> None:
    before = [path.read_text(encoding="utf-8") for path in sorted((project / "data").rglob("*.yml"))]
    with pytest.raises(BondgenootError, match=told):
        file_sentence(sentence, intent, project)
    assert [path.read_text(encoding="utf-8") for path in sorted((project / "data").rglob("*.yml"))] == before


def played(name: str, root: Path, *typed: str) -> str:
    said: list[str] = []
    lines = iter(typed)
    preview(name, lambda _: next(lines, ""), said.append, root)
    return "\n".join(said)


def test_a_dilemma_is_played_with_the_choice_that_was_typed(project: Path) -> None:
    shown = played("the_wrong_pallet", project, "eerst oplossen")
    for piece in ("1. [Nu vertellen]", "Marek rijdt nog uren rond", "op zijn stoel", "Voor wie is jouw oplossing", "Dezelfde pallet"):  # fmt: skip
        assert piece in shown
    assert "Misschien wil je ook snel af" not in shown
    assert "eigen manier" in played("the_wrong_pallet", project, "ik ga naar huis en slaap er een nacht over")


def test_a_practice_an_answer_and_a_story_are_shown(project: Path) -> None:
    assert "Kies iets smals" in played("ask_feedback_on_skill", project)
    assert "lijm tussen mensen" in played("what_is_trust", project)
    scaffold.new("verhaal", {"title": "Feedback vragen"}, project)
    shown = played("feedback_vragen", project)
    # The name of the intent is also that of the story; the story has the name in its file.
    assert "VERHAAL: feedback vragen aan een collega" in shown
    assert "[Mijn leidinggevende]" in shown


def test_an_unknown_name_is_told_with_the_names_there_are(project: Path) -> None:
    with pytest.raises(BondgenootError, match="the_wrong_pallet"):
        played("the_wrong_palet", project)
