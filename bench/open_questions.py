"""Answers and asides at open questions: `PYTHONPATH=. python bench/open_questions.py tests/nlu/open_questions.yml ...`.

Reads each message with the present model (make train) while its question is open, as the product does, and prints the
Markdown that stands in docs/nlu.md, with what went wrong below it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog
import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bondgenoot.content import content
from bondgenoot.training import model_path

ANSWER = "answer"


@dataclass(frozen=True)
class Read:
    """A message at an open question: what was meant and what it was read as, both intents."""

    slot: str
    text: str
    meant: str
    got: str


def read(agent: Agent, path: Path) -> Iterator[Read]:
    """Every message of a set (a list of slot, text and intent), read while the question of its slot is open."""
    loop = asyncio.new_event_loop()
    assert agent.processor and agent.domain
    for item in yaml.safe_load(path.read_text(encoding="utf-8")):
        form = content().questions[item["slot"]].form
        asked = [ActiveLoop(form), SlotSet("requested_slot", item["slot"])]
        tracker = DialogueStateTracker.from_events("somebody", asked, agent.domain.slots)
        message = UserMessage(item["text"], sender_id="somebody")
        parsed = loop.run_until_complete(agent.processor.parse_message(message, tracker))
        got = str(parsed["intent"]["name"])
        if "/" in item["intent"]:
            got = parsed.get("response_selector", {}).get(got, {}).get("response", {}).get("intent_response_key", got)
        yield Read(item["slot"], item["text"], item["intent"], got)


def main(paths: list[str]) -> None:
    """Print the table and every message that was read otherwise than meant."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(model_path())
    print("| set | answers | taken for something else | asides | kept as an answer | another aside |")
    print("| --- | --- | --- | --- | --- | --- |")
    wrong: list[Read] = []
    for path in map(Path, paths):
        found = list(read(agent, path))
        answers = [one for one in found if one.meant == ANSWER]
        asides = [one for one in found if one.meant != ANSWER]
        lost = [one for one in answers if one.got != ANSWER]
        kept = [one for one in asides if one.got == ANSWER]
        other = [one for one in asides if one.got not in (ANSWER, one.meant)]
        print(f"| {path.stem} | {len(answers)} | {len(lost)} | {len(asides)} | {len(kept)} | {len(other)} |")
        wrong += [*lost, *kept, *other]
    print("\nRead otherwise than meant:\n")
    for one in wrong:
        print(f"- {one.slot}: {one.text} ({one.meant}, read as {one.got})")


if __name__ == "__main__":
    main(sys.argv[1:])
