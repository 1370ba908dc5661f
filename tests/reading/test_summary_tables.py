"""The table that Keras prints of a model has the sizes of its recurrent layer; Keras counted the parameters."""

import pytest

from app.reading.errors.explanation import explain

ERROR = (
    'ValueError: Input 0 of layer "sequential" is incompatible with the layer: expected shape=(None, 9, 6),'
    " found shape=(5, 9, 4)"
)
OF_TARGET = "ValueError: Shapes (5, 3) and (5, 4) are incompatible"

PLAIN = """Model: "sequential"
_________________________________________________________________
 Layer (type)                Output Shape              Param #
=================================================================
 {name} ({kind})                 {shape}             {count}

 dense (Dense)               (None, 3)                 45

=================================================================
Total params: 5,000
"""
BOXED = """┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━┓
┃ Layer (type)          ┃ Output Shape        ┃     Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━┩
│ {name} ({kind})       │ {shape}             │       {count} │
├───────────────────────┼─────────────────────┼─────────────┤
│ dense (Dense)         │ (None, 3)           │          45 │
└───────────────────────┴─────────────────────┴─────────────┘
"""


@pytest.mark.parametrize("table", [PLAIN, BOXED])
@pytest.mark.parametrize(
    ("name", "kind", "shape", "count", "cell", "sizes"),
    [
        ("lstm", "LSTM", "(None, 9, 14)", "1,176", "lstm", (6, 14, 9, False)),
        ("lstm_2", "LSTM", "(None, 14)", "1176", "lstm", (6, 14, None, False)),
        ("gru", "GRU", "(None, 14)", "924", "gru", (None, 14, None, False)),  # its biases may be one or two
        ("simple_rnn", "SimpleRNN", "(5, 9, 14)", "294", "rnn", (6, 14, 9, False)),
        ("cu_dnnlstm_1", "CuDNNLSTM", "(None, 14)", "1232", "lstm", (6, 14, None, False)),
        ("bidirectional", "Bidirectional", "(None, 9, 28)", "2,352", None, (None, None, 9, True)),
    ],
)
def test_a_recurrent_layer_has_its_sizes(
    table: str, name: str, kind: str, shape: str, count: str, cell: str | None, sizes: tuple[int | bool | None, ...]
) -> None:
    text = table.format(name=name, kind=kind, shape=shape, count=count) + OF_TARGET
    known = explain(text).configuration

    assert known and known.cell == cell
    assert (known.features, known.num_units, known.time_step, known.bidirectional) == sizes


def test_the_layer_that_a_message_names_has_its_own_sizes() -> None:
    rows = " lstm_1 (LSTM)   (None, 9, 14)   1176\n lstm_2 (LSTM)   (None, 10)   1000\n"
    error = "ValueError: Input 0 is incompatible with layer lstm_2: expected ndim=3, found ndim=2"
    named = explain(rows + error).configuration
    unnamed = explain(rows + OF_TARGET).configuration

    assert named and named.num_units == 10
    assert unnamed and unnamed.num_units is None


def test_the_program_counts_before_its_table() -> None:
    program = "model = Sequential()\nmodel.add(LSTM(21, input_shape=(9, 6)))\nmodel.add(Dense(3))\n"
    table = PLAIN.format(name="lstm", kind="LSTM", shape="(None, 14)", count="1176")
    known = explain(f"{program}{table}{ERROR}").configuration

    assert known and known.num_units == 21
