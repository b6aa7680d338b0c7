"""Acknowledgements that do not come, and those that come slowly."""

import threading
import time

import pytest

from tests.broker.conftest import BOTH, StartFake, StartProbe, only_mosquitto
from tests.broker.fake_broker import CONNACK, PUBLISH, Peer, split_publish

MISSING = "the broker did not acknowledge a message in time"


def acknowledge(peer: Peer, packet_id: bytes) -> None:
    peer.send(b"\x40\x02" + packet_id)


def welcome(peer: Peer) -> None:
    peer.accept(CONNACK)
    peer.grant()


def ignore(peer: Peer) -> None:
    welcome(peer)
    peer.answer_pings()


@BOTH
@pytest.mark.parametrize("qos", [1, 2])
def test_a_message_that_is_never_acknowledged_is_noticed(
    fake_broker: StartFake, start_probe: StartProbe, qos: int
) -> None:
    def confirm(peer: Peer) -> None:
        welcome(peer)
        peer.send((b"\x40\x02" if qos == 1 else b"\x70\x02") + peer.read_publish())
        peer.answer_pings()

    probe = start_probe(fake_broker(ignore, confirm).port, ack_timeout_ms=300)
    probe.wait_until_subscribed()
    probe.ask(f"publish {qos} n x", "sent")
    lost = probe.wait("state", state="waiting")
    assert lost["reason"] == MISSING
    probe.wait_for_counter("confirmed", 1)


@BOTH
def test_a_missing_acknowledgement_is_noticed_although_others_flow(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    probe = start_probe(fake_broker(ignore).port, ack_timeout_ms=500)
    probe.wait_until_subscribed()
    probe.ask("publish 1 n x", "sent")
    while not probe.count("state", state="waiting"):
        probe.ask("publish 0 n y", "sent")
    lost = probe.find("state", state="waiting")
    assert lost["reason"] == MISSING


@BOTH
def test_a_missing_acknowledgement_is_noticed_although_others_come(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def ignore_the_first(peer: Peer) -> None:
        welcome(peer)
        peer.read_publish()
        while (packet := peer.read())[0]:
            if packet[0] & 0xF0 == PUBLISH:
                acknowledge(peer, split_publish(packet[1])[0])

    probe = start_probe(fake_broker(ignore_the_first).port, ack_timeout_ms=500)
    probe.wait_until_subscribed()
    while not probe.count("state", state="waiting"):
        probe.ask("publish 1 n y", "sent")
    assert probe.find("state", state="waiting")["reason"] == MISSING


@BOTH
def test_a_slow_broker_is_not_left_while_it_acknowledges(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    """All messages are sent again at once, and the last is acknowledged after five seconds."""
    count = 20

    def leave(peer: Peer) -> None:
        welcome(peer)
        for _ in range(count):
            peer.read_publish()

    def acknowledge_slowly(peer: Peer) -> None:
        welcome(peer)
        for _ in range(count):
            packet_id = peer.read_publish()
            time.sleep(0.25)
            acknowledge(peer, packet_id)
        peer.answer_pings()

    probe = start_probe(fake_broker(leave, acknowledge_slowly).port, ack_timeout_ms=3000)
    probe.wait_until_subscribed()
    assert probe.ask(f"flood 1 n {count}", "flooded")["taken"] == count
    probe.wait_for_counter("confirmed", count)
    assert probe.quit()["connects"] == 2


@only_mosquitto("it subscribes to one filter at a time")
def test_a_slow_broker_is_not_left_while_it_grants_subscriptions(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    """Four are sent at once, and the last is granted after five seconds."""

    def grant_slowly(peer: Peer) -> None:
        welcome(peer)
        for _ in range(4):
            packet_id = peer.read_subscribe()
            time.sleep(1.25)
            peer.send(b"\x90\x03" + packet_id + b"\x01")
        peer.answer_pings()

    port = fake_broker(grant_slowly).port
    probe = start_probe(port, ack_timeout_ms=4000, filters_per_subscribe=1)
    probe.wait_until_subscribed()
    probe.ask("bind-fleet 4", "fleet_bound")
    probe.wait_for_counter("granted", 5)
    assert probe.quit()["connects"] == 1


@BOTH
def test_an_acknowledgement_that_was_not_read_yet_is_not_missing(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    asleep = threading.Event()

    def acknowledge_a_sleeper(peer: Peer) -> None:
        welcome(peer)
        packet_id = peer.read_publish()
        asleep.wait()
        acknowledge(peer, packet_id)
        peer.answer_pings()

    probe = start_probe(fake_broker(acknowledge_a_sleeper).port, ack_timeout_ms=2000)
    probe.wait_until_subscribed()
    probe.ask("publish 1 n x", "sent")
    probe.ask("counters", "counters")
    probe.do("sleep 4000")
    time.sleep(0.2)
    asleep.set()
    probe.wait_for_counter("confirmed", 1)
    assert probe.quit()["connects"] == 1


@BOTH
def test_a_broker_that_acknowledged_nothing_has_more_time_on_the_next_connection(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    """One second, two, then four."""

    def acknowledge_late(peer: Peer) -> None:
        welcome(peer)
        packet_id = peer.read_publish()
        time.sleep(1.5)
        acknowledge(peer, packet_id)
        peer.answer_pings()

    port = fake_broker(ignore, ignore, acknowledge_late).port
    probe = start_probe(port, ack_timeout_ms=1000)
    probe.wait_until_subscribed()
    probe.ask("publish 1 n x", "sent")
    probe.wait_for_counter("confirmed", 1)
    assert probe.quit()["connects"] == 3
