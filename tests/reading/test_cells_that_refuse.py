"""Which cell refuses a state or weights: by the words of the message, the loop that failed, and the call that makes it.

PyTorch 2.13, Keras 3.15 and JAX 0.10 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from test_lines_of_whole_programs import pasted

from app.reading.errors.explanation import NotFoundError, explain

# -- reset_after -------------------------------------------------------------------------------------------------------

RESET = """import keras
from keras import layers

def build({parameter}):
    return keras.Sequential([
        layers.Input((30, 12)),
        layers.GRU(20, {given}name="memory"),
        layers.Dense(3, name="answer"),
    ])

old = build({first})
weights = old.get_weights()
model = build({second})
model.get_layer("memory").set_weights(weights[:3])
"""
REFUSED = "ValueError: Layer memory weight shape {} is not compatible with provided weight shape {}."
ROWS, ONE = "(2, 60)", "(60,)"


@pytest.mark.parametrize(
    ("sizes", "shapes", "line", "fixed"),
    [
        (
            ("reset_after", "reset_after=reset_after, ", "reset_after=False", "reset_after=True"),
            (ROWS, ONE),
            "model = build(reset_after=True)",
            "model = build(reset_after=False)",
        ),
        (
            ("reset_after", "reset_after=reset_after, ", "True", "False"),
            (ONE, ROWS),
            "model = build(False)",
            "model = build(True)",
        ),
        (
            ("", "", "", ""),
            (ROWS, ONE),
            'layers.GRU(20, name="memory"),',
            'layers.GRU(20, name="memory", reset_after=False),',
        ),
        (
            ("", "reset_after=False, ", "", ""),
            (ONE, ROWS),
            'layers.GRU(20, reset_after=False, name="memory"),',
            'layers.GRU(20, reset_after=True, name="memory"),',
        ),
    ],
)
def test_the_call_that_makes_the_gru_gets_the_other_reset_after(
    sizes: tuple[str, str, str, str], shapes: tuple[str, str], line: str, fixed: str
) -> None:
    program = RESET.format(**dict(zip(("parameter", "given", "first", "second"), sizes, strict=True)))
    text = pasted(program, ['model.get_layer("memory").set_weights(weights[:3])'], REFUSED.format(*shapes))
    found = explain(text)

    assert [one.id for one in found.mismatch.causes] == ["reset_after"]
    assert found.mismatch.causes[0].lines == ((line, fixed),)
    assert found.resets_after == (shapes[0] == ROWS)


# -- states ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "cells"),
    [
        ("batched 3-D input, hx should also be 3-D but got 2-D tensor", ["gru", "rnn"]),
        ("unbatched 2-D input, hx should also be 2-D but got 3-D tensor", ["gru", "rnn"]),
        ("batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors", ["lstm"]),
    ],
)
def test_only_an_lstm_is_told_about_two_states(words: str, cells: list[str]) -> None:
    frames = ["loss = nn.functional.l1_loss(wear(x), y)", "seq, _ = self.rnn(x, h0)"]
    found = explain(pasted("", frames, f"RuntimeError: For {words}"))

    assert [one.cell for one in found.configurations] == cells


CARRY = (
    "TypeError: scan body function carry input and carry output must have equal types, but they differ:\n\nThe input"
    " carry {} has type float32{} but the corresponding output carry component has type float32[10,21], so the shapes"
    " do not match."
)


def test_a_loop_of_jax_over_a_state_is_a_recurrence() -> None:
    found = explain(pasted("", ["_, ys = lax.scan(step, h0, xs)"], CARRY.format("h", "[21]")))

    assert (found.mismatch.tensor, found.mismatch.expected, found.mismatch.got) == ("h_0", 2, 1)
    assert found.configuration and found.configuration.batch_size == 10
    assert [one.fix for one in found.mismatch.causes] == ["h0 = jnp.zeros((xs.shape[1], 21))"]


@pytest.mark.parametrize("line", ["_, ys = lax.scan(step, total, xs)", "out = lax.scan(step, init)", "y = solve(h0)"])
def test_other_loops_of_jax_are_asked_about(line: str) -> None:
    with pytest.raises(NotFoundError):
        explain(pasted("", [line], CARRY.format("h", "[21]")))
