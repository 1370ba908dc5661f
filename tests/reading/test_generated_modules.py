"""Every size of a random PyTorch module is read. The oracles run such modules in PyTorch."""

from generated_modules import modules
from hypothesis import given, settings
from pairing import ALL_COMBINATIONS
from programs_of import Call

from app.reading.code.layers_in_order import read


@settings(max_examples=2000 if ALL_COMBINATIONS else 60, deadline=None)
@given(modules())
def test_every_size_of_a_random_module_is_read(module: tuple[str, list[Call]]) -> None:
    source, calls = module
    chain = read(source)

    assert list(dict.fromkeys((layer.kind, layer.input, layer.output) for layer in chain.layers)) == calls
    assert chain.unknown == []
