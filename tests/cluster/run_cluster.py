"""Workers and devices on three nodes of Artemis, of which one is killed: `make cluster`.

First the throughput of 1 to 8 workers whose handlers take 10 ms, on one mosquitto and on the
cluster. Then a node and a worker are killed in mid-run, and the node is started again: every event
must be handled, and those handled twice are counted.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.brokers.brokers import mosquitto
from tests.cluster.artemis import start_cluster
from tests.cluster.fleet import Fleet
from tests.support.ports import free_port

WORKERS = (1, 2, 4, 8)
DEVICES = 6
HANDLER_MS = 10
EACH = 60
"""Events of a device for each worker."""
KILL_AFTER, RESTART_AFTER, EVENTS = 600, 1000, 1800


def start_fleet(ports: Sequence[int], name: str, workers: int, each: int, fleet: Fleet) -> None:
    """Workers, then devices, on all nodes in turn."""
    for number in range(workers):
        fleet.start_worker(ports[number % len(ports)], f"{name}worker{number}", HANDLER_MS)
    for number in range(DEVICES):
        fleet.start_device(ports[number % len(ports)], f"{name}device{number}", each)


def throughput(ports: Sequence[int], workers: int) -> int:
    """Events a second."""
    with ExitStack() as actors:
        fleet = Fleet(actors=actors)
        start_fleet(ports, f"of{workers}", workers, EACH * workers, fleet)
        fleet.wait_for_devices()
        return EACH * workers * DEVICES * 1000 // fleet.milliseconds()


def print_throughput(name: str, ports: Sequence[int]) -> None:
    throughput(ports, 1)  # Queues are created, and nodes hear of each other's.
    rates = [str(throughput(ports, workers)) for workers in WORKERS]
    print(f"| {name} | {' | '.join(rates)} |", flush=True)


def main() -> int:
    with tempfile.TemporaryDirectory() as name, ExitStack() as actors:
        folder = Path(name)
        port = free_port()
        mosquitto(port, folder, actors).wait_until_it_listens(port)
        print(f"| events a second; workers: | {' | '.join(map(str, WORKERS))} |")
        print("|---|---|---|---|---|", flush=True)
        print_throughput("mosquitto", [port])
        nodes = start_cluster(folder, actors)
        ports = [node.port for node in nodes]
        print_throughput("Artemis, three nodes", ports)

        with ExitStack() as programs:
            fleet = Fleet(actors=programs, keep=True)
            start_fleet(ports, "kept", DEVICES, EVENTS // DEVICES, fleet)
            fleet.wait_for_handled(KILL_AFTER)
            print(f"{len(fleet.handled())} events are handled: killing a node and a worker")
            nodes[1].kill()
            fleet.workers[0].kill()
            fleet.wait_for_handled(RESTART_AFTER)
            print(f"{len(fleet.handled())} events are handled: starting the node again", flush=True)
            nodes[1].start(actors)
            fleet.wait_for_devices()
            handled = fleet.handled()
            twice = sum(count - 1 for count in handled.values())
            print(
                f"{len(handled)} of {EVENTS} events were handled, {twice} of them once more; "
                f"devices sent {fleet.again()} again"
            )
            return 0 if len(handled) == EVENTS else 1


if __name__ == "__main__":
    sys.exit(main())
