"""A carry of Flax for whole batches, of which the last one of a function that yields them has fewer samples.

Flax 0.12 raised the message for this program.
"""

from pasted_programs import first_cause_and_lines, ids, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """
import jax
import numpy as np
from flax import linen as nn


class Reader(nn.Module):
    width: int
    at_once: int

    @nn.compact
    def __call__(self, signal):
        cell = nn.GRUCell(self.width)
        carry = cell.initialize_carry(jax.random.key(0), (self.at_once, signal.shape[-1]))
        return nn.RNN(cell)(signal, initial_carry=carry)


def parts(array, at_once):
    for first in range(0, len(array), at_once):
        yield array[first : first + at_once]


def main(at_once=16, width=22):
    signals = np.ones((53, 17, 4), "float32")
    model = Reader(width, at_once)
    weights = model.init(jax.random.key(1), signals[:at_once])
    for part in parts(signals, at_once):
        print(model.apply(weights, part).shape)


main()
"""

FRAMES = [
    "main()",
    "print(model.apply(weights, part).shape)",
    "return nn.RNN(cell)(signal, initial_carry=carry)",
]

IN_FLAX = (
    '  File "/site-packages/flax/linen/recurrent.py", line 588, in __call__\n'
    "    r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))\n"
)

ERROR = f"{IN_FLAX}TypeError: add got incompatible shapes for broadcasting: ({{}}, 22), (16, 22)."


def test_samples_that_whole_batches_leave_are_the_last_batch() -> None:
    text = pasted(PROGRAM, FRAMES, ERROR.format(5))
    about, lines = first_cause_and_lines(text)
    explanation = explain(text)

    assert about == ("h_0", "batch_size", "last_batch")
    assert ids(explanation.mismatch) == ["last_batch"]
    assert list(lines.values()) == ["for first in range(0, len(array) - at_once + 1, at_once):"]
    assert network(explanation) == (5, 17, 4, 22)


def test_other_samples_may_be_steps() -> None:
    explanation = explain(pasted(PROGRAM, FRAMES, ERROR.format(7)))

    assert "time_major" in ids(explanation.mismatch)
    assert network(explanation)[0] is None
