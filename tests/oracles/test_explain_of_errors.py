"""``with unrolled.explain()`` around programs with a mistake, in the real frameworks."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from mistake import Mistake
from provoked import MISTAKES
from raising import run
from torch import nn

import app
from app.notebook.explain import explanation_of
from app.notebook.explained_error import ExplainedError
from app.reading.errors.explanation import NotFoundError

KINDS = {(one.framework, one.tensor, one.axis): one for one in MISTAKES if one.framework in ("pytorch", "keras")}
"""One mistake for each tensor and axis."""


@pytest.mark.parametrize("mistake", KINDS.values(), ids=lambda mistake: mistake.name)
def test_each_kind_of_error_is_explained_and_raised_again(mistake: Mistake, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    with pytest.raises(Exception) as raised, app.explain():
        run(mistake.framework, mistake.wrong)
    printed = capsys.readouterr().err

    if mistake.with_code and not printed:
        return  # networks without recurrence raise it, too, and the traceback names no recurrent layer
    explanation = explanation_of(raised.value)
    axis = "features" if mistake.axis == "order" and mistake.tensor == "x" else mistake.axis  # only a program says more
    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == (mistake.tensor, axis)
    causes = {cause.id: cause for cause in ExplainedError(explanation).causes}
    assert mistake.cause in causes or mistake.cause is None or mistake.with_code  # other lines of the code say it
    assert explanation.mismatch.sentence in printed
    assert all(f"\n  + {cause.fix}\n" in f"{printed}\n" for cause in causes.values())
    assert "<svg" in ExplainedError(explanation)._repr_html_() or not explanation.configurations


def error_of(call: Any) -> Exception:
    with pytest.raises(Exception) as raised:
        call()
    return raised.value


def test_the_layer_that_raises_the_error_has_its_own_sizes_whatever_the_code_says() -> None:
    batch_first, hidden_size = False, 99  # the layer has others
    lstm = nn.LSTM(10, 20, 2, batch_first=not batch_first, bidirectional=True)
    error = error_of(lambda: lstm(torch.zeros(3, 7, 10), (torch.zeros(4, 7, 20), torch.zeros(4, 7, 20))))
    explanation = explanation_of(error)
    network = explanation.configuration

    assert hidden_size == 99 and network is not None
    assert (network.cell, network.features, network.num_units, network.num_layers) == ("lstm", 10, 20, 2)
    assert (network.batch_size, network.time_step, network.bidirectional) == (3, 7, True)
    assert explanation.batch_first


def test_the_shape_of_the_input_decides_whether_batch_first_is_missing() -> None:
    gru = nn.GRU(10, 20)  # reads 7 samples of 3 steps
    for made_for, causes in ((3, ["batch_first", "other_batch"]), (8, ["last_batch"])):
        error = error_of(lambda n=made_for: gru(torch.zeros(3, 7, 10), torch.zeros(1, n, 20)))
        assert [cause.id for cause in ExplainedError(explanation_of(error)).causes] == causes


def test_the_shape_of_the_input_decides_whether_features_and_steps_are_swapped() -> None:
    gru = nn.GRU(10, 20, batch_first=True)
    for shape, is_swapped in (((3, 10, 12), True), ((3, 7, 12), False)):
        error = error_of(lambda shape=shape: gru(torch.zeros(shape)))
        causes = [cause.id for cause in ExplainedError(explanation_of(error)).causes]
        assert ("features_first" in causes) == is_swapped


def test_the_shape_of_the_input_is_shown_where_the_message_does_not_say_it() -> None:
    gru = nn.GRU(10, 20, batch_first=True)
    text = repr(ExplainedError(explanation_of(error_of(lambda: gru(torch.zeros(3, 7, 1, 10))))))
    assert "expected  3 × 7 × 10\nyours     3 × 7 × 1 × 10\n" in text

    text = repr(ExplainedError(explanation_of(error_of(lambda: gru(torch.zeros(3, 7, 12))))))
    assert [line.split() for line in text.splitlines()[2:6]] == [
        ["batch_size", "time_step", "features"],
        ["expected", "3", "7", "10"],
        ["yours", "3", "7", "12"],
        ["≠"],
    ]


def test_an_error_of_a_dense_layer_counts_if_the_traceback_names_a_recurrent_one() -> None:
    class Tagger(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.lstm, self.head = nn.LSTM(8, 16, bidirectional=True), nn.Linear(16, 3)

        def forward(self, x: torch.Tensor) -> Any:
            return self.head(self.lstm(x)[0][-1])

    explanation = explanation_of(error_of(lambda: Tagger()(torch.zeros(7, 3, 8))))
    assert explanation.mismatch.tensor == "dense_input"


class Classifier(nn.Module):  # type: ignore[misc]
    """Its traceback names no recurrent layer, but the module has one."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.head = nn.LSTM(8, 16, bidirectional=True, batch_first=True), nn.Linear(16, 3)

    def forward(self, x: torch.Tensor) -> Any:
        y, _ = self.words(x)
        return self.head(y[:, -1])


def test_an_error_of_a_dense_layer_counts_if_its_module_has_a_recurrent_one(capsys: pytest.CaptureFixture[str]) -> None:
    (cause, *_) = ExplainedError(explanation_of(error_of(lambda: Classifier()(torch.zeros(3, 7, 8))))).causes
    assert (cause.id, cause.fix) == ("dense_directions", "nn.Linear(32, 3)  # 2 * hidden_size")

    words = Classifier().words  # a variable is no part of the layer that fails
    with pytest.raises(RuntimeError), app.explain():
        nn.Linear(3, 4)(words(torch.zeros(2, 2, 8))[0][..., :6])
    assert capsys.readouterr().err == ""


class WithDropout(Classifier):
    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Sequential(nn.Dropout(), nn.Linear(16, 3))


class Words(nn.Module):  # type: ignore[misc]
    """A recurrent module in a Sequential, whose traceback shows neither its source nor its name."""

    def __init__(self) -> None:
        super().__init__()
        self.read = nn.LSTM(8, 16, bidirectional=True)

    def forward(self, x: torch.Tensor) -> Any:
        return self.read(x)[0]


WORDS, HEAD = nn.LSTM(8, 16, bidirectional=True), nn.Sequential(nn.Dropout(), nn.Linear(16, 3))


def outside_of_classes() -> Any:
    y, _ = WORDS(torch.zeros(7, 3, 8))
    return HEAD(y)


def test_a_dense_layer_counts_in_a_sequential_and_outside_of_classes() -> None:
    words, head = nn.GRU(8, 16, bidirectional=True), nn.Linear(16, 3)
    cell = compile("y, _ = words(x)\nhead(y)", "/tmp/ipykernel_7/1.py", "exec")
    variables = {"words": words, "head": head, "x": torch.zeros(7, 3, 8)}
    calls: list[Callable[[], Any]] = [
        lambda: WithDropout()(torch.zeros(3, 7, 8)),
        lambda: nn.Sequential(Words(), nn.Linear(16, 3))(torch.zeros(7, 3, 8)),
        lambda: head(words(torch.zeros(7, 3, 8))[0]),
        outside_of_classes,
        partial(exec, cell, variables),
    ]

    for call in calls:
        (cause,) = ExplainedError(explanation_of(error_of(call))).causes
        assert "nn.Linear(32, 3)" in cause.fix  # the line of the second program makes the layer


class Normalized(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.norm = nn.LSTM(8, 16, batch_first=True), nn.LayerNorm(32)

    def forward(self, x: torch.Tensor) -> Any:
        return self.norm(self.lstm(x)[0])


class Joined(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 16)

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> Any:
        return torch.cat([self.lstm(x)[0], y], -1)


def test_the_layer_of_the_module_says_which_axis_of_an_output_is_the_batch(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), app.explain():
        Normalized()(torch.zeros(4, 5, 8))
    assert "batch_size  time_step  num_units" in capsys.readouterr().err
    with pytest.raises(RuntimeError), app.explain():
        Joined()(torch.zeros(5, 4, 8), torch.zeros(5, 3, 3))
    assert "along one axis, and have 4 and 3" in capsys.readouterr().err


class TimeFirst(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 16)
        self.dense = nn.Linear(16, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        output, _ = self.lstm(x)
        return self.dense(output[-1])


class Trainer:
    def __init__(self) -> None:
        self.model, self.criterion = TimeFirst(), nn.CrossEntropyLoss()

    def step(self, x: torch.Tensor, y: torch.Tensor) -> None:
        self.criterion(self.model(x), y)


def of_model(x: torch.Tensor, y: torch.Tensor) -> None:
    model, criterion = TimeFirst(), nn.CrossEntropyLoss()
    loss = criterion(model(x), y)
    loss.backward()


def of_layers(x: torch.Tensor, y: torch.Tensor) -> None:
    lstm, dense = nn.LSTM(8, 16), nn.Linear(16, 5)
    output, _ = lstm(x)
    nn.CrossEntropyLoss()(dense(output[-1]), y)


@pytest.mark.parametrize("run_model", [of_model, of_layers, lambda x, y: Trainer().step(x, y)])
def test_a_loss_after_a_recurrent_model_has_run_is_explained_by_its_program(
    run_model: Callable[[torch.Tensor, torch.Tensor], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError), app.explain():
        run_model(torch.randn(10, 4, 8), torch.zeros(10).long())

    printed = capsys.readouterr().err
    assert "batch_first is missing" in printed and "batch_first=True)" in printed
    assert "shapes that do not belong to each other" not in printed and "{" not in printed


def both_states_in_a_line() -> None:
    lstm = nn.LSTM(8, 16, 2, bidirectional=True)
    lstm(torch.zeros(10, 4, 8), (torch.zeros(2, 4, 16), torch.zeros(2, 4, 16)))


def test_both_states_in_one_line_are_corrected_together() -> None:
    """One of them alone would fail again."""
    (cause,) = ExplainedError(explanation_of(error_of(both_states_in_a_line))).causes
    ((_, fix),) = cause.lines

    assert fix == "lstm(torch.zeros(10, 4, 8), (torch.zeros(4, 4, 16), torch.zeros(4, 4, 16)))"


def cell_with_another_batch() -> None:
    nn.LSTMCell(8, 16)(torch.zeros(4, 8), (torch.zeros(5, 16), torch.zeros(5, 16)))


def test_the_state_of_a_cell_is_no_array_of_samples_and_has_its_units(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), app.explain():
        cell_with_another_batch()

    printed = capsys.readouterr().err
    rows = [line.split() for line in printed.splitlines() if line.startswith(("expected", "yours"))]
    assert rows == [["expected", "4", "16"], ["yours", "5", "16"]]
    assert "need the same number of them" not in printed and "smaller than the one for which the state" in printed


def test_a_loss_without_a_recurrent_model_is_not_explained(capsys: pytest.CaptureFixture[str]) -> None:
    model, criterion = nn.Linear(8, 5), nn.CrossEntropyLoss()
    with pytest.raises(ValueError), app.explain():
        criterion(model(torch.zeros(4, 8)), torch.zeros(10).long())
    assert capsys.readouterr() == ("", "")


class Recurrent(nn.Module):  # type: ignore[misc]
    """A network of which only the size of the dense layer, and what it gets, differ."""

    def __init__(self, layer: nn.Module, dense: int, read: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.layer, self.dense, self.read = layer, nn.Linear(dense, 2), read

    def forward(self, x: torch.Tensor, state: Any = None) -> Any:
        y, _ = self.layer(x, state)
        return self.dense(self.read(y))


def network(dense: int = 16, read: Callable[[torch.Tensor], torch.Tensor] = lambda y: y, **options: Any) -> Recurrent:
    return Recurrent(nn.GRU(8, 16, batch_first=True, **options), dense, read)


class WithLoss(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.gru, self.dense = nn.GRU(8, 16, batch_first=True), nn.Linear(16, 2)

    def forward(self, x: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        y, _ = self.gru(x)
        return nn.functional.cross_entropy(self.dense(y), target)


def decoder_of_two_directions() -> None:
    encoder, decoder = nn.GRU(8, 16, batch_first=True, bidirectional=True), nn.GRU(8, 16, batch_first=True)
    _, h_n = encoder(torch.zeros(3, 7, 8))
    decoder(torch.zeros(3, 2, 8), h_n)


@pytest.mark.parametrize(
    "wrong, causes",
    [
        (lambda: network(bidirectional=True)(torch.zeros(3, 7, 8)), ["dense_directions"]),
        (lambda: network(read=lambda y: y.flatten(1))(torch.zeros(3, 7, 8)), ["dense_flattened"]),
        (lambda: network(read=lambda y: y.flatten(1), dense=160)(torch.zeros(3, 7, 8)), ["dense_other_steps"]),
        (lambda: network()(torch.zeros(3, 8, 9)), ["features_first"]),
        (lambda: network()(torch.zeros(3, 7, 9)), ["other_features"]),
        (lambda: network(num_layers=2)(torch.zeros(3, 7, 8), torch.zeros(1, 3, 16)), ["layers"]),
        (decoder_of_two_directions, ["encoder_directions"]),
        (lambda: WithLoss()(torch.zeros(3, 3, 8), torch.zeros(3, 3).long()), ["classes_second"]),
    ],
)
def test_only_causes_that_fit_the_layers_are_named(wrong: Callable[[], Any], causes: list[str]) -> None:
    assert [cause.id for cause in ExplainedError(explanation_of(error_of(wrong))).causes] == causes


class Encoder(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(10, 20, 2, batch_first=True, bidirectional=True)
        self.head = nn.Linear(40, 2)

    def forward(self, x: torch.Tensor) -> Any:
        encoded = self.encoder(x)
        return self.head(encoded)


def test_a_pair_where_a_tensor_belongs_is_explained_with_the_sizes_of_the_layer_whatever_its_name() -> None:
    explanation = explanation_of(error_of(lambda: Encoder()(torch.zeros(3, 7, 10))))
    (cause,) = ExplainedError(explanation).causes

    assert (cause.wrong, cause.fix) == ("encoded = self.encoder(x)", "encoded, _ = self.encoder(x)")
    assert "(batch_size, time_step, 40)" in explanation.mismatch.sentence
    assert "(4, batch_size, 20)" in explanation.mismatch.sentence


def test_a_pair_that_a_sequential_passes_on_is_explained_without_the_line_that_makes_it() -> None:
    net = nn.Sequential(nn.LSTM(10, 20), nn.Linear(20, 2))
    printed = repr(ExplainedError(explanation_of(error_of(lambda: net(torch.zeros(3, 7, 10))))))

    assert "nn.LSTM(10, 20), Output(), nn.Linear(" in printed
    assert "\n  +     def forward(self, pair):\n" in printed


def two_layers_of_keras(layers: Any, keras: Any) -> Any:
    keras.Sequential([layers.LSTM(16), layers.LSTM(8)])(np.zeros((3, 7, 10)))


@pytest.mark.parametrize(
    "call, made",
    [
        (two_layers_of_keras, "LSTM(16)"),
        (
            lambda layers, keras: layers.GRU(8)(layers.Bidirectional(layers.LSTM(20))(keras.Input((7, 10)))),
            "LSTM(20)",
        ),
        (lambda layers, keras: layers.GRU(8)(layers.Dense(5)(keras.Input((10,)))), None),
    ],
    ids=["sequential", "functional", "dense layer"],
)
def test_keras_knows_whether_the_layer_below_lacks_return_sequences(call: Any, made: str | None) -> None:
    keras = pytest.importorskip("keras")
    causes = ExplainedError(explanation_of(error_of(lambda: call(keras.layers, keras)))).causes

    fixes = [(cause.wrong, cause.fix) for cause in causes if cause.id == "return_sequences"]
    assert len(fixes) == (made is not None)
    assert all(f"layers.{made}" in wrong and "return_sequences=True" in fix for wrong, fix in fixes)


@pytest.mark.parametrize(
    "steps, below, width",
    [
        (23, lambda layers: layers.GRU(13), 13),
        (23, lambda layers: layers.Bidirectional(layers.LSTM(13)), 26),
        (13, lambda layers: layers.SimpleRNN(13), 13),
        (None, lambda layers: layers.GRU(13), 13),
    ],
    ids=["functional", "both directions", "as many steps as units", "any number of steps"],
)
def test_the_steps_that_a_layer_of_keras_lacks_are_those_of_the_layer_below(steps: Any, below: Any, width: int) -> None:
    keras = pytest.importorskip("keras")
    layers = keras.layers

    def stacked() -> Any:
        return keras.Sequential([keras.Input((steps, 5)), below(layers), layers.LSTM(6)])

    def called() -> Any:
        x = below(layers)(keras.Input((steps, 5)))
        return layers.LSTM(6)(x)

    for build in (stacked, called):
        explanation = explanation_of(error_of(build))
        shapes, network = ExplainedError(explanation).shapes, explanation.configuration
        assert shapes and (shapes.expected, shapes.got) == ((None, steps, width), (None, width))
        assert network and (network.cell, network.num_units) == ("lstm", 6)


@pytest.mark.parametrize("layer", [nn.GRU(9, 6), nn.GRU(9, 6, batch_first=True)], ids=["time first", "batch first"])
def test_a_sample_without_a_batch_says_nothing_of_the_axis_that_it_lacks(layer: nn.GRU) -> None:
    """x with two axes and h_0 with three."""
    explanation = explanation_of(error_of(lambda: layer(torch.zeros(7, 9), torch.zeros(1, 4, 6))))
    network = explanation.configuration

    assert network and (network.time_step, network.features, network.num_units) == (None, 9, 6)


def nested_layers_of_keras(layers: Any) -> Any:
    return layers.LSTM(4)(layers.GRU(9)(np.zeros((2, 6, 3))))


def named_layers_of_keras(layers: Any) -> Any:
    first = layers.Bidirectional(layers.LSTM(7))
    second = layers.GRU(4)
    summary = first(np.zeros((2, 6, 3)))
    return second(summary)


def layers_of_keras_that_keep_axes(layers: Any) -> Any:
    first, second = layers.GRU(9), layers.Bidirectional(layers.LSTM(4))
    summary = layers.LayerNormalization()(first(np.zeros((2, 6, 3))))
    summary = layers.Dropout(0.3)(summary)
    return second(summary)


def dense_layer_after_one_of_keras(layers: Any) -> Any:
    first, second = layers.GRU(9), layers.LSTM(4)
    vector = layers.Dense(9)(first(np.zeros((2, 6, 3))))
    return second(vector)


def dense_layer_of_keras(layers: Any) -> Any:
    first, second = layers.Dense(7), layers.GRU(4)
    vector = first(np.zeros((2, 3)))
    return second(vector)


def other_array_of_keras(layers: Any) -> Any:
    """The program runs a layer that returns as many numbers, but on the other way."""
    vector, first, second = np.zeros((2, 7)), layers.LSTM(7), layers.GRU(4)
    if len(vector) > 2:
        vector = first(np.zeros((2, 6, 3)))
    return second(vector)


@pytest.mark.parametrize(
    "call, made, width",
    [
        (nested_layers_of_keras, "GRU(9)", 9),
        (named_layers_of_keras, "LSTM(7)", 14),
        (layers_of_keras_that_keep_axes, "GRU(9)", 9),
        (dense_layer_after_one_of_keras, None, None),
        (dense_layer_of_keras, None, None),
        (other_array_of_keras, None, None),
    ],
)
def test_the_layer_of_keras_that_returned_an_array_is_the_one_in_the_line(call: Any, made: Any, width: Any) -> None:
    """Layers that are called one by one on arrays, which do not know the layer that returned them."""
    keras = pytest.importorskip("keras")
    explanation = explanation_of(error_of(lambda: call(keras.layers)))
    shown = ExplainedError(explanation)

    fixes = [(cause.wrong, cause.fix) for cause in shown.causes if cause.id == "return_sequences"]
    assert len(fixes) == (made is not None)
    assert all(made in wrong and f"{made[:-1]}, return_sequences=True)" in fix for wrong, fix in fixes)
    assert made is None or (len(shown.causes) == 1 and shown.shapes and shown.shapes.got == (2, width))


def test_the_line_of_a_layer_of_keras_is_that_of_the_class_of_the_model() -> None:
    """The method that calls the layers does not make them."""
    keras = pytest.importorskip("keras")
    layers = keras.layers

    class Tagger(keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.unused = layers.GRU(10)
            self.reader = layers.Bidirectional(layers.GRU(5))
            self.writer = layers.LSTM(4)

        def call(self, x: Any) -> Any:
            return self.writer(self.reader(x))

    shown = ExplainedError(explanation_of(error_of(lambda: Tagger()(np.zeros((2, 6, 3))))))

    assert [(cause.id, cause.lines) for cause in shown.causes] == [
        (
            "return_sequences",
            (
                (
                    "self.reader = layers.Bidirectional(layers.GRU(5))",
                    "self.reader = layers.Bidirectional(layers.GRU(5, return_sequences=True))",
                ),
            ),
        )
    ]


@pytest.mark.parametrize("each_step", [True, False])
def test_a_target_of_keras_has_the_shape_that_the_loss_got(each_step: bool) -> None:
    keras = pytest.importorskip("keras")
    layers = [keras.layers.LSTM(16, return_sequences=each_step), keras.layers.Dense(2)]
    model = keras.Sequential([keras.Input((10, 3)), *layers])
    model.compile("adam", "mse")
    shape = (24, 2) if each_step else (24, 10, 2)
    explanation = explanation_of(error_of(lambda: model.fit(np.zeros((24, 10, 3)), np.zeros(shape), verbose=0)))
    shown = ExplainedError(explanation)

    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == ("output", "rank")
    assert shown.shapes and shown.shapes.expected == shape
    assert shown.causes[0].id == ("not_return_sequences" if each_step else "return_sequences")


def test_a_convolution_of_keras_that_reads_the_last_step_counts_outside_of_classes() -> None:
    keras = pytest.importorskip("keras")
    y, flat = keras.layers.LSTM(20)(keras.Input((30, 4))), keras.layers.Dense(20)(keras.Input((4,)))

    def convolve(y: Any = y) -> Any:
        return keras.layers.Conv1D(8, 3)(y)

    (cause,) = ExplainedError(explanation_of(error_of(convolve))).causes

    assert cause.id == "return_sequences"
    with pytest.raises(NotFoundError):
        explanation_of(error_of(lambda: convolve(flat)))


def test_variables_of_a_program_that_are_named_like_those_of_keras_do_not_count() -> None:
    keras = pytest.importorskip("keras")
    first, second = keras.layers.LSTM(16), keras.layers.LSTM(8)

    def run(args: Any, layer_name: str, x: Any) -> Any:
        return second(first(x))

    for args in (SimpleNamespace(epochs=3), steps := iter((1, 2))):
        network = explanation_of(error_of(lambda args=args: run(args, first.name, np.zeros((3, 7, 10))))).configuration
        assert network is not None and network.num_units == 8
    assert next(steps) == 1, "nothing of the program is changed"


def test_a_layer_of_keras_has_its_own_sizes_also_in_a_model() -> None:
    keras = pytest.importorskip("keras")

    class Model(keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.rnn = keras.layers.GRU(20)

        def call(self, x: Any) -> Any:
            return self.rnn(x, mask=np.ones((3, 6), bool))

    network = explanation_of(error_of(lambda: Model()(np.zeros((3, 7, 10), np.float32)))).configuration
    assert network is not None
    assert (network.batch_size, network.time_step, network.features, network.num_units) == (3, 7, 10, 20)


@pytest.mark.parametrize(
    "call",
    [
        lambda: nn.Linear(3, 4)(torch.zeros(2, 2)),
        lambda: nn.Conv1d(3, 4, 2)(torch.zeros(2, 2, 2)),
        lambda: 1 / 0,
        lambda: int("x"),
    ],
    ids=["dense layer", "convolution", "division", "number"],
)
def test_another_error_is_raised_without_a_word(call: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises((RuntimeError, ArithmeticError, ValueError)), app.explain():
        call()
    assert capsys.readouterr() == ("", "")


def test_the_error_is_the_same_object_with_the_same_traceback() -> None:
    lstm = nn.LSTM(10, 20)

    def fail() -> None:
        lstm(torch.zeros(7, 3, 12))

    def frames(error: BaseException) -> list[str]:
        traceback, names = error.__traceback__, []
        while traceback:
            names.append(traceback.tb_frame.f_code.co_name)
            traceback = traceback.tb_next
        return names

    def explained() -> None:
        with app.explain():
            fail()

    plain, again = error_of(fail), error_of(explained)
    assert frames(again)[-len(frames(plain)) + 1 :] == frames(plain)[1:]
    assert again.__context__ is None and again.__cause__ is None and not hasattr(again, "__notes__")
    assert sys.exc_info() == (None, None, None)


class Tagger(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.gru, self.dense = nn.GRU(5, 8, batch_first=True), nn.Linear(8, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.dense(self.gru(x)[0])


X, TARGET = torch.zeros(2, 6, 5), torch.zeros(2, 6, dtype=torch.long)
IN_ONE_LINE = {
    "loss": lambda: nn.CrossEntropyLoss()(Tagger()(X), TARGET),
    "directions": lambda: nn.Linear(8, 3)(nn.LSTM(5, 8, bidirectional=True)(X)[0]),
    "pair": lambda: nn.Linear(8, 3)(nn.GRU(5, 8)(X)),
}
"""Programs that make, call and use a layer at once, in the lambda of a larger line."""


@pytest.mark.parametrize("name", IN_ONE_LINE)
def test_the_corrected_line_of_a_lambda_runs(name: str) -> None:
    error = error_of(IN_ONE_LINE[name])
    (cause, *_) = ExplainedError(explanation_of(error)).causes
    (written,) = (line.partition(": lambda: ")[2] for line in source_lines if f'"{name}": lambda: ' in line)

    corrected = cause.fix.partition("  #")[0]
    eval(written.rstrip(",\n").replace(cause.wrong, corrected))  # raises the error of a wrong line


source_lines = Path(__file__).read_text("utf-8").splitlines()


def test_a_loss_of_a_lambda_without_a_recurrent_layer_is_not_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), app.explain():
        (lambda: nn.CrossEntropyLoss()(nn.Linear(5, 3)(X), TARGET))()
    assert capsys.readouterr() == ("", "")


def state_of_both_directions() -> None:
    encoder, decoder = nn.LSTM(5, 8, bidirectional=True), nn.LSTM(5, 8)
    _, state = encoder(X)
    decoder(X, state)


def input_of_keras() -> None:
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((7, 5)), keras.layers.LSTM(4)])
    model.predict(np.zeros((2, 7, 6)))


MARK = "  A general form: the names are not those of your program."


@pytest.mark.parametrize(
    "call",
    [
        *IN_ONE_LINE.values(),
        state_of_both_directions,
        both_states_in_a_line,
        lambda: nn.LSTM(5, 8).load_state_dict(nn.LSTM(5, 9).state_dict()),
        input_of_keras,
    ],
)
def test_a_line_that_is_corrected_is_one_of_the_program_or_marked(
    call: Callable[[], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Exception), app.explain():  # noqa: B017  # each framework has its own
        call()
    causes = [one for one in capsys.readouterr().err.split("\n\n") if "\n  + " in one]

    assert causes
    for cause in causes:
        wrong = [line.removeprefix("  − ") for line in cause.splitlines() if line.startswith("  − ")]
        own = all(any(line in one for one in source_lines) for line in wrong)
        assert own or MARK in cause.splitlines()
        assert "self = " not in cause
