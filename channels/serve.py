"""Starts Rasa's server. In a module of its own so that the API token stands in no command line."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import rasa.__main__

from bondgenoot import channel_settings, keys, settings
from bondgenoot.settings import Settings


def main(model: str) -> None:
    """Serve `model` until ended; never returns normally."""
    loaded = settings.load()
    # For endpoints.yml, which cannot compute it.
    os.environ["BONDGENOOT_ACTIONS_URL"] = loaded.actions_url
    sys.argv = [
        "rasa",
        "run",
        "--model",
        model,
        "--enable-api",
        # As one word: one token in 64 begins with a dash, and would be taken for an option.
        f"--auth-token={keys.auth_token(loaded.home)}",
        "--interface",
        loaded.host,
        "--port",
        str(loaded.port),
        "--credentials",
        str(write_credentials(loaded)),
        "--endpoints",
        str(Path(settings.ROOT, "endpoints.yml")),
    ]
    rasa.__main__.main()


def write_credentials(loaded: Settings) -> Path:
    """The channels of credentials.yml and what is switched on besides: messaging channels, the workshop page.

    No secret stands in it: the channels read theirs from the environment.

    Raises:
        SettingsError: a channel is half configured; it names what is missing.
    """
    always = Path(settings.ROOT, "credentials.yml").read_text(encoding="utf-8")
    on = channel_settings.connectors(channel_settings.load(loaded.public_url))
    if loaded.workshop is not None:
        on.append("channels.workshop.WorkshopInput")
    path = loaded.home / "credentials.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside it first: another server of this folder may be reading it.
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(always.rstrip("\n") + "\n" + "".join(f"{connector}:\n" for connector in on))
    Path(file.name).replace(path)
    return path


if __name__ == "__main__":
    main(sys.argv[1])
