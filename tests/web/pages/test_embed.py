"""/embed: only the picture, for a frame in another page."""

import re

import pytest
from app_client import TestClient
from counting_runner import CountingRunner
from page_text import links, words

from app.core.work_limits import Budget
from app.diagram.format_names import BY_WIDTH
from app.main import create_app
from app.settings import Settings
from app.url_state.fields import SLIDERS
from app.url_state_to_picture.training.affordable import MOST_PARAMETERS

NOBODY = "frame-ancestors 'none'"


def embedding(frames: str) -> TestClient:
    return TestClient(create_app(Settings(Budget(), frame_ancestors=frames)))


@pytest.mark.parametrize("frames", ["'self'", "'self' https://moodle.example", "*"])
def test_only_embed_may_be_framed_and_only_by_the_sites_in_the_setting(frames: str) -> None:
    client = embedding(frames)
    for path in ("/", "/docs", "/diagram.svg", "/learn", "/questions/embed", "/embed/", "/static/x/icon.svg"):
        headers = client.get(path, follow_redirects=False).headers
        assert NOBODY in headers["content-security-policy"] and headers["x-frame-options"] == "DENY"

    for path in ("/embed", "/embed?num_units=7", "/embed?num_units=0"):
        headers = client.get(path).headers
        sites = re.findall("frame-ancestors ([^;]*)", headers["content-security-policy"])
        assert sites == ([] if frames == "*" else [frames])
        assert "x-frame-options" not in headers
        assert "default-src 'none'; script-src 'self'" in headers["content-security-policy"]


def test_embed_has_the_picture_and_a_link_to_its_page(client: TestClient, runner: CountingRunner) -> None:
    html = client.get("/embed?num_units=7&controls=true&title=Homework").text

    assert re.findall(r'<div class="picture (\w+)">', html) == list(BY_WIDTH)
    assert "3 × 7" in words(html).replace("  ", " ") and "Homework" in words(html)
    (whole,) = re.findall(r'id="open-page" href="([^"]*)"', html)
    assert whole == "/?num_units=7&amp;title=Homework"
    assert links(html) == []


def test_a_link_with_a_format_has_only_that_format(client: TestClient) -> None:
    assert re.findall(r'<div class="picture (\w+)">', client.get("/embed?format=narrow").text) == ["narrow"]


def test_embed_has_sliders_if_the_link_has_controls(client: TestClient) -> None:
    none, all = (
        re.findall(r'type="number" id="(\w+)"', client.get(path).text) for path in ("/embed", "/embed?controls=true")
    )

    assert (none, all) == ([], [field.name for field in SLIDERS])
    assert 'id="controls"' not in client.get("/embed?controls=true&hide=controls").text


def test_the_slider_of_a_training_moves_its_curve_as_far_as_networks_can_be_trained(client: TestClient) -> None:
    html = client.get("/embed?view=training&num_units=8&epochs=1&examples=8&trained=true&controls=true").text
    most = next(n for n in range(8_192, 0, -1) if 4 * n * (n + 8 + 1) + 10 * n + 10 <= MOST_PARAMETERS)

    assert re.findall(r'type="number" id="(\w+)"', html) == ["num_units"]
    assert re.findall(r'data-stops="1 [^"]* (\d+)"', html) == [str(most)]
    assert 'name="trained"' not in html and 'name="epochs" value="1"' in html


def test_without_scripts_the_form_opens_the_same_frame(client: TestClient) -> None:
    html = client.get("/embed?controls=true&num_units=7&num_layers=2&t=1&layer=1&labels=both&lock=features").text

    assert '<form id="controls" method="get" action="/embed"' in html
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html)
    kept = [("num_layers", "2"), ("layer", "1"), ("labels", "both"), ("controls", "true"), ("lock", "features")]
    assert hidden == kept  # without the step, which may not fit the new sizes
    assert re.findall(r'id="(\w+)"[^>]* readonly', html) == ["features"]


def test_an_invalid_link_is_explained_in_the_frame(client: TestClient) -> None:
    response = client.get("/embed?num_units=0")

    assert response.status_code == 422
    assert "/embed?num_units=1" in links(response.text)


def test_hidden_shapes_stay_hidden(client: TestClient) -> None:
    assert ">77<" in client.get("/embed?num_units=77").text
    assert ">77<" not in client.get("/embed?num_units=77&labels=hidden").text


@pytest.mark.parametrize(
    ("lang", "label"), [("en", "Open in Unrolled"), ("es", "Abrir en Unrolled"), ("zh", "在 Unrolled 中打开")]
)
def test_embed_is_in_the_visitors_language(client: TestClient, lang: str, label: str) -> None:
    assert label in client.get("/embed", headers={"Accept-Language": lang}).text
    assert label in client.get(f"/embed?lang={lang}").text
