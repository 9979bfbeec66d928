"""Every open question of every journey, each with the conversation in which it is open, made from the content alone."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from in_process import HER, Conversation
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Tracker

import actions.common
from actions.journey_form import JourneyForm, form_of
from bondgenoot import own_choices
from bondgenoot.content import content
from bondgenoot.questions import Choice, Question
from bondgenoot.store import commitments, people

for module in pkgutil.iter_modules(actions.__path__):
    importlib.import_module(f"actions.{module.name}")  # a form is known once its file is loaded

WELCOME = "Welkom."
DUE = "2026-12-01"
TWO_OPEN = [
    {"id": "first", "what": "mijn planner bedanken", "with": "de planner", "day": "dinsdag 1 december"},
    {"id": "second", "what": "een fout toegeven in het overleg", "with": "mijn ploeg", "day": "vrijdag 4 december"},
]


@dataclass(frozen=True)
class Open:
    """A question in a conversation in which it can be open: answers before it, and what the journey is about."""

    question: Question
    before: Mapping[str, Any]
    about: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.question.slot


def asked_by_a_form() -> list[Question]:
    """All questions of the content but the safety net's, which stands alone and has conversations of its own."""
    return [question for question in content().questions.values() if question.journey != "safety"]


def all_open() -> list[Open]:
    """Each question at least once; a question with a wording a branch once for each of them."""
    return [item for question in asked_by_a_form() for item in _opens(question)]


def _opens(question: Question) -> Iterator[Open]:
    for about in _about(question):
        found: dict[str, Open] = {}
        for before in _answers_before(question, about):
            branch = str(before.get(question.by) or about.get(question.by) or "")
            name = "-".join(part for part in (question.slot, branch) if part)
            found.setdefault(branch, Open(question, before, about, name))
        yield from found.values()


def _answers_before(question: Question, about: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Answers with which the form comes to this question: what applies is answered, the rest is empty."""
    form = form_of(question.journey)
    earlier = list(itertools.takewhile(lambda item: item is not question, content().journeys[question.journey]))
    for combination in itertools.product(*(_possible(item, about) for item in earlier)):
        slots: dict[str, Any] = dict(about)
        for item, value in zip(earlier, combination):
            if form.applies(item.slot, _tracker(slots)):
                slots[item.slot] = value
        answered = {slot: value for slot, value in slots.items() if slot not in about}
        if _is_next(form, question, slots):
            yield answered


def _is_next(form: JourneyForm, question: Question, slots: dict[str, Any]) -> bool:
    tracker = _tracker(slots)
    waiting = [item.slot for item in content().journeys[question.journey] if form.applies(item.slot, tracker)]
    return next((slot for slot in waiting if slots.get(slot) is None), "") == question.slot


def _possible(question: Question, about: Mapping[str, Any]) -> list[str | None]:
    """Answers to a question that may lead somewhere else; None where an answered question falls silent again."""
    if question.slot == "repair_offer":
        return ["wat ik zei over repair offer", "dinsdag stuur ik haar de cijfers"]
    if question.kind == "text":
        return [f"wat ik zei over {question.slot.replace('_', ' ')}"]
    if question.kind == "date":
        return [DUE, DUE + "?"]
    if question.kind == "scale":
        return [str(question.maximum), str(question.minimum)]
    if question.slot in ("dilemma_choice", "follow_up_which"):
        return [choice.value for choice in own_choices.choices_of(question, about.get)][:1] or [None]
    return [choice.value for choice in question.choices]


def _about(question: Question) -> list[dict[str, Any]]:
    """What a journey is about besides its answers."""
    journey = question.journey
    if journey == "dilemma":
        return [{"dilemma_id": next(iter(content().dilemmas))}]
    if journey == "practice":
        return [{"practice_id": next(iter(content().practices)), "practice_candidates": list(content().practices)[:5]}]
    if journey == "offer":
        return [{"offer_kind": kind, "offer_what": "mijn team bedanken"} for kind in ("commitment", "practice")]
    if journey == "scan":
        return [{"scan_answers": [4, 3]}]
    if journey == "follow_up":
        return [
            {"follow_up_candidates": TWO_OPEN}
            if question.slot == "follow_up_which"
            else {"follow_up_commitment": "hers"}
        ]
    if journey == "own_case":
        about = {"own_case_told": "yes"} if question.slot == "own_case_change" else {}
        # As everybody is asked, and as somebody to whom it happened.
        return [{**about, **gently} for gently in ({}, {"own_case_gentle": "gentle"})]
    if journey == "repair":
        return [{"repair_told": "yes"} if question.slot == "repair_edit" else {}]
    return [{}]


def _tracker(slots: dict[str, Any]) -> Tracker:
    return Tracker(HER, slots, {}, [], False, None, {}, "action_listen")


def choices_of(item: Open) -> tuple[Choice, ...]:
    """The choices of the open question."""
    return own_choices.choices_of(item.question, {**item.about, **item.before}.get)


class Stage:
    """Brings a conversation to an open question and plays messages from there, each from the same point."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._agent = conversation.trained.agent
        self._loop = conversation.trained.loop
        # In memory, because our own store only ever adds to a conversation; it has tests of its own.
        store = InMemoryTrackerStore(self._agent.domain)
        self._agent.tracker_store = store
        self._agent.processor.tracker_store = store  # type: ignore[union-attr]

    def open(self, item: Open) -> list[Event]:
        """The events of a conversation in which the question was just asked, by its own form."""
        form = item.question.form
        slots = {**item.about, **item.before}
        if "follow_up_commitment" in slots:
            slots["follow_up_commitment"] = self._promise()
        events: list[Event] = [
            ActionExecuted("action_session_start"),
            SessionStarted(),
            BotUttered(WELCOME),
            ActionExecuted("action_listen"),
            UserUttered("hallo", {"name": "greet", "confidence": 1.0}),
            BotUttered(WELCOME),
            *(SlotSet(slot, value) for slot, value in slots.items()),
        ]
        self.restore(events)
        self._loop.run_until_complete(self._run(form))
        tracker = self.tracker()
        tracker.update(ActionExecuted("action_listen"))
        assert tracker.get_slot("requested_slot") == item.question.slot, tracker.get_slot("requested_slot")
        assert tracker.active_loop_name == form
        return list(tracker.events)

    async def _run(self, action: str) -> None:
        processor = self._agent.processor
        await processor.execute_action(  # type: ignore[union-attr]
            HER, action, CollectingOutputChannel(), processor.nlg, _NO_PREDICTION
        )

    def _promise(self) -> str:
        here = actions.common.services()
        with here.engine.begin() as connection:
            people.touch(connection, HER, here.clock.now())
            draft = commitments.Draft(what="mijn team bedanken", due=here.clock.today(), with_whom="mijn team")
            return commitments.create(connection, here.cipher, HER, draft, here.clock.now(), here.clock.now())

    def restore(self, events: list[Event]) -> None:
        """Back to a point in the conversation."""
        tracker = DialogueStateTracker.from_events(HER, events, self._agent.domain.slots)
        self._loop.run_until_complete(self._agent.tracker_store.save(tracker))

    def tracker(self) -> Any:
        """The conversation as it is now."""
        return self._loop.run_until_complete(self._agent.tracker_store.retrieve(HER))


_NO_PREDICTION = PolicyPrediction([], "test", None)
