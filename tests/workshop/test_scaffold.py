"""A new file is right from the start, apart from what the trainer still has to write; and that is pointed at."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bondgenoot.content import read
from bondgenoot.errors import BondgenootError
from bondgenoot.settings import ROOT
from bondgenoot.workshop import scaffold
from bondgenoot.workshop.check import check, check_all
from bondgenoot.workshop.check_files import HEADER
from bondgenoot.workshop.findings import words
from bondgenoot.workshop.writing import add_to_block, add_to_list, emit

EXAMPLES = ROOT / "docs" / "trainers" / "voorbeeld"


def answers(kind: str) -> dict:
    return yaml.safe_load((EXAMPLES / f"{kind}.yml").read_text(encoding="utf-8"))


def test_files_made_from_the_examples_of_the_guide_have_no_problems(project: Path) -> None:
    made = [path for kind in ("dilemma", "oefening") for path in scaffold.new(kind, answers(kind), project)]
    made += scaffold.new("verhaal", {"title": "Feedback vragen"}, project)
    question = {"title": "Wat is gezag?", "answer": "Gezag is dat iemand naar je luistert, ook als je niets kunt afdwingen.", "question_back": "Naar wie luister jij zo?", "sources": [57], "examples": [f"{begin} gezag precies{end}" for begin in ("wat is", "wat betekent", "leg eens uit wat ze bedoelen met", "hoe zit dat met", "vertel iets over") for end in ("", " op een werkvloer")]}  # fmt: skip
    made += scaffold.new("vraag", question, project)
    report = check(project)
    assert report.problems == []
    assert report.counts["stories"] == 2
    assert all(path.exists() for path in made)
    for path in made:
        # A conversation is a test, and has no schema.
        if "tests" not in path.parts[len(project.parts) :]:
            header = HEADER.match(path.read_text(encoding="utf-8"))
            assert header, path
            assert (path.parent / header[1]).exists(), path
    (dilemma, played, practice) = made[:3]
    story = yaml.safe_load(played.read_text(encoding="utf-8"))
    assert played.parent == project / "tests" / "stories" / "journeys"
    assert [step["only_dilemma"] for step in story["steps"] if "only_dilemma" in step] == [dilemma.stem]
    content, _ = read(project / "content")
    assert content.dilemmas[dilemma.stem].title == answers("dilemma")["title"]
    assert content.dilemmas[dilemma.stem].choices[1].value == "b"
    assert content.practices[practice.stem].how == tuple(answers("oefening")["how"])


def test_what_is_left_open_is_pointed_at_and_nothing_else_is_wrong(project: Path) -> None:
    dilemma, _ = scaffold.new("dilemma", {"title": "Nog leeg"}, project)
    paths = [dilemma, *scaffold.new("oefening", {"title": "Ook leeg"}, project)]
    content, problems = read(project / "content")
    assert problems == []
    assert {"nog_leeg"} <= set(content.dilemmas)
    report = check(project)
    assert {one.path for one in report.problems} == {str(path.relative_to(project)) for path in paths}
    assert [one.text for one in report.problems if "nog niet af" not in one.text] == []


def test_every_field_that_needs_it_is_explained_once(project: Path) -> None:
    path, _ = scaffold.new("dilemma", answers("dilemma"), project)
    text = path.read_text(encoding="utf-8")
    for comment in words()["forms"]["dilemma"]["comments"].values():
        assert text.count(f"# {comment[:40]}") == 1


def test_comments_and_layout_of_the_files_that_are_added_to_stay(project: Path) -> None:
    before = {
        name: (project / name).read_text(encoding="utf-8").splitlines() for name in ("domain.yml", "content/menu.yml")
    }
    scaffold.new("verhaal", {"title": "Nee zeggen"}, project)
    for name, lines in before.items():
        after = (project / name).read_text(encoding="utf-8").splitlines()
        assert [line for line in after if line in lines] == lines
        assert any("nee_zeggen" in line for line in set(after) - set(lines))


def test_a_story_from_answers_has_no_problems_and_says_what_was_answered(project: Path) -> None:
    made = scaffold.new("verhaal", answers("verhaal"), project)
    report = check_all(project)
    assert report.problems == []
    written = {str(path.relative_to(project)) for path in made}
    assert [str(one) for one in report.warnings if one.path in written] == []
    assert report.counts["stories"] == 2
    stories, responses, nlu, conversation = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in made)
    name = "een_fout_toegeven"
    assert [step.popitem() for step in stories["stories"][1]["steps"]] == [
        ("intent", name),
        ("action", f"utter_{name}_vraag"),
        ("intent", f"{name}_mijn_ploeg"),
        ("action", f"utter_{name}_mijn_ploeg"),
        ("action", f"utter_{name}_vervolg"),
        ("intent", "story_answer"),
        ("action", f"utter_{name}_einde"),
    ]
    (asked,) = responses["responses"][f"utter_{name}_vraag"]
    assert [button["title"] for button in asked["buttons"]] == answers("verhaal")["choices"]
    assert asked["metadata"] == {"sources": [55]}
    assert responses["responses"][f"utter_{name}_vervolg"][0]["metadata"]["waits_for"] == "text"
    sentences = {entry["intent"]: entry["examples"] for entry in nlu["nlu"]}
    assert set(sentences) == {name, f"{name}_de_klant", f"{name}_mijn_ploeg"}
    assert all(f"- {sentence}\n" in sentences[name] for sentence in answers("verhaal")["opening"])
    assert conversation["steps"][1]["user"] == answers("verhaal")["opening"][0]
    assert conversation["steps"][-1]["bot"] == [answers("verhaal")["closing"]]


def test_a_story_without_choices_waits_for_what_somebody_writes(project: Path) -> None:
    given = {"title": "Iets vertellen", "question": "Wat wil je kwijt?", "replies": ["Dank je."], "sources": [55]}
    stories, responses, *_ = scaffold.new("verhaal", given, project)
    assert check(project).problems == []
    (path,) = yaml.safe_load(stories.read_text(encoding="utf-8"))["stories"]
    assert [step.popitem()[1] for step in path["steps"]][2:] == ["story_answer", "utter_iets_vertellen_antwoord"]
    (asked,) = yaml.safe_load(responses.read_text(encoding="utf-8"))["responses"]["utter_iets_vertellen_vraag"]
    assert asked["metadata"]["waits_for"] == "text"


def test_what_is_left_open_in_a_story_is_pointed_at(project: Path) -> None:
    made = scaffold.new("verhaal", {"title": "Nog niet af", "choices": ["Ja", "Nee"]}, project)
    problems = check(project).problems
    assert {one.path for one in problems} == {str(made[1].relative_to(project))}
    assert {one.text for one in problems if "nog niet af" not in one.text} == set()
    # “ja” and “nee” mean something already, and stay where they are.
    assert "    - ja\n" not in made[2].read_text(encoding="utf-8")
    assert len({line for line in made[2].read_text(encoding="utf-8").splitlines() if "- intent: " in line}) == 3


def test_somebody_at_the_keyboard_is_asked_for_a_story_step_by_step() -> None:
    typed = {
        "Hoe heet het gesprek": "Een titel",
        "Wat zegt iemand": "dag; ik wil iets ;",
        "Welke vraag stel je dan": "Waarom?",
        "Welke antwoorden": "Zo; Anders",
        "Wat zegt Bondgenoot terug op “Zo”": "Goed.",
        "Wat zegt Bondgenoot terug op “Anders”": "Ook goed.",
    }
    asked: list[str] = []

    def hear(question: dict) -> str:
        asked.append(question["ask"])
        return next((answer for begin, answer in typed.items() if question["ask"].startswith(begin)), "")

    found = scaffold.ask_all("verhaal", hear)
    assert found == {
        "title": "Een titel",
        "opening": ["dag", "ik wil iets"],
        "question": "Waarom?",
        "choices": ["Zo", "Anders"],
        "replies": ["Goed.", "Ook goed."],
    }
    assert not [one for one in asked if one.startswith("En hoe rond je af")], "nothing is asked after it"
    only_title = scaffold.ask_all("verhaal", lambda question: "Titel" if question["field"] == "title" else "")
    assert only_title == {"title": "Titel"}
    free = {"title": "Titel", "question": "Wat?", "replies": "Dank je.", "follow_up": "En dan?", "closing": "Dag."}
    found = scaffold.ask_all("verhaal", lambda question: free.get(question["field"], ""))
    assert found == {**free, "replies": ["Dank je."]}


def test_a_file_that_exists_is_not_overwritten(project: Path) -> None:
    (path,) = scaffold.new("oefening", answers("oefening"), project)
    text = path.read_text(encoding="utf-8")
    with pytest.raises(BondgenootError, match="bestaat al"):
        scaffold.new("oefening", {"title": answers("oefening")["title"]}, project)
    assert path.read_text(encoding="utf-8") == text


def test_without_a_title_nothing_is_written(project: Path) -> None:
    with pytest.raises(BondgenootError, match="titel"):
        scaffold.new("dilemma", {}, project)


def test_somebody_at_the_keyboard_is_asked_and_may_skip() -> None:
    given_answers = {"title": "Een titel", "option_a.label": "Zeggen", "option_b.label": "Zwijgen", "core": "intent"}
    found = scaffold.ask_all("dilemma", lambda question: given_answers.get(question["field"], ""))
    assert found == {"title": "Een titel", "core": "intent", "options": [{"label": "Zeggen"}, {"label": "Zwijgen"}]}


@example({"a": "", "no": "", "null": 1})
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True),
        st.one_of(
            st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp", "Cf"], max_codepoint=0x2FF), max_size=50),
            st.integers(0, 99),
            st.lists(st.integers(1, 79), min_size=1, max_size=4),
            st.lists(st.sampled_from(["ja", "yes: nee", "a, b", "#x", "null", "12", "“wat”?"]), min_size=1, max_size=4),
        ),
        min_size=1,
        max_size=4,
    )
)  # fmt: skip
def test_what_is_written_is_read_back_the_same(value: dict) -> None:
    assert yaml.safe_load(emit(value, {})) == value


def test_a_line_goes_at_the_end_of_its_list_or_block() -> None:
    text = "# x\nintents:\n- a  # keep\n- b\n\nslots:\n  c: d\nmain: [a]\n"
    assert add_to_list(text, "intents", ["b", "z"]).splitlines()[3:5] == ["- b", "- z"]
    assert add_to_block(text, "slots", "e", "f: g").splitlines()[6:8] == ["  c: d", '  e: "f: g"']
    with pytest.raises(ValueError, match="nothing"):
        add_to_list(text, "nothing", ["a"])
