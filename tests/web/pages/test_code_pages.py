"""/open with pasted code: what the page says of models that are not read in full."""

import json

from app_client import TestClient
from selectolax.lexbor import LexborHTMLParser as Page

NET = """import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(10, 20)
    def forward(self, x):
        return self.rnn(x)[0]
"""


def opened(client: TestClient, source: str, **fields: str) -> Page:
    response = client.post("/open", data={"source": source, **fields})
    assert response.status_code == 200
    return Page(response.text)


def text(page: Page, selector: str) -> str:
    return " ".join(" ".join(node.text(separator=" ").split()) for node in page.css(selector))


def notebook(*sources: str) -> str:
    cells = [{"cell_type": "code", "outputs": [], "source": source.splitlines(keepends=True)} for source in sources]
    return json.dumps({"cells": cells, "nbformat": 4})


def test_the_page_of_a_notebook_shows_its_code(client: TestClient) -> None:
    page = opened(client, notebook("%matplotlib inline", NET))

    assert text(page, "#code .made") == "self.rnn = nn.LSTM(10, 20)"
    assert "The lines are those of the notebook’s code cells" in text(page, ".hint")
    assert "notebook" not in text(opened(client, NET), ".hint")


def test_a_part_of_a_notebook_is_said_to_be_one(client: TestClient) -> None:
    page = opened(client, notebook(NET)[:-9])

    assert "Paste the cells of the notebook, or its whole file." in text(page, "main")


def test_the_panel_of_a_layer_that_is_called_again_says_why_it_has_no_parameters(client: TestClient) -> None:
    source = NET.replace("return self.rnn(x)[0]", "return self.rnn(self.fc(self.rnn(x)[0]))[0]").replace(
        "    def forward", "        self.fc = nn.Linear(20, 10)\n    def forward"
    )
    panels = [text(opened(client, source, part=part), ".count-formula") for part in "012"]

    assert [panel.partition("weights of")[1] for panel in panels] == ["", "", "weights of"]
    assert panels[2].startswith("0 weights of an earlier layer")
