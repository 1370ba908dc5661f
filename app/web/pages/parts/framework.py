"""The section about the chosen framework: its inputs and outputs, weights, gate order and program."""

from dataclasses import dataclass, field
from typing import NamedTuple

from ....core.axes import Axes, Sizes
from ....diagram.shape_labels import shape_line
from ....diagram.text_spans import Line
from ....frameworks import FRAMEWORKS
from ....frameworks.conversion import convert, usage
from ....frameworks.evidence import EVIDENCE, FrameworkEvidence
from ....frameworks.framework import DerivedSwitch, Unsupported
from ....frameworks.weight_layout import permutation
from ....own_cells.code import own_program
from ....query.chosen_framework import field_values
from ....query.fields import SWITCHES
from ....query.view import View
from ....translations.phrases import phrase, plural
from ....translations.translator import Translator
from .stack_grid_links import StackGrid, grids


class NamedArray(NamedTuple):
    """An array of the framework, with its shape."""

    name: str
    axes: Axes
    shape: Line


class SwitchChoices(NamedTuple):
    """A switch with its values: each with the query that selects it, and whether it is the current one."""

    name: str
    help: str
    links: list[tuple[str, str, bool]]

    @property
    def is_on(self) -> bool:
        """Whether the current value is true."""
        return any(value == "true" for value, _, is_current in self.links if is_current)

    @property
    def other(self) -> str | None:
        """The query that turns a switch between true and false on or off; None if it has other values."""
        if {value for value, _, _ in self.links} != {"true", "false"}:
            return None
        return next(link for _, link, is_current in self.links if not is_current)


class GateOrder(NamedTuple):
    """A framework's gates with their letters. ``order``: for each of its blocks, the index of the same block in the
    chosen framework, or None if that has no such block; None if the chosen framework does not support the
    configuration."""

    id: str
    title: str
    gates: list[tuple[str, str]]
    order: tuple[int | None, ...] | None


class BiasOfNewModel(NamedTuple):
    """The bias of a gate in a new model: the stored value, and what each step adds to it."""

    letter: str
    gate: str
    stored: str
    added: str


class Conversion(NamedTuple):
    """A function that converts the weights for another framework: that framework's title, the code, and the lines that
    use it."""

    to: str
    code: str
    usage: str


@dataclass(frozen=True)
class FrameworkSection:
    """The section about the chosen framework. If it does not support the configuration, ``unsupported`` says why,
    ``nearest`` is the query of a configuration that it supports, and the rest is empty but for the gate orders of other
    frameworks."""

    id: str
    title: str
    gate_orders: list[GateOrder]
    unsupported: Unsupported | None = None
    nearest: str = ""
    switches: list[SwitchChoices] = field(default_factory=list)
    sizes: list[tuple[str, str]] = field(default_factory=list)
    size_note: str = ""
    evidence: str = ""
    input: NamedArray | None = None
    outputs: list[NamedArray] = field(default_factory=list)
    weights: list[NamedArray] = field(default_factory=list)
    grids: list[StackGrid] = field(default_factory=list)
    biases: list[BiasOfNewModel] = field(default_factory=list)
    opposite: tuple[tuple[str, str], ...] = ()
    code: str = ""
    conversion: Conversion | None = None
    has_downloads: bool = False
    targets: list[tuple[str, str]] = field(default_factory=list)


def framework_section(view: View, limit: int, translate: Translator) -> FrameworkSection:
    """The section for a View. ``limit``: the maximum size of a weights file in bytes."""
    model = view.chosen_model
    framework, sizes = model.framework, model.sizes
    if unsupported := model.unsupported:
        nearest = view.query(**field_values(unsupported.nearest))
        return FrameworkSection(framework.id, framework.title, gate_orders(view), unsupported, nearest)
    return FrameworkSection(
        id=framework.id,
        title=framework.title,
        gate_orders=gate_orders(view),
        switches=switches(view),
        sizes=[
            (size, name)
            for size, name in framework.size_names
            if size in view.sizes and view.size_notation.name(size) != name
        ],
        size_note=framework.size_note,
        evidence=evidence_in_words(EVIDENCE[framework.id], view) if framework.id in EVIDENCE else "",
        input=named(model.input.name, model.input.axes, sizes),
        outputs=[named(array.name, array.axes, sizes) for array in model.outputs],
        weights=[named(array.name, array.axes, sizes) for array in model.weights],
        grids=grids(view, model.outputs, translate) if len(view.stack.places) > 1 else [],
        biases=biases(view),
        opposite=model.layout.opposite,
        code=own_program(view.stack, model.framework.id) if view.equations else model.code(),
        conversion=conversion(view),
        has_downloads=model.nbytes <= limit,
        targets=targets(view),
    )


def evidence_in_words(recorded: FrameworkEvidence, view: View) -> str:
    """The comparison of the cell with the real framework: the number of runs, the largest difference, the versions. ""
    if there was none."""
    evidence = recorded.of(view.stack)
    if not evidence:
        return ""
    versions = ", ".join(f"{package} {version}" for package, version in recorded.versions.items())
    proof = plural(
        "{n} run of this cell, largest difference {float32:.0e} in float32",
        "{n} runs of this cell, largest difference {float32:.0e} in float32",
        evidence.runs,
        float32=evidence.float32,
    )
    if evidence.float64 is not None:
        proof = phrase("{proof}, {float64:.0e} in float64", proof=proof, float64=evidence.float64)
    return phrase("{proof} ({versions})", proof=proof, versions=versions)


def conversion(view: View) -> Conversion | None:
    """The function that converts the weights for the framework in the field ``to``, if that supports the configuration;
    else None."""
    target = FRAMEWORKS.get(view.to)
    if not target or view.model_in(target).unsupported:
        return None
    source, model = view.chosen_model, view.model_in(target)
    return Conversion(target.title, convert(source, model), usage(source, model))


def named(name: str, axes: Axes, sizes: Sizes) -> NamedArray:
    """An array with its shape as a line of text."""
    return NamedArray(name, axes, shape_line(axes, sizes))


def switches(view: View) -> list[SwitchChoices]:
    """The framework's own switches, each with its choices as links, and its derived switches: settings whose other
    value is here another cell or another size."""
    found = []
    for switch in (s for s in view.chosen_model.framework.switches if s.applies_to(view.stack)):
        field = SWITCHES[switch.name]
        values = [value if isinstance(switch.default, bool) else str(value) for value in switch.choices]
        links = [
            (field.format(value), view.query(**{switch.name: value}), view[switch.name] == value) for value in values
        ]
        found.append(SwitchChoices(switch.name, switch.help, links))
    return found + [derived_switch(view, derived) for derived in view.chosen_model.derived_switches]


def derived_switch(view: View, derived: DerivedSwitch) -> SwitchChoices:
    """A derived switch, with links to both values."""
    values = [(derived.value, view.query(), True), (derived.other, view.query(**field_values(derived.changes)), False)]
    values.sort(key=lambda choice: (isinstance(choice[0], str), choice[0]))  # numbers before words
    links = [(str(value).lower(), link, active) for value, link, active in values]
    return SwitchChoices(derived.name, derived.help, links)


def biases(view: View) -> list[BiasOfNewModel]:
    """The bias of each gate in a new model."""
    model = view.chosen_model
    layout = model.layout
    found = []
    for gate in layout.gates:
        if bias := model.new_bias(gate):
            stored = phrase("random") if bias.stored is None else f"{bias.stored:g}"
            found.append(BiasOfNewModel(layout.letter(gate), gate, stored, f"{bias.added:g}"))
    return found


def gate_orders(view: View) -> list[GateOrder]:
    """The gate order of every framework that supports the configuration, the chosen one first. Frameworks with a single
    block are left out."""
    found = []
    chosen = None if view.chosen_model.unsupported else view.chosen_model.layout
    for id, framework in FRAMEWORKS.items():
        model = view.model_in(framework)
        if not model.unsupported:
            layout = model.layout
            gates = [(gate, layout.letter(gate)) for gate in layout.gates]
            found.append(GateOrder(id, framework.title, gates, permutation(chosen, layout) if chosen else None))
    return sorted((one for one in found if len(one.gates) > 1), key=lambda one: one.id != view.framework)


def targets(view: View) -> list[tuple[str, str]]:
    """The title of every other framework that supports the configuration, with the query of the function that converts
    the weights for it."""
    others = {id: f for id, f in FRAMEWORKS.items() if id != view.framework and not view.model_in(f).unsupported}
    return [(f.title, view.query(to=id)) for id, f in others.items()]
