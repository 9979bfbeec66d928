"""Sentence vectors (multilingual-e5-small, 384 dimensions, unit length) from worker processes.

The C library behind it overflows its heap on some characters that NFKC takes away, stops at NUL, refuses lone
surrogates and has no length limit (shared/nlu.md); so text is made safe here before it reaches the worker.
"""

from __future__ import annotations

import logging
import os
import select
import struct
import subprocess
import sys
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from components.encoder_worker import DIMENSIONS

LONGEST_TEXT = 300
SECONDS_TO_START = 30.0
SECONDS_TO_ANSWER = 5.0

logger = logging.getLogger(__name__)


class EncoderError(Exception):
    """The worker did not start, died or was too slow; the message goes on without a vector."""


def make_safe(text: str) -> str:
    """What the C code may read: NFKC, no NUL, no surrogates, at most LONGEST_TEXT characters."""
    clean = unicodedata.normalize("NFKC", text[: 4 * LONGEST_TEXT]).replace("\0", " ")
    return clean.encode("utf-8", "replace").decode("utf-8")[:LONGEST_TEXT]


class Worker:
    """One worker process, started at the first text and again after a failure."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def encode(self, text: str) -> np.ndarray:
        """The vector of one text, float32 of shape (384,).

        Raises:
            EncoderError: the worker is ended, and the next call starts a new one.
        """
        data = make_safe(text).encode()
        with self._lock:
            try:
                process = self._process if self._process and self._process.poll() is None else self._start()
                assert process.stdin and process.stdout
                process.stdin.write(struct.pack("<I", len(data)) + data)
                process.stdin.flush()
                answer = self._read(process, DIMENSIONS * 4, SECONDS_TO_ANSWER)
            except (OSError, EncoderError) as error:
                self._end()
                raise EncoderError(str(error)) from error
        return np.frombuffer(answer, dtype="<f4").copy()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = dict(os.environ, OMP_NUM_THREADS="1")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "components.encoder_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parent.parent,
            env=environment,
        )
        self._read(self._process, len(b"ready"), SECONDS_TO_START)
        return self._process

    @staticmethod
    def _read(process: subprocess.Popen[bytes], count: int, seconds: float) -> bytes:
        assert process.stdout
        handle = process.stdout.fileno()
        parts = b""
        while len(parts) < count:
            ready, _, _ = select.select([handle], [], [], seconds)
            part = os.read(handle, count - len(parts)) if ready else b""
            if not part:
                raise EncoderError("the sentence encoder gave no answer" if not ready else "the sentence encoder died")
            parts += part
        return parts

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream:
                    stream.close()
            self._process = None

    def __del__(self) -> None:
        self._end()


def encode_all(texts: list[str], workers: int = 2) -> np.ndarray:
    """The vectors of many texts, shape (len(texts), 384), by several processes; for training.

    Raises:
        EncoderError: when no worker can start.
    """
    pool = [Worker() for _ in range(workers)]
    try:
        with ThreadPoolExecutor(workers) as threads:
            parts = list(threads.map(lambda n: [pool[n].encode(text) for text in texts[n::workers]], range(workers)))
    finally:
        for worker in pool:
            worker.close()
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for number, part in enumerate(parts):
        if part:
            vectors[number::workers] = np.stack(part)
    return vectors
