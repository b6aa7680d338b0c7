"""ThingsPanel: device and platform against paho-mqtt and the mosquitto clients."""

import json

import pytest

from tests.broker.server import Broker
from tests.broker.sides.conftest import StartPeer, StartSide
from tests.broker.sides.peer import Peer
from tests.broker.sides.side import NO_CALL, OK, TIMEOUT, TOPIC, Side

NUMBER = "D0001"
DONE = {"result": 0, "message": "success", "ts": 1609143039, "method": "switch"}
FAILED = {"result": 1, "errcode": "xxx", "message": "no such switch", "ts": 1609143039}
EVENT = {"method": "FindAnimal", "params": {"count": 2, "animalType": "cat"}}
COMMAND = {"method": "ReSet", "params": {"switch": 1, "light": "close"}}


def attributes_reply(message_id: str, number: str = NUMBER) -> str:
    return f"devices/attributes/response/{number}/{message_id}"


@pytest.fixture
def device(start_side: StartSide) -> Side:
    handlers = "telemetry_control,attributes_set,attributes_get,command,ota_task"
    return start_side("thingspanel", "device", device_number=NUMBER, handlers=handlers)


@pytest.fixture
def platform(start_side: StartSide) -> Side:
    handlers = "telemetry,attributes,event,ota_progress"
    return start_side("thingspanel", "platform", handlers=handlers)


# ---- Our device ----


def test_the_platform_answers_reports(device: Side, start_peer: StartPeer) -> None:
    platform = start_peer("devices/attributes/+", "devices/event/+")
    attributes = {"ip": "127.0.0.1", "port": 1883, "ratio": 42.0}
    assert device.call("attributes", attributes, "0004123", tag=1) == OK
    assert device.call("event", EVENT, "0004123", tag=2) == OK
    assert platform.receive("devices/attributes/0004123") == attributes
    assert platform.receive("devices/event/0004123") == EVENT
    # The two ids are alike, the topics are not.
    platform.publish(f"devices/event/response/{NUMBER}/0004123", FAILED)
    assert device.reply(tag=2)["value"] == FAILED
    platform.publish(attributes_reply("0004123"), DONE)
    assert device.reply(tag=1)["value"] == DONE


def test_a_late_answer_answers_nothing(device: Side, start_peer: StartPeer) -> None:
    platform = start_peer()
    assert device.call("attributes", {}, "0004123", timeout_ms=50) == OK
    assert device.reply()["status"] == TIMEOUT
    platform.publish(attributes_reply("0004123"), DONE)
    assert device.error()["status"] == NO_CALL


def test_a_second_answer_answers_nothing(device: Side, start_peer: StartPeer) -> None:
    platform = start_peer()
    assert device.call("attributes", {}, "0004123") == OK
    for _ in range(2):
        platform.publish(attributes_reply("0004123"), DONE)
    assert device.reply()["status"] == OK
    assert device.error()["status"] == NO_CALL
    assert device.count("reply") == 1


def test_somebody_elses_answer_answers_nothing(device: Side, start_peer: StartPeer) -> None:
    platform = start_peer()
    assert device.call("attributes", {}, "0004123") == OK
    # Text: neither number is the same id, and the other device's topic does not come here.
    platform.publish(attributes_reply("0004123", "D0002"), DONE)
    for message_id in ("4123", "00004123"):
        platform.publish(attributes_reply(message_id), DONE)
        assert device.error(topic=attributes_reply(message_id))["status"] == NO_CALL
    platform.publish(attributes_reply("0004123"), {"message": "no result"})
    assert device.error()["path"] == "/result"
    platform.publish(attributes_reply("0004123"), DONE)
    assert device.reply()["value"] == DONE
    assert device.count("error") == 3


def test_our_device_obeys_mosquitto_pub(device: Side, broker: Broker) -> None:
    listener = broker.listen("devices/+/response/#", 1, "-q", "1")
    device.answer("command", "command_response", DONE)
    broker.publish(f"devices/command/{NUMBER}/1f0a33bc", json.dumps(COMMAND).encode())
    received = device.message("command", device_number=NUMBER, message_id="1f0a33bc")
    assert received["value"] == COMMAND
    [line] = listener.messages()
    topic, qos, payload = line.split(" ", 2)
    assert (topic, qos) == ("devices/command/response/1f0a33bc", "1")
    assert json.loads(payload) == DONE


def test_our_device_takes_all_that_the_platform_sends(device: Side, start_peer: StartPeer) -> None:
    platform = start_peer("devices/attributes/set/response/+", "ota/devices/progress")
    platform.publish(f"devices/telemetry/control/{NUMBER}", {"switch": True, "value": 42.0})
    assert device.message("telemetry_control")["value"] == {"switch": True, "value": 42.0}
    platform.publish(f"devices/attributes/get/{NUMBER}", {"keys": []})
    assert device.message("attributes_get")["value"] == {"keys": []}
    platform.publish(f"devices/attributes/set/{NUMBER}/0a1b2c3d", {"ip": "127.0.0.1"})
    assert device.message("attributes_set")["message_id"] == "0a1b2c3d"
    assert device.send("attributes_set_response", DONE, "0a1b2c3d") == OK
    assert platform.receive("devices/attributes/set/response/0a1b2c3d") == DONE
    image = {"version": "2.0", "size": 1 << 33, "url": "http://a/b", "sign": "", "module": "MCU"}
    task = {"id": "123", "code": 200, "params": {**image, "signMethod": "Md5"}}
    platform.publish(f"ota/devices/inform/{NUMBER}", task)
    received = device.message("ota_task", device_number=NUMBER)["value"]
    assert received["params"]["size"] == 1 << 33
    assert received["params"]["signMethod"] == "MD5"
    progress = {"step": "-4", "desc": "flash failed", "module": "MCU"}
    assert device.send("ota_progress", progress) == OK
    assert platform.receive("ota/devices/progress") == progress


# ---- Our platform ----


def test_a_device_answers_commands(platform: Side, start_peer: StartPeer) -> None:
    device = start_peer(f"devices/command/{NUMBER}/+", f"devices/attributes/set/{NUMBER}/+")
    assert platform.call("command", COMMAND, NUMBER, "1f0a33bc", tag=1) == OK
    assert platform.call("attributes_set", {"port": 1}, NUMBER, "1f0a33bc", tag=2) == OK
    assert device.receive(f"devices/command/{NUMBER}/1f0a33bc") == COMMAND
    assert device.receive(f"devices/attributes/set/{NUMBER}/1f0a33bc") == {"port": 1}
    device.publish("devices/attributes/set/response/1f0a33bc", DONE)
    assert platform.reply(tag=2)["value"] == DONE
    device.publish("devices/command/response/1F0A33BC", DONE)
    assert platform.error()["status"] == NO_CALL
    device.publish("devices/command/response/1f0a33bc", FAILED)
    assert platform.reply(tag=1)["value"] == FAILED


def test_our_platform_hears_mosquitto_pub(platform: Side, broker: Broker) -> None:
    broker.publish("devices/telemetry", b'{"temperature":28.5,"switch":true}')
    assert platform.message("telemetry")["value"] == {"temperature": 28.5, "switch": True}
    broker.publish("ota/devices/progress", b'{"step":"100","desc":"","module":"MCU"}')
    assert platform.message("ota_progress")["value"]["step"] == "100"
    listener = broker.listen("devices/+/response/#", 2)
    platform.answer("attributes", "attributes_response", DONE)
    broker.publish("devices/attributes/0004123", b'{"ip":"127.0.0.1"}')
    # Who reported is not in the topic: the platform knows it from the connection.
    assert platform.message("attributes", message_id="0004123")["value"] == {"ip": "127.0.0.1"}
    broker.publish("devices/event/0004124", json.dumps(EVENT).encode())
    assert platform.message("event", message_id="0004124")["value"] == EVENT
    assert platform.send("event_response", DONE, NUMBER, "0004124") == OK
    assert platform.send("attributes_response", DONE, NUMBER, "0004123") == OK
    topics = [line.split()[0] for line in listener.messages()]
    assert topics == [f"devices/event/response/{NUMBER}/0004124", attributes_reply("0004123")]


def test_what_our_platform_sends_reaches_a_device(platform: Side, start_peer: StartPeer) -> None:
    device: Peer = start_peer(f"devices/+/control/{NUMBER}", f"devices/attributes/get/{NUMBER}")
    device.subscribe(f"ota/devices/inform/{NUMBER}")
    assert platform.send("telemetry_control", {"light": 1.0}, NUMBER) == OK
    assert device.receive(f"devices/telemetry/control/{NUMBER}") == {"light": 1.0}
    assert platform.send("attributes_get", {"keys": ["ip"]}, NUMBER) == OK
    assert device.receive(f"devices/attributes/get/{NUMBER}") == {"keys": ["ip"]}
    image = {"version": "2", "size": "0", "url": "http://a", "sign": "", "module": "MCU"}
    task = {"id": 123, "code": "200", "params": {**image, "signMethod": "sha256", "extData": {}}}
    assert platform.send("ota_task", task, NUMBER) == OK
    sent = device.receive(f"ota/devices/inform/{NUMBER}")
    assert (sent["id"], sent["params"]["signMethod"]) == ("123", "SHA256")


def test_our_device_and_our_platform_understand_each_other(device: Side, platform: Side) -> None:
    device.answer("command", "command_response", DONE)
    assert platform.call("command", COMMAND, NUMBER, "response") == OK
    assert device.message("command", message_id="response")["value"] == COMMAND
    assert platform.reply()["value"] == DONE


def test_no_device_is_called_response(
    platform: Side, start_side: StartSide, broker: Broker
) -> None:
    """It would take the responses of all devices for commands."""
    assert platform.call("command", COMMAND, "response", "1f0a33bc") == TOPIC
    assert platform.call("command", COMMAND, "responses", "1f0a33bc") == OK
    any_device = start_side("thingspanel", "device", handlers="command")
    broker.publish("devices/command/response/1f0a33bc", json.dumps(COMMAND).encode())
    broker.publish("devices/command/D0002/1f0a33bd", json.dumps(COMMAND).encode())
    assert any_device.message("command")["message_id"] == "1f0a33bd"
