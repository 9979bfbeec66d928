"""The questions of the journeys, and what a person's words mean as an answer to one of them."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bondgenoot import dates

# What a skipped question is filled with, so that the form goes on; never shown to a person.
SKIPPED = "-"
LONGEST_ANSWER = 10_000
# A longer answer to a question that can do harm is asked again.
CAREFUL_WORDS = 6
# In a message of more words, a yes or no counts only where it stands on its own.
LONG_CHOICE_WORDS = 14
BESIDE_A_STORY = 6
# Letters of a phrase that counts in the middle of a story: 'wat' and 'dag' are everywhere.
SHORTEST_IN_A_STORY = 5
# After a yes or no, these make it a way to begin a story.
_HESITATES = re.compile(r"(?:ja|nee|neen|oke|ok|goed) (?:kijk|weet je|maar|nee|ja|luister|zie|allez|of)\b")
# In the middle of a story: what may stand before an answer, plain words for one, and what makes these one.
_BEFORE_AN_ANSWER = {"en", "and", "ok", "oke", "okay", "vooruit", "nou", "dus", "allez", "oh", "fijn", "goed"}
_SIGN = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]+\ufe0f?")
_IN_QUOTES = re.compile(r"[“„\"«][^“”„\"«»]+[”“\"»]|(?<!\w)['‘][^'‘’]+['’](?!\w)")
_PLAIN_YES = {"ja", "jaja", "jawel", "jazeker", "joa", "yes", "yep"}
_PLAIN_NO = {"nee", "neen", "nope"}
_AFTER_YES = {"doe", "maak", "graag", "hoor", "please", "voornemen", "bewaar", "sla", "prima", "laten", "laat", "zet"}
_AFTER_YES |= {"hou", "houd", "noteer", "save", "natuurlijk", "tuurlijk", "zeker", "klopt", "top", "inderdaad"}
_AFTER_NO = {"hoor", "dank", "bedankt", "liever", "laat", "hoeft", "niet", "dankje", "merci", "nu", "thanks"}
_KEEPS = {"sla", "opslaan", "save", "bewaar", "bewaart", "bewoar", "bewoart", "zet", "leg", "hou", "houd", "doe"}
_KEEPS |= {"noteer", "niks", "niets"}
_AFTER_ANY = {"zo", "dan", "maar", "graag", "hoor", "aub", "nu", "please", "alsjeblieft", "alstublieft", "zei", "ik"}
_AFTER_ANY |= {"dus", "even", "toch", "nou", "ton", "moa", "he", "eh", "gewoon", "dank", "je", "u", "thanks"}

_NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        (
            ("nul",),
            ("een", "één"),
            ("twee",),
            ("drie",),
            ("vier",),
            ("vijf",),
            ("zes",),
            ("zeven",),
            ("acht",),
            ("negen",),
            ("tien",),
        )
    )
    for word in words
}
# Grades as people say them, on a scale only: 'een zesje', 'nen zesse'.
_GRADES = {
    word: number
    for number, words in enumerate(
        (
            ("nulletje",),
            ("eentje",),
            ("tweetje",),
            ("drietje", "drieën"),
            ("viertje", "viere"),
            ("vijfje", "vijfke", "vijve", "vijven"),
            ("zesje", "zeske", "zesse", "zessen"),
            ("zeventje", "zevene", "zevenen"),
            ("achtje", "achte", "achten"),
            ("negentje", "negene", "negenen"),
            ("tientje", "tiene", "tienen"),
        )
    )
    for word in words
}
# Between two numbers, one of the first take the first number back; the others may stand beside it.
_TAKES_BACK = {"nee", "neen", "wacht", "toch"}
_BESIDE_IT = {*_TAKES_BACK, "of", "o", "oh", "ah", "doe", "maar", "liever", "een"}
_ORDINALS = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4, "vijfde": 5}

# What turns a "yes" around: a "no" that opens the message, or a negation beside the phrase, in the same clause.
_YES_NO = {"affirm", "deny"}
_OPENING_NO = re.compile(r"(nee|neen|nope)\b")
_NOT = r"(?:niet|nie|ni|geen)"
_BETWEEN = r"(?: (?:nog|zo|echt|helemaal|toch|dat|het))?"


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: what is kept, what the button says, words and intents that mean it."""

    value: str
    label: str
    words: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """Label and words as they are compared."""
        return tuple(filter(None, map(normalise, (self.label, *self.words))))

    @property
    def codes(self) -> frozenset[str]:
        """Words written in capitals, such as NL: they count only as the first or last word of a clause."""
        return frozenset(normalise(word) for word in self.words if word.isupper())

    @property
    def whole_clauses(self) -> frozenset[str]:
        """Words written with a full stop, such as 'bel.': they count only as a clause of their own."""
        return frozenset(normalise(word) for word in self.words if word.endswith("."))


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a journey, asked to fill a slot."""

    slot: str
    journey: str
    kind: str
    may_skip: bool
    wordings: Mapping[str, Any]
    by: str = ""
    free: str = ""
    minimum: int = 0
    maximum: int = 10
    choices: tuple[Choice, ...] = ()
    # A hint for channels that can show more than text (decision 9); None for none.
    ui: Mapping[str, Any] | None = None
    # How much an answer in free words usually holds: a story, a line, or a role.
    expects: str = "story"
    # Whether only a short and plain answer counts, because what follows cannot be undone.
    careful: bool = False
    # Whether the hint asks for the opposite: what somebody does not want. Such an answer is not read back as a wish.
    opposite_hint: bool = False

    @property
    def form(self) -> str:
        """The name of the form that asks it."""
        return f"{self.journey}_form"

    @property
    def intents(self) -> frozenset[str]:
        """Intents that are answers here, not commands."""
        return frozenset(intent for choice in self.choices for intent in choice.intents)

    def wording(self, moment: str, values: Mapping[str, Any], branch: str = "") -> tuple[str, ...]:
        """The filled bubbles for a moment: ask, again, why or hint.

        Where a placeholder has no value, the wording `<moment>_without_<placeholder>` is used if there is one.
        `branch` is the value of the slot `by`, which chooses among several wordings.
        """
        name = next(
            (
                f"{moment}_without_{key}"
                for key, value in values.items()
                if not value and f"{moment}_without_{key}" in self.wordings
            ),
            moment,
        )
        text = self.wordings[name]
        if isinstance(text, Mapping):
            text = text.get(branch) or next(iter(text.values()))
        bubbles = (text,) if isinstance(text, str) else tuple(text)
        return tuple(bubble.format_map(values).strip() for bubble in bubbles)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the words mean: a value for the slot, or None and the key of a text that says what is missing."""

    value: str | None
    notice: str = ""


def read_question(journey: str, entry: Mapping[str, Any]) -> Question:
    """A question from its entry in content/questions, which fits the schema."""
    minimum, maximum = entry.get("min", 0), entry.get("max", 10)
    hint = entry.get("ui")
    if hint and hint["kind"] == "scale":
        hint = {**hint, "min": minimum, "max": maximum}
    wordings = {key: value for key, value in entry.items() if key.split("_")[0] in ("ask", "again", "why", "hint")}
    return Question(
        slot=entry["slot"],
        journey=journey,
        kind=entry["kind"],
        may_skip=entry["skip"] == "allow",
        wordings=wordings,
        by=entry.get("by", ""),
        free=entry.get("free", ""),
        minimum=minimum,
        maximum=maximum,
        ui=hint,
        expects=entry.get("expects", "story"),
        careful=entry.get("careful", False),
        opposite_hint=entry.get("opposite_hint", False),
        choices=tuple(
            Choice(choice["value"], choice["label"], tuple(choice["words"]), tuple(choice.get("intents", ())))
            for choice in entry.get("choices", ())
        ),
    )


def understand(
    question: Question,
    text: str,
    today: datetime.date,
    intents: Sequence[str] = (),
    choices: Sequence[Choice] | None = None,
) -> Answer:
    """What `text` means as an answer to `question`.

    `intents` is the classifier's ranking, best first; `choices` replaces the question's own when they come from
    content, as in a dilemma. A date becomes ISO text, with a trailing '?' when it is a span to be confirmed.
    """
    text = text.strip()
    if not text:
        return Answer(None, "not_understood")
    if text == SKIPPED:
        return Answer(SKIPPED) if question.may_skip else Answer(None, "skip_refused")
    if question.kind == "text":
        return Answer(text) if len(text) <= LONGEST_ANSWER else Answer(None, "answer_too_long")
    if question.kind == "scale":
        number = scale_number(text, question.minimum, question.maximum)
        return Answer(None, "scale_unclear") if number is None else Answer(str(number))
    if question.kind == "date":
        return _understand_date(text, today)
    options = question.choices if choices is None else choices
    if question.careful and _OPENING_NO.match(normalise(text)):
        # A no to what cannot be undone needs no more: 'nee niet alles, alleen die mails'.
        return Answer(next((choice.value for choice in options if "deny" in choice.intents), None), "not_understood")
    if question.careful and len(text.split()) > CAREFUL_WORDS:
        return Answer(None, "not_understood")
    value = match_choice(options, text)
    if value is None:
        value = next(
            (
                choice.value
                for intent in intents[:1]
                for choice in options
                if intent in choice.intents and not _turned_around(choice, options, text)
            ),
            None,
        )
    if value is None and question.free and len(text.split()) >= 3:
        value = question.free
    return Answer(value, "" if value else "not_understood")


def _understand_date(text: str, today: datetime.date) -> Answer:
    if iso := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\??", text):
        try:
            day = datetime.date.fromisoformat(iso[1])
        except ValueError:
            return Answer(None, "date_impossible")
        return Answer(text) if day >= today else Answer(None, "date_past")
    answer = dates.understand(text, today)
    if answer.day is not None and answer.kind == "date":
        return Answer(answer.day.isoformat())
    if answer.day is not None and answer.kind == "span":
        return Answer(answer.day.isoformat() + "?")
    return Answer(None, f"date_{answer.kind.value}")


def scale_number(text: str, minimum: int, maximum: int) -> int | None:
    """The first whole number in `text`, when all in it are within the scale; None otherwise.

    7,5 counts as 7, and 8/10 or 4 op 5 as 8 or 4, where that is the scale.
    """
    words = text.split()
    if len(words) > LONG_CHOICE_WORDS:
        # In a story numbers count other things; the answer opens or closes it.
        text = " ".join([*words[:BESIDE_A_STORY], ".", *words[-BESIDE_A_STORY:]])
    plain = re.sub(r"(\d+)[.,]\d+", r"\1", text.casefold())
    plain = re.sub(rf"(\d+)\s*(?:/|op|van)\s*(?:de\s*)?{maximum}\b", r"\1", plain)
    digits = [int(number) for number in re.findall(r"(?<!\d)\d{1,2}(?!\d)", plain)]
    if digits:
        # 'een 8, met koffie een 9': the first counts, as long as all are on the scale; of 'een 6, nee, een 7' the last.
        return (
            digits[-1 if _corrected(plain) else 0] if all(minimum <= number <= maximum for number in digits) else None
        )
    said = _NUMBER_WORDS | _GRADES
    # "een" is an article far more often than a number, so it counts only when it stands alone.
    words = [word for word in re.findall(r"\w+", plain) if word != "een"] or re.findall(r"\w+", plain)
    spoken = [said[word] for word in words if word in said]
    if _corrected(plain):
        spoken.reverse()
    return next((number for number in spoken if minimum <= number <= maximum), None)


def _corrected(plain: str) -> bool:
    """Whether the first of two numbers is taken back: '6, of nee, een 7', not '8, want ik wacht al 2 jaar'."""
    words = re.findall(r"\w+", plain)
    numbers = [at for at, word in enumerate(words) if is_number(word)]
    between = set(words[numbers[0] + 1 : numbers[-1]]) if len(numbers) > 1 else set()
    return bool(between & _TAKES_BACK) and between <= _BESIDE_IT


def is_number(word: str) -> bool:
    """Whether a word is a number as it stands on a scale: '7', 'zeven', 'zesje'."""
    return word.isdigit() or word in _GRADES or (word in _NUMBER_WORDS and word != "een")


def normalise(text: str) -> str:
    """Lower case without accents and punctuation, single spaces: what choices are compared in."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"[a-z0-9]+", plain.replace("'", "").replace("’", "")))


def named_choice(choices: Iterable[Choice], text: str) -> str | None:
    """The choice that `text` names and nothing else: by number, letter, label or one of its words."""
    options = list(choices)
    plain = normalise(text)
    position = _position(plain.split(), len(options))
    if position is not None:
        return options[position - 1].value
    return next(
        (
            choice.value
            for choice in options
            if plain in (*choice.phrases, choice.value, choice.value.replace("_", " "))
        ),
        None,
    )


def match_choice(choices: Iterable[Choice], text: str) -> str | None:
    """The choice that `text` means: it names the choice, or holds its label or words. None when none or several do.

    Where the words of several choices occur, the longest phrase decides, so that 'niet gelukt' beats 'gelukt'.
    A 'yes' that is turned around, as in 'nee, doe maar niet', counts for the choice that denies.
    """
    options = list(choices)
    named = named_choice(options, text)
    if named is not None:
        return named
    plain = normalise(text)
    in_a_story = len(plain.split()) > LONG_CHOICE_WORDS
    best: dict[str, int] = {}
    for choice in options:
        if in_a_story and _YES_NO & set(choice.intents):
            hits = [len(phrase) for phrase in choice.phrases if _on_its_own(phrase, text)]
        else:
            shortest = SHORTEST_IN_A_STORY if in_a_story else 1
            apart = choice.codes | choice.whole_clauses
            hits = [
                len(phrase)
                for phrase in choice.phrases
                if (_stands_apart(choice, phrase, text) if phrase in apart else len(phrase) >= shortest)
                and f" {phrase} " in f" {plain} "
            ]
        if hits:
            value = _turned_around(choice, options, text) or choice.value
            best[value] = max(best.get(value, 0), *hits)
    longest = max(best.values(), default=0)
    winners = [value for value, length in best.items() if length == longest]
    return winners[0] if len(winners) == 1 else None


def _stands_apart(choice: Choice, phrase: str, text: str) -> bool:
    """Whether a code or a whole clause of a choice stands where it counts: 'Amsterdam dus NL!'."""
    clauses = [
        [plain for word in clause.split() if (plain := normalise(word))]
        for clause in re.split(r"[,;!?\n]|[.:](?=\s|$)", text)
    ]
    if phrase in choice.whole_clauses:
        return [phrase] in clauses
    return any(phrase in (words[0], words[-1]) for words in clauses if words)


def _on_its_own(phrase: str, text: str) -> bool:
    """Whether a yes or no opens a long message, or is what a clause of it says, and not the run-up to a story."""
    text = _SIGN.sub(".", text)  # an emoji ends a clause: 'dat kun je wel 🎉 ja bewaar'
    clauses = [plain for clause in re.split(r"[,.;:!?\n]", text) if (plain := normalise(clause))]
    opening = clauses[0] if clauses else ""
    if (f"{opening} ").startswith(f"{phrase} ") and not _HESITATES.match(opening):
        return True
    if clauses and clauses[-1] == phrase:
        return True
    # What somebody asks or quotes is no answer, nor what comes after a colon.
    sentences = re.split(r"(?<=[.!?\n])", re.sub(_IN_QUOTES, " ", text))
    told = [sentence for sentence in sentences if not sentence.rstrip().endswith("?")]
    # 'Nee' alone takes a joke back where it is a sentence; between commas it is a filler, as 'ja' is anywhere.
    if phrase in _PLAIN_NO and phrase in map(normalise, told):
        return True
    said = (normalise(clause) for one in told for clause in re.split(r"[,.;!?\n]", one) if ":" not in clause)
    return any(_says(phrase, clause.split()) for clause in said)


def _says(phrase: str, words: Sequence[str]) -> bool:
    """Whether a clause says a choice and hardly more: 'en ja maak er maar een voornemen van', 'bewaar het dan'."""
    size = len(phrase.split())
    start = next(
        (n for n in range(len(words)) if " ".join(words[n : n + size]) == phrase or words[n] not in _BEFORE_AN_ANSWER),
        len(words),
    )
    rest = list(words[start + size :])
    if " ".join(words[start : start + size]) != phrase:
        return False
    if phrase in _PLAIN_YES | _PLAIN_NO:
        goes_on = _AFTER_YES if phrase in _PLAIN_YES else _AFTER_NO
        return 0 < len(rest) <= BESIDE_A_STORY and rest[0] in goes_on
    return words[start] in _KEEPS and set(rest) <= _AFTER_ANY


def _turned_around(choice: Choice, options: Iterable[Choice], text: str) -> str | None:
    """The choice that denies, when `choice` affirms and the words of `text` turn that around."""
    denying = next((option.value for option in options if "deny" in option.intents), None)
    if denying is None or "affirm" not in choice.intents:
        return None
    if _OPENING_NO.match(normalise(text)):
        return denying
    phrases = "|".join(choice.phrases)
    negated = re.compile(rf"\b(?:{_NOT}{_BETWEEN} (?:{phrases})|(?:{phrases}){_BETWEEN} {_NOT})\b")
    return denying if any(negated.search(normalise(clause)) for clause in re.split(r"[,.;:!?\n]", text)) else None


def _position(words: list[str], count: int) -> int | None:
    """1-based position meant by '2', 'b', 'optie 2', 'de tweede', 'ik kies b'; None when the text says more."""
    rest = [
        word
        for word in words
        if word not in {"optie", "keuze", "nummer", "antwoord", "de", "ik", "kies", "neem", "voor"}
    ]
    if len(rest) != 1:
        return None
    word = rest[0]
    if word.isdigit():
        position = int(word)
    elif word in _ORDINALS:
        position = _ORDINALS[word]
    elif len(word) == 1:
        position = ord(word) - ord("a") + 1
    elif word == "laatste":
        position = count
    else:
        position = _NUMBER_WORDS.get(word, 0) if word != "een" else 0
    return position if 1 <= position <= count else None
