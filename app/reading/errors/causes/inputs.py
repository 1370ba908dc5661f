"""Causes in x: its axes, their order, and the sizes for which a layer was made."""

from ....translations.phrases import phrase
from .cause_text import OTHERS, CauseText

INPUTS = {
    "batch_first": CauseText(
        phrase("batch_first is missing"),
        phrase("x has the batch first, but the layer reads the first axis as time: batch_first is missing."),
        {OTHERS: "nn.{cell}({features}, {units}{stack}, batch_first=True)"},
        wrong={OTHERS: "nn.{cell}({features}, {units}{stack})"},
    ),
    "features_first": CauseText(
        phrase("The last axis is not features"),
        phrase("x has its features and its steps transposed."),
        {"pytorch": "x = x.transpose(1, 2)", OTHERS: "x = x.swapaxes(1, 2)"},
    ),
    "exchanged_axes": CauseText(
        phrase("Two axes of x are exchanged"),
        phrase("The model has them in the other order: exchange them."),
        {OTHERS: "{input} = {input}.swapaxes({first}, {second})"},
    ),
    "exchanged_sizes": CauseText(
        phrase("The sizes of the layer are exchanged"),
        phrase("The first size of a layer is that of what it reads, and the second one that of what it returns."),
        {OTHERS: "layer = nn.Linear(in_features, out_features)"},
    ),
    "exchanged_shape": CauseText(
        phrase("The axes of the input are exchanged"),
        phrase("The shape of a sample is its steps and then its features, and the input has them the other way round."),
        {OTHERS: "keras.Input((time_step, features))"},
        wrong={OTHERS: "keras.Input((features, time_step))"},
    ),
    "samples_in_columns": CauseText(
        phrase("x is transposed"),
        phrase("The samples are in the other axis of x than this line expects: transpose x."),
        {"tensorflow cell": "x = tf.transpose(x)", OTHERS: "x = x.T"},
    ),
    "time_major": CauseText(
        phrase("x has time first"),
        phrase("nn.RNN reads the batch first, unless it is told that x has time first."),
        {OTHERS: "nn.RNN(cell, time_major=True)"},
        wrong={OTHERS: "nn.RNN(cell)"},
    ),
    "not_time_major": CauseText(
        phrase("x has the batch first"),
        phrase("With time_major=True, nn.RNN reads time first, but x has the batch first."),
        {OTHERS: "nn.RNN(cell)"},
        wrong={OTHERS: "nn.RNN(cell, time_major=True)"},
    ),
    "scan_axis": CauseText(
        phrase("The loop runs over the samples"),
        phrase("A loop over x runs over its first axis, which must be time: put time first."),
        {**dict.fromkeys(("keras", "tf1"), "xs = tf.transpose(xs, [1, 0, 2])"), OTHERS: "xs = xs.swapaxes(0, 1)"},
    ),
    "scanned_axis": CauseText(
        phrase("The scan runs over the samples"),
        phrase("nn.scan reads x step by step along the axis that in_axes says: it must be that of time."),
        {OTHERS: "scan = nn.scan(nn.LSTMCell, variable_broadcast='params', in_axes={axis}, out_axes={axis})"},
    ),
    "step_axis": CauseText(
        phrase("The index takes a sample"),
        phrase("If the batch is the first axis of x, x[t] is a sample. A step of all samples is x[:, t]."),
        {OTHERS: "x_t = x[:, t]"},
        wrong={OTHERS: "x_t = x[t]"},
    ),
    "first_axis_step": CauseText(
        phrase("The index takes a sample"),
        phrase("Time is the first axis of x, so x[:, t] is a sample. A step of all samples is x[t]."),
        {OTHERS: "x_t = x[t]"},
        wrong={OTHERS: "x_t = x[:, t]"},
    ),
    "step_column": CauseText(
        phrase("The step of x is no column"),
        phrase("Samples are columns here, and the step of x has one axis: give it one of size 1."),
        {OTHERS: "x_t = x_t[:, None]"},
    ),
    "step_without_batch": CauseText(
        phrase("x has no batch"),
        phrase("The state has an axis of samples and the step of x has none: add one to x."),
        {OTHERS: "x_t = x_t[None]"},
    ),
    "vmap": CauseText(
        phrase("The cell computes one sample"),
        phrase("The cell gets a batch, but its state is that of one sample: vmap computes all samples."),
        {OTHERS: "h = jax.vmap(run, in_axes=(None, 1))(params, x)"},
        wrong={OTHERS: "h = run(params, x)"},
    ),
    "shared_by_samples": CauseText(
        phrase("All samples share this array"),
        phrase(
            "vmap computes one sample at a time: what all samples share, such as weights or a"
            " state, has None in in_axes."
        ),
        {OTHERS: "jax.vmap(run, in_axes=(None, None, 0))(params, {array}, x)"},
    ),
    "mapped_axis": CauseText(
        phrase("The samples are another axis"),
        phrase("vmap maps the axis of each argument that in_axes says: it must be that of the samples."),
        {OTHERS: "jax.vmap(run, in_axes=(None, {axis}))(params, {array})"},
    ),
    "entries_of_in_axes": CauseText(
        phrase("in_axes has another number of entries"),
        phrase("in_axes has one entry for each argument: the axis of its samples, or None for what all samples share."),
        {OTHERS: "jax.vmap(run, in_axes=(None, None, 0))(params, h, x)"},
    ),
    "missing_axis": CauseText(
        phrase("x lacks the time axis or the batch"),
        phrase("x lacks an axis: time, if each sample is one step, or else the batch."),
        {
            "keras": "x = x[:, np.newaxis]",
            "tf1": "x = tf.expand_dims(x, 1)",
            "onnx": "X = X[:, np.newaxis]",
            OTHERS: "x = x.unsqueeze(1)",
        },
    ),
    "two_axes": CauseText(
        phrase("x lacks two axes"),
        phrase(
            "x has one axis: a series of single numbers lacks the batch and the features, and one step the time and the"
            " batch."
        ),
        {OTHERS: "x = x[{indices}]  # of a step: x[None, None]"},
    ),
    "embedded_data": CauseText(
        phrase("x is embedded already"),
        phrase("x has a vector for each step, and an embedding adds an axis to it: leave the embedding out."),
        {
            "keras": "inputs = keras.Input((time_step, {features}))  # and no Embedding",
            OTHERS: "output, state = layer(x)",
        },
        wrong={"keras": "inputs = keras.Input((time_step,))"},
    ),
    "sequences_of_sample": CauseText(
        phrase("Each sample has several sequences"),
        phrase("A layer reads one sequence for each sample: put the sequences of all samples into the batch."),
        {OTHERS: "output = network(x.flatten(0, 1)).unflatten(0, x.shape[:2])"},
        wrong={OTHERS: "output = network(x)"},
    ),
    "output_below": CauseText(
        phrase("Each layer gets x"),
        phrase("The loop gives each layer the x of the first one: the output of the layer below is the next x."),
        {OTHERS: "x = h = layer(x, h)"},
        wrong={OTHERS: "h = layer(x, h)"},
    ),
    "empty_data": CauseText(
        phrase("x is empty"),
        phrase("x has an axis of size 0: nothing was read, or all was left out, before the layer gets it."),
        {
            "pytorch": "assert x.numel(), x.shape  # where x is made",
            OTHERS: "assert x.size, x.shape  # where x is made",
        },
    ),
    "part_of_one": CauseText(
        phrase("One part is that of a single sample"),
        phrase("One of the parts has a single sample, and the others have a batch: repeat it for each sample."),
        {OTHERS: "part = part.expand({expected}, -1)"},
    ),
    "channels_first": CauseText(
        phrase("The data format is that of images"),
        phrase("The data format is that of images with their channels first: recurrent layers need the other one."),
        {OTHERS: 'keras.backend.set_image_data_format("channels_last")'},
        wrong={OTHERS: 'keras.backend.set_image_data_format("channels_first")'},
    ),
    "missing_batch": CauseText(
        phrase("x lacks the batch"),
        phrase("x is one sample with the steps and the features that the model expects: it lacks the axis of samples."),
        {"pytorch": "x = x.unsqueeze(0)  # unsqueeze(1) without batch_first=True", OTHERS: "x = x[np.newaxis]"},
    ),
    "exchanged_inputs": CauseText(
        phrase("The arrays are in another order than the inputs"),
        phrase("A model takes its arrays in the order of the inputs with which it was made."),
        {OTHERS: "model.fit([first, second], y)"},
        wrong={OTHERS: "model.fit([second, first], y)"},
    ),
    "twice_batched_dataset": CauseText(
        phrase("The dataset makes batches twice"),
        phrase("The dataset already gives batches, and batch makes batches of them: leave it out."),
        {OTHERS: "dataset = dataset.prefetch(1)"},
        wrong={OTHERS: "dataset = dataset.batch(32).prefetch(1)"},
    ),
    "unbatched_dataset": CauseText(
        phrase("The dataset has no batches"),
        phrase("The dataset gives single samples, and a model takes batches of them: batch makes them."),
        {OTHERS: "dataset = dataset.batch(32)"},
    ),
    "missing_features_axis": CauseText(
        phrase("x lacks the axis of features"),
        phrase("x lacks the axis of features: a series of single numbers has features = 1."),
        {
            "keras": "x = x[..., np.newaxis]",
            "tf1": "x = tf.expand_dims(x, -1)",
            "onnx": "X = X[..., np.newaxis]",
            "flax": "x = x[..., None]",
            OTHERS: "x = x.unsqueeze(-1)",
        },
    ),
    "missing_channels": CauseText(
        phrase("x lacks the axis of channels"),
        phrase("x lacks the axis of channels: an image in shades of grey has one."),
        {OTHERS: "x = x[..., np.newaxis]"},
    ),
    "other_columns": CauseText(
        phrase("This call gets other columns than the model was made for"),
        phrase("The model was made for another number of features than it gets here: give it the same columns."),
        {
            "flax": "model.apply(variables, x)  # x with the {expected} columns of the training data",
            OTHERS: "model.{call}(x)  # x with the {expected} columns of the training data",
        },
    ),
    "target_column": CauseText(
        phrase("The target is still in x"),
        phrase("The last column of the table is the target, so the windows of x are made of all columns before it."),
        {OTHERS: "x = table[i : i + steps, :-1]"},
        wrong={OTHERS: "x = table[i : i + steps]"},
    ),
    "unbatched": CauseText(
        phrase("x has no batch"),
        phrase("x has two axes, so the layer takes it for one sample without a batch."),
        {OTHERS: "x = x.unsqueeze({batch_axis}){note}"},
    ),
    "extra_axis": CauseText(
        phrase("x has an axis too many"),
        phrase("x has an axis too many: flatten all axes after time into features."),
        {
            "keras": "keras.layers.Reshape((time_step, -1))",
            "tf1": "x = tf.reshape(x, [tf.shape(x)[0], tf.shape(x)[1], {flat}])",
            "onnx": "X = X.reshape(*X.shape[:2], -1)",
            OTHERS: "x = x.flatten(2)",
        },
    ),
    "axis_of_size_one": CauseText(
        phrase("x has an axis too many"),
        phrase(
            "If an axis of x has size 1, as that of the only channel of an image, remove it. The text does not say its"
            " sizes."
        ),
        {OTHERS: "x = x.squeeze(1)"},
    ),
    "one_hot_embedding": CauseText(
        phrase("The embedding gets one-hot vectors"),
        phrase("An embedding reads the number of each word and adds an axis: pass the numbers, or leave it out."),
        {"pytorch": "x = embedding(x.argmax(-1))", OTHERS: "x = x.argmax(-1)"},
    ),
    "samples_in_shape": CauseText(
        phrase("input_shape has the samples"),
        phrase("Keras adds the axis of the batch to input_shape, so this shape must not have the samples."),
        {OTHERS: "input_shape=x.shape[1:]"},
        wrong={OTHERS: "input_shape=x.shape"},
    ),
    "shape_without_batch": CauseText(
        phrase("batch_input_shape lacks the batch"),
        phrase("batch_input_shape begins with the number of samples in a batch, before the steps and the features."),
        {OTHERS: "batch_input_shape={got}"},
        wrong={OTHERS: "batch_input_shape={expected}"},
    ),
    "image_height": CauseText(
        phrase("The images have another height"),
        phrase("The convolutions must reduce the height to 1, because the width becomes the axis of time."),
        {"tf1": "images = tf.image.resize(images, (32, width))", OTHERS: "images = F.interpolate(images, (32, width))"},
    ),
    "static_images": CauseText(
        phrase("The size of the images is not fixed"),
        phrase("A ConvLSTM needs the number of rows and columns; the number of steps may be None."),
        {OTHERS: "keras.Input((None, rows, columns, channels))"},
        wrong={OTHERS: "keras.Input((None, None, None, channels))"},
    ),
    "windows": CauseText(
        phrase("The rows are no windows yet"),
        phrase("Each sample needs several rows, but a reshape repeats none: cut windows that overlap out of the rows."),
        {OTHERS: "x = np.stack([rows[n : n + {steps}] for n in range(len(rows) - {steps} + 1)])"},
        wrong={OTHERS: "x = rows.reshape({old})"},
    ),
    "rows_of_steps": CauseText(
        phrase("Each row is one step"),
        phrase(
            "Each row of x is one step, and a sample has several: cut windows of rows; each has the last one's target."
        ),
        {OTHERS: "x = np.stack([x[n : n + {steps}] for n in range(len(x) - {last})])  # and y = y[{last}:]"},
    ),
    "flat_samples": CauseText(
        phrase("The steps of a sample are in one row"),
        phrase("Each row of x has all steps of a sample, one after the other: give each step an axis of its own."),
        {OTHERS: "x = x.reshape(-1, {steps}, {features})"},
    ),
    "whole_rows": CauseText(
        phrase("Rows are left over"),
        phrase("The rows after the last whole sample are fewer than a sample needs: leave them out."),
        {OTHERS: "x = rows[: len(rows) // {steps} * {steps}].reshape(-1, {steps}, {features})"},
        wrong={OTHERS: "x = rows.reshape(-1, {steps}, {features})"},
    ),
    "one_step": CauseText(
        phrase("A cell reads one step"),
        phrase("A cell computes one step, and x has a time axis: loop over the steps, or use the layer."),
        {
            "keras": "keras.layers.RNN(cell)(x)",
            "tf1": "outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)",
            OTHERS: "for x_t in x.unbind({time_axis}): h = cell(x_t, h)  # unbind(1) if the batch is first",
        },
    ),
    "vector_for_column": CauseText(
        phrase("A vector is joined with a column"),
        phrase("vstack makes a row of an array with one axis: give it a second one, so that it is a column, too."),
        {OTHERS: "x = x[:, None]"},
    ),
    "axis_of_one_step": CauseText(
        phrase("x has an axis for one step"),
        phrase("A cell reads one step, without an axis of time, and that of x has length 1: remove it."),
        {OTHERS: "x_t = x_t.squeeze(1)"},
    ),
    "packed": CauseText(
        phrase("The packed x has too many axes"),
        phrase("The data of a packed sequence has two axes: pack an x with batch, time and features only."),
        {OTHERS: "x = x.flatten(2)"},
    ),
    "list_of_steps": CauseText(
        phrase("x is no list of steps"),
        phrase("static_rnn reads a list with x of each step."),
        {OTHERS: "x = tf.unstack(x, axis=1)"},
    ),
    "flattened_steps": CauseText(
        phrase("The layer below removes the axis of time"),
        phrase("The layer below returns one vector for each sample: leave it out, or apply it to each step."),
        {OTHERS: "keras.layers.TimeDistributed(keras.layers.Flatten())"},
        wrong={OTHERS: "keras.layers.Flatten()"},
    ),
    "pooled_steps": CauseText(
        phrase("The pooling removes the axis of time"),
        phrase("A global pooling makes one vector of all steps: pool a few steps at a time, or leave it out."),
        {OTHERS: "keras.layers.MaxPooling1D(2)"},
        wrong={OTHERS: "keras.layers.GlobalMaxPooling1D()"},
    ),
    "return_sequences": CauseText(
        phrase("return_sequences is missing"),
        phrase("The recurrent layer below returns only its last step: return_sequences is missing."),
        {
            "keras convolution": "keras.layers.ConvLSTM2D(filters, kernel_size, return_sequences=True)",
            OTHERS: "keras.layers.{cell}({units}, return_sequences=True)",
        },
        wrong={"keras convolution": "", OTHERS: "keras.layers.{cell}({units})"},
    ),
    "steps_below": CauseText(
        phrase("The layers below return no steps"),
        phrase("The layers below return one vector for each sample: divide it into steps before the recurrent layer."),
        {OTHERS: "model.add(Reshape((time_step, features)))  # before the recurrent layer"},
    ),
    "repeated_vector": CauseText(
        phrase("RepeatVector is missing"),
        phrase("The decoder gets one vector for each sample: repeat it for each step that the decoder returns."),
        {OTHERS: "keras.layers.RepeatVector(time_step)  # between both layers"},
    ),
    "directions_below": CauseText(
        phrase("The layer below is bidirectional"),
        phrase("The layer below is bidirectional, so it returns twice as many values as it has units."),
        {OTHERS: "nn.{cell}({got}, {units})  # 2 * hidden_size"},
        wrong={OTHERS: "nn.{cell}({expected}, {units})"},
    ),
    "other_features": CauseText(
        phrase("x has another number of features"),
        phrase("The layer was made for another number of features than x has."),
        {
            "keras": "keras.Input((None, {got}))",
            "pytorch": "nn.{cell}({got}, {units})",
            "cell": "nn.{cell}Cell({got}, {units})",
            "handwritten cell": "{weights} = 0.1 * torch.randn({got}, gates * num_units)",
            "linear function": "{weights} = nn.Parameter(0.1 * torch.randn({rows}, {got}))",
            "fed": "x = tf.placeholder(tf.float32, [None, None, {got}])",
            "flax": "cell = nnx.{cell}Cell({got}, hidden_features, rngs=rngs)",
            "onnx": "print(session.get_inputs()[0].shape)  # {expected} features",
            "tensorflow cell": "{weights} = tf.Variable(0.1 * tf.random.normal(({got}, {columns})))",
            "numpy": "{weights} = 0.1 * np.random.randn({got}, gates * num_units)",
            "numpy kernel": "{weights} = 0.1 * np.random.randn({shape})",
            "jax": "{weights} = 0.1 * jax.random.normal(key, ({got}, gates * num_units))",
            "jax kernel": "{weights} = 0.1 * jax.random.normal(key, ({shape}))",
            OTHERS: "x = tf.placeholder(tf.float32, [None, None, {expected}])",
        },
        wrong={
            "keras": "keras.Input((None, {expected}))",
            "pytorch": "nn.{cell}({expected}, {units})",
            "cell": "nn.{cell}Cell({expected}, {units})",
            "fed": "x = tf.placeholder(tf.float32, [None, None, {expected}])",
        },
    ),
    "built_features": CauseText(
        phrase("x has another number of features"),
        phrase("The cell was built for another number of features than x has, by build or by its first call."),
        {OTHERS: "{name}.build((None, {got}))"},
        wrong={OTHERS: "{name}.build((None, {expected}))"},
    ),
    "declared_axes": CauseText(
        phrase("The graph declares another number of axes"),
        phrase("The input x of a recurrent node has three axes, which the graph must declare."),
        {OTHERS: 'X = helper.make_tensor_value_info("X", TensorProto.FLOAT, [{sizes}])'},
    ),
    "called_features": CauseText(
        phrase("x has another number of features"),
        phrase("The first call of a cell builds it for the features of its x, and this x has others."),
        {OTHERS: "other_cell = keras.layers.{cell}Cell({units})  # a cell of its own, for {got} features"},
    ),
    "steps_as_samples": CauseText(
        phrase("Steps and samples are in one axis"),
        phrase(
            "A reshape puts the steps into the axis of the samples, so the layer takes each for a sample: keep both."
        ),
        {OTHERS: "x = x.reshape(-1, {batch}, x.size(-1))"},
    ),
    "reshaped_features": CauseText(
        phrase("A reshape gives x other features"),
        phrase("The array had the features of the layer before its reshape, which mixes steps with them: keep them."),
        {OTHERS: "x = x.reshape(len(x), -1, {features})"},
    ),
    "joined_features": CauseText(
        phrase("x is joined from several arrays"),
        phrase("x is joined from several arrays: the layer needs the sum of their features."),
        {
            "cell": "nn.{cell}Cell({got}, {units})",
            "flax": "cell = nnx.{cell}Cell({got}, hidden_features, rngs=rngs)",
            OTHERS: "nn.{cell}({got}, {units})",
        },
        wrong={
            "cell": "nn.{cell}Cell({expected}, {units})",
            "flax": "",
            OTHERS: "nn.{cell}({expected}, {units})",
        },
    ),
    "unread_argument": CauseText(
        phrase("An argument is never read"),
        phrase("The function never reads an array that has the features which x lacks: join both along the features."),
        {
            "numpy": "x = np.concatenate([x, context], axis=-1)",
            "jax": "x = jnp.concatenate([x, context], axis=-1)",
            "flax": "x = jnp.concatenate([x, context], axis=-1)",
            OTHERS: "x = torch.cat([x, context], dim=-1)",
        },
    ),
    "signature": CauseText(
        phrase("The signature of the function has other sizes"),
        phrase("tf.function takes only arrays of the shape that its input_signature says."),
        {OTHERS: "signature = [tf.TensorSpec([{shape}], tf.float32)]"},
    ),
    "units_below": CauseText(
        phrase("The layer below returns another number of values"),
        phrase("x is what another layer returns, so it has as many features as that layer returns values."),
        {
            "cell": "nn.{cell}Cell({got}, {units})",
            "flax": "cell = nnx.{cell}Cell({got}, hidden_features, rngs=rngs)",
            OTHERS: "nn.{cell}({got}, {units})",
        },
        wrong={
            "cell": "nn.{cell}Cell({expected}, {units})",
            "flax": "cell = nnx.{cell}Cell({expected}, hidden_features, rngs=rngs)",
            OTHERS: "nn.{cell}({expected}, {units})",
        },
    ),
    "feedback": CauseText(
        phrase("The network reads its own prediction"),
        phrase("x is what the network returned for the step before: it must return as many values as it reads."),
        {OTHERS: "nn.Linear({units}, {expected})"},
        wrong={OTHERS: "nn.Linear({units}, {got})"},
    ),
    "exchanged_input": CauseText(
        phrase("The shape of the input has other axes"),
        phrase("The shape of an input has the steps before the features."),
        {OTHERS: "keras.Input(({expected}, {got}))"},
        wrong={OTHERS: "keras.Input(({got}, {expected}))"},
    ),
    "fixed_batch": CauseText(
        phrase("The model has a fixed batch_size"),
        phrase("The shape of its input fixes the batch_size: pass batches of this size, also to predict."),
        {OTHERS: "model.fit(x, y, batch_size={batch_size})"},
    ),
    "other_channels": CauseText(
        phrase("x has another number of channels"),
        phrase("The cell was made for another number of channels than x has, or x has another axis in their place."),
        {OTHERS: "cell = ConvLSTMCell({got}, hidden_channels)  # the channels of x"},
    ),
    "embedding": CauseText(
        phrase("The embedding has another width"),
        phrase("If x comes from an embedding, the layer reads what that returns: take the size from there."),
        {
            "cell": "nn.{cell}Cell(embedding.embedding_dim, {units})",
            OTHERS: "nn.{cell}(embedding.embedding_dim, {units})",
        },
        wrong={"cell": "nn.{cell}Cell({expected}, {units})", OTHERS: "nn.{cell}({expected}, {units})"},
    ),
    "features_elsewhere": CauseText(
        phrase("The features are not in the last axis"),
        phrase("Another axis of x has the size that the weights need: the last axis is that of the features."),
        {OTHERS: "x = x.swapaxes(1, 2)"},
    ),
    "missing_embedding": CauseText(
        phrase("The numbers of words get no embedding"),
        phrase("x has a number for each word, and the layer reads vectors: an embedding makes one of each number."),
        {
            "tf1": "x = tf.nn.embedding_lookup(embedding, x)  # or tf.one_hot(x, number_of_words)",
            OTHERS: "x = keras.layers.Embedding(number_of_words, features)(x)",
        },
    ),
    "unused_embedding": CauseText(
        phrase("The embedding is not used"),
        phrase("The program makes an embedding and never calls it, so the layer gets the numbers of the words."),
        {OTHERS: "x = embedding(x)"},
    ),
    "negative_batch": CauseText(
        phrase("A free axis of the model has no size"),
        phrase(
            "The model says -1 for an axis that may have any size. The array of the input needs a real one, the number"
            " of samples for the batch."
        ),
        {OTHERS: "shape = [size if size > 0 else 1 for size in shape]  # of the input, before its memory is made"},
    ),
    "other_steps": CauseText(
        phrase("The model was made for another number of steps"),
        phrase("The model was made for another number of steps. In a shape, None accepts any number."),
        {"tf1": "x = tf.placeholder(tf.float32, [None, None, {features}])", OTHERS: "keras.Input((None, {features}))"},
    ),
    "number_of_inputs": CauseText(
        phrase("The model has another number of inputs"),
        phrase("A list is read as one array for each input of the model. A decoder has inputs of its own, too."),
        {OTHERS: "model([encoder_input, decoder_input])"},
        wrong={OTHERS: "model(encoder_input)"},
    ),
    "list_of_samples": CauseText(
        phrase("A list was passed"),
        phrase("A list is read as one array for each input of the model: make one array of the samples."),
        {OTHERS: "x = np.array(x)"},
    ),
    "static_features": CauseText(
        phrase("The number of features is not known"),
        phrase("The features are part of the weights’ shape, so their number must be known."),
        {"keras": "keras.Input((time_step, features))", OTHERS: "{inputs}.set_shape([{axes}, features])"},
        wrong={"keras": "keras.Input((time_step, None))", OTHERS: ""},
    ),
    "static_rank": CauseText(
        phrase("The shape of x is not known"),
        phrase("TensorFlow knows no shape of x, so say its axes, and its number of features, before the call."),
        {OTHERS: "x.set_shape([{axes}, features])"},
    ),
    "size_of_input": CauseText(
        phrase("The cell was made for another input_size"),
        phrase("A cell of a stack reads what the cell below returns: its input_size is the num_units of that one."),
        {OTHERS: "tf.nn.rnn_cell.{tf1_cell}(num_units, input_size=units_below)"},
        wrong={OTHERS: "tf.nn.rnn_cell.{tf1_cell}(num_units)"},
    ),
    "static_steps": CauseText(
        phrase("The number of steps is not fixed"),
        phrase("An unrolled layer needs a fixed number of steps."),
        {"tf1": "x = tf.placeholder(tf.float32, [None, time_step, features])", OTHERS: "keras.Input(({axes}))"},
    ),
    "unrolled": CauseText(
        phrase("The layer is unrolled"),
        phrase("An unrolled layer reads only sequences of one length: leave out unroll=True for others."),
        {OTHERS: "keras.layers.{cell}({units})"},
        wrong={OTHERS: "keras.layers.{cell}({units}, unroll=True)"},
    ),
    "unrolled_step": CauseText(
        phrase("A layer of one step is unrolled"),
        phrase("A layer of one step has no loop to unroll: leave out unroll=True."),
        {OTHERS: "keras.layers.{cell}({units})"},
        wrong={OTHERS: "keras.layers.{cell}({units}, unroll=True)"},
    ),
    "resized_input": CauseText(
        phrase("The converted model has fixed sizes"),
        phrase("A model of TensorFlow Lite has the sizes with which it was converted: resize its input first."),
        {OTHERS: "interpreter.resize_tensor_input(index, x.shape)  # then interpreter.allocate_tensors()"},
    ),
    "flattened_unknown": CauseText(
        phrase("The number of steps is not fixed"),
        phrase("Flatten puts all steps into one axis, so a dense layer after it needs a fixed number of steps."),
        {OTHERS: "keras.Input((time_step, features))"},
        wrong={OTHERS: "keras.Input((None, features))"},
    ),
    "exported_sizes": CauseText(
        phrase("The export fixed this size"),
        phrase("An exported model has the sizes of its example. An axis that dynamic_axes names has any size."),
        {OTHERS: "torch.onnx.export(model, x, path, input_names=['{input}'], dynamic_axes={{'{input}': [{index}]}})"},
        wrong={OTHERS: "torch.onnx.export(model, x, path, input_names=['{input}'])"},
    ),
    "states_in_list": CauseText(
        phrase("The states were passed with x"),
        phrase("The initial states are an argument of their own."),
        {OTHERS: "layer(x, initial_state=[{states}])"},
    ),
}
