"""Which axis of a tensor is that of the steps: the one that a recurrent layer takes or returns as such."""

import pytest

from app.core.model.shapes import Shape
from app.core.model.text import parse_chain


def steps(shape: Shape) -> int | None:
    """The place of the axis of steps in a shape, with the batch."""
    return next((n for n, size in enumerate(shape) if size.name == "time_step"), None)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        # a picture, whose columns become the steps of a recurrent layer
        ("input(48,160,1).convolution(48,160,8).transpose(2,1,3).reshape(160,384).gru(8,seq)", [None, None, 1, 1, 1]),
        # or operations that are not known make steps of one of its axes
        ("input(32,64,1).convolution(32,64,8).other(32,512,params=0).gru(8)", [None, None, 1, None]),
        # also if it is as wide as high
        ("input(32,32,1).transpose(2,1,3).reshape(32,32).gru(8)", [None, 1, 1, None]),
        # a spectrogram, whose rows are steps
        ("input(200,80,1).convolution(100,40,8).reshape(100,320).gru(8,seq)", [1, 1, 1, 1]),
        ("input(t,80,1).convolution(t,40,8).reshape(t,320).gru(8,seq)", [1, 1, 1, 1]),
        # all places of a picture as steps
        ("input(14,14,32).reshape(196,32).gru(8)", [None, 1, None]),
        ("input(28,28,1).flatten.repeat(5).gru(8,seq)", [None, None, 1, 1]),
        # what comes after the steps of a recurrent layer keeps them
        ("input(9,4).gru(12,seq).reshape(9,3,4).convolution(9,3,2)", [1, 1, 1, 1]),
        # series whose features come first
        ("input(6,50).transpose(2,1).gru(8,seq)", [2, 1, 1]),
        ("input(6,50).transpose.gru(8,seq)", [2, 1, 1]),
        # with the directions of each step apart, too
        ("input(11,6).lstm(6,9,bi,seq,apart)", [1, 1]),
        # pictures at each step
        ("input(10,64,64,3).conv_lstm(10,64,64,16).flatten", [1, 1, None]),
        # what is left of one step
        ("input(11,30,4).conv_lstm(11,28,5).conv_lstm(26,6).convolution(24,3).flatten", [1, 1, None, None, None]),
        # no recurrent layer says anything about the steps
        ("input(50,6).convolution(48,8).flatten", [1, 1, None]),
    ],
)
def test_the_axis_of_steps_is_that_which_a_recurrent_layer_takes(text: str, places: list[int | None]) -> None:
    passed = parse_chain(text).passed(None, None)

    assert [steps(one.input) for one in passed] + [steps(passed[-1].output)] == places


def test_steps_with_their_directions_apart_come_before_the_batch_if_the_framework_has_the_time_first() -> None:
    (passed,) = parse_chain("input(11,6).lstm(6,9,seq,apart)").passed(2, 11, time_major=True)

    assert [(size.name, size.number) for size in passed.output] == [
        ("time_step", 11),
        ("", 1),
        ("batch_size", 2),
        ("num_units", 9),
    ]


def test_the_number_of_steps_that_comes_in_stays_one_of_the_model() -> None:
    assert parse_chain("input(t,32,1).convolution(t,32,8).other").has_time
