"""The fields of a query: one table for parsing, formatting, limits, the controls of the page, its scripts and the
docs."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from ..core.cells import CELLS
from ..core.input_data import INPUTS
from ..core.stack import DIRECTIONS
from ..diagram.scene import FORMATS
from ..diagram.shape_labels import LABELS
from ..diagram.size_notation import NOTATIONS, OURS
from ..diagram.theme import THEMES
from ..diagram.views import VIEWS
from ..frameworks import FRAMEWORKS
from ..frameworks.framework import Switch
from ..lessons.learn import LESSONS
from ..lessons.quiz.sampling import QUIZ_LENGTH
from ..translations.languages import LANGUAGES
from ..translations.phrases import joined_with_and, phrase
from .field_types import NONE, Choice, Field, Flag, Index, Number, TensorId
from .text_field_types import FreeText, MultipleChoice
from .tokenizer import CUTS


@cache
def frameworks_with(switch: str) -> tuple[str, ...]:
    """The ids of the frameworks that have a switch."""
    return tuple(id for id, framework in FRAMEWORKS.items() if switch in {s.name for s in framework.switches})


def _switch(switch: Switch) -> Field:
    """A framework's switch as a field: a flag if it is true or false, else a choice between words."""
    help = phrase(
        "with {frameworks}: {help}", frameworks=joined_with_and(frameworks_with(switch.name)), help=switch.help
    )
    if isinstance(switch.default, bool):
        return Flag(switch.name, switch.default, help, (False, True))
    return Choice(switch.name, str(switch.default), help, tuple(map(str, switch.choices)))


SWITCHES: dict[str, Field] = {s.name: _switch(s) for framework in FRAMEWORKS.values() for s in framework.switches}
"""The switches of all frameworks. Switches with the same name have the same meaning."""

MAX_BATCH_SIZE, MAX_TIME_STEP, MAX_FEATURES, MAX_NUM_UNITS, MAX_NUM_LAYERS = 1024, 10_000, 4096, 8192, 8
"""The largest sizes."""

MAX_TEXT_LENGTH = 2000
"""Characters of a text. The limits of requests, links and states of rooms follow from it. A test compares it with
deploy/nginx.conf, which must let such links pass."""

LAST_INDEX = 99_999
"""The largest index of a row, column or component. No axis of a tensor is longer."""

MODEL: Sequence[Field] = (
    Choice("cell", "lstm", phrase("which cell"), tuple(CELLS)),
    Number("batch_size", 3, phrase("sequences side by side; rows of x, h and c"), 1, MAX_BATCH_SIZE, slider=True),
    Number("time_step", 4, phrase("how often the same cell is applied"), 1, MAX_TIME_STEP, slider=True),
    Number("features", 2, phrase("numbers in one x at one step"), 1, MAX_FEATURES, slider=True),
    Number(
        "num_units",
        5,
        phrase("numbers in the state (h, and the LSTM’s c), for one sequence"),
        1,
        MAX_NUM_UNITS,
        slider=True,
    ),
    Number("num_proj", 0, phrase("size of h after a projection; 0 is none"), 0, MAX_NUM_UNITS),
    Number("num_layers", 1, phrase("cells stacked on one another"), 1, MAX_NUM_LAYERS),
    Flag("bidirectional", False, phrase("whether a second cell runs backwards"), (False, True)),
    Choice("framework", "colah", phrase("whose names and layouts are spoken"), tuple(FRAMEWORKS)),
    *SWITCHES.values(),
    Number("seed", 0, phrase("which weights and inputs are drawn"), 0, 999_999_999),
)
"""The model: what is computed, and in which framework."""

DATA: Sequence[Field] = (
    Choice("data", "random", phrase("what is read: numbers from the seed, a text, a wave, a digit"), tuple(INPUTS)),
    FreeText("text", "", phrase("with data=text: the text"), MAX_TEXT_LENGTH, multiline=True),
    Choice("cut", "characters", phrase("with data=text: what stands at a step"), CUTS),
)
"""The input of the run. All but random numbers imply ``features``; a digit also implies ``time_step``."""

AUTO = "auto"
"""The value of ``lang`` that stands for the visitor's own language."""

POKE_CHOICES = (NONE, *dict.fromkeys(("x", *(f"{state}_prev" for cell in CELLS.values() for state in cell.states))))
"""The input vectors of a step, of any cell."""

FOCUS: Sequence[Field] = (
    Choice("view", "unrolled", phrase("which picture"), tuple(VIEWS)),
    Number("t", 2, phrase("the step that is drawn in full, from 0"), 0, MAX_TIME_STEP - 1, below="time_step"),
    Number("layer", 0, phrase("the layer in focus"), 0, MAX_NUM_LAYERS - 1, below="num_layers"),
    Choice("direction", "forward", phrase("the direction in focus"), DIRECTIONS),
    TensorId("tensor", "", phrase("the tensor that is selected")),
    Flag("stepping", False, phrase("whether what is computed after the selected tensor is faint"), (False, True)),
    Index("sample", None, phrase("the sequence of the batch that is followed"), 0, MAX_BATCH_SIZE - 1, "batch_size"),
    Index("unit", None, phrase("the unit that is followed: this number of h and c"), 0, MAX_NUM_UNITS - 1, "num_units"),
    Number("row", 0, phrase("the first row of the selected tensor’s values that is shown"), 0, LAST_INDEX),
    Number("column", 0, phrase("the first column of them"), 0, LAST_INDEX),
    Choice("poke", NONE, phrase("the vector of which one number is changed, to see what that changes"), POKE_CHOICES),
    Number("component", 0, phrase("which number of that vector"), 0, LAST_INDEX),
)
"""The part of the run that is in focus."""

LOOK: Sequence[Field] = (
    Choice("labels", "numbers", phrase("what the labels say"), LABELS),
    Choice("notation", OURS.id, phrase("what the sizes are called"), tuple(NOTATIONS)),
    Choice("format", "page", phrase("how wide an image is: for a phone, a page, a projector, a wall"), tuple(FORMATS)),
    Choice(
        "lang",
        AUTO,
        phrase("the language of the words; auto: the visitor’s own, of images English"),
        (AUTO, *LANGUAGES),
    ),
    Choice("theme", "light", phrase("colours; a page follows its visitor’s wish where it is left out"), tuple(THEMES)),
)
"""The appearance of the picture."""

IMAGE: Sequence[Field] = (
    Number("scale", 1, phrase("with /diagram.png: how many pixels stand for one"), 1, 4),
    Flag("transparent", False, phrase("of images: whether what is behind them shows through"), (False, True)),
)
"""Options of image files."""

FRAME: Sequence[Field] = (
    Flag("controls", False, phrase("with /embed: whether sliders stand under the picture"), (False, True)),
)
"""Options of a frame in another page."""

PAGING: Sequence[Field] = (Number("page", 0, phrase("which 100,000 numbers of a large tensor"), 0, 999_999),)
"""The page of a large response."""

CODE: Sequence[Field] = (
    Choice("to", NONE, phrase("with /code: the framework that weights are carried to"), (NONE, *FRAMEWORKS)),
)
"""Options of the generated program."""

MAX_LESSON_LENGTH = max(QUIZ_LENGTH, *(len(lesson.pages) for lesson in LESSONS.values()))

LEARN: Sequence[Field] = (
    Number("lesson_page", 1, phrase("which page of a lesson, or question of a quiz"), 1, MAX_LESSON_LENGTH),
)
"""The text next to the picture."""

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

ASSIGNMENT: Sequence[Field] = (
    FreeText("title", "", phrase("what an assignment is called; it stands over the picture"), 80),
    MultipleChoice("lock", "", phrase("the controls that cannot be moved"), LOCKABLE),
    MultipleChoice("hide", "", phrase("the parts of the page that are not shown"), HIDEABLE),
)
"""Options of a teacher's assignment."""

FIELDS: dict[str, Field] = {
    f.name: f for f in (*MODEL, *DATA, *FOCUS, *LOOK, *IMAGE, *FRAME, *PAGING, *CODE, *LEARN, *ASSIGNMENT)
}

SLIDERS = [f for f in FIELDS.values() if isinstance(f, Number) and f.slider]
"""The sizes with a slider on the page."""

QUERY: dict[str, Any] = {
    "parameters": [{"name": f.name, "in": "query", "description": f.help, "schema": f.schema} for f in FIELDS.values()]
}
"""The table as the parameters of an OpenAPI operation."""
