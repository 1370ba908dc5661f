"""What /explain shows of an error: its facts, both shapes, the picture, the causes and a program."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from markupsafe import Markup

from ....core.axes import SIZES, TIMES
from ....core.axis_names import axis_name
from ....core.cells import CELLS
from ....diagram.charts import two_shapes
from ....diagram.charts.layer_states import StateShape
from ....diagram.charts.two_shapes import role
from ....diagram.painters.page_svg import page_svg
from ....diagram.transforms.relabeling import in_language
from ....diagram.transforms.unknown_sizes import UNKNOWN
from ....frameworks import FRAMEWORKS
from ....frameworks.oracle_evidence import EVIDENCE
from ....reading.errors.causes_by_numbers import Decision, decision
from ....reading.errors.causes_in_programs.causes_by_program import is_general
from ....reading.errors.cell_classes import CLASSES, KERAS_CLASSES
from ....reading.errors.expected_and_given_shape import PEEPHOLES, Comparison, comparison, completed
from ....reading.errors.explanation import Explanation
from ....reading.errors.framework_messages.message_template import Found
from ....reading.errors.mismatch import Cause, Shape
from ....reading.errors.small_programs.program_of_cause import Program, first_program
from ....reading.facts_about_sizes import GATES, Configuration
from ....translations.phrases import joined_with_commas, phrase
from ....translations.translator import Translator
from ....url_state.field_types import FieldError
from ....url_state.fields import FIELDS
from ....url_state.state_of_configuration import is_drawn, state_of_error
from ....url_state.url_state import UrlState
from ....url_state_to_picture.error_pictures.error_picture import Subject, error_picture, picture_of_shapes
from .line_diff import Line, Piece, line_diff

TYPED_SIZES = tuple(name for name in SIZES if name != "num_proj")
"""The sizes that a reader may type, if the text does not say them."""

SWITCHES = ("num_layers", "bidirectional")
"""What else the linked picture has that the text may not say."""

OTHER_TITLES = {"tflite": "TensorFlow Lite", "jax": "JAX", "numpy": "NumPy", "tensorflow": "TensorFlow"}
TITLES = {id: one.title for id, one in FRAMEWORKS.items()} | OTHER_TITLES
"""The frameworks of messages."""

RAN_IN = {
    "pytorch": ("pytorch", "torch", "PyTorch"),
    "keras": ("keras", "keras", "Keras"),
    "tensorflow": ("keras", "keras", "Keras"),
    "keras2": ("tf1", "tf_keras", "tf_keras"),
    "keras1": ("tf1", "tf_keras", "tf_keras"),
    "tf1": ("tf1", "tensorflow", "TensorFlow"),
    "onnx": ("onnx", "onnxruntime", "ONNX Runtime"),
    "flax": ("flax", "flax", "Flax"),
    "jax": ("flax", "jax", "JAX"),
    "numpy": ("colah", "numpy", "NumPy"),
}
"""The framework of a program -> the evidence that has the version of what ran it, its package there, and its name."""

LAYERS = {
    "pytorch": {cell: f"nn.{name}" for cell, name in CLASSES.items()},
    "keras": KERAS_CLASSES,
    "onnx": CLASSES,
}
"""What frameworks call the layers of cells."""

SUBJECTS = {
    "kernel": phrase("The kernel"),
    "recurrent_kernel": phrase("The recurrent kernel"),
    "bias": phrase("The bias"),
    "projection": phrase("The projection"),
    PEEPHOLES: phrase("The array of the peepholes"),
    "lengths": phrase("The list of lengths"),
    "mask": phrase("The mask"),
    "target": phrase("The target"),
    "dense_input": phrase("The input of the dense layer"),
    "dense_kernel": phrase("The kernel of the dense layer"),
    "output": phrase("The output"),
}
"""Tensors that have no usual name in code, at the beginning of a sentence."""

OF_ARGUMENTS = ("total_length",)
"""Causes in an argument whose size is compared, which the sentence of the message names."""

SHOWN_OF_SIZE = 20
"""Characters of a typed size that the page repeats."""

MOST_READINGS = 4
"""Configurations that the page offers."""


class Colored(NamedTuple):
    """A piece of a shape and the role of its colour."""

    text: str
    role: str


class Fact(NamedTuple):
    """A row of what the text says: a name in the colour of a role, and its value. ``field``: the name of the field of a
    size that the text does not say; ``error``: what is wrong with the size that the reader has typed."""

    name: str
    role: str
    value: str
    field: str = ""
    error: str = ""


class OneSize(NamedTuple):
    """A size that differs, by its axis."""

    axis: Colored
    expected: Colored
    got: Colored


class Sheets(NamedTuple):
    """How many sheets a state has, and the shape of one."""

    number: int
    shape: tuple[Colored, ...]


class Choice(NamedTuple):
    """A button: what it sends, what it shows, and whether it is chosen."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class ShownCause:
    """A likely cause with its corrected lines, each with the line before. ``is_general``: whether the text has a
    program, whose names they do not have."""

    cause: Cause
    lines: tuple[tuple[Line, Line], ...]
    is_general: bool


class ShownLine(NamedTuple):
    """A line of a program with its sign, in pieces."""

    sign: str
    pieces: Line


@dataclass(frozen=True)
class ShownProgram:
    """A program, its lines with what differs, and the library that ran it, with its version."""

    program: Program
    lines: tuple[ShownLine, ...]
    library: str
    version: str


@dataclass(frozen=True)
class Answer:
    """What the page shows of an explained error.

    ``axis``: the size that differs, if it is one; ``parts``: layers × directions, if the text says it; ``kept``: what
    the reader has chosen, as hidden fields; ``has_shapes``: whether it says several sizes of a shape; ``size``: the
    only size that the text says; ``ranks``: the numbers of axes, if they differ; ``sheets``: those of a state, expected
    and given; ``red``: the tensor that is red in the picture of a cell; ``is_example``: whether the
    sequence in red is an example; ``says_unknown``: whether a size in a chain is a question mark; ``chosen``: the cell,
    the sizes, the layers and the directions of the linked picture that the text does not say.
    """

    explanation: Explanation
    title: str
    subject_name: str
    axis: str
    framework: str
    parts: int | None
    facts: tuple[Fact, ...]
    readings: tuple[Choice, ...]
    cells: tuple[Choice, ...]
    kept: Mapping[str, str]
    has_unknown_sizes: bool
    verdict: str
    has_shapes: bool
    size: OneSize | None
    ranks: tuple[int, int] | None
    sheets: tuple[Sheets, ...]
    expected: tuple[Colored, ...]
    got: tuple[Colored, ...]
    charts: tuple[Markup, ...]
    subject: Subject | None
    red: str
    is_example: bool
    says_unknown: bool
    pictures: tuple[Markup, ...]
    causes: tuple[ShownCause, ...]
    decision: Decision
    program: ShownProgram | None
    link: str | None
    chosen: tuple[Colored, ...]


def answer_to(explanation: Explanation, given: Mapping[str, str], url_state: UrlState, translate: Translator) -> Answer:
    """What the page shows, for the configuration and the sizes that the reader has chosen."""
    configurations = explanation.configurations[:MOST_READINGS]
    chosen = min(number(given.get("reading", "")), max(0, len(configurations) - 1))
    known = configurations[chosen] if configurations else Configuration()
    cell = given.get("cell", "") if known.cell is None else ""
    network, errors = with_sizes(known, given)
    network = replace(network, cell=cell) if cell in GATES else network
    explanation = explanation.of(network) if configurations else explanation
    said = comparison(explanation)
    shapes = completed(said, network, [cause.id for cause in explanation.mismatch.causes]) if said else None
    charts = two_shapes_charts(shapes, translate) if shapes else ()
    has_picture = is_drawn(explanation, network)
    picture = error_picture(explanation, network, shapes, translate) if has_picture else None
    page_state = state_of_error(explanation, network)
    unknown = [name for name in TYPED_SIZES if getattr(network, name) is None]
    assumed = [name for name in (*unknown, *SWITCHES) if getattr(network, name) is None] + [*explanation.open_sizes]
    is_free = known.time_step is None
    decided = decision(explanation.mismatch, said, network.time_step, may_ask=is_free)
    mismatch = replace(explanation.mismatch, causes=decided.causes)
    layer = layer_name(explanation, network.cell)
    return Answer(
        explanation=explanation,
        title=TITLES[explanation.framework],
        axis=explanation.mismatch.axis if explanation.mismatch.axis in SIZES else "",
        subject_name=_subject_name(explanation),
        framework=translate(joined_with_commas(filter(None, (translate(TITLES[explanation.framework]), layer)))),
        parts=parts_of(explanation),
        facts=tuple(facts(known, given, errors, explanation.open_sizes)) if configurations else (),
        readings=readings(configurations, chosen),
        cells=tuple(
            Choice(id, CELLS[id].short_title, has_picture and id == (network.cell or "lstm"))
            for id in GATES
            if configurations and known.cell is None
        ),
        kept={"reading": str(chosen), **({"cell": network.cell} if network.cell else {})},
        has_unknown_sizes=bool(configurations) and any(getattr(known, name) is None for name in TYPED_SIZES),
        verdict=shapes.verdict if shapes else "",
        has_shapes=bool(shapes and len(shapes.expected) == len(shapes.got) and known_sizes(shapes) > 1),
        size=one_size(shapes, translate) if shapes and explanation.mismatch.first_cause not in OF_ARGUMENTS else None,
        ranks=ranks_of(explanation),
        sheets=tuple(sheets(one, shapes) for one in picture.states) if picture and picture.states and shapes else (),
        expected=colored(shapes.axes, shapes.expected) if shapes else (),
        got=(
            colored(two_shapes.axes_of_got(shapes.axes, shapes.expected, shapes.got, shapes.differing), shapes.got)
            if shapes and shapes.shift is not None
            else ()
        ),
        charts=charts,
        subject=picture.subject if picture else None,
        red=picture.red if picture else "",
        is_example=bool(picture and picture.is_example),
        says_unknown=bool(picture and picture.has_unknown_sizes),
        pictures=tuple(Markup(page_svg(one)) for one in (picture.wide, picture.narrow)) if picture else (),
        causes=tuple(shown_cause(explanation.found, one) for one in decided.causes),
        decision=decided,
        program=shown_program(replace(explanation, mismatch=mismatch)),
        link=page_state.query(lang=url_state.lang, theme=url_state.theme) if page_state else None,
        chosen=_chosen(page_state, assumed, is_known=is_of_kind(explanation, network)) if page_state else (),
    )


def _subject_name(explanation: Explanation) -> str:
    if explanation.mismatch.is_of_shared_cell:
        return phrase("x of layer 1, which is h of layer 0,")
    return SUBJECTS.get(PEEPHOLES if explanation.has_peepholes else explanation.mismatch.tensor or "", "")


def is_of_kind(explanation: Explanation, network: Configuration) -> bool:
    """Whether the text says which kind of cell a network has: RNN of Keras with a cell that the program defines is a
    simple RNN only if this computes no gates."""
    around = explanation.found.surroundings
    may_be_own = around.has_own_cell and explanation.framework != "pytorch"
    is_open = network.cell == "rnn" and may_be_own and not around.has_only_tanh
    return network.cell is not None and not is_open


def _chosen(page_state: UrlState, assumed: list[str], *, is_known: bool) -> tuple[Colored, ...]:
    """What the linked picture shows and the text does not say: the cell, unless it ``is_known``, sizes, layers and
    directions."""
    cell = () if is_known else (Colored(CELLS[str(page_state["cell"])].short_title, "cell"),)
    return *cell, *(Colored(str(page_state[name]).lower(), name) for name in assumed)


def shown_cause(found: Found, cause: Cause) -> ShownCause:
    """A cause with what its lines change."""
    lines = tuple(line_diff(wrong, fix) for wrong, fix in cause.lines)
    has_names = found.program.has_code or bool(found.program.tree.frames)
    return ShownCause(cause, lines, has_names and is_general(found, cause))


def shown_program(explanation: Explanation) -> ShownProgram | None:
    """The program of the most likely cause; None if there is none."""
    program = first_program(explanation)
    if not program:
        return None
    lines, before = [], ""
    for n, line in enumerate(program.lines):
        after = program.lines[n + 1] if n + 1 < len(program.lines) else None
        pieces: Line = (Piece(line.text, False),)
        if line.sign == "-" and after and after.sign == "+":
            pieces, before = line_diff(line.text, after.text)[0], line.text
        elif line.sign == "+":
            pieces = line_diff(before, line.text)[1]
        lines.append(ShownLine(line.sign, pieces))
    framework, package, library = RAN_IN[program.framework]
    return ShownProgram(program, tuple(lines), library, EVIDENCE[framework].versions[package].partition("+")[0])


def parts_of(explanation: Explanation) -> int | None:
    """The layers × directions that the text says."""
    facts = explanation.mismatch.facts
    return next((fact.value for fact in facts if fact.terms == (("num_layers", "directions"),)), None)


def one_size(shapes: Comparison, translate: Translator) -> OneSize | None:
    """The size that differs, if it is the only one that is known."""
    if known_sizes(shapes) != 1 or len(shapes.differing) != 1 or shapes.shift:
        return None
    (n,) = shapes.differing
    axis, expected, got = shapes.axes[n], shapes.expected[n], shapes.got[n]
    if axis is None or got is None:
        return None
    name = translate(axis_name(axis))
    return OneSize(Colored(name, role(axis)), *(Colored(str(size), role(axis)) for size in (expected, got)))


def sheets(state: StateShape, shapes: Comparison) -> Sheets:
    """The sheets of a state, whose rows may be projected."""
    units = Colored(str(state.units), role(shapes.axes[-1]))
    return Sheets(state.sheets, (Colored(str(state.rows), "batch_size"), units))


def known_sizes(shapes: Comparison) -> int:
    """How many sizes of the expected shape the text says."""
    return len([size for size in shapes.expected if size is not None])


def ranks_of(explanation: Explanation) -> tuple[int, int] | None:
    """The numbers of axes, if they differ."""
    expected, got = explanation.mismatch.expected, explanation.mismatch.got
    if explanation.mismatch.is_of_equals:
        return None
    return (expected, got) if isinstance(expected, int) and isinstance(got, int) else None


def number(text: str) -> int:
    """A small number of a form; 0 if the text is none."""
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def with_sizes(known: Configuration, given: Mapping[str, str]) -> tuple[Configuration, dict[str, str]]:
    """A configuration with the sizes that the reader knows, and what is wrong with others, by name."""
    sizes: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name in TYPED_SIZES:
        text = given.get(name, "").strip()
        if text and getattr(known, name) is None:
            try:
                sizes[name] = FIELDS[name].parse(text)
            except FieldError as error:
                errors[name] = error.message
    return replace(known, **sizes), errors


def facts(
    known: Configuration, given: Mapping[str, str], errors: Mapping[str, str], open_sizes: tuple[str, ...] = ()
) -> Iterator[Fact]:
    """The sizes that the text says, but for ``open_sizes``, and those that it does not, as the reader has typed
    them."""
    for name in SIZES:
        if (said := getattr(known, name)) is not None and name not in open_sizes:
            yield Fact(name, name, str(said))
    for name in TYPED_SIZES:
        if getattr(known, name) is None:
            yield Fact(name, name, given.get(name, "").strip()[:SHOWN_OF_SIZE], name, errors.get(name, ""))


def readings(configurations: tuple[Configuration, ...], chosen: int) -> tuple[Choice, ...]:
    """A button for each configuration that fits."""
    if len(configurations) < 2:
        return ()
    return tuple(Choice(str(n), _reading(one, configurations), n == chosen) for n, one in enumerate(configurations))


def _reading(one: Configuration, others: tuple[Configuration, ...]) -> str:
    """What distinguishes a configuration from others."""
    parts = []
    if len({other.cell for other in others}) > 1 and one.cell:
        parts.append(CELLS[one.cell].short_title)
    if len({(other.num_layers, other.bidirectional) for other in others}) > 1:
        parts.append(f"{one.num_layers or UNKNOWN} {TIMES} {2 if one.bidirectional else 1}")
    if not parts:
        parts = [str(one.num_units or UNKNOWN)]
    return joined_with_commas(parts)


def two_shapes_charts(shapes: Comparison, translate: Translator) -> tuple[Markup, ...]:
    """Both shapes under one another, for a page and for a phone."""
    pictures = (picture_of_shapes(shapes, width) for width in (two_shapes.WIDE, two_shapes.NARROW))
    return tuple(Markup(page_svg(in_language(picture, translate))) for picture in pictures)


def layer_name(explanation: Explanation, cell: str | None) -> str:
    """What a framework calls the layer of a cell; "" if it is not known."""
    name = LAYERS.get(explanation.framework, {}).get(cell or "", "")
    if name == KERAS_CLASSES["rnn"] and explanation.found.surroundings.has_own_cell:
        return "RNN"
    if explanation.framework == "pytorch" and _computes_cell(explanation.found, name.removeprefix("nn.")):
        return ""
    return f"{name}Cell" if name and explanation.is_of_one_step else name


def _computes_cell(found: Found, name: str) -> bool:
    """Whether a whole program of PyTorch computes its cell itself: nothing in the text names the class of a layer or a
    cell, and none of these failed."""
    named = rf"\bnn\.{name}(?:Cell)?\b|(?<!\w){name}(?:Cell)?\(|\bgetattr\(|[\"\']{name}(?:Cell)?[\"\']|modules.rnn\.py"
    return found.program.is_whole and re.search(named, found.surroundings.original) is None


def colored(axes: tuple[str | None, ...], sizes: Shape) -> tuple[Colored, ...]:
    """The sizes of a shape in the colours of its axes."""
    return tuple(
        Colored(UNKNOWN if size is None else str(size), role(axis)) for axis, size in zip(axes, sizes, strict=True)
    )
