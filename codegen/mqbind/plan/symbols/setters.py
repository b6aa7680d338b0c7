"""The names of functions that set optional members."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from mqbind.model.types import Definition, Struct
from mqbind.plan.symbols.reachability import member_path


def name_setters(
    definitions: Iterable[tuple[str, Definition]],
    c_names: Mapping[str, str],
    fields: Mapping[str, str],
    taken: Container[str],
) -> Mapping[str, str]:
    """Names by the path of a member. Where a name is taken, a number is appended."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for key, definition in definitions:
        for path in _optional(key, definition):
            plain = f"{c_names[key]}_set_{fields[path].strip('_')}"
            name, number = plain, 1
            while name in used or name in taken:
                number += 1
                name = f"{plain}_{number}"
            used.add(name)
            found[path] = name
    return found


def _optional(key: str, definition: Definition) -> Iterator[str]:
    members = definition.members if isinstance(definition, Struct) else ()
    for index, member in enumerate(members):
        if member.has_flag:
            yield member_path(key, index)
