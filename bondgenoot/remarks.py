"""Remarks among an answer: what somebody says to or about the assistant beside what they answer.

'Dat zei ik net: mijn geloofwaardigheid' holds one up to the colon. The judge (components/remark_judge.py) gives the
probability that words are a remark; phrases where a rule is surer stand in content/phrases.yml under `remarks`. What is
quoted, and what goes on where a question ended ('dat ...', 'omdat ...'), is none. Bounds were chosen on
bench/sets/remarks_blind.yml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bondgenoot.asides import expression
from bondgenoot.clauses import begins, words_of
from bondgenoot.content import once_a_publication
from bondgenoot.questions import normalise
from bondgenoot.texts import phrases
from bondgenoot.turn_words import answer_beginnings, spoken

Judge = Callable[[str], float]

# So sure that a sentence before the answer is a remark, and one after it, where people go on telling; and that words
# are that open a sentence before a mark, or before a comma. A question after the answer is soon one to the assistant.
BEFORE_AT, AFTER_AT, ASKED_AT, OPENING_AT, COMMA_AT = 0.75, 0.95, 0.8, 0.8, 0.95
# So sure that a message is nothing else: its surest sentence (in so few words surer), and each. Fewer are an answer.
MESSAGE_AT, SHORT_MESSAGE_AT, EACH_AT = 0.86, 0.93, 0.82
FEWEST_ALONE, SHORT_MESSAGE = 3, 3
# A remark that opens a sentence has at most so many words, and leaves at least so many unless a phrase says it.
LONGEST_OPENING, FEWEST_LEFT = 16, 2
SURE = 1.0
_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff\ufe0f\u200d"
_MARK = re.compile(rf"[:;]\s+|\s[-–—]+\s+|(?:…|\.\.+)\s*|,\s+|[{_EMOJI}][\s{_EMOJI}]*")
_WORD = re.compile(r"\w")


def probability(text: str, judge: Judge) -> float:
    """That a sentence or clause is a remark."""
    plain = normalise(text)
    if not plain or any(pattern.fullmatch(plain) for pattern in _patterns()):
        return SURE
    # Who speaks of others or of a wish, is not speaking to the assistant.
    of_work = set(plain.split()) & spoken()["told_about"] or begins("tells_of_work", plain)
    return 0.0 if of_work or _goes_on(plain) else judge(text)


def opening(sentence: str, judge: Judge) -> int:
    """How many characters of a sentence are a remark before the answer; 0 when it opens with the answer.

    Up to a colon, a dash or dots the words count together, so that 'ja hallo, maar goed: ...' is one remark; up to a
    comma each clause counts by itself.
    """
    start = 0
    for mark in _MARK.finditer(sentence):
        rest = len(normalise(sentence[mark.end() :]).split())
        words = len(normalise(sentence[: mark.start()]).split())
        if not rest or words > LONGEST_OPENING or _inside_a_quote(sentence, mark.start()):
            break
        at_comma = mark[0].startswith(",")
        clause = sentence[start : mark.start()]
        least = SURE if rest < FEWEST_LEFT else COMMA_AT if at_comma else OPENING_AT
        pieces = [clause] if at_comma or not start else [clause, sentence[: mark.start()]]
        if _WORD.search(clause) and max(probability(piece, judge) for piece in pieces) < least:
            if at_comma and _strong_mark_follows(sentence, mark.end()):
                continue
            break
        start = mark.end()
    return start


def left_out(said: Sequence[float], asked: Sequence[bool]) -> set[int]:
    """Places of the sentences of an answer that are remarks: how likely each is one, and whether it is a question."""
    likeliest_answer = said.index(min(said)) if said else 0
    first = next((n for n, at in enumerate(said) if at < BEFORE_AT), likeliest_answer)
    return {n for n, at in enumerate(said) if n < first or (n > first and at >= (ASKED_AT if asked[n] else AFTER_AT))}


def only_remarks(said: Sequence[float], words: int) -> bool:
    """Whether sentences that are so likely remarks are nothing else, in a message of so many words."""
    least = SHORT_MESSAGE_AT if words <= SHORT_MESSAGE else MESSAGE_AT
    return bool(said) and max(said) >= least and min(said) >= EACH_AT and words >= FEWEST_ALONE


def taken_back(sentences: Sequence[str]) -> int:
    """How many sentences are a joke that is taken back: 'een Porsche. nee hoor. dat ik die cursus mag doen' has two."""
    plain = list(map(normalise, sentences))
    back, laughs = words_of("jokes_taken_back"), words_of("laughs")
    for n in range(len(plain) - 2, 0, -1):
        # Somebody who laughs at their own 'ik wil' or 'dat hij' may well mean it.
        at_a_joke = plain[n] in laughs and not any(map(_is_meant, plain[:n])) and _is_meant(plain[n + 1])
        if plain[n] in back or at_a_joke:
            return n + 1
    return 0


def _is_meant(plain: str) -> bool:
    """Whether a sentence begins as an answer does: 'ik wil', 'dat zij'."""
    return plain.split(maxsplit=1)[0:1] != [] and plain.split()[0] in answer_beginnings() | words_of("means_it")


def _goes_on(plain: str) -> bool:
    """Whether words go on where a question ended: 'dat hij luistert', and not 'dat vroeg ik niet'."""
    words = plain.split()
    if len(words) < FEWEST_ALONE or words[0] not in answer_beginnings():
        return False
    return words[1] not in words_of("verbs_of_remarks")


def _strong_mark_follows(sentence: str, at: int) -> bool:
    return any(not mark[0].startswith(",") for mark in _MARK.finditer(sentence, at))


def _inside_a_quote(sentence: str, at: int) -> bool:
    """Whether a place is inside double quotes."""
    before = sentence[:at]
    return before.count('"') % 2 == 1 or before.count("“") + before.count("„") > before.count("”")


@once_a_publication
def _patterns() -> tuple[re.Pattern[str], ...]:
    around = "|".join(sorted(map(normalise, phrases("around_a_remark")), key=len, reverse=True))
    return tuple(
        re.compile(rf"(?:(?:{around}) )*{expression(phrase)}(?: (?:{around}))*") for phrase in phrases("remarks")
    )
