"""Reading level by the formula of Flesch and Douma, the best known one for Dutch.

    206.84 - 0.93 x (words per sentence) - 77 x (syllables per word)

100 is very easy, 0 very hard; 60 and above is what most adults read without effort. Syllables are counted as groups of
vowels, with the Dutch pairs and triples as one; measured on one text the score is rough, so it only ever warns.
"""

from __future__ import annotations

import re

# The lowest score that is left alone, and the least number of words that say something about level.
EASY_ENOUGH = 50.0
LEAST_WORDS = 40

_SENTENCE_END = re.compile(r"[.!?…:]+(?:\s|$)|\n")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SYLLABLE = re.compile(r"aai|ooi|oei|eeuw?|ieuw?|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|ai|[aeiouyéèëêïîóòöôúùüûáàäâ]")


def syllables(word: str) -> int:
    """The number of syllables of one word, at least 1."""
    return max(len(_SYLLABLE.findall(word.casefold())), 1)


def score(text: str) -> float | None:
    """The score of a text, or None when it is too short to say."""
    found = _WORD.findall(text)
    if len(found) < LEAST_WORDS:
        return None
    sentences = sum(1 for part in _SENTENCE_END.split(text) if part and _WORD.search(part))
    per_word = sum(map(syllables, found)) / len(found)
    return 206.84 - 0.93 * len(found) / max(sentences, 1) - 77 * per_word
