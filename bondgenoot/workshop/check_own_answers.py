"""Checks of content/own_answers.yml beyond its schema: each has its text, a known intent, and sentences of its own."""

from __future__ import annotations

from pathlib import Path

from bondgenoot.content import Content
from bondgenoot.workshop.findings import Findings
from bondgenoot.workshop.language_data import LanguageData
from bondgenoot.workshop.similar import plain
from bondgenoot.yaml_lines import Document


def check_own_answers(root: Path, content: Content, data: LanguageData, findings: Findings) -> None:
    """What a judge learns from is answered, and nobody's question has two answers."""
    path = root / "content" / "own_answers.yml"
    if not path.exists():
        return  # told where content is read
    document = Document(path)
    owners: dict[str, str] = {}
    for name, entry in document.value.items() if isinstance(document.value, dict) else ():
        if f"reply_{name}" not in content.texts:
            findings.at(document, (name,), "own_answer_without_text", name=name)
        if not isinstance(entry, dict):
            continue
        intent = entry.get("as")
        if intent and data.intents and intent not in data.intents:
            findings.at(document, (name, "as"), "own_answer_unknown_intent", intent=intent)
        for number, text in enumerate(entry.get("examples") or []):
            if (other := owners.setdefault(plain(str(text)), name)) != name:
                findings.at(document, (name, "examples", number), "own_answer_twice", text=str(text)[:60], other=other)
