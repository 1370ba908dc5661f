"""Programs in the manner of public code are read as the real frameworks run them. Their chains were recorded by the
oracles."""

from collections.abc import Sequence

import pytest
from programs_of import Call, names, recorded, source

from app.core.model.shapes import numbers
from app.reading.code.layers_in_order import read
from app.reading.code.reading_result import Reading, ReadLayer
from app.reading.code.values import ANY, Axes
from app.url_state.fields.input_fields import MAX_TEXT_LENGTH
from app.url_state_to_picture.model.read_model import read_chain

INCOMPLETE: dict[str, str] = {}
"""Programs of which some layers are not read, but listed as unknown lines, and why."""


def agree(read_axes: Axes, real: Sequence[int | None]) -> bool:
    """Whether axes that were read do not contradict the real ones. A name or None may be any size."""
    if read_axes[:1] == (ANY,):
        read_axes = read_axes[1:]
        real = real[len(real) - len(read_axes) :]
    pairs = zip(read_axes, real, strict=False)
    return len(read_axes) == len(real) and all(not isinstance(a, int) or b in (a, None) for a, b in pairs)


def is_call(layer: ReadLayer, call: Call) -> bool:
    return layer.kind in (call.kind, "other") and agree(layer.input, call.input) and agree(layer.output, call.output)


def missing(chain: Reading, calls: Sequence[Call]) -> list[Call]:
    """The calls that were not read. Every layer that was read is a call, in the order of the forward pass."""
    left = list(calls)
    found = []
    for layer in chain.layers:
        n = next((n for n, call in enumerate(left) if is_call(layer, call)), None)
        assert n is not None, f"{layer} is not what ran: {left}"
        found += left[:n]
        left = left[n + 1 :]
    return found + left


@pytest.mark.parametrize("name", names())
def test_the_chain_is_that_of_the_real_framework(name: str) -> None:
    chain = read(source(name))
    calls = missing(chain, recorded()[name])

    assert bool(calls) == (name in INCOMPLETE), "all layers are read, or it is said why not"
    assert chain.unknown or not calls, "what is not read is listed"


@pytest.mark.parametrize("name", names())
def test_a_chain_claims_no_size_that_is_not_read(name: str) -> None:
    """Every program runs, so that every layer of its chain fits. What a layer without own sizes returns, the next one
    says."""
    for layers in read(source(name)).models:
        found = read_chain(layers, MAX_TEXT_LENGTH)
        passed = list(found.chain.passed(None, None, time_major=found.framework == "pytorch" and not found.batch_first))
        own = [(one, read) for one, read in zip(passed, found.reads, strict=True) if read and read.line is not None]

        assert not [one for one in passed if one.misfit]
        assert len(own) == len(layers)
        for (one, layer), after in zip(own, [*layers[1:], None], strict=True):
            said_after = after.input if after and layer.output == (ANY,) else ()
            several = int(layer.config.get("num_layers") or 1) * (1 + bool(layer.config.get("bidirectional")))
            states = several, layer.config.get("num_units")
            output = states if layer.states_only else layer.output
            for shape, axes in ((one.input, layer.input), (one.output, output)):
                claimed = [size for size in numbers(shape) if isinstance(size, int)]
                assert [size for size in (*axes, *said_after) if size in claimed][
                    -len(claimed) :
                ] == claimed or not claimed, layer


def test_there_are_programs_in_every_manner() -> None:
    assert len(names()) >= 60
    assert {*recorded()} == {*names()}
    assert all(len(names(framework)) >= 9 for framework in ("pytorch", "keras", "tf1"))


def test_most_sizes_are_known() -> None:
    """Of the last axes, the sizes that layers are made with."""
    last = [layer.output[-1] for name in names() for layer in read(source(name)).layers]

    assert sum(isinstance(size, int) for size in last) > 0.85 * len(last)
