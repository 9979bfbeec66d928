"""Who broke trust, and what happened, when somebody says it before it is asked.

The phrases stand in content/phrases.yml. Wrong is worse than none: what is not plain, is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bondgenoot import apology_words, asides, texts
from bondgenoot.clauses import clauses, holds, sentences, words_of
from bondgenoot.questions import LONG_CHOICE_WORDS, Choice, match_choice, normalise

# A message of this many words that starts the journey tells what happened; a confession needs fewer.
STORY_WORDS, CONFESSION_WORDS = 12, 6
# What stands beside an answer is a story from this many words; the answer itself has at most so many.
BESIDE_WORDS, ANSWER_WORDS = 5, 5
# Who only names trust itself ('ik heb het vertrouwen geschonden'), did not say yet what happened.
_ONLY_TRUST = re.compile(r"\bvertrouwen\b")


def confesses(text: str) -> bool:
    """Whether somebody says that it was their own doing: 'ik heb haar iets beloofd en niet gedaan'."""
    return any(_confesses(normalise(clause)) for clause in clauses(text))


def story_in(text: str) -> str:
    """What happened, of a message that starts the journey; '' when it does not tell that."""
    told = " ".join(sentence for sentence in sentences(text) if not sentence.endswith("?"))
    told = apology_words.to_the_other(told, keep_all=False)
    words = len(told.split())
    confession = words >= CONFESSION_WORDS and confesses(told) and not _ONLY_TRUST.search(normalise(told))
    if words >= STORY_WORDS or confession:
        return told
    return text.strip() if len(text.split()) >= STORY_WORDS and confesses(text) else ""


def story_beside(text: str, choices: Sequence[Choice]) -> str:
    """What happened, told beside the answer whose part it was: 'door mij. ik heb de rapportage niet geleverd'."""
    rest = text
    first = clauses(text)[0] if clauses(text) else ""
    if len(first.split()) <= ANSWER_WORDS and match_choice(choices, first):
        rest = text[text.find(first) + len(first) :].lstrip(" .,;:!?…\n")
    told = [
        sentence
        for sentence in sentences(rest)
        if not sentence.endswith("?") and not holds("says_to_assistant", normalise(sentence))
    ]
    story = " ".join(told).strip()
    tells = any(holds("tells_past", normalise(sentence)) for sentence in told)
    return story if tells and len(story.split()) >= BESIDE_WORDS else ""


def verdict_in(text: str) -> str:
    """Of a long answer the sentences that say whether something is true; a short one as it is."""
    if len(text.split()) <= LONG_CHOICE_WORDS:
        return text
    said = [one for one in sentences(text) if not one.endswith("?") and holds("says_whether_true", normalise(one))]
    return " ".join(said) or text


def _confesses(plain: str) -> bool:
    if holds("confesses_nothing", plain):
        return False
    if holds("confesses_not", plain) and not _of_others(
        "confesses_not", plain, {"niet", "nie", "niks", "niets", "nooit"}
    ):
        return True
    return holds("confesses", plain) and not _of_others("confesses", plain, set())


def _of_others(key: str, plain: str, allowed: set[str]) -> bool:
    """Whether every place where a phrase stands is about somebody else: 'ik heb gehoord dat hij gelogen heeft'."""
    others = words_of("confesses_for_others") - allowed
    places = [
        set(found[0].split()[1:])
        for phrase in texts.phrases(key)
        for found in re.finditer(rf"\b{asides.expression(phrase)}\b", plain)
    ]
    return all(words & others for words in places)
