"""The picture on the screen of a lecture hall: no shape is lower than 28 pixels."""

import pytest
from geometry import collisions, cut

from app.diagram.shapes import Ellipse, Label, Picture, Text
from app.query.parsing import parse
from app.query.picture import picture_of

PLACE = 1384, 818
"""The part of a screen of 1920 × 1080 that the picture fills."""

MNIST = {"batch_size": "128", "time_step": "28", "features": "28", "num_units": "128"}


def sizes_of_shapes(picture: Picture) -> list[float]:
    """The sizes of type of all shapes, as on the screen."""
    scale = min(PLACE[0] / picture.width, PLACE[1] / picture.height)
    return [scale * s.size for s in picture.shapes if isinstance(s, Label)]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"t": "0"},
        {"t": "3"},
        {"cell": "gru"},
        {"cell": "gru_reset_after", "framework": "keras"},
        {"cell": "lstm_peephole"},
        {"cell": "lstm_coupled"},
        {"cell": "rnn"},
        MNIST,
        {**MNIST, "cell": "gru"},
        {**MNIST, "t": "27", "framework": "pytorch"},
        {"num_layers": "2", "layer": "1", "framework": "pytorch"},
        {"num_layers": "2", "bidirectional": "true", "layer": "1", "framework": "pytorch"},
        {"batch_size": "1024", "num_units": "8192", "features": "4096"},
    ],
    ids=str,
)
def test_every_shape_is_at_least_28_pixels_high(query: dict[str, str]) -> None:
    picture = picture_of(parse(query.items(), strict=True), "hall", arrays=False)
    assert min(sizes_of_shapes(picture)) >= 27.99
    assert not collisions(picture)
    assert not cut(picture)
    circles = [s for s in picture.shapes if isinstance(s, Ellipse) and s.role in "xh"]
    names = [s.size for s in picture.shapes if isinstance(s, Text) and (s.x, s.y) in {(c.x, c.y) for c in circles}]
    assert min(names) >= 12
