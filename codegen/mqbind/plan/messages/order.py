"""The order of definitions in a C file: what C must know before it is used comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mqbind.plan.nodes.files import Definitions, Enumeration
from mqbind.plan.nodes.types import Declaration, EntryMap, TypeCode
from mqbind.plan.symbols.reachability import walk
from mqbind.plan.values.codec import Codec


def definitions_of(
    enumerations: Sequence[Enumeration], types: Sequence[TypeCode], values: Codec
) -> Definitions:
    """Everything that a file defines. Types that are not recursive keep their order."""
    declarations = _sorted(list(_declarations(types)))
    return Definitions(
        enumerations=tuple(enumerations),
        patterns=tuple(values.tables.patterns),
        choice_tables=tuple(values.tables.choices),
        constraints=tuple(values.tables.constraints.tables),
        defaults=tuple(values.tables.defaults.values()),
        ruled_values=tuple(values.ruled_values),
        announced=tuple(_announced(declarations)),
        declarations=tuple(declarations),
        prototypes=tuple(_early(types, values)),
        types=tuple(types),
    )


def _declarations(types: Sequence[TypeCode]) -> Iterator[Declaration]:
    for planned in types:
        if isinstance(planned, EntryMap):
            yield planned.entry
        yield planned


def _sorted(declarations: Sequence[Declaration]) -> list[Declaration]:
    """Each after those that it contains by value."""
    by_name = {each.c_type: each for each in declarations}

    def inside(c_type: str) -> list[tuple[str, str]]:
        return [("", need) for need in by_name[c_type].needs if need in by_name]

    return [by_name[c_type] for c_type in walk(by_name, inside)[0]]


def _announced(declarations: Sequence[Declaration]) -> Iterator[str]:
    """The structs that others point to before their definition."""
    places = {each.c_type: place for place, each in enumerate(declarations)}
    told = set()
    for place, each in enumerate(declarations):
        for pointer in each.points_to:
            c_type = pointer.removeprefix("const ").removesuffix(" *")
            if places.get(c_type, -1) > place and c_type not in told:
                told.add(c_type)
                yield c_type


def _early(types: Sequence[TypeCode], values: Codec) -> Iterator[TypeCode]:
    """The types whose functions are called before their definition, and that no header declares."""
    called = {call.function for value in values.ruled_values for call in value.calls}
    for planned in types:
        if not planned.exported and not called.isdisjoint(head.name for head in planned.heads):
            yield planned
        called |= {call.function for call in planned.calls}
