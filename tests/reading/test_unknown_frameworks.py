"""Texts about frameworks whose messages are not read."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DyNet", "builder = dy.GRUBuilder(1, 20, 40, model)\nRuntimeError: Bad dimensions in AffineTransform"),
        (
            "Torch for Lua",
            "/home/me/torch/install/bin/luajit: Sequencer: another size of the time axis",
        ),
        ("Torch for Lua", "train.lua:14: bad argument #2 to 'copy'"),
        ("MXNet", "import mxnet as mx\nMXNetError: Shape inconsistent, Provided = [4,6], inferred shape=[4,5]"),
        ("Chainer", "chainer.utils.type_check.InvalidType: Expect: x.shape[1] == 5  Actual: 6 != 5"),
    ],
)
def test_a_framework_that_is_not_known_is_named(name: str, text: str) -> None:
    with pytest.raises(NotFoundError, match=f"{name} is not known here"):
        explain(text)


def test_another_framework_beside_a_known_one_is_not_the_reason() -> None:
    with pytest.raises(NotFoundError) as error:
        explain("Unlike Chainer, torch fails:\nRuntimeError: something else")
    assert "not known here" not in str(error.value)
