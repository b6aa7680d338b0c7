"""JSON Schema draft-07 to the types of the model. Its words end here.

Each schema becomes the most natural type that holds all its values, and what that type does not
check by itself is left over as a constraint; so every schema is compiled, and exactly.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from mqbind.load.document.nodes import Node, ObjectNode, ScalarNode, key_of
from mqbind.load.jsonschema.arrays import Arrays
from mqbind.load.jsonschema.common import NOTHING, covered, is_open
from mqbind.load.jsonschema.conjunctions import Joints
from mqbind.load.jsonschema.constraints import Constraints
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.enums import Choices
from mqbind.load.jsonschema.examples import Expectation, check_expectations
from mqbind.load.jsonschema.json_types import ALL, Kinds, declared, plainly
from mqbind.load.jsonschema.keywords import check_effect, is_about_some, lone_branch
from mqbind.load.jsonschema.lengths import Lengths
from mqbind.load.jsonschema.merged import Facts, Rule, facts_of
from mqbind.load.jsonschema.numbers import Numbers
from mqbind.load.jsonschema.objects import Objects
from mqbind.load.jsonschema.strings import Strings
from mqbind.load.jsonschema.type_hint import Site, is_reference, referenced
from mqbind.load.jsonschema.unions import Forms
from mqbind.model.constraints import Constraint
from mqbind.model.evaluate import Judge
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
    Text,
    Type,
    Wire,
)

_DEPTH_MAX = 40
_SCHEMA_WORK = 60


@dataclass(frozen=True, kw_only=True)
class _Job:
    """An object whose members are still to be read."""

    facts: Facts
    site: Site


class Schemas:
    """Reads schemas, each once. Structs wait for `finish`, so that they may contain themselves."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._constraints = Constraints(context)
        self._judge = Judge(shared=self._constraints.shared)
        self._kinds = Kinds(context)
        joints = Joints(context)
        inner = (self._type_at, self._constraints, joints)
        self._numbers = Numbers(self._constraints, context)
        lengths = Lengths(context)
        self._strings = Strings(self._constraints, lengths)
        self._arrays = Arrays(*inner, lengths, context)
        self._objects = Objects(*inner, context)
        self._forms = Forms(*inner, self._kinds, context)
        self._choices = Choices(self._constraints, self._judge, context)
        self._types: dict[Node, Type | None] = {}
        self._underway: set[Node] = set()
        self._jobs: deque[_Job] = deque()
        self._roots: list[Type] = []
        self._structs: list[Definition] = []
        self._expectations: list[Expectation] = []

    def type_of(self, node: Node, hint: str) -> Type | None:
        """The type of a payload; None after an error."""
        its = self._type_at(node, Site(hint=hint))
        if its is not None:
            self._roots.append(its)
        return its

    def expect(self, what: str, value: Node, schema: Node) -> None:
        """Remember that `value` ought to be valid."""
        self._expectations.append(Expectation(what=what, value=value, schema=schema))

    def finish(
        self, trees: tuple[Node, ...]
    ) -> tuple[dict[str, Definition], dict[str, Constraint]]:
        """All definitions in the order of the files, of which `trees` are the roots; and the
        constraints that are shared."""
        while self._jobs:
            job = self._jobs.popleft()
            self._structs.append(self._objects.struct(job.facts, job.site))
        if not self._context.diagnostics.failed:
            check_expectations(self._expectations, trees, self._constraints, self._context)
        files = {tree.document.path: position for position, tree in enumerate(trees)}
        found = [*self._structs, *self._choices.found, *self._forms.found]
        found.sort(key=lambda each: (files.get(each.location.file, 0), each.location))
        return used(self._roots, {each.key: each for each in found}, self._constraints.shared)

    def _type_at(self, node: Node, site: Site) -> Type | None:
        target = self._context.schema(node)
        if target is None:
            return None
        if isinstance(target, ScalarNode):
            return Json() if target.value else self._nothing(target, "`false` accepts no value")
        if target in self._types:
            return self._types[target]
        if target in self._underway or len(self._underway) > _DEPTH_MAX:
            return Constrained(type=Json(), constraint=self._constraints.reference(target))
        self._underway.add(target)
        self._types[target] = self._read(target, referenced(target) if is_reference(node) else site)
        self._underway.remove(target)
        return self._types[target]

    def _nothing(self, node: Node, message: str) -> Type:
        self._context.diagnostics.warning(node.location, message, "say what is allowed")
        return NOTHING

    def _read(self, node: ObjectNode, site: Site) -> Type | None:
        self._context.diagnostics.spend(_SCHEMA_WORK, node.location)
        self._expect_annotations(node)
        branch = lone_branch(node)
        if branch is not None and self._kinds.of(branch) <= declared(node):
            its = self._type_at(branch, site)
            self._check_name(node, site, its)
            return its
        facts = facts_of(node, self._context)
        its = None if facts is None else self._type_of_facts(facts, site)
        self._check_keys(node, site, its)
        return its

    def _expect_annotations(self, node: ObjectNode) -> None:
        default = node.get("default")
        if default is not None:
            self.expect("this default", default, node)
        for example in node.items("examples"):
            self.expect("this example", example, node)

    def _type_of_facts(self, facts: Facts, site: Site) -> Type | None:
        kinds = self._kinds.of_facts(facts)
        if not kinds:
            self._json(facts)
            return self._nothing(facts.owner, "no value satisfies this schema")
        if kinds == {"null"}:
            return self._json(facts)
        if self._choices.lists(facts):
            return self._choices.read(facts, site)
        self._check_effect(facts, kinds)
        forms = self._forms.combiner(facts, kinds)
        if forms is not None and self._tell_most(forms, facts, kinds):
            return self._forms.read(facts, forms, site)
        null = "null" in kinds and self._verdict(facts, None)
        its = self._json(facts) if null is None else self._of_kinds(plainly(kinds), facts, site)
        return its if not null or its is None or is_open(its) else Nullable(type=its)

    def _tell_most(self, forms: Rule, facts: Facts, kinds: frozenset[str]) -> bool:
        """Nothing beside `forms` makes a more natural type."""
        if self._objects.has_members(facts) or facts.all("items"):
            return False
        plain = plainly(kinds)
        structured = len(plain) != 1 or plain[0] in ("array", "object")
        return structured or self._forms.null_and(forms) is not None

    def _json(self, facts: Facts) -> Type:
        """Any JSON value, as far as `facts` allow."""
        return self._constraints.constrain(Json(), facts, ())

    def _verdict(self, facts: Facts, value: object) -> bool | None:
        left = self._constraints.left_over(facts, ())
        return left is None or self._judge.verdict(left, value)

    def _of_kinds(self, kinds: tuple[str, ...], facts: Facts, site: Site) -> Type | None:
        match kinds:
            case ("integer",):
                return self._numbers.integer(facts)
            case ("number",):
                return self._numbers.number(facts)
            case ("integer", "string"):
                return self._numbers.scalar(facts)
            case ("string",) if facts.own("x-mqbind-type") is not None:
                return self._numbers.text(facts, (Wire.STRING,))
            case ("string",):
                return self._strings.read(facts)
            case ("array",):
                return self._arrays.read(facts, site)
            case ("object",):
                return self._object(facts, site)
            case ("boolean",):
                return self._boolean(facts)
            case _:
                return self._json(facts)

    def _object(self, facts: Facts, site: Site) -> Type | None:
        if self._objects.is_map(facts):
            return self._objects.map(facts, site)
        self._jobs.append(_Job(facts=facts, site=site))
        return Named(key=key_of(facts.owner))

    def _boolean(self, facts: Facts) -> Type:
        verdicts = [self._verdict(facts, value) for value in (False, True)]
        if all(verdicts):
            return Boolean()
        return self._constraints.constrain(Boolean(), facts, covered(facts, "type"))

    def _check_effect(self, facts: Facts, kinds: frozenset[str]) -> None:
        """Warn of keywords that say nothing of the values, or that let in more than they seem."""
        for part in facts.parts:
            if part.words("type"):
                check_effect(part, part.words("type"), self._context.diagnostics)
        lone = next((rule for rule in facts.rules if is_about_some(rule.key)), None)
        if kinds == ALL and lone is not None:
            self._context.diagnostics.warning(
                lone.entry.location,
                f"`{lone.key}` without `type`: values of other types are valid",
                "add `type` to get a C type; as it stands, this is any JSON value",
            )

    def _check_keys(self, node: ObjectNode, site: Site, its: Type | None) -> None:
        """Tell of keys that have no effect on such a type."""
        self._check_name(node, site, its)
        for key in ("x-enum-varnames", "x-enum-descriptions"):
            if key in node and not ("enum" in node or "const" in node):
                self._context.diagnostics.warning(
                    node.key_location(key), f"`{key}` has no effect without `enum`", "add `enum`"
                )
        bare = None if its is None else _bare(its)
        if bare is None:
            return
        if "x-mqbind-type" in node and not (isinstance(bare, Integer) and bare.storage):
            place = "an integer, or on a text that carries one"
            self._report_misplaced(node, "x-mqbind-type", place)
        if "x-mqbind-storage" in node and not isinstance(bare, Text | Array):
            self._report_misplaced(node, "x-mqbind-storage", "a text or an array")

    def _report_misplaced(self, node: ObjectNode, key: str, place: str) -> None:
        self._context.diagnostics.error(
            node.key_location(key), f"`{key}` has no place here", f"it belongs on {place}"
        )

    def _check_name(self, node: ObjectNode, site: Site, its: Type | None) -> None:
        """A name for a type that C has already."""
        if its is None or isinstance(_bare(its), Named) or site.name(node) is None:
            return
        self._context.diagnostics.warning(
            node.key_location("x-mqbind-name"),
            "`x-mqbind-name` has no effect: this gets no C type of its own",
            "put it on the member under `properties`, or remove it",
        )


def _bare(its: Type) -> Type:
    """The type without null and constraints."""
    while isinstance(its, Constrained | Nullable):
        its = its.type
    return its
