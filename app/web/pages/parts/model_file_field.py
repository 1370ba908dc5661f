"""The place on a page where model files are chosen, which scripts read in the browser."""

from functools import cache
from typing import Any

from ....frameworks import FRAMEWORKS
from ....reading.pasted_text_limits import MAX_SOURCE_BYTES
from ....url_state.field_types import BoundedInteger
from ....url_state.fields import FIELDS
from ....url_state.fields.input_fields import MAX_TEXT_LENGTH

ENDINGS = (".keras", ".h5", ".safetensors", ".onnx", ".pt", ".pth", ".ckpt", ".pt2", ".tflite", ".npz")
"""The usual endings of the files that scripts read; they tell formats by the bytes of a file."""


@cache
def model_file_field() -> dict[str, Any]:
    """The context of templates/parts/model_file_field.html: the endings of files, the most bytes of source code, and
    what scripts need to link the layers of a file: the cells of each framework by kind of layer, and of layers with a
    setting; the largest value of each size; the length of the text of a model."""
    known = {
        "cells": {id: dict(framework.default_cells) for id, framework in FRAMEWORKS.items()},
        "variants": {"peepholes": "lstm_peephole", "reset_after": "gru_reset_after"},
        "highest": {name: field.high for name, field in FIELDS.items() if isinstance(field, BoundedInteger)},
        "longest": MAX_TEXT_LENGTH,
    }
    return {"endings": ENDINGS, "most_bytes": MAX_SOURCE_BYTES, "known_to_files": known}
