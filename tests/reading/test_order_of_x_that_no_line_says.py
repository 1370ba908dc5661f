"""The samples and the steps of x are certain beside a state only if the text says which axis of x is first.

PyTorch 2.13 raised the message.
"""

from pasted_programs import traceback

from app.reading.errors.explanation import explain
from app.url_state.parsing import parse
from app.web.api.explain import explanation_document

MESSAGE = "RuntimeError: Expected hidden size (1, 21, 13), got [1, 6, 13]"
FAILED = traceback(["states, last = reader(series, first)"], MESSAGE)
MADE = """from torch import nn
import torch
reader = nn.GRU(5, 13)
series = torch.randn(6, 21, 5)
first = torch.zeros(1, 6, 13)
states, last = reader(series, first)

"""


def test_samples_and_steps_are_open_if_another_cause_fits() -> None:
    explanation = explain(FAILED)
    assert [one.id for one in explanation.mismatch.causes] == ["batch_first", "other_batch"]
    sizes = explanation_document(FAILED, parse([], strict=True))["sizes"]
    assert (sizes["batch_size"], sizes["time_step"], sizes["num_units"]) == (None, None, 13)


def test_a_program_that_makes_the_layer_and_x_says_both() -> None:
    sizes = explanation_document(MADE + FAILED, parse([], strict=True))["sizes"]
    assert (sizes["batch_size"], sizes["time_step"]) == (6, 21)
