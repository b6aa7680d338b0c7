"""Run both sides of five protocols through a private mosquitto, and print what happens.

Exits with status 0, or with 1 as soon as something expected does not happen. Stops only the
programs that it started.
"""

from __future__ import annotations

import argparse
import queue
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

PATIENCE_S = 60
SERIAL = "e465b881d850"
COMMAND_TOPIC = f"/sys/folotoy/{SERIAL}/thing/command/call"
NUMBER = "D0001"
USERNAME = "DU_cellar"
PROJECT_KEY = "PR_home"


class Program:
    """A program whose output is shown as it arrives, and can be waited for."""

    def __init__(self, name: str, command: list[str], *, silent: bool = False) -> None:
        self.name = name
        self._silent = silent
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
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
        """Return once a line contains the text; fail if none does."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise SystemExit(f"the {self.name} did not print: {text}") from None
            if line is None:
                raise SystemExit(f"the {self.name} exited without printing: {text}")
            if text in line:
                return

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


class Stage:
    """A private broker, and the programs that connect to it."""

    def __init__(self, build_dir: Path, folder: Path, actors: ExitStack) -> None:
        self._build_dir = build_dir
        self._actors = actors
        self.port = _free_port()
        self._broker = self._start_broker(folder)

    def _start_broker(self, folder: Path) -> Program:
        config = folder / "mosquitto.conf"
        config.write_text(
            f"listener {self.port} 127.0.0.1\n"
            "allow_anonymous true\n"
            "persistence false\n"
            "log_dest stderr\n"
            "log_type all\n"
        )
        broker = Program("broker", [_find("mosquitto"), "-c", str(config)], silent=True)
        self._actors.callback(broker.stop)
        broker.wait_for("running")
        return broker

    def start(self, name: str, example: str, *arguments: str) -> Program:
        """Start an example program."""
        path = self._build_dir / "examples" / example
        program = Program(name, [str(path), str(self.port), *arguments])
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
        command = [_find("mosquitto_pub"), "-h", "127.0.0.1", "-p", str(self.port)]
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


@contextmanager
def _stage(build_dir: Path) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as actors:
        yield Stage(build_dir, Path(folder), actors)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--build-dir", type=Path, required=True, help="where the examples are built"
    )
    build_dir: Path = parser.parse_args().build_dir
    with _stage(build_dir) as stage:
        print(f"A private mosquitto listens on 127.0.0.1:{stage.port}.", flush=True)
        _play_folotoy(stage)
        _play_eztcloud_device(stage)
        _play_thingsboard(stage)
        _play_eztcloud_app(stage)
        _play_thingspanel(stage)
    _announce("Everything happened as expected. The broker is stopped.")


if __name__ == "__main__":
    main()
