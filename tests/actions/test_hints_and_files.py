"""What goes beside the words: hints for the eye, pictures and links, in the places where channels look for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from fixed_clock import FixedClock
from rasa.core.actions.action import create_bot_utterance
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import common, questions
from actions.commitment import start_with
from actions.commitment_keep import ActionCommitmentFinish
from actions.data import ActionDataExport
from actions.follow_up import ActionFollowUpFinish
from actions.progress import ActionProgressShow
from actions.scan import ActionScanFinish
from bondgenoot import keys, links
from bondgenoot.content import content
from bondgenoot.links import Link, Links
from bondgenoot.settings import Settings
from bondgenoot.store import commitments, file_links, reflections, scans
from bondgenoot.store.schema import Cipher

MakeTracker = Callable[..., Tracker]
Opened = Callable[[str], Link]
PROMISE = {
    "commitment_what": "koffie drinken",
    "commitment_when": "2026-11-24",
    "commitment_confirm": "yes",
    "country_asked": True,
}


def run(action: Action, tracker: Tracker) -> list[Any]:
    """What was said, as the events that Rasa makes of it."""
    dispatcher = CollectingDispatcher()
    action.run(dispatcher, tracker, {})
    said = []
    for message in dispatcher.messages:
        # As rasa.core.actions.action.RemoteAction does.
        message.pop("template"), message.pop("response")
        said.append(create_bot_utterance({key: value for key, value in message.items() if value}))
    return said


@pytest.fixture
def opened(engine: sa.engine.Engine, cipher: Cipher, settings: Settings, clock: FixedClock) -> Opened:
    """What an address that was said names; it is short enough not to frighten anybody."""

    def open_it(address: str) -> Link:
        assert address.startswith(settings.public_url)
        path = address.removeprefix(settings.public_url)
        assert path.startswith(links.PATH + "/")
        assert len(path) <= 60
        token, _, name = path.removeprefix(links.PATH + "/").partition("/")
        assert name
        with engine.begin() as connection:
            return file_links.find(connection, cipher, Links(keys.session_key(settings.home)), token, clock.now())

    return open_it


@pytest.mark.parametrize("slot", sorted(content().questions))
def test_a_question_is_asked_with_the_hint_that_its_writer_gave(slot: str, tracker: MakeTracker) -> None:
    (*_, last) = run(getattr(questions, f"Ask_{slot}")(), tracker({"scan_answers": [], "dilemma_id": "whose_plan"}))
    assert last.metadata.get("ui") == content().questions[slot].ui
    assert last.text


def test_a_hint_says_nothing_that_the_words_do_not(tracker: MakeTracker) -> None:
    (*_, last) = run(questions.Ask_scan_answer(), tracker({"scan_answers": []}))  # type: ignore[attr-defined]
    assert last.metadata["ui"] == {"kind": "scale", "min": 1, "max": 5, "low": "helemaal niet", "high": "helemaal wel"}
    for piece in ("1", "5", "helemaal niet", "helemaal wel"):
        assert piece in last.text


def test_a_kept_commitment_comes_with_its_calendar_file(
    tracker: MakeTracker, opened: Opened, engine: sa.engine.Engine, cipher: Cipher
) -> None:
    _, offer = run(ActionCommitmentFinish(), tracker(PROMISE))
    hint = offer.metadata["ui"]
    assert (hint["kind"], hint["name"]) == ("file", "voornemen.ics")
    assert hint["url"] in offer.text, "channels that know only words lose nothing"
    with engine.begin() as connection:
        (kept,) = commitments.of_person(connection, cipher, "anna")
    assert opened(hint["url"]) == Link("ics", "anna", kept.id)


def test_a_dropped_one_comes_with_nothing(tracker: MakeTracker) -> None:
    (only,) = run(ActionCommitmentFinish(), tracker({**PROMISE, "commitment_confirm": "drop"}))
    assert "ui" not in only.metadata


def test_a_moved_commitment_comes_with_the_file_that_moves_it(
    tracker: MakeTracker, anna: str, promise: Callable[..., str], opened: Opened
) -> None:
    made = promise(anna)
    slots = {"follow_up_commitment": made, "follow_up_result": "postponed", "follow_up_date": "2026-12-01"}
    _, offer = run(ActionFollowUpFinish(), tracker(slots))
    assert opened(offer.metadata["ui"]["url"]) == Link("ics", anna, made)


def test_a_scan_comes_with_a_picture_and_the_same_in_words(
    tracker: MakeTracker, opened: Opened, engine: sa.engine.Engine, cipher: Cipher
) -> None:
    (result,) = run(ActionScanFinish(), tracker({"scan_answers": [4] * 4 + [2] * 4 + [3] * 8}))
    with engine.begin() as connection:
        (kept,) = scans.of_person(connection, cipher, "anna")
    assert opened(result.data["image"]) == Link("chart", "anna", f"scan:{kept.id}")
    hint = result.metadata["ui"]
    assert hint["kind"] == "image"
    for piece in ("integriteit", "4,0", "intentie", "2,0"):
        assert piece in result.text
        assert piece in hint["alt"]


class TestOverview:
    def test_nothing_is_drawn_of_nothing(self, tracker: MakeTracker) -> None:
        (only,) = run(ActionProgressShow(), tracker())
        assert only.data["image"] is None

    def test_an_open_commitment_alone_makes_no_picture(
        self, tracker: MakeTracker, anna: str, promise: Callable[..., str]
    ) -> None:
        promise(anna)
        (only,) = run(ActionProgressShow(), tracker())
        assert only.data["image"] is None
        assert "koffie drinken" in only.text

    @pytest.fixture
    def full(
        self,
        anna: str,
        promise: Callable[..., str],
        engine: sa.engine.Engine,
        cipher: Cipher,
        clock: FixedClock,
    ) -> None:
        made = [promise(anna, what=f"stap {number} " + "heel lang " * 30) for number in range(5)]
        with engine.begin() as connection:
            commitments.close(connection, made[0], "done", clock.now())
            commitments.renegotiate(connection, made[1], clock.today(), clock.now())
            for mean in (2.0, 3.5):
                scans.add(connection, cipher, anna, {"integrity": mean, "intent": 3.0}, clock.now())
            for number in range(5):
                reflections.keep(connection, cipher, anna, "dilemma", f"{number} " + "heel lang " * 30, clock.now())

    def test_the_words_say_what_the_pictures_show(self, full: None, tracker: MakeTracker) -> None:
        record, over_time, kept = run(ActionProgressShow(), tracker())
        assert "Gedaan: 1" in record.text
        assert "Verzet: 1" in record.text
        assert "1 gedaan" in record.metadata["ui"]["alt"]
        assert "integriteit 2,0" in over_time.text
        assert "integriteit 3,5" in over_time.text
        assert over_time.data["image"]
        assert [button["title"] for button in kept.data["buttons"]] == [f"Wis inzicht {number}" for number in (3, 4, 5)]

    def test_however_much_there_is_three_bubbles_of_sixty_words_hold_it(self, full: None, tracker: MakeTracker) -> None:
        said = run(ActionProgressShow(), tracker())
        assert len(said) == 3
        assert [len(message.text.split()) for message in said if len(message.text.split()) > 60] == []

    def test_with_a_question_open_there_is_room_left_for_it(self, full: None, tracker: MakeTracker) -> None:
        here = tracker({"requested_slot": "commitment_what"}, form="commitment_form")
        assert len(run(ActionProgressShow(), here)) == 2


def test_the_export_says_how_long_the_conversation_is_kept_and_gives_the_file(
    tracker: MakeTracker, opened: Opened
) -> None:
    nothing, how_long, offer = run(ActionDataExport(), tracker())
    assert "alleen dit gesprek" in nothing.text
    assert "90 dagen" in how_long.text
    assert opened(offer.metadata["ui"]["url"]) == Link("export", "anna")
    assert offer.metadata["ui"]["url"] in offer.text


def test_the_export_in_the_middle_of_a_question_leaves_room_for_it(tracker: MakeTracker) -> None:
    here = tracker({"requested_slot": "commitment_what"}, form="commitment_form")
    assert len(run(ActionDataExport(), here)) == 2


def test_the_summary_of_the_export_is_short_however_much_there_is(
    tracker: MakeTracker, anna: str, promise: Callable[..., str]
) -> None:
    for number in range(2):
        promise(anna, what=f"stap {number} " + "heel lang " * 60)
    summary, *_ = run(ActionDataExport(), tracker())
    assert len(summary.text.split()) <= 70
    for number in range(8):
        promise(anna, what=f"stap {number}")
    summary, *_ = run(ActionDataExport(), tracker())
    assert "10 voornemens, waarvan 10 open" in summary.text


def test_no_link_tells_who_it_is_for(tracker: MakeTracker) -> None:
    *_, offer = run(ActionDataExport(), tracker())
    assert "anna" not in offer.metadata["ui"]["url"]


def test_words_that_were_kept_are_offered_back_with_their_day(
    tracker: MakeTracker, anna: str, engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock
) -> None:
    with engine.begin() as connection:
        reflections.keep(connection, cipher, anna, "dilemma", "ik koos voor {rust}", clock.now())
    clock.advance(days=10)
    dispatcher = CollectingDispatcher()
    start_with(dispatcher, tracker(), "")
    (intro,) = dispatcher.messages
    assert "“ik koos voor {rust}”" in intro["text"]
    assert "maandag 23 november" in intro["text"]


def test_the_button_to_keep_stands_in_the_offer_only_when_there_is_something(tracker: MakeTracker) -> None:
    for slots, expected in (
        ({"reflection_of": "dilemma", "dilemma_motive": "ik wil rust"}, ["Bewaar mijn inzicht"]),
        ({"reflection_of": "dilemma", "dilemma_motive": "-"}, []),
        ({"reflection_of": None, "dilemma_motive": "ik wil rust"}, []),
        ({"reflection_of": "nonsense"}, []),
    ):
        assert common.buttons_beside("offer", tracker(slots)) == expected
        assert common.buttons_beside("commitment", tracker(slots)) == []


@pytest.mark.parametrize(("practice", "said"), [("share_the_why", True), (None, False), ("left_the_content", False)])
def test_a_follow_up_says_to_which_core_the_practice_belonged(
    practice: str | None,
    said: bool,
    tracker: MakeTracker,
    anna: str,
    engine: sa.engine.Engine,
    cipher: Cipher,
    clock: FixedClock,
) -> None:
    draft = commitments.Draft("uitleggen waarom", clock.today(), practice_id=practice)
    with engine.begin() as connection:
        made = commitments.create(connection, cipher, anna, draft, clock.now(), clock.now())
    slots = {"follow_up_commitment": made, "follow_up_result": "done", "follow_up_next": "done"}
    thanks, _ = run(ActionFollowUpFinish(), tracker(slots))
    assert ("hoorde bij de kern" in thanks.text) is said
    assert "  " not in thanks.text


@pytest.mark.parametrize(
    ("obstacle", "expected"), [("bang voor de stilte", "“bang voor de stilte”"), ("", "Wat kwam ertussen")]
)
def test_what_did_not_work_is_asked_about_in_the_persons_own_words(
    obstacle: str,
    expected: str,
    tracker: MakeTracker,
    anna: str,
    engine: sa.engine.Engine,
    cipher: Cipher,
    clock: FixedClock,
) -> None:
    draft = commitments.Draft("vragen wie het anders ziet", clock.today(), obstacle=obstacle)
    with engine.begin() as connection:
        made = commitments.create(connection, cipher, anna, draft, clock.now(), clock.now())
    here = tracker({"follow_up_commitment": made, "follow_up_result": "not_done"})
    said = run(questions.Ask_follow_up_story(), here)  # type: ignore[attr-defined]
    assert expected in " ".join(message.text for message in said)
