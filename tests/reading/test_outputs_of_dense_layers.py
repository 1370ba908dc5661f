"""What a program of PyTorch says about its last dense layer: it returns several values, reads every layer or step, or
has its sizes exchanged.

PyTorch 2.14 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

DETECTOR = """import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

class Detector(nn.Module):
    def __init__(self, inputs, hidden, outputs=1):
        super().__init__()
        self.gru = nn.GRU(inputs, hidden, batch_first=True)
        self.score = nn.Linear({sizes})

    def forward(self, run, lengths):
        run = pack_padded_sequence(run, lengths, batch_first=True, enforce_sorted=False)
        packed, last = self.gru(run)
        return self.score({read})

detector, loss_of = Detector(6, 24), nn.{loss}()
runs, lengths = torch.randn(8, 40, 6), torch.randint(1, 40, (8,))
faulty = torch.randint(0, 2, (8,))
loss = loss_of(detector(runs, lengths){squeeze}, faulty)
"""
LOGITS = "ValueError: Target size (torch.Size([8])) must be the same as input size (torch.Size([8, {}]))"
CALL = "return self.score({})"


def program(sizes: str, read: str = "last[-1]", loss: str = "BCEWithLogitsLoss", squeeze: str = ".squeeze(1)") -> str:
    return DETECTOR.format(sizes=sizes, read=read, loss=loss, squeeze=squeeze)


@pytest.mark.parametrize(
    ("squeeze", "values", "is_removed"),
    [(".squeeze(1)", 30, True), (".squeeze(-1)", 30, True), (".squeeze(0)", 30, False), (".flatten(0, 1)", 30, False)],
)
def test_a_dense_layer_returns_one_value_if_its_axis_is_removed(squeeze: str, values: int, is_removed: bool) -> None:
    frame = f"loss = loss_of(detector(runs, lengths){squeeze}, faulty)"
    mismatch = explain(pasted(program(f"hidden, {values}", squeeze=squeeze), [frame], LOGITS.format(values))).mismatch
    first = mismatch.causes[0]

    assert (first.id == "squeezed_values") is is_removed
    if is_removed:
        lines = ((f"self.score = nn.Linear(hidden, {values})", "self.score = nn.Linear(hidden, 1)"),)
        assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("output", "num_units", (1,), (30,))
        assert first.lines == lines


def test_the_rows_of_a_state_of_all_layers_are_no_lost_samples() -> None:
    text = program("hidden, 2", "last", "CrossEntropyLoss", "")
    frame = "loss = loss_of(detector(runs, lengths), faulty)"
    error = "ValueError: Expected input batch_size (1) to match target batch_size (8)."
    (first, *_) = explain(pasted(text, [frame], error)).mismatch.causes

    assert (first.id, first.lines) == ("layers_of_state", ((CALL.format("last"), CALL.format("last[-1]")),))


@pytest.mark.parametrize(
    ("sizes", "error", "fixed"),
    [
        ("inputs, hidden", "(8x24 and 6x24)", "hidden, inputs"),
        ("outputs, hidden", "(8x24 and 1x24)", "hidden, outputs"),
        ("48, hidden", "(8x24 and 48x24)", None),
    ],
)
def test_the_last_dense_layer_reads_the_units_that_it_would_return(sizes: str, error: str, fixed: str | None) -> None:
    frames = ["loss = loss_of(detector(runs, lengths).squeeze(1), faulty)", CALL.format("last[-1]")]
    (first, *_) = explain(
        pasted(program(sizes), frames, f"RuntimeError: mat1 and mat2 shapes cannot be multiplied {error}")
    ).mismatch.causes

    assert (first.id == "exchanged_sizes") is bool(fixed)
    assert not fixed or first.lines == ((f"self.score = nn.Linear({sizes})", f"self.score = nn.Linear({fixed})"),)


TAGGER = """import torch
from torch import nn

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 24, batch_first=True)
        self.classify = nn.Sequential(nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 5))

    def forward(self, x):
        out, _ = self.gru(x)
        return self.classify(out)

x, y = torch.randn(8, 40, 6), torch.randint(0, 5, (8,))
model, loss_of = Tagger(), nn.CrossEntropyLoss()
for _ in range(2):
    loss = loss_of(model(x), y)
"""


@pytest.mark.parametrize("target", ["8", "8, 1"])
@pytest.mark.parametrize("loss", ["loss_of", "nn.CrossEntropyLoss()"])
def test_a_sequential_reads_the_last_step_if_the_target_has_one_class_for_each_sample(target: str, loss: str) -> None:
    error = f"RuntimeError: Expected target size [8, 5], got [{target}]"
    line = f"loss = {loss}(model(x), y)"
    source = TAGGER.replace("loss_of(model", f"{loss}(model").replace("(8,))", f"({target},))")
    mismatch = explain(pasted(source, [line], error)).mismatch
    (first, *_) = mismatch.causes

    fixed = ("return self.classify(out)", "return self.classify(out[:, -1])")
    column = [(line, f"loss = {loss}(model(x), y[:, 0])")] if target == "8, 1" else []
    assert (first.id, first.lines) == ("not_return_sequences", (fixed, *column))
    assert (mismatch.tensor, mismatch.axis, mismatch.shapes) == ("output", "rank", ((8, 5), (8, 40, 5)))


def test_the_last_step_has_no_axis_of_steps_to_exchange() -> None:
    error = "RuntimeError: Expected target size [8, 40], got [8]"
    source = TAGGER.replace("self.classify(out)", "self.classify(out).transpose(1, 2)")
    mismatch = explain(pasted(source, ["loss = loss_of(model(x), y)"], error)).mismatch

    assert mismatch.causes[0].lines == (
        ("return self.classify(out).transpose(1, 2)", "return self.classify(out[:, -1])"),
    )


@pytest.mark.parametrize("steps", [40, 6])  # 6 are one more than the classes
def test_a_loss_reads_the_classes_in_the_second_axis(steps: int) -> None:
    error = f"RuntimeError: Expected target size [8, 5], got [8, {steps}]"
    source = TAGGER.replace("(8,))", f"(8, {steps}))").replace("40, 6", f"{steps}, 6")
    line = "loss = loss_of(model(x), y)"
    mismatch = explain(pasted(source, [line], error)).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("output", "order")
    assert (mismatch.expected, mismatch.got) == ((8, 5, steps), (8, steps, 5))
    assert [one.lines for one in mismatch.causes] == [((line, "loss = loss_of(model(x).transpose(1, 2), y)"),)]


def test_an_output_with_its_classes_second_may_have_other_steps_than_its_target() -> None:
    error = "RuntimeError: Expected target size [8, 40], got [8, 39]"
    source = TAGGER.replace("self.classify(out)", "self.classify(out).transpose(1, 2)").replace("(8,))", "(8, 39))")
    mismatch = explain(pasted(source, ["loss = loss_of(model(x), y)"], error)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.causes[0].id) == ("target", "time_step", "target_steps")
    assert mismatch.causes[0].fix == "loss = loss_of(model(x)[:, :, :-1], y)"
