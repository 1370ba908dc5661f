"""Chains as short texts: ``rnn: lstm ? ? 28 -> ? ? 64``."""

from textwrap import dedent

from app.reading.code.layers_in_order import read
from app.reading.code.values import Axes


def layers(source: str) -> list[str]:
    """The layers of a source: name, kind, axes of input and output, with ``?`` for an unknown size."""
    found = read(dedent(source)).layers

    return [f"{layer.name or '-'}: {layer.kind} {axes(layer.input)} -> {axes(layer.output)}" for layer in found]


def axes(of: Axes) -> str:
    return " ".join("?" if size is None else str(size) for size in of)


def unknown(source: str) -> list[str]:
    """The lines that were not understood."""
    return [line.text for line in read(dedent(source)).unknown]


def config(source: str, *names: str) -> list[object]:
    """Some settings of the first layer that has them."""
    found = read(dedent(source)).layers

    return next([layer.config[name] for name in names] for layer in found if set(names) <= {*layer.config})
