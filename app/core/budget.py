"""What may be executed: above it, the program alone gives the shapes."""

from dataclasses import dataclass

from app.core.axes import Sizes
from app.core.program import Program

GIGA, MEGA = 10**9, 10**6

FEW = 4
"""A product with fewer rows takes as long as one with so many: it waits for the kernel to come from memory."""


@dataclass(frozen=True)
class Budget:
    """Work and recorded memory that one question may ask for.

    The defaults are about 50 ms of one core, and what a small machine can spare for a few questions at once. MNIST by
    rows (128, 28, 28, 128) needs 0.6 GFLOP and 30 MB. The longest sequence, 10,000 steps, costs 0.1 s whatever its
    other sizes: 7 µs a step for the calls alone.
    """

    flops: int = 4 * GIGA
    bytes: int = 64 * MEGA

    def refusal(self, program: Program, sizes: Sizes) -> str | None:
        """Why a run is not executed, in words, or None if it may be."""
        few = sizes["batch_size"] < FEW
        flops, bytes = program.flops({**sizes, "batch_size": FEW} if few else sizes), program.bytes(sizes)
        if flops > self.flops:
            needs, limit = _amounts(flops / GIGA, self.flops / GIGA)
            return f"{'costs as much time as' if few else 'needs'} {needs} GFLOP, the limit is {limit}"
        if bytes > self.bytes:
            records, limit = _amounts(bytes / MEGA, self.bytes / MEGA)
            return f"records {records} MB, the limit is {limit}"
        return None


def _amounts(*values: float) -> list[str]:
    """With three digits at least, and as many more as it takes to tell them apart: 0.000432, 4, 79.9, 8,247,428."""
    written = ([f"{v:,.{d}f}" if v >= 100 else f"{v:.{3 + d}g}" for v in values] for d in range(15))
    return next(both for both in written if len({*both}) > 1)
