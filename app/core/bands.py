"""Which tensors of a step lie next to each other in memory.

A run is stored units first: a stack is (time_step, rows, batch_size). So a block of columns in the equations is a block
of rows in memory, and neither a split nor a concatenation moves a number, if what belongs together lies together, one
below the other, in one *band*:

- what an affine reads, and below it a row of ones that multiplies the bias: ``h_prev, x, 1``;
- the pieces of a split, those that go through the same function side by side: ``a_f, a_i, a_o, a_g``;
- the results of one function over several pieces, made in one call: ``f, i, o``.

Everything else that is made is a band of its own. A state lies in the rows of its ``_prev``, one step later.
"""

from collections.abc import Iterator
from itertools import groupby

from app.core.ops import OPS
from app.core.program import Program, Tensor

ONES = "1"
Band = tuple[str, ...]


def bands(program: Program) -> tuple[Band, ...]:
    """All bands. A tensor that is in several is made in the first, and copied to the others."""
    together = [*_read(program), *(parts(program, t) for t in program.step if pieces(program, t)), *groups(program)]
    housed = {id for band in together for id in band} | _states(program)
    views = {t.id for t in program.step if t.op in ("concat", "split") or pieces(program, t)}
    alone = [(t.id,) for t in program.step if t.id not in housed | views]
    return tuple(dict.fromkeys(together + alone))


def parts(program: Program, t: Tensor) -> Band:
    """What a tensor is made up of, as it lies in memory: a concatenation of its inputs, a split one of its pieces,
    sorted by the function that reads them unless something needs them in their order."""
    if t.op == "concat":
        return t.inputs
    if not (cut := pieces(program, t)):
        return (t.id,)
    functions = [f.op if (f := _function(program, id)) else "" for id in cut]
    if len(cut) < len(program.used_by[t.id]):
        return cut
    return tuple(sorted(cut, key=lambda id: functions.index(functions[cut.index(id)])))


def pieces(program: Program, t: Tensor) -> Band:
    """What a split cuts a tensor into, in order; nothing for most tensors."""
    return tuple(u for u in program.used_by[t.id] if program.by_id[u].op == "split")


def groups(program: Program) -> Iterator[Band]:
    """The results of one function over pieces that are neighbours: one call makes them all."""
    elsewhere = _states(program) | {id for band in _read(program) for id in band}
    for t in program.step:
        results = (_function(program, id) for id in parts(program, t) if pieces(program, t))
        free = (r for r in results if r and r.id not in elsewhere)
        yield from (tuple(r.id for r in same) for _, same in groupby(free, lambda r: r.op))


def _read(program: Program) -> Iterator[Band]:
    for t in program.step:
        if t.op == "affine":
            yield (*parts(program, program.by_id[t.inputs[0]]), ONES)
        elif t.op == "concat" and not any(program.by_id[u].op == "affine" for u in program.used_by[t.id]):
            yield t.inputs


def _states(program: Program) -> set[str]:
    return {t.inputs[0] for t in program.step if t.op == "carry"}


def _function(program: Program, id: str) -> Tensor | None:
    """What is made from one tensor alone: f = σ(a_f)."""
    users = (program.by_id[u] for u in program.used_by[id])
    return next((u for u in users if len(u.inputs) == 1 and OPS[u.op].kernel), None)
