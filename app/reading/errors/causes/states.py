"""Causes in the initial states: their batch, their first axis, their units, and how they are passed."""

from ....translations.phrases import phrase
from .cause_text import OTHERS, CauseText

ZEROS = "{state} = torch.zeros({parts}, {of_x}, {units})"
ONNX_ZEROS = "{state} = np.zeros(({parts}, {batch}, {units}), np.float32)"
MADE = "{state} = torch.zeros({parts_got}, {batch_made}, {units_got})"
ONNX_MADE = "{state} = np.zeros(({parts_got}, {batch_made}, {units_got}), np.float32)"
"""A state that fits, and the one that was passed, in PyTorch and ONNX."""

OF_THIS_BATCH = {
    "pytorch": "{state} = torch.zeros({parts}, x.size({batch_axis}), {units}){note}",
    "cell": "h = torch.zeros(x_t.size(0), {units})",
    "packed": "{state} = torch.zeros({parts}, {packed}.batch_sizes[0], {units})",
    "onnx": "{state} = np.zeros(({parts}, X.shape[1], {units}), np.float32)",
    "tf1": "initial_state = cell.zero_state(tf.shape(x)[0], tf.float32)",
    "flax": "carry = cell.initialize_carry(key, x_t.shape)",
    "numpy": "{state} = np.zeros((len(x), {units}))",
    "jax": "{state} = jnp.zeros((len(x), {units}))",
    "keras states": "h = np.zeros((len(x), {units}), 'float32')",
}
OF_ANOTHER_BATCH = {
    "pytorch": "{state} = torch.zeros({parts_got}, {batch_got}, {units_got})",
    "cell": "h = torch.zeros({batch_got}, {units})",
    "onnx": "{state} = np.zeros(({parts_got}, {batch_got}, {units_got}), np.float32)",
}
"""A state for the samples of x, and one that was made for others."""

OTHER_MODEL = "keras.Input(batch_shape=({batch_of_x}, time_step, features))  # a second model with the same weights"
"""The input of a model of Keras that keeps its states, for another batch."""

STATES = {
    "layers_of_encoder": CauseText(
        phrase("The encoder has another number of layers"),
        phrase(
            "The state of the encoder is that of another number of layers than the decoder has: give each layer of the"
            " decoder a state."
        ),
        {OTHERS: "initial_state = tuple(encoder_state[-1] for _ in range(decoder_layers))"},
        wrong={OTHERS: "initial_state = encoder_state"},
    ),
    "scalar_state": CauseText(
        phrase("A state has no axis of samples"),
        phrase(
            "The state of an AttentionWrapper has the number of the step, which is one for all samples: with lengths,"
            " dynamic_rnn would choose it for each sample. Leave them out."
        ),
        {OTHERS: "outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)"},
        wrong={OTHERS: "outputs, state = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)"},
    ),
    "declared_state": CauseText(
        phrase("state_size is not the size of the state"),
        phrase("Keras makes a first state with state_size values, and the cell computes one of another size."),
        {OTHERS: "self.state_size = {units}"},
    ),
    "last_batch": CauseText(
        phrase("The last batch is smaller"),
        phrase("The batch is smaller than the one for which the state was made: often it is the last one."),
        {**OF_THIS_BATCH, OTHERS: "x = x[: len(x) // {batch_size} * {batch_size}]"},
        wrong=OF_ANOTHER_BATCH,
    ),
    "state_of_one": CauseText(
        phrase("The state is that of one sequence"),
        phrase("Several sequences go on with the state of one, such as the beams of a search: repeat it for each one."),
        {
            "pytorch": "h_0 = h_0.repeat(1, x.size(0), 1)",
            "keras": "h = keras.ops.repeat(h, {times}, axis=0)",
            OTHERS: "h = h.expand(len(x_t), -1)",
        },
    ),
    "whole_batches": CauseText(
        phrase("A stateful model takes only whole batches"),
        phrase(
            "The model was built for a fixed number of samples: fill the last batch up, and drop what it returns for"
            " the added samples."
        ),
        {
            OTHERS: "y = model.predict(np.append(x, np.repeat(x[-1:], -len(x) % {batch_size}, axis=0), axis=0),"
            " batch_size={batch_size})[: len(x)]"
        },
    ),
    "other_batch": CauseText(
        phrase("The state was made for another batch"),
        phrase("The state was made for another number of samples than x has."),
        {
            **OF_THIS_BATCH,
            OTHERS: OTHER_MODEL,
        },
        wrong={**OF_ANOTHER_BATCH, "keras": "keras.Input(batch_shape=({batch_size}, time_step, features))"},
    ),
    "input_of_state": CauseText(
        phrase("The input for the state has another number of units"),
        phrase("The model gets its states as inputs, which must have as many units as the states."),
        {OTHERS: "keras.Input(({got},))"},
        wrong={OTHERS: "keras.Input(({expected},))"},
    ),
    "exchanged_arguments": CauseText(
        phrase("The arguments of the cell are exchanged"),
        phrase("The state that the cell returns is the state that it gets in the next step, and not its x."),
        {"flax": "carry, y = cell(carry, x_t)", "keras": "y, states = cell(x_t, states)", OTHERS: "h = cell(x_t, h)"},
        wrong={
            "flax": "carry, y = cell(x_t, carry)",
            "keras": "y, states = cell(states, x_t)",
            OTHERS: "h = cell(h, x_t)",
        },
    ),
    "state_column": CauseText(
        phrase("The state has no axis of samples"),
        phrase(
            "Samples are columns here, so a state has a column for each of them; one column serves for all at first."
        ),
        {"jax": "h = jnp.zeros(({units}, 1))", OTHERS: "h = np.zeros(({units}, 1))"},
        wrong={"jax": "h = jnp.zeros({units})", OTHERS: "h = np.zeros({units})"},
    ),
    "states_of_cells": CauseText(
        phrase("The states are those of one cell"),
        phrase("A layer with several cells needs the states of each of them, in a list."),
        {OTHERS: "layer(x, initial_state=[states] * {cells})"},
        wrong={OTHERS: "layer(x, initial_state=states)"},
    ),
    "batch_of_call": CauseText(
        phrase("The call says no batch_size"),
        phrase("Without batch_size, Keras takes batches of another size than that of the states."),
        {OTHERS: "model.{call}({arguments}, batch_size={batch_size})"},
        wrong={OTHERS: "model.{call}({arguments})"},
    ),
    "batch_of_shape": CauseText(
        phrase("The shape of the input has another batch"),
        phrase("A shape with the batch begins with the number of samples that each step of the training takes."),
        {OTHERS: "batch_input_shape=({batch_size}, time_step, features)"},
    ),
    "nested_states": CauseText(
        phrase("The states are in one flat list"),
        phrase("A layer with several cells needs a list of lists: the states of each cell in one of their own."),
        {OTHERS: "layer(x, initial_state=[states[n : n + {number}] for n in range(0, len(states), {number})])"},
        wrong={OTHERS: "layer(x, initial_state=states)"},
    ),
    "states_without_batch": CauseText(
        phrase("The states lack the axis of the batch"),
        phrase("Each sample has states of its own: repeat the states along a new first axis, that of the batch."),
        {OTHERS: "states = [tf.repeat(one[tf.newaxis], tf.shape(x)[0], axis=0) for one in states]"},
    ),
    "pair_for_state": CauseText(
        phrase("A pair of states was taken for one array"),
        phrase("The state of an LSTM is the pair (c, h), which TensorFlow stacks if an array is wanted: take h alone."),
        {OTHERS: "state = state.h"},
    ),
    "state_of_other_data": CauseText(
        phrase("The state is left from other data"),
        phrase("The state comes from calls with another batch, such as those of training: make one for these data."),
        {
            **OF_THIS_BATCH,
            "pytorch": "{state} = torch.zeros({parts}, {batch_size}, {units})",
            OTHERS: "h = tf.zeros(({batch_size}, {units}))",
        },
    ),
    "directions_of_states": CauseText(
        phrase("The states of both directions are not joined"),
        phrase("A Bidirectional layer returns the states of each direction: join those of both along their units."),
        {
            "keras": "initial_state=[Concatenate()([fh, bh]), Concatenate()([fc, bc])]",
            OTHERS: "initial_state=[Concatenate()([fh, bh])]",
        },
        wrong={"keras": "initial_state=[fh, fc, bh, bc]", OTHERS: "initial_state=[fh, bh]"},
    ),
    "divided_batch": CauseText(
        phrase("Each device gets a part of the batch"),
        phrase("Each device gets a part of x, so a state from elsewhere has another batch: make it in forward."),
        OF_THIS_BATCH | {OTHERS: OF_THIS_BATCH["pytorch"]},
        wrong=OF_ANOTHER_BATCH,
    ),
    "divided_states": CauseText(
        phrase("Each device gets a part of the batch"),
        phrase(
            "Each device gets a part of x, but a stateful layer keeps the states of the whole batch: make it stateless."
        ),
        {OTHERS: "keras.layers.{cell}({units}, stateful=False)"},
        wrong={OTHERS: "keras.layers.{cell}({units}, stateful=True)"},
    ),
    "undivided_x": CauseText(
        phrase("x is divided along another axis"),
        phrase("DataParallel divides each tensor along its first axis: one with the steps first keeps all samples."),
        {OTHERS: "x = x.transpose(0, 1)  # batch first, before the model"},
    ),
    "states_of_all_layers": CauseText(
        phrase("The states are those of all layers"),
        phrase("The state has as many rows as the samples of several layers: give each layer its own."),
        {OTHERS: "h = h_0[layer]"},
        wrong={OTHERS: "h = h_0"},
    ),
    "state_order": CauseText(
        phrase("The state was made batch first"),
        phrase("The state has the batch first. States have layers first, even with batch_first=True."),
        {
            "onnx": "{state} = np.zeros(({parts}, {batch}, {units}), np.float32)",
            OTHERS: "{state} = torch.zeros({parts}, {batch}, {units})",
        },
        wrong={
            "onnx": "{state} = np.zeros(({parts_got}, {batch_got}, {units_got}), np.float32)",
            OTHERS: "{state} = torch.zeros({parts_got}, {batch_got}, {units_got})",
        },
    ),
    "state_transposed": CauseText(
        phrase("The state was transposed before"),
        phrase("An encoder’s h_n may have been put batch first, as for attention: put the layers first again."),
        {
            "onnx": "{state} = {state}.swapaxes(0, 1)",
            OTHERS: "{state} = {state}.transpose(0, 1).contiguous()",
        },
    ),
    "directions": CauseText(
        phrase("The second direction is missing"),
        phrase("A bidirectional layer has a state for each direction, and this one may lack the second one."),
        {
            "onnx": ONNX_ZEROS,
            OTHERS: "{state} = torch.zeros({parts}, {of_x}, {units})  # 2 * num_layers",
        },
        wrong={
            "onnx": ONNX_MADE,
            OTHERS: MADE,
        },
    ),
    "one_direction": CauseText(
        phrase("The layer is not bidirectional"),
        phrase("The state has two directions, but the layer has one."),
        {
            "onnx": ONNX_ZEROS,
            OTHERS: "nn.{cell}({features}, {units}{layers}, bidirectional=True)",
        },
        wrong={
            "onnx": ONNX_MADE,
            OTHERS: "nn.{cell}({features}, {units}{layers})",
        },
    ),
    "layers": CauseText(
        phrase("The number of layers differs"),
        phrase("The first axis of the state has one entry for each layer and direction, and their number differs."),
        {
            "onnx": ONNX_ZEROS,
            OTHERS: "{state} = torch.zeros({parts}, {of_x}, {units})  # num_layers * directions",
        },
        wrong={
            "onnx": ONNX_MADE,
            OTHERS: MADE,
        },
    ),
    "layers_not_given": CauseText(
        phrase("num_layers is not passed to the layer"),
        phrase("The state is made for several layers, but without num_layers the layer has only one."),
        {OTHERS: "nn.{cell}({features}, {units}, num_layers={made}{stack})"},
    ),
    "unsqueeze": CauseText(
        phrase("The state lacks an axis"),
        phrase("The state lacks an axis: that of layers and directions, which is the first one, or the batch."),
        {
            "onnx": "{state} = {state}[np.newaxis]",
            "keras": "{state} = {state}[np.newaxis]",
            OTHERS: "{state} = {state}.unsqueeze(0)",
        },
    ),
    "state_axes": CauseText(
        phrase("The axes of the state are exchanged"),
        phrase("The two axes of the state have the other order than the product with the weights needs."),
        {OTHERS: "h = h.T"},
    ),
    "kept_state": CauseText(
        phrase("The state is that of another batch"),
        phrase(
            "The network keeps its state, which is that of the batch before: reset it before a batch of another size."
        ),
        {OTHERS: "model.state = None"},
    ),
    "join_of_columns": CauseText(
        phrase("They are joined along the axis of the samples"),
        phrase("Samples are columns here, so x and h are joined along the first axis, that of features and units."),
        {"jax": "both = jnp.concatenate((h, x), axis=0)", OTHERS: "both = np.concatenate((h, x), axis=0)"},
    ),
    "state_column_axes": CauseText(
        phrase("The state has an axis too many"),
        phrase("A state is a matrix with a row for each unit here, and has one more axis, of size 1: leave it out."),
        {OTHERS: "h = h[..., 0]"},
    ),
    "joined_states": CauseText(
        phrase("The states of both directions are joined"),
        phrase("The joined states of both directions have twice the units of the encoder: the decoder needs as many."),
        {
            "pytorch": "nn.{cell}({features}, {units_got})",
            OTHERS: "keras.layers.{cell}({units_got}, return_sequences=True)",
        },
        wrong={
            "pytorch": "nn.{cell}({features}, {units})",
            OTHERS: "keras.layers.{cell}({units}, return_sequences=True)",
        },
    ),
    "single_unit": CauseText(
        phrase("The layer has one unit"),
        phrase("The layer was made with hidden_size = 1, and its state has many units: give the layer as many."),
        {OTHERS: "nn.{cell}({features}, {units_got})"},
        wrong={OTHERS: "nn.{cell}({features}, {units})"},
    ),
    "decoder_units": CauseText(
        phrase("The decoder has another number of units than its state"),
        phrase(
            "A state, also one that is joined from both directions of an encoder, needs a decoder with as many units."
        ),
        {OTHERS: "keras.layers.{cell}({units_got}, return_sequences=True)"},
        wrong={OTHERS: "keras.layers.{cell}({units}, return_sequences=True)"},
    ),
    "encoder_units": CauseText(
        phrase("Encoder and decoder have different numbers of units"),
        phrase("The state of the encoder can only start a decoder with as many units."),
        {
            "flax": "decoder = nnx.RNN(nnx.{cell}Cell({features}, {units_got}, rngs=rngs))",
            OTHERS: "keras.layers.{cell}({units_got}, return_sequences=True)",
        },
        wrong={
            "flax": "decoder = nnx.RNN(nnx.{cell}Cell({features}, {units}, rngs=rngs))",
            OTHERS: "keras.layers.{cell}({units}, return_sequences=True)",
        },
    ),
    "squeeze": CauseText(
        phrase("The state has an axis of layers"),
        phrase("The state of a cell has no axis of layers."),
        {"keras": "{state} = {state}[0]", OTHERS: "{state} = {state}.squeeze(0)"},
    ),
    "state_without_batch": CauseText(
        phrase("The state lacks the batch"),
        phrase("The state has one value for each unit, but each sample has a state of its own."),
        {
            "tf1": "h = tf.tile(h[tf.newaxis], [tf.shape(x)[0], 1])",
            "keras": "h = tf.tile(h[tf.newaxis], [tf.shape(x)[0], 1])",
            "layers": "{state} = {state}.unsqueeze(1).expand(-1, x.size({batch_axis}), -1).contiguous()",
            OTHERS: "{state} = {state}.expand(x.size({batch_axis}), -1)",
        },
    ),
    "state_of_image": CauseText(
        phrase("The state was made for images of another size"),
        phrase("The state of a ConvLSTM has as many rows and columns as x."),
        {OTHERS: "initial_state = cell.zero_state(batch_size, tf.float32)  # of a cell with the shape of this x"},
    ),
    "state_size_with_batch": CauseText(
        phrase("state_size has the axis of the batch"),
        phrase("The state_size of a cell is the shape of its state without the batch, which Keras puts before it."),
        {OTHERS: "self.state_size = tf.TensorShape(shape[1:])  # without the batch"},
        wrong={OTHERS: "self.state_size = tf.TensorShape(shape)"},
    ),
    "other_units": CauseText(
        phrase("The state has another number of units"),
        phrase("The state was made with another number of units than the layer has."),
        {
            "cell": "{state_of_step} = torch.zeros(x_t.size(0), {units})",
            "tf1": "initial_state = cell.zero_state(tf.shape(x)[0], tf.float32)",
            "keras": "{state_of_step} = np.zeros((len(x), {units}), 'float32')",
            "onnx": ONNX_ZEROS,
            "numpy": "{state_of_step} = np.zeros((len(x), {units}))",
            "tensorflow cell": "{state_of_step} = tf.zeros((len(x), {units}))",
            "jax": "{state_of_step} = jnp.zeros((len(x), {units}))",
            "flax": "carry = cell.initialize_carry(key, x_t.shape)",
            OTHERS: ZEROS,
        },
        wrong={
            "cell": "{state_of_step} = torch.zeros(x_t.size(0), {units_got})",
            "onnx": ONNX_MADE,
            OTHERS: MADE,
        },
    ),
    "state_size": CauseText(
        phrase("state_size is not the number of units"),
        phrase("Keras makes a state with state_size values, but the recurrent kernel has a row for each unit."),
        {OTHERS: "self.state_size = {units}"},
    ),
    "given_state": CauseText(
        phrase("The state is no array of zeros"),
        phrase("The first state is what the network gets from elsewhere: the layer needs as many units as that has."),
        {"cell": "nn.{cell}Cell({features}, {units_got})", OTHERS: "nn.{cell}({features}, {units_got})"},
        wrong={"cell": "nn.{cell}Cell({features}, {units})", OTHERS: "nn.{cell}({features}, {units})"},
    ),
    "swapped_factors": CauseText(
        phrase("The factors are exchanged"),
        phrase("x and h are columns here, so the weights are the first factor of each product."),
        {OTHERS: "np.dot(W_h, h)"},
        wrong={OTHERS: "np.dot(h, W_h)"},
    ),
    "factor_order": CauseText(
        phrase("The factors are exchanged"),
        phrase("The factors of this product fit in the other order."),
        {OTHERS: "z = x @ W"},
        wrong={OTHERS: "z = W @ x"},
    ),
    "row_factors": CauseText(
        phrase("The factors are exchanged"),
        phrase(
            "Samples are rows, as in the other product of this line: x comes first, and the weights are transposed."
        ),
        {OTHERS: "z = x @ W.T"},
        wrong={OTHERS: "z = W @ x"},
    ),
    "projected_state": CauseText(
        phrase("The layer has a projection"),
        phrase("With proj_size, h has as many components as the projection, and c as many as the layer has units."),
        {OTHERS: ZEROS},
        wrong={OTHERS: MADE},
    ),
    "encoder_directions": CauseText(
        phrase("The state comes from a bidirectional encoder"),
        phrase("The state comes from an encoder with two directions: join them for a decoder with one."),
        {
            "same units": "h_0 = h_n.view({parts}, 2, {batch}, {units}).sum(1)",
            "several layers": "h_0 = torch.cat((h_n[0::2], h_n[1::2]), dim=-1)",
            OTHERS: "h_0 = torch.cat((h_n[-2], h_n[-1]), dim=-1).unsqueeze(0)",
        },
        wrong={OTHERS: "h_0 = h_n"},
    ),
    "output_for_h": CauseText(
        phrase("An output was passed for the state"),
        phrase("Its axes are those of the output of every step: a layer also returns its last state, h_n."),
        {OTHERS: "layer(x, h_n)  # output, h_n = encoder(x)"},
        wrong={OTHERS: "layer(x, output)"},
    ),
    "extra_state_axis": CauseText(
        phrase("The state has an axis too many"),
        phrase("The state has one more axis before that of layers and directions."),
        {"onnx": "{state} = {state}[0]", OTHERS: "{state} = {state}.squeeze(0)"},
    ),
    "other_state": CauseText(
        phrase("The state belongs to another network"),
        phrase("Both sizes differ by accident: without a state, the layer starts from zeros."),
        {OTHERS: "layer(x)"},
        wrong={OTHERS: "layer(x, state)"},
    ),
    "h_for_h_c": CauseText(
        phrase("h was passed for the pair (h, c)"),
        phrase("One tensor was passed as the state of an LSTM, which takes a pair: h and c."),
        {
            "keras": "layer(x, initial_state=[h, c])",
            "flax": "carry = (jnp.zeros_like(h), h)",
            "tf1": "initial_state = tf.nn.rnn_cell.LSTMStateTuple(c, h)",
            OTHERS: "lstm(x, (h_0, c_0))",
        },
        wrong={
            "keras": "layer(x, initial_state=h)",
            "flax": "carry = h",
            "tf1": "initial_state = h",
            OTHERS: "lstm(x, h_0)",
        },
    ),
    "state_of_each_cell": CauseText(
        phrase("Each stacked cell has its own states"),
        phrase("A layer with a list of cells takes the states of all of them: h and c for each LSTM cell."),
        {
            "tf1": "initial_state = cell.zero_state(tf.shape(x)[0], tf.float32)  # of the MultiRNNCell",
            OTHERS: "layer(x, initial_state=states)  # [h, c] for each cell",
        },
        wrong={"tf1": "", OTHERS: "layer(x, initial_state=states[-1])"},
    ),
    "states_of_beams": CauseText(
        phrase("The state is not made for each beam"),
        phrase(
            "A beam search has several samples for each one, and the state of its decoder has all of them: the number"
            " of samples times that of beams."
        ),
        {OTHERS: "initial_state = cell.zero_state(dtype=tf.float32, batch_size=batch_size * beam_width)"},
        wrong={OTHERS: "initial_state = cell.zero_state(dtype=tf.float32, batch_size=batch_size)"},
    ),
    "impute_finished": CauseText(
        phrase("The decoder chooses states for each beam"),
        phrase("A beam search says for each beam whether it has ended, and impute_finished needs it for each sample."),
        {OTHERS: "outputs, state, lengths = tf.contrib.seq2seq.dynamic_decode(decoder, impute_finished=False)"},
        wrong={OTHERS: "outputs, state, lengths = tf.contrib.seq2seq.dynamic_decode(decoder, impute_finished=True)"},
    ),
    "state_tuple": CauseText(
        phrase("The state is no LSTMStateTuple"),
        phrase("The first state must have the structure of the one that the cell returns: a tuple for each LSTM."),
        {OTHERS: "initial_state = tf.nn.rnn_cell.LSTMStateTuple(c, h)"},
    ),
    "attention_state": CauseText(
        phrase("The state lacks the parts of attention"),
        phrase("The first state of a decoder is that of its wrapper, with the state of the encoder in it."),
        {OTHERS: "initial_state = decoder_cell.zero_state(batch_size, tf.float32).clone(cell_state=encoder_state)"},
        wrong={OTHERS: "initial_state = encoder_state"},
    ),
    "state_is_tuple": CauseText(
        phrase("state_is_tuple differs"),
        phrase("A stack takes the states of its cells as tuples if the cells return tuples."),
        {OTHERS: "tf.nn.rnn_cell.MultiRNNCell(cells)"},
        wrong={OTHERS: "tf.nn.rnn_cell.MultiRNNCell(cells, state_is_tuple=False)"},
    ),
    "carry_structure": CauseText(
        phrase("A step returns another structure than it gets"),
        phrase("A step of scan returns its state and its output; the state has the structure of the first one."),
        {OTHERS: "return (h, c), h"},
        wrong={OTHERS: "return h, h"},
    ),
    "two_states": CauseText(
        phrase("An LSTM has two states"),
        phrase("The initial state of an LSTM is a pair: h_0, then c_0, and nothing else."),
        {"cell": "lstm_cell(x_t, (h, c))", OTHERS: "lstm(x, (h_0, c_0))"},
    ),
    "number_of_states": CauseText(
        phrase("The number of states differs"),
        phrase("An LSTM has two states, h and c, for each direction; a GRU and a simple RNN have one."),
        {
            "pytorch": "layer(x, h_0)  # no c_0",
            OTHERS: "layer(x, initial_state=states)  # number of arrays: {expected}",
        },
    ),
    "carry": CauseText(
        phrase("A step changes the shape of the state"),
        phrase("A step must return a state with the shape that it gets: often the first one lacks the batch."),
        {
            "tf1": "state = cell.zero_state(batch_size, tf.float32)",
            "tensorflow": "h = tf.zeros((batch_size, num_units))",
            OTHERS: "h = jnp.zeros((batch_size, num_units))",
        },
    ),
    "returned_axis": CauseText(
        phrase("A step returns a state with an axis too many"),
        phrase("A step must return a state with the axes that it gets: leave out the new axis, of size 1."),
        {OTHERS: "return h.squeeze({state_axis}), h"},
    ),
    "vmapped_state": CauseText(
        phrase("vmap passes on the states of all samples"),
        phrase("vmap computes one sample at a time, and what it passes on as a whole has no axis of samples."),
        {OTHERS: "{state} = jnp.zeros({units})"},
        wrong={OTHERS: "{state} = jnp.zeros((batch_size, {units}))"},
    ),
    "static_batch": CauseText(
        phrase("The batch size is not fixed"),
        phrase("A state that is kept needs a fixed batch_size, and the batch_size of this model is free."),
        {OTHERS: "keras.Input(({steps}, {features}), batch_size=1)"},
        wrong={OTHERS: "keras.Input(({steps}, {features}))"},
    ),
    "converted_batch": CauseText(
        phrase("The batch size is not fixed"),
        phrase("The converter makes lists of steps, which need a fixed batch_size, and that of this model is free."),
        {OTHERS: "keras.Input(({steps}, {features}), batch_size=1)"},
        wrong={OTHERS: "keras.Input(({steps}, {features}))"},
    ),
    "static_input_shape": CauseText(
        phrase("The batch size is not fixed"),
        phrase("A state that is kept needs a fixed batch_size, which batch_input_shape says with the shape of x."),
        {OTHERS: "keras.layers.{cell}({units}, stateful=True, batch_input_shape=(batch_size, time_step, features))"},
        wrong={OTHERS: "keras.layers.{cell}({units}, stateful=True, input_shape=(time_step, features))"},
    ),
    "exported_batch": CauseText(
        phrase("The export may fix the batch size"),
        phrase(
            "The batch_size of the example may become that of the initial state: make it 1, or pass the states as"
            " inputs."
        ),
        {
            "pytorch": "torch.onnx.export(model, x{one_sample}, path)",
            OTHERS: "torch.onnx.export(model, (x[:1], {states}), path)",
        },
    ),
}
