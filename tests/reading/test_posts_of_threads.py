"""Threads: what others answer after a message is no part of the program that raised it."""

import pytest

from app.reading.errors.explanation import explain

ASKED = (
    "model.add(GRU(12, activation='tanh'))\n"
    "ValueError: Input 0 is incompatible with layer gru_7: expected ndim=3, found ndim=2\n\n"
)
ANSWERED = "Return every step:\n\nmodel.add(GRU(77, return_sequences=True))\nmodel.add(GRU(77))\n"
MESSAGE = ASKED.partition("\n")[2]
PROGRAM = "model.add(GRU(12, input_shape=(9, 5)))\n"

HEADERS = (
    ("asker · description · 2021-03-04\n", "helper · comment · 2021-03-05\n"),
    ("asker commented on Mar 4, 2021\n", "helper commented on Mar 5, 2021\n"),
    ("asker opened this issue on Mar 4, 2021\n", "@helper replied 2 days ago\n"),
    ("asker commented on Mar 4, 2021\n", "On Fri, Mar 5, 2021, A. Helper <helper@example.org> wrote:\n"),
    ("", "2 Answers\n"),
    ("", "## Accepted Answer\n"),
)


@pytest.mark.parametrize(("first", "second"), HEADERS)
def test_layers_of_an_answer_are_not_those_of_the_program(first: str, second: str) -> None:
    network = explain(first + ASKED + second + ANSWERED).configuration
    alone = explain(ASKED).configuration
    assert network == alone and network and network.num_units == 12


def test_later_post_of_the_same_person_counts() -> None:
    text = f"asker · description · 2021\n{MESSAGE}helper · comment · 2021\n{ANSWERED}asker · comment · 2021\n{PROGRAM}"
    network = explain(text).configuration
    assert network and (network.features, network.num_units) == (5, 12)


def test_program_in_an_answer_with_the_message_counts() -> None:
    text = f"asker · description · 2021\nIt fails.\nhelper · comment · 2021\nThe same here:\n{ASKED}"
    network = explain(text).configuration
    assert network and network.num_units == 12


def test_answer_that_names_the_layer_counts_if_nothing_else_does() -> None:
    message = "ValueError: Dimensions must be equal, but are 7 and 4 for '{{node MatMul}} = MatMul[T=DT_FLOAT]("
    text = f"asker · description · 2021\n{message}strided_slice_2, kernel)' with input shapes: [?,7], [4,36].\n"
    mismatch = explain(f"{text}helper · comment · 2021\nYour LSTM reads 4 features.\n").mismatch
    assert (mismatch.tensor, mismatch.axis) == ("x", "features")


@pytest.mark.parametrize(
    ("text", "is_after"),
    [
        (f"model.add(GRU(12))\n{ASKED}", False),
        (f"model.add(GRU(12, reset_after=True))\n{ASKED}", True),
        (f"model.add(CuDNNGRU(12))\n{ASKED}", True),
        ('GRU(9)\nInput 0 of layer "gru_7" is incompatible with the layer: expected ndim=3, found ndim=2', True),
    ],
)
def test_wording_of_keras_alone_tells_where_its_gru_resets(text: str, is_after: bool) -> None:
    assert explain(text).resets_after is is_after
