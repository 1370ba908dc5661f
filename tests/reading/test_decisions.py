"""Both shapes of a message are compared axis by axis, and their sizes decide between causes."""

import pytest

from app.reading.errors.causes_by_numbers import STATE_CAUSES, Decision, decision
from app.reading.errors.expected_and_given_shape import Comparison, comparison
from app.reading.errors.explanation import explain

LAYERS = "num_layers*directions"
STATE = "RuntimeError: Expected hidden[0] size ({}), got [{}]"
INPUT = "RuntimeError: input.size(-1) must be equal to input_size. Expected 10, got 12"


def compared(text: str) -> Comparison:
    found = comparison(explain(text))
    assert found
    return found


def decided(text: str, time_step: int | None = None) -> Decision:
    explanation = explain(text)
    return decision(explanation.mismatch, comparison(explanation), time_step)


@pytest.mark.parametrize(
    ("expected", "got", "verdict", "differing"),
    [
        ("4, 3, 20", "3, 4, 20", "exchanged", (0, 1)),
        ("2, 3, 20", "2, 5, 20", "not equal", (1,)),
        ("1, 7, 20", "2, 7, 10", "not equal", (0, 2)),
    ],
)
def test_the_axes_that_differ_are_named(expected: str, got: str, verdict: str, differing: tuple[int, ...]) -> None:
    found = compared(STATE.format(expected, got))

    assert found.axes == (LAYERS, "batch_size", "num_units")
    assert (found.verdict, found.differing) == (verdict, differing)


def test_a_size_stands_among_those_that_are_not_said_in_the_order_of_the_framework() -> None:
    made = "nn.LSTM(10, 20{})\n"
    time_first, batch_first = compared(made.format("") + INPUT), compared(made.format(", batch_first=True") + INPUT)

    assert compared(INPUT).axes == (None, None, "features")
    assert time_first.axes == ("time_step", "batch_size", "features")
    assert batch_first.axes == ("batch_size", "time_step", "features")
    assert (time_first.expected, time_first.got) == ((None, None, 10), (None, None, 12))


def test_a_missing_axis_is_placed_only_if_the_sizes_tell_it() -> None:
    told = compared(STATE.format("1, 3, 20", "3, 20"))
    not_told = compared(
        "ValueError: Input 0 of layer lstm is incompatible with the layer: expected ndim=3, found ndim=2"
    )

    assert (told.shift, told.differing) == (1, (0,))
    assert not_told.shift is None


def test_sizes_rule_out_causes_with_which_others_would_differ() -> None:
    exchanged, last_batch = decided(STATE.format("4, 3, 20", "3, 4, 20")), decided(STATE.format("2, 3, 20", "2, 5, 20"))

    assert [one.what for one in exchanged.ruled_out] == [
        "a smaller last batch, batch_first forgotten",
        "layers or directions forgotten",
        "another number of units",
    ]
    assert "a smaller last batch, batch_first forgotten" not in [one.what for one in last_batch.ruled_out]


@pytest.mark.parametrize(
    ("text", "steps", "cause"),
    [(INPUT, 12, "features_first"), (STATE.format("1, 10, 20", "1, 3, 20"), 10, "batch_first")],
)
def test_the_number_of_steps_decides_what_a_message_cannot_say(text: str, steps: int, cause: str) -> None:
    asked, yes, no = decided(text), decided(text, steps), decided(text, steps + 1)

    assert asked.question
    assert (asked.question.size, asked.question.cause.id) == (steps, cause)
    assert yes.causes[0].id == cause
    assert yes.question is None
    assert cause not in [one.id for one in no.causes]
    assert f"time_step would be {steps}" in [one.reason for one in no.ruled_out]


@pytest.mark.parametrize(
    "text",
    [
        STATE.format("4, 3, 20", "2, 5, 20"),
        STATE.format("1, 7, 20", "2, 7, 10"),
        "Input W must have shape {1,80,10}. Actual:{1,60,10}",
        "weight_hh_l0: copying a param with shape torch.Size([60, 20]) from checkpoint, the shape in current model is"
        " torch.Size([80, 20]).",
    ],
)
def test_no_cause_is_ruled_out_whose_axis_differs(text: str) -> None:
    shapes, ruled_out = compared(text), {one.what for one in decided(text).ruled_out}

    assert not ruled_out & {
        STATE_CAUSES[shapes.axes[n] or ""] for n in shapes.differing if shapes.axes[n] in STATE_CAUSES
    }
    assert "another cell" not in ruled_out


def test_transposed_weights_are_those_of_no_other_cell() -> None:
    ruled_out = decided("Input W must have shape {1,80,10}. Actual:{1,10,80}").ruled_out

    assert "another cell" in [one.what for one in ruled_out]


def test_a_state_of_keras_has_a_batch_and_units_and_one_of_pytorch_layers_as_well() -> None:
    keras = compared(
        "An `initial_state` was passed that is not compatible with `cell.state_size`. Received `state_spec`="
        "[InputSpec(shape=(None, 20), ndim=2)]; however `cell.state_size` is [30]"
    )

    assert keras.axes == ("batch_size", "num_units")
    assert compared("Invalid input_h shape: [1,32,64] [1,17,64]").axes == (LAYERS, "batch_size", "num_units")


def test_the_samples_of_a_target_are_one_axis() -> None:
    found = compared("lstm(x)\nValueError: Expected input batch_size (160) to match target batch_size (32).")

    assert (found.axes, found.expected, found.got) == (("batch_size",), (160,), (32,))
