"""The preview of the input on the page."""

import pytest
from app_client import TestClient
from page_text import words
from text_pages import state_at


def test_a_text_without_use_is_rejected(client: TestClient) -> None:
    assert "data is random" in words(client.get("/?text=abc").text)
    assert client.get("/trace.json?cut=words").status_code == 422
    assert "has no words" in words(client.get("/?data=text&cut=words&text=%20%20").text)


def test_the_page_says_which_character_is_read_at_a_step(client: TestClient) -> None:
    html = client.get("/?data=text&text=hello%20you&batch_size=2&time_step=4&t=1").text
    text = words(html)

    assert "9 characters, 7 of them different, so" in text
    assert "features is 7" in text
    assert "The last one is not used" in text
    assert "At step 1 , sample 0 reads e . Its index in the vocabulary is 1" in text
    assert '<td class="now"><bdi>e</bdi></td>' in html and "<bdi>␣</bdi>" in html


def test_some_of_many_samples_and_steps_are_shown_including_the_followed_one(client: TestClient) -> None:
    html = client.get("/?data=text&batch_size=100&time_step=500&t=250&sample=77").text

    assert html.count("<bdi>") == 7 * 24
    assert "+ 93 more rows" in words(html)
    assert "That is more than the text has, so it starts again from the beginning" in words(html)


@pytest.mark.parametrize("text", ["👩‍🏫👩‍🏫x", "שלום", "a" * 2000, "<b>&amp;", "e\u0301", "\n\n", "9"])
def test_any_text_can_be_shown(client: TestClient, text: str) -> None:
    query = {"data": "text", "text": text}
    page = client.get("/", params={**query, "only": "page"})

    assert page.status_code == 200
    assert client.get("/tensor.json", params={"tensor": "X", **query}).status_code == 200
    assert client.get("/diagram.json", params=query).status_code == 200


@pytest.mark.parametrize("text", ["a" * 2001, "\x00", "a\u202eb", "\x07"])
def test_an_invalid_text_is_rejected(client: TestClient, text: str) -> None:
    assert client.get("/trace.json", params={"data": "text", "text": text}).status_code == 422
    assert client.get("/", params={"data": "text", "text": text}).status_code == 422


def test_each_window_of_a_wave_is_a_link(client: TestClient) -> None:
    html = client.get("/?data=wave&batch_size=9&time_step=7&t=3&sample=4").text

    assert "At step 3 , sample 4 reads value 7 of the series" in words(html)
    for sample in range(2, 7):
        assert f'aria-label="follow sample {sample}"' in html


def test_the_page_says_which_row_of_a_digit_is_read(client: TestClient) -> None:
    html = client.get("/?data=digit&t=9").text

    assert "28 rows of 28 pixels" in words(html) and "at step 9 , the cell reads row 9" in words(html)
    assert state_at("?data=digit&t=9").query(tensor="X").replace("&", "&amp;") in html


@pytest.mark.parametrize("data", ["text", "wave", "digit"])
def test_a_layer_above_has_no_input_preview(client: TestClient, data: str) -> None:
    assert "input-title" in client.get(f"/?data={data}&num_layers=2").text
    assert "input-title" not in client.get(f"/?data={data}&num_layers=2&layer=1").text
