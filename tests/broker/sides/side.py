"""Drives sides.c: one side of a protocol, in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

from tests.broker.probe import Event, Probe
from tests.support.waiting import LONGER_MS, wait_until

OK = "ok"
DUPLICATE = "given twice"
LIMIT = "beyond a limit"
MISSING = "member missing"
LOST = "transport failed"
TIMEOUT = "no reply in time"
NO_CALL = "a reply that no call waits for"
TOPIC = "topic not allowed"
VALUE = "value not allowed"
"""Statuses as mqb_status_text() says them."""

Payload = object
"""Bytes as they are, anything else as JSON."""


def payload_bytes(payload: Payload) -> bytes:
    if isinstance(payload, bytes):
        return payload
    return json.dumps(payload, ensure_ascii=False).encode()


class Side(Probe):
    """A running side. Topic values come in the order of the address."""

    def __init__(self, program: Path, port: int, role: str, /, **settings: str | int) -> None:
        super().__init__(program, role=role, port=port, **settings)
        assert self.wait("bound")["status"] == OK

    def wait_until_ready(self) -> None:
        """Connected, and subscribed to all that it takes."""
        self.wait("state", state="connected")
        wait_until(self._has_what_it_asked_for, lambda: str(self.last("counters")))

    def _has_what_it_asked_for(self) -> bool:
        counters = self.ask("counters", "counters")
        return bool(counters["granted"] == counters["subscribes"])

    def send(self, message: str, payload: Payload, *values: object) -> str:
        """The status of a message that the side sends."""
        return self._ask("sent", "send", message, *values, payload_bytes(payload).hex())

    def call(
        self,
        message: str,
        payload: Payload,
        *values: object,
        tag: int = 1,
        timeout_ms: int = LONGER_MS,
    ) -> str:
        """The status of the beginning of a call."""
        payload_hex = payload_bytes(payload).hex()
        return self._ask("called", "call", message, timeout_ms, tag, *values, payload_hex)

    def answer(self, message: str, answer: str, payload: Payload) -> None:
        """From now on, answer the message from inside its handler."""
        self._ask("prepared", "answer", message, answer, payload_bytes(payload).hex())

    def _ask(self, event: str, *fields: object) -> str:
        return str(self.ask("\t".join(map(str, fields)), event)["status"])

    def message(self, name: str, **values: str) -> Event:
        """The next message of that name that reaches a handler."""
        return self.wait("message", message=name, **values)

    def reply(self, tag: int = 1) -> Event:
        """The end of a call."""
        return self.wait("reply", tag=tag)

    def error(self, **values: str) -> Event:
        return self.wait("error", **values)
