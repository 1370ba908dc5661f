"""A pasted error message finds the pages that explain it."""

from random import Random

import pytest
from time_limit import time_limit

from app.frameworks.common_mistakes import MISTAKES, recorded_messages
from app.teaching.all_pages import PAGES, page_on
from app.teaching.pages_by_error import ERROR_MESSAGES, MAX_LENGTH, is_pasted, pages_about

PRINTED = [
    (mistake, one.message)
    for mistake in MISTAKES
    for one in recorded_messages(mistake)
    if "Error" in one.message.partition(":")[0]
]

MESSAGES = {
    # PyTorch
    "Expected hidden[0] size (2, 3, 20), got [3, 2, 20]": "hidden-sizes",
    "Expected hidden[1] size (1, 64, 256), got (64, 256)": "hidden-sizes",
    "Expected hidden size (2, 3, 20), got [1, 3, 20]": "hidden-sizes",
    "Expected hidden[0] size (1, 32, 256), got [1, 8, 256]": "last-batch",
    "For batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors": "hidden-sizes",
    "For unbatched 2-D input, hx should also be 2-D but got 3-D tensor": "hidden-sizes",
    "input.size(-1) must be equal to input_size. Expected 10, got 7": "break-it",
    "LSTM: Expected input to be 2D or 3D, got 4D instead": "break-it",
    "input must have 3 dimensions, got 2": "break-it",
    "LSTMCell: Expected input to be 1D or 2D, got 3D instead": "lstm-or-lstmcell",
    "Input batch size 1 doesn't match hidden[0] batch size 512": "lstm-or-lstmcell",
    "'lengths' argument should be a 1D CPU int64 tensor, but got 1D cuda:0 Long tensor": "lengths",
    "Expected `len(lengths)` to be equal to batch_size, but got 4 (batch_size=3).": "lengths",
    "mat1 and mat2 shapes cannot be multiplied (160x128 and 64x10)": "break-it",
    "linear(): argument 'input' (position 1) must be Tensor, not tuple": "output-or-h-n",
    "proj_size has to be smaller than hidden_size": "projection",
    "size mismatch for lstm.weight_ih_l0: copying a param with shape torch.Size([512, 128]) from checkpoint, the "
    "shape in current model is torch.Size([256, 64]).": "checkpoint",
    # Keras and TensorFlow
    "Input 0 of layer lstm is incompatible with the layer: expected ndim=3, found ndim=2. Full shape received: "
    "[None, 20]": "break-it",
    'Input 0 of layer "gru_3" is incompatible with the layer: expected ndim=3, found ndim=2.': "break-it",
    "Error when checking input: expected lstm_1_input to have 3 dimensions, but got array with shape (100, 5)": (
        "break-it"
    ),
    "Input 0 of layer lstm is incompatible with the layer: expected axis -1 of input shape to have value 2": "break-it",
    "Dimensions must be equal, but are 7 and 2 for '{{node lstm/lstm_cell/MatMul}} = MatMul[T=DT_FLOAT]'": "break-it",
    "Matrix size-incompatible: In[0]: [32,2569], In[1]: [2638,500]": "break-it",
    "Shapes (None, 10) and (None, 5, 10) are incompatible": "return-sequences",
    "If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial "
    "state. \n- Expected batch size: 32\n- Received batch size: 7": "last-batch",
    "Invalid input_h shape: [1,33,16] [1,32,16]": "last-batch",
    "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size: "
    "sequence.shape=(None, 5, 2)": "stateful",
    "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, received: (None, 5)": (
        "time-distributed"
    ),
    "You called `set_weights(weights)` on layer 'lstm' with a weight list of length 2, but the layer was expecting 3 "
    "weights.": "which-slice",
    # others
    "Input initial_h must have shape {1,1,128}. Actual:{1,2,128}": "hidden-sizes",
    "dot_general requires contracting dimensions to have the same shape, got (2,) and (4,).": "break-it",
}  # fmt: skip

OTHER = [
    "ModuleNotFoundError: No module named 'torch'",
    "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 8.00 GiB total capacity)",
    "CUDA out of memory. Tried to allocate 20.00 MiB",
    "Shapes (32, 10) and (32, 9) are incompatible",
    "IndexError: list index out of range",
    "size mismatch for fc.weight: copying a param with shape torch.Size([10, 5]) from checkpoint",
    "Dimensions must be equal, but are 7 and 2 for 'add'",
    "x = [1, 2, 3]\nprint(x)\n",
    "TypeError: __init__() got an unexpected keyword argument 'num_units'",
]

TRACEBACK = """Traceback (most recent call last):
  File "/home/me/train.py", line 12, in <module>
    output, (h_n, c_n) = lstm(x, (h_0, c_0))
  File ".../torch/nn/modules/rnn.py", line 998, in check_hidden_size
    raise RuntimeError(msg.format(expected_hidden_size, list(hx.size())))
RuntimeError: {}"""

HIDDEN = "Expected hidden[0] size (2, 3, 20), got [3, 2, 20]"


@pytest.mark.parametrize(("mistake", "message"), PRINTED)
def test_an_error_printed_on_break_it_finds_its_page_first(mistake: str, message: str) -> None:
    assert pages_about(message)[0] == page_on(mistake)
    assert is_pasted(message)


@pytest.mark.parametrize(("message", "slug"), MESSAGES.items())
def test_a_message_of_a_framework_finds_its_page(message: str, slug: str) -> None:
    for shown in (message, f"ValueError: {message}", TRACEBACK.format(message), message.replace(" ", "\n  ")):
        assert pages_about(shown)[0].slug == slug


@pytest.mark.parametrize("text", OTHER)
def test_another_text_finds_nothing(text: str) -> None:
    assert pages_about(text) == []


@pytest.mark.parametrize(
    "shown",
    [
        f"\x1b[0;31mRuntimeError\x1b[0m: {HIDDEN}",
        f"[31mRuntimeError[0m: {HIDDEN}",
        f">>> lstm(x, (h, c))\n{TRACEBACK.format(HIDDEN)}\n>>> ",
        "E   RuntimeError: Expected hidden[0] size\nE   (2, 3, 20), got [3, 2, 20]",
        "│ RuntimeError: Expected hidden[0] size (2, 3,   │\n│ 20), got [3, 2, 20]                            │",
        HIDDEN.upper(),
        "> > RuntimeError: Expected hidden[0] si\n> > ze (2, 3, 20)",
        f"mat1 and mat2 shapes cannot be multiplied (1x2 and 3x4)\n\nDuring handling of it: {HIDDEN}",
        "Expected hidden[0] size (?, ?, ?), got [?, ?, ?]",
        "word " * 100_000 + HIDDEN,
    ],
)
def test_what_surrounds_a_message_does_not_matter(shown: str) -> None:
    assert pages_about(shown)[0].slug in ("hidden-sizes", "last-batch")


def test_words_to_search_for_are_no_message() -> None:
    for words in (
        "h_0",
        "how many units should I choose?",
        "expected ndim=3",
        "what is a gate\n",
        "what is\nnum_units",
    ):
        assert not is_pasted(words)
    for pasted in (*OTHER[:2], TRACEBACK, "import torch\nx = 3"):
        assert is_pasted(pasted)


def test_every_page_of_the_table_exists() -> None:
    assert {place for message in ERROR_MESSAGES for place in message.places} <= PAGES.keys()


def test_the_search_of_a_long_text_ends() -> None:
    """Also one that begins like many messages and never ends like one."""
    parts = [message.template.partition("{")[0] for message in ERROR_MESSAGES]
    random = Random(0)
    prose = "".join(random.choice("abc \n>[]()_0123,:='\"") for _ in range(MAX_LENGTH))
    for text in (prose, *((part + "(1,") * MAX_LENGTH for part in parts[:8]), "\n" * MAX_LENGTH, "[0;" * MAX_LENGTH):
        with time_limit(text[:80]):
            pages_about(text)
