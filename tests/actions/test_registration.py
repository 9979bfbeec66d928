"""The action server offers what the domain names, and nothing that the domain does not know."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def offered() -> set[str]:
    executor = ActionExecutor()
    executor.register_package("actions")
    return set(executor.actions)


@pytest.fixture(scope="module")
def named() -> set[str]:
    return set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["actions"])


def test_every_action_of_the_domain_is_offered(offered, named):
    assert named <= offered


def test_no_action_is_offered_that_the_domain_does_not_name(offered, named):
    bases = {"action_say_", "action_ask_", "action_ask_safety_answer"}
    assert offered - named <= bases


def test_every_action_of_a_rule_or_form_exists(offered):
    for path in (ROOT / "data" / "rules").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            for step in rule["steps"]:
                action = step.get("action", "")
                if action.startswith("action_"):
                    assert action in offered, f"{path.name}: {rule['rule']}: {action}"
