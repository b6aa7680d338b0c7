"""Calls on a real connection: its loop keeps their time and ends them when it breaks."""

import random

import pytest

from tests.broker.conftest import BOTH, StartProbe
from tests.broker.server import Broker
from tests.support.waiting import LONGER_MS


@BOTH
def test_a_reply_ends_its_call(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    listener = broker.listen("probe/out/#", 1)
    assert probe.ask("call level 10000", "called")["status"] == "ok"
    assert listener.messages() == ["probe/out/level 0 ?"]
    broker.publish("probe/in/level", b"42")
    assert probe.wait("reply") == {"event": "reply", "status": "ok", "text": "42"}
    broker.publish("probe/in/level", b"43")
    assert probe.wait("message", what="level")["text"] == "43"
    closed = probe.quit()
    assert (closed["calls"], closed["calls_replied"]) == (1, 1)


@BOTH
@pytest.mark.parametrize("timeout_ms", [0, 100, 700])
def test_the_loop_keeps_the_time(broker: Broker, start_probe: StartProbe, timeout_ms: int) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    # When the loop wants to be back.
    assert 0 <= probe.ask(f"call level {timeout_ms}", "called")["due_ms"] <= timeout_ms
    assert probe.wait("reply")["status"] == "no reply in time"
    assert probe.quit()["calls_timed_out"] == 1


@BOTH
def test_an_own_loop_keeps_the_time_of_a_call_from_a_handler(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port, mode="run")
    probe.wait("state", state="connected")
    broker.wait_for_log("probe/in/+ (QoS 1)")
    listener = broker.listen("probe/out/#", 1)
    broker.publish("probe/in/call", b"", "-q", "1")
    assert probe.wait("called")["status"] == "ok"
    assert probe.wait("reply")["status"] == "no reply in time"
    assert listener.messages() == ["probe/out/asked 0 ?"]


@BOTH
def test_two_programs_on_one_host_get_their_own_replies(
    broker: Broker, start_probe: StartProbe
) -> None:
    """They begin at the same time and hear all replies, each of which comes twice."""
    calls = 200
    probes = {name: start_probe(broker.port) for name in ("one", "two")}
    for probe in probes.values():
        probe.wait_until_subscribed()
    listener = broker.listen("probe/out/ask", 2 * calls, "-q", "1")
    for name, probe in probes.items():
        probe.do(f"call-many {calls} {name}")
    answers = [line.split(" ", 2)[2] for line in listener.messages()]
    random.Random(1).shuffle(answers)
    broker.publish_lines("probe/in/answer", answers * 2)
    for probe in probes.values():
        counters = probe.wait_for_counter("received", 4 * calls)
        assert (counters["right_replies"], counters["wrong_replies"]) == (calls, 0)
        assert counters["calls_replied"] == counters["received_ok"] == calls


@BOTH
def test_calls_end_when_the_connection_is_lost(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    probe.ask("call one 60000", "called")
    probe.ask("call two 60000", "called")
    broker.kill()
    replies = [probe.wait("reply")["status"] for _ in range(2)]
    assert replies == ["transport failed", "transport failed"]
    probe.wait("state", state="waiting")
    assert probe.quit()["calls_lost"] == 2


@BOTH
def test_a_call_made_while_offline_waits_for_the_connection(
    start_probe: StartProbe, absent_broker: Broker
) -> None:
    probe = start_probe(absent_broker.port)
    probe.wait("state", state="waiting")
    assert probe.ask("call level 20000", "called")["status"] == "ok"
    probe.wait("state", state="waiting")
    absent_broker.start()
    probe.wait_for_counter("confirmed", 1)
    absent_broker.publish("probe/in/level", b"42")
    assert probe.wait("reply")["status"] == "ok"


@BOTH
def test_calls_time_out_while_offline(start_probe: StartProbe, absent_broker: Broker) -> None:
    probe = start_probe(absent_broker.port, retry_min_ms=LONGER_MS, retry_max_ms=LONGER_MS)
    assert probe.wait("state", state="waiting")["retry_ms"] > LONGER_MS // 3
    probe.ask("call level 100", "called")
    assert probe.ask("status", "status")["retry_ms"] > LONGER_MS // 3
    assert probe.wait("reply")["status"] == "no reply in time"


@BOTH
def test_calls_end_at_close(start_probe: StartProbe, absent_broker: Broker) -> None:
    probe = start_probe(absent_broker.port)
    probe.wait("state", state="waiting")
    probe.ask("call level 60000", "called")
    closed = probe.quit()
    assert closed["calls_lost"] == 1
    assert probe.count("reply", status="transport failed") == 1
