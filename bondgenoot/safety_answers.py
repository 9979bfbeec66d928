"""What a message says to the safety net's plain question, or to a card that was out of place: no, among more words."""

from __future__ import annotations

import re

from bondgenoot import asides, texts
from bondgenoot.clauses import clauses, holds, words_of
from bondgenoot.content import content
from bondgenoot.questions import normalise

# Of a message the first clauses say no; what comes later tells something.
FIRST_CLAUSES = 4
# So many words may stand before the no of a clause: 'nondedju neen', 'zeg manneke, ik zeg neen'.
BEFORE_NO = 4


def says_no(text: str) -> bool:
    """Whether a message says no and does not take it back: 'Hè? Nee joh, wat een rare vraag', not 'nee, soms wel'."""
    said = any(_opens_with_no(normalise(clause)) for clause in clauses(text)[:FIRST_CLAUSES])
    return said and not _holds("no_taken_back", text)


def says_plainly_no(text: str) -> bool:
    """As `says_no`, for a question about life and death: nothing beside the no may sound like a doubt.

    'Nee, niet vandaag' is not plain.
    """
    plain = normalise(text)
    # 'Nee, echt niet. Ik ben gewoon heel moe door mijn werk' says what it is instead.
    for phrase in texts.phrases("tired_of_work"):
        plain = re.sub(rf"\b{asides.expression(phrase)}\b", " ", plain)
    return normalise(text) in words_of("plain_no") or (says_no(text) and not _holds("no_with_a_doubt", plain))


def says_yes(text: str) -> bool:
    """Whether a message begins with a yes that stands on its own: 'ja. bijna niet meer, maar ik wil nog wel'."""
    return normalise(next(iter(clauses(text)), "")) in words_of("only_yes")


def was_misread(text: str) -> bool:
    """Whether a message says that a card was out of place: 'lees je wel', 'ik ben niet overspannen maar kwaad'."""
    return holds("card_out_of_place", normalise(text))


def speaks_of_the_card(text: str) -> bool:
    """Whether a message talks about the net's own card or question: 'dat lijstje heb ik nooit om gevraagd'."""
    return holds("about_the_card", normalise(text))


def is_spent(text: str) -> bool:
    """Whether a message says that somebody cries or has no strength left; meant for after a card only."""
    return holds("spent_after_a_card", normalise(text)) or any(
        re.search(rf"{asides.expression(phrase)}$", normalise(clause))
        for clause in clauses(text)
        for phrase in texts.phrases("spent_ends")
    )


def wants_people(text: str) -> bool:
    """Whether a message takes up the offer to see the people of the card again: its button's words, or yes."""
    return normalise(text) in words_of("people_again") or says_yes(text)


def own_words(topic: str) -> str:
    """What the net itself says of a topic: its question and the people on its card."""
    found = content()
    contacts = (contact.text for contact in found.referrals[topic])
    return "\n".join((*found.texts[f"safety_check_{topic}"], *contacts))


def plans_or_asks(text: str) -> bool:
    """Whether a message makes a plan, names when, or asks something of the assistant: likely ordinary talk."""
    return holds("plan_or_request", normalise(text))


def _opens_with_no(clause: str) -> bool:
    words = clause.split()
    no = set(texts.phrases("opening_no"))
    at = next((place for place, word in enumerate(words[: BEFORE_NO + 1]) if word in no), None)
    if at is None:
        return False
    # 'Ik kan geen nee zeggen' says nothing here: what comes before the no only draws breath.
    before = words_of("before_a_no")
    return all(word in before or set(word) <= set("ha") for word in words[:at])


def _holds(key: str, text: str) -> bool:
    plain = f" {normalise(text)} "
    return any(f" {normalise(phrase)} " in plain for phrase in texts.phrases(key))
