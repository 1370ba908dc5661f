"""The names of tensors in the chosen framework, and the nearest model that it supports."""

from typing import Any

from ..core.axes import shape, written
from ..core.program import Program
from ..frameworks import FRAMEWORKS, OURS
from ..frameworks.framework_types import Settings, Unsupported
from ..translations.phrases import phrase
from .field_types import FieldError
from .fields import SWITCHES
from .url_state import UrlState


def check(state: UrlState, field: str = "framework") -> None:
    """Raise FieldError if the framework that a field names does not support the stack."""
    framework = FRAMEWORKS[str(state[field])]
    if unsupported := state.model_in(framework).unsupported:
        message = f"{framework.title} does not support this: {unsupported}; closest: {nearest_as_text(unsupported)}"
        raise FieldError(field, framework.id, message, supporting_frameworks(state))


def supporting_frameworks(state: UrlState) -> list[str]:
    """The ids of the frameworks that support the stack of a UrlState."""
    return [id for id, framework in FRAMEWORKS.items() if not state.model_in(framework).unsupported]


def field_values(settings: Settings) -> dict[str, Any]:
    """Settings as values of fields, where a switch that is a number has words."""
    return {
        name: str(value) if name in SWITCHES and not isinstance(value, bool) else value
        for name, value in settings.items()
    }


def nearest_as_text(unsupported: Unsupported) -> str:
    """The changes that lead to the nearest supported model: ``cell=lstm and num_proj=0``."""
    return " and ".join(f"{name}={str(value).lower()}" for name, value in unsupported.nearest.items())


def parameters_formula(state: UrlState) -> str:
    """The number of parameters as a formula in named axes: the lowest layer, then the layers above."""
    stack = state.stack
    directions, above = len(stack.directions), stack.num_layers - 1
    terms = [_times(directions, stack.program(0))] + ([_times(directions * above, stack.program(1))] if above else [])
    return " + ".join(terms)


def _times(cells: int, program: Program) -> str:
    one = " + ".join(written(weight.axes) for weight in program.weights)
    return one if cells == 1 else f"{cells} × ({one})"


def names(state: UrlState) -> dict[str, list[str]]:
    """By tensor id, the names of the cell in focus in the chosen framework, for the tensors that have any."""
    model = state.chosen_model
    if model.framework is OURS or model.unsupported:
        return {}
    layout, names = model.layout, dict[str, list[str]]()
    for ours in state.model_in(OURS).layout.parameters:
        matching = [p.name for p in layout.parameters if layout.share_blocks(p, ours)]
        names[ours.name] = [model.full_name(name, state.place) for name in matching]
    for array in (model.input, *model.outputs):
        if state.place in array.places or (array.tensor == "X" and not state.layer):
            reordered = array.axes != state.program.by_id[array.tensor].axes
            size = f" {'×'.join(map(str, shape(array.axes, model.sizes)))}" if reordered else ""
            name = array.name + size
            if array.tensor == "Y" and state.goes_backwards and state.is_reversed:
                name = phrase("{array} (last step first)", array=name)
            names.setdefault(array.tensor, []).append(name)
    return names | {gate: [letter] for gate, letter in layout.letters.items() if gate in state.program.by_id}
