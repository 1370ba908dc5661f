"""What the chosen framework calls things, and what it has no words for."""

from collections.abc import Iterable
from math import prod
from typing import Any

import numpy as np

from app.core.axes import Axes, Sizes, shape, written
from app.core.program import Program
from app.frameworks import FRAMEWORKS, OURS
from app.frameworks.framework import Framework, Settings, Unsupported
from app.frameworks.io_arrays import IOArray, StoredArray
from app.query.field_types import FieldError
from app.query.fields import SWITCHES
from app.query.view import View, settings_of
from app.translations.phrases import phrase

ITEMSIZE = np.dtype(np.float32).itemsize


def refusal(view: View, framework: Framework | None = None) -> Unsupported | None:
    """Why a framework, by default the one that is spoken, has no such stack; None if it has."""
    asked = framework or view.speaks
    return asked.refusal(view.stack, settings_of(asked, vars(view)))


def told_by(view: View) -> tuple[Framework, Settings]:
    """In whose words the page tells: the framework's that is spoken, or where that has no such stack, our own."""
    return (OURS, {}) if refusal(view) else (view.speaks, view.settings)


def check(view: View, field: str = "framework") -> None:
    """FieldError where the framework that a field names cannot be asked for what only it could give."""
    framework = FRAMEWORKS[str(view[field])]
    if missing := refusal(view, framework):
        message = f"{framework.title} has no such thing: {missing}; nearest: {nearest_words(missing)}"
        raise FieldError(field, framework.id, message, able(view))


def able(view: View) -> list[str]:
    """The frameworks that have this stack."""
    return [id for id, framework in FRAMEWORKS.items() if not refusal(view, framework)]


def nearest(missing: Unsupported) -> dict[str, Any]:
    """The nearest configuration that there is, as changes of fields."""
    return fields(missing.nearest)


def fields(settings: Settings) -> dict[str, Any]:
    """Settings as fields: a switch that is a number there is a word here."""
    return {
        name: str(value) if name in SWITCHES and not isinstance(value, bool) else value
        for name, value in settings.items()
    }


def nearest_words(missing: Unsupported) -> str:
    return " and ".join(f"{name}={str(value).lower()}" for name, value in missing.nearest.items())


def parameters(view: View) -> dict[str, int]:
    """How many numbers there are to learn in our own arrays, by name, in all layers and directions."""
    return {array.name: prod(shape(array.axes, view.sizes)) for array in OURS.stored(view.stack, {})}


def parameters_formula(view: View) -> str:
    """How they are counted, in named axes: the cells of the lowest layer, then those of the layers above."""
    stack = view.stack
    both, above = len(stack.directions), stack.num_layers - 1
    terms = [_times(both, stack.program(0))] + ([_times(both * above, stack.program(1))] if above else [])
    return " + ".join(terms)


def _times(cells: int, program: Program) -> str:
    one = " + ".join(written(weight.axes) for weight in program.weights)
    return one if cells == 1 else f"{cells} × ({one})"


def outputs(view: View) -> dict[str, tuple[int, ...]]:
    """What goes into the whole run and comes out of it, by our own names."""
    return {h.name: shape(h.axes, view.sizes) for h in (OURS.takes(view.stack, {}), *OURS.returns(view.stack, {}))}


def names(view: View) -> dict[str, list[str]]:
    """What the framework calls the tensors of the cell in focus that it has a name for, by our id."""
    framework, stack, settings = view.speaks, view.stack, view.settings
    if framework is OURS or refusal(view):
        return {}
    layout, found = framework.layout(stack, settings), dict[str, list[str]]()
    for ours in OURS.layout(stack, {}).parameters:
        theirs = [p.name for p in layout.parameters if layout.has_some_of(p, ours)]
        found[ours.name] = [framework.full_name(name, view.place, stack) for name in theirs]
    for array in (framework.takes(stack, settings), *framework.returns(stack, settings)):
        if any(cell[:2] == view.place for cell in array.covered) or (array.tensor == "X" and not view.layer):
            turned = array.axes != view.program.by_id[array.tensor].axes
            size = f" {'×'.join(map(str, shape(array.axes, framework.sizes(stack))))}" if turned else ""
            name = array.name + size
            if array.tensor == "Y" and view.runs_backwards and view.goes_back:
                name = phrase("{array} (last step first)", array=name)
            found.setdefault(array.tensor, []).append(name)
    return found | {gate: [letter] for gate, letter in layout.letters.items() if gate in view.program.by_id}


def document(view: View) -> dict[str, Any]:
    """The framework's part of /trace.json."""
    framework, stack, settings = view.speaks, view.stack, view.settings
    about = {"id": framework.id, "title": framework.title, "switches": settings}
    if missing := refusal(view):
        return about | {"refused": str(missing), "nearest": nearest(missing)}
    layout = framework.layout(stack, settings)
    return about | {
        "refused": None,
        "derived": {derived.name: derived.value for derived in framework.derived(stack)},
        "takes": entries([framework.takes(stack, settings)], framework, view),
        "returns": entries(framework.returns(stack, settings), framework, view),
        "weights": entries(framework.stored(stack, settings), framework, view),
        "parameters": learned(view),
        "gates": {gate: layout.letter(gate) for gate in layout.gates},
    }


def entries(arrays: Iterable[IOArray | StoredArray], framework: Framework, view: View) -> list[dict[str, Any]]:
    return [entry(array.name, array.axes, framework, view) for array in arrays]


def entry(name: str, axes: Axes, framework: Framework, view: View) -> dict[str, Any]:
    return {"name": name, "axes": [str(a) for a in axes], "shape": shape(axes, framework.sizes(view.stack))}


def numbers(arrays: Iterable[Axes], sizes: Sizes) -> int:
    """How many numbers these arrays hold together."""
    return sum(prod(shape(axes, sizes)) for axes in arrays)


def learned(view: View) -> int:
    """How many numbers there are to learn in the arrays that the page shows, of all layers and directions."""
    told, settings = told_by(view)
    return numbers((array.axes for array in told.stored(view.stack, settings)), told.sizes(view.stack))


def weights_bytes(view: View) -> int:
    """How many bytes the weights and the input have as the framework stores them."""
    framework, stack, settings = view.speaks, view.stack, view.settings
    arrays: list[IOArray | StoredArray] = [framework.takes(stack, settings), *framework.stored(stack, settings)]
    return ITEMSIZE * numbers((array.axes for array in arrays), framework.sizes(stack))
