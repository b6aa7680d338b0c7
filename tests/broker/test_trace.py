"""Packets as on_packet sees them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.broker.conftest import StartProbe
from tests.broker.server import Broker

ODD = "o'clock', ... (1 bytes))"


def packets(events: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [
        (event["sent"], event["type"], event["topic"], event["bytes"])
        for event in events
        if event["event"] == "packet"
    ]


@pytest.mark.parametrize("client_id", [None, "a client sending PUBLISH"])
@pytest.mark.parametrize("protocol", [4, 5])
def test_each_packet_is_shown_without_secrets(
    make_broker: Callable[..., Broker],
    start_probe: StartProbe,
    password_file: Path,
    client_id: str | None,
    protocol: int,
) -> None:
    broker = make_broker("allow_anonymous false", f"password_file {password_file}")
    settings: dict[str, str | int] = {"username": "toy", "password": "secret", "trace": 1}
    if client_id:
        settings["client_id"] = client_id
    probe = start_probe(broker.port, protocol=protocol, **settings)
    probe.wait("subscribed")
    probe.ask("publish 1 what hidden", "sent")
    probe.wait_for_counter("confirmed", 1)
    probe.do("bind sub")
    probe.wait("subscribed")
    probe.ask("unbind", "unbound")
    probe.wait("packet", type="UNSUBACK")
    seen = packets(probe.events)
    assert seen == [
        (1, "CONNECT", "", 0),
        (0, "CONNACK", "", 0),
        (1, "SUBSCRIBE", "probe/in/+", 0),
        (0, "SUBACK", "", 0),
        (1, "PUBLISH", "probe/out/what", 6),
        (0, "PUBACK", "", 0),
        (1, "SUBSCRIBE", "probe/in/sub", 0),
        (0, "SUBACK", "", 0),
        (1, "UNSUBSCRIBE", "probe/in/sub", 0),
        (0, "UNSUBACK", "", 0),
    ]
    assert "secret" not in str(seen)
    assert "hidden" not in str(seen)


def test_topics_with_quotes_and_long_ones_are_shown(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port, trace=1)
    probe.wait("subscribed")
    broker.publish(f"probe/in/{ODD}", b"12345", "-q", "1")
    probe.wait("packet", sent=0, type="PUBLISH", topic=f"probe/in/{ODD}", bytes=5)
    probe.wait("packet", sent=1, type="PUBACK", topic="", bytes=0)
    long = "v" * 2000
    broker.publish(f"probe/in/{long}", b"12345")
    shown = probe.wait("packet", sent=0, type="PUBLISH")
    assert shown["topic"].startswith("probe/in/" + "v" * 300)
    assert ("probe/in/" + long).startswith(shown["topic"])
    assert shown["bytes"] == 0
