"""Runs `rasa data validate --fail-on-warnings` and prints what is wrong as the workshop does: file, line, what to do."""

from __future__ import annotations

import os
import subprocess
import sys

from bondgenoot.workshop.rasa_words import translate

result = subprocess.run(
    [
        sys.executable,
        "-m",
        "rasa",
        "data",
        "validate",
        "--fail-on-warnings",
        "--domain",
        "domain.yml",
        "--data",
        "data",
    ],
    env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "default::UserWarning"},
    capture_output=True,
    text=True,
    check=False,
)
if result.returncode:
    findings = translate(result.stdout + "\n" + result.stderr)
    print(*findings, sep="\n")
    if not findings:
        print(result.stdout[-6000:], result.stderr[-6000:], sep="\n")
    sys.exit("rasa data validate found the problems above.")
print("rasa data validate: nothing to say.")
