"""The loop and its links: slow ones, deaf ones, full queues, other threads, edges."""

import signal
from collections.abc import Callable

import pytest

from tests.broker.conftest import BOTH, StartFake, StartProbe
from tests.broker.fake_broker import CONNACK, PUBACK, PUBLISH, Peer, split_publish
from tests.broker.server import Broker
from tests.broker.throttle import SlowLink

REQUESTS = 10_000
TOO_MANY = 200
"""More replies than fit in 30 kB, but what does not fit waits in 10 kB."""
SILENCE_S = 1.0
"""A shorter one would also come from a busy machine."""


def test_a_slow_link_counts_as_alive_while_bytes_flow(
    broker: Broker, start_probe: StartProbe
) -> None:
    link = SlowLink(broker.port, 20_000)
    probe = start_probe(link.port, keepalive_s=5, ack_timeout_ms=5000)
    probe.wait_until_subscribed()
    assert probe.ask("publish-bytes 1 long 300000", "sent")["status"] == "ok"
    probe.wait_for_counter("confirmed", 1)
    assert probe.quit()["connects"] == 1
    link.close()


@BOTH
@pytest.mark.parametrize("edges", [0, 1])
def test_each_request_of_a_flood_is_answered(
    make_broker: Callable[..., Broker], start_probe: StartProbe, transport: str, edges: int
) -> None:
    """Over paho nothing waits for room, but the broker sends no more than it has confirmed."""
    broker = make_broker("allow_anonymous true", "max_queued_messages 0")
    probe = start_probe(broker.port, reply_bytes=50, edges=edges, quiet=1)
    probe.wait_until_subscribed()
    broker.publish_lines("probe/in/echo", [str(i) for i in range(REQUESTS)])
    counters = probe.wait_for_counter("confirmed", REQUESTS)
    assert (counters["rejected"], counters["received"]) == (0, REQUESTS)
    closed = probe.quit()
    assert transport == "paho" or closed["handled_without_room"] == 0


class Requester:
    """A broker that has so many requests on their way at a time, and confirms replies in order: the
    first ones only when the client has handled as many as it can."""

    def __init__(self, window: int, count: int) -> None:
        self.window = window
        self.count = count
        self.replies: list[bytes] = []

    def __call__(self, peer: Peer) -> None:
        peer.accept(CONNACK)
        peer.grant()
        sent = acknowledged = 0
        held: list[bytes] | None = []
        while len(self.replies) < self.count or acknowledged < self.count:
            most = self.count if held is None else TOO_MANY
            while sent < most and sent - acknowledged < self.window:
                sent += 1
                peer.send(request(sent))
            if held and acknowledged == TOO_MANY and not peer.has_more(SILENCE_S):
                peer.send(b"".join(held))
                held = None
            first, body = peer.read()
            if first == PUBACK:
                acknowledged += 1
            elif first & 0xF0 == PUBLISH:
                packet_id, payload = split_publish(body)
                self.replies.append(payload)
                if held is None:
                    peer.send(b"\x40\x02" + packet_id)
                else:
                    held.append(b"\x40\x02" + packet_id)
        peer.answer_pings()


def request(number: int) -> bytes:
    topic, payload = b"probe/in/echo", str(number).encode()
    body = len(topic).to_bytes(2, "big") + topic + number.to_bytes(2, "big") + payload
    return bytes((0x32, len(body))) + body


def test_requests_wait_while_a_reply_would_not_fit(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    requester = Requester(window=20, count=REQUESTS)
    port = fake_broker(requester).port
    probe = start_probe(port, queue_bytes=40_000, reply_bytes=50, quiet=1)
    probe.wait_until_subscribed()
    counters = probe.wait_for_counter("confirmed", REQUESTS)
    assert requester.replies == [str(i + 1).encode() for i in range(REQUESTS)]
    assert (counters["rejected"], counters["handled_without_room"]) == (0, 0)
    assert counters["deferred"] > 0


def test_edges_are_enough(broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(broker.port, edges=1)
    probe.wait_until_subscribed()
    listener = broker.listen("probe/out/#", 500, "-q", "1")
    broker.publish_lines("probe/in/echo", [str(i) for i in range(500)])
    assert listener.messages() == [f"probe/out/echo 1 {i}" for i in range(500)]
    # Not one message a turn of the clock.
    assert probe.ask("counters", "counters")["idle_turns"] < 100


@pytest.mark.parametrize("mode", ["poll", "run"])
def test_another_thread_wakes_the_loop(broker: Broker, start_probe: StartProbe, mode: str) -> None:
    probe = start_probe(broker.port, mode=mode)
    probe.wait("state", state="connected")
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        probe.send_signal(number)
        probe.wait("woken")


def test_a_step_without_a_limit_reconnects(absent_broker: Broker, start_probe: StartProbe) -> None:
    probe = start_probe(absent_broker.port, mode="run")
    probe.wait("state", state="waiting")
    absent_broker.start()
    probe.wait("state", state="connected")
    absent_broker.kill()
    probe.wait("state", state="waiting")
    absent_broker.start()
    probe.wait("state", state="connected")
