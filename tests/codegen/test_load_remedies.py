"""Usual mistakes are reported with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.load import load

DOCUMENT = """\
asyncapi: 3.0.0
info: {title: T, version: 1.0.0}
servers: {s: {host: h, protocol: mqtt}}
channels:
  c:
    address: a
    messages:
      m:
        payload:
          type: object
          properties:
            x: {type: integer}
operations:
  o:
    action: send
    channel: {$ref: '#/channels/c'}
"""
IN_OPERATION = "    action: send\n"
IN_CHANNEL = "    address: a\n"
IN_MESSAGE = "      m:\n"
BINDING = "write `bindings: {mqtt: {qos: ...}}` in the operation"
PAYLOAD = "write it under `payload`, with the rest of the schema"
VERSION_2 = "this is AsyncAPI 2; in AsyncAPI 3"


def reported(folder: Path, before: str, after: str) -> list[str]:
    """Place, message and remedy of each diagnostic of the changed document."""
    assert DOCUMENT.count(before) == 1
    path = folder / "t.yaml"
    path.write_text(DOCUMENT.replace(before, after))
    diagnostics = Diagnostics()
    load(path, diagnostics)
    return [
        f"{each.location.line}:{each.location.column}: {each.message}; {each.remedy}"
        for each in diagnostics
    ]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("int", "integer"),
        ("Integer", "integer"),
        ("float", "number"),
        ("str", "string"),
        ("bool", "boolean"),
        ("list", "array"),
        ("dict", "object"),
        ("None", "null"),
        ("strin", "string"),
    ],
)
def test_a_type_of_another_language(tmp_path: Path, word: str, meant: str) -> None:
    message = f"`{word}` is not a type of JSON Schema; did you mean `{meant}`?"
    assert reported(tmp_path, "type: integer", f"type: {word}") == [f"12:23: {message}"]
    assert reported(tmp_path, "type: integer", f"type: ['null', {word}]") == [f"12:32: {message}"]


def test_a_type_that_is_like_none(tmp_path: Path) -> None:
    assert reported(tmp_path, "type: integer", "type: quaternion") == [
        "12:23: `quaternion` is not a type of JSON Schema; the types are `integer`, `number`, "
        "`string`, `array`, `object`, `boolean`, `null`"
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            IN_OPERATION,
            "    action: send\n    qos: 1\n",
            f"16:5: unknown field `qos` in an operation; {BINDING}",
        ),
        (
            IN_OPERATION,
            "    action: send\n    mqtt: {}\n",
            "16:5: unknown field `mqtt` in an operation; write it under `bindings`",
        ),
        (
            IN_OPERATION,
            "    action: send\n    bindings: {qos: 1}\n",
            "16:16: `qos` is not a protocol; write `mqtt: {qos: ...}`",
        ),
        (
            IN_OPERATION,
            "    action: send\n    operationId: o\n",
            "16:5: unknown field `operationId` in an operation; "
            f"{VERSION_2} the key of the operation is its id",
        ),
        (
            IN_CHANNEL,
            "    address: a\n    bindings: {mqtt: {qos: 1}}\n",
            "7:23: `qos` belongs in operations, and is used for those of this channel without one; "
            "write `qos: 1` in the MQTT binding of each operation",
        ),
        (
            IN_CHANNEL,
            "    address: a\n    bindings: {qos: 1}\n",
            "7:16: `qos` is not a protocol; write `mqtt: {qos: ...}`",
        ),
        (
            IN_CHANNEL,
            "    address: a\n    subscribe: {}\n",
            "7:5: unknown field `subscribe` in a channel; "
            f"{VERSION_2} write `messages` here, and `operations` with an `action` each",
        ),
        (
            IN_MESSAGE,
            "      m:\n        required: [x]\n",
            f"9:9: unknown field `required` in a message; {PAYLOAD}",
        ),
        (
            IN_MESSAGE,
            "      m:\n        properties: {}\n",
            f"9:9: unknown field `properties` in a message; {PAYLOAD}",
        ),
        (
            IN_MESSAGE,
            "      m:\n        qos: 1\n",
            f"9:9: unknown field `qos` in a message; {BINDING}",
        ),
        (
            "{host: h, protocol: mqtt}",
            "{host: h, protocol: mqtt, url: h}",
            "3:40: unknown field `url` in a server; "
            f"{VERSION_2} write `host`, and `pathname` for what follows it",
        ),
        (
            IN_CHANNEL,
            "\taddress: a\n",
            "6:1: not valid YAML: a tab where a value begins; indent with spaces",
        ),
    ],
)
def test_a_field_in_another_place(tmp_path: Path, before: str, after: str, expected: str) -> None:
    assert reported(tmp_path, before, after) == [expected]


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("{type: [integer, 'null'], default: true}", "true is not of type integer or null"),
        ("{type: string, default: null}", "null is not of type string"),
        (
            "{type: array, default: [null, false], maxItems: 1}",
            "[null, false] has more than 1 item",
        ),
        ("{type: string, default: é, pattern: ^a$}", '"é" does not match ^a$'),
        ("{type: string, default: '', minLength: 1}", '"" must not be empty'),
        ("{type: string, default: 'a', minLength: 2}", '"a" is shorter than 2 characters'),
        ("{type: number, default: 0.5, multipleOf: 0.2}", "0.5 is not a multiple of 0.2"),
        ("{enum: [null, true, a], default: 3}", '3 is not one of [null, true, "a"]'),
    ],
)
def test_values_are_shown_as_json(tmp_path: Path, schema: str, message: str) -> None:
    found = reported(tmp_path, "{type: integer}", schema)
    assert any(f"this default violates its schema: {message}; fix" in line for line in found), found
