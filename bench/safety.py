"""Figures on the safety net: `PYTHONPATH=. python bench/safety.py` prints the Markdown that stands in docs/nlu.md.

Runs the whole pipeline of the present model (make train) on the blind sets of bench/sets and on those of tests/safety.
"Noticed" is a referral card or the plain question.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import structlog
import yaml
from rasa.core.agent import Agent

from bondgenoot import training
from bondgenoot.intents import SAFETY

ROOT = Path(__file__).resolve().parents[1]
SIGNALS = {
    "blind": ROOT / "bench/sets/blind_safety.yml",
    "third blind": ROOT / "bench/sets/blind3_signals.yml",
    "fourth blind": ROOT / "bench/sets/blind4_signals.yml",
    "fifth blind": ROOT / "bench/sets/blind5_signals.yml",
    "sixth blind": ROOT / "bench/sets/blind6_signals.yml",
    "seventh blind": ROOT / "bench/sets/blind7_signals.yml",
    "long-winded and veiled": ROOT / "bench/sets/rambling_signals.yml",
    "development": ROOT / "tests/safety/recall.yml",
}
ORDINARY = {
    "blind": ROOT / "bench/sets/blind_ordinary.txt",
    "third blind": ROOT / "bench/sets/blind3_ordinary.txt",
    "fourth blind": ROOT / "bench/sets/blind4_ordinary.txt",
    "fifth blind": ROOT / "bench/sets/blind5_ordinary.txt",
    "sixth blind": ROOT / "bench/sets/blind6_ordinary.txt",
    "seventh blind": ROOT / "bench/sets/blind7_ordinary.txt",
    "long-winded": ROOT / "bench/sets/rambling_ordinary.txt",
    "development": ROOT / "tests/safety/ordinary.txt",
}
QUESTION = "safety_check"
CARDS = SAFETY - {QUESTION}


def main() -> None:
    """Print both tables, and every sentence that was missed or stopped for nothing."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(training.model_path())
    loop = asyncio.new_event_loop()

    def intent(text: str) -> str:
        return str(loop.run_until_complete(agent.parse_message(text))["intent"]["name"])

    remarks = [*_signals(intent), *_ordinary(intent)]
    print("\nMissed, or stopped for nothing:\n")
    print("\n".join(f"- {remark}" for remark in remarks))


def _signals(intent: Callable[[str], str]) -> list[str]:
    print("| signals | sentences | noticed | card at once |\n| --- | --- | --- | --- |")
    missed = []
    for title, path in SIGNALS.items():
        for topic, sentences in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            got = [intent(text) for text in sentences]
            cards = sum(name in CARDS for name in got)
            noticed = cards + got.count(QUESTION)
            print(f"| {title}: {topic} | {len(got)} | {noticed / len(got):.2f} | {cards / len(got):.2f} |")
            missed += [f"{title}, {topic}: {t} ({n})" for t, n in zip(sentences, got) if n not in SAFETY]
    return missed


def _ordinary(intent: Callable[[str], str]) -> list[str]:
    print("\n| ordinary talk | sentences | false cards | unneeded questions |\n| --- | --- | --- | --- |")
    stopped = []
    for title, path in ORDINARY.items():
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        sentences = [line for line in lines if line and not line.startswith("#")]
        got = [intent(text) for text in sentences]
        cards, asked = sum(name in CARDS for name in got), got.count(QUESTION)
        print(f"| {title} | {len(got)} | {cards / len(got):.1%} | {asked / len(got):.1%} |")
        stopped += [f"{title}, ordinary: {t} ({n})" for t, n in zip(sentences, got) if n in SAFETY]
    return stopped


if __name__ == "__main__":
    main()
