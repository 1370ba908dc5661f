"""`python -m app` is `unrolled`."""

import sys

from app.process import start_anew

if sys.argv[1:2] == ["serve"]:
    start_anew()  # before the next import, which takes half a second

from app.cli import main

sys.exit(main())
