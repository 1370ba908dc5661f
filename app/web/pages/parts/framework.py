"""What the page says of the chosen framework: what it takes and returns, its weights, its gate order, its program."""

from dataclasses import dataclass, field
from typing import NamedTuple

from ....core.axes import Axes, Sizes
from ....diagram.shape_labels import shape_line
from ....diagram.text_metrics import Line
from ....frameworks import FRAMEWORKS
from ....frameworks.conversion import convert
from ....frameworks.evidence import EVIDENCE, FrameworkEvidence
from ....frameworks.framework import DerivedSwitch, Unsupported
from ....frameworks.weight_layout import permutation
from ....query.chosen_framework import as_fields
from ....query.fields import SWITCHES
from ....query.view import View
from ....translations.phrases import phrase, plural
from ....translations.translator import Translator
from .stack_grid import StackGrid, grids


class NamedArray(NamedTuple):
    name: str
    axes: Axes
    shape: Line


class SwitchChoices(NamedTuple):
    """A switch with its values: each with its query, and whether it is the chosen one."""

    name: str
    help: str
    links: list[tuple[str, str, bool]]


class GateOrder(NamedTuple):
    """A framework's gates with their letters, and in which order it has the blocks of the chosen one."""

    id: str
    title: str
    gates: list[tuple[str, str]]
    order: tuple[int | None, ...] | None


class BiasOfNewModel(NamedTuple):
    letter: str
    gate: str
    stored: str
    added: str


class Conversion(NamedTuple):
    """The function that converts the weights for another framework."""

    to: str
    code: str


@dataclass(frozen=True)
class FrameworkSection:
    """The section about the chosen framework. Where it does not support the configuration, ``unsupported`` says why,
    ``nearest`` is the query of what it does support, and there is the gate order of the others alone."""

    id: str
    title: str
    gate_orders: list[GateOrder]
    unsupported: Unsupported | None = None
    nearest: str = ""
    switches: list[SwitchChoices] = field(default_factory=list)
    sizes: list[tuple[str, str]] = field(default_factory=list)
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
    """``limit``: how many bytes of weights the server gives out."""
    model = view.chosen_model
    framework, sizes = model.framework, model.sizes
    if unsupported := model.unsupported:
        nearest = view.query(**as_fields(unsupported.nearest))
        return FrameworkSection(framework.id, framework.title, gate_orders(view), unsupported, nearest)
    return FrameworkSection(
        id=framework.id,
        title=framework.title,
        gate_orders=gate_orders(view),
        switches=switches(view),
        sizes=[
            (ours, theirs)
            for ours, theirs in framework.size_names
            if ours in view.sizes and view.size_notation.name(ours) != theirs
        ],
        evidence=evidence_in_words(EVIDENCE[framework.id], view) if framework.id in EVIDENCE else "",
        input=named(model.input.name, model.input.axes, sizes),
        outputs=[named(array.name, array.axes, sizes) for array in model.outputs],
        weights=[named(array.name, array.axes, sizes) for array in model.weights],
        grids=grids(view, model.outputs, translate) if len(view.stack.places) > 1 else [],
        biases=biases(view),
        opposite=model.layout.opposite,
        code=model.code(),
        conversion=conversion(view),
        has_downloads=model.nbytes <= limit,
        targets=targets(view),
    )


def evidence_in_words(seen: FrameworkEvidence, view: View) -> str:
    """That it was compared with the real one: versions, how often, and how far off it was at most."""
    evidence = seen.of(view.stack)
    if not evidence:
        return ""
    versions = ", ".join(f"{package} {version}" for package, version in seen.versions.items())
    said = plural(
        "{n} run of this cell, largest difference {float32:.0e} in float32",
        "{n} runs of this cell, largest difference {float32:.0e} in float32",
        evidence.runs,
        float32=evidence.float32,
    )
    if evidence.float64 is not None:
        said = phrase("{proof}, {float64:.0e} in float64", proof=said, float64=evidence.float64)
    return phrase("{proof} ({versions})", proof=said, versions=versions)


def conversion(view: View) -> Conversion | None:
    """The function that converts the weights for the framework that the link names, if that supports the cell."""
    target = FRAMEWORKS.get(view.to)
    if not target or view.model_in(target).unsupported:
        return None
    return Conversion(target.title, convert(view.chosen_model, view.model_in(target)))


def named(name: str, axes: Axes, sizes: Sizes) -> NamedArray:
    return NamedArray(name, axes, shape_line(axes, sizes))


def switches(view: View) -> list[SwitchChoices]:
    """The framework's own switches, each with its choices as links, and the settings that are more than a switch here:
    their other value is another cell or another size."""
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
    values = [(derived.value, view.query(), True), (derived.other, view.query(**as_fields(derived.changes)), False)]
    links = [(str(value).lower(), link, active) for value, link, active in values]
    return SwitchChoices(derived.name, derived.help, sorted(links))


def biases(view: View) -> list[BiasOfNewModel]:
    """What the bias of each gate is in a new model: what is stored, and what each step adds to it."""
    model = view.chosen_model
    layout = model.layout
    found = []
    for gate in layout.gates:
        if bias := model.new_bias(gate):
            stored = phrase("random") if bias.stored is None else f"{bias.stored:g}"
            found.append(BiasOfNewModel(layout.letter(gate), gate, stored, f"{bias.added:g}"))
    return found


def gate_orders(view: View) -> list[GateOrder]:
    """The gate order of every framework that supports the cell, the chosen one first, and for each of the others in
    which order it has the chosen one's blocks."""
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
    """The other frameworks that weights can be converted for, each with the query of the function that does."""
    others = {id: f for id, f in FRAMEWORKS.items() if id != view.framework and not view.model_in(f).unsupported}
    return [(f.title, view.query(to=id)) for id, f in others.items()]
