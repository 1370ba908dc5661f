"""Random modules call their layers in PyTorch as the tests of the reader assume."""

import pytest
from chains_of import chain_of
from generated_modules import modules
from hypothesis import HealthCheck, given, settings
from programs_of import Call


@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(module=modules())
def test_random_modules_call_their_layers_as_the_rules_say(
    request: pytest.FixtureRequest, module: tuple[str, list[Call]]
) -> None:
    if "pytorch" not in request.config.getoption("--frameworks").split(","):
        pytest.skip("PyTorch is in another environment")
    source, calls = module

    assert list(dict.fromkeys(chain_of("pytorch", source))) == calls, source
