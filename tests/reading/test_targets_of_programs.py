"""What a program says about the target of a loss: the steps that it lacks, and where its classes begin.

Keras 3.15 and Flax 0.12 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain
from app.url_state.state_of_configuration import state_of_error
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
