"""The `x-mqbind-*` keys. Only schema/x-mqbind.schema.json defines where each is allowed."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from mqbind.diagnostics import Diagnostics
from mqbind.load.document import suggestions
from mqbind.load.document.nodes import (
    ArrayNode,
    Entry,
    Node,
    ObjectNode,
    ScalarNode,
    descend,
    plain,
)
from mqbind.load.document.schema_errors import error_text
from mqbind.rules import Rule

OURS = "x-mqbind-"
_FILE = "x-mqbind.schema.json"
_PLAIN = {"type", "pattern", "minLength", "maxLength", "minimum", "maximum", "enum", "items"}
_NO_RULES = {"description", "examples", "default"}


def check_keys(kind: str, node: ObjectNode, diagnostics: Diagnostics) -> bool:
    """Report extension keys that are not allowed in a `kind` of object, and wrong values; True if
    there are none."""
    valid = True
    for key, entry in node.entries.items():
        if key in _keys(kind):
            valid = _check_value(kind, key, entry, diagnostics) and valid
        elif key.startswith(OURS):
            report_misplaced(_place(kind), key, entry, diagnostics, _keys(kind))
            valid = False
    return valid


def _check_value(kind: str, key: str, entry: Entry, diagnostics: Diagnostics) -> bool:
    if _is_usual_value(_keys(kind)[key], entry.value):
        return True
    errors = list(_validator(kind, key).iter_errors(plain(entry.value)))
    for error in errors:
        diagnostics.error(
            Rule.INVALID_EXTENSION_VALUE,
            descend(entry.value, list(error.absolute_path)).location,
            f"invalid value for `{key}`: {error_text(error)}",
            f"{_keys(kind)[key]['description']} Example: {_example(kind, key)}",
        )
    return not errors


def _is_usual_value(schema: Mapping[str, Any], node: Node) -> bool:
    """Whether it is a common value, which needs no validator."""
    if not schema.keys() <= _PLAIN | _NO_RULES:
        return False
    match schema, node:
        case _, ScalarNode(value=bool()):
            return bool(schema.get("type") == "boolean")
        case {"enum": values}, ScalarNode():
            return node.value in values
        case {"type": "string"}, ScalarNode(value=str() as text):
            most = schema.get("maxLength", len(text))
            fits = schema.get("minLength", 0) <= len(text) <= most
            return fits and re.search(schema.get("pattern", ""), text) is not None
        case {"type": "integer", "minimum": low, "maximum": high}, ScalarNode(value=int()):
            return bool(low <= node.value <= high)
        case {"type": "array", "items": items}, ArrayNode():
            return all(_is_usual_value(items, each) for each in node.items)
        case _:
            return False


def report_misplaced(
    place: str, key: str, entry: Entry, diagnostics: Diagnostics, known: Collection[str] = ()
) -> None:
    """Report a key of ours that a `place` ("a channel") does not have; `known` are those it has."""
    elsewhere = [_place(other) for other in _kinds() if key in _keys(other)]
    if elsewhere:
        diagnostics.error(
            Rule.MISPLACED_EXTENSION_KEY,
            entry.location,
            f"`{key}` is not allowed in {place}",
            f"use it in {' or '.join(elsewhere)}",
        )
        return
    diagnostics.error(
        Rule.UNKNOWN_EXTENSION_KEY,
        entry.location,
        f"unknown extension key `{key}` in {place}",
        suggestions.remedy(key, known, f"mqbind extension keys here: {suggestions.listing(known)}"),
    )


def _place(kind: str) -> str:
    """The kind of object as a sentence names it: "an operation"."""
    if kind == "info":
        return "`info`"
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _example(kind: str, key: str) -> str:
    return json.dumps(_keys(kind)[key]["examples"][0], ensure_ascii=False)


@functools.cache
def _schema() -> Any:
    """Inside the installed package, or else in the repository's schema/."""
    packaged = resources.files("mqbind").joinpath(_FILE)
    if packaged.is_file():
        return json.loads(packaged.read_text(encoding="utf-8"))
    source = Path(__file__).resolve().parents[4] / "schema" / _FILE
    return json.loads(source.read_text(encoding="utf-8"))


@functools.cache
def _kinds() -> tuple[str, ...]:
    return tuple(kind for kind, its in _schema()["definitions"].items() if "properties" in its)


@functools.cache
def _keys(kind: str) -> dict[str, Any]:
    """The extension keys in a `kind` of object, each with its schema."""
    properties = _schema()["definitions"][kind]["properties"]
    return {key: its for key, its in properties.items() if key.startswith("x-")}


@functools.cache
def _validator(kind: str, key: str) -> Any:
    # Imported here, because it is slow to import and most documents are valid.
    from jsonschema import Draft7Validator

    whole = dict(_schema())
    whole["$ref"] = f"#/definitions/{kind}/properties/{key}"
    return Draft7Validator(whole)
