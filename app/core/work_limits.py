"""The largest run that is executed, and the largest training. For larger runs the program still gives every shape."""

from dataclasses import dataclass, replace
from functools import lru_cache

from ..translations.numbers import grouped
from ..translations.phrases import phrase, plural
from .compiled.plan import compiles
from .program import Program
from .stack import Stack

GIGA, MEGA = 10**9, 10**6

FEW = 4
"""A product with fewer rows takes as long as one with this many: the time to read the kernel from memory."""


MAX_GRADIENT_STEPS = 2_000
"""Steps of all cells together through which gradients are computed. The backward pass computes each operation of each
step separately, which takes ten times as long as the run."""


@dataclass(frozen=True)
class Budget:
    """The work and the recorded memory that one run may need.

    The defaults are about 50 ms of one core, and as much memory as a small machine can spare for a few runs at once.
    MNIST by rows (128, 28, 28, 128) needs 0.6 GFLOP and 30 MB. The calls of one step of a cell alone take up to 8 µs,
    so the longest sequence, 10,000 steps, is executed in both directions, but not in eight layers as well. An operation
    of the plain evaluator takes as long as a whole step of the scan, and counts as one; a long one, such as a layer
    norm, counts as several (``Op.calls``).
    """

    flops: int = 4 * GIGA
    bytes: int = 64 * MEGA
    steps: int = 20_000
    training: int = 1000 * GIGA
    """The work of one training, in FLOPs as ``Training.work`` counts them: by default about half a minute of one core.
    A larger one is an error."""

    @lru_cache(64)  # noqa: B019 - a process has few budgets, and a request calls this more than once
    def refusal(self, stack: Stack) -> str | None:
        """Why a stack is not executed; None if it is."""
        few = stack.batch_size < FEW
        flops, bytes = (replace(stack, batch_size=FEW) if few else stack).flops(), stack.bytes()
        if flops > self.flops:
            needs, limit = amounts(flops / GIGA, self.flops / GIGA)
            if few:
                return phrase("takes as long as {needs} GFLOP (limit: {limit})", needs=needs, limit=limit)
            return phrase("needs {needs} GFLOP (limit: {limit})", needs=needs, limit=limit)
        if bytes > self.bytes:
            records, limit = amounts(bytes / MEGA, self.bytes / MEGA)
            return phrase("would record {records} MB (limit: {limit})", records=records, limit=limit)
        if (steps := stack.time_step * len(stack.places)) > self.steps:
            return phrase(
                "takes {steps} in {cells} (limit: {limit:,})",
                steps=plural("{n:,} step", "{n:,} steps", steps),
                cells=plural("{n} cell", "{n} cells", len(stack.places)),
                limit=self.steps,
            )
        operations = sum(stack.time_step * _evaluated(stack.program(layer)) for layer, _ in stack.places)
        if operations > self.steps:
            return phrase(
                "computes {n:,} operations one after another (limit: {limit:,})", n=operations, limit=self.steps
            )
        return None


def _evaluated(program: Program) -> int:
    """How many operations of a step the plain evaluator computes: none if the compiled scan covers the program."""
    return 0 if compiles(program) else sum(t.operation.calls for t in program.step if t.operation.compute)


def amounts(*values: float) -> list[str]:
    """Numbers with at least three digits, and with more where they would look equal: 0.000432, 4, 79.9, 8,247,428."""
    written = ([grouped(v, f",.{d}f") if v >= 100 else f"{v:.{3 + d}g}" for v in values] for d in range(15))
    return next(both for both in written if len({*both}) > 1)
