"""What a program of PyTorch says about its last dense layer: it returns several values, reads every layer or step, or
has its sizes exchanged.

PyTorch 2.14 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, TORCH_WITH_PACKING, causes_and_lines, likely, pasted

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain

DETECTOR = """import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

class Detector(nn.Module):
    def __init__(self, inputs, hidden, outputs=1):
        super().__init__()
        self.gru = nn.GRU(inputs, hidden, batch_first=True)
        self.score = nn.Linear({sizes})

    def forward(self, run, lengths):
        run = pack_padded_sequence(run, lengths, batch_first=True, enforce_sorted=False)
        packed, last = self.gru(run)
        return self.score({read})

detector, loss_of = Detector(6, 24), nn.{loss}()
runs, lengths = torch.randn(8, 40, 6), torch.randint(1, 40, (8,))
faulty = torch.randint(0, 2, (8,))
loss = loss_of(detector(runs, lengths){squeeze}, faulty)
"""
LOGITS = "ValueError: Target size (torch.Size([8])) must be the same as input size (torch.Size([8, {}]))"
CALL = "return self.score({})"


def program(sizes: str, read: str = "last[-1]", loss: str = "BCEWithLogitsLoss", squeeze: str = ".squeeze(1)") -> str:
    return DETECTOR.format(sizes=sizes, read=read, loss=loss, squeeze=squeeze)


@pytest.mark.parametrize(
    ("squeeze", "values", "is_removed"),
    [(".squeeze(1)", 30, True), (".squeeze(-1)", 30, True), (".squeeze(0)", 30, False), (".flatten(0, 1)", 30, False)],
)
def test_a_dense_layer_returns_one_value_if_its_axis_is_removed(squeeze: str, values: int, is_removed: bool) -> None:
    frame = f"loss = loss_of(detector(runs, lengths){squeeze}, faulty)"
    mismatch = explain(pasted(program(f"hidden, {values}", squeeze=squeeze), [frame], LOGITS.format(values))).mismatch
    first = mismatch.causes[0]

    assert (first.id == "squeezed_values") is is_removed
    if is_removed:
        lines = ((f"self.score = nn.Linear(hidden, {values})", "self.score = nn.Linear(hidden, 1)"),)
        assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("output", "num_units", (1,), (30,))
        assert first.lines == lines


def test_the_rows_of_a_state_of_all_layers_are_no_lost_samples() -> None:
    text = program("hidden, 2", "last", "CrossEntropyLoss", "")
    frame = "loss = loss_of(detector(runs, lengths), faulty)"
    error = "ValueError: Expected input batch_size (1) to match target batch_size (8)."
    (first, *_) = explain(pasted(text, [frame], error)).mismatch.causes

    assert (first.id, first.lines) == ("layers_of_state", ((CALL.format("last"), CALL.format("last[-1]")),))


@pytest.mark.parametrize(
    ("sizes", "error", "fixed"),
    [
        ("inputs, hidden", "(8x24 and 6x24)", "hidden, inputs"),
        ("outputs, hidden", "(8x24 and 1x24)", "hidden, outputs"),
        ("48, hidden", "(8x24 and 48x24)", None),
    ],
)
def test_the_last_dense_layer_reads_the_units_that_it_would_return(sizes: str, error: str, fixed: str | None) -> None:
    frames = ["loss = loss_of(detector(runs, lengths).squeeze(1), faulty)", CALL.format("last[-1]")]
    (first, *_) = explain(
        pasted(program(sizes), frames, f"RuntimeError: mat1 and mat2 shapes cannot be multiplied {error}")
    ).mismatch.causes

    assert (first.id == "exchanged_sizes") is bool(fixed)
    assert not fixed or first.lines == ((f"self.score = nn.Linear({sizes})", f"self.score = nn.Linear({fixed})"),)


TAGGER = """import torch
from torch import nn

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 24, batch_first=True)
        self.classify = nn.Sequential(nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 5))

    def forward(self, x):
        out, _ = self.gru(x)
        return self.classify(out)

x, y = torch.randn(8, 40, 6), torch.randint(0, 5, (8,))
model, loss_of = Tagger(), nn.CrossEntropyLoss()
for _ in range(2):
    loss = loss_of(model(x), y)
"""


@pytest.mark.parametrize("target", ["8", "8, 1"])
@pytest.mark.parametrize("loss", ["loss_of", "nn.CrossEntropyLoss()"])
def test_a_sequential_reads_the_last_step_if_the_target_has_one_class_for_each_sample(target: str, loss: str) -> None:
    error = f"RuntimeError: Expected target size [8, 5], got [{target}]"
    line = f"loss = {loss}(model(x), y)"
    source = TAGGER.replace("loss_of(model", f"{loss}(model").replace("(8,))", f"({target},))")
    mismatch = explain(pasted(source, [line], error)).mismatch
    (first, *_) = mismatch.causes

    fixed = ("return self.classify(out)", "return self.classify(out[:, -1])")
    column = [(line, f"loss = {loss}(model(x), y[:, 0])")] if target == "8, 1" else []
    assert (first.id, first.lines) == ("not_return_sequences", (fixed, *column))
    assert (mismatch.tensor, mismatch.axis, mismatch.shapes) == ("output", "rank", ((8, 5), (8, 40, 5)))


def test_the_last_step_has_no_axis_of_steps_to_exchange() -> None:
    error = "RuntimeError: Expected target size [8, 40], got [8]"
    source = TAGGER.replace("self.classify(out)", "self.classify(out).transpose(1, 2)")
    mismatch = explain(pasted(source, ["loss = loss_of(model(x), y)"], error)).mismatch

    assert mismatch.causes[0].lines == (
        ("return self.classify(out).transpose(1, 2)", "return self.classify(out[:, -1])"),
    )


@pytest.mark.parametrize("steps", [40, 6])  # 6 are one more than the classes
def test_a_loss_reads_the_classes_in_the_second_axis(steps: int) -> None:
    error = f"RuntimeError: Expected target size [8, 5], got [8, {steps}]"
    source = TAGGER.replace("(8,))", f"(8, {steps}))").replace("40, 6", f"{steps}, 6")
    line = "loss = loss_of(model(x), y)"
    mismatch = explain(pasted(source, [line], error)).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("output", "order")
    assert (mismatch.expected, mismatch.got) == ((8, 5, steps), (8, steps, 5))
    assert [one.lines for one in mismatch.causes] == [((line, "loss = loss_of(model(x).transpose(1, 2), y)"),)]


@pytest.mark.parametrize("is_batch_first", [True, False])
def test_no_axis_is_named_that_has_classes_in_one_shape_and_steps_in_the_other(is_batch_first: bool) -> None:
    source = TAGGER if is_batch_first else TAGGER.replace("batch_first=True", "batch_first=False")
    source = source.replace("(8,))", "(8, 40))")
    found = explain(
        pasted(source, ["loss = loss_of(model(x), y)"], "RuntimeError: Expected target size [8, 5], got [8, 40]")
    )
    shapes = comparison(found)

    assert shapes and (shapes.expected, shapes.got) == ((8, 5, 40), (8, 40, 5))
    assert shapes.axes == ("batch_size" if is_batch_first else "time_step", None, None)


def test_an_output_with_its_classes_second_may_have_other_steps_than_its_target() -> None:
    error = "RuntimeError: Expected target size [8, 40], got [8, 39]"
    source = TAGGER.replace("self.classify(out)", "self.classify(out).transpose(1, 2)").replace("(8,))", "(8, 39))")
    mismatch = explain(pasted(source, ["loss = loss_of(model(x), y)"], error)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.first_cause) == ("target", "time_step", "target_steps")
    assert mismatch.causes[0].fix == "loss = loss_of(model(x)[:, :, :-1], y)"


STATES_BESIDE_COLUMNS = f"""{TORCH}
class Churn(nn.Module):
    def __init__(self, hid=32, columns=5):
        super().__init__()
        self.gru = nn.GRU(7, hid, num_layers=2, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(hid + columns, 64), nn.ReLU())

    def forward(self, x, static):
        _, h_n = self.gru(x)
        h = h_n.permute(1, 0, 2).flatten(1)
        z = torch.cat([h, static], dim=1)
        return self.mlp(z)

Churn()(torch.zeros(50, 12, 7), torch.zeros(50, 5))
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                STATES_BESIDE_COLUMNS,
                ["Churn()(torch.zeros(50, 12, 7), torch.zeros(50, 5))", "return self.mlp(z)"],
                "RuntimeError: mat1 and mat2 shapes cannot be multiplied (50x69 and 37x64)",
            ),
            ("dense_input", "features", ["dense_all_layers"]),
            {
                "self.mlp = nn.Sequential(nn.Linear(hid + columns, 64), nn.ReLU())": (
                    "self.mlp = nn.Sequential(nn.Linear(2 * hid + columns, 64), nn.ReLU())"
                )
            },
        ),
    ],
)
def test_the_lines_of_a_whole_program_are_corrected(
    text: str, said: tuple[str, str, list[str]], lines: dict[str, str]
) -> None:
    assert causes_and_lines(text) == (said, lines)


FLAT = """import torch
from torch import nn
class Weather(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(8, 50{batch_first})
        self.dense = nn.Sequential(nn.Linear(50, 32), nn.ReLU())

    def forward(self, window):
        out, _ = self.lstm(window)
        out = {flat}
        return self.dense(out)

Weather()(torch.zeros(25, 14, 8))
"""


@pytest.mark.parametrize("flat", ["out.reshape(out.size(0), -1)", "out.view(len(out), -1)"])
def test_the_last_step_takes_the_place_of_flattened_steps(flat: str) -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (25x700 and 50x32)"
    program = FLAT.format(flat=flat, batch_first=", batch_first=True")
    mismatch = explain(pasted(program, ["return self.dense(out)"], error)).mismatch

    assert mismatch.first_cause == "dense_flattened"
    assert mismatch.causes[0].lines == ((f"out = {flat}", "out = out[:, -1]"),)


def test_the_second_axis_is_not_that_of_steps_without_batch_first() -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (25x700 and 50x32)"
    program = FLAT.format(flat="out.view(len(out), -1)", batch_first="")

    assert not explain(pasted(program, ["return self.dense(out)"], error)).mismatch.causes[0].is_own


FLATTENED_BY_LAYER = """import torch
from torch import nn
class Falls(nn.Module):
    def __init__(self, hidden=50):
        super().__init__()
        self.lstm = nn.LSTM(3, hidden, batch_first={batch_first})
        self.flat = nn.Flatten()
        self.head = nn.Sequential({first}nn.Linear(hidden, 20), nn.ReLU())

    def forward(self, x):
        out, _ = self.lstm(x)
        flat = self.flat(out)
        {line}

Falls()(torch.zeros(16, 30, 3))
"""


@pytest.mark.parametrize(
    ("first", "line", "wrong", "fixed"),
    [
        ("nn.Flatten(), ", "return self.head(out)", "return self.head(out)", "return self.head(out[:, -1])"),
        ("", "return self.head(self.flat(out))", "return self.head(self.flat(out))", "return self.head(out[:, -1])"),
        ("", "return self.head(flat)", "flat = self.flat(out)", "flat = out[:, -1]"),
    ],
)
def test_a_layer_that_flattens_gets_the_last_step(first: str, line: str, wrong: str, fixed: str) -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (16x1500 and 50x20)"
    program = FLATTENED_BY_LAYER.format(first=first, line=line, batch_first=True)
    (likely, *_) = explain(pasted(program, [line], error)).mismatch.causes

    assert (likely.id, likely.lines) == ("dense_flattened", ((wrong, fixed),))


def test_a_layer_that_flattens_an_output_with_time_first_does_not_get_the_last_step() -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (16x1500 and 50x20)"
    program = FLATTENED_BY_LAYER.format(first="nn.Flatten(), ", line="return self.head(out)", batch_first=False)

    assert not explain(pasted(program, ["return self.head(out)"], error)).mismatch.causes[0].is_own


FORECAST = f"""{TORCH_WITH_PACKING}
from torch.utils.data import DataLoader, TensorDataset


class Forecast(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.{{layer}}
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(28, 1)

    def forward(self, x):
        {{call}}
        return {{head}}


x, y = read()
net = Forecast()
for xb, yb in DataLoader(TensorDataset(x, y), batch_size=32):
    loss = {{loss}}
"""


GRU, LSTM = "GRU(6, 28, batch_first=True)", "LSTM(6, 28, batch_first=True)"


OF_OUTPUT, OF_STATE = "out, _ = self.rnn(x)", "_, h = self.rnn(x)"


ENTROPY = "nn.functional.cross_entropy(net(xb), yb)"


MSE, LOGITS_OF_TAGS = (
    "nn.functional.mse_loss(net(xb), yb)",
    "nn.functional.binary_cross_entropy_with_logits(net(xb), yb)",
)


BROADCAST = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension 1"


TARGET = "ValueError: Target size (torch.Size([{}])) must be the same as input size (torch.Size([{}]))"


SAMPLES = "ValueError: Expected input batch_size ({}) to match target batch_size ({})."


def of_forecast(layer: str, call: str, head: str, loss: str, error: str) -> str:
    program = FORECAST.format(layer=layer, call=call, head=head, loss=loss)
    return pasted(program, [f"loss = {loss}"], error)


@pytest.mark.parametrize(
    ("layer", "head", "corrected"),
    [
        (GRU, "self.head(out)", "self.head(out[:, -1])"),
        (GRU, "self.head(self.drop(out)).squeeze(-1)", "self.head(self.drop(out)[:, -1]).squeeze(-1)"),
    ],
)
def test_a_dense_layer_reads_the_last_step_for_a_target_with_one_value_for_each_sample(
    layer: str, head: str, corrected: str
) -> None:
    text = of_forecast(layer, OF_OUTPUT, head, MSE, BROADCAST.format(24, 32))
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("output", "rank")
    assert likely(text) == (["not_return_sequences"], {f"return {head}": f"return {corrected}"})


def test_a_dense_layer_reads_the_last_step_of_an_output_with_time_first() -> None:
    text = of_forecast("GRU(6, 28)", OF_OUTPUT, "self.head(out)", LOGITS_OF_TAGS, TARGET.format("32, 1", "24, 32, 1"))
    assert likely(text)[1] == {"return self.head(out)": "return self.head(out[-1])"}


def test_steps_in_the_second_axis_are_not_those_of_a_layer_that_reads_time_first() -> None:
    text = of_forecast("GRU(6, 28)", OF_OUTPUT, "self.head(out)", MSE, BROADCAST.format(24, 32))
    assert likely(text)[1] == {}


def test_steps_that_differ_from_the_target_are_no_last_step_without_its_batch() -> None:
    text = of_forecast(GRU, OF_OUTPUT, "self.head(out)", MSE, BROADCAST.format(24, 12))
    assert "not_return_sequences" not in likely(text)[0]


@pytest.mark.parametrize(
    ("loss", "error"),
    [
        (
            LOGITS_OF_TAGS,
            "ValueError: Target size (torch.Size([32, 1])) must be the same as input size (torch.Size([1, 32, 1]))",
        ),
        ("nn.functional.cross_entropy(net(xb), yb)", SAMPLES.format(1, 32)),
    ],
)
def test_a_dense_layer_reads_the_state_of_the_last_layer(loss: str, error: str) -> None:
    text = of_forecast(GRU, OF_STATE, "self.head(h)", loss, error)
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("output", "rank")
    assert likely(text) == (["layers_of_state"], {"return self.head(h)": "return self.head(h[-1])"})


def test_the_last_one_of_both_states_is_no_layer() -> None:
    text = of_forecast(LSTM, OF_STATE, "self.head(h[-1])", ENTROPY, SAMPLES.format(1, 32))
    assert likely(text) == (["pair_of_states"], {OF_STATE: "_, (h, _) = self.rnn(x)"})


NARROW_TAGGER = f"""{TORCH_WITH_PACKING}
class Tagger(nn.Module):
    def __init__(self, n_words=500, width=40, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(n_words, width)
        self.lstm = {{lstm}}
        self.score = {{score}}

    def forward(self, words):
        out, _ = self.lstm(self.emb(words))
        return self.score(out)


Tagger()(torch.randint(0, 500, (8, 12)))
"""


FEATURES = "RuntimeError: input.size(-1) must be equal to input_size. Expected {}, got {}"


PRODUCT = "RuntimeError: mat1 and mat2 shapes cannot be multiplied ({}x{} and {}x{})"


def of_tagger(lstm: str, score: str, failed: str, error: str) -> str:
    return pasted(
        NARROW_TAGGER.format(lstm=lstm, score=score), ["Tagger()(torch.randint(0, 500, (8, 12)))", failed], error
    )


@pytest.mark.parametrize(
    ("lstm", "score", "failed", "error", "corrected"),
    [
        (
            *(
                "nn.LSTM(hidden, width, batch_first=True)",
                "nn.Linear(hidden, 9)",
                "out, _ = self.lstm(self.emb(words))",
            ),
            *(FEATURES.format(64, 40), ("lstm", "nn.LSTM(width, hidden, batch_first=True)")),
        ),
        (
            *("nn.LSTM(width, hidden, batch_first=True)", "nn.Linear(9, hidden)", "return self.score(out)"),
            *(PRODUCT.format(96, 64, 9, 64), ("", "")),
        ),
        (
            *("nn.LSTM(width, hidden, batch_first=True)", "nn.Linear(1, hidden)", "return self.score(out)"),
            *(PRODUCT.format(96, 64, 1, 64), ("score", "nn.Linear(hidden, 1)")),
        ),
        (
            *("nn.LSTM(width, hidden, batch_first=True)", "nn.Linear(hidden, 40)"),
            *("out, _ = self.lstm(self.emb(words))", FEATURES.format(40, 64), ("", "")),
        ),
        (
            *("nn.LSTM(width, hidden, batch_first=True)", "nn.Linear(2 * hidden, hidden)", "return self.score(out)"),
            *(PRODUCT.format(96, 64, 128, 64), ("", "")),
        ),
    ],
)
def test_a_layer_that_gets_as_many_features_as_it_returns_has_its_sizes_exchanged(
    lstm: str, score: str, failed: str, error: str, corrected: tuple[str, str]
) -> None:
    ids, lines = likely(of_tagger(lstm, score, failed, error))
    name, line = corrected

    assert (ids[0] == "exchanged_sizes") == bool(name)
    assert not name or list(lines.values()) == [f"self.{name} = {line}"]


@pytest.mark.parametrize(
    "product",
    [
        "nn.Linear(6, 2)(y[0]) @ torch.zeros(5, 5)",
        "torch.matmul(nn.Linear(6, 2)(y[0]), torch.zeros(5, 5))",
        "nn.Linear(6, 2)(y[0]).mm(torch.zeros(5, 5))",
    ],
)
def test_the_product_of_what_a_layer_returns_with_another_matrix_is_no_dense_layer(product: str) -> None:
    line = f"z = {product}"
    source = (
        f"import torch\nfrom torch import nn\ny, _ = nn.LSTM(5, 6, batch_first=True)(torch.zeros(3, 7, 5))\n{line}\n"
    )
    frames = f'Traceback (most recent call last):\n  File "train.py", line 4, in <module>\n    {line}\n'
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (7x2 and 5x5)"
    linear = "return F.linear(input, self.weight, self.bias)"
    inside = f'  File "/lib/torch/nn/modules/linear.py", line 125, in forward\n    {linear}\n'

    own, of_layer = (explain(f"{source}\n{frames}{more}{error}").mismatch for more in ("", inside))

    assert (own.tensor, own.causes) == (None, ())
    assert of_layer.tensor == "dense_input"


@pytest.mark.parametrize("setting, axes", [("", "1, 2"), (", batch_first=True", "0, 1")])
def test_several_sequences_of_each_sample_are_put_into_the_axis_of_the_batch(setting: str, axes: str) -> None:
    line = "output, _ = lstm(x)"
    source = f"import torch\nlstm = torch.nn.LSTM(5, 6{setting})\nx = torch.zeros(2, 3, 4, 5)\n{line}\n"
    frames = f'Traceback (most recent call last):\n  File "train.py", line 4, in <module>\n    {line}\n'

    (cause,) = explain(
        f"{source}\n{frames}ValueError: LSTM: Expected input to be 2D or 3D, got 4D instead"
    ).mismatch.causes

    assert cause.lines == ((line, f"output, _ = lstm(x.flatten({axes}))"),)


@pytest.mark.parametrize(
    ("last", "name"), [("layers.Dense(29)(x)", None), ("layers.Activation('relu')(x)", "num_units")]
)
def test_the_width_of_a_dense_layer_is_not_the_number_of_units_of_the_layer_below(last: str, name: str | None) -> None:
    width = 17 if name else 29
    program = f"""import numpy as np
import keras
from keras import layers
i = keras.Input((21, 6))
x = layers.GRU(17, return_sequences=True)(i)
model = keras.Model(i, {last})
model.compile("adam", "mse")
model.fit(np.zeros((8, 21, 6)), np.zeros((8, {width})), batch_size=8)
"""
    error = (
        f"InvalidArgumentError: Incompatible shapes: [8,{width}] vs. [8,21,{width}]\n\t"
        " [[{{node gradient_tape/compile_loss/mse/sub/BroadcastGradientArgs}}]]"
    )
    frames = [f"model.fit(np.zeros((8, 21, 6)), np.zeros((8, {width})), batch_size=8)"]
    shapes = comparison(explain(pasted(program, frames, error)))

    assert shapes and (shapes.expected, shapes.got) == ((8, width), (8, 21, width))
    assert shapes.axes == ("batch_size", name)


@pytest.mark.parametrize("shape", [(9, 44), (9, 31, 44)])
def test_the_rows_of_the_input_of_a_dense_layer_have_the_sizes_that_keras_says(shape: tuple[int, ...]) -> None:
    message = (
        "ValueError: Input 0 of layer 'dense_4' is incompatible with the layer: expected axis -1 of input shape to have"
        f" value 40, but received input with shape {shape}"
    )

    shapes = comparison(explain(f"y = dense(gru(x))\n{message}"))

    assert shapes and (shapes.expected, shapes.got) == ((*shape[:-1], 40), shape)
    assert (shapes.axes[-1], shapes.differing) == ("features", (len(shape) - 1,))
