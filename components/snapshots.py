"""What a conversation's older events come down to, in the form of fewer events that bring a tracker to the same state.

Rasa replays a tracker's events at every turn and again for every action, so the state cannot be kept beside them.
`condense` therefore gives events, in three parts: the last few states that a policy for stories sees (it passes over
turns that a rule took, so they may be old); events that set slots, form and pause as they were a few actions ago; and
those few actions as they were. It compares what it made with what it stands for, and looks further back until they are
equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

# As many states as a policy of ours looks back (max_history in config.yml), and one.
STATES = 6
# How many actions to keep as they were: the first that gives an equal state.
WINDOWS = (12, 24, 48, 96)


def place_to_cut(events: Sequence[Event], turns: int) -> int | None:
    """Where the newest `turns` messages of the person begin, or more of them; None when there is no such place.

    Before it the assistant listened, so that the newer part begins with a message.
    """
    seen = 0
    for place in range(len(events) - 1, 0, -1):
        if not isinstance(events[place], UserUttered):
            continue
        seen += 1
        before = events[place - 1]
        if seen >= turns and isinstance(before, ActionExecuted) and before.action_name == ACTION_LISTEN_NAME:
            return place
    return None


def condense(head: DialogueStateTracker, domain: Domain) -> list[Event] | None:
    """Events that stand for those of `head`, which ends where the assistant listens; None when none were found."""
    applied = head.applied_events()
    wanted = state_of(head, domain)
    actions = [place for place, event in enumerate(applied) if isinstance(event, ActionExecuted)]
    for window in WINDOWS:
        first = max(len(actions) - window, 0)
        start = actions[first - 1] + 1 if first else 0
        before = DialogueStateTracker.from_events(head.sender_id, applied[:start], slots=domain.slots)
        older = [*_older_states(head, first), *_summary(before, head, applied[start:])] if start else [*_loops(head)]
        made = [*older, *_without_repetitions(applied[start:])]
        again = DialogueStateTracker.from_events(head.sender_id, made, slots=domain.slots)
        if state_of(again, domain) == wanted:
            return made
        if not start:
            break
    return None


def state_of(tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """Everything about a listening tracker that decides what happens next, for comparing."""
    return {
        "slots": tracker.current_slot_values(),
        "set": {name for name, slot in tracker.slots.items() if slot.has_been_set},
        "loop": tracker.active_loop,
        "paused": tracker.is_paused(),
        "latest_action": tracker.latest_action,
        "followup_action": tracker.followup_action,
        "states": tracker.past_states(domain)[-STATES:],
        "states_without_rules": tracker.past_states(domain, ignore_rule_only_turns=True)[-STATES:],
    }


def _older_states(head: DialogueStateTracker, first: int) -> Iterator[Event]:
    """Of the actions before number `first`, those whose states a policy for stories still sees, and how it was then.

    The action before each of them comes with it: what was done last is part of a state.
    """
    is_hidden = False
    seen: list[int] = []
    for number, (tracker, hides) in enumerate(head.generate_all_prior_trackers()):
        # As in Domain.states_for_tracker_history.
        if not tracker.followup_action and tracker.latest_action_name != tracker.active_loop_name:
            is_hidden = hides
        if number < first and not is_hidden:
            seen.append(number)
    kept = {first - 1, *(near for number in seen[-STATES:] for near in (number - 1, number))}
    executed = [event for event in head.applied_events() if isinstance(event, ActionExecuted)]
    for number, (tracker, _) in enumerate(head.generate_all_prior_trackers()):
        if number not in kept:
            continue
        event = executed[number]
        # With the names of loops known, a form's execution would be taken for a repetition without this.
        yield ActiveLoop(None, timestamp=event.timestamp)
        slots = [slot for slot in tracker.slots.values() if slot.has_been_set and slot.has_features()]
        if slots:
            yield AllSlotsReset(timestamp=event.timestamp)
            yield from (SlotSet(slot.name, slot.value, timestamp=event.timestamp) for slot in slots)
        if tracker.latest_message is not None and not tracker.latest_message.is_empty():
            yield tracker.latest_message
        if tracker.active_loop_name:
            yield ActiveLoop(tracker.active_loop_name, timestamp=event.timestamp)
        yield event


def _summary(before: DialogueStateTracker, head: DialogueStateTracker, after: Sequence[Event]) -> Iterator[Event]:
    """Events that bring a tracker to the slots, form and pause of `before`."""
    at = after[0].timestamp
    yield AllSlotsReset(timestamp=at)
    yield from _loops(head)
    loop = before.active_loop
    if loop is not None and loop.name:
        trigger: Any = loop.trigger_message
        if trigger:
            yield UserUttered(trigger.get("text"), trigger.get("intent"), trigger.get("entities"), trigger, at)
        yield ActiveLoop(loop.name, timestamp=at)
        if loop.rejected:
            yield ActionExecutionRejected(loop.name, timestamp=at)
    yield from (SlotSet(name, slot.value, timestamp=at) for name, slot in before.slots.items() if slot.has_been_set)
    if before.is_paused():
        yield ConversationPaused(timestamp=at)


def _loops(head: DialogueStateTracker) -> Iterator[Event]:
    """Every form that was ever active, also before a session that began anew, and none of them active now.

    Rasa reads a form's execution differently when it knows that the form was active before.
    """
    loops = {event.name for event in head.events if isinstance(event, ActiveLoop) and event.name}
    if loops:
        at = head.events[0].timestamp
        yield from (ActiveLoop(name, timestamp=at) for name in sorted(loops))
        yield ActiveLoop(None, timestamp=at)


def _without_repetitions(events: Sequence[Event]) -> Iterator[Event]:
    """The events, of what is set several times between two actions only the last, without what the assistant said."""
    slots: dict[str, Event] = {}
    interrupted: list[Event] = []
    for event in events:
        if isinstance(event, SlotSet):
            slots[event.key] = event
        elif isinstance(event, LoopInterrupted):
            interrupted = [event]
        elif not isinstance(event, BotUttered):
            if isinstance(event, (ActionExecuted, UserUttered, ActiveLoop, AllSlotsReset)):
                yield from (*slots.values(), *interrupted)
                slots, interrupted = {}, []
            yield event
    yield from (*slots.values(), *interrupted)
