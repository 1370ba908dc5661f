"""Causes in the target of a loss."""

from ....translations.phrases import phrase
from .cause_text import OTHERS, CauseText

LOSSES = {
    "kept_last_step": CauseText(
        phrase("Only the last step is kept"),
        phrase("The target has a value for each step, but the output is that of the last step: keep all steps."),
        {OTHERS: "output = dense(output)"},
        wrong={OTHERS: "output = dense(output[:, -1])"},
    ),
    "index_column": CauseText(
        phrase("The target has an axis of size 1"),
        phrase("The index of each class is in a column, but this loss expects a vector of them."),
        {OTHERS: "target = target[:, 0]"},
    ),
    "one_flat": CauseText(
        phrase("Only one of them is flat"),
        phrase("Either the output or the target has its steps in the axis of the samples: flatten both."),
        {OTHERS: "loss = criterion(output.flatten(0, 1), target.reshape(-1))"},
    ),
    "exchanged_rows": CauseText(
        phrase("The rows and the columns are exchanged"),
        phrase("The loss reads a row for each prediction, and a column for each class: the classes come last."),
        {OTHERS: "loss = criterion(output.reshape(-1, classes), target.reshape(-1))"},
    ),
    "flat_mask": CauseText(
        phrase("The losses are flat, and the mask is not"),
        phrase("The loss of every step is in one axis, so the mask must have one axis, too."),
        {OTHERS: "mask = mask.reshape(-1)"},
    ),
    "sample_weight": CauseText(
        phrase("sample_weight has an axis of steps"),
        phrase("The output has one value for each sample, so there is one weight for each sample, and none for steps."),
        {OTHERS: "model.fit(x, y, sample_weight=weights.mean(axis=1))"},
        wrong={OTHERS: "model.fit(x, y, sample_weight=weights)"},
    ),
    "not_return_sequences": CauseText(
        phrase("The layer returns every step"),
        phrase("The recurrent layer returns every step, but the target has one value for each sample."),
        {
            **dict.fromkeys(("numpy", "jax", "flax"), "output = output[:, -1]"),
            "pytorch": "output = output[:, -1]  # with batch_first=True",
            "pytorch flattened": "output = output[:, -1]  # not output.flatten(1); with batch_first=True",
            OTHERS: "keras.layers.{cell}({units}, return_sequences=False)",
        },
        wrong={
            "pytorch flattened": "output = output.flatten(1)",
            "keras": "keras.layers.{cell}({units}, return_sequences=True)",
        },
    ),
    "repeated_every_step": CauseText(
        phrase("The layer below returns every step"),
        phrase("RepeatVector repeats one vector for each sample, but the recurrent layer below it returns every step."),
        {OTHERS: "keras.layers.{cell}({units}, return_sequences=False)"},
        wrong={"keras": "keras.layers.{cell}({units}, return_sequences=True)"},
    ),
    "joined_every_step": CauseText(
        phrase("The layer returns every step"),
        phrase("The recurrent layer returns every step, but it is joined with one vector for each sample."),
        {"pytorch": "output = output[:, -1]", OTHERS: "keras.layers.{cell}({units}, return_sequences=False)"},
        wrong={"keras": "keras.layers.{cell}({units}, return_sequences=True)"},
    ),
    "states_in_batch": CauseText(
        phrase("The directions are in the axis of the samples"),
        phrase("The first axis of h_n is that of layers and directions: a sample has one state for each of them."),
        {OTHERS: "h = torch.cat((h_n[-2], h_n[-1]), dim=-1)  # h_n[-1] with one direction"},
        wrong={"pytorch squeezed": "h = h_n.squeeze(0)", OTHERS: "h = h_n.view(-1, hidden_size)"},
    ),
    "target_axis": CauseText(
        phrase("One of them has an axis of size 1"),
        phrase("One of them has an axis of size 1 that the other lacks: this loss needs the same axes in both."),
        {
            "pytorch": "loss = criterion(output.squeeze(-1), target)",
            "pytorch target": "loss = criterion(output, target.squeeze(-1))",
            OTHERS: "target = target.reshape(-1, 1)",
        },
        wrong=dict.fromkeys(("pytorch", "pytorch target"), "loss = criterion(output, target)"),
    ),
    "one_hot_target": CauseText(
        phrase("The target is one-hot"),
        phrase("The target has a value for each class, but this loss expects the index of the class."),
        {OTHERS: "model.compile('adam', 'categorical_crossentropy')"},
        wrong={OTHERS: "model.compile('adam', 'sparse_categorical_crossentropy')"},
    ),
    "target_steps": CauseText(
        phrase("The target has another number of steps"),
        phrase(
            "A target with a class for each step has as many steps as the output: the one for the next step is shifted."
        ),
        {
            **dict.fromkeys(("jax", "flax", "numpy"), "target = target[:, 1:]  # output of all steps but the last"),
            "keras": "model.fit(x[:, :-1], y[:, 1:])",
            "tf1": "x, targets = data[:, :-1], data[:, 1:]",
            OTHERS: "loss = criterion(output.transpose(1, 2), target[:, 1:])  # output of all steps but the last",
        },
    ),
    "next_steps": CauseText(
        phrase("The target lacks the steps"),
        phrase("A model that predicts each next step has a target for every step: the data, one step later."),
        {OTHERS: "target = data[:, 1:]"},
        wrong={OTHERS: "target = data[:, -1]"},
    ),
    "target_shape": CauseText(
        phrase("The target has another shape than the output"),
        phrase("The target and the output of the model have shapes that do not belong to each other."),
        {OTHERS: "print(output.shape, target.shape)"},
    ),
    "strided_target": CauseText(
        phrase("The target has the steps before the pooling"),
        phrase("A convolution or pooling with a stride shortens the sequence: the target needs the same stride."),
        {OTHERS: "y = y[:, ::{stride}]"},
    ),
    "target_last_axis": CauseText(
        phrase("The target lacks the last axis"),
        phrase("The target has one number for each step, and this model needs a last axis for it, of size 1."),
        {OTHERS: "y = y[..., np.newaxis]"},
    ),
    "last_units": CauseText(
        phrase("The last layer is the recurrent one"),
        phrase("The output has a value for each unit: a dense layer at the end returns those of the target."),
        {OTHERS: "keras.layers.Dense({got})  # after the recurrent layer"},
    ),
    "dense_outputs": CauseText(
        phrase("The dense layer returns another number of values"),
        phrase("The dense layer at the end returns one value for each value of the target."),
        {"keras": "keras.layers.Dense({got})", OTHERS: "nn.Linear(hidden_size, {got})"},
        wrong={"keras": "keras.layers.Dense({expected})", OTHERS: "nn.Linear(hidden_size, {expected})"},
    ),
    "repeated_steps": CauseText(
        phrase("RepeatVector makes another number of steps"),
        phrase("The decoder returns as many steps as RepeatVector makes, and the target has another number."),
        {OTHERS: "keras.layers.RepeatVector({got})"},
        wrong={OTHERS: "keras.layers.RepeatVector({expected})"},
    ),
    "other_samples": CauseText(
        phrase("Two arrays have different numbers of samples"),
        phrase(
            "Arrays of the same samples, as x and its target, need the same number of them: a series has fewer windows"
            " than values."
        ),
        {"more targets": "y = y[-len(x) :]", "pytorch": "print(x.shape, target.shape)", OTHERS: "x = x[: len(y)]"},
    ),
    "samples_of_inputs": CauseText(
        phrase("The inputs have different numbers of samples"),
        phrase("All arrays that a model gets need the same number of samples."),
        {OTHERS: "print([len(one) for one in inputs])"},
    ),
    "exchanged_samples": CauseText(
        phrase("Two axes of an array are exchanged"),
        phrase("Arrays of the same samples have their batch in the same axis: one has it in another axis."),
        {OTHERS: "x = x.swapaxes(0, 1)"},
    ),
    "loss_of_values": CauseText(
        phrase("The loss is not one number"),
        phrase("The loss has a value for each sample or step: take the mean of all of them."),
        {OTHERS: "return jnp.mean(loss)"},
        wrong={OTHERS: "return loss"},
    ),
    "other_part": CauseText(
        phrase("The target is of another part of the data"),
        phrase("x and the target are of different parts of the data: pass the target of the same samples."),
        {OTHERS: "model.fit(x_train, y_train)"},
        wrong={OTHERS: "model.fit(x_train, y_test)"},
    ),
    "classes_second": CauseText(
        phrase("The classes are not in the second axis"),
        phrase("The loss expects the classes in the second axis, before the steps."),
        {OTHERS: "loss = criterion(output.transpose(1, 2), target)  # batch, classes, steps"},
    ),
    "classes_from_one": CauseText(
        phrase("The classes are counted from 1"),
        phrase("The first column of an encoding is that of class 0: classes that begin at 1 get one column too many."),
        {OTHERS: "y = keras.utils.to_categorical(y - 1)"},
        wrong={OTHERS: "y = keras.utils.to_categorical(y)"},
    ),
    "class_indices": CauseText(
        phrase("The target has indices of classes"),
        phrase("The target has an index for each sample or step, but this loss expects a value for each class."),
        {
            "pytorch": "criterion = nn.CrossEntropyLoss()",
            **dict.fromkeys(("jax", "flax"), "loss = optax.softmax_cross_entropy_with_integer_labels(output, target)"),
            OTHERS: "model.compile('adam', 'sparse_categorical_crossentropy')",
        },
        wrong={
            "pytorch": "criterion = nn.BCEWithLogitsLoss()",
            **dict.fromkeys(("jax", "flax"), "loss = optax.softmax_cross_entropy(output, target)"),
            OTHERS: "model.compile('adam', 'categorical_crossentropy')",
        },
    ),
    "ctc_axes": CauseText(
        phrase("The loss reads other axes"),
        phrase("The loss expects time first, then the batch, and one length for each sample, at most all steps."),
        {
            "tf1": "loss = tf.nn.ctc_loss(labels, logits, sequence_length, time_major=False)",
            OTHERS: "loss = ctc_loss(log_probs.transpose(0, 1), targets, input_lengths, target_lengths)",
        },
    ),
    "emission_tags": CauseText(
        phrase("The dense layer has another number of tags"),
        phrase("A CRF reads one score for each tag: the dense layer after the recurrent one returns them."),
        {OTHERS: "nn.Linear({units}, {expected})  # num_tags"},
    ),
    "ctc_labels": CauseText(
        phrase("A length of a target is too large"),
        phrase("The targets are padded to fewer labels than the lengths say: take the lengths from the targets."),
        {OTHERS: "target_lengths = (targets != 0).sum(1)"},
    ),
}
