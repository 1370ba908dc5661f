"""The size of a picture is known before it is drawn."""

import pytest
from pairing import paired

from app.core.cells import CELLS
from app.diagram.format_names import FORMATS
from app.diagram.shape_labels import LABELS
from app.diagram.views import VIEWS
from app.url_state.parsing import parse
from app.url_state_to_picture.picture_of_state import picture_of, size_of


@pytest.mark.parametrize(
    ("view", "format", "labels", "cell", "time_step", "arrays"),
    paired(VIEWS, FORMATS, LABELS, CELLS, ("1", "4", "50"), ("true", "false")),
)
def test_it_is_that_of_the_drawn_picture(
    view: str, format: str, labels: str, cell: str, time_step: str, arrays: str
) -> None:
    fields = {"view": view, "labels": labels, "cell": cell, "arrays": arrays}
    if view != "training":  # whose task sets it
        fields["time_step"] = time_step
    of = parse([*fields.items(), ("num_layers", "2")], strict=True)

    picture = picture_of(of, format)
    assert size_of(of, format) == (picture.width, picture.height)
    assert (picture == picture_of(of, format, arrays=False)) or arrays == "true"
