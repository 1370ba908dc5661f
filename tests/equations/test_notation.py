"""The notation of papers: what is read, what is assumed and asked, what is wrong, and LaTeX and MathML."""

import random
import re
import xml.etree.ElementTree as ET
from unittest.mock import Mock

import numpy as np
import pytest
from pairing import ALL_COMBINATIONS
from paper_texts import PAPERS, Values
from time_limit import time_limit
from wrong_texts import assert_message, wrong_texts

from app.core.input_data import make_input
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack
from app.equations.cell_from_equations import cell_of
from app.equations.gallery import GALLERY, SHIPPED
from app.equations.notation import mathematics, read, reading, to_latex
from app.equations.notation.lines.pdf_text import pdf_text_of
from app.equations.notation.names.inputs_states_and_weights import names_of
from app.equations.places_and_errors import EquationsError, with_line

PLACE = 0, "forward"
WRONG = wrong_texts("wrong_notation.txt")
EVERY = {**SHIPPED, **GALLERY}


@pytest.mark.parametrize("id", PAPERS)
def test_a_text_as_a_paper_prints_it_gives_the_numbers_of_the_paper(id: str) -> None:
    text, step = PAPERS[id]
    cell = cell_of(read(text.strip("\n")).text)
    tied = "features" in cell.own_sizes
    stack = Stack(cell, 2, 4, 5 if tied else 3, 5)
    weights, X = stack_weights(stack, 7, "float64"), make_input(stack.sizes, 7, "float64")
    trace = run_stack(stack, weights, X).traces[PLACE]
    previous = {name: np.array(trace.array(f"{name}_prev", 0)) for name in cell.states}
    for t in range(4):
        made = step(Values(**weights[PLACE]), X[:, t], Values(**previous))
        np.testing.assert_allclose(trace.array("Y")[:, t], made["Y"], rtol=1e-12, atol=1e-13, err_msg=cell.text)
        previous = {name: made[name] for name in previous}


@pytest.mark.parametrize("id", EVERY)
def test_equations_set_in_latex_and_read_again_are_the_same(id: str) -> None:
    assert read(to_latex(EVERY[id])).text == EVERY[id]


def test_a_state_that_begins_with_one_is_set_and_read_again() -> None:
    text = "h: batch_size, num_units = 1\nW: features, num_units\nh = x @ W + h_prev"
    assert read(to_latex(text)).text == text


def test_numbers_of_mathematics_are_set_as_letters_unless_a_tensor_has_that_name() -> None:
    text = read(r"h_t = \pi h_{t-1} + e W x_t").text
    (formula,) = mathematics(text)
    assert r"\pi \, h_{t-1}" in formula.latex and "<var>π</var>" in formula.html and "3.14" not in to_latex(text)
    assert read(to_latex(text)).text == text
    text += "\ne = x @ W + 2.718281828459045"
    assert "2.718281828459045" in to_latex(text) and read(to_latex(text)).text == text


def test_an_index_t_beside_the_same_letter_is_set_as_it_was_typed() -> None:
    text = read("C^S_t = tanh(W C_{t-1})\nC^T_t = C_{t-1} - C^S_t\nC_t = C^T_t + V x_t").text
    assert "C_T_ = " in text and "C_{T, t} &= " in to_latex(text)
    assert read(to_latex(text)).text == text


@pytest.mark.parametrize("id", EVERY)
def test_each_equation_is_well_formed_html(id: str) -> None:
    found = mathematics(EVERY[id])
    lines = EVERY[id].split("\n")
    for formula in found:
        math = ET.fromstring(f"<p>{formula.html}</p>")
        assert "".join(math.itertext()).count("(") == "".join(math.itertext()).count(")")
        assert lines[formula.line - 1].startswith(formula.names[0])


def test_an_index_of_two_letters_is_greek_unless_other_weights_have_pairs_too() -> None:
    declared = "h: batch_size, num_units\nW_xi: features, num_units\nW_{}: num_units, num_units\n"
    for other, index in {"hi": "xi", "xf": "xi", "h": "ξ", "i": "ξ"}.items():
        (formula,) = mathematics(declared.format(other) + f"h = x @ W_xi + h_prev @ W_{other}")
        assert f"<var>W</var><sub><var>{index}</var></sub> + " in formula.html


def test_what_follows_from_weights_alone_has_no_step() -> None:
    lines = ["h: batch_size, num_units", "w: num_units", "b = 2 * a", "h = b * h_prev + a", "u = x", "a = exp(w)"]
    found = mathematics("\n".join(lines))
    assert [formula.latex.partition(" =")[0] for formula in found] == ["b", "h_{t}", "u_{t}", "a"]


@pytest.mark.parametrize("id", EVERY)
def test_our_own_language_is_not_changed(id: str) -> None:
    found = read(EVERY[id])
    assert found.text == EVERY[id] and found.is_own and not found.assumptions and not found.questions


def test_a_mistake_is_named_in_the_text_as_it_was_typed() -> None:
    assert len(WRONG) == 276
    for wrong in WRONG:
        assert_message(lambda text: cell_of(read(text).text), wrong)


def test_every_line_that_a_message_offers_is_read() -> None:
    offering = [text for text, message, _ in WRONG if re.search(r"such as|in a line|the line", message)]
    for text in offering:
        with pytest.raises(EquationsError) as raised:
            cell_of(read(text).text)
        if lines := raised.value.lines_to_add:
            cell_of(read(with_line(text, "\n".join(lines))).text)


READINGS = {
    r"y_{out,t} = \sigma(W x_t);  h_t = y_{out,t} \odot h_{t-1}": "y_out = sigmoid(x @ W)",
    "r(t) = σ(Wrx(t) + Urh(t − 1) + br);  h(t) = tanh(Wh x(t) + Uh (r(t) ⊙ h(t − 1)) + bh)": (
        "h = tanh(x @ Wh + r * h_prev @ Uh + bh)"
    ),
    "gu = σ(Wu ∗ H);  gc = tanh(Wc ∗ H);  m′ = gu ⊙ m + gc;  H = [I ∗ xi; m]": "H = concat(x @ I, m_prev)",
    r"h_t = \tanh(W^{xt} x_t + V^{tx} x_t) + h_{t-1}": "h = tanh(x @ W_xt + x @ V_tx) + h_prev",
    r"\textbf{(Lin)} $h_t = W x_t + h_{t-1}$": "h = x @ W + h_prev",
    r"u_t^{(j)} = \beta_j x_{t,j};  h_t^{(j)} = \alpha_j \odot h_{t-1}^{(j)} + u_t^{(j)}": "beta: num_units, N",
    "h_t = A h_{t-1} + W x_t;  with the diagonal matrix A.": "h = A * h_prev + x @ W",
    "ht = tanh(Aht−1 + Wxt);  with the diagonal matrices A ∈ Rm×m and weights W ∈ Rm×p.": "A: num_units",
    "ht = tanh(Aht−1 + Wxt);  with diagonal transition matrices A and W.": "h = tanh(A * h_prev + W * x)",
    "ht = tanh(Aht−1 + Wxt);  This is no more without a diagonal matrix A.": "h = tanh(h_prev @ A + x @ W)",
    "ht = tanh(Aht−1 + Wxt);  where A ∈ Rm×m (diagonal), W ∈ Rm×p.": "A: num_units",
    "h_t = tanh(A h_{t-1} + W x_t);  with a block diagonal matrix A.": "A: num_units, num_units",
    "h_t = A h_{t-1} + W x_t;  where A is a diagonal matrix, A ∈ ℝ^{n × n}, and W ∈ ℝ^{n}.": "A: num_units",
    "h_t = tanh(A h_{t-1} + W x_t);  and noise with a diagonal covariance matrix A.": "A: num_units, num_units",
    "h_t = tanh(W x_t - θ) + h_{t-1};  with the threshold vector θ.": "theta: num_units",
    "h_t = α h_{t-1} + W x_t;  where α and β are trainable vectors.": "alpha: num_units",
    "h_t = a (h_{t-1} + W x_t);  with the learnable parameter a.": "a: 1",
    r"h_t = φ(W x_t) + h_{t-1};  φ(z) = max(0, z - θ);  where $θ \in \mathbb{R}^M$ are limits.": "theta: num_units",
    "h_t = k(a) h_{t-1} + W x_t;  k(a) = 1 / (1 + exp(-a))": "h = sigmoid(a) * h_prev + x @ W",
    r"h_t = f(W x_t + U h_{t-1});  where f is some nonlinearity (e.g., $\tanh$).": "h = tanh(x @ W + h_prev @ U)",
    "U[t] = U[t − 1] + β1V[t − 1] + I[t];  V[t] = V[t − 1] + β2U[t] − VthV[t − 1]": (
        "V = V_prev + beta_2 * U - V_th * V_prev"
    ),
    "v(t) = λv(t − 1) + WinI(t) − Vths(t − 1);  s(t) = tanh(v(t) − Vth)": (
        "v = lambda * v_prev + x @ Win - V_th * s_prev"
    ),
    "h_t = g_t h_{t-1} + W x_t;  g_t = σ(w x_t);  with the weight vector w.": "w: features",
    "UD[t] = UD[t − 1] + I[t];  US[t] = US[t − 1] + β2UD[t];  \\beta_2 = 0.5": "US = US_prev + beta_2 * UD",
    "y(t)H = fH(WH · y(t−1) + WI · x(t));  y(t)O = WO · y(t)H;  where fH and fO are tanh": (
        "y_H = tanh(y_H_prev @ WH + x @ WI)"
    ),
    "y_t = m_t tanh(W x_t) + (1 - m_t) y_{t-1};  m_t = where(mod(t, T) == 0, 1, 0);  T: num_units": (
        "m = where(mod(t, T) == 0, 1, 0)"
    ),
    r"y_t = \begin{cases} W x_t & \text{for } (t \text{ MOD } T_i) = 0 \\ y_{t-1} & \text{otherwise} \end{cases}": (
        "y = where(mod(t, T_i) == 0, x @ W, y_prev)"
    ),
    "ht = modReLU(Wxt + Uht−1);  modReLU(z) = sign(z) max(0, |z| + b)": (
        "h = where(h_raw > 0, 1, -1) * maximum(0, abs(h_raw) + b)"
    ),
    r"u_t = e^{\sf T} x_t;  h_t = A h_{t-1} + B u_t": "u = x @ e",
    "zt = zt−1 + Wxt;  yt = V zt;  with output zt": "z = z_prev + x @ W",
    "s1t = h1t + s0t;  h1t = tanh(WHxt + RH1s0t);  s0t = s1t−1": "h_1 = tanh(x @ W_H + s_0 @ R_H1)",
    r"C_{t-1}^S = \tanh(W C_{t-1});  C_{t-1}^T = C_{t-1} - C_{t-1}^S;  C_t = C_{t-1}^T + V x_t": "C = C_T_ + x @ V",
    "v˙ = v − v3/3 − w + I;  w˙ = a + bv − w": "v = v_prev + dt * (v_prev - v_prev ** 3 / 3 - w_prev + x)",
    "zt = Azt−1 + W1tanh(W2zt−1 + h2) + Cst": "z = z_prev @ A + tanh(z_prev @ W_2 + h_2) @ W_1 + x @ C",
    "ht = φ1(W1φ2(W2ht−1 + U2xt));  φ1 = relu;  φ2 = tanh": "h = relu(tanh(h_prev @ W_2 + x @ U_2) @ W_1)",
    "h_t = W_otanh(W h_{t-1} + U x_t)": "h = tanh(h_prev @ W + x @ U) @ W_o",
    "h(t) = Wotanh(W h(t-1) + U x(t))": "h = tanh(h_prev @ W + x @ U) @ Wo",
    "ht = tanh(Wht−1 + Uxt + VsS);  where S is the speaker vector.": "h = tanh(h_prev @ W + x @ U + S @ V_s)",
    "kn = Wkxn;  vn = Wvxn;  Sn = anSn−1 + k⊤n vn;  an = σ(Waxn);  where kn, vn, an ∈ R1×dk": (
        "S = a * S_prev + outer(k, v @ identity(num_units, U2))"
    ),
    "h_t = f_h(W x_t + U h_{t-1});  f(x) = x^2": "h = (x @ W + h_prev @ U) ** 2",
    "ct = ftct−1 + ittanh(Wcxt + Ucht−1);  it = σ(Wixt);  ft = σ(Wfxt);  ht = tanh(ct)": (
        "c = f * c_prev + i * tanh(x @ W_c + h_prev @ U_c)"
    ),
    "s(t) = s(t − 1) + tanh(W x(t)), where s(0) = 1": "s: batch_size, num_units = 1",
    "ht = tanh(Wht−1 + Upt), where pt is the input.": "h = tanh(h_prev @ W + x @ U)",
    r"h_t = h_{t-1} + \Delta t \tanh(W x_t);  where $\Delta t$ is the elapsed time": "Dt = x[:1]",
    "hm = tanh(xmW + σ∆t(∆tmWt) + hm−1U);  where ∆tm is the time interval": (
        "h = tanh(x @ W + sigmoid(Delta_t @ W_t) + h_prev @ U)"
    ),
    r"h_t = \tanh(W x_t + W_{hc} c_{t-1});  c_t = V h_t": "h = tanh(x @ W + c_prev @ W_hc)",
    "h˙ = Ah + tanh(Wh + Ux)": "h = h_prev + dt * (h_prev @ A + tanh(h_prev @ W + x @ U))",
    "h_t = α(W x_t + U h_{t-1});  where α and β are split activation functions (tanh)": "h = tanh(x @ W + h_prev @ U)",
    "c_t = f_t ⊗ c_{t-1} + i_t ⊗ g_t;  f_t = σ(W_f x_t);  i_t = σ(W_i x_t);  g_t = h_{t-1} ⊙ x_t;  h_t = tanh(c_t);  "
    "where ⊗ denotes element-wise multiplication": "c = f * c_prev + i * g",
    "S_t = S_{t-1} + v_t ⊗ k_t;  s_t = S_t q_t;  where $\\otimes$ is the outer product": "S = S_prev + outer(v, k)",
    "h_t = h_{t-1} + Δ_t tanh(W x_t);  where Δ_t is the elapsed time, and Δ_t ∈ ℝ": "Delta = x[:1]",
    r"h'_i = \mathrm{ODESolve}(f_\theta, h_{i-1}, (t_{i-1}, t_i));  h_i = \tanh(W x_i + U h'_i);  "
    r"f_\theta(h) = \tanh(V h)": "h_prime = h_prev + Delta * tanh(h_prev @ V)",
    r"\hat{x}_t^d = m_t^d x_t^d + (1 - m_t^d) l_t^d;  l_t^d = m_t^d x_t^d + (1 - m_t^d) l_{t-1}^d;  "
    r"h_t = W \hat{x}_t + U h_{t-1};  m_t = σ(V x_t)": "l = m * x + (1 - m) * l_prev",
    "x(n + 1) = tanh(Winu(n + 1) + Wx(n) + Wfby(n));  y(n) = Wout[x(n); u(n)]": (
        "s = tanh(x @ Win + s_prev @ W + y_prev @ Wfb)"
    ),
    "a(xt, ht−1) = Wa[xt, ht−1];  nt = nt−1 + ea(xt,ht−1);  ht = tanh(nt)": (
        "n = n_prev + exp(concat(x, h_prev) @ W_a)"
    ),
    "at = Wxt;  nt = nt−1 + ut ⊙ eat;  ut = Uxt": "n = n_prev + u * exp(a)",
    "ft = σ(Wxt + Uct−1);  ct = (1 − ft)2 + f2t ct−1": "c = (1 - f) ** 2 + f ** 2 * c_prev",
    "ft = σ(Wxt + Uct−1);  ct = ft2 ct−1 − 1": "c = f ** 2 * c_prev - 1",
    "h(1)t = tanh(W(1)xt + U(1)h(1)t−1);  h(2)t = αh(2)t−1 + W(2)h(1)t": "h_2 = alpha * h_2_prev + h_1 @ W_2",
    "h_t = W^{(x)} x_t + U h_{t-1};  s_t = (h_t, h_t);  s_{t+1} = (h_t, h_t)": "h = x @ W_x + h_prev @ U",
    r"x_k = \bar{A} x_{k-1} + B u_k;  y_k = \bar{C} x_k;  \bar{A} = e^{A Δ};  \bar{C} = C;  where A is diagonal": (
        "y = s @ C"
    ),
    r"h_t = R_t h_{t-1} + x_t;  R_t = I - 2 u_t u_t^\top;  u_t = W x_t": "h = h_prev - 2 * (dot(u, h_prev) * u) + x",
    "h_t = exp(γ) ⊙ (W x_t) + h_{t-1}": "gamma: num_units",
    r"h_t = \tanh(W x_t + g_t U h_{t-1});  g_t = σ(w [x_t, h_{t-1}])": "w: features + num_units",
    r"M_t = M_{t-1} \circ (E - w_t e_t^\top) + w_t x_t^\top;  w_t = σ(W x_t);  e_t = σ(V x_t);  "
    "where E is a matrix of ones": "E = 1",
    r"h_t = f(\mathcal{LN}[W x_t + U h_{t-1}]);  f = tanh": "h = tanh(layer_norm(x @ W + h_prev @ U, num_units))",
    "u_t = round(\\tilde{u}_{t-1});  s_t = u_t W x_t + (1 - u_t) s_{t-1};  "
    "\\tilde{u}_t = u_t σ(V s_t) + (1 - u_t) \\tilde{u}_{t-1}": "output: s",
    "h_t = h_{t-1} / τ + (1 - 1 / τ) W x_t": "tau = 2",
    r"β_t = softplus(W_β x_t + b_β) ∈ ℝ;  h_t = β_t tanh(U x_t) + h_{t-1}": "b_beta: 1",
    r"h_t = e^{-w} h_{t-1} + e^{k_t} W x_t;  k_t = V x_t": "h = exp(-w) * h_prev + exp(k) * (x @ W)",
    "h_t = e⁻ʷ ⊙ h_{t-1} + eˣ": "h = exp(-w) * h_prev + exp(x)",
    "h_t = σ(W x_t) + g(U h_{t-1});  $σ(u) = tanh(u)$ and $g(u) = 0.5(1 + tanh(u/3))$ are applied componentwise.": (
        "h = tanh(x @ W) + 0.5 * (1 + tanh(h_prev @ U / 3))"
    ),
    r"h_t = \hat{σ}(U h_{t-1}) + W x_t;  where $\hat{σ}(u) = 0.5 \sin(u)$ refers to a wave.": (
        "h = 0.5 * sin(h_prev @ U) + x @ W"
    ),
    r"\hat{x}_t^d = γ_{x_t}^d x_t^d + (1 - γ_{x_t}^d) m^d;  γ_t = σ(W_γ x_t);  h_t = V \hat{x}_t + γ_{h_t} h_{t-1}": (
        "gamma_x = sigmoid(x @ W_gamma_x)"
    ),
    r"\hat{x}_t = γ_{x_t} x_t;  γ_t = σ(W_γ x_t);  h_t = V \hat{x}_t + γ_{h_t} h_{t-1};  "
    "where we constrain W_{γ_x} to be diagonal.": "gamma_x = sigmoid(W_gamma_x * x)",
    "h_t = tanh(W x_t) + h_{t-1} / Δ_t;  where Δ_t is the elapsed time.": "Delta = x[:1]",
    r"h_t = \tanh(W x_t + U h_{t-1} + V δ_t);  x_t is the input and δ_t the time interval.": "delta = x",
    "h_t = tanh(W x_t) + h_{t-1} / d_t;  d_t = x_{t,2}": "d = x[1:2]",
    r"h_t = A_d h_{t-1} + B_d x_t;  A_d = e^{A Δ};  B_d = A^{-1}(A_d - I) B;  where A is diagonal": (
        "h = A_d * h_prev + x @ B_d"
    ),
    r"u_i^{(t)} = u_i^{(t-1)} + f_i h^{(t)}, \quad \forall 1 \leq i \leq k;  h^{(t)} = f_1(W u^{(t-1)} + V x^{(t)});  "
    r"where u^{(t)} = [u_1^{(t)}, \ldots, u_k^{(t)}], f_1, \ldots, f_k are frequencies, k = 3 and $f_1$ is the ReLU.": (
        "u_3 = u_3_prev + f_3 * h"
    ),
    r"h_t = h_{t-1} + \frac{1}{T} W x_t;  where T is the number of time steps.": "T = 0.5",
    r"h_t = a ⊙ h_{t-1} + W x_t;  $a \in \mathbb{R}_{>0}^n$": "a: num_units",
    r"h_t = \pi h_{t-1} + e W x_t": "h = 3.141592653589793 * h_prev + 2.718281828459045 * (x @ W)",
    r"e_t = V x_t;  h_t = h_{t-1} + e_t^2": "h = h_prev + e ** 2",
    r"h_t = e \odot h_{t-1} + W x_t;  e: num_units": "h = e * h_prev + x @ W",
    r"h_t = \pi \odot h_{t-1} + W x_t;  \pi \in \mathbb{R}^{m}": "h = pi * h_prev + x @ W",
    "s1 = 0.5;  h_t = s1(W x_t + h_{t-1})": "h = s1 * (x @ W + h_prev)",
    r"h_t = s1(W x_t) + \alpha h_{t-1};  s1 = relu": "h = relu(x @ W) + alpha * h_prev",
    "h_t = W1(x_t) + Wr(h_{t-1})": "h = x @ W1 + h_prev @ Wr",
    r"h_t = \tanh(x_t \cdot W + h_{t-1} \cdot U + b)": "h = tanh(x @ W + h_prev @ U + b)",
    r"h_t = \tanh([x_t, h_{t-1}] \cdot W) + a \cdot h_{t-1}": "h = tanh(concat(x, h_prev) @ W) + a * h_prev",
    r"h_t = \alpha W x_t + \beta h_{t-1};  where $0 \leq \alpha, \beta \leq 1$ are trainable weights.": "beta: 1",
    "h_t = W x_t + β h_{t-1};  with a learned scalar β.": "beta: 1",
    "h_t = W x_t + a h_{t-1};  where a is a learnable scalar": "a: 1",
    "h_t = W x_t + β h_{t-1};  where β is not a trainable parameter": "beta = 1",
    "h_t = W x_t + β ⊙ h_{t-1};  where β is learned.": "beta: num_units",
    "vt = α vt−1 + RmIt;  It = W xt;  where Rm is the membrane resistance": "v = alpha * v_prev + R_m * I",
    "h_t = h_{t-1} + R I_t;  I_t = W x_t;  where R is a resistance matrix": "h = h_prev + I @ R",
    "y_i' = -y_i + \\sum_{j=1}^{N} w_{ji} σ(y_j) + I_i    i = 1, ..., N;  σ(x) = 1/(1 + e−x) is the logistic one.": (
        "y = -y_prev + sigmoid(y_prev) @ w + x"
    ),
    r"\begin{itemize};  \item At node $1$: $g_t = \tanh(x_t \cdot W + h_{t-1} \cdot U)$.;  "
    r"\item[(b)] $h_t = h_{t-1} + g_t$;  \end{itemize}": "h = h_prev + g",
    r"h_t = Wx(t) + \alpha Uh(t-1)": "h = x @ W + alpha * (h_prev @ U)",
    r"h_t = (1-\alpha) B x_t + \alpha h_{t-1}": "h = (1 - alpha) * (x @ B) + alpha * h_prev",
    r"h_t = (1-\alpha_t) W h_{t-1} + U x_t;  \alpha_t = \sigma(w^T x_t)": "h = (1 - alpha) * (h_prev @ W) + x @ U",
    "h_t = (1-g_t) W h_{t-1} + U x_t;  g_t = σ(wᵀ x_t)": "h = (1 - g) * (h_prev @ W) + x @ U",
    "h_t = (1 - 0.1) W h_{t-1} + U x_t": "h = (1 - 0.1) * (h_prev @ W) + x @ U",
    "h_t = (1-a) B x_t + a h_{t-1};  a = 0.8": "h = (1 - a) * (x @ B) + a * h_prev",
    r"h_t = e^{-\lambda} R h_{t-1} + U x_t": "h = exp(-lambda) * (h_prev @ R) + x @ U",
    r"h_t = f_t \odot h_{prev} + W x_t": "h = f * h_prev + x @ W",
    r"h_t = \sigma(W x_t + U h_prev)": "h = sigmoid(x @ W + h_prev @ U)",
    r"\tilde{h} = \tanh(W x + U h_{prev});  h = h_{prev} + \tilde{h}": "h = h_prev + h_tilde",
    "hₜ = h_prev ⊙ σ(W xₜ)": "h = h_prev * sigmoid(x @ W)",
    r"h_t = \hat{\sigma}(W x_t) + \sigma(U h_{t-1});  σ = tanh": "h = sigmoid(x @ W) + tanh(h_prev @ U)",
    r"h_t = \hat{\sigma}(W x_t) + \sigma(U h_{t-1});  \hat{\sigma} = relu": "h = relu(x @ W) + sigmoid(h_prev @ U)",
    r"h_t = \hat{\sigma}(W x_t) + \sigma(U h_{t-1});  sigma_hat = relu": "h = relu(x @ W) + sigmoid(h_prev @ U)",
    r"h_t = (h_{t-1} + W x_t) \bmod 2": "h = mod(h_prev + x @ W, 2)",
    r"h_t = \sigma(W x_t + U h_{t-1}) \qquad (3)": "h = sigmoid(x @ W + h_prev @ U)",
    "(2.1a)  h_t = σ(W x_t + U h_{t-1}),": "h = sigmoid(x @ W + h_prev @ U)",
    "z_t = σ(W x_t)(7);  h_t = z_t h_{t-1} + U x_t(8)": "h = z * h_prev + x @ U",
    "h_t = W x_t + h_{t-1} * (2)": "h = x @ W + h_prev * 2",
    "h_t = c h_{t-1} + W x_t, where c = 0.5.": "h = c * h_prev + x @ W",
    "h_t = c h_{t-1} + k_t and k_t = W x_t": "h = c * h_prev + k",
    r"h_t = \phi(W x_t + h_{t-1});  where $\phi$ is the rectified linear unit": "h = relu(x @ W + h_prev)",
    "h_t = φ(W x_t + ψ(h_{t-1}));  φ and ψ are the ReLU and sigmoid functions": "h = relu(x @ W + sigmoid(h_prev))",
    r"h_t = \phi(W x_t + h_{t-1});  \phi(z) = \frac{1}{1 + e^{-z}}": "h = sigmoid(x @ W + h_prev)",
    "h_t = φ(W x_t + h_{t-1});  with φ(u) = tanh(u), for t = 1, …, T": "h = tanh(x @ W + h_prev)",
    "h_t = s(W x_t + U h_{t-1});  s = relu": "h = relu(x @ W + h_prev @ U)",
    "h_t = s(W x_t + U h_{t-1});  s: num_units": "h = s * (x @ W + h_prev @ U)",
    "h_t = α(1 - h_{t-1}) + W x_t": "h = alpha * (1 - h_prev) + x @ W",
    "h_t = λ h_{t-1} + W x_t   (λ = 0.9)": "h = lambda * h_prev + x @ W",
    "h_t = tanh(W x_t + h_{t-1}), σ(·) being the sigmoid": "h = tanh(x @ W + h_prev)",
    r"h_t = \lambda h_{t-1} + x_t;  where $\lambda = \exp(-1/\tau)$ and $\tau = 20$ ms": "lambda = exp(-1 / tau)",
    "h(t) = σ(Wx(t) + Uh(t−1))": "h = sigmoid(x @ W + h_prev @ U)",
    "ht = Ctqt / |nt⊤qt|;  Ct = Ct−1 + vtqt⊤;  qt = Wqxt;  vt = Wxt;  nt = qt": "h = C @ q / abs(dot(n, q))",
    "s_t = s_{t-1} + W x_t;  h_t = U s_t + h_{t-1};  W: features, 2": "s: batch_size, two",
    "h_t = A(W x_t + U h_{t-1})": "h = (x @ W + h_prev @ U) @ A",
    "h_t = a h_{t-1} + a_t;  a_t = W x_t + a;  a = σ(w)": "h = a0 * h_prev + a",
    "u_t = w^T x_t;  h_t = A h_{t-1} + B u_t": "h = h_prev @ A + B * u",
    "h_t = W_hxx_t + W_hhh_t−1": "h = x @ W_hx + h_prev @ W_hh",
    "ct = ft ct−1 + it˜ct;  ft = σ(Wfxt);  it = σ(Wixt);  ˜ct = tanh(W xt);  output: c": "c = f * c_prev + i * c_tilde",
    "St = βSt−1 + vtk⊤t;  vt = W xt;  kt = Wkxt": "S = beta * S_prev + outer(v, k)",
    "zt = sigmoid(Wxt + Uht-1);  ht = zt*ht-1 + (1-zt)*tanh(Vxt)": "h = z * h_prev + (1 - z) * tanh(x @ V)",
    r"s^{[t]}_\ell = \tanh(W x^{[t]} + U s^{[t-1]}_\ell)": "s_ell = tanh(x @ W + s_ell_prev @ U)",
    r"h_t = h_{t-1} \odot k_t^{\odot 2};  k_t = W x_t": "h = h_prev * k ** 2",
    "h_t = ζ h_{t-1} + W x_t;  axis one = 1;  zeta: one": "h = zeta * h_prev + x @ W",
    r"h_t = \sigma(V x_t) \odot h(c_t);  c_t = c_{t-1} + W h_{t-1}": "h = sigmoid(x @ V) * tanh(c)",
    r"h_t = \sigma(V x_t) \odot h(c_t);  c_t = c_{t-1} + W h_{t-1};  h = relu": "h = sigmoid(x @ V) * relu(c)",
    "h_t = g(W x_t + h(U h_{t-1}));  where $g$ and $h$ are both the ReLU": "h = relu(x @ W + relu(h_prev @ U))",
    "h_t = f_t * h_{t-1} + W x_t (Hidden state);  f_t = σ(V x_t), (the forget gate)  (1)": "h = f * h_prev + x @ W",
    "Forget gate: f_t = σ(V x_t);  Output: h_t = f_t * h_{t-1}": "f = sigmoid(x @ V)",
    "state_t = tanh(W x_t + U h_{t-1});  h_t = V (state)": "h = state @ V",
    r"\alpha_t = \sigma(W x_t) \in (0, 1);  h_t = \alpha_t h_{t-1} + V x_t": "h = alpha * h_prev + x @ V",
    r"h_t = c h_{t-1} + f(W x_t);  where $f$ is the ReLU function, $c = 0.95$, $B$ is a matrix": "c = 0.95",
    r"\begin{cases} z_t = W x_t \\ h_t = z_t \odot h_{t-1} \end{cases}": "h = z * h_prev",
    "h_t = W x_t + h_{t-1}, where the output is y_t = V h_t + c.": "y = h @ V + c",
    r"h_{k+1} = h_k + W x_k;  y_k = V h_k": "h = h_prev + x @ W",
    r"h_{k+1} = h_k + W x_{k+1};  y_{k} = V h_k": "y = h @ V",
    "z_t = σ(V x_t + U h_t);  h_{t+1} = z_t h_t": "z = sigmoid(x @ V + h_prev @ U)",
    r"C^S_t = \tanh(W x_t + U C^S_{t-1})": "C_S = tanh(x @ W + C_S_prev @ U)",
    r"h_t = \tanh(W x_t + U h_{t-1});  where $U$ is a diagonal matrix.": "h = tanh(x @ W + U * h_prev)",
    "h_t = U h_{t-1} + V x_t;  where U and V are not diagonal": "h = h_prev @ U + x @ V",
    "h_t = h_{t-1} + φ(W x_t);  and φ is the network output activation function, softmax in this paper.": (
        "h = h_prev + softmax(x @ W, num_units)"
    ),
    "h_t = U h_{t-1} + A B C x_t": "h = h_prev @ U + x @ C @ B @ A",
    "S_t = (I + W) S_{t-1} + v_t k_tᵀ": "S = S_prev + dot(W, S_prev) + outer(v, k)",
    "h_t = U_{hh} h_{t-1} + W x_t;  U_{hh}: num_units": "h = U_hh * h_prev + x @ W",
    "h_t = g_t h_{t-1} + U x_t;  g_t = σ(W_g x_t + b_g) ∈ ℝ": "W_g: features",
    "S_t = S_{t-1} (I - β_t k_t k_tᵀ) + β_t v_t k_tᵀ;  β_t = σ(W x_t)": "W: features",
    r"s_t = B x_t + s_{t-1};  h_t = P s_t + h_{t-1};  P \in \mathbb{R}^{m \times p};  axis p = 4": "P: p, num_units",
    r"z_t = \Phi(x_t) = \tanh(W x_t);  h_t = z_t \odot h_{t-1}": "z = tanh(x @ W)",
    "y_t = h_t = tanh(W x_t + U h_{t-1})": "h = tanh(x @ W + h_prev @ U)",
    r"h_t = \begin{cases} W x_t & \text{if } 0 < g_t < 1 \\ h_{t-1} & \text{otherwise} \end{cases};  g_t = V x_t": (
        "h = where((0 < g) * (g < 1), x @ W, h_prev)"
    ),
    r"h_t = \begin{cases} h_{t-1}, & t \bmod 2 = 0 \\ W x_t, & t \bmod 2 > 0 \end{cases}": (
        "h = where(mod(t, 2) == 0, h_prev, x @ W)"
    ),
    r"h_t = W x_t + \sum_{i=0}^{n-1} a_{ti} h_{t-2^i};  a_t = V x_t;  where n = 3.": (
        "h = x @ W + (a_0 * h_prev + a_1 * h_old_prev + a_2 * h_old3_prev)"
    ),
    r"\tilde{h}_j = \sum_{k \in C(j)} h_k;  h_j = W x_j + U \tilde{h}_j": "h_tilde = h_prev",
    r"f_{jk} = \sigma(V x_j + U h_k);  h_j = W x_j + \sum_{k \in C(j)} f_{jk} \odot h_k": "h = x @ W + f * h_prev",
    "h_t = h_{t-1} + q V x_t;  p, q = split(a_t, 2);  a_t = softmax(W x_t);  axis A = 2": "h = h_prev + q * (x @ V)",
    "h[t] = U[t, 0] h[t-1] + U[t, 1];  U[t] = W x[t]": "U_0, U_1 = split(U, 2)",
    "h_t = f_t h_{t-1} + i_t;  f_t, i_t = split(a_t, 2);  a_t = softmax(W x_t)": "a = softmax(x @ W, 2 * num_units)",
    "h_t = U h_{t-1} + I x_t;  where I is a projection matrix.": "I: features, num_units",
    r"s_t = \alpha I x_t + s_{t-1};  h_t = P s_t + h_{t-1}": "s = alpha * (x @ I) + s_prev",
    r"h_t = (I + \gamma A) h_{t-1} + W x_t": "h = h_prev + gamma * (h_prev @ A) + x @ W",
    r"h_t = \bar{A} h_{t-1} + W x_t;  \bar{A} = (\Delta t / \theta) A + I": (
        "h = dt / theta * (h_prev @ A) + h_prev + x @ W"
    ),
    r"h_t = U(g_t \odot h_{t-1}) + V x_t;  g_t = \exp(-\max(0, W_g d_t + b_g))": "b_g: num_units",
    "v_t = W x_t;  c_t = v ⊙ c_{t-1} + v_t": "c = v0 * c_prev + v",
    "ht+1 = tanh(Whht + Wxxt)": "h = tanh(h_prev @ W_h + x @ W_x)",
    "m' = g ⊙ m + V x_i;  g = σ(W x_i)": "m = g * m_prev + x @ V",
    r"\hat{h}_{t-1} = g_t h_{t-1};  h_t = W x_t + U \hat{h}_{t-1};  g_t = σ(V x_t)": "h = x @ W + h_hat @ U",
    "h_t^j = z_t^j h_{t-1}^j + [W x_t]^j;  z_t^j = σ(V x_t + U h_{t-1})^j": "z = sigmoid(x @ V + h_prev @ U)",
    r"\hat{x}_t^d = m_t^d x_t^d + m_t^d;  h_t = W \hat{x}_t + h_{t-1};  m_t = V x_t": "x_hat = m * x + m",
    r"g_{x_t} = \sigma(W x_t);  h_t = g_{x_t} \odot h_{t-1}": "h = g_x * h_prev",
    "c_t = f_t ⊗ c_{t-1} + W x_t;  f_t = σ(V x_t)": "c = f * c_prev + x @ W",
    r"\mathcal{M}_t = \mathcal{M}_{t-1} + v_t x_t^T;  v_t = W x_t;  y_t = \mathcal{M}^*(x_t)": "y = M @ x",
    "h_t = U h_{t-1} + V x_t;  We constrain U to be diagonal.": "U: num_units",
    r"S_t = S_{t-1} + x_t x_t^\top;  z_t = S_t Q x_t": "z = S @ (x @ Q @ identity(num_units, U2))",
    r"W_t = W_{t-1} - (W_{t-1} x_t - x_t) x_t^\top;  z_t = W_t \theta x_t;  theta: num_units, num_units": (
        "z = W @ (x @ theta @ identity(num_units, U2))"
    ),
    "S_t = S_{t-1} + v_t k_tᵀ;  k_t = U x_t;  z_t = S_t Q k_t;  Q: num_units, num_units": (
        "S: batch_size, num_units, U2"
    ),
    "h_t = U h_{t-1} + V x_t;  We do not constrain U to be diagonal.": "U: num_units, num_units",
    "h_t = U h_{t-1} + V x_t;  Here others keep U diagonal.": "U: num_units, num_units",
    "n_t = f_t ⊗ n_{t-1} + k_t;  S_t = S_{t-1} + v_t ⊗ k_t;  h_t = S_t n_t": "S = S_prev + outer(v, k)",
    r"h_t = \lambda I h_{t-1} + W x_t": "h = lambda * h_prev + x @ W",
    "y_t = V h_{t,1} + R h_{t,2};  h_t = tanh(W x_t + U h_{t-1})": "h_1, h_2 = split(h, 2)",
    "h_t = tanh(W x_t + U h_{t-1});  The output of the layer is $y_t = V h_t$.;  output: y": "y = h @ V",
    r"N = 1;  h_t = x_t + \sum_{i=1}^{N} W_i h_{t-i};  with N = 3.": "h = x + h_prev @ W_1",
    "h' = tanh(W s + U h + b)": "h = tanh(x @ W + h_prev @ U + b)",
    "h_t = W x_t + h_{t-1};  It works for even a small network": "h = x @ W + h_prev",
    "h_t = tanh(W x_t + U h_{t-1}) = f(x_t, h_{t-1})": "h = tanh(x @ W + h_prev @ U)",
    r"h_t = W x_t + h_{t-1} + z_t;  z_t \sim N(\mu_t, 1);  z_t = V x_t": "z = x @ V",
    r"h_t = W x_t + h_{t-1};  W \sim U(-a, a)": "h = x @ W + h_prev",
    "S_t = S_{t-1} + v_t k_tᵀ;  v_t = x_t V;  k_t = σ(x_t W);  y_t = S_t x_t": "k = sigmoid(x @ W)",
    "h_t = h_{t-1} + I (W x_t);  I = identity": "h = h_prev + x @ W",
    "h_l = tanh(W x_l + U h_{l-1})": "h = tanh(x @ W + h_prev @ U)",
    r"h_t = \tanh((W - U) h_{t-1} + V_h x_t + b_h)": "h = tanh(h_prev @ W - h_prev @ U + x @ V_h + b_h)",
    "h_t = (A_1 + γ A_2 - A_3/2) h_{t-1} + x_t": "h = h_prev @ A_1 + gamma * (h_prev @ A_2) - h_prev @ A_3 / 2 + x",
    "h_t = h_{t-1} (W - U) + x_t V": "h = h_prev @ W - h_prev @ U + x @ V",
    "h_t = (W ⊙ M + U) h_{t-1} + x_t": "h = h_prev @ (W * M) + h_prev @ U + x",
    "h_t = (W - U)^T h_{t-1} + W x_t": "h = h_prev @ transpose(W) - h_prev @ U + x @ W",
    r"h_t = \frac{W - W^T}{2} h_{t-1} + V x_t": "h = (h_prev @ W - h_prev @ transpose(W)) / 2 + x @ V",
    "ht = tanh((Wh − WhT)ht−1 + Vhxt + bh)": "h = tanh(h_prev @ W_h - h_prev @ transpose(W_h) + x @ V_h + b_h)",
    r"h_t = \mathbb{E}(W x_t) + h_{t-1};  where means are over the units": "h = mean(x @ W, num_units) + h_prev",
    r"h_t = h_{t-1} + \mathrm{Var}[u_t];  u_t = W x_t;  # over the units": (
        "h = h_prev + mean((u - mean(u, num_units)) ** 2, num_units)"
    ),
    "h_t = E[x_t + h_{t-1}] + x_t;  with layer normalization": "h = mean(x + h_prev, num_units) + x",
    "h_t = E x_t + V h_{t-1}": "h = x @ E + h_prev @ V",
    r"h_t = BN(W x_t; \phi, 0) + h_{t-1};  BN = identity": "h = phi * (x @ W) + h_prev",
    r"h_t = BN(W x_t; \gamma, \beta) + U h_{t-1};  BN = layer_norm": "beta: num_units",
    "h_t = BN(W x_t; g, b) + h_{t-1};  BN = layer_norm": "h = g * layer_norm(x @ W, num_units) + b + h_prev",
    "h_t = LN(W x_t; g, b) + h_{t-1}": "h = g * layer_norm(x @ W, num_units) + b + h_prev",
    "h_t = L2Norm(W x_t + h_{t-1})": "h = h_raw / norm(h_raw, num_units)",
    "h_t = RMSNorm(u_t) + h_{t-1};  u_t = W x_t": "h = u / sqrt(mean(u ** 2, num_units) + 1e-05) + h_prev",
    "h_t = h_{t-1} + Dropout(W x_t)": "h = h_prev + x @ W",
    r"h_t = \tanh(h_{t-1} + min(x_t, slots));  axis slots = num_units;  axis features = slots": (
        "h = tanh(h_prev + min(x, slots))"
    ),
    r"gates_t = \sigma(W x_t);  h_t = gates_t h_{t-1};  gates: batch_size, num_units": "h = gates * h_prev",
    "h_n = h_{n-1} + k_n^T v_n;  k_n = W x_n;  v_n = V x_n": "h = h_prev + dot(k, v)",
    r"h_n = a_n h_{n-1} + k_n^T v_n;  k_n \in \mathbb{R}^{1 \times d}": "h = a * h_prev + outer(k, v)",
    r"h_n = a_n h_{n-1} + k_n^T v_n;  k_n \in \mathbb{R}^{d \times 1}": "h = a * h_prev + dot(k, v)",
    "H_n = a_n H_{n-1} + k_n^T v_n;  a_n = x_n W_a": "W_a: features, K",
    "h_t = tanh(W x_t) + g(h_{t-1});  where $g$ is the identity.": "h = tanh(x @ W) + h_prev",
    r"h_t = f(W x_t + h_{t-1});  $f(\cdot)$ is the soft-max function": "h = softmax(x @ W + h_prev, num_units)",
    r"x_t^1 = \tanh(W x_t);  h_t = x^1 + h_{t-1}": "h = x_1 + h_prev",
    r"x^1 &= W x \\ h &= h_{prev} \odot \tanh(U x^1)": "h = h_prev * tanh(x_1 @ U)",
    r"\sigma_t^2 = \sigma(W x_t);  h_t = h_{t-1} / \sqrt{\sigma_t^2 + 1}": "h = h_prev / sqrt(sigma_2 + 1)",
    r"h_t = h_{t-1} / \sqrt{\sigma^2 + 1} + W x_t": "h = h_prev / sqrt(sigma ** 2 + 1) + x @ W",
    r"[f_t, z_t]^T = \sigma(W x_t);  h_t = f_t h_{t-1} + z_t": "f, z = split(sigmoid(x @ W), 2)",
    r"\begin{pmatrix} f_t \\ z_t \end{pmatrix} = \sigma(W x_t);  h_t = f_t h_{t-1} + z_t": (
        "f, z = split(sigmoid(x @ W), 2)"
    ),
    r"[f_t; z_t] = [σ; \tanh] W x_t;  h_t = f_t h_{t-1} + z_t": "z = tanh(z_raw)",
    "h_t, c_t = W x_t + U h_{t-1} + V c_{t-1}": "h, c = split(x @ W + h_prev @ U + c_prev @ V, 2)",
    r"f^h_t, z^h_t = \sigma(W_{f/z}^h x_t);  h_t = f_t h_{t-1} + z_t": "z = sigmoid(x @ W_z)",
    r"h_t = W^\uparrow W^\downarrow x_t + h_{t-1}": "h = x @ W_down @ W_up + h_prev",
    r"h_t = \underbrace{\sigma(W x_t)}_{\text{gate}} \odot h_{t-1}": "h = sigmoid(x @ W) * h_prev",
    "c_t = tanh(W x_t + U c_{t-s});  s = 3": "c = tanh(x @ W + c_old2_prev @ U)",
    "c_t = tanh(W x_t + U c_{t-2})": "output: c",
    r"c_t^{(l)} = \tanh(W x_t^{(l)} + U c_{t-s^{(l)}}^{(l)});  where $s^{(l)} = 2$ is the skip length;  output: c": (
        "c = tanh(x @ W + c_old_prev @ U)"
    ),
    "H_n = a_n H_{n-1} + k_n ⊗ v_n;  a_n = x_n W_a": "H = a * H_prev + outer(k, v)",
    "h_t = f(x_t, h_{t-1});  f(x, h) = tanh(W x + U h + b)": "h = tanh(x @ W + h_prev @ U + b)",
    r"h_t = h(x_t, c_{t-1}; \theta);  c_t = c_{t-1} + h_t;  h(a, b; \theta) = tanh(W a + U b)": (
        "h = tanh(x @ W + c_prev @ U)"
    ),
    r"h_t = f(W x_t + U h_{t-1});  f(z) = z \odot \sigma(z)": "h = h_raw * sigmoid(h_raw)",
    "h(t) = f(h, u);  f(h, u) = tanh(A h + B u)": "h = tanh(h_prev @ A + x @ B)",
    r"(h_t, c_t) = (o_t \odot c_{t-1}, f_t c_{t-1} + x_t);  o_t = W x_t;  f_t = V x_t": "h = o * c_prev",
    r"h_t = h_{t-1} / \sigma_t;  \sigma_t^2 = W x_t": "sigma = sqrt(sigma_2)",
    "x^2_t = W x_t + h_{t-1};  h_t = tanh(x_t^2)": "h = tanh(x_2)",
    r"h_t^{(l+1)} = \tanh(W_{hl}^{(l)} h_t^{(l)} + U^{(l+1)} h_{t-1}^{(l+1)})": "h = tanh(x @ W_hl + h_prev @ U)",
    r"h_t^{(l+1)} = \tanh(W x_t^{(l+1)} + U h_{t-1}^{(l+1)})": "h = tanh(x @ W + h_prev @ U)",
    r"h_t^{l} = \tanh(W x_t^{l-1} + U h_{t-1}^{l})": "h = tanh(x @ W + h_prev @ U)",
    r"h_t^{l} = \tanh(W x_t^{l} + h_{t-1}^{l} + V u_t)": "h = tanh(x @ W + h_prev + u @ V)",
    r"x_k = A x_{k-1} + \exp(\gamma^{\log}) \odot (B u_k);  \gamma^{\log} = 2": (
        "s = s_prev @ A + exp(gamma_log) * (x @ B)"
    ),
    r"h_k = L h_{k-1} + B u_k;  y_k = C h_k + D u_k;  where $L = \mathrm{diag}(\lambda)$, $D \in \mathbb{R}^H$": (
        "y = h @ C + D * x"
    ),
    r"h_t = \beta_t h_{t-1} + V x_t;  \beta_t = \sigma(W x_t);  where $\beta_t \in [0, 1]$ is a scalar (rate).": (
        "W: features"
    ),
    r"h(i) = b(i) h(i-1) + x(i);  b(i) = W x(i);  where b(i) is a scalar learning rate.": "W: num_units",
    r"h_t = a_t h_{t-1} + b_t x_t;  a_t = W x_t;  b_t = U x_t;  where a_t and b_t are scalar gates.": "U: num_units",
    r"h_t = b_t h_{t-1} + x_t;  b_t = W x_t;  with a scalar gate $b_t$.": "W: num_units",
    r"h_t = a W x_t + h_{t-1};  where a is a scalar": "h = a * (x @ W) + h_prev",
    r"h_t = \phi(W x_t) + h_{t-1};  where \phi is a map, \phi(x) = \mathrm{elu}(x) + 1.": "h = elu(x @ W) + 1 + h_prev",
    r"h_t = W h_{t-1} + V x_t;  W = \begin{cases} \hat{W} & t \bmod T_i = 0 \\ 0 & \text{otherwise} \end{cases}": (
        "h = where(mod(t, T_i) == 0, h_prev @ W_hat, 0) + x @ V"
    ),
    r"W = A \odot M;  h_t = W h_{t-1} + V x_t": "h = h_prev @ (A * M) + x @ V",
    r"h_t = \exp(A) h_{t-1} + x_t;  where $A \in \mathbb{R}^d$": "h = exp(A) * h_prev + x",
    r"kv_t = \lambda kv_{t-1} + k_t^\top v_t;  k_t = x_t W;  v_t = x_t V;  o_t = x_t kv_t": "o = x @ kv",
    r"h_n = (1 - 1/n) h_{n-1} + \frac{1}{n} W x_n": "h = (1 - 1 / (t + 1)) * h_prev + 1 / (t + 1) * (x @ W)",
    r"h_t = (1 - \gamma A) h_{t-1} + W x_t;  A: num_units, num_units": "h = h_prev - gamma * (h_prev @ A) + x @ W",
    r"S_t = S_{t-1} (\alpha - k_t k_t^\top) + v_t k_t^\top;  k_t = W x_t;  v_t = V x_t": (
        "S = alpha * S_prev - outer(S_prev @ k, k) + outer(v, k)"
    ),
    r"h_t = \tanh(W^{in} [1; x_t] + U h_{t-1})": "h = tanh(x @ W_in + b_in + h_prev @ U)",
    r"h_t = \beta^0 + \alpha h_{t-1} + W x_t;  \beta^0: num_units": "h = beta_0 + alpha * h_prev + x @ W",
    r"h_t = h_{t-1} + g(W x_t) + h(U x_t);  $g$ and $h$ are $\mathrm{sigmoid}$.": (
        "h = h_prev + sigmoid(x @ W) + sigmoid(x @ U)"
    ),
    r"u_t = h_{t-1} + W x_t;  h_t = u_t - \Theta(u_t - \vartheta);  where Θ is the Heaviside step function": (
        "h = u - where(u - theta > 0, 1, 0)"
    ),
    r"V_t = V_{t-1} + W x_t;  z_t = V_t H(V_t - V_{th})": "z = V * where(V - V_th > 0, 1, 0)",
    "h_t = hard_sigmoid(W x_t) h_{t-1}": "h = maximum(0, minimum(1, 0.2 * (x @ W) + 0.5)) * h_prev",
    "h_t = s(W x_t) + h_{t-1};  where s is the hard tanh function": "h = maximum(-1, minimum(1, x @ W)) + h_prev",
    r"h_t = h_{t-1} + W x_t;  z_t = w^\top h_t": "h = h_prev + x @ W",
    r"h_t = W h_{t-1} + V x_t;  W = A \Sigma B^\top;  where $\Sigma$ is diagonal.": (
        "h = Sigma * (h_prev @ transpose(B)) @ A + x @ V"
    ),
    "h_t = W h_{t-1} + V x_t;  with W = W_2 W_1": "h = h_prev @ W_1 @ W_2 + x @ V",
    r"h_t = \Lambda h_{t-1} + V x_t": "h = Lambda * h_prev + x @ V",
    "h_t = A h_{t-1} + B x_t;  A and B are complex. A is diagonal.": (
        "h_re = A_re * h_re_prev - A_im * h_im_prev + x @ B_re"
    ),
    "h_t = A h_{t-1} + B x_t;  A and B are no complex matrices": "h = h_prev @ A + x @ B",
    r"h_t = \tanh(h_{t-1} A + x_t B);  $A \in \mathbb{R}^{d \times d}$, $B \in \mathbb{R}^{1 \times d}$": (
        "h = tanh(h_prev @ A + x @ B)"
    ),
    r"\tau \frac{dv}{dt} = -v + W \sigma(v) + I": "v = v_prev + dt / tau * (-v_prev + sigmoid(v_prev) @ W + x)",
    r"h_t = \tanh(W^{g^y h} h_{t-1} + W^{g^{yk} x} x_t + b^{g^y})": "h = tanh(h_prev @ W_gyh + x @ W_gykx + b_gy)",
    r"h_t = W h_{t-1} + b \odot x_t;  W \in R^{m x m}": "W: num_units, num_units",
    r"u_t = W x_t + b (\sigma activation of the update gate);  h_t = u_t + h_{t-1} (σ for the unit, with norm one)": (
        "h = u + h_prev"
    ),
    r"e_t = V x_t (embedded input for $R$);  h_t = e_t + h_{t-1} (hidden state before normalization N)": "e = x @ V",
    r"\dot{h} = (A - I) h": "h = h_prev + dt * (h_prev @ A - h_prev)",
    r"h_i(t) = \sum_{j=1}^{N} w_{ji} h_j(t-1) + x_i(t), \quad i = 1, 2, \ldots, N": "h = h_prev @ w + x",
    r"\tau \frac{dv}{dt} = -v + W \sigma(v) + I x": "v = v_prev + dt / tau * (-v_prev + sigmoid(v_prev) @ W + x @ I)",
    "τ dr(t)/dt = −r(t) + W x(t)": "r = r_prev + dt / tau * (-r_prev + x @ W)",
    r"\frac{d}{dt} h(t) = A h(t) + B u(t)": "h = h_prev + dt * (h_prev @ A + x @ B)",
    r"h_t = h_{t-1} + B_{t-1} x_{t-1} + B_t x_t;  B_t \in \mathbb{R}^n;  W_B: features, num_units": "B = x @ W_B",
    r"s_i = \tanh(W e(y_{i-1}) + U s_{i-1})": "s = tanh(x @ W + s_prev @ U)",
    r"s_t = u_t s_{t-1} + W x_t;  u_{t+1} = u_t + \Delta\tilde{s}_t;  \Delta\tilde{s}_t = V s_t": (
        "u = u_prev + Delta_s_tilde"
    ),
    r"m_t = m_{t-1} + \sum_{i=1}^{2} a_{i,t} x_t;  a_{i,t} = \max(0, w_i^\top x_t)": "a_2 = maximum(0, x @ w_2)",
    r"h_t = W_H h_{t-1} + x_t;  W_{H_i} = \begin{cases} W_{H_i} & t \bmod T_i = 0 \\ 0 & \text{else} \end{cases}": (
        "h = where(mod(t, T_i) == 0, h_prev @ W_H_hat, 0) + x"
    ),
    r"\dot{r}_i(t) = -r_i(t) + \sum_{j=1}^N J_{ij} \tanh(r_j(t)) + \sum_k B_{ik} u_k(t)": (
        "r = r_prev + dt * (-r_prev + tanh(r_prev) @ J + x @ B)"
    ),
    r"S^{(l)}_i[n+1] = \beta S^{(l)}_i[n] + \sum_j W^{(l)}_{ij} S^{(l-1)}_j[n]": "S = beta * S_prev + x @ W",
    r"x_t = \alpha x_{t-1} + W u_t + \sigma \mathcal{N}(0, 1);  r_t = [x_t]_+;  y_t = V r_t": "r = relu(s)",
    r"x_k = \bar{A} x_{k-1} + u_k \qquad y_k = C x_k": "y = s @ C",
    r"c_t = (1 - f_t) c_{t-1} + W x_t;  f_t = \sigma(W_t x_t)": "f = sigmoid(x @ W_t)",
    r"h_t = m_t / (1 - \beta^t);  m_t = \beta m_{t-1} + (1 - \beta) W x_t": "beta = 0.9",
    r"h_t = m_t / (1 - \gamma^t);  m_t = \gamma m_{t-1} + W x_t": "h = m / (1 - gamma ** (t + 1))",
    r"h_t = -h_{t-1} + I + W x_t": "h = -h_prev + I + x @ W",
    r"\hat{x}_{t|t-1} = A \hat{x}_{t-1};  \hat{x}_t = \hat{x}_{t|t-1} + K (y_t - C \hat{x}_{t|t-1})": (
        "x_hat = x_hat_prior + (x - x_hat_prior @ C) @ K"
    ),
    r"s_i = s_{i-1} + \tanh(x_i U)(x_i V)^T;  y_i = \tanh(x_i W)^T s_i + x_i": "y = tanh(x @ W) @ s + x",
    r"S_n = \gamma S_{n-1} + k_n^\intercal v_n;  \mathrm{Retention}(x_n) = q_n S_n;  q_n = x_n W": "Retention = q @ S",
    r"g \leftarrow \sigma(W x_t + U h);  h \leftarrow h + g;  h \leftarrow h / \|h\|": (
        "h = h_new / norm(h_new, num_units)"
    ),
    r"h_{t} \in \mathbb{R}^{\text{batch\_size} \times \text{num\_units}};  h_{t} = h_{t-1} * h_{t-1}": (
        "h = h_prev * h_prev"
    ),
    r"c_t = \begin{cases} W x_t & g_t > 0 \text{ and } x_t < 1 \text{ (COPY)} \\ c_{t-1} & \text{else} \end{cases}": (
        "c = where((g > 0) * (x < 1), x @ W, c_prev)"
    ),
    r"S_t = S_{t-1} + k_t \otimes v_t;  y_t = \frac{q_t^\top S_t}{q_t \cdot z_t};  z_t = z_{t-1} + k_t": (
        "y = q @ S / dot(q, z)"
    ),
    r"S_t = g_t S_{t-1} + k_t \otimes v_t;  g_t = \sigma(w \cdot x_t + b)": "g = sigmoid(x @ w + b)",
    r"h_t = modReLU(W x_t + U h_{t-1});  modReLU(z) = sign(z) max(0, |z| + b)": (
        "h = where(h_raw > 0, 1, -1) * maximum(0, abs(h_raw) + b)"
    ),
    r"h_t = A h_{t-1} + \phi(V x_t);  with $A$ diagonal and $\phi$ the ReLU.": "h = A * h_prev + relu(x @ V)",
    r"h_t = A h_{t-1} + V x_t;  where $A \in \mathbb{R}^{M \times M}$ is a diagonal matrix.": "h = A * h_prev + x @ V",
    r"c_t = V x_t c_{t-1}, \quad \text{with } h_t = \tanh(c_t)": "h = tanh(c)",
    "ht = tanh((W − W^T) ht−1 + Vxt)": "h = tanh(h_prev @ W - h_prev @ transpose(W) + x @ V)",
    "d²y/dt² = tanh(W y + V u) − y": "y_prime = y_prime_prev + dt * (tanh(y_prev @ W + x @ V) - y_prev)",
    r"m \frac{\mathrm{d}^2 q}{\mathrm{d}t^2} = W u(t) - q": "q_prime = q_prime_prev + dt / m * (x @ W - q_prev)",
    "h_t = (1 - g_t) h_{t-1} + g_t x_t;  g_t: batch_size": "w_g: features",
    "h_t = m_t h_{t-1} + W x_t;  where $m_t$ is a random dropout mask.": "m = 0.5",
    r"h_t = m_t h_{t-1} + W x_t;  m_t \sim \mathrm{Bernoulli}(p)": "m = p",
    r"p_t = \sigma(w^T x_t);  h_t = m_t h_{t-1} + W x_t;  m_t ∼ Bernoulli(p_t)": "m = p",
    r"\tau_i \frac{dv_i}{dt} = -v_i + \sum_j w_{ij} x_j": "tau: num_units",
    "z_t = 1 * (W x_t > 0.5);  h_t = z_t h_{t-1}": "z = x @ W > 0.5",
    r"v_t = v_{t-1} + W x_t;  s_t = s_{t-1} + H(v_t - v_{th})": "s = s_prev + where(v - v_th > 0, 1, 0)",
    r"m_t = \max(m_{t-1}, s_t);  s_t = q^\top x_t;  h_t = e^{s_t - m_t} W x_t + h_{t-1}": "m: batch_size",
    r"S_t = (1 - \beta_t \otimes k_t) \odot S_{t-1} + k_t \otimes v_t": "W_beta: features, num_units",
    r"H_t = H_{t-1} + i_t \otimes k_t;  y_t = o_t \cdot H_t;  o_t = W x_t": "y = o @ H",
    r"h_t = f_t h_{t-1} + W x_t;  f_t = \sigma(W_f x_t);  W_f \in \mathbb{R}^{1 \times d}": "W_f: features",
    r"h_t = h_{t-1} + \text{hard sigmoid}(W x_t)": "h = h_prev + maximum(0, minimum(1, 0.2 * (x @ W) + 0.5))",
    r"h_t = h_{t-1} + \text{hard-}\tanh(W x_t)": "h = h_prev + maximum(-1, minimum(1, x @ W))",
    "h_t = h_{t-1} + soft plus(W x_t)": "h = h_prev + softplus(x @ W)",
    r"h_t = h_{t-1} + \textbf{leaky ReLU}(x_t)": "h = h_prev + maximum(x, 0.01 * x)",
    r"h_t = h_{t-1} + \text{my gate}(W x_t);  my_gate = relu": "h = h_prev + relu(x @ W)",
    r"\left(\begin{array}{c} i_t \\ f_t \end{array}\right) = \left(\begin{array}{c} \sigma \\ \tanh \end{array}\right) "
    r"W x_t;  h_t = f_t h_{t-1} + i_t": "f = tanh(f_raw)",
    r"z_t = z_{t-1} + W_1 y_{t-1} + V x_t;  y_t = W_2 z_t + y_{t-1};  with $W_{1,2} \in \mathbb{R}^{m \times m}$.": (
        "z: batch_size, num_units"
    ),
    r"h_t = h_{t-1} \oslash (1 + \exp(W x_t))": "h = h_prev / (1 + exp(x @ W))",
    r"h_t = e^{-\delta t / \tau} h_{t-1} + W x_t": "h = exp(-dt / tau) * h_prev + x @ W",
    "v' = -f v + fA;  f = σ(W x)": "v = -(f * v_prev) + f * A",
    "h_t = U h_{t-1} + W x_t + b_t": "b_t: num_units",
    r"h_t = A_t h_{t-1} + B_t x_t;  y_t = C_t^\top h_t;  where $A_t \in \mathbb{R}$ and $x_t \in \mathbb{R}$.": (
        "h: batch_size, num_units, N"
    ),
    "h_t = h_{t-1} + F(h_{t-1}, x_t);  F(h_{t-1}, x_t) = tanh(W h_{t-1} + U x_t)": (
        "h = h_prev + tanh(h_prev @ W + x @ U)"
    ),
    "at = a^{crt};  ht = at ⊙ ht−1 + √(1 − at²) ⊙ xt;  rt = σ(Wxt)": "h = a * h_prev + sqrt(1 - a ** 2) * x",
    "zn = zn−1 − ∆tσ(w ⊙ zn−1 + Vun)": "z = z_prev - dt * sigmoid(w * z_prev + x @ V)",
    "Sn = γSn−1 + Kn⊤Vn;  Retention(Xn) = QnSn": "Retention = Q @ S",
    "ḣ = Ah + tanh(Wh + Ux);  y = Dh": "y = h @ D",
    "y_t = max{W x_t, y_{t-1}}": "y = maximum(x @ W, y_prev)",
    "h_t = h_{t-1} + x_t ⊛ W": "h = h_prev + x @ W",
    r"V_t = V_{t-1} + W x_t - V_{reset}": "V_reset = 0.5",
    r"v_i^t = v_i^{t-1} + \sum_j W^{in}_{ij} x_j^t": "v = v_prev + x @ W_in",
    r"C^T_{t-1} = C_{t-1} - W x_t;  C_t = \tanh(C^T_{t-1})": "C_T_ = C_prev - x @ W",
    "u_t = (1 - e_t) u_{t-1} + v_t ⊙ a_t": "W_e: features, num_units",
    r"\vh_t = \vtheta \odot \vh_{t-1} + \mW \bx_t": "h = theta * h_prev + x @ W",
    r"h_t \overset{\text{def}}{=} \mathop{\mathrm{tanh}}\nolimits(W x_t) + h_{t-1}": "h = tanh(x @ W) + h_prev",
    r"{\bf h}_t = {\rm tanh}({\bf W} {\bf x}_t) + {\bf h}_{t-1}": "h = tanh(x @ W) + h_prev",
    "i t = σ(W xi x t + W hi h t−1 + b i );  h t = i t h t−1": "i = sigmoid(x @ W_x_i + h_prev @ W_hi + b_i)",
    r"\be h_t = h_{t-1} + \mat{W} \vect{x}_t \ee": "h = h_prev + x @ W",
    "h_t = h_{t-1} + W x_t  (1);  r_t = [h_t]_+  (2)": "r = relu(h)",
    "h_t = h_{t-1} + W x_t  (1);  r_t = |h_t|  (2)": "r = abs(h)",
    "h_t = z_t ⊙ h_{t-1};  ;  + W x_t": "h = z * h_prev + x @ W",
    r"B = \mathrm{sign}(A) + M;  h_t = \tanh(B h_{t-1} + V x_t)": "h = tanh(h_prev @ B + x @ V)",
    r"h_t = \tanh(W x_t + \sum_{n=1}^{N} W_{hn} h_{t-n});  N = 2": (
        "h = tanh(x @ W + (h_prev @ W_h1 + h_old_prev @ W_h2))"
    ),
    r"w_t^g = g_t w_{t-1};  w_t = w_t^g + V x_t;  g_t \in \mathbb{R}": "w_xg: features",
    r"\psi_t = \prod_{i=1}^{2} (1 - f_t^i);  f_t^1 = V x_t;  f_t^2 = U x_t;  h_t = \psi_t h_{t-1}": (
        "psi = (1 - f_1) * (1 - f_2)"
    ),
    r"z_{t+1}^- = A z_t^+;  z_t^+ = z_t^- + q_t \odot (W x_t - z_t^-)": (
        "z_plus = z_minus_prev + q * (x @ W - z_minus_prev)"
    ),
    r"x(t + \Delta t) = x(t) + \Delta t \tanh(W x(t) + U I(t))": "s = s_prev + dt * tanh(s_prev @ W + x @ U)",
    r"p_t = \sigma(W_p h_{t-1}) h_{t-1};  h_t = p_t + V x_t;  where $W_p$ is a weight vector.": "W_p: num_units",
    r"R_t = R_{t-1} (I - k_t k_t^T);  h_t = \tanh(k_t + R_t h_{t-1});  k_t = W x_t": (
        "R = R_prev - outer(R_prev @ (k @ identity(num_units, U2)), k @ identity(num_units, U2))"
    ),
    r"h_t = (1 - a) h_{t-1} + a \tanh(W x_t + \xi_t);  where $a > 0$ is the leaking rate and \xi_t \sim N(0, 1)": (
        "h = (1 - a) * h_prev + a * tanh(x @ W)"
    ),
    r"h_t = \mu h_{t-1} + s W x_t;  s = 0.6": "h = mu * h_prev + s * (x @ W)",
    r"\tilde{h}_{t-1} = f_t c_{t-1};  \tilde{h}_t = W x_t + U \tilde{h}_{t-1};  c_t = \tilde{h}_t;  f_t = V x_t": (
        "h_tilde = x @ W + h_tilde_before @ U"
    ),
    r"h_{t-1} = \gamma h_{t-1};  h_t = \tanh(U h_{t-1} + W x_t)": "h = tanh(h_before @ U + x @ W)",
    r"S_t \longleftarrow (\mathbf{1}_{d \times m} - a_t \otimes k_t) \odot S_{t-1} + x_t \otimes k_t": (
        "S = (1 - outer(a, k)) * S_prev + outer(x, k)"
    ),
    r"\tau_t = W_{xh}^\tau x_t;  h_t = \tau_t \odot h_{t-1}": "tau = x @ W_xh_tau",
    r"h_t = \tilde{\sigma}_c(W x_t) + U h_{t-1};  c_t = h_t": "h = tanh(x @ W) + h_prev @ U",
    "h_t = g(W x_t + U h_{t-1});  where g is either the identity function or tanh": "h = x @ W + h_prev @ U",
    r"h_t = d_t^h h_{t-1} + W x_t;  where d_t^h is a zoneout mask, with z_h = 0.05": "d_h = 0.05",
    r"s_l^{[t]} = \tanh(W x^{[t]} \mathbb{1}_{\{l=1\}} + R_l s_{l-1}^{[t]});  s_0^{[t]} = s_L^{[t-1]};  L = 2": (
        "s_1 = tanh(x @ W + s_0 @ R_1)"
    ),
    r"y_H^{(t)} = f(W y^{(t-1)} + V x^{(t)})": "y_H = tanh(y_H_prev @ W + x @ V)",
    r"γ_t = \exp(-W_γ x_t);  h_t = γ_{h,t} ⊙ h_{t-1} + γ_{x,t} ⊙ x_t": "gamma_h = exp(-(x @ W_gamma_h))",
    r"h_t = r ⊗ h_{t-1} + V h_{t-1} ⊙ W x_t;  r = σ(U x_t)": "h = r * h_prev + h_prev @ V * (x @ W)",
    r"x^{(l)}(t) = a^{(l)} x^{(l)}(t-1) + W^{(l)} x^{(l-1)}(t);  where $a^{(l)} \in [0,1]$ is the leaking rate": (
        "s = a * s_prev + x @ W"
    ),
    "h_t = f(x_t, h_{t-1}) h_{t-1} + f(x_t, h_{t-1});  f(x, h) = tanh(W x + U h)": "h = f * h_prev + f",
    r"u_t = f_{binarize}(V h_{t-1});  h_t = u_t + x_t;  where $f_{binarize}(a) = round(a)$": (
        "u = where(h_prev @ V > 0.5, 1, 0)"
    ),
    r"\log a_t = -\mathrm{softplus}(V x_t);  h_t = a_t h_{t-1}": "a = exp(-softplus(x @ V))",
    r"h_t = \mathrm{ReLU6}(W x_t + U h_{t-1})": "h = maximum(0, minimum(6, x @ W + h_prev @ U))",
    r"net_{c}(t) = W x(t) + V y(t-1);  y(t) = \tanh(net_{c}(t))": "net_c = x @ W + y_prev @ V",
    r"\tau \dot{x} = -x + W r + V u + \xi;  r = \tanh(x);  where $\xi$ is white noise": (
        "s = s_prev + dt / tau * (-s_prev + r @ W + x @ V)"
    ),
    r"c_t = \mathrm{clip}(c_{t-1} + W x_t, -1, 1)": "c = maximum(-1, minimum(1, c_prev + x @ W))",
    r"w_t(i) = \cos(W x_t, M_{t-1}(i));  M_t(i) = M_{t-1}(i) + w_t(i) V x_t": (
        "w = dot(x @ W, M_prev) / (norm(x @ W, num_units) * norm(M_prev, num_units))"
    ),
    r"r_{t+1} = a r_t + \tanh(W u_{t+1} + \eta_{t+1});  with leak rate a = 0.1 and Gaussian noise \eta": "a = 0.1",
    r"h_t = \phi(W x_t + U h_{t-1}) + \xi_t, \quad \xi_t \sim N(0, I)": "h = tanh(x @ W + h_prev @ U)",
    r"U_{t+1} = \beta U_t + W x_{t+1} - U_{thr} S_t;  S_{t+1} = H(U_{t+1} - U_{thr})": "S = where(U - U_thr > 0, 1, 0)",
    "xk = Λxk−1 + (Buk), yk = Cxk;  where Λ is diagonal": "s = Lambda * s_prev + x @ B",
    r"h_t^F = f^F(h_{t-1}^F, x_t);  f_F(h, x) = tanh(W_F x + U_F h)": "h_F = tanh(x @ W_F + h_F_prev @ U_F)",
    r"s_l^{[t]} = \tanh(W x^{[t]} 1_{l=1} + R_l s_{l-1}^{[t]});  L = 2": "s_1 = tanh(x @ W + s_2_prev @ R_1)",
    r"k_t^{(i)} = W_k^{(i)} x_t;  h_t^{(i)} = h_{t-1}^{(i)} + k_t^{(i)}": "k_i = x @ W_ki",
    r"h_t = γ_{h_{t}} ⊙ h_{t-1} + W x_t;  γ_t = \exp(-V x_t)": "gamma_h = exp(-(x @ V))",
    r"w_t(i) = \cos(V x_t, M_{t-1}(i));  M_t(i) = M_{t-1}(i) + w_t(i) W x_t": "M: batch_size, slots, num_units = 1",
    r"h_t = t_t \odot h_{t-1} + V x_t;  t_t = \sigma(W_t x_t + R_t h_{t-1} + b_t)": (
        "t_ = sigmoid(x @ W_t + h_prev @ R_t + b_t)"
    ),
    r"h_t = \sigma(\mathrm{Linear}_g(x_t)) h_{t-1} + (1 - \sigma(\mathrm{Linear}_g(x_t))) Linear_v(x_t)": (
        "h = sigmoid(x @ W_g + b_g) * h_prev + (1 - sigmoid(x @ W_g + b_g)) * (x @ W_v + b_v)"
    ),
    "h_t = tanh(W_h h_{t-1} + Linear(x_t))": "h = tanh(h_prev @ W_h + (x @ W_h2 + b_h2))",
    r"k_t = Linear_{d_h}(x_t);  h_t = h_{t-1} + k_t Linear_{d_h}(x_t)": "h = h_prev + k * (x @ W_h + b_h)",
    r"a_t = \exp(i \mathrm{Linear}(x_t));  h_t = a_t h_{t-1} + W x_t": "a_im = sin(x @ W_a + b_a)",
    "g_t = σ(w_g x_t + u_g h_{t-1});  h_t = g_t U h_{t-1} + W x_t;  where w_g and u_g are the weight vectors.": (
        "g = sigmoid(x @ w_g + h_prev @ u_g)"
    ),
    "g_t = σ(w_g x_t + u_g h_{t-1});  h_t = g_t U h_{t-1} + W x_t;  where U, W, w_g and u_g are weight matrices.": (
        "u_g: num_units, num_units"
    ),
    r"g_t = σ(w_g x_t + u_g \cdot [h_{t-1}, x_t]);  h_t = g_t U h_{t-1} + W x_t": (
        "g = sigmoid(x @ w_g + concat(h_prev, x) @ u_g)"
    ),
    r"h_t^j = \tanh(w^j \cdot h_t^{j-1} + h_{t-1}^j);  L = 2": "h_2 = tanh(h_1 @ w_2 + h_2_prev)",
    "z_t = f(W x_t);  h_t = z_t h_{t-1} + g(V x_t);  We choose the sigmoid for f and the identity for g.": (
        "h = z * h_prev + x @ V"
    ),
    r"h_t = a_t h_{t-1} + W x_t;  a_t = \exp(i V x_t)": "a_im = sin(x @ V)",
    r"h_t = ((t \bmod \tau) / \tau) h_{t-1} + W x_t": "tau = 4",
    r"h^1_t = σ(W^1 x_t + R^1 h^1_{t-1} + b^1_h);  h^n_t = σ(W^n h^{n-1}_t + b^n_h);  y_t = \sum_{n=1}^{N} V^n h^n_t;"
    "  N = 2": ("h_2 = sigmoid(h_1 @ W_2 + b_2h)"),
    r"A_t = \frac{σ(Q_t) M_{t-1}}{σ(Q_t) z_{t-1}};  M_t = M_{t-1} + σ(K_t)^T V_t;  z_t = z_{t-1} + σ(K_t);"
    r"  K_t = x_t W_K;  V_t = x_t W_V;  Q_t = x_t W_Q": "A = sigmoid(Q) @ M_prev / dot(sigmoid(Q), z_prev)",
    r"S_n = γ_n S_{n-1} + K_n^T V_n;  K_n = x_n W_K;  V_n = x_n W_V;  γ_n = σ(x_n W_γ)^{1/2};  where γ_n is a scalar": (
        "W_gamma: features"
    ),
    r"\dot{z} = (λ + i ω) z - |z|^2 z + W x": (
        "z_im = z_im_prev + dt * (lambda * z_im_prev + omega * z_re_prev - sqrt(z_re_prev ** 2 + z_im_prev ** 2) ** 2"
        " * z_im_prev + x @ W_im)"
    ),
    r"\dot{v} = g_L (v - E) + g_L Δ + W x": "v = v_prev + dt * (g_L * (v_prev - E) + g_L * Delta + x @ W)",
    r"c_t = σ(W_{ic} c_{t-1} + W_x x_t);  where $W_{ic}$ and $W_x$ are learnable matrices": (
        "c = sigmoid(c_prev @ W_ic + x @ W_x)"
    ),
    r"h_t = M^T \mathrm{softmax}(M q_t);  q_t = W x_t + U h_{t-1};  where $M \in \mathbb{R}^{K \times d}$": (
        "axis K = num_units"
    ),
    "f_t = σ(W x_t + U h_{t-1});  c_j = f_j ⊙ c_{j-1} + V x_j;  h_j = tanh(c_j);  j = t": "c = f * c_prev + x @ V",
    "h_t = φ(W x_t + U h_{t-1});  x_t ∈ R^d: input to the unit (a vector);  φ is the exponential linear unit": (
        "h = elu(x @ W + h_prev @ U)"
    ),
    "v_t = α v_{t-1} + w x_t - V_{th} s_{t-1};  s_t = Θ(v_t - V_{th})": "w: features, num_units",
    "h_t = W x_t + U h_{t-1};  x_t: input vector;  h_t - hidden state;  W, U: matrices": "h = x @ W + h_prev @ U",
    'h_t = W x_t + U h_{t-1};  x_t = input vector;  b = bias;  h_t: "hidden" state': "h = x @ W + h_prev @ U",
    r"h_t^j = \tanh(W^j h_t^{j-1} + V^j h_{t-1}^*);  where h_{t-1}^* is the concatenation of all states;  L = 2": (
        "h_2 = tanh(h_1 @ W_2 + concat(h_1_prev, h_2_prev) @ V_2)"
    ),
    r"h_t^j = \tanh(W^j h_t^{j-1} + V^j h_{t-1}^*);  L = 2;  h_{t-1}^* = [h_{t-1}^1; h_{t-1}^2]": (
        "h_star = concat(h_1_prev, h_2_prev)"
    ),
    r"h_t = m_t h_{t-1} + n_t W x_t;  m_t \sim \mathrm{Bernoulli}(0.2), n_t \sim \mathrm{Bernoulli}(0.3)": "n = 0.3",
    "yin = s(Why ht−1 + Wxy xt);  yt = gy ⊙ xt + (1 − gy) ⊙ yin;  gy = σ(Wgy,h ht−1 + bgy);  ht = tanh(ht−1 + V xt);  "
    "where s = relu": "g_y = sigmoid(h_prev @ W_gyh + b_gy)",
    "ĥ1 = tanh(W1 xt + U1 ht−1);  z2 = σ(W2 xt);  ht = z2 ⊙ ĥ1": "h_hat_1 = tanh(x @ W_1 + h_prev @ U_1)",
    "xct = mt ⊙ xt;  mt = σ(V xt);  ht = tanh(W xct + U ht−1)": "x_c = m * x",
    "C̃St−1 = tanh(W Ct−1);  Ct = C̃St−1 + V xt": "C_tilde_S = tanh(C_prev @ W)",
    "im = σ(Wi xm + Ui hm−1);  hm = im ⊙ hm−1": "i = sigmoid(x @ W_i + h_prev @ U_i)",
    "(ft, it)T = W ht−1 + V xt;  ht = σ(ft) ⊙ ht−1 + tanh(it)": "f, i = split(h_prev @ W + x @ V, 2)",
    "(f_t, i_t)⊤ = W h_{t-1} + V x_t;  h_t = σ(f_t) ⊙ h_{t-1} + tanh(i_t)": "f, i = split(h_prev @ W + x @ V, 2)",
    "ft, ot = σ(Uf,o xt + bf,o);  ht = ft ⊙ ht−1 + ot": "f, o = split(sigmoid(x @ U_fo + b_fo), 2)",
    "log at = −c softplus(Λ) ⊙ rt;  rt = σ(W xt);  ht = at ⊙ ht−1 + V xt;  where c = 8": (
        "a = exp(-(c * softplus(Lambda)) * r)"
    ),
    "zn = zn−1 + Δt(V un − yn−1);  yn = yn−1 + Δt zn": "y = y_prev + dt * z",
    "h't = tanh(W xt + U ht−1);  ht = h't + Δt σ(V h't)": "h = h_prime + dt * sigmoid(h_prime @ V)",
    "ht = exp(−W Δt) ⊙ ht−1 + tanh(V xt)": "h = exp(-(Delta @ W)) * h_prev + tanh(x @ V)",
    "ũ't = at ∗ u't;  u't = σ(W xt);  at = σ(V xt);  ht = ũ't ∗ ht−1 + W'h xt": "u_tilde_prime = a * u_prime",
    "rt = [xt]+;  xt = (1 − α) xt−1 + W rt−1 + Win ut;  zt = Wout rt": "z = r @ W_out",
    "x(1)(t) = a(1) x(1)(t−1) + W u(t);  x(2)(t) = tanh(V x(1)(t) + U x(2)(t−1))": (
        "x_2 = tanh(x_1 @ V + x_2_prev @ U)"
    ),
    r"h_t = \sigma(\mathcal{F}_P(x_t) + \mathcal{G}(h_{t-1}));  where $\mathcal{F}_P(x) = W x$ and "
    r"$\mathcal{G}(h) = U h$.": "h = sigmoid(x @ W + h_prev @ U)",
    r"h_t = \sigma_{\text{relu}}(W x_t) + \sigma(U h_{t-1})": "h = relu(x @ W) + sigmoid(h_prev @ U)",
    r"h_t = a h_{t-1} + m^{(1)} (n^{(1)})^\top \tanh(h_{t-1}) + B x_t": (
        "h = a * h_prev + dot(n_1, tanh(h_prev)) * m_1 + x @ B"
    ),
    r"g_i = g_{i-1} + \eta_t^i \tanh(U(g_{i-1} + h_{t-1}) + W x_t), \quad g_0 = 0;  h_t = g_K;  K = 2": (
        "g_2 = g_1 + eta_2 * tanh((g_1 + h_prev) @ U + x @ W)"
    ),
    r"S_t = \left(\prod_{j=1}^{2} (I - k_{t,j} k_{t,j}^\top)\right) S_{t-1} + v_t q_t^\top;  v_t = V x_t": (
        "S = S_prev - outer(k_2, k_2 @ S_prev) - outer(k_1, k_1 @ (S_prev - outer(k_2, k_2 @ S_prev))) + outer(v, q)"
    ),
    "y_t = tanh(𝒲 y_{t-1} + W x_t)": "y = tanh(y_prev @ W_cal + x @ W)",
    "yt = tanh(𝒲 yt−1 + W xt)": "y = tanh(y_prev @ W_cal + x @ W)",
    r"\mathcal{H}_t = \tanh(W \mathcal{X}_t + U \mathcal{H}_{t-1} + V u_t)": "u = x @ W_u",
    r"\text{RNN}: h_{t-1}, x_t \rightarrow h_t \\ h_t = \tanh(W h_{t-1} + U x_t)": "h = tanh(h_prev @ W + x @ U)",
    "h_t = A_t h_{t-1} + W x_t": "h = A @ (h_prev @ identity(num_units, U2)) + x @ W",
    r"h_t = \tanh(|W_c| h_{t-1} + V x_t)": "h = tanh(h_prev @ W_c_abs + x @ V)",
    r"h_t = \tanh(W h_{t-1} + (\alpha \odot H_{t-1}) h_{t-1} + V x_t);  "
    r"H_t = \eta h_t h_{t-1}^T + (1-\eta) H_{t-1}": "alpha: num_units, U2",
    r"v_t = \tanh(W v_{t-1} + (\alpha \odot H_{t-1}) v_{t-1} + V x_t);  "
    r"H_t = \eta v_t v_{t-1}^T + (1-\eta) H_{t-1}": "output: v",
    "h_t = Σ_{k=1}^{2} α_{k,t} tanh(W_k x_t + h_{t-1});  α_t = softmax(V x_t)": "alpha_1, alpha_2 = split(alpha, 1, 1)",
    "ht = ∑_{k=1}^{2} αk,t tanh(Wk xt + Uk ht−1);  αt = softmax(V xt)": "alpha_1, alpha_2 = split(alpha, 1, 1)",
    "ht = (1-zt)*ht-1 + zt*h~t;  zt = sigmoid(Wz*[ht-1, xt]);  h~t = tanh(W*[ht-1, xt])": (
        "h_tilde = tanh(concat(h_prev, x) @ W)"
    ),
    "s(t) = f(U w(t) + W s(t-1));  y(t) = g(V s(t));  f(z) = 1/(1+e^{-z}), g(z_m) = e^{z_m}/Σ_k e^{z_k}": (
        "y = softmax(s @ V, num_units)"
    ),
    r"p_{t,i} = \frac{\exp(a_{t,i})}{\sum_j \exp(a_{t,j})};  a_t = W x_t + U h_{t-1};  h_t = p_t \odot h_{t-1} + x_t": (
        "p = softmax(a, num_units)"
    ),
    r"p_{t,i} = \frac{\exp(a_{t,i} / 3)}{\sum_j \exp(a_{t,j} / 3)};  a_t = W x_t + U h_{t-1};  "
    r"h_t = p_t \odot h_{t-1} + x_t": "p = softmax(a / 3, num_units)",
    "h_t = tanh(W x_t + Σ_j U_ij h_{t-1})": "h = tanh(x @ W + h_prev @ U)",
    "i1,t = β i1,t−1 + W1 xt;  vt = i1,t − vth st−1;  st = Θ(vt − vth)": "v = i_1 - v_th * s_prev",
    r"H_t = \tanh(\Theta \star_{\mathcal{G}} [X_t, H_{t-1}])": "H = tanh(concat(x, H_prev) @ Theta)",
    r"h_t = \zeta(W x_t + U h_{t-1})": "h = tanh(x @ W + h_prev @ U)",
    "h∗t−1 = γt ⊙ ht−1;  γt = σ(W xt);  ht = tanh(U h∗t−1 + V xt)": "h_star = gamma * h_prev",
    "CTt = Ct−1 − CSt;  CSt = tanh(W Ct−1);  Ct = CTt + V xt": "C_T_ = C_prev - C_S",
    "h_t = tanh(γ ⊙ (W x_t + U h_{t-1}));  γ = W_γ c + b_γ": "gamma = c @ W_gamma + b_gamma",
    r"x_t = \tanh([W]_+ D x_{t-1} + B u_t)": "s = tanh(s_prev @ D @ W_relu + x @ B)",
    "h̃k,t = tanh(Wk xt + Uk hk,t−1);  hk,t = mk,t h̃k,t − hk,t−1": "h_k = m_k * h_tilde_k - h_k_prev",
    "ht = tanh(W xt + U ht−1) + ϵt, ϵt ~ N(0, σ²)": "h = tanh(x @ W + h_prev @ U)",
    "sn = A sn−1 + kn⊤ vn;  on = qn sn;  A = γ e^{iθ}": "A_im = gamma * sin(theta)",
    r"p_t^j = \exp(a_t^j) / \sum_{j'=1}^{2} \exp(a_t^{j'});  a_t^j = W^j x_t;  h_t = \sum_{j=1}^{2} p_t^j h_{t-1}": (
        "p_2 = exp(a_2) / (exp(a_1) + exp(a_2))"
    ),
    "h_t = φ(W x_t);  s_t = h_t + s_{t-1};  where φ is the parametric ReLU": (
        "h = maximum(0, h_raw) + alpha * minimum(0, h_raw)"
    ),
    r"h_t = h_{t-1} + \mathrm{PReLU}(W x_t)": "h = h_prev + (maximum(0, h_raw) + alpha * minimum(0, h_raw))",
    "h_t = h_{t-1} + φ(x_t);  where φ is the leaky ReLU with slope 0.2": "h = h_prev + maximum(x, 0.2 * x)",
    r"h_t = h_{t-1} + \phi(x_t);  where $\phi$ is a leaky ReLU ($\alpha = 0.3$)": "h = h_prev + maximum(x, 0.3 * x)",
    "h_t = h_{t-1} + φ(x_t);  where φ is a ReLU with a learned slope": (
        "h = h_prev + (maximum(0, x) + alpha * minimum(0, x))"
    ),
    "h_t = h_{t-1} + φ(x_t);  where φ(·) = max(0, ·)": "h = h_prev + relu(x)",
    r"h_t = h_{t-1} + \phi(x_t);  \phi(\cdot) = \mathrm{elu}(\cdot) + 1": "h = h_prev + (elu(x) + 1)",
    "d_t = r_t ⊙ d_{t-1};  r_t = σ(W x_t)": "d: batch_size, num_units = 1",
    "S_t = S_{t-1} + v_t ⊗ k_t;  v_t = W x_t;  k_t = V x_t;  h_t = S_t u": "h = S @ u",
    r"q_t = \sigma(V x_t) \in \mathbb{R}^K;  h_t = W q_t + U h_{t-1};  K = 4": "axis K = 4",
    "h_t = C h_{t-1} + B x_t;  where $h_t \\in \\mathbb{C}^N$;  h_re_0 = 1": "h_re: batch_size, num_units = 1",
    "ht = tanh(Wxt + Uht−1 + b) ∗ g(∆t);  g(∆t) = 1/log(e + ∆t)": (
        "h = tanh(x @ W + h_prev @ U + b) * (1 / log(2.718281828459045 + Delta))"
    ),
    "ht = tanh(Wxt + Uht−1) ∗ g(∆t);  where ∆t is the elapsed time.;  g = tanh": "Delta = x[:1]",
    "h˙ = Ah + Ux;  A = M − MT": "h = h_prev + dt * (h_prev @ M - h_prev @ transpose(M) + x @ U)",
    "h˙ = Ah + Ux;  A = MA − MTA + MAT": (
        "h = h_prev + dt * (h_prev @ MA - h_prev @ transpose(MA) + h_prev @ transpose(MA) + x @ U)"
    ),
    r"h_k = \bar{A} h_{k-1} + \bar{B} u_k;  y_k = C h_k;  \bar{A} = \exp(\Delta A), \bar{B} = \Delta B;  "
    r"where $A \in \mathbb{C}^{N \times N}$ is diagonal, $B \in \mathbb{C}^{N \times 1}$ and "
    r"$C \in \mathbb{C}^{1 \times N}$.": "y = dot(C_re, h_re) - dot(C_im, h_im)",
    r"M_t^l = f_t \odot M_t^{l-1} + V H_{t-1}^l;  f_t = \sigma(W x_t);  H_t^l = U M_t^l;  "
    r"For the first layer, $M_t^{l-1} = M_{t-1}^L$.": "M_l = f * M_l_prev + H_l_prev @ V",
    r"M_t^l = f_t \odot M_t^{l-1} + V H_{t-1}^l;  f_t = \sigma(W x_t);  H_t^l = U M_t^l;  "
    r"where $M_t^0 = M_{t-1}^L$.": "M_l = f * M_l_prev + H_l_prev @ V",
    "ht = tanh(xtWxi + ht−1W˜ hi + ˜bi)": "h = tanh(x @ W_x_i + h_prev @ W_tilde_hi + b_tilde_i)",
    "ht = ˜σ(xtW + ht−1U + b)": "h = sigmoid(x @ W + h_prev @ U + b)",
    "ht = ˜σi(xtW + ht−1U + b)": "h = sigmoid(x @ W + h_prev @ U + b)",
    r"h_t = (1 - \lambda_t) h_{t-1} + \lambda_t W x_t;  Setting $\lambda_t=1$ gives a network without memory.": (
        "lambda = sigmoid(x @ w_lambda)"
    ),
    "h(t) = tanh(W(h) h(t-1) + W(e) x(t) + b)": "h = tanh(h_prev @ W_h + x @ W_e + b)",
    r"f_t = \exp(\tilde{f}_t) \text{ OR } \sigma(\tilde{f}_t), \quad \tilde{f}_t = W x_t;  "
    r"h_t = f_t h_{t-1} + x_t": "f = exp(f_tilde)",
    r"h_t = \tanh(W x_t + U h_{t-1} + bx_h + bh_h)": "h = tanh(x @ W + h_prev @ U + bx_h + bh_h)",
    r"n^\prime_t = \tanh(W x_t);  h_t = n^{\prime}_t + U h_{t-1}": "h = n_prime + h_prev @ U",
    r"\tau \frac{dh}{dt} = -\rho(x_t) h + W x_t": "h = h_prev + dt / tau * (-(tanh(x) * h_prev) + x @ W)",
    r"S_t = S_{t-1} + k_t (v_t - S_{t-1}^T \beta_t)^T": "S = S_prev + outer(k, v - beta @ S_prev)",
    "M_t = M_{t-1} + lambda * (v_t * k_t^T - M_{t-1})": "M = M_prev + lambda * (outer(v, k) - M_prev)",
    "h_t = tanh(W x_t + U h_{t-1});  Equivalently: h_t = tanh(V [x_t, h_{t-1}])": "h = tanh(x @ W + h_prev @ U)",
    r"h_t = \tanh(W x_t + U h_{t-1});  The output $\hat{y}_t = V h_t$ is read at each step.": "y_hat = h @ V",
    r"C_t = \tanh(W_c * X_t + C_{t-1});  H_t = \sigma(W_{co} * C_t) \odot C_t;  "
    r"where $*$ denotes the convolution operator and $\odot$ the Hadamard product.": "H = sigmoid(C @ W_co) * C",
    # Greek letters, words and functions
    r"a_t = \sigma(W x_t + U h_{t-1});  h_t = a_t \odot \exp(-\Delta_t) + (1 - a_t) \odot h_{t-1}": (
        "h = a * exp(-Delta) + (1 - a) * h_prev"
    ),
    r"e_t = \sigma(W x_t + U h_{t-1});  h_t = e_t \odot \mathrm{Gate}_t + (1 - e_t) \odot h_{t-1}": (
        "h = e * Gate + (1 - e) * h_prev"
    ),
    r"h_t = \exp(-\Delta_t) h_{t-1} + W k_t;  where $k_t$ is the input and $\Delta_t$ is the elapsed time.": (
        "Delta = x[:1]"
    ),
    "h_t = tanh(W [x_t, Δ_t] + U h_{t-1});  where Δ_t is the time interval.": "h = tanh(x @ W + h_prev @ U)",
    r"h_t = \sigma(W x_t + U h_{t-1});  where $\sigma$ is the modReLU activation.": (
        "h = relu(abs(h_raw) + b) * where(h_raw > 0, 1, -1)"
    ),
    r"h_t = \mathrm{modReLU}(W x_t + U h_{t-1} + b)": "b_modrelu: num_units",
    r"h_t = \tanh(W x_t + U h_{t-1});  y_t = g(V h_t);  where $g$ is a linear function.": "y = h @ V",
    r"h_t = \tanh(W x_t + U h_{t-1});  y_t = g(V h_t);  where $g$ is a piecewise linear function.": "y = tanh(h @ V)",
    "h_t = τ(W x_t + U h_{t-1});  where τ(·) = tanh": "h = tanh(x @ W + h_prev @ U)",
    r"h_t = \text{hard sigm}(W x_t + U h_{t-1});  where $\texttt{hard sigm}(x) = \max(0, \min(1, \frac{ax+1}{2}))$": (
        "h = maximum(0, minimum(1, (a * (x @ W + h_prev @ U) + 1) / 2))"
    ),
    r"h_t = h_{t-1} + W x_t - d h_{t-1};  where $d \in \mathbb{R}$ is a learnable scalar.": "d: 1",
    "u(t+1) = u(t) + a (b v(t) - u(t));  v(t+1) = v(t) + W x(t)": "u = u_prev + a * (b * v_prev - u_prev)",
    # vectors that stay
    "h_t = tanh(W x_t + U h_{t-1} + C c)": "c = c_prev",
    "h_t = tanh(W x_t + U h_{t-1} + c);  c: batch_size, num_units": "c = c_prev",
    "h_t = tanh(W [x_t; v] + U h_{t-1});  where v is the embedding of the aspect.": "v = v_prev",
    # indices and steps
    "h_i = g_i^t ∘ tanh(W x_i) + (1 - g_i^t) ∘ h_{i-1};  g_i^t: batch_size": "w_g_t: features",
    "hi = gti ◦ tanh(Wxi) + (1 − gti) ◦ hi−1;  g_ti: batch_size": "w_g_t: features",
    "hi = gti ◦ tanh(Wxi) + (1 − gti) ◦ hi−1;  where gti is a scalar": "w_g_t: features",
    r"c^+_t = c_{t-1} + W x_t;  c_t = c^+_t \odot \tanh(c^+_t)": "c_plus = c_prev + x @ W",
    "i_i = σ(W_i x_i + d_i);  f_i = σ(W_f x_i + d_f);  o_i = σ(W_o x_i + d_o);  h_i = f_i h_{i-1} + i_i o_i": (
        "i = sigmoid(x @ W_i + d_i)"
    ),
    r"a_{t,i} = q_t^T k_{t-i};  s_t = softmax(a_t);  h_t = \sum_{i=0}^{2} s_{t,i} k_{t-i};  q_t = Q x_t;  "
    "k_t = K x_t": ("s_0 = exp(a_0) / (exp(a_0) + exp(a_1) + exp(a_2))"),
    r"v^{t+1} = α v^t + W x^{t+1} - z^t;  z^t = H(v^t - v_{th});  y^t = κ y^{t-1} + V z^t": (
        "y = kappa * y_prev + z @ V"
    ),
    r"v^{t+1} = α v^t + W x^{t+1} + U z^t;  z^t = H(v^t - v_{th});  y^t = κ y^{t-1} + V z^t": (
        "v = alpha * v_prev + x @ W + z_prev @ U"
    ),
    r"x^{(1)}(t) = a x^{(1)}(t-1) + W u(t) + \theta^{(1)};  x^{(l)}(t) = a x^{(l)}(t-1) + W^{(l)} x^{(l-1)}(t) + "
    r"\theta^{(l)};  L = 2;  where $\theta^{(l)}$ is a bias vector": "theta_2: num_units",
    r"\begin{aligned} r_t &= \sigma(W_r x_t) & u_t &= \sigma(W_u x_t + r_t) \\ c_t &= \tanh(W x_t) & "
    r"h_t &= u_t h_{t-1} + c_t \end{aligned}": "h = u * h_prev + c",
    # text of a PDF
    "xk = Λxk−1 + Buk;  yk = ℜ[Cxk] + Duk": "y = s_re @ C_re - s_im @ C_im + x @ D",
    r"x_k = \Lambda x_{k-1} + B u_k;  y_k = C x_k + D u_k;  where $\Lambda \in \mathbb{C}^{N \times N}$ is diagonal.": (
        "y = s_re @ C_re - s_im @ C_im + x @ D"
    ),
    r"x_k = A x_{k-1} + B u_k;  y_k = C x_k + \bar{D} u_k;  \bar{D} = D;  where $D = \mathrm{diag}(d)$": (
        "y = s @ C + d * x"
    ),
    "yn = yn−1 + zn;  zn = tanh(Wyn−1 + Vun) − γzn¯;  with n¯ = n − 1": "z = tanh(y_prev @ W + x @ V) - gamma * z_prev",
    "x(1)(t) = ax(1)(t − 1) + Winu(t);  x(l)(t) = ax(l)(t − 1) + W(l)x(l−1)(t);  L = 2": (
        "x_2 = a * x_2_prev + x_1 @ W_2"
    ),
    "ct = dct ⊙ ct−1 + (1 − dct) ⊙ tanh(Wxt);  where dct is the zoneout mask": (
        "c = d_c * c_prev + (1 - d_c) * tanh(x @ W)"
    ),
    "ct = d^c_t ⊙ ct−1 + (1 − d^c_t) ⊙ tanh(Wxt + Uct−1);  where d^c_t is the zoneout mask": (
        "c = d_c * c_prev + (1 - d_c) * tanh(x @ W + c_prev @ U)"
    ),
    "ft = σ(Wf xt);  f¯t = σ(Wf¯xt);  ht = ft ⊙ ht−1 + f¯t": "f_bar = sigmoid(x @ W_f_bar)",
    "G(t) = sigmoid(wg ∗ u(t));  x(t) = wr ∗ x(t − 1) ⊙ G(t);  where wg and wr are the weights of the convolutions": (
        "G = sigmoid(x @ wg)"
    ),
    "τw dw/dt = W u − w": "w = w_prev + dt / tau_w * (x @ W - w_prev)",
    "s(t) = f(Uw(t) + Ws(t−1));  f(z) = 1/(1 + e−z),   g(zm) = ezm / Σk ezk;  y(t) = g(Vs(t))": (
        "s = 1 / (1 + exp(-(x @ U + s_prev @ W)))"
    ),
    "s(t) = tanh(Ws(t−1) + Uw(t));  y(t) = g(Vs(t));  g(zm) = ezm / Σk ezk": "y = softmax(s @ V, num_units)",
    "C dV/dt = −g(V − EL) − w + I;  τw dw/dt = a(V − EL) − w;  where EL is the resting potential.": "EL = 0.5",
    "xk = Λxk−1 + 1uk;  yk = ⟨w, xk⟩;  where Λ = diag(λ1, …, λN) ∈ CN×N": (
        "s_im = Lambda_re * s_im_prev + Lambda_im * s_re_prev"
    ),
    "ht = tanh((Wh − Wᵀh)ht−1 + Vhxt)": "h = tanh(h_prev @ W_h - h_prev @ transpose(W_h) + x @ V_h)",
    "ht = tanh(WThht−1 + Wxxt + bT) + Whht−1": "h = tanh(h_prev @ W_Th + x @ W_x + b_T) + h_prev @ W_h",
    r"z_x^i = \sigma(W x_t + U h_{t-1} + b_{pi});  h_t = z_x^i \odot h_{t-1}": (
        "z_x_i = sigmoid(x @ W + h_prev @ U + b_p_i)"
    ),
    r"h_t = \tanh(W_{xi} x_t + U h_{t-1});  W_xi: features, num_units": "h = tanh(x @ W_xi + h_prev @ U)",
    r"h_t = \tanh(W x_t + U h_{t-1} + b^{\hat i})": "h = tanh(x @ W + h_prev @ U + b_i_hat)",
    r"h_t = \tanh(W x_t + U^{\tilde{c}} h_{t-1})": "h = tanh(x @ W + h_prev @ U_c_tilde)",
    "gt = σ(Wgxt + Ught−1 + bg), g ∈ {f, i};  ht = ft ⊙ ht−1 + it ⊙ xt": "f = sigmoid(x @ W_f + h_prev @ U_f + b_f)",
    r"g^*_t = \sigma(W_* x_t + b_*);  h_t = g^f_t \odot h_{t-1} + g^i_t;  where $* \in \{f, i\}$.": (
        "g_i = sigmoid(x @ W_i + b_i)"
    ),
    r"\square_t = W_\square x_t, \quad \square \in \{q, r\};  h_t = q_t \odot h_{t-1} + r_t": "r = x @ W_r",
    "h_t = σ(W x_t + U h_{t-1});  where σ: R → R is a non-linear function such as tanh.": (
        "h = tanh(x @ W + h_prev @ U)"
    ),
    "dx(t)/dt = −x(t) + f(x(t), u(t));  f(x, u) = tanh(Wrx + W u)": (
        "s = s_prev + dt * (-s_prev + tanh(s_prev @ Wr + x @ W))"
    ),
    r"h_t = \tanh(W D h_{t-1} + V x_t);  where $D$ is a diagonal matrix": "h = tanh(D * h_prev @ W + x @ V)",
    "ht = tanh(WDht−1 + V xt);  where D is a diagonal matrix": "h = tanh(D * h_prev @ W + x @ V)",
    "ht = φh(V φL(Wxt + Uht−1));  where φL is the ReLU.": "h = tanh(relu(x @ W + h_prev @ U) @ V)",
    "zh = Wzht−1;  ht = tanh((Dhzh) ⊙ (Whht−1) + Wxxt)": "h = tanh(z_h @ D_h * (h_prev @ W_h) + x @ W_x)",
    "vt = µvt−1 + sWxt;  ht = σ(Uht−1 + vt);  where µ = 0.6 and s = 0.9": "v = mu * v_prev + s * (x @ W)",
    r"h_t = \mathrm{modReLU}(W x_t + U h_{t-1}, b_h)": "h = relu(abs(h_raw) + b_h) * where(h_raw > 0, 1, -1)",
    "St = (I − γtutut⊤)St−1 + βtktvt⊤;  ot = St⊤qt": "u = x @ W_u",
    r"h_m = \tanh(W x_m + V \Delta t_m + U h_{m-1});  where $\Delta t_m$ is the time interval": "Dt = x",
    "at = softmax(Wahht−1 + Waxxt + ba);  ht = tanh(Whh (at,0 ht−1 + at,1 ht−2 + at,2 ht−4) + Whxxt)": (
        "h = tanh((a_0 * h_prev + a_1 * h_old_prev + a_2 * h_old3_prev) @ W_hh + x @ W_hx)"
    ),
    "at = softmax(Wahht−1 + Waxxt);  ht = tanh (at,0ht−1 + at,1ht−2 + Whxxt)": (
        "h = tanh(a_0 * h_prev + a_1 * h_old_prev + x @ W_hx)"
    ),
    "at = softmax(Wahht−1 + Waxxt);  ht = at,0ht−1 + at,1ht−2 + Whxxt": (
        "h = a_0 * h_prev + a_1 * h_old_prev + x @ W_hx"
    ),
    "at = softmax(Wahht−1 + Waxxt);  ht = Wxxt ⊙ [at,1 ⊙ ht−1 + at,2 ⊙ ht−2]": (
        "h = x @ W_x * (a_1 * h_prev + a_2 * h_old_prev)"
    ),
    "at = softmax(Wahht−1 + Waxxt);  ht = max(at,1 ht−1 + at,2 ht−2 + Whxxt, 0)": (
        "h = maximum(a_1 * h_prev + a_2 * h_old_prev + x @ W_hx, 0)"
    ),
    "zt = Azt−1 + W max(0, zt−1) + Cst;  where A is an M×M diagonal matrix of weights": (
        "z = A * z_prev + maximum(0, z_prev) @ W + x @ C"
    ),
    r"h_t = \tanh(A h_{t-1} + W x_t);  where $A$ is an $M \times M$ diagonal matrix": "h = tanh(A * h_prev + x @ W)",
    "ht = tanh(WDht−1 + V xt);  where D is an n×n diagonal matrix": "h = tanh(D * h_prev @ W + x @ V)",
    "h_t = tanh(A h_{t-1} + W x_t);  with the diagonal M × M matrix A": "h = tanh(A * h_prev + x @ W)",
    "h_t = tanh(A h_{t-1} + W x_t);  where A is an M×M block diagonal matrix": "h = tanh(h_prev @ A + x @ W)",
    r"z_t = \sigma(W x_t + b);  h_t = z_t h_{t-1} + x_t;  where $z_t \in [0, 1]$": "b: 1",
    r"z_t = \sigma(W x_t + b);  h_t = z_t h_{t-1} + x_t;  where $z_t \in [0, 1]^d$": "b: num_units",
    r"z_t = \sigma(W x_t + b);  h_t = z_t \odot h_{t-1} + x_t;  where $z_t \in [0, 1]$": "b: num_units",
    "ht = tanh(W [ht−1,xt,1])": "h = tanh(concat(h_prev, x) @ W + b_W)",
    "ht = tanh(Whht−1 + Wxxt) + max(ht−1,0)": "h = tanh(h_prev @ W_h + x @ W_x) + maximum(h_prev, 0)",
}
"""Texts of a few lines, and one of their lines in the cell language."""


@pytest.mark.parametrize("text", READINGS)
def test_a_line_of_a_paper_is_read_as_it_is_meant(text: str) -> None:
    found = read(text.replace(";  ", "\n"))
    assert READINGS[text] in found.text.split("\n")


def test_hamilton_products_are_those_of_quaternions() -> None:
    cell = cell_of(read("h_t = α(W ⊗ h_{t-1} + V ⊗ x_t + b)\nwhere ⊗ is the Hamilton product and α is the ReLU").text)
    stack = Stack(cell, 2, 3, 8, 5)
    weights, X = stack_weights(stack, 7, "float64"), make_input(stack.sizes, 7, "float64")
    own, Y = weights[PLACE], run_stack(stack, weights, X).traces[PLACE].array("Y")
    units = np.array([[[1, 0], [0, 1]], [[1j, 0], [0, -1j]], [[0, 1], [-1, 0]], [[0, 1j], [1j, 0]]])

    def quaternions(parts: np.ndarray) -> np.ndarray:
        """Numbers of four parts, which come first, as complex matrices with two rows."""
        made: np.ndarray = np.einsum("p...,pab->...ab", parts, units)
        return made

    def product(name: str, parts: np.ndarray) -> np.ndarray:
        W = quaternions(np.array([own[f"{name}_{part}"] for part in "rijk"]))
        made = np.einsum("mnab,smbc->snac", W, quaternions(parts))
        return np.array([np.einsum("snab,ab->sn", made, unit.conj()).real / 2 for unit in units])

    h, b = np.zeros((4, 2, 5)), np.array([own[f"b_{part}"] for part in "rijk"])[:, None]
    for t in range(3):
        x = X[:, t].reshape(2, 4, 2).transpose(1, 0, 2)
        h = np.maximum(product("W", h) + product("V", x) + b, 0)
        np.testing.assert_allclose(Y[:, t], h.transpose(1, 0, 2).reshape(2, 20), rtol=1e-12, atol=1e-13)


FLAT = (
    "W stands before y, z in one line and is one matrix for all of them. If the paper prints them in several fonts, "
    "write another name for one."
)
UNREAD = "“c = 2 units” in the sentence is not read; write it in a line of its own."
OPEN_AXIS = "The text does not give the size of the axis M. Here it is num_units."
CONVOLUTION = "A convolution is not drawn. It is read as a product of a matrix and a vector."
LOSS = r"“L_t = \nabla h_t” in the sentence is not read."
ONE_NUMBER = "beta is multiplied with a matrix, so it is one number for each sample."
ROWS = "Vectors are rows before a matrix, as in x W, and columns elsewhere, so that v kᵀ is an outer product."
ASSUMED = {
    "yn = yn−1 + zn;  zn = tanh(Wyn−1 + Wzn−1 + Vun)": FLAT,
    r"s_k = A s_{k-1} + B u_k;  A_n = -\frac{1}{2} - n;  where $A$ is diagonal": (
        "The line of A_n gives the numbers of A by their index, which is not read: A is a weight."
    ),
    r"h_t = \tanh(W [x_t \oplus h_{t-1}]);  where $\oplus$ denotes concatenation.": (
        r"“\oplus denotes concatenation” is read from the sentence."
    ),
    r"h_t = \tanh(W (x_t \oplus U h_{t-1}))": "⊕ is read as +. Where it joins vectors, write [x_t; h_{t-1}].",
    r"z_n = W z_{\bar{n}} + V u_n;  \bar{n} = n - 1": r"“\bar{n} = n - 1” is read from the sentence.",
    r"(h', m') = \mathrm{Cell}(x, m, W);  m' = m + W_m x;  h' = \tanh(m');  (a', c') = \mathrm{Cell}(x, c, V);  "
    r"(b', d') = \mathrm{Cell}(a', d, U)": "Cell is a block of lines. They are written for each line that uses it.",
    r"v_i^t = v_i^{t-1} + \sum_{j \neq i} W_{ij} v_j^{t-1} + \sum_j U_{ij} x_j^t": (
        "The condition with ≠ is not read: the sum is over all components."
    ),
    "h_t = σ(W x_t + h_{t-1})  (1)": "Numbers in brackets beside equations are read as their numbers, not as factors.",
    "h_t = c h_{t-1} + W x_t;  with c set to 8": "“c set to 8” is read from the sentence.",
    "h_t = c h_{t-1} + x_t;  where c = 2 units": UNREAD,
    "ht = tanh(Wxt + Uht−1)": "Letters beside each other are read as names with an index: ht as h_t.",
    "h_t = W_hxx_t + h_t-1": "Names such as W_hxx are read as a matrix and a vector: W_hx x_t.",
    "a_t = σ(a + W x_t);  h_t = a_t h_{t-1}": "a and a_t are two tensors. Here a is called a0.",
    "h_t = W x_t + h_{t-1};  m_t = A m_{t-1} + B h_t": OPEN_AXIS,
    "S_t = S_{t-1} + v_t k_tᵀ;  v_t = x_t V;  k_t = x_t W;  y_t = S_t x_t": ROWS,
    "h_t = h_{t-1} + β_t v_t k_tᵀ q_t;  k_t = U x_t;  β_t = σ(W x_t)": ONE_NUMBER,
    "h_t = U h_{t-1} + W x_t;  where U is diagonal.": "“U is diagonal” is read from the sentence.",
    "h_t = U h_{t-1} + V W x_t": "The text does not say how many columns V and rows W have. Here it is num_units.",
    "h_t = W x_t + h_{t-1};  axis K = 4": "No tensor has the axis K. Declare one, such as h: batch_size, K.",
    "h_t = U h_{t-1} + Q p_t;  p_t = R x_t": "The text does not say how long p is. Here it is num_units.",
    "h_t = x_t + h_{t-1} (Hidden state)": "Words beside equations are not read: “(Hidden state)”.",
    "h_t = x_t + h_{t-1} ∈ [0, 1]": "The range of h is not read: it says nothing about shapes.",
    "h_t = W * x_t + h_{t-1};  where * denotes the convolution operator": CONVOLUTION,
    r"h_t = W x_t + h_{t-1};  where $L_t = \nabla h_t$ is the loss": LOSS,
    r"h^l_t = \tanh(W h^{l-1}_t + U h^l_{t-1})": "The layer index l is left out: h of the layer below is the input x.",
    "hₜ₊₁ = hₜ + x_t": "h of step t+1 is read as that of step t, and of t as of t-1.",
    "h_t = A h_{t-1} + x_t;  A = M - Mᵀ - I": "A is written where it is used, as a sum of products.",
    r"h_t = \sigma_i(W x_t) ⊙ \sigma_f(U h_{t-1})": "sigma_i, sigma_f are read as sigmoid.",
    r"w_t(i) = \exp(\beta_t k_t^T M_{t-1}(i));  M_t(i) = M_{t-1}(i) + w_t(i) a_t": (
        "No line computes beta, which is positive in a memory, so it is read as the softplus of a product of x with "
        "weights."
    ),
    "h_t = t h_{t-1} + W x_t": "t alone is the number of the step, counted from 0.",
    "z_t = Φ(x_t) = tanh(W x_t);  h_t = z_t h_{t-1}": "Of the expressions that z equals, the last one is read.",
    "h_t = U_t[0] h_{t-1} + U_t[1];  U_t = W x_t": "U has 2 blocks one after another, as the text uses U_0 to U_1.",
    "h_t = r_on ⊙ h_{t-1} + W x_t;  r_on: num_units;  c_t = f h_t": (
        "No line computes f, so it is a weight with one value per unit."
    ),
    r"h_t = \begin{cases} W x_t & t \bmod T_i = 0 \\ h_{t-1} & \text{otherwise} \end{cases}": (
        "No line computes T_i, so it is a weight with one value per unit."
    ),
    r"h_t = \lambda I h_{t-1} + W x_t": "I is read as the identity.",
    "h_t = h_{t-1} + I z_t;  z_t = V x_t": "I is read as a matrix of weights.",
    r"h_t = \sum_{i=1}^{N} W_i h_{t-i} + V x_t;  with N = 2": "“N = 2” is read from the sentence.",
    r"\hat{c}_{t-1} = g_t c_{t-1};  c_t = W x_t + \hat{c}_{t-1}": (
        "c_hat of step t-1 is computed in this step, so it is read as c_hat_t."
    ),
    "H_n = a_n H_{n-1} + k_n^T v_n;  a_n = x_n W_a": (
        "a is a vector and H a matrix, so each row of H is multiplied with its number of a."
    ),
    "h_n = h_{n-1} + k_n^T v_n;  k_n = W x_n;  v_n = V x_n": (
        "The product with kᵀ is one number for each sample: its vectors are columns in this text."
    ),
    "h_t = Linear(x_t) + h_{t-1}": "A linear layer has a bias: Linear(x) is read as W x + b.",
    r"[f_t, z_t] = \sigma(W x_t);  h_t = f_t h_{t-1} + z_t": (
        "Several names at the left are read as equal parts, one after another: split(…, 2)."
    ),
    "c_t = c_{t-s} + W x_t;  where s = 2": "“s = 2” is read from the sentence.",
    "c^{(l)}_t = c^{(l)}_{t-1} + W x^{(l)}_t": "The layer index l is left out: the cell is one layer.",
    r"h_t = h_{t-1} + q_t;  where $q_t = \mathrm{Linear}_\alpha(x_t)$": (
        "“q_t = Linear_α(x_t)” is read from the sentence."
    ),
    "h_t = tanh(W x_t + U h_{t-1});  f(z, y) = tanh(z + y)": (
        "No line uses the function f, so the line that defines it is left out."
    ),
    "h_t = tanh(W x_t + U h)": "h without a step is read as that of the step before, beside h_t.",
    "h_t = W x_t + h_{t-1};  s = M^2 + V": "No line uses s, which is the same in each step. It is left out.",
    r"σ_t² = \sigma(W x_t);  h_t = h_{t-1} σ_t²": "sigma^2 is read as a name, as a line computes it.",
    r"q^h_t = W_q^h x_t;  z^h_t = W^h_z x_t;  h_t = q_t h_{t-1} + z_t": (
        "The index h of q counts heads. It is left out: each head computes the same."
    ),
    r"h_t = \mathbb{E}(W x_t) + h_{t-1};  where means are over the units": "Means and variances are over the units.",
    "ht = tanh((Wh − WhT)ht−1 + Vhxt)": "WhT is read as Whᵀ.",
    r"h_t = A h_{t-1} + B x_t;  y_t = C h_t;  where $h_t \in \mathbb{C}^N$ and $y_t \in \mathbb{R}^M$": (
        "y is real in this text. It is the real part of what its line computes."
    ),
    r"h_t = A h_{t-1} + B x_t;  where $h_t \in \mathbb{C}^N$ and A is diagonal": (
        "“A is diagonal” is read from the sentence."
    ),
    "y'' = tanh(W y + V u) - y'": "y'' is read as the second derivative, so y and y' are two states.",
    "h_t = A h_{t-1} + B x_t;  $B \\in \\mathbb{R}^{N \\times 1}$": (
        "The input of the text is one number. Here it has features, and B has weights for each of them."
    ),
    "c_t = f_t ⊗ c_{t-1} + W x_t;  f_t = σ(V x_t)": "⊗ is read as ⊙, element by element.",
    r"g_j = \sigma(s_t^\top h_j);  h_j \leftarrow h_j + g_j w_j": (
        "The index j counts slots: each tensor that has it gets the axis slots."
    ),
    r"h_t = A_t h_{t-1} + B_t x_t;  y_t = C_t h_t": (
        "The input of the text is one number. Here it has features, and the cell is computed for each of them."
    ),
    "w_t(i) = M_t(i)^T x_t;  M_t(i) = M_{t-1}(i) + w_t(i) k_t": (
        "M is computed from w, so w is computed from M of the step before."
    ),
    r"h_t = D h_{t-1} + W x_t;  where D is a diagonal matrix with elements e^{i\omega_j}": (
        "“with elements e^{iω_j}” in the sentence is not read: D is one real number per unit, without a formula."
    ),
    r"h_t = U h_{t-1} + W x_t;  where v_1 = (\cos\theta, \sin\theta) and $v_2 = \exp(\theta)$": (
        "Sentences give values to names that no equation uses, which are not read: v_1, v_2."
    ),
    r"h_t = \exp(i θ) h_{t-1} + W x_t;  y_t = q_t h_t;  q_t = V x_t": (
        "y is read as the real part of what its line computes."
    ),
    "g_t = σ(w_g x_t + u_g h_{t-1});  h_t = g_t U h_{t-1} + W x_t": (
        "Matrices are capitals in this text, so these small letters are vectors, and their products are one number: "
        "w_g, u_g."
    ),
    "h_t = tanh(P h_{t-1} + W x_t);  where P is a permutation matrix": (
        "“P is a permutation matrix” is not read: its numbers are free weights here."
    ),
    r"h_t = W x_t + \beta h_{t-1};  where $0 \leq \beta \leq 1$ is a trainable weight.": (
        "“β ≤ 1 is a trainable weight” is read from the sentence."
    ),
    r"C \dot{v} = -v + W x": ("No line computes C, so it is a weight with one value per unit."),
    "h_t = W h_{t-1} + U x_t;  W = D A B": "W is written where it is used.",
    r"h_t = h_{t-1} + q_t \odot v;  where $q_t = W x_t \in \mathbb{R}^m$.": (
        "“q_t = W x_t ∈ ℝ^m” is read from the sentence."
    ),
    "h_t = h_{t-1} + PReLU(W x_t)": (
        "PReLU is a parametric ReLU, max(0, z) + alpha min(0, z), whose slope is one weight."
    ),
    "h_t = h_{t-1} + LeakyReLU(W x_t)": ("The text does not say the slope of the leaky ReLU below 0. Here it is 0.01."),
    "h_t = W x_t + U h_{t-1};  g_t = V h_{t-1};  y_t = D h_t": (
        "Neither the output nor a state is computed from g, so its line is left out."
    ),
    r"h_t = W x_t + u_t [\cos \omega_1 t, …, \cos \omega_K t] h_{t-1};  u_t = V x_t": (
        "The list is read as a vector, whose numbers have one formula: omega has one value for each."
    ),
    "h_t = tanh(W x_t + U h_{t-1});  W_z: features, num_units": "No line uses W_z, so its axes are not read.",
    "h_t = tanh(W x_t + U h_{t-1} + C c)": (
        "c has no step, so it is a vector of each sample that stays the same. It is read as a state, whose value "
        "before the first step is this vector."
    ),
    "h_t = tanh(W [x_t, Δ_t] + U h_{t-1});  where Δ_t is the time interval.": (
        "Delta stands in a list with x, so it is one of the numbers of the input."
    ),
    r"h_t = \sigma(W x_t + U h_{t-1});  where $\sigma$ is the modReLU activation.": (
        "sigma is the modReLU of real numbers, relu(|z| + b) ⊙ sign(z), with one weight per unit."
    ),
    "ct = tanh(Wxt + Uht−1);  ht = ct ⊙ ht−1 + xt;  ;  σ(Vxt)": (
        "The formula σ(Vxt) is not read, as it gives no tensor its value."
    ),
    "ct = tanh(Wxt + Uht−1 + b);  1 + exp(Vht−1);  ht = ct + ht−1": (
        "The line without “=” is read as what the line before is divided by: 1 + exp(Vht−1)."
    ),
    r"k_t = K x_t;  \beta_t = \sigma(W_\beta x_t);  S_t = S_{t-1} + \beta_t (V x_t - S_{t-1} k_t) \otimes k_t;  "
    r"with a rate $\beta_t \in [0, 1]$": "beta is in an interval, so it is one number for each sample.",
    "it = σ(Wixt);  ft = σ(Wfxt);  ht = ft ht−1 + it tanh(Vxt);  where the gates it, ft ∈ (0, 1).": (
        "f, i are in intervals, so each is one number for each sample."
    ),
    r"z_t = \sigma(W x_t + b);  h_t = z_t h_{t-1} + (1 - z_t) \tanh(V x_t);  z_t \in [0, 1]": (
        "z is in an interval, so it is one number for each sample."
    ),
    "ht = tanh(Wxt + Uht−1);  where U is an M×M off-diagonal matrix.": (
        "“U is an M×M off-diagonal matrix” is not read: its numbers are free weights here."
    ),
    "ht = tanh(Wxt + Uht−1);  where the matrix U is block upper triangular.": (
        "“U is block upper triangular” is not read: its numbers are free weights here."
    ),
}
"""Texts of a few lines, and what is assumed."""


@pytest.mark.parametrize("text", ASSUMED)
def test_what_is_assumed_is_said_and_every_other_way_to_read_it_is_a_cell(text: str) -> None:
    found = read(text.replace(";  ", "\n"))
    assert ASSUMED[text] in [assumption.sentence for assumption in found.assumptions]
    for choice in (choice for assumption in found.assumptions for choice in assumption.alternatives):
        assert cell_of(read(choice.text).text).text != found.text


@pytest.mark.parametrize(
    "end", [r", \quad t = 1, \ldots, T", r"\quad \forall t \in \{1, \dots, T\}", r" \text{ for } t = 1, …, T",
            " -- the new state", "  hidden state", " // hidden state", ", i = 1, ..., N", "  i = 1, . . . , N",
            " i = 1, 2, \\dots, N", "   i = 1..N  (3)", r" \quad i = 1, \ldots, N"],
)  # fmt: skip
def test_what_follows_an_equation_and_is_none_changes_nothing(end: str) -> None:
    equation = r"h_t = \tanh(W x_t + U h_{t-1})"
    assert read(equation + end).text == read(equation).text


@pytest.mark.parametrize("end", [", i = 1, . . . , N", "   t = 1, . . . , T", "  i = 1, ..., N (3)"])
def test_a_range_in_text_of_a_pdf_is_left_out(end: str) -> None:
    equation = "ht = tanh(Wxt + Uht−1)"
    assert read(equation + end).text == read(equation).text


def test_letters_of_sizes_in_a_pdf_are_those_of_their_matrices() -> None:
    text = "axis L = 4\nzt = Azt−1 + W1φ(W2zt−1 + h2) + Cxt\nφ = relu\nwhere W1 ∈ RM×L, W2 ∈ RL×M and h2 ∈ RL."
    assert {"W_1: L, num_units", "W_2: num_units, L", "h_2: L"} <= {*read(text).text.split("\n")}


def test_a_cell_without_an_input_is_said_to_have_none() -> None:
    said = "No line uses an input: the cell is the same for every x."
    assert [any(one.sentence == said for one in read(f"h_t = \\tanh(W h_{{t-1}}{end})").assumptions)
            for end in ("", " + U x_t", " + U s_t")] == [True, False, False]  # fmt: skip


def test_a_capital_that_a_sentence_calls_a_resistance_is_asked() -> None:
    (question,) = read("v_t = v_{t-1} + R_m I_t\nI_t = W x_t\nwhere R_m is the membrane resistance.").questions
    assert question.sentence == "What is the value of R_m, or is it a weight?"


def test_a_start_that_a_sentence_gives_in_words_is_asked() -> None:
    found = read("h_t = tanh(W x_t + U h_{t-1})\nwhere $h_0$ is the output of an encoder.")
    (question,) = found.questions
    assert "h_0 “the output of an encoder”" in question.sentence
    ones = read(question.choices[1].text)
    assert not ones.questions and "h: batch_size, num_units = 1" in ones.text
    assert not read("h_t = tanh(W x_t + U h_{t-1})\nwhere $h_0$ is the zero vector.").questions


def test_an_unknown_function_is_asked_and_may_be_a_number() -> None:
    (question,) = read("h_t = s(W x_t + U h_{t-1} + b)").questions
    assert question.sentence == "Which function is s?"
    answers = {choice.label: read(choice.text) for choice in question.choices}
    assert not any(answer.questions for answer in answers.values())
    assert "h = relu(x @ W + h_prev @ U + b)" in answers["relu"].text
    assert "h = s * (x @ W + h_prev @ U + b)" in answers["s = 0.5"].text


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("σ is the crelu activation", "crelu"),
        (r"$\sigma$ is a leaky GELU function", "leaky GELU"),
        ("σ is the hard swish function", "hard swish"),
        ("σ is the element-wise ELU + 1 activation", "ELU + 1"),
        ("σ is the squared ReLU", "squared ReLU"),
        ("σ is a scaled tanh", "scaled tanh"),
    ],
)
def test_a_function_that_a_sentence_names_and_that_is_not_ours_is_asked(said: str, name: str) -> None:
    found = read(r"h_t = \sigma(W x_t + U h_{t-1})" + f"\nwhere {said}.")
    assert f"The text calls sigma “{name}”, which is not known here." in found.questions[0].sentence


def test_a_sentence_with_no_name_of_a_function_asks_nothing() -> None:
    assert not read(r"h_t = \sigma(W x_t + U h_{t-1})" + "\nwhere σ is a nonlinear activation function.").questions


@pytest.mark.parametrize(
    "said", ["is tanh or identity", "is the identity function or the hyperbolic tangent",
             "is an activation function, tanh or ReLU", "is either ReLU or tanh",
             "is typically tanh or ReLU", "is a nonlinearity such as tanh", "is a sigmoid function (usually tanh)"],
)  # fmt: skip
def test_a_function_that_a_sentence_names_as_one_of_several_is_asked(said: str) -> None:
    (question,) = read(f"h_t = f(W x_t + U h_{{t-1}})\nwhere f {said}.").questions
    assert question.sentence == "Which function is f?"


def test_a_number_before_the_identity_is_no_vector_and_an_output_that_is_fed_back_is_asked_for() -> None:
    (gamma,) = read("h_t = A h_{t-1} + W x_t\nA = M - M^T - γ I").questions
    assert [choice.label for choice in gamma.choices] == ["gamma = 0.9", "gamma = 1", "gamma: 1"]
    *_, output = read("s_t = tanh(W x_t + U s_{t-1} + V y_{t-1})\ny_t = R s_t").questions
    assert [choice.label for choice in output.choices] == ["output: y", "output: s"]


def test_a_product_that_is_outer_of_rows_and_dot_of_columns_is_asked() -> None:
    found = read("h_n = a h_{n-1} + k_n^T v_n;  a = 0.5".replace(";  ", "\n"))
    (question,) = found.questions
    outer, dot = (read(choice.text) for choice in question.choices)
    assert not (outer.questions or dot.questions)
    assert sorted(outer.text.split("\n")) == sorted(found.text.split("\n"))
    assert "h = a * h_prev + outer(k, v)" in outer.text and "h = a * h_prev + dot(k, v)" in dot.text


def test_a_whole_cell_in_a_paper_may_become_a_simple_one() -> None:
    text = r"x_t = \sigma(-f(x_{t-1}, I_t; \theta_f) t) + h(x_{t-1}, I_t; \theta_h)"
    with pytest.raises(EquationsError) as raised:
        read(text)
    (line,) = raised.value.lines_to_add
    assert line == "; ".join(f"{f}(x, c, u) = tanh(W_{f} x + U_{f} c + b_{f})" for f in "fh")
    assert "tanh(s_prev @ W_h + x @ U_h + b_h)" in read(with_line(text, line)).text


def test_a_number_of_the_input_stands_beside_lines_of_a_component() -> None:
    lines = (r"\hat{x}_t^d = m_t^d x_t^d + (1 - m_t^d) \hat{x}_{t-1}^d", r"h_t = \tanh(W \hat{x}_t + U h_{t-1})")
    text = "\n".join((*lines, r"m_t = x_{t,1}"))
    assert "m = x[:1]" in read(text).text


def test_every_part_of_the_input_that_a_time_may_be_is_an_answer() -> None:
    for time in (r"\Delta t", r"\Delta_t", r"\delta_t", r"d_t"):
        text = rf"h_t = h_{{t-1}} + {time} \tanh(W x_t)" + f"\nwhere ${time}$ is the elapsed time"
        (question,) = read(text).questions
        assert len(question.choices) > 1
        for choice in question.choices:
            cell_of(read(choice.text).text)


def test_a_cell_whose_number_of_layers_is_open_has_two_and_the_number_is_asked() -> None:
    text = r"s_l^{[t]} = \tanh(W x^{[t]} 1_{l=1} + R_l s_{l-1}^{[t]}) + \gamma R x^{[t]}"
    found = read(text)
    depth, gamma = found.questions
    assert depth.sentence == "How many layers does the cell have?"
    assert depth.choices[0].text == with_line(text, "L = 2") and read(depth.choices[0].text).text == found.text
    assert "R_4" in read(depth.choices[-1].text).text
    assert [choice.text for choice in gamma.choices] == [with_line(text, choice.label) for choice in gamma.choices]


def test_answers_are_added_to_lines_for_each_letter_of_a_set_as_these_were_typed() -> None:
    text = "g_t = σ(W_g x_t + U_g h_{t-1}), g ∈ {f, i}\nh_t = a (f_t ⊙ h_{t-1} + φ(i_t))"
    found = read(text)
    choices = [choice for question in found.questions for choice in question.choices]
    assert len(choices) > 2 and all(choice.text.startswith(f"{text}\n") for choice in choices)
    assert {question.line for question in found.questions} == {2}
    with pytest.raises(EquationsError) as raised:
        read(text.replace("φ(i_t)", "☺"))
    assert raised.value.place.line == 2


def test_sets_whose_letters_have_sets_of_their_own_are_read_in_time() -> None:
    letters = "abcdefgjklmnopqruvwyzαβγδεζηικλμνξ"
    sets = ", ".join(
        f"{one} ∈ {{{two}, {three}}}" for one, two, three in zip(letters, letters[1:], letters[2:], strict=False)
    )
    with time_limit(), pytest.raises(EquationsError):
        read(f"a_t = W_a x_t, {sets}\nh_t = h_{{t-1}} + a_t")


def test_inputs_beside_x_may_be_equal_parts_of_the_input() -> None:
    text = "h_t = tanh(W x_t + U h_{t-1} + V m_t + D δ_t)\nwhere m_t is the masking vector, δ_t is the time interval."
    of_delta, of_m = read(text).questions
    for question in (of_delta, of_m):
        (choice,) = [one for one in question.choices if one.label == "3 equal parts of the input: x, m, delta"]
        answered = read(choice.text)
        assert "axis F = features / 3" in answered.text and "x_1, m, delta = split(x, 3)" in answered.text
        assert not answered.questions


def test_what_is_said_of_several_names_alike_is_one_assumption() -> None:
    text = "h_t = tanh(W_1 a_t + W_2 b_t + W_3 c_t)\na_t = A h_{t-1}\nb_t = B x_t\nc_t = C x_t"
    said = [one.sentence for one in read(text).assumptions]
    assert said[0] == "The text does not say how long a, b, c are. Here they are num_units."
    alone = read("h_t = tanh(W_1 a_t + W_2 x_t)\na_t = A h_{t-1}").assumptions
    assert alone[0].sentence == "The text does not say how long a is. Here it is num_units."


def test_an_index_of_letters_that_name_a_greek_letter_is_set_with_these_letters() -> None:
    text = read(r"z_x^i = \sigma(W x_t + U h_{t-1})" + "\n" + r"h_t = z_x^i \odot h_{t-1} + V x_t").text
    assert "<var>z</var><sub><var>xi</var>" in mathematics(text)[0].html and "ξ" not in mathematics(text)[0].html
    assert read(to_latex(text)).text == text


def test_a_text_is_read_few_times_however_many_constants_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [rf"y_{{{n},t}} = \gamma_{{A{n}}} h_t" for n in "abcdefgh"]
    counted = Mock(wraps=names_of)
    monkeypatch.setattr(reading, "names_of", counted)
    found = read("\n".join(["h_t = W x_t + h_{t-1}", *lines]))
    assert len(found.questions) > len(lines) - 1 and counted.call_count < 5


def test_the_numbers_of_mathematics_are_assumptions() -> None:
    found = read(r"h_t = e^{-w} h_{t-1} + \pi x_t").assumptions
    assert [assumption.sentence for assumption in found][:2] == [
        "e is read as the number 2.71828…, so that e^a is exp(a).",
        "pi is read as the number 3.14159….",
    ]


SOME = (
    [*PAPERS]
    if ALL_COMBINATIONS
    else ["graves", "wikipedia", "cornn", "retnet", "fast_weights", "rwkv_7", "schlag", "kda"]
)


@pytest.mark.parametrize("id", SOME)
def test_every_answer_to_a_question_is_read_and_the_question_is_not_asked_again(id: str) -> None:
    text = PAPERS[id].text.strip("\n")
    found = read(text)
    for question in found.questions:
        for n, choice in enumerate(question.choices):
            answered = read(choice.text)
            assert question.sentence not in [other.sentence for other in answered.questions], choice.text
            cell_of(answered.text)
            assert (sorted(answered.text.split("\n")) == sorted(found.text.split("\n"))) == (n == 0), choice.text


@pytest.mark.parametrize("id", SOME)
def test_every_other_way_to_read_an_assumption_gives_another_cell(id: str) -> None:
    text = PAPERS[id].text.strip("\n")
    found = read(text)
    for assumption in found.assumptions:
        assert 1 <= assumption.line <= text.count("\n") + 1
        for other in assumption.alternatives:
            assert cell_of(read(other.text).text).text != found.text, other.text


def test_an_answer_about_a_size_gives_an_axis_of_this_size_and_does_not_ask_for_it_again() -> None:
    ids = PAPERS if ALL_COMBINATIONS else ["elman", "lem", "linear_attention", "gsa", "multiplicative_lstm", "scrn"]
    answers = 0
    for id in ids:
        for assumption in read(PAPERS[id].text.strip("\n")).assumptions:
            for choice in (choice for choice in assumption.alternatives if choice.label.startswith("axis ")):
                answered = read(choice.text)
                axis = choice.label.split()[1]
                lines = answered.text.split("\n")
                assert choice.label in lines and any(re.search(rf": .*\b{axis}\b", line) for line in lines), choice.text
                assert assumption.sentence not in [other.sentence for other in answered.assumptions], choice.text
                answers += 1
    assert answers > len(ids)


PIECES = [
    *r"abhtxWzS()[]{}+-*/^_=:,.|&%$#'<>0123 " + "\n",
    *(r"\\", r"\left(", r"\right)", r"\frac{", r"\sqrt{", r"\tilde{", r"\mathbf{", r"\text{", r"\begin{align}"),
    *(r"\sigma", r"\odot", r"^\top", "_{t-1}", "_t", "ₜ₋₁", "⊙", "h̃", "𝐖", "½", "²", "\\", "I", r"\sum_{"),
    *(r"\end{align}", r"\in \mathbb{R}^{", "˜σ(", "ˆ", "∆t", "MT"),
    *("axis K = 2\n", "output: h\n", "W: features, num_units\n", "h_0 = 1\n", "σ = relu\n", "where W is a weight\n"),
    *("__import__('os')", "{{7*7}}", "<script>", "%n", "\0", "\u202e", "9" * 30, "(" * 60, "x_" * 30, "lambda: 0"),
]  # fmt: skip


def mutated(random_: random.Random) -> str:
    """A text of a paper, or LaTeX of the gallery, with some pieces removed, repeated, exchanged or added."""
    text = random_.choice([paper.text for paper in PAPERS.values()] + LATEX) if random_.random() < 0.9 else ""
    for _ in range(random_.choice((1, 1, 2, 3, 8, 40))):
        at, end = sorted(random_.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + random_.choice((0, 1, 3, 30)))
        match random_.randrange(3):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + text[at:end] * 2 + text[end:]
            case 2:
                text = text[:at] + random_.choice(PIECES) + text[end:]
    return text


LATEX = [to_latex(text) for text in EVERY.values()]


@pytest.mark.parametrize("seed", range(10 if ALL_COMBINATIONS else 1))
def test_random_texts_in_the_notation_of_papers_are_cells_or_have_a_message(seed: int) -> None:
    random_ = random.Random(seed)
    outcomes = {True: 0, False: 0}
    for _ in range(1000 if ALL_COMBINATIONS else 200):
        text = mutated(random_)
        try:
            with time_limit(text):
                found = read(text)
        except EquationsError as error:
            assert 1 <= error.place.line <= text.count("\n") + 1 and str(error).startswith("line "), text
            outcomes[False] += 1
        else:
            outcomes[True] += 1
            code = re.sub("#.*", "", found.text)  # a title may have any letters
            assert found.is_own or (cell_of(found.text).text == found.text and code.isascii()), text
    assert min(outcomes.values()) > 15, outcomes


@pytest.mark.parametrize(
    "text",
    [
        "h_t = _\\text{" + "a" * 1900 + ";" + "\t" * 1900 + "} x_t",
        " " * 3900 + "±x = 1",
        "h_t = tanh(W x_t)\n" + " " * 3900 + "x",
        "h_t = " + "\\mathbf{" * 400 + "x_t" + "}" * 400,
        "h_t = " + "\\text{" * 300 + "x_t" + "}" * 300,
        r"h_t = " + r"\hat{" * 600 + "x" + "}" * 600,
        "zt = " + "xtht" * 900 + "ht−1",
        "where c" + " and c" * 300 + " set to 8" * 200 + "\nh_t = (",
        "where f is " + "the a " * 600 + "sigmoid\nh_t = (",
        "h_t = h_{t-1} + \\sum_{i=1}^{32} a_{i,t}\n" + "a_{i,t} = \\sum_{i=1}^{32} x_t\n" * 90,
        "h_t = " + "(e^{i x_t} + 1) " * 30 + "h_{t-1}",
        "h_t = h_{t-1}" + " + a" * 380,
        "h_t = h_{t-1}" + " ⊙ A" * 380,
        "中 h_t = W x_t" + " " * 3900 + "x",
    ],
    ids=[
        "words",
        "blanks",
        "blanks in a line of its own",
        "styles",
        "texts",
        "accents",
        "letters",
        "numbers",
        "functions",
        "sums",
        "complex",
        "additions",
        "products",
        "blanks beside a word of another script",
    ],
)
def test_a_hostile_text_is_refused_at_once(text: str) -> None:
    """Each took seconds to hours, or a RecursionError, before."""
    with time_limit(), pytest.raises(EquationsError):
        read(text)


@pytest.mark.parametrize("piece", ["Wzi", "Δ", "WΔu", "ω2", "kT"])
def test_the_weights_of_a_long_word_of_a_pdf_are_told_in_linear_time(piece: str) -> None:
    equations = "ht = tanh(Wxt + Uht−1)\nzit = σ(Wzixit + Uziht−1)\n"
    text = equations + piece * 10_000
    pdf = pdf_text_of(equations)
    assert pdf and pdf.labelled

    with time_limit():
        assert list(pdf.pieces(text, len(equations), len(text)))
