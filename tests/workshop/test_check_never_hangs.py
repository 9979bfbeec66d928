"""A mistake of a few lines that grows without end is told like any other, in no more time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from broken_projects import break_file, small_project

from bondgenoot.settings import ROOT
from bondgenoot.workshop import rasa_words
from bondgenoot.workshop.check import check, check_all
from bondgenoot.yaml_lines import DEEPEST, Document, TooLarge, measure

# Each name is ten times the one before it: 10 ** 9 parts in ten lines.
BOMB = "".join(f"x{step}: &x{step} [{', '.join([f'*x{step - 1}'] * 10) if step else 'lol'}]\n" for step in range(10))
DEEP = "x: " + "[" * 100_000
# CPU time of one check is about three seconds; without the bounds these take hours, or all memory.
SECONDS = 30


@pytest.mark.timeout(300)
@pytest.mark.parametrize("text", [BOMB, DEEP, "x: &a [*a]\n"], ids=["large", "deep", "endless"])
def test_yaml_that_grows_is_told_at_its_line(text: str, project: Path) -> None:
    lines = {}
    for name in ("content/dilemmas/whose_plan.yml", "data/nlu/resume.yml", "domain.yml"):
        before = (project / name).read_text(encoding="utf-8")
        (project / name).write_text(before + text, encoding="utf-8")
        lines[name] = before.count("\n")
    began = time.process_time()
    report = check_all(project)
    assert time.process_time() - began < SECONDS
    for name, line in lines.items():
        (found,) = [one for one in report.problems if one.path == name and "geen geldige YAML" in one.text]
        assert found.line > line


@pytest.mark.timeout(300)
def test_a_safety_phrase_of_groups_of_groups_is_told(project: Path) -> None:
    spelling = project / "content" / "safety" / "spelling.yml"
    doubled = "".join(f"  dubbel{chr(97 + step)}: <dubbel{chr(96 + step)}> <dubbel{chr(96 + step)}>\n" for step in range(1, 26))  # fmt: skip
    break_file(spelling, "groups:\n", f"groups:\n  dubbela: heel\n{doubled}")
    break_file(project / "content" / "safety" / "burnout.yml", "clear:\n", "clear:\n  - <dubbelz> moe\n")
    break_file(project / "content" / "safety" / "crisis.yml", "clear:\n", f"clear:\n  - {' ~ '.join('abcdefgh')}\n")
    began = time.process_time()
    problems = check(project).problems
    assert time.process_time() - began < SECONDS
    told = "\n".join(map(str, problems))
    assert "burnout.yml" in told
    assert "te groot; splits het op" in told
    assert "hoogstens 6 keer ~" in told


def test_what_people_write_is_far_from_too_large() -> None:
    for path in [*(ROOT / "content").rglob("*.yml"), *(ROOT / "data").rglob("*.yml"), ROOT / "domain.yml"]:
        assert Document(path).value is not None
    measure("a: &a [1, 2]\nb: [*a, *a]\n")
    measure("[" * DEEPEST + "]" * DEEPEST)
    with pytest.raises(TooLarge):
        measure("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1))
    measure("this: is: no YAML at all")


def test_a_validation_that_takes_too_long_is_stopped_and_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasa_words, "SECONDS_OF_QUICK", 0.01)
    monkeypatch.setattr(rasa_words, "SECONDS", 0.01)
    root = small_project(tmp_path, "nothing")
    for validate in (rasa_words.validate_quickly, rasa_words.validate):
        (found,) = validate(root)
        assert "niet tot een einde" in found.text
        assert not found.warning
