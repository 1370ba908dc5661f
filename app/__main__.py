"""`python -m app` is `unrolled`."""

import sys

from app.cli import main

sys.exit(main())
