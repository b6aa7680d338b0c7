"""The members of an object that have no field: a map beside the fields of its struct."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from mqbind.model.types import OtherMembers, Struct, Union
from mqbind.plan.nodes.code import Call, Field
from mqbind.plan.nodes.others import BesideCode, OthersCode
from mqbind.plan.nodes.types import MemberCode
from mqbind.plan.symbols.reachability import spots
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import comments, literals
from mqbind.plan.values.codec import Codec

_WORD = 32


def others_of(
    struct: Struct, members: Sequence[MemberCode], symbols: SymbolTable, values: Codec
) -> tuple[Field, OthersCode] | tuple[None, None]:
    """The field of the map, and its code; afterwards `values` has the C struct that it needs."""
    if struct.others is None:
        return None, None
    spot = spots(struct)[-1]
    stem = symbols.place(struct.key).stem
    c_name = symbols.fields[spot.path]
    code = values.others(spot, struct.location)
    pattern = struct.others.pattern
    read = code.read(f"out->{c_name}")
    write = code.write(f"in->{c_name}")
    field = Field(
        c_type=code.c_type, c_name=c_name, comment=comments.paragraphs(_comment(struct.others))
    )
    return field, OthersCode(
        has_misfits=any(member.loose for member in members),
        unknown=literals.flag(struct.others.unknown),
        pattern=f"&{values.pattern(pattern, stem)}" if pattern else None,
        fields=tuple(_fields(members)),
        read=Call(
            function=read.function,
            arguments=("r", "&others", *read.arguments[1:]),
            target=read.target,
        ),
        write=Call(
            function=write.function,
            arguments=("w", f"{symbols.known_name(struct.key)}()", "fields", *write.arguments[1:]),
        ),
    )


def beside_of(union: Union, symbols: SymbolTable) -> BesideCode | None:
    """The map of members that only other forms name, if there is one."""
    names = union.beside
    if not names:
        return None
    function = f"beside_{symbols.place(union.key).stem}"
    places = _places(union)
    return BesideCode(
        function=function,
        names=tuple(map(literals.text_initializer, names)),
        escaped=any(map(literals.needs_escape, names)),
        places=tuple(place for form in places for place in form) or (0,),
        ends=tuple(accumulate(map(len, places))),
        field=Field(
            c_type="struct mqb_map",
            c_name="others",
            comment=comments.paragraphs(
                "Members that only other forms name. Points into caller memory."
            ),
        ),
        read=Call(
            function="mqb_reader_beside",
            arguments=("r", "start", f"{function}()", "(int)out->kind"),
            target="out->others",
        ),
        write=Call(
            function="mqb_writer_beside",
            arguments=("w", "start", f"{function}()", "(int)in->kind", "&in->others"),
        ),
    )


def _places(union: Union) -> list[list[int]]:
    """For each form, the numbers of the members that have a place in it. One beyond the last stands
    for all of them."""
    numbers = {name: number for number, name in enumerate(union.beside)}
    return [
        [len(numbers)] if form.places is None else sorted(map(numbers.__getitem__, form.places))
        for form in union.branches
    ]


def _comment(others: OtherMembers) -> str:
    if not others.unknown:
        which = "Members whose values are valid, but do not fit their fields."
    elif others.pattern:
        which = f"The other members that match {others.pattern.regex}."
    else:
        which = "All other members."
    return f"{which} Points into caller memory."


def _fields(members: Sequence[MemberCode]) -> list[str]:
    """The bits of the members that must be set in their fields, not in the map."""
    words = []
    for start in range(0, max(1, len(members)), _WORD):
        part = members[start : start + _WORD]
        always = sum(1 << place for place, member in enumerate(part) if not member.loose)
        terms = [f"0x{always:x}U"] if always or not part else []
        terms += [
            f"(in->has.{member.has} ? 0x{1 << place:x}U : 0U)"
            for place, member in enumerate(part)
            if member.loose
        ]
        words.append(" | ".join(terms))
    return words
