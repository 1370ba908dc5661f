"""Whole texts as people paste them: a program with its error, a traceback alone, or a message with a sentence.

PyTorch 2.13, Keras 3.15, NumPy 2.4 and JAX 0.10 raised these errors. What is wrong in each program was written down
before the text was read.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from app.reading.errors.explanation import NotFoundError, explain

TEXTS: dict[str, Any] = json.loads(Path(__file__).with_name("whole_texts.json").read_text("utf-8"))


@pytest.mark.parametrize("name", TEXTS["errors"])
def test_a_whole_text_is_explained(name: str) -> None:
    true = TEXTS["errors"][name]
    said = explain(true["text"]).mismatch

    assert (said.tensor, said.axis, said.first_cause) == (true["tensor"], true["axis"], true["cause"])


def test_no_text_about_something_else_is_explained() -> None:
    """Nor one in which nothing says that the network is recurrent."""
    taken = []
    for text in TEXTS["others"]:
        try:
            taken.append((explain(text).message, text[-200:]))
        except NotFoundError:
            continue

    assert taken == []
    assert len(TEXTS["others"]) >= 50
