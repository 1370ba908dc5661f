"""Causes in products, sums and joins of what recurrent layers return."""

from ....translations.phrases import phrase
from .cause_text import OTHERS, CauseText

ATTENTION = {
    "query_axis": CauseText(
        phrase("The context keeps the axis of its query"),
        phrase(
            "Attention returns a step for each query, so the context of one query has an axis of size 1: remove it."
        ),
        {"pytorch": "context = context.squeeze(1)", OTHERS: "context = context[:, 0]"},
    ),
    "layers_first": CauseText(
        phrase("The state has its layers first"),
        phrase("A state has the axes layers, batch, units, even with batch_first=True: put the batch first."),
        {OTHERS: "h_n = h_n.transpose(0, 1)"},
    ),
    "time_first": CauseText(
        phrase("One of them has time first"),
        phrase("Without batch_first, a layer returns time first, but both arrays need the batch at the same place."),
        {OTHERS: "output = output.transpose(0, 1)"},
    ),
    "other_sequence": CauseText(
        phrase("They belong to different sequences"),
        phrase("The steps of an encoder and of a decoder are joined: join arrays of the same sequence."),
        {OTHERS: "keras.layers.Concatenate()([decoder_output, context])"},
        wrong={OTHERS: "keras.layers.Concatenate()([encoder_output, context])"},
    ),
    "exchanged_query": CauseText(
        phrase("The query and the values are exchanged"),
        phrase(
            "Attention takes its query first and returns a step for each of its steps: the query is the array with"
            " which the context is joined."
        ),
        {OTHERS: "context = keras.layers.Attention()([decoder_output, encoder_output])"},
        wrong={OTHERS: "context = keras.layers.Attention()([encoder_output, decoder_output])"},
    ),
    "axes_of_product": CauseText(
        phrase("The product sums over other axes"),
        phrase(
            "A product sums over one axis of each array, of the same size: for scores over the units of both, for a"
            " context over the steps of the encoder."
        ),
        {OTHERS: "keras.layers.Dot(axes=[{first}, {second}])"},
    ),
    "transpose_keys": CauseText(
        phrase("The second factor is not transposed"),
        phrase("A product sums over the units, so the second factor needs them before its last axis: transpose it."),
        {
            "pytorch": "scores = torch.bmm(query, keys.transpose(1, 2))",
            "keras": "scores = tf.matmul(query, keys, transpose_b=True)",
            "tf1": "scores = tf.matmul(query, keys, transpose_b=True)",
            OTHERS: "scores = query @ keys.swapaxes(1, 2)",
        },
    ),
    "letters_of_operand": CauseText(
        phrase("An operand has other axes than its letters"),
        phrase("einsum reads one letter for each axis: also for that of steps, of layers, or of size 1."),
        {"one axis more": "h = h_n[-1]  # of the last layer", OTHERS: "print([one.shape for one in operands])"},
    ),
    "product_of_heads": CauseText(
        phrase("Both have an axis more, as that of heads"),
        phrase("torch.bmm takes three axes only; torch.matmul takes any number of axes before the last two."),
        {OTHERS: "scores = torch.matmul(query, keys.transpose(-2, -1))"},
        wrong={OTHERS: "scores = torch.bmm(query, keys.transpose(-2, -1))"},
    ),
    "longer_factor": CauseText(
        phrase("One of them has an axis too many"),
        phrase("The other one has no such axis: remove it."),
        {OTHERS: "query = query.squeeze(1)"},
    ),
    "transposed_factor": CauseText(
        phrase("One of them is transposed"),
        phrase("A product or sum of elements needs the same order of axes in both arrays: transpose one of them back."),
        {"keras": "weights = layers.Permute((2, 1))(weights)", OTHERS: "weights = weights.transpose(1, 2)"},
    ),
    "attention_directions": CauseText(
        phrase("The encoder has two directions"),
        phrase("A bidirectional encoder returns twice as many units as the state of the decoder has: project them."),
        {
            "pytorch": "keys = nn.Linear({large}, {small})(keys)  # from 2 * hidden_size",
            "flax": "keys = nn.Dense({small})(keys)",
            "jax": "keys = keys @ W_keys  # {large} by {small}",
            OTHERS: "keys = keras.layers.Dense({small})(keys)",
        },
    ),
    "query_of_one_direction": CauseText(
        phrase("The query is the state of one direction"),
        phrase("The layer returns the units of both directions, but the query is the state of one: join them."),
        {OTHERS: "query = torch.cat((h_n[-2], h_n[-1]), dim=-1)"},
        wrong={OTHERS: "query = h_n[-1]"},
    ),
    "state_of_one_direction": CauseText(
        phrase("The state is that of one direction"),
        phrase("The layer returns the units of both directions, but the state is that of one: join them."),
        {OTHERS: "h = torch.cat((h_n[-2], h_n[-1]), dim=-1)"},
        wrong={OTHERS: "h = h_n[-1]"},
    ),
    "attention_units": CauseText(
        phrase("The numbers of units differ"),
        phrase("Outputs that are multiplied or added need the same number of units."),
        {
            "pytorch": "keys = nn.Linear({got}, {expected})(keys)",
            "flax": "keys = nn.Dense({expected})(keys)",
            **dict.fromkeys(("jax", "numpy"), "keys = keys @ W_keys  # {got} by {expected}"),
            OTHERS: "keys = keras.layers.Dense({expected})(keys)",
        },
    ),
    "tile_memory": CauseText(
        phrase("The encoder’s output is not repeated for each beam"),
        phrase(
            "A beam search has several samples for each one: repeat the encoder’s output, its lengths and its states."
        ),
        {OTHERS: "memory = tf.contrib.seq2seq.tile_batch(memory, multiplier={beams})"},
    ),
    "attention_steps": CauseText(
        phrase("The weights are for other steps"),
        phrase("Attention has one weight for each step that the encoder returned: compute them from its output."),
        {OTHERS: "weights = softmax(scores)  # one score for each step of the output"},
    ),
    "exchanged_factor": CauseText(
        phrase("The first factor has its axes exchanged"),
        phrase("The first factor has as many rows as the second one, so its last two axes have the wrong order."),
        {
            "pytorch": "context = torch.bmm(weights.unsqueeze(1), output)",
            **dict.fromkeys(("keras", "tf1"), "context = tf.matmul(weights[:, None], output)"),
            OTHERS: "context = weights[:, None] @ output",
        },
    ),
    "other_axis_summed": CauseText(
        phrase("The axis that is summed is at another place"),
        phrase("A product sums over the second last axis of its second factor; an einsum sums over any axis."),
        {
            **dict.fromkeys(("jax", "flax"), "context = jnp.einsum('bt,tbh->bh', weights, outputs)"),
            OTHERS: "context = np.einsum('bt,tbh->bh', weights, outputs)",
        },
    ),
    "vector_factor": CauseText(
        phrase("The second factor is a vector for each sample"),
        phrase("A product takes an array with two axes for one matrix; an einsum multiplies a vector for each sample."),
        {OTHERS: "scores = np.einsum('btu,bu->bt', outputs, h)"},
    ),
    "layers_of_state": CauseText(
        phrase("The state has an axis of layers"),
        phrase("A state has an axis of layers and directions, also if there is only one: take the last layer."),
        {OTHERS: "h = h_n[-1]  # both directions: torch.cat((h_n[-2], h_n[-1]), dim=1)"},
    ),
    "attention_axis": CauseText(
        phrase("The state has no axis of steps"),
        phrase("The state of the decoder has no axis of steps: give it one of size 1, to add it to every step."),
        {
            "pytorch": "query = query.unsqueeze(1)",
            "states": "query = h_n[-1].unsqueeze(1)",
            "keras": "query = tf.expand_dims(query, 1)",
            "tf1": "query = tf.expand_dims(query, 1)",
            OTHERS: "query = query[:, None]",
        },
    ),
    "factor_axis": CauseText(
        phrase("The second factor has no last axis"),
        phrase("torch.bmm multiplies two matrices for each sample: a vector for each sample lacks an axis of size 1."),
        {OTHERS: "scores = torch.bmm(keys, query.unsqueeze(2))"},
        wrong={OTHERS: "scores = torch.bmm(keys, query)"},
    ),
    "all_layers": CauseText(
        phrase("The state is that of all layers"),
        phrase("The state has one entry for each layer and direction: take the one of the last layer."),
        {OTHERS: "h = h_n[-1:]"},
        wrong={OTHERS: "h = h_n"},
    ),
    "expanded_axis": CauseText(
        phrase("Another axis is expanded"),
        phrase("The size goes to the axis of size 1, which is repeated, and -1 keeps each other axis as it is."),
        {OTHERS: "query = query.expand(-1, steps, -1)"},
    ),
    "weights_axis": CauseText(
        phrase("The weights have no axis of units"),
        phrase("Attention has one weight for each step: give the weights an axis of size 1, to multiply all units."),
        {"pytorch": "weights = weights.unsqueeze(-1)", OTHERS: "weights = weights[..., None]"},
    ),
    "vector_of_sample": CauseText(
        phrase("One array that is joined has no steps"),
        phrase("An array with one vector for each sample is repeated for each step before it is joined."),
        {
            "pytorch": "static = static.unsqueeze(1).expand(-1, x.size(1), -1)",
            OTHERS: "static = keras.layers.RepeatVector({steps})(static)",
        },
    ),
    "mask_units": CauseText(
        phrase("The mask has no axis of units"),
        phrase("A mask has one value for each sample and step: give it an axis of size 1, to multiply all units."),
        {"pytorch": "mask = mask.unsqueeze(-1)", OTHERS: "mask = mask[..., None]"},
    ),
    "mask_of_samples": CauseText(
        phrase("The mask has no axis of units"),
        phrase("A mask with one value for each sample needs an axis of size 1, to multiply all units of a state."),
        {"pytorch": "mask = mask.unsqueeze(-1)", OTHERS: "mask = mask[..., None]"},
    ),
    "scores_axis": CauseText(
        phrase("The scores keep an axis of size 1"),
        phrase("A mask has one value for each sample and step, and the scores have one axis more: remove it."),
        {"pytorch": "scores = scores.squeeze(-1)", OTHERS: "scores = scores[..., 0]"},
    ),
    "mask_axis": CauseText(
        phrase("The mask has no axis of queries"),
        phrase(
            "Scores have a value for each query and key: give the mask of the keys an axis of size 1 for the queries."
        ),
        {OTHERS: "mask = mask.unsqueeze(1)"},
    ),
    "join_axis": CauseText(
        phrase("One of them has no axis of steps"),
        phrase("Arrays that are joined need the same number of axes: give the one without steps an axis of size 1."),
        {
            "pytorch": "context = context.unsqueeze(1)",
            "keras": "context = tf.expand_dims(context, 1)",
            "tf1": "context = tf.expand_dims(context, 1)",
            OTHERS: "context = context[:, None]",
        },
    ),
    "repeated_state": CauseText(
        phrase("The state has no axis of steps"),
        phrase("A state that is repeated for each step first needs an axis of size 1 for the steps."),
        {OTHERS: "query = query.unsqueeze(1).repeat(1, steps, 1)"},
        wrong={OTHERS: "query = query.repeat(1, steps, 1)"},
    ),
    "single_step": CauseText(
        phrase("One array that is joined has one step"),
        phrase("An array with one step is repeated for each step of the other one before they are joined."),
        {OTHERS: "context = context.expand(-1, output.size(1), -1)"},
    ),
    "pooled_join": CauseText(
        phrase("The sequences are joined before they are reduced"),
        phrase(
            "Sequences with different numbers of steps have no common axis of steps: make one vector of each first."
        ),
        {OTHERS: "joined = keras.layers.Concatenate()([pool(a), pool(b)])"},
        wrong={OTHERS: "joined = keras.layers.Concatenate()([a, b])"},
    ),
    "pooled_branch": CauseText(
        phrase("A layer pools the steps of one branch"),
        phrase("A layer that pools returns fewer steps than it gets, unless it has strides=1 and padding='same'."),
        {OTHERS: "keras.layers.MaxPooling1D(2, strides=1, padding='same')"},
        wrong={OTHERS: "keras.layers.MaxPooling1D(2)"},
    ),
    "join_steps": CauseText(
        phrase("They have different numbers of steps"),
        phrase("Arrays that are joined along their last axis need the same number of steps."),
        {
            "pytorch": "context = context.expand({all_steps})",
            "keras": "context = tf.repeat(context, tf.shape(x)[1], axis=1)",
            "tf1": "context = tf.repeat(context, tf.shape(x)[1], axis=1)",
            OTHERS: "context = context.repeat(x.shape[1], axis=1)",
        },
    ),
    "residual": CauseText(
        phrase("x has another number of features than units"),
        phrase("An output can only be added to x if the layer has as many units as x has features."),
        {
            "pytorch": "nn.{cell}({features}, {features})",
            OTHERS: "keras.layers.{cell}({features}, return_sequences=True)",
        },
    ),
    "merge_directions": CauseText(
        phrase("Both directions are concatenated"),
        phrase("Both directions are concatenated, so the output has twice the units: add them instead."),
        {
            "pytorch": "output = output.unflatten(-1, (2, -1)).sum(-2)",
            OTHERS: "keras.layers.Bidirectional(layer, merge_mode='sum')",
        },
    ),
    "packed_steps": CauseText(
        phrase("The padded output is shorter"),
        phrase("pad_packed_sequence returns as many steps as the longest sequence has, unless it gets total_length."),
        {
            "output": "pad_packed_sequence(packed, batch_first=True, total_length=x.size(1))",
            OTHERS: "pad_packed_sequence(packed, batch_first=True, total_length=mask.size(1))",
        },
    ),
}
