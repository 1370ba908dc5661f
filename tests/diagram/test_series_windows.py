"""A series in windows: each bar covers the values of its sequence, followed by the next value."""

from math import sin

import pytest

from app.core.input_data import wave
from app.diagram.charts.series_windows import LEFT, MOST, RIGHT, WIDTH, shown, windows
from app.diagram.elements import Box, Picture, Polyline, Text


def pictured(batch_size: int, time_step: int, followed: int = 0, t: int = 0) -> tuple[Picture, range]:
    samples = shown(batch_size, followed)
    values = [sin(n) for n in range(samples[0], samples[-1] + time_step + 1)]
    return windows(values, time_step, samples, followed, t), samples


@pytest.mark.parametrize(("batch_size", "time_step"), [(1, 1), (3, 4), (1, 97), (5, 13), (1024, 10_000)])
@pytest.mark.parametrize("end", [0, 1])
def test_a_window_covers_its_values_and_is_followed_by_the_next_one(batch_size: int, time_step: int, end: int) -> None:
    followed = end * (batch_size - 1)
    picture, samples = pictured(batch_size, time_step, followed, t=end * (time_step - 1))
    bars = [s for s in picture.shapes if isinstance(s, Box) and s.role == "x"]
    nexts = [s for s in picture.shapes if isinstance(s, Box) and s.role == "view"]
    pitch = (WIDTH - LEFT - RIGHT) / (time_step + len(samples) - 1)

    assert [bar.sample for bar in bars] == [*samples] and followed in samples
    for k, (bar, following) in enumerate(zip(bars, nexts, strict=True)):
        middle = bar.x + bar.width / 2
        assert middle == pytest.approx(LEFT + (k + (time_step - 1) / 2) * pitch)
        assert bar.width == pytest.approx((time_step - 1) * pitch + bar.height)
        assert following.x + following.width / 2 == pytest.approx(LEFT + (k + time_step) * pitch)


def test_the_mark_is_at_the_value_of_the_marked_step() -> None:
    picture, samples = pictured(9, 7, followed=4, t=3)
    (drop,) = [s for s in picture.shapes if isinstance(s, Polyline) and s.role == "time_step" and s.dash]
    (series,) = [s for s in picture.shapes if isinstance(s, Polyline) and s.role == "features" and len(s.points) > 2]

    assert drop.points[0] == series.points[4 + 3 - samples[0]]


def test_everything_is_inside_and_only_a_few_windows_are_drawn() -> None:
    for batch_size, time_step in ((1, 1), (40, 3), (1024, 10_000)):
        picture, samples = pictured(batch_size, time_step, followed=batch_size // 2)
        assert len(samples) <= MOST
        for shape in picture.shapes:
            xs = [x for x, _ in shape.points] if isinstance(shape, Polyline) else []
            xs += [shape.x, shape.x + shape.width] if isinstance(shape, Box) else []
            xs += [shape.x] if isinstance(shape, Text) else []
            assert all(0 <= x <= picture.width for x in xs)
        assert len(picture.shapes) < 100


def test_the_input_has_the_values_of_the_drawn_windows() -> None:
    sizes = {"batch_size": 3, "time_step": 5, "features": 1, "num_units": 2}
    X = wave(sizes)

    assert (X[1, :-1] == X[0, 1:]).all() and (X[2, 0] == X[0, 2]).all()
