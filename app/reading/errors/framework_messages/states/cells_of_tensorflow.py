"""Messages of TensorFlow about its own cells: what ``dynamic_rnn``, a stack of cells and the fused cells take."""

import re
from dataclasses import replace
from functools import partial

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES, Fact, fact
from ...axes_of_arrays import MATRIX
from ...causes import batch_id, cause
from ...mismatch import Cause, Mismatch, NoShapeError, wrong_rank, wrong_shape, wrong_size
from ..inputs.inputs import rank
from ..inputs.packing_and_masks import vector_of_lengths
from ..inputs.unknown_sizes import unknown_features
from ..message_template import Found, MessageTemplate
from ..outputs.sums_of_outputs import of_units
from .numbers_of_states import one_tensor


def pair_of_last_layer(found: Found) -> Cause:
    """The pair (c, h) that was taken for one array: with several layers it is one of theirs."""
    likely, layers = cause("pair_for_state", "tf1"), found.surroundings.number("num_layers")
    return replace(likely, fix="state = state[-1].h") if (layers or 1) > 1 else likely


def rank_of_a_step(found: Found) -> Mismatch:
    """An x, or a state, of a cell that is no matrix: a cell multiplies both by its weights."""
    x = found.shape("x")
    if len(x) == MATRIX + 1 and x[:2] == (2, None) and not NEXT_SHAPE.match(found.after):
        return wrong_rank("h_0", MATRIX, len(x), [pair_of_last_layer(found)], [*_facts("lstm")], ((), x))
    if len(x) != MATRIX:
        likely = "one_step" if len(x) > MATRIX else "missing_features_axis"
        return wrong_rank("x", MATRIX, len(x), [cause(likely, "tf1")], shapes=((), x))
    state = NEXT_SHAPE.match(found.after)
    return wrong_rank("h_0", MATRIX, 1 + state[1].count(",") if state and state[1] else None)


NEXT_SHAPE = re.compile(r"\)*,(?:tensorshape)?\(+((?:[^()]|dimension\([^()]{0,12}\)){0,80})\)")
"""The second shape of a list, in the folded text."""


def without_batch(found: Found) -> Mismatch:
    """An x of ``dynamic_rnn`` with one axis."""
    return rank(replace(found, values={"got": "1"}))


def several_inputs(found: Found, axis: str) -> Mismatch:
    """Several arrays as the input of ``dynamic_rnn``, which reads them together."""
    sentence = phrase("Several arrays are read together as x, and they differ in {axis}.", axis=axis)
    return Mismatch("x", axis, sentence)


def number_of_lengths(found: Found) -> Mismatch:
    """Another number of lengths than x has samples; the message does not say how many."""
    n = found.number("expected")
    facts = [fact("batch_size", n, "x")]
    return wrong_size("lengths", "batch_size", n, None, [cause("lengths", "tf1")], facts)


def reversed_lengths(found: Found) -> Mismatch:
    """The lengths by which the backward direction reverses x, and that are not those of its samples."""
    expected, got = found.number("expected"), found.number("got")
    return wrong_size("lengths", "batch_size", expected, got, [cause("lengths", "tf1")])


def steps_of_bucket(found: Found) -> Mismatch:
    """An x with fewer steps than the last bucket of a translator."""
    sentence = phrase(
        "x has {got} steps, fewer than the {expected} of the last bucket.",
        got=found.number("got"),
        expected=found.number("expected"),
    )
    return Mismatch("x", "time_step", sentence, (found.number("expected"),), (found.number("got"),))


def requested_batch(found: Found) -> Mismatch:
    """A first state for another batch than that of x."""
    expected, got = found.number("expected"), found.number("got")
    facts = [fact("batch_size", expected, "x")]
    return wrong_size("h_0", "batch_size", expected, got, [cause(batch_id(expected, got), "tf1")], facts)


def structure(found: Found) -> Mismatch:
    """A state with another structure after a step than before; any loop of TensorFlow compares structures."""
    if not OF_STATES.search(found.after):
        raise NoShapeError()
    if (cells := CELLS_OF_DECODER.match(found.after)) and (made := cells[1].count("),") + 1) > 1:
        return of_decoder(made)
    if found.template.id == "tf1-structure" and OF_LAYERS.search(found.surroundings.text):
        return _of_other_layers(found)
    sentence = phrase("The state that a cell returns has another structure than the one that it got.")
    if ONE_ARRAY.search(found.after):
        return Mismatch("h_0", None, sentence, (2,), (1,), (cause("h_for_h_c", "tf1"),))
    return Mismatch("h_0", None, sentence, causes=(cause("state_tuple", "tf1"),))


def _of_other_layers(found: Found) -> Mismatch:
    """A state with another number of arrays, in a text that says that encoder and decoder have other numbers of
    layers."""
    before, after = (_elements(found, which) for which in ("first", "second"))
    if before and after:
        sentence = phrase(
            "The state has {got} arrays before a step and {expected} after it: those of another number of layers.",
            got=before,
            expected=after,
        )
    else:
        sentence = phrase("The state has another number of arrays after a step: those of another number of layers.")
    units = {int(one) for one in UNITS_OF_STATE.findall(found.after)}
    facts = [fact("num_units", one, "state") for one in units] if len(units) == 1 else []
    likely = cause("layers_of_encoder", "tf1")
    return Mismatch("h_0", "num_layers*directions", sentence, causes=(likely,), facts=tuple(facts))


def _elements(found: Found, which: str) -> int:
    """The number of arrays of a structure that the message counts; 0 if the text has no such number."""
    counted = re.search(rf"{which}structure\((\d{{1,4}})elements\)", found.after)
    return int(counted[1]) if counted else 0


OF_LAYERS = re.compile(
    r"(?:different|diff\w{1,10}|other|another|unequal|more|fewer) (?:number|amount)s? of (?:\w{1,12} )?layers"
)
"""What a text says of networks with other numbers of layers, in lower case."""

UNITS_OF_STATE = re.compile(r"lstmstatetuple\(c=<tf\.tensor[^<>]{1,120}?shape=\(\?,(\d{1,6})\)")
"""The units of a state in the structure, in the folded text."""

OF_STATES = re.compile(r"lstmstatetuple|rnn/while/|(?:lstm|gru|rnn)_cell/|attentionwrapperstate\(cell_state=\(")
"""What only the state of a cell of TensorFlow has, in the folded text."""

CELLS_OF_DECODER = re.compile(
    r"[.>]{0,9}entirefirststructure:attentionwrapperstate\(cell_state=\(((?:\((?:\.,){0,3}\.\),?){2,30})\),"
    r".{0,400}?entiresecondstructure:attentionwrapperstate\(cell_state=\((?:\.,){0,3}\.\),"
)
"""A state of several cells in a decoder with attention, and then one of a single cell; in the folded text."""


def of_decoder(cells: int) -> Mismatch:
    """The state of one cell for a decoder with attention that has several."""
    sentence = phrase("A decoder with {n} cells takes the states of each of them, but got those of one.", n=cells)
    facts = (fact("num_layers", cells, "state"),)
    likely = cause("state_of_each_cell", "keras")
    return Mismatch("h_0", "num_layers*directions", sentence, (cells,), (1,), (likely,), facts)


ONE_ARRAY = re.compile(
    r"^firststructure(?:\(1elements\))?:(?:type=tensorstr=)?(?:tensor\(|<tf\.tensor)[^<]{0,150}secondstructure"
    r"(?:\(2elements\))?:(?:type=lstmstatetuplestr=)?lstmstatetuple\("
)
"""An array before a step, and an LSTMStateTuple after it."""


def state_of_stack(found: Found) -> Mismatch:
    """One array as the state of a stack of cells, each of which is a layer of one direction."""
    n = found.number("expected")
    sentence = phrase("A stack of {n} cells takes a tuple with the state of each, but got one array.", n=n)
    facts = (fact("num_layers", n, "state"),)
    return Mismatch("h_0", None, sentence, (n,), (1,), (cause("state_of_each_cell", "tf1"),), facts)


def joined_states(found: Found) -> Mismatch:
    """Cells whose states are tuples, in a stack that joins them in one array."""
    sentence = phrase("Each cell returns a tuple of states, but the stack joins all states in one array.")
    return Mismatch("h_0", None, sentence, causes=(cause("state_is_tuple", "tf1"),))


def state_of_decoder(found: Found) -> Mismatch:
    """The state of an encoder for a cell with attention, whose state has more parts."""
    sentence = phrase("A cell with attention has a state of several parts, and got only that of its cell.")
    return Mismatch("h_0", None, sentence, causes=(cause("attention_state", "tf1"),))


def units_of_query(found: Found) -> Mismatch:
    """A decoder with another number of units than the keys of attention."""
    expected, got = found.number("expected"), found.number("got")
    keys = f"attention = tf.contrib.seq2seq.LuongAttention({expected}, memory)"
    causes = [replace(one, fix=keys) if one.id == "attention_units" else one for one in of_units(found, expected, got)]
    return wrong_size("output", "num_units", expected, got, causes)


def batch_of_memory(found: Found) -> Mismatch:
    """A decoder with another batch than the output of its encoder: several times as many samples in a beam search."""
    sentence = phrase("The decoder has another batch_size than the encoder’s output.")
    if not (sizes := ASSERTED.search(found.after)):
        return Mismatch("output", "batch_size", sentence, causes=(cause("other_batch", "tf1"),))
    decoder, encoder = int(sizes[1]), int(sizes[2])
    is_multiple = decoder > encoder > 0 == decoder % encoder
    likely = cause("tile_memory", "tf1", beams=decoder // encoder) if is_multiple else cause("other_batch", "tf1")
    return Mismatch("output", "batch_size", sentence, (decoder,), (encoder,), (likely,))


ASSERTED = re.compile(r"\(x\([^()]{0,120}\)=\)\((\d{1,6})\)\(y\([^()]{0,120}\)=\)\((\d{1,6})\)")
"""Both numbers of an assertion of TensorFlow, in the folded text."""


def sequence_loss(found: Found, tensor: str, expected: int) -> Mismatch:
    """What the loss of a sequence gets with another number of axes."""
    causes = [cause("target_shape", "tf1")] if tensor == "target" else []
    return wrong_rank(tensor, expected, None, causes)


def number_of_targets(found: Found) -> Mismatch:
    """Lists with a value for each step that have different lengths."""
    output, weights, target = (found.number(name) for name in ("output", "weights", "target"))
    if output == target:
        return wrong_size("mask", "time_step", output, weights)
    return wrong_size("target", "time_step", output, target, [cause("target_shape", "tf1")])


def failed_call(found: Found) -> Mismatch:
    """A call of cuDNN that failed, with the sizes of the layer. It is not about them."""
    sizes = {name: found.number(name) for name in SIZES}
    raise NoShapeError(
        phrase(
            "a call of cuDNN that failed for x of shape ({batch}, {steps}, {features}), with num_layers = {layers} and"
            " num_units = {units}. Often its memory ran out, or a mask has its padding before the last step",
            **sizes,
        )
    )


SIZES = ("layers", "features", "units", "steps", "batch")


def _facts(cell: str) -> list[Fact]:
    return [fact("gates", GATES[cell], "operation")]


def rows_of_kernel(found: Found, cell: str) -> Mismatch:
    """The kernel of a fused cell, which has a row for each feature and each unit."""
    expected, got = found.number("expected"), found.number("got")
    sentence = phrase(
        "The kernel has {got} rows, but x and h have {expected} values together.", got=got, expected=expected
    )
    likely = cause("other_features", "tf1", expected="features")
    return Mismatch("kernel", "features", sentence, (expected,), (got,), (likely,), (*_facts(cell),))


def columns_of_kernel(found: Found, cell: str, tensor: str) -> Mismatch:
    """A kernel or a bias of a fused cell, which has a column for each unit of each gate."""
    return wrong_size(tensor, "gates*num_units", found.number("expected"), found.number("got"), (), _facts(cell))


def state_of_fused_cell(found: Found, tensor: str, axis: str) -> Mismatch:
    """A state of a fused cell with another batch, or another number of units."""
    expected, got = found.number("expected"), found.number("got")
    id = batch_id(expected, got) if axis == "batch_size" else "other_units"
    return wrong_size(tensor, axis, expected, got, [cause(id, "tf1", units=expected)], [fact(axis, expected, tensor)])


def rank_of_fused_cell(found: Found, tensor: str) -> Mismatch:
    """A state of a fused cell that is no matrix."""
    return wrong_rank(tensor, MATRIX, found.number("got") if found.text("got") else None)


def c_of_cudnn(found: Found) -> Mismatch:
    """A c_0 with another shape than h_0, in cuDNN: the batch is in its first or second axis."""
    h, c = found.shape("h"), found.shape("c")
    if len(h) != len(c):
        return wrong_rank("c_0", len(h), len(c), (), _facts("lstm"), (h, c))
    differing = [n for n, (one, other) in enumerate(zip(h, c, strict=True)) if one != other]
    if differing[:1] == [len(h) - 1]:
        return wrong_shape("c_0", "num_units", h, c, [cause("other_units", "tf1")], _facts("lstm"))
    batch, of_c = ((shape[differing[0]] or 0) if differing else 0 for shape in (h, c))
    return wrong_shape("c_0", "batch_size", h, c, [cause(batch_id(batch, of_c), "tf1")], _facts("lstm"))


def rank_in_cudnn(found: Found, tensor: str) -> Mismatch:
    """An x or an h_0 of cuDNN that has not three axes."""
    ids = ("missing_axis", "missing_features_axis") if tensor == "x" else ("unsqueeze",)
    return wrong_rank(tensor, 3, None, [cause(id, "keras", state=tensor) for id in ids])


def unpacked_state(found: Found) -> Mismatch:
    """One array as the state of an LSTM, which the cell unpacks; programs unpack anything."""
    if not UNPACKED.search(found.before):
        raise NoShapeError()
    return replace(one_tensor(found), causes=(cause("h_for_h_c", "tf1"),))


UNPACKED = re.compile(
    r"rnn_cell(?:_impl)?\.py.{0,200}(?:c,h|\(c_prev,m_prev\))=state|legacy_cells\.py,line\d+,in__call__"
)
"""The frame in which a cell of TensorFlow unpacks both states, or is called, in the folded text."""

STATES = (("h_prev", "h_0"), ("cs_prev", "c_0"))
"""What the fused cells call the states."""

WITHOUT_CUDNN = phrase("cuDNN, which is not there, or has no memory left")

TEMPLATES = (
    *(
        MessageTemplate(id, "tf1", "0.6-1.2", f"linear is expecting 2D arguments: {shapes}", rank_of_a_step)
        for id, shapes in (("tf1-cell-rank", "[{x:shape}"), ("tf1-cell-rank-of-one", "{x:shape}"))
    ),
    *(
        MessageTemplate(f"tf1-{id}", "tf1", versions, text, unknown_features)
        for id, versions, text in (
            ("cell-features", "1.0-1.2", "linear expects shape[1] to be provided for shape"),
            ("0-cell-features", "0.6-0.12", "Linear expects shape[1] of arguments:"),
            ("inferred-features", "0.8-1", "Could not infer input size from inputs.get_shape()[-1]"),
        )
    ),
    *(
        MessageTemplate(f"tf1-inputs-{axis}", "tf1", "0.9-2", text, partial(several_inputs, axis=axis))
        for axis, text in (
            ("time_step", "Time steps is not the same for all the elements in the input in a batch"),
            ("batch_size", "Batch_size is not the same for all the elements in the input."),
        )
    ),
    MessageTemplate(
        "tensorflow-vector-of-lengths",
        "tf1",
        "2",
        "Argument sequence_length must be a vector of length batch_size. Received sequence_length={name:any} of shape:"
        " {got:shape}",
        vector_of_lengths,
    ),
    MessageTemplate(
        "tensorflow-lengths",
        "tf1",
        "2",
        "Argument `sequence_length` must be a vector of length {expected:n}. Received",
        number_of_lengths,
    ),
    MessageTemplate(
        "tensorflow-reversed-lengths",
        "tf1",
        "1-2",
        "Length of seq_lengths != input.dims({axis:n}), ({got:n} vs. {expected:n})",
        reversed_lengths,
    ),
    MessageTemplate(
        "tensorflow-rank-of-reversed-lengths",
        "tf1",
        "1-2",
        "seq_lengths must be 1-dim, not {got:last}",
        lambda found: wrong_rank("lengths", 1, found.number("got"), [cause("lengths_axes", "tf1")]),
    ),
    MessageTemplate(
        "tf1-buckets",
        "tf1",
        "0.5-1",
        "Length of encoder_inputs ({got:n}) must be at least that of last bucket ({expected:n})",
        steps_of_bucket,
    ),
    MessageTemplate(
        "tf1-batch-of-state",
        "tf1",
        "1.7-2",
        "batch size from input tensor is different from the input param. Input tensor batch: {expected:n}, batch_size:"
        " {got:last}",
        requested_batch,
    ),
    *(
        MessageTemplate(id, "tf1", versions, text, without_batch)
        for id, versions, text in (
            ("tf1-rank-of-x", "0.9-1", "Expected input tensor {name:any} to have rank at least 2"),
            ("tensorflow-rank-of-x", "2", "Input tensor should have rank >= 2. Received input="),
        )
    ),
    *(
        MessageTemplate(id, "tf1", versions, text, structure)
        for id, versions, text in (
            ("tf1-structure", "0.10-1", "The two structures don't have the same number of elements."),
            ("tf1-nested-structure", "1.5-2", "The two structures don't have the same nested structure."),
            ("tf1-sequence-type", "1.0-2", "The two structures don't have the same sequence type."),
            ("tf1-namedtuples", "1.5-2", "The two namedtuples don't have the same sequence type."),
        )
    ),
    *(
        MessageTemplate(id, "tf1", versions, text, unpacked_state)
        for id, versions, text in (
            ("tf1-h-for-h-c", "0.9-1.4", "'Tensor' object is not iterable"),
            ("tf1-1-h-for-h-c", "1.5-1.13", "Tensor objects are only iterable when eager execution is enabled"),
            ("tf1-2-h-for-h-c", "1.14-2", "Iterating over a symbolic `tf.Tensor` is not allowed"),
            ("tf1-3-h-for-h-c", "1.14-2", "iterating over `tf.Tensor` is not allowed"),
        )
    ),
    MessageTemplate(
        "tf1-state-of-stack",
        "tf1",
        "0.9-2",
        "Expected state to be a tuple of length {expected:n}, but received:",
        state_of_stack,
    ),
    MessageTemplate(
        "tf1-state-is-tuple",
        "tf1",
        "0.10-2",
        "Some cells return tuples of states, but the flag state_is_tuple is not set.",
        joined_states,
    ),
    MessageTemplate(
        "tf1-attention-state",
        "tf1",
        "1.2-1.15",
        "Expected state to be instance of AttentionWrapperState. Received",
        state_of_decoder,
    ),
    MessageTemplate(
        "tf1-query",
        "tf1",
        "1.2-1.15",
        "Incompatible or unknown inner dimensions between query and keys. Query ({query:any}) has units: {expected:n}."
        " Keys ({keys:any}) have units: {got:n}.",
        units_of_query,
    ),
    MessageTemplate(
        "tf1-lengths-of-memory",
        "tf1",
        "1.2-1.15",
        "memory_sequence_length and memory tensor batch sizes do not match.",
        lambda found: Mismatch(
            "lengths",
            "batch_size",
            phrase("There must be one length for each sample of the encoder’s output."),
            causes=(cause("lengths", "tf1"),),
        ),
    ),
    *(
        MessageTemplate(
            f"tf1-batch-of-{id}",
            "tf1",
            "1.2-1.15",
            f"Non-matching batch sizes between the memory (encoder output) and {other}.",
            batch_of_memory,
        )
        for id, other in (("query", "the query (decoder output)"), ("cell-state", "initial_cell_state"))
    ),
    *(
        MessageTemplate(
            f"tf1-loss-of-{id}", "tf1", "1-2", text, partial(sequence_loss, tensor=tensor, expected=expected)
        )
        for id, text, tensor, expected in (
            ("logits", "Logits must be a [batch_size x sequence_length x logits] tensor", "output", 3),
            ("targets", "Targets must be a [batch_size x sequence_length] tensor", "target", 2),
            ("weights", "Weights must be a [batch_size x sequence_length] tensor", "mask", 2),
        )
    ),
    MessageTemplate(
        "tf1-lengths-of-loss",
        "tf1",
        "0.5-1",
        "Lengths of logits, weights, and targets must be the same {output:n}, {weights:n}, {target:n}.",
        number_of_targets,
    ),
    *(
        MessageTemplate(
            f"tensorflow-block-{weights}",
            "tf1",
            "0.11-2",
            f"{weights}.dim_size(0) != input_size + cell_size: {{got:n}} vs. {{expected:last}}",
            partial(rows_of_kernel, cell=cell),
            cells=(cell,),
        )
        for weights, cell in (("w", "lstm"), ("w_ru", "gru"), ("w_c", "gru"))
    ),
    *(
        MessageTemplate(
            f"tensorflow-block-columns-{weights}",
            "tf1",
            "0.11-2",
            f"{weights}.dim_size({axis}) != cell_size{times}: {{got:n}} vs. {{expected:last}}",
            partial(columns_of_kernel, cell=cell, tensor=tensor),
            cells=(cell,),
        )
        for weights, axis, times, cell, tensor in (
            ("w", 1, " * 4", "lstm", "kernel"),
            ("b", 0, " * 4", "lstm", "bias"),
            ("w_ru", 1, " * 2", "gru", "kernel"),
            ("w_c", 1, "", "gru", "kernel"),
            ("b_ru", 0, " * 2", "gru", "bias"),
            ("b_c", 0, "", "gru", "bias"),
        )
    ),
    *(
        template
        for name, tensor in STATES
        for template in (
            *(
                MessageTemplate(
                    f"tensorflow-block-{name}-{axis}",
                    "tf1",
                    "0.11-2",
                    f"{name}.dims({n}) != {size}: {{got:n}} vs. {{expected:last}}",
                    partial(state_of_fused_cell, tensor=tensor, axis=axis),
                    cells=("lstm", "gru") if tensor == "h_0" else ("lstm",),
                )
                for n, (axis, size) in enumerate((("batch_size", "batch_size"), ("num_units", "cell_size")))
            ),
            *(
                MessageTemplate(
                    f"tensorflow-block-{name}-{id}",
                    "tf1",
                    versions,
                    text,
                    partial(rank_of_fused_cell, tensor=tensor),
                )
                for id, versions, text in (
                    ("rank", "0.11-2", f"{name} must be 2D"),
                    ("number-of-axes", "2", f"{name} must be rank 2 but is rank {{got:last}}"),
                )
            ),
        )
    ),
    MessageTemplate(
        "tensorflow-block-x",
        "tf1",
        "0.11-2",
        "x must be 3D",
        lambda found: wrong_rank("x", 3, None, [cause(id, "tf1") for id in ("missing_axis", "missing_features_axis")]),
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-block-gru-rank",
        "tf1",
        "2",
        "Rank of h_prev must be 2, got {got:last}",
        partial(rank_of_fused_cell, tensor="h_0"),
        cells=("gru",),
    ),
    *(
        MessageTemplate(f"cudnn-{id}", "keras", "1-2 with cuDNN", text, partial(rank_in_cudnn, tensor=tensor))
        for id, tensor, text in (
            ("x-rank", "x", "RNN input must be a 3-D vector."),
            ("h-rank", "h_0", "RNN input_h must be a 3-D vector."),
        )
    ),
    *(
        MessageTemplate(
            f"cudnn-h-and-c{id}",
            "keras",
            versions,
            f"input_h and input_c must have the same shape{projection}: {{h:shape}} {{c:shape}}",
            c_of_cudnn,
            cells=("lstm",),
        )
        for id, versions, projection in (
            ("", "2 with cuDNN", " w/o projection"),
            ("-1", "1 with cuDNN", ""),
        )
    ),
    *(
        MessageTemplate(
            f"cudnn-{direction.lower()}{id}",
            "keras",
            versions,
            f"RNN{direction} with model config: [rnn_mode, rnn_input_mode, rnn_direction_mode]: {{modes:sizes}} ,"
            f" [num_layers, input_size, num_units, dir_count, {rest}]: [{{layers:n}}, {{features:n}}, {{units:n}},"
            " {directions:n}, {steps:n}, {batch:n}",
            failed_call,
        )
        for direction in ("Forward", "Backward")
        for id, versions, rest in (
            ("", "1.14-2 with cuDNN", "max_seq_length, batch_size, cell_num_units"),
            ("-2", "1.13-2 with cuDNN", "max_seq_length, batch_size"),
            ("-1", "1 with cuDNN", "seq_length, batch_size"),
        )
    ),
    MessageTemplate(
        "cudnn-missing", "keras", "1-2 with cuDNN", "Fail to find the dnn implementation", no_shape=WITHOUT_CUDNN
    ),
)
