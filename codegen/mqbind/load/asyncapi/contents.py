"""What the content type of a message says about its payload."""

from __future__ import annotations

import re
from enum import Enum

from mqbind.load.document.nodes import Node
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.json_types import ALL
from mqbind.load.jsonschema.merged import Assertion, MergedSchema, merge
from mqbind.load.jsonschema.reader import SchemaReader
from mqbind.model.constraints import JsonType
from mqbind.rules import Rule

_JSON = re.compile(r"application/json|text/json|[^/ ]+/[^/ ]+\+json")
_TEXT = re.compile(r"text/[^/ ]+")
_SPELLED = (JsonType.NULL, JsonType.BOOLEAN, JsonType.NUMBER, JsonType.INTEGER)


class Content(Enum):
    """How a payload is read."""

    JSON = "JSON"
    TEXT = "text"
    BYTES = "bytes"


def content_of(media_type: str) -> Content:
    """Parameters, such as the charset, make no difference."""
    essence = media_type.partition(";")[0].strip().lower()
    if _JSON.fullmatch(essence):
        return Content.JSON
    return Content.TEXT if _TEXT.fullmatch(essence) else Content.BYTES


class Contents:
    """What the schemas of payloads that are not JSON say."""

    def __init__(self, schemas: SchemaReader, context: Context) -> None:
        self._schemas = schemas
        self._context = context

    def is_bytes(self, schema: Node) -> bool | None:
        """Whether a schema accepts any payload; None after an error."""
        merged = merge(schema, self._context)
        return None if merged is None else not merged.refused and not merged.assertions

    def check_bytes(self, schema: Node, media_type: str) -> bool:
        """Report a schema that cannot be checked, because the payload is not read."""
        merged = merge(schema, self._context)
        if merged is None:
            return False
        rule = next((each for each in merged.assertions if not _is_any_string(each)), None)
        if rule is None and not merged.refused:
            return True
        what = f"`{rule.key}`" if rule else "the schema `false`"
        self._context.diagnostics.error(
            Rule.UNSUPPORTED_CONTENT_TYPE,
            rule.entry.location if rule else schema.location,
            f"{what} cannot be checked in a payload of content type `{media_type}`, "
            "which mqbind does not read",
            "remove the schema, and the payload is passed on as bytes; or, if it is JSON or text, "
            "correct `contentType`",
        )
        return False

    def spelled(self, schema: Node, media_type: str) -> tuple[JsonType, ...] | None:
        """The types of a payload that is text, besides strings; None after an error."""
        merged = merge(schema, self._context)
        if merged is None:
            return None
        kinds = self._schemas.json_types(schema)
        if kinds & {"object", "array"}:
            self._refuse_containers(merged, kinds, media_type)
            return None
        found = tuple(each for each in _SPELLED if each in kinds)
        return found[:-1] if JsonType.NUMBER in found else found

    def _refuse_containers(
        self, merged: MergedSchema, kinds: frozenset[str], media_type: str
    ) -> None:
        remedy = "describe a string, a number or a boolean; or, if the payload is JSON, write "
        message = f"a payload of content type `{media_type}` is neither an object nor an array"
        if kinds == ALL:
            message = f"this schema of a payload of content type `{media_type}` allows any type"
            remedy = "add `type: string`; or, if the payload is JSON, write "
        self._context.diagnostics.error(
            Rule.UNSUPPORTED_TEXT,
            merged.location_of("type"),
            message,
            f"{remedy}`contentType: application/json`",
        )


def _is_any_string(assertion: Assertion) -> bool:
    """How documents write bytes: `type: string`."""
    return assertion.key == "type" and assertion.part.words("type") == ("string",)
