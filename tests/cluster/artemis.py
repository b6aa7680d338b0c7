"""A cluster of Artemis nodes on loopback, of which each can be killed and started again."""

from __future__ import annotations

import re
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.brokers.brokers import ROOT, Process, run
from tests.support.ports import free_port
from tests.support.waiting import DEADLINE_S, wait_until

HOME = ROOT / "build" / "cluster" / "artemis"
JOINED = "Bridge ClusterConnectionBridge"
OPTIONS = (
    *("--silent", "--user", "a", "--password", "a", "--allow-anonymous", "--host", "127.0.0.1"),
    *("--no-web", "--no-amqp-acceptor", "--no-stomp-acceptor", "--no-hornetq-acceptor"),
    *("--no-mqtt-acceptor", "--clustered", "--cluster-user", "c", "--cluster-password", "c"),
    *("--message-load-balancing", "ON_DEMAND", "--no-autotune", "--nio", "--no-fsync"),
    *("--java-memory", "512M", "--java-options=-XX:+ExitOnOutOfMemoryError"),
)
FOR_EVERY_ADDRESS = (
    "<redistribution-delay>0</redistribution-delay>"
    "<auto-delete-addresses-skip-usage-check>true</auto-delete-addresses-skip-usage-check>"
    "<id-cache-size>100</id-cache-size>"
)
"""Topics of ThingsPanel have the id of a message: a node that kept them all would need 512 MB. For
each whose messages came from another node it keeps a cache even then, of 20,000 entries unless told
otherwise."""
FORGET_ADDRESSES = "<address-queue-scan-period>1000</address-queue-scan-period>"


@dataclass(kw_only=True)
class Node:
    """One node. Its queues are on disk and outlive it."""

    folder: Path
    core_port: int = field(default_factory=free_port)
    port: int = field(default_factory=free_port)
    process: Process | None = None

    def create(self, others: list[Node]) -> None:
        peers = ",".join(f"tcp://127.0.0.1:{other.core_port}" for other in others)
        command = (
            *(str(HOME / "bin" / "artemis"), "create", str(self.folder), *OPTIONS),
            *("--name", self.folder.name, "--default-port", str(self.core_port)),
            *("--staticCluster", peers),
        )
        subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE_S)
        file = self.folder / "etc" / "broker.xml"
        file.write_text(self._configured(file.read_text()))

    def _configured(self, text: str) -> str:
        """With MQTT; what one node takes reaches the workers at the others, at once."""
        acceptor = f'<acceptor name="mqtt">tcp://127.0.0.1:{self.port}?protocols=MQTT</acceptor>'
        every = '<address-setting match="#">'
        changes = (
            ("</acceptors>", f"{acceptor}</acceptors>"),
            ("<max-hops>0</max-hops>", "<max-hops>1</max-hops>"),
            (every, f"{every}{FOR_EVERY_ADDRESS}"),
            ("<auto-delete-addresses>false", "<auto-delete-addresses>true"),
            ("</acceptors>", f"</acceptors>{FORGET_ADDRESSES}"),
        )
        for pattern, replacement in changes:
            text, count = re.subn(pattern, replacement, text)
            assert count, pattern
        return text

    def start(self, actors: ExitStack) -> None:
        command = (str(self.folder / "bin" / "artemis"), "run")
        self.process = run(command, self.folder, actors, {})
        self.process.wait_until_it_listens(self.port)

    def kill(self) -> None:
        assert self.process
        self.process.popen.kill()
        self.process.popen.wait(DEADLINE_S)

    def wait_for_the_others(self, count: int) -> None:
        assert self.process
        log = self.process.log
        wait_until(
            lambda: log.read_text().count(JOINED) >= count,
            lambda: f"the nodes did not join:\n{log.read_text()[-3000:]}",
        )


def start_cluster(folder: Path, actors: ExitStack, count: int = 3) -> list[Node]:
    nodes = [Node(folder=folder / f"node{number}") for number in range(count)]
    for node in nodes:
        node.create([other for other in nodes if other is not node])
    for node in nodes:
        node.start(actors)
    for node in nodes:
        node.wait_for_the_others(count - 1)
    return nodes
