"""Figures on understanding: `python bench/nlu.py` prints the Markdown that stands in docs/nlu.md.

With `--pipeline` first: only what the present model (make train) makes of the test files, net and arbiter included.

Five-fold cross-validation on the training data, and any test files given as arguments (Rasa NLU YAML). Takes minutes:
every test sentence gets a vector.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import structlog
import yaml
from rasa.core.agent import Agent
from sklearn.metrics import f1_score

from bondgenoot.intents import ANSWER, SAFETY
from bondgenoot.training import model_path
from bondgenoot.turns import UNSURE_BELOW, possible
from components.intent_model import IntentModel
from components.vector_table import vectors_of

ROOT = Path(__file__).resolve().parents[1]
FOLDS = 5


def read(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """(sentence, intent with sub-intent) of NLU files, without entity marks."""
    pairs = []
    for path in paths:
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in entry["examples"].splitlines() if "intent" in entry else []:
                if line.strip().startswith("- "):
                    pairs.append((re.sub(r"\[([^]]+)]\(\w+\)", r"\1", line.strip()[2:]), entry["intent"]))
    return pairs


def base(intent: str) -> str:
    """The intent without its sub-intent."""
    return intent.split("/")[0]


def understood(model: IntentModel, text: str, vector: np.ndarray) -> str:
    """What the classifier makes of a text outside a conversation, without the safety net."""
    probabilities = model.understand(text, vector).probabilities
    totals: Counter[str] = Counter()
    for name, probability in zip(model.classes, probabilities):
        totals[base(name)] += float(probability)
    ranking = totals.most_common()
    excluded = {ANSWER} if ranking[0][0] in SAFETY else {ANSWER} | SAFETY
    ranking = (
        [entry for entry in ranking if entry[0] not in excluded] if excluded == {ANSWER} else possible(ranking, None)
    )
    name, confidence = ranking[0]
    if confidence < UNSURE_BELOW:
        return "nlu_fallback"
    parts = [index for index, full in enumerate(model.classes) if full.startswith(name + "/")]
    return model.classes[max(parts, key=lambda index: probabilities[index])] if parts else name


def report(title: str, pairs: Sequence[tuple[str, str]], got: Sequence[str]) -> str:
    """One row of the table."""
    meant = [intent for _, intent in pairs]
    right = np.mean([base(one) == base(other) for one, other in zip(meant, got)])
    names = sorted({base(intent) for intent in meant})
    f1 = f1_score([base(i) for i in meant], [base(i) for i in got], labels=names, average="macro")
    sub = [one == other for one, other in zip(meant, got) if "/" in one]
    out = [other not in ("out_of_scope", "nlu_fallback") for one, other in zip(meant, got) if one == "out_of_scope"]
    return f"| {title} | {len(pairs)} | {right:.3f} | {f1:.3f} | {np.mean(sub):.3f} | {np.mean(out):.3f} |"


def through_the_pipeline(texts: Sequence[str]) -> list[str]:
    """What the present model (make train) makes of texts outside a conversation, safety net and arbiter included."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(model_path())
    loop = asyncio.new_event_loop()
    got = []
    for text in texts:
        parsed = loop.run_until_complete(agent.parse_message(text))
        name = str(parsed["intent"]["name"])
        selected = parsed.get("response_selector", {}).get(name)
        got.append(str(selected["response"]["intent_response_key"]) if selected else name)
    return got


def main(test_files: list[str]) -> None:
    """Print the table and the commonest confusions."""
    if test_files[:1] == ["--pipeline"]:
        for name in test_files[1:]:
            pairs = read([Path(name)])
            print(report(Path(name).stem, pairs, through_the_pipeline([text for text, _ in pairs])))
        return
    training = read(sorted((ROOT / "data" / "nlu").glob("*.yml")))
    tests = {Path(name).stem: read([Path(name)]) for name in test_files}
    texts = list(dict.fromkeys(text for pairs in (training, *tests.values()) for text, _ in pairs))
    vectors = dict(zip(texts, vectors_of(texts)))

    def fit(pairs: Sequence[tuple[str, str]]) -> IntentModel:
        return IntentModel(
            [text for text, _ in pairs],
            [name for _, name in pairs],
            lambda chosen: np.stack([vectors[text] for text in chosen]),
        )

    print("| set | sentences | intent accuracy | macro F1 | sub-intent | out-of-scope accepted |")
    print("| --- | --- | --- | --- | --- | --- |")
    shuffled = random.Random(1).sample(
        [pair for pair in training if pair[1] != ANSWER], k=len(training) - sum(n == ANSWER for _, n in training)
    )
    answers = [pair for pair in training if pair[1] == ANSWER]
    got: dict[str, str] = {}
    for fold in range(FOLDS):
        model = fit([pair for number, pair in enumerate(shuffled) if number % FOLDS != fold] + answers)
        for text, _ in shuffled[fold::FOLDS]:
            got[text] = understood(model, text, vectors[text])
    verdicts = [got[text] for text, _ in shuffled]
    print(report("cross-validation, 5 folds", shuffled, verdicts))
    started = time.perf_counter()
    model = fit(training)
    seconds = time.perf_counter() - started
    for title, pairs in tests.items():
        print(report(title, pairs, [understood(model, text, vectors[text]) for text, _ in pairs]))
        print(report(f"{title}, whole pipeline", pairs, through_the_pipeline([text for text, _ in pairs])))
    print(f"\nFitting on {len(training)} examples without the time for vectors: {seconds:.0f} s.\n")
    wrong = Counter((meant, other) for (_, meant), other in zip(shuffled, verdicts) if meant != other)
    print("Commonest confusions in cross-validation (meant, understood, times):\n")
    for (meant, other), times in wrong.most_common(15):
        print(f"- `{meant}` as `{other}`: {times}")


if __name__ == "__main__":
    main(sys.argv[1:] or [str(ROOT / "tests" / "nlu" / "heldout.yml")])
