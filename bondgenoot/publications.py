"""What was made live, when, and from which sources: numbered records that a rollback can go back to.

`models/published.json` says what is live now; BONDGENOOT_HOME/publications holds one NNNN.json and one NNNN.tar.gz (the
content, language data and domain of that moment) for each time something went live.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bondgenoot.content import PUBLISHED as CURRENT
from bondgenoot.settings import ROOT, Settings

# What a trainer changes; code belongs to the release.
SOURCES = ("content", "data", "tests/stories/journeys", "domain.yml", "config.yml")


@dataclass(frozen=True)
class Publication:
    """One time that something went live; `how` is start, publish or rollback, `fingerprint` SHA-256 of the model."""

    version: int
    model: str
    fingerprint: str
    moment: str
    how: str
    accuracy: float | None = None

    @property
    def path(self) -> Path:
        """The model file."""
        return ROOT / "models" / self.model


def current() -> Publication | None:
    """What is live, or None before the first start."""
    try:
        return Publication(**json.loads(CURRENT.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def history(settings: Settings) -> list[Publication]:
    """All records, oldest first."""
    files = sorted(_folder(settings).glob("[0-9]*.json"))
    return [Publication(**json.loads(path.read_text(encoding="utf-8"))) for path in files]


def record(
    settings: Settings, model: Path, how: str, now: datetime.datetime, accuracy: float | None = None
) -> Publication:
    """Note that `model` goes live, with its sources, and make it the current one."""
    numbers = [one.version for one in history(settings)]
    live = current()
    version = max([*numbers, live.version if live else 0]) + 1
    made = Publication(version, model.name, fingerprint(model), now.isoformat(timespec="seconds"), how, accuracy)
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    keep_sources(folder / f"{version:04}.tar.gz")
    _write(folder / f"{version:04}.json", asdict(made))
    make_current(made)
    return made


def make_current(one: Publication) -> None:
    """Say that `one` is live; running processes read content/ again when this file changes."""
    _write(CURRENT, asdict(one))


def fingerprint(model: Path) -> str:
    """SHA-256 of the model file, as hexadecimal text."""
    digest = hashlib.sha256()
    with model.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def keep_sources(path: Path) -> None:
    """Write the sources as they are now to a tar file."""
    with tarfile.open(path, "w:gz") as archive:
        for file in _source_files():
            archive.add(file, str(file.relative_to(ROOT)))


def restore_sources(settings: Settings, version: int) -> None:
    """Put the sources of a record back, and take away what did not exist then.

    Raises:
        OSError: when the archive of that version is not there or cannot be read.
    """
    with tarfile.open(_folder(settings) / f"{version:04}.tar.gz") as archive:
        names = {member.name for member in archive.getmembers()}
        for file in _source_files():
            if str(file.relative_to(ROOT)) not in names:
                file.unlink()
        for name in names:
            source = archive.extractfile(name)
            if source is not None:
                (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
                (ROOT / name).write_bytes(source.read())


def models_to_keep(settings: Settings) -> set[str]:
    """Names of the models that a rollback may need: the live one and the one before it."""
    live = current()
    if live is None:
        return set()
    before = [one.model for one in history(settings) if one.version < live.version and one.model != live.model]
    return {live.model, *before[-1:]}


def _source_files() -> Iterator[Path]:
    for source in SOURCES:
        path = ROOT / source
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in (".yml", ".json"))
        elif path.exists():
            yield path


def _folder(settings: Settings) -> Path:
    return settings.home / "publications"


def _write(path: Path, value: dict[str, Any]) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    partial.replace(path)
