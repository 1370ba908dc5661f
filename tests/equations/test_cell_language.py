"""The language of equations: what is read, its canonical form, what the names are, and what is said about mistakes."""

import numpy as np
import pytest
from wrong_texts import assert_message, wrong_texts

from app.core.axes import AxisError
from app.core.effects_of_a_change import poke
from app.core.gradients import cell_gradients
from app.core.input_data import make_input
from app.core.program import Program, capture
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack
from app.core.symbols import ProgramError
from app.core.trace import Trace
from app.core.work_limits import Budget
from app.equations.canonical import canonical
from app.equations.cell_from_equations import cell_of
from app.equations.equations_parser import parse
from app.equations.function_syntax import UNARY
from app.equations.gallery import GALLERY, SHIPPED
from app.equations.places_and_errors import EquationsError

PLACE = 0, "forward"
STATE = "h: batch_size, num_units"


def program(*lines: str) -> Program:
    return capture(cell_of("\n".join((STATE, *lines))))


def traced(*lines: str, sizes: tuple[int, int, int, int] = (3, 4, 2, 5)) -> Trace:
    stack = Stack(cell_of("\n".join((STATE, *lines))), *sizes)
    weights, X = stack_weights(stack, 2, "float64"), make_input(stack.sizes, 2, "float64")
    return run_stack(stack, weights, X).traces[PLACE]


WRONG = wrong_texts("wrong_equations.txt")


def test_a_mistake_is_named_with_its_line_its_words_and_what_would_fit() -> None:
    assert len(WRONG) == 200
    for wrong in WRONG:
        assert_message(cell_of, wrong)


def test_a_text_that_is_too_long_is_not_read() -> None:
    for text, limit in (("h" * 4001, "4,001 characters in 1 lines"), ("\n" * 120, "120 characters in 121 lines")):
        with pytest.raises(EquationsError, match=f"the equations have {limit}; the most are 4,000 in 120"):
            cell_of(text)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("h=((1-z)*h_prev)+(z)", "h = (1 - z) * h_prev + z"),
        ("h = a - (b - c) - d", "h = a - (b - c) - d"),
        ("h = (a ** b) ** c ** d", "h = (a ** b) ** c ** d"),
        ("h = (-a) ** 2 - -a ** 2", "h = (-a) ** 2 - -a ** 2"),
        ("h = (a @ W) * (x @ V)", "h = a @ W * (x @ V)"),
        ("h = (a > b) * (c + d < 2)", "h = (a > b) * (c + d < 2)"),
        ("h = 1.50 * a + 2. + .5e-3 + 1e3", "h = 1.5 * a + 2 + 0.0005 + 1000"),
        ("h =sum( q*M ,K,V )   #why", "h = sum(q * M, K, V)  # why"),
        ("h = (a +\n  b) * c", "h = (a + b) * c"),
        ("  W :2*num_units+features,K ", "W: 2 * num_units + features, K"),
        ("n: batch_size,heads=-1.0", "n: batch_size, heads = -1"),
        ("axis K=(2*num_units+1)/heads/2", "axis K = (2 * num_units + 1) / heads / 2"),
        ("axis K=(num_units)/2", "axis K = num_units / 2"),
        ("axis K=(num_units+1)", "axis K = num_units + 1"),
        ("f,g=split(a,2)", "f, g = split(a, 2)"),
        ("output:y\r\n", "output: y"),
        ("\ufeffoutput\u00a0: y\r# a\rh = y", "output: y\n# a\nh = y"),
        ("#\n\n# a\n\n", "\n\n# a"),
    ],
)
def test_the_canonical_form_has_one_text_for_equal_trees(typed: str, written: str) -> None:
    assert canonical(parse(typed)) == written
    assert parse(written) == parse(typed)


def test_lines_may_stand_in_any_order() -> None:
    text = GALLERY["mlstm"]
    comment, *lines = text.split("\n")
    turned = capture(cell_of("\n".join((comment, *lines[::-1]))))
    assert {t.id: (t.axes, t.op) for t in turned.tensors} == {
        t.id: (t.axes, t.op) for t in capture(cell_of(text)).tensors
    }


def test_a_name_that_a_line_computes_is_a_state_if_it_has_axes_and_else_a_tensor() -> None:
    of = program("W: features, num_units", "z = x @ W", "h = tanh(z) * h_prev")
    assert {t.id: t.role for t in of.tensors if t.id in ("W", "z", "h", "h_prev", "h_1")} == {
        "W": "weight",
        "z": "intermediate",
        "h": "state",
        "h_prev": "state",
        "h_1": "intermediate",
    }


def test_a_part_without_a_name_has_its_formula_as_symbol() -> None:
    of = program("W: features, num_units", "b: num_units", "h = -(x @ W + b) / (1 + abs(h_prev) ** 2) * 0.5")
    assert of.formula(of.by_id["h"]) == "hₜ = (−(xₜ W + b)) / (1 + |hₜ₋₁| ^ 2) ∗ 0.5"
    assert [t.id for t in of.step] == ["x", "h_prev", *(f"h_{n}" for n in range(1, 7)), "h"]
    assert of.by_id["h_1"].op == "affine"


def test_a_name_in_the_text_is_never_given_to_a_part() -> None:
    of = program("W: features, num_units", "h = (x @ W) * h_1", "h_1 = tanh(h_prev)")
    assert of.by_id["h_1"].op == "tanh" and of.by_id["h_2"].op == "matmul"


def test_adding_a_line_changes_no_weight() -> None:
    few = traced("W: features, num_units", "h = tanh(x @ W)")
    more = traced("V: num_units, num_units", "W: features, num_units", "c = h_prev @ V", "h = tanh(x @ W) + 0 * c")
    np.testing.assert_array_equal(few.inputs["W"], more.inputs["W"])
    np.testing.assert_array_equal(few.array("Y"), more.array("Y"))


def test_a_state_may_start_at_a_number() -> None:
    found = traced("n: batch_size, num_units = 2.5", "n = n_prev + 1", "h = n * 2")
    np.testing.assert_array_equal(found.stack("n")[:, 0, 0], [3.5, 4.5, 5.5, 6.5])
    assert found.program.formula(found.program.by_id["n_prev"]) == "nₜ₋₁ = n of the previous step, 2.5 at the start"


def test_a_state_may_hold_older_steps_and_x_has_a_step_before() -> None:
    found = traced("old: batch_size, num_units", "W: features, num_units", "h = x @ W", "old = h_prev", "y = old_prev",
                   "before = x_prev @ W", "output: y")  # fmt: skip
    h, y = found.stack("h"), found.stack("y")
    np.testing.assert_array_equal(y[2:], h[:-2])
    assert not y[:2].any()
    np.testing.assert_array_equal(found.stack("before")[1:], h[:-1])
    assert not found.stack("before")[0].any()


def test_the_step_and_sizes_are_numbers() -> None:
    found = traced("h = h_prev + t * 2 - num_units / features")
    np.testing.assert_allclose(found.stack("h")[:, 1, 2], np.cumsum([2 * t - 2.5 for t in range(4)]))


def test_tensors_are_aligned_by_the_names_of_their_axes() -> None:
    axes = ("axis K = 3", "axis V = 2", "W_k: features, K", "W_v: features, V", "A: V, K")
    found = traced(*axes, "k = x @ W_k", "v = x @ W_v", "M = k * v + A", "s = sum(M, K, V)", "h = h_prev + s")
    k, v, M = found.array("k", 1), found.array("v", 1), found.array("M", 1)
    np.testing.assert_allclose(M, k[:, :, None] * v[:, None] + found.inputs["A"].T, rtol=1e-14)
    np.testing.assert_allclose(found.array("s", 1), M.sum(axis=(1, 2)), rtol=1e-14)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("y = softmax(M, K, V)", lambda M: np.exp(M) / np.exp(M).sum(axis=(1, 2), keepdims=True)),
        ("y = cumsum(M, K)", lambda M: np.cumsum(M, axis=1)),
        ("y = transpose(M)", lambda M: M.swapaxes(1, 2)),
        ("y = mean(M, K)", lambda M: M.mean(axis=1)),
        ("y = max(M, V)", lambda M: M.max(axis=2)),
        ("y = norm(M, K)", lambda M: np.linalg.norm(M, axis=1)),
        ("y = group_norm(M, V)", lambda M: (M - M.mean(1, keepdims=True)) / np.sqrt(M.var(1, keepdims=True) + 1e-5)),
        ("y = dot(M, k)", lambda M: M),
        ("y = mod(M, 0.25) + minimum(M, 0) + where(M <= 0, M, 2)", lambda M: M % 0.25 + np.minimum(M, 0)
         + np.where(M <= 0, M, 2)),
        ("y = M @ identity(V, V2)", lambda M: M),
        ("y = sum(diag(k, K2) * M, K)", lambda M: M),
        ("y = gelu(M) + elu(M) + silu(M)", lambda M: M),
    ],
)  # fmt: skip
def test_a_function_of_a_matrix(line: str, expected) -> None:  # type: ignore[no-untyped-def]
    axes = ("axis K = 3", "axis V = 2", "axis V2 = V", "axis K2 = K", "W: features, K, V", "w: features, K")
    found = traced(*axes, "M = x @ W", "k = x @ w", line.replace("dot(M, k)", "dot(k, M)"), "h = h_prev")
    M, k, y = (found.array(id, 2) for id in ("M", "k", "y"))
    match line:
        case "y = dot(M, k)":
            np.testing.assert_allclose(y, np.einsum("bk,bkv->bv", k, M), rtol=1e-12)
        case "y = sum(diag(k, K2) * M, K)":
            np.testing.assert_allclose(y, (k[..., None] * M), rtol=1e-12)
        case "y = gelu(M) + elu(M) + silu(M)":
            gelu = 0.5 * M * (1 + np.tanh(np.sqrt(2 / np.pi) * (M + 0.044715 * M**3)))
            elu = np.where(M > 0, M, np.exp(M) - 1)
            np.testing.assert_allclose(y, gelu + elu + M / (1 + np.exp(-M)), rtol=1e-12)
        case _:
            np.testing.assert_allclose(y, expected(M), rtol=1e-12)


def test_a_size_that_does_not_divide_is_named() -> None:
    stack = Stack(cell_of(GALLERY["slstm"]), 3, 4, 2, 5)
    with pytest.raises(AxisError, match="num_units / heads is no whole number where num_units = 5, heads = 2"):
        _ = stack.sizes
    with pytest.raises(AxisError, match="SRU has features = num_units, which is 5; features must not be 2"):
        _ = Stack(cell_of(GALLERY["sru"]), 3, 4, 2, 5).sizes


def test_the_two_axes_of_an_identity_have_one_size() -> None:
    message = r"line 3: identity\(K, num_units\) needs two axes of one size; K × num_units is 2 × 5"
    with pytest.raises(AxisError, match=message):
        traced("axis K = 2", "h = h_prev * sum(identity(K, num_units), K, num_units)")


def test_a_slice_and_blocks_of_different_sizes_are_parts_of_the_last_axis() -> None:
    found = traced(
        "axis K = 2",
        "W: features, num_units + features + K",
        "a = x @ W",
        "first, second, third = split(a, num_units, features, K)",
        "last = W[num_units + features:]",
        "h = h_prev + first * sum(second, features) * sum(a[0:K] * third * (x @ last), K)",
    )
    a, W, x = found.array("a", 1), found.inputs["W"], found.array("x", 1)
    np.testing.assert_array_equal(found.array("second", 1), a[:, 5:7])
    np.testing.assert_array_equal(found.array("last", 1), W[:, 7:])
    expected = a[:, :5] * a[:, 5:7].sum(1, keepdims=True) * (a[:, :2] * a[:, 7:] * (x @ W[:, 7:])).sum(1, keepdims=True)
    np.testing.assert_allclose(found.array("h", 1) - found.array("h_prev", 1), expected, rtol=1e-12)
    assert found.program.formula(found.program.by_id["second"]) == "secondₜ = aₜ[num_units:num_units+features]"
    assert found.program.flops({**found.sizes, "time_step": 1}) == 201
    assert canonical(parse("h = (a + b)[0:K] * c[K:]")) == "h = (a + b)[:K] * c[K:]"


@pytest.mark.parametrize(
    "line",
    [
        "w = concat(w_prev[1:], w_prev[0:1]) + x @ V",
        "a, b = split(w_prev, one, N - one);  axis one = 1;  w = concat(b, a) + x @ V",
        "a, b = split(w_prev, one, rest);  axis one = 1;  axis rest = 4;  w = concat(b, a) + x @ V",
        "axis rest = N - 1;  axis one = 1;  w = concat(w_prev[one:N], w_prev[:one]) + x @ V",
        "a, b = w_prev[1:], w_prev[:1];  w = concat(a, b) + x @ V",
    ],
)
def test_what_is_joined_from_all_parts_of_an_axis_has_that_axis(line: str) -> None:
    lines = ("axis N = 5", "w: batch_size, N", "V: features, N", *line.split(";  "), "h = h_prev + sum(w, N)")
    trace = traced(*lines)
    for t in range(4):
        expected = np.roll(trace.array("w_prev", t), -1, -1) + trace.array("x", t) @ trace.inputs["V"]
        np.testing.assert_allclose(trace.array("w", t), expected, rtol=1e-12)


def test_parts_that_are_computed_and_joined_have_the_axis_that_is_so_long() -> None:
    lines = "axis N = 5", "s: batch_size, N", "p: features", "D: features, N", "g = sigmoid(x @ p)"
    stack = "s = g * x @ D + (1 - g) * concat(s_prev[1:N], 0 * s_prev[0:1])"
    trace = traced(*lines, stack, "h = h_prev + sum(s, N)")
    for t in range(4):
        g, previous = trace.array("g", t)[:, None], trace.array("s_prev", t)
        popped = np.concatenate([previous[:, 1:], 0 * previous[:, :1]], axis=1)
        expected = g * trace.array("x", t) @ trace.inputs["D"] + (1 - g) * popped
        np.testing.assert_allclose(trace.array("s", t), expected, rtol=1e-12)


def test_a_part_that_is_one_number_is_repeated_and_axes_may_be_numbers() -> None:
    text = "axis S = 3;  w: batch_size, 1 = 1;  V: num_units, S;  P: 2, num_units;  zeta: 1;  a, b, c = split(s, 3)"
    text += ";  d, e, f = split(s, 1, 1, 1);  w = w_prev * a;  s = softmax(h_prev @ V, S)"
    trace = traced(*text.split(";  "), "h = b * x[:2] @ P + c * h_prev * f * zeta + w")
    assert trace.program.cell.weights["zeta"] == "one" and trace.program.cell.states["w"] == "batch_size, one"
    for t in range(4):
        s, previous = trace.array("s", t), trace.array("h_prev", t)
        w = trace.array("w_prev", t) * s[:, :1]
        h = s[:, 1:2] * trace.array("x", t) @ trace.inputs["P"] + s[:, 2:] ** 2 * previous * trace.inputs["zeta"] + w
        np.testing.assert_allclose(trace.array("h", t), h, rtol=1e-12)


def test_equal_parts_have_the_axis_that_is_declared_so() -> None:
    own = cell_of(f"axis D = features / 2\n{STATE}\na, b = split(x, 2)\nh = h_prev + sum(a * b, D)")
    assert {str(axis) for axis in (capture(own).by_id["a"].axes[-1], capture(own).by_id["b"].axes[-1])} == {"D"}
    multiple = program(
        "axis K = 2", "axis N = 3 * K", "W: num_units, N", "a, b, c = split(h_prev @ W, 3)", "h = h_prev"
    )
    assert str(multiple.by_id["c"].axes[-1]) == "K"


def test_sums_of_sums_of_sizes_take_no_time() -> None:
    sums = [f"axis A{n} = A{n - 1} + A{n - 2}" for n in range(2, 60)]
    made = program("axis A0 = num_units", "axis A1 = A0", *sums, "w: batch_size, A59", "w = w_prev", "h = h_prev")
    assert made.by_id["w"].axes[-1].names == ("A59",)


def test_the_first_value_that_is_not_finite_is_found() -> None:
    stack = Stack(cell_of(f"{STATE}\nW: features, num_units\na = log(x @ W)\nh = h_prev + a"), 3, 4, 2, 5)
    trace = run_stack(stack, stack_weights(stack, 2), make_input(stack.sizes, 2))
    assert trace.first_not_finite == ("a", 0)
    assert run_stack(stack, stack_weights(stack, 2), 0 * make_input(stack.sizes, 2)).first_not_finite == ("a", 0)
    fine = Stack(cell_of(f"{STATE}\nh = h_prev + exp(sum(x, features))"), 3, 4, 2, 5)
    assert run_stack(fine, {PLACE: {}}, make_input(fine.sizes, 2)).first_not_finite is None


def test_the_gradients_of_slices_and_of_the_smallest_number_equal_slopes() -> None:
    lines = (
        STATE,
        "axis K = 2",
        "W: features, num_units + K",
        "a, b = split(x @ W, num_units, K)",
        "u = sum(b * (x @ W[0:K]) * min(h_prev[K:2 * K] * b, K), K)",
        "h = sin(a + h_prev) * u + cos(min(a, num_units)) * mean(W[0:num_units], features)",
    )
    stack = Stack(cell_of("\n".join(lines)), 2, 3, 2, 6)
    weights, X = stack_weights(stack, 5, "float64"), make_input(stack.sizes, 5, "float64")
    gradient = cell_gradients(run_stack(stack, weights, X).traces[PLACE], np.ones((2, 3, 6))).weights["W"]
    direction = np.random.default_rng(0).standard_normal(gradient.shape)

    def total(change: float) -> float:
        changed = {PLACE: {"W": weights[PLACE]["W"] + change * direction}}
        return float(run_stack(stack, changed, X).layer_output(0).sum())

    assert abs((gradient * direction).sum() - (total(1e-6) - total(-1e-6)) / 2e-6) < 1e-7


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("h = h_prev * sum(h_prev[0:K], K)",), r"line 4: h_prev\[:K\] needs a first axis that is no longer"),
        (
            ("a, b = split(h_prev, K, V)", "h = h_prev * sum(a, K) * sum(b, V)"),
            r"line 4: split\(h_prev, K, V\) needs two axes of one size; \(K\+V\) × num_units is 14 × 5",
        ),
    ],
)
def test_parts_that_are_longer_than_their_whole_have_the_line_of_the_text(lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(AxisError, match=message):
        _ = Stack(cell_of("\n".join(("axis K = 7", "axis V = 7", STATE, *lines))), 3, 4, 2, 5).sizes


def test_a_matrix_is_no_input_of_another_layer_and_a_typed_cell_has_no_projection() -> None:
    with pytest.raises(ProgramError, match="its output is batch_size × heads × V, not a vector"):
        Stack(cell_of(GALLERY["linear_attention"]), 3, 4, 2, 4, num_layers=2).program(1)
    with pytest.raises(ProgramError, match="cannot have a projection"):
        Stack(cell_of(SHIPPED["lstm"]), 3, 4, 2, 4, num_proj=2).program()


def test_a_change_of_a_number_in_a_matrix_has_the_effect_that_a_whole_run_shows() -> None:
    cell = cell_of(GALLERY["gated_deltanet"])
    stack = Stack(cell, 2, 4, 3, 4)
    weights, X = stack_weights(stack, 2, "float64"), make_input(stack.sizes, 2, "float64")
    trace = run_stack(stack, weights, X).traces[PLACE]
    changed = np.array(X)
    changed[1, 1, 2] += 0.5
    other = run_stack(stack, weights, changed).traces[PLACE]
    found = poke(trace, 1, "x", 2, 1, 0.5)
    for t in trace.program.step:
        own = slice(None) if t.axes[:1] != trace.program.by_id["x"].axes[:1] else 1
        difference = (other.array(t.id, 1) - trace.array(t.id, 1))[own]
        np.testing.assert_allclose(found.here[t.id], difference, atol=1e-13, err_msg=t.id)
    difference = (other.array("S", 3) - trace.array("S", 3))[1]
    np.testing.assert_allclose(found.following[1]["S"], difference, atol=1e-13)
    assert found.here["S"].shape == (2, 4, 2)
    in_state = poke(trace, 2, "S_prev", 9, 0)
    assert np.flatnonzero(in_state.here["S_prev"]).tolist() == [9]


def test_initial_states_may_be_matrices() -> None:
    stack = Stack(cell_of(GALLERY["linear_attention"]), 2, 3, 3, 4)
    weights, X = stack_weights(stack, 0, "float64"), make_input(stack.sizes, 0, "float64")
    M = np.random.default_rng(0).standard_normal((2, 2, 4, 2))
    trace = run_stack(stack, weights, X, initial={PLACE: {"M": M}})
    plain = run_stack(stack, weights, X)
    np.testing.assert_allclose(trace.last("M", PLACE) - plain.last("M", PLACE), M, rtol=1e-12)


def test_a_run_without_the_compiled_scan_has_at_most_so_many_operations() -> None:
    scanned, evaluated = cell_of(SHIPPED["lstm"]), cell_of(GALLERY["mlstm"])
    assert Budget().refusal(Stack(scanned, 1, 10_000, 1, 2)) is None
    assert Budget().refusal(Stack(evaluated, 1, 600, 1, 2)) is None
    message = Budget().refusal(Stack(evaluated, 1, 10_000, 1, 2))
    assert message == "computes 330,000 operations one after another (limit: 20,000)"
    layer_norm = cell_of(f"{STATE}\nh = layer_norm(h_prev, num_units)")
    message = Budget().refusal(Stack(layer_norm, 1, 10_000, 1, 2))
    assert message == "computes 30,000 operations one after another (limit: 20,000)"


def test_a_function_of_a_number_of_the_step_is_computed_and_has_gradients() -> None:
    functions = [name for name in UNARY if name != "transpose"]
    lines = [*(f"{f}_t = {f}(t + s)" for f in functions), *(f"{f}_K = {f}(K + 1)" for f in functions)]
    total = " + ".join(f"{f}_t" for f in functions)
    found = traced("axis K = 2", "w: K", "s = sum(w, K) + 2", *lines, f"h = h_prev + {total}", sizes=(1, 2, 1, 1))
    s = found.array("s", 0)
    for t in range(2):
        np.testing.assert_allclose(found.array("sigmoid_t", t), 1 / (1 + np.exp(-t - s)), rtol=1e-14)
        np.testing.assert_allclose(found.array("logsigmoid_t", t), -np.log1p(np.exp(-t - s)), rtol=1e-14)
        np.testing.assert_allclose(found.array("silu_t", t), (t + s) / (1 + np.exp(-t - s)), rtol=1e-14)
    assert np.isfinite(cell_gradients(found, np.ones((1, 2, 1))).weights["w"]).all()


def test_the_size_of_an_axis_is_bounded() -> None:
    multiples = [f"axis a{n} = 4096 * a{n - 1}" for n in range(1, 101)]
    stack = Stack(cell_of("\n".join(("axis a0 = 4096", *multiples, STATE, "h = h_prev * a100"))), 3, 4, 2, 5)
    with pytest.raises(AxisError, match=r"4096 \* a0 is 16,777,216; an axis has at most 1,000,000"):
        _ = stack.sizes


def test_zero_and_minus_zero_are_different_numbers() -> None:
    for sign, infinity in (("", np.inf), ("-", -np.inf)):
        assert (traced(f"h = 1 / ({sign}0 * abs(h_prev))").array("h", 0) == infinity).all()


def test_a_name_of_the_text_may_be_a_word_of_python() -> None:
    found = traced("lambda: num_units", "self: num_units", "h = lambda * h_prev + self")
    np.testing.assert_array_equal(found.array("h", 0), np.broadcast_to(found.inputs["self"], (3, 5)))


def test_a_product_of_a_weight_with_a_tensor_of_the_step_has_the_batch_first() -> None:
    found = traced("V: num_units, features", "h = h_prev + dot(V, x)")
    np.testing.assert_allclose(found.array("h", 0), found.array("x", 0) @ found.inputs["V"].T, rtol=1e-14)


def test_features_are_those_of_its_input_in_a_layer_above_another_one() -> None:
    lines = (STATE, "W: features, num_units", "m = mean(x, features)", "h = m + x @ W / features")
    stack = Stack(cell_of("\n".join(lines)), 3, 4, 2, 5, num_layers=2)
    weights, X = stack_weights(stack, 2, "float64"), make_input(stack.sizes, 2, "float64")
    trace = run_stack(stack, weights, X).traces[1, "forward"]
    x = trace.array("x", 1)
    expected = x.mean(axis=1, keepdims=True) + x @ trace.inputs["W"] / 5
    np.testing.assert_allclose(trace.array("h", 1), expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("h = h_prev * K", "axis K = features / 2"), r"its K = features / 2 follows from features"),
        (
            ("h = h_prev + sum(x * h_prev, features)",),
            "h_1 would be batch_size × num_units, as features are num_units there",
        ),
    ],
)
def test_a_cell_that_would_compute_something_else_is_not_put_above_another_one(
    lines: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ProgramError, match=f"own cell cannot read another layer: {message}"):
        Stack(cell_of("\n".join((STATE, *lines))), 3, 4, 2, 5, num_layers=2).program(1)


def test_an_axis_that_is_a_sum_of_features_is_longer_in_a_layer_above_another_one() -> None:
    lines = (
        "axis K = 2 * features",
        "W: features, K",
        "V: K + features, num_units",
        "z = concat(x @ W, x)",
        "h = tanh(z @ V + sum(z[0:K], K) / K) + h_prev",
    )
    stack = Stack(cell_of("\n".join((STATE, *lines))), 3, 4, 2, 5, num_layers=2, bidirectional=True)
    weights, X = stack_weights(stack, 2, "float64"), make_input(stack.sizes, 2, "float64")
    trace = run_stack(stack, weights, X)
    w, x = weights[1, "forward"], trace.layer_output(0)[:, 0]
    assert w["W"].shape == (10, 20) and w["V"].shape == (30, 5)
    z = np.concatenate([x @ w["W"], x], axis=1)
    expected = np.tanh(z @ w["V"] + z[:, :20].sum(axis=1, keepdims=True) / 20)
    np.testing.assert_allclose(trace.traces[1, "forward"].array("h", 0), expected, rtol=1e-12)


def test_what_does_not_fit_in_a_layer_above_another_one_has_the_line_of_the_text() -> None:
    stack = Stack(cell_of(f"axis features = num_units\n{STATE}\nh = h_prev + x"), 3, 4, 5, 5, 0, 2, bidirectional=True)
    with pytest.raises(ProgramError, match=r"^own: line 3: h is declared as batch_size × num_units, but this is"):
        stack.program(1)


def test_an_axis_that_is_a_sum_of_equal_ones_is_their_multiple() -> None:
    lines = (
        "c: batch_size, num_units",
        "W: 2 * num_units, num_units + num_units",
        "h, c = split(concat(c_prev, h_prev) @ W, 2)",
    )
    found = traced(*lines)
    both = np.concatenate([found.array("c_prev", 2), found.array("h_prev", 2)], axis=-1) @ found.inputs["W"]
    np.testing.assert_allclose(found.array("c", 2), both[:, 5:], rtol=1e-12)
    assert {str(t.axes[-1]) for t in found.program.step} == {"features", "num_units", "2*num_units"}
    above = Stack(found.program.cell, 3, 4, 2, 5, num_layers=2, bidirectional=True)
    assert str(above.program(1).by_id["x"].axes[-1]) == "2*num_units"


def test_a_transposed_square_weight_is_turned() -> None:
    found = traced("W: num_units, num_units", "U: features, num_units", "h = x @ U + h_prev @ transpose(W)")
    expected = found.array("x", 1) @ found.inputs["U"] + found.array("h_prev", 1) @ found.inputs["W"].T
    np.testing.assert_allclose(found.array("h", 1), expected, rtol=1e-12)
    h = found.array("h_prev", 1).sum(axis=0)  # of the gradient of the last h with respect to W, from the last step
    gradients = cell_gradients(found, np.eye(4)[None, :, 1:2] * np.ones((3, 1, 5)))
    np.testing.assert_allclose(gradients.weights["W"], np.broadcast_to(h, (5, 5)), rtol=1e-12)


def test_the_gradient_of_a_power_of_zero_is_a_number() -> None:
    found = traced("h = h_prev ** t")
    assert (found.stack("h_prev")[0] == 0).all()
    assert (cell_gradients(found, np.ones((3, 4, 5))).norms["h_prev"][0]) == 0


@pytest.mark.filterwarnings("error")
def test_a_run_warns_of_nothing() -> None:
    found = traced("w: num_units", "h = h_prev * log(w) + sqrt(w - 10) / (w - w)")
    poke(found, 1, "h_prev", 2, 1, 0.5)
    traced("W: features, num_units", "h = maximum(h_prev, minimum(h_prev, x @ W))")


def test_formulas_have_brackets_around_comparisons_and_symbols_for_constants() -> None:
    lines = (
        "axis K = num_units",
        "h = 1 - (h_prev > 0) * t + (h_prev @ identity(num_units, K)) @ M / K",
        "M: K, num_units",
    )
    of = program(*lines)
    assert of.formula(of.by_id["h"]) == "hₜ = 1 − (hₜ₋₁ > 0) ∗ t + (hₜ₋₁ I M) / K"
    assert {of.formula(t) for t in of.step if t.role == "constant"} == {
        "t = the number of the step, from 0",
        "I = 1 on the diagonal, 0 elsewhere",
        "K = the size of K",
    }


@pytest.mark.parametrize(
    ("comment", "title"),
    [
        ("LSTM with peepholes, recurrent and non-recurrent projection (Sak, 2014)", "LSTM with peepholes…"),
        ("Titans, linear memory with momentum and forgetting", "Titans, linear memory with momentum and…"),
        ("A" * 60, "A" * 39 + "…"),
        ("LSTM with peepholes and a short addition", "LSTM with peepholes and a short addition"),
    ],
)
def test_a_long_title_ends_where_a_part_or_a_word_does(comment: str, title: str) -> None:
    assert cell_of(f"# {comment}\n{STATE}\nh = h_prev").title == title


def test_a_comment_beside_a_line_is_no_title() -> None:
    assert cell_of(f"{STATE}  # the state\n# JANET (2018)\nh = h_prev").title == "JANET"
    assert str(cell_of(f"{STATE}  # the state\nh = h_prev").title) == "own cell"


@pytest.mark.parametrize("line", ["S = S_prev + x @ V", "T = x @ V", "S = T"])
def test_a_state_gets_its_axes_in_the_declared_order(line: str) -> None:
    lines = ("axis K = 2", "V: features, K, num_units", "S: batch_size, num_units, K", "h = h_prev + sum(S, K)", line)
    found = traced(*lines, *(["S = T * 1"] if line[0] == "T" else ["T = x @ V"] if "T" in line else []))
    added = np.einsum("bf,fkn->bnk", found.array("x", 1), found.inputs["V"])
    before = found.array("S_prev", 1) if "S_prev" in line else 0
    np.testing.assert_allclose(found.array("S", 1), before + added, rtol=1e-12)
    gradient = cell_gradients(found, np.ones((3, 4, 5))).weights["V"]
    assert gradient.shape == (2, 2, 5) and np.allclose(gradient, gradient[:, :1, :1])


def test_the_gradients_of_a_product_of_two_weights_are_those_of_its_numbers() -> None:
    lines = ("axis K = 2", "axis V = 3", "E: K, V", "U: V, num_units", "h = h_prev + sum(E @ U, K)")
    found = traced(*lines)
    gradients = cell_gradients(found, np.ones((3, 4, 5))).weights
    E, U = found.inputs["E"], found.inputs["U"]  # Y is t + 1 times the sum, in 3 samples
    np.testing.assert_allclose(gradients["E"], np.broadcast_to(30 * U.sum(axis=1), (2, 3)), rtol=1e-12)
    np.testing.assert_allclose(gradients["U"], np.broadcast_to(30 * E.sum(axis=0)[:, None], (3, 5)), rtol=1e-12)
    assert found.program.by_id["h_1"].sentence(found.sizes) == "h_1: K by num_units, 2 by 5"


def test_a_number_is_named_as_one() -> None:
    of = program("h = h_prev * t")
    assert of.by_id["h_1"].sentence({}) == "h_1: a number"


def test_what_is_the_same_in_every_step_can_be_joined_with_what_is_not() -> None:
    found = traced(
        "W: features, num_units", "both = concat(W, W * t)", "h = h_prev + sum(x * sum(both, 2 * num_units), features)"
    )
    np.testing.assert_array_equal(found.array("both", 2), np.concatenate([found.inputs["W"], 2 * found.inputs["W"]], 1))
