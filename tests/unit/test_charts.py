"""Charts: small, legible, the same for the same numbers, and safe to draw from several threads."""

from __future__ import annotations

import datetime
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from bondgenoot import charts, files

CORES = files.cores()
DAY, BEFORE = datetime.date(2026, 11, 23), datetime.date(2026, 8, 21)
NOW = tuple(zip(CORES, (4.3, 1.8, 3.0, 5.0)))
THEN = tuple(zip(CORES, (3.5, 2.8, 3.3, 1.0)))
MONTHS = tuple((datetime.date(2026, 6 + n, 1), (n, 1, n % 2, 2)) for n in range(6))
SCANS = tuple((datetime.date(2026, n, 10), NOW if n % 2 else THEN) for n in range(1, 9))
PICTURES = {
    "scan": lambda: charts.radar(NOW, DAY, (), None, CORES),
    "scan beside the previous one": lambda: charts.radar(NOW, DAY, THEN, BEFORE, CORES),
    "scan with a core skipped": lambda: charts.radar(NOW[:3], DAY, THEN[1:], BEFORE, CORES),
    "scan of one core": lambda: charts.radar(NOW[:1], DAY, (), None, CORES),
    "record": lambda: charts.record(MONTHS),
    "record of one month": lambda: charts.record(MONTHS[:1]),
    "record of many": lambda: charts.record(((DAY.replace(day=1), (40, 12, 3, 7)),)),
    "scans over time": lambda: charts.over_time(SCANS, CORES),
    "two scans": lambda: charts.over_time(SCANS[:2], CORES),
    "scans with a core skipped": lambda: charts.over_time(((BEFORE, THEN[:2]), (DAY, NOW)), CORES),
}


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGB")


@pytest.mark.parametrize("name", PICTURES)
class TestPicture:
    def test_it_is_a_png_of_less_than_sixty_kilobytes_twice_as_wide_as_the_widget_shows_it(self, name: str) -> None:
        picture = PICTURES[name]()
        assert len(picture) < 60_000
        assert Image.open(io.BytesIO(picture)).format == "PNG"
        assert opened(picture).size == (720, 660)

    def test_its_background_is_white_and_nothing_is_cut_off_at_the_edge(self, name: str) -> None:
        image = opened(PICTURES[name]())
        width, height = image.size
        edge = [image.getpixel((x, y)) for x in range(width) for y in (0, height - 1)]
        edge += [image.getpixel((x, y)) for y in range(height) for x in (0, width - 1)]
        assert min(min(pixel) for pixel in edge) > 245

    def test_it_is_drawn_the_same_each_time(self, name: str) -> None:
        first = PICTURES[name]()
        for draw in (charts.radar, charts.record, charts.over_time):
            draw.cache_clear()
        assert PICTURES[name]() == first


def colours(picture: bytes) -> set[tuple[int, int, int]]:
    return {colour for count, colour in opened(picture).getcolors(720 * 660) or [] if count > 20}


def near(colour: str, found: set[tuple[int, int, int]]) -> bool:
    wanted = tuple(int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return any(sum(abs(a - b) for a, b in zip(wanted, other)) < 40 for other in found)


def test_the_previous_scan_is_in_the_picture_only_when_there_is_one() -> None:
    assert near(charts.ORANGE, colours(PICTURES["scan beside the previous one"]()))
    assert not near(charts.ORANGE, colours(PICTURES["scan"]()))


def test_each_way_to_end_has_its_own_colour_and_its_own_pattern() -> None:
    styles = list(charts.ENDING_STYLES.values())
    assert len({colour for colour, _ in styles}) == len({hatch for _, hatch in styles}) == 4
    for colour, _ in styles:
        assert near(colour, colours(PICTURES["record"]()))
    lines = charts.LINE_STYLES
    assert len({mark for _, mark, _ in lines}) == len({line for _, _, line in lines}) == len(CORES)


def lightness(colour: str) -> float:
    """CIE L* of an sRGB colour."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * y ** (1 / 3) - 16


def test_every_line_stands_out_from_the_white_background() -> None:
    """At least 3 to 1, as WCAG asks of graphics."""
    for colour, _, _ in charts.LINE_STYLES:
        y = ((lightness(colour) + 16) / 116) ** 3
        assert 1.05 / (y + 0.05) >= 3, colour


def test_equal_numbers_are_drawn_once() -> None:
    assert PICTURES["record"]() is PICTURES["record"]()


def test_several_threads_draw_at_once_and_each_gets_its_own() -> None:
    charts.radar.cache_clear()
    numbers = [tuple(zip(CORES, (1.0 + n / 10, 2.0, 3.0, 4.0))) for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda scores: charts.radar(scores, DAY, (), None, CORES), numbers))
    assert len(set(drawn)) == len(numbers)
    charts.radar.cache_clear()
    assert [charts.radar(scores, DAY, (), None, CORES) for scores in numbers] == drawn


def test_no_state_of_pyplot_is_touched() -> None:
    from matplotlib import _pylab_helpers

    assert _pylab_helpers.Gcf.get_all_fig_managers() == []
