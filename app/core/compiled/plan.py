"""The arrays that the scan allocates and the calls of every step: planned once for a program and its sizes."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, NamedTuple

import numpy as np

from ..axes import BATCH_SIZE
from ..evaluator import SizePairs
from ..ops import Array, Shape
from ..ops.op import with_numbers
from ..program import Program, Tensor
from .memory_layout import ONES, Band, bands, source


class Region(NamedTuple):
    """Some rows of a slab, in every step: ``slabs[slab][steps, rows]``. A state's steps begin one later."""

    slab: int
    steps: slice
    rows: slice

    @property
    def height(self) -> int:
        return int(self.rows.stop - self.rows.start)

    def part(self, k: int, n: int) -> "Region":
        """The k-th of n equal blocks of rows."""
        top, height = self.rows.start, self.height // n
        return self._replace(rows=slice(top + k * height, top + (k + 1) * height))

    def is_above(self, other: "Region") -> bool:
        return self._replace(rows=slice(self.rows.stop, other.rows.stop)) == other

    def down_to(self, other: "Region") -> "Region":
        return self._replace(rows=slice(self.rows.start, other.rows.stop))


@dataclass(frozen=True)
class Call:
    """A ``compute`` and the names of its arguments: regions, or weights that are vectors. The last one is its
    output."""

    compute: Callable[..., Any]
    names: Band


@dataclass(frozen=True, eq=False)
class Product:
    """out = kernelᵀ source. With a bias, the last rows of the source are ones.

    ``columns`` are the columns of the kernel in the order of the rows of out. The first ``in_step`` rows of the source
    are multiplied in each step; the others are known before the loop, and are multiplied there for all steps at once.
    Out is computed in ``cuts`` pieces.
    """

    kernel: str
    bias: str | None
    columns: Array
    source: str
    in_step: int
    cuts: int
    out: str

    @property
    def names(self) -> Band:
        return self.source, self.out


@dataclass(frozen=True, eq=False)
class Plan:
    """The arrays and calls of a run, and where each tensor is afterwards.

    ``slabs`` are the shapes of arrays. ``regions`` have names: the home of a tensor has its id, a region of neighbours
    the ids of all, and a copy is named after its position. ``x``, ``ones`` and ``states`` are regions that are filled
    before the loop, states at step 0 only. ``vectors`` are the weights that calls read. ``homes`` maps each tensor to
    the region where it is computed, ``unsorted`` each product whose pieces are stored in another order to its pieces in
    order.
    """

    slabs: tuple[Shape, ...]
    regions: dict[str, Region]
    x: Band
    ones: Band
    states: Band
    vectors: Band
    calls: tuple[Call | Product, ...]
    homes: dict[str, str]
    unsorted: dict[str, Band]


def plan(program: Program, sizes: SizePairs) -> Plan:
    """The plan of a program that compiles."""
    return _Planner(program, dict(sizes)).plan()


def compiles(program: Program) -> bool:
    """Whether the compiled scan covers every tensor of a program: a vector for each sample, computed from others of its
    size and from weights that are vectors, or a product of rows with a matrix."""
    return all(_is_covered(program, t) for t in program.step)


def _is_covered(program: Program, t: Tensor) -> bool:
    if len(t.axes) != 2 or t.axes[0] != BATCH_SIZE or "x" in program.cell.states:
        return False
    if t.op in COMPILED:
        return t.op != "matmul" or len(program.by_id[t.inputs[1]].axes) == 2
    inputs = [program.by_id[id] for id in t.inputs]
    fits = all(i.axes == (t.axes[-1:] if i.role == "weight" else t.axes) for i in inputs)
    return t.operation.is_pointwise and fits and any(i.role != "weight" for i in inputs)


COMPILED = ("matmul", "affine", "concat", "split", "step", "carry")
"""The operations that the compiled scan handles by name, besides all pointwise ones."""


class _Planner:
    """Finds the region of each tensor, then the calls that fill them. ``regions`` collects the named ones."""

    def __init__(self, program: Program, sizes: dict[str, int]) -> None:
        self.program, self.sizes = program, sizes
        self.bands = bands(program)
        self.prev = {t.inputs[0]: t.id for t in program.step if t.op == "carry"}
        self.rows = {t.id: t.shape(sizes)[1] for t in program.step}
        self.tops = [[self.height(band[:k]) for k in range(len(band) + 1)] for band in self.bands.all]
        self.regions: dict[str, Region] = {}
        self.homes: dict[str, Region] = {}

    def plan(self) -> Plan:
        in_order = {id: tuple(sorted(pieces, key=self.part)) for id, pieces in self.bands.cut.items()}
        unsorted = {id: pieces for id, pieces in in_order.items() if pieces != self.bands.cut[id]}
        self.regions |= {t.id: self.home(t.id) for t in self.program.step if t.id not in unsorted}
        homes = {t.id: " ".join(self.bands.cut[t.id]) if t.id in unsorted else t.id for t in self.program.step}
        x, ones = (tuple(map(self.register, self.all_regions(id))) for id in ("x", ONES))
        calls = tuple(self.calls())
        named = {*homes.values(), *x, *ones, *(name for call in calls for name in call.names)}
        return Plan(
            slabs=tuple(map(self.slab, self.bands.all)),
            regions={name: region for name, region in self.regions.items() if name in named},
            x=x,
            ones=ones,
            states=tuple(self.prev.values()),
            vectors=tuple(sorted(named - self.regions.keys())),
            calls=calls,
            homes=homes,
            unsorted=unsorted,
        )

    def slab(self, band: Band) -> Shape:
        one_more = any(id in band for id in self.prev.values())
        return self.sizes["time_step"] + one_more, self.height(band), self.sizes["batch_size"]

    def height(self, band: Band) -> int:
        """How many rows a band has. Ones fill it up to a multiple of 8, so that each row of the kernel, which is as
        long, begins on a whole vector of 8 numbers."""
        rows = sum(self.rows[id] for id in band if id != ONES)
        return -(-(rows + 1) // 8) * 8 if ONES in band else rows

    def home(self, id: str) -> Region:
        """Where a tensor is computed; for a view, the region that it is a view of."""
        found = self.homes.get(id)
        if found is None:
            found = self.homes[id] = self._home(id)
        return found

    def _home(self, id: str) -> Region:
        t = self.program.by_id[id]
        if id in self.bands.cut:
            return self.neighbours(self.bands.cut[id])
        if t.op == "concat":
            return self.neighbours(t.inputs)
        if t.part and t.inputs[0] not in self.bands.cut:
            return self.home(t.inputs[0]).part(*t.part)
        return self.all_regions(id)[0]

    def neighbours(self, ids: Band) -> Region:
        """The region of adjacent tensors, in the first band where they are adjacent."""
        slab, k = self.bands.places[ids][0]
        return self.region(slab, k, len(ids))

    def all_regions(self, id: str) -> list[Region]:
        """The regions of a tensor in all bands. The last one of a state is where the next step reads it."""
        regions = [self.region(slab, k) for slab, k in self.bands.places.get((id,), ())]
        if id in self.prev:
            regions.append(self.home(self.prev[id])._replace(steps=slice(1, self.sizes["time_step"] + 1)))
        return regions

    def region(self, slab: int, k: int, count: int = 1) -> Region:
        """The region of ``count`` tensors of a band, from the k-th on."""
        return Region(slab, slice(self.sizes["time_step"]), slice(self.tops[slab][k], self.tops[slab][k + count]))

    def calls(self) -> list[Call | Product]:
        """The calls of a step, in the order of the equations; each is merged into an earlier one if possible."""
        calls: list[Call | Product] = []
        ready: dict[str, int] = {}  # tensor -> the number of calls before it can be read
        for t in self.program.step:
            ready[t.id] = len(calls)
            for call in self.calls_for(t):
                self.add(call, calls, ready)
                ready[t.id] = len(calls)
        return calls

    def add(self, call: Call | Product, calls: list[Call | Product], ready: dict[str, int]) -> None:
        """Merge a call into the first compatible one after everything that it reads; else append it.

        Fewer calls are faster: at the sizes of a page, dispatching its calls takes most of the time of a step.
        """
        waits = max(ready.get(id, 0) for id in call.names[:-1])
        for k in range(waits, len(calls)):
            if both := self.merged(calls[k], call):
                calls[k] = both
                return
        calls.append(call)

    def calls_for(self, t: Tensor) -> Iterator[Call | Product]:
        """The call that computes a tensor, unless it is a view, and those that copy it to its other regions."""
        if t.operation.kind == "product":
            yield self.product(t)
        elif t.operation.is_pointwise and (compute := t.operation.compute):
            yield Call(with_numbers(compute, t.numbers), (*t.inputs, t.id))
        if t.op != "step":  # x is filled in before the loop, in all of its regions
            home = self.home(t.id)
            others = (region for region in self.all_regions(t.id) if region != home)
            yield from (Call(np.positive, (t.id, self.register(region))) for region in others)

    def merged(self, a: Call | Product, b: Call | Product) -> Call | None:
        """One call for two of the same operation, if the second reads and writes directly below the first in memory."""
        if not (isinstance(a, Call) and isinstance(b, Call) and a.compute is b.compute):
            return None
        names = [*zip(a.names, b.names, strict=True)]
        if not all(
            p in self.regions and q in self.regions and self.regions[p].is_above(self.regions[q]) for p, q in names
        ):
            return None  # they are not adjacent, or one is a weight, which has no region
        both = (self.register(self.regions[p].down_to(self.regions[q]), f"{p} {q}") for p, q in names)
        return Call(a.compute, tuple(both))

    def register(self, region: Region, name: str = "") -> str:
        """Give a region a name, by default from its position."""
        name = name or f"slab {region.slab}, rows from {region.rows.start}, steps from {region.steps.start or 0}"
        self.regions[name] = region
        return name

    def part(self, id: str) -> int:
        """The index of a piece among the blocks of its split."""
        k, _ = self.program.by_id[id].block
        return k

    def product(self, t: Tensor) -> Product:
        of, out, rows = source(self.program, t), self.bands.cut.get(t.id, (t.id,)), self.rows[t.id]
        region = self.home(of[0]) if len(of) == 1 else self.neighbours(of)
        in_step = self.in_step(of, region, rows)
        blocks = np.arange(rows).reshape(len(out), -1)
        return Product(
            kernel=t.inputs[1],
            bias=t.inputs[2] if t.op == "affine" else None,
            columns=blocks[[self.part(id) for id in out]].ravel(),
            source=self.register(region, " ".join(of)),
            in_step=in_step,
            cuts=cuts_for(rows, in_step, self.sizes["batch_size"]),
            out=self.register(self.home(t.id), " ".join(out)),
        )

    def in_step(self, source: Band, region: Region, rows: int) -> int:
        """How many rows of a product's source are multiplied in each step: all, or all but x and the ones at its end
        where it is faster to multiply these before the loop."""
        known = [*takewhile(lambda id: id in ("x", ONES), reversed(source))]
        in_step = self.height(source[: len(source) - len(known)])
        pays = "x" in known and self.sizes["batch_size"] == 1 and (region.height - in_step) * rows >= AHEAD
        return in_step if pays else region.height


AHEAD = 2**14
"""The number of weights from which the rows of x are multiplied before the loop, at a batch size of 1. A product with
one row takes as long as reading the weights does, and one for all steps reads them once. With fewer weights the
addition in every step costs more than that saves."""


SMALL_KERNELS = (
    not {"X86_V4", "AVX512_SKX"}.isdisjoint(np.show_config("dicts")["SIMD Extensions"].get("found", ()))
    and "OPENBLAS_CORETYPE" not in os.environ
)
"""Whether OpenBLAS multiplies small matrices without packing them first, which is up to three times as fast. Its
AVX-512 code does, which is used where the processor has AVX-512 unless the environment names another one. Elsewhere
cutting only costs time."""


def cuts_for(rows: int, inner: int, batch_size: int) -> int:
    """The smallest number of equal pieces, each of 8 rows or more, that OpenBLAS treats as small: at most 100³
    multiplications.

    One column is a matrix-vector product, which packs nothing. Above 64 columns packing is faster.
    """
    fits = (n for n in range(1, rows // 8 + 1) if rows % n == 0 and rows // n * inner * batch_size <= 1_000_000)
    return next(fits, 1) if SMALL_KERNELS and 1 < batch_size <= 64 else 1
