"""Payloads that are text: what devices send that know nothing of JSON, against paho-mqtt."""

from tests.broker.sides.conftest import StartPeer, StartSide
from tests.broker.sides.side import OK


def test_text_is_sent_as_it_stands(start_side: StartSide, start_peer: StartPeer) -> None:
    peer = start_peer("#")
    device = start_side("texts", "device")
    assert device.send("power", b"ON", "plug") == OK
    assert peer.receive_bytes("stat/plug/POWER") == b"ON"
    assert device.send("charge", b" 8e1\n", "car") == OK
    assert peer.receive_bytes("openWB/car/soc") == b"80"
    assert device.send("open", b"true", "home") == OK
    assert peer.receive_bytes("homie/home/window/open") == b"true"


def test_text_reaches_its_handler_as_a_value(start_side: StartSide, start_peer: StartPeer) -> None:
    peer = start_peer()
    hub = start_side("texts", "hub")
    peer.publish("stat/plug/POWER", b"OFF")
    assert hub.message("power", device="plug")["value"] == "OFF"
    peer.publish("stat/plug/POWER", b"BANANA")
    error = hub.error()
    assert (error["status"], error["path"], error["offset"]) == ("value not allowed", "", 0)
    peer.publish("sensor/s1/state", b"unknown")
    assert hub.message("reading", device="s1")["value"] == "unknown"
    peer.publish("sensor/s1/state", b"21.5")
    assert hub.message("reading", device="s1")["value"] == 21.5


def test_text_and_json_share_a_topic(start_side: StartSide, start_peer: StartPeer) -> None:
    peer = start_peer()
    device = start_side("texts", "device")
    for payload, message, value in (
        (b"5", "level", 5),
        (b"7 days", "preset", "7 days"),
        (b'{"day":"online"}', "program", {"day": "online"}),
    ):
        peer.publish("cmnd/x/mode", payload)
        assert device.message(message)["value"] == value
    for refused in (b"55", b"never", b'{"day":"never"}', b'"auto"', b" "):
        peer.publish("cmnd/x/mode", refused)
        assert device.error()["topic"] == "cmnd/x/mode"


def test_a_retained_message_is_deleted(start_side: StartSide, start_peer: StartPeer) -> None:
    device = start_side("texts", "device")
    hub = start_side("texts", "hub")
    assert device.send("power", b"ON", "plug") == OK
    assert hub.message("power", device="plug")["value"] == "ON"
    later = start_peer("stat/#")
    assert later.receive_bytes("stat/plug/POWER") == b"ON"

    assert device.send("delete_power", b"", "plug") == OK
    assert "value" not in hub.message("power_deleted", device="plug")
    assert later.receive_bytes("stat/plug/POWER") == b""
    last = start_peer("stat/#")
    last.publish("stat/other/POWER", b"OFF")
    assert last.receive_bytes("stat/other/POWER") == b"OFF"


def test_anybody_may_delete(start_side: StartSide, start_peer: StartPeer) -> None:
    peer = start_peer()
    device = start_side("texts", "device")
    peer.publish("cmnd/x/mode", b"")
    assert "value" not in device.message("program_deleted", device="x")
