"""/weights.npz and /weights.safetensors: the weights and the input in the layout of the chosen framework."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
from safetensors.numpy import save
from starlette.requests import Request
from starlette.responses import Response

from ...core.ops import Array
from ...core.seeded_weights import Weights
from ...core.work_limits import MEGA, amounts
from ...frameworks.arrays import arranged
from ...frameworks.stack_in_framework import ITEMSIZE, Model
from ...frameworks.stored_weights import stored_weights
from ...process_environment import release_free_memory
from ...url_state.field_types import FieldError
from ...url_state.names_in_framework import check
from ...url_state.url_state import UrlState
from ...url_state_to_picture.input_of_state import input_of
from ...url_state_to_picture.weights_of_run import weights_of
from ..requests_and_responses.responses import respond, url_state_of

NPZ_FILE, SAFETENSORS_FILE = "weights.npz", "weights.safetensors"
"""The names under which browsers save the files."""


async def weights_npz(request: Request) -> Response:
    """The weights and the input with the framework's names and layout, for numpy.load."""
    return await weights_response(request, npz)


async def weights_safetensors(request: Request) -> Response:
    """The weights and the input as safetensors."""
    return await weights_response(request, safetensors)


async def weights_response(request: Request, write: Callable[[dict[str, Array]], bytes]) -> Response:
    """The arrays as a file. ``write`` defines its format."""
    state, runner = url_state_of(request), request.app.state.runner
    check(state)
    check_size(state, runner.budget.bytes)
    return await respond(
        request, lambda: runner.alone(lambda: write(arrays_of(state)), state.shown_model.nbytes), state=state
    )


def check_size(state: UrlState, limit: int) -> None:
    """Raises FieldError if the file would have more bytes than a run may record. No array is created."""
    if (size := state.shown_model.nbytes) > limit:
        input_size = ITEMSIZE * state.batch_size * state.time_step * state.features
        field = "time_step" if input_size > size - input_size else "num_units"
        holds, most = amounts(size / MEGA, limit / MEGA)
        message = f"The weights and the input take {holds} MB; the limit is {most} MB"
        raise FieldError(field, str(state[field]), message, {"bytes": limit})


def arrays_of(state: UrlState) -> dict[str, Array]:
    """The arrays of the file, by name. The weights are made in the order in which the file stores them, because
    reordering a large matrix takes longer than everything else."""
    model = state.shown_model
    is_transposed = any(parameter.transposed for parameter in model.layout.parameters)
    return weights_file(model, weights_of(state, "F" if is_transposed else "C"), input_of(state))


def weights_file(model: Model, weights: Weights, X: Array) -> dict[str, Array]:
    """The content of the file: every array of weights, and the input in the axes of the model, by their names
    there."""
    input = model.input
    return {**stored_weights(model, weights), input.name: np.ascontiguousarray(arranged(X, input.axes))}


def npz(arrays: dict[str, Array]) -> bytes:
    file = BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def safetensors(arrays: dict[str, Array]) -> bytes:
    release_free_memory()  # of the weights before they were arranged, because ``save`` holds the file twice
    return save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
