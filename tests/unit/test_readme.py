"""The commands that the README gives a newcomer are commands that there are."""

from __future__ import annotations

import re
import subprocess

import pytest

from bondgenoot.settings import ROOT


def commands() -> list[str]:
    """The lines of the README's fenced blocks of shell."""
    blocks = re.findall(
        r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def targets() -> set[str]:
    """What the Makefile can make by name."""
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_the_readme_gives_the_commands_to_start_to_test_and_to_learn_more() -> None:
    assert {"make start", "make test", "make help"} <= set(commands())


@pytest.mark.parametrize("command", commands())
def test_a_command_is_a_target_of_the_makefile(command: str) -> None:
    words = command.split()
    assert words[0] == "make"
    assert len(words) == 2
    # A folder of that name would satisfy make, as tests/ does for `make tests`.
    assert words[1] in targets()
    dry = subprocess.run(["make", "-n", words[1]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert dry.returncode == 0, dry.stderr
