"""ONNX Runtime's message about lengths says their bounds, which tell what is wrong with them.

Version 1.32 raised the newer one for a length that is larger than the axis of time, and runs with a length of 0.
"""

import pytest

from app.reading.errors.explanation import explain

MESSAGE = "Status Message: Invalid value/s in sequence_lens. All values must be {}. seq_length=10"
NEW, OLD = MESSAGE.format(">= 0 and <= seq_length"), MESSAGE.format("> 0 and < seq_length")
LENGTHS = 'lens = np.array([{}], dtype="int32")\nsession.run(None, {{"X": clips, "lens": lens}})\n'


@pytest.mark.parametrize(
    ("lengths", "message", "causes"),
    [
        ("", NEW, ["longer_sequence"]),
        (LENGTHS.format("10, 13, 5"), NEW, ["longer_sequence"]),
        (LENGTHS.format("10, 0, 15"), NEW, ["longer_sequence"]),
        ("", OLD, ["empty_sequence", "longer_sequence"]),
        (LENGTHS.format("10, 13, 5"), OLD, ["longer_sequence"]),
        (LENGTHS.format("10, 0, 5"), OLD, ["empty_sequence"]),
        ('feed = {"X": clips, "sequence_lens": [4, 0, 3]}\n', OLD, ["empty_sequence"]),
    ],
)
def test_the_bounds_and_the_lengths_tell_what_is_wrong(lengths: str, message: str, causes: list[str]) -> None:
    explanation = explain(lengths + message)

    assert [one.id for one in explanation.mismatch.causes] == causes
    assert explanation.configuration and explanation.configuration.time_step == 10


@pytest.mark.parametrize("line", ["silence = (100, 400)", "max_len, min_len = (60, 5)", "length_range = [5, 60]"])
def test_other_numbers_are_no_lengths(line: str) -> None:
    assert "got" not in explain(f"{line}\n{NEW}").mismatch.sentence.values


def test_the_largest_length_is_named() -> None:
    said = explain(LENGTHS.format("10, 13, 5") + NEW).mismatch.sentence

    assert said.values == {"steps": 10, "got": 13}


OWN_GRAPH = """import numpy as np, onnxruntime as ort
from onnx import helper as H, TensorProto as T, numpy_helper as N
def made(*sizes): return np.zeros(sizes, np.float32)
node = H.make_node("GRU", {inputs}, ["Y"], hidden_size=12)
graph = H.make_graph([node], "g", [], [], [N.from_array(made(1, 36, 4), "W"), N.from_array({R}, "R")])
session = ort.InferenceSession(H.make_model(graph).SerializeToString())
session.run(None, {feed})
"""
OF_NODE = "InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Non-zero status code returned while running GRU"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {
                "inputs": '["X", "W", "R", "", "n"]',
                "R": "made(1, 36, 12)",
                "feed": '{"X": made(7, 5, 4), "n": np.array([7, 9, 2, 3, 1])}',
            },
            "Invalid value/s in sequence_lens. All values must be >= 0 and <= seq_length. seq_length=7",
        ),
        (
            {"inputs": '["X", "W", "R"]', "R": "made(1, 12, 36)", "feed": '{"X": made(7, 5, 4)}'},
            "Input R must have shape {1,36,12}. Actual:{1,12,36}",
        ),
    ],
)
def test_the_array_that_a_model_is_fed_has_its_sizes(values: dict[str, str], message: str) -> None:
    network = explain(f"{OWN_GRAPH.format(**values)}{OF_NODE} node. Name:'' Status Message: {message}").configuration

    assert network
    assert (network.time_step, network.batch_size, network.features, network.num_units) == (7, 5, 4, 12)


def test_the_line_with_the_lengths_is_corrected_to_the_steps_of_x() -> None:
    (cause,) = explain(LENGTHS.format("10, 13, 5") + NEW).mismatch.causes

    assert cause.is_own
    assert cause.lines == (
        ('lens = np.array([10, 13, 5], dtype="int32")', 'lens = np.array([10, 10, 5], dtype="int32")'),
    )
