"""What is said about the cells of the gallery, in the order of the page: by group, then by year, the shipped ones
first."""

from ...translations.phrases import phrase
from . import GALLERY, SHIPPED
from .entry import MATRICES, MATRIX, VECTOR, Entry

_VECTORS = (
    Entry(
        "rnn",
        "RNN",
        SHIPPED["rnn"],
        VECTOR,
        phrase(
            "The new state is tanh of a product with the old state and the input together. There is no gate: all of "
            "the state is written anew at each step."
        ),
        phrase("{kernel} is {kernel.shape}: it has a row for each unit and each feature, not for each feature alone."),
        phrase("There is no gate: the whole state passes through a matrix and tanh at each step."),
        "Elman, Finding Structure in Time, 1990",
    ),
    Entry(
        "lstm",
        "LSTM",
        SHIPPED["lstm"],
        VECTOR,
        phrase(
            "It has two states: {c} is only multiplied by a gate and added to, and {h} is what the layers see of it. "
            "Three gates between 0 and 1 and a candidate are computed from the same h and x."
        ),
        phrase(
            "{kernel} has a block of columns for each gate, but a state has {num_units} [num_units:number|numbers]: "
            "gates are not states."
        ),
        phrase("c passes through no matrix: it is multiplied by f and added to. Only h is read by the layers."),
        "Olah, Understanding LSTM Networks, 2015",
    ),
    Entry(
        "lstm_peephole",
        "LSTM, peepholes",
        SHIPPED["lstm_peephole"],
        VECTOR,
        phrase(
            "An LSTM whose gates see c, too: f and i see that of the step before, o the new one. A peephole is a "
            "vector, so each unit of a gate sees its own unit of c."
        ),
        phrase("{p_f} is {p_f.shape}: a peephole is a number for each unit, not a matrix."),
        phrase("Three vectors let each unit of f, i and o see its own unit of c."),
        "Gers and Schmidhuber, Recurrent Nets that Time and Count, 2000",
    ),
    Entry(
        "lstm_coupled",
        "LSTM, coupled",
        SHIPPED["lstm_coupled"],
        VECTOR,
        phrase("An LSTM with i = 1 − f: as much is written as was forgotten. Three layers are left of four."),
        phrase(
            "There is no array for i: {kernel} is {kernel.shape}, with three blocks, so it does not fit the weights of "
            "an LSTM."
        ),
        phrase("There is one layer less than in an LSTM: where f forgets, 1 − f writes."),
        "Greff and others, LSTM: A Search Space Odyssey, 2015, arXiv 1503.04069",
    ),
    Entry(
        "gru",
        "GRU",
        SHIPPED["gru"],
        VECTOR,
        phrase("It has one state. r is how much of it the candidate sees, z how much of it is kept."),
        phrase(
            "{kernel} is that of r and z alone. The candidate has its own, {candidate_kernel}, as it multiplies r ∗ h "
            "instead of h."
        ),
        phrase("r is applied before the product with h, so the candidate needs a product of its own."),
        "Cho and others, 2014, arXiv 1406.1078, equations 5 to 8",
    ),
    Entry(
        "gru_reset_after",
        "GRU, reset after",
        SHIPPED["gru_reset_after"],
        VECTOR,
        phrase(
            "The GRU of cuDNN, PyTorch and Keras. r is applied after the product with h, so one product serves all "
            "three layers."
        ),
        phrase(
            "It has two biases. {recurrent_bias} cannot be added to {bias}: that of the candidate is multiplied by r."
        ),
        phrase("r is applied after the product with h, so one product serves all three layers."),
        "Appleyard and others, 2016, arXiv 1604.01946",
    ),
    Entry(
        "mgu",
        "MGU",
        GALLERY["mgu"],
        VECTOR,
        phrase(
            "A GRU with one gate for two tasks: f is how much of the old state the candidate sees, and how much of it "
            "is replaced."
        ),
        phrase("f does not keep, as in an LSTM: where it is 1, the state is replaced."),
        phrase("One gate does the work of r and z: two thirds of the parameters of a GRU."),
        "Zhou and others, 2016, arXiv 1603.09420",
    ),
    Entry(
        "janet",
        "JANET",
        GALLERY["janet"],
        VECTOR,
        phrase(
            "An LSTM with its forget gate alone. As beta is 1, a little more is written than was forgotten. There is "
            "no output gate."
        ),
        phrase(
            "There is no h: c is the state and the output. {U_f} is {U_f.shape} for the state and {W_f} {W_f.shape} "
            "for the input, together the kernel of one gate."
        ),
        phrase("It has one gate and no output gate: c itself is the output."),
        "Van der Westhuizen and Lasenby, 2018, arXiv 1804.04849",
    ),
    Entry(
        "sru",
        "SRU",
        GALLERY["sru"],
        VECTOR,
        phrase(
            "The products need x alone, so they can be computed for all steps at once. Each step then only works "
            "number by number. The output adds x itself, so features and num_units must be equal."
        ),
        phrase("{v_f} is {v_f.shape}: a unit sees its own state alone, and no matrix is applied between steps."),
        phrase("No matrix joins c with c: v_f and v_r have one number for each unit."),
        "Lei and others, 2018, arXiv 1709.02755, equations 1 to 4",
    ),
    Entry(
        "qrnn",
        "QRNN",
        GALLERY["qrnn"],
        VECTOR,
        phrase(
            "A convolution over two inputs gives z, f and o, for all steps at once. Then each unit forgets and adds by "
            "itself, and o is how much of it is seen."
        ),
        phrase(
            "The window is over time, not over features: a step needs the input of the step before, {x_prev.shape}, so "
            "that is kept like a state."
        ),
        phrase("The gates see two inputs, this one and that before, and nothing of the state."),
        "Bradbury and others, 2016, arXiv 1611.01576, section 2",
    ),
    Entry(
        "indrnn",
        "IndRNN",
        GALLERY["indrnn"],
        VECTOR,
        phrase(
            "A simple RNN in which a unit sees itself alone: its recurrent matrix is diagonal, so it is written as a "
            "vector. Units meet in the next layer."
        ),
        phrase("{u} is {u.shape}; a simple RNN has a matrix of {num_units} × {num_units} there."),
        phrase("u has one number for each unit, where a simple RNN has a matrix."),
        "Li and others, 2018, arXiv 1803.04831, section 3",
    ),
    Entry(
        "ligru",
        "Li-GRU",
        GALLERY["ligru"],
        VECTOR,
        phrase(
            "A GRU without r, and with relu instead of tanh. The paper normalises the products with x over the batch; "
            "here that is left out."
        ),
        phrase("There is no bias: in the paper, the batch normalisation has one."),
        phrase("A GRU without r, without biases, and with relu."),
        "Ravanelli and others, 2018, arXiv 1803.10225",
    ),
    Entry(
        "lstm_layer_norm",
        "LSTM, layer norm",
        GALLERY["lstm_layer_norm"],
        VECTOR,
        phrase(
            "An LSTM in which both products and c are normalised: over the numbers of one sample at one step, never "
            "over the batch. Then each number gets a gain and a bias."
        ),
        phrase(
            "{gain_h} is {gain_h.shape}: a number for each column of the product, the same for all samples and steps."
        ),
        phrase("Both products and c are normalised, each sample at each step by itself."),
        "Ba, Kiros and Hinton, 2016, arXiv 1607.06450",
    ),
    Entry(
        "on_lstm",
        "ON-LSTM",
        GALLERY["on_lstm"],
        VECTOR,
        phrase(
            "An LSTM whose units have an order. f̃ rises from unit to unit, as a sum of a softmax, and ĩ falls: the "
            "first units are erased and rewritten often, the last ones keep what they have."
        ),
        phrase(
            "{f_tilde} is {f_tilde.shape}, a sum up to each unit: cumsum keeps the axis, where a sum would remove it."
        ),
        phrase(
            "Two more gates, sums of a softmax over the units, rank the units from those that change to those that "
            "keep."
        ),
        "Shen and others, 2019, arXiv 1810.09536, equations 6 to 14",
    ),
    Entry(
        "mingru",
        "minGRU",
        GALLERY["mingru"],
        VECTOR,
        phrase(
            "A GRU without r and without tanh. The gate and the candidate need x alone, so they can be computed for "
            "all steps at once; each step then takes a weighted mean of the old state and the candidate."
        ),
        phrase(
            "z is computed from x alone. The z of a GRU has seen h, too: its kernel has {num_units} + {features} rows, "
            "this one {features}."
        ),
        phrase("No weight joins h with h: [num_units=1:the unit|each of the {num_units} units] remembers by itself."),
        "Feng and others, 2024, arXiv 2410.01201, section 3.1",
    ),
    Entry(
        "minlstm",
        "minLSTM",
        GALLERY["minlstm"],
        VECTOR,
        phrase(
            "An LSTM without o, tanh and a second state. f and i need x alone, and are divided by their sum: so their "
            "sum is 1, and h keeps its scale."
        ),
        phrase("It has one state, {h.shape}: there is no c."),
        phrase("f and i see x alone, and are divided by their sum, so that h is a weighted mean."),
        "Feng and others, 2024, arXiv 2410.01201, section 3.2",
    ),
    Entry(
        "slstm",
        "sLSTM",
        GALLERY["slstm"],
        VECTOR,
        phrase(
            "An LSTM whose gates i and f are exponential. n sums up what was written, so that c / n is a weighted "
            "mean, and m keeps exp from overflow without a change of the result. A unit reads the units of its head "
            "alone."
        ),
        phrase(
            "{R_z} is {R_z.shape}: a matrix for each head, not one for all units. n and m are as large as c, as each "
            "unit has its own."
        ),
        phrase("It has four states of the same shape, and a unit reads the units of its own head alone."),
        "Beck and others, 2024, arXiv 2405.04517, section 2.2",
    ),
)

_MATRIX = (
    Entry(
        "fast_weights",
        "Fast weights",
        GALLERY["fast_weights"],
        MATRIX,
        phrase(
            "A simple RNN with a second memory: the matrix A fades, and gets the product of the state with itself at "
            "each step. It pulls the new state towards earlier states that are like it."
        ),
        phrase("{A} is {A.shape}: it is a state, another one for each sample. {W} and {C} are weights."),
        phrase("A is a matrix for each sample that is written at each step: {shape}, {numbers:,} for a sequence."),
        "Ba and others, 2016, arXiv 1610.06258, equations 1 and 2",
    ),
    Entry(
        "mamba",
        "Mamba",
        GALLERY["mamba"],
        MATRIX,
        phrase(
            "Each channel keeps N numbers, which fade at their own rates. delta, B and C are computed from the input, "
            "so the input selects what is kept; a large delta forgets more and writes more."
        ),
        phrase(
            "{h} is {h.shape}: N numbers for each channel. {B} is {B.shape}, the same for all channels, and {A_log} is "
            "a weight without a batch, {A_log.shape}."
        ),
        phrase("Each channel keeps {N} [N:number|numbers]: h is {shape}, {numbers:,} for a sequence."),
        "Gu and Dao, 2023, arXiv 2312.00752, algorithm 2",
    ),
)

_MATRICES = (
    Entry(
        "linear_attention",
        "Linear attention",
        GALLERY["linear_attention"],
        MATRICES,
        phrase(
            "Attention without softmax. M is the sum of the products of all keys and values so far, and a query reads "
            "it. Nothing is forgotten, and M does not grow with the steps."
        ),
        phrase("{M} is {M.shape} for any number of steps; a cache of keys and values has an axis of steps."),
        phrase("A matrix for each head: M is {shape}, {numbers:,} numbers for a sequence."),
        "Katharopoulos and others, 2020, arXiv 2006.16236, section 3.4",
    ),
    Entry(
        "retnet",
        "RetNet",
        GALLERY["retnet"],
        MATRICES,
        phrase(
            "Linear attention that forgets: at each step, S is multiplied by gamma, which is fixed, not learned. A "
            "value is twice as long as a key, so S is not square."
        ),
        phrase("{y} is {y.shape}: as V is twice K, the output has twice num_units numbers."),
        phrase("One fixed number fades all of S: it is {shape}, {numbers:,} numbers for a sequence."),
        "Sun and others, 2023, arXiv 2307.08621, equation 6",
    ),
    Entry(
        "gla",
        "GLA",
        GALLERY["gla"],
        MATRICES,
        phrase(
            "Linear attention that learns what to forget: alpha is computed from x through two narrow matrices. The "
            "exponent 1/16 keeps it near 1."
        ),
        phrase("{alpha} is {alpha.shape}: a rate for each row of S, not one for each head or each number."),
        phrase("alpha fades each row of S at its own rate: S is {shape}, {numbers:,} numbers for a sequence."),
        "Yang and others, 2023, arXiv 2312.06635, section 4",
    ),
    Entry(
        "hgrn2",
        "HGRN2",
        GALLERY["hgrn2"],
        MATRICES,
        phrase(
            "Linear attention whose gate is also its key: a row of S that fades by g gets 1 − g times the value i. So "
            "a row is a weighted mean of values, as in a GRU, and no key has a matrix of its own."
        ),
        phrase(
            "{g} is {g.shape}: a rate for each row of S. {S} has the rows of keys, though no tensor is called a key."
        ),
        phrase("What g forgets, 1 − g writes: S is {shape}, {numbers:,} numbers for a sequence."),
        "Qin and others, 2024, arXiv 2404.07904",
    ),
    Entry(
        "mlstm",
        "mLSTM",
        GALLERY["mlstm"],
        MATRICES,
        phrase(
            "An LSTM whose cell state is a matrix: the product of a value and a key is added to it, and a query reads "
            "it. n normalises what is read, and m keeps exp from overflow. No gate sees the state, so all steps can be "
            "computed at once."
        ),
        phrase("{i} is {i.shape}: one number for each head, not for each unit. {C} has the values as rows, {C.shape}."),
        phrase("Each head has one i and one f for its whole matrix: C is {shape}, {numbers:,} numbers for a sequence."),
        "Beck and others, 2024, arXiv 2405.04517, section 2.3",
    ),
    Entry(
        "mamba_2",
        "Mamba-2",
        GALLERY["mamba_2"],
        MATRICES,
        phrase(
            "Mamba with one rate of fading for each head, so that a step is a sum of products as in linear attention. "
            "B and C take the places of key and query, and all heads share them."
        ),
        phrase(
            "{A_log} is {A_log.shape}: a number for each head; Mamba has N for each channel. {B} is {B.shape}, without "
            "an axis of heads."
        ),
        phrase("Each head fades as a whole: h is {shape}, {numbers:,} numbers for a sequence."),
        "Dao and Gu, 2024, arXiv 2405.21060",
    ),
    Entry(
        "gated_deltanet",
        "Gated DeltaNet",
        GALLERY["gated_deltanet"],
        MATRICES,
        phrase(
            "A matrix that is corrected: what S gives for the key k is replaced by v, to the degree beta, after alpha "
            "has faded all of S. Keys and queries have length 1."
        ),
        phrase("{alpha} and {beta} are {alpha.shape}: a number for each head. V is twice K here, so S is not square."),
        phrase("beta replaces what S gives for k: S is {shape}, {numbers:,} numbers for a sequence."),
        "Yang, Kautz and Hatamizadeh, 2024, arXiv 2412.06464, section 3",
    ),
    Entry(
        "rwkv_6",
        "RWKV-6",
        GALLERY["rwkv_6"],
        MATRICES,
        phrase(
            "Each row of S fades at a rate that is computed from x through a narrow matrix. r reads S, and u counts "
            "the present step more, or less. Inputs are first mixed with that of the step before."
        ),
        phrase(
            "{w} is {w.shape}: a rate for each row of S. The input of the step before is kept, too, {x_prev.shape}."
        ),
        phrase("w fades each row of S at its own rate: S is {shape}, {numbers:,} numbers for a sequence."),
        "Peng and others, 2024, arXiv 2404.05892",
    ),
    Entry(
        "rwkv_7",
        "RWKV-7",
        GALLERY["rwkv_7"],
        MATRICES,
        phrase(
            "Each column of S fades at its own rate w, and what S gives for the key kappa is removed, for each "
            "component to the degree a. Then the product of a value and a key is added."
        ),
        phrase("{a} is {a.shape}: a degree for each component of the key; Gated DeltaNet has one for each head."),
        phrase(
            "What S gives for kappa is removed before v is written: S is {shape}, {numbers:,} numbers for a sequence."
        ),
        "Peng and others, 2025, arXiv 2503.14456",
    ),
)

ENTRIES: dict[str, Entry] = {entry.id: entry for entry in (*_VECTORS, *_MATRIX, *_MATRICES)}
"""By id: every cell of SHIPPED and GALLERY."""

BY_TEXT: dict[str, Entry] = {entry.text: entry for entry in ENTRIES.values()}
