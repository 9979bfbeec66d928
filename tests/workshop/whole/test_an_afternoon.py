"""The guide of one afternoon, line by line with its own `make` commands: a new dilemma and its practice are live after
`make publish` and gone after `make rollback`, for people who talk to the server that ran all the time.
"""

from __future__ import annotations

import json
import re
from itertools import count, islice

import pytest
import yaml
from at_work import SECONDS, Project

from bondgenoot.choosing import next_dilemma
from bondgenoot.content import read
from bondgenoot.settings import ROOT

GUIDE = ROOT / "docs" / "trainers" / "een-middag.md"
NEW = "de_nieuwe_collega_en_de_oude_fout"
TITLE = "De nieuwe collega en de oude fout"
PRACTICE = "Vertel wat hier nog niet goed loopt"
ASKED = "een dilemma over integriteit"


def fenced(kind: str) -> list[str]:
    found = re.findall(rf"^```{kind}\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in found for line in block.splitlines()]


@pytest.mark.timeout(3 * SECONDS)
def test_the_dilemma_of_the_guide_is_tested_goes_live_and_is_taken_back(project: Project) -> None:
    commands = fenced("sh")
    publish = commands.index("make publish")
    assert commands[-1] == "make rollback"
    models = sorted(path.name for path in (project.root / "models").glob("*.tar.gz"))

    # `make try` is in test_commands_of_the_guide.py, with somebody at the keyboard.
    for command in [one for one in commands[:publish] if one != "make try"]:
        told = project.make(command)
        if command == "make content":
            assert "Alles klopt" in told
        if command == f"make preview ID={NEW}":
            assert TITLE.upper() in told
    (better,) = fenced("yaml")
    dilemma = project.root / "content" / "dilemmas" / f"{NEW}.yml"
    text = dilemma.read_text(encoding="utf-8")
    dilemma.write_text(re.sub(r"^practices: .*$", better, text, flags=re.MULTILINE), encoding="utf-8")
    assert "geen dilemma noemt" not in project.make("make content")

    # Who has seen nothing gets a dilemma by name: these three get the new one first.
    content, problems = read(project.root / "content")
    assert problems == []
    people = (f"mens{number}" for number in count())
    first = (one for one in people if next_dilemma(content, one, [], "integrity")[0].id == NEW)
    before, during, after = islice(first, 3)

    project.say(before, "hallo")
    assert TITLE not in project.say(before, ASKED), "written is not published"

    # Of all conversations only the one that was written along with the dilemma, and of all test sentences one of each
    # intent, to save time.
    sentences = project.root / "tests" / "nlu" / "heldout.yml"
    one_of_each = [
        f"- intent: {entry['intent']}\n  examples: |\n    {entry['examples'].splitlines()[0]}"
        for entry in yaml.safe_load(sentences.read_text(encoding="utf-8"))["nlu"]
    ]
    sentences.write_text("\n".join(['version: "3.1"', "nlu:", *one_of_each, ""]), encoding="utf-8")
    told = project.make("make publish", PYTEST_ADDOPTS=f"-k 'test_conversation and {NEW}'")
    assert "Alle gesprekken lukken" in told
    assert "Het taalmodel is hetzelfde als wat nu draait" in told
    assert "Het model leert" not in told
    assert "Gepubliceerd als versie 2" in told
    assert "Lopende gesprekken gaan verder" in told
    assert "1 passed" in (project.root / "var" / "log" / "conversations.log").read_text(encoding="utf-8")
    assert sorted(path.name for path in (project.root / "models").glob("*.tar.gz")) == models

    project.say(during, "hallo")
    assert TITLE in project.say(during, ASKED)
    assert "Gewoon zeggen" in project.say(during, "a")
    assert "Noor, nieuwe collega" in project.say(during, "dat voelt het eerlijkst")
    for typed in ("ik zou het fijn vinden om het te horen", "eerlijkheid", "ja graag"):
        said = project.say(during, typed)
    assert "Oefening:" in said
    assert PRACTICE in project.say(during, "een andere")

    told = project.make(commands[-1])
    assert "Versie 1 is terug" in told
    left = [path for path in project.root.glob("**/*.yml") if path.stem in (NEW, PRACTICE.casefold().replace(" ", "_"))]
    assert left == []
    project.say(after, "hallo")
    said = project.say(after, ASKED)
    assert TITLE not in said
    assert "1." in said, "another dilemma comes"
    record = json.loads((project.root / "models" / "published.json").read_text(encoding="utf-8"))
    assert (record["version"], record["model"]) == (1, models[0])
