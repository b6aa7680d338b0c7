"""Entry point of the command."""

from __future__ import annotations

import gc
import signal

_OBJECTS_BETWEEN = 1_000_000
"""New objects between two garbage collections: a document creates many objects, but almost no
cycles."""


def start() -> None:
    """Run the command line. During imports, Ctrl-C ends it at once and silently."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(_OBJECTS_BETWEEN)
    from mqbind.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    main(prog_name="mqbind")


if __name__ == "__main__":
    start()
