"""The lines of the small programs in Keras 2, which is tf_keras today; and in graphs, as Keras 1 trained models."""

from ..listing import Listing, in_keras
from .keras_models import BOTH, BOTH_OF_STEPS, LAYER, MODELS, OF_OUTPUT, fit, model

WITH_TENSORFLOW = "import tensorflow as tf\n"


SAVED = """
import os, tempfile
path = os.path.join(tempfile.mkdtemp(), "weights.h5")
def save_and_load(saved, layer):
    keras.Sequential([keras.Input((None, {features})), saved]).save_weights(path)
    keras.Sequential([keras.Input((None, {features})), layer]).load_weights(path)
"""

KERAS_2: dict[str, Listing] = {
    "other_features": in_keras(
        """
model = keras.Sequential([
-     keras.Input(({steps_of_model}, {expected_at.last})),
+     keras.Input(({steps_of_model}, {got_at.last})),
    keras.layers.{keras_class}({units}),
])
output = model(np.zeros(({got})))
"""
        + OF_OUTPUT,
        "({got_at[0]}, {units})",
        "keras-2-shape",
        when="3 sizes of x",
    ),
    "static_steps": in_keras(
        """
model = keras.Sequential([
-     keras.Input((None, {features})),
+     keras.Input(({time}, {features})),
    keras.layers.{keras_class}({units}, unroll=True),
])
print(model.output_shape)
""",
        "(None, {units})",
        "keras-2-unroll",
    ),
    "return_sequences": in_keras(
        model(BOTH_OF_STEPS + "\nkeras.layers.Dense(10)", "({times_of_target}, {features})")
        + fit(
            "sparse_categorical_crossentropy", "{expected_1}", "{expected_1}, {times_of_target}", "{times_of_target}"
        ),
        "(None, {times_of_target}, 10)",
        "tensorflow-labels",
        when="target",
    ),
    "not_return_sequences": in_keras(
        model(BOTH + "\nkeras.layers.Dense(10)", "({times}, {features})")
        + fit("sparse_categorical_crossentropy", "{got_1}", "{got_1}", "{times}"),
        "(None, 10)",
        "tensorflow-labels",
        when="target",
    ),
    "target_shape": in_keras(
        model(LAYER + "\n- keras.layers.Dense({expected_at.last})\n+ keras.layers.Dense({got_at.last})")
        + fit("{loss_of_message}", "{batch}", "{batch}, {got_at.last}"),
        "(None, {got_at.last})",
        "tensorflow-difference",
    ),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        in_keras(
            """
model = keras.Sequential([
    keras.Input(batch_shape=({got_1}, {time}, {features})),
    keras.layers.LSTM({lstm_of_sum}, stateful=True),
])
x = np.zeros(({all_samples}, {time}, {features}))
+ x = x[: len(x) // {got_1} * {got_1}]
output = model.predict(x, batch_size={got_1}, verbose=0)
"""
            + OF_OUTPUT,
            "({got_1}, {lstm_of_sum})",
            "tensorflow-sum-of-node",
            when="a smaller batch",
        ),
    ),
    "number_of_states": in_keras(
        WITH_TENSORFLOW
        + """
layer = keras.layers.Bidirectional(keras.layers.LSTM({units}))
x, h = tf.zeros(({batch}, {time}, {features})), tf.zeros(({batch}, {units}))
- output = layer(x, initial_state=[h, h, h])
+ output = layer(x, initial_state=[h, h, h, h])
"""
        + OF_OUTPUT,
        "({batch}, {double_width})",
        "keras-2-bidirectional-states",
    ),
    "attention_axis": in_keras(
        WITH_TENSORFLOW
        + """
layer = keras.layers.GRU({units}, return_sequences=True, return_state=True)
keys, query = layer(tf.zeros(({batch}, {time}, {features})))
+ query = tf.expand_dims(query, 1)
output = tf.nn.tanh(keras.layers.Dense({width_of_sum})(query) + keras.layers.Dense({width_of_sum})(keys))
"""
        + OF_OUTPUT,
        "({batch}, {time}, {width_of_sum})",
        "tensorflow-sum",
        when="several steps and samples",
    ),
    "transpose_keys": in_keras(
        WITH_TENSORFLOW
        + """
layer = keras.layers.{keras_class}({message[left][2]}, return_sequences=True)
query = layer(tf.zeros(({message[left][0]}, {message[left][1]}, {features})))
keys = layer(tf.zeros(({message[left][0]}, {message[right][1]}, {features})))
- output = tf.matmul(query, keys)
+ output = tf.matmul(query, tf.transpose(keys, (0, 2, 1)))
"""
        + OF_OUTPUT,
        "({message[left][0]}, {message[left][1]}, {message[right][1]})",
        "tensorflow-product-run",
        when="order of keys",
    ),
    "flattened_unknown": MODELS["flattened_unknown"]._replace(of=("keras-unknown",)),
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
        "tensorflow-objects",
    ),
    "returned_states": in_keras(
        """
model = keras.Sequential([
    keras.Input(({time}, {features})),
-     keras.layers.{keras_class}({units}, return_state=True),
+     keras.layers.{keras_class}({units}),
    keras.layers.Dense(10),
])
print(model.output_shape)
""",
        "(None, 10)",
        "keras-2-sequential",
    ),
    "other_size": in_keras(
        SAVED
        + """
saved = keras.layers.{keras_class}({keras_units_saved})
- layer = keras.layers.{keras_class}({units})
+ layer = keras.layers.{keras_class}({keras_units_saved})
save_and_load(saved, layer)
print(layer.get_weights()[0].shape)
""",
        "({got})",
        "keras-2-assign",
        when="gates",
    ),
    "weights_directions": in_keras(
        SAVED
        + """
saved = keras.layers.Bidirectional(keras.layers.{keras_class}({units}))
- layer = keras.layers.{keras_class}({units})
+ layer = keras.layers.Bidirectional(keras.layers.{keras_class}({units}))
save_and_load(saved, layer)
print(layer.get_weights()[0].shape)
""",
        "({features}, {columns})",
        "keras-3-number-in-order",
    ),
    "reset_after": in_keras(
        SAVED
        + """
saved = keras.layers.GRU({units}, reset_after=False)
- layer = keras.layers.GRU({units})
+ layer = keras.layers.GRU({units}, reset_after=False)
save_and_load(saved, layer)
print(layer.get_weights()[2].shape)
""",
        "({columns},)",
        "keras-2-reset-before",
    ),
}
"""Cause -> the program in Keras 2."""

KERAS_2_OTHERS: dict[str, Listing] = {
    "target_shape": in_keras(
        model(
            LAYER
            + '\n- keras.layers.Dense({expected_at.last}, activation="sigmoid")'
            + '\n+ keras.layers.Dense({got_at.last}, activation="sigmoid")'
        )
        + fit("binary_crossentropy", "{batch}", "{batch}, {got_at.last}"),
        "(None, {got_at.last})",
        "keras-2-logits",
    ),
    "return_sequences": in_keras(
        model(
            BOTH_OF_STEPS + "\nkeras.layers.Dense({got_shape.last})",
            "({expected_shape[1]}, {features})",
        )
        + fit(
            "categorical_crossentropy",
            "{batch}",
            "{batch}, {expected_shape[1]}, {expected_shape.last}",
            "{expected_shape[1]}",
        ),
        "(None, {expected_shape[1]}, {got_shape.last})",
        "keras-shapes",
        when="an output of one step",
    ),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        in_keras(
            WITH_TENSORFLOW
            + """
x = tf.zeros(({expected_1}, {time}, {features}))
- h = tf.zeros(({got_1}, {units}))
+ h = tf.zeros((len(x), {units}))
output = keras.layers.{keras_class}({units})(x, initial_state=[{states_of_list}])
"""
            + OF_OUTPUT,
            "({expected_1}, {units})",
            "tensorflow-sum",
            when="h_0",
        ),
    ),
}
"""The same with other messages."""

KERAS_2_STATES: dict[str, Listing] = {
    "features_first": in_keras(
        model(LAYER, "({expected_at[1]}, {expected_at[2]})")
        + """
x = np.zeros(({batch}, {got_known}))
- output = model(x)
+ output = model(x.swapaxes(1, 2))
"""
        + OF_OUTPUT,
        "({batch}, {units})",
        "keras-2-shape",
        when="order of an input",
    ),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        in_keras(
            """
layer = keras.layers.LSTM({units}, stateful=True)
layer.build(({expected_1}, {time}, {features}))
x, c = np.zeros(({expected_1}, {time}, {features}), "float32"), np.zeros(({expected_1}, {units}))
- h = np.zeros(({got_1}, {units}))
+ h = np.zeros((len(x), {units}))
layer.reset_states([h, c])
output = layer(x)
"""
            + OF_OUTPUT,
            "({expected_1}, {units})",
            "keras-kept-h_0",
            when="h_0",
        ),
    ),
}
"""The same for kept states."""

OF_MODEL = "({expected_shape[1]}, {features})"

KERAS_1: dict[str, Listing] = {
    "not_return_sequences": in_keras(
        model(BOTH + "\nkeras.layers.Dense({expected_shape[2]})", OF_MODEL)
        + fit("{loss_of_message}", "{got_shape[0]}", "{got_shape[0]}, {got_shape[1]}", "{expected_shape[1]}"),
        "(None, {expected_shape[2]})",
        "keras-2-target",
        when="a target without steps",
    ),
    "return_sequences": in_keras(
        model(BOTH_OF_STEPS + "\nkeras.layers.Dense({got_shape.last})", OF_MODEL)
        + fit(
            "{loss_of_message}",
            "{batch_of_target}",
            "{batch_of_target}, {expected_shape[1]}, {expected_shape[2]}",
            "{expected_shape[1]}",
        ),
        "(None, {expected_shape[1]}, {got_shape.last})",
        "keras-2-target",
        when="an output of one step",
    ),
    "target_shape": in_keras(
        model(LAYER + "\n- keras.layers.Dense({expected_at.last})\n+ keras.layers.Dense({got_at.last})")
        + fit("{loss_of_message}", "{got_at[0]}", "{got}"),
        "(None, {got_at.last})",
        "keras-2-target",
        when="a target with one axis of values",
    ),
    "missing_axis": in_keras(
        model(LAYER + "\nkeras.layers.Dense(1)", "(1, {got_shape.last})")
        + """
model.compile(loss="mse")
x, y = np.zeros(({batch}, {got_shape.last})), np.zeros(({batch}, 1))
- model.fit(x, y, verbose=0)
+ model.fit(x[:, np.newaxis], y, verbose=0)
print(model.output_shape)
""",
        "(None, 1)",
        "keras-1-check-rank",
    ),
    "features_first": in_keras(
        model(LAYER + "\nkeras.layers.Dense(1)", "({expected_at[1]}, {expected_at[2]})")
        + """
model.compile(loss="mse")
x, y = np.zeros(({batch}, {got})), np.zeros(({batch}, 1))
- model.fit(x, y, verbose=0)
+ model.fit(x.swapaxes(1, 2), y, verbose=0)
print(model.output_shape)
""".replace("{got}", "{got_known}"),
        "(None, 1)",
        "keras-1-check-shape",
        when="order of an input",
    ),
    "other_features": in_keras(
        """
model = keras.Sequential([
-     keras.Input(({steps_of_model}, {expected_at.last})),
+     keras.Input(({steps_of_model}, {got_at.last})),
    keras.layers.{keras_class}({units}),
    keras.layers.Dense(1),
])
"""
        + """
model.compile(loss="mse")
model.fit(np.zeros(({batch}, {steps_of_model}, {got_at.last})), np.zeros(({batch}, 1)), verbose=0)
print(model.output_shape)
""",
        "(None, 1)",
        "keras-1-check-shape",
        when="features of an input",
    ),
    "h_for_h_c": in_keras(
        """
x, h = keras.Input(({time}, {features})), keras.Input(({units},))
layer = keras.layers.LSTM({units})
- output = layer(x, initial_state=[h])
+ output = layer(x, initial_state=[h, h])
model = keras.Model([x, h], output)
print(model.output_shape)
""",
        "(None, {units})",
        "keras-state-sizes",
        when="c_0",
    ),
    "other_batch": in_keras(
        """
model = keras.Sequential([
-     keras.Input(batch_shape=({expected_1}, {time}, {features})),
+     keras.Input(batch_shape=({got_1}, {time}, {features})),
    keras.layers.{keras_class}({units}, stateful=True),
])
output = model.predict(np.zeros(({got_1}, {time}, {features})), batch_size={got_1})
"""
        + OF_OUTPUT,
        "({got_1}, {units})",
        "keras-2-fixed-batch",
    ),
}
"""The same in graphs."""
