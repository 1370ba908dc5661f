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
