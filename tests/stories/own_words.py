"""What the assistant itself says in a turn: without what it quotes of a person, of a case or of somebody in it.

The title of a case, in bold letters, is no question of the assistant either, even if it ends in a question mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_WORDS = 60
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)'[^'\n]{3,}?'(?!\w)")
_TITLE = re.compile(r"^\*\*[^*\n]+\*\*$", re.MULTILINE)
# A shorter message may stand in a sentence by chance.
_SHORTEST_ECHO = 12


def own_words(bubble: str, typed: Iterable[str] = ()) -> str:
    """A bubble without quotes, and without what the person typed and the assistant reads back."""
    text = _QUOTED.sub("“”", bubble)
    for message in typed:
        echo = " ".join(message.split()).rstrip(".")
        if len(echo) >= _SHORTEST_ECHO:
            text = text.replace(echo, "“”")
    return text


def questions(bubbles: Iterable[str], typed: Iterable[str] = ()) -> list[str]:
    """The sentences of a turn that end in a question mark."""
    typed = list(typed)
    found = []
    for bubble in bubbles:
        found += re.findall(r"[^.?!\n]*\?", own_words(_TITLE.sub("", bubble), typed))
    return [question.strip() for question in found]
