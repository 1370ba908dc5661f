"""Programs with mistakes in Keras: in its three versions, and trained as in the first one."""

from collections.abc import Iterator

from mistake import Mistake, of


def of_keras(framework: str) -> Iterator[Mistake]:
    """The same mistakes in Keras 3 and in Keras 2 (tf_keras)."""

    for cell in ("LSTM", "GRU", "SimpleRNN"):
        low = cell.lower()
        yield of(
            framework,
            "",
            f"{low}-two-axes",
            f"x = np.zeros((32, 7), 'float32')\npass  #! {{fix}}\nlayers.{cell}(20)(x)\n",
            *("x", "rank", 3, 2, "missing_axis"),
        )
        yield of(
            framework,
            "",
            f"{low}-return-sequences",
            f"""
model = keras.Sequential()
model.add(keras.Input((9, 7)))
first = layers.{cell}(20)  #! first = {{fix}}
model.add(first)
model.add(layers.{cell}(20))
""",
            *("x", "rank", 3, 2, "return_sequences"),
        )
        yield of(
            framework,
            "",
            f"{low}-four-axes",
            f"""
time_step = 9
model = keras.Sequential()
model.add(keras.Input((9, 7, 2)))
pass  #! model.add({{fix}})
model.add(layers.{cell}(20))
""",
            *("x", "rank", 3, 4, "extra_axis"),
        )
        yield of(
            framework,
            "",
            f"{low}-features",
            f"""
layer = layers.{cell}(20)
layer(np.zeros((4, 9, 7), 'float32'))
x = np.zeros((4, 9, 8), 'float32')
pass  #! layer = layers.{cell}(20)
layer(x)
""",
            *("x", "features"),
            *(((7,), (8,)) if framework == "keras" else ((None, None, 7), (4, 9, 8))),
            "other_features",
        )
        yield of(
            *(framework, ""),
            f"{low}-transposed-weights",
            f"""
layer = layers.{cell}(20)
layer.build((None, 9, 7))
kernel, recurrent, bias = layer.get_weights()
kernel = kernel.T
layer.set_weights([kernel, recurrent, bias])  #! {{fix}}
""",
            *("kernel", "order", None, None, "transposed"),
        )
    yield of(
        framework,
        "",
        "functional-return-sequences",
        """
inputs = keras.Input((30,))
x = layers.Embedding(1000, 16)(inputs)
x = layers.LSTM(32)(x)  #! x = {fix}(x)
x = layers.LSTM(8)(x)
""",
        *("x", "rank", 3, 2, "return_sequences"),
        other_fix="the message does not say the units of the layer below",
    )
    yield of(
        framework,
        "",
        "number-of-weights",
        """
layer = layers.LSTM(20)
layer.build((None, 9, 7))
kernel, recurrent_kernel, bias_ih = layer.get_weights()
bias_hh = np.zeros(80)
layer.set_weights([kernel, recurrent_kernel, bias_ih, bias_hh])  #! {fix}
""",
        *("bias", None, (3,), (4,), "two_biases"),
    )
    if framework == "keras2":
        yield of(
            framework,
            "",
            "unroll",
            """
time_step, features = 9, 7
x = keras.Input((None, 7))  #! x = {fix}
layers.LSTM(20, unroll=True)(x)
""",
            *("x", "time_step", None, None, "static_steps"),
        )
    yield of(
        framework,
        "",
        "stateful",
        """
features = 7
x = keras.Input((9, 7))  #! x = {fix}
layers.LSTM(20, stateful=True)(x)
""",
        *("x", "batch_size", None, None, "static_batch"),
    )
    yield of(
        framework,
        "",
        "time-distributed",
        """
x = keras.Input((9, 7))
x = layers.LSTM(20)(x)  #! x = {fix}(x)
layers.TimeDistributed(layers.Dense(3))(x)
""",
        *("dense_input", "rank", 3, 2, "return_sequences"),
    )


def of_keras_3() -> Iterator[Mistake]:

    model = "model = keras.Sequential([keras.Input(({steps}, 7)), layers.{cell}(20), layers.Dense(1)])\n"
    yield of(
        "keras",
        "",
        "model-features",
        model.format(steps=9, cell="LSTM") + "model.predict(np.zeros((4, 9, 8)), verbose=0)\n",
        *("x", "features", (7,), (8,), "other_columns"),
        other_fix="the corrected line says which x the call needs",
    )
    yield of(
        "keras",
        "",
        "model-order",
        model.format(steps=9, cell="GRU") + "x = np.zeros((4, 7, 9))\npass  #! {fix}\nmodel(x)\n",
        *("x", "features", (7,), (9,), "features_first"),
    )
    yield of(
        "keras",
        "",
        "model-rank",
        model.format(steps="None", cell="LSTM") + "x = np.zeros((30, 7))\npass  #! {fix}\nmodel(x)\n",
        *("x", "rank", 3, 2, "missing_axis"),
        with_code=True,
    )
    yield of(
        "keras",
        "",
        "stateful-batch",
        """
model = keras.Sequential([keras.Input(batch_shape=(8, 9, 7)), layers.LSTM(20, stateful=True)])
x = np.zeros((5, 9, 7))
model.predict(x, verbose=0)
""",
        *("x", "batch_size", (8,), (5,), "whole_batches"),
        is_new=True,
        other_fix="no corrected line is declared",
    )
    yield of(
        "keras",
        "",
        "target-every-step",
        """
first = layers.LSTM(20, return_sequences=True)
model = keras.Sequential([keras.Input((9, 7)), first, layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy")
model.fit(np.zeros((4, 9, 7)), np.zeros((4, 3)), verbose=0)
""",
        *("output", "rank", 2, 3, "not_return_sequences"),
        with_code=True,
        other_fix="the corrected line replaces a part of another line",
    )
    yield of(
        *("keras", "", "target-classes"),
        """
model = keras.Sequential([keras.Input((9, 7)), layers.LSTM(20), layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy")
model.fit(np.zeros((4, 9, 7)), np.zeros((4, 5)), verbose=0)
""",
        *("target", None, (4, 3), (4, 5), "target_shape"),
        with_code=True,
        other_fix="the corrected line prints both shapes",
    )
    yield of(
        "keras",
        "",
        "mask",
        """
layer = layers.TimeDistributed(layers.Dense(3))
x, mask = np.zeros((4, 9, 20), "float32"), np.ones((4, 7), bool)
layer(x, mask=mask)
""",
        *("mask", "time_step", (4, 9), (4, 7), "short_mask"),
        other_fix="the program has no lengths",
    )
    yield of(
        "keras",
        "",
        "inputs-in-list",
        """
layer = layers.LSTM(20)
x, h, c = np.zeros((4, 9, 7), "float32"), np.zeros((4, 20), "float32"), np.zeros((4, 20), "float32")
layer(np.zeros((4, 9, 7), "float32"))
layer([x, h, c])  #! {fix}
""",
        *("x", None, (1,), (3,), "states_in_list"),
    )
    yield of(
        "keras",
        "",
        "initial-state-units",
        """
x = np.zeros((4, 9, 7), "float32")
layers.LSTM(20)(x, initial_state=[np.zeros((4, 32), "float32")] * 2)
""",
        *("h_0", "num_units", (20,), (32,), "other_units"),
        is_new=True,
        other_fix="the state is no variable of its own",
    )


def of_keras_1() -> Iterator[Mistake]:
    """Models that are trained as in Keras 1 and 2.3."""
    model = """
layer = layers.{cell}(20, return_sequences={sequences})
model = keras.Sequential([keras.Input(({steps}, 7)), layer, layers.Dense(3)])
model.compile(loss="{loss}")
"""
    every = model.format(cell="LSTM", sequences=True, steps=9, loss="categorical_crossentropy")
    last = model.format(cell="GRU", sequences=False, steps=9, loss="mse")
    yield of(
        *("keras1", "", "target-every-step"),
        every + "model.fit(np.zeros((4, 9, 7)), np.zeros((4, 3)), verbose=0)\n",
        *("target", "rank", 3, 2, "not_return_sequences"),
        with_code=True,
        other_fix="the corrected line replaces a part of another line",
    )
    yield of(
        *("keras1", "", "target-of-last-step"),
        last + "model.fit(np.zeros((4, 9, 7)), np.zeros((4, 9, 3)), verbose=0)\n",
        *("output", "rank", 3, 2, "return_sequences"),
        with_code=True,
        other_fix="the corrected line replaces a part of another line",
    )
    yield of(
        *("keras1", "", "two-axes"),
        last + "x = np.zeros((30, 7))\npass  #! {fix}\nmodel.fit(x, np.zeros((30, 3)), verbose=0)\n",
        *("x", "rank", 3, 2, "missing_axis"),
        with_code=True,
        other_fix="the model has nine steps",
    )
    yield of(
        *("keras1", "", "features"),
        last + "model.fit(np.zeros((4, 9, 8)), np.zeros((4, 3)), verbose=0)\n",
        *("x", "features", None, None, "other_features"),
        with_code=True,
        other_fix="the corrected line replaces a part of another line",
    )
    yield of(
        *("keras1", "", "order"),
        last + "x = np.zeros((4, 7, 9))\npass  #! {fix}\nmodel.fit(x, np.zeros((4, 3)), verbose=0)\n",
        *("x", "order", None, None, "features_first"),
        with_code=True,
    )
    yield of(
        *("keras1", "", "classes"),
        last + "model.fit(np.zeros((4, 9, 7)), np.zeros((4, 5)), verbose=0)\n",
        *("target", None, None, None, "target_shape"),
        with_code=True,
        other_fix="the corrected line prints both shapes",
    )
