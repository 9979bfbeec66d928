"""What went live is numbered, and its sources can be put back exactly."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bondgenoot import content as content_module
from bondgenoot import publications
from bondgenoot.errors import ContentError
from bondgenoot.settings import Settings

NOW = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.timezone.utc)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project."""
    folder = tmp_path / "project"
    for name in ("content/texts/a.yml", "data/nlu/a.yml", "domain.yml", "config.yml", "models/one.tar.gz", "models/two.tar.gz"):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"first {name}\n", encoding="utf-8")
    monkeypatch.setattr(publications, "ROOT", folder)
    monkeypatch.setattr(publications, "CURRENT", folder / "models" / "published.json")
    return folder


def test_each_publication_has_the_next_number_and_is_the_current_one(root: Path, settings: Settings) -> None:
    assert publications.current() is None
    first = publications.record(settings, root / "models" / "one.tar.gz", "start", NOW)
    second = publications.record(settings, root / "models" / "two.tar.gz", "publish", NOW, 0.9)
    assert (first.version, second.version) == (1, 2)
    assert publications.current() == second
    assert publications.history(settings) == [first, second]
    assert second.fingerprint == publications.fingerprint(root / "models" / "two.tar.gz") != first.fingerprint
    assert publications.models_to_keep(settings) == {"one.tar.gz", "two.tar.gz"}


def test_after_going_back_the_next_number_is_still_new(root: Path, settings: Settings) -> None:
    first = publications.record(settings, root / "models" / "one.tar.gz", "start", NOW)
    publications.record(settings, root / "models" / "two.tar.gz", "publish", NOW)
    publications.make_current(first)
    assert publications.record(settings, root / "models" / "two.tar.gz", "publish", NOW).version == 3


def test_sources_are_put_back_as_they_were(root: Path, settings: Settings) -> None:
    publications.record(settings, root / "models" / "one.tar.gz", "start", NOW)
    (root / "content" / "texts" / "a.yml").write_text("changed\n", encoding="utf-8")
    (root / "data" / "nlu" / "new.yml").write_text("new\n", encoding="utf-8")
    (root / "data" / "nlu" / "a.yml").unlink()
    publications.restore_sources(settings, 1)
    assert (root / "content" / "texts" / "a.yml").read_text(encoding="utf-8") == "first content/texts/a.yml\n"
    assert (root / "data" / "nlu" / "a.yml").exists()
    assert not (root / "data" / "nlu" / "new.yml").exists()


def test_what_is_read_once_a_publication_is_read_again_after_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = iter([1, 1, 2, 3, 3, 4])
    monkeypatch.setattr(content_module, "published_at", lambda: next(stamps))
    answers = iter(["one", "two", ContentError("broken"), "four"])

    def read_it() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    reading = content_module.once_a_publication(read_it)
    # What is broken after the third publication leaves the second in place, until the fourth.
    assert [reading() for _ in range(6)] == ["one", "one", "two", "two", "two", "four"]
