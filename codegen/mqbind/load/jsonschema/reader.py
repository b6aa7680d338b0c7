"""From JSON Schema to the types of the model. Its keywords are not used after this stage.

Each schema becomes the most natural type that holds all its values, and whatever that type does not
check becomes a constraint; so every schema is compiled exactly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from mqbind.load.document.nodes import Node, ObjectNode, ScalarNode, key_of
from mqbind.load.jsonschema.arrays import Arrays
from mqbind.load.jsonschema.branches import Branches
from mqbind.load.jsonschema.common import NOTHING, is_any_json
from mqbind.load.jsonschema.conjunctions import Conjunctions
from mqbind.load.jsonschema.constraints import Constraints
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.coverage import Coverage
from mqbind.load.jsonschema.enums import Enums
from mqbind.load.jsonschema.examples import SchemaExample, check_examples
from mqbind.load.jsonschema.json_types import ALL, JsonTypes, declared, plainly
from mqbind.load.jsonschema.keywords import check_effect, is_about_some, lone_branch, word_for
from mqbind.load.jsonschema.lengths import Lengths
from mqbind.load.jsonschema.members_beside import keep_beside
from mqbind.load.jsonschema.merged import Assertion, MergedSchema, merge
from mqbind.load.jsonschema.named_containers import NamedContainers
from mqbind.load.jsonschema.numbers import Numbers
from mqbind.load.jsonschema.objects import Objects
from mqbind.load.jsonschema.strings import Strings
from mqbind.load.jsonschema.type_hint import TypeHint, is_named, is_reference, referenced
from mqbind.load.jsonschema.unions import Unions
from mqbind.model.constraints import Constraint
from mqbind.model.evaluate import Evaluator
from mqbind.model.reachable import used
from mqbind.model.types import (
    Array,
    Boolean,
    Constrained,
    Definition,
    Integer,
    Json,
    Named,
    Nullable,
    Struct,
    Text,
    Type,
    Wire,
    bare,
    is_container,
)
from mqbind.rules import Rule

_DEPTH_MAX = 40
_SCHEMA_WORK = 60


@dataclass(frozen=True, kw_only=True)
class _Job:
    """An object whose members have yet to be read."""

    merged: MergedSchema
    type_hint: TypeHint


class SchemaReader:
    """Reads schemas, each once. Structs are completed by `finish`, so that they may be
    recursive."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._constraints = Constraints(context)
        self._evaluator = Evaluator(shared=self._constraints.shared)
        self._json_types = JsonTypes(context)
        conjunctions = Conjunctions(context)
        inner = (self._type_at, self._constraints, conjunctions)
        self._numbers = Numbers(self._constraints, context)
        lengths = Lengths(context)
        self._strings = Strings(self._constraints, lengths)
        self._containers = NamedContainers()
        self._arrays = Arrays(*inner, lengths, self._containers, context)
        self._objects = Objects(*inner, Branches(context), context)
        self._unions = Unions(*inner, self._json_types, context)
        self._enums = Enums(self._constraints, self._evaluator, context)
        self._types: dict[Node, Type | None] = {}
        self._underway: set[Node] = set()
        self._jobs: deque[_Job] = deque()
        self._roots: list[tuple[Type, Node]] = []
        self._structs: list[Struct] = []
        self._examples: list[SchemaExample] = []

    def type_of(self, node: Node, hint: str) -> Type | None:
        """The type of a payload; None after an error."""
        its = self._type_at(self._context.translation.of(node), TypeHint(hint=hint))
        if its is not None:
            self._roots.append((its, node))
        return its

    def json_types(self, node: Node) -> frozenset[str]:
        """The JSON types that a schema allows, as far as its keywords show."""
        return self._json_types.of(node)

    def add_example(self, what: str, value: Node, schema: Node) -> None:
        """Record that `value` should be valid."""
        self._examples.append(SchemaExample(what=what, value=value, schema=schema))

    def finish(
        self, trees: Callable[[], tuple[Node, ...]]
    ) -> tuple[dict[str, Definition], dict[str, Constraint]]:
        """All definitions in the order of the files, and the shared constraints. `trees` returns
        the roots of the files read so far, to which this adds."""
        while self._jobs:
            job = self._jobs.popleft()
            self._structs.append(self._objects.struct(job.merged, job.type_hint))
        self._context.check_dynamic_references()
        if not self._context.diagnostics.failed:
            check_examples(self._examples, trees, self._constraints, self._context)
        files = {tree.document.path: position for position, tree in enumerate(trees())}
        containers = self._containers.found.values()
        read: list[Definition] = [*self._structs, *self._enums.found, *containers]
        read += self._unions.found
        found = keep_beside(self._roots, read, self._objects.refused, self._context)
        found.sort(key=lambda each: (files.get(each.location.file, 0), each.location))
        roots = [its for its, _ in self._roots]
        return used(roots, {each.key: each for each in found}, self._constraints.shared)

    def _type_at(self, node: Node, type_hint: TypeHint) -> Type | None:
        target = self._context.schema(node)
        if target is None:
            return None
        if isinstance(target, ScalarNode):
            return (
                Json()
                if target.value
                else self._nothing(target, "no value satisfies the schema `false`")
            )
        if target not in self._types:
            if target in self._underway or len(self._underway) > _DEPTH_MAX:
                return Constrained(type=Json(), constraint=self._constraints.reference(target))
            self._underway.add(target)
            self._types[target] = self._read(
                target, referenced(target) if is_reference(node) else type_hint
            )
            self._underway.remove(target)
        its = self._types[target]
        return its if its is None or target is node else self._containers.named(its, target)

    def _nothing(self, node: Node, message: str) -> Type:
        self._context.diagnostics.warning(
            Rule.UNSATISFIABLE_SCHEMA, node.location, message, "allow at least one value"
        )
        return NOTHING

    def _read(self, node: ObjectNode, type_hint: TypeHint) -> Type | None:
        self._context.diagnostics.spend(_SCHEMA_WORK, node.location)
        self._add_annotations(node)
        branch = lone_branch(node)
        if branch is not None and self._json_types.of(branch) <= declared(node):
            its = self._type_at(branch, type_hint)
            self._check_name(node, type_hint, its)
            return its
        merged = merge(node, self._context)
        its = None if merged is None else self._type_of_merged(merged, type_hint)
        self._check_keys(node, type_hint, its)
        return its

    def _add_annotations(self, node: ObjectNode) -> None:
        default = node.get("default")
        if default is not None:
            self.add_example("this default", default, node)
        for example in node.items("examples"):
            self.add_example("this example", example, node)

    def _type_of_merged(self, merged: MergedSchema, type_hint: TypeHint) -> Type | None:
        kinds = self._json_types.of_merged(merged)
        if not kinds:
            self._json(merged)
            return self._nothing(merged.owner, "no value satisfies this schema")
        if kinds == {"null"}:
            return self._json(merged)
        listing = self._enums.listing(merged)
        if listing is not None:
            return self._enums.read(merged, listing, type_hint)
        self._check_effect(merged, kinds)
        forms = self._unions.combiner(merged, kinds)
        if forms is not None and self._tell_most(forms, merged, kinds):
            return self._unions.read(merged, forms, type_hint)
        null = "null" in kinds and self._verdict(merged, None)
        its = (
            self._json(merged)
            if null is None
            else self._of_kinds(plainly(kinds), merged, type_hint)
        )
        return its if not null or its is None or is_any_json(its) else Nullable(type=its)

    def _tell_most(self, forms: Assertion, merged: MergedSchema, kinds: frozenset[str]) -> bool:
        """Whether no keyword next to `forms` suggests a more natural type."""
        if self._objects.has_members(merged) or merged.all("items"):
            return False
        plain = plainly(kinds)
        structured = len(plain) != 1 or plain[0] in ("array", "object")
        return structured or self._unions.null_and(forms) is not None

    def _json(self, merged: MergedSchema) -> Type:
        """Any JSON value that `merged` allow."""
        return self._constraints.constrain(Json(), merged, Coverage())

    def _verdict(self, merged: MergedSchema, value: object) -> bool | None:
        left = self._constraints.left_over(merged, Coverage())
        return left is None or self._evaluator.verdict(left, value)

    def _of_kinds(
        self, kinds: tuple[str, ...], merged: MergedSchema, type_hint: TypeHint
    ) -> Type | None:
        match kinds:
            case ("integer",):
                return self._numbers.integer(merged)
            case ("number",):
                return self._numbers.number(merged)
            case ("integer", "string"):
                return self._numbers.scalar(merged)
            case ("string",) if merged.own("x-mqbind-type") is not None:
                return self._numbers.text(merged, (Wire.STRING,))
            case ("string",):
                return self._strings.read(merged)
            case ("array",):
                return self._arrays.read(merged, type_hint)
            case ("object",):
                return self._object(merged, type_hint)
            case ("boolean",):
                return self._boolean(merged)
            case _:
                return self._json(merged)

    def _object(self, merged: MergedSchema, type_hint: TypeHint) -> Type | None:
        if self._objects.is_map(merged):
            return self._objects.map(merged, type_hint)
        self._jobs.append(_Job(merged=merged, type_hint=type_hint))
        return Named(key=key_of(merged.owner))

    def _boolean(self, merged: MergedSchema) -> Type:
        verdicts = [self._verdict(merged, value) for value in (False, True)]
        if all(verdicts):
            return Boolean()
        return self._constraints.constrain(Boolean(), merged, Coverage(merged.all("type")))

    def _check_effect(self, merged: MergedSchema, kinds: frozenset[str]) -> None:
        """Warn about keywords that do not apply to the values, or that accept more than they seem
        to."""
        for part in merged.parts:
            if part.words("type"):
                written = self._context.translation.written(part)
                check_effect(part, written, self._context.diagnostics)
        lone = next(
            (assertion for assertion in merged.assertions if is_about_some(assertion.key)), None
        )
        if kinds == ALL and lone is not None:
            written = self._context.translation.written(lone.part)
            word = word_for(lone.key, lone.entry, written)
            self._context.diagnostics.warning(
                Rule.MISSING_TYPE,
                lone.entry.location,
                f"`{word}` without `type`: values of other types are valid",
                "add `type` to get a C type; without it, this is any JSON value",
            )

    def _check_keys(self, node: ObjectNode, type_hint: TypeHint, its: Type | None) -> None:
        """Warn about keys that have no effect on such a type."""
        self._check_name(node, type_hint, its)
        for key in ("x-enum-varnames", "x-enum-descriptions"):
            if key in node and not ("enum" in node or "const" in node):
                self._context.diagnostics.warning(
                    Rule.INEFFECTIVE_EXTENSION_KEY,
                    node.key_location(key),
                    f"`{key}` has no effect without `enum`",
                    "add `enum`",
                )
        if its is None:
            return
        inner = bare(its)
        if "x-mqbind-type" in node and not (isinstance(inner, Integer) and inner.storage):
            place = "an integer, or on a string that carries one"
            self._report_misplaced(node, "x-mqbind-type", place)
        if "x-mqbind-storage" in node and not isinstance(inner, Text | Array):
            self._report_misplaced(node, "x-mqbind-storage", "a string or an array")

    def _report_misplaced(self, node: ObjectNode, key: str, place: str) -> None:
        self._context.diagnostics.error(
            Rule.MISPLACED_EXTENSION_KEY,
            node.key_location(key),
            f"`{key}` is not allowed here",
            f"use it on {place}",
        )

    def _check_name(self, node: ObjectNode, type_hint: TypeHint, its: Type | None) -> None:
        """Warn about a name for a type that C already has."""
        if its is None or type_hint.name(node) is None:
            return
        inner = bare(its)
        if isinstance(inner, Named) or (is_container(inner) and is_named(node)):
            return
        self._context.diagnostics.warning(
            Rule.INEFFECTIVE_EXTENSION_KEY,
            node.key_location("x-mqbind-name"),
            "`x-mqbind-name` has no effect: this schema has no C type of its own",
            "put it on the member under `properties`, or remove it",
        )
