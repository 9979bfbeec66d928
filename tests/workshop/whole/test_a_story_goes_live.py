"""What the trainer guide promises, on the real processes: a story made from the template is trained, tested, published
into a running server without disturbing a conversation, and taken back with one command.
"""

from __future__ import annotations

import json

import pytest
from at_work import SECONDS, Project

CONVERSATION = "tests/stories/test_conversations.py::test_conversation[journeys/feedback_vragen]"
OWN = "tests/stories/test_conversations.py::test_conversation[journeys/een_fout_toegeven]"
ANSWERS = "docs/trainers/voorbeeld/verhaal.yml"
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


@pytest.mark.timeout(3 * SECONDS)
def test_a_story_from_the_template_goes_live_and_back_without_disturbing_anybody(project: Project) -> None:
    project.say("anna", "hallo")
    project.say("anna", "ik wil een dilemma bekijken")
    before = project.say("anna", "hoe bedoel je?")
    assert "?" in before

    project.run("new", "verhaal", "--title", "Feedback vragen")
    project.run("new", "verhaal", "--answers", ANSWERS)
    assert "Alles klopt" in project.run("check")
    (project.root / "small.yml").write_text(SENTENCES, encoding="utf-8")
    told = project.run("publish", "--tests", CONVERSATION, OWN, "--sentences", "small.yml")
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
    project.say("dirk", "hallo")
    assert "Wie moet het als eerste horen?" in project.say("dirk", "hoe geef ik een fout toe")
    answered = project.say("dirk", "mijn ploeg")
    assert "Je ploeg kan pas helpen als die het weet." in answered
    assert "Hoe zou je eerste zin klinken?" in answered
    assert "dan weegt hij het minst" in project.say("dirk", "ik heb gisteren iets verkeerd gezegd")

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
    assert "een computerprogramma, geen mens" in chat
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
