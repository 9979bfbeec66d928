"""Starts Rasa's server. In a module of its own so that the API token stands in no command line."""

from __future__ import annotations

import sys
from pathlib import Path

import rasa.__main__

from bondgenoot import keys, settings


def main(model: str) -> None:
    """Serve `model` until ended; never returns normally."""
    loaded = settings.load()
    sys.argv = [
        "rasa",
        "run",
        "--model",
        model,
        "--enable-api",
        "--auth-token",
        keys.auth_token(loaded.home),
        "--interface",
        loaded.host,
        "--port",
        str(loaded.port),
        "--credentials",
        str(Path(settings.ROOT, "credentials.yml")),
        "--endpoints",
        str(Path(settings.ROOT, "endpoints.yml")),
    ]
    rasa.__main__.main()


if __name__ == "__main__":
    main(sys.argv[1])
