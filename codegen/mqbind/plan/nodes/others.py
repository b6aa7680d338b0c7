"""The part of the plan about members of an object that have no field."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.plan.nodes.code import Call, Field


@dataclass(frozen=True, kw_only=True)
class OthersCode:
    """How the members without a field are read and written.

    `has_misfits`: some of the members that have one are loose. `fields` are words of bits, one for
    each member that must be set in its field.
    """

    has_misfits: bool
    unknown: str
    pattern: str | None
    fields: tuple[str, ...]
    read: Call
    write: Call


@dataclass(frozen=True, kw_only=True)
class BesideCode:
    """The members of a union that only some forms name. `function` is the C function that returns
    them: `names`, initializers of a `struct mqb_str`. `places` are numbers of names, form by form;
    `ends` says where those of each form end.
    """

    function: str
    names: tuple[str, ...]
    escaped: bool
    places: tuple[int, ...]
    ends: tuple[int, ...]
    field: Field
    read: Call
    write: Call
