"""EZtCloud devices: device and platform against paho-mqtt and the mosquitto clients."""

import pytest

from tests.broker.server import Broker
from tests.broker.sides.conftest import StartPeer, StartSide
from tests.broker.sides.side import DUPLICATE, NO_CALL, OK, Side

DEVICE = "DU_0123456789"
OTHER = "DU_9876543210"
RECEIVED = {"error_code": 0, "error_msg": "OK", "ts": 1750234507181}
TOO_FAST = {"error_code": -1, "error_msg": "Device message frequency too fast", "ts": 1750234507181}
EVENT = {"method": "productFound", "params": {"count": 3, "detail": ["100474", "100475"]}}
BYTES = (b"\x00\x01\xff\x00", b"", b"fek34j==", b'{"no":json', "温度".encode())


@pytest.fixture
def device(start_side: StartSide) -> Side:
    handlers = "attributes_push,command,data_set"
    return start_side("eztcloud_device", "device", username=DEVICE, handlers=handlers)


@pytest.fixture
def platform(start_side: StartSide) -> Side:
    return start_side("eztcloud_device", "platform")


# ---- Our device ----


def test_the_platform_answers_in_order(device: Side, start_peer: StartPeer) -> None:
    platform = start_peer(f"attributes/{DEVICE}", f"event_report/{DEVICE}")
    assert device.call("attributes", {"temperature": 28.5}, DEVICE, tag=1) == OK
    assert device.call("event", EVENT, DEVICE, tag=2) == OK
    # Nothing but the order links an answer to a report, so one waits at a time.
    assert device.call("attributes", {"temperature": 29}, DEVICE, tag=3) == DUPLICATE
    assert platform.receive(f"attributes/{DEVICE}") == {"temperature": 28.5}
    assert platform.receive(f"event_report/{DEVICE}") == EVENT
    platform.publish(f"attributes_response/{OTHER}", RECEIVED)
    platform.publish(f"event_response/{DEVICE}", RECEIVED)
    assert device.reply(tag=2)["value"] == RECEIVED
    platform.publish(f"attributes_response/{DEVICE}", TOO_FAST)
    assert device.reply(tag=1)["value"] == TOO_FAST
    platform.publish(f"attributes_response/{DEVICE}", RECEIVED)
    assert device.error()["status"] == NO_CALL


def test_the_platform_gives_attributes(device: Side, start_peer: StartPeer) -> None:
    platform = start_peer(f"attributes_get/{DEVICE}")
    assert device.call("attributes_get", {"keys": []}, DEVICE) == OK
    assert platform.receive(f"attributes_get/{DEVICE}") == {"keys": []}
    found = {"error_code": 0, "error_msg": "", "attributes": {"sz": 3}, "ts": 1750234507181}
    platform.publish(f"attributes_get_response/{DEVICE}", found)
    assert device.reply()["value"] == found


def test_replies_carry_the_id_as_it_came(device: Side, broker: Broker) -> None:
    listener = broker.listen("command_reply/+", 3)
    for id_text in ("98310", '"0004123"', "9007199254740993"):
        command = f'{{"method":"restart","params":{{}},"id":{id_text}}}'.encode()
        device.answer("command", "command_reply", command)
        broker.publish(f"command_send/{DEVICE}", command)
        device.message("command", username=DEVICE)
    broker.publish(f"command_send/{OTHER}", b"not for this device")
    assert listener.messages() == [
        f'command_reply/{DEVICE} 0 {{"method":"restart","params":{{}},"id":{id_text}}}'
        for id_text in ("98310", '"0004123"', "9007199254740993")
    ]
    without = {"method": "restart", "params": {}}
    assert device.send("command_reply", without, DEVICE) == "value not allowed"
    assert device.last("error")["rule"] == "must have id"
    assert device.count("error") == 1


def test_our_device_takes_attributes_and_bytes(device: Side, start_peer: StartPeer) -> None:
    platform = start_peer(f"data/{DEVICE}/+")
    platform.publish(f"attributes_push/{DEVICE}", {"switch": False, "mode": {"a": [None]}})
    assert device.message("attributes_push")["value"] == {"switch": False, "mode": {"a": [None]}}
    for payload in BYTES:
        platform.publish(f"data_set/{DEVICE}/modbus_1", payload)
        received = device.message("data_set", username=DEVICE, identifier="modbus_1")
        assert bytes.fromhex(received["hex"]) == payload
        assert device.send("data", payload, DEVICE, "modbus_1") == OK
        assert platform.receive_bytes(f"data/{DEVICE}/modbus_1") == payload
    platform.publish(f"data_set/{DEVICE}/no spaces", b"x")
    assert device.error()["topic"] == f"data_set/{DEVICE}/no spaces"


# ---- Our platform ----


def test_a_device_replies_to_commands(platform: Side, start_peer: StartPeer) -> None:
    device = start_peer("command_send/+")
    for tag, command_id in enumerate([1000, "1000"]):
        command = {"method": "m", "params": {}, "id": command_id}
        assert platform.call("command", command, DEVICE, tag=tag) == OK
        assert device.receive(f"command_send/{DEVICE}") == command
    reply = {"method": "m", "params": {"result": True}}
    # Without an id, and from another device, it answers nothing.
    device.publish(f"command_reply/{DEVICE}", reply)
    assert platform.message("command_reply", username=DEVICE)["unsendable"] == "must have id"
    device.publish(f"command_reply/{OTHER}", {**reply, "id": 1000})
    assert platform.message("command_reply")["username"] == OTHER
    device.publish(f"command_reply/{DEVICE}", {**reply, "id": "1000"})
    assert platform.reply(tag=1)["value"] == {**reply, "id": "1000"}
    device.publish(f"command_reply/{DEVICE}", {**reply, "id": 1000})
    assert platform.reply(tag=0)["value"] == {**reply, "id": 1000}
    # One command takes one reply.
    device.publish(f"command_reply/{DEVICE}", {**reply, "id": 1000})
    assert platform.message("command_reply")["value"] == {**reply, "id": 1000}


def test_our_platform_hears_and_answers_mosquitto_pub(platform: Side, broker: Broker) -> None:
    for message, response in (
        ("attributes", "attributes_response"),
        ("event", "event_response"),
        ("attributes_get", "attributes_get_response"),
    ):
        topic = "event_report" if message == "event" else message
        payload = b'{"method":"m","params":{},"keys":[]}'
        platform.answer(message, response, {**RECEIVED, "attributes": {}})
        listener = broker.listen(f"{response}/+", 1)
        broker.publish(f"{topic}/{DEVICE}", payload)
        platform.message(message, username=DEVICE)
        [line] = listener.messages()
        assert line.startswith(f'{response}/{DEVICE} 0 {{"error_code":0,"error_msg":"OK",')
    broker.publish(f"data/{DEVICE}/s1", b"\x00")
    assert platform.message("data", username=DEVICE, identifier="s1")["hex"] == "00"
    assert platform.send("attributes_push", {"switch": False}, DEVICE) == OK
    assert platform.send("data_set", b"", DEVICE, "s1") == OK


def test_our_device_and_our_platform_understand_each_other(device: Side, platform: Side) -> None:
    command = {"method": "m", "params": {}, "id": "{id}"}
    device.answer("command", "command_reply", command)
    assert platform.call("command", command, DEVICE) == OK
    assert platform.reply()["value"] == command
    platform.answer("event", "event_response", RECEIVED)
    assert device.call("event", EVENT, DEVICE) == OK
    assert device.reply()["value"] == RECEIVED
