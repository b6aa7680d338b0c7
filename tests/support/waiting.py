"""Waiting for other programs. The only tests that look at a clock do it here.

What they wait for comes soon. The deadline merely ends a test that would hang, so it is long enough
for a machine with far more to do; no test may depend on anything happening before it.
"""

import time
from collections.abc import Callable, Iterator

DEADLINE_S = 300.0

LONGER_MS = 600_000
"""For timers that must not be what ends a wait."""


def wait_until(reached: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    """Poll until reached; fail with a message if the deadline comes first."""
    end = time.monotonic() + DEADLINE_S
    while not reached():
        assert time.monotonic() < end, otherwise()
        time.sleep(0.01)


def ticks(period_s: float, count: int) -> Iterator[int]:
    """Numbers, one in each period; those that are late come at once."""
    start = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, start + number * period_s - time.monotonic()))
        yield number
