"""What a trainer is told when something in content/ is wrong: file, line, field and what to do, in Dutch."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bondgenoot.content import CONTENT, Content, content, load
from bondgenoot.errors import ContentError

DILEMMA = "dilemmas/the_late_project.yml"
PRACTICE = "practices/call_when_ill.yml"
SCAN = "questions/scan.yml"
JOURNEYS = "texts/journeys.yml"
KEPT = {
    "the_late_project",
    "show_relevant_results",
    "own_mistake_first",
    "ask_before_assuming",
    "call_when_ill",
    "invite_dissent",
    "scan",
    "offer",
    "commitment",
    "journeys",
    "conversation",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of content/ to break, with the few files that the tests name, so that it is read fast."""
    folder = Path(shutil.copytree(CONTENT, tmp_path / "content", ignore=shutil.ignore_patterns("schema", "safety")))
    for path in folder.glob("*/*.yml"):
        if path.stem not in KEPT:
            path.unlink()
    return folder


def change(root: Path, name: str, old: str, new: str) -> int:
    """Replace the first `old`; returns the line (from 1) on which it stood."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def problems(root: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load(root)
    return str(caught.value).splitlines()


def test_the_content_as_it_is_has_no_problems(root: Path) -> None:
    assert load(CONTENT) == content()
    found = load(root)
    assert isinstance(found, Content)
    assert {*found.dilemmas, *found.practices} < KEPT
    assert found.questions["scan_answer"].maximum == 5


@pytest.mark.parametrize(
    ("name", "old", "new", "field", "told"),
    [
        (DILEMMA, "core: results", "core: honesty", "core", "integrity, intent, capabilities, results"),
        (DILEMMA, "insight: >-", "insigt: >-", "", "insight"),
        (DILEMMA, "id: the_late_project", "id: another", "id", "the_late_project"),
        (DILEMMA, "practices: [show_relevant_results", "practices: [show_results", "practices.1", "show_results"),
        (DILEMMA, "label: Het kantoor", "label: Het kantoor waar wij trots op zijn", "options.2.label", "20"),
        (DILEMMA, "keywords: [kantoor,", "keywords: [wat we leerden,", "options.2.keywords.1", "wat we leerden"),
        (DILEMMA, "sources: [15,", "sources: [99,", "sources.1", "79"),
        (PRACTICE, "effort: small", "effort: tiny", "effort", "small, medium, large"),
        (PRACTICE, "cores: [intent]", "cores: []", "cores", "1"),
        (PRACTICE, "title: Bel iemand die ziek thuis is", "title: 5", "title", "string"),
        (SCAN, "slot: scan_answer", "slot: answer", "questions.1.slot", "scan_"),
        (SCAN, "journey: scan", "journey: zelfscan", "journey", "zelfscan"),
        (SCAN, "max: 5", "max: vijf", "questions.1.max", "vijf"),
        ("moments.yml", "days_until: 3", "days_until: soon", "moments.1.days_until", "soon"),
        ("scan.yml", "core: integrity", "core: honesty", "statements.1.core", "honesty"),
        ("referrals.yml", "{country: NL", "{country: FR", "crisis.contacts.1.country", "FR"),
    ],
)
def test_a_mistake_is_told_with_file_line_field_and_remedy(
    root: Path, name: str, old: str, new: str, field: str, told: str
) -> None:
    line = change(root, name, old, new)
    found = [text for text in problems(root) if name in text and told in text and (not field or f" {field}: " in text)]
    assert found
    if field:
        assert f"{name}:{line}: {field}: " in found[0]


def test_a_bubble_of_more_than_sixty_words_is_told_with_its_count(root: Path) -> None:
    change(root, JOURNEYS, "Goed, geen oefening nu.", "woord " * 61)
    (found,) = problems(root)
    assert "practice_declined: 61 " in found
    assert "60" in found


def test_a_dilemma_without_question_on_intent_or_values_is_told(root: Path) -> None:
    change(root, DILEMMA, "about: intent", "about: facts")
    change(root, DILEMMA, "about: values", "about: facts")
    (found,) = problems(root)
    assert "intentie of waarden" in found


def test_a_question_that_is_asked_again_in_the_same_words_is_told(root: Path) -> None:
    again = "again: Wat zal ik aanpassen, de actie, met wie, wanneer, wat je kan tegenhouden, of wat je dan doet?"
    line = change(root, "questions/commitment.yml", again, "again: Wat wil je veranderen?")
    (found,) = problems(root)
    assert f"questions/commitment.yml:{line}: " in found
    assert "andere woorden" in found


def test_a_text_in_two_files_is_told(root: Path) -> None:
    with (root / JOURNEYS).open("a", encoding="utf-8") as file:
        file.write("welcome: Nog een keer.\n")
    (found,) = problems(root)
    assert "welcome" in found
    assert "texts/" in found


def test_a_key_twice_in_one_file_is_told(root: Path) -> None:
    """Plain YAML keeps the last one without a word, and the trainer's first text is gone."""
    with (root / JOURNEYS).open("a", encoding="utf-8") as file:
        file.write("practice_declined: Nog een keer.\n")
    assert any("practice_declined" in text for text in problems(root))


def test_what_is_no_yaml_is_told_and_the_rest_is_still_checked(root: Path) -> None:
    (root / PRACTICE).write_text("id: [call_when_ill\ntitle: x\n", encoding="utf-8")
    change(root, "practices/invite_dissent.yml", "effort: ", "effort: no_such_")
    found = problems(root)
    assert any(PRACTICE in text and "YAML" in text for text in found)
    assert any("practices/invite_dissent.yml" in text and "effort" in text for text in found)


def test_an_empty_file_is_told(root: Path) -> None:
    (root / PRACTICE).write_text("", encoding="utf-8")
    assert any(PRACTICE in text for text in problems(root))


def test_a_file_saved_in_another_encoding_is_told(root: Path) -> None:
    text = (root / PRACTICE).read_text(encoding="utf-8").replace("Bel iemand", "Bél iemand")
    (root / PRACTICE).write_bytes(text.encode("cp1252"))
    assert any(PRACTICE in text for text in problems(root))


def test_a_file_with_a_byte_order_mark_is_read(root: Path) -> None:
    path = root / PRACTICE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert "call_when_ill" in load(root).practices


def test_an_empty_folder_is_told(root: Path) -> None:
    shutil.rmtree(root / "practices")
    assert any("content/practices" in text for text in problems(root))


@pytest.mark.parametrize("name", ["moments.yml", "scan.yml", "apology.yml", "referrals.yml"])
def test_a_missing_file_is_told_before_a_person_meets_it(root: Path, name: str) -> None:
    (root / name).unlink()
    assert any(name in text for text in problems(root))


@pytest.mark.parametrize("topic", ["crisis", "harassment", "burnout", "report_wrongdoing"])
def test_a_referral_card_that_is_missing_is_told(root: Path, topic: str) -> None:
    change(root, "referrals.yml", f"{topic}:\n", f"{topic}_old:\n")
    assert any("referrals.yml" in text for text in problems(root))


def test_a_day_of_checking_that_is_no_day_is_told(root: Path) -> None:
    change(root, "referrals.yml", "checked: 2026-11-21", "checked: vorige week")
    assert any("referrals.yml" in text and "checked" in text for text in problems(root))


def test_a_branch_that_another_wording_of_the_question_lacks_is_told(root: Path) -> None:
    """It is misspelt, or the question would be asked in the words of another branch the second time."""
    line = change(
        root, "questions/offer.yml", "      commitment: Zullen", "      yes: Hoe dan?\n      commitment: Zullen"
    )
    (found,) = problems(root)
    assert f"questions/offer.yml:{line}: questions.1.again.yes: " in found


def test_yes_and_no_without_quotes_are_words(root: Path) -> None:
    """Plain YAML reads them as true and false, so that a trainer's wording would never be chosen."""
    path = root / "questions" / "offer.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("commitment:", "yes:"), encoding="utf-8")
    asked = load(root).questions["offer_answer"]
    assert set(asked.wordings["ask"]) == set(asked.wordings["again"]) == {"yes", "practice"}


def test_a_practice_with_a_mistake_is_not_called_missing_as_well(root: Path) -> None:
    """One mistake, one problem: the practice exists, so the dilemmas that name it are right."""
    change(root, "practices/own_mistake_first.yml", "effort: ", "effort: no_such_")
    assert [text for text in problems(root) if "dilemmas/" in text] == []


def test_the_problems_come_sorted_one_a_line(root: Path) -> None:
    change(root, "scan.yml", "core: integrity", "core: honesty")
    change(root, "moments.yml", "days_until: 3", "days_until: soon")
    found = problems(root)
    assert found == sorted(found)
    assert len(found) == 2
