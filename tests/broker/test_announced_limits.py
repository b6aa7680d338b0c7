"""What a broker says that it cannot do, when it accepts a client (MQTT 5)."""

import pytest

from tests.broker.conftest import BOTH, MakeBroker, StartFake, StartProbe
from tests.broker.fake_broker import CONNACK_5, PUBLISH, SUBSCRIBE, Peer, Script

SHARED_SUBSCRIPTIONS = b"\x2a"
WILDCARDS = b"\x28"
NO_SHARED = "the broker has no shared subscriptions"
NO_WILDCARDS = "the broker has no wildcards in subscriptions"
NO_RETAIN = "the broker has no retained messages"
TOO_LARGE = "beyond the broker's maximum packet size"


def lacking(identifier: bytes, seen: list[int]) -> Script:
    """A broker that announces that it lacks something, and notes the kinds of packets it gets."""

    def play(peer: Peer) -> None:
        peer.accept(b"\x20\x05\x00\x00\x02" + identifier + b"\x00")
        while (packet := peer.read())[0]:
            seen.append(packet[0] & 0xF0)
            if packet[0] & 0xF0 == PUBLISH:
                return

    return play


@BOTH
@pytest.mark.parametrize(
    ("identifier", "group", "filter_", "rule"),
    [
        (SHARED_SUBSCRIPTIONS, "crew", "$share/crew/probe/in/+", NO_SHARED),
        (WILDCARDS, "", "probe/in/+", NO_WILDCARDS),
        (WILDCARDS, "crew", "$share/crew/probe/in/+", NO_WILDCARDS),
    ],
)
def test_what_the_broker_lacks_is_refused_and_not_sent(
    fake_broker: StartFake,
    start_probe: StartProbe,
    identifier: bytes,
    group: str,
    filter_: str,
    rule: str,
) -> None:
    def accept(peer: Peer) -> None:
        peer.accept(CONNACK_5)
        peer.send(b"\x90\x04" + peer.read_subscribe() + b"\x00\x01")
        peer.answer_pings()

    seen: list[int] = []
    broker = fake_broker(lacking(identifier, seen), accept)
    probe = start_probe(broker.port, protocol=5, group=group, close_timeout_ms=100)
    error = probe.wait("error", topic=filter_)
    assert (error["rule"], error["status"]) == (rule, "transport failed")
    probe.find("state", state="connected")
    counters = probe.ask("counters", "counters")
    assert [counters[name] for name in ("subscribes", "subscribes_refused", "granted")] == [1, 1, 0]
    assert counters["subscribe_failures"] == 1
    # The packet ends the connection. What the next broker can do is asked of that one.
    probe.ask("publish 1 end x", "sent")
    probe.wait_for_counter("granted", 1)
    assert SUBSCRIBE not in seen


@BOTH
@pytest.mark.parametrize(
    ("limit", "command", "rule"),
    [
        ("max_qos 0", "publish 1 what x", "the broker's maximum QoS is 0"),
        ("max_qos 0", "publish 2 what x", "the broker's maximum QoS is 0"),
        ("max_qos 1", "publish 2 what x", "the broker's maximum QoS is 1"),
        ("retain_available false", "publish-retained what x", NO_RETAIN),
        ("max_packet_size 1000", f"publish 0 what {'x' * 1000}", TOO_LARGE),
    ],
)
def test_a_message_beyond_a_limit_is_refused_by_its_name(
    make_broker: MakeBroker, start_probe: StartProbe, limit: str, command: str, rule: str
) -> None:
    probe = start_probe(make_broker("allow_anonymous true", limit).port, protocol=5)
    probe.wait_until_subscribed()
    assert probe.ask(command, "sent")["status"] == "transport failed"
    error = probe.find("error", rule=rule)
    assert (error["topic"], error["status"]) == ("probe/out/what", "transport failed")
    assert probe.ask("publish 0 what x", "sent")["status"] == "ok"
    counters = probe.wait_for_counter("sent", 1)
    assert (counters["rejected"], counters["disconnects"]) == (1, 0)
