"""Every wire knows what it comes from and what it leads to, as the program has it."""

import pytest
from geometry import PROGRAMS, TEACHING, area, distance, operations_of, taken_by, wires_of
from pairing import paired

from app.core.program import Program
from app.diagram.graph import Node, Port
from app.diagram.scene import FORMATS, Scene
from app.diagram.shapes import Box, Ellipse, Funnel, Picture
from app.diagram.views import VIEWS
from app.diagram.wires import Wire

GRAPHS = ("unrolled", "rolled", "gradients", "units", "batch")
"""The views whose wires carry tensors from operation to operation, or from step to step."""

NEAR = 3.0

every_graph = pytest.mark.parametrize(("name", "format", "view"), paired(PROGRAMS, FORMATS, GRAPHS))


def drawn(view: str, name: str, format: str, t: int = 2, backward: bool = False) -> Picture:
    return VIEWS[view](Scene(PROGRAMS[name], {**TEACHING, "time_step": 9}, t, "numbers", format, backward))


def ends(view: str, wire: Wire) -> tuple[Node, Node]:
    """What a tensor comes from and what it leads to: gradients run the other way."""
    assert wire.source and wire.target
    return (wire.target, wire.source) if view == "gradients" else (wire.source, wire.target)


def bodies(picture: Picture) -> list[Box | Ellipse | Funnel]:
    return [s for s in picture.shapes if isinstance(s, Box | Ellipse | Funnel)]


@every_graph
def test_a_wire_is_of_a_tensor_that_is_made_at_its_source_and_used_at_its_target(
    name: str, format: str, view: str
) -> None:
    program = PROGRAMS[name]
    for backward in (False, True):
        picture = drawn(view, name, format, backward=backward)
        taken = {(o.tensor, o.t): taken_by(program, o) for o in operations_of(picture) if o.tensor in program.by_id}
        for wire in wires_of(picture):
            source, target = ends(view, wire)
            if program.by_id[wire.tensor].role == "weight":  # from where the weights are kept, to every step
                assert (source.kind, target.kind) == ("vector", "entry"), wire
                continue
            assert is_made(program, wire.tensor, source), wire
            assert is_used(program, wire.tensor, target, taken), wire


def is_made(program: Program, tensor: str, at: Node) -> bool:
    made = program.by_id[tensor]
    match at.kind:
        case "operation":  # a layer ends with its function
            return at.tensor == tensor or (made.op in ("sigmoid", "tanh", "relu") and made.inputs == (at.tensor,))
        case "join":
            return at.tensor == tensor and made.op == "concat"
        case "vector":
            return at.tensor == tensor
        case "entry":
            return at.tensor == tensor and made.op in ("step", "carry")
        case "exit":  # what a step gives is what the next one has from it
            return at.tensor in (*program.cell.states, program.cell.output) and at.tensor in (tensor, *made.inputs)
        case "outside":
            return made.op == "carry"


def is_used(program: Program, tensor: str, at: Node, taken: dict[tuple[str, int | None], set[str]]) -> bool:
    used = tensor in program.by_id[at.tensor].inputs
    match at.kind:
        case "operation":
            return tensor in taken[at.tensor, at.t]
        case "join":
            return used
        case "entry":
            return at.tensor == tensor or (used and program.by_id[at.tensor].op == "carry")
        case "vector" | "exit" | "outside":
            return at.tensor in (tensor, *program.by_id[tensor].inputs)


@every_graph
def test_all_that_an_operation_takes_has_a_wire_that_leads_there(name: str, format: str, view: str) -> None:
    if view == "batch":
        return  # it shows no operations
    picture = drawn(view, name, format)
    arrives: dict[Node, set[str]] = {}
    for wire in wires_of(picture):
        arrives.setdefault(ends(view, wire)[1], set()).add(wire.tensor)
    for operation in operations_of(picture):
        assert arrives[Node("operation", operation.tensor, operation.t)] == taken_by(PROGRAMS[name], operation)


@every_graph
def test_what_a_wire_comes_from_and_leads_to_is_in_the_picture_and_is_touched_by_a_wire(
    name: str, format: str, view: str
) -> None:
    picture = drawn(view, name, format)
    touched = {
        node
        for wire in wires_of(picture)
        for node, point in ((wire.source, wire.points[0]), (wire.target, wire.points[-1]))
        for body in bodies(picture)
        if node and is_drawn_as(node, body) and distance(point, area(body)) <= reach(view, node)
    }
    named = {node for wire in wires_of(picture) for node in (wire.source, wire.target) if node}
    assert {node for node in named if node.kind not in ("join", "outside")} <= touched


def reach(view: str, node: Node) -> float:
    """In the units the wire of a number ends where its own small circle is."""
    return 8.0 if view == "units" or node.kind == "vector" else NEAR


def is_drawn_as(node: Node, body: Box | Ellipse | Funnel) -> bool:
    match node.kind:
        case "operation":
            return body.role in ("layer", "pointwise", "view") and (body.tensor, body.t) == (node.tensor, node.t)
        case "vector":
            return body.role == "layer" or (body.role in ("x", "h", "proj") and body.tensor in ("", node.tensor))
        case _:
            return body.role in ("cell", "slab")


@every_graph
def test_a_state_goes_from_a_step_to_the_one_that_the_cell_takes_next(name: str, format: str, view: str) -> None:
    for backward in (False, True):
        picture = drawn(view, name, format, 4, backward)
        steps = {
            (s.t, e.t) for s, e in (ends(view, w) for w in wires_of(picture)) if (s.kind, e.kind) == ("exit", "entry")
        }
        following = {(t, t - 1 if backward else t + 1) for t in range(9)}
        assert steps <= ({(4, 4)} if view == "rolled" else following)


def test_a_wire_has_a_head_where_it_ends_and_none_where_it_goes_on() -> None:
    operation, join = (Port(Node(kind, "h", 0), 0, 0) for kind in ("operation", "join"))
    assert [port.is_end for port in (operation, operation.on(1, 1), join)] == [True, False, False]
