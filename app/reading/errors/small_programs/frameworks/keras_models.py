"""The lines of the small programs in Keras 3 that fail in a model: with its data, target, weights or states."""

from ..listing import Listing, in_keras

OF_OUTPUT = "print(tuple(output.shape))\n"


def model(layers: str, shape: str = "({time}, {features})") -> str:
    """The lines of a model; ``layers`` are lines of their own, with their signs."""
    lines = [
        f"{line[:2]}    {line[2:]}," if line[:2] in ("- ", "+ ") else f"    {line}," for line in layers.split("\n")
    ]
    return "\n".join(["model = keras.Sequential([", f"    keras.Input({shape}),", *lines, "])\n"])


LAYER = "keras.layers.{keras_class}({units})"
EVERY_STEP = "keras.layers.{keras_class}({units}, return_sequences=True)"
BOTH = f"- {EVERY_STEP}\n+ {LAYER}"
BOTH_OF_STEPS = f"- {LAYER}\n+ {EVERY_STEP}"


def fit(loss: str, samples: str, target: str, steps: str = "{time}") -> str:
    """The lines that train a model."""
    return f"""
model.compile(loss="{loss}")
model.fit(np.zeros(({samples}, {steps}, {{features}})), np.zeros(({target})), verbose=0)
print(model.output_shape)
"""


BUILD = """
layer = keras.layers.{keras_class}({units})
layer.build((None, None, {features}))
"""

WEIGHTS = """
print(layer.get_weights()[0].shape)
"""

MODELS: dict[str, Listing] = {
    "two_biases": in_keras(
        BUILD
        + """
kernel, recurrent_kernel, bias = layer.get_weights()
bias_hh = np.zeros_like(bias)
- layer.set_weights([kernel, recurrent_kernel, bias, bias_hh])
+ layer.set_weights([kernel, recurrent_kernel, bias + bias_hh])
"""
        + WEIGHTS,
        "({features}, {columns})",
        "keras-number-of-weights",
        when="weights with a bias",
    ),
    "use_bias": in_keras(
        """
saved = keras.layers.{keras_class}({units}, use_bias=False)
saved.build((None, None, {features}))
- layer = keras.layers.{keras_class}({units})
+ layer = keras.layers.{keras_class}({units}, use_bias=False)
layer.build((None, None, {features}))
layer.set_weights(saved.get_weights())
"""
        + WEIGHTS,
        "({features}, {columns})",
        "keras-number-of-weights",
        when="weights with a bias",
    ),
    "weights_directions": in_keras(
        """
saved = keras.layers.Bidirectional(keras.layers.{keras_class}({units}))
saved.build((None, None, {features}))
- layer = keras.layers.{keras_class}({units})
+ layer = keras.layers.Bidirectional(keras.layers.{keras_class}({units}))
layer.build((None, None, {features}))
layer.set_weights(saved.get_weights())
"""
        + WEIGHTS,
        "({features}, {columns})",
        "keras-number-of-weights",
        when="weights with a bias",
    ),
    "transposed": in_keras(
        BUILD
        + """
kernel, recurrent_kernel, bias = layer.get_weights()
recurrent_kernel = np.zeros(({got}))
- layer.set_weights([kernel, recurrent_kernel, bias])
+ layer.set_weights([kernel, recurrent_kernel.T, bias])
print(layer.get_weights()[1].shape)
""",
        "({expected})",
        "keras-weight-shape",
        when="recurrent kernel",
    ),
    "reset_after": in_keras(
        """
- layer = keras.layers.GRU({units_of_biases})
+ layer = keras.layers.GRU({units_of_biases}, reset_after=False)
layer.build((None, None, {features}))
kernel, recurrent_kernel, _ = layer.get_weights()
bias = np.zeros({got_shape[0]})
layer.set_weights([kernel, recurrent_kernel, bias])
print(layer.get_weights()[2].shape)
""",
        "({got_shape[0]},)",
        "keras-weight-shape",
        when="2 biases of a GRU",
    ),
    "other_cell": in_keras(
        """
saved = keras.layers.{other_keras_class}({units})
saved.build((None, None, {features}))
- layer = keras.layers.{keras_class}({units})
+ layer = keras.layers.{other_keras_class}({units})
layer.build((None, None, {features}))
layer.set_weights(saved.get_weights())
"""
        + WEIGHTS,
        "({got})",
        "keras-weight-shape",
        when="gates of a kernel",
    ),
    "other_size": in_keras(
        """
import os, tempfile
path = os.path.join(tempfile.mkdtemp(), "saved.weights.h5")
def make(units):
    return keras.Sequential([keras.Input((None, {features})), keras.layers.{keras_class}(units)])
make({keras_units_saved}).save_weights(path)
- model = make({units})
+ model = make({keras_units_saved})
model.load_weights(path)
print(model.output_shape)
""",
        "(None, {keras_units_saved})",
        "keras-3-load",
        when="gates",
    ),
    "whole_batches": in_keras(
        """
model = keras.Sequential([
    keras.Input(batch_shape=({expected_1}, {time}, {features})),
    keras.layers.{keras_class}({units}, stateful=True),
])
x = np.zeros(({got_1}, {time}, {features}))
+ added = np.repeat(x[-1:], -len(x) % {expected_1}, axis=0)
- output = model.predict(x, verbose=0)
+ output = model.predict(np.append(x, added, axis=0), batch_size={expected_1}, verbose=0)[: len(x)]
"""
        + OF_OUTPUT,
        "({got_1}, {units})",
        "keras-stateful-batch",
    ),
    "other_batch": in_keras(
        """
model = keras.Sequential([
-     keras.Input(batch_shape=({expected_1}, {time}, {features})),
+     keras.Input(batch_shape=({got_1}, {time}, {features})),
    keras.layers.{keras_class}({units}, stateful=True),
])
output = model.predict(np.zeros(({got_1}, {time}, {features})), batch_size={got_1}, verbose=0)
"""
        + OF_OUTPUT,
        "({got_1}, {units})",
        "keras-stateful-batch",
    ),
    "missing_axis": in_keras(
        model(LAYER, "(None, {got_shape[1]})")
        + """
x = np.zeros({got_shape})
- output = model(x)
+ output = model(x[:, np.newaxis])
"""
        + OF_OUTPUT,
        "({got_shape[0]}, {units})",
        "keras-3-input",
    ),
    "features_first": in_keras(
        model(LAYER, "({expected_at[1]}, {expected_at[2]})")
        + """
x = np.zeros(({got}))
- output = model(x)
+ output = model(x.swapaxes(1, 2))
"""
        + OF_OUTPUT,
        "({got_at[0]}, {units})",
        "pytorch-product",
        when="order of x",
    ),
    "not_return_sequences": in_keras(
        model(BOTH + '\nkeras.layers.Dense({expected_shape[1]}, activation="softmax")', "({got_shape[1]}, {features})")
        + fit(
            "categorical_crossentropy",
            "{expected_shape[0]}",
            "{expected_shape[0]}, {expected_shape[1]}",
            "{got_shape[1]}",
        ),
        "(None, {expected_shape[1]})",
        "keras-3-target",
        when="every step for one target",
    ),
    "return_sequences": in_keras(
        model(BOTH_OF_STEPS + "\nkeras.layers.Dense({got_shape[1]})", "({expected_shape[1]}, {features})")
        + fit(
            "sparse_categorical_crossentropy",
            "{expected_shape[0]}",
            "{expected_shape[0]}, {expected_shape[1]}",
            "{expected_shape[1]}",
        ),
        "(None, {expected_shape[1]}, {got_shape[1]})",
        "keras-3-classes",
    ),
    "target_shape": in_keras(
        model(
            LAYER
            + '\n- keras.layers.Dense({expected_at[1]}, activation="softmax")'
            + '\n+ keras.layers.Dense({got_at[1]}, activation="softmax")'
        )
        + fit("categorical_crossentropy", "{got_at[0]}", "{got}"),
        "(None, {got_at[1]})",
        "keras-3-target",
        when="target of other classes",
    ),
    "class_indices": in_keras(
        model(LAYER + '\nkeras.layers.Dense({expected_at[1]}, activation="softmax")')
        + """
- model.compile(loss="categorical_crossentropy")
+ model.compile(loss="sparse_categorical_crossentropy")
"""
        + fit("x", "{got_at[0]}", "{got}").replace('\nmodel.compile(loss="x")', ""),
        "(None, {expected_at[1]})",
        "keras-3-target",
    ),
    "other_samples": in_keras(
        model(LAYER + "\nkeras.layers.Dense(1)")
        + """
model.compile(loss="mse")
- x, y = np.zeros(({expected_1}, {time}, {features})), np.zeros(({got_1}, 1))
+ x, y = np.zeros(({expected_1}, {time}, {features})), np.zeros(({expected_1}, 1))
model.fit(x, y, verbose=0)
print(model.output_shape)
""",
        "(None, 1)",
        *("keras-3-samples", "keras-2-samples"),
    ),
    "short_mask": in_keras(
        """
layer = keras.layers.TimeDistributed(keras.layers.Dense({units}))
x = np.zeros(({expected_at[0]}, {expected_at[1]}, {features}))
- mask = np.ones(({got}), bool)
+ mask = np.ones(({expected}), bool)
output = layer(x, mask=mask)
"""
        + OF_OUTPUT,
        "({expected_at[0]}, {expected_at[1]}, {units})",
        "keras-mask",
    ),
    "states_in_list": in_keras(
        """
layer = keras.layers.{keras_class}({units})
x, h = np.zeros(({batch}, {time}, {features}), "float32"), np.zeros(({batch}, {units}), "float32")
output = layer(x)
- output = layer([x, {states_of_list}])
+ output = layer(x, initial_state=[{states_of_list}])
"""
        + OF_OUTPUT,
        "({batch}, {units})",
        "keras-inputs",
        when="x",
    ),
    "list_of_states": in_keras(
        """
x = keras.Input(({time}, {features}))
- output = keras.layers.{keras_class}({units}, return_state=True)(x)
+ output, *states = keras.layers.{keras_class}({units}, return_state=True)(x)
output = keras.layers.Dense(10)(output)
"""
        + OF_OUTPUT,
        "(None, 10)",
        "keras-inputs",
        when="a list of outputs",
    ),
    "other_units": in_keras(
        """
x = np.zeros(({batch}, {time}, {features}), "float32")
- h = np.zeros(({batch}, {got_1}), "float32")
+ h = np.zeros(({batch}, {expected_1}), "float32")
output = keras.layers.{keras_class}({expected_1})(x, initial_state=[{states_of_list}])
"""
        + OF_OUTPUT,
        "({batch}, {expected_1})",
        "pytorch-product",
        when="h_0",
    ),
    "reshape_values": in_keras(
        """
layer = keras.layers.{keras_class}({view_units}, return_sequences=True)
output = layer(np.zeros(({batch}, {view_steps}, {features}), "float32"))
- output = keras.layers.Reshape(({view_old}))(output)
+ output = keras.layers.Reshape(({view_steps}, {view_units}))(output)
"""
        + OF_OUTPUT,
        "({batch}, {view_steps}, {view_units})",
        "keras-3-reshape",
        when="output",
    ),
    "other_steps": in_keras(
        """
a = keras.Input(({expected_steps}, {features}))
- b = keras.Input(({got_steps}, {features}))
+ b = keras.Input(({expected_steps}, {features}))
a, b = (keras.layers.{keras_class}({units_of_merge}, return_sequences=True)(one) for one in (a, b))
output = keras.layers.Concatenate()([a, b])
"""
        + OF_OUTPUT,
        "(None, {expected_steps}, {twice_merge})",
        "keras-concatenate",
    ),
    "merge_directions": in_keras(
        """
x = keras.Input(({expected_at.before}, {expected_at.last}))
layer = keras.layers.{keras_class}({expected_at.last}, return_sequences=True)
- output = keras.layers.Bidirectional(layer)(x)
+ output = keras.layers.Bidirectional(layer, merge_mode="sum")(x)
output = keras.layers.add([x, output])
"""
        + OF_OUTPUT,
        "(None, {expected_at.before}, {expected_at.last})",
        "keras-merge",
        when="twice the units",
    ),
    "repeated_every_step": in_keras(
        """
x = keras.Input(({got_shape[1]}, {features}))
- output = keras.layers.{keras_class}({got_shape[2]}, return_sequences=True)(x)
+ output = keras.layers.{keras_class}({got_shape[2]})(x)
output = keras.layers.RepeatVector({time})(output)
"""
        + OF_OUTPUT,
        "(None, {time}, {got_shape[2]})",
        *("keras-3-rank-shape", "keras-2-rank-shape"),
        when="output of every step",
    ),
    "flattened_steps": in_keras(
        """
model = keras.Sequential([
    keras.Input(({flat_time}, {flat_features})),
-     keras.layers.Flatten(),
+     keras.layers.TimeDistributed(keras.layers.Flatten()),
    keras.layers.{keras_class}({units}),
])
print(model.output_shape)
""",
        "(None, {units})",
        "keras-3-rank-shape",
        when="x",
    ),
    "dense_directions": in_keras(
        """
x, dense = np.zeros(({batch}, {time}, {features})), keras.layers.Dense(10)
output = keras.layers.Bidirectional(keras.layers.{keras_class}({expected_1}))(x)
- dense.build((None, {expected_1}))
+ dense.build((None, {got_1}))
output = dense(output)
"""
        + OF_OUTPUT,
        "({batch}, 10)",
        *("keras-3-axis-shape", "keras-axis-shape"),
        when="both directions of a dense layer",
    ),
    "one_step": in_keras(
        """
cell = keras.layers.{keras_class}Cell({units})
x, h = np.zeros({got_shape}, "float32"), np.zeros(({got_shape[0]}, {units}), "float32")
- output, states = cell(x, [{states_of_list}])
+ output = keras.layers.RNN(cell)(x)
"""
        + OF_OUTPUT,
        "({got_shape[0]}, {units})",
        "pytorch-broadcast",
        when="x of a cell",
    ),
    "squeeze": in_keras(
        """
layer, h = keras.layers.GRU({got_shape[2]}), np.zeros({got_shape}, "float32")
x = np.zeros(({got_shape[1]}, {time}, {features}), "float32")
- output = layer(x, initial_state=h)
+ output = layer(x, initial_state=h[0])
"""
        + OF_OUTPUT,
        "({got_shape[1]}, {got_shape[2]})",
        "python-sizes",
        when="a state of 3 axes",
    ),
    "h_for_h_c": in_keras(
        """
layer = keras.layers.LSTM({units})
x, h = np.zeros(({batch}, {time}, {features}), "float32"), np.zeros(({batch}, {units}), "float32")
- output = layer(x, initial_state=h)
+ output = layer(x, initial_state=[h, h])
"""
        + OF_OUTPUT,
        "({batch}, {units})",
        "keras-call",
        when="c_0",
    ),
    "number_of_states": in_keras(
        """
layer = keras.layers.Bidirectional(keras.layers.GRU({units}))
x, h = np.zeros(({batch}, {time}, {features}), "float32"), np.zeros(({batch}, {units}), "float32")
- output = layer(x, initial_state=[h])
+ output = layer(x, initial_state=[h, h])
"""
        + OF_OUTPUT,
        "({batch}, {double_width})",
        "keras-call",
        when="states of both directions of a GRU",
    ),
    "attention_units": in_keras(
        """
query, keys = keras.Input((5, {features})), keras.Input((9, {features}))
query = keras.layers.{keras_class}({expected_1}, return_sequences=True)(query)
keys = keras.layers.{keras_class}({got_1}, return_sequences=True)(keys)
+ keys = keras.layers.Dense({expected_1})(keys)
output = keras.layers.dot([query, keys], axes=(2, 2))
"""
        + OF_OUTPUT,
        "(None, 5, 9)",
        "keras-dot",
        when="output",
    ),
    "static_features": in_keras(
        """
model = keras.Sequential([
-     keras.Input(({time}, None)),
+     keras.Input(({time}, {features})),
    keras.layers.{keras_class}({units}),
])
print(model.output_shape)
""",
        "(None, {units})",
        "keras-3-unknown",
        when="x",
    ),
    "flattened_unknown": in_keras(
        """
model = keras.Sequential([
-     keras.Input((None, {features})),
+     keras.Input(({time}, {features})),
    keras.layers.{keras_class}({units}, return_sequences=True),
    keras.layers.Flatten(),
    keras.layers.Dense({dense_of_unknown}),
])
print(model.output_shape)
""",
        "(None, {dense_of_unknown})",
        "keras-3-unknown",
        when="dense input",
    ),
    "unequal_lengths": in_keras(
        model(LAYER + "\nkeras.layers.Dense(1)", "(None, 2)")
        + """
model.compile(loss="mse")
sequences = [[[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0]]]
- x = sequences
+ x = keras.utils.pad_sequences(sequences, dtype="float32", padding="post")
model.fit(x, np.zeros((2, 1)), verbose=0)
print(model.output_shape)
""",
        "(None, 1)",
        *("keras-3-data", "keras-2-data"),
    ),
    "list_of_samples": in_keras(
        model(LAYER + "\nkeras.layers.Dense(1)")
        + """
model.compile(loss="mse")
x = [np.zeros(({time}, {features})), np.zeros(({time}, {features}))]
- model.fit(x, np.zeros((2, 1)), verbose=0)
+ model.fit(np.array(x), np.zeros((2, 1)), verbose=0)
print(model.output_shape)
""",
        "(None, 1)",
        *("keras-3-list-of-samples", "keras-2-list-of-samples"),
    ),
}
"""Cause -> the program in Keras."""

OTHER_MODELS: dict[str, Listing] = {
    "return_sequences": in_keras(
        """
x = keras.Input(({time}, {features}))
- output = keras.layers.{keras_class}({got_shape[1]})(x)
+ output = keras.layers.{keras_class}({got_shape[1]}, return_sequences=True)(x)
output = keras.layers.TimeDistributed(keras.layers.Dense(10))(output)
"""
        + OF_OUTPUT,
        "(None, {time}, 10)",
        "keras-time-distributed",
    ),
    "target_shape": in_keras(
        model(LAYER + "\n- keras.layers.Dense({got_1})\n+ keras.layers.Dense({expected_1})")
        .replace("{got_1}", "{output_of_two}")
        .replace("{expected_1}", "{target_of_two}")
        + fit("mse", "{batch}", "{batch}, {target_of_two}"),
        "(None, {target_of_two})",
        "pytorch-broadcast",
        when="a target of no steps",
    ),
    "other_steps": in_keras(
        """
a = keras.Input(({expected_steps}, {features}))
- b = keras.Input(({got_steps}, {features}))
+ b = keras.Input(({expected_steps}, {features}))
a, b = (keras.layers.{keras_class}({units_of_merge}, return_sequences=True)(one) for one in (a, b))
output = keras.layers.add([a, b])
"""
        + OF_OUTPUT,
        "(None, {expected_steps}, {units_of_merge})",
        "keras-merge",
    ),
    "short_mask": in_keras(
        """
layer = keras.layers.{keras_class}({units})
x = np.zeros(({expected_at[0]}, {expected_at[1]}, {features}), "float32")
- mask = np.ones(({got}), bool)
+ mask = np.ones(({expected}), bool)
output = layer(x, mask=mask)
"""
        + OF_OUTPUT,
        "({expected_at[0]}, {units})",
        "keras-call",
        when="mask of steps",
    ),
    "unequal_lengths": in_keras(
        model(LAYER + "\nkeras.layers.Dense(1)", "(None, 2)")
        + """
model.compile(loss="mse")
sequences = [[[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0]]]
- x = np.array(sequences, dtype=object)
+ x = keras.utils.pad_sequences(sequences, dtype="float32", padding="post")
model.fit(x, np.zeros((2, 1)), verbose=0)
print(model.output_shape)
""",
        "(None, 1)",
        "keras-objects",
    ),
}
"""The same with other messages."""
