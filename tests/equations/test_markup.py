"""Equations that are copied with the marks of a document: the same cell, and the places of mistakes as typed."""

import pytest

from app.equations.cell_from_equations import cell_of
from app.equations.notation import read
from app.equations.places_and_errors import EquationsError

PLAIN = r"""z_t = \sigma(W_z x_t + U_z h_{t-1})
n_t = \tanh(W_n x_t + U_n h_{t-1})
h_t = (1 - z_t) h_{t-1} + z_t n_t"""

LINES = PLAIN.split("\n")

MARKED = {
    "headings": "\n".join(f"**Step {n}: Gate {n}**\n\n$${line}$$\n" for n, line in enumerate(LINES, 1)),
    "displays": "\n".join(f"The line is as follows:\n\n$$\n{line}\n$$\n" for line in LINES),
    "rules": f"---\n{PLAIN}\n\n---\n\n## Results\n",
    "list": "\n".join(f"- ${line}$" for line in LINES) + "\n- The cell has one state, which is its output.",
    "code": "\n".join(f"- Line {n}: `{line}`" for n, line in enumerate(LINES, 1)),
    "table": "| name | formula |\n|---|:---:|\n" + "\n".join(f"| line {n} | ${s}$ |" for n, s in enumerate(LINES)),
    "tags": '<Box title="A cell">\n' + "\n".join(f'  <BlockMath math="{line}" />' for line in LINES) + "\n</Box>",
    "templates": "\n".join(f"<M math={{String.raw`{line}`}} />" for line in LINES),
    "html": "<p>The cell:</p>" + "".join(f"\n<li>\\({line}\\)</li>" for line in LINES),
    "attribute": 'notation="' + ", ".join(f"${line}$" for line in LINES) + '"',
    "remarks": " (this line) ".join(f"${line}$" for line in LINES),
    "roles": "\n".join(f":math:`{line}`" for line in LINES) + "\n\nHere :math:`h_t` is the state, see :attr:`cell`.",
    "documentation of R": "\n".join(f"#' \\deqn{{\n#' {line}\n#' }}" for line in LINES) + "\n#' of \\eqn{h_t}",
    "comments": "\n".join(f"// {line}" for line in LINES),
    "quotation": "\n".join(f"> {line}" for line in LINES),
    "source of a program": PLAIN.replace("\\", "\\\\"),
    "lost backslashes": "\n".join(f"* Part {n}:\n  [\n  {line}\n  ]" for n, line in enumerate(LINES)),
    "box": "┌────────┐\n" + "\n".join(f"│ {line} │" for line in LINES) + "\n└────────┘\n    ▼",
    "words": "\n".join(f"{word}_gate {line}" for word, line in zip(("update", "new", "next"), LINES, strict=True)),
    "comments behind": "\n".join(f"{line}    # the line {n} of three" for n, line in enumerate(LINES)),
    "arrows": "\n".join(f"{line}   ← what the line is for" for line in LINES),
    "italics": "\n".join(f"$${line}$$" for line in LINES) + "\n*(where $z_t$ is a gate).*",
    "lost backslashes of breaks": "\\begin{align}\n" + " \\\n".join(LINES) + "\n\\end{align}",
    "Chinese": "更新过程如下：\n" + "\n".join(f"{n}. **第{n}步**：${line}$。" for n, line in enumerate(LINES, 1)),
    "Chinese without dollars": "\n".join(f"第{n}步：{line}，其中 W 是权重" for n, line in enumerate(LINES, 1)),
    "Chinese around a display": f"公式：\n$$\n\\begin{{aligned}}\n{PLAIN}\n\\end{{aligned}}\n$$\n\n其中，$z_t$ 是门",
    "Korean in one line": "식은 다음과 같다. " + " 이고 ".join(f"${line}$" for line in LINES) + " 이다.",
    "Spanish": "\n".join(rf"$${line} \quad \text{{(línea de la compuerta)}}$$" for line in LINES),
    "Spanish behind": "\n".join(f"$${line}$$ (compuerta de actualización)" for line in LINES) + "\ndonde σ(·) es una",
    "French": "1. Initialiser $h_0 = 0$\n2. Pour $t = 1, 2, \\ldots$:\n" + "\n".join(f"   - ${s}$" for s in LINES),
}
MARKED["displays"] = MARKED["displays"].replace(LINES[0], LINES[0].replace(" + ", r" \\" + "\n + "))
MARKED["Chinese around a display"] = MARKED["Chinese around a display"].replace("_{t-1})\n", "_{t-1}) \\\\\n")


def equations(text: str) -> list[str]:
    """The equations and axes of the cell that a text gives."""
    return [line for line in cell_of(read(text).text).text.split("\n") if not line.startswith("#")]


@pytest.mark.parametrize("mark", MARKED)
def test_marks_of_a_document_around_equations_change_no_cell(mark: str) -> None:
    assert equations(MARKED[mark]) == equations(PLAIN)


@pytest.mark.parametrize("mark", MARKED)
def test_a_mistake_between_marks_is_shown_where_it_was_typed(mark: str) -> None:
    text = MARKED[mark].replace("n_t$", "y_t + q_{t-1}$").replace("z_t n_t", "z_t q_{t-1}")
    with pytest.raises(EquationsError) as raised:
        read(text)
    place = raised.value.place
    assert text.split("\n")[place.line - 1][place.start : place.end] == "q_{t-1}"


@pytest.mark.parametrize(
    "program",
    [
        "h = np.tanh(np.dot(x, W) + b)",
        "gates = x @ W + h_prev @ U\ni = gates[:, :n]\nh = i * h_prev",
        "h_t = torch.exp(self.A) * h_prev + x",
    ],
)
def test_a_program_is_no_cell(program: str) -> None:
    with pytest.raises(EquationsError, match="is of a program; write equations"):
        read(program)


def test_our_own_language_may_name_a_library_in_a_comment() -> None:
    text = "h: batch_size, num_units\nW: features, num_units\nh = tanh(x @ W) + h_prev  # as np.tanh"
    assert read(text).text == text


def test_a_letter_of_another_script_within_an_equation_is_a_mistake() -> None:
    with pytest.raises(EquationsError, match="“门” has no meaning here"):
        read("h_t = 门 x_t + U h_{t-1}")
