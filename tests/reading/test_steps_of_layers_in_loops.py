"""Layers of Keras that a loop makes one above the other: all but the last one return every step.

Keras 3.15 raised the message for each of these programs, and trained the model of each with the corrected lines.
"""

import pytest
from pasted_programs import likely, pasted

IMPORTS = "import keras\nimport numpy as np\nfrom keras import layers\n\n"

OF_WIDTHS = """
def network(widths=(26, 14), steps=8, features=5):
    inputs = keras.Input((steps, features))
    x = inputs
    for width in widths:
        x = layers.LSTM(width)(x)
    return keras.Model(inputs, layers.Dense(1)(x))


model = network()
model.compile("adam", "mse")
model.fit(np.random.rand(64, 8, 5), np.random.rand(64, 1), batch_size=16)
"""

UNNAMED = """
model = keras.Sequential()
model.add(keras.Input((11, 6)))
for _ in range(3):
    model.add(keras.layers.SimpleRNN(19, activation="relu"))
model.add(keras.layers.Dropout(0.2))
model.add(keras.layers.Dense(4, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(np.random.rand(60, 11, 6), np.random.randint(0, 4, 60), batch_size=12)
"""

NUMBERED = """
def network(depth=2, units=40):
    model = keras.Sequential([keras.Input((9, 22))])
    for i in range(depth):
        model.add(layers.GRU(units, name=f"gru_{i}"))
    model.add(layers.Dense(7, activation="softmax"))
    return model


model = network()
"""

LISTED = """
sizes = [34, 23, 12]
model = keras.Sequential([keras.Input((13, 3)), *[layers.GRU(size) for size in sizes], layers.Dense(1)])
"""

ABOVE_ANOTHER = """
def stack(depth, units):
    model = keras.Sequential([keras.Input((9, 5)), layers.GRU(units)])
    for _ in range(depth - 1):
        model.add(layers.GRU(units))
    model.add(layers.Dense(1))
    return model


model = stack(3, 18)
"""

OF_EACH_STEP = """
depth = 3
model = keras.Sequential([keras.Input((7, 4))])
for n in range(depth):
    model.add(layers.Bidirectional(layers.LSTM(21)))
model.add(layers.TimeDistributed(layers.Dense(2)))
"""

OF_TARGET = """
model = keras.Sequential([keras.Input((10, 4))])
for i in range(2):
    model.add(layers.LSTM(15))
model.add(layers.Dense(3))
model.compile("adam", "mse")
model.fit(np.random.rand(40, 10, 4), np.random.rand(40, 10, 3), batch_size=8)
"""


def error(layer: str, width: int) -> str:
    return (
        f"ValueError: Input 0 with name 'None' of layer '{layer}_1' is incompatible with the layer: expected ndim=3,"
        f" found ndim=2. Full shape received: (None, {width})"
    )


@pytest.mark.parametrize(
    ("program", "failed", "message", "lines"),
    [
        (
            OF_WIDTHS,
            "x = layers.LSTM(width)(x)",
            error("lstm", 26),
            {
                "for width in widths:": "for i, width in enumerate(widths):",
                "x = layers.LSTM(width)(x)": "x = layers.LSTM(width, return_sequences=i < len(widths) - 1)(x)",
            },
        ),
        (
            UNNAMED,
            'model.add(keras.layers.SimpleRNN(19, activation="relu"))',
            error("simple_rnn", 19),
            {
                "for _ in range(3):": "for i in range(3):",
                'model.add(keras.layers.SimpleRNN(19, activation="relu"))': (
                    'model.add(keras.layers.SimpleRNN(19, activation="relu", return_sequences=i < 2))'
                ),
            },
        ),
        (
            NUMBERED,
            'model.add(layers.GRU(units, name=f"gru_{i}"))',
            error("gru", 40),
            {
                'model.add(layers.GRU(units, name=f"gru_{i}"))': (
                    'model.add(layers.GRU(units, name=f"gru_{i}", return_sequences=i < depth - 1))'
                )
            },
        ),
        (
            LISTED,
            LISTED.strip().split("\n")[1],
            error("gru", 34),
            {
                LISTED.strip().split("\n")[1]: (
                    "model = keras.Sequential([keras.Input((13, 3)), *[layers.GRU(size, return_sequences=i < len(sizes)"
                    " - 1) for i, size in enumerate(sizes)], layers.Dense(1)])"
                )
            },
        ),
        (
            ABOVE_ANOTHER,
            "model.add(layers.GRU(units))",
            error("gru", 18),
            {
                "model = keras.Sequential([keras.Input((9, 5)), layers.GRU(units)])": (
                    "model = keras.Sequential([keras.Input((9, 5)), layers.GRU(units, return_sequences=True)])"
                ),
                "for _ in range(depth - 1):": "for i in range(depth - 1):",
                "model.add(layers.GRU(units))": "model.add(layers.GRU(units, return_sequences=i < depth - 2))",
            },
        ),
    ],
)
def test_all_layers_of_a_loop_but_the_last_one_return_every_step(
    program: str, failed: str, message: str, lines: dict[str, str]
) -> None:
    assert likely(pasted(f"{IMPORTS}{program}", [failed], message)) == (["return_sequences"], lines)


@pytest.mark.parametrize(
    ("program", "failed", "message", "line"),
    [
        (
            OF_EACH_STEP,
            "model.add(layers.Bidirectional(layers.LSTM(21)))",
            error("bidirectional", 42),
            "model.add(layers.Bidirectional(layers.LSTM(21, return_sequences=True)))",
        ),
        (
            OF_TARGET,
            "model.add(layers.LSTM(15))",
            error("lstm", 15),
            "model.add(layers.LSTM(15, return_sequences=True))",
        ),
    ],
)
def test_the_last_layer_of_a_loop_too_returns_the_steps_that_are_read_after_it(
    program: str, failed: str, message: str, line: str
) -> None:
    assert likely(pasted(f"{IMPORTS}{program}", [failed], message)) == (["return_sequences"], {failed: line})
