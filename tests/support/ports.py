"""Loopback ports for servers that are started again, or later, on the same port."""

import random
import socket
from pathlib import Path

LOWEST = 10_000
RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A port that no connection is given as its own while nobody listens on it."""
    end = int(RANGE.read_text().split()[0])
    while True:
        port = random.SystemRandom().randrange(LOWEST, end)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
