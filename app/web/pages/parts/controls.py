"""The controls of a page: their choices, as links."""

from collections.abc import Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from ....core.cells import CELLS, PROJECTED
from ....diagram.shape_labels import LABELS
from ....diagram.size_notation import NOTATIONS
from ....equations.cell_from_equations import OWN
from ....frameworks import FRAMEWORKS
from ....frameworks.framework_types import Framework, Unsupported
from ....teaching.example_models import EXAMPLE_MODELS, ExampleModel
from ....translations.phrases import joined_with_and, phrase
from ....url_state.combinations_of_fields import values_of
from ....url_state.field_types import Field, Number
from ....url_state.fields import FIELDS, SLIDERS
from ....url_state.fields.focus_fields import FOCUS
from ....url_state.fields.training_fields import TRAINING
from ....url_state.input_kinds import INPUTS
from ....url_state.url_state import UrlState
from .inputs_and_outputs import letter_of


class Choice(NamedTuple):
    """One of several values, with the query that selects it."""

    title: str
    link: str
    is_chosen: bool


class ExampleModelChoice(NamedTuple):
    """An example model, with the query that selects it."""

    example: ExampleModel
    link: str
    is_chosen: bool


class CellChoice(NamedTuple):
    """A cell, with the query that selects it. ``unsupported``: why the chosen framework does not support it, if so."""

    id: str
    short_title: str
    title: str
    link: str
    is_chosen: bool
    unsupported: Unsupported | None


class Slider(NamedTuple):
    """A size with a slider, and in a few words what it is."""

    field: Number
    hint: str


class Stepper(NamedTuple):
    """A size and its letter, with a link to one less and one to one more, if there are any."""

    field: Number
    letter: str
    less: str | None
    more: str | None


class FrameworkChoice(NamedTuple):
    """A framework, with the query that selects it. ``unsupported``: why it does not support the model, if so."""

    id: str
    title: str
    link: str
    unsupported: Unsupported | None


class LabelChoice(NamedTuple):
    """A choice of labels, with the query that selects it."""

    id: str
    title: str
    link: str


@dataclass(frozen=True)
class Controls:
    """The choices of all controls of the main page, as links from a UrlState. Each is made when it is needed: the page
    for other sizes has few of them."""

    state: UrlState

    fields = FIELDS
    text_limits = FIELDS["text"].limits

    @cached_property
    def sliders(self) -> list[Slider]:
        return [Slider(field, hint(self.state, field.name)) for field in SLIDERS]

    @cached_property
    def layers(self) -> Stepper:
        return layer_stepper(self.state)

    @cached_property
    def example(self) -> str:
        """The title of the chosen example."""
        return next(
            (example.title for example, _, is_chosen in self.examples if is_chosen),
            phrase("Your own sizes"),
        )

    @cached_property
    def examples(self) -> list[ExampleModelChoice]:
        return example_choices(self.state)

    @cached_property
    def cells(self) -> list[CellChoice]:
        return cell_choices(self.state)

    @property
    def editor(self) -> str:
        """The path and query of the page on which the equations of the cell can be changed."""
        return ("/cell" if self.state.cell == OWN else f"/cell/{self.state.cell}") + self.state.query()

    @cached_property
    def frameworks(self) -> list[FrameworkChoice]:
        return [framework_choice(self.state, framework) for framework in FRAMEWORKS.values()]

    @cached_property
    def labels(self) -> list[LabelChoice]:
        titles = zip(LABELS, LABEL_TITLES, strict=True)
        return [LabelChoice(id, title, self.state.query(labels=id)) for id, title in titles]

    @cached_property
    def notations(self) -> list[tuple[str, str]]:
        return [(id, self.state.query(notation=id)) for id in NOTATIONS]

    @cached_property
    def both_directions(self) -> str:
        return self.state.query(bidirectional=not self.state.bidirectional)

    @cached_property
    def inputs(self) -> list[Choice]:
        return [Choice(kind.title, self.state.query(data=id), id == self.state.data) for id, kind in INPUTS.items()]

    @cached_property
    def sent_fields(self) -> dict[str, str]:
        """What the form sends beside its own fields."""
        return sent_fields(self.state)

    @property
    def numbers(self) -> list[Field]:
        """The fields of numbers, first those with a slider."""
        return [*SLIDERS, *map(FIELDS.__getitem__, OTHER_NUMBERS)]


LABEL_TITLES = (phrase("Numbers"), phrase("Names"), phrase("Both"), phrase("Hidden"))
"""The titles of the choices of labels, in the order of ``LABELS``."""


HINTS = {
    "batch_size": phrase("samples in parallel"),
    "time_step": phrase("number of time steps"),
    "features": phrase("length of x at each step"),
}


def hint(state: UrlState, size: str) -> str:
    """A few words about a size, which fit under its slider."""
    if size in HINTS:
        return HINTS[size]
    states = [name for name in state.stack.states if name != "h" or not state.num_proj]
    return phrase("length of {states}", states=joined_with_and(states))


def layer_stepper(state: UrlState) -> Stepper:
    """The number of layers, with one less and one more."""
    field = FIELDS["num_layers"]
    assert isinstance(field, Number)
    less, more = (
        state.query(num_layers=n) if field.low <= n <= field.high else None
        for n in (state.num_layers - 1, state.num_layers + 1)
    )
    return Stepper(field, letter_of("num_layers", state.size_notation), less, more)


def example_choices(state: UrlState) -> list[ExampleModelChoice]:
    """The example models. The chosen one has the stack of the UrlState."""
    return [
        ExampleModelChoice(
            example,
            state.query(**values_of(example.stack), seed=0, data="random"),
            example.stack == state.stack,
        )
        for example in EXAMPLE_MODELS
    ]


def cell_choices(state: UrlState) -> list[CellChoice]:
    """The cells, in the chosen framework, variants last, then a typed one. The variant that the framework has by
    default stands for the cell."""
    defaults, found = FRAMEWORKS[state.framework].default_cells, []
    for id, cell in sorted(CELLS.items(), key=lambda entry: "_" in entry[0]):
        if id not in defaults.values():
            usual = defaults.get(id, id)
            chosen = replace(state, cell=usual, num_proj=state.num_proj if usual in PROJECTED else 0).chosen_model
            link = state.query(cell=usual)
            is_chosen = state.cell in (id, usual)
            found.append(CellChoice(id, cell.short_title, cell.title, link, is_chosen, chosen.unsupported))
    if state.cell == OWN:
        own, unsupported = state.stack.cell, state.chosen_model.unsupported
        found.append(CellChoice(OWN, own.short_title, own.title, state.query(), True, unsupported))
    return found


def framework_choice(state: UrlState, framework: Framework) -> FrameworkChoice:
    """A framework, with the variant of the cell that it has by default, unless an assignment locks the cell."""
    cell = state.cell if "cell" in state.locked else framework.default_cells.get(state.cell, state.cell)
    there = state if framework.id == state.framework else replace(state, cell=cell)
    link = state.query(framework=framework.id, cell=there.cell)
    return FrameworkChoice(framework.id, framework.title, link, there.model_in(framework).unsupported)


OTHER_NUMBERS = ("num_layers", "num_proj", "seed", "t")
"""The fields of numbers without a slider."""

OWN_FIELDS = {*(f.name for f in SLIDERS), "num_layers", "num_proj", "seed"}
"""The fields that the form of the main page has for any input."""

LINKED_FIELDS = {f.name for f in FOCUS} - {"view", "tensor"}
"""Fields that may not fit other sizes, such as a step, a layer, a sample or a unit: links set them, the form does not
send them."""


def sent_fields(state: UrlState) -> dict[str, str]:
    """What the form of the main page sends beside its own fields, so that without scripts it changes only those. The
    selected tensor may not exist without a projection."""
    is_learned = state.view == "training" and state.task == "text"
    of_text = {"text", "cut"} if state.data == "text" or is_learned else set()
    of_training = {f.name for f in TRAINING} - {"task"} if state.view == "training" else set()
    of_tensor = {"tensor"} if state.num_proj else set()
    return unchanged(state, OWN_FIELDS | LINKED_FIELDS | of_text | of_training | of_tensor)


def unchanged(state: UrlState, without: Set[str]) -> dict[str, str]:
    """The fields of a UrlState that do not have their defaults, as in a query, ``without`` some."""
    return {
        name: field.format(state[name])
        for name, field in FIELDS.items()
        if name not in without and state[name] != field.default
    }
