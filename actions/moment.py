"""The journey 'moment': a moment that counts becomes a small plan with a day."""

from __future__ import annotations

import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.commitment_slots import due_day
from actions.common import Events, given, intents_of, journey_values, say, services, values_for
from actions.journey_form import JourneyForm
from actions.journeys import begin, go_to
from bondgenoot import texts
from bondgenoot.content import content
from bondgenoot.questions import Choice, match_choice


@journey_values("moment")
def values(tracker: Tracker) -> dict[str, Any]:
    """The ideas that belong to the moment, and the day as people say it."""
    moment = content().moments.get(given(tracker, "moment_kind"))
    due = due_day(tracker, "moment_when")
    ideas = "\n".join(f"{number}. {idea}" for number, idea in enumerate(moment.ideas, 1)) if moment else ""
    return {"ideas": ideas, "day": texts.day(due, services().clock.today()) if due else ""}


class ActionMomentStart(Action):
    """'Mijn collega is ziek': the kind of moment is taken from the sentence when it is clear."""

    def name(self) -> str:
        """See the class."""
        return "action_moment_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Begin."""
        say(dispatcher, "moment_intro")
        kind = None
        if "plan_moment" in intents_of(tracker)[:1]:
            choices = content().questions["moment_kind"].choices
            kind = match_choice(choices, str((tracker.latest_message or {}).get("text") or ""))
        return begin(tracker, "moment", moment_kind=None if kind == "other" else kind)


class ValidateMomentForm(JourneyForm):
    """Which moment, for whom, what they want, which idea, when."""

    journey = "moment"
    numbered = frozenset({"moment_idea"})

    def settle(self, slot: str, value: str, tracker: Tracker) -> dict[str, Any]:
        """'2' or 'de tweede' is the second idea; anything longer is an idea of one's own."""
        if slot == "moment_idea":
            moment = content().moments.get(given(tracker, "moment_kind"))
            return {slot: idea_meant(moment.ideas if moment else (), value)}
        if slot == "moment_when":
            return {slot: value.rstrip("?")}
        return {slot: value}


def idea_meant(ideas: tuple[str, ...], text: str) -> str:
    """The idea that a person points at, or their own words."""
    chosen = match_choice([Choice(str(number), idea) for number, idea in enumerate(ideas)], text)
    return ideas[int(chosen)] if chosen is not None else text


class ActionMomentFinish(Action):
    """The plan in short, and the offer to make it a commitment."""

    def name(self) -> str:
        """See the class."""
        return "action_moment_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Show the plan and offer."""
        nothing = texts.say("not_given")[0]
        shown = {key: value or nothing for key, value in values_for("moment", tracker).items()}
        say(dispatcher, "moment_plan", **shown)
        due: datetime.date | None = due_day(tracker, "moment_when")
        return [
            *begin(
                tracker,
                "offer",
                offer_kind="commitment",
                offer_what=given(tracker, "moment_idea") or None,
                offer_with=given(tracker, "moment_who") or None,
                offer_when=due.isoformat() if due else None,
            ),
            *go_to("offer"),
        ]
