"""The pictures of a training: everything has room, stands where its number says, and is said of what was measured."""

from dataclasses import replace
from itertools import combinations, product
from math import log2

import pytest
from geometry import Rect, area, collisions, covered, cut, is_blank, named, written
from pairing import in_turn
from test_theme import contrast
from trainings import (
    BELIEFS,
    COSTS,
    COURSES,
    ERROR,
    ERRORS,
    FIVE,
    LEARNED,
    MEMORISED,
    NOISY,
    ROWS,
    RUNNING,
    SLOW,
    UNITS,
    epochs,
    parameters,
    scene,
)

from app.diagram.elements import Box, Ellipse, Heading, Label, Outline, Picture, Polygon, Polyline, Squares, Text
from app.diagram.format_names import FORMATS
from app.diagram.painters.pdf import pdf
from app.diagram.painters.plotly import ORDER, figure
from app.diagram.painters.tikz import tikz
from app.diagram.theme import LIGHT, SHADES, THEMES, Theme
from app.diagram.training_scene import Course, EpochPoint
from app.diagram.views.training.accuracy_by_num_units import axis_of
from app.diagram.views.training.beliefs import beliefs
from app.diagram.views.training.confusion import DARKEST, WrongDigit, confusion, wrong_digits
from app.diagram.views.training.loss_and_accuracy_by_epoch import loss_by_epoch, plots_of
from app.diagram.views.training.sizes_by_format import TRAINING
from app.diagram.views.training.training import training
from app.training.default_schedule import Schedule
from app.training.tasks import DIGITS

COUNTS = [[1_000 if k == j else (k * j) % 4 for k in range(10)] for j in range(10)]

CURVES = {
    "learned": (LEARNED, DIGITS.measure, True),
    "slow": (SLOW, DIGITS.measure, True),
    "noisy": (NOISY, DIGITS.measure, True),
    "errors": (ERRORS, ERROR, True),
    "points": (LEARNED[3:9:2], DIGITS.measure, False),
    "one point": (LEARNED[5:6], DIGITS.measure, False),
    "nothing": ((), DIGITS.measure, False),
}


def drawn(curve: str, num_units: int, format: str) -> Picture:
    of, measure, joined = CURVES[curve]
    return training(scene(num_units, format, of, measure, joined))


def words(picture: Picture) -> list[str]:
    """Every text that is seen."""
    texts = [s.text for s in picture.shapes if isinstance(s, Text) and not is_blank(s)]
    labels = (s for s in picture.shapes if isinstance(s, Label))
    return texts + ["".join(span.text for line in label.lines for span in line) for label in labels]


def faults(picture: Picture) -> list[str]:
    """What overlaps or extends beyond the picture; words on lines other than those of the grid, or on the edge of the
    band, which is no rectangle."""
    bands = [s for s in picture.shapes if isinstance(s, Polygon)]
    others = tuple(s for s in picture.shapes if s not in bands)
    found = [*collisions(replace(picture, shapes=others)), *cut(picture)]
    lines = [s for s in others if isinstance(s, Polyline) and s.role != "hairline"]
    lines += [Polyline(band.role, band.points, 0) for band in bands]
    strokes = [(line, piece) for line in lines for piece in pieces(line)]
    for text in others:
        if isinstance(text, Label | Text) and not is_blank(text):
            rect = written(text)
            found += {f"{named(text)} on a line in {line.role}" for line, piece in strokes if rect.overlaps(piece)}
    return found


def pieces(line: Polyline) -> list[Rect]:
    """A line as small rectangles, so that those of a steep one are not larger than it is."""
    found = []
    for (ax, ay), (bx, by) in zip(line.points, line.points[1:], strict=False):
        xs, ys = ([a + (b - a) * k / 12 for k in range(13)] for a, b in ((ax, bx), (ay, by)))
        corners = zip(xs, xs[1:], ys, ys[1:], strict=False)
        found += [Rect(min(a, b), min(c, d), max(a, b), max(c, d)).grown(line.width / 2) for a, b, c, d in corners]
    return found


SIZES = (1, 2, 3, 6, 8, 10, 24, 31, 100, 120, 128, 129, 8192)
NOT_WIDE = [format for format in FORMATS if format != "wide"]  # which has the picture of a page


@pytest.mark.parametrize(("format", "curve"), in_turn(NOT_WIDE, CURVES))
def test_everything_has_room_at_every_num_units(format: str, curve: str) -> None:
    for num_units in SIZES:
        picture = drawn(curve, num_units, format)
        assert not faults(picture), num_units


@pytest.mark.parametrize("format", NOT_WIDE)
def test_everything_has_room_while_it_trains_and_afterwards(format: str) -> None:
    for name, shown in COURSES.items():
        assert not faults(loss_by_epoch(shown, DIGITS.measure, format)), name
    assert not faults(loss_by_epoch(Course(epochs(7, 0.004, 0.0123), 25), ERROR, format))


def test_the_last_of_small_errors_are_above_the_name_of_the_axis() -> None:
    shown = Course((*(EpochPoint(0.4 / n, 0.4 / n, 0.4 / n) for n in range(1, 26)),), 25)
    _, plot = plots_of(shown, ERROR, "page")
    values = [s for s in loss_by_epoch(shown, ERROR, "page").shapes if isinstance(s, Label) and s.x > plot.right]

    assert len(values) == 2 and max(value.y for value in values) < plot.bottom
    assert abs(values[0].y - values[1].y) >= values[0].size


@pytest.mark.parametrize("format", NOT_WIDE)
def test_everything_has_room_in_what_is_looked_at_inside(format: str) -> None:
    for name, shown in BELIEFS.items():
        assert not faults(beliefs(shown, format)), name
    for counts in (COUNTS, [[n % 5 for n in row] for row in COUNTS]):
        assert not cut(confusion(counts, "0123456789", format))
    for n in (1, 13, 397):
        assert not faults(wrong_digits([WrongDigit(ROWS, "5", "8")] * n, format))


# the curve


def test_the_present_num_units_is_above_its_place_on_the_axis() -> None:
    for num_units, format in product((1, 5, 8, 100, 128), ("page", "narrow", "hall")):
        axis = axis_of(scene(num_units, format))
        thumbs = [s for s in drawn("learned", num_units, format).shapes if isinstance(s, Ellipse) and s.role == "thumb"]
        assert (thumbs[-1].x, thumbs[-1].y) == (axis.x(num_units), axis.y)
        share = (thumbs[-1].x - axis.first) / (axis.last - axis.first)
        assert share == pytest.approx(log2(num_units) / 7)


def test_the_axis_is_at_the_same_place_for_all_measured_sizes() -> None:
    assert len({axis_of(scene(n)) for n in range(1, 129)}) == 1


def test_a_measured_size_says_its_number_and_the_spread_of_the_seeds() -> None:
    assert {"93.5", "%", "92.5 to 94.5, 3 seeds"} <= {*words(drawn("learned", 8, "page"))}


def test_a_size_between_two_measured_ones_says_so_and_is_on_the_line() -> None:
    picture = drawn("learned", 10, "page")
    assert {"93.5–96.0", "measured at 8 and 12"} <= {*words(picture)}
    (ring,) = (s for s in picture.shapes if isinstance(s, Ellipse) and s.role == "thumb" and s.rx == 6)
    (line,) = (s for s in picture.shapes if isinstance(s, Polyline) and s.role == "ink" and len(s.points) > 2)
    (left, high), (right, low) = line.points[5:7]
    assert (ring.y - high) / (low - high) == pytest.approx((ring.x - left) / (right - left))


@pytest.mark.parametrize("curve", ["learned", "points"])
def test_a_size_of_which_nothing_is_known_has_no_number(curve: str) -> None:
    picture = drawn(curve, 500, "page")
    assert "not measured" in words(picture)
    assert "%" not in words(picture)


@pytest.mark.parametrize("format", NOT_WIDE)
def test_a_curve_that_was_measured_otherwise_than_the_reader_would_train_says_so(format: str) -> None:
    measured, other = Schedule(1_400, 25, 0.01), Schedule(1_400, 1, 0.001)
    shown = scene(8, format)

    def curve_for(chosen: Schedule) -> Picture:
        curve = replace(shown.training.curve, measured=measured, chosen=chosen)
        return training(replace(shown, training=replace(shown.training, curve=curve)))

    same, otherwise = curve_for(measured), curve_for(other)
    assert not faults(same) and not faults(otherwise)
    (said,) = (s.text for s in otherwise.shapes if isinstance(s, Heading) and "measured" in s.text)
    assert said in (
        "measured with 25 epochs and learning_rate 0.01; yours: 1 epoch and learning_rate 0.001",
        "measured with 25 epochs and learning_rate 0.01",  # where there is no room for more
    )
    assert not [s for s in same.shapes if isinstance(s, Heading) and "measured" in s.text]


def test_trained_points_are_not_joined() -> None:
    shapes = drawn("points", 24, "page").shapes
    assert not [s for s in shapes if isinstance(s, Polygon)]
    assert len([s for s in shapes if isinstance(s, Ellipse) and s.role == "ring"]) == 3


def test_bars_are_as_long_as_numbers_of_parameters() -> None:
    bars = [s for s in drawn("learned", 6, "page").shapes if isinstance(s, Box) and s.role == "layer"]
    heights = {cost.num_units: bar.height for cost, bar in zip(COSTS, bars, strict=False)}
    assert heights[128] / heights[64] == pytest.approx(parameters(128) / parameters(64))
    assert heights[1] == 0.8  # is seen although it is shorter


def test_no_bar_lies_on_another_one() -> None:
    for num_units in (8, 10, 120):
        bars = [s for s in drawn("learned", num_units, "page").shapes if isinstance(s, Box) and s.role == "layer"]
        wide = [area(bar) for bar in bars if bar.width]
        assert not [pair for pair in combinations(wide, 2) if pair[0].overlaps(pair[1])]


def test_a_larger_size_makes_the_other_bars_shorter() -> None:
    bars = [s for s in drawn("learned", 1024, "page").shapes if isinstance(s, Box) and s.role == "layer"]
    assert bars[-1].height == TRAINING["page"].bars
    assert bars[-2].height / bars[-1].height == pytest.approx(parameters(128) / parameters(1024))


# epochs


def test_nothing_but_the_lines_moves_while_epochs_are_added() -> None:
    def fixed(course_: Course) -> set[object]:
        picture = loss_by_epoch(course_, DIGITS.measure, "page")
        return {s for s in picture.shapes if isinstance(s, Text) or (isinstance(s, Polyline) and s.role == "hairline")}

    assert fixed(Course(epochs(3), 25)) == fixed(Course(epochs(24), 25))


def test_the_gap_of_what_was_memorised_is_measured() -> None:
    picture = loss_by_epoch(MEMORISED, DIGITS.measure, "page")
    gap = MEMORISED.epochs[-1].train - MEMORISED.epochs[-1].test
    assert f"{100 * gap:.0f} points" in words(picture)
    (filled,) = (s for s in picture.shapes if isinstance(s, Polygon))
    assert len(filled.points) == 2 * 25


# what it believes


def test_the_darkness_of_a_cell_is_its_probability() -> None:
    picture = beliefs(FIVE, "page")
    cells = [s for s in picture.shapes if isinstance(s, Squares) and s.width == TRAINING["page"].cell]
    assert {s.role: len(s.corners) for s in cells} == {SHADES[0]: 80 - 8 - 28, SHADES[1]: 28, SHADES[2]: 8}


def test_the_true_class_is_framed() -> None:
    format = TRAINING["page"]
    frames = [s for s in beliefs(FIVE, "page").shapes if isinstance(s, Outline) and s.role == "ink"]
    assert [frame.width for frame in frames] == [format.cell]
    assert "5" in words(beliefs(FIVE, "page"))


def test_the_view_puts_what_it_believes_below_the_epochs() -> None:
    picture = training(scene(8, course=RUNNING, beliefs=FIVE))
    assert "What it believes after each row" in words(picture)
    assert not faults(picture)
    above = loss_by_epoch(RUNNING, DIGITS.measure, "page").height
    assert all(rect.top >= above for s in picture.shapes if isinstance(s, Squares) for rect in covered(s))


# painters


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_numbers_of_mistakes_can_be_read_on_the_darkest_cell(theme: Theme) -> None:
    darkest = SHADES[round(DARKEST * len(SHADES)) - 1]
    assert contrast(theme.ink["ink"], theme.fill[darkest]) >= 4.5


def test_rings_are_in_front_of_lines_in_a_figure() -> None:
    names = [shape["name"].split()[0] for shape in figure(drawn("learned", 8, "page"), LIGHT)["layout"]["shapes"]]
    assert names.index("spread") < names.index("line") < names.index("ring") < names.index("marked")
    assert {*SHADES} <= {*ORDER}


def test_every_painter_draws_every_picture() -> None:
    pictures = [
        drawn("learned", 8, "page"),
        loss_by_epoch(RUNNING, DIGITS.measure, "page"),
        *(beliefs(b, "page") for b in BELIEFS.values()),
    ]
    for picture in (
        *pictures,
        confusion(COUNTS, "0123456789", "page"),
        wrong_digits([WrongDigit(ROWS, "5", "3")], "page"),
    ):
        assert pdf(picture, LIGHT)
        assert r"\unknown" not in tikz(picture, LIGHT)
        assert figure(picture, LIGHT)["data"][0]["x"]


def test_every_num_units_of_the_curve_is_a_place_of_its_own() -> None:
    assert {point.num_units for point in LEARNED} == {*UNITS}
