"""The gateway example loses nothing that it accepted, although it and its broker are killed."""

import json
import os
import subprocess
import threading
from pathlib import Path

import pytest

from tests.broker.server import Broker
from tests.support.waiting import DEADLINE_S, wait_until

KILLS = 10
EACH = 60


class Gateway:
    """A running gateway; what it accepted is kept in `stored`."""

    def __init__(self, program: Path, port: int, folder: Path, stored: list[int]) -> None:
        command = (program, str(port), "d1", folder)
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.stored = stored
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if line.endswith("\n"):
                self.stored.append(int(line.removeprefix("stored ")))

    def give(self, readings: range) -> None:
        assert self.process.stdin
        self.process.stdin.write("".join(f"{reading}\n" for reading in readings))
        self.process.stdin.flush()

    def wait_for(self, reading: int) -> None:
        wait_until(lambda: reading in self.stored, lambda: f"{reading} is not in {self.stored}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(DEADLINE_S)
        self.reader.join(DEADLINE_S)

    def end(self) -> None:
        self.process.terminate()
        assert self.process.wait(DEADLINE_S) == 0
        self.reader.join(DEADLINE_S)


@pytest.fixture
def program(probe_program: Path) -> Path:
    found = probe_program.parents[2] / "examples" / "gateway"
    assert found.is_file(), os.fspath(found)
    return found


def test_nothing_that_was_accepted_is_lost(broker: Broker, program: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stored"
    folder.mkdir()
    arrived = broker.collect("devices/telemetry")
    stored: list[int] = []
    for round_number in range(KILLS):
        gateway = Gateway(program, broker.port, folder, stored)
        start = round_number * EACH
        gateway.give(range(start, start + EACH))
        gateway.wait_for(start)
        gateway.kill()
    last = Gateway(program, broker.port, folder, stored)
    wait_until(lambda: not list(folder.iterdir()), lambda: f"{sorted(folder.iterdir())}")
    last.end()
    assert len(stored) >= KILLS
    wait_until(
        lambda: set(stored) <= {json.loads(line)["reading"] for line in arrived()},
        lambda: f"{stored}\n{arrived()}",
    )
