"""``Picture`` of app/notebook/picture.py: its representations in a notebook."""

import pytest
from app_client import TestClient

from app.main import create_app
from app.notebook.picture import Picture

FIELDS: list[dict[str, str | int | bool]] = [
    {},
    {"num_units": 7, "framework": "pytorch", "bidirectional": True},
    {"cell": "gru", "view": "units", "theme": "dark", "lang": "es"},
]


@pytest.mark.parametrize("fields", FIELDS)
def test_a_picture_in_jupyter_equals_that_of_its_link(fields: dict[str, str | int | bool]) -> None:
    picture, client = Picture(**fields), TestClient(create_app())

    image = client.get(f"/diagram.svg{picture.query}").text
    tensors = client.get(f"/trace.json{picture.query}").json()["tensors"]
    assert picture._repr_svg_() == image
    assert image in picture._repr_html_()
    assert picture.shapes == {t["id"]: tuple(t["shape"]) for t in tensors}


def test_invalid_fields_raise_an_error_in_jupyter() -> None:
    for fields in ({"num_units": 0}, {"units": 7}, {"tensor": "q"}):
        with pytest.raises(ValueError, match=next(iter(fields))):
            Picture(**fields)


def test_a_title_is_escaped_in_jupyter() -> None:
    assert "<b>" not in Picture(title="<b>x")._repr_html_()
    assert repr(Picture(title="Homework")).startswith("Picture(Homework: One LSTM cell")
