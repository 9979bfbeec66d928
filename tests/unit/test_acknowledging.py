"""One short sentence for what somebody tells; none when it is not told plainly."""

from __future__ import annotations

import pytest

from bondgenoot.acknowledging import sentence_for
from bondgenoot.content import content

TELLS = "own_case_situation"


def kind_of(text: str, slot: str = TELLS) -> str:
    sentence = sentence_for(slot, text, ())
    return next((one.id for one in content().acknowledgements if sentence in one.say), "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ik had mijn team beloofd om eerst te overleggen en heb dat toen niet gedaan", "own_promise"),
        ("'k had haar beloofd dat met de chef te bespreken, maar 't is er nooit van gekomen", "own_promise"),
        ("een collega presenteert mijn ideeën als de zijne", "credit"),
        ("zij strijkt altijd met de eer. Of nee, hij pakt de eer", "credit"),
        ("ik ben gepasseerd voor die functie", "passed_over"),
        ("ik zit soms in de auto te huilen", "crying"),
        ("ik slaap er slecht van", "sleep"),
        ("daar lig ik wakker van", "sleep"),
        ("hij zette me voor schut waar de klant bij was", "laughed_at"),
        ("ze lachen me uit", "laughed_at"),
        ("iedereen lacht dan mee, dat is het ergste", "laughed_along"),
        ("ik ben woest", "anger"),
        ("ik ben 't beu", "anger"),
        ("ik schaam me kapot", "shame"),
        ("ik durf er niks van te zeggen", "fear"),
        ("ik ben doodmoe van het trekken", "tired"),
        ("hij ontloopt me al de hele week", "avoided"),
        ("vorige week las ik het in de nieuwsbrief", "heard_last"),
        ("mijn mannen staan elke ochtend te wachten", "waiting"),
        ("ik sta er alleen voor", "alone"),
        ("dat was fout van mij", "own_mistake"),
        ("mijn baas beloofde een gesprek en er gebeurt niks", "promise_of_another"),
        ("dat heb ik haar nooit verteld", "unsaid"),
        ("ze heeft het aan iedereen doorverteld", "told_on"),
        ("we kregen nooit een antwoord", "not_heard"),
        ("ik voel mij gepasseerd", "passed_over"),
    ],
)
def test_what_is_told_is_given_back(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "ik ben niet boos",
        "moet ik boos zijn?",
        "als hij dat weer doet word ik kwaad",
        "mijn collega slaapt slecht",
        "ik slaap goed",
        "hij is moe",
        "ik ben gewoon op zoek naar rust",
        "ik heb hem beloofd te helpen en dat deed ik",
        "ik wil dat we samen lachen",
        "iedereen lachte mee, het was gezellig",
        "niemand lacht me uit",
        "ik heb geen fout gemaakt",
        "mijn collega komt altijd te laat",
        "wij wachten het rapport af",
        "mijn idee is beter dan dat van hem",
        "we hebben een overleg waar iedereen bij zit",
        "ik wil dat hij naar me luistert",
        "ik heb iets doorverteld dat een collega me in vertrouwen zei",
        "ik kreeg de eer voor haar werk",
        "ik heb haar gepasseerd",
        "ik gaf hem geen antwoord",
        "zij staat er alleen voor",
        "hij hoorde het in de kantine",
        "stel dat ik mijn belofte vergeet",
        "de planning wordt elke week omgegooid door verkoop",
        "dat we allebei krijgen wat ons toekomt",
    ],
)
def test_what_is_not_plainly_told_gets_nothing(text: str) -> None:
    assert kind_of(text) == ""


@pytest.mark.parametrize("slot", ["own_case_assumption", "own_case_test", "own_case_step", "dilemma_chair"])
def test_about_others_and_about_later_nothing_is_given_back(slot: str) -> None:
    assert kind_of("ik ben boos", slot) == ""


def test_a_sentence_is_not_said_twice() -> None:
    first = sentence_for(TELLS, "ze lachen me uit", ())
    second = sentence_for(TELLS, "ze lachen me uit", (first,))
    assert second not in ("", first)
    assert sentence_for(TELLS, "ze lachen me uit", (first, second)) == ""


def test_a_sentence_is_short_and_claims_no_feeling() -> None:
    for one in content().acknowledgements:
        for sentence in one.say:
            assert len(sentence.split()) <= 20
            assert not {"ik", "mij", "me"} & set(sentence.lower().split()) - {"me"}, sentence
