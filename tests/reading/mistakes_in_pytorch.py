"""Programs with mistakes in PyTorch."""

from collections.abc import Iterator
from typing import Any

from mistake import GATES, HIDDEN, Mistake, of

NET = """
input_size, hidden_size = {features}, {units}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.{name} = nn.{cell}({arguments}){layer_fix}
        self.fc = nn.Linear({units}, 2)
    def forward(self, x):
        h_0 = {h}{h_fix}
        c_0 = torch.zeros_like(h_0)
        out, _ = self.{name}(x, {state}){call_fix}
        return out
net = Net()
net(torch.zeros({x}))
"""


def net(cell: str, arguments: str, x: str, h: str, **fixes: str) -> str:
    """A module whose forward pass makes the initial state."""
    parts = {name: f"  #! {fixes[name]}" if name in fixes else "" for name in ("layer_fix", "h_fix", "call_fix")}
    state = fixes.get("state", "(h_0, c_0)" if cell == "LSTM" else "h_0")
    known = {"cell": cell, "name": cell.lower(), "arguments": arguments, "x": x, "h": h}
    return NET.format(**known, units=20, features=7, state=state, **parts)


def states() -> Iterator[Mistake]:
    """Initial states in PyTorch."""
    fix = {"h_fix": "{fix}"}
    for cell in ("LSTM", "GRU", "RNN"):
        yield of(
            "pytorch",
            cell.lower(),
            "last-batch",
            net(cell, "7, 20, batch_first=True", "5, 9, 7", "torch.zeros(1, 32, 20)", **fix),
            *("h_0", "batch_size", (1, 5, 20), (1, 32, 20), "last_batch"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "batch-first",
            net(cell, "7, 20", "32, 9, 7", "torch.zeros(1, x.size(0), 20)", layer_fix=f"self.{cell.lower()} = {{fix}}"),
            *("h_0", "batch_size", (1, 9, 20), (1, 32, 20), "batch_first"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "batch-first-of-two",
            net(
                cell,
                *("7, 20, num_layers=2", "4, 15, 7", "torch.zeros(2, x.shape[0], 20)"),
                layer_fix=f"self.{cell.lower()} = {{fix}}",
            ),
            *("h_0", "batch_size", (2, 15, 20), (2, 4, 20), "batch_first"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "directions",
            net(cell, "7, 20, bidirectional=True", "9, 5, 7", "torch.zeros(1, x.size(1), 20)", **fix),
            *("h_0", HIDDEN, (2, 5, 20), (1, 5, 20), "directions"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "directions-of-two-layers",
            net(cell, "7, 20, 2, bidirectional=True", "9, 5, 7", "torch.zeros(2, x.size(1), 20)", **fix),
            *("h_0", HIDDEN, (4, 5, 20), (2, 5, 20), "directions"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "layers",
            net(cell, "7, 20, num_layers=3", "9, 5, 7", "torch.zeros(1, 5, 20)", **fix),
            *("h_0", HIDDEN, (3, 5, 20), (1, 5, 20), "layers"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "state-order",
            net(cell, "7, 20, 2, batch_first=True", "32, 9, 7", "torch.zeros(x.size(0), 2, 20)", h_fix="{fix}").replace(
                "  #! {fix}\n", "\n        pass  #! {fix}\n"
            ),
            *("h_0", "order", (2, 32, 20), (32, 2, 20), "state_order"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "other-units",
            net(cell, "7, 20", "9, 5, 7", "torch.zeros(1, 5, 64)", **fix),
            *("h_0", "num_units", (1, 5, 20), (1, 5, 64), "other_units"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "one-direction",
            net(
                cell,
                *("7, 20", "9, 5, 7", "torch.zeros(2, 5, 20)"),
                layer_fix=f"self.{cell.lower()} = {{fix}}",
            ),
            *("h_0", HIDDEN, (1, 5, 20), (2, 5, 20), "one_direction"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "two-axes",
            net(cell, "7, 20", "9, 5, 7", "torch.zeros(5, 20)").replace(
                "        out, _ = ", "        pass  #! {fix}\n        out, _ = "
            ),
            *("h_0", "rank", 3, 2, "unsqueeze"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "unbatched",
            net(cell, "7, 20", "9, 7", "torch.zeros(1, 1, 20)", h_fix="x").replace(
                "  #! x\n", "\n        pass  #! {fix}\n"
            ),
            *("h_0", "rank", 2, 3, "unbatched"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "encoder-directions",
            f"""
encoder = nn.{cell}(7, 10, bidirectional=True)
decoder = nn.{cell}(7, 20)
x = torch.zeros(9, 5, 7)
out, {"(h_n, c_n)" if cell == "LSTM" else "h_n"} = encoder(x)
h_0 = h_n  #! {{fix}}
c_0 = torch.zeros_like(h_0)
{cell.lower()}_out = decoder(x, {"(h_0, c_0)" if cell == "LSTM" else "h_0"})
""",
            *("h_0", HIDDEN, (1, 5, 20), (2, 5, 10), "encoder_directions"),
        )
    yield Mistake(
        "pytorch-lstm-c-only",
        "pytorch",
        net("LSTM", "7, 20", "9, 5, 7", "torch.zeros(1, 5, 20)").replace(
            "torch.zeros_like(h_0)", "torch.zeros(2, 5, 20)  #! c_0 = torch.zeros_like(h_0)"
        ),
        *("c_0", HIDDEN, (1, 5, 20), (2, 5, 20), "layers"),
        other_fix="the mistake is in c_0 alone",
        is_new=True,
    )
    for layers in (1, 2):
        yield Mistake(
            f"pytorch-lstm-h-for-h-c-{layers}",
            "pytorch",
            net("LSTM", f"7, 20, {layers}", "9, 5, 7", f"torch.zeros({layers}, 5, 20)", state="h_0").replace(
                "self.lstm(x, h_0)", "self.lstm(x, h_0)  #! out, _ = self.{fix}"
            ),
            "h_0",
            None if layers == 1 else "rank",
            (2,) if layers == 1 else 3,
            (1,) if layers == 1 else 2,
            "h_for_h_c",
        )


def inputs() -> Iterator[Mistake]:
    """x in PyTorch."""
    for cell in ("LSTM", "GRU", "RNN"):
        low = cell.lower()

        yield of(
            "pytorch",
            low,
            "features",
            f"hidden_size = 20\nx = torch.zeros(4, 9, 8)\n{low} = nn.{cell}(10, hidden_size)  #! {low} = {{fix}}\n"
            f"out, _ = {low}(x)\n",
            *("x", "features", (10,), (8,), "other_features"),
        )
        yield of(
            "pytorch",
            low,
            "four-axes",
            f"x = torch.zeros(4, 9, 2, 5)\npass  #! {{fix}}\n"
            f"{low} = nn.{cell}(10, 20, batch_first=True)\nout, _ = {low}(x)\n",
            *("x", "rank", 3, 4, "extra_axis"),
        )
        yield of(
            "pytorch",
            low,
            "cell-features",
            f"hidden_size = 20\n{low}_cell = nn.{cell}Cell(10, hidden_size)  #! {low}_cell = {{fix}}\n"
            f"state = {low}_cell(torch.zeros(3, 8))\n",
            *("x", "features", (10,), (8,), "other_features"),
        )
        yield of(
            "pytorch",
            low,
            "cell-time-axis",
            f"x = torch.zeros(9, 3, 10)\ncell = nn.{cell}Cell(10, 20)\nh = None\nh = cell(x)  #! {{fix}}\n",
            *("x", "rank", 2, 3, "one_step"),
        )
        pair = "(h, h)" if cell == "LSTM" else "h"
        yield of(
            "pytorch",
            low,
            "cell-last-batch",
            f"x_t = torch.zeros(5, 10)\nhidden_size = 20\ncell = nn.{cell}Cell(10, 20)\n"
            "h = torch.zeros(32, 20)  #! {fix}\n"
            f"cell(x_t, {pair})\n",
            *("h_0", "batch_size", (5,), (32,), "last_batch"),
        )
        yield of(
            "pytorch",
            low,
            "cell-units",
            f"x_t = torch.zeros(5, 10)\ncell = nn.{cell}Cell(10, 20)\nh = torch.zeros(5, 64)  #! {{fix}}\n"
            f"cell(x_t, {pair})\n",
            *("h_0", "num_units", (20,), (64,), "other_units"),
        )
        yield of(
            "pytorch",
            low,
            "cell-state-of-layers",
            f"x_t = torch.zeros(5, 10)\ncell = nn.{cell}Cell(10, 20)\nh_0 = c_0 = torch.zeros(1, 5, 20)\n"
            "pass  #! {fix}\n"
            f"cell(x_t, {'(h_0, c_0)' if cell == 'LSTM' else 'h_0'})\n",
            *("h_0", "rank", 2, 3, "squeeze"),
        )
        yield of(
            "pytorch",
            low,
            "checkpoint",
            f"""
input_size, hidden_size = 10, 20
old = nn.{cell}(10, 32)
new = nn.{cell}(10, 20)  #! new = {{fix}}
new.load_state_dict(old.state_dict())
""",
            *("kernel", GATES, None, None, "other_size"),
        )
    yield Mistake(
        "pytorch-lstm-projection",
        "pytorch",
        "input_size = 10\nhidden_size = 20\nlstm = nn.LSTM(input_size, hidden_size, proj_size=20)  #! lstm = {fix}\n",
        *("projection", "num_proj", None, None, "smaller_projection"),
    )
    yield Mistake(
        "pytorch-gru-projection",
        "pytorch",
        "input_size, hidden_size, proj_size = 10, 20, 5\n"
        "gru = nn.GRU(input_size, hidden_size, proj_size=5)  #! gru = {fix}\n",
        *("projection", "num_proj", None, None, "lstm_projection"),
    )


def sequences() -> Iterator[Mistake]:
    """Packed sequences in PyTorch."""
    head = "x = torch.zeros(4, 9, 7)\nrnn = nn.LSTM(7, 20, batch_first=True)\n"

    yield of(
        "pytorch",
        "packing",
        "not-batch-first",
        head + "lengths = torch.tensor([9, 7, 5, 2])\n"
        "packed = pack_padded_sequence(x, lengths)  #! packed = {fix}\nout, _ = rnn(packed)\n",
        *("lengths", "batch_size", (9,), (4,), "lengths"),
    )
    yield of(
        "pytorch",
        "packing",
        "unsorted",
        head.replace("4, 9", "9, 4") + "lengths = torch.tensor([5, 9, 2, 7])\n"
        "packed = pack_padded_sequence(x, lengths)  #! packed = {fix}\nout, _ = rnn(packed)\n",
        *("lengths", "order", None, None, "sort_lengths"),
    )
    yield of(
        "pytorch",
        "packing",
        "empty",
        head + "lengths = torch.tensor([9, 7, 5, 0])\npass  #! {fix}\n"
        "packed = pack_padded_sequence(x, lengths, batch_first=True)\nout, _ = rnn(packed)\n",
        *("lengths", "time_step", None, None, "empty_sequence"),
    )
    yield of(
        "pytorch",
        "packing",
        "lengths-with-two-axes",
        head + "lengths = torch.tensor([[9, 7, 5, 2]])\npass  #! {fix}\n"
        "packed = pack_padded_sequence(x, lengths, batch_first=True)\nout, _ = rnn(packed)\n",
        *("lengths", "rank", 1, 2, "lengths_axes"),
    )
    yield of(
        "pytorch",
        "packing",
        "total-length",
        head + "packed = pack_padded_sequence(x, [9, 7, 5, 2], batch_first=True)\nout, _ = rnn(packed)\npacked = out\n"
        "out = pad_packed_sequence(out, batch_first=True, total_length=5)  #! out = {fix}\n",
        *("output", "time_step", (9,), (5,), "total_length"),
    )


def dense() -> Iterator[Mistake]:
    """Dense layers and targets after a recurrent layer in PyTorch."""
    body = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(7, 20, batch_first=True{arguments})
        self.fc = nn.Linear({features}, 3){layer_fix}
    def forward(self, x):
        output, (h_n, c_n) = self.lstm(x)
        {line}
        return self.fc(output)
y = Net()(torch.zeros(4, 9, 7))
"""

    def after_lstm(name: str, line: str, *values: Any, arguments: str = "", features: int = 20) -> Mistake:
        layer_fix = "" if "#!" in line else "  #! self.fc = {fix}"
        program = body.format(arguments=arguments, features=features, line=line, layer_fix=layer_fix)
        return of("pytorch", "dense", name, program, *values, with_code=True)

    yield after_lstm(
        "directions",
        "output = output[:, -1]",
        *("dense_input", "features", (4, 20), (4, 40), "dense_directions"),
        arguments=", bidirectional=True",
    )
    yield after_lstm(
        "flattened",
        "output = output.reshape(4, -1)  #! {fix}",
        *("dense_input", "features", (4, 20), (4, 180), "dense_flattened"),
    )
    yield after_lstm(
        "other",
        "output = output[:, -1]",
        *("dense_input", "features", (4, 64), (4, 20), "dense_features"),
        features=64,
    )
    yield after_lstm(
        "every-step",
        "output = output",
        *("dense_input", "features", (36, 64), (36, 20), "dense_features"),
        features=64,
    )
    yield Mistake(
        "pytorch-target-of-every-step",
        "pytorch",
        """
criterion = nn.CrossEntropyLoss()
rnn = nn.GRU(7, 20, batch_first=True)
fc = nn.Linear(20, 3)
output, _ = rnn(torch.zeros(4, 9, 7))
target = torch.zeros(4, dtype=torch.long)
loss = criterion(fc(output).view(-1, 3), target)  #! {fix}
""",
        *("target", "batch_size", (36,), (4,), "not_return_sequences"),
        with_code=True,
    )
    yield Mistake(
        "pytorch-target-axis",
        "pytorch",
        """
import warnings
warnings.simplefilter("error")
criterion = nn.MSELoss()
rnn, fc = nn.GRU(7, 20, batch_first=True), nn.Linear(20, 1)
output = fc(rnn(torch.zeros(4, 9, 7))[0][:, -1])
target = torch.zeros(4)
loss = criterion(output, target)  #! {fix}
""",
        *("output", "rank", 1, 2, "target_axis"),
        with_code=True,
    )


NEW = """
def attend(query, keys):
    return torch.bmm(query, keys)
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(12, 20, batch_first=True)
        self.out = nn.Linear(20, 5)
    def forward(self, x, h, c, encoded):
        {line}
        out, (h, c) = self.lstm(x, (h, c))
        return self.out(out[:, -1])
decoder = Decoder()
decoder({arguments})
"""


def new_in_pytorch() -> Iterator[Mistake]:
    """Mistakes for which the explanation was not written."""
    zeros = "torch.zeros(3, 6, 12), torch.zeros(1, 3, 20), torch.zeros(1, 3, 20), torch.zeros(3, 8, 20)"
    for name, line, arguments, values in (
        (
            "c-of-another-batch",
            "pass",
            zeros.replace("(1, 3, 20), torch.zeros(3", "(1, 4, 20), torch.zeros(3"),
            ("c_0", "batch_size", (1, 3, 20), (1, 4, 20), "other_batch"),
        ),
        (
            "both-states-batch-first",
            "pass",
            zeros.replace("(1, 3, 20)", "(3, 1, 20)"),
            ("h_0", "order", (1, 3, 20), (3, 1, 20), "state_order"),
        ),
        ("x-is-flat", "pass", zeros.replace("(3, 6, 12)", "(12)"), ("x", "rank", 3, 1, None)),
        ("x-is-swapped", "x = x.transpose(1, 2)", zeros, ("x", "order", (3, 6, 12), (3, 12, 6), "features_first")),
        (
            "cat-of-context",
            "x = torch.cat((x, encoded), dim=2)",
            zeros,
            ("output", "time_step", (6,), (8,), "join_steps"),
        ),
        (
            "bmm-of-attention",
            "x = attend(x, encoded)",
            zeros,
            ("output", None, (3, 12, None), (3, 8, None), "transpose_keys"),
        ),
        ("view-of-batch", "x = x.view(4, -1, 12)", zeros, ("x", None, None, None, None)),
        ("states-stacked", "h, c = torch.stack((h, h)), c", zeros, ("h_0", "rank", 3, 4, None)),
        ("squeezed-batch", "x, h, c = x[:1].squeeze(), h, c", zeros, ("x", "rank", 3, 2, "unbatched")),
        (
            "sum-of-states",
            "h = h + encoded[:, 0, :12]",
            zeros,
            ("output", "num_units", (20,), (12,), "attention_units"),
        ),
    ):
        program = NEW.format(line=line, arguments=arguments)
        yield of("pytorch", "new", name, program, *values, is_new=True, with_code=True, other_fix="not declared")
    for cell, rows in (("LSTM", 80), ("GRU", 60)):
        low = cell.lower()
        yield of(
            *("pytorch", low, "new-checkpoint-features"),
            f"old = nn.{cell}(9, 20)\nnew = nn.{cell}(10, 20)\nnew.load_state_dict(old.state_dict())\n",
            *("kernel", "features", (rows, 10), (rows, 9), "other_size"),
            is_new=True,
            other_fix="the corrected line makes the model of the checkpoint",
        )
        yield of(
            *("pytorch", low, "new-unbatched-state"),
            f"{low} = nn.{cell}(10, 20)\nh = torch.zeros(20)\n"
            f"{low}(torch.zeros(9, 10), {'(h, h)' if cell == 'LSTM' else 'h'})\n",
            *("h_0", "rank", 2, 1, "unsqueeze"),
            is_new=True,
            other_fix="the state has another name",
        )
        yield of(
            *("pytorch", low, "new-two-mistakes"),
            f"{low} = nn.{cell}(10, 20, bidirectional=True)\nh = torch.zeros(1, 4, 20)\n"
            f"{low}(torch.zeros(9, 5, 10), {'(h, h)' if cell == 'LSTM' else 'h'})\n",
            *("h_0", HIDDEN, (2, 5, 20), (1, 4, 20), "directions"),
            is_new=True,
            other_fix="the state has another name",
        )
    yield of(
        *("pytorch", "", "new-projected-state"),
        "lstm = nn.LSTM(10, 20, proj_size=5)\nh = torch.zeros(1, 4, 20)\nlstm(torch.zeros(9, 4, 10), (h, h))\n",
        *("h_0", "num_proj", (1, 4, 5), (1, 4, 20), None),
        is_new=True,
        other_fix="not declared",
    )
    yield of(
        *("pytorch", "", "new-gru-into-lstm"),
        "old, new = nn.GRU(10, 20), nn.LSTM(10, 20)\nnew.load_state_dict(old.state_dict())\n",
        *("kernel", GATES, (80, 10), (60, 10), "other_cell"),
        is_new=True,
        other_fix="the corrected line makes the model of the checkpoint",
    )
    yield of(
        *("pytorch", "", "new-packed-with-wrong-features"),
        "gru = nn.GRU(10, 20)\ngru(pack_padded_sequence(torch.zeros(9, 4, 12), [9, 8, 2, 1]))\n",
        *("x", "features", (10,), (12,), "other_features"),
        is_new=True,
        other_fix="the layer has another name",
    )
