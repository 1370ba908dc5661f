"""/table.csv: the table of tensors for spreadsheets."""

import csv
import io

import pytest
from app_client import TestClient

from app.web.exports.table import escaped


def table(client: TestClient, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/table.csv{query}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert response.headers["content-disposition"] == 'attachment; filename="tensors.csv"'
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


QUERIES = ("", "?cell=gru&num_units=128", "?num_layers=2&layer=1&bidirectional=true", "?num_proj=3&time_step=10000")


@pytest.mark.parametrize("query", QUERIES)
def test_the_table_equals_trace_json(client: TestClient, query: str) -> None:
    traced = client.get(f"/trace.json{query}").json()["tensors"]

    rows = table(client, query)

    assert [row["id"] for row in rows] == [t["id"] for t in traced]
    for row, t in zip(rows, traced, strict=True):
        assert [int(n) for n in row["shape"].split(" × ")] == t["shape"]
        assert row["axes"].replace("(", "").replace(")", "") == " × ".join(t["axes"])
        assert row["inputs"].split() == t["inputs"]
        assert row["per_step"] == ("yes" if t["per_step"] else "no")
        for column in ("symbol", "name", "role", "op", "formula", "sentence"):
            assert row[column] == t[column]


def test_rows_end_with_crlf_and_have_the_same_number_of_cells(client: TestClient) -> None:
    text = client.get("/table.csv").content.decode("utf-8-sig")

    assert text.count("\n") == text.count("\r\n") == len(table(client)) + 1
    assert len({len(line) for line in csv.reader(io.StringIO(text, newline=""))}) == 1


def test_hidden_shapes_stay_hidden(client: TestClient) -> None:
    rows = table(client, "?labels=hidden&num_units=97&batch_size=89")

    assert {row["shape"] for row in rows} == {row["axes"] for row in rows} == {"?"}
    assert not [cell for row in rows for cell in row.values() if "97" in cell or "89" in cell or "num_units" in cell]


def test_the_table_is_in_the_language_of_its_link(client: TestClient) -> None:
    (f,) = (row for row in table(client, "?lang=es") if row["id"] == "f")

    assert f["name"] == "puerta de olvido"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula_for_spreadsheets(cell: str) -> None:
    assert escaped(cell) == f"'{cell}"
    assert escaped(f"f {cell}") == f"f {cell}"


def test_bad_input_is_rejected(client: TestClient) -> None:
    assert client.get("/table.csv?num_units=0").json()["error"]["field"] == "num_units"
    assert client.get("/table.csv?units=3").status_code == 422
