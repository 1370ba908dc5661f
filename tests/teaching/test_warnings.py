"""The warnings below the picture."""

import pytest

from app.teaching.around_picture.warnings import coincidences

AXES = ("batch_size", "time_step", "features", "num_units")


@pytest.mark.parametrize(
    ("numbers", "warnings"),
    [
        ((3, 4, 2, 5), []),
        ((128, 28, 28, 128), ["batch_size and num_units are both 128 here", "time_step and features are both 28 here"]),
        ((2, 2, 2, 5), ["batch_size, time_step and features are all 2 here"]),
        ((1, 1, 1, 1), ["batch_size, time_step, features and num_units are all 1 here"]),
    ],
)
def test_equal_sizes_of_different_axes_get_a_warning(numbers: tuple[int, ...], warnings: list[str]) -> None:
    sizes = dict(zip(AXES, numbers, strict=True))
    texts = ["".join(word for word, _ in words) for words in coincidences(sizes)]

    assert [s.partition(":")[0] for s in texts] == warnings
    assert all(s.endswith("the same number, but different axes.") for s in texts)
