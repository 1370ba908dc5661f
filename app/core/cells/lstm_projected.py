"""Any LSTM with a projection, which gives h, its output and state, another size than num_units.

Sak, Senior and Beaufays, "Long Short-Term Memory Recurrent Neural Network Architectures for Large Scale Acoustic
Modeling", 2014; TensorFlow 1 calls its size num_proj, PyTorch proj_size.
"""

from dataclasses import replace
from functools import cache
from inspect import Parameter, signature

from ...translations.phrases import phrase
from ..cell import Cell
from ..symbols import Symbol


@cache
def projected(cell: Cell) -> Cell:
    """The cell with one more product at the end of a step.

    m = h of the cell without it       batch_size × num_units
    h = m projection                   batch_size × num_proj
    """

    def step(projection: Symbol, **arguments: Symbol) -> dict[str, Symbol]:
        symbols = cell.step(**arguments)
        m = symbols.pop("h")
        h = m @ projection
        return {**symbols, "m": m, "h": h}

    # capture reads the arguments from the signature: those of the step of the cell, and the projection.
    own = signature(cell.step)
    more = Parameter("projection", Parameter.POSITIONAL_OR_KEYWORD)
    step.__signature__ = own.replace(parameters=[*own.parameters.values(), more])  # type: ignore[attr-defined]

    rows = "num_units+features"
    return replace(
        cell,
        title=phrase("{cell}, projected", cell=cell.title),
        step=step,
        states={**cell.states, "h": "batch_size, num_proj"},
        weights={
            **{id: text.replace(rows, "num_proj+features") for id, text in cell.weights.items()},
            "projection": "num_units, num_proj",
        },
        words={
            **cell.words,
            "projection": ("W_p", phrase("projection: weights that set the length of h")),
            "m": ("mₜ", phrase("hidden state before its projection")),
        },
        notes=(
            *cell.notes,
            phrase("The projection gives h, and so the output, the length num_proj; c keeps the length num_units."),
        ),
    )
