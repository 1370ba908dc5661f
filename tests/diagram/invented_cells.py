"""Cells without a layout of their own: a few from the literature, and one with unusual equations."""

from collections import defaultdict
from collections.abc import Callable

from app.core.cell import Cell
from app.core.program import Program, capture
from app.core.symbols import Symbol, concatenate, relu, sigmoid, split, tanh

Equations = dict[str, Symbol]


class Words(defaultdict[str, tuple[str, str]]):
    def __missing__(self, id: str) -> tuple[str, str]:
        return id[:3], id


def program(step: Callable[..., Equations], states: dict[str, str], **weights: str) -> Program:
    return capture(Cell(step.__name__, step.__name__, step, states, weights, Words(lambda: ("", ""))))


def no_forget_gate(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    """The LSTM of 1997."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_i, a_g, a_o = split(a, 3)
    i = sigmoid(a_i)
    g = tanh(a_g)
    o = sigmoid(a_o)
    added = i * g
    c = c_prev + added
    tanh_c = tanh(c)
    h = o * tanh_c
    return locals()


def minimal_gated(
    x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol, candidate: Symbol, candidate_bias: Symbol
) -> Equations:
    """Zhou and others, 2016: a single gate."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    f = sigmoid(a)
    reset = f * h_prev
    again = concatenate(reset, x)
    a_g = again @ candidate + candidate_bias
    g = tanh(a_g)
    rest = 1 - f
    kept = rest * h_prev
    added = f * g
    h = kept + added
    return locals()


def independent(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol, u: Symbol) -> Equations:
    """Li and others, 2018: each unit reads only its own state."""
    a = x @ kernel + bias
    b = h_prev * u
    both = a + b
    h = relu(both)
    return locals()


def three_states(
    x: Symbol, h_prev: Symbol, c_prev: Symbol, m_prev: Symbol, kernel: Symbol, bias: Symbol, out: Symbol
) -> Equations:
    """A cell state, a slow memory of it, and an output that is a projection of both."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_i, a_g = split(a, 2)
    i = sigmoid(a_i)
    g = tanh(a_g)
    added = i * g
    c = c_prev + added
    seen = tanh(c)
    slow = i * m_prev
    m = slow + seen
    around = concatenate(c, m)
    h = around @ out
    return locals()


def odd(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol, shift: Symbol) -> Equations:
    """A product that is read in pieces and as a whole, a split state, a square, a function of x that nothing reads."""
    a = h_prev @ kernel + bias
    a_p, a_q = split(a, 2)
    whole = tanh(a)
    left, right = split(c_prev, 2)
    unread = sigmoid(x)
    square = left * left
    p = sigmoid(a_p)
    mixed = square + right
    moved = mixed + shift
    h = p * moved
    c = relu(whole)
    return locals()


UNITS = "batch_size, num_units"
H, H_AND_C = {"h": UNITS}, {"h": UNITS, "c": UNITS}
ROWS = "num_units+features"

MADE_UP = {
    "no forget gate": program(no_forget_gate, H_AND_C, kernel=f"{ROWS}, 3*num_units", bias="3*num_units"),
    "minimal gated": program(
        minimal_gated,
        H,
        kernel=f"{ROWS}, num_units",
        bias="num_units",
        candidate=f"{ROWS}, num_units",
        candidate_bias="num_units",
    ),
    "independent": program(independent, H, kernel="features, num_units", bias="num_units", u="num_units"),
    "three states": program(
        three_states,
        {"h": "batch_size, num_proj", "c": UNITS, "m": UNITS},
        kernel="num_proj+features, 2*num_units",
        bias="2*num_units",
        out="num_units+num_units, num_proj",
    ),
    "odd": program(
        odd,
        {"h": UNITS, "c": "batch_size, 2*num_units"},
        kernel="num_units, 2*num_units",
        bias="2*num_units",
        shift="num_units",
    ),
}
