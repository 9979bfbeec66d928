"""The safety net: reads every message before anything else and says whether help comes first.

The phrases are data, one file a topic in content/safety/, in a notation for trainers (see `_Notation`).
`assess` is the first line, on the text; `second_line` weighs what the trained classifier thinks of it.
Neither keeps or logs what a person wrote: an `Assessment` names the pattern, never the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from bondgenoot.errors import ContentError

TOPICS = ("crisis", "harassment", "burnout", "report_wrongdoing")  # most urgent first
LISTS = ("clear", "ambiguous", "denied", "harmless")
CONTENT = Path(__file__).resolve().parent.parent / "content" / "safety"

# A longer text is read at both ends, so that a pasted document costs no more than a long message.
LONGEST_END = 10_000
# Words that may stand in a gap. Fixed and small: every pattern then takes time linear in the text.
GAP, APART = 4, 6
# What one phrase may become; now 4 gaps and 2,100 characters are the most. Groups of groups double at every step.
MOST_GAPS, LONGEST_REGEX = 6, 20_000
# A message of at most so many words says little besides its phrase.
SHORT_WORDS = 8
# With fewer words than this the classifier alone must be as sure as for a card before the assistant asks.
FEW_WORDS = 4
# From this probability of a crisis on, the classifier's sign of it is asked about as such.
CRISIS_ASKED_FROM = 0.4
# From this one on, a message is not taken for the ordinary answer to an open question.
CRISIS_IN_SIGHT = 0.15
# Intents that a signal of distress may well look like; only another one, clearly meant, speaks against a signal.
KIN = frozenset((*TOPICS, "safety_check", "answer", "out_of_scope", "share_dilemma", "repair_trust", "human_handoff"))
_SIGNS = {"(": "(?:", "|": "|", ")": ")", "~": f"(?: [a-z0-9]+){{0,{GAP}}}?", ".": r" \."}


class Level(str, Enum):
    """What a message calls for, least to most."""

    NONE = "none"
    CHECK = "check"  # ask plainly
    CARD = "card"  # show the referral card


@dataclass(frozen=True)
class Assessment:
    """What a message calls for. `also` names topics that matched clearly but gave way to another."""

    level: Level = Level.NONE
    topic: str = ""
    phrase: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Thresholds:
    """From where the classifier's evidence counts; see content/safety/thresholds.yml."""

    card: float = 0.92
    topic: float = 0.6
    check: float = 0.55
    together: float = 0.64
    answering: float = 0.71
    doubt: float = 0.35
    coincidence: float = 0.1
    ambiguous: float = 0.25
    other: float = 0.35
    answer: float = 0.25
    told: float = 0.38


@dataclass(frozen=True)
class _Pattern:
    source: str
    expression: str

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled at first use, for those who only check the notation."""
        return re.compile(self.expression)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        return (match.span() for match in self.regex.finditer(text))


@dataclass(frozen=True)
class _Topic:
    name: str
    clear: tuple[_Pattern, ...]
    ambiguous: tuple[_Pattern, ...]
    denied: tuple[_Pattern, ...]
    harmless: tuple[_Pattern, ...]

    def assess(self, text: str, echo: str = "") -> Assessment:
        """A match counts unless an ordinary expression covers all of it; a denial asks instead.

        Nor does one count whose words stand so in `echo`, what the assistant itself said.
        """
        harmless = [span for pattern in self.harmless for span in pattern.spans(text)]
        if echo:
            found = (span for pattern in (*self.clear, *self.ambiguous) for span in pattern.spans(text))
            harmless += [(start, end) for start, end in found if f"{text[start:end]} " in echo]
        denials = [(span, pattern.source) for pattern in self.denied for span in pattern.spans(text)]
        denied = [(span, source) for span, source in denials if not _covered(span, harmless)]
        ordinary = harmless + [span for span, _ in denied]
        for pattern in self.clear:
            if any(not _covered(span, ordinary) for span in pattern.spans(text)):
                return Assessment(Level.CARD, self.name, pattern.source)
        if denied:
            return Assessment(Level.CHECK, self.name, denied[0][1])
        for pattern in self.ambiguous:
            if any(not _covered(span, harmless) for span in pattern.spans(text)):
                return Assessment(Level.CHECK, self.name, pattern.source)
        return Assessment()


def _covered(span: tuple[int, int], by: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in by)


class _Spelling:
    """One form for the many ways to write a word: no accents, capitals or doubled letters."""

    _APOSTROPHES = re.compile("(?<=[^\\W\\d_])['\u2019\u2018`\u00b4](?=[^\\W\\d_])")
    _DOTS = re.compile(r"\.{2,}")
    _BREAKS = re.compile(r"[.!?;]+|\n[^\S\n]*\n")
    _NO_WORD = re.compile(r"[^a-z0-9.]+")
    _WORD = re.compile(r"(?<![a-z0-9])[a-z]+(?![a-z0-9*])")
    _REPEATED = re.compile(r"([a-z])\1+")

    def __init__(self, replacements: Mapping[str, str], exact: Mapping[str, str]) -> None:
        self._exact = {self.plain(word): self.plain(standard) for word, standard in exact.items()}
        self._words = {self._single(word): self._single(standard) for word, standard in replacements.items()}
        longest_first = sorted(map(re.escape, self._words), key=len, reverse=True)
        self._table = re.compile(f"(?<![a-z0-9])(?:{'|'.join(longest_first) or '(?!)'})(?![a-z0-9*])")

    @staticmethod
    def plain(text: str) -> str:
        """Lower case without accents and invisible characters; full-width letters become ordinary ones."""
        folded = unicodedata.normalize("NFKD", text.casefold())
        return "".join(letter for letter in folded if unicodedata.category(letter) not in ("Mn", "Cf"))

    def _single(self, text: str) -> str:
        exact = self._WORD.sub(lambda match: self._exact.get(match.group(), match.group()), self.plain(text))
        return self._REPEATED.sub(r"\1", exact)

    def standard(self, text: str) -> str:
        """Plain text in which doubled letters are single and the table has been applied."""
        return self._table.sub(lambda match: self._words[match.group()], self._single(text))

    def normalise(self, text: str) -> str:
        """Words with one space before each; ` .` stands where a sentence ends: no gap reaches across."""
        text = self._APOSTROPHES.sub("", self.plain(text))
        text = self._NO_WORD.sub(" ", self._BREAKS.sub(" . ", self._DOTS.sub(" ", text)))
        return f" {self.standard(' '.join(text.split()))} . "


class _Notation:
    """The trainer's notation, compiled to a regular expression.

    `niet meer leven`   these words, in this order      `verwond*`      a word with any ending (`*overleg`: beginning)
    `wil ~ dood`        up to four words in between      `(baas|chef)`   one of these; `(heel|)` is optional
    `last & iedereen`   in either order, up to six words apart        `<zelf>`   a group of spelling.yml
    `ik ben op .`       only where the sentence ends
    """

    _TOKEN = re.compile(r"\s*(?:(?P<word>\*?[a-z0-9]+\*?)|(?P<group><[a-z_]+>)|(?P<sign>[(|)~.]))")

    _MAY_BE_EMPTY = re.compile(r"\(\?:\||\|\)|\|\||\(\?:\)|\{0,")

    def __init__(self, spelling: _Spelling, groups: Mapping[str, str]) -> None:
        self._spelling = spelling
        self._groups = {spelling.standard(name): words for name, words in groups.items()}

    def compile(self, source: str) -> _Pattern:
        """Raises ValueError with the remedy when `source` is not in the notation."""
        if source.count("~") > MOST_GAPS:
            raise ValueError(f"gebruik hoogstens {MOST_GAPS} keer ~; splits de regel op")
        sides = [self._side(side) for side in source.split("&")]
        if len(sides) > 2:
            raise ValueError("gebruik & hoogstens één keer; splits de regel op in twee regels")
        regex = sides[0]
        if len(sides) == 2:
            apart = f"(?: [a-z0-9]+){{0,{APART}}}?"
            regex = f"(?:{sides[0]}{apart}{sides[1]}|{sides[1]}{apart}{sides[0]})"
        return _Pattern(source, f"{regex}(?= )")

    def _side(self, source: str, within: tuple[str, ...] = ()) -> str:
        text = self._spelling.standard(source).strip()
        if text.startswith("~") or text.endswith("~"):
            raise ValueError("zet voor en na ~ een woord")
        parts: list[str] = []
        at, size, open_brackets, certain = 0, 0, 0, False
        while at < len(text):
            size += len(parts[-1]) if parts else 0
            if size > LONGEST_REGEX:
                raise ValueError("dit wordt met al zijn groepen te groot; splits het op")
            token = self._TOKEN.match(text, at)
            if token is None:
                raise ValueError(f"haal het teken '{text[at:].strip()[0]}' weg of schrijf het als woord")
            at = token.end()
            if word := token["word"]:
                parts.append(" " + word.replace("*", "[a-z0-9]*"))
                certain = certain or not open_brackets
            elif group := token["group"]:
                parts.append(self._group(group, within))
                certain = certain or not (open_brackets or "|)" in parts[-1] or "(?:|" in parts[-1])
            else:
                open_brackets += {"(": 1, ")": -1}.get(token["sign"], 0)
                if open_brackets < 0 or (token["sign"] == "|" and not open_brackets):
                    raise ValueError("zet keuzes met | tussen haakjes, zoals (baas|chef)")
                parts.append(_SIGNS[token["sign"]])
        if open_brackets:
            raise ValueError("sluit elk haakje dat je opent")
        regex = "".join(parts)
        # Compiling takes time, and without an empty choice or a gap something has to stand there.
        if not within and not certain and self._MAY_BE_EMPTY.search(regex) and re.fullmatch(regex, ""):
            raise ValueError("schrijf ten minste één woord dat er altijd moet staan")
        return regex

    def _group(self, token: str, within: tuple[str, ...]) -> str:
        name = token.strip("<>")
        if name not in self._groups or name in within:
            known = ", ".join(f"<{group}>" for group in sorted(self._groups)) or "geen"
            raise ValueError(f"{token} bestaat niet of verwijst naar zichzelf; kies uit: {known}")
        return f"(?:{self._side(f'({self._groups[name]})', (*within, name))})"


class SafetyNet:
    """The first and the second line of the safety net."""

    def __init__(self, topics: tuple[_Topic, ...], spelling: _Spelling, thresholds: Thresholds) -> None:
        self._topics, self._spelling, self.thresholds = topics, spelling, thresholds

    @classmethod
    def load(cls, folder: Path = CONTENT) -> SafetyNet:
        """Read the topics, the spelling table and the thresholds; all that is wrong in one ContentError."""
        net = cls.checked(folder)
        for topic in net._topics:
            for pattern in (*topic.clear, *topic.ambiguous, *topic.denied, *topic.harmless):
                # The first person is not to wait for two seconds of compiling.
                _ = pattern.regex
        return net

    @classmethod
    def checked(cls, folder: Path = CONTENT) -> SafetyNet:
        """As `load`, but compiled only where it is used: for checking the files, or reading one sentence."""
        problems: list[str] = []
        words = _entries(folder / "spelling.yml", ("exact", "words", "groups"), problems)
        tables = {name: {key: value for _, key, value in entries} for name, entries in words.items()}
        spelling = _Spelling(tables["words"], tables["exact"])
        notation = _Notation(spelling, tables["groups"])
        _compile_all(folder / "spelling.yml", "groups", words["groups"], notation.compile, problems)
        topics = []
        for name in TOPICS:
            path = folder / f"{name}.yml"
            entries = _entries(path, LISTS, problems)
            lists = (_compile_all(path, key, entries[key], notation.compile, problems) for key in LISTS)
            topics.append(_Topic(name, *lists))
        thresholds = _thresholds(folder / "thresholds.yml", problems)
        if problems:
            raise ContentError("\n".join(problems))
        return cls(tuple(topics), spelling, thresholds)

    def assess(self, text: str, echoes: Mapping[str, str] | None = None) -> Assessment:
        """What this message calls for, by its words alone.

        Args:
            text: The message.
            echoes: By topic what the assistant said of it, where the message talks about that: its words are no signal.
        """
        if len(text) > 2 * LONGEST_END:
            text = f"{text[:LONGEST_END]}\n\n{text[-LONGEST_END:]}"
        normal = self._spelling.normalise(text)
        said = {name: self._spelling.normalise(echo) for name, echo in (echoes or {}).items()}
        results = (topic.assess(normal, said.get(topic.name, "")) for topic in self._topics)
        found = [result for result in results if result.level is not Level.NONE]
        if not found:
            return Assessment()
        # Danger to life is asked about before any other card; else a card goes before a question.
        first = min(found, key=lambda one: (one.topic != "crisis", one.level is not Level.CARD))
        also = tuple(one.topic for one in found if one is not first and one.level is Level.CARD)
        return Assessment(first.level, first.topic, first.phrase, also)

    def is_denial(self, found: Assessment) -> bool:
        """Whether what was found is a denial by its own words: 'ik ben niet overspannen'."""
        return any(
            found.topic == topic.name and any(found.phrase == pattern.source for pattern in topic.denied)
            for topic in self._topics
        )

    def doubted(self, found: Assessment, distress: float, words: int, answer: float = 0.0) -> Assessment:
        """What the phrases call for, one step less when the judge sees little distress.

        A card becomes a plain question, or nothing when the classifier likely hears an ordinary story about work
        (`answer` is how likely), and ambiguous words ask for none. Of a few words the judge sees too little to
        take a question away, and must be twice as sure to take a card away. In a crisis only a card whose words stand
        there by coincidence, as the judge sees it, becomes a question: no signal of six sets was that (docs/nlu.md).
        """
        short = words <= SHORT_WORDS
        if found.topic == "crisis":
            by_coincidence = found.level == Level.CARD and not short and distress < self.thresholds.coincidence
            return replace(found, level=Level.CHECK) if by_coincidence else found
        if found.level == Level.CARD and distress < self.thresholds.doubt / (2 if short else 1):
            ordinary = not short and answer >= self.thresholds.told
            return Assessment() if ordinary else replace(found, level=Level.CHECK)
        if found.level == Level.CHECK and not short and distress < self.thresholds.ambiguous:
            return Assessment()
        return found

    def second_line(
        self, text: str, distress: float, probabilities: Mapping[str, float], answering: bool = False
    ) -> Assessment:
        """What the trained classifier calls for, where no phrase matched.

        Args:
            text: The message; a few words need more certainty.
            distress: Probability that the text is a signal of distress.
            probabilities: Of the intents, by name; decides about which topic to ask, or that it is something else.
            answering: Whether a question of a journey is open or the message plans or asks something, so that it is
                likely ordinary.
        """
        topic = max(TOPICS, key=lambda name: probabilities.get(name, 0.0))
        if distress >= self.thresholds.card and probabilities.get(topic, 0.0) >= self.thresholds.topic:
            return Assessment(Level.CARD, topic)
        careful = len(text.split()) < FEW_WORDS or self._is_expression(text)
        least = self.thresholds.card if careful else self.thresholds.check
        elsewhere = max((value for name, value in probabilities.items() if name not in KIN), default=0.0)
        if probabilities.get("answer", 0.0) >= self.thresholds.answer:
            return Assessment()
        if distress < least or elsewhere >= self.thresholds.other:
            return Assessment()
        if topic == "crisis":
            # Without a likely sign of it nobody is asked whether they want to live; a yes still shows who helps then.
            return Assessment(Level.CHECK, topic if probabilities.get(topic, 0.0) >= CRISIS_ASKED_FROM else "burnout")
        # Where a crisis is not out of sight, an open question makes no difference.
        calm = answering and probabilities.get("crisis", 0.0) < CRISIS_IN_SIGHT
        enough = self.thresholds.answering if calm else self.thresholds.together
        return Assessment(Level.CHECK, topic) if self._together(distress, probabilities) >= enough else Assessment()

    @staticmethod
    def _together(distress: float, probabilities: Mapping[str, float]) -> float:
        """The mean of what the judge says, the weight of the safety intents, and what is not an answer about work."""
        signal = sum(probabilities.get(name, 0.0) for name in (*TOPICS, "safety_check"))
        return (distress + signal + 1.0 - probabilities.get("answer", 0.0)) / 3

    def _is_expression(self, text: str) -> bool:
        """Whether an ordinary expression stands in the text that may explain what the classifier sees in it."""
        normal = self._spelling.normalise(text[:LONGEST_END])
        return any(next(iter(pattern.spans(normal)), None) for topic in self._topics for pattern in topic.harmless)


# Only nodes are read, and the fast loader reads the same ones.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Entry = tuple[int, str, str]  # line, key (empty in a list), text


def _entries(path: Path, keys: tuple[str, ...], problems: list[str]) -> dict[str, list[_Entry]]:
    """The texts under each key, read as nodes: with their line, and because YAML turns `n` into a boolean."""
    found: dict[str, list[_Entry]] = {key: [] for key in keys}
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError):
        problems.append(f"{path}: kan niet worden gelezen; zet het bestand terug, in UTF-8")
        return found
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        problems.append(f"{path}:{line}: is geen geldige YAML; controleer inspringing en dubbele punten")
        return found
    if not isinstance(root, yaml.MappingNode):
        problems.append(f"{path}:1: begin met een van de velden {', '.join(keys)}")
        return found
    for key_node, node in root.value:
        line, key = key_node.start_mark.line + 1, str(key_node.value)
        if key not in found:
            problems.append(f"{path}:{line}: {key}: het veld '{key}' bestaat niet; kies uit {', '.join(keys)}")
            continue
        for name_node, item in _items(node):
            line, name = item.start_mark.line + 1, str(name_node.value) if name_node else ""
            if isinstance(item, yaml.ScalarNode) and str(item.value).strip():
                found[key].append((line, name, str(item.value)))
            else:
                problems.append(f"{path}:{line}: {key}: een regel onder '{key}' is leeg; vul of schrap hem")
    return found


def _items(node: yaml.Node) -> list[tuple[yaml.Node | None, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return list(node.value)
    return [(None, item) for item in (node.value if isinstance(node, yaml.SequenceNode) else [node])]


def _compile_all(
    path: Path, key: str, entries: list[_Entry], compile_: Callable[[str], _Pattern], problems: list[str]
) -> tuple[_Pattern, ...]:
    patterns = []
    for line, name, text in entries:
        try:
            patterns.append(compile_(f"({text})" if name else text))
        except ValueError as error:
            problems.append(f"{path}:{line}: {key}: '{name or text}' onder '{key}': {error}")
    return tuple(patterns)


def _thresholds(path: Path, problems: list[str]) -> Thresholds:
    values = {}
    for key, entries in _entries(path, tuple(each.name for each in fields(Thresholds)), problems).items():
        text = entries[0][2] if entries else ""
        if not re.fullmatch(r"0?\.\d*[1-9]\d*|1(\.0)?", text):
            line = entries[0][0] if entries else 1
            problems.append(f"{path}:{line}: {key}: moet een getal tussen 0 en 1 zijn, zoals 0.6; pas het aan")
            return Thresholds()
        values[key] = float(text)
    return Thresholds(**values)
