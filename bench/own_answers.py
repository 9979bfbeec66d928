"""Questions with an own answer: `PYTHONPATH=. python bench/own_answers.py bench/sets/own_answers_blind.yml ...`.

Reads each question with the present model (make train), outside a question and while one in free words is open, and
prints the Markdown that stands in docs/nlu.md, with what went wrong below it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import structlog
import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bondgenoot import asides
from bondgenoot.own_answers import intent_of
from bondgenoot.training import model_path

OPEN = (("own_case_form", "own_case_agenda"), ("commitment_form", "commitment_when"))


def answered(agent: Agent, loop: asyncio.AbstractEventLoop, text: str, form: tuple[str, str] | None) -> str:
    """The own answer that a message gets, or the intent that it is taken for."""
    assert agent.processor and agent.domain
    events = [ActiveLoop(form[0]), SlotSet("requested_slot", form[1])] if form else []
    tracker = DialogueStateTracker.from_events("somebody", events, agent.domain.slots)
    parsed = loop.run_until_complete(agent.processor.parse_message(UserMessage(text, sender_id="somebody"), tracker))
    intent = str(parsed["intent"]["name"])
    name = parsed.get("own_answer") or asides.reply_in(text)
    return str(name) if name and intent in ("out_of_scope", intent_of(str(name))) else f"({intent})"


def main(paths: list[str]) -> None:
    """Print the table and every question that got something else."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent, loop = Agent.load(model_path()), asyncio.new_event_loop()
    print("| set | open question | questions | own answer | another own answer | something else |")
    print("| --- | --- | --- | --- | --- | --- |")
    wrong = []
    for path in map(Path, paths):
        items = yaml.safe_load(path.read_text(encoding="utf-8"))
        for form in (None, *OPEN):
            got = [(item, answered(agent, loop, item["text"], form)) for item in items]
            right = [one for one in got if one[1] in (item_replies(one[0]))]
            other = [one for one in got if one not in right and not one[1].startswith("(")]
            slot = form[1] if form else "-"
            row = (path.stem, slot, len(items), len(right), len(other), len(items) - len(right) - len(other))
            print(f"| {' | '.join(map(str, row))} |")
            wrong += [(slot, *one) for one in got if one not in right]
    print("\nAnswered otherwise than meant:\n")
    for slot, item, reply in wrong:
        print(f"- {slot}: {item['text']} ({item['reply']}: {reply})")


def item_replies(item: dict[str, str | list[str]]) -> list[str]:
    """The own answers that fit a question."""
    replies = item["reply"]
    return replies if isinstance(replies, list) else [replies]


if __name__ == "__main__":
    main(sys.argv[1:])
