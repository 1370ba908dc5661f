"""What the page says of operations, states and lengths in files that PyTorch writes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from node_reader import read
from torch import nn

pytestmark = pytest.mark.filterwarnings("ignore")


def traced(module: Any, *given: Any) -> Callable[[Path], object]:
    return lambda path: torch.jit.trace(module.eval(), given, check_trace=False).save(str(path))


def scripted(module: Any) -> Callable[[Path], object]:
    return lambda path: torch.jit.script(module.eval()).save(str(path))


def exported(module: Any, *given: Any) -> Callable[[Path], object]:
    return lambda path: torch.export.save(torch.export.export(module.eval(), given), str(path))


def found(folder: Path, **files: Callable[[Path], object]) -> list[dict[str, Any]]:
    """The models in files, by their names without endings."""
    paths = [folder / f"{name}.{'pt2' if 'export' in name else 'pt'}" for name in files]
    for path, write in zip(paths, files.values(), strict=True):
        write(path)
    return read(paths)


class Pictures(nn.Module):  # type: ignore[misc]
    """A convolution of pictures, whose columns are the steps of a layer."""

    def __init__(self) -> None:
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(1, 7, 3, padding=1), nn.ReLU(), nn.MaxPool2d((6, 2)))
        self.rnn, self.fc = nn.LSTM(7, 5, bidirectional=True), nn.Linear(10, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        steps = self.cnn(x).squeeze(2).permute(2, 0, 1)
        return self.fc(self.rnn(steps)[0])


def test_operations_before_a_recurrent_layer_are_between_the_layers(tmp_path: Path) -> None:
    """The model has one output: no operation is on the way to another one."""
    (model,) = found(tmp_path, one=traced(Pictures(), torch.zeros(2, 1, 6, 20)))

    assert model["operators"] == ["relu", "max_pool2d", "squeeze", "permute"]
    assert "otherOperators" not in model


class Channels(nn.Module):  # type: ignore[misc]
    """A layer that reads the channels of its input, and sums of what it returns."""

    def __init__(self, *, turns_back: bool) -> None:
        super().__init__()
        self.turns_back = turns_back
        self.rnn, self.norm, self.fc = nn.GRU(6, 8, batch_first=True), nn.LayerNorm(8), nn.Linear(8, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        steps = self.rnn(x.transpose(1, 2))[0]
        sums = steps.transpose(1, 2).cumsum(2).permute(0, 2, 1) if self.turns_back else steps.cumsum(1)
        return self.fc(self.norm(sums))


def test_an_operation_that_the_chain_shows_is_not_among_those_without_a_name(tmp_path: Path) -> None:
    """The input is transposed by name; what is transposed after the layer is in an operation that is not known."""
    x = torch.zeros(2, 6, 10)
    models = found(
        tmp_path, export_one=exported(Channels(turns_back=False), x), export_more=exported(Channels(turns_back=True), x)
    )

    assert [model["text"].split(".")[:2] for model in models] == [["input(6,10)", "transpose(2,1)"]] * 2
    assert [model["operators"] for model in models] == [["cumsum"], ["transpose", "cumsum", "permute"]]


class Sequences(nn.Module):  # type: ignore[misc]
    """The last state of sequences of different lengths."""

    def __init__(self, batch_first: bool) -> None:
        super().__init__()
        self.batch_first = batch_first
        self.rnn, self.fc = nn.GRU(4, 6, batch_first=batch_first), nn.Linear(6, 3)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, self.batch_first, enforce_sorted=False)
        _, h = self.rnn(packed)
        return self.fc(h[-1])


@pytest.mark.parametrize("batch_first", [True, False])
def test_what_packs_sequences_says_their_axes_and_that_they_have_lengths(tmp_path: Path, batch_first: bool) -> None:
    x = torch.zeros(*((3, 5) if batch_first else (5, 3)), 4)
    (model,) = found(tmp_path, one=traced(Sequences(batch_first), x, torch.tensor([2, 5, 3])))

    config = model["layers"][0]["config"]
    assert (config["batch_first"], config["lengths_of"]) == (batch_first, "pack_padded_sequence")
    assert "sort" in model["operators"] and "otherOperators" not in model
    assert model["text"] == "gru(4,6).dense(3)"


class States(nn.Module):  # type: ignore[misc]
    """Some of the last states of two layers of two directions, side by side."""

    def __init__(self, places: tuple[int, ...]) -> None:
        super().__init__()
        self.places = places
        self.rnn, self.fc = nn.GRU(4, 6, 2, bidirectional=True), nn.Linear(6 * len(places), 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _, h = self.rnn(x)
        return self.fc(torch.cat([h[place] for place in self.places], -1))


class AllStates(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.fc = nn.GRU(4, 6, 2, bidirectional=True), nn.Linear(24, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _, h = self.rnn(x)
        return self.fc(h.permute(1, 0, 2).flatten(1))


@pytest.mark.parametrize(
    ("places", "word"), [((0, 1, 2, 3), "states"), ((2, 3), "ends"), ((-2, -1), "ends"), ((-4, -1), "states")]
)
def test_states_of_lower_layers_are_not_called_the_last_output(
    tmp_path: Path, places: tuple[int, ...], word: str
) -> None:
    x = torch.zeros(5, 3, 4)
    models = found(tmp_path, trace=traced(States(places), x), export=exported(States(places), x))

    assert [f"gru(4,6,bi,{word},layers=2)" in one["text"] for one in models] == [True, True]


def test_states_that_are_all_put_side_by_side_are_not_called_the_last_output(tmp_path: Path) -> None:
    x = torch.zeros(5, 3, 4)
    models = found(
        tmp_path, trace=traced(AllStates(), x), script=scripted(AllStates()), export=exported(AllStates(), x)
    )

    assert ["gru(4,6,bi,states,layers=2)" in one["text"] for one in models] == [True, True, True]


class Texts(nn.Module):  # type: ignore[misc]
    """The words of all sentences of all texts, and then the sentences of these: batch × sentence × word ids."""

    def __init__(self) -> None:
        super().__init__()
        self.emb, self.words = nn.Embedding(40, 5), nn.GRU(5, 6, batch_first=True)
        self.sentences, self.fc = nn.GRU(6, 7, batch_first=True), nn.Linear(7, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        b, n, w = x.shape
        y, _ = self.words(self.emb(x.view(b * n, w)))
        z, _ = self.sentences(y.sum(1).view(b, n, -1))
        return self.fc(z.sum(1))


def in_onnx(module: Any, x: torch.Tensor, names: str = "") -> Callable[[Path], object]:
    """As the older exporter writes it; with names, its axes have no lengths."""
    return lambda path: torch.onnx.export(
        module.eval(), (x,), str(path), dynamo=False, input_names=["x"], dynamic_axes={"x": dict(enumerate(names))}
    )


def test_layers_that_get_the_batch_joined_with_another_axis_have_another_batch(tmp_path: Path) -> None:
    """3 texts of 4 sentences are 12 sentences; what is not in the file is not known."""
    model, x = Texts(), torch.zeros(3, 4, 9, dtype=torch.long)
    free = torch.export.export(model.eval(), (x,), dynamic_shapes=({0: torch.export.Dim("b", min=2, max=50)},))
    writers = {
        "trace.pt": traced(model, x),
        "script.pt": scripted(model),
        "open.onnx": in_onnx(model, x, "bnw"),
        "export.pt2": exported(model, x),
        "free.pt2": lambda path: torch.export.save(free, str(path)),
        "fixed.onnx": in_onnx(model, x),
    }
    for name, write in writers.items():
        write(tmp_path / name)
    models = read(tmp_path / name for name in writers)

    kinds = [[one for one in model["layers"] if not one.get("isOfInput")] for model in models]
    assert [[one.get("rows", 3) for one in layers] for layers in kinds] == [
        *[[None, None, 3, 3]] * 3,
        [12, 12, 3, 3],
        [None, None, 3, 3],
        [12, 12, 3, 3],
    ]
    assert all(one["text"].startswith("embedding(40,5,batch=?)") for one in models[:3]), "the input is not that of ids"
    assert all(one["input"] == [4, 9] for one in models[3:])


class Rows(nn.Module):  # type: ignore[misc]
    """A layer that gets rows of 8 numbers: all steps, or the last states of both directions."""

    def __init__(self, of_states: bool) -> None:
        super().__init__()
        self.rnn, self.fc = nn.GRU(4, 4, batch_first=True, bidirectional=True), nn.Linear(8, 3)
        self.of_states = of_states

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y, h = self.rnn(x)
        return self.fc((h.transpose(0, 1) if self.of_states else y).reshape(-1, 8))


@pytest.mark.parametrize(("of_states", "text"), [(True, "dense(8,3)"), (False, "dense(8,3,batch=?)")])
def test_rows_of_all_steps_are_no_batch_and_those_of_states_are(tmp_path: Path, of_states: bool, text: str) -> None:
    (model,) = found(tmp_path, trace=traced(Rows(of_states), torch.zeros(2, 5, 4)))

    assert model["text"].endswith(text)


class Scaled(nn.Module):  # type: ignore[misc]
    """A convolution, a layer that gets its channels times ``scale``, and a dense layer."""

    def __init__(self, scale: torch.Tensor | None = None) -> None:
        super().__init__()
        self.conv, self.rnn, self.fc = nn.Conv1d(5, 7, 3), nn.LSTM(7, 6, batch_first=True), nn.Linear(6, 2)
        self.scale = torch.tensor(2.0) if scale is None else nn.Parameter(scale)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y, _ = self.rnn(self.conv(x.transpose(1, 2)).transpose(1, 2) * self.scale)
        return self.fc(y[:, -1])


def frozen(module: Any) -> Callable[[Path], object]:
    return lambda path: torch.jit.freeze(torch.jit.script(module.eval())).save(str(path))


def test_a_frozen_module_has_no_other_weights_than_those_of_its_layers_and_other_constants(tmp_path: Path) -> None:
    """What is between its layers has parameters only if the code has a constant of several numbers that no layer
    gets."""
    known, vector = found(tmp_path, known=frozen(Scaled()), vector=frozen(Scaled(torch.rand(7))))

    assert known["text"] == "convolution(params=112).other(params=0).lstm(7,6).dense(2)"
    assert vector["text"] == "convolution(params=112).other.lstm(7,6).dense(2)"


class Steps(nn.Module):  # type: ignore[misc]
    """A cell that reads one step after another along an axis, and a vector for each: these are stacked along one."""

    def __init__(self, axis: int, of_output: int) -> None:
        super().__init__()
        self.cell, self.head = nn.GRUCell(5, 7), nn.Linear(7, 3)
        self.axis, self.of_output = axis, of_output

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h, vectors = torch.zeros(x.shape[1 - self.axis], 7), []
        for step in x.unbind(self.axis):
            h = self.cell(step, h)
            vectors.append(self.head(h))
        return torch.stack(vectors, self.of_output)


@pytest.mark.parametrize("axis", [0, 1])
def test_the_steps_that_a_loop_returns_are_the_last_wire_of_the_chain(tmp_path: Path, axis: int) -> None:
    """If its batch and steps are in the order of the input; in the other order no wire has them, but the page says the
    shape."""
    shape = [2, 2, 5]
    shape[axis] = 6
    x = torch.zeros(*shape)
    same, other = Steps(axis, axis), Steps(axis, 1 - axis)
    writers = {
        "same.pt2": exported(same, x),
        "same.onnx": in_onnx(same, x),
        "other.pt2": exported(other, x),
        "other.onnx": in_onnx(other, x),
    }
    for name, write in writers.items():
        write(tmp_path / name)
    ends = read(tmp_path / name for name in writers)

    for model in ends[:2]:
        assert model["output"] == [6, 3] and "result" not in model
        assert model["text"].endswith(".other(6,3,params=0)")
    for model in ends[2:]:
        assert model["output"] == [] and model["result"] == [*other(x).shape]
        assert model["text"].endswith(".other(params=0)")


class Turned(nn.Module):  # type: ignore[misc]
    """A convolution along the steps, and a layer that reads and returns the steps first."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(3, 5, 3)
        self.rnn = nn.GRU(5, 7)
        self.head = nn.Linear(7, 4)
        self.is_turned_back = False

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.head(self.rnn(self.conv(x).permute(2, 0, 1))[0])
        return y.transpose(0, 1) if self.is_turned_back else y


def test_a_model_that_returns_the_steps_first_of_an_input_with_the_batch_first_is_known(tmp_path: Path) -> None:
    x, back = torch.zeros(2, 3, 11), Turned()
    back.is_turned_back = True
    exported(Turned(), x)(tmp_path / "first.pt2")
    exported(back, x)(tmp_path / "back.pt2")
    first, turned_back = read(tmp_path / name for name in ("first.pt2", "back.pt2"))

    assert first["isBatchFirst"] and first["isResultTurned"]
    assert turned_back["isBatchFirst"] and "isResultTurned" not in turned_back


class Gated(nn.Module):  # type: ignore[misc]
    """A gate of its own before a layer whose first state is learned, beside parameters and layers that have no use."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.start, self.spare = (nn.Parameter(torch.ones(*shape)) for shape in ((6,), (1, 1, 7), (3, 2)))
        self.into, self.rnn, self.head = nn.Linear(3, 6), nn.GRU(6, 7, batch_first=True), nn.Linear(7, 4)
        self.old, self.tied = nn.Linear(5, 2), nn.Linear(7, 4)
        self.tied.weight = self.head.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        steps, _ = self.rnn(torch.sigmoid(self.gate) * self.into(x), self.start.expand(1, x.size(0), 7).contiguous())
        return self.head(steps[:, -1])


def test_parameters_of_torchscript_are_where_the_code_uses_them_or_in_no_place(tmp_path: Path) -> None:
    """A gate between two layers, a first state among the parameters of its layer, and what has no use."""
    module = Gated()
    own = [*module.rnn.parameters(), module.start]
    unused = [module.spare, *module.old.parameters(), module.tied.bias]

    for model in found(tmp_path, script=scripted(module), trace=traced(module, torch.zeros(2, 5, 3))):
        layers = {one["name"]: one for one in model["layers"]}
        assert list(layers) == ["into", "gate", "rnn", "head"]
        assert layers["gate"]["config"]["parameters"] == module.gate.numel()
        assert layers["rnn"]["config"]["parameters"] == sum(one.numel() for one in own)
        assert layers["rnn"]["begins"] == ["start"]
        assert model["unused"] == ["old.weight", "old.bias", "tied.bias", "spare"]
        assert model["unusedCount"] == sum(one.numel() for one in unused)
        assert model["unknown"] == ["gate"]


class Affine(nn.Module):  # type: ignore[misc]
    """A factor and a sum of its own for what a dense layer returns, and a factor for what the last layer does."""

    def __init__(self) -> None:
        super().__init__()
        self.factor, self.shift, self.unit = (nn.Parameter(torch.rand(size)) for size in (9, 9, 2))
        self.into, self.rnn, self.head = nn.Linear(4, 9), nn.LSTM(9, 5, batch_first=True), nn.Linear(5, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.rnn(self.into(x) * self.factor + self.shift)[0][:, -1]) * self.unit


def test_vectors_that_an_onnx_graph_multiplies_or_adds_are_a_step_where_it_does_that(tmp_path: Path) -> None:
    module, path = Affine().eval(), tmp_path / "affine.onnx"
    torch.onnx.export(module, (torch.zeros(2, 6, 4),), path, dynamo=False)
    (model,) = read([path])

    assert model["text"] == (
        "input(6,4).dense(4,9,matmul).other(6,9,params=18).lstm(5).dense(2,gemm).other(2,params=2)"
    )
    assert model["isComplete"], "all parameters are in the chain"
    assert not {"Mul", "Add"} & {*model.get("operators", []), *model.get("lastOperators", [])}


class Quantized(nn.Module):  # type: ignore[misc]
    """A layer of as many units as features, whose matrices are all of one size."""

    def __init__(self, size: int, **settings: Any) -> None:
        super().__init__()
        self.words, self.rnn = nn.Embedding(30, size), nn.LSTM(size, size, **settings)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.rnn(self.words(x))[0]


@pytest.mark.parametrize("settings", [{"num_layers": 2}, {"bidirectional": True}])
def test_two_quantized_layers_and_two_directions_are_the_same_in_a_file_without_modules(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    module = torch.ao.quantization.quantize_dynamic(Quantized(6, **settings).eval(), {nn.LSTM}, dtype=torch.qint8)
    for name, value in (("arrays", module.state_dict()), ("whole", module)):
        torch.save(value, tmp_path / f"{name}.pt")
    arrays, whole = read([tmp_path / "arrays.pt", tmp_path / "whole.pt"])

    assert (arrays["reason"], arrays["values"]) == ("fileDirections", {"names": ["rnn"]})
    (layer,) = (one for one in whole["layers"] if one["kind"] == "lstm")
    assert layer["config"]["num_layers"] == settings.get("num_layers", 1)
    assert layer["config"]["bidirectional"] == settings.get("bidirectional", False)
