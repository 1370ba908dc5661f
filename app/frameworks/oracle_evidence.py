"""Evidence from the oracles: programs that ran in the real frameworks with our weights, and how much results differ.

``make oracles ARGS=--record`` writes oracle_evidence.json; the page and docs/frameworks.md read it here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..core.stack import Stack
from . import FRAMEWORKS

EVIDENCE_FILE = Path(__file__).with_name("oracle_evidence.json")


@dataclass(frozen=True)
class Evidence:
    """The evidence for one kind of stack, summed over all sizes, layers, directions and switches."""

    runs: int  # configurations that the real framework ran with our weights and input
    shapes: int  # arrays, stored and returned, whose names and shapes were compared
    float32: float  # the largest difference of any returned number
    float64: float | None  # None if the framework does not compute in float64
    programs: int  # programs of /code that were executed unchanged, with random weights
    weights: int  # arrays of our weights that were loaded


@dataclass(frozen=True)
class FrameworkEvidence:
    """The evidence for one framework, by the kinds of ``kinds_of``."""

    title: str
    versions: Mapping[str, str]
    kinds: Mapping[str, Evidence]

    def of(self, stack: Stack) -> Evidence | None:
        """The evidence for the cell of a stack; None where the framework does not have that cell."""
        return self.kinds.get(kinds_of(stack)[0])


def kinds_of(stack: Stack) -> tuple[str, ...]:
    """The kinds that a stack belongs to: its cell, with or without projection, then several layers, both directions."""
    cell = f"{stack.cell.id} num_proj" if stack.num_proj else stack.cell.id
    layers = ("num_layers",) if stack.num_layers > 1 else ()
    directions = ("bidirectional",) if stack.bidirectional else ()
    return (cell, *layers, *directions)


def _read() -> dict[str, FrameworkEvidence]:
    frameworks = json.loads(EVIDENCE_FILE.read_text(encoding="utf-8"))
    return {
        id: FrameworkEvidence(
            FRAMEWORKS[id].title,
            of["versions"],
            {kind: Evidence(**evidence) for kind, evidence in of["kinds"].items()},
        )
        for id, of in frameworks.items()
    }


EVIDENCE: dict[str, FrameworkEvidence] = _read()
