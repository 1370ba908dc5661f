"""Run one cell over time, or all cells of a stack: by the compiled scan if it covers the program, else step by step."""

from collections.abc import Mapping
from functools import lru_cache
from time import perf_counter
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from .axes import Sizes
from .compiled.plan import Plan, compiles, plan
from .compiled.scan import scan
from .evaluator import ShapeError, SizePairs, check_shape, evaluate_steps, shapes_by_numpy
from .ops import Array, Shape
from .program import Program
from .seeded_weights import Weights
from .stack import Place, Stack
from .trace import RecordedSteps, StackTrace, Trace


class InputError(ValueError):
    """Weights, an input or states that do not fit a program."""


States = Mapping[str, Array]
"""States of a cell before its first step by name, each batch_size × ... Those that are missing have their start values,
mostly 0."""

ZEROS: States = MappingProxyType({})


def run(program: Program, sizes: Sizes, weights: Mapping[str, Array], X: Array, initial: States = ZEROS) -> Trace:
    """Run a program over X (batch_size × time_step × features), in the type of X: float32 or float64.

    Raises InputError if the weights or the initial states are not those of the program or have another type than X,
    ShapeError if an array has another shape than the program says, ProgramError if an operation differs from its
    record. No size is too large here: see work_limits.py.
    """
    start = perf_counter()
    known = (prepared_typed if program.cell.text else prepared)(program, tuple(sizes.items()))
    inputs = {"X": X, **weights}
    _check_inputs(program, sizes, inputs, known.inputs)
    _check_states(program, sizes, initial, X)
    starts = {state: np.full(program.by_id[state].shape(sizes), n, X.dtype) for state, n in program.cell.starts.items()}
    first = {f"{state}_prev": array for state, array in {**starts, **initial}.items()}
    if known.plan:
        steps: RecordedSteps = scan(known.plan, weights, X, first)
    else:
        steps = evaluate_steps(program, sizes, weights, X, first)
    trace = Trace(program, sizes, inputs, steps)
    trace.compared = _confirm(trace, known.stored)
    trace.seconds = perf_counter() - start
    return trace


class Prepared(NamedTuple):
    """What follows from a program and its sizes alone: the shapes of X and the weights; those of the tensors of a step,
    in the form of ``RecordedSteps.stored``; and the plan, if the scan covers the program."""

    inputs: dict[str, Shape]
    stored: tuple[Shape, ...]
    plan: Plan | None


def _prepare(program: Program, sizes: SizePairs) -> Prepared:
    time_step, shapes = dict(sizes)["time_step"], shapes_by_numpy(program, sizes)
    return Prepared(
        {t.id: shapes[t.id] for t in program.tensors if t.operation.kind == "input"},
        tuple((time_step, *shapes[t.id][::-1]) for t in program.step),
        plan(program, sizes) if compiles(program) else None,
    )


prepared, prepared_typed = lru_cache(1024)(_prepare), lru_cache(4)(_prepare)
"""Cached, so that a second run at the same sizes only computes: few of typed cells, as hardly two visitors share one,
and each may take megabytes."""


def _check_inputs(program: Program, sizes: Sizes, inputs: Mapping[str, Array], expected: Mapping[str, Shape]) -> None:
    for id in inputs.keys() ^ expected.keys():
        fault = "missing" if id in expected else "not a weight"
        raise InputError(f"{id} is {fault}; the weights are {', '.join(program.cell.weights)}")
    dtype = inputs["X"].dtype
    if dtype not in (np.float32, np.float64):
        raise InputError(f"X is {dtype}; a run computes in float32 or float64")
    for id, array in inputs.items():
        if array.shape != expected[id]:
            check_shape(program.by_id[id], array.shape, sizes)
        if array.dtype != dtype:
            raise InputError(f"{id} is {array.dtype}, but X is {dtype}; a run has one type")


def _check_states(program: Program, sizes: Sizes, states: States, X: Array) -> None:
    for state, array in states.items():
        if state not in program.cell.states:
            raise InputError(f"{state} is not a state; the states are {', '.join(program.cell.states)}")
        check_shape(program.by_id[f"{state}_prev"], array.shape, sizes)
        if array.dtype != X.dtype:
            raise InputError(f"the initial {state} is {array.dtype}, but X is {X.dtype}; a run has one type")


def _confirm(trace: Trace, expected: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """The shapes of the recorded arrays, compared with those of NumPy and the program: ShapeError if one differs."""
    stored = trace.steps.stored
    if stored != expected:
        for tensor, (steps, *reversed_shape) in zip(trace.program.step, stored, strict=True):
            check_shape(tensor, tuple(reversed_shape[::-1]), trace.sizes)
            if steps != trace.sizes["time_step"]:
                raise ShapeError(f"{tensor.id} has {steps} steps, but time_step is {trace.sizes['time_step']}")
    return stored


NO_STATES: Mapping[Place, States] = MappingProxyType({})


def run_stack(
    stack: Stack,
    weights: Weights,
    X: Array,
    go_backwards: bool = False,
    initial: Mapping[Place, States] = NO_STATES,
) -> StackTrace:
    """Run every cell of a stack, from the lowest layer up, over X, batch_size × time_step × features.

    ``go_backwards`` exchanges the directions, as in Keras: the forward one reads its input from the end, and its output
    keeps that order. ``initial``: the states of cells before their first step. Raises what ``run`` raises.
    """
    trace = StackTrace(stack, X, go_backwards, {})
    for layer, direction in stack.places:
        below = trace.layer_output(layer - 1) if layer else X
        input = below[:, ::-1] if trace.input_is_reversed(direction) else below
        place = (layer, direction)
        first = initial.get(place, ZEROS)
        trace.traces[place] = run(stack.program(layer), stack.sizes, weights[place], input, first)
    return trace
