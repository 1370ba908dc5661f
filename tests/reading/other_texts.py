"""Texts that are no shape errors of recurrent networks."""

NO_SHAPES = [
    "ValueError: Layer 'gru_cell' expected 3 variables, but received 0 variables during loading.",
    "Shapes must be equal rank, but are 2 and 1 for 'Assign_1' (op: 'Assign') with input shapes: [2,9], [18].",
    "RuntimeError: input must have the type torch.float32, got type torch.float64",
    "UserWarning: dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects"
    " num_layers"
    " greater than 1, but got dropout=0.2 and num_layers=1",
    "ValueError: Forward layer and backward layer should have different `go_backwards` value.",
    "ValueError: Unrecognized keyword arguments passed to LSTM: {'time_major': False}",
    "ValueError: Masking is not supported for CuDNN RNNs.",
    "ValueError: RNN cell does not support constants",
    "ValueError: RNN input dtype (torch.float64) does not match weight dtype (torch.float32). Convert input:",
    "RuntimeError: Input and hidden tensors are not the same dtype, found input tensor with Double",
    "RuntimeError: Input and hidden tensors are not at the same device, found input tensor at cuda:0",
    "RuntimeError: Input and parameter tensors are not at the same device, found input tensor at cpu",
    "RuntimeError: rnn: hx is not contiguous",
    "RuntimeError: rnn: cx is not contiguous",
    "RuntimeError: cuDNN error: CUDNN_STATUS_EXECUTION_FAILED",
    "ValueError: The initial state or constants of an RNN layer cannot be specified with a mix of Keras tensors and"
    " non-Keras tensors",
    "ValueError: The mask that was passed in was Tensor(m:0) and cannot be applied to RaggedTensor inputs. Please make"
    " sure that there is no mask passed in by upstream layers.",
    "ValueError: Received an invalid value for units, expected a positive integer, got -3.",
    "ValueError: Received an invalid value for argument `units`, expected a positive integer, got 0.",
    "ValueError: hidden_size must be greater than zero",
    "ValueError: num_layers must be greater than zero",
    "ValueError: input_size must be greater than zero",
    "ValueError: Failed to convert a NumPy array to a Tensor (Unsupported object type float).",
    "ValueError: Failed to find data adapter that can handle input: <class 'numpy.ndarray'>, (<class 'list'> containing"
    " values of types {\"<class 'int'>\"})",
    "ValueError: Unrecognized data type: x=[[[0. 0.]\n  [0. 0.]]] (of type <class 'numpy.ndarray'>)",
    *(
        f"InternalError: Failed to call {call} with model config: [rnn_mode, rnn_input_mode, rnn_direction_mode]: 2, 0,"
        f" 0 , [num_layers, input_size, num_units, dir_count, {names}]: [1, 100, 64, 1, 50, 32{more}] [Op:CudnnRNN]"
        for call in ("ThenRnnForward", "DoRnnBackward")
        for names, more in (
            ("seq_length, batch_size", ""),
            ("max_seq_length, batch_size", ""),
            ("max_seq_length, batch_size, cell_num_units", ", 64"),
        )
    ),
    "UnknownError: Fail to find the dnn implementation. [[{{node lstm/CudnnRNN}}]]",
    'ValueError: Layer #2 (named "dense_1"), weight dense_1/kernel has shape (64, 3), but the saved weight has shape'
    " (32, 3).",
    "ValueError: If there is no initial_state, you must give a dtype.",
    "ValueError: If no initial_state is provided, argument `dtype` must be specified",
    "RuntimeError: 'lengths' argument should be a 1D CPU int64 tensor, but got 1D cuda:0 Long tensor",
    "ValueError: Input 0 of layer lstm is incompatible with the layer: expected ndim=4, found ndim=2",
    "AssertionError: was expecting embedding dimension of 32, but got 64",
    "b, c, h, w = x.shape\nIndexError: too many indices for tensor of dimension 1",
    '  File "a.py", line 9, in f\n    x = x.permute(0, 3, 1, 2)\n'
    "RuntimeError: permute(sparse_coo): number of dimensions in the tensor input does not match the length of the"
    " desired ordering of dimensions i.e. input.dim() = 3 is not equal to len(dims) = 4",
    '  File "a.py", line 9, in f\n    grid = images[mask]\n'
    "IndexError: The shape of the mask [4, 10] at index 1 does not match the shape of the indexed tensor"
    " [4, 3, 32, 32] at index 1",
    '  File "a.py", line 9, in f\n    p = weights.softmax(3)\n'
    "IndexError: Dimension out of range (expected to be in range of [-2, 1], but got 3)",
    "RuntimeError: Given groups=1, weight of size [8, 3, 3, 3], expected input[2, 28, 28, 3] to have 3 channels, but"
    " got 28 channels instead",
]
"""Messages about recurrent layers that are about something else than a shape, or about a layer that only has the name
of a recurrent one."""

OTHER_TEXTS = [
    # nothing
    "",
    " \n\t\n ",
    "hello",
    "What is num_units?",
    "h_0",
    "3 × 4 × 20",
    "(2, 3, 20)",
    "0" * 1000,
    "\x1b[31m\x1b[0m",
    "╭───╮\n│   │\n╰───╯",
    "{}",
    "null",
    "<html><body>404 Not Found</body></html>",
    "SELECT * FROM lstm WHERE hidden_size = 20;",
    "https://example.org/lstm?hidden=20",
    # code and output without an error
    "import torch\nlstm = torch.nn.LSTM(2, 5)\nprint(lstm(torch.zeros(3, 4, 2))[0].shape)",
    "model.add(LSTM(20, return_sequences=True))",
    "Epoch 3/10\n100/100 [==============] - 2s 20ms/step - loss: 0.5321 - val_loss: 0.6",
    "LSTM(10, 20, num_layers=2, batch_first=True)",
    "_________\nLayer (type)   Output Shape   Param #\nlstm (LSTM)   (None, 10, 20)   2480",
    "hidden size: 20, got it working!",
    "We expected hidden sizes of 20 and got better results.",
    "The input must have the same length as the target.",
    # errors of Python
    "KeyError: 'lstm'",
    "IndexError: list index out of range",
    "IndexError: tuple index out of range",
    "ModuleNotFoundError: No module named 'torch'",
    "ImportError: cannot import name 'LSTM' from 'keras.layers'",
    "NameError: name 'lstm' is not defined",
    "AttributeError: 'LSTM' object has no attribute 'hidden_size_'",
    "AttributeError: 'tuple' object has no attribute 'size'",
    "TypeError: LSTM.__init__() got an unexpected keyword argument 'units'",
    "TypeError: forward() missing 1 required positional argument: 'hidden'",
    "TypeError: 'int' object is not iterable",
    "SyntaxError: invalid syntax\n    lstm = nn.LSTM(2 3)\n                     ^",
    "FileNotFoundError: [Errno 2] No such file or directory: 'lstm.pt'",
    "MemoryError",
    "RecursionError: maximum recursion depth exceeded",
    "KeyboardInterrupt",
    "AssertionError",
    "ZeroDivisionError: division by zero",
    "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    "ValueError: could not convert string to float: 'lstm'",
    "ValueError: not enough values to unpack (expected 3, got 2)",
    "ValueError: too many values to unpack (expected 2)",
    # errors of frameworks that are not about shapes
    "RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 4.00 GiB total capacity)",
    "RuntimeError: CUDA error: device-side assert triggered",
    "RuntimeError: cuDNN error: CUDNN_STATUS_EXECUTION_FAILED\n  in self.lstm(x)",
    "RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!",
    "RuntimeError: expected scalar type Float but found Double\n    self.lstm(x)",
    "RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation",
    "RuntimeError: Trying to backward through the graph a second time\n    h, c = self.lstm(x)",
    "RuntimeError: cudnn RNN backward can only be called in training mode",
    "UserWarning: RNN module weights are not part of single contiguous chunk of memory.",
    "RuntimeError: Input, output and indices must be on the current device\n  embedding(x), then lstm",
    "tensorflow.errors.ResourceExhaustedError: OOM when allocating tensor with shape[32,128,512]",
    "InternalError: Failed to call ThenRnnForward with model config",
    "RuntimeError: The size of tensor a (600) must match the size of tensor b (512) at non-singleton dimension 1\n"
    "I switched from an LSTM to BERT yesterday. The LSTM had no such limit.",
    'Error(s) in loading state_dict for Net:\n\tMissing key(s) in state_dict: "lstm.weight_ih_l0".',
    "RuntimeError: Error(s) in loading state_dict for Net:\n\tsize mismatch for fc.weight: copying a param with shape"
    " torch.Size([10, 64]) from checkpoint, the shape in current model is torch.Size([2, 64]).",
    "NotImplementedError: Cannot convert a symbolic Tensor (lstm/strided_slice:0) to a numpy array.",
    "WARNING:tensorflow:Layer lstm will not use cuDNN kernels since it doesn't meet the criteria.",
    "onnxruntime.capi.onnxruntime_pybind11_state.NoSuchFile: [ONNXRuntimeError] : 3 : NO_SUCHFILE : Load model failed",
    "INVALID_ARGUMENT : Unexpected input data type. Actual: (tensor(double)) , expected: (tensor(float))",
    "jax.errors.TracerArrayConversionError: The numpy.ndarray conversion method __array__() was called on traced array",
    # shape errors of other layers
    "RuntimeError: Given groups=1, weight of size [64, 3, 3, 3], expected input[1, 1, 28, 28] to have 3 channels, but"
    " got 1",
    "RuntimeError: Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [5, 5]",
    "ValueError: expected 2D or 3D input (got 4D input)",
    "RuntimeError: shape '[32, 100]' is invalid for input of size 3000",
    "ValueError: Expected input batch_size (320) to match target batch_size (32).",
    "RuntimeError: stack expects each tensor to be equal size, but got [10] at entry 0 and [12] at entry 1",
    'ValueError: Input 0 of layer "conv2d" is incompatible with the layer: expected min_ndim=4, found ndim=3. Full'
    " shape"
    " received: (None, 28, 28)",
    "ValueError: Input 0 is incompatible with layer conv1d_1: expected ndim=3, found ndim=2\nmodel.add(LSTM(20))",
    "ValueError: Input 0 of layer dense is incompatible with the layer: expected axis -1 of input shape to have value"
    " 64"
    " but received input with shape (None, 128)",
    "ValueError: Error when checking target: expected dense_1 to have shape (10,) but got array with shape (1,)",
    "ValueError: Layer dense weight shape (10, 80) is not compatible with provided weight shape (80, 10).",
    'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/Dense_0", the given initializer is expected to'
    " generate"
    " shape (7, 20), but the existing parameter it received has shape (5, 20).",
    "ValueError: Found array with dim 3. StandardScaler expected <= 2.",
    "ValueError: all the input array dimensions except for the concatenation axis must match exactly",
    "ValueError: cannot reshape array of size 12 into shape (5,3)",
    "ValueError: shapes (3,4) and (5,6) not aligned: 4 (dim 1) != 5 (dim 0)",
    "pandas.errors.MergeError: Passing 'suffixes' which cause duplicate columns {'a_x'} is not allowed",
    # a message that was cut off, or that is quoted in words only
    "RuntimeError: Expected hidden[0] size",
    "Expected hidden size (, got (",
    "input must have dimensions, got",
    "ValueError: Input 0 of layer lstm is incompatible with the layer: expected",
    "The famous error about mat1 and mat2 shapes",
    # a network is mentioned, but the error arose elsewhere
    'Net(\n  (lstm): LSTM(10, 20)\n)\nTraceback (most recent call last):\n  File "a.py", line 3, in <module>\n'
    "    scaler.fit(x)\nValueError: operands could not be broadcast together with shapes (3,4) (3,5)",
    'Traceback (most recent call last):\n  File "a.py", line 30, in <module>\n    train_lstm(df)\n'
    '  File "a.py", line 12, in train_lstm\n    scaled = (data - mean) / std\n'
    "ValueError: operands could not be broadcast together with shapes (100,7) (6,)",
    "UserWarning: RNN module weights are not part of single contiguous chunk of memory.\n  self.rnn(x)\n"
    'Traceback (most recent call last):\n  File "cnn.py", line 30, in forward\n    return self.head(x)\n'
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x2048 and 512x10)",
    "I replaced my LSTM by a Transformer and now get\nRuntimeError: The size of tensor a (197) must match the size of"
    " tensor b (50) at non-singleton dimension 1",
    "Instead of an LSTM I use attention.\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (8x20 and 51x10)",
    *(
        f"{mention}\nRuntimeError: stack expects each tensor to be equal size, but got [5, 2] at entry 0 and [7, 2] at"
        " entry 1"
        for mention in (
            "next(iter(DataLoader(seqs_for_gru, batch_size=2)))",
            "lstm_data = pd.read_csv('lstm_data.csv')",
            "collate(batch)  # the LSTM needs tensors of equal length",
            "I load the data now and will feed it to an LSTM.",
            "This will go through a GRU later.",
            "torch.load('gru-model.pt')",
            '  File "lstm.py", line 7, in collate',
        )
    ),
    'class Block(nn.Module):\n    """Was a GRU once."""\n    def forward(self, x):\n        return self.ff(x)\n'
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x16 and 32x32)",
    "    model(lstm)\nAttributeError: 'tuple' object has no attribute 'dim'",
    "    self.lstm(x)\nIndexError: list index out of range",
]
