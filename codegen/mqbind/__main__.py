"""Where the command starts."""

from __future__ import annotations

import signal


def start() -> None:
    """Run the command line. Ctrl-C ends it at once, and quietly, while it is imported."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from mqbind.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    main(prog_name="mqbind")


if __name__ == "__main__":
    start()
