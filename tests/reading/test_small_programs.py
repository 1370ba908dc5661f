"""The program of a cause fails with its removed lines and runs with those added; make oracles executes both."""

import re

import pytest
from provoked import MISTAKES, recorded
from shape_errors import ERRORS, NAMED

from app.reading.errors.causes import CAUSES
from app.reading.errors.explanation import Explanation, NotFoundError, explain
from app.reading.errors.small_programs.conditions import CONDITIONS
from app.reading.errors.small_programs.program_of_cause import (
    LISTINGS,
    OF_PYTORCH_CELLS,
    Program,
    first_program,
    program,
)
from app.reading.facts_about_sizes import Configuration

STATE = "RuntimeError: Expected hidden[{}] size (4, 3, 20), got [3, 4, 20]"


def explained() -> list[Explanation]:
    return [explain(NAMED * error.anywhere + error.message) for error in ERRORS]


def programs() -> list[Program]:
    found = [program(one, cause) for one in explained() for cause in one.mismatch.causes]
    return [one for one in found if one]


def test_every_program_is_python_that_differs_in_its_signed_lines_and_prints_what_it_returns() -> None:
    found = programs()

    assert len(found) > 80
    for one in found:
        for text in (one.failing, one.running):
            compile(text, "program.py", "exec")
            assert not re.search(r"\{\w+[}\[.]", text)
            assert text.splitlines()[-1].startswith("print(")
        assert one.failing != one.running


def test_every_program_is_that_of_a_cause_and_every_condition_is_of_a_program() -> None:
    every = [listings for dicts in (*LISTINGS.values(), OF_PYTORCH_CELLS) for listings in dicts]

    assert {cause for listings in every for cause in listings} <= CAUSES.keys()
    assert {one.when for listings in every for one in listings.values()} == CONDITIONS.keys()


WITHOUT_PROGRAM = {
    "keras-third-layer-of-a-cell-without-time": "the layer of a cell of one's own raises it, not a layer of Keras",
    "keras2-third-every-step-in-a-loss": "the target has other classes as well, so one corrected line does not mend it",
    "onnx-recurrent-gates": "W is compared first: if it fits, then R alone cannot be that of another cell",
    "pytorch-new-x-is-flat": "x has as many values as the layer reads features, so it lacks two axes",
    "pytorch-new-cat-of-context": "a context of several steps cannot be expanded to others",
    "pytorch-new-view-of-batch": "the reshape is before the layer, and the cause is about its output",
    **dict.fromkeys(
        ("keras2-lite-batch", "keras2-lite-resized-batch", "keras2-lite-steps"),
        "TensorFlow Lite: a model is converted before it runs, which takes longer than any of these programs",
    ),
}
"""Recorded messages for whose first cause no small program fails in the same way, and why."""


def test_every_recorded_message_with_a_picture_has_a_program() -> None:
    missing = set()
    for mistake in MISTAKES:
        try:
            explanation = explain(mistake.pasted(recorded()[mistake.name]))
        except NotFoundError:
            continue
        if explanation.configuration and explanation.mismatch.causes and not first_program(explanation):
            missing.add(mistake.name)

    assert missing == WITHOUT_PROGRAM.keys()


def test_a_program_has_the_sizes_and_the_settings_of_the_text() -> None:
    found = first_program(explain("lstm = nn.LSTM(10, 20, bidirectional=True, batch_first=True)\n" + STATE.format(0)))

    assert found
    assert found.running.splitlines() == [
        "import torch",
        "lstm = torch.nn.LSTM(10, 20, num_layers=2,",
        "    bidirectional=True, batch_first=True)",
        "x = torch.zeros(3, 5, 10)",
        "h_0 = c_0 = torch.zeros(4, 3, 20)",
        "output, (h_n, c_n) = lstm(x, (h_0, c_0))",
        "print(tuple(output.shape), tuple(h_n.shape))",
    ]
    assert "h_0 = c_0 = torch.zeros(3, 4, 20)" in found.failing
    assert found.printed == "(3, 5, 40) (4, 3, 20)"


def test_an_error_in_c_keeps_a_right_h_because_h_is_compared_first() -> None:
    found = first_program(explain(STATE.format(1)))

    assert found
    assert "h_0 = torch.zeros(4, 3, 20)\nc_0 = torch.zeros(3, 4, 20)\n" in found.failing


@pytest.mark.parametrize(
    "message",
    [
        "RuntimeError: Expected hidden[0] size (4, 900, 90000), got [900, 4, 90000]",
        "RuntimeError: input must have 3 dimensions, got 2",
    ],
)
def test_a_program_that_is_too_large_or_would_not_fail_today_is_not_shown(message: str) -> None:
    assert first_program(explain(message)) is None


def of_state(expected: str, got: str, state: str = "[0]", before: str = "") -> Explanation:
    return explain(f"{before}\nRuntimeError: Expected hidden{state} size ({expected}), got [{got}]")


def test_causes_and_programs_agree_with_the_configuration() -> None:
    two_by_two = of_state("4, 3, 20", "8, 3, 20")
    four_by_one = two_by_two.of(two_by_two.configurations[1])
    of_many_layers = of_state("18, 3, 20", "18, 5, 20")

    assert (two_by_two.configurations[0].num_layers, two_by_two.configurations[0].bidirectional) == (2, True)
    assert [cause.id for cause in two_by_two.mismatch.causes] == ["layers"]
    assert [cause.id for cause in four_by_one.mismatch.causes] == ["one_direction", "layers"]
    assert "nn.LSTM(input_size, 20, 4, bidirectional=True)" in four_by_one.mismatch.causes[0].fix
    assert "num_layers=18" in (found := first_program(of_many_layers) or pytest.fail()).failing
    assert found.printed == "(5, 3, 20) (18, 3, 20)"


@pytest.mark.parametrize(
    ("expected", "got"), [("6, 5, 10", "2, 2, 1"), ("1, 5, 20", "2, 3, 20"), ("1, 5, 20", "2, 3, 10")]
)
def test_no_program_corrects_one_axis_of_several_that_differ(expected: str, got: str) -> None:
    explanation = of_state(expected, got)

    for cause in explanation.mismatch.causes:
        if cause.id in ("batch_first", "one_direction", "encoder_directions"):
            assert program(explanation, cause) is None


def test_a_wrong_c_alone_is_not_explained_by_the_layer_which_h_fits() -> None:
    for got in ("1, 5, 20", "2, 3, 20", "2, 3, 10", "3, 20"):
        causes = {cause.id for cause in of_state("1, 3, 20", got, "[1]").mismatch.causes}
        assert not causes & {"batch_first", "one_direction", "encoder_directions", "h_for_h_c"}


def test_a_state_without_its_first_axis_is_unsqueezed_only_if_it_then_fits() -> None:
    ids = [
        [c.id for c in of_state(e, g, "").mismatch.causes] for e, g in (("1, 3, 20", "3, 20"), ("2, 3, 20", "3, 20"))
    ]

    assert ids == [["unsqueeze"], ["layers"]]
    assert not of_state("1, 3, 20", "5, 20", "").mismatch.causes
    onnx = explain("Input initial_h must have shape {1,3,20}. Actual:{3,20}")
    assert onnx.mismatch.causes[0].fix == "initial_h = initial_h[np.newaxis]"


def test_a_message_that_only_a_gru_and_a_simple_rnn_raise_is_not_that_of_an_lstm() -> None:
    explanation = of_state("2, 3, 20", "2, 5, 20", "")

    assert [one.cell for one in explanation.configurations] == ["gru", "gru", "rnn", "rnn"]
    assert "torch.nn.GRU" in (first_program(explanation) or pytest.fail()).failing


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "nn.LSTM(10, 4, proj_size=4)\nlstm, hidden_size=4\nproj_size has to be smaller than hidden_size",
            "proj_size=2",
        ),
        (
            "Input 0 of layer lstm_1 is incompatible with the layer: expected ndim=3, found ndim=2. Full shape"
            " received: (None, 64)",
            "keras.Input((5, 10)),\n    keras.layers.LSTM(64),",
        ),
    ],
)
def test_a_program_has_sizes_that_its_layer_accepts(text: str, lines: str) -> None:
    found = first_program(explain(text)) or pytest.fail()

    assert lines in found.failing + found.running


def test_a_cell_that_got_an_x_of_four_axes_has_no_program_with_three() -> None:
    assert first_program(explain("LSTMCell: Expected input to be 1D or 2D, got 4D instead")) is None


def test_the_input_of_two_layers_of_keras_is_that_of_the_lower_one() -> None:
    layers = "model.add(keras.Input((18, 7)))\nmodel.add(layers.GRU(40))\nmodel.add(layers.GRU(24, name='top'))"
    error = "ValueError: Input 0 of layer 'top' is incompatible with the layer: expected ndim=3, found ndim=2."
    shape = "Full shape received: (None, 40)"
    text = f"import keras\nfrom keras import layers\nmodel = keras.Sequential()\n{layers}\n{error} {shape}"
    program = first_program(explain(text))

    assert program and "keras.Input((18, 7))," in program.running


def test_the_x_of_a_batch_that_is_not_first_has_the_steps_of_the_message() -> None:
    program = first_program(explain("  File 'm.py', line 3\n    y, _ = self.rnn(x, (h, c))\n" + OTHER_BATCH))

    assert program and "x = torch.zeros(5, 30, 10)" in program.running and "batch_first=True" in program.running


OTHER_BATCH = "RuntimeError: Expected hidden[0] size (1, 30, 20), got [1, 5, 20]"


def test_a_corrected_line_names_the_chosen_cell() -> None:
    explanation = explain("RuntimeError: input.size(-1) must be equal to input_size. Expected 10, got 12")

    assert explanation.mismatch.causes[0].fix == "nn.LSTM(12, hidden_size)"
    assert explanation.of(Configuration(cell="gru")).mismatch.causes[0].fix == "nn.GRU(12, hidden_size)"


def test_the_wrong_line_has_all_sizes_of_the_reader() -> None:
    wrong = {cause.id: cause.wrong for cause in of_state("2, 3, 20", "1, 5, 10").mismatch.causes}

    assert wrong.keys() == {"last_batch", "batch_first", "directions", "layers", "other_units"}
    assert {wrong[id] for id in ("last_batch", "directions", "layers", "other_units")} == {
        "h_0 = c_0 = torch.zeros(1, 5, 10)"
    }


@pytest.mark.parametrize("got", ["1, 3, 20", "3, 2, 20"])
def test_both_states_of_an_lstm_get_other_layers(got: str) -> None:
    text = f"    y, _ = self.lstm(x, (h, c))\nRuntimeError: Expected hidden[0] size (2, 3, 20), got [{got}]"

    assert explain(text).mismatch.causes[0].fix.startswith("h_0 = c_0 = torch.zeros(2, 3, 20)")


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (
            "keras LSTM\nA target array with shape (32, 1) was passed for an output of shape (32, 200, 1) while using"
            " as loss",
            (32, 200),
        ),
        (
            "The `mask` passed to the `TimeDistributed` layer has a shape (32, 10) that is incompatible with the input"
            " shape (32, 12, 8)",
            (32, 12),
        ),
    ],
)
def test_the_sizes_that_an_explanation_names_are_known(text: str, sizes: tuple[int, int]) -> None:
    network = explain(text).configuration

    assert network
    assert (network.batch_size, network.time_step) == sizes


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (336, ["output, _ = lstm(torch.zeros(12, 28, 50))", "output = dense(output)"]),
        (335, ["output, _ = lstm(torch.zeros(335, 28, 50))", "output = dense(output[:, -1])"]),
    ],
)
def test_a_dense_layer_gets_the_steps_of_the_network_if_it_has_as_many_rows(rows: int, lines: list[str]) -> None:
    text = f"""import torch
lstm = torch.nn.LSTM(50, 36, batch_first=True, bidirectional=True)
dense = torch.nn.Linear(36, 20)
x = torch.zeros(12, 28, 50)
output = dense(lstm(x)[0])
RuntimeError: mat1 and mat2 shapes cannot be multiplied ({rows}x72 and 36x20)"""
    shown = first_program(explain(text))

    assert shown
    assert [line.text for line in shown.lines if line.text.startswith("output")] == lines
