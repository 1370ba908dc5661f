"""Causes in lengths, masks and padding."""

from ....translations.phrases import phrase
from .cause_text import OTHERS, CauseText

PACKING_AND_MASKS = {
    "lengths": CauseText(
        phrase("The number of lengths differs"),
        phrase("There must be one length for each sample. Another axis of x may be the batch."),
        {
            "onnx": "sequence_lens = np.full(X.shape[1], X.shape[0], np.int32)",
            "tf1": "sequence_length = tf.fill([tf.shape(x)[0]], tf.shape(x)[1])",
            OTHERS: "pack_padded_sequence(x, lengths, batch_first=True)",
        },
        wrong={"onnx": "", "tf1": "", OTHERS: "pack_padded_sequence(x, lengths)"},
    ),
    "divided_lengths": CauseText(
        phrase("Each device gets all lengths"),
        phrase("DataParallel divides tensors along their first axis, and no lists: pass the lengths as a tensor."),
        {OTHERS: "output = model(x, torch.as_tensor(lengths))  # in forward, pack with lengths.tolist()"},
        wrong={OTHERS: "output = model(x, lengths)"},
    ),
    "more_lengths": CauseText(
        phrase("The lengths are those of more samples"),
        phrase(
            "Each sample of a batch needs one length. Often these are the lengths of all data: take those of the"
            " samples in x, with the same slice or filter."
        ),
        {OTHERS: "batch_lengths = lengths[start : start + x.size(0)]"},
    ),
    "missing_lengths": CauseText(
        phrase("Some samples have no length"),
        phrase("Each sample of x needs one length: make those that lack, or pack only the samples that have one."),
        {OTHERS: "pack_padded_sequence(x[: len(lengths)], lengths, batch_first=True)"},
    ),
    "lengths_of_list": CauseText(
        phrase("The lengths are those of more samples"),
        phrase(
            "Only a part of the list is padded, and the lengths are those of the whole list: take those of the part."
        ),
        {OTHERS: "lengths = torch.tensor([len(sequence) for sequence in padded])"},
    ),
    "packed_axis": CauseText(
        phrase("x is packed along another axis"),
        phrase("pack_padded_sequence takes the first axis of x for time, and with batch_first=True for the batch."),
        {OTHERS: "pack_padded_sequence(x, lengths, batch_first=True)"},
        wrong={OTHERS: "pack_padded_sequence(x, lengths)"},
    ),
    "missing_length": CauseText(
        phrase("There are fewer lengths than samples"),
        phrase("Each sample needs its own length, and some have none: measure them where x is made."),
        {
            "onnx": "sequence_lens = np.array([len(sequence) for sequence in sequences], np.int32)",
            OTHERS: "lengths = torch.tensor([len(sequence) for sequence in sequences])",
        },
    ),
    "lost_rows": CauseText(
        phrase("There are fewer lengths than samples"),
        phrase("With enforce_sorted=False, only the samples that have a length are packed: each one needs its own."),
        {OTHERS: "lengths = torch.tensor([len(sequence) for sequence in sequences])"},
    ),
    "padded_time_first": CauseText(
        phrase("The sequences were padded with time first"),
        phrase("pad_sequence returns time first by default, but the line that packs has batch_first=True."),
        {OTHERS: "x = pad_sequence(sequences, batch_first=True)"},
        wrong={OTHERS: "x = pad_sequence(sequences)"},
    ),
    "padded_for_layer": CauseText(
        phrase("The sequences were padded with time first"),
        phrase("pad_sequence returns time first by default, but the layer has batch_first=True."),
        {OTHERS: "x = pad_sequence(sequences, batch_first=True)"},
        wrong={OTHERS: "x = pad_sequence(sequences)"},
    ),
    "padded_beside_output": CauseText(
        phrase("It was padded with time first"),
        phrase("pad_sequence returns time first by default, but what it is compared with has the batch first."),
        {OTHERS: "{name} = pad_sequence(sequences, batch_first=True)"},
        wrong={OTHERS: "{name} = pad_sequence(sequences)"},
    ),
    "padded_batch_first": CauseText(
        phrase("It was padded with the batch first"),
        phrase(
            "The layer has no batch_first=True and returns time first: what its output is compared with needs it, too."
        ),
        {OTHERS: "{name} = pad_sequence(sequences)"},
        wrong={OTHERS: "{name} = pad_sequence(sequences, batch_first=True)"},
    ),
    "lengths_axes": CauseText(
        phrase("The lengths have an axis too many"),
        phrase("Each sequence has one length, so the lengths are a list of numbers."),
        {
            "tf1": "lengths = tf.reduce_sum(mask, axis=1)  # a mask of shape (batch, time)",
            OTHERS: "lengths = lengths.flatten()",
        },
    ),
    "sort_lengths": CauseText(
        phrase("The sequences are not sorted"),
        phrase("The sequences are not sorted by length."),
        {OTHERS: "pack_padded_sequence(x, lengths, enforce_sorted=False)"},
        wrong={OTHERS: "pack_padded_sequence(x, lengths)"},
    ),
    "sort_samples": CauseText(
        phrase("The sequences are not sorted"),
        phrase(
            "Before version 1.1, PyTorch packs only sequences that are sorted by length: sort them, the longest first."
        ),
        {OTHERS: "{lengths}, order = {lengths}.sort(descending=True); {x} = {x}[:, order]  # targets, too"},
    ),
    "empty_sequence": CauseText(
        phrase("A sequence is empty"),
        phrase("A sequence is empty: remove it, or give it one step."),
        {
            "onnx": "sequence_lens = np.clip(sequence_lens, 1, X.shape[0])",
            "keras": "x = x[mask.any(axis=1)]  # and the same samples of the target",
            OTHERS: "x, lengths = x[lengths > 0], lengths[lengths > 0]  # with batch_first=True",
        },
    ),
    "empty_batch": CauseText(
        phrase("The batch is empty"),
        phrase("The batch has no samples, or its sequences no steps: skip it."),
        {OTHERS: "if not {x}.numel(): continue  # in the loop over the batches"},
    ),
    "exported_steps": CauseText(
        phrase("The export fixed the number of steps"),
        phrase(
            "What PyTorch traces for an export are the sizes of its example, unless an axis is dynamic: then no longer"
            " sequence fits."
        ),
        {
            OTHERS: "torch.onnx.export(model, (x, lengths), 'model.onnx', input_names=['x', 'lengths'],"
            " dynamic_axes={'x': [0, 1], 'lengths': [0]})"
        },
    ),
    "longer_sequence": CauseText(
        phrase("A length is larger than x"),
        phrase("A sequence has no more steps than x: measure the lengths after x is cut or padded."),
        {OTHERS: "sequence_lens = np.minimum(sequence_lens, X.shape[0])"},
    ),
    "strided_mask": CauseText(
        phrase("The mask has the steps before the convolution"),
        phrase("A convolution or pooling with a stride shortens the sequence: the mask needs the same stride."),
        {OTHERS: "mask = mask[:, ::{stride}]"},
    ),
    "unequal_lengths": CauseText(
        phrase("The sequences have different lengths"),
        phrase("The sequences of a batch have different lengths: pad them."),
        {
            "numpy": "x = np.stack([np.pad(s, ((0, max(map(len, sequences)) - len(s)), (0, 0))) for s in sequences])",
            "keras": "x = keras.utils.pad_sequences(sequences, dtype='float32', padding='post')",
            OTHERS: "x = torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True)",
        },
    ),
    "short_windows": CauseText(
        phrase("The last windows are cut short"),
        phrase(
            "A window that begins near the end of the series has fewer steps: begin the last one a window before it."
        ),
        {OTHERS: "range(0, len(series) - width + 1, stride)"},
        wrong={OTHERS: "range(0, len(series), stride)"},
    ),
    "collate": CauseText(
        phrase("The DataLoader has no collate_fn for sequences"),
        phrase("The DataLoader stacks the samples of a batch, which have different lengths: a collate_fn pads them."),
        {OTHERS: "DataLoader(dataset, batch_size, collate_fn=collate)  # collate calls pad_sequence"},
        wrong={OTHERS: "DataLoader(dataset, batch_size)"},
    ),
    "cut_mask": CauseText(
        phrase("The mask has more steps than x"),
        phrase("The mask has more steps than x, as if x had been cut after the mask was made: cut both."),
        {OTHERS: "mask = mask[:, : x.shape[1]]"},
    ),
    "short_mask": CauseText(
        phrase("The mask has fewer steps than x"),
        phrase("The mask has fewer steps than x, as if it ended with the longest sequence: give it those of x."),
        {OTHERS: "mask = np.arange(x.shape[1]) < lengths[:, None]"},
        wrong={OTHERS: "mask = np.arange(max(lengths)) < lengths[:, None]"},
    ),
    "packed_fields": CauseText(
        phrase("A packed sequence is no pair"),
        phrase("The values of all steps are in its field data."),
        {OTHERS: "{name} = pack_padded_sequence({name}, lengths, batch_first=True).data"},
        wrong={OTHERS: "{name}, _ = pack_padded_sequence({name}, lengths, batch_first=True)"},
    ),
    "packed_output": CauseText(
        phrase("The output is packed"),
        phrase("Pad the output of the layer, which makes it a tensor again."),
        {OTHERS: "{name}, lengths = torch.nn.utils.rnn.pad_packed_sequence({name}{order})"},
    ),
    "packed_too_early": CauseText(
        phrase("x is packed too early"),
        phrase("Pack x right before the recurrent layer, after everything that needs a tensor."),
        {OTHERS: "output, _ = layer(pack_padded_sequence(x, lengths, batch_first=True))"},
    ),
    "total_length": CauseText(
        phrase("total_length is too small"),
        phrase("total_length is smaller than the longest sequence."),
        {OTHERS: "pad_packed_sequence(packed, total_length={expected})"},
        wrong={OTHERS: "pad_packed_sequence(packed, total_length={got})"},
    ),
    "mask": CauseText(
        phrase("The mask has another shape than the sequences"),
        phrase("A mask has one value for each sample and step: make it from the same x."),
        {
            "pytorch": "mask = torch.arange(output.size(1)) < lengths[:, None]",
            OTHERS: "mask = np.any(x != 0, axis=-1)",
        },
    ),
    "exchanged_mask": CauseText(
        phrase("The axes of the mask are exchanged"),
        phrase("The mask has the axes of the sequences in the other order: exchange them."),
        {"keras": "mask = np.transpose(mask)", OTHERS: "mask = mask.T"},
    ),
    "mask_of_wrapper": CauseText(
        phrase("TimeDistributed gets the mask of another layer"),
        phrase("A dense layer computes each step by itself, without TimeDistributed, and passes the mask on."),
        {OTHERS: "keras.layers.Dense(units)"},
        wrong={OTHERS: "keras.layers.TimeDistributed(keras.layers.Dense(units))"},
    ),
    "mask_last_axis": CauseText(
        phrase("The mask lacks the last axis"),
        phrase("The scores have a last axis of size 1, and the mask has none: give it one."),
        {OTHERS: "mask = mask.unsqueeze(-1)"},
    ),
    "mask_axes": CauseText(
        phrase("The mask has an axis too many"),
        phrase("expand adds axes, but removes none: a mask needs at most as many axes as what it is expanded to."),
        {OTHERS: "mask = (time < lengths.view(-1)).float().unsqueeze(1).expand_as(h)  # one length for each sample"},
    ),
    "mask_features": CauseText(
        phrase("The mask has an axis of features"),
        phrase("A mask has one value for each sample and step, and none for each feature: one is enough for a step."),
        {
            "keras": "mask = keras.ops.any(mask, axis=-1)",
            "tf1": "mask = tf.reduce_any(mask, axis=-1)",
            OTHERS: "mask = mask.any(axis=-1)",
        },
    ),
    "reversed_mask": CauseText(
        phrase("The version cannot reverse a mask"),
        phrase("This version of Keras cannot read backwards with a mask: leave the mask out."),
        {OTHERS: "keras.layers.Embedding(words, size)"},
        wrong={OTHERS: "keras.layers.Embedding(words, size, mask_zero=True)"},
    ),
    "padding": CauseText(
        phrase("The padding comes first"),
        phrase("The padding must be after the last step of each sequence; by default it is before the first."),
        {OTHERS: "keras.utils.pad_sequences(sequences, padding='post')"},
        wrong={OTHERS: "keras.utils.pad_sequences(sequences)"},
    ),
    "scan_steps": CauseText(
        phrase("The sequences have different numbers of steps"),
        phrase("scan reads the first axis of every array step by step, so it must have the same length."),
        {OTHERS: "xs = jax.tree.map(lambda x: x.swapaxes(0, 1), xs)"},
    ),
}
