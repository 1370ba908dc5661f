"""The section about the chosen framework: its inputs and outputs, weights, gate order and program."""

from dataclasses import dataclass, field
from typing import NamedTuple

from ....core.axes import Axes, Sizes
from ....diagram.shape_labels import shape_line
from ....diagram.text_spans import Line
from ....frameworks import FRAMEWORKS
from ....frameworks.conversion import convert, usage
from ....frameworks.framework_types import DerivedSwitch, Unsupported
from ....frameworks.oracle_evidence import EVIDENCE, FrameworkEvidence
from ....frameworks.weight_layout import permutation
from ....translations.phrases import phrase, plural
from ....translations.translator import Translator
from ....typed_cells.code import own_program
from ....url_state.fields import SWITCHES
from ....url_state.names_in_framework import field_values
from ....url_state.url_state import UrlState
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


def framework_section(state: UrlState, limit: int, translate: Translator) -> FrameworkSection:
    """The section for a UrlState. ``limit``: the maximum size of a weights file in bytes."""
    model = state.chosen_model
    framework, sizes = model.framework, model.sizes
    if unsupported := model.unsupported:
        nearest = state.query(**field_values(unsupported.nearest))
        return FrameworkSection(framework.id, framework.title, gate_orders(state), unsupported, nearest)
    return FrameworkSection(
        id=framework.id,
        title=framework.title,
        gate_orders=gate_orders(state),
        switches=switches(state),
        sizes=[
            (size, name)
            for size, name in framework.size_names
            if size in state.sizes and state.size_notation.name(size) != name
        ],
        size_note=framework.size_note,
        evidence=evidence_in_words(EVIDENCE[framework.id], state) if framework.id in EVIDENCE else "",
        input=named(model.input.name, model.input.axes, sizes),
        outputs=[named(array.name, array.axes, sizes) for array in model.outputs],
        weights=[named(array.name, array.axes, sizes) for array in model.weights],
        grids=grids(state, model.outputs, translate) if len(state.stack.places) > 1 else [],
        biases=biases(state),
        opposite=model.layout.opposite,
        code=own_program(state.stack, model.framework.id) if state.equations else model.code(),
        conversion=conversion(state),
        has_downloads=model.nbytes <= limit,
        targets=targets(state),
    )


def evidence_in_words(recorded: FrameworkEvidence, state: UrlState) -> str:
    """The comparison of the cell with the real framework: the number of runs, the largest difference, the versions. ""
    if there was none."""
    evidence = recorded.of(state.stack)
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


def conversion(state: UrlState) -> Conversion | None:
    """The function that converts the weights for the framework in the field ``to``, if that supports the configuration;
    else None."""
    target = FRAMEWORKS.get(state.to)
    if not target or state.model_in(target).unsupported:
        return None
    source, model = state.chosen_model, state.model_in(target)
    return Conversion(target.title, convert(source, model), usage(source, model))


def named(name: str, axes: Axes, sizes: Sizes) -> NamedArray:
    """An array with its shape as a line of text."""
    return NamedArray(name, axes, shape_line(axes, sizes))


def switches(state: UrlState) -> list[SwitchChoices]:
    """The framework's own switches, each with its choices as links, and its derived switches: settings whose other
    value is here another cell or another size."""
    found = []
    for switch in (s for s in state.chosen_model.framework.switches if s.applies_to(state.stack)):
        field = SWITCHES[switch.name]
        values = [value if isinstance(switch.default, bool) else str(value) for value in switch.choices]
        links = [
            (field.format(value), state.query(**{switch.name: value}), state[switch.name] == value) for value in values
        ]
        found.append(SwitchChoices(switch.name, switch.help, links))
    return found + [derived_switch(state, derived) for derived in state.chosen_model.derived_switches]


def derived_switch(state: UrlState, derived: DerivedSwitch) -> SwitchChoices:
    """A derived switch, with links to both values."""
    values = [
        (derived.value, state.query(), True),
        (derived.other, state.query(**field_values(derived.changes)), False),
    ]
    values.sort(key=lambda choice: (isinstance(choice[0], str), choice[0]))  # numbers before words
    links = [(str(value).lower(), link, active) for value, link, active in values]
    return SwitchChoices(derived.name, derived.help, links)


def biases(state: UrlState) -> list[BiasOfNewModel]:
    """The bias of each gate in a new model."""
    model = state.chosen_model
    layout = model.layout
    found = []
    for gate in layout.gates:
        if bias := model.new_bias(gate):
            stored = phrase("random") if bias.stored is None else f"{bias.stored:g}"
            found.append(BiasOfNewModel(layout.letter(gate), gate, stored, f"{bias.added:g}"))
    return found


def gate_orders(state: UrlState) -> list[GateOrder]:
    """The gate order of every framework that supports the configuration, the chosen one first. Frameworks with a single
    block are left out."""
    found = []
    chosen = None if state.chosen_model.unsupported else state.chosen_model.layout
    for id, framework in FRAMEWORKS.items():
        model = state.model_in(framework)
        if not model.unsupported:
            layout = model.layout
            gates = [(gate, layout.letter(gate)) for gate in layout.gates]
            found.append(GateOrder(id, framework.title, gates, permutation(chosen, layout) if chosen else None))
    return sorted((one for one in found if len(one.gates) > 1), key=lambda one: one.id != state.framework)


def targets(state: UrlState) -> list[tuple[str, str]]:
    """The title of every other framework that supports the configuration, with the query of the function that converts
    the weights for it."""
    others = {id: f for id, f in FRAMEWORKS.items() if id != state.framework and not state.model_in(f).unsupported}
    return [(f.title, state.query(to=id)) for id, f in others.items()]
