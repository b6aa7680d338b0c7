"""Sessions that a broker keeps while the client is away, and wills that wait."""

import queue
from collections.abc import Callable

import pytest

from tests.broker import fake_broker as fake
from tests.broker.conftest import BOTH, StartFake, StartProbe, only_mosquitto
from tests.broker.fake_broker import Peer
from tests.broker.probe import Probe
from tests.broker.server import Broker
from tests.support.waiting import DEADLINE_S

KEEPER: dict[str, str | int] = {"client_id": "keeper", "keep_session": 1}


def leave(probe: Probe) -> None:
    probe.quit()


def crash(probe: Probe) -> None:
    probe.kill()


@BOTH
@pytest.mark.parametrize("end", [leave, crash])
@pytest.mark.parametrize("protocol", [4, 5])
def test_a_kept_session_delivers_what_came_meanwhile(
    broker: Broker,
    start_probe: StartProbe,
    protocol: int,
    end: Callable[[Probe], None],
) -> None:
    settings = {**KEEPER, "protocol": protocol}
    probe = start_probe(broker.port, **settings)
    probe.wait_until_subscribed()
    end(probe)
    broker.publish("probe/in/meanwhile", b"1", "-q", "1")
    probe = start_probe(broker.port, **settings)
    probe.wait("message", what="meanwhile")
    assert probe.quit()["resumed"] == 1


@only_mosquitto("its session is always kept")
@pytest.mark.parametrize("protocol", [4, 5])
def test_a_session_that_is_not_kept_delivers_nothing(
    broker: Broker, start_probe: StartProbe, protocol: int
) -> None:
    settings = {"client_id": "forgetter", "protocol": protocol}
    probe = start_probe(broker.port, **settings)
    probe.wait_until_subscribed()
    probe.quit()
    broker.publish("probe/in/meanwhile", b"1", "-q", "1")
    probe = start_probe(broker.port, **settings)
    probe.wait_until_subscribed()
    broker.publish("probe/in/after", b"1", "-q", "1")
    probe.wait("message", what="after")
    assert probe.count("message", what="meanwhile") == 0
    assert probe.quit()["resumed"] == 0


@BOTH
def test_a_session_expires(broker: Broker, start_probe: StartProbe) -> None:
    settings = {**KEEPER, "protocol": 5, "session_expiry_s": 1}
    probe = start_probe(broker.port, **settings)
    probe.wait_until_subscribed()
    probe.quit()
    broker.wait_for_log("Expiring client keeper")
    probe = start_probe(broker.port, **settings)
    probe.wait_until_subscribed()
    assert probe.quit()["resumed"] == 0


@pytest.mark.parametrize(
    ("transport", "settings", "properties"),
    [
        ("mosquitto", KEEPER, b"\x11\xff\xff\xff\xff\x21\x00\x14"),
        (
            *("mosquitto", {**KEEPER, "session_expiry_s": 258}),
            b"\x11\x00\x00\x01\x02\x21\x00\x14",
        ),
        ("mosquitto", {**KEEPER, "receive_max": 300}, b"\x11\xff\xff\xff\xff\x21\x01\x2c"),
        ("mosquitto", {"receive_max": 1}, b"\x21\x00\x01"),
        ("mosquitto", {}, b"\x21\x00\x14"),
        # paho's session is always kept, and its longest time is 68 years.
        ("paho", {}, b"\x11\x7f\xff\xff\xff"),
        ("paho", {"session_expiry_s": 258}, b"\x11\x00\x00\x01\x02"),
        ("paho", {"receive_max": 300}, b"\x11\x7f\xff\xff\xff\x21\x01\x2c"),
    ],
)
def test_each_connect_asks_for_what_was_set(
    fake_broker: StartFake,
    start_probe: StartProbe,
    settings: dict[str, str | int],
    properties: bytes,
) -> None:
    connects: queue.Queue[bytes] = queue.Queue()

    def look(peer: Peer) -> None:
        connects.put(peer.read()[1])
        peer.send(fake.CONNACK_5)

    start_probe(fake_broker(look).port, protocol=5, **settings)
    for _ in range(3):
        length, rest = split_properties(connects.get(timeout=DEADLINE_S))
        assert sorted(split_ids(rest[:length])) == sorted(split_ids(properties))


def split_properties(connect: bytes) -> tuple[int, bytes]:
    """Behind name, version, flags and keepalive: the length of the properties, and what follows."""
    return connect[10], connect[11:]


def split_ids(properties: bytes) -> list[bytes]:
    """Session expiry has five bytes, receive maximum three."""
    parts = []
    while properties:
        size = 5 if properties[0] == 0x11 else 3
        parts.append(properties[:size])
        properties = properties[size:]
    return parts


@BOTH
def test_a_will_that_waits_is_not_published_if_the_client_returns(
    broker: Broker, start_probe: StartProbe
) -> None:
    listener = broker.listen("probe/will", 1, "-q", "1")
    settings = {**KEEPER, "protocol": 5, "will_topic": "probe/will", "will": "gone"}
    probe = start_probe(broker.port, **settings, will_delay_s=600)
    probe.wait("state", state="connected")
    probe.kill()
    # Without the delay, this will would be the second one.
    probe = start_probe(broker.port, **{**settings, "will": "gone at last"})
    probe.wait("state", state="connected")
    probe.kill()
    assert listener.messages() == ["probe/will 0 gone at last"]


@BOTH
def test_a_will_is_published_after_its_delay(broker: Broker, start_probe: StartProbe) -> None:
    listener = broker.listen("probe/will", 1, "-q", "1")
    will = {"will_topic": "probe/will", "will": "gone", "will_delay_s": 1}
    probe = start_probe(broker.port, protocol=5, **KEEPER, **will)
    probe.wait("state", state="connected")
    probe.kill()
    assert listener.messages() == ["probe/will 0 gone"]
