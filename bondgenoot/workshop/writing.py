"""Writing YAML as a person would: a comment above each field, long texts folded, short lists on one line."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from typing import Any

import yaml

WIDTH = 100
FOLDED = ">-"
LONGEST_PLAIN = 60


def emit(value: Mapping[str, Any], comments: Mapping[str, str], indent: int = 0) -> str:
    """The YAML of a block of fields.

    Args:
        value: The fields, in order; values are text, numbers, lists or blocks.
        comments: Field name -> what a trainer should know; said once, at the first place where the field occurs.
        indent: Spaces before each line.
    """
    left = dict(comments)
    return "".join(_field(key, part, left, indent) for key, part in value.items())


def _field(key: str, value: Any, comments: dict[str, str], indent: int) -> str:
    space = " " * indent
    comment = comments.pop(key, "")
    # A name such as `no` or `null` is not a text in YAML.
    key = _scalar(key)
    lines = "".join(f"{space}# {line}\n" for line in textwrap.wrap(comment, WIDTH - indent))
    if isinstance(value, Mapping):
        return lines + f"{space}{key}:\n" + "".join(_field(*item, comments, indent + 2) for item in value.items())
    if isinstance(value, list) and all(isinstance(item, int) or _is_short(item) for item in value):
        return lines + f"{space}{key}: [{', '.join(_scalar(item) for item in value)}]\n"
    if isinstance(value, list):
        return lines + f"{space}{key}:\n" + "".join(_item(item, comments, indent + 2) for item in value)
    return lines + f"{space}{key}: {_text(value, indent)}"


def _item(value: Any, comments: dict[str, str], indent: int) -> str:
    if not isinstance(value, Mapping):
        return f"{' ' * indent}- {_text(value, indent)}"
    block = "".join(_field(*item, comments, indent + 2) for item in value.items())
    lines = block.splitlines(keepends=True)
    # The dash goes before the first field; comments above it stay above.
    first = next(number for number, line in enumerate(lines) if not line.lstrip().startswith("#"))
    lines[first] = f"{' ' * indent}- {lines[first].lstrip()}"
    return "".join([line.removeprefix("  ") for line in lines[:first]] + lines[first:])


def _text(value: Any, indent: int) -> str:
    if not isinstance(value, str) or len(value) <= LONGEST_PLAIN:
        return _scalar(value) + "\n"
    words = " ".join(value.split())
    lines = textwrap.wrap(words, WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False)
    return f"{FOLDED}\n" + "".join(f"{' ' * (indent + 2)}{line}\n" for line in lines)


def _scalar(value: Any) -> str:
    """The value as it is where YAML reads it back the same, also inside a list on one line; else between quotes."""
    if not isinstance(value, str):
        return json.dumps(value)
    try:
        safe = yaml.safe_load(f"[{value}]") == [value] and yaml.safe_load(f"a: {value}") == {"a": value}
    except yaml.YAMLError:
        safe = False
    return value if safe and not re.search(r"[\n]", value) else json.dumps(value, ensure_ascii=False)


def _is_short(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 40 and not re.search(r"[.?]", value)


def add_to_list(text: str, key: str, items: list[str]) -> str:
    """`text` with `- item` lines added at the end of the top-level list `key`; the rest stays as it is.

    Raises:
        ValueError: when there is no such list.
    """
    match = re.search(rf"^{re.escape(key)}:[^\n]*\n(?:(?:[ ]*-|[ ]*#|[ ]+)[^\n]*\n)+", text, re.MULTILINE)
    if not match:
        raise ValueError(key)
    here = match[0].splitlines()
    new = [f"- {item}" for item in items if f"- {item}" not in here]
    return text[: match.end()] + "".join(f"{line}\n" for line in new) + text[match.end() :]


def add_to_block(text: str, key: str, name: str, value: str) -> str:
    """`text` with `name: value` added at the end of the top-level block `key`; the rest stays as it is.

    Raises:
        ValueError: when there is no such block.
    """
    match = re.search(rf"^{re.escape(key)}:[^\n]*\n(?:[ ]+[^\n]*\n)+", text, re.MULTILINE)
    if not match:
        raise ValueError(key)
    return text[: match.end()] + f"  {name}: {_scalar(value)}\n" + text[match.end() :]
