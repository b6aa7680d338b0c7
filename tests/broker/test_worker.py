"""A worker over paho is told of a message once, unless it dies before it has handled it.

One over libmosquitto is not told again.
"""

import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.broker.conftest import StartProbe
from tests.broker.probe import LSAN_OPTIONS
from tests.broker.server import Broker
from tests.support.waiting import DEADLINE_S, LONGER_MS, wait_until

EVENT = "devices/event"
PAYLOAD = b'{"method":"BatteryLow","params":{}}'
COUNT = 60
"""More than the broker sends at a time without an acknowledgement."""


class Worker:
    def __init__(self, program: Path, *arguments: object) -> None:
        self.lines: list[str] = []
        self._incoming: queue.Queue[str | None] = queue.Queue()
        self._process = subprocess.Popen(
            [program, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "LSAN_OPTIONS": LSAN_OPTIONS},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._incoming.put(line.rstrip("\n"))
        self._incoming.put(None)

    def wait(self, start: str) -> str:
        """The next line that starts like this."""
        while True:
            try:
                line = self._incoming.get(timeout=DEADLINE_S)
            except queue.Empty:
                raise AssertionError(f"no {start}: {self.lines}") from None
            assert line is not None, f"it ended before {start}: {self.lines}"
            self.lines.append(line)
            if line.startswith(start):
                return line

    def wait_for_count(self, start: str, count: int) -> None:
        while len(self.all(start)) < count:
            self.wait(start)

    def all(self, start: str) -> list[str]:
        return [line[len(start) :] for line in self.lines if line.startswith(start)]

    def go_on(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(DEADLINE_S)
        self._reader.join(DEADLINE_S)
        while (line := self._incoming.get(timeout=DEADLINE_S)) is not None:
            self.lines.append(line)

    def leave(self) -> dict[str, int]:
        """End it in good order; its counters."""
        self._process.send_signal(signal.SIGTERM)
        words = self.wait("closed ").split()[1:]
        assert self._process.wait(DEADLINE_S) == 0
        return {name: int(value) for name, value in zip(words[::2], words[1::2], strict=True)}

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(DEADLINE_S)


Start = Callable[..., Worker]


@pytest.fixture
def start_worker() -> Iterator[Start]:
    program = Path(os.environ["MQBIND_BUILD_DIR"]).resolve() / "tests" / "broker" / "broker_worker"
    workers: list[Worker] = []

    def start(*arguments: object) -> Worker:
        workers.append(Worker(program, *arguments))
        return workers[-1]

    yield start
    for worker in workers:
        worker.end()


def publish_events(broker: Broker, names: list[str]) -> None:
    for name in names:
        broker.publish(f"{EVENT}/{name}", PAYLOAD, "-q", "1")


def test_no_message_is_lost_when_a_worker_is_killed(broker: Broker, start_worker: Start) -> None:
    names = [f"e{number}" for number in range(COUNT)]
    worker = start_worker(broker.port, 0, "pause")
    worker.wait("subscribed")
    publish_events(broker, names)
    for _ in range(3):
        worker.wait("begin ")
        worker.go_on()
        worker.wait("end ")
    worker.wait("begin e3")
    worker.kill()
    assert worker.all("end ") == names[:3]
    again = start_worker(broker.port, 0)
    again.wait(f"end {names[-1]}")
    again.leave()
    assert set(names[3:]) <= set(again.all("end "))


def test_over_libmosquitto_the_message_of_a_killed_handler_is_lost(
    broker: Broker, start_probe: StartProbe
) -> None:
    """That is why workers have a transport of their own."""
    session: dict[str, str | int] = {"client_id": "worker", "keep_session": 1}
    probe = start_probe(broker.port, **session)
    probe.wait("subscribed")
    broker.publish("probe/in/slow", str(LONGER_MS).encode(), "-q", "1")
    probe.wait("message", what="slow")
    broker.wait_for_log("Received PUBACK from worker")
    probe.kill()
    broker.publish("probe/in/next", b"", "-q", "1")
    again = start_probe(broker.port, **session)
    again.wait("message", what="next")
    assert again.count("message") == 1
    assert again.quit()["resumed"] == 1


def test_over_paho_a_message_is_acknowledged_after_its_handler(
    broker: Broker, start_worker: Start
) -> None:
    worker = start_worker(broker.port, 0, "pause")
    worker.wait("subscribed")
    publish_events(broker, ["first", "second"])
    worker.wait("begin first")
    wait_until(lambda: broker.log().count("Sending PUBLISH to worker") == 2, broker.log)
    assert "Received PUBACK from worker" not in broker.log()
    worker.go_on()
    worker.wait("begin second")
    broker.wait_for_log("Received PUBACK from worker")
    worker.kill()


def test_messages_wait_for_the_broker_and_keep_their_order(
    absent_broker: Broker, start_worker: Start
) -> None:
    worker = start_worker(absent_broker.port, COUNT)
    worker.wait("state 3")
    absent_broker.start()
    worker.wait_for_count("confirmed ", COUNT)
    first = [f"devices/event/response/d/first{number}" for number in range(COUNT)]
    assert worker.all("confirmed ") == first
    assert worker.leave() == {
        "accepted": COUNT,
        "confirmed": COUNT,
        "dropped": 0,
        "rejected": 0,
    }


def test_what_waits_when_it_closes_without_a_broker_is_dropped(
    absent_broker: Broker, start_worker: Start
) -> None:
    worker = start_worker(absent_broker.port, COUNT)
    worker.wait("state 3")
    counters = worker.leave()
    assert (counters["accepted"], counters["dropped"]) == (COUNT, COUNT)
    assert len(worker.all("dropped ")) == COUNT


def test_every_event_is_answered_and_every_answer_confirmed(
    broker: Broker, start_worker: Start
) -> None:
    worker = start_worker(broker.port, 0)
    worker.wait("subscribed")
    listener = broker.listen("devices/event/response/d/#", 300, "-q", "1")
    broker.publish_lines(f"{EVENT}/many", [PAYLOAD.decode()] * 300)
    assert len(listener.messages()) == 300
    worker.wait_for_count("confirmed ", 300)
    counters = worker.leave()
    assert counters == {"accepted": 300, "confirmed": 300, "dropped": 0, "rejected": 0}


def test_it_outlives_its_broker(broker: Broker, start_worker: Start) -> None:
    worker = start_worker(broker.port, 2000)
    worker.wait("subscribed")
    for number in range(3):
        worker.wait_for_count("confirmed ", 200 * (number + 1))
        broker.kill()
        broker.start()
        worker.wait("state 2")
    worker.wait_for_count("confirmed ", 2000)
    counters = worker.leave()
    assert counters == {"accepted": 2000, "confirmed": 2000, "dropped": 0, "rejected": 0}


def test_it_goes_on_in_a_session_that_the_broker_kept(broker: Broker, start_worker: Start) -> None:
    worker = start_worker(broker.port, 2000)
    worker.wait_for_count("confirmed ", 200)
    # The broker closes the connection of the first that has this name.
    broker.publish("other", b"", "-i", "worker", "-c")
    worker.wait("state 2")
    worker.wait_for_count("confirmed ", 2000)
    counters = worker.leave()
    assert counters == {"accepted": 2000, "confirmed": 2000, "dropped": 0, "rejected": 0}
