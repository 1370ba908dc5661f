"""Causes in weights: those of another layer, in another layout, or shared."""

from ....translations.phrases import phrase
from .cause_text import OTHERS, CauseText

WEIGHTS = {
    "initial_kernel": CauseText(
        phrase("The kernel is made from an array without axes"),
        phrase(
            "A kernel has one row for each value of x and of h: its first values, or its gradient, need this shape."
        ),
        {OTHERS: "initializer=tf.random_uniform_initializer(-0.1, 0.1)"},
        wrong={OTHERS: "initializer=tf.constant_initializer(0.1)"},
    ),
    "recurrent_rows": CauseText(
        phrase("The recurrent kernel has other rows"),
        phrase("The recurrent kernel is multiplied by h, so it has as many rows as the state has units."),
        {OTHERS: "self.recurrent_kernel = self.add_weight(shape=({units}, {columns}))"},
    ),
    "exchanged_weights": CauseText(
        phrase("The weights of x and h are exchanged"),
        phrase("These are the weights of the state, and the state is multiplied by those of x: exchange them."),
        {OTHERS: "x @ W + h @ U"},
        wrong={OTHERS: "x @ U + h @ W"},
    ),
    "weights_of_one_direction": CauseText(
        phrase("The weights are those of one direction"),
        phrase("A Bidirectional layer has the weights of both directions, one after the other: give it both."),
        {OTHERS: "layer.set_weights(2 * weights)"},
        wrong={OTHERS: "layer.set_weights(weights)"},
    ),
    "gradient_factor": CauseText(
        phrase("A factor is not transposed"),
        phrase("The gradient of weights is the product of two arrays of the same samples, of which one is transposed."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "gradient_weights": CauseText(
        phrase("The weights are not transposed"),
        phrase("The gradient goes back through the product with the transposed weights."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "vector_column": CauseText(
        phrase("A vector is not a column"),
        phrase("An array with one axis stays as it is if it is transposed: make it a column, as the others are."),
        {OTHERS: "x = np.zeros((features, 1))"},
        wrong={OTHERS: "x = np.zeros(features)"},
    ),
    "gradient_order": CauseText(
        phrase("The gradient is transposed"),
        phrase(
            "A gradient has the shape of its weights: exchange the two factors of the product, and transpose the other"
            " one."
        ),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "gradient_array": CauseText(
        phrase("The gradient is computed from another array"),
        phrase("The gradient of weights is a product with the array by which they are multiplied in the forward pass."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "outer_order": CauseText(
        phrase("The gradient is transposed"),
        phrase("A gradient has the shape of its weights: exchange the two vectors of the outer product."),
        {OTHERS: "{fix}"},
        wrong={OTHERS: "{wrong}"},
    ),
    "init_features": CauseText(
        phrase("The weights were made for another number of features"),
        phrase("init makes the weights for the features of the x that it gets: they must be those of x here."),
        {OTHERS: "variables = model.init(key, x)"},
    ),
    "kernel_rows": CauseText(
        phrase("These weights have another size"),
        phrase("These weights were made for another number of values than the array that they are multiplied by has."),
        {
            "keras": "self.{name} = self.add_weight(shape=({shape}))",
            "pytorch": "{name} = nn.Parameter(0.1 * torch.randn({shape}))",
            "tensorflow cell": "{name} = tf.Variable(0.1 * tf.random.normal(({shape})))",
            "jax": "{name} = 0.1 * jax.random.normal(key, ({shape}))",
            OTHERS: "{name} = 0.1 * np.random.randn({shape})",
        },
    ),
    "kernel_cut": CauseText(
        phrase("The kernel is cut at another row"),
        phrase("The kernel has the rows of x and those of h: cut it after the rows of the first of both."),
        {OTHERS: "W_x, W_h = W[:features], W[features:]"},
    ),
    "kernel_of_units": CauseText(
        phrase("The kernel was built from the units"),
        phrase(
            "The kernel is multiplied by x, so it has as many rows as x has features, not as many as there are"
            " units: build gets them as input_shape[-1]."
        ),
        {OTHERS: "self.{name} = self.add_weight(shape=(input_shape[-1], {columns}))"},
    ),
    "transposed": CauseText(
        phrase("The weights are transposed"),
        phrase("The weights are transposed: they come from a framework that stores them the other way round."),
        {"pytorch": "weight = weight.t()", "onnx": "W = W.swapaxes(1, 2)", OTHERS: "kernel = kernel.T"},
    ),
    "kernel_order": CauseText(
        phrase("The weights are transposed"),
        phrase("The two axes of the weights have the other order than the product needs."),
        {"tensorflow cell": "{weights} = tf.transpose({weights})", OTHERS: "{weights} = {weights}.T"},
    ),
    "column_bias": CauseText(
        phrase("The bias is a column"),
        phrase("Samples are rows or vectors here, so a bias has one axis: a column has one value for each sample."),
        {"jax": "{bias} = jnp.zeros({size})", OTHERS: "{bias} = np.zeros({size})"},
        wrong={"jax": "{bias} = jnp.zeros(({size}, 1))", OTHERS: "{bias} = np.zeros(({size}, 1))"},
    ),
    "row_bias": CauseText(
        phrase("The bias is no column"),
        phrase("Samples are columns here, so a bias is a column, too: an array with one axis is added to each row."),
        {"jax": "{bias} = jnp.zeros(({size}, 1))", OTHERS: "{bias} = np.zeros(({size}, 1))"},
        wrong={"jax": "{bias} = jnp.zeros({size})", OTHERS: "{bias} = np.zeros({size})"},
    ),
    "flat_bias": CauseText(
        phrase("The bias has an axis of gates"),
        phrase("The weights make all gates next to each other in one axis, so the bias has one axis for all gates."),
        {OTHERS: "{bias} = {bias}.reshape(-1)"},
    ),
    "joined_columns": CauseText(
        phrase("x and h are joined along the wrong axis"),
        phrase("If x and h are columns, they are joined one below the other, along the first axis."),
        {"jax": "xh = jnp.vstack((x, h))", OTHERS: "xh = np.vstack((x, h))"},
        wrong={"jax": "xh = jnp.hstack((x, h))", OTHERS: "xh = np.hstack((x, h))"},
    ),
    "joined_weights": CauseText(
        phrase("The weights have another size"),
        phrase(
            "The weights read x and h in one array, so the axis that the product sums over is as long as both together."
        ),
        {
            "keras": "self.W = self.add_weight(shape=({got}, gates * num_units))",
            "tensorflow cell": "{weights} = tf.Variable(0.1 * tf.random.normal(({got}, gates * num_units)))",
            "jax": "{weights} = 0.1 * jax.random.normal(key, ({got}, gates * num_units))",
            OTHERS: "{weights} = 0.1 * np.random.randn({got}, gates * num_units)",
        },
    ),
    "layer_below": CauseText(
        phrase("The upper layers get the units of the layer below"),
        phrase("Only the first layer reads the features of x: the others read the units of the layer below."),
        {
            "pytorch": "nn.{cell}(input_size if n == 0 else hidden_size, hidden_size)",
            "flax": "nnx.{cell}Cell(features if n == 0 else hidden_features, hidden_features, rngs=rngs)",
            "jax": "W_x = 0.1 * jax.random.normal(key, (features if n == 0 else num_units, gates * num_units))",
            "tf1": 'kernel = tf.get_variable("kernel", [(features if n == 0 else {units}) + {units}, 4 * {units}])',
            OTHERS: "W_x = 0.1 * np.random.randn(features if n == 0 else num_units, gates * num_units)",
        },
    ),
    "bias_size": CauseText(
        phrase("The bias has another size"),
        phrase("A bias has one value for each value that the weights make: one for each unit of each gate."),
        {
            "jax": "{bias} = jnp.zeros({size})",
            "pytorch": "{bias} = nn.Parameter(torch.zeros({size}))",
            OTHERS: "{bias} = np.zeros({size})",
        },
    ),
    "gate_weights": CauseText(
        phrase("These weights are for other gates or units"),
        phrase("The weights of x and those of h make all gates of all units, so both have as many columns."),
        {
            "jax": "{name} = 0.1 * jax.random.normal(key, (rows, {size}))",
            "pytorch": "{name} = nn.Parameter(0.1 * torch.randn(rows, {size}))",
            OTHERS: "{name} = 0.1 * np.random.randn(rows, {size})",
        },
    ),
    "gate_layer": CauseText(
        phrase("These weights are for other gates or units"),
        phrase("The weights of x and those of h make all gates of all units, so both have as many columns."),
        {
            "pytorch": "{name} = nn.Linear(rows, {size})",
            "flax": "{name} = nn.Dense({size})",
            OTHERS: "{name} = keras.layers.Dense({size})",
        },
    ),
    "gates_of_weights": CauseText(
        phrase("The weights are those of one gate"),
        phrase("One array has the weights of all gates, so it has num_units for each gate of the cell."),
        {OTHERS: "W = 0.1 * np.random.randn(features, gates * num_units)"},
    ),
    "gates_of_term": CauseText(
        phrase("These weights are for other gates or units"),
        phrase("All terms of the sum have the same units, but this one has another number of gates than the others."),
        {OTHERS: "W = 0.1 * np.random.randn(features, {gates} * num_units)"},
    ),
    "gate_slice": CauseText(
        phrase("One slice is not that of its gate"),
        phrase("The gates lie side by side, so each slice begins where the one before it ends."),
        {OTHERS: "o = sigmoid(z[:, 3 * num_units :])"},
    ),
    "fewer_gates": CauseText(
        phrase("The weights have fewer gates than the cell"),
        phrase("The weights of all gates lie side by side, so they need num_units columns for each gate of the cell."),
        {
            "cell": "W = 0.1 * torch.randn(features, {gates} * {units})",
            "jax": "W = 0.1 * jax.random.normal(key, (features, {gates} * {units}))",
            OTHERS: "W = 0.1 * np.random.randn(features, {gates} * {units})",
        },
    ),
    "output_weights": CauseText(
        phrase("The weights of the output have another size"),
        phrase("The weights after the cell were made for another number of values than they get."),
        {
            "tensorflow cell": "{name} = tf.Variable(0.1 * tf.random.normal(({shape})))",
            "jax": "{name} = 0.1 * jax.random.normal(key, ({shape}))",
            OTHERS: "{name} = 0.1 * np.random.randn({shape})",
        },
    ),
    "output_directions": CauseText(
        phrase("The weights were made for one direction"),
        phrase("Both directions are joined, so the weights after them get twice as many values as a layer has units."),
        {
            "jax": "W = 0.1 * jax.random.normal(key, (2 * num_units, outputs))",
            OTHERS: "W = 0.1 * np.random.randn(2 * num_units, outputs)",
        },
    ),
    "whole_bias": CauseText(
        phrase("The bias is that of all gates"),
        phrase("The bias of all gates is added to one gate: take the part of this gate."),
        {OTHERS: "gate + b[n * num_units : (n + 1) * num_units]"},
        wrong={OTHERS: "gate + b"},
    ),
    "other_cell": CauseText(
        phrase("The weights are those of another cell"),
        phrase("The weights are those of another cell: an LSTM has 4 blocks of units, a GRU 3, a simple RNN 1."),
        {
            "pytorch": "nn.{cell}({features}, {units})",
            "onnx": "make_node('{cell}', ['X', 'W', 'R', 'B'], ['Y'], hidden_size={units})",
            OTHERS: "keras.layers.{cell}({units})",
        },
    ),
    "other_size": CauseText(
        phrase("The weights have another size"),
        phrase("The weights were made with another number of units or features."),
        {
            "pytorch": "nn.{cell}({features}, {units})",
            "onnx": "make_node('{cell}', ['X', 'W', 'R', 'B'], ['Y'], hidden_size={units})",
            "flax": "variables = model.init(key, x)",
            "numpy": "W = 0.1 * np.random.randn(num_units + features, gates * num_units)",
            "tensorflow cell": "{weights} = tf.Variable(0.1 * tf.random.normal(({rows}, {columns})))",
            "jax": "W = 0.1 * jax.random.normal(key, (num_units + features, gates * num_units))",
            "keras features": "keras.Input((time_step, {features}))",
            "tf1": "tf.nn.rnn_cell.{tf1_cell}({units})",
            "tf1 features": "x = tf.placeholder(tf.float32, [None, time_step, {features}])",
            OTHERS: "keras.layers.{cell}({units})",
        },
    ),
    "weights_directions": CauseText(
        phrase("Only one of them is bidirectional"),
        phrase("A bidirectional layer has twice as many arrays of weights."),
        {OTHERS: "{layer}"},
    ),
    "directions_of_weights": CauseText(
        phrase("Only one of them is bidirectional"),
        phrase("The first axis of the weights has one entry for each direction: a bidirectional node has two."),
        {
            "onnx arrays": "{fix}",
            OTHERS: "make_node('{cell}', ['X', 'W', 'R', 'B'], ['Y'], hidden_size={units}{direction})",
        },
    ),
    "peepholes": CauseText(
        phrase("There are three peepholes"),
        phrase("P has the weights of the input, the output and the forget gate, in this order, and none of the cell."),
        {OTHERS: "P = P[:, : 3 * hidden_size]"},
    ),
    "other_layers": CauseText(
        phrase("The file has no weights of this layer"),
        phrase("The file was written by a model with other layers, or in another order, or before it was built."),
        {OTHERS: "model.build((None, None, features))  # with the same layers as the model that was saved"},
    ),
    "checkpoint_layers": CauseText(
        phrase("The number of layers differs"),
        phrase("The model that made the checkpoint had another number of layers."),
        {
            "tf1": "tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.{tf1_cell}({units}) for _ in range({made})])",
            OTHERS: "nn.{cell}({features}, {units}, num_layers={made}{stack})",
        },
    ),
    "checkpoint_directions": CauseText(
        phrase("Only one of them is bidirectional"),
        phrase("The model is bidirectional and the one that made the checkpoint was not, or the other way round."),
        {
            "tf1": "outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)",
            OTHERS: "nn.{cell}({features}, {units}{layers}, bidirectional={made})",
        },
    ),
    "checkpoint_vocabulary": CauseText(
        phrase("The checkpoint has another vocabulary"),
        phrase(
            "An embedding has a row for each word, and the checkpoint was trained with other words: make the model for"
            " the vocabulary of the checkpoint, and number the words as it did."
        ),
        {"keras": "keras.layers.Embedding({got}, {units})", OTHERS: "nn.Embedding({got}, embedding_dim)"},
        wrong={
            "keras": "keras.layers.Embedding({expected}, {units})",
            OTHERS: "nn.Embedding({expected}, embedding_dim)",
        },
    ),
    "checkpoint_words": CauseText(
        phrase("Words were added"),
        phrase(
            "If the new words come after the old ones, load all other parameters, and copy the rows of the old words:"
            " those of the new words must be trained. Do the same with a last layer that has a value for each word."
        ),
        {OTHERS: 'model.{layer}.weight.data[:{got}] = state_dict["{layer}.weight"]'},
    ),
    "checkpoint_outputs": CauseText(
        phrase("The checkpoint has another number of outputs"),
        phrase(
            "The last layer has a row for each output, and the checkpoint was trained with another number of them: load"
            " all other parameters, and train this layer."
        ),
        {
            OTHERS: "model.load_state_dict("
            '{{name: p for name, p in state_dict.items() if not name.startswith("{layer}.")}}, strict=False)'
        },
    ),
    "two_biases": CauseText(
        phrase("The number of biases differs"),
        phrase("PyTorch has two biases and Keras one: add them. A layer with use_bias=False has none."),
        {
            OTHERS: "layer.set_weights([kernel, recurrent_kernel, bias_ih + bias_hh])",
            "keras gru": "layer.set_weights([kernel, recurrent_kernel, np.stack((bias_ih, bias_hh))])",
        },
    ),
    "cudnn_biases": CauseText(
        phrase("Only one of the layers is of cuDNN"),
        phrase("A layer of cuDNN has two biases, and these layers do not convert them: make both layers alike."),
        {OTHERS: "keras.layers.CuDNN{cell}({units})  # in both models"},
    ),
    "one_bias": CauseText(
        phrase("Half of the bias is missing"),
        phrase("ONNX has the biases of W and of R one after the other in B."),
        {OTHERS: "B = np.concatenate((B, np.zeros_like(B)), axis=1)"},
    ),
    "use_bias": CauseText(
        phrase("Only one of the layers has biases"),
        phrase("One of the layers has no bias: make both with the same argument."),
        {
            "pytorch": "nn.{cell}({features}, {units}, bias={use})",
            OTHERS: "keras.layers.{cell}(num_units, use_bias={use})",
        },
    ),
    "missing_bias": CauseText(
        phrase("The bias is missing"),
        phrase("The list needs all arrays of the layer. It has both kernels and no bias: zeros change nothing."),
        {OTHERS: "{owner}([{arrays}, {bias}])"},
        wrong={OTHERS: "{owner}([{arrays}])"},
    ),
    "reset_after": CauseText(
        phrase("reset_after differs"),
        phrase("A GRU with reset_after=True has two biases, in two rows; one with reset_after=False has one."),
        {OTHERS: "keras.layers.GRU({units}, reset_after={reset})"},
    ),
    "split_gates": CauseText(
        phrase("The gates were not split"),
        phrase("All gates are in one array, which must be split before a gate is multiplied by a state."),
        {
            "pytorch": "gates = gates.chunk({gates}, dim=-1)",
            "jax": "gates = jnp.split(gates, {gates}, axis=-1)",
            OTHERS: "gates = np.split(gates, {gates}, axis=-1)",
        },
    ),
    "split_axis": CauseText(
        phrase("The gates are not split along the last axis"),
        phrase("Each sample has a row, and the gates are next to each other in its columns: split the last axis."),
        {
            "jax": "gates = jnp.split(gates, {gates}, axis=-1)",
            **dict.fromkeys(("keras", "tf1"), "gates = tf.split(gates, {gates}, axis=-1)"),
            OTHERS: "gates = np.split(gates, {gates}, axis=-1)",
        },
        wrong={
            "jax": "gates = jnp.split(gates, {gates}, axis=0)",
            **dict.fromkeys(("keras", "tf1"), "gates = tf.split(gates, {gates}, axis=0)"),
            OTHERS: "gates = np.split(gates, {gates}, axis=0)",
        },
    ),
    "joined_rows": CauseText(
        phrase("x and h are joined along the wrong axis"),
        phrase("If x and h have a row for each sample, their columns are joined, along the last axis."),
        {"jax": "xh = jnp.concatenate((x, h), axis=-1)", OTHERS: "xh = np.concatenate((x, h), axis=-1)"},
        wrong={"jax": "xh = jnp.concatenate((x, h), axis=0)", OTHERS: "xh = np.concatenate((x, h), axis=0)"},
    ),
    "tied_weights": CauseText(
        phrase("The weights are shared with the embedding"),
        phrase(
            "The dense layer has the weights of the embedding, so it gets as many values as the embedding makes: make"
            " the layer with as many units, or project its output."
        ),
        {OTHERS: "self.project = nn.Linear({got}, {expected})  # before the dense layer"},
    ),
    "other_projection": CauseText(
        phrase("The weights have another projection"),
        phrase("The weights were made by a layer with another projection or another number of units."),
        {OTHERS: "nn.LSTM({features}, {units}, proj_size={proj})"},
        wrong={OTHERS: "nn.LSTM({features}, {units_made}, proj_size={proj_made})"},
    ),
    "smaller_projection": CauseText(
        phrase("The projection is too large"),
        phrase("A projection makes h shorter than c: it must be smaller than the number of units."),
        {OTHERS: "nn.LSTM({features}, {units}, proj_size=hidden_size // 2)"},
    ),
    "lstm_projection": CauseText(
        phrase("Only an LSTM has a projection"),
        phrase("Only an LSTM can have a projection."),
        {OTHERS: "nn.LSTM({features}, {units}, proj_size=proj_size)"},
        wrong={OTHERS: "nn.{other}({features}, {units}, proj_size=proj_size)"},
    ),
    "reused_weights": CauseText(
        phrase("The same weights are used for another x"),
        phrase(
            "A layer is used once more, with the weights of its first use, but with another number of features: give it"
            " weights of its own, or as many features as at first."
        ),
        {OTHERS: 'with tf.variable_scope("another_name"):  # without reuse, around the second use'},
    ),
    "same_cell": CauseText(
        phrase("All layers share one cell"),
        phrase(
            "All layers got the same cell, so they share one kernel, which was made for the features of the first"
            " layer: make a cell for each layer."
        ),
        {
            "tf1 directions": "cells_fw = [tf.nn.rnn_cell.{tf1_cell}({units}) for _ in range(layers)]  # and cells_bw",
            OTHERS: "tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.{tf1_cell}({units}) for _ in range(num_layers)])",
        },
    ),
}
