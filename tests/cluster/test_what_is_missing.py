"""`make cluster` where something is not there: one line that says what to install or to set."""

from __future__ import annotations

from pathlib import Path

import pytest
import services

from bondgenoot import cluster
from bondgenoot.__main__ import main
from bondgenoot.errors import BondgenootError
from bondgenoot.settings import load

NOBODY = "postgresql://anna:geheim@127.0.0.1:1/bondgenoot"


@pytest.fixture
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on this machine's usual ports."""
    monkeypatch.setattr(cluster, "DATABASE_URL", NOBODY)
    monkeypatch.setattr(cluster, "REDIS_URL", "redis://127.0.0.1:1/0")


def the_line(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["cluster"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_without_postgresql(home: Path, nobody_listens: None, capsys: pytest.CaptureFixture[str]) -> None:
    services.nginx()
    line = the_line(capsys)
    assert "127.0.0.1:1/bondgenoot" in line and "apt-get install postgresql" in line
    assert "BONDGENOOT_DATABASE_URL" in line and "docs/cluster.md" in line
    assert "geheim" not in line


def test_without_redis(
    home: Path, nobody_listens: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    services.nginx()
    with services.postgres_url() as url:
        monkeypatch.setenv("BONDGENOOT_DATABASE_URL", url)
        line = the_line(capsys)
    assert "Redis" in line and "apt-get install redis-server" in line and "BONDGENOOT_REDIS_URL" in line


def test_without_nginx(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", str(home))
    monkeypatch.setattr(cluster, "MORE_PLACES", str(home))
    assert "apt-get install nginx-light" in the_line(capsys)


def test_sqlite_is_refused_when_somebody_asks_for_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    services.nginx()
    monkeypatch.setenv("BONDGENOOT_DATABASE_URL", "sqlite:///somewhere.db")
    assert "one server" in the_line(capsys)


def test_a_network_address_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BONDGENOOT_HOST", "10.0.0.4")
    assert "BONDGENOOT_HOST is 10.0.0.4" in the_line(capsys)


def test_what_is_on_this_machine_is_taken_when_nothing_is_set(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with services.postgres_url() as database, services.redis_url() as redis:
        monkeypatch.setattr(cluster, "DATABASE_URL", database)
        monkeypatch.setattr(cluster, "REDIS_URL", redis)
        found = cluster.with_services(load())
    assert (found.database_url, found.redis_url) == (database, redis)


def test_a_configuration_that_nginx_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "nginx.conf.template"
    wrong.write_text(cluster.TEMPLATE.read_text(encoding="utf-8").replace("least_conn", "most_conn"))
    monkeypatch.setattr(cluster, "TEMPLATE", wrong)
    plan = cluster.Plan(5905, 5906, 5907, (5908, 5909), (5910, 5911))
    with pytest.raises(BondgenootError, match="most_conn"):
        cluster.write_configuration(services.nginx(), plan, tmp_path / "cluster")
