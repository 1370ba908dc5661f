"""The operations: one record for each, with everything that is known about it."""

from .manipulation import CONCAT, SPLIT
from .op import Array, Op, Shape, placeholders
from .pointwise import ADD, ADD_VECTOR, COMPLEMENT, MUL, MUL_VECTOR, RELU, SIGMOID, TANH
from .products import AFFINE, MATMUL
from .steps import BELOW, CARRY, GIVEN, LAST, STACK, STEP

__all__ = ["OPS", "Array", "Op", "Shape", "placeholders"]

OPS: dict[str, Op] = {
    "concat": CONCAT,
    "matmul": MATMUL,
    "affine": AFFINE,
    "add": ADD,
    "add_vector": ADD_VECTOR,
    "mul": MUL,
    "mul_vector": MUL_VECTOR,
    "complement": COMPLEMENT,
    "sigmoid": SIGMOID,
    "tanh": TANH,
    "relu": RELU,
    "split": SPLIT,
    "step": STEP,
    "carry": CARRY,
    "stack": STACK,
    "last": LAST,
    "given": GIVEN,
    "below": BELOW,
}
