"""/model.json: the layers of a model, the shape between each, and the numbers of their parameters."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...core.model.chain import Misfit
from ...core.model.layer import GAPS, Layer
from ...core.model.shapes import Shape, in_order, numbers
from ...frameworks.framework_types import Framework
from ...frameworks.model_layers import cell_id
from ...translations.languages import translator
from ...url_state_to_picture.model.differences_of_models import ComparedChains
from ...url_state_to_picture.model.model_url_state import RUN_SIZES, ChainUrlState
from ...url_state_to_picture.model.picture_of_model import NamedLayer
from ..requests_and_responses.responses import json, respond_by_length, url_state_of

SETTINGS = (
    "bidirectional",
    "merge_mode",
    "every_step",
    "go_backwards",
    "reset_after",
    "bias",
    "peepholes",
    "num_layers",
    "num_proj",
)
"""The settings of recurrent layers."""

LARGEST_EXACT = 2**53 - 1
"""Larger whole numbers have no exact value in JavaScript, and beyond 2**64 none in our JSON."""

CONFIG = {
    "embedding": ("features", "num_units"),
    "recurrent": ("features", "num_units", *SETTINGS),
    "cell": ("features", "num_units", "bias"),
    "dense": ("features", "num_units", "bias"),
    "repeat": ("num_units",),
}
"""By family of kinds, what a layer is configured by."""


async def model_json(request: Request) -> Response:
    """The layers of a model, the shape between each, and the numbers of their parameters."""
    chain_state = ChainUrlState.of(url_state_of(request), request.query_params.multi_items())
    return await respond_by_length(request, lambda: json(model_document(chain_state)))


def model_document(chain_state: ChainUrlState) -> dict[str, Any]:
    """/model.json."""
    document = chain_document(chain_state)
    if chain_state.state.beside:
        compared, translate = ComparedChains.of(chain_state), translator(chain_state.state.language)
        document["beside"] = chain_document(compared.other)
        document["differences"] = [
            {"part": d.part, "beside": d.beside, "what": translate(d.what)} for d in compared.differences
        ]
    return document


def chain_document(chain_state: ChainUrlState) -> dict[str, Any]:
    """One model. Axes are in the order of the framework."""
    layers, state = chain_state.layers, chain_state.state
    last = layers[-1].passed
    return {
        "model": state.model,
        "framework": state.framework,
        "sizes": {name: chain_state.size(name) for name in RUN_SIZES},
        "input": _shape(chain_state, chain_state.input) if chain_state.chain.is_ordered else None,
        "layers": [_layer(chain_state, layer) for layer in layers],
        "output": _shape(chain_state, last.output) if last.returns and chain_state.knows_output else None,
        "parameters": {
            "known": _exact(sum(layer.count.value or 0 for layer in layers)),
            "is_complete": all(layer.count.is_exact for layer in layers),
        },
    }


def _layer(chain_state: ChainUrlState, named: NamedLayer) -> dict[str, Any]:
    passed, layer = named.passed, named.layer
    opened = chain_state.opened(named.part)
    return {
        "part": named.part,
        "kind": layer.kind,
        "name": named.name if layer.kind not in GAPS else None,
        "config": _config(chain_state.framework, layer),
        "input": _shape(chain_state, passed.input) if passed.reached else None,
        "output": _shape(chain_state, passed.output) if passed.returns else None,
        "misfit": _misfit(passed.misfit) if passed.misfit else None,
        "parameters": _exact(named.count.value),
        "factor": _exact(named.count.factor),
        "query": opened.query if opened else None,
        "assumed": list(opened.assumed) if opened else [],
    }


def _misfit(misfit: Misfit) -> dict[str, Any]:
    return {"what": misfit.what, "needed": misfit.needed, "got": _exact(misfit.got)}


def _config(framework: Framework, layer: Layer) -> dict[str, Any]:
    config = {name: getattr(layer, name) for name in CONFIG.get(layer.family, ())}
    return config | {"reset_after": cell_id(framework, layer) != "gru"} if "reset_after" in config else config


def _shape(chain_state: ChainUrlState, shape: Shape) -> list[int | str | None]:
    return [
        _exact(size) if isinstance(size, int) else size for size in numbers(in_order(shape, chain_state.time_major))
    ]


def _exact(number: int | None) -> int | None:
    """A number; None if JSON has no exact one."""
    return number if number is None or number <= LARGEST_EXACT else None
