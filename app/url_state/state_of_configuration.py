"""The picture of a configuration that was read from an error message."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from math import inf
from typing import Any

from ..frameworks import FRAMEWORKS
from ..reading.errors.causes_in_programs.layers.stacked_layers import stacked
from ..reading.errors.code_lines.layers_and_operands import width_of
from ..reading.errors.explanation import Explanation
from ..reading.errors.framework_messages.message_template import HANDWRITTEN_CELLS
from ..reading.errors.framework_messages.outputs.pairs_of_output_and_states import CAUSES
from ..reading.facts_about_sizes import Configuration
from .field_types import FieldError
from .parsing import parse
from .url_state import UrlState

VARIANTS = {"gru": ("gru", "gru_reset_after")}
"""Cell -> its variants, of which a framework supports one."""


def state_of_configuration(
    configuration: Configuration,
    framework: str,
    batch_first: bool | None = None,
    *,
    resets_after: bool | None = None,
    has_peepholes: bool = False,
    **fields: object,
) -> UrlState | None:
    """The picture of a configuration, with defaults for unknown sizes, in the framework's names if it is one of ours,
    and with the values of further ``fields``. ``resets_after``: whether a GRU applies its reset gate after the
    product, if that is known; ``has_peepholes``: whether an LSTM has some. None if a size is larger than a picture can
    be."""
    known = {name: value for name, value in asdict(configuration).items() if value is not None} | fields
    if framework in FRAMEWORKS:
        known["framework"] = framework
    if framework == "pytorch" and batch_first is not None:
        known["batch_first"] = batch_first
    cells = VARIANTS.get(configuration.cell or "", (configuration.cell,))
    cells = cells[::-1] if resets_after else cells
    cells = ("lstm_peephole",) if has_peepholes else cells
    states = [state_with(known | ({"cell": cell} if cell else {})) for cell in cells]
    return next((state for state in states if state and not state.chosen_model.unsupported), states[0])


def is_drawn(explanation: Explanation, network: Configuration) -> bool:
    """Whether an error has a picture: of a cell that a program writes itself, the text or the reader must say the
    kind."""
    is_own = explanation.framework in HANDWRITTEN_CELLS or explanation.found.surroundings.has_own_cell
    return bool(explanation.configurations) and (network.cell is not None or not is_own)


def state_of_error(explanation: Explanation, network: Configuration) -> UrlState | None:
    """The picture of the layer that an error is about: of two layers of which the lower one returns only its last step,
    the upper one. None without a picture."""
    if not is_drawn(explanation, network):
        return None
    below = stacked(explanation.found)
    is_above = below and any(cause.id == "return_sequences" for cause in explanation.mismatch.causes)
    layer = replace(network, features=width_of(below.below)) if below and is_above else network
    if (layer.num_proj or 0) >= (layer.num_units or inf):  # which the framework has refused
        layer = replace(layer, num_proj=None)
    fields: dict[str, Any] = {"return_sequences": True} if not is_above and _returns_steps(explanation, network) else {}
    fields |= layer_of_error(explanation, network)
    return state_of_configuration(
        layer,
        explanation.framework,
        explanation.batch_first,
        resets_after=explanation.resets_after,
        has_peepholes=explanation.has_peepholes,
        **fields,
    )


def layer_of_error(explanation: Explanation, network: Configuration) -> dict[str, Any]:
    """The fields of the layer that an error is about, if that is one above the first: the second of several that share
    a cell, or the last one, which returns the output."""
    if explanation.mismatch.is_of_shared_cell:
        return {"num_layers": network.num_layers or 2, "layer": 1}
    returns = any(one.id in CAUSES for one in explanation.mismatch.causes)
    last = (network.num_layers or 1) - 1
    return {"layer": last} if returns and last else {}


def _returns_steps(explanation: Explanation, network: Configuration) -> bool:
    """Whether the layers of Keras in the program with the units of the picture return every step: the first one, if the
    error is about x."""
    layers = explanation.found.program.made_layers
    shown = [one for one in layers if one.framework == "keras" and one.size("num_units") == network.num_units]
    if explanation.mismatch.tensor == "x" and shown[:1] == [*layers[:1]]:
        shown = shown[:1]
    return explanation.framework == "keras" and bool(shown) and all(one.setting("return_sequences") for one in shown)


def state_with(values: Mapping[str, object]) -> UrlState | None:
    """The UrlState with these values of fields, and defaults for the others. None if a size is larger than a picture
    can be."""
    try:
        return parse([(name, str(value).lower()) for name, value in values.items()], strict=True)
    except FieldError:
        return None
