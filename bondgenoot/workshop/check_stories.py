"""Checks of data/rules and data/stories: names that exist, and steps that do not contradict each other.

Rasa finds the same contradictions at training, after a minute and in its own words; here they take no time.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from bondgenoot.stories import STORY_ANSWER
from bondgenoot.workshop.findings import Findings
from bondgenoot.workshop.language_data import Course, LanguageData

STEPS = {"intent", "action", "active_loop", "slot_was_set", "checkpoint", "entities", "user", "or", "metadata"}
MOST_BUBBLES = 3
LISTEN = "action_listen"


def check_stories(data: LanguageData, findings: Findings) -> None:
    """Names, contradictions with rules and between stories, and questions that a story leaves without a way out."""
    names: dict[str, Course] = {}
    for course in data.paths:
        before = names.setdefault(course.name, course)
        if before is not course:
            kind = "rule" if course.is_rule else "story"
            values: dict[str, Any] = {"name": course.name, "file": before.document.path.name, "line": before.line()}
            findings.add(course.document.path, course.line(), kind, "path_twice", **values)
        _check_names(course, data, findings)
    stories = [course for course in data.paths if not course.is_rule]
    _check_against_rules(stories, data, findings)
    _check_against_each_other(stories, findings)
    for story in stories:
        _check_questions(story, data, findings)


def _check_names(course: Course, data: LanguageData, findings: Findings) -> None:
    for number, step in enumerate(course.steps):
        for key in set(step) - STEPS:
            values: dict[str, Any] = {"key": key, "known": ", ".join(sorted(STEPS))}
            findings.add(course.document.path, course.line(number), str(key), "step_unknown", **values)
        if "intent" in step and str(step["intent"]).split("/")[0] not in data.intents:
            close = _close(str(step["intent"]), data.intents)
            values = {"intent": str(step["intent"]), "close": close}
            findings.add(course.document.path, course.line(number), "intent", "intent_unknown", **values)
        if "action" in step and step["action"] not in data.actions:
            values = {"action": str(step["action"]), "close": _close(str(step["action"]), data.actions)}
            findings.add(course.document.path, course.line(number), "action", "action_unknown", **values)


def _turns(course: Course) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """(number of the intent's step, intent, the actions that follow it)."""
    start, intent = 0, ""
    actions: list[str] = []
    for number, step in enumerate(course.steps):
        if "intent" in step:
            if intent:
                yield start, intent, tuple(actions)
            start, intent, actions = number, str(step["intent"]), []
        elif "action" in step:
            actions.append(str(step["action"]))
    if intent:
        yield start, intent, tuple(actions)


def _check_against_rules(stories: list[Course], data: LanguageData, findings: Findings) -> None:
    """A rule without condition holds everywhere, so a story cannot answer the same intent in another way."""
    always: dict[str, tuple[Course, tuple[str, ...]]] = {}
    for course in data.paths:
        if course.is_rule and not course.conditional and course.steps and "intent" in course.steps[0]:
            for _, intent, actions in _turns(course):
                always.setdefault(intent, (course, actions))
                break
    for story in stories:
        for number, intent, actions in _turns(story):
            if intent not in always:
                continue
            rule, expected = always[intent]
            if actions[: len(expected)] != expected:
                findings.add(
                    story.document.path,
                    story.line(number),
                    "intent",
                    "story_against_rule",
                    story=story.name,
                    intent=intent,
                    rule=rule.name,
                    file=rule.document.path.name,
                    line=rule.line(),
                    expected=", ".join(expected),
                    actions=", ".join(actions) or LISTEN,
                )


def _check_against_each_other(stories: list[Course], findings: Findings) -> None:
    """What came before decides what comes next: two stories that begin alike may differ only where a person speaks."""
    after: dict[tuple[str, ...], tuple[Course, str]] = {}
    for story in stories:
        so_far: tuple[str, ...] = ()
        for number, step in enumerate(story.steps):
            if "intent" not in step and "action" not in step:
                continue
            here = f"/{step['intent']}" if "intent" in step else str(step["action"])
            if so_far:
                # Where a person speaks, all that counts is that the assistant listens.
                act = LISTEN if "intent" in step else here
                other, said = after.setdefault(so_far, (story, act))
                if said != act and LISTEN not in (said, act):
                    findings.add(
                        story.document.path,
                        story.line(number),
                        "action",
                        "story_against_story",
                        story=story.name,
                        action=act,
                        other=other.name,
                        said=said,
                        file=other.document.path.name,
                        line=other.line(),
                    )
                    break
            so_far = (*so_far, here)


def _check_questions(story: Course, data: LanguageData, findings: Findings) -> None:
    """Free text needs a response that waits for it; what somebody chooses needs a button; three bubbles at most."""
    last = ""
    for number, intent, actions in _turns(story):
        responses = data.responses.get(last, (None, []))[1]
        waits = any((one.get("metadata") or {}).get("waits_for") == "text" for one in responses)
        buttons = {str(button.get("payload")) for one in responses for button in one.get("buttons") or []}
        path, line = story.document.path, story.line(number)
        if intent == STORY_ANSWER and not waits:
            findings.add(path, line, "intent", "nothing_waits_for_text", action=last or "-")
        elif waits and intent != STORY_ANSWER and f"/{intent}" not in buttons:
            findings.add(path, line, "intent", "waits_for_text_only", intent=intent, action=last)
        elif last and not waits and intent != STORY_ANSWER and f"/{intent}" not in buttons:
            findings.add(path, line, "intent", "no_button_for_intent", warning=True, intent=intent, action=last)
        said = sum(1 for action in actions if action.startswith("utter_"))
        if said > MOST_BUBBLES:
            findings.add(path, line, "intent", "too_many_bubbles", count=said, limit=MOST_BUBBLES)
        last = actions[-1] if actions else ""


def _close(name: str, known: Any) -> str:
    return ", ".join(difflib.get_close_matches(name, sorted(known), 3, 0.5)) or "-"
