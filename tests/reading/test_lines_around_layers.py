"""If a whole program is pasted with its traceback, its data, targets, masks and joins, and the layers around a
recurrent one, say the cause, and the corrected lines are its own.

PyTorch 2.13 and Keras 3.15 raised the messages for such programs, which run with the corrected lines.
"""

from dataclasses import replace

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.explanation import Explanation, NotFoundError, explain
from app.translations.languages import translator
from app.url_state_to_picture.error_pictures.error_picture import error_picture

KERAS = "import numpy as np\nimport keras\nfrom keras import layers, ops\n"

WINDOWS = f"""{KERAS}
LAG = 28
X = np.lib.stride_tricks.sliding_window_view(demand, LAG)[:-1]
X_train, X_test = X[:100], X[100:]
model = keras.Sequential()
model.add(layers.GRU(32, return_sequences=True))
model.add(layers.GRU(16))
model.fit(X_train, y_train, validation_data=(X_test, y_test))
"""

ONE_HOT = f"""{KERAS}
net = keras.Sequential([layers.Embedding(500, 24), layers.LSTM(20), layers.Dense(7, activation="softmax")])
net.compile("adam", loss="sparse_categorical_crossentropy")
net.fit(texts, keras.utils.to_categorical(moods))
"""

SAMPLES = f"""{KERAS}
X = np.array([series[n : n + 14] for n in range(len(series) - 14)])
model = keras.Sequential([keras.Input((14, 5)), layers.LSTM(30), layers.Dense(1)])
model.fit(X, y, verbose=0)
"""

LETTERS = f"""{KERAS}
x = np.zeros((len(starts), 20, len(alphabet)))
model = keras.Sequential([layers.Embedding(len(alphabet), 12), layers.GRU(48), layers.Dense(13)])
model.fit(x, y, verbose=0)
"""

STATEFUL = f"""{KERAS}
inputs = keras.Input(batch_shape=(BATCH, 12, 1))
model = keras.Model(inputs, layers.LSTM(24, stateful=True)(inputs))
model.fit(x, y, batch_size=BATCH, shuffle=False)
print(model.predict(x[-1:], verbose=0))
"""

CAPTIONS = f"""{KERAS}
class Captions(keras.Model):
    def call(self, picture, words):
        start = self.to_state(picture)
        return self.lstm(self.embed(words), initial_state=[start])
"""

LENGTHS = f"""{TORCH}
from torch.nn.utils.rnn import pack_padded_sequence
class Scorer(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(25, 40, batch_first=True)
        self.out = nn.Linear(40, 1)
    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        return self.out(self.gru(packed)[1][-1]).squeeze(-1)

def collate(batch):
    lengths = torch.tensor(sorted({{len(s) for s, _ in batch}}, reverse=True))
    return pad(batch), lengths, torch.tensor([y for _, y in batch])

loss = nn.functional.mse_loss(scorer(tokens, lengths), scores)
"""

SHIFTED = f"""{TORCH}
class Songs(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(130, 32)
        self.rnn = nn.GRU(32, 96)
        self.decode = nn.Linear(96, 130)
    def forward(self, notes):
        return self.decode(self.rnn(self.embed(notes))[0])

songs = torch.randint(0, 130, (65, 24))
logits = Songs()(songs)
targets = songs[1:]
loss = F.cross_entropy(logits.reshape(-1, 130), targets.reshape(-1))
"""

LATER_TARGET = SHIFTED.replace("Songs()(songs)", "Songs()(songs[:-1])").replace(
    "targets = songs[1:]", "targets = songs"
)

FED = f"""{TORCH}
class Decoder(nn.Module):
    def __init__(self, emb, hid):
        super().__init__()
        self.emb = nn.Embedding(45, emb)
        self.rnn = nn.GRU(emb, hid)
    def forward(self, tok, hidden, ctx):
        e = self.emb(tok).unsqueeze(0)
        return self.rnn(torch.cat((e, ctx), 2), hidden)

Decoder(28, 56)(torch.zeros(6).long(), torch.zeros(1, 6, 56), torch.zeros(1, 6, 56))
"""

QUERY = f"""{TORCH}
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.W = nn.Linear(36, 36)
        self.encoder = nn.GRU(24, 36, batch_first=True)
    def forward(self, x):
        memory, h = self.encoder(x)
        return torch.bmm(memory, self.W(h[0]))

Attention()(torch.zeros(8, 11, 24))
"""

STATE_OF_LSTM = f"""{TORCH}
class Rivers(nn.Module):
    def __init__(self, units=32):
        super().__init__()
        self.encoder = nn.LSTM(6, units, batch_first=True)
        self.decoder = nn.GRU(1, units, batch_first=True)
    def forward(self, past):
        _, state = self.encoder(past)
        level = past[:, -1:, :1]
        return self.decoder(level, state)

Rivers()(torch.zeros(16, 30, 6))
"""

TWO_DIRECTIONS = f"""{TORCH}
class Hearts(nn.Module):
    def __init__(self, n_layers=2):
        super().__init__()
        self.n_layers = n_layers
        self.rnn = nn.LSTM(12, 48, n_layers, batch_first=True, bidirectional=True)
    def init_state(self, batch):
        shape = (self.n_layers, batch, 48)
        return torch.zeros(shape), torch.zeros(shape)
    def forward(self, ecg):
        return self.rnn(ecg, self.init_state(ecg.size(0)))

Hearts()(torch.zeros(20, 90, 12))
"""

CHECKPOINT = f"""{TORCH}
class Tagger(nn.Module):
    def __init__(self, hidden_dim=128):
        super().__init__()
        self.lstm = nn.LSTM(50, hidden_dim, batch_first=True)
        self.tag = nn.Linear(hidden_dim, 9)
    def forward(self, x):
        return self.tag(self.lstm(x)[0])

tagger = Tagger()
tagger.load_state_dict(torch.load("tagger.pt"))
tagger(torch.zeros(1, 7, 50))
"""

CLIPS = f"""{TORCH}
class Clips(torch.utils.data.Dataset):
    def __getitem__(self, i):
        return self.clips[i], self.labels[i]

net = nn.RNN(9, 30, batch_first=True)
train = DataLoader(Clips(), batch_size=8)
for clips, labels in train:
    net(clips)
"""

STACK = f"""{TORCH}
class Traffic(nn.Module):
    def __init__(self, n_in=7, first=50, second=26):
        super().__init__()
        self.lower = nn.LSTM(n_in, first, batch_first=True)
        self.upper = nn.LSTM(n_in, second, batch_first=True)
    def forward(self, flow):
        y = torch.relu(self.lower(flow)[0])
        return self.upper(y)

Traffic()(torch.zeros(18, 36, 7))
"""

WALKER = f"""{TORCH}
class Walker(nn.Module):
    def __init__(self):
        super().__init__()
        self.core = nn.GRUCell(11, 33)
    def initial(self, n):
        return torch.zeros(1, n, 33)
    def step(self, obs, h):
        return self.core(obs, h)

agent = Walker()
h = agent.initial(6)
h = agent.step(torch.zeros(6, 11), h)
"""

SPELLER = f"""{TORCH}
class Speller(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(30, 18)
        self.rnn = nn.LSTM(18, 42, batch_first=True)
    def forward(self, word):
        b = word.size(0)
        h, c = torch.zeros(1, b, 42), torch.zeros(1, b, 42)
        for t in range(word.size(1)):
            letter = self.table(word[:, t])
            y, (h, c) = self.rnn(letter, (h, c))
        return y

Speller()(torch.zeros(9, 12).long())
"""

RESIDUAL = f"""{TORCH}
class Block(nn.Module):
    def __init__(self, d_model, d_rnn):
        super().__init__()
        self.gru = nn.GRU(d_model, d_rnn, batch_first=True)
    def forward(self, x):
        y, _ = self.gru(x)
        return x + y

Block(20, 32)(torch.zeros(5, 64, 20))
"""

HORIZON = f"""{TORCH}
class Forecaster(nn.Module):
    def __init__(self, horizon=7):
        super().__init__()
        self.lstm = nn.LSTM(1, 30, batch_first=True)
        self.project = nn.Linear(30, horizon)
    def forward(self, x):
        return self.project(self.lstm(x)[0][:, -1])

model = Forecaster()
loss = nn.functional.mse_loss(model(torch.zeros(32, 48, 1)), torch.zeros(32, 12))
"""

NORM = f"""{TORCH}
class Phonemes(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.blstm = nn.LSTM(40, hidden, bidirectional=True, batch_first=True)
        self.ln = nn.LayerNorm(hidden)
    def forward(self, mels):
        return self.ln(self.blstm(mels)[0])

Phonemes()(torch.zeros(4, 120, 40))
"""

MASKED = f"""{TORCH}
class Summaries(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.GRU(32, 32, batch_first=True)
    def forward(self, article, summary, mask):
        keys, h = self.encoder(article)
        queries, _ = self.encoder(summary, h)
        scores = queries @ keys.transpose(1, 2)
        return scores.masked_fill(~mask, -1e9)

Summaries()(torch.zeros(6, 31, 32), torch.zeros(6, 9, 32), torch.ones(6, 31) > 0)
"""

SALES = f"""{TORCH}
class Sales(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(8, 24, batch_first=True)
    def forward(self, daily, static):
        x = torch.cat([daily, static], dim=-1)
        return self.rnn(x)

Sales()(torch.zeros(22, 30, 3), torch.zeros(22, 5))
"""

REPEATED = f"""{KERAS}
model = keras.Sequential()
model.add(keras.Input((24, 1)))
model.add(layers.LSTM(40))
model.add(layers.RepeatVector(10))
model.add(layers.LSTM(40, return_sequences=True))
model.add(layers.TimeDistributed(layers.Dense(1)))
model.compile(loss="mse")
model.fit(X, Y)
"""

EVERY_STEP_REPEATED = f"""{KERAS}
inputs = keras.Input((20, 8))
z = layers.LSTM(32, return_sequences=True)(inputs)
z = layers.LSTM(16, return_sequences=True)(z)
z = layers.RepeatVector(20)(z)
z = layers.LSTM(16, return_sequences=True)(z)
z = layers.LSTM(24, return_sequences=True)(z)
"""

OF_REPEAT = (
    "ValueError: Input 0 with name 'None' of layer 'repeat_vector' is incompatible with the layer: expected ndim=2,"
    " found ndim=3. Full shape received: (None, 20, 16)"
)

OF_FLAT_SERIES = (
    "ValueError: Input 0 of layer 'lstm' is incompatible with the layer: expected ndim=3, found ndim=2. Full shape"
    " received: (None, 30)"
)

SLICES = """import numpy as np
import tensorflow as tf
look_back = 30
X, y = [], []
for i in range(len(prices) - look_back):
    X.append(prices[i : i + look_back])
    y.append(prices[i + look_back])
X, y = np.array(X), np.array(y)
ds = tf.data.Dataset.from_tensor_slices((X, y)).batch(32)
net = tf.keras.Sequential([tf.keras.layers.LSTM(50), tf.keras.layers.Dense(1)])
net.compile(loss="mse")
net.fit(ds)
"""

PATIENTS = f"""{KERAS}
readings, patient = keras.Input((50, 6)), keras.Input((4,))
h = layers.GRU(28, return_sequences=True)(readings)
h = layers.Concatenate()([h, patient])
"""

EXCHANGED = f"""{KERAS}
N_FEATURES, N_STEPS = 6, 30
inputs = keras.Input(shape=(N_FEATURES, N_STEPS))
model = keras.Model(inputs, layers.GRU(22)(inputs))
model.fit(x, y)
"""

COLUMNS = f"""{KERAS}
n_features = 1
model = keras.Sequential([layers.LSTM(50, input_shape=(15, n_features))])
model.fit(X, y)
"""

OWN_CELL = f"""{KERAS}
class MinimalCell(layers.Layer):
    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units))
        self.recurrent = self.add_weight(shape=(shape[-1], self.units))
    def call(self, inputs, states):
        h = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(states[0], self.recurrent))
        return h, [h]

layers.RNN(MinimalCell(17))
"""

ADDED = f"""{KERAS}
inp = keras.Input((40, 8))
x = layers.LSTM(32, return_sequences=True)(inp)
x = layers.Add()([x, inp])
"""

ATTENTION = f"""{KERAS}
src, tgt = keras.Input((12, 5)), keras.Input((9, 5))
enc = layers.GRU(32, return_sequences=True)(src)
dec = layers.GRU(64, return_sequences=True)(tgt)
context = layers.Attention()([dec, enc])
keras.Model([src, tgt], context).fit(a, b)
"""

PARTS = f"""{KERAS}
X_train, X_test = X[:80], X[80:]
y_train, y_test = y[:80], y[80:]
model = keras.Sequential([keras.Input((12, 3)), layers.GRU(9), layers.Dense(1)])
model.fit(X_train, y_test)
"""

TAGS = f"""{KERAS}
model = keras.Sequential([
    keras.Input((16, 4)),
    layers.Bidirectional(layers.GRU(12)),
    layers.Dense(5, activation="softmax"),
])
model.compile("adam", loss="sparse_categorical_crossentropy")
model.fit(x, tags)
"""

MERGED = f"""{KERAS}
sensors, weather = keras.Input((30, 3)), keras.Input((30, 5))
a = layers.LSTM(20)(sensors)
b = layers.LSTM(20, return_sequences=True)(weather)
merged = layers.concatenate([a, b])
"""

KERAS_RANK = (
    "ValueError: Input 0 with name 'None' of layer 'gru' is incompatible with the layer: expected ndim=3, found"
)
ONE_STATE = """ValueError: Exception encountered when calling LSTM.call().

list index out of range

Arguments received by LSTM.call():
  • sequences=torch.Tensor(shape=torch.Size([12, 9, 20]), dtype=float32)
  • initial_state=['torch.Tensor(shape=torch.Size([12, 40]), dtype=float32)']"""
SIZE = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension {}"
IN_LOSS = """
  File "/site-packages/torch/nn/functional.py", line 4294, in mse_loss
    expanded_input, expanded_target = torch.broadcast_tensors(input, target)
  File "/site-packages/torch/functional.py", line 76, in broadcast_tensors
    return _VF.broadcast_tensors(tensors)"""
IN_RNN = """
  File "/site-packages/torch/nn/modules/rnn.py", line 1416, in forward
    if hx is not None and hx.dim() != 3:"""
IN_LOADER = """
  File "/site-packages/torch/utils/data/_utils/collate.py", line 401, in default_collate
    return collate(batch, collate_fn_map=default_collate_fn_map)
  File "/site-packages/torch/utils/data/_utils/collate.py", line 275, in collate_tensor_fn
    return torch.stack(batch, 0, out=out)"""
UNEQUAL = "RuntimeError: stack expects each tensor to be equal size, but got [46, 9] at entry 0 and [28, 9] at entry 1"
SAMPLES_OF_KERAS = (
    "ValueError: Data cardinality is ambiguous. Make sure all arrays contain the same number of samples."
    "'x' sizes: 716\n'y' sizes: 717"
)


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                WINDOWS,
                ["model.fit(X_train, y_train, validation_data=(X_test, y_test))"],
                f"{KERAS_RANK} ndim=2. Full shape received: (None, 28)",
            ),
            ("x", "rank", "missing_features_axis"),
            {
                "X = np.lib.stride_tricks.sliding_window_view(demand, LAG)[:-1]": (
                    "X = np.lib.stride_tricks.sliding_window_view(demand, LAG)[:-1][..., None]"
                )
            },
        ),
        (
            pasted(
                ONE_HOT,
                ["net.fit(texts, keras.utils.to_categorical(moods))"],
                "ValueError: Argument `output` must have"
                " rank (ndim) `target.ndim - 1`. Received: target.shape=(None, 7), output.shape=(None, 7)",
            ),
            ("target", "rank", "one_hot_target"),
            {
                'net.compile("adam", loss="sparse_categorical_crossentropy")': (
                    'net.compile("adam", loss="categorical_crossentropy")'
                )
            },
        ),
        (
            pasted(
                ONE_HOT,
                ["net.fit(texts, keras.utils.to_categorical(moods))"],
                "ValueError: `labels.shape` must equal"
                " `logits.shape` except for the last dimension. Received: labels.shape=(224,) and logits.shape=(32, 7)",
            ),
            ("target", "rank", "one_hot_target"),
            {
                'net.compile("adam", loss="sparse_categorical_crossentropy")': (
                    'net.compile("adam", loss="categorical_crossentropy")'
                )
            },
        ),
        (
            pasted(
                SAMPLES,
                ["model.fit(X, y, verbose=0)"],
                SAMPLES_OF_KERAS,
            ),
            ("target", "batch_size", "other_samples"),
            {"model.fit(X, y, verbose=0)": "model.fit(X, y[-len(X):], verbose=0)"},
        ),
        (
            pasted(
                LETTERS, ["model.fit(x, y, verbose=0)"], f"{KERAS_RANK} ndim=4. Full shape received: (64, 20, 13, 12)"
            ),
            ("x", "rank", "one_hot_embedding"),
            {"model.fit(x, y, verbose=0)": "model.fit(x.argmax(-1), y, verbose=0)"},
        ),
        (
            pasted(
                STATEFUL,
                ["print(model.predict(x[-1:], verbose=0))"],
                "ValueError: If an RNN is stateful, the batch size"
                " of the input sequences must be the same as the batch size of the initial state. \n- Expected batch"
                " size: 16\n- Received batch size: 1",
            ),
            ("x", "batch_size", "other_batch"),
            {
                "print(model.predict(x[-1:], verbose=0))": (
                    "print(model.predict(np.repeat(x[-1:], 16, axis=0), batch_size=16, verbose=0)[:1])"
                )
            },
        ),
        (
            pasted(CAPTIONS, ["model.fit([pictures, captions])"], ONE_STATE),
            ("c_0", None, "h_for_h_c"),
            {
                "return self.lstm(self.embed(words), initial_state=[start])": (
                    "return self.lstm(self.embed(words), initial_state=[start, ops.zeros_like(start)])"
                )
            },
        ),
        (
            pasted(
                LENGTHS,
                ["loss = nn.functional.mse_loss(scorer(tokens, lengths), scores)" + IN_LOSS],
                SIZE.format(5, 8, 0),
            ),
            ("lengths", "batch_size", "lost_rows"),
            {
                "lengths = torch.tensor(sorted({len(s) for s, _ in batch}, reverse=True))": (
                    "lengths = torch.tensor([len(s) for s, _ in batch])"
                )
            },
        ),
        (
            pasted(
                SHIFTED,
                ["loss = F.cross_entropy(logits.reshape(-1, 130), targets.reshape(-1))"],
                "ValueError: Expected input batch_size (1560) to match target batch_size (1536).",
            ),
            ("target", "time_step", "target_steps"),
            {
                "loss = F.cross_entropy(logits.reshape(-1, 130), targets.reshape(-1))": (
                    "loss = F.cross_entropy(logits[:-1].reshape(-1, 130), targets.reshape(-1))"
                )
            },
        ),
        (
            pasted(
                LATER_TARGET,
                ["loss = F.cross_entropy(logits.reshape(-1, 130), targets.reshape(-1))"],
                "ValueError: Expected input batch_size (1536) to match target batch_size (1560).",
            ),
            ("target", "time_step", "target_steps"),
            {
                "loss = F.cross_entropy(logits.reshape(-1, 130), targets.reshape(-1))": (
                    "loss = F.cross_entropy(logits.reshape(-1, 130), targets[1:].reshape(-1))"
                )
            },
        ),
        (
            pasted(
                FED,
                ["return self.rnn(torch.cat((e, ctx), 2), hidden)"],
                "RuntimeError: input.size(-1) must be equal to input_size. Expected 28, got 84",
            ),
            ("x", "features", "joined_features"),
            {"self.rnn = nn.GRU(emb, hid)": "self.rnn = nn.GRU(emb + hid, hid)"},
        ),
        (
            pasted(QUERY, ["return torch.bmm(memory, self.W(h[0]))"], "RuntimeError: batch2 must be a 3D tensor"),
            (None, None, "factor_axis"),
            {"return torch.bmm(memory, self.W(h[0]))": "return torch.bmm(memory, self.W(h[0]).unsqueeze(2))"},
        ),
        (
            pasted(
                STATE_OF_LSTM,
                ["return self.decoder(level, state)" + IN_RNN],
                "AttributeError: 'tuple' object has no attribute 'dim'",
            ),
            ("h_0", None, "number_of_states"),
            {"_, state = self.encoder(past)": "_, (state, _) = self.encoder(past)"},
        ),
        (
            pasted(
                TWO_DIRECTIONS,
                ["return self.rnn(ecg, self.init_state(ecg.size(0)))"],
                "RuntimeError: Expected hidden[0] size (4, 20, 48), got [2, 20, 48]",
            ),
            ("h_0", "num_layers*directions", "directions"),
            {"shape = (self.n_layers, batch, 48)": "shape = (2 * self.n_layers, batch, 48)"},
        ),
        (
            pasted(
                CHECKPOINT,
                ['tagger.load_state_dict(torch.load("tagger.pt"))'],
                "RuntimeError: Error(s) in loading"
                " state_dict for Tagger:\n\tsize mismatch for lstm.weight_ih_l0: copying a param with shape"
                " torch.Size([256, 50]) from checkpoint, the shape in current model is torch.Size([512, 50]).",
            ),
            ("kernel", "gates*num_units", "other_size"),
            {"tagger = Tagger()": "tagger = Tagger(hidden_dim=64)"},
        ),
        (
            pasted(
                STACK,
                ["return self.upper(y)"],
                "RuntimeError: input.size(-1) must be equal to input_size. Expected 7, got 50",
            ),
            ("x", "features", "units_below"),
            {
                "self.upper = nn.LSTM(n_in, second, batch_first=True)": (
                    "self.upper = nn.LSTM(first, second, batch_first=True)"
                )
            },
        ),
        (
            pasted(
                WALKER,
                ["h = agent.step(torch.zeros(6, 11), h)", "return self.core(obs, h)"],
                "ValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead",
            ),
            ("h_0", "rank", "squeeze"),
            {"return torch.zeros(1, n, 33)": "return torch.zeros(n, 33)"},
        ),
        (
            pasted(
                SPELLER,
                ["y, (h, c) = self.rnn(letter, (h, c))"],
                "RuntimeError: For unbatched 2-D input, hx and cx should also be 2-D but got (3-D, 3-D) tensors",
            ),
            ("x", "rank", "missing_axis"),
            {"y, (h, c) = self.rnn(letter, (h, c))": "y, (h, c) = self.rnn(letter.unsqueeze(1), (h, c))"},
        ),
        (
            pasted(RESIDUAL, ["return x + y"], SIZE.format(20, 32, 2)),
            ("output", "num_units", "residual"),
            {
                "self.gru = nn.GRU(d_model, d_rnn, batch_first=True)": (
                    "self.gru = nn.GRU(d_model, d_model, batch_first=True)"
                )
            },
        ),
        (
            pasted(
                HORIZON,
                ["loss = nn.functional.mse_loss(model(torch.zeros(32, 48, 1)), torch.zeros(32, 12))" + IN_LOSS],
                SIZE.format(7, 12, 1),
            ),
            ("target", None, "dense_outputs"),
            {"model = Forecaster()": "model = Forecaster(horizon=12)"},
        ),
        (
            pasted(
                NORM,
                ["return self.ln(self.blstm(mels)[0])"],
                "RuntimeError: Given normalized_shape=[64], expected input"
                " with shape [*, 64], but got input of size[4, 120, 128]",
            ),
            ("output", "num_units", "norm_directions"),
            {"self.ln = nn.LayerNorm(hidden)": "self.ln = nn.LayerNorm(2 * hidden)"},
        ),
        (
            pasted(MASKED, ["return scores.masked_fill(~mask, -1e9)"], SIZE.format(6, 9, 1)),
            ("mask", "rank", "mask_axis"),
            {
                "return scores.masked_fill(~mask, -1e9)": "return scores.masked_fill((~mask).unsqueeze(1), -1e9)",
            },
        ),
        (
            pasted(
                SALES,
                ["x = torch.cat([daily, static], dim=-1)"],
                "RuntimeError: Tensors must have same number of dimensions: got 3 and 2",
            ),
            ("x", "rank", "vector_of_sample"),
            {
                "x = torch.cat([daily, static], dim=-1)": (
                    "x = torch.cat([daily, static.unsqueeze(1).expand(-1, daily.size(1), -1)], dim=-1)"
                )
            },
        ),
        (
            pasted(
                REPEATED,
                ["model.fit(X, Y)"],
                "ValueError: Dimensions must be equal, but are 7 and 10 for '{{node"
                " compile_loss/mse/sub}} = Sub[T=DT_FLOAT](data_1, sequential_1/time_distributed_1/transpose_1)' with"
                " input shapes: [?,7,1], [?,10,1].",
            ),
            ("target", "time_step", "repeated_steps"),
            {"model.add(layers.RepeatVector(10))": "model.add(layers.RepeatVector(7))"},
        ),
        (
            pasted(EVERY_STEP_REPEATED, ["z = layers.RepeatVector(20)(z)"], OF_REPEAT),
            ("output", "rank", "repeated_every_step"),
            {
                "z = layers.LSTM(16, return_sequences=True)(z)": (
                    "z = layers.LSTM(16)(z)  # before: z = layers.RepeatVector(20)(z)"
                )
            },
        ),
        (
            pasted(
                SLICES,
                ["net.fit(ds)"],
                OF_FLAT_SERIES,
            ),
            ("x", "rank", "missing_features_axis"),
            {"X, y = np.array(X), np.array(y)": "X, y = np.array(X)[..., None], np.array(y)"},
        ),
        (
            pasted(
                PATIENTS,
                ["h = layers.Concatenate()([h, patient])"],
                "ValueError: A `Concatenate` layer requires inputs"
                " with matching shapes except for the concatenation axis. Received: input_shape=[(None, 50, 28), (None,"
                " 4)]",
            ),
            (None, None, "vector_of_sample"),
            {
                "h = layers.Concatenate()([h, patient])": (
                    "h = layers.Concatenate()([h, layers.RepeatVector(50)(patient)])"
                )
            },
        ),
        (
            pasted(
                EXCHANGED,
                ["model.fit(x, y)"],
                "ValueError: Input 0 with name 'input_layer' of layer 'functional' is"
                " incompatible with the layer: expected shape=(None, 6, 30), found shape=(None, 30, 6)",
            ),
            ("x", "order", "exchanged_input"),
            {
                "inputs = keras.Input(shape=(N_FEATURES, N_STEPS))": (
                    "inputs = keras.Input(shape=(N_STEPS, N_FEATURES))"
                )
            },
        ),
        (
            pasted(
                COLUMNS,
                ["model.fit(X, y)"],
                "ValueError: Input 0 of layer 'lstm' is incompatible with the layer: expected"
                " axis -1 of input shape to have value 1, but received input with shape (None, 15, 3)",
            ),
            ("x", "features", "other_features"),
            {"n_features = 1": "n_features = 3"},
        ),
        (
            pasted(
                OWN_CELL,
                [
                    "h = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(states[0], self.recurrent))\n"
                    "                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
                ],
                "ValueError: Exception encountered when calling MinimalCell.call().\n\nDimensions must be equal, but"
                " are 17 and 5 for '{{node sequential_1/rnn_1/minimal_cell_1/MatMul_1}} = MatMul[T=DT_FLOAT]("
                "sequential_1/rnn_1/zeros, sequential_1/rnn_1/minimal_cell_1/Cast_1/ReadVariableOp)' with input shapes:"
                " [32,17], [5,17].",
            ),
            ("recurrent_kernel", "num_units", "recurrent_rows"),
            {
                "self.recurrent = self.add_weight(shape=(shape[-1], self.units))": (
                    "self.recurrent = self.add_weight(shape=(self.units, self.units))"
                )
            },
        ),
        (
            pasted(
                ADDED,
                ["x = layers.Add()([x, inp])"],
                "ValueError: Inputs have incompatible shapes. Received shapes (40, 32) and (40, 8)",
            ),
            ("output", "num_units", "residual"),
            {
                "x = layers.LSTM(32, return_sequences=True)(inp)": "x = layers.LSTM(8, return_sequences=True)(inp)",
            },
        ),
        (
            pasted(
                ATTENTION,
                ["keras.Model([src, tgt], context).fit(a, b)"],
                "ValueError: Exception encountered when calling"
                " Attention.call().\n\nDimensions must be equal, but are 64 and 32 for '{{node"
                " functional_1/attention_1/MatMul}} = BatchMatMulV2[T=DT_FLOAT](functional_1/gru_1_2/transpose_1,"
                " functional_1/attention_1/transpose)' with input shapes: [32,9,64], [32,32,12].",
            ),
            ("output", "num_units", "attention_units"),
            {
                "context = layers.Attention()([dec, enc])": (
                    "context = layers.Attention()([dec, layers.Dense(64)(enc)])"
                )
            },
        ),
        (
            pasted(PARTS, ["model.fit(X_train, y_test)"], SAMPLES_OF_KERAS),
            ("target", "batch_size", "other_part"),
            {"model.fit(X_train, y_test)": "model.fit(X_train, y_train)"},
        ),
        (
            pasted(
                TAGS,
                ["model.fit(x, tags)"],
                "ValueError: Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(None,"
                " 16), output.shape=(None, 5)",
            ),
            ("output", "rank", "return_sequences"),
            {"layers.Bidirectional(layers.GRU(12)),": ("layers.Bidirectional(layers.GRU(12, return_sequences=True)),")},
        ),
        (
            pasted(
                MERGED,
                ["merged = layers.concatenate([a, b])"],
                "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concatenation"
                " axis. Received: input_shape=[(None, 20), (None, 30, 20)]",
            ),
            ("output", "rank", "return_sequences"),
            {"a = layers.LSTM(20)(sensors)": "a = layers.LSTM(20, return_sequences=True)(sensors)"},
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    mismatch = explain(text).mismatch
    likeliest = mismatch.causes[0]

    assert (mismatch.tensor, mismatch.axis, likeliest.id) == said
    assert dict(likeliest.lines) == lines
    assert likeliest.is_own


def test_a_dataset_of_pairs_gets_a_function_that_pads_the_first_one_of_each() -> None:
    (added, loader) = (
        explain(pasted(CLIPS, ["for clips, labels in train:" + IN_LOADER], UNEQUAL)).mismatch.causes[0].lines
    )

    assert added[0] == ""
    assert added[1].endswith(f"  # before: {loader[0]}")
    assert "pad_sequence" in added[1]
    assert loader[1] == "train = DataLoader(Clips(), batch_size=8, collate_fn=collate)"


def test_the_sizes_are_those_of_the_layer_whose_every_step_is_repeated() -> None:
    explanation = explain(pasted(EVERY_STEP_REPEATED, ["z = layers.RepeatVector(20)(z)"], OF_REPEAT))
    network = explanation.configuration

    assert network and (network.time_step, network.features, network.num_units) == (20, 32, 16)
    assert explanation.mismatch.shapes == ((None, 16), (None, 20, 16))


@pytest.mark.parametrize(
    ("made", "fixed"),
    [
        ("tf.data.Dataset.from_tensor_slices((X, y)).batch(32)", "from_tensor_slices((X[..., None], y)).batch(32)"),
        ("dataset_of(X, y)", ""),
    ],
)
def test_no_axis_is_added_to_a_dataset(made: str, fixed: str) -> None:
    program = SLICES.replace("X, y = np.array(X), np.array(y)", "X, y = read()").replace(
        "tf.data.Dataset.from_tensor_slices((X, y)).batch(32)", made
    )
    causes = explain(pasted(program, ["net.fit(ds)"], OF_FLAT_SERIES)).mismatch.causes

    assert fixed in causes[0].fix
    assert all(f"{made}[" not in one.fix for one in causes)


def test_the_batch_is_that_of_the_training_that_is_not_reached() -> None:
    program = f"""{KERAS}
model = keras.Sequential([keras.Input((48, 3)), layers.LSTM(64), layers.LSTM(32)])
model.fit(x, y, batch_size=16)
"""
    error = (
        "ValueError: Input 0 with name 'None' of layer 'lstm_1' is incompatible with the layer: expected ndim=3, found"
        " ndim=2. Full shape received: (None, 64)"
    )
    line = "model = keras.Sequential([keras.Input((48, 3)), layers.LSTM(64), layers.LSTM(32)])"
    network = explain(pasted(program, [line], error)).configuration

    assert network and (network.batch_size, network.time_step) == (16, 48)


def test_only_networks_with_recurrence_repeat_a_vector() -> None:
    assert [one.id for one in explain(OF_REPEAT).mismatch.causes] == ["repeated_every_step"]


def network(explanation: Explanation) -> tuple[int | None, ...]:
    found = explanation.configuration
    assert found
    return found.batch_size, found.time_step, found.features, found.num_units


def test_the_layer_of_a_message_without_a_number_is_the_first_one_of_the_program() -> None:
    error = f"{KERAS_RANK} ndim=2. Full shape received: (None, 28)"
    frames = ["model.fit(X_train, y_train, validation_data=(X_test, y_test))"]

    assert network(explain(pasted(WINDOWS, frames, error)))[2:] == (None, 32)


def test_the_state_of_a_cell_says_which_axis_of_x_is_the_batch() -> None:
    program = f"""{TORCH}
class Meter(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(4, 20)
    def forward(self, x):
        b, steps, _ = x.shape
        h, c = x.new_zeros(b, 20), x.new_zeros(b, 20)
        for t in range(steps):
            h, c = self.cell(x, (h, c))
        return h

Meter()(torch.zeros(10, 48, 4))
"""
    error = "ValueError: LSTMCell: Expected input to be 1D or 2D, got 3D instead"

    assert network(explain(pasted(program, ["h, c = self.cell(x, (h, c))"], error))) == (10, 48, 4, 20)


@pytest.mark.parametrize(
    ("made", "corrected"),
    [
        ("state = torch.zeros(1, 6, 33, dtype=float)", "state = torch.zeros(6, 33, dtype=float)"),
        ("state = torch.zeros((1, 6, 33), dtype=float)", "state = torch.zeros((6, 33), dtype=float)"),
        ("sizes = (1, 6, 33)\nstate = torch.zeros(sizes, dtype=float)", "sizes = (6, 33)"),
    ],
)
def test_a_state_without_its_axis_of_layers_keeps_the_other_arguments(made: str, corrected: str) -> None:
    source = f"{TORCH}\ncell = nn.GRUCell(11, 33)\n{made}\nstate = cell(torch.zeros(6, 11), state)\n"
    message = "ValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead"
    (likely, *_) = explain(pasted(source, ["state = cell(torch.zeros(6, 11), state)"], message)).mismatch.causes

    assert list(likely.lines) == [(made.partition("\n")[0], corrected)]


@pytest.mark.parametrize(
    ("x", "target", "cause"),
    [
        ("X_train", "y_test", "other_part"),
        ("train_x", "test_y", "other_part"),
        ("X_train", "y_train_hot", "other_samples"),
        ("X_train_scaled", "y_train", "other_samples"),
    ],
)
def test_a_target_is_of_another_part_only_if_its_name_says_so(x: str, target: str, cause: str) -> None:
    model = "model = keras.Sequential([layers.GRU(8), layers.Dense(3)])"
    source = f"{KERAS}y_train, y_train_hot, y_train_scaled, train_y = load()\n{model}\nmodel.fit({x}, {target})\n"

    assert explain(pasted(source, [f"model.fit({x}, {target})"], SAMPLES_OF_KERAS)).mismatch.causes[0].id == cause


def test_an_array_of_unknown_sizes_lacks_no_axis_of_features_for_certain() -> None:
    source = f"""{TORCH}
class Joined(nn.Module):
    def __init__(self, words, size):
        super().__init__()
        self.embedding = nn.Embedding(words, size)
        self.rnn = nn.GRU(size, 20, batch_first=True)
    def forward(self, tokens, static):
        x = torch.cat([self.embedding(tokens), static], dim=-1)
        return self.rnn(x)
steps, sizes = data.shape
a, b = data.other
Joined(10, 6)(torch.zeros(steps, sizes, dtype=torch.long), torch.zeros(a, b))
"""
    message = "RuntimeError: Tensors must have same number of dimensions: got 3 and 2"
    explanation = explain(pasted(source, ["x = torch.cat([self.embedding(tokens), static], dim=-1)"], message))

    assert explanation.mismatch.causes[0].id != "missing_features_axis"


@pytest.mark.parametrize(
    ("x", "y", "cause"),
    [
        ("keras.utils.to_categorical(words)", "moods", "one_hot_embedding"),
        ("words[..., None]", "keras.utils.to_categorical(moods)", "extra_axis"),
    ],
)
def test_only_an_x_that_is_encoded_is_one_hot(x: str, y: str, cause: str) -> None:
    layers = "layers.Embedding(500, 16), layers.LSTM(32), layers.Dense(5)"
    source = f"{KERAS}x = {x}\ny = {y}\nmodel = keras.Sequential([{layers}])\nmodel.fit(x, y)\n"
    message = f"{KERAS_RANK} ndim=4. Full shape received: (None, 20, 1, 16)"

    assert explain(pasted(source, ["model.fit(x, y)"], message)).mismatch.causes[0].id == cause


def test_rows_of_an_output_that_is_padded_again_are_no_lost_samples() -> None:
    source = f"""{TORCH}
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(12, 20, batch_first=True)
        self.out = nn.Linear(20, 5)
    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        return self.out(pad_packed_sequence(self.rnn(packed)[0], batch_first=True)[0])

loss = F.cross_entropy(Tagger()(x, lengths).reshape(-1, 5), tags.reshape(-1))
"""
    line = "loss = F.cross_entropy(Tagger()(x, lengths).reshape(-1, 5), tags.reshape(-1))"
    message = "ValueError: Expected input batch_size (100) to match target batch_size (120)."

    mismatch = explain(pasted(source, [line], message)).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("output", "time_step")


def test_of_x_and_an_output_that_are_added_the_output_has_the_wrong_size() -> None:
    error = "ValueError: Inputs have incompatible shapes. Received shapes (40, 32) and (40, 8)"
    mismatch = explain(pasted(ADDED, ["x = layers.Add()([x, inp])"], error)).mismatch

    assert (mismatch.expected, mismatch.got) == ((None, 40, 8), (None, 40, 32))


def test_a_layer_with_one_state_is_no_lstm() -> None:
    error = "AttributeError: 'tuple' object has no attribute 'dim'"
    frames = ["return self.decoder(level, state)" + IN_RNN]

    assert {one.cell for one in explain(pasted("", frames, error)).configurations} == {"gru", "rnn"}
    assert [one.cell for one in explain(pasted(STATE_OF_LSTM, frames, error)).configurations] == ["gru"]


def test_no_wire_is_red_if_none_of_two_arrays_is_the_right_one() -> None:
    explanation = explain(pasted(SAMPLES, ["model.fit(X, y, verbose=0)"], SAMPLES_OF_KERAS))
    assert explanation.configuration

    def subject(one: Explanation) -> str | None:
        picture = error_picture(one, explanation.configurations[0], None, translator("en"))
        return picture.subject if picture else None

    mismatch = replace(explanation.mismatch, is_of_equals=False)
    assert subject(explanation) == "network"
    assert subject(replace(explanation, mismatch=mismatch)) == "chain"


@pytest.mark.parametrize(
    ("path", "error", "asked"),
    [
        (
            "keras/src/losses/loss.py",
            "ValueError: Data cardinality is ambiguous: x sizes: 7 y sizes: 8",
            "the layers, the data",
        ),
        ("torch/nn/functional.py", SIZE.format(5, 8, 0), "the class with __init__ and forward"),
        (
            "torch/utils/data/_utils/collate.py",
            UNEQUAL,
            "makes the DataLoader",
        ),
        (
            "jax/_src/numpy/ufuncs.py",
            "TypeError: add got incompatible shapes for broadcasting: (5, 8), (7, 8).",
            "compute a step",
        ),
    ],
)
def test_a_traceback_alone_is_answered_with_a_question_in_the_words_of_its_framework(
    path: str, error: str, asked: str
) -> None:
    trace = (
        f'Traceback (most recent call last):\n  File "/site-packages/{path}", line 7, in call\n    return f(x)\n{error}'
    )

    with pytest.raises(NotFoundError, match=asked):
        explain(trace)
