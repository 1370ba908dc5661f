"""States, layers and arrays in a message with a few lines of code, without a traceback."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

# -- PyTorch -----------------------------------------------------------------------------------------------------------

ONCE = """RuntimeError: Expected hidden[0] size (1, 7, 30), got [1, 50, 30]

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(6, 30{first})
    def start(self, n):
        return torch.zeros(1, n, 30)
    def forward(self, x, state):
        return self.rnn(x, state)

tagger = Tagger()
state = tagger.start(50)
for words, tags in batches:
    out, state = tagger(words, state)
"""


@pytest.mark.parametrize("first, axis", [("", 1), (", batch_first=True", 0)])
def test_a_state_that_is_made_once_is_made_for_each_batch(first: str, axis: int) -> None:
    likely = explain(ONCE.format(first=first)).mismatch.causes[0]

    assert (likely.id, likely.is_own) == ("last_batch", True)
    assert likely.fix == f"state = tagger.start(words.size({axis}))  # before: out, state = tagger(words, state)"


NO_ENTRY = "IndexError: index 1 is out of bounds for dimension 0 with size 1\n\n"


def test_one_state_for_an_lstm_is_taken_for_the_pair() -> None:
    code = "dec = nn.LSTM(9, 21)\ns0 = torch.zeros(1, 6, 21)\ny, s = dec(z, s0)\n"
    mismatch = explain(f"{NO_ENTRY}{code}").mismatch

    assert (mismatch.tensor, mismatch.causes[0].id) == ("h_0", "h_for_h_c")
    assert mismatch.causes[0].fix == "y, s = dec(z, (s0, torch.zeros_like(s0)))"
    with pytest.raises(NotFoundError):  # the index of another array
        explain(f"{NO_ENTRY}{code}best = scores[1]\n")


def test_states_of_two_directions_are_read_of_a_layer_that_has_one() -> None:
    code = "enc = nn.GRU(5, 12)\nout, h_n = enc(x)\ny = head(torch.cat([h_n[0], h_n[1]], dim=-1))\n"
    causes = explain(f"{NO_ENTRY}{code}").mismatch.causes

    assert [(one.id, one.fix) for one in causes] == [
        ("one_direction", "enc = nn.GRU(5, 12, bidirectional=True)"),
        ("layers", "y = head(h_n[-1])"),
    ]


def test_the_layer_of_a_residual_sum_gets_the_features() -> None:
    message = "RuntimeError: The size of tensor a (20) must match the size of tensor b (14) at non-singleton dimension 2"
    likely = explain(f"{message}\n\nblock = nn.GRU(14, 20)\ny, _ = block(x)\ny = y + x\n").mismatch.causes[0]

    assert (likely.id, likely.fix) == ("residual", "block = nn.GRU(14, 14)")


# -- handwritten cells -------------------------------------------------------------------------------------------------

CELL = """TypeError: dot_general requires contracting dimensions to have the same shape, got ({h},) and ({rows},).

def lstm_step(p, state, x):
    h, c = state
    z = x @ p['K'] + h @ p['R'] + p['b']
    i, f, g, o = jnp.split(z, 4, axis=-1)

h_init = jnp.zeros((8, {h}))
p['R'] = jax.random.normal(key, ({rows}, {columns}))
"""


def test_the_only_weights_that_are_shown_tell_which_product_failed() -> None:
    explanation = explain(CELL.format(h=24, rows=40, columns=160))
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (mismatch.tensor, mismatch.axis, mismatch.causes[0].fix) == ("h_0", "num_units", "h_init = jnp.zeros((8, 40))")
    assert network and network.num_units == 40


# -- arrays that lack an axis ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape, sizes", [((15, 1), (15, 1)), ((1, 15), (1, 15))])
def test_the_declared_sample_says_what_the_values_of_a_row_are(shape: tuple[int, int], sizes: tuple[int, int]) -> None:
    explanation = explain(
        "ValueError: Error when checking input: expected gru_2_input to have 3 dimensions, but got array with shape"
        f" (640, 15)\nmodel.add(GRU(10, input_shape={shape}))\n"
    )
    network = explanation.configuration

    assert network and (network.time_step, network.features) == sizes
    assert explanation.mismatch.note is None


def test_the_array_that_is_fed_to_a_model_of_onnx_gets_the_axis() -> None:
    message = (
        "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT :"
        " Invalid rank for input: frames Got: 2 Expected: 3 Please fix either the inputs/outputs or the model.\n\n"
    )
    mismatch = explain(f"{message}the exported nn.GRU\ny = session.run(None, {{'frames': clip}})\n").mismatch

    assert mismatch.causes[0].fix == "y = session.run(None, {'frames': clip[:, None]})"
