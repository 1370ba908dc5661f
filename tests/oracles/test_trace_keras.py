"""``unrolled.trace`` of real Keras models: Keras 3 with the backend of the environment, and tf_keras, where it is
installed."""

# mypy: allow-subclassing-any
import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest

import app
from app.notebook import keras_models
from app.notebook.recorded_calls import array_of

PACKAGES = [
    pytest.param(name, marks=pytest.mark.skipif(not find_spec(name), reason=f"{name} is in another environment"))
    for name in ("keras", "tf_keras")
]
IDS = np.array([[3, 4, 0, 0, 0], [1, 2, 3, 4, 5], [1, 0, 2, 0, 3], [0, 0, 0, 0, 0]])
X = np.random.default_rng(0).random((4, 7, 8), np.float32)


@pytest.fixture(params=PACKAGES)
def keras(request: pytest.FixtureRequest) -> Iterator[Any]:
    package: Any = pytest.importorskip(request.param)
    package.utils.set_random_seed(0)
    yield package
    package.backend.clear_session()


def translator(keras: Any) -> Any:
    """A functional model with two inputs: the states of an encoder are the first ones of a decoder."""
    source, target = keras.Input((7, 8)), keras.Input((5, 8))
    encoder = keras.layers.Bidirectional(keras.layers.LSTM(6, return_state=True))
    _, h, c, other_h, other_c = encoder(source)
    decoder = keras.layers.Bidirectional(keras.layers.LSTM(6, return_sequences=True), merge_mode="sum")
    output = decoder(target, initial_state=[h, c, other_h, other_c])
    return keras.Model([source, target], keras.layers.TimeDistributed(keras.layers.Dense(3))(output))


def loop(keras: Any) -> Any:
    """A class of one's own that calls a cell in a loop, and makes a layer when it is built."""

    class Loop(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.cell, self.dropout = keras.layers.GRUCell(4), keras.layers.Dropout(0.3)

        def build(self, shape: Any) -> None:
            self.out = keras.layers.Dense(3)

        def call(self, x: Any) -> Any:
            states = [x[:, 0, :4]]
            for t in range(7):
                output, states = self.cell(x[:, t], states)
            return self.out(self.dropout(output))

    return Loop()


def cells(keras: Any, **switches: Any) -> Any:
    """Three cells that run one after the other at each step."""
    of = keras.layers
    return of.RNN([of.LSTMCell(6), of.GRUCell(5), of.SimpleRNNCell(4, activation="relu")], **switches)


MODELS: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "masked": lambda keras: (
        keras.Sequential(
            [
                keras.layers.Embedding(100, 8, mask_zero=True),
                keras.layers.Bidirectional(keras.layers.LSTM(6, return_sequences=True)),
                keras.layers.GRU(5, return_sequences=True, go_backwards=True),
                keras.layers.SimpleRNN(4),
                keras.layers.Dense(3),
            ]
        ),
        IDS,
    ),
    "encoder and decoder": lambda keras: (translator(keras), [X, X[:, :5]]),
    "cell in a loop": lambda keras: (loop(keras), X),
    "two outputs": lambda keras: (keras.layers.Bidirectional(keras.layers.GRU(6), merge_mode=None), X),
    "mean": lambda keras: (keras.layers.Bidirectional(keras.layers.GRU(6, reset_after=False), merge_mode="ave"), X),
    "product": lambda keras: (keras.layers.Bidirectional(keras.layers.SimpleRNN(6), merge_mode="mul"), X),
    "backwards": lambda keras: (keras.layers.LSTM(6, go_backwards=True, return_state=True), X),
    "without bias": lambda keras: (keras.layers.GRU(6, use_bias=False), X),
    "ReLU": lambda keras: (keras.layers.SimpleRNN(6, activation="relu", return_sequences=True), X),
    "cell in an RNN": lambda keras: (keras.layers.RNN(keras.layers.LSTMCell(6), return_sequences=True), X),
    "cells in an RNN": lambda keras: (cells(keras, return_state=True, stateful=True), X),
    "cells over a mask, backwards": lambda keras: (
        keras.Sequential(
            [keras.layers.Embedding(100, 8, mask_zero=True), cells(keras, return_sequences=True, go_backwards=True)]
        ),
        IDS,
    ),
    "dropout": lambda keras: (keras.layers.LSTM(6, dropout=0.5, recurrent_dropout=0.5), X),
}


@pytest.mark.parametrize("name", MODELS)
def test_every_recurrent_layer_is_replayed(keras: Any, name: str) -> None:
    model, inputs = MODELS[name](keras)
    traced = app.trace(model, inputs)

    assert traced.differences, "it has recurrent layers"
    assert [*traced.reasons] == [""] * len(traced.differences)
    assert max(one for one in traced.differences if one is not None) < 1e-5
    assert "<svg" in traced._repr_html_()


@pytest.mark.skipif(os.environ.get("KERAS_BACKEND") != "tensorflow", reason="no other backend preserves float64")
def test_a_replay_has_the_precision_of_the_weights(keras: Any) -> None:
    traced = app.trace(keras.layers.LSTM(6, dtype="float64"), X.astype(np.float64))

    assert traced.differences[0] is not None and traced.differences[0] < 1e-10


def test_layers_have_the_order_of_the_forward_pass_with_the_recorded_shapes(keras: Any) -> None:
    model, inputs = MODELS["masked"](keras)
    layers = app.trace(model, inputs).layers

    assert [(layer["kind"], layer["input"], layer["output"]) for layer in layers] == [
        ("embedding", [4, 5], [4, 5, 8]),
        ("lstm", [4, 5, 8], [4, 5, 12]),
        ("gru", [4, 5, 12], [4, 5, 5]),
        ("rnn", [4, 5, 5], [4, 4]),
        ("dense", [4, 4], [4, 3]),
    ]
    assert layers[1]["name"].startswith("bidirectional")
    assert layers[1]["config"] == {
        "features": 8,
        "num_units": 6,
        "bidirectional": True,
        "merge_mode": "concat",
        "return_sequences": True,
        "return_state": False,
        "stateful": False,
        "go_backwards": False,
        "bias": True,
        "dropout": 0.0,
    }
    assert "num_units=6" in layers[1]["query"] and "bidirectional=true" in layers[1]["query"]


def test_layers_after_two_inputs_and_what_joins_them_say_what_they_read(keras: Any) -> None:
    text, usage = keras.Input((7,), name="text"), keras.Input((5, 6), name="usage")
    reader = keras.layers.GRU(4, name="reader")(keras.layers.Embedding(9, 3, name="words")(text))
    habits = keras.layers.LSTM(5, name="habits")(usage)
    score = keras.layers.Dense(1, name="score")(keras.layers.Concatenate(name="both")([reader, habits]))
    rows = repr(app.trace(keras.Model([text, usage], score), [np.ones((2, 7)), np.ones((2, 5, 6))])).splitlines()
    reads = {row.split()[0]: row.partition("reads ")[2].partition(", replayed")[0] for row in rows[1:]}

    assert reads["both"] == "reader, habits" and reads["words"] == reads["reader"] == reads["score"] == ""
    assert reads["habits"] == "usage"


def test_a_layer_on_equal_inputs_reads_one_of_them_and_layers_that_join_are_in_the_link(keras: Any) -> None:
    left, right = keras.Input((5,), name="left"), keras.Input((5,), name="right")
    words, reader = keras.layers.Embedding(9, 3, name="words"), keras.layers.LSTM(4, name="reader")
    one, other = reader(words(left)), reader(words(right))
    joined = [layer([one, other]) for layer in (keras.layers.Subtract(), keras.layers.Multiply())]
    score = keras.layers.Dense(1)(keras.layers.Concatenate()(joined))
    trace = app.trace(keras.Model([left, right], score), [np.ones((2, 5)), np.ones((2, 5))])

    again = [row for row in repr(trace).splitlines() if "the same layer as above" in row and row.startswith("words")]
    assert again[0].endswith("reads left or right")
    text = unquote(trace.link or "")
    assert ".elsewhere(5)." in text and ".subtract(4).elsewhere(4).multiply(4).concatenate(8).dense(1)" in text


def test_a_layer_that_is_not_replayed_gives_its_reason(keras: Any) -> None:
    layers = keras.layers
    mixed = layers.Bidirectional(layers.GRU(4), backward_layer=layers.LSTM(4, go_backwards=True), merge_mode="ave")
    trace = app.trace(
        keras.Sequential([keras.Input((7, 3)), layers.LSTM(6, return_sequences=True), mixed]), X[:, :, :3]
    )

    assert [difference is None for difference in trace.differences] == [False, True]
    assert trace.reasons == ["", "its two directions have different settings"]


def test_each_tensor_of_an_attention_and_the_state_of_a_decoder_say_what_they_read(keras: Any) -> None:
    source, target = keras.Input((7, 6), name="source"), keras.Input((5, 6), name="target")
    keys, h = keras.layers.GRU(4, return_sequences=True, return_state=True, name="encoder")(source)
    queries = keras.layers.GRU(4, return_sequences=True, name="decoder")(target, initial_state=h)
    listed = keras.layers.Attention(name="listed")([queries, keys])
    heads = keras.layers.MultiHeadAttention(2, 3, name="heads")(queries, keys)
    model = keras.Model([source, target], [listed, heads])
    rows = repr(app.trace(model, [np.ones((2, 7, 6)), np.ones((2, 5, 6))])).splitlines()[1:]
    words = {row.split()[0]: row for row in rows}

    assert "reads target, its initial state comes from encoder, replayed" in words["decoder"]
    assert words["listed"].endswith("reads decoder (query), encoder (value)")
    assert words["heads"].endswith("reads decoder (query), encoder (value)")


def test_two_outputs_of_one_shared_layer_are_both_named(keras: Any) -> None:
    one, other = keras.Input((4, 5), name="one"), keras.Input((7, 5), name="other")
    shared = keras.layers.GRU(3, return_sequences=True, name="shared")
    first, second = shared(one), shared(other)
    attended = keras.layers.Attention(name="attended")([first, second])
    itself = keras.layers.MultiHeadAttention(1, 2, name="itself")(attended, attended)
    joined = keras.layers.Concatenate(1, name="joined")([shared(one), shared(other)])
    words: dict[str, str] = {}
    for output in (itself, joined):
        trace = app.trace(keras.Model([one, other], output), [np.ones((2, 4, 5)), np.ones((2, 7, 5))])
        words |= {row.split()[0]: row for row in repr(trace).splitlines()[1:]}

    assert words["attended"].endswith("reads shared (query, value)")
    assert words["joined"].endswith("reads shared, shared")
    assert "reads" not in words["itself"]


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (lambda layers: layers.MultiHeadAttention(2, 4), "attention(7,6,params=222)"),
        (lambda layers: layers.Attention(use_scale=True), "attention(7,6,params=1)"),
        (lambda layers: layers.AdditiveAttention(), "attention(7,6,params=6)"),
    ],
)
def test_an_attention_of_keras_is_one_in_the_link(made: Any, text: str, keras: Any) -> None:
    layer, x = made(keras.layers), keras.Input((7, 6))
    y = keras.layers.LSTM(6, return_sequences=True)(x)
    attended = layer(y, y) if type(layer).__name__ == "MultiHeadAttention" else layer([y, y])

    link = app.trace(keras.Model(x, attended), np.zeros((2, 7, 6), "f")).link

    assert layer.count_params() == int(text.partition("=")[2].rstrip(")"))
    assert link is not None and unquote(link).partition("&model=")[2].startswith(f"input(7,6).lstm(6,6,seq).{text}")


def test_an_input_without_a_name_of_its_own_is_called_as_its_layer(keras: Any) -> None:
    layers = keras.layers
    source, target = keras.Input((7, 6)), keras.Input((5, 6))
    state = layers.GRU(4)(source)
    decoded = layers.GRU(4, name="decoder")(target, initial_state=state)
    model = keras.Model([source, target], decoded)

    row = repr(app.trace(model, [np.zeros((2, 7, 6), "f"), np.zeros((2, 5, 6), "f")])).splitlines()[-1]

    inputs = [one for one in model.layers if isinstance(one, layers.InputLayer)]
    (name,) = (one.name for one in inputs if one.output is target)
    assert f"reads {name}, " in row


def test_a_layer_in_a_loop_is_listed_once(keras: Any) -> None:
    assert [layer["kind"] for layer in app.trace(loop(keras), X).layers] == ["gru_cell", "dropout", "dense"]


def test_cells_that_run_one_after_the_other_are_a_layer_each(keras: Any) -> None:
    model = keras.Sequential([cells(keras), keras.layers.Dense(3)])
    traced = app.trace(model, X)
    layers = traced.layers

    assert [(one["kind"], one["input"], one["output"]) for one in layers] == [
        ("lstm", [4, 7, 8], [4, 7, 6]),
        ("gru", [4, 7, 6], [4, 7, 5]),
        ("rnn", [4, 7, 5], [4, 4]),
        ("dense", [4, 4], [4, 3]),
    ]
    assert [one["config"]["features"] for one in layers] == [8, 6, 5, 4]
    assert layers[1]["name"].startswith("rnn") and layers[1]["name"].split("/")[1].startswith("gru_cell")
    assert layers[0]["query"] and "num_units=6" in layers[0]["query"]
    head, *rows = repr(traced).splitlines()
    column = [row[head.index("parameters") :].split() for row in rows]
    assert sum(int(one[0]) for one in column if one) == model.count_params(), "each row has its own"


def test_a_replay_of_cells_with_another_weight_differs(keras: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rnn, weights = cells(keras), keras_models._weights
    rnn(X)
    changed = rnn.cell.cells[0]

    def other_weights(cell: Any) -> dict[str, Any]:
        return {name: array + (cell is changed) for name, array in weights(cell).items()}

    monkeypatch.setattr(keras_models, "_weights", other_weights)
    assert all(one is not None and one > 0.01 for one in app.trace(rnn, X).differences)


@pytest.mark.parametrize(
    "reason, layer",
    [
        ("its activation is elu; a replay has tanh", lambda layers: layers.LSTM(4, activation="elu")),
        ("its recurrent activation is hard_sigmoid", lambda layers: layers.GRU(4, recurrent_activation="hard_sigmoid")),
        (
            "so the wrapped layer must run forward",
            lambda layers: layers.Bidirectional(layers.GRU(4, go_backwards=True), backward_layer=layers.GRU(4)),
        ),
        (
            "its two directions have different settings",
            lambda layers: layers.Bidirectional(
                layers.LSTM(4), backward_layer=layers.LSTM(4, activation="relu", go_backwards=True)
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_replayed_has_a_reason(keras: Any, reason: str, layer: Callable[[Any], Any]) -> None:
    traced = app.trace(layer(keras.layers), X)

    assert traced.differences == [None]
    assert reason in traced.reasons[0]


def test_a_model_that_is_called_for_each_step_gives_the_reason_of_the_layers_in_it(keras: Any) -> None:
    of = keras.layers
    ways = [
        keras.Sequential([keras.Input((7, 8)), of.Dropout(0.1), of.LSTM(3), of.Dense(2)]),
        of.LSTM(3),
        of.Dense(2),
    ]
    traced = [app.trace(of.TimeDistributed(inner), np.ones((4, 2, 7, 8), "float32")) for inner in ways]

    assert [one.differences for one in traced] == [[None], [None], []]
    assert ["TimeDistributed calls it once for each step" in " ".join(one.reasons) for one in traced] == [
        True,
        True,
        False,
    ]


def test_what_is_no_layer_of_keras_is_listed_with_its_shapes_only(keras: Any) -> None:
    class Doubled(keras.layers.LSTM):
        def call(self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False) -> Any:
            return 2 * super().call(sequences, mask=mask, training=training)

    two = keras.layers.Bidirectional(keras.layers.LSTM(4), backward_layer=keras.layers.GRU(4, go_backwards=True))
    for layer, output in ((Doubled(4), [4, 4]), (two, [4, 8])):
        traced = app.trace(layer, X)
        assert [(one["kind"], one["input"], one["output"]) for one in traced.layers] == [("other", [4, 7, 8], output)]


@pytest.mark.skipif(os.environ.get("KERAS_BACKEND") != "tensorflow", reason="needs TensorFlow")
def test_a_compiled_call_runs_as_python(keras: Any) -> None:
    import tensorflow as tf  # in its own environment

    class Compiled(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.gru = keras.layers.GRU(4)

        @tf.function  # type: ignore[untyped-decorator]  # TensorFlow has no types here
        def call(self, x: Any) -> Any:
            return self.gru(x)

    assert [layer["kind"] for layer in app.trace(Compiled(), X).layers] == ["gru"]
    assert not tf.config.functions_run_eagerly()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_layers_with_quantized_weights_are_listed(keras: Any) -> None:
    dense = keras.layers.Dense(8)
    dense(X)
    if not hasattr(dense, "quantize"):
        pytest.skip("Keras 2 has no quantized layers")
    dense.quantize("int8")

    layers = app.trace(keras.Sequential([dense, keras.layers.GRU(5)]), X).layers
    assert [(one["kind"], one["output"]) for one in layers] == [("dense", [4, 7, 8]), ("gru", [4, 5])]
    assert "quantized_call" not in vars(dense)


def test_active_dropout_is_not_replayed(keras: Any) -> None:
    traced = app.trace(keras.layers.LSTM(4, dropout=0.5), X, training=True)

    assert traced.reasons == ["its dropout is active; call the model without training=True"]


@pytest.mark.skipif(os.environ.get("KERAS_BACKEND") != "torch", reason="needs PyTorch")
def test_the_generator_of_pytorch_is_as_before_afterwards(keras: Any) -> None:
    import torch  # in its own environment

    before = torch.get_rng_state()
    app.trace(keras.layers.Dropout(0.5), X, training=True)
    assert torch.equal(torch.get_rng_state(), before)


class Failing(Exception):
    """Raised by a model."""


@pytest.mark.parametrize("fails", [False, True], ids=["returns", "raises"])
def test_a_model_is_as_before_afterwards(keras: Any, fails: bool) -> None:
    class Model(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = keras.layers.LSTM(4, stateful=True, dropout=0.5)
            self.fails = False

        def call(self, x: Any) -> Any:
            output = self.lstm(x)
            if self.fails:
                raise Failing
            return output

    model = Model()
    model(X)
    model.fails = fails

    def everything() -> list[Any]:
        variables = [*model.variables, *model.lstm.states]
        values = [array_of(one).tolist() for one in variables]
        return [values, "call" in vars(model), "call" in vars(model.lstm)]

    before = everything()
    if fails:
        with pytest.raises(Failing):
            app.trace(model, X)
    else:
        (difference,) = app.trace(model, X).differences
        assert difference is not None and difference < 1e-5
    assert everything() == before


@pytest.mark.parametrize("merge", ["Concatenate", "Add"])
@pytest.mark.parametrize("parts", ["gh", "gy", "gc", "hg", "fh", "ghc", "gyc"])
def test_a_layer_that_joins_a_state_of_the_layer_before_it_with_others_reads_them_all(
    merge: str, parts: str, keras: Any
) -> None:
    layers = keras.layers
    given = keras.Input((9, 4))
    made = {"g": layers.GRU(5, name="g")(given), "f": layers.Dense(5, name="f")(given[:, 0])}
    made |= dict(zip("yhc", layers.LSTM(5, return_state=True, name="l")(given), strict=True))
    joined = getattr(layers, merge)(name="join")([made[part] for part in parts])
    model = keras.Model(given, layers.Dense(3)(joined))

    traced = app.trace(model, np.ones((2, 9, 4), np.float32))

    row = next(line for line in repr(traced).splitlines() if line.startswith("join"))
    names = dict.fromkeys(part if part in "gf" else "l" for part in parts)
    assert row.endswith(f"reads {', '.join(names)}")
    if parts == "gy":  # the link says "elsewhere" of what comes from states beside the output
        assert f"lstm(5).{merge.lower()}({10 if merge == 'Concatenate' else 5})" in unquote(traced.link or "")
