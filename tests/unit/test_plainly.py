"""What somebody plainly tells, and what is only asked, denied, supposed or quoted."""

from __future__ import annotations

import pytest

from bondgenoot.plainly import tells


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ik ben boos", True),
        ("Nou ja, ik ben behoorlijk boos. En moe.", True),
        ("ik ben niet boos", False),
        ("boos ben ik niet, ik ben het beu", False),
        ("ik ben boos, toch?", False),
        ("ik zou boos worden", False),
        ("als hij dat nog eens doet, dan ben ik boos", False),
        ("hij zei: “ik ben boos”", False),
    ],
)
def test_only_what_is_plainly_told_counts(text: str, told: bool) -> None:
    assert tells(text, ["ik ben .. boos"]) is told


def test_a_denial_in_the_phrase_itself_is_meant() -> None:
    assert tells("ik durf het niet te vragen", ["ik durf .. niet"])
    assert not tells("ik durf het te vragen", ["ik durf .. niet"])
