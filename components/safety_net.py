"""The safety net in the pipeline: its verdict becomes the intent, whatever the classifier thought.

The phrases of content/safety come first; the classifier's safety intents are the second line. After the assistant
asked plainly, the next message is read as the answer to that question. What was answered with no is remembered by its
kind: about that kind only clear words speak again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bondgenoot import safety_answers
from bondgenoot.content import content
from bondgenoot.intents import CLEARED, SAFETY, SPENT
from bondgenoot.questions import Question, match_choice, normalise
from bondgenoot.safety import CRISIS_ASKED_FROM, TOPICS, Assessment, Level, SafetyNet
from bondgenoot.safety_answers import says_no, says_plainly_no, says_yes, was_misread
from bondgenoot.turn_words import goes_on
from components.conversation_state import (
    card_shown,
    denied_kinds,
    just_asked_plainly,
    last_card,
    open_question,
    spent_offered,
)

CHECK = "safety_check"
RESUME = "resume"
# A no of at least so many words says more than no.
MORE_THAN_NO = 8
# Messages of the person in which an answer to the plain question is not forgotten.
TURNS_ANSWERED = 12
# Messages of the person, the present one among them, in which somebody who is spent after a card is not pushed on.
TURNS_AFTER_CARD = 10
# About a crisis the judge may always ask, unless that was answered itself.
NOT_LIFE = frozenset(TOPICS) - {"crisis"}


@dataclass(frozen=True)
class _Heard:
    """A message and what was said before it. `asked` and `carded` are topics, '' when nothing was."""

    text: str
    asked: str
    carded: str
    denied: frozenset[str]
    question: Question | None
    said: Assessment

    @property
    def spoken_of(self) -> str:
        return self.asked or self.carded


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class SafetyNetComponent(GraphComponent):
    """See the module's docstring."""

    def __init__(self) -> None:
        """Compile the phrases."""
        self._net = SafetyNet.load()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyNetComponent:
        """Rasa's factory."""
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Overrule the intent where there is a signal; take a safety intent away where there is none."""
        for message in messages:
            self._process(message, tracker)
        return messages

    def _process(self, message: Message, tracker: DialogueStateTracker) -> None:
        heard = self._heard(message.get(TEXT) or "", tracker)
        said, text = heard.said, heard.text
        if spent_offered(tracker) and self._after_the_offer(message, text, tracker, said):
            return
        likely = message.get("intent_probabilities") or {}
        found = self._net.doubted(said, message.get("distress") or 0.0, len(text.split()), likely.get("answer", 0.0))
        refused = self._refused(heard)
        # Whoever says that it is not so, names what was asked or shown: 'ik ben niet overspannen'. Signs of a
        # crisis that are not denied themselves are never taken away by a no beside them, nor is a clear signal.
        denied = self._net.is_denial(said)
        if refused and (denied or (found.level == Level.CHECK and said.topic != "crisis")):
            found = Assessment()
        if heard.asked == "crisis" and said.topic == "crisis" and not denied:
            found = Assessment(Level.CARD, "crisis", said.phrase)
        if found.level == Level.CARD:
            self._set(message, found.topic, found)
        elif heard.spoken_of and found.level == Level.CHECK and said.topic == "crisis":
            self._set(message, CHECK, found)
        elif heard.carded and refused:
            self._set(message, RESUME if goes_on(text) else CLEARED, Assessment(Level.CARD, heard.carded), refused=True)
        elif heard.asked:
            self._answer(message, heard, also=str(tracker.get_slot("safety_also") or ""), refused=refused)
        elif self._is_spent(heard, tracker):
            self._set(message, SPENT, Assessment(Level.CARD, last_card(tracker, TURNS_AFTER_CARD)))
        elif found.level == Level.CHECK and not self._nuisance(heard, tracker):
            self._set(message, CHECK, found)
        else:
            self._second_line(message, heard)

    def _heard(self, text: str, tracker: DialogueStateTracker) -> _Heard:
        asked = str(tracker.get_slot("safety_asked") or "") if just_asked_plainly(tracker) else ""
        carded, denied = card_shown(tracker), denied_kinds(tracker)
        # Who talks about the card or the question, repeats its words; about life and death they count all the same.
        spoken = ({asked, carded} | denied) & NOT_LIFE if safety_answers.speaks_of_the_card(text) else set()
        said = self._net.assess(text, {topic: safety_answers.own_words(topic) for topic in spoken})
        return _Heard(text, asked, carded, denied, open_question(tracker), said)

    def _refused(self, heard: _Heard) -> bool:
        """Whether a message says no to what was asked, or that it was out of place; about a crisis plainly so.

        A denial in the words of the question is a no as well: 'niemand heeft me aangeraakt'.
        """
        if not heard.spoken_of:
            return False
        if "crisis" in (heard.asked, heard.carded):
            return says_plainly_no(heard.text)
        denies = heard.said.topic == heard.spoken_of and self._net.is_denial(heard.said)
        return denies or says_no(heard.text) or was_misread(heard.text)

    def _after_the_offer(self, message: Message, text: str, tracker: DialogueStateTracker, said: Assessment) -> bool:
        """Whether a message takes up the offer to see the people of the card again, or goes on instead."""
        topic = last_card(tracker, TURNS_AFTER_CARD + 1)
        wants_people = safety_answers.wants_people(text)
        if said.topic == "crisis" or not topic or not (wants_people or says_no(text)):
            return False
        self._set(message, topic if wants_people else RESUME, Assessment(Level.CARD, topic))
        return True

    def _is_spent(self, heard: _Heard, tracker: DialogueStateTracker) -> bool:
        """Whether somebody who got a card cries or says to have no strength left: then no next question is pushed."""
        card = last_card(tracker, TURNS_AFTER_CARD)
        if not card or card in heard.denied or tracker.get_slot("safety_offered"):
            return False
        if heard.said.topic:
            return heard.said.topic == "burnout" and not self._net.is_denial(heard.said)
        return safety_answers.is_spent(heard.text)

    def _nuisance(self, heard: _Heard, tracker: DialogueStateTracker) -> bool:
        """Whether to leave the plain question out: it is about fraud in a made-up case, or was answered before.

        What was answered counts for ambiguous words only, and never where it is about life and death.
        """
        said, question = heard.said, heard.question
        if said.topic == "report_wrongdoing" and question is not None and question.journey == "dilemma":
            return True
        if said.level == Level.CARD or said.topic == "crisis":
            return False
        if said.topic in heard.denied:
            return True
        turns = 0
        for event in reversed(tracker.events):
            turns += isinstance(event, UserUttered)
            if turns > TURNS_ANSWERED:
                break
            if isinstance(event, SlotSet) and event.key == "safety_asked" and event.value == said.topic:
                return True
            if isinstance(event, UserUttered) and event.intent_name == said.topic:
                return True  # the card was shown
        return False

    def _answer(self, message: Message, heard: _Heard, *, also: str, refused: bool) -> None:
        """Yes shows the card; no shows that of a clear signal which gave way to the question, or goes on.

        A no that goes on to ask for something, is heard as that. When it is neither, the card does no harm after a
        question about life and death; after another question the message is heard as any other, so that nobody who
        talks on is stopped. Clear words beside a no were weighed before this.
        """
        topic, text = heard.asked, heard.text
        meant = match_choice(content().questions["safety_answer"].choices, text)
        refuses = refused or (meant == "no" and topic != "crisis" and not says_yes(text))
        goes_further = topic != "crisis" and not also and heard.question is None
        if refuses and goes_further and len(normalise(text).split()) >= MORE_THAN_NO:
            self._second_line(message, heard, refused=True)
        elif refuses:
            self._set(message, also or CLEARED, Assessment(Level.CARD, topic), refused=True)
        elif meant == "yes" or says_yes(text) or topic == "crisis":
            likely = message.get("intent_probabilities") or {}
            # Whoever says yes to another question, may say more than was asked; a faint sign beside half a yes is none.
            least = 0.0 if says_yes(text) else CRISIS_ASKED_FROM
            if likely.get("crisis", 0.0) > max(likely.get(topic, 0.0), least):
                topic = "crisis"
            self._set(message, topic, Assessment(Level.CARD, topic))
        else:
            self._second_line(message, heard)

    def _second_line(self, message: Message, heard: _Heard, *, refused: bool = False) -> None:
        """The classifier's opinion; somebody who said no is not asked again on its account, nor shown that card."""
        found = self._net.second_line(
            heard.text,
            message.get("distress") or 0.0,
            message.get("intent_probabilities") or {},
            heard.question is not None or safety_answers.plans_or_asks(heard.text),
        )
        denied = heard.denied | ({heard.asked} if refused else set())
        answered = denied | ({heard.carded} if heard.carded else set())
        # Who answered one question of the net, is not asked the next one; about a life only its own answer counts.
        quiet = answered | (NOT_LIFE if answered else set())
        if found.topic in (quiet if found.level == Level.CHECK else denied - {"crisis"}):
            found = Assessment()
        if found.level == Level.CARD:
            self._set(message, found.topic, found)
        elif found.level == Level.CHECK:
            self._set(message, CHECK, found)
        else:
            self._leave(message, heard.asked if refused else "")

    @staticmethod
    def _leave(message: Message, denied: str) -> None:
        """No signal: the likeliest other intent stands. `denied` is the kind that was answered with no by the way."""
        if (message.get(INTENT) or {}).get("name") in SAFETY:
            ranking = [entry for entry in message.get(INTENT_RANKING_KEY) or [] if entry["name"] not in SAFETY]
            best = dict(ranking[0]) if ranking else {"name": "nlu_fallback", "confidence": 0.0}
            message.set(INTENT, best, add_to_output=True)
        if denied:
            entities = [*(message.get(ENTITIES) or []), _entity("safety_denied", denied)]
            message.set(ENTITIES, entities, add_to_output=True)

    @staticmethod
    def _set(message: Message, intent: str, found: Assessment, *, refused: bool = False) -> None:
        message.set(INTENT, {"name": intent, "confidence": 1.0}, add_to_output=True)
        named = {
            "safety_topic": found.topic,
            "safety_also": found.also[0] if found.also else "",
            "safety_denied": found.topic if refused else "",
        }
        message.set(ENTITIES, [_entity(name, value) for name, value in named.items() if value], add_to_output=True)
        message.set("decided_by_safety_net", True)


def _entity(name: str, value: str) -> dict[str, Any]:
    return {"entity": name, "value": value, "extractor": "SafetyNet", "start": 0, "end": 0}
