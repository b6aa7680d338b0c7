"""Drives probe.c: commands in, events out."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.support.waiting import DEADLINE_S, wait_until

Event = dict[str, Any]

LEAKS = Path(__file__).with_name("paho.supp")
"""What AddressSanitizer must not hold against us: leaks inside the library."""
LSAN_OPTIONS = f"suppressions={LEAKS}:print_suppressions=0"

SUMS = {
    "connects": ("disconnects",),
    "publishes": (
        *("sent", "confirmed", "publishes_refused", "dropped", "expired", "cancelled"),
        "pending",
    ),
    "subscribes": ("granted", "subscribes_refused", "subscribes_lost"),
    "received": ("received_sum",),
    "calls": ("calls_replied", "calls_timed_out", "calls_lost", "calls_cancelled"),
}
"""Counters, and those that add up to them at the end, whatever happened before."""


def check_sums(closed: Event) -> None:
    """Of the counters that the program prints."""
    for name, parts in SUMS.items():
        if {name, *parts} <= closed.keys():
            assert closed[name] == sum(closed[part] for part in parts), (name, closed)


class Probe:
    """A running probe. What it says is kept in `events`, in order."""

    def __init__(self, program: Path, **settings: str | int) -> None:
        arguments = [f"{key}={value}" for key, value in settings.items()]
        self.events: list[Event] = []
        self.other_ends: tuple[int, ...] = ()
        self._incoming: queue.Queue[Event | None] = queue.Queue()
        self._errors = os.fdopen(os.memfd_create("errors"), "w+b")
        self._process = subprocess.Popen(
            [program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env={**os.environ, "LSAN_OPTIONS": LSAN_OPTIONS},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._incoming.put(json.loads(line))
        self._incoming.put(None)

    def do(self, command: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def ask(self, command: str, answer: str) -> Event:
        """Give a command and wait for the event that answers it."""
        self.do(command)
        return self.wait(answer)

    def wait(self, event: str, **values: object) -> Event:
        """The next event of the name whose values are these; those before it are passed over."""
        found = self.wait_or_end(event, **values)
        assert found, f"the probe ended before {event} {values}: {self.events}"
        return found

    def wait_or_end(self, event: str, **values: object) -> Event | None:
        """The same; None if the probe ends before."""
        while True:
            try:
                found = self._incoming.get(timeout=DEADLINE_S)
            except queue.Empty:
                raise AssertionError(f"no {event} {values}: {self.events}") from None
            if found is None:
                return None
            self.events.append(found)
            if found["event"] == event and values.items() <= found.items():
                return found

    def find(self, event: str, **values: object) -> Event:
        """The first event like this, whether it was passed over or is still to come."""
        for found in self.events:
            if found["event"] == event and values.items() <= found.items():
                return found
        return self.wait(event, **values)

    def wait_until_subscribed(self, filters: int = 1) -> None:
        self.wait("state", state="connected")
        self.wait_for_counter("granted", filters)

    def wait_for_counter(self, name: str, value: int) -> Event:
        wait_until(
            lambda: bool(self.ask("counters", "counters")[name] >= value),
            lambda: f"{name} did not reach {value}: {self.last('counters')}",
        )
        return self.last("counters")

    def count(self, event: str, **values: object) -> int:
        return sum(1 for e in self.events if e["event"] == event and values.items() <= e.items())

    def last(self, event: str) -> Event:
        """Of those that were waited for or passed over."""
        return next(e for e in reversed(self.events) if e["event"] == event)

    def send_signal(self, number: int) -> None:
        self._process.send_signal(number)

    def end_input(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()

    def wait_for_end(self) -> Event:
        """The counters at the end, which must be a clean one and add up."""
        closed = self.wait("closed")
        assert self._process.wait(DEADLINE_S) == 0
        check_sums(closed)
        return closed

    def quit(self) -> Event:
        self.do("quit")
        return self.wait_for_end()

    def exit_status(self) -> int:
        return self._process.wait(DEADLINE_S)

    def errors(self) -> str:
        """What it has printed on standard error."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.kill()
        self._process.wait(DEADLINE_S)

    def end(self) -> None:
        """End it in good order; a sanitizer's finding shows in the exit status."""
        if self._process.poll() is None:
            self.end_input()
        status = self._process.wait(DEADLINE_S)
        self._reader.join(DEADLINE_S)
        sys.stderr.write(self.errors())
        assert status in (0, 1, -signal.SIGKILL, *self.other_ends)
        while not self._incoming.empty():
            event = self._incoming.get()
            if event and event["event"] == "closed":
                check_sums(event)
