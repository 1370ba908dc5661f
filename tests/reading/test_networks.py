"""A whole program with its traceback says which tensor is wrong, and its own lines corrected, so that it runs."""

import pytest
from marked_programs import SIZES
from networks import NETWORKS, PROGRAMS

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import Explanation, NotFoundError, explain


def said_sizes(explanation: Explanation) -> dict[str, int]:
    network = explanation.configuration
    sizes = {name: getattr(network, name) for name in SIZES} if network else {}
    return {name: size for name, size in sizes.items() if size is not None}


def without_place(lines: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Corrected lines without the comment that tells one of several equal lines."""
    return [(wrong, fix.partition("  # before: ")[0]) for wrong, fix in lines]


def test_every_program_is_recorded() -> None:
    assert PROGRAMS.stems == {*NETWORKS} == {*PROGRAMS.recorded}


@pytest.mark.parametrize("is_first", (True, False), ids=("source first", "error first"))
@pytest.mark.parametrize("name", NETWORKS)
def test_the_program_says_the_tensor_and_its_corrected_lines(name: str, is_first: bool) -> None:
    parts = (PROGRAMS.wrong(name), PROGRAMS.recorded[name])
    explanation = explain("\n\n".join(parts if is_first else parts[::-1]))
    said, true = explanation.mismatch, NETWORKS[name]
    first = said.causes[0]

    assert (said.tensor, said.axis, first.id) == (true.tensor, true.axis, true.cause)
    assert first.is_own and without_place(first.lines) == PROGRAMS.corrections(name)
    assert said_sizes(explanation).items() <= true.sizes.items()


WITH_ALL_SIZES = (
    *("keras-column-of-a-forecast", "pytorch-widths-of-a-loop", "pytorch-letters-of-two-languages"),
    *("pytorch-kept-attribute-of-batches", "tensorflow-kept-states-of-batches"),
)
"""Programs that say every size of the layer that failed."""


@pytest.mark.parametrize("name", WITH_ALL_SIZES)
def test_the_program_says_all_sizes(name: str) -> None:
    explanation = explain(f"{PROGRAMS.wrong(name)}\n\n{PROGRAMS.recorded[name]}")

    assert said_sizes(explanation) == NETWORKS[name].sizes


def test_the_frames_that_are_fed_without_a_batch_are_steps() -> None:
    name = "onnx-frames-without-batch"
    explanation = explain(f"{PROGRAMS.wrong(name)}\n\n{PROGRAMS.recorded[name]}")

    assert said_sizes(explanation) == {"time_step": 29, "features": 13, "num_units": 21}
    assert [one.id for one in explanation.mismatch.causes] == ["missing_axis"]  # x has the features of the model


@pytest.mark.parametrize("name", NETWORKS)
def test_the_traceback_alone_says_no_false_size(name: str) -> None:
    try:
        explanation = explain(PROGRAMS.recorded[name])
    except NotFoundError as asked:
        assert "Paste the source" in asked.sentence
        return

    assert said_sizes(explanation).items() <= NETWORKS[name].sizes.items()


def test_a_layer_that_takes_as_many_features_as_x_has_steps_does_not_say_that_x_is_wrong() -> None:
    recorded, wrong = PROGRAMS.recorded["keras-steps-for-features"], PROGRAMS.wrong("keras-steps-for-features")
    whole, alone = explain(f"{wrong}\n{recorded}"), explain(recorded)

    assert [one.id for one in whole.mismatch.causes] == ["exchanged_shape"]
    assert [one.id for one in alone.mismatch.causes] == ["exchanged_shape", "features_first", "other_features"]
    for explanation in (whole, alone):
        assert comparison(explanation) is None  # of an expected x and the one that was given
        assert said_sizes(explanation).items() >= {"time_step": 45, "features": 6}.items()
