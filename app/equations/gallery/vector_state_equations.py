"""Cells of papers whose states are vectors."""

MGU = """\
# MGU (Zhou and others, Minimal Gated Unit for Recurrent Neural Networks, 2016)
h: batch_size, num_units
W_f: num_units + features, num_units
b_f: num_units
W_h: num_units + features, num_units
b_h: num_units
f = sigmoid(concat(h_prev, x) @ W_f + b_f)
g = tanh(concat(f * h_prev, x) @ W_h + b_h)
h = (1 - f) * h_prev + f * g"""

JANET = """\
# JANET (van der Westhuizen and Lasenby, The Unreasonable Effectiveness of the Forget Gate, 2018)
c: batch_size, num_units
U_f: num_units, num_units
W_f: features, num_units
b_f: num_units
U_c: num_units, num_units
W_c: features, num_units
b_c: num_units
beta = 1
s = c_prev @ U_f + x @ W_f + b_f
g = tanh(c_prev @ U_c + x @ W_c + b_c)
c = sigmoid(s) * c_prev + (1 - sigmoid(s - beta)) * g"""

SRU = """\
# SRU (Lei and others, Simple Recurrent Units for Highly Parallelizable Recurrence, 2018)
axis features = num_units  # the highway adds x to the state
c: batch_size, num_units
W_f: features, num_units
v_f: num_units
b_f: num_units
W: features, num_units
W_r: features, num_units
v_r: num_units
b_r: num_units
f = sigmoid(x @ W_f + v_f * c_prev + b_f)
c = f * c_prev + (1 - f) * (x @ W)
r = sigmoid(x @ W_r + v_r * c_prev + b_r)
h = r * c + (1 - r) * x
output: h"""

QRNN = """\
# QRNN (Bradbury and others, Quasi-Recurrent Neural Networks, 2016), fo-pooling over windows of two steps
c: batch_size, num_units
W_z: features, num_units
V_z: features, num_units
W_f: features, num_units
V_f: features, num_units
W_o: features, num_units
V_o: features, num_units
z = tanh(x_prev @ W_z + x @ V_z)
f = sigmoid(x_prev @ W_f + x @ V_f)
o = sigmoid(x_prev @ W_o + x @ V_o)
c = f * c_prev + (1 - f) * z
h = o * c
output: h"""

INDRNN = """\
# IndRNN (Li and others, Independently Recurrent Neural Network, 2018)
h: batch_size, num_units
W: features, num_units
u: num_units
b: num_units
h = relu(x @ W + u * h_prev + b)"""

LIGRU = """\
# Li-GRU (Ravanelli and others, Light Gated Recurrent Units for Speech Recognition, 2018), without batch normalisation
h: batch_size, num_units
W_z: features, num_units
U_z: num_units, num_units
W_h: features, num_units
U_h: num_units, num_units
z = sigmoid(x @ W_z + h_prev @ U_z)
g = relu(x @ W_h + h_prev @ U_h)
h = z * h_prev + (1 - z) * g"""

LSTM_LAYER_NORM = """\
# LSTM with layer normalisation (Ba, Kiros and Hinton, Layer Normalization, 2016)
h: batch_size, num_units
c: batch_size, num_units
W_h: num_units, 4 * num_units
W_x: features, 4 * num_units
b: 4 * num_units
gain_h: 4 * num_units
gain_x: 4 * num_units
gain_c: num_units
b_c: num_units
a = gain_h * layer_norm(h_prev @ W_h, 4 * num_units) + gain_x * layer_norm(x @ W_x, 4 * num_units) + b
f, i, o, g = split(a, 4)
c = sigmoid(f) * c_prev + sigmoid(i) * tanh(g)
h = sigmoid(o) * tanh(gain_c * layer_norm(c, num_units) + b_c)"""

ON_LSTM = """\
# ON-LSTM (Shen and others, Ordered Neurons, 2019), with chunks of one unit
h: batch_size, num_units
c: batch_size, num_units
W: features, 6 * num_units
U: num_units, 6 * num_units
b: 6 * num_units
a_f, a_i, a_o, a_c, m_f, m_i = split(x @ W + h_prev @ U + b, 6)
f_tilde = cumsum(softmax(m_f, num_units), num_units)
i_tilde = 1 - cumsum(softmax(m_i, num_units), num_units)
omega = f_tilde * i_tilde
f_hat = sigmoid(a_f) * omega + (f_tilde - omega)
i_hat = sigmoid(a_i) * omega + (i_tilde - omega)
c = f_hat * c_prev + i_hat * tanh(a_c)
h = sigmoid(a_o) * tanh(c)"""

MINGRU = """\
# minGRU (Feng and others, Were RNNs All We Needed?, 2024)
h: batch_size, num_units
W_z: features, num_units
b_z: num_units
W_h: features, num_units
b_h: num_units
z = sigmoid(x @ W_z + b_z)
h = (1 - z) * h_prev + z * (x @ W_h + b_h)"""

MINLSTM = """\
# minLSTM (Feng and others, Were RNNs All We Needed?, 2024)
h: batch_size, num_units
W_f: features, num_units
b_f: num_units
W_i: features, num_units
b_i: num_units
W_h: features, num_units
b_h: num_units
f = sigmoid(x @ W_f + b_f)
i = sigmoid(x @ W_i + b_i)
h = f / (f + i) * h_prev + i / (f + i) * (x @ W_h + b_h)"""

SLSTM = """\
# sLSTM (Beck and others, xLSTM: Extended Long Short-Term Memory, 2024)
axis heads = 2
axis K = num_units / heads
h: batch_size, heads, K
c: batch_size, heads, K
n: batch_size, heads, K
m: batch_size, heads, K
W_z: features, heads, K
R_z: heads, K, K
b_z: heads, K
W_i: features, heads, K
R_i: heads, K, K
b_i: heads, K
W_f: features, heads, K
R_f: heads, K, K
b_f: heads, K
W_o: features, heads, K
R_o: heads, K, K
b_o: heads, K
z = tanh(x @ W_z + h_prev @ R_z + b_z)
i_raw = x @ W_i + h_prev @ R_i + b_i
f_log = logsigmoid(x @ W_f + h_prev @ R_f + b_f)
o = sigmoid(x @ W_o + h_prev @ R_o + b_o)
m = maximum(f_log + m_prev, i_raw)  # so that exp does not overflow
i = exp(i_raw - m)
f = exp(f_log + m_prev - m)
c = f * c_prev + i * z
n = f * n_prev + i
h = o * c / n
output: h"""
