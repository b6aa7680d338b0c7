"""The example of a transport: against mosquitto, and against a stream in the smallest pieces."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.broker.conftest import StartFake
from tests.broker.fake_broker import CONNACK, PUBLISH, Peer
from tests.broker.server import Broker

SN = "e465b881d850"
CALL = f"/sys/folotoy/{SN}/thing/command/call"
ACK = f"/sys/folotoy/{SN}/thing/command/callAck"
Toy = subprocess.Popen[str]


@pytest.fixture
def start_toy() -> Iterator[Callable[[int], Toy]]:
    program = Path(os.environ["MQBIND_BUILD_DIR"]).resolve() / "examples" / "own_transport"
    toys: list[Toy] = []

    def start(port: int) -> Toy:
        toys.append(subprocess.Popen([program, str(port), SN], stdout=subprocess.PIPE, text=True))
        return toys[-1]

    yield start
    for toy in toys:
        toy.kill()
        toy.communicate()


def command(number: int, volume: int, padding: int = 0) -> bytes:
    parameters = {"volume": volume}
    text = json.dumps(
        {"msgId": number, "identifier": "updatecommonconfig", "inputParams": parameters}
    )
    return text.encode() + b" " * padding


def line(toy: Toy) -> str:
    assert toy.stdout
    return toy.stdout.readline().strip()


def test_it_serves_a_real_broker_and_subscribes_again(
    broker: Broker, start_toy: Callable[[int], Toy]
) -> None:
    toy = start_toy(broker.port)
    for number in (1, 2):
        broker.wait_for_log("Sending SUBACK to own-transport")
        listener = broker.listen(ACK, 1)
        broker.publish(CALL, command(number, 20 + number), "-q", "1")
        assert line(toy) == f"volume is now {20 + number}"
        [answer] = listener.messages()
        assert json.loads(answer.partition("{")[1] + answer.partition("{")[2])["msgId"] == number
        broker.kill()
        (broker.folder / "mosquitto.log").unlink()
        broker.start()


def packet(topic: str, payload: bytes) -> bytes:
    body = len(topic).to_bytes(2, "big") + topic.encode() + payload
    return bytes((PUBLISH, len(body) & 127 | 128, len(body) >> 7)) + body


def test_it_reassembles_packets_and_skips_those_that_are_too_long(
    fake_broker: StartFake, start_toy: Callable[[int], Toy]
) -> None:
    acks: list[bytes] = []

    def play(peer: Peer) -> None:
        peer.read()
        for place in range(len(CONNACK)):
            peer.send(CONNACK[place : place + 1])
        suback = b"\x90\x03" + peer.read_subscribe() + b"\x00"
        stream = (
            suback
            + packet(CALL, command(1, 31))
            + packet(CALL, command(2, 32, 5000))
            + packet(CALL, command(3, 33))
        )
        for place in range(len(stream)):
            peer.send(stream[place : place + 1])
        peer.send(packet(CALL, command(4, 34)) + packet(CALL, command(5, 35))[:-1])
        acks.extend(peer.read()[1] for _ in range(3))

    toy = start_toy(fake_broker(play).port)
    assert [line(toy) for _ in range(3)] == [f"volume is now {volume}" for volume in (31, 33, 34)]
    # The last one was not whole when the connection ended. The next connection starts over.
    assert line(toy) == "volume is now 31"
    assert [json.loads(ack[2 + len(ACK) :])["msgId"] for ack in acks[:3]] == [1, 3, 4]
