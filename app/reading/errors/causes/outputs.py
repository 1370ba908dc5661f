"""Causes in what reads the output of a layer: dense layers, normalizations and reshapes."""

from ....translations.phrases import phrase
from .cause_text import OTHERS, CauseText

RESHAPED = {
    **dict.fromkeys(("pytorch", "numpy", "jax"), "output = output.reshape({new})"),
    OTHERS: "output = tf.reshape(output, [{new}])",
}
"""Framework -> the line that gives an output a new shape."""

RESHAPED_WRONGLY = {
    "pytorch": "output = output.view({old})",
    **dict.fromkeys(("numpy", "jax"), "output = output.reshape({old})"),
}
"""Framework -> the line that it corrects."""

OUTPUTS = {
    "list_to_join": CauseText(
        phrase("One array was passed instead of a list"),
        phrase("The layer joins the arrays of a list: pass all of them."),
        {OTHERS: "keras.layers.Concatenate()([one, other])"},
        wrong={OTHERS: "keras.layers.Concatenate()(one)"},
    ),
    "returned_states": CauseText(
        phrase("return_state returns the states as well"),
        phrase("A layer with return_state returns its output and its states, and a Sequential takes only its output."),
        {OTHERS: "keras.layers.{cell}({units})"},
        wrong={OTHERS: "keras.layers.{cell}({units}, return_state=True)"},
    ),
    "beams": CauseText(
        phrase("The outputs have an axis of beams"),
        phrase(
            "A beam search has an axis of beams after that of samples: sum over the last axis of any number of axes."
        ),
        {OTHERS: "logits = tf.tensordot(outputs, {kernel}, 1)"},
        wrong={OTHERS: "logits = tf.matmul(outputs, {kernel})"},
    ),
    "residual_attention": CauseText(
        phrase("x has the attention behind it"),
        phrase(
            "The cell gets x and the attention in one array, and a ResidualWrapper adds this array to the output: add"
            " only x."
        ),
        {
            OTHERS: "cell = tf.nn.rnn_cell.ResidualWrapper(cell, residual_fn=lambda x, output: x[:, :{expected}] +"
            " output)"
        },
        wrong={OTHERS: "cell = tf.nn.rnn_cell.ResidualWrapper(cell)"},
    ),
    "every_step": CauseText(
        phrase("The dense layer gets every step"),
        phrase("The output of every step has a time axis: take the last step, or put batch and time into one axis."),
        {OTHERS: "outputs = outputs[:, -1]"},
    ),
    "backward_units": CauseText(
        phrase("The directions have different numbers of units"),
        phrase("What both directions return is added or multiplied, so the backward layer needs as many units."),
        {OTHERS: "backward_layer = keras.layers.{cell}({units}, return_sequences=True, go_backwards=True)"},
        wrong={OTHERS: "backward_layer = keras.layers.{cell}({units_got}, return_sequences=True, go_backwards=True)"},
    ),
    "sample_of_output": CauseText(
        phrase("The index takes a sample"),
        phrase("The layer returns one vector for each sample, so this index takes one sample: leave it out."),
        {OTHERS: "y = self.dense(output)"},
        wrong={OTHERS: "y = self.dense(output[-1])"},
    ),
    "one_unit": CauseText(
        phrase("An index reads one unit"),
        phrase("The dense layer needs all units of a sample in the last axis, but gets one number for each sample."),
        {OTHERS: "last = output[:, -1, :]"},
        wrong={OTHERS: "last = output[:, -1, 0]"},
    ),
    "gather_units": CauseText(
        phrase("The index has another number of units"),
        phrase("The index of the last steps has one entry for each unit: expand it to the last axis of the output."),
        {OTHERS: "index = (lengths - 1).view(-1, 1, 1).expand(-1, 1, output.size(-1))  # with batch_first=True"},
    ),
    "gather_axis": CauseText(
        phrase("The index lacks an axis"),
        phrase("gather needs an index with the axes of the output: batch, steps with one entry, and units."),
        {OTHERS: "index = (lengths - 1).view(-1, 1, 1).expand(-1, 1, output.size(-1))  # with batch_first=True"},
    ),
    "squeezed_batch": CauseText(
        phrase("squeeze removed the batch"),
        phrase("In a batch with one sample, the axis of the samples has size 1, too: name the axis that is removed."),
        {"numpy": "output = output.squeeze(-1)", OTHERS: "output = output.squeeze(-1)  # not squeeze() or squeeze(0)"},
        wrong={OTHERS: "output = output.squeeze()"},
    ),
    "squeezed_values": CauseText(
        phrase("The dense layer returns several values"),
        phrase("squeeze removes only an axis of size 1, so the dense layer before it returns one value."),
        {OTHERS: "nn.Linear(hidden_size, 1)"},
    ),
    "kept_outputs": CauseText(
        phrase("The array for the outputs has another size"),
        phrase("The array into which the outputs are written was made for another shape than they have."),
        {"numpy": "{name} = np.zeros(({sizes}))", OTHERS: "{name} = torch.zeros({sizes})"},
    ),
    "written_step": CauseText(
        phrase("The step is written along the axis of the samples"),
        phrase("The array has its steps along the other one of its first two axes: write the step there."),
        {OTHERS: "outputs[:, t] = h"},
        wrong={OTHERS: "outputs[t] = h"},
    ),
    "written_column": CauseText(
        phrase("A column is written into an array without an axis for it"),
        phrase("What is written has a last axis of size 1, for which the array has no axis: take its values."),
        {OTHERS: "outputs[t] = h[..., 0]"},
        wrong={OTHERS: "outputs[t] = h"},
    ),
    "written_without_axis": CauseText(
        phrase("The array has an axis for a column"),
        phrase("The array has a last axis of size 1, which what is written lacks: add it."),
        {OTHERS: "outputs[t] = h[..., None]"},
        wrong={OTHERS: "outputs[t] = h"},
    ),
    "kept_array": CauseText(
        phrase("The array was made for another shape"),
        phrase("The array was made for another shape than that of what is written into it."),
        {"numpy": "{name} = np.zeros(({sizes}))", OTHERS: "{name} = torch.zeros({sizes})"},
    ),
    "split_sizes": CauseText(
        phrase("The parts have other sizes"),
        phrase("The sizes of the parts must add up to the size of the axis."),
        {
            "tf1": "forward, backward = tf.split(output, 2, axis=-1)",
            OTHERS: "forward, backward = output.chunk(2, dim=-1)",
        },
    ),
    "last_index": CauseText(
        phrase("The index is too large"),
        phrase("Indices begin with 0, so the last one is one less than the size of the axis."),
        {OTHERS: "output = output[:, -1]"},
    ),
    "last_sample": CauseText(
        phrase("The last sample is taken for the last step"),
        phrase("With batch_first=True, output[-1] is the output of the last sample, not of the last step."),
        {OTHERS: "output = output[:, -1]"},
        wrong={OTHERS: "output = output[-1]"},
    ),
    "dense_directions": CauseText(
        phrase("The dense layer reads one direction only"),
        phrase("Both directions are concatenated, so the dense layer reads twice the units."),
        {
            "keras": "keras.layers.Dense({outputs})  # a new one",
            "tf1": "tf.layers.dense(output, {outputs})",
            "flax": "nnx.Linear({got}, {outputs}, rngs=rngs)",
            OTHERS: "nn.Linear({got}, {outputs})  # 2 * hidden_size",
        },
        wrong={"pytorch": "nn.Linear({expected}, {outputs})"},
    ),
    "dense_second_direction": CauseText(
        phrase("The second direction is not counted"),
        phrase(
            "A layer with two directions returns its units twice, and the dense layer was made for them once, beside"
            " what is joined with them."
        ),
        {"keras": "keras.layers.Dense({outputs})  # a new one", OTHERS: "nn.Linear({got}, {outputs})"},
        wrong={"pytorch": "nn.Linear({expected}, {outputs})"},
    ),
    "dense_one_direction": CauseText(
        phrase("The dense layer reads both directions"),
        phrase("The dense layer was made for both directions, but gets the state of one: join them."),
        {OTHERS: "h = torch.cat((h_n[-2], h_n[-1]), dim=-1)"},
        wrong={OTHERS: "h = h_n[-1]"},
    ),
    "joined_axis": CauseText(
        phrase("The arrays are joined along another axis"),
        phrase("These arrays differ in their last axis, so they are joined along this one."),
        {"pytorch": "x = torch.cat((x, h), dim=-1)", OTHERS: "x = jnp.concatenate((x, h), axis=-1)"},
    ),
    "dropped_axis": CauseText(
        phrase("A reduction drops its axis"),
        phrase("The maximum or the sum along an axis lacks this axis, unless it is kept with size 1."),
        {
            "pytorch": "context = (weights * output).sum(dim=1, keepdim=True)",
            OTHERS: "e = np.exp(scores - scores.max(axis=-1, keepdims=True))",
        },
    ),
    "joined_batch": CauseText(
        phrase("The states are joined along the batch"),
        phrase("dim=0 is the batch, so the samples of both follow one another: join the units of each sample."),
        {OTHERS: "h = torch.cat((h_n[-2], h_n[-1]), dim=1)"},
        wrong={OTHERS: "h = torch.cat((h_n[-2], h_n[-1]), dim=0)"},
    ),
    "dense_all_layers": CauseText(
        phrase("The states of all layers are in one axis"),
        phrase("h_n has a state for each layer and direction, and the dense layer was made for those of one layer."),
        {OTHERS: "nn.Linear({got}, {outputs})"},
        wrong={OTHERS: "nn.Linear({expected}, {outputs})"},
    ),
    "dense_all_steps": CauseText(
        phrase("The dense layer reads all steps"),
        phrase("The dense layer was made for all steps, flattened into one axis, but gets one step."),
        {OTHERS: "nn.Linear({got}, {outputs})"},
        wrong={OTHERS: "nn.Linear({expected}, {outputs})"},
    ),
    "dense_unflattened": CauseText(
        phrase("The dense layer reads all steps"),
        phrase("The dense layer was made for all steps, flattened into one axis, and gets each of them: flatten them."),
        {OTHERS: "{output}.flatten(1)"},
        wrong={OTHERS: "{output}"},
    ),
    "dense_projection": CauseText(
        phrase("The layer has a projection"),
        phrase("With proj_size, h and the output have proj_size features: only c has hidden_size of them."),
        {OTHERS: "nn.Linear({got}, {outputs})"},
        wrong={OTHERS: "nn.Linear({expected}, {outputs})"},
    ),
    "dense_flattened": CauseText(
        phrase("The steps were flattened"),
        phrase("The steps are flattened into one axis together with the units: take the last step."),
        {OTHERS: "output = output[:, -1]  # with batch_first=True"},
    ),
    "dense_other_steps": CauseText(
        phrase("The number of steps differs"),
        phrase("All steps are flattened, so the dense layer accepts only the number of steps for which it was made."),
        {
            "keras": "keras.Input((time_step, features))  # time_step of the data",
            OTHERS: "output = output[:, -1]  # with batch_first=True, and a dense layer for one step",
        },
    ),
    "dense_features": CauseText(
        phrase("The dense layer was made for another size"),
        phrase("The dense layer was made for another number of units than it gets."),
        {
            "keras": "keras.layers.Dense({outputs})",
            "tf1": "tf.layers.dense(outputs[:, -1], {outputs})",
            "flax": "nnx.Linear({got}, {outputs}, rngs=rngs)",
            OTHERS: "nn.Linear({got}, {outputs})",
        },
        wrong={"pytorch": "nn.Linear({expected}, {outputs})"},
    ),
    "unused_layer": CauseText(
        phrase("Another layer is called"),
        phrase("The layer was made for another size than it gets, and one that was made for it is never called."),
        {OTHERS: "{unused}"},
        wrong={OTHERS: "{called}"},
    ),
    "shared_dense": CauseText(
        phrase("A dense layer is shared"),
        phrase("All calls of a dense layer have the same kernel: the recurrent layers before it need equal units."),
        {OTHERS: "keras.layers.{cell}({units})"},
    ),
    "channels_second": CauseText(
        phrase("The units are not in the second axis"),
        phrase("This layer has its channels in the second axis, which an output with three axes has for its steps."),
        {OTHERS: "output = {called}(output.transpose(1, 2)).transpose(1, 2)  # with batch_first=True"},
        wrong={OTHERS: "output = {called}(output)"},
    ),
    "norm_directions": CauseText(
        phrase("The normalization is for one direction only"),
        phrase("Both directions are concatenated, so the output has twice the units."),
        {OTHERS: "nn.{norm}({got})  # 2 * hidden_size"},
        wrong={OTHERS: "nn.{norm}({expected})"},
    ),
    "norm_features": CauseText(
        phrase("The normalization was made for another size"),
        phrase("The normalization was made for another number of units than it gets."),
        {OTHERS: "nn.{norm}({got})"},
        wrong={OTHERS: "nn.{norm}({expected})"},
    ),
    "reshape_steps": CauseText(
        phrase("The new shape lacks an axis"),
        phrase("The array has a multiple of the values of the new shape: often the steps are missing in it."),
        RESHAPED,
        wrong=RESHAPED_WRONGLY,
    ),
    "reshape_directions": CauseText(
        phrase("The new shape is for one direction only"),
        phrase("Both directions are concatenated, so the output has twice the units, also for the layer after it."),
        {
            **dict.fromkeys(("keras", "tf1"), "output = tf.reshape(output, [{new}])"),
            OTHERS: "output = output.reshape({new})",
        },
        wrong={
            **dict.fromkeys(("keras", "tf1"), "output = tf.reshape(output, [{old}])"),
            OTHERS: "output = output.reshape({old})",
        },
    ),
    "other_outputs": CauseText(
        phrase("The networks return different numbers of values"),
        phrase("Outputs that are added need the same number of classes: these networks were made for different ones."),
        {OTHERS: "network = Network(classes={expected})"},
        wrong={OTHERS: "network = Network(classes={got})"},
    ),
    "input_steps": CauseText(
        phrase("The model was made for another number of steps"),
        phrase("A dense layer reads all steps of the output, so the data must have as many as the input of the model."),
        {OTHERS: "keras.Input(({got}, features))"},
        wrong={OTHERS: "keras.Input(({expected}, features))"},
    ),
    "reshape_layers": CauseText(
        phrase("The new shape is for another number of layers"),
        phrase(
            "h_n has one entry for each layer and direction, so the new shape begins with the layers of the network."
        ),
        {OTHERS: "h_n = h_n.view({new})"},
        wrong={OTHERS: "h_n = h_n.view({old})"},
    ),
    "reshape_state_directions": CauseText(
        phrase("The new shape is for one direction only"),
        phrase("h_n has one entry for each layer and direction: with both directions, twice as many as layers."),
        {OTHERS: "h_n = h_n.view({new})"},
        wrong={OTHERS: "h_n = h_n.view({old})"},
    ),
    "reshape_fixed_steps": CauseText(
        phrase("The new shape has a fixed number of steps"),
        phrase("These sequences have another number of steps, such as those at the end of a text: write -1 for it."),
        {
            "keras": "output = tf.reshape(output, [{new}])",
            "tf1": "output = tf.reshape(output, [{new}])",
            OTHERS: "output = output.reshape({new})",
        },
        wrong={OTHERS: "output = output.reshape({old})"},
    ),
    "outputs_of_parameter": CauseText(
        phrase("The dense layer does not fit the parameter"),
        phrase("The parameter that is added to the output of the dense layer has another number of values."),
        {OTHERS: "nn.Linear(hidden_size, {size})"},
    ),
    "short_range": CauseText(
        phrase("The backward loop leaves out the first step"),
        phrase("A range ends before its second argument, so one that goes backwards to 0 ends with 1: write -1."),
        {OTHERS: "for t in range(steps - 1, -1, -1):"},
        wrong={OTHERS: "for t in range(steps - 1, 0, -1):"},
    ),
    "joined_steps": CauseText(
        phrase("The outputs are joined along their steps"),
        phrase("The steps of both directions follow one another: join the units of each step."),
        {OTHERS: "outputs = np.concatenate([forward, backward], axis=-1)"},
        wrong={OTHERS: "outputs = np.concatenate([forward, backward])"},
    ),
    "reshape_batch": CauseText(
        phrase("The batch has another size"),
        phrase("The first size is that of another batch, often of all but the last one. -1 stands for what is left."),
        RESHAPED,
        wrong=RESHAPED_WRONGLY,
    ),
    "outputs_of_shape": CauseText(
        phrase("The dense layer returns too few values"),
        phrase("The dense layer must return all values of a sample: as many as the new shape has after the batch."),
        {"keras": "keras.layers.Dense({needed})", OTHERS: "nn.Linear(hidden_size, {needed})"},
        wrong={"keras": "keras.layers.Dense({got})", OTHERS: "nn.Linear(hidden_size, {got})"},
    ),
    "reshape_values": CauseText(
        phrase("The new shape has another number of values"),
        phrase("A reshape keeps all values, so the new sizes must multiply to their number."),
        {
            "keras": "keras.layers.Reshape(({new}))",
            "pytorch": "output = output.reshape(-1, output.size(-1))",
            "numpy": "output = output.reshape(-1, output.shape[-1])",
            "jax": "output = output.reshape(-1, output.shape[-1])",
            OTHERS: "output = tf.reshape(output, [-1, output.shape[-1]])",
        },
        wrong={
            "keras": "keras.layers.Reshape(({old}))",
            "pytorch": "output = output.view({old})",
            "numpy": "output = output.reshape({old})",
            "jax": "output = output.reshape({old})",
        },
    ),
}
