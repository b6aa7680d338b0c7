"""Other people's brokers: each is started on free loopback ports, in a folder of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.broker.server import find_program
from tests.support.ports import free_port
from tests.support.waiting import DEADLINE_S, wait_until

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "tests" / "brokers"
BUILT = ROOT / "build" / "brokers"
"""Where setup.sh puts what it downloads and compiles."""
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""The wrapper in PATH would change to another user."""
ENDING_S = 60.0
"""What a broker has, to end by itself."""

Start = Callable[[int, Path, ExitStack], "Process"]


@dataclass(frozen=True, kw_only=True)
class Process:
    """A running broker."""

    popen: subprocess.Popen[bytes]
    log: Path

    def wait_until_it_listens(self, port: int) -> None:
        wait_until(lambda: self._listens(port) or self._ended(), self._last_words)
        assert self._listens(port), self._last_words()

    @staticmethod
    def _listens(port: int) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", port)) == 0

    def _ended(self) -> bool:
        return self.popen.poll() is not None

    def _last_words(self) -> str:
        return f"it does not listen:\n{self._last_lines()}"

    def _last_lines(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    def end(self) -> None:
        """Kill it if it does not end by itself."""
        self.popen.terminate()
        try:
            self.popen.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            print(f"{self.popen.args!r} did not end:\n{self._last_lines()}", flush=True)
            self.popen.kill()
            self.popen.wait(DEADLINE_S)


def run(
    command: Sequence[str], folder: Path, actors: ExitStack, environment: dict[str, str]
) -> Process:
    """Start a program that ends with `actors`."""
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as output:
        popen = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    process = Process(popen=popen, log=log)
    actors.callback(process.end)
    return process


def mosquitto(port: int, folder: Path, actors: ExitStack) -> Process:
    lines = (f"listener {port} 127.0.0.1", "allow_anonymous true", "user root")
    (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
    return run((find_program("mosquitto"), "-c", "mosquitto.conf"), folder, actors, {})


def rabbitmq(port: int, folder: Path, actors: ExitStack) -> Process:
    """With a name server and a cookie of its own; Debian's service is left alone."""
    name_server, distribution, queues = free_port(), free_port(), free_port()
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = 127.0.0.1:{queues}\n"
        f"mqtt.listeners.tcp.1 = 127.0.0.1:{port}\n"
        "mqtt.allow_anonymous = true\n"
    )
    (folder / "plugins").write_text("[rabbitmq_mqtt].\n")
    environment = {
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(name_server),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": "mqbind@localhost",
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_MNESIA_BASE": str(folder / "db"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }
    epmd = (find_program("epmd"), "-port", str(name_server), "-address", "127.0.0.1")
    run(epmd, folder, actors, environment)
    return run((str(RABBITMQ),), folder, actors, environment)


def aedes(port: int, folder: Path, actors: ExitStack) -> Process:
    command = (find_program("node"), str(SOURCES / "aedes" / "broker.mjs"), str(port))
    return run(command, folder, actors, {})


def mochi(port: int, folder: Path, actors: ExitStack) -> Process:
    return run((str(BUILT / "mochi"), str(port)), folder, actors, {})


def _java(name: str) -> Start:
    def start(port: int, folder: Path, actors: ExitStack) -> Process:
        java = shutil.which("java")
        assert java, "java is not installed (Debian: default-jdk-headless)"
        source = SOURCES / name / "Broker.java"
        command = (java, "-cp", f"{BUILT / name}/*", str(source), str(port), str(folder))
        return run(command, folder, actors, {})

    return start


@dataclass(frozen=True, kw_only=True)
class Broker:
    """A kind of broker. `groups` are the versions of MQTT under which it delivers to groups."""

    name: str
    source: str
    start: Start
    versions: tuple[int, ...]
    groups: tuple[int, ...]

    @contextmanager
    def running(self, folder: Path) -> Iterator[int]:
        """Its port."""
        port = free_port()
        with ExitStack() as actors:
            self.start(port, folder, actors).wait_until_it_listens(port)
            yield port


def _npm(name: str) -> str:
    lock = json.loads((SOURCES / name / "package-lock.json").read_text())
    return f"npm, {lock['packages'][f'node_modules/{name}']['version']}"


def _go(name: str) -> str:
    [version] = re.findall(r"^require \S+ v(\S+)$", (SOURCES / name / "go.mod").read_text(), re.M)
    return f"Go, {version}"


def _maven(name: str) -> str:
    [_, version] = re.findall(r"<version>(.*)</version>", (SOURCES / name / "pom.xml").read_text())
    return f"Maven, {version}"


BROKERS = (
    Broker(name="mosquitto", source="Debian", start=mosquitto, versions=(5, 4), groups=(5, 4)),
    Broker(name="RabbitMQ", source="Debian", start=rabbitmq, versions=(4,), groups=()),
    Broker(name="aedes", source=_npm("aedes"), start=aedes, versions=(4,), groups=()),
    Broker(name="mochi", source=_go("mochi"), start=mochi, versions=(5, 4), groups=(5, 4)),
    Broker(
        name="HiveMQ CE",
        source=_maven("hivemq"),
        start=_java("hivemq"),
        versions=(5, 4),
        groups=(5, 4),
    ),
    Broker(
        name="Moquette",
        source=_maven("moquette"),
        start=_java("moquette"),
        versions=(4,),
        groups=(),
    ),
)
