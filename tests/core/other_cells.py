"""Cells that no page shows, to see that nothing in the run is made for the LSTM alone."""

from collections import defaultdict
from collections.abc import Callable

from app.core.program import Cell, Program, Symbol, capture, concatenate, sigmoid, split, tanh

Equations = dict[str, Symbol]


class Words(defaultdict[str, tuple[str, str]]):
    def __missing__(self, id: str) -> tuple[str, str]:
        return id, id


def program(step: Callable[..., Equations], states: dict[str, str], **weights: str) -> Program:
    return capture(Cell(step.__name__, step.__name__, step, states, weights, Words(lambda: ("", ""))))


def simple(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    both = concatenate(x, h_prev)
    a = both @ kernel + bias
    h = tanh(a)
    return locals()


def projected(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol, projection: Symbol) -> Equations:
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_i, a_g = split(a, 2)
    i = sigmoid(a_i)
    g = tanh(a_g)
    added = i * g
    c = c_prev + added
    h = c @ projection
    return locals()


def reset_before(
    x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol, candidate: Symbol, candidate_bias: Symbol
) -> Equations:
    """Two concatenations: x and the state lie in one, x and what the gates let through in the other."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_z, a_r = split(a, 2)
    z = sigmoid(a_z)
    r = sigmoid(a_r)
    reset = r * h_prev
    again = concatenate(reset, x)
    a_n = again @ candidate + candidate_bias
    n = tanh(a_n)
    kept = z * h_prev
    h = kept + n
    return locals()


def reset_after(
    x: Symbol, h_prev: Symbol, x_kernel: Symbol, x_bias: Symbol, h_kernel: Symbol, h_bias: Symbol
) -> Equations:
    """The products with x and with the state stand apart; nothing goes through a function right after a split."""
    a = x @ x_kernel + x_bias
    b = h_prev @ h_kernel + h_bias
    a_r, a_n = split(a, 2)
    b_r, b_n = split(b, 2)
    sum_r = a_r + b_r
    r = sigmoid(sum_r)
    reset = r * b_n
    sum_n = a_n + reset
    h = tanh(sum_n)
    return locals()


def in_another_order(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    """The LSTM with each gate used as soon as it is there, so that no two can be made by one call."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_f, a_i, a_g, a_o = split(a, 4)
    g = tanh(a_g)
    i = sigmoid(a_i)
    added = i * g
    f = sigmoid(a_f)
    kept = f * c_prev
    c = kept + added
    o = sigmoid(a_o)
    tanh_c = tanh(c)
    h = o * tanh_c
    return locals()


def in_a_third_order(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    """The LSTM with one product of the sum ready long before the other."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_f, a_i, a_g, a_o = split(a, 4)
    i = sigmoid(a_i)
    f = sigmoid(a_f)
    o = sigmoid(a_o)
    kept = f * c_prev
    g = tanh(a_g)
    added = i * g
    c = kept + added
    tanh_c = tanh(c)
    h = o * tanh_c
    return locals()


def read_in_between(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    """The LSTM with one product of the sum read before the other can be made."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_f, a_i, a_g, a_o = split(a, 4)
    f = sigmoid(a_f)
    i = sigmoid(a_i)
    o = sigmoid(a_o)
    kept = f * c_prev
    seen = tanh(kept)
    g = tanh(a_g)
    added = i * g
    c = kept + added
    tanh_c = tanh(c)
    h = o * tanh_c
    return locals()


def read_twice(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol, again: Symbol, again_bias: Symbol) -> Equations:
    """The state lies in one affine's input and is another's; m and b are read by two operations each."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    b = h_prev @ again + again_bias
    m = a + b
    tanh_m = tanh(m)
    product = b * m
    h = product * tanh_m
    return locals()


def with_a_function_of_x(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    """``seen`` is read by nothing, so nothing but the run can notice that its shape is wrong."""
    seen = sigmoid(x)
    a = h_prev @ kernel + bias
    h = tanh(a)
    return locals()


UNITS = "batch_size, num_units"

SIMPLE = program(simple, {"h": UNITS}, kernel="features+num_units, num_units", bias="num_units")
PROJECTED = program(
    projected,
    {"h": "batch_size, num_proj", "c": UNITS},
    kernel="num_proj+features, 2*num_units",
    bias="2*num_units",
    projection="num_units, num_proj",
)
RESET_BEFORE = program(
    reset_before,
    {"h": UNITS},
    kernel="num_units+features, 2*num_units",
    bias="2*num_units",
    candidate="num_units+features, num_units",
    candidate_bias="num_units",
)
RESET_AFTER = program(
    reset_after,
    {"h": UNITS},
    x_kernel="features, 2*num_units",
    x_bias="2*num_units",
    h_kernel="num_units, 2*num_units",
    h_bias="2*num_units",
)
LSTM_WEIGHTS = {"kernel": "num_units+features, 4*num_units", "bias": "4*num_units"}
IN_ANOTHER_ORDER, IN_A_THIRD_ORDER, READ_IN_BETWEEN = (
    program(cell, {"h": UNITS, "c": UNITS}, **LSTM_WEIGHTS)
    for cell in (in_another_order, in_a_third_order, read_in_between)
)
READ_TWICE = program(
    read_twice,
    {"h": UNITS},
    kernel="num_units+features, num_units",
    bias="num_units",
    again="num_units, num_units",
    again_bias="num_units",
)
