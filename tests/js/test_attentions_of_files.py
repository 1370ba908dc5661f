"""Attentions among arrays, which no file of arrays says how they are connected."""

from pathlib import Path

import pytest
from node_reader import read
from small_model_files import in_this_order


def attention(name: str, size: int) -> dict[str, list[int]]:
    """The arrays of PyTorch's MultiheadAttention, whose three matrices for its input are one."""
    own = {"in_proj_weight": [3 * size, size], "in_proj_bias": [3 * size]}
    return {f"{name}__{key}": shape for key, shape in (own | {"out_proj__weight": [size, size]}).items()}


def rnn(name: str, features: int, num_units: int) -> dict[str, list[int]]:
    return {f"{name}__weight_ih_l0": [num_units, features], f"{name}__weight_hh_l0": [num_units, num_units]}


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (8, "rnn(8,4,seq,nobias).other.attention(params=280)"),
        (4, "rnn(8,4,seq,nobias).attention(params=76)"),
    ],
)
def test_an_attention_is_not_joined_to_a_layer_that_returns_other_vectors(tmp_path: Path, size: int, text: str) -> None:
    (tmp_path / "file").write_bytes(in_this_order(**rnn("rnn", 8, 4), **attention("attn", size)))

    (found,) = read([tmp_path / "file"])

    assert found["text"] == text


def test_an_attention_has_a_place_in_the_order_in_which_layers_fit(tmp_path: Path) -> None:
    norm = {"norm__weight": [8], "norm__bias": [8]}
    arrays = attention("att", 8) | rnn("dec", 8, 5) | rnn("enc", 3, 8) | norm
    (tmp_path / "sorted").write_bytes(in_this_order(**dict(sorted(arrays.items()))))

    (found,) = read([tmp_path / "sorted"])

    assert [one["name"] for one in found["layers"]] == ["enc", "att", "norm", "dec"]
    assert found["isFitted"]
