"""The weights of PyTorch modules that a forward pass writes: copied just before, since all of them may be large."""

import sys
from typing import Any


class WrittenWeights:
    """The weights of modules, of which those are copied that a program writes while it is traced.

    Weights are found by where their numbers are in memory, so that ``weight.data`` and a part of a weight are found,
    too."""

    def __init__(self) -> None:
        self._modules: list[Any] = []
        self._at: dict[int, list[Any]] = {}
        self._written: dict[int, tuple[Any, Any, Any]] = {}
        self._uses: list[dict[str, Any]] = []
        self._kept: dict[int, int] = {}

    def add(self, module: Any) -> None:
        """The weights of a module are some of those that may be written."""
        self._modules.append(module)

    def note_use(self, weights: dict[str, Any]) -> None:
        """A layer was called with weights, of which this dict keeps the numbers."""
        self._uses.append(weights)

    def before_write(self, tensor: Any) -> None:
        """A program is about to write a tensor. If these are numbers of weights, they are copied."""
        place = _place(tensor)
        self._find()
        if not place or place not in self._at:
            return
        for weight in self._at[place]:
            if id(weight) not in self._written:
                self._written[id(weight)] = weight, weight.data, weight.detach().clone()
        self._keep(place)

    def _find(self) -> None:
        """Find where the weights of new modules are, and those that may be elsewhere than before."""
        new = [weight for module in self._modules for weight in module.parameters(recurse=False)]
        self._modules.clear()
        for weight in (*new, *(weight for weight, _, _ in self._written.values())):
            there = self._at.setdefault(_place(weight), [])
            if not any(weight is one for one in there):
                there.append(weight)

    def _keep(self, place: int) -> None:
        """The calls until now keep copies of their weights at a place in memory."""
        copies: dict[int, Any] = {}
        for weights in self._uses[self._kept.get(place, 0) :]:
            for name, weight in weights.items():
                if weight is not None and _place(weight) == place:
                    if id(weight) not in copies:
                        copies[id(weight)] = weight.detach().clone()
                    weights[name] = copies[id(weight)]
        self._kept[place] = len(self._uses)

    def restore(self) -> None:
        """The weights have the numbers that they had, in the same memory; the calls keep theirs."""
        with sys.modules["torch"].no_grad():
            for weight, data, value in self._written.values():
                self._keep(_place(weight))
                if _place(weight) != _place(data):
                    weight.data = data
                if not weight.equal(value):
                    weight.copy_(value)


def _place(tensor: Any) -> int:
    """Where the numbers of a tensor are in memory; 0 if they are not known, as those of a lazy module."""
    try:
        place: int = tensor.untyped_storage().data_ptr()
    except (AttributeError, RuntimeError, ValueError):
        return 0
    return place
