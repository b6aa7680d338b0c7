"""Bytes that come one by one, brokers that flap or forbid, and the table of faults."""

import ast
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.broker import fake_broker as fake
from tests.broker.conftest import BOTH, StartFake, StartProbe, only_mosquitto
from tests.broker.fake_broker import Peer, Script
from tests.broker.server import Broker

HERE = Path(__file__).parent
TESTS = HERE.parent
CONVERSATION = {
    4: (fake.CONNACK, b"\x90\x03%b\x01", fake.publish(b"probe/in/whole", b"0123456789")),
    5: (
        fake.CONNACK_5,
        b"\x90\x04%b\x00\x01",
        fake.publish_5(b"probe/in/whole", b"0123456789", b"\x01\x01"),
    ),
}
"""What a broker sends: it accepts, it grants a packet id, it publishes."""


@pytest.mark.parametrize(
    ("transport", "protocol"), [("mosquitto", 4), ("mosquitto", 5), ("paho", 5)]
)
def test_packets_that_are_split_at_every_byte_arrive(
    fake_broker: StartFake, start_probe: StartProbe, protocol: int
) -> None:
    """Each connection has another place; the last one sends each byte on its own."""
    accept, grant, publish = CONVERSATION[protocol]

    def send_in_parts(peer: Peer, data: bytes, at: int) -> None:
        parts = [data[:at], data[at:]] if at else [data[i : i + 1] for i in range(len(data))]
        for part in parts[:-1]:
            peer.send(part)
            # Time for the client to read the part alone; it has nothing to say to it.
            assert not peer.has_more(0.002)
        peer.send(parts[-1])

    def split(at: int) -> Script:
        def play(peer: Peer) -> None:
            peer.read()
            peer.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            send_in_parts(peer, accept, min(at, len(accept) - 1))
            packet_id = peer.read_subscribe()
            send_in_parts(peer, grant % packet_id, min(at, len(grant % packet_id) - 1))
            send_in_parts(peer, publish, at)

        return play

    places = [*range(1, len(publish)), 0]
    probe = start_probe(fake_broker(*map(split, places)).port, protocol=protocol)
    for _ in places:
        assert probe.wait("message", what="whole")["text"] == "0123456789"
    closed = probe.quit()
    assert closed["received_ok"] == len(places)


@BOTH
@pytest.mark.parametrize("protocol", [4, 5])
def test_what_access_lists_forbid_is_not_passed_on(
    make_broker: Callable[..., Broker], start_probe: StartProbe, tmp_path: Path, protocol: int
) -> None:
    """Under MQTT 3.1.1, mosquitto confirms what it throws away."""
    acl = tmp_path / "acl"
    rules = ("read probe/in/open", "write probe/in/#", "read probe/out/#", "write probe/out/open")
    acl.write_text("".join(f"topic {rule}\n" for rule in rules))
    broker = make_broker("allow_anonymous true", f"acl_file {acl}")
    probe = start_probe(broker.port, protocol=protocol)
    probe.wait_until_subscribed()
    listener = broker.listen("probe/out/#", 1, "-q", "1")
    for qos in (1, 2):
        probe.ask(f"publish {qos} shut x", "sent")
    probe.ask("publish 1 open x", "sent")
    assert listener.messages() == ["probe/out/open 1 x"]
    broker.publish("probe/in/shut", b"1", "-q", "1")
    broker.publish("probe/in/open", b"1", "-q", "1")
    probe.wait("message", what="open")
    assert probe.count("message", what="shut") == 0
    refused = {4: 0, 5: 2}[protocol]
    probe.wait_for_counter("publishes_refused", refused)
    closed = probe.quit()
    assert (closed["confirmed"], closed["publishes_refused"]) == (3 - refused, refused)


@BOTH
def test_a_flapping_broker_costs_nothing_that_was_accepted(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port, quiet=1)
    taken = 0
    for cycle in range(1, 21):
        probe.wait_for_counter("connects", cycle)
        taken += probe.ask("flood 1 n 100", "flooded")["taken"]
        broker.kill()
        taken += probe.ask("flood 2 n 10", "flooded")["taken"]
        broker.start()
    counters = probe.wait_for_counter("confirmed", taken)
    assert (counters["connects"], taken) == (21, 20 * 110)
    probe.wait_for_counter("granted", 1)
    assert probe.quit()["dropped"] == 0


# ---- QoS 2 ----

PUBREC, PUBREL, PUBCOMP = b"\x50\x02", b"\x62\x02", b"\x70\x02"


class Keeper:
    """A broker that knows, after its connection breaks, which ids of QoS 2 it has passed on."""

    def __init__(self) -> None:
        self.known: set[bytes] = set()
        self.passed_on: list[bytes] = []

    def serve(self, peer: Peer, until: str = "") -> None:
        """Until the client leaves, or a packet has come or been sent."""
        step = ""
        while (not step or step != until) and (packet := peer.read())[0]:
            step = self._answer(peer, *packet, until)

    def _answer(self, peer: Peer, first: int, body: bytes, until: str) -> str:
        if first & 0xF0 == fake.SUBSCRIBE:
            peer.send(b"\x90\x03" + body[:2] + b"\x01")
        elif first & 0xF0 == fake.PUBLISH and until != "PUBLISH":
            packet_id = fake.split_publish(body)[0]
            self.passed_on.extend({packet_id} - self.known)
            self.known.add(packet_id)
            peer.send(PUBREC + packet_id)
            return "PUBREC"
        elif first == PUBREL[0] and until != "PUBREL":
            self.known.discard(body)
            peer.send(PUBCOMP + body)
        return {0x30: "PUBLISH", 0x60: "PUBREL"}.get(first & 0xF0, "")


@only_mosquitto("what it sends again can arrive twice")
@pytest.mark.parametrize("last", ["PUBLISH", "PUBREC", "PUBREL"])
def test_qos_2_is_sent_on_across_a_reconnect(
    fake_broker: StartFake, start_probe: StartProbe, last: str
) -> None:
    """The connection breaks after a packet."""
    keeper = Keeper()

    def lose(peer: Peer) -> None:
        peer.accept()
        keeper.serve(peer, last)

    def go_on(peer: Peer) -> None:
        peer.accept(b"\x20\x02\x01\x00")
        keeper.serve(peer)

    broker = fake_broker(lose, go_on)
    probe = start_probe(broker.port, client_id="keeper", keep_session=1, deliveries=1)
    probe.wait("state", state="connected")
    token = probe.ask("publish 2 n x", "sent")["token"]
    assert probe.find("delivery", token=token)["outcome"] == "confirmed"
    assert len(keeper.passed_on) == 1
    assert probe.quit()["connects"] == 2


@only_mosquitto("it subscribes with QoS 1")
def test_qos_2_is_received_once_across_a_reconnect(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    topic = b"probe/in/once"
    body = len(topic).to_bytes(2, "big") + topic + b"\x00\x07" + b"1"

    def publish(peer: Peer, first: int) -> None:
        packet_id = peer.read_subscribe()
        peer.send(b"\x90\x03" + packet_id + b"\x02" + fake.packet(first, body))
        while peer.read()[0] != PUBREC[0]:
            pass

    def lose(peer: Peer) -> None:
        peer.accept()
        publish(peer, 0x34)

    def repeat(peer: Peer) -> None:
        peer.accept(b"\x20\x02\x01\x00")
        publish(peer, 0x3C)
        peer.send(PUBREL + b"\x00\x07")
        while peer.read()[0] != PUBCOMP[0]:
            pass
        peer.send(fake.publish(b"probe/in/after", b""))
        peer.answer_pings()

    probe = start_probe(fake_broker(lose, repeat).port, client_id="keeper", keep_session=1, qos=2)
    probe.wait("message", what="after")
    assert probe.count("message", what="once") == 1


# ---- The table ----


def test_each_fault_has_tests() -> None:
    section = (TESTS / "README.md").read_text().split("## Faults\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \| (`.+`) \|$", section, re.MULTILINE)
    assert len(rows) == len(re.findall(r"^\| ", section, re.MULTILINE)) - 1
    for fault, tests in rows:
        for file, name in re.findall(r"`([\w/]+\.py)::(\w+)`", tests):
            tree = ast.parse((TESTS / file).read_text())
            names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            assert name in names, f"{fault}: {file}::{name}"
        assert tests.count("::") >= 1, fault
