"""What is read: the sizes that follow from it, the run over it, and what is said of it."""

from typing import Any

import numpy as np
import pytest
from page_text import words
from starlette.testclient import TestClient
from text_pages import USUAL, asked_by

from app.core.initializers import stack_weights
from app.core.run import run_stack
from app.query.input import indices, input_of
from app.query.run import run_view


def X(client: TestClient, **query: Any) -> Any:
    return np.array(client.get("/tensor.json", params={"tensor": "X", **query}).json()["values"])


def test_a_text_has_as_many_features_as_different_characters_and_runs(client: TestClient) -> None:
    found = X(client, data="text", text="abcab", batch_size=2, time_step=3)

    assert found.shape == (2, 3, 3)
    np.testing.assert_array_equal(found, np.eye(3)[[[0, 1, 2], [0, 1, 0]]])
    trace = client.get("/trace.json?data=text&text=abcab&batch_size=2&time_step=3").json()
    assert trace["executed"] and trace["config"]["features"] == 3
    assert {t["id"]: t["shape"] for t in trace["tensors"]}["kernel"] == [5 + 3, 20]


@pytest.mark.parametrize(("data", "shape"), [("wave", (3, 4, 1)), ("digit", (3, 28, 28))])
def test_a_wave_and_a_digit_bring_their_sizes(client: TestClient, data: str, shape: tuple[int, ...]) -> None:
    assert X(client, data=data).shape == shape


@pytest.mark.parametrize("data", ["text", "wave", "digit"])
def test_the_run_is_that_of_the_input(data: str) -> None:
    view = asked_by(f"?data={data}&num_units=7")
    expected = run_stack(view.stack, stack_weights(view.stack, 0), input_of(view))
    place = (0, "forward")

    np.testing.assert_array_equal(run_view(view).array("Y", place, 0), expected.array("Y", place, 0))


def test_sizes_that_follow_are_left_out_of_links_and_refused_where_they_differ(client: TestClient) -> None:
    view = asked_by("?data=text&text=abcab&num_units=6")

    assert view.features == 3
    assert view.query() == "?num_units=6&data=text&text=abcab"
    assert view.query(data="random") == "?features=3&num_units=6"
    assert asked_by("?data=digit").query(batch_size=2) == "?batch_size=2&data=digit"
    assert client.get("/trace.json?data=text&text=abcab&features=3").status_code == 200
    refused = client.get("/trace.json?data=text&text=abcab&features=4")
    assert refused.status_code == 422
    assert refused.json()["error"]["message"] == "features is 3 where data is text; leave it out"
    assert client.get("/?data=digit&time_step=5").status_code == 422


def test_a_text_that_is_not_read_is_refused(client: TestClient) -> None:
    assert "data is random" in words(client.get("/?text=abc").text)
    assert client.get("/trace.json?cut=words").status_code == 422
    assert "has no words" in words(client.get("/?data=text&cut=words&text=%20%20").text)


def test_another_input_is_another_run_and_the_same_is_kept(client: TestClient) -> None:
    made = {X(client, data="text", text=text, time_step=3).tobytes() for text in ("abc", "cba", "abc")}

    assert len(made) == 2


def test_the_page_says_which_character_stands_where(client: TestClient) -> None:
    html = client.get("/?data=text&text=hello%20you&batch_size=2&time_step=4&t=1").text
    said = words(html)

    assert "9 characters, 7 different" in said
    assert "features is 7" in said
    assert "The last one is not read" in said
    assert "At step 1 sample 0 has e , number 1 of the different ones" in said
    assert '<td class="now"><bdi>e</bdi></td>' in html and "<bdi>␣</bdi>" in html
    assert X(client, data="text", text="hello you", batch_size=2, time_step=4)[0, 1, 1] == 1


def test_of_many_rows_and_steps_some_are_shown_and_the_followed_one_among_them(client: TestClient) -> None:
    html = client.get("/?data=text&batch_size=100&time_step=500&t=250&sample=77").text

    assert html.count("<bdi>") == 7 * 24
    assert "+ 93 more rows" in words(html)
    assert "That is more than there are, so the text begins anew" in words(html)


@pytest.mark.parametrize("text", ["👩‍🏫👩‍🏫x", "שלום", "a" * 2000, "<b>&amp;", "e\u0301", "\n\n", "9"])
def test_any_text_can_be_read(client: TestClient, text: str) -> None:
    query = {"data": "text", "text": text}
    page = client.get("/", params=query)

    assert page.status_code == 200
    assert X(client, **query).sum() == 12  # one for each row and step
    assert client.get("/diagram.json", params=query).status_code == 200


@pytest.mark.parametrize("text", ["a" * 2001, "\x00", "a\u202eb", "\x07"])
def test_what_cannot_be_read_is_refused(client: TestClient, text: str) -> None:
    assert client.get("/trace.json", params={"data": "text", "text": text}).status_code == 422
    assert client.get("/", params={"data": "text", "text": text}).status_code == 422


def test_the_weights_file_has_the_input_that_is_read(client: TestClient) -> None:
    answer = client.get("/weights.npz?data=text&text=abcab&batch_size=2&time_step=3")

    assert answer.status_code == 200
    assert indices(asked_by("?data=text&text=abcab&batch_size=2&time_step=3")) == [[0, 1, 2], [0, 1, 0]]


def test_a_lesson_goes_back_to_its_own_input() -> None:
    assert "data" not in asked_by("?data=wave").query(data="random")
    assert USUAL.data == "random"


def test_a_wave_is_drawn_as_a_series_in_windows_and_each_window_is_a_link(client: TestClient) -> None:
    html = client.get("/?data=wave&batch_size=9&time_step=7&t=3&sample=4").text

    assert "At step 3 sample 4 reads value 7 of the series" in words(html)
    for sample in range(2, 7):
        assert f'aria-label="sample {sample}: follow it"' in html


def test_of_a_digit_the_page_says_which_row_is_read(client: TestClient) -> None:
    html = client.get("/?data=digit&t=9").text

    assert "28 rows of 28 pixels" in words(html) and "At step 9" in words(html)
    assert asked_by("?data=digit&t=9").query(tensor="X").replace("&", "&amp;") in html


@pytest.mark.parametrize("data", ["text", "wave", "digit"])
def test_what_the_whole_stack_reads_is_not_said_of_a_layer_above(client: TestClient, data: str) -> None:
    assert "given-title" in client.get(f"/?data={data}&num_layers=2").text
    assert "given-title" not in client.get(f"/?data={data}&num_layers=2&layer=1").text
