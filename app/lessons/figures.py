"""Numbers that several lessons and answers name."""

from app.core.stack import Stack


def kernel_columns(stack: Stack) -> int:
    return stack.program().by_id["kernel"].shape(stack.sizes)[1]


def of_one_unit(stack: Stack) -> int:
    """How many numbers to learn one unit has for itself: in each gate a weight for all that it reads, and a bias."""
    return stack.parameters() // stack.num_units


def in_kernel(stack: Stack) -> int:
    return stack.program().parameters(stack.sizes)["kernel"]


def in_bias(stack: Stack) -> int:
    return stack.program().parameters(stack.sizes)["bias"]


def numbers_of_a_sequence(stack: Stack) -> int:
    return stack.time_step * stack.features
