"""What is said about recurrent layers of Keras that get a vector in which a global pooling has put all steps.

Keras 3.15 raised the message for this program.
"""

import pytest
from pasted_programs import GLOBALLY_POOLED, first_cause_and_lines, pasted, traceback

from app.reading.errors.explanation import explain

ERROR = (
    "ValueError: Input 0 with name 'None' of layer 'gru' is incompatible with the layer: expected ndim=3, found ndim=2."
    " Full shape received: (None, 34)"
)
LINE = "y = GRU(width)(y)"


@pytest.mark.parametrize(
    ("imported", "pooled"),
    [
        ("GlobalAveragePooling1D", "keras.layers.AveragePooling1D"),
        ("AveragePooling1D, GlobalAveragePooling1D", "AveragePooling1D"),
    ],
)
def test_a_global_pooling_below_a_recurrent_layer_keeps_some_steps(imported: str, pooled: str) -> None:
    program = GLOBALLY_POOLED.replace("Dense, GlobalAveragePooling1D", f"Dense, {imported}")
    about, lines = first_cause_and_lines(pasted(program, [LINE], ERROR))
    network = explain(pasted(program, [LINE], ERROR)).configuration

    assert about == ("x", "rank", "pooled_steps")
    assert lines == {"y = GlobalAveragePooling1D()(y)": f"y = {pooled}(2)(y)"}
    assert network and (network.features, network.num_units) == (34, 26)


def test_the_first_layer_of_its_class_has_none_of_this_class_below() -> None:
    causes = [one.id for one in explain(traceback([LINE], ERROR.replace("34", "32"))).mismatch.causes]
    above = explain(traceback([LINE], ERROR.replace("34", "32").replace("gru", "gru_1"))).mismatch

    assert causes == ["missing_axis", "missing_features_axis"]
    assert above.first_cause == "return_sequences"
