"""Messages about the shapes of initial states, h_0 and c_0, of layers and of cells."""

import re
from dataclasses import replace
from functools import partial

from .....translations.phrases import phrase
from ....facts_about_sizes import Fact, fact
from ...axes_of_arrays import AXES_OF_STATE
from ...causes import batch_id, cause
from ...mismatch import Cause, Mismatch, wrong_rank, wrong_shape, wrong_size
from ..handwritten_cells.axes_of_handwritten_cells import loop_over_samples
from ..message_template import Found, MessageTemplate
from ..outputs.pairs_of_output_and_states import pair_of_states
from .causes_of_states import HIDDEN, causes_of_rank, causes_of_sizes
from .numbers_of_states import IS_LSTM, index_of_c, number_of_states_in_pytorch, one_tensor


def state(found: Found, tensor: str, is_lstm: bool = False) -> Mismatch:
    """A state whose shape is not the one that follows from the layer and from x."""
    expected, got = found.shape("expected"), found.shape("got")
    is_projected = tensor == "h_0" and bool(found.surroundings.number("proj_size"))
    parts, batch, _ = AXES_OF_STATE
    units = "num_proj" if is_projected else "num_units"
    axes = (parts, batch, units) if len(expected) == len(AXES_OF_STATE) else (parts, units)
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
    both = (
        found.program.is_bidirectional(expected[0] or 0, expected[-1] or 0)
        if len(expected) == len(AXES_OF_STATE)
        else None
    )
    facts += [fact("directions", 1 + both, "program")] if both is not None else []
    differing = [axis for axis, want, size in zip(axes, expected, got, strict=False) if want != size]
    is_transposed = len(differing) == 2 and got == (expected[1], expected[0], *expected[2:])
    axis = "order" if is_transposed else next(iter(differing), None)
    likely = [*causes_of_sizes(found, tensor, expected, got, is_transposed)]
    mismatch = wrong_shape(tensor, axis, expected, got, likely, facts, differing)
    if tensor == "h_0" and axis == "num_units" and any(one.id == "projected_state" for one in likely):
        note = phrase("{n} is num_units, or num_proj if the layer has a projection.", n=expected[-1])
        return replace(mismatch, note=note)
    if tensor == "c_0" and mismatch.first_cause == "projected_state" and not found.surroundings.names_projection:
        return replace(mismatch, note=phrase("The picture has no projection: the text does not say the size of h."))
    return mismatch


def number_of_axes(found: Found, expected: int, tensors: tuple[str, ...]) -> Mismatch:
    """States with another number of axes than x has. ``tensors``: those of the message, in its order."""
    numbers = [found.number(tensor) for tensor in tensors]
    tensor = next((tensor for tensor, n in zip(tensors, numbers, strict=True) if n != expected), tensors[0])
    ids = []
    if found.number(tensor) < expected:
        may_be_one = numbers == [2, 2] and not PAIR_OF_STATES.search(found.code)
        ids = ["unsqueeze", "h_for_h_c"] if may_be_one else ["unsqueeze"]
        if found.surroundings.passes_one_state and len(ids) == 2:
            ids.reverse()
    elif expected == 2 and (samples := _samples_of_one_step(found)):
        sizes = fact("batch_size", samples, "x"), fact("time_step", 1, "x")
        return wrong_rank("x", 3, 2, [cause("missing_axis", "pytorch")], sizes)
    elif expected == 2 and (found.program.lacks_steps() or found.program.gets_one_step()):
        return wrong_rank("x", 3, 2, [cause("missing_axis", "pytorch")])
    elif expected == 2 and OF_SAMPLES.search(found.surroundings.text) and not found.program.is_one_sample():
        is_series = found.program.sizes_of_layer(found.cell).get("features") == 1
        of_x = ("missing_features_axis", "missing_axis") if is_series else ("missing_axis", "missing_features_axis")
        return wrong_rank("x", 3, 2, [cause(id, "pytorch") for id in of_x])
    facts = [IS_LSTM] if len(tensors) == 2 else []
    if expected == 2 and found.number(tensor) > expected:
        sentence = phrase("The initial state has 3 axes, one of them the batch, but the input x has only 2.")
        if _makes_two_axes_of_x(found):
            return replace(wrong_rank("x", 3, 2, [unbatched(found)], facts), sentence=sentence)
        return replace(wrong_rank(tensor, 2, 3, [unbatched(found)], facts), sentence=sentence)
    likely = [cause(id, "pytorch", state=tensor) for id in ids]
    if numbers == [2, 2] and tensor == "h_0":
        likely = [replace(one, fix=OF_PAIR) if one.id == "unsqueeze" else one for one in likely]
    mismatch = wrong_rank(tensor, expected, found.number(tensor), likely, facts)
    return replace(mismatch, sentence=TAKEN_APART, is_of_equals=True) if ids[:1] == ["h_for_h_c"] else mismatch


def _samples_of_one_step(found: Found) -> int | None:
    """The samples of a step without an axis of time, if the states have them, too; None for another x, and for states
    that are made for the first axis of x, whatever it is."""
    return None if OF_SAMPLES.search(found.surroundings.text) else found.program.samples_of_one_step


def _makes_two_axes_of_x(found: Found) -> bool:
    """Whether the program shows that the x of the call that failed has two axes; a message is about the states."""
    return any(one.operands and len(one.operands[0].axes) == 2 for one in found.program.calls)


OF_PAIR = "h_0, c_0 = h_0.unsqueeze(0), c_0.unsqueeze(0)"

PAIR_OF_STATES = re.compile(r",\s?\((?:[^(),\n]|\([^()\n]{0,60}\)){1,60},(?:[^(),\n]|\([^()\n]{0,60}\)){1,60}\)\)")
"""A pair as the last argument of a call."""

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
    if tensor == "h_0" and found.cell == "lstm":  # c has the same axes, and would fail next
        causes = [replace(one, fix="h_0, c_0 = h_0.squeeze(0), c_0.squeeze(0)") for one in causes]
    return wrong_rank(tensor, 2, got, causes, _cell_facts(found))


def batch_of_a_step(found: Found) -> Mismatch:
    """A state of a cell with another batch than x_t."""
    expected, got = found.number("expected"), found.number("got")
    if in_loop := loop_over_samples(found, expected, got):
        return replace(in_loop, facts=(*in_loop.facts, *_cell_facts(found)))
    is_first_sample = found.cell == "lstm" and any(units == got for _, units in found.surroundings.made_sizes)
    is_index = ONE_INDEX.search(found.code) is not None  # of a step, or of a sample
    of_index = ["step_axis"] if is_index and expected > 1 < got else []
    if expected > 1 and got > expected and not got % expected and _has_layers(found, got // expected):
        of_index = ["states_of_all_layers", *of_index]
    id = batch_id(expected, got)
    of_batch = [id, *of_index] if id == "last_batch" and "states_of_all_layers" not in of_index else [*of_index, id]
    ids = [*(["h_for_h_c"] if is_first_sample else []), *of_batch]  # hx[0] is h of the first sample
    likely = [cause(id, "cell", batch_got=got) for id in ids]
    facts = [*([] if "step_axis" in of_index else [fact("batch_size", expected, "x")]), *_cell_facts(found)]
    return wrong_size(_state_of(found), "batch_size", expected, got, likely, facts)


SEVERAL_LAYERS = re.compile(
    r"\b(?:more than (?:1|one) layer|(?:several|multiple) (?:\w{1,12} )?layers)\b|\b([2-9]) (?:\w{1,12} )?layers\b"
    r"|\b(?:n_?|num_)layers ?[=:] ?([2-9])\b"
)
"""A network with several layers, and their number, if it is said, in the words of a text in lower case."""


def _has_layers(found: Found, number: int) -> bool:
    """Whether a text speaks of several layers, and of no other number of them."""
    said = [one or other for one, other in SEVERAL_LAYERS.findall(found.surroundings.text)]
    return bool(said) and {*said} <= {"", str(number)}


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


def exported_batch(found: Found) -> Mismatch:
    """A state whose batch the export may fix. PyTorch warns of it for any batch, with or without dynamic axes."""
    note = phrase(
        "This is a warning, no error: a model that is exported with dynamic_axes for the batch can run with others."
    )
    sentence = phrase("The exported model may keep the batch_size of its initial state, and run with this one only.")
    is_time_first = found.surroundings.flag("batch_first") is False
    likely = cause("exported_batch", "pytorch", one_sample="[:, :1]" if is_time_first else "[:1]")
    return Mismatch("h_0", "batch_size", sentence, causes=(likely,), note=note, is_warning=True)


def _of(
    framework: str, versions: str, id: str, text: str, tensor: str, is_lstm: bool = False, cells: tuple[str, ...] = ()
) -> MessageTemplate:
    return MessageTemplate(id, framework, versions, text, partial(state, tensor=tensor, is_lstm=is_lstm), cells=cells)


STATE_IN_LAYER = re.compile(r"modules[/\\]rnn\.py\W.*hx\.dim\(")
"""The frame of PyTorch's recurrent layers that looks at the axes of a state; in the folded text."""


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
)
