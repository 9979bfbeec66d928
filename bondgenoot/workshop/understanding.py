"""What a trained model understands of sentences, and why, in words. The model runs in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bondgenoot import intents, settings, turns
from bondgenoot.clock import Clock
from bondgenoot.errors import BondgenootError
from bondgenoot.safety import Assessment, Level, SafetyNet
from bondgenoot.settings import ROOT, Settings
from bondgenoot.training import child_environment
from bondgenoot.workshop.findings import tell, words

SHOWN = 3


@dataclass(frozen=True)
class Understood:
    """One sentence as the model reads it; confidences from 0 to 1."""

    text: str
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]


class Reader:
    """A model that reads sentences, one at a time."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process, self._log = process, log

    def read(self, texts: Iterable[str]) -> Iterator[Understood]:
        """What each text means.

        Raises:
            BondgenootError: when the process ended; names its log.
        """
        assert self._process.stdin
        for text in texts:
            self._process.stdin.write(json.dumps(text) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._line())
            ranking = tuple((str(name), float(value)) for name, value in answer["ranking"])
            yield Understood(text, answer["intent"], answer["confidence"], ranking)

    def wait(self) -> None:
        """Return when the model is loaded."""
        self._line()

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise BondgenootError(tell("reader_ended", log=self._log))
        return line


@contextmanager
def reader(loaded: Settings, model: Path) -> Iterator[Reader]:
    """Load `model` in a process of its own (some seconds) and end it afterwards.

    Raises:
        BondgenootError: when it cannot be loaded; names the log.
    """
    log = loaded.home / "log" / "reader.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "components.sentence_reader", str(model)],
            cwd=ROOT,
            env=child_environment(loaded),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )
        try:
            found = Reader(process, log)
            found.wait()
            yield found
        finally:
            if process.stdin:
                process.stdin.close()
            process.terminate()
            process.wait()


def explain(one: Understood) -> list[str]:
    """What was understood and why, as lines for a trainer."""
    lines = [tell("say_intent", intent=one.intent, percent=_percent(one.confidence))]
    others = [f"{name} ({_percent(value)} %)" for name, value in one.ranking if name != one.intent][:SHOWN]
    if others:
        lines.append(tell("say_others", others=", ".join(others)))
    found = SafetyNet.load().assess(one.text)
    lines.append(_on_safety(one, found))
    if one.intent not in intents.SAFETY:
        lines.append(tell("say_why", why=words()["reasons"][_reason(one)]))
    return lines


def _on_safety(one: Understood, found: Assessment) -> str:
    if found.level is not Level.NONE:
        verdict = words()["levels"][found.level.value]
        key = "say_net_phrase" if one.intent in intents.SAFETY else "say_net_overruled"
        return tell(key, verdict=verdict, topic=found.topic, phrase=found.phrase)
    return tell("say_net_classifier" if one.intent in intents.SAFETY else "say_net_silent")


def _reason(one: Understood) -> str:
    today = Clock.from_settings(settings.load()).today()
    ranking = [(name.split("/")[0], value) for name, value in one.ranking]
    return turns.decide(one.text, turns.possible(ranking, None), None, today=today).reason


def _percent(value: float) -> int:
    return round(100 * value)


def accuracy(pairs: Sequence[tuple[str, str]]) -> float:
    """The share (0 to 1) of (meant, understood) pairs that agree; 0 of nothing is 0."""
    return sum(meant == understood for meant, understood in pairs) / len(pairs) if pairs else 0.0
