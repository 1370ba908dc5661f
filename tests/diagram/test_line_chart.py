"""Numbers over time as lines: positions, words beside them, and extremes that must not be lost."""

from math import inf, nan

import numpy as np
import pytest
from geometry import collisions, cut, texts_of, written

from app.diagram.charts.downsampling import MOST
from app.diagram.charts.line_chart import Series, lines
from app.diagram.elements import Picture, Polyline, Text
from app.diagram.painters.plotly import figure
from app.diagram.painters.svg import svg
from app.diagram.text_spans import TextSpan
from app.diagram.theme import LIGHT

Y = TextSpan("unit 3", "num_units")


def chart(*values: list[float], log: bool = False, at: int | None = None) -> Picture:
    return lines([Series(f"s{n}", one, "num_units") for n, one in enumerate(values)], "of a test", y=Y, at=at, log=log)


def curves(picture: Picture) -> list[Polyline]:
    """The lines in the colour of the series, without the samples of the legend."""
    found = [s for s in picture.shapes if isinstance(s, Polyline) and s.role == "num_units"]
    return [s for s in found if s.points[-1][0] - s.points[0][0] != SAMPLE]


SAMPLE = 26
"""The length of a sample in the legend."""


def ticks(picture: Picture) -> dict[str, float]:
    """The texts beside the lines, with their heights."""
    return {s.text: s.y for s in picture.shapes if isinstance(s, Text) and s.anchor == "end"}


RANDOM = np.random.default_rng(0)
SERIES = (
    [0.5],
    [0.0, 0.0],
    [-3.0, -2.0, -1.5],
    [0.1, -0.2, 0.3, 0.25],
    [1e-9, 2e-9],
    [12345.0, -98765.0, 4.0],
    RANDOM.standard_normal(97).tolist(),
    RANDOM.standard_normal(401).tolist(),
    RANDOM.standard_normal(10_000).tolist(),
    (10.0 ** -np.arange(41)).tolist(),
    [nan, inf, 1.0, -inf, 2.0],
)
every_series = pytest.mark.parametrize("values", SERIES, ids=lambda values: f"{len(values)} from {values[0]}")
both_scales = pytest.mark.parametrize("log", [False, True], ids=["linear", "log"])


@every_series
@both_scales
def test_nothing_is_cut_and_no_words_collide(values: list[float], log: bool) -> None:
    for at in {0, len(values) // 2, len(values) - 1, None}:
        for picture in (chart(values, log=log, at=at), chart(values, values[::-1], log=log, at=at)):
            assert not cut(picture)
            assert not collisions(picture)
            assert min(s.size for s in picture.shapes if isinstance(s, Text)) >= 11


@every_series
@both_scales
def test_both_painters_accept_it(values: list[float], log: bool) -> None:
    picture = chart(values, log=log, at=0)
    assert svg(picture, LIGHT).count("<path") == sum(isinstance(s, Polyline) for s in picture.shapes)
    assert figure(picture, LIGHT)["layout"]["shapes"]


@pytest.mark.parametrize("values", [[0.1, -0.2, 0.3, 0.25], [5.0, 2.0, 1.0], [-1.0, -30.0]])
def test_values_agree_with_the_ticks_of_a_linear_scale(values: list[float]) -> None:
    picture = chart(values)
    at = {float(text.replace("−", "-")): y for text, y in ticks(picture).items()}
    (low, high) = min(at), max(at)
    assert low <= min(0, *values)
    assert high >= max(0, *values)
    assert 0 in at
    (curve,) = curves(picture)
    for value, (_, y) in zip(values, curve.points, strict=True):
        assert y == pytest.approx(at[low] + (value - low) / (high - low) * (at[high] - at[low]))


def test_zero_is_marked_only_on_a_linear_scale() -> None:
    picture = chart([-1.0, 2.0])
    (zero,) = (s for s in picture.shapes if isinstance(s, Polyline) and s.role == "muted")
    assert zero.points[0][1] == ticks(picture)["0"]
    assert not [s for s in chart([1.0, 2.0], log=True).shapes if isinstance(s, Polyline) and s.role == "muted"]


def test_on_a_logarithmic_scale_equal_ratios_are_equal_distances() -> None:
    picture = chart([1000.0, 10.0, 0.1], log=True)
    (curve,) = curves(picture)
    ys = [y for _, y in curve.points]
    assert ys[1] - ys[0] == pytest.approx(ys[2] - ys[1])
    assert {"1", "10", "10³", "10⁻¹"} <= ticks(picture).keys()
    assert ys[0] == pytest.approx(ticks(picture)["10³"])


def test_missing_values_are_gaps_and_are_mentioned() -> None:
    picture = chart([1.0, 0.5, 0.0, 0.25, 0.1], log=True)
    assert [len(curve.points) for curve in curves(picture)] == [2, 2]
    assert "gap: value is 0" in texts_of(picture)
    assert "gap: not a number" in texts_of(chart([1.0, nan, 2.0]))
    assert not [text for text in texts_of(chart([1.0, 0.0, 2.0])) if "gap" in text]


@pytest.mark.parametrize("lost", [0, 1, 900, 997])
def test_downsampling_and_gaps_are_both_mentioned(lost: int) -> None:
    values = [0.0] * lost + [0.5] * (1000 - lost)
    picture = chart(values, log=True)
    notes = [text for text in texts_of(picture) if text.startswith(("gap", "minimum"))]
    assert notes == ["minimum and maximum of every 5 steps", "gap: value is 0"][: 1 + (lost > 4)]
    assert not cut(picture) and not collisions(picture)


@pytest.mark.parametrize("steps", [MOST, MOST + 1, 997, 10_000])
def test_a_long_series_keeps_the_extremes_of_each_stretch(steps: int) -> None:
    values = np.random.default_rng(steps).standard_normal(steps)
    picture = chart(values.tolist())
    (curve,) = curves(picture)
    assert len(curve.points) <= MOST
    notes = [text for text in texts_of(picture) if text.startswith("minimum and maximum of every ")]
    assert len(notes) == (steps > MOST)
    low, high = min(y for _, y in curve.points), max(y for _, y in curve.points)
    at = {float(text.replace("−", "-")): y for text, y in ticks(picture).items()}
    scale = (at[max(at)] - at[min(at)]) / (max(at) - min(at))
    assert at[0] + scale * values.max() == pytest.approx(low)
    assert at[0] + scale * values.min() == pytest.approx(high)
    if notes:
        (stretch,) = (int(word) for word in notes[0].split() if word.isdigit())
        heights = [round(y, 6) for _, y in curve.points]
        for start in range(0, steps, stretch):
            part = values[start : start + stretch]
            assert round(float(at[0] + scale * part.max()), 6) in heights
            assert round(float(at[0] + scale * part.min()), 6) in heights


def test_the_marked_step_has_a_line_its_number_and_a_dot_on_every_series() -> None:
    picture = chart([0.0, 1.0, 2.0], [2.0, 1.5, 0.5], at=1)
    (mark,) = (s for s in picture.shapes if isinstance(s, Polyline) and s.role == "time_step")
    assert len({x for x, _ in mark.points}) == 1
    assert [s.text for s in picture.shapes if isinstance(s, Text) and s.role == "time_step"] == ["1", "time_step"]
    x = mark.points[0][0]
    dots = [s for s in curves(picture) if s.width > 4]
    assert len(dots) == 2
    for dot, curve in zip(dots, (s for s in curves(picture) if s.width < 4), strict=True):
        assert sum(x for x, _ in dot.points) / 2 == pytest.approx(x)
        assert dot.points[0][1] == pytest.approx(curve.points[1][1])


def test_series_of_one_colour_have_different_dashes_and_a_legend() -> None:
    picture = chart([0.0, 1.0], [1.0, 2.0], [2.0, 3.0])
    assert len({curve.dash for curve in curves(picture)}) == 3
    assert [text for text in texts_of(picture) if text in ("s0", "s1", "s2")] == ["s0", "s1", "s2"]


def test_the_title_of_each_axis_has_its_colour() -> None:
    roles = {s.text: s.role for s in chart([0.0, 1.0]).shapes if isinstance(s, Text)}
    assert (roles["unit 3"], roles["time_step"]) == ("num_units", "time_step")


def test_words_stay_inside_the_chart_at_the_largest_step() -> None:
    picture = chart([0.0] * 10_000, at=9_999)
    assert max(written(s).right for s in picture.shapes if isinstance(s, Text)) <= picture.width
