"""The kernel, drawn to scale."""

from itertools import pairwise

import pytest
from geometry import GATES, GRID, LARGEST, LSTM, MNIST, TEACHING, boxes_of, collisions, cut, kernel, sizes, texts_of
from hypothesis import given
from hypothesis import strategies as st

from app.core.axes import Sizes
from app.diagram.charts.weight_matrix import HEIGHT, WIDTH
from app.diagram.elements import Box

any_sizes = st.builds(sizes, st.integers(1, 1024), st.integers(1, 10_000), st.integers(1, 4096), st.integers(1, 8192))


def blocks(of: Sizes) -> tuple[list[Box], list[Box]]:
    """The rows of h and the rows of x, gate by gate."""
    picture = kernel(of)
    return boxes_of(picture, "h"), boxes_of(picture, "x")


@pytest.mark.parametrize("of", [TEACHING, MNIST], ids=["teaching", "mnist"])
def test_one_number_of_the_kernel_has_the_same_area_everywhere(of: Sizes) -> None:
    h, x = blocks(of)
    scale = h[0].width / of["num_units"]
    assert all(box.width == pytest.approx(scale * of["num_units"]) for box in (*h, *x))
    assert all(box.height == pytest.approx(scale * of["num_units"]) for box in h)
    assert all(box.height == pytest.approx(scale * of["features"]) for box in x)


def test_blocks_are_side_by_side_with_x_below_h() -> None:
    h, x = blocks(TEACHING)
    assert len(h) == len(x) == len(GATES)
    for before, after in pairwise(h):
        assert after.x == pytest.approx(before.x + before.width)
    for above, below in zip(h, x, strict=True):
        assert (below.x, below.y) == pytest.approx((above.x, above.y + above.height))


@given(any_sizes)
def test_the_kernel_uses_its_room_and_never_exceeds_it(of: Sizes) -> None:
    h, x = blocks(of)
    width, height = 4 * h[0].width, h[0].height + x[0].height
    assert width <= WIDTH + 0.01
    assert height <= HEIGHT + 1.5  # a side that is drawn as a hair
    assert width > WIDTH / 2 - 0.01 or height > HEIGHT / 2 - 0.01


@given(any_sizes)
def test_more_units_make_a_gates_block_larger_in_both_directions(of: Sizes) -> None:
    few, many = (boxes_of(kernel({**of, "num_units": n}), "h")[0] for n in (of["num_units"], of["num_units"] + 1))
    assert many.width >= few.width - 1e-9
    assert many.height >= few.height - 1e-9


@pytest.mark.parametrize(
    ("units", "words"),
    [
        (2, "1 weight"),
        (5, "1 weight"),
        (30, "8 × 8 weights"),
        (128, "32 × 32 weights"),
        (8192, "1,024 × 1,024 weights"),
    ],
)
def test_a_square_shows_the_scale(units: int, words: str) -> None:
    picture = kernel(sizes(3, 4, 2, units))
    (square,) = boxes_of(picture, "view")
    (h, *_) = boxes_of(picture, "h")
    side = int(words.split()[0].replace(",", "")) if words[0].isdigit() else 1
    assert texts_of(picture)[-1] == words
    assert square.width / h.width == pytest.approx(side / units)


@given(any_sizes)
def test_nothing_of_the_kernel_is_hidden_or_cut(of: Sizes) -> None:
    picture = kernel(of)
    assert not collisions(picture)
    assert not cut(picture)
    assert min(min(box.width, box.height) for role in "hx" for box in boxes_of(picture, role)) > 1.4999


@pytest.mark.parametrize("other", [{"time_step": 10_000}, {"batch_size": 1024}])
def test_it_does_not_depend_on_time_step_or_batch_size(other: dict[str, int]) -> None:
    assert kernel({**TEACHING, **other}) == kernel(TEACHING)


def test_more_units_make_more_rows_and_more_columns() -> None:
    few, many = (kernel(sizes(3, 4, 20, units)) for units in (5, 10))
    (h_few, x_few), (h_many, x_many) = ((boxes_of(p, "h")[0], boxes_of(p, "x")[0]) for p in (few, many))
    assert h_few.height / x_few.height == pytest.approx(5 / 20)
    assert h_many.height / x_many.height == pytest.approx(10 / 20)
    assert h_few.width / x_few.height == pytest.approx(5 / 20)
    assert h_many.width / x_many.height == pytest.approx(10 / 20)


def test_every_block_names_the_kernel_and_its_gate() -> None:
    for row in blocks(TEACHING):
        assert [box.also[0] for box in row] == [f"a_{gate}" for gate in GATES]
        assert all(box.tensor == "kernel" and {*box.also} <= LSTM.by_id.keys() for box in row)


@pytest.mark.parametrize("of", GRID, ids=lambda of: "-".join(map(str, of.values())))
def test_the_title_has_the_shape_of_the_program(of: Sizes) -> None:
    rows, columns = LSTM.by_id["kernel"].shape(of)
    title = kernel(of).title
    assert f"{rows} rows" in title
    assert title.endswith(f"by {columns} columns")


def test_gates_are_named_if_there_is_room_and_h_and_x_always() -> None:
    assert texts_of(kernel(TEACHING)) == [*GATES, "h", "x", "1 weight"]
    assert texts_of(kernel(LARGEST))[:-1] == [*GATES, "h", "x"]
    assert texts_of(kernel(sizes(3, 4, 4096, 1)))[:-1] == ["h", "x"]
