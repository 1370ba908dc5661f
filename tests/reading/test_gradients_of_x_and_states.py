"""Lines that compute the gradient of x or of a state with weights that are not transposed."""

import re

import numpy as np
import pytest

from app.reading.errors.explanation import explain

TEXT = """def gru_backward(d_next, saved):
{arrow} 17     {line}
     18     return dx

ValueError: shapes {left} and {right} not aligned: {inner} (dim 1) != {outer} (dim 0)
"""

ARRAYS = {"Wxh": (8, 6), "dtanh": (8, 21), "dz": (21, 8), "Ux": (6, 8), "Whh": (8, 8)}
"""Array -> shape; the first two have samples as columns, the next two as rows."""


def _message(line: str, arrow: str = "---->") -> str:
    """What NumPy says of the line."""
    names = re.findall(r"Wxh|dtanh|dz|Ux", line)
    left, right = (ARRAYS[name] for name in names)
    with pytest.raises(ValueError, match="not aligned") as raised:
        np.dot(np.zeros(left), np.zeros(right))
    shapes = {"left": left, "right": right, "inner": left[1], "outer": right[0]}
    text = TEXT.format(arrow=arrow, line=line, **{key: str(one).replace(", ", ",") for key, one in shapes.items()})
    assert str(raised.value) in text
    return text


@pytest.mark.parametrize("arrow", ["---->", "—>", "–>", "—->"])
@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("dx = np.dot(Wxh, dtanh)", "dx = np.dot(Wxh.T, dtanh)"),
        ("dxt = Wxh @ dtanh", "dxt = Wxh.T @ dtanh"),
        ("dx_step = np.dot(dz, Ux)", "dx_step = np.dot(dz, Ux.T)"),
    ],
)
def test_the_weights_are_transposed_in_a_backward_pass(line: str, fix: str, arrow: str) -> None:
    explanation = explain(_message(line, arrow))
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (mismatch.tensor, mismatch.axis) == ("kernel", "order")
    assert [one.fix for one in mismatch.causes] == [fix]
    assert network is not None
    assert (network.batch_size, network.features) == (21, 6)
    assert network.num_units == (8 if "tanh" in line else None)  # the others may be the gradients of all gates
    left, right = re.findall(r"[A-Za-z]+(?:\.T)?", fix.partition("=")[2].replace("np.dot", ""))
    arrays = {name: np.zeros(shape) for name, shape in ARRAYS.items()}
    product = eval(f"{left} @ {right}", arrays)
    assert sorted(product.shape) == [6, 21]


def test_a_line_of_the_forward_pass_is_none_of_a_gradient() -> None:
    mismatch = explain(_message("h = np.dot(Wxh, dtanh)").replace("dtanh", "x")).mismatch

    assert mismatch.causes[0].id != "gradient_weights"
