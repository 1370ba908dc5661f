"""The lines of the small programs in PyTorch that load weights, or read data of unequal lengths; and more states."""

from ..listing import PRINT, Listing, in_pytorch

LOAD = """
{name}.load_state_dict(saved)
print(tuple({name}.weight_ih_l0.shape))
"""

STACKED = "{name} = torch.nn.{class}({features}, {units}, num_layers="
OF_STACKS = "({columns}, {features})"

WEIGHTS: dict[str, Listing] = {
    "other_size": in_pytorch(
        """
saved = torch.nn.{class}({features}, {units_saved}).state_dict()
- {name} = torch.nn.{class}({features}, {units})
+ {name} = torch.nn.{class}({features}, {units_saved})
"""
        + LOAD,
        "({got_at[0]}, {features})",
        *("pytorch-load-weight_ih", "pytorch-0-load-weight_ih", "pytorch-0-copy-weight_ih"),
        when="gates",
    ),
    "other_cell": in_pytorch(
        """
saved = torch.nn.{other_class}({features}, {units}).state_dict()
- layer = torch.nn.{class}({features}, {units})
+ layer = torch.nn.{other_class}({features}, {units})
layer.load_state_dict(saved)
print(tuple(layer.weight_ih_l0.shape))
""",
        "({got_at[0]}, {features})",
        *("pytorch-load-weight_ih", "pytorch-0-load-weight_ih", "pytorch-0-copy-weight_ih"),
        when="gates",
    ),
    "other_projection": in_pytorch(
        """
saved = torch.nn.LSTM({features}, {got_at[1]}, proj_size={got_at[0]}).state_dict()
- lstm = torch.nn.LSTM({features}, {expected_at[1]}, proj_size={expected_at[0]})
+ lstm = torch.nn.LSTM({features}, {got_at[1]}, proj_size={got_at[0]})
lstm.load_state_dict(saved)
print(tuple(lstm.weight_hr_l0.shape))
""",
        "({got})",
        *("pytorch-load-weight_hr", "pytorch-0-copy-weight_hr"),
        when="projection",
    ),
    "checkpoint_layers": in_pytorch(
        """
saved = torch.nn.{class}({features}, {units}, num_layers={saved_layers}{bidirectional}).state_dict()
- {name} = torch.nn.{class}({features}, {units}, num_layers={made_layers}{bidirectional})
+ {name} = torch.nn.{class}({features}, {units}, num_layers={saved_layers}{bidirectional})
"""
        + LOAD,
        OF_STACKS,
        *("pytorch-missing-keys", "pytorch-unexpected-keys"),
    ),
    "checkpoint_directions": in_pytorch(
        """
saved = torch.nn.{class}({features}, {units}, num_layers={stacked_layers}{saved_directions}).state_dict()
- {name} = torch.nn.{class}({features}, {units}, num_layers={stacked_layers}{made_directions})
+ {name} = torch.nn.{class}({features}, {units}, num_layers={stacked_layers}{saved_directions})
"""
        + LOAD,
        OF_STACKS,
        *("pytorch-missing-keys", "pytorch-unexpected-keys", "pytorch-load-weight_ih"),
        when="directions of a checkpoint",
    ),
    "empty_sequence": in_pytorch(
        """
from torch.nn.utils.rnn import pack_padded_sequence
x, lengths = torch.zeros(3, 5, {features}), torch.tensor([5, 2, 0])
+ x, lengths = x[lengths > 0], lengths[lengths > 0]
packed = pack_padded_sequence(x, lengths, batch_first=True)
print(tuple(packed.data.shape))
""",
        "(7, {features})",
        "pytorch-empty",
        when="samples in the first axis",
    ),
    "lengths_axes": in_pytorch(
        """
from torch.nn.utils.rnn import pack_padded_sequence
x, lengths = torch.zeros(3, 5, {features}), torch.tensor([[5, 2, 1]])
- packed = pack_padded_sequence(x, lengths, batch_first=True)
+ packed = pack_padded_sequence(x, lengths.flatten(), batch_first=True)
print(tuple(packed.data.shape))
""",
        "(8, {features})",
        "pytorch-kind-of-lengths",
    ),
    "lengths": in_pytorch(
        """
from torch.nn.utils.rnn import pack_padded_sequence
x = torch.zeros({got_1}, {expected_1}, {features})
lengths = torch.full(({got_1},), {expected_1})
- packed = pack_padded_sequence(x, lengths)
+ packed = pack_padded_sequence(x, lengths, batch_first=True)
output = packed.data
print(tuple(output.shape))
""",
        "({product_1}, {features})",
        when="packed with batch_first",
    ),
    "empty_batch": in_pytorch(
        """
from torch.nn.utils.rnn import pack_padded_sequence
for samples in (2, 0):
    x, lengths = torch.zeros({time}, samples, {features}), torch.full((samples,), {time})
+     if not x.numel(): continue
    packed = pack_padded_sequence(x, lengths)
print(tuple(packed.data.shape))
""",
        "({steps_of_two}, {features})",
        "pytorch-nothing",
    ),
    "collate": in_pytorch(
        """
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader
sequences = [torch.zeros({expected_1}, {features}), torch.zeros({got_1}, {features})]
- loader = DataLoader(sequences, batch_size=2)
+ loader = DataLoader(sequences, batch_size=2, collate_fn=pad_sequence)
{name} = torch.nn.{class}({features}, {units})
output, _ = {name}(next(iter(loader)))
print(tuple(output.shape))
""",
        "({longer}, 2, {units})",
        "pytorch-stack",
        when="x",
    ),
    "unequal_lengths": in_pytorch(
        """
from torch.nn.utils.rnn import pad_sequence
{name} = torch.nn.{class}(1, {units}, batch_first=True)
sequences = [[[0.0]] * {expected_1}, [[0.0]] * {got_1}]
- x = torch.tensor(sequences)
+ x = pad_sequence([torch.tensor(one) for one in sequences], batch_first=True)
output, _ = {name}(x)
print(tuple(output.shape))
""",
        "(2, {longer}, {units})",
        "pytorch-lists",
        when="x",
    ),
    "sequences_of_sample": in_pytorch(
        """
{name} = torch.nn.{class}({got_shape[3]}, {units}, batch_first=True)
x = torch.zeros{got_shape}
- output, _ = {name}(x)
+ output, _ = {name}(x.flatten(0, 1))
print(tuple(output.shape))
""",
        "({rows_of_x}, {got_shape[2]}, {units})",
        "pytorch-rank",
        when="x",
    ),
    "features_first": in_pytorch(
        """
{name} = torch.nn.{class}({expected_at[2]}, {units}, batch_first=True)
x = torch.zeros({got})
- {outputs} = {name}(x)
+ {outputs} = {name}(x.transpose(1, 2))
print(tuple(output.shape), tuple(h_n.shape))
""",
        "({expected_at[0]}, {expected_at[1]}, {units}) (1, {expected_at[0]}, {units})",
        "pytorch-features",
        when="order of x",
    ),
    "encoder_directions": in_pytorch(
        """
encoder = torch.nn.{class}({features}, {units_got}, bidirectional=True)
decoder = torch.nn.{class}({features}, {units})
x = torch.zeros({time}, {batch}, {features})
_, h_0 = encoder(x)
+ h_0 = torch.cat((h_0[-2], h_0[-1]), dim=-1).unsqueeze(0)
output, h_n = decoder(x, h_0)
print(tuple(output.shape), tuple(h_n.shape))
""",
        "({time}, {batch}, {units}) (1, {batch}, {units})",
        when="one layer with one state",
    ),
    "h_for_h_c": in_pytorch(
        """
lstm = torch.nn.LSTM({features}, {units}, num_layers=2)
x, h_0 = torch.zeros({time}, {batch}, {features}), torch.zeros(2, {batch}, {units})
- output, (h_n, c_n) = lstm(x, h_0)
+ output, (h_n, c_n) = lstm(x, (h_0, torch.zeros_like(h_0)))
print(tuple(output.shape), tuple(h_n.shape))
""",
        "({time}, {batch}, {units}) (2, {batch}, {units})",
        "pytorch-batched-3d",
    ),
    "two_states": in_pytorch(
        """
lstm, x = torch.nn.LSTM({features}, {units}), torch.zeros({time}, {batch}, {features})
h_0 = c_0 = torch.zeros(1, {batch}, {units})
- output, (h_n, c_n) = lstm(x, (h_0, c_0, c_0))
+ output, (h_n, c_n) = lstm(x, (h_0, c_0))
print(tuple(output.shape), tuple(h_n.shape))
""",
        "({time}, {batch}, {units}) (1, {batch}, {units})",
        "pytorch-two-states",
    ),
    "number_of_states": in_pytorch(
        """
{one_name} = torch.nn.{one_class}({features}, {units})
x, h_0 = torch.zeros({time}, {batch}, {features}), torch.zeros(1, {batch}, {units})
- output, h_n = {one_name}(x, (h_0, h_0))
+ output, h_n = {one_name}(x, h_0)
print(tuple(output.shape), tuple(h_n.shape))
""",
        "({time}, {batch}, {units}) (1, {batch}, {units})",
        "pytorch-h-c-for-h",
    ),
    "unsqueeze": in_pytorch(
        """
{name} = torch.nn.{class}({features}, {units})
x = torch.zeros({time}, {features})
{both_states} = torch.zeros({units})
- {outputs} = {name}(x, {states})
+ {outputs} = {name}(x, {states_of_one_layer})
print(tuple(output.shape), tuple(h_n.shape))
""",
        "({time}, {units}) (1, {units})",
        "pytorch-unbatched-2d",
    ),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        in_pytorch(
            """
from torch.nn.utils.rnn import pack_padded_sequence
{name} = torch.nn.{class}({features}, {units}, batch_first=True)
x = torch.zeros({expected_1}, {time}, {features})
packed = pack_padded_sequence(x, [{time}] + [1] * ({expected_1} - 1), batch_first=True)
- {both_states} = torch.zeros(1, {got_1}, {units})
+ {both_states} = torch.zeros(1, x.size(0), {units})
packed, _ = {name}(packed, {states})
print(tuple(packed.data.shape))
""",
            "({steps_of_packed}, {units})",
            "pytorch-broadcast",
            when="the state of a packed x",
        ),
    ),
}
"""Cause -> the program in PyTorch."""

TIME_FIRST: dict[str, Listing] = {
    "empty_sequence": in_pytorch(
        """
from torch.nn.utils.rnn import pack_padded_sequence
x, lengths = torch.zeros(5, 3, {features}), torch.tensor([5, 2, 0])
+ x, lengths = x[:, lengths > 0], lengths[lengths > 0]
packed = pack_padded_sequence(x, lengths)
print(tuple(packed.data.shape))
""",
        "(7, {features})",
        "pytorch-empty",
        when="samples in the second axis",
    )
}
"""The same for an x with its steps in the first axis."""

OF_RANK = ("pytorch-rank", "pytorch-rank-tensor", "pytorch-1.11-rank", "pytorch-1-rank")
"""Messages about the number of axes of x."""


def _squeezed(axis: int, order: str) -> Listing:
    """A program whose x has an axis of size 1 too many. ``order``: what its first axis is of."""
    sizes = ["{batch}", "{time}"] if order == "batches" else ["{time}", "{batch}"]
    first = ", batch_first=True" if order == "batches" else ""
    sizes.insert(axis, "1")
    return in_pytorch(
        f"""
{{name}} = torch.nn.{{class}}({{features}}, {{units}}{first})
x = torch.zeros({", ".join(sizes)}, {{features}})
- {{outputs}} = {{name}}(x)
+ {{outputs}} = {{name}}(x.squeeze({axis}))
"""
        + PRINT,
        f"({', '.join(one for one in sizes if one != '1')}, {{units}}) (1, {{batch}}, {{units}})",
        *OF_RANK,
        when=f"an axis of size 1 at {axis} of {order}",
    )


SQUEEZED: tuple[dict[str, Listing], ...] = tuple(
    {"extra_axis": _squeezed(axis, order)} for axis in (1, 2) for order in ("batches", "steps")
)
"""The same for an axis of size 1, by its place and the order of the others."""

PERHAPS_SQUEEZED = {"axis_of_size_one": _squeezed(1, "batches")._replace(when="")}
"""The same for an x of which the text says no sizes."""

PACKED_FEATURES = in_pytorch(
    """
from torch.nn.utils.rnn import pack_padded_sequence
- {name} = torch.nn.{class}({expected_1}, {units}, batch_first=True)
+ {name} = torch.nn.{class}({got_1}, {units}, batch_first=True)
x = torch.zeros(2, {message[a][0]} - 1, {got_1})
packed = pack_padded_sequence(x, [{message[a][0]} - 1, 1], batch_first=True)
packed, _ = {name}(packed)
print(tuple(packed.data.shape))
""",
    "({message[a][0]}, {units})",
    "pytorch-product",
    when="a packed x",
)

OWN_SUM = """
def {own}_step(x_t, h):
    return torch.mm(x_t, W) + torch.mm(h, U)
"""

OF_OWN_CELL = """
W, U = torch.zeros({features}, {units}), torch.zeros({units}, {units})
"""

OWN_CELLS: dict[str, Listing] = {
    **dict.fromkeys(
        ("last_batch", "other_batch", "other_samples"),
        in_pytorch(
            OWN_SUM
            + OF_OWN_CELL
            + """
x_t = torch.zeros({expected_1}, {features})
- h = torch.zeros({got_1}, {units})
+ h = torch.zeros(x_t.size(0), {units})
h = {own}_step(x_t, h)
print(tuple(h.shape))
""",
            "({expected_1}, {units})",
            "pytorch-broadcast",
            when="the state of an own cell",
        ),
    ),
    "other_units": in_pytorch(
        OWN_SUM
        + """
W, U = torch.zeros({features}, {expected_1}), torch.zeros({expected_1}, {expected_1})
x_t = torch.zeros({batch}, {features})
- h = torch.zeros({batch}, {got_1})
+ h = torch.zeros({batch}, {expected_1})
h = {own}_step(x_t, h)
print(tuple(h.shape))
""",
        "({batch}, {expected_1})",
        "pytorch-product",
        when="h_0",
    ),
    "other_features": in_pytorch(
        OWN_SUM
        + """
x_t, h = torch.zeros({message[a][0]}, {got_1}), torch.zeros({message[a][0]}, {message[d][0]})
- W = torch.zeros({expected_1}, {message[d][0]})
+ W = torch.zeros({got_1}, {message[d][0]})
U = torch.zeros({message[d][0]}, {message[d][0]})
h = {own}_step(x_t, h)
print(tuple(h.shape))
""",
        "({message[a][0]}, {message[d][0]})",
        "pytorch-product",
        when="x of an own cell",
    ),
    "encoder_directions": in_pytorch(
        """
encoder = torch.nn.{class}({features}, {units}, num_layers={expected_at[0]}, bidirectional=True)
decoder = torch.nn.{class}({features}, {units}, num_layers={expected_at[0]})
x = torch.zeros({time}, {batch}, {features})
_, {of_encoder} = encoder(x)
+ {joined_directions}
{outputs} = decoder(x, {states})
print(tuple(output.shape), tuple(h_n.shape))
""",
        "({time}, {batch}, {units}) ({expected})",
        when="both directions of a state",
    ),
}
"""The same for steps that a program computes itself, and for decoders with as many units as their encoders."""

JOINED_CELLS: dict[str, Listing] = {
    "unequal_lengths": in_pytorch(
        """
from torch.nn.utils.rnn import pad_sequence
{name} = torch.nn.{class}({features}, {units}, batch_first=True)
sequences = [torch.zeros({expected_1}, {features}), torch.zeros({got_1}, {features})]
- x = torch.stack(sequences)
+ x = pad_sequence(sequences, batch_first=True)
output, _ = {name}(x)
print(tuple(output.shape))
""",
        "(2, {longer}, {units})",
        "pytorch-stack",
        when="x",
    ),
    "other_features": PACKED_FEATURES,
    **dict.fromkeys(
        ("last_batch", "other_batch", "other_samples"),
        in_pytorch(
            """
def {own}_step(x_t, h):
    return torch.tanh(torch.cat((x_t, h), dim=1) @ W)
W = torch.zeros({features} + {units}, {units})
x_t = torch.zeros({expected_1}, {features})
- h = torch.zeros({got_1}, {units})
+ h = torch.zeros(x_t.size(0), {units})
h = {own}_step(x_t, h)
print(tuple(h.shape))
""",
            "({expected_1}, {units})",
            "pytorch-join",
            when="h_0",
        ),
    ),
}
"""The same for a step that joins x and h."""

OBJECTS: dict[str, Listing] = {
    "unequal_lengths": in_pytorch(
        """
import numpy as np
from torch.nn.utils.rnn import pad_sequence
{name} = torch.nn.{class}(1, {units}, batch_first=True)
sequences = [[[0.0]] * 3, [[0.0]] * 2]
- x = torch.tensor(np.array(sequences, dtype=object))
+ x = pad_sequence([torch.tensor(one) for one in sequences], batch_first=True)
output, _ = {name}(x)
print(tuple(output.shape))
""",
        "(2, 3, {units})",
        "pytorch-objects",
    ),
}
"""The same for an array of lists."""

OF_CELLS: dict[str, Listing] = {
    **dict.fromkeys(
        ("last_batch", "other_batch", "other_samples"),
        in_pytorch(
            """
cell, x_t = torch.nn.LSTMCell({features}, {units}), torch.zeros({expected_1}, {features})
h = torch.zeros({expected_1}, {units})
- c = torch.zeros({got_1}, {units})
+ c = torch.zeros({expected_1}, {units})
h, c = cell(x_t, (h, c))
print(tuple(h.shape))
""",
            "({expected_1}, {units})",
            *("pytorch-cell-batch-i", "pytorch-cell-batch-index"),
            when="c_0",
        ),
    ),
    "other_units": in_pytorch(
        """
cell, x_t = torch.nn.LSTMCell({features}, {units}), torch.zeros({batch}, {features})
h = torch.zeros({batch}, {units})
- c = torch.zeros({batch}, {got_1})
+ c = torch.zeros({batch}, {units})
h, c = cell(x_t, (h, c))
print(tuple(h.shape))
""",
        "({batch}, {units})",
        when="c_0",
    ),
    "h_for_h_c": in_pytorch(
        """
cell, x_t = torch.nn.LSTMCell({features}, {units}), torch.zeros({batch}, {features})
h = c = torch.zeros({batch}, {units})
- h, c = cell(x_t, h)
+ h, c = cell(x_t, (h, c))
print(tuple(h.shape))
""",
        "({batch}, {units})",
        "pytorch-cell-h-for-h-c",
    ),
    "squeeze": in_pytorch(
        """
cell, x_t = torch.nn.LSTMCell({features}, {units}), torch.zeros({batch}, {features})
h, c = torch.zeros({batch}, {units}), torch.zeros(1, {batch}, {units})
- h, c = cell(x_t, (h, c))
+ h, c = cell(x_t, (h, c.squeeze(0)))
print(tuple(h.shape))
""",
        "({batch}, {units})",
        "pytorch-cell-hx",
        when="c_0",
    ),
}
"""The same for the cell state of a cell."""
