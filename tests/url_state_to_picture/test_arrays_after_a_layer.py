"""An array after a recurrent layer that does not fit is a red wire, if the program says which one is wrong."""

import pytest
from handwritten_cells import PROGRAMS as OWN_CELLS
from networks import PROGRAMS as NETWORKS

from app.diagram.elements import Label, Picture, Polyline
from app.diagram.transforms.wrong_tensor import ERROR
from app.reading.errors.expected_and_given_shape import comparison, completed
from app.reading.errors.explanation import explain
from app.translations.translator import ENGLISH
from app.url_state_to_picture.error_pictures.error_picture import error_picture

BAR = 3.0
"""The width of the bar in which a wire that does not fit ends."""

PROGRAMS = {name: (NETWORKS if name in NETWORKS.stems else OWN_CELLS) for name in (*NETWORKS.stems, *OWN_CELLS.stems)}


def shapes_of(picture: Picture) -> set[str]:
    labels = [one for one in picture.shapes if isinstance(one, Label)]
    said = ["".join(span.text for span in line) for label in labels for line in label.lines]
    return {"".join(one.split()) for one in said}


@pytest.mark.parametrize(
    ("name", "expected", "got", "wire"),
    [
        ("keras-query-of-an-encoder", (None, 13, 44), (None, 21, 44), "?×21×44"),
        ("flax-weights-of-both-directions", (9, 22), (9, 44), "9×44"),
        ("numpy-output-of-both-directions", (None, 24), (None, 48), "?×48"),
    ],
)
def test_what_does_not_fit_is_red_beside_both_shapes(
    name: str, expected: tuple[int | None, ...], got: tuple[int | None, ...], wire: str
) -> None:
    programs = PROGRAMS[name]
    explanation = explain(f"{programs.wrong(name)}\n\n{programs.recorded[name]}")
    network, said = explanation.configuration, comparison(explanation)
    assert network and said
    shapes = completed(said, network, [one.id for one in explanation.mismatch.causes])
    found = error_picture(explanation, network, shapes, ENGLISH)

    assert (shapes.expected, shapes.got) == (expected, got)
    assert found and found.subject == "chain"
    assert [one for one in found.wide.shapes if isinstance(one, Polyline) and one.role == ERROR and one.width != BAR]
    assert wire in shapes_of(found.wide)
