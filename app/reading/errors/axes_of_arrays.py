"""The axes of the arrays of a recurrent layer: x, the output of every step, and a state."""

STEPS = ("batch_size", "time_step")
"""The axes of x and of an output before the last one, and those of a mask, with the batch first."""

AXES_OF_X = (*STEPS, "features")
AXES_OF_OUTPUT = (*STEPS, "num_units")

RANK = len(AXES_OF_X)
"""The number of axes of x and of an output of every step."""

MATRIX = 2
"""The number of axes of a matrix, and of what a cell gets in one step."""

AXES_OF_STATE = ("num_layers*directions", "batch_size", "num_units")
"""The axes of a state in PyTorch, ONNX and cuDNN."""


def steps_in_order(is_batch_first: bool) -> tuple[str, str]:
    return STEPS if is_batch_first else STEPS[::-1]


def axes_of_x_in_order(is_batch_first: bool) -> tuple[str, str, str]:
    return (*steps_in_order(is_batch_first), "features")
