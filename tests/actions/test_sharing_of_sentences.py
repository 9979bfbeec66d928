"""Sharing what was not understood: a yes that is said, a no that takes all back, and what is left alone in any case."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import common
from actions.data import ActionDataExport
from actions.welcome import ActionFallback, ActionSayOutOfScope, ActionSayPrivacy
from bondgenoot import texts
from bondgenoot.content import content
from bondgenoot.questions import normalise
from bondgenoot.settings_workshop import WorkshopSettings
from bondgenoot.store import people, schema, shared_sentences
from bondgenoot.store.schema import Cipher
from bondgenoot.turn_words import whole_messages
from bondgenoot.turns import decide

MakeTracker = Callable[..., Tracker]
SENTENCE = "welke kleur krijgt het nieuwe vergaderlokaal"
HEARD: list[dict[str, Any]] = [{"event": "bot"}, {"event": "user"}, {"event": "user"}]
YES, NO = "deel onbegrepen zinnen", "deel geen zinnen meer"


@pytest.fixture
def switched_on(monkeypatch: pytest.MonkeyPatch, here: common.Services) -> None:
    workshop = WorkshopSettings("trainer", "roles", datetime.timedelta(days=90))
    on = replace(here, settings=replace(here.settings, workshop=workshop))
    for name, module in list(sys.modules.items()):
        if name.startswith("actions.") and hasattr(module, "services"):
            monkeypatch.setattr(module, "services", lambda: on)


@pytest.fixture
def say(tracker: MakeTracker) -> Callable[..., list[dict[str, Any]]]:
    """What is answered to a message about one's data."""

    def run(text: str, **more: Any) -> list[dict[str, Any]]:
        dispatcher = CollectingDispatcher()
        ActionDataExport().run(dispatcher, tracker(text=text, events=HEARD, **more), {})
        return dispatcher.messages

    return run


@pytest.fixture
def mutter(tracker: MakeTracker) -> Callable[..., None]:
    """A message that is not understood."""

    def run(text: str = SENTENCE, events: Any = (), ranking: Any = (), **more: Any) -> None:
        here = tracker(text=text, events=[*HEARD, *events], **more)
        here.latest_message["intent_ranking"] = list(ranking)
        ActionFallback().run(CollectingDispatcher(), here, {})

    return run


@pytest.fixture
def pool(engine: sa.engine.Engine, cipher: Cipher) -> Callable[[], list[str]]:
    def read() -> list[str]:
        with engine.begin() as connection:
            return shared_sentences.of_person(connection, cipher, "anna")

    return read


def text_of(messages: list[dict[str, Any]]) -> str:
    return "\n".join(message["text"] for message in messages)


def labels(messages: list[dict[str, Any]]) -> list[str]:
    return [button["title"] for message in messages for button in message["buttons"]]


@pytest.mark.usefixtures("switched_on")
class TestAgreeing:
    def test_without_a_yes_nothing_is_kept(self, anna: str, mutter: Any, engine: sa.engine.Engine) -> None:
        mutter()
        with engine.begin() as connection:
            assert connection.execute(sa.select(schema.shared_sentence)).all() == []

    def test_it_is_offered_where_people_see_what_is_kept_of_them(self, say: Any) -> None:
        said = say("wat weet je van mij")
        assert "Alleen als jij zegt" in text_of(said)
        assert labels(said) == ["Deel onbegrepen zinnen"]
        assert len(said) <= 3

    def test_a_yes_is_answered_with_what_it_means_and_a_way_back(self, say: Any, mutter: Any, pool: Any) -> None:
        said = say(YES)
        assert "vanaf 10 mensen en hoogstens 90 dagen" in text_of(said)
        assert labels(said) == ["Deel geen zinnen meer"]
        mutter()
        assert pool() == [SENTENCE]
        said = say("wat weet je van mij")
        assert "Onbegrepen zinnen die je deelt: 1" in text_of(said)
        assert labels(said) == []

    def test_who_asks_who_reads_along_hears_what_they_agreed_to(self, say: Any, tracker: MakeTracker) -> None:
        def privacy() -> str:
            dispatcher = CollectingDispatcher()
            ActionSayPrivacy().run(dispatcher, tracker(text="wie leest dit", events=HEARD), {})
            assert len(dispatcher.messages) == 2
            return text_of(dispatcher.messages)

        assert "deel geen zinnen meer" not in privacy()
        say(YES)
        assert "deel geen zinnen meer" in privacy()
        say(NO)
        assert "deel geen zinnen meer" not in privacy()

    def test_a_no_takes_everything_back(self, say: Any, mutter: Any, pool: Any, engine: sa.engine.Engine) -> None:
        say(YES)
        mutter()
        assert "is weg" in text_of(say(NO))
        mutter()
        assert pool() == []
        with engine.begin() as connection:
            assert connection.execute(sa.select(schema.shared_sentence)).all() == []

    def test_erasing_everything_erases_it_too(self, say: Any, mutter: Any, engine: sa.engine.Engine) -> None:
        say(YES)
        mutter()
        with engine.begin() as connection:
            people.erase(connection, "anna")
            assert connection.execute(sa.select(schema.sharing)).all() == []
            assert connection.execute(sa.select(schema.shared_sentence)).all() == []

    def test_during_a_question_it_is_not_offered_and_a_yes_leaves_the_question_open(self, say: Any, pool: Any) -> None:
        more = {"slots": {"requested_slot": "commitment_what"}, "form": "commitment_form"}
        assert labels(say("wat weet je van mij", **more)) == []
        assert "Je antwoorden in een oefening deel ik nooit" in text_of(say(YES, **more))


@pytest.mark.usefixtures("switched_on")
class TestWhatIsLeftAlone:
    @pytest.fixture(autouse=True)
    def _agreed(self, switched_on: None, say: Any) -> None:
        say(YES)

    def test_names_and_numbers_are_out_before_it_is_kept(self, mutter: Any, pool: Any) -> None:
        mutter("Marieke heeft kamer 12 gekregen en belt naar 0470 12 34 56")
        assert pool() == ["(naam) heeft kamer (getal) gekregen en belt naar (getal)"]

    def test_what_it_says_it_is_not_for_is_shared_too(self, tracker: MakeTracker, pool: Any) -> None:
        for form in ("commitment_form", ""):
            here = tracker(text=SENTENCE, events=HEARD, form=form)
            ActionSayOutOfScope().run(CollectingDispatcher(), here, {})
            assert pool() == ([] if form else [SENTENCE])

    def test_an_answer_in_an_exercise_is_not_shared(self, mutter: Any, pool: Any) -> None:
        mutter(slots={"requested_slot": "commitment_what"}, form="commitment_form")
        assert pool() == []

    @pytest.mark.parametrize("text", ["ik wil dood", "ik zie het niet meer zitten thuis", "mijn baas raakt me aan"])
    def test_a_sentence_that_the_safety_net_notices_is_not_shared(self, text: str, mutter: Any, pool: Any) -> None:
        mutter(text)
        assert pool() == []

    def test_nor_one_that_the_classifier_half_takes_for_distress(self, mutter: Any, pool: Any) -> None:
        mutter(ranking=[{"name": "greet", "confidence": 0.13}, {"name": "burnout", "confidence": 0.12}])
        assert pool() == []

    @pytest.mark.parametrize("intent", ["crisis", "safety_check", "safety_cleared"])
    def test_nor_anything_while_the_net_spoke_lately(self, intent: str, mutter: Any, pool: Any) -> None:
        mutter(events=[{"event": "user", "parse_data": {"intent": {"name": intent}}}])
        assert pool() == []

    def test_the_models_first_thought_goes_along_unless_it_is_about_distress(
        self, mutter: Any, pool: Any, engine: sa.engine.Engine
    ) -> None:
        ranking = [("crisis", 0.05), ("start_scan", 0.04), ("greet", 0.03)]
        mutter(ranking=[{"name": name, "confidence": sure} for name, sure in ranking])
        with engine.begin() as connection:
            assert connection.execute(sa.select(schema.shared_sentence.c.guess)).scalar() == "start_scan"


class TestSwitchedOff:
    def test_a_yes_is_answered_with_no_and_nothing_is_offered_or_kept(
        self, say: Any, mutter: Any, pool: Any, engine: sa.engine.Engine
    ) -> None:
        assert "niet aangezet" in text_of(say(YES))
        assert labels(say("wat weet je van mij")) == []
        mutter()
        with engine.begin() as connection:
            assert connection.execute(sa.select(schema.sharing)).all() == []
        assert pool() == []

    def test_what_was_agreed_before_can_still_be_taken_back(
        self, say: Any, pool: Any, mutter: Any, anna: str, engine: sa.engine.Engine, cipher: Cipher, clock: Any
    ) -> None:
        with engine.begin() as connection:
            shared_sentences.agree(connection, anna, clock.now())
            shared_sentences.keep(connection, cipher, anna, "een zin", "", clock.now())
        mutter()
        assert pool() == ["een zin"]
        say(NO)
        assert pool() == []


@pytest.mark.parametrize("kind", ["sharing_on", "sharing_off"])
def test_the_phrases_mean_ones_data_also_in_the_middle_of_a_question(kind: str, clock: Any) -> None:
    for phrase in texts.phrases(kind):
        assert whole_messages()[normalise(phrase)] == "export_data"
        for question in (None, content().questions["commitment_what"]):
            assert decide(phrase.capitalize() + ".", [], question, today=clock.today()).intent == "export_data"


def test_the_buttons_say_one_of_the_phrases() -> None:
    assert normalise(texts.say("share_button")[0]) in map(normalise, texts.phrases("sharing_on"))
    assert normalise(texts.say("share_stop_button")[0]) in map(normalise, texts.phrases("sharing_off"))
