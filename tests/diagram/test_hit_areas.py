"""Hit areas: every tensor of the step, and every other step."""

from geometry import LSTM, MNIST, TEACHING, every_look, lstm

from app.diagram.elements import Box, Ellipse, Label
from app.diagram.painters.hit_areas import hit_areas
from app.diagram.wires import Wire


@every_look
def test_every_tensor_of_the_step_has_a_hit_area(labels: str, format: str) -> None:
    areas = hit_areas(lstm(TEACHING, 2, labels, format))
    reached = {name for s, _, _ in areas for name in (s.tensor, *s.also)}
    assert reached >= {tensor.id for tensor in LSTM.step}


@every_look
def test_every_other_step_has_a_hit_area(labels: str, format: str) -> None:
    slabs = [s for s, _, _ in hit_areas(lstm(MNIST, 12, labels, format)) if isinstance(s, Box) and s.role == "slab"]
    assert all(s.t is not None and s.t != 12 for s in slabs)
    assert len({s.t for s in slabs}) == len(slabs)


def test_hit_areas_of_wires_are_wide_and_those_of_areas_exact() -> None:
    for s, path, width in hit_areas(lstm(TEACHING)):
        if isinstance(s, Label):
            assert path == s.through() and width >= 14
        else:
            assert isinstance(s, Wire | Box | Ellipse)
            assert path.startswith(s.path) if isinstance(s, Wire) else path == s.path
            assert width >= 14 if isinstance(s, Wire) else width == 0


def test_all_wires_and_labels_of_a_tensor_at_a_step_are_one_hit_area() -> None:
    picture = lstm(TEACHING)
    lines = [(s, path) for s, path, _ in hit_areas(picture) if isinstance(s, Wire)]
    (concat,) = (path for s, path in lines if s.tensor == "concat")
    named = [s for s in picture.shapes if s.tensor == "concat"]
    wires = [s.path for s in named if isinstance(s, Wire)]
    assert concat == "".join((*wires, *(s.through() for s in named if isinstance(s, Label))))
