"""The message of an independent validator about a value that its schema refuses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from jsonschema import Draft7Validator, validators
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import validator_for
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from mqbind.load.document.dialects import DRAFT_07, Dialect
from mqbind.load.document.nodes import ArrayNode, Node, ObjectNode, ScalarNode, plain
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.pattern_match import matches
from mqbind.load.jsonschema.translation import REFERENCES

_STEPS_MAX = 20_000
_NAMES = (
    "$schema", "id", "$id", "$anchor", "$recursiveAnchor", "$dynamicAnchor", *REFERENCES,
)  # fmt: skip
"""Keywords that references need, or are; all of them are absolute here."""


class TooLongError(Exception):
    """Evaluating the schema visits the same places too often."""


class Validator:
    """All files as schemas with absolute references, so that mqbind and the validator resolve them
    alike."""

    def __init__(self, trees: tuple[Node, ...], context: Context) -> None:
        self._context = context
        resources: list[tuple[str, Resource[Any]]] = [
            (_file_uri(tree), DRAFT7.create_resource(self._absolute(tree))) for tree in trees
        ]
        self._registry: Registry[Any] = Registry().with_resources(resources)
        self._steps = 0

    def error(self, value: Node, schema: Node) -> ValidationError | None:
        """What is wrong with a value, if anything; raises TooLongError or RecursionError."""
        self._steps = 0
        inner = _unwrapped(schema)
        target = self._context.schema(inner)
        dialect = DRAFT_07
        if isinstance(target, ObjectNode):
            dialect = self._context.translation.dialect(target)
        validator = self._class(dialect)({"$ref": _uri(inner)}, registry=self._registry)
        error: ValidationError | None = best_match(validator.iter_errors(plain(value)))
        return error

    def _class(self, dialect: Dialect) -> Any:
        base = validator_for({"$schema": dialect.uri})
        changes = {"pattern": _pattern, "$ref": self._follow}
        return validators.extend(base, changes)  # type: ignore[no-untyped-call]

    def _follow(self, validator: Any, reference: str, instance: Any, schema: Any) -> Iterator[Any]:
        self._steps += 1
        if self._steps > _STEPS_MAX:
            raise TooLongError
        yield from Draft7Validator.VALIDATORS["$ref"](validator, reference, instance, schema)

    def _absolute(self, node: Node) -> Any:
        match node:
            case ScalarNode():
                return plain(node)
            case ArrayNode():
                return [self._absolute(item) for item in node.items]
            case ObjectNode():
                return self._absolute_object(node)

    def _absolute_object(self, node: ObjectNode) -> Any:
        found = {
            key: self._absolute(entry.value)
            for key, entry in node.entries.items()
            if key not in _left_out(node)
        }
        target = self._context.references.known(node)
        if target is not None:
            return {"$ref": _uri(_unwrapped(target)), **found}
        inner = _unwrapped(node)
        if inner is not node:
            return {"$ref": _uri(inner), "schema": self._absolute(inner)}
        references = [{"$ref": _uri(_unwrapped(each))} for each in self._beside(node)]
        return {**found, "allOf": [*references, *found.get("allOf", [])]} if references else found

    def _beside(self, node: ObjectNode) -> Iterator[Node]:
        """The targets of references that have other keywords next to them."""
        count = sum(node.text(key) is not None for key in REFERENCES)
        translated = self._context.translation.of(node) if count else node
        if not isinstance(translated, ObjectNode):
            return
        for reference in translated.items("allOf")[:count]:
            if isinstance(reference, ObjectNode):
                target = self._context.references.known(reference)
                if target is not None:
                    yield target


def _left_out(node: ObjectNode) -> tuple[str, ...]:
    """`additionalItems` only applies next to a list, and jsonschema fails on it elsewhere."""
    is_tuple = isinstance(node.get("items"), ArrayNode)
    return _NAMES if is_tuple else (*_NAMES, "additionalItems")


def _unwrapped(node: Node) -> Node:
    if isinstance(node, ObjectNode) and "schemaFormat" in node:
        return node.get("schema") or node
    return node


def _file_uri(node: Node) -> str:
    return f"urn:mqbind:{quote(os.fsencode(node.document.name), safe='')}"


def _uri(node: Node) -> str:
    return f"{_file_uri(node)}#{quote(node.pointer, safe='/~')}"


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and matches(pattern, instance) is False:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")
