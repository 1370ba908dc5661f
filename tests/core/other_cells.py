"""Cells that no page shows, to test that a run does not depend on the LSTM."""

from collections import defaultdict
from collections.abc import Callable

from app.core.cell import Cell
from app.core.program import Program, capture
from app.core.symbols import Symbol, concatenate, relu, sigmoid, split, tanh

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
    """The GRU as first published, with two concatenations: of x with the state, and of x with the gated state."""
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
    rest = 1 - z
    added = rest * n
    h = kept + added
    return locals()


def reset_after(
    x: Symbol, h_prev: Symbol, x_kernel: Symbol, x_bias: Symbol, h_kernel: Symbol, h_bias: Symbol
) -> Equations:
    """The GRU with separate products of x and of the state. No piece of a split is the only input of a function."""
    a = x @ x_kernel + x_bias
    b = h_prev @ h_kernel + h_bias
    a_r, a_z, a_n = split(a, 3)
    b_r, b_z, b_n = split(b, 3)
    sum_r = a_r + b_r
    sum_z = a_z + b_z
    r = sigmoid(sum_r)
    z = sigmoid(sum_z)
    reset = r * b_n
    sum_n = a_n + reset
    n = tanh(sum_n)
    kept = z * h_prev
    rest = 1 - z
    added = rest * n
    h = kept + added
    return locals()


def peephole(
    x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol, p_f: Symbol, p_i: Symbol, p_o: Symbol
) -> Equations:
    """The LSTM whose gates read the cell state, each unit its own."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_f, a_i, a_g, a_o = split(a, 4)
    seen_f = c_prev * p_f
    seen_i = p_i * c_prev
    sum_f = a_f + seen_f
    sum_i = a_i + seen_i
    f = sigmoid(sum_f)
    i = sigmoid(sum_i)
    g = tanh(a_g)
    kept = f * c_prev
    added = i * g
    c = kept + added
    seen_o = c * p_o
    sum_o = a_o + seen_o
    o = sigmoid(sum_o)
    tanh_c = tanh(c)
    h = o * tanh_c
    return locals()


def coupled(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    """The LSTM that forgets what it adds."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_f, a_g, a_o = split(a, 3)
    f = sigmoid(a_f)
    g = tanh(a_g)
    o = sigmoid(a_o)
    kept = f * c_prev
    i = 1 - f
    added = i * g
    c = kept + added
    tanh_c = tanh(c)
    h = o * tanh_c
    return locals()


def rectified(x: Symbol, h_prev: Symbol, x_kernel: Symbol, h_kernel: Symbol, bias: Symbol) -> Equations:
    """Products without a bias, and a bias that is added to their sum."""
    a = x @ x_kernel
    b = h_prev @ h_kernel
    both = a + b
    shifted = both + bias
    h = relu(shifted)
    return locals()


def piece_multiplied(
    x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol, second: Symbol, second_bias: Symbol
) -> Equations:
    """A product reads a piece of a split directly."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_r, a_n = split(a, 2)
    r = sigmoid(a_r)
    n = a_n @ second + second_bias
    kept = r * n
    h = tanh(kept)
    return locals()


def functions_that_are_no_neighbours(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    """The same function reads all three pieces, and a concatenation reads the result of the second one."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_p, a_q, a_r = split(a, 3)
    p = sigmoid(a_p)
    q = sigmoid(a_q)
    r = sigmoid(a_r)
    beside = concatenate(q, x)
    kept = p * r
    h = kept + q
    return locals()


def split_twice(x: Symbol, h_prev: Symbol, kernel: Symbol) -> Equations:
    """A split into the same pieces twice: each piece has two names."""
    a = x @ kernel
    p, q = split(a, 2)
    r, s = split(a, 2)
    f = sigmoid(p)
    g = tanh(q)
    i = sigmoid(r)
    h = f * s
    return locals()


def pieces_read_twice(x: Symbol, h_prev: Symbol, kernel: Symbol) -> Equations:
    """The same numbers by three names: in halves, in the same halves again, and in quarters."""
    concat = concatenate(h_prev, x, h_prev)
    a = concat @ kernel
    p, q = split(a, 2)
    r, s = split(a, 2)
    b_p, b_q, b_r, b_s = split(a, 4)
    f = sigmoid(p)
    g = f * r
    g_1, g_2 = split(g, 2)
    kept = g_1 * b_p
    more = g_2 * b_p
    both = kept + more
    alone = concatenate(both)
    h = tanh(alone)
    return locals()


def states_split_twice(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    """A state that is split twice, and a split into a single piece."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    f = sigmoid(a)
    left, right = split(c_prev, 2)
    first, second = split(c_prev, 2)
    only = split(f, 1)[0]
    kept = only * left
    added = right * second
    h = kept + added
    doubled = c_prev + c_prev
    c = tanh(doubled)
    return locals()


def without_weights(x: Symbol, h_prev: Symbol) -> Equations:
    """A sum over the steps, which has nothing to learn."""
    total = h_prev + x
    h = tanh(total)
    return locals()


def views_carried(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol) -> Equations:
    """States that are views: c is a piece, h a tensor concatenated with itself. a is split in two ways."""
    a = x @ kernel
    c, other = split(a, 2)
    a_p, a_q, a_r, a_s = split(a, 4)
    seen = tanh(a)
    h = concatenate(a_s, a_s)
    around = concatenate(c_prev, h_prev, h, x, x)
    left, right = split(c_prev, 2)
    between = left * right
    return locals()


def in_another_order(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    """The LSTM with each gate used as soon as it is computed, so that no two of them can be one call."""
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
    """The LSTM with one term of the sum computed long before the other."""
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
    """The LSTM with one term of the sum read before the other is computed."""
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
    """The state is part of the input of one affine and the whole input of another; m and b have two users each."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    b = h_prev @ again + again_bias
    m = a + b
    tanh_m = tanh(m)
    product = b * m
    h = product * tanh_m
    return locals()


def with_a_function_of_x(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    """Nothing reads ``seen``, so only the run can notice that its shape is wrong."""
    seen = sigmoid(x)
    a = h_prev @ kernel + bias
    h = tanh(a)
    return locals()


UNITS = "batch_size, num_units"
H, H_AND_C = {"h": UNITS}, {"h": UNITS, "c": UNITS}


def joined(gates: int, name: str = "kernel", bias: str = "bias") -> dict[str, str]:
    """A kernel for ``[h_prev, x]`` and its bias."""
    return {name: f"num_units+features, {gates}*num_units", bias: f"{gates}*num_units"}


def square(name: str, bias: str) -> dict[str, str]:
    return {name: "num_units, num_units", bias: "num_units"}


SIMPLE = program(simple, H, kernel="features+num_units, num_units", bias="num_units")
PROJECTED = program(
    projected,
    {"h": "batch_size, num_proj", "c": UNITS},
    kernel="num_proj+features, 2*num_units",
    bias="2*num_units",
    projection="num_units, num_proj",
)
RESET_BEFORE = program(reset_before, H, **joined(2), **joined(1, "candidate", "candidate_bias"))
RESET_AFTER = program(
    reset_after,
    H,
    x_kernel="features, 3*num_units",
    x_bias="3*num_units",
    h_kernel="num_units, 3*num_units",
    h_bias="3*num_units",
)
PEEPHOLE = program(peephole, H_AND_C, **joined(4), p_f="num_units", p_i="num_units", p_o="num_units")
COUPLED = program(coupled, H_AND_C, **joined(3))
RECTIFIED = program(rectified, H, x_kernel="features, num_units", h_kernel="num_units, num_units", bias="num_units")
IN_ANOTHER_ORDER, IN_A_THIRD_ORDER, READ_IN_BETWEEN = (
    program(cell, H_AND_C, **joined(4)) for cell in (in_another_order, in_a_third_order, read_in_between)
)
READ_TWICE = program(read_twice, H, **joined(1), **square("again", "again_bias"))
PIECE_MULTIPLIED = program(piece_multiplied, H, **joined(2), **square("second", "second_bias"))
NO_NEIGHBOURS = program(functions_that_are_no_neighbours, H, **joined(3))
SPLIT_TWICE = program(split_twice, H, kernel="features, 2*num_units")
STATES_SPLIT_TWICE = program(states_split_twice, {"h": UNITS, "c": "batch_size, 2*num_units"}, **joined(1))
WITHOUT_WEIGHTS = program(without_weights, {"h": "batch_size, features"})
PIECES_READ_TWICE = program(pieces_read_twice, H, kernel="num_units+features+num_units, 4*num_units")
VIEWS_CARRIED = program(
    views_carried,
    {"h": "batch_size, num_units+num_units", "c": "batch_size, 2*num_units"},
    kernel="features, 4*num_units",
)
