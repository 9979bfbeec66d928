"""`content check` runs Rasa's own validation in seconds, and it finds what the real command finds: no more, no less."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from broken_projects import DOMAIN, FILES, NLU, STORIES, WAYS, break_file, small_project
from copied import copy_of_the_project

from bondgenoot.settings import ROOT
from bondgenoot.workshop import language_data, rasa_words
from bondgenoot.workshop.check import check, check_all
from bondgenoot.workshop.check_files import check_files
from bondgenoot.workshop.check_language import check_examples, check_responses
from bondgenoot.workshop.check_stories import check_stories
from bondgenoot.workshop.findings import Finding, Findings, words
from bondgenoot.workshop.rasa_words import beyond, interpret, validate_quickly
from bondgenoot.workshop.verdicts import PASSED, REFUSED
from components import stand_ins

Answers = dict[str, tuple[list[Finding], list[Finding]]]
PRODUCT = "the_product_itself"
# What Rasa has nothing to say about; everything else has to be found by both.
ALLOWED = {
    "nothing",
    "unknown_section",
    "unknown_section_of_the_domain",
    "sentence_twice_under_one_intent",
    "two_stories_of_one_name",
    "story_against_a_rule",
    "intent_without_examples",
    "entity_of_another_kind",
    "button_without_payload",
}
# In the product itself, all at once.
MISTAKES = [
    ("domain.yml", "forms:\n", "forms:\n  lost_form:\n    required_slots: [lost_slot]\n"),
    ("data/rules/conversation.yml", "- intent: greet\n", "- intent: greett\n"),
    ("data/nlu/out_of_scope.yml", "  examples: |\n", "  examples: |\n    - stop er maar mee\n"),
    ("data/nlu/control.yml", "- intent: stop\n  examples: |\n", "- intent: stop\n  examples: |\n    - stop er maar mee\n"),
    ("data/responses/chitchat.yml", "responses:\n", "responses:\n  utter_lost:\n  - text: Weg.\n"),
]  # fmt: skip


def never(_root: Path) -> list[Finding]:
    raise AssertionError("the quick validation gave no answer, so the real command was asked")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What both find: name -> (the real command, the quick one)."""
    folder = tmp_path_factory.mktemp("broken")
    roots = {way: small_project(folder, way) for way in WAYS}
    roots[PRODUCT] = copy_of_the_project(folder / PRODUCT)
    for name, old, new in MISTAKES:
        break_file(roots[PRODUCT] / name, old, new)
    tool = Path(__file__).with_name("real_validation.py")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "default::UserWarning",
        "RASA_TELEMETRY_ENABLED": "false",
    }
    command = [sys.executable, str(tool), *map(str, roots.values())]
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setenv("BONDGENOOT_HOME", str(folder / "home"))
        patch.setattr(rasa_words, "validate", never)
        real = pool.submit(subprocess.run, command, env=environment, capture_output=True, check=True)
        quick = {name: validate_quickly(root) for name, root in roots.items()}
        real.result()
    return {
        name: (
            interpret(
                (root / "real.code").read_text(encoding="utf-8") == "0",
                (root / "real.log").read_text(encoding="utf-8", errors="replace"),
                root,
            ),
            quick[name],
        )
        for name, root in roots.items()
    }


@pytest.mark.parametrize("name", [*WAYS, PRODUCT])
def test_both_find_the_same(answers: Answers, name: str) -> None:
    real, quick = answers[name]
    assert set(quick) == set(real)
    assert bool(real) == (name not in ALLOWED), real


def test_in_the_product_each_mistake_is_found(answers: Answers) -> None:
    told = "\n".join(map(str, answers[PRODUCT][1]))
    for piece in ("lost_slot", "“greett” bestaat niet", "“stop er maar mee” staat onder meer dan één", "“utter_lost”"):
        assert piece in told


IMPORTER = """import tensorflow
from rasa.shared.importers.rasa import RasaFileImporter


class Importer(RasaFileImporter):
    def get_nlu_data(self, language="en"):
        assert int(tensorflow.constant(2) + 1) == 3
        return super().get_nlu_data(language)
"""


def test_when_something_needs_what_a_stand_in_stands_for_the_real_command_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BONDGENOOT_HOME", str(tmp_path / "home"))
    root = small_project(tmp_path, "unknown_response_in_a_story")
    (root / "own_importer.py").write_text(IMPORTER, encoding="utf-8")
    with (root / "config.yml").open("a", encoding="utf-8") as config:
        config.write("importers:\n- name: own_importer.Importer\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rasa_words, "validate", never)
        with pytest.raises(AssertionError, match="the real command was asked"):
            validate_quickly(root)
    assert "het antwoord “utter_three” bestaat niet" in "\n".join(map(str, validate_quickly(root)))


@pytest.mark.parametrize("module", ["no_such_module", "bondgenoot.clock"])
def test_whatever_else_becomes_of_the_process_the_real_command_is_asked(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may end with an error, or well without having looked."""
    found = [Finding("domain.yml", 1, "", "found by the real command")]
    monkeypatch.setattr(rasa_words, "QUICK", module)
    monkeypatch.setattr(rasa_words, "validate", lambda _: found)
    assert validate_quickly(small_project(tmp_path, "nothing")) == found


def test_a_stand_in_can_be_named_and_inherited_from_but_not_called() -> None:
    before = list(sys.meta_path)
    stand_ins.place({"a_package_that_is_nowhere"})
    try:
        module = importlib.import_module("a_package_that_is_nowhere.deep.within")
        inherited = type("Inherited", (module.some.Thing,), {})
        assert not isinstance("text", module.Tensor)
        assert not stand_ins.used()
        for call in (module.function, inherited, module.some.method):
            with pytest.raises(stand_ins.StandInUsed):
                call()
        assert stand_ins.used(), "it is remembered, also when somebody swallowed it"
        with pytest.raises(AttributeError):
            _ = module.__wrapped__
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("another_package_that_is_nowhere")
    finally:
        sys.meta_path[:] = before
        stand_ins._called.clear()


def test_what_passed_before_is_looked_at_again_when_it_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONDGENOOT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(rasa_words, "validate", never)
    root = small_project(tmp_path, "nothing")
    remembered = tmp_path / "home" / "cache" / "passed_rasas_schemas.txt"
    assert validate_quickly(root) == []
    first = remembered.read_text(encoding="utf-8")
    assert len(first.splitlines()) >= len(FILES) - 1
    break_file(root / STORIES, "- action: utter_one\n", "- actie: utter_one\n")
    assert [(one.path, one.line) for one in validate_quickly(root)] == [(STORIES, 6)]
    assert [(one.path, one.line) for one in validate_quickly(root)] == [(STORIES, 6)], "also the second time"
    break_file(root / STORIES, "- actie: utter_one\n", "- action: utter_one\n")
    remembered.write_bytes(b"\xff no digest")
    remembered.with_name("nothing_for_rasa_to_say.txt").unlink()
    assert validate_quickly(root) == []
    assert remembered.read_text(encoding="utf-8") == first


def test_rasa_is_not_asked_again_about_what_it_had_nothing_against(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BONDGENOOT_HOME", str(tmp_path / "home"))
    asked: list[int] = []

    def answer(code: int, log: str = "") -> None:
        def run(*_: object) -> subprocess.CompletedProcess[str]:
            asked.append(code)
            return subprocess.CompletedProcess([], code, log, "")

        monkeypatch.setattr(rasa_words, "_run", run)

    root = small_project(tmp_path, "nothing")
    answer(PASSED, "UserWarning: The utterance 'utter_one' is not used in any story or rule.")
    assert len(validate_quickly(root)) == len(validate_quickly(root)) == 1, "what has warnings is looked at each time"
    answer(REFUSED, "UserWarning: something")
    assert len(validate_quickly(root)) == len(validate_quickly(root)) == 1
    assert asked == [PASSED, PASSED, REFUSED, REFUSED]
    answer(PASSED)
    assert validate_quickly(root) == validate_quickly(root) == []
    assert asked[4:] == [PASSED]
    for number, name in enumerate([*FILES, "data/nlu/new.yml", "data/rules/a.json"]):
        with (root / name).open("a", encoding="utf-8") as changed:
            changed.write("\n# changed\n")
        assert validate_quickly(root) == validate_quickly(root) == []
        assert len(asked) == 6 + number, name
    other = small_project(tmp_path / "other", "nothing")
    assert validate_quickly(other) == []
    assert len(asked) == 6 + len(FILES) + 2, "another project is another one"


@pytest.mark.parametrize(
    ("way", "piece"),
    [
        ("unknown_response_in_a_story", "utter_three"),
        ("unknown_action", "action_nothing"),
        ("unknown_intent_in_a_story", "“stopp”"),
        ("unknown_intent_in_the_examples", "“stoppen”(?! heeft)"),
        ("unused_response", "utter_lost"),
        ("sentence_under_two_intents", "“hallo” staat"),
        ("conflicting_stories", "“tweede weg”"),
        ("form_without_slot", "who_age"),
        ("form_that_is_not_there", "whose_form"),
        ("yaml_of_a_story", "geen geldige YAML"),
        ("yaml_of_the_domain", "geen geldige YAML"),
        ("not_utf8", "niet in UTF-8"),
    ],
)
def test_what_both_our_check_and_rasa_find_is_told_once(way: str, piece: str, answers: Answers, tmp_path: Path) -> None:
    findings = Findings(small_project(tmp_path, way))
    data = language_data.read(tmp_path / way, findings)
    for each in (check_examples, check_responses, check_stories, check_files):
        each(data, findings)
    own = findings.sorted()
    both = [*own, *beyond(own, answers[way][1])]
    assert len([one for one in both if re.search(piece, one.text)]) == 1, "\n".join(map(str, both))


def test_what_only_rasa_finds_is_told_with_the_rest(project: Path) -> None:
    break_file(project / "content" / "menu.yml", "main: [start_dilemma,", "main: [start_nothing,")
    own = check(project)
    assert own.problems
    rasas = Finding(DOMAIN, 21, "", "only Rasa says so")
    warns = Finding(NLU, 3, "", "and this is a warning", warning=True)
    report = check_all(project, lambda _: [warns, rasas])
    assert set(report.problems) == {*own.problems, rasas}
    assert set(report.warnings) == {*own.warnings, warns}
    assert report.counts == own.counts


def test_a_warning_of_ours_does_not_hide_what_stops_rasa(tmp_path: Path) -> None:
    (known,) = [one for one in rasa_words._words().known if "response_unused" in one.same_as]
    ours = Finding(DOMAIN, 22, "", "unused", True, "response_unused", {"name": "utter_lost"})
    rasas = Finding(DOMAIN, 22, "", "Rasa", False, known.pattern.pattern, {"name": "utter_lost"})
    assert beyond([ours], [rasas]) == [rasas]
    assert beyond([ours], [Finding(DOMAIN, 22, "", "Rasa", True, rasas.key, rasas.values)]) == []


def test_each_kind_of_finding_that_is_named_as_the_same_exists() -> None:
    named = {key for known in rasa_words._words().known for key in known.same_as} - {rasa_words.ANYTHING_NEAR}
    assert named
    assert named <= set(words()["findings"])
