"""`schema` of a parameter, as AsyncAPI 2 has it, in fields of AsyncAPI 3 and in extension keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mqbind.load.document.nodes import (
    ArrayNode,
    Entry,
    Node,
    ObjectNode,
    ScalarNode,
    integral,
    json_text,
)
from mqbind.load.document.rewriting import array, scalar, with_entries
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.keywords import ANNOTATIONS
from mqbind.model.integer_ranges import INTEGER_RANGES
from mqbind.rules import Rule

_Fields = dict[str, Entry]


def without_schema(node: ObjectNode, context: Context) -> ObjectNode:
    """A parameter with what its `schema` says in its own fields, which take precedence."""
    if "schema" not in node:
        return node
    own = {key: entry for key, entry in node.entries.items() if key != "schema"}
    return with_entries(node, {**_fields_of(node.entries["schema"].value, context), **own})


def report_schema(node: ObjectNode, context: Context) -> ObjectNode:
    """The same in a document of AsyncAPI 3, whose parameters have no schema."""
    if "schema" not in node:
        return node
    fields = _fields_of(node.entries["schema"].value, context)
    written = ", ".join(f"{key}: {json_text(entry.value)}" for key, entry in fields.items())
    context.diagnostics.warning(
        Rule.PARAMETER_SCHEMA,
        node.key_location("schema"),
        "parameters have no `schema` in AsyncAPI 3, but it is read anyway",
        f"write `{written}` instead" if written else "remove it: parameters are strings",
    )
    return without_schema(node, context)


def _fields_of(node: Node, context: Context) -> _Fields:
    """What the schema of a parameter says."""
    schema = context.schema(node)
    if not isinstance(schema, ObjectNode):
        return {}
    fields: _Fields = {}
    for key in schema.entries:
        if not _add(key, schema, fields):
            context.diagnostics.warning(
                Rule.PARAMETER_SCHEMA,
                schema.key_location(key),
                f"`{key}` in the schema of a parameter is not checked",
                "write `enum` or a `pattern` that says the same",
            )
    return fields


def _add(key: str, schema: ObjectNode, fields: _Fields) -> bool:
    """Add what a keyword says; False if no field can express it."""
    entry = schema.entries[key]
    if key in _READERS:
        found = _READERS[key](entry, schema)
        fields.update(found or {})
        return found is not None
    return key in ANNOTATIONS or key.startswith("x-")


def _type(entry: Entry, schema: ObjectNode) -> _Fields | None:
    if "enum" in schema or "const" in schema:
        return {}
    match schema.words("type"):
        case ("string",):
            return {}
        case ("integer",):
            name = _storage(schema)
            return None if name is None else {"x-mqbind-type": scalar(entry, name)}
        case ("boolean",):
            texts = (scalar(entry, text).value for text in ("true", "false"))
            return {"enum": array(entry, texts)}
        case _:
            return None


def _storage(schema: ObjectNode) -> str | None:
    """The smallest type for an integer; an open end needs 64 bits."""
    low, high = _integer(schema, "minimum"), _integer(schema, "maximum")
    if low is None or high is None:
        return "int64" if low is None or low < 0 else "uint64"
    ranges = INTEGER_RANGES.items()
    return next((name for name, (least, most) in ranges if least <= low and high <= most), None)


def _integer(schema: ObjectNode, key: str) -> int | None:
    value = schema.get(key)
    return integral(value.value) if isinstance(value, ScalarNode) else None


def _ends_there(entry: Entry, schema: ObjectNode, end: int) -> _Fields | None:
    """A bound needs no check if the C type ends there."""
    name = _storage(schema) if schema.words("type") == ("integer",) else None
    bound = entry.value.value if isinstance(entry.value, ScalarNode) else None
    return {} if name is not None and INTEGER_RANGES[name][end] == integral(bound) else None


def _enum(entry: Entry, _: ObjectNode) -> _Fields | None:
    values = entry.value.items if isinstance(entry.value, ArrayNode) else (entry.value,)
    texts = [_text(Entry(location=value.location, value=value)) for value in values]
    nodes = [text.value for text in texts if text is not None]
    return {"enum": array(entry, nodes)} if len(nodes) == len(values) else None


def _examples(entry: Entry, schema: ObjectNode) -> _Fields:
    found = _enum(entry, schema)
    return {} if found is None else {"examples": found["enum"]}


def _default(entry: Entry, _: ObjectNode) -> _Fields | None:
    text = _text(entry)
    return None if text is None else {"default": text}


def _text(entry: Entry) -> Entry | None:
    """A value as the text of a level."""
    if not isinstance(entry.value, ScalarNode) or entry.value.value is None:
        return None
    value = entry.value.value
    return entry if isinstance(value, str) else scalar(entry, json_text(entry.value))


def _at_least(entry: Entry, _: ObjectNode) -> _Fields | None:
    """No level is empty."""
    least = integral(entry.value.value) if isinstance(entry.value, ScalarNode) else None
    return {} if least is not None and least <= 1 else None


_READERS: Mapping[str, Callable[[Entry, ObjectNode], _Fields | None]] = {
    "type": _type,
    "enum": _enum,
    "const": _enum,
    "default": _default,
    "examples": _examples,
    "description": lambda entry, _: {"description": entry},
    "pattern": lambda entry, _: {"x-mqbind-pattern": entry},
    "maxLength": lambda entry, _: {"x-mqbind-max-length": entry},
    "minLength": _at_least,
    "minimum": lambda entry, schema: _ends_there(entry, schema, 0),
    "maximum": lambda entry, schema: _ends_there(entry, schema, 1),
}
