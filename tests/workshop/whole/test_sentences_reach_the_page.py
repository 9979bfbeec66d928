"""What the inbox promises, on the real processes: ten people agree in the chat, a trainer files what went astray."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from at_work import SECONDS, Project, running_copy

ASTRAY = "kun je een pizza bestellen voor Marieke"
SHARED = "kun je een pizza bestellen voor (naam)"


class Trainer:
    """A trainer's browser without windows."""

    def __init__(self, project: Project) -> None:
        self._base = f"http://localhost:{project.port}"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path: str, fields: dict[str, str] | None = None) -> str:
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        request = urllib.request.Request(self._base + path, data, {"Origin": self._base})
        with self._opener.open(request, timeout=120) as answer:
            return str(answer.read().decode())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The same, with the workshop on."""
    with running_copy(tmp_path_factory.mktemp("page"), BONDGENOOT_WORKSHOP="on") as made:
        yield made


@pytest.mark.timeout(SECONDS)
def test_ten_people_share_and_a_trainer_files_a_sentence(project: Project) -> None:
    trainer = Trainer(project)
    with pytest.raises(urllib.error.HTTPError, match="401"):
        trainer.open("/workshop/inbox")
    trainer.open("/workshop/demo", {})
    for number in range(10):
        assert "minstens 10 mensen" in trainer.open("/workshop/inbox")
        who = f"persoon-{number}"
        project.say(who, "hallo")
        assert "door elkaar" in project.say(who, "deel onbegrepen zinnen")
        project.say(who, ASTRAY)
    page = trainer.open("/workshop/inbox")
    assert page.count(f'value="{SHARED}"') == 10
    assert "Marieke" not in page
    assert "persoon-" not in page

    # One takes it back, and there are nine.
    assert "is weg" in project.say("persoon-3", "deel geen zinnen meer")
    assert "minstens 10 mensen" in trainer.open("/workshop/inbox")
    project.say("persoon-3", "deel onbegrepen zinnen")
    project.say("persoon-3", ASTRAY)

    page = trainer.open("/workshop/inbox")
    key = re.findall(r'name="key" value="([0-9a-f]+)"', page)[0]
    sentence = re.findall(r'name="id" value="([0-9a-f]+)"', page)[0]
    fields = {
        "key": key,
        "id": sentence,
        "do": "file",
        "intent": "out_of_scope",
        "sentence": "bestel mij eens een emmer verse mosselen",
    }
    told = trainer.open("/workshop/inbox", fields)
    assert "staat nu op data/nlu/out_of_scope.yml:" in told
    assert "    - bestel mij eens een emmer verse mosselen\n" in Path(
        project.root, "data", "nlu", "out_of_scope.yml"
    ).read_text("utf-8")
    # What people wrote stands in no log.
    assert "Marieke" not in (project.root / "server.log").read_text(encoding="utf-8", errors="replace")
