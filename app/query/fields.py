"""The fields of a query: one table for parsing, formatting, limits, the controls of the page, its scripts and the
docs. Each field is an attribute of a class, annotated with the type of its values, for mypy, and with its Field."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, get_type_hints

from ..core.cells import CELLS
from ..core.stack import DIRECTIONS
from ..diagram.formats import FORMATS
from ..diagram.shape_labels import LABELS
from ..diagram.size_notation import NOTATIONS, OURS
from ..diagram.theme import THEMES
from ..diagram.views import VIEWS
from ..equations.limits import MAX_CHARACTERS
from ..equations.typed_cell import OWN
from ..frameworks import FRAMEWORKS
from ..lessons.learn import LESSONS
from ..lessons.quiz.quiz_questions import QUIZ_LENGTH
from ..training.digits import TRAINING as TRAINING_DIGITS
from ..training.tasks import TASKS, TASKS_HELP
from ..translations.languages import LANGUAGES
from ..translations.phrases import joined_with_and, phrase
from .field_types import (
    NONE,
    BoundedInteger,
    Choice,
    DecimalNumber,
    Field,
    Flag,
    Index,
    Number,
    TensorId,
    VectorId,
)
from .input_kinds import INPUTS, INPUTS_HELP
from .text_field_types import ComparedText, EquationsText, FreeText, ModelText, MultipleChoice
from .tokenizer import CUTS


@cache
def frameworks_with(switch: str) -> tuple[str, ...]:
    """The ids of the frameworks that have a switch."""
    return tuple(id for id, framework in FRAMEWORKS.items() if switch in {s.name for s in framework.switches})


_SWITCHES = {switch.name: switch for framework in FRAMEWORKS.values() for switch in framework.switches}


def _switch(name: str) -> Field:
    """A framework's switch as a field: a flag if it is true or false, else a choice between words. Switches with the
    same name have the same meaning."""
    switch = _SWITCHES[name]
    help = phrase("{frameworks} only: {help}", frameworks=joined_with_and(frameworks_with(name)), help=switch.help)
    if isinstance(switch.default, bool):
        return Flag(switch.default, help, (False, True))
    return Choice(str(switch.default), help, tuple(map(str, switch.choices)))


def fields_of(values: type) -> list[Field]:
    """The fields of a class: each of its attributes is annotated with the type of the values and with the Field."""
    hints = get_type_hints(values, include_extras=True)
    return [replace(hint.__metadata__[0], name=name) for name, hint in hints.items()]


MAX_BATCH_SIZE, MAX_TIME_STEP, MAX_FEATURES, MAX_NUM_UNITS, MAX_NUM_LAYERS = 1024, 10_000, 4096, 8192, 8
"""The largest sizes."""

MAX_TEXT_LENGTH = 2000
"""Characters of a text. The limits of requests, links and states of rooms follow from it. A test compares it with
deploy/nginx.conf, which must let such links pass."""

LAST_INDEX = 99_999
"""The largest index of a row, column or component. No axis of a tensor is longer."""


@dataclass(frozen=True)
class ModelFields:
    """The model: what is computed, and in which framework."""

    cell: Annotated[str, Choice("lstm", phrase("type of cell; own means that of the equations"), (*CELLS, OWN))]
    batch_size: Annotated[
        int, Number(3, phrase("samples processed in parallel: rows of x, h and c"), 1, MAX_BATCH_SIZE, slider=True)
    ]
    time_step: Annotated[
        int, Number(4, phrase("number of time steps: how often the cell runs"), 1, MAX_TIME_STEP, slider=True)
    ]
    features: Annotated[int, Number(2, phrase("length of the input x at each step"), 1, MAX_FEATURES, slider=True)]
    num_units: Annotated[
        int,
        Number(
            5,
            phrase("length of the state (h and, in an LSTM, c) per sample"),
            1,
            MAX_NUM_UNITS,
            slider=True,
        ),
    ]
    num_proj: Annotated[
        int, Number(0, phrase("length of h after a projection; 0 means no projection"), 0, MAX_NUM_UNITS)
    ]
    num_layers: Annotated[int, Number(1, phrase("number of stacked layers"), 1, MAX_NUM_LAYERS)]
    bidirectional: Annotated[
        bool, Flag(False, phrase("add a second cell that reads the steps in reverse"), (False, True))
    ]
    framework: Annotated[str, Choice("colah", phrase("framework whose names and layouts are used"), tuple(FRAMEWORKS))]
    time_major: Annotated[bool, _switch("time_major")]
    forget_bias: Annotated[str, _switch("forget_bias")]
    return_sequences: Annotated[bool, _switch("return_sequences")]
    return_state: Annotated[bool, _switch("return_state")]
    go_backwards: Annotated[bool, _switch("go_backwards")]
    merge_mode: Annotated[str, _switch("merge_mode")]
    unit_forget_bias: Annotated[bool, _switch("unit_forget_bias")]
    batch_first: Annotated[bool, _switch("batch_first")]
    layout: Annotated[str, _switch("layout")]
    return_carry: Annotated[bool, _switch("return_carry")]
    seed: Annotated[int, Number(0, phrase("random seed for weights and inputs"), 0, 999_999_999)]
    equations: Annotated[
        str, EquationsText("", phrase("with cell=own: the equations of the cell"), MAX_CHARACTERS, multiline=True)
    ]


MODEL = fields_of(ModelFields)


@dataclass(frozen=True)
class DataFields:
    """The input of the run. All but random numbers imply ``features``; a digit also implies ``time_step``."""

    data: Annotated[str, Choice("random", INPUTS_HELP, tuple(INPUTS))]
    text: Annotated[str, FreeText("", phrase("with data=text or task=text: the text"), MAX_TEXT_LENGTH, multiline=True)]
    cut: Annotated[str, Choice("characters", phrase("with data=text: what one step reads"), CUTS)]


DATA = fields_of(DataFields)


@dataclass(frozen=True)
class TrainingFields:
    """The training: what the network learns, and how. Adam, batches of 64 and the rest are fixed."""

    task: Annotated[str, Choice("digits", TASKS_HELP, tuple(TASKS))]
    epochs: Annotated[int, Number(25, phrase("how often the training reads all of its examples"), 1, 200)]
    learning_rate: Annotated[
        str, DecimalNumber("0.01", phrase("size of the steps of Adam, the method of training"), "0.0001", "1", 6)
    ]
    examples: Annotated[
        int,
        Number(TRAINING_DIGITS, phrase("how many examples are trained on; all if there are fewer"), 1, TRAINING_DIGITS),
    ]
    trained: Annotated[bool, Flag(False, phrase("show the network with its trained weights"), (False, True))]


TRAINING = fields_of(TrainingFields)


AUTO = "auto"
"""The value of ``lang`` that stands for the visitor's own language."""


@dataclass(frozen=True)
class FocusFields:
    """The part of the run that is in focus."""

    view: Annotated[str, Choice("unrolled", phrase("picture to show"), tuple(VIEWS))]
    t: Annotated[int, Number(2, phrase("step drawn in full, counted from 0"), 0, MAX_TIME_STEP - 1, below="time_step")]
    layer: Annotated[int, Number(0, phrase("layer in focus"), 0, MAX_NUM_LAYERS - 1, below="num_layers")]
    direction: Annotated[str, Choice("forward", phrase("direction in focus"), DIRECTIONS)]
    tensor: Annotated[str, TensorId("", phrase("selected tensor"))]
    stepping: Annotated[bool, Flag(False, phrase("fade everything computed after the selected tensor"), (False, True))]
    sample: Annotated[
        int | None,
        Index(None, phrase("sample to follow"), 0, MAX_BATCH_SIZE - 1, "batch_size"),
    ]
    unit: Annotated[
        int | None,
        Index(None, phrase("unit to follow: its index in h and c"), 0, MAX_NUM_UNITS - 1, "num_units"),
    ]
    row: Annotated[int, Number(0, phrase("first row of the selected tensor’s values to show"), 0, LAST_INDEX)]
    column: Annotated[int, Number(0, phrase("first column of those values to show"), 0, LAST_INDEX)]
    poke: Annotated[str, VectorId(NONE, phrase("vector in which one value is changed, to see the effect"))]
    component: Annotated[int, Number(0, phrase("index of the changed value in that vector"), 0, LAST_INDEX)]


FOCUS = fields_of(FocusFields)


@dataclass(frozen=True)
class PanelFields:
    """The content of the panel beside the picture."""

    parameters: Annotated[
        bool,
        Flag(False, phrase("explain the number of trainable parameters instead of the selected tensor"), (False, True)),
    ]


@dataclass(frozen=True)
class LookFields:
    """The appearance of the picture."""

    labels: Annotated[str, Choice("numbers", phrase("text of the labels"), LABELS)]
    notation: Annotated[str, Choice(OURS.id, phrase("names of the sizes"), tuple(NOTATIONS))]
    format: Annotated[
        str,
        Choice(
            "page", phrase("format of an image: phone, page, slide, lecture hall or half of its screen"), tuple(FORMATS)
        ),
    ]
    lang: Annotated[
        str,
        Choice(
            AUTO,
            phrase("language; auto means the visitor’s own (English for images)"),
            (AUTO, *LANGUAGES),
        ),
    ]
    theme: Annotated[
        str,
        Choice("light", phrase("colour theme; if omitted, a page follows the visitor’s system setting"), tuple(THEMES)),
    ]


LOOK = fields_of(LookFields)


@dataclass(frozen=True)
class ImageFields:
    """Options of image files."""

    scale: Annotated[int, Number(1, phrase("/diagram.png only: scale factor"), 1, 4)]
    arrays: Annotated[bool, Flag(True, phrase("images only: show the arrays that go in and come out"), (True, False))]
    transparent: Annotated[bool, Flag(False, phrase("images only: transparent background"), (False, True))]


@dataclass(frozen=True)
class FrameFields:
    """Options of a frame in another page."""

    controls: Annotated[bool, Flag(False, phrase("/embed only: show sliders under the picture"), (False, True))]


@dataclass(frozen=True)
class PagingFields:
    """The page of a large response."""

    page: Annotated[int, Number(0, phrase("page of a large tensor, 100,000 values per page"), 0, 999_999)]


PAGING = fields_of(PagingFields)


@dataclass(frozen=True)
class CodeFields:
    """Options of the generated program."""

    to: Annotated[str, Choice(NONE, phrase("/code only: the framework to convert the weights to"), (NONE, *FRAMEWORKS))]


MAX_LESSON_LENGTH = max(QUIZ_LENGTH, *(len(lesson.pages) for lesson in LESSONS.values()))


@dataclass(frozen=True)
class LearnFields:
    """The text next to the picture."""

    lesson_page: Annotated[int, Number(1, phrase("page of a lesson, or question of a quiz"), 1, MAX_LESSON_LENGTH)]


LOCKABLE = (
    *(f.name for f in MODEL if isinstance(f, Number)),
    "cell",
    "bidirectional",
    "framework",
    "view",
    "t",
    "labels",
)
"""The controls that an assignment may lock."""

HIDEABLE = ("controls", "sentence", "panel", "values", "why", "questions", "kernel", "framework", "table")
"""The parts of the page that an assignment may leave out."""


@dataclass(frozen=True)
class AssignmentFields:
    """Options of a teacher's assignment."""

    title: Annotated[str, FreeText("", phrase("title of an assignment, shown above the picture"), 80)]
    lock: Annotated[str, MultipleChoice("", phrase("controls that are locked"), LOCKABLE)]
    hide: Annotated[str, MultipleChoice("", phrase("parts of the page that are hidden"), HIDEABLE)]


LAST_PART = 999
"""The largest index of a layer of a model: its text has fewer."""


@dataclass(frozen=True)
class ChainFields:
    """The model of which the layer is a part."""

    model: Annotated[str, ModelText("", phrase("layers of a model, of which the picture shows one"), MAX_TEXT_LENGTH)]
    part: Annotated[int, Number(0, phrase("selected layer of the model, counted from 0"), 0, LAST_PART)]
    beside: Annotated[
        str,
        ComparedText(
            "", phrase("/model and /cell only: a second model or cell to compare with"), MAX_CHARACTERS, multiline=True
        ),
    ]


@dataclass(frozen=True)
class FieldValues(
    ChainFields,
    AssignmentFields,
    LearnFields,
    CodeFields,
    PagingFields,
    FrameFields,
    ImageFields,
    LookFields,
    PanelFields,
    FocusFields,
    TrainingFields,
    DataFields,
    ModelFields,
):
    """A value for each field. Bases are in reverse: the fields of the last one come first."""


FIELDS = {field.name: field for field in fields_of(FieldValues)}
"""The fields by name, in the order of a canonical query."""


def bounded(name: str) -> BoundedInteger:
    """The field with a name that has whole numbers."""
    field = FIELDS[name]
    assert isinstance(field, BoundedInteger)
    return field


SWITCHES = {name: field for name, field in FIELDS.items() if name in _SWITCHES}
"""The switches of all frameworks, by name."""

SLIDERS = [f for f in FIELDS.values() if isinstance(f, Number) and f.slider]
"""The sizes with a slider on the page."""

QUERY: dict[str, Any] = {
    "parameters": [{"name": f.name, "in": "query", "description": f.help, "schema": f.schema} for f in FIELDS.values()]
}
"""The table as the parameters of an OpenAPI operation."""
