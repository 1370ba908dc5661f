"""Files of arrays, read by the scripts of the page in Node: layers by the names and shapes of their arrays."""

import json
import pickle
import struct
import zipfile
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hostile_files import safetensors as safetensors_file
from hostile_files import safetensors_of, stored, zipped
from node_reader import read
from onnx import ModelProto, TensorProto, helper
from small_model_files import RECORDED, dictionary, in_this_order, module, tensor, text

from app.core.model.text import chain_text, parse_chain
from app.frameworks import FRAMEWORKS
from app.url_state_to_picture.model.picture_of_model import named_layers


def test_the_state_of_an_optimizer_is_no_model(tmp_path: Path) -> None:
    state = dictionary(state=b"}", param_groups=b"]")
    (tmp_path / "file").write_bytes(b"\x80\x02" + state + b".")

    assert read([tmp_path / "file"])[0]["reason"] == "fileOptimizer"


def test_modules_of_other_classes_than_those_of_pytorch_are_named(tmp_path: Path) -> None:
    rnn = dictionary(weight_ih_l0=tensor(12, 3), weight_hh_l0=tensor(12, 4))
    gru = b"ctorch.nn.modules.rnn\nGRU\n)\x81" + dictionary(_parameters=rnn) + b"b"
    cell = b"c__main__\nOwnCell\n)\x81" + dictionary(_modules=dictionary(inner=gru)) + b"b"
    model = b"c__main__\nNet\n)\x81" + dictionary(_modules=dictionary(cell=cell)) + b"b"
    (tmp_path / "file").write_bytes(b"\x80\x02" + model + b".")

    assert read([tmp_path / "file"])[0]["ownClasses"] == ["cell (OwnCell)"]


def test_the_modules_of_a_sequential_run_one_after_the_other(tmp_path: Path) -> None:
    """What a class of its own, and a recurrent layer with its states, gives to the module after it is not known."""
    nn = "torch.nn.modules"
    weights = {"weight_ih_l0": tensor(18, 4), "weight_hh_l0": tensor(18, 6)}
    gru = module(f"{nn}.rnn.GRU", _parameters=dictionary(**weights))
    own = module("__main__.Own", _parameters=dictionary(**weights))
    dense = {
        size: module(f"{nn}.linear.Linear", _parameters=dictionary(weight=tensor(*size), bias=tensor(size[0])))
        for size in ((4, 4), (4, 6))
    }
    tanh, same, pool = (module(f"{nn}.{name}") for name in ("activation.Tanh", "linear.Identity", "pooling.MaxPool1d"))

    def sequence(*modules: bytes) -> bytes:
        return module(
            f"{nn}.container.Sequential", _modules=dictionary(**{str(n): one for n, one in enumerate(modules)})
        )

    models = {
        "known": sequence(dense[4, 4], sequence(tanh, same, gru)),
        "own": sequence(dense[4, 4], pool, own, tanh, dense[4, 6]),
        "inside": module("__main__.Net", _modules=dictionary(body=sequence(dense[4, 4], gru))),
    }
    for name, model in models.items():
        (tmp_path / name).write_bytes(b"\x80\x02" + model + b".")

    known, own_class, inside = read(tmp_path / name for name in models)

    assert known["text"] == "dense(4,4).activation.gru(6,seq,nobias)" and known["isOrdered"]
    assert [one["name"] for one in known["layers"]] == ["0", "1.0", "1.2"] and "bare" not in known
    text = "dense(4,4).other(params=0).gru(4,6,seq,nobias,params=180).other(params=0).activation.dense(6,4)"
    assert own_class["text"] == text and own_class["ownClasses"] == ["2 (Own)"]
    assert [one["follows"] for one in own_class["layers"]] == [False, True, False, False, True]
    assert [one["name"] for one in own_class["layers"] if "written" in one] == ["2"], "it inherits from nn.GRU"
    assert not inside["isOrdered"], "another class may run its modules in any order"


OWN_ARRAYS: dict[str, dict[str, tuple[int, ...]]] = {
    "lstm(3,5,seq)": {"W": (3, 20), "U": (5, 20), "b": (20,)},
    "lstm(3,5,seq,nobias)": {f"{w}_{gate}": (5, n) for gate in "ifco" for w, n in (("W", 3), ("U", 5))},
    "lstm(4,5,seq,params=185).other(params=10)": {
        **{f"W{gate}": (5, 9) for gate in "fico"},
        "Wy": (2, 5),
        "bf": (5, 1),
    },
    "gru(3,5,seq)": {f"{w}_{a}{b}": (n, 5) for b in "zrh" for w, a, n in (("W", "x", 3), ("W", "h", 5), ("b", "", 1))},
    "rnn(3,5,seq).other.dense(5,2)": {"Wxh": (5, 3), "Whh": (5, 5), "Why": (2, 5), "bh": (5, 1), "by": (2, 1)},
    "rnn(3,5,seq,nobias).other(params=10)": {"Wax": (5, 3), "Waa": (5, 5), "Wya": (2, 5)},
    "gru(3,5,seq,nobias)": {"encoder_Wx": (3, 15), "encoder_Wh": (5, 15)},
    "lstm(3,4,seq).other.dense(4,2)": {
        "rnn_recurrent_kernel": (4, 16),
        "rnn_kernel": (3, 16),
        "rnn_bias": (16,),
        "dense_kernel": (4, 2),
        "dense_bias": (2,),
    },
    "rnn(3,4,seq,nobias).lstm(2,bi,seq).other.dense(4,5)": {
        f"arr_{n}": shape for n, shape in enumerate([(3, 4), (4, 4), *[(4, 8), (2, 8), (8,)] * 2, (4, 5), (5,)])
    },
    "lstm(4,4,seq).lstm(4,seq).other.dense(4,5)": {
        f"arr_{n}": shape for n, shape in enumerate([*[(4, 16), (4, 16), (16,)] * 2, (4, 5), (5,)])
    },
    "gru(3,6,seq).gru(6,seq).other.dense(6,1)": {
        f"arr_{n}": shape for n, shape in enumerate([*[(n, 18) for n in (3, 6, 2, 6, 6, 2)], (6, 1), (1,)])
    },
    "lstm(3,6,seq,nobias).lstm(6,seq,nobias)": {f"arr_{n}": shape for n, shape in enumerate([(3, 24), *[(6, 24)] * 3])},
    "embedding(9,3).gru(5,seq).other.dense(5,2)": {
        f"arr_{n}": shape for n, shape in enumerate([(9, 3), (3, 15), (5, 15), (2, 15), (5, 2), (2,)])
    },
}
"""Arrays of programs in NumPy, with the names of equations or with numbers, and the text of their chain."""


def test_arrays_with_names_of_ones_own_are_layers(tmp_path: Path) -> None:
    for n, shapes in enumerate(OWN_ARRAYS.values()):
        arrays: dict[str, Any] = {name: np.zeros(shape) for name, shape in shapes.items()}
        np.savez(tmp_path / f"{n}.npz", **arrays)

    found = read(tmp_path / f"{n}.npz" for n in range(len(OWN_ARRAYS)))

    assert [one.get("text", one) for one in found] == list(OWN_ARRAYS)
    for one, shapes in zip(found, OWN_ARRAYS.values(), strict=True):
        assert known_parameters(one) == sum(map(prod, shapes.values())), one["text"]
        written = [layer["written"] for layer in one["layers"] if "written" in layer]
        assert all(each.get("isOfProgram") for each in written), "no class is known of arrays in NumPy"


def test_a_recurrent_layer_that_somebody_has_written_has_the_arrays_of_its_file(tmp_path: Path) -> None:
    """Their numbers are those of the file, and its vectors belong to it: biases and peepholes."""
    matrices: dict[str, tuple[int, ...]] = {"cell.weight_ih": (16, 3), "cell.weight_hh": (16, 4)}
    files: dict[str, dict[str, tuple[int, ...]]] = {
        "gates": {f"cell.{w}_{g}": s for g in "ifco" for w, s in (("W", (3, 4)), ("U", (4, 4)), ("b", (4,)))},
        "one matrix": {"cell.W": (3, 16), "cell.U": (4, 16), "cell.bias": (16,)},
        "peepholes": matrices | {"cell.bias": (16,)} | {f"cell.w_c{gate}": (4,) for gate in "ifo"},
        "normalized": matrices | {f"cell.norm.{name}": (16,) for name in ("weight", "bias")},
        "usual": matrices | {f"cell.bias_{name}": (16,) for name in ("ih", "hh")},
    }
    for n, shapes in enumerate(files.values()):
        arrays = {name: tensor(*shape) for name, shape in ({"fc.weight": (2, 4)} | shapes).items()}
        (tmp_path / str(n)).write_bytes(b"\x80\x02" + dictionary(**arrays) + b".")

    found = dict(zip(files, read(tmp_path / str(n) for n in range(len(files))), strict=True))

    for name, shapes in files.items():
        assert known_parameters(found[name]) == 8 + sum(map(prod, shapes.values())), name
    texts = {name: next(piece for piece in one["text"].split(".") if "lstm" in piece) for name, one in found.items()}
    assert texts == {
        "gates": "lstm(3,4,seq,params=128)",
        "one matrix": "lstm(3,4,seq,params=128)",
        "peepholes": "lstm_cell(3,4,params=140)",
        "normalized": "lstm_cell(3,4,nobias,params=144)",
        "usual": "lstm_cell(3,4)",
    }
    written = {name: [layer["written"] for layer in one["layers"] if "written" in layer] for name, one in found.items()}
    assert written["peepholes"][0]["names"] == ["bias", "w_ci", "w_cf", "w_co"] and not found["peepholes"]["unknown"]
    assert written["normalized"] and not written["usual"]
    assert not any(each.get("isOfProgram") for some in written.values() for each in some)


def known_parameters(found: dict[str, Any]) -> int:
    """The sum of the parameters that a page says of the layers of a file."""
    framework = FRAMEWORKS[found["framework"]]
    layers = named_layers(parse_chain(found["text"]), framework, None, None, time_major=True)
    return sum(one.count.value or 0 for one in layers)


class Shapes(pickle.Unpickler):
    """The sizes of the tensors in a pickle of PyTorch, by storage, without what else it would make."""

    def __init__(self, file: Any) -> None:
        super().__init__(file)
        self.sizes: dict[Any, int] = {}

    def persistent_load(self, pid: Any) -> Any:
        return pid[2]

    def find_class(self, module: str, name: str) -> Any:
        if name == "OrderedDict":
            return type(name, (dict,), {"__setstate__": lambda *_: None})
        if name == "_rebuild_tensor_v2":
            return lambda storage, offset, shape, *others: self.sizes.update({(storage, offset): prod(shape)})
        return type(name, (), {"__new__": lambda cls, *arguments: object.__new__(cls), "__setstate__": lambda *_: None})


def numbers_in(file: Path) -> int:
    """The numbers of a file that are trained, as another reader finds them."""
    if file.suffix == ".onnx":
        arrays = ModelProto.FromString(file.read_bytes()).graph.initializer
        return sum(prod(array.dims) for array in arrays if array.data_type == TensorProto.FLOAT)
    with zipfile.ZipFile(file) as archive:
        [name] = (name for name in archive.namelist() if name.endswith("data.pkl"))
        with archive.open(name) as pickled:
            shapes = Shapes(pickled)
            shapes.load()
    return sum(shapes.sizes.values())


WITH_ALL_ARRAYS = [
    "state.pt",
    "whole.pt",
    "traced.pt",
    "looped.pt",
    "last_state.pt",
    "words00.pt",
    "continued.pt",
    "ends.onnx",
    "steps.onnx",
]
"""The recorded files whose arrays are those of the model as it was made."""


@pytest.mark.parametrize("name", WITH_ALL_ARRAYS)
def test_the_known_parameters_of_a_chain_are_all_arrays_of_its_file(name: str) -> None:
    (found,) = read([RECORDED / name])

    assert known_parameters(found) == numbers_in(RECORDED / name) > 0


def test_a_matrix_before_a_layer_that_takes_its_columns_is_an_embedding(tmp_path: Path) -> None:
    """In many programs it is called encoder."""
    rnn = {"rnn__weight_ih_l0": [12, 3], "rnn__weight_hh_l0": [12, 4]}
    (tmp_path / "table").write_bytes(in_this_order(encoder__weight=[9, 3], **rnn))
    (tmp_path / "other").write_bytes(in_this_order(encoder__weight=[3, 9], **rnn))

    table, other = read([tmp_path / "table", tmp_path / "other"])

    assert table["text"] == "embedding(9,3).gru(4,seq,nobias)"
    of_model = {"gamma": [1], "queries__weight": [9, 7]}  # parameters of no layer, and a table that does not fit
    (tmp_path / "file").write_bytes(in_this_order(encoder__weight=[9, 3], **of_model, **rnn))
    (found,) = read([tmp_path / "file"])
    assert found["text"] == "embedding(9,3).gru(4,seq,nobias).other(params=64)"
    assert (other["text"], other["unknown"]) == ("dense(9,3,nobias).gru(4,seq,nobias)", [])


def test_matrices_without_a_bias_are_dense_layers_where_they_fit_what_comes_after_them(tmp_path: Path) -> None:
    """As in the prenet of Tacotron 2: what a cell gets beside them is not known."""
    cell = {"cell__weight_ih": [12, 8], "cell__weight_hh": [12, 4]}
    prenet = {"prenet__0__weight": [5, 3], "prenet__2__weight": [5, 5]}
    files = {
        "a": prenet | {"cell__weight_ih": [12, 5], "cell__weight_hh": [12, 4]},
        "b": prenet | cell,
        "c": {"prenet__0__weight": [5, 3], "prenet__2__weight": [7, 6]} | cell,
    }
    for name, shapes in files.items():
        arrays = {own.replace("__", "."): tensor(*shape) for own, shape in shapes.items()}
        (tmp_path / name).write_bytes(b"\x80\x02" + dictionary(**arrays) + b".")

    fitting, in_list, other = read(sorted(tmp_path.iterdir()))

    assert fitting["text"] == "dense(3,5,nobias).dense(5,nobias).gru_cell(4,nobias).other"
    assert in_list["text"] == "dense(3,5,nobias).dense(5,nobias).other.gru_cell(8,4,nobias).other"
    assert other["text"] == "other(params=15).other(params=42).gru_cell(8,4,nobias).other", "where the file has them"


def test_a_head_whose_matrix_is_left_out_has_that_of_the_embedding(tmp_path: Path) -> None:
    """Files of several parts do not repeat an array."""
    lm = {"embed__weight": [9, 3], "rnn__weight_ih_l0": [12, 3], "rnn__weight_hh_l0": [12, 3]}
    (tmp_path / "a").write_bytes(in_this_order(**lm, head__bias=[9]))
    (tmp_path / "b").write_bytes(in_this_order(**lm, head__bias=[7]))

    tied, other = read([tmp_path / "a", tmp_path / "b"])

    assert tied["text"] == "embedding(9,3).lstm(3,seq,nobias).other.dense(3,9,params=9)"
    assert tied["layers"][-1]["tiedTo"] == "embed" and tied["unknown"] == []
    assert other["unknown"] == ["head.bias"]


@pytest.mark.parametrize("is_sorted", [True, False], ids=["sorted", "in the order of modules"])
def test_a_matrix_as_large_as_an_embedding_returns_scores_after_a_layer_that_returns_its_columns(
    tmp_path: Path, is_sorted: bool
) -> None:
    """An embedding of another module, or one before all other layers, may be as large."""
    table, rnn = {"words.embed.weight": [23, 6]}, {"rnn.weight_ih_l0": [24, 6], "rnn.weight_hh_l0": [24, 6]}
    files = {
        "scores": table | rnn | {"back.weight": [23, 6]},
        "table": table | rnn | {"other.embed.weight": [23, 6]},
        "beside": table | rnn | {"back.weight": [23, 6], "score.weight": [23, 6], "score.bias": [23]},
        "longer": table | {"rnn.weight_ih_l0": [32, 6], "rnn.weight_hh_l0": [32, 8]} | {"back.weight": [23, 6]},
    }
    for name, shapes in files.items():
        arrays = {own.replace(".", "__"): tensor(*shape) for own, shape in shapes.items()}
        stored = (
            safetensors_of(dict(sorted(shapes.items()))) if is_sorted else b"\x80\x02" + dictionary(**arrays) + b"."
        )
        (tmp_path / name).write_bytes(stored)

    scores, other, beside, longer = read(tmp_path / name for name in files)

    assert scores["text"] == "embedding(23,6).lstm(6,seq,nobias).other.dense(6,23,nobias)"
    assert (
        [one["name"] for one in scores["layers"] if one.get("isBySizes")] == ["back"] == [scores["layers"][-1]["name"]]
    )
    for found in (other, beside, longer):
        dense = [one for one in found["layers"] if one["kind"] == "dense"]
        assert not any(one.get("isBySizes") for one in dense)


def test_two_lists_of_modules_may_alternate(tmp_path: Path) -> None:
    rnns = {f"rnns__{n}__{name}": [12, 4] for n in (0, 1) for name in ("weight_ih_l0", "weight_hh_l0")}
    (tmp_path / "a").write_bytes(in_this_order(**rnns))
    (tmp_path / "b").write_bytes(in_this_order(**rnns, norms__0__weight=[4], norms__1__weight=[4]))
    (tmp_path / "c").write_bytes(in_this_order(**rnns, norms__0__weight=[7], norms__1__weight=[7]))
    (tmp_path / "d").write_bytes(in_this_order(**rnns, fc__0__weight=[4], fc__0__bias=[4], fc__1__weight=[2, 4]))
    (tmp_path / "e").write_bytes(in_this_order(**rnns, out__0__weight=[4, 4], out__1__weight=[2, 4]))

    blocks = {f"ends__{n}__norm__{name}": [4] for n in (0, 1) for name in ("weight", "bias")}
    (tmp_path / "f").write_bytes(in_this_order(**rnns, **blocks, ends__1__fc__weight=[2, 4]))

    alone, beside, elsewhere, sequence, steps, parts = read(sorted(tmp_path.iterdir()))

    assert alone["text"] == "gru(4,4,seq,nobias).gru(4,seq,nobias)"
    assert beside["text"].startswith("gru(4,4,seq,nobias).other.gru(4,4,seq,nobias).")
    assert elsewhere["text"].startswith("gru(4,4,seq,nobias).gru(4,seq,nobias)."), "of another length"
    assert sequence["text"].startswith("gru(4,4,seq,nobias).gru(4,seq,nobias)."), "the other list is a Sequential"
    assert steps["text"].startswith("gru(4,4,seq,nobias).other.gru(4,4,seq,nobias)."), "each step may end with one"
    assert parts["text"].startswith("gru(4,4,seq,nobias).other.gru(4,4,seq,nobias)."), "or with a block of several"


def test_what_parametrizes_a_weight_is_counted_once(tmp_path: Path) -> None:
    """Orthogonal weights have a base beside the array that is trained."""
    rnn = {"rnn__weight_ih_l0": [12, 3], "rnn__parametrizations__weight_hh_l0__original": [12, 4]}
    base = {"rnn__parametrizations__weight_hh_l0__0__base": [12, 12]}
    (tmp_path / "file").write_bytes(in_this_order(**rnn, **base))

    (found,) = read([tmp_path / "file"])

    assert (found["text"], found["unknown"]) == ("gru(3,4,seq,nobias)", [])
    assert found["wrapped"] == ["rnn.parametrizations.weight_hh_l0.0.base"]


def test_an_average_of_a_model_beside_it_is_listed_once(tmp_path: Path) -> None:
    lstm = {"weight_ih_l0": [16, 3], "weight_hh_l0": [16, 4]}
    model, average, other = (
        {f"{name}__rnn__{own}": shape for own, shape in lstm.items()} for name in ("net", "ema", "b")
    )
    (tmp_path / "a").write_bytes(in_this_order(**model, **average, ema__steps=[1]))
    (tmp_path / "b").write_bytes(in_this_order(**model, **other))
    (tmp_path / "c").write_bytes(in_this_order(**model, **average, ema__head__weight=[2, 4]))
    wrapped = {name.replace("ema", "ema__module"): shape for name, shape in average.items()}
    (tmp_path / "d").write_bytes(in_this_order(**model, ema__n_averaged=[1], **wrapped))

    once, two, larger, counted = read(sorted(tmp_path.iterdir()))

    assert counted["text"] == "lstm(3,4,seq,nobias)" and counted["copies"] == ["net", "ema.module"]
    assert not counted["unknown"]
    assert once["text"] == "lstm(3,4,seq,nobias)" and once["copies"] == ["net", "ema"]
    assert two["text"].count("lstm") == larger["text"].count("lstm") == 2, "not an average, and not the same"


def test_cells_of_flax_that_are_not_known_and_attention_are_one_layer_each(tmp_path: Path) -> None:
    """Each of their matrices could be a dense layer."""
    letters = {f"{x}{gate}": (rows, 4) for gate in "fn" for x, rows in (("i", 3), ("h", 4))}
    minimal = {f"MGUCell_0/{name}/kernel": shape for name, shape in letters.items()}
    known = {f"GRUCell_0/{x}{gate}/kernel": (4, 4) for gate in "rzn" for x in "ih"}
    cells: dict[str, Any] = {name: np.zeros(shape) for name, shape in (minimal | known).items()}
    np.savez(tmp_path / "a.npz", **cells)
    rnn = {"rnn__weight_ih_l0": [12, 3], "rnn__weight_hh_l0": [12, 4]}
    own = {"in_proj_weight": [12, 4], "in_proj_bias": [12], "out_proj__weight": [4, 4], "out_proj__bias": [4]}
    attention = {f"attn__{name}": shape for name, shape in own.items()}
    (tmp_path / "b").write_bytes(in_this_order(**rnn, **attention))

    cell, attending = read([tmp_path / "a.npz", tmp_path / "b"])

    assert (cell["text"], cell["unknown"]) == ("other(params=56).gru(4,4,seq)", ["MGUCell_0"])
    assert (attending["text"], attending["unknown"]) == ("gru(3,4,seq,nobias).attention(params=80)", [])


@pytest.mark.parametrize(
    ("names", "sizes", "framework"),
    [
        ("query_dense key_dense value_dense output_dense", (8, 2, 4), "keras"),
        ("_query_dense _key_dense _value_dense _output_dense", (6, 3, 2), "keras"),
        ("query key value attention_output", (8, 2, 4), "keras"),
        ("query key value out", (8, 2, 4), "flax"),
    ],
)
def test_an_attention_with_heads_counts_all_its_arrays(
    names: str, sizes: tuple[int, int, int], framework: str, tmp_path: Path
) -> None:
    size, heads, depth = sizes
    arrays: dict[str, tuple[int, ...]] = {"head/kernel": (size, 3), "head/bias": (3,)}
    for name in names.split():
        shape = (heads, depth, size) if "out" in name else (size, heads, depth)
        arrays |= {f"mixing/{name}/kernel": shape, f"mixing/{name}/bias": shape[2:] if "out" in name else shape[1:]}
    arrays |= {"gru/kernel": (size, 12), "gru/recurrent_kernel": (4, 12), "gru/bias": (2, 12)}
    np.savez(tmp_path / "file.npz", **{name: np.zeros(shape) for name, shape in arrays.items()})  # type: ignore[arg-type]

    (found,) = read([tmp_path / "file.npz"])

    layers = {one["name"]: one for one in found["layers"]}
    count = sum(prod(shape) for name, shape in arrays.items() if name.startswith("mixing"))
    assert (layers["mixing"]["kind"], layers["mixing"]["config"]) == ("attention", {"parameters": count})
    assert layers["mixing"]["framework"] == framework
    assert not found["unknown"]


@pytest.mark.parametrize("collection", ["", "params__", "net__"])
def test_no_layer_of_flax_has_the_name_of_the_collection_of_all_parameters(collection: str, tmp_path: Path) -> None:
    cell = {f"GRUCell_0__{x}{gate}__kernel": [rows, 4] for gate in "rzn" for x, rows in (("i", 3), ("h", 4))}
    arrays = {f"{collection}{name}": shape for name, shape in (cell | {"head__kernel": [4, 2]}).items()}
    (tmp_path / "file").write_bytes(in_this_order(**arrays))

    (found,) = read([tmp_path / "file"])

    outer = "net." if collection == "net__" else ""
    assert found["layers"][-1]["name"] == f"{outer}head"


def test_the_types_of_numbers_are_named(tmp_path: Path) -> None:
    sizes = {"weight_ih_l0": (12, 3), "weight_hh_l0": (12, 4)}
    rnn: dict[str, Any] = {name: np.zeros(size, np.float16) for name, size in sizes.items()}
    np.savez(tmp_path / "half.npz", **rnn, steps=np.zeros(2, int))
    brain = safetensors_of({name: [*size] for name, size in sizes.items()}, "BF16", 2)
    (tmp_path / "brain.safetensors").write_bytes(brain)

    files = [tmp_path / "half.npz", tmp_path / "brain.safetensors", RECORDED / "quantized.pt", RECORDED / "legacy.pth"]

    assert [one["types"] for one in read(files)] == [["float16"], ["bfloat16"], ["float32", "int8"], ["float32"]]
    policies = [
        "float32",
        {"config": {"name": "mixed_float16"}},
        {"config": {"source_name": "float32", "mode": "int8"}},
    ]
    words = {"class_name": "InputLayer", "config": {"batch_shape": [None, 5, 3], "dtype": "int32"}}  # no number of it
    layers = [words, *({"class_name": "LSTM", "config": {"units": 4, "dtype": dtype}} for dtype in policies)]
    (tmp_path / "model.json").write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    (found,) = read([tmp_path / "model.json"])
    assert (found["types"], found["policies"]) == (["float32", "int8"], ["mixed_float16"])


def test_layers_whose_own_numbers_are_integers_are_told_from_others() -> None:
    """Keras and ONNX Runtime quantize some layers of these models, and have a scale for each id, row or unit."""
    keras, onnx, torch = read(RECORDED / name for name in ("quantized3.keras", "quantized.onnx", "quantized.pt"))

    def integers(found: dict[str, Any]) -> list[str]:
        return [one["kind"] for one in found["layers"] if any("int" in type for type in one["types"])]

    assert integers(keras) == ["embedding", "dense"] and keras["scales"] == 5 + 2
    assert integers(onnx) == ["embedding", "lstm", "lstm", "dense"], "there is no quantized GRU"
    assert integers(torch) == ["lstm", "gru", "dense"], "PyTorch was asked for these"
    types = {one["kind"]: sorted(one["types"]) for one in torch["layers"]}
    biased = ["float32", "int8"]
    assert types == {"embedding": ["float32"], "lstm": biased, "gru": biased, "dense": biased}, "biases stay float32"


def test_wrapped_weights_are_found(tmp_path: Path) -> None:
    """Spectral norm has vectors beside the weight, and cells have no level in their names."""
    rows = {"weight_hh_orig": [12, 4], "weight_hh_u": [12], "weight_hh_v": [4], "weight_ih_g": [12, 1]}
    (tmp_path / "file").write_bytes(in_this_order(**rows, weight_ih_v=[12, 3]))

    (found,) = read([tmp_path / "file"])
    assert found["text"] == "gru_cell(3,4,nobias,params=96).other", "36 + 48 numbers, and the length of 12 rows"
    assert found["wrapped"] == ["weight_hh_u", "weight_hh_v"]
    assert found["layers"][0]["lengths"] == 12


def test_what_a_normalization_of_weights_adds_is_in_no_layer(tmp_path: Path) -> None:
    """As torch.nn.utils.weight_norm, its parametrization, and the DropConnect of AWD-LSTM name arrays. The lengths of
    rows are trained."""
    rnn = {"rnn__module__weight_ih_l0": [16, 3], "rnn__module__weight_hh_l0_raw": [16, 4]}
    old = {"fc__weight_g": [2, 1], "fc__weight_v": [2, 4], "fc__bias": [2]}
    new = {"fc__parametrizations__weight__original0": [2, 1], "fc__parametrizations__weight__original1": [2, 4]}
    for name, dense in (("old", old), ("new", {**new, "fc__bias": [2]})):
        (tmp_path / name).write_bytes(in_this_order(**rnn, **dense))

    for found in read([tmp_path / "old", tmp_path / "new"]):
        assert found["text"] == "lstm(3,4,seq,nobias).other.dense(4,2,params=12)", "2 × 4 + 2 + 2"
        assert (found["unknown"], found["wrapped"]) == ([], [])


def test_the_raw_weight_of_a_wrapper_around_a_module_is_the_weight_of_the_module(tmp_path: Path) -> None:
    """As in the checkpoints of fastai, of which some have the weight after the dropout, too."""
    raw = {"rnns__0__weight_hh_l0_raw": [16, 4]}
    module = {"rnns__0__module__weight_ih_l0": [16, 3], "rnns__0__module__bias_ih_l0": [16]}
    both = {**module, "rnns__0__module__weight_hh_l0": [16, 4]}
    for name, given in (("raw", module), ("both", both)):
        (tmp_path / name).write_bytes(in_this_order(**raw, **given))

    for found in read([tmp_path / "raw", tmp_path / "both"]):
        assert (found["text"], found["unknown"]) == ("lstm(3,4,seq)", [])


def test_unusual_pickles_are_read(tmp_path: Path) -> None:
    arrays = {"weight_ih_l0": tensor(12, 3), "weight_hh_l0": tensor(12, 4)}
    state = dictionary(**{f"rnn__{name}": array for name, array in arrays.items()})
    sparse = b"ctorch._utils\n_rebuild_sparse_tensor\n(N(" + tensor(2, 9) + tensor(9, 1) + b"K\x0cK\x03\x86\x88ttR"
    namespace = b"ctypes\nSimpleNamespace\n)R"
    function = b"c__builtin__\ngetattr\n(ctorch\nnn\n" + text("tanh") + b"tR"
    stores = b"ctorch._utils\n_rebuild_tensor_v2\n(" + stored(b"\x80\x02N.") + b"K\x00K\x0cK\x03\x86\x88NtR"
    harmless = b"ccollections\ndeque\n)R", b"cfunctools\npartial\n(cown\nfunction\ntR", b"cdatetime\ntimezone\n)R"
    average = dictionary(**{f"rnn__{name}": array + b"0" + array for name, array in arrays.items()})
    settings = {"batch_first": text("yes"), "dropout": text("no"), "activation": function}
    module = b"ctorch.nn\nGRU\n)\x81" + dictionary(_parameters=dictionary(**arrays), **settings) + b"b"
    own = b"c__main__\nNet\n)\x81" + dictionary(_modules=dictionary(rnn=module)) + b"b"
    header = pickle.dumps(0x1950A86A20F9469CFC6C, 4) + pickle.dumps(1001, 4) + pickle.dumps({}, 4)
    pickles = {
        "sparse": dictionary(rnn__weight_ih_l0=sparse, rnn__weight_hh_l0=arrays["weight_hh_l0"]),
        "namespace": dictionary(options=namespace, model=state),
        "pickled": dictionary(rnn__weight_ih_l0=stores, rnn__weight_hh_l0=arrays["weight_hh_l0"]),
        "harmless": dictionary(model=state, history=harmless[0], function=harmless[1], zone=harmless[2]),
        "average": dictionary(model=state, average=average),
        "twice": dictionary(model=state + b"q\x09", average=b"h\x09"),
        "module": own,
        "legacy_of_protocol_4": state,
    }
    for name, content in pickles.items():
        before, after = (header, pickle.dumps([], 4)) if "legacy" in name else (b"", b"")
        (tmp_path / name).write_bytes(before + b"\x80\x02" + content + b"." + after)

    found = dict(zip(pickles, read(tmp_path / name for name in pickles), strict=True))

    assert {name: one.get("text", one) for name, one in found.items()} == dict.fromkeys(pickles, "gru(3,4,seq,nobias)")
    config = found["module"]["layers"][0]["config"]
    assert (config["batch_first"], config["dropout"]) == (None, None)
    assert {name for name, one in found.items() if one["copies"] == ["model", "average"]} == {"average", "twice"}
    left_out = {name: one["leftOut"] for name, one in found.items() if "leftOut" in one}
    assert left_out == {"namespace": ["options"], "harmless": ["history", "function", "zone"]}


def test_several_models_in_a_file_are_not_joined_and_what_else_it_has_is_left_out(tmp_path: Path) -> None:
    """As the two networks of a GAN, of which the second one takes as many numbers as the first one returns."""

    def gru(features: int, units: int) -> bytes:
        return dictionary(weight_ih_l0=tensor(3 * units, features), weight_hh_l0=tensor(3 * units, units))

    both = {"gen": gru(3, 4), "disc": gru(4, 5)}
    others = {"step": b"K\x03", "optimizer": dictionary(state=b"}K\x00" + tensor(4) + b"s"), "head": tensor(2, 5)}
    (tmp_path / "0").write_bytes(b"\x80\x02" + dictionary(**both, step=others["step"]) + b".")
    (tmp_path / "1").write_bytes(
        b"\x80\x02" + dictionary(**both, step=others["step"], optimizer=others["optimizer"]) + b"."
    )
    (tmp_path / "2").write_bytes(b"\x80\x02" + dictionary(**both, head=others["head"]) + b".")

    alone, with_state, with_array = read(sorted(tmp_path.iterdir()))

    assert alone["text"] == with_state["text"] == "gru(3,4,seq,nobias).other.gru(4,5,seq,nobias)"
    assert alone["models"] == with_state["models"] == ["gen", "disc"]
    assert (alone["leftOut"], with_state["leftOut"]) == (["step"], ["step", "optimizer"])
    assert "models" not in with_array, "an array beside them is of the same model"


def test_a_model_whose_average_is_beside_it_is_not_listed_as_several_models(tmp_path: Path) -> None:
    arrays = {"weight_ih_l0": tensor(12, 3), "weight_hh_l0": tensor(12, 4)}
    model = dictionary(**{f"module__rnn__{name}": array for name, array in arrays.items()})
    average = dictionary(**{f"rnn__{name}": array for name, array in arrays.items()})
    (tmp_path / "file").write_bytes(b"\x80\x02" + dictionary(model=model, ema=average) + b".")

    (found,) = read([tmp_path / "file"])

    assert found["copies"] == ["model.module", "ema"] and len(found["layers"]) == 1
    assert "models" not in found


def test_the_buffers_of_a_module_are_no_parameters(tmp_path: Path) -> None:
    rnn = dictionary(weight_ih_l0=tensor(12, 3), weight_hh_l0=tensor(12, 4))
    cell = b"ctorch.nn.modules.rnn\nGRU\n)\x81" + dictionary(_parameters=rnn) + b"b"
    arrays = dictionary(memory=tensor(5, 6)), dictionary(table=tensor(7, 2))
    parts = dictionary(_buffers=arrays[0], _parameters=arrays[1], _modules=dictionary(rnn=cell))
    (tmp_path / "file").write_bytes(b"\x80\x02cmine\nNet\n)\x81" + parts + b"b.")

    (found,) = read([tmp_path / "file"])

    assert found["text"] == "other(params=14).gru(3,4,seq,nobias)"
    assert sorted(found["unknown"]) == ["memory", "table"]


def test_a_text_that_would_be_too_long_has_no_numbers_of_parameters(tmp_path: Path) -> None:
    convolutions = {f"conv{n}__weight": [800, 300, 5] for n in range(90)}
    rnn = {"rnn__weight_ih_l0": [12, 3], "rnn__weight_hh_l0": [12, 4]}
    (tmp_path / "file").write_bytes(in_this_order(**convolutions, **rnn))

    text = ".".join(["convolution"] * 90) + ".other.gru(3,4,seq,nobias)"
    assert read([tmp_path / "file"])[0]["text"] == text


def test_arrays_of_keras_that_no_known_cell_has_are_not_taken_for_one(tmp_path: Path) -> None:
    cell = {"cell/kernel": (4, 48), "cell/recurrent_kernel": (12, 48), "cell/bias": (48,)}
    peepholes = {f"cell/{gate}_gate_peephole_weights": (12,) for gate in ("input", "forget", "output")}
    for name, shapes in {"a": cell, "b": cell | peepholes, "c": cell | {"cell/decay": (12,)}}.items():
        cells: dict[str, Any] = {own: np.zeros(shape) for own, shape in shapes.items()}
        np.savez(tmp_path / f"{name}.npz", **cells)

    plain, peeping, other = read(sorted(tmp_path.iterdir()))

    assert (plain["text"], peeping["text"]) == ("lstm(4,12,seq)", "lstm(4,12,seq,peepholes)")
    assert peeping["unknown"] == [] and other.get("reason") is not None


def test_a_file_without_a_recurrent_layer_names_what_may_be_one(tmp_path: Path) -> None:
    def entry(kind: str, name: str) -> dict[str, Any]:
        return {"class_name": kind, "config": {"name": name}}

    layers = [entry("Frames", "frames"), entry("Flatten", "flat"), entry("MyCell", "own"), entry("Dense", "out")]
    (tmp_path / "a.json").write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    kind = TensorProto.FLOAT
    state, given = (helper.make_tensor_value_info(name, kind, [2]) for name in "sx")
    step = helper.make_graph(
        [helper.make_node("Tanh", ["s"], ["t"])], "step", [state], [helper.make_tensor_value_info("t", kind, [2])]
    )
    scan = helper.make_node("Scan", ["x"], ["y"], num_scan_inputs=0, body=step)
    for name, nodes in (("b", [scan, scan]), ("c", [helper.make_node("MatMul", ["x", "x"], ["y"])])):
        graph = helper.make_graph(nodes, "graph", [given], [helper.make_tensor_value_info("y", kind, [2])])
        (tmp_path / f"{name}.onnx").write_bytes(helper.make_model(graph).SerializeToString())
    (tmp_path / "d.safetensors").write_bytes(
        safetensors_file(b'{"fc.weight": {"shape": [2, 3], "data_offsets": [0, 0]}}')
    )
    (tmp_path / "e.pt").write_bytes(b"\x80\x02}.")
    pickled = b"csklearn.linear_model\nClassifier\n)\x81" + dictionary(coefficients=tensor(4, 7)) + b"b"
    (tmp_path / "f.pkl").write_bytes(b"\x80\x02" + pickled + b".")
    dense = {"class_name": "Dense", "config": {"name": "out", "units": 2}}
    module = "__torch__.torch.nn.modules.container.___torch_mangle_3"
    script = f"c{module}\nSequential\n)\x81".encode("latin-1") + dictionary(weight=tensor(8, 6)) + b"b"
    (tmp_path / "f_script.pkl").write_bytes(b"\x80\x02" + script + b".")
    (tmp_path / "g.json").write_text(json.dumps({"class_name": "Sequential", "config": {"layers": [dense]}}))

    assert [(one["reason"], one["values"]) for one in read(sorted(tmp_path.iterdir()))] == [
        ("fileNoLayersKnown", {"names": ["frames (Frames)", "own (MyCell)"]}),
        ("fileNoLayersLoops", {"loops": ["2 × Scan"]}),
        ("fileNoLayersOperations", {}),
        ("fileNoLayersKnown", {"names": ["fc.weight 2 × 3"]}),
        ("fileNoArrays", {}),
        ("fileNoLayersKnown", {"names": ["sklearn.linear_model.Classifier", "coefficients 4 × 7"]}),
        ("fileNoLayersKnown", {"names": ["torch.nn.modules.container.Sequential", "weight 8 × 6"]}),
        ("fileNoLayersKnown", {"names": ["out dense(2)"]}),
    ], "only those who write graphs replace layers by operations"


def test_arrays_of_integers_are_no_parameters(tmp_path: Path) -> None:
    """Counters and places are saved beside the weights."""
    shapes = {"rnn.weight_ih_l0": [4, 3], "rnn.weight_hh_l0": [4, 4], "norm.steps": [], "places": [1, 9], "factor": []}
    kinds = {"norm.steps": "i4", "places": "i4"}
    whole = safetensors_of(shapes)
    for name in kinds:
        at = whole.index(name.encode())
        whole = whole[:at] + whole[at:].replace(b"F32", b"I32", 1)
    (tmp_path / "a.safetensors").write_bytes(whole)
    arrays = {name: np.zeros(shape, kinds.get(name, "f4")) for name, shape in shapes.items()}
    np.savez(tmp_path / "b.npz", **arrays)  # type: ignore[arg-type]

    for found in read(sorted(tmp_path.iterdir())):
        assert (found["text"], found["unknown"]) == ("rnn(3,4,seq,nobias).other(params=1)", ["places", "factor"])


def test_parameters_of_convolutions_and_normalizations_are_counted(tmp_path: Path) -> None:
    layers = [
        ("Conv1D", {"filters": 8, "kernel_size": [5], "strides": [1], "padding": "same"}, 128),  # 5·3·8 + 8
        ("BatchNormalization", {"axis": [2], "center": False}, 8),
        ("PReLU", {"shared_axes": [1]}, 8),
        ("LayerNormalization", {"axis": [1, 2]}, 2 * 40 * 8),
        ("LSTM", {"units": 2}, None),
    ]
    entries = [{"class_name": name, "config": config} for name, config, _ in layers]
    entries[0]["build_config"] = {"input_shape": [None, 40, 3]}
    model = {"class_name": "Sequential", "config": {"layers": entries}}
    (tmp_path / "model.json").write_text(json.dumps(model))
    convolution = {
        "conv__weight": [8, 3, 5],
        "conv__bias": [8],
        "rnn__weight_ih_l0": [8, 8],
        "rnn__weight_hh_l0": [8, 2],
    }
    (tmp_path / "file").write_bytes(in_this_order(**convolution))

    arrays, keras = read([tmp_path / "file", tmp_path / "model.json"])

    assert [one["config"].get("parameters") for one in keras["layers"]] == [count for *_, count in layers]
    assert arrays["text"] == "convolution(params=128).other.lstm(8,2,seq,nobias)"


def program(parameters: dict[str, list[int]], nodes: list[tuple[str, list[str | list[str]], str]]) -> bytes:
    """A .pt2 file: the shapes of its parameters, and its nodes."""

    def argument(names: str | list[str]) -> dict[str, Any]:
        if isinstance(names, str):
            return {"name": "", "arg": {"as_tensor": {"name": names}}}
        return {"name": "", "arg": {"as_tensors": [{"name": name} for name in names]}}

    graph = {
        "nodes": [
            {
                "target": f"torch.ops.aten.{kind}.default",
                "inputs": [argument(name) for name in given],
                "outputs": [{"as_tensor": {"name": output}}],
            }
            for kind, given, output in nodes
        ],
        "tensor_values": {name: {"sizes": [{"as_int": n} for n in shape]} for name, shape in parameters.items()},
    }
    specs = [{"parameter": {"arg": {"name": name}, "parameter_name": name}} for name in parameters]
    module = {"graph": graph, "signature": {"input_specs": specs}}
    return zipped({"a/models/model.json": json.dumps({"graph_module": module}).encode()})


def test_an_embedding_may_have_the_matrix_of_a_dense_layer_and_steps_may_share_layers(tmp_path: Path) -> None:
    parameters = {
        "table.weight": [9, 4],
        "rnn.weight_ih_l0": [16, 4],
        "rnn.weight_hh_l0": [16, 4],
        "norm.weight": [4],
        "fc.weight": [9, 4],
        "fc.bias": [9],
    }
    nodes: list[tuple[str, list[str | list[str]], str]] = [
        ("embedding", ["fc.weight", "x"], "e"),
        ("lstm", ["e", "h", ["rnn.weight_ih_l0", "rnn.weight_hh_l0"]], "y"),
        ("layer_norm", ["y", "", "norm.weight"], "n"),
        ("linear", ["n", "fc.weight", "fc.bias"], "z"),
        ("linear", ["n", "fc.weight", "fc.bias"], "again"),
    ]
    (tmp_path / "tied.pt2").write_bytes(program(parameters, nodes))
    del parameters["table.weight"]  # newer versions write it once
    (tmp_path / "once.pt2").write_bytes(program(parameters, nodes))

    for found in read([tmp_path / "tied.pt2", tmp_path / "once.pt2"]):
        assert found["text"] == "embedding(9,4).lstm(4,seq,nobias).normalization(params=4).dense(9,params=9,runs=2)"


def test_arrays_with_the_same_storage_count_once(tmp_path: Path) -> None:
    def text(value: str) -> bytes:
        return b"X" + struct.pack("<I", len(value)) + value.encode()

    def tensor(name: str, key: str, *shape: int) -> bytes:
        storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text(key) + text("cpu") + b"K\x01tQ"
        sizes = b"(" + b"".join(b"K%c" % size for size in shape) + b"t"
        return text(name) + b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K\x00" + sizes + b")\x89}tR"

    rnn = tensor("rnn.weight_ih_l0", "1", 16, 4) + tensor("rnn.weight_hh_l0", "2", 16, 4)
    table, dense = tensor("table.weight", "0", 9, 4), tensor("fc.weight", "0", 9, 4) + tensor("fc.bias", "3", 9)
    (tmp_path / "tied.pt").write_bytes(zipped({"a/data.pkl": b"\x80\x02}(" + table + rnn + dense + b"u."}))

    (found,) = read([tmp_path / "tied.pt"])

    assert found["text"] == "embedding(9,4).lstm(4,seq,nobias).other.dense(4,9,params=9)"
    assert found["shared"] == [["table.weight", "fc.weight"]]
    scores = tensor("back.weight", "0", 9, 4)
    (tmp_path / "no_bias.pt").write_bytes(zipped({"a/data.pkl": b"\x80\x02}(" + table + rnn + scores + b"u."}))
    (found,) = read([tmp_path / "no_bias.pt"])
    assert found["text"] == "embedding(9,4).lstm(4,seq,nobias).other.dense(4,9,nobias,params=0)"
    assert chain_text(parse_chain(found["text"])) == found["text"]


def test_a_layer_that_gets_steps_follows_nothing_that_is_computed_from_a_cell(tmp_path: Path) -> None:
    """A cell returns one step. The names are in another order than the layers run."""
    first = {"lift.weight": [32, 7], "lift.bias": [32]}
    rnn = {
        f"rnn.weight_{of}_l{level}{way}": [32, columns]
        for level in range(2)
        for way in ("", "_reverse")
        for of, columns in (("ih", 64 if level else 32), ("hh", 32))
    }
    cell = {"cell.weight_ih": [96, 64], "cell.weight_hh": [96, 32]}
    last = {"out.weight": [7, 32], "out.bias": [7]}
    files = {"all": first | rnn | cell | last, "without": rnn | cell | {"a_head.weight": [32, 32], "a_head.bias": [32]}}
    for name, shapes in files.items():
        (tmp_path / name).write_bytes(safetensors_of(dict(sorted(shapes.items()))))

    found, other = (one["text"] for one in read(tmp_path / name for name in files))

    assert found.startswith("rnn(32,32,bi,seq,nobias,layers=2).other.gru_cell(64,32,nobias)")
    assert "rnn(32,32,bi" in other, "it says what it gets itself"


@pytest.mark.parametrize("norm", ["gate_norm", "norm"])
def test_the_layers_of_numbered_blocks_stay_together_where_all_sizes_fit(tmp_path: Path, norm: str) -> None:
    """A projection, ten blocks of a recurrent layer with a normalization after it, and dense layers after them: no
    other layer is between the blocks, whichever names they have."""
    shapes: dict[str, list[int]] = {"into.weight": [11, 6], "into.bias": [11], "head.weight": [5, 26], "head.bias": [5]}
    for n in range(10):
        features = 26 if n else 11
        for end in ("l0", "l0_reverse"):
            shapes |= {f"net.{n}.rnn.weight_ih_{end}": [39, features], f"net.{n}.rnn.weight_hh_{end}": [39, 13]}
            shapes |= {f"net.{n}.rnn.bias_{which}_{end}": [39] for which in ("ih", "hh")}
        shapes |= {f"net.{n}.{norm}.{part}": [26] for part in ("weight", "bias")}
    (tmp_path / "model").write_bytes(safetensors_of(dict(sorted(shapes.items()))))

    (found,) = read([tmp_path / "model"])

    blocks = [f"net.{n}.{name}" for n in range(10) for name in ("rnn", norm)]
    assert [one["name"] for one in found["layers"]] == ["into", *blocks, "head"]
    assert found["isFitted"] and not found["isOrdered"]
