"""Sentence vectors of the training sentences: shipped in data/vectors, renewed by `python -m components.vector_table`.

A vector costs 25 to 50 ms of a core and depends on nothing but its sentence and the encoder, so those of the sentences
that come with the product are kept beside them, one file for each file of data/nlu, one for content/own_answers.yml and
one for data/remarks, one byte a number. Sentences that are not there (a trainer's new ones) are encoded at training and
kept in BONDGENOOT_HOME/cache.
Keys are the first 8 bytes of the SHA-256 of the sentence, as uint64; vectors int8 of shape (n, 384), largest value 127.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bondgenoot import own_answers, settings
from components import remark_judge
from components.encoder_client import encode_all

SHIPPED = settings.ROOT / "data" / "vectors"
SENTENCES = settings.ROOT / "data" / "nlu"


def vectors_of(texts: Sequence[str]) -> np.ndarray:
    """Vectors of unit length, float32 of shape (len(texts), 384); what is known is read, the rest is encoded and kept.

    Raises:
        EncoderError: when there are unknown sentences and the encoder cannot run here.
    """
    cache = settings.load().home / "cache" / "sentence_vectors.npz"
    known = _read([*SHIPPED.glob("*.npz"), cache])
    missing = list(dict.fromkeys(text for text in texts if key_of(text) not in known))
    if missing:
        encoded = dict(zip(map(key_of, missing), pack(encode_all(missing))))
        cached = _read([cache]) | encoded
        needed = set(map(key_of, texts))
        _write(cache, {key: vector for key, vector in cached.items() if key in needed})
        known |= encoded
    return unpack(np.stack([known[key_of(text)] for text in texts]))


def key_of(text: str) -> int:
    """The sentence's key."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "little")


def pack(vectors: np.ndarray) -> np.ndarray:
    """As int8; the cosine with the original stays above 0.999."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    packed: np.ndarray = np.round(vectors / np.maximum(largest, 1e-9) * 127).astype(np.int8)
    return packed


def unpack(packed: np.ndarray) -> np.ndarray:
    """Back to float32 of unit length."""
    vectors = packed.astype(np.float32)
    unit: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


def sentences_by_file() -> dict[str, list[str]]:
    """The training sentences that have an intent, as Rasa reads them, and the questions with an own answer, by file."""
    found = {own_answers.FILE.stem: [text for group in own_answers.examples().values() for text in group]}
    for path in sorted(SENTENCES.glob("*.yml")):
        examples = RasaYAMLReader().read(str(path)).nlu_examples
        found[path.stem] = list(dict.fromkeys(one.get(TEXT) for one in examples if one.get(INTENT) and one.get(TEXT)))
    said = remark_judge.examples()
    return {**found, remark_judge.DATA.name: list(dict.fromkeys(text for texts in said.values() for text in texts))}


def renew() -> int:
    """Bring data/vectors up to date; returns the number of sentences that were encoded."""
    known = _read(SHIPPED.glob("*.npz"))
    files = sentences_by_file()
    new = list(dict.fromkeys(text for texts in files.values() for text in texts if key_of(text) not in known))
    if new:
        known |= dict(zip(map(key_of, new), pack(encode_all(new))))
    for path in SHIPPED.glob("*.npz"):
        if path.stem not in files:
            path.unlink()
    for stem, texts in files.items():
        vectors = {key: known[key] for key in sorted(map(key_of, texts))}
        if _read([SHIPPED / f"{stem}.npz"]).keys() != vectors.keys():
            _write(SHIPPED / f"{stem}.npz", vectors)
    return len(new)


def _read(paths: Iterable[Path]) -> dict[int, np.ndarray]:
    known: dict[int, np.ndarray] = {}
    for path in paths:
        if path.exists():
            with np.load(path) as stored:
                known.update(zip(stored["keys"].tolist(), stored["vectors"]))
    return known


def _write(path: Path, vectors: dict[int, np.ndarray]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, keys=np.array(list(vectors), dtype=np.uint64), vectors=np.stack(list(vectors.values())))
    partial.replace(path)


if __name__ == "__main__":
    sys.stdout.write(f"{renew()} sentences got a vector; data/vectors is up to date.\n")
