"""What is said under the picture of the batch."""

from typing import Any

from app.core.stack import StackTrace
from app.web.view import View


def reading(view: View, trace: StackTrace | None) -> dict[str, Any]:
    return {}
