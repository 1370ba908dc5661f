"""A message and the few lines of code below it, as a post shows them: the line of the post that a cause corrects."""

import pytest

from app.reading.errors.explanation import explain

MASKED = """Attention above a packed GRU.
RuntimeError: The size of tensor a (31) must match the size of tensor b (22) at non-singleton dimension 1

packed = pack_padded_sequence(words, counts, batch_first=True, enforce_sorted=False)
y, _ = {padded}
weights = attention(y).squeeze(2)
weights = weights.masked_fill({mask}, -1e9)
"""


@pytest.mark.parametrize("mask", ["pad_mask", "~pad_mask", "pad_mask == 0"])
@pytest.mark.parametrize("given", ["gru(packed)[0]", "self.rnn(packed, state)[0]", "packed_output"])
def test_an_output_is_padded_for_the_mask_with_all_other_arguments_kept(mask: str, given: str) -> None:
    padded = f"pad_packed_sequence({given}, batch_first=True"

    likely = explain(MASKED.format(padded=f"{padded})", mask=mask)).mismatch.causes[0]

    assert (likely.id, likely.is_own) == ("packed_steps", True)
    assert likely.fix == f"y, _ = {padded}, total_length=pad_mask.size(1))"


STATES = """I need one vector for each sample. RuntimeError: shape '[9, 22]' is invalid for input of size {size}

rnn = nn.GRU(4, 22, num_layers={layers}, batch_first=True{both})
y, last = rnn(x)   # x.shape = (9, 31, 4)
code = last.{view}(9, 22)
"""


@pytest.mark.parametrize("view", ["view", "reshape"])
@pytest.mark.parametrize("layers", [2, 3])
def test_states_of_all_layers_in_the_shape_of_one_become_that_of_the_last_layer(layers: int, view: str) -> None:
    size = layers * 9 * 22

    causes = explain(STATES.format(size=size, layers=layers, both="", view=view)).mismatch.causes

    assert [(one.id, one.fix, one.is_own) for one in causes] == [("layers", "code = last[-1]", True)]


def test_states_of_both_directions_are_more_than_that_of_the_last_layer() -> None:
    text = STATES.format(size=2 * 9 * 22, layers=1, both=", bidirectional=True", view="view")

    assert all(one.id != "layers" for one in explain(text).mismatch.causes)


ROWS = """ValueError: Exception encountered when calling Reshape.call().

The total size of the tensor must be unchanged. Received: input_shape=({values},), target_shape={old}

net = Sequential([Input(({values},)), Reshape({old}), GRU(15), Dense(1)])
"""


@pytest.mark.parametrize(
    "values, old, new", [(84, (12, 5), (12, 7)), (84, (9, 7), (12, 7)), (84, (5, 9), None), (60, (6, 20), (6, 10))]
)
def test_a_reshape_before_a_layer_keeps_steps_and_features(
    values: int, old: tuple[int, ...], new: tuple[int, ...] | None
) -> None:
    text = ROWS.format(values=values, old=old)

    likely = explain(text).mismatch.causes[0]

    assert (likely.id, likely.is_own) == ("reshape_values", new is not None)
    assert (f"Reshape({new})" in likely.fix) if new else (likely.fix == f"keras.layers.Reshape(({values},))")


ONE_ROW = """The model is trained on rows of 26 numbers. ValueError: Invalid input shape for input Tensor("data:0", \
shape=(26,), dtype=float32) with name 'keras_tensor' and path ''. Expected shape (None, 26, 1), but input has \
incompatible shape (26,)

series = Input((26, 1))
model = Model(series, Dense(1)(LSTM(18)(series)))
model.fit(rows, next_values)
print(model.predict({row}))
"""


@pytest.mark.parametrize("row", ["rows[3]", "rows[-1]", "test.values[0]"])
def test_one_row_that_a_model_gets_becomes_a_batch_of_one(row: str) -> None:
    likely = explain(ONE_ROW.format(row=row)).mismatch.causes[0]

    assert (likely.id, likely.fix, likely.is_own) == ("missing_batch", f"print(model.predict({row}[None]))", True)


def test_an_array_that_no_index_takes_keeps_both_causes() -> None:
    ids = [one.id for one in explain(ONE_ROW.format(row="row")).mismatch.causes]

    assert ids == ["missing_axis", "missing_features_axis"]


BRANCHES = """{about} ValueError: A `Concatenate` layer requires inputs with matching shapes except for the \
concatenation axis. Received: input_shape=[(None, 18, 24), (None, 40, 20)]

left = LSTM(24, return_sequences=True)(Input((18, 3)))
right = Bidirectional(LSTM(10, return_sequences=True))(Input((40, 6)))
both = Concatenate()([left, right])
"""


def test_branches_of_other_steps_become_one_vector_each() -> None:
    (likely,) = explain(BRANCHES.format(about="One branch for prices, one for news.")).mismatch.causes

    assert (likely.id, likely.is_own) == ("pooled_join", True)
    assert [fix for _, fix in likely.lines] == [
        "left = LSTM(24, return_sequences=False)(Input((18, 3)))",
        "right = Bidirectional(LSTM(10, return_sequences=False))(Input((40, 6)))",
    ]


def test_an_encoder_and_a_decoder_are_no_branches() -> None:
    assert explain(BRANCHES.format(about="My encoder and decoder.")).mismatch.first_cause == "other_sequence"


SAMPLES = """InvalidArgumentError: \
{{{{function_node __wrapped__AddV2_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} \
Incompatible shapes: [40,21] vs. [24,21] [Op:AddV2]

frames = tf.random.uniform([40, 11, 9])
cell = tf.keras.layers.GRUCell(21)
h = tf.zeros([24, 21])
for t in range(11):
    y, h = cell(frames[{step}], h)
"""


@pytest.mark.parametrize("step", [":, t", ":, t, :"])
def test_the_batch_beside_a_state_of_other_samples_is_that_of_x(step: str) -> None:
    explanation = explain(SAMPLES.format(step=step))
    network = explanation.configuration

    assert explanation.mismatch.causes[0].fix == "h = tf.zeros([40, 21])"
    assert network
    assert (network.batch_size, network.time_step, network.features, network.num_units) == (40, 11, 9, 21)


STEP = """A decoder with attention.

RuntimeError: Sizes of tensors must match except in dimension 2. Expected size {a} but got size {b} for \
tensor number 1 in the list.

# {said}
step = torch.cat(({joined}), dim=2)
y, state = self.gru(step, state)
"""


@pytest.mark.parametrize(
    "said",
    ["word is 1 x 12 x 28, context is 12 x 1 x 18", "word (1, 12, 28) and context (12, 1, 18)"],
)
@pytest.mark.parametrize("joined, a, b", [("word, context", 1, 12), ("context, word", 12, 1)])
def test_a_sentence_says_which_step_has_the_batch_first(said: str, joined: str, a: int, b: int) -> None:
    mismatch = explain(STEP.format(a=a, b=b, said=said, joined=joined)).mismatch

    assert (mismatch.axis, mismatch.first_cause) == ("order", "time_first")
    assert (
        mismatch.causes[0].fix == f"step = torch.cat(({joined.replace('context', 'context.transpose(0, 1)')}), dim=2)"
    )


def test_shapes_of_another_batch_say_no_order_of_a_step() -> None:
    text = STEP.format(a=1, b=12, said="word is 1 x 9 x 28, context is 9 x 1 x 18", joined="word, context")

    assert explain(text).mismatch.axis != "order"


PACKED = """RuntimeError: Expected `len(lengths)` to be equal to batch_size, but got 6 (batch_size=21)

# {said}
packed = pack_padded_sequence(x, lens{first}, enforce_sorted=False)
y, h = self.gru(packed)
"""


def test_a_sentence_says_that_the_steps_are_packed_as_samples() -> None:
    text = PACKED.format(said="x has 21 time steps, 6 sequences and 3 features", first=", batch_first=True")
    explanation = explain(text)
    likely, network = explanation.mismatch.causes[0], explanation.configuration

    assert (likely.id, likely.is_own) == ("lengths", True)
    assert likely.fix == "packed = pack_padded_sequence(x, lens, enforce_sorted=False)"
    assert explanation.batch_first is False
    assert network
    assert (network.batch_size, network.time_step, network.features) == (6, 21, 3)


@pytest.mark.parametrize("said", ["x has 6 time steps, 21 sequences", "21 time steps", "a batch of padded words"])
def test_other_sentences_leave_the_samples_first(said: str) -> None:
    explanation = explain(PACKED.format(said=said, first=", batch_first=True"))
    network = explanation.configuration

    assert explanation.batch_first
    assert network
    assert network.batch_size == 21
