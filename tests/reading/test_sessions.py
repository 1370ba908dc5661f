"""A session of Python does not repeat the typed line in its traceback: it is the last one before."""

import pytest

from app.reading.errors.explanation import explain

SESSION = """>>> import torch
>>> encoder = torch.nn.GRU(6, 13, batch_first=True)
>>> batch = torch.zeros(4, 9, 6)
>>> start = torch.zeros(1, 9, 13)
>>> other = torch.zeros(1, 9, 13)
>>> y, h = encoder(batch, start)
Traceback (most recent call last):
  File "<stdin>", line 1, in <module>
{frames}RuntimeError: Expected hidden size (1, 4, 13), got [1, 9, 13]
>>> """

OF_LIBRARY = """  File "/opt/lib/python3.11/site-packages/torch/nn/modules/rnn.py", line 260, in check_hidden_size
    raise RuntimeError(msg.format(expected_hidden_size, list(hx.size())))
"""


@pytest.mark.parametrize("frames", ["", OF_LIBRARY])
def test_the_line_before_a_traceback_has_failed(frames: str) -> None:
    explanation = explain(SESSION.format(frames=frames))

    assert explanation.found.code == "y, h = encoder(batch, start)"
    assert explanation.found.program.tree.frames == ["y, h = encoder(batch, start)"]
    assert explanation.mismatch.causes[0].fix == "start = torch.zeros(1, 4, 13)"


def test_a_session_that_repeats_its_line_is_read_from_the_frame() -> None:
    repeated = "    y, h = encoder(batch[:], start)\n" + OF_LIBRARY

    assert explain(SESSION.format(frames=repeated)).found.code == "y, h = encoder(batch[:], start)"
