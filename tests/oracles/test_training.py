"""Training, compared with PyTorch: the same weights, batches, clipping and Adam give the same loss at every step."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from app.core.cells import CELLS
from app.core.ops import Array
from app.training.default_schedule import Schedule
from app.training.tasks import BATCH_SIZE, TASKS
from app.training.trainer import Trainer, order_of
from app.training.training_and_result import Training

EPOCHS, EXAMPLES = 3, 200
TEXT = "what is num_units? the length of the state: as many numbers as the cell hands on from one step to the next"
LAYERS = {"lstm": torch.nn.LSTM, "gru_reset_after": torch.nn.GRU, "rnn": torch.nn.RNN}
GATES = {"lstm": (1, 0, 2, 3), "gru_reset_after": (0, 1, 2), "rnn": (0,)}
"""Which of our gates each of PyTorch's is."""

CASES = [
    (cell, layers, directions, task)
    for cell, layers, directions in (("lstm", 1, 1), ("gru_reset_after", 1, 1), ("rnn", 1, 1), ("gru", 1, 1))
    for task in TASKS
] + [("lstm", 2, 1, "digits"), ("rnn", 1, 2, "digits"), ("lstm", 2, 2, "text"), ("gru_reset_after", 2, 2, "wave")]


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-9), (np.float32, 1e-4)], ids=["float64", "float32"])
@pytest.mark.parametrize(("cell", "layers", "directions", "task"), CASES)
def test_the_loss_of_every_step_is_that_of_pytorch(
    cell: str, layers: int, directions: int, task: str, dtype: type, tolerance: float
) -> None:
    text = TEXT if task == "text" else ""
    stack = TASKS[task].stack(CELLS[cell], 7, layers, directions == 2, text)
    trainer = Trainer(Training(stack, task, Schedule(EXAMPLES, EPOCHS, 0.01), 3, text), dtype)
    expected = pytorch_losses(trainer)
    list(trainer)
    assert len(trainer.losses) == len(expected) == EPOCHS * -(-len(trainer.data.X) // BATCH_SIZE)
    np.testing.assert_allclose(trainer.losses, expected, rtol=tolerance)


def pytorch_losses(trainer: Trainer) -> list[float]:
    training, data = trainer.training, trainer.data
    cell = training.stack.cell.id
    output, parameters = (own_gru if cell == "gru" else layer)(trainer)
    dense = torch.nn.Linear(training.width, training.outputs, dtype=parameters[0].dtype)
    with torch.no_grad():
        dense.weight.copy_(torch.from_numpy(trainer.values.dense[:, :-1].copy()))
        dense.bias.copy_(torch.from_numpy(trainer.values.dense[:, -1].copy()))
    parameters = [*parameters, *dense.parameters()]
    adam, losses = torch.optim.Adam(parameters, training.schedule.learning_rate), []
    for epoch in range(EPOCHS):
        order = order_of(len(data.X), training.seed, epoch + 1)
        for begin in range(0, len(order), BATCH_SIZE):
            batch = order[begin : begin + BATCH_SIZE]
            Y = output(torch.from_numpy(data.read(data.X[batch], trainer.dtype)))
            targets = torch.from_numpy(np.ascontiguousarray(data.targets[batch]))
            if training.task == "digits":
                half = training.stack.num_units
                last = torch.cat([Y[:, -1, :half], Y[:, 0, half:]], 1)
                loss = torch.nn.functional.cross_entropy(dense(last), targets.long())
            elif training.task == "text":
                loss = torch.nn.functional.cross_entropy(dense(Y).flatten(0, 1), targets.long().flatten())
            else:
                loss = torch.nn.functional.mse_loss(dense(Y), targets.to(Y.dtype))
            adam.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            adam.step()
            losses.append(float(loss.detach()))
    return losses


Output = Callable[[torch.Tensor], torch.Tensor]


def layer(trainer: Trainer) -> tuple[Output, list[torch.Tensor]]:
    """A layer of PyTorch with our weights; where the cell has one bias, the second one stays 0."""
    stack, id = trainer.training.stack, trainer.training.stack.cell.id
    dtype = torch.float64 if trainer.dtype is np.float64 else torch.float32
    module = LAYERS[id](
        stack.features, stack.num_units, stack.num_layers, bidirectional=stack.bidirectional, batch_first=True
    ).to(dtype)
    for (place, direction), weights in trainer.values.weights.items():
        kernel, n = weights["kernel"], stack.num_units
        own, rows = (weights["recurrent_kernel"], kernel) if "recurrent_kernel" in weights else np.split(kernel, [n])
        biases = weights["bias"], weights.get("recurrent_bias", np.zeros_like(weights["bias"]))
        end = f"l{place}" + "_reverse" * (direction == "backward")
        arrays = {"weight_ih": rows, "weight_hh": own, "bias_ih": biases[0], "bias_hh": biases[1]}
        for name, array in arrays.items():
            parameter = getattr(module, f"{name}_{end}")
            with torch.no_grad():
                parameter.copy_(torch.from_numpy(in_its_order(array, GATES[id])))
            if name == "bias_hh" and "recurrent_bias" not in weights:
                parameter.requires_grad_(False)
    return lambda X: module(X)[0], [p for p in module.parameters() if p.requires_grad]


def in_its_order(array: Array, gates: tuple[int, ...]) -> Array:
    blocks = np.split(array, len(gates), axis=-1)
    return np.ascontiguousarray(np.concatenate([blocks[gate] for gate in gates], axis=-1).T)


def own_gru(trainer: Trainer) -> tuple[Output, list[torch.Tensor]]:
    """The GRU that resets before the product, which PyTorch has not, in its operations."""
    weights = {
        id: torch.from_numpy(array.copy()).requires_grad_()
        for id, array in trainer.values.weights[0, "forward"].items()
    }
    kernel, bias, candidate_kernel, candidate_bias = weights.values()

    def output(X: torch.Tensor) -> torch.Tensor:
        h = X.new_zeros(len(X), trainer.training.stack.num_units)
        every = []
        for x in X.unbind(1):
            r, z = torch.sigmoid(torch.cat([h, x], 1) @ kernel + bias).chunk(2, 1)
            g = torch.tanh(torch.cat([r * h, x], 1) @ candidate_kernel + candidate_bias)
            h = z * h + (1 - z) * g
            every.append(h)
        return torch.stack(every, 1)

    return output, [*weights.values()]
