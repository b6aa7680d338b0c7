"""Drives fleet.c: workers that share events, and devices that report them until answered."""

from __future__ import annotations

import os
import subprocess
import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.waiting import DEADLINE_S, wait_until


@dataclass(kw_only=True)
class Program:
    """A worker or a device."""

    name: str
    popen: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def read(self) -> None:
        assert self.popen.stdout
        for line in self.popen.stdout:
            self.lines.append(line.strip())

    def said(self, word: str) -> list[str]:
        """What followed the word, in each line that begins with it."""
        return [line.partition(" ")[2] for line in list(self.lines) if line.startswith(word)]

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait(DEADLINE_S)


@dataclass(kw_only=True)
class Fleet:
    """The programs of one run, which end with `actors`."""

    actors: ExitStack
    keep: bool = False
    """Whether the broker keeps their sessions."""
    workers: list[Program] = field(default_factory=list)
    devices: list[Program] = field(default_factory=list)

    def start_worker(self, port: int, name: str, delay_ms: int) -> Program:
        """It is subscribed when this returns."""
        self.workers.append(self._start("worker", port, name, delay_ms))
        worker = self.workers[-1]
        wait_until(lambda: bool(worker.said("subscribed")), lambda: f"{name}: {worker.lines}")
        return worker

    def start_device(self, port: int, name: str, count: int) -> Program:
        self.devices.append(self._start("device", port, name, count))
        return self.devices[-1]

    def _start(self, role: str, port: int, name: str, number: int) -> Program:
        folder = Path(os.environ.get("MQBIND_BUILD_DIR", "build/dev")).resolve()
        program = folder / "tests" / "cluster" / "cluster_fleet"
        command = [str(program), role, str(port), name, str(number)]
        command += ["keep"] if self.keep else []
        popen = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started = Program(name=name, popen=popen)
        reader = threading.Thread(target=started.read, daemon=True)
        reader.start()
        self.actors.callback(reader.join, DEADLINE_S)
        self.actors.callback(popen.wait, DEADLINE_S)
        self.actors.callback(popen.terminate)
        return started

    def handled(self) -> Counter[str]:
        """How often each event was handled."""
        return Counter(event for worker in self.workers for event in worker.said("handled"))

    def again(self) -> int:
        """Events that devices sent once more."""
        return sum(len(device.said("again")) for device in self.devices)

    def wait_for_handled(self, count: int) -> None:
        wait_until(lambda: len(self.handled()) >= count, self._progress)

    def wait_for_devices(self) -> None:
        """Until each event of each device is answered."""
        wait_until(lambda: all(device.said("done") for device in self.devices), self._progress)

    def milliseconds(self) -> int:
        """The time that the slowest device took."""
        return max(int(device.said("done")[0]) for device in self.devices)

    def _progress(self) -> str:
        done = [device.name for device in self.devices if device.said("done")]
        return f"{len(self.handled())} events are handled; done: {done}; again: {self.again()}"
