"""Posts to forums: a message with the end of a traceback, with some lines of code, or with a sentence."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain
from app.reading.errors.mismatch import FROM_CODE

UNBATCHED = "RuntimeError: For unbatched 2-D input, hx and cx should also be 2-D but got (3-D, 3-D) tensors"
PARALLEL = "RuntimeError: Expected hidden[0] size (2, 24, 650), got ({})"
RANK_OF_ONNX = "[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Invalid rank for input: {} Got: 2 Expected: 3"
PRODUCTS = "RuntimeError: mat1 and mat2 shapes cannot be multiplied ({})"
CONCATENATED = (
    "InvalidArgumentError: ConcatOp : Dimensions of inputs should match: shape[0] = [41,28] vs. shape[1] = [100,196]\n"
    "\t [[Node: {}/concat = ConcatV2[N=2, T=DT_FLOAT]]]"
)
CARRY = (
    "TypeError: scan body function carry input and carry output must have equal types, but they differ:\n"
    "The input carry h has type float32[10] but the corresponding output carry component has type float32[4,10], so"
)
SHAPES_OF_JOIN = (
    "I get ConcatOp : Dimensions of inputs should match: shape[0] = [90,{}] vs. shape[1] = [1,1,400]"
    " [Op:ConcatV2] name: concat in {}"
)
JOINED = (
    "An LSTM fails in `out = torch.cat((encoder_output, context), 1)`:"
    " Sizes of tensors must match except in dimension {}. Got 5 and 7 in dimension {}"
)
FRAMES = "Dimension must be 5 but is 3 for '{}' (op: 'Transpose') with input shapes: [16,?,11,40,1], [3]."
OF_LOSS = "Incompatible shapes: [32,12] vs. [32,998,12]\n\t [[{{node mean_squared_error/SquaredDifference}}]]"
MASKED = (
    "words = {}(x, batch_first=True)\n\n    score = (keys * words).sum(2) + 1000 * mask\n\n"
    "RuntimeError: The size of tensor a (8) must match the size of tensor b (9) at non-singleton dimension 1"
)
MASKED_STEPS = (
    "gru = nn.GRU(4, 6)\noutputs, h = gru(x)\nout = outputs * mask.unsqueeze(2)\n"
    "RuntimeError: The size of tensor a (8) must match the size of tensor b (9) at non-singleton dimension {}"
)
IMAGES = "RuntimeError: The size of tensor a (64) must match the size of tensor b (32) at non-singleton dimension 3"
STEP = (
    "x = tf.keras.layers.LSTM(256)(x)\nDimensions must be equal, but are 5 and 10 for '{{{{node MatMul}}}} ="
    " MatMul[T=DT_FLOAT, transpose_a=false]({})' with input shapes: [?,5], [10,1024]."
)
WITHOUT_AXES = "AttributeError: 'tuple' object has no attribute 'dim'"
OF_CELL = "RuntimeError: Input batch size 10 doesn't match hidden[0] batch size {}"
EMISSIONS = "ValueError: the first two dimensions of emissions and {} must match, got (32, 50) and (32, 60)"
METRIC = "Predictions and targets are expected to have the same shape, but got (9, 1, 4) and (9, 4, 1)"
COMPILED = "model.add(LSTM(20, return_sequences=True))\nmodel.compile(loss='mse', optimizer='adam')\n"
KERAS = "ValueError: Input 0 is incompatible with layer {}: expected ndim={}, found ndim={}"
OF_MEMORY = "Non-matching batch sizes between the memory (encoder output) and the requested batch size."
ASSIGNED = (
    "Dimension 1 in both shapes must be equal, but are 1024 and 2048. Shapes are [{0}] and [{1}]. for 'Assign'"
    " (op: 'Assign') with input shapes: [{0}], [{1}]."
)
ASSIGNED_BIAS = (
    "Dimension 0 in both shapes must be equal, but are 60 and 120 for 'Assign_3' (op: 'Assign') with input shapes:"
    " [60], [120]."
)
ASSIGNED_RANK = (
    "Shapes must be equal rank, but are 2 and 1 for 'Assign_1' (op: 'Assign') with input shapes: [2,9], [18]."
)
CONCATENATED_IN_GRAPH = (
    "Shape must be rank 2 but is rank 1 for '{}/concat' (op: 'ConcatV2') with input shapes: [?,24], [16]"
)
RAGGED = (
    "ValueError: setting an array element with a sequence. The requested array has an inhomogeneous shape after 1"
    " dimensions. The detected shape was (8,) + inhomogeneous part."
)
LOADED = "ValueError: the new layer {} expects 2 weights, but the saved weights have 3 elements."
SAMPLES = (
    "In a stateful network, you should only pass inputs with a number of samples that can be divided by the batch size."
    " Found: {} samples. Batch size: 32."
)
THEANO = (
    "TypeError: ('Bad input argument to theano function with name \"train_function\" at index {}(0-based)',"
    " 'Wrong number of dimensions: expected 3, got 2 with shape (64, 7).')"
)
LAYERS = "RuntimeError: Expected hidden[0] size (2, 8, 512), got (1, 8, 512)"
LINES = """\
encoder = EncoderLSTM(1000, 128, n_layers=2)
hidden = encoder.init_hidden(3)
outputs, hidden = encoder(inputs, hidden)
decoder = BahdanauDecoder(128, 64)
The error happens in this line x = torch.tanh(self.fc_hidden(hidden[0]) + self.fc_encoder(encoder_outputs))
RuntimeError: The size of tensor a (3) must match the size of tensor b (5) at non-singleton dimension 1
"""
LABELS = (
    "RuntimeError: Expected tensor to have size at least 12 at dimension 1, but got size 8 for argument #2 'targets'"
    " (while checking arguments for ctc_loss_gpu)"
)
BIAS = """\
import numpy as np
Wxh, Whh, bh = np.zeros((100, 27)), np.zeros(({0}, {0})), np.zeros(({1}, 1))
x, h = np.zeros((27, 1)), np.zeros(({0}, 1))
h = np.tanh(np.dot(Wxh, x) + np.dot(Whh, h) + bh)
ValueError: operands could not be broadcast together with shapes (100,1) (50,1)
"""
STEP_OF_COLUMNS = """\
An RNN in NumPy
Traceback (most recent call last):
  File "step.py", line 9, in step
    h = np.tanh({})
ValueError: operands could not be broadcast together with shapes (100,1) (50,1)
"""
INPUTS = 'ValueError: Layer "{}" expects {} input(s), but it received {} input tensors. Inputs received: []'

FORECAST = """\
class Forecast(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM({features}, 20, batch_first=True)
    def forward(self, x):
        h0 = torch.zeros(1, x.size(0), 20)
        return self.lstm(x, (h0, h0))
Forecast()({x})
"""

CELL = """\
class MyLSTMCell(nn.Module):
    def forward(self, x, state):
        hx, cx = state
        gates = torch.mm(x, self.weight_ih) + torch.mm(hx, self.weight_hh)
"""

COLUMNS = """\
class MyRNN(nn.Module):
    def forward(self, x, h):
        return torch.tanh(self.W_xh @ x + self.W_hh @ h)
"""

ATTENTION = """\
encoder = nn.LSTM(40, 96, num_layers=2, batch_first=True)
outputs, (h, c) = encoder(torch.randn(5, 11, 40))
score = torch.tanh({} + outputs)
RuntimeError: The size of tensor a ({}) must match the size of tensor b (11) at non-singleton dimension 1
"""

STATE = "RuntimeError: Expected hidden size ({}), got ({})"
OF_TIME = """\
lstm = nn.LSTM(100, 64)
def forward(x):{}
    h0 = torch.zeros(1, x.size(0), 64)
    out, _ = lstm(embedding(x), (h0, h0))
RuntimeError: Expected hidden[0] size (1, 120, 64), got [1, 48, 64]
"""
OF_SAMPLES = "ValueError: Expected input batch_size ({}) to match target batch_size ({})."
FLAT_LOSS = "An LSTM decoder:\n    loss = criterion(pred.view(-1, 9), words.view(-1))\n"
OF_LOGITS = "Target size (torch.Size([448])) must be the same as input size (torch.Size([448, 182]))"
LOGITS_OF_STEPS = "logits and labels must be same size: logits_size=[4800,2] labels_size=[40,2]"
LIST = "Specified a list with shape [30,3] from a tensor with shape [14,3]"
EAGER = "InvalidArgumentError: Incompatible shapes: [180,48] vs. [18,48] [Op:AddV2]"
OF_MULTI_CELL = (
    "Dimensions must be equal, but are {0} and 1536 for 'decode/BasicDecoderStep/attention_wrapper/multi_rnn_cell/"
    "cell_0/cell_0/lstm_cell/MatMul_1' (op: 'MatMul') with input shapes: [?,{0}], [1536,2048]."
)
CHANNELS = (
    "Given groups=1, weight of size 40 13 5 5, expected input[8, 18, 30, 30] to have 13 channels, but got 18 channels"
    " instead"
)
VIEW = "RuntimeError: invalid argument 2: size '[-1 x 300]' is invalid for input with 5104 elements at THStorage.c:37"
OF_LIST = (
    "The samples have {}:\n    batch = torch.cat(samples, dim=0)\n    output, (h, c) = lstm({})\nRuntimeError: Sizes of"
    " tensors must match except in dimension 0. Got 812 and 377 in dimension 1"
)
JOINED_LAYERS = """\
encoder = nn.GRU(20, 24, num_layers=2)
outputs, hidden = encoder(torch.randn(9, 5, 20))
max_len = outputs.size(0)
state = hidden.repeat(max_len, 1, 1).transpose(0, 1)
both = torch.cat([state, outputs.transpose(0, 1)], 2)
RuntimeError: Sizes of tensors must match except in dimension 2. Expected size {} but got size {} for tensor number 1
"""

OF_NODE = (
    "InvalidArgumentError: Incompatible shapes: [32] vs. [20]\n"
    "\t [[node gradients/loss/dense_2_loss/mean_squared_error/mul (defined at ops.py:1751) ]]"
)
FED = "ValueError: Cannot feed value of shape (32, 5) for Tensor '{}', which has shape '(?, ?, ?)'"
OF_DENSE = """\
lstm = nn.LSTM(7, 20, batch_first=True, {})
head = nn.Linear({}, 3)
output, _ = lstm(torch.randn(8, 9, 7))
y = head(output[:, -1])
RuntimeError: mat1 dim 1 must match mat2 dim 0
"""

PARTS = """\
cat_feat = Concatenate()([feat, pitch])
rnn_out, state = GRU(units, return_sequences=True, return_state=True)(cat_feat)
"""
OF_PARTS = (
    "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concat axis."
    " Got inputs shapes: [({}, None, 20), (None, {}, 64)]\n"
)
JOINED_IN_GRAPH = (
    "ValueError: Dimension 1 in both shapes must be equal, but are 7 and 30. Shapes are [?,7{0}] and [?,30{0}]."
    " for '{{{{node concat}}}} = ConcatV2[N=2](a, b, axis)' with input shapes: [?,7{0},8], [?,30{0},8], [].\n"
)
JOIN_OF_ATTENTION = "both = Concatenate(axis=-1)([decoder_outputs, attn_out])\n"
HAPPENS = """\
encoder = EncoderLSTM(input_size=9, hidden_size=12)
encoder_output, hidden = encoder(x)
attention(target, hidden, encoder_output)
the error happens in x = torch.tanh(self.fc_hidden(hidden[0]) + self.fc_encoder(encoder_outputs))
RuntimeError: The size of tensor a (3) must match the size of tensor b (5) at non-singleton dimension 1
"""
EXPANDED_MASK = (
    "mask = mask.expand_as(x)\nRuntimeError: The expanded size of the tensor (60) must match the existing size (84) at"
    " non-singleton dimension 1.  Target sizes: [32, 60, 80].  Tensor sizes: [32, 84, 1]"
)
JOIN_WITH_STATE = (
    "both = layers.concatenate([decoder_inputs, {}], axis=2)\nValueError: A `Concatenate` layer requires inputs with"
    " matching shapes except for the concatenation axis. Received: input_shape=[(4, 1, 3), (8, 1, 64)]"
)

WRITTEN = """\
output, hidden = self.decoder(self.emb(inp), hidden)
{} = self.fc(output)
RuntimeError: The expanded size of the tensor (8) must match the existing size ({}) at non-singleton dimension {}. \
 Target sizes: [{}, {}].  Tensor sizes: [7, 50]
"""

SCORES = (
    "    scores = torch.gather(logits, 2, {})\nRuntimeError: Expected tensor [2, 512, 1], src [2, 371, 6] and index"
    " [2, 512, 1] to have the same size apart from dimension 2"
)
OF_THEANO = "ValueError: Input dimension mis-match. (input[0].shape[0] = 4, input[1].shape[0] = 16)"
BEFORE_RNN = """\
  File "train.py", line 200, in forward
    input = self.fc1({})
  File "/lib/python3.6/site-packages/torch/nn/modules/linear.py", line 87, in forward
RuntimeError: size mismatch, m1: [64 x 2048], m2: [64 x 128] at THTensorMath.c:290
"""

REPEATED_ENTRY = """\
encoder = nn.LSTM(7, 20, num_layers=2, batch_first=True)
output, (h, c) = encoder(torch.randn(8, {}, 7))
query = {}.repeat(1, {}, 1)
both = torch.cat((query, output), dim=2)
RuntimeError: Sizes of tensors must match except in dimension 2. Expected size {} but got size {} for tensor number 1
"""
SELECTED = (
    "InvalidArgumentError: Inputs to operation {}/while/Select_1 of type Select must have the same size and shape. "
    " Input 0: [32,64] != input 1: [16,64]"
)
DIVIDED = STATE.format("1, 16, 64", "1, 32, 64")
FEATURES = """\
lstm = nn.LSTM(7, 64, bidirectional=True)
features, _ = {}(x)
    y = self.fc(features)
""" + PRODUCTS.format("8x128 and 64x5")
INDEXED = "IndexError: shape mismatch: indexing tensors could not be broadcast together with shapes [32], [16]"
BINARY = "Target size (torch.Size([32])) must be the same as input size (torch.Size([32, {}]))"
OF_ONE_AXIS = "InvalidArgumentError: Incompatible shapes: [20] vs. [5]"
BEFORE_KERAS_1 = (
    "AssertionError: Incompatible shapes: layer expected input with ndim=3 but previous layer has output_shape"
    " (None, 128)"
)
MATCHING = OF_PARTS.partition("[")[0] + "[(None, 7, 20), (None, 9, 64)]"

POSTS = {
    # the same words of something else: of another array, of another layer, or denied
    "LSTM. The error is not in the line `output = output + skip`\n" + IMAGES.replace("3", "1"): (None, None, ""),
    "An LSTM\n" + SELECTED.format("lstm_1"): ("x", "batch_size", "last_batch"),
    "An LSTM\n" + SELECTED.format("map"): (None, None, ""),
    "An LSTM\n" + LIST + "\n[[node sequential/lstm_2/TensorArrayUnstack/TensorListFromTensor": (
        *("x", "batch_size", "last_batch"),
    ),
    LIST
    + "\n[[{{node TensorArrayUnstack/TensorListFromTensor}}]]\n[[sequential/lstm/PartitionedCall]] [Op:__inference": (
        *("x", "batch_size", "last_batch"),
    ),
    "An LSTM\n" + LIST + "\n[[node map/TensorArrayUnstack/TensorListFromTensor": (None, None, ""),
    "An LSTM, and boxes = tf.map_fn(crop, images)\n" + LIST: (None, None, ""),
    "A GRU; metrics are stateful objects\n" + EAGER: (None, None, ""),
    "On two GPUs: DataParallel is not the cause.\n" + DIVIDED: ("h_0", "batch_size", "last_batch"),
    "I do not use multiple GPUs.\n" + DIVIDED: ("h_0", "batch_size", "last_batch"),
    "It does not work on multiple GPUs.\n" + DIVIDED: ("h_0", "batch_size", "divided_batch"),
    STATE.format("2, 6, 512", "6, 1, 512"): ("h_0", "num_layers*directions", "layers"),
    OF_LIST.format("images, Conv1d(3, 8, 3, padding=1)", "batch"): (None, None, ""),
    "x = LSTM(8)(x)\nx = Concatenate()([image, meta])\n" + MATCHING: (None, None, ""),
    "x = Concatenate()([image, meta])\nx = LSTM(8)(x)\n" + MATCHING: ("x", "time_step", "join_steps"),
    REPEATED_ENTRY.format(18, "h[-1].unsqueeze(1)", 9, 9, 18): ("output", "time_step", "join_steps"),
    REPEATED_ENTRY.format(9, "h[-1].unsqueeze(1)", 18, 18, 9): ("output", "time_step", "join_steps"),
    REPEATED_ENTRY.format(9, "h.transpose(0, 1)", 9, 18, 9): ("output", "order", "all_layers"),
    FEATURES.format("self.lstm"): ("dense_input", "features", "dense_directions"),
    FEATURES.format("self.cnn"): ("dense_input", "features", "dense_features"),
    "An LSTM: loss = log_probs[torch.arange(len(batch)), labels]\n" + INDEXED: ("target", None, "target_shape"),
    "An LSTM: loss = log_probs[rows, steps, labels]\n" + INDEXED: ("target", "time_step", "target_shape"),
    "An LSTM with 2 classes\n" + BINARY.format(1): ("target", "rank", "target_axis"),
    "An LSTM with 2 classes\n" + BINARY.format(2): ("target", "rank", "class_indices"),
    "GRU(20, batch_input_shape=(20, 9, 3))\n" + OF_ONE_AXIS: (None, None, ""),
    "model.add(Convolution1D(8, 3)); model.add(LSTM(8))\n" + BEFORE_KERAS_1: (None, None, ""),
    "An LSTM\n    output, hidden = decoder(inp, hidden)\nRuntimeError: mat1 dim 1 must match mat2 dim 0": (
        *(None, None, ""),
    ),
    "An LSTM\n    y = self.decoder(output)\nRuntimeError: mat1 dim 1 must match mat2 dim 0": (
        *("dense_input", "features", "dense_features"),
    ),
    "both = concatenate([image, lstm_out])\n" + OF_PARTS.partition("[")[0] + "[(None, 64), (None, 7, 8)]": (
        *(None, None, ""),
    ),
    OF_TIME.format("\n    last = output[:, -1]"): ("h_0", "batch_size", "batch_first"),
    OF_TIME.format("\n    y = data[:, -1]"): ("h_0", "batch_size", "other_batch"),
    # a network that is named because it fails, and a setting of a layer
    "My LSTM version runs into this:\n" + PRODUCTS.format("8x100 and 64x5"): (
        *("dense_input", "features", "dense_features"),
    ),
    "options = {'lstm_layers': 2}\n" + PRODUCTS.format("8x100 and 64x5"): (
        *("dense_input", "features", "dense_features"),
    ),
    "A BiLSTM and a CRF\n" + SCORES.format("labels_exp"): ("target", "time_step", "target_steps"),
    "LSTM(30, stateful=True, batch_input_shape=(16, 10))\n" + OF_THEANO: ("x", "batch_size", "last_batch"),
    "output, state = rnn(input, state)\n" + BEFORE_RNN.format("input"): ("dense_input", "features", "dense_features"),
    "output, state = rnn(input, state)\n" + BEFORE_RNN.format("y"): ("dense_input", "features", "dense_flattened"),
    "a GRU\n" + WRITTEN.format("outputs[t]", 7, 0, 8, 50): ("output", "batch_size", "kept_outputs"),
    "a GRU\n" + WRITTEN.format("outputs[:, t]", 50, 1, 7, 8): ("output", None, "kept_outputs"),
    "Tacotron, after a batch\n" + EXPANDED_MASK: ("mask", "time_step", "mask"),
    JOIN_WITH_STATE.format("encoder_state_h"): ("output", "batch_size", ""),
    PARTS + OF_PARTS.format(128, None): ("x", "batch_size", "fixed_batch"),
    PARTS + OF_PARTS.format(None, 9).replace("None, 20", "7, 20"): (*("x", "time_step", "join_steps"),),
    "LSTM\n" + JOIN_OF_ATTENTION + JOINED_IN_GRAPH.format(""): ("output", "time_step", "join_steps"),
    HAPPENS: ("output", "order", "attention_axis"),
    # a state for as many samples as x has: x lacks an axis
    FORECAST.format(features=1, x="windows") + UNBATCHED: ("x", "rank", "missing_features_axis"),
    FORECAST.format(features=6, x="rows") + UNBATCHED: ("x", "rank", "missing_axis"),
    FORECAST.format(features=6, x="torch.randn(30, 6)") + UNBATCHED: ("x", "rank", "unbatched"),
    # a part of the batch on each device
    "model = nn.DataParallel(LanguageModel())\n" + PARALLEL.format("2, 48, 650"): (
        "h_0",
        "batch_size",
        "divided_batch",
    ),
    "model = nn.DataParallel(LanguageModel())\n" + PARALLEL.format("2, 32, 650"): ("h_0", "batch_size", "last_batch"),
    "# model = nn.DataParallel(LanguageModel())\n" + PARALLEL.format("2, 48, 650"): (
        *("h_0", "batch_size", "last_batch"),
    ),
    "We no longer use nn.DataParallel.\n" + PARALLEL.format("2, 48, 650"): ("h_0", "batch_size", "last_batch"),
    "model = DistributedDataParallel(Net())\n" + PARALLEL.format("2, 48, 650"): ("h_0", "batch_size", "last_batch"),
    # a normalization of what a layer returned, under the name of x
    "    x, _ = self.gru(x)\n    x = self.bn(x)\nRuntimeError: running_mean should contain 31 elements not 88": (
        *("output", "num_units", "channels_second"),
    ),
    # weights of a handwritten cell that are not transposed
    CELL + PRODUCTS.format("4x11 and 104x11"): ("x", "features", "transposed"),
    CELL + PRODUCTS.format("4x11 and 12x104"): ("x", "features", "other_features"),
    CELL + "        return self.head(hx)\n" + PRODUCTS.format("4x11 and 26x3"): (None, None, ""),  # or a dense layer
    COLUMNS + PRODUCTS.format("104x11 and 4x11"): ("x", "features", "other_features"),
    # ONNX Runtime, whose inputs have the names that the export gave them
    RANK_OF_ONNX.format("h0"): ("h_0", "rank", "unsqueeze"),
    RANK_OF_ONNX.format("LSTM__25_inState"): ("h_0", "rank", ""),
    "BERT and an LSTM\n" + RANK_OF_ONNX.format("hidden_states"): ("x", "rank", "missing_axis"),
    # TensorFlow 1, whose operations have paths
    CONCATENATED.format("rnn/while/rnn/basic_lstm_cell"): ("h_0", "batch_size", "last_batch"),
    CONCATENATED.format("0/RNN/while/PhasedLSTMCell"): ("h_0", "batch_size", "last_batch"),
    "I train dynamic_rnn on videos.\n" + FRAMES.format("transpose"): ("x", "rank", "extra_axis"),
    "An LSTM\n" + FRAMES.format("bidirectional_rnn/fw/fw/transpose"): ("x", "rank", "extra_axis"),
    "An LSTM. " + THEANO.format(0): ("x", "rank", "missing_axis"),
    "A CRNN with sequence_length(0) <= 15": ("lengths", "time_step", "ctc_axes"),
    # code in the line of the message
    SHAPES_OF_JOIN.format("1,400", "a GRU: x = tf.concat([context, x], axis=-1)"): ("x", "batch_size", ""),
    JOINED.format(1, 2): ("output", "num_units", "attention_units"),
    JOINED.format(1, 0): ("output", "batch_size", "time_first"),
    JOINED.format(2, 1): ("output", "time_step", "join_steps"),
    # losses
    "model.add(LSTM(32, return_sequences=False))\n" + OF_LOSS: ("output", "rank", "return_sequences"),
    "The CRNN fails.\n" + LABELS: ("target", None, "ctc_labels"),
    # a mask beside a packed sequence
    "AttGRU fails. " + MASKED.format("pad_packed_sequence"): ("mask", "time_step", "packed_steps"),
    "AttGRU fails. " + MASKED.format("project"): (None, None, ""),
    MASKED_STEPS.format(0): ("mask", "time_step", "mask"),
    MASKED_STEPS.format(1): ("mask", "batch_size", "time_first"),
    MASKED_STEPS.format(0).replace("6)", "6, batch_first=False)"): ("mask", "time_step", "mask"),
    MASKED_STEPS.format(0).replace("6)", "6, batch_first=True)"): ("mask", "batch_size", "mask"),
    MASKED_STEPS.format(0).replace("GRU(", "GRUCell("): (None, None, ""),
    "LSTM and pad_packed_sequence; images:\n    out = images * mask\n" + IMAGES: (None, None, ""),
    "AttGRU, CRF(num_tags, batch_first=True)\n" + EMISSIONS.format("mask"): ("mask", "time_step", "mask"),
    "BiLSTM, self.crf = CRF(len(tags))\n" + EMISSIONS.format("tags"): ("target", "batch_size", "target_shape"),
    "BiLSTM, CRF(5, batch_first=first)\n" + EMISSIONS.format("tags"): ("target", None, "target_shape"),
    "BiLSTM, CRF(5, batch_first=True), CRF(5)\n" + EMISSIONS.format("tags"): ("target", None, "target_shape"),
    "BiLSTM\nclass CRF(nn.Module):\n" + EMISSIONS.format("tags"): ("target", None, "target_shape"),
    "BiLSTM, -self.crf(y, tags)\n" + EMISSIONS.format("tags"): ("target", None, "target_shape"),
    "The LSTM has a metric. " + METRIC: ("target", None, "target_shape"),
    COMPILED + "InvalidArgumentError: Incompatible shapes: [100,24,1] vs. [100,24]": ("target", "rank", "target_axis"),
    # a bias of a cell that computes columns
    BIAS.format(100, 50): ("bias", "gates*num_units", "bias_size"),
    BIAS.format(50, 100): ("recurrent_kernel", "gates*num_units", "gate_weights"),  # columns: not another batch
    STEP_OF_COLUMNS.format("np.dot(Wxh, x) + bh"): ("bias", "gates*num_units", "bias_size"),
    STEP_OF_COLUMNS.format("np.dot(Wxh, x) + np.dot(Whh, h) + bh"): (None, None, ""),  # either sum may have failed
    # a step of a simple RNN
    "def step(h, x):\n    h = jnp.tanh(x @ Wx + h @ Wh + b)\n    return h, h\n" + CARRY: ("h_0", "rank", "carry"),
    # layers of Keras and TensorFlow by their names
    KERAS.format("conv_lst_m2d_1", 5, 4): ("x", "rank", "missing_axis"),
    "A stateful RNN\n" + SAMPLES.format(1001): ("x", "batch_size", "last_batch"),
    "A stateful RNN\n" + SAMPLES.format(1): ("x", "batch_size", "other_batch"),
    "LSTM(8, input_shape=x_train.shape)\n" + KERAS.format("lstm_1", 3, 4): ("x", "rank", "samples_in_shape"),
    "LSTM(8, input_shape=x_train.shape[1:])\n" + KERAS.format("lstm_1", 3, 4): ("x", "rank", "extra_axis"),
    KERAS.format("weight_drop_lstm_cell_1", 2, 3): ("x", "rank", "one_step"),
    "CNN and LSTM\n" + KERAS.format("sequential_10", 5, 4): ("x", "rank", "missing_axis"),
    CONCATENATED.format("decoder/attention_wrapper"): ("h_0", "batch_size", "last_batch"),
    "AttentionWrapper: " + OF_MEMORY: ("h_0", "batch_size", "other_batch"),
    "An LSTM\n" + LOADED.format("dense_1"): (None, None, ""),
    LOADED.format("lstm_1"): ("bias", None, "use_bias"),
    "predict.py has LSTM(256)\n" + ASSIGNED.format("256,1024", "512,2048"): (
        *("recurrent_kernel", "num_units", "other_size"),
    ),
    STEP.format("strided_slice_1, kernel"): ("x", "features", "other_features"),
    STEP.format("Reshape, Dense/kernel"): ("dense_input", "features", "dense_features"),
    # h for (h, c) in a cell, whose first sample is taken for h
    "lstm = nn.LSTMCell(256, 512)\n" + OF_CELL.format(512): ("h_0", "batch_size", "h_for_h_c"),
    "lstm = nn.LSTMCell(256, 512)\n" + OF_CELL.format(64): ("h_0", "batch_size", "last_batch"),
    # (h, c) for h, without a traceback
    "_, state = lstm(x)\ngru(x, state)\n" + WITHOUT_AXES: ("h_0", None, "number_of_states"),
    "rnn = nn.RNN(4, 6)\n_, state = lstm(x)\nrnn(x, state)\n" + WITHOUT_AXES: ("h_0", None, "number_of_states"),
    "_, state = lstm(x)\nout = self.rnn(x, state)\nself.fc(out)\n" + WITHOUT_AXES: ("output", None, "whole_pair"),
    "_, state = lstm(x)\nstate = state[0]\ny = gru(x, state)\nz = fc(y)\n" + WITHOUT_AXES: (
        *("output", None, "whole_pair"),
    ),
    # a setting of layers
    "Settings: 'nlayers': 2, bidirectional?\n" + LAYERS: ("h_0", "num_layers*directions", "layers"),
    "Settings: 'hidden': 2, bidirectional?\n" + LAYERS: ("h_0", "num_layers*directions", "directions"),
    # the line that failed, of several
    LINES: ("output", "order", "attention_axis"),
    LINES.replace("error happens", "loss is computed"): (None, None, ""),
    # the inputs of a model, and those of a layer
    "An encoder and decoder with LSTM\n" + INPUTS.format("model", 2, 1): ("x", None, "number_of_inputs"),
    INPUTS.format("lstm_1", 1, 3): ("x", None, "states_in_list"),
    "An LSTM\n" + INPUTS.format("sequential_1", 1, 2): ("x", None, "list_of_samples"),
    # a layer of cuDNN has two biases
    "CuDNNGRU and GRU\n" + ASSIGNED_BIAS: ("bias", "gates*num_units", "reset_after"),
    "CuDNNLSTM and LSTM\n" + ASSIGNED_BIAS: ("bias", "gates*num_units", "cudnn_biases"),
    "CuDNNGRU in TimeDistributed\n" + ASSIGNED_RANK: ("bias", "rank", "cudnn_biases"),
    # an output that is passed for a state, and a state with an axis too many
    STATE.format("1, 6, 512", "6, 301, 1024"): ("h_0", "num_layers*directions", "output_for_h"),
    STATE.format("1, 6, 512", "301, 6, 512"): ("h_0", "num_layers*directions", "output_for_h"),
    STATE.format("1, 6, 512", "6, 1, 512"): ("h_0", "order", "state_order"),
    STATE.format("2, 12, 128", "1, 2, 12, 128"): ("h_0", "rank", "extra_state_axis"),
    # what the text says about the batch and the layers
    "The batch size was 24.\n" + STATE.format("1, 24, 128", "1, 5, 128"): ("h_0", "batch_size", "other_batch"),
    "The batch was fine.\n" + STATE.format("1, 24, 128", "1, 5, 128"): ("h_0", "batch_size", "batch_first"),
    OF_TIME.format("  # (batch, seq_len)"): ("h_0", "batch_size", "batch_first"),
    OF_TIME.format(""): ("h_0", "batch_size", "other_batch"),
    "With num_layers=2:\n" + LAYERS: ("h_0", "num_layers*directions", "layers"),
    # the states of both directions in the axis of the samples, and a target of one more step
    "nn.LSTM(9, 8, bidirectional=True)\nh = hn.view(-1, 8)\n" + OF_SAMPLES.format(128, 64): (
        *("target", "batch_size", "states_in_batch"),
    ),
    "nn.LSTM(9, 8)\nh = hn.view(-1, 8)\n" + OF_SAMPLES.format(128, 64): (
        "target",
        "batch_size",
        "not_return_sequences",
    ),
    FLAT_LOSS + OF_SAMPLES.format(608, 640): ("target", "batch_size", "target_steps"),
    FLAT_LOSS + OF_SAMPLES.format(608, 641): ("target", "batch_size", "target_shape"),
    FLAT_LOSS + OF_SAMPLES.format(32, 64): ("target", "batch_size", "target_shape"),
    "An LSTM language model\n" + OF_LOGITS: ("target", "rank", "class_indices"),
    "An LSTM\n" + OF_LOGITS: ("target", "rank", "not_return_sequences"),
    "An LSTM: out = tf.reshape(outputs, [-1, 16])\n" + LOGITS_OF_STEPS: ("target", "batch_size", "every_step"),
    "An LSTM\n" + LOGITS_OF_STEPS: ("target", "batch_size", "target_shape"),
    # a list with the steps of another batch, and states that are kept
    "A stateful LSTM\n" + LIST: ("x", "batch_size", "last_batch"),
    "A stateful LSTM\n" + EAGER: ("h_0", "batch_size", "other_batch"),
    "An LSTM with stateful=False\n" + EAGER: (None, None, ""),
    # names of what a cell makes of x and of h
    "LSTM\n    preact = i2h + h2h\n" + IMAGES.replace("dimension 3", "dimension 0"): (
        "h_0",
        "batch_size",
        "other_batch",
    ),
    # one cell in a decoder with attention
    OF_MULTI_CELL.format(1024): ("x", "features", "same_cell"),
    OF_MULTI_CELL.format(1000): ("x", "features", "other_features"),
    # the convolution of a ConvLSTM
    "ConvLSTM: both = torch.cat((x, h), 1); gates = self.conv(both)\n" + CHANNELS: ("x", "features", "other_channels"),
    # a model with a fixed batch
    "GRU(20, batch_input_shape=(20, 9, 3))\n" + OF_NODE: ("x", "batch_size", "fixed_batch"),
    "A GRU\n" + OF_NODE: ("target", "batch_size", "target_shape"),
    # the placeholder of a target
    "BiLSTM\n" + FED.format("crf_1_target:0"): ("target", "rank", "target_shape"),
    "BiLSTM\n" + FED.format("Placeholder_3:0"): (None, None, ""),
    # a state that is divided along its layers
    "model = nn.DataParallel(TextEncoder())\n" + STATE.format("2, 16, 64", "1, 32, 64"): (
        *("h_0", "num_layers*directions", "divided_batch"),
    ),
    STATE.format("2, 16, 64", "1, 32, 64"): ("h_0", "num_layers*directions", "directions"),
    # a dense layer whose sizes only the program says
    OF_DENSE.format("bidirectional=True", 20): ("dense_input", "features", "dense_directions"),
    OF_DENSE.format("num_layers=2", 30): ("dense_input", "features", "dense_features"),
    # the steps of attention
    "An LSTM encoder\n    a = attention.view(-1, 300)\n" + VIEW: ("output", None, "reshape_values"),
    # samples of different lengths
    OF_LIST.format("different lengths", "batch"): ("x", "time_step", "unequal_lengths"),
    OF_LIST.format("different lengths", "other"): (None, None, ""),
    OF_LIST.format("labels", "batch"): (None, None, ""),
    # the states of all layers, joined with every step
    JOINED_LAYERS.format(18, 9): ("output", "order", "all_layers"),
    JOINED_LAYERS.format(11, 9).replace("max_len, 1", "11, 1").replace("num_layers=2", "num_layers=1"): (
        *("output", "time_step", "join_steps"),
    ),
    # the states of all layers in attention
    ATTENTION.format("h", 5): ("output", "order", "attention_axis"),
    ATTENTION.format("h", 2)
    .replace(", batch_first=True", "")
    .replace("torch.randn(5, 11", "torch.randn(11, 5")
    .replace("dimension 1", "dimension 0"): ("output", "order", "all_layers"),
    ATTENTION.format("h.transpose(0, 1)", 2): ("output", "order", "all_layers"),
    ATTENTION.format("h[-1].unsqueeze(1).repeat(1, 7, 1)", 7): ("output", "time_step", "join_steps"),
}


@pytest.mark.parametrize("text", POSTS)
def test_a_post_is_explained(text: str) -> None:
    said = explain(text).mismatch

    assert (said.tensor, said.axis, said.first_cause) == POSTS[text]


OF_IMAGES = (
    "ConvLSTM and U-Net\nDimension 1 in both shapes must be equal, but are 20 and 16 for '{}/decoder/concat' (op:"
    " 'ConcatV2') with input shapes: [?,20,20,4], [?,16,16,4], []."
)

WITHOUT_RECURRENCE = (
    OF_IMAGES.format("conv_lstm_net"),
    OF_IMAGES.format("recurrent_unet"),
    "LSTM\nboth = tf.concat([cnn_output, image_output], -1)\n" + JOINED_IN_GRAPH.format(""),
    "A policy with a GRU\n" + SCORES.format("stages"),
    "CuDNNGRU\n" + ASSIGNED_RANK.replace("[2,9], [18]", "[], [1,1]"),
    "CuDNNLSTM\n" + ASSIGNED_BIAS.replace("[60], [120]", "[50], [100]"),
    "CuDNNLSTM\n" + ASSIGNED_BIAS.replace("[60], [120]", "[2,96], [96,2]"),
    "An LSTM and a CNN\n    p = probs.view(-1, 300)\n" + VIEW,
    "models = {'bert': 2, 'TextRNN': 1, 'FastText': 1}\n" + PRODUCTS.format("128x768 and 208x10"),
    "LSTM\n" + JOIN_OF_ATTENTION + JOINED_IN_GRAPH.format(",6"),
    "LSTM\nboth = Concatenate(axis=-1)([image, mask])\n" + JOINED_IN_GRAPH.format(""),
    "in src/tacotron/train.py\n" + EXPANDED_MASK,
    "FastSpeech instead of Tacotron\n" + EXPANDED_MASK,
    "a GRU\n" + WRITTEN.format("outputs[t]", 7, 0, 8, 50).replace("fc(output)", "cnn(image)"),
    "LSTM\nmerged_out = Concatenate(axis=-1)([image, mask])\n" + JOINED_IN_GRAPH.format(""),
    "A BiLSTM and a CRF\n" + SCORES.format("first"),
    "LSTM(30, batch_input_shape=(8, 10))\n" + OF_THEANO,
    "a GRU\n" + WRITTEN.format("image[t]", 7, 0, 8, 50).replace("output, hidden", "image, mask"),
    "a GRU\n" + WRITTEN.format("hidden[t]", 7, 0, 8, 50),
    "a GRU\n" + WRITTEN.format("pred_mask[t]", 7, 0, 8, 50),
    JOIN_WITH_STATE.format("image"),
    "The Transformer fails, the LSTM baseline runs.\n" + PRODUCTS.format("128x768 and 208x10"),
    "An LSTM and Dense(60)\n" + ASSIGNED_BIAS,
    "BERT-BiLSTM: labels = np.array(labels)\n" + RAGGED,
    "An LSTM: both = torch.cat((x, h), 1); gates = self.conv(both)\n" + CHANNELS,
    "ConvLSTM: both = torch.cat((x, h), 1); y = self.conv(x)\n" + CHANNELS,
    CONCATENATED_IN_GRAPH.format("tower"),
    "_, state = encode(x)\ngru(x, state)\n" + WITHOUT_AXES,
    "LSTM: lstm.set_weights(arrays)\nLayer weight shape (9, 80) not compatible with provided weight shape (1, 9, 80)",
    "An LSTM; frames = tf.transpose(frames, [1, 0, 2])\n" + FRAMES.format("transpose"),
    "An LSTM. " + THEANO.format(1),
    "A GRU and Dense(256)\n" + ASSIGNED.format("64,256", "128,512"),
    "LSTM, Embedding(9, 30).set_weights: Layer weight shape (9, 3) not compatible with provided weight shape (1, 2, 3)",
    EMISSIONS.format("tags"),
    METRIC,
    KERAS.format("conv2d_4", 5, 6),
    "An LSTM and Dense(300)\n" + ASSIGNED.format("64,300", "64,200"),
    LABELS,
    "sequence_length(0) <= 15",
    "A convolution after an RNN\n" + FRAMES.format("tower/transpose"),
    "model.add(Dense(32))\n" + OF_LOSS,
    RANK_OF_ONNX.format("image"),
    RANK_OF_ONNX.format("h0").replace("3", "1"),
    "    h = torch.tanh(A @ h @ self.w1 + self.b)\n" + PRODUCTS.format("8x64 and 32x64"),  # of a graph
    "    h = torch.tanh(hs @ self.w1 + ctx @ self.w2)\n" + PRODUCTS.format("8x64 and 32x64"),
    CONCATENATED.format("tower/while/mixed"),
    "def step(h, x):\n    h = jnp.tanh(h @ Wh + b)\n    return h, h\n" + CARRY,
)


@pytest.mark.parametrize("text", WITHOUT_RECURRENCE)
def test_a_post_that_names_nothing_recurrent_is_not_explained(text: str) -> None:
    with pytest.raises(NotFoundError):
        explain(text)


def test_a_traceback_that_a_terminal_broke_at_its_width_is_read() -> None:
    trace = (
        'Traceback (most recent call last):\n  File "/home/me/work/translate/attention.py", line 40, in forward\n'
        "    energy = torch.bmm(decoder_hidden.unsqueeze(1), encoder_outputs.transpose(1, 2))\n"
        '  File "/home/me/miniconda3/lib/python3.11/site-packages/torch/functional.py", line 90, in wrapped\n'
        "    return handle(function, arguments)\n"
        "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [7, 45] but got: [7, 90].\n"
    )
    width = 72
    broken = "\n".join(line[n : n + width] for line in trace.split("\n") for n in range(0, len(line) or 1, width))

    assert broken != trace
    assert explain(broken).mismatch == explain(trace).mismatch


def test_that_a_mask_belongs_to_an_unknown_array_follows_from_the_line_of_code() -> None:
    said = explain(
        "An LSTM reads frames:\n    x = image * mask\n" + IMAGES.replace("dimension 3", "dimension 1")
    ).mismatch

    assert (said.tensor, said.note) == ("mask", FROM_CODE)


def test_weights_of_several_heads_are_no_array_of_a_recurrent_network() -> None:
    text = "The Transformer, after the LSTM:\n    energy = energy.masked_fill(mask == 0, -1e9)\n"

    assert explain(text + IMAGES.replace("dimension 3", "dimension 1")).mismatch.tensor == "mask"
    assert not explain(text + IMAGES).mismatch.tensor


def test_a_line_of_which_a_person_says_that_it_does_not_fail_is_not_read() -> None:
    assert explain(HAPPENS).mismatch.tensor == "output"
    assert not explain(HAPPENS.replace("the error happens in", "the error does not happen in")).mismatch.tensor
    assert explain(HAPPENS.replace("the error", "it is not a problem of data, the error")).mismatch.tensor == "output"


@pytest.mark.parametrize("shapes", ["[(None, 7, 20), (None, 9, 64)]", "[(None, 7, 20), (None, 64)]"])
def test_joined_inputs_are_not_called_outputs(shapes: str) -> None:
    text = "both = Concatenate()([{}, meta])\ny = LSTM(8)(words)\n" + OF_PARTS.partition("[")[0] + shapes

    assert explain(text.format("outputs")).mismatch.tensor == "output"
    assert explain("image = LSTM(9)(x)\n" + text.format("image")).mismatch.tensor == "output"
    assert not explain(text.format("image")).mismatch.tensor


def test_samples_are_not_called_a_batch() -> None:
    assert "1,001, is no multiple of batch_size" in explain("A stateful RNN\n" + SAMPLES.format(1001)).mismatch.sentence


@pytest.mark.parametrize(
    ("node", "framework"),
    [("sequential_1/lstm_1/while/lstm_cell/MatMul", "keras"), ("model/rnn/while/lstm_cell/MatMul", "tf1")],
)
def test_a_graph_with_a_model_of_keras_is_of_keras(node: str, framework: str) -> None:
    text = "InvalidArgumentError: Matrix size-incompatible: In[0]: [32,10], In[1]: [12,64]\n\t [[{{node %s}}]]"

    assert explain(text % node).framework == framework
