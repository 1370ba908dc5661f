"""The lines of the small programs in NumPy, which compute a step of a cell themselves."""

from ..listing import Listing

SUMS = """
import numpy as np
def {name}_step(x, h):
    return x @ W + h @ U + b
"""
"""A step with samples in rows: the sums that all gates need."""

PRINT_SUMS = """
print({name}_step(x, h).shape)
"""

COLUMNS = """
import numpy as np
def {name}_step(x, h):
    return W @ x + U @ h + b
"""
"""A step with samples in columns."""

DOTS = SUMS.replace("x @ W + h @ U", "np.dot(x, W) + np.dot(h, U)")
DOTS_OF_COLUMNS = COLUMNS.replace("W @ x + U @ h", "np.dot(W, x) + np.dot(U, h)")

FEATURES = """
x, h = np.zeros(({batch}, {got_1})), np.zeros(({batch}, {units}))
- W = np.zeros(({expected_1}, {columns}))
+ W = np.zeros(({got_1}, {columns}))
U, b = np.zeros(({units}, {columns})), np.zeros({columns})
"""
FEATURES_OF_COLUMNS = """
x, h = np.zeros(({got_1}, {batch})), np.zeros(({units}, {batch}))
- W = np.zeros(({columns}, {expected_1}))
+ W = np.zeros(({columns}, {got_1}))
U, b = np.zeros(({columns}, {units})), np.zeros(({columns}, 1))
"""

UNITS = """
x = np.zeros(({batch}, {features}))
- h = np.zeros(({batch}, {got_1}))
+ h = np.zeros(({batch}, {expected_1}))
W, U = np.zeros(({features}, {columns})), np.zeros(({expected_1}, {columns}))
b = np.zeros({columns})
"""
UNITS_OF_COLUMNS = """
x = np.zeros(({features}, {batch}))
- h = np.zeros(({got_1}, {batch}))
+ h = np.zeros(({expected_1}, {batch}))
W, U = np.zeros(({columns}, {features})), np.zeros(({columns}, {expected_1}))
b = np.zeros(({columns}, 1))
"""

SAMPLES = """
x = np.zeros(({expected_1}, {features}))
- h = np.zeros(({got_1}, {units}))
+ h = np.zeros((len(x), {units}))
W, U = np.zeros(({features}, {columns})), np.zeros(({units}, {columns}))
b = np.zeros({columns})
"""
SAMPLES_OF_COLUMNS = """
x = np.zeros(({features}, {expected_1}))
- h = np.zeros(({units}, {got_1}))
+ h = np.zeros(({units}, x.shape[1]))
W, U = np.zeros(({columns}, {features})), np.zeros(({columns}, {units}))
b = np.zeros(({columns}, 1))
"""

C = Listing(
    """
import numpy as np
def lstm_step(f, i, g, c):
    return f * c + i * g
f = i = g = np.ones({message[left]})
- c = np.ones({message[right]})
+ c = np.ones_like(f)
print(lstm_step(f, i, g, c).shape)
""",
    "{message[left]}",
    when="c_0",
)
"""A wrong cell state of an LSTM."""

ROWS, OF_COLUMNS = "({batch}, {columns})", "({columns}, {batch})"
MATMUL, DOT, SUM = ("numpy-product-sizes",), ("numpy-dot",), ("numpy-sum",)

NUMPY: dict[str, Listing] = {
    "other_features": Listing(SUMS + FEATURES + PRINT_SUMS, ROWS, "factors of rows", MATMUL),
    "other_units": Listing(SUMS + UNITS + PRINT_SUMS, ROWS, "factors of rows", MATMUL),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        Listing(SUMS + SAMPLES + PRINT_SUMS, "({expected_1}, {columns})", "h_0 in rows", SUM),
    ),
    "bias_size": Listing(
        SUMS
        + """
x, h = np.zeros(({message[left][0]}, {features})), np.zeros(({message[left][0]}, {units}))
W, U = np.zeros(({features}, {expected_1})), np.zeros(({units}, {expected_1}))
- b = np.zeros({got_1})
+ b = np.zeros({expected_1})
"""
        + PRINT_SUMS,
        "({message[left][0]}, {expected_1})",
        of=SUM,
    ),
    "samples_in_columns": Listing(
        DOTS_OF_COLUMNS
        + """
x, h = np.zeros(({got})), np.zeros(({units}, {got_at[0]}))
+ x = x.T
W, U = np.zeros(({columns}, {got_at[1]})), np.zeros(({columns}, {units}))
b = np.zeros(({columns}, 1))
"""
        + PRINT_SUMS,
        "({columns}, {got_at[0]})",
        of=DOT,
    ),
    "split_gates": Listing(
        """
import numpy as np
def {name}_step(x, h):
    gates = x @ W + h @ U
+     {gate_names} = np.split(gates, {gates}, axis=-1)
-     return gates * h
+     return {gate_of_h} * h
x, h = np.zeros(({batch_of_sum}, {features})), np.zeros(({batch_of_sum}, {units}))
W, U = np.zeros(({features}, {columns})), np.zeros(({units}, {columns}))
"""
        + PRINT_SUMS,
        "({batch_of_sum}, {units})",
        when="all gates",
        of=SUM,
    ),
    "reshape_steps": Listing(
        """
import numpy as np
def rnn(x, h):
    return np.stack([h := np.tanh(x_t @ W + h @ U) for x_t in x.swapaxes(0, 1)], axis=1)
x, h = np.zeros(({beside[0]}, {times}, {features})), np.zeros(({beside[0]}, {beside[1]}))
W, U = np.zeros(({features}, {beside[1]})), np.zeros(({beside[1]}, {beside[1]}))
output = rnn(x, h)
- output = output.reshape({beside[0]}, {beside[1]})
+ output = output.reshape({beside[0]}, {times}, {beside[1]})
print(output.shape)
""",
        "({beside[0]}, {times}, {beside[1]})",
        of=("numpy-reshape",),
    ),
}
"""Cause -> the program in NumPy."""

NUMPY_COLUMNS: dict[str, Listing] = {
    "other_features": Listing(COLUMNS + FEATURES_OF_COLUMNS + PRINT_SUMS, OF_COLUMNS, "factors of columns", MATMUL),
    "other_units": Listing(COLUMNS + UNITS_OF_COLUMNS + PRINT_SUMS, OF_COLUMNS, "factors of columns", MATMUL),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        Listing(COLUMNS + SAMPLES_OF_COLUMNS + PRINT_SUMS, "({columns}, {expected_1})", "h_0 in columns", SUM),
    ),
}
"""The same for samples in columns."""

NUMPY_OTHERS: dict[str, Listing] = {
    "other_features": Listing(DOTS + FEATURES + PRINT_SUMS, ROWS, "factors of rows", DOT),
    "other_units": Listing(DOTS + UNITS + PRINT_SUMS, ROWS, "factors of rows", DOT),
    **dict.fromkeys(("last_batch", "other_batch"), C._replace(of=SUM)),
}
"""The same for np.dot, and for c."""

NUMPY_OTHER_COLUMNS: dict[str, Listing] = {
    "other_features": Listing(
        DOTS_OF_COLUMNS + FEATURES_OF_COLUMNS + PRINT_SUMS, OF_COLUMNS, "factors of columns", DOT
    ),
    "other_units": C._replace(of=SUM),
}
"""The same for np.dot with samples in columns."""

NUMPY_JOINED: dict[str, Listing] = {
    "other_features": Listing(
        """
import numpy as np
def {name}_step(x, h):
    return np.dot(W, np.concatenate((h, x))) + b
x, h = np.zeros(({got_1}, {batch_of_joined})), np.zeros(({units}, {batch_of_joined}))
- W = np.zeros(({message[left][0]}, {units} + {expected_1}))
+ W = np.zeros(({message[left][0]}, {units} + {got_1}))
b = np.zeros(({message[left][0]}, 1))
"""
        + PRINT_SUMS,
        "({message[left][0]}, {batch_of_joined})",
        "x joined with h",
        DOT,
    ),
}
"""The same for x and h in one array."""
