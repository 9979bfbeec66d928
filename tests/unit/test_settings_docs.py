"""What an operator reads about settings is what the program does."""

from __future__ import annotations

from bondgenoot.settings import ROOT, table


def test_the_table_in_the_documentation_is_the_table_in_the_code() -> None:
    """When it is not: put what `python -c "from bondgenoot.settings import table; print(table())"` prints there."""
    assert table() in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
