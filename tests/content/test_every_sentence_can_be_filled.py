"""No placeholder is left without a value: not in a question, whatever was skipped before, and not in a text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from pieces import placeholders
from rasa_sdk import Tracker

from actions import commitment, common, dilemma, follow_up, moment, practice, repair, scan
from actions.own_case import SHOWN
from bondgenoot import kept_word, own_answers
from bondgenoot.clock import Clock
from bondgenoot.content import CONTENT, content
from bondgenoot.kept_word import ENDINGS
from bondgenoot.links import LIFETIMES
from bondgenoot.questions import SKIPPED
from bondgenoot.settings import ROOT, Settings
from bondgenoot.store.schema import Cipher

# What the journeys hold besides the answers to their own questions.
CONTEXT = {
    "dilemma_id": "whose_plan",
    "practice_id": "share_the_why",
    "offer_kind": "commitment",
    "scan_answers": [1, None],
}
SAFETY_TOPICS = ("crisis", "harassment", "burnout", "report_wrongdoing")
# Keys that the code puts together, and what goes in.
COMPOSED = {
    "safety_card_": SAFETY_TOPICS,
    "safety_check_": SAFETY_TOPICS,
    "core_": ("integrity", "intent", "capabilities", "results"),
    "state_": ("open", "done", "partial", "not_done", "cancelled"),
    "follow_up_thanks_": ("done", "partial", "not_done"),
    "country_saved_": ("NL", "BE"),
    "contact_line_": ("NL", "BE"),
    "file_name_": tuple(LIFETIMES),
    "chart_": ENDINGS,
    "confidential_": SAFETY_TOPICS,
    "reply_": (
        "pasted_mail",
        *yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))["asides"]["replies"],
        *own_answers.entries(),
    ),
    "own_case_line_": SHOWN,
    "journey_": ("commitment", "dilemma", "follow_up", "moment", "own_case", "practice", "repair", "scan"),
}
# What understand() says when an answer is not clear; content needs all of them.
NOTICES = {
    "not_understood",
    "answer_too_long",
    "scale_unclear",
    "date_past",
    "date_impossible",
    "date_vague",
    "date_conditional",
    "date_recurring",
    "date_none",
    "skip_refused",
}


@pytest.fixture(autouse=True)
def _services(settings: Settings, engine: sa.engine.Engine, cipher: Cipher, monkeypatch: pytest.MonkeyPatch) -> None:
    """The actions' services, on the test's own database."""
    here = common.Services(settings, Clock.from_settings(settings), engine, cipher)
    for module in (common, commitment, dilemma, follow_up, moment, practice, repair, scan):
        if hasattr(module, "services"):
            monkeypatch.setattr(module, "services", lambda: here)


def answer_to(slot: str) -> str:
    question = content().questions[slot]
    if question.kind == "date":
        return "2026-12-01"
    if question.kind == "scale":
        return str(question.maximum)
    if slot in ("dilemma_choice", "follow_up_which"):
        return "a"  # these choices come from the case, and from what is open
    return question.choices[0].value if question.choices else "iets met {accolades}"


def tracker(slots: dict[str, Any]) -> Tracker:
    return Tracker("anna", slots, {}, [], False, None, {}, "action_listen")


def situations(journey: str) -> Iterator[tuple[str, Tracker]]:
    """A conversation with all answers, with none, with all skipped, and each with one answer skipped."""
    slots = [question.slot for question in content().journeys[journey]]
    full = {**CONTEXT, **{slot: answer_to(slot) for slot in slots}}
    yield "all answered", tracker(full)
    yield "nothing known", tracker({})
    yield "all skipped", tracker({**CONTEXT, **dict.fromkeys(slots, SKIPPED)})
    for slot in slots:
        yield f"{slot} skipped", tracker({**full, slot: SKIPPED})
        for choice in content().questions[slot].choices:
            yield f"{slot} is {choice.value}", tracker({**full, slot: choice.value})


@pytest.mark.parametrize("journey", sorted(content().journeys))
def test_every_question_of_the_journey_is_filled_whatever_was_answered(journey: str) -> None:
    problems = []
    for name, here in situations(journey):
        values = common.values_for(journey, here)
        for question in content().journeys[journey]:
            for moment_name in ("ask", "again", "why", "hint"):
                try:
                    bubbles = question.wording(moment_name, values, common.given(here, question.by))
                except (KeyError, IndexError, ValueError) as problem:
                    problems.append(f"{name}: {question.slot}.{moment_name}: {problem!r}")
                    continue
                if name != "nothing known" and not all(bubbles):
                    problems.append(f"{name}: {question.slot}.{moment_name}: an empty bubble")
    assert problems == []


@pytest.mark.parametrize("journey", sorted(content().journeys))
def test_every_placeholder_of_every_wording_is_a_value_of_the_journey(journey: str) -> None:
    """Also in the wordings that this round of situations did not choose."""
    known = set(common.values_for(journey, next(situations(journey))[1]))
    unknown = []
    for question in content().journeys[journey]:
        for name, wording in question.wordings.items():
            for branch in wording.values() if isinstance(wording, dict) else [wording]:
                for bubble in [branch] if isinstance(branch, str) else branch:
                    unknown += [f"{question.slot}.{name}: {missing}" for missing in placeholders(bubble) - known]
            if "_without_" in name and name.split("_without_")[1] not in known:
                unknown.append(f"{question.slot}: {name}")
    assert unknown == []


@pytest.mark.parametrize("journey", sorted(content().journeys))
def test_a_quoted_answer_that_may_be_skipped_has_a_wording_without_it(journey: str) -> None:
    """'Je noemt: “”.' is never said."""
    may_skip = {
        question.slot.removeprefix(f"{journey}_") for question in content().journeys[journey] if question.may_skip
    }
    missing = []
    for question in content().journeys[journey]:
        for moment_name in ("ask", "again", "why", "hint"):
            wording = question.wordings[moment_name]
            for branch in wording.values() if isinstance(wording, dict) else [wording]:
                for bubble in [branch] if isinstance(branch, str) else branch:
                    for quoted in re.findall(r"“\{(\w+)\}”", bubble):
                        if quoted in may_skip and f"{moment_name}_without_{quoted}" not in question.wordings:
                            missing.append(f"{question.slot}.{moment_name}: {quoted}")
    assert missing == []


def said_in_actions() -> Iterator[tuple[str, str, set[str] | None]]:
    """(where, key, names of the values) of every text said with its key written out; None when values come as **."""
    for path in sorted((ROOT / "actions").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name != "say" or not node.args:
                continue
            keys = node.args[0] if isinstance(node.func, ast.Attribute) else node.args[1]
            values = {word.arg for word in node.keywords if word.arg}
            starred = any(word.arg is None for word in node.keywords)
            for part in [keys.body, keys.orelse] if isinstance(keys, ast.IfExp) else [keys]:
                if isinstance(part, ast.Constant):
                    yield f"{path.name}:{node.lineno}", part.value, None if starred else values
                elif isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant):
                    for ending in COMPOSED[part.values[0].value]:
                        yield f"{path.name}:{node.lineno}", part.values[0].value + ending, None if starred else values


def test_every_text_that_an_action_says_exists_and_gets_its_values() -> None:
    wrong = []
    for where, key, values in said_in_actions():
        if key not in content().texts:
            wrong.append(f"{where}: {key} does not exist")
        elif values is not None:
            needed = {name for bubble in content().texts[key] for name in placeholders(bubble)}
            wrong += [f"{where}: {key} needs {name}" for name in needed - values]
    assert wrong == []


def test_the_scan_of_the_actions_sees_them() -> None:
    keys = {key for _, key, _ in said_in_actions()}
    assert {"welcome", "commitment_kept", "safety_card_crisis", "practice_none_left", "own_case_summary"} <= keys


@pytest.mark.parametrize(
    ("key", "journey"),
    [
        ("own_case_summary", "own_case"),
        ("own_case_summary_no_step", "own_case"),
        ("moment_plan", "moment"),
        ("repair_theirs_closing", "repair"),
    ],
)
def test_a_summary_gets_its_values_from_its_journey(key: str, journey: str) -> None:
    known = set(common.values_for(journey, next(situations(journey))[1]))
    # "keep" is the offer to keep an insight, which the action adds.
    assert {name for bubble in content().texts[key] for name in placeholders(bubble)} <= known | {"keep"}


def test_the_overview_gets_a_number_for_each_state() -> None:
    for key in ("progress", "chart_alt_record"):
        needed = {name for bubble in content().texts[key] for name in placeholders(bubble)}
        assert needed <= {*kept_word.counts([], {}), "lines"}


def test_there_is_a_text_for_everything_that_can_be_unclear() -> None:
    assert set(content().texts) >= NOTICES


def test_every_text_is_said_somewhere() -> None:
    """A text that no code says is a promise that no person hears, or is left over."""
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("actions", "bondgenoot", "components", "channels")
        for path in (ROOT / folder).rglob("*.py")
    )
    composed = {prefix + ending for prefix, endings in COMPOSED.items() for ending in endings}
    rules = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "data" / "rules").glob("*.yml"))
    unsaid = [
        key
        for key in content().texts
        if key not in composed | NOTICES
        and not re.search(rf"[\"']{key}[\"']", code)
        and f"action_say_{key}" not in rules
    ]
    assert unsaid == []
