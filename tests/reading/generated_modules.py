"""Random PyTorch modules in the manner of public code, with the calls of their layers, worked out by simple rules."""

from dataclasses import dataclass, field

from hypothesis import strategies as st
from programs_of import Call

BATCH, STEPS = 3, 5
"""The sizes of the batch and of time in the input."""

SIZES = st.integers(1, 9).map(lambda n: 2 * n)


@dataclass
class Module:
    """A module that is being written. ``size``: the current number of features; ``has_time``: whether there is a time
    axis."""

    draw: st.DrawFn
    size: int
    has_time: bool = True
    parameters: dict[str, int] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    @property
    def shape(self) -> tuple[int, ...]:
        return (BATCH, STEPS, self.size) if self.has_time else (BATCH, self.size)

    def written(self, size: int) -> str:
        """A size as people write it: a number, an argument of the constructor, an attribute, arithmetic."""
        name = f"n{len(self.parameters)}"
        match self.draw(st.integers(0, 5)):
            case 0 | 1:
                return str(size)
            case 2:
                self.parameters[name] = size
                return name
            case 3:
                self.parameters[name] = size
                self.made.append(f"self.{name} = {name}")
                return f"self.{name}"
            case 4:
                self.parameters[name] = size // 2
                return f"{name} * 2" if size % 2 == 0 else str(size)
            case _:
                self.parameters[name] = 2 * size
                return f"{name} // 2"

    def add(self, kind: str, new: str, size: int, call: str = "x = self.{name}(x)") -> None:
        """A layer that makes the features ``size``."""
        name = f"part{len(self.made)}"
        self.made.append(f"self.{name} = {new}")
        self.called.append(call.format(name=name))
        before = self.shape
        self.size = size
        self.calls.append(Call(kind, before, self.shape))


def recurrent(module: Module) -> None:
    draw = module.draw
    kind, units, layers = draw(st.sampled_from(("LSTM", "GRU", "RNN"))), draw(SIZES), draw(st.integers(1, 3))
    both = draw(st.booleans())
    projection = draw(st.sampled_from((0, units // 2))) if kind == "LSTM" else 0
    arguments = [module.written(module.size), module.written(units), f"num_layers={layers}", "batch_first=True"]
    arguments += ["bidirectional=True"] * both + [f"proj_size={projection}"] * bool(projection)
    h = projection or units
    new, name = f"nn.{kind}({', '.join(arguments)})", f"part{len(module.made)}"
    state = "state[0][-1]" if kind == "LSTM" else "state[-1]"
    if draw(st.booleans()) and not both:  # the last layer's last state
        module.add(kind.lower(), new, h, f"out, state = self.{name}(x)\n        x = {state}")
        last = module.calls.pop()
        module.calls.append(Call(last.kind, last.input, (BATCH, STEPS, h)))
        module.has_time = False
        return
    module.add(
        kind.lower(), new, h * (1 + both), draw(st.sampled_from((f"x, _ = self.{name}(x)", f"x = self.{name}(x)[0]")))
    )


def dense(module: Module) -> None:
    units = module.draw(SIZES)
    module.add("dense", f"nn.Linear({module.written(module.size)}, {module.written(units)})", units)


def same(module: Module) -> None:
    kind, new = module.draw(
        st.sampled_from(
            (
                ("activation", "nn.ReLU()"),
                ("activation", "nn.Tanh()"),
                ("dropout", "nn.Dropout(0.2)"),
                ("normalization", f"nn.LayerNorm({module.size})"),
            )
        )
    )
    module.add(kind, new, module.size)


def head(module: Module) -> None:
    """Two layers in an nn.Sequential."""
    a, b = module.draw(SIZES), module.draw(SIZES)
    first, second = module.written(a), module.written(b)
    before, module.size = module.shape, b
    middle = (*before[:-1], a)
    name = f"part{len(module.made)}"
    module.made.append(
        f"self.{name} = nn.Sequential(nn.Linear({before[-1]}, {first}), nn.ReLU(), nn.Linear({a}, {second}))"
    )
    module.called.append(f"x = self.{name}(x)")
    module.calls += [
        Call("dense", before, middle),
        Call("activation", middle, middle),
        Call("dense", middle, module.shape),
    ]


def stack(module: Module) -> None:
    """Layers in a ModuleList, which a loop calls."""
    count, units, name = module.draw(st.integers(1, 3)), module.draw(SIZES), f"part{len(module.made)}"
    size = module.size
    module.made.append(
        f"self.{name} = nn.ModuleList([nn.Linear({size} if i == 0 else {units}, {units}) for i in range({count})])"
    )
    module.called.append(f"for layer in self.{name}:\n            x = torch.relu(layer(x))")
    for _ in range(count):
        before = module.shape
        module.size = units
        module.calls.append(Call("dense", before, module.shape))


def last_step(module: Module) -> None:
    lines = [
        "x = x[:, -1]",
        "x = x[:, -1, :]",
        "x = x.mean(dim=1)",
        "x = x.max(1)[0]",
        "x = x.transpose(0, 1)[-1]",
        "x = x.sum(1)",
    ]
    module.called.append(module.draw(st.sampled_from(lines)))
    module.has_time = False


def flattened(module: Module) -> None:
    lines = ["x = x.reshape(x.size(0), -1)", "x = x.contiguous().view(x.shape[0], -1)", "x = x.flatten(1)"]
    module.called.append(module.draw(st.sampled_from(lines)))
    module.has_time, module.size = False, STEPS * module.size


def doubled(module: Module) -> None:
    module.called.append(module.draw(st.sampled_from(("x = torch.cat((x, x), dim=-1)", "x = torch.cat([x, x], -1)"))))
    module.size *= 2


@st.composite
def modules(draw: st.DrawFn) -> tuple[str, list[Call]]:
    """The source of a module that is called, and the calls of its layers."""
    size = draw(SIZES)
    module = Module(draw, size)
    for _ in range(draw(st.integers(1, 6))):
        of_sequence = (recurrent, recurrent, recurrent, last_step, flattened) if module.has_time else ()
        draw(st.sampled_from((*of_sequence, dense, same, head, stack, doubled)))(module)
    if not module.calls:
        dense(module)
    arguments = "".join(f", {name}={value}" for name, value in module.parameters.items())
    return (
        "import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n"
        f"    def __init__(self{arguments}):\n        super().__init__()\n"
        + "".join(f"        {line}\n" for line in module.made)
        + "\n    def forward(self, x):\n"
        + "".join(f"        {line}\n" for line in module.called)
        + f"        return x\n\n\nnet = Net()\ny = net(torch.zeros({BATCH}, {STEPS}, {size}))\n"
    ), list(dict.fromkeys(module.calls))
