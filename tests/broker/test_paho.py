"""What the transport over paho says and promises differently."""

from pathlib import Path

import pytest

from tests.broker.conftest import MakeBroker, StartProbe
from tests.broker.server import Broker
from tests.broker.test_security import tls_lines

UNTRUSTED = "the broker's certificate is expired, or not signed by a trusted authority"
UNREACHABLE = "the broker is unreachable, or its certificate is for another host"


@pytest.fixture
def transport() -> str:
    return "paho"


@pytest.mark.parametrize(
    ("certificate", "ca"), [("server", "other_ca"), ("expired", "ca"), ("server", "")]
)
def test_a_certificate_that_is_not_trusted_is_refused_visibly(
    make_broker: MakeBroker,
    start_probe: StartProbe,
    certificates: Path,
    certificate: str,
    ca: str,
) -> None:
    """Without a file, the authorities of the system count."""
    broker = make_broker(*tls_lines(certificates, certificate))
    trust: dict[str, str | int] = {"ca_file": str(certificates / f"{ca}.crt")} if ca else {"tls": 1}
    probe = start_probe(broker.port, **trust)
    for _ in range(2):
        assert probe.wait("state", state="refused")["reason"] == UNTRUSTED
    assert probe.quit()["connects"] == 0


def test_a_certificate_for_another_host_needs_insecure(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path
) -> None:
    broker = make_broker(*tls_lines(certificates, "elsewhere"))
    ca_file = str(certificates / "ca.crt")
    careful = start_probe(broker.port, ca_file=ca_file)
    assert careful.wait("state", state="waiting")["reason"] == UNREACHABLE
    careless = start_probe(broker.port, ca_file=ca_file, insecure=1)
    careless.wait_until_subscribed()
    assert careful.quit()["connects"] == 0


def test_an_encrypted_key_without_its_password_asks_nobody(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path
) -> None:
    broker = make_broker(*tls_lines(certificates, "server"))
    files = {"ca_file": "ca.crt", "certificate_file": "client.crt", "key_file": "encrypted.key"}
    settings = {name: str(certificates / file) for name, file in files.items()}
    probe = start_probe(broker.port, **settings)
    assert probe.wait("state", state="refused")["reason"]
    right = start_probe(broker.port, **settings, key_password="secret")
    right.wait_until_subscribed()
    assert probe.quit()["connects"] == 0


def test_a_file_that_is_missing_is_refused(start_probe: StartProbe, broker: Broker) -> None:
    probe = start_probe(broker.port, ca_file="/nonexistent.crt")
    assert probe.wait("init")["reason"] == "ca_file or ca_path cannot be read"


def test_tls_to_a_plain_port_does_not_connect(
    broker: Broker, start_probe: StartProbe, certificates: Path
) -> None:
    probe = start_probe(broker.port, ca_file=str(certificates / "ca.crt"))
    assert probe.wait("state", state="waiting")["reason"] == UNREACHABLE
    assert probe.quit()["connects"] == 0


def test_what_is_unbound_while_offline_is_unsubscribed(
    absent_broker: Broker, start_probe: StartProbe
) -> None:
    """The broker keeps the session, and with it the subscription."""
    absent_broker.start()
    probe = start_probe(absent_broker.port)
    probe.wait("subscribed")
    probe.do("bind north")
    probe.wait("subscribed")
    absent_broker.kill()
    probe.wait("state", state="waiting")
    assert probe.ask("unbind", "unbound")["status"] == "ok"
    absent_broker.start()
    absent_broker.wait_for_log("Received UNSUBSCRIBE")
    probe.wait("subscribed")
