"""What Rasa finds is told in the workshop's form; what is not recognised is passed on, never swallowed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rasa.core.policies.rule_policy import RulePolicy

from bondgenoot.settings import ROOT
from bondgenoot.workshop.check import check
from bondgenoot.workshop.rasa_words import translate, validate

SITE = "/x/rasa/shared/utils/io.py:99: UserWarning: "


@pytest.mark.parametrize(
    ("printed", "path", "told"),
    [
        (f"{SITE}The action 'utter_nothing' is used in the stories, but is not a valid utterance action. Please make sure", "domain.yml", "“utter_nothing” bestaat niet"),
        (f"{SITE}There is a message in the training data labeled with intent 'greet'. This intent is not listed in your domain. You", "data/rules/conversation.yml", "“greet”, maar die intent staat niet in domain.yml"),
        (f"{SITE}The example 'zo groet hier niemand' was found labeled with multiple different intents in the training data. Each annotated message should only appear with one intent. You should fix that conflict The example is labeled with: greet, stop.", "domain.yml", "“zo groet hier niemand” staat onder meer dan één intent: greet, stop"),
        (f"{SITE}The form 'no_form' is used in the 'greeting' block, but it is not listed in the domain file.", "data/rules/conversation.yml", "“no_form” in “greeting” bestaat niet"),
        ("- the prediction of the action 'utter_a' in story 'mijn verhaal' is contradicting with rule(s) 'yes without a question' which predicted action 'action_menu'.", "data/rules/conversation.yml", "de regel “yes without a question” zegt dat daar altijd action_menu komt"),
        ("rasa.shared.exceptions.YamlException: Something 'greet' that nobody foresaw", "data/rules/conversation.yml", "Rasa zegt: Something 'greet' that nobody foresaw"),
    ],
)  # fmt: skip
def test_a_message_of_rasa_is_told_in_dutch_at_its_place(printed: str, path: str, told: str) -> None:
    (found,) = translate(f"\x1b[33m{printed}\x1b[0m\n")
    assert found.path == path
    assert told in found.text


def test_the_words_of_rasa_on_contradictions_are_those_that_are_recognised() -> None:
    """Rasa's own text, from its own method, so that an update of Rasa that changes it is noticed."""

    class Tracker:
        is_rule_tracker = False
        sender_id = "mijn verhaal"

    policy = RulePolicy.__new__(RulePolicy)
    policy._fallback_action_name = "action_fallback"
    policy._rules_sources = {"source": [("greeting", "action_greet")]}
    policy._should_delete = lambda *_: False  # type: ignore[method-assign]
    (printed,) = policy._check_prediction(Tracker(), "action_greet", "utter_own", "source")  # type: ignore[arg-type]
    (found,) = translate(printed)
    assert (found.path, found.line > 1) == ("data/rules/conversation.yml", True)
    assert "in het verhaal “mijn verhaal” komt utter_own, maar de regel “greeting” zegt" in found.text


def test_a_quiet_log_has_no_problems(tmp_path: Path) -> None:
    assert translate("2026-11-22 INFO rasa.validator - Validating intents...\nDeprecationWarning: old\n", ROOT) == []


CONFIG = "assistant_id: small\nlanguage: nl\nrecipe: default.v1\npipeline: []\npolicies: []\n"
DOMAIN = """version: "3.1"
intents: [greet, stop]
responses:
  utter_one: [{text: Een.}]
  utter_two: [{text: Twee.}]
"""
NLU = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - hallo
    - dag iedereen
- intent: stop
  examples: |
    - dag iedereen
    - stop
"""
STORIES = """version: "3.1"
stories:
- story: eerste weg
  steps:
  - intent: greet
  - action: utter_one
- story: tweede weg
  steps:
  - intent: greet
  - action: utter_two
- story: derde weg
  steps:
  - intent: stop
  - action: utter_three
"""


def test_what_rasa_itself_finds_is_told_in_dutch_at_its_place(tmp_path: Path) -> None:
    """A small project with mistakes, validated by Rasa: an update that changes its words is noticed."""
    files = {"domain.yml": DOMAIN, "config.yml": CONFIG, "data/nlu/a.yml": NLU, "data/stories/a.yml": STORIES}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = [str(one) for one in validate(tmp_path)]
    assert len(told) == 3, told
    (conflict,) = [one for one in told if "twee verhalen beginnen gelijk" in one]
    assert conflict.startswith("data/stories/a.yml:")
    assert "na intent 'greet': " in conflict
    assert "utter_one in 'eerste weg'" in conflict
    assert "utter_two in 'tweede weg'" in conflict
    assert conflict.endswith("Maak ze gelijk tot iemand iets anders zegt.")
    (twice,) = [one for one in told if "meer dan één intent" in one]
    assert twice.startswith("data/nlu/a.yml:6: examples: “dag iedereen” staat onder meer dan één intent: greet, stop")
    (unknown,) = [one for one in told if "het antwoord “utter_three” bestaat niet" in one]
    assert unknown.startswith("data/stories/a.yml:14: action: ")


def test_publish_stops_before_training_at_what_only_rasa_finds(project: Path) -> None:
    domain = project / "domain.yml"
    text = domain.read_text(encoding="utf-8")
    wrong = text.replace("forms:\n", "forms:\n  lost_form:\n    required_slots: [lost_slot]\n", 1)
    domain.write_text(wrong, encoding="utf-8")
    assert check(project).problems == []
    done = subprocess.run(
        [sys.executable, "-m", "bondgenoot", "content", "publish"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "BONDGENOOT_HOME": str(project / "var")},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode != 0, said
    assert "de vraag “lost_slot” van lost_form heeft geen slot in domain.yml" in said
    assert "Verbeter eerst wat hierboven staat" in said
    assert "2. Trainen" not in said
    assert list((project / "models").iterdir()) == []
