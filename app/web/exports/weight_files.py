"""/weights.npz and /weights.safetensors: the weights and the input in the layout of the chosen framework."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
from safetensors.numpy import save
from starlette.requests import Request
from starlette.responses import Response

from ...core.ops import Array
from ...core.work_limits import MEGA, amounts
from ...frameworks.exported_weights import weights_file
from ...frameworks.stack_in_framework import ITEMSIZE
from ...process_environment import release_free_memory
from ...query.chosen_framework import check
from ...query.field_types import FieldError
from ...query.input import input_of
from ...query.view import View
from ...query.weights_of_run import weights_of
from ..requests_and_responses.responses import respond, view_of


async def weights_npz(request: Request) -> Response:
    """The weights and the input with the framework's names and layout, for numpy.load."""
    return await weights_response(request, npz)


async def weights_safetensors(request: Request) -> Response:
    """The weights and the input as safetensors."""
    return await weights_response(request, safetensors)


async def weights_response(request: Request, write: Callable[[dict[str, Array]], bytes]) -> Response:
    """The arrays as a file. ``write`` defines its format."""
    view, runner = view_of(request), request.app.state.runner
    check(view)
    check_size(view, runner.budget.bytes)
    return await respond(
        request, lambda: runner.alone(lambda: write(arrays_of(view)), view.shown_model.nbytes), view=view
    )


def check_size(view: View, limit: int) -> None:
    """Raises FieldError if the file would have more bytes than a run may record. No array is created."""
    if (size := view.shown_model.nbytes) > limit:
        input_size = ITEMSIZE * view.batch_size * view.time_step * view.features
        field = "time_step" if input_size > size - input_size else "num_units"
        holds, most = amounts(size / MEGA, limit / MEGA)
        message = f"The weights and the input take {holds} MB; the limit is {most} MB"
        raise FieldError(field, str(view[field]), message, {"bytes": limit})


def arrays_of(view: View) -> dict[str, Array]:
    """The arrays of the file, by name. The weights are made in the order in which the file stores them, because
    reordering a large matrix takes longer than everything else."""
    model = view.shown_model
    is_transposed = any(parameter.transposed for parameter in model.layout.parameters)
    return weights_file(model, weights_of(view, "F" if is_transposed else "C"), input_of(view))


def npz(arrays: dict[str, Array]) -> bytes:
    file = BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def safetensors(arrays: dict[str, Array]) -> bytes:
    release_free_memory()  # of the weights before they were arranged, because ``save`` holds the file twice
    return save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
