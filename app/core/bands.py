"""Which tensors of a step lie next to each other in memory.

A run is stored units first: a stack is (time_step, rows, batch_size). So a block of columns in the equations is a block
of rows in memory, and neither a split nor a concatenation moves a number, if what belongs together lies together, one
below the other, in one *band*:

- what an affine reads, and below it ones that multiply the bias: ``h_prev, x, 1``;
- the pieces of a split, those that go through the same function side by side: ``a_f, a_i, a_o, a_g``;
- the results of one function over several pieces, which one call makes: ``f, i, o``;
- the products of a sum, which one call makes too, if their factors can lie so: ``kept, added`` are ``f, i`` times
  ``c_prev, g``.

Everything else that is made is a band of its own. A state lies in the rows of its ``_prev``, one step later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from app.core.ops import OPS
from app.core.program import Program, ProgramError, Tensor

ONES = "1"
Band = tuple[str, ...]


@dataclass(frozen=True)
class Bands:
    """All bands, and those of them that one call makes. A tensor that is in several is made in the first and copied to
    the others."""

    all: tuple[Band, ...]
    made: tuple[Band, ...]


@lru_cache
def bands(program: Program) -> Bands:
    _refuse(program)
    functions = tuple(_functions(program))
    # A split's own band comes first: what a band further on has of it is copied from there.
    laid = (*(parts(program, t) for t in program.step if pieces(program, t)), *_read(program), *functions)
    products = tuple(_products(program, laid))
    laid += tuple(band for pair in products for band in pair)
    housed = {id for band in laid for id in band} | _states(program) | _views(program)
    alone = ((t.id,) for t in program.step if t.id not in housed)
    return Bands(tuple(dict.fromkeys((*laid, *alone))), functions + tuple(results for _, results in products))


def parts(program: Program, t: Tensor) -> Band:
    """What a tensor is made up of, as it lies in memory: a concatenation of its inputs, a split one of its pieces,
    sorted by the function that reads them unless something needs them in their order."""
    if t.op == "concat":
        return t.inputs
    cut = pieces(program, t)
    if not cut or len(cut) < len(program.used_by[t.id]):
        return cut or (t.id,)
    functions = [f.op if (f := _function(program, id)) else "" for id in cut]
    return tuple(sorted(cut, key=lambda id: functions.index(functions[cut.index(id)])))


def pieces(program: Program, t: Tensor) -> Band:
    """What a split cuts a tensor into, in order; nothing for most tensors."""
    return tuple(u for u in program.used_by[t.id] if program.by_id[u].op == "split")


def _refuse(program: Program) -> None:
    """What no cell has needed yet: a state, or the whole that is split, that lies in the memory of something else."""
    states = _states(program)
    for t in program.step:
        view = t.op in ("step", "carry", "concat", "split")
        if (view and (t.id in states or pieces(program, t))) or (t.id in states and pieces(program, t)):
            raise ProgramError(f"{program.cell.id}: {t.id}, a state or split, has to be the result of a computation")


def _read(program: Program) -> Iterator[Band]:
    for t in program.step:
        if t.op == "affine":
            yield (*parts(program, program.by_id[t.inputs[0]]), ONES)
        elif t.op == "concat" and not any(program.by_id[u].op == "affine" for u in program.used_by[t.id]):
            yield t.inputs


def _functions(program: Program) -> Iterator[Band]:
    elsewhere = _states(program) | {id for band in _read(program) for id in band}
    for t in program.step:
        results = (_function(program, id) for id in parts(program, t) if pieces(program, t))
        for op, same in groupby(results, lambda r: r.op if r and r.id not in elsewhere else None):
            if op and len(group := tuple(r.id for r in same if r)) > 1 and _can_wait(program, group):
                yield group


def _function(program: Program, id: str) -> Tensor | None:
    """What is made from one tensor alone: f = σ(a_f)."""
    users = (program.by_id[u] for u in program.used_by[id])
    return next((u for u in users if len(u.inputs) == 1 and OPS[u.op].kernel), None)


def _products(program: Program, laid: tuple[Band, ...]) -> Iterator[tuple[Band, Band]]:
    """The second factors and the results of two products of a sum, whose first factors lie side by side already."""
    housed = {id for band in laid for id in band} | _states(program) | _views(program)
    neighbours = {pair for band in laid for pair in pairwise(band)}
    free = {t.id for t in program.step if t.id not in housed}
    for t in program.step:
        products = [program.by_id[id] for id in t.inputs]
        if t.op == "add" and all(p.op == "mul" for p in products):
            first, second = zip(*(p.inputs for p in products), strict=True)
            to_lay = {*second, *t.inputs}
            if first in neighbours and len(to_lay) == 4 and to_lay <= free and _can_wait(program, t.inputs):
                yield second, t.inputs
                free -= to_lay


def _can_wait(program: Program, results: Band) -> bool:
    """Whether nothing reads one of them before the last can be made."""
    order = [t.id for t in program.step]
    last = max(order.index(id) for id in results)
    return not any(user in order[:last] for id in results for user in program.used_by[id])


def _states(program: Program) -> set[str]:
    return {t.inputs[0] for t in program.step if t.op == "carry"}


def _views(program: Program) -> set[str]:
    return {t.id for t in program.step if t.op in ("concat", "split") or pieces(program, t)}
