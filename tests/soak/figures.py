"""What the connection promises in figures, measured: a part of `make soak`.

Each measurement asserts that the result is right, however long it took.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.broker.probe import Probe
from tests.broker.server import Broker, started_brokers
from tests.broker.throttle import LongLink, SlowLink
from tests.soak.programs import program_path

ROUND_TRIP_S = 0.1
MESSAGES_A_SECOND = 10_000
AHEAD = 2000
"""Messages that are sent ahead of their acknowledgement."""
WINDOW: dict[str, str | int] = {"in_flight_max": AHEAD, "in_flight_bytes": 1_000_000}
MESSAGE_BYTES = 200
"""Of the queue's memory, with what the queue needs for itself."""
SLOW_BYTES_PER_S = 20_000
FAR = 5
"""A figure that is this many times worse than wanted is missed by far."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much is sent."""

    messages: int = 100_000
    received: int = 50_000
    """mosquitto_pub ends early when packet ids, of which there are 65,535, repeat."""
    messages_in_default_window: int = 2000
    filters: int = 100_000
    stops: int = 10
    closing: int = 250
    slow_bytes: int = 300_000
    requests: int = 10_000


@dataclass(frozen=True, kw_only=True)
class Figure:
    name: str
    unit: str = ""
    reached: float
    wanted: float | None = None
    """At least this, or if it is a time at most. None if it is only printed."""
    within_s: float | None = None

    def row(self) -> str:
        wanted = "" if self.wanted is None else f"{self.wanted:,g} {self.unit}"
        within = "" if self.within_s is None else f"in {self.within_s:.2f} s"
        reached = f"{self.reached:,.{2 if self.is_time() else 0}f} {self.unit}{within}"
        return f"| {self.name} | {wanted.strip()} | {reached.strip()} |"

    def is_time(self) -> bool:
        return self.unit in {"s", "ms"}

    def fault(self) -> str:
        """What is wrong if it is missed by far, or ""."""
        if self.wanted is None or not self.is_missed_by_far(self.wanted):
            return ""
        return f"{self.name}: {self.reached:.2f} {self.unit} instead of {self.wanted:g}"

    def is_missed_by_far(self, wanted: float) -> bool:
        if self.is_time():
            return self.reached > FAR * wanted
        return self.reached * FAR < wanted


@dataclass(frozen=True, kw_only=True)
class Site:
    """Starts brokers, links and probes, which end with `actors`."""

    start_broker: Callable[..., Broker]
    actors: ExitStack

    def broker(self) -> Broker:
        lines = ("max_queued_messages 0", f"max_inflight_messages {AHEAD}")
        return self.start_broker("allow_anonymous true", "log_type error", *lines)

    def long_link(self, port: int) -> LongLink:
        link = LongLink(port, ROUND_TRIP_S / 2)
        self.actors.callback(link.close)
        return link

    def probe(self, port: int, **settings: str | int) -> Probe:
        """It is subscribed when this returns."""
        where: dict[str, str | int] = {"host": "127.0.0.1", "port": port}
        program = program_path("broker", "broker_probe")
        probe = Probe(program, **{**where, **settings})
        self.actors.callback(probe.end)
        probe.wait("subscribed")
        return probe


def quit_at_rest(probe: Probe, **counters: int) -> None:
    """It never lost its connection, and counted this."""
    closed = probe.quit()
    assert {"connects": 1, **counters}.items() <= closed.items(), closed


def sent_a_second(site: Site, count: int, **settings: str | int) -> float:
    """Messages that are confirmed over the long link."""
    link = site.long_link(site.broker().port)
    probe = site.probe(link.port, queue_bytes=count * MESSAGE_BYTES, **settings)
    start = time.monotonic()
    assert probe.ask(f"flood 1 what {count}", "flooded")["taken"] == count
    probe.wait_for_counter("confirmed", count)
    seconds = time.monotonic() - start
    quit_at_rest(probe, confirmed=count)
    return count / seconds


def received_a_second(site: Site, count: int) -> float:
    broker = site.broker()
    probe = site.probe(site.long_link(broker.port).port, quiet=1)
    start = time.monotonic()
    broker.publish_lines("probe/in/what", ["x"] * count)
    probe.wait_for_counter("received", count)
    seconds = time.monotonic() - start
    quit_at_rest(probe, received_ok=count)
    return count / seconds


def messages(site: Site, sizes: Sizes) -> Iterator[Figure]:
    def rate(name: str, reached: float, wanted: float | None = MESSAGES_A_SECOND) -> Figure:
        link = f"QoS 1, round trip of {ROUND_TRIP_S * 1000:.0f} ms"
        return Figure(name=f"{link}: {name}", unit="messages/s", wanted=wanted, reached=reached)

    window = ", ".join(f"{name} {value}" for name, value in WINDOW.items())
    version_5 = {**WINDOW, "protocol": 5, "allow_abort": 1}
    few = sizes.messages_in_default_window
    yield rate("sent, default settings", sent_a_second(site, few), wanted=None)
    yield rate(f"sent, {window}", sent_a_second(site, sizes.messages, **WINDOW))
    yield rate("the same under MQTT 5", sent_a_second(site, sizes.messages, **version_5))
    yield rate("received", received_a_second(site, sizes.received))


def filters(site: Site, sizes: Sizes) -> Iterator[Figure]:
    broker = site.broker()
    probe = site.probe(broker.port, retry_min_ms=20, retry_max_ms=100)
    broker.kill()
    probe.wait("state", state="waiting")
    assert probe.ask(f"bind-fleet {sizes.filters}", "fleet_bound")["status"] == "ok"
    broker.start()
    probe.wait("state", state="connected")
    start = time.monotonic()
    assert probe.wait("subscribed")["refused"] == 0
    seconds = time.monotonic() - start
    closed = probe.quit()
    assert closed["granted"] == sizes.filters + 2
    name = f"{sizes.filters:,} filters"
    yield Figure(name=f"{name}, until all are granted", unit="s", wanted=5, reached=seconds)
    turn_ms = closed["longest_turn_us"] / 1000
    yield Figure(name=f"{name}, longest turn of the loop", unit="ms", wanted=10, reached=turn_ms)


def stop_by_thread(probe: Probe) -> None:
    probe.end_input()


def stop_by_signal(probe: Probe) -> None:
    probe.send_signal(signal.SIGTERM)


def stops(site: Site, sizes: Sizes) -> Iterator[Figure]:
    port = site.broker().port
    for name, stop in (("thread", stop_by_thread), ("signal handler", stop_by_signal)):
        longest = 0.0
        for _ in range(sizes.stops):
            probe = site.probe(port, mode="run")
            start = time.monotonic()
            stop(probe)
            assert probe.wait("run")["status"] == "ok"
            longest = max(longest, time.monotonic() - start)
            probe.wait_for_end()
        yield Figure(
            name=f"stop in a {name}, until run returns; the longest of {sizes.stops}",
            unit="ms",
            wanted=20,
            reached=longest * 1000,
        )


def failover(site: Site, _: Sizes) -> Iterator[Figure]:
    first, second = site.broker(), site.broker()
    hosts = f"127.0.0.1:{first.port},127.0.0.1:{second.port}"
    probe = site.probe(first.port, hosts=hosts)
    start = time.monotonic()
    first.kill()
    assert probe.wait("state", state="connected")["port"] == second.port
    probe.wait("subscribed")
    seconds = time.monotonic() - start
    assert probe.quit()["disconnects"] == 2
    name = "broker killed, until subscribed at the second host"
    yield Figure(name=name, unit="s", wanted=2, reached=seconds)


def closing(site: Site, sizes: Sizes) -> Iterator[Figure]:
    near = site.broker()
    far = site.long_link(site.broker().port)
    count = sizes.closing
    for where, port in (("on this host", near.port), ("over the long link", far.port)):
        probe = site.probe(port)
        assert probe.ask(f"flood 1 what {count}", "flooded")["taken"] == count
        start = time.monotonic()
        quit_at_rest(probe, confirmed=count)
        seconds = time.monotonic() - start
        name = f"messages of {count} in the queue that close confirms, {where}"
        yield Figure(name=name, wanted=count, reached=count, within_s=seconds)


def slow_link(site: Site, sizes: Sizes) -> Iterator[Figure]:
    link = SlowLink(site.broker().port, SLOW_BYTES_PER_S)
    site.actors.callback(link.close)
    probe = site.probe(link.port, keepalive_s=5, queue_bytes=2 * sizes.slow_bytes)
    start = time.monotonic()
    assert probe.ask(f"publish-bytes 1 long {sizes.slow_bytes}", "sent")["status"] == "ok"
    probe.wait_for_counter("confirmed", 1)
    seconds = time.monotonic() - start
    quit_at_rest(probe, confirmed=1)
    size, speed = f"{sizes.slow_bytes // 1000} kB", f"{SLOW_BYTES_PER_S // 1000} kB/s"
    name = f"messages of {size} that arrive at {speed}, keepalive 5 s"
    yield Figure(name=name, wanted=1, reached=1, within_s=seconds)


def requests(site: Site, sizes: Sizes) -> Iterator[Figure]:
    broker = site.broker()
    probe = site.probe(broker.port, quiet=1, queue_bytes=8_000_000, reply_bytes=50)
    count = sizes.requests
    start = time.monotonic()
    broker.publish_lines("probe/in/echo", [str(i) for i in range(count)])
    probe.wait_for_counter("confirmed", count)
    seconds = time.monotonic() - start
    quit_at_rest(probe, received=count, confirmed=count, rejected=0)
    name = f"requests of {count:,} at QoS 1 that are answered"
    yield Figure(name=name, wanted=count, reached=count, within_s=seconds)


ALL = (messages, filters, stops, failover, closing, slow_link, requests)


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    with started_brokers(folder) as start_broker:
        for measurement in ALL:
            with ExitStack() as actors:
                yield from measurement(Site(start_broker=start_broker, actors=actors), sizes)


def print_figures(sizes: Sizes, folder: Path) -> list[str]:
    """The table, as it is measured; what was missed by far is returned."""
    print("| figure | wanted | reached |\n|---|---|---|", flush=True)
    faults = []
    for figure in measure(sizes, folder):
        print(figure.row(), flush=True)
        faults.append(figure.fault())
    return [fault for fault in faults if fault]
