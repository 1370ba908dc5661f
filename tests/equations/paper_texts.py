"""Cells as papers print them, in Unicode and LaTeX, each with the loop of its paper in plain NumPy."""
# ruff: noqa: E501

from collections.abc import Callable
from itertools import cycle
from types import SimpleNamespace as Values
from typing import Any, NamedTuple

import numpy as np

Step = Callable[[Any, Any, Any], dict[str, Any]]
"""Weights, the input and the states of the step before -> the tensors of a step; the output is called ``Y``."""


class Paper(NamedTuple):
    text: str
    step: Step


PAPERS: dict[str, Paper] = {}


def paper(id: str, text: str) -> Callable[[Step], Step]:
    def add(step: Step) -> Step:
        assert id not in PAPERS
        PAPERS[id] = Paper(text, step)
        return step

    return add


def sig(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


tanh, exp = np.tanh, np.exp


def relu(z: Any) -> Any:
    return np.maximum(z, 0)


def softmax(z: Any) -> Any:
    e = exp(z)
    return e / e.sum(-1, keepdims=True)


def softplus(z: Any) -> Any:
    return np.log1p(exp(z))


def norm(z: Any) -> Any:
    """Layer normalisation, without weights."""
    return (z - z.mean(-1, keepdims=True)) / np.sqrt(z.var(-1, keepdims=True) + 1e-5)


def cat(*parts: Any) -> Any:
    return np.concatenate(parts, -1)


def outer(a: Any, b: Any) -> Any:
    return np.einsum("ba,bc->bac", a, b)


def mv(M: Any, v: Any) -> Any:
    return np.einsum("bac,bc->ba", M, v)


def vm(v: Any, M: Any) -> Any:
    return np.einsum("ba,bac->bc", v, M)


def dot(a: Any, b: Any) -> Any:
    return (a * b).sum(-1, keepdims=True)


def col(a: Any) -> Any:
    """A number for each sample, to multiply matrices with."""
    return np.asarray(a).reshape(-1, 1, 1)


def row(a: Any) -> Any:
    return np.asarray(a).reshape(-1, 1)


# simple recurrent networks


@paper(
    "elman",
    r"""
% Elman network, as in Wikipedia
\begin{align}
h_t &= \sigma_h(W_{h} x_t + U_{h} h_{t-1} + b_h) \\
y_t &= \sigma_y(W_{y} h_t + b_y)
\end{align}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.W_h + p.h @ w.U_h + w.b_h)
    return {"h": h, "Y": sig(h @ w.W_y + w.b_y)}


@paper(
    "jordan",
    r"""
h_t = \sigma_h(W_h x_t + U_h y_{t-1} + b_h)
y_t = \sigma_y(W_y h_t + b_y)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    y = sig(tanh(x @ w.W_h + p.y @ w.U_h + w.b_h) @ w.W_y + w.b_y)
    return {"y": y, "Y": y}


@paper(
    "elman_output",
    r"""
$h_t = \tanh(W_{xh} x_t + W_{hh} h_{t-1} + b_h)$
$o_t = W_{ho} h_t + b_o$
$\hat{y}_t = \mathrm{softmax}(o_t)$""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.W_xh + p.h @ w.W_hh + w.b_h)
    return {"h": h, "Y": softmax(h @ w.W_ho + w.b_o)}


@paper(
    "goodfellow",
    r"""
\begin{align}
\boldsymbol{a}^{(t)} &= \boldsymbol{b} + \boldsymbol{W} \boldsymbol{h}^{(t-1)} + \boldsymbol{U} \boldsymbol{x}^{(t)}, \\
\boldsymbol{h}^{(t)} &= \tanh(\boldsymbol{a}^{(t)}),
\end{align}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(w.b + p.h @ w.W + x @ w.U)
    return {"h": h, "Y": h}


@paper("d2l", "H_t = φ(X_t W_{xh} + H_{t−1} W_{hh} + b_h)\nφ = tanh")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.W_xh + p.H @ w.W_hh + w.b_h)
    return {"H": h, "Y": h}


@paper("pytorch", r"h_t = \tanh(x_t W_{ih}^T + b_{ih} + h_{t-1}W_{hh}^T + b_{hh})")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.W_ih + w.b_ih + p.h @ w.W_hh + w.b_hh)
    return {"h": h, "Y": h}


@paper("second_order", r"h_t = \tanh(W x_t + U_1 h_{t-1} + U_2 h_{t-2} + b)")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.W + p.h @ w.U_1 + p.h_old @ w.U_2 + w.b)
    return {"h": h, "h_old": p.h, "Y": h}


@paper("irnn", "hₜ = σ(Whₜ₋₁ + Uxₜ + b)\nσ = relu")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = relu(p.h @ w.W + x @ w.U + w.b)
    return {"h": h, "Y": h}


@paper("indrnn", r"\mathbf{h}_t = \sigma(\mathbf{W}\mathbf{x}_t + \mathbf{u} \odot \mathbf{h}_{t-1} + \mathbf{b})")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = sig(x @ w.W + w.u * p.h + w.b)
    return {"h": h, "Y": h}


@paper("leaky", r"h_t = (1 - \alpha) h_{t-1} + \alpha \tanh(W x_t + U h_{t-1} + b)" + "\nα = 0.3")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = 0.7 * p.h + 0.3 * tanh(x @ w.W + p.h @ w.U + w.b)
    return {"h": h, "Y": h}


@paper(
    "clockwork",
    r"""
% A clockwork unit with gates of its own
g_t = \sigma(W_g x_t)
h_t = g_t \odot \tanh(W_i x_t + W_h h_{t-1}) + (1 - g_t) \odot h_{t-1}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    g = sig(x @ w.W_g)
    h = g * tanh(x @ w.W_i + p.h @ w.W_h) + (1 - g) * p.h
    return {"h": h, "Y": h}


@paper("antisymmetric", r"h_t = h_{t-1} + \epsilon \tanh((W - W^T) h_{t-1} + V x_t + b)" + "\nepsilon = 0.05")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = p.h + 0.05 * tanh(p.h @ (w.W - w.W.T) + x @ w.V + w.b)
    return {"h": h, "Y": h}


@paper("exprnn", r"h_t = \tanh(\exp(A) \odot h_{t-1} + T x_t)" + "\nA: num_units")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(exp(w.A) * p.h + x @ w.T)
    return {"h": h, "Y": h}


@paper(
    "superscripts",
    r"h_t = \tanh(W^{hx} * x_t + W^{hh} * h_{t-1} + b^{h}), \quad \hat y_t = W^{yh} * h_t + b^y",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.W_hx + p.h @ w.W_hh + w.b_h)
    return {"h": h, "Y": h @ w.W_yh + w.b_y}


@paper("state_space", "x_{k} = A x_{k-1} + B u_k\ny_k = C x_k + D u_k")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    s = p.s @ w.A + x @ w.B
    return {"s": s, "Y": s @ w.C + x @ w.D}


@paper(
    "lru",
    r"""
\begin{eqnarray}
h_t &=& \lambda \odot h_{t-1} + \sqrt{1-\lambda^2} \odot (B x_t), \label{eq:state} \\
y_t &=& C h_t + D \odot x_t \nonumber \\
\lambda &=& \exp(-\exp(\nu))
\end{eqnarray}
nu: num_units""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    decay = exp(-exp(w.nu))
    h = decay * p.h + np.sqrt(1 - decay**2) * (x @ w.B)
    return {"h": h, "Y": h @ w.C + w.D * x}


# LSTM


@paper(
    "graves",
    r"""
% LSTM with peepholes (Graves, Generating Sequences With Recurrent Neural Networks, 2013)
\begin{align}
i_t &= \sigma \left(W_{xi} x_t + W_{hi}h_{t-1} + W_{ci}c_{t-1} + b_i\right) \\
f_t &= \sigma \left(W_{xf} x_t + W_{hf}h_{t-1} + W_{cf}c_{t-1} + b_f\right) \\
c_t &= f_t c_{t-1} + i_t \tanh \left(W_{xc} x_t + W_{hc}h_{t-1} + b_c\right) \\
o_t &= \sigma \left(W_{xo} x_t + W_{ho}h_{t-1} + W_{co}c_{t} + b_o\right) \\
h_t &= o_t \tanh(c_t)
\end{align}
where $\sigma$ is the logistic sigmoid function""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    i = sig(x @ w.W_x_i + p.h @ w.W_hi + w.W_ci * p.c + w.b_i)
    f = sig(x @ w.W_xf + p.h @ w.W_hf + w.W_cf * p.c + w.b_f)
    c = f * p.c + i * tanh(x @ w.W_xc + p.h @ w.W_hc + w.b_c)
    o = sig(x @ w.W_xo + p.h @ w.W_ho + w.W_co * c + w.b_o)
    return {"c": c, "h": o * tanh(c), "Y": o * tanh(c)}


@paper(
    "shi",
    r"""
i_t = \sigma(W_{xi} x_t + W_{hi} h_{t-1} + W_{ci} \circ c_{t-1} + b_i) \\
f_t = \sigma(W_{xf} x_t + W_{hf} h_{t-1} + W_{cf} \circ c_{t-1} + b_f) \\
c_t = f_t \circ c_{t-1} + i_t \circ \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c) \\
o_t = \sigma(W_{xo} x_t + W_{ho} h_{t-1} + W_{co} \circ c_t + b_o) \\
h_t = o_t \circ \tanh(c_t)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    return PAPERS["graves"].step(w, x, p)


@paper(
    "olah",
    """
f_t = σ(W_f · [h_{t−1}, x_t] + b_f)
i_t = σ(W_i · [h_{t−1}, x_t] + b_i)
C̃_t = tanh(W_C · [h_{t−1}, x_t] + b_C)
C_t = f_t * C_{t−1} + i_t * C̃_t
o_t = σ(W_o [h_{t−1}, x_t] + b_o)
h_t = o_t * tanh(C_t)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    hx = cat(p.h, x)
    f, i, o = (sig(hx @ W + b) for W, b in ((w.W_f, w.b_f), (w.W_i, w.b_i), (w.W_o, w.b_o)))
    C = f * p.C + i * tanh(hx @ w.W_C + w.b_C)
    return {"C": C, "h": o * tanh(C), "Y": o * tanh(C)}


@paper(
    "wikipedia",
    r"""
{\displaystyle {\begin{aligned}f_{t}&=\sigma _{g}(W_{f}x_{t}+U_{f}h_{t-1}+b_{f})\\
i_{t}&=\sigma _{g}(W_{i}x_{t}+U_{i}h_{t-1}+b_{i})\\
o_{t}&=\sigma _{g}(W_{o}x_{t}+U_{o}h_{t-1}+b_{o})\\
{\tilde {c}}_{t}&=\sigma _{c}(W_{c}x_{t}+U_{c}h_{t-1}+b_{c})\\
c_{t}&=f_{t}\odot c_{t-1}+i_{t}\odot {\tilde {c}}_{t}\\
h_{t}&=o_{t}\odot \sigma _{h}(c_{t})\end{aligned}}}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, i, o = (sig(x @ getattr(w, f"W_{g}") + p.h @ getattr(w, f"U_{g}") + getattr(w, f"b_{g}")) for g in "fio")
    c = f * p.c + i * tanh(x @ w.W_c + p.h @ w.U_c + w.b_c)
    return {"c": c, "h": o * tanh(c), "Y": o * tanh(c)}


@paper(
    "d2l_lstm",
    r"""
\begin{aligned}
\mathbf{I}_t &= \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xi}} + \mathbf{H}_{t-1} \mathbf{W}_{\textrm{hi}} + \mathbf{b}_\textrm{i}),\\
\mathbf{F}_t &= \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xf}} + \mathbf{H}_{t-1} \mathbf{W}_{\textrm{hf}} + \mathbf{b}_\textrm{f}),\\
\mathbf{O}_t &= \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xo}} + \mathbf{H}_{t-1} \mathbf{W}_{\textrm{ho}} + \mathbf{b}_\textrm{o}),\\
\tilde{\mathbf{C}}_t &= \textrm{tanh}(\mathbf{X}_t \mathbf{W}_{\textrm{xc}} + \mathbf{H}_{t-1} \mathbf{W}_{\textrm{hc}} + \mathbf{b}_\textrm{c}),\\
\mathbf{C}_t &= \mathbf{F}_t \odot \mathbf{C}_{t-1} + \mathbf{I}_t \odot \tilde{\mathbf{C}}_t, \\
\mathbf{H}_t &= \mathbf{O}_t \odot \tanh(\mathbf{C}_t).
\end{aligned}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    i, f, o = (sig(x @ getattr(w, f"W_x{g}") + p.H @ getattr(w, f"W_h{g}") + getattr(w, f"b_{g}")) for g in "ifo")
    C = f * p.C + i * tanh(x @ w.W_xc + p.H @ w.W_hc + w.b_c)
    return {"C": C, "H": o * tanh(C), "Y": o * tanh(C)}


@paper(
    "split",
    r"""
f_t, i_t, \tilde{c}_t, o_t = \mathrm{split}(W [h_{t-1}, x_t] + b)
c_t = \sigma(f_t) \odot c_{t-1} + \sigma(i_t) \odot \tanh(\tilde{c}_t)
h_t = \sigma(o_t) \odot \tanh(c_t)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, i, g, o = np.split(cat(p.h, x) @ w.W + w.b, 4, -1)
    c = sig(f) * p.c + sig(i) * tanh(g)
    h = sig(o) * tanh(c)
    return {"c": c, "h": h, "Y": h}


@paper(
    "cifg",
    r"""
f_t = \sigma(W_f x_t + R_f y_{t-1} + b_f)
z_t = \tanh(W_z x_t + R_z y_{t-1} + b_z)
o_t = \sigma(W_o x_t + R_o y_{t-1} + b_o)
c_t = f_t \odot c_{t-1} + (1 - f_t) \odot z_t
y_t = o_t \odot \tanh(c_t)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, o = (sig(x @ getattr(w, f"W_{g}") + p.y @ getattr(w, f"R_{g}") + getattr(w, f"b_{g}")) for g in "fo")
    c = f * p.c + (1 - f) * tanh(x @ w.W_z + p.y @ w.R_z + w.b_z)
    return {"c": c, "y": o * tanh(c), "Y": o * tanh(c)}


@paper(
    "lstm_1997",
    r"""
i_t = \sigma(W_i x_t + U_i h_{t-1})
o_t = \sigma(W_o x_t + U_o h_{t-1})
c_t = c_{t-1} + i_t \odot \tanh(W_c x_t + U_c h_{t-1})
h_t = o_t \odot \tanh(c_t)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    i, o = (sig(x @ getattr(w, f"W_{g}") + p.h @ getattr(w, f"U_{g}")) for g in "io")
    c = p.c + i * tanh(x @ w.W_c + p.h @ w.U_c)
    return {"c": c, "h": o * tanh(c), "Y": o * tanh(c)}


@paper(
    "lstmp",
    r"""
i_t = \sigma(W_{ix} x_t + W_{ir} r_{t-1} + W_{ic} c_{t-1} + b_i) (7)
f_t = \sigma(W_{fx} x_t + W_{fr} r_{t-1} + W_{fc} c_{t-1} + b_f) (8)
c_t = f_t \odot c_{t-1} + i_t \odot g(W_{cx} x_t + W_{cr} r_{t-1} + b_c) (9)
o_t = \sigma(W_{ox} x_t + W_{or} r_{t-1} + W_{oc} c_t + b_o) (10)
m_t = o_t \odot \tanh(c_t) (11)
r_t = W_{rm} m_t (12)
where the W terms denote weight matrices, W_{ic}, W_{fc}, W_{oc} are diagonal weight matrices for peephole connections
axis R = 4
output: r""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    assert w.W_rm.shape == (5, 4)
    i = sig(x @ w.W_ix + p.r @ w.W_ir + p.c * w.W_ic + w.b_i)
    f = sig(x @ w.W_fx + p.r @ w.W_fr + p.c * w.W_fc + w.b_f)
    c = f * p.c + i * tanh(x @ w.W_cx + p.r @ w.W_cr + w.b_c)
    r = (sig(x @ w.W_ox + p.r @ w.W_or + c * w.W_oc + w.b_o) * tanh(c)) @ w.W_rm
    return {"c": c, "r": r, "Y": r}


@paper(
    "kda",
    r"""
q_t = \mathrm{Swish}(W_q x_t) \in \mathbb{R}^{d_k}
k_t = \mathrm{Swish}(W_k x_t) \in \mathbb{R}^{d_k}
v_t = \mathrm{Swish}(W_v x_t) \in \mathbb{R}^{d_v}
\alpha_t = \sigma(W_u W_d x_t)
\beta_t = \sigma(W_\beta x_t)
S_t = (I - \beta_t k_t k_t^\top) \mathrm{Diag}(\alpha_t) S_{t-1} + \beta_t k_t v_t^\top \in \mathbb{R}^{d_k \times d_v}
o_t = S_t^\top q_t \in \mathbb{R}^{d_v}
axis d_k = 4
axis R = 2""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    q, k, v = (z * sig(z) for z in (x @ w.W_q, x @ w.W_k, x @ w.W_v))
    decayed = sig(x @ w.W_d @ w.W_u)[..., None] * p.S
    beta = col(sig(x @ w.W_beta))
    S = decayed - beta * outer(k, vm(k, decayed)) + beta * outer(k, v)
    return {"S": S, "Y": vm(q, S)}


@paper(
    "titans",
    r"""
\mathbf{k}_t = \mathbf{x}_t W_K, \qquad \mathbf{v}_t = \mathbf{x}_t W_V, \qquad \mathbf{q}_t = \mathbf{x}_t W_Q
M_t = (1 - \alpha_t) M_{t-1} + S_t,
S_t = \eta_t S_{t-1} - 2 \theta_t (M_{t-1} \mathbf{k}_t - \mathbf{v}_t) \mathbf{k}_t^T
y_t = M_t \mathbf{q}_t
axis K = 4""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    k, v = x @ w.W_K, x @ w.W_V
    alpha, eta, theta = (col(sig(x @ w_)) for w_ in (w.w_alpha, w.w_eta, w.w_theta))
    S = eta * p.S - 2 * theta * outer(mv(p.M, k) - v, k)
    M = (1 - alpha) * p.M + S
    return {"S": S, "M": M, "Y": mv(M, x @ w.W_Q)}


@paper(
    "janet",
    r"""
\begin{align*}
\boldsymbol{s}_t &= \mathbf{U}_f \boldsymbol{h}_{t-1} + \mathbf{W}_f \boldsymbol{x}_t + \boldsymbol{b}_f \\
\tilde{\boldsymbol{c}}_t &= \tanh(\mathbf{U}_c \boldsymbol{h}_{t-1} + \mathbf{W}_c \boldsymbol{x}_t + \boldsymbol{b}_c) \\
\boldsymbol{c}_t &= \sigma(\boldsymbol{s}_t) \odot \boldsymbol{c}_{t-1} + (1 - \sigma(\boldsymbol{s}_t - \beta)) \odot \tilde{\boldsymbol{c}}_t \\
\boldsymbol{h}_t &= \boldsymbol{c}_t
\end{align*}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    s = p.h @ w.U_f + x @ w.W_f + w.b_f
    c = sig(s) * p.c + (1 - sig(s - 1)) * tanh(p.h @ w.U_c + x @ w.W_c + w.b_c)
    return {"c": c, "h": c, "Y": c}


@paper(
    "ur_lstm",
    r"""
f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)
r_t = \sigma(W_r x_t + U_r h_{t-1} + b_r)
g_t = r_t \cdot (1 - (1 - f_t)^2) + (1 - r_t) \cdot f_t^2
u_t = \tanh(W_u x_t + U_u h_{t-1} + b_u)
o_t = \sigma(W_o x_t + U_o h_{t-1} + b_o)
c_t = g_t \cdot c_{t-1} + (1 - g_t) \cdot u_t
h_t = o_t \cdot \tanh(c_t)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, r, u, o = (x @ getattr(w, f"W_{g}") + p.h @ getattr(w, f"U_{g}") + getattr(w, f"b_{g}") for g in "fruo")
    f, r = sig(f), sig(r)
    g = r * (1 - (1 - f) ** 2) + (1 - r) * f**2
    c = g * p.c + (1 - g) * tanh(u)
    h = sig(o) * tanh(c)
    return {"c": c, "h": h, "Y": h}


# GRU


@paper(
    "cho",
    """
r = σ(W_r x + U_r h_{⟨t−1⟩})
z = σ(W_z x + U_z h_{⟨t−1⟩})
h̃_{⟨t⟩} = tanh(W x + U(r ⊙ h_{⟨t−1⟩}))
h_{⟨t⟩} = z ⊙ h_{⟨t−1⟩} + (1 − z) ⊙ h̃_{⟨t⟩}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    r, z = sig(x @ w.W_r + p.h @ w.U_r), sig(x @ w.W_z + p.h @ w.U_z)
    h = z * p.h + (1 - z) * tanh(x @ w.W + (r * p.h) @ w.U)
    return {"h": h, "Y": h}


@paper(
    "chung",
    r"""
\[ z_t = \sigma(W_z \mathbf{x}_t + U_z \mathbf{h}_{t-1}) \]
\[ r_t = \sigma(W_r \mathbf{x}_t + U_r \mathbf{h}_{t-1}) \]
\[ \tilde{h}_t = \tanh(W \mathbf{x}_t + U (\mathbf{r}_t \odot \mathbf{h}_{t-1})) \]
\[ h_t = (1 - z_t) h_{t-1} + z_t \tilde{h}_t \]""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    r, z = sig(x @ w.W_r + p.h @ w.U_r), sig(x @ w.W_z + p.h @ w.U_z)
    h = (1 - z) * p.h + z * tanh(x @ w.W + (r * p.h) @ w.U)
    return {"h": h, "Y": h}


@paper(
    "reset_after",
    """
rₜ = σ(W_{ir} xₜ + b_{ir} + W_{hr} hₜ₋₁ + b_{hr})
zₜ = σ(W_{iz} xₜ + b_{iz} + W_{hz} hₜ₋₁ + b_{hz})
nₜ = tanh(W_{in} xₜ + b_{in} + rₜ ⊙ (W_{hn} hₜ₋₁ + b_{hn}))
hₜ = (1 − zₜ) ⊙ nₜ + zₜ ⊙ hₜ₋₁""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    r = sig(x @ w.W_ir + w.b_ir + p.h @ w.W_hr + w.b_hr)
    z = sig(x @ w.W_iz + w.b_iz + p.h @ w.W_hz + w.b_hz)
    n = tanh(x @ w.W_in + w.b_in + r * (p.h @ w.W_hn + w.b_hn))
    h = (1 - z) * n + z * p.h
    return {"h": h, "Y": h}


@paper(
    "mgu",
    r"""
f_t = \sigma(W_f [h_{t-1}, x_t] + b_f)
\tilde{h}_t = \tanh(W_h [f_t \odot h_{t-1}, x_t] + b_h)
h_t = (1 - f_t) \odot h_{t-1} + f_t \odot \tilde{h}_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f = sig(cat(p.h, x) @ w.W_f + w.b_f)
    h = (1 - f) * p.h + f * tanh(cat(f * p.h, x) @ w.W_h + w.b_h)
    return {"h": h, "Y": h}


@paper(
    "ligru",
    r"""
z_t = \sigma(W_z x_t + U_z h_{t-1})
\tilde{h}_t = \mathrm{ReLU}(W_h x_t + U_h h_{t-1})
h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde{h}_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    z = sig(x @ w.W_z + p.h @ w.U_z)
    h = z * p.h + (1 - z) * relu(x @ w.W_h + p.h @ w.U_h)
    return {"h": h, "Y": h}


@paper(
    "ugrnn",
    """
c_t = s(W^{ch} h_{t−1} + W^{cx} x_t + b^c)
g_t = σ(W^{gh} h_{t−1} + W^{gx} x_t + b^g)
h_t = g_t · h_{t−1} + (1 − g_t) · c_t
s = tanh""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    c = tanh(p.h @ w.W_ch + x @ w.W_cx + w.b_c)
    g = sig(p.h @ w.W_gh + x @ w.W_gx + w.b_g)
    h = g * p.h + (1 - g) * c
    return {"h": h, "Y": h}


@paper(
    "mut1",
    r"""
z = \sigma(W_{xz} x_t + b_z)
r = \sigma(W_{xr} x_t + W_{hr} h_{t-1} + b_r)
h_t = \tanh(W_{hh}(r \odot h_{t-1}) + \tanh(W_x x_t) + b_h) \odot z + h_{t-1} \odot (1 - z)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    z = sig(x @ w.W_xz + w.b_z)
    r = sig(x @ w.W_xr + p.h @ w.W_hr + w.b_r)
    h = tanh((r * p.h) @ w.W_hh + tanh(x @ w.W_x) + w.b_h) * z + p.h * (1 - z)
    return {"h": h, "Y": h}


@paper(
    "nas",
    r"""
% A cell that was found by search: max and sums of activations
a_t = \max(\tanh(W_1 x_t + U_1 h_{t-1}), \sigma(W_2 x_t + U_2 h_{t-1}))
b_t = \mathrm{ReLU}(W_3 x_t) \odot (a_t + c_{t-1})
c_t = \tanh(b_t)
h_t = \tanh(c_t \odot \sigma(W_4 x_t + U_4 h_{t-1}))""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    a = np.maximum(tanh(x @ w.W_1 + p.h @ w.U_1), sig(x @ w.W_2 + p.h @ w.U_2))
    c = tanh(relu(x @ w.W_3) * (a + p.c))
    h = tanh(c * sig(x @ w.W_4 + p.h @ w.U_4))
    return {"c": c, "h": h, "Y": h}


# cells whose gates read only the input


@paper(
    "sru",
    r"""
\begin{align}
\tilde{\mathbf{x}}_t &= \mathbf{W} \mathbf{x}_t \\
\mathbf{f}_t &= \sigma(\mathbf{W}_f \mathbf{x}_t + \mathbf{v}_f \odot \mathbf{c}_{t-1} + \mathbf{b}_f) \\
\mathbf{r}_t &= \sigma(\mathbf{W}_r \mathbf{x}_t + \mathbf{v}_r \odot \mathbf{c}_{t-1} + \mathbf{b}_r) \\
\mathbf{c}_t &= \mathbf{f}_t \odot \mathbf{c}_{t-1} + (1 - \mathbf{f}_t) \odot \tilde{\mathbf{x}}_t \\
\mathbf{h}_t &= \mathbf{r}_t \odot \mathbf{c}_t + (1 - \mathbf{r}_t) \odot \mathbf{x}_t
\end{align}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, r = (sig(x @ getattr(w, f"W_{g}") + getattr(w, f"v_{g}") * p.c + getattr(w, f"b_{g}")) for g in "fr")
    c = f * p.c + (1 - f) * (x @ w.W)
    return {"c": c, "Y": r * c + (1 - r) * x}


@paper(
    "qrnn",
    r"""
z_t = \tanh(W_z^1 x_{t-1} + W_z^2 x_t)
f_t = \sigma(W_f^1 x_{t-1} + W_f^2 x_t)
o_t = \sigma(W_o^1 x_{t-1} + W_o^2 x_t)
c_t = f_t \odot c_{t-1} + (1 - f_t) \odot z_t
h_t = o_t \odot c_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    z, f, o = (p.x @ getattr(w, f"W_{g}1") + x @ getattr(w, f"W_{g}2") for g in "zfo")
    c = sig(f) * p.c + (1 - sig(f)) * tanh(z)
    return {"c": c, "x": x, "Y": sig(o) * c}


@paper(
    "mingru",
    r"""
\boldsymbol{z}_t = \sigma(\mathrm{Linear}_{d_h}(\boldsymbol{x}_t))
\tilde{\boldsymbol{h}}_t = \mathrm{Linear}_{d_h}(\boldsymbol{x}_t)
\boldsymbol{h}_t = (\boldsymbol{1} - \boldsymbol{z}_t) \odot \boldsymbol{h}_{t-1} + \boldsymbol{z}_t \odot \tilde{\boldsymbol{h}}_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    z = sig(x @ w.W_z + w.b_z)
    h = (1 - z) * p.h + z * (x @ w.W_h_tilde + w.b_h_tilde)
    return {"h": h, "Y": h}


@paper(
    "minlstm",
    r"""
f_t = \sigma(\mathrm{Linear}(x_t)), \quad i_t = \sigma(\mathrm{Linear}(x_t)), \quad \tilde{h}_t = \mathrm{Linear}(x_t) \\
f'_t = \frac{f_t}{f_t + i_t}, \quad i'_t = \frac{i_t}{f_t + i_t} \\
h_t = f'_t \odot h_{t-1} + i'_t \odot \tilde{h}_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, i = sig(x @ w.W_f + w.b_f), sig(x @ w.W_i + w.b_i)
    h = f / (f + i) * p.h + i / (f + i) * (x @ w.W_h_tilde + w.b_h_tilde)
    return {"h": h, "Y": h}


@paper(
    "rg_lru",
    r"""
r_t = \sigma(W_a x_t + b_a)
i_t = \sigma(W_x x_t + b_x)
a_t = \exp(-8 \, \mathrm{softplus}(\Lambda) \odot r_t)
h_t = a_t \odot h_{t-1} + \sqrt{1 - a_t^2} \odot (i_t \odot x_t)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    r, i = sig(x @ w.W_a + w.b_a), sig(x @ w.W_x + w.b_x)
    a = exp(-8 * softplus(w.Lambda) * r)
    h = a * p.h + np.sqrt(1 - a**2) * (i * x)
    return {"h": h, "Y": h}


@paper(
    "hgrn",
    r"""
f_t = \sigma(x_t W_f + b_f)
c_t = \mathrm{SiLU}(x_t W_c + b_c)
h_t = f_t \odot h_{t-1} + (1 - f_t) \odot c_t
g_t = \sigma(x_t W_g + b_g)
o_t = g_t \odot h_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, c, g = (x @ getattr(w, f"W_{n}") + getattr(w, f"b_{n}") for n in "fcg")
    h = sig(f) * p.h + (1 - sig(f)) * (c * sig(c))
    return {"h": h, "Y": sig(g) * h}


# differential equations


@paper(
    "cornn",
    r"""
\begin{align}
\mathbf{y}_n &= \mathbf{y}_{n-1} + \Delta t \, \mathbf{z}_n, \\
\mathbf{z}_n &= \mathbf{z}_{n-1} + \Delta t \, \sigma\left(\mathbf{W} \mathbf{y}_{n-1} + \mathcal{W} \mathbf{z}_{n-1} + \mathbf{V} \mathbf{u}_n + \mathbf{b}\right) - \Delta t \, \gamma \mathbf{y}_{n-1} - \Delta t \, \epsilon \mathbf{z}_{n-1}
\end{align}
σ = tanh
Δt = 0.05""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    inner = tanh(p.y @ w.W + p.z @ w.W_cal + x @ w.V + w.b)
    z = p.z + 0.05 * inner - 0.05 * 0.9 * p.y - 0.05 * 0.1 * p.z
    y = p.y + 0.05 * z
    return {"y": y, "z": z, "Y": y}


@paper(
    "lem",
    r"""
\Delta t_n = \Delta t \, \hat{\sigma}(W_1 y_{n-1} + V_1 u_n + b_1) \\
\overline{\Delta t}_n = \Delta t \, \hat{\sigma}(W_2 y_{n-1} + V_2 u_n + b_2) \\
z_n = (1 - \Delta t_n) \odot z_{n-1} + \Delta t_n \odot \sigma(W_z y_{n-1} + V_z u_n + b_z) \\
y_n = (1 - \overline{\Delta t}_n) \odot y_{n-1} + \overline{\Delta t}_n \odot \sigma(W_y z_n + V_y u_n + b_y)
dt = 1
output: y""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    d, e = sig(p.y @ w.W_1 + x @ w.V_1 + w.b_1), sig(p.y @ w.W_2 + x @ w.V_2 + w.b_2)
    z = (1 - d) * p.z + d * sig(p.y @ w.W_z + x @ w.V_z + w.b_z)
    y = (1 - e) * p.y + e * sig(z @ w.W_y + x @ w.V_y + w.b_y)
    return {"z": z, "y": y, "Y": y}


# matrix states


@paper(
    "linear_attention",
    r"""
S_t = S_{t-1} + v_t k_t^\top, \quad o_t = S_t q_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    S = p.S + outer(x @ w.W_v, x @ w.W_k)
    return {"S": S, "Y": mv(S, x @ w.W_q)}


@paper(
    "linear_attention_normalised",
    r"""
k_t = \exp(W_k x_t), \quad q_t = \exp(W_q x_t), \quad v_t = W_v x_t \\
S_t = S_{t-1} + v_t k_t^\top \\
z_t = z_{t-1} + k_t \\
o_t = \frac{S_t q_t}{z_t^\top q_t}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    k, q = exp(x @ w.W_k), exp(x @ w.W_q)
    S, z = p.S + outer(x @ w.W_v, k), p.z + k
    return {"S": S, "z": z, "Y": mv(S, q) / dot(z, q)}


@paper(
    "retnet",
    """
S_n = γ S_{n−1} + K_n^⊤ V_n
O_n = Q_n S_n
γ = 0.95""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    S = 0.95 * p.S + outer(x @ w.W_K, x @ w.W_V)
    return {"S": S, "Y": vm(x @ w.W_Q, S)}


@paper(
    "gla",
    r"""
\mathbf{S}_t = \left(\boldsymbol{\alpha}_t^\top \mathbf{1}\right) \odot \mathbf{S}_{t-1} + \mathbf{k}_t^\top \mathbf{v}_t, \quad
\mathbf{o}_t = \mathbf{q}_t \mathbf{S}_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    S = sig(x @ w.W_alpha)[:, :, None] * p.S + outer(x @ w.W_k, x @ w.W_v)
    return {"S": S, "Y": vm(x @ w.W_q, S)}


@paper(
    "hgrn2",
    r"""
S_t = \mathrm{Diag}(f_t) S_{t-1} + (1 - f_t)^\top i_t, \quad o_t = q_t S_t
f_t = \sigma(x_t W_f), \quad i_t = x_t W_i, \quad q_t = \sigma(x_t W_q)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f = sig(x @ w.W_f)
    S = f[:, :, None] * p.S + outer(1 - f, x @ w.W_i)
    return {"S": S, "Y": vm(sig(x @ w.W_q), S)}


@paper(
    "mlstm",
    r"""
\begin{align}
\mathbf{C}_t &= f_t \, \mathbf{C}_{t-1} + i_t \, \mathbf{v}_t \, \mathbf{k}_t^\top && \text{cell state} \\
\mathbf{n}_t &= f_t \, \mathbf{n}_{t-1} + i_t \, \mathbf{k}_t && \text{normalizer state} \\
\mathbf{h}_t &= \mathbf{o}_t \odot \tilde{\mathbf{h}}_t, \qquad \tilde{\mathbf{h}}_t = \mathbf{C}_t \mathbf{q}_t \Big/ \max\left\{\left|\mathbf{n}_t^\top \mathbf{q}_t\right|, 1\right\} \\
\mathbf{q}_t &= \mathbf{W}_q \, \mathbf{x}_t + \mathbf{b}_q \\
\mathbf{k}_t &= \frac{1}{\sqrt{d}} \mathbf{W}_k \, \mathbf{x}_t + \mathbf{b}_k \\
\mathbf{v}_t &= \mathbf{W}_v \, \mathbf{x}_t + \mathbf{b}_v \\
i_t &= \exp\left(\tilde{i}_t\right), & \tilde{i}_t &= \mathbf{w}_i^\top \, \mathbf{x}_t + b_i \\
f_t &= \sigma\left(\tilde{f}_t\right), & \tilde{f}_t &= \mathbf{w}_f^\top \, \mathbf{x}_t + b_f \\
\mathbf{o}_t &= \sigma\left(\tilde{\mathbf{o}}_t\right), & \tilde{\mathbf{o}}_t &= \mathbf{W}_o \, \mathbf{x}_t + \mathbf{b}_o
\end{align}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    q, k, v = x @ w.W_q + w.b_q, x @ w.W_k / np.sqrt(w.W_k.shape[1]) + w.b_k, x @ w.W_v + w.b_v
    i, f = exp(x @ w.w_i + w.b_i), sig(x @ w.w_f + w.b_f)
    C, n = col(f) * p.C + col(i) * outer(v, k), row(f) * p.n + row(i) * k
    o = sig(x @ w.W_o + w.b_o)
    return {"C": C, "n": n, "Y": o * mv(C, q) / np.maximum(abs(dot(n, q)), 1)}


@paper(
    "slstm",
    r"""
\begin{align}
c_t &= f_t c_{t-1} + i_t z_t \\
n_t &= f_t n_{t-1} + i_t \\
h_t &= o_t \tilde{h}_t, \quad \tilde{h}_t = c_t / n_t \\
z_t &= \varphi(\tilde{z}_t), \quad \tilde{z}_t = W_z x_t + R_z h_{t-1} + b_z \\
i_t &= \exp(\tilde{i}_t - m_t), \quad \tilde{i}_t = W_i x_t + R_i h_{t-1} + b_i \\
f_t &= \exp(\log \sigma(\tilde{f}_t) + m_{t-1} - m_t), \quad \tilde{f}_t = W_f x_t + R_f h_{t-1} + b_f \\
o_t &= \sigma(\tilde{o}_t), \quad \tilde{o}_t = W_o x_t + R_o h_{t-1} + b_o \\
m_t &= \max(\log \sigma(\tilde{f}_t) + m_{t-1}, \tilde{i}_t)
\end{align}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    z, i, f, o = (x @ getattr(w, f"W_{g}") + p.h @ getattr(w, f"R_{g}") + getattr(w, f"b_{g}") for g in "zifo")
    log_f = -np.log1p(exp(-f))
    m = np.maximum(log_f + p.m, i)
    i, f = exp(i - m), exp(log_f + p.m - m)
    c, n = f * p.c + i * tanh(z), f * p.n + i
    h = sig(o) * c / n
    return {"c": c, "n": n, "m": m, "h": h, "Y": h}


@paper(
    "deltanet",
    r"""
S_t = S_{t-1}(\mathbf{I} - \beta_t k_t k_t^\top) + \beta_t v_t k_t^\top
o_t = S_t q_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    k, v, q, beta = x @ w.W_k, x @ w.W_v, x @ w.W_q, col(sig(x @ w.w_beta))
    S = p.S @ (np.eye(k.shape[1]) - beta * outer(k, k)) + beta * outer(v, k)
    return {"S": S, "Y": mv(S, q)}


@paper(
    "gated_deltanet",
    r"""
\mathbf{S}_t = \mathbf{S}_{t-1} \left(\alpha_t (\mathbf{I} - \beta_t \boldsymbol{k}_t \boldsymbol{k}_t^{\intercal})\right) + \beta_t \boldsymbol{v}_t \boldsymbol{k}_t^{\intercal}
\boldsymbol{o}_t = \mathbf{S}_t \boldsymbol{q}_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    k, v, q = x @ w.W_k, x @ w.W_v, x @ w.W_q
    alpha, beta = col(sig(x @ w.w_alpha)), col(sig(x @ w.w_beta))
    S = p.S @ (alpha * (np.eye(k.shape[1]) - beta * outer(k, k))) + beta * outer(v, k)
    return {"S": S, "Y": mv(S, q)}


@paper(
    "mamba",
    r"""
\Delta_t = \mathrm{softplus}(W_\Delta x_t + b_\Delta)
B_t = W_B x_t
C_t = W_C x_t
h_t = \exp(\Delta_t \odot A) \odot h_{t-1} + (\Delta_t \odot x_t) B_t^\top
y_t = h_t C_t + D \odot x_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    d = softplus(x @ w.W_Delta + w.b_Delta)
    h = exp(d[:, :, None] * w.A) * p.h + outer(d * x, x @ w.W_B)
    return {"h": h, "Y": mv(h, x @ w.W_C) + w.D * x}


@paper(
    "mamba_2",
    r"""
h_t = a_t h_{t-1} + B_t x_t^\top, \quad y_t = h_t^\top C_t
a_t = \exp(-\mathrm{softplus}(w_a^\top x_t)), \quad B_t = W_B x_t, \quad C_t = W_C x_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = col(exp(-softplus(x @ w.w_a))) * p.h + outer(x @ w.W_B, x)
    return {"h": h, "Y": vm(x @ w.W_C, h)}


@paper(
    "rwkv_6",
    r"""
S_t = \mathrm{diag}(w_t) S_{t-1} + k_t^\top v_t
y_t = r_t \left(\mathrm{diag}(u) k_t^\top v_t + S_{t-1}\right)
w_t = \exp(-\exp(x_t W_w)), \quad r_t = x_t W_r""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    k, v = x @ w.W_k, x @ w.W_v
    S = exp(-exp(x @ w.W_w))[:, :, None] * p.S + outer(k, v)
    return {"S": S, "Y": vm(x @ w.W_r, p.S + outer(w.u * k, v))}


@paper(
    "rwkv_7",
    r"""
S_t = S_{t-1}\left(\mathrm{diag}(w_t) - \hat\kappa_t^T (a_t \odot \hat\kappa_t)\right) + v_t^T \tilde{k}_t
y_t = r_t S_t^T
\hat\kappa_t = x_t W_\kappa, \quad \tilde{k}_t = x_t W_k, \quad v_t = x_t W_v""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    kappa, k, v, decay, a, r = x @ w.W_kappa, x @ w.W_k, x @ w.W_v, sig(x @ w.W_w), sig(x @ w.W_a), sig(x @ w.W_r)
    S = p.S * decay[:, None] - outer(mv(p.S, kappa), a * kappa) + outer(v, k)
    return {"S": S, "Y": mv(S, r)}


@paper(
    "fast_weights",
    r"""
A_t = \lambda A_{t-1} + \eta h_{t-1} h_{t-1}^T
h_t = f(W h_{t-1} + C x_t + A_t h_{t-1})
f = relu""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    A = 0.9 * p.A + 0.5 * outer(p.h, p.h)
    h = relu(p.h @ w.W + x @ w.C + mv(A, p.h))
    return {"A": A, "h": h, "Y": h}


@paper(
    "schlag",
    """
W_t = W_{t−1} + v_t ⊗ φ(k_t)
y_t = W_t φ(q_t)
φ = relu""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    W = p.W + outer(x @ w.W_v, relu(x @ w.W_k))
    return {"W": W, "Y": mv(W, relu(x @ w.W_q))}


@paper(
    "layer_norm",
    r"""
a_t = W_{hh} h_{t-1} + W_{xh} x_t
h_t = \tanh(g \odot \mathrm{LN}(a_t) + b)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    a = p.h @ w.W_hh + x @ w.W_xh
    a = a - a.mean(-1, keepdims=True)
    h = tanh(w.g * a / np.sqrt((a * a).mean(-1, keepdims=True) + 1e-5) + w.b)
    return {"h": h, "Y": h}


# with sentences, copied from PDFs, or with numbers of equations


@paper(
    "lmu",
    r"""
\begin{align}
\mathbf{h}_t &= f\left(\mathbf{W}_x \mathbf{x}_t + \mathbf{W}_h \mathbf{h}_{t-1} + \mathbf{W}_m \mathbf{m}_t\right) \label{eq:h}\\
u_t &= \mathbf{e}_x^{\top} \mathbf{x}_t + \mathbf{e}_h^{\top} \mathbf{h}_{t-1} + \mathbf{e}_m^{\top} \mathbf{m}_{t-1} \\
\mathbf{m}_t &= \bar{\mathbf{A}} \mathbf{m}_{t-1} + \bar{\mathbf{B}} u_t
\end{align}
where $f$ is the hyperbolic tangent, $\bar{\mathbf{A}} \in \mathbb{R}^{d \times d}$ and $\bar{\mathbf{B}} \in \mathbb{R}^{d \times 1}$
axis d = 4""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    u = row(x @ w.e_x + p.h @ w.e_h + p.m @ w.e_m)
    m = p.m @ w.A_bar + u * w.B_bar
    h = tanh(x @ w.W_x + p.h @ w.W_h + m @ w.W_m)
    return {"h": h, "m": m, "Y": h}


@paper(
    "gsa",
    r"""
\begin{aligned}
\mathbf{q}_t, \mathbf{k}_t, \mathbf{v}_t &= \phi(\mathbf{W}_q \mathbf{x}_t), \phi(\mathbf{W}_k \mathbf{x}_t), \phi(\mathbf{W}_v \mathbf{x}_t) \\
\boldsymbol{\alpha}_t &= \sigma(\mathbf{W}_{\alpha} \mathbf{x}_t)^{1/\tau} \\
\tilde{\mathbf{K}}_t &= \operatorname{Diag}(\boldsymbol{\alpha}_t) \tilde{\mathbf{K}}_{t-1} + (1-\boldsymbol{\alpha}_t) \otimes \mathbf{k}_t \in \mathbb{R}^{m \times d} \\
\tilde{\mathbf{V}}_t &= \operatorname{Diag}(\boldsymbol{\alpha}_t) \tilde{\mathbf{V}}_{t-1} + (1-\boldsymbol{\alpha}_t) \otimes \mathbf{v}_t \in \mathbb{R}^{m \times d} \\
\mathbf{o}_t &= \tilde{\mathbf{V}}_t^{\top} \operatorname{softmax}(\tilde{\mathbf{K}}_t \mathbf{q}_t) \in \mathbb{R}^{d}
\end{aligned}
where $\phi$ is the Swish activation and $\tau = 8$.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    q, k, v = (z * sig(z) for z in (x @ w.W_q, x @ w.W_k, x @ w.W_v))
    alpha = sig(x @ w.W_alpha) ** (1 / 8)
    K = alpha[:, :, None] * p.K_tilde + outer(1 - alpha, k)
    V = alpha[:, :, None] * p.V_tilde + outer(1 - alpha, v)
    return {"K_tilde": K, "V_tilde": V, "Y": vm(softmax(mv(K, q)), V)}


@paper(
    "rglru",
    """
rₜ = σ(Wₐ xₜ + bₐ)    (1)
iₜ = σ(Wₓ xₜ + bₓ)    (2)
aₜ = a^(c rₜ)         (3)
hₜ = aₜ ⊙ hₜ₋₁ + √(1 − aₜ²) ⊙ (iₜ ⊙ xₜ)   (4)
where a = σ(Λ) and c is a scalar-valued constant set to 8.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    a = sig(w.Lambda) ** (8 * sig(x @ w.W_a + w.b_a))
    h = a * p.h + np.sqrt(1 - a**2) * sig(x @ w.W_x + w.b_x) * x
    return {"h": h, "Y": h}


@paper(
    "fastgrnn",
    """
zt = σ(Wxt + Uht−1 + bz),
h˜t = tanh(Wxt + Uht−1 + bh),
ht = (ζ(1 − zt) + ν) ⊙ h˜t + zt ⊙ ht−1,
zeta: 1
nu: 1""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    a = x @ w.W + p.h @ w.U
    z = sig(a + w.b_z)
    h = (w.zeta * (1 - z) + w.nu) * tanh(a + w.b_h) + z * p.h
    return {"h": h, "Y": h}


@paper(
    "multiplicative_lstm",
    """
mt = (Wmxxt) ⊙ (Wmhht−1) (16)
hˆt = Whxxt + Whmmt (17)
it = σ(Wixxt + Wimmt) (18)
ot = σ(Woxxt + Wommt) (19)
ft = σ(Wfxxt + Wfmmt) (20)
ct = ft ⊙ ct−1 + it ⊙ tanh(hˆt)
ht = tanh(ct) ⊙ ot""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    m = (x @ w.W_mx) * (p.h @ w.W_mh)
    c = sig(x @ w.W_fx + m @ w.W_fm) * p.c + sig(x @ w.W_ix + m @ w.W_im) * tanh(x @ w.W_hx + m @ w.W_hm)
    h = tanh(c) * sig(x @ w.W_ox + m @ w.W_om)
    return {"c": c, "h": h, "Y": h}


@paper(
    "scrn",
    """
s t = (1 − α) B x t + α s t−1 , (4)
h t = σ (P s t + A x t + R h t−1 ), (5)
where α = 0.95.
output: h""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    s = 0.05 * (x @ w.B) + 0.95 * p.s
    h = sig(s @ w.P + x @ w.A + p.h @ w.R)
    return {"s": s, "h": h, "Y": h}


@paper(
    "longhorn",
    r"""
\mathbf{S}_t = (\mathbf{1} - \boldsymbol{\epsilon}_t \otimes \mathbf{k}_t^{\odot 2}) \odot \mathbf{S}_{t-1} + (\boldsymbol{\epsilon}_t \odot \mathbf{x}_t) \otimes \mathbf{k}_t, \quad
\boldsymbol{\epsilon}_t = \frac{\beta_t}{1 + \beta_t \mathbf{k}_t^\top \mathbf{k}_t} \tag{7}
\mathbf{o}_t = \mathbf{S}_t \mathbf{q}_t
where $\mathbf{q}_t = \mathbf{W}_q \mathbf{x}_t$, $\mathbf{k}_t = \mathbf{W}_k \mathbf{x}_t$ and $\beta_t = \sigma(\mathbf{W}_\beta \mathbf{x}_t)$.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    q, k, beta = x @ w.W_q, x @ w.W_k, sig(x @ w.W_beta)
    e = beta / (1 + beta * dot(k, k))
    S = (1 - outer(e, k**2)) * p.S + outer(e * x, k)
    return {"S": S, "Y": mv(S, q)}


@paper(
    "delta_rnn",
    """
d¹_t = α ⊙ V h_{t−1} ⊙ W x_t
d²_t = β₁ ⊙ V h_{t−1} + β₂ ⊙ W x_t
z_t = φ(d¹_t + d²_t)
r_t = σ(W x_t + b_r), where σ(u) = 1 / (1 + exp(−u))
h_t = φ((1 − r_t) ⊙ z_t + r_t ⊙ h_{t−1})
where φ is the hyperbolic tangent.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    v, u = p.h @ w.V, x @ w.W
    r = sig(u + w.b_r)
    h = tanh((1 - r) * tanh(w.alpha * v * u + w.beta_1 * v + w.beta_2 * u) + r * p.h)
    return {"h": h, "Y": h}


@paper(
    "on_lstm",
    r"""
f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)
i_t = \sigma(W_i x_t + U_i h_{t-1} + b_i)
o_t = \sigma(W_o x_t + U_o h_{t-1} + b_o)
\hat{c}_t = \tanh(W_c x_t + U_c h_{t-1} + b_c)
\tilde{f}_t = \text{cumax}(W_{\tilde{f}} x_t + U_{\tilde{f}} h_{t-1} + b_{\tilde{f}})
\tilde{i}_t = 1 - \text{cumax}(W_{\tilde{i}} x_t + U_{\tilde{i}} h_{t-1} + b_{\tilde{i}})
\omega_t = \tilde{f}_t \circ \tilde{i}_t
\hat{f}_t = f_t \circ \omega_t + (\tilde{f}_t - \omega_t)
\hat{i}_t = i_t \circ \omega_t + (\tilde{i}_t - \omega_t)
c_t = \hat{f}_t \circ c_{t-1} + \hat{i}_t \circ \hat{c}_t
h_t = o_t \circ \tanh(c_t)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    own = vars(w)
    f, i, o, g = (x @ own[f"W_{n}"] + p.h @ own[f"U_{n}"] + own[f"b_{n}"] for n in "fioc")
    forget = np.cumsum(softmax(x @ w.W_f_tilde + p.h @ w.U_f_tilde + w.b_f_tilde), axis=-1)
    write = 1 - np.cumsum(softmax(x @ w.W_i_tilde + p.h @ w.U_i_tilde + w.b_i_tilde), axis=-1)
    both = forget * write
    c = (sig(f) * both + forget - both) * p.c + (sig(i) * both + write - both) * tanh(g)
    h = sig(o) * tanh(c)
    return {"c": c, "h": h, "Y": h}


@paper("leaky_euler", "h_t = h_{t-1} + dt/τ (−h_{t-1} + tanh(W h_{t-1} + U x_t))\ndt = 0.1\nτ = 0.5")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = p.h + 0.2 * (tanh(p.h @ w.W + x @ w.U) - p.h)
    return {"h": h, "Y": h}


@paper(
    "echo_state",
    r"""
\tilde{x}(n) = \tanh(W^{in} u(n) + W x(n-1))
x(n) = (1 - \alpha) x(n-1) + \alpha \tilde{x}(n)
y(n) = W^{out} [u(n); x(n)]
\alpha = 0.3""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    s = 0.7 * p.s + 0.3 * tanh(x @ w.W_in + p.s @ w.W)
    return {"s": s, "Y": cat(x, s) @ w.W_out}


@paper(
    "lipschitz",
    r"""
h_t = h_{t-1} + \epsilon A h_{t-1} + \epsilon \tanh(W h_{t-1} + U x_t + b)
A = (1-\beta_A)(M_A + M_A^T) + \beta_A (M_A - M_A^T) - \gamma_A I
W = (1-\beta_W)(M_W + M_W^T) + \beta_W (M_W - M_W^T) - \gamma_W I
where $\epsilon = 0.03$, $\beta_A = 0.75$, $\gamma_A = 0.001$, $\beta_W = 0.8$ and $\gamma_W = 0.01$.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    eye = np.eye(len(w.M_A))
    A = 0.25 * (w.M_A + w.M_A.T) + 0.75 * (w.M_A - w.M_A.T) - 0.001 * eye
    W = 0.2 * (w.M_W + w.M_W.T) + 0.8 * (w.M_W - w.M_W.T) - 0.01 * eye
    h = p.h + 0.03 * p.h @ A + 0.03 * tanh(p.h @ W + x @ w.U + w.b)
    return {"h": h, "Y": h}


@paper(
    "mut1_pdf",
    """
z = sigm(Wxzxt + bz)
r = sigm(Wxrxt + Whrht−1 + br)
ht = tanh(Whh(r ⊙ ht−1) + tanh(xt) + bh) ⊙ z
+ ht−1 ⊙ (1 − z)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    z, r = sig(x @ w.W_xz + w.b_z), sig(x @ w.W_xr + p.h @ w.W_hr + w.b_r)
    h = tanh((r * p.h) @ w.W_hh + tanh(x) + w.b_h) * z + p.h * (1 - z)
    return {"h": h, "Y": h}


@paper(
    "star",
    r"""
\mathbf{k}^l_t = \sigma(\mathbf{W}_x \mathbf{h}^{l-1}_t + \mathbf{W}_h \mathbf{h}^l_{t-1} + \mathbf{b}_k)
\mathbf{z}^l_t = \tanh(\mathbf{W}_z \mathbf{h}^{l-1}_t + \mathbf{b}_z)
\mathbf{h}^l_t = \tanh((1 - \mathbf{k}^l_t) \circ \mathbf{h}^l_{t-1} + \mathbf{k}^l_t \circ \mathbf{z}^l_t)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    k = sig(x @ w.W_x + p.h @ w.W_h + w.b_k)
    h = tanh((1 - k) * p.h + k * tanh(x @ w.W_z + w.b_z))
    return {"h": h, "Y": h}


# texts as readers typed them, with one line added where the page offers one


@paper(
    "gateloop",
    r"""
\begin{equation}
h_n = a_n h_{n-1} + k_n^\top v_n, \qquad y_n = q_n h_n
\end{equation}
where $q_n = \mathrm{Linear}_q(x_n)$, $k_n = \mathrm{Linear}_k(x_n)$, $v_n = \mathrm{Linear}_v(x_n)$ and the state transition is
\begin{equation}
a_n = \sigma(\alpha_n)
\end{equation}
where $\alpha_n = \mathrm{Linear}_\alpha(x_n)$, $q_n, k_n, v_n \in \mathbb{R}^{1 \times d}$ are row vectors and $h_n \in \mathbb{R}^{d \times d}$.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    q, k, v, a = (x @ vars(w)[f"W_{n}"] + vars(w)[f"b_{n}"] for n in ("q", "k", "v", "alpha"))
    h = sig(a)[..., None] * p.h + outer(k, v)
    return {"h": h, "Y": vm(q, h)}


@paper(
    "gateloop_rows",
    r"""
H_n = a_n H_{n-1} + k_n^\top v_n
y_n = q_n H_n
q_n = x_n W_q
k_n = x_n W_k
v_n = x_n W_v
a_n = \sigma(x_n W_a)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    H = sig(x @ w.W_a)[..., None] * p.H + outer(x @ w.W_k, x @ w.W_v)
    return {"H": H, "Y": vm(x @ w.W_q, H)}


@paper(
    "antisymmetric_pdf",
    """
zt = σ((Wh − WhT − γI)ht−1 + Vzxt + bz),   (18)
ht = ht−1 + ε zt ◦ tanh((Wh − WhT − γI)ht−1 + Vhxt + bh),   (19)
where σ denotes the sigmoid function, I is the identity matrix, γ > 0 is the diffusion strength and ε > 0 is the step size; ◦ is the Hadamard product.
γ = 0.1
ε = 0.2""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    own = p.h @ (w.W_h - w.W_h.T) - 0.1 * p.h
    z = sig(own + x @ w.V_z + w.b_z)
    h = p.h + 0.2 * z * tanh(own + x @ w.V_h + w.b_h)
    return {"h": h, "Y": h}


@paper(
    "mogrifier",
    r"""
\begin{align*}
x^1 &= 2\sigma(Q^1 h_{prev}) \odot x \\
h^2_{prev} &= 2\sigma(R^2 x^1) \odot h_{prev} \\
f &= \sigma(W^{fx} x^1 + W^{fh} h^2_{prev} + b^f) \\
i &= \sigma(W^{ix} x^1 + W^{ih} h^2_{prev} + b^i) \\
j &= \tanh(W^{jx} x^1 + W^{jh} h^2_{prev} + b^j) \\
o &= \sigma(W^{ox} x^1 + W^{oh} h^2_{prev} + b^o) \\
c &= f \odot c_{prev} + i \odot j \\
h &= o \odot \tanh(c)
\end{align*}
where $\sigma$ is the logistic sigmoid function, $\odot$ is the elementwise product, $W^{**}$ and $b^*$ are weight matrices and biases.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    x1 = 2 * sig(p.h @ w.Q_1) * x
    h2 = 2 * sig(x1 @ w.R_2) * p.h
    f, i, j, o = (x1 @ vars(w)[f"W_{n}x"] + h2 @ vars(w)[f"W_{n}h"] + vars(w)[f"b_{n}"] for n in "fijo")
    c = sig(f) * p.c + sig(i) * tanh(j)
    h = sig(o) * tanh(c)
    return {"c": c, "h": h, "Y": h}


@paper(
    "sub_lstm",
    r"""
\begin{align}
[\mathbf{f}_t, \mathbf{o}_t, \mathbf{z}_t, \mathbf{i}_t]^T &= \sigma(\mathbf{W}\mathbf{x}_t + \mathbf{R}\mathbf{h}_{t-1} + \mathbf{b}), \\
\mathbf{c}_t &= \mathbf{c}_{t-1} \odot \mathbf{f}_t + \mathbf{z}_t - \mathbf{i}_t, \\
\mathbf{h}_t &= \sigma(\mathbf{c}_t) - \mathbf{o}_t.
\end{align}
where $\sigma$ is the sigmoid function and $\odot$ denotes element-wise multiplication.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, o, z, i = np.split(sig(x @ w.W + p.h @ w.R + w.b), 4, -1)
    c = p.c * f + z - i
    h = sig(c) - o
    return {"c": c, "h": h, "Y": h}


@paper(
    "dilated",
    r"""
c_t^{(l)} = f\left(x_t^{(l)}, c_{t-2}^{(l)}\right),
where $c_t^{(l)}$ is the cell in layer $l$ at time $t$, $s^{(l)}$ is referred to as the skip length, or dilation of layer $l$; $x_t^{(l)}$ as the input to layer $l$ at time $t$; and $f(\cdot)$ denotes any RNN cell and output operations, e.g. Vanilla RNN cell, LSTM, GRU etc.
s^{(l)} = M^{l-1}, l = 1, \cdots, L.
f(x, h) = tanh(W_f x + U_f h + b_f)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    c = tanh(x @ w.W_f + p.c_old @ w.U_f + w.b_f)
    return {"c": c, "c_old": p.c, "Y": c}


@paper(
    "ternary",
    r"""
\begin{align}
\mathbf{f}_t &= \sigma\left(\mathrm{BN}(\mathbf{W}_{fh}\mathbf{h}_{t-1}; \phi_{fh}, \mathbf{0}) + \mathrm{BN}(\mathbf{W}_{fx}\mathbf{x}_t; \phi_{fx}, \mathbf{0}) + \mathbf{b}_f\right), \\
\mathbf{i}_t &= \sigma\left(\mathrm{BN}(\mathbf{W}_{ih}\mathbf{h}_{t-1}; \phi_{ih}, \mathbf{0}) + \mathrm{BN}(\mathbf{W}_{ix}\mathbf{x}_t; \phi_{ix}, \mathbf{0}) + \mathbf{b}_i\right), \\
\mathbf{o}_t &= \sigma\left(\mathrm{BN}(\mathbf{W}_{oh}\mathbf{h}_{t-1}; \phi_{oh}, \mathbf{0}) + \mathrm{BN}(\mathbf{W}_{ox}\mathbf{x}_t; \phi_{ox}, \mathbf{0}) + \mathbf{b}_o\right), \\
\mathbf{g}_t &= \tanh\left(\mathrm{BN}(\mathbf{W}_{gh}\mathbf{h}_{t-1}; \phi_{gh}, \mathbf{0}) + \mathrm{BN}(\mathbf{W}_{gx}\mathbf{x}_t; \phi_{gx}, \mathbf{0}) + \mathbf{b}_g\right), \\
\mathbf{c}_t &= \mathbf{f}_t \odot \mathbf{c}_{t-1} + \mathbf{i}_t \odot \mathbf{g}_t, \\
\mathbf{h}_t &= \mathbf{o}_t \odot \tanh(\mathbf{c}_t),
\end{align}
where the batch normalization transform is
\begin{equation}
\mathrm{BN}(\mathbf{x}; \phi, \gamma) = \gamma + \phi \odot \frac{\mathbf{x} - \mathbb{E}(\mathbf{x})}{\sqrt{\mathbb{V}(\mathbf{x}) + \epsilon}},
\end{equation}
where $\phi$ and $\gamma$ are the learnable scale and shift, and the weights $\mathbf{W}$ are binarized: $w^B = \mathrm{sign}(w)$ with values in $\{-1, +1\}$.
BN = identity""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, i, o, g = (
        vars(w)[f"phi_{n}h"] * (p.h @ vars(w)[f"W_{n}h"])
        + vars(w)[f"phi_{n}x"] * (x @ vars(w)[f"W_{n}x"])
        + vars(w)[f"b_{n}"]
        for n in "fiog"
    )
    c = sig(f) * p.c + sig(i) * tanh(g)
    h = sig(o) * tanh(c)
    return {"c": c, "h": h, "Y": h}


@paper(
    "kimi_delta",
    r"""
\begin{aligned}
\mathbf{S}_t &= \left(\mathbf{I} - \beta_t \mathbf{k}_t \mathbf{k}_t^\top\right) \mathrm{Diag}(\boldsymbol{\alpha}_t) \mathbf{S}_{t-1} + \beta_t \mathbf{k}_t \mathbf{v}_t^\top \in \mathbb{R}^{d_k \times d_v}; \\
\mathbf{o}_t &= \mathbf{S}_t^\top \mathbf{q}_t \in \mathbb{R}^{d_v}
\end{aligned}
The projections are
\begin{aligned}
\mathbf{q}_t^h, \mathbf{k}_t^h &= \mathrm{L2Norm}(\mathrm{Swish}(\mathrm{ShortConv}(\mathbf{W}_{q/k}^h \mathbf{x}_t))) \in \mathbb{R}^{d_k} \\
\mathbf{v}_t^h &= \mathrm{Swish}(\mathrm{ShortConv}(\mathbf{W}_v^h \mathbf{x}_t)) \in \mathbb{R}^{d_v} \\
\boldsymbol{\alpha}_t^h &= f(\mathbf{W}_\alpha^\uparrow \mathbf{W}_\alpha^\downarrow \mathbf{x}_t) \in [0,1]^{d_k} \\
\beta_t^h &= \mathrm{Sigmoid}(\mathbf{W}_\beta^h \mathbf{x}_t) \in [0,1]
\end{aligned}
where $d_k$ and $d_v$ represent the key and value head dimensions, $f$ is a decay function. The output is
\mathbf{y}_t = \mathbf{W}_o\left(\mathrm{Sigmoid}(\mathbf{W}_g^\uparrow \mathbf{W}_g^\downarrow \mathbf{x}_t) \odot \mathrm{RMSNorm}(\mathbf{o}_t)\right)
ShortConv = identity
f = sigmoid""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    def silu(z: Any) -> Any:
        return z * sig(z)

    def unit(z: Any) -> Any:
        return z / np.linalg.norm(z, axis=-1, keepdims=True)

    q, k, v = unit(silu(x @ w.W_q)), unit(silu(x @ w.W_k)), silu(x @ w.W_v)
    beta = col(sig(x @ w.W_beta))
    S = sig(x @ w.W_alpha_down @ w.W_alpha_up)[..., None] * p.S
    S = S - beta * outer(k, vm(k, S)) + beta * outer(k, v)
    o = vm(q, S)
    o = o / np.sqrt((o**2).mean(-1, keepdims=True) + 1e-5)
    return {"S": S, "Y": (sig(x @ w.W_g_down @ w.W_g_up) * o) @ w.W_o}


@paper(
    "normalised",
    r"""
h_t = \tanh(\frac{W h_{t-1} - \mathbb{E}(W h_{t-1})}{\sqrt{\mathbb{V}(W h_{t-1}) + 0.001}} + U x_t)
where means are over the units""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    a = p.h @ w.W
    h = tanh((a - a.mean(-1, keepdims=True)) / np.sqrt(a.var(-1, keepdims=True) + 0.001) + x @ w.U)
    return {"h": h, "Y": h}


@paper(
    "lru_complex",
    r"""
x_k = \Lambda x_{k-1} + \gamma \odot (B u_k), \quad y_k = \mathrm{Re}[C x_k] + D u_k
where $\Lambda = \mathrm{diag}(\lambda)$, $B \in \mathbb{C}^{N \times H}$, $C \in \mathbb{C}^{H \times N}$ and
$D \in \mathbb{R}^{H}$ are learnable.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    s = (w.lambda_re + 1j * w.lambda_im) * (p.s_re + 1j * p.s_im) + w.gamma * (x @ (w.B_re + 1j * w.B_im))
    return {"s_re": s.real, "s_im": s.imag, "Y": (s @ (w.C_re + 1j * w.C_im)).real + w.D * x}


@paper(
    "rotated",
    r"""
h_t = f_t \odot e^{i \theta} \odot h_{t-1} + (1 - f_t) \odot c_t, \quad f_t = \sigma(W_f x_t)
\mathrm{Re}(c_t) = W_1 x_t, \quad \mathrm{Im}(c_t) = W_2 x_t
y_t = V [\mathrm{Re}(h_t), \mathrm{Im}(h_t)] + |h_t|
\theta: num_units""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, c = sig(x @ w.W_f), x @ w.W_1 + 1j * (x @ w.W_2)
    h = f * exp(1j * w.theta) * (p.h_re + 1j * p.h_im) + (1 - f) * c
    return {"h_re": h.real, "h_im": h.imag, "Y": cat(h.real, h.imag) @ w.V + abs(h)}


@paper(
    "spiking",
    r"""
I_i^{(l)}[n+1] = \alpha I_i^{(l)}[n] + \sum_j W_{ij}^{(l)} S_j^{(l-1)}[n] + \sum_j V_{ij}^{(l)} S_j^{(l)}[n]
U_i^{(l)}[n+1] = \beta U_i^{(l)}[n] + I_i^{(l)}[n] - S_i^{(l)}[n]
S_i^{(l)}[n] = \Theta(U_i^{(l)}[n] - \vartheta)
where $\Theta$ is the Heaviside step function, $\alpha = 0.9$, $\beta = 0.8$ and $\vartheta = 0.1$.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    S = (p.U > 0.1) * 1.0
    current = 0.9 * p.I + x @ w.W + S @ w.V
    return {"I": current, "U": 0.8 * p.U + p.I - S, "Y": current}


@paper(
    "nru",
    r"""
h_t = \max(0, W_h h_{t-1} + W_i x_t + W_c m_{t-1})
m_t = m_{t-1} + \sum_{i=1}^{k} \alpha_{i,t} v_{i,t}
where the number of heads is $k = 2$ and
\alpha_{i,t} = \max(0, w_{\alpha,i}^\top [x_t, h_t]), \quad v_{i,t} = \max(0, W_{v,i} [x_t, h_t])""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = relu(p.h @ w.W_h + x @ w.W_i + p.m @ w.W_c)
    heads = ((w.w_alpha_1, w.W_v1), (w.w_alpha_2, w.W_v2))
    m = p.m + sum(row(relu(cat(x, h) @ a)) * relu(cat(x, h) @ W) for a, W in heads)
    return {"h": h, "m": m, "Y": h}


@paper(
    "rate_network",
    r"""
\tau \frac{dx_i(t)}{dt} = -x_i(t) + \sum_{j=1}^N J_{ij} [x_j(t)]_+ + \sum_k B_{ik} u_k(t)
\tau = 0.5
dt = 0.1""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    s = p.s + 0.1 / 0.5 * (-p.s + relu(p.s) @ w.J + x @ w.B)
    return {"s": s, "Y": s}


@paper(
    "s4d",
    r"""
x_k = \overline{A} x_{k-1} + \overline{B} u_k
y_k = \overline{C} x_k
where $\overline{A} \in \mathbb{C}^{N \times N}$ is diagonal, $\overline{B} \in \mathbb{C}^{N \times 1}$, $\overline{C} \in \mathbb{C}^{1 \times N}$.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    s = (w.A_bar_re + 1j * w.A_bar_im) * (p.s_re + 1j * p.s_im) + x @ (w.B_bar_re + 1j * w.B_bar_im)
    Y = (s @ (w.C_bar_re + 1j * w.C_bar_im)).real
    assert Y.shape[-1] == 1
    return {"s_re": s.real, "s_im": s.imag, "Y": Y}


@paper(
    "ctrnn",
    r"""
\tau_i \frac{dy_i}{dt} = -y_i + \sum_{j=1}^{N} w_{ji} \sigma(y_j + \theta_j) + I_i(t) \quad i = 1, 2, \ldots, N
where y is the state of each neuron, w_{ji} is the strength of the connection from the jth to the ith neuron,
σ(x) = 1/(1 + e^{-x}) is the standard logistic activation function, and I represents an external input.
\tau = 0.5
\theta = 0.2
dt = 0.1""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    y = p.y + 0.1 / 0.5 * (-p.y + sig(p.y + 0.2) @ w.w + x)
    return {"y": y, "Y": y}


@paper(
    "cornn_equation",
    r"""
y'' = \sigma(W y + \mathcal{W} y' + V u + b) - \gamma y - \epsilon y',
where y = y(t) \in R^m is the hidden state of the RNN, t corresponds to time, W, \mathcal{W} \in R^{m x m}, V \in R^{m x d} are weight matrices, b \in R^m is the bias vector, u = u(t) \in R^d is the input and 0 < \gamma, \epsilon are parameters. \sigma(u) = \tanh(u).
dt = 0.1
\gamma = 0.9
\epsilon = 0.2""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    change = tanh(p.y @ w.W + p.y_prime @ w.W_cal + x @ w.V + w.b) - 0.9 * p.y - 0.2 * p.y_prime
    y, speed = p.y + 0.1 * p.y_prime, p.y_prime + 0.1 * change
    return {"y": y, "y_prime": speed, "Y": y}


# slots, features and second derivatives


@paper(
    "entnet",
    r"""
g_j \leftarrow \sigma(s_t^\top h_j + s_t^\top w_j)
\tilde{h}_j \leftarrow \phi(U h_j + V w_j + W s_t)
h_j \leftarrow h_j + g_j \odot \tilde{h}_j
h_j \leftarrow \frac{h_j}{\|h_j\|}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    g = sig(np.einsum("bjn,bn->bj", p.h, x) + x @ w.w.T)[..., None]
    h = p.h + g * tanh(p.h @ w.U + w.w @ w.V + (x @ w.W)[:, None])
    h = h / np.linalg.norm(h, axis=-1, keepdims=True)
    return {"h": h, "Y": h}


@paper(
    "entnet_prelu",
    r"""
g_j \leftarrow \sigma(s_t^\top h_j + s_t^\top w_j)
\tilde{h}_j \leftarrow \phi(U h_j + V w_j + W s_t)
h_j \leftarrow h_j + g_j \odot \tilde{h}_j
\phi(a) = \max(0, a) + \alpha \min(0, a)
alpha: 1""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    g = sig(np.einsum("bjn,bn->bj", p.h, x) + x @ w.w.T)[..., None]
    a = p.h @ w.U + w.w @ w.V + (x @ w.W)[:, None]
    h = p.h + g * np.where(a > 0, a, w.alpha * a)
    return {"h": h, "Y": h}


@paper(
    "sfm",
    r"""
\mathbf{f}_t^{ste} = \sigma(\mathbf{W}^{ste} \mathbf{x}_t + \mathbf{U}^{ste} \mathbf{h}_{t-1}) \in \mathbb{R}^D
\mathbf{f}_t^{fre} = \sigma(\mathbf{W}^{fre} \mathbf{x}_t + \mathbf{U}^{fre} \mathbf{h}_{t-1}) \in \mathbb{R}^K
\mathbf{F}_t = \mathbf{f}_t^{ste} \otimes \mathbf{f}_t^{fre} \in \mathbb{R}^{D \times K}
\mathbf{i}_t = \tanh(\mathbf{W}^c \mathbf{x}_t + \mathbf{U}^c \mathbf{h}_{t-1})
\mathrm{Re}\,\mathbf{S}_t = \mathbf{F}_t \circ \mathrm{Re}\,\mathbf{S}_{t-1} + \mathbf{i}_t [\cos\omega_1 t, \cdots, \cos\omega_K t]
\mathrm{Im}\,\mathbf{S}_t = \mathbf{F}_t \circ \mathrm{Im}\,\mathbf{S}_{t-1} + \mathbf{i}_t [\sin\omega_1 t, \cdots, \sin\omega_K t]
\mathbf{A}_t = |\mathbf{S}_t|
\mathbf{h}_t = \tanh(\mathbf{A}_t \mathbf{u}_a + \mathbf{b}_a)
K = 3""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    F = outer(sig(x @ w.W_ste + p.h @ w.U_ste), sig(x @ w.W_fre + p.h @ w.U_fre))
    i = tanh(x @ w.W_c + p.h @ w.U_c)
    phase = w.omega * next(steps_of_sfm)
    re, im = F * p.S_re + i[..., None] * np.cos(phase), F * p.S_im + i[..., None] * np.sin(phase)
    h = tanh(np.hypot(re, im) @ w.u_a + w.b_a)
    return {"S_re": re, "S_im": im, "h": h, "Y": h}


steps_of_sfm = cycle(range(4))
"""The steps of a run of four, as the formula has t."""


@paper(
    "augru",
    r"""
\mathbf{u}'_t = \sigma(W^u \mathbf{i}'_t + U^u \mathbf{h}'_{t-1}),
\tilde{\mathbf{h}}'_t = \tanh(W^h \mathbf{i}'_t + U^h \mathbf{h}'_{t-1}),
\mathbf{h}'_t = (1 - a_t \mathbf{u}'_t) \circ \mathbf{h}'_{t-1} + a_t \mathbf{u}'_t \circ \tilde{\mathbf{h}}'_t,
where $\mathbf{i}'_t$ is the input of AUGRU and $a_t$ is the attention score, a scalar.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    u = sig(x @ w.w_a)[:, None] * sig(x @ w.W_u + p.h_prime @ w.U_u)
    h = (1 - u) * p.h_prime + u * tanh(x @ w.W_h + p.h_prime @ w.U_h)
    return {"h_prime": h, "Y": h}


@paper(
    "mega",
    r"""
u_t^{(j)} = \beta_j x_{t,j}
h_t^{(j)} = \alpha_j \odot u_t^{(j)} + (1 - \alpha_j \odot \delta_j) \odot h_{t-1}^{(j)}
y_{t,j} = \eta_j^T h_t^{(j)}
where $\alpha_j, \beta_j, \delta_j, \eta_j \in \mathbb{R}^h$.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = w.alpha * w.beta * x[..., None] + (1 - w.alpha * w.delta) * p.h
    return {"h": h, "Y": (h * w.eta).sum(-1)}


@paper(
    "mamba_discretised",
    r"""
h_t = \overline{A}_t h_{t-1} + \overline{B}_t x_t, \quad y_t = C_t h_t
\overline{A}_t = \exp(\Delta_t A), \quad \overline{B}_t = (\Delta_t A)^{-1} (\exp(\Delta_t A) - I) \cdot \Delta_t B_t
\Delta_t = \mathrm{softplus}(W_\Delta x_t + b_\Delta), \quad B_t = W_B x_t, \quad C_t = W_C x_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    delta = softplus(x @ w.W_Delta + w.b_Delta)[..., None]
    B, C = (x @ matrix for matrix in (w.W_B, w.W_C))
    decay = exp(delta * w.A)
    h = decay * p.h + (decay - 1) / (delta * w.A) * delta * B[:, None] * x[..., None]
    return {"h": h, "Y": mv(h, C)}


@paper(
    "s4d_discretised",
    r"""
x_k = \overline{A} x_{k-1} + \overline{B} u_k
y_k = \overline{C} x_k
\overline{A} = \exp(\Delta A), \quad \overline{B} = (\Delta A)^{-1} (\exp(\Delta A) - I) \cdot \Delta B, \quad \overline{C} = C
where $A \in \mathbb{C}^{N \times N}$ is diagonal, $B \in \mathbb{C}^{N \times 1}$ and $C \in \mathbb{C}^{1 \times N}$.
\Delta = 0.1""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    A, B, C = w.A_re + 1j * w.A_im, w.B_re + 1j * w.B_im, w.C_re + 1j * w.C_im
    s = exp(0.1 * A) * (p.s_re + 1j * p.s_im) + (exp(0.1 * A) - 1) / A * B * x[..., None]
    return {"s_re": s.real, "s_im": s.imag, "Y": (s @ C).real}


@paper(
    "ntm",
    r"""
K[u, v] = \frac{u \cdot v}{\|u\| \cdot \|v\|}
w^c_t(i) = \frac{\exp(\beta_t K[k_t, M_t(i)])}{\sum_j \exp(\beta_t K[k_t, M_t(j)])}
w_t(i) = g_t w^c_t(i) + (1 - g_t) w_{t-1}(i)
r_t \leftarrow \sum_i w_t(i) M_t(i)
M_t(i) = M_{t-1}(i) [\mathbf{1} - w_t(i) e_t] + w_t(i) a_t
k_t = W_k x_t, \quad e_t = \sigma(W_e x_t), \quad a_t = W_a x_t
M_0 = 0.5""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    k, e, a, beta, g = x @ w.W_k, sig(x @ w.W_e), x @ w.W_a, sig(x @ w.w_beta), sig(x @ w.w_g)
    cosine = mv(p.M, k) / (np.linalg.norm(k, axis=-1)[:, None] * np.linalg.norm(p.M, axis=-1))
    weights = row(g) * softmax(row(beta) * cosine) + row(1 - g) * p.w
    M = p.M * (1 - outer(weights, e)) + outer(weights, a)
    return {"w": weights, "M": M, "Y": vm(weights, M)}


@paper(
    "cornn_dots",
    r"""
\ddot{y}(t) + \epsilon \dot{y}(t) + \gamma y(t) = \tanh(W y(t) + \mathcal{W} \dot{y}(t) + V u(t) + b)
z(t) = Q y(t)
output: z
dt = 0.1
\gamma = 0.9
\epsilon = 0.2""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    change = tanh(p.y @ w.W + p.y_prime @ w.W_cal + x @ w.V + w.b) - 0.2 * p.y_prime - 0.9 * p.y
    y, speed = p.y + 0.1 * p.y_prime, p.y_prime + 0.1 * change
    return {"y": y, "y_prime": speed, "Y": y @ w.Q}


@paper(
    "lipschitz_equation",
    r"""
\dot{h} = A h + \tanh(W h + U x + b)
y = D h
A = M - M^T - \gamma I
\gamma = 0.1
dt = 0.5
output: y""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = p.h + 0.5 * (p.h @ w.M - p.h @ w.M.T - 0.1 * p.h + tanh(p.h @ w.W + x @ w.U + w.b))
    return {"h": h, "Y": h @ w.D}


@paper(
    "rum",
    r"""
\tau_t = W_{x\tau} x_t + W_{h\tau} h_{t-1} + b_t
\tilde{\varepsilon}_t = W_{x\varepsilon} x_t
h_t = u_t h_{t-1} + (1 - u_t) \mathrm{ReLU}(\tilde{\varepsilon}_t + \mathrm{Rotation}(\tilde{\varepsilon}_t, \tau_t) h_{t-1})
u_t = \sigma(W_{xu} x_t)
h_0 = 0.5
Rotation(a, b) = Turn(a / ||a||, b / ||b||); Turn(a, b) = I - (a + b) (a + b)^T / (1 + a^T b) + 2 b a^T""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    tau, e, u = x @ w.W_x_tau + p.h @ w.W_h_tau + w.b_t, x @ w.W_x_epsilon, sig(x @ w.W_xu)
    turned = np.empty_like(p.h)
    for n, (a, b) in enumerate(zip(e, tau, strict=True)):  # in the plane of the first vector and the rest of the second
        first = a / np.linalg.norm(a)
        second = b - first * (first @ b)
        second /= np.linalg.norm(second)
        cos = first @ b / np.linalg.norm(b)
        sin, plane = np.sqrt(1 - cos**2), np.stack([first, second], 1)
        turned[n] = p.h[n] - plane @ (plane.T @ p.h[n]) + plane @ ([[cos, -sin], [sin, cos]] @ (plane.T @ p.h[n]))
    h = u * p.h + (1 - u) * relu(e + turned)
    return {"h": h, "Y": h}


@paper(
    "attention_window",
    r"""
a_{t,i} = v^T \tanh(W_h h_{t-i} + W_x x_t)
s_t = \mathrm{softmax}(a_t)
h_t = \tanh(U x_t + \sum_{i=1}^{2} s_{t,i} h_{t-i})""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    before = (p.h, p.h_old)
    s = softmax(np.stack([tanh(h @ w.W_h + x @ w.W_x) @ w.v for h in before], -1))
    h = tanh(x @ w.U + s[:, :1] * p.h + s[:, 1:] * p.h_old)
    return {"h": h, "h_old": p.h, "Y": h}


@paper(
    "leaky_esn_with_feedback",
    r"""
\mathbf{x}(n+1) = (1 - a\gamma)\,\mathbf{x}(n) + \gamma f(\mathbf{W}^{in} \mathbf{u}(n+1) + \mathbf{W} \mathbf{x}(n) + \mathbf{W}^{fb} \mathbf{y}(n) + \boldsymbol{\nu}(n+1))
\mathbf{y}(n) = g(\mathbf{W}^{out} [\mathbf{x}(n); \mathbf{u}(n)])
where f is a sigmoid function (usually the tanh function), g is the output activation function (usually the identity), a > 0 is the leaking rate and \nu(n) is a noise vector
a = 0.3""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    s = (1 - 0.3 * 0.9) * p.s + 0.9 * sig(x @ w.W_in + p.s @ w.W + p.y @ w.W_fb)
    y = np.concatenate([s, x], -1) @ w.W_out
    return {"s": s, "y": y, "Y": y}


@paper(
    "memory_with_a_circular_shift",
    r"""
w_t(i) = \sum_{j=0}^{N-1} g_t(j) s_t(i - j \bmod N)
g_t(i) = \exp(k_t^T M_{t-1}(i)) + w_{t-1}(i)
M_t(i) = M_{t-1}(i) + w_t(i) a_t
r_t = \sum_i w_t(i) M_t(i)
output: r""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    g, s = exp(mv(p.M, x @ w.W_k)) + p.w, softmax(x @ w.W_s)
    shifted = sum(s[:, n : n + 1] * np.roll(g, n - 1, -1) for n in range(3))
    M = p.M + outer(shifted, x @ w.W_a)
    return {"w": shifted, "M": M, "Y": mv(M.transpose(0, 2, 1), shifted)}


@paper(
    "gated_feedback",
    r"""
h_t^j = \tanh\left(W h_t^{j-1} + r_t^j \odot \sum_{i=1}^{L} g^{i \rightarrow j} U^{i \rightarrow j} h_{t-1}^i\right)
r_t^j = \sigma(V^{j-1 \rightarrow j} h_t^{j-1})
g^{i \rightarrow j} = \sigma(w_g^{i \rightarrow j} h_t^{j-1} + u_g^{i \rightarrow j} h_{t-1}^*)
where L = 2 is the number of layers, w_g^{i→j} and u_g^{i→j} are weight vectors, and when j = 1, h_t^{j-1} is x_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    made, below, before = {}, x, (p.h_1, p.h_2)
    for j, W, V in ((1, w.W_1, w.V_01), (2, w.W_2, w.V_12)):
        total = 0
        for i in (1, 2):
            of = vars(w)
            g = sig(below @ of[f"w_g{i}{j}"] + cat(*before) @ of[f"u_g{i}{j}"])
            total = total + g[:, None] * (before[i - 1] @ of[f"U_{i}{j}"])
        below = made[f"h_{j}"] = tanh(below @ W + sig(below @ V) * total)
    return {**made, "Y": below}


MINIMAL_RNN = """
z_t = \\Phi(x_t)
h_t = u_t \\odot h_{t-1} + (1 - u_t) \\odot z_t
u_t = \\sigma(U_h h_{t-1} + U_z z_t + b_u)
"""


@paper(
    "function_of_tensors_in_a_sentence",
    rf"{MINIMAL_RNN}where $\Phi$ is a fully connected layer with tanh activation, $\Phi(x_t) = \tanh(W_x x_t + b_z)$.",
)
@paper("function_of_tensors_in_a_line", rf"{MINIMAL_RNN}\Phi(x_t) = \tanh(W_x x_t + b_z)")
@paper(
    "function_of_tensors_in_a_pdf",
    """
zt = Φ(xt)
ht = ut ⊙ ht−1 + (1 − ut) ⊙ zt
ut = σ(Uhht−1 + Uzzt + bu)
where Φ is a fully connected layer with tanh activation, Φ(xt) = tanh(Wxxt + bz).""",
)
@paper(
    "function_of_tensors_in_a_line_of_a_pdf",
    """
zt = Φ(xt)
ht = ut ⊙ ht−1 + (1 − ut) ⊙ zt
ut = σ(Uhht−1 + Uzzt + bu)
Φ(xt) = tanh(Wxxt + bz)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    z = tanh(x @ w.W_x + w.b_z)
    u = sig(p.h @ w.U_h + z @ w.U_z + w.b_u)
    h = u * p.h + (1 - u) * z
    return {"z": z, "h": h, "Y": h}


@paper(
    "recurrent_weighted_average",
    r"""
u(x_t) = W_u \cdot x_t + b_u
z(x_t, h_{t-1}) = u(x_t) \circ \tanh(W_g [x_t, h_{t-1}] + b_g)
n_t = n_{t-1} + z(x_t, h_{t-1})
h_t = \tanh(n_t)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    n = p.n + (x @ w.W_u + w.b_u) * tanh(cat(x, p.h) @ w.W_g + w.b_g)
    return {"n": n, "h": tanh(n), "Y": tanh(n)}


@paper(
    "skip_rnn_with_an_answer",
    """
ut = fbinarize(u˜t) (2)
st = ut · S(st−1, xt) + (1 − ut) · st−1 (3)
∆u˜t = σ(Wp st + bp) (4)
u˜t+1 = ut · ∆u˜t + (1 − ut) · (u˜t + min(∆u˜t, 1 − u˜t)) (5)
where Wp is a weights vector and bp is a scalar bias.
S(s, x) = tanh(W_S x + U_S s + b_S)
fbinarize = round""",
)
@paper(
    "skip_rnn_in_unicode",
    """
u_t = round(ũ_t)
s_t = u_t · S(s_{t−1}, x_t) + (1 − u_t) · s_{t−1}
∆ũ_t = σ(W_p s_t + b_p)
ũ_{t+1} = u_t · ∆ũ_t + (1 − u_t) · (ũ_t + min(∆ũ_t, 1 − ũ_t))
where W_p is a weights vector and b_p is a scalar bias.
S(s, x) = tanh(W_S x + U_S s + b_S)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    u = (p.u_tilde > 0.5)[:, None]
    s = u * tanh(x @ w.W_S + p.s @ w.U_S + w.b_S) + (1 - u) * p.s
    more = sig(s @ w.W_p + w.b_p)
    kept = p.u_tilde + np.minimum(more, 1 - p.u_tilde)
    return {"s": s, "u_tilde": np.where(u[:, 0], more, kept), "Y": s}


@paper(
    "transposition_before_an_index",
    r"""
h_t = \tanh(W x_t + U h_{t-1})
y_t = \boldsymbol{V}^T_h h_t + B^{\top}_h x_t
output: y""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.W + p.h @ w.U)
    return {"h": h, "Y": h @ w.V_h + x @ w.B_h}


@paper(
    "iterations_within_a_step",
    """
g_i = g_{i−1} + η_i (φ(U(g_{i−1} + h_{k−1}) + W x_k + b) − α(g_{i−1} + h_{k−1})), i ∈ [K]; g_0 = 0
h_k = g_K
where φ is the ReLU and K = 2
alpha = 0.5
eta_1 = 0.7
eta_2 = 0.2""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    g = np.zeros_like(p.h)
    for eta in (0.7, 0.2):
        g = g + eta * (relu((g + p.h) @ w.U + x @ w.W + w.b) - 0.5 * (g + p.h))
    return {"h": g, "Y": g}


@paper(
    "iterations_that_share_their_weights",
    """
g_i = tanh(U(g_{i−1} + h_{k−1}) + W x_k)
h_k = g_K
g_0 = 0.5
where K = 2 and the weights U and W are shared by all iterations i""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    g = tanh((0.5 + p.h) @ w.U + x @ w.W)
    h = tanh((g + p.h) @ w.U + x @ w.W)
    return {"h": h, "Y": h}


@paper(
    "damped_moving_average",
    r"""
\begin{align}
\boldsymbol{u}^{(j)}_t & = \boldsymbol{\beta}_j \boldsymbol{x}_{t,j} \\
\boldsymbol{h}^{(j)}_t & = \boldsymbol{\alpha}_j \odot \boldsymbol{u}^{(j)}_t + (1 - \boldsymbol{\alpha}_j) \odot \boldsymbol{h}^{(j)}_{t-1} \\
\boldsymbol{y}_{t,j} & = \boldsymbol{\eta}^T_j \boldsymbol{h}^{(j)}_t
\end{align}
where $\boldsymbol{\alpha} \in (0, 1)^{d \times h}$, $\boldsymbol{\beta} \in \mathbb{R}^{d \times h}$, $\boldsymbol{\eta} \in \mathbb{R}^{d \times h}$ and $\boldsymbol{u}^{(j)}_t \in \mathbb{R}^h$ is the expanded vector""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = w.alpha * w.beta * x[:, :, None] + (1 - w.alpha) * p.h
    return {"h": h, "Y": (h * w.eta).sum(-1)}


@paper(
    "residual_lstm_pdf",
    """
ilt = σ(Wlxixlt + Wlhihlt−1 + wlciclt−1 + bli)
flt = σ(Wlxfxlt + Wlhfhlt−1 + wlcfclt−1 + blf)
clt = flt · clt−1 + ilt · tanh(Wlxcxlt + Wlhchlt−1 + blc)
olt = σ(Wlxoxlt + Wlhohlt−1 + Wlcoclt + blo)
rlt = tanh(clt)
mlt = Wlp · rlt
hlt = olt · (mlt + Wlhxlt)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    i = sig(x @ w.W_x_i + p.h @ w.W_hi + w.w_ci * p.c + w.b_i)
    f = sig(x @ w.W_xf + p.h @ w.W_hf + w.w_cf * p.c + w.b_f)
    c = f * p.c + i * tanh(x @ w.W_xc + p.h @ w.W_hc + w.b_c)
    o = sig(x @ w.W_xo + p.h @ w.W_ho + c @ w.W_co + w.b_o)
    h = o * (tanh(c) @ w.W_p + x @ w.W_h)
    return {"h": h, "c": c, "Y": h}


@paper(
    "layer_below_pdf",
    """
klt = σ(Wlxhl−1t + Wlhhlt−1 + blk)
zlt = tanh(Wlzhl−1t + blz)
hlt = tanh((1 − klt) ◦ hlt−1 + klt ◦ zlt)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    k = sig(x @ w.W_lx + p.h @ w.W_lh + w.b_lk)
    h = tanh((1 - k) * p.h + k * tanh(x @ w.W_lz + w.b_lz))
    return {"h": h, "Y": h}


@paper(
    "functions_that_touch_their_weights_pdf",
    """
ht = σ(Wpht−1 + β(xt))
β(xt) = fr(xt) ⊙ sigmoid(Wsxt + bs)
fr(xt) = W2ReLU(W1xt + b1) + b2
ot = Wotanh(Vht)
output: o
where σ is the ReLU.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = relu(p.h @ w.W_p + (relu(x @ w.W_1 + w.b_1) @ w.W_2 + w.b_2) * sig(x @ w.W_s + w.b_s))
    return {"h": h, "Y": tanh(h @ w.V) @ w.W_o}


@paper(
    "shallow_plrnn_pdf",
    """
zt = Azt−1 + W1φ(W2zt−1 + h2) + h1 + Cst
φ(z) = max(0, z)
where A ∈ RM×M is diagonal, W1 ∈ RM×L, W2 ∈ RL×M, h2 ∈ RL, h1 ∈ RM and st is the external input.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    z = w.A * p.z + relu(p.z @ w.W_2 + w.h_2) @ w.W_1 + w.h_1 + x @ w.C
    return {"z": z, "Y": z}


@paper(
    "linear_layers_of_rows_pdf",
    """
qn = Linearq(xn), kn = Lineark(xn), vn = Linearv(xn)
an = σ(Lineara(xn))
hn = anhn−1 + k⊤n vn
yn = qnhn
where kn ∈ R1×dh, vn ∈ R1×dh, qn ∈ R1×dh, an ∈ R1×dh.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    q, k, v, a = (x @ getattr(w, f"W_{one}") + getattr(w, f"b_{one}") for one in "qkva")
    h = sig(a)[:, :, None] * p.h + k[:, :, None] * v[:, None, :]
    return {"h": h, "Y": (q[:, None, :] @ h)[:, 0]}


@paper(
    "first_lstm_pdf",
    """
yinj(t) = finj(netinj(t)), youtj(t) = foutj(netoutj(t))
netinj(t) = Winj x(t) + Uinj ycj(t − 1)
netoutj(t) = Woutj x(t) + Uoutj ycj(t − 1)
netcj(t) = Wcj x(t) + Ucj ycj(t − 1)
scj(0) = 1, scj(t) = scj(t − 1) + yinj(t) g(netcj(t)) for t > 0
ycj(t) = youtj(t) h(scj(t))
f(x) = 1/(1 + exp(−x))
h(x) = 2/(1 + exp(−x)) − 1
g(x) = 4/(1 + exp(−x)) − 2
output: ycj""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    y_in, y_out = (sig(x @ W + p.ycj @ U) for W, U in ((w.Winj, w.Uinj), (w.Woutj, w.Uoutj)))
    s = p.scj + y_in * (4 * sig(x @ w.Wcj + p.ycj @ w.Ucj) - 2)
    y = y_out * (2 * sig(s) - 1)
    return {"scj": s, "ycj": y, "Y": y}


@paper(
    "higher_order_pdf",
    """
ht = tanh(Winxt + Wh1ht−1 + Wh2ht−2)
output: h""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.W_in + p.h @ w.W_h1 + p.h_old @ w.W_h2)
    return {"h": h, "h_old": p.h, "Y": h}


@paper(
    "softmax_with_a_range",
    r"""
s_t = U h_{t-1} + W x_t
a_{t,i} = \frac{\exp(s_{t,i})}{\sum_{k=1}^{4} \exp(s_{t,k})}
h_t = \tanh(V a_t)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    s = p.h @ w.U + x @ w.W
    assert s.shape[1] == 4
    h = tanh(softmax(s) @ w.V)
    return {"h": h, "Y": h}


@paper(
    "time_aware_lstm",
    r"""
C_{t-1}^S = \tanh(W_d C_{t-1} + b_d) \\
\hat{C}_{t-1}^S = C_{t-1}^S * g(\Delta_t) \\
C_{t-1}^T = C_{t-1} - C_{t-1}^S \\
C_{t-1}^* = C_{t-1}^T + \hat{C}_{t-1}^S \\
f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f) \\
i_t = \sigma(W_i x_t + U_i h_{t-1} + b_i) \\
o_t = \sigma(W_o x_t + U_o h_{t-1} + b_o) \\
\tilde{C} = \tanh(W_c x_t + U_c h_{t-1} + b_c) \\
C_t = f_t * C_{t-1}^* + i_t * \tilde{C} \\
h_t = o_t * \tanh(C_t)
where $x_t$ represents the current input, $\Delta_t$ is the elapsed time between $x_{t-1}$ and $x_t$ and $g(\cdot)$ is a heuristic decaying function such as $g(\Delta_t) = 1 / \log(e + \Delta_t)$.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    short = tanh(p.C @ w.W_d + w.b_d)
    before = p.C - short + short / np.log(np.e + x[:, :1])
    f, i, o, g = (x @ getattr(w, f"W_{n}") + p.h @ getattr(w, f"U_{n}") + getattr(w, f"b_{n}") for n in "fioc")
    C = sig(f) * before + sig(i) * tanh(g)
    h = sig(o) * tanh(C)
    return {"C": C, "h": h, "Y": h}


@paper(
    "recurrent_highway_pdf",
    """
s1t = h1t ◦ t1t + s0t ◦ c1t,
h1t = tanh(WHxt + RH1s0t + bH1),
t1t = σ(WTxt + RT1s0t + bT1),
c1t = 1 − t1t,
s0t = s1t−1""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    t = sig(x @ w.W_T + p.s_1 @ w.R_T1 + w.b_T1)
    s = tanh(x @ w.W_H + p.s_1 @ w.R_H1 + w.b_H1) * t + p.s_1 * (1 - t)
    return {"s_1": s, "Y": s}


@paper(
    "two_compartments_pdf",
    """
UD[t] = UD[t − 1] + β1US[t − 1] + W I[t] − γS[t − 1] (8)
US[t] = US[t − 1] + β2UD[t] − VthS[t − 1] (9)
S[t] = Θ(US[t] − Vth) (10)
where β1 = −σ(c1) and β2 = σ(c2).
V_{th} = 1
\\gamma = 0.5""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    UD = p.UD - sig(w.c1) * p.US + x @ w.W - 0.5 * p.S
    US = p.US + sig(w.c2) * UD - p.S
    S = (US > 1).astype(float)
    return {"UD": UD, "US": US, "S": S, "Y": S}


@paper(
    "adaptive_lif",
    r"""
u_t = \alpha u_{t-1} + (1 - \alpha)(W x_t + V s_{t-1} - w_{t-1}) - \vartheta s_{t-1} \\
w_t = \beta w_{t-1} + a u_{t-1} + b s_{t-1} \\
s_t = \Theta(u_t - \vartheta)
where $\alpha$, $\beta$, $a$ and $b$ are trainable vectors with one entry for each neuron, $\vartheta = 1$ is the threshold and $s_t$ is the output spike vector.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    u = w.alpha * p.u + (1 - w.alpha) * (x @ w.W + p.s @ w.V - p.w) - p.s
    adapted = w.beta * p.w + w.a * p.u + w.b * p.s
    s = (u > 1).astype(float)
    return {"u": u, "w": adapted, "s": s, "Y": s}


@paper(
    "zero_order_hold_without_dot",
    r"""
\bar{A} = \exp(\Delta A) \in \mathbb{R}^{N \times N}, \quad
\bar{B} = (\Delta A)^{-1} (\exp(\Delta A) - I) \Delta B \in \mathbb{R}^{N \times 1}
h_t = \bar{A} h_{t-1} + \bar{B} x_t
y_t = C h_t
\Delta = 0.5""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    A = exp(0.5 * w.A)
    h = A * p.h + (A - 1) / w.A * w.B * x[..., None]
    return {"h": h, "Y": h @ w.C}


@paper(
    "matrix_memory_with_gates_of_others",
    r"""
$$S_t = f_t S_{t-1} + i_t k_t v_t^\top, \qquad z_t = f_t z_{t-1} + i_t k_t,$$
$$o_t = \frac{S_t^\top q_t}{\max(|z_t^\top q_t|, 1)}$$""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, i = (sig(x @ gate)[:, None] for gate in (w.w_f, w.w_i))
    k, v, q = x @ w.W_k, x @ w.W_v, x @ w.W_q
    S, z = f[..., None] * p.S + outer(i * k, v), f * p.z + i * k
    o = np.einsum("bkv,bk->bv", S, q) / np.maximum(np.abs((z * q).sum(-1, keepdims=True)), 1)
    return {"S": S, "z": z, "Y": o}


@paper(
    "delta_rule_in_a_sentence",
    """The update is S_t = S_{t-1} - beta_t (S_{t-1} k_t - v_t) k_t^T, which is the same as
S_t = S_{t-1} (I - beta_t k_t k_t^T) + beta_t v_t k_t^T, with o_t = S_t q_t. The number beta_t = sigmoid(W_beta x_t) in (0, 1) is learned.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    k, v, q, beta = x @ w.W_k, x @ w.W_v, x @ w.W_q, sig(x @ w.W_beta)
    S = p.S - beta[:, None, None] * outer(mv(p.S, k) - v, k)
    return {"S": S, "Y": mv(S, q)}


@paper(
    "delta_rule_with_small_letters",
    """
S_t = a_t * S_{t-1} (I - b_t k_t k_t^T) + b_t v_t k_t^T
o_t = S_t q_t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    k, v, q = x @ w.W_k, x @ w.W_v, x @ w.W_q
    a, b = sig(x @ w.w_a)[:, None, None], (x @ w.w_b)[:, None, None]
    S = a * (p.S - b * outer(mv(p.S, k), k)) + b * outer(v, k)
    return {"S": S, "Y": mv(S, q)}


@paper(
    "convolutions_with_small_o",
    """
i_t = sigmoid(W_xi * X_t + W_hi * H_{t-1} + W_ci o C_{t-1} + b_i)
C_t = C_{t-1} o i_t + i_t o tanh(W_xc * X_t + W_hc * H_{t-1} + b_c)
o_t = sigmoid(W_xo * X_t + W_ho * H_{t-1} + W_co o C_t + b_o)
H_t = o_t o tanh(C_t)
where * is a convolution and o the elementwise product""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    i = sig(x @ w.W_xi + p.H @ w.W_hi + w.W_ci * p.C + w.b_i)
    C = p.C * i + i * tanh(x @ w.W_xc + p.H @ w.W_hc + w.b_c)
    H = sig(x @ w.W_xo + p.H @ w.W_ho + w.W_co * C + w.b_o) * tanh(C)
    return {"C": C, "H": H, "Y": H}


@paper(
    "quotient_of_two_states_is_the_output",
    r"""
$$m_t = \frac{a_{t-1} + e^{u + k_t} v_t}{b_{t-1} + e^{u + k_t}}$$
where $a_t = e^{-w} a_{t-1} + e^{k_t} v_t$ and $b_t = e^{-w} b_{t-1} + e^{k_t}$.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    k, v = x @ w.W_k, x @ w.W_v
    a, b = exp(-w.w) * p.a + exp(k) * v, exp(-w.w) * p.b + exp(k)
    return {"a": a, "b": b, "Y": (p.a + exp(w.u + k) * v) / (p.b + exp(w.u + k))}


@paper(
    "gru_ode_pdf",
    """
dh(t)
dt
= (1 − z(t)) ⊙ (g(t) − h(t)),
with
r(t) = σ(Wrx(t) + Urh(t) + br)
z(t) = σ(Wzx(t) + Uzh(t) + bz)
g(t) = tanh(Whx(t) + Uh(r(t) ⊙ h(t)) + bh)
dt = 0.5""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    r = sig(x @ w.Wr + p.h @ w.Ur + w.br)
    z = sig(x @ w.Wz + p.h @ w.Uz + w.bz)
    h = p.h + 0.5 * (1 - z) * (tanh(x @ w.Wh + (r * p.h) @ w.Uh + w.bh) - p.h)
    return {"h": h, "Y": h}


@paper(
    "mega_pdf",
    """
u
(j)
t = βjxt,j
h
(j)
t = αj ⊙ u
(j)
t + (1 − αj ⊙ δj ) ⊙ h
(j)
t−1
yt,j = ηTj h
(j)
t""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = w.alpha * w.beta * x[..., None] + (1 - w.alpha * w.delta) * p.h
    return {"h": h, "Y": (h * w.eta).sum(-1)}


@paper(
    "cornn_of_two_schemes",
    r"""
\mathbf{y}_n = \mathbf{y}_{n-1} + \Delta t\, \mathbf{z}_n, \\
\mathbf{z}_n = \mathbf{z}_{n-1} + \Delta t\, \sigma(\mathbf{W}\mathbf{y}_{n-1} + \boldsymbol{\mathcal{W}}\mathbf{z}_{n-1} + \mathbf{V}\mathbf{u}_n + \mathbf{b}) - \Delta t\,\gamma\,\mathbf{y}_{n-1} - \Delta t\,\epsilon\,\mathbf{z}_{\bar{n}},
with either $\bar{n} = n$ or $\bar{n} = n-1$, where $\sigma(u) = \tanh(u)$.
\Delta t = 0.5
\gamma = 2
\epsilon = 0.25""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    change = tanh(p.y @ w.W + p.z @ w.W_cal + x @ w.V + w.b) - 2 * p.y - 0.25 * p.z
    z = p.z + 0.5 * change
    y = p.y + 0.5 * z
    return {"y": y, "z": z, "Y": y}


@paper(
    "lstm_of_1997",
    r"""
y^{out_j}(t) = f(net_{out_j}(t)); \quad y^{in_j}(t) = f(net_{in_j}(t));
net_{out_j}(t) = W_{out} x(t) + U_{out} y^{c}(t-1)
net_{in_j}(t) = W_{in} x(t) + U_{in} y^{c}(t-1)
net_{c_j}(t) = W_{c} x(t) + U_{c} y^c(t-1)
y^{c_j}(t) = y^{out_j}(t) h(s_{c_j}(t))
s_{c_j}(t) = s_{c_j}(t-1) + y^{in_j}(t) g(net_{c_j}(t))
f(x) = \frac{1}{1 + \exp(-x)}
h(x) = \frac{2}{1 + \exp(-x)} - 1
g(x) = \frac{4}{1 + \exp(-x)} - 2""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    output, input, new = (x @ W + p.y_c @ U for W, U in ((w.W_out, w.U_out), (w.W_in, w.U_in), (w.W_c, w.U_c)))
    s = p.s_c + sig(input) * (4 * sig(new) - 2)
    y = sig(output) * (2 * sig(s) - 1)
    return {"y_c": y, "s_c": s, "Y": y}


@paper(
    "grid_lstm",
    r"""
\begin{align}
\mathbf{g}^u &= \sigma(\mathbf{W}^u * \mathbf{H}) \nonumber \\
\mathbf{g}^f &= \sigma(\mathbf{W}^f * \mathbf{H}) \nonumber \\
\mathbf{g}^o &= \sigma(\mathbf{W}^o * \mathbf{H}) \nonumber \\
\mathbf{g}^c &= \tanh(\mathbf{W}^c * \mathbf{H}) \nonumber \\
\mathbf{m}' &= \mathbf{g}^f \odot \mathbf{m} + \mathbf{g}^u \odot \mathbf{g}^c \nonumber \\
\mathbf{h}' &= \tanh(\mathbf{g}^o \odot \mathbf{m}')
\end{align}
(\mathbf{h}', \mathbf{m}') = \mathrm{LSTM}(\mathbf{H}, \mathbf{m}, \mathbf{W})
\mathbf{H} = \begin{bmatrix} \mathbf{h}_1 \\ \mathbf{h}_2 \end{bmatrix}
\mathbf{h}_2 = \mathbf{V}^h \mathbf{x}
\mathbf{m}_2 = \mathbf{V}^m \mathbf{x}
\begin{align}
(\mathbf{h}_1', \mathbf{m}_1') &= \mathrm{LSTM}(\mathbf{H}, \mathbf{m}_1, \mathbf{W}_1) \\
(\mathbf{h}_2', \mathbf{m}_2') &= \mathrm{LSTM}(\mathbf{H}, \mathbf{m}_2, \mathbf{W}_2)
\end{align}
output: \mathbf{h}_2'""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    def lstm(m: Any, W_u: Any, W_f: Any, W_o: Any, W_c: Any) -> tuple[Any, Any]:
        m = sig(H @ W_f) * m + sig(H @ W_u) * tanh(H @ W_c)
        return tanh(sig(H @ W_o) * m), m

    H = cat(p.h_1, x @ w.V_h)
    h_1, m_1 = lstm(p.m_1, w.W_1u, w.W_1f, w.W_1o, w.W_1c)
    h_2, _ = lstm(x @ w.V_m, w.W_2u, w.W_2f, w.W_2o, w.W_2c)
    return {"h_1": h_1, "m_1": m_1, "Y": h_2}


@paper(
    "hierarchical_multiscale_lstm",
    r"""
\mathbf{c}_t^\ell = \begin{cases}
\mathbf{f}_t^\ell \odot \mathbf{c}_{t-1}^\ell + \mathbf{i}_t^\ell \odot \mathbf{g}_t^\ell & \text{if } z_{t-1}^\ell = 0 \text{ and } z_t^{\ell-1} = 1 \text{ (UPDATE)} \\
\mathbf{c}_{t-1}^\ell & \text{if } z_{t-1}^\ell = 0 \text{ and } z_t^{\ell-1} = 0 \text{ (COPY)} \\
\mathbf{i}_t^\ell \odot \mathbf{g}_t^\ell & \text{if } z_{t-1}^\ell = 1 \text{ (FLUSH)},
\end{cases}
\mathbf{h}_t^\ell = \begin{cases}
\mathbf{h}_{t-1}^\ell & \text{if COPY}, \\
\mathbf{o}_t^\ell \odot \tanh(\mathbf{c}_t^\ell) & \text{otherwise}.
\end{cases}
\begin{pmatrix} \mathbf{f}_t^\ell \\ \mathbf{i}_t^\ell \\ \mathbf{o}_t^\ell \\ \mathbf{g}_t^\ell \\ \tilde{z}_t^\ell \end{pmatrix} = \begin{pmatrix} \mathrm{sigm} \\ \mathrm{sigm} \\ \mathrm{sigm} \\ \tanh \\ \mathrm{hard\ sigm} \end{pmatrix} f_{slice}\left( \mathbf{s}_t^{recurrent(\ell)} + \mathbf{s}_t^{top-down(\ell)} + \mathbf{s}_t^{bottom-up(\ell)} + \mathbf{b}^{(\ell)} \right),
\mathbf{s}_t^{recurrent(\ell)} = U_\ell^\ell \mathbf{h}_{t-1}^\ell,
\mathbf{s}_t^{top-down(\ell)} = z_{t-1}^\ell U_{\ell+1}^\ell \mathbf{h}_{t-1}^{\ell+1},
\mathbf{s}_t^{bottom-up(\ell)} = z_t^{\ell-1} W_{\ell-1}^\ell \mathbf{h}_t^{\ell-1}.
z_t^\ell = \begin{cases} 1 & \text{if } \tilde{z}_t^\ell > 0.5 \\ 0 & \text{otherwise}. \end{cases}
\text{hard sigm}(x) = \max\left(0, \min\left(1, \frac{ax+1}{2}\right)\right)
a = 1
L = 2""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    def layer(s: Any, c: Any, h: Any, z: Any, below: Any) -> tuple[Any, Any, Any]:
        f, i, o, g = sig(s[:, :5]), sig(s[:, 5:10]), sig(s[:, 10:15]), tanh(s[:, 15:20])
        update, copy = (z == 0) & (below == 1), (z == 0) & (below == 0)
        c = np.where(update[:, None], f * c + i * g, np.where(copy[:, None], c, i * g))
        return c, np.where(copy[:, None], h, o * tanh(c)), (np.clip((s[:, 20] + 1) / 2, 0, 1) > 0.5).astype(float)

    s_1 = p.h_1 @ w.U_11 + p.z_1[:, None] * (p.h_2 @ w.U_21) + x @ w.W_01 + w.b_1
    c_1, h_1, z_1 = layer(s_1, p.c_1, p.h_1, p.z_1, np.ones_like(p.z_1))
    s_2 = p.h_2 @ w.U_22 + z_1[:, None] * (h_1 @ w.W_12) + w.b_2
    c_2, h_2, z_2 = layer(s_2, p.c_2, p.h_2, p.z_2, z_1)
    return {"c_1": c_1, "c_2": c_2, "h_1": h_1, "h_2": h_2, "z_1": z_1, "z_2": z_2, "Y": h_2}


@paper(
    "hgrn_pdf",
    """
Re(ct) = SiLU(xtWcr + bcr) ∈ R1×d,
Im(ct) = SiLU(xtWci + bci) ∈ R1×d,
µt = Sigmoid(xtWµ + bµ) ∈ R1×d,
λt = γ + (1 − γ) ⊙ µt ∈ R1×d,
ht = λt ⊙ exp(iθ) ⊙ ht−1 + (1 − λt) ⊙ ct ∈ C1×d,
ot = Re(ht)Wo + bo ∈ R1×d.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    real, imaginary = (z * sig(z) for z in (x @ w.W_cr + w.b_cr, x @ w.W_ci + w.b_ci))
    decay = w.gamma + (1 - w.gamma) * sig(x @ w.W_mu + w.b_mu)
    h = decay * exp(1j * w.theta) * (p.h_re + 1j * p.h_im) + (1 - decay) * (real + 1j * imaginary)
    return {"h_re": h.real, "h_im": h.imag, "Y": h.real @ w.W_o + w.b_o}


@paper(
    "rits",
    r"""
\hat{\mathbf{x}}_t = \mathbf{W}_x \mathbf{h}_{t-1} + \mathbf{b}_x
\mathbf{x}_t^c = \mathbf{m}_t \odot \mathbf{x}_t + (1 - \mathbf{m}_t) \odot \hat{\mathbf{x}}_t
\mathbf{h}_t = \sigma(\mathbf{W}_h \mathbf{h}_{t-1} + \mathbf{U}_h [\mathbf{x}_t^c \circ \mathbf{m}_t] + \mathbf{b}_h)
\mathbf{m}_t = \sigma(\mathbf{x}_t)
where $\circ$ indicates the concatenate operation.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    m = sig(x)
    known = m * x + (1 - m) * (p.h @ w.W_x + w.b_x)
    h = sig(p.h @ w.W_h + cat(known, m) @ w.U_h + w.b_h)
    return {"h": h, "Y": h}


@paper(
    "rcnn_of_bigrams",
    r"""
\lambda_t = \sigma(\mathbf{W}^\lambda \mathbf{x}_t + \mathbf{U}^\lambda \mathbf{h}_{t-1} + \mathbf{b}^\lambda)
\mathbf{c}_t^{(1)} = \lambda_t \odot \mathbf{c}_{t-1}^{(1)} + (1 - \lambda_t) \odot (\mathbf{W}_1 \mathbf{x}_t)
\mathbf{c}_t^{(2)} = \lambda_t \odot \mathbf{c}_{t-1}^{(2)} + (1 - \lambda_t) \odot (\mathbf{c}_{t-1}^{(1)} + \mathbf{W}_2 \mathbf{x}_t)
\mathbf{h}_t = \tanh(\mathbf{c}_t^{(2)} + \mathbf{b})""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    decay = sig(x @ w.W_lambda + p.h @ w.U_lambda + w.b_lambda)
    c_1 = decay * p.c_1 + (1 - decay) * (x @ w.W_1)
    c_2 = decay * p.c_2 + (1 - decay) * (p.c_1 + x @ w.W_2)
    h = tanh(c_2 + w.b)
    return {"c_1": c_1, "c_2": c_2, "h": h, "Y": h}


@paper(
    "grui_pdf",
    """
βt = 1/emax(0,Wβδt+bβ)
h′t−1 = βt ⊙ ht−1
µt = σ(Wµ[h′t−1, xt] + bµ)
rt = σ(Wr[h′t−1, xt] + br)
h˜t = tanh(Wh˜[rt ⊙ h′t−1, xt] + bh˜)
ht = (1 − µt) ⊙ h′t−1 + µt ⊙ h˜t
where δt is the time lag""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    before = p.h / exp(np.maximum(0, x @ w.W_beta + w.b_beta))
    mu, r = (sig(cat(before, x) @ W + b) for W, b in ((w.W_mu, w.b_mu), (w.W_r, w.b_r)))
    h = (1 - mu) * before + mu * tanh(cat(r * before, x) @ w.W_h_tilde + w.b_h_tilde)
    return {"h": h, "Y": h}


@paper(
    "recurrent_skip_pdf",
    """
rt = σ(xtWxr + ht−pWhr + br)
ut = σ(xtWxu + ht−pWhu + bu)
ct = RELU(xtWxc + rt ⊙ (ht−pWhc) + bc)
ht = (1 − ut) ⊙ ht−p + ut ⊙ ct
p = 2""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    old = p.h_old
    r = sig(x @ w.W_xr + old @ w.W_hr + w.b_r)
    u = sig(x @ w.W_xu + old @ w.W_hu + w.b_u)
    h = (1 - u) * old + u * relu(x @ w.W_xc + r * (old @ w.W_hc) + w.b_c)
    return {"h": h, "h_old": p.h, "Y": h}


@paper(
    "wilson_cowan",
    r"""
\tau_e \frac{dE}{dt} = -E + (k_e - r_e E)\, \mathcal{S}_e(c_1 E - c_2 I + P) \\
\tau_i \frac{dI}{dt} = -I + (k_i - r_i I)\, \mathcal{S}_i(c_3 E - c_4 I + Q)
where $\mathcal{S}_e$ and $\mathcal{S}_i$ are sigmoid functions and $P$ is the external input.
\tau_e = 2
\tau_i = 4
dt = 0.5""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    E = p.E + 0.25 * (-p.E + (w.k_e - w.r_e * p.E) * sig(w.c_1 * p.E - w.c_2 * p.I + x))
    I = p.I + 0.125 * (-p.I + (w.k_i - w.r_i * p.I) * sig(w.c_3 * p.E - w.c_4 * p.I + w.Q))
    return {"E": E, "I": I, "Y": E}


@paper(
    "liquid_s4",
    r"""
x_k = \left(\overline{\mathbf{A}} + \overline{\mathbf{B}}\, u_k\right) x_{k-1} + \overline{\mathbf{B}}\, u_k, \qquad y_k = \overline{\mathbf{C}}\, x_k
\overline{\mathbf{A}} = (\mathbf{I} - \tfrac{\delta t}{2} \mathbf{A})^{-1} (\mathbf{I} + \tfrac{\delta t}{2}\mathbf{A}), \quad \overline{\mathbf{B}} = (\mathbf{I} - \tfrac{\delta t}{2}\mathbf{A})^{-1} \delta t\, \mathbf{B}, \quad \overline{\mathbf{C}} = \mathbf{C}
where $\mathbf{A} \in \mathbb{R}^{N \times N}$ is diagonal, $\mathbf{B} \in \mathbb{R}^{N \times 1}$ and $\mathbf{C} \in \mathbb{R}^{1 \times N}$.
dt = 0.5""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    A, B = (1 + 0.25 * w.A) / (1 - 0.25 * w.A), 0.5 * w.B / (1 - 0.25 * w.A)
    s = (A + B * x[..., None]) * p.s + B * x[..., None]
    return {"s": s, "Y": s @ w.C}


@paper(
    "attention_gru_pdf",
    """
ri = σ (W(r)xi + U(r)hi−1 + b(r))   (2)
h˜i = tanh (W xi + ri ◦ U hi−1 + b(h))   (3)
hi = gti ◦ h˜i + (1 − gti) ◦ hi−1   (11)
where the attention gate gti is a scalar""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    r, g = sig(x @ w.W_r + p.h @ w.U_r + w.b_r), sig(x @ w.w_g_t)[:, None]
    h = g * tanh(x @ w.W + r * (p.h @ w.U) + w.b_h) + (1 - g) * p.h
    return {"h": h, "Y": h}


@paper(
    "child_sum_pdf",
    """
h˜j = ∑k∈C(j) hk, (2)
ij = σ(W(i)xj + U(i)h˜j + b(i)), (3)
fjk = σ(W(f)xj + U(f)hk + b(f)), (4)
oj = σ(W(o)xj + U(o)h˜j + b(o)), (5)
uj = tanh(W(u)xj + U(u)h˜j + b(u)), (6)
cj = ij ⊙ uj + ∑k∈C(j) fjk ⊙ ck, (7)
hj = oj ⊙ tanh(cj), (8)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    gates = ((w.W_i, w.U_i, w.b_i), (w.W_f, w.U_f, w.b_f), (w.W_o, w.U_o, w.b_o))
    i, f, o = (sig(x @ W + p.h @ U + b) for W, U, b in gates)
    c = i * tanh(x @ w.W_u + p.h @ w.U_u + w.b_u) + f * p.c
    h = o * tanh(c)
    return {"c": c, "h": h, "Y": h}


@paper(
    "spikes_of_the_new_potential",
    r"""
v_j^{t+1} = \alpha v_j^t + \sum_{i \neq j} W_{ji}^{\mathrm{rec}} z_i^t + \sum_i W_{ji}^{\mathrm{in}} x_i^{t+1} - z_j^t v_{\mathrm{th}}
z_j^t = H\left(v_j^t - v_{\mathrm{th}}\right)
y_k^t = \kappa y_k^{t-1} + \sum_j W_{kj}^{\mathrm{out}} z_j^t + b_k^{\mathrm{out}}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    v = 0.9 * p.v + p.z @ w.W_rec + x @ w.W_in - 0.5 * p.z
    z = np.where(v > 0.5, 1.0, 0.0)
    y = 0.5 * p.y + z @ w.W_out + w.b_out
    return {"v": v, "z": z, "y": y, "Y": y}


@paper(
    "functions_of_the_paper",
    r"""
h_t = f(W x_t + U h_{t-1} + b)
y_t = g(V h_t)
z_t = \tau(R y_t)
where $f$ is a sigmoid function (we will use tanh), and $g$ is the output activation function (the identity).
\tau = \text{ReLU}
output: z""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.W + p.h @ w.U + w.b)
    return {"h": h, "Y": np.maximum(h @ w.V @ w.R, 0)}


@paper(
    "set_functions_pdf",
    """
ht = s1(W xt + U ht−1 + b)
yt = s2(V ht)
We set s1 to ReLU and s2 to tanh.
output: y""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = np.maximum(x @ w.W + p.h @ w.U + w.b, 0)
    return {"h": h, "Y": tanh(h @ w.V)}


@paper(
    "three_gates_pdf",
    """
ct = tanh(Wcxt + bc)
ft, it, ot = σ(Uf,i,ost−1 + Vf,i,oxt + bf,i,o)
st = ft ⊙ st−1 + it ⊙ ct
ht = ot ⊙ st""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f, i, o = np.split(sig(p.s @ w.U_fio + x @ w.V_fio + w.b_fio), 3, axis=-1)
    s = f * p.s + i * tanh(x @ w.W_c + w.b_c)
    return {"s": s, "Y": o * s}


@paper("flat_components", "hi(t) = tanh(Σj wij xj(t) + Σj uij hj(t − 1))")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.w + p.h @ w.u)
    return {"h": h, "Y": h}


@paper(
    "flat_potentials",
    """
Vj(t + δt) = αVj(t) + (1 − α)Ij(t) − Bj(t)zj(t)δt
Ij(t) = Σi W^in_ji xi(t) + Σi W^rec_ji zi(t)
Bj(t) = b0j + βbj(t)
bj(t + δt) = ρjbj(t) + (1 − ρj)zj(t)
zj(t) = H(Vj(t) − Bj(t))/δt
output: z""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    B = w.b_0 + p.b
    z = np.where(p.V > B, 1.0, 0.0) / 0.1
    V = 0.9 * p.V + (1 - 0.9) * (x @ w.W_in + z @ w.W_rec) - B * z * 0.1
    return {"V": V, "b": w.rho * p.b + (1 - w.rho) * z, "Y": z}


@paper(
    "numbers_of_a_complex_diagonal",
    r"""
x_k = \mathrm{diag}(\lambda) x_{k-1} + \gamma \odot (B u_k), \qquad y_k = \mathrm{Re}[C x_k]
\lambda_j := \exp(-\exp(\nu_j^{\log}) + i \exp(\theta_j^{\log})), \qquad \gamma_j = \sqrt{1 - |\lambda_j|^2}""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    turned = np.exp(-np.exp(w.nu_log) + 1j * np.exp(w.theta_log))
    gamma = np.sqrt(1 - abs(turned) ** 2)
    s = turned * (p.s_re + 1j * p.s_im) + gamma * (x @ (w.B_re + 1j * w.B_im))
    return {"s_re": s.real, "s_im": s.imag, "Y": (s @ (w.C_re + 1j * w.C_im)).real}


@paper(
    "number_of_the_input_pdf",
    """
at = xt,1
ht = (1 − at) ⊙ ht−1 + at ⊙ tanh(Wα↑Wα↓xt + U ht−1)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    a = x[:, :1]
    h = (1 - a) * p.h + a * tanh(x @ w.W_alpha_down @ w.W_alpha_up + p.h @ w.U)
    return {"h": h, "Y": h}


@paper(
    "gated_antisymmetric_pdf",
    """
zt = σ((Wh − WTh − γI)ht−1 + Vzxt + bz),
ht = ht−1 + ϵzt ◦ tanh((Wh − W⊤h − γI)ht−1 + Vhxt + bh)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    turned = p.h @ (w.W_h - w.W_h.T - 0.9 * np.eye(5))
    z = sig(turned + x @ w.V_z + w.b_z)
    h = p.h + 0.1 * z * tanh(turned + x @ w.V_h + w.b_h)
    return {"h": h, "Y": h}


@paper(
    "hyper_lstm",
    r"""
\hat{x}_t = [h_{t-1}; x_t]
\hat{y}_t = LN(W_h^{\hat y} \hat{h}_{t-1} + W_x^{\hat y} \hat{x}_t + b^{\hat y}), \quad y \in \{i, g, f, o\}
\hat{c}_t = \sigma(\hat{f}_t) \odot \hat{c}_{t-1} + \sigma(\hat{i}_t) \odot \tanh(\hat{g}_t)
\hat{h}_t = \sigma(\hat{o}_t) \odot \tanh(LN(\hat{c}_t))
z_x^y = W_{\hat h x}^y \hat{h}_{t-1} + b_{\hat h x}^y
y_t = LN((W_{hz}^y z_x^y) \odot (W_h^y h_{t-1}) + W_x^y x_t + b_0^y)
c_t = \sigma(f_t) \odot c_{t-1} + \sigma(i_t) \odot \tanh(g_t)
h_t = \sigma(o_t) \odot \tanh(LN(c_t))
axis C = 4""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    own, wide = vars(w), cat(p.h, x)
    hyper = {y: norm(p.h_hat @ own[f"W_h_{y}_hat"] + wide @ own[f"W_x_{y}_hat"] + own[f"b_{y}_hat"]) for y in "igfo"}
    c_hat = sig(hyper["f"]) * p.c_hat + sig(hyper["i"]) * tanh(hyper["g"])
    h_hat = sig(hyper["o"]) * tanh(norm(c_hat))
    gate = {}
    for y in "igfo":
        z = p.h_hat @ own[f"W_h_hat_x_{y}"] + own[f"b_h_hat_x_{y}"]
        of_x = x @ own["W_x_i" if y == "i" else f"W_x{y}"]
        gate[y] = norm((z @ own[f"W_hz{y}"]) * (p.h @ own[f"W_h{y}"]) + of_x + own[f"b_0{y}"])
    c = sig(gate["f"]) * p.c + sig(gate["i"]) * tanh(gate["g"])
    h = sig(gate["o"]) * tanh(norm(c))
    return {"c_hat": c_hat, "h_hat": h_hat, "c": c, "h": h, "Y": h}


@paper(
    "marked_indices_apart_pdf",
    """
xˆt = (ht−1; xt)
ˆit = W ˆi h ˆht−1 + W ˆi xˆ xˆt + b ˆi
ˆht = tanh(ˆit)
ht = tanh(W xt + Uht−1 + V ˆht)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h_hat = tanh(p.h_hat @ w.W_i_hat_h + cat(p.h, x) @ w.W_i_hat_x_hat + w.b_i_hat)
    h = tanh(x @ w.W + p.h @ w.U + h_hat @ w.V)
    return {"h_hat": h_hat, "h": h, "Y": h}


@paper(
    "gru_d_of_three_parts",
    r"""
\gamma_{h_t} = \exp\{-\max(0, W_{\gamma_h} \delta_t + b_{\gamma_h})\}
\hat{x}_t = m_t x_t + (1 - m_t) l_{t-1}
l_t = \hat{x}_t
\hat{h}_{t-1} = \gamma_{h_t} \odot h_{t-1}
z_t = \sigma(W_z \hat{x}_t + U_z \hat{h}_{t-1} + V_z m_t + b_z)
h_t = (1 - z_t) \odot \hat{h}_{t-1} + z_t \odot \tanh(W \hat{x}_t + U \hat{h}_{t-1} + V m_t + b)
where $m_t$ is the masking vector and $\delta_t$ is the time interval
where x_t, \delta_t and m_t are parts of the input""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    u, delta, m = np.split(x, 3, axis=-1)
    u = m * u + (1 - m) * p.l
    h_hat = exp(-np.maximum(0, delta @ w.W_gamma_h + w.b_gamma_h)) * p.h
    z = sig(u @ w.W_z + h_hat @ w.U_z + m @ w.V_z + w.b_z)
    h = (1 - z) * h_hat + z * tanh(u @ w.W + h_hat @ w.U + m @ w.V + w.b)
    return {"l": u, "h": h, "Y": h}


@paper(
    "numbers_behind_commas_pdf",
    """
zt = tanh(αz ⊙ Wzxt ⊙ Uzht−1 + βz,1 ⊙ Uzht−1 + βz,2 ⊙ Wzxt + bz)
zout = softplus(zt ⊙ ht−1)
it = hardσ(Wixt + Uiht−1 + bi)
ht = (1 − it) ⊙ ht−1 + it ⊙ zout""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    wx, uh = x @ w.W_z, p.h @ w.U_z
    z = tanh(w.alpha_z * wx * uh + w.beta_z1 * uh + w.beta_z2 * wx + w.b_z)
    i = np.clip(0.2 * (x @ w.W_i + p.h @ w.U_i + w.b_i) + 0.5, 0, 1)
    h = (1 - i) * p.h + i * softplus(z * p.h)
    return {"h": h, "Y": h}


@paper(
    "raised_capitals",
    r"""
h_t = \tanh(W^Q x_t + U^Q h_{t-1} + b^Q) \circ z_t
z_t = \sigma(W^\text{in} x_t + U^R h_{t-1})""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.W_Q + p.h @ w.U_Q + w.b_Q) * sig(x @ w.W_in + p.h @ w.U_R)
    return {"h": h, "Y": h}


@paper(
    "diffusion_gru_pdf",
    """
r(t) = σ(Θr ⋆G [X(t), H(t−1)] + br)
u(t) = σ(Θu ⋆G [X(t), H(t−1)] + bu)
C(t) = tanh(ΘC ⋆G [X(t), (r(t) ⊙ H(t−1))] + bc)
H(t) = u(t) ⊙ H(t−1) + (1 − u(t)) ⊙ C(t)
where ⋆G denotes the diffusion convolution defined in Equation 2.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    r, u = (sig(cat(x, p.H) @ theta + b) for theta, b in ((w.Theta_r, w.br), (w.Theta_u, w.bu)))
    H = u * p.H + (1 - u) * tanh(cat(x, r * p.H) @ w.Theta_C + w.bc)
    return {"H": H, "Y": H}


@paper(
    "index_of_a_greek_letter_pdf",
    """
x(t + ∆t) = (x(t) + ∆t f(x(t), I(t)) ⊙ A) / (1 + ∆t(1/τ + f(x(t), I(t))))
f(x(t), I(t)) = tanh(γr x(t) + γ I(t) + µ)
∆t = 0.1""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    f = tanh(0.9 * p.s + 0.9 * x + 0.5)
    s = (p.s + 0.1 * f * w.A) / (1 + 0.1 * (1 / 2 + f))
    return {"s": s, "Y": s}


@paper(
    "fraction_of_two_lines_pdf",
    """
Ct = ft Ct−1 + it vt ktT
nt = ft nt−1 + it kt
ht = ot ⊙ Ct qt
max{|ntT qt|, 1}
qt = Wqxt
kt = Wkxt
vt = Wvxt
it = exp(wi xt)
ft = σ(wf xt)
ot = σ(Woxt)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    q, k, v = x @ w.W_q, x @ w.W_k, x @ w.W_v
    i, f = exp(x @ w.w_i)[:, None], sig(x @ w.w_f)[:, None]
    C, n = f[..., None] * p.C + outer(i * v, k), f * p.n + i * k
    h = sig(x @ w.W_o) * mv(C, q) / np.maximum(np.abs(dot(n, q)), 1)
    return {"C": C, "n": n, "Y": h}


@paper(
    "functions_of_words_in_a_sentence_pdf",
    """
ut = fbinarize(˜ut)
st = ut · S(st−1, xt) + (1 − ut) · st−1
∆˜ut = σ(Wp st + bp)
˜ut+1 = ut · ∆˜ut + (1 − ut) · (˜ut + min(∆˜ut, 1 − ˜ut))
where Wp is a weights vector, bp is a scalar bias and fbinarize : [0, 1] → {0, 1} binarizes the input value: fbinarize(˜ut) = round(˜ut). The model S(st−1, xt) = tanh(W xt + U st−1 + b).""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    before = p.u_tilde[:, None]
    u = np.where(before > 0.5, 1.0, 0.0)
    s = u * tanh(x @ w.W + p.s @ w.U + w.b) + (1 - u) * p.s
    delta = sig((s @ w.W_p)[:, None] + w.b_p)
    u_tilde = u * delta + (1 - u) * (before + np.minimum(delta, 1 - before))
    return {"s": s, "u_tilde": u_tilde[:, 0], "Y": s}


@paper(
    "softmax_over_a_counter",
    r"""
u_k = W^R x_k + U^R h_{k-1} + b^R
r_{ki} \leftarrow \mathrm{softmax}_i(-(u_k - \ln \tilde{\tau}_i)^2)
q_k = \tanh(W^Q x_k + U^Q (\sum_{i=1}^{3} r_{ki} \circ \hat{h}_{k-1,i}))
\hat{h}_{ki} = (1 - r_{ki}) \circ \hat{h}_{k-1,i} + r_{ki} \circ q_k
h_k = \sum_{i=1}^{3} \hat{h}_{ki}
\tilde{\tau}_1 = 1
\tilde{\tau}_2 = 2
\tilde{\tau}_3 = 4""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    u = x @ w.W_R + p.h @ w.U_R + w.b_R
    r = np.moveaxis(softmax(np.stack([-((u - np.log(tau)) ** 2) for tau in (1, 2, 4)], -1)), -1, 0)
    before = [p.h_hat_1, p.h_hat_2, p.h_hat_3]
    q = tanh(x @ w.W_Q + sum(map(np.multiply, r, before)) @ w.U_Q)
    parts = [(1 - a) * b + a * q for a, b in zip(r, before, strict=True)]
    h = sum(parts)
    return {f"h_hat_{n}": part for n, part in enumerate(parts, 1)} | {"h": h, "Y": h}


@paper(
    "window_of_queries_and_keys",
    r"""
q_t = W^Q h_{t-1} + U^Q x_t
e_{t,i} = \frac{q_t^\top W^K h_{t-i}}{\sqrt{d}}
\alpha_{t,i} = \frac{\exp(e_{t,i})}{\sum_{j=1}^{2} \exp(e_{t,j})}
c_t = \sum_{i=1}^{2} \alpha_{t,i} W^V h_{t-i}
h_t = \tanh(W^O c_t + U^O x_t + b^O)
where $d = 4$.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    q, before = p.h @ w.W_Q + x @ w.U_Q, (p.h, p.h_old)
    alpha = softmax(cat(*(dot(q, h @ w.W_K) / 2 for h in before)))
    c = sum(alpha[:, n : n + 1] * (h @ w.W_V) for n, h in enumerate(before))
    h = tanh(c @ w.W_O + x @ w.U_O + w.b_O)
    return {"h": h, "h_old": p.h, "Y": h}


@paper(
    "three_functions_in_a_sentence_pdf",
    """
ht = φh(V3 φ2(V2 φ1(V1 ht−1 + U xt)))
yt = φo(W ht)
where φh, φ1 and φ2 are tanh and φo is the softmax.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(tanh(tanh(p.h @ w.V_1 + x @ w.U) @ w.V_2) @ w.V_3)
    return {"h": h, "Y": softmax(h @ w.W)}


@paper(
    "event_based_gru",
    r"""
\mathbf{u}^{\langle t \rangle} = \sigma(\mathbf{W}_u [\mathbf{x}^{\langle t \rangle}, \mathbf{e}^{\langle t-1 \rangle}] + \mathbf{b}_u)
\mathbf{c}^{\langle t \rangle} = \mathbf{u}^{\langle t \rangle} \odot \tanh(\mathbf{W}_z \mathbf{x}^{\langle t \rangle}) + (1 - \mathbf{u}^{\langle t \rangle}) \odot \mathbf{c}^{\langle t-1 \rangle} - \mathbf{e}^{\langle t-1 \rangle}
\mathbf{e}^{\langle t \rangle} = \mathbf{c}^{\langle t \rangle} \odot H(\mathbf{c}^{\langle t \rangle} - \vartheta)
\vartheta = 0.5
where $H$ is the Heaviside step function.
output: e""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    u = sig(cat(x, p.e) @ w.W_u + w.b_u)
    c = u * tanh(x @ w.W_z) + (1 - u) * p.c - p.e
    e = np.where(c > 0.5, c, 0)
    return {"c": c, "e": e, "Y": e}


@paper(
    "squares_beside_greek_letters_pdf",
    """
yt+1 = yt + h (tanh(Wihst+1 + Whhyt + bhh) − 2γyt − ω2xt)
xt+1 = xt + h yt+1
where h = 0.5 is the discretization step, st is the external input, ω is the natural frequency and γ the damping factor.
γ = 0.1
ω = 2""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    y = p.y + 0.5 * (tanh(x @ w.W_ih + p.y @ w.W_hh + w.b_hh) - 0.2 * p.y - 4 * p.s)
    s = p.s + 0.5 * y
    return {"y": y, "s": s, "Y": s}


@paper(
    "letters_with_a_number",
    r"""
T1_t = \sigma(x_t W_{x1} + b_{1})
T2_t = \sigma(x_t W_{x2} + b_{2})
h_t = T1_t \odot h_{t-1} + T2_t \odot \tanh(x_t W)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = sig(x @ w.W_x1 + w.b_1) * p.h + sig(x @ w.W_x2 + w.b_2) * tanh(x @ w.W)
    return {"h": h, "Y": h}


@paper(
    "quotient_of_dot_products_pdf",
    """
φ(x) = elu(x) + 1
St = St−1 + φ(kt) vtT
zt = zt−1 + φ(kt)
ht = φ(qt)T St
φ(qt)T zt
qt = WQxt, kt = WKxt, vt = WVxt""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    q, k = (np.where(a > 0, a + 1, exp(a)) for a in (x @ w.W_Q, x @ w.W_K))
    S, z = p.S + outer(k, x @ w.W_V), p.z + k
    return {"S": S, "z": z, "Y": vm(q, S) / dot(q, z)}


@paper(
    "transposition_before_a_step_pdf",
    """
et = hT t−1 Wa xt
ht = tanh(et Wh ht−1 + Wx xt + b)""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(dot(p.h, x @ w.W_a) * (p.h @ w.W_h) + x @ w.W_x + w.b)
    return {"h": h, "Y": h}


@paper(
    "norms_and_functions_of_functions_pdf",
    """
at = g(ht−1, xt)
nt = at
‖at‖2
ht = nt + ht−1 / (1 + ‖at‖22)
where g(h, x) = tanh(W x + U h) ⊙ s(x) and s(x) = σ(V x + c).""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    a = tanh(x @ w.W + p.h @ w.U) * sig(x @ w.V + w.c)
    length = np.sqrt(dot(a, a))
    h = a / length + p.h / (1 + length**2)
    return {"h": h, "Y": h}


@paper(
    "numbers_before_turned_matrices",
    r"""
s_t = (1-p) s_{t-1} + p\, E^\top x_t
h_t = \tanh(V^\top s_t + U^\top h_{t-1})
where $p = 0.1$.""",
)
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    s = 0.9 * p.s + 0.1 * (x @ w.E)
    h = tanh(s @ w.V + p.h @ w.U)
    return {"s": s, "h": h, "Y": h}


@paper("transposed_behind_a_blank_pdf", "ht = tanh(W T xt + U T ht−1)")
def _(w: Any, x: Any, p: Any) -> dict[str, Any]:
    h = tanh(x @ w.W + p.h @ w.U)
    return {"h": h, "Y": h}


__all__ = ["PAPERS", "Values"]
