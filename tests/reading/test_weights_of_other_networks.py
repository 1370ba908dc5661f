"""Weights of another network beside a recurrent one: their sizes fit none of its layers.

PyTorch 2 and Keras 3 raised the messages for the networks that the lines call.
"""

import pytest
from pasted_programs import TORCH, traceback

from app.reading.errors.explanation import NotFoundError, explain

RECURRENT = (
    "reader = nn.GRU(7, 24, batch_first=True)\nhead = nn.Linear({features}, 5)\nwords = nn.Embedding(90, {columns})\n"
)
KERAS = (
    "import keras\nfrom keras import layers\nmodel = keras.Sequential([layers.Embedding(700, 28), layers.GRU(24)])\n"
)
SHAPES = (
    "copying a param with shape torch.Size([40, {n}]) from checkpoint, the shape in current model is"
    " torch.Size([6, {n}])."
)


def loading(name: str, columns: int) -> str:
    error = f"RuntimeError: Error(s) in loading state_dict for Faces:\n\tsize mismatch for {name}.weight: "
    return traceback(["faces.load_state_dict(stored)"], error + SHAPES.format(n=columns))


@pytest.mark.parametrize(("name", "columns"), [("head", 384), ("words", 96)])
def test_a_checkpoint_of_another_network_is_not_about_the_recurrent_one(name: str, columns: int) -> None:
    with pytest.raises(NotFoundError) as error:
        explain(f"{TORCH}{RECURRENT.format(features=24, columns=7)}{loading(name, columns)}")

    assert "not recurrent" in str(error.value.sentence)


@pytest.mark.parametrize("features", [24, 48, 384])
def test_the_layer_after_a_recurrent_one_may_have_other_outputs(features: int) -> None:
    text = f"{TORCH}{RECURRENT.format(features=features, columns=7)}{loading('head', features)}"

    assert explain(text).mismatch.tensor == "dense_kernel"


def test_the_embedding_before_a_recurrent_layer_may_have_other_words() -> None:
    text = f"{TORCH}{RECURRENT.format(features=24, columns=96)}{loading('words', 96)}"

    assert explain(text).mismatch.first_cause == "checkpoint_vocabulary"


@pytest.mark.parametrize(
    "error",
    [
        "Layer sequential weight shape (384, 6) is not compatible with provided weight shape (384, 40).",
        "Layer weight shape (384, 6) not compatible with provided weight shape (384, 40)",
        "Layer weight shape (6,) not compatible with provided weight shape (40,)",
        "You called `set_weights(weights)` on layer 'dense' with a weight list of length 0, but the layer was expecting"
        " 2 weights.",
        "Shape mismatch in layer #0 (named words) for weight words/embeddings. Weight expects shape (6, 96). Received"
        " saved weight with shape (40, 96)",
    ],
)
def test_weights_of_another_network_of_keras_are_not_about_the_recurrent_layer(error: str) -> None:
    with pytest.raises(NotFoundError):
        explain(f"{KERAS}{traceback(['faces.set_weights(stored)'], f'ValueError: {error}')}")


@pytest.mark.parametrize(
    "layer", ["Layer weight shape (28, 72) not", "Layer gru_3 weight shape (28, 105) is not"], ids=["gates", "name"]
)
def test_weights_with_the_gates_or_the_name_of_a_recurrent_layer_are_about_it(layer: str) -> None:
    error = f"{layer} compatible with provided weight shape (28, 90)"
    text = f"{KERAS}{traceback(['model.set_weights(stored)'], f'ValueError: {error}')}"

    assert explain(text).mismatch.tensor == "kernel"
