"""Peers that break MQTT 5.

Before 2.1, libmosquitto ends the process at an unknown property: such a library is refused, and a
program that accepts it ends at exactly those packets. A newer library must survive all of them.
"""

import ctypes
import signal
import socket
from collections.abc import Callable
from itertools import product

import pytest

from tests.broker import fake_broker as fake
from tests.broker.conftest import BOTH, StartFake, StartProbe
from tests.broker.fake_broker import Peer, packet
from tests.broker.probe import Probe

LIBRARY_ABORTS = ctypes.CDLL("libmosquitto.so.1").mosquitto_lib_version(None, None, None) < 2001000
ASSERTION = "log__printf: Assertion `mosq' failed"


def good(peer: Peer) -> None:
    """Accept, grant, and publish one message."""
    peer.accept(fake.CONNACK_5)
    mid = peer.read_subscribe()
    peer.send(packet(0x90, mid + b"\x00\x01") + fake.publish_5(b"probe/in/good", b"1"))
    peer.answer_pings()


def answering(data: bytes) -> Callable[[Peer], None]:
    def answer(peer: Peer) -> None:
        peer.accept(data)
        # A packet that claims more than it has ends when the connection does.
        peer.connection.shutdown(socket.SHUT_WR)
        peer.answer_pings()

    return answer


def connected_then(data: bytes) -> Callable[[Peer], None]:
    return answering(fake.CONNACK_5 + data)


UNKNOWN = b"\x02\x7fx"
"""The length of the properties, and one whose id does not exist."""

CHANGES = {"mosquitto": (0x01, 0xFF), "paho": (0x01,)}
"""What a byte is garbled by. paho takes a tenth of a second for each connection."""

FATAL = {
    "CONNACK": answering(packet(0x20, b"\x00\x00" + UNKNOWN)),
    "PUBLISH": connected_then(packet(0x30, b"\x00\x01a" + UNKNOWN)),
    "PUBLISH whose properties are longer": connected_then(
        packet(0x30, b"\x00\x01a\x03" + b"\x03\x00\x02ab" + b"payload")
    ),
    "PUBLISH whose properties are shorter": connected_then(
        packet(0x30, b"\x00\x01a\x14" + b"\x03\x00\x02ab" + b"payload")
    ),
    "PUBACK": connected_then(packet(0x40, b"\x00\x01\x00" + UNKNOWN)),
    "PUBREC": connected_then(packet(0x50, b"\x00\x01\x00" + UNKNOWN)),
    "PUBREL": connected_then(packet(0x62, b"\x00\x01\x00" + UNKNOWN)),
    "PUBCOMP": connected_then(packet(0x70, b"\x00\x01\x00" + UNKNOWN)),
    "SUBACK": connected_then(packet(0x90, b"\x00\x01" + UNKNOWN + b"\x00")),
    "UNSUBACK": connected_then(packet(0xB0, b"\x00\x01" + UNKNOWN + b"\x00")),
    "DISCONNECT": connected_then(packet(0xE0, b"\x00" + UNKNOWN)),
    "AUTH": connected_then(packet(0xF0, b"\x18" + UNKNOWN)),
}

MALFORMED = {
    "CONNACK of MQTT 3.1.1": answering(b"\x20\x02\x00\x00"),
    "CONNACK with a property of PUBLISH": answering(packet(0x20, b"\x00\x00\x02\x01\x00")),
    "CONNACK without its properties": answering(packet(0x20, b"\x00\x00\x04")),
    "CONNACK that allows no message": answering(packet(0x20, b"\x00\x00\x03\x21\x00\x00")),
    "CONNACK that allows no packet": answering(packet(0x20, b"\x00\x00\x05\x27" + bytes(4))),
    "CONNACK with QoS 9": answering(packet(0x20, b"\x00\x00\x02\x24\x09")),
    "CONNACK with a property twice": answering(
        packet(0x20, b"\x00\x00\x06\x21\x00\x01\x21\x00\x01")
    ),
    "PUBLISH without properties": connected_then(packet(0x30, b"\x00\x01a")),
    "PUBLISH with a property of CONNACK": connected_then(
        packet(0x30, b"\x00\x01a\x03\x21\x00\x05")
    ),
    "PUBLISH with a property twice": connected_then(fake.publish_5(b"a", b"", b"\x01\x00\x01\x00")),
    "PUBLISH with a cut property": connected_then(fake.publish_5(b"a", b"", b"\x09\xff\xff")),
    "PUBLISH with half a pair": connected_then(fake.publish_5(b"a", b"", b"\x26\x00\x01a")),
    "PUBLISH with bad UTF-8": connected_then(fake.publish_5(b"a", b"", b"\x03\x00\x01\xff")),
    "PUBLISH with a length of five bytes": connected_then(
        packet(0x30, b"\x00\x01a\xff\xff\xff\xff\x7f")
    ),
    "PUBLISH with an alias that was never set": connected_then(
        fake.publish_5(b"", b"", b"\x23\x00\x01")
    ),
    "PUBLISH with QoS 3": connected_then(packet(0x36, b"\x00\x01a\x00\x01\x00x")),
    "SUBACK without codes": connected_then(packet(0x90, b"\x00\x01\x00")),
    "SUBACK without an id": connected_then(packet(0x90, b"\x00\x00\x00\x00")),
    "PUBACK without its properties": connected_then(packet(0x40, b"\x00\x01\x00\x09\x1f")),
    "AUTH without a method": connected_then(packet(0xF0, b"")),
    "CONNECT from a broker": connected_then(packet(0x10, b"\x00\x04MQTT\x05\x02\x00\x00\x00")),
    "noise": connected_then(bytes(range(0xF0, 0x100)) * 8),
}


def survives(probe: Probe, aborts: bool) -> bool:
    """True once the probe has the good message; false if it ended as the library is known to."""
    if probe.wait_or_end("message", what="good"):
        return True
    assert aborts
    probe.other_ends = (-signal.SIGABRT,)
    assert probe.exit_status() == -signal.SIGABRT
    assert ASSERTION in probe.errors()
    return False


@BOTH
@pytest.mark.parametrize("script", FATAL.values(), ids=FATAL.keys())
def test_an_unknown_property_ends_what_accepts_it_and_nothing_else(
    fake_broker: StartFake,
    start_probe: StartProbe,
    transport: str,
    script: Callable[[Peer], None],
) -> None:
    probe = start_probe(fake_broker(script, good).port, protocol=5)
    aborts = LIBRARY_ABORTS and transport == "mosquitto"
    assert survives(probe, aborts) != aborts


@BOTH
@pytest.mark.parametrize("script", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_packet_ends_the_connection_and_the_next_one_works(
    fake_broker: StartFake, start_probe: StartProbe, script: Callable[[Peer], None]
) -> None:
    probe = start_probe(fake_broker(script, good).port, protocol=5)
    assert probe.wait("state", state="waiting")["reason"] != ""
    probe.wait("message", what="good")


def test_a_library_that_aborts_is_refused_unless_accepted(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    broker = fake_broker(good)
    probe = start_probe(broker.port, protocol=5, allow_abort=0)
    if LIBRARY_ABORTS:
        assert "allow_abort" in probe.wait("init")["reason"]
        assert (probe.exit_status(), broker.connections) == (1, 0)
    else:
        probe.wait("message", what="good")


@BOTH
def test_a_garbled_byte_has_no_other_effect(
    fake_broker: StartFake, start_probe: StartProbe, transport: str
) -> None:
    """Each byte of what a broker sends."""
    whole = packet(0x20, b"\x00\x00\x06\x21\x00\x14\x22\x00\x0a") + fake.publish_5(
        b"probe/in/a", b"{}", b"\x01\x01\x03\x00\x01a\x08\x00\x01b\x26\x00\x01c\x00\x01d"
    )
    garbled = [
        whole[:at] + bytes((whole[at] ^ change,)) + whole[at + 1 :]
        for at, change in product(range(len(whole)), CHANGES[transport])
    ]
    broker = fake_broker(*map(answering, garbled), good)
    fast = {"retry_max_ms": 20, "retry_refused_ms": 20, "keepalive_s": 5}
    may_abort = LIBRARY_ABORTS and transport == "mosquitto"
    aborts = 0
    while not survives(start_probe(broker.port, protocol=5, **fast), may_abort):
        aborts += 1
    assert broker.connections > len(garbled)
    assert aborts < len(garbled) // 2
