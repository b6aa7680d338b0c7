"""The order of definitions in a C file: what C must know before it is used comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mqbind.plan.nodes.code import Call
from mqbind.plan.nodes.containers import EntryMap
from mqbind.plan.nodes.files import Definitions, Enumeration
from mqbind.plan.nodes.types import Declaration, TypeCode
from mqbind.plan.nodes.values import RuledValue
from mqbind.plan.symbols.reachability import walk
from mqbind.plan.values.codec import Codec


def definitions_of(
    enumerations: Sequence[Enumeration],
    types: Sequence[TypeCode],
    values: Codec,
    payload: Call | None = None,
) -> Definitions:
    """Everything that a file defines. Types that are not recursive keep their order. `payload`
    reads the payload of a message."""
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
        first_pass=tuple(_first_pass(types, values, payload)),
    )


def _first_pass(
    types: Sequence[TypeCode], values: Codec, payload: Call | None
) -> Iterator[RuledValue | TypeCode]:
    """What the first pass reads by functions of its own: all that other files call, and what these
    call."""
    ruled = [each for each in values.ruled_values if isinstance(each, RuledValue)]
    found = {each.read_name: each for each in (*ruled, *types) if each.has_first_pass}
    wanted = {each.read_name for each in types if each.exported}
    wanted |= {payload.function} if payload else set()
    for name in reversed(found):
        if name in wanted:
            wanted |= {call.function for call in found[name].calls if call.first_pass}
    for name, each in found.items():
        if name in wanted:
            yield each


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
