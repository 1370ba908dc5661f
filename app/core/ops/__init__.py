"""The operations: one record for each, with everything that is known about it."""

from .activations import ELU, GELU, LOGSIGMOID, RELU, SIGMOID, SILU, SOFTPLUS, TANH
from .arithmetic import ADD, COMPLEMENT, DIV, MAXIMUM, MINIMUM, MOD, MUL, POWER, SUB
from .comparisons import EQUAL, GREATER, NOT_LESS, UNEQUAL, WHERE
from .elementary import ABS, COS, EXP, LOG, NEGATIVE, SIN, SQRT
from .inputs_and_constants import BELOW, CARRY, GIVEN, IDENTITY, LAST, SIZE, STACK, STEP, TIME
from .manipulation import CONCAT, COPY, SLICE, SPLIT, TRANSPOSE
from .op import Array, Op, Shape, placeholders
from .products import AFFINE, CONTRACTION, DOT, MATMUL
from .reductions import CUMSUM, LAYER_NORM, MAX, MEAN, MIN, NORM, SOFTMAX, SUM

__all__ = ["OPS", "Array", "Op", "Shape", "placeholders"]

OPS: dict[str, Op] = {
    "concat": CONCAT,
    "matmul": MATMUL,
    "affine": AFFINE,
    "contraction": CONTRACTION,
    "dot": DOT,
    "add": ADD,
    "sub": SUB,
    "mul": MUL,
    "div": DIV,
    "power": POWER,
    "mod": MOD,
    "maximum": MAXIMUM,
    "minimum": MINIMUM,
    "where": WHERE,
    "greater": GREATER,
    "not_less": NOT_LESS,
    "equal": EQUAL,
    "unequal": UNEQUAL,
    "complement": COMPLEMENT,
    "negative": NEGATIVE,
    "sigmoid": SIGMOID,
    "tanh": TANH,
    "relu": RELU,
    "exp": EXP,
    "log": LOG,
    "sqrt": SQRT,
    "abs": ABS,
    "logsigmoid": LOGSIGMOID,
    "softplus": SOFTPLUS,
    "silu": SILU,
    "elu": ELU,
    "gelu": GELU,
    "sin": SIN,
    "cos": COS,
    "softmax": SOFTMAX,
    "cumsum": CUMSUM,
    "layer_norm": LAYER_NORM,
    "sum": SUM,
    "mean": MEAN,
    "max": MAX,
    "min": MIN,
    "norm": NORM,
    "split": SPLIT,
    "slice": SLICE,
    "copy": COPY,
    "transpose": TRANSPOSE,
    "step": STEP,
    "carry": CARRY,
    "stack": STACK,
    "last": LAST,
    "given": GIVEN,
    "below": BELOW,
    "time": TIME,
    "size": SIZE,
    "identity": IDENTITY,
}
