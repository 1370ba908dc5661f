"""The lines of the small programs in JAX, which compute a step of a cell themselves."""

from ..listing import Listing
from .numpy import (
    COLUMNS,
    FEATURES,
    FEATURES_OF_COLUMNS,
    NUMPY,
    OF_COLUMNS,
    PRINT_SUMS,
    ROWS,
    SAMPLES,
    SUMS,
    UNITS,
    UNITS_OF_COLUMNS,
    C,
)


def _in_jax(listing: Listing, *of: str) -> Listing:
    """The program of NumPy with the arrays of JAX."""
    lines = listing.lines.replace("np.", "jnp.").replace("import numpy as np", "import jax.numpy as jnp")
    return listing._replace(lines=lines, of=of)


HEAD = """
import jax
import jax.numpy as jnp
"""

STEP = """
def rnn_step(h, x_t):
    h = jnp.tanh(x_t @ W + h @ U)
    return h, h
W, U = jnp.zeros(({features}, {units})), jnp.zeros(({units}, {units}))
"""

STEP_OF_PAIR = """
def step(carry, x_t):
    h, c = carry
    c = c + x_t @ W + h @ U
    h = jnp.tanh(c)
    {returned}
W, U = jnp.zeros(({{features}}, {{units}})), jnp.zeros(({{units}}, {{units}}))
h = c = jnp.zeros(({{batch}}, {{units}}))
"""

KEYS = """
keys = jnp.zeros(({batch}, {time}, {expected_1}))
query, W_keys = jnp.zeros(({batch}, {got_1})), jnp.zeros(({expected_1}, {got_1}))
+ keys = keys @ W_keys
print(attend(keys, query).shape)
"""

JAX: dict[str, Listing] = {
    "other_features": _in_jax(Listing(SUMS + FEATURES + PRINT_SUMS, ROWS, "factors of rows"), "jax-product"),
    "other_units": _in_jax(Listing(SUMS + UNITS + PRINT_SUMS, ROWS, "factors of rows"), "jax-product"),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        _in_jax(Listing(SUMS + SAMPLES + PRINT_SUMS, "({expected_1}, {columns})", "h_0 in rows"), "jax-sum"),
    ),
    "bias_size": _in_jax(NUMPY["bias_size"], "jax-shapes"),
    "carry": Listing(
        HEAD
        + STEP
        + """
xs = jnp.zeros(({time}, {expected_at[0]}, {features}))
- h = jnp.zeros(({got}))
+ h = jnp.zeros((xs.shape[1], {units}))
h, outputs = jax.lax.scan(rnn_step, h, xs)
print(outputs.shape)
""",
        "({time}, {expected_at[0]}, {units})",
        "h_0",
        ("jax-carry",),
    ),
    "scan_steps": Listing(
        HEAD
        + """
def rnn_step(h, x_and_y):
    x_t, y_t = x_and_y
    h = jnp.tanh(x_t @ W + h @ U)
    return h, h - y_t
W, U = jnp.zeros(({features}, {units})), jnp.zeros(({units}, {units}))
x = jnp.zeros(({expected_1}, {batch}, {features}))
- y = jnp.zeros(({got_1}, {batch}, {units}))
+ y = jnp.zeros(({expected_1}, {batch}, {units}))
h, losses = jax.lax.scan(rnn_step, jnp.zeros(({batch}, {units})), (x, y))
print(losses.shape)
""",
        "({expected_1}, {batch}, {units})",
        of=("jax-scan-steps",),
    ),
    "scan_axis": Listing(
        HEAD
        + STEP
        + """
xs = jnp.zeros(({got_1}, {expected_1}, {features}))
h = jnp.zeros(({got_1}, {units}))
- h, outputs = jax.lax.scan(rnn_step, h, xs, length={expected_1})
+ h, outputs = jax.lax.scan(rnn_step, h, xs.swapaxes(0, 1), length={expected_1})
print(outputs.shape)
""",
        "({expected_1}, {got_1}, {units})",
        of=("jax-scan-length",),
    ),
    "carry_structure": Listing(
        HEAD
        + STEP_OF_PAIR.format(returned="pass").replace("    pass", "-     return h, h\n+     return (h, c), h")
        + """
xs = jnp.zeros(({time}, {batch}, {features}))
(h, c), outputs = jax.lax.scan(step, (h, c), xs)
print(outputs.shape)
""",
        "({time}, {batch}, {units})",
        of=("jax-structure",),
    ),
    **dict.fromkeys(
        ("attention_units", "attention_directions"),
        Listing(
            """
import jax.numpy as jnp
def attend(encoder_outputs, decoder_hidden):
    return jnp.einsum("bth,bh->bt", encoder_outputs, decoder_hidden)
"""
            + KEYS,
            "({batch}, {time})",
            of=("jax-einsum",),
        ),
    ),
}
"""Cause -> the program in JAX."""

JAX_OTHERS: dict[str, Listing] = {
    "other_features": _in_jax(
        Listing(COLUMNS + FEATURES_OF_COLUMNS + PRINT_SUMS, OF_COLUMNS, "factors of columns"), "jax-product"
    ),
    "other_units": _in_jax(
        Listing(COLUMNS + UNITS_OF_COLUMNS + PRINT_SUMS, OF_COLUMNS, "factors of columns"), "jax-product"
    ),
}
"""The same for samples in columns."""

JAX_C: dict[str, Listing] = {"other_units": _in_jax(C, "jax-mul")}
"""The same for c."""
