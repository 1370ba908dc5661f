"""What differs between two models of which one leaves something open."""

from app.url_state.parsing import parse
from app.url_state_to_picture.model.differences_of_models import ComparedChains
from app.url_state_to_picture.model.model_url_state import ChainUrlState


def compared(model: str, beside: str, framework: str = "keras", beside_framework: str = "none") -> ComparedChains:
    values = {"model": model, "beside": beside, "framework": framework, "beside_framework": beside_framework}
    pairs = [*values.items()]
    return ComparedChains.of(ChainUrlState.of(parse(pairs, strict=True), pairs))


def differences(*models: str, **frameworks: str) -> list[str]:
    return [one.what for one in compared(*models, **frameworks).differences]


def test_a_tensor_from_elsewhere_is_no_layer_that_is_not_known() -> None:
    one = "embedding(70,6).lstm(9,bi,seq).gru(4).dense(1)"
    other = "embedding(40,6).lstm(9,bi,seq).elsewhere(7).concatenate(14).dense(1)"

    assert "only the first has gru(4)" in differences(one, other)
    assert "only the second has gru(4)" in differences(other, one)
    assert compared(one, other).unknown == compared(other, one).unknown == ([], [])
