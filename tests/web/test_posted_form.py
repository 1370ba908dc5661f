"""Forms that are sent by POST."""

from app.web.limits_and_timeouts import MOST_FORM_FIELDS
from app.web.requests_and_responses.posted_form import fields_of


def test_of_several_fields_with_one_name_the_last_one_counts() -> None:
    assert fields_of(b"text=a+b&cell=lstm&nothing&cell=gr%75") == {"text": "a b", "cell": "gru"}


def test_fields_after_the_last_one_that_is_read_are_ignored() -> None:
    body = "&".join(f"field{n}={n}" for n in range(MOST_FORM_FIELDS + 2))

    assert fields_of(body.encode()) == {f"field{n}": str(n) for n in range(MOST_FORM_FIELDS)}
