"""What every part of the loader needs: references and diagnostics."""

from __future__ import annotations

from mqbind.diagnostics import Diagnostics
from mqbind.load.document import dialects, object_specs
from mqbind.load.document.nodes import ArrayNode, Entry, Node, ObjectNode, ScalarNode
from mqbind.load.document.object_fields import check_fields
from mqbind.load.document.object_specs import ObjectSpec
from mqbind.load.document.references import References
from mqbind.load.jsonschema.cycles import Cycles
from mqbind.load.jsonschema.keywords import check_keywords
from mqbind.load.jsonschema.translation import Translation
from mqbind.load.jsonschema.vocabularies import Vocabularies
from mqbind.rules import Rule

_ANCHOR_OF = {"$recursiveRef": "$recursiveAnchor", "$dynamicRef": "$dynamicAnchor"}


class Context:
    """Shared by the parts of one compilation."""

    def __init__(self, *, references: References, diagnostics: Diagnostics) -> None:
        self.references = references
        self.diagnostics = diagnostics
        self.translation = Translation(references, Vocabularies(references, diagnostics))
        self._cycles = Cycles(self._resolved, diagnostics)
        self._resolutions: dict[Node, Node | None] = {}
        self._sound: dict[Node, bool] = {}

    def schema(self, node: Node) -> ObjectNode | ScalarNode | None:
        """The schema that `node` is or refers to: an object of keywords of the one vocabulary with
        valid values, or true or false. None after an error."""
        target = self._resolved(node)
        if target is None:
            return None
        if target not in self._sound:
            self._sound[target] = self._is_schema(target)
        return target if self._sound[target] and not isinstance(target, ArrayNode) else None

    def is_false(self, node: Node) -> bool:
        """Whether `node` is or refers to the schema that refuses every value."""
        target = self.schema(node)
        return isinstance(target, ScalarNode) and target.value is False

    def chain(self, node: Node) -> list[Node]:
        """`node`, what it refers to, what that refers to, ..., as schemas; empty after an error."""
        return [self.translation.of(each) for each in self.references.chain(node)]

    def check_dynamic_references(self) -> None:
        """Report those with several possible targets, once all files are known."""
        for node, key in self.translation.dynamic:
            if self.references.is_dynamic(node, key):
                self.diagnostics.error(
                    Rule.UNSUPPORTED_KEYWORD,
                    node.key_location(key),
                    f"this `{key}` has several targets, depending on how the schema is reached",
                    f"use `$ref`, or leave only one schema with this `{_ANCHOR_OF[key]}`",
                )

    def _is_schema(self, node: Node) -> bool:
        if isinstance(node, ObjectNode):
            written, dialect = self.translation.written(node), self.translation.dialect(node)
            return check_keywords(written, dialect, self.diagnostics) and self._cycles.sound(node)
        if isinstance(node, ScalarNode) and isinstance(node.value, bool):
            return True
        self.diagnostics.error(
            Rule.SCHEMA_NOT_AN_OBJECT,
            node.location,
            "a schema must be an object",
            "write its keywords here: `type: ...`",
        )
        return False

    def _resolved(self, node: Node) -> Node | None:
        """Follow references, and objects that state the format of the schema in them."""
        if node not in self._resolutions:
            self._resolutions[node] = self._resolve(node)
        return self._resolutions[node]

    def _resolve(self, node: Node) -> Node | None:
        wrappers: set[Node] = set()
        target = self.references.follow(node)
        while isinstance(target, ObjectNode) and "schemaFormat" in target:
            if target in wrappers:
                self.diagnostics.error(
                    Rule.CIRCULAR_SCHEMA,
                    target.location,
                    "this schema is recursive",
                    "write the inner schema out",
                )
                return None
            wrappers.add(target)
            inner = self._unwrapped(target)
            target = None if inner is None else self.references.follow(inner)
        return None if target is None else self.translation.of(target)

    def _unwrapped(self, node: ObjectNode) -> Node | None:
        wrapper = check_fields(node, object_specs.MULTI_FORMAT, self.diagnostics)
        name = node.text("schemaFormat")
        if wrapper is None or name is None:
            return None
        if dialects.of_format(name) is None:
            self.diagnostics.error(
                Rule.UNSUPPORTED_SCHEMA_FORMAT,
                node.entries["schemaFormat"].value.location,
                f"schema format `{name}` is not supported",
                "write the payload in JSON Schema: `application/schema+json;version=draft-07`",
            )
            return None
        return node.get("schema")

    def object(self, node: Node, spec: ObjectSpec) -> ObjectNode | None:
        """What `node` is or refers to, checked against `spec`."""
        target = self.references.follow(node)
        if target is None:
            return None
        found = check_fields(target, spec, self.diagnostics)
        if found is not None:
            self._check_annotations(found)
        return found

    def table(self, node: ObjectNode, key: str) -> list[tuple[str, Entry]]:
        """The members of the object under `key`, which may be a reference."""
        entry = node.entries.get(key)
        if entry is None:
            return []
        target = self.references.follow(entry.value)
        return list(target.entries.items()) if isinstance(target, ObjectNode) else []

    def _check_annotations(self, node: ObjectNode) -> None:
        for tag in node.items("tags"):
            self._check_annotation(tag, object_specs.TAG)
        for scheme in node.items("security"):
            self._check_annotation(scheme, object_specs.SECURITY_SCHEME)
        docs = node.get("externalDocs")
        if isinstance(docs, ObjectNode):
            self._check_annotation(docs, object_specs.EXTERNAL_DOCS)

    def _check_annotation(self, node: Node, spec: ObjectSpec) -> None:
        target = self.references.follow(node)
        if target is not None:
            check_fields(target, spec, self.diagnostics)


def description_of(node: ObjectNode) -> str | None:
    """Summary and description as one string."""
    parts = [node.text("summary"), node.text("description")]
    words = [part.strip() for part in parts if part is not None and part.strip()]
    return "\n\n".join(words) or None
