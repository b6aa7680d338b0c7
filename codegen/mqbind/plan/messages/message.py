"""Message files: the types of one message and its public functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import assert_never

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Message, Protocol
from mqbind.model.types import (
    Bytes,
    Choice,
    Definition,
    Json,
    Map,
    Named,
    NamedContainer,
    Struct,
    Union,
)
from mqbind.plan.messages.order import definitions_of
from mqbind.plan.messages.sizes import Outline, Sizes
from mqbind.plan.messages.structs import Structs, enumeration
from mqbind.plan.messages.unions import plan_union, union_kinds
from mqbind.plan.nodes.code import Call, FirstPass, Function
from mqbind.plan.nodes.files import Enumeration, MessageFile, TypesFile
from mqbind.plan.nodes.first_pass import first_pass_name
from mqbind.plan.nodes.types import TypeCode
from mqbind.plan.symbols.reachability import Spot, payload_spot, reached, spots
from mqbind.plan.symbols.table import SymbolTable, is_constant
from mqbind.plan.text import comments, literals
from mqbind.plan.values.codec import Codec
from mqbind.plan.values.constraint_uses import constraints_within
from mqbind.plan.values.default_data import DefaultData


def plan_types(
    protocol: Protocol, symbols: SymbolTable, diagnostics: Diagnostics
) -> TypesFile | None:
    """The file of the definitions that several messages use, if there are any."""
    values = Codec(symbols=symbols, diagnostics=diagnostics)
    enumerations, types = _define(None, symbols, values, is_text=False)
    if not (enumerations or types):
        return None
    types = [replace(t, is_payload=t.c_type in symbols.message_structs) for t in types]
    stem = f"{protocol.prefix}_types"
    return TypesFile(
        file_stem=stem,
        guard=_guard(stem),
        heading=comments.types_heading(protocol, f"{stem}.h"),
        source_heading=comments.source_heading(protocol, f"{stem}.c"),
        definitions=definitions_of(enumerations, types, values),
    )


def plan_message(
    protocol: Protocol, message: Message, sizes: Sizes, diagnostics: Diagnostics
) -> MessageFile:
    """The file of one message."""
    symbols = sizes.symbols
    stem = symbols.message_name(message)
    values = Codec(symbols=symbols, diagnostics=diagnostics)
    is_text = message.spells is not None
    enumerations, types = _define(message.key, symbols, values, is_text=is_text)
    before = len(values.containers)
    code = values.code(payload_spot(message), message.location, exported=True)
    types += islice(values.containers, before, None)
    outline = _outline(message, sizes)
    own = code.pointer and code.c_type == f"struct {stem}"
    if own:
        types = [_as_payload(t, message) if t.c_type == code.c_type else t for t in types]
    payload = "text" if is_text else "json"
    read = code.read("*out")
    return MessageFile(
        key=message.key,
        file_stem=stem,
        guard=_guard(stem),
        heading=comments.message_heading(protocol, message, f"{stem}.h", has_struct=own),
        source_heading=comments.source_heading(protocol, f"{stem}.c"),
        includes=(f"{protocol.prefix}_types.h",) if outline.uses_shared else (),
        definitions=definitions_of(enumerations, types, values, read),
        c_type=code.c_type,
        c_name=stem,
        macro=stem.upper(),
        own_init=own and symbols.has_functions(message.payload),
        own_read=own,
        init=_init_call(message, symbols),
        read=read,
        attempt=None if own else _attempt(read),
        write=code.write("*in"),
        initializer=_function(f"{stem}_init", f"{code.c_type} *message"),
        reader=_function(f"{stem}_read", "struct mqb_reader *r", "void *message"),
        writer=_function(f"{stem}_write", "struct mqb_writer *w", "const void *message"),
        decode=_call(message, "decode", f"{stem}_read", "message", payload, "scratch", "error"),
        validate=_call(message, "validate", f"{stem}_write", "message", "error"),
        encode=_call(message, "encode", f"{stem}_write", "message", "buf", "cap", "len", "error"),
        is_typed=not isinstance(message.payload, Bytes),
        text_types=literals.text_types(message.spells),
        payload=payload,
        has_text_rules=outline.has_text_rules,
        has_open_objects=outline.has_open_objects,
        has_others_in_unions=outline.has_others_in_unions,
        max_bytes=outline.longest,
        scratch=outline.scratch,
    )


def _as_payload(planned: TypeCode, message: Message) -> TypeCode:
    comment = comments.payload_comment(message, planned.own_comment)
    return replace(planned, is_payload=True, comment=comment)


def _attempt(read: Call) -> Call | None:
    """The call of the first pass that does what `read` does."""
    if read.first_pass is not FirstPass.READER:
        return None
    return replace(read, function=first_pass_name(read.function))


def _function(name: str, *parameters: str) -> Function:
    return Function(name=name, parameters=parameters, exported=True)


def _call(message: Message, verb: str, function: str, *arguments: str) -> Call:
    types = literals.text_types(message.spells)
    if types is None:
        return Call(function=f"mqb_payload_{verb}", arguments=(function, *arguments))
    return Call(function=f"mqb_payload_{verb}_text", arguments=(function, types, *arguments))


def _outline(message: Message, sizes: Sizes) -> Outline:
    key = message.payload.key if isinstance(message.payload, Named) else None
    if key is not None and key in sizes.outlines:
        return sizes.outlines[key]
    symbols = sizes.symbols
    top = payload_spot(message)
    keys = reached(top, symbols.definitions)
    definitions = [symbols.definition(key) for key in keys]
    has_others_in_unions = any(map(_has_beside, definitions))
    is_open = has_others_in_unions or _has_open_objects(top, definitions)
    outline = Outline(
        uses_shared=_uses_shared(keys, symbols),
        has_text_rules=_has_text_rules(message, symbols),
        has_open_objects=message.spells is None and is_open,
        has_others_in_unions=has_others_in_unions,
        longest=sizes.longest(message),
        scratch=sizes.scratch(message),
    )
    if key is not None:
        sizes.outlines[key] = outline
    return outline


def _init_call(message: Message, symbols: SymbolTable) -> Call | None:
    """The init function of a payload whose struct has a different name."""
    if isinstance(message.payload, Named) and symbols.has_functions(message.payload):
        name = symbols.init_name(message.payload.key)
        return Call(function=name, arguments=("message",))
    return None


def _define(
    owner: str | None, symbols: SymbolTable, values: Codec, *, is_text: bool
) -> tuple[list[Enumeration], list[TypeCode]]:
    """The definitions in the file of one message, or in that of the shared types, each after the
    containers that it needs."""
    defaults = DefaultData(symbols=symbols, tables=values.tables)
    structures = Structs(symbols=symbols, values=values, defaults=defaults)
    enumerations: list[Enumeration] = []
    types: list[TypeCode] = []
    for key in symbols.owned.get(owner, ()):
        before = len(values.containers)
        planned: TypeCode | None = None
        match definition := symbols.definition(key):
            case Choice():
                if kind := enumeration(definition, symbols, is_text=is_text):
                    enumerations.append(kind)
            case Struct():
                planned = structures.plan(definition)
            case Union():
                enumerations.append(union_kinds(definition, symbols))
                planned = plan_union(definition, symbols, values)
            case NamedContainer():
                values.define(definition)
            case _:
                assert_never(definition)
        types += islice(values.containers, before, None)
        types += [planned] if planned else []
    return enumerations, types


def _has_text_rules(message: Message, symbols: SymbolTable) -> bool:
    """True if something in the payload has a constraint."""
    return next(constraints_within(payload_spot(message), symbols), None) is not None


def _has_open_objects(top: Spot, definitions: Sequence[Definition]) -> bool:
    """True if something in the payload has the type of an object with any names."""
    places = [top, *(spot for each in definitions for spot in spots(each))]
    return any(isinstance(spot.type, Map | Json) for place in places for spot in place.all())


def _has_beside(definition: Definition) -> bool:
    """True if its objects may have members that only other forms name."""
    return isinstance(definition, Union) and bool(definition.beside)


def _uses_shared(keys: Iterable[str], symbols: SymbolTable) -> bool:
    """True if one of these definitions is in the types file."""
    return any(
        symbols.place(key).owner is None
        and not (is_constant(symbols.definition(key)) and key not in symbols.held)
        for key in keys
    )


def _guard(stem: str) -> str:
    return f"{stem.upper()}_H"
