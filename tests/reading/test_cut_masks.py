"""A mask that is made of a part of the array of which x is made, in a layer of Keras with both directions.

Keras 3.15 on PyTorch raised the message for this program, and runs it with the corrected line.
"""

import pytest
from pasted_programs import first_cause_and_lines, network, pasted

from app.reading.errors.explanation import explain

TAGGER = """
import numpy as np
import keras
from keras import layers, ops


class Tagger(keras.Model):
    def __init__(self, letters=60, width=14):
        super().__init__()
        self.look_up = layers.Embedding(letters, 8)
        self.read = {layer}
        self.tags = layers.Dense(5)

    def call(self, letters):
        y = self.look_up(letters)
        known = ops.cast(letters{part} > 0, "bool")
        return self.tags(self.read(y, mask=known))


letters = np.ones((12, 26), "int32")
model = Tagger()
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(letters, np.zeros((12, 26)), batch_size=4, verbose=0)
"""
BOTH = "layers.Bidirectional(layers.GRU(width, return_sequences=True))"
ALONE = "layers.GRU(width, return_sequences=True)"
ERROR = """RuntimeError: Unable to automatically build the model.
Exception encountered:
'Exception encountered when calling GRU.call().

list index out of range

Arguments received by GRU.call():
  • sequences=torch.Tensor(shape=torch.Size([4, 26, 8]), dtype=float32)
  • initial_state=None
  • mask=torch.Tensor(shape=torch.Size([4, 24]), dtype=bool)
  • training=False'"""


@pytest.mark.parametrize("part", ["[:, :-2]", "[:, 2:]"])
def test_a_mask_of_some_steps_gets_all_steps_of_x(part: str) -> None:
    text = pasted(TAGGER.format(layer=BOTH, part=part), ["model.fit(letters, np.zeros((12, 26)))"], ERROR)
    about, lines = first_cause_and_lines(text)
    line = 'known = ops.cast(letters{} > 0, "bool")'

    assert about == ("mask", "time_step", "short_mask")
    assert lines == {line.format(part): line.format("")}


@pytest.mark.parametrize(("layer", "is_both"), [(BOTH, True), (ALONE, False)])
def test_a_layer_that_is_named_like_its_class_has_the_directions_of_its_wrapper(layer: str, is_both: bool) -> None:
    program = TAGGER.format(layer=layer, part="[:, :-2]")
    explanation = explain(pasted(program, ["model.fit(letters, np.zeros((12, 26)))"], ERROR))
    found = explanation.configuration

    assert network(explanation) == (4, 26, 8, 14)
    assert found and found.bidirectional is is_both


VISITS = """
import keras
import numpy as np
from keras import layers, ops


class Visits(keras.Model):
    def __init__(self, longest=14, width=10):
        super().__init__()
        self.longest = longest
        self.read = layers.LSTM(width)
        self.risk = layers.Dense(1)

    def call(self, inputs):
        visits, numbers = inputs
        is_known = ops.arange(self.longest)[None, :] < numbers[:, None]
        {cut}
        return self.risk(self.read(visits, mask=is_known))


model = Visits()
numbers = np.array([3, 14, 9, 5, 8])
print(model((np.ones((5, 14, 4), "float32"), numbers)).shape)
"""
OF_VISITS = """IndexError: Exception encountered when calling LSTM.call().

list index out of range

Arguments received by LSTM.call():
  • sequences=torch.Tensor(shape=torch.Size([5, 14, 4]), dtype=float32)
  • initial_state=None
  • mask=torch.Tensor(shape=torch.Size([5, 12]), dtype=bool)
  • training=False"""


@pytest.mark.parametrize("part", [":-2", "2:"])
def test_a_mask_that_a_line_of_its_own_cuts_keeps_its_steps(part: str) -> None:
    line = "is_known = is_known[:, {}]"
    program = VISITS.format(cut=line.format(part))
    text = pasted(program, ["return self.risk(self.read(visits, mask=is_known))"], OF_VISITS)
    about, lines = first_cause_and_lines(text)

    assert about == ("mask", "time_step", "short_mask")
    assert lines == {line.format(part): line.format(":")}
