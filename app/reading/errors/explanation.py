"""Explains a pasted error message: which tensor and axis it is about, the likely causes, and the configuration."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import permutations

from ...translations.phrases import Phrase, phrase
from ..code.values import Layer
from ..facts_about_sizes import GATES, Configuration, Fact, fact, fits
from .causes_in_programs.causes_by_program import by_program
from .causes_in_programs.layers.layers_around import repeated_layer
from .causes_in_programs.likely_causes import stacked
from .code_lines import conclusions
from .code_lines.layers_and_operands import width_of
from .code_lines.pasted_operations import PastedProgram
from .code_lines.program_nodes import factors_of, name_of
from .code_lines.quoted_code import only_line, quoted_line
from .code_lines.whole_program import is_whole_program
from .fragments import FragmentsOfTemplates
from .framework_messages import messages_not_about_shapes
from .framework_messages.handwritten_cells import handwritten_cells
from .framework_messages.inputs import inputs, inputs_of_models, keras_calls, onnx_inputs, packing_and_masks
from .framework_messages.message_template import Found, MessageTemplate
from .framework_messages.operations import (
    axes,
    indices_and_expands,
    parts_of_arrays,
    products,
    splits,
    sums,
    written_arrays,
)
from .framework_messages.outputs import (
    attention,
    convolutions,
    joins,
    losses,
    losses_in_training,
    pairs_of_output_and_states,
    reshapes_and_norms,
    structured_losses,
)
from .framework_messages.outputs.reshapes_and_norms import MAKES_LAYER
from .framework_messages.states import (
    cells_of_tensorflow,
    loops,
    numbers_of_states,
    stateful_layers,
    states,
    states_joined_with_x,
    theano_states,
)
from .framework_messages.weights import checkpoints, saved_weights, weights
from .mismatch import NOT_RECURRENT, Mismatch, NoShapeError, Shape, of_unknown_arrays, only_size, without_empty_arrays
from .named_framework import named_framework
from .pasted_text import TRACE, PastedText
from .sizes_of_data import (
    STEPS,
    axes_of_x_facts,
    batch_of_data,
    batch_of_slices,
    scans,
    sizes_of_equation,
    sizes_of_given_x,
    sizes_of_scan,
    takes_samples_for_steps,
)
from .surroundings import TRACEBACK, RecurrentCall, Surroundings, is_other, is_recurrent, other_layer

TEMPLATES: tuple[MessageTemplate, ...] = (
    *states.TEMPLATES,
    *states_joined_with_x.TEMPLATES,
    *stateful_layers.TEMPLATES,
    *numbers_of_states.TEMPLATES,
    *theano_states.TEMPLATES,
    *cells_of_tensorflow.TEMPLATES,
    *inputs.TEMPLATES,
    *inputs_of_models.TEMPLATES,
    *onnx_inputs.TEMPLATES,
    *weights.TEMPLATES,
    *saved_weights.TEMPLATES,
    *checkpoints.TEMPLATES,
    *packing_and_masks.TEMPLATES,
    *products.TEMPLATES,
    *attention.TEMPLATES,
    *joins.TEMPLATES,
    *convolutions.TEMPLATES,
    *reshapes_and_norms.TEMPLATES,
    *losses.TEMPLATES,
    *losses_in_training.TEMPLATES,
    *structured_losses.TEMPLATES,
    *sums.TEMPLATES,
    *handwritten_cells.TEMPLATES,
    *axes.TEMPLATES,
    *indices_and_expands.TEMPLATES,
    *parts_of_arrays.TEMPLATES,
    *written_arrays.TEMPLATES,
    *splits.TEMPLATES,
    *loops.TEMPLATES,
    *pairs_of_output_and_states.TEMPLATES,
    *keras_calls.TEMPLATES,
    *messages_not_about_shapes.TEMPLATES,
)
"""The messages that are recognized."""

OPERATIONS = {
    id: re.compile(pattern)
    for pattern, ids in {
        r"[-+*/]|_fill|where|loss|criterion|add|mul": ("pytorch-broadcast",),
        r"cat|stack": ("pytorch-join", "pytorch-0-join", "pytorch-join-rank", "tf1-concat", "tensorflow-concat"),
        r"@|mm\(|matmul|einsum|dot": ("pytorch-products", "pytorch-products-rank", "numpy-product-sizes", "numpy-dot"),
        r"\[[^\]]*,": ("pytorch-index", "numpy-index"),
        r",.*=.*(?:shape|size)": ("python-sizes", "python-more-sizes"),
    }.items()
    for id in ids
}
"""Template -> what the line of code has that raises it, to tell it from others that a text quotes."""

IN_LINE = {
    "pytorch-entry": r"\[\s?{index}\s?[,\]]",
    "pytorch-h-for-h-c": r"\[\s?1\s?[,\]]",
    "pytorch-repeat": r"\.repeat\(",
    "pytorch-expand": r"\.expand(?:_as)?\(",
    "pytorch-mask": r"\w\[[^\[\]]{{0,20}}mask",
    "pytorch-stack": r"\bstack\(",
    "keras-concatenate": r"(?i:concatenate)\(.{{0,60}}\[",
    "keras-1-concatenate": r"(?i:concatenate)\(.{{0,60}}\[",
    "tensorflow-join-of-graph": r"(?i:concat\w{{0,9}})\(.{{0,60}}\[",
}
"""Template -> what the line of a program has that raises it; only for those that the line of code decides."""

IN_BATCHES = re.compile(r"dataloader\(|tensordataset\(|\.fit\(|\.batch\(")
"""A program that reads its data in batches, whose arrays have all samples; in lower case."""

CONVOLUTION = re.compile("conv_?lst_?m")

OF_ONE_STEP = "-cell-"
"""A part of the ids of templates about cells, which compute one step."""

WITH_FRAMES = re.compile(r"^[ ]{0,20}File [^\n]{1,300}, line \d", re.MULTILINE)
"""A frame of a traceback."""

FILE = re.compile(r"^[ ]{0,20}File [\"“”]([^\n\"“”]{1,300})", re.MULTILINE)
"""The file of a frame."""

OF_DATA_LOADER = re.compile(r"torch[\\/]utils[\\/]data[\\/]")
"""The path of the code of PyTorch that loads data."""

DEFINITION = re.compile(r"^[ \t]{0,40}(?:class|def) \w", re.MULTILINE)
"""The source of a class or a function."""

NEAR = 400
"""Characters before an unknown error in which the name of a layer is looked for: the last lines of a traceback."""


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
    def resets_after(self) -> bool | None:
        """Whether a GRU applies its reset gate after the product with the recurrent kernel; None if that is not
        known."""
        if any(one.id == "reset_after" for one in self.mismatch.causes):
            return self.mismatch.expected not in (1, (1,))  # of the layer that refuses the biases of another one
        if self.framework == "keras":
            said = {one.layer.setting("reset_after") for one in self.found.program.calls if one.layer}
            return False not in said and self.found.surroundings.flag("reset_after") is not False
        return True if self.framework == "flax" else self.found.program.resets_after

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


def explain(text: str, call: RecurrentCall | None = None) -> Explanation:
    """Explain the last error in a text. ``call``: the call of a recurrent layer in which it arose, if that is known.
    Raises NotFoundError."""
    pasted = PastedText(text)
    surroundings = Surroundings(pasted.readable, call)
    position = pasted.last_error[1]
    if not (occurrences := list(_occurrences(pasted))):
        raise _nothing(pasted)
    (start, end), values, template = max(occurrences, key=lambda one: (one[0][1], -one[0][0]))
    if position > pasted.position(end - 1):
        raise _nothing(pasted)
    if template.listed_in:
        (start, end), values, template = _first_of_list(pasted, start, template)
    before, message = pasted.before(start), pasted.line(start, end)
    code = (
        pasted.code_of_program(start)
        or _line_of_program(pasted.source, message, template.id, values)
        or _line_of_program(pasted.source, pasted.part(start, end), template.id, values)  # in the line of the message
    )
    found = Found(
        template,
        values,
        surroundings,
        pasted.folded[max(0, start - TRACE) : start],
        pasted.folded[end : end + TRACE],
        pasted.underlined(start),
        code,
        PastedProgram(pasted.source, code, pasted.lines_of_program),
    )
    if template.anywhere and not found.is_about_recurrence:
        is_beside = is_other(found.layer) and surroundings.names_recurrent_layer
        raise NotFoundError(BESIDE if is_beside else _question(pasted, found.framework), before, message)
    try:
        mismatch = _read(found)
    except NoShapeError as error:
        if not error.args:
            raise _nothing(pasted) from None
        subject = error.args[0]
        raise NotFoundError(_other_subject(found, subject), before, message) from None
    if call and mismatch.tensor == "x" and mismatch.got == len(call.input):
        mismatch = replace(mismatch, shapes=(mismatch.shapes[0], call.input))
    tree = found.program.tree
    is_said = bool(mismatch.causes or mismatch.note) or any(map(tree.nodes_in, tree.frames))
    if not is_said and (what := _missing_source(pasted, found.framework)):
        mismatch = replace(mismatch, note=phrase("Paste the source as well: {what}.", what=what))
    is_convolution = CONVOLUTION.search(pasted.folded, start, end)
    configurations = () if is_convolution else _configurations(found, mismatch)
    explanation = Explanation(
        found,
        found.framework,
        before,
        message,
        mismatch,
        configurations,
        surroundings.flag("batch_first"),
        OF_ONE_STEP in template.id,
    )
    network = explanation.configuration
    return replace(explanation.of(network), configurations=configurations) if network else explanation


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
        return phrase(
            "Networks without recurrence raise this error, too, and nothing says that the line that failed is about a"
            " recurrent layer, so there is no picture to draw."
        )
    if is_whole_program(pasted):
        return phrase(
            "Networks without recurrence raise this error, too, and this program has no recurrent layer, so there is no"
            " picture to draw."
        )
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
        return quoted_line(source, message, OPERATIONS.get(id))
    in_line = re.compile(IN_LINE[id].format(**values))
    quoted = quoted_line(source, message, in_line)
    return quoted if in_line.search(quoted) else only_line(source, in_line) or quoted


Occurrence = tuple[tuple[int, int], dict[str, str], MessageTemplate]
"""The start and the end of a message in the folded text, its values, and its template."""


def _first_of_list(pasted: PastedText, start: int, template: MessageTemplate) -> Occurrence:
    """The message that counts of the error that lists the one at an offset: the first one of the first template."""
    beginning = max(0, pasted.folded.rfind(template.listed_in, 0, start))
    of_list = (one for one in TEMPLATES if one.listed_in == template.listed_in)
    return next((*first, one) for one in of_list if (first := one.first(pasted.folded, beginning)))


@cache
def fragments_of_templates() -> FragmentsOfTemplates:
    """The fragments of all templates, which are folded when the first text is read."""
    return FragmentsOfTemplates([template.literals for template in TEMPLATES])


def _occurrences(pasted: PastedText) -> Iterator[Occurrence]:
    for n in fragments_of_templates().possible_in(pasted.folded):
        template = TEMPLATES[n]
        if last := template.last(pasted.folded):
            start = last[0][0]
            if template.is_raised_in(pasted.folded[max(0, start - TRACE) : start]):
                yield *last, template


def _nothing(pasted: PastedText) -> NotFoundError:
    """Why nothing was found, with the last error."""
    name, position = pasted.last_error
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
    """What the message says. Raises NoShapeError."""
    if not found.template.read:
        raise NoShapeError(found.template.no_shape)
    try:
        mismatch = found.template.read(found)
    except NoShapeError:
        if decided := conclusions.decide(found):
            return without_empty_arrays(by_program(found, decided))
        raise
    if mismatch == of_unknown_arrays():
        mismatch = conclusions.decide(found) or mismatch
    return without_empty_arrays(by_program(found, mismatch))


def _configurations(found: Found, mismatch: Mismatch) -> tuple[Configuration, ...]:
    """The configurations with the facts of a message and, if they fit, those of the text around it; for each cell that
    raises it, if the text does not name one."""
    of_program = (*_of_program(found, mismatch),)
    cells = (found.cell,) if found.cell else found.template.cells
    if not found.cell and any("gates" in one.names for one in of_program):
        cells = ()
    gates: list[tuple[Fact, ...]] = [(fact("gates", GATES[cell], "class"),) for cell in cells]
    arguments = (*of_program, *_arguments(found, mismatch), *_of_target(found, mismatch))
    facts = [(*mismatch.facts, *cell, *arguments) for cell in gates or [()]]
    if any(cause.id == "vmap" for cause in mismatch.causes):  # nothing says which axis is the batch
        return tuple(one for known in facts for one in _fitting(known))
    return tuple(one for known in facts for one in _with_arrays(found, mismatch, known))


def _with_arrays(found: Found, mismatch: Mismatch, facts: tuple[Fact, ...]) -> tuple[Configuration, ...]:
    """The configurations that fit the facts, and the only array in lines of code that may be x: that of the encoder has
    other steps than a decoder."""
    configurations = _fitting(facts)
    arrays = [*_of_array(found, mismatch, configurations[0])] if len(configurations) == 1 else []
    if [one.id for one in mismatch.causes] == ["encoder_units"]:
        arrays = [one for one in arrays if one.terms != (("time_step",),)]
    return _fitting((*facts, *arrays)) if arrays else configurations


def _features_of_init(mismatch: Mismatch) -> Shape:
    """The features of the x with which the weights were made, whose batch and steps those of other x are, too."""
    is_of_init = any(one.id == "init_features" for one in mismatch.causes)
    return mismatch.got[:1] if is_of_init and isinstance(mismatch.got, tuple) else ()


def _of_array(found: Found, mismatch: Mismatch, network: Configuration) -> Iterator[Fact]:
    """The batch and the steps of the only array that lines of code make with as many features, and with the batch, if
    that is known."""
    features = {network.features, *_features_of_init(mismatch)} - {None}
    batch, in_batches = network.batch_size, IN_BATCHES.search(found.surroundings.text)
    arrays: set[tuple[int | None, ...]] = {
        shape[:2]
        for shape in _given_in_frames(found) or (*found.surroundings.made_shapes, *_made_in_program(found))
        if shape[-1] in features and (batch is None or batch in shape[:2])
    }
    words = set() if arrays else _numbers_of_words(found, network)
    arrays = arrays or {*words}
    if network.time_step is not None:
        return
    if len(arrays) != 1:
        yield from sizes_of_given_x(found, network)
        return
    (sizes,) = arrays
    if found.framework == "pytorch" and OF_ONE_STEP in found.template.id and not found.program.is_whole:
        return  # a loop gives a cell its steps, in any order of axes
    has_layers = found.framework in ("keras", "flax") or bool(words)
    is_batch_first = has_layers or found.surroundings.flag("batch_first")
    is_part = bool(words) and batch not in sizes  # of all words, whose order is that of the layer
    if batch is not None and not (in_batches and is_batch_first) and not is_part:
        is_batch_first = sizes[0] == batch if sizes[0] != sizes[1] else is_batch_first
    elif not has_layers and found.framework != "pytorch" and not scans(found):
        return
    order = ("batch_size", "time_step") if is_batch_first else ("time_step", "batch_size")
    named = [*zip(order, sizes, strict=True)]
    if in_batches:  # the first axis has all samples
        named = [one for one in named[1:] if one[0] != "batch_size"]
    if found.program.tree.is_only_read_in_parts(sizes):
        named = [one for one in named if one[0] != "time_step"]
    yield from (fact(name, size, "array") for name, size in named if size)


def _numbers_of_words(found: Found, network: Configuration) -> set[tuple[int, ...]]:
    """The shapes of what a program of Flax with an embedding passes to its network: a number for each word. A state
    beside them has none."""
    tree = found.program.tree
    if found.framework not in ("flax", "jax") or not tree.calls_of("Embed"):
        return set()
    embeds = [one for one in tree.calls if isinstance(one.func, ast.Call) and name_of(one.func) == "Embed"]
    words = [one for call in embeds for one in call.args[:1] if isinstance(one, ast.Name)]
    given = [of[1] for one in words if (of := tree.given_to(one))]
    arguments = given or [one for call in tree.calls_in_frames for one in call.args]
    shapes = {tree.axes_of_made(one) for one in arguments if isinstance(one, ast.Name)}
    shapes = {one for one in shapes if not network.num_units or one[-1:] != (network.num_units,)}
    sizes = (tuple(size for size in shape if isinstance(size, int)) for shape in shapes if len(shape) == len(STEPS))
    return {one for one in sizes if len(one) == len(STEPS)}


def _given_in_frames(found: Found) -> list[tuple[int, ...]]:
    """The shapes of the arrays with three axes that the traceback passes to a function or a network of PyTorch."""
    tree = found.program.tree
    calls = tree.calls_in_frames if found.framework == "pytorch" else []
    outer = [one for one in calls if tree.function_of(one) is None]
    shapes = (tree.axes(one) for call in outer for one in call.args[:1])
    known = (tuple(size for size in shape if isinstance(size, int)) for shape in shapes if len(shape) == len(STEPS) + 1)
    return [one for one in known if len(one) == len(STEPS) + 1]


def _made_in_program(found: Found) -> Iterator[tuple[int, ...]]:
    """The shapes of the arrays with three axes that a program with a handwritten cell makes."""
    tree = found.program.tree
    for one in tree.nodes if found.framework in ("numpy", "jax", "flax") else ():
        axes = tree.axes(one) if isinstance(one, ast.Call) and tree.is_maker(one) else ()
        sizes = tuple(size for size in axes if isinstance(size, int))
        if len(sizes) == len(axes) == len(STEPS) + 1:
            yield sizes


def _fitting(facts: tuple[Fact, ...]) -> tuple[Configuration, ...]:
    """The configurations that fit the facts. Of facts that contradict each other the last one is left out: names and
    other lines may lie."""
    while not (found := fits(facts)).configurations:
        facts = tuple(one for one in facts if one != found.contradiction[-1])
    return found.configurations


def _of_target(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """The batch and the steps of an output of Keras that a target does not fit; the steps that a mask should have."""
    if (mismatch.tensor, mismatch.axis) == ("mask", "time_step") and not mismatch.is_of_equals:
        yield from (fact("time_step", size, "mask") for size in [only_size(mismatch.expected)] if size)
    output = mismatch.beside or (mismatch.shapes[0] if len(mismatch.shapes[0]) == len(STEPS) + 1 else ())
    if mismatch.tensor == "target" and found.framework == "keras":
        known = zip(STEPS[: len(output) - 1], output, strict=False)
        yield from (fact(name, size, "output") for name, size in known if size)


def _of_program(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """What the program in the text says about its only recurrent layer, or about that whose output does not fit; or
    about one that gets the last step of another one."""
    got = mismatch.got if mismatch.tensor == "output" and isinstance(mismatch.got, tuple) else ()
    width = got[-1] if got else None
    width = width_of(layer) if (layer := repeated_layer(found, mismatch)) else width
    if found.framework in ("numpy", "jax", "flax"):
        sizes = {
            **sizes_of_scan(found),
            **_units_of_line(found),
            **(sizes_of_equation(found.program.tree) if found.framework == "numpy" else {}),
            **found.program.sizes_of_handwritten_cell,
            **found.program.tree.sizes_of_flax_cell,
        }
    else:
        place = _place_of_layer(found, mismatch)
        sizes = found.program.sizes_of_layer(found.cell, width, found.text("layer"), place)
    yield from (fact(name, size, "program") for name, size in sizes.items())
    both = stacked(found) if mismatch.tensor == "x" and mismatch.axis == "rank" else None
    if both and len(both.input) == len(STEPS) + 1:
        of_above = (*both.input[:-1], width_of(both.below), both.above.size("num_units"))
        names = zip((*STEPS, "features", "num_units"), of_above, strict=True)
        yield from (fact(name, size, "program") for name, size in names if isinstance(size, int))
    is_of_state = mismatch.is_of_equals and {one.id for one in mismatch.causes} == {"other_batch"}
    if is_of_state and found.framework == "flax" and (batch := only_size(mismatch.expected)):
        yield fact("batch_size", batch, "x")
    of_slices = batch_of_slices(found.program.tree) if OF_ONE_STEP in found.template.id else None
    is_batch = not takes_samples_for_steps(found) or any(one.id == "batch_first" for one in mismatch.causes)
    if is_batch and (batch := batch_of_data(found) or of_slices):
        yield fact("batch_size", batch, "data")
    if found.framework in ("pytorch", "keras") and (steps := found.program.tree.steps_of_windows):
        yield fact("time_step", steps, "window")
    if found.framework == "pytorch" and OF_ONE_STEP not in found.template.id:
        yield from axes_of_x_facts(found)


def _units_of_line(found: Found) -> dict[str, int]:
    """The number of units, which is the smaller size of the weights of h in the line that failed: the other one is that
    of all gates."""
    tree = found.program.tree
    sizes = set[int]()
    for node in tree.nodes_in(tree.frames[-1]) if tree.frames else ():
        for state, kernel in permutations(factors_of(node) or (), len(STEPS)):
            made = tree.made_by(kernel) if found.line.array(state).role == "h" else None
            known = [one for one in tree.shape_made(made) if isinstance(one, int) and one > 0] if made else []
            if len(known) == len(STEPS) and max(known) % min(known) == 0:
                sizes.add(min(known))
    return {"num_units": sizes.pop()} if len(sizes) == 1 else {}


def _place_of_layer(found: Found, mismatch: Mismatch) -> int | None:
    """Which recurrent layer of a model of Keras gets its x, or returns what a target does not fit; None if a message is
    about another one."""
    if found.framework != "keras":
        return None
    if mismatch.tensor == "x" and found.template.read is inputs_of_models.shape:
        read = [one.operands[0].axes[1:] for one in found.program.calls]
        of_input = [n for n, axes in enumerate(read) if axes == found.shape("expected")[1:]]
        first = None if found.number("i") else 0
        return of_input[0] if len(of_input) == 1 else first
    if found.template.read is stateful_layers.batch_of_a_stateful_layer:  # the first one refuses another batch
        keeps = [
            one.layer is not None and "stateful=True" in found.program.line_of(one.layer) for one in found.program.calls
        ]
        return keeps.index(True) if True in keeps else None
    if layer := repeated_layer(found, mismatch):
        return next((n for n, one in enumerate(found.program.calls) if one.layer is layer), None)
    layers = [one.layer for one in found.program.calls]
    if (factor := _layer_of_product(found, mismatch)) and factor in layers:
        return layers.index(factor)
    before = found.program.layers_before_failure
    is_of_last = mismatch.tensor in ("output", "target") and (not before or {*layers[-1:]} <= before)
    return -1 if is_of_last else None


def _layer_of_product(found: Found, mismatch: Mismatch) -> Layer | None:
    """The only recurrent layer whose output is, by itself, a factor of the product that sums over other axes."""
    if [one.id for one in mismatch.causes] != ["axes_of_product"]:
        return None
    products = [one for one in found.program.failed_operations if one.kind == "product"]
    layers = {next(iter(one.layers)) for product in products for one in product.operands if len({*one.layers}) == 1}
    return layers.pop() if len(layers) == 1 else None


ARGUMENTS = {
    "num_layers": "num_layers",
    "hidden_size": "num_units",
    "input_size": "features",
}
"""Arguments in lines of code, and the sizes that they are."""


def _arguments(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """What lines of code around the message say, or the call in which it arose, or the arguments of the recurrent layer
    of Keras that was called."""
    surroundings = found.surroundings
    for argument, size in ARGUMENTS.items():
        others = {one.size(size) for one in found.program.made_layers} - {value := surroundings.number(argument)}
        if value and not any(isinstance(one, int) for one in others):  # of which layer of the program it is, is open
            yield fact(size, value, argument)
    is_of_jax = found.framework in ("jax", "flax")  # in which nn.RNN has no such argument
    bidirectional = surroundings.flag("bidirectional")
    both = {one.setting("bidirectional") for one in found.program.made_layers} - {None}
    if not is_of_jax and bidirectional is not None and both <= {bidirectional}:
        yield fact("directions", 1 + bidirectional, "bidirectional")
    sizes = surroundings.call.sizes if surroundings.call else {}
    yield from (fact(name, size, "input") for name, size in sizes.items())
    x = surroundings.input_shape if found.called else ()
    axes = (*STEPS, "features") if len(x) == len(STEPS) + 1 else ("batch_size", "features") if len(x) == 2 else ()
    if len(x) != 2 or "cell" in found.called:
        wrong = mismatch.axis if mismatch.tensor == "x" else None
        named = [(name, size) for name, size in zip(axes, x, strict=False) if size and name != wrong]
        yield from (fact(name, size, "arguments") for name, size in named)
    is_of_samples = (mismatch.tensor, mismatch.axis) == ("x", "rank") and mismatch.shapes[1] != mismatch.shapes[0][1:]
    of_data = mismatch.shapes[1][:1] if is_of_samples else ()
    if found.framework == "keras" and surroundings.fits_model:  # all data of a model begin with the batch
        yield from (fact("batch_size", size, "x") for size in of_data if size)
