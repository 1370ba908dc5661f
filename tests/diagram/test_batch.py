"""The batch: every array to one scale, the same cell at every step, no collisions."""

from itertools import pairwise

import orjson
import pytest
from batch_pictures import LONG, PRIMES, arrays_of, drawn, places, strips_of
from geometry import (
    FEW,
    GRID,
    LOOKS,
    MNIST,
    PROGRAMS,
    TEACHING,
    boxes_of,
    collisions,
    cut,
    looks_of,
    sizes,
    steps,
    texts_of,
    wires_of,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pairing import ALL_COMBINATIONS, in_turn, some
from plotly import graph_objects

from app.core.axes import Sizes
from app.diagram.elements import Label, ParallelLines, Picture, Polyline, Text
from app.diagram.format_names import FORMATS
from app.diagram.painters.plotly import figure
from app.diagram.painters.svg import svg
from app.diagram.theme import LIGHT, THEMES
from app.diagram.views.batch.scaled_arrays import GATE, LEAST
from app.diagram.views.batch.sizes_by_format import SQUARES
from app.diagram.wires import Wire

every_program = pytest.mark.parametrize("name", PROGRAMS)
any_sizes = st.builds(sizes, st.integers(1, 1024), st.integers(1, 10_000), st.integers(1, 4096), st.integers(1, 8192))


# collisions


@every_program
def test_no_words_collide_and_nothing_is_cut(name: str) -> None:
    for k, (labels, format) in enumerate(looks_of(name)):
        sizes_of_look = (GRID if ALL_COMBINATIONS else GRID[k % 2 :: 2]) if name == "lstm" else (FEW[k % len(FEW)],)
        for of in sizes_of_look:
            t, sample = [*places(of)][k % len(steps(of))]
            picture = drawn(of, t, name, labels, format, sample=sample, backward=k % 2 == 1)
            assert not collisions(picture), (of, t, labels, format)
            assert not cut(picture), (of, t, labels, format)
            least = 6.5 if format == "narrow" and of["num_units"] == 8192 else 8.5  # in kernels of upper layers
            assert min(s.size for s in picture.shapes if isinstance(s, Label | Text)) >= least, (of, t, format)


@settings(max_examples=100 if ALL_COMBINATIONS else 50)
@given(st.sampled_from([*PROGRAMS]), any_sizes, st.sampled_from(LOOKS), st.floats(0, 1), st.floats(0, 1), st.booleans())
@example("lstm", sizes(1, 1001, 1, 1), ("numbers", "hall"), 0.0, 0.0, False)
@example("odd", sizes(1, 3, 1, 6126), ("hidden", "narrow"), 0.0, 0.0, False)
@example("gru", sizes(41, 1002, 100, 1000), ("both", "hall"), 1.0, 0.0, False)
def test_no_words_collide_at_any_size_step_and_sample(
    name: str, of: Sizes, look: tuple[str, str], share: float, whose: float, backward: bool
) -> None:
    t, sample = round(share * (of["time_step"] - 1)), round(whose * (of["batch_size"] - 1))
    picture = drawn(of, t, name, *look, sample=sample, backward=backward)
    assert not collisions(picture)
    assert not cut(picture)


# one scale


def measures(picture: Picture, of: Sizes) -> dict[str, tuple[float, float]]:
    """By tensor, the width and the height of its array; its parts are side by side, or below each other."""
    found = {}
    for tensor in {box.tensor for box in arrays_of(picture)}:
        t = max((box.t or 0) for box in arrays_of(picture, tensor))
        parts = [box for box in arrays_of(picture, tensor) if box.t == t]
        top, left = min(box.y for box in parts), min(box.x for box in parts)
        first = [box for box in parts if box.x - left < 100_000 and box.y == top]
        found[tensor] = (
            sum(box.width for box in first),
            sum(box.height for box in parts if box.x == left),
        )
    return found


def test_by_default_a_number_is_a_square_of_13_pixels() -> None:
    found = measures(drawn(sample=1), TEACHING)
    assert found["x"] == pytest.approx((26, 39))
    assert found["kernel"] == pytest.approx((260, 91))
    assert found["bias"] == pytest.approx((260, 13))
    assert found["concat"] == pytest.approx((91, 39))
    above, between = arrays_of(drawn(t=3), "h")[0], arrays_of(drawn(t=3), "c")[0]
    assert (above.width, above.height) == (between.width, between.height) == (65, 39)


@pytest.mark.parametrize(("of", "name"), in_turn([TEACHING, PRIMES, MNIST, sizes(1, 1, 1, 1)], PROGRAMS))
def test_every_array_has_the_same_scale(of: Sizes, name: str) -> None:
    program = PROGRAMS[name]
    for format in FORMATS:
        picture = drawn(of, 0, name, format=format)
        scales = set()
        for box in arrays_of(picture):
            axes = program.by_id[box.tensor].axes
            rows = axes[0].size(of) if axes[0].names[0] == "batch_size" else None
            if rows and box.height > LEAST:
                scales.add(round(box.height / rows, 4))
            if len(axes[-1].terms) == 1 and rows and box.width > LEAST:
                scales.add(round(box.width / axes[-1].size(of), 4))
        assert len(scales) == 1 and min(scales) in [pytest.approx(square, abs=1e-4) for square in SQUARES], format


@pytest.mark.parametrize(("of", "name"), in_turn((TEACHING, MNIST, LONG), PROGRAMS))
def test_a_row_of_the_input_of_a_product_is_as_long_as_its_weights_are_high(of: Sizes, name: str) -> None:
    picture = drawn(of, 0, name)
    for product in (t for t in PROGRAMS[name].step if t.operation.kind == "product"):
        source, weights = product.inputs[:2]
        y = max(box.y for box in arrays_of(picture, source))
        row = [box for box in arrays_of(picture, source) if box.y == y]
        column = [box for box in arrays_of(picture, weights) if box.x == arrays_of(picture, weights)[0].x]
        assert sum(box.width for box in row) == pytest.approx(sum(box.height for box in column))


@pytest.mark.parametrize("of", [MNIST, LONG, sizes(1, 4, 1, 8192)])
def test_no_side_is_too_thin_to_be_seen_and_the_picture_says_so(of: Sizes) -> None:
    picture = drawn(of, 0)
    assert min(min(box.width, box.height) for box in arrays_of(picture)) == LEAST
    assert "Very thin sides are drawn thicker." in texts_of(picture)
    assert "Very thin sides are drawn thicker." not in texts_of(drawn())


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (TEACHING, "One square is one number in every array."),
        (sizes(12, 4, 20, 20), "This square is 4 × 4 numbers in every array."),
        (MNIST, "This square is 32 × 32 numbers in every array."),
        (LONG, "This square is 1,024 × 1,024 numbers in every array."),
    ],
)
def test_the_picture_says_what_a_square_is(of: Sizes, words: str) -> None:
    assert words in texts_of(drawn(of, 0))


def test_squares_cannot_be_counted_while_shapes_are_hidden() -> None:
    def lines(picture: Picture) -> int:
        return sum(isinstance(s, ParallelLines) and s.width < 1 for s in picture.shapes)

    assert lines(drawn()) and not lines(drawn(labels="hidden"))


@pytest.mark.parametrize(("name", "gates"), [("lstm", 4), ("lstm_coupled", 3), ("gru_reset_after", 3), ("rnn", 1)])
def test_a_line_in_ink_separates_gates(name: str, gates: int) -> None:
    lines = [s for s in drawn(name=name).shapes if isinstance(s, Polyline) and (s.role, s.width) == ("ink", GATE)]
    arrays = len(PROGRAMS[name].weights)
    assert len(lines) == arrays * (gates - 1)


# what is drawn, and how much of it


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("of", [sizes(1, 1, 1, 1), TEACHING, PRIMES, sizes(5, 2, 3, 4), LONG])
def test_every_drawn_step_has_an_array_of_input_and_of_output(of: Sizes, format: str) -> None:
    picture = drawn(of, min(2, of["time_step"] - 1), format=format)
    drawn_steps = [text for text in texts_of(picture) if text.startswith("step ")]
    for whole in ("X", "Y"):
        arrays = [box.t for box in arrays_of(picture) if whole in box.also]
        assert len(arrays) == len({*arrays}) == len(drawn_steps)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("time_step", [1, 2, 3, 4, 5, 8, 101, 10_000])
def test_drawn_and_folded_steps_add_up_to_all_steps(time_step: int, format: str) -> None:
    of = {**TEACHING, "time_step": time_step}
    for t in some(steps(of), 3):
        words = texts_of(drawn(of, t, format=format))
        folded = [int(w.replace(",", "").split()[0]) for w in words if w.endswith(" more steps")]
        whole = [int(w.removeprefix("step ").partition(", s")[0].replace(",", "")) for w in words if w[:5] == "step "]
        assert t in whole and sum(folded) + len(whole) == time_step
        assert all(count > 1 for count in folded)
        assert len(folded) + len(whole) >= min(time_step, 3)


def test_all_four_steps_of_the_default_are_drawn_where_there_is_room() -> None:
    for format in ("page", "wide", "hall"):
        assert not [w for w in texts_of(drawn(format=format)) if "more step" in w]


@every_program
def test_every_state_crosses_every_gap_and_begins_as_hollow_zeros(name: str) -> None:
    picture = drawn(TEACHING, 2, name)
    for state in PROGRAMS[name].cell.states:
        wires = [w for w in wires_of(picture) if w.tensor in (state, f"{state}_prev")]
        carried = [w for w in wires if w.points[0][1] == w.points[-1][1]]
        assert len(carried) == 2 * TEACHING["time_step"]
        before = [s for s in arrays_of(picture, f"{state}_prev") if s.y < 300]
        assert [s.t for s in before] == [0, 1, 2]  # inputs up to the focused step, results after it
        assert [s.role == "view" for s in before] == [True, False, False]
        assert f"{state} = 0" in texts_of(picture)


@every_program
def test_the_size_of_the_picture_is_in_whole_pixels(name: str) -> None:
    for labels, format in looks_of(name):
        picture = drawn(TEACHING, 2, name, labels, format)
        assert (picture.width, picture.height) == (int(picture.width), int(picture.height)), (labels, format)


def test_the_height_of_the_picture_does_not_depend_on_few_numbers() -> None:
    assert len({drawn(sizes(n, 4, n, n)).height for n in (1, 2, 3, 4, 5)}) == 1


@pytest.mark.parametrize(("format", "height"), [("narrow", 456), ("page", 456), ("wide", 700), ("hall", 818)])
def test_the_picture_of_an_lstm_fits_its_place_on_the_page(format: str, height: float) -> None:
    for of in (TEACHING, MNIST, PRIMES):
        assert drawn(of, 0, format=format).height <= height


# both painters


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("of", [TEACHING, LONG, sizes(1, 1, 1, 1)], ids=["teaching", "largest", "ones"])
def test_plotly_accepts_it_with_the_widths_of_the_image(of: Sizes, format: str) -> None:
    picture = drawn(of, 0, labels="both", format=format, sample=0)
    for theme in THEMES.values() if ALL_COMBINATIONS else (LIGHT,):
        plotly_figure = figure(picture, theme)
        graph_objects.Figure(plotly_figure)
        assert len(orjson.dumps(plotly_figure)) < 60_000 and len(plotly_figure["data"][0]["text"]) < 200
        svg(picture, theme)
        widths = {s["name"]: s["line"]["width"] for s in plotly_figure["layout"]["shapes"]}
        for shape in picture.shapes:
            if isinstance(shape, Wire):
                assert widths[f"wire {shape.kind}"] == shape.width, shape.kind
            if isinstance(shape, Polyline):
                assert widths[f"line {shape.role} {shape.width:g} solid"] == shape.width


def test_the_title_describes_the_picture() -> None:
    assert drawn(TEACHING).title.endswith(": 3 samples over 4 steps, step 2 in focus")
    assert drawn(TEACHING, sample=1).title.endswith("step 2 in focus, sample 1 followed")
    assert drawn(sizes(1, 1, 1, 1), 0).title.endswith(": 1 sample over 1 step, step 0 in focus")


@pytest.mark.parametrize("of", [TEACHING, PRIMES, LONG], ids=["teaching", "primes", "largest"])
def test_strips_cover_each_array_without_gaps(of: Sizes) -> None:
    for t in (0, of["time_step"] - 1):
        strips = [s for s in strips_of(drawn(of, t), "x") if s.t == t]
        (box,) = (s for s in arrays_of(drawn(of, t), "x") if s.t == t)
        assert strips[0].y == pytest.approx(box.y) and strips[-1].y + strips[-1].height == pytest.approx(
            box.y + box.height
        )
        assert all(a.y + a.height == pytest.approx(b.y) for a, b in pairwise(strips))
        assert len(boxes_of(drawn(of, t), "here")) == 1
