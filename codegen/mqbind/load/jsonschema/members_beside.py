"""The members that some schema of a value names, but for which its C type has no field: those of
other forms of a union, and those that branches name inside objects. They are kept in maps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace

from mqbind.load.document.nodes import Node
from mqbind.load.jsonschema.applicable import Applicable, ApplicableSchemas
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.pattern_match import matches_alike
from mqbind.model.dropped_members import keeps_or_refuses_all
from mqbind.model.types import (
    Array,
    Definition,
    Json,
    Map,
    Named,
    NamedContainer,
    OtherMembers,
    Struct,
    Type,
    Union,
    bare,
)

_NAME_WORK = 1


def keep_beside(
    roots: Iterable[tuple[Type, Node]],
    definitions: Iterable[Definition],
    refused: Mapping[str, frozenset[str]],
    context: Context,
) -> list[Definition]:
    """The definitions with maps for such members. `roots` are the payloads, `refused` the members
    that structs cannot have."""
    found = [*definitions]
    search = _Search(_Keeping({each.key: each for each in found}, refused), context)
    search.walk(roots)
    beside = _Beside(search.keeping, context)
    for union, names in search.named_in_unions():
        beside.add(union, names)
    return [beside.extended(each) for each in found]


class _Keeping:
    """Which members structs keep. All those of structs that are `opened` are kept in a map."""

    def __init__(
        self, definitions: Mapping[str, Definition], refused: Mapping[str, frozenset[str]]
    ) -> None:
        self._definitions = definitions
        self._refused = refused
        self._complete: dict[str, bool] = {}
        self._fields: dict[str, set[str]] = {}
        self.opened: set[str] = set()

    def definition(self, its: Type) -> Definition | None:
        inner = bare(its)
        return self._definitions.get(inner.key) if isinstance(inner, Named) else None

    def keeps(self, struct: Struct, name: str) -> bool | None:
        """Whether objects keep such a member or cannot have it; None if that is not known."""
        if self._keeps_all(struct) or name in self._fields_of(struct):
            return True
        pattern = None if struct.others is None else struct.others.pattern
        return False if pattern is None else matches_alike(pattern.regex, name)

    def places(self, struct: Struct, names: Mapping[str, None]) -> set[str] | None:
        """Those of the names for which that is not False; None for all."""
        if self._keeps_all(struct):
            return None
        if struct.others is not None and struct.others.pattern is not None:
            return {name for name in names if self.keeps(struct, name) is not False}
        return self._fields_of(struct) & names.keys()

    def _keeps_all(self, struct: Struct) -> bool:
        if struct.key not in self._complete:
            self._complete[struct.key] = keeps_or_refuses_all(struct)
        return self._complete[struct.key] or struct.key in self.opened

    def _fields_of(self, struct: Struct) -> set[str]:
        """The names of fields, and those that objects cannot have."""
        if struct.key not in self._fields:
            refused = self._refused.get(struct.key, frozenset())
            self._fields[struct.key] = {each.json_name for each in struct.members} | refused
        return self._fields[struct.key]


class _Search:
    """Compares the types of values with all schemas that may apply to them."""

    def __init__(self, keeping: _Keeping, context: Context) -> None:
        self.keeping = keeping
        self._context = context
        self._schemas = ApplicableSchemas(context)
        self._pending: list[tuple[Type, Applicable, bool]] = []
        self._seen: set[tuple[str, int, bool]] = set()
        self._unions: dict[str, Union] = {}
        self._named: dict[str, dict[str, None]] = {}

    def walk(self, roots: Iterable[tuple[Type, Node]]) -> None:
        for its, node in roots:
            self._pending.append((its, self._schemas.of([node]), False))
            while self._pending:
                self._visit(*self._pending.pop())

    def named_in_unions(self) -> Iterator[tuple[Union, tuple[str, ...]]]:
        """The unions, each after those that are forms of it, with what schemas name in them."""
        done: set[str] = set()
        for start in self._unions.values():
            pending = [(start, False)]
            while pending:
                union, ready = pending.pop()
                if ready:
                    yield union, tuple(self._named.get(union.key, ()))
                elif union.key not in done:
                    done.add(union.key)
                    forms = (self.keeping.definition(each.type) for each in union.branches)
                    pending.append((union, True))
                    pending += [(form, False) for form in forms if isinstance(form, Union)]

    def _visit(self, its: Type, schemas: Applicable, is_form: bool) -> None:
        """`is_form`: what has no place in the value is kept by the union around it."""
        if not schemas.parts:
            return
        match bare(its):
            case Array(item=item) if _has_parts(item):
                self._pending.append((item, self._schemas.any_item(schemas), False))
            case Map(value=value) if _has_parts(value):
                self._pending.append((value, self._schemas.entries(schemas), False))
            case Named(key=key) if (key, schemas.number, is_form) not in self._seen:
                self._seen.add((key, schemas.number, is_form))
                self._visit_definition(self.keeping.definition(its), schemas, is_form)

    def _visit_definition(
        self, definition: Definition | None, schemas: Applicable, is_form: bool
    ) -> None:
        match definition:
            case Struct():
                self._visit_struct(definition, schemas, is_form)
            case Union():
                self._unions[definition.key] = definition
                if not is_form:
                    self._named.setdefault(definition.key, {}).update(dict.fromkeys(schemas.names))
                self._pending += [(each.type, schemas, True) for each in definition.branches]
            case NamedContainer(type=its):
                self._pending.append((its, schemas, False))

    def _visit_struct(self, struct: Struct, schemas: Applicable, is_form: bool) -> None:
        if self._must_open(struct, schemas.names, is_form):
            self.keeping.opened.add(struct.key)
        for member in struct.members:
            if _has_parts(member.type):
                inner = self._schemas.member(schemas, member.json_name)
                self._pending.append((member.type, inner, False))
        if struct.others and _has_parts(struct.others.type.value):
            fields = [member.json_name for member in struct.members]
            inner = self._schemas.entries(schemas, fields)
            self._pending.append((struct.others.type.value, inner, False))

    def _must_open(self, struct: Struct, names: tuple[str, ...], is_form: bool) -> bool:
        if is_form and (struct.others is None or struct.others.pattern is None):
            return False
        lost = (None,) if is_form else (None, False)
        for name in names:
            self._context.diagnostics.spend(_NAME_WORK, struct.location)
            if self.keeping.keeps(struct, name) in lost:
                return True
        return False


def _has_parts(its: Type) -> bool:
    return isinstance(bare(its), Array | Map | Named)


class _Beside:
    """Finds the members for which a form of a union has no place, but which schemas of the union
    name: they are kept beside this form."""

    def __init__(self, keeping: _Keeping, context: Context) -> None:
        self._keeping = keeping
        self._context = context
        self._names: dict[str, dict[str, None]] = {}
        self._places: dict[tuple[str, int], set[str]] = {}
        """Which of these names have a place in a form. Other forms have a place for all, but for
        the names in `_lacking`."""
        self._lacking: dict[tuple[str, int], dict[str, None]] = {}

    def add(self, union: Union, names: tuple[str, ...]) -> None:
        """A union, after those that are forms of it."""
        self._names[union.key] = dict.fromkeys(names)
        for index, branch in enumerate(union.branches):
            form = self._keeping.definition(branch.type)
            if isinstance(form, Struct):
                if form.others is not None and form.others.pattern is not None:
                    self._context.diagnostics.spend(_NAME_WORK * len(names), union.location)
                places = self._keeping.places(form, self._names[union.key])
                if places is not None:
                    self._places[union.key, index] = places
            elif isinstance(form, Union):
                self._context.diagnostics.spend(_NAME_WORK * len(names), union.location)
                for name in names:
                    self._add(union, index, name)

    def extended(self, definition: Definition) -> Definition:
        """With all places for members."""
        if isinstance(definition, Struct) and definition.key in self._keeping.opened:
            return replace(definition, others=OtherMembers(type=Map(), unknown=True))
        if not isinstance(definition, Union):
            return definition
        forms = [(definition.key, index) for index in range(len(definition.branches))]
        beside = self._beside(definition.key, forms)
        added = beside.keys() - self._names.get(definition.key, {}).keys()
        return replace(
            definition,
            beside=tuple(beside),
            branches=tuple(
                replace(branch, places=self._of_form(form, beside, added))
                for branch, form in zip(definition.branches, forms, strict=True)
            ),
        )

    def _beside(self, key: str, forms: list[tuple[str, int]]) -> dict[str, None]:
        """The members that some of the forms lack."""
        found = [self._places[form] for form in forms if form in self._places]
        have = Counter(name for places in found for name in places)
        beside = {name: None for name in self._names.get(key, ()) if have[name] < len(found)}
        for form in forms:
            beside.update(self._lacking.get(form, {}))
        return beside

    def _of_form(
        self, form: tuple[str, int], beside: Mapping[str, None], added: Set[str]
    ) -> frozenset[str] | None:
        """Which of them have a place in it; None for all. `added` are those that only schemas of
        unions around this one name."""
        lacking = self._lacking.get(form, {})
        if form in self._places:
            return frozenset((self._places[form] & beside.keys()) | (added - lacking.keys()))
        return frozenset(beside.keys() - lacking.keys()) if lacking else None

    def _lacks(self, form: tuple[str, int], name: str) -> bool:
        places = self._places.get(form)
        is_named = name in self._names.get(form[0], ())
        by_type = places is not None and is_named and name not in places
        return by_type or name in self._lacking.get(form, ())

    def _add(self, union: Union, index: int, name: str) -> None:
        """If the form is a union, of which some forms have a place for the member, it is kept
        beside the others of these."""
        pending, seen = [(union, index)], set[tuple[str, int]]()
        while pending:
            union, index = pending.pop()
            if (union.key, index) in seen:
                continue
            seen.add((union.key, index))
            kept = self._kept(union, index, name)
            form = self._keeping.definition(union.branches[index].type)
            if kept == {False}:
                self._lacking.setdefault((union.key, index), {})[name] = None
            elif False in kept and isinstance(form, Union):
                pending += [(form, inner) for inner in range(len(form.branches))]

    def _kept(self, union: Union, index: int, name: str) -> set[bool]:
        """Whether the objects of a form keep a member, or some of them; empty without objects."""
        pending, seen, found = [(union, index)], set[tuple[str, int]](), set[bool]()
        while pending:
            union, index = pending.pop()
            if (union.key, index) in seen:
                continue
            seen.add((union.key, index))
            its = union.branches[index].type
            form = self._keeping.definition(its)
            if self._lacks((union.key, index), name) or isinstance(bare(its), Json | Map):
                found.add(True)
            elif isinstance(form, Struct):
                found.add(self._keeping.keeps(form, name) is not False)
            elif isinstance(form, Union):
                pending += [(form, inner) for inner in range(len(form.branches))]
            elif isinstance(form, NamedContainer) and isinstance(bare(form.type), Map):
                found.add(True)
        return found
