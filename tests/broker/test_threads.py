"""Other threads and signal handlers wake and stop the loop; ThreadSanitizer looks on."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from mqbind.tools.engines import runtime_options
from tests.broker.probe import Probe
from tests.broker.server import Broker
from tests.support.compiler import ROOT, engine_options, run, runtime_archive
from tests.support.waiting import LONGER_MS

HERE = Path(__file__).parent
COMMAND = ("clang", "-std=c11", "-g", "-O1", "-fsanitize=thread", "-I", str(ROOT / "include"))
LIBRARIES = {
    "mosquitto": ("-lmosquitto", "-lssl", "-lcrypto", "-lpthread"),
    "paho": ("-lpaho-mqtt3as", "-lpthread"),
}
OPTIONS = {"mosquitto": (), "paho": ("-DMQB_TEST_PAHO",)}
WAKES = 50
RACE = "WARNING: ThreadSanitizer"


@pytest.fixture(scope="session", params=["mosquitto", "paho"])
def threads_program(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The probe and the transport, instrumented."""
    transport: str = request.param
    program = tmp_path_factory.mktemp("threads") / "probe"
    others = {HERE / f"probe_{name}.c" for name in LIBRARIES if name != transport}
    sources = sorted({*HERE.glob("console*.c"), *HERE.glob("probe*.c")} - others)
    options = (*engine_options("jsmn"), *runtime_options(), *OPTIONS[transport])
    archive = runtime_archive(COMMAND, "jsmn", **{transport: True})
    run(*COMMAND, *options, *sources, archive, *LIBRARIES[transport], "-o", program)
    return program


@pytest.fixture(params=["poll", "run"])
def probe(request: pytest.FixtureRequest, broker: Broker, threads_program: Path) -> Iterator[Probe]:
    """Connected. A race that ThreadSanitizer sees shows on standard error."""
    settings: dict[str, str | int] = {"mode": request.param, "last_words": "bye"}
    started = Probe(threads_program, host="127.0.0.1", port=broker.port, **settings)
    started.wait("state", state="connected")
    yield started
    started.end()
    assert RACE not in started.errors()


def test_threads_and_signals_wake_the_loop(probe: Probe) -> None:
    for number in (signal.SIGUSR1, signal.SIGUSR2) * WAKES:
        probe.send_signal(number)
        probe.wait("woken")


def test_a_signal_wakes_while_it_closes(probe: Probe) -> None:
    probe.end_input()
    for _ in range(WAKES):
        probe.send_signal(signal.SIGUSR1)
    assert probe.wait_for_end()["confirmed"] == 1


@pytest.mark.parametrize("probe", ["run"], indirect=True)
def test_a_signal_stops_the_loop(probe: Probe) -> None:
    probe.send_signal(signal.SIGTERM)
    assert probe.wait_for_end()["confirmed"] == 1


def test_a_thread_stops_an_attempt_to_connect(absent_broker: Broker, threads_program: Path) -> None:
    settings = {"retry_min_ms": LONGER_MS, "retry_max_ms": LONGER_MS}
    where = {"host": "127.0.0.1", "mode": "run"}
    probe = Probe(threads_program, port=absent_broker.port, **where, **settings)
    probe.wait("state", state="waiting")
    probe.end_input()
    assert probe.wait_for_end()["connects"] == 0
    probe.end()
    assert RACE not in probe.errors()
