"""An encoder of Keras with other units than the cell, or the decoder, that its last state starts.

Keras 3 raised the message with PyTorch 2.13 as its backend; the programs run with the corrected lines.
"""

import pytest
from pasted_programs import causes_and_lines, pasted

CELL = """import keras
from keras import layers, ops

class Route(keras.Model):
    def __init__(self, places, units, ahead):
        super().__init__()
        self.ahead = ahead
        self.past = layers.SimpleRNN({units})
        self.step = layers.SimpleRNNCell(units)
        self.place = layers.Dense(places)

    def call(self, track):
        state, place = self.past(track), track[:, -1]
        places = []
        for _ in range(self.ahead):
            out, (state,) = self.step(place, [state])
            place = self.place(out)
            places.append(place)
        return ops.stack(places, axis=1)

route = Route(2, 13, 4)
route.compile("adam", "mse")
route.train_on_batch(tracks, later)
"""
DECODER = """import keras
from keras import layers

def networks(units, letters):
    source, target = keras.Input((None, letters)), keras.Input((None, letters))
    encoder = layers.SimpleRNN({units}, return_state=True)
    _, state = encoder(source)
    decoder = layers.SimpleRNN(units, return_sequences=True)
    training = keras.Model([source, target], layers.Dense(letters)(decoder(target, initial_state=[state])))
    before = keras.Input((units,))
    return training, keras.Model([target, before], decoder(target, initial_state=[before]))

training, decoding = networks(13, 8)
training([words, translated])
"""
ERROR = """RuntimeError: Exception encountered when calling SimpleRNNCell.call().

mat1 and mat2 shapes cannot be multiplied (5x{got} and 13x13)

Arguments received by SimpleRNNCell.call():
  • sequence=torch.Tensor(shape=torch.Size([5, {features}]), dtype=float32)
  • states=['torch.Tensor(shape=torch.Size([5, {got}]), dtype=float32)']
  • training=False"""


@pytest.mark.parametrize(("units", "got"), [("units * 2", 26), ("3 * units", 39)])
def test_the_encoder_of_a_cell_gets_the_units_of_the_cell(units: str, got: int) -> None:
    frames = ["route.train_on_batch(tracks, later)"]
    text = pasted(CELL.format(units=units), frames, ERROR.format(got=got, features=2))

    assert causes_and_lines(text) == (
        ("h_0", "num_units", ["encoder_units"]),
        {f"self.past = layers.SimpleRNN({units})": "self.past = layers.SimpleRNN(units)"},
    )


def test_the_encoder_gets_the_units_of_the_inputs_for_states() -> None:
    frames = ["training([words, translated])"]
    text = pasted(DECODER.format(units="units * 2"), frames, ERROR.format(got=26, features=8))
    (tensor, axis, causes), lines = causes_and_lines(text)

    assert (tensor, axis, causes[0]) == ("h_0", "num_units", "encoder_units")
    assert lines == {
        "encoder = layers.SimpleRNN(units * 2, return_state=True)": (
            "encoder = layers.SimpleRNN(units, return_state=True)"
        )
    }
