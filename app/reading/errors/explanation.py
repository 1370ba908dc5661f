"""Explains a pasted error message: which tensor and axis it is about, the likely causes, and the configuration."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from ...translations.phrases import Phrase, phrase
from ..facts_about_sizes import Configuration
from .axes_of_arrays import STEPS
from .causes_in_programs.causes_by_program import by_program
from .causes_in_programs.given_shapes import with_given_shape
from .code_lines import conclusions
from .code_lines.missing_frames import line_inside
from .code_lines.onnx_nodes import resets_after_product
from .code_lines.pasted_operations import PastedProgram
from .code_lines.quoted_code import only_line, quoted_line
from .code_lines.reset_gates import multiplies_product_of_h
from .code_lines.unrelated_arrays import (
    computes_unread_arrays,
    computes_unrelated_arrays,
    lacks_origins,
    reads_missing_arrays,
    reads_own_arrays,
)
from .code_lines.whole_program import is_whole_program
from .configurations import OF_ONE_STEP, configurations_of
from .convolutional_layers import has_only_convolutions
from .empty_arrays import without_empty_arrays
from .fragments import FragmentsOfTemplates
from .framework_messages import messages_not_about_shapes, shortened_messages
from .framework_messages.handwritten_cells import handwritten_cells, listed_arguments
from .framework_messages.inputs import (
    inputs,
    inputs_of_models,
    keras_calls,
    masks_in_graphs,
    numbers_of_samples,
    onnx_inputs,
    packing_and_masks,
    samples_of_different_lengths,
    steps_in_graphs,
    unknown_sizes,
)
from .framework_messages.message_template import OF_JAX, Found, MessageTemplate
from .framework_messages.operations import (
    axes,
    indices_and_expands,
    parts_of_arrays,
    products,
    splits,
    sums,
    sums_of_old_pytorch,
    written_arrays,
)
from .framework_messages.outputs import (
    attention,
    convolutions,
    joins,
    losses,
    losses_in_training,
    losses_of_classes,
    packed_sequences,
    pairs_of_output_and_states,
    reshapes_and_norms,
    structured_losses,
)
from .framework_messages.states import (
    cells_of_tensorflow,
    loops,
    numbers_of_states,
    stacks_in_old_tensorflow,
    stateful_layers,
    states,
    states_joined_with_x,
    theano_states,
)
from .framework_messages.weights import (
    checkpoints,
    flax_parameters,
    ranks_of_kernels,
    saved_weights,
    tensorflow_checkpoints,
    weights,
)
from .javascript import in_javascript
from .lines_in_r import in_r
from .mismatch import NOT_RECURRENT, Mismatch, NoShapeError, from_code, of_unknown_arrays
from .missing_messages import of_missing_message
from .named_framework import named_framework
from .names_of_layers import MAKES_LAYER, is_other, is_recurrent, other_layer
from .pasted_text import TRACE, PastedText, folded
from .posts import without_answers
from .recurrent_call import RecurrentCall
from .surroundings import TRACEBACK, Surroundings
from .unknown_frameworks import unknown_framework

TEMPLATES: tuple[MessageTemplate, ...] = (
    *states.TEMPLATES,
    *states_joined_with_x.TEMPLATES,
    *stateful_layers.TEMPLATES,
    *numbers_of_states.TEMPLATES,
    *theano_states.TEMPLATES,
    *cells_of_tensorflow.TEMPLATES,
    *stacks_in_old_tensorflow.TEMPLATES,
    *inputs.TEMPLATES,
    *unknown_sizes.TEMPLATES,
    *inputs_of_models.TEMPLATES,
    *onnx_inputs.TEMPLATES,
    *weights.TEMPLATES,
    *ranks_of_kernels.TEMPLATES,
    *flax_parameters.TEMPLATES,
    *saved_weights.TEMPLATES,
    *checkpoints.TEMPLATES,
    *tensorflow_checkpoints.TEMPLATES,
    *packing_and_masks.TEMPLATES,
    *masks_in_graphs.TEMPLATES,
    *steps_in_graphs.TEMPLATES,
    *samples_of_different_lengths.TEMPLATES,
    *products.TEMPLATES,
    *attention.TEMPLATES,
    *joins.TEMPLATES,
    *convolutions.TEMPLATES,
    *reshapes_and_norms.TEMPLATES,
    *losses.TEMPLATES,
    *losses_of_classes.TEMPLATES,
    *numbers_of_samples.TEMPLATES,
    *losses_in_training.TEMPLATES,
    *structured_losses.TEMPLATES,
    *sums.TEMPLATES,
    *sums_of_old_pytorch.TEMPLATES,
    *handwritten_cells.TEMPLATES,
    *axes.TEMPLATES,
    *indices_and_expands.TEMPLATES,
    *parts_of_arrays.TEMPLATES,
    *written_arrays.TEMPLATES,
    *splits.TEMPLATES,
    *loops.TEMPLATES,
    *packed_sequences.TEMPLATES,
    *pairs_of_output_and_states.TEMPLATES,
    *keras_calls.TEMPLATES,
    *messages_not_about_shapes.TEMPLATES,
    *shortened_messages.TEMPLATES,
)
"""The messages that are recognized."""

OPERATIONS = {
    id: re.compile(pattern)
    for pattern, ids in {
        r"[-+*/]|_fill|where|loss|criterion|add|mul": ("pytorch-broadcast",),
        r"cat|stack": (
            *("pytorch-join", "pytorch-0-join", "pytorch-join-rank", "tf1-concat", "tensorflow-concat"),
            *("numpy-join", "numpy-1-join"),
        ),
        r"@|mm\(|matmul|einsum|dot": ("pytorch-products", "pytorch-products-rank", "numpy-product-sizes", "numpy-dot"),
        r"\.(?:view|reshape)\(": ("pytorch-view", "pytorch-0-view", "numpy-reshape"),
        r"\[[^\]]*,": ("pytorch-index", "numpy-index"),
        r",.*=.*(?:shape|size)": ("python-sizes", "python-more-sizes"),
    }.items()
    for id in ids
}
"""Template -> what the line of code has that raises it, to tell it from others that a text quotes."""

OF_QUOTED = {
    "jax-product": OPERATIONS["numpy-dot"],
    **dict.fromkeys(("tensorflow-sum", "jax-sum", "jax-shapes", "numpy-sum"), re.compile(r"\w[\])]? ?[-+*] ?[\w(]")),
}
"""The same for lines that a text quotes without a traceback alone."""

IN_LINE = {
    "pytorch-entry": r"\[\s?{index}\s?[,\]]",
    "pytorch-h-for-h-c": r"\[\s?1\s?[,\]]",
    "pytorch-pair-attribute": r"\.{name}\b",
    "pytorch-repeat": r"\.repeat\(",
    "pytorch-expand": r"\.expand(?:_as)?\(",
    "pytorch-mask": r"\w\[[^\[\]]{{0,20}}mask",
    "pytorch-stack": r"\bstack\(",
    "keras-concatenate": r"(?i:concatenate)\(.{{0,60}}\[",
    "keras-1-concatenate": r"(?i:concatenate)\(.{{0,60}}\[",
    "tensorflow-2-product": r"\bmatmul\(",
    "tensorflow-join-of-graph": r"(?i:concat\w{{0,9}})\(.{{0,60}}\[",
}
"""Template -> what the line of a program has that raises it; only for those that the line of code decides."""

CONVOLUTION = re.compile("conv_?lst_?m")

WITH_FRAMES = re.compile(r"^[ ]{0,20}File [^\n]{1,300}, line \d", re.MULTILINE)
"""A frame of a traceback."""

OF_CALLED_CELL = ("built_features", "called_features")
"""Causes in the call of a cell of Keras by the program itself: its x is one step."""

FILE = re.compile(r"^[ ]{0,20}File [\"“”]([^\n\"“”]{1,300})", re.MULTILINE)
"""The file of a frame."""

OF_DATA_LOADER = re.compile(r"torch[\\/]utils[\\/]data[\\/]")
"""The path of the code of PyTorch that loads data."""

DEFINITION = re.compile(r"^[ \t]{0,40}(?:class|def) \w", re.MULTILINE)
"""The source of a class or a function."""

NEAR = 400
"""Characters before an unknown error in which the name of a layer is looked for: the last lines of a traceback."""


ALONE = "is incompatible with layer {layer:"
"""What Keras says of an input before version 2.4, apart from TensorFlow, and TensorFlow.js. Unless a program says
another thing, their GRU applies its reset gate before the product with the recurrent kernel."""


@dataclass(frozen=True)
class Explanation:
    """A message of a ``framework`` as it was ``found``, what it says, and the configurations that fit, the most likely
    first; none for a ConvLSTM, of which there is no picture. ``before`` is the text before the message; ``batch_first``
    is None if the text does not say it; ``is_of_one_step`` says whether the message is that of a cell, which computes
    one step."""

    found: Found
    framework: str
    before: str
    message: str
    mismatch: Mismatch
    configurations: tuple[Configuration, ...]
    batch_first: bool | None
    is_of_one_step: bool

    @property
    def configuration(self) -> Configuration | None:
        """The most likely configuration."""
        return next(iter(self.configurations), None)

    @property
    def open_sizes(self) -> tuple[str, ...]:
        """The sizes of the configuration that may be others: the last size of h is that of a projection, if there is
        one; and the samples and the steps of x are those of the state and of the layer only if x has the batch first,
        which no line says."""
        mismatch = self.mismatch
        ids = {one.id for one in mismatch.causes}
        if (mismatch.tensor, mismatch.axis) == ("h_0", "num_units"):
            return ("num_units",) if "projected_state" in ids else ()
        is_of_batch = mismatch.tensor in ("h_0", "c_0") and mismatch.axis == "batch_size"
        is_open = is_of_batch and mismatch.first_cause == "batch_first" and len(ids) > 1
        return STEPS if is_open and not self._says_order_of_x else ()

    @property
    def _says_order_of_x(self) -> bool:
        """Whether the text makes the layer or x, or says the shape of x."""
        found, around = self.found, self.found.surroundings
        return bool(found.program.made_layers or around.made_shapes or around.input_shape or around.steps_of_input)

    @property
    def resets_after(self) -> bool | None:
        """Whether a GRU applies its reset gate after the product with the recurrent kernel; None if that is not
        known."""
        if any(one.id == "reset_after" for one in self.mismatch.causes):
            return self.mismatch.expected not in (1, (1,))  # of the layer that refuses the biases of another one
        if self.framework == "keras":
            settings = {one.layer.setting("reset_after") for one in self.found.program.calls if one.layer}
            around = self.found.surroundings
            is_said = True in settings or around.flag("reset_after") or "cudnngru" in around.text
            if ALONE in self.found.template.text and not is_said:
                return False
            return False not in settings and around.flag("reset_after") is not False
        if self.framework == "onnx":
            return resets_after_product(self.found.program.tree, self.found.cell)
        said = True if self.framework == "flax" else self.found.program.resets_after
        is_own = self.framework in ("numpy", "jax")
        return True if said is None and is_own and multiplies_product_of_h(self.found.program.tree) else said

    @property
    def has_peepholes(self) -> bool:
        """Whether the message is about the weights of peepholes, which only an LSTM has."""
        return self.found.template.id == "onnx-p"

    def of(self, network: Configuration) -> "Explanation":
        """The same for one configuration, with its causes."""
        causes = _read(replace(self.found, network=network)).causes
        return replace(self, mismatch=replace(self.mismatch, causes=causes), configurations=(network,))


class NotFoundError(Exception):
    """The text has no shape error of a recurrent network. ``sentence`` says why; ``message`` is the line that was read,
    if any, and ``before`` the text before it; ``about`` is the layer that an unknown error is about, if it is named."""

    def __init__(self, sentence: Phrase, before: str = "", message: str = "", about: Phrase | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.before, self.message, self.about = sentence, before, message, about


Occurrence = tuple[tuple[int, int], dict[str, str], MessageTemplate]
"""The start and the end of a message in the folded text, its values, and its template."""


def explain(text: str, call: RecurrentCall | None = None) -> Explanation:
    """Explain the last error in a text. ``call``: the call of a recurrent layer in which it arose, if that is known.
    Raises NotFoundError."""
    pasted = PastedText(text)
    message = _last_message(pasted)
    own = without_answers(text, pasted.readable, pasted.position(message[0][1] - 1))
    if own == text:
        return _explain(pasted, message, call)
    try:
        return explain(own, call)
    except NotFoundError:  # what others answer may name the layer, unless the program has another network
        if OTHER_NETWORK.search(own):
            raise
        return _explain(pasted, message, call)


OTHER_NETWORK = re.compile(r"\b(?:CNN|ConvNet|ResNet|MLP)s?\b", re.IGNORECASE)
"""Networks without recurrence."""


def _last_message(pasted: PastedText) -> Occurrence:
    """The message that counts in a text: the last one. Raises NotFoundError without one."""
    position = pasted.last_error[1]
    if not (occurrences := _occurrences(pasted)):
        raise _nothing(pasted)
    (start, end), values, template = max(_of_title(pasted, occurrences), key=lambda one: (one[0][1], -one[0][0]))
    if position > pasted.position(end - 1) and not _is_cut(pasted, position, start):
        raise _nothing(pasted)
    return _first_of_list(pasted, start, template) if template.listed_in else ((start, end), values, template)


def _explain(pasted: PastedText, occurrence: Occurrence, call: RecurrentCall | None) -> Explanation:
    """Explain a message in a text. Raises NotFoundError."""
    (start, end), values, template = occurrence
    surroundings = Surroundings(pasted.readable, call)
    before, message = pasted.before(start), pasted.line(start, end)
    code = (
        pasted.code_of_program(start)
        or _line_of_program(pasted.source, message, template.id, values)
        or _line_of_program(pasted.source, pasted.part(start, end), template.id, values)  # in the line of the message
    )
    program = PastedProgram(pasted.program, code, pasted.lines_of_program)
    if inside := line_inside(program, OPERATIONS.get(template.id)):
        code, program = inside, PastedProgram(pasted.program, inside, [*pasted.lines_of_program, inside])
    found = Found(
        template,
        values,
        surroundings,
        pasted.folded[max(0, start - TRACE) : start],
        pasted.folded[end : end + TRACE],
        pasted.underlined(start),
        code,
        program,
    )
    if template.anywhere and not found.is_about_recurrence:
        if unknown_framework(pasted.readable):
            raise _nothing(pasted)
        is_beside = is_other(found.layer) and surroundings.names_recurrent_layer
        raise NotFoundError(BESIDE if is_beside else _question(pasted, found.framework), before, message)
    is_whole = template.anywhere and call is None and is_whole_program(pasted)
    if is_whole and computes_unrelated_arrays(found.program.tree):
        raise NotFoundError(UNRELATED, before, message)
    if template.anywhere and call is None and computes_unread_arrays(found.program.tree):
        has_origins = is_whole and reads_own_arrays(found.program.tree)
        raise NotFoundError(UNRELATED if has_origins else WITHOUT_ORIGIN, before, message)
    is_missing = template.anywhere and call is None and reads_missing_arrays(found.program.tree)
    if is_missing or (is_whole and lacks_origins(found.program.tree)):
        raise NotFoundError(WITHOUT_ORIGIN, before, message)
    try:
        mismatch = _read(found)
    except NoShapeError as error:
        if not error.args:
            raise _nothing(pasted) from None
        subject = error.args[0]
        raise NotFoundError(_other_subject(found, subject), before, message) from None
    if mismatch == of_unknown_arrays() and _lacks_operation(found, pasted):
        raise NotFoundError(WITHOUT_LINE, before, message)
    if call and mismatch.tensor == "x" and mismatch.got == len(call.input):
        mismatch = replace(mismatch, shapes=(mismatch.shapes[0], call.input))
    mismatch = with_given_shape(found, mismatch)
    tree = found.program.tree
    is_said = bool(mismatch.causes or mismatch.note) or any(map(tree.nodes_in, tree.frames))
    if not is_said and (what := _missing_source(pasted, found.framework)):
        mismatch = replace(mismatch, note=phrase("Paste the source as well: {what}.", what=what))
    is_convolution = CONVOLUTION.search(pasted.folded, start, end) or has_only_convolutions(surroundings.text)
    configurations = (
        ()
        if is_convolution
        else _in_order(mismatch, configurations_of(found, mismatch), surroundings.names_two_directions)
    )
    explanation = Explanation(
        found,
        _framework(found),
        before,
        message,
        mismatch,
        configurations,
        _batch_first(found),
        OF_ONE_STEP in template.id or any(cause.id in OF_CALLED_CELL for cause in mismatch.causes),
    )
    network = explanation.configuration
    return replace(explanation.of(network), configurations=configurations) if network else explanation


def _batch_first(found: Found) -> bool | None:
    """Whether the layer of the message takes the batch first: what the text says, unless that is about another layer. A
    cell has no such setting."""
    if found.framework == "pytorch" and OF_ONE_STEP in found.template.id:
        return None
    if packing_and_masks.said_steps_first(found):
        return False
    failed = {one.layer.setting("batch_first") for one in found.program.failed_calls if one.layer}
    first = failed.pop() if len(failed) == 1 else None
    return first if isinstance(first, bool) else found.surroundings.flag("batch_first")


def _framework(found: Found) -> str:
    """The framework of an explanation: JAX for NumPy's messages that it raises, Flax if the program makes its cells."""
    raised_by = "jax" if found.framework == "numpy" and OF_JAX.search(found.before) else found.framework
    return "flax" if raised_by == "jax" and found.program.tree.sizes_of_flax_cell else raised_by


def _in_order(
    mismatch: Mismatch, configurations: tuple[Configuration, ...], speaks_of_both: bool
) -> tuple[Configuration, ...]:
    """The configurations with those first that fit the first cause: a state that lacks a direction is that of a layer
    with two. ``speaks_of_both``: whether the text speaks of two directions."""
    if mismatch.first_cause != "directions" and not speaks_of_both:
        return configurations
    return tuple(sorted(configurations, key=lambda one: not one.bidirectional))


WITHOUT_LINE = phrase(
    "Networks without recurrence raise this error, too, and the program in the text has no line that can raise it."
    " Paste the whole traceback, with the line that failed."
)
"""What is asked about a message that no line in the text can have raised."""


UNRELATED = phrase(
    "Networks without recurrence raise this error, too, and nothing says that the line that failed is about a"
    " recurrent layer, so there is no picture to draw."
)
"""What is said about a line that failed beside a recurrent layer, in a whole program."""


WITHOUT_ORIGIN = phrase(
    "Networks without recurrence raise this error, too, and no line of the text makes the arrays of the line that"
    " failed, or calls the recurrent layer. Paste these lines as well."
)
"""What is asked about a line whose arrays nothing connects with the recurrent layer of the program."""


def _lacks_operation(found: Found, pasted: PastedText) -> bool:
    """Whether a text has a program that calls recurrent layers, but no operation that raises the message, and no line
    of a traceback."""
    operation = OPERATIONS.get(found.template.id)
    is_program = found.program.has_calls and not found.code and not TRACEBACK_LINE.search(pasted.readable)
    return operation is not None and is_program and not operation.search(pasted.source)


TRACEBACK_LINE = re.compile(r"^\s*File \"|^-+> ?\d", re.MULTILINE)
"""A frame of a traceback."""

BESIDE = phrase(
    "This message is about another layer than the recurrent one, and does not say what this layer gets from it. Paste"
    " the lines that make and call it, if they are missing."
)
"""What is said about a message that a layer beside a recurrent one raised, without a shape that both have."""


def _other_subject(found: Found, subject: Phrase) -> Phrase:
    """What is said about a message that is about something else."""
    if subject == NOT_RECURRENT and found.surroundings.names_recurrent_layer and not is_recurrent(found.layer):
        return BESIDE
    return phrase("This message is not about the shape of a recurrent layer, but about {subject}.", subject=subject)


def _question(pasted: PastedText, raised_by: str) -> Phrase:
    """What is asked about a message that networks without recurrence raise, too; nothing if the program is whole.
    ``raised_by``: the framework of the message."""
    if is_whole_program(pasted) and MAKES_LAYER.search(pasted.source):
        return UNRELATED
    if is_whole_program(pasted):
        return phrase(
            "Networks without recurrence raise this error, too, and this program has no recurrent layer, so there is no"
            " picture to draw."
        )
    if MAKES_LAYER.search(pasted.source):
        return WITHOUT_ORIGIN
    if what := _missing_source(pasted, raised_by):
        return phrase(
            "Networks without recurrence raise this error, too, and the traceback names no LSTM, GRU or simple RNN."
            " Paste the source as well: {what}.",
            what=what,
        )
    return phrase(
        "Networks without recurrence raise this error, too. Does it come from an LSTM, a GRU or a simple RNN?"
        " Then paste the lines around it as well, which name the layer."
    )


def _missing_source(pasted: PastedText, raised_by: str) -> Phrase | None:
    """What a traceback without the source of the program lacks; None for another text."""
    if not WITH_FRAMES.search(pasted.readable) or DEFINITION.search(pasted.source):
        return None
    framework = named_framework(pasted.readable) or raised_by
    if OF_DATA_LOADER.search((FILE.findall(pasted.readable) or [""])[-1]):
        return phrase("the dataset, the line that makes the DataLoader, and the network")
    if framework in ("keras", "tensorflow"):
        return phrase("the lines that make the layers, the data and the loss")
    if framework in ("flax", "jax", "numpy"):
        return phrase("the lines that make the weights and the data, and those that compute a step")
    if framework == "onnx":
        return phrase("the lines that make or export the model, and those that make its inputs")
    return phrase("the class with __init__ and forward")


def _line_of_program(source: str, message: str, id: str, values: dict[str, str]) -> str:
    """The line that failed of a program without a traceback; "" if nothing tells which one it is."""
    if id not in IN_LINE:
        return quoted_line(source, message, OPERATIONS.get(id) or OF_QUOTED.get(id))
    in_line = re.compile(IN_LINE[id].format(**values))
    quoted = quoted_line(source, message, in_line)
    return quoted if in_line.search(quoted) else only_line(source, in_line) or quoted


def _of_title(pasted: PastedText, occurrences: list[Occurrence]) -> list[Occurrence]:
    """The messages of a post that its title has as well, if no line of it begins with an error: others in its sentences
    are those of what was tried. All messages without such a title."""
    title = TITLE.match(pasted.readable)
    if not title or pasted.last_error[1] >= 0:
        return occurrences
    end = len(folded(title[0]))
    firsts = ((one, one[2].first(pasted.folded, 0)) for one in occurrences)
    return [one for one, first in firsts if first and first[0][1] <= end] or occurrences


TITLE = re.compile(r"#{1,3} [^\n]{1,400}")
"""The first line of a post in Markdown."""


def _is_cut(pasted: PastedText, position: int, start: int) -> bool:
    """Whether the last error of a text is only the beginning of the message at an offset of the folded text, as at the
    end of a traceback that was cut off. ``position``: where this error begins in the readable text."""
    _, _, beginning = folded(pasted.readable[position:]).partition(":")
    return len(beginning) >= LEAST_BEGINNING and pasted.folded.startswith(beginning, start)


LEAST_BEGINNING = 12
"""Characters of the beginning of a message that tell it."""


def _first_of_list(pasted: PastedText, start: int, template: MessageTemplate) -> Occurrence:
    """The message that counts of the error that lists the one at an offset: the first one of the first template."""
    beginning = max(0, pasted.folded.rfind(template.listed_in, 0, start))
    of_list = (one for one in TEMPLATES if one.listed_in == template.listed_in)
    return next((*first, one) for one in of_list if (first := one.first(pasted.folded, beginning)))


@cache
def fragments_of_templates() -> FragmentsOfTemplates:
    """The fragments of all templates, which are folded when the first text is read."""
    return FragmentsOfTemplates([template.literals for template in TEMPLATES])


def _occurrences(pasted: PastedText) -> list[Occurrence]:
    """All messages of a text: whole ones, or shortened ones without them."""
    occurrences = [*_all_occurrences(pasted)]
    return [one for one in occurrences if not one[2].is_shortened] or occurrences


def _all_occurrences(pasted: PastedText) -> Iterator[Occurrence]:
    for n in fragments_of_templates().possible_in(pasted.folded):
        template = TEMPLATES[n]
        if last := template.last(pasted.folded):
            start = last[0][0]
            if template.is_raised_in(pasted.folded[max(0, start - TRACE) : start]):
                yield *last, template


def _nothing(pasted: PastedText) -> NotFoundError:
    """Why nothing was found, with the last error."""
    name, position = pasted.last_error
    if sentence := of_missing_message(pasted):
        return NotFoundError(sentence, pasted.readable)
    if framework := unknown_framework(pasted.readable):
        sentence = phrase(
            "{name} is not known here: messages of PyTorch, Keras, TensorFlow, JAX, Flax, NumPy and ONNX Runtime are.",
            name=framework,
        )
        return NotFoundError(sentence, pasted.readable)
    if not name:
        name, position = pasted.last_error_in_sentence
    if not name:
        return NotFoundError(
            phrase("The text has no shape error of a recurrent network. Paste the error message, with its traceback."),
            pasted.readable,
        )
    if TRACEBACK in pasted.readable[:position]:  # the traceback is whole
        sentence = phrase(
            "The last error in the text, {name}, is no known shape error of a recurrent network.", name=name[:60]
        )
    else:
        sentence = phrase(
            "The last error in the text, {name}, is no known shape error of a recurrent network. Paste the whole"
            " traceback, to its last line.",
            name=name[:60],
        )
    before, message = pasted.readable[:position], pasted.lines_from(position)
    near = before[-NEAR:].rpartition("Traceback (most recent")[2]
    return NotFoundError(sentence, before, message, other_layer(near + message))


def _read(found: Found) -> Mismatch:
    """What the message says, with the lines of its language. Raises NoShapeError."""
    return in_r(found, in_javascript(found, without_empty_arrays(_with_causes(found), found.framework)))


def _is_in_own_cell(found: Found) -> bool:
    """Whether Keras called a cell of the program's own, and the message is about any two arrays, which may be those of
    any network."""
    return found.template.anywhere and found.framework == "keras" and found.surroundings.called_own_cell


def _of_listed_arguments(found: Found) -> Mismatch | None:
    """The only product in the line that failed, if its first factor has the shape of x or of a state that Keras lists;
    None for any other."""
    is_product = len(found.program.tree.products_in(found.code)) == 1
    mismatch = listed_arguments.of_product(found, found.line) if is_product else None
    return from_code(mismatch) if mismatch else None


def _with_causes(found: Found) -> Mismatch:
    """What the message says, and the program after it. Raises NoShapeError."""
    if not found.template.read:
        raise NoShapeError(found.template.no_shape)
    if _is_in_own_cell(found):
        if of_product := _of_listed_arguments(found):
            return by_program(found, of_product)
        if not found.program.tree.functions_named("call"):
            return by_program(found, of_unknown_arrays())
    try:
        mismatch = found.template.read(found)
    except NoShapeError:
        if decided := conclusions.decide(found):
            return by_program(found, decided)
        raise
    if mismatch == of_unknown_arrays():
        mismatch = conclusions.decide(found) or mismatch
    return by_program(found, mismatch)
