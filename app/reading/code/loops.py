"""Loops: what their statements tell about how often they need to be followed."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from .values import Layer, Recording, Step, changed
from .word_sets import words

BODIES = ("body", "orelse", "handlers", "finalbody", "cases")
"""The parts of statements that have statements."""

SAME_OFTEN = 2
"""How often a body is followed that is the same each time: in the second one a layer may have kept something."""

CHANGING = words("append extend insert add pop update add_module register_module setdefault remove clear")
"""Methods that change what the next time reads."""


def is_same_each_time(node: ast.For | ast.AsyncFor, body: Sequence[Sequence[ast.AST]]) -> bool:
    """Whether the statements of a loop do the same each time: its body reads neither what it takes nor what it has made
    before, and changes nothing but names. ``body``: the parts of each statement in it."""
    made, changed = set[str](), set[str]()
    for part in chain(ast.walk(node.target), *body):
        match part:
            case ast.Name(name, ast.Store()):
                changed.add(name)
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()) | ast.AugAssign():
                return False
            case ast.Call(ast.Attribute(attr=name)) if name in CHANGING:
                return False
    for statement, parts in zip(node.body, body, strict=True):
        names = [part for part in parts if isinstance(part, ast.Name)]
        if any(isinstance(name.ctx, ast.Load) and name.id in changed - made for name in names):
            return False
        if isinstance(statement, ast.Assign):  # others may not be executed
            made |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
    return True


def is_only_written(node: ast.For | ast.AsyncFor) -> bool:
    """Whether a loop uses the number that it takes only in texts, as the epochs of a training."""
    texts = [
        part
        for part in chain.from_iterable(map(ast.walk, node.body))
        if isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Call) and getattr(part.func, "id", "") == "print")
    ]
    written = {id(name) for text in texts for name in ast.walk(text)}
    parts = chain.from_iterable(map(ast.walk, node.body))
    taken = [part for part in parts if isinstance(part, ast.Name) and part.id == getattr(node.target, "id", "")]
    return isinstance(node.target, ast.Name) and all(id(name) in written for name in taken)


@dataclass(eq=False)
class LoopCalls:
    """What a loop calls in a forward pass: the steps of each layer, and the kinds of layers."""

    recording: Recording
    steps: dict[Layer, list[Step]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)

    def merge(self, start: int, depth: int) -> None:
        """Leave out the steps of one time, from the ``start`` on, that repeat those of the times before, unless one is
        of another layer of the same kind, as in a loop over layers. They have one site more, at the ``depth``."""
        steps = self.recording.steps[start:]
        if not any(step.layer not in self.steps and step.layer.kind in self.kinds for step in steps):
            self.recording.cut(start)
            for step in steps:
                if not any(one.line == step.line and one.may_repeat(step) for one in self.steps.get(step.layer, ())):
                    self.recording.add(changed(step, sites=(*step.sites[:depth], *step.sites[depth + 1 :])))
                else:
                    self.recording.in_loops.add(step.layer)
            steps = self.recording.steps[start:]
        for step in steps:
            self.steps.setdefault(step.layer, []).append(step)
            self.kinds.add(step.layer.kind)


def leaves_loop(body: Sequence[ast.stmt | ast.ExceptHandler | ast.match_case]) -> bool:
    """Whether statements may end a loop, after which their names are still bound."""
    for node in body:
        if isinstance(node, (ast.Break, ast.Continue)):
            return True
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if any(leaves_loop(getattr(node, part, ())) for part in BODIES):
            return True
    return False
