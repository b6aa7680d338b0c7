"""Schemas as plain data, for an independent validator."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator


@cache
def document(schema: Path) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(schema.read_text())
    return loaded


def validator(schema: Path, message: str) -> Draft7Validator:
    """What JSON Schema says of the payload of `components.messages.<message>`."""
    whole = {**document(schema), "$ref": f"#/components/messages/{message}/payload"}
    return Draft7Validator(whole)


def examples(schema: Path) -> list[tuple[str, str, Any]]:
    """Every example payload of JSON: the message's key, the example's name, the plain data."""
    messages = document(schema)["components"]["messages"]
    return [
        (key, example["name"], example["payload"])
        for key, message in messages.items()
        if "contentType" not in message
        for example in message.get("examples", [])
    ]
