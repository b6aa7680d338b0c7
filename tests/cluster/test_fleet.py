"""Of `make cluster`, what needs no cluster: a worker is killed, and its session is kept."""

import re
from contextlib import ExitStack
from pathlib import Path

from tests.broker.server import Broker
from tests.cluster import run_cluster
from tests.cluster.fleet import Fleet

ROOT = Path(__file__).parents[2]
EVENTS = 60


def test_a_worker_that_is_killed_goes_on_with_its_session(tmp_path: Path) -> None:
    broker = Broker(folder=tmp_path)
    broker.start()
    with ExitStack() as actors:
        actors.callback(broker.kill)
        fleet = Fleet(actors=actors, keep=True)
        for name in ("one", "other"):
            fleet.start_worker(broker.port, name, 10)
        for name in ("north", "south"):
            fleet.start_device(broker.port, name, EVENTS)
        fleet.wait_for_handled(EVENTS // 2)
        fleet.workers[0].kill()
        fleet.start_worker(broker.port, "one", 10)
        fleet.wait_for_devices()
        handled = fleet.handled()
        assert set(handled) == {f"{d}-{n}" for d in ("north", "south") for n in range(EVENTS)}
        assert sum(handled.values()) <= 2 * EVENTS + fleet.again() + 20
        assert all(worker.said("handled") for worker in fleet.workers)


def test_the_chapter_on_scale_says_what_is_run() -> None:
    page = (ROOT / "docs" / "fleets.md").read_text()
    counts = " | ".join(map(str, run_cluster.WORKERS))
    assert f"| events a second; workers: | {counts} |" in page
    for number in (run_cluster.EVENTS, run_cluster.KILL_AFTER, run_cluster.RESTART_AFTER):
        assert f"{number:,}" in re.sub(r"\s+", " ", page)
