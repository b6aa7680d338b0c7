"""Passwords, access lists and TLS."""

import subprocess
from pathlib import Path

import pytest

from tests.broker.conftest import MakeBroker, StartProbe
from tests.broker.server import Broker, find_program


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "passwords"
    command = (find_program("mosquitto_passwd"), "-b", "-c", str(file), "toy", "secret")
    subprocess.run(command, check=True)
    return file


@pytest.mark.parametrize("protocol", [4, 5])
def test_a_wrong_password_is_refused_visibly_and_retried_slowly(
    make_broker: MakeBroker, start_probe: StartProbe, password_file: Path, protocol: int
) -> None:
    broker = make_broker("allow_anonymous false", f"password_file {password_file}")
    wrong = start_probe(broker.port, username="toy", password="wrong", protocol=protocol)
    refused = wrong.wait("state", state="refused")
    reasons = {4: "Connection Refused: not authorised.", 5: "Not authorized"}
    assert refused["reason"] == reasons[protocol]
    assert 145 <= refused["retry_ms"] <= 300
    wrong.wait("state", state="refused")
    right = start_probe(broker.port, username="toy", password="secret", protocol=protocol)
    right.wait_until_subscribed()
    assert wrong.quit()["connects"] == 0


def test_mqtt_5_tells_of_a_publish_that_the_access_list_forbids(
    make_broker: MakeBroker, start_probe: StartProbe, tmp_path: Path
) -> None:
    acl = tmp_path / "acl"
    acl.write_text("topic read probe/in/#\ntopic write probe/out/allowed\n")
    broker = make_broker("allow_anonymous true", f"acl_file {acl}")
    probe = start_probe(broker.port, protocol=5)
    probe.wait_until_subscribed()
    probe.ask("publish 1 allowed x", "sent")
    probe.ask("publish 1 forbidden x", "sent")
    probe.ask("publish 2 forbidden x", "sent")
    counters = probe.wait_for_counter("publishes_refused", 2)
    assert counters["confirmed"] == 1
    probe.quit()


def tls_lines(folder: Path, certificate: str, *more: str) -> tuple[str, ...]:
    return (
        "allow_anonymous true",
        f"certfile {folder / certificate}.crt",
        f"keyfile {folder / certificate}.key",
        f"cafile {folder / 'ca.crt'}",
        *more,
    )


@pytest.mark.parametrize("blocking", [0, 1])
def test_a_trusted_certificate_connects_and_reconnects(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path, blocking: int
) -> None:
    broker = make_broker(*tls_lines(certificates, "server"))
    probe = start_probe(
        broker.port, ca_file=str(certificates / "ca.crt"), blocking_connect=blocking
    )
    probe.wait_until_subscribed()
    broker.kill()
    probe.wait("state", state="waiting")
    broker.start()
    probe.wait("state", state="connected")
    probe.wait_for_counter("granted", 2)
    assert probe.ask("publish-bytes 1 big 3000000", "sent")["status"] == "ok"
    probe.wait_for_counter("confirmed", 1)
    assert probe.quit()["dropped"] == 0


def test_the_systems_certificates_count_when_none_are_given(
    make_broker: MakeBroker,
    start_probe: StartProbe,
    certificates: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = make_broker(*tls_lines(certificates, "server"))
    stranger = start_probe(broker.port, tls=1)
    stranger.wait("state", state="refused", reason="certificate verify failed")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.crt"))
    probe = start_probe(broker.port, tls=1)
    probe.wait_until_subscribed()
    broker.kill()
    broker.start()
    probe.wait("state", state="connected")


def test_an_unknown_ca_is_refused_visibly(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path
) -> None:
    broker = make_broker(*tls_lines(certificates, "server"))
    probe = start_probe(broker.port, ca_file=str(certificates / "other_ca.crt"))
    for _ in range(2):
        refused = probe.wait("state", state="refused")
        assert refused["reason"] == "certificate verify failed"
        assert refused["retry_ms"] >= 145
    assert probe.quit()["connects"] == 0


def test_a_certificate_of_another_host_needs_insecure(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path
) -> None:
    broker = make_broker(*tls_lines(certificates, "elsewhere"))
    ca_file = str(certificates / "ca.crt")
    careful = start_probe(broker.port, ca_file=ca_file)
    careful.wait("state", state="refused", reason="certificate verify failed")
    careless = start_probe(broker.port, ca_file=ca_file, insecure=1)
    careless.wait_until_subscribed()


@pytest.mark.parametrize("key", ["client.key", "encrypted.key"])
def test_a_client_certificate_opens_the_door(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path, key: str
) -> None:
    broker = make_broker(*tls_lines(certificates, "server", "require_certificate true"))
    settings = {
        "ca_file": str(certificates / "ca.crt"),
        "certificate_file": str(certificates / "client.crt"),
        "key_file": str(certificates / key),
        "key_password": "secret",
    }
    start_probe(broker.port, **settings).wait_until_subscribed()


def test_a_missing_client_certificate_is_refused_visibly(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path
) -> None:
    broker = make_broker(*tls_lines(certificates, "server", "require_certificate true"))
    probe = start_probe(broker.port, ca_file=str(certificates / "ca.crt"))
    reason = probe.wait("state", state="refused")["reason"]
    assert "certificate required" in reason


def test_an_encrypted_key_without_its_password_asks_nobody(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path
) -> None:
    broker = make_broker(*tls_lines(certificates, "server"))
    probe = start_probe(
        broker.port,
        ca_file=str(certificates / "ca.crt"),
        certificate_file=str(certificates / "client.crt"),
        key_file=str(certificates / "encrypted.key"),
    )
    assert probe.wait("state", state="refused")["reason"] != ""


def test_plain_text_to_a_tls_port_does_not_connect(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path
) -> None:
    broker = make_broker(*tls_lines(certificates, "server"))
    probe = start_probe(broker.port)
    assert probe.wait("state", state="waiting")["reason"] != ""


def test_tls_to_a_plain_port_does_not_connect(
    broker: Broker, start_probe: StartProbe, certificates: Path
) -> None:
    probe = start_probe(broker.port, ca_file=str(certificates / "ca.crt"))
    reasons = ("The connection was lost.", "Connection reset by peer")
    assert probe.wait("state", state="waiting")["reason"] in reasons


def test_a_pre_shared_key_connects(
    make_broker: MakeBroker, start_probe: StartProbe, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    keys.write_text("toy:0123456789abcdef\n")
    broker = make_broker("allow_anonymous true", f"psk_file {keys}", "psk_hint test")
    probe = start_probe(broker.port, psk="0123456789abcdef", psk_identity="toy")
    probe.wait_until_subscribed()
    wrong = start_probe(broker.port, psk="00", psk_identity="toy")
    wrong.wait("state", state="refused")
