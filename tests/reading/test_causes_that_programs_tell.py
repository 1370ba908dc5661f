"""The program says which of two arrays is wrong, and which of its lines makes it so.

PyTorch 2.13, Keras 3.15 and NumPy 2.4 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, ids, pasted, said

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import NotFoundError, explain
from app.reading.errors.small_programs.program_of_cause import first_program

KERAS = "import numpy as np\nimport keras\nfrom keras import layers\n"


TAGS = f"""{KERAS}
inputs = keras.Input((25,))
x = layers.Bidirectional(layers.LSTM(32))(layers.Embedding(120, 50)(inputs))
tagger = keras.Model(inputs, layers.Dense(9, activation="softmax")(x))
tagger.compile("adam", "sparse_categorical_crossentropy")
tagger.fit(words, tags, batch_size=16)
"""
OF_TAGS = (
    "ValueError: Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(16, {}),"
    " output.shape=(16, 9)"
)


def test_an_output_without_steps_is_wrong_and_not_its_target_of_each_step() -> None:
    mismatch = said(pasted(TAGS, ["tagger.fit(words, tags, batch_size=16)"], OF_TAGS.format(25)))

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("output", "rank", 3, 2)
    assert mismatch.shapes == ((16, 25, 9), (16, 9))
    assert mismatch.causes[0].fix == (
        "x = layers.Bidirectional(layers.LSTM(32, return_sequences=True))(layers.Embedding(120, 50)(inputs))"
    )


def test_a_target_with_other_steps_than_x_has_none_for_each_step() -> None:
    mismatch = said(pasted(TAGS, ["tagger.fit(words, tags, batch_size=16)"], OF_TAGS.format(4)))

    assert (mismatch.tensor, ids(mismatch)) == ("target", ["target_shape"])


MORE_WORDS = f"""{TORCH}
class Words(nn.Module):
    def __init__(self, words, size=32):
        super().__init__()
        self.vectors = nn.Embedding(words, size)
        self.gru = nn.GRU(size, 64)
        self.score = nn.Linear(64, words)


model = Words(len(old))
torch.save(model.state_dict(), "words.pt")
model = Words(len(new))
model.load_state_dict(torch.load("words.pt"))
"""
LOADS = 'model.load_state_dict(torch.load("words.pt"))'


def loading(**sizes: tuple[tuple[int, ...], tuple[int, ...]]) -> str:
    """The error of PyTorch about parameters with these sizes in the checkpoint and in the model."""
    return "RuntimeError: Error(s) in loading state_dict for Words:" + "".join(
        f"\n\tsize mismatch for {name.replace('__', '.')}: copying a param with shape torch.Size({[*got]}) from"
        f" checkpoint, the shape in current model is torch.Size({[*expected]})."
        for name, (got, expected) in sizes.items()
    )


OF_SCORE = {"score__weight": ((12, 64), (17, 64)), "score__bias": ((12,), (17,))}
OF_WORDS = loading(vectors__weight=((12, 32), (17, 32)), **OF_SCORE)


def test_a_checkpoint_of_other_words_has_other_rows_of_the_embedding_and_the_last_layer() -> None:
    mismatch = said(pasted(MORE_WORDS, [LOADS], OF_WORDS))

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == (
        *("dense_kernel", None),
        *((17, 64), (12, 64)),
    )
    assert ids(mismatch) == ["checkpoint_vocabulary", "checkpoint_words"]
    assert mismatch.causes[0].lines == (("model = Words(len(new))", "model = Words(12)"),)
    assert mismatch.causes[1].fix == 'model.vectors.weight.data[:12] = state_dict["vectors.weight"]'


def test_a_checkpoint_of_more_words_has_no_rows_for_new_ones() -> None:
    mismatch = said(pasted(MORE_WORDS, [LOADS], loading(vectors__weight=((17, 32), (12, 32)))))

    assert (mismatch.tensor, ids(mismatch)) == (None, ["checkpoint_vocabulary"])


def test_a_checkpoint_of_other_classes_differs_in_the_last_layer() -> None:
    mismatch = said(pasted(MORE_WORDS, [LOADS], loading(**OF_SCORE)))

    assert (mismatch.tensor, ids(mismatch)) == ("dense_kernel", ["checkpoint_outputs"])
    assert 'not name.startswith("score.")' in mismatch.causes[0].fix


def test_other_words_of_a_network_without_recurrence_are_declined() -> None:
    with pytest.raises(NotFoundError):
        explain(pasted(MORE_WORDS.replace("self.gru = nn.GRU", "self.of = nn.Linear"), [LOADS], OF_WORDS))


PROJECTED = f"""{TORCH}
class Speakers(nn.Module):
    def __init__(self, units=256, proj=64):
        super().__init__()
        self.lstm = nn.LSTM(40, units, 3, batch_first=True, proj_size=proj)
        self.linear = nn.Linear(units, 128)

    def forward(self, x):
        out, (h, _) = self.lstm(x)
        return self.linear(READ)


Speakers()(torch.zeros(20, 160, 40))
"""


@pytest.mark.parametrize("read", ["h[-1]", "out[:, -1]"])
@pytest.mark.parametrize("size", [64, 48])
def test_what_a_layer_with_a_projection_returns_has_its_size(read: str, size: int) -> None:
    program = PROJECTED.replace("READ", read).replace("64", str(size))
    error = f"RuntimeError: mat1 and mat2 shapes cannot be multiplied (20x{size} and 256x128)"
    explanation = explain(pasted(program, [f"return self.linear({read})"], error))

    assert ids(explanation.mismatch) == ["dense_projection"]
    assert explanation.mismatch.causes[0].fix == "self.linear = nn.Linear(proj, 128)"
    runs = first_program(explanation)
    assert runs and f"proj_size={size}" in runs.failing


WRITER = f"""{TORCH}
class Writer(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(300, 48)
        self.encoder, self.decoder = nn.GRU(48, 80, batch_first=True), nn.GRUCell(48, 80)
        self.score = nn.Linear(80, 300)

    def forward(self, article):
        h = self.encoder(self.emb(article))[1].squeeze(0)
        token = TOKEN
        for _ in range(12):
            h = self.decoder(self.emb(token), h)
            token = self.score(h).argmax(-1)
        return h


Writer()(torch.zeros(5, 60).long())
"""
OF_WRITER = ["Writer()(torch.zeros(5, 60).long())", "h = self.decoder(self.emb(token), h)"]
OF_THREE_AXES = "ValueError: GRUCell: Expected input to be 1D or 2D, got 3D instead"


@pytest.mark.parametrize(
    "token",
    ["torch.full((article.size(0), 1), 2)", "torch.full((5,), 2).unsqueeze(1)", "article[:, :1]"],
)
def test_the_axis_of_one_token_is_removed_before_a_cell(token: str) -> None:
    explanation = explain(pasted(WRITER.replace("TOKEN", token), OF_WRITER, OF_THREE_AXES))
    likeliest, network = explanation.mismatch.causes[0], explanation.configuration

    assert ids(explanation.mismatch) == ["axis_of_one_step"]
    assert likeliest.fix == "h = self.decoder(self.emb(token).squeeze(1), h)"
    assert network and (network.time_step, network.features) == (None, 48)  # the steps are those of the encoder


def test_all_words_of_a_text_are_read_in_a_loop() -> None:
    assert ids(said(pasted(WRITER.replace("TOKEN", "article"), OF_WRITER, OF_THREE_AXES))) == ["one_step"]


def test_an_embedding_in_the_call_of_a_cell_is_mostly_that_of_one_word() -> None:
    assert ids(said(pasted("", OF_WRITER, OF_THREE_AXES))) == ["axis_of_one_step", "one_step"]


LETTERS = f"""{TORCH}
def encode(name, length=10):
    ids = torch.tensor([INDEX[c] for c in name.ljust(length)[:length]])
    return nn.functional.one_hot(ids, len(ALPHABET)).float()


class Names(nn.Module):
    def __init__(self, letters):
        super().__init__()
        self.rnn = nn.RNN(letters, 40, batch_first=True)

    def forward(self, x):
        return self.rnn(x)[1]


batch = torch.stack([encode(one) for one in names])
EXCHANGED
model = Names(len(ALPHABET))
model(batch)
"""
OF_LETTERS = "RuntimeError: input.size(-1) must be equal to input_size. Expected 28, got 10"


@pytest.mark.parametrize(
    ("exchanged", "line"),
    [
        ("batch = batch.permute(0, 2, 1)", "# batch = batch.permute(0, 2, 1)"),
        ("batch = torch.transpose(batch, 1, 2)", "# batch = torch.transpose(batch, 1, 2)"),
    ],
)
def test_exchanged_axes_are_wrong_if_the_refused_features_are_the_length_of_the_program(
    exchanged: str, line: str
) -> None:
    program = LETTERS.replace("EXCHANGED", exchanged)
    frames = ["model(batch)", "return self.rnn(x)[1]"]
    mismatch = said(pasted(program, frames, OF_LETTERS))

    assert (mismatch.axis, mismatch.got, ids(mismatch)) == ("order", (None, 28, 10), ["features_first"])
    assert mismatch.causes[0].fix == line
    of_others = said(pasted(program, frames, OF_LETTERS.replace("got 10", "got 12")))
    assert of_others.axis == "features"


def test_exchanged_axes_that_another_layer_reads_are_exchanged_back() -> None:
    program = LETTERS.replace("EXCHANGED", "").replace(
        "        return self.rnn(x)",
        "        x = x.transpose(1, 2)\n        scores = self.convolution(x)\n        return self.rnn(x)",
    )
    mismatch = said(pasted(program, ["model(batch)", "return self.rnn(x)[1]"], OF_LETTERS))

    assert mismatch.causes[0].fix == "return self.rnn(x.transpose(1, 2))[1]"


CAPTIONS = f"""{TORCH}
class Captions(nn.Module):
    def __init__(self, image, units):
        super().__init__()
        self.of_h = nn.Linear(image, 256)
        self.of_c = nn.Linear(image, 256)
        self.cell = nn.LSTMCell(100, units)

    def forward(self, images, words):
        h = torch.tanh(self.of_h(images))
        c = self.of_c(images).tanh()
        for t in range(words.size(1)):
            h, c = self.cell(words[:, t], (h, c))
        return h


Captions(512, 320)(torch.zeros(12, 512), torch.zeros(12, 14, 100))
"""


def test_the_layers_that_make_both_states_are_made_for_the_units_of_the_cell() -> None:
    frame = "h, c = self.cell(words[:, t], (h, c))"
    text = pasted(CAPTIONS, [frame], "RuntimeError: hidden0 has inconsistent hidden_size: got 256, expected 320")

    assert said(text).causes[0].lines == (
        ("self.of_h = nn.Linear(image, 256)", "self.of_h = nn.Linear(image, units)"),
        ("self.of_c = nn.Linear(image, 256)", "self.of_c = nn.Linear(image, units)"),
    )


OWN_GRU = """import numpy as np

class Cell:
    def __init__(self, n, m):
        self.n = m
        self.Wz, self.Wr, self.Wh = (np.random.randn(n + m, m) for _ in range(3))

    def step(self, x_t, h):
        xh = np.concatenate([x_t, h], axis=0)
        z, r = sigmoid(xh @ self.Wz), sigmoid(xh @ self.Wr)
        cand = np.tanh(np.concatenate([x_t, r * h], axis=0) @ self.Wh)
        return (1 - z) * h + z * cand

    def forward(self, x):
        h = np.zeros((x.shape[0], self.n))
        for t in range(x.shape[1]):
            h = self.step(x[:, t], h)
        return h

Cell(3, 14).forward(np.zeros((8, 25, 3)))
"""
OF_ROWS = (
    "ValueError: all the input array dimensions except for the concatenation axis must match exactly, but along"
    " dimension 1, the array at index 0 has size 3 and the array at index 1 has size 14"
)


def test_both_joins_of_a_gru_are_corrected_and_it_resets_before_the_product() -> None:
    explanation = explain(pasted(OWN_GRU, ["xh = np.concatenate([x_t, h], axis=0)"], OF_ROWS))
    (likeliest,) = explanation.mismatch.causes

    assert [fix for _, fix in likeliest.lines] == [
        "xh = np.concatenate([x_t, h], axis=1)",
        "cand = np.tanh(np.concatenate([x_t, r * h], axis=1) @ self.Wh)",
    ]
    assert explanation.resets_after is False


def test_a_gate_times_h_is_a_state_in_a_join() -> None:
    line = "cand = np.tanh(np.concatenate([x_t, r * h], axis=0) @ self.Wh)"
    mismatch = said(pasted("", [f"{line}\n    {' ' * 15}{'^' * 36}"], OF_ROWS))

    assert mismatch.causes[0].fix == "np.concatenate([x_t, r * h], axis=1)"


def test_the_second_kernel_that_is_transposed_is_the_recurrent_one() -> None:
    error = (
        "ValueError: Layer ported weight shape (30, 120) is not compatible with provided weight shape (120, 30)."
        "\n\nlayer = keras.layers.LSTM(30)\n"
    )
    program = f"{KERAS}layer = layers.LSTM(30)\nlayer.set_weights([w_ih.T, w_hh, bias])\n"
    mismatch = said(pasted(program, ["layer.set_weights([w_ih.T, w_hh, bias])"], error))

    assert (mismatch.tensor, mismatch.axis) == ("recurrent_kernel", "order")
    assert mismatch.causes[0].fix == "layer.set_weights([w_ih.T, w_hh.T, bias])"


def test_both_kernels_of_another_framework_are_transposed() -> None:
    error = "ValueError: Layer lstm weight shape (12, 120) is not compatible with provided weight shape (120, 12)."

    assert [fix for _, fix in said(error).causes[0].lines] == [
        "kernel = kernel.T",
        "recurrent_kernel = recurrent_kernel.T",
    ]


JOINED = f"""{TORCH}
class Decoder(nn.Module):
    def __init__(self, embed_size, hidden_size, enc_size):
        super().__init__()
        self.embedding = nn.Embedding(700, embed_size)
        self.lstm = nn.LSTM(embed_size, hidden_size, batch_first=True)
        self.score = nn.Linear(hidden_size + enc_size, 1)

    def forward(self, word, context, state):
        step = torch.cat([self.embedding(word), context], dim=-1)
        return self.lstm(step, state)


decoder = Decoder(embed_size=40, hidden_size=90, enc_size=90)
"""


def test_what_is_joined_to_x_has_the_size_of_its_own_and_not_that_of_the_layer() -> None:
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 40, got 130"
    mismatch = said(pasted(JOINED, ["return self.lstm(step, state)"], error))

    assert mismatch.causes[0].fix == "self.lstm = nn.LSTM(embed_size + enc_size, hidden_size, batch_first=True)"


def test_one_array_for_both_states_is_said_to_be_taken_apart() -> None:
    error = "RuntimeError: For batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors"
    mismatch = said(pasted("", ["out, hn = self.lstm(x, h0)"], error))

    assert "took apart" in str(mismatch.sentence)
    assert mismatch.is_of_equals


def test_weights_of_other_units_need_a_module_with_these() -> None:
    error = (
        'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/scan(OptimizedLSTMCell_0)/ii", the given'
        " initializer is expected to generate shape (32, 56), but the existing parameter it received has shape"
        " (32, 40)."
    )
    mismatch = said(error)

    assert mismatch.axis == "num_units"
    assert mismatch.causes[0].fix.startswith("nn.RNN(nn.OptimizedLSTMCell(40))")


@pytest.mark.parametrize("scope", ["/scan(cell)/ii", "/encoder/hr", "/head"])
def test_parts_of_gates_alone_name_a_cell_of_flax(scope: str) -> None:
    error = (
        f'flax.errors.ScopeParamShapeError: For parameter "kernel" in "{scope}", the given initializer is expected to'
        " generate shape (11, 26), but the existing parameter it received has shape (7, 26)."
    )
    if scope == "/head":
        with pytest.raises(NotFoundError):
            explain(error)
    else:
        assert said(error).axis is not None


PADDED_AGAIN = f"""{TORCH}
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.fc = nn.LSTM(64, 100, batch_first=True), nn.Linear(100, 5)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, _ = pad_packed_sequence(self.lstm(packed)[0])
        return self.fc(out)


scores = Tagger()(x, lengths)
picked = scores[mask]
"""


def test_an_output_that_is_padded_with_time_first_is_wrong_and_not_its_mask() -> None:
    error = (
        "IndexError: The shape of the mask [4, 12] at index 0 does not match the shape of the indexed tensor [12, 4, 5]"
        " at index 0"
    )
    mismatch = said(pasted(PADDED_AGAIN, ["picked = scores[mask]"], error))

    assert (mismatch.tensor, mismatch.axis, mismatch.got) == ("output", "order", (12, 4, 5))
    assert mismatch.causes[0].fix == "out, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)"


def test_a_vector_that_is_joined_with_a_column_becomes_one() -> None:
    error = OF_ROWS.replace("size 3", "size 1")
    mismatch = said(pasted("", ["z = np.vstack((h, x))\n        ^^^^^^^^^^^^^^^^^"], error))

    assert (mismatch.tensor, mismatch.axis, mismatch.shapes) == ("x", "rank", ((14, 1), (14,)))
    assert mismatch.causes[0].fix == "np.vstack((h, x[:, None]))"


ATTENTIVE = f"""{TORCH}
class Writer(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb, self.cell = nn.Embedding(400, 32), nn.LSTMCell(128, 96)

    def forward(self, memory):
        h = c = torch.zeros(6, 96)
        word = torch.zeros(6, 1, dtype=torch.long)
        for _ in range(8):
            context = (torch.softmax(memory @ h.unsqueeze(2), 1) * memory).sum(1)
            h, c = self.cell(torch.cat([self.emb(word), context], -1), (h, c))
        return h


Writer()(torch.randn(6, 15, 96))
"""


def test_a_word_that_is_joined_with_a_context_for_a_cell_has_no_steps() -> None:
    frame = "h, c = self.cell(torch.cat([self.emb(word), context], -1), (h, c))"
    error = "RuntimeError: Tensors must have same number of dimensions: got 3 and 2"
    mismatch = said(pasted(ATTENTIVE, [frame], error))

    assert (mismatch.tensor, mismatch.axis, mismatch.got) == ("x", "rank", 3)
    assert mismatch.causes[0].fix == frame.replace("self.emb(word)", "self.emb(word).squeeze(1)")


CAPTIONS_IN_KERAS = f"""{KERAS}
image, words = keras.Input((256,)), keras.Input((20,))
features = layers.Dense(128)(image)
read = layers.LSTM(128, return_sequences=True)(layers.Embedding(500, 64)(words))
merged = layers.concatenate([features, read])
"""


def test_a_vector_of_a_sample_is_repeated_for_each_step_that_it_is_joined_with() -> None:
    error = (
        "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis."
        " Received: input_shape=[(None, 128), (None, 20, 128)]"
    )
    mismatch = said(pasted(CAPTIONS_IN_KERAS, ["merged = layers.concatenate([features, read])"], error))

    assert mismatch.causes[0].fix == "merged = layers.concatenate([layers.RepeatVector(20)(features), read])"


JOINED_IN_KERAS = f"""{KERAS}
class MyGRUCell(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = self.state_size = units

    def build(self, shape):
        d = shape[-1]
        self.Wz = self.add_weight(shape=(d + self.units, self.units))
        self.Wh = self.add_weight(shape=(d, self.units))

    def call(self, inputs, states):
        z = keras.ops.sigmoid(keras.ops.concatenate([inputs, states[0]]) @ self.Wz)
        h = keras.ops.tanh(keras.ops.concatenate([inputs, z * states[0]]) @ self.Wh)
        return h, [h]


model = keras.Sequential([keras.Input((12, 5)), layers.RNN(MyGRUCell(20))])
"""


def test_weights_of_x_and_h_in_an_own_cell_of_keras_have_rows_of_both() -> None:
    line = "h = keras.ops.tanh(keras.ops.concatenate([inputs, z * states[0]]) @ self.Wh)"
    error = (
        "ValueError: Exception encountered when calling MyGRUCell.call().\n\nDimensions must be equal, but are 25 and 5"
        " for '{{node sequential_1/rnn_1/my_gru_cell_1/matmul_2}} = MatMul[T=DT_FLOAT](concat_1, ReadVariableOp)' with"
        " input shapes: [?,25], [5,20].\n\nArguments received by MyGRUCell.call():\n  • inputs=tf.Tensor(shape=(None,"
        " 5), dtype=float32)\n  • states=('tf.Tensor(shape=(None, 20), dtype=float32)',)"
    )
    product = line.partition("tanh(")[2].removesuffix(")")
    marks = "".join("^" if one == "@" else "~" for one in product)
    explanation = explain(pasted(JOINED_IN_KERAS, [f"{line}\n{' ' * (4 + line.index(product))}{marks}"], error))

    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == ("kernel", "features")
    assert explanation.mismatch.causes[0].fix == "self.Wh = self.add_weight(shape=(d + self.units, self.units))"


EXCHANGED_FACTOR = f"""{TORCH}
class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc, self.dec = nn.LSTM(64, 128, batch_first=True), nn.LSTM(64, 128, batch_first=True)

    def forward(self, source, target):
        keys, state = self.enc(source)
        out, _ = self.dec(target, state)
        score = torch.bmm(out, keys.transpose(1, 2))
        return torch.bmm(score.softmax(-1).transpose(1, 2), keys)


Translator()(torch.zeros(7, 19, 64), torch.zeros(7, 13, 64))
"""


def test_a_factor_that_is_transposed_once_too_often_loses_that() -> None:
    frame = "return torch.bmm(score.softmax(-1).transpose(1, 2), keys)"
    error = "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [7, 13] but got: [7, 19]."

    assert said(pasted(EXCHANGED_FACTOR, [frame], error)).causes[0].fix == "return torch.bmm(score.softmax(-1), keys)"


def test_the_outputs_of_attention_are_compared_with_their_steps() -> None:
    error = (
        "ValueError: Exception encountered when calling Attention.call().\n\nDimensions must be equal, but are 64 and"
        " 32 for '{{node functional_1/attention_1/MatMul}} = BatchMatMulV2[T=DT_FLOAT](functional_1/gru_1_2/transpose,"
        " functional_1/attention_1/transpose)' with input shapes: [32,9,64], [32,32,12]."
    )
    program = (
        f"{KERAS}read = layers.GRU(32, return_sequences=True)(keras.Input((12, 4)))\n"
        "write = layers.GRU(64, return_sequences=True)(keras.Input((9, 4)))\n"
        "context = layers.Attention()([write, read])\n"
    )
    shapes = comparison(explain(pasted(program, ["context = layers.Attention()([write, read])"], error)))

    assert shapes and shapes.axes == ("batch_size", "time_step", "num_units")
