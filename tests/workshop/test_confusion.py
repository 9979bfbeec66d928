"""What a model takes for what: measured with the model's reader, kept, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bondgenoot.settings import Settings
from bondgenoot.workshop import confusion, publish
from bondgenoot.workshop.understanding import Understood

SENTENCES = """nlu:
- intent: greet
  examples: |
    - hallo
    - hoi
    - dag
- intent: goodbye
  examples: |
    - tot later
"""


class Reader:
    """Takes whatever does not begin with an h for a goodbye, and a goodbye for a greeting."""

    def read(self, texts: Iterable[str]) -> Iterator[Understood]:
        for text in texts:
            yield Understood(text, "greet" if text[0] in "ht" else "goodbye", 0.9, ())


def test_the_test_sentences_are_read_and_counted(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def reader(*_: Any) -> Iterator[Reader]:
        yield Reader()

    monkeypatch.setattr(publish, "reader", reader)
    (tmp_path / "heldout.yml").write_text(SENTENCES, encoding="utf-8")
    publish.measure(settings, tmp_path / "een-model.tar.gz", tmp_path / "heldout.yml")
    found = confusion.find(settings)
    assert found is not None
    assert (found.model, found.sentences, found.right, found.accuracy) == ("een-model.tar.gz", 4, {"greet": 2}, 0.5)
    assert found.pairs() == [("goodbye", "greet", ["tot later"]), ("greet", "goodbye", ["dag"])]


def test_what_is_mistaken_most_often_comes_first(settings: Settings, clock: Any) -> None:
    readings = [("a", "x", "y"), ("b", "z", "x"), ("c", "z", "x")]
    assert [row[:2] for row in confusion.keep(settings, "m", readings, clock.now()).pairs()] == [("z", "x"), ("x", "y")]


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"model": "m"}', '{"wrong": [["a"]]}'])
def test_what_cannot_be_read_counts_as_not_measured(settings: Settings, clock: Any, damaged: str) -> None:
    assert confusion.find(settings) is None
    confusion.keep(settings, "m", [], clock.now())
    assert confusion.find(settings) is not None
    (settings.home / "workshop" / "confusion.json").write_text(damaged, encoding="utf-8")
    assert confusion.find(settings) is None
