"""Taking names and numbers out of a sentence that somebody shares, carefully: rather a word too many than one too few.

What is taken for a name, each on its own enough: a capital inside a sentence; a word of content/names.yml; a first word
that no training sentence has; such a word after 'met', 'collega' and the like; and what follows a name and belongs to
it. A rare name in small letters elsewhere can stay: docs/privacy-nl.md says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import yaml

from bondgenoot.content import CONTENT, once_a_publication
from bondgenoot.settings import ROOT

# Longer than this, it is a story and no sentence to learn from.
MOST_WORDS, MOST_CHARACTERS = 25, 200
FEWEST_WORDS = 2
# Of the words, so many may have been taken out; with more, what is left says nothing.
MOST_TAKEN = 0.5

_ADDRESS = re.compile(
    r"\S+@\S+|@\w[\w.-]*|\b(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:nl|be|com|org|net|eu|io|fr|de|gov)\b\S*",
    re.IGNORECASE,
)
# Whatever holds a digit, with what joins digits: telephone and account numbers, dates, times, codes, amounts.
_NUMBER = re.compile(r"[€$£+(#]*\w*\d[\w/.,:()+%-]*(?:[ \t]+[\d+(/-][\w/.,:()+%-]*)*")
# Marks of Rasa's examples, which would name an entity once filed.
_MARKS = re.compile(r"[\[\]{}()<>|\\`*_#\"“”„]+")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*|[^\w\s]+", re.UNICODE)
_PLACE = {"name": "\ue000", "number": "\ue001", "address": "\ue002"}
_END = frozenset(".!?…:;")
# Of the words inside names, those that stand before any noun.
_ARTICLES = frozenset(("de", "het", "'t"))


def strip(text: str) -> str:
    """The sentence without names, addresses and numbers; '' when it is none, too long, or too little is left."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(char if char.isprintable() else " " for char in plain if unicodedata.category(char) != "Cf")
    plain = " ".join(plain.split())
    if plain.startswith("/") or len(plain) > MOST_CHARACTERS or len(plain.split()) > MOST_WORDS:
        return ""
    plain = _ADDRESS.sub(f" {_PLACE['address']} ", plain)
    plain = _NUMBER.sub(f" {_PLACE['number']} ", plain)
    words = _without_names(_MARKS.sub(" ", plain))
    kept = [word for word in words if word not in _PLACE.values() and any(map(str.isalpha, word))]
    taken = [word for word in words if word in _PLACE.values()]
    if len(kept) < FEWEST_WORDS or len(taken) > MOST_TAKEN * (len(kept) + len(taken)):
        return ""
    named = {_PLACE[kind]: shown for kind, shown in _names()["placeholders"].items()}
    line = ""
    for word in words:
        line += ("" if not line or (not word[0].isalnum() and word not in named) else " ") + named.get(word, word)
    return line.strip(" -,;:")


def _without_names(text: str) -> list[str]:
    """The words and marks of a text, with one placeholder for each name."""
    # A message in capitals says nothing by its capitals.
    letters = [char for char in text if char.isalpha()]
    shouted = bool(letters) and sum(map(str.isupper, letters)) > len(letters) / 2
    found: list[str] = []
    for word in re.findall(f"[{''.join(_PLACE.values())}]|{_TOKEN.pattern}", text):
        before = found[-1] if found else ""
        if word in _PLACE.values() or not word[0].isalpha():
            found.append(word)
        elif _is_name(word, before, [*found], shouted):
            while found and _plain(found[-1]) in _lists()["inside_a_name"] and _name_before(found):
                found.pop()
            if not found or found[-1] != _PLACE["name"]:
                found.append(_PLACE["name"])
        else:
            found.append(word)
    return found


def _is_name(word: str, before: str, so_far: list[str], shouted: bool) -> bool:
    lists, plain = _lists(), _plain(word)
    stem = plain.removesuffix("s") if plain.endswith("'s") or "'" in word or "’" in word else plain
    stem = stem.rstrip("'")
    parts = {plain, stem, *plain.replace("'", "-").split("-")}
    if parts & (lists["given"] | lists["family"]):
        return True
    if plain in lists["kept"]:
        return False
    known = plain in _vocabulary() or stem in _vocabulary()
    starts = not before or before[-1] in _END
    if not shouted and any(map(str.isupper, word)) and not (starts and word[1:].islower()):
        return not (starts and word[1:] == "")
    if known:
        return False
    if starts or before == _PLACE["name"] or _plain(before) in lists["before_a_name"]:
        return True
    # 'van den broeck', and what follows a name: 'jan de xhosa'.
    return _plain(before) in lists["inside_a_name"] and (_plain(before) not in _ARTICLES or _name_before(so_far))


def _name_before(found: list[str]) -> bool:
    """Whether what was found so far ends in a name and small words that belong to it."""
    rest = list(found)
    while rest and _plain(rest[-1]) in _lists()["inside_a_name"]:
        rest.pop()
    return bool(rest) and rest[-1] == _PLACE["name"]


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(char for char in folded if not unicodedata.combining(char))


@once_a_publication
def _names() -> Mapping[str, Any]:
    value: dict[str, Any] = yaml.safe_load((CONTENT / "names.yml").read_text(encoding="utf-8"))
    return value


@once_a_publication
def _lists() -> Mapping[str, frozenset[str]]:
    return {kind: frozenset(words) for kind, words in _names().items() if isinstance(words, list)}


@once_a_publication
def _vocabulary() -> frozenset[str]:
    """Words that stand in small letters in a training sentence or a text; what is a name there is none here."""
    words: set[str] = set()
    for folder in ("data/nlu", "data/responses", "content"):
        for path in sorted((ROOT / folder).rglob("*.yml")):
            if path.name != "names.yml" and path.parent.name != "schema":
                found = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", path.read_text(encoding="utf-8"))
                words.update(_plain(word) for word in found if word.islower())
    return frozenset(words)
