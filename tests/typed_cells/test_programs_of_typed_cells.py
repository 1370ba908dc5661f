"""The programs of typed cells compute our numbers, and read like the equations. The real frameworks run them in
tests/oracles/test_typed_programs.py."""

import ast
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from configurations import execute
from hypothesis import given, settings
from pairing import ALL_COMBINATIONS
from test_random_equations import SIZES, texts
from typed_cells import CASES, CELLS, NAMES, Case, case, difference

from app.core.ops.op import quiet
from app.core.stack import Stack
from app.equations.cell_from_equations import cell_of
from app.equations.function_syntax import FUNCTIONS
from app.typed_cells.code import WRITERS, own_program
from app.typed_cells.code.numpy_torch_jax import JAX, NUMPY, PYTORCH


@pytest.mark.parametrize("case", CASES, ids=str)
def test_numpy_computes_our_numbers(case: Case, tmp_path: Path) -> None:
    assert difference(case.stack, "colah", tmp_path) <= 1e-12
    assert difference(case.stack, "colah", tmp_path, "float32") <= 1e-5


@settings(max_examples=400 if ALL_COMBINATIONS else 30)
@given(texts(), SIZES)
def test_the_program_of_random_equations_computes_our_numbers(text: str, sizes: tuple[int, int, int, int]) -> None:
    with TemporaryDirectory() as folder:
        assert difference(Stack(cell_of(text), *sizes), "colah", Path(folder)) <= 1e-9


def test_the_program_of_a_circular_shift_and_of_parts_that_are_one_number_computes_our_numbers(tmp_path: Path) -> None:
    lines = "axis N = 5", "h: batch_size, num_units", "w: batch_size, N", "W: num_units, N", "P: 2, N", "zeta: 1"
    step = "a, b = split(w_prev, N - 1, 1)", "w = h_prev @ W * b + x[:2] @ P + concat(w_prev[1:], w_prev[:1])"
    cell = cell_of("\n".join((*lines, *step, "c = concat(b, a)", "h = h_prev * zeta + sum(w * c, N)")))
    assert difference(Stack(cell, 2, 3, 2, 4), "colah", tmp_path) <= 1e-12


def test_a_program_runs_with_random_weights_and_at_sizes_of_one() -> None:
    for text in CELLS.values():
        cell = cell_of(text)
        size = 2 if {"heads", "cell"} & {*cell.own_sizes} else 1
        with quiet():
            execute(own_program(Stack(cell, 1, 1, size, size), "colah"))


def test_the_lines_of_a_step_are_those_of_the_text() -> None:
    program = own_program(case("mingru").stack, "colah").splitlines()
    begin = program.index("def step(x, h_prev, W_z, b_z, W_h, b_h):")
    assert program[begin + 1 : begin + 6] == [
        "    z = sigmoid(x @ W_z + b_z)  # batch_size × num_units",
        "    h = (1 - z) * h_prev + z * (x @ W_h + b_h)  # batch_size × num_units",
        "    for tensor in (z, h):",
        "        assert tensor.shape == (batch_size, num_units)",
        "    return h",
    ]


@pytest.mark.parametrize(("id", "line"), [
    ("linear_attention", "M = M_prev + k[..., None] * v[:, :, None]  # batch_size × heads × K × V"),
    ("linear_attention", "y = np.sum(q[..., None] * M, axis=2)  # batch_size × heads × V"),
    ("retnet", "# the paper has another one for each head"),
    ("slstm", "z = np.tanh(np.einsum(\"bf,fhk->bhk\", x, W_z) + np.einsum(\"bhk,hka->bha\", h_prev, R_z) + b_z)"),
    ("lstm", "a_f, a_i, a_g, a_o = np.split(a, 4, axis=-1)  # each batch_size × num_units"),
    ("mamba", "h = np.exp(delta[..., None] * A) * h_prev + (delta * u)[..., None] * B[:, None]"),
])  # fmt: skip
def test_an_axis_that_a_tensor_lacks_is_added(id: str, line: str) -> None:
    assert line in [one.strip() for one in own_program(case(id).stack, "colah").splitlines()]


@pytest.mark.parametrize("framework", WRITERS)
def test_names_that_python_or_a_program_has_get_an_underscore(framework: str) -> None:
    program = own_program(case("names").stack, framework)
    assert "lambda__ = lambda_prev * step_[..., None] + lambda_" in program
    assert "x @ print_" in program or "x @ self.print_" in program
    assert ("self.train_ = " in program) == (framework == "pytorch")
    assert '"print": (features, cell_),' in program


@pytest.mark.parametrize("framework", WRITERS)
def test_comments_and_titles_of_visitors_are_never_code(framework: str) -> None:
    """Neither quotes, a backslash, nor any character that ends a line leave a comment or a docstring."""
    text = NAMES.replace("Names that", '""" + print("in") + """ \\').replace(
        "  # ", "  # a\u2028print()\x0b\x0cprint() "
    )
    cell = cell_of(text)
    assert '"""' in cell.source and "\u2028" in cell.text
    program = own_program(Stack(cell, 3, 4, 2, 6), framework)
    known = own_program(case("names").stack, framework)
    assert _without_docstring(program) == _without_docstring(known)
    assert program.isascii() or all(c.isprintable() or c == "\n" for c in program)


def _without_docstring(program: str) -> str:
    tree = ast.parse(program)
    assert isinstance(tree.body[0], ast.Expr) and isinstance(tree.body[0].value, ast.Constant)
    return ast.unparse(ast.Module(tree.body[1:], []))


@pytest.mark.parametrize("language", [NUMPY, PYTORCH, JAX], ids=lambda language: language.module)
def test_every_function_of_the_language_can_be_written(language) -> None:  # type: ignore[no-untyped-def]
    special = {"outer", "dot", "identity", "diag", "transpose"}
    assert {*FUNCTIONS} - special - {*language.functions} == set()


def test_programs_are_well_formatted(tmp_path: Path) -> None:
    """Without unused names, in lines of 100 characters. Sums and products may have more lines than Black would give
    them, so its own format is not compared."""
    from test_generated_programs import ruff

    for framework in WRITERS:
        for one in CASES:
            (tmp_path / f"{framework}_{one}.py").write_text(own_program(one.stack, framework), encoding="utf-8")
    rules = ["--isolated", "--quiet", "--no-cache", "--line-length", "100", "--select", "E,F,I,B,UP,SIM"]
    ruff("check", *rules, "--ignore", "E402,SIM300", str(tmp_path))


def test_a_program_is_the_same_each_time() -> None:
    for framework in WRITERS:
        assert len({own_program(case("rwkv_7").stack, framework) for _ in range(2)}) == 1
