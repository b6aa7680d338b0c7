"""Documents as plain data: those that exist, for an independent validator, and small new ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator

from tests.support.texts import types_of


@cache
def document(schema: Path) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(schema.read_text())
    return loaded


def validator(schema: Path, message: str) -> Draft7Validator:
    """What JSON Schema says of the payload of `components.messages.<message>`."""
    whole = {**document(schema), "$ref": f"#/components/messages/{message}/payload"}
    return Draft7Validator(whole)


def text_types(schema: Path, message: str) -> frozenset[str] | None:
    """The types of a payload that is text; None if it is JSON."""
    whole = document(schema)
    found = whole["components"]["messages"][message]
    content = found.get("contentType", whole.get("defaultContentType", "application/json"))
    return types_of(found["payload"], whole) if content.lower().startswith("text/") else None


def examples(schema: Path) -> list[tuple[str, str, Any]]:
    """Every example payload of JSON: the message's key, the example's name, the plain data."""
    messages = document(schema)["components"]["messages"]
    return [
        (key, example["name"], example["payload"])
        for key, message in messages.items()
        if "contentType" not in message
        for example in message.get("examples", [])
    ]


def receiving(payloads: Mapping[str, Any], **info: str) -> dict[str, Any]:
    """A document that receives a message with each of these payloads."""
    return {
        "asyncapi": "3.0.0",
        "info": {"version": "1.0.0", **info},
        "channels": {
            name: {"address": name, "messages": {name: {"payload": payload}}}
            for name, payload in payloads.items()
        },
        "operations": {
            name: {"action": "receive", "channel": {"$ref": f"#/channels/{name}"}}
            for name in payloads
        },
    }


def write_around(schema: Any, name: str, folder: Path, schema_format: str | None = None) -> Path:
    """Write a document with one message, whose C name is `<name>_case`. The schema has a file of
    its own, so that `#` means it. `schema_format` names its draft."""
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / f"{name}.schema.json"
    own.write_text(json.dumps(schema))
    payload: dict[str, Any] = {"$ref": own.name}
    if schema_format is not None:
        payload = {"schemaFormat": schema_format, "schema": payload}
    document = receiving({"Case": payload}, title=name, **{"x-mqbind-prefix": name})
    file = folder / f"{name}.json"
    file.write_text(json.dumps(document))
    return file
