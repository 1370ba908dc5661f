"""Which causes the layers of a program leave. tests/oracles has errors of real programs."""

import pytest

from app.notebook.fitting_causes import KnownLayers, fitting_causes, may_read_outputs
from app.reading.errors.explanation import explain
from app.reading.errors.recurrent_call import RecurrentCall


@pytest.mark.parametrize(
    "got, output, left",
    [
        (32, (32, 2), ["dense_directions"]),
        (112, (16, 1), ["dense_flattened"]),
        (32, (32, 1), ["dense_features"]),
        (32, (16, 1), ["dense_directions", "dense_flattened", "dense_features"]),  # or two outputs were joined
        (48, (16, 1), ["dense_flattened", "dense_features"]),  # or the last output, the mean and the maximum
        (32, (5, 1), ["dense_directions", "dense_flattened", "dense_features"]),  # another layer is between
    ],
)
def test_the_layers_of_the_program_decide_between_causes(got: int, output: tuple[int, int], left: list[str]) -> None:
    mismatch = explain(f"LSTM: mat1 and mat2 shapes cannot be multiplied (3x{got} and 16x4)").mismatch

    assert len(mismatch.causes) > 1
    assert [cause.id for cause in fitting_causes(mismatch, None, KnownLayers([output]))] == left


def test_a_dense_layer_may_read_an_output_of_the_same_length_or_several_of_them() -> None:
    for got, is_possible in ((32, True), (96, True), (30, False)):
        mismatch = explain(f"LSTM: mat1 and mat2 shapes cannot be multiplied (3x{got} and 7x4)").mismatch
        assert may_read_outputs(mismatch, KnownLayers([(32, 2)])) == is_possible
    assert not may_read_outputs(explain("RuntimeError: input must have 3 dimensions, got 2").mismatch, KnownLayers())


def test_an_embedding_stays_a_cause_if_no_layers_are_known_but_the_one_that_failed() -> None:
    mismatch = explain("RuntimeError: input.size(-1) must be equal to input_size. Expected 64, got 32").mismatch
    call = RecurrentCall("lstm", False, {"hidden_size": 8, "input_size": 64}, (4, 7, 32))

    assert [
        "embedding" in [cause.id for cause in fitting_causes(mismatch, call, known)]
        for known in (KnownLayers(), KnownLayers([(8, 1)]), KnownLayers([(8, 1)], {32}))
    ] == [True, False, True]


@pytest.mark.parametrize(("got", "left"), [(2, "missing_length"), (4, "more_lengths"), (5, "lengths")])
def test_another_axis_is_the_batch_only_if_there_are_as_many_lengths(got: int, left: str) -> None:
    text = f"LSTM: Expected `len(lengths)` to be equal to batch_size, but got {got} (batch_size=3)"
    mismatch = explain(text).mismatch

    (cause,) = fitting_causes(mismatch, None, KnownLayers(packed=(got, 5)))

    assert cause.id == left
    assert ("pack_padded_sequence" in cause.fix) == (left == "lengths")
