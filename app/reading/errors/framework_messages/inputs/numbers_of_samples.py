"""Messages about arrays of the same samples, of which one has another number of them."""

from collections import Counter
from dataclasses import replace

from .....translations.phrases import phrase
from ...causes import cause
from ...mismatch import Mismatch, NoShapeError, wrong_size
from ..message_template import Found, MessageTemplate


def samples_of_list(found: Found) -> Mismatch:
    """The inputs of a model, of which some have as many samples as the target, or as others; or else a list of arrays
    as x, of which Keras reads each as an input of the model: so it is if there are as many arrays as targets."""
    inputs = [int(one) for one in found.text("inputs").split(",")]
    samples = [*inputs, *([found.number("got")] if found.text("got") else [])]
    most, count = Counter(samples).most_common(1)[0]
    if count > 1 and inputs.count(most) < len(inputs) != found.number("got"):
        other = next(one for one in inputs if one != most)
        sentence = phrase(
            "Input {n} of the model has {got} samples, and other arrays have {expected}.",
            n=1 + inputs.index(other),
            got=other,
            expected=most,
        )
        of_samples = wrong_size("x", "batch_size", most, other, [cause("samples_of_inputs", "keras")])
        return replace(of_samples, sentence=sentence, is_of_equals=True)
    n = len(inputs)
    sentence = phrase("x is a list of {n} arrays, which are read as {n} inputs of the model.", n=n)
    return Mismatch("x", None, sentence, causes=(cause("list_of_samples", "keras"),))


def number_of_samples(found: Found) -> Mismatch:
    """x and the target have other numbers of samples, of which none is a batch."""
    return other_numbers(found.number("expected"), found.number("got"))


def other_numbers(expected: int, got: int) -> Mismatch:
    """A target with another number of samples than x."""
    causes = [cause("other_samples", "more targets" if got > expected else "keras")]
    sentence = phrase("x has {expected} samples, and the target has {got}.", expected=expected, got=got)
    mismatch = wrong_size("target", "batch_size", expected, got, causes)
    return replace(mismatch, sentence=sentence, is_of_equals=True)


def slices_of_arrays(found: Found) -> Mismatch:
    """The arrays of a dataset of TensorFlow, which gives a sample of each. Raises NoShapeError for other dimensions."""
    if "from_tensor_slices" not in found.code:
        raise NoShapeError
    return other_numbers(found.number("expected"), found.number("got"))


TEMPLATES = (
    *(
        MessageTemplate(id, "keras", versions, text, number_of_samples, anywhere=True)
        for id, versions, text in (
            (
                "keras-1-samples",
                "1-2.2",
                "Input arrays should have the same number of samples as target arrays. Found {expected:n} input samples"
                " and {got:n} target samples.",
            ),
            ("keras-2-samples", "2", "Data cardinality is ambiguous: x sizes: {expected:n} y sizes: {got:last}"),
            (
                "keras-3-samples",
                "3",
                "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples. x sizes:"
                " {expected:n} y sizes: {got:last}",
            ),
        )
    ),
    *(
        MessageTemplate(id, "keras", versions, text, samples_of_list, anywhere=True)
        for id, versions, text in (
            (
                "keras-2-list-of-samples",
                "2",
                "Data cardinality is ambiguous: x sizes: {inputs:sizes} y sizes: {got:last}",
            ),
            (
                "keras-3-list-of-samples",
                "3",
                "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples. x sizes:"
                " {inputs:sizes} y sizes: {got:last}",
            ),
            (
                "keras-3-inputs-without-target",
                "3",
                "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples. x sizes:"
                " {inputs:sizes}",
            ),
        )
    ),
    MessageTemplate(
        "tensorflow-slices",
        "keras",
        "1-2",
        "Dimensions {expected:n} and {got:n} are not compatible",
        slices_of_arrays,
        anywhere=True,
    ),
)
