"""A corrected call keeps all other arguments that the line that failed gives it."""

import pytest

from app.reading.errors.explanation import explain

UNSORTED = (
    "RuntimeError: `lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass"
    " `enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement."
)
EXPORT = 'torch.onnx.export(net, {}, "net.onnx", input_names=["audio"], dynamic_axes={{"audio": {{0: "samples"}}}})'
WARNING = (
    "UserWarning: Exporting a model to ONNX with a batch_size other than 1, with a variable length with GRU can cause"
    " an error when running the ONNX model with a different batch size."
)


def lines(frame: str, message: str) -> tuple[tuple[str, str], ...]:
    text = 'rnn = nn.GRU(5, 8)\nTraceback (most recent call last):\n  File "/home/me/a.py", line 7, in <module>\n'
    return explain(f"{text}    {frame}\n{message}").mismatch.causes[0].lines


@pytest.mark.parametrize(
    ("wrong", "fixed"),
    [
        ("p = pack_padded_sequence(x, n, batch_first=True)", "batch_first=True, enforce_sorted=False)"),
        ("p = pack_padded_sequence(x, n.cpu(), True)", "True, enforce_sorted=False)"),
        ("p = pack_padded_sequence(x, n, enforce_sorted=True, batch_first=True)", "False, batch_first=True)"),
        ("p = rnn_utils.pack_sequence(samples)", "samples, enforce_sorted=False)"),
    ],
)
def test_packing_without_order_keeps_the_other_arguments(wrong: str, fixed: str) -> None:
    ((before, after),) = lines(wrong, UNSORTED)

    assert before == wrong
    assert after.endswith(fixed) and after.count("batch_first") == wrong.count("batch_first")


@pytest.mark.parametrize(("example", "sample"), [("audio", "audio[:1]"), ("(audio,)", "(audio[:1],)")])
def test_an_export_of_one_sample_keeps_its_dynamic_axes(example: str, sample: str) -> None:
    text = f"/home/me/export.py:9: {WARNING}\n  {EXPORT.format(example)}\nnet = nn.GRU(5, 8, batch_first=True)"

    assert explain(text).mismatch.causes[0].lines == ((EXPORT.format(example), EXPORT.format(sample)),)


@pytest.mark.parametrize(
    ("given", "fixed"),
    [
        ('[w["ih.weight_ih_l0"], w["ih.weight_hh_l0"].T, b]', '[w["ih.weight_ih_l0"].T, w["ih.weight_hh_l0"].T, b]'),
        ('[w["weight_ih_l0"], w["weight_hh_l0"], b]', '[w["weight_ih_l0"].T, w["weight_hh_l0"].T, b]'),
        ("[arrays['x'], arrays['h'], b]", "[arrays['x'].T, arrays['h'], b]"),
        ("[w_ih, w_hh, b]", "[w_ih.T, w_hh.T, b]"),
    ],
)
def test_weights_of_a_dictionary_are_transposed_that_are_not_yet(given: str, fixed: str) -> None:
    message = "ValueError: Layer lstm weight shape (7, 52) is not compatible with provided weight shape (52, 7)."
    call = "model.layers[0].set_weights({})"

    assert lines(call.format(given), message) == ((call.format(given), call.format(fixed)),)
