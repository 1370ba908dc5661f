"""A last state in the panel: where it is in what the framework returns, the common mistake, the order of the states."""

from dataclasses import dataclass
from typing import NamedTuple

from ....core.stack import ends, is_reversed
from ....diagram.layer_names import DIRECTION_NAMES
from ....frameworks.last_states import output_parts, stacked_arrays, state_entries
from ....url_state.url_state import UrlState
from .stack_map_links import ARROWS, last_state_link, shown


class OrderedState(NamedTuple):
    """An entry of an array of states: its position, layer and direction as an arrow, the query that selects it, and
    whether it is the selected one."""

    position: int
    layer: int
    arrow: str
    link: str
    is_current: bool


@dataclass(frozen=True)
class LastState:
    """The state of a layer and a direction, which reads the steps from ``first`` to ``last``.

    ``entry`` is the expression of the state alone, empty if the framework does not return it; ``parts`` are those of
    the ``output`` with every step, empty if there is none or the state is not in it, and ``mistakes`` are those at the
    other end of time. ``arrays`` hold several cells, in this ``order``.
    """

    entry: str
    layer: int
    direction: str
    first: int
    last: int
    output: str
    parts: list[str]
    mistakes: list[str]
    arrays: list[str]
    order: list[OrderedState]


def last_state(url_state: UrlState, tensor: str) -> LastState | None:
    """The last state that is selected in a stack of several cells, if one is."""
    state, _, kind = tensor.rpartition("_")
    if kind != "T" or len(url_state.stack.places) == 1:
        return None
    model, place = url_state.shown_model, url_state.place
    first, last = ends(place, url_state.time_step, url_state.goes_backwards)
    arrays = stacked_arrays(model, place)
    outputs = [array for array in model.outputs if array.tensor == "Y"]
    parts, mistakes = (
        [shown(url_state, part) for part in output_parts(model, place, is_other_end)] if state == "h" else []
        for is_other_end in (False, True)
    )
    return LastState(
        entry=next((shown(url_state, entry) for entry in state_entries(model, place, state)), ""),
        layer=url_state.layer,
        direction=DIRECTION_NAMES[url_state.direction],
        first=first,
        last=last,
        output=outputs[0].name if outputs else "",
        parts=parts,
        mistakes=mistakes if first != last else [],
        arrays=[array.name for array in arrays],
        order=[
            OrderedState(
                n,
                layer,
                ARROWS[is_reversed((layer, direction), url_state.goes_backwards)],
                last_state_link(url_state, (layer, direction), state),
                (layer, direction) == place,
            )
            for n, (layer, direction) in enumerate(arrays[0].places if arrays else ())
        ],
    )
