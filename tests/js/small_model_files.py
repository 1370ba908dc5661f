"""Small model files, made of their parts: pickles, arrays and ONNX graphs."""

import struct
from pathlib import Path

from hostile_files import field, safetensors_of, varint

RECORDED = Path(__file__).parent / "model_files"


def module(name: str, **state: bytes) -> bytes:
    """A module of PyTorch, or of another class, in a pickle."""
    path, _, own = name.rpartition(".")
    return f"c{path}\n{own}\n".encode() + b")\x81" + dictionary(**state) + b"b"


def in_this_order(**shapes: list[int]) -> bytes:
    """A .safetensors file whose arrays are one after the other. Names have __ for the dots in them."""
    return safetensors_of({name.replace("__", "."): shape for name, shape in shapes.items()})


def text(value: str) -> bytes:
    """A text in a pickle."""
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def tensor(*shape: int) -> bytes:
    sizes = b"".join(b"K%c" % size for size in shape)
    return b"ctorch._utils\n_rebuild_tensor_v2\n(NK\x00(" + sizes + b"ttR"


def dictionary(**entries: bytes) -> bytes:
    """A dictionary in a pickle. Names have __ for the dots in them."""
    return b"}(" + b"".join(text(name.replace("__", ".")) + value for name, value in entries.items()) + b"u"


def node(kind: bytes, inputs: str, output: str, attribute: bytes = b"") -> bytes:
    """A node of ONNX, with the names of its inputs."""
    names = b"".join(field(1, name.encode()) for name in inputs.split())
    return field(1, names + field(2, output.encode()) + field(4, kind) + attribute)


def onnx(nodes: bytes, weights: str, size: int = 4) -> bytes:
    """A model with square matrices."""
    shape = (b"\x08" + varint(size)) * 2
    return b"\x08\x08" + field(
        7, nodes + b"".join(field(5, shape + field(8, name.encode())) for name in weights.split())
    )
