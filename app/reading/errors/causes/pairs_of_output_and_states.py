"""Causes in the pair that a layer returns, where one tensor belongs. The lines are those of the program."""

from ....translations.phrases import phrase
from .cause_text import OTHERS, CauseText

PAIRS = {
    "whole_pair": CauseText(
        phrase("The layer returns a pair"),
        phrase("The whole pair is used where one tensor belongs: take the first part, output."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "pair_passed_on": CauseText(
        phrase("Sequential passes the whole pair on"),
        phrase(
            "A Sequential gives each layer all that the one before returns: a module between them can take output from"
            " the pair."
        ),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "pair_of_states": CauseText(
        phrase("The states of an LSTM are a pair"),
        phrase("Both states are used where one tensor belongs: take the first one, h_n."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "names_of_pair": CauseText(
        phrase("The names do not match what the layer returns"),
        phrase("An LSTM returns output, (h_n, c_n), a GRU or a simple RNN output, h_n, and a cell only its states."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "return_state": CauseText(
        phrase("return_state is missing"),
        phrase("A layer of Keras returns its last states only with return_state=True."),
        {OTHERS: "layer = keras.layers.{cell}({units}, return_state=True)"},
        wrong={OTHERS: "layer = keras.layers.{cell}({units})"},
    ),
    "list_of_states": CauseText(
        phrase("return_state returns a list"),
        phrase("The next layer needs output alone, the first tensor of the list."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
}
