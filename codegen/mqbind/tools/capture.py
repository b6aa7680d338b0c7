"""Captured traffic: the lines that `mosquitto_sub -F '%j'` prints, and their messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

LINE_BYTES_MAX = 16 << 20
"""Longer lines are refused unread."""

_WITH_HEX = """mosquitto_sub -F '{"topic":"%t","payload_hex":"%x"}'"""


class BadLine(Exception):
    """A line that is not a message."""

    def __init__(self, rule: str, offset: int = 0) -> None:
        super().__init__(rule)
        self.rule = rule
        self.offset = offset


@dataclass(frozen=True, kw_only=True)
class Captured:
    """A message with its topic and properties."""

    topic: bytes
    payload: bytes
    response_topic: bytes = b""
    correlation_data: bytes = b""


def lines(source: BinaryIO) -> Iterator[bytes]:
    """The lines, each as soon as it arrives; only the beginning of one that is too long."""
    while line := source.readline(LINE_BYTES_MAX + 1):
        yield line
        while len(line) > LINE_BYTES_MAX and not line.endswith(b"\n"):
            line = source.readline(LINE_BYTES_MAX + 1)


def read_line(line: bytes) -> Captured:
    """The message of a line; raises BadLine."""
    if len(line) > LINE_BYTES_MAX:
        raise BadLine(f"a line must not exceed {LINE_BYTES_MAX} bytes")
    # Payloads may be any bytes, and mosquitto_sub prints them unchanged.
    text = line.decode(errors="surrogateescape")
    errors = "strict" if _is_utf8(line) else "surrogateescape"
    found = _object(text)
    topic = found.get("topic")
    if not isinstance(topic, str):
        raise BadLine("a line must have a `topic`, a string")
    properties = _properties(found)
    captured = Captured(
        topic=_encode("topic", topic, errors),
        payload=_payload(found, errors),
        response_topic=_property("response-topic", properties, errors),
        correlation_data=_property("correlation-data", properties, errors),
    )
    length = found.get("payloadlen", len(captured.payload))
    if length != len(captured.payload):
        raise BadLine(
            f"`payload` has {len(captured.payload)} bytes, but `payloadlen` is {length}: "
            f"mosquitto_sub cuts payloads at a NUL; record them with {_WITH_HEX}"
        )
    return captured


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        offset = len(text[: error.pos].encode(errors="surrogateescape"))
        raise BadLine(f"a line must be a JSON object: {error.msg}", offset) from None
    except (ValueError, RecursionError):
        raise BadLine("a line must be a JSON object without deep nesting or huge numbers") from None
    if not isinstance(found, dict):
        raise BadLine("a line must be a JSON object")
    return found


def _payload(found: dict[str, Any], errors: str) -> bytes:
    match found:
        case {"payload": _, "payload_hex": _}:
            raise BadLine("a line must have either `payload` or `payload_hex`, not both")
        case {"payload": None}:
            return b""  # as mosquitto_sub prints an empty one
        case {"payload": str(text)}:
            return _encode("payload", text, errors)
        case {"payload": _}:
            raise BadLine("`payload` must be a string; record with `mosquitto_sub -F '%j'`")
        case {"payload_hex": str(digits)}:
            return _bytes(digits)
        case {"payload_hex": _}:
            raise BadLine("`payload_hex` must be a string")
        case _:
            raise BadLine("a line must have a `payload` or a `payload_hex`")


def _properties(found: dict[str, Any]) -> dict[str, Any]:
    """The properties of a message of MQTT 5; may be absent."""
    properties = found.get("properties", {})
    if not isinstance(properties, dict):
        raise BadLine("`properties` must be an object")
    return properties


def _property(name: str, properties: dict[str, Any], errors: str) -> bytes:
    value = properties.get(name, "")
    if not isinstance(value, str):
        raise BadLine(f"`{name}` must be a string")
    return _encode(name, value, errors)


def _encode(name: str, text: str, errors: str) -> bytes:
    try:
        return text.encode(errors=errors)
    except UnicodeEncodeError:
        raise BadLine(f"`{name}` must not contain half a surrogate pair") from None


def _bytes(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise BadLine("`payload_hex` must have two hexadecimal digits per byte") from None
