"""Which item of the seeds' checklist (shared/product.md) is found where in the content; makes docs/coverage.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bondgenoot.content import SEED_ITEMS
from bondgenoot.settings import ROOT

HEADING = """# Where each item of the seeds is found

Made by `make coverage` from the `sources` in the content; a test keeps it so. Numbers are those of the checklist.

A is the article on building trust, B the one on trust and connection; what an item is about stands in
content/seeds.yml.

| item | about | found in |
| --- | --- | --- |
"""


def places(root: Path = ROOT) -> dict[int, list[str]]:
    """Item -> where it is found in a project folder, in a fixed order."""
    found: dict[int, list[str]] = {item: [] for item in SEED_ITEMS}
    for where, sources in sourced(root):
        for item in sources:
            found.setdefault(item, []).append(where)
    return found


def table() -> str:
    """The whole document."""
    about = subjects()
    rows = (f"| {item} | {about[item]} | {', '.join(where)} |\n" for item, where in sorted(places().items()))
    return HEADING + "".join(rows)


def subjects(root: Path = ROOT) -> dict[int, str]:
    """Item -> its article and what it is about, in Dutch."""
    return {one["item"]: f"{one['article']}: {one['about']}" for one in _load(root / "content" / "seeds.yml")["items"]}


def sourced(root: Path = ROOT) -> Iterator[tuple[str, list[int]]]:
    """(where, items) of everything in a project folder that names its sources."""
    for path in sorted((root / "data" / "responses").glob("*.yml")):
        for name, variations in _load(path)["responses"].items():
            for variation in variations:
                yield f"`{name}`", variation.get("metadata", {}).get("sources", [])
    for folder in ("dilemmas", "practices"):
        for path in sorted((root / "content" / folder).glob("*.yml")):
            yield f"{folder}/{path.stem}", _load(path)["sources"]
    for item in _load(root / "content" / "moments.yml")["moments"]:
        yield f"moments/{item['id']}", item["sources"]
    for item in _load(root / "content" / "scan.yml")["statements"]:
        yield f"scan/{item['id']}", item["sources"]


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
