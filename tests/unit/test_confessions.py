"""Who broke trust and what happened, when it is said before it is asked."""

from __future__ import annotations

import pytest

from bondgenoot.confessions import confesses, story_beside, story_in, verdict_in
from bondgenoot.content import content
from bondgenoot.questions import match_choice


@pytest.mark.parametrize(
    "text",
    [
        "ik heb de eer gepikt van mijn collega",
        "ik heb haar iets beloofd en niet gedaan",
        "ik ben de verjaardag van mijn collega vergeten",
        "ik heb haar niet teruggebeld",
        "'k heb hem beloofd dat ik het zou vragen",
        "gisteren heb ik iets doorverteld wat geheim was",
        "ik vergat de afspraak",
        "ik heb hem niets laten weten",
        "het ging mis, want ik heb mijn woord gebroken",
    ],
)
def test_who_says_that_it_was_their_own_doing(text: str) -> None:
    assert confesses(text)


@pytest.mark.parametrize(
    "text",
    [
        "mijn collega heeft gelogen",
        "ik heb gehoord dat hij heeft gelogen",
        "ik heb gemerkt dat ze iets heeft doorverteld",
        "ze zeggen dat ik de planning heb achtergehouden",
        "ik heb niets verkeerd gedaan",
        "ik heb nooit gelogen",
        "ik heb vertrouwd op een collega die mij heeft verraden",
        "ik ben door mijn baas vergeten",
        "hoe herstel ik vertrouwen",
        "mijn vertrouwen is geschaad",
        "",
    ],
)
def test_who_does_not(text: str) -> None:
    assert not confesses(text)


class TestStories:
    def test_a_short_confession_is_a_story(self) -> None:
        assert story_in("ik heb de eer gepikt van mijn collega") == "ik heb de eer gepikt van mijn collega"

    def test_what_is_asked_beside_it_is_not_in_it(self) -> None:
        told = "Ik heb mijn collega beloofd dat ik haar rooster zou regelen en dat is er niet van gekomen."
        assert story_in(f"{told} Kun je me daarbij helpen?") == told

    @pytest.mark.parametrize(
        "text",
        [
            "Vertrouwen herstellen",
            "ik heb het vertrouwen van een collega geschonden",
            "kun je me helpen om het vertrouwen met een collega van mij weer te herstellen?",
            "help me excuses voorbereiden voor een collega",
        ],
    )
    def test_who_names_only_the_wish_or_the_trust_is_asked_what_happened(self, text: str) -> None:
        assert story_in(text) == ""

    def test_a_long_message_tells_it_also_without_a_confession(self) -> None:
        text = "mijn collega en ik hadden een afspraak over de verdeling van het werk en die liep helemaal mis"
        assert story_in(text) == text


class TestBesideTheSide:
    def beside(self, text: str) -> str:
        return story_beside(text, content().questions["repair_side"].choices)

    @pytest.mark.parametrize(
        ("text", "story"),
        [
            (
                "door mij. ik heb de rapportage niet geleverd en haar niets laten weten",
                "ik heb de rapportage niet geleverd en haar niets laten weten",
            ),
            (
                "Door mij. Ik heb het plan niet geleverd. Daarna ook niet teruggebeld.",
                "Ik heb het plan niet geleverd. Daarna ook niet teruggebeld.",
            ),
            (
                "de ander, hij heeft mijn idee als dat van hem verteld",
                "hij heeft mijn idee als dat van hem verteld",
            ),
        ],
    )
    def test_what_happened_counts(self, text: str, story: str) -> None:
        assert self.beside(text) == story

    @pytest.mark.parametrize(
        "text",
        [
            "door mij",
            "door mij, dat zei ik toch net",
            "door mij denk ik, of moet ik dat anders zien?",
            "ik was het zelf",
            "door mij, ik schaam me er wel voor",
        ],
    )
    def test_what_only_answers_does_not(self, text: str) -> None:
        assert self.beside(text) == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("grotendeels wel", "partly"),
        ("voor het grootste deel", "partly"),
        ("klopt, behalve dat van die begroting", "partly"),
        ("maar als ze het zou zeggen klopt het wel, helemaal", "yes"),
        ("ze heeft gelijk", "yes"),
        (
            "Ze zegt bijna niks meer en dat is bijna erger, mijn dochter doet dat ook als ze boos is. Maar als ze het "
            "zou zeggen dan klopt het wel ja, helemaal. Kan dat via een appje?",
            "yes",
        ),
        ("nee, dat klopt niet", "no"),
    ],
)
def test_whether_it_is_true_is_read_where_it_is_said(text: str, value: str) -> None:
    assert match_choice(content().questions["repair_true"].choices, verdict_in(text)) == value
