"""YAML that knows where each part stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from bondgenoot.yaml_lines import Document

TEXT = """\
# comment
id: one
options:
  - label: A
    text: >-
      long
      text

  - label: B
list: [x, y,
  z]
"""


def document(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "file.yml"
    path.write_text(text, encoding="utf-8")
    return Document(path)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("id",), 2),
        (("options",), 3),
        (("options", 0, "label"), 4),
        (("options", 0, "text"), 5),
        (("options", 1), 9),
        (("options", 1, "label"), 9),
        (("list", 1), 10),
        (("list", 2), 11),
    ],
)
def test_each_part_has_its_line(tmp_path: Path, place: Sequence[str | int], line: int) -> None:
    assert document(tmp_path, TEXT).line(place) == line


def test_a_part_that_is_missing_has_the_line_of_what_is_around_it(tmp_path: Path) -> None:
    found = document(tmp_path, TEXT)
    assert found.line(("options", 1, "text")) == 9
    assert found.line(("options", 7)) == 3
    assert found.line(("nothing", "here")) == found.line(()) == 2


def test_the_value_is_that_of_safe_yaml(tmp_path: Path) -> None:
    assert document(tmp_path, TEXT).value == yaml.safe_load(TEXT)


def test_an_empty_file_has_no_value_and_line_one(tmp_path: Path) -> None:
    found = document(tmp_path, "# nothing\n")
    assert found.value is None
    assert found.line(("id",)) == 1


def test_an_alias_has_the_lines_of_what_it_stands_for(tmp_path: Path) -> None:
    found = document(tmp_path, "a: &x\n  b: 1\nc: *x\n")
    assert found.value == {"a": {"b": 1}, "c": {"b": 1}}
    assert found.line(("c",)) == 3


def test_what_is_no_yaml_is_an_error_with_a_mark(tmp_path: Path) -> None:
    with pytest.raises(yaml.YAMLError) as caught:
        document(tmp_path, "a: 1\nb: [1, 2\n")
    assert caught.value.problem_mark.line >= 1  # type: ignore[attr-defined]


def test_python_objects_are_never_made(tmp_path: Path) -> None:
    with pytest.raises(yaml.YAMLError):
        document(tmp_path, "a: !!python/object/apply:os.getcwd []\n")
