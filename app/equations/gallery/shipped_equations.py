"""The cells that ship, app/core/cells, as texts: their weights have the same names, their tensors the same numbers."""

LSTM = """\
# LSTM (Christopher Olah, Understanding LSTM Networks, 2015)
h: batch_size, num_units
c: batch_size, num_units
kernel: num_units + features, 4 * num_units
bias: 4 * num_units
a = concat(h_prev, x) @ kernel + bias
a_f, a_i, a_g, a_o = split(a, 4)
f = sigmoid(a_f)
i = sigmoid(a_i)
g = tanh(a_g)
o = sigmoid(a_o)
c = f * c_prev + i * g
h = o * tanh(c)"""

LSTM_PEEPHOLE = """\
# LSTM with peepholes (Gers and Schmidhuber, Recurrent Nets that Time and Count, 2000)
h: batch_size, num_units
c: batch_size, num_units
kernel: num_units + features, 4 * num_units
bias: 4 * num_units
p_f: num_units
p_i: num_units
p_o: num_units
a = concat(h_prev, x) @ kernel + bias
a_f, a_i, a_g, a_o = split(a, 4)
f = sigmoid(a_f + c_prev * p_f)
i = sigmoid(a_i + c_prev * p_i)
g = tanh(a_g)
c = f * c_prev + i * g
o = sigmoid(a_o + c * p_o)
h = o * tanh(c)"""

LSTM_COUPLED = """\
# LSTM with coupled gates (Greff and others, LSTM: A Search Space Odyssey, 2015)
h: batch_size, num_units
c: batch_size, num_units
kernel: num_units + features, 3 * num_units
bias: 3 * num_units
a = concat(h_prev, x) @ kernel + bias
a_f, a_g, a_o = split(a, 3)
f = sigmoid(a_f)
i = 1 - f
g = tanh(a_g)
o = sigmoid(a_o)
c = f * c_prev + i * g
h = o * tanh(c)"""

GRU = """\
# GRU (Cho and others, Learning Phrase Representations using RNN Encoder-Decoder, 2014)
h: batch_size, num_units
kernel: num_units + features, 2 * num_units
bias: 2 * num_units
candidate_kernel: num_units + features, num_units
candidate_bias: num_units
a = concat(h_prev, x) @ kernel + bias
a_r, a_z = split(a, 2)
r = sigmoid(a_r)
z = sigmoid(a_z)
g = tanh(concat(r * h_prev, x) @ candidate_kernel + candidate_bias)
h = z * h_prev + (1 - z) * g"""

GRU_RESET_AFTER = """\
# GRU, reset after (Appleyard and others, Optimizing Performance of Recurrent Neural Networks on GPUs, 2016)
h: batch_size, num_units
kernel: features, 3 * num_units
bias: 3 * num_units
recurrent_kernel: num_units, 3 * num_units
recurrent_bias: 3 * num_units
x_a = x @ kernel + bias
x_r, x_z, x_g = split(x_a, 3)
h_a = h_prev @ recurrent_kernel + recurrent_bias
h_r, h_z, h_g = split(h_a, 3)
r = sigmoid(x_r + h_r)
z = sigmoid(x_z + h_z)
g = tanh(x_g + r * h_g)
h = z * h_prev + (1 - z) * g"""

RNN = """\
# Simple RNN (Elman, Finding Structure in Time, 1990)
h: batch_size, num_units
kernel: num_units + features, num_units
bias: num_units
h = tanh(concat(h_prev, x) @ kernel + bias)"""

SHIPPED: dict[str, str] = {
    "lstm": LSTM,
    "lstm_peephole": LSTM_PEEPHOLE,
    "lstm_coupled": LSTM_COUPLED,
    "gru": GRU,
    "gru_reset_after": GRU_RESET_AFTER,
    "rnn": RNN,
}
"""The texts, by the ids of CELLS."""
