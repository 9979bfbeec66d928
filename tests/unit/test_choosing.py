"""Which dilemma or practice comes next."""

from __future__ import annotations

import pytest

from bondgenoot.choosing import FIRST_CORES, next_dilemma, practices
from bondgenoot.content import content

CORES = ("integrity", "intent", "capabilities", "results")


def test_the_first_dilemma_is_about_intent_or_integrity() -> None:
    for person in map(str, range(30)):
        dilemma, new = next_dilemma(content(), person, [])
        assert dilemma.core in FIRST_CORES
        assert new


@pytest.mark.parametrize("core", CORES)
def test_a_wish_for_a_core_is_granted(core: str) -> None:
    assert next_dilemma(content(), "anna", [], core)[0].core == core


@pytest.mark.parametrize("core", ["", *CORES])
def test_somebody_sees_every_case_once_before_one_comes_back(core: str) -> None:
    fitting = {item.id for item in content().dilemmas.values() if not core or item.core == core}
    seen: list[str] = []
    for _ in fitting:
        dilemma, new = next_dilemma(content(), "anna", seen, core)
        assert new
        seen += [dilemma.id, dilemma.id]  # shown and finished
    assert set(seen) == fitting
    again, new = next_dilemma(content(), "anna", seen, core)
    assert (again.id, new) == (seen[0], False)


def test_a_case_seen_again_goes_to_the_end_of_the_row() -> None:
    seen = [*content().dilemmas, *list(content().dilemmas)[:1]]
    assert next_dilemma(content(), "anna", seen)[0].id == seen[1]


def test_a_case_that_was_removed_from_the_content_does_no_harm() -> None:
    assert next_dilemma(content(), "anna", ["removed", *content().dilemmas, "removed"])[1] is False


def test_the_order_differs_by_person_and_is_the_same_for_one_person() -> None:
    first = [next_dilemma(content(), str(person), [])[0].id for person in range(30)]
    assert len(set(first)) > 3
    assert first == [next_dilemma(content(), str(person), [])[0].id for person in range(30)]


def test_every_practice_can_be_proposed_and_the_small_ones_come_first() -> None:
    found = practices(content(), "anna", ())
    assert {item.id for item in found} == set(content().practices)
    efforts = [("small", "medium", "large").index(item.effort) for item in found]
    assert efforts == sorted(efforts)


def test_a_declined_practice_is_not_proposed_again() -> None:
    declined = list(content().practices)[:5]
    found = practices(content(), "anna", declined, preferred=declined)
    assert not {item.id for item in found} & set(declined)


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("whom", ["team_member", "colleague", "manager", "client"])
def test_core_and_person_are_both_respected_and_there_is_always_something(core: str, whom: str) -> None:
    found = practices(content(), "anna", (), core, whom)
    assert found
    assert all(core in item.cores and whom in item.for_whom for item in found)


def test_preferred_practices_come_first_in_their_order_and_alone_without_a_wish() -> None:
    preferred = list(content().practices)[3:6]
    assert [item.id for item in practices(content(), "anna", (), preferred=preferred)] == preferred
    found = [item.id for item in practices(content(), "anna", (), core="intent", preferred=preferred)]
    assert found[:3] == preferred
    assert len(found) == len(set(found)) > 3


def test_a_preferred_practice_that_does_not_exist_is_left_out() -> None:
    assert {item.id for item in practices(content(), "anna", (), preferred=["removed"])} == set(content().practices)


def test_when_all_were_declined_there_is_none() -> None:
    assert practices(content(), "anna", list(content().practices)) == []
