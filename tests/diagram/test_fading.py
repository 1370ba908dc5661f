"""Stepping: tensors that are not computed yet are faint, and nothing else about the picture changes."""

from dataclasses import replace
from functools import cache

import pytest
from geometry import FEW, PROGRAMS, TEACHING
from pairing import in_turn, some

from app.core.axes import Sizes
from app.core.program import Program
from app.diagram.elements import Box, Picture, Shape, Text
from app.diagram.format_names import FORMATS
from app.diagram.painters.plotly import figure
from app.diagram.painters.svg import svg
from app.diagram.scene import Scene
from app.diagram.theme import FAINT, LIGHT
from app.diagram.views.rolled import rolled
from app.diagram.views.unrolled.unrolled import unrolled
from app.diagram.wires import Wire

every_program = pytest.mark.parametrize("name", PROGRAMS)


@cache
def stepped(name: str, t: int) -> dict[str, Picture]:
    """The picture of a step after each of its operations."""
    program = PROGRAMS[name]
    return {tensor.id: at(program, tensor.id, t=t) for tensor in program.step}


def at(
    program: Program, until: str, of: Sizes = TEACHING, t: int = 1, format: str = "page", back: bool = False
) -> Picture:
    return unrolled(Scene(program, of, t, "numbers", format, back, until=until))


def needs(program: Program, id: str) -> set[str]:
    """A tensor and everything in its own step that it is computed from."""
    tensor = program.by_id[id]
    inputs = [i for i in tensor.inputs if program.by_id[i].per_step and tensor.op != "carry"]
    return {id}.union(*(needs(program, i) for i in inputs))


def wires(drawn: Picture, t: int) -> dict[str, set[bool]]:
    """For each tensor of a step, whether its wires are faint."""
    found: dict[str, set[bool]] = {}
    for shape in drawn.shapes:
        if isinstance(shape, Wire) and shape.t == t:
            found.setdefault(shape.tensor, set()).add(shape.faint)
    return found


@every_program
def test_inputs_of_the_current_tensor_are_solid_and_tensors_computed_from_it_are_faint(name: str) -> None:
    program = PROGRAMS[name]
    for until, drawn in stepped(name, 1).items():
        for tensor, faint in wires(drawn, t=1).items():
            assert len(faint) == 1, f"{tensor} is partly faint at {until}"
            if tensor in needs(program, until):
                assert faint == {False}, f"{tensor} is faint although {until} is computed"
            if tensor != until and until in needs(program, tensor):
                assert faint == {True}, f"{tensor} is solid before it can be computed"


def test_the_boxes_of_gates_are_faint_until_their_product_is_computed() -> None:
    computed = set[str]()
    for until, drawn in stepped("lstm", 1).items():
        computed.add(until)
        boxes = [shape.faint for shape in drawn.shapes if isinstance(shape, Box) and shape.t == 1]
        assert boxes == ["a" not in computed] * 4, until


@every_program
def test_the_rolled_cell_fades_like_the_unrolled_one(name: str) -> None:
    for until, picture in some(stepped(name, 1).items(), 3):
        drawn = rolled(Scene(PROGRAMS[name], TEACHING, 1, "numbers", "page", until=until))
        unrolled = wires(picture, t=1)
        for tensor, faint in wires(drawn, t=1).items():
            assert faint == unrolled[tensor]
        assert [s.faint for s in drawn.shapes if isinstance(s, Text) and "time_step" in s.text] == [False]


@pytest.mark.parametrize(("format", "name"), in_turn(FORMATS, PROGRAMS))
def test_earlier_steps_are_solid_and_later_ones_faint(format: str, name: str) -> None:
    program = PROGRAMS[name]
    middle = program.step[len(program.step) // 2].id
    for backward in (False, True):
        for shape in at(program, middle, {**TEACHING, "time_step": 5}, 2, format, backward).shapes:
            if shape.tensor and shape.t is not None and shape.t != 2 and program.by_id[shape.tensor].per_step:
                assert shape.faint == ((shape.t > 2) != backward)


@every_program
def test_the_names_of_last_states_are_faint_until_the_last_step_has_computed_them(name: str) -> None:
    program = PROGRAMS[name]
    for t in (1, 3):
        for until, drawn in stepped(name, t).items():
            for shape in drawn.shapes:
                if isinstance(shape, Text) and shape.sub == "T":
                    state = program.by_id[shape.text]
                    is_computed = t == 3 and until in {o.id for o in program.step[program.step.index(state) :]}
                    assert shape.faint == (not is_computed), (t, until, shape.text)


@every_program
def test_each_operation_leaves_fewer_faint_shapes(name: str) -> None:
    faint = [sum(s.faint for s in drawn.shapes) for drawn in stepped(name, 3).values()]
    assert faint == sorted(faint, reverse=True)
    assert faint[0] > faint[-1] == 0


@pytest.mark.parametrize(("of", "name"), in_turn(FEW, PROGRAMS))
def test_only_faintness_changes(of: Sizes, name: str) -> None:
    program, t = PROGRAMS[name], of["time_step"] // 2

    def plain(drawn: Picture) -> list[Shape]:
        return [replace(shape, faint=False) for shape in drawn.shapes]

    for until in (program.step[0].id, program.step[-1].id):
        assert plain(at(program, until, of, t)) == list(unrolled(Scene(program, of, t, "numbers", "page")).shapes)


def test_both_painters_draw_faint_shapes_faintly() -> None:
    program = PROGRAMS["lstm"]
    drawn = at(program, "i")
    assert svg(drawn, LIGHT).count(f'<g opacity="{FAINT}">') == sum(shape.faint for shape in drawn.shapes)

    plotly_figure = figure(drawn, LIGHT)
    opacities = {shape["name"]: shape.get("opacity", 1) for shape in plotly_figure["layout"]["shapes"]}
    assert {name.endswith(" faint"): opacity for name, opacity in opacities.items()} == {True: FAINT, False: 1}
    assert any(str(FAINT) in colour for colour in plotly_figure["data"][0]["textfont"]["color"])
