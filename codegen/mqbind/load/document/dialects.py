"""The drafts of JSON Schema: how a schema declares one, and the keywords that each has."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mqbind.load.document.nodes import ObjectNode

DRAFT_04_KEYWORDS = frozenset(
    (
        "type", "enum", "allOf", "anyOf", "oneOf", "not", "definitions",
        "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "minLength", "maxLength", "pattern",
        "items", "additionalItems", "minItems", "maxItems", "uniqueItems",
        "properties", "patternProperties", "additionalProperties", "required", "dependencies",
        "minProperties", "maxProperties",
    )
)  # fmt: skip
_DRAFT_06_KEYWORDS = DRAFT_04_KEYWORDS | {"const", "contains", "propertyNames"}
_DRAFT_07_KEYWORDS = _DRAFT_06_KEYWORDS | {"if", "then", "else"}
_SHARED_BY_NEWER = _DRAFT_07_KEYWORDS | {
    "$defs", "$anchor", "$vocabulary", "contentSchema",
    "dependentRequired", "dependentSchemas", "minContains", "maxContains",
    "unevaluatedItems", "unevaluatedProperties",
}  # fmt: skip
_2019_09_KEYWORDS = _SHARED_BY_NEWER | {"$recursiveRef", "$recursiveAnchor"}
_2020_12_KEYWORDS = (_SHARED_BY_NEWER - {"additionalItems"}) | {
    "$dynamicRef", "$dynamicAnchor", "prefixItems",
}  # fmt: skip

SINGLE_SCHEMAS = (
    "additionalItems", "items", "contains", "additionalProperties", "propertyNames", "if", "then",
    "else", "not", "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip
JOINS = ("allOf", "anyOf", "oneOf")
SCHEMA_LISTS = ("items", "prefixItems", *JOINS)
SCHEMA_TABLES = (
    "properties", "patternProperties", "definitions", "$defs", "dependencies", "dependentSchemas",
)  # fmt: skip
"""Where a schema contains others: one, a list of them, or an object of them."""

_WITHOUT_EFFECT = frozenset((
    "$ref", "$schema", "$comment", "$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor",
    "$defs", "definitions", "$vocabulary",
))  # fmt: skip
"""What says nothing about the value that a reference stands for."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """A draft. `identifier` is the keyword with the URI of a schema. `joins_references`: keywords
    next to a `$ref` apply, too; otherwise they are ignored."""

    name: str
    uri: str
    keywords: frozenset[str]
    identifier: str = "$id"
    joins_references: bool = False

    def is_reference(self, node: ObjectNode) -> bool:
        """Whether `node` stands for its target, and says nothing more."""
        if "$ref" not in node:
            return False
        return not self.joins_references or node.entries.keys() <= _WITHOUT_EFFECT

    @property
    def dynamic_references(self) -> frozenset[str]:
        """Keywords like `$ref` whose targets depend on how the schema was reached."""
        return self.keywords & {"$recursiveRef", "$dynamicRef"}

    @property
    def contains_evaluates(self) -> bool:
        """Whether items that satisfy `contains` are evaluated by it."""
        return "prefixItems" in self.keywords

    @property
    def has_anchors(self) -> bool:
        """Whether `$anchor` names places; before, an `$id` that starts with `#` did."""
        return "$anchor" in self.keywords


DRAFT_04 = Dialect(
    name="draft-04",
    uri="http://json-schema.org/draft-04/schema",
    keywords=DRAFT_04_KEYWORDS,
    identifier="id",
)
DRAFT_06 = Dialect(
    name="draft-06", uri="http://json-schema.org/draft-06/schema", keywords=_DRAFT_06_KEYWORDS
)
DRAFT_07 = Dialect(
    name="draft-07", uri="http://json-schema.org/draft-07/schema", keywords=_DRAFT_07_KEYWORDS
)
DRAFT_2019_09 = Dialect(
    name="2019-09",
    uri="https://json-schema.org/draft/2019-09/schema",
    keywords=_2019_09_KEYWORDS,
    joins_references=True,
)
DRAFT_2020_12 = Dialect(
    name="2020-12",
    uri="https://json-schema.org/draft/2020-12/schema",
    keywords=_2020_12_KEYWORDS,
    joins_references=True,
)
DIALECTS = (DRAFT_04, DRAFT_06, DRAFT_07, DRAFT_2019_09, DRAFT_2020_12)

_NAMES = {
    "4": DRAFT_04, "5": DRAFT_04, "6": DRAFT_06, "7": DRAFT_07,
    "2019-09": DRAFT_2019_09, "2020-12": DRAFT_2020_12,
}  # fmt: skip
"""Draft-05 has the rules of draft-04."""
_NAME = r"(?:draft[-/]?)?(?:0?([4-7])|(2019-09|2020-12))"
_URI = re.compile(rf"https?://json-schema\.org/{_NAME}/(?:hyper-)?schema#?")
_FORMAT = re.compile(rf"application/schema(?:\+json|\+yaml)?(?:;version=\"?{_NAME}\"?)?")
_ASYNCAPI = re.compile(
    r"application/vnd\.aai\.asyncapi(\+json|\+yaml)?(;version=[23]\.\d+\.\d+)?", re.ASCII
)


def of_uri(uri: str) -> Dialect | None:
    """The draft that a `$schema` names."""
    match = _URI.fullmatch(uri.strip())
    return None if match is None else _NAMES[match[1] or match[2]]


def of_format(media_type: str) -> Dialect | None:
    """The draft that a `schemaFormat` names; AsyncAPI's own schemas, and those of no version, are
    draft-07."""
    plain = media_type.replace(" ", "").lower()
    if _ASYNCAPI.fullmatch(plain):
        return DRAFT_07
    match = _FORMAT.fullmatch(plain)
    return None if match is None else _NAMES[match[1] or match[2] or "7"]
