"""Files that must be refused, with the reason of each: none of them is executed, unpacked or followed."""

import io
import json
import os
import pickle
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np


class Call:
    """Pickled as a call of a function."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.function, self.arguments


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def safetensors(header: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header


def safetensors_of(shapes: dict[str, list[int]], dtype: str = "F32", size: int = 4) -> bytes:
    """A .safetensors file with arrays of zeros, one after the other, of a type whose numbers have ``size`` bytes."""
    header, end = {}, 0
    for name, shape in shapes.items():
        start, end = end, end + size * prod(shape)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}
    return safetensors(json.dumps(header).encode()) + bytes(end)


def hostile(samples: dict[str, bytes], outside: dict[str, bytes]) -> Iterator[tuple[str, bytes, str]]:
    """The name of each file, its bytes, and the reason of the refusal. ``samples``: valid files,
    by name; ``outside``: HDF5 files with data outside of themselves."""
    yield "empty", b"", "fileEmpty"
    yield "noise", bytes(range(200, 256)) * 20, "fileUnknown"

    yield "huge_header.safetensors", safetensors(b'{"a":1}', 2**62), "fileFar"
    yield "huge_header_without_arrays.safetensors", safetensors(b"{}" + b" " * 100, 2**62), "fileFar"
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    yield "pointer.safetensors", pointer, "filePointer"
    yield "deep.safetensors", safetensors(b'{"a":' * 100_000), "fileDeep"
    yield "lists.safetensors", safetensors(b"[" * 100_000), "fileDeep"
    yield "list.safetensors", safetensors(b"[]"), "fileDamaged"
    yield "no_json.safetensors", safetensors(b'{"a":x}'), "fileDamagedText"
    yield "unended_text.safetensors", safetensors(b'{"' + b"[" * 7_000), "fileDamagedText"
    beyond = {"a": {"dtype": "F32", "shape": [9], "data_offsets": [0, 10**12]}}
    for size in (-4, 10**12):
        entry = {"dtype": "F32", "shape": [size, 4], "data_offsets": [0, 0]}
        names = "rnn.weight_ih_l0", "rnn.weight_hh_l0"
        yield f"size{size}.safetensors", safetensors(json.dumps(dict.fromkeys(names, entry)).encode()), "fileSize"
    wide = ("rnn.weight_ih_l0", [50_000, 50_000_000]), ("rnn.weight_hh_l0", [50_000, 12_500])
    shapes = {name: {"shape": shape, "data_offsets": [0, 0]} for name, shape in wide}
    yield "wide.safetensors", safetensors(json.dumps(shapes).encode()), "fileSize"
    gru = samples["own_layer.weights.h5"]
    for rows, other in {3: 50_000_000, 4: 12_500, 2: 2}.items():
        gru = gru.replace(struct.pack("<QQ", rows, 12), struct.pack("<QQ", other, 37_500))
    yield "wide.weights.h5", gru, "fileSize"
    valid: dict[str, Any] = {"dtype": "F32", "shape": [1], "data_offsets": [0, 0]}
    odd: list[dict[str, Any]] = [{"shape": [{}]}, {"shape": [1] * 65}, {"data_offsets": ["0", "0"]}]
    for n, fields in enumerate(odd):
        yield f"entry{n}.safetensors", safetensors(json.dumps({"a": valid | fields}).encode()), "fileDamaged"
    whole = safetensors_of({"rnn.weight_ih_l0": [4, 3], "rnn.weight_hh_l0": [4, 4]})
    yield "fewer_bytes.safetensors", whole.replace(b"[4, 3]", b"[4, 2]"), "fileArrayBytes"
    yield "overlapping.safetensors", whole.replace(b"[48, 112]", b"[44, 108]"), "fileOverlap"
    yield "hole.safetensors", whole.replace(b"[48, 112]", b"[52, 116]") + bytes(4), "fileHole"
    yield "more_bytes.safetensors", whole + bytes(1), "fileHole"
    objects = b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (2,), }"
    yield "empty.npz", zipped({}), "fileEmptyArchive"
    yield "objects.npz", zipped({"weights.npy": objects}), "fileObjects"
    some = {"weights.npy": objects, "mean.npy": objects.replace(b"|O", b"<f8")}
    yield "some_objects.npz", zipped(some), "fileSomeObjects"
    sized = {"weight_ih_l0": b"8, 3", "weight_hh_l0": b"8, 2"}
    no_weights = {f"rnn.{name}.npy": objects.replace(b"2,", size) for name, size in sized.items()}
    yield "objects_as_weights.npz", zipped(no_weights), "fileObjects"
    huge = field(5, field(1, b"hidden_size") + b"\x18" + varint(2**40))
    yield "huge.onnx", b"\x08\x08" + field(7, field(1, field(2, b"y") + field(4, b"LSTM") + huge)), "fileSize"
    wide_onnx = field(5, field(1, b"hidden_size") + b"\x18" + varint(100_000))
    yield "wide.onnx", b"\x08\x08" + field(7, field(1, field(2, b"y") + field(4, b"LSTM") + wide_onnx)), "fileSize"
    yield "beyond.safetensors", safetensors(json.dumps(beyond).encode()), "fileArrayBytes"
    beyond["a"]["data_offsets"] = [0, 36]
    yield "incomplete.safetensors", safetensors(json.dumps(beyond).encode()), "fileTruncated"

    for protocol in range(2, 6):
        yield f"system{protocol}.pt", pickle.dumps(Call(os.system, "true"), protocol), "filePickle"
    yield "eval.pt", zipped({"a/data.pkl": pickle.dumps({"weight_ih_l0": Call(eval, "1")}, 2)}), "filePickle"
    yield "import.pt", b"\x80\x02cos\nsystem\n(X\x02\x00\x00\x00idtR.", "filePickle"
    yield "instance.pt", b"\x80\x02(X\x02\x00\x00\x00idios\nsystem\n.", "filePickle"
    yield "object.pt", b"\x80\x02(cos\nsystem\nX\x02\x00\x00\x00ido.", "filePickle"
    yield "newobj.pt", b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85\x81.", "filePickle"
    yield "getattr.pt", pickle.dumps(Call(getattr, "a", "upper"), 4), "filePickle"
    yield "method.pt", b"\x80\x02cbuiltins\ngetattr\n(cown\nNet\n)\x81X\x01\x00\x00\x00atR)R.", "filePickle"
    yield "within.pt", b"\x80\x02" + stored(pickle.dumps(Call(os.system, "true"), 2)) + b".", "filePickle"
    yield "within_within.pt", b"\x80\x02" + stored(b"\x80\x02" + stored(b"N.") + b".") + b".", "fileDamaged"
    again = stored(b"\x80\x02" + b"N0" * 1000 + b"N.")[: -len(b"\x85R")]
    many = again + b"q\x01\x85Rh\x00" + b"h\x01\x85Rh\x00" * 20_000
    yield "within_many_times.pt", b"\x80\x02" + many.replace(b"bytes\n", b"bytes\nq\x00", 1) + b".", "fileParts"
    yield "extension.pt", b"\x80\x02\x82\x01.", "fileDamaged"
    magic = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + pickle.dumps({}, 2)
    storage = b"\x80\x02(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000N]tQ."
    yield "length_of_storage.pt", magic + storage + pickle.dumps([], 2), "fileDamaged"
    yield "no_stop.pt", b"\x80\x02]", "fileTruncated"
    yield "long_text.pt", b"\x80\x02X\xff\xff\xff\xffabc", "fileTruncated"
    nested = b"\x80\x02}" + b"X\x01\x00\x00\x00a}" * 500 + b"s" * 500 + b"."
    yield "deep.pt", nested, "fileDeep"
    doubled = b"\x80\x02}q\x00" + b"".join(
        b"}(X\x01\x00\x00\x00ah%cX\x01\x00\x00\x00bh%cuq%c" % (n, n, n + 1) for n in range(50)
    )
    yield "doubled.pt", doubled + b".", "fileDeep"
    yield "doubled_modules.pt", modules_in_modules(28, "m"), "fileDeep"
    yield "long_names_of_modules.pt", modules_in_modules(28, "m" * 300), "fileParts"
    yield "cycle.pt", b"\x80\x02}q\x00X\x01\x00\x00\x00ah\x00s.", "fileDeep"

    yield "dictionaries.pt", b"\x80\x02" + b"}" * 75_001 + b".", "fileParts"
    yield "marks.pt", b"\x80\x02" + b"(" * 1001 + b".", "fileParts"
    yield "operations.pt", b"\x80\x02" + b"N0" * 200_001 + b"N.", "fileParts"
    doubled_name = b"\x80\x02X\x01\x00\x00\x00aq\x00" + b"h\x00h\x00\x86q\x00" * 40 + b"h\x00h\x00\x93."
    yield "doubled_name.pt", doubled_name, "fileDamaged"
    pairs = b"\x80\x02(" + b"NN\x86" * 20_000 + b"lq\x00ccollections\nOrderedDict\nq\x01"
    yield "copies.pt", pairs + b"h\x01h\x00\x85R" * 20_000 + b".", "fileNoArrays"

    ones = b"(" + b"K\x01" * 40_000 + b"lq\x000ctorch._utils\n_rebuild_tensor\nq\x010"
    yield "axes.pt", b"\x80\x02" + ones + b"h\x01(NK\x00h\x00tR0" * 9000 + b"N.", "fileDamaged"
    class_name = b"c" + b"a" * 999 + b"\n" + b"b" * 999 + b"\n"
    storages = b"(X\x07\x00\x00\x00storage" + class_name + b"X\x01\x00\x00\x000tq\x000" + b"h\x00Q0" * 60_000
    yield "class_names.pt", b"\x80\x02" + storages + b"N.", "fileNoArrays"
    yield "long_class_name.pt", b"\x80\x02c" + b"." * 1_500_000 + b"\nx\n.", "fileDamaged"
    key = b"X" + struct.pack("<I", 1_000_000) + b"k" * 1_000_000
    storage_name = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\n" + key + b"tQ."
    yield "long_name_of_storage.pt", b"\x80\x02" + storage_name, "fileDamaged"
    doubled_key = b"]q\x00" + b"h\x00h\x00\x86q\x00" * 40 + b"0}h\x00}X\x01\x00\x00\x00w" + TENSOR + b"ss."
    yield "doubled_key.pt", b"\x80\x02" + doubled_key, "fileNoLayersKnown"
    calling = b"ctorch._tensor\n_rebuild_from_type_v2\nq\x00]q\x01(h\x00Nh\x01eR."
    yield "calls_itself.pt", b"\x80\x02" + calling, "fileDamaged"

    bomb = zipped({"config.json": b" " * 30_000_000, "metadata.json": b"{}"}, zipfile.ZIP_DEFLATED)
    yield "values.safetensors", safetensors(b'{"a":[' + b"0," * 200_001 + b"0]}"), "fileParts"
    yield "members.npz", zipped(dict.fromkeys(map(str, range(20_001)), b"")), "fileParts"
    yield "bomb.keras", bomb, "fileBomb"
    packed = zipped({"config.json": b" " * 1_200_000, "metadata.json": b"{}"}, zipfile.ZIP_DEFLATED)
    yield "packed.keras", packed, "filePacked"
    yield (
        "bomb_of_another_size.keras",
        bomb.replace(struct.pack("<I", 30_000_000), struct.pack("<I", 1000)),
        "fileDamagedText",
    )
    yield "overlapping.npz", overlapping(240), "fileDamaged"
    config = zipped({"config.json": noise(8_000_000), "metadata.json": b"{}"}, zipfile.ZIP_DEFLATED)
    yield "large_config.keras", config, "fileTooMuch"
    yield "empty_blocks.keras", empty_blocks(4_000_000), "fileDamaged"
    yield "nested.keras", zipped({"config.json": zipped({"config.json": b"{}"})}), "fileDamagedText"
    yield (
        "saved_model.zip",
        zipped({"saved_model.pb": b"", "variables/variables.data-00000-of-00001": b""}),
        "fileSavedModel",
    )
    yield "saved_model.pb", b"\x08\x01" + field(2, bytes(2000)), "fileSavedModel"
    yield "damaged.index", bytes(range(40)) + bytes.fromhex("57fb808b247547db"), "fileDamaged"
    yield "other.zip", zipped({"readme.txt": b"hello"}), "fileUnknown"
    sealed = bytearray(zipped({"a/data.pkl": b"\x80\x02}."}))
    sealed[6] |= 1
    sealed[sealed.index(b"PK\x01\x02") + 8] |= 1
    yield "encrypted.pt", bytes(sealed), "fileEncrypted"
    broken = zlib.compress(b"{}")[::-1] * 5
    spoilt = zipped({"config.json": bytes(np.arange(999, dtype=np.uint8))}, zipfile.ZIP_DEFLATED)
    at = spoilt.index(b"config.json") + 11
    yield "broken_deflate.keras", spoilt[:at] + broken + spoilt[at + len(broken) :], "fileDamaged"
    deep = '{"class_name":"Sequential","config":' * 5000
    yield "deep.keras", zipped({"config.json": deep.encode()}), "fileDeep"
    model: dict[str, Any] = {"class_name": "Sequential", "config": {"layers": []}}
    yield "no_layers.keras", zipped({"config.json": json.dumps(model).encode()}), "fileNoLayers"
    yield "empty_config.keras", zipped({"config.json": b"", "metadata.json": b"{}"}), "fileEmptyMember"
    unknown = {"class_name": "Sequential", "config": {"layers": [{"class_name": "Own", "config": {"name": "own"}}]}}
    own = {"config.json": json.dumps(unknown).encode(), "metadata.json": b"{}", "model.weights.h5": b""}
    yield "empty_weights.keras", zipped(own), "fileEmptyMember"
    program = {"graph_module": {"graph": {"nodes": [], "tensor_values": {}}, "signature": {"input_specs": [None]}}}
    yield "null.pt2", zipped({"a/models/model.json": json.dumps(program).encode()}), "fileNoLayers"
    yield "not_an_array.npz", zipped({"a.npy": b"not an array at all, but as long as a header"}), "fileDamaged"

    yield "long_field.onnx", b"\x08\x08\x3a" + varint(2**40), "fileTruncated"
    yield "group.onnx", b"\x08\x08\x3b\x00\x00", "fileDamaged"
    inner = b""
    for _ in range(500):
        inner = field(1, field(5, field(1, b"then") + field(6, inner)) + field(4, b"If"))
    yield "deep.onnx", b"\x08\x08" + field(7, inner), "fileDeepMessages"
    nameless = b""
    for _ in range(500):
        nameless = field(1, field(5, field(6, nameless)) + field(4, b"If"))
    yield "deep_without_names.onnx", b"\x08\x08" + field(7, nameless), "fileDeepMessages"
    yield "no_nodes.onnx", b"\x08\x08" + field(7, field(6, inner)), "fileNoOperations"
    call = field(1, field(4, b"F") + field(7, b"own"))
    function = field(25, field(1, b"F") + field(10, b"own") + (call.replace(b"\x0a", b"\x3a", 1)) * 2)
    yield "endless_calls.onnx", b"\x08\x08" + field(7, call) + function, "fileDeep"
    axes = field(5, b"\x08\x10" + field(8, b"axes") + b"\x38\x00" * 16)
    weight = field(5, b"\x08\x04" + field(8, b"x0"))
    values = [b"x%d" % n for n in range(3001)]
    unsqueeze = b"".join(
        field(1, field(1, x) + field(1, b"axes") + field(2, y) + field(4, b"Unsqueeze")) for x, y in pairwise(values)
    )
    product = field(1, field(4, b"MatMul"))  # without one, a graph is not read any further
    yield "many_axes.onnx", b"\x08\x08" + field(7, weight + axes + unsqueeze + product), "fileNoLayersOperations"
    relu = field(1, field(1, b"x") + field(2, b"x") + field(4, b"Relu"))
    yield "nodes.onnx", b"\x08\x08" + field(7, relu * 20_000 + product), "fileParts"
    yield "no_product.onnx", b"\x08\x08" + field(7, relu * 20_000), "fileNoLayersOperations"
    attributes = b"".join(field(5, field(1, b"%d" % n)) for n in range(1000))
    yield "attributes.onnx", b"\x08\x08" + field(7, field(1, field(4, b"If") + attributes)), "fileParts"
    yield "endless_number.onnx", b"\x08\x08\x3a\x0c\x08" + b"\xff" * 11, "fileDamaged"

    yield "shared_table.tflite", shared_table(60_000), "fileParts"
    yield "beyond.tflite", struct.pack("<I4s", 2**31, b"TFL3") + bytes(40), "fileBeyond"
    yield (
        "long_list.tflite",
        struct.pack("<I4sHHHHiI", 16, b"TFL3", 8, 8, 0, 4, 8, 4) + struct.pack("<I", 2**31),
        "fileDamaged",
    )

    for name, content in outside.items():
        yield name, content, "fileExternal"
    cyclic = bytearray(outside["external.h5"])
    tree = cyclic.index(b"TREE")
    cyclic[tree + 5] = 1  # the level
    cyclic[tree + 32 : tree + 40] = struct.pack("<Q", tree)
    yield "cyclic.h5", bytes(cyclic), "fileDamaged"

    yield "group_in_itself.h5", group_in_itself(samples["own_layer.weights.h5"]), "fileCyclicGroups"

    in_heap = struct.pack("<IQI", 1, 4096, 1)
    for count, content, reason in ((2000, "é".encode() * 30_000, "fileTooMuch"), (200_000, b"x", "fileParts")):
        heap = b"GCOL\1\0\0\0" + struct.pack("<QHHIQ", len(content) + 32, 1, 0, 0, len(content)) + content
        texts = attribute(b"layer_names\0", count, in_heap, size=0)
        yield f"{count}_times_one_text.h5", hdf5({0x0C: [texts]}, heap), reason
    yield "empty_texts.h5", hdf5({0x0C: [attribute(b"layer_names\0", 200_000, b"", 0, 0x13)]}, bytes(64)), "fileParts"
    zeros = attribute(bytes(1023) + b"\n", 1, in_heap)
    block = b"OCHK\x0c" + struct.pack("<H", len(zeros)) + b"\0" + zeros
    again = struct.pack("<QQ", 300_000, len(block) + 4)
    yield "one_block_many_times.h5", hdf5({0x10: [again] * 9000}, block + bytes(64), 300_000), "fileNoArrays"
    leaf = b"SNOD\1\0" + struct.pack("<H", 60_000) + bytes(40 * 60_000)
    links = b"TREE\0\0" + struct.pack("<H", 1000) + bytes(16) + struct.pack("<QQ", 0, 30_000) * 1000
    called = (b"HEAP" + bytes(20) + struct.pack("<Q", 4200) + bytes(72) + b"a" * 900 + b"\0").ljust(4096, b"\0")
    group = hdf5({0x11: [struct.pack("<QQ", 8192, 4096)]}, (called + links).ljust(30_000 - 4096, b"\0") + leaf)
    yield "symbols_many_times.h5", group, "fileParts"

    lstm = {"class_name": "LSTM", "config": {"units": 4, "name": {"toString": 1}}}
    own_text = json.dumps({"class_name": "Sequential", "config": {"layers": [lstm]}})
    yield "own_text.json", own_text.encode(), "fileDamagedText"
    yield "own_text_escaped.json", own_text.replace("toString", r"to\u0053tring").encode(), "fileDamagedText"
    types = b"".join(b"\x0a\x07\x22\x05%05x" % n for n in range(170_000))
    yield "types.onnx", b"\x08\x08" + field(7, types), "fileParts"
    yield "type_beyond_its_node.onnx", b"\x08\x08" + field(7, b"\x0a\x02\x22\x7f" + bytes(127)), "fileDamaged"
    long_named = {f"{n}." + "x." * 60 + "weight": [3, 3] for n in range(2000)}
    yield "deep_names.safetensors", safetensors_of(long_named), "fileDeep"
    code = "def forward(self):\n  return " + "torch.lstm(" * 900 + "x" * 15_000 + ")" * 900
    calls = {"a/data.pkl": b"\x80\x02}.", "a/code/__torch__.py": code.encode(), "a/constants.pkl": b"\x80\x02)."}
    yield "calls_in_calls.pt", zipped(calls), "fileParts"

    path = "/".join("a" * 450)
    arrays = {f"{path}/{n}": [3, 3] for n in range(2000)}
    yield "long_paths.safetensors", safetensors_of(arrays), "fileParts"
    named = b"".join(b"cown\nname%d\n0" % n for n in range(20_001))
    yield "names.pt", b"\x80\x02" + named + b"N.", "fileParts"
    weights = b"".join(b"X\x05\x00\x00\x00%05d" % n + TENSOR for n in range(5002))
    yield "arrays.pt", b"\x80\x02}(" + weights + b"u.", "fileParts"
    header = b"\x93NUMPY\x01\x00\xf0\x0f{'shape': (" + b"1," * 2000 + b")}"
    yield "axes.npz", zipped({"a.npy": header.ljust(4080)}, zipfile.ZIP_DEFLATED), "fileDamaged"
    initializers = b"".join(field(5, b"\x08\x04" + field(8, b"w%d" % n)) for n in range(20_000))
    yield "initializers.onnx", b"\x08\x08" + field(7, initializers + product), "fileParts"
    entries = [{"class_name": "LSTM", "config": {}}] * 2501
    many_layers = {"class_name": "Sequential", "config": {"layers": entries}}
    yield "layers.keras", zipped({"config.json": json.dumps(many_layers).encode()}), "fileParts"

    source = [["x", 0, 0, {}]]
    changed: dict[str, tuple[dict[str, Any], str]] = {
        "negative_units": ({"config": {"units": -4}}, "fileSize"),
        "many_units": ({"config": {"units": 100_000}}, "fileSize"),
        "text_as_units": ({"config": {"units": "4"}}, "fileSize"),
        "objects_as_names": ({"name": {"toString": 1}}, "fileDamagedText"),
        "objects_as_classes": ({"class_name": {"toString": 1, "valueOf": 1}}, "fileDamagedText"),
        "objects_as_cells": (
            {"class_name": "RNN", "config": {"cell": {"class_name": {"toString": 1}}}},
            "fileDamagedText",
        ),
        "uses": ({"inbound_nodes": [source] * 2501}, "fileParts"),
    }
    for name, (change, reason) in changed.items():
        one_layer = {"class_name": "Functional", "config": {"layers": [{"class_name": "LSTM", "name": "a"} | change]}}
        yield f"{name}.keras", zipped({"config.json": json.dumps(one_layer).encode()}), reason

    for name, content in samples.items():
        for share in (0.03, 0.3, 0.6, 0.95):
            yield f"{share}_of_{name}", content[: int(share * len(content))], ""


TENSOR = b"ctorch._utils\n_rebuild_tensor_v2\n(NK\x00K\x0cK\x03\x86tR"


def shared_table(count: int) -> bytes:
    """A flat buffer whose list of tables has the same table at each place."""
    at = 40
    shared = at + 4 + 4 * count
    entries = b"".join(struct.pack("<I", shared - (at + 4 + 4 * n)) for n in range(count))
    fields = struct.pack("<HHHHHHH", 14, 8, 0, 0, 0, 0, 4)  # the fifth field is the list of buffers
    root = fields.ljust(16, b"\0") + struct.pack("<iI", 16, at - 28)
    head = struct.pack("<I4s", 24, b"TFL3") + root
    return head.ljust(at, b"\0") + struct.pack("<I", count) + entries + struct.pack("<iHH", -4, 4, 4)


def overlapping(count: int) -> bytes:
    """An archive in which all names have the same place: each would be unpacked to 16 MB."""
    bomb = zipped({"000.npy": b" " * 16_000_000}, zipfile.ZIP_DEFLATED)
    directory = bomb.index(b"PK\x01\x02")
    entry = bomb[directory : directory + 46]
    entries = b"".join(entry + b"%03d.npy" % n for n in range(count))
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entries), directory, 0)
    return bomb[:directory] + entries + end


def empty_blocks(count: int) -> bytes:
    """An archive whose member says that it has 100 bytes, and is packed as blocks without content."""
    stored_member = bytearray(zipped({"config.json": bytes(5 * (count // 5))}))
    at = stored_member.index(b"config.json") + 11
    stored_member[at : at + 5 * (count // 5)] = b"\0\0\0\xff\xff" * (count // 5)
    directory = stored_member.index(b"PK\x01\x02")
    stored_member[directory + 10 : directory + 12] = struct.pack("<H", zipfile.ZIP_DEFLATED)
    stored_member[directory + 24 : directory + 28] = struct.pack("<I", 100)
    return bytes(stored_member)


def noise(size: int) -> bytes:
    """Bytes that are packed to more than 5 MB."""
    return np.random.default_rng(0).integers(0, 250, size, np.uint8).tobytes()


def modules_in_modules(levels: int, name: str) -> bytes:
    """A pickle of modules, each of which has the one before it twice."""

    def text(value: str) -> bytes:
        return b"X" + struct.pack("<I", len(value)) + value.encode()

    parts = b""
    pickle = b"\x80\x02"
    for level in range(levels):
        containers = text("_parameters") + b"}" + text("_modules") + b"}(" + parts + b"u"
        pickle += b"ctorch.nn.modules.container\nSequential\n)\x81}(" + containers + b"ubq%c0" % level
        parts = b"".join(text(f"{name}{n}") + b"h%c" % level for n in range(2))
    return pickle + b"h%c." % (levels - 1)


def hdf5(messages: dict[int, list[bytes]], extra: bytes, at: int = 4096) -> bytes:
    """A file of HDF5 whose root has these messages, by their types, with other bytes at some place."""
    head = b"\x89HDF\r\n\x1a\n\3\x08\x08\0" + struct.pack("<QQQQI", 0, 2**64 - 1, 0, 48, 0)
    pieces = [(kind, content) for kind, contents in messages.items() for content in contents]
    own = b"".join(struct.pack("<BHB", kind, len(content), 0) + content for kind, content in pieces)
    return (head + b"OHDR\2\2" + struct.pack("<I", len(own)) + own).ljust(at, b"\0") + extra


def attribute(name: bytes, count: int, data: bytes, size: int = 16, kind: int = 0x19) -> bytes:
    """An attribute of HDF5 with so many values of a type."""
    of_type = struct.pack("<BBHI", kind, 1, 0, size)
    space = struct.pack("<BBBBQ", 2, 1, 0, 1, count)
    return struct.pack("<BBHHHB", 3, 0, len(name), len(of_type), len(space), 0) + name + of_type + space + data


def group_in_itself(content: bytes) -> bytes:
    """A file of HDF5 in which all links lead to the root."""
    root = content[36:44]
    changed = bytearray(content)
    for name in (b"layers", b"attention", b"gru", b"cell", b"vars"):
        at = content.find(name)
        while at >= 0:
            changed[at + len(name) : at + len(name) + 8] = root
            at = content.find(name, at + 1)
    return bytes(changed)


def stored(content: bytes) -> bytes:
    """A storage in a pickle, from five pickles in the older format."""
    return b"ctorch.storage\n_load_from_bytes\nB" + struct.pack("<I", 5 * len(content)) + 5 * content + b"\x85R"


def field(number: int, content: bytes) -> bytes:
    """A field of a protocol buffer with bytes."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(number: int) -> bytes:
    pieces = []
    while number > 127:
        pieces.append(number & 127 | 128)
        number >>= 7
    return bytes([*pieces, number])
