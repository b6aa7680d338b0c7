"""ThingsBoard: device and server against paho-mqtt and the mosquitto clients.

Some topics go both ways. A ThingsBoard server does not send a device its own messages back, as
mosquitto does. So either no_local is set, or directions_apart, without handlers for those messages.
"""

import json

import pytest

from tests.broker.probe import Probe
from tests.broker.server import Broker
from tests.broker.sides.conftest import StartPeer, StartSide, side_program
from tests.broker.sides.side import NO_CALL, OK, TIMEOUT, TOPIC, VALUE, Side

ME = "v1/devices/me"
QOS = ("MQB_QOS_DEFAULT", "MQB_QOS_0", "MQB_QOS_1", "MQB_QOS_2")
"""`enum mqb_qos`, in its order."""
TYPES = {"stringKey": "value1", "booleanKey": True, "doubleKey": 42.0, "longKey": 73}
TYPES_TEXT = '{"stringKey":"value1","booleanKey":true,"doubleKey":42.0,"longKey":73}'
GPIO = {"method": "setGpio", "params": {"pin": 7, "value": 1}}
TIME = {"method": "getCurrentTime", "params": {}}


@pytest.fixture
def device(start_side: StartSide) -> Side:
    return start_side("thingsboard", "device", handlers="", directions_apart=1)


@pytest.fixture
def server(start_side: StartSide) -> Side:
    handlers = "telemetry,claim,attributes_request"
    return start_side("thingsboard", "server", handlers=handlers, directions_apart=1)


# ---- Our device ----


def test_telemetry_has_three_forms_and_keeps_its_types(device: Side, broker: Broker) -> None:
    listener = broker.listen(f"{ME}/telemetry", 3, "-q", "1")
    assert device.send("telemetry", TYPES) == OK
    assert device.send("telemetry", [{"key1": 1}, {"ts": 1, "values": {"key2": 2.0}}]) == OK
    assert device.send("telemetry", {"ts": 1451649600512, "values": {"key1": 42.0}}) == OK
    assert listener.messages() == [
        f"{ME}/telemetry 1 {TYPES_TEXT}",
        f'{ME}/telemetry 1 [{{"key1":1}},{{"ts":1,"values":{{"key2":2.0}}}}]',
        f'{ME}/telemetry 1 {{"ts":1451649600512,"values":{{"key1":42.0}}}}',
    ]


@pytest.mark.parametrize(
    ("chosen", "status", "qos"),
    [
        ("MQB_QOS_DEFAULT", OK, 1),
        ("MQB_QOS_0", OK, 0),
        ("MQB_QOS_1", OK, 1),
        ("MQB_QOS_2", VALUE, 1),
    ],
)
def test_the_device_chooses_the_qos(
    start_side: StartSide, broker: Broker, chosen: str, status: str, qos: int
) -> None:
    device = start_side(
        "thingsboard", "device", handlers="", directions_apart=1, qos=QOS.index(chosen)
    )
    listener = broker.listen(f"{ME}/telemetry", 1, "-q", "2")
    assert device.send("telemetry", {}) == status
    if status != OK:
        broker.publish(f"{ME}/telemetry", b"{}", "-q", str(qos))
    assert listener.messages() == [f"{ME}/telemetry {qos} {{}}"]


def test_attributes_and_claims_are_sent(device: Side, broker: Broker) -> None:
    listener = broker.listen(f"{ME}/#", 3, "-q", "1")
    assert device.send("client_attributes", TYPES) == OK
    assert device.send("claim", {"secretKey": "value", "durationMs": 60000}) == OK
    assert device.send("claim", {}) == OK
    assert listener.messages() == [
        f"{ME}/attributes 1 {TYPES_TEXT}",
        f'{ME}/claim 1 {{"secretKey":"value","durationMs":60000}}',
        f"{ME}/claim 1 {{}}",
    ]


def test_the_server_answers_requests_for_attributes(device: Side, start_peer: StartPeer) -> None:
    server = start_peer(f"{ME}/attributes/request/+")
    request = {"clientKeys": "attribute1,attribute2", "sharedKeys": "shared1"}
    assert device.call("attributes_request", request, 0, tag=1) == OK
    assert device.call("attributes_request", {}, 2147483647, tag=2) == OK
    assert server.receive(f"{ME}/attributes/request/0") == request
    assert server.receive(f"{ME}/attributes/request/2147483647") == {}
    server.publish(f"{ME}/attributes/response/2147483647", {})
    assert device.reply(tag=2)["value"] == {}
    found = {"client": {"attribute1": 42.0}, "shared": {"shared1": "x"}}
    server.publish(f"{ME}/attributes/response/0", found)
    assert device.reply(tag=1)["value"] == found


def test_the_server_answers_calls(device: Side, start_peer: StartPeer) -> None:
    server = start_peer(f"{ME}/rpc/request/+")
    for request_id in (0, 1, 2):
        assert device.call("client_rpc_request", TIME, request_id, tag=request_id) == OK
        assert server.receive(f"{ME}/rpc/request/{request_id}") == TIME
    # An answer to a request for attributes with the same id is something else.
    server.publish(f"{ME}/attributes/response/0", {})
    assert device.error(topic=f"{ME}/attributes/response/0")["status"] == NO_CALL
    for request_id, answer in enumerate([{"time": 1}, {"error": "Method not found"}, 42.0]):
        server.publish(f"{ME}/rpc/response/{request_id}", answer)
        assert device.reply(tag=request_id)["value"] == answer
    assert device.call("client_rpc_request", TIME, 0, timeout_ms=50) == OK
    assert device.reply()["status"] == TIMEOUT
    server.publish(f"{ME}/rpc/response/0", {"time": 2})
    assert device.error()["status"] == NO_CALL


def test_the_two_kinds_of_calls_have_ids_of_their_own(
    start_side: StartSide, start_peer: StartPeer
) -> None:
    device = start_side("thingsboard", "device", protocol=5, no_local=1)
    server = start_peer(f"{ME}/rpc/#")
    assert device.call("client_rpc_request", TIME, 0) == OK
    assert server.receive(f"{ME}/rpc/request/0") == TIME
    server.publish(f"{ME}/rpc/request/0", GPIO)
    assert server.receive(f"{ME}/rpc/request/0") == GPIO
    assert device.message("server_rpc_request", request_id="0")["value"] == GPIO
    # The device's own answer, on the topic of the one that it waits for, is not taken for it.
    assert device.send("server_rpc_response", {"done": True}, 0) == OK
    assert server.receive(f"{ME}/rpc/response/0") == {"done": True}
    server.publish(f"{ME}/rpc/response/0", {"time": 1})
    assert device.reply()["value"] == {"time": 1}
    assert device.count("message") == 1


def test_ids_are_integers_of_32_bits(device: Side, start_peer: StartPeer) -> None:
    server = start_peer(f"{ME}/rpc/request/+")
    assert device.call("client_rpc_request", TIME, 7) == OK
    for wrong in ("9999999999", "007", "-7", "7x", "2147483648"):
        server.publish(f"{ME}/rpc/response/{wrong}", {"time": 1})
        assert device.error(topic=f"{ME}/rpc/response/{wrong}")["status"] == TOPIC
    server.publish(f"{ME}/rpc/response/7", {"time": 7})
    assert device.reply()["value"] == {"time": 7}
    assert device.send("client_rpc_request", TIME, -1) == TOPIC
    assert device.last("error")["topic"] == f"{ME}/rpc/request/{{}}"
    assert device.send("client_rpc_request", TIME, 0) == OK


def test_our_device_answers_calls_of_mosquitto_pub(start_side: StartSide, broker: Broker) -> None:
    handlers = "server_rpc_request,shared_attributes"
    device = start_side("thingsboard", "device", handlers=handlers, calls=0, directions_apart=1)
    text = '{"method":"setGpio","params":{"pin":7,"value":1}}'
    device.answer("server_rpc_request", "server_rpc_response", text.encode())
    listener = broker.listen(f"{ME}/rpc/response/+", 2, "-q", "1")
    broker.publish(f"{ME}/rpc/request/0", json.dumps(GPIO).encode(), "-q", "1")
    assert device.message("server_rpc_request", request_id="0")["value"] == GPIO
    broker.publish(f"{ME}/rpc/request/1", b'{"method":"rebootNow"}', "-q", "1")
    assert device.message("server_rpc_request")["value"] == {"method": "rebootNow"}
    broker.publish(f"{ME}/attributes", b'{"deleted":["key1"]}')
    assert device.message("shared_attributes")["value"] == {"deleted": ["key1"]}
    assert listener.messages() == [
        f"{ME}/rpc/response/0 1 {text}",
        f"{ME}/rpc/response/1 1 {text}",
    ]


# ---- Our server ----


def test_a_device_answers_calls_of_our_server(server: Side, start_peer: StartPeer) -> None:
    device = start_peer(f"{ME}/rpc/request/+")
    for request_id, answer in enumerate([GPIO, "done", 42.0, None]):
        assert server.call("server_rpc_request", GPIO, request_id, tag=request_id) == OK
        assert device.receive(f"{ME}/rpc/request/{request_id}") == GPIO
        device.publish(f"{ME}/rpc/response/{request_id}", answer)
        reply = server.reply(tag=request_id)
        assert (reply["status"], reply["value"]) == (OK, answer)
        assert type(reply["value"]) is type(answer)


def test_our_server_hears_mosquitto_pub(server: Side, broker: Broker) -> None:
    for payload in (TYPES_TEXT, '[{"key1":1},{"key2":2.0}]', '{"ts":0,"values":{"key1":42.0}}'):
        broker.publish(f"{ME}/telemetry", payload.encode(), "-q", "1")
        assert server.message("telemetry")["value"] == json.loads(payload)
    broker.publish(f"{ME}/claim", b"{}")
    assert server.message("claim")["value"] == {}
    listener = broker.listen(f"{ME}/attributes/response/+", 2, "-q", "1")
    server.answer("attributes_request", "attributes_response", {"client": {"a": 42.0}})
    for request_id in (0, 1):
        broker.publish(f"{ME}/attributes/request/{request_id}", b'{"clientKeys":"a"}')
    assert listener.messages() == [
        f'{ME}/attributes/response/{i} 1 {{"client":{{"a":42.0}}}}' for i in (0, 1)
    ]


def test_our_server_answers_a_device(start_side: StartSide, start_peer: StartPeer) -> None:
    handlers = "client_rpc_request,client_attributes"
    server = start_side("thingsboard", "server", handlers=handlers, calls=0, directions_apart=1)
    device = start_peer(f"{ME}/rpc/response/+")
    device.publish(f"{ME}/attributes", {"attribute1": "value1"})
    assert server.message("client_attributes")["value"] == {"attribute1": "value1"}
    device.publish(f"{ME}/rpc/request/0", TIME)
    assert server.message("client_rpc_request", request_id="0")["value"] == TIME
    assert server.send("client_rpc_response", {"error": "Method not found"}, 0) == OK
    assert device.receive(f"{ME}/rpc/response/0") == {"error": "Method not found"}
    device.subscribe(f"{ME}/attributes")
    assert server.send("shared_attributes", {"key1": 42.0}) == OK
    assert device.receive(f"{ME}/attributes") == {"key1": 42.0}


def test_our_device_and_our_server_understand_each_other(device: Side, server: Side) -> None:
    server.answer("attributes_request", "attributes_response", {"shared": {"a": 1}})
    assert device.call("attributes_request", {"sharedKeys": "a"}, 5) == OK
    assert server.message("attributes_request", request_id="5")["value"] == {"sharedKeys": "a"}
    assert device.reply()["value"] == {"shared": {"a": 1}}


# ---- A broker that returns messages ----


@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize("role", ["device", "server"])
def test_a_side_that_would_answer_its_own_calls_is_not_bound(
    broker: Broker, role: str, protocol: int
) -> None:
    program = side_program("thingsboard")
    side = Probe(program, role=role, port=broker.port, protocol=protocol)
    error = side.wait("error", topic=f"{ME}/attributes")
    assert error["rule"] == "the side would receive what it sends on this topic"
    assert side.wait("bound")["status"] == TOPIC
    side.end()
