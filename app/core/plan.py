"""What a run allocates and what every step calls: planned once for a program and its sizes."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Any

import numpy as np

from app.core.bands import ONES, Band, bands, parts, pieces
from app.core.ops import OPS, Array
from app.core.program import Program, ProgramError, Tensor

Place = tuple[int, tuple[slice, slice]]
"""Rows of a slab, in every step: ``slabs[slab][steps, rows]``."""


@dataclass(frozen=True)
class Call:
    """A kernel reads ``inputs`` (numbers of places, or names of weights) and fills the place ``out``."""

    kernel: Callable[..., Any]
    inputs: tuple[int | str, ...]
    out: int


@dataclass(frozen=True, eq=False)
class Product:
    """out = kernelᵀ source; with a bias, the source's last row is ones.

    ``order``: the equal blocks of the kernel's columns, as they follow each other in out. ``ahead``: how many of the
    source's last rows are known before the loop, and multiplied there for all steps at once. ``cuts``: in how many
    pieces out is computed.
    """

    kernel: str
    bias: str | None
    order: Array
    source: int
    ahead: int
    cuts: int
    out: int


@dataclass(frozen=True, eq=False)
class Plan:
    """Places go by their numbers: ``at`` has those of the tensors; ``x``, ``ones`` and ``zeros`` those that are filled
    before the loop, with the input, ones, and zeros at step 0; ``once`` those that one call fills and one other reads.
    ``mixed`` has the pieces, in the order of the split, of what is stored in another order."""

    slabs: tuple[tuple[int, int, int], ...]
    places: tuple[Place, ...]
    at: dict[str, int]
    mixed: dict[str, Band]
    x: tuple[int, ...]
    ones: tuple[int, ...]
    zeros: tuple[int, ...]
    once: frozenset[int]
    calls: tuple[Call | Product, ...]


@lru_cache(maxsize=1024)
def plan(program: Program, sizes: tuple[tuple[str, int], ...]) -> Plan:
    """``sizes`` as pairs, so that a plan can be looked up."""
    return _Planner(program, dict(sizes)).plan()


class _Planner:
    """Numbers the places as they are asked for."""

    def __init__(self, program: Program, sizes: dict[str, int]) -> None:
        self.program, self.sizes = program, sizes
        self.bands = bands(program).all
        self.prev = {t.inputs[0]: t.id for t in program.step if t.op == "carry"}
        self.rows = {t.id: t.shape(sizes)[1] for t in program.step}
        self.places: list[Place] = []

    def plan(self) -> Plan:
        step = self.program.step
        at = {t.id: self.at(parts(self.program, t)) for t in step}
        cut = {t.id: pieces(self.program, t) for t in step}
        return Plan(
            slabs=tuple(self.slab(band) for band in self.bands),
            at=at,
            mixed={t.id: cut[t.id] for t in step if cut[t.id] and cut[t.id] != parts(self.program, t)},
            x=tuple(n for t in step if t.op == "step" for n in self.everywhere(t.id)),
            ones=self.everywhere(ONES),
            zeros=tuple(at[id] for id in self.prev.values()),
            once=frozenset(at[t.id] for t in step if self.is_read_once(t)),
            calls=tuple(call for t in step for call in self.calls(t)),
            places=tuple(self.places),
        )

    def slab(self, band: Band) -> tuple[int, int, int]:
        one_more = any(id in band for id in self.prev.values())
        return self.sizes["time_step"] + one_more, self.height(band), self.sizes["batch_size"]

    def height(self, band: Band) -> int:
        """Its rows; of ones there are so many that rows of the kernel begin on whole vectors of 8 numbers."""
        rows = sum(self.rows[id] for id in band if id != ONES)
        return -(-(rows + 1) // 8) * 8 if ONES in band else rows

    def is_read_once(self, t: Tensor) -> bool:
        users = [u for id in self.program.used_by[t.id] if (u := self.program.by_id[id]).per_step and u.op != "carry"]
        return len(users) == 1 and bool(OPS[users[0].op].kernel) and users[0].op not in ("concat", "affine", "matmul")

    def at(self, ids: Band) -> int:
        """The place of tensors that lie side by side, in the first band that has them so."""
        if later := ids[0] in self.prev and len(ids) == 1:
            ids = (self.prev[ids[0]],)
        for slab, band in enumerate(self.bands):
            for k in range(len(band)):
                if band[k : k + len(ids)] == ids:
                    return self.number(slab, band[:k], ids, later)
        raise ProgramError(f"{self.program.cell.id}: no op makes {', '.join(ids)}")

    def everywhere(self, id: str) -> tuple[int, ...]:
        having = ((slab, band) for slab, band in enumerate(self.bands) if id in band)
        return tuple(self.number(slab, band[: band.index(id)], (id,)) for slab, band in having)

    def number(self, slab: int, above: Band, ids: Band, later: bool = False) -> int:
        steps = self.sizes["time_step"]
        place = slab, (slice(later, later + steps), slice(self.height(above), self.height(above + ids)))
        if place not in self.places:
            self.places.append(place)
        return self.places.index(place)

    def calls(self, t: Tensor) -> Iterator[Call | Product]:
        """What makes a tensor: nothing, if it is a view or was made along with another."""
        if t.op in ("affine", "matmul"):
            source = self.program.by_id[t.inputs[0]]
            band = parts(self.program, source) + ((ONES,) if t.op == "affine" else ())
            if t.op == "affine" and source.op != "concat":
                yield from self.copies(band)
            yield self.product(t, band)
        elif t.op == "concat":
            yield from self.copies(t.inputs)
        elif kernel := OPS[t.op].kernel:
            group = next((band for band in bands(self.program).made if t.id in band), (t.id,))
            if t.id == max(group, key=[*self.rows].index):
                inputs = zip(*(self.program.by_id[id].inputs for id in group), strict=True)
                yield Call(kernel, tuple(self.operand(ids) for ids in inputs), self.at(group))

    def operand(self, ids: Band) -> int | str:
        if ids[0] not in self.rows:
            return ids[0]
        return self.at(ids if len(ids) > 1 else parts(self.program, self.program.by_id[ids[0]]))

    def copies(self, band: Band) -> Iterator[Call]:
        """What lies in a band but is made elsewhere; x is given, and filled in wherever it lies."""
        slab = next(n for n, b in enumerate(self.bands) if b[: len(band)] == band)
        for k, id in enumerate(band):
            here = self.number(slab, band[:k], (id,))
            if id != ONES and self.program.by_id[id].op != "step" and (home := self.operand((id,))) != here:
                yield Call(np.positive, (home,), here)

    def product(self, t: Tensor, band: Band) -> Product:
        kernel, bias = (*t.inputs[1:], None)[:2]
        if kernel not in {w.id for w in self.program.weights}:
            raise ProgramError(f"{self.program.cell.id}: {t.id} multiplies by {kernel}, which is not a weight")
        order = tuple(part[0] for id in parts(self.program, t) if (part := self.program.by_id[id].part))
        ahead = self.ahead(band, self.rows[t.id])
        return Product(
            kernel=kernel,
            bias=bias,
            order=np.array(order or (0,)),
            source=self.at(band),
            ahead=ahead,
            cuts=cuts_for(self.rows[t.id], self.height(band) - ahead, self.sizes["batch_size"]),
            out=self.at(parts(self.program, t)),
        )

    def ahead(self, band: Band, rows: int) -> int:
        """How many rows at the end of a band are known before the loop, if it pays to multiply them there."""
        known = len([*takewhile(lambda id: id == ONES or self.program.by_id[id].op == "step", reversed(band))])
        if known == len(band):
            return self.height(band)
        ahead = self.height(band) - self.height(band[: len(band) - known])
        has_x = band[len(band) - known :] not in ((), (ONES,))
        return ahead if has_x and self.sizes["batch_size"] == 1 and ahead * rows >= AHEAD else 0


AHEAD = 2**14
"""From how many weights on the rows of x are multiplied ahead of the loop, if a step is a single row. Such a product
takes as long as reading the weights does; below this number an addition in every step costs more."""


SMALL_KERNELS = (
    not {"X86_V4", "AVX512_SKX"}.isdisjoint(np.show_config("dicts")["SIMD Extensions"].get("found", ()))
    and "OPENBLAS_CORETYPE" not in os.environ
)
"""Whether OpenBLAS multiplies small matrices without packing them first, up to twice as fast: its kernels for AVX-512
do, and it takes them where the processor can, unless it is told which to take. Elsewhere cuts only cost."""


def cuts_for(rows: int, inner: int, batch_size: int) -> int:
    """In how few equal pieces of 8 rows or more OpenBLAS finds them small: at most 100³ multiplications each."""
    fits = (n for n in range(1, rows // 8 + 1) if rows % n == 0 and rows // n * inner * batch_size <= 1_000_000)
    return next(fits, 1) if SMALL_KERNELS and batch_size > 1 else 1
