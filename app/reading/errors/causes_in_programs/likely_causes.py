"""Which of the causes of a message a pasted program, or the line that failed, makes likely."""

import ast
import re
from collections.abc import Callable
from dataclasses import replace

from ....translations.phrases import phrase
from ...code.operations import Operation, with_two_operands
from ...facts_about_sizes import GATES, fact
from ..axes_of_arrays import AXES_OF_X, steps_in_order
from ..causes import cause
from ..code_lines.corrected_lines import Corrections
from ..code_lines.layers_and_operands import units_of, width_of
from ..code_lines.made_layers import CELLS_OF_FLAX
from ..code_lines.program_tree import ProgramTree
from ..framework_messages.message_template import Found
from ..framework_messages.outputs.sums_of_outputs import of_all_layers
from ..framework_messages.states.states import TAKEN_APART
from ..framework_messages.weights.flax_parameters import flax_parameter
from ..mismatch import Mismatch, Shape, batches_of, equal_sizes_needed, last_size, only_size, wrong_rank, wrong_shape
from ..sizes_of_data import batch_of_data
from .inputs.calls_with_data import call_of_loss
from .layers.layers_around import is_exchange
from .layers.stacked_layers import stacked
from .states.carries_of_flax import projected_part
from .weights.declared_weights import shape_of_other_kernel

OF_SERIES = ("missing_features_axis", "missing_axis")
"""The causes of an x with two axes, in their order for a series of single numbers."""

UNIVARIATE = re.compile(
    r"\bunivariate\b|\b(?:one|single) (?:feature|variable)\b|\bonly (?:one|a single) (?:feature|value)\b"
)
"""A text, in lower case, about a series of single numbers."""

STEPS = (
    r"\b(?:win(?:dow)?(?:_?(?:size|len\w{{0,3}}))?|look_?back|seq_?len\w{{0,4}}|(?:n_)?lags?"
    r"|(?:n_?|num_?|time_?)steps?)\s?=\s?{n}\b"
)
"""A line that says the number of steps, in lower case."""

UNUSED = re.compile(r"((?:self\.)?(\w{1,40}))\s?=\s?(?:\w{1,20}\.){0,2}Embedding\(")
"""A line that makes an embedding."""

OF_ENCODER = re.compile("return_carry|return_state|initial_carry=")
"""An encoder of Keras or Flax that returns its state, or a decoder that gets it."""

OTHER_CALL = re.compile(r"\.(predict|evaluate)\(")
"""A call of a model of Keras that trains nothing."""


PACKED = re.compile(r"pack_padded_sequence\(([^\n]{1,200})")

PADDED = re.compile(r"\bpad_sequence\(([^()\n]{1,100})\)")

BATCH_FIRST = re.compile(r"batch_first\s?=\s?True")

DOT = re.compile(r"^(?P<call>(?:\w+\.)?(?:dot|matmul)\()\s*(?P<a>[\w.\[\]'\"]{1,60}), (?P<b>[\w.\[\]'\"]{1,60})\)$")

AT = re.compile(r"^(?P<a>[\w.\[\]'\"]{1,60}) @ (?P<b>[\w.\[\]'\"]{1,60})$")


def _of_units(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights of the same cell with another number of units, which the program says, and not of another cell."""
    cell = found.cell
    if mismatch.first_cause != "other_cell" or not cell or not isinstance(mismatch.got, tuple):
        return mismatch
    if shape_of_other_kernel(found, mismatch)[:2] == mismatch.got[:2]:  # both kernels are those of another cell
        return mismatch
    rows = max((size or 0 for size in mismatch.got), default=0)
    units, rest = divmod(rows, GATES[cell])
    number = re.compile(rf"(?<![\w.]){units}(?![\w.])")
    if rest or not units or not any(map(number.search, found.program.code_lines)):
        return mismatch
    features = next((one.value for one in mismatch.facts if one.terms == (("features",),)), None)
    likely = cause("other_size", found.framework, cell=cell, units=units, features=features)
    return replace(mismatch, causes=(likely,))


def _of_embedding(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x of numbers of words, although the program makes an embedding, which it never calls."""
    call = next((one for one in found.program.calls if one.operands), None)
    is_of_x = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "features", "pytorch")
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    if not is_of_x or not call or expected is None or len(call.operands[0].axes) != 2:
        return mismatch
    sizes: Shape = tuple(size if isinstance(size, int) else None for size in call.operands[0].axes)
    unused = unused_embedding(found.program.source)
    if not unused or sizes[-1] not in (None, got):
        return mismatch
    facts = [
        *mismatch.facts,
        *(fact(name, size, "x") for name, size in zip(AXES_OF_X[:2], sizes, strict=True) if size),
    ]
    causes = [cause("unused_embedding", "pytorch", cell=found.cell)]
    return wrong_shape("x", "features", (sizes[0], expected), (sizes[0], got), causes, facts)


def unused_embedding(source: str) -> str:
    """The name of the only embedding that a source makes and never calls; "" without one."""
    names = [match.groups() for match in UNUSED.finditer(source)]
    unused = [whole for whole, name in names if len(re.findall(rf"\b{name}\b", source)) == 1]
    return unused[0] if len(names) == len(unused) == 1 else ""


def _of_series(found: Found, mismatch: Mismatch) -> Mismatch:
    """A series of single numbers, by the text or by the number of steps that the program says."""
    causes = {one.id: one for one in mismatch.causes}
    if not causes.keys() >= {*OF_SERIES} or len(shape := mismatch.shapes[1]) != 2:
        return mismatch
    text = found.surroundings.text
    if not UNIVARIATE.search(text) and not (shape[-1] and re.search(STEPS.format(n=shape[-1]), text)):
        return mismatch
    in_order = iter(OF_SERIES)
    likely = tuple(causes[next(in_order)] if one.id in OF_SERIES else one for one in mismatch.causes)
    known = zip(AXES_OF_X, (*shape, 1), strict=True)
    facts = (*mismatch.facts, *(fact(name, size, "x") for name, size in known if size))
    return replace(mismatch, causes=likely, facts=facts if likely[0].id == OF_SERIES[0] else mismatch.facts)


def _of_two_axes(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x of a model of Keras with two axes, of which nothing says whether the second one is that of steps."""
    ids, shape = [one.id for one in mismatch.causes[:2]], mismatch.shapes[1]
    is_unknown = sorted(ids) == sorted(OF_SERIES) and not any(one.terms == (("time_step",),) for one in mismatch.facts)
    if found.framework != "keras" or len(shape) != 2 or (shape[1] or 0) < 2 or mismatch.note or not is_unknown:
        return mismatch
    note = phrase(
        "The message does not say whether the {n} values of a sample are steps of a series or features of one step.",
        n=shape[1],
    )
    return replace(mismatch, note=note)


def _of_padding(found: Found, mismatch: Mismatch) -> Mismatch:
    """Sequences that were padded with time first, and are packed with batch_first=True; or another x that is packed so,
    which may have time first."""
    packed = PACKED.findall(found.code) or PACKED.findall(found.program.source)
    if mismatch.first_cause not in ("lengths", "packed_axis") or found.framework != "pytorch" or not packed:
        return mismatch
    if not all(map(BATCH_FIRST.search, packed)):
        return mismatch
    padded = [one for one in PADDED.findall(found.program.source) if not BATCH_FIRST.search(one)]
    if padded or (packed[0].startswith("pad") and not found.program.operations):
        steps, samples = only_size(mismatch.expected), only_size(mismatch.got)
        known = (("batch_size", samples), ("time_step", steps))
        facts = tuple(fact(name, size, "x") for name, size in known if size)
        return replace(mismatch, causes=(cause("padded_time_first", "pytorch"),), facts=facts)
    likely, *others = mismatch.causes
    return replace(mismatch, causes=(replace(likely, wrong=likely.fix, fix=likely.wrong), *others))


def _of_target(found: Found, mismatch: Mismatch) -> Mismatch:
    """One label for each sample, for a layer of Keras that returns every step: the steps differ from the classes, or in
    PyTorch, which compares from the last axis on, from the samples of a batch."""
    sizes = {only_size(mismatch.expected), only_size(mismatch.got)}
    calls = found.program.calls
    if (mismatch.tensor, mismatch.first_cause) != ("target", "target_shape") or None in sizes or not calls:
        return mismatch
    layer, axes = calls[-1].layer, calls[-1].operands[0].axes
    is_every_step = layer and layer.framework == "keras" and layer.setting("return_sequences") and len(axes) == 3
    if not is_every_step or axes[1] not in sizes or len(sizes) != 2:
        return mismatch
    steps = axes[1]
    (other,) = sizes - {steps}
    dense = [one.layer for one in found.program.operations if one.layer and one.layer.kind == "dense"]
    classes = units_of(dense[-1]) if dense else None
    samples = batch_of_data(found)
    is_of_samples = found.template.id == "pytorch-broadcast" and other == samples
    if classes is None or not (classes == other or is_of_samples):
        return mismatch
    causes = [cause("not_return_sequences", "keras", cell=found.cell), *mismatch.causes]
    shapes: tuple[Shape, Shape] = (samples, steps if isinstance(steps, int) else None, classes), (samples, classes)
    return replace(wrong_rank("target", 3, 2, causes, mismatch.facts, shapes), note=mismatch.note)


def _of_sequences(found: Found, mismatch: Mismatch) -> Mismatch:
    """Outputs of an encoder and a decoder that are joined along their units, although their steps differ."""
    if mismatch.first_cause != "other_steps" or mismatch.tensor != "output":
        return mismatch
    join = only_join(found)
    if not join or not all("output" in one.roles and one.axes[1:2] for one in join.operands):
        return mismatch
    steps = [one.axes[1] for one in join.operands]
    if not all(isinstance(one, int) for one in steps) or steps[0] == steps[1]:
        return mismatch
    return replace(mismatch, causes=(cause("other_sequence", "keras"),))


def only_join(found: Found) -> Operation | None:
    """The only operation of the program that joins two arrays."""
    joins = with_two_operands(found.program.operations, "join")
    return joins[0] if len(joins) == 1 else None


def _of_new_shape(found: Found, mismatch: Mismatch) -> Mismatch:
    """A new shape for one direction of an output with two."""
    shape, reshaped = mismatch.beside, found.program.reshape()
    units = shape[-1] if shape else None
    is_double = reshaped and units and reshaped.operands[0].axes[-1:] == (2 * units,)
    if mismatch.first_cause != "reshape_steps" or mismatch.tensor != "output" or not is_double or not units:
        return mismatch
    new, old = (", ".join(map(str, (*shape[:-1], size))) for size in (2 * units, units))
    likely = cause("reshape_directions", found.framework, new=new, old=old)
    return replace(mismatch, causes=(likely,))


def _of_factors(found: Found, mismatch: Mismatch) -> Mismatch:
    """A product of a column and a matrix in the wrong order: the vectors of the program are columns."""
    left, right = found.shape("left"), found.shape("right")
    is_column = len(left) == len(right) == 2 and left[1] == 1 != left[0] and right[1] == left[0]
    if mismatch.tensor not in ("x", "h_0") or not is_column or mismatch.axis not in ("features", "num_units"):
        return mismatch
    sentence = phrase(
        "The product sums over the last axis of its first factor, {inner}, and the first axis of its second factor,"
        " {outer}. {left} is a column, so the weights come first.",
        inner=left[1],
        outer=right[0],
        left=f"({left[0]}, {left[1]})",
    )
    fix = _exchanged(found.code)
    likely = cause("swapped_factors", "numpy")
    likely = replace(likely, wrong=found.code, fix=fix) if fix else likely
    is_simple = "tanh" in found.surroundings.text and "sigm" not in found.surroundings.text
    facts = (*mismatch.facts, *([fact("gates", GATES["rnn"], "tanh")] if is_simple else []))
    return replace(mismatch, axis="order", facts=facts, sentence=sentence, expected=None, got=None, causes=(likely,))


def _of_both_states(found: Found, mismatch: Mismatch) -> Mismatch:
    """The states of an encoder with two directions: an LSTM has two of them, which are joined in the same way."""
    if mismatch.first_cause != "encoder_directions" or found.cell != "lstm" or found.framework != "pytorch":
        return mismatch
    if "h_n" in found.surroundings.text and "c_n" not in found.surroundings.text:  # the encoder has only one of them
        return mismatch
    one, *others = mismatch.causes
    joined = one.fix.removeprefix("h_0 = ").replace("h_n", "s")
    both = replace(one, wrong="h_0, c_0 = h_n, c_n", fix=f"h_0, c_0 = ({joined} for s in (h_n, c_n))")
    return replace(mismatch, causes=(both, *others))


def _of_joined_states(found: Found, mismatch: Mismatch) -> Mismatch:
    """The state of an encoder with two directions, or with another number of units, for its decoder."""
    units, made = last_size(mismatch.expected), last_size(mismatch.got)
    if (mismatch.tensor, mismatch.first_cause) != ("h_0", "other_units") or not units or not made:
        return mismatch
    if found.template.read is flax_parameter:  # a cell of linen makes its weights for the carry of its encoder
        return mismatch
    if projected_part(found, mismatch) or _has_one_cell(found):
        return mismatch
    call = found.program.failed_call
    encoders = call.operands[1].layers if call else ()
    layers = encoders if found.framework == "pytorch" else [one.layer for one in found.program.calls if one.layer]
    is_of_both = any(one.setting("bidirectional") and width_of(one) == made for one in layers)
    is_unknown = found.framework == "keras" and not layers and found.surroundings.flag("bidirectional") is not False
    made_by = OF_PRODUCT.findall(found.surroundings.text)
    by_name = next((id for part, id in MAKERS.items() if made_by and re.search(part, made_by[-1])), "")
    if is_unknown and by_name and found.called:
        id = by_name
    elif is_unknown and not found.surroundings.has_bidirectional_wrapper and (made == 2 * units or _is_in_model(found)):
        id = "decoder_units"
    elif (made == 2 * units and is_unknown) or (is_of_both and (made == 2 * units or found.framework == "keras")):
        id = "joined_states"
    elif found.framework != "pytorch" and (OF_ENCODER.search(found.surroundings.original) or _calls_decoder(found)):
        id = "encoder_units"
    else:
        return mismatch
    likely = cause(id, found.framework, cell=found.cell, units=units, units_got=made)
    others = () if id == "encoder_units" and _calls_decoder(found) else mismatch.causes
    return replace(mismatch, causes=(likely, *others))


def _has_one_cell(found: Found) -> bool:
    """Whether a program of Flax makes one recurrent cell, of which no line returns the carry: it has no encoder."""
    tree = found.program.tree
    is_shown = bool(tree.imported) and all(map(tree.nodes_in, tree.frames))
    cells = tree.calls_of(*CELLS_OF_FLAX) if found.framework == "flax" and is_shown else []
    return len(cells) == 1 and "return_carry" not in found.program.source and not _calls_decoder(found)


CALL_OF_MODEL = re.compile(r"\.(?:fit|train_on_batch|predict|evaluate)\(")


def _is_in_model(found: Found) -> bool:
    """Whether a layer of Keras failed in the call of a model, so that no line shows how its state is made."""
    return bool(found.called) and "cell" not in found.called and CALL_OF_MODEL.search(found.code) is not None


def _calls_decoder(found: Found) -> bool:
    """Whether a line of the traceback gives a decoder what an encoder returns."""
    return any(map(DECODES.search, found.program.tree.frames))


DECODES = re.compile(r"\bdec\w{0,20}\([^()\n]{0,60}\b(?:self\.)?enc\w{0,20}\(")

OF_PRODUCT = re.compile(r"\{\{node [\w./]{1,150}matmul_1\}\}[^()\n]{0,300}\(([\w./:-]{1,150}),")
"""What TensorFlow names as the state in the product with the recurrent kernel, in lower case."""

MAKERS = {"/concat": "joined_states", r"(?:lstm|gru|rnn|enc)\w*/while": "encoder_units"}
"""A part of the name of a state in a graph of TensorFlow -> the cause: a join, or the loop of a layer."""


TRAINED = ("fit", "fit_generator", "train_on_batch", "load_model", "load_weights", "set_weights")
"""What gives a model of Keras the weights of a training."""


def _of_other_call(found: Found, mismatch: Mismatch) -> Mismatch:
    """Data with other columns than those with which a model of Keras was trained."""
    is_of_features = (mismatch.tensor, mismatch.axis, mismatch.first_cause) == ("x", "features", "other_features")
    if found.framework != "keras" or not is_of_features or not (call := OTHER_CALL.search(found.code)):
        return mismatch
    likely = cause("other_columns", "keras", call=call[1], expected=last_size(mismatch.expected))
    if found.program.made_layers and not found.program.tree.calls_of(*TRAINED):  # no data has other columns
        return replace(mismatch, causes=(*mismatch.causes, likely))
    others = mismatch.causes[1:] if found.surroundings.fits_model else mismatch.causes
    return replace(mismatch, causes=(likely, *others))


def _of_prediction(found: Found, mismatch: Mismatch) -> Mismatch:
    """A call that names another batch than that for which a model of Keras was made, or that gets an array which the
    program makes with fewer samples."""
    if mismatch.first_cause != "last_batch" or found.framework != "keras":
        return mismatch
    batch, got = batches_of(mismatch)
    if not re.search(rf"\bbatch_size\s?=\s?{got}\b", found.code) and not _is_made_with(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("other_batch", "keras", batch_size=batch), *mismatch.causes[1:]))


def _is_made_with(found: Found, mismatch: Mismatch) -> bool:
    """Whether the program makes an array with the shape that a message says x to have."""
    tree, got = found.program.tree, mismatch.got
    made = (tree.shape_made(one) for one in tree.calls if tree.is_maker(one))
    return isinstance(got, tuple) and len(got) > 1 and got in made


def _of_nnx(found: Found, mismatch: Mismatch) -> Mismatch:
    """The carry of a cell of Flax's nnx, which takes other arguments than one of linen."""
    if found.framework != "flax" or not found.surroundings.is_nnx:
        return mismatch
    linen, nnx = "initialize_carry(key, x_t.shape)", "initialize_carry(x_t.shape, rngs)"
    return replace(mismatch, causes=tuple(replace(one, fix=one.fix.replace(linen, nnx)) for one in mismatch.causes))


def _of_first_axis(found: Found, mismatch: Mismatch) -> Mismatch:
    """A layer that takes the steps for the batch, which the program puts first."""
    expected, got = mismatch.expected, mismatch.got
    of_batch = "batch_size", "pytorch", "batch_first"
    is_of_batch = (mismatch.axis, found.framework, mismatch.first_cause) == of_batch
    if not is_of_batch or not isinstance(expected, tuple) or not isinstance(got, tuple) or len(got) != 3:
        return mismatch
    steps, batch = expected[1], got[1]
    call = found.program.failed_call
    is_of_other_layer = call and call.layer and call.layer.setting("batch_first")  # which has made the state
    if not steps or not batch or not found.code or is_of_other_layer:
        return mismatch
    axes = [one.operands[0].axes for one in found.program.failed_calls if one.operands]
    fitting = [one for one in axes if len(one) == 3 and one[1] in (None, steps)]
    if any(isinstance(one[0], int) and one[0] != batch for one in fitting):  # which is not the batch either
        return replace(mismatch, causes=mismatch.causes[1:] or mismatch.causes)
    others = (one for one in mismatch.facts if one.terms != (("batch_size",),))
    facts = (*others, fact("batch_size", batch, "x"), fact("time_step", steps, "x"))
    return replace(mismatch, facts=facts)


def _of_kept_state(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state that a network keeps in an attribute for the next batch."""
    call = found.program.failed_call
    state = call.operands[1].node if call else None
    is_kept = isinstance(state, ast.Attribute) and found.program.tree.may_be_none(state)
    if mismatch.first_cause not in ("last_batch", "other_batch") or not is_kept:
        return mismatch
    return replace(mismatch, causes=(cause("kept_state", found.framework), *mismatch.causes))


def _of_layer_below(found: Found, mismatch: Mismatch) -> Mismatch:
    """A layer below, in the program, that certainly returns only its last step."""
    is_certain = mismatch.first_cause == "return_sequences" and stacked(found) is not None
    return replace(mismatch, causes=mismatch.causes[:1]) if is_certain else mismatch


def _of_exchanged_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x whose features the program certainly has before its steps."""
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    if mismatch.first_cause != "features_first" or expected is None or got is None:
        return mismatch
    shapes = {one.operands[0].axes for one in found.program.failed_calls if one.operands}
    axes = shapes.pop() if len(shapes) == 1 else ()
    if len(axes) != 3 or axes[1:] != (expected, got):
        return mismatch
    first = axes[0] if isinstance(axes[0], int) else None
    order = steps_in_order(not _are_time_first(found))
    facts = [fact(name, size, "x") for name, size in zip(order, (first, got), strict=True) if size]
    facts += mismatch.facts
    return wrong_shape("x", "order", (first, got, expected), (first, expected, got), mismatch.causes[:1], facts)


def _are_time_first(found: Found) -> bool:
    """Whether the layers in the line that failed certainly take the steps first."""
    layers = [one.layer for one in found.program.failed_calls if one.layer and one.layer.framework == "pytorch"]
    return bool(layers) and all(one.setting("batch_first") is False for one in layers)


def _of_kept_transposition(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x whose last two axes the program has exchanged, and not exchanged back, before it calls a layer."""
    causes = {one.id: one for one in mismatch.causes}
    if not causes.keys() >= {"features_first"} or mismatch.first_cause == "features_first":
        return mismatch
    x = {id(one.operands[0].node): one.operands[0].node for one in found.program.failed_calls if one.operands}
    node = next(iter(x.values())) if len(x) == 1 else None
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    if expected is None or got is None or not isinstance(node, ast.Name):
        return mismatch
    if not _exchanges(found.program.tree, node) % 2:
        return mismatch
    batch = found.network.batch_size if found.network else None
    likely = (causes.pop("features_first"), *causes.values())
    facts = [fact("time_step", got, "x"), *mismatch.facts]
    return wrong_shape("x", "order", (batch, got, expected), (batch, expected, got), likely, facts)


def _exchanges(tree: ProgramTree, x: ast.Name) -> int:
    """How often the function of a name exchanges its last two axes before its line."""
    count, node = 0, tree.assigned(x)
    for _ in range(MOST_LINKS):
        if node is None or isinstance(node, (ast.BinOp, ast.Subscript)):
            break
        calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
        count += sum(is_exchange(one) for one in calls)
        names = {one.id: one for call in calls for one in (*call.args, _receiver(call)) if isinstance(one, ast.Name)}
        own = [one for one in names.values() if tree.function_of(one) and tree.is_assigned_before(one)]
        node = tree.assigned(own[0]) if len(own) == 1 else None
    return count


MOST_LINKS = 6
"""Lines in which an array gets its name again."""


def _receiver(call: ast.Call) -> ast.expr | None:
    """The object whose method a call calls."""
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _of_known_axes(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x with another number of axes than the layer that failed takes, whose sizes the program says."""
    shapes = {one.operands[0].axes for one in found.program.failed_calls if one.operands}
    axes = shapes.pop() if len(shapes) == 1 else ()
    is_of_rank = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "rank", "pytorch")
    if not is_of_rank or mismatch.shapes[1] or len(axes) != mismatch.got or not found.program.is_whole:
        return mismatch
    sizes = tuple(one if isinstance(one, int) else None for one in axes)
    return replace(mismatch, shapes=(mismatch.shapes[0], sizes))


def _of_one_state(found: Found, mismatch: Mismatch) -> Mismatch:
    """One state with all its axes, which an LSTM takes apart for the pair of its states."""
    call = found.program.failed_call
    axes = call.operands[1].axes if call else ()
    if mismatch.first_cause != "h_for_h_c" or len(axes) != 3:
        return mismatch
    return replace(mismatch, sentence=TAKEN_APART, causes=mismatch.causes[:1], is_of_equals=True)


def _of_equal_arrays(found: Found, mismatch: Mismatch) -> Mismatch:
    """Two arrays of which the first cause says that either may have its axes in another order."""
    expected, got = mismatch.expected, mismatch.got
    if not isinstance(expected, tuple) or not isinstance(got, tuple):
        return mismatch
    if mismatch.first_cause != "time_first" or not len(expected) == len(got) == 1:
        return mismatch
    return replace(mismatch, sentence=equal_sizes_needed(expected[0], got[0]), is_of_equals=True)


def _of_longer_output(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output with an axis of size 1 that the target lacks: the output loses it."""
    expected, got = mismatch.shapes
    is_of_target = mismatch.tensor == "target" and mismatch.first_cause == "target_axis"
    if not is_of_target or expected != (*got, 1) or not call_of_loss(found):
        return mismatch
    return wrong_rank("output", len(got), len(expected), mismatch.causes, mismatch.facts, (got, expected))


def _of_longer_target(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with an axis of size 1 that the output lacks: in the general line the target loses it."""
    expected, got = mismatch.shapes or ((), ())
    is_of_target = mismatch.tensor == "target" and mismatch.first_cause == "target_axis"
    if found.framework != "pytorch" or not is_of_target or got != (*expected, 1):
        return mismatch
    return replace(mismatch, causes=(cause("target_axis", "pytorch target"), *mismatch.causes[1:]))


def _exchanged(code: str) -> str:
    """A product with its factors in the other order; "" if it is none of two names."""
    if dot := DOT.match(code.strip()):
        return f"{dot['call']}{dot['b']}, {dot['a']})"
    return f"{at['b']} @ {at['a']}" if (at := AT.match(code.strip())) else ""


def _of_pair_in_attention(found: Found, mismatch: Mismatch) -> Mismatch:
    """h in attention, taken out of the pair of an LSTM as it is: the state of all layers, with no axis of steps."""
    states = {*H_OF_PAIR.findall(found.code)}
    if mismatch.first_cause != "attention_axis" or (found.framework, found.cell) != ("pytorch", "lstm"):
        return mismatch
    if len(states) != 1 or found.code.count(h := states.pop()) != 1:
        return mismatch
    of_layers, fix = of_all_layers("attention_axis"), found.code.replace(h, f"{h}[-1].unsqueeze(1)")
    likely = (replace(one, wrong=found.code, fix=fix, is_own=True) for one in of_layers.causes)
    return replace(of_layers, causes=tuple(likely), note=mismatch.note)


H_OF_PAIR = re.compile(r"(?<![\w.])(?:self\.)?(?:\w{1,20}_)?(?:hiddens?|states?)\[0\](?!\s?[\[.])")
"""The first of two states."""


Rule = Callable[[Found, Mismatch], Mismatch]
"""What the program says about the causes of a mismatch."""

CorrectionRule = Callable[[Found, Mismatch], Corrections]
"""The lines of the program that a cause corrects; () if that is not certain."""

RULES: tuple[Rule, ...] = (
    _of_units,
    _of_embedding,
    _of_series,
    _of_two_axes,
    _of_padding,
    _of_target,
    _of_sequences,
    _of_new_shape,
    _of_factors,
    _of_both_states,
    _of_joined_states,
    _of_other_call,
    _of_prediction,
    _of_first_axis,
    _of_kept_state,
    _of_nnx,
    _of_layer_below,
    _of_exchanged_x,
    _of_kept_transposition,
    _of_known_axes,
    _of_one_state,
    _of_equal_arrays,
    _of_longer_output,
    _of_longer_target,
    _of_pair_in_attention,
)
"""What the program says about the causes."""
