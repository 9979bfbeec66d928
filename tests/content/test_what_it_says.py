"""Short, plain, in the je-form, without cheer, blame or advice that nobody asked for."""

from __future__ import annotations

import re

import pytest
from pieces import labels, said

from bondgenoot.content import content

WORDS_IN_A_BUBBLE = 60
CHARACTERS_ON_A_BUTTON = 24

# What Bondgenoot does not say, and why.
TONE = {
    "speaks to a person as je": r"\b(u|uw|uzelf|gij|gelieve)\b",
    "blames": r"\b(je had moeten|jouw schuld|eigen schuld|schaam je|teleurgesteld in je|dat is dom|slecht van je)\b",
    "commands": r"(^|[.:?] )je moet\b",
    "cheers": r"\b(super|geweldig|fantastisch|top gedaan|goed bezig|hoera|wauw|bravo|knap gedaan)\b",
    "grades an answer": r"\b(juiste antwoord is|fout antwoord|verkeerd antwoord|goed geantwoord)\b",
    "reads feelings": r"\b(ik (voel|merk|hoor) dat je (boos|verdrietig|bang|gestrest|gefrustreerd))\b",
    "pretends to be human": r"\b(als mens|ik ben ook maar een mens|ik voel met je mee|ik begrijp precies)\b",
    "promises secrecy": r"\b(geheimhouding|ik beloof je dat niemand|strikt vertrouwelijk|100 ?% (veilig|anoniem))\b",
    "claims an effect on wellbeing": r"\b(bewezen effect|je zult je beter voelen|wordt gegarandeerd|gegarandeerd)\b",
}
# Somebody else's words, not Bondgenoot's.
QUOTED = re.compile(r"“[^”]*”|'[^']{3,}'")


def offenders(pattern: str) -> list[str]:
    found = re.compile(pattern, re.IGNORECASE)
    return [f"{place}: {text}" for place, text in said() if found.search(QUOTED.sub("", text))]


def test_all_kinds_of_files_are_looked_at() -> None:
    files = {place.split(".yml")[0] for place, _ in said()}
    assert {
        "content/moments",
        "content/scan",
        "content/menu",
        "texts/safety",
        "questions/repair",
        "responses/faq",
    } <= files
    assert len(said()) > 900


def test_a_bubble_has_at_most_sixty_words() -> None:
    assert [place for place, text in said() if len(text.split()) > WORDS_IN_A_BUBBLE] == []


def test_a_button_has_at_most_twenty_four_characters() -> None:
    """More is cut off by Facebook and Slack, see the channel capabilities."""
    assert [f"{place}: {len(text)}" for place, text in labels() if len(text) > CHARACTERS_ON_A_BUTTON] == []


def test_nothing_ends_in_an_exclamation_mark() -> None:
    assert offenders("!") == []


@pytest.mark.parametrize("habit", TONE)
def test_the_tone(habit: str) -> None:
    assert offenders(TONE[habit]) == []


def test_there_are_no_emoji() -> None:
    assert offenders("[\U0001f000-\U0001faff\u2600-\u27bf]") == []


def test_nothing_is_unfinished() -> None:
    assert offenders(r"\b(todo|fixme|xxx|lorem|tbd)\b") == []


def test_nothing_has_stray_spaces_around_it_or_in_it() -> None:
    assert [place for place, text in said() if "  " in text or re.search(r" [,.?;]", text)] == []


def test_every_question_ends_in_a_question_mark_an_ellipsis_or_a_request() -> None:
    """An open question is visibly one: in its last bubble, in the first words and in the other words."""
    silent = []
    for slot, question in content().questions.items():
        for moment in ("ask", "again"):
            wording = question.wordings[moment]
            for text in wording.values() if isinstance(wording, dict) else [wording]:
                last = text if isinstance(text, str) else text[-1]
                if not re.search(
                    r"[?…]|\{\w*question\}|\b(Noem|Geef|Schrijf|Kies|Vertel|Bijvoorbeeld)\b|ja of nee",
                    last,
                    re.IGNORECASE,
                ):
                    silent.append(f"{slot}.{moment}: {last}")
    assert silent == []


class TestDuties:
    def test_the_welcome_says_that_it_is_a_machine_what_is_kept_and_how_to_stop(self) -> None:
        welcome = " ".join(content().texts["welcome"])
        for part in ("computerprogramma", "geen mens", "werkgever", "stoppen", "wis alles", "Namen zijn niet nodig"):
            assert re.search(part, welcome, re.IGNORECASE), part

    @pytest.mark.parametrize("topic", ["crisis", "harassment", "burnout", "report_wrongdoing"])
    def test_a_card_shows_contacts_says_what_is_kept_and_how_to_go_on(self, topic: str) -> None:
        card = " ".join(content().texts[f"safety_card_{topic}"])
        for part in ("{contacts}", "bewaar ik niet", "niemand is ingelicht", "ga verder"):
            assert part in card, part
        assert content().texts[f"safety_check_{topic}"][-1].endswith("?")

    def test_the_card_on_wrongdoing_asks_for_no_names_or_evidence(self) -> None:
        assert "geen namen of bewijs" in " ".join(content().texts["safety_card_report_wrongdoing"]).lower()

    @pytest.mark.parametrize("slot", ["own_case_situation", "repair_what"])
    def test_somebody_is_warned_before_telling_a_story_that_no_names_are_needed(self, slot: str) -> None:
        asked = content().questions[slot].wordings["ask"]
        for text in asked.values() if isinstance(asked, dict) else [asked]:
            assert "namen zijn niet nodig" in text.lower()


class TestRepair:
    """A mistake in the work asks for other things than a broken word: that it gets better, or openness over time."""

    @pytest.mark.parametrize("slot", ["repair_change", "repair_need"])
    @pytest.mark.parametrize("moment", ["ask", "again"])
    def test_a_broken_word_is_asked_about_otherwise_than_a_mistake(self, slot: str, moment: str) -> None:
        question = content().questions[slot]
        assert question.by == "repair_kind"
        after = {
            kind: " ".join(question.wording(moment, {"kind": kind}, kind)) for kind in ("competence", "integrity", "")
        }
        assert len(set(after.values())) >= (3 if moment == "ask" else 2)
        assert re.search(r"werk|beter|volgende keer", after["competence"])
        assert re.search(r"open|telkens|woord", after["integrity"], re.IGNORECASE)
        assert after[""] not in after["integrity"], "who skipped the question is asked neither"

    def test_every_answer_to_competence_or_integrity_has_its_own_wording(self) -> None:
        kinds = {choice.value for choice in content().questions["repair_kind"].choices}
        for slot in ("repair_change", "repair_need"):
            assert set(content().questions[slot].wordings["ask"]) == kinds
