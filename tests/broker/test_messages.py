"""Messages through a real broker, against mosquitto_pub and mosquitto_sub."""

import signal
import zlib

import pytest

from tests.broker.conftest import BOTH, StartProbe
from tests.broker.server import Broker
from tests.support.waiting import LONGER_MS


@BOTH
@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_messages_go_both_ways(
    broker: Broker, start_probe: StartProbe, transport: str, qos: int, protocol: int
) -> None:
    """Over paho, subscriptions have a QoS of 1 at most."""
    received = min(qos, 1) if transport == "paho" else qos
    probe = start_probe(broker.port, qos=qos, protocol=protocol)
    probe.wait_until_subscribed()
    listener = broker.listen("probe/out/#", 2, "-q", "2")
    broker.publish("probe/in/echo", "grüße".encode(), "-q", str(qos))
    message = probe.wait("message", what="echo", qos=received)
    assert message["bytes"] == len("grüße".encode())
    assert probe.ask(f"publish {qos} north on", "sent")["status"] == "ok"
    assert listener.messages() == [f"probe/out/echo {received} grüße", f"probe/out/north {qos} on"]
    outcome = "sent" if qos == 0 else "confirmed"
    probe.wait_for_counter(outcome, 2)
    closed = probe.quit()
    assert (closed["publishes"], closed[outcome], closed["dropped"]) == (2, 2, 0)
    assert (closed["connects"], closed["disconnects"], closed["received_ok"]) == (1, 1, 1)


@BOTH
def test_an_own_loop_serves_handlers(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port, mode="run")
    probe.wait("state", state="connected")
    broker.wait_for_log("probe/in/+ (QoS 1)")
    listener = broker.listen("probe/out/#", 1)
    broker.publish("probe/in/echo", b"1", "-q", "1")
    assert listener.messages() == ["probe/out/echo 0 1"]
    probe.end_input()
    assert probe.wait("run")["status"] == "ok"
    closed = probe.wait_for_end()
    assert (closed["publishes"], closed["granted"], closed["disconnects"]) == (1, 1, 1)


@BOTH
@pytest.mark.parametrize("way", ["handler", "signal", "thread"])
def test_an_own_loop_can_be_stopped(broker: Broker, start_probe: StartProbe, way: str) -> None:
    probe = start_probe(broker.port, mode="run")
    probe.wait("state", state="connected")
    broker.wait_for_log("probe/in/+ (QoS 1)")
    match way:
        case "handler":
            broker.publish("probe/in/stop", b"", "-q", "1")
        case "signal":
            probe.send_signal(signal.SIGTERM)
        case _:
            probe.end_input()
    probe.wait("state", state="idle")
    assert probe.wait("run")["status"] == "ok"
    assert probe.wait_for_end()["disconnects"] == 1
    broker.wait_for_log("Received DISCONNECT")


@BOTH
def test_an_own_loop_can_be_stopped_while_it_waits(
    start_probe: StartProbe, absent_broker: Broker
) -> None:
    probe = start_probe(
        absent_broker.port, mode="run", retry_min_ms=LONGER_MS, retry_max_ms=LONGER_MS
    )
    probe.wait("state", state="waiting")
    probe.end_input()
    probe.wait("state", state="idle")
    assert probe.wait_for_end()["connects"] == 0


@BOTH
def test_a_handler_can_stop_a_polled_connection(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    broker.publish("probe/in/stop", b"")
    assert probe.wait_for_end()["disconnects"] == 1


@BOTH
def test_loops_and_close_are_refused_in_a_handler(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    broker.publish("probe/in/loop", b"")
    assert probe.wait("loop") == {"event": "loop", "stepped": False, "run": "transport failed"}
    broker.publish("probe/in/after", b"")
    probe.wait("message", what="after")
    assert probe.quit()["disconnects"] == 1


@BOTH
def test_nothing_works_once_closed(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    probe.quit()
    assert probe.wait("error", topic="probe/out/late")["status"] == "transport failed"
    assert probe.wait("error", topic="probe/in/late")["status"] == "transport failed"
    assert probe.wait("loop") == {"event": "loop", "stepped": False, "run": "transport failed"}


@BOTH
def test_an_empty_payload_arrives(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    broker.publish("probe/in/empty", b"", "-q", "1")
    assert probe.wait("message", what="empty")["bytes"] == 0
    listener = broker.listen("probe/out/#", 1)
    assert probe.ask("publish 1 empty", "sent")["status"] == "ok"
    assert listener.messages() == ["probe/out/empty 0 "]


@BOTH
def test_ten_megabytes_arrive_and_the_next_message_too(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port, queue_bytes=30_000_000)
    probe.wait_until_subscribed()
    payload = bytes(97 + i % 23 for i in range(23)) * (10_000_000 // 23)
    broker.publish("probe/in/echo", payload, "-q", "1")
    message = probe.wait("message", what="echo")
    assert (message["bytes"], message["adler32"]) == (len(payload), zlib.adler32(payload))
    counters = probe.wait_for_counter("confirmed", 1)
    assert counters["publishes"] == 1
    broker.publish("probe/in/small", b"1")
    probe.wait("message", what="small")


@BOTH
def test_a_payload_past_the_limit_is_refused(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port, max_payload_bytes=1000)
    probe.wait_until_subscribed()
    broker.publish("probe/in/big", b"x" * 1001)
    error = probe.wait("error", topic="probe/in/big")
    assert error["status"] == "beyond a limit"
    broker.publish("probe/in/fits", b"x" * 1000)
    probe.wait("message", what="fits", bytes=1000)


@BOTH
def test_a_handlers_refusal_is_reported(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    broker.publish("probe/in/fail", b"")
    error = probe.wait("error", topic="probe/in/fail")
    assert error["rule"] == "the handler refused the message"
    assert probe.ask("counters", "counters")["received"] == 1


@BOTH
def test_a_flood_in_a_handlers_turn_arrives_in_order(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    listener = broker.listen("probe/out/#", 200, "-q", "1")
    assert probe.ask("flood 1 n 200", "flooded")["taken"] == 200
    probe.wait_for_counter("confirmed", 200)
    assert listener.messages() == [f"probe/out/n 1 {i}" for i in range(200)]


@BOTH
def test_bindings_come_and_go_while_connected(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    assert probe.ask("bind north", "bound")["status"] == "ok"
    probe.wait_for_counter("granted", 2)
    broker.publish("probe/in/north", b"1")
    both = {probe.wait("message", what="north")["binding"] for _ in range(2)}
    assert both == {"main", "extra"}
    assert probe.ask("unbind", "unbound")["status"] == "ok"
    broker.publish("probe/in/north", b"2")
    assert probe.wait("message", text="2")["binding"] == "main"
    broker.publish("probe/in/last", b"3")
    probe.wait("message", what="last")
    assert probe.count("message", text="2") == 1


@BOTH
def test_retained_messages_are_marked(broker: Broker, start_probe: StartProbe) -> None:
    broker.publish("probe/in/kept", b"old", "-r")
    probe = start_probe(broker.port)
    assert probe.wait("message", what="kept")["retain"] == 1
    broker.publish("probe/in/kept", b"new", "-r")
    assert probe.wait("message", what="kept")["retain"] == 0


@BOTH
@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize("retain", [0, 1])
def test_the_will_is_published_when_the_client_vanishes(
    broker: Broker, start_probe: StartProbe, retain: int, protocol: int
) -> None:
    listener = broker.listen("probe/will", 1, "-q", "1")
    will = {"will_topic": "probe/will", "will": "gone", "will_qos": 1, "will_retain": retain}
    probe = start_probe(broker.port, protocol=protocol, **will)
    probe.wait("state", state="connected")
    assert probe.ask("counters", "counters")["publishes"] == 0
    probe.kill()
    assert listener.messages() == ["probe/will 1 gone"]
    late = broker.listen("probe/will", 1, "-q", "1", "-F", "%r %p")
    broker.publish("probe/will", b"last", "-q", "1")
    assert late.messages() == ["1 gone" if retain else "0 last"]


@BOTH
def test_a_will_has_the_properties_of_its_message(broker: Broker, start_probe: StartProbe) -> None:
    listener = broker.listen("probe/will", 1, "-V", "5", "-F", "%C %p")
    will = {"will_topic": "probe/will", "will": "gone", "will_type": "text/plain"}
    probe = start_probe(broker.port, protocol=5, **will)
    probe.wait("state", state="connected")
    probe.kill()
    assert listener.messages() == ["text/plain gone"]


@BOTH
def test_a_slow_handler_is_counted(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port, keepalive_s=5)
    probe.wait_until_subscribed()
    broker.publish("probe/in/slow", b"5100")
    broker.publish("probe/in/after", b"")
    probe.wait("message", what="after")
    assert probe.ask("counters", "counters")["slow_handlers"] == 1
