"""What a payload that is text says, decided without mqbind: by Python's `json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

_ALL = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})


def value(
    text: str, types: frozenset[str], parse_float: Callable[[str], object] | None = None
) -> Any:
    """The value that the text spells if that has one of the types, and is no string; else the
    text."""
    try:
        spelled = json.loads(text, parse_float=parse_float, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text
    return spelled if types_of_value(spelled) & (types - {"string"}) else text


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def types_of_value(found: Any) -> frozenset[str]:
    """All types that a value has."""
    match found:
        case None:
            return frozenset({"null"})
        case bool():
            return frozenset({"boolean"})
        case str():
            return frozenset({"string"})
        case list():
            return frozenset({"array"})
        case dict():
            return frozenset({"object"})
        case int():
            return frozenset({"integer", "number"})
        case _:
            return frozenset({"integer", "number"} if _is_whole(found) else {"number"})


def _is_whole(number: float | Decimal) -> bool:
    if isinstance(number, float):
        return number.is_integer()
    exponent = number.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= 0


def types_of(schema: Any, whole: Mapping[str, Any]) -> frozenset[str]:
    """The types that a schema names; `$ref` leads into the `whole` document."""
    if not isinstance(schema, dict):
        return _ALL if schema else frozenset()
    if "$ref" in schema:
        target: Any = whole
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return types_of(target, whole)
    found = _ALL
    if "type" in schema:
        names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        found &= {*names, *(["integer"] if "number" in names else [])}
    listed = [*schema["enum"]] if "enum" in schema else []
    listed += [schema["const"]] if "const" in schema else []
    if listed:
        found &= frozenset[str]().union(*map(types_of_value, listed))
    for each in schema.get("allOf", []):
        found &= types_of(each, whole)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            found &= frozenset[str]().union(*(types_of(each, whole) for each in schema[key]))
    return found
