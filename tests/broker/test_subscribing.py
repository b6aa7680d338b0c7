"""Many filters in one SUBSCRIBE: granted, refused, late or lost; and the sums of it all."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.broker import fake_broker as fake
from tests.broker.conftest import BOTH, StartFake, StartProbe, only_mosquitto
from tests.broker.fake_broker import Peer
from tests.broker.probe import Probe
from tests.broker.server import Broker
from tests.support.waiting import LONGER_MS, wait_until

FLEET = 100_000
FILTERS_IN_A_PACKET = 256
BYTES_OF_A_PACKET = 4096
PACKETS_AT_A_TIME = 4
UNSUBSCRIBE = 0xA0

Answer = Callable[[list[str]], bytes]


def grant(filters: list[str]) -> bytes:
    return bytes(len(filters))


def refuse(filters: list[str]) -> bytes:
    return b"\x80" * len(filters)


def filters_in(body: bytes, *, at: int, options: int) -> list[str]:
    """Those of a SUBSCRIBE or UNSUBSCRIBE, from an offset, each with so many bytes of options."""
    filters = []
    while at < len(body):
        end = at + 2 + int.from_bytes(body[at : at + 2], "big")
        filters.append(body[at + 2 : end].decode())
        at = end + options
    return filters


@dataclass
class Recorder:
    """Answers SUBSCRIBE, at once or when it may, and remembers what it was asked."""

    answer: Answer = grant
    connack: bytes = fake.CONNACK
    held: int = 0
    packets: list[list[str]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    subscribed: set[str] = field(default_factory=set)

    def __call__(self, peer: Peer) -> None:
        peer.accept(self.connack)
        waiting = b""
        while (packet := peer.read())[0]:
            first, body = packet
            if first & 0xF0 == fake.SUBSCRIBE:
                waiting += self.take(body)
            elif first & 0xF0 == UNSUBSCRIBE:
                self.subscribed -= set(filters_in(body, at=2, options=0))
                peer.send(fake.packet(0xB0, body[:2]))
            elif first == fake.PINGREQ:
                peer.send(b"\xd0\x00")
            if waiting and len(self.packets) >= self.held:
                peer.send(waiting)
                waiting = b""

    def take(self, body: bytes) -> bytes:
        version_5 = self.connack != fake.CONNACK
        filters = filters_in(body, at=3 if version_5 else 2, options=1)
        self.packets.append(filters)
        self.sizes.append(len(body) + 2)
        self.subscribed |= set(filters)
        properties = b"\x00" if version_5 else b""
        return fake.packet(0x90, body[:2] + properties + self.answer(filters))


def bind_fleet(probe: Probe, count: int) -> None:
    assert probe.ask(f"bind-fleet {count}", "fleet_bound")["status"] == "ok"


@only_mosquitto("it subscribes to one filter at a time")
def test_a_hundred_thousand_filters_take_few_packets_and_small_turns(
    broker: Broker, start_probe: StartProbe
) -> None:
    """As many as fit into a packet, and no more packets in a turn than may wait for an answer."""
    probe = start_probe(broker.port)
    probe.wait("subscribed")
    broker.kill()
    probe.wait("state", state="waiting")
    bind_fleet(probe, FLEET)
    broker.start()
    assert probe.wait("subscribed")["refused"] == 0
    counters = probe.ask("counters", "counters")
    assert counters["granted"] == FLEET + 2
    assert counters["most_subscribes_in_a_turn"] <= FILTERS_IN_A_PACKET * PACKETS_AT_A_TIME
    filter_bytes = len("probe/in/device99999") + 1
    packets = broker.log().count("Received SUBSCRIBE")
    assert packets <= FLEET * filter_bytes / BYTES_OF_A_PACKET * 1.1
    broker.publish("probe/in/device99999", b"x")
    probe.wait("message", binding="device99999")


@BOTH
def test_every_refused_filter_is_named(fake_broker: StartFake, start_probe: StartProbe) -> None:
    probe = start_probe(fake_broker(Recorder(answer=refuse)).port)
    assert probe.wait("subscribed")["refused"] == 1
    bind_fleet(probe, 2000)
    assert probe.wait("subscribed", refused=2001)
    errors = [event for event in probe.events if event["event"] == "error"]
    names = {f"probe/in/device{i}" for i in range(2000)} | {"probe/in/+"}
    assert len(errors) == 2001
    assert {error["topic"] for error in errors} == names
    assert probe.ask("status", "status")["subscribed"] == 0
    counters = probe.quit()
    assert counters["subscribe_failures"] == counters["subscribes_refused"] == 2001


@only_mosquitto("it subscribes to one filter at a time")
def test_a_filter_that_is_refused_among_others_is_named(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def refuse_some(filters: list[str]) -> bytes:
        return bytes(0x80 if name.endswith("7") else 0 for name in filters)

    recorder = Recorder(answer=refuse_some, held=PACKETS_AT_A_TIME)
    probe = start_probe(fake_broker(recorder).port, filters_per_subscribe=3)
    bind_fleet(probe, 20)
    probe.wait("subscribed", refused=2)
    errors = [event["topic"] for event in probe.events if event["event"] == "error"]
    assert sorted(errors) == ["probe/in/device17", "probe/in/device7"]


@only_mosquitto("it subscribes to one filter at a time")
def test_a_broker_that_limits_filters_gets_no_more(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    recorder = Recorder()
    probe = start_probe(fake_broker(recorder).port, filters_per_subscribe=8)
    probe.wait("subscribed")
    bind_fleet(probe, 100)
    probe.wait_for_counter("granted", 101)
    assert max(map(len, recorder.packets)) <= 8
    assert len(recorder.subscribed) == 101


@BOTH
def test_no_packet_is_larger_than_the_brokers_largest(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    largest = 100
    connack = b"\x20\x08\x00\x00\x05\x27" + largest.to_bytes(4, "big")
    recorder = Recorder(connack=connack)
    probe = start_probe(fake_broker(recorder).port, protocol=5)
    probe.wait("subscribed")
    bind_fleet(probe, 200)
    probe.ask("bind " + "v" * 100, "bound")
    probe.wait("error", topic="probe/in/" + "v" * 100)
    probe.wait_for_counter("granted", 201)
    assert max(recorder.sizes) <= largest
    assert len(recorder.subscribed) == 201
    probe.quit()


@only_mosquitto("it subscribes to one filter at a time")
def test_sides_come_and_go_while_the_broker_is_slow_to_answer(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    recorder = Recorder(held=1 + PACKETS_AT_A_TIME)

    def drop(peer: Peer) -> None:
        peer.accept()
        peer.read_subscribe()

    probe = start_probe(fake_broker(drop, recorder).port, filters_per_subscribe=10)
    probe.wait("state", state="waiting")
    bind_fleet(probe, 500)
    probe.wait("state", state="connected")
    probe.ask("unbind-fleet 3", "fleet_unbound")
    bind_fleet(probe, 700)
    probe.ask("bind late", "bound")
    probe.ask("unbind-fleet 5", "fleet_unbound")
    assert len(recorder.packets) <= PACKETS_AT_A_TIME
    # The next packet lets the first ones be answered.
    recorder.held = 0
    assert probe.ask("unbind", "unbound")["status"] == "ok"
    assert probe.ask("bind last", "bound")["status"] == "ok"
    gone = {i for i in range(500) if i % 3 == 0} | {i for i in range(700) if i % 5 == 0}
    expected = {f"probe/in/device{i}" for i in range(700) if i not in gone}
    expected |= {"probe/in/+", "probe/in/last"}
    wait_until(
        lambda: recorder.subscribed == expected,
        lambda: f"wrong: {sorted(recorder.subscribed ^ expected)[:9]}",
    )
    probe.quit()


@BOTH
def test_all_subscriptions_granted_is_an_event(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port)
    assert probe.wait("state", state="connected")["subscribed"] == 0
    assert probe.wait("subscribed")["refused"] == 0
    assert probe.ask("status", "status")["subscribed"] == 1
    probe.do("bind north")
    assert probe.wait("subscribed")["refused"] == 0
    broker.kill()
    assert probe.wait("state", state="waiting")["subscribed"] == 0
    broker.start()
    probe.wait("subscribed")
    assert probe.quit()["granted"] == 4


@BOTH
def test_a_subscription_that_is_never_answered_is_a_reason_to_reconnect(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def never_answer(peer: Peer) -> None:
        peer.accept()
        peer.answer_pings()

    broker = fake_broker(never_answer, never_answer, Recorder())
    probe = start_probe(broker.port, ack_timeout_ms=100)
    for _ in range(2):
        lost = probe.wait("state", state="waiting")
        assert lost["reason"] == "the broker did not acknowledge a subscription in time"
    probe.wait("subscribed")
    counters = probe.quit()
    assert (counters["subscribes_lost"], counters["granted"]) == (2, 1)


@only_mosquitto("it subscribes to one filter at a time")
def test_a_slow_answer_within_the_time_is_no_reason(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    probe = start_probe(fake_broker(Recorder(held=2)).port, ack_timeout_ms=LONGER_MS)
    probe.wait("state", state="connected")
    assert probe.ask("counters", "counters")["subscribing"] == 1
    probe.do("bind another")
    probe.wait("subscribed")
    assert probe.quit()["connects"] == 1


@only_mosquitto("it does not say why the connection was lost")
@pytest.mark.parametrize("protocol", [4, 5])
def test_a_second_acceptance_ends_the_connection_and_counts_once(
    fake_broker: StartFake, start_probe: StartProbe, protocol: int
) -> None:
    connack = fake.CONNACK if protocol == 4 else fake.CONNACK_5

    def accept_twice(peer: Peer) -> None:
        peer.accept(connack)
        peer.read_subscribe()
        peer.send(connack)
        peer.read()

    probe = start_probe(
        fake_broker(accept_twice, Recorder(connack=connack)).port, protocol=protocol
    )
    lost = probe.wait("state", state="waiting")
    assert lost["reason"] == "the broker accepted the client twice"
    probe.wait("subscribed")
    counters = probe.quit()
    assert (counters["connects"], counters["disconnects"]) == (2, 2)
    assert (counters["subscribes_lost"], counters["granted"]) == (1, 1)


@only_mosquitto("it subscribes to one filter at a time")
def test_counters_hold_when_packet_ids_wrap_around(broker: Broker, start_probe: StartProbe) -> None:
    """Of which there are 65,535."""
    probe = start_probe(broker.port, filters_per_subscribe=1)
    probe.wait("subscribed")
    bind_fleet(probe, 66_000)
    assert probe.wait("subscribed")["refused"] == 0
    broker.publish("probe/in/echo", b"x", "-q", "2")
    probe.wait("message", what="echo")
    assert probe.ask("flood 2 what 20", "flooded")["taken"] == 20
    probe.wait_for_counter("confirmed", 21)
    closed = probe.quit()
    assert (closed["granted"], closed["disconnects"], closed["dropped"]) == (66_001, 1, 0)
