"""Response topics and correlation data of MQTT 5, in the C of tests/cases/properties."""

import re

import pytest

from tests.broker.server import Broker
from tests.broker.sides.conftest import StartPeer, StartSide
from tests.broker.sides.side import LOST, MISSING, NO_CALL, OK, TOPIC, Side

INBOX = "askers/7/inbox"
OTHER_INBOX = "askers/7/pokes"
NEEDS_5 = "response topics, correlation data and other properties need MQTT 5"


@pytest.fixture
def asker(start_side: StartSide) -> Side:
    return start_side(
        "properties", "asker", protocol=5, answers_topic=INBOX, response_topic=OTHER_INBOX
    )


@pytest.fixture
def silent_asker(start_side: StartSide) -> Side:
    """It has no handlers: a reply is for a call, or refused."""
    return start_side("properties", "asker", protocol=5, handlers="none", answers_topic=INBOX)


@pytest.fixture
def teller(start_side: StartSide) -> Side:
    return start_side("properties", "teller", protocol=5)


def test_a_reply_finds_its_call(asker: Side, teller: Side) -> None:
    teller.answer("ask", "told", {"text": "soon"})
    assert asker.call("ask", {"about": "rain"}) == OK
    request = teller.message("ask")
    assert (request["response-topic"], request["value"]) == (INBOX, {"about": "rain"})
    reply = asker.reply()
    assert (reply["status"], reply["message"]) == (OK, "told")
    assert reply["value"] == {"text": "soon"}


def test_only_the_response_topic_may_be_beside_the_payload(asker: Side, teller: Side) -> None:
    teller.answer("poke", "poked", {"n": 3})
    assert asker.call("poke", {"n": 3}) == OK
    assert teller.message("poke")["response-topic"] == OTHER_INBOX
    assert asker.reply()["value"] == {"n": 3}


def test_only_the_id_may_be_beside_the_payload(asker: Side, start_peer: StartPeer) -> None:
    peer = start_peer("counts/+", protocol=5)
    assert asker.call("count", 3, "km") == OK
    request = peer.receive_request("counts/km")
    assert (request.payload, request.response_topic) == (3, None)
    assert request.correlation_data is not None
    peer.publish_with("numbers/miles/a", 1, CorrelationData=request.correlation_data)
    assert asker.message("number", unit="miles")["value"] == 1
    peer.publish_with("numbers/km/a", 2, CorrelationData=request.correlation_data)
    assert asker.reply()["value"] == 2


def test_two_requests_in_flight(silent_asker: Side, start_peer: StartPeer) -> None:
    peer = start_peer("questions", protocol=5)
    requests = []
    for tag, about in enumerate(("rain", "snow")):
        assert silent_asker.call("ask", {"about": about}, tag=tag) == OK
        requests.append(peer.receive_request("questions"))
    ids = [request.correlation_data for request in requests]
    assert all(each is not None and re.fullmatch(rb"[0-9a-f]{32}", each) for each in ids)
    assert ids[0] != ids[1]
    assert [request.response_topic for request in requests] == [INBOX, INBOX]
    for request in reversed(requests):
        assert request.correlation_data is not None
        answer = {"text": request.payload["about"]}
        peer.publish_with(INBOX, answer, CorrelationData=request.correlation_data)
    assert silent_asker.reply(tag=1)["value"] == {"text": "snow"}
    assert silent_asker.reply(tag=0)["value"] == {"text": "rain"}


def test_a_reply_to_nobody_is_refused(silent_asker: Side, start_peer: StartPeer) -> None:
    peer = start_peer("questions", protocol=5)
    assert silent_asker.call("ask", {"about": "rain"}) == OK
    request = peer.receive_request("questions")
    assert request.correlation_data is not None
    for wrong in (b"x", request.correlation_data[:-1], request.correlation_data + b"\0", b"x" * 99):
        peer.publish_with(INBOX, {"text": "a"}, CorrelationData=wrong)
        assert silent_asker.error(topic=INBOX)["status"] == NO_CALL
    peer.publish(INBOX, {"text": "a"})
    refused = silent_asker.error(topic=INBOX)
    assert refused["status"] == MISSING
    assert refused["rule"] == "must have correlation data, a property of MQTT 5"
    peer.publish_with(INBOX, {"text": "b"}, CorrelationData=request.correlation_data)
    assert silent_asker.reply()["value"] == {"text": "b"}


def test_who_answers_gives_back_any_bytes(teller: Side, start_peer: StartPeer) -> None:
    peer = start_peer(INBOX, protocol=5)
    teller.answer("ask", "unknown", {"reason": "no idea"})
    data = bytes(range(256))
    peer.publish_with("questions", {"about": "rain"}, ResponseTopic=INBOX, CorrelationData=data)
    assert teller.message("ask")["correlation-data"] == data.decode("latin-1")
    reply = peer.receive_request(INBOX)
    assert (reply.payload, reply.correlation_data) == ({"reason": "no idea"}, data)
    assert reply.response_topic is None


@pytest.mark.parametrize(
    ("properties", "status", "rule"),
    [
        ({}, MISSING, "must have a response topic, a property of MQTT 5"),
        ({"CorrelationData": b"1"}, MISSING, "must have a response topic, a property of MQTT 5"),
        ({"ResponseTopic": INBOX}, MISSING, "must have correlation data, a property of MQTT 5"),
        (
            {"ResponseTopic": INBOX, "CorrelationData": b""},
            MISSING,
            "must have correlation data, a property of MQTT 5",
        ),
        (
            {"ResponseTopic": "askers/+/inbox", "CorrelationData": b"1"},
            TOPIC,
            "the response topic must be a topic that a message can have",
        ),
        (
            {"ResponseTopic": "#", "CorrelationData": b"1"},
            TOPIC,
            "the response topic must be a topic that a message can have",
        ),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused(
    teller: Side,
    start_peer: StartPeer,
    properties: dict[str, str | bytes],
    status: str,
    rule: str,
) -> None:
    start_peer(protocol=5).publish_with("questions", {"about": "rain"}, **properties)
    refused = teller.error(topic="questions")
    assert (refused["status"], refused["rule"]) == (status, rule)


def test_what_cannot_be_sent_is_refused(asker: Side, teller: Side) -> None:
    ask = {"about": "rain"}
    assert asker.send("ask", ask, "askers/+/inbox", "1") == TOPIC
    assert asker.send("ask", ask, "", "1") == TOPIC
    assert asker.send("ask", ask, INBOX, "") == MISSING
    assert teller.send("told", {"text": "a"}, "askers/#", "1") == TOPIC
    assert teller.send("told", {"text": "a"}, INBOX, "") == MISSING
    assert asker.send("ask", ask, INBOX, "1") == OK
    assert teller.message("ask")["correlation-data"] == "1"


def test_a_side_without_a_topic_makes_no_call(start_side: StartSide) -> None:
    asker = start_side("properties", "asker", protocol=5)
    assert asker.call("ask", {"about": "rain"}) == TOPIC
    assert asker.ask("counters", "counters")["calls"] == 0


def test_an_older_connection_refuses_before_it_sends(
    start_side: StartSide, start_peer: StartPeer
) -> None:
    peer = start_peer("#", protocol=5)
    asker = start_side("properties", "asker", protocol=4, answers_topic=INBOX)
    assert asker.call("ask", {"about": "rain"}) == LOST
    assert asker.last("error")["rule"] == NEEDS_5
    counters = asker.ask("counters", "counters")
    assert (counters["calls"], counters["publishes"]) == (0, 0)
    teller = start_side("properties", "teller", protocol=4)
    peer.publish_with("questions", {"about": "rain"}, ResponseTopic=INBOX, CorrelationData=b"1")
    assert teller.error(topic="questions")["status"] == MISSING
    assert teller.send("told", {"text": "a"}, INBOX, "1") == LOST
    assert teller.last("error")["rule"] == NEEDS_5
    assert peer.receive("questions") == {"about": "rain"}


def test_a_request_that_waits_for_the_connection_keeps_its_properties(
    start_side: StartSide, broker: Broker
) -> None:
    late = {"retry_min_ms": 1500, "retry_max_ms": 1500}
    asker = start_side("properties", "asker", protocol=5, answers_topic=INBOX, **late)
    teller = start_side("properties", "teller", protocol=5)
    teller.answer("ask", "told", {"text": "back"})
    broker.kill()
    asker.wait("state", state="waiting")
    assert asker.call("ask", {"about": "rain"}) == OK
    broker.start()
    assert teller.message("ask")["response-topic"] == INBOX
    assert asker.reply()["value"] == {"text": "back"}
