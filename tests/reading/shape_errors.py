"""Messages of frameworks, formatted as in their sources, and what they say, worked out by hand."""

from typing import Any, NamedTuple

Sizes = int | tuple[int | None, ...] | None


class ShapeError(NamedTuple):
    """A message; its tensor and axis, what was expected and what was got; the first cause, "" without one.
    ``anywhere``: networks without recurrence raise it, too."""

    message: str
    tensor: str | None
    axis: str | None
    expected: Sizes = None
    got: Sizes = None
    cause: str = ""
    anywhere: bool = False


def keras(layer: str, rest: str) -> list[str]:
    """The message about the input of a layer, in Keras 3, in tf.keras 2 and in Keras 2."""
    return [
        f"ValueError: Input 0 with name 'None' of layer '{layer}' is incompatible with the layer: {rest}",
        f'ValueError: Input 0 of layer "{layer}" is incompatible with the layer: {rest}',
        f"ValueError: Input 0 is incompatible with layer {layer}: {rest}",
    ]


def of(messages: list[str], *values: Any, **more: Any) -> list[ShapeError]:
    return [ShapeError(message, *values, **more) for message in messages]


def attend(code: str) -> str:
    """The frame of a traceback with a line that puts outputs together."""
    return f'  File "attend.py", line 9, in attend\n    return {code}\n'


HIDDEN = "num_layers*directions"

ERRORS = [
    *of(["RuntimeError: Expected more hidden states in stacked_rnn"], *("h_0", HIDDEN, None, None, "directions")),
    # PyTorch: h passed for (h, c)
    *of(
        [
            '  File "/lib/torch/nn/modules/rnn.py", line 1146, in forward\n'
            '    f"also be 3-D but got ({hx[0].dim()}-D, {hx[1].dim()}-D) tensors"\n'
            "IndexError: index 1 is out of bounds for dimension 0 with size 1"
        ],
        *("h_0", None, (2,), (1,), "h_for_h_c"),
    ),
    # ONNX: the inference of shapes, by the operator
    *of(
        [
            "InferenceError: [ShapeInferenceError] Inference error(s): (op_type:RNN): [ShapeInferenceError] Input 0"
            " expected to have rank 3 but has rank 2 in node RNN."
        ],
        *("x", "rank", 3, 2, "missing_axis"),
    ),
    *of(
        [
            "InferenceError: [ShapeInferenceError] Inference error(s): (op_type:GRU, node name: gru_1):"
            " [ShapeInferenceError] Inferred shape and existing shape differ in rank: (4) vs (3)"
        ],
        *("output", "rank", 4, 3),
    ),
    *of(
        [
            "InferenceError: [ShapeInferenceError] Inference error(s): (op_type:LSTM): [ShapeInferenceError] Inferred"
            " shape and existing shape differ in dimension 3: (6) vs (7)"
        ],
        *("output", "num_units", (6,), (7,)),
    ),
    # Keras on PyTorch, with as many features as units
    *of(
        [
            "RuntimeError: Exception encountered when calling LSTM.call().\n\n"
            "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x16)"
        ],
        *(None, None, (4,), (3,), "other_features"),
    ),
    # PyTorch: what a layer returned, in a line that takes other layers, axes or sizes for granted
    *of(
        [
            attend("torch.cat((hidden[-2], hidden[-1]), dim=1)")
            + "IndexError: index -2 is out of bounds for dimension 0 with size 1",
            attend("torch.cat([hidden[0], hidden[1]], 1)")
            + "IndexError: index 1 is out of bounds for dimension 0 with size 1",
        ],
        *("output", HIDDEN, (2,), (1,), "one_direction"),
        anywhere=True,
    ),
    *of(
        [
            attend("hidden.unsqueeze(1).repeat(1, src_len, 1)")
            + "RuntimeError: Number of dimensions of repeat dims can not be smaller than number of dimensions of"
            " tensor",
        ],
        *("output", "rank", None, None, "squeeze"),
        anywhere=True,
    ),
    *of(
        [
            attend("hidden.unsqueeze(1).expand(b, t, 128)")
            + "RuntimeError: The expanded size of the tensor (128) must match the existing size (64) at non-singleton"
            " dimension 2.  Target sizes: [3, 25, 128].  Tensor sizes: [3, 1, 64]",
        ],
        *("output", "num_units", (128,), (64,), "attention_directions"),
        anywhere=True,
    ),
    # PyTorch: the initial state of all layers, which has the batch in its second axis
    *(
        ShapeError(
            attend(f"self.{tensor}.expand({target}), None")
            + f"RuntimeError: The expanded size of the tensor ({expected}) must match the existing size ({got}) at"
            f" non-singleton dimension {axis}.  Target sizes: [{target}].  Tensor sizes: [{shape}]",
            *(name, at, (expected,), (got,), cause),
            anywhere=True,
        )
        for tensor, target, shape, axis, expected, got, name, at, cause in (
            ("h0", "2, 32, 20", "2, 16, 20", 1, 32, 16, "h_0", "batch_size", "other_batch"),
            ("c0", "2, 9, 20", "2, 16, 20", 1, 9, 16, "c_0", "batch_size", "last_batch"),
            ("h0", "2, 16, 20", "3, 16, 20", 0, 2, 3, "h_0", HIDDEN, "layers"),
            ("h0", "2, 16, 30", "2, 16, 20", 2, 30, 20, "h_0", "num_units", "other_units"),
        )
    ),
    # PyTorch: outputs of whole batches in one array
    *(
        ShapeError(
            attend("torch.stack(outs)")
            + f"RuntimeError: stack expects each tensor to be equal size, but got [{one}] at entry 0 and [{other}] at"
            " entry 3",
            *("output", axis, expected, got, cause),
            anywhere=True,
        )
        for one, other, axis, expected, got, cause in (
            ("32, 5, 20", "7, 5, 20", "batch_size", (32,), (7,), "last_batch"),
            ("32, 5, 20", "32, 6, 20", "time_step", (5,), (6,), "unequal_lengths"),
        )
    ),
    # JAX: the values of an output at the indices of a target
    *of(
        [
            attend("jnp.take_along_axis(log_p, y[:, None], axis=-1)")
            + "ValueError: indices and arr must have the same number of dimensions; 2 vs. 3"
        ],
        *("output", "rank", 2, 3, "not_return_sequences"),
        anywhere=True,
    ),
    # JAX: products and differences of elements
    *of(
        [attend("f * c_prev") + "TypeError: mul got incompatible shapes for broadcasting: (2, 8), (2, 6)."],
        *("c_0", "num_units", (8,), (6,), "other_units"),
        anywhere=True,
    ),
    *of(
        [
            attend("jnp.mean((pred - target) ** 2)")
            + "TypeError: sub got incompatible shapes for broadcasting: (8, 3), (6, 3)."
        ],
        *("target", "batch_size", (8,), (6,), "target_shape"),
        anywhere=True,
    ),
    # PyTorch: the samples of the target
    *of(
        ["ValueError: Expected input batch_size (15) to match target batch_size (3)."],
        *("target", "batch_size", (15,), (3,), "not_return_sequences"),
        anywhere=True,
    ),
    *of(
        ["ValueError: Expected input batch_size (15) to match target batch_size (14)."],
        *("target", "batch_size", (15,), (14,), "target_shape"),
        anywhere=True,
    ),
    # PyTorch: x
    *of(["RuntimeError: input must have 3 dimensions, got 2"], "x", "rank", 3, 2, "missing_axis"),
    *of(["RuntimeError: input must have 2 dimensions, got 3"], "x", "rank", 2, 3, "packed"),
    *of(
        [
            "ValueError: LSTM: Expected input to be 2D or 3D, got 4D instead",
            "ValueError: RNN: Expected input to be 2D or 3D, got 4D tensor instead",
        ],
        *("x", "rank", 3, 4, "extra_axis"),
    ),
    # PyTorch: sums and products of any arrays
    *of(
        [
            "RuntimeError: Sizes of tensors must match except in dimension 2. Expected size 6 but got size 8 for tensor"
            " number 1 in the list.",
            "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [3, 12] but got: [3, 8].",
            "ValueError: all the input array dimensions except for the concatenation axis must match exactly, but along"
            " dimension 1, the array at index 0 has size 10 and the array at index 1 has size 3",
        ],
        *(None, None),
        anywhere=True,
    ),
    # attention, and other ways to put outputs together
    *of(
        [
            attend("torch.bmm(enc_out, hidden.unsqueeze(2))") + "RuntimeError: Expected tensor to have size 40 at"
            " dimension 1, but got size 20 for argument #2 'batch2' (while checking arguments for bmm)",
            "RuntimeError: einsum(): subscript h has size 20 for operand 1 which does not broadcast with previously"
            " seen size 40",
            "ValueError: Size of label 'h' for operand 1 (40) does not match previous terms (20).",
            "InvalidArgumentError: Expected dimension 40 at axis 1 of the input shaped [3,20] but got dimension 20"
            " [Op:Einsum]",
        ],
        *("output", "num_units", (40,), (20,), "attention_directions"),
        anywhere=True,
    ),
    *of(
        [
            attend("torch.matmul(query, keys)")
            + "RuntimeError: Expected size for first two dimensions of batch2 tensor"
            " to be: [3, 20] but got: [3, 9].",
        ],
        *("output", None, (3, 20, None), (3, 9, None), "transpose_keys"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Dimensions must be equal, but are 20 and 9 for '{{node MatMul}} = BatchMatMulV2[T=DT_FLOAT,"
            " adj_x=false](a, b)' with input shapes: [3,6,20], [3,9,20].",
        ],
        *("output", "order", (3, 20, 9), (3, 9, 20), "transpose_keys"),
        anywhere=True,
    ),
    *of(
        [
            attend("torch.bmm(attn_weights.unsqueeze(1), encoder_outputs)")
            + "RuntimeError: Expected size for first two"
            " dimensions of batch2 tensor to be: [3, 10] but got: [3, 9].",
        ],
        *("output", "time_step", (10,), (9,), "attention_steps"),
        anywhere=True,
    ),
    *of(
        [
            attend("torch.bmm(weights.unsqueeze(1), encoder_outputs)") + "RuntimeError: Expected size for first two"
            " dimensions of batch2 tensor to be: [3, 9] but got: [9, 3].",
        ],
        *("output", "order", (3, 9), (9, 3), "time_first"),
        anywhere=True,
    ),
    *of(
        [
            attend("scores.masked_fill(mask == 0, -1e9)") + "RuntimeError: The size of tensor a (9) must match the size"
            " of tensor b (8) at non-singleton dimension 1",
        ],
        *("mask", "time_step", (8,), (9,), "mask"),
        anywhere=True,
    ),
    *of(
        [
            attend("torch.cat((features, embeddings), dim=1)") + "RuntimeError: Tensors must have same number of"
            " dimensions: got 2 and 3",
            attend("tf.concat([features, embeddings], 1)")
            + "InvalidArgumentError: ConcatOp : Ranks of all input tensors"
            " should match: shape[0] = [3,20] vs. shape[1] = [3,9,20] [Op:ConcatV2]",
            attend("jnp.concatenate([features, embeddings], 1)") + "TypeError: Cannot concatenate arrays with different"
            " numbers of dimensions: got (3, 20), (3, 9, 20).",
        ],
        *("x", "rank", 3, 2, "join_axis"),
        anywhere=True,
    ),
    *of(
        [
            attend("np.concatenate((context, embedded), 1)")
            + "ValueError: all the input arrays must have same number of"
            " dimensions, but the array at index 0 has 2 dimension(s) and the array at index 1 has 3 dimension(s)"
        ],
        *("x", "rank", 3, 2, "join_axis"),
        anywhere=True,
    ),
    *of(
        [
            attend("torch.cat((hidden, encoder_outputs), dim=2)")
            + "RuntimeError: Sizes of tensors must match except in"
            " dimension 2. Got 3 and 9 in dimension 0",
        ],
        *("output", "batch_size", (3,), (9,), "time_first"),
        anywhere=True,
    ),
    *of(
        [
            attend("tf.concat([context, encoded], -1)") + "InvalidArgumentError: ConcatOp : Dimension 1 in both shapes"
            " must be equal: shape[0] = [3,9,20] vs. shape[1] = [3,1,20] [Op:ConcatV2]",
        ],
        *("output", "time_step", (3, 9, 20), (3, 1, 20), "join_steps"),
        anywhere=True,
    ),
    *of(
        [
            "Traceback (most recent call last):\n"
            + attend("np.concatenate((h_prev, x_t), axis=0)")
            + "ValueError: all the input array dimensions except for the concatenation axis must match exactly, but"
            " along dimension 1, the array at index 0 has size 10 and the array at index 1 has size 3"
        ],
        *("h_0", "batch_size", (3,), (10,), "joined_rows"),
    ),
    *of(
        ["AssertionError: GRU: Expected input to be 2-D or 3-D but received 4-D tensor"],
        "x",
        "rank",
        3,
        4,
        "extra_axis",
    ),
    *of(["ValueError: LSTMCell: Expected input to be 1D or 2D, got 3D instead"], "x", "rank", 2, 3, "one_step"),
    *of(
        ["AssertionError: GRUCell: Expected input to be 1-D or 2-D but received 3-D tensor"],
        "x",
        "rank",
        2,
        3,
        "one_step",
    ),
    *of(
        ["RuntimeError: input.size(-1) must be equal to input_size. Expected 10, got 8"],
        *("x", "features", (10,), (8,), "other_features"),
    ),
    *of(
        ["RuntimeError: input has inconsistent input_size: got 4 expected 5"],
        "x",
        "features",
        (5,),
        (4,),
        "other_features",
    ),
    # PyTorch: states
    *of(
        ["RuntimeError: Expected hidden size (2, 3, 20), got [2, 5, 20]"],
        *("h_0", "batch_size", (2, 3, 20), (2, 5, 20), "last_batch"),
    ),
    *of(
        ["RuntimeError: Expected hidden[0] size (1, 10, 20), got [1, 3, 20]"],
        *("h_0", "batch_size", (1, 10, 20), (1, 3, 20), "batch_first"),
    ),
    *of(
        ["RuntimeError: Expected hidden[1] size (4, 3, 20), got (2, 3, 20)"],
        *("c_0", HIDDEN, (4, 3, 20), (2, 3, 20), "directions"),
    ),
    *of(
        ["RuntimeError: Expected hidden[0] size (3, 7, 20), got [1, 7, 20]"],
        *("h_0", HIDDEN, (3, 7, 20), (1, 7, 20), "layers"),
    ),
    *of(
        ["RuntimeError: Expected hidden[0] size (1, 7, 20), got [2, 7, 20]"],
        *("h_0", HIDDEN, (1, 7, 20), (2, 7, 20), "one_direction"),
    ),
    *of(
        ["RuntimeError: Expected hidden[0] size (1, 7, 20), got [2, 7, 10]"],
        *("h_0", HIDDEN, (1, 7, 20), (2, 7, 10), "encoder_directions"),
    ),
    *of(
        ["RuntimeError: Expected hidden size (2, 32, 20), got [32, 2, 20]"],
        *("h_0", "order", (2, 32, 20), (32, 2, 20), "state_order"),
    ),
    *of(
        ["RuntimeError: Expected hidden size (2, 32, 20), got [2, 32, 64]"],
        *("h_0", "num_units", (2, 32, 20), (2, 32, 64), "other_units"),
    ),
    *of(["RuntimeError: Expected hidden[0] size (1, 3, 20), got [3, 20]"], "h_0", "rank", 3, 2, "unsqueeze"),
    *of(["RuntimeError: Expected hidden[0] size (2, 3, 20), got [3, 20]"], "h_0", "rank", 3, 2, "h_for_h_c"),
    *of(
        ["RuntimeError: For batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors"],
        *("h_0", "rank", 3, 2, "unsqueeze"),
    ),
    *of(
        ["RuntimeError: For batched 3-D input, hx and cx should also be 3-D but got (3-D, 2-D) tensors"],
        *("c_0", "rank", 3, 2, "unsqueeze"),
    ),
    *of(
        ["RuntimeError: For unbatched 2-D input, hx and cx should also be 2-D but got (3-D, 3-D) tensors"],
        *("h_0", "rank", 2, 3, "unbatched"),
    ),
    *of(
        ["RuntimeError: For batched 3-D input, hx should also be 3-D but got 2-D tensor"],
        *("h_0", "rank", 3, 2, "unsqueeze"),
    ),
    *of(
        ["RuntimeError: For unbatched 2-D input, hx should also be 2-D but got 3-D tensor"],
        *("h_0", "rank", 2, 3, "unbatched"),
    ),
    *of(["ValueError: LSTMCell: Expected hx[1] to be 1D or 2D, got 3D instead"], "c_0", "rank", 2, 3, "squeeze"),
    *of(["ValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead"], "h_0", "rank", 2, 3, "squeeze"),
    *of(
        ["RuntimeError: Input batch size 3 doesn't match hidden0 batch size 5"],
        *("h_0", "batch_size", (3,), (5,), "last_batch"),
    ),
    *of(
        ["RuntimeError: Input batch size 5 doesn't match hidden[1] batch size 3"],
        *("c_0", "batch_size", (5,), (3,), "other_batch"),
    ),
    *of(
        ["RuntimeError: hidden1 has inconsistent hidden_size: got 4, expected 20"],
        *("c_0", "num_units", (20,), (4,), "other_units"),
    ),
    *of(
        [
            "UserWarning: Exporting a model to ONNX with a batch_size other than 1, with a variable length with LSTM"
            " can"
            " cause an error when running the ONNX model with a different batch size."
        ],
        *("h_0", "batch_size", None, None, "exported_batch"),
    ),
    # PyTorch: lengths
    *of(
        ["RuntimeError: Expected `len(lengths)` to be equal to batch_size, but got 3 (batch_size=5)"],
        *("lengths", "batch_size", (5,), (3,), "lengths"),
    ),
    *of(
        [
            "RuntimeError: `lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can"
            " pass"
            " `enforce_sorted=False` to pack_padded_sequence",
        ],
        *("lengths", "order", None, None, "sort_lengths"),
    ),
    *of(
        ["ValueError: lengths array has to be sorted in decreasing order"],
        *("lengths", "order", None, None, "sort_samples"),
    ),
    *of(
        [
            "RuntimeError: Length of all samples has to be greater than 0, but found an element in 'lengths' that is"
            " <= 0"
        ],
        *("lengths", "time_step", None, None, "empty_sequence"),
    ),
    *of(
        ["RuntimeError: 'lengths' argument should be a 1D CPU int64 tensor, but got 2D cpu Long tensor"],
        *("lengths", "rank", 1, 2, "lengths_axes"),
    ),
    *of(
        [
            "RuntimeError: Expected total_length to be at least the length of the longest sequence in input, but got"
            " total_length=5 and max sequence length being 9"
        ],
        *("output", "time_step", (9,), (5,), "total_length"),
    ),
    *of(["RuntimeError: Cannot pack empty tensors."], "x", None, None, None, "empty_batch"),
    *of(
        [
            '  File "/lib/torch/nn/modules/rnn.py", line 1453, in forward\n    result = _VF.gru(\n'
            "RuntimeError: start (9) + length (3) exceeds dimension size (9)."
        ],
        *("lengths", "batch_size", None, None, "packed_axis"),
    ),
    *of(
        [
            "InvalidArgumentError: Incompatible shapes: [4,6] vs. [16,6]\n\t [[{{node gradient_tape/simple_rnn/while/"
            "gradients/simple_rnn_cell/add_grad/BroadcastGradientArgs}}]]"
        ],
        *("h_0", "batch_size", (4,), (16,), "last_batch"),
    ),
    *of(
        [
            "TypeError: Binding inputs to tf.function failed due to `Can not cast TensorSpec(shape=(40, 24, 8),"
            " dtype=tf.float32, name=None) to TensorSpec(shape=(None, None, 6), dtype=tf.float32, name=None)`. Received"
            " args: (<tf.Tensor: shape=(40, 24, 8), dtype=float32, numpy="
        ],
        *("x", "features", (None, None, 6), (40, 24, 8), "signature"),
        anywhere=True,
    ),
    *of(
        ["RuntimeError: Expected target size [8, 20], got [8, 21]"],
        *("target", "time_step", (8, 20), (8, 21), "target_steps"),
        anywhere=True,
    ),
    *of(
        [
            "Traceback (most recent call last):\n"
            + attend("sigmoid(np.dot(Wf, np.concatenate((h_prev, x_t))))")
            + "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
            " (n?,k),(k,m?)->(n?,m?) (size 32 is different from 30)"
        ],
        *("x", "features", None, None, "other_features"),
    ),
    *of(
        [
            attend("layer.weight_ih_l0.data.copy_(kernel)")
            + "RuntimeError: The size of tensor a (10) must match the size of tensor b (80) at non-singleton"
            " dimension 1"
        ],
        *("kernel", "features", (10,), (80,), "transposed"),
        anywhere=True,
    ),
    # TensorFlow: weights
    *of(
        ["NotFoundError: Key rnn/multi_rnn_cell/cell_1/basic_lstm_cell/kernel not found in checkpoint"],
        *("kernel", "num_layers*directions", (2,), (1,), "checkpoint_layers"),
    ),
    *of(
        ["NotFoundError: Key bidirectional_rnn/bw/gru_cell/gates/kernel not found in checkpoint"],
        *("kernel", "num_layers*directions", (2,), (1,), "checkpoint_directions"),
    ),
    *of(
        [
            "InvalidArgumentError: Assign requires shapes of both tensors to match. lhs shape= [178,512] rhs shape="
            ' [156,512] [[{{node save/Assign_1}} = Assign[T=DT_FLOAT, _class=["loc:@rnn/basic_lstm_cell/kernel"],'
            " use_locking=true](rnn/basic_lstm_cell/kernel, save/RestoreV2:1)]]"
        ],
        *("kernel", "features", (178, 512), (156, 512), "other_size"),
    ),
    *of(
        [
            "ValueError: Shape of variable rnn/basic_lstm_cell/kernel:0 ((178, 512)) doesn't match with shape of tensor"
            " rnn/basic_lstm_cell/kernel ([156, 512]) from checkpoint reader."
        ],
        *("kernel", "features", (178, 512), (156, 512), "other_size"),
    ),
    # PyTorch: weights
    *of(
        [
            'RuntimeError: Error(s) in loading state_dict for Net:\n\tMissing key(s) in state_dict: "rnn.weight_ih_l1",'
            ' "rnn.weight_hh_l1", "rnn.bias_ih_l1", "rnn.bias_hh_l1". ',
        ],
        *("kernel", "num_layers*directions", (2,), (1,), "checkpoint_layers"),
    ),
    *of(
        [
            "RuntimeError: Error(s) in loading state_dict for Net:\n\tUnexpected key(s) in state_dict:"
            ' "rnn.weight_ih_l0_reverse", "rnn.weight_hh_l0_reverse", "rnn.bias_ih_l0_reverse",'
            ' "rnn.bias_hh_l0_reverse". ',
        ],
        *("kernel", "num_layers*directions", (1,), (2,), "checkpoint_directions"),
    ),
    *of(
        [
            "size mismatch for lstm.weight_hh_l0: copying a param with shape torch.Size([1024, 256]) from checkpoint,"
            " the"
            " shape in current model is torch.Size([768, 256]).",
            "size mismatch for lstm.weight_hh_l1_reverse: copying a param with shape torch.Size([1024, 256]) from"
            " checkpoint, where the shape is torch.Size([768, 256]) in current model.",
        ],
        *("recurrent_kernel", "gates*num_units", (768, 256), (1024, 256), "other_cell"),
    ),
    *of(
        [
            "size mismatch for rnn.weight_ih_l0: copying a param with shape torch.Size([80, 10]) from checkpoint, the"
            " shape in current model is torch.Size([80, 12])."
        ],
        *("kernel", "features", (80, 12), (80, 10), "other_size"),
    ),
    *of(
        ["ValueError: proj_size has to be smaller than hidden_size"],
        *("projection", "num_proj", None, None, "smaller_projection"),
    ),
    *of(
        ["ValueError: proj_size argument is only supported for LSTM, not RNN or GRU"],
        *("projection", "num_proj", None, None, "lstm_projection"),
    ),
    # Keras: x
    *of(
        keras("lstm_2", "expected ndim=3, found ndim=2. Full shape received: (None, 5)"),
        *("x", "rank", 3, 2, "return_sequences"),
    ),
    *of(keras("gru", "expected ndim=3, found ndim=2. Full shape received: [32, 5]"), "x", "rank", 3, 2, "missing_axis"),
    *of(keras("simple_rnn", "expected min_ndim=3, found ndim=2"), "x", "rank", 3, 2, "missing_axis"),
    *of(keras("bidirectional", "expected max_ndim=3, found ndim=4"), "x", "rank", 3, 4, "extra_axis"),
    *of(
        keras("lstm", "expected axis -1 of input shape to have value 10, but received input with shape (32, 7, 8)"),
        *("x", "features", (10,), (8,), "other_features"),
    ),
    *of(
        keras("lstm", "expected axis 2 of input shape to have value 10 but received input with shape [32, 10, 8]"),
        *("x", "features", (10,), (8,), "exchanged_shape"),
    ),
    *of(
        keras("lstm", "expected shape=(None, 10, 3), found shape=(None, 3, 10)"),
        *("x", "order", (None, 10, 3), (None, 3, 10), "features_first"),
    ),
    *of(keras("lstm", "expected shape=(None, 10, 3), found shape=(None, 3)"), "x", "rank", 3, 2, "missing_axis"),
    *of(
        keras("lstm", "expected shape=(16, 10, 3), found shape=(9, 10, 3)"),
        *("x", "batch_size", (16, 10, 3), (9, 10, 3), "last_batch"),
    ),
    *of(
        [
            'ValueError: Layer "lstm" expects 1 input(s), but it received 3 input tensors. Inputs received:'
            " [<KerasTensor"
        ],
        *("x", None, (1,), (3,), "states_in_list"),
    ),
    *of(
        ['ValueError: Layer "gru" expects 1 input(s), but it received 2 input tensors. Inputs received: [<KerasTensor'],
        *("x", None, (1,), (2,), "states_in_list"),
    ),
    *of(
        [
            "ValueError: Error when checking input: expected lstm_1_input to have 3 dimensions, but got array with"
            " shape"
            " (1000, 10)"
        ],
        *("x", "rank", 3, 2, "missing_axis"),
    ),
    *of(
        [
            "ValueError: Error when checking input: expected lstm_1_input to have shape (10, 3) but got array with"
            " shape"
            " (10, 4)",
            "ValueError: Invalid input shape for input [[1. 2.]] with name 'lstm_input' and path ''. Expected shape"
            " (None,"
            " 10, 3), but input has incompatible shape (None, 10, 4)",
        ],
        *("x", "features", (None, 10, 3), (None, 10, 4), "other_features"),
    ),
    *of(
        [
            "ValueError: Cannot unroll a RNN if the time dimension is undefined.",
            "ValueError: Unrolling requires a fixed number of timesteps.",
        ],
        *("x", "time_step", None, None, "static_steps"),
    ),
    *of(
        ["ValueError: ConvLSTM layers only support static input shapes for the spatial dimension."],
        *("x", None, None, None, "static_images"),
    ),
    *of(
        [
            "RuntimeError: input and target have different number of elements: input[40 x 1] has 40 elements, while"
            " target[16 x 1] has 16 elements (so input and target are not the same size)"
        ],
        *("target", "batch_size", (40,), (16,), "target_shape"),
        anywhere=True,
    ),
    *of(["AssertionError: the height of conv must be 1"], "x", None, None, None, "image_height"),
    *of(
        [
            "RuntimeError: tensorflow/lite/kernels/concatenation.cc:76 t->dims->data[d] != t0->dims->data[d] (20 != 1)"
            "Node number 7 (CONCATENATION) failed to prepare.\nNode number 9 (WHILE) failed to invoke."
        ],
        *("x", "batch_size", (1,), (20,), "fixed_batch"),
        anywhere=True,
    ),
    *of(
        ["logits = tf.matmul(outputs, W) + b\nValueError: Shape (4, 9, 20) must have rank 2"],
        *("dense_input", "rank", 2, 3, "every_step"),
        anywhere=True,
    ),
    *of(
        keras("conv_lstm2d", "expected ndim=5, found ndim=4. Full shape received: (None, 28, 28, 1)"),
        *("x", "rank", 5, 4, "missing_axis"),
    ),
    *of(
        keras("conv_lstm2d", "expected ndim=5, found ndim=4. Full shape received: (None, 10, 64, 64)"),
        *("x", "rank", 5, 4, "missing_channels"),
    ),
    *of(
        [
            "ValueError: In a stateful network, you should only pass inputs with a number of samples that can be"
            " divided by the batch size. Found: 10 samples. Batch size: 32."
        ],
        *("x", "batch_size", None, None, "last_batch"),
    ),
    *of(
        [
            "ValueError: Dimensions must be equal, but are 256 and 128 for '{{node lstm_out/lstm_logits}} ="
            " MatMul[T=DT_FLOAT](concat, lstm_out/W)' with input shapes: [?,256], [128,10]."
        ],
        *("dense_input", "features", (None, 128), (None, 256), "dense_directions"),
    ),
    *of(
        [
            "ValueError: Dimension 0 in both shapes must be equal, but are 20 and 32. Shapes are [20] and [32]. for"
            " '{{node rnn/while/basic_lstm_cell/concat}} = ConcatV2[N=2, T=DT_FLOAT](x, h, axis)' with input shapes:"
            " [20,9], [32,16], []."
        ],
        *("h_0", "batch_size", (20,), (32,), "last_batch"),
    ),
    *of(
        [
            "cell = nnx.GRUCell(10, 20, rngs=rngs)\n"
            "TypeError: dot_general requires contracting dimensions to have the same shape, got (7,) and (10,)."
        ],
        *("x", "features", (10,), (7,), "other_features"),
    ),
    # a pair of states of TensorFlow 1 that was taken for one array, and an x of TFLearn
    *of(["ValueError: Linear is expecting 2D arguments: [2, None, 30]"], *("h_0", "rank", 2, 3, "pair_for_state")),
    *of(["AssertionError: Input dim should be at least 3."], *("x", "rank", 3, None, "missing_axis")),
    # a message that was typed again, without a word and a line
    *of(
        [
            "Error when checking input: lstm_2_input to have shape (None, 7, 4) but got array with shape (12, 7, 5)",
            "ValueError: Error when checking input: lstm_2 input to have shape (None, 7, 4) but got array with shape"
            " (12, 7, 5)",
        ],
        *("x", "features", (None, 7, 4), (12, 7, 5), "other_features"),
        anywhere=True,
    ),
    # Keras: states, masks and weights
    *of(
        [
            "ValueError: When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size:"
            " sequence.shape=(None, 10, 3)",
            "ValueError: If a RNN is stateful, it needs to know its batch size. Specify the batch size of your input",
        ],
        *("x", "batch_size", None, None, "static_batch"),
    ),
    *of(
        ["error: 'tf.TensorListReserve' op requires element_shape to be static during TF Lite transformation pass"],
        *("x", "batch_size", None, None, "converted_batch"),
    ),
    *of(
        [
            "ValueError: If an RNN is stateful, the batch size of the input sequences must be the same as the batch"
            " size"
            " of the initial state. \n- Expected batch size: 32\n- Received batch size: 9"
        ],
        *("x", "batch_size", (32,), (9,), "last_batch"),
    ),
    *of(["ValueError: Layer has 2 states but was passed 1 initial states."], "c_0", None, (2,), (1,), "h_for_h_c"),
    *of(
        ["InvalidArgumentError: Invalid input_h shape: [1,32,128] [1,12,128] [Op:CudnnRNN]"],
        *("h_0", "batch_size", (1, 12, 128), (1, 32, 128), "last_batch"),
    ),
    *of(
        [
            "ValueError: `TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions,"
            " received:"
            " (None, 64)"
        ],
        *("dense_input", "rank", 3, 2, "return_sequences"),
    ),
    *of(
        [
            "ValueError: The `mask` passed to the `TimeDistributed` layer has a shape (32, 9) that is incompatible"
            " with the"
            " input shape (32, 10, 3)."
        ],
        *("mask", "time_step", (32, 10), (32, 9), "short_mask"),
    ),
    *of(
        ["You are passing a RNN mask that does not correspond to right-padded sequences, while using cuDNN"],
        *("mask", "time_step", None, None, "padding"),
    ),
    *of(
        [
            "ValueError: You called `set_weights(weights)` on layer 'lstm' with a weight list of length 4, but the"
            " layer"
            " was expecting 3 weights."
        ],
        *("bias", None, (3,), (4,), "two_biases"),
    ),
    *of(
        ["ValueError: Layer 'lstm' expected 3 variables, but received 4 variables during loading."],
        *("bias", None, (3,), (4,), "two_biases"),
    ),
    *of(
        ["ValueError: Layer lstm weight shape (10, 80) is not compatible with provided weight shape (80, 10)."],
        *("kernel", "order", (10, 80), (80, 10), "transposed"),
    ),
    *of(
        ["ValueError: Layer weight shape (10, 80) not compatible with provided weight shape (80, 10)"],
        *("kernel", "order", (10, 80), (80, 10), "transposed"),
        anywhere=True,
    ),
    *of(
        ["ValueError: Layer gru weight shape (20, 60) is not compatible with provided weight shape (20, 80)."],
        *("recurrent_kernel", "gates*num_units", (20, 60), (20, 80), "other_cell"),
    ),
    *of(
        [
            "ValueError: An `initial_state` was passed that is not compatible with `cell.state_size`. Received"
            " `state_spec`=ListWrapper([InputSpec(shape=(None, 64), ndim=2)]); however `cell.state_size` is 20"
        ],
        *("h_0", "num_units", (20,), (64,), "other_units"),
    ),
    *of(
        [
            "ValueError: An `initial_state` was passed that is not compatible with `cell.state_size`. Received"
            " `state_spec`=ListWrapper([InputSpec(shape=(None, 20), ndim=2)]); however `cell.state_size` is [20, 20]"
        ],
        *("c_0", None, (2,), (1,), "h_for_h_c"),
    ),
    *of(
        [
            "RuntimeError: einsum(): the number of subscripts in the equation (2) does not match the number of"
            " dimensions (3) for operand 1 and no ellipsis was given"
        ],
        *(None, None, None, None, "letters_of_operand"),
        anywhere=True,
    ),
    *of(
        ["RuntimeError: Expected target size [4, 5], got [4, 9]"],
        *("output", "order", (4, 5, 9), (4, 9, 5), "classes_second"),
        anywhere=True,
    ),
    *of(
        [
            "TypeError: add got incompatible shapes for broadcasting: (4, 20), (3, 20).",
            "ValueError: shapes (4,8) and (7,20) not aligned: 8 (dim 1) != 7 (dim 0)",
        ],
        *(None, None),
        anywhere=True,
    ),
    # TensorFlow 1
    *of(
        [
            f"InvalidArgumentError: ConcatOp : {text}: shape[0] = [5,7] vs. shape[1] = [32,20]\n"
            "\t [[{{node rnn/while/gru_cell/concat}}]]"
            for text in ("Dimensions of inputs should match", "Dimension 0 in both shapes must be equal")
        ],
        *("h_0", "batch_size", (5,), (32,), "last_batch"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Input size (dimension 2 of inputs) must be accessible via shape inference, but saw value"
            " None.",
            "ValueError: Expected inputs.shape[-1] to be known, saw shape: (?, ?)",
            "ValueError: Input size (depth of inputs) must be accessible via shape inference, but saw value None for"
            ' input=Tensor("rnn/transpose:0", shape=(9, ?, ?), dtype=float32).',
        ],
        *("x", "features", None, None, "static_features"),
    ),
    *of(["ValueError: Shape (?, 10) must have rank at least 3"], "x", "rank", 3, 2, "missing_axis", anywhere=True),
    *of(
        [
            "ValueError: Dimensions must be equal, but are 74 and 130 for 'rnn/while/basic_lstm_cell/MatMul_1' (op:"
            " 'MatMul') with input shapes: [128,74], [130,184]."
        ],
        *("x", "features", (84,), (28,), "other_features"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Dimensions must be equal, but are 7 and 2 for '{{node lstm_1/lstm_cell/MatMul}} ="
            " MatMul[T=DT_FLOAT,"
            " grad_a=false](x, kernel)' with input shapes: [?,7], [2,20]."
        ],
        *("x", "features", (2,), (7,), "other_features"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Dimensions must be equal, but are 256 and 156 for"
            " 'rnn/while/rnn/multi_rnn_cell/cell_0/cell_0/basic_lstm_cell/MatMul_1' (op: 'MatMul') with input shapes:"
            " [?,256], [156,512]."
        ],
        *("x", "features", (28,), (128,), "same_cell"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Trying to share variable rnn/multi_rnn_cell/cell_0/basic_lstm_cell/kernel, but specified shape"
            " (256, 512) and found shape (156, 512)."
        ],
        *("kernel", "features", (156, 512), (256, 512), "same_cell"),
    ),
    *of(
        [
            "ValueError: Attempt to reuse RNNCell <tensorflow.contrib.rnn.python.ops.core_rnn_cell_impl.BasicLSTMCell"
            " object at 0x7f10> with a different variable scope than its first use.  First use of cell was with scope"
            " 'rnn/multi_rnn_cell/cell_0/basic_lstm_cell', this attempt is with scope"
            " 'rnn/multi_rnn_cell/cell_1/basic_lstm_cell'."
        ],
        *("kernel", None, None, None, "same_cell"),
    ),
    *of(
        [
            '  File "cells.py", line 9, in step\n    mask = (t < size).float().expand_as(h_next)\n'
            "RuntimeError: the number of sizes provided must be greater or equal to the number of dimensions in the"
            " tensor at /lib/TH/generic/THTensor.c:290"
        ],
        *("mask", "rank", None, None, "mask_axes"),
    ),
    # ONNX Runtime
    *of(
        [
            f"batch: dim 0=30 dim 1=-1 dim 2=8\ntensor.cc:52 {message}"
            for message in ("shape.Size() must >=0", "tried creating tensor with negative value in shape")
        ],
        *("x", "batch_size", None, (-1,), "negative_batch"),
        anywhere=True,
    ),
    *of(["Input X must have 3 dimensions only. Actual:{10,20}"], "x", "rank", 3, 2, "missing_axis"),
    *of(["First input tensor must have rank 3"], "x", "rank", 3, None, "missing_axis"),
    *of(
        ["Input initial_h must have shape {1,1,128}. Actual:{1,2,128}"],
        *("h_0", "batch_size", (1, 1, 128), (1, 2, 128), "last_batch"),
    ),
    *of(
        ["Input initial_c must have shape {2,4,128}. Actual:{1,4,128}"],
        *("c_0", HIDDEN, (2, 4, 128), (1, 4, 128), "directions"),
    ),
    *of(
        ["Input W must have shape {1,80,10}. Actual:{1,10,80}"],
        *("kernel", "order", (1, 80, 10), (1, 10, 80), "transposed"),
    ),
    *of(
        ["Input R must have shape {1,80,20}. Actual:{1,60,20}"],
        *("recurrent_kernel", "gates*num_units", (1, 80, 20), (1, 60, 20), "other_cell"),
    ),
    *of(
        ["Input B must have shape {1,160}. Actual:{1,80}"],
        *("bias", "gates*num_units", (1, 160), (1, 80), "one_bias"),
    ),
    *of(
        ["Input B must have shape {1,8*20}. Actual:{1,80}"],
        *("bias", "gates*num_units", (1, 160), (1, 80), "one_bias"),
    ),
    *of(["Input P must have shape {1,60}. Actual:{1,80}"], None, None, (1, 60), (1, 80), "peepholes"),
    *of(["Input P must have shape {1,60}. Actual:{1,90}"], None, None, (1, 60), (1, 90), "other_size"),
    *of(["Input sequence_lens must have shape {3}. Actual:{4}"], "lengths", "batch_size", (3,), (4,), "lengths"),
    *of(
        ["Invalid value/s in sequence_lens. All values must be > 0 and < seq_length."],
        *("lengths", "time_step", None, None, "empty_sequence"),
    ),
    # Flax
    *of(
        [
            'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/LSTMCell_0/ii", the given initializer is'
            " expected"
            " to generate shape (7, 20), but the existing parameter it received has shape (5, 20)."
        ],
        *("kernel", "features", (7, 20), (5, 20), "init_features"),
    ),
    # What networks without recurrence raise as well
    *of(
        [
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied (160x128 and 64x10)",
            "RuntimeError: size mismatch, m1: [160 x 128], m2: [64 x 10] at"
            " /pytorch/aten/src/TH/generic/THTensorMath.cpp",
        ],
        *("dense_input", "features", (160, 64), (160, 128), "dense_directions"),
        anywhere=True,
    ),
    *of(
        ["RuntimeError: mat1 and mat2 shapes cannot be multiplied (32x640 and 128x10)"],
        *("dense_input", "features", (32, 128), (32, 640), "dense_flattened"),
        anywhere=True,
    ),
    *of(
        [
            "RuntimeError: The size of tensor a (5) must match the size of tensor b (3) at non-singleton dimension 1",
            "TypeError: dot_general requires contracting dimensions to have the same shape, got (2,) and (4,).",
            "TypeError: dot_general requires lhs batch dimensions and rhs batch dimensions to have the same shape, got"
            " (6,) and (4,).",
            "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
            " (n?,k),(k,m?)->(n?,m?) (size 8 is different from 10)",
            "ValueError: operands could not be broadcast together with shapes (3,20) (5,20)",
            "InvalidArgumentError: Matrix size-incompatible: In[0]: [32,2569], In[1]: [2638,500]",
        ],
        *(None, None),
        anywhere=True,
    ),
    *of(
        [
            "UserWarning: Using a target size (torch.Size([32])) that is different to the input size (torch.Size([32,"
            " 1])).",
            "ValueError: A target array with shape (32,) was passed for an output of shape (None, 1) while using as"
            " loss"
            " `mse`.",
        ],
        *("target", "rank", 2, 1, "target_axis"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(None, 4),"
            " output.shape=(None, 10, 4)"
        ],
        *("output", "rank", 2, 3, "not_return_sequences"),
        anywhere=True,
    ),
    *of(
        ["ValueError: Shapes (None, 10) and (None, 5) are incompatible"],
        "target",
        None,
        None,
        None,
        "target_shape",
        anywhere=True,
    ),
    *of(
        keras("dense_1", "expected axis -1 of input shape to have value 64, but received input with shape (None, 128)"),
        *("dense_input", "features", (64,), (128,), "dense_features"),
        anywhere=True,
    ),
    *of(
        keras("sequential", "expected shape=(None, 10, 3), found shape=(None, 9, 3)"),
        *("x", "time_step", (None, 10, 3), (None, 9, 3), "other_steps"),
        anywhere=True,
    ),
    *of(
        ["TypeError: lstm_cell(): argument 'hx' (position 2) must be tuple of Tensors, not Tensor"],
        *("h_0", None, (2,), (1,), "h_for_h_c"),
    ),
    *of(
        [
            '  File "/lib/torch/nn/modules/rnn.py", line 1416, in forward\n    if hx is not None and hx.dim() != 3:\n'
            "AttributeError: 'tuple' object has no attribute 'dim'"
        ],
        *("h_0", None, (1,), (2,), "number_of_states"),
    ),
    # what gets the output: reshapes and normalizations
    *of(
        [
            "RuntimeError: shape '[4, 20]' is invalid for input of size 720",
            "ValueError: cannot reshape array of size 720 into shape (4,20)",
        ],
        *("output", None, (720,), (80,), "reshape_steps"),
        anywhere=True,
    ),
    *of(
        ["RuntimeError: invalid argument 2: size '[5 x 9 x 20]' is invalid for input with 720 elements at /a.cpp:80"],
        *("output", None, (720,), (900,), "reshape_batch"),
        anywhere=True,
    ),
    *of(
        [
            "The total size of the tensor must be unchanged. Received: input_shape=(9, 20), target_shape=(4, 20)",
            "total size of new array must be unchanged, input_shape = [9, 20], output_shape = [4, 20]",
        ],
        *("output", None, (180,), (80,), "reshape_values"),
        anywhere=True,
    ),
    *of(
        [
            "The total size of the tensor must be unchanged, however, the input size cannot by divided by the specified"
            " dimensions in target_shape. Received: input_shape=(9, 20), target_shape=(-1, 7)"
        ],
        *("output", None, (180,), (7,), "reshape_values"),
        anywhere=True,
    ),
    *of(
        [
            "InvalidArgumentError: Input to reshape is a tensor with 720 values, but the requested shape has 70",
            "Input to reshape is a tensor with 720 values, but the requested shape requires a multiple of 70",
        ],
        *("output", None, (720,), (70,), "reshape_values"),
        anywhere=True,
    ),
    *of(
        [
            "RuntimeError: running_mean should contain 9 elements not 20",
            "ValueError: expected input's size at dim=1 to match num_features (20), but got: 9.",
        ],
        *("output", "num_units", (20,), (9,), "channels_second"),
        anywhere=True,
    ),
    *of(
        [
            "RuntimeError: Given normalized_shape=[20], expected input with shape [*, 20], but got input of size"
            "[4, 9, 40]"
        ],
        *("output", "num_units", (4, 9, 20), (4, 9, 40), "norm_directions"),
        anywhere=True,
    ),
    *of(
        ["Got invalid dimensions for input: X for the following indices\n index: 1 Got: 4 Expected: 3\n Please fix"],
        *("x", "batch_size", (3,), (4,), "exported_sizes"),
        anywhere=True,
    ),
    *of(
        [
            "Got invalid dimensions for input: X for the following indices\n index: 0 Got: 4 Expected: 3\n"
            " index: 2 Got: 12 Expected: 10\n Please fix either the inputs/outputs or the model."
        ],
        *("x", "features", (10,), (12,), "other_features"),
        anywhere=True,
    ),
    *of(
        ["Got invalid dimensions for input: h_0 for the following indices\n index: 1 Got: 4 Expected: 3\n Please fix"],
        *("h_0", "batch_size", (3,), (4,), "exported_sizes"),
        anywhere=True,
    ),
    # a cell of Keras on TensorFlow, which lists the arguments
    *of(
        [
            "Exception encountered when calling GRUCell.call().\n\n"
            "Dimensions must be equal, but are 32 and 64 for '{{node f/gru_1/gru_cell_1/MatMul_1}} = MatMul[T=DT_FLOAT]"
            "(f/while:4, f/Cast_1)' with input shapes: [2,32], [64,192].\n\n"
            "Arguments received by GRUCell.call():\n  • inputs=tf.Tensor(shape=(2, 12), dtype=float32)\n"
            "  • states=('tf.Tensor(shape=(2, 32), dtype=float32)',)"
        ],
        *("h_0", "num_units", (64,), (32,), "other_units"),
    ),
    *of(
        [
            "Exception encountered when calling LSTMCell.call().\n\n"
            "{{function_node __wrapped__MatMul_device_/job:localhost/replica:0/task:0/device:CPU:0}} Matrix"
            " size-incompatible: In[0]: [8,16], In[1]: [3,64] [Op:MatMul] name: \n\n"
            "Arguments received by LSTMCell.call():\n  • inputs=tf.Tensor(shape=(8, 16), dtype=float32)\n"
            "  • states=['tf.Tensor(shape=(8, 16), dtype=float32)', 'tf.Tensor(shape=(8, 16), dtype=float32)']",
            "mat1 and mat2 shapes cannot be multiplied (8x16 and 3x64)\n\nArguments received by LSTMCell.call():\n"
            "  • inputs=torch.Tensor(shape=torch.Size([8, 16]), dtype=float32)",
        ],
        *("x", "features", (3,), (16,), "other_features"),
    ),
    *of(
        [
            "Exception encountered when calling LSTMCell.call().\n\n"
            "{{function_node __wrapped__AddV2_device_/job:localhost/replica:0/task:0/device:CPU:0}} Incompatible"
            " shapes: [8,64] vs. [4,64] [Op:AddV2] name: \n\n"
            "Arguments received by LSTMCell.call():\n  • inputs=tf.Tensor(shape=(8, 3), dtype=float32)\n"
            "  • states=('tf.Tensor(shape=(4, 16), dtype=float32)', 'tf.Tensor(shape=(4, 16), dtype=float32)')"
        ],
        *("h_0", "batch_size", (8,), (4,), "other_batch"),
    ),
    *of(
        [
            "ValueError: An `initial_state` was passed that is not compatible with `cell.state_size`. Received"
            " `state_spec`=ListWrapper([InputSpec(shape=(None, 16), ndim=2)]); however `cell.state_size` is [16, 16]"
            "\nin Bidirectional(LSTM(16))(x, initial_state=[h, h])"
        ],
        *("h_0", None, (2,), (1,), "number_of_states"),
    ),
    *of(
        [
            "ValueError: Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=(32, 4)"
            ", output.shape=(32, 7, 4)"
        ],
        *("output", "rank", 2, 3, "not_return_sequences"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Dimensions must be equal, but are 7 and 5 for '{{node compile_loss/mse/sub}} = Sub[T=DT_FLOAT]"
            "(data_1, sequential_1/dense_1/BiasAdd)' with input shapes: [32,7], [32,5]."
        ],
        *("target", None, (32, 5), (32, 7), "target_shape"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Cannot feed value of shape (3, 10, 8) for Tensor Placeholder:0, which has shape (?, 10, 7)",
            "ValueError: Cannot feed value of shape (3, 10, 8) for Tensor u'x:0', which has shape '(?, 10, 7)'",
        ],
        *("x", "features", (None, 10, 7), (3, 10, 8), "other_features"),
        anywhere=True,
    ),
    *of(
        ["INVALID_ARGUMENT : Invalid rank for input: X Got: 2 Expected: 3 Please fix either the inputs or the model."],
        *("x", "rank", 3, 2, "missing_axis"),
        anywhere=True,
    ),
    # losses of TensorFlow, and those of PyTorch with logits
    *of(
        ["ValueError: Target size (torch.Size([16])) must be the same as input size (torch.Size([16, 1]))"],
        *("target", "rank", 2, 1, "target_axis"),
        anywhere=True,
    ),
    *of(
        [
            "RuntimeError: 0D or 1D target tensor expected, multi-target not supported",
            "RuntimeError: 1D target tensor expected, multi-target not supported",
        ],
        *("target", "rank", 1, None, "target_shape"),
        anywhere=True,
    ),
    *of(
        [
            "InvalidArgumentError: logits and labels must be same size: logits_size=[32,10] labels_size=[32,9]",
            "InvalidArgumentError: logits and labels must be broadcastable: logits_size=[32,10] labels_size=[32,9]",
            "ValueError: Dimensions must be equal, but are 10 and 9 for '{{node softmax_cross_entropy_with_logits}} ="
            " SoftmaxCrossEntropyWithLogits[T=DT_FLOAT](Reshape, Reshape_1)' with input shapes: [32,10], [32,9].",
        ],
        *("target", None, (32, 10), (32, 9), "target_shape"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: `labels.shape` must equal `logits.shape` except for the last dimension. Received:"
            " labels.shape=(28,) and logits.shape=(4, 7)"
        ],
        *("target", "batch_size", (4,), (28,), "target_shape"),
        anywhere=True,
    ),
    *of(
        ["InvalidArgumentError: Can not squeeze dim[1], expected a dimension of 1, got 7"],
        *("target", "rank", 1, 2, "return_sequences"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Data cardinality is ambiguous:\n  x sizes: 96\n  y sizes: 100\nMake sure all arrays contain",
            "ValueError: Input arrays should have the same number of samples as target arrays. Found 96 input samples"
            " and 100 target samples.",
        ],
        *("target", "batch_size", (96,), (100,), "other_samples"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(None, 7),"
            " output.shape=(None, 4)"
        ],
        *("target", "rank", 1, 2, "return_sequences"),
        anywhere=True,
    ),
    # a graph of a layer that keeps its states, in Keras 1 and TensorFlow 1
    *of(
        [
            "InvalidArgumentError: Incompatible shapes: [18,50] vs. [32,50]\n"
            "\t [[{{node lstm_1/while/add_1}} = Add[T=DT_FLOAT]]]",
            "InvalidArgumentError: Incompatible shapes: [18,50] vs. [32,50]\n"
            "\t [[Node: lstm_1/while/add_1 = Add[T=DT_FLOAT]]]",
        ],
        *("h_0", "batch_size", (18,), (32,), "last_batch"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Shape must be rank 2 but is rank 3 for 'MatMul' (op: 'MatMul') with input shapes: [?,5,20],"
            " [20,10].",
            "ValueError: Shape must be rank 2 but is rank 3 for '{{node MatMul}} = MatMul[T=DT_FLOAT](a, b)' with input"
            " shapes: [?,5,20], [20,10].",
        ],
        *("dense_input", "rank", 2, 3, "every_step"),
        anywhere=True,
    ),
    *of(
        [
            "TypeError: Argument `inputs` must be a sequence. Received: Tensor(zeros:0)",
            "TypeError: inputs must be a sequence",
        ],
        *("x", None, None, None, "list_of_steps"),
        anywhere=True,
    ),
    *of(
        [
            "InvalidArgumentError: assertion failed: [Expected shape for Tensor rnn/sequence_length:0 is ] [4]"
            " [ but saw shape: ] [3]"
        ],
        *("lengths", "batch_size", (4,), (3,), "lengths"),
    ),
    # the lengths of a CTC loss, and samples of different lengths
    *of(
        ["RuntimeError: Expected input_lengths to have value at most 50, but got value 60"],
        *("lengths", "time_step", (50,), (60,), "ctc_axes"),
        anywhere=True,
    ),
    *of(
        ["InvalidArgumentError: sequence_length(0) <= 15"],
        *("lengths", "time_step", (15,), None, "ctc_axes"),
        anywhere=True,
    ),
    *of(
        [
            "RuntimeError: Expected tensor to have size at least 12 at dimension 1, but got size 8 for argument #2"
            " 'targets' (while checking arguments for ctc_loss_gpu)"
        ],
        *("target", None, (12,), (8,), "ctc_labels"),
        anywhere=True,
    ),
    *of(
        ["ValueError: the first two dimensions of emissions and mask must match, got (32, 50) and (32, 60)"],
        *("mask", None, (32, 50), (32, 60), "mask"),
        anywhere=True,
    ),
    *of(
        [
            "RuntimeError: Predictions and targets are expected to have the same shape, but got torch.Size([32, 1, 48])"
            " and torch.Size([32, 48, 1])."
        ],
        *("target", None, (32, 1, 48), (32, 48, 1), "target_shape"),
        anywhere=True,
    ),
    # Keras 1 and 2: a layer that keeps its states, and weights of another layer
    *of(
        [
            "In a stateful network, you should only pass inputs with a number of samples that can be divided"
            " by the batch size. Found: 1030 samples"
        ],
        *("x", "batch_size", None, None, "last_batch"),
    ),
    *of(
        ["Exception: If a RNN is stateful, a complete input_shape must be provided (including batch size)."],
        *("x", "batch_size", None, None, "static_input_shape"),
    ),
    *of(
        [
            'ValueError: Layer #1 (named "bidirectional_1" in the current model) was found to correspond to layer'
            " embedding_1 in the save file. However the new layer bidirectional_1 expects 6 weights, but the saved"
            " weights have 1 elements."
        ],
        *(None, None, (6,), (1,)),
    ),
    *of(
        ["TypeError: Wrong number of dimensions: expected 3, got 2 with shape (32L, 60L)."],
        *("x", "rank", 3, 2, "missing_axis"),
        anywhere=True,
    ),
    # TensorFlow 1: attention of a decoder, and weights of a file
    *of(
        ["Non-matching batch sizes between the memory (encoder output) and the requested batch size."],
        *("h_0", "batch_size", None, None, "other_batch"),
    ),
    *of(
        [
            "ValueError: Dimension 1 in both shapes must be equal, but are 1024 and 2048. Shapes are [256,1024] and"
            " [512,2048]. for 'Assign' (op: 'Assign') with input shapes: [256,1024], [512,2048]."
        ],
        *("recurrent_kernel", "num_units", (256, 1024), (512, 2048), "other_size"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Dimension 1 in both shapes must be equal, but are 1024 and 2048 for 'Assign_3' (op: 'Assign')"
            " with input shapes: [256,1024], [512,2048]."
        ],
        *("recurrent_kernel", "num_units", (256, 1024), (512, 2048), "other_size"),
        anywhere=True,
    ),
    # PyTorch 0: a parameter of a checkpoint
    *(
        ShapeError(
            f"RuntimeError: While copying the parameter named encoder.lstm.{name}_l0, whose dimensions in the model are"
            f" torch.Size({list(made)}) and whose dimensions in the checkpoint are torch.Size({list(saved)}).",
            *(tensor, axis, made, saved, cause),
        )
        for name, tensor, axis, made, saved, cause in (
            ("weight_ih", "kernel", "features", (320, 250), (320, 200), "other_size"),
            ("weight_hh", "recurrent_kernel", "num_units", (320, 80), (320, 90), "other_size"),
            ("weight_hr", "projection", "num_proj", (10, 80), (20, 80), "other_projection"),
            ("bias_ih", "bias", "gates*num_units", (320,), (400,), "other_size"),
            ("bias_hh", "bias", "gates*num_units", (320,), (400,), "other_size"),
        )
    ),
    # messages of older versions
    *of(
        [
            "WARNING:tensorflow:Model was constructed with shape (None, 10, 5) for input"
            " KerasTensor(type_spec=T), but it"
            " was called on an input with incompatible shape (None, 12, 5).",
            'ValueError: Invalid input shape for input Tensor("data:0", shape=(8, 12, 5), dtype=float32).'
            " Expected shape"
            " (None, 10, 5), but input has incompatible shape (None, 12, 5)",
        ],
        *("x", "time_step", (None, 10, 5), (None, 12, 5), "other_steps"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Layer model_1 expects 2 inputs, but it received 1 input tensors. Inputs received:"
            " [<tf.Tensor>]",
            "ValueError: Error when checking model input: the list of Numpy arrays that you are passing to your"
            " model is"
            " not the size the model expected. Expected to see 2 array(s), but instead got the following list of 1"
            " arrays: [array([1])]",
        ],
        *("x", None, (2,), (1,), "number_of_inputs"),
        anywhere=True,
    ),
    *of(
        [
            "AssertionError: Incompatible shapes: layer expected input with ndim=3 but previous layer has output_shape"
            " (None, 128)"
        ],
        *("x", "rank", 3, 2, "missing_axis"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concat axis."
            " Got inputs"
            " shapes: [(None, 10, 8), (None, 8)]"
        ],
        *("output", "rank", 3, 2, "return_sequences"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: You are passing a target array of shape (100, 1) while using as loss"
            " `categorical_crossentropy`."
        ],
        *("target", None, None, (100, 1), "class_indices"),
        anywhere=True,
    ),
    *of(
        ["RuntimeError: multi-target not supported at /pytorch/aten/src/THNN/generic/ClassNLLCriterion.c:21"],
        *("target", "rank", 1, None, "target_shape"),
        anywhere=True,
    ),
    *of(
        [
            attend("torch.bmm(weights, encoder_outputs)")
            + "RuntimeError: Expected 3-dimensional tensor, but got 2-dimensional tensor for argument #1 'batch1'"
            " (while"
            " checking arguments for bmm)"
        ],
        *("output", "rank", 3, 2, "weights_axis"),
        anywhere=True,
    ),
    *of(
        [
            attend("torch.bmm(query, encoder_outputs)")
            + "RuntimeError: Expected batch2_sizes[0] == bs && batch2_sizes[1] == contraction_size to be true, but got"
            " false."
        ],
        *("output", None, None, None, "attention_units"),
        anywhere=True,
    ),
    *of(
        [
            '  File "/lib/torch/nn/functional.py", line 1690, in linear\n    ret = torch.addmm(bias, input,'
            " weight.t())\n"
            "RuntimeError: mat1 dim 1 must match mat2 dim 0"
        ],
        *("dense_input", "features", None, None, "dense_features"),
        anywhere=True,
    ),
    *of(
        [
            attend("output.gather(1, last)") + text
            for text in (
                "RuntimeError: Size does not match at dimension 0 expected index [32, 1, 20] to be smaller than self"
                " [16, 32, 20] apart from dimension 1",
                "RuntimeError: Expected index [32, 1, 20] to be smaller than self [16, 32, 20] apart from dimension 1",
                "RuntimeError: Expected tensor [32, 1, 20], src [16, 32, 20] and index [32, 1, 20] to have the same"
                " size apart from dimension 1",
            )
        ],
        *("output", "batch_size", (32,), (16,), "time_first"),
        anywhere=True,
    ),
    *of(
        [
            attend("output.gather(1, last)")
            + "RuntimeError: Index tensor must have the same number of dimensions as input tensor"
        ],
        *("output", "rank", None, None, "gather_axis"),
        anywhere=True,
    ),
    *of(
        [
            attend("feats[i, steps, tags[i, :n]]")
            + "IndexError: shape mismatch: indexing tensors could not be broadcast"
            " together with shapes [420], [398]"
        ],
        *("target", "time_step", (420,), (398,), "target_shape"),
        anywhere=True,
    ),
    *of(
        ["ValueError: expected last dimension of emissions is 5, got 7"],
        *("output", None, (5,), (7,), "emission_tags"),
        anywhere=True,
    ),
    *of(["ValueError: emissions must have dimension of 3, got 2"], *("output", "rank", 3, 2), anywhere=True),
    *of(
        ["RuntimeError: target_lengths must be of size batch_size"],
        *("lengths", "batch_size", None, None, "ctc_axes"),
        anywhere=True,
    ),
    *of(
        ["RuntimeError: Expected target_lengths to have value at most 10, but got value 12"],
        *("target", None, (12,), (10,), "ctc_labels"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: all the input array dimensions for the concatenation axis must match exactly, but along"
            " dimension"
            " 1, the array at index 0 has size 10 and the array at index 1 has size 12"
        ],
        *(None, None),
        anywhere=True,
    ),
    *of(
        [
            "flax.errors.ScopeParamShapeError: Initializer expected to generate shape (5, 8) but got shape (6, 8)"
            " instead"
            ' for parameter "kernel" in "/cell/ii". (https://flax.readthedocs.io)',
            "flax.errors.ScopeParamShapeError: Inconsistent shapes between value and initializer for parameter"
            ' "kernel" in'
            ' "/cell/ii": (6, 8), (5, 8).',
        ],
        *("kernel", "features", (5, 8), (6, 8), "init_features"),
        anywhere=True,
    ),
    *of(
        ["InvalidArgumentError: In[0] mismatch In[1] shape: 20 vs. 40: [8,3,20] [8,40,7] 0 0"],
        *("output", "num_units", (20,), (40,), "attention_directions"),
        anywhere=True,
    ),
    *(
        ShapeError(
            f"InvalidArgumentError: Matrix size-incompatible: In[0]: [32,84], In[1]: [64,10] [[{node}dense/MatMul",
            *("dense_input", "features", (32, 64), (32, 84), "dense_features"),
            anywhere=True,
        )
        for node in ("{{node ", "Node: ", "node ")
    ),
    *of(
        [
            "InvalidArgumentError: Incompatible shapes: [32,64] vs. [20,64]\n\t [[node lstm_1/while/add_3 (defined at"
            " train.py:3) ]]"
        ],
        *("h_0", "batch_size", (32,), (20,), "other_batch"),
        anywhere=True,
    ),
    *of(
        [
            "TensorArray TensorArrayV2_1: Could not write to TensorArray index 0 because the value shape is"
            " [20,8] which"
            " is incompatible with the TensorArray's inferred element shape: [32,8] (consider setting"
            " infer_shape=False).",
            "InvalidArgumentError: Specified a list with shape [32,8] from a tensor with shape [20,8]",
        ],
        *("x", "batch_size", (32,), (20,), "last_batch"),
        anywhere=True,
    ),
    *of(
        [
            "InvalidArgumentError: Inputs to operation lstm_1/while/Select_1 of type Select must have the same size and"
            " shape.  Input 0: [32,64] != input 1: [16,64]"
        ],
        *("x", "batch_size", None, None, "last_batch"),
        anywhere=True,
    ),
    *of(
        ["ValueError: Cannot reshape a tensor with 3840 elements to shape [32,10,5] (1600 elements) for 'Reshape'"],
        *("output", None, (3840,), (1600,), "reshape_values"),
        anywhere=True,
    ),
    # TensorFlow 1: x and h of a cell, which are joined while the graph is made
    *(
        ShapeError(
            f"initial_state=h\nValueError: {text} for 'network/{cell}/concat' (op: 'ConcatV2') with input shapes: [{x}]"
            f", [{h}], [].",
            *values,
        )
        for text, cell, x, h, values in (
            (
                "Dimension 0 in both shapes must be equal, but are 32 and 20",
                *("rnn/basic_lstm_cell", "32,7", "20,64"),
                ("h_0", "batch_size", (32,), (20,), "other_batch"),
            ),
            (
                "Dimension 1 in both shapes must be equal, but are 20 and 16",
                *("BasicConvLSTMCell/Conv", "?,20,20,4", "8,16,16,4"),
                ("h_0", None, (None, 20, 20, 4), (8, 16, 16, 4), "state_of_image"),
            ),
            (
                "Shape must be rank 2 but is rank 1",
                *("recurrent_model_1/concatenate_1", "?,24", "16"),
                ("h_0", "rank", 2, 1, "state_without_batch"),
            ),
        )
    ),
    # TensorFlow 1: x of dynamic_rnn, which is put time first
    *of(
        ["Dimension must be 5 but is 3 for 'transpose' (op: 'Transpose') with input shapes: [16,?,4,4,1], [3]."],
        *("x", "rank", 3, 5, "extra_axis"),
        anywhere=True,
    ),
    *of(
        ["RuntimeError: stack expects each tensor to be equal size, but got [5, 3] at entry 0 and [7, 3] at entry 1"],
        *("x", "time_step", (5,), (7,), "unequal_lengths"),
        anywhere=True,
    ),
    *of(
        [
            attend("outputs[:, -1, :]") + "IndexError: too many indices for tensor of dimension 2",
            attend("outputs.transpose(1, 2)")
            + "IndexError: Dimension out of range (expected to be in range of [-2, 1],"
            " but got 2)",
            attend("out.permute(1, 0, 2)")
            + "RuntimeError: permute(sparse_coo): number of dimensions in the tensor input"
            " does not match the length of the desired ordering of dimensions i.e. input.dim() = 2 is not equal to"
            " len(dims) = 3",
        ],
        *("output", "rank", 3, 2, "unbatched"),
        anywhere=True,
    ),
    *of(
        [
            attend("inputs[:, 0, :]") + "IndexError: too many indices for array: array is 2-dimensional, but 3 were"
            " indexed",
            '  File "encode.py", line 9, in encode\n    b, t, f = x.shape\n'
            "ValueError: not enough values to unpack (expected 3, got 2)",
        ],
        *("x", "rank", 3, 2, "missing_axis"),
        anywhere=True,
    ),
    *of(
        [
            '  File "encode.py", line 9, in encode\n    b, t, f = x.size()\n'
            "ValueError: too many values to unpack (expected 3)",
        ],
        *("x", "rank", 3, 4, "extra_axis"),
        anywhere=True,
    ),
    *of(
        [
            attend("criterion(lstm_out[mask], y[mask])")
            + "IndexError: The shape of the mask [2, 10] at index 1 does not"
            " match the shape of the indexed tensor [2, 8, 5] at index 1"
        ],
        *("mask", "time_step", (8,), (10,), "mask"),
        anywhere=True,
    ),
    *of(
        [attend("np.stack(windows)") + "ValueError: all input arrays must have the same shape"],
        *("x", "time_step", None, None, "unequal_lengths"),
        anywhere=True,
    ),
    *of(
        [
            attend("np.array(windows)")
            + "ValueError: setting an array element with a sequence. The requested array has an inhomogeneous shape"
            " after 1 dimensions. The detected shape was (3,) + inhomogeneous part."
        ],
        *("x", "time_step", None, None, "unequal_lengths"),
        anywhere=True,
    ),
    *of(
        [
            '  File "/lib/torch/nn/utils/rnn.py", line 321, in pack_padded_sequence\n'
            "    input = input.index_select(batch_dim, sorted_indices)\n"
            "IndexError: index_select(): Index is supposed to be a vector"
        ],
        *("lengths", "rank", 1, None, "lengths_axes"),
    ),
    *of(
        [
            '  File "/m.py", line 9, in forward\n    packed = pack_padded_sequence(x, n, True, False)\n'
            '  File "/lib/torch/nn/utils/rnn.py", line 321, in pack_padded_sequence\n'
            f"    input = input.index_select(batch_dim, sorted_indices)\n{error}"
            for error in (
                "IndexError: index out of range in self",
                "RuntimeError: INDICES element is out of DATA bounds, id=5 axis_dim=5",
            )
        ],
        *("lengths", "batch_size", None, None, "lengths"),
    ),
    *of(
        [
            attend("self.attention(lstm_out, lstm_out, lstm_out, key_padding_mask=mask)")
            + "AssertionError: Expected key_padded_mask.shape[0] to be 20, but got 8"
        ],
        *("mask", "batch_size", (20,), (8,), "mask"),
        anywhere=True,
    ),
    *of(
        [
            '  File "decode.py", line 9, in decode\n    outputs[:, t] = logits\n'
            "RuntimeError: expand(torch.FloatTensor{[8, 1, 50]}, size=[8, 50]): the number of sizes provided (2) must"
            " be greater or equal to the number of dimensions in the tensor (3)"
        ],
        *("output", "rank", 2, 3, "every_step"),
        anywhere=True,
    ),
    *of(
        ["RuntimeError: input_lengths must be of size batch_size"],
        *("lengths", "batch_size", None, None, "ctc_axes"),
        anywhere=True,
    ),
    *of(
        ["ValueError: expected sequence of length 3 at dim 1 (got 2)"],
        *("x", "time_step", (3,), (2,), "unequal_lengths"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: vmap got inconsistent sizes for array axes to be mapped:\n  * one axis had size 33: axis 0 of"
            " argument h0 of type float32[33];\n  * one axis had size 6: axis 0 of argument xs of type float32[6,21,4]"
        ],
        *("h_0", "rank", 2, 1, "shared_by_samples"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: vmap was requested to map its argument along axis 1, which implies that its rank should be at"
            " least 2, but is only 1 (its shape is (9,))"
        ],
        *(None, None, None, None, "shared_by_samples"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: vmap in_axes must be an int, None, or a tuple of entries corresponding to the positional"
            " arguments passed to the function, but got len(in_axes)=1, len(args)=2"
        ],
        *(None, None, None, None, "entries_of_in_axes"),
        anywhere=True,
    ),
    *of(
        ["ValueError: scan got values with different leading axis sizes: 10, 9."],
        *("x", "time_step", (10,), (9,), "scan_steps"),
        anywhere=True,
    ),
    *of(
        [
            "RuntimeError: Tensors must have same number of dimensions: got 3 and 2",
            "RuntimeError: batch1 must be a 3D tensor",
        ],
        *(None, None),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: `labels.shape.rank` must equal `logits.shape.rank - 1`. Received: labels.shape=(8,) of rank 1"
            " and logits.shape=(8, 9, 5) of rank 3",
            "ValueError: Rank mismatch: Rank of labels (received 1) should equal rank of logits minus 1 (received 3).",
        ],
        *("target", "rank", 2, 1, "every_step"),
        anywhere=True,
    ),
    *of(
        [
            "InvalidArgumentError: logits and labels must have the same first dimension, got logits shape [56,5] and"
            " labels shape [8]"
        ],
        *("target", "batch_size", (56,), (8,), "not_return_sequences"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Dimensions must be equal, but are 4 and 3 for '{{node mean_squared_error/SquaredDifference}} ="
            " SquaredDifference[T=DT_FLOAT](dense/BiasAdd, IteratorGetNext:1)' with input shapes: [?,5,4], [?,3].",
            "ValueError: Dimensions must be equal, but are 4 and 3 for '{{node mean_squared_error/SquaredDifference}}'"
            " with input shapes: [?,5,4], [?,3].",
        ],
        *("target", "rank", 3, 2, "not_return_sequences"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Dimensions must be equal, but are 20 and 32 for '{{node rnn/while/lstm_cell/add}} ="
            " AddV2[T=DT_FLOAT](rnn/while/lstm_cell/MatMul, rnn/while/lstm_cell/MatMul_1)' with input shapes: [20,32],"
            " [32,32]."
        ],
        *("h_0", "batch_size", (20,), (32,), "last_batch"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Dimension 0 in both shapes must be equal, but are 3 and 4. Shapes are [3] and [4]. for '{{node"
            " rnn/while/Select}} = Select[T=DT_FLOAT](a, b, c)' with input shapes: [3], [4,4], [4,4]."
        ],
        *("lengths", "batch_size", (4,), (3,), "lengths"),
        anywhere=True,
    ),
    *of(
        [
            '  File "/lib/flax/linen/recurrent.py", line 147, in __call__\n    c, h = carry\n    ^^^^\n'
            f"ValueError: {message}"
            for message in ("too many values to unpack (expected 2)", "not enough values to unpack (expected 2, got 1)")
        ],
        *("h_0", None, (2,), (1,), "h_for_h_c"),
    ),
    # PyTorch: the whole pair that a layer returns
    *of(
        [
            attend("self.fc(self.lstm(x))") + message
            for message in (
                "TypeError: linear(): argument 'input' (position 1) must be Tensor, not tuple",
                "TypeError: expected Tensor as element 0 in argument 0, but got tuple",
                "AttributeError: 'tuple' object has no attribute 'view'",
                "TypeError: tuple indices must be integers or slices, not tuple",
                "TypeError: conv1d() received an invalid combination of arguments - got (tuple, Parameter, Parameter),"
                " but expected one of:",
                'TypeError: can only concatenate tuple (not "Tensor") to tuple',
                "TypeError: unsupported operand type(s) for @: 'tuple' and 'Tensor'",
                "TypeError: unsupported operand type(s) for +: 'Tensor' and 'tuple'",
            )
        ],
        *("output", None, None, None, "whole_pair"),
        anywhere=True,
    ),
    # PyTorch: a packed sequence where one tensor belongs
    *of(
        [
            attend("self.fc(out)") + message
            for message in (
                "TypeError: linear(): argument 'input' (position 1) must be Tensor, not PackedSequence",
                "TypeError: expected Tensor as element 0 in argument 0, but got PackedSequence",
                "AttributeError: 'PackedSequence' object has no attribute 'size'",
                "TypeError: conv1d() received an invalid combination of arguments - got (PackedSequence, Parameter,"
                " Parameter), but expected one of:",
                "TypeError: unsupported operand type(s) for @: 'PackedSequence' and 'Tensor'",
            )
        ],
        *("output", None, None, None, "packed_output"),
    ),
    # states in JAX
    *of(
        [
            "TypeError: scan body function carry input and carry output must have equal types, but they differ:\n\n"
            "The input carry c has type float32[1,20] but the corresponding output carry component has type"
            " float32[3,20], so the shapes do not match.",
        ],
        *("c_0", "batch_size", (3, 20), (1, 20), "carry"),
        anywhere=True,
    ),
    # parts of messages of TensorFlow
    *of(
        [
            f"tf.nn.dynamic_rnn(cell, x)\nValueError: Dimension must be 2 but is 3 for '{scope}transpose'"
            for scope in ("", "rnn/")
        ],
        *("x", "rank", 3, 2, "missing_axis"),
    ),
    *of(
        [
            "ValueError: Dimensions must be equal, but are 7 and 4 for '{{node MatMul}} = MatMul[T=DT_FLOAT]"
            "(strided_slice_2, kern"
        ],
        *("x", "features", (4,), (7,), "other_features"),
        anywhere=True,
    ),
    *of(
        ["Masked:\nOutOfRangeError: Tried to read from index 7 but array size is: 7"],
        *("mask", "time_step", None, (7,), "short_mask"),
        anywhere=True,
    ),
    *of(
        ["ValueError: Incompatible shapes for broadcasting: shapes=[(2, 64), (48,)]"],
        *(None, None),
        anywhere=True,
    ),
    # PyTorch before 0.4: the sum of both products of a step
    *of(
        [
            "RuntimeError: inconsistent tensor size, expected r_ [6 x 40], t [6 x 40] and src [3 x 40] to have the same"
            " number of elements, but got 240, 240 and 120 elements respectively at TH/generic/THTensorMath.c:887",
            "RuntimeError: inconsistent tensor size, expected tensor [6 x 40] and src [3 x 40] to have the same number"
            " of elements, but got 240 and 120 elements respectively at TH/generic/THTensorCopy.c:86",
        ],
        *(None, None),
        anywhere=True,
    ),
    # TensorFlow 1: a pair of states that is joined, the states of beams, and a kernel
    *of(
        [
            "ValueError: Shape must be rank 2 but is rank 3 for 'lstm_model/concat' (op: 'ConcatV2') with input shapes:"
            " [?,24], [?,6], [2,?,70], []."
        ],
        *("h_0", "rank", 2, 3, "pair_for_state"),
        anywhere=True,
    ),
    *of(
        [
            "ValueError: Shapes must be equal rank, but are 3 and 2 for 'decoder/while/Select_2' (op: 'Select') with"
            " input shapes: [16,4], [16,4,96], [16,4,96]."
        ],
        *("h_0", "rank", 2, 3, "impute_finished"),
        anywhere=True,
    ),
    *of(
        ["cell = rnn_cell.LSTMCell(50)\nValueError: Shapes () and (57, 200) must have the same rank"],
        *("kernel", "rank", 2, 0, "initial_kernel"),
        anywhere=True,
    ),
    # Keras: an x without a shape, a mask for TimeDistributed, and a decoder of a package
    *of(
        keras("lstm_4", "its rank is undefined, but the layer requires a defined rank."),
        *("x", "rank", None, None, "static_rank"),
        anywhere=True,
    ),
    *of(
        [
            "keras.layers.TimeDistributed(keras.layers.Dense(3))\nValueError: `TimeDistributed` Layer should be passed"
            " a `mask` of shape (4, 7, ...), received: mask.shape=(4, 9)"
        ],
        *("mask", "time_step", (4, 7), (4, 9), "mask_of_wrapper"),
        anywhere=True,
    ),
    *of(
        ["AssertionError: LSTMDecoder requires 2D  input, not 3D."],
        *("x", "rank", 2, 3, "not_return_sequences"),
        anywhere=True,
    ),
]

NAMED = '  File "train.py", line 31, in forward\n    output, state = self.lstm(x)\n'
"""A line of a traceback that names a recurrent layer."""
