"""The words of content/turns.yml and content/menu.yml: messages that are a command word for word, and words that tell
what somebody is doing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

from bondgenoot import texts
from bondgenoot.content import CONTENT, once_a_publication
from bondgenoot.questions import normalise

CLAUSE = re.compile(r"[.,;!?…\n]+")
_SENTENCE = re.compile(r"[.!?…\n]+")
_ASKS = re.compile(
    r"^(en |maar |zeg |he |hey |ok |oke |eh |euh )*"
    r"(wat|wie|waar|waarom|wanneer|hoe|hoezo|welke?|kan|kun|kunt|kunde|mag|is|zijn|ben|bent|bende|heb|heeft|hebt|hebde|"
    r"wil|wilt|moet|weet|ziet|leest|bewaar|bewaart|laat|toon|geef|download|wis|verwijder|vertel|leg|zet|stuur|doe|start)\b"
)

# 'Bel ik haar', 'kiest gij', 'staat dat nu': the verb comes first.
_INVERTED = re.compile(
    r"^(?:en |maar |zeg |ja |ok |oke |oei |dus )*(?!als|dat|da|omdat|want|toen|of|dan|wat|en|maar)[a-z]{2,} "
    r"(?:ik|je|jij|ge|gij|gy|u|hij|ze|zij|we|wij|jullie|dat|da|dit|het|er)\b"
)


def asks_inverted(plain: str) -> bool:
    """Whether normalised text begins with a verb and its subject: a question, or a story that leaves its start out."""
    return bool(_INVERTED.match(plain))


def begins_asking(plain: str) -> bool:
    """Whether normalised text begins as a question or a request does."""
    return bool(_ASKS.match(plain))


def stops(text: str) -> bool:
    """Whether the first or last sentence is word for word a wish to stop: 'ik bel haar wel. Ik stop ermee'."""
    sentences = [plain for sentence in _SENTENCE.split(text) if (plain := normalise(sentence))]
    meanings = whole_messages()
    return len(sentences) > 1 and "stop" in {meanings.get(sentences[0]), meanings.get(sentences[-1])}


def takes_leave(text: str) -> bool:
    """Whether a clause is word for word a goodbye: 'bewaar maar, doei'."""
    meanings = whole_messages()
    return any(meanings.get(normalise(clause)) == "goodbye" for clause in CLAUSE.split(text))


def goes_on(text: str) -> bool:
    """Whether a sentence begins with the wish to go on: 'die wou ik juist bellen. Ga verder met mijn voornemen'."""
    going_on = [
        phrase for phrase, intent in whole_messages().items() if intent == "resume" and phrase.startswith("ga ")
    ]
    sentences = map(normalise, CLAUSE.split(text))
    return any(f"{sentence} ".startswith(f"{phrase} ") for sentence in sentences for phrase in going_on)


@once_a_publication
def whole_messages() -> Mapping[str, str]:
    """Normalised message -> control intent, from content/turns.yml."""
    entries = yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))["whole_message"]
    phrases = {normalise(phrase) or phrase: intent for intent, phrases in entries.items() for phrase in phrases}
    # Sharing has no intent of its own: it belongs to what is kept of somebody, and actions/sharing.py tells it apart.
    sharing = (*texts.phrases("sharing_on"), *texts.phrases("sharing_off"))
    phrases |= dict.fromkeys(map(normalise, sharing), "export_data")
    return {**{normalise(label): intent for intent, label in menu_labels().items()}, **phrases}


@once_a_publication
def answer_beginnings() -> frozenset[str]:
    """First words that make a sentence the answer to an open question, from content/turns.yml."""
    return frozenset(yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))["answers_begin_with"])


@once_a_publication
def spoken() -> Mapping[str, frozenset[str]]:
    """Words that tell what somebody is doing, by kind, from content/turns.yml."""
    spoken = yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))["spoken"]
    return {kind: frozenset(words) for kind, words in spoken.items()}


def names_commitment(plain: str) -> bool:
    """Whether normalised text names a commitment as such."""
    return any(word.startswith(beginning) for word in plain.split() for beginning in spoken()["commitment"])


@once_a_publication
def menu_labels() -> Mapping[str, str]:
    """Intent (or sub-intent) -> the text on its button, from content/menu.yml."""
    labels: dict[str, str] = yaml.safe_load((CONTENT / "menu.yml").read_text(encoding="utf-8"))["labels"]
    return labels


@once_a_publication
def main_menu() -> tuple[str, ...]:
    """The intents that the menu offers."""
    return tuple(yaml.safe_load((CONTENT / "menu.yml").read_text(encoding="utf-8"))["main"])
