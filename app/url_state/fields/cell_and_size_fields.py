"""What is computed: the cell, its sizes, the framework with its switches, the seed and the equations."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated

from ...core.cells import CELLS
from ...core.largest_sizes import MAX_BATCH_SIZE, MAX_FEATURES, MAX_NUM_LAYERS, MAX_NUM_UNITS, MAX_TIME_STEP
from ...equations.cell_from_equations import OWN
from ...equations.limits import MAX_CHARACTERS
from ...frameworks import FRAMEWORKS
from ...translations.phrases import joined_with_and, phrase
from ..field_types import Choice, Field, Flag, Number
from ..text_field_types import EquationsText
from .fields_of_class import fields_of


@cache
def frameworks_with(switch: str) -> tuple[str, ...]:
    """The ids of the frameworks that have a switch."""
    return tuple(id for id, framework in FRAMEWORKS.items() if switch in {s.name for s in framework.switches})


SWITCHES_BY_NAME = {switch.name: switch for framework in FRAMEWORKS.values() for switch in framework.switches}


def _switch(name: str) -> Field:
    """A framework's switch as a field: a flag if it is true or false, else a choice between words. Switches with the
    same name have the same meaning."""
    switch = SWITCHES_BY_NAME[name]
    help = phrase("{frameworks} only: {help}", frameworks=joined_with_and(frameworks_with(name)), help=switch.help)
    if isinstance(switch.default, bool):
        return Flag(switch.default, help, (False, True))
    return Choice(str(switch.default), help, tuple(map(str, switch.choices)))


@dataclass(frozen=True)
class CellAndSizeFields:
    """What is computed, and in which framework."""

    cell: Annotated[str, Choice("lstm", phrase("type of cell; own means that of the equations"), (*CELLS, OWN))]
    batch_size: Annotated[
        int, Number(3, phrase("samples processed in parallel: rows of x, h and c"), 1, MAX_BATCH_SIZE, slider=True)
    ]
    time_step: Annotated[
        int, Number(4, phrase("number of time steps: how often the cell runs"), 1, MAX_TIME_STEP, slider=True)
    ]
    features: Annotated[int, Number(2, phrase("length of the input x at each step"), 1, MAX_FEATURES, slider=True)]
    num_units: Annotated[
        int,
        Number(
            5,
            phrase("length of the state (h and, in an LSTM, c) per sample"),
            1,
            MAX_NUM_UNITS,
            slider=True,
        ),
    ]
    num_proj: Annotated[
        int, Number(0, phrase("length of h after a projection; 0 means no projection"), 0, MAX_NUM_UNITS)
    ]
    num_layers: Annotated[int, Number(1, phrase("number of stacked layers"), 1, MAX_NUM_LAYERS)]
    bidirectional: Annotated[
        bool, Flag(False, phrase("add a second cell that reads the steps in reverse"), (False, True))
    ]
    framework: Annotated[str, Choice("colah", phrase("framework whose names and layouts are used"), tuple(FRAMEWORKS))]
    time_major: Annotated[bool, _switch("time_major")]
    forget_bias: Annotated[str, _switch("forget_bias")]
    return_sequences: Annotated[bool, _switch("return_sequences")]
    return_state: Annotated[bool, _switch("return_state")]
    go_backwards: Annotated[bool, _switch("go_backwards")]
    merge_mode: Annotated[str, _switch("merge_mode")]
    unit_forget_bias: Annotated[bool, _switch("unit_forget_bias")]
    batch_first: Annotated[bool, _switch("batch_first")]
    layout: Annotated[str, _switch("layout")]
    return_carry: Annotated[bool, _switch("return_carry")]
    seed: Annotated[int, Number(0, phrase("random seed for weights and inputs"), 0, 999_999_999)]
    equations: Annotated[
        str, EquationsText("", phrase("with cell=own: the equations of the cell"), MAX_CHARACTERS, multiline=True)
    ]


CELL_AND_SIZES = fields_of(CellAndSizeFields)
