"""The action in a message that says more: behind a label, or in one sentence of several.

'Nee! Da's fout. Mijn voornemen is: sorry zeggen', 'misschien iets kleins. Ik zou dinsdag de planner kunnen mailen'.
"""

from __future__ import annotations

import datetime
import re

from bondgenoot import answers, asides, hours_said, moment_words, said_ahead, texts
from bondgenoot.clauses import holds, sentences, words_of
from bondgenoot.questions import normalise
from bondgenoot.settings import Settings

# A message of more words is looked through for the sentence that holds the action; of a single one, so many.
LONG_MESSAGE, LONG_SENTENCE = 14, 30
FEWEST_WORDS = 2
_SENTENCE = re.compile(r"^|[.!?;:\n…]+\s+")
_START = re.compile(r"^|[.,!?;\n…]+\s*|\s[-–—]\s")


def action_in(text: str) -> str:
    """What somebody says the action is: 'mijn voornemen is: maandag sorry zeggen' -> 'maandag sorry zeggen'.

    The last one; '' without a label, or when they only say what it is not.
    """
    found = ""
    for start in (match.end() for match in _START.finditer(text)):
        rest = text[start:]
        words = list(re.finditer(r"\S+", rest))
        for size in range(min(len(words) - 1, 6), 0, -1):
            label = rest[: words[size - 1].end()]
            plain = normalise(label)
            if not (_labels(plain, label) and label.strip()[-1] not in ".,;!?"):
                continue
            value = rest[words[size].start() :].lstrip(" :=")
            if normalise(value) and not _denied(value):
                found = value
            break
    return _first_of(found)


def sentence_in(text: str, today: datetime.date, settings: Settings) -> str:
    """The action in a message that starts a commitment; '' when it tells a story without one.

    A sentence counts that holds the day or the hour and somebody who does something, or else 'ik ga', 'ik zou'.
    """
    if labelled := action_in(text):
        return labelled
    said = _sentences(text)
    many = len(said) > 1 and len(text.split()) > LONG_MESSAGE
    if not many and len(text.split()) <= LONG_SENTENCE and not announces(text):
        return answers.without_remarks(text).strip()
    scored = [(_likely(sentence, f": {sentence}" in text, today, settings), sentence) for sentence in said]
    most = max((score for score, _ in scored), default=0)
    return next((sentence for score, sentence in scored if score == most), "") if most > 0 else ""


def announces(text: str) -> bool:
    """Whether a message says that there is to be a commitment, and not yet which."""
    return any(f" {normalise(phrase)} " in f" {normalise(text)} " for phrase in texts.phrases("announcing"))


def _sentences(text: str) -> list[str]:
    """The sentences, and what stands behind a colon: 'nog een keer dan: ik stel haar een kwartier voor'."""
    found = []
    for sentence in sentences(text):
        before, colon, after = sentence.partition(": ")
        begins = normalise(after).split()[:1]
        found.append(after if colon and before and set(begins) <= words_of("who_does") and begins else sentence)
    return [one for one in found if normalise(one)]


def _likely(sentence: str, goes_on: bool, today: datetime.date, settings: Settings) -> int:
    """How likely a sentence holds the action; 0 for none. `goes_on`: it stands behind a colon."""
    plain = normalise(sentence)
    if sentence.rstrip().endswith("?") or announces(sentence) or holds("no_action", plain):
        return 0
    words = plain.split()
    does = bool(set(words) & words_of("who_does")) or any(word.endswith("en") and len(word) > 4 for word in words)
    when = said_ahead.day_in(sentence, today) or hours_said.of_action(sentence, settings)
    moment = bool(when) and bool(moment_words.spans(sentence))
    doing = holds("will_do", plain) or words[0] in words_of("who_does")
    score = 2 * (moment and does) + holds("will_do", plain) + (doing and (moment or goes_on))
    return score + 1 if score and not holds("hesitates", plain) else score


def _labels(plain: str, label: str) -> bool:
    """Whether words are a label for the action: 'en mijn actie is:'."""
    keys = ("says_the_action", "names_the_action") if label.rstrip().endswith((":", "=")) else ("says_the_action",)
    phrases = [asides.expression(phrase) for key in keys for phrase in texts.phrases(key)]
    leads = words_of("change_label_leads")
    words = plain.split()
    while not (found := any(re.fullmatch(phrase, " ".join(words)) for phrase in phrases)):
        if len(words) < FEWEST_WORDS or words.pop(0) not in leads:
            break
    return found


def _denied(value: str) -> bool:
    return holds("change_judges", " ".join(normalise(value).split()[:1]))


def _first_of(value: str) -> str:
    """The new action without what is no part of it: who it is with, a question, a remark."""
    said = sentences(value)
    kept = [one for place, one in enumerate(said) if not place or not (one.endswith("?") or is_role(one))]
    left = answers.without_remarks(" ".join(kept)).strip(" .,;:")
    return left if len(left.split()) >= FEWEST_WORDS else ""


def takes_back(text: str) -> bool:
    """Whether somebody says that what was read back is not what they will do: 'nee, dat neem ik me niet voor'."""
    return holds("no_such_action", normalise(text))


def plan_in(text: str) -> str:
    """Of a plan behind grumbling the part that goes on with the question: 'moet ik dat opnieuw typen? Dan zwijg ik'."""
    starts = [match.end() for match in _SENTENCE.finditer(text)]
    begun = (text[start:] for start in starts if normalise(text[start:]).split()[:1])
    found = next((one for one in begun if normalise(one).split()[0] in words_of("plan_begins")), text)
    return found if len(found.split()) > FEWEST_WORDS else text


def without_questions(text: str) -> str:
    """An answer without the questions to the assistant behind it: 'dan ga ik weg. Of is dat te veel?'."""
    said = sentences(text)
    while len(said) > 1 and said[-1].endswith("?") and holds("asks_us", normalise(said[-1])):
        said.pop()
    return " ".join(said)


def is_role(sentence: str) -> bool:
    """Whether a sentence names somebody and nothing else: 'bij de magazijnier'."""
    words = normalise(sentence).split()
    return len(words) <= answers.FEW_ROLE_WORDS and words[:1] != [] and words[0] in words_of("before_a_person")


def role_beside(text: str) -> str:
    """The person in a sentence of their own beside an action: '... heb. bij de magazijnier' -> 'de magazijnier'."""
    found = [answers.role_in(one) for one in sentences(text)[1:] if is_role(one)]
    return found[-1] if found else ""
