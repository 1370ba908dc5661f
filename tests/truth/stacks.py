"""A stack of recurrent cells as a textbook runs it: a loop over layers, directions and steps, and what is counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from autodiff import Array, Gradients, Var, join, same, total
from cells import CELLS, LSTMS, Step, projected

Place = tuple[int, str]
Sequence = list[tuple[int, Var]]
"""What a layer reads or gives: the step of time and batch_size × features of it, in the order in which it comes."""


@dataclass(frozen=True)
class Case:
    """One question: the fields of a link that say what is computed. Defaults are those of the API."""

    cell: str = "lstm"
    batch_size: int = 3
    time_step: int = 4
    features: int = 2
    num_units: int = 5
    num_proj: int = 0
    num_layers: int = 1
    bidirectional: bool = False
    framework: str = "colah"
    go_backwards: bool = False
    return_sequences: bool = False
    return_state: bool = False
    return_carry: bool = False
    merge_mode: str = "concat"
    batch_first: bool = False
    time_major: bool = False
    layout: int = 0
    forget_bias: int = 1
    seed: int = 0
    data: str = "random"
    text: str = ""
    cut: str = "characters"
    t: int = -1
    layer: int = 0
    direction: str = "forward"

    @property
    def query(self) -> dict[str, str]:
        """Its fields as a link has them: only what differs from the defaults, and no size that the data dictates."""
        dictated = {"text": ("features",), "wave": ("features",), "digit": ("features", "time_step")}
        unsaid = dictated.get(self.data, ())
        values = {f.name: (getattr(self, f.name), f.default) for f in fields(self) if f.name not in unsaid}
        said = {name: value for name, (value, usual) in values.items() if value != usual}
        return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in said.items()}

    def at(self, field: str, value: object) -> "Case":
        """The same with another value of a field."""
        return Case(**vars(self) | {field: value})

    @property
    def directions(self) -> tuple[str, ...]:
        return ("forward", "backward") if self.bidirectional else ("forward",)

    @property
    def places(self) -> list[Place]:
        return [(layer, direction) for layer in range(self.num_layers) for direction in self.directions]

    @property
    def place(self) -> Place:
        return self.layer, self.direction

    @property
    def states(self) -> tuple[str, ...]:
        return ("h", "c") if self.cell in LSTMS else ("h",)

    @property
    def sizes(self) -> dict[str, int]:
        named = ("batch_size", "time_step", "features", "num_units", "num_proj")
        return {name: getattr(self, name) for name in named if getattr(self, name)}

    @property
    def width_of_h(self) -> int:
        return self.num_proj or self.num_units

    def width_of_x(self, layer: int) -> int:
        return self.width_of_h * len(self.directions) if layer else self.features

    def name_of(self, place: Place, array: str) -> str:
        """The name of a weight in our own weights.npz: as much of its place as there are others."""
        layer, direction = place
        path = [f"layer_{layer}"] * (self.num_layers > 1) + [direction] * self.bidirectional
        return "/".join([*path, array])


class Run:
    """A run of a Case with the arrays of its weights.npz in our own framework, X among them."""

    def __init__(self, case: Case, arrays: Mapping[str, Array]) -> None:
        self.case = case
        self.X = Var(arrays["X"])
        self.weights = {place: self._weights(place, arrays) for place in case.places}
        self.steps: dict[Place, dict[int, Step]] = {place: {} for place in case.places}
        self.order: dict[Place, list[int]] = {}
        self.reads: dict[int, Sequence] = {0: [(t, self.X[:, t]) for t in range(case.time_step)]}
        for layer in range(case.num_layers):
            self.reads[layer + 1] = self._layer(layer, self.reads[layer])

    def _weights(self, place: Place, arrays: Mapping[str, Array]) -> dict[str, Var]:
        begin = self.case.name_of(place, "")
        own = {name.removeprefix(begin): array for name, array in arrays.items() if name.startswith(begin)}
        return {name: Var(array) for name, array in own.items() if name != "X"}

    def _layer(self, layer: int, read: Sequence) -> Sequence:
        """Keras' go_backwards reads the sequence from its end and leaves the steps so; the backward direction of two
        reads it from its end and its steps are turned again, so that both tell of the same x."""
        first = self._cell((layer, "forward"), read[::-1] if self.case.go_backwards else read)
        if not self.case.bidirectional:
            return first
        second = self._cell((layer, "backward"), read[::-1])[::-1]
        return [(t, join(f, b)) for (t, f), (_, b) in zip(first, second, strict=True)]

    def _cell(self, place: Place, read: Sequence) -> Sequence:
        case = self.case
        sizes = {"h": case.width_of_h, "c": case.num_units}
        states = {state: Var(np.zeros((case.batch_size, sizes[state]))) for state in case.states}
        self.order[place] = [t for t, _ in read]
        given = []
        for t, x in read:
            step = self._step(place, x, states)
            states = {state: step[state] for state in case.states}
            self.steps[place][t] = step
            given.append((t, same(step["h"])))
        return given

    def _step(self, place: Place, x: Var, states: Mapping[str, Var]) -> Step:
        step = {"x": same(x), **{f"{state}_prev": same(before) for state, before in states.items()}}
        CELLS[self.case.cell](step, self.weights[place])
        if self.case.num_proj:
            projected(step, self.weights[place])
        return step

    def after_a_change(self, place: Place, t: int, id: str, component: int, sample: int) -> list[tuple[int, Step]]:
        """The step t, and those that the cell takes after it, if one number that comes into it is 1 more."""
        here = self.steps[place][t]
        given = {name: Var(here[name].value.copy()) for name in ("x", *(f"{s}_prev" for s in self.case.states))}
        given[id].value[sample, component] += 1
        order, found = self.order[place], []
        for now in order[order.index(t) :]:
            x = given["x"] if now == t else self.steps[place][now]["x"]
            step = self._step(place, x, {s: given[f"{s}_prev"] for s in self.case.states})
            given |= {f"{s}_prev": step[s] for s in self.case.states}
            found.append((now, step))
        return found

    def last(self, place: Place, state: str) -> Array:
        """A state after the last step that a cell takes."""
        return self.steps[place][self.order[place][-1]][state].value

    def tensor(self, id: str, place: Place, t: int) -> Array:
        """Any tensor of a cell, by its name in the API; those with all steps are in the order of time."""
        if id == "X":
            return np.stack([x.value for _, x in sorted(self.reads[place[0]], key=lambda step: step[0])], axis=1)
        if id == "Y":
            return np.stack([step["h"].value for _, step in sorted(self.steps[place].items())], axis=1)
        if id.endswith("_T"):
            return self.last(place, id.removesuffix("_T"))
        if id in self.weights[place]:
            return self.weights[place][id].value
        return self.steps[place][t][id].value

    def ids(self, place: Place) -> list[str]:
        """Every tensor of a cell, in the order of computing."""
        step = next(iter(self.steps[place].values()))
        return ["X", *self.weights[place], *step, "Y", *(f"{state}_T" for state in self.case.states)]

    # backpropagation

    @cached_property
    def gradients(self) -> Gradients:
        return Gradients(total(self.output_at_the_last_step()))

    def output_at_the_last_step(self) -> Iterator[Var]:
        """What comes out at the last step: both directions joined, or merged as Keras is told to."""
        _, last = self.reads[self.case.num_layers][-1]
        if self.case.merge_mode in ("concat", "none") or not self.case.bidirectional:
            yield last
            return
        width = self.case.width_of_h
        forward, backward = last[:, :width], last[:, width:]
        match self.case.merge_mode:
            case "sum":
                yield forward + backward
            case "ave":
                yield Var(0.5) * (forward + backward)
            case "mul":
                yield forward * backward

    def gradient(self, id: str, place: Place, t: int) -> Array:
        """Of the sum of the output at the last step, with respect to a tensor and all of its uses: both directions read
        the same x."""
        if id == "X":
            parts = sorted(self.reads[place[0]], key=lambda step: step[0])
            return np.stack([self.gradients.of(x) for _, x in parts], axis=1)
        if id in self.weights[place]:
            return self.gradients.of(self.weights[place][id])
        if id == "x":
            return self.gradients.of(dict(self.reads[place[0]])[t])
        return self.gradients.of(self.steps[place][t][id])
