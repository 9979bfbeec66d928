"""The own situation: in short, gently, and read back in whole clauses."""

from __future__ import annotations

import pytest

from bondgenoot.own_case import Shorter, happened_to_them, in_whole_clauses, is_asked, wants_it_shorter


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("genoeg vragen", "", ""),
        ("kan het korter?", "", ""),
        ("pff, te veel vragen hoor", "", ""),
        ("is dit een lange lijst", "", ""),
        ("goh, kunnen we niet meteen naar de laatste vraag", "", ""),
        ("genoeg vragen. morgen bellen dus", "", "morgen bellen dus"),
        ("dat ie gewoon met me praat. kan het niet korter dit?", "dat ie gewoon met me praat.", ""),
    ],
)
def test_a_wish_for_fewer_questions(text: str, before: str, after: str) -> None:
    assert wants_it_shorter(text) == Shorter(before, after)


@pytest.mark.parametrize(
    "text",
    [
        "hij stelt niet genoeg vragen",
        "genoeg vragen stellen in het overleg",
        "kan de vergadering korter?",
        "dat het sneller gaat",
        "sneller",
        "korter",
        "te veel werk",
        "dat is te veel",
        "de lijst met klanten is te lang",
        "ik stop ermee",
        "hoeveel vragen nog?",
    ],
)
def test_an_answer_is_no_such_wish(text: str) -> None:
    assert wants_it_shorter(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "mijn teamleider zet me voor gek in het overleg",
        "ze lachen me uit op de werkvloer",
        "ik word gepest door twee collega's",
        "ik wil gewoon dat ze me niet voor gek zet",
        "mijn chef heeft me genaaid",
        "ik voel me gepasseerd door de directeur",
        "mijn baas schreeuwt voortdurend tegen mij",
    ],
)
def test_it_happened_to_them(text: str) -> None:
    assert happened_to_them(text)


@pytest.mark.parametrize(
    "text",
    [
        "ik heb hem uitgelachen",
        "ik schreeuw soms tegen mijn baas",
        "hij pest me niet",
        "niemand pest me",
        "word ik gepest?",
        "als ze me pesten ga ik weg",
        "en dan sta ik maandag voor gek",
        "een collega heeft me overgeslagen in de mail",
        "mijn baas en ik zijn het oneens",
        "mijn collega presenteert mijn ideeën als de zijne bij de directie",
    ],
)
def test_an_ordinary_situation_keeps_all_questions(text: str) -> None:
    assert not happened_to_them(text)


def test_who_it_happened_to_is_not_asked_for_their_own_part() -> None:
    own_part = ("own_case_agenda", "own_case_mutual", "own_case_word_deed", "own_case_right")
    assert not any(is_asked(slot, gently=True) for slot in own_part)
    assert all(is_asked(slot, gently=False) for slot in own_part)
    assert is_asked("own_case_support", gently=True)
    assert not is_asked("own_case_support", gently=False)
    assert all(is_asked(slot, gently) for slot in ("own_case_want", "own_case_step") for gently in (True, False))


LONG = "ik wil dat hij erkent dat het niet is nagekomen, en dat het besluit wacht tot wij advies hebben gegeven over de plannen"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rust", "rust"),
        (LONG, "ik wil dat hij erkent dat het niet is nagekomen"),
        (f"Dat hij op tijd komt. {LONG}", "Dat hij op tijd komt"),
        ("woord " * 30, "woord " * 22 + "…"),
    ],
)
def test_a_summary_holds_whole_clauses(text: str, shown: str) -> None:
    assert in_whole_clauses(text) == shown
