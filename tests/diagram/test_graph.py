"""Every wire has its source and its target, in agreement with the program."""

from functools import cache
from itertools import product

import pytest
from geometry import PROGRAMS, TEACHING, area, distance, inputs_of, operations_of, wires_of
from pairing import ALL_COMBINATIONS

from app.core.program import Program
from app.diagram.elements import Box, Ellipse, Funnel, Picture
from app.diagram.format_names import FORMATS
from app.diagram.graph import Node, Port
from app.diagram.scene import Scene
from app.diagram.views import VIEWS
from app.diagram.wires import Wire

GRAPHS = ("unrolled", "rolled", "gradients", "units", "batch")
"""The views whose wires carry tensors from operation to operation, or from step to step."""

NEAR = 3.0

every_program = pytest.mark.parametrize("name", PROGRAMS)


@cache
def drawn(name: str) -> list[tuple[str, bool, Picture]]:
    """Pictures of a program in every view and every format, at step 4 of 9, in each direction of time."""
    of, turn = {**TEACHING, "time_step": 9}, [*PROGRAMS].index(name)
    looks = [
        (FORMATS[(turn + n) % len(FORMATS)], view, backward)
        for n, view in enumerate(GRAPHS)
        for backward in (False, True)
    ]
    if ALL_COMBINATIONS:
        looks = [*product(FORMATS, GRAPHS, (False, True))]
    return [
        (view, backward, VIEWS[view](Scene(PROGRAMS[name], of, 4, "numbers", format, backward)))
        for format, view, backward in looks
    ]


def ends(view: str, wire: Wire) -> tuple[Node, Node]:
    """The source and the target of the tensor of a wire; gradients run in the opposite direction."""
    assert wire.source and wire.target
    return (wire.target, wire.source) if view == "gradients" else (wire.source, wire.target)


def bodies(picture: Picture) -> list[Box | Ellipse | Funnel]:
    return [s for s in picture.shapes if isinstance(s, Box | Ellipse | Funnel)]


@every_program
def test_the_tensor_of_a_wire_is_computed_at_its_source_and_used_at_its_target(name: str) -> None:
    program = PROGRAMS[name]
    for view, _, picture in drawn(name):
        inputs = {(o.tensor, o.t): inputs_of(program, o) for o in operations_of(picture) if o.tensor in program.by_id}
        for wire in wires_of(picture):
            source, target = ends(view, wire)
            assert is_computed_at(program, wire.tensor, source), (view, wire)
            assert is_used_at(program, wire.tensor, target, inputs), (view, wire)


def is_computed_at(program: Program, tensor: str, at: Node) -> bool:
    t = program.by_id[tensor]
    match at.kind:
        case "operation":  # a layer includes its function
            return at.tensor == tensor or (t.op in ("sigmoid", "tanh", "relu") and t.inputs == (at.tensor,))
        case "join":
            return at.tensor == tensor and t.op == "concat"
        case "vector":
            return at.tensor == tensor
        case "entry":
            return at.tensor == tensor and t.op in ("step", "carry")
        case "exit":  # a state that leaves a step enters the next one
            return at.tensor in (*program.cell.states, program.cell.output) and at.tensor in (tensor, *t.inputs)
        case "outside":
            return t.op == "carry"


def is_used_at(program: Program, tensor: str, at: Node, inputs: dict[tuple[str, int | None], set[str]]) -> bool:
    used = tensor in program.by_id[at.tensor].inputs
    match at.kind:
        case "operation":
            return tensor in inputs[at.tensor, at.t]
        case "join":
            return used
        case "entry":
            return at.tensor == tensor or (used and program.by_id[at.tensor].op == "carry")
        case "vector" | "exit" | "outside":
            return at.tensor in (tensor, *program.by_id[tensor].inputs)


@every_program
def test_every_input_of_an_operation_has_a_wire_to_it(name: str) -> None:
    for view, _, picture in drawn(name):
        if view == "batch":
            continue  # no operations are drawn
        arrives: dict[Node, set[str]] = {}
        for wire in wires_of(picture):
            arrives.setdefault(ends(view, wire)[1], set()).add(wire.tensor)
        for operation in operations_of(picture):
            node = Node("operation", operation.tensor, operation.t)
            assert arrives[node] == inputs_of(PROGRAMS[name], operation), (view, node)


@every_program
def test_the_nodes_of_wires_are_in_the_picture_and_touched_by_a_wire(name: str) -> None:
    for view, _, picture in drawn(name):
        near = picture.thicker**2
        touched = {
            node
            for wire in wires_of(picture)
            for node, point in ((wire.source, wire.points[0]), (wire.target, wire.points[-1]))
            for body in bodies(picture)
            if node and is_drawn_as(node, body) and distance(point, area(body)) <= near * reach(view, node)
        }
        named = {node for wire in wires_of(picture) for node in (wire.source, wire.target) if node}
        assert {node for node in named if node.kind not in ("join", "outside")} <= touched, view


def reach(view: str, node: Node) -> float:
    """The largest distance of the end of a wire from its shape. In the units it ends at the small circle of its
    number."""
    return 8.0 if view == "units" or node.kind == "vector" else NEAR


def is_drawn_as(node: Node, body: Box | Ellipse | Funnel) -> bool:
    match node.kind:
        case "operation":
            return body.role in ("layer", "pointwise", "view") and (body.tensor, body.t) == (node.tensor, node.t)
        case "vector":
            return body.role in ("x", "h", "proj", "view") and body.tensor in ("", node.tensor)
        case _:
            return body.role in ("cell", "here", "slab")


@every_program
def test_a_state_goes_from_a_step_to_the_next_computed_one(name: str) -> None:
    for view, backward, picture in drawn(name):
        steps = {
            (s.t, e.t) for s, e in (ends(view, w) for w in wires_of(picture)) if (s.kind, e.kind) == ("exit", "entry")
        }
        following = {(t, t - 1 if backward else t + 1) for t in range(9)}
        assert steps <= ({(4, 4)} if view == "rolled" else following), view


def test_a_wire_has_an_arrow_head_only_where_it_ends() -> None:
    operation, join = (Port(Node(kind, "h", 0), 0, 0) for kind in ("operation", "join"))
    assert [port.is_end for port in (operation, operation.on(1, 1), join)] == [True, False, False]
