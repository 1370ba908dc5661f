"""The numbers of parameters of the layers of a chain."""

import pytest

from app.core.model.chain import Count
from app.core.model.text import parse_chain
from app.frameworks import FRAMEWORKS
from app.frameworks.model_layers import class_name, parameter_count


def counts(framework: str, text: str) -> list[Count]:
    return [parameter_count(FRAMEWORKS[framework], passed) for passed in parse_chain(text).passed(32, 200)]


def test_counts_are_those_of_keras() -> None:
    """As ``model.count_params()`` of Keras 3.15 counts them."""
    found = counts("keras", "embedding(10000,128).lstm(64,bi,seq).lstm(32).dense(10)")

    assert [count.value for count in found] == [1_280_000, 98_816, 20_608, 330]


def test_counts_are_those_of_pytorch() -> None:
    """As PyTorch 2.13 counts the elements of ``parameters()``; a size that is not known stays a factor."""
    found = counts("pytorch", "embedding(?,100).gru(64,bi,seq,layers=2).other(t,128).dense(128,?)")

    assert found == [Count(None, 100), Count(138_240), Count(None), Count(None, 129)]


def test_the_matrix_of_another_layer_counts_there() -> None:
    assert counts("pytorch", "embedding(9,4).lstm(4,seq).dense(9,params=9)")[-1] == Count(9)


@pytest.mark.parametrize(
    ("framework", "names"),
    [
        ("keras", "Embedding SimpleRNN LSTM GRU Dense"),
        ("pytorch", "Embedding RNN LSTM GRU Linear"),
        ("tf1", "embedding_lookup BasicRNNCell BasicLSTMCell GRUCell dense"),
        ("onnx", "Gather RNN LSTM GRU MatMul + Add"),
        ("flax", "Embed SimpleCell OptimizedLSTMCell GRUCell Dense"),
    ],
)
def test_layers_have_the_names_of_their_framework(framework: str, names: str) -> None:
    layers = parse_chain("embedding(9,8).rnn(3).lstm(3).gru(3).dense(3)").layers

    assert " ".join(class_name(FRAMEWORKS[framework], layer) for layer in layers) == names


def test_only_one_class_of_tensorflow_1_has_projections_and_peepholes() -> None:
    layers = parse_chain("lstm(3).lstm(3,proj=2).lstm(3,peepholes)").layers

    for framework, names in {"tf1": "BasicLSTMCell LSTMCell LSTMCell", "pytorch": "LSTM LSTM LSTM"}.items():
        assert " ".join(class_name(FRAMEWORKS[framework], layer) for layer in layers) == names


def test_gemm_takes_matrices_alone() -> None:
    """https://onnx.ai/onnx/operators/onnx__Gemm.html: its inputs have two axes."""
    (dense,) = parse_chain("dense(3)").layers

    names = [class_name(FRAMEWORKS["onnx"], dense, axes) for axes in (2, 3, None)]
    assert names == ["Gemm", "MatMul + Add", "MatMul + Add"]
    assert class_name(FRAMEWORKS["keras"], dense, 2) == "Dense"


def test_a_product_has_the_name_that_it_has_in_the_graph() -> None:
    layers = parse_chain("dense(3,gemm).dense(3,matmul).dense(3,nobias,matmul).dense(3,nobias)").layers

    for axes in (2, 3):
        names = [class_name(FRAMEWORKS["onnx"], layer, axes) for layer in layers]
        assert names == ["Gemm", "MatMul + Add", "MatMul", "MatMul"]
    assert len(set(layers)) == 2, "only the bias makes another layer of it"


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_without_bias_only_the_matrices_count(framework: str) -> None:
    """Four gates, each with weights for 3 features and 4 units."""
    assert counts(framework, "lstm(3,4,nobias)") == [Count(4 * 4 * (3 + 4))]


def test_each_of_many_stacked_layers_counts() -> None:
    """torch.nn.LSTM(10, 20, 1000): one layer reads 10 features, the others 20."""
    assert counts("pytorch", "lstm(10,20,layers=1000)") == [
        Count(4 * 20 * (10 + 20 + 2) + 999 * 4 * 20 * (20 + 20 + 2))
    ]
