"""The cells of the gallery as loops in plain NumPy, from the equations of their papers and without code of the app."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Weights = Mapping[str, Array]
Loop = Callable[[Weights, Array, Mapping[str, int]], Iterator[Array]]
"""Weights, X and sizes -> the output of each step."""


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def softplus(z: Array) -> Array:
    return np.log1p(np.exp(z))


def silu(z: Array) -> Array:
    return z * sigmoid(z)


def steps(X: Array) -> Iterator[Array]:
    return iter(X.swapaxes(0, 1))


def project(x: Array, W: Array) -> Array:
    """x W for each head."""
    return np.asarray(np.einsum("bf,fhk->bhk", x, W))


def mgu(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    h = np.zeros((len(X), s["num_units"]))
    for x in steps(X):
        f = sigmoid(np.hstack([h, x]) @ w["W_f"] + w["b_f"])
        g = np.tanh(np.hstack([f * h, x]) @ w["W_h"] + w["b_h"])
        h = h - f * h + f * g
        yield h


def janet(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    c = np.zeros((len(X), s["num_units"]))
    for x in steps(X):
        before = x @ w["W_f"] + c @ w["U_f"] + w["b_f"]
        g = np.tanh(x @ w["W_c"] + c @ w["U_c"] + w["b_c"])
        c = sigmoid(before) * c + (1 - sigmoid(before - 1)) * g
        yield c


def sru(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    c = np.zeros((len(X), s["num_units"]))
    for x in steps(X):
        f = sigmoid(x @ w["W_f"] + w["v_f"] * c + w["b_f"])
        r = sigmoid(x @ w["W_r"] + w["v_r"] * c + w["b_r"])
        c = f * c + (1 - f) * (x @ w["W"])
        yield r * c + (1 - r) * x


def qrnn(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    """The convolutions over whole sequences, as the paper has them, then the pooling."""
    before = np.concatenate([np.zeros_like(X[:, :1]), X[:, :-1]], axis=1)
    Z, F, O = (before @ w[f"W_{gate}"] + X @ w[f"V_{gate}"] for gate in "zfo")
    c = np.zeros((len(X), s["num_units"]))
    for t in range(X.shape[1]):
        f = sigmoid(F[:, t])
        c = f * c + (1 - f) * np.tanh(Z[:, t])
        yield sigmoid(O[:, t]) * c


def indrnn(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    h = np.zeros((len(X), s["num_units"]))
    for x in steps(X):
        h = np.maximum(x @ w["W"] + h @ np.diag(w["u"]) + w["b"], 0)
        yield h


def ligru(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    h = np.zeros((len(X), s["num_units"]))
    for x in steps(X):
        z = sigmoid(x @ w["W_z"] + h @ w["U_z"])
        h = z * h + (1 - z) * np.maximum(x @ w["W_h"] + h @ w["U_h"], 0)
        yield h


def normalised(a: Array) -> Array:
    centred = a - a.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5))


def lstm_layer_norm(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    h = c = np.zeros((len(X), s["num_units"]))
    for x in steps(X):
        a = w["gain_h"] * normalised(h @ w["W_h"]) + w["gain_x"] * normalised(x @ w["W_x"]) + w["b"]
        f, i, o, g = np.hsplit(a, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(w["gain_c"] * normalised(c) + w["b_c"])
        yield h


def on_lstm(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    h = c = np.zeros((len(X), s["num_units"]))
    for x in steps(X):
        f, i, o, g, *masters = np.split(x @ w["W"] + h @ w["U"] + w["b"], 6, axis=1)
        rising = [np.exp(m) @ np.triu(np.ones((m.shape[1],) * 2)) / np.exp(m).sum(1, keepdims=True) for m in masters]
        forget, write = rising[0], 1 - rising[1]
        both = forget * write
        c = (sigmoid(f) * both + forget - both) * c + (sigmoid(i) * both + write - both) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        yield h


def mingru(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    h = np.zeros((len(X), s["num_units"]))
    for x in steps(X):
        z = sigmoid(x @ w["W_z"] + w["b_z"])
        h = (1 - z) * h + z * (x @ w["W_h"] + w["b_h"])
        yield h


def minlstm(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    h = np.zeros((len(X), s["num_units"]))
    for x in steps(X):
        f, i = (sigmoid(x @ w[f"W_{gate}"] + w[f"b_{gate}"]) for gate in "fi")
        h = (f * h + i * (x @ w["W_h"] + w["b_h"])) / (f + i)
        yield h


def slstm(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    """Without the stabiliser, whose effect cancels in c / n: exponential gates as they are."""
    h = c = n = np.zeros((len(X), s["heads"], s["K"]))
    for x in steps(X):
        z, i, f, o = (project(x, w[f"W_{g}"]) + np.einsum("bhk,hkl->bhl", h, w[f"R_{g}"]) + w[f"b_{g}"] for g in "zifo")
        c = sigmoid(f) * c + np.exp(i) * np.tanh(z)
        n = sigmoid(f) * n + np.exp(i)
        h = sigmoid(o) * c / n
        yield h


def linear_attention(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    """Its form without a state: every step attends to all before it, without softmax."""
    k, v, q = (np.einsum("btf,fhk->bthk", X, w[f"W_{name}"]) for name in "kvq")
    for t in range(X.shape[1]):
        scores = np.einsum("bhk,bshk->bsh", q[:, t], k[:, : t + 1])
        yield np.einsum("bsh,bshv->bhv", scores, v[:, : t + 1])


def retnet(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    """Its parallel form: decay gamma for each step in between."""
    k, v, q = (np.einsum("btf,fhk->bthk", X, w[f"W_{name}"]) for name in "kvq")
    for t in range(X.shape[1]):
        decay = (31 / 32) ** (t - np.arange(t + 1))
        scores = np.einsum("bhk,bshk->bsh", q[:, t], k[:, : t + 1]) * decay[None, :, None]
        yield np.einsum("bsh,bshv->bhv", scores, v[:, : t + 1])


def mlstm(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    """Without the stabiliser: the exponential input gate as it is, and a denominator of at least 1."""
    C, n = np.zeros((len(X), s["heads"], s["V"], s["K"])), np.zeros((len(X), s["heads"], s["K"]))
    for x in steps(X):
        q, k, v = (project(x, w[f"W_{name}"]) for name in "qkv")
        k = k / np.sqrt(s["K"])
        i, f = np.exp(x @ w["w_i"] + w["b_i"]), sigmoid(x @ w["w_f"] + w["b_f"])
        C = f[..., None, None] * C + i[..., None, None] * np.einsum("bhv,bhk->bhvk", v, k)
        n = f[..., None] * n + i[..., None] * k
        below = np.maximum(abs(np.einsum("bhk,bhk->bh", n, q)), 1)
        yield sigmoid(project(x, w["W_o"]) + w["b_o"]) * np.einsum("bhvk,bhk->bhv", C, q) / below[..., None]


def mamba(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    h = np.zeros((len(X), s["num_units"], s["N"]))
    for x in steps(X):
        u = silu(x @ w["W_u"])
        delta = softplus(u @ w["W_1"] @ w["W_2"] + w["b"])
        decay = np.exp(np.einsum("bd,dn->bdn", delta, -np.exp(w["A_log"])))
        h = decay * h + np.einsum("bd,bn->bdn", delta * u, u @ w["W_B"])
        yield np.einsum("bdn,bn->bd", h, u @ w["W_C"]) + w["D"] * u


def gated_deltanet(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    """As the paper has it: the state times a matrix, alpha (I − beta k kᵀ)."""
    S = np.zeros((len(X), s["heads"], s["V"], s["K"]))
    for x in steps(X):
        k, q = (silu(project(x, w[f"W_{name}"])) for name in "kq")
        k, q = (a / np.sqrt((a * a).sum(axis=-1, keepdims=True)) for a in (k, q))
        v = silu(project(x, w["W_v"]))
        alpha = np.exp(-np.exp(w["A_log"]) * softplus(x @ w["w_a"] + w["b_a"]))[..., None, None]
        beta = sigmoid(x @ w["w_b"])[..., None, None]
        along = np.einsum("bhk,bhl->bhkl", k, k)
        S = S @ (alpha * (np.eye(s["K"]) - beta * along)) + beta * np.einsum("bhv,bhk->bhvk", v, k)
        yield np.einsum("bhvk,bhk->bhv", S, q)


def rwkv_7(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    """As the paper has it: the state times a matrix, diag(w) − κᵀ (a κ)."""
    S = np.zeros((len(X), s["heads"], s["V"], s["K"]))
    before = np.zeros_like(X[:, 0])
    for x in steps(X):
        mixed = {name: x + (before - x) * w[f"mu_{name}"] for name in "rwkva"}
        before = x
        r, k, v = (project(mixed[name], w[f"W_{name}"]) for name in "rkv")
        low = np.tanh(mixed["w"] @ w["w_1"])
        decay = np.exp(-np.exp(-0.5) * sigmoid(np.einsum("br,rhk->bhk", low, w["w_2"]) + w["w_0"]))
        a = sigmoid(np.einsum("br,rhk->bhk", mixed["a"] @ w["a_1"], w["a_2"]) + w["a_0"])
        kappa = k * w["xi"]
        kappa = kappa / np.linalg.norm(kappa, axis=-1, keepdims=True)
        new = k * (1 + (a - 1) * w["alpha"])
        change = np.einsum("bhk,kl->bhkl", decay, np.eye(s["K"])) - np.einsum("bhk,bhl->bhkl", kappa, a * kappa)
        S = S @ change + np.einsum("bhv,bhk->bhvk", v, new)
        yield np.einsum("bhvk,bhk->bhv", S, r) + (r * w["rho"] * new).sum(axis=-1, keepdims=True) * v


def rwkv_6(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    """With a sum over all steps before instead of a state."""
    before = np.concatenate([np.zeros_like(X[:, :1]), X[:, :-1]], axis=1)
    mixed = {name: X + (before - X) * w[f"mu_{name}"] for name in "rwkv"}
    r, k, v = (np.einsum("btf,fhk->bthk", mixed[name], w[f"W_{name}"]) for name in "rkv")
    low = np.einsum("btr,rhk->bthk", np.tanh(mixed["w"] @ w["w_1"]), w["w_2"])
    decay = np.exp(-np.exp(w["w_0"] + low))
    for t in range(X.shape[1]):
        total = np.einsum("bhk,bhv->bhkv", w["u"] * k[:, t], v[:, t])
        for earlier in range(t):
            kept = decay[:, earlier + 1 : t].prod(axis=1)
            total = total + np.einsum("bhk,bhv->bhkv", kept * k[:, earlier], v[:, earlier])
        yield np.einsum("bhk,bhkv->bhv", r[:, t], total)


def mamba_2(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    """Its dual form: a masked matrix of scores between steps."""
    u = silu(np.einsum("btf,fhp->bthp", X, w["W_u"]))
    B, C = silu(X @ w["W_B"]), silu(X @ w["W_C"])
    delta = softplus(X @ w["w_d"] + w["b_d"])
    log_decay = np.cumsum(-np.exp(w["A_log"]) * delta, axis=1)
    for t in range(X.shape[1]):
        mask = np.exp(log_decay[:, t, None] - log_decay[:, : t + 1])
        scores = np.einsum("bn,bsn->bs", C[:, t], B[:, : t + 1])[..., None] * mask * delta[:, : t + 1]
        yield np.einsum("bsh,bshp->bhp", scores, u[:, : t + 1]) + w["D"][:, None] * u[:, t]


def gla(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    S = np.zeros((len(X), s["heads"], s["K"], s["V"]))
    for x in steps(X):
        q, k, v = (project(x, w[f"W_{name}"]) for name in "qkv")
        alpha = sigmoid(np.einsum("br,rhk->bhk", x @ w["w_1"], w["w_2"]) + w["b"]) ** (1 / 16)
        S = np.einsum("bhk,bhkv->bhkv", alpha, S) + np.einsum("bhk,bhv->bhkv", k, v)
        yield np.einsum("bhk,bhkv->bhv", q, S)


def hgrn2(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    """With diagonal matrices, as the paper writes it: column for column of the state."""
    S = np.zeros((len(X), s["heads"], s["K"], s["V"]))
    for x in steps(X):
        g, o = (sigmoid(project(x, w[f"W_{name}"])) for name in "go")
        i = silu(project(x, w["W_i"]))
        kept = np.einsum("bhk,kl->bhkl", g, np.eye(s["K"])) @ S
        S = kept + (1 - g)[..., None] * i[:, :, None]
        yield (o[:, :, None] @ S)[:, :, 0]


def fast_weights(w: Weights, X: Array, s: Mapping[str, int]) -> Iterator[Array]:
    """Without the matrix A: attention to the hidden states before, as in section 3 of the paper."""
    h, earlier = np.zeros((len(X), s["num_units"])), list[Array]()
    for x in steps(X):
        earlier.append(h)
        slow = h @ w["W"] + x @ w["C"]
        first = np.maximum(slow, 0)
        scores = [0.5 * 0.95**age * (past * first).sum(1, keepdims=True) for age, past in enumerate(earlier[::-1])]
        fast = sum(score * past for score, past in zip(scores, earlier[::-1], strict=True))
        h = np.maximum(normalised(slow + fast), 0)
        yield h


LOOPS: dict[str, Loop] = {
    loop.__name__: loop
    for loop in (
        *(mgu, janet, sru, qrnn, indrnn, ligru, lstm_layer_norm, on_lstm, mingru, minlstm, slstm),
        *(linear_attention, retnet, mlstm, mamba, gated_deltanet, rwkv_7),
        *(fast_weights, gla, hgrn2, mamba_2, rwkv_6),
    )
}
