"""HTML and SVG built from parts: whatever is not markup yet is escaped, so that no text can become a tag."""

from __future__ import annotations

import html

VOID = frozenset(("meta", "link", "input", "img", "br"))


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Part = str | int
Attribute = str | int | float | bool | None


def tag(name: str, /, *parts: Part, **attributes: Attribute) -> Markup:
    """An element. In names of attributes `_` stands for `-`, and one at the end is dropped; None leaves one out."""
    written = ""
    for key, value in attributes.items():
        key = key.rstrip("_").replace("_", "-")
        if value is True:
            written += f" {key}"
        elif value is not None and value is not False:
            written += f' {key}="{html.escape(str(value))}"'
    if name in VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(*parts)}</{name}>")


def join(*parts: Part) -> Markup:
    """The parts one after the other."""
    return Markup("".join(part if isinstance(part, Markup) else html.escape(str(part)) for part in parts if part != ""))
