"""What is certain about the axes of sums and joins, if not all axes of the tensors are known. NumPy has the truth."""

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

from app.reading.code.axes_of_operations import broadcast, joined_along
from app.reading.code.values import ANY, Axes, Constant, may_be_equal

Sizes = tuple[int, ...]


def hidden(random: Random, sizes: Sizes) -> Axes:
    """Axes of which some are unknown, or some in front are."""
    axes = tuple(size if random.random() < 0.6 else None for size in sizes)
    return (ANY, *axes[random.randrange(len(axes) + 1) :]) if random.random() < 0.5 else axes


def pairs(random: Random) -> Iterator[tuple[Sizes, Sizes]]:
    """Shapes of tensors that can be added."""
    for _ in range(2000):
        whole = [random.choice((1, 2, 3, 5)) for _ in range(random.randint(1, 4))]
        one, another = (
            tuple(size if random.random() < 0.7 else 1 for size in whole)[random.randrange(len(whole)) :]
            for _ in range(2)
        )
        yield one, another


def test_no_size_of_a_sum_is_another_one_than_the_real_one() -> None:
    random = Random(1)
    for one, another in pairs(random):
        a, b = hidden(random, one), hidden(random, another)
        assert may_be_equal(broadcast(a, b), np.broadcast_shapes(one, another)), (one, another, a, b)
        assert broadcast(one, another) == np.broadcast_shapes(one, another)


def test_no_size_of_a_join_is_another_one_than_the_real_one() -> None:
    random = Random(2)
    for sizes, _ in pairs(random):
        dim = random.randrange(len(sizes))
        parts = [(*sizes[:dim], random.randint(1, 4), *sizes[dim + 1 :]) for _ in range(3)]
        real = np.concatenate([np.zeros(part) for part in parts], dim).shape
        found = joined_along([hidden(random, part) for part in parts], Constant(dim - random.choice((0, len(sizes)))))
        assert may_be_equal(found.axes, real), (parts, dim, found)


@pytest.mark.parametrize(
    ("one", "another", "real"),
    [
        ((ANY, 72), (None, None, 72), (ANY, 72)),
        ((ANY, 1), (4, 5, 72), (ANY, 4, 5, 72)),
        ((None, 5, 1), (4, None, 3), (4, 5, 3)),
        ((None, 1), (None, 1), (None, 1)),
        ((ANY, 3), (4, None), (ANY, 4, 3)),
    ],
)
def test_the_sizes_of_a_sum_are_those_that_either_tensor_says(one: Axes, another: Axes, real: Axes) -> None:
    assert broadcast(one, another) == broadcast(another, one) == real


def test_tensors_that_are_joined_have_as_many_axes() -> None:
    assert joined_along([(ANY, 100), (None, None, 50)], Constant(2)).axes == (None, None, 150)
    assert joined_along([(None, 96), (ANY, 16)], Constant(1)).axes == (None, 112)
    assert joined_along([(ANY, 3), (ANY, 4)], Constant(1)).axes == (ANY,)
