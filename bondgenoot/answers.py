"""What to keep of an answer in free words: the role without the chatter around it, and whether it says anything."""

from __future__ import annotations

import re

from bondgenoot import asides, texts
from bondgenoot.clauses import begins
from bondgenoot.questions import normalise
from bondgenoot.turn_words import answer_beginnings

# From this many words on, an answer to a question that expects a few is a text of its own, such as a pasted mail.
LONG_ANSWER_WORDS = 40
# Of an answer at least this many words must be left when the chatter around it goes.
FEWEST_LEFT, LONGEST_LINE = 2, 20
_CLAUSE_END = re.compile(r"[.,;:!?…\n]+")
# A role has at most this many words; more is left as it was typed.
LONGEST_ROLE = 12
# An answer of more words may say something beside the role.
FEW_ROLE_WORDS = 5
# 'Zei ik al' behind an answer has at most this many words.
MOST_REMARK_WORDS = 5
_CLAUSE = re.compile(r"([^.,;:!?…\n]+)([.,;:!?…\n]*)")
# Words that are worth reading back are at least so many.
FEWEST_QUOTED = 3
# An answer of at most so many words is read back as it is; of a longer one a sentence of at most so many.
FEW_WORDS, MOST_QUOTED = 14, 24
_CLAUSE_START = re.compile(r"^|[.,;:!?…\n]+\s*")
_SENTENCE_MARK = re.compile(r"([!?…\n]+|\.(?=\s|$))")
_SENTENCE_MARKS = set(".!?…\n")


def role_in(text: str) -> str:
    """'pff weet ik veel, gewoon iemand van het team denk ik' -> 'iemand van het team'.

    Of a longer answer the clause that names somebody: 'met mijn manager, daar gaat het de hele tijd over' ->
    'mijn manager'. '' when nothing is left but chatter; the text itself when it tells more than a role.
    """
    text = _without_said_before(text)
    words = text.split()
    if len(words) > FEW_ROLE_WORDS and (role := _role_among(text)):
        return _without_chatter_within(role)
    if not names_nobody(words):
        words = _stripped(words, _chatter("before_a_role"), _chatter("after_a_role"))
    if len(words) > LONGEST_ROLE:
        return text.strip()
    return _without_chatter_within(" ".join(words).strip(" ,.;:!?"))


def without_remarks(text: str) -> str:
    """An answer without sentences that say it was said before: 'kheb het just gezegd. efkes bellen' -> 'efkes bellen'.

    Only those at either end that say no more than that; the text itself when nothing else is left.
    """
    return _without_remarks(text, re.compile(r"[^.;:!?…\n]+[.;:!?…\n]*"))


def _without_said_before(text: str) -> str:
    """A role without that: 'chauffeur zei ik al' -> 'chauffeur'."""
    left = _without_remarks(text, _CLAUSE)
    words = left.split()
    if len(words) <= FEW_ROLE_WORDS + MOST_REMARK_WORDS:
        for size in range(min(len(words) - 1, MOST_REMARK_WORDS), 1, -1):
            if _is_remark(" ".join(words[-size:])) and not _is_remark(" ".join(words[:-size])):
                return " ".join(words[:-size]).rstrip(" ,.;:")
    return left


def named_again(text: str) -> str:
    """The role of somebody who also says that they named it before; '' when they do not, or name nobody."""
    return role_in(text) if _without_said_before(text) != text.strip() else ""


def _without_remarks(text: str, pieces: re.Pattern[str]) -> str:
    said = [found[0] for found in pieces.finditer(text)]
    while len(said) > 1 and _is_remark(said[0]):
        said = said[1:]
    while len(said) > 1 and _is_remark(said[-1]):
        said = said[:-1]
    left = "".join(said).strip()
    return left if normalise(left) else text


def _is_remark(clause: str) -> bool:
    plain = normalise(clause)
    patterns = (asides.expression(phrase).rstrip() for phrase in texts.phrases("said_before"))
    return any(re.fullmatch(rf"{pattern} ?", f"{plain} ") for pattern in patterns)


def _without_chatter_within(role: str) -> str:
    """'Marjolein natuurlijk, de programmamanager' -> 'Marjolein, de programmamanager'."""
    first, comma, rest = role.partition(",")
    words = _stripped(first.split(), (), _chatter("after_a_role"))
    return f"{' '.join(words)}{comma}{rest}" if comma and words else role


def line_in(text: str) -> str:
    """'weet niet. een keer bij hem binnenlopen misschien' -> 'een keer bij hem binnenlopen'.

    Only where what is left still says something; a longer text stays as it is.
    """
    if len(text.split()) > LONGEST_LINE:
        return text
    line = _without_openings(text.strip())
    words = line.split()
    while (shorter := _without(words, _chatter("after_an_answer"), from_start=False)) and shorter[1] >= FEWEST_LEFT:
        words = words[: shorter[1]]
    return " ".join(words).rstrip(" ,;") if len(words) < len(line.split()) else line


def _without_openings(line: str) -> str:
    """A line without 'goh' or 'moeilijke vraag' before it, as long as something is left."""
    while (found := _CLAUSE_END.search(line)) and normalise(line[: found.start()]) in _words("before_an_answer"):
        rest = line[found.end() :].strip()
        if len(rest.split()) < FEWEST_LEFT:
            break
        line = rest
    return line


def quotable(text: str, most_words: int) -> str:
    """What to read back of an answer: 'Een Porsche. Nee serieus: dat ik die sessie geef' -> 'dat ik die sessie geef'.

    Of what stands after the last place where somebody starts again, the first sentence that goes on where a question
    ended ('dat ik ...'), or else the first. '' when none has three to `most_words` words: one that asks something is to
    the assistant, one that exclaims is a protest, and neither is about the work.
    """
    rest = text.strip()[max(_restarts(text.strip()), default=0) :]
    rest = _without_openings(rest.lstrip(" .,;:!?…\n"))
    found = [
        line
        for sentence, mark in _marked_sentences(rest)
        if not {"?", "!"} & set(mark) and FEWEST_QUOTED <= len((line := _quoted_line(sentence)).split()) <= most_words
    ]
    found = [line for line in found if not denies(line)]
    return next((line for line in found if normalise(line).split()[0] in answer_beginnings()), next(iter(found), ""))


def read_back(text: str) -> str:
    """What to quote of an answer in the next question; '' when nothing in it is plainly content.

    Few words stand as they are, of more the sentence that says it. No question, no exclamation, and nothing that begins
    with a no: 'Je wilt: nee, dat niet' says nothing.
    """
    few = len(text.split()) <= FEW_WORDS and not {"?", "!"} & set(text) and not denies(text)
    return text if few else quotable(text, MOST_QUOTED)


def denies(text: str) -> bool:
    """Whether words begin with a no, or with a doubt that says nothing by itself."""
    return begins("opening_no", normalise(text))


def _marked_sentences(text: str) -> list[tuple[str, str]]:
    """The sentences of a text, each with the marks that end it."""
    pieces = _SENTENCE_MARK.split(text)
    return [(sentence.strip(), mark) for sentence, mark in zip(pieces[::2], [*pieces[1::2], ""])]


def _quoted_line(sentence: str) -> str:
    return line_in(_without_openings(sentence)).strip(" .,;:")


def _restarts(text: str) -> list[int]:
    """Where what people say after a joke or a protest begins."""
    phrases = sorted({*_words("restarts"), *_words("takes_words_back")}, key=len, reverse=True)
    found = []
    for start in (match.end() for match in _CLAUSE_START.finditer(text)):
        new_sentence = not text[:start].strip() or text[:start].rstrip()[-1] in _SENTENCE_MARKS
        for phrase in phrases:
            size = len(phrase.split())
            words = list(re.finditer(r"\S+", text[start:]))[:size]
            if normalise(" ".join(word[0] for word in words)) != phrase:
                continue
            end = start + words[-1].end()
            marked = not text[end - 1].isalnum()
            plainly = marked or (size > 1 and phrase in _words("takes_words_back"))
            if plainly and (new_sentence or size > 1 or text[end - 1] == ":"):
                found.append(end)
            break
    return found


def says_only_yes(text: str) -> bool:
    """Whether an answer to an open question is a bare 'ja', which tells nothing yet."""
    return normalise(text) in {normalise(phrase) for phrase in texts.phrases("only_yes")}


def says_nothing(text: str) -> bool:
    """Whether an answer says that there is nothing to tell."""
    return normalise(text) in {normalise(phrase) for phrase in texts.phrases("nothing")}


def keeps_it(text: str) -> bool:
    """Whether an answer to 'how can it be smaller?' leaves the action as it is: 'laat zo, het is al klein'.

    So it does when a clause says no more than that: 'nog kleiner? dat gaat niet. laat maar zo'.
    """
    openings = (*_chatter("opening_no"), *_chatter("before_an_answer"))
    said = (" ".join(_stripped(clause.split(), openings, ())) for clause in _CLAUSE_END.split(text))
    clauses = [normalise(clause) for clause in (*_CLAUSE_END.split(text), *said)]
    plain = normalise(text)
    if any(re.search(rf"\b{asides.expression(phrase)}\b", plain) for phrase in texts.phrases("not_smaller")):
        return True
    for phrase in map(normalise, texts.phrases("keep_as_it_is")):
        if plain == phrase or (" " in phrase and (plain.startswith(phrase + " ") or phrase in clauses)):
            return True
    return False


def is_long(text: str) -> bool:
    """Whether an answer is a text of its own."""
    return len(text.split()) >= LONG_ANSWER_WORDS


def _role_among(text: str) -> str:
    """The clause of a longer answer that names somebody, with those that go on with it; '' when that is not plain."""
    clauses = [(found[1], bool(_SENTENCE_MARKS & set(found[2]))) for found in _CLAUSE.finditer(_last_try(text))]
    opens = True
    for place, (clause, ended) in enumerate(clauses):
        role = _role_clause(clause, anywhere=opens)
        if not role:
            if words := _stripped(clause.split(), _chatter("before_a_role"), _chatter("after_a_role")):
                opens = False
                # 'Jan van de boekhouding, mijn hoofd loopt over': what tells nothing, may be somebody without 'de'.
                tells = _words("role_tells") & {normalise(word) for word in words}
                if not tells and not names_nobody(words):
                    return ""
            continue
        for following, follows_ended in clauses[place + 1 :]:
            more = _role_goes_on(following, needs_lead=ended)
            if not more:
                break
            role, ended = f"{role}, {more}", follows_ended
        return role if len(role.split()) <= LONGEST_ROLE else ""
    return ""


def _last_try(text: str) -> str:
    """What comes after somebody takes words back: 'met mijn baas, nee wacht, met de planner' -> 'met de planner'."""
    plain_phrases = {normalise(phrase) for phrase in texts.phrases("takes_words_back")}
    found = list(_CLAUSE.finditer(text))
    last = max((n for n, one in enumerate(found) if normalise(one[1]) in plain_phrases), default=-1)
    return text[found[last].end() :] if -1 < last < len(found) - 1 else text


def _role_clause(clause: str, anywhere: bool) -> str:
    """Somebody in a clause, without what stands around it.

    A clause that does not open the answer needs a preposition, or begins with 'mijn'.
    """
    prepositions = _words("before_a_person")
    leads = tuple(phrase for phrase in _chatter("before_a_role") if phrase[0] not in prepositions)
    words = _stripped(clause.split(), leads, ())
    with_preposition = bool(words) and normalise(words[0]) in prepositions
    words = _stripped(words[with_preposition:], leads, ())
    first = normalise(words[0]) if words else ""
    if not with_preposition and first not in _words("determiners" if anywhere else "possessives"):
        return ""
    return _somebody(words)


def _role_goes_on(clause: str, needs_lead: bool) -> str:
    """A clause that names somebody else beside a role: 'en met het hele team'.

    After the end of a sentence it takes both 'en' and 'met'.
    """
    words = clause.split()
    rest = _stripped(words, _chatter("role_goes_on"), ())
    led = len(rest) < len(words)
    with_preposition = bool(rest) and normalise(rest[0]) in _words("before_a_person")
    somebody = _somebody(rest[with_preposition:])
    if not somebody or (needs_lead and not (led and with_preposition)):
        return ""
    lead = " ".join(words[: len(words) - len(rest) + with_preposition])
    return f"{lead[:1].lower()}{lead[1:]} {somebody}".strip()


def _somebody(words: list[str]) -> str:
    """The words that begin with a determiner, up to where they tell something else; '' when they name nobody."""
    words = _stripped(words, (), _chatter("after_a_role"))
    plain = [normalise(word) for word in words]
    relative = next((n for n, word in enumerate(plain) if n and word in _words("role_relative")), len(plain))
    ends = next((n for n, word in enumerate(plain[:relative]) if word in _words("role_ends")), len(plain))
    words = _stripped(words[:ends], (), (*_chatter("after_a_role"), *_chatter("role_goes_on")))
    plain = [normalise(word) for word in words]
    tells = _words("role_tells") & set(plain[:relative])
    alone = len(plain) == 1 and plain[0] not in _words("someone")
    if not plain or plain[0] not in _words("determiners") or names_nobody(words) or tells or alone:
        return ""
    return " ".join(words)


def names_nobody(words: list[str]) -> bool:
    """Whether words begin as what is no person does: 'met name', 'een goede vraag'."""
    plain = tuple(normalise(word) for word in words)
    return any(plain[: len(phrase)] == phrase for phrase in _chatter("no_roles"))


def _words(key: str) -> frozenset[str]:
    return frozenset(map(normalise, texts.phrases(key)))


def _stripped(words: list[str], before: tuple[tuple[str, ...], ...], after: tuple[tuple[str, ...], ...]) -> list[str]:
    """`words` without chatter at either end."""
    while shorter := _without(words, before, from_start=True) or _without(words, after, from_start=False):
        words = words[shorter[0] : shorter[1]]
    return words


def _chatter(key: str) -> tuple[tuple[str, ...], ...]:
    phrases = (tuple(normalise(phrase).split()) for phrase in texts.phrases(key))
    return tuple(sorted(phrases, key=len, reverse=True))


def _without(words: list[str], chatter: tuple[tuple[str, ...], ...], from_start: bool) -> tuple[int, int] | None:
    """Bounds of `words` without one phrase of chatter at an end; None when there is none."""
    plain = [normalise(word) for word in words]
    for phrase in chatter:
        size = len(phrase)
        if size <= len(plain) and from_start and tuple(plain[:size]) == phrase:
            return size, len(words)
        if size <= len(plain) and not from_start and tuple(plain[len(plain) - size :]) == phrase:
            return 0, len(words) - size
    return None
