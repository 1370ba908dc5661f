"""The text of a chain that the page writes is that of app/core/model/text.py."""

import json
import subprocess
from pathlib import Path
from random import Random
from typing import Any

from node_reader import NODE

from app.core.model.chain import Chain
from app.core.model.layer import KINDS, MERGES, WITH_OTHER_ARGUMENTS, AxisSize, Layer
from app.core.model.text import chain_text


def a_size(random: Random) -> int | None:
    return random.choice((None, 1, 7, 4096, 2**31 - 1))


def a_layer(random: Random, is_first: bool) -> Layer:
    kind = random.choice(list(KINDS))
    axes: tuple[AxisSize, ...] = tuple(random.choice(("t", None, 1, 64)) for _ in range(random.randint(1, 4)))
    count = random.choice((None, 0, 57696)) if kind in WITH_OTHER_ARGUMENTS else None
    match KINDS[kind]:
        case "axes":
            return Layer(kind, axes=random.choice((None, axes)), parameters=count)
        case "transpose":
            return Layer(kind, order=random.choice(((), (2, 1), (1, 3, 2))))
        case "same" | "flatten" | "step":
            return Layer(kind, parameters=count)
        case "embedding":
            return Layer(kind, a_size(random), a_size(random))
        case "repeat":
            return Layer(kind, None, a_size(random))
    features = a_size(random) if is_first else None
    bias = random.choice((True, True, False, None))
    if KINDS[kind] != "recurrent":
        return Layer(kind, features, a_size(random), bias=bias)
    both = random.random() < 0.5
    return Layer(
        kind,
        features,
        a_size(random),
        bidirectional=both,
        merge_mode=random.choice(MERGES) if both else MERGES[0],
        every_step=random.random() < 0.5,
        go_backwards=random.random() < 0.3,
        reset_after=random.choice((None, False, True)) if kind == "gru" else None,
        bias=bias,
        num_layers=random.choice((1, 2, 9)),
        num_proj=random.choice((0, 3)) if kind == "lstm" else 0,
    )


def found(layer: Layer) -> dict[str, Any]:
    """The layer as a reader of files gives it."""
    names = ("features", "num_units", "bidirectional", "merge_mode", "go_backwards", "reset_after", "bias")
    config = {name: getattr(layer, name) for name in (*names, "num_layers", "num_proj")}
    config["return_sequences"] = layer.every_step
    config |= {"order": layer.order}
    config |= {} if layer.parameters is None else {"parameters": layer.parameters}
    return {"name": "", "kind": layer.kind, "framework": "onnx", "config": config, "axes": layer.axes, "follows": True}


def test_both_write_the_same_text() -> None:
    random = Random(7)
    chains = []
    for _ in range(200):
        layers = tuple(a_layer(random, n == 0) for n in range(random.randint(1, 6)))
        chains.append(Chain(layers, random.choice((None, ("t", 10), (None, 3, 4)))))
    given = [{"layers": [found(one) for one in chain.layers], "input": chain.input} for chain in chains]

    run = subprocess.run(
        [NODE, Path(__file__).with_name("model_texts.js")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(run.stdout) == [chain_text(chain) for chain in chains]
