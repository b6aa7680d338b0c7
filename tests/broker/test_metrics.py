"""The example that exports counters of each topic, in the text format of Prometheus."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broker.server import Broker
from tests.support.waiting import DEADLINE_S, wait_until

SN = "e465b881d850"
CALL = f"/sys/folotoy/{SN}/thing/command/call"
ACK = "/sys/folotoy/{sn}/thing/command/callAck"
COMMAND = "/sys/folotoy/{sn}/thing/command/call"

LABEL = r'[a-z]+="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"([a-z_]+)(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\d+)")
HEAD = re.compile(r"# (HELP|TYPE) ([a-z_]+) (.+)")

Sample = tuple[str, frozenset[str]]


def samples(text: str) -> dict[Sample, int]:
    """Each line is a sample below the head of its metric, and no sample comes twice."""
    found: dict[Sample, int] = {}
    described: list[tuple[str, str]] = []
    for line in text.splitlines():
        if head := HEAD.fullmatch(line):
            described.append((head[1], head[2]))
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        assert described[-2:] == [("HELP", sample[1]), ("TYPE", sample[1])]
        key = (sample[1], frozenset(re.findall(LABEL, sample[2] or "")))
        assert key not in found
        found[key] = int(sample[3])
    return found


def messages(direction: str, address: str, status: str) -> Sample:
    labels = {"direction": direction, "address": address, "status": status}
    return "mqbind_messages_total", frozenset(f'{name}="{labels[name]}"' for name in labels)


def payload_bytes(direction: str, address: str) -> Sample:
    labels = frozenset((f'direction="{direction}"', f'address="{address}"'))
    return "mqbind_payload_bytes_total", labels


@pytest.fixture
def toy(broker: Broker, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    program = Path(os.environ["MQBIND_BUILD_DIR"]).resolve() / "examples" / "prometheus"
    running = subprocess.Popen([program, str(broker.port), SN, tmp_path / "toy.prom"])
    yield running
    running.kill()
    running.wait(DEADLINE_S)


def command(volume: int) -> bytes:
    parameters = {"volume": volume}
    return json.dumps(
        {"msgId": 1, "identifier": "updatecommonconfig", "inputParams": parameters}
    ).encode()


def test_each_topic_is_counted_by_status(
    broker: Broker, toy: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    file = tmp_path / "toy.prom"
    broker.wait_for_log(f"{CALL} (QoS 0)")
    for volume in (1, 2, 300):
        broker.publish(CALL, command(volume))
    broker.publish(CALL, b"{")
    last = messages("received", COMMAND, "not JSON")
    wait_until(
        lambda: file.is_file() and last in samples(file.read_text()),
        lambda: file.read_text() if file.is_file() else "no metrics",
    )
    found = samples(file.read_text())
    assert found[("mqbind_connected", frozenset())] == 1
    toy.terminate()
    assert toy.wait(DEADLINE_S) == 0
    found = samples(file.read_text())
    assert found.pop(payload_bytes("sent", ACK)) > 0
    assert found == {
        messages("received", COMMAND, "ok"): 2,
        messages("received", COMMAND, "value not allowed"): 1,
        last: 1,
        messages("sent", ACK, "ok"): 2,
        payload_bytes("received", COMMAND): len(command(1)) + len(command(2)),
        ("mqbind_connected", frozenset()): 0,
        ("mqbind_pending", frozenset()): 0,
        ("mqbind_connects_total", frozenset()): 1,
    }
