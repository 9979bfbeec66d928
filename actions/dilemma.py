"""The journey 'dilemma': a case about intent, integrity, capabilities or results."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, given, journey_values, person_here, say, services, speak, welcomed_in_this_turn
from actions.journey_form import JourneyForm
from actions.journeys import begin, go_to
from actions.reflections import offer_to_keep
from bondgenoot import texts
from bondgenoot.choosing import next_dilemma
from bondgenoot.content import Dilemma, Option, content
from bondgenoot.store import people

OWN_WAY = "own"


def core_named(tracker: Tracker) -> str:
    """The core of credibility that the person named in this message, or ''."""
    cores = {item.core for item in content().dilemmas.values()}
    entities = (tracker.latest_message or {}).get("entities") or []
    return next(
        (str(entity["value"]) for entity in entities if entity["entity"] == "core" and entity["value"] in cores), ""
    )


def _current(tracker: Tracker) -> tuple[Dilemma | None, Option | None]:
    dilemma = content().dilemmas.get(given(tracker, "dilemma_id"))
    chosen = given(tracker, "dilemma_choice")
    options = dilemma.options if dilemma else ()
    return dilemma, next((option for option in options if option.id == chosen), None)


def _chosen(tracker: Tracker, option: Option | None) -> str:
    """What the person chose, in words; '' when they did not choose."""
    if option:
        return option.label
    return " ".join(texts.say("your_own_way")) if given(tracker, "dilemma_choice") else ""


@journey_values("dilemma")
def values(tracker: Tracker) -> dict[str, Any]:
    """What the questions say about the case and the option that was chosen."""
    dilemma, option = _current(tracker)
    if dilemma is None:
        empty = (
            "options",
            "choice",
            "role",
            "chair_text",
            "chair_question",
            "motive_question",
            "trust",
            "hidden_motive",
            "rest",
            "told",
        )
        return dict.fromkeys(empty, "")
    lines = [f"{number}. {option.text}" for number, option in enumerate(dilemma.options, 1)]
    rest = "\n".join(dilemma.situation[1:])
    return {
        "rest": rest,
        # Under a welcome there is room for two bubbles: the second half of the case is told with the question.
        "told": "" if welcomed_in_this_turn(tracker) else rest,
        "options": "\n".join(lines),
        "choice": _chosen(tracker, option),
        "role": dilemma.other_role,
        "chair_text": dilemma.other_text,
        "chair_question": dilemma.other_question,
        "motive_question": dilemma.motive_question,
        "trust": option.trust if option else "",
        "hidden_motive": option.hidden_motive if option else "",
    }


class ActionDilemmaStart(Action):
    """Chooses a case that the person has not seen, and tells it."""

    def name(self) -> str:
        """See the class."""
        return "action_dilemma_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Tell the case; the form asks what the person would do."""
        now = services().clock.now()
        with person_here(tracker) as connection:
            seen = people.seen_items(connection, tracker.sender_id, "dilemma")
            dilemma, new = next_dilemma(content(), tracker.sender_id, seen, core_named(tracker))
            people.note_seen(connection, tracker.sender_id, "dilemma", dilemma.id, "shown", now)
        first, *rest = dilemma.situation
        known = [] if new else texts.say("dilemma_none_left")
        rest = [] if welcomed_in_this_turn(tracker) else rest
        speak(dispatcher, ["\n".join([*known, f"**{dilemma.title}**", first]), *rest])
        return begin(tracker, "dilemma", dilemma_id=dilemma.id)


class ValidateDilemmaForm(JourneyForm):
    """The choice, the reason, the other chair, the motive."""

    journey = "dilemma"

    def settle(self, slot: str, value: str, tracker: Tracker) -> dict[str, Any]:
        """A way of one's own already says why."""
        if slot == "dilemma_choice" and value == OWN_WAY:
            return {slot: value, "dilemma_why": (tracker.latest_message or {}).get("text") or value}
        return {slot: value}


class ActionDilemmaFinish(Action):
    """The insight, in the light of the motive that the person named, and the offer of a practice."""

    def name(self) -> str:
        """See the class."""
        return "action_dilemma_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Say the insight and offer a practice that belongs to the case."""
        dilemma, _ = _current(tracker)
        if dilemma is None:
            return []
        with person_here(tracker) as connection:
            people.note_seen(connection, tracker.sender_id, "dilemma", dilemma.id, "finished", services().clock.now())
        motive = texts.quote(given(tracker, "dilemma_motive"))
        keep, events = offer_to_keep(tracker, "dilemma")
        if motive:
            say(dispatcher, "dilemma_insight", insight=dilemma.insight, motive=motive, keep=keep)
        else:
            say(dispatcher, "dilemma_insight_no_motive", insight=dilemma.insight)
        return [
            *begin(tracker, "offer", offer_kind="practice"),
            *events,
            SlotSet("practice_candidates", list(dilemma.practices)),
            *go_to("offer"),
        ]
