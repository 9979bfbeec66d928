"""The workshop's commands: `bondgenoot content check | new | preview | say | file | try | publish | rollback | ...`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bondgenoot import training
from bondgenoot.content import read
from bondgenoot.errors import BondgenootError
from bondgenoot.settings import ROOT, Settings
from bondgenoot.workshop import check, scaffold
from bondgenoot.workshop.filing import file_sentence
from bondgenoot.workshop.findings import tell
from bondgenoot.workshop.preview import preview
from bondgenoot.workshop.publish import CONVERSATIONS, TEST_SENTENCES, measure, publish, rollback, train
from bondgenoot.workshop.understanding import explain, reader


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Describe the commands."""
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("check", help="check content/, data/ and domain.yml, without training")
    new = commands.add_parser("new", help="write a new file, with comments")
    new.add_argument("kind", choices=scaffold.KINDS)
    new.add_argument("--answers", type=Path, help="a YAML file with the fields, instead of questions")
    new.add_argument("--title", default="", help="the title; with it nothing is asked")
    play = commands.add_parser("preview", help="play an item in the terminal")
    play.add_argument("id")
    say = commands.add_parser("say", help="what the trained model understands, and why")
    say.add_argument("sentence")
    say.add_argument("--intent", default="", help="file the sentence under this intent")
    file = commands.add_parser("file", help="file a sentence under an intent, without asking the model")
    file.add_argument("sentence")
    file.add_argument("intent")
    trying = commands.add_parser("try", help="chat in the terminal")
    trying.add_argument("--url", default="", help="talk to this server instead of starting one")
    publishing = commands.add_parser("publish", help="check, train, test, compare, and make it live")
    publishing.add_argument("--accept-worse", action="store_true", help="go on though more sentences get worse")
    publishing.add_argument("--sentences", type=Path, default=TEST_SENTENCES, help=argparse.SUPPRESS)
    publishing.add_argument("--tests", nargs="+", default=[CONVERSATIONS], help=argparse.SUPPRESS)
    commands.add_parser("rollback", help="make what was live before live again")
    commands.add_parser("measure", help="read the test sentences with the trained model, for the workshop page")


def run(parsed: argparse.Namespace, settings: Settings) -> None:
    """Run one command other than check.

    Raises:
        BondgenootError: in Dutch, with what to do.
    """
    if parsed.what == "new":
        _new(parsed)
    elif parsed.what == "preview":
        preview(parsed.id, _hear)
    elif parsed.what == "say":
        _say(parsed, settings)
    elif parsed.what == "file":
        _file(parsed.sentence, parsed.intent)
    elif parsed.what == "try":
        _try(parsed.url, settings)
    elif parsed.what == "publish":
        publish(settings, tests=parsed.tests, sentences=parsed.sentences, accept_worse=parsed.accept_worse)
    elif parsed.what == "measure":
        _measure(settings)
    else:
        rollback(settings)


def _new(parsed: argparse.Namespace) -> None:
    if parsed.answers:
        answers = yaml.safe_load(parsed.answers.read_text(encoding="utf-8")) or {}
    elif parsed.title:
        answers = {"title": parsed.title}
    else:
        print(tell("new_skip"))
        answers = scaffold.ask_all(parsed.kind, _ask)
    paths = scaffold.new(parsed.kind, answers)
    for path in paths:
        print(tell("new_written", path=path.relative_to(ROOT)))
    written = {str(path.relative_to(ROOT)) for path in paths}
    for finding in check.check().findings:
        if finding.path in written:
            print(finding)
    print(tell("new_next"))


def _ask(question: Mapping[str, Any]) -> Any:
    import questionary  # takes half a second, and a check asks nothing

    if question.get("from") == "practices":
        practices = read(ROOT / "content")[0].practices
        return questionary.checkbox(question["ask"], choices=sorted(practices)).unsafe_ask()
    if "several" in question:
        return questionary.checkbox(question["ask"], choices=question["several"]).unsafe_ask()
    if "choices" in question:
        return questionary.select(question["ask"], choices=question["choices"]).unsafe_ask()
    return questionary.text(question["ask"]).unsafe_ask()


def _say(parsed: argparse.Namespace, settings: Settings) -> None:
    model = training.model_path()
    if not model.exists():
        raise BondgenootError(tell("say_training"))
    with reader(settings, model) as reads:
        (understood,) = reads.read([parsed.sentence])
    for line in explain(understood):
        print(line)
    intent = parsed.intent
    if not intent and sys.stdin.isatty():
        import questionary

        intent = questionary.text(tell("say_offer")).unsafe_ask().strip()
    if intent:
        _file(parsed.sentence, intent)


def _file(sentence: str, intent: str) -> None:
    path, line = file_sentence(sentence, intent)
    print(tell("file_done", path=path.relative_to(ROOT), line=line))


def _measure(settings: Settings) -> None:
    model = training.model_path()
    if not model.exists():
        raise BondgenootError(tell("say_training"))
    found = measure(settings, model)
    print(tell("measure_done", sentences=found.sentences, percent=f"{100 * found.accuracy:.0f}"))


def _try(url: str, settings: Settings) -> None:
    from bondgenoot.workshop import trial  # brings the database and the supervisor along

    if url:
        parts = urlsplit(url)
        trial.chat(replace(settings, host=parts.hostname or settings.host, port=parts.port or settings.port), _hear)
        return
    model = train(settings)
    print(tell("try_starting"))
    with trial.servers(settings, model) as here:
        trial.chat(here, _hear)


def _hear(prompt: str) -> str:
    """A line from the keyboard; nothing at the end of the input."""
    try:
        return input(prompt)
    except EOFError:
        print()
        return ""
