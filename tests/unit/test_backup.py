"""A backup is the database at one moment, also while it is written to; a restore refuses what would lose something."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from fixed_clock import FixedClock

from bondgenoot import keys
from bondgenoot.__main__ import main
from bondgenoot.backup import backup, restore
from bondgenoot.errors import StoreError
from bondgenoot.settings import Settings
from bondgenoot.store import commitments, people, schema
from bondgenoot.store.database import connect


@pytest.fixture
def cipher(settings: Settings) -> schema.Cipher:
    """The key that the installation made."""
    return schema.Cipher(keys.data_key(settings.home))


@pytest.fixture
def database_url(settings: Settings, _migrated_file: Path) -> str:
    """As in tests/conftest.py; the folder is there already, with the key in it."""
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / "bondgenoot.db").write_bytes(_migrated_file.read_bytes())
    return settings.database_url


def words(url: str, cipher: schema.Cipher) -> list[str]:
    engine = connect(url)
    with engine.begin() as connection:
        found = [item.what for item in commitments.of_person(connection, cipher, "anna")]
    engine.dispose()
    return found


def test_a_restored_backup_holds_what_was_there_and_its_words_open(
    settings: Settings,
    engine: sa.engine.Engine,
    cipher: schema.Cipher,
    anna: str,
    promise: Callable[..., str],
    tmp_path: Path,
) -> None:
    promise(anna, what="eerst luisteren")
    backup(settings, tmp_path / "copy.db")
    promise(anna, what="later gezegd")
    engine.dispose()
    restore(settings, tmp_path / "copy.db")
    assert words(settings.database_url, cipher) == ["eerst luisteren"]
    before = settings.home / "bondgenoot.db.before-restore"
    assert sorted(words(f"sqlite:///{before}", cipher)) == ["eerst luisteren", "later gezegd"]


def test_a_backup_made_while_others_write_is_whole_and_of_one_moment(
    settings: Settings, engine: sa.engine.Engine, clock: FixedClock, anna: str, tmp_path: Path
) -> None:
    """Each turn writes two rows together; a copy between the two would have an odd number."""
    stop, written = threading.Event(), threading.Event()

    def talk() -> None:
        number = 0
        while not stop.is_set():
            with engine.begin() as connection:
                for part in (1, 2):
                    connection.execute(
                        sa.insert(schema.event).values(conversation_id="anna", seq=2 * number + part, data=b"x" * 3000)
                    )
            number += 1
            if number == 20:
                written.set()

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        assert written.wait(60)
        sizes = [backup(settings, tmp_path / f"copy-{number}.db") for number in range(3)]
    finally:
        stop.set()
        thread.join(60)
    assert min(sizes) > 0
    for number in range(3):
        copy = connect(f"sqlite:///{tmp_path / f'copy-{number}.db'}")
        with copy.connect() as connection:
            count = connection.execute(sa.select(sa.func.count()).select_from(schema.event)).scalar_one()
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        copy.dispose()
        assert count >= 40
        assert count % 2 == 0


def test_a_backup_is_for_its_owner_only_and_overwrites_nothing(
    settings: Settings, engine: sa.engine.Engine, anna: str, tmp_path: Path
) -> None:
    file = tmp_path / "copy.db"
    backup(settings, file)
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".bondgenoot")] == []
    with pytest.raises(StoreError, match="exists already"):
        backup(settings, file)


def test_words_of_another_key_are_not_restored(
    settings: Settings,
    engine: sa.engine.Engine,
    cipher: schema.Cipher,
    anna: str,
    promise: Callable[..., str],
    tmp_path: Path,
) -> None:
    promise(anna, what="blijft staan")
    backup(settings, tmp_path / "copy.db")
    engine.dispose()
    (settings.home / "secrets" / "data_key").write_text(Fernet.generate_key().decode())
    with pytest.raises(StoreError, match="another data key"):
        restore(settings, tmp_path / "copy.db")
    assert words(settings.database_url, cipher) == ["blijft staan"]


def test_a_running_installation_is_not_restored_over(
    settings: Settings, engine: sa.engine.Engine, anna: str, tmp_path: Path
) -> None:
    backup(settings, tmp_path / "copy.db")
    with engine.connect() as running:
        running.execute(sa.select(schema.person.c.id)).all()
        with pytest.raises(StoreError, match="Stop Bondgenoot"):
            restore(settings, tmp_path / "copy.db")
    with engine.begin() as connection:
        assert people.find(connection, anna) is not None


@pytest.mark.parametrize("content", [b"a letter, not a database" * 100, b""])
def test_what_is_no_backup_is_refused(
    settings: Settings, engine: sa.engine.Engine, anna: str, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "copy.db").write_bytes(content)
    with pytest.raises(StoreError):
        restore(settings, tmp_path / "copy.db")
    with engine.begin() as connection:
        assert people.find(connection, anna) is not None


def test_the_command_line_says_where_the_key_is_and_has_one_line_for_a_mistake(
    settings: Settings, engine: sa.engine.Engine, anna: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "copy.db"
    assert main(["backup", str(file)]) == 0
    assert "data_key" in capsys.readouterr().out
    engine.dispose()
    assert main(["restore", str(file)]) == 0
    assert main(["restore", str(tmp_path / "nothing.db")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("bondgenoot: ")
    assert error.count("\n") == 1


def test_postgresql_is_told_its_own_tools(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BONDGENOOT_DATABASE_URL", "postgresql://localhost/bondgenoot")
    from bondgenoot.settings import load

    with pytest.raises(StoreError, match="pg_dump"):
        backup(load(), tmp_path / "copy.db")
