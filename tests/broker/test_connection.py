"""Connections that break, are refused, or never come up; and the queue meanwhile."""

import signal
import socket
import time
from collections.abc import Callable

import pytest

from tests.broker.conftest import StartFake, StartProbe
from tests.broker.fake_broker import CONNACK, Peer, refuse
from tests.broker.server import Broker
from tests.support.ports import free_port
from tests.support.waiting import LONGER_MS


def test_a_killed_broker_that_returns_is_subscribed_to_again(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    for round_trip in range(1, 3):
        broker.kill()
        lost = probe.wait("state", state="waiting")
        assert lost["reason"] != ""
        broker.start()
        probe.wait("state", state="connected")
        probe.wait_for_counter("granted", 1 + round_trip)
        broker.publish("probe/in/again", str(round_trip).encode())
        probe.wait("message", what="again", text=str(round_trip))
    closed = probe.quit()
    assert (closed["connects"], closed["disconnects"]) == (3, 3)
    assert closed["connect_failures"] == probe.count("state", state="connecting") - 3


def test_an_own_loop_survives_a_killed_broker(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port, mode="run")
    probe.wait("state", state="connected")
    broker.kill()
    probe.wait("state", state="waiting")
    broker.start()
    probe.wait("state", state="connected")
    listener = broker.listen("probe/out/#", 1)
    broker.publish("probe/in/echo", b"back", "-q", "1")
    assert listener.messages() == ["probe/out/echo 0 back"]


def test_the_delay_grows_with_jitter_and_has_a_limit(
    start_probe: StartProbe, absent_broker: Broker
) -> None:
    probe = start_probe(absent_broker.port, retry_min_ms=20, retry_max_ms=200)
    delays = [probe.wait("state", state="waiting")["retry_ms"] for _ in range(12)]
    for attempt, delay in enumerate(delays):
        longest = min(200, 20 * 2**attempt)
        assert longest // 2 - 2 <= delay <= longest
    assert len(set(delays[5:])) > 1
    assert probe.ask("status", "status")["attempts"] >= 12


def test_publishes_while_offline_are_held_within_bounds(
    start_probe: StartProbe, absent_broker: Broker
) -> None:
    probe = start_probe(absent_broker.port, queue_bytes=1200)
    probe.wait("state", state="waiting")
    assert probe.ask("publish 0 lost x", "sent")["status"] == "transport failed"
    taken = probe.ask("flood 1 n 12", "flooded")["taken"]
    assert 5 <= taken < 12
    counters = probe.ask("counters", "counters")
    assert (counters["publishes"], counters["queued"]) == (taken, taken)
    assert counters["rejected"] == 1 + 12 - taken
    assert counters["pending"] == taken
    absent_broker.start()
    probe.wait_for_counter("confirmed", taken)
    assert probe.ask("flood 2 n 3", "flooded")["taken"] == 3
    probe.wait_for_counter("confirmed", taken + 3)
    closed = probe.quit()
    assert (closed["publishes"], closed["queued"], closed["dropped"]) == (taken + 3, taken, 0)


def test_what_was_held_arrives_after_the_subscriptions_and_in_order(
    make_broker: Callable[..., Broker], start_probe: StartProbe
) -> None:
    broker = make_broker("allow_anonymous true", "max_queued_messages 1000")
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    broker.kill()
    probe.wait("state", state="waiting")
    # More than libmosquitto has in flight at once.
    assert probe.ask("flood 1 n 60", "flooded")["taken"] == 60
    broker.start()
    probe.wait_for_counter("confirmed", 60)
    log = broker.log()
    last_start = log.rindex("running")
    assert log.index("Received SUBSCRIBE", last_start) < log.index("Received PUBLISH", last_start)
    assert probe.quit()["dropped"] == 0


def test_bindings_come_and_go_while_offline(start_probe: StartProbe, absent_broker: Broker) -> None:
    probe = start_probe(absent_broker.port)
    probe.wait("state", state="waiting")
    for _ in range(2):
        assert probe.ask("bind north", "bound")["status"] == "ok"
        assert probe.ask("unbind", "unbound")["status"] == "ok"
    assert probe.ask("bind south", "bound")["status"] == "ok"
    absent_broker.start()
    probe.wait_for_counter("granted", 2)
    absent_broker.wait_for_log("probe/in/south")
    assert "probe/in/north" not in absent_broker.log()


def test_a_message_longer_than_the_queue_is_refused(
    start_probe: StartProbe, absent_broker: Broker
) -> None:
    probe = start_probe(absent_broker.port, queue_bytes=2000)
    probe.wait("state", state="waiting")
    assert probe.ask("publish-bytes 1 n 2001", "sent")["status"] == "transport failed"
    assert probe.ask("publish-bytes 1 n 1000", "sent")["status"] == "ok"
    assert probe.ask("publish-bytes 1 n 500", "sent")["status"] == "transport failed"
    assert probe.ask("publish-bytes 1 n 200", "sent")["status"] == "ok"
    closed = probe.quit()
    assert (closed["publishes"], closed["dropped"], closed["rejected"]) == (2, 2, 2)


def test_a_frozen_broker_is_noticed_and_nothing_is_lost_in_silence(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(
        broker.port, keepalive_s=5, queue_bytes=28_000_000, in_flight_bytes=100_000_000
    )
    probe.wait_until_subscribed()
    broker.signal(signal.SIGSTOP)
    try:
        # What the network's buffers do not take fills the queue.
        taken = sum(
            probe.ask("publish-bytes 0 n 1000000", "sent")["status"] == "ok" for _ in range(40)
        )
        assert 20 <= taken < 40
        assert probe.ask("counters", "counters")["pending"] > 0
        lost = probe.wait("state", state="waiting")
        assert lost["reason"] == "the broker stopped responding"
    finally:
        broker.signal(signal.SIGCONT)
    probe.wait("state", state="connected")
    counters = probe.ask("counters", "counters")
    assert counters["pending"] == 0
    assert counters["dropped"] == taken - counters["sent"] > 0
    assert counters["rejected"] == 40 - taken


def test_closing_does_not_wait_for_a_frozen_broker(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port, queue_bytes=13_000_000, close_timeout_ms=500)
    probe.wait_until_subscribed()
    broker.signal(signal.SIGSTOP)
    while probe.ask("publish-bytes 0 n 1000000", "sent")["status"] == "ok":
        pass
    # It ends while the broker is still frozen.
    closed = probe.quit()
    assert 0 < closed["dropped"] <= 9


def test_a_paused_broker_goes_on_where_it_was(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port)
    probe.wait_until_subscribed()
    broker.signal(signal.SIGSTOP)
    assert probe.ask("publish 1 n held", "sent")["status"] == "ok"
    time.sleep(0.2)
    assert probe.ask("counters", "counters")["pending"] == 1
    broker.signal(signal.SIGCONT)
    probe.wait_for_counter("confirmed", 1)
    assert probe.quit()["connects"] == 1


def test_two_clients_with_one_id_slow_down(broker: Broker, start_probe: StartProbe) -> None:
    settings = {"client_id": "twin", "retry_min_ms": 20, "retry_max_ms": 400}
    first = start_probe(broker.port, **settings)
    first.wait("state", state="connected")
    second = start_probe(broker.port, **settings)
    second.wait("state", state="connected")
    for _ in range(4):
        assert first.wait("state", state="waiting")["reason"] != ""
    # A connection that does not last does not reset the delay.
    assert first.wait("state", state="waiting")["attempts"] >= 5


def test_an_attempt_without_an_answer_is_given_up(start_probe: StartProbe, broker: Broker) -> None:
    broker.signal(signal.SIGSTOP)
    probe = start_probe(broker.port, connect_timeout_ms=200)
    lost = probe.wait("state", state="waiting")
    assert lost["reason"] == "the broker did not answer in time"
    broker.signal(signal.SIGCONT)
    probe.wait("state", state="connected")
    assert probe.ask("counters", "counters")["connect_failures"] >= 1


def test_an_unknown_host_is_a_reason(start_probe: StartProbe) -> None:
    probe = start_probe(1883, host="nowhere.invalid")
    assert probe.wait("state", state="waiting")["reason"] == "the host's address was not found"


def test_localhost_is_reached_whatever_it_resolves_to(
    broker: Broker, start_probe: StartProbe
) -> None:
    probe = start_probe(broker.port, host="localhost")
    probe.wait_until_subscribed()


def hosts_of(*ports: int) -> str:
    return ",".join(f"127.0.0.1:{port}" for port in ports)


def test_any_of_several_hosts_will_do_and_the_next_one_takes_over(
    make_broker: Callable[..., Broker], start_probe: StartProbe
) -> None:
    """At most one delay passes between the loss and the next host."""
    first, second = make_broker(), make_broker()
    dead = free_port()
    settings = {"retry_min_ms": LONGER_MS, "retry_max_ms": LONGER_MS}
    probe = start_probe(1, hosts=hosts_of(dead, first.port, second.port), **settings)
    failed = probe.wait("state", state="waiting")
    assert (failed["port"], failed["reason"]) == (first.port, "Connection refused")
    assert failed["retry_ms"] <= 1
    probe.wait("subscribed")
    assert probe.ask("status", "status")["port"] == first.port
    first.kill()
    lost = probe.wait("state", state="waiting")
    assert lost["port"] == second.port
    probe.do("reconnect")
    assert probe.wait("state", state="connected")["port"] == second.port
    closed = probe.quit()
    assert (closed["connects"], closed["connect_failures"]) == (2, 1)


def test_an_address_that_does_not_answer_is_passed_over(
    broker: Broker, start_probe: StartProbe
) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        settings = {"address_timeout_ms": 100, "connect_timeout_ms": LONGER_MS}
        probe = start_probe(1, hosts=hosts_of(port, broker.port), **settings)
        late = probe.wait("state", state="waiting")
        assert late["reason"] == "the broker did not answer in time"
        assert probe.wait("state", state="connected")["port"] == broker.port
        for filler in fillers:
            filler.close()


def test_a_host_that_accepts_has_longer_to_answer(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def hesitate(peer: Peer) -> None:
        peer.read()
        time.sleep(0.5)
        peer.send(CONNACK)
        peer.answer_pings()

    slow = fake_broker(hesitate)
    probe = start_probe(1, hosts=hosts_of(slow.port, free_port()), address_timeout_ms=50)
    assert probe.wait("state", state="connected")["port"] == slow.port
    assert probe.quit()["connect_failures"] == 0


def test_a_refusal_counts_only_if_no_host_accepts(
    broker: Broker, fake_broker: StartFake, start_probe: StartProbe
) -> None:
    refusing = fake_broker(lambda peer: peer.accept(refuse(5)))
    probe = start_probe(1, hosts=hosts_of(refusing.port, broker.port))
    probe.wait("state", state="connected", port=broker.port)
    assert probe.count("state", state="refused") == 0
    alone = start_probe(1, hosts=hosts_of(refusing.port, free_port()), retry_refused_ms=LONGER_MS)
    refused = alone.wait("state", state="refused")
    assert refused["reason"] == "Connection Refused: not authorised."
    assert refused["retry_ms"] >= LONGER_MS // 2 - 1000


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"hosts": "a:70000"}, "each of hosts needs a name, and a port from 0 to 65535"),
        ({"alpn": ""}, "alpn must have 1 to 255 bytes"),
        ({"address_timeout_ms": -1}, "times must not be negative"),
        ({"port": 65536}, "port must be 1 to 65535"),
        ({"protocol": 3}, "protocol must be 4 (MQTT 3.1.1) or 5"),
        ({"keep_session": 1}, "keep_session needs a client_id"),
        ({"keepalive_s": 4}, "keepalive_s must be 5 to 65535"),
        ({"keepalive_s": 65536}, "keepalive_s must be 5 to 65535"),
        ({"password": "x"}, "password needs a username"),
        ({"certificate_file": "x"}, "certificate_file and key_file need each other"),
        ({"psk": "aa"}, "psk and psk_identity need each other"),
        ({"psk": "xyz", "psk_identity": "x"}, "psk must be hexadecimal"),
        (
            {"psk": "aa", "psk_identity": "x", "ca_file": "x"},
            "psk replaces certificates: give one of the two",
        ),
        ({"ca_file": "/missing"}, "ca_file or ca_path cannot be read"),
        ({"in_flight_max": 65536}, "queue.in_flight_max must be 1 to 65535"),
        ({"when_full": 2}, "queue.when_full must be MQB_REFUSE_NEW or MQB_DROP_OLDEST"),
        (
            {"retry_min_ms": 101},
            "retry_min_ms must be at most retry_max_ms, and no delay negative",
        ),
        (
            {"session_expiry_s": 5, "keep_session": 1, "client_id": "x"},
            "session_expiry_s, receive_max and will_delay_s need protocol 5",
        ),
        ({"receive_max": 5}, "session_expiry_s, receive_max and will_delay_s need protocol 5"),
        (
            {"will_delay_s": 5, "protocol": 5, "keep_session": 1, "client_id": "x"},
            "will_delay_s needs a will",
        ),
        ({"will_delay_s": 5}, "session_expiry_s, receive_max and will_delay_s need protocol 5"),
        (
            {"protocol": 5, "session_expiry_s": 5},
            "session_expiry_s and will_delay_s need keep_session",
        ),
        ({"protocol": 5, "will_delay_s": 5}, "session_expiry_s and will_delay_s need keep_session"),
        ({"protocol": 5, "receive_max": 65536}, "receive_max must be 1 to 65535"),
        ({"no_local": 1}, "no_local needs protocol 5"),
        (
            {"protocol": 5, "no_local": 1, "directions_apart": 1},
            "no_local and directions_apart exclude each other",
        ),
        ({"groups_topic": "a/+"}, "groups_topic must be a topic without wildcards"),
        ({"groups_topic": "$SYS"}, "groups_topic must be a topic without wildcards"),
        (
            {"groups_topic": "a" * 97},
            "groups_topic is longer than MQB_MOSQUITTO_FILTER_BYTES allows",
        ),
        ({"groups_topic": "a" * 96, "groups_ms": -1}, "groups_ms must not be negative"),
        ({"connect_timeout_ms": -1}, "times must not be negative"),
        ({"will_topic": "a", "will": "x" * 66000}, "the will was not captured"),
        ({"will_topic": "a", "will": "x" * 65536}, "the will must have at most 65535 bytes"),
        ({"will_topic": "a", "will_type": "b"}, "the properties of the will need protocol 5"),
        ({"client_id": ""}, "client_id is not allowed, or memory is short"),
        ({"username": "\udcff"}, "username or password is not allowed"),
    ],
)
def test_wrong_settings_are_named(
    start_probe: StartProbe, settings: dict[str, str | int], reason: str
) -> None:
    probe = start_probe(1883, **settings) if "port" not in settings else start_probe(65536)
    assert probe.wait("init")["reason"] == reason
    assert probe.exit_status() == 1
