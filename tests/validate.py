"""Rasa's own validation with its own command, told as the workshop does: file, line, field, what to do."""

from __future__ import annotations

import sys

from bondgenoot.workshop.rasa_words import validate

findings = validate()
print(*findings, sep="\n")
if any(not one.warning for one in findings):
    sys.exit("rasa data validate found the problems above.")
print("rasa data validate: nothing to repair." if findings else "rasa data validate: nothing to say.")
