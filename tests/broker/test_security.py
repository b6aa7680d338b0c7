"""Passwords, access lists and TLS."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.broker.conftest import BOTH, MakeBroker, StartFake, StartProbe
from tests.broker.fake_broker import CONNACK, Peer
from tests.broker.server import Broker
from tests.support.waiting import LONGER_MS

UNKNOWN_AUTHORITY = "the broker's certificate is not signed by a trusted authority"
OTHER_HOST = "the broker's certificate is for another host"


@BOTH
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


@BOTH
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


@BOTH
def test_a_trusted_certificate_connects_and_reconnects(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path
) -> None:
    broker = make_broker(*tls_lines(certificates, "server"))
    probe = start_probe(broker.port, ca_file=str(certificates / "ca.crt"))
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
    stranger.wait("state", state="refused", reason=UNKNOWN_AUTHORITY)
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
        assert refused["reason"] == UNKNOWN_AUTHORITY
        assert refused["retry_ms"] >= 145
    assert probe.quit()["connects"] == 0


def test_a_certificate_of_another_host_needs_insecure(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path
) -> None:
    broker = make_broker(*tls_lines(certificates, "elsewhere"))
    ca_file = str(certificates / "ca.crt")
    careful = start_probe(broker.port, ca_file=ca_file)
    careful.wait("state", state="refused", reason=OTHER_HOST)
    careless = start_probe(broker.port, ca_file=ca_file, insecure=1)
    careless.wait_until_subscribed()


@BOTH
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
    reason = "key_file cannot be read with key_password, or is not that of certificate_file"
    assert probe.wait("init")["reason"] == reason


@pytest.mark.parametrize(
    ("protocol", "guess"),
    [
        (4, "its port may need TLS"),
        (5, "it may not know MQTT 5, or its port needs TLS"),
    ],
)
def test_plain_text_to_a_tls_port_does_not_connect(
    make_broker: MakeBroker,
    start_probe: StartProbe,
    certificates: Path,
    protocol: int,
    guess: str,
) -> None:
    broker = make_broker(*tls_lines(certificates, "server"))
    probe = start_probe(broker.port, protocol=protocol, allow_abort=1)
    reason = f"the broker closed the connection without an answer: {guess}"
    assert probe.wait("state", state="waiting")["reason"] == reason


def test_tls_to_a_plain_port_does_not_connect(
    broker: Broker, start_probe: StartProbe, certificates: Path
) -> None:
    probe = start_probe(broker.port, ca_file=str(certificates / "ca.crt"))
    reason = "the broker closed the connection when TLS began: its port may not have TLS"
    assert probe.wait("state", state="waiting")["reason"] == reason


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


@pytest.mark.parametrize(
    ("certificate", "ca", "reason"),
    [
        ("expired", "ca", "the broker's certificate has expired"),
        ("server", "other_ca", UNKNOWN_AUTHORITY),
        ("elsewhere", "ca", OTHER_HOST),
    ],
)
def test_what_is_wrong_with_a_certificate_is_the_reason(
    make_broker: MakeBroker,
    start_probe: StartProbe,
    certificates: Path,
    certificate: str,
    ca: str,
    reason: str,
) -> None:
    broker = make_broker(*tls_lines(certificates, certificate))
    probe = start_probe(broker.port, ca_file=str(certificates / f"{ca}.crt"))
    assert probe.wait("state", state="refused")["reason"] == reason
    own = start_probe(broker.port, context=str(certificates / f"{ca}.crt"))
    assert own.wait("state", state="refused")["reason"] == reason


def test_the_name_of_a_host_is_verified_and_not_its_address(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path
) -> None:
    broker = make_broker(*tls_lines(certificates, "named"))
    ca_file = str(certificates / "ca.crt")
    start_probe(broker.port, host="localhost", ca_file=ca_file).wait("subscribed")
    start_probe(broker.port, host="localhost", context=ca_file).wait("subscribed")
    hosts = f"127.0.0.1:{broker.port},localhost:{broker.port}"
    probe = start_probe(broker.port, hosts=hosts, ca_file=ca_file)
    assert probe.wait("state", state="waiting")["reason"] == OTHER_HOST
    assert probe.wait("state", state="connected")["host"] == "localhost"
    by_address = start_probe(broker.port, ca_file=ca_file)
    assert by_address.wait("state", state="refused")["reason"] == OTHER_HOST


@pytest.mark.parametrize("version", ["tlsv1.2", "tlsv1.3"])
def test_a_client_certificate_that_the_broker_rejects_is_refused(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path, version: str
) -> None:
    """
    With TLS 1.3 the client learns of it after its handshake. A reset may overtake the alert that
    says why.
    """
    lines = tls_lines(certificates, "server", "require_certificate true", f"tls_version {version}")
    probe = start_probe(
        make_broker(*lines).port,
        ca_file=str(certificates / "ca.crt"),
        certificate_file=str(certificates / "foreign.crt"),
        key_file=str(certificates / "foreign.key"),
    )
    for _ in range(3):
        refused = probe.wait("state", state="refused")
        assert refused["reason"] in {
            "the broker refused TLS: unknown CA",
            "the broker ended TLS early: it may not accept the client's certificate or key",
        }
        assert refused["retry_ms"] >= 145
    assert probe.count("state", state="waiting") == 0


def test_renewed_files_are_read_before_the_next_attempt(
    make_broker: MakeBroker, start_probe: StartProbe, certificates: Path, tmp_path: Path
) -> None:
    broker = make_broker(*tls_lines(certificates, "server"))
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes((certificates / "other_ca.crt").read_bytes())
    probe = start_probe(broker.port, ca_file=str(ca_file))
    assert probe.wait("state", state="refused")["reason"] == UNKNOWN_AUTHORITY
    ca_file.write_bytes((certificates / "ca.crt").read_bytes())
    probe.wait("subscribed")
    ca_file.write_bytes(b"")
    broker.kill()
    probe.wait("state", state="waiting", reason="ca_file or ca_path cannot be read")
    ca_file.write_bytes((certificates / "ca.crt").read_bytes())
    broker.start()
    probe.wait("subscribed")


@dataclass
class TlsServer:
    """Notes which name and which protocols its clients ask for, and closes."""

    certificates: Path
    names: list[str | None] = field(default_factory=list)
    protocols: list[str | None] = field(default_factory=list)

    def __call__(self, peer: Peer) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(
            self.certificates / "elsewhere.crt", self.certificates / "elsewhere.key"
        )
        context.set_alpn_protocols(["http/1.1", "mqtt"])
        context.sni_callback = lambda _, name, __: self.names.append(name)
        with context.wrap_socket(peer.connection, server_side=True) as connection:
            self.protocols.append(connection.selected_alpn_protocol())
            connection.recv(100)
            connection.sendall(CONNACK)
            connection.recv(100)


@pytest.mark.parametrize("trust", ["ca_file", "context"])
def test_server_name_and_application_protocol_are_settings(
    fake_broker: StartFake, start_probe: StartProbe, certificates: Path, trust: str
) -> None:
    server = TlsServer(certificates)
    settings = {trust: str(certificates / "ca.crt")}
    port = fake_broker(server).port
    careful = start_probe(port, server_name="elsewhere.example", alpn="mqtt", **settings)
    careful.wait("state", state="connected")
    careful.end()
    first = len(server.names)
    assert (set(server.names), set(server.protocols)) == ({"elsewhere.example"}, {"mqtt"})
    careless = start_probe(port, insecure=1, **settings)
    careless.wait("state", state="connected")
    # An address is not a server name.
    assert (server.names[first], server.protocols[-1]) == (None, None)


def test_a_port_that_answers_plain_text_does_not_have_tls(
    fake_broker: StartFake, start_probe: StartProbe, certificates: Path
) -> None:
    def answer(peer: Peer) -> None:
        peer.connection.recv(1)
        peer.send(CONNACK + bytes(100))

    probe = start_probe(fake_broker(answer).port, ca_file=str(certificates / "ca.crt"))
    refused = probe.wait("state", state="refused")
    assert refused["reason"] == "the broker's port does not have TLS"


def test_a_port_that_answers_plain_text_with_an_alert_needs_tls(
    fake_broker: StartFake, start_probe: StartProbe
) -> None:
    def alert(peer: Peer) -> None:
        peer.read()
        peer.send(b"\x15\x03\x01\x00\x02\x02\x46")

    probe = start_probe(fake_broker(alert).port)
    assert probe.wait("state", state="refused")["reason"] == "the broker's port needs TLS"


def test_a_token_changes_without_closing(
    make_broker: MakeBroker, start_probe: StartProbe, password_file: Path
) -> None:
    broker = make_broker("allow_anonymous false", f"password_file {password_file}")
    probe = start_probe(
        broker.port, username="toy", password="old", retry_refused_ms=LONGER_MS, will_topic="will"
    )
    probe.wait("state", state="refused")
    assert probe.ask("credentials toy", "changed")["status"] == "ok"
    assert probe.ask("credentials toy secret", "changed")["status"] == "ok"
    probe.do("reconnect")
    probe.wait("subscribed")
    # It takes effect at the next connect, and no will is sent.
    assert probe.ask("credentials toy wrong", "changed")["status"] == "ok"
    probe.do("reconnect")
    again = probe.wait("state", state="waiting")
    assert again["reason"] == "connecting again as asked"
    probe.wait("state", state="refused")
    counters = probe.quit()
    assert (counters["connects"], counters["disconnects"], counters["connect_failures"]) == (
        1,
        1,
        2,
    )
    assert "Received DISCONNECT" in broker.log()


def test_a_token_given_when_a_connect_begins_is_in_time(
    make_broker: MakeBroker, start_probe: StartProbe, password_file: Path
) -> None:
    broker = make_broker("allow_anonymous false", f"password_file {password_file}")
    probe = start_probe(broker.port, username="toy", password="old", token="secret")
    probe.wait("subscribed")
    assert probe.quit()["connect_failures"] == 0
    bad = start_probe(broker.port, username="toy", password="old")
    bad.wait("state", state="refused")
    assert bad.ask("credentials a\x01", "changed")["status"] == "value not allowed"
