"""What the page says of the chosen framework: what it takes and returns, its weights, its gate order, its program."""

from typing import Any

from app.core.axes import Axes, Sizes
from app.diagram.labels import shape_line
from app.frameworks import FRAMEWORKS
from app.frameworks.conversion import convert
from app.frameworks.evidence import EVIDENCE, FrameworkEvidence
from app.frameworks.framework import DerivedSwitch
from app.frameworks.weight_layout import permutation
from app.query.chosen_framework import as_fields
from app.query.fields import SWITCHES
from app.query.view import View
from app.translations.phrases import phrase, plural
from app.translations.translator import Translator
from app.web.pages.parts.stack_grid import grids


def spoken(view: View, limit: int, translate: Translator) -> dict[str, Any]:
    """The section about the framework. ``limit``: how many bytes of weights the server gives out."""
    model = view.chosen_model
    framework, sizes = model.framework, model.sizes
    about = {"title": framework.title, "id": framework.id}
    if unsupported := model.unsupported:
        nearest = view.query(**as_fields(unsupported.nearest))
        return about | {"refused": unsupported, "nearest": nearest, "rulers": rulers(view)}
    return about | {
        "refused": None,
        "switches": switches(view),
        "sizes": [
            (ours, theirs)
            for ours, theirs in framework.size_names
            if ours in view.sizes and view.calls.name(ours) != theirs
        ],
        "proof": EVIDENCE.get(framework.id) and proof(EVIDENCE[framework.id], view),
        "takes": named(model.input.name, model.input.axes, sizes),
        "returns": [named(array.name, array.axes, sizes) for array in model.outputs],
        "grids": grids(view, model.outputs, translate) if len(view.stack.places) > 1 else [],
        "weights": [named(array.name, array.axes, sizes) for array in model.weights],
        "rulers": rulers(view),
        "biases": biases(view),
        "opposite": model.layout.opposite,
        "code": model.code(),
        "function": function(view),
        "downloads": model.nbytes <= limit,
        "converts": converts(view),
    }


def proof(seen: FrameworkEvidence, view: View) -> str:
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


def function(view: View) -> dict[str, str] | None:
    """The function that carries the weights to the framework that is asked for, if that has the cell."""
    target = FRAMEWORKS.get(view.to)
    if not target or view.model_in(target).unsupported:
        return None
    return {"to": target.title, "code": convert(view.chosen_model, view.model_in(target))}


def named(name: str, axes: Axes, sizes: Sizes) -> dict[str, Any]:
    return {"name": name, "axes": axes, "shape": shape_line(axes, sizes)}


def choices(view: View) -> list[dict[str, Any]]:
    """The frameworks, to be chosen from, each with why it has no such thing."""
    return [
        {"id": id, "title": f.title, "link": view.query(framework=id), "missing": view.model_in(f).unsupported}
        for id, f in FRAMEWORKS.items()
    ]


def switches(view: View) -> list[dict[str, Any]]:
    """The framework's own switches, each with its choices as links, and the settings that are more than a switch here:
    their other value is another cell or another size."""
    found = []
    for switch in (s for s in view.chosen_model.framework.switches if s.applies_to(view.stack)):
        field = SWITCHES[switch.name]
        values = [value if isinstance(switch.default, bool) else str(value) for value in switch.choices]
        links = [
            (field.format(value), view.query(**{switch.name: value}), view[switch.name] == value) for value in values
        ]
        found.append({"name": switch.name, "help": switch.help, "links": links})
    return found + [derived_switch(view, derived) for derived in view.chosen_model.derived_switches]


def derived_switch(view: View, derived: DerivedSwitch) -> dict[str, Any]:
    values = [(derived.value, view.query(), True), (derived.other, view.query(**as_fields(derived.changes)), False)]
    links = [(str(value).lower(), link, active) for value, link, active in values]
    return {"name": derived.name, "help": derived.help, "links": sorted(links)}


def biases(view: View) -> list[dict[str, Any]]:
    """What the bias of each gate is in a new model: what is stored, and what each step adds to it."""
    model = view.chosen_model
    layout = model.layout
    found = []
    for gate in layout.gates:
        if bias := model.new_bias(gate):
            stored = phrase("random") if bias.stored is None else f"{bias.stored:g}"
            found.append({"letter": layout.letter(gate), "gate": gate, "stored": stored, "added": f"{bias.added:g}"})
    return found


def rulers(view: View) -> list[dict[str, Any]]:
    """The gate order of every framework that has the cell, the chosen one first, and for each of the others how the
    chosen one's blocks have to be put for it."""
    found: list[dict[str, Any]] = []
    chosen = None if view.chosen_model.unsupported else view.chosen_model.layout
    for id, framework in FRAMEWORKS.items():
        model = view.model_in(framework)
        if not model.unsupported:
            layout = model.layout
            letters = [layout.letter(gate) for gate in layout.gates]
            gates = list(zip(layout.gates, letters, strict=True))
            found.append(
                {"id": id, "title": framework.title, "gates": gates, "order": chosen and permutation(chosen, layout)}
            )
    return sorted(
        (ruler for ruler in found if len(ruler["gates"]) > 1), key=lambda ruler: ruler["id"] != view.framework
    )


def converts(view: View) -> list[tuple[str, str]]:
    """The other frameworks that weights can be carried to, with the query of the function that does."""
    others = {id: f for id, f in FRAMEWORKS.items() if id != view.framework and not view.model_in(f).unsupported}
    return [(f.title, view.query(to=id)) for id, f in others.items()]
