"""The net as a component: what it makes of a message, given what was asked before in the conversation."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bondgenoot.intents import CLEARED, SPENT
from components.safety_net import CHECK, RESUME, TURNS_AFTER_CARD, TURNS_ANSWERED, SafetyNetComponent

SLOTS = ("safety_asked", "safety_also", "safety_denied", "safety_offered", "requested_slot")
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


def test_without_a_plain_yes_a_faint_sign_of_more_is_none(net: SafetyNetComponent) -> None:
    text = "met werk eigenlijk wel een beetje, thuis heb ik mijn man"
    assert heard(net, text, asked("burnout"), crisis=0.2, burnout=0.1) != "crisis"


def test_a_no_that_goes_on_is_heard_where_nothing_else_is_open(net: SafetyNetComponent) -> None:
    text = "nee, zo erg is het niet, geef me gewoon een dilemma"
    assert heard(net, text, asked("burnout")) == "answer"
    in_a_journey = [ActiveLoop("commitment_form"), SlotSet("requested_slot", "commitment_obstacle"), *asked("burnout")]
    assert heard(net, text, in_a_journey) == CLEARED


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("wat? niemand heeft me aangeraakt man, hij heeft me een functie beloofd", "harassment"),
        ("ik word niet gepest, ik ben overgeslagen voor een cursus", "harassment"),
        ("er is niks met geweld, waar heb je het over", "harassment"),
        ("hij heeft mij nooit bedreigd", "harassment"),
        ("ik ben helemaal niet opgebrand, ik ben kwaad", "burnout"),
        ("zo erg is het niet", "burnout"),
        ("er is hier geen fraude gepleegd, alleen slordig geteld", "report_wrongdoing"),
        ("daar gaat het helemaal niet over, het gaat over een rooster", "report_wrongdoing"),
    ],
)
@pytest.mark.parametrize("where", ["asked", "carded"])
def test_a_denial_in_the_words_of_the_question_is_a_no(
    net: SafetyNetComponent, text: str, topic: str, where: str
) -> None:
    """However sure the judge is: a denial that was read as a yes was the worst that people met."""
    in_a_journey = [ActiveLoop("commitment_form"), SlotSet("requested_slot", "commitment_obstacle")]
    said = asked(topic) if where == "asked" else carded(topic)
    likely = {topic: 0.9}
    assert heard(net, text, [*in_a_journey, *said], distress=0.97, **likely) == CLEARED


@pytest.mark.parametrize(
    "text",
    [
        "niemand ziet het, maar hij betast mij elke week",
        "ik wil niet dat hij me aanraakt",
        "ik word niet alleen gepest, ze bedreigen me ook",
        "hij heeft me nooit geslagen maar hij zit wel aan mijn borsten",
        "ja",
    ],
)
def test_words_of_no_in_a_disclosure_are_no_denial(net: SafetyNetComponent, text: str) -> None:
    assert heard(net, text, asked("harassment"), distress=0.9) == "harassment"


def denied(*kinds: str) -> list[Event]:
    return [
        UserUttered("nee"),
        ActionExecuted("action_safety_cleared"),
        SlotSet("safety_denied", list(kinds)),
        UserUttered("ok"),
    ]


def test_after_a_no_the_judge_alone_neither_asks_nor_shows_that_card(net: SafetyNetComponent) -> None:
    story = "hij loopt een blokje om als hij mij in de loods ziet aankomen"
    assert heard(net, story, [], distress=0.95, harassment=0.8) == "harassment"
    assert heard(net, story, denied("harassment"), distress=0.95, harassment=0.8) == "answer"
    assert heard(net, story, [], distress=0.8, harassment=0.5) == CHECK
    assert heard(net, story, denied("burnout"), distress=0.8, harassment=0.5) == "answer"
    # Another kind of which the judge is sure, and a life, are another matter; so are clear words.
    assert heard(net, story, denied("burnout"), distress=0.95, harassment=0.8) == "harassment"
    assert heard(net, story, denied("harassment"), distress=0.8, crisis=0.6) == CHECK
    assert heard(net, CLEAR, denied("harassment"), distress=0.9) == "harassment"


def test_after_a_no_ambiguous_words_of_that_kind_ask_nothing_however_long_ago(net: SafetyNetComponent) -> None:
    later = [*denied("harassment"), *[UserUttered("en toen") for _ in range(2 * TURNS_ANSWERED)]]
    assert heard(net, "ik ben het kotsbeu", later, distress=0.4) == "answer"
    assert heard(net, "ik ben gewoon op", later, distress=0.4) == CHECK
    assert heard(net, "ik zie het niet meer zitten", [*denied("crisis")], distress=0.4) == CHECK


def test_a_slot_from_before_the_kinds_were_told_apart_counts_for_all_but_a_life(net: SafetyNetComponent) -> None:
    events: list[Event] = [SlotSet("safety_denied", True), UserUttered("ok")]
    assert heard(net, "ik ben het kotsbeu", events, distress=0.4) == "answer"
    assert heard(net, "ik zie het niet meer zitten", events) == CHECK


def test_words_of_the_card_are_no_signal_for_who_talks_about_the_card(net: SafetyNetComponent) -> None:
    text = "en dat lijstje met geweld thuis heb ik nooit om gevraagd, doei"
    assert heard(net, text, denied("harassment"), distress=0.9) == "answer"
    told = "er is geweld thuis, hij sluit mij op"
    assert heard(net, told, denied("harassment"), distress=0.9) == "harassment"


def test_a_no_that_was_heard_as_something_else_is_remembered_too(net: SafetyNetComponent) -> None:
    events = [
        *asked("harassment"),
        UserUttered("nee", entities=[{"entity": "safety_denied", "value": "harassment"}]),
        ActionExecuted("action_ask_help"),
        UserUttered("ok"),
    ]
    assert heard(net, "ik ben het kotsbeu", events, distress=0.4) == "answer"


@pytest.mark.parametrize(
    "text", ["dinsdag om vier uur met mijn duocollega, ze ontloopt me", "hoe begin ik daarover, ze ontloopt me"]
)
def test_a_plan_or_a_request_asks_for_more_certainty(net: SafetyNetComponent, text: str) -> None:
    assert heard(net, text, [], distress=0.6, harassment=0.5) == "answer"
    assert heard(net, text, [], distress=0.9, harassment=0.5) == CHECK
    assert heard(net, text, [], distress=0.6, crisis=0.5) == CHECK


def after_card(topic: str, turns: int = 1) -> list[Event]:
    """A card was shown, and `turns` messages were heard as something else since."""
    later: list[Event] = []
    for _ in range(turns):
        later += [UserUttered("het gaat om mijn teamleider", {"name": "answer"}), ActionExecuted("own_case_form")]
    return [*carded(topic), *later]


@pytest.mark.parametrize(
    "text",
    [
        "ik kan wel weer janken nu",
        "dit helpt me niet, ik ben gewoon op",
        "ik zit hier nu te wenen",
    ],
)
def test_who_is_spent_after_a_card_is_not_pushed_on(net: SafetyNetComponent, text: str) -> None:
    assert heard(net, text, after_card("burnout"), distress=0.3) == SPENT
    assert heard(net, text, after_card("harassment", 3), distress=0.3) == SPENT
    assert heard(net, text, [*after_card("burnout"), SlotSet("safety_offered", True)], distress=0.3) != SPENT
    assert heard(net, text, after_card("burnout", TURNS_AFTER_CARD + 1), distress=0.3) != SPENT
    assert heard(net, text, [], distress=0.3) != SPENT


@pytest.mark.parametrize(
    "text", ["ik ben op dreef vandaag", "de koffie is op", "zij moest lachen", "ik ben niet overspannen"]
)
def test_ordinary_words_after_a_card_get_no_offer(net: SafetyNetComponent, text: str) -> None:
    assert heard(net, text, after_card("harassment"), distress=0.3) != SPENT


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("De mensen van de kaart", "burnout"),
        ("ja", "burnout"),
        ("nee, ga maar door", RESUME),
        ("ik vertel het liever", "answer"),
    ],
)
def test_the_offer_is_taken_up_or_not(net: SafetyNetComponent, text: str, intent: str) -> None:
    offered = [UserUttered("", {"name": SPENT}), ActionExecuted("action_safety_spent"), SlotSet("safety_offered", True)]
    assert heard(net, text, [*after_card("burnout"), *offered], distress=0.1) == intent
