"""The page about a source claims the shapes and the number of parameters that the framework has when it runs.

Hooks record what each layer gets and returns. The size of the batch that a visitor types on the page is that of
the run: where the first axis of a tensor is not the batch, the page must not say so.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from textwrap import dedent, indent
from typing import Any

import pytest

from app.core.model.shapes import REST, in_order, numbers
from app.reading.code.layers_in_order import read
from app.url_state.fields.input_fields import MAX_TEXT_LENGTH
from app.url_state.parsing import parse
from app.url_state_to_picture.model.model_url_state import ChainUrlState
from app.url_state_to_picture.model.read_model import ReadChain, read_chain

torch = pytest.importorskip("torch")

BATCH, STEPS = 3, 5

HEAD = """import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
"""

MODULES = {
    "a layer at two places": (
        """
        self.inp, self.fc = nn.Linear(6, 8), nn.Linear(8, 8)
        self.gru = nn.GRU(8, 8, batch_first=True)
        """,
        """
        h = self.fc(self.inp(x))
        h, _ = self.gru(h)
        return self.fc(h)
        """,
    ),
    "two sequences": (
        "self.emb, self.lstm, self.fc = nn.Embedding(9, 8), nn.LSTM(8, 4, batch_first=True), nn.Linear(8, 2)",
        """
        ids = x.argmax(-1)
        a = self.lstm(self.emb(ids))[0][:, -1]
        b = self.lstm(self.emb(ids.flip(1)))[0][:, -1]
        return self.fc(torch.cat([a, b], 1))
        """,
    ),
    "a matrix of two layers": (
        """
        self.emb, self.rnn, self.out = nn.Embedding(9, 8), nn.GRU(8, 8, batch_first=True), nn.Linear(8, 9)
        self.out.weight = self.emb.weight
        """,
        "return self.out(self.rnn(self.emb(x.argmax(-1)))[0])",
    ),
    "steps of all samples": (
        "self.emb, self.rnn, self.fc = nn.Linear(6, 8), nn.GRU(8, 4, batch_first=True), nn.Linear(4, 2)",
        """
        b, t, n = x.shape
        h = self.emb(x.view(b * t, -1)).view(b, t, -1)
        h, _ = self.rnn(h)
        return self.fc(torch.relu(h.reshape(-1, 4)) + 1).view(b, t, -1)
        """,
    ),
    "the time first": (
        "self.rnn, self.fc, self.last = nn.LSTM(6, 4, bidirectional=True), nn.Linear(8, 7), nn.Linear(7, 2)",
        """
        y, _ = self.rnn(x.transpose(0, 1))
        t, b, h = y.size()
        y = self.fc(y.view(t * b, h)).view(t, b, -1)
        return self.last(y.mean(0))
        """,
    ),
    "letters of words": (
        """
        self.chars, self.words = nn.GRU(6, 4, batch_first=True), nn.GRU(4, 8, batch_first=True)
        self.tags = nn.Linear(8, 2)
        """,
        """
        b, w = x.size(0), x.size(1)
        letters = x.unsqueeze(2).expand(-1, -1, 2, -1).reshape(b * w, 2, 6)
        _, h = self.chars(letters)
        h = h.squeeze(0).view(b, w, -1)
        return self.tags(self.words(h)[0])
        """,
    ),
    "a step with the time first": (
        "self.emb, self.rnn, self.out = nn.Embedding(9, 4), nn.LSTM(4, 8), nn.Linear(8, 9)",
        """
        word = x[:, 0].argmax(-1)
        y, _ = self.rnn(self.emb(word.unsqueeze(0)))
        return self.out(y.squeeze(0))
        """,
    ),
    "steps that are stacked": (
        "self.cell, self.fc, self.mean = nn.GRUCell(6, 4), nn.Linear(4, 7), nn.Linear(7, 2)",
        """
        h, found = torch.zeros(x.size(0), 4), []
        for t in range(x.size(1)):
            h = self.cell(x[:, t], h)
            found.append(h)
        y = self.fc(torch.stack(found))
        return self.mean(y.sum(dim=1))
        """,
    ),
    "means over samples": (
        "self.rnn, self.fc, self.out = nn.GRU(6, 4, batch_first=True), nn.Linear(4, 7), nn.Linear(7, 2)",
        """
        y, _ = self.rnn(x)
        y = self.fc(y).mean(dim=0)
        return self.out(y)
        """,
    ),
    "states of all layers": (
        "self.rnn, self.fc = nn.GRU(6, 4, 2, batch_first=True, bidirectional=True), nn.Linear(8, 2)",
        """
        _, h = self.rnn(x)
        h = h.view(2, 2, x.size(0), 4)[-1]
        return self.fc(torch.cat([h[0], h[1]], 1))
        """,
    ),
    "pictures at each step": (
        """
        self.conv, self.fc = nn.Conv1d(1, 4, 3, padding=1), nn.Linear(24, 8)
        self.rnn, self.out = nn.GRU(8, 4, batch_first=True), nn.Linear(4, 2)
        """,
        """
        b, t, w = x.shape
        f = self.conv(x.view(b * t, 1, w))
        f = self.fc(f.flatten(1))
        y, _ = self.rnn(f.view(b, t, -1))
        return self.out(y[:, -1])
        """,
    ),
    "a weight of its own": (
        """
        self.rnn, self.out = nn.GRU(6, 4, batch_first=True), nn.Linear(4, 2)
        self.w = nn.Parameter(torch.ones(4, 4))
        """,
        "return self.out((self.rnn(x)[0] @ self.w)[:, -1])",
    ),
    "a dropout in a loop over layers": (
        """
        self.rnns = nn.ModuleList([nn.GRU(6, 6, batch_first=True) for _ in range(3)])
        self.drop, self.fc = nn.Dropout(0.0), nn.Linear(6, 2)
        """,
        """
        for rnn in self.rnns:
            x, _ = rnn(x)
            x = self.drop(x)
        return self.fc(x)
        """,
    ),
    "the state after a loop": (
        "self.cell, self.fc = nn.GRUCell(6, 4), nn.Linear(4, 7)",
        """
        h = torch.zeros(x.size(0), 4)
        for t in range(x.size(1)):
            h = self.cell(x[:, t], h)
        return self.fc(h)
        """,
    ),
    "a product of two tensors": (
        "self.rnn, self.both, self.fc = nn.GRU(6, 4, batch_first=True), nn.Bilinear(4, 6, 7), nn.Linear(7, 2)",
        "y, _ = self.rnn(x)\nreturn self.fc(self.both(y, x))",
    ),
    "attention beside the last state": (
        "self.rnn, self.first, self.score = nn.GRU(6, 4, batch_first=True), nn.Linear(4, 4), nn.Linear(8, 1)",
        """
        y, h = self.rnn(x)
        state = self.first(h[-1]).unsqueeze(1)
        return torch.softmax(self.score(torch.cat([y, state.repeat(1, y.size(1), 1)], 2)), 1)
        """,
    ),
    "channels before the steps": (
        """
        self.conv, self.relu = nn.Conv1d(6, 8, 3, padding=2), nn.ReLU()
        self.rnn, self.fc = nn.GRU(8, 4, batch_first=True), nn.Linear(4, 2)
        """,
        """
        y = self.relu(self.conv(x.transpose(1, 2))[:, :, :-2])
        y, _ = self.rnn(y.transpose(1, 2))
        return self.fc(y[:, -1])
        """,
    ),
    "a step that becomes a sequence": (
        "self.inp, self.rnn, self.fc = nn.Linear(6, 8), nn.GRU(8, 4, batch_first=True), nn.Linear(4, 2)",
        """
        y = self.inp(x[:, 0])
        y, _ = self.rnn(y.unsqueeze(1))
        return self.fc(y[:, -1])
        """,
    ),
    "a sequence of several": (
        "self.inp, self.rnn, self.fc = nn.Linear(6, 8), nn.GRU(8, 4, batch_first=True), nn.Linear(4, 2)",
        """
        y = self.inp(torch.stack([x, x], 1))
        y, _ = self.rnn(y[:, 1])
        return self.fc(y[:, -1])
        """,
    ),
    "a rest that is the batch": (
        "self.rnn, self.fc, self.out = nn.GRU(6, 4, batch_first=True), nn.Linear(20, 7), nn.Linear(7, 2)",
        """
        y, _ = self.rnn(x)
        return self.out(self.fc(y.reshape(y.size(0), -1)).view(-1, 7))
        """,
    ),
    "lengths of the rows of a weight": (
        """
        norm = nn.utils.weight_norm
        self.conv, self.up = norm(nn.Conv1d(6, 8, 1)), norm(nn.ConvTranspose1d(8, 5, 1))
        self.rnn = nn.GRU(5, 4, batch_first=True)
        """,
        """
        y = self.up(self.conv(x.transpose(1, 2))).transpose(1, 2)
        return self.rnn(y)[0]
        """,
    ),
}
"""The layers of a module, and its forward pass with an input of batch, steps and 6 features."""

BESIDE = {"a weight of its own"}
"""Modules with 16 parameters that belong to no layer."""

KEEPING = {
    *("a layer at two places", "two sequences", "a matrix of two layers", "letters of words"),
    *("a dropout in a loop over layers", "the state after a loop", "a product of two tensors"),
    *(
        "attention beside the last state",
        "channels before the steps",
        "a step that becomes a sequence",
        "a sequence of several",
    ),
    *(
        "lengths of the rows of a weight",
        "a rest that is the batch",
        "a weight of its own",
        "states of all layers",
        "pictures at each step",
    ),
}
"""Modules whose last layer certainly gets the batch of the model."""


def code(layers: str, forward: str) -> str:
    """The source of a module with these layers and this forward pass."""
    layers, forward = (indent(dedent(part).strip(), " " * 8) for part in (layers, forward))
    return f"{HEAD}{layers}\n    def forward(self, x):\n{forward}\n"


@contextmanager
def calls() -> Iterator[list[tuple[Any, list[int], list[int]]]]:
    """Each layer that is called, with the shapes of what it gets and returns: in a loop once."""
    found: list[tuple[Any, list[int], list[int]]] = []

    def first(value: Any) -> list[int]:
        return list(value.shape) if hasattr(value, "shape") else first(value[0])

    def after(module: Any, args: Any, output: Any) -> None:
        one = (module, first(args), first(output))
        if not list(module.children()) and found[-1:] != [one]:
            found.append(one)

    handle = torch.nn.modules.module.register_module_forward_hook(after)
    try:
        yield found
    finally:
        handle.remove()


def page_of(source: str, **sizes: int) -> tuple[ReadChain, ChainUrlState]:
    """The chain of a source, and the page with the size of the batch, and other sizes, that somebody types."""
    reading = read(source)
    (layers,), (result,) = reading.models, reading.results
    chain = read_chain(layers, MAX_TEXT_LENGTH, True, reading.has_all_parameters(0), result, *reading.given)
    typed = {"batch_size": BATCH, **sizes}
    pairs = [*chain.fields.items(), *((name, str(size)) for name, size in typed.items())]
    return chain, ChainUrlState.of(parse(pairs, strict=True), pairs)


def claims(page: ChainUrlState, shape: Any, real: list[int]) -> bool:
    """Whether no size that the page says is another one than the real one."""
    said = numbers(in_order(shape, page.time_major))
    if REST in said:
        place = said.index(REST)
        end = said[place + 1 :]
        said = said[:place] + [None] * (len(real) - place - len(end)) + end
    return len(said) == len(real) and all(size in (None, got) for size, got in zip(said, real, strict=True))


@pytest.mark.filterwarnings("ignore:.*weight_norm:FutureWarning")
@pytest.mark.parametrize("name", MODULES)
def test_the_page_says_what_the_layers_get_and_return(name: str) -> None:
    namespace: dict[str, Any] = {}
    exec(code(*MODULES[name]), namespace)
    model = namespace["Net"]()
    with calls() as recorded:
        result = model(torch.randn(BATCH, STEPS, 6))
    chain, page = page_of(code(*MODULES[name]))
    own = [one for one, read_layer in zip(page.layers, chain.reads, strict=True) if read_layer]

    assert len(own) == len(recorded)
    if page.layers[-1] is not own[-1]:
        assert claims(page, page.layers[-1].passed.output, list(result.shape))
    for one, (_, given, returned) in zip(own, recorded, strict=True):
        assert claims(page, one.passed.input, given), f"{one.name}: {one.passed.input} is not {given}"
        goes_on = not one.layer.is_recurrent or one.layer.every_step or one.layer.family == "cell"
        if goes_on:  # of other layers the page shows the vector that the next one gets
            assert claims(page, one.passed.output, returned), f"{one.name}: {one.passed.output} is not {returned}"
    known = sum(one.count.value or 0 for one in page.layers)
    assert known + (16 if name in BESIDE else 0) == sum(weights.numel() for weights in model.parameters())
    assert read(code(*MODULES[name])).has_other_weights == (name in BESIDE)
    assert all(one.count.value is not None for one in page.layers)
    assert (own[-1].passed.input[0].value == BATCH) == (name in KEEPING)


@pytest.mark.parametrize("name", ["a dropout in a loop over layers", "the state after a loop"])
def test_layers_of_loops_follow_each_other(name: str) -> None:
    assert all(one.layer.kind != "elsewhere" for one in page_of(code(*MODULES[name]))[1].layers)


TRANSPOSED = {
    "before an embedding's layer": (
        "self.emb, self.drop, self.rnn, self.fc = nn.Embedding(9, 8), nn.Dropout(0), nn.LSTM(8, 4), nn.Linear(4, 2)",
        "return self.fc(self.rnn(self.drop(self.emb(x.argmax(-1))).transpose(0, 1))[0])",
    ),
    "before and after": (
        "self.inp, self.rnn, self.fc = nn.Linear(6, 8), nn.GRU(8, 4), nn.Linear(4, 2)",
        "return self.fc(self.rnn(self.inp(x).permute(1, 0, 2))[0].transpose(1, 0))",
    ),
    "packed": (
        "self.inp, self.rnn, self.fc = nn.Linear(6, 8), nn.GRU(8, 4), nn.Linear(4, 2)",
        """
        h = torch.tanh(self.inp(x)).transpose(0, 1)
        y, _ = self.rnn(nn.utils.rnn.pack_padded_sequence(h, torch.full((len(x),), h.size(0))))
        return self.fc(nn.utils.rnn.pad_packed_sequence(y)[0])
        """,
    ),
    "between two orders": (
        "self.one, self.two, self.fc = nn.GRU(6, 4, batch_first=True), nn.LSTM(4, 8), nn.Linear(8, 2)",
        "return self.fc(self.two(self.one(x)[0].transpose(0, 1))[0])",
    ),
    "between two orders, the time first": (
        "self.one, self.two, self.fc = nn.GRU(6, 4), nn.LSTM(4, 8, batch_first=True), nn.Linear(8, 2)",
        "return self.fc(self.two(self.one(x)[0].swapaxes(0, 1))[0])",
    ),
}
"""Modules that swap the batch and the steps between layers."""


@pytest.mark.parametrize("name", TRANSPOSED)
def test_the_page_swaps_the_batch_and_the_steps_where_the_code_does(name: str) -> None:
    source = code(*TRANSPOSED[name])
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    is_time_first = name.endswith("the time first")
    with calls() as recorded:
        namespace["Net"]()(torch.randn(*((STEPS, BATCH) if is_time_first else (BATCH, STEPS)), 6))
    _, page = page_of(source, time_step=STEPS)
    shapes = [
        [numbers(in_order(shape, page.time_major)) for shape in (one.passed.input, one.passed.output)]
        for one in page.layers
        if one.layer.kind != "swap"
    ]
    shown = [real for _, *real in recorded]
    if name == "packed":  # hooks see the steps of all samples there
        shown[1] = [[STEPS, BATCH, 8], [STEPS, BATCH, 4]]

    assert shapes == shown
    assert numbers(in_order(page.input, page.time_major)) == shown[0][0]
    swaps = re.findall(r"\.(transpose|permute|swapaxes)\(", source)
    assert [one.layer.kind for one in page.layers].count("swap") == len(swaps)


def test_the_page_begins_with_the_input_of_the_model_and_not_with_its_transpose() -> None:
    source = code(*MODULES["channels before the steps"])
    _, page = page_of(f"{source}\nNet()(torch.randn({BATCH}, {STEPS}, 6))\n")
    axes = [[size.name for size in one.passed.input] for one in page.layers]

    assert numbers(page.input) == [BATCH, STEPS, 6]
    assert page.layers[0].layer.kind == "transpose"
    assert [names.index("time_step") for names in axes[:4]] == [1, 2, 2, 2]


AT_THE_START = {
    "samples as steps": ("nn.GRU(6, 4, batch_first=True)", "x.reshape(1, -1, 6)"),
    "parts of steps": ("nn.LSTM(3, 4, batch_first=True)", "x.view(len(x), -1, 3)"),
    "steps as samples": ("nn.GRU(2, 4, batch_first=True)", "x.reshape(-1, 3, 2)"),
    "the same axes": ("nn.RNN(6, 4, batch_first=True)", "x.reshape(x.shape)"),
}
"""The first layer of a module, and what it gets."""


@pytest.mark.parametrize("name", AT_THE_START)
def test_the_page_begins_with_the_input_of_the_model(name: str) -> None:
    layer, argument = AT_THE_START[name]
    module = code(f"self.one, self.fc = {layer}, nn.Linear(4, 2)", f"return self.fc(self.one({argument})[0])")
    source = f"{module}\nmodel = Net()\ny = model(torch.randn({BATCH}, {STEPS}, 6))\n"
    with calls() as recorded:
        exec(source, {})
    (_, given, _), _ = recorded
    chain, _ = page_of(source)
    _, page = page_of(source, batch_size=chain.batch_size or BATCH)  # the page has the one that the code says
    first, *_ = [one for one, read_layer in zip(page.layers, chain.reads, strict=True) if read_layer]

    assert numbers(page.input) == [BATCH, STEPS, 6]
    assert numbers(first.passed.input) == given


AT_THE_END = {
    "an axis more": "self.fc(y[:, -1]).unsqueeze(-1)",
    "an axis less": "self.fc(y).squeeze(-1)",
    "the same axes": "torch.tanh(self.fc(y))",
    "samples as steps": "self.fc(y[:, -1]).unsqueeze(0)",
}
"""What a module returns of its last layer."""


@pytest.mark.parametrize("name", AT_THE_END)
def test_the_page_ends_with_the_output_of_the_model(name: str) -> None:
    layers = "self.rnn, self.fc = nn.GRU(6, 4, batch_first=True), nn.Linear(4, 1)"
    module = code(layers, f"y, _ = self.rnn(x)\nreturn {AT_THE_END[name]}")
    source = f"{module}\nmodel = Net()\ny = model(torch.randn({BATCH}, {STEPS}, 6))\n"
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    _, page = page_of(source)
    shown = in_order(page.layers[-1].passed.output, page.time_major)

    is_known = name != "samples as steps"  # a chain has the batch at the first place
    assert (numbers(shown) == list(namespace["y"].shape)) == is_known


def test_a_layer_whose_steps_a_later_one_gets_returns_every_step() -> None:
    _, page = page_of(code(*MODULES["attention beside the last state"]))

    assert page.layers[0].layer.every_step


IDS = (
    "torch.arange(x.size(1), device=x.device)",
    "torch.arange(2, 9, 3)",
    "torch.arange(0, len(x))",
    "torch.arange(end=7)",
    "torch.arange(x.size(1), 0, -2)",
    "torch.full((x.size(0), 2), 1, dtype=torch.long)",
    "torch.LongTensor(4, 2).fill_(1)",
    "(x[0] if isinstance(x, tuple) else x).argmax(-1)",
    "torch.full((2,), 1)[None]",
)


@pytest.mark.parametrize("ids", IDS)
def test_the_axes_of_a_tensor_that_is_made_are_those_of_pytorch(ids: str) -> None:
    module = code("self.emb = nn.Embedding(99, 4)", f"return self.emb({ids})")
    source = f"{module}\nmodel = Net()\ny = model(torch.randn({BATCH}, {STEPS}, 6))\n"
    with calls() as recorded:
        exec(source, {})
    ((_, given, returned),) = recorded
    (layer,) = read(source).layers

    assert ([*layer.input], [*layer.output]) == (given, returned)


OF_STEPS = {
    "the last state at each step": "h[-1].unsqueeze(1).repeat(1, 5, 1)",
    "all states, one after the other": "h.permute(1, 0, 2).expand(-1, 5, -1)",
    "the last state in another order": "h[-1].repeat(5, 1).reshape(x.size(0), 5, 4)",
    "the last states as a list": "torch.stack([h.squeeze(0)] * 5, 1)",
    "the last step at each step": "y[:, -1:].expand(-1, 5, -1)",
    "the only step at each step": "y[:, -1].unsqueeze(1).expand(-1, 5, -1)",
    "the mean": "y.mean(1)",
    "the sum": "torch.sum(y, dim=1)",
    "the largest numbers": "y.max(dim=1)[0]",
    "the mean as one step": "y.mean(1, keepdim=True)",
    "the steps in another order": "torch.flip(y, [1])",
    "sums of steps": "y.cumsum(1)",
    "weighted steps": "(y * torch.softmax(y.sum(-1, keepdim=True), 1)).sum(1)",
    "the last step": "y[:, -1]",
    "the last state": "h[-1]",
    "every step": "torch.tanh(y)",
    "the last state beside every step": "y + h[-1].unsqueeze(1)",
    "every step as a sample": "y.reshape((int(f'{len(y) * 5}'), 4))",
}
"""What the next layer gets of the output and the last states of a recurrent layer."""

WITH_OTHER_SAMPLES = {"every step as a sample"}
"""Where the samples of the recurrent layer may be others than those of the input."""


@pytest.mark.parametrize("name", OF_STEPS)
def test_the_page_says_whether_every_step_goes_on(name: str) -> None:
    """What the next layer gets depends on a step of the output if that has a gradient."""
    argument = "x.reshape((len(x), 5, 6))" if name in WITH_OTHER_SAMPLES else "x"
    source = code(
        "self.rnn, self.top, self.fc = nn.GRU(6, 4, batch_first=True), nn.Linear(4, 3), nn.Linear(3, 2)",
        f"y, h = self.rnn({argument})\nself.y = y\nself.h = h\nreturn self.fc(self.top({OF_STEPS[name]}))",
    )
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    model = namespace["Net"]()
    with calls() as recorded:
        result = model(torch.randn(BATCH, STEPS, 6))
    (gradient,) = torch.autograd.grad(result.square().sum(), [model.y], retain_graph=True, allow_unused=True)
    goes_on = gradient is not None and bool(gradient[:, :-1].any())
    _, page = page_of(source)
    recurrent, *between, _, _ = page.layers
    (_, _, returned), (_, given, _), _ = recorded

    assert recurrent.layer.every_step == goes_on
    assert claims(page, recurrent.passed.output, returned) or not goes_on
    assert claims(page, page.layers[-2].passed.input, given)
    assert [one.layer.kind for one in between] == ["other"] * (name not in DIRECT)
    assert all(one.count.value is not None for one in page.layers)


DIRECT = {"the last step", "the last state", "every step", "the last state beside every step"}
"""What needs no step of its own in a chain: one step or state is what a layer returns that returns no sequence."""


BIDIRECTIONAL = {
    "both outputs side by side": "f, b = L.Bidirectional(L.GRU(11), merge_mode=None)(a); y = L.Concatenate()([f, b])",
    "the difference of both outputs": (
        "f, b = L.Bidirectional(L.LSTM(7, return_sequences=True), merge_mode=None)(a); y = L.Subtract()([f, b])"
    ),
    "another input": (
        "f, b = L.Bidirectional(L.GRU(11), merge_mode=None)(a); y = L.Concatenate()([f, b, L.LSTM(9)(other)])"
    ),
}
"""Layers of Keras whose outputs of both directions are not merged."""


@pytest.mark.parametrize("name", BIDIRECTIONAL)
def test_the_outputs_of_two_directions_are_those_of_one_layer(name: str) -> None:
    given = "[a, other]" if name == "another input" else "a"
    source = (
        "import keras\nfrom keras import layers as L\na, other = keras.Input((30, 4)), keras.Input((12, 6))\n"
        f"{BIDIRECTIONAL[name]}\nmodel = keras.Model({given}, L.Dense(2)(y))\n"
    )
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    model = namespace["model"]
    chain, page = page_of(source)
    wrapper = next(one for one in model.layers if one.name.startswith("bidirectional"))
    *steps, units = wrapper.output[0].shape[1:]

    assert chain.reads[0] and chain.reads[0].output[1:] == (*steps, len(wrapper.output) * units)
    assert sum(one.count.value or 0 for one in page.layers) == model.count_params()
    assert [list(axes) for axes in read(source).inputs] == [list(one.shape) for one in model.inputs]
    assert page.opened(0) is None


@pytest.mark.parametrize("arguments", ["", "use_scale=False", "dropout=0.1", "use_scale=True", "score_mode='concat'"])
def test_the_parameters_of_an_attention_are_those_of_keras(arguments: str) -> None:
    source = (
        "import keras\nfrom keras import layers as L\na, b = keras.Input((30, 4)), keras.Input((12, 4))\n"
        f"model = keras.Model([a, b], L.Dense(2)(L.Attention({arguments})([a, b])))\n"
    )
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    model = namespace["model"]
    _, page = page_of(source)
    counts = [one.count.value for one in page.layers]
    is_known = model.layers[2].count_params() == 0

    assert is_known == (None not in counts)
    assert sum(count or 0 for count in counts) == model.count_params() or not is_known


@pytest.mark.parametrize(("cell", "state"), [("GRUCell", "s0"), ("SimpleRNNCell", "s0"), ("LSTMCell", "s0[1]")])
@pytest.mark.parametrize("sequences", [True, False])
def test_stacked_cells_return_the_states_of_each(cell: str, state: str, sequences: bool) -> None:
    source = (
        "import keras\nfrom keras import layers as L\na = keras.Input((30, 5))\n"
        f"rnn = L.RNN([L.{cell}(24), L.{cell}(18)], return_state=True, return_sequences={sequences})\n"
        f"y, s0, s1 = rnn(a)\nd, e = L.Dense(2)(y), L.Dense(3)({state})\nmodel = keras.Model(a, [d, e])\n"
    )
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    model = namespace["model"]
    _, page = page_of(source)
    dense = [one for one in read(source).layers if one.kind == "dense"]

    assert sum(one.count.value or 0 for one in page.layers) == model.count_params()
    assert [[*one.input] for one in dense] == [[*layer.input.shape] for layer in model.layers[-2:]]


ATTENTION = {
    "as long as the query": "L.MultiHeadAttention(2, 8)(a, b)",
    "another length": "L.MultiHeadAttention(2, 8, output_shape=5)(a, b)",
    "another length of values": "L.MultiHeadAttention(2, 8, value_dim=3)(a, b)",
    "the query by its name": "L.MultiHeadAttention(2, 8)(value=b, query=a)",
    "two axes": "L.Reshape((-1, 15))(L.MultiHeadAttention(2, 8, output_shape=(3, 5))(a, b))",
    "products": "L.Attention()([a, L.Dense(4)(b)])",
}
"""Attentions of Keras to a second input."""


@pytest.mark.parametrize("name", ATTENTION)
def test_what_an_attention_returns_is_what_keras_says(name: str) -> None:
    source = (
        "import keras\nfrom keras import layers as L\na, b = keras.Input((30, 4)), keras.Input((12, 6))\n"
        f"y = {ATTENTION[name]}\nmodel = keras.Model([a, b], L.GRU(2)(y))\n"
    )
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    *_, attention, gru = read(source).layers

    assert attention.output == namespace["y"].shape
    assert gru.config["features"] == namespace["y"].shape[-1]
    assert page_of(source)[1].layers[-1].count.value == namespace["model"].layers[-1].count_params()


def test_an_attention_to_nothing_else_is_not_that_of_keras() -> None:
    source = "from keras.layers import *\ny = Attention(8)(Input((8, 12)))\nz = Dense(3)(y)\n"
    with pytest.raises(ValueError, match="list"):
        exec(source, {})

    assert read(source).layers[-1].config["features"] is None


CONNECTIONS = {
    "two calls of one layer": (
        "self.emb, self.a, self.b = nn.Embedding(9, 6), nn.GRU(6, 4), nn.GRU(6, 4)",
        "x, y = self.emb(a), self.emb(b)\nreturn self.a(x)[0], self.b(y)[0]",
    ),
    "the second of two calls": (
        "self.emb, self.a, self.b = nn.Embedding(9, 6), nn.GRU(6, 4), nn.GRU(6, 4)",
        "x, y = self.emb(a), self.emb(b)\nreturn self.b(y)[0], self.a(x)[0]",
    ),
    "ids that are another argument": (
        "self.words, self.chars, self.rnn = nn.Embedding(9, 6), nn.Embedding(9, 6), nn.GRU(6, 4)",
        "x = self.words(a)\ny = self.chars(b.reshape(-1, len(b)))\nreturn self.rnn(y)[0] + x.sum()",
    ),
}
"""Layers, and a forward pass with two tensors of ids of which nothing is known."""


@pytest.mark.parametrize("name", CONNECTIONS)
def test_layers_are_connected_as_their_tensors_are(name: str) -> None:
    source = code(*CONNECTIONS[name]).replace("self, x", "self, a, b") + "\na, b = load()\nNet()(a, b)\n"
    calls = list[tuple[Any, Any]]()

    def after(module: Any, args: Any, output: Any) -> None:
        if not list(module.children()):
            calls.append((args[0], output[0] if isinstance(output, tuple) else output))

    handle = torch.nn.modules.module.register_module_forward_hook(after)
    exec(source, {"load": lambda: torch.ones(2, 5, 3, dtype=torch.long)})
    handle.remove()
    chain, _ = page_of(source)
    own = [n for n, read_layer in enumerate(chain.reads) if read_layer]
    between = [[layer.kind for layer in chain.chain.layers[a + 1 : b]] for a, b in pairwise(own)]

    assert between == [[] if given is before else ["elsewhere"] for (_, before), (given, _) in pairwise(calls)]


@pytest.mark.parametrize(
    "made",
    [
        "MultiheadAttention(4, 2)",
        "MultiheadAttention(4, 2, kdim=6)",
        "MultiheadAttention(4, 2, 0.0, False, True, vdim=6)",
        "MultiheadAttention(4, 2, add_bias_kv=True, kdim=3, vdim=5)",
        "Bilinear(4, 6, 7)",
        "Bilinear(4, 6, 7, bias=False)",
    ],
)
def test_a_layer_alone_has_the_parameters_of_pytorch(made: str) -> None:
    (layer,) = read(f"from torch import nn\nlayer = nn.{made}\n").layers

    assert layer.parameters == sum(weights.numel() for weights in eval(f"torch.nn.{made}").parameters())
