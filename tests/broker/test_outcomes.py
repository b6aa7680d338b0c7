"""What becomes of each message that was sent: one outcome, and why."""

import signal
from collections.abc import Callable

import pytest

from tests.broker.conftest import BOTH, StartFake, StartProbe
from tests.broker.fake_broker import CONNACK, Peer
from tests.broker.probe import Probe
from tests.broker.server import Broker
from tests.support.waiting import LONGER_MS

OFFLINE = {"retry_min_ms": LONGER_MS, "retry_max_ms": LONGER_MS, "deliveries": 1}
SMALL = 2000


def send(probe: Probe, command: str) -> int:
    """The token of a message that was accepted."""
    sent = probe.ask(command, "sent")
    assert sent["status"] == "ok"
    return int(sent["token"])


def outcome(probe: Probe, token: int) -> str:
    return str(probe.find("delivery", token=token)["outcome"])


@BOTH
@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize(("qos", "expected"), [(0, "sent"), (1, "confirmed"), (2, "confirmed")])
def test_a_message_that_arrives(
    broker: Broker, start_probe: StartProbe, protocol: int, qos: int, expected: str
) -> None:
    probe = start_probe(broker.port, protocol=protocol, deliveries=1)
    probe.wait_until_subscribed()
    first, second = send(probe, f"publish {qos} a x"), send(probe, f"publish {qos} b y")
    assert second > first
    delivery = probe.find("delivery", token=first)
    assert (delivery["outcome"], delivery["topic"], delivery["code"]) == (
        *(expected, "probe/out/a"),
        0,
    )
    assert outcome(probe, second) == expected


@BOTH
def test_a_refused_message_is_named(
    make_broker: Callable[..., Broker], start_probe: StartProbe
) -> None:
    broker = make_broker("allow_anonymous true", "acl_file /dev/null")
    probe = start_probe(broker.port, protocol=5, deliveries=1)
    token = send(probe, "publish 1 closed x")
    error = probe.wait("error", topic="probe/out/closed")
    assert "authori" in error["rule"].lower()
    delivery = probe.find("delivery", token=token)
    assert (delivery["outcome"], delivery["code"]) == ("refused", 0x87)


@BOTH
def test_what_is_longer_than_the_broker_takes_is_refused_before_it_is_sent(
    absent_broker: Broker, start_probe: StartProbe
) -> None:
    """Queued while offline, such a message would be handed to libmosquitto too late to check."""
    absent_broker.lines = ("allow_anonymous true", "max_packet_size 1000")
    probe = start_probe(absent_broker.port, protocol=5, deliveries=1)
    probe.wait("state", state="waiting")
    long, short = send(probe, "publish-bytes 1 long 2000"), send(probe, "publish 1 short x")
    absent_broker.start()
    delivery = probe.find("delivery", token=long)
    assert (delivery["outcome"], delivery["code"]) == ("refused", 0x95)
    assert outcome(probe, short) == "confirmed"
    assert probe.quit()["connects"] == 1


@BOTH
def test_a_cancelled_message_is_not_sent(absent_broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(absent_broker.port, deliveries=1)
    probe.wait("state", state="waiting")
    tokens = [send(probe, f"publish 1 number {i}") for i in range(3)]
    assert probe.ask(f"cancel {tokens[1]}", "cancelled")["withdrawn"] == 1
    assert probe.ask(f"cancel {tokens[1]}", "cancelled")["withdrawn"] == 0
    assert outcome(probe, tokens[1]) == "cancelled"
    absent_broker.start()
    assert [outcome(probe, tokens[i]) for i in (0, 2)] == ["confirmed", "confirmed"]
    assert absent_broker.log().count("Received PUBLISH") == 2


@BOTH
def test_a_message_expires_in_the_queue(absent_broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(absent_broker.port, **OFFLINE)
    probe.wait("state", state="waiting")
    lasting = send(probe, "publish 1 lasting x")
    probe.do("expire 1")
    brief = send(probe, "publish 1 brief x")
    assert outcome(probe, brief) == "expired"
    assert probe.ask("counters", "counters")["pending"] == 1
    assert probe.ask(f"cancel {lasting}", "cancelled")["withdrawn"] == 1


@BOTH
def test_the_broker_learns_when_a_message_expires(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port, protocol=5)
    probe.wait_until_subscribed()
    listener = broker.listen("probe/out/#", 2, "-V", "5", "-F", "%p %E")
    probe.do("expire 100")
    send(probe, "publish 1 n brief")
    send(probe, "publish 1 n lasting")
    brief, lasting = listener.messages()
    name, seconds = brief.split()
    assert (name, lasting.split()) == ("brief", ["lasting"])
    assert 90 <= int(seconds) <= 100


@BOTH
def test_the_oldest_make_room(absent_broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(absent_broker.port, queue_bytes=SMALL, when_full=1, deliveries=1)
    probe.wait("state", state="waiting")
    tokens = [send(probe, f"publish 1 n {i}") for i in range(30)]
    dropped = probe.ask("counters", "counters")["dropped"]
    assert 10 < dropped < 30
    assert [outcome(probe, token) for token in tokens[:dropped]] == ["dropped"] * dropped
    absent_broker.start()
    rest = [outcome(probe, token) for token in tokens[dropped:]]
    assert rest == ["confirmed"] * (30 - dropped)


@BOTH
def test_room_is_reported(absent_broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(absent_broker.port, queue_bytes=SMALL)
    probe.wait("state", state="waiting")
    taken = probe.ask("flood 1 n 30", "flooded")["taken"]
    assert 0 < taken < 30
    absent_broker.start()
    probe.wait("room")
    assert probe.ask("flood 1 n 1", "flooded")["taken"] == 1
    probe.wait_for_counter("confirmed", taken + 1)
    assert probe.count("room") == 1


@BOTH
def test_qos_0_is_queued_if_it_is_asked_for(absent_broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(absent_broker.port, queue_qos_0=1, deliveries=1)
    probe.wait("state", state="waiting")
    token = send(probe, "publish 0 n x")
    absent_broker.start()
    assert outcome(probe, token) == "sent"


@BOTH
@pytest.mark.parametrize("window", [1, 5])
def test_no_more_is_in_flight_than_is_allowed(
    fake_broker: StartFake, start_probe: StartProbe, window: int
) -> None:
    """The broker answers only when as many have come, and nothing more within a while."""
    rounds = 4

    def confirm_in_rounds(peer: Peer) -> None:
        peer.accept(CONNACK)
        peer.grant()
        for _ in range(rounds):
            ids = [peer.read_publish() for _ in range(window)]
            assert not peer.has_more(0.2)
            for packet_id in ids:
                peer.send(b"\x40\x02" + packet_id)
        peer.answer_pings()

    probe = start_probe(fake_broker(confirm_in_rounds).port, in_flight_max=window)
    probe.wait_until_subscribed()
    probe.ask(f"flood 1 n {rounds * window}", "flooded")
    probe.wait_for_counter("confirmed", rounds * window)
    assert probe.quit()["connects"] == 1


# ---- Requests of calls ----


@BOTH
def test_a_request_is_not_sent_after_its_call(
    absent_broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(absent_broker.port, deliveries=1)
    probe.wait("state", state="waiting")
    probe.ask("call valve 300", "called")
    assert probe.wait("reply")["status"] == "no reply in time"
    assert probe.find("delivery")["outcome"] == "cancelled"
    absent_broker.start()
    assert outcome(probe, send(probe, "publish 1 after x")) == "confirmed"
    assert "probe/out/valve" not in absent_broker.log()


@BOTH
def test_a_call_is_cancelled(absent_broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(absent_broker.port, deliveries=1)
    probe.wait("state", state="waiting")
    token = probe.ask("call valve 60000", "called")["token"]
    probe.do(f"cancel {token}")
    assert probe.wait("reply")["status"] == "cancelled"
    assert probe.wait("cancelled")["withdrawn"] == 1
    assert probe.find("delivery", token=token)["outcome"] == "cancelled"
    assert probe.quit()["calls_cancelled"] == 1


@BOTH
def test_a_request_carries_the_deadline_of_its_call(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port, protocol=5)
    probe.wait_until_subscribed()
    listener = broker.listen("probe/out/#", 1, "-V", "5", "-F", "%E")
    probe.ask("call valve 49500", "called")
    assert 40 <= int(listener.messages()[0]) <= 50


@BOTH
def test_a_call_whose_request_is_refused_ends_at_once(
    make_broker: Callable[..., Broker], start_probe: StartProbe
) -> None:
    broker = make_broker("allow_anonymous true", "acl_file /dev/null")
    probe = start_probe(broker.port, protocol=5)
    probe.wait("state", state="connected")
    probe.ask("call valve 60000", "called")
    assert probe.wait("reply")["status"] == "transport failed"


# ---- Closing ----


@BOTH
def test_close_waits_for_acknowledgements(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port, in_flight_max=3, will_topic="probe/will", will="gone")
    probe.wait_until_subscribed()
    listener = broker.listen("probe/#", 251, "-q", "1")
    assert probe.ask("flood 1 n 250", "flooded")["taken"] == 250
    closed = probe.quit()
    assert (closed["confirmed"], closed["dropped"]) == (250, 0)
    broker.publish("probe/end", b"end")
    assert listener.messages()[-1] == "probe/end 0 end"


@BOTH
@pytest.mark.parametrize("mode", ["poll", "run"])
def test_a_last_message_is_sent_at_close(
    broker: Broker, start_probe: StartProbe, mode: str
) -> None:
    probe = start_probe(broker.port, last_words="offline", mode=mode)
    probe.wait("state", state="connected")
    listener = broker.listen("probe/out/last", 1, "-q", "1")
    probe.end_input()
    assert probe.wait_for_end()["confirmed"] == 1
    assert listener.messages() == ["probe/out/last 1 offline"]


@BOTH
def test_close_gives_up_and_names_what_was_not_confirmed(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port, deliveries=1, close_timeout_ms=200)
    probe.wait_until_subscribed()
    broker.signal(signal.SIGSTOP)
    tokens = [send(probe, f"publish 1 n {i}") for i in range(30)]
    probe.do("quit")
    assert {outcome(probe, token) for token in tokens} == {"dropped"}
    assert probe.wait_for_end()["dropped"] == 30
    broker.signal(signal.SIGCONT)


@BOTH
def test_close_does_not_wait_without_a_connection(
    absent_broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(absent_broker.port, close_timeout_ms=10 * LONGER_MS)
    probe.wait("state", state="waiting")
    send(probe, "publish 1 n x")
    assert probe.quit()["dropped"] == 1
