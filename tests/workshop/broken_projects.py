"""A small project that Rasa has nothing against, and ways to break it."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "config.yml": "assistant_id: small\nlanguage: nl\nrecipe: default.v1\npipeline: []\npolicies: []\n",
    "domain.yml": """version: "3.1"
intents:
- greet
- stop
- answer
- faq
actions:
- action_menu
slots:
  who_name:
    type: text
    mappings:
    - type: from_text
      conditions:
      - active_loop: who_form
        requested_slot: who_name
forms:
  who_form:
    required_slots:
    - who_name
responses:
  utter_one:
  - text: Een.
  utter_two:
  - text: Twee.
""",
    "data/nlu/a.yml": """version: "3.1"
nlu:
- intent: greet
  examples: |
    - hallo
    - dag iedereen
- intent: stop
  examples: |
    - stop
    - ik wil stoppen
- intent: answer
  examples: |
    - mijn collega
    - de baas
- intent: faq/wat
  examples: |
    - wat is dat
    - wat is het
""",
    "data/responses/a.yml": """version: "3.1"
responses:
  utter_faq/wat:
  - text: Dit is het.
""",
    "data/rules/a.yml": """version: "3.1"
rules:
- rule: vraag
  steps:
  - intent: faq
  - action: utter_faq
- rule: wie
  steps:
  - intent: answer
  - action: who_form
  - active_loop: who_form
""",
    "data/stories/a.yml": """version: "3.1"
stories:
- story: eerste weg
  steps:
  - intent: greet
  - action: utter_one
  - intent: stop
  - action: action_menu
- story: tweede weg
  steps:
  - intent: stop
  - action: utter_two
""",
}
STORIES, NLU, DOMAIN, RULES, RESPONSES = (
    "data/stories/a.yml",
    "data/nlu/a.yml",
    "domain.yml",
    "data/rules/a.yml",
    "data/responses/a.yml",
)
# Name -> (file, old, new): what a trainer may do wrong.
WAYS = {
    "nothing": (STORIES, "", ""),
    "unknown_response_in_a_story": (STORIES, "action: utter_two", "action: utter_three"),
    "unknown_response_in_a_rule": (RULES, "action: utter_faq", "action: utter_vraag"),
    "unknown_action": (STORIES, "action: action_menu", "action: action_nothing"),
    "unknown_intent_in_a_story": (STORIES, "- intent: stop\n  - action: utter_two", "- intent: stopp\n  - action: utter_two"),
    "unknown_intent_in_a_rule": (RULES, "intent: answer", "intent: antwoord"),
    "unknown_intent_in_the_examples": (NLU, "intent: stop", "intent: stoppen"),
    "unused_response": (DOMAIN, "responses:\n", "responses:\n  utter_lost:\n  - text: Weg.\n"),
    "unused_intent": (DOMAIN, "- faq\n", "- faq\n- lost\n"),
    "unused_intent_and_something_that_fails": (DOMAIN, "- faq\nactions:\n- action_menu\n", "- faq\n- lost\nactions: []\n"),
    "sentence_under_two_intents": (NLU, "    - stop\n", "    - stop\n    - hallo\n"),
    "sentence_twice_under_one_intent": (NLU, "    - stop\n", "    - stop\n    - stop\n"),
    "conflicting_stories": (STORIES, "- intent: stop\n  - action: utter_two", "- intent: greet\n  - action: utter_two"),
    "story_against_a_rule": (STORIES, "- intent: stop\n  - action: utter_two", "- intent: answer\n  - action: utter_two"),
    "two_stories_of_one_name": (STORIES, "story: tweede weg", "story: eerste weg"),
    "form_without_slot": (DOMAIN, "    - who_name\n", "    - who_name\n    - who_age\n"),
    "form_that_is_not_there": (RULES, "active_loop: who_form", "active_loop: whose_form"),
    "slot_of_another_form": (DOMAIN, "  who_form:\n    required_slots:\n    - who_name\n", "  other_form:\n    required_slots: []\n"),
    "slot_that_its_form_does_not_ask": (DOMAIN, "    required_slots:\n    - who_name\n", "    required_slots:\n    - other\n"),
    "wrong_mapping": (DOMAIN, "type: from_text", "type: from_txt"),
    "wrong_slot_type": (DOMAIN, "    type: text\n", "    type: tekst\n"),
    "intent_twice_in_the_domain": (DOMAIN, "- greet\n", "- greet\n- greet\n"),
    "response_twice": (RESPONSES, "responses:\n", "responses:\n  utter_one:\n  - text: Ook een.\n"),
    "response_twice_in_one_file": (DOMAIN, "responses:\n", "responses:\n  utter_two:\n  - text: Ook twee.\n"),
    "response_without_text": (RESPONSES, "  - text: Dit is het.\n", "  - tekst: Dit is het.\n"),
    "yaml_of_a_story": (STORIES, "- story: eerste weg", "- story: eerste: weg"),
    "yaml_of_the_examples": (NLU, "- intent: stop\n", "- intent: [stop\n"),
    "yaml_of_the_domain": (DOMAIN, "intents:\n", "intents: {\n"),
    "tab_in_a_story": (STORIES, "  - intent: greet\n", "\t- intent: greet\n"),
    "key_twice_in_the_examples": (NLU, "- intent: stop\n", "- intent: stop\n  intent: stop\n"),
    "key_twice_in_the_domain": (DOMAIN, "actions:\n", "intents: []\nactions:\n"),
    "step_without_dash": (STORIES, "  - action: utter_one\n", "    action: utter_one\n"),
    "step_of_an_unknown_kind": (STORIES, "  - action: utter_one\n", "  - actie: utter_one\n"),
    "steps_missing": (STORIES, "- story: tweede weg\n  steps:\n", "- story: tweede weg\n  stappen:\n"),
    "stories_no_list": (STORIES, "stories:\n- story: eerste weg\n  steps:", "stories:\n  story: eerste weg\n  steps:"),
    "examples_as_a_list": (NLU, "  examples: |\n    - stop\n", "  examples:\n    - stop\n"),
    "example_without_dash": (NLU, "    - stop\n", "    stop\n"),
    "intent_without_examples": (NLU, "- intent: answer\n  examples: |\n    - mijn collega\n    - de baas\n", ""),
    "intent_with_empty_examples": (NLU, "    - mijn collega\n    - de baas\n", ""),
    "intent_with_an_empty_name": (NLU, "intent: answer", "intent: ''"),
    "unknown_section": (NLU, "nlu:\n", "nlus: []\nnlu:\n"),
    "unknown_section_of_the_domain": (DOMAIN, "forms:\n", "formulieren: {}\nforms:\n"),
    "unknown_version": (NLU, '"3.1"', '"9.9"'),
    "domain_without_anything": (DOMAIN, None, "version: '3.1'\n"),
    "domain_empty": (DOMAIN, None, ""),
    "domain_no_mapping": (DOMAIN, None, "- greet\n"),
    "domain_that_is_not_there": (DOMAIN, None, None),
    "examples_empty": (NLU, None, ""),
    "not_utf8": (STORIES, "eerste weg", "eerste w\udce9g"),
    "config_without_id": ("config.yml", "assistant_id: small\n", ""),
    "config_no_yaml": ("config.yml", "language: nl", "language: [nl"),
    "intent_with_triggers": (DOMAIN, "- greet\n", "- greet:\n    triggers: utter_one\n"),
    "slot_set_that_is_not_there": (STORIES, "  - action: utter_one\n", "  - slot_was_set:\n    - lost: true\n  - action: utter_one\n"),
    "entity_of_another_kind": (NLU, "    - stop\n", "    - stop [nu](when\n"),
    "checkpoint_that_is_not_there": (STORIES, "  - intent: greet\n", "  - checkpoint: lost\n  - intent: greet\n"),
    "button_without_payload": (DOMAIN, "  - text: Een.\n", "  - text: Een.\n    buttons:\n    - title: Ja\n"),
}  # fmt: skip


def small_project(folder: Path, way: str) -> Path:
    """The small project, broken in one way, in a folder of its own."""
    root = folder / way
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    name, old, new = WAYS[way]
    break_file(root / name, old, new)
    return root


def break_file(path: Path, old: str | None, new: str | None) -> None:
    """Replace `old` by `new` once; without `old` the whole file, and without `new` there is no file any more."""
    if new is None:
        path.unlink()
        return
    text = path.read_text(encoding="utf-8")
    assert old is None or old in text, (path, old)
    changed = new if old is None else text.replace(old, new, 1)
    path.write_bytes(changed.encode("utf-8", "surrogateescape"))
