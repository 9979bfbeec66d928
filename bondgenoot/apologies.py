"""The check on conditional language in an apology: 'als iemand zich gekwetst voelde' is no apology."""

from __future__ import annotations

from collections.abc import Sequence

from bondgenoot.content import ConditionalPhrase
from bondgenoot.questions import normalise


def conditional(text: str, phrases: Sequence[ConditionalPhrase]) -> ConditionalPhrase | None:
    """The first phrase, in the order of the list, that stands in `text` as whole words; None when there is none."""
    plain = f" {normalise(text)} "
    return next((item for item in phrases if f" {normalise(item.phrase)} " in plain), None)
