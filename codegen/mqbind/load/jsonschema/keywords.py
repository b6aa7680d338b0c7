"""The keywords of JSON Schema, their allowed values, and the values that each applies to."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from mqbind.diagnostics import Diagnostics
from mqbind.load.document import dialects, suggestions
from mqbind.load.document.dialects import DIALECTS, JOINS, SCHEMA_LISTS, SINGLE_SCHEMAS, Dialect
from mqbind.load.document.extension_keys import check_keys
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
from mqbind.load.jsonschema import meta_schemas
from mqbind.load.jsonschema.bounds import LOWER, UPPER
from mqbind.load.jsonschema.translation import PLAIN_INTEGER
from mqbind.rules import Rule

ANNOTATIONS = frozenset(
    (
        "$comment",
        "$id",
        "$schema",
        "contentEncoding",
        "contentMediaType",
        "default",
        "definitions",
        "deprecated",
        "description",
        "discriminator",
        "examples",
        "externalDocs",
        "format",
        "readOnly",
        "title",
        "writeOnly",
    )
)
BOUNDS = (*LOWER, *UPPER)
COMBINERS = (*JOINS, "not")

_NUMBERS = ("multipleOf", *BOUNDS)
_APPLIES_TO = {
    "integer": _NUMBERS,
    "number": _NUMBERS,
    "string": ("minLength", "maxLength", "pattern"),
    "array": (
        "items",
        "additionalItems",
        "minItems",
        "maxItems",
        "uniqueItems",
        "contains",
        "minContains",
        "maxContains",
        "unevaluatedItems",
    ),
    "object": (
        "properties",
        "required",
        "additionalProperties",
        "minProperties",
        "maxProperties",
        "patternProperties",
        "propertyNames",
        "dependencies",
        "unevaluatedProperties",
    ),
    "boolean": (),
    "null": (),
}
_TYPES = suggestions.listing(_APPLIES_TO)
_OTHER_WORDS = {
    **dict.fromkeys(("int", "int32", "int64", "uint", "long", "short", "byte"), "integer"),
    **dict.fromkeys(("float", "double", "decimal", "real"), "number"),
    **dict.fromkeys(("str", "text", "char", "date", "timestamp"), "string"),
    **dict.fromkeys(("bool", "flag"), "boolean"),
    **dict.fromkeys(("list", "tuple", "set", "vector"), "array"),
    **dict.fromkeys(("dict", "map", "struct", "record"), "object"),
    **dict.fromkeys(("none", "nil", "undefined"), "null"),
}
"""What other languages call the types."""
_APPLIES_TO_ALL = ("type", PLAIN_INTEGER, "enum", "const", *COMBINERS, "if", "then", "else")
ASSERTIONS = frozenset(word for words in _APPLIES_TO.values() for word in words).union(
    _APPLIES_TO_ALL
)
"""Keywords of schemas in the one vocabulary."""
_OWN_RULES = ("x-mqbind-send", "x-mqbind-storage", "x-mqbind-type")
_ANY_VALUE = ("const", "default")
_TEXTS = (
    "title", "description", "pattern", "format", "$schema", "$id", "$ref", "$comment",
    "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef",
)  # fmt: skip
_FLAGS = ("uniqueItems", "readOnly")
_COUNTS = (
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
    "minContains", "maxContains",
)  # fmt: skip
_SCHEMAS_BY_NAME = ("properties", "patternProperties", "definitions", "$defs", "dependentSchemas")
_FLAGS_OF_DRAFT_04 = ("exclusiveMinimum", "exclusiveMaximum")
_NAMED_OTHERWISE = {
    "nullable": "use `type: [..., 'null']` instead",
    "example": "use `examples`, which is a list",
}
_NO_EFFECT: dict[str, tuple[object, ...]] = {
    "uniqueItems": (False,),
    "minItems": (0,),
    "minProperties": (0,),
    "minLength": (0,),
    "additionalItems": (True,),
    "additionalProperties": (True,),
    "propertyNames": (True,),
    "unevaluatedItems": (True,),
    "unevaluatedProperties": (True,),
}


def check_keywords(node: ObjectNode, dialect: Dialect, diagnostics: Diagnostics) -> bool:
    """Report invalid values of keywords, and keywords that the draft does not know; True unless
    there is an error. `node` is a schema as written."""
    valid = check_keys("schema", node, diagnostics)
    known = _known(dialect)
    for key, entry in node.entries.items():
        if key in known:
            valid = _check_value(key, entry, dialect, diagnostics) and valid
        elif not key.startswith("x-"):
            diagnostics.warning(
                Rule.UNKNOWN_KEYWORD,
                entry.location,
                f"unknown keyword `{key}` in a schema has no effect",
                _instead(key, dialect)
                or suggestions.remedy(key, known, "remove it, or prefix it with `x-`"),
            )
    return valid


@functools.cache
def _known(dialect: Dialect) -> tuple[str, ...]:
    listed = sorted(dialect.keywords) + sorted(ANNOTATIONS - dialect.keywords)
    return ("$ref", dialect.identifier, *listed)


def _instead(key: str, dialect: Dialect) -> str | None:
    """What to write for a keyword that only another draft has."""
    if key in _NAMED_OTHERWISE:
        return _NAMED_OTHERWISE[key]
    other = next((each for each in reversed(DIALECTS) if key in each.keywords), None)
    if other is None:
        return None
    return f"{dialect.name} does not know it: declare `$schema: {other.uri}`"


def check_effect(node: ObjectNode, written: ObjectNode, diagnostics: Diagnostics) -> None:
    """Warn about keywords that do not apply to values of its `type`. `written` is the schema in the
    words of its draft."""
    kinds = node.words("type")
    for key, entry in assertions(node):
        if key not in _APPLIES_TO_ALL and not any(key in _APPLIES_TO[kind] for kind in kinds):
            diagnostics.warning(
                Rule.INEFFECTIVE_KEYWORD,
                entry.location,
                f"`{word_for(key, entry, written)}` has no effect on type {' or '.join(kinds)}",
                "remove it, or fix `type`",
            )


def word_for(key: str, entry: Entry, written: ObjectNode) -> str:
    """What a keyword of the one vocabulary is called in the schema as written."""
    places = written.entries.items()
    return next((word for word, its in places if its.location == entry.location), key)


def assertions(node: ObjectNode) -> Iterator[tuple[str, Entry]]:
    """The keywords that can make a value invalid."""
    for key, entry in node.entries.items():
        if key in ASSERTIONS and not _is_trivial(key, entry):
            yield key, entry


def form_beside_null(node: Node) -> Node | None:
    """The schema that `node` makes nullable by `oneOf` or `anyOf`."""
    if not isinstance(node, ObjectNode) or "$ref" in node:
        return None
    branches = node.items("oneOf") or node.items("anyOf")
    others = [each for each in branches if not _is_null(each)]
    return others[0] if len(branches) == 2 and len(others) == 1 else None


def _is_null(node: Node) -> bool:
    return isinstance(node, ObjectNode) and node.text("type") == "null"


def is_about(key: str, kind: str) -> bool:
    """Whether `key` applies only to values of this kind."""
    return key in _APPLIES_TO[kind]


def is_about_some(key: str) -> bool:
    """Whether `key` applies only to values of some types."""
    return key in ASSERTIONS and key not in _APPLIES_TO_ALL


def is_open(node: object) -> bool:
    """A schema that accepts every value."""
    if isinstance(node, ScalarNode):
        return node.value is True
    return isinstance(node, ObjectNode) and "$ref" not in node and not any(assertions(node))


def lone_branch(node: Node) -> Node | None:
    """The schema that `node` wraps in a combiner with one branch to add something, such as a
    `type`."""
    if not isinstance(node, ObjectNode) or "$ref" in node:
        return None
    if any(key in node for key in _OWN_RULES):
        return None
    rules = [key for key, _ in assertions(node) if key != "type"]
    if len(rules) != 1 or rules[0] not in JOINS:
        return None
    branches = node.items(rules[0])
    if rules[0] == "allOf":
        branches = tuple(branch for branch in branches if not is_open(branch))
    return branches[0] if len(branches) == 1 else None


def _is_trivial(key: str, entry: Entry) -> bool:
    value = entry.value
    if isinstance(value, ObjectNode) and key in ("patternProperties", "dependencies"):
        return not value.entries
    if isinstance(value, ObjectNode) and key in ("additionalItems", "additionalProperties"):
        return is_open(value)
    if isinstance(value, ArrayNode) and key == "required":
        return not value.items
    return isinstance(value, ScalarNode) and value.value in _NO_EFFECT.get(key, ())


def _check_value(key: str, entry: Entry, dialect: Dialect, diagnostics: Diagnostics) -> bool:
    if _has_usual_value(key, entry.value, dialect):
        return True
    if key == "type" and (unknown := _unknown_types(entry.value)):
        for node, word in unknown:
            _report_type(node, word, diagnostics)
        return False
    fragment = meta_schemas.fragments(dialect).get(key)
    errors = list(fragment.iter_errors(_outline(entry.value, 2))) if fragment else []
    for error in errors:
        diagnostics.error(
            Rule.INVALID_KEYWORD_VALUE,
            descend(entry.value, list(error.absolute_path)).location,
            f"invalid value for `{key}`: {error_text(error)}",
            f"expected {_wanted(key, error)}",
        )
    return not errors


def _unknown_types(node: Node) -> list[tuple[Node, str]]:
    """The words in a `type` that are not types."""
    nodes = node.items if isinstance(node, ArrayNode) else (node,)
    return [
        (each, each.value)
        for each in nodes
        if isinstance(each, ScalarNode)
        and isinstance(each.value, str)
        and each.value not in _APPLIES_TO
    ]


def _report_type(node: Node, word: str, diagnostics: Diagnostics) -> None:
    meant = _OTHER_WORDS.get(word.lower())
    diagnostics.error(
        Rule.INVALID_KEYWORD_VALUE,
        node.location,
        f"`{word}` is not a type of JSON Schema",
        f"did you mean `{meant}`?"
        if meant
        else suggestions.remedy(word, _APPLIES_TO, f"the types are {_TYPES}"),
    )


def _has_usual_value(key: str, node: Node, dialect: Dialect) -> bool:
    """Whether it is a common value, which needs no check with the meta-schema."""
    if key in _ANY_VALUE:
        return True
    match node:
        case ScalarNode(value=bool()):
            return key in _FLAGS or (key in SINGLE_SCHEMAS and dialect is not dialects.DRAFT_04)
        case ScalarNode(value=str() as text):
            return text in _APPLIES_TO if key == "type" else key in _TEXTS
        case ScalarNode(value=int() | Decimal() as number):
            return _is_usual_number(key, number, dialect)
        case ScalarNode():
            return False
        case ObjectNode() if key in _SCHEMAS_BY_NAME:
            return all(_is_schema(entry.value, dialect) for entry in node.entries.values())
        case ObjectNode():
            return key in SINGLE_SCHEMAS
        case ArrayNode():
            return _is_plain_list(key, node.items, dialect)


def _is_usual_number(key: str, number: int | Decimal, dialect: Dialect) -> bool:
    if key in BOUNDS:
        return key not in _FLAGS_OF_DRAFT_04 or dialect is not dialects.DRAFT_04
    return key in _COUNTS and isinstance(number, int) and number >= 0


def _is_plain_list(key: str, items: Sequence[Node], dialect: Dialect) -> bool:
    if key == "items" and "prefixItems" in dialect.keywords:
        return False
    if key in SCHEMA_LISTS:
        return bool(items) and all(_is_schema(item, dialect) for item in items)
    if key not in ("required", "type"):
        return key in ("enum", "examples")
    names = {each.value for each in items if isinstance(each, ScalarNode)}
    known = all(name in _APPLIES_TO if key == "type" else isinstance(name, str) for name in names)
    return known and len(names) == len(items) >= (key == "type")


def _is_schema(node: Node, dialect: Dialect) -> bool:
    """Whether it looks like a schema; its content is checked separately."""
    if isinstance(node, ScalarNode):
        return isinstance(node.value, bool) and dialect is not dialects.DRAFT_04
    return isinstance(node, ObjectNode)


def _outline(node: Node, depth: int) -> object:
    """Plain data, with empty objects and lists at `depth`."""
    match node:
        case ScalarNode():
            return plain(node)
        case ArrayNode():
            return [_outline(item, depth - 1) for item in node.items] if depth else []
        case ObjectNode():
            entries = node.entries.items() if depth else ()
            return {key: _outline(entry.value, depth - 1) for key, entry in entries}


def _wanted(key: str, error: Any) -> str:
    """What the failed rule of the meta-schema requires."""
    match error.validator:
        case "type":
            types = error.validator_value
            return " or ".join(types) if isinstance(types, list) else str(types)
        case "minimum":
            return f"at least {error.validator_value}"
        case "exclusiveMinimum":
            return f"more than {error.validator_value}"
        case "minItems":
            return "at least one item"
        case "uniqueItems":
            return "unique items"
        case _ if key == "type":
            return f"{_TYPES}, or a list of them"
        case _:
            return "a schema, or a list of them"
