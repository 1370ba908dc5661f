"""The page about a layer of a model: what was changed there, and the model with these changes."""

from dataclasses import replace
from typing import Any

from ...core.model.layer import MERGES, Family, Layer
from ...core.model.text import chain_text
from ...frameworks.model_layers import cell_id
from ...size_expressions import fixed
from ...url_state.field_types import Value
from ...url_state.fields.input_fields import MAX_TEXT_LENGTH
from .model_url_state import RUN_SIZES, ChainUrlState

_SIZES = {"features": "features", "num_units": "num_units"}

ATTRIBUTES: dict[Family, dict[str, str]] = {
    "cell": _SIZES,
    "recurrent": {
        **_SIZES,
        "num_layers": "num_layers",
        "num_proj": "num_proj",
        "bidirectional": "bidirectional",
        "merge_mode": "merge_mode",
        "return_sequences": "every_step",
        "go_backwards": "go_backwards",
    },
}
"""The fields of the page that say how a layer is, by its family of kinds, and the attributes of the layer."""


def changed_fields(chain_state: ChainUrlState) -> dict[str, Value]:
    """The fields of the page that have other values than in the model, and those of the model. A size that the model
    does not say has its default there. A link may combine the page with a layer that has none: then there are none."""
    opened = chain_state.opened(chain_state.state.part)
    if opened is None or opened.query is None:
        return {}
    values, assumed = chain_state.fields_of(chain_state.selected)
    free = {name for name in RUN_SIZES if name == "batch_size" or name in assumed}  # no part of the model
    return {name: value for name, value in values.items() if name not in free and chain_state.state[name] != value}


def changed_model(chain_state: ChainUrlState) -> str:
    """The text of the model in which the selected layer is as the page shows it. The length of its input is that of the
    layer before, unless the layer itself says it."""
    state, layer = chain_state.state, chain_state.selected.layer
    changed = changed_layer(chain_state)
    if changed == layer:
        return state.model
    text = chain_text(chain_state.chain.with_layer(state.part, changed))
    return text if len(text) <= MAX_TEXT_LENGTH else state.model


def changed_layer(chain_state: ChainUrlState) -> Layer:
    """The selected layer as the page shows it."""
    state, named, fields = chain_state.state, chain_state.selected, changed_fields(chain_state)
    attributes = dict(ATTRIBUTES.get(named.layer.family, {}))
    if named.layer.features is None and named.passed.input[-1].number is not None:
        attributes.pop("features", None)
    changes: dict[str, Any] = {own: fixed(state.values[name]) for name, own in attributes.items() if name in fields}
    layer = replace(_with_cell(chain_state) if "cell" in fields else named.layer, **changes)
    if not layer.bidirectional or layer.merge_mode not in MERGES:  # a chain has no layer that returns two tensors
        layer = replace(layer, merge_mode=MERGES[0])
    layer = replace(layer, joins_ends=layer.joins_ends and layer.bidirectional and not layer.every_step)
    layer = replace(layer, states_only=layer.states_only and not layer.every_step)
    layer = layer if layer.cell == "lstm" else replace(layer, num_proj=0)
    is_counted = layer.parameters and fields.keys() & {*attributes, "cell"}
    return replace(layer, parameters=None) if is_counted else layer  # the number was that of other sizes


def _with_cell(chain_state: ChainUrlState) -> Layer:
    """The selected layer with the cell of the page; with its own, if no layer of a chain has that."""
    layer = chain_state.selected.layer
    suffix = layer.kind.removeprefix(layer.cell)
    variants = [
        replace(layer, kind=cell + suffix, reset_after=None, peepholes=False) for cell in ("lstm", "gru", "rnn")
    ]
    if not suffix:
        variants += [replace(layer, kind="gru", reset_after=after, peepholes=False) for after in (False, True)]
        variants.append(replace(layer, kind="lstm", reset_after=None, peepholes=True))
    return next((one for one in variants if cell_id(chain_state.framework, one) == chain_state.state.cell), layer)
