"""Which intents a model takes for one another: measured on the test sentences, kept in BONDGENOOT_HOME/workshop."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bondgenoot.settings import Settings

# (sentence, intent that is meant, intent that the model understands)
Reading = tuple[str, str, str]


@dataclass(frozen=True)
class Confusion:
    """How a model read the test sentences. `right` counts by intent; `wrong` lists each sentence."""

    model: str
    day: str
    sentences: int
    right: dict[str, int]
    wrong: tuple[Reading, ...]

    @property
    def accuracy(self) -> float:
        """The share (0 to 1) that was understood as meant."""
        return sum(self.right.values()) / self.sentences if self.sentences else 0.0

    def pairs(self) -> list[tuple[str, str, list[str]]]:
        """(meant, understood, sentences) of everything that was taken for something else, most often first."""
        found: dict[tuple[str, str], list[str]] = {}
        for text, meant, understood in self.wrong:
            found.setdefault((meant, understood), []).append(text)
        return sorted(((*pair, texts) for pair, texts in found.items()), key=lambda row: (-len(row[2]), row[0], row[1]))


def keep(settings: Settings, model: str, readings: Sequence[Reading], now: datetime.datetime) -> Confusion:
    """Keep how `model` read the sentences, in the place of what was measured before."""
    right = Counter(meant for _, meant, understood in readings if meant == understood)
    wrong = tuple(reading for reading in readings if reading[1] != reading[2])
    made = Confusion(model, now.date().isoformat(), len(readings), dict(sorted(right.items())), wrong)
    path = _path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(made), ensure_ascii=False), encoding="utf-8")
    partial.replace(path)
    return made


def find(settings: Settings) -> Confusion | None:
    """What was measured last, None when nothing was or it cannot be read."""
    try:
        kept: dict[str, Any] = json.loads(_path(settings).read_text(encoding="utf-8"))
        wrong = tuple((str(text), str(meant), str(read)) for text, meant, read in kept["wrong"])
        return Confusion(**{**kept, "wrong": wrong})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _path(settings: Settings) -> Path:
    return settings.home / "workshop" / "confusion.json"
