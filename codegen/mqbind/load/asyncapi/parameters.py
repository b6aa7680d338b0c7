"""Parameters of channels and variables of servers: the variable parts of a topic."""

from __future__ import annotations

from dataclasses import replace

from mqbind.diagnostics import Diagnostics, Location
from mqbind.load.asyncapi.parameter_schemas import report_schema
from mqbind.load.document import object_specs, suggestions
from mqbind.load.document.nodes import Entry, Node, ObjectNode, ScalarNode
from mqbind.load.jsonschema.context import Context
from mqbind.model.address import Parameter
from mqbind.model.constraints import Pattern
from mqbind.rules import Rule


def read_parameter(name: str, entry: Entry, context: Context) -> Parameter:
    """The parameter that a channel declares as `name`."""
    node = context.object(entry.value, object_specs.PARAMETER)
    if node is None:
        return Parameter(name=name, location=entry.location)
    if "location" in node:
        context.diagnostics.warning(
            Rule.UNSUPPORTED_PARAMETER_LOCATION,
            node.key_location("location"),
            "`location` of a parameter is not supported",
            "the sender passes the parameter's value; make sure it equals the one in the payload",
        )
    return _declared(name, report_schema(node, context), entry.location, context.diagnostics)


def _declared(
    name: str, node: ObjectNode, location: Location, diagnostics: Diagnostics
) -> Parameter:
    pattern = node.text("x-mqbind-pattern")
    length = node.get("x-mqbind-max-length")
    limit = length.value if isinstance(length, ScalarNode) else None
    multi_level = node.flag("x-mqbind-multi-level")
    check_values(node, diagnostics)
    return Parameter(
        name=name,
        description=node.text("description"),
        examples=node.texts("examples"),
        pattern=None
        if pattern is None
        else Pattern(regex=pattern, location=node.key_location("x-mqbind-pattern")),
        max_length=limit if isinstance(limit, int) else None,
        location=location,
        enum=usable_values(node, diagnostics, multi_level=multi_level),
        storage=node.text("x-mqbind-type"),
        default=node.text("default"),
        multi_level=multi_level,
    )


def usable_values(
    node: ObjectNode, diagnostics: Diagnostics, *, multi_level: bool
) -> tuple[str, ...]:
    """The values of `enum` without those that are not allowed in a topic."""
    forbidden = "+#\0" if multi_level else "/+#\0"
    usable = []
    for item in node.items("enum"):
        value = item.value if isinstance(item, ScalarNode) else None
        if not isinstance(value, str):
            continue
        if not value or any(character in value for character in forbidden):
            diagnostics.warning(
                Rule.UNUSABLE_PARAMETER_VALUE,
                item.location,
                f"`{value}` cannot be the value of `{_last(node)}` in a topic",
                "remove it: a level must not be empty or contain `/`, `+`, `#` or U+0000",
            )
        elif value in usable:
            diagnostics.warning(
                Rule.DUPLICATE_ENUM_VALUE,
                item.location,
                f"duplicate `enum` value `{value}`",
                "remove one of them",
            )
        else:
            usable.append(value)
    return tuple(usable)


def _last(node: Node) -> str:
    return node.pointer.rpartition("/")[2]


def check_values(node: ObjectNode, diagnostics: Diagnostics) -> None:
    """Warn about a default and examples that `enum` does not list."""
    enum = node.texts("enum")
    for key in ("default", "examples"):
        value = node.get(key)
        for item in node.items(key) or ((value,) if isinstance(value, ScalarNode) else ()):
            text = item.value if isinstance(item, ScalarNode) else None
            if enum and isinstance(text, str) and text not in enum:
                diagnostics.warning(
                    Rule.VALUE_NOT_IN_ENUM,
                    item.location,
                    f"`{text}` is not one of the values in `enum`",
                    f"use one of {suggestions.listing(enum)}",
                )


def looser(one: Parameter, other: Parameter) -> Parameter:
    """A parameter with the name of `one` that accepts the values of both."""
    both = one.enum and other.enum
    return replace(
        one,
        enum=tuple(dict.fromkeys((*one.enum, *other.enum))) if both else (),
        pattern=one.pattern if _regex(one) == _regex(other) else None,
        max_length=None
        if one.max_length is None or other.max_length is None
        else max(one.max_length, other.max_length),
        storage=one.storage if one.storage == other.storage else None,
        default=one.default if one.default == other.default else None,
    )


def _regex(parameter: Parameter) -> str | None:
    return None if parameter.pattern is None else parameter.pattern.regex


def same_rules(one: Parameter, other: Parameter) -> bool:
    """Both have the same name and may have the same values."""
    return (
        one.name == other.name
        and set(one.enum) == set(other.enum)
        and (one.storage, one.default, one.max_length, _regex(one))
        == (other.storage, other.default, other.max_length, _regex(other))
    )


def overlap(one: Parameter, other: Parameter) -> bool:
    """Whether some value is accepted by both."""
    return not one.enum or not other.enum or bool(set(one.enum) & set(other.enum))
