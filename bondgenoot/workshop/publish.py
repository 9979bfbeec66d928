"""`content publish` and `content rollback`: from checked to live, and one step back.

check, with Rasa's own validation -> train -> conversations -> comparison with the live model, sentence by sentence ->
record -> running server. The server loads the new model beside the old one and then swaps them; conversations are in
the database, so nobody loses their place.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bondgenoot import coverage, keys, publications, training
from bondgenoot.clock import Clock
from bondgenoot.errors import BondgenootError
from bondgenoot.publications import Publication
from bondgenoot.settings import ROOT, Settings
from bondgenoot.workshop import check, confusion, rasa_words
from bondgenoot.workshop.findings import tell
from bondgenoot.workshop.understanding import accuracy, reader

TEST_SENTENCES = ROOT / "tests" / "nlu" / "heldout.yml"
CONVERSATIONS = "tests/stories"
# The share of test sentences that may be understood worse, net, without somebody saying that it is meant.
MAY_GET_WORSE = 0.01
SECONDS_TO_LOAD = 300
SHOWN = 20

Say = Callable[[str], None]


@dataclass(frozen=True)
class Comparison:
    """The live and the new model on the same sentences; entries are (sentence, meant, live, new)."""

    sentences: int
    live: float
    new: float
    better: list[tuple[str, str, str, str]]
    worse: list[tuple[str, str, str, str]]
    readings: list[confusion.Reading] = field(default_factory=list)


def publish(
    settings: Settings,
    *,
    tests: Sequence[str] = (CONVERSATIONS,),
    sentences: Path = TEST_SENTENCES,
    accept_worse: bool = False,
    say: Say = print,
) -> Publication:
    """Make the present content and language data live.

    Args:
        settings: Where the server and the records are.
        tests: What pytest runs; more than the conversations, or fewer.
        sentences: Labelled sentences, in the form of data/nlu, on which the models are compared.
        accept_worse: Go on though the new model understands clearly fewer of them.
        say: Takes what is told on the way.

    Raises:
        BondgenootError: says at which step it stopped and what to do; then nothing has gone live.
    """
    say(tell("publish_check"))
    # Rasa's own command, with nothing left out: training loads all of it anyway.
    if not check.run(say=say, ask_rasa=rasa_words.validate):
        raise BondgenootError(tell("publish_stopped_check"))
    (ROOT / "docs" / "coverage.md").write_text(coverage.table(), encoding="utf-8")
    live = _live(settings)
    say(tell("publish_train"))
    model = train(settings, say)
    say(tell("publish_tests"))
    _run_tests(settings, tests, say)
    score: float | None = None
    found: Comparison | None = None
    if live is None or not live.exists():
        say(tell("publish_no_live"))
    elif live == model:
        say(tell("publish_same_model"))
    else:
        say(tell("publish_compare"))
        found = compare(settings, live, model, sentences)
        score = found.new
        _tell_comparison(found, say)
        if (len(found.worse) - len(found.better)) > MAY_GET_WORSE * found.sentences and not accept_worse:
            raise BondgenootError(tell("publish_stopped_worse"))
    now = Clock.from_settings(settings).now()
    kept = confusion.find(settings)
    if found is not None:
        confusion.keep(settings, model.name, found.readings, now)
    elif kept is None or kept.model != model.name:
        measure(settings, model, sentences)
    made = publications.record(settings, model, "publish", now, score)
    say(tell("publish_done", version=made.version, model=made.model, fingerprint=made.fingerprint[:12]))
    _tell_server(settings, model, say)
    return made


def rollback(settings: Settings, say: Say = print) -> Publication:
    """Make what was live before live again: its model, content, language data and domain.

    The files as they are now are kept in BONDGENOOT_HOME/publications first.

    Raises:
        BondgenootError: when there is nothing to go back to, or its model is gone.
    """
    live = publications.current()
    before = [one for one in publications.history(settings) if live and one.version < live.version]
    if live is None or not before:
        raise BondgenootError(tell("rollback_nothing"))
    target = before[-1]
    if not target.path.exists() or publications.fingerprint(target.path) != target.fingerprint:
        raise BondgenootError(tell("rollback_no_model", model=target.model))
    stamp = Clock.from_settings(settings).now().strftime("%Y%m%d-%H%M%S")
    aside = settings.home / "publications" / f"aside-{stamp}.tar.gz"
    publications.keep_sources(aside)
    publications.restore_sources(settings, target.version)
    publications.make_current(target)
    say(tell("rollback_done", version=target.version, model=target.model, aside=aside))
    _tell_server(settings, target.path, say)
    return target


def train(settings: Settings, say: Say = print) -> Path:
    """The model of the present sources.

    Raises:
        BondgenootError: with the reason in Dutch where Rasa's own is known.
    """
    if not training.model_path().exists():
        say(tell("training"))
    try:
        return training.ensure_model(settings, lambda _: None)
    except BondgenootError as error:
        log = settings.home / "log" / "train.log"
        known = rasa_words.translate(log.read_text(encoding="utf-8", errors="replace")) if log.exists() else []
        if not known:
            raise
        raise BondgenootError("\n".join(map(str, known)) + "\n" + tell("publish_stopped_training", log=log)) from error


def compare(settings: Settings, live: Path, new: Path, sentences: Path = TEST_SENTENCES) -> Comparison:
    """What the new model understands better and worse, sentence by sentence."""
    pairs = labelled(sentences)
    understood = []
    for model in (live, new):
        with reader(settings, model) as reads:
            understood.append([one.intent for one in reads.read(text for text, _ in pairs)])
    rows = [(text, meant, old, now) for (text, meant), old, now in zip(pairs, *understood)]
    return Comparison(
        len(rows),
        accuracy([(meant, old) for _, meant, old, _ in rows]),
        accuracy([(meant, now) for _, meant, _, now in rows]),
        [row for row in rows if row[1] == row[3] != row[2]],
        [row for row in rows if row[1] == row[2] != row[3]],
        [(text, meant, now) for text, meant, _, now in rows],
    )


def measure(settings: Settings, model: Path, sentences: Path = TEST_SENTENCES) -> confusion.Confusion:
    """Let a model read the test sentences and keep what it takes for what, for the workshop page."""
    pairs = labelled(sentences)
    with reader(settings, model) as reads:
        understood = [one.intent for one in reads.read(text for text, _ in pairs)]
    readings = [(text, meant, now) for (text, meant), now in zip(pairs, understood)]
    return confusion.keep(settings, model.name, readings, Clock.from_settings(settings).now())


def labelled(path: Path) -> list[tuple[str, str]]:
    """(sentence, intent) of a file in the form of data/nlu."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    return [
        (line.strip()[2:], str(entry["intent"]))
        for entry in entries
        for line in entry["examples"].splitlines()
        if line.strip().startswith("- ")
    ]


def serve(settings: Settings, model: Path) -> bool:
    """Let the running server take `model`; False when no server runs.

    Raises:
        BondgenootError: when the server refuses.
    """
    request = urllib.request.Request(
        f"{settings.server_url}/model?token={keys.auth_token(settings.home)}",
        data=json.dumps({"model_file": str(model)}).encode(),
        headers={"Content-Type": "application/json"},
        method="PUT",
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS_TO_LOAD):
            return True
    except urllib.error.HTTPError as error:
        raise BondgenootError(tell("server_refused", code=error.code)) from error
    except OSError:
        return False


def _tell_server(settings: Settings, model: Path, say: Say) -> None:
    say(tell("server_took" if serve(settings, model) else "server_away"))


def _live(settings: Settings) -> Path | None:
    """The model that people talk to now: what the running server says, else what was recorded last."""
    url = f"{settings.server_url}/status?token={keys.auth_token(settings.home)}"
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return ROOT / "models" / Path(json.loads(response.read())["model_file"]).name
    except (OSError, ValueError, KeyError, TypeError):
        recorded = publications.current()
        return recorded.path if recorded else None


def _run_tests(settings: Settings, tests: Sequence[str], say: Say) -> None:
    log = settings.home / "log" / "conversations.log"
    environment = {name: value for name, value in os.environ.items() if name != "BONDGENOOT_STORIES_MODEL"}
    with log.open("w", encoding="utf-8") as file:
        command = [sys.executable, "-m", "pytest", "-q", "--no-header", *tests]
        environment |= {"PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
        code = subprocess.run(command, cwd=ROOT, env=environment, stdout=file, stderr=file, check=False).returncode
    if code == 0:
        say(tell("publish_tests_passed"))
        return
    text = log.read_text(encoding="utf-8", errors="replace")
    failed = re.findall(r"^(?:FAILED|ERROR) \S+?(?:\[([^\]]+)\]|::(\S+))", text, re.MULTILINE)
    names = [f"tests/stories/{story}.yml" if story else test for story, test in failed]
    raise BondgenootError(tell("publish_stopped_tests", names="\n  ".join(names) or f"pytest {code}", log=log))


def _tell_comparison(found: Comparison, say: Say) -> None:
    say(tell("compare_sum", sentences=found.sentences, live=f"{found.live:.1%}", new=f"{found.new:.1%}"))
    for key, rows in (("compare_better", found.better), ("compare_worse", found.worse)):
        say(tell(key, count=len(rows)))
        for text, meant, live, new in rows[:SHOWN]:
            say(tell("compare_row", text=text[:90], meant=meant, live=live, new=new))
        if len(rows) > SHOWN:
            say(tell("compare_more", count=len(rows) - SHOWN))
