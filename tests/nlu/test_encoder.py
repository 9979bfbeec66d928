"""The sentence encoder lives in a process of its own, whose death costs one message its vector."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest

from components import encoder_client
from components.encoder_client import EncoderError, Worker, make_safe
from components.intent_model import IntentModel, vector_of


@pytest.fixture
def worker():
    made = Worker()
    yield made
    made.close()


def test_vectors_have_unit_length_and_like_meets_like(worker):
    one, like, other = (
        worker.encode(text) for text in ("ik ben ziek thuis", "ik lig ziek in bed", "de trein naar Gent")
    )
    assert one.shape == (encoder_client.DIMENSIONS,)
    assert np.linalg.norm(one) == pytest.approx(1.0, abs=1e-3)
    assert one @ like > one @ other


def test_a_killed_worker_is_replaced(worker):
    before = worker.encode("hallo")
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait()
    assert np.allclose(worker.encode("hallo"), before)


def test_a_worker_that_hangs_costs_one_message_its_vector(worker, monkeypatch):
    worker.encode("hallo")
    monkeypatch.setattr(encoder_client, "SECONDS_TO_ANSWER", 0.2)
    os.kill(worker._process.pid, signal.SIGSTOP)
    with pytest.raises(EncoderError):
        worker.encode("nog eens")
    monkeypatch.undo()
    assert worker.encode("en nu weer").shape == (encoder_client.DIMENSIONS,)


@pytest.mark.parametrize("text", ["\ufdfa" * 2000, "a\0b", "\ud800", "x" * 100_000, ""])
def test_what_reaches_the_c_code_is_harmless(text):
    safe = make_safe(text)
    assert len(safe) <= encoder_client.LONGEST_TEXT
    assert "\0" not in safe
    assert "\ufdfa" not in safe
    safe.encode("utf-8")


def test_an_example_of_an_intent_with_few_of_them_is_that_intent_word_for_word():
    many = [f"hoe geef ik een fout {word} toe aan mijn team" for word in "abcdefghijklmnopqrstuvwxyz" * 3]
    few = ["hoe geef ik een fout toe", "een fout opbiechten"]
    names = ["faq/room_for_mistakes"] * len(many) + ["een_fout_toegeven"] * len(few)
    model = IntentModel([*many, *few], names, encode=None)

    def likeliest(text):
        return model.classes[int(model.understand(text, None).probabilities.argmax())]

    assert likeliest("Hoe geef ik een fout toe?") == "een_fout_toegeven"
    assert likeliest("hoe geef ik een fout toe aan mijn team") == "faq/room_for_mistakes"
    assert model.understand("hoe geef ik een fout toe", None).probabilities.sum() == pytest.approx(1.0)


def test_without_an_encoder_the_model_works_on_n_grams(monkeypatch):
    texts = ["goede morgen", "hallo daar", "tot morgen", "tot ziens daar"] * 3
    model = IntentModel(texts, ["greet", "greet", "goodbye", "goodbye"] * 3, encode=None)
    monkeypatch.setattr(encoder_client, "SECONDS_TO_START", 0.001)
    assert vector_of(Worker(), "hallo") is None
    found = model.understand("hallo daar", None)
    assert model.classes[int(found.probabilities.argmax())] == "greet"
    assert (found.distress, found.aside) == (0.0, 0.0)
