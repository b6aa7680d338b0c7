"""The members of a union's objects that only other forms name than the one that an object has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mqbind.load.document.nodes import Node
from mqbind.load.jsonschema.branches import Branches
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.merged import MergedSchema, merge
from mqbind.load.jsonschema.pattern_match import matches
from mqbind.model.constraints import Pattern
from mqbind.model.types import (
    Definition,
    Json,
    Map,
    Named,
    NamedContainer,
    Struct,
    Type,
    Union,
    bare,
)

_NAME_WORK = 1


class MembersBeside:
    """Finds them in the schemas."""

    def __init__(self, branches: Branches, context: Context) -> None:
        self._branches = branches
        self._context = context

    def of(self, merged: MergedSchema, forms: Sequence[Node]) -> list[tuple[str, ...]]:
        """For each form, the members that it does not name."""
        names = self._branches.names(merged)
        known = tuple({**names.defined, **names.mentioned})
        self._context.diagnostics.spend(_NAME_WORK * len(known) * len(forms), merged.owner.location)
        return [self._of_form(merge(form, self._context), known) for form in forms]

    def _of_form(self, form: MergedSchema | None, known: tuple[str, ...]) -> tuple[str, ...]:
        if form is None:
            return ()
        own = self._branches.names(form)
        return tuple(name for name in known if name not in own)


def kept_beside(unions: Sequence[Union], others: Iterable[Definition]) -> list[Union]:
    """The unions without what the C types of their forms, other definitions, have a place for."""
    places = _Places({each.key: each for each in (*others, *unions)})
    for union in unions:
        for index in range(len(union.branches)):
            places.add(union, index)
    return [
        replace(
            union,
            branches=tuple(
                replace(branch, beside=tuple(places.found.get((union.key, index), ())))
                for index, branch in enumerate(union.branches)
            ),
        )
        for union in unions
    ]


class _Places:
    """Finds the unions that keep members; `found` has these by the union and the form."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._definitions = definitions
        self._fields: dict[str, set[str]] = {}
        self.found: dict[tuple[str, int], dict[str, None]] = {}

    def add(self, union: Union, index: int) -> None:
        """The members beside a form."""
        for name in union.branches[index].beside:
            self._add(union, index, name)

    def _add(self, union: Union, index: int, name: str) -> None:
        """A member beside a form. If that is a union, of which some forms have a place for the
        member, the member is beside the others of them."""
        pending, seen = [(union, index)], set[tuple[str, int]]()
        while pending:
            union, index = pending.pop()
            if (union.key, index) in seen:
                continue
            seen.add((union.key, index))
            its = union.branches[index].type
            form = self._definition(its)
            if not self._has_place(its, name):
                self.found.setdefault((union.key, index), {})[name] = None
            elif isinstance(form, Union):
                pending += [
                    (form, inner)
                    for inner, branch in enumerate(form.branches)
                    if isinstance(self._definition(branch.type), Struct | Union)
                ]

    def _definition(self, its: Type) -> Definition | None:
        inner = bare(its)
        return self._definitions.get(inner.key) if isinstance(inner, Named) else None

    def _has_place(self, its: Type, name: str) -> bool:
        """Whether a value of the type, or some of them, keeps a member or cannot have it."""
        pending, seen = [its], set[str]()
        while pending:
            inner = bare(pending.pop())
            if isinstance(inner, Json | Map):
                return True
            definition = self._definition(inner)
            if definition is None or definition.key in seen:
                continue
            seen.add(definition.key)
            if isinstance(definition, Union):
                pending += [branch.type for branch in definition.branches]
            elif isinstance(definition, NamedContainer):
                pending.append(definition.type)
            elif isinstance(definition, Struct) and self._struct_has_place(definition, name):
                return True
        return False

    def _struct_has_place(self, struct: Struct, name: str) -> bool:
        """Whether it has a field for the member or a map that may keep it, or refuses it."""
        if struct.key not in self._fields:
            self._fields[struct.key] = {member.json_name for member in struct.members}
        others = struct.others
        keeps = others is not None and others.unknown
        pattern = None if others is None else others.pattern
        if struct.closed or (keeps and (pattern is None or _may_match(pattern, name))):
            return True
        return name in self._fields[struct.key]


def _may_match(pattern: Pattern, name: str) -> bool:
    return matches(pattern.regex, name) is not False
