"""`content publish` stops when the new model understands clearly fewer sentences, and then nothing has gone live."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bondgenoot import publications
from bondgenoot.errors import BondgenootError
from bondgenoot.settings import Settings
from bondgenoot.workshop import confusion, publish
from bondgenoot.workshop.findings import tell
from bondgenoot.workshop.understanding import Understood

LIVE, NEW = "bondgenoot-live.tar.gz", "bondgenoot-new.tar.gz"
SENTENCES = 200


class Server:
    """A running server: it says which model it has, and writes down what it is told to load."""

    def __init__(self) -> None:
        self.told: list[str] = []
        here = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({"model_file": LIVE})

            def do_PUT(self) -> None:
                here.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["model_file"])
                self._answer({})

            def _answer(self, value: dict[str, str]) -> None:
                body = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None: ...

        self._http = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._http.server_port
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


class Publishing:
    """A project in which something changed; what each model understands is set by the test."""

    def __init__(self, root: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings = settings
        self.said: list[str] = []
        self.understood: dict[str, int] = {LIVE: SENTENCES, NEW: SENTENCES}
        (root / "docs").mkdir(parents=True)
        (root / "models").mkdir()
        for name in (LIVE, NEW):
            (root / "models" / name).write_bytes(name.encode())
        (settings.home / "log").mkdir(parents=True)
        lines = "".join(f"    - zin nummer {number}\n" for number in range(SENTENCES))
        self.sentences = root / "sentences.yml"
        self.sentences.write_text(f"nlu:\n- intent: greet\n  examples: |\n{lines}", encoding="utf-8")
        monkeypatch.setattr(publish, "ROOT", root)
        monkeypatch.setattr(publications, "CURRENT", root / "models" / "published.json")
        monkeypatch.setattr(publish.check, "run", lambda **_: True)
        monkeypatch.setattr(publish, "train", lambda *_: root / "models" / NEW)
        monkeypatch.setattr(publish, "_run_tests", lambda *_: None)
        monkeypatch.setattr(publish, "reader", self._reader)

    @contextmanager
    def _reader(self, _settings: Settings, model: Path) -> Iterator[Publishing]:
        self._model = model.name
        yield self

    def read(self, texts: Iterable[str]) -> Iterator[Understood]:
        right = self.understood[self._model]
        for number, text in enumerate(texts):
            yield Understood(text, "greet" if number < right else "stop", 0.9, ())

    def publish(self, **options: Any) -> publications.Publication:
        return publish.publish(self.settings, sentences=self.sentences, say=self.said.append, **options)


@pytest.fixture
def publishing(settings: Settings, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publishing:
    here = replace(settings, host="127.0.0.1", port=server.port)
    return Publishing(tmp_path / "project", here, monkeypatch)


def test_what_got_worse_does_not_go_live(publishing: Publishing, server: Server) -> None:
    publishing.understood[NEW] = SENTENCES - 3
    with pytest.raises(BondgenootError) as stopped:
        publishing.publish()
    assert str(stopped.value) == tell("publish_stopped_worse")
    told = "\n".join(publishing.said)
    assert tell("compare_sum", sentences=SENTENCES, new="98.5%", live="100.0%") in told
    assert tell("compare_worse", count=3) in told
    assert tell("compare_row", text="zin nummer 199", meant="greet", live="greet", new="stop") in told
    assert "Gepubliceerd" not in told
    assert server.told == [], "the server still has the model that it had"
    assert publications.current() is None
    assert publications.history(publishing.settings) == []
    assert confusion.find(publishing.settings) is None


def test_what_is_worse_on_purpose_goes_live(publishing: Publishing, server: Server) -> None:
    publishing.understood[NEW] = SENTENCES - 3
    made = publishing.publish(accept_worse=True)
    assert [Path(one).name for one in server.told] == [NEW]
    assert publications.current() == made
    assert (made.model, made.accuracy) == (NEW, 0.985)


@pytest.mark.parametrize(("live", "new"), [(SENTENCES, SENTENCES - 2), (SENTENCES - 40, SENTENCES)])
def test_a_little_worse_or_better_goes_live(publishing: Publishing, server: Server, live: int, new: int) -> None:
    """One in a hundred, net, is what may be lost."""
    publishing.understood.update({LIVE: live, NEW: new})
    assert publishing.publish().model == NEW
    assert [Path(one).name for one in server.told] == [NEW]
    assert ("\n".join(publishing.said).count("     … en nog 20") == 1) == (new - live == 40)
