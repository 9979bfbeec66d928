"""Every item of the seeds' checklist is found in the content, and the table in docs says where."""

from bondgenoot import coverage
from bondgenoot.content import SEED_ITEMS
from bondgenoot.settings import ROOT


def test_every_item_is_found_somewhere():
    assert not [item for item, where in coverage.places().items() if not where]


def test_no_item_is_made_up():
    assert set(coverage.places()) == set(SEED_ITEMS)


def test_every_item_says_what_it_is_about():
    assert list(coverage.subjects()) == list(SEED_ITEMS)
    assert len(set(coverage.subjects().values())) == len(SEED_ITEMS)


def test_the_table_is_up_to_date():
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == coverage.table()
