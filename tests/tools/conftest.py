"""Fixtures: a cache of this run's own, the command, and a broker."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.broker.server import Broker, started_brokers
from tests.consumers.installation import MQBIND
from tests.support.waiting import DEADLINE_S

Mqbind = Callable[..., subprocess.CompletedProcess[str]]


def read_terminal(terminal: int) -> bytes:
    """All that comes from a terminal until its last writer ends."""
    shown = b""
    with contextlib.suppress(OSError):  # as reading a terminal ends
        while data := os.read(terminal, 4096):
            shown += data
    os.close(terminal)
    return shown


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Programs that one test compiles are there for the others, and for nobody else."""
    return {**os.environ, "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}


@pytest.fixture
def mqbind(environment: dict[str, str]) -> Mqbind:
    """Runs the command as a user does."""

    def run(
        *arguments: str | Path, stdin: str | bytes = b"", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [MQBIND, *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            timeout=DEADLINE_S,
            env={**environment, **variables},
        )
        stdout, stderr = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in stderr, stderr
        return subprocess.CompletedProcess(done.args, done.returncode, stdout, stderr)

    return run


@pytest.fixture
def make_broker(tmp_path: Path) -> Iterator[Callable[..., Broker]]:
    """Starts brokers with configuration lines of the test's own."""
    with started_brokers(tmp_path) as start:
        yield start
