"""Messages of NumPy and JAX about cells that a program computes itself: the line that failed says what was computed."""

from ....code.operations import with_two_operands
from ...code_lines.pooled_steps import is_dense_product
from ...mismatch import Mismatch, of_unknown_arrays
from ..message_template import Found, MessageTemplate
from ..states.carried_states import carry, length_of_scan, steps_of_scan, structure_of_carry
from . import gradients, mapped_axes
from .axes_of_handwritten_cells import of_output_weights
from .joined_x_and_h import joined_in_numpy, of_both, of_concatenation, of_joined_weights, of_parts
from .products_in_failed_line import inner_sizes
from .products_of_handwritten_cells import product
from .products_that_nothing_names import output_of_program, state_of_caller
from .sums_of_handwritten_cells import of_whole_gates, total


def product_of_cell(found: Found) -> Mismatch | None:
    """The product of a gradient, or with x, with h, or with both in one array."""
    if of_gradient := gradients.of_product(found, *inner_sizes(found)):
        return of_gradient
    return (
        of_dense_product(found)
        or product(found)
        or of_joined_weights(found)
        or of_concatenation(found)
        or of_parts(found)
        or of_both(found)
    )


def of_dense_product(found: Found) -> Mismatch | None:
    """The product of a vector of each sample, which is taken over all steps, and weights; None for another one."""
    operations, (left, right) = with_two_operands(found.line.operations, "product"), inner_sizes(found)
    if len(operations) != 1 or not left or not right or not is_dense_product(found.program.tree, found.code):
        return None
    return of_output_weights(found, operations[0], left, right)


def product_or_unknown(found: Found) -> Mismatch:
    return output_of_program(found) or product_of_cell(found) or state_of_caller(found) or of_unknown_arrays()


def total_or_unknown(found: Found) -> Mismatch:
    return total(found) or of_whole_gates(found, found.shape("left"), found.shape("right")) or of_unknown_arrays()


TEMPLATES = (
    MessageTemplate(
        "numpy-product-sizes",
        "numpy",
        "1.16-2",
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature {signature:any}"
        " (size {outer:n} is different from {inner:n})",
        product_or_unknown,
        anywhere=True,
    ),
    MessageTemplate(
        "numpy-dot",
        "numpy",
        "1-2",
        "shapes {left:shape} and {right:shape} not aligned",
        product_or_unknown,
        anywhere=True,
    ),
    MessageTemplate(
        "numpy-sum",
        "numpy",
        "1-2",
        "operands could not be broadcast together with shapes {left:shape} {right:shape}",
        total_or_unknown,
        anywhere=True,
    ),
    *(
        MessageTemplate(
            id,
            "numpy",
            versions,
            f"all the input array dimensions {which} the concatenation axis must match exactly, but along dimension"
            " {axis:n}, the array at index {i:n} has size {a:n} and the array at index {j:n} has size {b:last}",
            joined_in_numpy,
            anywhere=True,
        )
        for id, versions, which in (("numpy-join", "1.17-2", "except for"), ("numpy-1-join", "1.20-1.26", "for"))
    ),
    MessageTemplate(
        "jax-carry",
        "jax",
        "0.2-0.10",
        "The input carry {name:scope} has type {dtype:name}{before:shape} but the corresponding output carry component"
        " has type {type:name}{after:shape}",
        carry,
        anywhere=True,
    ),
    MessageTemplate(
        "jax-0-carry",
        "jax",
        "0.2-0.4",
        "DIFFERENT ShapedArray({dtype:name}{after:shape}) vs. ShapedArray({type:name}{before:shape})",
        carry,
        anywhere=True,
    ),
    *(
        MessageTemplate(id, "jax", versions, text, structure_of_carry, anywhere=True)
        for id, versions, text in (
            (
                "jax-structure",
                "0.4-0.10",
                "carry input and carry output must have the same pytree structure, but they differ:",
            ),
            ("jax-0-structure", "0.1-0.4", "scan carry output and input must have same type structure, got"),
        )
    ),
    MessageTemplate(
        "jax-scan-length",
        "jax",
        "0.2-0.10",
        "scan got `length` argument of {expected:n} which disagrees with leading axis sizes {sizes:shape}",
        length_of_scan,
        anywhere=True,
    ),
    MessageTemplate(
        "jax-scan-steps",
        "jax",
        "0.2-0.10",
        "scan got values with different leading axis sizes: {sizes:sizes}",
        steps_of_scan,
        anywhere=True,
    ),
    *mapped_axes.TEMPLATES,
)
