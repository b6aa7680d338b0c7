"""Shared subscriptions: each message reaches one client of a group."""

import subprocess

import pytest

from tests.broker.conftest import StartFake, StartProbe
from tests.broker.fake_broker import PINGREQ, PUBLISH, SUBSCRIBE, Peer, Script
from tests.broker.probe import Probe
from tests.broker.server import Broker, find_program
from tests.support.waiting import DEADLINE_S, wait_until

MESSAGES = 100


def wait_for_shares(group: list[Probe], count: int) -> list[int]:
    """How many messages each member has got, once there are `count` in all."""

    def shares() -> list[int]:
        return [int(probe.ask("counters", "counters")["received_ok"]) for probe in group]

    wait_until(lambda: sum(shares()) >= count, lambda: f"{shares()} of {count}")
    return shares()


def publish_numbers(broker: Broker) -> None:
    command = (
        *(find_program("mosquitto_pub"), "-h", "127.0.0.1", "-p", str(broker.port)),
        *("-t", "probe/in/n", "-q", "1", "-l"),
    )
    lines = "".join(f"{number}\n" for number in range(MESSAGES))
    subprocess.run(command, input=lines.encode(), check=True, timeout=DEADLINE_S)


@pytest.mark.parametrize("protocol", [4, 5])
def test_a_group_shares_the_messages(
    broker: Broker, start_probe: StartProbe, protocol: int
) -> None:
    group = [start_probe(broker.port, group="crew", protocol=protocol) for _ in range(2)]
    alone = start_probe(broker.port, protocol=protocol)
    for probe in (*group, alone):
        probe.wait_until_subscribed()
    publish_numbers(broker)
    wait_for_shares([alone], MESSAGES)
    shares = wait_for_shares(group, MESSAGES)
    assert sum(shares) == MESSAGES
    assert min(shares) >= MESSAGES // 4
    events = [event for probe in group for event in probe.events if event["event"] == "message"]
    assert sorted(int(event["text"]) for event in events) == list(range(MESSAGES))


def test_a_group_is_subscribed_to_again(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port, group="crew")
    probe.wait_until_subscribed()
    broker.kill()
    probe.wait("state", state="waiting")
    broker.start()
    probe.wait_for_counter("granted", 2)
    broker.wait_for_log("$share/crew/probe/in/+")
    broker.publish("probe/in/again", b"1")
    assert probe.wait("message", what="again")["text"] == "1"


def test_a_refused_group_is_an_error_that_names_it(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def refuse_filter(peer: Peer) -> None:
        peer.accept()
        peer.send(b"\x90\x03" + peer.read_subscribe() + b"\x80")
        peer.answer_pings()

    probe = start_probe(fake_broker(refuse_filter).port, group="crew")
    error = probe.wait("error", topic="$share/crew/probe/in/+")
    assert error["rule"] == "the broker refused the subscription"


def test_a_group_cannot_be_had_with_no_local(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port, group="crew", protocol=5, no_local=1)
    error = probe.wait("error", topic="probe/in/{}")
    assert error["rule"] == 'a group cannot be subscribed to with "no local"'
    probe.wait("state", state="connected")
    assert probe.quit()["subscribes"] == 0


# ---- The probe ----


def ungrouped(code: bytes) -> Script:
    """A broker of MQTT 3.1.1 that answers to subscriptions with a code, and delivers nothing."""

    def play(peer: Peer) -> None:
        peer.accept()
        while (packet := peer.read())[0]:
            first, body = packet
            if first & 0xF0 == SUBSCRIBE:
                peer.send(b"\x90\x03" + body[:2] + code)
            elif first & 0xF0 == PUBLISH:
                length = int.from_bytes(body[:2], "big")
                peer.send(b"\x40\x02" + body[2 + length : 4 + length])
            elif first == PINGREQ:
                peer.send(b"\xd0\x00")

    return play


@pytest.mark.parametrize("protocol", [4, 5])
def test_the_probe_finds_a_broker_with_groups(
    broker: Broker, start_probe: StartProbe, protocol: int
) -> None:
    probe = start_probe(broker.port, protocol=protocol, groups_topic="mqbind/probe")
    assert probe.wait("groups")["groups"] == "served"
    probe.wait_for_counter("granted", 1)
    broker.wait_for_log("Received UNSUBSCRIBE")
    counters = probe.quit()
    assert [counters[name] for name in ("received", "publishes", "subscribes")] == [0, 0, 1]


@pytest.mark.parametrize(("code", "result"), [(b"\x01", "unknown"), (b"\x80", "absent")])
def test_the_probe_finds_a_broker_without_groups(
    fake_broker: StartFake, start_probe: StartProbe, code: bytes, result: str
) -> None:
    port = fake_broker(ungrouped(code)).port
    probe = start_probe(port, groups_topic="mqbind/probe", groups_ms=50)
    assert probe.wait("groups")["groups"] == result


def test_the_probe_starts_over_with_each_connection(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port, groups_topic="mqbind/probe")
    assert probe.wait("groups")["groups"] == "served"
    broker.kill()
    probe.wait("state", state="waiting")
    broker.start()
    assert probe.wait("groups")["groups"] == "served"
