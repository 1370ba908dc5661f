"""How a quiz and a room judge answers, compared with the truth."""

import re
from urllib.parse import parse_qsl, urlsplit

from http_client import client, link
from shapes import dry_run
from stacks import Case


def of_link(query: str) -> Case:
    """The case of a link, its numbers and switches read."""
    usual = Case()
    given = {name: text for name, text in parse_qsl(query) if hasattr(usual, name)}
    kinds = {name: type(getattr(usual, name)) for name in given}
    values = {name: text == "true" if kinds[name] is bool else kinds[name](text) for name, text in given.items()}
    return Case(**{"t": 0, **values})  # type: ignore[arg-type]


def check_question(seed: int, number: int) -> None:
    """A question of the quiz: its right answer is right, in numbers, and near misses are wrong."""
    where = f"/quiz.json?seed={seed}&lesson_page={number}"
    asked = client().get(where).json()
    query = urlsplit(client().get(where.replace(".json", "")).headers["location"]).query
    case, tensor = of_link(query), dict(parse_qsl(query))["tensor"]
    words = " ".join(asked["text"])
    for name in ("batch_size", "time_step", "features", "num_units"):
        size = re.search(rf"{name}(?: is)? (\d+)", words)
        assert size and int(size[1]) == case.sizes[name], f"{where}: {words}"
    if "How many parameters" in words:
        run = dry_run(case)
        count = sum(w.value.size for w in run.weights[0, "forward"].values())
        right, wrong = str(count), [str(count + 1), str(count - 1), str(count * case.time_step)]
    else:
        if doubled := re.search(r"when (\w+) doubles", words):
            case = of_link(f"{query}&{doubled[1]}={2 * case.sizes[doubled[1]]}")
        shape = dry_run(case).tensor(tensor, (0, "forward"), 0).shape
        right, wrong = " x ".join(map(str, shape)), near_misses(shape)
    assert judged(where, right), f"{where}: {right} is right"
    for answer in wrong:
        assert not judged(where, answer), f"{where}: {answer} is wrong, {right} is right"


def near_misses(shape: tuple[int, ...]) -> list[str]:
    """Each size one more, the axes the other way round, one axis more and one fewer."""
    more = [[n + (k == m) for m, n in enumerate(shape)] for k in range(len(shape))]
    turned = [[*reversed(shape)]] if shape != shape[::-1] else []
    fewer = [[*shape[1:]]] if len(shape) > 1 else []
    return [" x ".join(map(str, sizes)) for sizes in (*more, *turned, *fewer, [*shape, 3])]


def judged(where: str, answer: str) -> bool:
    said = client().get(where, params={**dict(parse_qsl(urlsplit(where).query)), "answer": answer}).json()
    assert said["read"], f"{where}: {answer} cannot be read"
    return bool(said["right"])


class Room:
    """A live room, led and answered without WebSockets."""

    def __init__(self, case: Case, **more: object) -> None:
        opened = client().post("/rooms").json()
        self.path, self.secret = f"/rooms/{opened['code']}", opened["secret"]
        self.lead(show=link("", case, **more))

    def lead(self, **message: str) -> None:
        answer = client().post(self.path, json=message, headers={"Authorization": f"Bearer {self.secret}"})
        assert answer.json() == [], answer.text

    def judges(self, tensor: str, answer: str) -> bool:
        """Whether an answer to the shape of a tensor is right there."""
        self.lead(ask=tensor)
        (said,) = client().post(f"{self.path}?member=ann", json={"answer": answer}).json()
        return bool(said["verdict"]["right"])
