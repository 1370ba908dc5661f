"""Sizes of embeddings that a program of Flax says by a constant, or by a field of an object that it may change. Flax
0.12 raised the error."""

import pytest

from app.reading.errors.explanation import explain

PROGRAM = """from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
from flax import linen as nn

WIDTH = 18


@dataclass
class Sizes:
    width: int = 5
    units: int = 27


sizes = {sizes}


class Letter(nn.Module):
    @nn.compact
    def __call__(self, carry, letter):
        x = nn.Embed(44, {width})(letter)
        carry, y = nn.OptimizedLSTMCell(27)(carry, x)
        return carry, y


class Speller(nn.Module):
    def setup(self):
        self.step = Letter()

    def __call__(self, carry, letters):
        for t in range(letters.shape[1]):
            carry, y = self.step(carry, letters[:, t])
        return y


Speller().init(jax.random.key(0), jnp.zeros((8, 27)), jnp.zeros((8, 11), int))
Traceback (most recent call last):
  File "/home/me/speller.py", line 36, in <module>
    Speller().init(jax.random.key(0), jnp.zeros((8, 27)), jnp.zeros((8, 11), int))
  File "/home/me/speller.py", line 32, in __call__
    carry, y = self.step(carry, letters[:, t])
  File "/home/me/speller.py", line 22, in __call__
    carry, y = nn.OptimizedLSTMCell(27)(carry, x)
  File "/venv/site-packages/flax/linen/recurrent.py", line 296, in __call__
    c, h = carry
    ^^^^
ValueError: too many values to unpack (expected 2)
"""


@pytest.mark.parametrize(
    ("sizes", "width", "features"),
    [
        ("Sizes()", "WIDTH", 18),
        ("Sizes()", "sizes.width", 5),
        ("replace(Sizes(), width=12)", "sizes.width", None),
        ("Sizes()\nsizes.width = 12", "sizes.width", 12),
        ("Sizes()\nsizes.width = int(input())", "sizes.width", None),
    ],
)
def test_a_field_that_changes_does_not_have_its_default(sizes: str, width: str, features: int | None) -> None:
    network = explain(PROGRAM.format(sizes=sizes, width=width)).configuration

    assert network and network.features == features
