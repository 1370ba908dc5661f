"""Messages about initial states: h_0 and c_0."""

import ast
import re
from dataclasses import replace
from functools import partial

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES, Fact, fact
from ...causes import batch_id, cause
from ...code_lines.program_nodes import name_of
from ...mismatch import Cause, Mismatch, NoShapeError, of_unknown_arrays, wrong_rank, wrong_shape, wrong_size
from ...surroundings import Surroundings, is_recurrent
from ..message_template import Found, MessageTemplate
from ..operations.indices_and_expands import entry_of_state
from ..outputs.pairs_of_output_and_states import number_of_states_differs, pair_of_states
from .causes_of_states import AXES, HIDDEN, causes_of_rank, causes_of_sizes, numbers

IS_LSTM = fact("gates", GATES["lstm"], "LSTM")


def state(found: Found, tensor: str, is_lstm: bool = False) -> Mismatch:
    """A state whose shape is not the one that follows from the layer and from x."""
    expected, got = found.shape("expected"), found.shape("got")
    is_projected = tensor == "h_0" and bool(found.surroundings.number("proj_size"))
    parts, batch, _ = AXES
    units = "num_proj" if is_projected else "num_units"
    axes = (parts, batch, units) if len(expected) == len(AXES) else (parts, units)
    facts = [fact(axis, size, tensor) for axis, size in zip(axes, expected, strict=False) if size]
    if is_lstm:
        facts.append(IS_LSTM)
    if found.framework == "onnx":
        facts.append(fact("num_layers", 1, "ONNX"))
    if len(got) != len(expected):
        causes = causes_of_rank(found, tensor, expected, got, is_lstm)
        return wrong_rank(tensor, len(expected), len(got), causes, facts, (expected, got))
    if tensor == "h_0" and found.surroundings.names_projection:
        axes = (*axes[:-1], "num_proj")
        facts = [*facts[: len(axes) - 1], *([fact("num_proj", expected[-1], tensor)] if expected[-1] else [])]
        facts += [IS_LSTM] if is_lstm else []
    both = found.program.is_bidirectional(expected[0] or 0, expected[-1] or 0) if len(expected) == len(AXES) else None
    facts += [fact("directions", 1 + both, "program")] if both is not None else []
    differing = [axis for axis, want, size in zip(axes, expected, got, strict=False) if want != size]
    is_swapped = len(differing) == 2 and got == (expected[1], expected[0], *expected[2:])
    axis = "order" if is_swapped else next(iter(differing), None)
    likely = [*causes_of_sizes(found, tensor, expected, got, is_swapped)]
    mismatch = wrong_shape(tensor, axis, expected, got, likely, facts)
    if tensor == "h_0" and axis == "num_units" and any(one.id == "projected_state" for one in likely):
        note = phrase("{n} is num_units, or num_proj if the layer has a projection.", n=expected[-1])
        return replace(mismatch, note=note)
    return mismatch


def number_of_axes(found: Found, expected: int, tensors: tuple[str, ...]) -> Mismatch:
    """States with another number of axes than x has. ``tensors``: those of the message, in its order."""
    numbers = [found.number(tensor) for tensor in tensors]
    tensor = next((tensor for tensor, n in zip(tensors, numbers, strict=True) if n != expected), tensors[0])
    ids = []
    if found.number(tensor) < expected:
        ids = ["unsqueeze", "h_for_h_c"] if numbers == [2, 2] else ["unsqueeze"]
        if found.surroundings.passes_one_state and len(ids) == 2:
            ids.reverse()
    elif expected == 2 and (found.program.lacks_steps() or found.program.gets_one_step()):
        return wrong_rank("x", 3, 2, [cause("missing_axis", "pytorch")])
    elif expected == 2 and OF_SAMPLES.search(found.surroundings.text) and not found.program.is_one_sample():
        is_series = found.program.sizes_of_layer(found.cell).get("features") == 1
        of_x = ("missing_features_axis", "missing_axis") if is_series else ("missing_axis", "missing_features_axis")
        return wrong_rank("x", 3, 2, [cause(id, "pytorch") for id in of_x])
    facts = [IS_LSTM] if len(tensors) == 2 else []
    if expected == 2 and found.number(tensor) > expected:
        sentence = phrase("The initial state has 3 axes, one of them the batch, but the input x has only 2.")
        return replace(wrong_rank("x", 3, 2, [unbatched(found)], facts), sentence=sentence)
    likely = [cause(id, "pytorch", state=tensor) for id in ids]
    mismatch = wrong_rank(tensor, expected, found.number(tensor), likely, facts)
    return replace(mismatch, sentence=TAKEN_APART, is_of_equals=True) if ids[:1] == ["h_for_h_c"] else mismatch


TAKEN_APART = phrase(
    "An LSTM gets two states, (h_0, c_0), but got one array, which it took apart along its first axis."
)


def unbatched(found: Found) -> Cause:
    """An array of PyTorch that lacks the batch."""
    first = found.surroundings.flag("batch_first")
    note = "" if first is not None else "  # unsqueeze(0) with batch_first"
    return cause("unbatched", "pytorch", batch_axis=0 if first else 1, note=note)


OF_SAMPLES = re.compile(
    r"\b(?:new_)?(?:zeros|ones|randn?|empty)\(\(?[^()\n]{1,40},\s?(?:\w{1,40}\.size\(0\)|\w{1,40}\.shape\[0\]|len\(\w{1,40}\)),"
)
"""A state that is made for as many samples as an array has: the first axis of x is the batch."""


def too_few_states(found: Found) -> Mismatch:
    """A state of a packed sequence with fewer entries than the layer has layers and directions."""
    around, sizes = found.surroundings, found.program.layers_and_states()
    is_bidirectional = around.flag("bidirectional") is not False
    ids = ("directions", "layers") if is_bidirectional else ("layers",)
    parts, got = sizes or ("num_layers", None)
    values: dict[str, int | str | None] = {"state": "h_0", "parts": parts, "batch_axis": 1, "parts_got": got}
    unknown = {"units": "hidden_size", "units_got": "hidden_size", "batch_made": "batch_size", "note": ""}
    causes = tuple(cause(id, "pytorch", **values, **unknown) for id in ids)
    if sizes:
        return wrong_size("h_0", HIDDEN, *sizes, causes)
    sentence = phrase("The initial state has too few entries in its first axis, that of layers and directions.")
    return Mismatch("h_0", HIDDEN, sentence, causes=causes)


def state_of_a_step(found: Found) -> Mismatch:
    """A state of a cell with another number of axes than one or two."""
    got, tensor = found.number("got"), _state_of(found)
    causes = [cause("squeeze", "cell", state=tensor)] if got == 3 else []
    return wrong_rank(tensor, 2, got, causes, _cell_facts(found))


def batch_of_a_step(found: Found) -> Mismatch:
    """A state of a cell with another batch than x_t."""
    expected, got = found.number("expected"), found.number("got")
    is_first_sample = found.cell == "lstm" and any(units == got for _, units in found.surroundings.made_sizes)
    is_index = ONE_INDEX.search(found.code) is not None  # of a step, or of a sample
    of_index = ["step_axis"] if is_index and expected > 1 < got else []
    id = batch_id(expected, got)
    of_batch = [id, *of_index] if id == "last_batch" else [*of_index, id]
    ids = [*(["h_for_h_c"] if is_first_sample else []), *of_batch]  # hx[0] is h of the first sample
    likely = [cause(id, "cell", batch_got=got) for id in ids]
    facts = [*([] if of_index else [fact("batch_size", expected, "x")]), *_cell_facts(found)]
    return wrong_size(_state_of(found), "batch_size", expected, got, likely, facts)


ONE_INDEX = re.compile(r"\w\(\s?\w{1,40}\[[a-z_]\w{0,12}\]\s?,")
"""The call of a cell with an entry of the first axis of an array."""


def units_of_a_step(found: Found) -> Mismatch:
    """A state of a cell with another number of units than the cell."""
    expected, got = found.number("expected"), found.number("got")
    facts = [fact("num_units", expected, "recurrent kernel"), *_cell_facts(found)]
    likely = cause("other_units", "cell", units=expected, units_got=got)
    return wrong_size(_state_of(found), "num_units", expected, got, [likely], facts)


def _state_of(found: Found) -> str:
    """The state with the index of the message."""
    return "c_0" if found.text("i") == "1" else "h_0"


def _cell_facts(found: Found) -> list[Fact]:
    """Only an LSTM has a second state."""
    return [IS_LSTM] if _state_of(found) == "c_0" or found.cell == "lstm" else []


def joined_with_x(found: Found) -> Mismatch:
    """x and h of a cell of TensorFlow 1, which are concatenated in each step."""
    x, h = found.shape("x"), found.shape("h")
    if len(x) != 2 or len(h) != 2 or x[0] == h[0] or None in (*x, *h) or not IN_CELL.search(found.surroundings.text):
        return of_unknown_arrays()
    (expected, features), (got, units) = numbers(x), numbers(h)
    if IN_WRAPPER.search(found.surroundings.text):  # the attention of the last step is joined, not h
        return wrong_size("h_0", "batch_size", expected, got, [cause(batch_id(expected, got), "tf1")])
    facts = [fact("batch_size", expected, "x"), fact("features", features, "x"), fact("num_units", units, "h")]
    likely = cause(batch_id(expected, got), "tf1")
    return wrong_size("h_0", "batch_size", expected, got, [likely], facts)


def joined_in_graph(found: Found) -> Mismatch:
    """x and h of a cell of TensorFlow 1, or of a ConvLSTM, which it joins along the last axis while it makes the
    graph."""
    x, h = found.shape("x"), found.shape("h")
    operation = found.text("operation")
    if (len(x), len(h)) == (2, 1) and IN_RECURRENT_MODEL.search(operation) and INITIAL.search(found.surroundings.text):
        return wrong_rank("h_0", 2, 1, [cause("state_without_batch", found.framework)], shapes=(x[:1] + h, h))
    if not IN_OWN_CELL.search(operation) or not x or not h:
        raise NoShapeError()
    if len(x) == len(h) == 2 and None not in (x[0], h[0]):
        return joined_with_x(replace(found, surroundings=Surroundings(operation)))
    if len(x) == len(h) == IMAGE_AXES and x[1:-1] != h[1:-1]:
        return wrong_shape("h_0", None, (*x[:-1], h[-1]), h, [cause("state_of_image", found.framework)])
    return of_unknown_arrays()


IMAGE_AXES = 4
"""The axes of a step of a ConvLSTM: batch, rows, columns and channels."""

IN_OWN_CELL = re.compile(r"_cell/concat|(?:lstm|gru|rnn)cell/(?:conv/)?concat")
"""The name of the operation that joins x and h, also in a cell of one's own, in lower case. A network with such a name
may join other arrays."""

IN_RECURRENT_MODEL = re.compile(rf"{IN_OWN_CELL.pattern}|recurrent\w{{0,20}}/(?:\w{{1,40}}/)?concat")
"""The same, also in a model that wraps a cell."""

INITIAL = re.compile(r"initial_states?\b")

IN_WRAPPER = re.compile(r"attention_wrapper(?:_\d{1,2})?/concat")
IN_CELL = re.compile(rf"_cell/concat|(?:lstm|gru|rnn)cell/concat|{IN_WRAPPER.pattern}")
"""The name of the operation that joins x and h, in lower case."""


def batch_of_attention(found: Found) -> Mismatch:
    """A state of a decoder with attention for another batch than that of the encoder."""
    sentence = phrase("The state of the decoder was requested for another batch_size than the encoder’s output has.")
    return Mismatch("h_0", "batch_size", sentence, causes=(cause("other_batch", "tf1"),))


def batch_of_a_stateful_layer(found: Found) -> Mismatch:
    """An x with another batch than the states that a layer has kept."""
    expected, got = found.number("expected"), found.number("got")
    likely = cause(batch_id(got, made_for=expected), "keras", batch_size=expected, batch_of_x=got)
    return wrong_size("x", "batch_size", expected, got, [likely], [fact("batch_size", expected, "states")])


def list_of_another_batch(found: Found) -> Mismatch:
    """An x whose steps TensorFlow puts into a list that was made for another batch."""
    expected, got = found.shape("expected"), found.shape("got")
    scope = SCOPE_OF_LIST.search(found.before[-LONGEST_SCOPE:] + found.after[:LONGEST_SCOPE])
    is_elsewhere = scope and scope[1] and not IN_SCOPE_OF_LAYER.search(scope[1])
    is_other = is_elsewhere or OWN_LIST.search(found.surroundings.text)
    if is_other or len(expected) != 2 or len(got) != 2 or None in (*expected, *got) or expected[1] != got[1]:
        return of_unknown_arrays()
    (batch, features), (batch_got, _) = numbers(expected), numbers(got)
    is_of_x = found.template.id == "keras-2-list"  # or of what a cell returns
    facts = [fact("batch_size", batch, "states"), *([fact("features", features, "x")] if is_of_x else [])]
    likely = cause(batch_id(batch_got, made_for=batch), "keras", batch_size=batch, batch_of_x=batch_got)
    return wrong_size("x", "batch_size", batch, batch_got, [likely], facts)


def batch_of_kept_states(found: Found) -> Mismatch:
    """Two batches in a layer of TensorFlow 1: that of x and that of its states, in an order that depends on the
    operation."""
    left, right = found.shape("left"), found.shape("right")
    is_in_layer = IN_SCOPE_OF_LAYER.search(found.text("operation"))
    if not is_in_layer or len(left) != 2 or len(right) != 2 or left[1] != right[1] or None in (left[0], right[0]):
        return of_unknown_arrays()
    sentence = phrase(
        "Two batches differ, {left} and {right}: that of x and that of the states.", left=left[0], right=right[0]
    )
    batch = max(left[0] or 0, right[0] or 0)
    return Mismatch("x", "batch_size", sentence, causes=(cause("last_batch", "keras", batch_size=batch),))


SCOPE_OF_LIST = re.compile(
    r"(?:tensorarray|node)((?:[\w.]{1,40}/){0,8}?)(?:tensorarrayunstack\w{0,4}/)?tensor(?:array|list)"
)
"""The scope of a list of TensorFlow, in the folded text; "" in the function of a layer."""

LONGEST_SCOPE = 200
"""Characters before and after a message in which it is looked for."""

OWN_LIST = re.compile(r"\bmap_fn\(|\btf\.(?:scan|tensorarray)\(")
"""A list of steps that no recurrent layer makes, in lower case."""

IN_SCOPE_OF_LAYER = re.compile(r"(?:lstm|gru|rnn)\w{0,40}/")
"""The name of an operation in a recurrent layer, in lower case."""


def samples_of_a_stateful_layer(found: Found) -> Mismatch:
    """Samples that are no whole batches, for a layer that keeps its states: often the last batch is a smaller one."""
    n, batch_size = found.number("got"), found.number("expected")
    sentence = phrase("The number of samples, {n:,}, is no multiple of batch_size.", n=n)
    id = batch_id(n, made_for=batch_size) if n < batch_size else "last_batch"
    likely = cause(id, "keras", batch_size=batch_size or "batch_size")
    facts = (fact("batch_size", batch_size, "states"),) if batch_size else ()
    return Mismatch("x", "batch_size", sentence, causes=(likely,), facts=facts)


SAMPLES = (
    "In a stateful network, you should only pass inputs with a number of samples that can be divided by the batch size."
    " Found: {got:n} samples"
)


def no_batch_size(found: Found) -> Mismatch:
    """An x whose batch size is not known when the model is built."""
    *_, features = found.shape("shape") or (None,)
    sentence = phrase("The framework needs a fixed batch_size, and that of x is not known.")
    facts = [fact("features", features, "x")] if features else []
    return Mismatch(
        "x", "batch_size", sentence, None, None, (cause("static_batch", "keras", features=features),), (*facts,)
    )


def no_batch_size_in_keras_2(found: Found) -> Mismatch:
    """The same in Keras 1 and 2, whose first layer may say the shape of x, unless a text shows no such layer."""
    is_of_tensorflow = found.template.id == "keras-2-stateful" and not STANDALONE.search(found.before)
    if is_of_tensorflow and not INPUT_SHAPE.search(found.code):
        return no_batch_size(found)
    likely = cause("static_input_shape", "keras", cell=found.cell)
    if given := INPUT_SHAPE.search(found.code):
        fix = f"{found.code[: given.start()]}batch_input_shape=(batch_size, {found.code[given.end() :]}"
        likely = replace(likely, wrong=found.code, fix=fix)
    return replace(no_batch_size(found), causes=(likely,))


STANDALONE = re.compile(r"packages[\\/]keras[\\/]layers[\\/]recurrent\.py")
"""The path of a layer in Keras before it was a part of TensorFlow, in the folded text."""

INPUT_SHAPE = re.compile(r"(?<!\w)input_shape\s?=\s?\((?=[^\n]{0,200}\)$)")
"""The beginning of the shape of x in a whole line that makes a layer of Keras."""


def exported_batch(found: Found) -> Mismatch:
    """A state whose batch the export may fix. PyTorch warns of it for any batch, with or without dynamic axes."""
    note = phrase(
        "This is a warning, no error: a model that is exported with dynamic_axes for the batch can run with others."
    )
    sentence = phrase("The exported model may keep the batch_size of its initial state, and run with this one only.")
    is_time_first = found.surroundings.flag("batch_first") is False
    likely = cause("exported_batch", "pytorch", one_sample="[:, :1]" if is_time_first else "[:1]")
    return Mismatch("h_0", "batch_size", sentence, causes=(likely,), note=note, is_warning=True)


def states_of_keras(found: Found) -> Mismatch:
    """Initial states whose shapes Keras lists, and the units of each state that the cell has."""
    got = [int(units) for units in re.findall(r"shape=\([^()]*?(\d{1,9})\)", found.text("got"))]
    expected = numbers(found.shape("expected")) or [found.number("units")]
    n = len(got) or found.text("got").count("inputspec")  # Keras 2.0 does not write their shapes
    if n != len(expected):
        return wrong_number_of_states(found, len(expected), n)
    if not got:
        return wrong_size("h_0", "num_units", expected[0], None, [cause("other_units", "keras", units=expected[0])])
    pairs = zip(("h_0", "c_0"), expected, got, strict=False)
    tensor, units, size = next((pair for pair in pairs if pair[1] != pair[2]), ("h_0", expected[0], got[0]))
    facts = [fact("num_units", units, "recurrent kernel"), *([IS_LSTM] if len(expected) == 2 else [])]
    return wrong_size(tensor, "num_units", units, size, [cause("other_units", "keras", units=units)], facts)


def number_of_states(found: Found) -> Mismatch:
    """Another number of initial states than the layer has."""
    return wrong_number_of_states(found, found.number("expected"), found.number("got"))


def kept_state(found: Found, tensor: str) -> Mismatch:
    """A state that a program gives a layer of Keras to keep, as ``reset_states`` does, and that has another shape. Some
    versions write a variable with all its values for the number of units."""
    batch, after = found.number("batch"), FOUND_STATE.search(found.after)
    got = replace(found, values={"got": after[2] if after else ""}).shape("got")
    units = int(after[1]) if after and after[1] else None
    facts = [fact(axis, n, tensor) for axis, n in (("batch_size", batch), ("num_units", units)) if n]
    if not got or None in got:
        raise NoShapeError()
    if len(got) != 2:
        return wrong_rank(tensor, 2, len(got), (), facts, ((batch, units), got))
    likely = cause(batch_id(batch, made_for=got[0] or 0) if got[0] != batch else "other_units", "keras")
    likely = replace(likely, wrong="", fix=f"{tensor[0]} = np.zeros(({batch}, {units or 'num_units'}), 'float32')")
    if got[0] != batch:
        return wrong_size(tensor, "batch_size", batch, got[0], [likely], facts)
    return wrong_shape(tensor, "num_units", (batch, units), got, [likely], facts)


FOUND_STATE = re.compile(r"^(?:(\d{1,9})\))?.*?foundshape=\(([\d,none]{0,80})\)")
"""The number of units, if it is said, and the given shape, after the batch of a state; in the folded text."""


def wrong_number_of_states(found: Found, expected: int, got: int) -> Mismatch:
    """Another number of initial states than a layer of Keras has."""
    sentence = number_of_states_differs(expected, got)
    is_bidirectional = _has_both_directions(found)
    is_lstm_without_c = (expected, got) == (2, 1) and not is_bidirectional
    of_cells = "state_of_each_cell" if found.called.endswith("cell") else "number_of_states"
    ids = ("h_for_h_c", of_cells) if is_lstm_without_c else ("number_of_states",)
    return Mismatch(
        "c_0" if is_lstm_without_c else "h_0",
        None,
        sentence,
        (expected,),
        (got,),
        tuple(cause(id, "keras", expected=expected * (2 if is_bidirectional else 1)) for id in ids),
        (IS_LSTM,) if is_lstm_without_c else (),
    )


def _has_both_directions(found: Found) -> bool:
    """Whether a layer with two directions may get the initial states: not if the program gives them only to others."""
    if not found.surroundings.has_bidirectional_wrapper:
        return False
    tree = found.program.tree
    layers = [one.func for one in tree.calls if tree.keywords(one, "initial_state")]
    made = [one if isinstance(one, ast.Call) else tree.assigned(one) for one in layers]
    return not made or any(not isinstance(one, ast.Call) or not is_recurrent(name_of(one).lower()) for one in made)


def states_of_two_directions(found: Found) -> Mismatch:
    """Another number of initial states than both directions have."""
    sentence = phrase("The layer has two directions, each of which has its own initial states.")
    expected = 2 * (2 if found.cell == "lstm" else 1)
    return Mismatch("h_0", None, sentence, causes=(cause("number_of_states", "keras", expected=expected),))


def unpacked_carry(found: Found) -> Mismatch:
    """h passed to an LSTM of Flax for (c, h): it unpacks the samples of h."""
    sentence = phrase("An LSTM takes a pair of states, h_0 and c_0, but got one tensor.")
    return Mismatch("h_0", None, sentence, (2,), (1,), (cause("h_for_h_c", "flax"),), (IS_LSTM,))


CARRY_IN_CELL = re.compile(r"recurrent\.py\W.*c,h=carry")
"""The frame of Flax's LSTM cells that unpacks both states; in the folded text."""


def index_of_c(found: Found) -> Mismatch:
    """h passed for (h, c): PyTorch takes its two first parts for them, and there is only one."""
    if "hx[1]" not in found.surroundings.text:
        return entry_of_state(found, index=1, got=1)
    sentence = phrase("An LSTM takes a pair of states, h_0 and c_0, but got one tensor.")
    facts = (IS_LSTM, fact("num_layers*directions", 1, "h_0"))
    return Mismatch("h_0", None, sentence, (2,), (1,), (cause("h_for_h_c", "pytorch"),), facts)


def one_tensor(found: Found) -> Mismatch:
    """h passed to a cell of an LSTM for (h, c)."""
    sentence = phrase("An LSTM takes a pair of states, h_0 and c_0, but got one tensor.")
    return Mismatch("h_0", None, sentence, (2,), (1,), (cause("h_for_h_c", found.framework),), (IS_LSTM,))


def number_of_states_in_pytorch(found: Found) -> Mismatch:
    """A tuple of another number of states than the two of an LSTM."""
    sentence = phrase("An LSTM takes a pair of states, h_0 and c_0, but got another number of them.")
    likely = cause("two_states", "cell" if "cell" in found.template.id else "pytorch")
    return Mismatch("h_0", None, sentence, causes=(likely,), facts=(IS_LSTM,))


STATE_IN_LAYER = re.compile(r"modules[/\\]rnn\.py\W.*hx\.dim\(")
"""The frame of PyTorch's recurrent layers that looks at the axes of a state; in the folded text."""


def _of(
    framework: str, versions: str, id: str, text: str, tensor: str, is_lstm: bool = False, cells: tuple[str, ...] = ()
) -> MessageTemplate:
    return MessageTemplate(id, framework, versions, text, partial(state, tensor=tensor, is_lstm=is_lstm), cells=cells)


TEMPLATES = (
    MessageTemplate(
        "pytorch-h-for-h-c",
        "pytorch",
        "1.11-2",
        "index 1 is out of bounds for dimension 0 with size 1",
        index_of_c,
    ),
    MessageTemplate(
        "pytorch-cell-h-for-h-c",
        "pytorch",
        "1.5-2",
        "lstm_cell(): argument 'hx' (position 2) must be tuple of Tensors, not Tensor",
        one_tensor,
    ),
    MessageTemplate(
        "pytorch-h-c-for-h",
        "pytorch",
        "1.11-2",
        "'tuple' object has no attribute 'dim'",
        pair_of_states,
        cells=("gru", "rnn"),
        frame=STATE_IN_LAYER,
    ),
    _of(
        "pytorch",
        "0.4-2",
        "pytorch-h",
        "Expected hidden size {expected:shape}, got {got:shape}",
        "h_0",
        cells=("gru", "rnn"),
    ),
    _of("pytorch", "0.4-2", "pytorch-h0", "Expected hidden[0] size {expected:shape}, got {got:shape}", "h_0", True),
    _of("pytorch", "0.4-2", "pytorch-h1", "Expected hidden[1] size {expected:shape}, got {got:shape}", "c_0", True),
    _of(
        "pytorch", "0.1-2 with cuDNN", "pytorch-c", "Expected cell size {expected:shape}, got {got:shape}", "c_0", True
    ),
    *(
        MessageTemplate(id, "pytorch", "1-2", text, number_of_states_in_pytorch, cells=("lstm",))
        for id, text in (
            ("pytorch-two-states", "lstm expects two hidden states"),
            ("pytorch-cell-two-states", "lstm_cell expects two hidden states"),
        )
    ),
    _of("onnx", "1", "onnx-h", "Input initial_h must have shape {expected:shape}. Actual:{got:shape}", "h_0"),
    _of("onnx", "1", "onnx-c", "Input initial_c must have shape {expected:shape}. Actual:{got:shape}", "c_0", True),
    _of("keras", "2 with cuDNN", "cudnn-h", "Invalid input_h shape: {got:shape} {expected:shape}", "h_0"),
    _of("keras", "2 with cuDNN", "cudnn-c", "Invalid input_c shape: {got:shape} {expected:shape}", "c_0", True),
    *(
        MessageTemplate(
            f"pytorch-{kind}-{n}d",
            "pytorch",
            "1.11-2",
            f"For {kind} {n}-D input, {text}",
            partial(number_of_axes, expected=n, tensors=tensors),
            cells=cells,
        )
        for kind, n in (("batched", 3), ("unbatched", 2))
        for tensors, cells, text in (
            (("h_0", "c_0"), (), f"hx and cx should also be {n}-D but got ({{h_0:n}}-D, {{c_0:n}}-D) tensors"),
            (("h_0",), ("gru", "rnn"), f"hx should also be {n}-D but got {{h_0:n}}-D tensor"),
        )
    ),
    *(
        MessageTemplate(f"pytorch-cell-{id}", "pytorch", "1.11-2", text, state_of_a_step)
        for id, text in (
            ("hx", "Cell: Expected hx[{i:n}] to be 1D or 2D, got {got:n}D instead"),
            ("hidden", "Cell: Expected hidden to be 1D or 2D, got {got:n}D instead"),
        )
    ),
    *(
        template
        for id, hidden in (("", "hidden"), ("-i", "hidden{i:n}"), ("-index", "hidden[{i:n}]"))
        for template in (
            MessageTemplate(
                f"pytorch-cell-batch{id}",
                "pytorch",
                "0.4-2",
                f"Input batch size {{expected:n}} doesn't match {hidden} batch size {{got:last}}",
                batch_of_a_step,
            ),
            MessageTemplate(
                f"pytorch-cell-units{id}",
                "pytorch",
                "0.4-2",
                f"{hidden} has inconsistent hidden_size: got {{got:n}}, expected {{expected:last}}",
                units_of_a_step,
            ),
        )
    ),
    MessageTemplate(
        "pytorch-packed-states", "pytorch", "0.4-2", "Expected more hidden states in stacked_rnn", too_few_states
    ),
    MessageTemplate(
        "pytorch-onnx",
        "pytorch",
        "1-2",
        "Exporting a model to ONNX with a batch_size other than 1, with a variable length with {layer:name} can cause",
        exported_batch,
    ),
    *(
        MessageTemplate(
            id,
            "tf1",
            versions,
            f"ConcatOp : {text}: shape[0] = {{x:shape}} vs. shape[1] = {{h:shape}}",
            joined_with_x,
            anywhere=True,
        )
        for id, versions, text in (
            ("tf1-concat", "1", "Dimensions of inputs should match"),
            ("tensorflow-concat", "2", "Dimension 0 in both shapes must be equal"),
        )
    ),
    MessageTemplate(
        "tensorflow-concat-of-graph",
        "tf1",
        "1.14-2",
        "Dimension 0 in both shapes must be equal, but are {i:n} and {j:n}. Shapes are {a:shape} and {b:shape}. for"
        " '{{node {operation:operation}}} = ConcatV2{arguments:any}' with input shapes: {x:shape}, {h:shape}",
        joined_with_x,
        anywhere=True,
    ),
    *(
        MessageTemplate(
            id,
            "tf1",
            "1",
            f"{text} for '{{operation:operation}}' (op: 'ConcatV2') with input shapes: {{x:shape}}, {{h:shape}}",
            joined_in_graph,
        )
        for id, text in (
            ("tf1-concat-of-graph", "Dimension {i:n} in both shapes must be equal, but are {a:n} and {b:n}"),
            ("tf1-concat-of-shapes", "must be equal, but are {a:n} and {b:n}. Shapes are {c:shape} and {d:shape}."),
            ("tf1-concat-rank", "Shape must be rank {expected:n} but is rank {got:n}"),
        )
    ),
    MessageTemplate(
        "tf1-attention-batch",
        "tf1",
        "1-2",
        "Non-matching batch sizes between the memory (encoder output) and the requested batch size.",
        batch_of_attention,
    ),
    MessageTemplate(
        "keras-stateful-batch",
        "keras",
        "3",
        "the batch size of the input sequences must be the same as the batch size of the initial state."
        " - Expected batch size: {expected:n} - Received batch size: {got:last}",
        batch_of_a_stateful_layer,
    ),
    MessageTemplate(
        "keras-2-list",
        "keras",
        "2",
        "Specified a list with shape {expected:shape} from a tensor with shape {got:shape}",
        list_of_another_batch,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-1-steps",
        "keras",
        "2",
        "because the value shape is {got:shape} which is incompatible with the TensorArray's inferred element shape:"
        " {expected:shape}",
        list_of_another_batch,
        anywhere=True,
    ),
    MessageTemplate(
        "tf1-operation",
        "tf1",
        "1-2",
        "Inputs to operation {operation:operation} of type {type:name} must have the same size and shape. Input 0:"
        " {left:shape} != input 1: {right:shape}",
        batch_of_kept_states,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-2-fixed-batch",
        "keras",
        "2",
        "The `batch_size` argument value {got:n} is incompatible with the specified batch size of your Input Layer:"
        " {expected:last}",
        batch_of_a_stateful_layer,
        anywhere=True,
    ),
    *(
        MessageTemplate(id, "keras", "0-2", SAMPLES + size, samples_of_a_stateful_layer)
        for id, size in (("keras-1-samples", ""), ("keras-1-fixed-batch", ". Batch size: {expected:last}"))
    ),
    MessageTemplate(
        "keras-stateful",
        "keras",
        "3",
        "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size: sequence.shape="
        "{shape:shape}",
        no_batch_size,
    ),
    MessageTemplate(
        "keras-1-stateful",
        "keras",
        "1",
        "If a RNN is stateful, a complete input_shape must be provided (including batch size)",
        no_batch_size_in_keras_2,
    ),
    MessageTemplate(
        "keras-2-stateful",
        "keras",
        "1-2",
        "a RNN is stateful, it needs to know its batch size.",
        no_batch_size_in_keras_2,
    ),
    MessageTemplate(
        "tflite",
        "tflite",
        "2",
        "'tf.TensorListReserve' op requires element_shape to be static during TF Lite transformation pass",
        no_batch_size,
    ),
    *(
        MessageTemplate(
            id,
            "keras",
            "2-3",
            "An `initial_state` was passed that is not compatible with `cell.state_size`. Received `state_spec`="
            f"{{got:any}}; however `cell.state_size` is {size}",
            states_of_keras,
        )
        for id, size in (("keras-state-sizes", "{expected:shape}"), ("keras-state-size", "{units:last}"))
    ),
    MessageTemplate(
        "keras-2-bidirectional-states",
        "keras",
        "2",
        "When passing `initial_state` to a Bidirectional RNN, the state should be a list containing the states of the"
        " underlying RNNs",
        states_of_two_directions,
    ),
    *(
        MessageTemplate(
            id, "flax", "0.4-0.12", f"{text} values to unpack {expected}", unpacked_carry, frame=CARRY_IN_CELL
        )
        for id, text, expected in (
            ("flax-h-for-h-c", "too many", "(expected 2)"),
            ("flax-h-for-h-c-of-one", "not enough", "(expected 2, got 1)"),
        )
    ),
    *(
        MessageTemplate(
            f"keras-kept-{state}",
            "keras",
            "2",
            f"State {index} is incompatible with layer {{layer:name}}: expected shape=({{batch:n}},",
            partial(kept_state, tensor=state),
        )
        for index, state in enumerate(("h_0", "c_0"))
    ),
    MessageTemplate(
        "keras-kept-states",
        "keras",
        "2",
        "Layer {layer:name} expects {expected:n} states, but it received {got:n} state values",
        number_of_states,
    ),
    MessageTemplate(
        "keras-states",
        "keras",
        "2",
        "Layer has {expected:n} states but was passed {got:n} initial states",
        number_of_states,
    ),
)
