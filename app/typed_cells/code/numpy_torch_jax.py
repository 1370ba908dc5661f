"""NumPy, PyTorch and JAX as languages of equations."""

from dataclasses import replace

from .language import Language

NUMPY = Language(
    module="np",
    functions={
        **{name: f"{name}({{0}})" for name in ("sigmoid", "logsigmoid", "relu", "elu", "silu", "gelu", "softplus")},
        **{name: f"np.{name}({{0}})" for name in ("tanh", "exp", "log", "sqrt", "abs", "sin", "cos")},
        **{name: f"np.{name}({{0}}, {{1}})" for name in ("maximum", "minimum", "mod")},
        **{name: f"np.{name}({{0}}, axis={{axis}})" for name in ("sum", "mean", "max", "min")},
        "cumsum": "np.cumsum({0}, axis={axis})",
        "norm": "np.linalg.norm({0}, axis={axis})",
        **{name: f"{name}({{0}}, {{axis}})" for name in ("softmax", "layer_norm")},
        "group_norm": "layer_norm({0}, {axis})",
        "where": "np.where({0}, {1}, {2})",
        "concat": "np.concatenate([{0}], axis=-1)",
        "split": "np.split({0}, {parts}, axis=-1)",
        "blocks": "np.split({0}, [{ends}], axis=-1)",
        "comparison": "({0}).astype(x.dtype)",
    },
    several={"norm": "np.sqrt(np.sum(np.square({0}), axis={axis}))"},
    permute="np.transpose({0}, ({order}))",
    array="np.asarray({0}, x.dtype)",
    eye="np.eye({0}, dtype=x.dtype)",
    definitions={
        "sigmoid": "def sigmoid(a):\n    return 1 / (1 + np.exp(-a))",
        "logsigmoid": "def logsigmoid(a):\n    return -np.logaddexp(0, -a)",
        "relu": "def relu(a):\n    return np.maximum(a, 0)",
        "elu": "def elu(a):\n    return np.where(a > 0, a, np.expm1(np.minimum(a, 0)))",
        "silu": "def silu(a):\n    return a / (1 + np.exp(-a))",
        "gelu": "def gelu(a):\n    return 0.5 * a * (1 + np.tanh((2 / np.pi) ** 0.5 * (a + 0.044715 * a**3)))",
        "softplus": "def softplus(a):\n    return np.logaddexp(0, a)",
        "softmax": """\
def softmax(a, axis):
    e = np.exp(a - a.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)""",
        "layer_norm": """\
def layer_norm(a, axis):
    centred = a - a.mean(axis=axis, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=axis, keepdims=True) + 1e-5)""",
    },
)

_ATTRIBUTES = """
T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval
extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules
mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer
register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory
state_dict to to_empty train training type xpu zero_grad
"""
"""The attributes of every ``torch.nn.Module``, where a weight would be one, too."""

PYTORCH = Language(
    module="torch",
    functions={
        **{
            name: f"torch.{name}({{0}})"
            for name in ("sigmoid", "relu", "tanh", "exp", "log", "sqrt", "abs", "sin", "cos")
        },
        **{name: f"nn.functional.{name}({{0}})" for name in ("logsigmoid", "elu", "silu", "softplus")},
        "gelu": 'nn.functional.gelu({0}, approximate="tanh")',
        "maximum": "torch.maximum({0}, {1})",
        "minimum": "torch.minimum({0}, {1})",
        "mod": "torch.remainder({0}, {1})",
        "sum": "torch.sum({0}, dim={axis})",
        "mean": "torch.mean({0}, dim={axis})",
        "max": "torch.amax({0}, dim={axis})",
        "min": "torch.amin({0}, dim={axis})",
        "cumsum": "torch.cumsum({0}, dim={axis})",
        "norm": "torch.linalg.vector_norm({0}, dim={axis})",
        "softmax": "torch.softmax({0}, dim={axis})",
        "layer_norm": "layer_norm({0}, {axis})",
        "group_norm": "layer_norm({0}, {axis})",
        "where": "torch.where({0}, {1}, {2})",
        "concat": "torch.cat([{0}], dim=-1)",
        "split": "torch.chunk({0}, {parts}, dim=-1)",
        "blocks": "torch.split({0}, [{sizes}], dim=-1)",
        "comparison": "({0}).to(x.dtype)",
    },
    numbers={"maximum": "torch.clamp({0}, min={1})", "minimum": "torch.clamp({0}, max={1})"},
    several={"softmax": "softmax({0}, {axis})"},
    permute="torch.permute({0}, ({order}))",
    array="x.new_tensor({0})",
    eye="torch.eye({0}, dtype=x.dtype)",
    definitions={
        "softmax_several": """\
def softmax(a, dim):
    e = torch.exp(a - torch.amax(a, dim=dim, keepdim=True))
    return e / torch.sum(e, dim=dim, keepdim=True)""",
        "layer_norm": """\
def layer_norm(a, dim):
    centred = a - torch.mean(a, dim=dim, keepdim=True)
    return centred / torch.sqrt(torch.mean(centred**2, dim=dim, keepdim=True) + 1e-5)""",
    },
    weight="self.{name}",
    levels=2,
    taken=frozenset(_ATTRIBUTES.split()),
)

_JAX_NN = {
    "logsigmoid": "log_sigmoid",
    **{name: name for name in ("sigmoid", "relu", "elu", "silu", "gelu", "softplus")},
}

JAX = replace(
    NUMPY,
    module="jnp",
    functions={
        **{name: call.replace("np.", "jnp.") for name, call in NUMPY.functions.items()},
        **{name: f"jax.nn.{theirs}({{0}})" for name, theirs in _JAX_NN.items()},
        "softmax": "jax.nn.softmax({0}, axis={axis})",
    },
    several={name: call.replace("np.", "jnp.") for name, call in NUMPY.several.items()},
    permute="jnp.transpose({0}, ({order}))",
    array="jnp.asarray({0}, x.dtype)",
    eye="jnp.eye({0}, dtype=x.dtype)",
    definitions={"layer_norm": NUMPY.definitions["layer_norm"].replace("np.", "jnp.")},
)
