"""Shipped sentence vectors: they belong to the sentences beside them, and only what is new is encoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bondgenoot import settings
from components import vector_table
from components.encoder_client import EncoderError, encode_all

ENOUGH = 0.9  # trainers may add sentences; `make vectors` brings them along


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BONDGENOOT_HOME", str(tmp_path))
    return tmp_path


def shipped() -> set[int]:
    return {key for path in vector_table.SHIPPED.glob("*.npz") for key in np.load(path)["keys"].tolist()}


def test_nearly_every_training_sentence_has_its_vector_and_none_is_left_over():
    needed = {vector_table.key_of(text) for texts in vector_table.sentences_by_file().values() for text in texts}
    assert len(needed & shipped()) >= ENOUGH * len(needed), "run `make vectors`"
    assert len(shipped() - needed) <= (1 - ENOUGH) * len(needed), "run `make vectors`"


def test_the_vectors_are_those_of_the_encoder():
    known = shipped()
    files = vector_table.sentences_by_file()
    sample = [next(text for text in texts if vector_table.key_of(text) in known) for texts in files.values()]
    fresh = encode_all(sample)
    cosines = (vector_table.vectors_of(sample) * fresh).sum(axis=1) / np.linalg.norm(fresh, axis=1)
    assert len(sample) == len(files) > 5
    assert cosines.min() > 0.995


def test_what_is_shipped_needs_no_encoder(alone: Path, monkeypatch: pytest.MonkeyPatch):
    known = shipped()
    text = next(
        t for texts in vector_table.sentences_by_file().values() for t in texts if vector_table.key_of(t) in known
    )

    def away(texts: list[str]) -> np.ndarray:
        raise EncoderError("not here")

    monkeypatch.setattr(vector_table, "encode_all", away)
    assert vector_table.vectors_of([text]).shape == (1, 384)
    with pytest.raises(EncoderError):
        vector_table.vectors_of([text, "een zin die nergens staat 4711"])


def test_a_new_sentence_is_encoded_once_and_kept_until_it_is_gone(alone: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        asked.extend(texts)
        return np.random.default_rng(1).normal(size=(len(texts), 384)).astype(np.float32)

    monkeypatch.setattr(vector_table, "encode_all", encode)
    first = vector_table.vectors_of(["nieuw 1", "nieuw 2"])
    assert np.allclose(vector_table.vectors_of(["nieuw 2", "nieuw 1"]), first[::-1])
    assert asked == ["nieuw 1", "nieuw 2"]
    vector_table.vectors_of(["nieuw 1", "nieuw 3"])
    vector_table.vectors_of(["nieuw 2"])
    assert asked == ["nieuw 1", "nieuw 2", "nieuw 3", "nieuw 2"]


def test_packing_keeps_the_direction():
    vectors = np.random.default_rng(7).normal(size=(50, 384)).astype(np.float32)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (vector_table.unpack(vector_table.pack(vectors)) * unit).sum(axis=1).min() > 0.999


def test_the_cache_lies_in_the_home_folder(alone: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(vector_table, "encode_all", lambda texts: np.ones((len(texts), 384), dtype=np.float32))
    vector_table.vectors_of(["een zin die nergens staat"])
    assert (settings.load().home / "cache" / "sentence_vectors.npz").is_relative_to(alone)
    assert (alone / "cache" / "sentence_vectors.npz").exists()
