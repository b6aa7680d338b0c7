"""JSON Schema draft-07 to the types of the model. Its words end here.

What is not compiled is reported with its line: a rule that is dropped would accept payloads that
are not valid.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

from mqbind.load import shapes, suggest
from mqbind.load.choices import choice
from mqbind.load.context import Context
from mqbind.load.expectations import Expectation, check_expectations
from mqbind.load.keywords import admit, assertions, lone_branch
from mqbind.load.nodes import ArrayNode, Node, ObjectNode, ScalarNode, integral, key_of
from mqbind.load.numbers import Numbers
from mqbind.load.objects import Objects
from mqbind.load.shapes import check_shape
from mqbind.load.site import Site, referenced
from mqbind.model.types import (
    Array,
    Boolean,
    Branch,
    Choice,
    Definition,
    Json,
    Named,
    Scalar,
    Text,
    Type,
    Union,
    Wire,
)
from mqbind.model.values import Pattern

_DEPTH_MAX = 40
_FORMAT = re.compile(
    r"application/vnd\.aai\.asyncapi(\+json|\+yaml)?(;version=[23]\.\d+\.\d+)?|"
    r"application/schema(\+json|\+yaml);version=draft-07"
)
_WIRES = {"integer": Wire.NUMBER, "string": Wire.STRING}


@dataclass(frozen=True, kw_only=True)
class _Job:
    """An object whose members are still to be read."""

    node: ObjectNode
    site: Site


class Schemas:
    """Reads schemas, each once. Structs wait for `finish`, so that they may contain themselves."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._numbers = Numbers(context)
        self._objects = Objects(self._type_at, context)
        self._types: dict[Node, Type | None] = {}
        self._underway: set[Node] = set()
        self._jobs: deque[_Job] = deque()
        self._definitions: list[Definition] = []
        self._expectations: list[Expectation] = []

    def type_of(self, node: Node, hint: str) -> Type | None:
        """The type of a payload; None after an error."""
        return self._type_at(node, Site(hint=hint))

    def expect(self, what: str, value: Node, schema: Node) -> None:
        """Remember that `value` ought to be valid."""
        self._expectations.append(Expectation(what=what, value=value, schema=schema))

    def finish(self, trees: tuple[Node, ...]) -> dict[str, Definition]:
        """All definitions in the order of the files; `trees` are their roots."""
        while self._jobs:
            job = self._jobs.popleft()
            struct = self._objects.struct(job.node, job.site)
            if struct is not None:
                self._definitions.append(struct)
        if not self._context.diagnostics.failed:
            check_expectations(self._expectations, trees, self._context)
        files = {tree.document.path: position for position, tree in enumerate(trees)}
        self._definitions.sort(key=lambda each: (files.get(each.location.file, 0), each.location))
        return {each.key: each for each in self._definitions}

    def _type_at(self, node: Node, site: Site) -> Type | None:
        chain = self._context.references.chain(node)
        if not chain:
            return None
        target = self._unwrapped(chain[-1])
        if target is None:
            return None
        if len(chain) > 1:
            site = referenced(target)
        if target not in self._types:
            self._types[target] = self._guarded(target, site)
        return self._types[target]

    def _guarded(self, node: Node, site: Site) -> Type | None:
        if node in self._underway or len(self._underway) > _DEPTH_MAX:
            self._context.diagnostics.error(
                node.location,
                "a schema inside itself without an object between, or nested too deeply",
                "put an object with `properties` between the two",
            )
            return None
        self._underway.add(node)
        found = self._read(node, site)
        self._underway.remove(node)
        self._check_name(node, site, found)
        return found

    def _check_name(self, node: Node, site: Site, found: Type | None) -> None:
        """A name for a type that C has already."""
        if found is None or isinstance(found, Named) or not isinstance(node, ObjectNode):
            return
        if site.name(node) is not None:
            self._context.diagnostics.warning(
                node.key_location("x-mqbind-name"),
                "`x-mqbind-name` has no effect: this gets no C type of its own",
                "put it on the member under `properties`, or remove it",
            )

    def _unwrapped(self, node: Node) -> Node | None:
        """The schema inside an object that tells its format."""
        if not isinstance(node, ObjectNode) or "schemaFormat" not in node:
            return node
        wrapper = check_shape(node, shapes.MULTI_FORMAT, self._context.diagnostics)
        name = node.text("schemaFormat")
        if wrapper is None or name is None or "schema" not in node:
            return None
        if not _FORMAT.fullmatch(name.replace(" ", "")):
            self._context.diagnostics.error(
                node.entries["schemaFormat"].value.location,
                f"payloads in `{name}` are not compiled",
                "write the payload in JSON Schema draft-07 and leave `schemaFormat` out",
            )
            return None
        inner = node.get("schema")
        return None if inner is None else self._context.references.follow(inner)

    def _read(self, node: Node, site: Site) -> Type | None:
        if isinstance(node, ScalarNode) and node.value is True:
            return Json()
        if not isinstance(node, ObjectNode):
            self._report_no_schema(node)
            return None
        if not self._context.schema(node):
            return None
        self._expect_annotations(node)
        branch = lone_branch(node)
        if branch is not None:
            return self._type_at(branch, site)
        return self._dispatch(node, site)

    def _report_no_schema(self, node: Node) -> None:
        if isinstance(node, ScalarNode) and node.value is False:
            message, remedy = "`false` accepts no value", "say what is allowed"
        else:
            message, remedy = "a schema must be an object", "write its keywords here: `type: ...`"
        self._context.diagnostics.error(node.location, message, remedy)

    def _expect_annotations(self, node: ObjectNode) -> None:
        default = node.get("default")
        if default is not None:
            self.expect("this default", default, node)
        for example in node.items("examples"):
            self.expect("this example", example, node)

    def _dispatch(self, node: ObjectNode, site: Site) -> Type | None:
        kinds = self._kinds(node, 0)
        if "enum" in node or "const" in node:
            found = choice(node, kinds, site, self._context)
            return self._defined(found) if isinstance(found, Choice) else found
        self._check_beside_enum(node)
        if kinds is None and [key for key, _ in assertions(node)] == ["anyOf"]:
            return self._union(node, site)
        if kinds is None:
            return self._any(node)
        if set(kinds) == {"integer", "string"} and not {"pattern", "x-mqbind-type"} & set(
            node.entries
        ):
            words = ("type",)
            return Scalar() if admit(node, kinds, words, self._context.diagnostics) else None
        if (set(kinds) <= {"integer", "string"} and "x-mqbind-type" in node) or len(kinds) > 1:
            return self._integer_or_text(node, kinds)
        if "x-mqbind-type" in node:
            self._context.diagnostics.error(
                node.key_location("x-mqbind-type"),
                f"`x-mqbind-type` has no place on {kinds[0]}",
                "it belongs on an integer, or on a text that carries one",
            )
            return None
        return self._of_kind(kinds[0], node, site)

    def _defined(self, found: Choice) -> Named:
        self._definitions.append(found)
        return Named(key=found.key)

    def _check_beside_enum(self, node: ObjectNode) -> None:
        for key in ("x-enum-varnames", "x-enum-descriptions"):
            if key in node:
                self._context.diagnostics.warning(
                    node.key_location(key), f"`{key}` has no effect without `enum`", "add `enum`"
                )

    def _kinds(self, node: ObjectNode, depth: int) -> tuple[str, ...] | None:
        """The JSON types that a value may have; None for all of them."""
        own = node.get("type")
        items = own.items if isinstance(own, ArrayNode) else (own,)
        names = [str(item.value) for item in items if isinstance(item, ScalarNode)]
        if "number" in names and "integer" in names:
            names.remove("integer")
        if names:
            return tuple(names)
        for branch in node.items("allOf") if depth < _DEPTH_MAX else ():
            target = self._context.references.follow(branch)
            found = self._kinds(target, depth + 1) if isinstance(target, ObjectNode) else None
            if found is not None:
                return found
        return None

    def _any(self, node: ObjectNode) -> Type | None:
        """A schema without a type: any value, unless a rule asks for more."""
        rules = list(assertions(node))
        for key, entry in rules:
            self._context.diagnostics.error(
                entry.location,
                f"`{key}` is not compiled without `type`",
                "add `type`: without it, values of other types are valid whatever this says",
            )
        return None if rules else Json()

    def _union(self, node: ObjectNode, site: Site) -> Named | None:
        """Several forms, of which the first that fits decides."""
        branches = [self._branch(branch, site) for branch in node.items("anyOf")]
        found = tuple(branch for branch in branches if branch is not None)
        if len(found) < len(branches):
            return None
        self._definitions.append(
            Union(
                key=key_of(node),
                name=site.name(node),
                hint=site.hint,
                description=node.text("description"),
                branches=found,
                location=node.location,
            )
        )
        return Named(key=key_of(node))

    def _branch(self, branch: Node, site: Site) -> Branch | None:
        target = self._context.references.follow(branch)
        if target is None:
            return None
        title = target.text("title") if isinstance(target, ObjectNode) else None
        hint = title or (_kind_word(target) if target is branch else referenced(target).hint)
        its_type = self._type_at(branch, site.inner(hint))
        if its_type is None:
            return None
        about = target.text("description") if isinstance(target, ObjectNode) else None
        return Branch(hint=hint, type=its_type, description=about, location=branch.location)

    def _integer_or_text(self, node: ObjectNode, kinds: tuple[str, ...]) -> Type | None:
        if kinds == ("integer",):
            return self._numbers.integer(node)
        if set(kinds) <= {"integer", "string"}:
            return self._numbers.integer_text(node, tuple(_WIRES[kind] for kind in kinds))
        self._context.diagnostics.error(
            node.key_location("type"),
            f"a value of {suggest.listing(kinds)} is not compiled",
            "write one type, `[integer, string]`, or leave `type` out to take any value",
        )
        return None

    def _of_kind(self, kind: str, node: ObjectNode, site: Site) -> Type | None:
        match kind:
            case "integer":
                return self._numbers.integer(node)
            case "number":
                return self._numbers.number(node)
            case "string":
                return self._text(node)
            case "array":
                return self._array(node, site)
            case "object":
                return self._object(node, site)
            case "boolean" if admit(node, ("boolean",), ("type",), self._context.diagnostics):
                return Boolean()
            case "null":
                self._context.diagnostics.error(
                    node.key_location("type"),
                    "a value that is always null is not compiled",
                    "leave `type` out to take any value",
                )
        return None

    def _object(self, node: ObjectNode, site: Site) -> Type | None:
        if self._objects.is_map(node):
            return self._objects.map(node)
        self._jobs.append(_Job(node=node, site=site))
        return Named(key=key_of(node))

    def _text(self, node: ObjectNode) -> Text | None:
        words = ("type", "minLength", "maxLength", "pattern")
        if not admit(node, ("string",), words, self._context.diagnostics):
            return None
        limits = self._limits(node, "minLength", "maxLength")
        if limits is None:
            return None
        pattern = node.get("pattern")
        regex = node.text("pattern")
        return Text(
            min_length=limits[0],
            max_length=limits[1],
            pattern=None
            if pattern is None or regex is None
            else Pattern(regex=regex, location=pattern.location),
        )

    def _array(self, node: ObjectNode, site: Site) -> Array | None:
        words = ("type", "items", "minItems", "maxItems")
        if not admit(node, ("array",), words, self._context.diagnostics):
            return None
        items = node.get("items")
        if isinstance(items, ArrayNode):
            self._context.diagnostics.error(
                node.key_location("items"),
                "a list of schemas under `items` is not compiled",
                "write one schema for all items",
            )
            return None
        limits = self._limits(node, "minItems", "maxItems")
        item = Json() if items is None else self._type_at(items, site.inner("item"))
        if item is None or limits is None:
            return None
        return Array(item=item, min_items=limits[0], max_items=limits[1])

    def _limits(self, node: ObjectNode, least: str, most: str) -> tuple[int, int | None] | None:
        """A smallest and a largest count; None after an error."""
        low, high = _count(node, least) or 0, _count(node, most)
        if high is None or low <= high:
            return low, high
        self._context.diagnostics.error(
            node.key_location(least),
            f"`{least}` {low} is above `{most}` {high}",
            "exchange or correct them",
        )
        return None


def _kind_word(node: Node) -> str:
    """What to call a form that has no name: its JSON type."""
    return (node.text("type") if isinstance(node, ObjectNode) else None) or "value"


def _count(node: ObjectNode, key: str) -> int | None:
    value = node.get(key)
    return integral(value.value) if isinstance(value, ScalarNode) else None
