"""Messages that the sources of old and present versions of frameworks have, with values, and what they say."""

from shape_errors import HIDDEN, ShapeError, of

VALUES = (
    ", numpy=\narray([[ 0.01, -0.02, ...,  0.1 ,  0.2 ],\n       [ 0.3 ,  0.1 , ..., -0.4 ,  0.5 ]], dtype=float32)>"
)
"""What TensorFlow 2 writes after the data type of a variable."""

OF_KERAS = [
    # files of weights
    *of(
        [
            "ValueError: Layer #0 (named \"lstm_1\"), weight <tf.Variable 'lstm_1/kernel:0' shape=(10, 256)"
            " dtype=float32_ref> has shape (10, 256), but the saved weight has shape (12, 256).",
            "ValueError: Layer #0 (named \"lstm\"), weight <tf.Variable 'lstm/lstm_cell/kernel:0' shape=(10, 256)"
            f" dtype=float32{VALUES} has shape (10, 256), but the saved weight has shape (12, 256).",
            'ValueError: Layer #0 (named "lstm_1"), weight lstm_1/kernel has shape (10, 256), but the saved weight has'
            " shape (12, 256).",
            "ValueError: Shape mismatch in layer #0 (named lstm)for weight sequential/lstm/lstm_cell/kernel. Weight"
            " expects shape (10, 256). Received saved weight with shape (12, 256)",
            "ValueError: Shape mismatch in layer #0 (named lstm) for weight lstm/lstm_cell/kernel:0. Weight expects"
            " shape (10, 256). Received saved weight with shape (12, 256)",
            "ValueError: Cannot assign value to variable ' lstm_13/lstm_cell/kernel:0': Shape mismatch.The variable"
            " shape (10, 256), and the assigned value shape (12, 256) are incompatible.",
        ],
        *("kernel", "features", (10, 256), (12, 256), "other_size"),
    ),
    *of(
        [
            "ValueError: Layer #1 (named \"gru\"), weight <tf.Variable 'gru/gru_cell/recurrent_kernel:0' shape=(64,"
            f" 192) dtype=float32{VALUES} has shape (64, 192), but the saved weight has shape (32, 96)."
        ],
        *("recurrent_kernel", "num_units", (64, 192), (32, 96), "other_size"),
    ),
    *of(
        [
            "ValueError: Weight count mismatch for layer #0 (named lstm in the current model, lstm_1 in the save file)."
            " Layer expects 6 weight(s). Received 3 saved weight(s)",
            "ValueError: Weight count mismatch for layer #0 (named lstm). Layer expects 6 weight(s). Received 3 saved"
            " weight(s)",
            'ValueError: Layer #0 (named "lstm_1") expects 6 weight(s), but the saved weights have 3 element(s).',
        ],
        *("kernel", HIDDEN, (6,), (3,), "weights_directions"),
    ),
    *of(
        [
            "ValueError: You are trying to load a weight file containing 2 layers into a model with 3 layers.",
            "ValueError: Layer count mismatch when loading weights from file. Model expected 3 layers, found 2 saved"
            " layers.",
        ],
        *("kernel", None, (3,), (2,), "other_layers"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: GRU(reset_after=False) is not compatible with GRU(reset_after=True)",
            "ValueError: GRU(reset_after=False) is not compatible with CuDNNGRU",
        ],
        *("bias", None, (2,), (1,), "reset_after"),
    ),
    *of(
        [
            "ValueError: CuDNNGRU is not compatible with GRU(reset_after=False)",
            "ValueError: GRU(reset_after=True) is not compatible with GRU(reset_after=False)",
        ],
        *("bias", None, (1,), (2,), "reset_after"),
    ),
    # states
    *of(
        ["ValueError: State 0 is incompatible with layer lstm_1: expected shape=(32, 64), found shape=(16, 64)"],
        *("h_0", "batch_size", (32,), (16,), "other_batch"),
    ),
    *of(
        [
            "ValueError: State 1 is incompatible with layer lstm_14: expected shape=(4, <tf.Variable"
            f" 'lstm_14/Variable:0' shape=(4, 64) dtype=float32{VALUES}) but found shape=(5, 64)"
        ],
        *("c_0", "batch_size", (4,), (5,), "last_batch"),
    ),
    *of(
        ["ValueError: State 1 is incompatible with layer lstm_1: expected shape=(32, 64), found shape=(32, 20)"],
        *("c_0", "num_units", (32, 64), (32, 20), "other_units"),
    ),
    *of(
        [
            "ValueError: Layer lstm_1 expects 2 states, but it received 1 state values. Input received:"
            " [array([[0., 0.]])]"
        ],
        *("c_0", None, (2,), (1,), "h_for_h_c"),
    ),
    *of(
        [
            "ValueError: An initial_state was passed that is not compatible with `cell.state_size`. Received"
            " `state_spec`=[<keras.engine.topology.InputSpec object at 0x7f02>]; However `cell.state_size` is (64,)"
        ],
        *("h_0", "num_units", (64,), None, "other_units"),
    ),
    # x and masks
    *of(
        [
            "ValueError: Cannot unroll a RNN if the time dimension is undefined or equal to 1. \n- If using a"
            " Sequential model, specify the time dimension by passing an `input_shape`",
            "ValueError: When specifying `unroll=True`, an `input_length` must be provided to `rnn`.",
        ],
        *("x", "time_step", None, None, "static_steps"),
    ),
    *of(
        [
            "Exception: Invalid input shape - Layer expects input ndim=3, was provided with input shape (None, 64)",
        ],
        *("x", "rank", 3, 2, "missing_axis"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: The `mask` passed to the `TimeDistributed` layer must be at least 2D (e.g., `(batch_size,"
            " timesteps)`), but it has 1 dimension(s) with shape (32,)."
        ],
        *("mask", "rank", 2, 1, "mask"),
    ),
]

ASSERTED = " [Condition x == y did not hold element-wise:] [x (decoder/a:0) = ] [{}] [y (memory/b:0) = ] [{}]"
"""What TensorFlow writes after the message of an assertion."""

NODE = " [[{{{{node lstm/{0}}}}}]] [Op:{0}]"
BLOCK = NODE.format("LSTMBlockCell")
GRU_BLOCK = NODE.format("GRUBlockCell")
"""The operation that failed."""

BEFORE = 'Tensor("rnn/while/Identity_3:0", shape=(?, 64), dtype=float32)'
AFTER = (
    "LSTMStateTuple(c=<tf.Tensor 'rnn/while/rnn/lstm_cell/add_1:0' shape=(?, 64) dtype=float32>,"
    " h=<tf.Tensor 'rnn/while/rnn/lstm_cell/mul_2:0' shape=(?, 64) dtype=float32>)"
)
"""A state before a step and after it."""

IN_CELL = '  File "/tf/python/ops/rnn_cell_impl.py", line 608, in call\n    c, h = state\n'

OF_TENSORFLOW = [
    # versions before 1.0, and TensorFlow.js
    *of(
        [
            "ValueError: In MultiRNNCell, the input size of each next cell must match the output size of the previous"
            " one. Mismatched output size in cell 1."
        ],
        *("x", "features", None, None, "size_of_input"),
    ),
    *of(
        ["InvalidArgumentError: Expected size[1] in [0, 90], but got 180"],
        *("h_0", None, (180,), (90,), "state_of_each_cell"),
        anywhere=True,
    ),
    *of(
        ["ValueError: Cannot infer num from shape (?, ?, 48)"],
        *("x", "time_step", None, None, "static_steps"),
        anywhere=True,
    ),
    *of(
        ["A GRU in the browser:\nError: Shape mismatch: [192] vs. [2,192]"],
        *("bias", "rank", 1, 2, "reset_after"),
    ),
    # x of a cell, and of dynamic_rnn
    *of(
        [
            "ValueError: linear is expecting 2D arguments: [[None, 10, 3], [None, 64]]",
            "ValueError: linear is expecting 2D arguments: [TensorShape([Dimension(None), Dimension(10), Dimension(3)"
            "]), TensorShape([Dimension(None), Dimension(64)])]",
        ],
        *("x", "rank", 2, 3, "one_step"),
    ),
    *of(
        ["ValueError: Linear is expecting 2D arguments: [[None], [None, 64]]"],
        *("x", "rank", 2, 1, "missing_features_axis"),
    ),
    *of(
        ["ValueError: Linear is expecting 2D arguments: [[None, 3], [1, None, 64]]"],
        *("h_0", "rank", 2, 3, ""),
    ),
    *of(
        [
            "ValueError: linear expects shape[1] to be provided for shape (?, ?), but saw ?",
            "ValueError: Linear expects shape[1] of arguments: [[None, None], [None, 64]]",
            "ValueError: Could not infer input size from inputs.get_shape()[-1]",
        ],
        *("x", "features", None, None, "static_features"),
    ),
    ShapeError(
        "ValueError: Time steps is not the same for all the elements in the input in a batch. Received time steps=8 for"
        ' input=Tensor("rnn/transpose_1:0", shape=(8, 5, 3), dtype=float32).',
        *("x", "time_step"),
    ),
    ShapeError("ValueError: Batch_size is not the same for all the elements in the input.", "x", "batch_size"),
    *of(
        [
            'ValueError: Expected input tensor Tensor("Placeholder:0", shape=(?,), dtype=float32) to have rank at least'
            " 2, but saw shape: (?,)",
            'ValueError: Input tensor should have rank >= 2. Received input=Tensor("a:0", shape=(None,), dtype=float32)'
            " of rank 1",
        ],
        *("x", "rank", 3, 1, "missing_axis"),
    ),
    # lengths
    *of(
        [
            "ValueError: Argument sequence_length must be a vector of length batch_size. Received"
            ' sequence_length=Tensor("rnn/Cast:0", shape=(5, 1), dtype=int32) of shape: (5, 1)'
        ],
        *("lengths", "rank", 1, 2, "lengths_axes"),
    ),
    *of(
        [
            "InvalidArgumentError: assertion failed: [memory_sequence_length and memory tensor batch sizes do not"
            " match.]" + ASSERTED.format(16, 32),
        ],
        *("lengths", "batch_size", None, None, "lengths"),
    ),
    *of(
        ["InvalidArgumentError: Length of seq_lengths != input.dims(1), (16 vs. 32)"],
        *("lengths", "batch_size", (32,), (16,), "lengths"),
    ),
    *of(
        ["InvalidArgumentError: seq_lengths must be 1-dim, not 2"],
        *("lengths", "rank", 1, 2, "lengths_axes"),
    ),
    ShapeError(
        "ValueError: Length of encoder_inputs (8) must be at least that of last bucket (10).",
        *("x", "time_step", (10,), (8,)),
    ),
    *of(
        [
            "ValueError: Argument `sequence_length` must be a vector of length 32. Received"
            ' sequence_length=Tensor("l:0", shape=(16,), dtype=int32).'
        ],
        *("lengths", "batch_size", (32,), None, "lengths"),
    ),
    # states
    *of(
        [
            "ValueError: The two structures don't have the same number of elements.\n\nFirst structure (1 elements):"
            f" {BEFORE}\n\nSecond structure (2 elements): {AFTER}",
            f"ValueError: The two structures don't have the same number of elements. First structure: {BEFORE}, second"
            f" structure: {AFTER}.",
            "ValueError: The two structures don't have the same nested structure.\n\nFirst structure: type=Tensor"
            f" str={BEFORE}\n\nSecond structure: type=LSTMStateTuple str={AFTER}\n\nMore specifically: Substructure",
            IN_CELL + "TypeError: 'Tensor' object is not iterable.",
            IN_CELL + "TypeError: Tensor objects are only iterable when eager execution is enabled. To iterate over"
            " this tensor use tf.map_fn.",
            IN_CELL + "OperatorNotAllowedInGraphError: iterating over `tf.Tensor` is not allowed in Graph execution.",
            IN_CELL + "TypeError: Iterating over a symbolic `tf.Tensor` is not allowed.",
        ],
        *("h_0", None, (2,), (1,), "h_for_h_c"),
    ),
    *of(
        [
            "TypeError: The two structures don't have the same sequence type. First structure has type <class 'tuple'>,"
            " while second structure has type <class 'tensorflow.python.ops.rnn_cell_impl.LSTMStateTuple'>.",
            "TypeError: The two namedtuples don't have the same sequence type. First structure type=tuple str="
            "(<tf.Tensor 'rnn/while/Identity_3:0' shape=(?, 64) dtype=float32>,) second structure type=LSTMStateTuple"
            f" str={AFTER}",
        ],
        *("h_0", None, None, None, "state_tuple"),
    ),
    *of(
        [
            "ValueError: Expected state to be a tuple of length 2, but received:"
            ' Tensor("MultiRNNCellZeroState/zeros:0", shape=(32, 128), dtype=float32)'
        ],
        *("h_0", None, (2,), (1,), "state_of_each_cell"),
    ),
    *of(
        [
            "ValueError: Some cells return tuples of states, but the flag state_is_tuple is not set.  State sizes are:"
            " [LSTMStateTuple(c=64, h=64), LSTMStateTuple(c=64, h=64)]"
        ],
        *("h_0", None, None, None, "state_is_tuple"),
    ),
    *of(
        [
            "ValueError: batch size from input tensor is different from the input param. Input tensor batch: 5,"
            " batch_size: 6"
        ],
        *("h_0", "batch_size", (5,), (6,), "last_batch"),
    ),
    *of(
        [
            "TypeError: Expected state to be instance of AttentionWrapperState. Received type <class"
            " 'tensorflow.python.ops.rnn_cell_impl.LSTMStateTuple'> instead."
        ],
        *("h_0", None, None, None, "attention_state"),
    ),
    # attention, and losses of sequences
    *of(
        [
            "ValueError: Incompatible or unknown inner dimensions between query and keys.  Query"
            ' (Tensor("decoder/while/lstm_cell/mul_2:0", shape=(?, 128), dtype=float32)) has units: 128.  Keys'
            ' (Tensor("memory_layer/Tensordot:0", shape=(?, ?, 100), dtype=float32)) have units: 100.  Perhaps you need'
            " to set num_units to the keys' dimension (100)?"
        ],
        *("output", "num_units", (128,), (100,), "attention_units"),
    ),
    *of(
        [
            "InvalidArgumentError: assertion failed: [When applying AttentionWrapper attention_wrapper: Non-matching"
            " batch sizes between the memory (encoder output) and the query (decoder output).  Are you using the"
            " BeamSearchDecoder?  You may need to tile your memory input via the tf.contrib.seq2seq.tile_batch function"
            " with argument multiple=beam_width.]" + ASSERTED.format(320, 32),
            "InvalidArgumentError: assertion failed: [When constructing AttentionWrapper attention_wrapper:"
            " Non-matching batch sizes between the memory (encoder output) and initial_cell_state.  Are you using the"
            " BeamSearchDecoder?]" + ASSERTED.format(320, 32),
        ],
        *("output", "batch_size", (320,), (32,), "tile_memory"),
    ),
    ShapeError(
        "ValueError: Logits must be a [batch_size x sequence_length x logits] tensor", "output", "rank", 3, None
    ),
    *of(
        ["ValueError: Targets must be a [batch_size x sequence_length] tensor"],
        *("target", "rank", 2, None, "target_shape"),
    ),
    ShapeError("ValueError: Weights must be a [batch_size x sequence_length] tensor", "mask", "rank", 2, None),
    *of(
        ["ValueError: Lengths of logits, weights, and targets must be the same 10, 9, 9."],
        *("target", "time_step", (10,), (9,), "target_shape"),
    ),
    ShapeError(
        "ValueError: Lengths of logits, weights, and targets must be the same 10, 9, 10.",
        *("mask", "time_step", (10,), (9,)),
    ),
    # fused cells, and cuDNN
    *(
        ShapeError(f"InvalidArgumentError: {message}: {got} vs. {expected}{node}", *values, (expected,), (got,), cause)
        for message, got, expected, node, values, cause in (
            ("w.dim_size(0) != input_size + cell_size", 8, 7, BLOCK, ("kernel", "features"), "other_features"),
            ("w_ru.dim_size(0) != input_size + cell_size", 8, 7, GRU_BLOCK, ("kernel", "features"), "other_features"),
            ("w_c.dim_size(0) != input_size + cell_size", 8, 7, GRU_BLOCK, ("kernel", "features"), "other_features"),
            ("w.dim_size(1) != cell_size * 4", 12, 16, BLOCK, ("kernel", "gates*num_units"), ""),
            ("b.dim_size(0) != cell_size * 4", 12, 16, BLOCK, ("bias", "gates*num_units"), ""),
            ("w_ru.dim_size(1) != cell_size * 2", 6, 8, GRU_BLOCK, ("kernel", "gates*num_units"), ""),
            ("w_c.dim_size(1) != cell_size", 3, 4, GRU_BLOCK, ("kernel", "gates*num_units"), ""),
            ("b_ru.dim_size(0) != cell_size * 2", 6, 8, GRU_BLOCK, ("bias", "gates*num_units"), ""),
            ("b_c.dim_size(0) != cell_size", 3, 4, GRU_BLOCK, ("bias", "gates*num_units"), ""),
            ("h_prev.dims(0) != batch_size", 5, 2, BLOCK, ("h_0", "batch_size"), "last_batch"),
            ("cs_prev.dims(0) != batch_size", 5, 2, BLOCK, ("c_0", "batch_size"), "last_batch"),
            ("h_prev.dims(1) != cell_size", 5, 4, GRU_BLOCK, ("h_0", "num_units"), "other_units"),
            ("cs_prev.dims(1) != cell_size", 5, 4, BLOCK, ("c_0", "num_units"), "other_units"),
        )
    ),
    ShapeError("InvalidArgumentError: h_prev must be 2D [Op:BlockLSTM]", "h_0", "rank", 2, None),
    ShapeError("InvalidArgumentError: cs_prev must be 2D [Op:BlockLSTM]", "c_0", "rank", 2, None),
    ShapeError("InvalidArgumentError: cs_prev must be rank 2 but is rank 3 [Op:BlockLSTM]", "c_0", "rank", 2, 3),
    ShapeError("InvalidArgumentError: h_prev must be rank 2 but is rank 3 [Op:BlockLSTM]", "h_0", "rank", 2, 3),
    ShapeError("InvalidArgumentError: Rank of h_prev must be 2, got 3 [Op:GRUBlockCell]", "h_0", "rank", 2, 3),
    *of(
        ["InvalidArgumentError: x must be 3D [Op:BlockLSTM]"],
        *("x", "rank", 3, None, "missing_axis"),
        anywhere=True,
    ),
    *of(
        ["TypeError: inputs must be a list"],
        *("x", None, None, None, "list_of_steps"),
        anywhere=True,
    ),
    *of(
        ["InvalidArgumentError: RNN input must be a 3-D vector. [Op:CudnnRNN]"],
        *("x", "rank", 3, None, "missing_axis"),
    ),
    *of(
        ["InvalidArgumentError: RNN input_h must be a 3-D vector. [Op:CudnnRNN]"],
        *("h_0", "rank", 3, None, "unsqueeze"),
    ),
    *of(
        [
            "InvalidArgumentError: input_h and input_c must have the same shape w/o projection: [1,32,64] [1,16,64]",
            "InvalidArgumentError: input_h and input_c must have the same shape: [1,32,64] [1,16,64]",
        ],
        *("c_0", "batch_size", (1, 32, 64), (1, 16, 64), "other_batch"),
    ),
    *of(
        ["InvalidArgumentError: input_h and input_c must have the same shape w/o projection: [1,32,64] [1,32,20]"],
        *("c_0", "num_units", (1, 32, 64), (1, 32, 20), "other_units"),
    ),
]

OF_DATA = [
    *of(
        [
            "ValueError: setting an array element with a sequence.",
            "ValueError: Can't convert non-rectangular Python sequence to Tensor.",
            "ValueError: Failed to convert a NumPy array to a Tensor (Unsupported object type numpy.ndarray).",
            "ValueError: Failed to convert a NumPy array to a Tensor (Unsupported object type list).",
            "ValueError: Invalid dtype: object",
            "TypeError: can't convert np.ndarray of type numpy.object_. The only supported types are: float64.",
            "TypeError: can't convert np.ndarray of type numpy.object. The only supported types are: double, float.",
            "ValueError: Failed to find data adapter that can handle input: (<class 'list'> containing values of types"
            " {'(<class \\'list\\'> containing values of types {\"<class \\'float\\'>\"})'}), <class 'numpy.ndarray'>",
            "ValueError: Unrecognized data type: x=[[[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0]]] (of type <class 'list'>)",
        ],
        *("x", "time_step", None, None, "unequal_lengths"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Data cardinality is ambiguous:\n  x sizes: 2, 3\n  y sizes: 2\nMake sure all arrays contain"
            " the same number of samples.",
            "ValueError: Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.'x'"
            " sizes: 2, 3\n'y' sizes: 2\n",
        ],
        *("x", None, None, None, "list_of_samples"),
        anywhere=True,
    ),
    ShapeError(
        "ValueError: Shape of sample (4,) of sequence at position 1 is different from expected shape (3,)",
        *("x", "features", (3,), (4,)),
        anywhere=True,
    ),
]

OF_MODELS = [
    # sizes that are not known
    *of(
        [
            "ValueError: Shapes used to initialize variables must be fully-defined (no `None` dimensions). Received:"
            " shape=(None, 256) for variable path='lstm/lstm_cell/kernel'"
        ],
        *("x", "features", None, None, "static_features"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Shapes used to initialize variables must be fully-defined (no `None` dimensions). Received:"
            " shape=(None, 3) for variable path='dense/kernel'",
            "ValueError: The last dimension of the inputs to a Dense layer should be defined. Found None. Full input"
            " shape received: (None, None)",
            "ValueError: The last dimension of the inputs to `Dense` should be defined. Found `None`.",
            'ValueError: The shape of the input to "Flatten" is not fully defined (got (None, 64). Make sure to pass a'
            ' complete "input_shape" or "batch_input_shape" argument to the first layer in your model.',
        ],
        *("dense_input", "features", None, None, "flattened_unknown"),
        anywhere=True,
    ),
    # what layers return
    *of(
        [
            "TypeError: All layers in a Sequential model should have a single output tensor. For multi-output layers,"
            " use the functional API."
        ],
        *("output", None, None, None, "returned_states"),
        anywhere=True,
    ),
    *of(
        [
            '  File "/k/layers/wrappers.py", line 95, in build\n    assert len(input_shape) >= 3\nAssertionError',
        ],
        *("dense_input", "rank", 3, 2, "return_sequences"),
    ),
    *of(
        ["RuntimeError: matrices expected, got 3D, 2D tensors at /pytorch/torch/lib/TH/generic/THTensorMath.c:1411"],
        *("dense_input", "rank", 2, 3, "every_step"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Only layers of same output shape can be merged using sum mode. Layer shapes: [(None, 10, 64),"
            " (None, 64)]",
            'ValueError: "concat" mode can only merge layers with matching output shapes except for the concat axis.'
            " Layer shapes: [(None, 10, 64), (None, 64)]",
        ],
        *("output", "rank", 3, 2, "return_sequences"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Dimension incompatibility using dot mode: 64 != 30. Layer shapes: (None, 10, 64), (None, 10,"
            " 30)",
        ],
        *("output", "num_units", (64,), (30,), "attention_units"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Can not do batch_dot on inputs with shapes (None, 10, 64) and (None, 30, 10) with axes=[2, 1]."
            " x.shape[2] != y.shape[1] (64 != 30).",
        ],
        *("output", "order", None, None, "axes_of_product"),
        anywhere=True,
    ),
    *of(
        ["ValueError: Shape mismatch: x has 4 cols (and 320 rows) but y has 3 rows (and 64 cols)"],
        *(None, None),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: dimension mismatch in args to gemm (32,4)x(3,256)->(32,256)",
            "ValueError: Input dimension mis-match. (input[0].shape[1] = 64, input[1].shape[1] = 32)",
        ],
        *(None, None),
        anywhere=True,
    ),
    # losses
    *of(
        [
            "ValueError: logits and labels must have the same shape ((None, 10, 1) vs (None, 1))",
            "ValueError: `log_input` and `targets` must have the same shape, received ((None, 10, 1) vs (None, 1)).",
            "ValueError: log_input and targets must have the same shape ((?, 10, 1) vs (?, 1))",
        ],
        *("output", "rank", 2, 3, "not_return_sequences"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Target and input must have the same number of elements. target nelement (32) != input nelement"
            " (320)"
        ],
        *("target", None, None, None, "not_return_sequences"),
        anywhere=True,
    ),
    *of(
        [
            "Exception: Error when checking model input: the list of Numpy arrays that you are passing to your model is"
            " not the size the model expected. Expected to see 1 arrays but instead got the following list of 3 arrays:"
            " [array([[0.1]])]"
        ],
        *("x", None, (1,), (3,), "list_of_samples"),
        anywhere=True,
    ),
    ShapeError(
        "ValueError: Can not do batch_dot on inputs with different batch sizes. Received inputs with shapes (32, 10,"
        " 64) and (16, 64, 10).",
        *("output", "batch_size", (32,), (16,)),
        anywhere=True,
    ),
    *(
        ShapeError(
            f"x = layers.ConvLSTM2D(8, 3)(x)\nValueError: The channel dimension of the inputs{axis} should be defined."
            " Found None. Full input shape received: input_shape=(None, 7, 28, 28, None)",
            *("x", None),
            anywhere=True,
        )
        for axis in ("", " (last axis)")
    ),
    # TensorFlow Lite
    ShapeError("ValueError: Cannot set tensor: Dimension mismatch", None, None, anywhere=True),
    *of(
        ["ValueError: Cannot set tensor: Dimension mismatch. Got 3 but expected 2 for dimension 1 of input 0."],
        *("x", "time_step", (2,), (3,), "resized_input"),
        anywhere=True,
    ),
    *of(
        ["ValueError: Cannot set tensor: Dimension mismatch. Got 4 but expected 3 for dimension 2 of input 0."],
        *("x", "features", (3,), (4,), "other_features"),
        anywhere=True,
    ),
    *of(
        ["ValueError: Cannot set tensor: Dimension mismatch. Got 5 but expected 1 for dimension 0 of input 0."],
        *("x", "batch_size", (1,), (5,), "fixed_batch"),
        anywhere=True,
    ),
    *of(
        ["ValueError: Cannot set tensor: Dimension mismatch. Got 2 but expected 3 for input 0."],
        *("x", "rank", 3, 2, "missing_axis"),
        anywhere=True,
    ),
    *of(
        [
            "RuntimeError: tensorflow/lite/kernels/unidirectional_sequence_lstm.cc:937"
            " input_to_output_weights->dims->data[1] != n_input (3 != 4)Node number 0 (UNIDIRECTIONAL_SEQUENCE_LSTM)"
            " failed to prepare."
        ],
        *("x", "features", (3,), (4,), "other_features"),
    ),
    *of(
        [
            "RuntimeError: tensorflow/lite/kernels/unidirectional_sequence_lstm.cc:979 NumElements(output_state) !="
            " n_batch * n_output (4 != 8)Node number 0 (UNIDIRECTIONAL_SEQUENCE_LSTM) failed to prepare."
        ],
        *("x", "batch_size", (1,), (2,), "fixed_batch"),
    ),
]

OF_PYTORCH = [
    *(
        ShapeError(
            '  File "/lib/torch/nn/utils/rnn.py", line 481, in pad_sequence\n    return torch._C._nn.pad_sequence(\n'
            f"RuntimeError: {message}",
            *("x", "features", (4,), (3,)),
            anywhere=True,
        )
        for message in (
            "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1",
            "The expanded size of the tensor (4) must match the existing size (3) at non-singleton dimension 1.  Target"
            " sizes: [5, 4].  Tensor sizes: [5, 3]",
        )
    ),
    *of(
        ["RuntimeError: lstm expects two hidden states", "RuntimeError: lstm_cell expects two hidden states"],
        *("h_0", None, None, None, "two_states"),
    ),
    *of(
        [
            "RuntimeError: Expected cell size (1, 32, 64), got (1, 16, 64)",
            "RuntimeError: Expected cell size [1, 32, 64], got [1, 16, 64]",
        ],
        *("c_0", "batch_size", (1, 32, 64), (1, 16, 64), "other_batch"),
    ),
    *of(
        ["ValueError: lengths array has incorrect size"],
        *("lengths", "batch_size", None, None, "lengths"),
    ),
    ShapeError("RuntimeError: Expected sequence length to be larger than 0 in RNN", "x", "time_step"),
]

OF_JAX = [
    *of(
        [
            "TypeError: scan body function carry input and carry output must have the same pytree structure, but they"
            " differ:\n\nThe input carry carry is a tuple of length 2 but the corresponding component of the carry"
            " output is a tuple of length 1, so the lengths do not match.",
            "TypeError: scan carry output and input must have same type structure, got PyTreeDef((*, *)) and"
            " PyTreeDef(*).",
        ],
        *("h_0", None, None, None, "carry_structure"),
        anywhere=True,
    ),
    *of(
        [
            "TypeError: scan carry output and input must have identical types, got\n('DIFFERENT"
            " ShapedArray(float32[3,20]) vs. ShapedArray(float32[1,20])', 'ShapedArray(float32[3,20])')."
        ],
        *("h_0", "batch_size", (3, 20), (1, 20), "carry"),
        anywhere=True,
    ),
    *of(
        ["ValueError: scan got `length` argument of 10 which disagrees with leading axis sizes [32, 32]."],
        *("x", "time_step", (10,), (32,), "scan_axis"),
        anywhere=True,
    ),
]

ERRORS_IN_SOURCES = [*OF_KERAS, *OF_TENSORFLOW, *OF_DATA, *OF_MODELS, *OF_PYTORCH, *OF_JAX]
