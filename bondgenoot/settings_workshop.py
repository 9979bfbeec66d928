"""Settings of the workshop page. Without BONDGENOOT_WORKSHOP=on there is no page, and no sentence is shared."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bondgenoot.errors import SettingsError

WORKSHOP_SETTINGS: dict[str, tuple[str, str]] = {
    "BONDGENOOT_WORKSHOP": (
        "off",
        "on: trainers have a page at /workshop/, and people may agree to share sentences that were not understood",
    ),
    "BONDGENOOT_WORKSHOP_ROLE": ("trainer", "role that a token must name to open that page"),
    "BONDGENOOT_WORKSHOP_CLAIM": (
        "roles",
        "claim of the token that holds the roles: a list, or words in one text; a dot goes into a claim, e.g. "
        "realm_access.roles",
    ),
    "BONDGENOOT_WORKSHOP_DAYS": ("90", "days that a shared sentence waits at most for a trainer, 7 to 365"),
}


@dataclass(frozen=True, slots=True)
class WorkshopSettings:
    """Who may open the page, and how long a shared sentence is kept."""

    role: str
    claim: str
    kept: datetime.timedelta


def load_workshop(env: Mapping[str, str], days: float) -> WorkshopSettings | None:
    """The settings of the page, None when it is off.

    Raises:
        SettingsError: names the variable and what is expected.
    """
    switch = env.get("BONDGENOOT_WORKSHOP") or "off"
    if switch not in ("on", "off"):
        raise SettingsError(f"BONDGENOOT_WORKSHOP: '{switch}' is neither on nor off.")
    if switch == "off":
        return None
    role = env.get("BONDGENOOT_WORKSHOP_ROLE") or "trainer"
    claim = env.get("BONDGENOOT_WORKSHOP_CLAIM") or "roles"
    for name, value in {"BONDGENOOT_WORKSHOP_ROLE": role, "BONDGENOOT_WORKSHOP_CLAIM": claim}.items():
        if not re.fullmatch(r"[^\s\"]{1,200}", value):
            raise SettingsError(f"{name}: '{value}' has a space in it or is too long; give one word.")
    return WorkshopSettings(role, claim, datetime.timedelta(days=days))
