"""Parts of C code: calls, checks, members of structs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Call:
    """A function call: `function(arguments)`, its result cast to `cast` and put into `target`."""

    function: str
    arguments: tuple[str, ...]
    target: str | None = None
    cast: str | None = None


@dataclass(frozen=True, kw_only=True)
class Function:
    """The head of a C function; one that is not exported is static."""

    name: str
    parameters: tuple[str, ...]
    result: str = "void"
    exported: bool = False


@dataclass(frozen=True, kw_only=True)
class Check:
    """A condition on `value` that must hold, and the rule in words (a C string literal)."""

    condition: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """A member of a C struct."""

    c_type: str
    c_name: str
    comment: tuple[str, ...]
