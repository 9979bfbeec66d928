"""The journey 'progress': word and deed, scans over time, and what the person asked to keep."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, open_question, person_here, say, services
from actions.days import day_and_time
from actions.files import picture
from actions.questions import keep_loop
from actions.reflections import list_kept
from actions.scan import in_one_line
from bondgenoot import files, kept_word, texts
from bondgenoot.store import commitments, follow_ups, reflections, scans
from bondgenoot.store.commitments import Commitment
from bondgenoot.store.scans import Scan

# Open commitments named in the overview; all of them come with 'mijn voornemens'.
MOST_NAMED = 2
LONGEST_NAMED = 50


class ActionProgressShow(Action):
    """'Hoe doe ik het?': how commitments ended, the scans over time, and the insights that were kept."""

    def name(self) -> str:
        """See the class."""
        return "action_progress_show"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """At most three bubbles; two when a question is open, which then follows."""
        here = services()
        with person_here(tracker) as connection:
            kept = commitments.of_person(connection, here.cipher, tracker.sender_id)
            moved = follow_ups.times_moved(connection, tracker.sender_id)
            taken = scans.of_person(connection, here.cipher, tracker.sender_id)
            insights = reflections.of_person(connection, here.cipher, tracker.sender_id)
        if not (kept or taken or insights):
            say(dispatcher, "progress_none")
            return keep_loop(tracker)
        if kept:
            self._record(dispatcher, tracker, kept, moved)
        if taken:
            self._scans(dispatcher, tracker, taken)
        if insights and not (kept and taken and open_question(tracker)):
            list_kept(dispatcher, insights)
        return keep_loop(tracker)

    @staticmethod
    def _record(
        dispatcher: CollectingDispatcher, tracker: Tracker, kept: list[Commitment], moved: dict[str, int]
    ) -> None:
        here = services()
        numbers = kept_word.counts(kept, moved)
        open_now = [item for item in kept if item.state == "open"]
        lines = [
            texts.say(
                "progress_open_line",
                what=texts.quote(item.what, LONGEST_NAMED),
                day=day_and_time(item.due, item.due_time),
            )[0]
            for item in open_now[:MOST_NAMED]
        ]
        if len(open_now) > MOST_NAMED:
            lines.append(texts.say("progress_open_more", count=len(open_now) - MOST_NAMED)[0])
        chart: dict[str, Any] = {}
        if kept_word.by_month(kept, moved):
            item = files.chart_item("record", here.clock.now())
            chart = picture(tracker, item, texts.say("chart_alt_record", **numbers)[0])
        only_open = open_now and not any(numbers[name] for name in kept_word.ENDINGS)
        say(dispatcher, "progress_only_open" if only_open else "progress", **chart, **numbers, lines="\n".join(lines))

    @staticmethod
    def _scans(dispatcher: CollectingDispatcher, tracker: Tracker, taken: list[Scan]) -> None:
        here = services()
        last, today = taken[-1], here.clock.today()
        day = texts.day(last.at.astimezone(here.settings.time_zone).date(), today)
        scores = in_one_line(last.scores)
        if len(taken) == 1:
            alt = texts.say("chart_alt_scan", scores=scores)[0]
            say(
                dispatcher,
                "progress_scan",
                **picture(tracker, files.chart_item("scan", last.id), alt),
                day=day,
                scores=scores,
            )
            return
        first = texts.day(taken[0].at.astimezone(here.settings.time_zone).date(), today)
        alt = texts.say("chart_alt_over_time", count=len(taken), scores=scores)[0]
        say(
            dispatcher,
            "progress_scans",
            **picture(tracker, files.chart_item("scans", here.clock.now()), alt),
            count=len(taken),
            first=first,
            before=in_one_line(taken[0].scores),
            day=day,
            scores=scores,
        )
