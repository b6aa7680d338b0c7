"""What handlers see of a message, and what a message can be sent with."""

import pytest

from tests.broker import fake_broker as fake
from tests.broker.conftest import BOTH, StartFake, StartProbe
from tests.broker.fake_broker import Peer, packet
from tests.broker.server import Broker

PROPERTIES = (
    *("-D", "publish", "content-type", "text/plain"),
    *("-D", "publish", "payload-format-indicator", "1"),
    *("-D", "publish", "message-expiry-interval", "3600"),
    *("-D", "publish", "user-property", "a", "first"),
    *("-D", "publish", "user-property", "b", ""),
)


@BOTH
def test_a_handler_sees_the_properties_of_its_message(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port, protocol=5)
    probe.wait_until_subscribed()
    broker.publish("probe/in/with", b"1", "-q", "1", "-V", "5", *PROPERTIES)
    message = probe.wait("message", what="with")
    assert message["topic"] == "probe/in/with"
    assert (message["content_type"], message["is_text"]) == ("text/plain", 1)
    assert 3500 < message["expiry_s"] <= 3600
    assert message["user"] == {"count": 2, "a": "first", "b": ""}
    broker.publish("probe/in/without", b"1", "-q", "1", "-V", "5")
    message = probe.wait("message", what="without")
    assert (message["content_type"], message["is_text"], message["expiry_s"]) == ("", 0, 0)
    assert message["user"] == {"count": 0}


@BOTH
def test_user_properties_past_the_limit_are_counted(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port, protocol=5)
    probe.wait_until_subscribed()
    many = [x for i in range(18) for x in ("-D", "publish", "user-property", f"n{i}", f"v{i}")]
    broker.publish("probe/in/many", b"1", "-q", "1", "-V", "5", *many)
    user = probe.wait("message", what="many")["user"]
    assert user == {"count": 16, **{f"n{i}": f"v{i}" for i in range(16)}}
    assert probe.quit()["user_properties_omitted"] == 2


@BOTH
@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_the_duplicate_flag_is_that_of_the_message(
    fake_broker: StartFake, start_probe: StartProbe, protocol: int, qos: int
) -> None:
    """It means nothing at QoS 0, and at QoS 2 MQTT itself drops what comes twice."""

    def repeat(peer: Peer) -> None:
        peer.accept(fake.CONNACK_5 if protocol == 5 else fake.CONNACK)
        for mid, flag in ((b"\x00\x07", 0), (b"\x00\x08", 8), (b"\x00\x09", 0)):
            head = b"\x00\x0aprobe/in/d" + (mid if qos else b"")
            peer.send(packet(0x30 | qos << 1 | flag, head + (b"\x00" if protocol == 5 else b"")))
            if qos == 2:
                peer.send(packet(0x62, mid))
        peer.answer_pings()

    probe = start_probe(fake_broker(repeat).port, protocol=protocol)
    found = [probe.wait("message", what="d")["duplicate"] for _ in range(3)]
    assert found == [0, int(qos == 1), 0]


@BOTH
def test_a_message_is_sent_with_properties(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port, protocol=5)
    probe.wait_until_subscribed()
    listener = broker.listen("probe/out/#", 2, "-q", "1", "-V", "5", "-F", "%F|%E|%C|%P")
    assert probe.ask("publish-with 60 text/plain xyz", "sent")["status"] == "ok"
    assert probe.ask("publish 1 plain text", "sent")["status"] == "ok"
    first, second = listener.messages()
    assert first in {f"1|{left}|text/plain|x:60 y:60 z:60" for left in (59, 60)}
    assert second == "|||"


@BOTH
def test_an_older_connection_refuses_a_message_with_properties(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    assert probe.ask("publish-with 60 text/plain xyz", "sent")["status"] == "transport failed"
    rule = "response topics, correlation data and other properties need MQTT 5"
    assert probe.last("error")["rule"] == rule
    assert probe.ask("publish 1 plain text", "sent")["status"] == "ok"
