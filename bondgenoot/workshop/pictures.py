"""Pictures of the workshop page as inline SVG, whose parts are links. Everything on them is told in words as well.

Colours and fonts are in page.css; a mark or a number says what a colour says.
"""

from __future__ import annotations

from bondgenoot.workshop.confusion import Confusion
from bondgenoot.workshop.markup import Markup, join, tag
from bondgenoot.workshop.overview import Overview

PATH = "/workshop"
ROW, BOX, BOX_WIDTH, GAP = 40, 30, 300, 90
CHIP, CHIP_STEP = 26, 30
CELL, COLUMNS = 52, 10
SQUARE, LABELS = 22, 230


def core_map(overview: Overview, core: str, title: str) -> Markup:
    """A core: its dilemmas, lines to the practices that they lead to, and the items of each practice."""
    dilemmas, practices = overview.dilemmas_of(core), overview.practices_of(core)
    second, third = BOX_WIDTH + GAP, 2 * BOX_WIDTH + GAP + 16
    height = ROW * max(len(dilemmas), len(practices), 1)
    # The shorter column is spread over the height of the longer one.
    at = {one.id: height * (place + 0.5) / len(dilemmas) for place, one in enumerate(dilemmas)}
    beside = {one.id: height * (place + 0.5) / len(practices) for place, one in enumerate(practices)}
    lines = [
        tag("path", d=f"M{BOX_WIDTH} {at[one.id]:.0f} C{BOX_WIDTH + GAP / 2:.0f} {at[one.id]:.0f} "
            f"{second - GAP / 2:.0f} {beside[name]:.0f} {second} {beside[name]:.0f}", class_="line")
        for one in dilemmas for name in one.practices if name in beside
    ]  # fmt: skip
    boxes = [_box(0, at[one.id], f"{PATH}/dilemma/{one.id}", one.title, "dilemma") for one in dilemmas]
    boxes += [_box(second, beside[one.id], f"{PATH}/practice/{one.id}", one.title, "practice") for one in practices]
    chips = [
        _chip(third + CHIP_STEP * place, beside[one.id], item)
        for one in practices
        for place, item in enumerate(overview.items_of(f"practices/{one.id}"))
    ]
    longest = max([len(overview.items_of(f"practices/{one.id}")) for one in practices] or [0])
    return _svg(third + CHIP_STEP * longest + 4, height, title, *lines, *boxes, *chips)


def coverage_grid(overview: Overview, title: str) -> Markup:
    """The items of the seeds: each a square with its number and, below it, in how many places it is found."""
    cells = []
    for place, (item, where) in enumerate(overview.places.items()):
        left, top = CELL * (place % COLUMNS) + 2, CELL * (place // COLUMNS) + 2
        strength = f"found-{min(len(where), 4)}"
        cells.append(
            tag("a",
                tag("rect", x=left, y=top, width=CELL - 4, height=CELL - 4, rx=4, class_=f"cell {strength}"),
                tag("text", str(item), x=left + CELL / 2 - 2, y=top + 21, class_="number"),
                tag("text", f"{len(where)}×", x=left + CELL / 2 - 2, y=top + 39, class_="count"),
                href=f"{PATH}/item/{item}", aria_label=f"{item}: {len(where)}×")
        )  # fmt: skip
    rows = -(-len(overview.places) // COLUMNS)
    return _svg(CELL * COLUMNS, CELL * rows, title, *cells)


def confusion_matrix(confusion: Confusion, title: str) -> Markup:
    """A row for what is meant, a column for what is understood, for every intent that is mistaken or mistaken for."""
    pairs = {(meant, understood): len(texts) for meant, understood, texts in confusion.pairs()}
    names = sorted({name for pair in pairs for name in pair})
    place = {name: number for number, name in enumerate(names)}
    side = SQUARE * len(names)
    parts = [tag("rect", x=LABELS, y=LABELS, width=side, height=side, class_="field")]
    for name, number in place.items():
        middle = LABELS + SQUARE * number + SQUARE / 2
        parts.append(tag("text", name, x=LABELS - 6, y=middle + 4, class_="row"))
        turned = f"rotate(-90 {middle + 4:.0f} {LABELS - 6})"
        parts.append(tag("text", name, x=middle + 4, y=LABELS - 6, transform=turned, class_="column"))
    counts = {**pairs, **{(name, name): confusion.right.get(name, 0) for name in names}}
    for (meant, understood), count in counts.items():
        if count:
            left, top = LABELS + SQUARE * place[understood], LABELS + SQUARE * place[meant]
            kind = "right" if meant == understood else "wrong"
            parts.append(tag("rect", x=left + 1, y=top + 1, width=SQUARE - 2, height=SQUARE - 2, class_=f"cell {kind}"))
            parts.append(tag("text", str(count), x=left + SQUARE / 2, y=top + SQUARE / 2 + 4, class_=f"count {kind}"))
    return _svg(LABELS + side + 4, LABELS + side + 4, title, *parts, is_image=True)


def _box(left: float, middle: float, href: str, text: str, kind: str) -> Markup:
    top = f"{middle - BOX / 2:.0f}"
    return tag(
        "a",
        tag("rect", x=left + 1, y=top, width=BOX_WIDTH - 2, height=BOX, rx=5, class_=f"box {kind}"),
        tag("text", text, x=left + 10, y=f"{middle + 5:.0f}", class_="title"),
        href=href,
    )  # fmt: skip


def _chip(left: float, middle: float, item: int) -> Markup:
    return tag(
        "a",
        tag("rect", x=left, y=f"{middle - CHIP / 2:.0f}", width=CHIP, height=CHIP, rx=13, class_="box item"),
        tag("text", str(item), x=left + CHIP / 2, y=f"{middle + 4:.0f}", class_="number"),
        href=f"{PATH}/item/{item}",
    )  # fmt: skip


def _svg(width: float, height: float, title: str, *parts: Markup, is_image: bool = False) -> Markup:
    return tag(
        "svg",
        tag("title", title),
        join(*parts),
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        role="img" if is_image else "group",
        aria_label=title,
    )
