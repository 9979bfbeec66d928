"""Filing a sentence under an intent: one line is added to data/nlu, and everything else stays as it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bondgenoot.errors import BondgenootError
from bondgenoot.settings import ROOT
from bondgenoot.workshop import language_data
from bondgenoot.workshop.check_language import check_examples
from bondgenoot.workshop.findings import Findings, tell


def file_sentence(sentence: str, intent: str, root: Path = ROOT) -> tuple[Path, int]:
    """Add `sentence` as the last example of `intent`; returns the file and the line (from 1) where it now stands.

    Where several files have the intent, it goes to the one that has most of its examples.

    Comments, order and layout of the file are kept, because only one line is put in.

    Raises:
        BondgenootError: for an intent without examples, or when the sentence already stands somewhere (says where);
            then nothing is changed.
    """
    # What cannot be seen could make the file unreadable.
    text = " ".join("".join(char if char.isprintable() else " " for char in sentence).split())
    if not text:
        raise BondgenootError(tell("file_nothing"))
    data = language_data.read(root, Findings(root))
    examples = [example for example in data.examples if example.intent == intent]
    if not examples:
        known = sorted({example.intent for example in data.examples})
        raise BondgenootError(tell("file_unknown", intent=intent, known=", ".join(known)))
    home = Counter(example.path for example in examples).most_common(1)[0][0]
    last = [example for example in examples if example.path == home][-1]
    before = last.path.read_text(encoding="utf-8")
    lines = before.splitlines(keepends=True)
    indent = lines[last.line - 1][: len(lines[last.line - 1]) - len(lines[last.line - 1].lstrip())]
    if not lines[last.line - 1].endswith("\n"):
        lines[last.line - 1] += "\n"
    lines.insert(last.line, f"{indent}- {text}\n")
    last.path.write_text("".join(lines), encoding="utf-8")
    findings = Findings(root)
    check_examples(language_data.read(root, findings), findings)
    shown = str(last.path.relative_to(root))
    wrong = [one for one in findings.sorted() if one.path == shown and one.line == last.line + 1 and not one.warning]
    if wrong:
        last.path.write_text(before, encoding="utf-8")
        raise BondgenootError(tell("file_refused", problem=wrong[0].text))
    return last.path, last.line + 1
