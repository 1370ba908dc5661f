"""Messages about samples of different lengths or shapes, of which one array is to be made."""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ...axes_of_arrays import RANK
from ...causes import batch_id, cause
from ...code_lines.array_names import role_of
from ...mismatch import Mismatch, NoShapeError, Shape, from_code, wrong_size
from ..message_template import Found, MessageTemplate


def list_for_array(found: Found) -> Mismatch:
    """A list for an array, as x of a model of Keras: often of sequences of different lengths."""
    after = found.after
    if not after.startswith(LISTS) or OF_ARRAY in after:
        raise NoShapeError(phrase("a list that must be an array"))
    sentence = phrase("x is a list, not an array: often its sequences have different numbers of steps.")
    return Mismatch("x", "time_step", sentence, causes=(cause("unequal_lengths", "keras"),))


LISTS, OF_ARRAY = ("(<classlist>containingvaluesoftypes", "(("), "(oftype<classnumpy"
"""The beginning of a list of lists, as Keras 2 and 3 write it, and what Keras 3 writes after an array; in the folded
text."""


def array_of_objects(found: Found) -> Mismatch:
    """An array of which each entry is a list or an array, because they have different shapes."""
    if found.text("kind") and not OF_SEQUENCE.search(found.text("kind")):
        raise NoShapeError(phrase("a data type"))
    return arrays_of_samples(found)


OF_SEQUENCE = re.compile("list|ndarray|tuple")


def sample_of_another_shape(found: Found) -> Mismatch:
    """A sequence that is padded together with others, and that has another number of features."""
    expected, got = found.shape("expected"), found.shape("got")
    if len(expected) != 1 or len(got) != 1 or not expected[0]:
        raise NoShapeError(phrase("samples of different shapes"))
    return wrong_size("x", "features", expected[0], got[0])


def padded_features(found: Found) -> Mismatch:
    """Sequences that are padded together and have different numbers of features."""
    sizes = {"one": found.number("expected"), "other": found.number("got")}
    sentence = phrase("Sequences that are padded together have {one} and {other} features.", **sizes)
    one, other = sizes.values()
    return Mismatch("x", "features", sentence, (one,), (other,), is_of_equals=True)


PADDED = re.compile(r"utils[/\\]rnn\.py.*pad_sequence")
"""The frame in which PyTorch pads sequences, in the folded text."""


def arrays_of_samples(found: Found) -> Mismatch:
    """Samples with different numbers of steps, which NumPy cannot put into one array, and whose sizes it does not
    say."""
    if (made := MADE_ARRAY.search(found.code)) and role_of(made[1]) in ("output", "target"):
        raise NoShapeError(phrase("samples of different shapes"))
    if not found.code and _has_one_array(found):
        raise NoShapeError
    sentence = phrase("The samples have different shapes: often their numbers of steps differ.")
    return Mismatch("x", "time_step", sentence, causes=(cause("unequal_lengths", _padded_in(found)),))


def _has_one_array(found: Found) -> bool:
    """Whether the program makes every x of its layers with a certain shape, and no array of a list."""
    shapes = [one.operands[0].axes for one in found.program.calls if one.operands]
    is_certain = all(len(axes) == RANK and all(isinstance(size, int) for size in axes) for axes in shapes)
    return bool(shapes) and is_certain and not found.program.tree.calls_of(*OF_LISTS)


OF_LISTS = ("array", "asarray", "stack", "vstack", "fit", "convert_to_tensor", "constant", "tensor")
"""Functions that make an array of a list."""


def _padded_in(found: Found) -> str:
    """The framework that pads sequences: NumPy knows none, if the program, or the text, names no other."""
    if found.framework in PADDING:
        return found.framework
    return next((name for name, word in PADDING.items() if word.search(found.surroundings.text)), "numpy")


PADDING = {"pytorch": re.compile(r"\btorch\b"), "keras": re.compile(r"\b(?:keras|tensorflow)\b")}
"""Framework -> what names it."""


def unequal_samples(found: Found) -> Mismatch:
    """Samples with different numbers of steps, which cannot be one array."""
    expected, got = found.shape("expected"), found.shape("got")
    stacked = STACKED.search(found.code)
    if len(expected) == len(got) == 3 and stacked and role_of(stacked[1]) in ("output", "x"):
        tensor = "output" if role_of(stacked[1]) == "output" else "x"
        if expected[0] == got[0]:
            return from_code(_of_steps(found, expected[1:], got[1:], tensor))
        if tensor == "output" and expected[1:] == got[1:] and found.surroundings.flag("batch_first") is not False:
            return from_code(_of_batches(expected[0] or 0, got[0] or 0, stacked[1]))
    if len(expected) == len(got) == 2 and stacked and expected[1] == got[1] and _is_of_last_steps(found, stacked[1]):
        return from_code(_of_batches(expected[0] or 0, got[0] or 0, stacked[1]))
    is_other = stacked is not None and role_of(stacked[1]) not in ("x", "")
    is_target = found.text("component") not in ("", "0")  # of the parts of a sample, the first one is x
    if is_other or is_target or OF_IMAGES.search(found.code.lower()) or _are_images(expected, got):
        raise NoShapeError(phrase("samples of different shapes"))
    return _of_steps(found, expected, got, "x")


def _is_of_last_steps(found: Found, name: str) -> bool:
    """Whether lines of code put the last step of each batch into a list of outputs."""
    return (
        role_of(name) == "output" and re.search(LAST_STEPS.format(name=name), found.surroundings.original) is not None
    )


LAST_STEPS = r"\b{name}\.append\([^\n]{{0,40}}\[(?:-1|:, ?-1)\b"


def _are_images(*shapes: Shape) -> bool:
    """Whether arrays have the axes of images: rows, columns and channels."""
    return all(len(shape) == IMAGE_AXES and shape[-1] in CHANNELS for shape in shapes)


IMAGE_AXES, CHANNELS = 3, (1, 3, 4)


OF_IMAGES = re.compile(r"(?<![a-z])(?:images?|imgs?|photos?|pictures?|crops?)(?![a-z])")
"""Names of images, whose rows and columns are no steps."""


def _of_batches(expected: int, got: int, name: str) -> Mismatch:
    """Outputs of whole batches that are stacked, although one of them is smaller."""
    likely = replace(
        cause(batch_id(got, expected), "pytorch"),
        title=phrase("The batches have different sizes"),
        sentence=phrase("Only arrays of the same shape can be stacked. Often the last batch is smaller: join them."),
        wrong=f"torch.stack({name})",
        fix=f"torch.cat({name})",
    )
    return wrong_size("output", "batch_size", expected, got, [likely])


MADE_ARRAY = re.compile(r"\b(?:array|stack)\(\s?(?:self\.)?([a-z_]\w{0,30})\s?[),]")
"""A list of which NumPy makes an array."""


STACKED = re.compile(r"\bstack\(\s?\[?\s?(?:self\.)?([a-z_]\w{0,30})\s?[\]),]")
"""A list of arrays from which one is made."""


DEFAULT_COLLATE = "default_collate"
"""The function of PyTorch that stacks the samples of a batch; in the folded text."""


def _of_steps(found: Found, expected: Shape, got: Shape, tensor: str) -> Mismatch:
    if len(expected) != len(got) or expected[1:] != got[1:] or expected[:1] == got[:1] or not (expected[0] and got[0]):
        raise NoShapeError(phrase("samples of different shapes"))
    id = "collate" if DEFAULT_COLLATE in found.before else "unequal_lengths"
    sentence = phrase(
        "Samples of one batch have different numbers of steps: {one} and {other}.", one=expected[0], other=got[0]
    )
    causes = (cause(id, "pytorch"),)
    return Mismatch(tensor, "time_step", sentence, expected[:1], got[:1], causes, is_of_equals=True)


def unequal_lists(found: Found) -> Mismatch:
    """Lists of different lengths, which cannot be one array."""
    if found.number("axis") != 1:
        raise NoShapeError(phrase("samples of different shapes"))
    likely = cause("unequal_lengths", _padded_in(found))
    return wrong_size("x", "time_step", found.number("expected"), found.number("got"), [likely])


TEMPLATES = (
    *(
        MessageTemplate(id, "numpy", versions, text, arrays_of_samples, anywhere=True)
        for id, versions, text in (
            ("numpy-stack", "1.10-2", "all input arrays must have the same shape"),
            ("numpy-sequence", "1.0-1.23", "setting an array element with a sequence."),
            ("tensorflow-lists", "2", "Can't convert non-rectangular Python sequence to Tensor"),
            (
                "numpy-samples",
                "1.24-2",
                "setting an array element with a sequence. The requested array has an inhomogeneous shape after"
                " {n:n} dimensions",
            ),
        )
    ),
    *(
        MessageTemplate(id, framework, versions, text, array_of_objects, anywhere=True)
        for id, framework, versions, text in (
            (
                "tensorflow-objects",
                "keras",
                "2",
                "Failed to convert a NumPy array to a Tensor (Unsupported object type {kind:name})",
            ),
            ("keras-objects", "keras", "3", "Error: Invalid dtype: object"),
            ("pytorch-objects", "pytorch", "0.4-2", "can't convert np.ndarray of type numpy.object_"),
            ("pytorch-0-objects", "pytorch", "0.4-1", "can't convert np.ndarray of type numpy.object."),
        )
    ),
    *(
        MessageTemplate(id, "keras", versions, text, list_for_array, anywhere=True)
        for id, versions, text in (
            ("keras-2-data", "2", "Failed to find data adapter that can handle input:"),
            ("keras-3-data", "3", "Unrecognized data type: x="),
        )
    ),
    *(
        MessageTemplate(id, "pytorch", "1-2", text, padded_features, anywhere=True, frame=PADDED)
        for id, text in (
            (
                "pytorch-padded-features",
                "The size of tensor a ({expected:n}) must match the size of tensor b ({got:n}) at non-singleton"
                " dimension {axis:n}",
            ),
            (
                "pytorch-1-padded-features",
                "The expanded size of the tensor ({expected:n}) must match the existing size ({got:n}) at"
                " non-singleton dimension {axis:n}. Target sizes: {target:shape}. Tensor sizes: {sizes:shape}",
            ),
        )
    ),
    MessageTemplate(
        "keras-padded-features",
        "keras",
        "1-3",
        "Shape of sample {got:shape} of sequence at position {index:n} is different from expected shape"
        " {expected:shape}",
        sample_of_another_shape,
        anywhere=True,
    ),
    *(
        MessageTemplate(id, framework, versions, text, unequal_samples, anywhere=True)
        for id, framework, versions, text in (
            (
                "pytorch-stack",
                "pytorch",
                "1.4-2",
                "stack expects each tensor to be equal size, but got {expected:shape} at entry {i:n} and {got:shape}"
                " at entry",
            ),
            (
                "tensorflow-stack",
                "tf1",
                "1-2",
                "Shapes of all inputs must match: values[{i:n}].shape = {expected:shape} != values[{j:n}].shape ="
                " {got:shape}",
            ),
            (
                "tensorflow-stack-of-graph",
                "tf1",
                "1-2",
                "Dimension {axis:n} in both shapes must be equal, but are {a:n} and {b:n}. Shapes are {expected:shape}"
                " and {got:shape}. From merging shape {i:n} with other shapes",
            ),
            (
                "tensorflow-samples",
                "tf1",
                "1-2",
                "Cannot batch tensors with different shapes in component {component:n}. First element had shape"
                " {expected:shape} and element {j:n} had shape {got:shape}",
            ),
            (
                "tensorflow-1-samples",
                "tf1",
                "1-2",
                "Cannot add tensor to the batch: number of elements does not match. Shapes are: [tensor]: {got:shape},"
                " [batch]: {expected:shape}",
            ),
        )
    ),
    MessageTemplate(
        "pytorch-lists",
        "pytorch",
        "0.4-2",
        "expected sequence of length {expected:n} at dim {axis:n} (got {got:n})",
        unequal_lists,
        anywhere=True,
    ),
)
