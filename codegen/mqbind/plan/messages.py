"""Message files: the types of one message and its public functions."""

from __future__ import annotations

from typing import assert_never

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Message, Protocol
from mqbind.model.types import Array, Bytes, Choice, Named, Struct, Union
from mqbind.plan import docs, names, nodes, sizes, table_nodes
from mqbind.plan.atlas import Atlas, children
from mqbind.plan.structures import Structures, enumeration
from mqbind.plan.unions import plan_union, union_kinds
from mqbind.plan.value_code import ValueCode
from mqbind.plan.values import Values


def message_c_name(protocol: Protocol, message: Message) -> str:
    """ "folotoy_update_common_config"."""
    return f"{protocol.prefix}_{names.snake(message.name)}"


def plan_types(
    protocol: Protocol, atlas: Atlas, diagnostics: Diagnostics
) -> nodes.TypesFile | None:
    """The file of the definitions that several messages use, if there are any."""
    values = Values(atlas=atlas, diagnostics=diagnostics)
    definitions = _with_payload(_definitions(None, atlas, values, diagnostics), values)
    if definitions.empty:
        return None
    stem = f"{protocol.prefix}_types"
    return nodes.TypesFile(
        file_stem=stem,
        guard=_guard(stem),
        heading=docs.types_heading(protocol, f"{stem}.h"),
        definitions=definitions,
    )


def plan_message(
    protocol: Protocol, message: Message, atlas: Atlas, diagnostics: Diagnostics
) -> nodes.MessageFile:
    """The file of one message."""
    stem = message_c_name(protocol, message)
    values = Values(atlas=atlas, diagnostics=diagnostics)
    own = _definitions(message.key, atlas, values, diagnostics)
    code = payload_code(message, values)
    definitions = _with_payload(own, values)
    own_type = next((t for t in definitions.types if t.c_type == f"struct {stem}"), None)
    return nodes.MessageFile(
        key=message.key,
        file_stem=stem,
        guard=_guard(stem),
        heading=docs.message_heading(protocol, message, f"{stem}.h"),
        includes=(f"{protocol.prefix}_types.h",) if _uses_shared(message, atlas) else (),
        definitions=definitions,
        c_type=code.c_type,
        c_name=stem,
        macro=stem.upper(),
        own_init=own_type is not None and own_type.form != "list",
        own_read=own_type is not None,
        init=_init_call(message, atlas),
        read=code.read("*message"),
        write=code.write("*message"),
        is_json=not isinstance(message.payload, Bytes),
        max_bytes=sizes.longest(message.payload, atlas),
        scratch=sizes.scratch(message.payload, atlas),
    )


def payload_code(message: Message, values: Values) -> ValueCode:
    """How the payload of a message is read and written."""
    return values.code(message.payload, names.snake(message.name), exported=True)


def _init_call(message: Message, atlas: Atlas) -> table_nodes.Call | None:
    """The init function of a payload whose struct is named otherwise."""
    if isinstance(message.payload, Named) and atlas.has_functions(message.payload):
        name = atlas.init_name(message.payload.key)
        return table_nodes.Call(function=name, arguments=("message",))
    return None


def _definitions(
    owner: str | None, atlas: Atlas, values: Values, diagnostics: Diagnostics
) -> nodes.Definitions:
    """The definitions that live in the file of one message, or with the shared types."""
    structures = Structures(atlas=atlas, values=values, diagnostics=diagnostics)
    enumerations: list[nodes.Enumeration] = []
    types: list[nodes.TypeCode] = []
    for key in atlas.order:
        if atlas.place(key).owner != owner:
            continue
        match definition := atlas.definition(key):
            case Choice():
                if planned := enumeration(definition, atlas, diagnostics):
                    enumerations.append(planned)
            case Struct():
                types += structures.plan(definition)
            case Union():
                enumerations.append(union_kinds(definition, atlas))
                types += plan_union(definition, atlas, values, diagnostics)
            case _:
                assert_never(definition)
    return nodes.Definitions(enumerations=tuple(enumerations), types=tuple(types))


def _with_payload(own: nodes.Definitions, values: Values) -> nodes.Definitions:
    """The definitions with the tables, and the lists, that the payload brought in."""
    known = {planned.c_type for planned in own.types}
    lists = tuple(item for item in values.lists if item.c_type not in known)
    return nodes.Definitions(
        enumerations=own.enumerations,
        patterns=tuple(values.patterns),
        choice_tables=tuple(values.choice_tables),
        ruled_values=tuple(values.ruled_values),
        ruled_maps=tuple(values.ruled_maps),
        types=(*own.types, *lists),
    )


def _uses_shared(message: Message, atlas: Atlas) -> bool:
    """True if the payload reaches a definition of the types file."""
    pending = [message.payload]
    while pending:
        kind = pending.pop()
        if isinstance(kind, Array):
            pending.append(kind.item)
        elif isinstance(kind, Named):
            definition = atlas.definition(kind.key)
            if atlas.place(kind.key).owner is None and not atlas.is_constant(kind):
                return True
            pending += children(definition)
    return False


def _guard(stem: str) -> str:
    return f"{stem.upper()}_H"
