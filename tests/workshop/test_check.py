"""`content check` tells a trainer everything that is wrong, at once, with file, line, field and remedy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from copied import copy_of_the_project

from bondgenoot.content import CONTENT
from bondgenoot.settings import ROOT
from bondgenoot.workshop.check import Report, check
from bondgenoot.workshop.check_files import HEADER
from bondgenoot.workshop.findings import words
from bondgenoot.yaml_lines import Document

FORM = re.compile(r"[\w./]+\.yml:\d+: [\w/-]+(?:\.[\w/-]+)*: (?!waarschuwing: *$).+")
# What is said about a file as a whole, or about what could not be read, is at no field.
OF_A_FILE = ("no_header", "header_wrong", "no_yaml", "no_utf8", "no_sections", "file_missing")
STORY = "data/stories/feedback_vragen.yml"
NLU = "data/nlu/feedback_vragen.yml"
RESPONSES = "data/responses/feedback_vragen.yml"
DILEMMA = "content/dilemmas/the_late_project.yml"

# (file, old, new, what is told about it, whether it only warns)
MISTAKES = [
    (DILEMMA, "practices: [show_relevant_results", "practices: [show_results", "“show_results” bestaat niet", False),
    (DILEMMA, "core: results", "core: honesty", "“honesty” kan hier niet", False),
    ("content/dilemmas/whose_plan.yml", "insight: >-", "insight: >-\n  Geweldig!", "Bondgenoot juicht niet", False),
    ("content/dilemmas/the_strange_noise.yml", "insight: >-", "insight: >-\n  Wat zou jij doen?", "Bondgenoot stelt er meteen na het inzicht zelf een", False),
    ("content/menu.yml", "main: [start_dilemma,", "main: [start_nothing,", "“start_nothing” staat in het menu", False),
    ("content/moments.yml", "- id: coffee", "- id: koffie", "het moment “koffie” staat niet bij de keuzes", False),
    ("content/texts/journeys.yml", "practice_declined:", "nobody_says_this: Niemand.\npractice_declined:", "niets zegt", True),
    ("content/texts/conversation.yml", "greet_again: \"{hello}.\"", "greet_again: \"{hello}, {wat}.\"", "niets om bij {wat} in te vullen", False),
    ("content/texts/conversation.yml", "thanks: Graag gedaan.", "thanks: Graag gedaan {dag.", "accolade is niet gesloten", False),
    ("content/texts/channels.yml", "channel_text_only: ", "channel_text_only: " + "verantwoordelijkheidsgevoelens, " * 54 + "#", "op deze kanalen: sms, whatsapp. Maak", False),
    ("content/dilemmas/alone_at_the_table.yml", "title: ", "title: '{x}' #", "worden letterlijk getoond", False),
    ("content/dilemmas/coffee_with_a_purpose.yml", "  - id: a", "  - id: c", "Noem ze a, b, c en d", False),
    ("content/practices/call_when_ill.yml", "# yaml-language-server: $schema=../schema/practice.json\n", "", "noemt het schema niet", True),
    ("content/practices/invite_dissent.yml", "schema/practice.json", "schema/praktijk.json", "bestaat niet. Kijk hoe", False),
    ("content/safety/burnout.yml", "clear:\n", "clear:\n  - (opgebrand\n", "sluit elk haakje", False),
    (NLU, "    - feedback vragen\n", "    feedback vragen\n", "begint niet met een streepje", False),
    (NLU, "    - hoe vraag ik feedback\n", "    - hallo\n", "staat onder “feedback_vragen” en", False),
    (NLU, "    - wil leren feedback vragen\n", "    - Ik wil feedback, vragen\n", "staat ook al op", True),
    (NLU, "intent: feedback_vragen_later", "intent: feedback_vragen_latr", "Lijkt op: feedback_vragen_later", False),
    (RESPONSES, "title: Een collega", "title: Een collega van een heel andere afdeling", "past niet op een knop", False),
    (RESPONSES, "payload: /make_commitment", "payload: /maak_voornemen", "“maak_voornemen” bestaat niet", False),
    (RESPONSES, "Dat is goed.", "woord " * 61, "te lang voor één ballon", False),
    (RESPONSES, "      sources: [49, 51, 56]", "      sources: [49, 99]", "99 is geen punt", False),
    ("data/responses/faq.yml", "      sources: [57, 58, 59, 60]\n", "", "waar dit vandaan komt", False),
    (STORY, "action: utter_feedback_vragen_einde", "action: utter_feedback_einde", "“utter_feedback_einde” bestaat niet", False),
    (STORY, "- story: feedback vragen aan een leidinggevende\n  steps:\n  - intent: feedback_vragen\n  - action: utter_feedback_vragen_wie", "- story: feedback vragen aan een leidinggevende\n  steps:\n  - intent: feedback_vragen\n  - action: utter_feedback_vragen_zin", "Bondgenoot kan ze niet uit elkaar houden", False),
    (NLU, "- intent: feedback_vragen_collega\n", "- intent: feedback_vragen_collega\n  voorbeeld: x\n", "onbekend veld: voorbeeld", False),
    (RESPONSES, "      waits_for: text", "      waits_for: tekst", "“tekst” kan hier niet. Kies uit: text", False),
    ("data/responses/chitchat.yml", "# yaml-language-server: $schema=../../content/schema/responses.json\n", "", "`# yaml-language-server: $schema=../../content/schema/responses.json` bovenaan", True),
    ("data/nlu/resume.yml", "schema/nlu.json", "schema/nl.json", "“../../content/schema/nl.json” op de eerste regel bestaat niet", False),
    ("tests/stories/digressions/questions_back_at_a_case.yml", "only_dilemma: silent_until_thursday", "only_dilemma: weggehaald", "het dilemma “weggehaald” bestaat niet", False),
    ("content/own_answers.yml", "role_play:\n", "onbekend:\n", "Schrijf “reply_onbekend”", False),
    ("content/own_answers.yml", "  as: ask_help\n", "  as: ask_helpp\n", "“ask_helpp” bestaat niet", False),
    ("content/own_answers.yml", "    - heb ik gelijk\n", "    - Is dit verplicht?\n", "staat ook bij", False),
    (STORY, "intent: feedback_vragen_leidinggevende", "intent: affirm", "zegt dat daar altijd dit op volgt: action_menu", False),
]  # fmt: skip


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, dict[str, int]]:
    """What is found in a copy with the story of the guide and all mistakes; and the line of each mistake."""
    root = copy_of_the_project(tmp_path_factory.mktemp("broken") / "project")
    example = root / "docs" / "trainers" / "voorbeeld" / "feedback_vragen"
    for source, target in {"nlu": NLU, "responses": RESPONSES, "stories": STORY}.items():
        (root / target).parent.mkdir(exist_ok=True)
        shutil.copy(example / f"{source}.yml", root / target)
    domain = root / "domain.yml"
    intents = "".join(f"- feedback_vragen{end}\n" for end in ("", "_collega", "_leidinggevende", "_later"))
    domain.write_text(
        domain.read_text(encoding="utf-8").replace("- greet\n", f"{intents}- greet\n", 1), encoding="utf-8"
    )
    for name, old, new, _, _ in MISTAKES:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    lines = {}
    for name, _, new, told, _ in MISTAKES:
        text = (root / name).read_text(encoding="utf-8")
        lines[told] = text[: text.index(new)].count("\n") + 1 if new else 1
    return check(root), lines


@pytest.mark.parametrize(("name", "old", "new", "told", "warns"), MISTAKES, ids=[one[3] for one in MISTAKES])
def test_a_mistake_is_told_where_it_is_among_all_the_others(
    broken: tuple[Report, dict[str, int]], name: str, old: str, new: str, told: str, warns: bool
) -> None:
    report, lines = broken
    found = [one for one in report.findings if one.path == name and told in str(one)]
    assert found, "\n".join(map(str, report.findings))
    assert {one.warning for one in found} == {warns}
    # A block is told at its first line, a text of several lines at its field.
    assert min(abs(one.line - lines[told]) for one in found) <= 5


def test_everything_is_told_in_the_same_form_problems_first(broken: tuple[Report, dict[str, int]]) -> None:
    report, _ = broken
    without = [words()["findings"][key].split("{")[0] for key in OF_A_FILE]
    of_fields = [one for one in report.findings if not (one.field == "" and one.text.startswith(tuple(without)))]
    assert len(report.findings) - len(of_fields) == 7, (
        "only headers stand at no field: of four mistakes and of three files from the example"
    )
    assert [str(one) for one in of_fields if not FORM.fullmatch(str(one))] == []
    assert [str(one) for one in of_fields if not one.field] == []
    assert {"clear"} <= {one.field for one in report.findings if one.path == "content/safety/burnout.yml"}
    assert [one.warning for one in report.findings] == sorted(one.warning for one in report.findings)
    for warning in report.warnings:
        assert f": {words()['warning']}: " in str(warning)


def test_a_question_that_somebody_else_asks_may_stand_in_an_insight(project: Path) -> None:
    path = project / "content" / "dilemmas" / "the_strange_noise.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("insight: >-", "insight: >-\n  Iemand zei “wat nu?” en bleef.", 1), encoding="utf-8")
    assert [one for one in check(project).problems if one.field == "insight"] == []
    path.write_text(text.replace("insight: >-", "insight: >-\n  Iemand bleef, en jij?", 1), encoding="utf-8")
    (found,) = [one for one in check(project).problems if one.field == "insight"]
    assert str(found).startswith(f"content/dilemmas/the_strange_noise.yml:{found.line}: insight: hier staat een vraag")
    assert text.splitlines()[found.line - 1].startswith("insight:")


def test_the_product_as_it_is_has_no_problems() -> None:
    report = check(ROOT)
    assert report.problems == []
    assert report.counts["examples"] > 7000
    assert report.counts["dilemmas"] >= 18


def test_the_command_needs_neither_rasa_nor_tensorflow_and_says_so_by_its_exit_code(tmp_path: Path) -> None:
    code = (
        "import sys; from bondgenoot.__main__ import main; code = main(['content', 'check']); "
        "heavy = {'rasa', 'tensorflow', 'sklearn', 'sanic'} & set(sys.modules); assert not heavy, heavy; sys.exit(code)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BONDGENOOT_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Alles klopt" in done.stdout


def test_a_mistake_in_a_dilemma_hides_none_in_the_sentences(tmp_path: Path) -> None:
    """The command reads the words for a list of choices from the same broken content."""
    root = copy_of_the_project(tmp_path / "project")
    dilemma = root / "content" / "dilemmas" / "the_wrong_pallet.yml"
    dilemma.write_text(dilemma.read_text(encoding="utf-8").replace("sources: [", "sources: [99, "), encoding="utf-8")
    sentences = root / "data" / "nlu" / "control.yml"
    doubled = sentences.read_text(encoding="utf-8").replace(
        "    - ", "    - nu even iets\n    - nu even iets\n    - ", 1
    )
    sentences.write_text(doubled, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(root), "BONDGENOOT_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "bondgenoot", "content", "check"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the_wrong_pallet.yml" in done.stdout
    assert "“nu even iets” staat ook al op" in done.stdout


FILES = sorted([*CONTENT.rglob("*.yml"), *(ROOT / "data").rglob("*.yml")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_content_file_names_the_schema_that_it_fits(path: Path) -> None:
    if path.parent.name == "schema":
        return
    header = HEADER.match(path.read_text(encoding="utf-8").splitlines()[0])
    assert header, "the first line names no schema"
    schema = json.loads((path.parent / header[1]).read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(Document(path).value)] == []
