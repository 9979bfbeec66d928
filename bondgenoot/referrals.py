"""Referral contacts: the organisation's own first, then those of content/referrals.yml, for a person's country."""

from __future__ import annotations

import datetime
from pathlib import Path

import yaml

from bondgenoot.content import Contact, content

OWN_FILE = "referrals.yml"


def contacts(topic: str, country: str | None, home: Path) -> list[Contact]:
    """Contacts for a topic; all countries when the country is unknown. A broken own file is never in the way."""
    found = [*_own(topic, home), *content().referrals[topic]]
    return [contact for contact in found if country is None or contact.country in (country, "both")]


def _own(topic: str, home: Path) -> list[Contact]:
    try:
        entries = yaml.safe_load((home / OWN_FILE).read_text(encoding="utf-8"))[topic]["contacts"]
        return [
            Contact(str(entry["country"]), str(entry["text"]), datetime.date.fromisoformat(str(entry["checked"])))
            for entry in entries
        ]
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError):
        return []
