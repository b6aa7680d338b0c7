"""Where the command starts."""

from __future__ import annotations

import gc
import signal

_OBJECTS_BETWEEN = 1_000_000
"""New objects until cycles are looked for: a document makes many, and hardly a cycle of them."""


def start() -> None:
    """Run the command line. Ctrl-C ends it at once, and quietly, while it is imported."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(_OBJECTS_BETWEEN)
    from mqbind.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    main(prog_name="mqbind")


if __name__ == "__main__":
    start()
