"""Pictures of what a person told about themselves, as small PNG files. Their words stand in content/.

Drawn with figure objects and without pyplot, whose state is global; matplotlib's fonts are not safe for threads, so
one picture is drawn at a time. Equal pictures are drawn once: they are remembered by what is on them, not by person.
"""

from __future__ import annotations

import datetime
import io
import math
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bondgenoot import texts
from bondgenoot.kept_word import ENDINGS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, which people with any kind of colour vision tell apart; marks and hatches say it too.
BLUE, ORANGE, GREEN, SKY, GREY, INK = "#0072B2", "#D55E00", "#009E73", "#56B4E9", "#6B7280", "#1F2937"
ENDING_STYLES = {"done": (BLUE, ""), "partial": (SKY, "//"), "moved": (GREEN, ".."), "not_done": (GREY, "xx")}
LINE_STYLES = ((BLUE, "o", "-"), (ORANGE, "s", "--"), (GREEN, "^", "-."), (INK, "D", ":"))
# 360 points wide in the widget, at twice the density for sharp screens.
INCHES, DPI = (3.6, 3.3), 200
FONT_SIZE = 9.5
LOWEST, HIGHEST = 1, 5
COLOURS = 64
REMEMBERED = 64
MOST_SCANS = 5

# core -> mean from 1 to 5, as pairs so that it can be remembered; a core without an answer is absent.
Scores = tuple[tuple[str, float], ...]

_drawing = threading.Lock()


@lru_cache(maxsize=REMEMBERED)
def radar(
    now: Scores, now_day: datetime.date, before: Scores, before_day: datetime.date | None, cores: tuple[str, ...]
) -> bytes:
    """A self-scan on its axes, with the previous one behind it if there is one ('before' empty otherwise)."""
    with _drawing:
        figure = _figure()
        axes: Any = figure.add_axes((0.225, 0.12, 0.55, 0.66), projection="polar")
        angles = [2 * math.pi * number / len(cores) for number in range(len(cores))]
        axes.set_theta_offset(math.pi / 2)
        axes.set_theta_direction(-1)
        axes.set_ylim(LOWEST - 1, HIGHEST)
        axes.set_yticks(range(LOWEST, HIGHEST + 1))
        axes.set_yticklabels([str(number) for number in range(LOWEST, HIGHEST + 1)], fontsize=7.5, color=GREY)
        axes.set_rlabel_position(45)
        axes.set_xticks(angles)
        axes.set_xticklabels([])
        axes.grid(color="#D1D5DB", linewidth=0.7)
        axes.spines["polar"].set_color("#D1D5DB")
        if before:
            label = texts.say("chart_before", day=_day(before_day))[0]
            _outline(axes, angles, cores, dict(before), ORANGE, "s", "--", label)
        _outline(axes, angles, cores, dict(now), BLUE, "o", "-", texts.say("chart_now", day=_day(now_day))[0])
        for angle, core in zip(angles, cores):
            score = dict(now).get(core)
            text = f"{texts.say(f'core_{core}')[0]}\n{'–' if score is None else texts.number(score)}"
            turned = math.sin(angle)
            beside = abs(turned) > 0.1
            align = "center" if not beside else "left" if turned > 0 else "right"
            away = HIGHEST + (0.3 if beside else 0.85)
            axes.text(angle, away, text, ha=align, va="center", fontsize=FONT_SIZE, color=INK, linespacing=1.1)
        if before:
            _legend(figure, axes, 2)
        return _png(figure)


@lru_cache(maxsize=REMEMBERED)
def record(months: tuple[tuple[datetime.date, tuple[int, int, int, int]], ...]) -> bytes:
    """Word and deed: a stacked bar for each month, as bondgenoot.kept_word.by_month gives them."""
    with _drawing:
        figure = _figure()
        axes = figure.add_axes((0.1, 0.12, 0.87, 0.68))
        places = range(len(months))
        below = [0] * len(months)
        for index, name in enumerate(ENDINGS):
            colour, hatch = ENDING_STYLES[name]
            heights = [numbers[index] for _, numbers in months]
            axes.bar(
                places, heights, 0.6, bottom=below, color=colour, hatch=hatch, edgecolor="white", linewidth=0.8,
                label=texts.say(f"chart_{name}")[0],
            )  # fmt: skip
            below = [low + height for low, height in zip(below, heights)]
        most = max(below)
        axes.set_ylim(0, most + 0.5)
        # At most six lines, on whole numbers.
        axes.set_yticks(range(0, most + 1, max(1, math.ceil(most / 5))))
        axes.set_xlim(-0.6, max(len(months), 3) - 0.4)
        axes.set_xticks(list(places))
        axes.set_xticklabels([texts.short_month(month.month) for month, _ in months])
        _plain(axes)
        _legend(figure, axes, 2)
        return _png(figure)


@lru_cache(maxsize=REMEMBERED)
def over_time(scans: tuple[tuple[datetime.date, Scores], ...], cores: tuple[str, ...]) -> bytes:
    """The latest scans, oldest first, with a line for each core."""
    with _drawing:
        figure = _figure()
        axes = figure.add_axes((0.09, 0.12, 0.87, 0.68))
        shown = scans[-MOST_SCANS:]
        for core, (colour, mark, line) in zip(cores, LINE_STYLES):
            means = [dict(scores).get(core, math.nan) for _, scores in shown]
            axes.plot(
                range(len(shown)), means, color=colour, marker=mark, linestyle=line, linewidth=1.8, markersize=5.5,
                label=texts.say(f"core_{core}")[0],
            )  # fmt: skip
        axes.set_ylim(LOWEST - 0.2, HIGHEST + 0.2)
        axes.set_yticks(range(LOWEST, HIGHEST + 1))
        axes.set_xlim(-0.3, len(shown) - 0.7)
        axes.set_xticks(range(len(shown)))
        axes.set_xticklabels([_day(day) for day, _ in shown])
        _plain(axes)
        _legend(figure, axes, 2)
        return _png(figure)


def _outline(
    axes: Any, angles: list[float], cores: tuple[str, ...], scores: dict[str, float],
    colour: str, mark: str, line: str, label: str,
) -> None:  # fmt: skip
    """One scan: closed and filled, or, where a core is missing, with a gap."""
    means = [scores.get(core, math.nan) for core in cores]
    style = {"color": colour, "marker": mark, "linestyle": line, "linewidth": 1.8, "markersize": 5.5}
    axes.plot([*angles, angles[0]], [*means, means[0]], label=label, **style)
    if len(scores) == len(cores):
        axes.fill(angles, means, color=colour, alpha=0.12)


def _figure() -> Figure:
    # Imported at the first picture: it takes a second, which no start should wait for.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=INCHES, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _plain(axes: Axes) -> None:
    axes.tick_params(labelsize=FONT_SIZE, colors=INK, length=0)
    axes.grid(axis="y", color="#E5E7EB", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#9CA3AF")


def _legend(figure: Figure, axes: Axes, columns: int) -> None:
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="upper center", ncol=columns, fontsize=FONT_SIZE, labelcolor=INK, frameon=False,
        handlelength=2.2, columnspacing=1.4,
    )  # fmt: skip


def _png(figure: Figure) -> bytes:
    from PIL import Image

    canvas: Any = figure.canvas
    canvas.draw()
    buffer = io.BytesIO()
    # A palette of the few colours there are makes the file three times smaller.
    picture = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
    picture.quantize(COLOURS).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def _day(day: datetime.date | None) -> str:
    return "" if day is None else f"{day.day} {texts.short_month(day.month)}"
