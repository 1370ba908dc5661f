"""Cells of papers that are not in the gallery, typed as their readers typed them."""
# ruff: noqa: E501

READER_CELLS = {
    "phased_lstm": """\
# Phased LSTM (Neil and others, 2016)
h: batch_size, num_units
c: batch_size, num_units
W: features, 4 * num_units
R: num_units, 4 * num_units
b: 4 * num_units
w_ci: num_units
w_cf: num_units
w_co: num_units
log_tau: num_units
shift: num_units
r_on = 0.3
leak = 0.001
tau = exp(1 + log_tau)
phi = mod(t - shift, tau) / tau
k = where(phi < r_on / 2, 2 * phi / r_on, where(phi < r_on, 2 - 2 * phi / r_on, leak * phi))
a_i, a_f, a_g, a_o = split(x @ W + h_prev @ R + b, 4)
i = sigmoid(a_i + w_ci * c_prev)
f = sigmoid(a_f + w_cf * c_prev)
c_new = f * c_prev + i * tanh(a_g)
c = k * c_new + (1 - k) * c_prev
o = sigmoid(a_o + w_co * c_new)
h = k * (o * tanh(c_new)) + (1 - k) * h_prev""",
    "antisymmetric_rnn": """\
h: batch_size, num_units
W_h: num_units, num_units
V_z: features, num_units
b_z: num_units
V_h: features, num_units
b_h: num_units
z = sigmoid(h_prev @ W_h - h_prev @ transpose(W_h) - gamma * h_prev + x @ V_z + b_z)
h = h_prev + epsilon * z * tanh(h_prev @ W_h - h_prev @ transpose(W_h) - gamma * h_prev + x @ V_h + b_h)
gamma = 0.01
epsilon = 0.01""",
    "neural_turing_machine": """\
# Neural Turing Machine (Graves and others, 2014), one head, simple controller
axis N = 6
axis P = 4
axis S = 3
h: batch_size, num_units
M: batch_size, N, P
w: batch_size, N
r: batch_size, P
W_x: features, num_units
W_r: P, num_units
W_h: num_units, num_units
b: num_units
W_k: num_units, P
w_beta: num_units
w_g: num_units
w_gamma: num_units
W_e: num_units, P
W_a: num_units, P
h = tanh(x @ W_x + r_prev @ W_r + h_prev @ W_h + b)
k = tanh(h @ W_k)
beta = softplus(h @ w_beta)
g = sigmoid(h @ w_g)
gamma = 1 + softplus(h @ w_gamma)
cosine = (M_prev @ k) / (norm(M_prev, P) * norm(k, P) + 1e-8)
w_c = softmax(beta * cosine, N)
w_i = g * w_c + (1 - g) * w_prev
shifted = w_i
sharp = shifted ** gamma
w = sharp / sum(sharp, N)
e = sigmoid(h @ W_e)
a = tanh(h @ W_a)
M = M_prev * (1 - w * e) + w * a
r = w @ M""",
    "gru_d": """\
# GRU-D (Che and others, 2018); x is values, mask and time since the last observation
axis D = features / 3
h: batch_size, num_units
last: batch_size, D
mean_x: D
w_gx: D
b_gx: D
W_gh: D, num_units
b_gh: num_units
W_z: D, num_units
U_z: num_units, num_units
V_z: D, num_units
b_z: num_units
W_r: D, num_units
U_r: num_units, num_units
V_r: D, num_units
b_r: num_units
W: D, num_units
U: num_units, num_units
V: D, num_units
b: num_units
v, m_raw, delta = split(x, D, D, D)
m = m_raw > 0
gamma_x = exp(-maximum(0, w_gx * delta + b_gx))
gamma_h = exp(-maximum(0, delta @ W_gh + b_gh))
x_hat = m * v + (1 - m) * (gamma_x * last_prev + (1 - gamma_x) * mean_x)
last = m * v + (1 - m) * last_prev
h_hat = gamma_h * h_prev
z = sigmoid(x_hat @ W_z + h_hat @ U_z + m @ V_z + b_z)
r = sigmoid(x_hat @ W_r + h_hat @ U_r + m @ V_r + b_r)
h_tilde = tanh(x_hat @ W + (r * h_hat) @ U + m @ V + b)
h = (1 - z) * h_hat + z * h_tilde""",
    "gated_slot_attention": """\
axis A = num_units
K_tilde: batch_size, A, num_units
V_tilde: batch_size, A, num_units
W_q: features, num_units
W_k: features, num_units
W_v: features, num_units
W_alpha: features, A
q = silu(x @ W_q)
k = silu(x @ W_k)
v = silu(x @ W_v)
alpha = sigmoid(x @ W_alpha) ** (1 / tau)
K_tilde = alpha * K_tilde_prev + outer(1 - alpha, k)
V_tilde = alpha * V_tilde_prev + outer(1 - alpha, v)
o = softmax(K_tilde @ q, A) @ V_tilde
tau = 8
output: o""",
    "titans": """\
# Titans, linear memory with momentum and forgetting (Behrouz and others, 2024)
axis heads = 2
axis K = num_units / heads
axis V = num_units / heads
M: batch_size, heads, V, K
S: batch_size, heads, V, K
W_q: features, heads, K
W_k: features, heads, K
W_v: features, heads, V
W_alpha: features, heads
W_eta: features, heads
W_theta: features, heads
W_o: heads, V, num_units
q = x @ W_q
k = x @ W_k
v = x @ W_v
alpha = sigmoid(x @ W_alpha)
eta = sigmoid(x @ W_eta)
theta = sigmoid(x @ W_theta)
error = M_prev @ k - v
S = eta * S_prev - theta * outer(error, k)
M = (1 - alpha) * M_prev + S
y = sum((M @ q) @ W_o, heads)
output: y""",
    "highway": """\
# Recurrent highway network of depth 2 (Zilly and others, 2017)
s: batch_size, num_units
W_H: features, num_units
W_T: features, num_units
R_H1: num_units, num_units
R_T1: num_units, num_units
R_H2: num_units, num_units
R_T2: num_units, num_units
b_H1: num_units
b_T1: num_units
b_H2: num_units
b_T2: num_units
h1 = tanh(x @ W_H + s_prev @ R_H1 + b_H1)
t1 = sigmoid(x @ W_T + s_prev @ R_T1 + b_T1)
s1 = h1 * t1 + s_prev * (1 - t1)
h2 = tanh(s1 @ R_H2 + b_H2)
t2 = sigmoid(s1 @ R_T2 + b_T2)
s = h2 * t2 + s1 * (1 - t2)""",
    "multiplicative_lstm": """\
c: batch_size, num_units
h: batch_size, num_units
W_mx: features, num_units
W_mh: num_units, num_units
W_hx: features, num_units
W_hm: num_units, num_units
W_ix: features, num_units
W_im: num_units, num_units
W_ox: features, num_units
W_om: num_units, num_units
W_fx: features, num_units
W_fm: num_units, num_units
m = x @ W_mx * (h_prev @ W_mh)
h_hat = x @ W_hx + m @ W_hm
i = sigmoid(x @ W_ix + m @ W_im)
o = sigmoid(x @ W_ox + m @ W_om)
f = sigmoid(x @ W_fx + m @ W_fm)
c = f * c_prev + i * tanh(h_hat)
h = tanh(c) * o""",
    "s5": """\
s_re: batch_size, num_units
s_im: batch_size, num_units
C_tilde_re: num_units, features
C_tilde_im: num_units, features
D: features
Lambda_re: num_units
Delta: num_units
Lambda_im: num_units
B_tilde_re: features, num_units
B_tilde_im: features, num_units
s_re = Lambda_bar_re * s_re_prev - Lambda_bar_im * s_im_prev + x @ B_bar_re
s_im = Lambda_bar_re * s_im_prev + Lambda_bar_im * s_re_prev + x @ B_bar_im
y_re = s_re @ C_tilde_re - s_im @ C_tilde_im + D * x
Lambda_bar_re = exp(Lambda_re * Delta) * cos(Lambda_im * Delta)
Lambda_bar_im = exp(Lambda_re * Delta) * sin(Lambda_im * Delta)
B_bar_0_re = Lambda_re / (Lambda_re ** 2 + Lambda_im ** 2)
B_bar_0_im = -Lambda_im / (Lambda_re ** 2 + Lambda_im ** 2)
B_bar_1_re = Lambda_bar_re - 1
B_bar_1_im = Lambda_bar_im
B_bar_re = (B_bar_0_re * B_bar_1_re - B_bar_0_im * B_bar_1_im) * B_tilde_re - (B_bar_0_re * B_bar_1_im + B_bar_0_im * B_bar_1_re) * B_tilde_im
B_bar_im = (B_bar_0_re * B_bar_1_re - B_bar_0_im * B_bar_1_im) * B_tilde_im + (B_bar_0_re * B_bar_1_im + B_bar_0_im * B_bar_1_re) * B_tilde_re
output: y_re""",
    "rg_lru": """\
axis features = num_units
h: batch_size, num_units
W_a: num_units, num_units
b_a: num_units
W_x: num_units, num_units
b_x: num_units
Lambda: num_units
c: num_units
r = sigmoid(x @ W_a + b_a)
i = sigmoid(x @ W_x + b_x)
a = sigmoid(Lambda) ** (c * r)
h = a * h_prev + sqrt(1 - a ** 2) * (i * x)""",
}
