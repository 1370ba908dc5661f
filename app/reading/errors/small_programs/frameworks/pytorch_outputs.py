"""The lines of the small programs in PyTorch that fail behind the layer: with its outputs, in attention, in losses."""

from ..listing import Listing, in_pytorch

BATCH_FIRST = """
{name} = torch.nn.{class}({features}, {units}, batch_first=True)
"""

CLASSES = """
{name} = torch.nn.{class}({features}, {units}, batch_first=True)
dense = torch.nn.Linear({units}, 10)
"""

OUTPUTS: dict[str, Listing] = {
    "not_return_sequences": in_pytorch(
        CLASSES
        + """
output, _ = {name}(torch.zeros({got_1}, {times}, {features}))
target = torch.zeros({got_1}, dtype=torch.long)
- loss = torch.nn.functional.cross_entropy(dense(output).flatten(0, 1), target)
+ loss = torch.nn.functional.cross_entropy(dense(output[:, -1]), target)
print(tuple(loss.shape))
""",
        "()",
        "pytorch-samples",
        when="target",
    ),
    "last_sample": in_pytorch(
        CLASSES
        + """
output, _ = {name}(torch.zeros({got_1}, {expected_1}, {features}))
target = torch.zeros({got_1}, dtype=torch.long)
- loss = torch.nn.functional.cross_entropy(dense(output[-1]), target)
+ loss = torch.nn.functional.cross_entropy(dense(output[:, -1]), target)
print(tuple(loss.shape))
""",
        "()",
        "pytorch-samples",
        when="target",
    ),
    "target_axis": in_pytorch(
        """
import warnings
warnings.simplefilter("error")  # a warning stops the program
{name} = torch.nn.{class}({features}, {units}, batch_first=True)
dense = torch.nn.Linear({units}, 1)
output, _ = {name}(torch.zeros({target_batch}, {time}, {features}))
output, target = dense(output[:, -1]), torch.zeros({target_batch})
- loss = torch.nn.functional.mse_loss(output, target)
+ loss = torch.nn.functional.mse_loss(output.squeeze(-1), target)
print(tuple(loss.shape))
""",
        "()",
        "pytorch-target",
    ),
    "classes_second": in_pytorch(
        """
{name} = torch.nn.{class}({features}, {units}, batch_first=True)
dense = torch.nn.Linear({units}, {got_at[2]})
output, _ = {name}(torch.zeros({got_at[0]}, {got_at[1]}, {features}))
output, target = dense(output), torch.zeros({got_at[0]}, {got_at[1]}, dtype=torch.long)
- loss = torch.nn.functional.cross_entropy(output, target)
+ loss = torch.nn.functional.cross_entropy(output.transpose(1, 2), target)
print(tuple(loss.shape))
""",
        "()",
        "pytorch-target-size",
    ),
    "target_shape": in_pytorch(
        BATCH_FIRST.replace("{units}", "{expected_1}")
        + """
output, _ = {name}(torch.zeros({batch}, {time}, {features}))
- target = torch.zeros({batch}, {got_1})
+ target = torch.zeros({batch}, {expected_1})
loss = torch.nn.functional.mse_loss(output[:, -1], target)
print(tuple(loss.shape))
""",
        "()",
        "pytorch-broadcast",
        when="a target of no steps",
    ),
    "ctc_axes": in_pytorch(
        BATCH_FIRST
        + """
output, _ = {name}(torch.zeros({ctc_batch}, {time}, {features}))
log_probs, targets = output.log_softmax(-1), torch.ones({ctc_batch}, 1, dtype=torch.long)
lengths, target_lengths = torch.full(({ctc_batch},), {time}), torch.full(({ctc_batch},), 1)
- loss = torch.nn.CTCLoss()(log_probs, targets, lengths, target_lengths)
+ loss = torch.nn.CTCLoss()(log_probs.transpose(0, 1), targets, lengths, target_lengths)
print(tuple(loss.shape))
""",
        "()",
        "pytorch-ctc-lengths",
        when="a target of several values",
    ),
    "reshape_steps": in_pytorch(
        BATCH_FIRST.replace("{units}", "{beside[1]}")
        + """
output, _ = {name}(torch.zeros({beside[0]}, {times}, {features}))
- output = output.reshape({beside[0]}, {beside[1]})
+ output = output.reshape({beside[0]}, {times}, {beside[1]})
print(tuple(output.shape))
""",
        "({beside[0]}, {times}, {beside[1]})",
        *("pytorch-view", "pytorch-0-view"),
    ),
    "reshape_batch": in_pytorch(
        BATCH_FIRST.replace("{units}", "{beside[2]}")
        + """
output, _ = {name}(torch.zeros({batch_of_view}, {beside[1]}, {features}))
- output = output.reshape({beside[0]}, {beside[1]}, {beside[2]})
+ output = output.reshape(-1, {beside[1]}, {beside[2]})
print(tuple(output.shape))
""",
        "({batch_of_view}, {beside[1]}, {beside[2]})",
        *("pytorch-view", "pytorch-0-view"),
    ),
    "reshape_values": in_pytorch(
        BATCH_FIRST.replace("{units}", "{view_units}")
        + """
output, _ = {name}(torch.zeros({view_x}, {features}))
- output = output.reshape({view_old})
+ output = output.reshape(-1, output.size(-1))
print(tuple(output.shape))
""",
        "({view_rows}, {view_units})",
        *("pytorch-view", "pytorch-0-view"),
        when="output",
    ),
    "channels_second": in_pytorch(
        BATCH_FIRST.replace("{units}", "{got_at[2]}")
        + """
norm = torch.nn.BatchNorm1d({got_at[2]})
output, _ = {name}(torch.zeros({batch}, {got_at[1]}, {features}))
- output = norm(output)
+ output = norm(output.transpose(1, 2)).transpose(1, 2)
print(tuple(output.shape))
""",
        "({batch}, {got_at[1]}, {got_at[2]})",
        "pytorch-batch-norm",
    ),
    "norm_directions": in_pytorch(
        """
{name} = torch.nn.{class}({features}, {expected_at[2]}, bidirectional=True, batch_first=True)
- norm = torch.nn.LayerNorm({expected_at[2]})
+ norm = torch.nn.LayerNorm({got_at[2]})
output, _ = {name}(torch.zeros({got_at[0]}, {got_at[1]}, {features}))
output = norm(output)
print(tuple(output.shape))
""",
        "({got})",
        "pytorch-layer-norm",
    ),
    "residual": in_pytorch(
        """
- {name} = torch.nn.{class}({expected_1}, {got_1}, batch_first=True)
+ {name} = torch.nn.{class}({expected_1}, {expected_1}, batch_first=True)
x = torch.zeros({batch}, {time}, {expected_1})
output, _ = {name}(x)
output = x + output
print(tuple(output.shape))
""",
        "({batch}, {time}, {expected_1})",
        "pytorch-broadcast",
    ),
    "packed_steps": in_pytorch(
        """
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
{name} = torch.nn.{class}({features}, {units}, batch_first=True)
x, mask = torch.zeros(2, {got_1}, {features}), torch.ones(2, {got_1})
packed, _ = {name}(pack_padded_sequence(x, [{expected_1}, 1], batch_first=True))
- output, _ = pad_packed_sequence(packed, batch_first=True)
+ output, _ = pad_packed_sequence(packed, batch_first=True, total_length=mask.size(1))
output = output * mask.unsqueeze(-1)
print(tuple(output.shape))
""",
        "(2, {got_1}, {units})",
        "pytorch-broadcast",
        when="mask",
    ),
    "attention_units": in_pytorch(
        """
encoder = torch.nn.{class}({features}, {got_1}, batch_first=True)
keys, _ = encoder(torch.zeros({batch}, {time}, {features}))
query = torch.zeros({batch}, 1, {expected_1})
+ keys = torch.nn.Linear({got_1}, {expected_1})(keys)
energy = query + keys
print(tuple(energy.shape))
""",
        "({batch}, {time}, {expected_1})",
        "pytorch-broadcast",
        when="output",
    ),
    "attention_directions": in_pytorch(
        """
encoder = torch.nn.{class}({features}, {got_1}, bidirectional=True, batch_first=True)
keys, _ = encoder(torch.zeros({batch}, {time}, {features}))
hidden = torch.zeros({batch}, {got_1})
+ keys = torch.nn.Linear({expected_1}, {got_1})(keys)
scores = torch.bmm(keys, hidden.unsqueeze(2))
print(tuple(scores.shape))
""",
        "({batch}, {time}, 1)",
        *("pytorch-products", "pytorch-0-products"),
        when="both directions of keys",
    ),
    "query_of_one_direction": in_pytorch(
        """
encoder = torch.nn.{class}({features}, {got_1}, bidirectional=True, batch_first=True)
{outputs} = encoder(torch.zeros({batch}, {time}, {features}))
- query = h_n[-1]
+ query = torch.cat((h_n[-2], h_n[-1]), dim=-1)
scores = torch.bmm(output, query.unsqueeze(2))
print(tuple(scores.shape))
""",
        "({batch}, {time}, 1)",
        *("pytorch-products", "pytorch-0-products"),
    ),
    "attention_axis": in_pytorch(
        BATCH_FIRST
        + """
W, U = torch.nn.Linear({units}, 8), torch.nn.Linear({units}, 8)
keys, h_n = {name}(torch.zeros({batch}, {time}, {features}))
query = {last_h}
- energy = torch.tanh(W(query) + U(keys))
+ energy = torch.tanh(W(query.unsqueeze(1)) + U(keys))
print(tuple(energy.shape))
""",
        "({batch}, {time}, 8)",
        "pytorch-broadcast",
        when="several steps and samples",
    ),
    "transpose_keys": in_pytorch(
        """
{name} = torch.nn.{class}({features}, {expected_at[1]}, batch_first=True)
keys, _ = {name}(torch.zeros({got_at[0]}, {got_at[1]}, {features}))
query = keys[:, -1:]
- scores = torch.bmm(query, keys)
+ scores = torch.bmm(query, keys.transpose(1, 2))
print(tuple(scores.shape))
""",
        "({got_at[0]}, 1, {got_at[1]})",
        *("pytorch-products", "pytorch-0-products"),
        when="keys without units",
    ),
    "time_first": in_pytorch(
        """
{name} = torch.nn.{class}({features}, {units})
output, _ = {name}(torch.zeros({got_1}, {expected_1}, {features}))
query = torch.zeros({expected_1}, 1, {units})
- scores = torch.bmm(query, output.transpose(1, 2))
+ scores = torch.bmm(query, output.transpose(0, 1).transpose(1, 2))
print(tuple(scores.shape))
""",
        "({expected_1}, 1, {got_1})",
        *("pytorch-products", "pytorch-0-products"),
    ),
    "dense_all_steps": in_pytorch(
        BATCH_FIRST.replace("{units}", "{dense_got}")
        + """
- dense = torch.nn.Linear({dense}, {dense_outputs})
+ dense = torch.nn.Linear({dense_got}, {dense_outputs})
output, _ = {name}(torch.zeros({dense_rows}, {time}, {features}))
output = dense(output[:, -1])
print(tuple(output.shape))
""",
        "({dense_rows}, {dense_outputs})",
        *("pytorch-product", "pytorch-1-product"),
    ),
    "dense_all_layers": in_pytorch(
        """
{name} = torch.nn.{class}({features}, {dense}, num_layers={dense_steps})
- dense = torch.nn.Linear({dense}, {dense_outputs})
+ dense = torch.nn.Linear({dense_got}, {dense_outputs})
{outputs} = {name}(torch.zeros({time}, {dense_rows}, {features}))
output = dense(h_n.transpose(0, 1).flatten(1))
print(tuple(output.shape))
""",
        "({dense_rows}, {dense_outputs})",
        *("pytorch-product", "pytorch-1-product"),
    ),
    "dense_one_direction": in_pytorch(
        """
{name} = torch.nn.{class}({features}, {dense_got}, bidirectional=True)
dense = torch.nn.Linear({dense}, {dense_outputs})
{outputs} = {name}(torch.zeros({time}, {dense_rows}, {features}))
- output = dense(h_n[-1])
+ output = dense(torch.cat((h_n[-2], h_n[-1]), dim=-1))
print(tuple(output.shape))
""",
        "({dense_rows}, {dense_outputs})",
        *("pytorch-product", "pytorch-1-product"),
    ),
    "pair_of_states": in_pytorch(
        """
lstm, dense = torch.nn.LSTM({features}, {units}, batch_first=True), torch.nn.Linear({units}, 10)
x = torch.zeros({batch}, {time}, {features})
- output, h = lstm(x)
+ output, (h, c) = lstm(x)
output = dense(h.squeeze(0))
print(tuple(output.shape))
""",
        "({batch}, 10)",
        "pytorch-pair-attribute",
        when="a squeezed pair",
    ),
    "names_of_pair": in_pytorch(
        """
lstm = torch.nn.LSTM({features}, {units}, batch_first=True)
x = torch.zeros({batch}, {time}, {features})
- output, h, c = lstm(x)
+ output, (h, c) = lstm(x)
print(tuple(output.shape))
""",
        "({batch}, {time}, {units})",
        "python-sizes",
        when="three names",
    ),
    "pair_passed_on": in_pytorch(
        """
class Output(torch.nn.Module):
    def forward(self, pair):
        return pair[0]
- model = torch.nn.Sequential(torch.nn.{class}({features}, {units}), torch.nn.Linear({units}, 10))
+ model = torch.nn.Sequential(torch.nn.{class}({features}, {units}), Output(), torch.nn.Linear({units}, 10))
output = model(torch.zeros({time}, {batch}, {features}))
print(tuple(output.shape))
""",
        "({time}, {batch}, 10)",
        "pytorch-pair",
    ),
}
"""Cause -> the program in PyTorch."""

SAMPLES = in_pytorch(
    CLASSES
    + """
output, _ = {name}(torch.zeros({expected_1}, {time}, {features}))
- target = torch.zeros({got_1}, dtype=torch.long)
+ target = torch.zeros({expected_1}, dtype=torch.long)
loss = torch.nn.functional.cross_entropy(dense(output[:, -1]), target)
print(tuple(loss.shape))
""",
    "()",
    "pytorch-samples",
    when="target",
)

STEPS_OF_TARGET = in_pytorch(
    """
{name} = torch.nn.{class}({features}, {units}, batch_first=True)
output, _ = {name}(torch.zeros({batch}, {expected_1}, {features}))
- target = torch.zeros({batch}, {got_1}, {units})
+ target = torch.zeros({batch}, {expected_1}, {units})
loss = torch.nn.functional.mse_loss(output, target)
print(tuple(loss.shape))
""",
    "()",
    "pytorch-broadcast",
    when="steps of a target",
)

TARGETS: dict[str, Listing] = {"target_shape": SAMPLES}
STEPS: dict[str, Listing] = {
    "target_shape": STEPS_OF_TARGET,
    "target_steps": in_pytorch(
        CLASSES
        + """
output, _ = {name}(torch.zeros({expected_at[0]}, {expected_at[1]}, {features}))
- target = torch.zeros({got}, dtype=torch.long)
+ target = torch.zeros({expected}, dtype=torch.long)
loss = torch.nn.functional.cross_entropy(dense(output).transpose(1, 2), target)
print(tuple(loss.shape))
""",
        "()",
        "pytorch-target-size",
        when="steps of two shapes",
    ),
    "channels_second": in_pytorch(
        BATCH_FIRST.replace("{units}", "{expected_1}")
        + """
norm = torch.nn.BatchNorm1d({expected_1})
output, _ = {name}(torch.zeros({batch}, {got_1}, {features}))
- output = norm(output)
+ output = norm(output.transpose(1, 2)).transpose(1, 2)
print(tuple(output.shape))
""",
        "({batch}, {got_1}, {expected_1})",
        "pytorch-batch-norm",
        when="output",
    ),
    "mask": in_pytorch(
        BATCH_FIRST
        + """
output, _ = {name}(torch.zeros({batch}, {expected_1}, {features}))
- mask = torch.ones({batch}, {got_1})
+ mask = torch.ones(output.shape[:2])
output = output * mask.unsqueeze(-1)
print(tuple(output.shape))
""",
        "({batch}, {expected_1}, {units})",
        "pytorch-broadcast",
        when="mask",
    ),
    "attention_steps": in_pytorch(
        BATCH_FIRST
        + """
keys, _ = {name}(torch.zeros({batch}, {got_1}, {features}))
- weights = torch.ones({batch}, 1, {expected_1})
+ weights = torch.ones({batch}, 1, keys.size(1))
context = torch.bmm(weights, keys)
print(tuple(context.shape))
""",
        "({batch}, 1, {units})",
        "pytorch-products",
        when="output",
    ),
}
"""The same for targets and masks."""

OTHER_OUTPUTS: dict[str, Listing] = {
    "last_sample": in_pytorch(
        BATCH_FIRST
        + """
output, _ = {name}(torch.zeros({expected_1}, {got_1}, {features}))
- output = output[-1]
+ output = output[:, -1]
output = output + torch.zeros({expected_1}, {units})
print(tuple(output.shape))
""",
        "({expected_1}, {units})",
        "pytorch-broadcast",
        when="output",
    ),
    "target_axis": in_pytorch(
        """
{name} = torch.nn.{class}({features}, {units}, batch_first=True)
dense = torch.nn.Linear({units}, 1)
output, _ = {name}(torch.zeros({target_batch}, {time}, {features}))
output, target = dense(output[:, -1]), torch.zeros({target_batch})
- loss = torch.nn.functional.binary_cross_entropy_with_logits(output, target)
+ loss = torch.nn.functional.binary_cross_entropy_with_logits(output.squeeze(-1), target)
print(tuple(loss.shape))
""",
        "()",
        "pytorch-logits",
    ),
    "target_shape": in_pytorch(
        CLASSES
        + """
output, _ = {name}(torch.zeros({batch}, {time}, {features}))
- target = torch.zeros({batch}, 1, dtype=torch.long)
+ target = torch.zeros({batch}, dtype=torch.long)
loss = torch.nn.functional.cross_entropy(dense(output[:, -1]), target)
print(tuple(loss.shape))
""",
        "()",
        *("pytorch-multi-target", "pytorch-0-multi-target"),
    ),
    "ctc_axes": in_pytorch(
        BATCH_FIRST
        + """
output, _ = {name}(torch.zeros({batch}, {expected_1}, {features}))
log_probs = output.log_softmax(-1).transpose(0, 1)
targets, target_lengths = torch.ones({batch}, 1, dtype=torch.long), torch.full(({batch},), 1)
- lengths = torch.full(({batch},), {got_1})
+ lengths = torch.full(({batch},), len(log_probs))
loss = torch.nn.CTCLoss()(log_probs, targets, lengths, target_lengths)
print(tuple(loss.shape))
""",
        "()",
        "pytorch-ctc",
        when="too long",
    ),
    "attention_units": in_pytorch(
        """
encoder = torch.nn.{class}({features}, {got_1}, batch_first=True)
keys, _ = encoder(torch.zeros({batch}, {time}, {features}))
query = torch.zeros({batch}, 1, {expected_1})
+ keys = torch.nn.Linear({got_1}, {expected_1})(keys)
scores = torch.einsum("bqh,bkh->bqk", query, keys)
print(tuple(scores.shape))
""",
        "({batch}, 1, {time})",
        "pytorch-einsum",
        when="output",
    ),
    "attention_directions": in_pytorch(
        """
encoder = torch.nn.{class}({features}, {got_1}, bidirectional=True, batch_first=True)
keys, _ = encoder(torch.zeros({batch}, {time}, {features}))
hidden = torch.zeros({batch}, {got_1})
+ keys = torch.nn.Linear({expected_1}, {got_1})(keys)
scores = torch.einsum("bth,bh->bt", keys, hidden)
print(tuple(scores.shape))
""",
        "({batch}, {time})",
        "pytorch-einsum",
        when="both directions of keys",
    ),
    "names_of_pair": in_pytorch(
        """
{one_name} = torch.nn.{one_class}({features}, {units}, batch_first=True)
x = torch.zeros(1, {time}, {features})
- output, (h, c) = {one_name}(x)
+ output, h = {one_name}(x)
print(tuple(output.shape))
""",
        "(1, {time}, {units})",
        "python-sizes",
        when="a pair of one state",
    ),
}
"""The same with other messages."""


def _pair(line: str, printed: str, of: str, *, when: str = "") -> Listing:
    """A program in which ``line`` uses the pair that a layer returns as if it were an output."""
    lines = """
{layer}
x = torch.zeros({x})
- output = {name}(x)
+ output, _ = {name}(x)
"""
    return in_pytorch(lines + line + "\nprint(tuple(output.shape))", printed, of, when=when)


PAIRS: tuple[dict[str, Listing], ...] = tuple(
    {"whole_pair": one}
    for one in (
        _pair("output = torch.nn.Linear({width}, {values})(output)", "({leading}, {values})", "pytorch-pair"),
        _pair("output = output[:, -1]", "({first_axis}, {width})", "pytorch-pair-index"),
        _pair("output = torch.cat([output, output], dim=-1)", "({leading}, {width_of_two})", "pytorch-pair-in-list"),
        _pair("output = output + x.new_zeros({width})", "({leading}, {width})", "pytorch-pair-added"),
        _pair("output = output - x.new_ones({width})", "({leading}, {width})", "pytorch-pair-left"),
        _pair("output = x.new_ones({width}) - output", "({leading}, {width})", "pytorch-pair-right"),
        _pair("rows = output.{question}", "({leading}, {width})", "pytorch-pair-attribute"),
        _pair("output = output.{attribute}", "{shape_of_attribute}", "pytorch-pair-attribute"),
        _pair(
            "output = torch.nn.Conv1d({second_axis}, 10, 1)(output)",
            "({first_axis}, 10, {width})",
            "pytorch-pair-convolved",
        ),
    )
)
"""The same for a pair, by message."""


def _packed(line: str, printed: str, of: str) -> Listing:
    """A program in which ``line`` uses a packed output like a tensor."""
    lines = """
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
{layer_batch_first}
packed = pack_padded_sequence(torch.zeros(3, 9, {features}), torch.tensor([9, 5, 2]), batch_first=True)
output, _ = {name}(packed)
+ output, lengths = pad_packed_sequence(output, batch_first=True)
"""
    return in_pytorch(lines + line + "\nprint(tuple(output.shape))", printed, of)


PACKED: tuple[dict[str, Listing], ...] = tuple(
    {"packed_output": one}
    for one in (
        _packed("output = torch.nn.Linear({width}, 10)(output)", "(3, 9, 10)", "pytorch-packed"),
        _packed("output = torch.cat([output, output], dim=-1)", "(3, 9, {width_of_two})", "pytorch-packed-in-list"),
        _packed("output = torch.nn.Conv1d(9, 10, 1)(output)", "(3, 10, {width})", "pytorch-packed-convolved"),
        _packed("output = output - torch.ones({width})", "(3, 9, {width})", "pytorch-packed-left"),
        _packed("rows = output.{question}", "(3, 9, {width})", "pytorch-packed-attribute"),
    )
)
"""The same for a packed output, by message."""
