"""Which tensors of a step are adjacent in memory.

The scan stores units first: an array is time_step × rows × batch_size. So a block of columns in the equations is a
block of rows in memory. Where the parts of a split or a concatenation are adjacent, neither moves a number, and the
same operation on neighbours is one call. The terms, here and in the plan:

- a *band*: adjacent tensors, one below the other, with their units as rows;
- a *slab*: the array that holds a band, for all steps;
- a *region*: some rows of a slab;
- the *home* of a tensor: the region where it is computed. A later band that also needs it gets a copy.

The bands of the LSTM:

    a_f a_i a_o a_g               a, its pieces sorted by the function that reads them
    f i o                         the results of one function of neighbouring pieces
    h_prev x 1                    the rows that the kernel multiplies; the ones multiply the bias
    c_prev g kept added tanh_c    the rest; c and h are in the rows of c_prev and h_prev, one step later

and the calls of a step:

    a_f a_i a_o a_g = kernelᵀ (h_prev x 1)
    f i o           = sigmoid(a_f a_i a_o)
    g               = tanh(a_g)
    kept added      = multiply(f i, c_prev g)
    c               = add(kept, added)
    tanh_c          = tanh(c)
    h               = multiply(o, tanh_c)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, groupby

from ..program import Program, Tensor

ONES = "1"
Band = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Bands:
    """``all`` bands; the home of a tensor is in the first one that contains it. ``cut`` maps each product that is split
    to its pieces, in the order of storage."""

    all: tuple[Band, ...]
    cut: dict[str, Band]

    @cached_property
    def places(self) -> Mapping[Band, Sequence[tuple[int, int]]]:
        """Where tensors are adjacent, in this order: the number of each band, and where in it they begin."""
        found: dict[Band, list[tuple[int, int]]] = {}
        for slab, band in enumerate(self.all):
            for begin, end in combinations(range(len(band) + 1), 2):
                found.setdefault(band[begin:end], []).append((slab, begin))
        return found


@lru_cache
def bands(program: Program) -> Bands:
    cut = {t.id: pieces for t in program.step if (pieces := _pieces(program, t))}
    results = (band for pieces in cut.values() for band in _results(program, pieces))
    joined = tuple(dict.fromkeys((*cut.values(), *results, *_read(program))))
    states = {t.inputs[0] for t in program.step if t.op == "carry"}
    placed = {id for band in joined for id in band} | cut.keys() | states
    rest = tuple(t.id for t in program.step if t.id not in placed and t.op not in ("concat", "split"))
    return Bands((*joined, rest), cut)


def source(program: Program, product: Tensor) -> Band:
    """The tensors that a product multiplies by its kernel, and the ones for its bias."""
    of = program.by_id[product.inputs[0]]
    return (of.inputs if of.op == "concat" else (of.id,)) + ((ONES,) if product.op == "affine" else ())


def _read(program: Program) -> Iterator[Band]:
    """The tensors that have to be adjacent: the rows of a product with a bias, and the parts of a concatenation that no
    such product reads."""
    yield from (source(program, t) for t in program.step if t.op == "affine")
    for t in program.step:
        if t.op == "concat" and not any(program.by_id[u].op == "affine" for u in program.used_by[t.id]):
            yield t.inputs


def _pieces(program: Program, t: Tensor) -> Band:
    """The pieces of a product that is split once, in the order of storage; else none.

    If nothing reads the whole product, the pieces that the same function reads are adjacent, so that it is one call.
    """
    if t.operation.kind != "product" or t.role == "state":
        return ()
    pieces = [piece.id for piece in program.pieces(t)]
    if len(pieces) == len(program.used_by[t.id]):
        functions = {id: f.op if (f := _function(program, id)) else "" for id in pieces}
        order = [*functions.values()]
        pieces.sort(key=lambda id: order.index(functions[id]))
    return tuple(pieces)


def _results(program: Program, pieces: Band) -> Iterator[Band]:
    """The results of one function of neighbouring pieces."""
    results = (_function(program, id) for id in pieces)
    for op, same in groupby(results, lambda r: r.op if r else ""):
        band = tuple(r.id for r in same if r)
        if op and len(band) > 1:
            yield band


def _function(program: Program, id: str) -> Tensor | None:
    """The pointwise function that has this tensor as its only input: f = σ(a_f)."""
    users = (program.by_id[u] for u in program.used_by[id])
    return next((u for u in users if len(u.inputs) == 1 and u.operation.is_pointwise), None)
