"""The examples of loops: each serves its toy, and outlives a restart of the broker."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.broker.server import Broker
from tests.support.waiting import DEADLINE_S, wait_until

SN = "e465b881d850"
COMMAND = f"/sys/folotoy/{SN}/thing/command/call"
ACK = f"/sys/folotoy/{SN}/thing/command/callAck"
VOLUME = b'{"msgId":%d,"identifier":"updatecommonconfig","inputParams":{"volume":7}}'


Toy = subprocess.Popen[bytes]


@pytest.fixture
def start_toy(broker: Broker, probe_program: Path) -> Iterator[Callable[[str], Toy]]:
    toys: list[Toy] = []

    def start(loop: str) -> Toy:
        program = probe_program.parents[2] / "examples" / f"loop_{loop}"
        assert program.is_file(), os.fspath(program)
        toys.append(subprocess.Popen((program, str(broker.port), SN), stdin=subprocess.PIPE))
        return toys[-1]

    yield start
    for toy in toys:
        toy.kill()
        toy.wait(DEADLINE_S)


@pytest.mark.parametrize("loop", ["epoll", "libuv", "glib", "thread"])
def test_a_loop_serves_its_connection(
    broker: Broker, start_toy: Callable[[str], Toy], tmp_path: Path, loop: str
) -> None:
    toy = start_toy(loop)

    def subscriptions() -> int:
        return broker.log().count(f"{COMMAND} (QoS")

    for round_number in range(2):
        wait_until(lambda: subscriptions() > 0, broker.log)
        acks = broker.listen(ACK, 20)
        for number in range(20):
            broker.publish(COMMAND, VOLUME % number)
        assert len(acks.messages()) == 20
        if round_number == 0:
            broker.kill()
            (tmp_path / "mosquitto.log").write_text("")
            broker.start()
    if loop == "thread":
        heard = broker.listen(f"/sys/folotoy/{SN}/thing/event/post", 3)
        assert toy.stdin
        toy.stdin.write(b"one\ntwo\nthree\n")
        toy.stdin.close()
        said = "".join(heard.messages())
        assert said.index("one") < said.index("two") < said.index("three")
    toy.terminate()
    assert toy.wait(DEADLINE_S) == 0
