"""The batch: a sheet for each sequence, the same cell at every step, the same weights for all of them."""

import re
from collections import Counter
from collections.abc import Iterator

import orjson
import pytest
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
from app.diagram.dimensions import DIMENSION
from app.diagram.plotly import figure
from app.diagram.scene import Scene
from app.diagram.shapes import Box, Frame, Label, Picture, Polyline, Shape, Sheet, Text, Wire
from app.diagram.svg import hit_areas, svg
from app.diagram.theme import THEMES
from app.diagram.views.batch import batch
from app.diagram.views.sheets import MOST, drawn_samples

every_program = pytest.mark.parametrize("name", PROGRAMS)
any_sizes = st.builds(sizes, st.integers(1, 1024), st.integers(1, 10_000), st.integers(1, 4096), st.integers(1, 8192))

LONG = sizes(1024, 10_000, 4096, 8192)
PRIMES = sizes(7, 11, 13, 17)


def drawn(
    of: Sizes = TEACHING,
    t: int = 2,
    name: str = "lstm",
    labels: str = "numbers",
    format: str = "page",
    *,
    sample: int | None = None,
    backward: bool = False,
) -> Picture:
    return batch(Scene(PROGRAMS[name], of, t, labels, format, backward, sample=sample))


def places(of: Sizes) -> Iterator[tuple[int, int | None]]:
    """Steps, each with a sequence that is followed, or none."""
    last = of["batch_size"] - 1
    samples = [None, 0, last, last // 2]
    return ((t, samples[n % len(samples)]) for n, t in enumerate(steps(of)))


def sheets_of(picture: Picture, tensor: str = "") -> list[Box]:
    return [s for s in picture.shapes if isinstance(s, Box) and s.sample is not None and tensor in ("", s.tensor)]


# nothing in anything's way


@every_program
def test_no_words_are_in_the_way_and_nothing_is_cut(name: str) -> None:
    for k, (labels, format) in enumerate(LOOKS):
        for of in GRID if name == "lstm" else (FEW[k % len(FEW)],):
            t, sample = [*places(of)][k % len(steps(of))]
            picture = drawn(of, t, name, labels, format, sample=sample, backward=k % 2 == 1)
            assert not collisions(picture), (of, t, sample)
            assert not cut(picture), (of, t, sample)
            assert min(s.size for s in picture.shapes if isinstance(s, Label | Text)) >= 8.5, (of, t)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([*PROGRAMS]), any_sizes, st.sampled_from(LOOKS), st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_that_holds_at_any_size_step_and_sample(
    name: str, of: Sizes, look: tuple[str, str], share: float, whose: float, backward: bool
) -> None:
    t, sample = round(share * (of["time_step"] - 1)), round(whose * (of["batch_size"] - 1))
    picture = drawn(of, t, name, *look, sample=sample, backward=backward)
    assert not collisions(picture)
    assert not cut(picture)
    lit = [s for s in sheets_of(picture) if not s.faint]
    assert {s.sample for s in lit} == {sample}


@pytest.mark.parametrize("of", [TEACHING, PRIMES, LONG], ids=["teaching", "primes", "largest"])
def test_sheets_of_one_stack_cover_each_other_nowhere(of: Sizes) -> None:
    """All that is seen of them together is as much as the outline of the stack: every painter shows it alike."""
    picture = drawn(of)
    for key in {(s.tensor, s.t, s.also, s.width) for s in sheets_of(picture)}:
        stack = [s for s in sheets_of(picture) if (s.tensor, s.t, s.also, s.width) == key]
        (front,) = (s for s in stack if not isinstance(s, Sheet))
        assert front.sample == 0
        for sheet in (s for s in stack if isinstance(s, Sheet)):
            seen = sheet.width * sheet.height - (sheet.width - sheet.dx) * (sheet.height - sheet.dy)
            assert polygon(sheet.path()) == pytest.approx(seen, abs=2)


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
def test_drawn_and_folded_steps_are_all_steps(time_step: int, format: str, columns: int) -> None:
    of = {**TEACHING, "time_step": time_step}
    for t in steps(of):
        words = texts_of(drawn(of, t, format=format))
        folded = [int(w.replace(",", "").split()[0]) for w in words if w.endswith(" more steps")]
        whole = [int(w.replace(",", "").rpartition(" ")[2]) for w in words if w.startswith("same cell, step ")]
        assert t in whole and sum(folded) + len(whole) == time_step
        assert len(folded) + len(whole) == min(time_step, columns)
        assert all(count > 1 for count in folded) or time_step > columns


@pytest.mark.parametrize(("batch_size", "sample"), [(1, None), (3, 2), (5, 4), (6, None), (128, 3), (1024, 700)])
def test_drawn_and_counted_samples_are_all_samples(batch_size: int, sample: int | None) -> None:
    words = " ".join(texts_of(drawn({**TEACHING, "batch_size": batch_size}, sample=sample)))
    (count,) = re.findall(r"\+ ([\d,]+) more sample", words) or ["0"]
    of = drawn_samples(batch_size, sample)
    assert len(of) + int(count.replace(",", "")) == batch_size
    assert sample is None or sample in of
    assert list(of) == sorted({*of})
    assert {s.sample for s in sheets_of(drawn({**TEACHING, "batch_size": batch_size}, sample=sample))} == {*of}


@every_program
def test_every_state_is_handed_over_every_gap_with_a_sheet_for_each_sample(name: str) -> None:
    picture = drawn(TEACHING, 2, name)
    states = PROGRAMS[name].cell.states
    for state in states:
        wires = [w for w in wires_of(picture) if w.tensor in (state, f"{state}_prev")]
        carried = [w for w in wires if w.points[0][1] == w.points[-1][1]]
        assert len(carried) == TEACHING["time_step"] + 1
        over = [s for s in sheets_of(picture) if s.tensor == f"{state}_prev"]
        assert {s.t for s in over} == {0, 1, 2}  # up to the focused step what it takes, then what it gives
        assert len(over) == 3 * TEACHING["batch_size"]


def test_a_sheet_grows_with_the_numbers_that_it_has_and_a_block_of_h_is_not_as_high_as_one_of_x() -> None:
    heights = {n: sheets_of(drawn(sizes(3, 4, n, 5)), "x")[0].height for n in (1, 2, 28, 400, 4096)}
    assert list(heights.values()) == sorted({*heights.values()})
    picture = drawn(TEACHING)
    assert sheets_of(picture, "h")[0].height > sheets_of(picture, "x")[0].height


def test_the_picture_stands_still_and_costs_the_same_at_any_size() -> None:
    large, largest = drawn(sizes(10, 20, 10, 10), 9), drawn(LONG, 4999)
    assert (large.width, large.height) == (largest.width, largest.height)
    assert Counter(map(type, large.shapes)) == Counter(map(type, largest.shapes))


@every_program
def test_the_picture_is_so_many_whole_pixels(name: str) -> None:
    for labels, format in LOOKS:
        picture = drawn(TEACHING, 2, name, labels, format)
        assert (picture.width, picture.height) == (int(picture.width), int(picture.height)), (labels, format)


# what is followed


@every_program
def test_exactly_the_other_samples_are_faint(name: str) -> None:
    for sample in (None, 0, 1, 2, 6):
        picture = drawn(PRIMES, 5, name, sample=sample)
        for shape in picture.shapes:
            other = sample is not None and shape.sample is not None and shape.sample != sample
            assert shape.faint == other, shape
        shown = {s.tensor for s in sheets_of(picture) if not s.faint}
        assert shown >= {"x", PROGRAMS[name].cell.output, *(f"{s}_prev" for s in PROGRAMS[name].cell.states)}


@every_program
def test_the_weights_are_drawn_once_and_lead_to_every_cell_whoever_is_followed(name: str) -> None:
    weights = [t.id for t in PROGRAMS[name].weights]
    for sample in (None, 1):
        picture = drawn(TEACHING, 2, name, sample=sample)
        assert [box.tensor for box in boxes_of(picture, "layer")] == weights
        lines = [w for w in wires_of(picture) if w.axis == "muted"]
        assert all({w.tensor, *w.also} == {*weights} and not w.faint for w in lines)
        cells = [*map(area, boxes_of(picture, "slab") + boxes_of(picture, "cell"))]
        ends = [w.points[-1] for w in lines]
        reached = [c for c in cells if any(c.left < x < c.right and y == c.bottom for x, y in ends)]
        assert len(reached) == len(cells) == TEACHING["time_step"]
        (bus,) = (w for w in lines if w.points[0][0] < min(c.left for c in cells) - 40)
        assert all(on_bus(w, bus) for w in lines if w is not bus)


def on_bus(line: Wire, bus: Wire) -> bool:
    (x, y), (start, end) = line.points[0], (bus.points[0][0], bus.points[-1][0])
    return start <= x <= end and y == bus.points[-1][1]


def test_the_sample_that_is_followed_is_whole_and_lies_where_its_sheet_was() -> None:
    for sample in range(3):
        before = [area(s) for s in sheets_of(drawn(TEACHING)) if s.sample == sample]
        after = [s for s in sheets_of(drawn(TEACHING, sample=sample)) if s.sample == sample]
        assert sorted(map(area, after)) == sorted(before)
        assert {type(s) for s in after} == {Box}


# what is written


@every_program
def test_a_label_says_the_shape_of_its_tensor(name: str) -> None:
    tensors = PROGRAMS[name].by_id
    for k, of in enumerate(FEW):
        for label in drawn(of, 0, name, format=("narrow", "page", "wide")[k % 3]).shapes:
            if isinstance(label, Label) and label.tensor:
                said = "".join(run.text for line in label.lines for run in line).replace("·", "*").split("×")
                assert tuple(eval(text) for text in said) == tensors[label.tensor].shape(of)  # our own digits, + and *


@every_program
@pytest.mark.parametrize("format", ["narrow", "wide"])
def test_what_the_focused_step_takes_and_gives_has_its_shape_beside_it(format: str, name: str) -> None:
    cell = PROGRAMS[name].cell
    beside = {s.tensor for s in drawn(TEACHING, 2, name, "both", format).shapes if isinstance(s, Label) and s.t == 2}
    assert beside >= {"x", cell.output, *cell.states, *(f"{s}_prev" for s in cell.states)}


@every_program
@pytest.mark.parametrize("format", ["narrow", "wide"])
def test_the_margin_gives_the_dimensions_level_with_the_bands(format: str, name: str) -> None:
    picture = drawn(TEACHING, 2, name, "both", format)
    found = [s for s in picture.shapes if isinstance(s, Label) and s.size == DIMENSION]
    assert (found[0].tensor, found[-1].tensor) == ("Y", "X")
    assert {s.tensor for s in found[1:-1]} == {*PROGRAMS[name].cell.states}
    if format in ("wide", "hall"):
        level = {s.tensor: s.y for s in found}
        top, bottom = (max(s.y + s.height for s in sheets_of(picture, id) if whole in s.also) for id, whole in ENDS)
        assert level["Y"] < top and bottom - 60 < level["X"] < bottom + 40
        assert level["Y"] == min(level.values()) and level["X"] == max(level.values())


ENDS = ("h", "Y"), ("x", "X")


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("of", [TEACHING, sizes(1, 1, 1, 1), LONG, PRIMES])
def test_the_border_is_around_the_output_of_the_last_step_that_is_taken(of: Sizes, backward: bool) -> None:
    picture = drawn(of, 0, backward=backward)
    (frame,) = (s for s in picture.shapes if isinstance(s, Frame))
    last = 0 if backward else of["time_step"] - 1
    inside = [s for s in sheets_of(picture) if area(s).inside(area(frame))]
    assert {(s.tensor, s.t) for s in inside} == {("h", last)}
    assert len(inside) == min(of["batch_size"], MOST)
    assert frame.tensor == "h_T" and "last output" in texts_of(picture)
    others = [s for s in picture.shapes if isinstance(s, Box) and s not in inside]
    assert not [s for s in others if area(s).overlaps(area(frame))]


def test_it_says_the_same_cell_at_every_step_and_never_that_samples_are_batches_or_steps_units() -> None:
    for format in ("narrow", "page", "wide", "hall"):
        for sample in (None, 1):
            words = " ".join(texts_of(drawn(PRIMES, 4, format=format, sample=sample)))
            assert "same cell, step 4" in words and "same weights" in words
            assert ("side by side" in words) == (sample is None) and ("sample 1 of 0…6" in words) == (sample == 1)
            assert not re.search(r"\bbatch \d|unit|hidden size|one after", words.replace("hidden state", ""))
    assert "here" in texts_of(drawn(PRIMES, 4))


def test_an_index_grows_in_the_direction_of_its_arrow() -> None:
    picture = drawn(PRIMES, 4)
    ends: dict[str, tuple[float, float]] = {}
    for arrow in (s for s in picture.shapes if isinstance(s, Polyline)):
        (x0, y0), (x1, y1) = arrow.points[:2]
        ends.setdefault(arrow.role, (x1 - x0, y1 - y0))
    front, *_, back = sorted((s for s in sheets_of(picture, "x") if s.t == 4), key=lambda s: s.sample or 0)
    first, *_, last = sorted((s for s in sheets_of(picture, "x") if s.sample == 0), key=lambda s: s.t or 0)
    dx, dy = ends["batch_size"]
    assert (dx > 0, dy < 0) == (back.x > front.x, back.y < front.y) == (True, True)
    assert ends["time_step"][0] > 0 and last.x > first.x
    assert ends["features"][1] < 0
    named = {"".join(run.text for run in s.lines[0]) for s in picture.shapes if isinstance(s, Label) and not s.tensor}
    assert named >= {"batch_size", "time_step", "features", "num_units"}


def test_backwards_the_states_run_to_the_left_and_time_to_the_right() -> None:
    picture = drawn(TEACHING, 2, backward=True)
    across = [w for w in wires_of(picture) if w.points[0][1] == w.points[-1][1] and w.tensor.startswith("c")]
    assert across and all(w.points[-1][0] < w.points[0][0] for w in across)
    xs = {s.t: s.x for s in sheets_of(picture, "x") if s.sample == 0}
    assert [xs[t] for t in range(4)] == sorted(xs.values())


def test_arrows_meet_the_cell_and_the_sheets() -> None:
    for of, backward in ((TEACHING, False), (LONG, True), (sizes(1, 1, 1, 1), False)):
        picture = drawn(of, 0, backward=backward)
        cells = [area(s) for s in boxes_of(picture, "slab") + boxes_of(picture, "cell")]
        for wire in (w for w in wires_of(picture) if w.tensor == "x"):
            (start, (x, end)) = wire.points
            assert any(c.left < x < c.right and c.bottom == end for c in cells)
            assert any(a.left < start[0] < a.right and a.top == start[1] for a in map(area, sheets_of(picture, "x")))


# pointing


@pytest.mark.parametrize("format", ["narrow", "page", "wide", "hall"])
def test_every_sheet_and_every_step_can_be_pointed_at(format: str) -> None:
    picture = drawn(PRIMES, 4, format=format, sample=1)
    areas = [s for s, _, _ in hit_areas(picture)]
    assert {(s.tensor, s.t, s.sample) for s in sheets_of(picture)} <= {(s.tensor, s.t, s.sample) for s in areas}
    steps_there = {s.t for s in areas if isinstance(s, Box) and s.role == "slab"}
    assert len(steps_there) == len(boxes_of(picture, "slab")) and 4 not in steps_there


@every_program
def test_the_picture_shows_what_goes_in_and_comes_out(name: str) -> None:
    program = PROGRAMS[name]
    picture = drawn(TEACHING, 3, name)
    here = {id for s in picture.shapes for id in (s.tensor, *s.also)} - {""}
    assert here >= {t.id for t in program.tensors if t.role in ("input", "weight", "output", "state")}


# both painters


@pytest.mark.parametrize("format", ["narrow", "page", "wide", "hall"])
@pytest.mark.parametrize("of", [TEACHING, LONG, sizes(1, 1, 1, 1)], ids=["teaching", "largest", "ones"])
def test_plotly_takes_it_small_and_in_the_widths_of_the_image(of: Sizes, format: str) -> None:
    picture = drawn(of, 0, labels="both", format=format, sample=0)
    for theme in THEMES.values():
        made = figure(picture, theme)
        graph_objects.Figure(made)
        assert len(orjson.dumps(made)) < 60_000 and len(made["data"][0]["text"]) < 200
        svg(picture, theme)
        widths = {s["name"]: s["line"]["width"] for s in made["layout"]["shapes"]}
        for shape in picture.shapes:
            if isinstance(shape, Wire):
                assert widths[f"wire {shape.kind}"] == shape.width, shape.kind
            if isinstance(shape, Polyline):
                assert widths[f"line {shape.role} {shape.width:g} solid"] == shape.width


def test_the_title_says_what_is_drawn() -> None:
    assert drawn(TEACHING).title.endswith(": 3 samples side by side over 4 steps, step 2 in focus")
    assert drawn(TEACHING, sample=1).title.endswith("step 2 in focus, sample 1 followed")
    assert drawn(sizes(1, 1, 1, 1), 0).title.endswith(": 1 sample side by side over 1 step, step 0 in focus")


def test_words_in_a_drawer_stay_in_it() -> None:
    for name in PROGRAMS:
        for of in FEW:
            picture = drawn(of, 0, name, "both")
            words: list[Shape] = [s for s in picture.shapes if isinstance(s, Label | Text)]
            for drawer in map(area, boxes_of(picture, "layer")):
                inside = [w for w in words if isinstance(w, Label | Text) and written(w).overlaps(drawer)]
                assert len(inside) == 2 and all(written(w).inside(drawer) for w in inside)
