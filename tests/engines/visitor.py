"""What a visitor does and sees in any browser."""

import json
from typing import Any

from driver import Driver, Point, wait_for

DESKTOP = 1366, 768

CENTRE = """(() => {{
  const element = document.querySelector({selector});
  element.scrollIntoView({{ block: "nearest" }});
  const box = element.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2].map(Math.round);
}})()"""


class Visitor:
    def __init__(self, driver: Driver, server: str) -> None:
        self.driver, self.server = driver, server
        driver.resize(*DESKTOP)

    def open(self, path: str) -> None:
        self.driver.open(self.server + path)

    def sees(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        return self.driver.evaluate(expression)

    def waits_for(self, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        wait_for(lambda: self.sees(f"Boolean({expression})"))

    def text_of(self, selector: str) -> str:
        return str(self.sees(f"document.querySelector({json.dumps(selector)})?.textContent ?? ''"))

    def drags(self, selector: str, by: int) -> None:
        """Press the mouse on an element, move it ``by`` pixels to the right and release it."""
        x, y = self._centre(selector)
        self.driver.drag((x, y), (x + by // 2, y), (x + by, y))

    def clicks(self, selector: str) -> None:
        self.drags(selector, 0)

    def moves_mouse(self) -> None:
        self.driver.drag((3, 3))

    def _centre(self, selector: str) -> Point:
        x, y = self.sees(CENTRE.format(selector=json.dumps(selector)))
        return x, y
