"""The domain is the contract: it names the intents that outside tests use, and follows content/questions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bondgenoot.content import content

ROOT = Path(__file__).resolve().parents[2]
# From shared/dialogue.md; these names are fixed.
CONTRACT = """
greet goodbye thank affirm deny ask_help ask_clarification skip dont_know go_back stop start_over human_handoff out_of_scope
start_scan start_dilemma share_dilemma ask_practice plan_moment make_commitment list_commitments report_done report_partial
report_not_done postpone_commitment cancel_commitment repair_trust show_progress faq chitchat ask_privacy export_data
delete_data crisis harassment burnout report_wrongdoing safety_check EXTERNAL_follow_up
""".split()
FAQ = """what_is_trust trust_bond what_is_connection trust_and_connection four_cores integrity intent capabilities results
giving_trust_first why_invest_time trust_and_profit room_for_mistakes judger_mindset psychological_safety moments_that_matter
developing_trust restoring_trust culture_of_trust speed_misconception self_trust""".split()
CHITCHAT = "are_you_a_bot who_made_you how_are_you language insult compliment".split()
NOT_ASKED_BY_A_FORM = {"safety"}


@pytest.fixture(scope="module")
def domain() -> dict:
    return yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def examples() -> dict[str, int]:
    counts: dict[str, int] = {}
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in entry:
                lines = [line for line in entry["examples"].splitlines() if line.strip().startswith("- ")]
                counts[entry["intent"]] = counts.get(entry["intent"], 0) + len(lines)
    return counts


def test_no_intent_of_the_contract_is_missing_or_renamed(domain):
    assert set(CONTRACT) <= set(domain["intents"])


def test_forms_ask_the_questions_of_the_content_in_order(domain):
    expected = {
        f"{journey}_form": [question.slot for question in questions]
        for journey, questions in content().journeys.items()
        if journey not in NOT_ASKED_BY_A_FORM
    }
    assert {name: form["required_slots"] for name, form in domain["forms"].items()} == expected


def test_each_question_listens_for_answers_and_for_the_intents_it_expects(domain):
    for journey, questions in content().journeys.items():
        if journey in NOT_ASKED_BY_A_FORM:
            continue
        for question in questions:
            (mapping,) = domain["slots"][question.slot]["mappings"]
            assert {"answer", "affirm", "deny"} | question.intents == set(mapping["intent"]), question.slot
            assert mapping["conditions"] == [{"active_loop": question.form, "requested_slot": question.slot}], (
                question.slot
            )
            assert f"action_ask_{question.slot}" in domain["actions"]


def test_each_journey_has_a_rule_that_ends_it():
    rules = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "data" / "rules").glob("*.yml"))
    for journey in content().journeys.keys() - NOT_ASKED_BY_A_FORM:
        assert re.search(rf"- active_loop: {journey}_form\n  steps:\n  - action: {journey}_form", rules), journey


def test_there_are_enough_examples(examples):
    for intent in set(CONTRACT) - {"faq", "chitchat", "EXTERNAL_follow_up"}:
        least = (
            300
            if intent == "out_of_scope"
            else 120
            if intent in {"crisis", "harassment", "burnout", "report_wrongdoing"}
            else 60
        )
        assert examples.get(intent, 0) >= least, intent
    for sub_intent in [f"faq/{name}" for name in FAQ] + [f"chitchat/{name}" for name in CHITCHAT]:
        assert examples.get(sub_intent, 0) >= 15, sub_intent


def test_each_sub_intent_has_an_answer():
    answers: set[str] = set()
    for path in (ROOT / "data" / "responses").glob("*.yml"):
        answers |= set(yaml.safe_load(path.read_text(encoding="utf-8"))["responses"])
    assert {f"utter_faq/{name}" for name in FAQ} | {f"utter_chitchat/{name}" for name in CHITCHAT} <= answers


def test_no_sentence_is_filed_twice():
    where: dict[str, str] = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in entry["examples"].splitlines() if "intent" in entry else []:
                sentence = " ".join(line.strip()[2:].casefold().split())
                assert sentence not in where, (
                    f"{path.name}: '{sentence}' stands under {entry['intent']} and {where[sentence]}"
                )
                where[sentence] = entry["intent"]
