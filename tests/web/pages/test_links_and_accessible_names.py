"""The links over a picture, and their accessible names."""

from urllib.parse import parse_qs

import pytest
from app_client import TestClient

from app.diagram.format_names import FORMATS
from app.diagram.scene import Scene
from app.diagram.views.unrolled.unrolled import unrolled
from app.frameworks import OURS
from app.url_state.field_types import Value
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.url_state_to_picture.picture_of_state import picture_of
from app.url_state_to_picture.weight_arrays import kernels
from app.web.pages.parts.links_and_accessible_names import Target, targets


def over_picture(format: str = "page", **query: str) -> list[Target]:
    url_state = parse(query.items(), strict=True)
    return targets(
        url_state, unrolled(Scene(url_state.program, url_state.sizes, url_state.t, url_state.labels, format))
    )


@pytest.mark.parametrize("format", FORMATS)
def test_each_tensor_of_the_focused_step_and_each_other_step_can_be_reached_by_keyboard_once(format: str) -> None:
    found = over_picture(format, time_step="100", t="50")
    stops = [target for target in found if target.label]
    tensors = [target.tensor for target in stops if target.tensor]
    steps = [target.t for target in stops if not target.tensor]

    assert len(set(tensors)) == len(tensors) and {"x", "f", "i", "g", "o", "c", "h"} <= set(tensors)
    assert len(set(steps)) == len(steps)
    assert {target.t for target in stops if target.tensor} == {50}
    assert {target.tensor for target in found if target.t == 50} == set(tensors) | ({""} if 50 in steps else set())


def test_a_target_has_an_accessible_name() -> None:
    labels = {target.tensor or target.t: target.label for target in over_picture() if target.label}

    assert labels["concat"].endswith("concat: batch_size by num_units plus features, 3 by 7")
    assert labels[3] == "open step 3, same cell"
    ends = [target for target in over_picture(time_step="10000", t="9998") if not target.tensor]
    assert (ends[-1].t, ends[-1].label) == (9999, "open step 9,999, same cell")


@pytest.mark.parametrize(
    ("query", "tensor", "shape"),
    [
        ({"framework": "pytorch"}, "X", "time_step by batch_size by features, 4 by 3 by 2"),
        ({"framework": "pytorch"}, "h_T", "num_layers by batch_size by num_units, 1 by 3 by 5"),
        ({"bidirectional": "true"}, "Y", "batch_size by time_step by 2 times num_units, 3 by 4 by 10"),
        ({"framework": "keras", "view": "weights"}, "bias", "bias: 4 times num_units, 20"),
        (
            {"framework": "pytorch", "view": "weights"},
            "kernel",
            "weight_ih_l0: 4 times num_units by features, 20 by 2, "
            "weight_hh_l0: 4 times num_units by num_units, 20 by 5",
        ),
    ],
)
def test_the_accessible_name_has_the_shape_in_the_picture(query: dict[str, str], tensor: str, shape: str) -> None:
    url_state = parse(query.items(), strict=True)
    (label,) = {
        found.label for found in targets(url_state, picture_of(url_state)) if found.label and found.tensor == tensor
    }

    assert label.endswith(shape)


def test_a_target_opens_its_tensor_at_its_step_and_a_folded_step_keeps_the_selection() -> None:
    links = {(target.tensor, target.t): target.link for target in over_picture(tensor="f")}

    assert links["g", 2] == "?tensor=g"
    assert links["x", 0] == "?t=0&tensor=x"
    assert links["", 3] == "?t=3&tensor=f"

    state = parse({"view": "batch", "sample": "1"}.items(), strict=True)
    rows = {target.link for target in targets(state, picture_of(state, "page"))}
    assert {"?view=batch&t=3&sample=1", "?view=batch&t=0&tensor=x&sample=0"} <= rows


def test_shapes_of_the_selected_tensor_at_the_focused_step_are_marked() -> None:
    marked = [target for target in over_picture(tensor="a_f") if target.is_selected]
    assert {(target.tensor, target.t) for target in marked} == {("a_f", 2)}

    boxes = {target.tensor for target in over_picture(tensor="kernel") if target.is_selected}
    assert boxes == {"a_f", "a_i", "a_g", "a_o"}

    assert not [target for target in over_picture() if target.is_selected]


def test_the_blocks_of_the_kernel_belong_to_the_focused_step_and_have_one_accessible_name() -> None:
    url_state = parse([("t", "3"), ("tensor", "a_f")], strict=True)
    blocks = targets(url_state, kernels(OURS.model(url_state.stack), url_state.place)["kernel"])

    assert {(block.tensor, block.t) for block in blocks} == {("kernel", 3)}
    assert len(blocks) == 8  # four gates, for h and for x
    assert sum(bool(block.label) for block in blocks) == 1
    assert sum(block.is_selected for block in blocks) == 2


def test_the_query_of_each_link_is_computed_once_for_all_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    queries: list[str] = []
    query = UrlState.query

    def counted(url_state: UrlState, **changes: Value) -> str:
        queries.append(query(url_state, **changes))
        return queries[-1]

    monkeypatch.setattr(UrlState, "query", counted)
    links = [target.link for format in FORMATS for target in over_picture(format, seed="1717")]

    assert set(links) == set(queries) and len(queries) < len(links) / 3
    before = len(queries)
    over_picture(seed="1717", t="1")
    assert len(queries) > before, "another UrlState has other links"


def test_a_shape_of_one_tensor_names_no_others(client: TestClient) -> None:
    html = client.get("/").text
    assert 'data-also="X"' in html and 'data-also=""' not in html


@pytest.mark.parametrize("view", ["batch", "units", "weights"])
def test_following_from_the_picture_turns_to_the_page_of_values(view: str) -> None:
    of = {"batch_size": "128", "num_units": "128", "sample": "100", "unit": "100", "view": view}
    state = parse(of.items(), strict=True)
    links = [parse_qs(t.link.removeprefix("?")) for t in targets(state, picture_of(state, "page"))]

    for link in links:
        follows = (link["sample"], link["unit"]) != (["100"], ["100"])
        if link.get("tensor", ["h"] if follows else [""])[0] in ("h", "c", "f"):
            assert int(link.get("row", ["0"])[0]) == int(link["sample"][0]) // 24 * 24
            assert int(link.get("column", ["0"])[0]) == int(link["unit"][0]) // 48 * 48
    assert any("row" in link and "column" in link for link in links)


@pytest.mark.parametrize("poked", ["x", "h_prev", "c_prev"])
def test_a_number_of_the_changed_vector_is_a_link_that_changes_it(poked: str) -> None:
    state = parse({"view": "units", "poke": poked, "component": "1"}.items(), strict=True)
    links = {t.link for t in targets(state, picture_of(state, "page")) if t.tensor == poked and not t.width}

    assert {state.query(component=k) for k in range(2 if poked == "x" else 5)} <= links
