"""Fixtures: the probe, a broker, a fake one, and certificates."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.broker.fake_broker import FakeBroker, Script
from tests.broker.probe import Probe
from tests.broker.server import Broker, find_program, started_brokers

StartProbe = Callable[..., Probe]
MakeBroker = Callable[..., Broker]
StartFake = Callable[..., FakeBroker]


BOTH = pytest.mark.parametrize("transport", ["mosquitto", "paho"])
"""The test runs over each transport."""


def only_mosquitto(reason: str) -> pytest.MarkDecorator:
    """The test runs over one transport, in a file whose others run over both: paho's cannot do it,
    or does not promise it."""
    assert reason
    return pytest.mark.parametrize("transport", ["mosquitto"])


@pytest.fixture
def transport() -> str:
    """What the probe is built over, unless the test says otherwise."""
    return "mosquitto"


@pytest.fixture
def probe_program(transport: str) -> Path:
    folder = os.environ.get("MQBIND_BUILD_DIR")
    if not folder:
        pytest.fail("MQBIND_BUILD_DIR is not set: the build directory that has broker_probe")
    target = {"mosquitto": "broker_probe", "paho": "broker_probe_paho"}[transport]
    program = Path(folder).resolve() / "tests" / "broker" / target
    if not program.is_file():
        pytest.fail(f"{program} is missing: build the target {target}")
    return program


@pytest.fixture
def start_probe(probe_program: Path) -> Iterator[StartProbe]:
    """Starts probes that retry fast; each ends with the test, and must end well."""
    probes: list[Probe] = []

    def start(port: int, **settings: str | int) -> Probe:
        fast: dict[str, str | int] = {
            "retry_min_ms": 20,
            "retry_max_ms": 100,
            "retry_refused_ms": 300,
            "queue_bytes": 8_000_000,
        }
        defaults: dict[str, str | int] = {"host": "127.0.0.1", "port": port, **fast}
        if settings.get("protocol") == 5 and "paho" not in probe_program.name:
            defaults["allow_abort"] = 1
        probes.append(Probe(probe_program, **{**defaults, **settings}))
        return probes[-1]

    yield start
    for probe in probes:
        probe.end()


@pytest.fixture
def absent_broker(tmp_path: Path) -> Iterator[Broker]:
    """Has a port and is not started."""
    broker = Broker(folder=tmp_path)
    yield broker
    broker.kill()


@pytest.fixture
def broker(absent_broker: Broker) -> Broker:
    absent_broker.start()
    return absent_broker


@pytest.fixture
def make_broker(tmp_path: Path) -> Iterator[Callable[..., Broker]]:
    """Starts brokers with configuration lines of the test's own."""
    with started_brokers(tmp_path) as start:
        yield start


@pytest.fixture
def fake_broker() -> Iterator[StartFake]:
    fakes: list[FakeBroker] = []

    def start(*scripts: Script) -> FakeBroker:
        fakes.append(FakeBroker(*scripts))
        return fakes[-1]

    yield start
    for fake in fakes:
        fake.close()


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "passwords"
    command = (find_program("mosquitto_passwd"), "-b", "-c", str(file), "toy", "secret")
    subprocess.run(command, check=True)
    return file


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(("openssl", *arguments), cwd=folder, check=True, capture_output=True)


NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def make_ca(folder: Path, name: str) -> None:
    files = ("-keyout", f"{name}.key", "-out", f"{name}.crt")
    openssl(folder, "req", "-x509", *NEW_KEY, *files, "-subj", f"/CN={name}", "-days", "2")


def make_certificate(
    folder: Path, name: str, extension: str, *, ca: str = "ca", days: int = 2
) -> None:
    request = ("-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
    openssl(folder, "req", *NEW_KEY, *request)
    (folder / f"{name}.ext").write_text(extension)
    signer = ("-CA", f"{ca}.crt", "-CAkey", f"{ca}.key", "-CAcreateserial", "-days", str(days))
    files = ("-in", f"{name}.csr", "-out", f"{name}.crt", "-extfile", f"{name}.ext")
    openssl(folder, "x509", "-req", *signer, *files)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    A folder with ca, other_ca, server (for 127.0.0.1), elsewhere (for another host), named (for
    localhost), expired, client, and foreign, which is a client's by other_ca.
    """
    folder = tmp_path_factory.mktemp("certificates")
    make_ca(folder, "ca")
    make_ca(folder, "other_ca")
    make_certificate(folder, "server", "subjectAltName=IP:127.0.0.1\n")
    make_certificate(folder, "elsewhere", "subjectAltName=DNS:elsewhere.example\n")
    make_certificate(folder, "client", "extendedKeyUsage=clientAuth\n")
    make_certificate(folder, "named", "subjectAltName=DNS:localhost\n")
    make_certificate(folder, "expired", "subjectAltName=IP:127.0.0.1\n", days=-1)
    make_certificate(folder, "foreign", "extendedKeyUsage=clientAuth\n", ca="other_ca")
    encrypt = ("-aes256", "-passout", "pass:secret", "-out", "encrypted.key")
    openssl(folder, "ec", "-in", "client.key", *encrypt)
    for file in folder.iterdir():
        file.chmod(0o644)
    return folder
