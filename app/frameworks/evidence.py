"""What the oracles saw: programs that ran in the real frameworks with our weights, and how far their numbers are off.

``make oracles ARGS=--record`` writes evidence.json; the page and docs/frameworks.md read it here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.core.stack import Stack
from app.frameworks import FRAMEWORKS

SEEN = Path(__file__).with_name("evidence.json")


@dataclass(frozen=True)
class Evidence:
    """What was seen of one kind of stack, in all sizes, layers, directions and switches together."""

    runs: int  # configurations that the real framework ran with our weights and input
    shapes: int  # arrays, stored and returned, whose names and shapes were compared
    float32: float  # the largest difference of any number that came back
    float64: float | None  # None where the framework does not compute in it
    programs: int  # programs of /code that were executed as they stand, with random weights
    weights: int  # arrays of ours that were loaded


@dataclass(frozen=True)
class Proof:
    """What was seen of one framework. ``kinds`` has the evidence by the names that ``kinds_of`` gives."""

    title: str
    versions: Mapping[str, str]
    kinds: Mapping[str, Evidence]

    def of(self, stack: Stack) -> Evidence | None:
        """What was seen of such cells; None where the framework has none."""
        return self.kinds.get(kinds_of(stack)[0])


def kinds_of(stack: Stack) -> tuple[str, ...]:
    """What a stack is evidence of: its cell, with or without projection, and layers and directions as such."""
    cell = f"{stack.cell} num_proj" if stack.num_proj else stack.cell
    layers = ("num_layers",) if stack.num_layers > 1 else ()
    directions = ("bidirectional",) if stack.bidirectional else ()
    return (cell, *layers, *directions)


def _read() -> dict[str, Proof]:
    seen = json.loads(SEEN.read_text(encoding="utf-8"))
    return {
        id: Proof(
            FRAMEWORKS[id].title,
            of["versions"],
            {kind: Evidence(**evidence) for kind, evidence in of["kinds"].items()},
        )
        for id, of in seen.items()
    }


PROOFS: dict[str, Proof] = _read()
