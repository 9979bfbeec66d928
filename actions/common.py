"""What every action needs: the services of this process, the person's slots, and a voice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bondgenoot import keys, settings, texts
from bondgenoot.answers import read_back
from bondgenoot.clock import Clock
from bondgenoot.content import content
from bondgenoot.open_question import EXPECTED_OF_A_SIGN
from bondgenoot.own_choices import choices_of
from bondgenoot.questions import SKIPPED, Choice, Question, normalise
from bondgenoot.settings import Settings
from bondgenoot.store import people
from bondgenoot.store.database import connect
from bondgenoot.store.schema import Cipher

# This channel welcomes when the chat opens; elsewhere the welcome comes with the first message.
WELCOMES_AT_OPENING = "intranet"
# Below this confidence the classifier's guess is no answer to a question with choices.
SURE_AT = 0.2

Events = list[dict[str, Any]]


@dataclass(frozen=True)
class Services:
    """What is made once a process."""

    settings: Settings
    clock: Clock
    engine: sa.engine.Engine
    cipher: Cipher


@lru_cache(maxsize=1)
def services() -> Services:
    """The services of this action server."""
    loaded = settings.load()
    return Services(
        loaded, Clock.from_settings(loaded), connect(loaded.database_url), Cipher(keys.data_key(loaded.home))
    )


@contextmanager
def person_here(tracker: Tracker) -> Iterator[sa.engine.Connection]:
    """A transaction in which the person's row exists and says that they are here now."""
    with services().engine.begin() as connection:
        people.touch(connection, tracker.sender_id, services().clock.now())
        yield connection


def given(tracker: Tracker, slot: str) -> str:
    """What the person answered, or '' when not asked, skipped or unknown."""
    value = tracker.get_slot(slot)
    return "" if value in (None, SKIPPED) else str(value)


def message_id(tracker: Tracker) -> str | None:
    """The id of the message that is being answered; the same when an action is run again for it."""
    return (tracker.latest_message or {}).get("message_id") or None


def say(
    dispatcher: CollectingDispatcher,
    key: str,
    buttons: Sequence[str] = (),
    *,
    ui: Mapping[str, Any] | None = None,
    image: str | None = None,
    **values: Any,
) -> None:
    """Say a text of content/texts, with buttons, a hint for the eye and a picture at its last bubble."""
    speak(dispatcher, texts.say(key, **values), buttons, ui=ui, image=image)


def speak(
    dispatcher: CollectingDispatcher,
    bubbles: Sequence[str],
    buttons: Sequence[str] = (),
    *,
    ui: Mapping[str, Any] | None = None,
    image: str | None = None,
) -> None:
    """Say bubbles. A button sends its own text, so that a person can type it just as well.

    `ui` is a hint of decision 9, which ends up in the metadata of the message; `image` is the address of a picture.
    """
    for bubble in bubbles[:-1]:
        dispatcher.utter_message(text=bubble)
    dispatcher.utter_message(
        text=bubbles[-1],
        image=image,
        buttons=[{"title": label, "payload": label} for label in buttons] or None,
        **({"ui": dict(ui)} if ui else {}),
    )


def in_short(text: str) -> str:
    """Of many words the sentence that says it, without jokes and protest; few words, and what has no such sentence, whole."""
    return read_back(text) or text


ValuesOf = Callable[[Tracker], dict[str, Any]]
_extra_values: dict[str, ValuesOf] = {}


def journey_values(journey: str) -> Callable[[ValuesOf], ValuesOf]:
    """Register what the wordings of a journey may use besides the person's own answers."""

    def register(function: ValuesOf) -> ValuesOf:
        _extra_values[journey] = function
        return function

    return register


def values_for(journey: str, tracker: Tracker) -> dict[str, Any]:
    """Placeholder -> text, for all wordings of a journey: the answers so far, and what the journey adds."""
    values: dict[str, Any] = {}
    for question in content().journeys[journey]:
        answer = given(tracker, question.slot)
        labels = {choice.value: choice.label for choice in question.choices}
        values[question.slot.removeprefix(f"{journey}_")] = texts.quote(in_short(labels.get(answer, answer)))
    if journey in _extra_values:
        values.update(_extra_values[journey](tracker))
    return values


def values_to_ask(question: Question, moment: str, tracker: Tracker) -> dict[str, Any]:
    """As `values_for`, for one question: what cannot be quoted is left out where there is a wording without it.

    That is an answer without words that plainly are content, and one to a hint that asks for the opposite.
    """
    values = values_for(question.journey, tracker)
    turned = tracker.get_slot("turned_answers") or []
    for asked in content().journeys[question.journey]:
        key = asked.slot.removeprefix(f"{question.journey}_")
        unfit = asked.slot in turned or not read_back(given(tracker, asked.slot))
        if asked.kind == "text" and unfit and f"{moment}_without_{key}" in question.wordings:
            values[key] = ""
    return values


ButtonsOf = Callable[[Tracker], Sequence[str]]
_extra_buttons: dict[str, list[ButtonsOf]] = {}


def journey_buttons(journey: str) -> Callable[[ButtonsOf], ButtonsOf]:
    """Register buttons that stand beside the choices of a journey's questions, but are no answers to them."""

    def register(function: ButtonsOf) -> ButtonsOf:
        _extra_buttons.setdefault(journey, []).append(function)
        return function

    return register


def buttons_beside(journey: str, tracker: Tracker) -> list[str]:
    """What a person can press at this moment besides an answer."""
    return [label for buttons in _extra_buttons.get(journey, []) for label in buttons(tracker)]


def choices_for(question: Question, tracker: Tracker) -> Sequence[Choice]:
    """The choices of a question; those of a dilemma come from the case itself."""
    return choices_of(question, tracker.get_slot)


def open_question(tracker: Tracker) -> Question | None:
    """The question that the active form waits for."""
    question = content().questions.get(str(tracker.get_slot("requested_slot")))
    return question if question and tracker.active_loop.get("name") == question.form else None


def is_first_message(tracker: Tracker) -> bool:
    """Whether the welcome is the newest thing said before this turn, or was said in it."""
    newest = next((event for event in reversed(tracker.events) if event["event"] == "user"), None)
    for event in reversed(tracker.events):
        if event["event"] == "session_started":
            return True
        if event["event"] == "user" and event is not newest:
            return False
    return False


def welcomed_in_this_turn(tracker: Tracker) -> bool:
    """Whether the welcome stands above the answer to this message, and takes the place of one of its three bubbles."""
    return is_first_message(tracker) and tracker.get_latest_input_channel() != WELCOMES_AT_OPENING


def sure_intents_of(tracker: Tracker) -> list[str]:
    """The intents as `intents_of` has them, or none when the classifier only guessed, as it does at an emoji."""
    message = tracker.latest_message or {}
    ranking = message.get("intent_ranking") or []
    known = (message.get("intent") or {}).get("name") != "answer"
    least = SURE_AT if normalise(str(message.get("text") or "")) else EXPECTED_OF_A_SIGN
    sure = any(entry["confidence"] >= least for entry in ranking[:1])
    return intents_of(tracker) if known or sure else []


def intents_of(tracker: Tracker) -> list[str]:
    """What the person meant, best first: the intent acted on, then the classifier's ranking."""
    message = tracker.latest_message or {}
    first = (message.get("intent") or {}).get("name")
    ranking = [entry["name"] for entry in message.get("intent_ranking") or []]
    return [name for name in [first, *ranking] if name and name != "answer"]
