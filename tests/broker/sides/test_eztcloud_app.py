"""EZtCloud applications: application and platform against paho-mqtt and the mosquitto clients."""

import pytest

from tests.broker.server import Broker
from tests.broker.sides.conftest import StartPeer, StartSide
from tests.broker.sides.side import NO_CALL, OK, Side

PROJECT = "PR_abc"
DEVICE = "DU_0123456789"
OTHER = "DU_9876543210"
COMMAND = {"method": "m", "params": {"key1": "{value1}"}, "id": 1}
EVENT = {"method": "m", "params": {}}


def topic(name: str, device: str = DEVICE) -> str:
    return f"open/{PROJECT}/{device}/{name}"


@pytest.fixture
def application(start_side: StartSide) -> Side:
    handlers = "attributes,event,data,alarm,online"
    return start_side("eztcloud_app", "application", project_key=PROJECT, handlers=handlers)


@pytest.fixture
def platform(start_side: StartSide) -> Side:
    return start_side("eztcloud_app", "platform")


def test_devices_reply_to_commands(application: Side, start_peer: StartPeer) -> None:
    platform = start_peer(topic("command_send"), topic("command_send", OTHER))
    assert application.call("command", COMMAND, PROJECT, DEVICE, tag=1) == OK
    assert application.call("command", COMMAND, PROJECT, OTHER, tag=2) == OK
    assert platform.receive(topic("command_send")) == COMMAND
    assert platform.receive(topic("command_send", OTHER)) == COMMAND
    # The id is the same; the device tells the calls apart.
    platform.publish(topic("command_reply", OTHER), COMMAND)
    assert application.reply(tag=2)["value"] == COMMAND
    platform.publish(topic("command_reply"), {**COMMAND, "id": "1"})
    assert application.error(topic=topic("command_reply"))["status"] == NO_CALL
    platform.publish(topic("command_reply"), COMMAND)
    assert application.reply(tag=1)["value"] == COMMAND


def test_one_subscription_follows_all_devices(application: Side, start_peer: StartPeer) -> None:
    platform = start_peer()
    for name, message, payload in (
        ("attributes", "attributes", {"temperature": 42.0, "list": [1, None]}),
        ("event_report", "event", EVENT),
        ("alarm", "alarm", {"alerting": True}),
        ("online", "online", {"online": False}),
    ):
        for device in (DEVICE, OTHER):
            platform.publish(topic(name, device), payload)
            received = application.message(message, device_username=device)
            assert (received["project_key"], received["value"]) == (PROJECT, payload)
    for data in (b"\x00\xff\x00", b"", b"fek34j=="):
        platform.publish(topic("data/stream-1"), data)
        received = application.message("data", device_username=DEVICE, identifier="stream-1")
        assert bytes.fromhex(received["hex"]) == data


def test_one_device_of_one_project(start_side: StartSide, start_peer: StartPeer) -> None:
    application = start_side(
        "eztcloud_app", "application", project_key=PROJECT, device_username=DEVICE
    )
    platform = start_peer()
    platform.publish(topic("online", OTHER), {"online": True})
    platform.publish(topic("online").replace(PROJECT, "PR_other"), {"online": True})
    platform.publish(topic("online"), {"online": False})
    assert application.message("online")["value"] == {"online": False}


def test_what_our_application_sends(application: Side, broker: Broker) -> None:
    listener = broker.listen("open/#", 1)
    assert application.send("attributes_push", {"a": 42.0}, PROJECT, DEVICE) == OK
    assert listener.messages() == [f'{topic("attributes_push")} 0 {{"a":42.0}}']


def test_our_platform_obeys_mosquitto_pub(platform: Side, broker: Broker) -> None:
    listener = broker.listen(topic("command_reply"), 1)
    command = b'{"method":"m","params":{},"id":"0004123"}'
    platform.answer("command", "command_reply", command)
    broker.publish(topic("command_send"), command)
    received = platform.message("command", project_key=PROJECT, device_username=DEVICE)
    assert received["value"]["id"] == "0004123"
    assert listener.messages() == [f"{topic('command_reply')} 0 {command.decode()}"]
    broker.publish(topic("attributes_push"), b'{"a":1}')
    assert platform.message("attributes_push")["value"] == {"a": 1}


def test_what_our_platform_reports_arrives(platform: Side, start_peer: StartPeer) -> None:
    application = start_peer(f"open/{PROJECT}/+/+", f"open/{PROJECT}/+/data/+")
    for message, name, payload in (
        ("attributes", "attributes", {"a": 42.0}),
        ("event", "event_report", EVENT),
        ("alarm", "alarm", {"alerting": True}),
        ("online", "online", {"online": True}),
    ):
        assert platform.send(message, payload, PROJECT, DEVICE) == OK
        assert application.receive(topic(name)) == payload
    assert platform.send("data", b"\x00", PROJECT, DEVICE, "s_1") == OK
    assert application.receive_bytes(topic("data/s_1")) == b"\x00"


def test_both_of_ours_understand_each_other(application: Side, platform: Side) -> None:
    platform.answer("command", "command_reply", COMMAND)
    assert application.call("command", COMMAND, PROJECT, DEVICE) == OK
    assert application.reply()["value"] == COMMAND
