"""The example without MQTT: workers of a consumer group of Redis, one of which is killed."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broker.server import find_program
from tests.support.ports import free_port
from tests.support.waiting import DEADLINE_S, wait_until

MESSAGES = 400


class Redis:
    """A private server of Redis on a free port."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder))
        command = (find_program("redis-server"), *options, "--save", "")
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(lambda: self.ask("PING") == "PONG", lambda: "redis-server does not answer")

    def ask(self, *words: str) -> str:
        command = (find_program("redis-cli"), "-p", str(self.port), *words)
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S)
        return done.stdout.strip()

    def add(self, payloads: list[str]) -> None:
        lines = [f"XADD messages * topic devices/telemetry payload '{each}'" for each in payloads]
        command = (find_program("redis-cli"), "-p", str(self.port))
        text = "\n".join(lines)
        subprocess.run(command, input=text, check=True, text=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    yield server
    server.process.kill()
    server.process.wait(DEADLINE_S)


@pytest.fixture
def worker(probe_program: Path) -> Path:
    found = probe_program.parents[2] / "examples" / "redis_worker"
    assert found.is_file(), os.fspath(found)
    return found


def test_every_message_is_handled_although_a_worker_is_killed(
    redis: Redis, worker: Path, tmp_path: Path
) -> None:
    outputs: list[Path] = []

    def start(name: str) -> "subprocess.Popen[bytes]":
        outputs.append(tmp_path / f"output{len(outputs)}")
        with outputs[-1].open("w") as output:
            return subprocess.Popen((worker, str(redis.port), "workers", name), stdout=output)

    def lines() -> list[str]:
        return [line for output in outputs for line in output.read_text().splitlines()]

    first, second = start("first"), start("second")
    redis.add([f'{{"n":{i}}}' for i in range(MESSAGES)] + ['{"n":'])
    wait_until(lambda: len(outputs[0].read_text().splitlines()) > 3, lambda: f"{lines()}")
    first.kill()
    first.wait(DEADLINE_S)
    again = start("first")
    wanted = {f"n {i}" for i in range(MESSAGES)}
    wait_until(lambda: wanted <= set(lines()), lambda: f"{sorted(wanted - set(lines()))}")
    wait_until(
        lambda: redis.ask("XPENDING", "messages", "workers").startswith("0"),
        lambda: redis.ask("XPENDING", "messages", "workers"),
    )
    assert any(line.startswith("refused on devices/telemetry: ") for line in lines())
    for process in (second, again):
        process.terminate()
        assert process.wait(DEADLINE_S) == 0
