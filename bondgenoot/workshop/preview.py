"""`content preview ID`: plays a dilemma, practice, answer or story in the terminal, without a model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bondgenoot.content import Content, Dilemma, Practice, read
from bondgenoot.errors import BondgenootError
from bondgenoot.questions import match_choice
from bondgenoot.settings import ROOT
from bondgenoot.workshop import language_data
from bondgenoot.workshop.findings import Findings, tell
from bondgenoot.workshop.language_data import LanguageData

Say = Callable[[str], None]
Hear = Callable[[str], str]


def preview(name: str, hear: Hear, say: Say = print, root: Path = ROOT) -> None:
    """Play the item called `name`.

    Args:
        name: A dilemma, practice, response (with or without utter_), intent faq/..., or the name of a story.
        hear: Asks for a line, as `input` does; an empty line goes on.
        say: Takes what is shown.
        root: The project.

    Raises:
        BondgenootError: when nothing has that name; names what looks like it.
    """
    content, _ = read(root / "content")
    data = language_data.read(root, Findings(root))
    if name in content.dilemmas:
        _dilemma(content.dilemmas[name], content, hear, say)
    elif name in content.practices:
        _practice(content.practices[name], say)
    elif response := next((one for one in (name, f"utter_{name}", f"utter_faq/{name}") if one in data.responses), ""):
        _response(response, data, say)
    elif stories := [one for one in data.paths if not one.is_rule and name in (one.name, one.document.path.stem)]:
        for story in stories:
            say(tell("preview_story", name=story.name))
            for step in story.steps:
                if "intent" in step:
                    say(f"  > {_sample(str(step['intent']), data)}")
                elif str(step.get("action")) in data.responses:
                    _response(str(step["action"]), data, say)
    else:
        known = [*content.dilemmas, *content.practices, *(one.name for one in data.paths if not one.is_rule)]
        raise BondgenootError(tell("preview_unknown", id=name, known=", ".join(sorted(known))))


def _dilemma(dilemma: Dilemma, content: Content, hear: Hear, say: Say) -> None:
    say(dilemma.title.upper())
    for paragraph in dilemma.situation:
        say(f"  {paragraph}")
    for number, option in enumerate(dilemma.options, 1):
        say(f"  {number}. [{option.label}] {option.text}")
    answer = hear(tell("preview_choose"))
    chosen = match_choice(dilemma.choices, answer) if answer.strip() else dilemma.options[0].id
    taken = next((one for one in dilemma.options if one.id == chosen), None)
    if taken:
        say(tell("preview_trust", label=taken.label, trust=taken.trust, motive=taken.hidden_motive))
    else:
        say(tell("preview_own_way"))
    say(tell("preview_chair", role=dilemma.other_role, text=dilemma.other_text, question=dilemma.other_question))
    hear("  > ")
    say(f"  {dilemma.motive_question}")
    hear("  > ")
    say(f"  {dilemma.insight}")
    titles = [content.practices[one].title for one in dilemma.practices if one in content.practices]
    say(tell("preview_practices", titles=", ".join(titles)))


def _practice(practice: Practice, say: Say) -> None:
    say(practice.title.upper())
    for line in (practice.what, practice.why, *(f"{n}. {step}" for n, step in enumerate(practice.how, 1))):
        say(f"  {line}")
    say(f"  “{practice.example}”")
    say(f"  {practice.if_then[0]}, {practice.if_then[1]}.")


def _response(name: str, data: LanguageData, say: Say) -> None:
    variations: list[dict[str, Any]] = data.responses[name][1]
    for number, variation in enumerate(variations):
        if number:
            say(tell("preview_or"))
        say(f"  {str(variation.get('text') or '').strip()}")
        for button in variation.get("buttons") or []:
            say(f"    [{button.get('title')}]")
        if question := (variation.get("metadata") or {}).get("question"):
            say(f"  {str(question).strip()}")


def _sample(intent: str, data: LanguageData) -> str:
    return next((example.text for example in data.examples if example.intent == intent), tell("preview_anything"))
