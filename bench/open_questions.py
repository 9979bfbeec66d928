"""Answers and asides at open questions: `PYTHONPATH=. python bench/open_questions.py tests/nlu/open_questions.yml ...`.

Reads each message with the present model (make train) while its question is open, as the product does, and prints the
Markdown that stands in docs/nlu.md, with what went wrong below it. Of a set without intents, such as
bench/sets/remarks_blind.yml, what stands between [ ] is a remark that must not be kept; the rest is the answer.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bondgenoot import sentences
from bondgenoot.clauses import words_of
from bondgenoot.content import content
from bondgenoot.questions import normalise
from bondgenoot.training import model_path

ANSWER = "answer"


@dataclass(frozen=True)
class Read:
    """A message at an open question: what was meant and what it was read as, both intents."""

    slot: str
    text: str
    meant: str
    got: str
    kept: str = ""

    @property
    def answer(self) -> str:
        """The words that must be kept: of an answer those outside [ ], of anything else none."""
        return _words(re.sub(r"\[.*?\]", " ", self.text)) if self.meant == ANSWER else ""

    @property
    def lost(self) -> list[str]:
        """Words of the answer that are not kept, other than 'goh' and the like."""
        kept = Counter(_words(self.kept).split())
        fillers = words_of("before_an_answer") | words_of("around_a_remark")
        return [word for word in (Counter(self.answer.split()) - kept).elements() if word not in fillers]

    @property
    def left(self) -> list[str]:
        """Words that are kept and are no answer."""
        return list((Counter(_words(self.kept).split()) - Counter(self.answer.split())).elements())


def _words(text: str) -> str:
    return " ".join(normalise(text).split())


def read(agent: Agent, path: Path) -> Iterator[Read]:
    """Every message of a set (a list of slot, text and intent), read while the question of its slot is open."""
    loop = asyncio.new_event_loop()
    assert agent.processor and agent.domain
    for item in yaml.safe_load(path.read_text(encoding="utf-8")):
        typed, meant = re.sub(r"[\[\]]", "", item["text"]), item.get("intent", ANSWER)
        form = content().questions[item["slot"]].form
        asked = [ActiveLoop(form), SlotSet("requested_slot", item["slot"])]
        tracker = DialogueStateTracker.from_events("somebody", asked, agent.domain.slots)
        message = UserMessage(typed, sender_id="somebody")
        parsed = loop.run_until_complete(agent.processor.parse_message(message, tracker))
        got = str(parsed["intent"]["name"])
        if "/" in meant:
            got = parsed.get("response_selector", {}).get(got, {}).get("response", {}).get("intent_response_key", got)
        yield Read(item["slot"], item["text"], meant, got, _kept(typed, parsed) if got == ANSWER else "")


def _kept(text: str, parsed: dict[str, Any]) -> str:
    """What a form keeps of an answer (actions.beside)."""
    parts = parsed.get("answer_parts")
    if not parts:
        return text
    return sentences.joined(text, parts["kept"], parts["openings"]) if parts["kept"] else ""


def words_of_answers(found: list[Read]) -> list[str]:
    """Markdown about the words of the answers of a set, and every answer that loses some or keeps too many."""
    told = [one for one in found if one.meant == ANSWER]
    mixed = [one for one in told if "[" in one.text and one.answer]
    bare = [one for one in told if not one.answer]
    clean, lost = [one for one in told if one.answer], [one for one in told if one.lost]
    kept_clean = sum(not one.left for one in mixed)
    line = (
        f"{len(clean)} answers, {len(lost)} lose words; {kept_clean} of {len(mixed)} with a remark lose all of that; "
    )
    line += f"{sum(bool(one.kept) for one in bare)} of {len(bare)} that are nothing but a remark are kept"
    wrong = [one for one in told if one.lost or one.left]
    return [line, "", *(f"- {one.slot}: {one.text} -> {one.kept!r} ({one.got})" for one in wrong)]


def main(paths: list[str]) -> None:
    """Print the table and every message that was read otherwise than meant."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(model_path())
    print("| set | answers | taken for something else | asides | kept as an answer | another aside |")
    print("| --- | --- | --- | --- | --- | --- |")
    wrong: list[Read] = []
    about_words: list[str] = []
    for path in map(Path, paths):
        found = list(read(agent, path))
        about_words += ["", f"{path.stem}: " + "\n".join(words_of_answers(found))]
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
    print("\nWords of the answers:")
    print("\n".join(about_words))


if __name__ == "__main__":
    main(sys.argv[1:])
