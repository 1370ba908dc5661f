"""The pictures of errors, as tests read them."""

from app.diagram.elements import Label, Picture
from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain
from app.translations.translator import ENGLISH
from app.url_state_to_picture.error_pictures.error_picture import ErrorPicture, error_picture


def drawn(text: str) -> ErrorPicture:
    explanation = explain(text)
    assert explanation.configuration
    found = error_picture(explanation, explanation.configuration, comparison(explanation), ENGLISH)
    assert found
    return found


def texts(picture: Picture, role: str) -> list[str]:
    labels = [shape for shape in picture.shapes if isinstance(shape, Label)]
    return [span.text for label in labels for line in label.lines for span in line if span.role == role]
