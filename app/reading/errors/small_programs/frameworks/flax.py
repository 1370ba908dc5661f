"""The lines of the small programs in Flax."""

from ..listing import Listing

HEAD = """
import jax
import jax.numpy as jnp
from flax import linen as nn
"""

CELL = """
cell, key = nn.{flax_cell}({units}), jax.random.key(0)
x = jnp.zeros(({expected_1}, {features}))
variables = cell.init(key, cell.initialize_carry(key, x.shape), x)
"""

H_FOR_H_C = Listing(
    HEAD
    + """
cell, key = nn.LSTMCell({units}), jax.random.key(0)
x = jnp.zeros(({flax_batch}, {features}))
- carry = jnp.zeros(({flax_batch}, {units}))
+ carry = cell.initialize_carry(key, x.shape)
(_, y), variables = cell.init_with_output(key, carry, x)
print(y.shape)
""",
    "({flax_batch}, {units})",
)
"""One array for the pair. An array with two rows would be unpacked as if it were one."""

FLAX: dict[str, Listing] = {
    "init_features": Listing(
        HEAD
        + """
model = nn.RNN(nn.{flax_cell}({expected_at[1]}))
x = jnp.zeros(({batch}, {time}, {expected_at[0]}))
- variables = model.init(jax.random.key(0), jnp.zeros(({batch}, {time}, {got_at[0]})))
+ variables = model.init(jax.random.key(0), x)
print(model.apply(variables, x).shape)
""",
        "({batch}, {time}, {expected_at[1]})",
        of=("flax-parameter", "flax-1-parameter", "flax-0-parameter"),
    ),
    "h_for_h_c": H_FOR_H_C._replace(of=("flax-h-for-h-c", "flax-h-for-h-c-of-one")),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        Listing(
            HEAD
            + CELL
            + """
- h = jnp.zeros(({got_1}, {units}))
+ h = jnp.zeros((len(x), {units}))
carry, y = cell.apply(variables, {flax_carry}, x)
print(y.shape)
""",
            "({expected_1}, {units})",
            "h_0",
            ("jax-sum",),
        ),
    ),
}
"""Cause -> the program in Flax."""
