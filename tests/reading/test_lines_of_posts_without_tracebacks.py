"""A message and the few lines of code below it, as a post shows them: the line of the post that a cause corrects."""

import pytest

from app.reading.errors.explanation import explain

MASKED = """Attention above a packed GRU.
RuntimeError: The size of tensor a (31) must match the size of tensor b (22) at non-singleton dimension 1

packed = pack_padded_sequence(words, counts, batch_first=True, enforce_sorted=False)
y, _ = {padded}
weights = attention(y).squeeze(2)
weights = weights.masked_fill({mask}, -1e9)
"""


@pytest.mark.parametrize("mask", ["pad_mask", "~pad_mask", "pad_mask == 0"])
@pytest.mark.parametrize("given", ["gru(packed)[0]", "self.rnn(packed, state)[0]", "packed_output"])
def test_an_output_is_padded_for_the_mask_with_all_other_arguments_kept(mask: str, given: str) -> None:
    padded = f"pad_packed_sequence({given}, batch_first=True"

    likely = explain(MASKED.format(padded=f"{padded})", mask=mask)).mismatch.causes[0]

    assert (likely.id, likely.is_own) == ("packed_steps", True)
    assert likely.fix == f"y, _ = {padded}, total_length=pad_mask.size(1))"
