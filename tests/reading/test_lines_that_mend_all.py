"""Corrected lines that mend the whole error: both states of a pair, the real lengths, and the layer of the text."""

import pytest

from app.reading.errors.explanation import Explanation, NotFoundError, explain


def failed(line: str, message: str, before: str = "") -> Explanation:
    frame = f'  File "/home/me/run.py", line 11, in forward\n    {line}\n'
    return explain(f"{before}\nTraceback (most recent call last):\n{frame}{message}")


def fixes(explanation: Explanation) -> list[tuple[str, str]]:
    return [(one.id, one.fix) for one in explanation.mismatch.causes]


def test_both_states_of_a_cell_lose_their_axis() -> None:
    message = "ValueError: LSTMCell: Expected hx[0] to be 1D or 2D, got 3D instead"
    pair = [("squeeze", "h_0, c_0 = h_0.squeeze(0), c_0.squeeze(0)")]
    assert fixes(failed("h, c = cell(x[t], (h, c))", message)) == pair
    of_gru = "ValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead"
    assert fixes(failed("h = cell(x[t], h)", of_gru)) == [("squeeze", "h_0 = h_0.squeeze(0)")]
    of_c = message.replace("hx[0]", "hx[1]")
    assert fixes(failed("h, c = cell(x[t], (h, c))", of_c)) == [("squeeze", "c_0 = c_0.squeeze(0)")]


TWO_AXES = "RuntimeError: For batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors"
PAIR = ("unsqueeze", "h_0, c_0 = h_0.unsqueeze(0), c_0.unsqueeze(0)")


def test_both_states_of_a_layer_get_an_axis() -> None:
    assert fixes(failed("y, _ = self.lstm(self.emb(ids), (h, torch.zeros_like(h)))", TWO_AXES)) == [PAIR]
    assert fixes(failed("y, _ = self.lstm(x, state)", TWO_AXES))[0] == PAIR
    assert [id for id, _ in fixes(failed("y, _ = self.lstm(x, state)", TWO_AXES))] == ["unsqueeze", "h_for_h_c"]


@pytest.mark.parametrize(("given", "cause"), [(3, "missing_length"), (5, "lengths"), (1, "lengths")])
def test_real_lengths_are_kept(given: int, cause: str) -> None:
    message = f"InvalidArgument: Input sequence_lens must have shape {{4}}. Actual:{{{given}}}"
    assert [one.id for one in explain(message).mismatch.causes] == [cause]


UNROLL = (
    "ValueError: Exception encountered when calling LSTM.call().\n\nCannot unroll a RNN if the time dimension is"
    " undefined."
)


def test_sequences_of_words_are_not_unrolled() -> None:
    words = failed("model.fit(data)", UNROLL, "model.add(keras.layers.Embedding(2003, 32))")
    assert fixes(words) == [
        ("unrolled", "keras.layers.LSTM(num_units)"),
        ("static_steps", "keras.Input((time_step,))"),
    ]
    assert [id for id, _ in fixes(failed("model.fit(x)", UNROLL))] == ["static_steps", "unrolled"]
    source = "h = layers.LSTM(29, unroll=True)(layers.Embedding(2003, 32)(text))"
    assert fixes(failed("model.fit(data)", UNROLL, source))[0][1] == source.replace(", unroll=True", "")


def test_cell_without_a_class_may_be_any() -> None:
    message = "RuntimeError: input has inconsistent input_size: got 11 expected 13"
    assert fixes(explain(message))[0][1] == "nn.LSTMCell(11, hidden_size)  # or nn.GRUCell, nn.RNNCell"
    assert fixes(explain(f"cell = nn.GRUCell(13, 25)\n{message}"))[0][1] == "nn.GRUCell(11, hidden_size)"


def test_layer_keeps_its_batch_first() -> None:
    message = "RuntimeError: input.size(-1) must be equal to input_size. Expected 64, got 48"
    (_, fix), *_ = fixes(failed("y, _ = self.lstm(x)", message, "My nn.LSTM has batch_first=True."))
    assert fix == "self.lstm = nn.LSTM(48, hidden_size, batch_first=True)"
    (_, fix), *_ = fixes(failed("y, _ = self.lstm(x)", message))
    assert fix == "self.lstm = nn.LSTM(48, hidden_size)"


def test_weights_with_a_row_for_each_unit_are_transposed() -> None:
    message = (
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        " (n?,k),(k,m?)->(n?,m?) (size 10 is different from 3)"
    )
    line = "return np.tanh(x @ self.Wxh + h @ self.Whh)\n                   ~~^~~~~~~~~~"
    explanation = failed(line, message, "net = VanillaRNN(3, 10)")
    assert fixes(explanation) == [("kernel_order", "self.Wxh = self.Wxh.T")]
    assert (explanation.mismatch.expected, explanation.mismatch.got) == ((3, 10), (10, 3))


def test_layer_below_one_that_reads_every_step_returns_every_step() -> None:
    message = (
        "ValueError: Error when checking target: expected {} to have 3 dimensions, but got array with shape (9, 5)"
    )
    ids = [id for id, _ in fixes(explain("lstm.fit(X, Y)\n" + message.format("time_distributed_1")))]
    assert ids == ["target_shape"]
    ids = [id for id, _ in fixes(explain("lstm.fit(X, Y)\n" + message.format("dense_1")))]
    assert ids == ["not_return_sequences", "target_shape"]


def test_mask_of_a_layer_of_cudnn_has_a_remedy() -> None:
    with pytest.raises(NotFoundError) as refused:
        explain("model.add(CuDNNLSTM(64))\nValueError: Masking is not supported for CuDNN RNNs.")
    assert "make an LSTM or a GRU in their place" in str(refused.value.sentence)
