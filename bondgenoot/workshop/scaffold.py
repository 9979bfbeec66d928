"""`content new`: a valid, commented file for a dilemma, a practice, a question about trust or a story.

Answers are asked one by one, or come from a file with the same fields. What is left open gets a text that `content
check` reports until somebody writes the real one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bondgenoot.errors import BondgenootError
from bondgenoot.settings import ROOT
from bondgenoot.workshop.check_files import header_of
from bondgenoot.workshop.findings import tell, words
from bondgenoot.workshop.naming import slug
from bondgenoot.workshop.own_story import of_its_own, story
from bondgenoot.workshop.writing import add_to_block, add_to_list, emit

KINDS = ("dilemma", "oefening", "vraag", "verhaal")
EXAMPLE = "feedback_vragen"
EXAMPLE_LABEL = "Feedback vragen"
# What `content publish` plays of a new dilemma, and the name in it that is filled in.
CONVERSATION, CONVERSATION_OF = "gesprek.yml", "DILEMMA"
LONGEST_LABEL = 24
Ask = Callable[[Mapping[str, Any]], Any]


def new(kind: str, answers: Mapping[str, Any], root: Path = ROOT) -> list[Path]:
    """Write the files of a new item; returns them, the one to open first in front.

    Args:
        kind: One of KINDS.
        answers: Field -> value, as in the file that is written; `title` is the least.
        root: The project.

    Raises:
        BondgenootError: without a title, or when a file of that name exists.
    """
    title = str(answers.get("title") or "").strip()
    name = str(answers.get("id") or slug(title))
    if not name:
        raise BondgenootError(tell("new_without_title"))
    fields = {**answers, "id": name, "title": title}
    if kind == "verhaal":
        return _story(name, title, fields, root)
    if kind == "vraag":
        return _question(name, fields, root)
    form = words()["forms"][kind]
    if kind == "dilemma" and isinstance(fields.get("options"), list):
        fields["options"] = [{"id": letter, **option} for letter, option in zip("abcd", fields["options"])]
    path = root / "content" / form["folder"] / f"{name}.yml"
    value = {key: _filled(fields.get(key), example) for key, example in form["fields"].items()}
    header = f"# yaml-language-server: $schema=../schema/{form['schema']}.json\n"
    files = {path: header + emit(value, form["comments"])}
    if kind == "dilemma":
        template = root / "docs" / "trainers" / "voorbeeld" / CONVERSATION
        played = root / "tests" / "stories" / "journeys" / f"{name}.yml"
        files[played] = template.read_text(encoding="utf-8").replace(CONVERSATION_OF, name)
    _write(files)
    return list(files)


def ask_all(kind: str, ask: Ask) -> dict[str, Any]:
    """The answers of somebody at the keyboard; a question that is left empty is left out."""
    found: dict[str, Any] = {}
    for question in words()["forms"][kind]["questions"]:
        answer = _asked(question, found, ask)
        if answer in (None, "", []):
            continue
        place = found
        *way, last = str(question["field"]).split(".")
        for step in way:
            place = place.setdefault(step, {})
        place[last] = answer
    options = [found.pop(letter) for letter in ("option_a", "option_b", "option_c") if letter in found]
    if options:
        found["options"] = options
    return found


def _asked(question: Mapping[str, Any], found: Mapping[str, Any], ask: Ask) -> Any:
    """One answer; several where the question takes more than one, or is asked of each of what was answered before."""
    if any(found.get(name) in (None, "", []) for name in question.get("after", ())):
        return None
    if each := found.get(question.get("for_each", "")):
        given = [ask({**question, "ask": question["ask_each"].format(each=one)}) for one in each]
        return given if any(given) else []
    answer = ask(question)
    if "split" in question and isinstance(answer, str):
        return [part.strip() for part in answer.split(question["split"]) if part.strip()]
    return [answer] if answer and "for_each" in question else answer


def _filled(given: Any, example: Any) -> Any:
    """What was given, in the shape of the example; the example where nothing was given."""
    if given in (None, "", []):
        return example
    if isinstance(example, dict) and isinstance(given, Mapping):
        return {key: _filled(given.get(key), part) for key, part in example.items()}
    if isinstance(example, list) and example and isinstance(example[0], dict) and isinstance(given, list):
        return [_filled(item, example[min(number, len(example) - 1)]) for number, item in enumerate(given)]
    if isinstance(example, list) and not isinstance(given, list):
        return [given]
    return given


def _question(name: str, fields: Mapping[str, Any], root: Path) -> list[Path]:
    """A question about trust with its answer: sub-intent faq/<name>, no rule needed."""
    form = words()["forms"]["vraag"]
    value = {key: _filled(fields.get(key), example) for key, example in form["fields"].items()}
    examples = "".join(f"    - {' '.join(str(sentence).split())}\n" for sentence in value["examples"])
    response = {
        "responses": {
            f"utter_faq/{name}": [
                {
                    "text": value["answer"],
                    "metadata": {"question": value["question_back"], "sources": value["sources"]},
                }
            ]
        }
    }
    nlu, responses = (root / "data" / folder / f"faq_{name}.yml" for folder in ("nlu", "responses"))
    comments = form["comments"]
    _write(
        {
            nlu: f'{_header("nlu")}version: "3.1"\n# {comments["examples"]}\nnlu:\n- intent: faq/{name}\n'
            f"  examples: |\n{examples}",
            responses: f'{_header("responses")}version: "3.1"\n' + emit(response, comments),
        }
    )
    _add_label(root, f"faq/{name}", str(fields["title"]))
    return [responses, nlu]


def _header(folder: str) -> str:
    return f"# yaml-language-server: $schema={header_of(folder)}\n"


def _story(name: str, title: str, fields: Mapping[str, Any], root: Path) -> list[Path]:
    """A story, what it says, how people say it, a conversation that has to go well, and its intents in domain.yml.

    With only a title it is the example of the trainer guide under that name.
    """
    places = {
        "stories.yml": root / "data" / "stories",
        "responses.yml": root / "data" / "responses",
        "nlu.yml": root / "data" / "nlu",
        "conversation.yml": root / "tests" / "stories" / "journeys",
    }
    label = title[:LONGEST_LABEL].strip()
    texts = story(name, title, fields, root) if of_its_own(fields) else _example(name, title, label, root)
    files = {}
    for file, folder in places.items():
        header = "" if file == "conversation.yml" else _header(folder.name)
        files[folder / f"{name}.yml"] = header + texts[file]
    intents = [
        line.removeprefix("- intent: ").strip()
        for line in texts["nlu.yml"].splitlines()
        if line.startswith("- intent: ")
    ]
    _write(files)
    domain = root / "domain.yml"
    domain.write_text(add_to_list(domain.read_text(encoding="utf-8"), "intents", intents), encoding="utf-8")
    _add_label(root, name, label)
    return list(files)


def _example(name: str, title: str, label: str, root: Path) -> dict[str, str]:
    texts = {}
    for path in sorted((root / "docs" / "trainers" / "voorbeeld" / EXAMPLE).glob("*.yml")):
        text = path.read_text(encoding="utf-8").replace(EXAMPLE, name)
        if name != EXAMPLE:
            text = text.replace(EXAMPLE_LABEL, label).replace(EXAMPLE_LABEL.casefold(), title.casefold())
        texts[path.name] = text
    return texts


def _add_label(root: Path, intent: str, label: str) -> None:
    menu = root / "content" / "menu.yml"
    menu.write_text(
        add_to_block(menu.read_text(encoding="utf-8"), "labels", intent, label[:LONGEST_LABEL]), encoding="utf-8"
    )


def _write(files: Mapping[Path, str]) -> None:
    for path in files:
        if path.exists():
            raise BondgenootError(tell("new_exists", path=path))
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
