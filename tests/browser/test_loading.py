"""Loading: the server's picture first, then Plotly's in its place."""

from collections.abc import Callable

import pytest
from page_actions import becomes, read, settle
from playwright.sync_api import Page, expect

from app.diagram.theme import DARK, LIGHT, Theme

Visit = Callable[..., Page]


@pytest.mark.parametrize("path", ["/docs", "/?batch_size=128&time_step=28&features=28&num_units=128"])
def test_a_page_loads_without_console_messages(visit: Visit, path: str) -> None:
    page = visit(path, wait=path != "/docs")
    page.wait_for_load_state("networkidle")


def test_an_invalid_link_shows_an_error_with_the_nearest_valid_link(visit: Visit) -> None:
    page = visit("/?num_units=9000", wait=False, tolerate="status of 422")
    expect(page.get_by_role("main")).to_contain_text("num_units must be a whole number from 1 to 8,192")
    page.locator('main a[href="/?num_units=8192"]').click()
    settle(page, "?num_units=8192")


def test_the_servers_picture_is_shown_first_and_stays_if_plotly_does_not_load(visit: Visit) -> None:
    def refuse(page: Page) -> None:
        page.route("**/plotly.min.js*", lambda route: route.abort())

    page = visit(before=refuse, wait=False, tolerate="plotly.min.js|Failed to load resource")
    page.mouse.move(3, 3)
    expect(page.locator("#status")).to_contain_text("Plotly did not load; showing the plain picture")
    expect(page.locator(".picture.page > svg").first).to_have_css("visibility", "visible")
    assert read(page)["still"]["words"].count("5") > 10
    page.locator("#num_units").fill("9")
    becomes(page, "location.search", "?num_units=9")
    expect(page.locator("#sentence")).to_contain_text("3 × 9")
    assert read(page)["still"]["words"].count("9") > 10


def test_plotly_is_loaded_without_any_input(visit: Visit) -> None:
    page = visit(wait=False)
    expect(page.locator("#frame")).not_to_have_class("frame drawn")
    expect(page.locator("#frame")).to_have_class("frame drawn")
    settle(page, "")


def test_plotly_draws_text_and_wires_at_the_same_positions_as_the_server(visit: Visit) -> None:
    page = visit()
    for width, format, labels in ((390, "narrow", "names"), (1400, "page", "both"), (1920, "wide", "numbers")):
        page.set_viewport_size({"width": width, "height": 900})
        becomes(page, f"document.querySelector('.picture.{format}')?.getClientRects().length", 1)
        page.locator(f'#labels a:text-is("{labels.title()}")').dispatch_event("click")
        now = settle(page, f"?labels={labels}" if labels != "numbers" else "")
        assert now["format"] == format and now["words"]
        off = {
            word: (here, there)
            for word, here, there in zip(now["words"], now["places"], now["still"]["places"], strict=True)
            if abs(here[0] - there[0]) > 2 or abs(here[1] - there[1]) > 3
        }
        assert off == {}
        expect(page.locator(".drawn .picture > svg").first).to_have_css("visibility", "hidden")


def test_the_page_follows_the_theme_of_the_system_and_its_changes(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    check_colours(page, DARK)
    page.emulate_media(color_scheme="light")
    becomes(page, "document.getElementById('plot').layout.font.color", LIGHT.ink["ink"])
    check_colours(page, LIGHT)


def check_colours(page: Page, theme: Theme) -> None:
    colours = read(page)["colours"]
    for name in ("features", "num_units"):
        assert colours[f"wire {name}"][0] == rgb(theme.ink[name])
    for name in ("cell", "layer", "pointwise"):
        assert colours[name] == [rgb(theme.edge[name]), rgb(theme.fill[name])]
    inks = page.evaluate("[...document.querySelectorAll('#plot .textpoint > text')].map((n) => n.style.fill)")
    assert {rgb(theme.ink[axis]) for axis in ("batch_size", "features", "num_units", "ink")} <= set(inks)
    for axis in ("batch_size", "time_step", "num_units"):
        expect(page.locator(f"#sentence .{axis}").first).to_have_css("color", rgb(theme.ink[axis]))
    expect(page.locator("html")).to_have_css("background-color", rgb(theme.fill["paper"]))


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5))})"


def test_ten_thousand_steps_need_as_many_nodes_as_twenty(visit: Visit) -> None:
    page = visit("/?time_step=20&t=9")
    few = settle(page)
    page.locator("#time_step").fill("10000")
    many = settle(page, "?time_step=10000&t=9")
    assert many["nodes"] == few["nodes"]
    assert any("more steps, same cell, same weights" in words for words in many["turned"])


def test_beyond_the_budget_only_shapes_are_shown_and_within_it_they_are_confirmed(visit: Visit) -> None:
    page = visit("/?batch_size=80&time_step=70&features=400&num_units=1150", wait=False)
    expect(page.locator("#proof")).to_contain_text("Shapes only")
    expect(page.locator("#selected .large")).to_have_text("80 × 1150")
    expect(page.locator("#values .values")).to_have_count(0)
    page.goto("/")
    expect(page.locator("#proof")).to_contain_text("72 tensors recorded, 72 shapes confirmed")
