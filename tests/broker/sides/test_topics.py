"""What a document may say about topics, in the C of tests/cases, against paho-mqtt."""

import pytest

from tests.broker.probe import Probe
from tests.broker.server import Broker
from tests.broker.sides.conftest import StartPeer, StartSide, side_program
from tests.broker.sides.side import NO_CALL, OK, TIMEOUT, TOPIC, Payload

INBOX = "askers/7/inbox"


def test_variables_of_a_server_are_set_once(start_side: StartSide, start_peer: StartPeer) -> None:
    peer = start_peer("#")
    meter = start_side("servers", "meter", plant="south/hall2", line="l1")
    assert meter.send("reading", 1.5, "m1") == OK
    assert peer.receive("/plants/south/hall2/l1/meters/m1/reading") == 1.5
    peer.publish("/plants/south/hall2/l2/meters/m1/limit", 1)
    peer.publish("/plants/south/hall2/l1/meters/m1/limit", 2)
    assert meter.message("limit", meter="m1")["value"] == 2


def test_a_variable_of_a_server_has_its_default(
    start_side: StartSide, start_peer: StartPeer
) -> None:
    peer = start_peer("#")
    office = start_side("servers", "office", line="l1/l2")
    meter = start_side("servers", "meter", line="l1/l2", meter="m2")
    assert office.send("limit", 20, "m2") == OK
    assert peer.receive("/plants/north/l1/l2/meters/m2/limit") == 20
    assert meter.message("limit", meter="m2")["value"] == 20


def test_a_variable_of_a_server_is_checked(start_side: StartSide) -> None:
    office = start_side("servers", "office", handlers="none", plant="east", line="l1")
    assert office.send("limit", 20, "m2") == TOPIC


def test_a_parameter_spans_several_levels(start_side: StartSide) -> None:
    logger = start_side("levels", "logger")
    of_one = start_side("levels", "logger", path="a/b")
    node = start_side("levels", "node")
    assert node.send("line", "first", "a/b/c") == OK
    assert node.send("line", "second", "a/b") == OK
    assert node.send("line", "third", "a/+") == TOPIC
    assert logger.message("line", path="a/b/c")["value"] == "first"
    assert logger.message("line", path="a/b")["value"] == "second"
    assert of_one.message("line")["value"] == "second"


def test_a_parameter_is_a_part_of_a_level(start_side: StartSide, start_peer: StartPeer) -> None:
    peer = start_peer("#")
    logger = start_side("levels", "logger")
    node = start_side("levels", "node")
    assert node.send("take_sample_sample", 3.5, 7, "kelvin") == OK
    assert peer.receive("data/node-7.kelvin/raw") == 3.5
    assert logger.message("take_sample_sample", node="7", unit="kelvin")["value"] == 3.5
    peer.publish("data/node-1.celsius/raw", 1)
    assert logger.message("take_sample_of_one_sample")["value"] == 1
    for topic in ("data/node-8.rankine/raw", "data/node-x.kelvin/raw"):
        peer.publish(topic, 1)
        assert logger.error(topic=topic)["status"] == TOPIC


@pytest.mark.parametrize(
    ("topic", "payload", "message"),
    [
        ("types", 1.5, "level"),
        ("types", "a", "name"),
        ("types", [1, 2], "levels"),
        ("members", {"note": "a"}, "open"),
        ("members", {"x": 1, "y": 2}, "point"),
        ("members", {"x": 1, "y": 2, "length": 3}, "line"),
        ("trying", 5, "whole"),
        ("trying", 5.5, "any"),
        ("trying", b"\x89PNG", "image"),
        ("trying", b"", "image"),
    ],
)
def test_the_first_message_that_fits_is_taken(
    start_side: StartSide, start_peer: StartPeer, topic: str, payload: Payload, message: str
) -> None:
    hub = start_side("several", "hub")
    start_peer().publish(topic, payload)
    event = hub.message(message)
    expected = payload.hex() if isinstance(payload, bytes) else payload
    assert event.get("value", event.get("hex")) == expected


def test_what_fits_no_message_is_refused(start_side: StartSide, start_peer: StartPeer) -> None:
    hub = start_side("several", "hub")
    peer = start_peer()
    peer.publish("types", {"a": 1})
    assert hub.error(topic="types")["rule"] == "must be level, name or levels"
    peer.publish("members", {"x": 1, "y": "2"})
    assert hub.message("open")["value"] == {}
    peer.publish("types", b"[1,]")
    assert hub.error(topic="types")["status"] == "not JSON"


def test_a_reply_needs_no_operation_of_its_own(start_side: StartSide) -> None:
    phone = start_side("replies", "phone")
    lamp = start_side("replies", "lamp")
    lamp.answer("command", "done", {"done": True})
    assert phone.call("command", {"on": True}, "l1") == OK
    reply = phone.reply()
    assert (reply["message"], reply["value"]) == ("done", {"done": True})
    lamp.answer("command", "failed", {"reason": "broken"})
    assert phone.call("command", {"on": True}, "l2", tag=2) == OK
    reply = phone.reply(tag=2)
    assert (reply["message"], reply["value"]) == ("failed", {"reason": "broken"})
    assert lamp.send("beat", 3, "l1") == OK
    assert phone.message("beat", lamp="l1")["value"] == 3
    assert phone.call("command", {"on": True}, "l3", tag=3, timeout_ms=50) == OK
    lamp.answer("command", "beat", 4)
    assert phone.reply(tag=3)["status"] in (OK, TIMEOUT)


def test_a_request_tells_where_to_answer(start_side: StartSide, start_peer: StartPeer) -> None:
    peer = start_peer("questions")
    asker = start_side(
        "reply_addresses", "asker", answers_topic=INBOX, numbers_topic=INBOX, handlers="told"
    )
    ask = {"head": {"id": 1}, "replyTo": INBOX, "about": "rain"}
    assert asker.call("ask", ask) == OK
    assert peer.receive("questions") == ask
    assert asker.call("count", {"replyTo": INBOX, "from": 3}, tag=2) == OK
    peer.publish(INBOX, 4)
    reply = asker.reply(tag=2)
    assert (reply["message"], reply["value"]) == ("number", 4)
    peer.publish(INBOX, {"id": 1, "reason": "no idea"})
    reply = asker.reply()
    assert (reply["message"], reply["value"]) == ("unknown", {"id": 1, "reason": "no idea"})
    peer.publish(INBOX, {"id": 2, "text": "late"})
    assert asker.message("told")["value"] == {"id": 2, "text": "late"}
    peer.publish(INBOX, {"id": 2, "reason": "late"})
    assert asker.error(topic=INBOX)["status"] == NO_CALL


def test_a_reply_to_a_foreign_topic_is_not_called_for(start_side: StartSide) -> None:
    asker = start_side("reply_addresses", "asker", answers_topic=INBOX, numbers_topic=INBOX)
    ask = {"head": {"id": 1}, "replyTo": f"{INBOX}/other", "about": "rain"}
    assert asker.call("ask", ask) == TOPIC
    assert asker.ask("counters", "counters")["calls"] == 0
    assert asker.send("ask", ask) == OK


def test_the_responder_gets_the_topic(start_side: StartSide, start_peer: StartPeer) -> None:
    peer = start_peer(INBOX)
    teller = start_side("reply_addresses", "teller")
    peer.publish("questions", {"head": {"id": 1}, "replyTo": INBOX, "about": "rain"})
    asked = teller.message("ask")["value"]
    assert teller.send("told", {"id": asked["head"]["id"], "text": "soon"}, asked["replyTo"]) == OK
    assert peer.receive(INBOX) == {"id": 1, "text": "soon"}
    assert teller.send("number", 4, "askers/+/inbox") == TOPIC
    assert teller.send("number", 4, "") == TOPIC


def test_a_dynamic_topic_joins_no_group(
    broker: Broker,
    start_side: StartSide,
    start_peer: StartPeer,
) -> None:
    """As a filter, `$share/crew/...` would take messages away from the crew."""
    shared = f"$share/crew/{INBOX}"
    thief = Probe(
        side_program("reply_addresses"), role="asker", port=broker.port, answers_topic=shared
    )
    assert thief.wait("bound")["status"] == TOPIC
    thief.wait("state", state="connected")
    crew = start_peer(shared)
    teller = start_side("reply_addresses", "teller")
    for number in range(20):
        assert teller.send("number", number, INBOX) == OK
        assert crew.receive(INBOX) == number
    for topic in (shared, "$SYS/broker/uptime", "$own/inbox"):
        assert teller.send("number", 1, topic) == TOPIC
    assert thief.ask("counters", "counters")["subscribes"] == 0
    thief.end()


def test_a_topic_of_another_address_is_not_sent(start_side: StartSide) -> None:
    logger = start_side("levels", "logger")
    node = start_side("levels", "node")
    assert node.send("take_sample_sample", 1.5, 1, "celsius") == TOPIC
    assert node.send("take_sample_sample", 2.5, 11, "celsius") == OK
    assert logger.message("take_sample_sample", node="11")["value"] == 2.5


def test_without_a_topic_nothing_is_subscribed_to(start_side: StartSide) -> None:
    asker = start_side("reply_addresses", "asker", numbers_topic=INBOX)
    assert asker.ask("counters", "counters")["subscribes"] == 1
