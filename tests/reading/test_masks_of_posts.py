"""Messages about masks and lengths of which a post has no sizes."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

CUDNN = (
    "tensorflow.python.framework.errors_impl.UnknownError: CUDNN_STATUS_BAD_PARAM\n"
    "in tensorflow/stream_executor/cuda/cuda_dnn.cc(1521): 'cudnnSetRNNDataDescriptor( data_desc.get(), data_type,"
    " layout, max_seq_length, batch_size, data_size, seq_lengths_array, (void*)&padding_fill)'\n"
    "\t [[{{node cond_38/then/_0/CudnnRNNV3}}]]"
)


def test_cudnn_refuses_the_lengths_that_a_mask_makes() -> None:
    said = explain("model.add(Masking(0.0))\nmodel.add(GRU(24))\n" + CUDNN).mismatch

    assert (said.tensor, said.axis) == ("mask", "time_step")
    assert [one.id for one in said.causes] == ["empty_sequence", "padding"]
    assert "mask" in said.causes[0].fix


def test_without_a_mask_cudnn_only_says_what_it_refuses() -> None:
    for status, said in (("BAD_PARAM", "leaves a sample without any step"), ("INTERNAL_ERROR", "its memory ran out")):
        with pytest.raises(NotFoundError, match=f"cuDNN.*{said}"):
            explain("model.add(GRU(24))\n" + CUDNN.replace("BAD_PARAM", status))


@pytest.mark.parametrize(
    ("what", "tensor", "length"), [("mask", "mask", "mask.size(1)"), ("tags", "target", "x.size(1)")]
)
def test_a_crf_may_say_no_sizes(what: str, tensor: str, length: str) -> None:
    text = f"# ValueError: the first two dimensions of emissions and {what} must match\n\nMy GRU tagger fails."
    said = explain(text).mismatch

    assert (said.tensor, said.axis, said.expected, said.first_cause) == (tensor, "time_step", None, "packed_steps")
    assert f"total_length={length}" in said.causes[0].fix


@pytest.mark.parametrize("layer", ["Bidirectional(layer)", "bidirectional_3 (Bidirection (None, 12, 40)   5440"])
def test_a_mask_of_a_crf_with_an_axis_of_features_has_one_too_many(layer: str) -> None:
    message = "ValueError: Input mask to CRF must have dim 2 if not None"
    said = explain(f"{layer}\n\n{message}").mismatch

    assert (said.tensor, said.axis, said.expected, said.first_cause) == ("mask", "rank", 2, "mask_features")
    with pytest.raises(NotFoundError):
        explain(f"Dense(9)\n\n{message}")
