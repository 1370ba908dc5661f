"""The page finds the layers of the files that the real frameworks write, with their names and sizes."""

import re
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from model_files_of import BY_FRAMEWORK
from node_reader import read, recurrent
from programs_of import runnable, source

from app.core.model.text import chain_text
from app.reading.code.layers_in_order import read as read_code
from app.url_state_to_picture.model.read_model import read_chain


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    names = metafunc.config.getoption("--frameworks").split(",")
    metafunc.parametrize("framework", [name for name in names if name in BY_FRAMEWORK])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("half", (0, 1))  # for two workers, since the frameworks write slowly
def test_the_layers_of_real_files_are_found(framework: str, half: int, tmp_path: Path) -> None:
    files = list(BY_FRAMEWORK[framework]())[half::2]
    for file in files:
        file.write(tmp_path / file.name)

    found = read(tmp_path / file.name for file in files)

    layers = [[tuple(layer.values()) for layer in recurrent(one)] if "layers" in one else one for one in found]
    assert dict(zip([file.name for file in files], layers, strict=True)) == {file.name: file.layers for file in files}
    chains = [re.sub(r",(gemm|matmul)\b", "", one["text"]) for one in found]  # exporters choose between both
    assert chains == [file.text for file in files]


SAVED = (
    "bidirectional-imdb",
    "functions-and-loop",
    "imdb",
    "list-of-layers",
    "masked-simple-rnn",
    "multivariate-pollution",
    "ner",
    "new-helpers-at-module-level",
    "new-hyper-tuned",
    "shared-encoder",
    "stateful",
    "two-inputs",
)
"""Programs of tests/reading of which both the code and the file say everything."""


@pytest.mark.filterwarnings("ignore")
def test_the_chain_of_a_saved_model_is_that_of_its_code(framework: str, tmp_path: Path) -> None:
    if framework != "keras":
        pytest.skip("the programs are written for Keras 3")
    import keras

    expected = []
    files = [tmp_path / f"{name}.keras" for name in SAVED]
    for file in files:
        names: dict[str, Any] = {"__name__": file.stem}
        exec(runnable(f"keras-{file.stem}"), names)
        [*_, model] = (value for value in names.values() if isinstance(value, keras.Model) and value.built)
        model.save(file)
        expected.append(chain_text(read_chain(read_code(source(f"keras-{file.stem}")).models[-1], 2000).chain))

    # code does not name what joins several tensors, shows each call of a layer of which a file has only the number, and
    # has no further outputs
    found = [re.sub(r",runs=2\b|\.output\(1\)$", "", one["text"]) for one in read(files)]
    once = [re.sub(r"\.elsewhere\(\d+\)(\.\w+\([^()]*,params=0\))+", "", text) for text in expected]
    assert [re.sub(r"\b(concatenate|add)\b", "other", text) for text in found] == once


@pytest.mark.filterwarnings("ignore")
def test_convolutions_and_poolings_have_the_shapes_that_keras_says(framework: str, tmp_path: Path) -> None:
    """In one to three dimensions, with random kernels, strides, dilations and paddings."""
    if framework != "keras":
        pytest.skip("the layers are those of Keras")
    from keras import Sequential, layers

    random = Random(3)
    expected = []
    for case in range(24):
        n = 1 + case % 3
        padding = random.choice(["valid", "same"])
        strides = tuple(random.choice((1, 2, 3)) for _ in range(n))
        dilation = 1 if max(strides) > 1 else random.choice((1, 2))
        kernel = tuple(random.choice((1, 2, 3)) for _ in range(n))
        kinds = [
            f"Conv{n}D",
            f"Conv{n}DTranspose",
            *(f"{kind}Conv{n}D" for kind in ("Separable", "Depthwise") if n < 3),
        ]
        kind = kinds[case // 3 % len(kinds)]
        windows_of = getattr(layers, kind)
        convolution = windows_of if kind.startswith("Depthwise") else partial(windows_of, 5)
        many = {"depth_multiplier": 2} if kind.startswith(("Depthwise", "Separable")) else {}
        pooling = getattr(layers, f"{random.choice(('Max', 'Average'))}Pooling{n}D")
        windows = [
            convolution(kernel, strides, padding, dilation_rate=dilation, use_bias=random.random() < 0.5, **many),
            pooling(kernel, random.choice((None, strides)), padding),
        ]
        if case % 4 == 0:
            windows.append(getattr(layers, f"GlobalMaxPooling{n}D")(keepdims=True))
        sizes = tuple(random.randint(11, 17) for _ in range(n))
        model = Sequential([layers.Input((*sizes, 4)), *windows, layers.Reshape((-1, 1)), layers.LSTM(3)])
        model.save(tmp_path / f"{case}.keras")
        count, *_ = (layer.count_params() for layer in windows)
        shapes = [list(layer.output.shape[1:]) for layer in windows]
        expected.append(list(zip(shapes, [count, None, None], strict=False)))

    files = [tmp_path / f"{case}.keras" for case in range(24)]
    found = [
        [
            (one["axes"], one["config"].get("parameters"))
            for one in model["layers"]
            if one["kind"] in ("convolution", "pooling")
        ]
        for model in read(files)
    ]
    assert found == expected
    assert all(not model["unknown"] for model in read(files))


@pytest.mark.filterwarnings("ignore")
def test_recurrent_layers_that_convolve_have_the_shapes_that_keras_says(framework: str, tmp_path: Path) -> None:
    """In one and two dimensions, with random kernels, strides and paddings, in one or both directions."""
    if framework != "keras":
        pytest.skip("the layers are those of Keras")
    from keras import Sequential, layers

    random, expected, files = Random(5), [], [tmp_path / f"{case}.{('keras', 'h5')[case % 2]}" for case in range(16)]
    for case, file in enumerate(files):
        n, every_step = 1 + case // 2 % 2, random.random() < 0.5
        strides, kernel = (tuple(random.choice((1, 2)) for _ in range(n)) for _ in range(2))
        padding, merge_mode = random.choice(["valid", "same"]), random.choice([None, "concat", "sum", "ave"])
        of_kind = getattr(layers, f"ConvLSTM{n}D")
        one = of_kind(5, kernel, strides, padding, return_sequences=every_step, use_bias=random.random() < 0.5)
        sizes = tuple(random.randint(11, 17) for _ in range(n))
        top = layers.Bidirectional(one, merge_mode=merge_mode) if merge_mode else one
        model = Sequential([layers.Input((3, *sizes, 4)), top])
        model.save(file)
        axes = ",".join(map(str, top.output.shape[1:]))
        expected.append(f"conv_lstm({axes}{',bi' if merge_mode else ''},params={top.count_params()})")

    assert [found["text"].split(".", 1)[1] for found in read(files)] == expected


@pytest.mark.filterwarnings("ignore")
def test_the_states_that_a_program_returns_are_named_by_their_layer(framework: str, tmp_path: Path) -> None:
    if framework != "pytorch":
        pytest.skip("other formats have names of their own for what a model returns")
    import torch

    class Remembering(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.memory, self.head = torch.nn.LSTM(3, 4, 2, batch_first=True), torch.nn.Linear(4, 1)

        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            y, (h, c) = self.memory(x)
            return c, h, self.head(y)

    module, x = Remembering().eval(), torch.zeros(5, 7, 3)
    torch.jit.script(module).save(str(tmp_path / "scripted.pt"))
    torch.jit.trace(module, x).save(str(tmp_path / "traced.pt"))
    torch.export.save(torch.export.export(module, (x,)), str(tmp_path / "exported.pt2"))

    *code, graph = read(tmp_path / name for name in ("scripted.pt", "traced.pt", "exported.pt2"))

    c, h, _ = module(x)
    assert graph["outputs"] == [["memory", list(c.shape), "c"], ["memory", list(h.shape), "h"]]
    assert [[(name, state) for name, _, state in one["outputs"]] for one in code] == [
        [("memory", "c"), ("memory", "h")]
    ] * 2
    assert graph["text"].endswith(".output.output"), "the batch is no first axis of theirs"
