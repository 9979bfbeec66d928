"""What the pipeline components read from a conversation: the open question and what was offered."""

from __future__ import annotations

from collections.abc import Iterator

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bondgenoot import stories
from bondgenoot.content import content
from bondgenoot.own_choices import choices_of
from bondgenoot.questions import Choice, Question
from bondgenoot.safety import TOPICS

# A button stays valid while it is among the newest messages; people scroll back a little.
OFFERED_TURNS = 12


def open_question(tracker: DialogueStateTracker) -> Question | None:
    """The question that the active form waits for, if it is one of ours."""
    if not tracker.active_loop_name:
        return None
    question = content().questions.get(str(tracker.get_slot("requested_slot")))
    return question if question and question.form == tracker.active_loop_name else None


def story_question(tracker: DialogueStateTracker) -> Question | None:
    """The question that a trainer's story asked, if no form is active and it is still open."""
    if tracker.active_loop_name:
        return None
    said = stories.open_response(
        event.as_dict()
        for event in reversed(tracker.events)
        if isinstance(event, (UserUttered, BotUttered, ActiveLoop))
    )
    return stories.question_of(said) if said else None


def content_choices(question: Question | None, tracker: DialogueStateTracker) -> tuple[Choice, ...]:
    """Choices of the open question, also those that come from the item it is about, such as a dilemma's options."""
    return choices_of(question, tracker.get_slot) if question else ()


def just_asked_plainly(tracker: DialogueStateTracker) -> bool:
    """Whether the last thing the assistant did was to ask the safety net's plain question."""
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME:
            return bool(event.action_name == "action_safety_check")
    return False


def card_shown(tracker: DialogueStateTracker) -> str:
    """The topic of the referral card, if that was the last thing the assistant showed; '' otherwise."""
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecuted) and event.action_name not in (ACTION_LISTEN_NAME, "action_safety_card"):
            return ""
        if isinstance(event, UserUttered):
            return str(event.intent_name) if event.intent_name in content().referrals else ""
    return ""


def spent_offered(tracker: DialogueStateTracker) -> bool:
    """Whether the last thing the assistant did was to offer a stop, or the people of the card again."""
    actions = (event for event in reversed(tracker.events) if isinstance(event, ActionExecuted))
    said = next((event for event in actions if event.action_name != ACTION_LISTEN_NAME), None)
    return said is not None and said.action_name == "action_safety_spent"


def last_card(tracker: DialogueStateTracker, turns: int) -> str:
    """The topic of the newest referral card among the last `turns` messages of the person; '' when there is none."""
    users = [event for event in reversed(tracker.events) if isinstance(event, UserUttered)][:turns]
    topics = content().referrals
    return next((str(event.intent_name) for event in users if event.intent_name in topics), "")


def denied_kinds(tracker: DialogueStateTracker) -> frozenset[str]:
    """The kinds of distress to which this person said no in this conversation: by the slot, and by messages that were
    heard as something else because they went on (`safety_net.SafetyNetComponent`).
    """
    kept = tracker.get_slot("safety_denied")
    if kept is True:  # from before the kinds were told apart
        return frozenset(TOPICS) - {"crisis"}
    told = (
        str(entity.get("value"))
        for event in tracker.events
        if isinstance(event, UserUttered)
        for entity in event.entities
        if entity.get("entity") == "safety_denied"
    )
    return frozenset((*(kept or ()), *told)) & frozenset(TOPICS)


def offered_payloads(tracker: DialogueStateTracker) -> frozenset[str]:
    """Payloads of the buttons that the assistant showed to this person lately."""
    return frozenset(_payloads(tracker))


def _payloads(tracker: DialogueStateTracker) -> Iterator[str]:
    turns = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            turns += 1
            if turns > OFFERED_TURNS:
                return
        elif isinstance(event, BotUttered):
            for button in event.data.get("buttons") or []:
                yield str(button.get("payload", ""))
