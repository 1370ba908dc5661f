"""What a program says about the target of a loss: the steps that it lacks, and where its classes begin.

Keras 3.15 and Flax 0.12 raised the messages for such programs, which run with the corrected lines.
"""

from dataclasses import replace

import pytest
from pasted_programs import KERAS_WITH_OPS, TORCH, TORCH_WITH_PACKING, first_cause_and_lines, likely, pasted

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import Explanation, explain
from app.translations.languages import translator
from app.url_state.state_of_configuration import state_of_error
from app.url_state_to_picture.error_pictures.error_picture import error_picture
from app.url_state_to_picture.error_pictures.layers_around_error import error_chain

KERAS = "import keras\nimport numpy as np\nfrom keras import layers\nrng = np.random.default_rng(5)\n"

TAGGER = f"""{KERAS}
words = rng.integers(1, 300, (64, 20))
tags = keras.utils.to_categorical(rng.integers(0, 6, (64, 20)), 6)
inp = keras.Input({{}})
x = layers.LSTM(32, return_sequences=True)(layers.Embedding(300, 24)(inp))
tagger = keras.Model(inp, layers.Dense(6, activation="softmax")(x))
tagger.compile("adam", "categorical_crossentropy")
targets = {{}}
tagger.fit(words, targets, epochs=1)
print(tagger.evaluate(words, targets))
"""
OTHER_STEPS = (
    "ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(32, {}, 6),"
    " output.shape=(32, 20, 6)"
)
CALLS = [
    ("tagger.fit(words, targets, epochs=1)", "tagger.fit(words[:, :-1], targets, epochs=1)"),
    ("print(tagger.evaluate(words, targets))", "print(tagger.evaluate(words[:, :-1], targets))"),
]


@pytest.mark.parametrize(
    ("shape", "target", "steps", "cause", "inputs"),
    [
        ("(None,)", "tags[:, 1:]", 19, "target_steps", []),
        ("(20,)", "tags[:, 1:]", 19, "target_steps", [("inp = keras.Input((20,))", "inp = keras.Input((19,))")]),
        ("(20,)", 'tags[:, 1:].astype("float32")', 19, "target_steps", [("inp = keras.Input((20,))",) * 2]),
        ("(None,)", "tags[:, 2:]", 18, "target_shape", None),
        ("(None,)", "tags[:, :-1]", 19, "target_shape", None),
    ],
)
def test_x_lacks_its_last_step_if_the_target_lacks_the_first_one(
    shape: str, target: str, steps: int, cause: str, inputs: list[tuple[str, ...]] | None
) -> None:
    text = pasted(TAGGER.format(shape, target), ["tagger.fit(words, targets, epochs=1)"], OTHER_STEPS.format(steps))
    (first, *others) = explain(text).mismatch.causes

    assert (first.id, others) == (cause, [])
    if inputs is not None:
        assert [one[0] for one in first.lines] == [*(one[0] for one in inputs), *(one for one, _ in CALLS)]
        assert list(first.lines)[-2:] == CALLS


LANGUAGE_MODEL = """import jax
from flax import nnx

class TinyLM(nnx.Module):
    def __init__(self, units, rngs):
        self.embed = nnx.Embed(45, units, rngs=rngs)
        self.rnn = nnx.RNN(nnx.GRUCell(units, 2 * units, rngs=rngs))
        self.head = nnx.Linear(2 * units, 45, rngs=rngs)

    def __call__(self, ids):
        return self.head(self.rnn(self.embed(ids)))

def nll(model, ids):
    logits = {}
    targets = {}
    return -(jax.nn.log_softmax(logits) * targets).mean()

lm = TinyLM(14, nnx.Rngs(0))
loss, grads = nnx.value_and_grad(nll)(lm, tokens)
"""


@pytest.mark.parametrize(
    ("output", "target", "fixed"),
    [
        ("model(ids)", "jax.nn.one_hot(ids[:, 1:], 45)", "logits = model(ids)[:, :-1]"),
        ("model(ids, train=True)", "jax.nn.one_hot(ids[:, 1:], 45)", "logits = model(ids, train=True)[:, :-1]"),
        ("model(ids)", "jax.nn.one_hot(other[:, 1:], 45)", None),
        ("model(ids)", "jax.nn.one_hot(ids, 45)", None),
    ],
)
def test_a_target_that_is_cut_is_not_cut_again(output: str, target: str, fixed: str | None) -> None:
    message = "TypeError: mul got incompatible shapes for broadcasting: (6, 17, 45), (6, 16, 45)."
    frames = [
        "loss, grads = nnx.value_and_grad(nll)(lm, tokens)",
        "return -(jax.nn.log_softmax(logits) * targets).mean()",
    ]
    (first, *_) = explain(pasted(LANGUAGE_MODEL.format(output, target), frames, message)).mismatch.causes

    assert first.id == "target_steps"
    assert first.is_own == (fixed is not None)
    if fixed:
        assert first.lines == ((f"logits = {output}", fixed),)


OPTAX = "return optax.softmax_cross_entropy_with_integer_labels(logits, {}).mean()"
OF_INDICES = """  File "/lib/site-packages/optax/losses/_classes.py", in softmax_cross_entropy_with_integer_labels
    label_logits = jnp.take_along_axis(
ValueError: Incompatible shapes for broadcasting: shapes=[(20, {}, 1), (20, {}, 1)]"""


@pytest.mark.parametrize(
    ("data", "labels", "given", "sizes", "line"),
    [
        ("ids", "ids[:, 1:]", "labels", (33, 32), ("logits = model(ids)", "logits = model(ids)[:, :-1]")),
        ("ids", "0", "ids[:, 1:]", (33, 32), ("logits = model(ids)", "logits = model(ids)[:, :-1]")),
        ("ids[:, :-1]", "0", "ids", (32, 33), (OPTAX.format("ids"), OPTAX.format("ids[:, 1:]"))),
        ("ids[:, :-2]", "0", "ids[:, 1:]", (31, 32), None),
        ("ids[:, :-2]", "ids[:, 1:]", "labels", (31, 32), None),
    ],
)
def test_jax_lists_the_indices_of_classes_before_the_scores(
    data: str, labels: str, given: str, sizes: tuple[int, int], line: tuple[str, str] | None
) -> None:
    output, target = sizes
    program = LANGUAGE_MODEL.format(f"model({data})", "0").replace("targets = 0", f"labels = {labels}")
    program = program.replace("return -(jax.nn.log_softmax(logits) * targets).mean()", OPTAX.format(given))
    frames = ["loss, grads = nnx.value_and_grad(nll)(lm, tokens)", OPTAX.format(given)]
    found = explain(pasted(program, frames, OF_INDICES.format(target, output))).mismatch
    (first, *_) = found.causes

    assert (found.tensor, found.axis, found.expected, found.got) == ("target", "time_step", (output,), (target,))
    assert (first.lines == (line,)) == first.is_own == bool(line)


@pytest.mark.parametrize(("cell", "name"), [("LSTMCell", "LSTMCell"), ("OptimizedLSTMCell", "OptimizedLSTMCell")])
def test_the_layers_of_a_chain_have_their_names_in_nnx(cell: str, name: str) -> None:
    program = LANGUAGE_MODEL.format("model(ids)", "0").replace("GRUCell", cell).replace("targets = 0", "labels = ids")
    frames = ["loss, grads = nnx.value_and_grad(nll)(lm, tokens)", OPTAX.format("ids[:, 1:]")]
    error = f'  File "/lib/site-packages/flax/nnx/graphlib.py", line 9, in wrapper\n    return f(x)\n{OF_INDICES}'
    explanation = explain(pasted(program, frames, error.format(32, 33)))
    assert explanation.configuration
    scene = error_chain(explanation, explanation.configuration, comparison(explanation))

    assert scene and [str(one.name) for one in scene.layers[:2]] == [name, "Linear"]


ACTIVITY = f"""{KERAS}
activity = {{}}
onehot = keras.utils.to_categorical({{}})
model = keras.Sequential([layers.Input((64, 9)), layers.LSTM(25), layers.Dense(6, activation="softmax")])
model.compile("adam", "categorical_crossentropy")
model.fit(signals, onehot)
"""


@pytest.mark.parametrize(
    ("made", "encoded", "columns", "causes"),
    [
        ("rng.integers(1, 7, size=120)", "activity", 7, ["classes_from_one"]),
        ('np.loadtxt("y_train.txt")', "activity", 7, ["classes_from_one"]),
        ("rng.integers(1, 7, size=120)", "activity, 7", 7, ["target_shape"]),
        ("rng.integers(1, 9, size=120)", "activity", 9, ["target_shape"]),
    ],
)
def test_an_encoding_of_classes_that_begin_at_1_has_one_column_too_many(
    made: str, encoded: str, columns: int, causes: list[str]
) -> None:
    message = (
        "ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(None, {}),"
        " output.shape=(None, 6)"
    )
    text = pasted(ACTIVITY.format(made, encoded), ["model.fit(signals, onehot)"], message.format(columns))
    found = explain(text).mismatch.causes

    assert [one.id for one in found] == causes
    if causes == ["classes_from_one"]:
        fixed = "onehot = keras.utils.to_categorical(activity - 1)"
        assert found[0].lines == (("onehot = keras.utils.to_categorical(activity)", fixed),)


GESTURES = """import tensorflow as tf

net = tf.keras.Sequential([
    tf.keras.layers.LSTM(32, return_sequences=True),
    tf.keras.layers.LSTM(24, return_sequences=True),
    tf.keras.layers.Dense(6),
])

@tf.function
def train_step(x, y):
    logits = net(x)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
"""
OF_RANKS = (
    "ValueError: `labels.shape.rank` must equal `logits.shape.rank - 1`. Received: labels.shape=(16,) of rank 1 and"
    " logits.shape=(16, 35, 6) of rank 3"
)


def test_an_output_with_one_class_for_each_sample_has_the_steps_too_many() -> None:
    line = "return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)"
    found = explain(pasted(GESTURES, [line], OF_RANKS)).mismatch

    assert (found.tensor, found.axis, found.shapes) == ("output", "rank", ((16, 6), (16, 35, 6)))
    assert [one.id for one in found.causes] == ["not_return_sequences"]
    assert found.causes[0].lines == (("tf.keras.layers.LSTM(24, return_sequences=True),", "tf.keras.layers.LSTM(24),"),)


# -- a model that predicts each next step ------------------------------------------------------------------------------

NEXT = """import jax
import jax.numpy as jnp
import flax.linen as nn

class {name}(nn.Module):
    @nn.compact
    def __call__(self, tokens):
        x = nn.Embed(28, 16)(tokens)
        x = nn.RNN(nn.OptimizedLSTMCell(64))(x)
        return nn.Dense(28)(x)

def loss_of(params, model, tokens, targets):
    logits = model.apply(params, tokens)
    onehot = jax.nn.one_hot(targets, 28)
    return -(onehot * jax.nn.log_softmax(logits)).sum(-1).mean()

text = jax.random.randint(jax.random.key(0), (12, 33), 0, 28)
inputs, targets = text[:, :-1], text[:, -1]
model = {name}()
params = model.init(jax.random.key(1), inputs)
loss = loss_of(params, model, inputs, targets)
"""
NEXT_TARGET = {
    "inputs, targets = text[:, :-1], text[:, -1]": "inputs, targets = text[:, :-1], text[:, 1:]",
}
LAST_OUTPUT = {"logits = model.apply(params, tokens)": "logits = model.apply(params, tokens)[:, -1]"}


@pytest.mark.parametrize(
    ("name", "ids", "first"),
    [
        ("CharModel", ["next_steps", "not_return_sequences"], NEXT_TARGET),
        ("ContextModel", ["not_return_sequences", "next_steps"], LAST_OUTPUT),
    ],
)
def test_a_model_of_language_has_a_target_for_every_step(name: str, ids: list[str], first: dict[str, str]) -> None:
    frames = [
        "loss = loss_of(params, model, inputs, targets)",
        "return -(onehot * jax.nn.log_softmax(logits)).sum(-1).mean()",
    ]
    error = "ValueError: Incompatible shapes for broadcasting: shapes=[(12, 28), (12, 32, 28)]"
    explanation = explain(pasted(NEXT.format(name=name), frames, error))
    causes = explanation.mismatch.causes

    assert [one.id for one in causes] == ids
    assert dict(causes[0].lines) == first
    assert explanation.configuration is not None
    state = state_of_error(explanation, explanation.configuration)
    assert state is not None and state["framework"] == "flax"


ONE_HOT = f"""{KERAS_WITH_OPS}
net = keras.Sequential([layers.Embedding(500, 24), layers.LSTM(20), layers.Dense(7, activation="softmax")])
net.compile("adam", loss="sparse_categorical_crossentropy")
net.fit(texts, keras.utils.to_categorical(moods))
"""


SAMPLES = f"""{KERAS_WITH_OPS}
X = np.array([series[n : n + 14] for n in range(len(series) - 14)])
model = keras.Sequential([keras.Input((14, 5)), layers.LSTM(30), layers.Dense(1)])
model.fit(X, y, verbose=0)
"""


LENGTHS = f"""{TORCH}
from torch.nn.utils.rnn import pack_padded_sequence
class Scorer(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(25, 40, batch_first=True)
        self.out = nn.Linear(40, 1)
    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        return self.out(self.gru(packed)[1][-1]).squeeze(-1)

def collate(batch):
    lengths = torch.tensor(sorted({{len(s) for s, _ in batch}}, reverse=True))
    return pad(batch), lengths, torch.tensor([y for _, y in batch])

loss = nn.functional.mse_loss(scorer(tokens, lengths), scores)
"""


SHIFTED = f"""{TORCH}
class Songs(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(130, 32)
        self.rnn = nn.GRU(32, 96)
        self.decode = nn.Linear(96, 130)
    def forward(self, notes):
        return self.decode(self.rnn(self.embed(notes))[0])

songs = torch.randint(0, 130, (65, 24))
logits = Songs()(songs)
targets = songs[1:]
loss = F.cross_entropy(logits.reshape(-1, 130), targets.reshape(-1))
"""


LATER_TARGET = SHIFTED.replace("Songs()(songs)", "Songs()(songs[:-1])").replace(
    "targets = songs[1:]", "targets = songs"
)


HORIZON = f"""{TORCH}
class Forecaster(nn.Module):
    def __init__(self, horizon=7):
        super().__init__()
        self.lstm = nn.LSTM(1, 30, batch_first=True)
        self.project = nn.Linear(30, horizon)
    def forward(self, x):
        return self.project(self.lstm(x)[0][:, -1])

model = Forecaster()
loss = nn.functional.mse_loss(model(torch.zeros(32, 48, 1)), torch.zeros(32, 12))
"""


PARTS = f"""{KERAS_WITH_OPS}
X_train, X_test = X[:80], X[80:]
y_train, y_test = y[:80], y[80:]
model = keras.Sequential([keras.Input((12, 3)), layers.GRU(9), layers.Dense(1)])
model.fit(X_train, y_test)
"""


SIZE = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension {}"


IN_LOSS = """
  File "/site-packages/torch/nn/functional.py", line 4294, in mse_loss
    expanded_input, expanded_target = torch.broadcast_tensors(input, target)
  File "/site-packages/torch/functional.py", line 76, in broadcast_tensors
    return _VF.broadcast_tensors(tensors)"""


SAMPLES_OF_KERAS = (
    "ValueError: Data cardinality is ambiguous. Make sure all arrays contain the same number of samples."
    "'x' sizes: 716\n'y' sizes: 717"
)


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                ONE_HOT,
                ["net.fit(texts, keras.utils.to_categorical(moods))"],
                "ValueError: Argument `output` must have"
                " rank (ndim) `target.ndim - 1`. Received: target.shape=(None, 7), output.shape=(None, 7)",
            ),
            ("target", "rank", "one_hot_target"),
            {
                'net.compile("adam", loss="sparse_categorical_crossentropy")': (
                    'net.compile("adam", loss="categorical_crossentropy")'
                )
            },
        ),
        (
            pasted(
                ONE_HOT,
                ["net.fit(texts, keras.utils.to_categorical(moods))"],
                "ValueError: `labels.shape` must equal"
                " `logits.shape` except for the last dimension. Received: labels.shape=(224,) and logits.shape=(32, 7)",
            ),
            ("target", "rank", "one_hot_target"),
            {
                'net.compile("adam", loss="sparse_categorical_crossentropy")': (
                    'net.compile("adam", loss="categorical_crossentropy")'
                )
            },
        ),
        (
            pasted(
                SAMPLES,
                ["model.fit(X, y, verbose=0)"],
                SAMPLES_OF_KERAS,
            ),
            ("target", "batch_size", "other_samples"),
            {"model.fit(X, y, verbose=0)": "model.fit(X, y[-len(X):], verbose=0)"},
        ),
        (
            pasted(
                LENGTHS,
                ["loss = nn.functional.mse_loss(scorer(tokens, lengths), scores)" + IN_LOSS],
                SIZE.format(5, 8, 0),
            ),
            ("lengths", "batch_size", "lost_rows"),
            {
                "lengths = torch.tensor(sorted({len(s) for s, _ in batch}, reverse=True))": (
                    "lengths = torch.tensor([len(s) for s, _ in batch])"
                )
            },
        ),
        (
            pasted(
                SHIFTED,
                ["loss = F.cross_entropy(logits.reshape(-1, 130), targets.reshape(-1))"],
                "ValueError: Expected input batch_size (1560) to match target batch_size (1536).",
            ),
            ("target", "time_step", "target_steps"),
            {
                "loss = F.cross_entropy(logits.reshape(-1, 130), targets.reshape(-1))": (
                    "loss = F.cross_entropy(logits[:-1].reshape(-1, 130), targets.reshape(-1))"
                )
            },
        ),
        (
            pasted(
                LATER_TARGET,
                ["loss = F.cross_entropy(logits.reshape(-1, 130), targets.reshape(-1))"],
                "ValueError: Expected input batch_size (1536) to match target batch_size (1560).",
            ),
            ("target", "time_step", "target_steps"),
            {
                "loss = F.cross_entropy(logits.reshape(-1, 130), targets.reshape(-1))": (
                    "loss = F.cross_entropy(logits.reshape(-1, 130), targets[1:].reshape(-1))"
                )
            },
        ),
        (
            pasted(
                HORIZON,
                ["loss = nn.functional.mse_loss(model(torch.zeros(32, 48, 1)), torch.zeros(32, 12))" + IN_LOSS],
                SIZE.format(7, 12, 1),
            ),
            ("target", None, "dense_outputs"),
            {"model = Forecaster()": "model = Forecaster(horizon=12)"},
        ),
        (
            pasted(PARTS, ["model.fit(X_train, y_test)"], SAMPLES_OF_KERAS),
            ("target", "batch_size", "other_part"),
            {"model.fit(X_train, y_test)": "model.fit(X_train, y_train)"},
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(text) == (said, lines)


@pytest.mark.parametrize(
    ("x", "target", "cause"),
    [
        ("X_train", "y_test", "other_part"),
        ("train_x", "test_y", "other_part"),
        ("X_train", "y_train_hot", "other_samples"),
        ("X_train_scaled", "y_train", "other_samples"),
    ],
)
def test_a_target_is_of_another_part_only_if_its_name_says_so(x: str, target: str, cause: str) -> None:
    model = "model = keras.Sequential([layers.GRU(8), layers.Dense(3)])"
    call = f"model.fit({x}, {target})"
    source = f"{KERAS_WITH_OPS}y_train, y_train_hot, y_train_scaled, train_y = load()\n{model}\n{call}\n"

    assert explain(pasted(source, [call], SAMPLES_OF_KERAS)).mismatch.first_cause == cause


def test_no_wire_is_red_if_none_of_two_arrays_is_the_right_one() -> None:
    explanation = explain(pasted(SAMPLES, ["model.fit(X, y, verbose=0)"], SAMPLES_OF_KERAS))
    assert explanation.configuration

    def subject(one: Explanation) -> str | None:
        picture = error_picture(one, explanation.configurations[0], None, translator("en"))
        return picture.subject if picture else None

    mismatch = replace(explanation.mismatch, is_of_equals=False)
    assert subject(explanation) == "network"
    assert subject(replace(explanation, mismatch=mismatch)) == "chain"


LOSS_OF_ONE = f"""{TORCH}
class Scores(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(32, 64, batch_first=True)
        self.dense = nn.Linear(64, 1)

    def forward(self, x):
        return torch.sigmoid(self.dense(self.lstm(x)[1][0][-1]))

model, bce = Scores(), nn.BCELoss()
prob, label = model(torch.zeros(24, 40, 32)), torch.zeros(24)
loss = bce(prob, label)
"""


def test_the_only_axis_of_a_target_with_one_value_for_each_sample_is_the_batch() -> None:
    error = (
        "ValueError: Using a target size (torch.Size([24])) that is different to the input size"
        " (torch.Size([24, 1])) is deprecated. Please ensure they have the same size."
    )
    shapes = comparison(explain(pasted(LOSS_OF_ONE, ["loss = bce(prob, label)"], error)))

    assert shapes
    assert (shapes.axes, shapes.expected, shapes.got) == (("batch_size",), (24,), (24, 1))


BROADCAST = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension 1"


OTHER_SAMPLES = "ValueError: Expected input batch_size ({}) to match target batch_size ({})."


MODEL = f"""{TORCH_WITH_PACKING}
class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb, self.lstm, self.out = nn.Embedding(60, 8), nn.LSTM(8, 20, batch_first=True), nn.Linear(20, 60)

    def forward(self, words):
        return self.out(self.lstm(self.emb(words))[0])


words = torch.randint(0, 60, (10, 14))
logits = Words()(words[:, :-1])
"""


@pytest.mark.parametrize(
    ("output", "target", "sizes", "id", "corrected"),
    [
        ("logits.reshape(-1, 60)", "words[:, 1:]", (130, 10), "one_flat", ("", "words[:, 1:].reshape(-1)")),
        ("logits", "words[:, 1:].flatten()", (10, 130), "one_flat", ("logits.flatten(0, 1)", "")),
        ("logits.view(60, -1)", "words[:, 1:].flatten()", (60, 130), "exchanged_rows", ("logits.view(-1, 60)", "")),
    ],
)
def test_the_output_and_the_target_of_a_loss_are_flattened_in_the_same_way(
    output: str, target: str, sizes: tuple[int, int], id: str, corrected: tuple[str, str]
) -> None:
    loss = f"loss = nn.functional.cross_entropy({output}, {target})"
    mismatch = explain(text := pasted(f"{MODEL}{loss}\n", [loss], OTHER_SAMPLES.format(*sizes))).mismatch
    fixed = f"loss = nn.functional.cross_entropy({corrected[0] or output}, {corrected[1] or target})"

    assert mismatch.axis is None and all(str(size) in str(mismatch.sentence) for size in sizes)
    assert likely(text) == ([id], {loss: fixed})


def test_what_fails_while_a_model_is_built_is_no_loss() -> None:
    program = "import keras\n\n\nclass Cell(keras.Layer):\n    def call(self, x, states):\n"
    program += "        return x + self.bias, states\n\n\n"
    program += "model = keras.Sequential([keras.layers.RNN(Cell(16))])\nmodel.fit(x, y)\n"
    error = f"RuntimeError: Unable to automatically build the model. Error encountered: '{BROADCAST.format(32, 16)}'"
    mismatch = explain(pasted(program, ["model.fit(x, y)"], error)).mismatch
    assert mismatch.tensor is None and "loss" not in str(mismatch.sentence)


CLASSES = """import numpy as np
import keras
from keras import layers

class Classifier(keras.Model):
    def __init__(self, outputs=5):
        super().__init__()
        self.rnn = layers.SimpleRNN(24)
        self.head = layers.Dense(outputs, activation="softmax")

    def call(self, x):
        return self.head(self.rnn(x))

labels = np.random.choice(["walk", "run", "sit", "stand"], 300)
classes = sorted(set(labels))
target = {}
model = Classifier()
model.compile(loss="categorical_crossentropy")
model.fit(np.zeros((300, 100, 3)), target, batch_size=30)
"""


OF_CLASSES = (
    "ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(30, 4),"
    " output.shape=(30, 5)"
)


def test_the_data_have_other_classes_than_the_last_layer() -> None:
    program = CLASSES.format("np.eye(len(classes))[[classes.index(one) for one in labels]]")
    found = explain(pasted(program, ["model.fit(np.zeros((300, 100, 3)), target, batch_size=30)"], OF_CLASSES))
    said, shapes = found.mismatch, comparison(found)

    assert (said.tensor, said.expected, said.got) == ("output", (30, 4), (30, 5))
    assert [one.id for one in said.causes] == ["dense_outputs"]
    assert said.causes[0].lines == (("model = Classifier()", "model = Classifier(outputs=4)"),)
    assert found.configuration and shapes and shapes.axes == ("batch_size", None)
    assert error_chain(found, found.configuration, shapes)


def test_a_target_may_be_wrong_if_a_line_says_its_classes() -> None:
    program = CLASSES.format("keras.utils.to_categorical([classes.index(one) for one in labels], 4)")
    said = explain(pasted(program, ["model.fit(np.zeros((300, 100, 3)), target, batch_size=30)"], OF_CLASSES)).mismatch

    assert (said.tensor, said.expected, said.got) == ("target", (30, 5), (30, 4))


LOSS = """import tensorflow as tf

features = tf.zeros((24, 13, 4))
labels = tf.one_hot(tf.zeros([24], tf.int32), 7)
layer = tf.keras.layers.GRU(30, return_sequences=True)
{result} = tf.keras.layers.Dense(7)(layer(features))
tf.compat.v1.losses.{call}
"""


@pytest.mark.parametrize(
    "call",
    [
        "softmax_cross_entropy(labels, logits)",
        "softmax_cross_entropy(onehot_labels=labels, logits=logits)",
        "sigmoid_cross_entropy(labels, logits=logits)",
        "mean_squared_error(labels, predictions)",
        "mean_squared_error(predictions=predictions, labels=labels)",
    ],
)
def test_a_loss_of_tensorflow_1_compares_its_second_argument_with_its_first_one(call: str) -> None:
    program = LOSS.format(result="logits" if "logits" in call else "predictions", call=call)
    error = "ValueError: Shapes (24, 13, 7) and (24, 7) are incompatible"
    mismatch = explain(pasted(program, [f"tf.compat.v1.losses.{call}"], error)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.shapes) == ("output", "rank", ((24, 7), (24, 13, 7)))
    assert mismatch.causes[0].lines == (
        ("layer = tf.keras.layers.GRU(30, return_sequences=True)", "layer = tf.keras.layers.GRU(30)"),
    )
