"""What keeps the local channels local: they refuse other bind addresses, host names and pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from sanic.request import Request

from bondgenoot import settings
from bondgenoot.errors import SettingsError
from bondgenoot.settings import Settings

LONGEST_MESSAGE = 10_000
LARGEST_BODY = 64 * 1024


def require_local(channel: str) -> Settings:
    """The settings, if the server is reachable from this machine only.

    Raises:
        SettingsError: the channel verifies nobody, so it may not face a network.
    """
    loaded = settings.load()
    if not loaded.is_local:
        raise SettingsError(
            f"The channel '{channel}' asks nobody who they are, so it works on this machine only, "
            f"but BONDGENOOT_HOST is {loaded.host}. Take it out of credentials.yml, "
            "or set BONDGENOOT_HOST to 127.0.0.1."
        )
    return loaded


def has_local_host(request: Request) -> bool:
    """Whether the Host header names this machine; a rebound DNS name that points to loopback does not."""
    return is_local_address(request.headers.get("host", ""))


def has_own_origin(request: Request) -> bool:
    """Whether the request comes from a page of this very server, or from no page at all (a script, curl)."""
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host", "")


def has_local_origin(request: Request) -> bool:
    """Whether the request comes from a page on this machine, whatever its port, or from no page at all."""
    origin = request.headers.get("origin")
    return origin is None or is_local_address(origin.partition("://")[2])


def clean(text: str) -> str:
    """The text without what cannot be stored: lone surrogates, which JSON can carry, and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def is_local_address(netloc: str) -> bool:
    """Whether 'host' or 'host:port' is this machine."""
    try:
        host = urlsplit(f"//{netloc}").hostname
    except ValueError:
        return False
    return bool(host) and settings.is_loopback(str(host))
