"""The weights, the bias and the steps of cells that whole programs of PyTorch write by hand.

PyTorch 2.13 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, causes_and_lines, network, pasted, said

from app.reading.errors.explanation import explain

CELL = f"""{TORCH}
class OwnGRU(nn.Module):
    def __init__(self, width, units):
        super().__init__()
        self.units = units
        self.W = nn.Parameter(torch.zeros(width, units * 3))
        self.U = nn.Parameter(torch.zeros({{rows}}, units * 3))
        self.b = nn.Parameter(torch.zeros(units * {{gates}}))

    def forward(self, x):
        batch, steps, _ = x.size()
        h = torch.zeros(batch, self.units)
        for t in range(steps):
            x_t = x[{{step}}]
            both = x_t @ self.W + h @ self.U + self.b
            z, r, n = both.chunk(3, dim=1)
            h = torch.sigmoid(z) * h + torch.tanh(n) * torch.sigmoid(r)
        return h

cell = OwnGRU({{sizes}})
cell(torch.zeros(6, 11, 7))
"""

FITTING = {"rows": "units", "gates": 3, "step": ":, t, :", "sizes": "7, 10"}
CALL = "cell(torch.zeros(6, 11, 7))"


def underlined(part: str) -> list[str]:
    """The lines of the traceback, with the part of the last one that Python underlined."""
    line = "both = x_t @ self.W + h @ self.U + self.b"
    return [CALL, f"{line}\n    {' ' * line.index(part)}{'~' * len(part)}"]


def test_a_recurrent_kernel_for_the_features_is_wrong_and_not_the_state() -> None:
    program = CELL.format(**FITTING | {"rows": "width"})
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (6x10 and 7x30)"
    text = pasted(program, underlined("h @ self.U"), error)

    assert causes_and_lines(text) == (
        ("recurrent_kernel", "num_units", ["kernel_rows"]),
        {
            "self.U = nn.Parameter(torch.zeros(width, units * 3))": (
                "self.U = nn.Parameter(torch.zeros(units, units * 3))"
            )
        },
    )
    assert network(explain(text)) == (6, 11, 7, 10)


@pytest.mark.parametrize("others", ["", ", :"])
def test_the_index_of_a_step_in_the_axis_of_the_batch_is_wrong_and_not_the_state(others: str) -> None:
    program = CELL.format(**FITTING | {"step": f"t{others}"})
    error = "RuntimeError: The size of tensor a (11) must match the size of tensor b (6) at non-singleton dimension 0"
    text = pasted(program, underlined("x_t @ self.W + h @ self.U"), error)

    assert causes_and_lines(text) == (
        ("x", "order", ["step_axis"]),
        {f"x_t = x[t{others}]": f"x_t = x[:, t{others and ', :' * (others.count(':') - 1)}]"},
    )
    assert network(explain(text))[:3] == (6, 11, 7)


@pytest.mark.parametrize("frames", [underlined("x_t @ self.W + h @ self.U + self.b"), underlined("")])
def test_a_bias_for_fewer_gates_is_no_output_of_attention(frames: list[str]) -> None:
    program = CELL.format(**FITTING | {"gates": 2})
    error = "RuntimeError: The size of tensor a (30) must match the size of tensor b (20) at non-singleton dimension 1"

    assert causes_and_lines(pasted(program, frames, error)) == (
        ("bias", "gates*num_units", ["bias_size"]),
        {"self.b = nn.Parameter(torch.zeros(units * 2))": "self.b = nn.Parameter(torch.zeros(units * 3))"},
    )


def test_products_of_other_numbers_of_gates_are_no_bias() -> None:
    program = CELL.format(**FITTING).replace("(units, units * 3)", "(units, units * 2)")
    error = "RuntimeError: The size of tensor a (30) must match the size of tensor b (20) at non-singleton dimension 1"

    assert said(pasted(program, underlined("x_t @ self.W + h @ self.U"), error)).tensor != "bias"
    assert said(pasted(program, underlined(""), error)).tensor != "bias"
