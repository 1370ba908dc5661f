"""/notebook.ipynb: a valid notebook whose cells run."""

import base64
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from app_client import TestClient

Notebook = dict[str, Any]


def notebook(client: TestClient, query: str = "") -> Notebook:
    response = client.get(f"/notebook.ipynb{query}")
    assert response.status_code == 200
    assert response.headers["content-disposition"] == 'attachment; filename="unrolled.ipynb"'
    found: Notebook = response.json()
    nbformat.validate(found, version=4, version_minor=5)
    return found


def sources(found: Notebook, kind: str) -> list[str]:
    return [cell["source"] for cell in found["cells"] if cell["cell_type"] == kind]


def run(cells: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Execute cells in order in a new interpreter, which has command line arguments of its own, like a kernel."""
    command = [sys.executable, "-c", "\n\n".join(cells), "-f", "kernel.json"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


QUERIES = ("", "?cell=gru&num_units=7", "?num_layers=2&bidirectional=true", "?framework=onnx", "?num_proj=3&lang=zh")


@pytest.mark.parametrize("query", QUERIES)
def test_the_notebook_runs_and_confirms_the_shapes(client: TestClient, query: str, tmp_path: Path) -> None:
    ran = run(sources(notebook(client, query), "code"), tmp_path)

    assert ran.returncode == 0, ran.stderr
    traced = client.get(f"/trace.json{query}").json()["framework"]
    for array in (*traced["takes"], *traced["returns"]):
        if array["name"].isidentifier():
            assert f"{array['name']} {tuple(array['shape'])}" in ran.stdout


def test_a_different_shape_is_an_error(client: TestClient, tmp_path: Path) -> None:
    *cells, last = sources(notebook(client), "code")

    ran = run([*cells, last.replace("(3, 4, 5)", "(3, 4, 6)")], tmp_path)

    assert "AssertionError: Y is (3, 4, 5), not (3, 4, 6)" in ran.stderr


def test_with_the_weights_file_the_notebook_has_the_values_of_the_page(client: TestClient, tmp_path: Path) -> None:
    first, *cells = sources(notebook(client), "code")
    (tmp_path / "weights.npz").write_bytes(client.get("/weights.npz").content)
    assert "http://testserver/weights.npz" in first

    ran = run([first.replace("= []", '= ["weights.npz"]'), *cells, "print(repr(h_T.tolist()))"], tmp_path)

    values = client.get("/tensor.json?tensor=h_T").json()["values"]
    printed = eval(ran.stdout.splitlines()[-1])
    assert printed == [[pytest.approx(n, abs=1e-6) for n in line] for line in values]


@pytest.mark.parametrize("query", ["", "?theme=dark&view=units", "?lang=es"])
def test_the_notebook_has_the_picture_of_its_link(client: TestClient, query: str) -> None:
    (image,) = re.findall(
        r'src="data:image/svg\+xml;base64,([^"]+)"', "".join(sources(notebook(client, query), "markdown"))
    )

    assert base64.b64decode(image) == client.get(f"/diagram.svg{query}").content


def test_the_notebook_links_to_its_page(client: TestClient) -> None:
    assert "(http://testserver/?num_units=7)" in sources(notebook(client, "?num_units=7"), "markdown")[0]


HIDDEN = "?labels=hidden&num_units=97&batch_size=89"


def test_with_hidden_shapes_the_notebook_is_an_exercise(client: TestClient, tmp_path: Path) -> None:
    found = notebook(client, HIDDEN)
    blank, judge = sources(found, "code")
    traced = {t["id"]: tuple(t["shape"]) for t in client.get(f"/trace.json{HIDDEN}").json()["tensors"] if t["per_step"]}
    wrong = run([blank, judge], tmp_path)
    filled = f"shapes = {traced!r}"
    right = run([filled, judge], tmp_path)

    assert not any(sign in blank for sign in ("97", "89", "num_units")) and "(" not in judge.partition("}")[0]
    assert wrong.stdout.count("✗") == len(traced) and "✓" not in wrong.stdout
    assert right.stdout.count("✓") == len(traced) and "✗" not in right.stdout


@pytest.mark.parametrize("to", ["flax", "pytorch"])
def test_the_field_to_does_not_change_the_notebook(client: TestClient, to: str) -> None:
    plain, converting = (notebook(client, f"?num_proj=3&num_units=7{more}") for more in ("", f"&to={to}"))
    assert sources(converting, "code")[1] == sources(plain, "code")[1]
    assert client.get(f"/standalone.html?num_proj=3&to={to}").status_code == 200


def test_an_unsupported_configuration_is_rejected(client: TestClient) -> None:
    response = client.get("/notebook.ipynb?framework=keras&num_proj=3")

    assert response.status_code == 422
    assert response.json()["error"]["field"] == "framework"


def test_a_title_adds_nothing_to_the_image(client: TestClient) -> None:
    cells = "".join(sources(notebook(client, "?title=a%22%20onload%3D%22alert(1)"), "markdown"))
    (image,) = re.findall(r"<img [^>]*>", cells)
    assert re.findall(r' (\w+)="', image) == ["src", "alt", "width"]


def test_a_title_is_escaped(client: TestClient) -> None:
    first = sources(notebook(client, "?title=%3Cimg%20src%3Dx%3E%20%5Ba%5D(b)"), "markdown")[0]

    assert "\\<img src=x\\>" in first and "\\[a\\]" in first
