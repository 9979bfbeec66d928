"""The journey 'scan': sixteen statements, one after the other; the result in words and over time."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, journey_values, message_id, person_here, say, services
from actions.files import picture
from actions.journey_form import JourneyForm
from actions.journeys import begin, go_to
from actions.questions import menu_buttons
from bondgenoot import files, scans, texts
from bondgenoot.content import content
from bondgenoot.questions import SKIPPED
from bondgenoot.store import scans as kept_scans


def answers(tracker: Tracker) -> list[int | None]:
    """The answers so far, in the order of the statements; None for a skipped one."""
    return list(tracker.get_slot("scan_answers") or [])


@journey_values("scan")
def values(tracker: Tracker) -> dict[str, Any]:
    """The statement that is next."""
    number = min(len(answers(tracker)), len(content().statements) - 1)
    statement = content().statements[number]
    return {"number": number + 1, "statement": statement.text, "why": statement.why}


class ActionScanStart(Action):
    """Explains the scan; the form asks the first statement."""

    def name(self) -> str:
        """See the class."""
        return "action_scan_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Begin with no answers."""
        say(dispatcher, "scan_intro")
        return [*begin(tracker, "scan"), SlotSet("scan_answers", [])]


class ValidateScanForm(JourneyForm):
    """Each answer moves on to the next statement; the slot fills with the last one."""

    journey = "scan"

    def settle(self, slot: str, value: str, tracker: Tracker) -> dict[str, Any]:
        """Add the answer; ask the next statement until all are answered."""
        number = None if value == SKIPPED else int(value)
        given_so_far = [*answers(tracker), number]
        finished = len(given_so_far) >= len(content().statements)
        return {
            "scan_answers": given_so_far,
            "scan_answer": value if finished else None,
            "question_asked": None,
            "question_hinted": None,
        }

    def waiting(self, tracker: Tracker, changes: dict[str, Any] | None = None) -> list[str]:
        """The statements that are still to come all fill one slot."""
        given_so_far = (changes or {}).get("scan_answers") or answers(tracker)
        return ["scan_answer"] * (len(content().statements) - len(given_so_far))

    def step_back(self, slot: str, tracker: Tracker) -> dict[str, Any]:
        """The statement before this one."""
        so_far = answers(tracker)
        return {"scan_answers": so_far[:-1], "question_hinted": None} if so_far else {}


class ActionScanFinish(Action):
    """The four means in words, the comparison with the previous scan, and the offer of a practice."""

    def name(self) -> str:
        """See the class."""
        return "action_scan_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Keep the scan and tell the result."""
        here = services()
        scores = scans.means(answers(tracker), content().statements)
        if not scores:
            say(dispatcher, "offer_declined", menu_buttons())
            return []
        with person_here(tracker) as connection:
            now, said = here.clock.now(), message_id(tracker)
            made = kept_scans.add(connection, here.cipher, tracker.sender_id, scores, now, said)
            kept = kept_scans.of_person(connection, here.cipher, tracker.sender_id)
        before = [scan for scan in kept if scan.id != made]
        alt = texts.say("chart_alt_scan", scores=in_one_line(scores))[0]
        chart = picture(tracker, files.chart_item("scan", made), alt)
        extremes = scans.extremes(scores)
        words = dict(zip(("strong", "weak"), (texts.say(f"core_{core}")[0] for core in extremes or ())))
        if before:
            words["day"] = texts.day(before[-1].at.astimezone(here.settings.time_zone).date(), here.clock.today())
            words["lines"] = score_lines(scores, before[-1].scores)
            say(dispatcher, "scan_compare" if extremes else "scan_compare_even", **chart, **words)
        else:
            words["lines"] = score_lines(scores, {})
            say(dispatcher, "scan_result" if extremes else "scan_result_even", **chart, **words)
        return [
            *begin(tracker, "offer", offer_kind="practice"),
            SlotSet("practice_candidates", None),
            SlotSet("practice_core", extremes[1] if extremes else None),
            *go_to("offer"),
        ]


def score_lines(scores: dict[str, float], before: dict[str, float]) -> str:
    """One line a core: the mean, and the previous one where there is one."""
    lines = []
    for core, score in scores.items():
        key = "score_line_before" if core in before else "score_line"
        name = texts.say(f"core_{core}")[0]
        lines.append(
            texts.say(key, core=name, score=texts.number(score), before=texts.number(before.get(core, 0.0)))[0]
        )
    return "\n".join(lines)


def in_one_line(scores: dict[str, float]) -> str:
    """The means of a scan, for the words beside a chart."""
    return ", ".join(
        texts.say("chart_alt_score", core=texts.say(f"core_{core}")[0], score=texts.number(score))[0]
        for core, score in scores.items()
    )
