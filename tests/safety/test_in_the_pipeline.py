"""The net as a component: what it makes of a message, given what was asked before in the conversation."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from components.safety_net import CHECK, CLEARED, TURNS_ANSWERED, SafetyNetComponent

SLOTS = ("safety_asked", "safety_also", "safety_denied", "requested_slot")
CLEAR = "hij slaat mij"


@pytest.fixture(scope="module")
def net() -> SafetyNetComponent:
    return SafetyNetComponent()


def heard(net: SafetyNetComponent, text: str, events: list[Event], distress: float = 0.0, **likely: float) -> str:
    """The intent that a message gets after `events`; `likely` is what the classifier thinks."""
    slots = [AnySlot(name, mappings=[{}]) for name in SLOTS]
    message = Message({TEXT: text, "intent": {"name": "answer"}, "distress": distress, "intent_probabilities": likely})
    net.process([message], DialogueStateTracker.from_events("somebody", events, slots))
    return str(message.get("intent")["name"])


def asked(topic: str) -> list[Event]:
    """The plain question was the last thing said."""
    return [UserUttered(""), ActionExecuted("action_safety_check"), SlotSet("safety_asked", topic)]


def answered(topic: str, turns: int = 1) -> list[Event]:
    """It was asked, and answered; `turns` messages were said since it was asked."""
    later: list[Event] = []
    for _ in range(turns):
        later += [UserUttered("nee"), ActionExecuted("action_safety_cleared"), SlotSet("safety_asked", None)]
    return [*asked(topic), *later]


def test_ambiguous_words_are_not_asked_about_again_until_much_was_said(net: SafetyNetComponent) -> None:
    def words(events: list[Event]) -> str:
        return heard(net, "ik ben het kotsbeu", events, distress=0.4)

    assert words([]) == CHECK
    assert words(answered("harassment")) == "answer"
    assert words(answered("burnout")) == CHECK
    assert words(answered("harassment", TURNS_ANSWERED + 1)) == CHECK


def test_ambiguous_words_in_which_the_judge_sees_nothing_ask_for_nothing(net: SafetyNetComponent) -> None:
    told = "ik ben het kotsbeu dat de koffie hier elke maandag weer op is"
    assert heard(net, told, [], distress=0.1) == "answer"
    assert heard(net, told, [], distress=0.4) == CHECK
    assert heard(net, "ik ben het kotsbeu", [], distress=0.1) == CHECK  # of so few words the judge sees too little
    assert heard(net, "ik zie het niet meer zitten", [], distress=0.0) == CHECK


def test_clear_words_are_never_passed_over(net: SafetyNetComponent) -> None:
    """A judge who sees no distress turns their card into the question, and an earlier answer does not take it away."""
    assert heard(net, CLEAR, answered("harassment"), distress=0.0) == CHECK
    assert heard(net, CLEAR, answered("harassment"), distress=0.9) == "harassment"


@pytest.mark.parametrize(
    "text", ["de leverancier bracht een doos wijn mee", "een belofte die je laat liegen is weinig waard"]
)
def test_fraud_in_a_case_is_no_question_unless_the_judge_sees_distress(net: SafetyNetComponent, text: str) -> None:
    in_a_case: list[Event] = [ActiveLoop("dilemma_form"), SlotSet("requested_slot", "dilemma_why")]
    assert heard(net, text, [], distress=0.3) == CHECK
    assert heard(net, text, in_a_case, distress=0.3) == "answer"
    told = "mijn directeur neemt steekpenningen aan"
    assert heard(net, told, in_a_case, distress=0.5) == "report_wrongdoing"


def test_life_and_death_are_asked_about_each_time(net: SafetyNetComponent) -> None:
    assert heard(net, "ik zie het niet meer zitten", answered("crisis")) == CHECK


@pytest.mark.parametrize(
    ("text", "topic", "intent"),
    [
        ("ja", "burnout", "burnout"),
        ("nee", "burnout", CLEARED),
        ("neen, ik ben gewoon een bleiter", "burnout", CLEARED),
        ("nee, eigenlijk wel", "burnout", "burnout"),
        ("nee, eigenlijk wel", "crisis", "crisis"),
    ],
)
def test_the_answer_to_the_plain_question(net: SafetyNetComponent, text: str, topic: str, intent: str) -> None:
    assert heard(net, text, asked(topic)) == intent


def carded(topic: str) -> list[Event]:
    """The card was the last thing shown."""
    return [UserUttered("", {"name": topic}), ActionExecuted("action_safety_card")]


@pytest.mark.parametrize(
    ("text", "shown", "intent"),
    [
        ("lees je wel, ik ben niet overspannen maar kwaad", "burnout", CLEARED),
        ("Nee joh, het gaat prima met me, wat een rare vraag", "crisis", CLEARED),
        ("Nee. Ik heb pillen klaarliggen", "burnout", CHECK),
        ("nee, ik zie het niet meer zitten", "harassment", CHECK),
        ("Ik zei nee en toch betast hij me", "harassment", "harassment"),
        ("lees je wel, hij betast me elke week bij de kopieermachine", "harassment", "harassment"),
    ],
)
def test_what_is_said_after_a_card(net: SafetyNetComponent, text: str, shown: str, intent: str) -> None:
    """A no, or that it was misread, takes back what was read into it, and no sign beside it."""
    assert heard(net, text, carded(shown), distress=0.8) == intent


@pytest.mark.parametrize(
    ("text", "topic", "intent"),
    [
        ("Nee. Ik heb pillen klaarliggen", "crisis", "crisis"),
        ("nee, niet vandaag", "crisis", "crisis"),
        ("nee, soms wel", "crisis", "crisis"),
        ("Hè? Nee joh, wat een rare vraag ineens", "crisis", CLEARED),
        ("ik zei nee maar mijn baas heeft me aangerand", "harassment", "harassment"),
        ("ja. bijna niet meer. maar ik wil dat bericht nog wel sturen", "burnout", "burnout"),
    ],
)
def test_a_no_among_more_words(net: SafetyNetComponent, text: str, topic: str, intent: str) -> None:
    assert heard(net, text, asked(topic), distress=0.8) == intent


def test_a_yes_that_says_more_gets_the_people_for_that(net: SafetyNetComponent) -> None:
    assert heard(net, "ja, en nog erger", asked("burnout"), crisis=0.4, burnout=0.3) == "crisis"


def test_a_no_that_goes_on_is_heard_where_nothing_else_is_open(net: SafetyNetComponent) -> None:
    text = "nee, zo erg is het niet, geef me gewoon een dilemma"
    assert heard(net, text, asked("burnout")) == "answer"
    in_a_journey = [ActiveLoop("commitment_form"), SlotSet("requested_slot", "commitment_obstacle"), *asked("burnout")]
    assert heard(net, text, in_a_journey) == CLEARED
