"""Messages without an open question that tell of work."""

from __future__ import annotations

import pytest

from bondgenoot import tellings


@pytest.mark.parametrize(
    "text",
    [
        "'k heb hier nen magazijnier, die komt elken dag te laat. mijn ploeg staat dan te wachten. 'k ben da beu",
        "gedoe met chauffeur",
        "mijn chef heeft me voorman beloofd en nu wordt een ander het",
        "tis gewoon niet zo gezellig meer met kim ofzo",
        "ik heb vorige week iets gepresenteerd waar een collega het meeste aan gedaan had",
        "Covey, die van die gewoontes? haha. serieus dan: toen de directeur mij prees, zei ik niet dat het van haar was",
    ],
)
def test_what_chafes_at_work_is_told(text: str) -> None:
    assert tellings.told(text) == "share_dilemma"


@pytest.mark.parametrize(
    "text", ["ik heb de eer gepikt van mijn collega. wat moet ik nou", "ik heb gelogen tegen mijn team"]
)
def test_a_wrong_of_ones_own_is_to_be_repaired(text: str) -> None:
    assert tellings.told(text) == "repair_trust"


@pytest.mark.parametrize(
    "text",
    [
        "we hebben het druk met het team, wat levert vertrouwen op",
        "hoe bouw ik vertrouwen op in mijn team",
        "ik wil weten hoe je vertrouwen wint van een klant",
        "is het niet zo dat vertrouwen in een team tijd kost?",
        "ik wil een dilemma over mijn team",
        "weet ik niet, mn leidinggevende zei dat ik dit ff moest proberen",
        "leg eens uit hoe integriteit werkt in een team",
        "ik bel mijn chef morgen",
    ],
)
def test_who_asks_or_wishes_tells_nothing(text: str) -> None:
    assert tellings.told(text) is None
