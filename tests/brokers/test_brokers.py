"""Of `make brokers`: one broker that is cheap, and whether all are locked and in the table."""

import re
from pathlib import Path

import pytest

from tests.brokers.brokers import BROKERS, SOURCES, Broker
from tests.brokers.run_brokers import PAGE, row

AEDES = next(broker for broker in BROKERS if broker.name == "aedes")


def test_a_broker_without_groups_does_what_the_table_says(tmp_path: Path) -> None:
    assert f"{row(AEDES, tmp_path)}\n" in PAGE.read_text()


@pytest.mark.parametrize("broker", BROKERS, ids=lambda broker: broker.name)
def test_the_table_has_every_broker_in_its_version(broker: Broker) -> None:
    [line] = re.findall(rf"^\| {broker.name} \|.*", PAGE.read_text(), re.MULTILINE)
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[1] == broker.source
    demo = {5: cells[2], 4: cells[3]}
    groups = {5: cells[4], 4: cells[5]}
    for protocol in (5, 4):
        assert (" of 5" in demo[protocol]) == (protocol in broker.versions)
        assert (groups[protocol] == "20 of 20") == (protocol in broker.groups)


@pytest.mark.parametrize("name", ["hivemq", "moquette"])
def test_files_of_maven_have_their_hashes(name: str) -> None:
    pom = (SOURCES / name / "pom.xml").read_text()
    [_, artifact] = re.findall("<artifactId>(.*)</artifactId>", pom)
    [_, version] = re.findall("<version>(.*)</version>", pom)
    lines = (SOURCES / name / "jars.sha256").read_text().splitlines()
    assert all(re.fullmatch(r"[0-9a-f]{64} [ *][\w.-]+\.jar", line) for line in lines)
    assert any(line.endswith(f" {artifact}-{version}.jar") for line in lines)
