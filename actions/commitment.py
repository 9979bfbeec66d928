"""The journey 'commitment': one action, with whom, when, the inner obstacle, an if-then plan, confidence (WOOP)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import files
from actions.common import Events, given, in_short, journey_values, message_id, person_here, say, services
from actions.days import ask_day_shown, at_time, day_and_time, moment_for, why_then
from actions.journey_form import JourneyForm
from actions.journeys import begin
from actions.meet import ask_once
from actions.own_case import step_named
from actions.questions import menu_buttons
from actions.reflections import latest, said_before
from bondgenoot import asking_day, dates, day_times, hours_said, said_ahead, texts
from bondgenoot.answers import keeps_it, role_in, says_only_yes
from bondgenoot.changes import YES_WORDS, change_said, changes_said, day_instead, takes_yes_back
from bondgenoot.content import content
from bondgenoot.questions import SKIPPED, Choice, Question, match_choice, normalise
from bondgenoot.settings import Settings
from bondgenoot.store import commitments, follow_ups, people
from bondgenoot.turn_words import CLAUSE

# What was dropped at the summary was never kept; its answers still stand in the slots.
DRAFT = "draft"
# From this confidence on, the action is not made smaller.
CONFIDENT_FROM = 7
# A sentence that starts the journey is taken as the action itself when it says more than "ik wil een voornemen maken".
ACTION_WORDS = 6
# An answer of at most this many words that holds a day is that day.
DAY_WORDS = 3


def due_day(tracker: Tracker, slot: str = "commitment_when") -> datetime.date | None:
    """The day in a date slot, whether or not it was confirmed."""
    text = given(tracker, slot).rstrip("?")
    return datetime.date.fromisoformat(text) if text else None


def due_time(tracker: Tracker) -> datetime.time | None:
    """The time of day in the slot, if an hour was named."""
    return people.read_time(given(tracker, "commitment_at"))


@journey_values("commitment")
def values(tracker: Tracker) -> dict[str, Any]:
    """The day as people say it, and what the summary says of parts that were skipped."""
    due = due_day(tracker)
    nothing = texts.say("not_given")[0]
    shown = {name: texts.quote(given(tracker, f"commitment_{name}")) or nothing for name in ("with", "plan")}
    return {**shown, "day": day_and_time(due, due_time(tracker)) if due else ""}


def start_with(dispatcher: CollectingDispatcher, tracker: Tracker, what: str, **slots: Any) -> Events:
    """Begin a commitment whose action is known ('' when it is not), with the day if the words hold one."""
    filled: dict[str, Any] = {"commitment_practice": None, "dropped_commitment": None, **slots}
    if what:
        filled["commitment_what"] = what
        filled = {**_said_ahead(what), **filled}
        say(dispatcher, "commitment_intro_given", what=texts.quote(in_short(what)))
    elif before := latest(tracker):
        say(dispatcher, "commitment_intro_reflection", **said_before(before))
    else:
        say(dispatcher, "commitment_intro")
    return begin(tracker, "commitment", **filled)


def change(dispatcher: CollectingDispatcher, tracker: Tracker, kept: commitments.Commitment) -> Events:
    """Open a kept commitment's summary to change a part of it: the one that the message names, or it is asked which."""
    slots: dict[str, Any] = {
        "commitment_what": kept.what,
        "commitment_with": kept.with_whom or SKIPPED,
        "commitment_when": kept.due.isoformat() if kept.due >= services().clock.today() else None,
        "commitment_at": f"{kept.due_time:%H:%M}" if kept.due_time else None,
        "commitment_obstacle": kept.obstacle or SKIPPED,
        "commitment_plan": kept.plan or SKIPPED,
        "commitment_confidence": SKIPPED if kept.confidence is None else str(kept.confidence),
        "commitment_smaller": SKIPPED,
        "commitment_confirm": "change",
        "commitment_practice": kept.practice_id,
        "commitment_editing": f"{kept.id} {kept.due.isoformat()}",
        "dropped_commitment": None,
    }
    part, new = ValidateCommitmentForm.said(tracker)
    if part and (value := ValidateCommitmentForm.new_value(part, new, tracker)):
        slots |= {**value, "commitment_confirm": None}
    elif part and part != "commitment_what":  # which 'wijzig mijn voornemen' names too
        slots |= {part: None, "commitment_confirm": None}
    hour = hours_said.at_summary(_typed(tracker), _settings())
    if hour not in (None, kept.due_time):
        slots |= {**_hour_slot(hour), "commitment_confirm": None}
    if slots["commitment_confirm"]:
        say(dispatcher, "commitment_change_intro", what=texts.quote(kept.what))
    return begin(tracker, "commitment", **slots)


class ActionCommitmentStart(Action):
    """'Ik neem me voor om ...'."""

    def name(self) -> str:
        """See the class."""
        return "action_commitment_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Take the sentence itself as the action when it holds one, or the step that was named in the own situation."""
        text = str((tracker.latest_message or {}).get("text") or "").strip()
        announces = any(normalise(phrase) in normalise(text) for phrase in texts.phrases("announcing"))
        says_what = len(text.split()) >= ACTION_WORDS and not announces
        return start_with(dispatcher, tracker, text if says_what else step_named(tracker))


class ValidateCommitmentForm(JourneyForm):
    """The parts of a commitment; some only when they are needed."""

    journey = "commitment"

    def applies(self, slot: str, tracker: Tracker) -> bool:
        """A vague day is confirmed, a low confidence leads to a smaller action, a 'no' to a change."""
        if slot == "commitment_date_confirm":
            return given(tracker, "commitment_when").endswith("?")
        if slot == "commitment_smaller":
            confidence = given(tracker, "commitment_confidence")
            return bool(confidence) and int(confidence) < CONFIDENT_FROM
        if slot == "commitment_change":
            return given(tracker, "commitment_confirm") == "change"
        return True

    def settle(self, slot: str, value: str, tracker: Tracker) -> dict[str, Any]:
        """Confirmations and changes act on the part they are about."""
        if slot == "commitment_date_confirm":
            return self._confirm_day(value, tracker)
        if slot == "commitment_smaller" and value != SKIPPED and not keeps_it(value):
            return {slot: value, "commitment_what": value, **_said_ahead(value)}
        if slot == "commitment_what":
            return {slot: value, **_said_ahead(value)}
        if slot == "commitment_when":
            return {slot: value, **_hour_slot(day_times.clock_time(_typed(tracker), _settings()))}
        if slot == "commitment_with":
            return self._with_whom(value, tracker)
        if slot == "commitment_confirm" and (value == "change" or (value == "yes" and self._takes_back(tracker))):
            return self._change(tracker)
        if slot == "commitment_change":
            changed = {"commitment_change": None, "commitment_confirm": None, "question_asked": None}
            if value == SKIPPED:
                return changed
            part, new = self.said(tracker)
            hour = self._other_hour(tracker)
            return {**changed, **(self.new_value(part, new, tracker) or ({} if hour else {value: None})), **hour}
        return {slot: value}

    def _accept(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Asked what to change, 'niets, bewaar het gewoon' keeps it as it is; the day of asking is no day of doing it."""
        if question.slot in ("commitment_confirm", "commitment_change") and text == _raw(tracker):
            day = asking_day.day_to_ask(text, services().clock.today())
            if day is not None:
                return self._ask_on(question, day, dispatcher, tracker)
        if question.slot in ("commitment_obstacle", "commitment_plan") and (known := self._said_again(text, tracker)):
            return {**known, question.slot: None, "question_asked": None}
        accepted = self._accept_rest(question, text, dispatcher, tracker)
        if question.slot == "commitment_when" and accepted.get(question.slot) is None:
            # An hour without a day; the day is asked again.
            return {**accepted, **_hour_slot(day_times.clock_time(text, _settings()))}
        return accepted

    def _ask_on(
        self, question: Question, day: datetime.date, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Keep the day of asking, and take the rest of the message as the answer."""
        rest = _typed(tracker)
        changes: dict[str, Any] = {"commitment_confirm": None, "commitment_change": None, "question_asked": None}
        if normalise(rest):
            changes = self._accept_rest(question, rest, dispatcher, tracker)
        due = due_day(Tracker(tracker.sender_id, {**tracker.slots, **changes}, {}, [], False, None, {}, ""))
        if due is not None and changes.get("commitment_confirm") not in ("yes", "drop"):
            with services().engine.begin() as connection:
                person = people.find(connection, tracker.sender_id)
            ask_at = moment_for(person, due, _settings(), day)
            say(dispatcher, "commitment_ask_noted", why=why_then(day, due, ask_at), ask_day=ask_day_shown(ask_at))
        return {**changes, "commitment_ask_on": day.isoformat()}

    def _accept_rest(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        confirm = content().questions["commitment_confirm"].choices
        yes = confirm[0]
        asked = question.slot == "commitment_change" and not any(self.said(tracker)) and not says_only_yes(text)
        hour = self._other_hour(tracker) if question.slot == "commitment_change" else {}
        if asked and hour:  # 'om 13u' names no part
            return {
                question.slot: None,
                "commitment_confirm": None,
                "question_asked": None,
                "question_failures": 0,
                **hour,
            }
        if asked and match_choice(confirm, text) == yes.value and not takes_yes_back(text, yes):
            return {question.slot: None, "commitment_confirm": yes.value, "question_failures": 0}
        return super()._accept(question, text, dispatcher, tracker)

    @staticmethod
    def _said_again(text: str, tracker: Tracker) -> dict[str, Any]:
        """The slots of a bare day or the known person: whoever types those, did not see that they are not asked any more."""
        known = given(tracker, "commitment_with")
        if known and said_ahead.says_again(text, known):
            return {"commitment_with": known}
        day = dates.understand(text, services().clock.today())
        if day.kind != "date" or len(text.split()) > DAY_WORDS:
            return {}
        return {**_day_slot(day), **_hour_slot(day_times.clock_time(text, _settings()))}

    @staticmethod
    def _with_whom(value: str, tracker: Tracker) -> dict[str, Any]:
        """Whoever names a day where a person was asked, is ahead of the questions: the day is kept."""
        day = dates.understand(value, services().clock.today())
        if value == SKIPPED or day.kind != "date" or day.day is None or len(value.split()) > DAY_WORDS:
            return {"commitment_with": value, **({} if given(tracker, "commitment_when") else day_said(tracker))}
        hour = _hour_slot(day_times.clock_time(value, _settings()))
        return {"commitment_with": None, "commitment_when": day.day.isoformat(), **hour}

    @staticmethod
    def said(tracker: Tracker) -> tuple[str, str]:
        """The part that the message names, and its new words."""
        return change_said(_typed(tracker), *_parts(tracker))

    @staticmethod
    def all_said(tracker: Tracker) -> dict[str, str]:
        """The parts that the message names with their new words, when there are several."""
        return changes_said(_typed(tracker), *_parts(tracker))

    @staticmethod
    def new_value(part: str, new: str, tracker: Tracker) -> dict[str, Any]:
        """The slots of a part with its new value; empty when the words hold none, or what already stands there."""
        if not part or not new:
            return {}
        day = dates.understand(new, services().clock.today())
        if part == "commitment_when" or (day.kind == "date" and len(new.split()) <= DAY_WORDS):
            slot = _day_slot(day)
            return slot | _hour_slot(day_times.clock_time(new, _settings())) if slot else {}
        value = (role_in(new) or new) if part == "commitment_with" else new
        if normalise(value) == normalise(given(tracker, part)):
            return {}
        return {part: value, **(_said_ahead(value) if part == "commitment_what" else {})}

    @staticmethod
    def _other_hour(tracker: Tracker) -> dict[str, Any]:
        """The slot of the hour, when the message names another one than there is, or wants none."""
        text = _typed(tracker)
        if due_time(tracker) and hours_said.no_hour(text):
            return {"commitment_at": None}
        hour = hours_said.at_summary(text, _settings())
        return {} if hour == due_time(tracker) else _hour_slot(hour)

    def _takes_back(self, tracker: Tracker) -> bool:
        """Whether a yes also says what must be otherwise, or doubts."""
        text = _typed(tracker)
        if self._other_hour(tracker):
            return True
        yes = next(choice for choice in content().questions["commitment_confirm"].choices if choice.value == "yes")
        # The button's own words are a yes, however many.
        if len(text.split()) <= YES_WORDS or normalise(text) in yes.phrases:
            return False
        other_day = day_instead(text, due_day(tracker), services().clock.today()).day
        return takes_yes_back(text, yes) or bool(other_day) or bool(self.new_value(*self.said(tracker), tracker))

    def _change(self, tracker: Tracker) -> dict[str, Any]:
        """'Nee, liever woensdag' says what to change and into what, as does 'met wie moet mijn teamleider zijn'."""
        part, new = self.said(tracker)
        hour = self._other_hour(tracker)
        changed = {"commitment_confirm": None, "question_asked": None, **hour}
        # Of several parts one may already hold what is asked for.
        # What is said of a part itself counts for more than what the action says of it, so the action goes first.
        said = sorted(self.all_said(tracker).items(), key=lambda one: one[0] != "commitment_what")
        several = [self.new_value(each, value, tracker) for each, value in said]
        if any(several):
            return changed | {slot: value for one in several for slot, value in one.items()}
        if value := self.new_value(part, new, tracker):
            return {**changed, **value}
        day = day_instead(_typed(tracker), due_day(tracker), services().clock.today())
        if day.day is not None and part in ("", "commitment_when"):
            return {**changed, "commitment_when": day.day.isoformat()}
        if hour and part in ("", "commitment_when"):
            return changed
        return {**changed, part: None} if part else {"commitment_confirm": "change"}

    @staticmethod
    def _confirm_day(value: str, tracker: Tracker) -> dict[str, Any]:
        if value == "yes":
            day = given(tracker, "commitment_when").rstrip("?")
            hour = _hour_slot(hours_said.at_summary(_typed(tracker), _settings()))
            return {"commitment_date_confirm": None, "commitment_when": day, **hour}
        other = day_instead(_typed(tracker), due_day(tracker), services().clock.today()).day
        hour = _hour_slot(hours_said.at_summary(_typed(tracker), _settings()))
        instead = other.isoformat() if other else None
        return {"commitment_date_confirm": None, "commitment_when": instead, "question_asked": None, **hour}


def _parts(tracker: Tracker) -> tuple[Sequence[Choice], set[str], dict[str, str]]:
    """The parts of a commitment that can be changed, those that hold no more than a role, and what stands there."""
    questions = content().questions
    parts = questions["commitment_change"].choices
    roles = {part.value for part in parts if questions[part.value].expects == "role"}
    return parts, roles, {part.value: given(tracker, part.value) for part in parts if part.value != "commitment_when"}


def _raw(tracker: Tracker) -> str:
    return str((tracker.latest_message or {}).get("text") or "").strip()


def _typed(tracker: Tracker) -> str:
    """What was typed, without a day on which the person wants to be asked."""
    text = _raw(tracker)
    return text if asking_day.day_to_ask(text, services().clock.today()) is None else asking_day.split(text)[0]


def day_said(tracker: Tracker) -> dict[str, str]:
    """The slots of a day, and of an hour beside it, in a message that starts a commitment: 'ja, woensdag om 13u'."""
    # 'Ja, sinds maandag loopt het fout' says no day.
    few = [clause for clause in CLAUSE.split(_typed(tracker)) if 0 < len(clause.split()) <= DAY_WORDS + 1]
    today = services().clock.today()
    found = [(day, clause) for clause in few if (day := dates.understand(clause, today)).kind == "date"]
    if len(found) != 1:
        return {}
    day, clause = found[0]
    return {**_day_slot(day), **_hour_slot(day_times.clock_time(clause, _settings()))}


def _settings() -> Settings:
    return services().settings


def _said_ahead(action: str) -> dict[str, Any]:
    """The slots that the words of an action already fill: with whom, the day, the hour."""
    person = said_ahead.person_in(action)
    day = said_ahead.day_in(action, services().clock.today())
    hour = hours_said.of_action(action, _settings())
    return {
        **({"commitment_with": person} if person else {}),
        **({"commitment_when": day.isoformat()} if day else {}),
        **_hour_slot(hour),
    }


def _hour_slot(hour: datetime.time | None) -> dict[str, Any]:
    """The slot of the hour; empty without one, so that an earlier hour stays."""
    return {"commitment_at": f"{hour:%H:%M}"} if hour else {}


def _day_slot(day: dates.DateAnswer) -> dict[str, Any]:
    """The slot of the day, with a question mark when it is still to be confirmed; empty without a day."""
    if day.day is None:
        return {}
    return {"commitment_when": day.day.isoformat() + ("?" if day.kind == "span" else "")}


class ActionCommitmentFinish(Action):
    """Keeps the commitment and its follow-up in one transaction, says when it will ask, and asks for the country once."""

    def name(self) -> str:
        """See the class."""
        return "action_commitment_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Keep or drop."""
        due = due_day(tracker)
        editing = given(tracker, "commitment_editing")
        if given(tracker, "commitment_confirm") != "yes" or due is None:
            if editing:
                say(dispatcher, "commitment_unchanged", menu_buttons())
                return [SlotSet("commitment_editing", None)]
            say(dispatcher, "commitment_dropped", menu_buttons())
            return [SlotSet("dropped_commitment", DRAFT)]
        here = services()
        with person_here(tracker) as connection:
            person = people.find(connection, tracker.sender_id)
            ask_on = due_day(tracker, "commitment_ask_on")
            ask_at = moment_for(person, due, here.settings, ask_on)
            confidence = given(tracker, "commitment_confidence")
            draft = commitments.Draft(
                what=given(tracker, "commitment_what"),
                due=due,
                with_whom=given(tracker, "commitment_with"),
                obstacle=given(tracker, "commitment_obstacle"),
                plan=given(tracker, "commitment_plan"),
                confidence=int(confidence) if confidence else None,
                practice_id=given(tracker, "commitment_practice") or None,
                due_time=due_time(tracker),
            )
            if editing:
                self._change(dispatcher, connection, tracker, draft, ask_at)
                return [SlotSet("commitment_editing", None)]
            now, said = here.clock.now(), message_id(tracker)
            made = commitments.create(connection, here.cipher, tracker.sender_id, draft, ask_at, now, said)
        shown = ask_day_shown(ask_at)
        if person and person.ask_time:
            shown = at_time(shown, ask_at)
        why = why_then(ask_on, due, ask_at)
        if draft.due_time:
            day = day_and_time(due, draft.due_time)
            say(dispatcher, "commitment_kept_at", day=day, why=why, ask_day=shown)
        else:
            say(dispatcher, "commitment_kept", why=why, ask_day=shown)
        files.offer(dispatcher, tracker, "calendar_offer", "ics", "calendar_file_title", made)
        return ask_once(tracker, person)

    @staticmethod
    def _change(
        dispatcher: CollectingDispatcher,
        connection: sa.engine.Connection,
        tracker: Tracker,
        draft: commitments.Draft,
        ask_at: datetime.datetime,
    ) -> None:
        """Put the draft in the place of the commitment that is being changed, if that is still open.

        Its day moves only when the person changed it: it may have been moved since. The question moves with the day, or
        to the day on which they want to be asked.
        """
        here = services()
        kept_id, _, was_due = given(tracker, "commitment_editing").partition(" ")
        kept = commitments.find(connection, here.cipher, tracker.sender_id, kept_id)
        if kept is None or kept.state != "open":
            say(dispatcher, "commitment_change_too_late", menu_buttons())
            return
        commitments.change(connection, here.cipher, kept.id, draft)
        if draft.due.isoformat() == was_due or draft.due == kept.due:
            if given(tracker, "commitment_ask_on"):
                follow_ups.ask_at(connection, kept.id, ask_at)
            changed_hour = draft.due_time != kept.due_time
            day = day_and_time(kept.due, draft.due_time)
            say(dispatcher, "commitment_changed", () if changed_hour else menu_buttons(), day=day)
            if changed_hour:
                files.offer(dispatcher, tracker, "calendar_offer_moved", "ics", "calendar_file_title", kept.id)
            return
        commitments.renegotiate(connection, kept.id, draft.due, ask_at)
        day = day_and_time(draft.due, draft.due_time)
        say(dispatcher, "follow_up_moved", day=day, ask_day=ask_day_shown(ask_at))
        files.offer(dispatcher, tracker, "calendar_offer_moved", "ics", "calendar_file_title", kept.id)
