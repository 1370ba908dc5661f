"""Prepares a copy of the app for its servers: ``python -m app.precompute``.

It compiles templates and catalogs, and records the pages that a class opens first: every view of every cell in each
language, with nothing selected. Without it a server does the same while visitors wait, and forgets it when it stops.
"""

import asyncio
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from urllib.parse import urlencode

from .core.cells import CELLS
from .diagram.views import VIEWS
from .main import create_app
from .process_environment import restart_with_settings
from .translations.languages import LANGUAGES
from .web.pages.index import draw
from .web.pages.pages_for_other_sizes.recorded_pages import stored_pages, storing

SIZES: tuple[dict[str, int], ...] = (
    {},
    {"batch_size": 1},
    {"num_units": 16},
    {"num_units": 128},
    {"batch_size": 6, "num_units": 20},
    {"batch_size": 9, "num_units": 32},
    {"batch_size": 32, "num_units": 64},
    *({"batch_size": batch_size, "num_units": num_units} for num_units in (20, 100, 150) for batch_size in (1, 3, 4)),
)
"""Sizes with which something else is drawn, in some view. A page is recorded again only if it is; for sizes with which
still something else is drawn, a server records it as usual."""


def record(language: str, view: str) -> None:
    """Record the pages of a view in a language."""
    asyncio.run(_record(language, view))


async def _record(language: str, view: str) -> None:
    app = create_app()
    with storing():
        for cell, sizes in product(CELLS, SIZES):
            await draw(app, urlencode({"view": view, "cell": cell, **sizes}), {"accept-language": language})


def main() -> None:
    sys.dont_write_bytecode = False  # this is what the command is for
    stored_pages().remove_others()
    with ProcessPoolExecutor() as processes:
        for _ in processes.map(record, *zip(*product(LANGUAGES, VIEWS), strict=True)):
            pass


if __name__ == "__main__":
    restart_with_settings()
    main()
