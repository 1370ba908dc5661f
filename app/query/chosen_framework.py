"""What the chosen framework calls our tensors, and the nearest model where it does not support this one."""

from typing import Any

from ..core.axes import shape, written
from ..core.program import Program
from ..frameworks import FRAMEWORKS, OURS
from ..frameworks.framework import Settings, Unsupported
from ..translations.phrases import phrase
from .field_types import FieldError
from .fields import SWITCHES
from .view import View


def check(view: View, field: str = "framework") -> None:
    """FieldError where the framework that a field names does not support the stack."""
    framework = FRAMEWORKS[str(view[field])]
    if unsupported := view.model_in(framework).unsupported:
        message = f"{framework.title} does not support this: {unsupported}; nearest: {written_nearest(unsupported)}"
        raise FieldError(field, framework.id, message, supporting(view))


def supporting(view: View) -> list[str]:
    """The ids of the frameworks that support the stack."""
    return [id for id, framework in FRAMEWORKS.items() if not view.model_in(framework).unsupported]


def as_fields(settings: Settings) -> dict[str, Any]:
    """Settings as values of fields: a switch that is a number is a word there."""
    return {
        name: str(value) if name in SWITCHES and not isinstance(value, bool) else value
        for name, value in settings.items()
    }


def written_nearest(unsupported: Unsupported) -> str:
    """The changes that lead to the nearest supported model: ``cell=lstm and num_proj=0``."""
    return " and ".join(f"{name}={str(value).lower()}" for name, value in unsupported.nearest.items())


def parameters_formula(view: View) -> str:
    """How parameters are counted, in named axes: the cells of the lowest layer, then those of the layers above."""
    stack = view.stack
    both, above = len(stack.directions), stack.num_layers - 1
    terms = [_times(both, stack.program(0))] + ([_times(both * above, stack.program(1))] if above else [])
    return " + ".join(terms)


def _times(cells: int, program: Program) -> str:
    one = " + ".join(written(weight.axes) for weight in program.weights)
    return one if cells == 1 else f"{cells} × ({one})"


def names(view: View) -> dict[str, list[str]]:
    """What the chosen framework calls the tensors of the cell in focus, by our id. Only those that it has names for."""
    model = view.chosen_model
    if model.framework is OURS or model.unsupported:
        return {}
    layout, found = model.layout, dict[str, list[str]]()
    for ours in view.model_in(OURS).layout.parameters:
        theirs = [p.name for p in layout.parameters if layout.share_blocks(p, ours)]
        found[ours.name] = [model.full_name(name, view.place) for name in theirs]
    for array in (model.input, *model.outputs):
        if any(cell[:2] == view.place for cell in array.covered) or (array.tensor == "X" and not view.layer):
            reordered = array.axes != view.program.by_id[array.tensor].axes
            size = f" {'×'.join(map(str, shape(array.axes, model.sizes)))}" if reordered else ""
            name = array.name + size
            if array.tensor == "Y" and view.goes_backwards and view.is_reversed:
                name = phrase("{array} (last step first)", array=name)
            found.setdefault(array.tensor, []).append(name)
    return found | {gate: [letter] for gate, letter in layout.letters.items() if gate in view.program.by_id}
