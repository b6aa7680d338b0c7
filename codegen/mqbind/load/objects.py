"""Schemas of objects: structs with members and rules, or maps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mqbind.diagnostics import Location
from mqbind.load import suggest
from mqbind.load.context import Context
from mqbind.load.keywords import admit, assertions, is_open, lone_branch, refuse
from mqbind.load.nodes import Document, Entry, Node, ObjectNode, ScalarNode, key_of, plain
from mqbind.load.site import Site
from mqbind.model.types import Map, Member, Named, NeedsOneOf, Struct, Type

_WORDS = ("type", "properties", "required", "additionalProperties", "anyOf", "allOf")
_BRANCHES_MAX = 1000

_ANYTHING = ScalarNode(
    document=Document(name="", path=""),
    pointer="",
    location=Location(file="", line=1, column=1),
    value=True,
)

TypeOf = Callable[[Node, Site], Type | None]


@dataclass(kw_only=True)
class _Parts:
    """What an object's schema and the branches of its `allOf` say together."""

    properties: dict[str, Entry] = field(default_factory=dict)
    required: dict[str, Location] = field(default_factory=dict)
    rules: list[NeedsOneOf] = field(default_factory=list)
    closed: list[ObjectNode] = field(default_factory=list)
    sending: list[ObjectNode] = field(default_factory=list)
    branches: set[ObjectNode] = field(default_factory=set)


class Objects:
    """Reads the schemas of objects."""

    def __init__(self, type_of: TypeOf, context: Context) -> None:
        self._type_of = type_of
        self._context = context

    def is_map(self, node: ObjectNode) -> bool:
        """An object of which nothing is known but that it is one."""
        open_words = ("type", "properties", "additionalProperties")
        properties = node.get("properties")
        named = isinstance(properties, ObjectNode) and bool(properties.entries)
        return (
            not named
            and all(key in open_words for key, _ in assertions(node))
            and ("additionalProperties" not in dict(assertions(node)))
        )

    def map(self, node: ObjectNode) -> Map | None:
        if not admit(node, ("object",), _WORDS, self._context.diagnostics):
            return None
        rule = node.get("x-mqbind-send")
        if not isinstance(rule, ObjectNode) or "not" not in rule:
            self._check_send(node, ())
            return Map()
        never = rule.get("not")
        assert isinstance(never, ObjectNode), "the schema of our own keys says so"
        return Map(never_together=(never.texts("required"),))

    def struct(self, node: ObjectNode, site: Site) -> Struct | None:
        """The struct that an object's schema describes; None after an error."""
        parts = _Parts()
        if not self._gather(node, parts):
            return None
        if not self._check_closed(parts):
            return None
        members = self._members(parts, site)
        known = tuple(member.json_name for member in members)
        sending = [rule for each in parts.sending for rule in self._sending_rules(each, known)]
        if not members:
            self._context.diagnostics.error(
                node.location,
                "an object that may have no member is not compiled",
                "list its `properties`, or leave out `additionalProperties: false`",
            )
            return None
        return Struct(
            key=key_of(node),
            name=site.name(node),
            hint=site.hint,
            title=node.text("title"),
            description=node.text("description"),
            members=tuple(members),
            rules=(*parts.rules, *sending),
            closed=bool(parts.closed),
            location=node.location,
        )

    def _gather(self, node: ObjectNode, parts: _Parts) -> bool:
        """Collect what `node` and its branches say; False after an error."""
        if node in parts.branches or len(parts.branches) > _BRANCHES_MAX:
            self._context.diagnostics.error(
                node.location, "the same schema comes twice in `allOf`", "remove one of them"
            )
            return False
        parts.branches.add(node)
        parts.sending.append(node)
        diagnostics = self._context.diagnostics
        if not self._context.schema(node) or not admit(node, ("object",), _WORDS, diagnostics):
            return False
        if "type" in node and "object" not in _type_names(node):
            diagnostics.error(
                node.key_location("type"),
                "a branch of `allOf` refuses what the others accept: objects",
                "correct its `type`",
            )
            return False
        gathered = [self._gather_branch(branch, parts) for branch in node.items("allOf")]
        for name, entry in node.members("properties"):
            gathered.append(self._gather_property(name, entry, parts))
        for item in node.items("required"):
            if isinstance(item, ScalarNode) and isinstance(item.value, str):
                parts.required.setdefault(item.value, item.location)
        gathered.append(self._gather_any_of(node, parts))
        gathered.append(self._gather_additional(node, parts))
        return all(gathered)

    def _gather_branch(self, branch: Node, parts: _Parts) -> bool:
        target = self._context.references.follow(branch)
        if isinstance(target, ObjectNode):
            return self._gather(target, parts)
        if target is not None and is_open(target):
            return True
        if target is not None:
            self._context.diagnostics.error(
                branch.location,
                "such a branch of `allOf` is not compiled",
                "write an object's schema",
            )
        return False

    def _gather_property(self, name: str, entry: Entry, parts: _Parts) -> bool:
        known = parts.properties.get(name)
        if known is None or is_open(known.value):
            parts.properties[name] = entry
            return True
        target = self._context.references.follow(entry.value)
        if is_open(entry.value) or target is self._context.references.follow(known.value):
            return True
        self._context.diagnostics.error(
            entry.location,
            f"member `{name}` is described twice in `allOf`",
            f"describe it once; the other is on line {known.location.line}",
        )
        return False

    def _gather_additional(self, node: ObjectNode, parts: _Parts) -> bool:
        value = node.get("additionalProperties")
        if value is None or is_open(value):
            return True
        if isinstance(value, ScalarNode):
            parts.closed.append(node)
            return True
        self._context.diagnostics.error(
            node.key_location("additionalProperties"),
            "a schema for members that are not listed is not compiled",
            "write `true` to take any value, or `false` to refuse such members",
        )
        return False

    def _check_closed(self, parts: _Parts) -> bool:
        """`additionalProperties: false` sees the `properties` beside it and no others."""
        for closed in parts.closed:
            listed = {name for name, _ in closed.members("properties")}
            for name, location in parts.required.items():
                if name not in listed:
                    self._context.diagnostics.error(
                        location,
                        f"`{name}` is required, and `additionalProperties: false` refuses it",
                        suggest.remedy(name, listed, f"add `{name}` to `properties`"),
                    )
                    return False
            if listed != set(parts.properties):
                self._context.diagnostics.error(
                    closed.key_location("additionalProperties"),
                    "`additionalProperties: false` refuses members that stand elsewhere",
                    "remove it, or list all `properties` beside it",
                )
                return False
        return True

    def _gather_any_of(self, node: ObjectNode, parts: _Parts) -> bool:
        """`anyOf` whose branches say nothing but which members must be there."""
        if "anyOf" not in node:
            return True
        groups = []
        for branch in node.items("anyOf"):
            group = self._group(branch)
            if group is None:
                refuse(
                    "anyOf",
                    node.entries["anyOf"],
                    self._context.diagnostics,
                    "on an object, unless each branch is just `required`",
                )
                return False
            groups.append(group)
        if all(groups):
            parts.rules.append(NeedsOneOf(groups=tuple(groups), when_sending_only=False))
            for name in (name for group in groups for name in group):
                _add_unlisted(name, node.key_location("anyOf"), parts)
        return True

    def _group(self, branch: Node) -> tuple[str, ...] | None:
        target = self._context.references.follow(branch)
        if target is not None and is_open(target):
            return ()
        if not isinstance(target, ObjectNode):
            return None
        if not self._context.schema(target):
            return None
        for key, _ in assertions(target):
            if key != "required" and not (key == "type" and target.text("type") == "object"):
                return None
        return target.texts("required")

    def _members(self, parts: _Parts, site: Site) -> list[Member]:
        for name, location in parts.required.items():
            _add_unlisted(name, location, parts)
        found = [
            self._member(name, entry, name in parts.required, site)
            for name, entry in parts.properties.items()
        ]
        return [member for member in found if member is not None]

    def _member(self, name: str, entry: Entry, required: bool, site: Site) -> Member | None:
        its_type = self._type_of(entry.value, site.inner(name, member=True))
        if its_type is None:
            return None
        about = self._described(entry.value)
        words = about[:-1] if isinstance(its_type, Named) and len(about) > 1 else about
        own = entry.value if isinstance(entry.value, ObjectNode) else None
        return Member(
            json_name=name,
            name=None if own is None or "$ref" in own else own.text("x-mqbind-name"),
            type=its_type,
            required=required,
            title=_first_text(words, "title"),
            description=_first_text(words, "description"),
            unit=_first_text(about, "x-mqbind-unit"),
            default=_default(about),
            deprecated=any(each.flag("deprecated") for each in about if "$ref" not in each),
            location=entry.location,
        )

    def _described(self, node: Node) -> list[ObjectNode]:
        """The schemas that speak of a member: where it stands (just a `$ref`, perhaps), and what
        references and lone branches lead to from there."""
        found: list[ObjectNode] = []
        step: Node | None = node
        while step is not None and len(found) < _BRANCHES_MAX:
            chain = self._context.references.chain(step)
            found.extend(each for each in chain if isinstance(each, ObjectNode))
            step = lone_branch(chain[-1]) if chain else None
        return found

    def _sending_rules(self, node: ObjectNode, known: tuple[str, ...]) -> tuple[NeedsOneOf, ...]:
        """What `x-mqbind-send` asks for."""
        if not self._check_send(node, known):
            return ()
        rule = node.get("x-mqbind-send")
        if not isinstance(rule, ObjectNode):
            return ()
        if "not" in rule:
            self._context.diagnostics.error(
                rule.key_location("not"),
                "`not` is compiled for objects without `properties` only",
                "say with `required` or `anyOf` what must be there",
            )
            return ()
        branches = [rule] if "required" in rule else rule.items("anyOf")
        groups = tuple(
            branch.texts("required") for branch in branches if isinstance(branch, ObjectNode)
        )
        return (NeedsOneOf(groups=groups, when_sending_only=True),)

    def _check_send(self, node: ObjectNode, known: tuple[str, ...]) -> bool:
        rule = node.get("x-mqbind-send")
        if not isinstance(rule, ObjectNode):
            return True
        unknown = [name for name in _named_in(rule) if name.value not in known]
        for name in unknown:
            self._context.diagnostics.error(
                name.location,
                f"`{name.value}` is no member of this object",
                suggest.remedy(str(name.value), known, f"its members: {suggest.listing(known)}"),
            )
        return not unknown


def _named_in(rule: ObjectNode) -> list[ScalarNode]:
    branches = [rule, *rule.items("anyOf")]
    return [
        item
        for branch in branches
        if isinstance(branch, ObjectNode)
        for item in branch.items("required")
        if isinstance(item, ScalarNode)
    ]


def _type_names(node: ObjectNode) -> list[object]:
    own = node.get("type")
    items = node.items("type") or (own,)
    return [item.value for item in items if isinstance(item, ScalarNode)]


def _add_unlisted(name: str, location: Location, parts: _Parts) -> None:
    """A member that only `required` names may hold any value."""
    if name not in parts.properties:
        parts.properties[name] = Entry(location=location, value=_ANYTHING)


def _first_text(nodes: list[ObjectNode], key: str) -> str | None:
    own = (node.text(key) for node in nodes if "$ref" not in node)
    return next((text for text in own if text is not None), None)


def _default(nodes: list[ObjectNode]) -> object | None:
    own = (node.get("default") for node in nodes if "$ref" not in node)
    value = next((each for each in own if each is not None), None)
    return None if value is None else plain(value)
