"""Whole conversations, as people would type them. One YAML file each; tests/stories/README.md explains the steps."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from in_process import Conversation
from own_words import MOST_WORDS, own_words, questions

HERE = Path(__file__).parent
FOLDERS = ("journeys", "digressions", "corrections", "cancellations", "returns", "safety", "invalid")
FILES = sorted(path for folder in FOLDERS for path in (HERE / folder).glob("*.yml"))

MOST_BUBBLES = 3
FEWEST = 80
# "About ninety": a bubble is read in half a minute, with what it quotes of the person.
MOST_WITH_QUOTES = 100
PLACEHOLDER = re.compile(r"\{[^{}\s]*\}")
TROUBLE = re.compile(r"Traceback|Exception|Error\b|\bNone\b|Er gaat iets mis aan mijn kant|Sorry, something")
LINK = re.compile(r"https?://\S+")
KEYS = {
    "user", "bot", "not", "buttons", "intent", "slots", "form", "asks", "silent",
    "only_dilemma", "bubbles", "images", "file", "days_later", "hours_later", "follow_up", "stored", "never_stored", "always_stored", "commitment", "ask_at",
}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES])
def test_conversation(path: Path, conversation: Conversation) -> None:
    story = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(story) == {"title", "steps"}, "a conversation has a title and steps"
    _Run(conversation, story).play()


class _Run:
    """One conversation on its way; what went wrong is told with all that was said before."""

    def __init__(self, conversation: Conversation, story: dict[str, Any]) -> None:
        self._conversation = conversation
        self._story = story
        self._typed: list[str] = []
        self._script: list[str] = [str(story["title"])]
        self._number = 0

    def play(self) -> None:
        for number, step in enumerate(self._story["steps"], 1):
            self._number = number
            unknown = set(step) - KEYS
            assert not unknown, f"step {self._number}: unknown {unknown}"
            self._step(step)

    def _step(self, step: dict[str, Any]) -> None:
        self._conversation.clock.advance(days=step.get("days_later", 0), hours=step.get("hours_later", 0))
        if "only_dilemma" in step:
            found = self._conversation.sees_only(str(step["only_dilemma"]))
            self._expect(found, f"there is no dilemma {step['only_dilemma']!r}")
        if "user" in step:
            text = str(step["user"])
            self._typed.append(text)
            self._script.append(f"  > {text[:200]}")
            self._judge(step, self._conversation.say(text), MOST_BUBBLES)
        if "follow_up" in step:
            self._script.append(f"  > [follow-up: {step['follow_up']}]")
            self._judge(step, self._follow_up(str(step["follow_up"])), MOST_BUBBLES)
        self._state(step)
        self._database(step)

    def _follow_up(self, how: str) -> list[dict[str, Any]]:
        if how == "of another person":
            return self._conversation.trigger_row_of_another()
        times = 2 if how == "due twice" else 1
        count, messages = self._conversation.follow_up(times, answer_lost=how == "answer lost")
        expected = 1 if how in ("due", "due twice") else 0
        self._expect(count == expected, f"the dispatcher delivered {count} instead of {expected}")
        return messages

    def _judge(self, step: dict[str, Any], messages: list[dict[str, Any]], most: int) -> None:
        images = [str(message["image"]) for message in messages if message.get("image")]
        # A picture stands in a bubble with its words; this channel gives it a message of its own.
        bubbles = [str(message.get("text") or "") for message in messages if not message.get("image")]
        labels = [str(button["title"]) for message in messages for button in message.get("buttons") or []]
        self._script += [f"  < {bubble}" for bubble in bubbles] + ([f"    {labels}"] if labels else [])
        if step.get("silent"):
            self._expect(not bubbles, "something was said where nothing should be")
            return
        self._expect(bool(bubbles) and all(bubble.strip() for bubble in bubbles), "silence, or an empty bubble")
        if "bubbles" in step:
            self._expect(len(bubbles) == step["bubbles"], f"{len(bubbles)} bubbles instead of {step['bubbles']}")
        self._expect(len(bubbles) <= most, f"{len(bubbles)} bubbles, at most {most}")
        for bubble in bubbles:
            words = len(own_words(bubble, self._typed).split())
            self._expect(words <= MOST_WORDS, f"a bubble of {words} words of its own")
            self._expect(len(bubble.split()) <= MOST_WITH_QUOTES, f"a bubble of {len(bubble.split())} words")
        asked = questions(bubbles, self._typed)
        self._expect(len(asked) <= 1, f"more than one question: {asked}")
        said = "\n".join(bubbles)
        own = "\n".join(self._typed)
        left = [found for found in PLACEHOLDER.findall(said) if found not in own]
        self._expect(not left, f"placeholder left: {left}")
        trouble = [found for found in TROUBLE.findall(said) if found not in own]
        self._expect(not trouble, f"trouble shown: {trouble}")
        for piece in _list(step.get("bot")):
            self._expect(_plain(piece) in _plain(said), f"not said: {piece!r}")
        for piece in _list(step.get("not")):
            self._expect(_plain(piece) not in _plain(said), f"said: {piece!r}")
        if "images" in step:
            self._expect(len(images) == step["images"], f"{len(images)} pictures instead of {step['images']}")
        for address in images:
            file = self._conversation.open_link(address)
            self._expect(file.body.startswith(b"\x89PNG"), "what a link shows is no picture")
        self._file(step, said)
        for label in _list(step.get("buttons")):
            self._expect(label in labels, f"no button {label!r}")

    def _file(self, step: dict[str, Any], said: str) -> None:
        """What stands in the file behind the link that was said."""
        for piece in _list(step.get("file")):
            link = LINK.search(said)
            self._expect(link is not None, "no link was said")
            assert link
            # Long lines of a calendar file are folded.
            text = self._conversation.open_link(link[0]).body.decode().replace("\r\n ", "")
            self._expect(_plain(piece) in _plain(text), f"not in the file: {piece!r}\n{text}")

    def _state(self, step: dict[str, Any]) -> None:
        if not {"intent", "slots", "form", "asks"} & set(step):
            return
        tracker = self._conversation.tracker()
        if "intent" in step:
            found = tracker.latest_message.intent.get("name")
            self._expect(found == step["intent"], f"intent {found!r} instead of {step['intent']!r}")
        form = tracker.active_loop_name or "none"
        if "form" in step:
            self._expect(form == step["form"], f"form {form!r} instead of {step['form']!r}")
        if "asks" in step:
            asked = tracker.get_slot("requested_slot") or "nothing"
            self._expect(asked == step["asks"], f"asks {asked!r} instead of {step['asks']!r}")
        for name, value in (step.get("slots") or {}).items():
            found = tracker.get_slot(name)
            self._expect(found == value, f"slot {name} is {found!r} instead of {value!r}")

    def _database(self, step: dict[str, Any]) -> None:
        for table, number in (step.get("stored") or {}).items():
            found = self._conversation.count(table)
            self._expect(found == number, f"{found} {table} instead of {number}")
        if "never_stored" in step or "always_stored" in step:
            kept = self._conversation.everything_stored().casefold()
            for piece in _list(step.get("never_stored")):
                self._expect(piece.casefold() not in kept, f"stored: {piece!r}")
            for piece in _list(step.get("always_stored")):
                self._expect(piece.casefold() in kept, f"not stored: {piece!r}")
        for name, value in (step.get("commitment") or {}).items():
            item = self._conversation.last_commitment()
            self._expect(item is not None, "no commitment was kept")
            found = str(getattr(item, name))
            self._expect(found == str(value), f"commitment.{name} is {found!r} instead of {str(value)!r}")
        if "ask_at" in step:
            moments = self._conversation.follow_up_moments()
            self._expect(moments == _list(step["ask_at"]), f"asks at {moments} instead of {step['ask_at']}")

    def _expect(self, holds: bool, what: str) -> None:
        if not holds:
            told = "\n".join(self._script)
            pytest.fail(f"step {self._number}: {what}\n\n{told}\n", pytrace=False)


def _list(value: Any) -> list[str]:
    return [] if value is None else [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def test_there_are_enough_conversations_of_every_kind() -> None:
    assert len(FILES) >= FEWEST
    for folder in FOLDERS:
        assert list((HERE / folder).glob("*.yml")), f"no conversations in tests/stories/{folder}"
