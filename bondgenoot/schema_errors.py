"""What a JSON schema has against a file, as a place and a message that a trainer can do something with."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema
import yaml

from bondgenoot.settings import ROOT
from bondgenoot.yaml_lines import Place

LONGEST_SHOWN = 80


@lru_cache(maxsize=1)
def messages() -> dict[str, str]:
    """The texts of content/schema/messages.yml, with {placeholders}."""
    value = yaml.safe_load((ROOT / "content" / "schema" / "messages.yml").read_text(encoding="utf-8"))
    found: dict[str, str] = value["messages"]
    return found


def explained(error: jsonschema.ValidationError) -> tuple[Place, str, dict[str, Any]]:
    """(place, key of the message, what is filled in): the place of a missing or unknown field is that field."""
    place: Place = tuple(error.absolute_path)
    found: Any = error.instance
    expected: Any = error.validator_value
    schema: Any = error.schema
    values: dict[str, Any] = {"value": found, "expected": expected}
    kind = str(error.validator)
    if kind == "required":
        missing = [name for name in expected if name not in found]
        values["expected"] = ", ".join(missing)
        place = (*place, *missing[:1])
    elif kind == "additionalProperties":
        known = schema.get("properties", {})
        unknown = [str(name) for name in found if name not in known]
        values = {"value": ", ".join(unknown), "expected": ", ".join(known)}
        place = (*place, *unknown[:1])
    elif kind == "enum":
        values["expected"] = ", ".join(map(str, expected))
    if kind not in messages():
        return place, "other", {"value": str(found)[:LONGEST_SHOWN]}
    return place, kind, values
