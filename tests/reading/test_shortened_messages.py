"""Messages that people shorten in their own sentences say what the whole ones say."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

KERAS = 'Input 0 of layer "lstm" is incompatible with the layer: '
FEATURES = "input.size(-1) must be equal to input_size. Expected 6{}got 4"
CHECK = "Error when checking {which}: "


@pytest.mark.parametrize(
    ("whole", "shortened"),
    [
        (KERAS + "expected ndim=3, found ndim=2", "expected ndim=3, found ndim=2"),
        (KERAS + "expected ndim=3, found ndim=2", "expected ndim = 3 but found ndim = 2"),
        (
            KERAS + "expected shape=(None, 9, 4), found shape=(8, 4)",
            "expected shape (None, 9, 4) but found shape (8, 4)",
        ),
        (FEATURES.format(", "), FEATURES.format(" but ")),
        (FEATURES.format(", "), "that x.size(-1) should be equal to input_size, expected 6, but got 4"),
        ("RuntimeError: input must have 3 dimensions, got 2", "RuntimeError: input must have 3 dimensions but got 2"),
        ("LSTM: Expected input to be 2D or 3D, got 4D instead", "that it expected input to be 2D or 3D, got 4D"),
        (
            "Expected hidden[0] size (2, 5, 14), got [2, 3, 14]",
            "expected hidden[0] size to be (2, 5, 14) but got (2, 3, 14)",
        ),
        (
            KERAS + "expected ndim=3, found ndim=4. Full shape received: (None, 9, 4, 2)",
            "expected ndim=3, found ndim=4. Full shape received: (None, 9, 4, 2)",
        ),
        (
            KERAS + "expected shape=(None, 9, 4), found shape=(8, 9, 6)",
            "expected shape=(None, 9, 4), found shape=(8, 9, 6)",
        ),
        (
            CHECK.format(which="input") + "expected gru_2_input to have 3 dimensions, but got array with shape (70, 4)",
            "expected gru_2_input to have 3 dimensions, but got array with shape (70, 4)",
        ),
        (
            CHECK.format(which="input") + "expected gru_2_input to have shape (9, 4) but got array with shape (9, 6)",
            "expected gru_2_input to have shape (9, 4) but got array with shape (9, 6)",
        ),
        (
            CHECK.format(which="target") + "expected dense_3 to have 2 dimensions, but got array with shape (70, 9, 4)",
            "expected dense_3 to have 2 dimensions, but got array with shape (70, 9, 4)",
        ),
        (
            CHECK.format(which="target") + "expected lstm_3 to have shape (14,) but got array with shape (1,)",
            "expected lstm_3 to have shape (14,) but got array with shape (1,)",
        ),
        ("Expected hidden[0] size (2, 5, 14), got [2, 3, 14]", "hidden[0] size (2, 5, 14), got [2, 3, 14]"),
        ("Expected hidden[0] size (2, 5, 14), got [2, 3, 14]", "expected hidden[0] size (2,5,14) got (2,3,14)"),
        ("Expected hidden[1] size (2, 5, 14), got [2, 5, 10]", "hidden[1] size (2, 5, 14), got [2, 5, 10]"),
        (
            "Expected hidden size (2, 5, 14), got [1, 5, 14]",
            "the hidden size (2, 5, 14), got [1, 5, 14]",
        ),
    ],
)
def test_a_shortened_message_says_what_the_whole_one_says(whole: str, shortened: str) -> None:
    cell = "GRU" if "Expected hidden size" in whole else "LSTM"
    about, short = (explain(f"Why does my {cell} say {text}?") for text in (whole, shortened))

    assert short.mismatch.sentence == about.mismatch.sentence
    assert short.mismatch.causes == about.mismatch.causes


def test_a_message_without_its_sizes_names_the_axis() -> None:
    features = explain("RuntimeError: input.size(-1) must be equal to input_size").mismatch
    rank = explain("My GRU says that input must have 3 dimensions.").mismatch
    checked = explain("My model says expected lstm_4_input to have 3 dimensions").mismatch

    assert (features.tensor, features.axis, features.expected, features.got) == ("x", "features", None, None)
    assert (rank.tensor, rank.axis, rank.expected, rank.got) == ("x", "rank", 3, None)
    assert (checked.tensor, checked.axis, checked.expected, checked.got) == ("x", "rank", 3, None)


def test_a_whole_message_counts_before_a_shortened_one_after_it() -> None:
    whole = "RuntimeError: Expected hidden[0] size (2, 5, 14), got [2, 3, 14]"
    shortened = "Once I had input.size(-1) must be equal to input_size."

    assert explain(f"{whole}\n\n{shortened}").mismatch.tensor == "h_0"


@pytest.mark.parametrize(
    "text",
    [
        "expected ndim=3, found ndim=2",
        "My CNN says input must have 4 dimensions",
        "My LSTM came later: expected conv2d_1_input to have 4 dimensions, but got array with shape (70, 9, 4)",
        "The LSTM said expected dense_3 to have 2 dimensions.",
        "    'input.size(-1) must be equal to input_size. Expected {}, got {}'.format(",
        "The LSTM said expected ndim=3, found ndim=2.\nValueError: no module is here",
    ],
)
def test_a_shortened_message_of_another_layer_is_not_taken(text: str) -> None:
    with pytest.raises(NotFoundError):
        explain(text)
