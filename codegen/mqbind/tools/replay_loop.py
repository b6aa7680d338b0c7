"""The loop of replay: lines in, answers out, and a progress bar on a terminal."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from rich.console import Console
from rich.progress import Progress

from mqbind.tools.capture import lines
from mqbind.tools.replay import Host

_T = TypeVar("_T")
_QUIET_S = 1.0
_REFRESH_S = 0.1


def while_busy(what: str, work: Callable[[], _T]) -> _T:
    """The result of the work; a terminal shows that it is running."""
    with Console(stderr=True).status(what):
        return work()


def run(
    program: Path,
    roles: Sequence[str],
    parameters: Mapping[str, str],
    source: BinaryIO,
    target: BinaryIO,
) -> None:
    """Answer each line as soon as it arrives, and print the summary, however the input ends."""
    with Host(program, roles, parameters) as host:
        try:
            with _progress(source, target) as advance:
                for line in lines(source):
                    target.write(host.answer(line))
                    target.flush()
                    advance(len(line))
        finally:
            print(host.summary, file=sys.stderr)


@contextmanager
def _progress(source: BinaryIO, target: BinaryIO) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, if the work takes long and the answers are not printed there."""
    console = Console(stderr=True)
    if target.isatty() or not console.is_terminal:
        yield lambda _: None
        return
    bar = Progress(console=console, transient=True, auto_refresh=False)
    task = bar.add_task("replaying", total=_file_bytes(source))
    next_refresh = time.monotonic() + _QUIET_S

    def advance(count: int) -> None:
        nonlocal next_refresh
        bar.advance(task, count)
        if time.monotonic() >= next_refresh:
            next_refresh = time.monotonic() + _REFRESH_S
            bar.start()
            bar.refresh()

    try:
        yield advance
    finally:
        bar.stop()


def _file_bytes(source: BinaryIO) -> int | None:
    """The size of the input; None if it is unknown, as for a pipe."""
    status = os.fstat(source.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None
