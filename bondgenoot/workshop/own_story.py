"""The files of a story from a trainer's answers: how it begins, what is asked, and what comes back.

    the person begins -> a question, with buttons or free text -> what comes back -> maybe an open question, and an end

Sentences and texts that were not given come from the `verhaal` form in content/schema/workshop.yml.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bondgenoot.stories import STORY_ANSWER
from bondgenoot.workshop import language_data
from bondgenoot.workshop.check_language import LEAST_EXAMPLES
from bondgenoot.workshop.findings import Findings, words
from bondgenoot.workshop.naming import slug
from bondgenoot.workshop.similar import plain
from bondgenoot.workshop.writing import emit

# A button sends `/` and the intent, and Telegram takes 64 bytes.
LONGEST_INTENT = 60


def of_its_own(answers: Mapping[str, Any]) -> bool:
    """Whether anything was answered that makes it another story than the example."""
    return any(answers.get(name) for name in ("opening", "question", "choices", "replies", "follow_up", "closing"))


def story(name: str, title: str, answers: Mapping[str, Any], root: Path) -> dict[str, str]:
    """The texts of stories.yml, responses.yml, nlu.yml and conversation.yml, without the line that names a schema.

    Args:
        name: What the files and the intent are called.
        title: What it is called for people.
        answers: `opening`, `question`, `choices`, `replies` (one for each choice), `follow_up` and `closing`; what is
            missing is left for the trainer to write.
        root: The project; a sentence that stands under another intent already is not used again.
    """
    form = words()["forms"]["verhaal"]
    given = {field: answers.get(field) or empty for field, empty in form["fields"].items()}
    opening, choices, replies = (_list(given[field]) for field in ("opening", "choices", "replies"))
    taken = {plain(one.text) for one in language_data.read(root, Findings(root)).examples}
    asked = f"utter_{name}_vraag"
    intents = _intents(name, choices)
    examples = {name: _examples(opening, form["ways_to_begin"], title, taken)}
    examples |= {
        intent: _examples([], form["ways_to_choose"], choice, taken) for intent, choice in zip(intents, choices)
    }
    responses = {asked: _response(given["question"], given["sources"], list(zip(choices, intents)))}
    paths = []
    talk = [_line(opening[0] if opening else examples[name][0], given["question"], buttons=choices)]
    for number, intent in enumerate(intents or [STORY_ANSWER]):
        utter = f"utter_{intent if choices else f'{name}_antwoord'}"
        reply = replies[number] if number < len(replies) else form["fields"]["replies"]
        responses[utter] = _response(reply, given["sources"])
        steps = [{"intent": name}, {"action": asked}, {"intent": intent}, {"action": utter}]
        said = [reply]
        if given["follow_up"]:
            more = f"utter_{name}_vervolg"
            responses[more] = _response(given["follow_up"], given["sources"], waits=True)
            responses[f"utter_{name}_einde"] = _response(given["closing"], given["sources"])
            steps += [{"action": more}, {"intent": STORY_ANSWER}, {"action": f"utter_{name}_einde"}]
            said.append(given["follow_up"])
        paths.append(
            {"story": f"{title.casefold()}: {choices[number]}" if choices else title.casefold(), "steps": steps}
        )
        if number == 0:
            talk.append(_line(choices[0] if choices else form["an_answer"], *said, intent=intent))
            if given["follow_up"]:
                talk.append(_line(form["an_answer"], given["closing"], intent=STORY_ANSWER))
    comments = form["comments"]
    nlu = "".join(
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {one}\n" for one in sentences)
        for intent, sentences in examples.items()
    )
    version = 'version: "3.1"\n'
    return {
        "stories.yml": version + emit({"stories": paths}, comments),
        "responses.yml": version + emit({"responses": responses}, comments),
        "nlu.yml": f"{version}# {comments['examples']}\nnlu:\n{nlu}",
        "conversation.yml": f"# {comments['conversation']}\ntitle: {_quoted(title)}\nsteps:\n"
        + "".join(f"  - {line}\n" for line in [form["first_line"], *talk]),
    }


def _list(value: Any) -> list[str]:
    return [" ".join(str(one).split()) for one in (value if isinstance(value, list) else [value]) if one]


def _intents(name: str, choices: Iterable[str]) -> list[str]:
    found: list[str] = []
    for number, choice in enumerate(choices, 1):
        intent = f"{name}_{slug(choice) or number}"[:LONGEST_INTENT].rstrip("_")
        found.append(intent if intent not in found else f"{intent}_{number}")
    return found


def _examples(given: Sequence[str], ways: Iterable[str], about: str, taken: set[str]) -> list[str]:
    """What was given, and enough other ways to say it; those that are somebody else's sentence already are left out."""
    found = list(dict.fromkeys(given))
    for way in ways:
        sentence = str(way).format(about=about.casefold())
        if len(found) < LEAST_EXAMPLES and plain(sentence) not in taken | {plain(one) for one in found}:
            found.append(sentence)
    taken |= {plain(one) for one in found}
    return found


def _response(
    text: str, sources: list[int], buttons: Sequence[tuple[str, str]] | None = None, waits: bool = False
) -> list[dict[str, Any]]:
    """A question without buttons waits for text."""
    made: dict[str, Any] = {"text": " ".join(text.split())}
    if buttons:
        made["buttons"] = [{"title": title, "payload": f"/{intent}"} for title, intent in buttons]
    waiting = {"waits_for": "text"} if waits or buttons == [] else {}
    return [{**made, "metadata": {**waiting, "sources": sources}}]


def _line(user: str, *bot: str, buttons: Sequence[str] = (), intent: str = "") -> str:
    """One exchange of the conversation that has to go well."""
    parts = [f"user: {_quoted(user)}", f"bot: [{', '.join(_quoted(' '.join(one.split())) for one in bot)}]"]
    parts += [f"buttons: [{', '.join(map(_quoted, buttons))}]"] if buttons else []
    parts += [f"intent: {intent}"] if intent else []
    return "{" + ", ".join(parts) + "}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
