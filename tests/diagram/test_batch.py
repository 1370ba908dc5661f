"""The batch: a sheet for each sequence, the same cell at every step, no collisions."""

import re
from collections import Counter

import orjson
import pytest
from batch_pictures import LONG, PRIMES, drawn, places, sheets_of
from geometry import (
    FEW,
    GRID,
    LOOKS,
    PROGRAMS,
    TEACHING,
    area,
    boxes_of,
    collisions,
    cut,
    looks_of,
    sizes,
    steps,
    texts_of,
    wires_of,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly import graph_objects

from app.core.axes import Sizes
from app.diagram.painters.plotly import figure
from app.diagram.painters.svg import svg
from app.diagram.shapes import Label, Polyline, Shape, Sheet, Text
from app.diagram.theme import THEMES
from app.diagram.views.batch.sheets import MOST, drawn_samples
from app.diagram.wires import Wire

every_program = pytest.mark.parametrize("name", PROGRAMS)
any_sizes = st.builds(sizes, st.integers(1, 1024), st.integers(1, 10_000), st.integers(1, 4096), st.integers(1, 8192))


# collisions


@every_program
def test_no_words_collide_and_nothing_is_cut(name: str) -> None:
    for k, (labels, format) in enumerate(looks_of(name)):
        for of in GRID if name == "lstm" else (FEW[k % len(FEW)],):
            t, sample = [*places(of)][k % len(steps(of))]
            picture = drawn(of, t, name, labels, format, sample=sample, backward=k % 2 == 1)
            assert not collisions(picture), (of, t, sample)
            assert not cut(picture), (of, t, sample)
            assert min(s.size for s in picture.shapes if isinstance(s, Label | Text)) >= 8.5, (of, t)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([*PROGRAMS]), any_sizes, st.sampled_from(LOOKS), st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_no_words_collide_at_any_size_step_and_sample(
    name: str, of: Sizes, look: tuple[str, str], share: float, whose: float, backward: bool
) -> None:
    t, sample = round(share * (of["time_step"] - 1)), round(whose * (of["batch_size"] - 1))
    picture = drawn(of, t, name, *look, sample=sample, backward=backward)
    assert not collisions(picture)
    assert not cut(picture)
    solid = [s for s in sheets_of(picture) if not s.faint]
    assert {s.sample for s in solid} == {sample}


@pytest.mark.parametrize("of", [TEACHING, PRIMES, LONG], ids=["teaching", "primes", "largest"])
def test_sheets_of_one_stack_do_not_overlap(of: Sizes) -> None:
    """The visible part of each sheet is exactly its path, so that every painter shows the same."""
    picture = drawn(of)
    for key in {(s.tensor, s.t, s.also, s.width) for s in sheets_of(picture)}:
        stack = [s for s in sheets_of(picture) if (s.tensor, s.t, s.also, s.width) == key]
        (front,) = (s for s in stack if not isinstance(s, Sheet))
        assert front.sample == 0
        for sheet in (s for s in stack if isinstance(s, Sheet)):
            seen = sheet.width * sheet.height - (sheet.width - sheet.dx) * (sheet.height - sheet.dy)
            assert polygon(sheet.path) == pytest.approx(seen, abs=2)


def polygon(path: str) -> float:
    """The area in an outline of straight lines."""
    points = [tuple(map(float, pair.split(","))) for pair in path.strip("MZ").split("L")]
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True))) / 2


# what is drawn, and how much of it


@pytest.mark.parametrize("format", ["narrow", "page", "wide", "hall"])
@pytest.mark.parametrize("of", [sizes(1, 1, 1, 1), TEACHING, PRIMES, sizes(5, 2, 3, 4), LONG])
def test_every_drawn_step_has_a_sheet_of_input_and_of_output_for_every_drawn_sample(of: Sizes, format: str) -> None:
    picture = drawn(of, min(2, of["time_step"] - 1), format=format)
    samples = min(of["batch_size"], MOST)
    for whole in ("X", "Y"):
        counts = Counter(s.t for s in sheets_of(picture) if whole in s.also)
        assert {*counts.values()} == {samples}
        drawn_steps = [text for text in texts_of(picture) if text.startswith("same cell, step ")]
        assert len(counts) == len(drawn_steps) == len({*drawn_steps})


@pytest.mark.parametrize(("format", "columns"), [("narrow", 5), ("page", 7), ("wide", 7), ("hall", 9)])
@pytest.mark.parametrize("time_step", [1, 2, 4, 7, 8, 101, 10_000])
def test_drawn_and_folded_steps_add_up_to_all_steps(time_step: int, format: str, columns: int) -> None:
    of = {**TEACHING, "time_step": time_step}
    for t in steps(of):
        words = texts_of(drawn(of, t, format=format))
        folded = [int(w.replace(",", "").split()[0]) for w in words if w.endswith(" more steps")]
        whole = [int(w.replace(",", "").rpartition(" ")[2]) for w in words if w.startswith("same cell, step ")]
        assert t in whole and sum(folded) + len(whole) == time_step
        assert len(folded) + len(whole) == min(time_step, columns)
        assert all(count > 1 for count in folded) or time_step > columns


@pytest.mark.parametrize(("batch_size", "sample"), [(1, None), (3, 2), (5, 4), (6, None), (128, 3), (1024, 700)])
def test_drawn_and_counted_samples_add_up_to_all_samples(batch_size: int, sample: int | None) -> None:
    words = " ".join(texts_of(drawn({**TEACHING, "batch_size": batch_size}, sample=sample)))
    (count,) = re.findall(r"\+ ([\d,]+) more sample", words) or ["0"]
    of = drawn_samples(batch_size, sample)
    assert len(of) + int(count.replace(",", "")) == batch_size
    assert sample is None or sample in of
    assert list(of) == sorted({*of})
    assert {s.sample for s in sheets_of(drawn({**TEACHING, "batch_size": batch_size}, sample=sample))} == {*of}


@every_program
def test_every_state_crosses_every_gap_with_a_sheet_for_each_sample(name: str) -> None:
    picture = drawn(TEACHING, 2, name)
    states = PROGRAMS[name].cell.states
    for state in states:
        wires = [w for w in wires_of(picture) if w.tensor in (state, f"{state}_prev")]
        carried = [w for w in wires if w.points[0][1] == w.points[-1][1]]
        assert len(carried) == TEACHING["time_step"] + 1
        over = [s for s in sheets_of(picture) if s.tensor == f"{state}_prev"]
        assert {s.t for s in over} == {0, 1, 2}  # inputs up to the focused step, results after it
        assert len(over) == 3 * TEACHING["batch_size"]


def test_the_height_of_a_sheet_grows_with_its_size() -> None:
    heights = {n: sheets_of(drawn(sizes(3, 4, n, 5)), "x")[0].height for n in (1, 2, 28, 400, 4096)}
    assert list(heights.values()) == sorted({*heights.values()})
    picture = drawn(TEACHING)
    assert sheets_of(picture, "h")[0].height > sheets_of(picture, "x")[0].height


def test_the_picture_has_the_same_size_and_number_of_shapes_at_any_sizes() -> None:
    large, largest = drawn(sizes(10, 20, 10, 10), 9), drawn(LONG, 4999)
    assert (large.width, large.height) == (largest.width, largest.height)
    assert Counter(map(type, large.shapes)) == Counter(map(type, largest.shapes))


@every_program
def test_the_size_of_the_picture_is_in_whole_pixels(name: str) -> None:
    for labels, format in LOOKS:
        picture = drawn(TEACHING, 2, name, labels, format)
        assert (picture.width, picture.height) == (int(picture.width), int(picture.height)), (labels, format)


# both painters


@pytest.mark.parametrize("format", ["narrow", "page", "wide", "hall"])
@pytest.mark.parametrize("of", [TEACHING, LONG, sizes(1, 1, 1, 1)], ids=["teaching", "largest", "ones"])
def test_plotly_accepts_it_with_the_widths_of_the_image(of: Sizes, format: str) -> None:
    picture = drawn(of, 0, labels="both", format=format, sample=0)
    for theme in THEMES.values():
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
    assert drawn(TEACHING).title.endswith(": 3 samples side by side over 4 steps, step 2 in focus")
    assert drawn(TEACHING, sample=1).title.endswith("step 2 in focus, sample 1 followed")
    assert drawn(sizes(1, 1, 1, 1), 0).title.endswith(": 1 sample side by side over 1 step, step 0 in focus")


def test_the_words_of_a_weight_stay_in_its_box() -> None:
    for name in PROGRAMS:
        for of in FEW:
            picture = drawn(of, 0, name, "both")
            words: list[Shape] = [s for s in picture.shapes if isinstance(s, Label | Text)]
            for box in map(area, boxes_of(picture, "layer")):
                inside = [w for w in words if isinstance(w, Label | Text) and written(w).overlaps(box)]
                assert len(inside) == 2 and all(written(w).inside(box) for w in inside)
