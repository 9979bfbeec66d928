"""The trainer guide is true: its commands run, its messages are what is said, its files exist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bondgenoot.settings import ROOT
from bondgenoot.workshop.check import check

GUIDE = ROOT / "docs" / "trainers"
PAGES = sorted(GUIDE.glob("*.md"))
# These need a trained model or a keyboard; here only their line is looked at. tests/workshop/whole runs them.
WITH_MODEL = ("try", "publish", "rollback", "say")
WHOLE = ROOT / "tests" / "workshop" / "whole"
READY = ["-o", ".venv/run-ready", "-o", ".venv/dev-ready"]


def blocks(page: Path, kind: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [text for found, text in fenced if found == kind]


def make(project: Path, command: str, *more: str) -> subprocess.CompletedProcess[str]:
    arguments = re.findall(r'(?:[^\s"]|"[^"]*")+', command)[1:]
    line = ["make", *READY, *more, f"PY={sys.executable}", *(part.replace('"', "") for part in arguments)]
    return subprocess.run(line, cwd=project, capture_output=True, text=True, check=False, input="")


@pytest.mark.parametrize("name", ["een-middag.md", "verhaal.md"])
def test_the_commands_of_a_page_run_one_after_another(name: str, project: Path) -> None:
    shutil.copy(ROOT / ".python-version", project)
    commands = [line for block in blocks(GUIDE / name, "sh") for line in block.splitlines()]
    assert commands
    for command in commands:
        dry = command.split()[1] in WITH_MODEL
        done = make(project, command, *(["-n"] if dry else []))
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert "bondgenoot content" in done.stdout if dry else done.stdout
    if name == "een-middag.md":
        warned = [one for one in check(project).warnings if "geen dilemma noemt deze oefening" in one.text]
        assert [one.path for one in warned] == ["content/practices/vertel_wat_hier_nog_niet_goed_loopt.yml"]
        (better,) = blocks(GUIDE / name, "yaml")
        dilemma = project / "content" / "dilemmas" / "de_nieuwe_collega_en_de_oude_fout.yml"
        text = dilemma.read_text(encoding="utf-8")
        dilemma.write_text(re.sub(r"^practices: .*\n", better, text, flags=re.MULTILINE), encoding="utf-8")
        report = check(project)
        assert report.problems == []
        assert not [one for one in report.warnings if "geen dilemma noemt" in one.text]


def test_the_messages_on_the_page_are_what_is_said(project: Path) -> None:
    shown = [line for page in PAGES for block in blocks(page, "") for line in block.splitlines()]
    assert len(shown) == 3
    shutil.copy(ROOT / ".python-version", project)
    assert make(project, 'make new WHAT=verhaal TITLE="Feedback vragen"').returncode == 0
    story = project / "data" / "stories" / "feedback_vragen.yml"
    text = story.read_text(encoding="utf-8")
    story.write_text(text.replace("intent: feedback_vragen_collega", "intent: affirm", 1), encoding="utf-8")
    dilemma = project / "content" / "dilemmas" / "the_late_project.yml"
    text = dilemma.read_text(encoding="utf-8")
    dilemma.write_text(text.replace("own_mistake_first", "own_mistakes_first"), encoding="utf-8")
    said = [str(one) for one in check(project).findings]
    dilemma.write_text(text.replace("title: ", "title: a: ", 1), encoding="utf-8")
    said += [str(one) for one in check(project).findings]
    assert [line for line in shown if line not in said] == [], "\n".join(said)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_file_that_is_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)\b", text)) <= targets
    made = ("feedback_vragen", "de_nieuwe_collega", "published.json", "var/")
    for name in re.findall(r"`((?:content|data|docs|tests|models)/[\w./-]*)`", text):
        if not any(part in name for part in made) and name != "data/stories/":
            assert (ROOT / name).exists(), name


def test_every_command_of_the_guide_is_run_by_a_test() -> None:
    named = {name for page in PAGES for name in re.findall(r"\bmake ([a-z]+)\b", page.read_text(encoding="utf-8"))}
    lines = [line for name in ("een-middag.md", "verhaal.md") for block in blocks(GUIDE / name, "sh") for line in block.splitlines()]  # fmt: skip
    here = {line.split()[1] for line in lines} - set(WITH_MODEL)
    afternoon = {line.split()[1] for block in blocks(GUIDE / "een-middag.md", "sh") for line in block.splitlines()}
    alone = set(re.findall(r"^def test_make_(\w+)\(", (WHOLE / "test_commands_of_the_guide.py").read_text(encoding="utf-8"), re.MULTILINE))  # fmt: skip
    assert {"publish", "rollback"} <= afternoon
    assert "project.make(command)" in (WHOLE / "test_an_afternoon.py").read_text(encoding="utf-8")
    assert named - here - (afternoon - {"try"}) - alone == set()
    assert {"try", "say", "start", "measure", "validate"} == alone
