"""A message and a few lines of code, without a traceback, as people ask about them."""

import pytest

from app.reading.errors.explanation import Explanation, NotFoundError, explain


def first_of(text: str) -> tuple[str | None, str | None, str, str]:
    """The tensor, the axis, and the first cause with its line."""
    mismatch = explain(text).mismatch
    return mismatch.tensor, mismatch.axis, mismatch.causes[0].id, mismatch.causes[0].fix


def sizes_of(explanation: Explanation) -> tuple[int | None, int | None, int | None]:
    """The steps, the features and the units of the layer."""
    network = explanation.configuration
    assert network
    return network.time_step, network.features, network.num_units


# -- losses of Keras ---------------------------------------------------------------------------------------------------

AUTOENCODER = """
code = GRU(24)(inputs)
code = RepeatVector({steps})(code)
decoded = GRU(24, return_sequences=True)(code)
model = Model(inputs, decoded)
"""
DIFFERENCE = (
    "ValueError: Dimensions must be equal, but are {} and {} for '{{{{node {}}}}}' with input shapes: {}, {}.\n"
)


def test_a_difference_is_read_by_the_name_of_its_node_alone() -> None:
    message = DIFFERENCE.format(24, 5, "mean_squared_error/SquaredDifference", "[?,9,24]", "[?,9,5]")
    tensor, axis, cause, fix = first_of(message + AUTOENCODER.format(steps=9))

    assert (tensor, axis, cause) == ("target", None, "last_units")
    assert fix.startswith("keras.layers.Dense(5)")
    assert first_of("tf.keras: " + message + AUTOENCODER.format(steps=9))[:3] == (tensor, axis, cause)


def test_repeated_steps_are_the_cause_only_if_the_steps_differ() -> None:
    message = DIFFERENCE.format(9, 12, "mean_squared_error/SquaredDifference", "[?,9,24]", "[?,12,24]")

    assert first_of(message + AUTOENCODER.format(steps=9))[1:3] == ("time_step", "repeated_steps")


def test_a_node_whose_name_says_no_operation_is_not_read() -> None:
    with pytest.raises(NotFoundError):
        explain(DIFFERENCE.format(24, 5, "model/lambda/stack", "[?,9,24]", "[?,9,5]") + AUTOENCODER.format(steps=9))


def test_a_target_of_every_step_gets_its_last_axis() -> None:
    message = "InvalidArgumentError: Incompatible shapes: [16,12] vs. [16,12,1]\n"
    message += "\t [[{{node gradient_tape/binary_crossentropy/mul}}]]\n"
    message += "model.add(LSTM(8, return_sequences=True))\nmodel.add(Dense(1, activation='sigmoid'))\n"

    assert first_of(message) == ("target", "rank", "target_last_axis", "y = y[..., np.newaxis]")


# -- cells written in NumPy --------------------------------------------------------------------------------------------

STEP = "my rnn:\n\nfor t in range(n):\n    h = np.tanh(np.dot({}, h) + np.dot({}, x[t]) + b)\n\nValueError: "
ALIGNED = "shapes ({0},{1}) and ({2},) not aligned: {1} (dim 1) != {2} (dim 0)"


def test_only_square_weights_are_those_of_h_in_a_simple_rnn() -> None:
    for rows, columns in ((100, 65), (128, 32), (96, 33)):  # the second one as those of four gates
        explanation = explain(STEP.format("W", "U") + ALIGNED.format(rows, columns, rows // 4))
        mismatch = explanation.mismatch

        assert (mismatch.tensor, mismatch.axis) == ("x", "features"), (rows, columns)
        assert mismatch.causes[0].fix == f"U = 0.1 * np.random.randn({rows}, {rows // 4})"
        assert sizes_of(explanation)[1:] == (columns, rows)
    of_h = explain(STEP.format("W", "U") + ALIGNED.format(40, 40, 10)).mismatch
    assert (of_h.tensor, of_h.axis) == ("h_0", "num_units")


# -- pairs of output and states ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{error}\n\ny = self.enc(x)\ny = y.view(y.size(0), -1)\nself.enc = nn.GRU(7, 11)\n",
        "    y = y.view(y.size(0), -1)\n{error}\n\nself.enc = nn.GRU(7, 11)\ny = self.enc(x)\n",
    ],
)
def test_the_whole_pair_is_found_in_any_order_of_the_lines(text: str) -> None:
    explanation = explain(text.format(error="AttributeError: 'tuple' object has no attribute 'size'"))

    assert [(one.id, one.fix) for one in explanation.mismatch.causes] == [("whole_pair", "y, _ = self.enc(x)")]
    assert sizes_of(explanation)[1:] == (7, 11)


def test_another_line_between_leaves_a_pair_unknown() -> None:
    lines = (
        "    y = y.view(2, -1)\nAttributeError: 'tuple' object has no attribute 'view'\n\nself.enc = nn.GRU(7, 11)\n"
    )

    with pytest.raises(NotFoundError):
        explain(f"{lines}y = self.enc(x)\ny = self.fc(y)\n")


# -- new shapes --------------------------------------------------------------------------------------------------------

FOUR_AXES = "Input 0 of layer {} is incompatible with the layer: expected ndim=3, found ndim=4. Full shape received: {}"


@pytest.mark.parametrize(
    "shape, line, fix",
    [
        ("(None, 1, 12, 5)", "a = a.reshape(-1, 1, 12, 5)", "a = a.reshape(-1, 12, 5)"),
        ("(None, 12, 5, 1)", "a = np.reshape(a, (len(a), 12, 5, 1))", "a = np.reshape(a, (len(a), 12, 5))"),
        ("(None, 12, 1, 5)", "a = a.reshape((len(a), 12, 1, 5))", "a = a.reshape((len(a), 12, 5))"),
    ],
)
def test_a_reshape_loses_the_axis_of_size_one_that_the_layer_does_not_declare(shape: str, line: str, fix: str) -> None:
    model = f"{line}\nmodel = Sequential()\nmodel.add(GRU(30, input_shape=(12, 5)))\n"
    explanation = explain(f"ValueError: {FOUR_AXES.format('gru_3', shape)}\n\n{model}")

    assert [(one.id, one.fix, one.is_own) for one in explanation.mismatch.causes] == [("extra_axis", fix, True)]
    assert sizes_of(explanation) == (12, 5, 30)


def test_axes_that_the_layer_declares_are_kept() -> None:
    lines = "a = a.reshape(-1, 1, 12, 5)\nmodel = Sequential()\nmodel.add(GRU(30, input_shape=(12, 60)))\n"
    fix = first_of(f"ValueError: {FOUR_AXES.format('gru_3', '(None, 1, 12, 5)')}\n\n{lines}")[3]

    assert fix == "keras.layers.Reshape((time_step, -1))"


def test_data_keep_three_axes_and_the_names_of_the_line() -> None:
    text = "ValueError: cannot reshape array of size 4800 into shape (200,1,4)\nkeras LSTM\n"
    text += "x_train = x_train.reshape((len(x_train), 1, 4))\n"

    assert first_of(text)[::2] == ("x", "reshape_steps")
    assert first_of(text)[3] == "x_train = x_train.reshape((len(x_train), -1, 4))"


def test_a_new_shape_says_its_sizes_and_takes_the_rest_for_the_batch() -> None:
    lines = "y, (h, c) = self.lstm(x, (self.h, self.c))\ny = y.contiguous().view({})\nreturn self.out(y)\n"
    text = "RuntimeError: shape '[32, 15, 8]' is invalid for input of size 2040\n\n" + lines
    explanation = explain(text.format("self.batch, self.seq_len, self.hidden"))
    network = explanation.configuration

    assert network and (network.batch_size, network.time_step, network.num_units) == (17, 15, 8)
    assert explanation.mismatch.causes[0].fix == "y = y.contiguous().view(-1, self.seq_len, self.hidden)"
    unnamed = explain(text.format("self.a, self.b, self.c"))
    assert sizes_of(unnamed) == (None, None, None)
    even = explain(text.replace("2040", "1920").format("self.batch, self.seq_len, self.hidden"))
    assert sizes_of(even) == (15, None, None)  # or half as many samples of both directions


def test_a_part_of_a_state_is_no_batch_with_another_size() -> None:
    lines = "gru = nn.GRU(5, 10, batch_first=True)\nout, h = gru(x)\ny = fc(h[:, -1, :].view(6, 10))\n"
    mismatch = explain(f"RuntimeError: shape '[6, 10]' is invalid for input of size 10\n\n{lines}").mismatch

    assert [one.fix for one in mismatch.causes] == ["y = fc(h[-1].view(6, 10))"]


def test_weights_are_one_row_of_a_product_of_batches() -> None:
    lines = "out, h = self.gru(x)\nweights = F.softmax(scores, dim=1)\nc = torch.bmm(weights, out)\n"

    assert first_of(f"RuntimeError: batch1 must be a 3D tensor\n\n{lines}")[2:] == (
        *("weights_axis", "weights = weights.unsqueeze(1)"),
    )


# -- what names a layer ------------------------------------------------------------------------------------------------

WRITTEN = "The expanded size of the tensor ({0}) must match the existing size ({1}) at non-singleton dimension 0."
WRITTEN += " Target sizes: [{0}, 9].  Tensor sizes: [{1}, 9]"


def test_a_comment_names_the_layer_of_a_few_lines() -> None:
    lines = (
        "preds = torch.zeros(n, 1, 9)\nfor t in range(n):\n    y, h = self.cell(x[t], h){}\n    preds[t] = self.fc(h)\n"
    )
    text = f"RuntimeError: {WRITTEN.format(1, 24)}\n\n{lines}"

    assert first_of(text.format("  # GRU"))[:3] == ("output", "batch_size", "kept_outputs")
    assert first_of(text.format("  # GRU"))[3] == "preds = torch.zeros(n, 24, 9)"
    for comment in ("", "  # instead of a GRU", "  # will be a GRU later"):
        with pytest.raises(NotFoundError):
            explain(text.format(comment))


def test_a_comment_in_a_program_names_no_layer() -> None:
    program = "import torch\n\nclass Net(nn.Module):\n    def forward(self, x):\n"
    program += "        return self.a(x) + self.b(x)  # LSTM\n"

    with pytest.raises(NotFoundError):
        explain(f"{program}\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (8x6 and 5x4)")


def test_a_part_of_the_rows_of_all_gates_is_no_batch() -> None:
    text = "ValueError: operands could not be broadcast together with shapes (6,20) (24,1)\n\n# LSTM in numpy\n{}\n"

    assert explain(text.format("f = sigmoid(z[:6]) * c")).mismatch.tensor is None
    assert explain(text.format("f = sigmoid(z) * c")).mismatch.tensor == "c_0"


FED = "InvalidArgument: Got invalid dimensions for input: {} for the following indices\n index: 1 Got: 1 Expected: 6\n"
FED += ' Please fix either the inputs/outputs or the model.\nsession.run(None, {{"x": x, "{}": h, "{}": c}})\n'


def test_both_states_among_the_inputs_are_those_of_an_lstm() -> None:
    explanation = explain(FED.format("h0", "h0", "c0"))

    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == ("h_0", "batch_size")
    assert explanation.configuration and explanation.configuration.cell == "lstm"
    with pytest.raises(NotFoundError):
        explain(FED.format("h0", "h0", "mask"))


# -- checkpoints -------------------------------------------------------------------------------------------------------


def test_a_reader_of_checkpoints_names_the_variable() -> None:
    text = "Shape of variable a/{}/kernel:0 ({}) doesn't match with shape of tensor {} ({}) from checkpoint reader."
    explanation = explain("ValueError: " + text.format("basic_lstm_cell", "(70, 160)", "a/b", "[55, 160]"))

    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == ("kernel", "features")
    assert sizes_of(explanation)[1:] == (30, 40)
    with pytest.raises(NotFoundError):
        explain("ValueError: " + text.format("dense", "(70, 160)", "a/b", "[55, 160]"))


# -- joins and indices -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "made, order, fix",
    [
        ("torch.bmm(w, keys)", "", "z = torch.cat((e, c.transpose(0, 1)), dim=-1)"),
        ("h[-1].unsqueeze(1)", "", "z = torch.cat((e, c.transpose(0, 1)), dim=-1)"),
        ("w.bmm(keys)", "gru = nn.GRU(8, 8, batch_first=True)\n", "z = torch.cat((e.transpose(0, 1), c), dim=-1)"),
    ],
)
def test_a_step_is_joined_in_the_order_of_the_layer(made: str, order: str, fix: str) -> None:
    message = "Sizes of tensors must match except in dimension 2. Expected size 1 but got size 14 for tensor number 1"
    lines = f"{order}e = self.emb(y).unsqueeze(0)\nc = {made}\nz = torch.cat((e, c), dim=-1)\nout, h = self.gru(z, h)\n"
    explanation = explain(f"RuntimeError: {message} in the list.\n\n----> 3 z = torch.cat((e, c), dim=-1)\n\n{lines}")
    mismatch = explanation.mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.causes[0].id) == ("x", "order", "time_first")
    assert mismatch.causes[0].fix == fix
    assert explanation.configuration and explanation.configuration.batch_size == 14


@pytest.mark.parametrize(
    "made",
    ["s = self.gru(x)[1][-1]", "s = self.lstm(x)[1][0][0]", "out, (h_n, c_n) = self.lstm(x)\ns = h_n[-1]"],
)
def test_a_state_has_no_axis_of_steps(made: str) -> None:
    text = f"IndexError: too many indices for tensor of dimension 2\n\n{made}\ny = self.fc(s[:, -1, :])\n"

    assert first_of(text) == ("output", "rank", "kept_last_step", "y = self.fc(s)")


def test_an_output_that_is_indexed_may_lack_its_batch() -> None:
    text = (
        "IndexError: too many indices for tensor of dimension 2\n\nout, h = self.gru(x)\ny = self.fc(out[:, -1, :])\n"
    )

    assert first_of(text)[2] == "unbatched"


def test_two_indices_leave_one_vector_of_an_output() -> None:
    message = "IndexError: Dimension out of range (expected to be in range of [-1, 0], but got 1)\n\n"
    text = message + "out, h = self.gru(x, h)\np = F.log_softmax(self.fc({}), dim=1)\n"

    mismatch = explain(text.format("out[-1][0]")).mismatch
    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("output", "rank", 2, 1)
    with pytest.raises(NotFoundError):
        explain(text.format("other[-1][0]"))


# -- names of the lines ------------------------------------------------------------------------------------------------


def test_weights_get_their_axis_in_the_only_product() -> None:
    message = "The size of tensor a (15) must match the size of tensor b (24) at non-singleton dimension 1"
    lines = "gru = nn.GRU(6, 24)\nscore = nn.Linear(24, 1)\nseq, _ = gru(x)\na = score(seq).squeeze(-1)\n{}\n"
    text = f"RuntimeError: {message}\n\n{lines}"

    assert first_of(text.format("c = seq * a"))[2:] == ("weights_axis", "c = seq * a.unsqueeze(-1)")
    of_two = explain(text.format("c = seq * a\nd = a * seq")).mismatch
    assert not any(one.is_own for one in of_two.causes)


@pytest.mark.parametrize(
    "made, comment, fix",
    [
        ("", "  # (12, 9, 20)", "y = self.fc(seq[:, -1])"),
        ("", "  # (9, 12, 20)", "y = self.fc(seq[-1])"),
        ("self.gru = nn.GRU(5, 20, batch_first=True)\n", "", "y = self.fc(seq[:, -1])"),
        ("", "", "output = output[:, -1]  # with batch_first=True"),
        ("", "  # (12, 12, 20)", "output = output[:, -1]  # with batch_first=True"),
    ],
)
def test_rows_of_every_step_become_the_last_step(made: str, comment: str, fix: str) -> None:
    lines = f"{made}seq, _ = self.gru(e){comment}\ny = self.fc(seq.view(-1, 20))\nloss = criterion(y, labels)\n"
    text = f"ValueError: Expected input batch_size (108) to match target batch_size (12).\n\n{lines}"

    assert first_of(text)[:3] == ("target", "batch_size", "not_return_sequences")
    assert first_of(text)[3] == fix
