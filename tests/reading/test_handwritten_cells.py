"""A program that computes a cell itself is followed: the axis that does not fit the others is named, with the corrected
lines of the program itself; a traceback without the program says no size that is not true."""

import pytest
from handwritten_cells import HANDWRITTEN_CELLS, PROGRAMS
from marked_programs import SIZES, framework

from app.reading.errors.code_lines.handwritten_recurrence import computes_recurrence
from app.reading.errors.code_lines.pasted_operations import PastedProgram
from app.reading.errors.explanation import Explanation, NotFoundError, explain

OF_NUMPY = [name for name in HANDWRITTEN_CELLS if framework(name) == "numpy"]
LAYERS_OF_PYTORCH = "nn.Linear"

STEPS_OR_BATCH = ("step_axis", "scan_axis", "last_batch", "other_batch")
"""The causes of a state whose batch differs from what a step reads as the batch of x."""


def said_sizes(explanation: Explanation) -> dict[str, int]:
    network = explanation.configuration
    sizes = {name: getattr(network, name) for name in SIZES} if network else {}
    return {name: size for name, size in sizes.items() if size is not None}


def test_every_program_is_recorded() -> None:
    assert PROGRAMS.stems == {*HANDWRITTEN_CELLS} == {*PROGRAMS.recorded}


@pytest.mark.parametrize("is_first", (True, False), ids=("source first", "error first"))
@pytest.mark.parametrize("name", HANDWRITTEN_CELLS)
def test_the_program_says_the_axis_and_the_corrected_lines(name: str, is_first: bool) -> None:
    parts = (PROGRAMS.wrong(name), PROGRAMS.recorded[name])
    explanation = explain("\n\n".join(parts if is_first else parts[::-1]))
    said, true = explanation.mismatch, HANDWRITTEN_CELLS[name]
    first = said.causes[0]

    assert (said.tensor, said.axis, first.id) == (true.tensor, true.axis, true.cause)
    assert first.is_own and list(first.lines) == PROGRAMS.corrections(name)
    assert said_sizes(explanation).items() <= HANDWRITTEN_CELLS[name].sizes.items()


@pytest.mark.parametrize("name", HANDWRITTEN_CELLS)
def test_the_traceback_alone_says_nothing_that_is_false(name: str) -> None:
    try:
        explanation = explain(PROGRAMS.recorded[name])
    except NotFoundError as asked:
        assert "Paste the source" in asked.sentence
        return
    lines = [line for cause in explanation.mismatch.causes for pair in cause.lines for line in pair]

    assert said_sizes(explanation).items() <= HANDWRITTEN_CELLS[name].sizes.items()
    assert not any(LAYERS_OF_PYTORCH in line.replace("nnx.", "") for line in lines)
    assert explanation.mismatch.axis != "batch_size" or HANDWRITTEN_CELLS[name].cause in STEPS_OR_BATCH


@pytest.mark.parametrize("name", OF_NUMPY)
def test_a_program_in_numpy_raises_its_error_and_runs_with_the_right_lines(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Exception) as raised:
        exec(PROGRAMS.wrong(name), {"__name__": "__main__"})
    exec(PROGRAMS.right(name), {"__name__": "__main__"})

    assert str(raised.value).strip() == PROGRAMS.recorded[name].rpartition("\n")[2].partition(": ")[2].strip()
    assert capsys.readouterr().out


def test_without_the_program_a_smaller_batch_may_be_that_of_a_sample_called_a_step() -> None:
    causes = explain(PROGRAMS.recorded["numpy-sample-called-a-step"]).mismatch.causes

    assert [one.id for one in causes] == ["last_batch", "step_axis"]


LOOPS = {
    "for xt in data:\n    h = f(xt @ A + h @ B)\n": True,
    "def body(h, xt):\n    return f(xt @ A + h @ B), h\njax.lax.scan(body, start, data)\n": True,
    "for xt in data:\n    h = f(np.concatenate([h, xt]) @ A)\n": True,
    "for xt in data:\n    h = go(xt, h)\ndef go(a, b):\n    return f(a @ A + b @ B)\n": True,
    "for A in layers:\n    h = f(h @ A)\n": False,  # a dense network
    "for batch in data:\n    h = f(batch @ A)\n    y = h @ B\n    dA += batch.T @ h\n": False,  # its training
    "def body(w, xt):\n    return w - xt, w\njax.lax.scan(body, start, data)\n": False,
}
"""Programs -> whether they compute a recurrent cell."""


@pytest.mark.parametrize("source", LOOPS)
def test_a_recurrent_cell_without_a_name_is_told_from_a_dense_network(source: str) -> None:
    assert computes_recurrence(PastedProgram(source).tree) == LOOPS[source]


WEIGHTS = "W = np.random.randn(5, 8)\nU = np.random.randn(8, 8)\n"

STATE_OF_OTHER_BATCH = f"""import numpy as np
{WEIGHTS}x, h = np.zeros((7, 4, 5)), np.zeros((3, 8))
for t in range(7):
    h = np.tanh(x[t] @ W + h @ U)
"""

SCORES = f"""import numpy as np
{WEIGHTS}h, hs = np.zeros((4, 8)), []
for x in np.zeros((7, 4, 5)):
    h = np.tanh(x @ W + h @ U)
    hs.append(h)
q = np.zeros((4, 6))
scores = q @ hs[-1].T
"""


def explained(source: str) -> Explanation:
    """What a program raises, explained below it."""
    with pytest.raises(ValueError) as raised:
        exec(source, {"__name__": "__main__"})
    n = raised.tb.tb_next.tb_lineno if raised.tb.tb_next else 0
    frame = f'  File "/home/me/train.py", line {n}, in <module>\n    {source.splitlines()[n - 1].strip()}'
    return explain(f"{source}\nTraceback (most recent call last):\n{frame}\nValueError: {raised.value}")


def test_the_index_of_a_step_is_no_cause_if_the_program_says_that_it_is_right() -> None:
    said = explained(STATE_OF_OTHER_BATCH).mismatch

    assert (said.tensor, said.axis, [one.id for one in said.causes]) == ("h_0", "batch_size", ["other_batch"])


def test_a_product_without_weights_says_nothing_about_the_initial_state() -> None:
    assert explained(SCORES).mismatch.tensor is None


PRODUCT_OF_A_PRODUCT = """Traceback (most recent call last):
  File "/home/me/attention.py", line 8, in attend
    e = (H @ W) @ q
        ~~~~~~~~^~~
ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->\
(n?,m?)\
 (size 6 is different from 10)

Attention over my LSTM in NumPy
"""


def test_the_factors_of_a_product_that_was_computed_are_not_called_wrong() -> None:
    said = explain(PRODUCT_OF_A_PRODUCT).mismatch

    assert (said.tensor, said.causes) == (None, ())


TWO_LAYERS = f"""import numpy as np
{WEIGHTS}W2 = np.random.randn(5, 8)
U2 = np.random.randn(8, 8)
h1 = h2 = np.zeros((4, 8))
for x in np.zeros((7, 4, 5)):
    h1 = np.tanh(x @ W + h1 @ U)
    h2 = np.tanh(h1 @ W2 + h2 @ U2)
"""

CALLED = """import numpy as np
features, units = 5, 8
W1, U1 = np.zeros((features, units)), np.zeros((units, units))
W2 = np.zeros((features, units))
U2 = np.zeros((units, units))
h1, h2 = np.zeros((4, units)), np.zeros((4, units))
for x in np.zeros((7, 4, 5)):
    h1 = np.tanh(x.dot(W1) + h1.dot(U1))
    h2 = np.tanh(h1.dot(W2) + h2.dot(U2))
"""


@pytest.mark.parametrize(
    ("source", "wrong", "right"),
    [
        (TWO_LAYERS, "W2 = np.random.randn(5, 8)", "W2 = np.random.randn(8, 8)"),
        (CALLED, "W2 = np.zeros((features, units))", "W2 = np.zeros((units, units))"),
    ],
    ids=("products", "methods"),
)
def test_the_weights_of_an_upper_layer_get_the_units_of_the_layer_below(source: str, wrong: str, right: str) -> None:
    said = explained(source).mismatch

    assert (said.tensor, said.axis, said.first_cause) == ("x", "features", "layer_below")
    assert list(said.causes[0].lines) == [(wrong, right)]
    exec(source.replace(wrong, right), {"__name__": "__main__"})


def test_a_recurrent_kernel_with_the_columns_of_the_state_has_the_wrong_rows() -> None:
    of_state = TWO_LAYERS.replace("U2 = np.random.randn(8, 8)", "U2 = np.random.randn(6, 8)")
    said = explained(of_state.replace("W2 = np.random.randn(5, 8)", "W2 = np.random.randn(8, 8)")).mismatch

    assert (said.tensor, said.expected, said.got) == ("recurrent_kernel", (8,), (6,))
    assert list(said.causes[0].lines) == [("U2 = np.random.randn(6, 8)", "U2 = np.random.randn(8, 8)")]
