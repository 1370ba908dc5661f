"""Cells of papers whose states are matrices, one for each head, or for each sample."""

LINEAR_ATTENTION = """\
# Linear attention (Katharopoulos and others, Transformers are RNNs, 2020), unnormalised
axis heads = 2
axis K = 4
axis V = num_units / heads
M: batch_size, heads, K, V
W_k: features, heads, K
W_v: features, heads, V
W_q: features, heads, K
k = x @ W_k
v = x @ W_v
q = x @ W_q
M = M_prev + k * v
y = sum(q * M, K)
output: y"""

RETNET = """\
# RetNet (Sun and others, Retentive Network: A Successor to Transformer, 2023)
axis heads = 2
axis K = num_units / heads
axis V = 2 * num_units / heads
S: batch_size, heads, K, V
W_k: features, heads, K
W_v: features, heads, V
W_q: features, heads, K
gamma = 1 - 2 ** -5  # the paper has another one for each head
k = x @ W_k
v = x @ W_v
q = x @ W_q
S = gamma * S_prev + k * v
y = q @ S
output: y"""

MLSTM = """\
# mLSTM (Beck and others, xLSTM: Extended Long Short-Term Memory, 2024)
axis heads = 2
axis K = num_units / heads
axis V = num_units / heads
C: batch_size, heads, V, K
n: batch_size, heads, K
m: batch_size, heads
W_q: features, heads, K
W_k: features, heads, K
W_v: features, heads, V
w_i: features, heads
b_i: heads
w_f: features, heads
b_f: heads
W_o: features, heads, V
b_o: heads, V
q = x @ W_q
k = x @ W_k / sqrt(K)
v = x @ W_v
i_raw = x @ w_i + b_i
f_log = logsigmoid(x @ w_f + b_f)
o = sigmoid(x @ W_o + b_o)
m = maximum(f_log + m_prev, i_raw)  # so that exp does not overflow
i = exp(i_raw - m)
f = exp(f_log + m_prev - m)
C = f * C_prev + i * outer(v, k)
n = f * n_prev + i * k
h = o * (C @ q) / maximum(abs(dot(n, q)), exp(-m))
output: h"""

MAMBA = """\
# Mamba, its selective state space S6 (Gu and Dao, Mamba: Linear-Time Sequence Modeling, 2023)
axis N = 4
axis R = 2
h: batch_size, num_units, N
W_u: features, num_units
W_1: num_units, R
W_2: R, num_units
b: num_units
W_B: num_units, N
W_C: num_units, N
A_log: num_units, N
D: num_units
u = silu(x @ W_u)
delta = softplus(u @ W_1 @ W_2 + b)
B = u @ W_B
C = u @ W_C
A = -exp(A_log)
h = exp(delta * A) * h_prev + delta * u * B
y = h @ C + D * u
output: y"""

GATED_DELTANET = """\
# Gated DeltaNet (Yang, Kautz and Hatamizadeh, Gated Delta Networks, 2024)
axis heads = 2
axis K = num_units / heads
axis V = 2 * num_units / heads
S: batch_size, heads, V, K
W_q: features, heads, K
W_k: features, heads, K
W_v: features, heads, V
w_a: features, heads
b_a: heads
A_log: heads
w_b: features, heads
k_raw = silu(x @ W_k)
q_raw = silu(x @ W_q)
k = k_raw / norm(k_raw, K)
q = q_raw / norm(q_raw, K)
v = silu(x @ W_v)
alpha = exp(-exp(A_log) * softplus(x @ w_a + b_a))  # forgets
beta = sigmoid(x @ w_b)  # replaces
S = alpha * (S_prev - beta * outer(S_prev @ k, k)) + beta * outer(v, k)
y = S @ q
output: y"""

RWKV_7 = """\
# RWKV-7 (Peng and others, RWKV-7 Goose with Expressive Dynamic State Evolution, 2025), its time mixing
axis heads = 2
axis K = num_units / heads
axis V = num_units / heads
axis R = 3
S: batch_size, heads, V, K
mu_r: features
mu_w: features
mu_k: features
mu_v: features
mu_a: features
W_r: features, heads, K
W_k: features, heads, K
W_v: features, heads, V
w_0: heads, K
w_1: features, R
w_2: R, heads, K
a_0: heads, K
a_1: features, R
a_2: R, heads, K
xi: heads, K
alpha: heads, K
rho: heads, K
shift = x_prev - x
r = (x + mu_r * shift) @ W_r
w = exp(-exp(-0.5) * sigmoid(tanh((x + mu_w * shift) @ w_1) @ w_2 + w_0))
k = (x + mu_k * shift) @ W_k
v = (x + mu_v * shift) @ W_v
a = sigmoid((x + mu_a * shift) @ a_1 @ a_2 + a_0)
kappa = k * xi / norm(k * xi, K)
k_new = k * (1 + (a - 1) * alpha)
S = S_prev * w - outer(S_prev @ kappa, a * kappa) + outer(v, k_new)
y = S @ r + sum(r * rho * k_new, K) * v
output: y"""

RWKV_6 = """\
# RWKV-6 (Peng and others, Eagle and Finch: RWKV with Matrix-Valued States, 2024), its time mixing
axis heads = 2
axis K = num_units / heads
axis V = num_units / heads
axis R = 3
S: batch_size, heads, K, V
mu_r: features
mu_w: features
mu_k: features
mu_v: features
W_r: features, heads, K
W_k: features, heads, K
W_v: features, heads, V
w_0: heads, K
w_1: features, R
w_2: R, heads, K
u: heads, K
shift = x_prev - x
r = (x + mu_r * shift) @ W_r
w = exp(-exp(w_0 + tanh((x + mu_w * shift) @ w_1) @ w_2))
k = (x + mu_k * shift) @ W_k
v = (x + mu_v * shift) @ W_v
S = w * S_prev + k * v
y = r @ (S_prev + u * k * v)  # u counts the present step more, or less
output: y"""

MAMBA_2 = """\
# Mamba-2 (Dao and Gu, Transformers are SSMs, 2024), its state space with one decay for each head
axis heads = 2
axis P = num_units / heads
axis N = 4
h: batch_size, heads, P, N
W_u: features, heads, P
W_B: features, N
W_C: features, N
w_d: features, heads
b_d: heads
A_log: heads
D: heads
u = silu(x @ W_u)
B = silu(x @ W_B)
C = silu(x @ W_C)
delta = softplus(x @ w_d + b_d)
h = exp(-exp(A_log) * delta) * h_prev + delta * u * B
y = h @ C + D * u
output: y"""

HGRN2 = """\
# HGRN2 (Qin and others, HGRN2: Gated Linear RNNs with State Expansion, 2024)
axis heads = 2
axis K = num_units / heads
axis V = num_units / heads
S: batch_size, heads, K, V
W_g: features, heads, K
W_i: features, heads, V
W_o: features, heads, K
g = sigmoid(x @ W_g)  # the paper has a smallest g for each layer
i = silu(x @ W_i)
o = sigmoid(x @ W_o)
S = g * S_prev + (1 - g) * i
y = o @ S
output: y"""

GLA = """\
# GLA (Yang and others, Gated Linear Attention Transformers with Hardware-Efficient Training, 2023)
axis heads = 2
axis K = num_units / heads
axis V = 2 * num_units / heads
axis R = 3
S: batch_size, heads, K, V
W_q: features, heads, K
W_k: features, heads, K
W_v: features, heads, V
w_1: features, R
w_2: R, heads, K
b: heads, K
alpha = sigmoid(x @ w_1 @ w_2 + b) ** 0.0625  # near 1, so that it forgets slowly
k = x @ W_k
v = x @ W_v
q = x @ W_q
S = alpha * S_prev + k * v
y = q @ S
output: y"""

FAST_WEIGHTS = """\
# Fast weights (Ba and others, Using Fast Weights to Attend to the Recent Past, 2016), with one inner step
axis U2 = num_units
h: batch_size, num_units
A: batch_size, num_units, U2
W: num_units, num_units
C: features, num_units
slow = h_prev @ W + x @ C
A = 0.95 * A_prev + 0.5 * h_prev * (h_prev @ identity(num_units, U2))
first = relu(slow)
fast = A @ (first @ identity(num_units, U2))
h = relu(layer_norm(slow + fast, num_units))"""
