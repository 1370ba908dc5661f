"""The lines of a program with its own names, also without a traceback: weights that are set, and states of a layer.

The corrected lines run in Keras 3.15 and PyTorch 2.13.
"""

import pytest

from app.reading.errors.explanation import explain

TRACE = 'Traceback (most recent call last):\n  File "/home/me/copy.py", line 9, in <module>\n    {line}\n{message}\n'


@pytest.mark.parametrize(
    ("expected", "got", "fixed"),
    [
        ("(7, 45)", "(45, 7)", "reader.set_weights([w_in.T, w_rec, both])"),
        ("(15, 45)", "(45, 15)", "reader.set_weights([w_in, w_rec.T, both])"),
    ],
)
def test_only_the_kernel_of_the_message_is_transposed(expected: str, got: str, fixed: str) -> None:
    line = "reader.set_weights([w_in, w_rec, both])"
    message = f"ValueError: Layer gru_1 weight shape {expected} is not compatible with provided weight shape {got}."
    (likely,) = explain(TRACE.format(line=line, message=message)).mismatch.causes

    assert likely.lines == ((line, fixed),)


@pytest.mark.parametrize(
    ("given", "fixed"),
    [
        ("w_ih, w_hh, both", "w_ih.T, w_hh.T, both"),
        ("old.weight_ih_l0, old.weight_hh_l0, both", "old.weight_ih_l0.T, old.weight_hh_l0.T, both"),
        ("w_ih, w_hh.T, both", "w_ih.T, w_hh.T, both"),
    ],
)
def test_both_kernels_with_names_of_pytorch_are_transposed(given: str, fixed: str) -> None:
    line = f"reader.set_weights([{given}])"
    message = "ValueError: Layer gru_1 weight shape (7, 45) is not compatible with provided weight shape (45, 7)."
    likely = explain(f'Traceback (most recent call last):\n  File "/home/me/a.py", line 9, in f\n    {line}\n{message}')

    assert likely.mismatch.causes[0].lines == ((line, f"reader.set_weights([{fixed}])"),)


@pytest.mark.parametrize(("layer", "summed"), [("lstm", "arrays[2] + arrays[3]"), ("gru_2", "np.stack(arrays[2:])")])
def test_a_list_of_weights_of_pytorch_gets_one_bias(layer: str, summed: str) -> None:
    line = "reader.set_weights(arrays)"
    message = (
        f"ValueError: You called `set_weights(weights)` on layer '{layer}' with a weight list of length 4, but the"
        " layer was expecting 3 weights."
    )
    (likely,) = explain(TRACE.format(line=line, message=message)).mismatch.causes

    assert likely.lines == ((line, f"reader.set_weights([*arrays[:2], {summed}])"),)


WITHOUT_LAYERS = """import torch
from torch import nn
reader = nn.{layer}
begin = torch.zeros(4, 21)
states, last = reader(torch.randn(11, 4, 6), begin)
Traceback (most recent call last):
  File "/home/me/read.py", line 5, in <module>
    states, last = reader(torch.randn(11, 4, 6), begin)
RuntimeError: For batched 3-D input, hx should also be 3-D but got 2-D tensor
"""


def test_a_state_without_the_axis_of_layers_gets_it_where_the_layer_is_called() -> None:
    (likely, *_) = explain(WITHOUT_LAYERS.format(layer="GRU(6, 21)")).mismatch.causes

    line = "states, last = reader(torch.randn(11, 4, 6), begin)"
    assert likely.lines == ((line, line.replace("begin", "begin.unsqueeze(0)")),)


def test_a_state_of_two_layers_is_not_that_of_one() -> None:
    (likely, *_) = explain(WITHOUT_LAYERS.format(layer="GRU(6, 21, 2)")).mismatch.causes

    assert not likely.is_own


def test_states_of_a_cell_in_a_loop_of_the_module_get_the_samples_of_its_steps() -> None:
    text = """My loop stops with "RuntimeError: Input batch size 5 doesn't match hidden0 batch size 64".

```python
import torch
from torch import nn
reader = nn.LSTMCell(8, 17)
short = torch.zeros(64, 17)
long = torch.zeros(64, 17)
for frame in torch.randn(12, 5, 8):
    short, long = reader(frame, (short, long))
```
"""
    (likely, *_) = explain(text).mismatch.causes

    assert likely.lines == tuple(
        (f"{one} = torch.zeros(64, 17)", f"{one} = torch.zeros(5, 17)") for one in ("short", "long")
    )


@pytest.mark.parametrize(("shape", "sizes"), [("(None, 31, 4)", "31, 4"), ("(None, None, 4)", "None, 4")])
def test_the_line_of_an_open_batch_has_the_steps_of_the_message(shape: str, sizes: str) -> None:
    message = (
        "ValueError: When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size:"
        f" sequence.shape={shape}"
    )
    (likely,) = explain(message).mismatch.causes

    assert (likely.wrong, likely.fix) == (f"keras.Input(({sizes}))", f"keras.Input(({sizes}), batch_size=1)")
