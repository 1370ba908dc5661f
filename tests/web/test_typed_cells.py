"""Every twin of the page for cells that somebody typed: vectors, matrices for each head, and sizes that are tied."""

import pytest
from app_client import TestClient
from pairing import ALL_COMBINATIONS, in_turn

from app.equations.gallery import GALLERY
from app.url_state.parsing import nearest
from app.url_state.url_state import UrlState

CELLS = ("mingru", "sru", "mlstm", "rwkv_7")

TWINS = (
    *(f"/?view={view}" for view in ("unrolled", "rolled", "batch", "units", "weights", "gradients")),
    *(f"/diagram.{ending}?" for ending in ("svg", "png", "pdf", "tex", "json")),
    *("/diagram.pdf?view=weights", "/diagram.tex?view=batch", "/template.json?", "/gradients.json?", "/weights.npz?"),
    *(
        "/code?",
        "/table.csv?",
        "/notebook.ipynb?",
        "/standalone.html?",
        "/embed?",
        "/preview.png?",
        "/qr.svg?",
        "/quiz?",
    ),
    *("/?parameters=true", "/?lang=es", "/?only=parts&view=batch", "/?framework=pytorch"),
)


def own(id: str) -> UrlState:
    return nearest([("cell", "own"), ("equations", GALLERY[id])])


def with_query(path: str, url_state: UrlState) -> str:
    """A path with the query of a UrlState and with fields of its own."""
    page, _, fields = path.partition("?")
    return f"{page}{url_state.query()}{'&' if fields else ''}{fields}"


@pytest.mark.parametrize(("cells", "path"), in_turn((("mingru", "mlstm"), ("sru", "rwkv_7")), TWINS))
def test_a_typed_cell_has_every_twin(client: TestClient, cells: tuple[str, ...], path: str) -> None:
    """A cell of vectors, and one with matrices for each head."""
    for id in cells:
        response = client.get(with_query(path, own(id)), follow_redirects=True)
        assert response.status_code == 200, (id, response.text[:300])


@pytest.mark.parametrize("id", CELLS)
def test_shapes_values_and_effects_agree(client: TestClient, id: str) -> None:
    """The page is requested for one tensor of each operation, role and number of axes."""
    url_state = own(id)
    shown: set[tuple[str, str, int]] = set()
    trace = client.get(f"/trace.json{url_state.query()}").json()
    assert {t["id"]: tuple(t["shape"]) for t in trace["tensors"]} == url_state.program.shapes(url_state.sizes)
    for t in trace["tensors"]:
        values = client.get(f"/tensor.json{url_state.query(tensor=t['id'])}").json()
        assert values["shape"] == t["shape"] and values["executed"]
        figure = client.get(f"/values.json{url_state.query(tensor=t['id'])}").json()
        rows = figure["data"][0]["z"]
        last = t["shape"][-1] if t["shape"] else 1
        assert len(rows[0]) == last
        if (kind := (t["op"], url_state.program.by_id[t["id"]].role, len(t["shape"]))) not in shown or ALL_COMBINATIONS:
            assert client.get(f"/{url_state.query(tensor=t['id'])}").status_code == 200
        shown.add(kind)
    for state in url_state.program.cell.states:
        effect = client.get(f"/poke.json{url_state.query(poke=f'{state}_prev', component=1)}").json()
        assert effect["executed"] and any(t["changed"] for t in effect["tensors"])


def test_the_heatmap_of_a_matrix_has_a_row_for_each_of_its_vectors(client: TestClient) -> None:
    url_state = own("mlstm")
    values = client.get(f"/tensor.json{url_state.query(tensor='C')}").json()["values"]
    figure = client.get(f"/values.json{url_state.query(tensor='C', sample=1)}").json()
    rows = figure["data"][0]["z"]
    flat = [row for head in values[1] for row in head]
    assert figure["layout"]["yaxis"]["title"]["text"] == "heads × V, 4"
    assert [[round(v, 4) for v in row] for row in rows] == [[round(v, 4) for v in row] for row in flat]
