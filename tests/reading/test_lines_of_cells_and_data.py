"""The first cause corrects the lines of a program that make the states of a cell, a mask, a table or the batches.

PyTorch and Keras raised the messages for such programs, which run with the corrected lines.
"""

from dataclasses import replace

import pytest
from pasted_programs import TORCH_WITH_PACKING, likely, pasted

from app.reading.errors.causes import cause
from app.reading.errors.causes_in_programs.causes_by_program import is_general
from app.reading.errors.explanation import explain

# -- states of a cell in a loop ----------------------------------------------------------------------------------------

POSES = f"""{TORCH_WITH_PACKING}

class Poses(nn.Module):
    def __init__(self, joints=51, units=96):
        super().__init__()
        self.units = units
        self.cell = nn.LSTMCell(joints, units)

    def forward(self, clip):
        {{h}}
        {{c}}
        for t in range(clip.shape[1]):
            h, c = self.cell(clip[:, t], (h, c))
        return h


net = Poses()
net(torch.randn(24, 30, 51))
"""
H, C = "h = torch.zeros(1, self.units)", "c = torch.zeros(1, self.units)"


def test_both_states_of_a_cell_get_the_batch_of_the_array_whose_steps_it_reads() -> None:
    error = "RuntimeError: Input batch size 24 doesn't match hidden0 batch size 1"
    frames = ["net(torch.randn(24, 30, 51))", "h, c = self.cell(clip[:, t], (h, c))"]
    text = pasted(POSES.format(h=H, c=C), frames, error)
    assert likely(text)[1] == {line: line.replace("1,", "clip.shape[0],") for line in (H, C)}


MELODY = """import tensorflow as tf
from tensorflow.keras import layers

class Melody(tf.keras.Model):
    def __init__(self, size=72):
        super().__init__()
        self.note = layers.Embedding(48, 24)
        self.cell = layers.GRUCell(size)

    def compose(self, first):
        state = tf.zeros((first.shape[0], 24))
        for _ in range(4):
            hidden, state = self.cell(self.note(first), [state])
        return hidden

Melody().compose(tf.constant([1, 2, 3]))
"""


def test_the_state_of_a_cell_of_keras_gets_its_units() -> None:
    error = (
        "tensorflow.python.framework.errors_impl.InvalidArgumentError: Exception encountered when calling"
        " GRUCell.call().\n\n{{function_node __wrapped__MatMul_device_/job:localhost/replica:0/task:0/device:CPU:0}}"
        " Matrix size-incompatible: In[0]: [3,24], In[1]: [72,216] [Op:MatMul] name: \n\nArguments received by"
        " GRUCell.call():\n  • inputs=tf.Tensor(shape=(3, 24), dtype=float32)\n"
        "  • states=['tf.Tensor(shape=(3, 24), dtype=float32)']\n  • training=False"
    )
    frames = ["Melody().compose(tf.constant([1, 2, 3]))", "hidden, state = self.cell(self.note(first), [state])"]
    line = "state = tf.zeros((first.shape[0], 24))"
    assert likely(pasted(MELODY, frames, error))[1] == {line: line.replace("24", "72")}


# -- masks, tables and batches -----------------------------------------------------------------------------------------

TAGGER = """import keras
import numpy as np
from keras import layers

MAXLEN = 40

def sentences(n):
    lengths = np.random.default_rng(1).integers(5, 30, n)
    tokens = np.zeros((n, MAXLEN), dtype="int32")
    {line}
    return tokens, mask

tokens, mask = sentences(16)
x = layers.Embedding(300, 20)(tokens)
layers.LSTM(36, return_sequences=True)(x, mask=mask)
"""
MASK = (
    "RuntimeError: Exception encountered when calling LSTM.call().\n\nThe size of tensor a (29) must match the size of"
    " tensor b (40) at non-singleton dimension 1\n\nArguments received by LSTM.call():\n"
    "  • sequences=torch.Tensor(shape=torch.Size([16, 40, 20]), dtype=float32)\n  • initial_state=None\n"
    "  • mask=torch.Tensor(shape=torch.Size([16, 29]), dtype=bool)\n  • training=False"
)


@pytest.mark.parametrize("longest", ["lengths.max()", "max(lengths)", "int(lengths.max())"])
def test_a_mask_has_the_steps_of_the_array_that_is_padded_beside_it(longest: str) -> None:
    line = f"mask = np.arange({longest})[None, :] < lengths[:, None]"
    text = pasted(TAGGER.format(line=line), ["layers.LSTM(36, return_sequences=True)(x, mask=mask)"], MASK)
    assert likely(text) == (["short_mask"], {line: line.replace(longest, "MAXLEN")})


TABLE = """import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

x, x_test = load()
x = x - x.mean(0)
model = keras.Sequential([layers.LSTM(50), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(x, np.zeros(32))
model.predict(x_test)
"""


def test_a_row_of_a_table_is_one_step_everywhere() -> None:
    error = (
        "ValueError: Input 0 with name 'None' of layer 'lstm' is incompatible with the layer: expected ndim=3, found"
        " ndim=2. Full shape received: (32, 14)"
    )
    line = "model.fit(x, np.zeros(32))"
    assert likely(pasted(TABLE, [line], error)) == (
        ["missing_axis", "missing_features_axis"],
        {line: "model.fit(x[:, None], np.zeros(32))", "model.predict(x_test)": "model.predict(x_test[:, None])"},
    )


NAMES = f"""{TORCH_WITH_PACKING}
from torch.utils.data import DataLoader, Dataset

class Names(Dataset):
    def __init__(self, names):
        self.rows = [(torch.tensor([ord(ch) - 96 for ch in one]), 0) for one in names]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return self.rows[i]

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb, self.gru = nn.Embedding(27, 16), nn.GRU(16, 32, batch_first=True)

    def forward(self, tokens):
        return self.gru(self.emb(tokens))[1]

loader = DataLoader(Names(["ivanov", "oneil"]), batch_size=2)
for tokens, y in loader:
    Net()(tokens)
"""


def test_the_rows_of_a_dataset_are_padded_by_a_collate_fn() -> None:
    error = "RuntimeError: stack expects each tensor to be equal size, but got [6] at entry 0 and [5] at entry 1"
    line = 'loader = DataLoader(Names(["ivanov", "oneil"]), batch_size=2)'
    lines = likely(pasted(NAMES, ["for tokens, y in loader:", "return default_collate(batch)"], error))[1]
    assert lines[line] == line.replace("=2)", "=2, collate_fn=collate)")


# -- words that were added to a checkpoint -----------------------------------------------------------------------------

WORDS = f"""{TORCH_WITH_PACKING}
OLD = "the cat sat on a mat and slept".split()
NEW = {{new}}

class WordLM(nn.Module):
    def __init__(self, vocab_size):
        super().__init__()
        self.embed = nn.Embedding(vocab_size, 24)
        self.lstm = nn.LSTM(24, 48, batch_first=True)

    def forward(self, ids):
        return self.lstm(self.embed(ids))[0]

torch.save({{{{"model": WordLM(len(OLD)).state_dict()}}}}, "words.pt")
checkpoint = torch.load("words.pt")
lm = WordLM(vocab_size=len(NEW))
lm.load_state_dict(checkpoint["model"])
"""
LOAD = 'lm.load_state_dict(checkpoint["model"])'


@pytest.mark.parametrize(
    ("new", "ids"),
    [
        ('OLD + ["dogs", "barked"]', ["checkpoint_words", "checkpoint_vocabulary"]),
        ('"a dog barked at the cat that sat on it".split()', ["checkpoint_vocabulary", "checkpoint_words"]),
    ],
)
def test_the_rows_of_old_words_are_copied_first_where_words_were_added(new: str, ids: list[str]) -> None:
    error = (
        "RuntimeError: Error(s) in loading state_dict for WordLM:\n\tsize mismatch for embed.weight: copying a param"
        " with shape torch.Size([8, 24]) from checkpoint, the shape in current model is torch.Size([10, 24])."
    )
    causes = {one.id: one for one in explain(pasted(WORDS.format(new=new), [LOAD], error)).mismatch.causes}

    assert [*causes] == ids
    assert dict(causes["checkpoint_words"].lines) == {
        LOAD: 'old = checkpoint["model"].pop("embed.weight"); lm.load_state_dict(checkpoint["model"], strict=False);'
        " lm.embed.weight.data[:8] = old"
    }


def test_the_name_of_a_method_is_no_name_of_an_array() -> None:
    """``lm.state_dict`` does not make ``state_dict`` a name of the program, and nor does the key ``"model"``."""
    explanation = explain(pasted(WORDS.format(new="OLD + OLD"), [LOAD], CHECKPOINT))
    assert is_general(explanation.found, cause("checkpoint_words", "pytorch", layer="embed", got=8))


def test_a_line_in_place_of_one_that_the_text_does_not_show_is_general() -> None:
    """Neither is that of a second array, of which only the first one is named in the traceback."""
    found = explain(pasted(WORDS.format(new="OLD + OLD"), [LOAD], CHECKPOINT)).found
    of_input = cause("other_features", "keras", got=4, expected=36)
    of_weights = replace(of_input, wrong="", fix="lm = lm.T", others=(("", "recurrent_kernel = recurrent_kernel.T"),))

    assert is_general(found, of_input)
    assert is_general(found, of_weights)
    assert not is_general(found, replace(of_weights, others=()))


CHECKPOINT = (
    "RuntimeError: Error(s) in loading state_dict for WordLM:\n\tsize mismatch for embed.weight: copying a param with"
    " shape torch.Size([8, 24]) from checkpoint, the shape in current model is torch.Size([16, 24])."
)
