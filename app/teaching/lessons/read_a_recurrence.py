"""A lesson on reading the equations of a recurrent cell, from the simple RNN to a matrix that is written and read."""

from ...equations.gallery import GALLERY, SHIPPED
from ..text_page import Lesson, Picture, TextPage


def picture_of(equations: str, tensor: str, **sizes: int) -> Picture:
    """The picture of a typed cell with a selected tensor."""
    return {"cell": "own", "equations": equations, "tensor": tensor, **sizes}


HEADS = {"features": 7, "num_units": 10}
"""Sizes for which heads have whole sizes, and no two axes the same."""

READ_A_RECURRENCE = Lesson(
    "Read a recurrence",
    "Ten cells, from the simple RNN to a matrix that is written and read: which axis each sign keeps, adds or removes.",
    (
        TextPage(
            "A state is what stays",
            """
            A recurrence is a line with the same name on both sides: the new {h} is computed from {h_prev}, that of the
            step before. Such a name is a *state*, and it has the same shape at every step: {h.shape}.

            Everything else is forgotten when the step ends. So to read a cell from a paper, first look for the names
            of the step before.
            """,
            picture_of(SHIPPED["rnn"], "h"),
        ),
        TextPage(
            "A product with a matrix changes one axis",
            """
            {W} is {W.axes}. In `x @ W` the axis {features.name} is summed over, and {num_units.name} takes its place.
            The batch is in no weight: the same {W} serves every sample.

            {u} is {u.shape}, a vector. `u * h_prev` multiplies number by number, so each unit sees only its own past,
            and no axis changes. That makes it an IndRNN: in a simple RNN a matrix mixes all units.
            """,
            picture_of(GALLERY["indrnn"], "W"),
        ),
        TextPage(
            "A gate is a share",
            """
            {z} is a sigmoid, so each of its numbers is a share, from 0 to 1. It has the shape of the state, {z.shape}:
            a share for each unit of each sample.

            `(1 - z) * h_prev + z * ...` is a weighted mean: where {z} is small the unit keeps its number, and where it
            is large the unit takes the new one.
            """,
            picture_of(GALLERY["mingru"], "z"),
        ),
        TextPage(
            "One product, several gates",
            """
            Papers write a line for each gate. Programs compute all of them at once: {kernel} is {kernel.axes}, and the
            result {a} is split into equal blocks of {num_units} [num_units:column|columns].

            Two states pass on to the next step, {c} and {h}. No matrix stands between {c_prev} and {c}, only signs that
            work number by number.
            """,
            picture_of(SHIPPED["lstm"], "a"),
        ),
        TextPage(
            "Shares that add up to 1",
            """
            Nothing forces two gates to add up to 1. Here {f} and {i} are divided by their sum, number by number, and
            then they do: all three have the shape {f.shape}.

            A division changes no axis. If both gates are small, it is not their size that counts, but which of them is
            larger.
            """,
            picture_of(GALLERY["minlstm"], "f"),
        ),
        TextPage(
            "Heads repeat a cell",
            """
            {num_units.name} is cut into heads, and {h} is {h.axes}. Each head has weights of its own: {R_z} is
            {R_z.shape}, a small matrix for each head instead of a large one for all.

            An axis like this only repeats what the cell does. In the picture it is a second outline behind the cell.
            """,
            picture_of(GALLERY["slstm"], "R_z", **HEADS),
        ),
        TextPage(
            "An outer product adds an axis",
            """
            {k} is {k.axes}, {v} is {v.axes}. What both have is kept, and each number of {k} meets each number of {v}:
            the product has K *and* V.

            So the state {M} is {M.shape}: a matrix for each head of each sample. Papers write it k vᵀ, and the picture
            draws it as a square, from which a ribbon with two edges comes.
            """,
            picture_of(GALLERY["linear_attention"], "M", **HEADS),
        ),
        TextPage(
            "A sum takes an axis away",
            """
            The matrix is read with {q}, which is {q.axes}. `sum(q * M, K)` multiplies along K and sums over it, so that
            V is left: {y} is {y.shape}.

            The output is much smaller than the state. What a sequence has to remember is {M}, not {y}.
            """,
            picture_of(GALLERY["linear_attention"], "y", **HEADS),
        ),
        TextPage(
            "How a matrix forgets",
            """
            Without another factor the sum grows for ever. {alpha} is {alpha.shape}: a number from 0 to 1 for each row
            of {S_prev}, computed from x at each step.

            It has K but not V, so it is repeated along V: a whole row fades at one rate. With a number for each head
            instead of each row it would be the decay of RetNet.
            """,
            picture_of(GALLERY["gla"], "alpha", **HEADS),
        ),
        TextPage(
            "Write over what is there",
            """
            `S_prev @ k` asks the matrix what it holds for the key {k}, and the outer product of the answer with {k} is
            taken away before {v} is written. {beta}, {beta.shape}, is the share that is replaced.

            All of it keeps the shape {S.shape}. Now you can read the cells of current language models: a state, what
            makes it fade, what is written, and how it is read.
            """,
            picture_of(GALLERY["gated_deltanet"], "S", **HEADS),
        ),
    ),
)
