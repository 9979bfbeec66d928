"""Every open question of every journey, met with everything that a person can say there instead of answering, and more.

A cell is one question and one message: the conversation stands at the question, the message is played with the trained
model and the real actions, and the state afterwards is compared with what the dialogue contract says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import yaml
from in_process import HER, Conversation
from open_questions import Open, Stage, all_open, asked_by_a_form, choices_of
from own_words import MOST_WORDS, own_words, questions
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import BotUttered
from rasa_sdk import Tracker

from actions.journey_form import form_of
from actions.journeys import NOT_RESUMED
from bondgenoot.content import content
from bondgenoot.questions import SKIPPED, match_choice
from bondgenoot.settings import ROOT
from components import intent_classifier
from components.intent_model import vector_of

LONG = (
    "Goh, hoe zal ik het zeggen, wij hebben vorige maand een nieuwe verdeling gekregen en ik had op de vergadering "
    "gezegd dat ik de klant zou bellen, maar toen kwam er van alles tussen en uiteindelijk heb ik het laten liggen, "
    "eerlijk is eerlijk. Toen Karin ernaar vroeg heb ik iets vaags geantwoord, dat het onderweg was, en dat was dus "
    "gelogen. Sindsdien doet ze kortaf en ik merk dat ik haar ontwijk bij de printer, wat eigenlijk belachelijk is want "
    "we werken al zes jaar samen en ik heb haar graag als collega. Mijn chef weet van niks, vermoed ik, of hij laat het "
    "niet merken, en de rest van de ploeg kijkt ook wat raar. Ik zou het gewoon moeten zeggen, denk ik dan, maar dan is "
    "het weer zo druk en schuift het weer op, en zo gaat het al weken door zonder dat er iets verandert tussen ons."
)
ENDLESS = ("Ik heb lang gepiekerd over hoe wij in onze ploeg met elkaar praten en wat ik daarin voorstel. " * 60)[:5000]
EMOJI = "🤷🙂"
CONTROL = {
    "greet": "goeiemiddag",
    "goodbye": "tot later",
    "thank": "dank je wel",
    "affirm": "ja",
    "deny": "nee",
    "ask_help": "wat kan je",
    "ask_clarification": "hoe bedoel je",
    "skip": "sla over",
    "dont_know": "weet ik niet",
    "go_back": "terug",
    "stop": "stop",
    "start_over": "begin opnieuw",
    "human_handoff": "ik wil een mens spreken",
    "out_of_scope": "wat wordt het weer morgen in Gent?",
}
# Each is followed by the same question in other words, with nothing changed.
DIGRESSIONS = {
    **{
        name: CONTROL[name]
        for name in ("greet", "thank", "ask_help", "ask_clarification", "human_handoff", "out_of_scope")
    },
    "data question": "wat bewaar je van mij?",
    "what happens with my answer": "wat doe je met mijn antwoord?",
    "who reads this": "en wie leest dit allemaal?",
    "why this question": "waarom wil je dat precies weten?",
    "how many questions": "hoeveel vragen nog?",
    "empty": "",
}
# Two of these at each question, another pair at the next: all are asked at several questions of several journeys.
FAQ = {
    "what_is_trust": "wat is vertrouwen precies?",
    "trust_bond": "wat is een vertrouwensband?",
    "what_is_connection": "wat bedoel je met verbinding tussen collega's?",
    "trust_and_connection": "wat heeft vertrouwen met verbinding te maken?",
    "four_cores": "welke vier kernen zijn er volgens Covey?",
    "integrity": "is integriteit meer dan eerlijk zijn?",
    "intent": "wat is intentie bij Covey?",
    "capabilities": "wat zijn capaciteiten als kern van vertrouwen?",
    "results": "waarom horen resultaten bij de vier kernen?",
    "giving_trust_first": "moet ik eerst vertrouwen geven voor ik het krijg?",
    "why_invest_time": "waarom zou je tijd investeren in vertrouwen?",
    "trust_and_profit": "levert vertrouwen echt meer winst op?",
    "room_for_mistakes": "waarom geeft vertrouwen ruimte voor fouten?",
    "judger_mindset": "wat is de judger mindset?",
    "psychological_safety": "wat is psychologische veiligheid?",
    "moments_that_matter": "welke momenten tellen voor medewerkers?",
    "developing_trust": "hoe ontwikkel je vertrouwen in een team?",
    "restoring_trust": "kan geschonden vertrouwen hersteld worden?",
    "culture_of_trust": "hoe krijg je een cultuur van vertrouwen in een organisatie?",
    "speed_misconception": "hoe lang duurt het om vertrouwen op te bouwen?",
    "self_trust": "waarom begint vertrouwen bij jezelf?",
}
CHITCHAT = {
    "are_you_a_bot": "ben jij een robot?",
    "who_made_you": "wie heeft jou gemaakt?",
    "how_are_you": "hoe gaat het met jou?",
    "language": "kan je ook Engels praten?",
    "insult": "wat ben jij een dom ding",
    "compliment": "wat doe je dat goed zeg",
}
EXPLAINED = {"ask_clarification", "why this question"}
MOST_BUBBLES = 3


@dataclass
class Cell:
    """What was there before a message, what was said, and what is there after it."""

    item: Open
    text: str
    put_last: str
    bubbles: list[str]
    before: Any
    after: Any

    @property
    def slot(self) -> str:
        return self.item.question.slot

    def value(self) -> Any:
        return self.after.get_slot(self.slot)

    def stays(self) -> None:
        assert self.after.active_loop_name == self.item.question.form, f"the journey is {self.after.active_loop_name}"
        assert self.after.get_slot("requested_slot") == self.slot, f"asks {self.after.get_slot('requested_slot')}"
        assert self.changed() <= {"question_failures"}, f"changed: {self.changed()}"

    def asked_anew(self) -> None:
        self.stays()
        assert self.bubbles[-1] != self.put_last, "the same sentence again"

    def leaves(self) -> None:
        assert self.after.active_loop_name is None
        assert self.after.get_slot("requested_slot") is None
        assert not self.changed(), f"changed: {self.changed()}"

    def moved_on(self) -> None:
        """Another question, the same one about the next statement, or another journey."""
        about = ("scan_answers", "practice_id")
        position, was = (
            (tracker.active_loop_name, tracker.get_slot("requested_slot"), *map(tracker.get_slot, about))
            for tracker in (self.after, self.before)
        )
        assert position != was, "the question is still open"

    def changed(self) -> set[str]:
        """Answers that are different now."""
        known = {*content().questions, *self.item.about, "question_failures"} - {"safety_answer"}
        return {
            slot
            for slot in known
            if (self.before.get_slot(slot) or 0) != (self.after.get_slot(slot) or 0)
        }  # fmt: skip

    def earlier_answers_stand(self, but: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        lost = {slot for slot, value in self.item.before.items() if self.after.get_slot(slot) != value} - but
        assert not lost, f"lost: {lost}"


class Table:
    """One open question, and a cell for each message."""

    def __init__(self, conversation: Conversation, item: Open) -> None:
        self._conversation, self._item = conversation, item
        self._stage = Stage(conversation)
        self._point = self._stage.open(item)
        self._before = self._stage.tracker()
        self.problems: list[str] = []

    def play(
        self,
        name: str,
        text: str,
        judge: Callable[[Cell], None],
        then: tuple[str, Callable[[Cell], None]] | None = None,
    ) -> None:
        self._stage.restore(self._point)
        put_last = [event.text for event in self._point if isinstance(event, BotUttered)][-1]
        for message, check in ((text, judge), *((then,) if then else ())):
            bubbles = [str(message.get("text") or "") for message in self._conversation.say(message)]
            cell = Cell(self._item, message, put_last, bubbles, self._before, self._stage.tracker())
            try:
                assert bubbles and all(bubble.strip() for bubble in bubbles), "silence"
                assert len(bubbles) <= MOST_BUBBLES, f"{len(bubbles)} bubbles"
                assert all(len(own_words(bubble, [message]).split()) <= MOST_WORDS for bubble in bubbles), (
                    "a long bubble"
                )
                assert len(asked := questions(bubbles, [message])) <= 1, f"more than one question: {asked}"
                check(cell)
            except AssertionError as error:
                said = "".join(f"\n    < {bubble[:160]}" for bubble in bubbles)
                self.problems.append(f"{name}: {str(error).splitlines()[0]}\n    > {message[:80]}{said}")
            put_last = bubbles[-1] if bubbles else put_last


def typed_is_kept(cell: Cell) -> None:
    """Free text: the answer is exactly what was typed; a choice: one of its values, or the question in other words."""
    question = cell.item.question
    if question.journey == "meet":
        assert cell.value() == SKIPPED
        return
    cell.earlier_answers_stand(but={"commitment_what"} if cell.slot == "commitment_smaller" else frozenset())  # type: ignore[arg-type]
    if question.kind == "text":
        assert cell.value() == cell.text, f"kept: {str(cell.value())[:60]!r}"
        cell.moved_on()
    elif question.free and cell.text != EMOJI:
        assert cell.value() is not None or cell.changed() - {"question_failures"}, "not taken as an answer"
    elif cell.value() in {choice.value for choice in choices_of(cell.item)} and not question.careful:
        cell.moved_on()
    else:
        cell.asked_anew()


def only_yes_or_no(cell: Cell) -> None:
    question, choices = cell.item.question, choices_of(cell.item)
    intent = "affirm" if cell.text == CONTROL["affirm"] else "deny"
    value = match_choice(choices, cell.text)
    value = value or next((choice.value for choice in choices if intent in choice.intents), None)
    if question.journey == "meet":
        assert cell.value() == SKIPPED
    elif question.kind == "choice" and value:
        cell.moved_on()
    elif question.kind == "text" and intent == "deny" and question.may_skip:
        assert cell.value() == SKIPPED
        cell.moved_on()
    else:
        cell.asked_anew()


def explained(cell: Cell) -> None:
    """Why it is asked stands before the question."""
    cell.asked_anew()
    question = cell.item.question
    whys = question.wordings["why"]
    known = whys.values() if isinstance(whys, dict) else [whys]
    first = [(why if isinstance(why, str) else why[0]).split("{")[0].strip() for why in known]
    # Of the scan each statement has a why of its own.
    first += [statement.why for statement in content().statements if cell.slot == "scan_answer"]
    assert any(why and " ".join(why.split()) in cell.bubbles[0] for why in first), "the why is not said"


def answered(name: str) -> Callable[[Cell], None]:
    """The answer to this sub-intent is given, and the question is asked again."""

    def judge(cell: Cell) -> None:
        cell.asked_anew()
        texts = [" ".join(variation["text"].split()) for variation in responses()[f"utter_{name}"]]
        assert cell.bubbles[0] in texts, "another answer"

    return judge


@cache
def responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return found


def passed_or_lighter(cell: Cell) -> None:
    if cell.item.question.may_skip:
        cell.moved_on()
        cell.earlier_answers_stand(but={"commitment_confirm"})
    else:
        cell.asked_anew()


def one_back(cell: Cell) -> None:
    if "go_back" in cell.item.question.intents:
        cell.moved_on()
        return
    back = form_of(cell.item.question.journey).step_back(cell.slot, cell.before)
    if not back:
        cell.asked_anew()
        return
    cell.moved_on()
    assert cell.after.active_loop_name == cell.item.question.form
    cell.earlier_answers_stand(but=set(back))


def left_open(cell: Cell) -> None:
    """A goodbye closes nothing, and asks nothing in the doorway; the country is the exception."""
    if cell.item.question.journey == "meet":
        cell.leaves()
        return
    cell.stays()
    assert len(cell.bubbles) == 1


def resumed(cell: Cell) -> None:
    seen = Tracker(HER, cell.after.current_slot_values(), {}, [], False, None, {}, "")
    if cell.item.question.journey in NOT_RESUMED:
        assert cell.after.active_loop_name is None
    elif not form_of(cell.item.question.journey).applies(cell.slot, seen):
        # After a card nobody is asked for their own part in it: the journey goes on with another question.
        assert cell.after.active_loop_name == cell.item.question.form
        assert cell.after.get_slot("requested_slot") not in (None, cell.slot)
    else:
        cell.stays()


def card(cell: Cell) -> None:
    cell.leaves()
    assert any("112" in bubble for bubble in cell.bubbles)
    kept = [slot for slot in cell.after.slots if cell.text in str(cell.after.get_slot(slot))]
    assert not kept, f"kept in {kept}"


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa checks the schema of an action's answer anew at each call, most of a turn; the conversations keep that check."""
    monkeypatch.setattr(RemoteAction, "_validate_action_result", lambda *_: True)
    monkeypatch.setattr(intent_classifier, "vector_of", _vector)


@cache
def _vector(worker: Any, text: str) -> Any:
    """The same few sentences come at every question."""
    return vector_of(worker, text)


@pytest.mark.parametrize("item", all_open(), ids=str)
def test_nothing_that_is_said_at_a_question_loses_an_answer(item: Open, conversation: Conversation) -> None:
    table = Table(conversation, item)
    for name, text in DIGRESSIONS.items():
        table.play(name, text, explained if name in EXPLAINED else Cell.asked_anew)
    number = [str(one) for one in all_open()].index(str(item))
    for kind, texts, often in (("faq", FAQ, 2), ("chitchat", CHITCHAT, 1)):
        for name in (list(texts) * 2)[number * often % len(texts) :][:often]:
            table.play(f"{kind}/{name}", texts[name], answered(f"{kind}/{name}"))
    table.play("goodbye", CONTROL["goodbye"], left_open)
    table.play("affirm", CONTROL["affirm"], only_yes_or_no)
    table.play("deny", CONTROL["deny"], only_yes_or_no)
    table.play("skip", CONTROL["skip"], passed_or_lighter)
    table.play("a protest", "dat gaat je niks aan", passed_or_lighter)
    table.play("dont_know", CONTROL["dont_know"], Cell.asked_anew, (CONTROL["dont_know"], passed_or_lighter))
    table.play("go_back", CONTROL["go_back"], one_back)
    table.play("stop", CONTROL["stop"], Cell.leaves, ("ga verder", resumed))
    table.play("start_over", CONTROL["start_over"], Cell.leaves)
    table.play("safety", "ik wil niet meer leven", card, ("ga verder", resumed))
    table.play("long", LONG, typed_is_kept)
    table.play("five thousand characters", ENDLESS.strip(), typed_is_kept)
    table.play("emoji", EMOJI, typed_is_kept)
    table.play("two digressions", CHITCHAT["are_you_a_bot"], Cell.asked_anew, (CONTROL["thank"], Cell.asked_anew))

    assert not table.problems, f"\n{item}\n" + "\n".join(table.problems)


def test_every_question_of_the_content_is_met() -> None:
    assert {item.question.slot for item in all_open()} == {question.slot for question in asked_by_a_form()}


def test_every_article_and_chatter_is_asked_for() -> None:
    assert len(all_open()) * 2 >= len(FAQ)
    known = {name.removeprefix("utter_") for name in responses()}
    assert {f"faq/{name}" for name in FAQ} | {f"chitchat/{name}" for name in CHITCHAT} <= known
    assert len(FAQ) == 21


def test_every_control_intent_of_the_contract_is_said() -> None:
    said = """greet goodbye thank affirm deny ask_help ask_clarification skip dont_know go_back stop start_over
    human_handoff out_of_scope""".split()
    assert set(CONTROL) == set(said)
