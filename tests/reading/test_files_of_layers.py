"""A traceback of a library names a recurrent layer by the file of its last frame above the frameworks."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

TRACEBACK = """Traceback (most recent call last):
  File "/home/me/run.py", line 30, in <module>
    trainer.fit(task)
  File "{folder}{file}", line 88, in {function}
    scores = self.proj(states)
  File "/opt/env/lib/python3.10/site-packages/torch/nn/modules/linear.py", line 114, in forward
    return F.linear(input, self.weight, self.bias)
RuntimeError: mat1 and mat2 shapes cannot be multiplied (30x28 and 14x9)
"""
INSTALLED = "/opt/env/lib/python3.10/site-packages/"


def pasted(file: str, folder: str = INSTALLED, function: str = "forward") -> str:
    return TRACEBACK.format(folder=folder, file=file, function=function)


@pytest.mark.parametrize(
    "file",
    [
        "tagkit/models/lstm.py",
        "tagkit/models/stacked_bidirectional_lstm.py",
        "agents/torch/recurrent_net.py",
        "speechkit/nets/rnn/encoders.py",
        "policies/recurrent/policies.py",
        "nnet/RNN.py",
    ],
)
def test_the_file_of_a_library_names_its_layer(file: str) -> None:
    mismatch = explain(pasted(file)).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("dense_input", "features")


@pytest.mark.parametrize(
    ("file", "folder", "function"),
    [
        ("tagkit/models/transformer.py", INSTALLED, "forward"),
        ("rnnkit/models/transformer.py", INSTALLED, "forward"),
        ("tagkit/models/lstm.py", INSTALLED, "load_rows"),
        ("rnn/run_model.py", "/home/me/", "forward"),
        ("learning/modeling.py", INSTALLED, "forward"),
    ],
)
def test_other_files_name_none(file: str, folder: str, function: str) -> None:
    with pytest.raises(NotFoundError):
        explain(pasted(file, folder, function))


def test_a_frame_above_another_library_says_nothing() -> None:
    above = f'  File "{INSTALLED}tagkit/models/lstm.py", line 9, in forward\n    y = self.inner(x)\n'
    text = pasted("other/models/transformer.py").replace('  File "/opt', above + '  File "/opt', 1)

    with pytest.raises(NotFoundError):
        explain(text)
