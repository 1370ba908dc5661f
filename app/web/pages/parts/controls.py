"""The controls of a page: their choices, as links."""

from collections.abc import Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from ....core.cells import CELLS, PROJECTED
from ....diagram.shape_labels import LABELS
from ....diagram.size_notation import NOTATIONS
from ....equations.typed_cell import OWN
from ....frameworks import FRAMEWORKS
from ....frameworks.framework import Framework, Unsupported
from ....lessons.example_models import PRESETS, Preset
from ....query.field_types import Field, Number
from ....query.fields import FIELDS, SLIDERS
from ....query.fields.focus_fields import FOCUS
from ....query.fields.training_fields import TRAINING
from ....query.input_kinds import INPUTS
from ....query.rules import values_of
from ....query.view import View
from ....translations.phrases import joined_with_and, phrase
from .inputs_and_outputs import letter_of


class Choice(NamedTuple):
    """One of several values, with the query that selects it."""

    title: str
    link: str
    is_chosen: bool


class PresetChoice(NamedTuple):
    """A preset, with the query that selects it."""

    preset: Preset
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
    """The choices of all controls of the main page, as links from a View. Each is made when it is needed: the page for
    other sizes has few of them."""

    view: View

    fields = FIELDS
    text_limits = FIELDS["text"].limits

    @cached_property
    def sliders(self) -> list[Slider]:
        return [Slider(field, hint(self.view, field.name)) for field in SLIDERS]

    @cached_property
    def layers(self) -> Stepper:
        return layer_stepper(self.view)

    @cached_property
    def preset(self) -> str:
        """The title of the chosen preset."""
        return next((preset.title for preset, _, is_chosen in self.presets if is_chosen), phrase("Your own sizes"))

    @cached_property
    def presets(self) -> list[PresetChoice]:
        return preset_choices(self.view)

    @cached_property
    def cells(self) -> list[CellChoice]:
        return cell_choices(self.view)

    @property
    def editor(self) -> str:
        """The path and query of the page on which the equations of the cell can be changed."""
        return ("/cell" if self.view.cell == OWN else f"/cell/{self.view.cell}") + self.view.query()

    @cached_property
    def frameworks(self) -> list[FrameworkChoice]:
        return [framework_choice(self.view, framework) for framework in FRAMEWORKS.values()]

    @cached_property
    def labels(self) -> list[LabelChoice]:
        titles = zip(LABELS, LABEL_TITLES, strict=True)
        return [LabelChoice(id, title, self.view.query(labels=id)) for id, title in titles]

    @cached_property
    def notations(self) -> list[tuple[str, str]]:
        return [(id, self.view.query(notation=id)) for id in NOTATIONS]

    @cached_property
    def both_directions(self) -> str:
        return self.view.query(bidirectional=not self.view.bidirectional)

    @cached_property
    def inputs(self) -> list[Choice]:
        return [Choice(kind.title, self.view.query(data=id), id == self.view.data) for id, kind in INPUTS.items()]

    @cached_property
    def sent_fields(self) -> dict[str, str]:
        """What the form sends beside its own fields."""
        return sent_fields(self.view)

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


def hint(view: View, size: str) -> str:
    """A few words about a size, which fit under its slider."""
    if size in HINTS:
        return HINTS[size]
    states = [name for name in view.stack.states if name != "h" or not view.num_proj]
    return phrase("length of {states}", states=joined_with_and(states))


def layer_stepper(view: View) -> Stepper:
    """The number of layers, with one less and one more."""
    field = FIELDS["num_layers"]
    assert isinstance(field, Number)
    less, more = (
        view.query(num_layers=n) if field.low <= n <= field.high else None
        for n in (view.num_layers - 1, view.num_layers + 1)
    )
    return Stepper(field, letter_of("num_layers", view.size_notation), less, more)


def preset_choices(view: View) -> list[PresetChoice]:
    """The presets. The chosen one has the stack of the View."""
    return [
        PresetChoice(preset, view.query(**values_of(preset.stack), seed=0, data="random"), preset.stack == view.stack)
        for preset in PRESETS
    ]


def cell_choices(view: View) -> list[CellChoice]:
    """The cells, in the chosen framework, variants last, then a typed one. The variant that the framework has by
    default stands for the cell."""
    defaults, found = FRAMEWORKS[view.framework].default_cells, []
    for id, cell in sorted(CELLS.items(), key=lambda entry: "_" in entry[0]):
        if id not in defaults.values():
            usual = defaults.get(id, id)
            chosen = replace(view, cell=usual, num_proj=view.num_proj if usual in PROJECTED else 0).chosen_model
            link = view.query(cell=usual)
            is_chosen = view.cell in (id, usual)
            found.append(CellChoice(id, cell.short_title, cell.title, link, is_chosen, chosen.unsupported))
    if view.cell == OWN:
        own, unsupported = view.stack.cell, view.chosen_model.unsupported
        found.append(CellChoice(OWN, own.short_title, own.title, view.query(), True, unsupported))
    return found


def framework_choice(view: View, framework: Framework) -> FrameworkChoice:
    """A framework, with the variant of the cell that it has by default, unless an assignment locks the cell."""
    cell = view.cell if "cell" in view.locked else framework.default_cells.get(view.cell, view.cell)
    there = view if framework.id == view.framework else replace(view, cell=cell)
    link = view.query(framework=framework.id, cell=there.cell)
    return FrameworkChoice(framework.id, framework.title, link, there.model_in(framework).unsupported)


OTHER_NUMBERS = ("num_layers", "num_proj", "seed", "t")
"""The fields of numbers without a slider."""

OWN_FIELDS = {*(f.name for f in SLIDERS), "num_layers", "num_proj", "seed"}
"""The fields that the form of the main page has for any input."""

LINKED_FIELDS = {f.name for f in FOCUS} - {"view", "tensor"}
"""Fields that may not fit other sizes, such as a step, a layer, a sample or a unit: links set them, the form does not
send them."""


def sent_fields(view: View) -> dict[str, str]:
    """What the form of the main page sends beside its own fields, so that without scripts it changes only those. The
    selected tensor may not exist without a projection."""
    is_learned = view.view == "training" and view.task == "text"
    of_text = {"text", "cut"} if view.data == "text" or is_learned else set()
    of_training = {f.name for f in TRAINING} - {"task"} if view.view == "training" else set()
    of_tensor = {"tensor"} if view.num_proj else set()
    return unchanged(view, OWN_FIELDS | LINKED_FIELDS | of_text | of_training | of_tensor)


def unchanged(view: View, without: Set[str]) -> dict[str, str]:
    """The fields of a View that do not have their defaults, as in a query, ``without`` some."""
    return {
        name: field.format(view[name])
        for name, field in FIELDS.items()
        if name not in without and view[name] != field.default
    }
