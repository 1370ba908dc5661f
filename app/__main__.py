"""`python -m app` is `unrolled`."""

import gc
import signal
import sys

from .process_environment import restart_with_settings

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C exits without a traceback; the server has its own handler
if sys.argv[1:2] == ["serve"]:
    restart_with_settings()  # before the next import, which takes half a second
    gc.disable()  # what imports make stays; web/server/garbage_collection.py enables it

from .cli import main  # noqa: E402

sys.exit(main())
