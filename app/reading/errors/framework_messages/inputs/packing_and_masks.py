"""Messages about packing, padding and masks, and the lengths of sequences for them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import Fact, fact
from ...axes_of_arrays import STEPS
from ...causes import cause
from ...code_lines.program_nodes import name_of, nodes_of_line
from ...mismatch import AN_INDEX, Cause, Mismatch, NoShapeError, of_unknown_arrays, wrong_rank, wrong_shape, wrong_size
from ..divided_batches import divides_batch
from ..message_template import Found, MessageTemplate
from ..messages_not_about_shapes import CUDNN
from ..operations.products import IN_LAYER
from .keras_calls import of_arguments


def number_of_lengths(found: Found) -> Mismatch:
    """Another number of lengths than x has samples along the axis that is packed as the batch: that of steps, if only
    the line that packs x lacks batch_first."""
    expected, got = found.number("expected"), found.number("got")
    if said := said_steps_first(found):
        return wrong_size("lengths", "batch_size", expected, got, [cause("lengths", "pytorch")], said)
    is_of_steps = found.surroundings.flag("batch_first") and PACKS.search(found.code)
    facts = [fact("batch_size", expected, "x")]
    if 2 * expected <= got + 1 and divides_batch(found):
        return wrong_size("lengths", "batch_size", expected, got, [cause("divided_lengths", "pytorch")], facts)
    if got in found.surroundings.said_batches or re.search(rf"\bbatch of size {got}\b", found.surroundings.text):
        facts = []  # the batch of x is then the other axis, or the last one is smaller
    if is_of_steps and not BATCH_FIRST.search(found.code):
        facts = [fact("batch_size", got, "x"), fact("time_step", expected, "x")]
    return wrong_size("lengths", "batch_size", expected, got, [cause("lengths", "pytorch")], facts)


def said_steps_first(found: Found) -> list[Fact]:
    """The sizes of an x of which a sentence says that its steps are what the only line that packs it takes for the
    samples: ``x has 14 time steps, 9 sequences``; [] for other texts."""
    if found.template.id != OF_LENGTHS:
        return []
    calls = found.program.tree.calls_of("pack_padded_sequence")
    keys = [key for one in calls for key in one.keywords if key.arg == "batch_first"]
    if len(calls) != 1 or [ast.unparse(one.value) for one in keys] != ["True"]:
        return []
    said = {name: {int(one) for one in words.findall(found.surroundings.text)} for name, words in SAID_SIZES.items()}
    known = {name: values.pop() for name, values in said.items() if len(values) == 1}
    if (known.get("time_step"), known.get("batch_size")) != (found.number("expected"), found.number("got")):
        return []
    return [fact(name, size, "text") for name, size in known.items()]


OF_LENGTHS = "pytorch-lengths"
"""The template of another number of lengths than x has samples."""

SAID_SIZES = {
    "time_step": re.compile(r"(?<![\w.])(\d{1,6}) (?:time ?-?)?steps\b"),
    "batch_size": re.compile(r"(?<![\w.])(\d{1,6}) (?:sequences|samples|sentences)\b"),
    "features": re.compile(r"(?<![\w.])(\d{1,6}) features\b"),
}
"""Size -> a number of it in a sentence, in lower case."""


def more_lengths(found: Found) -> Mismatch:
    """More lengths than x has samples, which PyTorch selects by them."""
    sentence = phrase("There are more lengths than samples along the axis of x that is packed as the batch.")
    other_axis = () if BATCH_FIRST.search(found.code) else (cause("lengths", "pytorch"),)
    causes = (*other_axis, cause("more_lengths", "pytorch"))
    return Mismatch("lengths", "batch_size", sentence, causes=causes)


BATCH_FIRST = re.compile(r"batch_first\s?=\s?True")


def packed_lengths(found: Found) -> Mismatch:
    """A packed x whose lengths are not those of its samples, so that a step would read past the end."""
    is_of_program = PACKS.search(found.surroundings.text) and not SLICES.search(found.code)  # without PyTorch's frames
    if not IN_LAYER.search(found.frames[-1]) and not is_of_program:
        raise NoShapeError()
    sentence = phrase("The lengths of the packed sequences do not fit x.")
    return Mismatch("lengths", "batch_size", sentence, causes=(cause("packed_axis", "pytorch"),))


PACKS = re.compile(r"\bpack_padded_sequence\(")
SLICES = re.compile(r"\bnarrow(?:_copy)?\(")
"""The operation of PyTorch that raises the same message."""


def unsorted(found: Found) -> Mismatch:
    """Lengths that are not sorted. Before version 1.1, PyTorch cannot sort them itself."""
    sentence = phrase("The framework expected the lengths in decreasing order.")
    likely = cause("sort_lengths", "pytorch")
    if found.template.id == "pytorch-0-sorted":
        packed = PACKED.search(found.code)
        x, lengths = packed.groups() if packed else ("x", "lengths")
        likely = cause("sort_samples", "pytorch", x=x, lengths=lengths)
        if BATCH_FIRST.search(found.code):
            likely = replace(likely, fix=likely.fix.replace("[:, order]", "[order]"))
    return Mismatch("lengths", "order", sentence, causes=(likely,), facts=_facts_of_lengths(found))


def _facts_of_lengths(found: Found) -> tuple[Fact, ...]:
    """The number of samples, if the line that packs them lists their lengths."""
    samples = len(_packed_lengths(found))
    return (fact("batch_size", samples, "lengths"),) if samples else ()


PACKED = re.compile(r"\bpack_padded_sequence\(\s?([a-zA-Z_]\w{0,40}),\s?([a-zA-Z_]\w{0,40})\b(?![.(\[])")
"""The names of x and its lengths in the line that packs them."""


def empty(found: Found) -> Mismatch:
    sentence = phrase("The framework expected every sequence to have at least one step and at most all of them.")
    likely = cause("empty_sequence", found.framework)
    if found.framework == "pytorch" and (call := _packing(found.code)):
        likely = replace(likely, fix=_without_empty(call) or likely.fix)
    return Mismatch("lengths", "time_step", sentence, causes=(likely,), facts=_facts_of_lengths(found))


def _packing(code: str) -> ast.Call | None:
    """The only call in a line of code that packs sequences."""
    calls = [one for one in nodes_of_line(code) if isinstance(one, ast.Call) and name_of(one) == "pack_padded_sequence"]
    return calls[0] if len(calls) == 1 else None


def _without_empty(call: ast.Call) -> str:
    """The line that removes the samples without a step from x and their lengths, along the axis that a call packs as
    the batch; "" unless it gets names, and says which axis this is."""
    first = [one.value for one in call.keywords if one.arg == "batch_first"] + call.args[2:3]
    match call.args[:2], first:
        case [ast.Name(x), ast.Name(lengths)], []:
            index = f":, {lengths} > 0"
        case [ast.Name(x), ast.Name(lengths)], [ast.Constant(bool(is_first)), *_]:
            index = f"{'' if is_first else ':, '}{lengths} > 0"
        case _:
            return ""
    return f"{x}, {lengths} = {x}[{index}], {lengths}[{lengths} > 0]"


def lengths_of_onnx(found: Found) -> Mismatch:
    """Lengths outside of the bounds that the message says: an empty sequence, or one that is longer than x. The lengths
    of the text tell which one it is, if it has them."""
    bounds = BOUNDS_OF_ONNX.match(found.after)
    steps = int(bounds["steps"]) if bounds and bounds["steps"] else 0
    facts = (fact("time_step", steps, "X"),) if steps else ()
    listed = [one for lengths in _listed_lengths(found) for one in lengths]
    longest = max(listed, default=0) if steps else 0
    accepts_empty = bounds is not None and bounds["is_equal"] is not None
    longer = cause("longer_sequence", "onnx")
    if not accepts_empty and longest <= steps:
        causes = (*empty(found).causes, *(() if listed and steps else (longer,)))
        if not listed and EXPORTED.search(found.surroundings.text):
            causes = (cause("exported_steps", "onnx"), *reversed(causes))
        return replace(empty(found), causes=causes, facts=facts)
    if longest > steps:
        sentence = phrase("The framework expected lengths of at most {steps}, but got {got}.", steps=steps, got=longest)
    else:
        sentence = phrase("The framework expected no sequence to have more steps than X.")
    samples = {len(lengths) for lengths in _listed_lengths(found)} if longest > steps else set[int]()
    if len(samples) == 1:
        facts = (*facts, fact("batch_size", samples.pop(), "lengths"))
    return Mismatch("lengths", "time_step", sentence, causes=(longer,), facts=facts)


def _listed_lengths(found: Found) -> Iterator[tuple[int, ...]]:
    """The numbers of each list of lengths in the text."""
    for line in LENGTHS.findall(found.surroundings.text):
        yield tuple(int(one) for one in line.split(",") if one.strip())


def known_lengths(found: Found) -> tuple[int, ...]:
    """The lengths of the sequences, if the text lists them once, or the line that packs them does; () without them, or
    for several lists."""
    if packed := _packed_lengths(found):
        return packed
    lists = {*_listed_lengths(found)}
    return lists.pop() if len(lists) == 1 else ()


def _packed_lengths(found: Found) -> tuple[int, ...]:
    """The numbers of the list, or of a tensor of it, that the line which failed packs as lengths; () for others."""
    call = _packing(found.code)
    named = [one.value for one in call.keywords if one.arg == "lengths"] if call else []
    given = next(iter((*named, *(call.args[1:2] if call else ()))), None)
    made = found.program.tree.assigned(given) if isinstance(given, ast.Name) else given
    listed = made.args[0] if isinstance(made, ast.Call) and name_of(made) in TENSORS and made.args else made
    numbers = [getattr(one, "value", None) for one in listed.elts] if isinstance(listed, (ast.List, ast.Tuple)) else []
    return tuple(one for one in numbers if isinstance(one, int)) if all(isinstance(one, int) for one in numbers) else ()


TENSORS = ("tensor", "as_tensor", "LongTensor", "IntTensor")
"""What makes a tensor of a list."""


def number_of_lengths_of_onnx(found: Found) -> Mismatch:
    """Another number of lengths than X has samples. If there are fewer, the ones that it has are real."""
    expected, got = found.shape("expected"), found.shape("got")
    is_fewer = len(expected) == len(got) == 1 and 1 < (got[0] or 0) < (expected[0] or 0)
    causes = [cause("missing_length" if is_fewer else "lengths", "onnx")]
    facts = [fact("batch_size", size, "X") for size in expected if size]
    return wrong_shape("lengths", "batch_size", expected, got, causes, facts)


EXPORTED = re.compile(
    r"torch\.onnx\.export|(?:export|convert|transfer)\w{0,4}\b[^\n]{0,80}\b(?:py)?torch\b|torch[^\n]{0,40}\bto onnx\b"
)
"""What a text says about a model that PyTorch exported, in lower case."""

BOUNDS_OF_ONNX = re.compile(r">(?P<is_equal>=)?0and<=?seq_length(?:\.seq_length=(?P<steps>\d{1,9}))?")
"""What ONNX Runtime writes after the beginning of the message, in the folded text. New versions accept 0."""

LENGTHS = re.compile(
    r"(?<![a-z0-9])(?:seq_?|sequence_?)?len(?:s|gths)['\"]?\s?[:=]\s?[^\n\d]{0,30}?[\[(]((?:\d{1,9},\s?){1,99}\d{0,9})[\])]"
)
"""A line of code with the numbers of the lengths, in lower case."""


def no_steps(found: Found) -> Mismatch:
    """An x without a step."""
    return Mismatch("x", "time_step", phrase("x has no steps: its axis of time has size 0."))


def incorrect_number_of_lengths(found: Found) -> Mismatch:
    """Another number of lengths than x has samples, in a version of PyTorch that does not say the numbers."""
    sentence = phrase("The number of lengths is not that of the samples of x.")
    id = "divided_lengths" if divides_batch(found) else "lengths"
    return Mismatch("lengths", "batch_size", sentence, causes=(cause(id, "pytorch"),))


def nothing_to_pack(found: Found) -> Mismatch:
    """An x without samples or steps. A length of 0 raises another message."""
    sentence = phrase("x has an axis of size 0, so there is nothing to pack.")
    packed = PACKED.search(found.code)
    likely = cause("empty_batch", "pytorch", x=packed[1] if packed else None)
    return Mismatch("x", None, sentence, causes=(likely,))


def rank_of_lengths(found: Found) -> Mismatch:
    """Lengths with another number of axes, by which the samples are sorted."""
    if not SORTED_SAMPLES.search(found.frames[-1]):
        raise NoShapeError(AN_INDEX)
    return wrong_rank("lengths", 1, None, [cause("lengths_axes", "pytorch")])


SORTED_SAMPLES = re.compile(r"utils[/\\]rnn\.py.*index_select\(")
"""The frame in which PyTorch sorts samples by their lengths; in the folded text."""


def kind_of_lengths(found: Found) -> Mismatch:
    """The lengths have another number of axes, or are on another device, or have another data type."""
    got = found.number("got")
    if got == 1:
        raise NoShapeError(phrase("the device or the data type of the lengths"))
    return wrong_rank("lengths", 1, got, [cause("lengths_axes", "pytorch")])


def vector_of_lengths(found: Found) -> Mismatch:
    """Lengths of dynamic_rnn with another number of axes than one."""
    got = found.shape("got")
    return wrong_rank("lengths", 1, len(got), [cause("lengths_axes", "tf1")], shapes=((None,), got))


def lengths_in_select(found: Found) -> Mismatch:
    """Another number of lengths than x has samples, in dynamic_rnn of TensorFlow 1, which selects samples by them."""
    if "rnn" not in found.text("operation"):
        return of_unknown_arrays()
    expected, got = found.number("expected"), found.number("got")
    facts = [fact("batch_size", expected, "x")]
    return wrong_size("lengths", "batch_size", expected, got, [cause("lengths", "tf1")], facts)


def total_length(found: Found) -> Mismatch:
    expected, got = found.number("expected"), found.number("got")
    likely = cause("total_length", "pytorch", expected=expected, got=got)
    if given := TOTAL_LENGTH.search(found.code):
        likely = replace(likely, wrong=given[0], fix=f"{given['before']}{expected}{given['after']}")
    elif cut := CUT_LENGTH.search(found.code):
        wrong, fix = (f"{cut[1]}total_length={size})" for size in (got, expected))
        likely = replace(likely, wrong=wrong, fix=fix)
    mismatch = wrong_size("output", "time_step", expected, got, [likely], [fact("time_step", expected, "lengths")])
    sentence = phrase(
        "total_length should be at least {expected}, the steps of the longest sequence, and is {got}.",
        expected=expected,
        got=got,
    )
    return replace(mismatch, sentence=sentence)


TOTAL_LENGTH = re.compile(
    r"(?P<before>\bpad_packed_sequence\([^()\n]{1,80}?\btotal_length\s?=\s?)[\w.]{1,40}(?P<after>(?:,[^()\n]{0,80})?\))"
)
"""The call that pads an output, with its other arguments."""

CUT_LENGTH = re.compile(r"(\bpad_packed_sequence\([^()\n]{1,80}?,\s?)t(?:o(?:t(?:al?)?)?)?(?:_\w{0,6}=?)?$")
"""The same call, which a terminal cut in its last argument."""


def mask_shape(found: Found) -> Mismatch:
    """A mask whose first two axes are not those of x."""
    expected, got = found.shape("expected")[:2], found.shape("got")
    facts = [fact(axis, size, "x") for axis, size in zip(STEPS, expected, strict=False) if size]
    if len(got) != 2:
        return wrong_rank("mask", 2, len(got), [cause("mask", "keras")], facts, (expected, got))
    if len(expected) != 2:  # of no network
        raise NoShapeError()
    if expected[0] == got[0] and got[1] and expected[1] and got[1] < expected[1]:
        return wrong_shape("mask", "time_step", expected, got, [cause("short_mask", "keras")], facts)
    if got == expected[::-1] != expected and None not in got:
        return wrong_shape("mask", "order", expected, got, [cause("exchanged_mask", "keras")], facts)
    axes = zip(STEPS, expected, got, strict=False)
    differing = [axis for axis, want, size in axes if want != size and None not in (want, size)]
    likely = (differing == ["time_step"] and _made_mask(found, expected[1])) or cause("mask", "keras")
    return wrong_shape("mask", differing[0] if differing else None, expected, got, [likely], facts)


def _made_mask(found: Found, steps: int | None) -> Cause | None:
    """The cause of a mask that the only line of code with ``sequence_mask`` makes of lengths; None without one."""
    made = {line[0]: line for line in SEQUENCE_MASK.finditer(found.surroundings.original)}
    if len(made) != 1 or not steps:
        return None
    (line,) = made.values()
    return replace(cause("mask", "keras"), wrong=line[0], fix=f"{line['before']}, maxlen={steps}{line['after']}")


SEQUENCE_MASK = re.compile(
    r"(?P<before>\b\w{1,40} ?= ?[\w.]{0,40}\bsequence_mask\([\w.\[\]]{1,60})"
    r"(?:, ?(?:maxlen ?= ?)?(?!dtype)[^(),=\n]{1,60})?(?P<after>(?:, ?dtype ?= ?[\w.]{1,40})?\))"
)
"""A line of code that makes a mask of lengths, with or without its number of steps."""


def padding(found: Found) -> Mismatch:
    sentence = phrase("The framework expected a mask with its padding after the last step of each sequence.")
    return Mismatch("mask", "time_step", sentence, causes=(cause("padding", "keras"),))


def lengths_of_cudnn(found: Found) -> Mismatch:
    """Lengths that cuDNN refuses. Keras counts the steps of its mask for them, so that a sample without any has the
    length 0; TensorFlow 2.1 and earlier do not check the mask."""
    if not MASKED.search(found.surroundings.text):
        raise NoShapeError(LENGTHS_OF_CUDNN if "cudnn_status_bad_param" in found.surroundings.text else CUDNN)
    sentence = phrase(
        "cuDNN refuses the lengths of the sequences, which are counted from the mask: each one needs at least one step,"
        " and its padding at the end."
    )
    causes = (cause("empty_sequence", "keras"), cause("padding", "keras"))
    return Mismatch("mask", "time_step", sentence, causes=causes)


LENGTHS_OF_CUDNN = phrase(
    "a call of cuDNN that refuses the lengths of the sequences: often a mask leaves a sample without any step, or the"
    " padding comes first"
)


def steps_of_mask(found: Found) -> Mismatch:
    """A mask with fewer steps than x, which the loop of Keras reads step by step, past its end."""
    if found.called and (of_call := of_arguments(found, found.called)):
        return of_call
    got = found.number("size")
    if found.number("index") < got or not MASKED.search(found.surroundings.text):
        raise NoShapeError()
    steps = found.program.sizes_of_layer(found.cell).get("time_step")
    expected = steps if steps and steps > got else None
    likely = _made_mask(found, expected) or cause("short_mask", "keras")
    if expected:
        facts = [fact("time_step", expected, "x")]
        return wrong_size("mask", "time_step", expected, got, [likely], facts)
    sentence = phrase("The mask has {got} steps, and x has more.", got=got)
    return Mismatch("mask", "time_step", sentence, None, (got,), (likely,))


MASKED = re.compile(r"\bmask|_mask\b|mask_zero|\bpadd(?:ed|ing)\b")
"""What a text says about masks and padding, in lower case."""


def mask_of_wrapper(found: Found) -> Mismatch:
    """A mask of TimeDistributed with other axes than the samples and the steps of x."""
    expected, got = found.shape("expected")[: len(STEPS)], found.shape("got")
    likely = [cause("mask_of_wrapper", "keras")] if WRAPS_DENSE.search(found.surroundings.text) else []
    if len(got) < len(STEPS):
        return wrong_rank("mask", len(STEPS), len(got), likely, shapes=(expected, got))
    differing = [axis for axis, one, other in zip(STEPS, expected, got, strict=False) if one != other]
    return wrong_shape("mask", differing[0] if differing else None, expected, got[: len(STEPS)], likely)


WRAPS_DENSE = re.compile(r"\btimedistributed\(\s{0,20}(?:\w{1,20}\.){0,4}dense\(")
"""A dense layer in TimeDistributed, in lower case."""


TEMPLATES = (
    MessageTemplate(
        "keras-mask-of-wrapper",
        "keras",
        "3",
        "`TimeDistributed` Layer should be passed a `mask` of shape {expected:shape}, received: mask.shape={got:shape}",
        mask_of_wrapper,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-steps-of-mask",
        "keras",
        "2",
        "Tried to read from index {index:n} but array size is: {size:last}",
        steps_of_mask,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-cudnn-lengths",
        "keras",
        "2",
        "'cudnnSetRNNDataDescriptor({arguments:any}seq_length",
        lengths_of_cudnn,
        anywhere=True,
    ),
    MessageTemplate(
        OF_LENGTHS,
        "pytorch",
        "1-2",
        "Expected `len(lengths)` to be equal to batch_size, but got {got:n} (batch_size={expected:n})",
        number_of_lengths,
    ),
    MessageTemplate(
        "pytorch-packed-lengths",
        "pytorch",
        "1-2",
        "start ({start:n}) + length ({length:n}) exceeds dimension size ({size:n})",
        packed_lengths,
    ),
    MessageTemplate(
        "pytorch-sorted",
        "pytorch",
        "1.1-2",
        "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True",
        unsorted,
    ),
    MessageTemplate(
        "pytorch-0-sorted", "pytorch", "0.3-1.0", "lengths array has to be sorted in decreasing order", unsorted
    ),
    MessageTemplate(
        "pytorch-empty",
        "pytorch",
        "0.4-2",
        "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0",
        empty,
    ),
    MessageTemplate("pytorch-empty-cut", "pytorch", "0.4-2", "found an element in 'lengths' that is <= 0", empty),
    MessageTemplate(
        "pytorch-no-steps", "pytorch", "1-2", "Expected sequence length to be larger than 0 in RNN", no_steps
    ),
    MessageTemplate(
        "pytorch-0-lengths", "pytorch", "0.1-0.3", "lengths array has incorrect size", incorrect_number_of_lengths
    ),
    MessageTemplate(
        "pytorch-kind-of-lengths",
        "pytorch",
        "1.7-2",
        "'lengths' argument should be a 1D CPU int{bits:n} tensor, but got {got:n}D",
        kind_of_lengths,
    ),
    MessageTemplate(
        "pytorch-rank-of-lengths",
        "pytorch",
        "1-2",
        "index_select(): Index is supposed to be a vector",
        rank_of_lengths,
    ),
    *(
        MessageTemplate(id, "pytorch", versions, text, more_lengths, frame=SORTED_SAMPLES)
        for id, versions, text in (
            ("pytorch-more-lengths", "1.1-2", "index out of range in self"),
            ("pytorch-2-more-lengths", "2", "INDICES element is out of DATA bounds, id={id:n} axis_dim={size:n}"),
        )
    ),
    MessageTemplate(
        "pytorch-total-length",
        "pytorch",
        "0.4-2",
        "Expected total_length to be at least the length of the longest sequence in input, but got total_length={got:n}"
        " and max sequence length being {expected:last}",
        total_length,
    ),
    MessageTemplate(
        "tf1-lengths-of-run",
        "tf1",
        "1-2",
        "Expected shape for Tensor {name:scope} is ] [{expected:n}] [ but saw shape: ] [{got:n}]",
        lambda found: wrong_size(
            "lengths", "batch_size", found.number("expected"), found.number("got"), [cause("lengths", "tf1")]
        ),
    ),
    MessageTemplate(
        "tf1-lengths",
        "tf1",
        "1.14-2",
        "Dimension 0 in both shapes must be equal, but are {got:n} and {expected:n}. Shapes are {a:shape} and"
        " {b:shape}. for '{{node {operation:operation}}} = Select",
        lengths_in_select,
        anywhere=True,
    ),
    MessageTemplate(
        "tf1-vector-of-lengths",
        "tf1",
        "1-2",
        "sequence_length must be a vector of length batch_size, but saw shape: {got:shape}",
        vector_of_lengths,
    ),
    MessageTemplate("pytorch-nothing", "pytorch", "1-2", "Cannot pack empty tensors.", nothing_to_pack),
    MessageTemplate(
        "onnx-lengths",
        "onnx",
        "1",
        "Input sequence_lens must have shape {expected:shape}. Actual:{got:shape}",
        number_of_lengths_of_onnx,
    ),
    MessageTemplate(
        "onnx-empty",
        "onnx",
        "1",
        "Invalid value/s in sequence_lens. All values must be",
        lengths_of_onnx,
    ),
    MessageTemplate(
        "keras-mask",
        "keras",
        "3",
        "The `mask` passed to the `TimeDistributed` layer has a shape {got:shape} that is incompatible with the input"
        " shape {expected:shape}",
        mask_shape,
    ),
    MessageTemplate(
        "keras-rank-of-mask",
        "keras",
        "3",
        "The `mask` passed to the `TimeDistributed` layer must be at least 2D (e.g., `(batch_size, timesteps)`), but it"
        " has {got:n} dimension(s)",
        lambda found: wrong_rank("mask", 2, found.number("got"), [cause("mask", "keras")]),
    ),
    MessageTemplate(
        "keras-padding",
        "keras",
        "2",
        "You are passing a RNN mask that does not correspond to right-padded sequences",
        padding,
    ),
)
