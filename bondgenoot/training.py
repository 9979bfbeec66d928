"""Training the model when what it is made of changed, with visible progress."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path

from bondgenoot import publications
from bondgenoot.errors import BondgenootError
from bondgenoot.settings import ROOT, Settings

MODELS = ROOT / "models"
KEPT_MODELS = 3
# Everything that decides what a trained model holds.
SOURCES = (
    "config.yml",
    "domain.yml",
    "requirements.txt",
    "data",
    "content/own_answers.yml",
    "components/intent_classifier.py",
    "components/intent_model.py",
    "components/nearest.py",
    "components/reply_judge.py",
    "components/remark_judge.py",
    "components/vector_table.py",
)
_STEP = re.compile(r"(Starting|Finished) (?:to train|training) component '(?P<name>\w+)'")


def model_path() -> Path:
    """Where the model of the present sources is, or will be."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = ROOT / source
        files = sorted(path.rglob("*.yml")) if path.is_dir() else [path]
        for file in files:
            digest.update(str(file.relative_to(ROOT)).encode())
            digest.update(file.read_bytes())
    return MODELS / f"bondgenoot-{digest.hexdigest()[:12]}.tar.gz"


def child_environment(settings: Settings) -> dict[str, str]:
    """What the other processes need to see, and what keeps Rasa and TensorFlow quiet and at home."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "",  # Rasa imports 6,000 modules; compiling them at each start costs 10 s
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SANIC_HOST": "127.0.0.1",
        "BONDGENOOT_HOME": str(settings.home),
        "BONDGENOOT_ACTIONS_PORT": str(settings.actions_port),
    }


def ensure_model(settings: Settings, say: Callable[[str], None] = print) -> Path:
    """Train unless there is a model of the present sources; returns its path.

    Raises:
        BondgenootError: with the cause and the place of the full log.
    """
    path = model_path()
    if path.exists():
        say(f"Model is up to date ({path.name}).")
        return path
    log = settings.home / "log" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    say("Training the model; this takes about a minute.")
    started = time.monotonic()
    command = [
        sys.executable, "-m", "rasa", "train", "--config", "config.yml", "--domain", "domain.yml", "--data", "data",
        "--skip-validation", "--out", str(MODELS), "--fixed-model-name", path.name.removesuffix(".tar.gz"),
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=child_environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout
    with log.open("w", encoding="utf-8") as file:
        for line in process.stdout:
            file.write(line)
            if step := _STEP.search(line):
                say(f"  {time.monotonic() - started:4.0f} s  {step[1].lower()} {step['name']}")
    if process.wait() != 0 or not path.exists():
        raise BondgenootError(f"Training failed: {_cause(log)}\nThe full log is {log}.")
    say(f"Trained in {time.monotonic() - started:.0f} s.")
    remove_old_models(path, publications.models_to_keep(settings))
    return path


def remove_old_models(current: Path, keep: Collection[str] = ()) -> None:
    """Keep the newest few models, among them `current`, and those named in `keep`."""
    others = [path for path in MODELS.glob("bondgenoot-*.tar.gz") if path != current and path.name not in keep]
    for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT_MODELS - 1 :]:
        path.unlink()


def _cause(log: Path) -> str:
    """The part of a log that most likely says what is wrong: the last telling line, and the place that follows it."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", log.read_text(encoding="utf-8"))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [number for number, line in enumerate(lines) if re.search(r"Error|Exception|Invalid|Failed", line)]
    start = telling[-1] if telling else max(len(lines) - 1, 0)
    return " ".join(lines[start : start + 3])[:500] or "no output"
