"""Likely causes of shape errors: a sentence, and the corrected line in each framework.

Beside frameworks, ``cell`` stands for the cells of PyTorch, which compute one step, ``keras states`` for states that
are passed to a layer of Keras, and ``same units`` for a decoder with as many units as each direction of its encoder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...translations.phrases import Phrase, Unfilled, phrase
from .mismatch import Cause

OTHERS = ""
"""The key of the line for frameworks without one of their own."""


@dataclass(frozen=True)
class _Text:
    """The title and the sentence of a cause, and by framework the corrected line and the wrong one, with the numbers of
    the message in braces."""

    title: Phrase
    sentence: Phrase
    fixes: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


CAUSES = {
    "last_batch": _Text(
        phrase("The last batch is smaller"),
        phrase("The batch is smaller than the one for which the state was made: often it is the last one."),
        {
            "pytorch": "{state} = torch.zeros({parts}, x.size({batch_axis}), {units}){note}",
            "cell": "h = torch.zeros(x_t.size(0), {units})",
            "onnx": "{state} = np.zeros(({parts}, X.shape[1], {units}), np.float32)",
            "tf1": "initial_state = cell.zero_state(tf.shape(x)[0], tf.float32)",
            "flax": "carry = cell.initialize_carry(key, x.shape)",
            "numpy": "{state} = np.zeros((len(x), {units}))",
            "jax": "{state} = jnp.zeros((len(x), {units}))",
            "keras states": "h = np.zeros((len(x), {units}), 'float32')",
            OTHERS: "x = x[: len(x) // {batch_size} * {batch_size}]",
        },
        wrong={
            "pytorch": "{state} = torch.zeros({parts_got}, {batch_got}, {units_got})",
            "cell": "h = torch.zeros({batch_got}, {units})",
            "onnx": "{state} = np.zeros(({parts_got}, {batch_got}, {units_got}), np.float32)",
        },
    ),
    "other_batch": _Text(
        phrase("The state was made for another batch"),
        phrase("The state was made for another number of samples than x has."),
        {
            "pytorch": "{state} = torch.zeros({parts}, x.size({batch_axis}), {units}){note}",
            "cell": "h = torch.zeros(x_t.size(0), {units})",
            "onnx": "{state} = np.zeros(({parts}, X.shape[1], {units}), np.float32)",
            "tf1": "initial_state = cell.zero_state(tf.shape(x)[0], tf.float32)",
            "flax": "carry = cell.initialize_carry(key, x.shape)",
            "numpy": "{state} = np.zeros((len(x), {units}))",
            "jax": "{state} = jnp.zeros((len(x), {units}))",
            "keras states": "h = np.zeros((len(x), {units}), 'float32')",
            OTHERS: "layer.reset_states()",
        },
        wrong={
            "pytorch": "{state} = torch.zeros({parts_got}, {batch_got}, {units_got})",
            "cell": "h = torch.zeros({batch_got}, {units})",
            "onnx": "{state} = np.zeros(({parts_got}, {batch_got}, {units_got}), np.float32)",
        },
    ),
    "batch_first": _Text(
        phrase("batch_first is missing"),
        phrase("x has the batch first, but the layer reads the first axis as time: batch_first is missing."),
        {OTHERS: "nn.{cell}({features}, {units}{stack}, batch_first=True)"},
        wrong={OTHERS: "nn.{cell}({features}, {units}{stack})"},
    ),
    "directions": _Text(
        phrase("The second direction is missing"),
        phrase("The layer is bidirectional, and the state lacks the second direction."),
        {
            "onnx": "{state} = np.zeros(({parts}, X.shape[1], {units}), np.float32)",
            OTHERS: "{state} = torch.zeros({parts}, x.size({batch_axis}), {units})  # 2 * num_layers",
        },
        wrong={
            "onnx": "{state} = np.zeros(({parts_got}, {batch_made}, {units_got}), np.float32)",
            OTHERS: "{state} = torch.zeros({parts_got}, {batch_made}, {units_got})",
        },
    ),
    "one_direction": _Text(
        phrase("The layer is not bidirectional"),
        phrase("The state has two directions, but the layer has one."),
        {
            "onnx": "{state} = np.zeros(({parts}, X.shape[1], {units}), np.float32)",
            OTHERS: "nn.{cell}({features}, {units}{layers}, bidirectional=True)",
        },
        wrong={
            "onnx": "{state} = np.zeros(({parts_got}, {batch_made}, {units_got}), np.float32)",
            OTHERS: "nn.{cell}({features}, {units}{layers})",
        },
    ),
    "layers": _Text(
        phrase("The number of layers differs"),
        phrase("The first axis of the state has one entry for each layer and direction, and their number differs."),
        {
            "onnx": "{state} = np.zeros(({parts}, X.shape[1], {units}), np.float32)",
            OTHERS: "{state} = torch.zeros({parts}, x.size({batch_axis}), {units})  # num_layers * directions",
        },
        wrong={
            "onnx": "{state} = np.zeros(({parts_got}, {batch_made}, {units_got}), np.float32)",
            OTHERS: "{state} = torch.zeros({parts_got}, {batch_made}, {units_got})",
        },
    ),
    "state_order": _Text(
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
    "state_transposed": _Text(
        phrase("The state was transposed before"),
        phrase("An encoder’s h_n may have been put batch first, as for attention: put the layers first again."),
        {
            "onnx": "{state} = {state}.swapaxes(0, 1)",
            OTHERS: "{state} = {state}.transpose(0, 1).contiguous()",
        },
    ),
    "other_state": _Text(
        phrase("The state belongs to another network"),
        phrase("Both sizes differ by accident: without a state, the layer starts from zeros."),
        {OTHERS: "layer(x)"},
        wrong={OTHERS: "layer(x, state)"},
    ),
    "encoder_directions": _Text(
        phrase("The state comes from a bidirectional encoder"),
        phrase("The state comes from an encoder with two directions: join them for a decoder with one."),
        {
            "same units": "h_0 = h_n.view({parts}, 2, {batch}, {units}).sum(1)",
            OTHERS: "h_0 = torch.cat((h_n[-2], h_n[-1]), dim=-1).unsqueeze(0)",
        },
        wrong={OTHERS: "h_0 = h_n"},
    ),
    "other_units": _Text(
        phrase("The state has another number of units"),
        phrase("The state was made with another number of units than the layer has."),
        {
            "cell": "h = torch.zeros(x_t.size(0), {units})",
            "keras": "h = np.zeros((len(x), {units}), 'float32')",
            "onnx": "{state} = np.zeros(({parts}, X.shape[1], {units}), np.float32)",
            "numpy": "h = np.zeros((len(x), {units}))",
            "jax": "h = jnp.zeros((len(x), {units}))",
            "flax": "carry = cell.initialize_carry(key, x.shape)",
            OTHERS: "{state} = torch.zeros({parts}, x.size({batch_axis}), {units})",
        },
        wrong={
            "cell": "h = torch.zeros(x_t.size(0), {units_got})",
            "onnx": "{state} = np.zeros(({parts_got}, {batch_made}, {units_got}), np.float32)",
            OTHERS: "{state} = torch.zeros({parts_got}, {batch_made}, {units_got})",
        },
    ),
    "unsqueeze": _Text(
        phrase("The state lacks its first axis"),
        phrase("The state lacks the axis of layers and directions."),
        {
            "onnx": "{state} = {state}[np.newaxis]",
            "keras": "{state} = {state}[np.newaxis]",
            OTHERS: "{state} = {state}.unsqueeze(0)",
        },
    ),
    "squeeze": _Text(
        phrase("The state has an axis of layers"),
        phrase("The state of a cell has no axis of layers."),
        {"keras": "{state} = {state}[0]", OTHERS: "{state} = {state}.squeeze(0)"},
    ),
    "h_for_h_c": _Text(
        phrase("h was passed for the pair (h, c)"),
        phrase("One tensor was passed as the state of an LSTM, which takes a pair: h and c."),
        {
            "keras": "layer(x, initial_state=[h, c])",
            "flax": "carry = cell.initialize_carry(key, x.shape)",
            OTHERS: "lstm(x, (h_0, c_0))",
        },
        wrong={"keras": "layer(x, initial_state=h)", "flax": "carry = h", OTHERS: "lstm(x, h_0)"},
    ),
    "number_of_states": _Text(
        phrase("The number of states differs"),
        phrase("An LSTM has two states, h and c, for each direction; a GRU and a simple RNN have one."),
        {"pytorch": "layer(x, h_0)  # no c_0", OTHERS: "layer(x, initial_state=states)  # {expected} arrays"},
    ),
    "missing_axis": _Text(
        phrase("x lacks the time axis or the batch"),
        phrase("x lacks an axis: time, if each sample is one step, or else the batch."),
        {
            "keras": "x = x[:, np.newaxis]",
            "tf1": "x = tf.expand_dims(x, 1)",
            "onnx": "X = X[:, np.newaxis]",
            OTHERS: "x = x.unsqueeze(1)",
        },
    ),
    "missing_features_axis": _Text(
        phrase("x lacks the axis of features"),
        phrase("x lacks the axis of features: a series of single numbers has features = 1."),
        {
            "keras": "x = x[..., np.newaxis]",
            "tf1": "x = tf.expand_dims(x, -1)",
            "onnx": "X = X[..., np.newaxis]",
            OTHERS: "x = x.unsqueeze(-1)",
        },
    ),
    "missing_channels": _Text(
        phrase("x lacks the axis of channels"),
        phrase("x lacks the axis of channels: an image in shades of grey has one."),
        {OTHERS: "x = x[..., np.newaxis]"},
    ),
    "flattened_steps": _Text(
        phrase("The layer below removes the axis of time"),
        phrase("The layer below returns one vector for each sample: leave it out, or apply it to each step."),
        {OTHERS: "keras.layers.TimeDistributed(keras.layers.Flatten())"},
        wrong={OTHERS: "keras.layers.Flatten()"},
    ),
    "unbatched": _Text(
        phrase("x has no batch"),
        phrase("x has two axes, so the layer takes it for one sample without a batch."),
        {OTHERS: "x = x.unsqueeze({batch_axis})"},
    ),
    "extra_axis": _Text(
        phrase("x has an axis too many"),
        phrase("x has an axis too many: flatten all axes after time into features."),
        {
            "keras": "keras.layers.Reshape((time_step, -1))",
            "onnx": "X = X.reshape(*X.shape[:2], -1)",
            OTHERS: "x = x.flatten(2)",
        },
    ),
    "one_step": _Text(
        phrase("A cell reads one step"),
        phrase("A cell computes one step, and x has a time axis: loop over the steps, or use the layer."),
        {"keras": "keras.layers.RNN(cell)(x)", OTHERS: "for x_t in x.unbind({time_axis}): h = cell(x_t, h)"},
    ),
    "packed": _Text(
        phrase("The packed x has too many axes"),
        phrase("The data of a packed sequence has two axes: pack an x with batch, time and features only."),
        {OTHERS: "x = x.flatten(2)"},
    ),
    "return_sequences": _Text(
        phrase("return_sequences is missing"),
        phrase("The recurrent layer below returns only its last step: return_sequences is missing."),
        {OTHERS: "keras.layers.{cell}({units}, return_sequences=True)"},
        wrong={OTHERS: "keras.layers.{cell}({units})"},
    ),
    "not_return_sequences": _Text(
        phrase("The layer returns every step"),
        phrase("The recurrent layer returns every step, but the target has one value for each sample."),
        {
            "pytorch": "output = output[:, -1]  # with batch_first=True",
            OTHERS: "keras.layers.{cell}({units}, return_sequences=False)",
        },
        wrong={"keras": "keras.layers.{cell}({units}, return_sequences=True)"},
    ),
    "other_features": _Text(
        phrase("The data has another number of features"),
        phrase("The layer was made for another number of features than x has."),
        {
            "keras": "keras.Input((None, {got}))",
            "pytorch": "nn.{cell}({got}, {units})",
            "cell": "nn.{cell}Cell({got}, {units})",
            "own cell": "W_x = 0.1 * torch.randn({got}, gates * num_units)",
            "flax": "cell = nnx.{cell}Cell({got}, hidden_features, rngs=rngs)",
            "onnx": "print(session.get_inputs()[0].shape)  # {expected} features",
            "numpy": "W_x = 0.1 * np.random.randn({got}, gates * num_units)",
            "jax": "W_x = 0.1 * jax.random.normal(key, ({got}, gates * num_units))",
            OTHERS: "x = tf.placeholder(tf.float32, [None, None, {expected}])",
        },
        wrong={
            "keras": "keras.Input((None, {expected}))",
            "pytorch": "nn.{cell}({expected}, {units})",
            "cell": "nn.{cell}Cell({expected}, {units})",
        },
    ),
    "samples_in_columns": _Text(
        phrase("x is transposed"),
        phrase("The samples are in the other axis of x than the product expects: transpose x."),
        {OTHERS: "x = x.T"},
    ),
    "embedding": _Text(
        phrase("The embedding has another width"),
        phrase("Then the layer reads what the embedding returns: take the size from there."),
        {OTHERS: "nn.{cell}(embedding.embedding_dim, {units})"},
        wrong={OTHERS: "nn.{cell}({expected}, {units})"},
    ),
    "features_first": _Text(
        phrase("The last axis is not features"),
        phrase("x has its features and its steps swapped."),
        {"pytorch": "x = x.transpose(1, 2)", OTHERS: "x = x.swapaxes(1, 2)"},
    ),
    "exported_sizes": _Text(
        phrase("The export fixed this size"),
        phrase("An exported model has the sizes of its example. An axis that dynamic_axes names has any size."),
        {OTHERS: "torch.onnx.export(model, x, path, input_names=['{input}'], dynamic_axes={{'{input}': [{index}]}})"},
        wrong={OTHERS: "torch.onnx.export(model, x, path, input_names=['{input}'])"},
    ),
    "other_steps": _Text(
        phrase("The model was made for another number of steps"),
        phrase("The model was made for another number of steps. In a shape, None accepts any number."),
        {OTHERS: "keras.Input((None, {features}))"},
    ),
    "transposed": _Text(
        phrase("The weights are transposed"),
        phrase("The weights are transposed: they come from a framework that stores them the other way round."),
        {"pytorch": "weight = weight.t()", "onnx": "W = W.swapaxes(1, 2)", OTHERS: "kernel = kernel.T"},
    ),
    "other_cell": _Text(
        phrase("The weights are those of another cell"),
        phrase("The weights are those of another cell: an LSTM has 4 blocks of units, a GRU 3, a simple RNN 1."),
        {
            "pytorch": "nn.{cell}({features}, {units})",
            "onnx": "make_node('{cell}', ['X', 'W', 'R', 'B'], ['Y'], hidden_size={units})",
            OTHERS: "keras.layers.{cell}({units})",
        },
    ),
    "other_size": _Text(
        phrase("The weights have another size"),
        phrase("The weights were made with another number of units or features."),
        {
            "pytorch": "nn.{cell}({features}, {units})",
            "onnx": "make_node('{cell}', ['X', 'W', 'R', 'B'], ['Y'], hidden_size={units})",
            "flax": "variables = model.init(key, x)",
            OTHERS: "keras.layers.{cell}({units})",
        },
    ),
    "checkpoint_layers": _Text(
        phrase("The number of layers differs"),
        phrase("The model that made the checkpoint had another number of layers."),
        {
            "tf1": "tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.{tf1_cell}({units}) for _ in range({made})])",
            OTHERS: "nn.{cell}({features}, {units}, num_layers={made}{stack})",
        },
    ),
    "checkpoint_directions": _Text(
        phrase("Only one of them is bidirectional"),
        phrase("The model is bidirectional and the one that made the checkpoint was not, or the other way round."),
        {
            "tf1": "outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)",
            OTHERS: "nn.{cell}({features}, {units}{layers}, bidirectional={made})",
        },
    ),
    "two_biases": _Text(
        phrase("The number of biases differs"),
        phrase("PyTorch has two biases and Keras one: add them. A layer with use_bias=False has none."),
        {OTHERS: "layer.set_weights([kernel, recurrent_kernel, bias_ih + bias_hh])"},
    ),
    "static_batch": _Text(
        phrase("The batch size is not fixed"),
        phrase("A state that is kept needs a fixed batch_size, and the batch_size of this model is free."),
        {OTHERS: "keras.Input((None, {features}), batch_size=1)"},
        wrong={OTHERS: "keras.Input((None, {features}))"},
    ),
    "static_features": _Text(
        phrase("The number of features is not known"),
        phrase("The features are part of the weights’ shape, so their number must be known."),
        {OTHERS: "inputs.set_shape([None, None, features])"},
    ),
    "exported_batch": _Text(
        phrase("The export fixed the batch size"),
        phrase(
            "The batch_size of the example becomes that of the initial state: make it 1, or pass the states as inputs."
        ),
        {OTHERS: "torch.onnx.export(model, (x[:1], (h_0, c_0)), path)"},
    ),
    "same_cell": _Text(
        phrase("All layers share one cell"),
        phrase(
            "All layers got the same cell, so they share one kernel, which was made for the features of the first"
            " layer: make a cell for each layer."
        ),
        {OTHERS: "tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.{tf1_cell}({units}) for _ in range(num_layers)])"},
    ),
    "states_in_list": _Text(
        phrase("The states were passed with x"),
        phrase("The initial states are an argument of their own."),
        {OTHERS: "layer(x, initial_state=[h, c])"},
    ),
    "static_steps": _Text(
        phrase("The number of steps is not fixed"),
        phrase("An unrolled layer needs a fixed number of steps."),
        {OTHERS: "keras.Input((time_step, features))"},
    ),
    "dense_directions": _Text(
        phrase("The dense layer reads one direction only"),
        phrase("Both directions are concatenated, so the dense layer reads twice the units."),
        {
            "keras": "keras.layers.Dense({outputs})  # a new one",
            "tf1": "tf.layers.dense(output, {outputs})",
            OTHERS: "nn.Linear({got}, {outputs})  # 2 * hidden_size",
        },
        wrong={"pytorch": "nn.Linear({expected}, {outputs})"},
    ),
    "last_sample": _Text(
        phrase("The last sample is taken for the last step"),
        phrase("With batch_first=True, output[-1] is the output of the last sample, not of the last step."),
        {OTHERS: "output = output[:, -1]"},
        wrong={OTHERS: "output = output[-1]"},
    ),
    "time_first": _Text(
        phrase("One of them has time first"),
        phrase("Without batch_first, a layer returns time first, but the product needs the batch first in both."),
        {OTHERS: "output = output.transpose(0, 1)"},
    ),
    "attention_directions": _Text(
        phrase("The encoder has two directions"),
        phrase("A bidirectional encoder returns twice as many units as the state of the decoder has: project them."),
        {
            "pytorch": "keys = nn.Linear({large}, {small})(keys)  # from 2 * hidden_size",
            "flax": "keys = nn.Dense({small})(keys)",
            "jax": "keys = keys @ W_keys  # {large} by {small}",
            OTHERS: "keys = keras.layers.Dense({small})(keys)",
        },
    ),
    "attention_units": _Text(
        phrase("The numbers of units differ"),
        phrase("A product of two outputs sums over their units, so both need the same number of units."),
        {
            "pytorch": "keys = nn.Linear({got}, {expected})(keys)",
            "flax": "keys = nn.Dense({expected})(keys)",
            "jax": "keys = keys @ W_keys  # {got} by {expected}",
            OTHERS: "keys = keras.layers.Dense({expected})(keys)",
        },
    ),
    "attention_steps": _Text(
        phrase("The weights are for other steps"),
        phrase("Attention has one weight for each step that the encoder returned: compute them from its output."),
        {OTHERS: "weights = softmax(scores)  # one score for each step of the output"},
    ),
    "weights_axis": _Text(
        phrase("The weights have no axis of units"),
        phrase("Attention has one weight for each step: give the weights an axis of size 1, to multiply all units."),
        {"pytorch": "weights = weights.unsqueeze(-1)", OTHERS: "weights = weights[..., None]"},
    ),
    "attention_axis": _Text(
        phrase("The state has no axis of steps"),
        phrase("The state of the decoder has no axis of steps: give it one of size 1, to add it to every step."),
        {
            "pytorch": "query = query.unsqueeze(1)",
            "keras": "query = tf.expand_dims(query, 1)",
            "tf1": "query = tf.expand_dims(query, 1)",
            OTHERS: "query = query[:, None]",
        },
    ),
    "transpose_keys": _Text(
        phrase("The second factor is not transposed"),
        phrase("A product sums over the units, so the second factor needs them before its last axis: transpose it."),
        {
            "pytorch": "scores = torch.bmm(query, keys.transpose(1, 2))",
            "keras": "scores = tf.matmul(query, keys, transpose_b=True)",
            "tf1": "scores = tf.matmul(query, keys, transpose_b=True)",
            OTHERS: "scores = query @ keys.swapaxes(1, 2)",
        },
    ),
    "join_axis": _Text(
        phrase("One of them has no axis of steps"),
        phrase("Arrays that are joined need the same number of axes: give the one without steps an axis of size 1."),
        {
            "pytorch": "context = context.unsqueeze(1)",
            "keras": "context = tf.expand_dims(context, 1)",
            "tf1": "context = tf.expand_dims(context, 1)",
            OTHERS: "context = context[:, None]",
        },
    ),
    "join_steps": _Text(
        phrase("They have different numbers of steps"),
        phrase("Arrays that are joined along their last axis need the same number of steps."),
        {
            "pytorch": "context = context.expand(-1, x.size(1), -1)",
            "keras": "context = tf.repeat(context, tf.shape(x)[1], axis=1)",
            "tf1": "context = tf.repeat(context, tf.shape(x)[1], axis=1)",
            OTHERS: "context = context.repeat(x.shape[1], axis=1)",
        },
    ),
    "residual": _Text(
        phrase("x has another number of features than units"),
        phrase("An output can only be added to x if the layer has as many units as x has features."),
        {
            "pytorch": "nn.{cell}({features}, {features})",
            OTHERS: "keras.layers.{cell}({features}, return_sequences=True)",
        },
    ),
    "merge_directions": _Text(
        phrase("Both directions are concatenated"),
        phrase("Both directions are concatenated, so the output has twice the units: add them instead."),
        {
            "pytorch": "output = output.unflatten(-1, (2, -1)).sum(-2)",
            OTHERS: "keras.layers.Bidirectional(layer, merge_mode='sum')",
        },
    ),
    "packed_steps": _Text(
        phrase("The padded output is shorter"),
        phrase("pad_packed_sequence returns as many steps as the longest sequence has, unless it gets total_length."),
        {OTHERS: "pad_packed_sequence(packed, batch_first=True, total_length=mask.size(1))"},
    ),
    "dense_flattened": _Text(
        phrase("The steps were flattened"),
        phrase("The steps are flattened into one axis together with the units: take the last step."),
        {OTHERS: "output = output[:, -1]  # with batch_first=True"},
    ),
    "dense_other_steps": _Text(
        phrase("The number of steps differs"),
        phrase("All steps are flattened, so the dense layer accepts only the number of steps for which it was made."),
        {OTHERS: "output = output[:, -1]  # with batch_first=True, and a dense layer for one step"},
    ),
    "dense_features": _Text(
        phrase("The dense layer was made for another size"),
        phrase("The dense layer was made for another number of units than it gets."),
        {
            "keras": "keras.layers.Dense({outputs})",
            "tf1": "tf.layers.dense(outputs[:, -1], {outputs})",
            OTHERS: "nn.Linear({got}, {outputs})",
        },
        wrong={"pytorch": "nn.Linear({expected}, {outputs})"},
    ),
    "reshape_steps": _Text(
        phrase("The new shape lacks an axis"),
        phrase("The array has a multiple of the values of the new shape: often the steps are missing in it."),
        {
            "pytorch": "output = output.reshape({new})",
            "numpy": "output = output.reshape({new})",
            OTHERS: "output = tf.reshape(output, [{new}])",
        },
        wrong={"pytorch": "output = output.view({old})", "numpy": "output = output.reshape({old})"},
    ),
    "reshape_batch": _Text(
        phrase("The batch has another size"),
        phrase("The first size is that of another batch, often of all but the last one. -1 stands for what is left."),
        {
            "pytorch": "output = output.reshape({new})",
            "numpy": "output = output.reshape({new})",
            OTHERS: "output = tf.reshape(output, [{new}])",
        },
        wrong={"pytorch": "output = output.view({old})", "numpy": "output = output.reshape({old})"},
    ),
    "reshape_values": _Text(
        phrase("The new shape has another number of values"),
        phrase("A reshape keeps all values, so the new sizes must multiply to their number."),
        {
            "keras": "keras.layers.Reshape(({new}))",
            "pytorch": "output = output.reshape(-1, output.size(-1))",
            "numpy": "output = output.reshape(-1, output.shape[-1])",
            OTHERS: "output = tf.reshape(output, [-1, output.shape[-1]])",
        },
        wrong={
            "keras": "keras.layers.Reshape(({old}))",
            "pytorch": "output = output.view({old})",
            "numpy": "output = output.reshape({old})",
        },
    ),
    "channels_second": _Text(
        phrase("The units are not in the second axis"),
        phrase("This layer has its channels in the second axis, which an output with three axes has for its steps."),
        {OTHERS: "output = {called}(output.transpose(1, 2)).transpose(1, 2)  # with batch_first=True"},
        wrong={OTHERS: "output = {called}(output)"},
    ),
    "norm_directions": _Text(
        phrase("The normalization is for one direction only"),
        phrase("Both directions are concatenated, so the output has twice the units."),
        {OTHERS: "nn.{norm}({got})  # 2 * hidden_size"},
        wrong={OTHERS: "nn.{norm}({expected})"},
    ),
    "norm_features": _Text(
        phrase("The normalization was made for another size"),
        phrase("The normalization was made for another number of units than it gets."),
        {OTHERS: "nn.{norm}({got})"},
        wrong={OTHERS: "nn.{norm}({expected})"},
    ),
    "target_axis": _Text(
        phrase("One of them has an axis of size 1"),
        phrase("One of them has an axis of size 1 that the other lacks, so they are broadcast against each other."),
        {"pytorch": "loss = criterion(output.squeeze(-1), target)", OTHERS: "target = target.reshape(-1, 1)"},
        wrong={"pytorch": "loss = criterion(output, target)"},
    ),
    "classes_second": _Text(
        phrase("The classes are not in the second axis"),
        phrase("The loss expects the classes in the second axis, before the steps."),
        {OTHERS: "loss = criterion(output.transpose(1, 2), target)  # batch, classes, steps"},
    ),
    "target_steps": _Text(
        phrase("The target has another number of steps"),
        phrase(
            "A target with a class for each step has as many steps as the output: the one for the next step is shifted."
        ),
        {OTHERS: "loss = criterion(output.transpose(1, 2), target[:, 1:])  # output of all steps but the last"},
    ),
    "class_indices": _Text(
        phrase("The target has indices of classes"),
        phrase("The target has an index for each sample, but this loss expects a value for each class."),
        {OTHERS: "model.compile('adam', 'sparse_categorical_crossentropy')"},
        wrong={OTHERS: "model.compile('adam', 'categorical_crossentropy')"},
    ),
    "target_shape": _Text(
        phrase("The target has another shape than the output"),
        phrase("The target must have the shape of the model’s output."),
        {OTHERS: "print(output.shape, target.shape)"},
    ),
    "lengths": _Text(
        phrase("The number of lengths differs"),
        phrase("There must be one length for each sample. Another axis of x may be the batch."),
        {
            "onnx": "sequence_lens = np.full(X.shape[1], X.shape[0], np.int32)",
            "tf1": "sequence_length = tf.fill([tf.shape(x)[0]], tf.shape(x)[1])",
            OTHERS: "pack_padded_sequence(x, lengths, batch_first=True)",
        },
        wrong={"onnx": "", "tf1": "", OTHERS: "pack_padded_sequence(x, lengths)"},
    ),
    "lengths_axes": _Text(
        phrase("The lengths have an axis too many"),
        phrase("Each sequence has one length, so the lengths are a list of numbers."),
        {OTHERS: "lengths = lengths.flatten()"},
    ),
    "sort_lengths": _Text(
        phrase("The sequences are not sorted"),
        phrase("The sequences are not sorted by length."),
        {OTHERS: "pack_padded_sequence(x, lengths, enforce_sorted=False)"},
        wrong={OTHERS: "pack_padded_sequence(x, lengths)"},
    ),
    "empty_sequence": _Text(
        phrase("A sequence is empty"),
        phrase("A sequence is empty: remove it, or give it one step."),
        {
            "onnx": "sequence_lens = np.clip(sequence_lens, 1, X.shape[0])",
            OTHERS: "x, lengths = x[lengths > 0], lengths[lengths > 0]  # with batch_first=True",
        },
    ),
    "total_length": _Text(
        phrase("total_length is too small"),
        phrase("total_length is smaller than the longest sequence."),
        {OTHERS: "pad_packed_sequence(packed, total_length={expected})"},
        wrong={OTHERS: "pad_packed_sequence(packed, total_length={got})"},
    ),
    "mask": _Text(
        phrase("The mask has another shape than the sequences"),
        phrase("A mask has one value for each sample and step: make it from the same x."),
        {
            "pytorch": "mask = torch.arange(output.size(1)) < lengths[:, None]",
            OTHERS: "mask = np.any(x != 0, axis=-1)",
        },
    ),
    "padding": _Text(
        phrase("The padding comes first"),
        phrase("The padding must be after the last step of each sequence; by default it is before the first."),
        {OTHERS: "keras.utils.pad_sequences(sequences, padding='post')"},
        wrong={OTHERS: "keras.utils.pad_sequences(sequences)"},
    ),
    "other_projection": _Text(
        phrase("The weights have another projection"),
        phrase("The weights were made by a layer with another projection or another number of units."),
        {OTHERS: "nn.LSTM({features}, {units}, proj_size={proj})"},
        wrong={OTHERS: "nn.LSTM({features}, {units_made}, proj_size={proj_made})"},
    ),
    "smaller_projection": _Text(
        phrase("The projection is too large"),
        phrase("A projection makes h shorter than c: it must be smaller than the number of units."),
        {OTHERS: "nn.LSTM({features}, {units}, proj_size=hidden_size // 2)"},
    ),
    "lstm_projection": _Text(
        phrase("Only an LSTM has a projection"),
        phrase("Only an LSTM can have a projection."),
        {OTHERS: "nn.LSTM({features}, {units}, proj_size=proj_size)"},
        wrong={OTHERS: "nn.{other}({features}, {units}, proj_size=proj_size)"},
    ),
    "projected_state": _Text(
        phrase("The layer has a projection"),
        phrase("With proj_size, h has as many components as the projection, and c as many as the layer has units."),
        {OTHERS: "{state} = torch.zeros({parts}, x.size({batch_axis}), {units})"},
        wrong={OTHERS: "{state} = torch.zeros({parts_got}, {batch_made}, {units_got})"},
    ),
    "directions_below": _Text(
        phrase("The layer below is bidirectional"),
        phrase("The layer below is bidirectional, so it returns twice as many values as it has units."),
        {OTHERS: "nn.{cell}({got}, {units})  # 2 * hidden_size"},
        wrong={OTHERS: "nn.{cell}({expected}, {units})"},
    ),
    "dense_one_direction": _Text(
        phrase("The dense layer reads both directions"),
        phrase("The dense layer was made for both directions, but gets the state of one: join them."),
        {OTHERS: "h = torch.cat((h_n[-2], h_n[-1]), dim=-1)"},
        wrong={OTHERS: "h = h_n[-1]"},
    ),
    "dense_all_steps": _Text(
        phrase("The dense layer reads all steps"),
        phrase("The dense layer was made for all steps, flattened into one axis, but gets one step."),
        {OTHERS: "nn.Linear({got}, {outputs})"},
        wrong={OTHERS: "nn.Linear({expected}, {outputs})"},
    ),
    "every_step": _Text(
        phrase("The dense layer gets every step"),
        phrase("The output of every step has a time axis: take the last step, or put batch and time into one axis."),
        {OTHERS: "outputs = outputs[:, -1]"},
    ),
    "weights_directions": _Text(
        phrase("Only one of them is bidirectional"),
        phrase("A bidirectional layer has twice as many arrays of weights."),
        {OTHERS: "{layer}"},
    ),
    "split_gates": _Text(
        phrase("The gates were not split"),
        phrase("All gates are in one array, which must be split before a gate is multiplied by a state."),
        {
            "pytorch": "gates = gates.chunk({gates}, dim=-1)",
            "jax": "gates = jnp.split(gates, {gates}, axis=-1)",
            OTHERS: "gates = np.split(gates, {gates}, axis=-1)",
        },
    ),
    "reset_after": _Text(
        phrase("reset_after differs"),
        phrase("A GRU with reset_after=True has two biases, in two rows; one with reset_after=False has one."),
        {OTHERS: "keras.layers.GRU({units}, reset_after={reset})"},
    ),
    "use_bias": _Text(
        phrase("Only one of the layers has biases"),
        phrase("One of the layers has no bias: make both with the same argument."),
        {
            "pytorch": "nn.{cell}({features}, {units}, bias={use})",
            OTHERS: "keras.layers.{cell}(num_units, use_bias={use})",
        },
    ),
    "one_bias": _Text(
        phrase("Half of the bias is missing"),
        phrase("ONNX has the biases of W and of R one after the other in B."),
        {OTHERS: "B = np.concatenate((B, np.zeros_like(B)), axis=1)"},
    ),
    "carry": _Text(
        phrase("A step changes the shape of the state"),
        phrase("A step must return a state with the shape that it gets: often the first one lacks the batch."),
        {OTHERS: "h = jnp.zeros((x.shape[1], num_units))"},
    ),
    "scan_steps": _Text(
        phrase("The sequences have different numbers of steps"),
        phrase("scan reads the first axis of every array step by step, so it must have the same length."),
        {OTHERS: "xs = jax.tree.map(lambda x: x.swapaxes(0, 1), xs)"},
    ),
    "unequal_lengths": _Text(
        phrase("The sequences have different lengths"),
        phrase("The sequences of a batch have different lengths: pad them."),
        {OTHERS: "x = torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True)"},
    ),
    "ctc_axes": _Text(
        phrase("The loss reads other axes"),
        phrase("The loss expects time first, then the batch, and one length for each sample, at most all steps."),
        {OTHERS: "loss = ctc_loss(log_probs.transpose(0, 1), targets, input_lengths, target_lengths)"},
    ),
    "list_of_steps": _Text(
        phrase("x is no list of steps"),
        phrase("static_rnn reads a list with x of each step."),
        {OTHERS: "x = tf.unstack(x, axis=1)"},
    ),
    "whole_pair": _Text(
        phrase("The layer returns a pair"),
        phrase("The whole pair is used where one tensor belongs: take the first part, output."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "pair_passed_on": _Text(
        phrase("Sequential passes the whole pair on"),
        phrase(
            "A Sequential gives each layer all that the one before returns: a module between them can take output from"
            " the pair."
        ),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "pair_of_states": _Text(
        phrase("The states of an LSTM are a pair"),
        phrase("Both states are used where one tensor belongs: take the first one, h_n."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "names_of_pair": _Text(
        phrase("The names do not match what the layer returns"),
        phrase("An LSTM returns output, (h_n, c_n), a GRU or a simple RNN output, h_n, and a cell only its states."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "list_of_states": _Text(
        phrase("return_state returns a list"),
        phrase("The next layer needs output alone, the first tensor of the list."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "other_samples": _Text(
        phrase("x and the target have different numbers of samples"),
        phrase("Each sample needs one target: a series has fewer windows than values."),
        {OTHERS: "x, y = x[: len(y)], y[: len(x)]"},
    ),
}
"""Cause -> its texts."""

TF1_CELLS = {
    "basic_lstm_cell": "BasicLSTMCell",
    "lstm_cell": "LSTMCell",
    "gru_cell": "GRUCell",
    "basic_rnn_cell": "BasicRNNCell",
}
"""Scope of the variables of a cell in TensorFlow 1 -> its class."""

CLASSES = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
KERAS_CLASSES = {**CLASSES, "rnn": "SimpleRNN"}
NAMES = {"features": "input_size", "units": "hidden_size", "batch_axis": 1, "time_axis": 0, "state": "h_0"}
KERAS_NAMES = {
    **NAMES,
    **{"features": "features", "units": "num_units", "got": "features", "tf1_cell": "LSTMCell"},
}
"""What stands for a size that is unknown."""


def batch_id(batch_size: int, made_for: int) -> str:
    """The id of the cause if a state was made for another batch than that of x: the last batch is a smaller one."""
    return "last_batch" if batch_size < made_for else "other_batch"


def cause(id: str, framework: str, **values: int | str | None) -> Cause:
    """A cause with its corrected line in a framework. ``values``: sizes of the message, None if unknown, and the
    cell."""
    text, is_keras = CAUSES[id], framework in ("keras", "keras states", "tf1")
    known = {name: value for name, value in values.items() if value is not None}
    known["cell"] = (KERAS_CLASSES if is_keras else CLASSES)[str(known.get("cell") or "lstm")]
    written = Unfilled({**(KERAS_NAMES if is_keras else NAMES), **known})
    wrong = text.wrong.get(framework, text.wrong.get(OTHERS, "")).format_map(written)
    return Cause(
        id,
        text.title,
        text.sentence,
        text.fixes.get(framework, text.fixes[OTHERS]).format_map(written),
        "" if "{" in wrong else wrong,
    )
