"""A private mosquitto on a free loopback port, with its own configuration."""

import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.ports import free_port
from tests.support.waiting import DEADLINE_S, wait_until


def find_program(name: str) -> str:
    program = shutil.which(name, path="/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin:/bin")
    assert program, f"{name} is not installed (Debian: mosquitto, mosquitto-clients)"
    return program


@dataclass(kw_only=True)
class Broker:
    """Started and stopped as often as a test likes, always on the same port."""

    folder: Path
    port: int = field(default_factory=free_port)
    lines: Sequence[str] = ("allow_anonymous true",)
    process: subprocess.Popen[bytes] | None = None
    listeners: int = 0
    collectors: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        config = self.folder / "mosquitto.conf"
        head = (f"listener {self.port} 127.0.0.1", "persistence false", "user root")
        config.write_text("\n".join((*head, *self.lines)) + "\n")
        log = (self.folder / "mosquitto.log").open("ab")
        command = (find_program("mosquitto"), "-v", "-c", str(config))
        self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        self.wait_until_it_listens()

    def wait_until_it_listens(self) -> None:
        wait_until(self._listens_or_ended, lambda: f"mosquitto does not listen:\n{self.log()}")
        assert self._listens(), f"mosquitto ended:\n{self.log()}"

    def _listens_or_ended(self) -> bool:
        assert self.process
        return self._listens() or self.process.poll() is not None

    def _listens(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def log(self) -> str:
        return (self.folder / "mosquitto.log").read_text(errors="replace")

    def wait_for_log(self, text: str) -> None:
        wait_until(
            lambda: text in self.log(), lambda: f"mosquitto did not log {text}:\n{self.log()}"
        )

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it as a crash would."""
        while self.collectors:
            self.collectors.pop().kill()
        if self.process:
            self.process.kill()
            self.process.wait(DEADLINE_S)
            self.process = None

    def publish(self, topic: str, payload: bytes, *options: str) -> None:
        """Publish with mosquitto_pub."""
        source = "-s" if payload else "-n"
        command = (
            *(find_program("mosquitto_pub"), "-h", "127.0.0.1", "-p", str(self.port)),
            *("-t", topic, source, *options),
        )
        subprocess.run(command, input=payload, check=True, timeout=DEADLINE_S)

    def publish_lines(self, topic: str, lines: Sequence[str]) -> None:
        """Publish each line as a message of QoS 1, in this order."""
        command = (
            *(find_program("mosquitto_pub"), "-h", "127.0.0.1", "-p", str(self.port)),
            *("-t", topic, "-l", "-q", "1"),
        )
        text = "".join(f"{line}\n" for line in lines).encode()
        subprocess.run(command, input=text, check=True, timeout=DEADLINE_S)

    def listen(self, topic: str, count: int, *options: str) -> "Listener":
        """Receive with mosquitto_sub; it is subscribed when this returns."""
        self.listeners += 1
        name = f"listener{self.listeners}"
        command = (
            *(find_program("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(self.port)),
            *("-t", topic, "-C", str(count), "-W", str(int(DEADLINE_S)), "-i", name),
            *("-F", "%t %q %p", *options),
        )
        listener = Listener(process=subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        self.wait_for_log(f"Sending SUBACK to {name}\n")
        return listener

    def collect(self, topic: str) -> Callable[[], list[str]]:
        """Receive with mosquitto_sub from now on; the result returns the payloads so far."""
        self.listeners += 1
        name = f"listener{self.listeners}"
        command = (
            *(find_program("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(self.port)),
            *("-t", topic, "-q", "1", "-i", name, "-W", str(int(DEADLINE_S)), "-F", "%p"),
        )
        file = self.folder / f"{name}.txt"
        with file.open("w") as output:
            self.collectors.append(subprocess.Popen(command, stdout=output))
        self.wait_for_log(f"Sending SUBACK to {name}\n")
        return lambda: file.read_text().splitlines()


@dataclass(frozen=True, kw_only=True)
class Listener:
    """A running mosquitto_sub."""

    process: subprocess.Popen[str]

    def messages(self) -> list[str]:
        """Topic, QoS and payload of each message, once all have come."""
        output, _ = self.process.communicate(timeout=2 * DEADLINE_S)
        return output.splitlines()


@contextmanager
def started_brokers(folder: Path) -> Iterator[Callable[..., Broker]]:
    """Starts brokers with their own lines of configuration, and ends them."""
    brokers: list[Broker] = []

    def start(*lines: str) -> Broker:
        own = folder / f"broker{len(brokers)}"
        own.mkdir()
        brokers.append(Broker(folder=own, lines=lines) if lines else Broker(folder=own))
        brokers[-1].start()
        return brokers[-1]

    yield start
    for broker in brokers:
        broker.kill()
