"""Checks of whole files: the line that names the schema, and for data/ what that schema says.

content/ is held against its schemas where it is read (bondgenoot/content.py).
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

import jsonschema

from bondgenoot.content import CONTENT
from bondgenoot.schema_errors import explained, messages
from bondgenoot.workshop.findings import Findings
from bondgenoot.workshop.language_data import LanguageData

HEADER = re.compile(r"# yaml-language-server: \$schema=(\S+)")
# The schema of the files in each folder of data/.
SCHEMAS = {"nlu": "nlu", "remarks": "remarks", "responses": "responses", "rules": "stories", "stories": "stories"}


def header_of(folder: str) -> str:
    """The schema as a file in data/<folder> names it on its first line."""
    return f"../../content/schema/{SCHEMAS[folder]}.json"


def check_header(path: Path, example: str, findings: Findings) -> None:
    """The first line names the schema, so that an editor completes fields and marks mistakes."""
    with path.open(encoding="utf-8", errors="replace") as file:
        found = HEADER.match(file.readline().lstrip("\ufeff"))
    if not found:
        findings.add(path, 1, "", "no_header", warning=True, schema=example)
    elif not (path.parent / found[1]).exists():
        findings.add(path, 1, "", "header_wrong", file=found[1])


def check_files(data: LanguageData, findings: Findings) -> None:
    """The files of data/, after all other checks: a line that they told about is not told about again."""
    for document in data.documents:
        folder = document.path.parent.name
        if folder not in SCHEMAS:
            continue
        check_header(document.path, header_of(folder), findings)
        for error in _validator(SCHEMAS[folder]).iter_errors(document.value):
            place, message, values = explained(error)
            if not findings.knows(document, place):
                findings.note(document, place, messages()[message].format(**values))


@lru_cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    text = (CONTENT / "schema" / f"{name}.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))
