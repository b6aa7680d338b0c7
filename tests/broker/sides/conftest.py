"""Fixtures: sides of our protocols, and clients of paho-mqtt to talk to them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.broker.server import Broker
from tests.broker.sides.peer import Peer
from tests.broker.sides.side import Side

StartSide = Callable[..., Side]
StartPeer = Callable[..., Peer]


def side_program(protocol: str) -> Path:
    folder = os.environ.get("MQBIND_BUILD_DIR")
    if not folder:
        pytest.fail("MQBIND_BUILD_DIR is not set: the build directory that has the sides")
    program = Path(folder).resolve() / "tests" / "broker" / "sides" / f"side_{protocol}"
    if not program.is_file():
        pytest.fail(f"{program} is missing: build the target {program.name}")
    return program


@pytest.fixture
def start_side(broker: Broker) -> Iterator[StartSide]:
    """Starts sides: start_side("folotoy", "toy", sn="..."); each must end well, with the test."""
    sides: list[Side] = []

    def start(protocol: str, role: str, /, **settings: str | int) -> Side:
        sides.append(Side(side_program(protocol), broker.port, role, **settings))
        sides[-1].wait_until_ready()
        return sides[-1]

    yield start
    for side in sides:
        side.end()


@pytest.fixture
def start_peer(broker: Broker) -> Iterator[StartPeer]:
    """Starts clients of paho-mqtt, subscribed to the filters."""
    peers: list[Peer] = []

    def start(*filters: str, protocol: int = 4) -> Peer:
        peers.append(Peer(broker.port, protocol).subscribe(*filters))
        return peers[-1]

    yield start
    for peer in peers:
        peer.close()
