"""Run both sides of five protocols through a private mosquitto, or through another broker on this
machine, and print what happens.

Exits with status 0, or with 1 as soon as something expected does not happen. Stops only the
programs that it started. Does not expect messages of different topics in any order.
"""

from __future__ import annotations

import argparse
import os
import queue
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 60
SERIAL = "e465b881d850"
COMMAND_TOPIC = f"/sys/folotoy/{SERIAL}/thing/command/call"
NUMBER = "D0001"
USERNAME = "DU_cellar"
PROJECT_KEY = "PR_home"
OWN_MESSAGES = "the side would receive what it sends on this topic"


class Program:
    """A program whose output is shown as it arrives, and can be waited for."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str] | None = None,
        *,
        silent: bool = False,
    ) -> None:
        self.name = name
        self._silent = silent
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._passed: list[str] = []
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if not self._silent:
                # A single write, because several threads print.
                print(f"  {self.name:<12} {line.rstrip()}\n", end="", flush=True)
            self._lines.put(line)
        self._lines.put(None)

    def wait_for(self, text: str) -> None:
        """Return once a line contains the text, which no earlier call found; fail if none does."""
        for place, line in enumerate(self._passed):
            if text in line:
                del self._passed[place]
                return
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                new = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise SystemExit(f"the {self.name} did not print: {text}") from None
            if new is None:
                raise SystemExit(f"the {self.name} exited without printing: {text}")
            if text in new:
                return
            self._passed.append(new)

    def wait(self) -> None:
        """Return once the program has exited successfully."""
        try:
            status = self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise SystemExit(f"the {self.name} does not exit") from None
        if status != 0:
            raise SystemExit(f"the {self.name} exited with status {status}")

    def kill(self) -> None:
        """End the program as a crash would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Stop the program if it is still running."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@dataclass(frozen=True, kw_only=True)
class Broker:
    """A broker on this machine, and how to connect to it."""

    port: int
    protocol: int = 5
    username: str | None = None
    password: str | None = None

    def environment(self) -> dict[str, str]:
        """Settings of the example programs."""
        values = {
            "EXAMPLE_PROTOCOL": str(self.protocol),
            "EXAMPLE_USERNAME": self.username,
            "EXAMPLE_PASSWORD": self.password,
        }
        return {name: value for name, value in values.items() if value is not None}

    def options(self) -> list[str]:
        """Options of mosquitto_pub. Some brokers refuse clients without an id."""
        version = "mqttv5" if self.protocol == 5 else "mqttv311"
        found = ["-h", "127.0.0.1", "-p", str(self.port), "-V", version, "-i", "mosquitto-pub"]
        for option, value in (("-u", self.username), ("-P", self.password)):
            found += [option, value] if value is not None else []
        return found


def start_mosquitto(folder: Path, actors: ExitStack) -> int:
    """Start a private broker and return its port."""
    port = _free_port()
    config = folder / "mosquitto.conf"
    config.write_text(
        f"listener {port} 127.0.0.1\n"
        "allow_anonymous true\n"
        "persistence false\n"
        "log_dest stderr\n"
        "log_type all\n"
    )
    broker = Program("broker", [_find("mosquitto"), "-c", str(config)], silent=True)
    actors.callback(broker.stop)
    broker.wait_for("running")
    print(f"A private mosquitto listens on 127.0.0.1:{port}.", flush=True)
    return port


class Stage:
    """A broker, and the programs that connect to it."""

    def __init__(self, build_dir: Path, broker: Broker, actors: ExitStack) -> None:
        self.broker = broker
        self._build_dir = build_dir
        self._actors = actors

    def start(self, name: str, example: str, *arguments: str) -> Program:
        """Start an example program."""
        path = self._build_dir / "examples" / example
        command = [str(path), str(self.broker.port), *arguments]
        program = Program(name, command, self.broker.environment())
        self._actors.callback(program.stop)
        return program

    def start_listening(self, name: str, example: str, *arguments: str) -> Program:
        """Start an example program and wait until the broker has its subscriptions."""
        program = self.start(name, example, *arguments)
        program.wait_for("subscribed")
        return program

    def publish(self, topic: str, payload: str) -> None:
        """Publish a message as any client could."""
        print(f"  $ mosquitto_pub -t {topic} -m '{payload}'", flush=True)
        command = [_find("mosquitto_pub"), *self.broker.options()]
        subprocess.run([*command, "-t", topic, "-m", payload], check=True, timeout=PATIENCE_S)


def _find(program: str) -> str:
    """The path of a program; Debian installs mosquitto where only root has it in PATH."""
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        raise SystemExit(f"{program} is not installed")
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _announce(text: str) -> None:
    print(f"\n{text}", flush=True)


def _play_folotoy(stage: Stage) -> None:
    _announce("FoloToy. An application controls a toy; a server manages the roles.")
    toy = stage.start_listening("toy", "folotoy_toy", SERIAL)
    server = stage.start_listening("server", "folotoy_server")
    application = stage.start("application", "folotoy_application", SERIAL)
    application.wait_for("refused on")
    toy.wait_for("sleeping after 600 s")
    toy.wait_for("playing hi")
    application.wait_for("event from")
    server.wait_for("reloading roles")
    application.wait_for("roles: reloaded")
    application.wait()

    _announce(
        "Another client sends the toy what the application could not. The toy refuses it, too:"
    )
    stage.publish(COMMAND_TOPIC, _settings('"sleep_trigger_time":12'))
    toy.wait_for("/inputParams/sleep_trigger_time: is 12, must be 0 or at least 30 (byte ")
    stage.publish(COMMAND_TOPIC, '{"msgId":5,"identifier":"iwantplay",}')
    toy.wait_for("(byte 36)")

    _announce("The next valid message is handled as usual:")
    stage.publish(COMMAND_TOPIC, _settings('"sleep_trigger_time":30'))
    toy.wait_for("sleeping after 30 s")


def _settings(members: str) -> str:
    return f'{{"msgId":4,"identifier":"updatecommonconfig","inputParams":{{{members}}}}}'


def _play_eztcloud_device(stage: Stage) -> None:
    _announce("EZtCloud devices. A device sends JSON and raw bytes, and executes commands.")
    platform = stage.start_listening("platform", "eztcloud_device_platform")
    device = stage.start("device", "eztcloud_device_device", USERNAME)
    platform.wait_for("temperature is 21.5")
    device.wait_for("attributes: accepted")
    device.wait_for("interval is 60")
    device.wait_for("event: accepted")
    platform.wait_for("modbus: 01 03 00 2a")
    device.wait_for("interval is 30")
    platform.wait_for("command 1000 is done")
    platform.wait_for('command "c-1001" is done')
    device.wait()

    _announce("A command gets one reply. Nobody is waiting for a second one:")
    topic = f"command_reply/{USERNAME}"
    stage.publish(topic, '{"method":"restart","params":{},"id":"c-1001"}')
    platform.wait_for(f"refused on {topic}: no call is waiting for this reply")


def _play_thingsboard(stage: Stage) -> None:
    _announce("ThingsBoard. A device and the server call each other, each with its own ids.")
    if stage.broker.protocol != 5:
        # A server that was bound would answer its own calls.
        stage.start("server", "thingsboard_server").wait_for(OWN_MESSAGES)
        _announce(f"Not possible with MQTT 3.1.1: {OWN_MESSAGES}.")
        return
    server = stage.start_listening("server", "thingsboard_server")
    device = stage.start("device", "thingsboard_device")
    server.wait_for("temperature is 42.0")
    server.wait_for("at 1451649600512 ms")
    device.wait_for("interval is 60")
    device.wait_for("interval is 30")
    server.wait_for("openValve: ")
    server.wait_for("setClock: 1451649600512")
    device.wait_for("no weather: unknown method")
    device.wait()


def _play_eztcloud_app(stage: Stage) -> None:
    _announce("EZtCloud applications. One application watches all devices of a project.")
    application = stage.start_listening("application", "eztcloud_app_application", PROJECT_KEY)
    platform = stage.start("platform", "eztcloud_app_platform", PROJECT_KEY)
    application.wait_for("DU_kitchen is online")
    application.wait_for("modbus of DU_kitchen: 01 03 00 2a")
    application.wait_for("alarm at DU_garage")
    platform.wait_for("command to DU_garage: closeDoor")
    application.wait_for("is done")
    application.wait_for("DU_garage is offline")

    _announce("The platform crashes. The broker publishes its will:")
    platform.kill()
    application.wait_for("DU_kitchen is offline")
    application.wait()


def _play_thingspanel(stage: Stage) -> None:
    _announce("ThingsPanel. A device reports, executes a command, and installs an update.")
    platform = stage.start_listening("platform", "thingspanel_platform", NUMBER)
    device = stage.start("device", "thingspanel_device", NUMBER)
    platform.wait_for("temperature is 28.5")
    device.wait_for("event: accepted")
    device.wait_for("command: ReSet")
    platform.wait_for("command: success")
    device.wait_for("updating to version 1.1")
    platform.wait_for("update: 100 %")
    platform.wait()


PLAYS = {
    "folotoy": _play_folotoy,
    "eztcloud_device": _play_eztcloud_device,
    "thingsboard": _play_thingsboard,
    "eztcloud_app": _play_eztcloud_app,
    "thingspanel": _play_thingspanel,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plays", nargs="*", help=f"of {', '.join(PLAYS)}; all if none is given")
    parser.add_argument(
        "--build-dir", type=Path, required=True, help="where the examples are built"
    )
    parser.add_argument("--port", type=int, help="of a running broker, instead of a private one")
    parser.add_argument("--protocol", type=int, default=5, help="4 for MQTT 3.1.1, 5 for MQTT 5")
    parser.add_argument("--username")
    parser.add_argument("--password")
    return parser.parse_args()


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as actors:
        broker = Broker(
            port=arguments.port or start_mosquitto(Path(folder), actors),
            protocol=arguments.protocol,
            username=arguments.username,
            password=arguments.password,
        )
        for name in arguments.plays or PLAYS:
            with ExitStack() as programs:
                PLAYS[name](Stage(arguments.build_dir, broker, programs))
    _announce("Everything happened as expected.")


if __name__ == "__main__":
    main()
