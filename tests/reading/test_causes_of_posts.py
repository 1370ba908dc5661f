"""Posts to forums: where the code, a name of a file or the layers of a model say what a message is about."""

import pytest
from errors_of_functions import SHAPES, nodes

from app.reading.errors.explanation import NotFoundError, explain

PRODUCTS = "RuntimeError: The size of tensor a (128) must match the size of tensor b (64) at non-singleton dimension 2"
IN_SECOND = "RuntimeError: The size of tensor a (16) must match the size of tensor b (32) at non-singleton dimension 1"
SHAPES_OF_RUN = "InvalidArgumentError: Incompatible shapes: [{}] vs. [{}]"
TAGGER = "model.add(LSTM(90, return_sequences=True))\nmodel.compile('rmsprop', 'categorical_crossentropy')\n"
CHANNELS = (
    "RuntimeError: Given groups=1, weight of size [{}], expected input[8, {}, 16, 16] to have {} channels, but got {}"
    " channels instead"
)
CELL = 'PredRNN\n  File "layers/SpatioTemporalLSTMCell.py", line 49, in forward\n    {}\n'
INPUT_OF_ONNX = (
    "InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Got invalid dimensions for input: {} for the"
    " following indices\n index: 1 Got: 4 Expected: 1\n Please fix either the inputs or the model."
)
OF_SECOND_AXIS = (
    "ValueError: all the input array dimensions except for the concatenation axis must match exactly, but along"
    " dimension 1, the array at index 0 has size 5 and the array at index 1 has size 8"
)
OF_FIRST_AXIS = OF_SECOND_AXIS.replace("dimension 1", "dimension 0")
CUT = "RuntimeError: dimension out of range (expected to be in range of [-1, 0], but got 1)"


def frame(file: str, function: str, code: str) -> str:
    return f'  File "/home/me/project/{file}", line 71, in {function}\n    {code}\n'


EXPLAINED = {
    # a file of a layer
    frame("models/gru.py", "forward", "represents = hiddens * sent_probs") + PRODUCTS: ("output", "num_units"),
    frame("bi_lstm_attention.py", "attention", "represents = hiddens * sent_probs") + PRODUCTS: ("output", "num_units"),
    # the arrow of IPython without the first line of its frame
    f"class Attn(nn.Module): of a GRU\n---> 46   energy = self.attn(torch.cat((hidden, output), 1))\n{CUT}": (
        "output",
        "rank",
    ),
    # samples as columns, and a matrix of weights in an einsum
    frame("cell.py", "lstm_step", "z = np.concatenate((x, h), axis=0)") + OF_SECOND_AXIS: ("h_0", "batch_size"),
    frame("lstm.py", "call", "y = tf.einsum('ijk,kl->ijl', output, self.w)")
    + "ValueError: Dimensions must be equal, but are 8 and 7 for '{{node einsum/Einsum}} = Einsum[N=2, T=DT_FLOAT,"
    ' equation="ijk,kl->ijl"](x, w)\' with input shapes: [4,6,8], [7,9].': ("output", "num_units"),
    # the training of a model of Keras
    TAGGER + SHAPES_OF_RUN.format("1,15,90", "1,30,90"): ("target", "time_step"),
    TAGGER + SHAPES_OF_RUN.format("16,12", "16,99,12"): ("target", "rank"),
    TAGGER + "Dimensions must be equal, but are 10 and 9 for '{{node add_1}} = AddV2[T=DT_INT32](add, add_1/loss/Cast)'"
    " with input shapes: [2,10], [2,9].": ("target", None),
    f"model.add(LSTM(16))\nmodel.add(Dense(12))\n# labels (16, 99, 12)\n{SHAPES_OF_RUN.format('16,12', '16,99,12')}": (
        "target",
        "rank",
    ),
    "GRU(8, input_shape=(None, 12))\nValueError: Error when checking input: expected gru_2_input to have shape"
    " (None, 12) but got array with shape (5, 2)": ("x", "features"),
    # the channels of a ConvLSTM
    "CLSTM with num_features 10\n" + CHANNELS.format("40, 13, 5, 5", 20, 13, 20): ("x", "features"),
    CELL.format("x_concat = self.conv_x(x_t)") + CHANNELS.format("96, 32, 5, 5", 64, 32, 64): ("x", "features"),
    CELL.format("m_concat = self.conv_m(m_t)") + CHANNELS.format("96, 32, 5, 5", 64, 32, 64): ("h_0", "num_units"),
    # the states of an ONNX model
    "torch.nn.GRU(20, 20)\n" + INPUT_OF_ONNX.format("hidden_state"): ("h_0", "batch_size"),
    "torch.nn.GRU(20, 20)\n" + INPUT_OF_ONNX.format("state_in"): ("h_0", "batch_size"),
    "torch.nn.LSTM(20, 20)\n" + INPUT_OF_ONNX.format("state_in"): (None, None),
    # the sequence for a recurrent policy
    "LSTM policy\n"
    + frame("utils.py", "batch_to_seq", "h = tf.reshape(h, [nbatch, nsteps, -1])")
    + f"ValueError: Dimension size must be evenly divisible by 15 but is 8192 for {nodes('r', 'Reshape', SHAPES)[0]}": (
        "x",
        None,
    ),
    # a reshape elsewhere in a program that makes sequences, too
    "from utils import batch_to_seq\nLSTM policy\n"
    + frame("net.py", "head", "flat = tf.reshape(output, [-1, 9])")
    + f"ValueError: Dimension size must be evenly divisible by 9 but is 224 for {nodes('r', 'Reshape', SHAPES)[0]}": (
        "output",
        None,
    ),
    # the steps of a spectrogram are the last axis
    "An LSTM\n"
    + frame("data.py", "load", "x[i] = spectrogram")
    + "ValueError: could not broadcast input array from shape (128,44) into shape (128,60)": ("x", None),
    # what is written into the steps of samples that may be columns
    frame("rnn.py", "rnn_forward", "hidden[:, :, t] = h_next")
    + "ValueError: could not broadcast input array from shape (5,10) into shape (5,8)": ("output", None),
    frame("rnn.py", "rnn_forward", "hs[t] = h")
    + "ValueError: could not broadcast input array from shape (64,1) into shape (100,1)": ("output", None),
    # the axes of a join along the last one
    "A GRU decoder\n    cell_inp = torch.cat([inp, c], dim=-1)\nRuntimeError: Sizes of tensors must match except in"
    " dimension 1. Expected size 4 but got size 2 for tensor number 1 in the list.": ("x", "batch_size"),
    # a packed sequence that is taken for a pair
    frame("train.py", "train", "scores, _ = pack_padded_sequence(scores, decode_lengths, batch_first=True)")
    + "ValueError: too many values to unpack (expected 2)": ("output", None),
    # the placeholder of a layer of Keras
    "LSTM(128, batch_input_shape=(5, 5, 7), stateful=True)\n"
    "ValueError: Cannot feed value of shape (3, 5, 7) for Tensor u'lstm_1_input:0', which has shape '(5, 5, 7)'": (
        "x",
        "batch_size",
    ),
    # the only placeholder of sequences
    "series = tf.placeholder(tf.float32, [None, 28, 28])\noutputs, last = tf.nn.dynamic_rnn(cell, series)\n"
    "ValueError: Cannot feed value of shape (28, 28) for Tensor Placeholder_1:0, which has shape (?, 28, 28)": (
        "x",
        "rank",
    ),
    # a mask of states, which have no steps
    "ElmoLstm\n" + frame("encoder.py", "update", "state = old_state[:, :n] * used_mask[0]") + IN_SECOND: (
        "mask",
        "batch_size",
    ),
    # the step of a simple RNN
    "def step(self, x, h):\n    return torch.tanh(x @ self.W + h @ self.U)\n"
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x3 and 8x8)": ("h_0", "num_units"),
    # a network that always has recurrent layers
    "mozilla tacotron-gst\n    mask = mask.expand_as(x)\nRuntimeError: The expanded size of the tensor (45) must match"
    " the existing size (63) at non-singleton dimension 1.  Target sizes: [16, 45, 80].  Tensor sizes: [16, 63, 1]": (
        "mask",
        "time_step",
    ),
    # a mask that TensorFlow applies
    "output = LSTM(8)(x)\n  File 'net.py', line 3, in call\n    tf.boolean_mask(output, mask)\n"
    "ValueError: Shapes (4, 7) and (4, 6) are incompatible": ("mask", "time_step"),
}


@pytest.mark.parametrize("text", EXPLAINED)
def test_a_post_says_what_the_message_does_not(text: str) -> None:
    said = explain(text).mismatch

    assert (said.tensor, said.axis) == EXPLAINED[text]


NOT_EXPLAINED = (
    frame("gru.py", "load_samples", "represents = hiddens * sent_probs") + PRODUCTS,
    frame("train_gru.py", "forward", "represents = hiddens * sent_probs") + PRODUCTS,
    frame("gru/resnet.py", "forward", "represents = hiddens * sent_probs") + PRODUCTS,
    "ConvLSTM decoder\n" + CHANNELS.format("128, 64, 4, 4", 1, 128, 1),
    CELL.format("self.last = self.conv_last(torch.cat(parts, 1))") + CHANNELS.format("96, 32, 5, 5", 64, 32, 64),
    "An LSTM. y = tf.squeeze(y, 1)\nInvalidArgumentError: Can not squeeze dim[1], expected a dimension of 1, got 7",
    "LSTM\n    y = layers.Flatten()(y)[:, 90]\nInvalidArgumentError: slice index 90 of dimension 1 out of bounds.",
    "LSTM, tf.data\nInvalidArgumentError: Cannot batch tensors with different shapes in component 0. First element had"
    " shape [480,640,3] and element 1 had shape [512,640,3].",
    "LSTM, tf.data\nInvalidArgumentError: Cannot batch tensors with different shapes in component 1. First element had"
    " shape [7] and element 1 had shape [9].",
    "LSTM\n    x = torch.stack(images)\n"
    "RuntimeError: stack expects each tensor to be equal size, but got [480, 640] at entry 0 and [512, 640] at entry 1",
    # lengths that are computed in the line that packs
    frame("net.py", "forward", "x = pack_padded_sequence(x, mask.sum(1))") + CUT,
    "LSTM\n    both = tf.stack(outputs)\nInvalidArgumentError: Shapes of all inputs must match: values[0].shape = [3,5]"
    " != values[1].shape = [4,5] [Op:Pack]",
    # targets, which may have other lengths than x
    "LSTM\n    y = torch.stack(targets)\n"
    "RuntimeError: stack expects each tensor to be equal size, but got [7] at entry 0 and [9] at entry 1",
    # a function of Python in a graph, a network of x and a height, and the frame of a lambda
    "boxes = tf.py_func(load, [p], tf.float32, stateful=True)\n" + SHAPES_OF_RUN.format("4,7,8", "4,6,8"),
    "y = torch.tanh(x @ self.w + height @ self.v)\n"
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x3 and 8x8)",
    frame("lstm.py", "forward", "y = self.head(x)") + frame("net.py", "<lambda>", "hiddens * weights") + PRODUCTS,
    "LSTM\n    both = torch.stack([h, c2])\n"
    "RuntimeError: stack expects each tensor to be equal size, but got [4, 8] at entry 0 and [3, 8] at entry 1",
)


@pytest.mark.parametrize("text", NOT_EXPLAINED)
def test_a_post_about_something_else_is_not_explained(text: str) -> None:
    with pytest.raises(NotFoundError):
        explain(text)


OF_UNKNOWN_ARRAYS = (
    # other variables of a decoder's loop, and a data set
    "An LSTM decoder\nValueError: The shape for decoder/while/log_probs:0 is not an invariant for the loop. It enters"
    " the loop with shape (4, 5), but has shape (4, ?) after one iteration.",
    "An LSTM\n" + frame("data.py", "load", "data = np.concatenate([x, y], axis=1)") + OF_FIRST_AXIS,
    # a mask of something else, and a penalty of a loss
    "An LSTM\n"
    + frame("net.py", "call", "boxes = tf.boolean_mask(boxes, keep)")
    + "ValueError: Shapes (4, 7) and (4, 6)"
    " are incompatible",
    "model.add(LSTM(3))\nmodel.compile('adam', 'mse')\nmixed = alpha * real + fake\n"
    + SHAPES_OF_RUN.format("32,7,3", "32,9,3"),
    # vectors of which vstack makes rows, and columns that hstack joins along the other axis
    frame("cell.py", "lstm_step", "z = np.vstack((h, x))") + OF_SECOND_AXIS,
    "def lstm_step(x, h):\n    f = sigmoid(np.dot(Wf, z))\n"
    + frame("cell.py", "lstm_step", "z = np.hstack((h, x))")
    + OF_FIRST_AXIS,
    # images that are changed in place
    "ResNet and LSTM\n"
    + frame("resnet.py", "forward", "x += residual")
    + "RuntimeError: output with shape [8, 64, 28, 28]"
    " doesn't match the broadcast shape [8, 128, 28, 28]",
    # the loop of a counter, and that of a beam search
    "LSTM\nValueError: Input tensor `i:0` enters the loop with shape (), but has shape (1,) after one iteration.",
    "LSTM\ntf.while_loop(cond, body, [i, log_probs])\nValueError: The shape for while/Merge_1:0 is not an invariant for"
    " the loop. It enters the loop with shape (4, 1), but has shape (4, ?) after one iteration.",
    # the call of a cell, which is no loss, and a sum of other layers
    "LSTM\n    output, state = self._cell(x, state)\nValueError: Shapes (16, 268) and (16, 256) are incompatible",
    "a = LSTM(10)(x)\nb = Dense(20)(x)\nc = a + b\nmodel.compile('adam', loss='mse')\n"
    + SHAPES_OF_RUN.format("32,10", "32,20"),
    # a list of outputs, the equation of an einsum that nobody shows, and x and h whose axis may have been forgotten
    "LSTM\n    outputs = outputs.write(t, logits)\nValueError: Inconsistent shapes: saw (4, 9) but expected (4, 8) ",
    "LSTM attention\n    s = tf.einsum(equation, output, query)\nInvalidArgumentError: Expected dimension 4 at axis 0"
    " of the input shaped [5,8] but got dimension 5 [Op:Einsum]",
    frame("cell.py", "lstm_step", "z = np.concatenate((x, h))") + OF_SECOND_AXIS,
    # x and outputs that are joined along their steps
    frame("net.py", "lstm", "y = jnp.concatenate([x, output], axis=1)")
    + "TypeError: Cannot concatenate arrays with shapes that differ in dimensions other than the one being"
    " concatenated: concatenating along dimension 1 for shapes (4, 7, 5), (4, 7, 8).",
    # the weights of positions, and images
    "An LSTM\n" + frame("net.py", "forward", "x = x + self.pos") + PRODUCTS,
    "h = lstm_step(x, h)\n"
    + frame("data.py", "load", "x[i] = image")
    + "ValueError: could not broadcast input array from shape (64,64) into shape (128,64)",
)


@pytest.mark.parametrize("text", OF_UNKNOWN_ARRAYS)
def test_nothing_is_said_about_arrays_that_may_be_anything(text: str) -> None:
    assert explain(text).mismatch.tensor is None


def test_the_batch_of_a_model_that_keeps_states_is_the_last_one() -> None:
    fixed = "LSTM(50, stateful={}, batch_input_shape=(30, 90, 6))\n" + SHAPES_OF_RUN.format("19", "30")
    causes = [
        explain(fixed.format(stateful) + "\n\t [[node loss_3/mean_squared_error/mul_grad/Mul_1 (defined at a.py:9) ]]")
        .mismatch.causes[0]
        .id
        for stateful in ("True", "False")
    ]

    assert causes == ["last_batch", "fixed_batch"]


def test_a_dense_layer_over_features_reads_no_directions() -> None:
    said = explain(
        "encoder_outputs, encoder_hidden = self.encoder(vid_feats)\n"
        + frame("EncoderRNN.py", "forward", "vid_feats = self.vid2hid(vid_feats.view(-1, dim_vid))")
        + "RuntimeError: size mismatch, m1: [1120 x 4096], m2: [2048 x 512]"
    )

    assert [cause.id for cause in said.mismatch.causes] == ["dense_features"]


def test_a_dense_layer_before_a_packed_sequence_reads_no_output() -> None:
    said = explain(
        frame("net.py", "forward", "x = pack_padded_sequence(self.fc(x), lengths)")
        + "RuntimeError: mat1 and mat2 shapes cannot be multiplied (3x32 and 16x4)"
    )

    assert [cause.id for cause in said.mismatch.causes] == ["dense_features"]


def test_the_axis_of_a_comparison_is_that_of_the_shapes() -> None:
    said = explain(
        "An LSTM\n"
        + frame("net.py", "call", "right = tf.equal(tf.argmax(output, -1), labels)")
        + "ValueError: Dimensions must be equal, but are 8 and 6 for "
        + nodes("Equal", "Equal", "[4,8], [4,6]")[0]
    )

    assert "along axis 1: 8 and 6" in str(said.mismatch.sentences[0])


KERAS_LAYERS = (
    "y = Bidirectional(LSTM(128))(x)\ny = concatenate([y, Bidirectional(LSTM(128))(z)])\ny = Conv1D(64, 3)(y)\n"
)
ROWS = "LSTM(64, input_shape=(steps, 12))\n{}\nValueError: cannot reshape array of size {} into shape {}"
CATEGORIES = "y = LSTM(31)(x)\ny = Dense(6, activation='softmax')(y)\nValueError: "
SQUEEZED = "an LSTM; return self.fc(hidden.squeeze({}))\n    scores = model(words).squeeze(1)\n"

CAUSES = {
    # a batch of one sample
    SQUEEZED.format(0) + CUT: ("output", "rank", "squeezed_batch"),
    "A GRU; it appends h.squeeze()\n" + frame("gru.py", "forward", "return H, C[-1:, :, :]") + "IndexError: too many"
    " indices for tensor of dimension 2": ("output", "rank", "squeezed_batch"),
    # rows that are no windows
    ROWS.format("x = np.reshape(rows, (500, 5, 12))", 6000, "(500,5,12)"): ("x", None, "windows"),
    # an index of a class
    CATEGORIES + "Shapes (16, 1) and (16, 6) are incompatible": ("target", None, "class_indices"),
    CATEGORIES + "Error when checking target: expected dense_1 to have shape (6,) but got array with shape (1,)": (
        *("target", None, "class_indices"),
    ),
    # an output of every step in a loss, which gets the target first
    KERAS_LAYERS + "ValueError: Shapes (None, 9) and (None, 28, 9) are incompatible": (
        *("output", "rank", "not_return_sequences"),
    ),
    KERAS_LAYERS + "ValueError: Shapes (None, 28, 9) and (None, 9) are incompatible": (
        *("output", "rank", "return_sequences"),
    ),
    # columns of an LSTM with 100 units, but not its rows: only the features of a kernel differ alone
    "ValueError: Layer lstm_1 weight shape (100, 400) is not compatible with provided weight shape (128, 400).": (
        *("kernel", "features", "other_size"),
    ),
    # layers of Keras that read steps
    KERAS_LAYERS + "ValueError: Input 0 of layer conv1d is incompatible with the layer: : expected min_ndim=3, found"
    " ndim=2. Full shape received: [None, 512]": ("output", "rank", "return_sequences"),
    "y = LSTM(80)(x)\ny = Convolution1D(128, 5)(y)\nException: Input 0 is incompatible with layer convolution1d_1:"
    " expected ndim=3, found ndim=2": ("output", "rank", "return_sequences"),
    # a shape that lacks the batch
    "LSTM(9, batch_input_shape=(17, 8, 1))\nValueError: Error when checking : expected lstm_input_3 to have shape"
    " (17, 8, 1) but got array with shape (4, 17, 8)": ("x", "order", "shape_without_batch"),
    # the height of images, which no loss removes
    "CRNN\nValueError: Can not squeeze dim[2], expected a dimension of 1, got 5 for 'features/Squeeze' (op: 'Squeeze')"
    " with input shapes: [?,98,5,512].": ("x", "rank", "image_height"),
    # outputs of batches, of which the last one is smaller
    "nn.LSTM(3, 8)\npreds.append(out[:, -1])\npreds = torch.stack(preds)\nRuntimeError: stack expects each tensor"
    " to be equal size, but got [16, 8] at entry 0 and [2, 8] at entry 3": ("output", "batch_size", "last_batch"),
    # the last states of two layers in the axis of the samples, and a target without any other axis
    "num_layers = 2 for an LSTM\nout = self.fc(h_out.view(-1, self.hidden_size))\nRuntimeError: input and target have"
    " different number of elements: input[184 x 1] has 184 elements, while target[92 x 1] has 92 elements": (
        *("target", "batch_size", "states_in_batch"),
    ),
    "An LSTM\nRuntimeError: input and target have different number of elements: input[4 x 3] has 12 elements, while"
    " target[4] has 4 elements": ("target", "rank", "target_shape"),
    # the steps of indices of classes, in a metric
    "model.add(LSTM(100, return_sequences=True))\nmodel.compile(loss='sparse_categorical_crossentropy')\n"
    "InvalidArgumentError: Incompatible shapes: [8,100] vs. [8,99]\n [[{{node metrics/acc/Equal}}]]": (
        *("target", "time_step", "target_shape"),
    ),
    # an index for another number of units
    "A GRU of 128 units\nh = hiddens.gather(1, x_lengths)\nRuntimeError: Expected tensor [64 x 1 x 300], src"
    " [64 x 6 x 128] and index [64 x 1 x 300] to have the same size apart from dimension 1": (
        *("output", "num_units", "gather_units"),
    ),
    # the names of an encoder
    frame("a.py", "forward", "x = torch.tanh(self.fc_hidden(hidden[0]) + self.fc_encoder(encoder_outputs))")
    + "RuntimeError: The size of tensor a (3) must match the size of tensor b (5) at non-singleton dimension 1": (
        *("output", "rank", "attention_axis"),
    ),
    "bidirectional_dynamic_rnn over 15 steps\nInvalidArgumentError: logits and labels must be same size:"
    " logits_size=[750,2] labels_size=[50,2]": ("target", "batch_size", "target_shape"),
    "def forward(self, bsz): of an LSTM\n"
    + frame("net.py", "forward", "hidden.unsqueeze(1).expand(bsz, steps, -1)")
    + "RuntimeError: The expanded size of the tensor (20) must match the existing size (21) at non-singleton dimension"
    " 0.  Target sizes: [20, 4, -1].  Tensor sizes: [21, 1, 25]": ("output", "batch_size", "other_batch"),
    "packed = pack_padded_sequence(tokens, lengths)\nRuntimeError: input must have 2 dimensions, got 1": (
        *("x", "rank", "missing_features_axis"),
    ),
}


@pytest.mark.parametrize("text", CAUSES)
def test_a_post_names_its_first_cause(text: str) -> None:
    said = explain(text).mismatch

    assert (said.tensor, said.axis, said.first_cause) == CAUSES[text]


def test_an_array_with_four_axes_is_no_output_unless_its_name_says_so() -> None:
    view = frame("models/net.py", "forward", "s = {}.view(batch_size, self.hidC, self.pt, self.skip)")
    size = "RuntimeError: shape '[8, 50, 6, 24]' is invalid for input of size 64800"

    assert explain("A CNN, then self.gru = nn.GRU(50, 10)\n" + view.format("s") + size).mismatch.tensor is None
    assert explain("self.gru = nn.GRU(50, 10)\n" + view.format("hidden") + size).mismatch.tensor == "output"


def test_a_state_of_as_many_samples_as_the_first_axis_of_x_is_wrong_or_batch_first_is_missing() -> None:
    said = explain(
        "self.gru = nn.GRU(11, 25)\nh0 = torch.zeros(1, x.size(0), 25)\nreturn self.gru(x, h0)\n"
        "RuntimeError: Expected hidden size (1, 14, 25), got [1, 32, 25]"
    ).mismatch

    assert [cause.id for cause in said.causes] == ["other_batch", "batch_first"]
    assert said.causes[0].fix == "h0 = torch.zeros(1, x.size(1), 25)"


def test_a_line_that_joins_a_state_with_the_outputs_of_an_encoder_names_a_recurrent_network() -> None:
    joined = "RuntimeError: Tensors must have same number of dimensions: got 2 and 3"

    assert explain(f"x = torch.cat((hidden, encoder_outputs), 1)\n{joined}").mismatch.tensor == "output"
    with pytest.raises(NotFoundError):
        explain(f"x = torch.cat((query, encoder_outputs), 1)\n{joined}")


def test_a_state_of_one_sample_in_onnx_may_be_that_of_the_export() -> None:
    message = "Input initial_h must have shape {{1,6,19}}. Actual:{{1,{},19}}"
    causes = {n: [cause.id for cause in explain(message.format(n)).mismatch.causes] for n in (1, 8)}

    assert causes == {1: ["other_batch", "exported_batch"], 8: ["last_batch", "exchanged_axes"]}


def test_a_sign_at_the_beginning_of_a_line_is_no_prompt() -> None:
    said = explain("Invalid value/s in sequence_lens. All values must be\n> 0 and < seq_length. seq_length=13").mismatch

    assert (said.tensor, said.axis) == ("lengths", "time_step")


def test_what_a_network_predicts_is_no_series_of_rows() -> None:
    said = explain(ROWS.format("y = np.reshape(pred, (500, 5, 12))", 6000, "(500,5,12)")).mismatch

    assert "windows" not in {cause.id for cause in said.causes}


def test_a_picture_that_is_squeezed_is_no_output() -> None:
    with pytest.raises(NotFoundError):
        explain(
            "CNN with an LSTM\n"
            + frame("net.py", "forward", "x = maps.squeeze()[:, :, 0]")
            + "IndexError: too many indices for tensor of dimension 2"
        )


def test_a_sum_of_an_own_cell_next_to_keras_has_no_gap_in_its_lines() -> None:
    said = explain(
        """  File "/home/me/project/train.py", line 10, in forward
   return torch.mm(x, self.W) + torch.mm(h, self.U)
           ~~~~~~~~~~~~~~~~~~~~^~~~~~~~~~~~~~~~~~~~~
RuntimeError: The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0
    GRUFromScratch(4, 8)(torch.zeros(2, 4), torch.zeros(3, 8))
  File "/usr/lib/python3.11/site-packages/keras/src/utils/traceback_utils.py", line 122, in error_handler"""
    ).mismatch

    assert said.causes
    assert not [cause.fix for cause in said.causes if "{" in cause.fix]


INDICES_OF_ONNX = (
    "InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Got invalid dimensions for input: x for the following"
    " indices\n index: 0 Got: {} Expected: {}\n index: 1 Got: {} Expected: {}\n Please fix either the inputs/outputs or"
    " the model."
)
CALL_OF_ONNX = """Traceback (most recent call last):
  File "run.py", line 39, in <module>
    y = session.run(None, {"x": part})[0]
  File "/usr/lib/python3.11/site-packages/onnxruntime/capi/onnxruntime_inference_collection.py", line 406, in run
    return self._sess.run(output_names, input_feed, run_options)
"""
GRAPH = """
import onnxruntime
nodes = [
    helper.make_node("Transpose", ["x"], ["xs"], perm=[1, 0, 2]),
    helper.make_node("GRU", ["xs", "W", "R"], ["", "h_n"], hidden_size=16),
]
part = recording[:, 4:8]
y = session.run(None, {"x": part})[0]
"""


def test_two_sizes_of_an_input_of_onnx_that_are_those_of_each_other_are_exchanged_axes() -> None:
    message = CALL_OF_ONNX + INDICES_OF_ONNX.format(30, 8, 8, 30)
    alone, with_source = explain(message), explain(f"{message}\n{GRAPH}")

    for one in (alone, with_source):
        assert (one.mismatch.tensor, one.mismatch.axis) == ("x", "order")
        assert [cause.id for cause in one.mismatch.causes] == ["exchanged_axes"]
    assert alone.mismatch.causes[0].fix == "x = x.swapaxes(0, 1)"
    assert with_source.mismatch.causes[0].lines == (
        ('y = session.run(None, {"x": part})[0]', 'y = session.run(None, {"x": part.swapaxes(0, 1)})[0]'),
    )
    network = with_source.configuration
    assert network and (network.cell, network.batch_size, network.time_step) == ("gru", 8, 30)


@pytest.mark.parametrize("sizes", [(30, 8, 9, 30), (8, 1, 1, 8)])
def test_other_sizes_of_an_input_of_onnx_may_be_of_another_network(sizes: tuple[int, ...]) -> None:
    with pytest.raises(NotFoundError, match="the lines that make or export the model"):
        explain(CALL_OF_ONNX + INDICES_OF_ONNX.format(*sizes))


def test_an_export_names_all_axes_of_onnx_whose_sizes_differ() -> None:
    said = explain(CALL_OF_ONNX + INDICES_OF_ONNX.format(30, 8, 9, 30) + GRAPH).mismatch

    assert said.causes[0].fix.endswith("dynamic_axes={'x': [0, 1]})")
