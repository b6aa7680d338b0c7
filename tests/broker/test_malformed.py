"""Peers that break MQTT: each ends in a state and a reason, and the next good one is served."""

import socket

import pytest

from tests.broker import fake_broker as fake
from tests.broker.conftest import StartFake, StartProbe
from tests.broker.fake_broker import Peer
from tests.support.waiting import LONGER_MS


def good(peer: Peer) -> None:
    """Accept, grant, and publish one message."""
    peer.accept()
    mid = peer.read_subscribe()
    peer.send(b"\x90\x03" + mid + b"\x01" + fake.publish(b"probe/in/good", b"1"))
    peer.answer_pings()


REASONS = {
    1: ("refused", "Connection Refused: unacceptable protocol version."),
    2: ("refused", "Connection Refused: identifier rejected."),
    3: ("waiting", "Connection Refused: broker unavailable."),
    4: ("refused", "Connection Refused: bad user name or password."),
    5: ("refused", "Connection Refused: not authorised."),
    6: ("refused", "Connection Refused: unknown reason."),
    255: ("refused", "Connection Refused: unknown reason."),
}


@pytest.mark.parametrize("code", REASONS)
def test_each_refusal_is_a_state_with_its_reason(
    fake_broker: StartFake, start_probe: StartProbe, code: int
) -> None:
    def refuse(peer: Peer) -> None:
        peer.read()
        peer.send(fake.refuse(code))

    broker = fake_broker(refuse, good)
    probe = start_probe(broker.port)
    state, reason = REASONS[code]
    probe.wait("state", state=state, reason=reason)
    probe.wait("message", what="good")
    closed = probe.quit()
    assert (closed["connect_failures"], closed["connects"]) == (1, 1)


REASONS_5 = {
    # Some brokers of MQTT 3.1.1 refuse with its codes.
    1: ("refused", "Connection Refused: unacceptable protocol version."),
    3: ("waiting", "Connection Refused: broker unavailable."),
    0x80: ("waiting", "Unspecified error"),
    0x84: ("refused", "Unsupported Protocol Version"),
    0x85: ("refused", "Client Identifier not valid"),
    0x86: ("refused", "Bad User Name or Password"),
    0x87: ("refused", "Not authorized"),
    0x88: ("waiting", "Server unavailable"),
    0x89: ("waiting", "Server busy"),
    0x8A: ("refused", "Banned"),
    0x95: ("refused", "Packet too large"),
    0x9F: ("waiting", "Connection rate exceeded"),
}


@pytest.mark.parametrize("code", REASONS_5)
def test_each_refusal_of_mqtt_5_is_a_state_with_its_reason(
    fake_broker: StartFake, start_probe: StartProbe, code: int
) -> None:
    def refuse(peer: Peer) -> None:
        peer.accept(fake.refuse_5(code))

    probe = start_probe(fake_broker(refuse).port, protocol=5)
    state, reason = REASONS_5[code]
    probe.wait("state", state=state, reason=reason)
    assert probe.quit()["connects"] == 0


def test_a_broker_of_mqtt_3_refuses_a_client_of_mqtt_5(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def refuse(peer: Peer) -> None:
        peer.accept(fake.refuse(1))

    probe = start_probe(fake_broker(refuse).port, protocol=5)
    probe.wait("state", state="refused", reason="Unsupported Protocol Version")


def test_mqtt_5_says_why_a_connection_ends(fake_broker: StartFake, start_probe: StartProbe) -> None:
    def take_over(peer: Peer) -> None:
        peer.accept(fake.CONNACK_5)
        peer.read_subscribe()
        peer.send(b"\xe0\x01\x8e")
        peer.answer_pings()

    def shut_down(peer: Peer) -> None:
        peer.accept(fake.CONNACK_5)
        peer.read_subscribe()
        peer.send(b"\xe0\x01\x00")
        peer.answer_pings()

    probe = start_probe(fake_broker(take_over, shut_down).port, protocol=5)
    probe.wait("state", state="waiting", reason="Session taken over")
    probe.wait("state", state="waiting", reason="the broker closed the connection")


def test_mqtt_5_says_why_a_filter_is_refused(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def refuse_filter(peer: Peer) -> None:
        peer.accept(fake.CONNACK_5)
        peer.send(b"\x90\x04" + peer.read_subscribe() + b"\x00\x87")
        peer.answer_pings()

    probe = start_probe(fake_broker(refuse_filter).port, protocol=5)
    assert probe.wait("error", topic="probe/in/+")["rule"] == "Not authorized"


def test_what_the_broker_said_it_cannot_take_is_not_taken(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    at_most_qos_0_and_200_bytes = b"\x20\x0a\x00\x00\x07\x24\x00\x27\x00\x00\x00\xc8"

    def limit(peer: Peer) -> None:
        peer.accept(at_most_qos_0_and_200_bytes)
        peer.answer_pings()

    probe = start_probe(fake_broker(limit).port, protocol=5)
    probe.wait("state", state="connected")
    assert probe.ask("publish 1 n x", "sent")["status"] == "transport failed"
    assert probe.ask("publish-bytes 0 n 200", "sent")["status"] == "transport failed"
    assert probe.ask("publish-bytes 0 n 100", "sent")["status"] == "ok"
    probe.do("bind " + "v" * 200)
    rule = "the filter is longer than the broker's largest packet"
    probe.wait("error", topic="probe/in/" + "v" * 200, rule=rule)
    closed = probe.quit()
    assert (closed["rejected"], closed["sent"], closed["pending"]) == (2, 1, 0)


def test_a_refused_filter_is_an_error_that_names_it(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def refuse_filter(peer: Peer) -> None:
        peer.accept()
        peer.send(b"\x90\x03" + peer.read_subscribe() + b"\x80")
        peer.answer_pings()

    probe = start_probe(fake_broker(refuse_filter).port)
    error = probe.wait("error", topic="probe/in/+")
    assert error["status"] == "transport failed"
    assert error["rule"] == "the broker refused the subscription"
    counters = probe.ask("counters", "counters")
    assert (counters["subscribes_refused"], counters["granted"]) == (1, 0)
    assert counters["subscribe_failures"] == 1


@pytest.mark.parametrize("codes", [b"\x00\x00", b"\x80\x00"])
def test_an_answer_with_too_many_codes_is_a_refusal(
    fake_broker: StartFake, start_probe: StartProbe, codes: bytes
) -> None:
    def answer_twice(peer: Peer) -> None:
        peer.accept()
        peer.send(b"\x90\x04" + peer.read_subscribe() + codes)
        peer.answer_pings()

    probe = start_probe(fake_broker(answer_twice).port)
    error = probe.wait("error", topic="probe/in/+")
    assert error["rule"] == "the broker's answer does not fit the subscription"


def test_answers_to_what_was_not_asked_are_not_counted(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def answer_others(peer: Peer) -> None:
        peer.accept()
        mid = peer.read_subscribe()
        peer.send(
            b"\x90\x03\x77\x77\x00" + b"\x90\x03" + mid + b"\x00" + b"\x90\x03" + mid + b"\x80"
        )
        peer.send(b"\x40\x02\x77\x77" + fake.publish(b"probe/in/end", b""))
        peer.answer_pings()

    probe = start_probe(fake_broker(answer_others).port)
    probe.wait("message", what="end")
    closed = probe.quit()
    assert (closed["granted"], closed["subscribes_refused"], closed["confirmed"]) == (1, 0, 0)


GARBAGE = {
    "SUBACK without codes": b"\x90\x02\x00\x01",
    "SUBACK without id": b"\x90\x00",
    "reserved packet type": b"\x00\x00",
    "CONNECT from a broker": b"\x10\x00",
    "length of five bytes": b"\x30\xff\xff\xff\xff\x7f",
    "PUBLISH with QoS 3": b"\x36\x07\x00\x01a\x00\x01xx",
    "PUBLISH with an empty topic": b"\x30\x03\x00\x00x",
    "PUBLISH shorter than its topic": b"\x30\x03\x00\x09a",
    "PUBLISH with bad UTF-8": b"\x30\x04\x00\x01\xffx",
    "PUBLISH with NUL in the topic": b"\x30\x05\x00\x02a\x00x",
    "PUBLISH with packet id 0": b"\x32\x06\x00\x01a\x00\x00x",
    "a page of the web": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "noise": bytes(range(0xF0, 0x100)) * 8,
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_ends_the_connection_and_the_next_one_works(
    fake_broker: StartFake, start_probe: StartProbe, garbage: bytes
) -> None:
    def send_garbage(peer: Peer) -> None:
        peer.accept()
        peer.read_subscribe()
        peer.send(garbage)
        # A packet that claims more than it has ends when the connection does.
        peer.connection.shutdown(socket.SHUT_WR)
        peer.answer_pings()

    broker = fake_broker(send_garbage, good)
    probe = start_probe(broker.port)
    probe.wait("state", state="connected")
    assert probe.wait("state", state="waiting")["reason"] != ""
    probe.wait("message", what="good")
    closed = probe.quit()
    assert (closed["connects"], closed["received"]) == (2, 1)


def test_garbage_does_not_end_an_own_loop(fake_broker: StartFake, start_probe: StartProbe) -> None:
    def send_garbage(peer: Peer) -> None:
        peer.accept()
        peer.read_subscribe()
        peer.send(b"\x90\x02\x00\x01")
        peer.answer_pings()

    probe = start_probe(fake_broker(send_garbage, send_garbage, good).port, mode="run")
    probe.wait("message", what="good")
    assert probe.count("state", state="waiting") == 2


@pytest.mark.parametrize("answer", [b"", b"\x20", b"\x20\x02\x00", b"\x30\x04\x00\x01ax", b"\xd0"])
def test_an_end_before_the_answer_is_a_failed_attempt(
    fake_broker: StartFake, start_probe: StartProbe, answer: bytes
) -> None:
    def leave(peer: Peer) -> None:
        peer.read()
        peer.send(answer)

    probe = start_probe(fake_broker(leave, good).port)
    assert probe.wait("state", state="waiting")["reason"] != ""
    probe.wait("message", what="good")
    assert probe.quit()["connect_failures"] == 1


def test_a_broker_that_leaves_in_the_middle_of_a_packet(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def leave(peer: Peer) -> None:
        peer.accept()
        peer.read_subscribe()
        peer.send(fake.publish(b"probe/in/cut", b"0123456789")[:-3])

    probe = start_probe(fake_broker(leave, good).port)
    probe.wait("state", state="waiting")
    probe.wait("message", what="good")
    assert probe.count("message", what="cut") == 0
    assert probe.quit()["received"] == 1


@pytest.mark.parametrize("topic", [b"probe/in/+", b"probe/in/#", b"#", b"a+b"])
def test_a_topic_with_a_wildcard_is_refused_and_counted(
    fake_broker: StartFake, start_probe: StartProbe, topic: bytes
) -> None:
    def publish(peer: Peer) -> None:
        peer.accept()
        mid = peer.read_subscribe()
        peer.send(b"\x90\x03" + mid + b"\x01" + fake.publish(topic, b"1"))
        peer.send(fake.publish(b"probe/in/after", b""))
        peer.answer_pings()

    probe = start_probe(fake_broker(publish).port)
    error = probe.wait("error", topic=topic.decode())
    assert error["rule"] == 'a topic must not contain "+", "#" or NUL'
    probe.wait("message", what="after")
    counters = probe.ask("counters", "counters")
    assert (counters["received"], counters["received_ok"]) == (2, 1)


def test_a_topic_that_nobody_asked_for_has_no_route(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def publish(peer: Peer) -> None:
        peer.accept()
        peer.send(fake.publish(b"else/where", b"1"))
        peer.answer_pings()

    probe = start_probe(fake_broker(publish).port)
    assert probe.wait("error", topic="else/where")["rule"] == "no binding accepts the topic"


def test_a_silent_peer_is_given_up(fake_broker: StartFake, start_probe: StartProbe) -> None:
    def say_nothing(peer: Peer) -> None:
        while peer.read()[0]:
            pass

    probe = start_probe(fake_broker(say_nothing, good).port, connect_timeout_ms=200)
    lost = probe.wait("state", state="waiting")
    assert lost["reason"] == "the broker did not answer in time"
    probe.wait("message", what="good")


def test_a_half_open_connection_is_noticed(fake_broker: StartFake, start_probe: StartProbe) -> None:
    def fall_silent(peer: Peer) -> None:
        peer.accept()
        while packet := peer.read()[0]:
            pings.append(packet == fake.PINGREQ)

    pings: list[bool] = []
    probe = start_probe(fake_broker(fall_silent, good).port, keepalive_s=5)
    probe.wait("state", state="connected")
    assert probe.wait("state", state="waiting")["reason"] == "the broker stopped responding"
    assert sum(pings) == 1
    probe.wait("message", what="good")
    # It waited; it did not spin.
    assert probe.quit()["turns"] < 100


@pytest.mark.parametrize("tls", [0, 1])
@pytest.mark.parametrize("hard", [False, True])
def test_an_end_during_the_handshake_is_noticed_at_once(
    fake_broker: StartFake, start_probe: StartProbe, tls: int, hard: bool
) -> None:
    def leave(peer: Peer) -> None:
        peer.connection.recv(1)
        if hard:
            peer.reset()

    probe = start_probe(fake_broker(leave).port, tls=tls, connect_timeout_ms=LONGER_MS)
    for _ in range(3):
        assert probe.wait("state", state="waiting")["reason"] != ""


def test_a_long_filter_is_named_by_its_start(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def refuse_all(peer: Peer) -> None:
        peer.accept()
        for _ in range(2):
            peer.send(b"\x90\x03" + peer.read_subscribe() + b"\x80")
        peer.answer_pings()

    probe = start_probe(fake_broker(refuse_all).port)
    probe.wait("error", topic="probe/in/+")
    probe.do("bind " + "v" * 5000)
    assert probe.wait("error")["topic"] == ("probe/in/" + "v" * 5000)[:4095]
