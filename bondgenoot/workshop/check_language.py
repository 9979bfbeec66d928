"""Checks of data/nlu and data/responses: who says what, twice or nearly, too little, too long, without source."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import Any

from bondgenoot.content import SEED_ITEMS, WORDS_IN_A_BUBBLE
from bondgenoot.workshop.findings import Findings
from bondgenoot.workshop.language_data import Example, LanguageData
from bondgenoot.workshop.similar import plain, similar_pairs
from bondgenoot.yaml_lines import Document, Place

LEAST_EXAMPLES = 10
NEARLY_THE_SAME = 0.9
LONGEST_TITLE = 24
MOST_BUTTONS = 12
# Telegram takes no more in the data of a button.
LONGEST_PAYLOAD_BYTES = 64
# Intents that the pipeline sets itself and that need no examples.
# Set by the pipeline, or recognised by whole messages and phrases of content/turns.yml.
WITHOUT_EXAMPLES = frozenset(
    "story_answer safety_cleared safety_spent nlu_fallback EXTERNAL_follow_up answer safety_check "
    "ask_progress keep_commitment change_commitment protest keep_reflection drop_reflection".split()
)
NO_SOURCES_NEEDED = "utter_chitchat/"


def check_examples(data: LanguageData, findings: Findings) -> None:
    """Unknown intents, too few examples, and sentences that occur twice, nearly twice, or under two intents."""
    known = set(data.intents)
    counts = Counter(example.intent for example in data.examples)
    first: dict[str, Example] = {example.intent: example for example in reversed(data.examples)}
    for intent, example in first.items():
        base = intent.split("/")[0]
        if base not in known:
            close = _close(base, known)
            findings.add(example.path, example.line, "intent", "intent_unknown", intent=intent, close=close)
        elif "/" in intent and f"utter_{intent}" not in data.responses:
            findings.add(example.path, example.line, "intent", "no_response_for_intent", intent=intent)
        if counts[intent] < LEAST_EXAMPLES:
            values: dict[str, Any] = {"intent": intent, "count": counts[intent], "least": LEAST_EXAMPLES}
            findings.add(example.path, example.line, "examples", "too_few_examples", **values)
    with_examples = {intent.split("/")[0] for intent in counts} | WITHOUT_EXAMPLES
    if data.domain_file:
        for intent in data.intents:
            if intent not in with_examples:
                line = _line_of(data.domain_file, f"- {intent}")
                findings.add(data.domain_file.path, line, "intents", "intent_without_examples", intent=intent)
    _check_twice(data.examples, findings)


def _check_twice(examples: list[Example], findings: Findings) -> None:
    owners: dict[str, Example] = {}
    alone: list[Example] = []
    for example in examples:
        # Two emoji are not the same sentence, though neither has a letter.
        key = plain(example.text) or example.text
        before = owners.setdefault(key, example)
        if before is example:
            if plain(example.text):
                alone.append(example)
            continue
        values: dict[str, Any] = {"text": example.text[:60], "file": before.path.name, "line": before.line}
        if before.intent != example.intent:
            values |= {"intent": example.intent, "other": before.intent}
            findings.add(example.path, example.line, "examples", "sentence_under_two_intents", **values)
        else:
            exact = " ".join(example.text.casefold().split()) == " ".join(before.text.casefold().split())
            findings.add(example.path, example.line, "examples", "sentence_twice", warning=not exact, **values)
    for one, other, similarity in similar_pairs([example.text for example in alone], NEARLY_THE_SAME):
        before, example = alone[one], alone[other]
        values = {"text": example.text[:60], "before": before.text[:60], "file": before.path.name}
        values |= {"line": before.line, "percent": round(similarity * 100), "other": before.intent}
        key = "sentence_nearly_twice" if before.intent == example.intent else "sentence_nearly_under_two_intents"
        findings.add(example.path, example.line, "examples", key, warning=True, **values)


def check_responses(data: LanguageData, findings: Findings) -> None:
    """Length, sources, buttons, and whether anything says the response."""
    said = {str(step["action"]) for course in data.paths for step in course.steps if "action" in step}
    asked = {example.intent for example in data.examples}
    for name, (document, variations) in data.responses.items():
        place: Place = ("responses", name)
        if "/" in name and name.removeprefix("utter_") not in asked:
            findings.at(document, place, "no_examples_for_response", name=name, intent=name.removeprefix("utter_"))
        elif "/" not in name and name not in said:
            findings.at(document, place, "response_unused", warning=True, name=name)
        for number, variation in enumerate(variations):
            here = (*place, number)
            if not isinstance(variation, dict) or not str(variation.get("text") or "").strip():
                findings.at(document, here, "response_without_text")
                continue
            metadata = variation.get("metadata") or {}
            for field, text in {"text": variation["text"], "metadata.question": metadata.get("question", "")}.items():
                if (count := len(str(text).split())) > WORDS_IN_A_BUBBLE:
                    where = (*here, *field.split("."))
                    findings.at(document, where, "too_many_words", count=count, limit=WORDS_IN_A_BUBBLE)
            _check_sources(document, here, metadata.get("sources"), name, findings)
            _check_buttons(document, here, variation.get("buttons") or [], data, findings)


def _check_sources(document: Document, place: Place, sources: Any, name: str, findings: Findings) -> None:
    if name.startswith(NO_SOURCES_NEEDED):
        return
    if not sources:
        findings.at(document, place, "sources_missing", warning=not name.startswith("utter_faq/"))
        return
    for number in sources if isinstance(sources, list) else [sources]:
        if number not in SEED_ITEMS:
            findings.at(document, (*place, "metadata", "sources"), "source_unknown", number=number)


def _check_buttons(document: Document, place: Place, buttons: Any, data: LanguageData, findings: Findings) -> None:
    if len(buttons) > MOST_BUTTONS:
        findings.at(document, (*place, "buttons"), "too_many_buttons", count=len(buttons), limit=MOST_BUTTONS)
    for number, button in enumerate(buttons):
        here = (*place, "buttons", number)
        title, payload = str(button.get("title") or ""), str(button.get("payload") or "")
        if not title or not payload:
            findings.at(document, here, "button_incomplete")
            continue
        if len(title) > LONGEST_TITLE:
            findings.at(document, (*here, "title"), "title_too_long", count=len(title), limit=LONGEST_TITLE)
        if len(payload.encode()) > LONGEST_PAYLOAD_BYTES:
            findings.at(document, (*here, "payload"), "payload_too_long", limit=LONGEST_PAYLOAD_BYTES)
        if payload.startswith("/") and payload[1:].split("/")[0] not in data.intents:
            close = _close(payload[1:], data.intents)
            findings.at(document, (*here, "payload"), "intent_unknown", intent=payload[1:], close=close)


def _close(name: str, known: Any) -> str:
    return ", ".join(difflib.get_close_matches(name, sorted(known), 3, 0.5)) or "-"


def _line_of(document: Document, text: str) -> int:
    lines = document.path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.strip() == text), 1)
