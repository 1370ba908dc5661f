"""The lines of the small programs in ONNX Runtime, with a model of one layer."""

from ..listing import Listing

HEAD = """
import numpy as np
import onnxruntime
from onnx.parser import parse_model
"""

LAYER = "{{{{ Y = {{class}}<hidden_size = {{units}}{{onnx_direction}}>({}) }}}}"
X, W, R = (
    'X = np.zeros(({time}, {batch}, {features}), "float32")',
    'W = np.zeros(({directions}, {columns}, {features}), "float32")',
    'R = np.zeros(({directions}, {columns}, {units}), "float32")',
)
Y = "({time}, {directions}, {batch}, {units})"


def _program(
    *arrays: str,
    of: tuple[str, ...],
    x: str = "g (float[t,b,f] X, float[d,g,f] W, float[d,g,u] R",
    fourth: tuple[str, str] = ("", ""),
    layer: str = "",
    run: str = "Y, = session.run(None, dict({}))",
    printed: str = Y,
    when: str = "",
) -> Listing:
    """A program whose model reads X, W, R and perhaps a fourth array, which is declared and passed to the layer as
    ``fourth`` says; ``layer`` is the line of the layer, if it is a wrong one."""
    declared, argument = fourth
    names = ["X", "W", "R", *([declared.split()[-1]] if declared else [])]
    lines = [
        'model = parse_model("""<ir_version: 8, opset_import: ["": 14]>',
        x + (f",\n   {declared}" if declared else "") + ") => (float[t,d,b,u] Y)",
        layer or LAYER.format("X, W, R" + argument),
        '""")',
        "session = onnxruntime.InferenceSession(model.SerializeToString())",
        *arrays,
        run.format(", ".join(f"{name}={name}" for name in names)),
        "print(Y.shape)",
    ]
    return Listing(HEAD + "\n".join(lines), printed, when, of)


def _state(name: str, argument: str, of: str, *, right: str = "{right}") -> Listing:
    """A program with one wrong state. Names of axes in its declaration are letters, so any sizes pass it."""
    return _program(
        *(X, W, R),
        f'- {name} = np.zeros(({{wrong}}), "float32")',
        f'+ {name} = np.zeros(({right}), "float32")',
        of=(of,),
        fourth=(f"float[e,n,v] {name}", argument + name),
    )


OF_STATES = ("state_order", "directions", "one_direction", "layers", "other_units")
OF_BATCHES = ("last_batch", "other_batch")
OF_X = "{expected_at[0]}, X.shape[1], {expected_at[2]}"
H, C = ("initial_h", ", , , ", "onnx-h"), ("initial_c", ", , , , ", "onnx-c")

RUNS = "- Y, = session.run(None, dict(X=X, W=W, R=R))\n+ Y, = session.run(None, dict(X={}, W=W, R=R))"
FLAT_X = 'X = np.zeros(({flat_x}), "float32")'
W_OF_X = 'W = np.zeros(({directions}, {columns}, {got_shape[1]}), "float32")'
OF_RANK = "({flat_steps}, {directions}, 1, {units})"

ONNX: dict[str, Listing] = {
    **dict.fromkeys(OF_STATES, _state(*H)),
    **dict.fromkeys(OF_BATCHES, _state(*H, right=OF_X)),
    "state_transposed": _program(
        *(X, W, R),
        'initial_h = np.zeros(({wrong}), "float32")',
        "+ initial_h = initial_h.swapaxes(0, 1)",
        of=("onnx-h",),
        fourth=("float[e,n,v] initial_h", ", , , initial_h"),
    ),
    "unsqueeze": _program(
        *(X, W, R),
        'initial_h = np.zeros(({got}), "float32")',
        "+ initial_h = initial_h[np.newaxis]",
        of=("onnx-h",),
        fourth=("float[] initial_h", ", , , initial_h"),
    ),
    "other_features": _program(
        '- X = np.zeros(({time}, {batch}, {expected_at[2]}), "float32")',
        '+ X = np.zeros(({time}, {batch}, {got_at[2]}), "float32")',
        'W = np.zeros(({got}), "float32")',
        R,
        of=("onnx-w",),
    ),
    "other_cell": _program(
        *(X, 'W = np.zeros(({got}), "float32")', 'R = np.zeros(({directions}, {got_at[1]}, {units}), "float32")'),
        of=("onnx-w",),
        layer="- " + LAYER.format("X, W, R") + "\n+ " + LAYER.format("X, W, R").replace("{class}", "{other_class}"),
    ),
    "transposed": _program(
        *(X, 'W = np.zeros(({got}), "float32")', "+ W = W.swapaxes(1, 2)", R),
        of=("onnx-w",),
    ),
    "one_bias": _program(
        *(X, W, R, 'B = np.zeros(({got}), "float32")', "+ B = np.concatenate((B, np.zeros_like(B)), axis=1)"),
        of=("onnx-b",),
        fourth=("float[d,n] B", ", B"),
    ),
    "lengths": _program(
        *(X, W, R),
        '- lengths = np.full({got_1}, {time}, "int32")',
        '+ lengths = np.full(X.shape[1], {time}, "int32")',
        of=("onnx-lengths",),
        fourth=("int32[n] lengths", ", , lengths"),
    ),
    "missing_axis": _program(
        *(FLAT_X, W_OF_X, R),
        of=("onnx-x",),
        x="g (float[] X, float[d,g,f] W, float[d,g,u] R",
        run=RUNS.format("X[:, np.newaxis]"),
        printed=OF_RANK,
    ),
    "exported_sizes": _program(
        *(X.replace("{batch}", "{got_1}"), W, R),
        of=("onnx-input-size",),
        when="batch of x",
        printed=Y.replace("{batch}", "{got_1}"),
        x="- g (float[t,{expected_1},f] X, float[d,g,f] W, float[d,g,u] R) => (float[t,d,b,u] Y)\n"
        "+ g (float[t,b,f] X, float[d,g,f] W, float[d,g,u] R",
    ),
}
"""Cause -> the program in ONNX Runtime."""

ONNX_OTHERS: dict[str, Listing] = {
    **dict.fromkeys(OF_STATES, _state(*C)),
    **dict.fromkeys(OF_BATCHES, _state(*C, right=OF_X)),
    "other_features": _program(
        '- X = np.zeros(({time}, {batch}, {got_1}), "float32")',
        '+ X = np.zeros(({time}, {batch}, {expected_1}), "float32")',
        'W = np.zeros(({directions}, {columns}, {expected_1}), "float32")',
        R,
        of=("onnx-input-size",),
        x="g (float[t,b,{expected_1}] X, float[d,g,f] W, float[d,g,u] R",
    ),
    "transposed": _program(
        *(X, W, 'R = np.zeros(({got}), "float32")', "+ R = R.swapaxes(1, 2)"),
        of=("onnx-r",),
    ),
    "missing_axis": _program(
        *(FLAT_X, W_OF_X, R),
        of=("onnx-input-rank",),
        run=RUNS.format("X[:, np.newaxis]"),
        printed=OF_RANK,
    ),
}
"""The same for c_0, for the recurrent kernel, and for an X whose shape the model declares."""

ONNX_RANKS: dict[str, Listing] = {
    "missing_axis": _program(
        'X = np.zeros(({time}, {features}), "float32")[:, np.newaxis]',
        *(W, R),
        of=("onnx-rank",),
        x="- g (float[t,f] X, float[d,g,f] W, float[d,g,u] R) => (float[t,d,b,u] Y)\n"
        "+ g (float[t,b,f] X, float[d,g,f] W, float[d,g,u] R",
        printed="({time}, {directions}, 1, {units})",
    ),
}
"""The same for a model that declares an X without an axis."""
