"""The operations of a pasted program, and those in the line that failed."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from ...code.operations import Operation, Program, operations, with_two_operands
from ...code.values import ANY, Layer
from ..pasted_text import without_spaces
from .corrected_lines import code_lines
from .layers_and_operands import is_recurrent, role_of
from .program_tree import ProgramTree

LONGEST_SOURCE = 10_000
"""Characters of a program that are followed, those of about 250 lines: this takes a few milliseconds."""

EMPTY = Program((), (), frozenset())


class FailedOperations:
    """The code in a pasted text: ``source`` without tracebacks. ``failed`` is what failed, as the last frame of the
    program itself shows it; "" without one; ``frames``: the lines of the program in the traceback."""

    def __init__(self, source: str = "", failed: str = "", frames: Sequence[str] = ()) -> None:
        self._source, self.failed, self._frames = source, failed, frames

    @cached_property
    def tree(self) -> ProgramTree:
        """The program as a tree, with the lines of its frames in the traceback."""
        return ProgramTree(self._whole if self._has_failed_line else self._program, self._frames)

    @cached_property
    def code_lines(self) -> list[str]:
        """The lines of the source that are code."""
        return code_lines(self.source)

    @cached_property
    def _has_failed_line(self) -> bool:
        """Whether the source has the line that failed."""
        failed = without_spaces(self.failed)
        return bool(failed) and failed in without_spaces(self._near_failure)

    @cached_property
    def _with_all_runs(self) -> Program:
        """The program in the source, with all runs of a line."""
        return operations(self._near_failure, role_of) if self._source.strip() else EMPTY

    @cached_property
    def _whole(self) -> Program:
        """The program in the source, which may have no operations that it certainly computes, with the runs of the
        traceback."""
        program = self._with_all_runs
        return replace(program, operations=_in_calls(program, self._frames)) if self._frames else program

    @cached_property
    def _program(self) -> Program:
        if self._whole.operations or not self.failed.strip():
            return self._whole
        return self._of_failed_line if self._of_failed_line.operations else self._whole

    @cached_property
    def _of_failed_line(self) -> Program:
        return operations(self.failed, role_of) if self.failed.strip() else EMPTY

    @property
    def _near_failure(self) -> str:
        """The end of the source, or a part with the line that failed, from the beginning of a line on."""
        source = self._source
        if len(source) <= LONGEST_SOURCE:
            return source
        failed = source.rfind(self.failed.split("\n")[0]) if self.failed else -1
        last = len(source) if failed < 0 else min(len(source), failed + LONGEST_SOURCE // 3)
        first = source.find("\n", max(0, last - LONGEST_SOURCE)) + 1
        return source[first:last]

    @cached_property
    def _failed(self) -> Sequence[Operation]:
        """The operations in the line that failed; all of them if there is none, or if the program lacks it."""
        failed, program = without_spaces(self.failed.lower()), self._program
        if not failed:
            return program.operations
        found, in_chain = [], [one for one in program.operations if not one.node]  # these are called by another line
        for one in program.operations:
            line = without_spaces("".join(program.lines[one.lines[0] - 1 : one.lines[1]]).lower())
            if one.node and (failed in line or line in failed):
                found.append(one)
        return [*found, *in_chain] if found else program.operations

    @property
    def is_whole(self) -> bool:
        """Whether the source has a program that computes something."""
        return bool(self._whole.operations)

    @property
    def has_code(self) -> bool:
        """Whether the text has lines of a program, also of one that computes nothing that is followed."""
        return bool(self.operations or self.tree.imported)

    @property
    def operations(self) -> Sequence[Operation]:
        """All operations, in the order in which the program runs them."""
        return self._program.operations

    def line_of(self, layer: Layer) -> str:
        """The line that makes a layer."""
        return self._program.lines[layer.line - 1].strip() if 0 < layer.line <= len(self._program.lines) else ""

    def statement(self, one: Operation) -> str:
        """The lines of an operation."""
        return "\n".join(self._program.lines[one.lines[0] - 1 : one.lines[1]])

    def call_with(self, argument: str) -> Operation | None:
        """The call of a layer with an argument."""
        return next((one for one in self._failed if one.layer and one.operands and f"{argument}=" in one.text), None)

    @property
    def failed_calls(self) -> list[Operation]:
        """The calls of recurrent layers in the line that failed; of all lines, if none is known."""
        return [one for one in self._failed if is_recurrent(one) or (one.layer and one.layer.kind.endswith("_cell"))]

    @property
    def cell_of_failed_call(self) -> str:
        """The cell of the recurrent layers that the line that failed calls; "" if that is not known."""
        kinds = {one.layer.kind.removesuffix("_cell") for one in self.failed_calls if one.layer and one.node}
        return kinds.pop() if len(kinds) == 1 and self._has_failed_line else ""

    @property
    def failed_operations(self) -> Sequence[Operation]:
        """The operations in the line that failed; none if the source lacks it."""
        return self._failed if self._has_failed_line else ()

    def only_failed(self, kind: str, *names: str) -> Operation | None:
        """The only operation of a kind in the line that failed, of two arrays with known numbers of axes, as it runs
        first."""
        failed = with_two_operands(self.failed_operations, kind)
        fitting = [one for one in failed if not names or one.name in names]
        known = [one for one in fitting if not any(ANY in operand.axes for operand in one.operands)]
        return known[0] if len({id(one.node) for one in known}) == 1 else None

    @property
    def layers_before_failure(self) -> set[Layer]:
        """The recurrent layers that the operations in the line that failed read something of; none if that line calls a
        recurrent layer itself."""
        called = [one for one in self.failed_operations if one.node]
        if any(one.layer in self.made_layers for one in called):
            return set()
        return {layer for one in called for operand in one.operands for layer in operand.layers}

    @property
    def failed_products(self) -> list[Operation]:
        """The products in the line that failed; of all lines, if none is known."""
        return [one for one in self._failed if one.kind == "product"]

    @property
    def failed_call(self) -> Operation | None:
        """The only call of a recurrent layer in the line that failed, with a state."""
        calls = {id(one.node): one for one in self.failed_calls if len(one.operands) > 1}
        return next(iter(calls.values())) if len(calls) == 1 else None

    @property
    def source(self) -> str:
        """The code in the text, without tracebacks."""
        return self._source

    @cached_property
    def calls(self) -> list[Operation]:
        """The calls of recurrent layers."""
        return list(filter(is_recurrent, self._program.operations))

    @property
    def calls_of_all_runs(self) -> list[Operation]:
        """The calls of recurrent layers, also in runs of a line that did not fail."""
        return list(filter(is_recurrent, self._with_all_runs.operations))

    @cached_property
    def made_layers(self) -> Sequence[Layer]:
        """The recurrent layers that the program makes, in their order; it may lack the lines that call them. Without
        any, those that the line of a traceback that failed makes."""
        is_in_frame = any(without_spaces(self.failed) in without_spaces(line) for line in self._frames[-1:])
        of_line = self._of_failed_line.recurrent_layers if is_in_frame else ()
        return self._whole.recurrent_layers or _without_wrapped(of_line)

    @property
    def may_have_directions(self) -> bool:
        """Whether a recurrent layer of the program may have two directions; also without any layer."""
        both = [one.layer.setting("bidirectional") for one in self.calls if one.layer]
        return not both or not all(one is False for one in both)

    @property
    def has_calls(self) -> bool:
        """Whether the program calls a recurrent layer."""
        return bool(self.calls)


def _in_calls(program: Program, frames: Sequence[str]) -> Sequence[Operation]:
    """The operations of a program; of those that it computes several times, for arrays with other axes, only those in
    the calls of the traceback, or in most of them."""
    by_node = dict[int, list[Operation]]()
    for one in program.operations:
        by_node.setdefault(id(one.node or one.layer), []).append(one)
    if not (several := [of_node for of_node in by_node.values() if len(of_node) > 1]):
        return program.operations
    lines, others = {without_spaces(one) for one in frames}, set[int]()
    for of_node in several:
        shared = [_shared(program, one, lines) for one in of_node]
        others |= {id(one) for one, number in zip(of_node, shared, strict=True) if number < max(shared)}
    return [one for one in program.operations if id(one) not in others]


def _shared(program: Program, one: Operation, lines: set[str]) -> int:
    """How many of the lines that call the functions of an operation are lines of the traceback, in its best run."""
    runs = ([without_spaces(program.lines[line - 1]) for line in run] for run in one.called_in)
    return max((sum(line in lines for line in run) for run in runs), default=0)


def _without_wrapped(layers: Sequence[Layer]) -> list[Layer]:
    """Layers without those that another one runs in both directions."""
    both = {(one.kind, one.size("num_units")) for one in layers if one.setting("bidirectional")}
    return [one for one in layers if one.setting("bidirectional") or (one.kind, one.size("num_units")) not in both]
