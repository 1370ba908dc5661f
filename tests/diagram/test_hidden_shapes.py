"""A picture with hidden shapes: no label reveals one, and nothing else is missing."""

import pytest
from pairing import paired

from app.core.axes import axes
from app.core.cells import CELLS
from app.core.program import capture
from app.diagram.elements import Label, Picture, Text
from app.diagram.format_names import FORMATS
from app.diagram.scene import Scene
from app.diagram.shape_labels import shape_line
from app.diagram.text_spans import Line, TextSpan
from app.diagram.transforms.relabeling import without_shapes
from app.diagram.views import VIEWS

SIZES = {"batch_size": 211, "time_step": 223, "features": 227, "num_units": 229}


@pytest.mark.parametrize(
    ("cell", "view", "format"), paired(CELLS, ("unrolled", "rolled", "units", "gradients", "batch"), FORMATS)
)
def test_no_label_shows_a_size(cell: str, view: str, format: str) -> None:
    shown = VIEWS[view](Scene(capture(CELLS[cell]), SIZES, 2, "numbers", format))
    hidden = without_shapes(shown)
    labels = [shape for shape in hidden.shapes if isinstance(shape, Label)]

    assert labels
    assert not [span for label in labels for line in label.lines for span in line if span.role in SIZES]
    assert not [span.text for label in labels for line in label.lines for span in line if "×" in span.text]
    assert [type(shape) for shape in hidden.shapes] == [type(shape) for shape in shown.shapes]


def test_framework_axes_and_slice_ends_are_hidden_but_array_names_are_not() -> None:
    name = TextSpan("B[0, :916]", "ink")
    sizes = {**SIZES, "num_layers": 3}
    of = axes("num_layers, num_units")
    lines: list[Line] = [
        shape_line(of, sizes),
        shape_line(of, sizes, lambda name, _: name),
        (name, TextSpan("  ", "muted"), *shape_line(of, sizes)),
    ]
    hidden = without_shapes(Picture(1, 1, tuple(Label(0, 0, (line,), 12) for line in lines), ""))

    labels = [shape for shape in hidden.shapes if isinstance(shape, Label)]
    assert ["".join(span.text for span in label.lines[0]) for label in labels] == ["?", "?", "B[0, :?]  ?"]


def test_letters_and_names_are_not_hidden() -> None:
    shown = VIEWS["batch"](Scene(capture(CELLS["lstm"]), SIZES, 2, "numbers", "page"))
    texts = [[s.text for s in p.shapes if isinstance(s, Text)] for p in (shown, without_shapes(shown))]
    assert texts[0] == texts[1]
