"""Messages of the functions that programs call beside a recurrent layer, as the libraries wrote them in small programs
with an output of shape (4, 7, 8) and a state of shape (4, 8), and what they say, worked out by hand."""

from shape_errors import ShapeError, attend, of

SHAPES = "[4,7,8], [4,6,8]"
OF_STEPS = ("output", "time_step", (7,), (6,), "join_steps")


def nodes(name: str, kind: str, shapes: str) -> list[str]:
    """The end of a message about an operation of TensorFlow 2 and 1."""
    ends = (f"'{{{{node {name}}}}} = {kind}[T=DT_FLOAT]({name}/x, other)'", f"'{name}' (op: '{kind}')")
    return [f"{end} with input shapes: {shapes}." for end in ends]


def sums(code: str, name: str, kind: str, sizes: str, shapes: str = SHAPES) -> list[str]:
    error = attend(code) + f"ValueError: Dimensions must be equal, but are {sizes} for "
    return [error + end for end in nodes(name, kind, shapes)]


ERRORS_OF_FUNCTIONS: list[ShapeError] = [
    # each element of two arrays
    *of(
        [
            message
            for code, name, kind in (
                ("output + other", "add", "AddV2"),
                ("output + other", "add", "Add"),
                ("output - other", "sub", "Sub"),
                ("output - other", "SquaredDifference", "SquaredDifference"),
                ("output * other", "mul", "Mul"),
                ("output / other", "truediv", "RealDiv"),
                ("tf.maximum(output, other)", "Maximum", "Maximum"),
            )
            for message in sums(code, name, kind, "7 and 6")
        ]
        + [
            attend(f"output {operator} other")
            + f"TypeError: {name} got incompatible shapes for broadcasting: (4, 7, 8), (4, 6, 8)."
            for operator, name in (("*", "mul"), ("-", "sub"), ("/", "div"))
        ]
        + [
            attend("jnp.maximum(output, other)")
            + "TypeError: max got incompatible shapes for broadcasting: (4, 7, 8), (4, 6, 8)."
        ],
        *OF_STEPS,
        anywhere=True,
    ),
    *of(
        [
            *sums("tf.minimum(a, b)", "Minimum", "Minimum", "7 and 6"),
            *sums("tf.equal(a, b)", "Equal", "Equal", "7 and 6"),
            *sums("tf.not_equal(a, b)", "NotEqual", "NotEqual", "7 and 6"),
            *(
                f"TypeError: {name} got incompatible shapes for broadcasting: (4, 7, 8), (4, 6, 8)."
                for name in ("min", "eq")
            ),
        ],
        *(None, None),
        anywhere=True,
    ),
    *of(
        sums("tf.where(mask, output[:, :, 0], 0.0)", "SelectV2", "SelectV2", "6 and 7", "[4,6], [4,7], []"),
        *("mask", "time_step", (7,), (6,), "mask"),
        anywhere=True,
    ),
    # joins
    *of(
        [
            attend("jnp.concatenate([output, other], -1)")
            + "TypeError: Cannot concatenate arrays with shapes that differ in dimensions other than the one being"
            " concatenated: concatenating along dimension 2 for shapes (4, 7, 8), (4, 6, 8).",
            attend("tf.concat([output, other], -1)")
            + "ValueError: Dimension 1 in both shapes must be equal, but are 7 and 6. Shapes are [4,7] and [4,6]. for"
            " '{{node concat}} = ConcatV2[N=2, T=DT_FLOAT, Tidx=DT_INT32](output, other, concat/axis)' with input"
            " shapes: [4,7,8], [4,6,8], [].",
            attend("np.concatenate([output, other], axis=2)")
            + "ValueError: all the input array dimensions except for the concatenation axis must match exactly, but"
            " along dimension 1, the array at index 0 has size 7 and the array at index 1 has size 6",
        ],
        *OF_STEPS,
        anywhere=True,
    ),
    *of(
        [
            attend("tf.concat([output, hidden], -1)") + "ValueError: Shape must be rank 3 but is rank 2 for " + end
            for end in nodes("concat", "ConcatV2", "[4,7,8], [4,8], []")
        ],
        *("output", "rank", 3, 2, "join_axis"),
        anywhere=True,
    ),
    # samples
    *of(
        [
            f"InvalidArgumentError: {message}"
            for message in (
                "Shapes of all inputs must match: values[0].shape = [3,5] != values[1].shape = [4,5] [Op:Pack]",
                "Cannot batch tensors with different shapes in component 0. First element had shape [3,5] and element 1"
                " had shape [4,5]. [Op:IteratorGetNext]",
                "Cannot add tensor to the batch: number of elements does not match. Shapes are: [tensor]: [4,5],"
                " [batch]: [3,5] [Op:IteratorGetNext]",
                "Dimension 0 in both shapes must be equal, but are 3 and 4. Shapes are [3,5] and [4,5].\n\tFrom merging"
                " shape 0 with other shapes. for '{{node stack}} = Pack[N=2, T=DT_FLOAT, axis=0](a, b)' with input"
                " shapes: [3,5], [4,5].",
            )
        ],
        *("x", "time_step", (3,), (4,), "unequal_lengths"),
        anywhere=True,
    ),
    # axes
    *of(
        [
            attend("output.sum(axis=2)") + "AxisError: axis 2 is out of bounds for array of dimension 2",
            attend("output.mean(2)") + "ValueError: Invalid reduction dimension 2 for input with 2 dimensions.",
            attend("tf.nn.softmax(output, 2)")
            + "InvalidArgumentError: `dim` must be in the range [-2, 2) where 2 is the number of dimensions in the"
            " input. Received: dim=2",
            attend("output[:, :, 0]") + "IndexError: Too many indices: array is 2-dimensional, but 3 were indexed",
            attend("output[:, :, 0]")
            + "InvalidArgumentError: Index out of range using input dim 2; input has only 2 dims [Op:StridedSlice]",
        ],
        *("output", "rank", 3, 2, ""),
        anywhere=True,
    ),
    *of(
        [
            attend("pack_padded_sequence(tokens, lengths)")
            + "IndexError: Dimension out of range (expected to be in range of [-1, 0], but got 1)"
        ],
        *("x", "rank", 3, 1, "two_axes"),
    ),
    # reshapes
    *of(
        [
            attend("tf.reshape(output, [-1, 9])")
            + "ValueError: Dimension size must be evenly divisible by 9 but is 224 for "
            + end
            for end in nodes("Reshape", "Reshape", "[4,7,8], [2]")
        ]
        + [
            attend("output.reshape(-1, 9)")
            + "TypeError: cannot reshape array of shape (4, 7, 8) (size 224) into shape (-1, 9) because the product of"
            " specified axis sizes (9) does not evenly divide 224"
        ],
        *("output", None, (224,), (9,), "reshape_values"),
        anywhere=True,
    ),
    *of(
        [
            attend("output.reshape(4, 50)")
            + "TypeError: cannot reshape array of shape (4, 7, 8) (size 224) into shape (4, 50) (size 200)"
        ],
        *("output", None, (224,), (200,), "reshape_values"),
        anywhere=True,
    ),
    # parts
    *of(
        [
            attend("torch.split(output, [3, 3], dim=-1)")
            + "RuntimeError: split_with_sizes expects split_sizes to sum exactly to 8 (input tensor's size at dimension"
            " -1), but got split_sizes=[3, 3]",
            attend("tf.split(output, [3, 3], axis=-1)")
            + "ValueError: can't split axis of size 8 into pieces of size [3,3] for '{{node split}} ="
            " SplitV[T=DT_FLOAT, Tlen=DT_INT32, num_split=2](split/value, Const, split/split_dim)'"
            " with input shapes: [4,7,8], [2], [].",
        ],
        *("output", "num_units", (6,), (8,), "split_sizes"),
        anywhere=True,
    ),
    *of(
        [
            attend("output[:, :, 9]") + f"IndexError: index 9 is out of bounds for {axis} 2 with size 8"
            for axis in ("axis", "dimension")
        ],
        *("output", "num_units", (10,), (8,), "last_index"),
        anywhere=True,
    ),
    *of(
        [
            attend("output[:, :, 9]")
            + "InvalidArgumentError: slice index 9 of dimension 2 out of bounds. [Op:StridedSlice] name: strided_slice/"
        ],
        *("output", "num_units", (10,), None, "last_index"),
        anywhere=True,
    ),
    *of(
        [
            attend("output.gather(1, index)")
            + "RuntimeError: Size does not match at dimension 0 expected index [6, 1, 8] to be no larger than self [4,"
            " 7, 8] apart from dimension 1"
        ],
        *("output", "batch_size", (6,), (4,), ""),
        anywhere=True,
    ),
    # what is written into an array
    *of(
        [
            '  File "data.py", line 3, in pad\n    x[i] = sequence\n'
            "ValueError: could not broadcast input array from shape (12,5) into shape (10,5)",
        ],
        *("x", "time_step", (10,), (12,), "unequal_lengths"),
        anywhere=True,
    ),
    *of(
        [
            '  File "cell.py", line 3, in forward\n    outputs[t] = h\n' + message
            for message in (
                "ValueError: could not broadcast input array from shape (3,8) into shape (4,8)",
                "RuntimeError: shape mismatch: value tensor of shape [3, 8] cannot be broadcast to indexing result of"
                " shape [4, 8]",
            )
        ],
        *("output", "batch_size", (4, 8), (3, 8), "kept_outputs"),
        anywhere=True,
    ),
    *of(
        [
            '  File "cell.py", line 3, in forward\n    hidden += output\n'
            "RuntimeError: output with shape [4, 8] doesn't match the broadcast shape [4, 4, 8]"
        ],
        *("h_0", "rank", 3, 2, ""),
        anywhere=True,
    ),
    # loops
    *of(
        [
            "ValueError: The shape for decoder/while/Merge_7:0 is not an invariant for the loop. It enters the loop"
            " with shape (64, 50), but has shape (?, 50) after one iteration.",
            "ValueError: Input tensor `Placeholder:0` enters the loop with shape (64, 50), but has shape (None, 50)"
            " after one iteration.",
        ],
        *("h_0", "batch_size", (None, 50), (64, 50), "carry"),
        anywhere=True,
    ),
    *of(
        [attend("tf.scan(step, x, state)") + "ValueError: Inconsistent shapes: saw (4, 9) but expected (4, 8) "],
        *("h_0", "num_units", (4, 9), (4, 8), "carry"),
        anywhere=True,
    ),
    # attention and losses
    *of(
        [
            attend("tf.einsum('btu,bu->bt', output, query)")
            + "InvalidArgumentError: Expected dimension 4 at axis 0 of the input shaped [5,8] but got dimension 5"
            " [Op:Einsum]",
            attend("tf.einsum('btu,bu->bt', output, query)")
            + "ValueError: Dimensions must be equal, but are 4 and 5 for '{{node einsum/Einsum}} = Einsum[N=2,"
            ' T=DT_FLOAT, equation="btu,bu->bt"](output, query)\' with input shapes: [4,7,8], [5,8].',
        ],
        *("output", "batch_size", (4,), (5,), "time_first"),
        anywhere=True,
    ),
    *of(
        ["InvalidArgumentError: len(sequence_length) != batch_size.  len(sequence_length):  3 batch_size:  4"],
        *("lengths", "batch_size", (4,), (3,), "ctc_axes"),
        anywhere=True,
    ),
    *of(
        [
            f"ValueError: Shape must be rank 1 but is rank 0 for {end}"
            for end in nodes("CTCLoss", "CTCLoss", "[24,64,37], [?,2], [?], []")
        ],
        *("lengths", "rank", 1, 0, "ctc_axes"),
        anywhere=True,
    ),
    *of(
        ["ValueError: sequence_length must be a vector of length batch_size, but saw shape: (24, 1, 2)"],
        *("lengths", "rank", 1, 3, "lengths_axes"),
    ),
    # a cell of TensorFlow 1
    *of(
        [
            "ValueError: Dimension 0 in both shapes must be equal, but are 10 and 250. Shapes are [10] and [250]. for"
            " 'fw/while/multi_rnn_cell/cell_0/lstm_cell/concat' (op: 'ConcatV2') with input shapes: [10,3072],"
            " [250,512], []."
        ],
        *("h_0", "batch_size", (10,), (250,), "last_batch"),
    ),
    # Theano, with states that are kept
    *of(
        [
            f"GRU(9, stateful=True)\nValueError: {message}"
            for message in (
                "dimension mismatch in args to gemm (64,256)x(256,256)->(5,256)",
                "Shape mismatch: x has 64 rows but z has 5 rows",
            )
        ],
        *("x", "batch_size", (64,), (5,), "last_batch"),
    ),
    # the states of all layers
    *of(
        [
            attend("[encoder_hiddens[i] for i in range(num_layers)]")
            + "IndexError: index 2 is out of bounds for dimension 0 with size 2"
        ],
        *("output", "num_layers*directions", (3,), (2,), "layers"),
    ),
    # the gradient of an array
    *of(
        ["TypeError: Gradient only defined for scalar-output functions. Output had shape: (4, 7)."],
        *(None, None, None, None, "loss_of_values"),
        anywhere=True,
    ),
    # arrays of one dataset
    *of(
        [
            attend("data = tf.data.Dataset.from_tensor_slices((x, y))")
            + "ValueError: Dimensions 40 and 30 are not compatible"
        ],
        *("target", "batch_size", (40,), (30,), "other_samples"),
        anywhere=True,
    ),
    # gates that are split
    *of(
        [
            attend("z, r, n = tf.split(gates, 3, axis=0)")
            + "InvalidArgumentError: {{function_node __wrapped__Split_num_split_3}} Number of ways to split should"
            " evenly divide the split dimension, but got split_dim 0 (size = 16) and num_split 3 [Op:Split]",
            attend("z, r, n = jnp.split(gates, 3)")
            + "ValueError: array split does not result in an equal division: rest is 1",
            attend("z, r, n = np.split(gates, 3)") + "ValueError: array split does not result in an equal division",
            attend("z, r, n = jnp.split(gates, 3, axis=2)")
            + '  File "jax/_src/numpy/lax_numpy.py", line 3128, in _split\n    size = ary.shape[axis]\n'
            + "IndexError: tuple index out of range",
        ],
        *(None, None, None, None, "split_axis"),
        anywhere=True,
    ),
    *of(
        [
            attend("z, r, n = jnp.split(gates, 3, axis=-1)")
            + "ValueError: array split does not result in an equal division: rest is 1"
        ],
        *(None, None, None, None, "gates_of_weights"),
        anywhere=True,
    ),
]
