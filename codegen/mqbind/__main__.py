"""Entry point of the command."""

from __future__ import annotations

import gc
import os
import signal
import sys

_OBJECTS_BETWEEN = 1_000_000
"""New objects between two garbage collections: a document creates many objects, but almost no
cycles."""


def start() -> None:
    """Run the command line. During imports, Ctrl-C ends it at once and silently."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(_OBJECTS_BETWEEN)
    _open_standard_streams()
    from mqbind.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    main(prog_name="mqbind")


def _open_standard_streams() -> None:
    """Those that the caller has closed read and write nothing, and no other file takes their
    place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8"))


if __name__ == "__main__":
    start()
