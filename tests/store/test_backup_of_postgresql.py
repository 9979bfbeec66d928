"""The commands of docs/operators.md, run as they stand there."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import services
import sqlalchemy as sa
from fixed_clock import FixedClock

from bondgenoot.settings import ROOT
from bondgenoot.store import commitments, people
from bondgenoot.store.database import connect, migrate
from bondgenoot.store.schema import Cipher


def documented(program: str, url: str, folder: Path) -> None:
    """Run the line of the documentation that begins with `program`."""
    line = re.search(
        rf"^    ({program} .*)$", (ROOT / "docs" / "operators.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert line is not None
    places = [str(path.parent) for path in Path("/usr/lib/postgresql").glob(f"*/bin/{program}")]
    found = shutil.which(program, path=":".join(sorted(places, reverse=True))) or shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    command = line[1].replace(program, found, 1)
    subprocess.run(["bash", "-ec", command], check=True, cwd=folder, env={"DATABASE": url, "PATH": "/usr/bin:/bin"})


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_restored_dump_holds_what_was_there_and_its_words_open(
    database_url: str,
    engine: sa.engine.Engine,
    cipher: Cipher,
    anna: str,
    clock: FixedClock,
    promise: Callable[..., str],
    tmp_path: Path,
) -> None:
    promise(anna, what="eerst luisteren")
    documented("pg_dump", database_url, tmp_path)
    promise(anna, what="later gezegd")
    engine.dispose()
    documented("pg_restore", database_url, tmp_path)
    with services.postgres_url() as empty:
        documented("pg_restore", empty, tmp_path)
        for url in (database_url, empty):
            migrate(url)
            restored = connect(url)
            with restored.begin() as connection:
                assert [item.what for item in commitments.of_person(connection, cipher, anna)] == ["eerst luisteren"]
                assert people.find(connection, anna) is not None
                people.touch(connection, "bram", clock.now())
            restored.dispose()
