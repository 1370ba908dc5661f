"""What tensors are computed from. tests/oracles compares what ``unrolled.trace`` says with real models."""

import gc

import numpy as np

from app.notebook.tensor_sources import MOST_SOURCES, TensorSources, tensors_in


def test_what_is_computed_from_several_tensors_has_the_sources_of_all() -> None:
    sources, (x, y, z) = TensorSources(), np.zeros((3, 2))
    sources.note(tensors_in([x, {"y": y}]), ("input",))
    sources.note([y], ("layer", "input"))
    sources.follow([x, y], [z])

    assert sources.of(z) == ("input", "layer")


def test_indices_are_no_source_unless_there_is_nothing_else() -> None:
    sources, x, places = TensorSources(), np.zeros(3), np.zeros(3, int)
    both, alone = np.zeros(3), np.zeros(3)
    sources.note([x], ("layer",))
    sources.note([places], ("input",))
    for given, returned in (([x, places], both), ([places], alone)):
        sources.follow(given, [returned], lambda tensor: tensor.dtype.kind == "f")

    assert (sources.of(both), sources.of(alone)) == (("layer",), ("input",))


def test_no_tensor_is_kept_and_none_gets_the_sources_of_one_that_has_ended() -> None:
    sources = TensorSources()
    for n in range(100):
        x = np.zeros(5 + n)
        assert sources.of(x) == ()
        sources.note([x], (f"{k}" for k in range(50)))
        assert len(sources.of(x)) == MOST_SOURCES
        del x
    gc.collect()
