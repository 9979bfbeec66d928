"""Names for what a trainer makes."""

from __future__ import annotations

import unicodedata

from bondgenoot.questions import normalise

LONGEST_ID = 40


def slug(title: str, longest: int = LONGEST_ID) -> str:
    """A file name for a title: small letters and low dashes."""
    plain = unicodedata.normalize("NFKD", normalise(title)).strip()
    return "_".join(plain.split())[:longest].strip("_").lstrip("0123456789_")
