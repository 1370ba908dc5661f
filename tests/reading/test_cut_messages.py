"""Messages of which a text has only a part, or has it with other punctuation."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

THREAD = "owner/project · issue #7 · open · Python\nlabels: bug\n"
OF_MASK = "OutOfRangeError: Tried to read from index {} but array size is: {}"
MASKED = (
    "x = tf.random.normal([3, 9, 2])\n"
    "mask = tf.sequence_mask([7, 2, 5], maxlen=7)\n"
    "y = tf.keras.layers.GRU(8)(x, mask=mask)\n"
)

EXPLAINED = {
    "# expected gru_1_input to have 3 dimensions，but got array with shape (8, 5, 1, 64)": ("x", "rank", 3, 4),
    "ValueError：expected lstm_3_input to have 3 dimensions, but got array with shape (8, 5)": ("x", "rank", 3, 2),
    "expected lstm_3 to have 3 dimensions, but got array with shape (8, 5)": ("target", "rank", 3, 2),
    # the order of dynamic_rnn, without the operation and the shapes
    "tf.nn.dynamic_rnn(cell, x)\nValueError: Dimension must be 2 but is 3 for 'transpose'": ("x", "rank", 3, 2),
    "tf.nn.dynamic_rnn(cell, x)\nValueError: Dimension must be 4 but is 3 for 'rnn/transpose'": ("x", "rank", 3, 4),
    f"{THREAD}# An error in dynamic_rnn\n\nI get \"Dimension must be 2 but is 3 for 'transpose'\"": ("x", "rank", 3, 2),
    "# Found an element in 'lengths' that is <=0 after an epoch": ("lengths", "time_step", None, None),
    f"{MASKED}{OF_MASK.format(7, 7)}": ("mask", "time_step", (9,), (7,)),
    f"an LSTM with a mask\n{OF_MASK.format(4, 4)}": ("mask", "time_step", None, (4,)),
}

REFUSED = (
    "expected dense_1_input to have 3 dimensions, but got array with shape (8, 5)",  # no recurrent layer
    "tf.nn.static_rnn(cell, x)\nValueError: Dimension must be 2 but is 3 for 'transpose'",
    "tf.nn.dynamic_rnn(cell, x)\nValueError: Dimension must be 2 but is 4 for 'transpose'",
    f"an LSTM\n{OF_MASK.format(4, 4)}",
    f"an LSTM with a mask\n{OF_MASK.format(3, 4)}",
)


@pytest.mark.parametrize(("text", "expected"), EXPLAINED.items())
def test_part_of_a_message_tells_the_axis(text: str, expected: tuple[object, ...]) -> None:
    mismatch = explain(text).mismatch
    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == expected


@pytest.mark.parametrize("text", REFUSED)
def test_part_of_a_message_of_other_arrays_is_none(text: str) -> None:
    with pytest.raises(NotFoundError):
        explain(text)


NUMBERS = "Dimensions must be equal, but are 15 and 40"
MULTIPLIED = "ValueError: Dimensions must be equal, but are 7 and 4 for '{{node MatMul}} = MatMul[T=DT_FLOAT]("
COMPARED = f"ValueError: {NUMBERS} for '{{{{node Equal}}}} = Equal[T=DT_BOOL]("
JOINED = (
    "InvalidArgumentError: ConcatOp : Dimensions of inputs should match: shape[0] = [8,30] vs. shape[1] = [64,30]\n"
    "\t [[Node: rnn/while/rnn/"
)
OF_STACK = "self.cells = nn.ModuleList([nn.GRUCell(16, 16) for _ in range(n)])\n"
LACKING = "IndexError: Dimension out of range (expected to be in range of [-1, 0], but got 1)"

TOLD_BY_NAMES = {
    # the first factor of a product, and the arguments of a comparison
    f"tf.keras.layers.GRU(9)(x)\n{MULTIPLIED}strided_slice_2, k": None,
    f"tf.keras.layers.GRU(9)(x)\n{MULTIPLIED}strided_slice_2, kern": ("x", "features", (4,), (7,)),
    f"Bidirectional(LSTM(6))(x)\n{COMPARED}mask, SequenceMask/Less)' with input shapes: [?,15,40], [?,40,?].": (
        *("mask", "rank", 2, 3),
    ),
    f"{JOINED}multi_rnn_cell": ("h_0", "batch_size", (8,), (64,)),
    f"{JOINED}dense_head": None,
    # the layer of a message without numbers
    'an error, since return_sequences is missing:\nInput 0 of layer "lstm_4" is incompatible with the layer': (
        *("x", "rank", 3, None),
    ),
    'Input 0 of layer "lstm_4" is incompatible with the layer': None,
    f"{OF_STACK}{LACKING}": ("x", "rank", 2, 1),
}


@pytest.mark.parametrize(("text", "expected"), TOLD_BY_NAMES.items())
def test_names_in_a_part_of_a_message_tell_the_array(text: str, expected: tuple[object, ...] | None) -> None:
    try:
        mismatch = explain(text).mismatch
        found = (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) if mismatch.tensor else None
    except NotFoundError:
        found = None
    assert found == expected


def test_cells_in_a_list_leave_the_number_of_layers_open() -> None:
    network = explain(f"{OF_STACK}{LACKING}").configuration
    assert network is None or network.num_layers is None
