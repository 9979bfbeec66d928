"""The worked example of docs/operators.md as a process of its own, with a key pair as the guide has one made."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from services import free_port, wait_for_port

from bondgenoot.settings import ROOT

FILE = ROOT / "docs" / "examples" / "token_endpoint.py"
ISSUER = "https://intranet.example"


def make_keys(folder: Path) -> tuple[Path, Path]:
    """The private and the public half, as files."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private, public = folder / "chat-private.pem", folder / "chat-public.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    public.write_bytes(key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    return private, public


@contextlib.contextmanager
def token_endpoint(private_key: Path) -> Iterator[str]:
    """Runs the example; gives the address of the server."""
    port = free_port()
    environment = {"CHAT_PRIVATE_KEY_FILE": str(private_key), "CHAT_ISSUER": ISSUER, "PORT": str(port)}
    example = subprocess.Popen(
        [sys.executable, str(FILE)], env={"PATH": os.defpath, **environment}, stderr=subprocess.DEVNULL
    )
    try:
        wait_for_port(port, example)
        yield f"http://127.0.0.1:{port}"
    finally:
        example.terminate()
        example.wait(10)
